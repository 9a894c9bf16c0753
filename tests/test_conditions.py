"""The questions that rules may put: what each answers, and what it rests on."""

import pytest

from checklist.conditions import ConditionReader
from checklist.schema import Reading
from checklist.source import parse_document
from tests.small import ask, rule_problems, vocabulary

ONE = "suspects: [{ref: S1, FACTS}]"


def asked(condition: str, facts: str) -> tuple[str, str]:
    answer = ask(condition, ONE.replace("FACTS", facts))
    return answer.truth.value, " ".join(str(piece.state) for piece in answer.evidence)


@pytest.mark.parametrize(
    ("condition", "facts", "truth", "cause"),
    [
        ("suspect.access: yes", "access: yes", "true", "recorded"),
        ("suspect.access: yes", "access: no", "false", "recorded"),
        ("suspect.access: no", "access: no", "true", "recorded"),
        ("suspect.access: yes", "risk: high", "unknown", "not recorded"),
        ("suspect.access: yes", "access: unknown", "unknown", "recorded as unknown"),
        ("suspect.access: yes", "access: redacted", "unknown", "redacted"),
        ("suspect.access: yes", "access: maybe", "unknown", "unreadable"),
        ("suspect.access: yes", "access: {conflicting: [yes, no]}", "unknown", "contradictory"),
        ("suspect.access: {is_not: yes}", "access: no", "true", "recorded"),
        ("suspect.risk: high", "risk: high", "true", "recorded"),
        ("suspect.risk: [high, low]", "risk: low", "true", "recorded"),
        ("suspect.risk: {none_of: [high]}", "risk: low", "true", "recorded"),
        ("suspect.risk: {none_of: [high]}", "risk: high", "false", "recorded"),
        ("suspect.risk: {is_not: high}", "access: yes", "unknown", "not recorded"),
        ("suspect.arrested: yes", "arrested: 2015-09-22", "true", "recorded"),
        ("suspect.arrested: yes", "arrested: yes", "true", "date not recorded"),
        ("suspect.arrested: yes", "arrested: no", "false", "recorded as not done"),
        ("suspect.arrested: no", "arrested: no", "true", "recorded as not done"),
        ("suspect.arrested: {is_not: yes}", "arrested: 2015-09-22", "false", "recorded"),
        ("suspect.arrested: yes", "risk: high", "unknown", "not recorded"),
        ("suspect.arrested: {recorded: yes}", "arrested: 2015-09-22", "true", "recorded"),
        ("suspect.arrested: {recorded: yes}", "arrested: yes", "true", "date not recorded"),
        ("suspect.arrested: {recorded: yes}", "risk: high", "false", "not recorded"),
        ("suspect.arrested: {recorded: yes}", "arrested: no", "false", "recorded as not done"),
        ("suspect.arrested: {recorded: yes}", "arrested: unknown", "unknown", "recorded as unknown"),
        ("suspect.arrested: {recorded: yes}", "arrested: redacted", "unknown", "redacted"),
        ("suspect.arrested: {recorded: yes}", "arrested: soon", "unknown", "unreadable"),
        (
            "suspect.told: {recorded: yes}",
            "told: {is: not applicable, reason: x}",
            "unknown",
            "recorded as not applicable",
        ),
        (
            "suspect.arrested.rationale: {recorded: yes}",
            "arrested: {at: 2015-09-22, rationale: recorded}",
            "true",
            "recorded",
        ),
        ("suspect.arrested.rationale: {recorded: yes}", "arrested: 2015-09-22", "false", "not recorded"),
        (
            "suspect.arrested.by: {recorded: yes}",
            "arrested: {at: 2015-09-22, by: inspector@police}",
            "true",
            "recorded",
        ),
        ("suspect.contacts: {at_least: 2}", "contacts: 2", "true", "recorded"),
        ("suspect.contacts: {at_least: 2}", "contacts: 1", "false", "recorded"),
        ("suspect.contacts: {at_least: 2}", "contacts: {count: unknown, at_least: 1}", "unknown", "recorded"),
        ("suspect.contacts: {at_least: 1}", "contacts: {count: unknown, at_least: 1}", "true", "recorded"),
        ("suspect.contacts: {at_most: 2}", "contacts: {count: unknown, at_least: 1}", "unknown", "recorded"),
        ("suspect.contacts: {at_most: 2}", "contacts: 3", "false", "recorded"),
        ("suspect.contacts: {at_most: 2}", "contacts: 2", "true", "recorded"),
        (
            "suspect.interviewed: {after: suspect.arrested}",
            "arrested: 2015-09-22, interviewed: 2015-09-23",
            "true",
            "recorded recorded",
        ),
        (
            "suspect.interviewed: {before: suspect.arrested}",
            "arrested: 2015-09-22, interviewed: 2015-09-23",
            "false",
            "recorded recorded",
        ),
        (
            "suspect.interviewed: {before: suspect.arrested}",
            "arrested: 2015-09, interviewed: 2015-09-23",
            "unknown",
            "recorded recorded",
        ),
        (
            "suspect.interviewed: {after: suspect.arrested}",
            "interviewed: 2015-09-23",
            "unknown",
            "recorded not recorded",
        ),
        ("suspect.interviewed: {after: 2015-09-01}", "interviewed: 2015-09-23", "true", "recorded"),
        ("suspect.interviewed: {before: 2015-09-01}", "interviewed: yes", "unknown", "date not recorded"),
        ("all_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: yes", "unknown", "not recorded"),
        ("all_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: no", "false", "recorded"),
        ("any_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: yes", "true", "recorded"),
        ("any_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: no", "unknown", "not recorded"),
        ("not: {suspect.access: yes}", "access: no", "true", "recorded"),
        ("not: {suspect.access: yes}", "risk: high", "unknown", "not recorded"),
        ("{suspect.access: yes, suspect.images: no}", "access: yes, images: no", "true", "recorded recorded"),
        ("suspect.contacts: {at_least: 1, at_most: 3}", "contacts: 2", "true", "recorded"),
    ],
)
def test_a_condition_answers_and_names_its_cause(condition: str, facts: str, truth: str, cause: str) -> None:
    assert asked(condition, facts) == (truth, cause)


@pytest.mark.parametrize(
    ("condition", "facts", "truth"),
    [
        ("plan.agencies: {includes_all: [police, health]}", "agencies: [police, health, social care]", "true"),
        ("plan.agencies: {includes_all: [police, health]}", "agencies: [police]", "false"),
        ("plan.agencies: {includes_all: [police, health]}", "agencies: [police, others not recorded]", "unknown"),
        ("plan.agencies: {includes_all: [police]}", "agencies: [police, others not recorded]", "unknown"),
        ("plan.agencies: {includes_all: [police]}", "agencies: []", "false"),
        ("plan.agencies: {includes_all: [police]}", "owner: police", "unknown"),
        ("plan.agencies: {includes_any: [police, health]}", "agencies: [health]", "true"),
        ("plan.agencies: {includes_any: [police]}", "agencies: [health]", "false"),
        ("plan.agencies: {includes_any: [police]}", "agencies: [health, others not recorded]", "unknown"),
        ("plan.agencies: {includes_none: [police]}", "agencies: [health]", "true"),
        ("plan.agencies: {includes_none: [police]}", "agencies: [police, others not recorded]", "false"),
        ("plan.agencies: {includes_none: [police]}", "agencies: [health, others not recorded]", "unknown"),
        ("plan.agencies: {recorded: yes}", "agencies: []", "true"),
        ("plan.reviews: {recorded: yes}", "reviews: []", "true"),
    ],
)
def test_lists_are_complete_unless_others_are_not_recorded(condition: str, facts: str, truth: str) -> None:
    assert ask(condition, f"plan: {{{facts}}}", "plan").truth.value == truth


@pytest.mark.parametrize(
    ("age", "most", "truth"),
    [
        ("8", "9 years", "true"),
        ("9 months", "1 year", "true"),
        ("17 weeks", "3 months", "false"),
        ("3", "2 years", "false"),
        ("12 months", "1 years", "unknown"),
    ],
)
def test_ages_are_compared_as_far_as_they_are_known(age: str, most: str, truth: str) -> None:
    assert ask(f"child.age: {{at_most: {most}}}", f"children: [{{age: {age}}}]", "child").truth.value == truth


# Things that a case has one of, and whom they concern.


@pytest.mark.parametrize(
    ("text", "condition", "truth"),
    [
        ("children: [{ref: C1}]\nplan: {owner: police}", "plan.owner: police", "true"),
        ("children: [{ref: C1}, {ref: C2}]\nplan: {about: [C1], owner: police}", "plan.owner: police", "true"),
        ("children: [{ref: C1}, {ref: C2}]\nplan: {about: [C2], owner: police}", "plan.owner: police", "false"),
        (
            "children: [{ref: C1}, {ref: C2}]\nplans: [{about: [C2], owner: police}, others not recorded]",
            "plan.owner: police",
            "unknown",
        ),
        ("children: [{ref: C1}, {ref: C2}]\nplan: {owner: police}", "plan.owner: police", "unknown"),
        ("children: [{ref: C1}]\nplans: []", "plan.owner: police", "false"),
        ("children: [{ref: C1}]\nplans: []", "plan.owner: {is_not: police}", "unknown"),
        ("children: [{ref: C1}]\nplans: []", "not: {plan.owner: police}", "unknown"),
        ("children: [{ref: C1}]\nplans: []", "plan.owner: {recorded: yes}", "false"),
        ("children: [{ref: C1}]\nplans: []", "plan.agreed: yes", "false"),
        ("children: [{ref: C1}]\nplans: []", "plan.agreed: no", "unknown"),
        ("children: [{ref: C1}]", "plan.owner: police", "unknown"),
        ("children: [{ref: C1}]\nplans: redacted", "plan.owner: police", "unknown"),
        (
            "children: [{ref: C1}]\nplans: [{agreed: 2015-09-02, owner: police}, {agreed: 2015-09-01, owner: health}]",
            "plan.owner: health",
            "true",
        ),
        (
            "children: [{ref: C1}]\nplans: [{agreed: 2015-09-02, owner: police}, {agreed: 2015-09-01, owner: health}]",
            "latest plan.owner: police",
            "true",
        ),
        (
            "children: [{ref: C1}]\nplans: [{agreed: 2015-09, owner: police}, {agreed: 2015-09-20, owner: health}]",
            "plan.owner: police",
            "unknown",
        ),
        (
            "children: [{ref: C1}]\nplans: [{agreed: 2015-09, owner: police}, {agreed: 2015-09-20, owner: health}]",
            "latest plan.owner: health",
            "unknown",
        ),
        (
            "children: [{ref: C1}]\nplans: [{agreed: yes, owner: police}, {agreed: 2015-09-01, owner: health}]",
            "plan.owner: health",
            "unknown",
        ),
        ("children: [{ref: C1}]\nreport: {graded: high}", "report.graded: high", "true"),
    ],
)
def test_a_thing_read_as_one_is_the_one_that_concerns_the_subject(text: str, condition: str, truth: str) -> None:
    assert ask(condition, text, "child").truth.value == truth


@pytest.mark.parametrize(
    ("exhibits", "every", "some", "none"),
    [
        ("[{status: held}]", "true", "true", "false"),
        ("[{status: held}, {status: lost}]", "false", "true", "false"),
        ("[{status: held}, {}]", "unknown", "true", "false"),
        ("[{status: lost}]", "false", "false", "true"),
        ("[{status: held}, others not recorded]", "unknown", "true", "false"),
        ("[{status: lost}, others not recorded]", "false", "unknown", "unknown"),
        ("[]", "true", "false", "true"),
        ("not recorded", "unknown", "unknown", "unknown"),
        ("redacted", "unknown", "unknown", "unknown"),
    ],
)
def test_every_some_and_none_ask_whether_the_list_is_complete(exhibits: str, every: str, some: str, none: str) -> None:
    text = f"suspects: [{{ref: S1}}]\nexhibits: {exhibits}"
    answers = [
        ask(f"{word}: {{of: exhibit, satisfies: {{exhibit.status: held}}}}", text).truth.value
        for word in ("every", "some", "none")
    ]

    assert answers == [every, some, none]


def test_where_narrows_what_is_counted() -> None:
    text = "suspects: [{ref: S1}]\ncontacts: [{ref: K1, alone: yes, seen: 2015-09-01}, {ref: K2, alone: no}]"

    assert ask("every: {of: contact, where: {contact.alone: yes}, satisfies: {contact.seen: yes}}", text).is_true
    assert ask("every: {of: contact, satisfies: {contact.seen: yes}}", text).is_unknown


@pytest.mark.parametrize(("count", "truth"), [(0, "false"), (1, "false"), (2, "unknown"), (3, "unknown")])
def test_at_most_counts_what_is_certain_and_what_is_possible(count: int, truth: str) -> None:
    text = "suspects: [{ref: S1}]\nexhibits: [{status: held}, {status: held}, {}]"

    assert ask(f"at_most: {{of: exhibit, where: {{exhibit.status: held}}, count: {count}}}", text).truth.value == truth
    whole = text.replace(", {}]", "]")
    assert ask("at_most: {of: exhibit, where: {exhibit.status: held}, count: 2}", whole).is_true


def test_an_item_that_does_not_say_whom_it_concerns_keeps_the_question_open() -> None:
    text = "suspects: [{ref: S1}, {ref: S2}]\nexhibits: [{status: held}]"

    assert ask("every: {of: exhibit, satisfies: {exhibit.status: held}}", text).is_unknown
    assert ask(
        "every: {of: exhibit, satisfies: {exhibit.status: held}}", text.replace("{status", "{about: [S1], status")
    ).is_true


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("plan.owner: police", "false"),
        ("plan.owner: [police]", "false"),
        ("not: {plan.owner: police}", "unknown"),
        ("not: {plan.owner: [police]}", "unknown"),
        ("not: {all_of: [{plan.owner: police}]}", "unknown"),
        ("not: {any_of: [{plan.owner: police}]}", "unknown"),
        ("not: {not: {plan.owner: police}}", "false"),
        ("every: {of: exhibit, satisfies: {plan.owner: police}}", "false"),
        ("every: {of: exhibit, where: {plan.owner: police}}", "false"),
        ("every: {of: exhibit, where: {plan.owner: police}, satisfies: {exhibit.status: lost}}", "unknown"),
        ("every: {of: exhibit, where: {exhibit.status: held}, satisfies: {plan.owner: police}}", "false"),
        ("some: {of: exhibit, where: {plan.owner: police}, satisfies: {exhibit.status: held}}", "false"),
        ("some: {of: exhibit, where: {exhibit.status: held}, satisfies: {plan.owner: police}}", "false"),
        ("none: {of: exhibit, where: {plan.owner: police}}", "unknown"),
        ("none: {of: exhibit, satisfies: {plan.owner: police}}", "unknown"),
        ("at_most: {of: exhibit, where: {plan.owner: police}, count: 1}", "unknown"),
        ("not: {every: {of: exhibit, satisfies: {plan.owner: police}}}", "unknown"),
        ("not: {every: {of: exhibit, where: {plan.owner: police}}}", "unknown"),
        ("not: {some: {of: exhibit, satisfies: {plan.owner: police}}}", "unknown"),
        ("not: {none: {of: exhibit, satisfies: {plan.owner: police}}}", "false"),
        ("not: {at_most: {of: exhibit, satisfies: {plan.owner: police}, count: 0}}", "false"),
    ],
)
def test_what_a_thing_that_is_not_there_did_is_never_a_reason_to_pass(condition: str, truth: str) -> None:
    assert ask(condition, "suspects: [{ref: S1}]\nexhibits: [{status: held}]\nplans: []").truth.value == truth


@pytest.mark.parametrize(
    ("expect", "refused"),
    [
        ("suspect.access: {recorded: no}", True),
        ("not: {suspect.access: {recorded: yes}}", True),
        ("not: {suspect.access: {recorded: no}}", False),
        ("every: {of: exhibit, satisfies: {exhibit.status: {recorded: no}}}", True),
        ("every: {of: exhibit, where: {exhibit.status: {recorded: no}}}", True),
        ("every: {of: exhibit, where: {exhibit.status: {recorded: yes}}}", False),
        ("every: {of: exhibit, where: {exhibit.status: {recorded: yes}}, satisfies: {exhibit.status: held}}", True),
        ("every: {of: exhibit, where: {exhibit.status: {recorded: no}}, satisfies: {exhibit.status: held}}", False),
        ("some: {of: exhibit, where: {exhibit.status: {recorded: no}}}", True),
        ("none: {of: exhibit, where: {exhibit.status: {recorded: yes}}}", True),
        ("at_most: {of: exhibit, where: {exhibit.status: {recorded: yes}}, count: 1}", True),
        ("none: {of: exhibit, where: {exhibit.status: {recorded: no}}}", False),
    ],
)
def test_a_rule_that_absence_would_pass_says_so_openly(expect: str, *, refused: bool) -> None:
    problems = rule_problems(f"for_each: suspect\nexpect: {{{expect}}}")

    assert any("passes when it is absent" in problem for problem in problems) is refused


# English.


@pytest.mark.parametrize(
    ("condition", "english"),
    [
        ("suspect.access: yes", "the suspect had access"),
        ("suspect.access: no", "access: no"),
        ("suspect.arrested: yes", "arrested"),
        ("suspect.arrested: no", "not arrested"),
        ("suspect.risk: high", "risk is high"),
        ("suspect.risk: [high, low]", "risk is high or low"),
        ("suspect.risk: {none_of: [high, low]}", "risk is not high or low"),
        ("suspect.risk: {is_not: high}", "risk is not high"),
        ("suspect.arrested: {recorded: yes}", "the arrest is recorded"),
        ("suspect.arrested: {recorded: no}", "the arrest is not recorded"),
        ("suspect.contacts: {at_least: 2}", "contacts is at least 2"),
        ("child.age: {at_most: 2 years}", "age is at most 2 years"),
        ("child.age: {at_most: 1 year}", "age is at most 1 year"),
        ("child.age: {at_most: 18 months}", "age is at most 18 months"),
        ("child.age: {at_least: 13 months}", "age is at least 13 months"),
        ("child.age: {at_most: 364 days}", "age is at most 364 days"),
        ("child.age: {at_most: 366 days}", "age is at most 366 days"),
        ("child.age: {at_most: 3 weeks}", "age is at most 21 days"),
        ("child.age: {at_least: 1 day}", "age is at least 1 day"),
        ("child.age: {at_least: 18}", "age is at least 18 years"),
        ("suspect.arrested: {before: suspect.interviewed}", "the arrest is before the interview"),
        ("suspect.arrested: {after: 2015-09-01}", "the arrest is after 2015-09-01"),
        ("latest plan.agencies: {includes_all: [police, health]}", "the latest agencies includes police and health"),
        ("plan.agencies: {includes_any: [police, health]}", "agencies includes police or health"),
        ("plan.agencies: {includes_none: [police, health]}", "agencies includes none of police or health"),
        ("all_of: [{suspect.access: yes}, {suspect.risk: high}]", "the suspect had access, and risk is high"),
        ("any_of: [{suspect.access: yes}, {suspect.risk: high}]", "the suspect had access, or risk is high"),
        ("not: {suspect.risk: high}", "not (risk is high)"),
        (
            "every: {of: exhibit, where: {exhibit.status: held}, satisfies: {exhibit.status: held}}",
            "every exhibit where status is held: status is held",
        ),
        ("none: {of: exhibit, satisfies: {exhibit.status: lost}}", "no exhibit: status is lost"),
        ("at_most: {of: exhibit, where: {exhibit.status: lost}, count: 2}", "at most 2 exhibit where status is lost"),
    ],
)
def test_a_condition_reads_as_a_clause(condition: str, english: str) -> None:
    reading = Reading("x")
    root = parse_document(condition.encode(), name="x").root
    assert root is not None

    node = ConditionReader(reading, vocabulary()).condition(root)

    assert node is not None
    assert node.english() == english
    assert list(node.paths())


# What is refused.


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("suspect.arested: yes", "the vocabulary has no fact"),
        ("third suspect.arrested: yes", "no word for which one"),
        ("suspect.risk: hgh", "cannot be 'hgh'"),
        ("suspect.risk: {like: high}", "is no test"),
        ("suspect.arrested: {at_least: 2}", "cannot be tested by at_least"),
        ("suspect.access: {is: [yes, no]}", "takes one value"),
        ("suspect.contacts: {at_least: few}", "expected a whole number"),
        ("suspect.contacts: {at_least: 2 years}", "expected a whole number"),
        ("suspect.arrested: {before: soon}", ""),
        ("suspect.arrested: {before: suspect.arested}", "the vocabulary has no fact"),
        ("arrested: yes", "is no condition"),
        ("{}", "an empty condition"),
        ("any_of: []", "holds no condition"),
        ("any_of: [{all_of: [{any_of: [{suspect.access: yes}]}]}]", "nested more than two deep"),
        ("every: {of: exhibits, satisfies: {exhibit.status: held}}", "no such kind of thing"),
        ("every: {of: exhibit}", "asks nothing"),
        ("every: [exhibit]", "must be a mapping"),
        ("at_most: {of: exhibit, where: {exhibit.status: held}, count: few}", "count must be a whole number"),
        ("[suspect.access]", "must be a mapping"),
        ("suspect.risk: {}", None),
        ("not: {}", "an empty condition"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(condition: str, what: str | None) -> None:
    reading = Reading("x")
    root = parse_document(condition.encode(), name="x").root
    assert root is not None

    node = ConditionReader(reading, vocabulary()).condition(root)

    if what is None:
        assert node is None
    else:
        assert reading.problems
        assert any(what in problem.what for problem in reading.problems)
