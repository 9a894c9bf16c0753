"""The questions that rules may put: what each answers, and what it rests on."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from checklist.case import Fact, FactKey, load_case
from checklist.conditions import Condition, ConditionReader, Quantified, Scope, walk
from checklist.conditions import Test as FactTest  # pytest would collect a Test
from checklist.logic import Evidence, State
from checklist.schema import Reading
from checklist.source import parse_document
from checklist.vocabulary import load_vocabulary
from tests.small import VOCABULARY, ask, case_of, fact_of, rule_problems, vocabulary

ONE = "suspects: [{ref: S1, FACTS}]"


def condition_of(text: str) -> Condition:
    node, problems = read(text)
    assert problems == []
    assert node is not None
    return node


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
        ("suspect.contacts: {at_least: 2}", "contacts: {at_least: 1, at_most: 2}", "unknown", "recorded"),
        ("suspect.contacts: {at_least: 3}", "contacts: {at_least: 1, at_most: 2}", "false", "recorded"),
        ("suspect.contacts: {at_most: 2}", "contacts: {at_least: 1, at_most: 2}", "true", "recorded"),
        ("suspect.contacts: {at_most: 1}", "contacts: {at_least: 1, at_most: 2}", "unknown", "recorded"),
        ("suspect.contacts: {at_most: 0}", "contacts: {at_least: 1, at_most: 2}", "false", "recorded"),
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
            "not recorded",
        ),
        (
            "suspect.interviewed: {after: suspect.arrested}",
            "interviewed: 2015-09-23, arrested: redacted",
            "unknown",
            "redacted",
        ),
        ("suspect.interviewed: {after: 2015-09-01}", "interviewed: 2015-09-23", "true", "recorded"),
        ("suspect.interviewed: {after: 2015-09-23T10:15}", "interviewed: 2015-09-23T10:16", "true", "recorded"),
        ("suspect.interviewed: {after: 2015-09-23T10:15}", "interviewed: 2015-09-23T10:15", "false", "recorded"),
        ("suspect.interviewed: {before: 2015-09-23T10:15}", "interviewed: 2015-09-23T10:15", "false", "recorded"),
        ("suspect.interviewed: {before: 2015-09-23}", "interviewed: 2015-09-22T23:59", "true", "recorded"),
        ("suspect.interviewed: {before: 2015-09-23}", "interviewed: 2015-09-23", "false", "recorded"),
        ("suspect.interviewed: {before: 2015-09-23}", "interviewed: 2015-09-23T10:15", "false", "recorded"),
        ("suspect.interviewed: {before: 2015-09-23}", "interviewed: 2015-09", "unknown", "recorded"),
        ("suspect.interviewed: {after: 2015-09-23}", "interviewed: 2015-09-23", "false", "recorded"),
        ("suspect.interviewed: {after: 2015-09-23}", "interviewed: 2015-09-24T00:00", "true", "recorded"),
        ("suspect.interviewed: {after: 2015-09-23}", "interviewed: 2015-09", "unknown", "recorded"),
        ("suspect.interviewed: {before: 2015-09-23T10:15}", "interviewed: 2015-09-23", "unknown", "recorded"),
        ("suspect.interviewed: {after: 2015-09-24}", "interviewed: 2015-09-24/..", "unknown", "recorded"),
        ("suspect.interviewed: {before: 2015-09-24}", "interviewed: ../2015-09-24", "unknown", "recorded"),
        ("suspect.interviewed: {after: 2015-09-24}", "interviewed: 2015-09-25/..", "true", "recorded"),
        ("suspect.interviewed: {before: 2015-09-24}", "interviewed: ../2015-09-23", "true", "recorded"),
        ("suspect.interviewed: {before: 2015-09-01}", "interviewed: yes", "unknown", "date not recorded"),
        ("all_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: yes", "unknown", "not recorded"),
        ("all_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: no", "false", "recorded"),
        ("any_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: yes", "true", "recorded"),
        ("any_of: [{suspect.access: yes}, {suspect.images: yes}]", "access: no", "unknown", "not recorded"),
        ("not: {suspect.access: yes}", "access: no", "true", "recorded"),
        ("not: {suspect.access: yes}", "risk: high", "unknown", "not recorded"),
        ("{suspect.access: yes, suspect.images: no}", "access: yes, images: no", "true", "recorded recorded"),
        ("suspect.contacts: {at_least: 1, at_most: 3}", "contacts: 2", "true", "recorded"),
        ("suspect.contacts: {at_least: 1, at_most: 3}", "contacts: 4", "false", "recorded"),
        ("suspect.risk: {recorded: yes}", "risk: []", "false", "recorded, none"),
        ("case.closed: no", "risk: high", "unknown", "not recorded"),
    ],
)
def test_a_condition_answers_and_names_its_cause(condition: str, facts: str, truth: str, cause: str) -> None:
    assert asked(condition, facts) == (truth, cause)


@pytest.mark.parametrize(
    ("condition", "facts", "truth"),
    [
        ("plan.agencies: {includes_all: [police, health]}", "agencies: [police, health, social care]", "true"),
        ("plan.agencies: {includes_all: [police, health]}", "agencies: [health, police]", "true"),
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
    ("condition", "facts", "state"),
    [
        ("plan.agencies: {includes_all: [police]}", "agencies: [police, others not recorded]", "others not recorded"),
        ("plan.agencies: {includes_any: [police]}", "agencies: [health, others not recorded]", "others not recorded"),
        ("plan.agencies: {includes_any: [police]}", "agencies: [police, others not recorded]", "recorded"),
        ("plan.agencies: {includes_none: [police]}", "agencies: [police, others not recorded]", "recorded"),
        ("plan.agencies: {includes_any: [police]}", "agencies: [health]", "recorded"),
        ("plan.agencies: {includes_any: [police]}", "agencies: [others not recorded]", "not recorded"),
        ("plan.agencies: {includes_any: [police]}", "agencies: redacted", "redacted"),
    ],
)
def test_others_that_are_not_recorded_are_the_cause_only_where_they_leave_it_open(
    condition: str, facts: str, state: str
) -> None:
    (piece,) = ask(condition, f"plan: {{{facts}}}", "plan").evidence

    assert piece.state == state


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


@pytest.mark.parametrize(
    ("age", "older"),
    [
        ("18", "19"),
        ("18 years", "19 years"),
        ("1 year", "2 years"),
        ("9 months", "10 months"),
        ("1 month", "2 months"),
        ("40 weeks", "41 weeks"),
        ("10 days", "11 days"),
        ("1 day", "2 days"),
    ],
)
def test_an_age_is_counted_alike_in_a_case_and_in_a_rule(age: str, older: str) -> None:
    text = f"children: [{{age: {age}}}]"

    assert ask(f"child.age: {{at_least: {age}}}", text, "child").is_true
    assert ask(f"child.age: {{at_least: {older}}}", text, "child").is_false
    assert ask(f"child.age: {{at_most: {older}}}", text, "child").is_true


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
        ("children: [{ref: C1}]\nreport: {graded: high}", "first report.graded: high", "true"),
        ("children: [{ref: C1}]\nconcerns: [abuse]", "case.concerns: {includes_all: [abuse]}", "true"),
        (
            "children: [{ref: C1}]\nexhibits: [{status: held}, {status: lost}, {status: lost}]",
            "exhibit.status: held",
            "unknown",
        ),
        (
            "children: [{ref: C1}]\nexhibits: [{status: held}, {status: held}, {status: lost}]",
            "latest exhibit.status: lost",
            "unknown",
        ),
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


@pytest.mark.parametrize(
    ("contacts", "condition", "truth"),
    [
        ("count: 5, alone: 1 of 5", "every: {of: contact, satisfies: {contact.alone: yes}}", "false"),
        ("count: 5, alone: 1 of 5", "some: {of: contact, satisfies: {contact.alone: yes}}", "true"),
        ("count: 5, alone: 1 of 5", "none: {of: contact, satisfies: {contact.alone: yes}}", "false"),
        ("count: 5, alone: 5 of 5", "every: {of: contact, satisfies: {contact.alone: yes}}", "true"),
        (
            "count: 5, alone: some, seen: some",
            "every: {of: contact, satisfies: {contact.alone: yes, contact.seen: yes}}",
            "unknown",
        ),
        ("count: 20, alone: yes", "at_most: {of: contact, count: 3, satisfies: {contact.alone: yes}}", "false"),
        ("count: 3, alone: yes", "at_most: {of: contact, count: 3, satisfies: {contact.alone: yes}}", "true"),
        ("count: 5, alone: 1 of 5", "at_most: {of: contact, count: 3, satisfies: {contact.alone: yes}}", "unknown"),
    ],
)
def test_a_group_counts_as_its_members(contacts: str, condition: str, truth: str) -> None:
    assert ask(condition, f"suspects: [{{ref: S1}}]\ncontacts: [{{ref: K1, {contacts}}}]").truth.value == truth


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
        ("plan.owner: {is_not: police}", "unknown"),
        ("plan.owner: {none_of: [police]}", "unknown"),
        ("plan.agencies: {includes_all: [police]}", "false"),
        ("plan.agencies: {includes_any: [police]}", "false"),
        ("plan.agencies: {includes_none: [police]}", "unknown"),
        ("plan.agreed: {before: 2016-01-01}", "unknown"),
        ("plan.agreed: {after: 2016-01-01}", "unknown"),
        ("child.age: {at_least: 2}", "false"),
        ("child.age: {at_most: 2}", "unknown"),
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
    text = "suspects: [{ref: S1}]\nexhibits: [{status: held}]\nplans: []\nchildren: []"

    assert ask(condition, text).truth.value == truth


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


# Evidence: what an answer rests on, and where that stands.


@pytest.mark.parametrize(
    ("condition", "text", "kind", "evidence"),
    [
        (
            "suspect.risk: high",
            "suspects:\n  - risk: high",
            "suspect",
            Evidence(
                "suspect.risk",
                "suspects[0].risk",
                State.RECORDED,
                "case.yaml",
                4,
                11,
                named="risk",
                shown="high",
                asks="How high?",
                look_in="log",
                part="second",
            ),
        ),
        (
            "child.age: {at_least: 2}",
            "children:\n  - age: 8",
            "child",
            Evidence(
                "child.age",
                "children[0].age",
                State.RECORDED,
                "case.yaml",
                4,
                10,
                named="age",
                withheld=True,
                asks="How old?",
                look_in="log",
                part="first",
            ),
        ),
        (
            "suspect.job: {recorded: yes}",
            "suspects:\n  - ref: S1",
            "suspect",
            Evidence(
                "suspect.job",
                "suspects[0].job",
                State.NOT_RECORDED,
                "case.yaml",
                4,
                5,
                named="job",
                asks="What job?",
                look_in="log",
                part="second",
            ),
        ),
        (
            "every: {of: exhibit, satisfies: {exhibit.status: held}}",
            "suspects:\n  - ref: S1",
            "suspect",
            Evidence(
                "exhibit",
                "exhibits",
                State.NOT_RECORDED,
                "case.yaml",
                1,
                1,
                named="exhibits",
                asks="Which exhibits does the record show? (Write [] if it shows none.)",
                part="second",
            ),
        ),
    ],
    ids=["recorded", "personal", "absent", "a whole list"],
)
def test_evidence_says_what_would_settle_it_and_shows_no_personal_fact(
    condition: str, text: str, kind: str, evidence: Evidence
) -> None:
    assert ask(condition, text, kind).evidence == (evidence,)


OF_PLANS = "children: [{ref: C1}]\nplans:\n"


@pytest.mark.parametrize(
    ("condition", "text", "path", "state", "place"),
    [
        ("plan.agencies: {recorded: yes}", "plan: {agencies: []}", "plan.agencies", State.NONE, (3, 18)),
        ("plan.reviews: {recorded: yes}", "plan: {reviews: []}", "plan.reviews", State.NONE, (3, 17)),
        ("plan.owner: police", "children: [{ref: C1}]", "plan.owner", State.NOT_RECORDED, (1, 1)),
        ("plan.owner: police", "looked_at: [second]", "plan.owner", State.NOT_LOOKED_AT, (1, 1)),
        ("plan.owner: police", "looked_at: [second]\nplans: redacted", "plan.owner", State.REDACTED, (4, 1)),
        ("suspect.arrested.rationale: recorded", "suspects: []", "suspect.arrested.rationale", State.NONE, (3, 1)),
        (
            "plan.owner: police",
            "children: [{ref: C1}, {ref: C2}]\nplan: {owner: police}",
            "plan.about",
            State.NOT_SAID_OF_WHOM,
            (4, 7),
        ),
        (
            "plan.owner: police",
            OF_PLANS + "  - {about: C1, owner: police}\n  - others not recorded",
            "plans",
            State.OTHERS_NOT_RECORDED,
            (4, 1),
        ),
        (
            "plan.owner: police",
            OF_PLANS + "  - {agreed: 2015-09, owner: police}\n  - {agreed: 2015-09-20, owner: health}",
            "plans[0].agreed",
            State.IMPRECISE,
            (5, 14),
        ),
        (
            "plan.owner: police",
            OF_PLANS + "  - {agreed: 2015-09-20, owner: police}\n  - {agreed: 2015-09, owner: health}",
            "plans[1].agreed",
            State.IMPRECISE,
            (6, 14),
        ),
        (
            "plan.owner: police",
            OF_PLANS + "  - {agreed: 2015-09-01, owner: police}\n  - {agreed: 2015-09-01, owner: health}",
            "plans[0].agreed",
            State.IMPRECISE,
            (5, 14),
        ),
        (
            "latest plan.owner: police",
            OF_PLANS + "  - {agreed: 2015-09-01, owner: police}\n  - {agreed: 2015-09-01, owner: health}",
            "plans[0].agreed",
            State.IMPRECISE,
            (5, 14),
        ),
        (
            "latest plan.owner: police",
            OF_PLANS + "  - {agreed: 2015-09-20, owner: police}\n  - {agreed: ../2015-09-01, owner: health}",
            "plans[1].agreed",
            State.UNDATED,
            (6, 14),
        ),
        (
            "plan.owner: police",
            OF_PLANS + "  - {agreed: 2015-09-20, owner: police}\n  - {agreed: redacted, owner: health}",
            "plans[1].agreed",
            State.REDACTED,
            (6, 14),
        ),
        ("every: {of: exhibit, satisfies: {exhibit.status: held}}", "exhibits: []", "exhibits", State.NONE, (3, 1)),
        (
            "every: {of: exhibit, satisfies: {exhibit.status: held}}",
            "exhibits: [others not recorded]",
            "exhibits",
            State.NOT_RECORDED,
            (3, 1),
        ),
        (
            "every: {of: exhibit, satisfies: {exhibit.status: held}}",
            "exhibits: [{status: held}, others not recorded]",
            "exhibits",
            State.NOT_RECORDED,
            (3, 1),
        ),
        (
            "every: {of: exhibit, satisfies: {exhibit.status: held}}",
            "exhibits: [{status: held}]",
            "exhibits[0].status",
            State.RECORDED,
            (3, 21),
        ),
        (
            "every: {of: exhibit, satisfies: {exhibit.status: held}}",
            "looked_at: [first]",
            "exhibits",
            State.NOT_LOOKED_AT,
            (1, 1),
        ),
        (
            "every: {of: exhibit, satisfies: {exhibit.status: held}}",
            "looked_at: [first]\nexhibits: redacted",
            "exhibits",
            State.REDACTED,
            (4, 1),
        ),
    ],
)
def test_what_leaves_a_question_open_is_named_at_its_place(
    condition: str, text: str, path: str, state: State, place: tuple[int, int]
) -> None:
    kind = "child" if "children" in text else "case"
    (piece,) = ask(condition, text, kind).evidence

    assert (piece.path, piece.state, (piece.line, piece.column)) == (path, state, place)


def test_the_date_of_the_first_and_of_the_latest_is_known_as_far_as_any_may_be_it() -> None:
    short, long = "2015-09-05/2015-09-07", "2015-09-01/2015-09-10"

    for one, other in ((short, long), (long, short)):
        text = OF_PLANS + f"  - agreed: {one}\n  - agreed: {other}"
        assert ask("plan.agreed: {after: 2015-09-03}", text, "child").is_unknown
        assert ask("latest plan.agreed: {before: 2015-09-09}", text, "child").is_unknown


def test_two_that_only_touch_may_have_been_either_way_round() -> None:
    text = OF_PLANS + (
        "  - {agreed: 2015-09-01T10:00/2015-09-02T10:00, owner: police}\n"
        "  - {agreed: 2015-09-02T10:00/2015-09-03T10:00, owner: health}"
    )

    assert ask("plan.owner: police", text, "child").is_unknown
    assert ask("latest plan.owner: health", text, "child").is_unknown
    assert ask(
        "plan.owner: police", text.replace("- {agreed: 2015-09-02T10:00", "- {agreed: 2015-09-02T10:01"), "child"
    ).is_true


def test_two_that_overlap_may_have_been_either_way_round() -> None:
    text = OF_PLANS + (
        "  - {agreed: 2015-09-01/2015-09-10, owner: police}\n  - {agreed: 2015-09-05/2015-09-17, owner: health}"
    )

    assert ask("plan.owner: police", text, "child").is_unknown
    assert ask("latest plan.owner: health", text, "child").is_unknown


# Scopes.


def scope_of(
    text: str, supposed: Mapping[FactKey, Fact] | None = None, missing: Mapping[str, Fact] | None = None
) -> Scope:
    case = case_of(text)
    subject = case.listing("suspect").things[0]
    return Scope(case, vocabulary(), subject, {"suspect": subject}, missing or {}, supposed or {})


def test_a_value_that_is_only_supposed_counts_as_a_value_but_never_as_written_down() -> None:
    absent = fact_of("suspects: [{ref: S1}]", fact="access")
    supposed = {absent.key: replace(absent, state=State.RECORDED, value=True)}
    scope = scope_of("suspects: [{ref: S1}]", supposed=supposed)

    assert condition_of("suspect.access: yes").ask(scope).is_true
    assert condition_of("suspect.access: {recorded: yes}").ask(scope).is_false
    assert [piece.state for piece in condition_of("suspect.access: {recorded: yes}").ask(scope).evidence] == [
        State.NOT_RECORDED
    ]


def test_a_thing_that_no_reference_leads_to_is_named_by_the_reference() -> None:
    reference = fact_of("contacts:\n  - ref: K1\n    suspect: redacted", "contact", "suspect")
    scope = replace(scope_of("suspects: [{ref: S1}]", missing={"suspect": reference}), things={})

    answer = condition_of("suspect.access: yes").ask(scope)

    assert answer.is_unknown
    assert [(piece.fact, piece.path, piece.state, piece.line, piece.column) for piece in answer.evidence] == [
        ("suspect.access", "contacts[0].suspect", State.REDACTED, 5, 14)
    ]


# What a condition is made of.

NESTED = """\
suspect.access: yes
any_of:
  - not:
      all_of:
        - suspect.risk: high
  - every:
      of: exhibit
      where:
        exhibit.status: held
      satisfies:
        exhibit.status: {none_of: [held], is_not: lost}
"""


def test_every_part_of_a_condition_is_walked_outermost_first_and_knows_its_line() -> None:
    node = condition_of(NESTED)

    assert [(type(part).__name__, part.line) for part in walk(node)] == [
        ("AllOf", 1),
        ("Test", 1),
        ("AnyOf", 2),
        ("Not", 3),
        ("AllOf", 4),
        ("Test", 5),
        ("Quantified", 6),
        ("Test", 9),
        ("AllOf", 11),
        ("Test", 11),
        ("Test", 11),
    ]
    assert [str(path) for path in node.paths()] == [
        "suspect.access",
        "suspect.risk",
        "exhibit.status",
        "exhibit.status",
        "exhibit.status",
    ]


def test_a_single_line_is_its_own_condition() -> None:
    assert [type(part).__name__ for part in walk(condition_of("{suspect.risk: {is: high}}"))] == ["Test"]


def test_a_part_knows_whether_it_is_denied() -> None:
    tests = [part for part in walk(condition_of(NESTED)) if isinstance(part, FactTest)]

    assert [test.negated for test in tests] == [False, True, True, False, False]


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
        ("all_of: [{suspect.risk: high}]", "risk is high"),
        (
            "{suspect.risk: high, any_of: [{suspect.access: yes}, {suspect.images: yes}]}",
            "risk is high, and either the suspect had access or the suspect had images",
        ),
        ("{suspect.risk: high, any_of: [{suspect.access: yes}]}", "risk is high, and the suspect had access"),
        (
            "any_of: [{suspect.risk: high}, {all_of: [{suspect.access: yes}]}]",
            "risk is high, or the suspect had access",
        ),
        (
            "{suspect.risk: high, any_of: [{suspect.access: yes}, {suspect.images: yes, suspect.armed: yes}]}",
            "risk is high, and either the suspect had access or both the suspect had images and armed: yes",
        ),
        (
            "any_of: [{all_of: [{suspect.access: yes}, {suspect.risk: high}]}, {suspect.images: yes}]",
            "both the suspect had access and risk is high, or the suspect had images",
        ),
        ("not: {all_of: [{suspect.risk: high}]}", "not (risk is high)"),
        (
            "plan.agencies: {includes_any: [police, health, social care]}",
            "agencies includes police, health or social care",
        ),
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
    node, problems = read(condition)

    assert problems == []
    assert node is not None
    assert node.english() == english
    assert list(node.paths())


def test_a_kind_of_two_words_is_said_as_two_words() -> None:
    text = VOCABULARY.replace("  exhibit:", "  seized_item:").replace("plural: exhibits", "plural: seized_items")
    words = load_vocabulary(parse_document(text.encode(), name="vocabulary.yaml"))
    root = parse_document(b"every: {of: seized_item, satisfies: {seized_item.status: held}}", name="x").root
    assert root is not None
    node = ConditionReader(Reading("x"), words).condition(root)
    assert node is not None
    case = load_case(parse_document(b"case: X\nas_of: 2016-07-18", name="case.yaml"), words)

    (piece,) = node.ask(Scope(case, words, case.whole)).evidence

    assert node.english() == "every seized item: status is held"
    assert piece.named == "seized items"
    assert piece.asks == "Which seized items does the record show? (Write [] if it shows none.)"
    assert piece.path == "seized_items"


# What is refused.

NOT_A_DATE = (
    "this is not a date; write 2016-03-18, 2016-03-18T09:15, 2016-03, 2016, "
    "2016-03-01/2016-03-20, day 21 or report + 21 days"
)


def read(text: str) -> tuple[Condition | None, list[str]]:
    reading = Reading("x")
    root = parse_document(text.encode(), name="x").root
    assert root is not None

    node = ConditionReader(reading, vocabulary()).condition(root)

    return node, [str(problem).removeprefix("x:") for problem in reading.problems]


@pytest.mark.parametrize(
    ("condition", "check"),
    [
        ("suspect.arested: yes", "unknown-fact"),
        ("suspect.risk: hgh", "unknown-value"),
        ("suspect.risk: {at_least: 2}", "wrong-test"),
        ("suspect.arrested: {before: suspect.risk}", "not-dated"),
        ("every: {of: exibit, satisfies: {exhibit.status: held}}", "unknown-kind"),
        ("all_of: [{all_of: [{all_of: [{suspect.risk: high}]}]}]", "too-much-work"),
    ],
)
def test_what_is_refused_bears_the_id_of_its_check(condition: str, check: str) -> None:
    reading = Reading("x")
    root = parse_document(condition.encode(), name="x").root
    assert root is not None
    ConditionReader(reading, vocabulary()).condition(root)

    assert check in {problem.check for problem in reading.problems}


@pytest.mark.parametrize(
    ("condition", "problems"),
    [
        ("suspect.arrested: {before: suspect.risk}", ["1:28: suspect.risk is no date; name a date or an event"]),
        (
            "suspect.arested: yes",
            ["1:1: the vocabulary has no fact 'suspect.arested'; did you mean 'suspect.arrested'?"],
        ),
        ("third suspect.arrested: yes", ["1:1: 'third' is no word for which one; write first, latest, or nothing"]),
        (
            "latest thing: yes",
            [
                "1:1: 'latest thing' is no condition; write `kind.fact: value`, all_of, any_of, not, every, some, none or at_most"
            ],
        ),
        (
            "suspect.arrested.xyzzy: yes",
            ["1:1: the vocabulary has no fact 'suspect.arrested.xyzzy'; did you mean 'suspect.arrested'?"],
        ),
        ("xyz.w: yes", ["1:1: the vocabulary has no fact 'xyz.w'; `checklist new case` lists what there is"]),
        (
            "suspect.risk: hgh",
            ["1:15: suspect.risk cannot be 'hgh'; did you mean 'high'? (expected one of: high, low)"],
        ),
        ("latest plan.owner: fire", ["1:20: latest plan.owner cannot be 'fire'; expected one of: police, health"]),
        (
            "suspect.risk: {is: [hgh, x]}",
            ["1:20: suspect.risk cannot be 'hgh'; did you mean 'high'? (expected one of: high, low)"],
        ),
        (
            "suspect.risk: [high, [low]]",
            [
                "1:22: an item of one_of must be a text on one line",
                "1:15: suspect.risk cannot be ''; expected one of: high, low",
            ],
        ),
        ("suspect.risk: []", ["1:15: one_of names no value; expected one of: high, low"]),
        ("suspect.risk: {}", ["1:15: suspect.risk is put to no test; write `kind.fact: value`"]),
        ("suspect.risk: ", ["1:14: suspect.risk cannot be ''; expected one of: high, low"]),
        (
            "plan.agencies: {includes_all: []}",
            ["1:31: includes_all names no value; expected one of: police, health, social care"],
        ),
        (
            "suspect.risk: {like: high}",
            [
                "1:16: 'like' is no test; expected one of: is, is_not, one_of, none_of, recorded, at_least, at_most, before, after, includes_all, includes_any, includes_none"
            ],
        ),
        (
            "suspect.risk: {isnot: high, is: hgh}",
            [
                "1:16: 'isnot' is no test; did you mean 'is_not'? (expected one of: is, is_not, one_of, none_of, recorded, at_least, at_most, before, after, includes_all, includes_any, includes_none)",
                "1:33: suspect.risk cannot be 'hgh'; did you mean 'high'? (expected one of: high, low)",
            ],
        ),
        (
            "suspect.arrested: {at_least: 2}",
            [
                "1:20: suspect.arrested is a event and cannot be tested by at_least; expected one of: is, is_not, recorded, before, after"
            ],
        ),
        (
            "latest plan.agreed: {includes_all: [police]}",
            [
                "1:22: latest plan.agreed is a event and cannot be tested by includes_all; expected one of: is, is_not, recorded, before, after"
            ],
        ),
        (
            "suspect.arrested: {recorded: perhaps}",
            ["1:30: suspect.arrested cannot be 'perhaps'; expected one of: yes, no"],
        ),
        ("suspect.access: {is: [yes, no]}", ["1:22: is takes one value; write one_of for several"]),
        ("suspect.access: {recorded: [yes, no]}", ["1:28: recorded takes one value; write one_of for several"]),
        (
            "suspect.contacts: {at_least: few}",
            ["1:30: expected a whole number; write 2, or for an age 2 years, 9 months"],
        ),
        (
            "suspect.contacts: {at_least: 2 years}",
            ["1:30: expected a whole number; write 2, or for an age 2 years, 9 months"],
        ),
        (
            "suspect.contacts: {at_least: [2]}",
            [
                "1:30: a number must be a text on one line",
                "1:30: expected a whole number; write 2, or for an age 2 years, 9 months",
            ],
        ),
        (
            "child.age: {at_least: 2 decades}",
            ["1:23: expected a whole number; write 2, or for an age 2 years, 9 months"],
        ),
        ("suspect.arrested: {before: soon}", ["1:28: " + NOT_A_DATE]),
        (
            "suspect.arrested: {before: 04/03/2016}",
            ["1:28: this may be 4 March or 3 April; write 2016-03-04 or 2016-04-03"],
        ),
        ("suspect.arrested: {before: [2016]}", ["1:28: a date must be a text on one line", "1:28: " + NOT_A_DATE]),
        (
            "suspect.arrested: {before: suspect.arested}",
            ["1:28: the vocabulary has no fact 'suspect.arested'; did you mean 'suspect.arrested'?"],
        ),
        (
            "arrested: yes",
            [
                "1:1: 'arrested' is no condition; write `kind.fact: value`, all_of, any_of, not, every, some, none or at_most"
            ],
        ),
        ("evry: {of: exhibit}", ["1:1: 'evry' is no condition; did you mean 'every'?"]),
        ("allof: []", ["1:1: 'allof' is no condition; did you mean 'all_of'?"]),
        ("anyof: []", ["1:1: 'anyof' is no condition; did you mean 'any_of'?"]),
        ("nott: {}", ["1:1: 'nott' is no condition; did you mean 'not'?"]),
        (
            "[suspect.access]",
            ["1:1: a condition must be a mapping of keys to values; write `key: value` lines under it"],
        ),
        ("{}", ["1:1: an empty condition; write `kind.fact: value`"]),
        ("not: {}", ["1:6: an empty condition; write `kind.fact: value`"]),
        ("any_of: []", ["1:1: any_of holds no condition; give it a list of conditions"]),
        (
            "any_of: {suspect.access: yes}",
            [
                "1:9: any_of must be a list; write `[a, b]`, or `- a` lines",
                "1:1: any_of holds no condition; give it a list of conditions",
            ],
        ),
        (
            "all_of: [{suspect.risk: hgh}]",
            [
                "1:25: suspect.risk cannot be 'hgh'; did you mean 'high'? (expected one of: high, low)",
                "1:1: all_of holds no condition; give it a list of conditions",
            ],
        ),
        (
            "any_of: [{all_of: [{any_of: [{suspect.access: yes}]}]}]",
            [
                "1:21: conditions are nested more than two deep; say it in two rules, or in fewer words",
                "1:11: all_of holds no condition; give it a list of conditions",
                "1:1: any_of holds no condition; give it a list of conditions",
            ],
        ),
        (
            "any_of: [{not: {all_of: [{any_of: [{suspect.access: yes}]}]}}]",
            [
                "1:27: conditions are nested more than two deep; say it in two rules, or in fewer words",
                "1:17: all_of holds no condition; give it a list of conditions",
                "1:1: any_of holds no condition; give it a list of conditions",
            ],
        ),
        (
            "some: {of: exhibit, satisfies: {all_of: [{any_of: [{exhibit.status: held}]}]}}",
            [
                "1:43: conditions are nested more than two deep; say it in two rules, or in fewer words",
                "1:33: all_of holds no condition; give it a list of conditions",
                "1:7: some asks nothing; write `satisfies:` with a condition",
            ],
        ),
        ("every: [exhibit]", ["1:8: every must be a mapping of keys to values; write `key: value` lines under it"]),
        (
            "every: {of: exhibits, satisfies: {exhibit.status: held}}",
            [
                "1:13: no such kind of thing; did you mean 'exhibit'? (expected one of: case, report, child, suspect, contact, exhibit, plan)"
            ],
        ),
        (
            "every: {satisfies: {exhibit.status: held}}",
            [
                "1:8: 'of' is missing; write `of: ...`",
                "1:8: no such kind of thing; expected one of: case, report, child, suspect, contact, exhibit, plan",
            ],
        ),
        ("every: {of: exhibit}", ["1:8: every asks nothing; write `satisfies:` with a condition"]),
        (
            "every: {of: exhibit, satisfies: {exhibit.status: gone}}",
            [
                "1:50: exhibit.status cannot be 'gone'; expected one of: held, lost",
                "1:8: every asks nothing; write `satisfies:` with a condition",
            ],
        ),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_at_its_place_with_a_hint(
    condition: str, problems: list[str]
) -> None:
    assert read(condition) == (None, problems)


@pytest.mark.parametrize(
    ("condition", "problems"),
    [
        (
            "every: {of: exhibit, were: {exhibit.status: lost}, satisfies: {exhibit.status: held}}",
            ["1:22: every has no key 'were'; did you mean 'where'?"],
        ),
        (
            "every: {of: exhibit, note: x, satisfies: {exhibit.status: held}}",
            ["1:22: every has no key 'note'; known: of, where, satisfies, count"],
        ),
        ("at_most: {of: exhibit, where: {exhibit.status: held}, count: few}", ["1:62: count must be a whole number"]),
        ("at_most: {of: exhibit, where: {exhibit.status: held}}", ["1:10: 'count' is missing; write `count: ...`"]),
        (
            "{suspect.access: yes, suspect.risk: hgh}",
            ["1:37: suspect.risk cannot be 'hgh'; did you mean 'high'? (expected one of: high, low)"],
        ),
        (
            "any_of: [{suspect.access: yes}, {suspect.risk: hgh}]",
            ["1:48: suspect.risk cannot be 'hgh'; did you mean 'high'? (expected one of: high, low)"],
        ),
        (
            "suspect.contacts: {at_least: 1, at_most: few}",
            ["1:42: expected a whole number; write 2, or for an age 2 years, 9 months"],
        ),
    ],
)
def test_what_stands_beside_a_mistake_is_read_and_the_mistake_refused(condition: str, problems: list[str]) -> None:
    node, found = read(condition)

    assert node is not None
    assert found == problems


@pytest.mark.parametrize(
    ("count", "held", "told"), [("0", 0, []), ("2", 2, []), ("few", 0, ["1:62: count must be a whole number"])]
)
def test_a_quantifier_counts_by_a_whole_number(count: str, held: int, told: list[str]) -> None:
    node, problems = read(f"at_most: {{of: exhibit, where: {{exhibit.status: lost}}, count: {count}}}")

    assert isinstance(node, Quantified)
    assert (node.count, problems) == (held, told)
