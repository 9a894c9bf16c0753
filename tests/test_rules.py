"""Rules are checked in full before any case is read: every problem, at its line."""

import shutil
from pathlib import Path

import pytest

from checklist.assignments import can_be
from checklist.conditions import ConditionReader
from checklist.findings import Verdict
from checklist.logic import Truth
from checklist.rulebooks import load_checklist
from checklist.rules import needed_examples, read_rule
from checklist.schema import Reading
from checklist.source import InputError, parse_document, read_document
from tests.small import ROOT, calendars, marked, rule_of, rule_problems, vocabulary

BAD = ROOT / "tests" / "bad" / "rules"
SHIPPED = load_checklist(ROOT / "rules")
DEADLINE = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: 24 hours}"


def test_the_shipped_rulebook_has_no_problem_and_the_rules_that_were_promised() -> None:
    promised = {
        "arrest-within-limit", "serial-offending-considered", "longer-term-plan", "other-suspects-identified", "other-victims-sought",
        "scene-and-exhibits-secured", "exhibit-not-lost", "suspect-investigated", "lines-of-enquiry-closed", "crime-recorded",
        "strategy-discussion", "police-in-longer-term-plan", "devices-examined", "protective-bail-or-orders",
        "registered-offender-manager-told", "supervisor-review", "decision-has-reason", "medical-and-samples-prompt",
        "senior-officer-at-scene", "concern-passed-to-local-authority", "coroner-told-accurately", "good-practice-noted",
    }  # fmt: skip

    assert {rule.id for rule in SHIPPED.rules} >= promised
    assert SHIPPED.rule("arrest-within-limit") is not None
    assert SHIPPED.rule("none") is None


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("", "the rule asks nothing"),
        ("judgement:", "'judgement' is missing"),
        ('judgement: ""', "'judgement' is missing"),
        ("expectt: {suspect.access: no}", "has no key 'expectt'"),
        ("for_each: suspects\nexpect: {suspect.access: no}", "for_each: no such kind of thing"),
        ("for_each: case\nexpect: {case.closed: yes}", "for_each: no such kind of thing"),
        ("expect: {suspect.access: no}", "is neither of the subject nor of a thing that a case has one of"),
        (
            "for_each: suspect\napplies_when: {all_of: [{suspect.risk: high}, {suspect.risk: low}]}\nexpect: {suspect.access: no}",
            "the rule can never apply",
        ),
        (
            "for_each: suspect\napplies_when: {suspect.risk: high, not: {suspect.risk: high}}\nexpect: {suspect.access: no}",
            "the rule can never apply",
        ),
        ("for_each: suspect\nexpect: {suspect.arrested: {recorded: no}}", "passes when it is absent"),
        ("for_each: suspect\nexpect: {not: {suspect.arrested: {recorded: yes}}}", "passes when it is absent"),
        ("for_each: suspect\nexpect: {any_of: [{suspect.access: no}, {suspect.access: yes}]}", "holds for every value"),
        ("for_each: suspect\nexpect: {suspect.risk: {one_of: [high, low]}}", "holds for every value"),
        (
            "passes_when_absent: [case.closd]\nexpect: {case.closed: {recorded: no}}",
            "the vocabulary has no fact 'case.closd'",
        ),
        ("for_each: suspect\nexpect: {suspect.access: no}\nif_not_recorded: met", "'if_not_recorded' cannot be 'met'"),
        ("for_each: suspect\nexpect: {suspect.access: no}\naccept_reasons: [busy]", "accept_reasons: no such reason"),
        ("for_each: suspect\nexpect: {suspect.access: no}\nlimit_standing: law", "'limit_standing' cannot be 'law'"),
        ("for_each: suspect\nexpect: {suspect.access: no}\ncalendar: scotland", "no such calendar"),
        ("for_each: suspect\nexpect: {suspect.access: no}\njudged_on: report.received", "judged_on without versions"),
        (DEADLINE.replace("limit_standing: local\n", ""), "'limit_standing' is missing"),
        (DEADLINE.replace("suspect.arrested", "suspect.access"), "is no event"),
        (DEADLINE.replace("report.received", "suspect.access"), "is no date"),
        (DEADLINE.replace("report.received", "{if_recorded: suspect.identified_on}"), "after: not understood"),
        (
            DEADLINE.replace("report.received", "{first_of: [{if_recorded: suspect.identified_on}]}"),
            "if_recorded may stand in last_of only",
        ),
        (DEADLINE.replace("24 hours", "24 ours"), ""),
        (DEADLINE.replace(", limit: 24 hours", ""), "deadline needs 'limit'"),
        (DEADLINE.replace("event: suspect.arrested, ", ""), "deadline needs 'event'"),
        (DEADLINE.replace("suspect.arrested", "{any_of: [suspect.arrested]}"), "event: not understood"),
        (DEADLINE.replace("24 hours", "{by: suspect.risk, high: 24 hours}"), "the table of limits lacks 'low'"),
        (DEADLINE.replace("24 hours", "{by: suspect.job, high: 24 hours}"), "has no list of values"),
        (DEADLINE.replace("24 hours", "{high: 24 hours}"), "a table of limits needs `by:`"),
        (DEADLINE.replace("24 hours", "{by: suspect.risk, high: 24 hours, low: x}"), ""),
        (
            "for_each: plan\nlimit_standing: local\nschedule: {first_after: plan.agreed, events: plan.reviews}",
            "schedule needs 'every'",
        ),
        (
            "for_each: plan\nlimit_standing: local\nschedule: {first_after: plan.agreed, events: plan.ended, every: 3 months}",
            "events: plan.ended is a event",
        ),
        (
            "for_each: plan\nlimit_standing: local\nschedule: {events: plan.reviews, every: 3 months}",
            "schedule needs 'first_after'",
        ),
        ("for_each: plan\nschedule: monthly", "schedule must be a mapping"),
        ("for_each: contact\njoin: {contact.alone: suspect}\nexpect: {contact.alone: yes}", "join goes by a reference"),
        (
            "for_each: contact\njoin: {contact.suspect: child}\nexpect: {contact.alone: yes}",
            "does not refer to 'child'",
        ),
        (
            "for_each: contact\njoin: {contact.suspect: suspect, contact.alone: suspect}\nexpect: {contact.alone: yes}",
            "a rule joins one kind of thing",
        ),
        (
            "for_each: contact\njoin: {contact.suspct: suspect}\nexpect: {contact.alone: yes}",
            "the vocabulary has no fact",
        ),
        (
            DEADLINE
            + "\njudged_on: suspect.access\nversions: [{in_force: {from: 2015-01-01}, deadline.limit: 2 days}]",
            "is no date",
        ),
        (DEADLINE + "\nversions: [{in_force: {from: 2015-01-01}, deadline.limit: 2 days}]", "'judged_on' is missing"),
        (DEADLINE + "\njudged_on: report.received\nversions: []", "versions is empty"),
        (DEADLINE + "\njudged_on: report.received\nversions: [{deadline.limit: 2 days}]", "a version needs in_force"),
        (
            DEADLINE + "\njudged_on: report.received\nversions: [{in_force: {from: soon}, deadline.limit: 2 days}]",
            "from must be a day",
        ),
        (
            DEADLINE
            + "\njudged_on: report.received\nversions: [{in_force: {from: 2015-01-01}, schedule.every: 2 days}]",
            "to put another in place of",
        ),
        (
            DEADLINE + "\njudged_on: report.received\nversions: [{in_force: {from: 2015-01-01}, titel: x}]",
            "a version cannot change 'titel'",
        ),
        (
            DEADLINE
            + "\njudged_on: report.received\nversions: [{in_force: {to: 2015-01-01}}, {in_force: {from: 2015-01-03}}]",
            "no version is in force after 2015-01-01",
        ),
        (
            DEADLINE
            + "\njudged_on: report.received\nversions: [{in_force: {to: 2015-01-05}}, {in_force: {from: 2015-01-03}}]",
            "two versions are in force on 2015-01-03",
        ),
        (
            DEADLINE
            + "\njudged_on: report.received\nversions: [{in_force: {from: 2015-01-05}}, {in_force: {from: 2016-01-03}}]",
            "two versions are in force at once",
        ),
        (
            DEADLINE.replace("24 hours", "2 working days")
            + "\njudged_on: report.received\nversions: [{in_force: {to: 2010-01-05}}, {in_force: {from: 2010-01-06}}]",
            "begins after a version ends",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(body: str, what: str) -> None:
    problems = rule_problems(body)

    assert problems
    assert any(what in problem for problem in problems), problems


def test_absence_may_pass_where_the_rule_says_so_openly() -> None:
    assert rule_problems("passes_when_absent: [case.closed]\nexpect: {case.closed: {recorded: no}}") == []
    assert rule_problems("expect: {not: {case.closed: {recorded: no}}}") == []


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_rule_has_the_problems_that_are_marked_in_it(path: Path) -> None:
    rule, problems = read_rule(read_document(path), vocabulary(), calendars())

    told = [(problem.line, f"{problem.what} {problem.hint}") for problem in problems]
    expected = marked(path)
    assert rule is None
    assert expected
    assert [line for line, _ in told] == [line for line, _ in expected]
    assert all(words in said for (_, said), (_, words) in zip(told, expected, strict=True))


# A whole rulebook.


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


def refused(folder: Path) -> str:
    with pytest.raises(InputError) as error:
        load_checklist(folder)
    return "\n".join(str(problem) for problem in error.value.problems)


def test_a_folder_without_a_rulebook_or_without_rules_is_refused(tmp_path: Path) -> None:
    assert "holds no rulebook" in refused(tmp_path)
    shutil.copytree(ROOT / "rules" / "calendars", tmp_path / "calendars")
    shutil.copy(ROOT / "rules" / "vocabulary.yaml", tmp_path)
    assert "holds no rule" in refused(tmp_path)


def test_a_rule_stands_in_a_file_of_its_name_in_the_folder_of_its_area_and_once(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rule = folder / "investigation" / "arrest-within-limit.yaml"
    shutil.copy(rule, folder / "decision-making" / "arrest.yaml")

    told = refused(folder)

    assert "call the file arrest-within-limit.yaml" in told
    assert "move it to investigation/" in told
    assert "two rules have the id 'arrest-within-limit'" in told


def test_every_problem_of_every_rule_is_told_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    rules = [path for path in folder.glob("investigation/*.yaml") if not path.name.endswith(".examples.yaml")]
    for path in rules:
        path.write_text(path.read_text(encoding="utf-8").replace("severity:", "severty:"), encoding="utf-8")

    assert refused(folder).count("has no key 'severty'") == len(rules)


def test_the_digest_changes_with_any_file_and_not_with_line_ends(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = load_checklist(folder).digest
    rule = folder / "investigation" / "arrest-within-limit.yaml"
    rule.write_bytes(rule.read_bytes().replace(b"\n", b"\r\n"))

    assert load_checklist(folder).digest == before
    rule.write_bytes(rule.read_bytes().replace(b"24 hours", b"25 hours"))
    assert load_checklist(folder).digest != before


# Examples.


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("judgement: Well done?", {"needs judgement", "met", "not met"}),
        ("for_each: suspect\nexpect: {suspect.access: no}", {"met", "not met", "not recorded", "does not apply"}),
        ("expect: {case.closed: yes}", {"met", "not met", "not recorded"}),
        ("if_not_recorded: not met\nexpect: {case.closed: yes}", {"met", "not met"}),
    ],
)
def test_a_rule_shows_every_verdict_that_it_can_give(body: str, needed: set[str]) -> None:
    assert {str(verdict) for verdict in needed_examples(rule_of(body))} == needed


EXAMPLES = """\
rule: small
title: A small rule
area: second
severity: serious
why: It matters.
action: Do it.
source: [{standing: local, says: we say so, document: Ours}]
expect: {case.closed: yes}
examples: EXAMPLES
"""


@pytest.mark.parametrize(
    ("examples", "what"),
    [
        ("[]", "no example shows: met, not met, not recorded"),
        ("[{name: x, case: {}}]", "an example needs `case:` and `expect:`"),
        ("[{name: x, case: {}, expect: {case: met}}]", "must name the fact that the verdict turns on"),
        ("[{name: x, case: {}, expect: {case: fine}, because: closed}]", "'verdict' cannot be 'fine'"),
        (
            "[{name: x, case: {}, expect: {case: met}, because: a}, {name: x, case: {}, expect: {case: not met}, because: a}]",
            "two examples have one name",
        ),
        ("[{name: x, case: {}, expect: {case: {verdict: met, becuse: a}}}]", "has no key 'becuse'"),
        ("x", "must be a list"),
    ],
)
def test_examples_are_checked_too(examples: str, what: str) -> None:
    _, problems = read_rule(
        parse_document(EXAMPLES.replace("EXAMPLES", examples).encode(), name="x"), vocabulary(), calendars()
    )

    assert any(what in problem.what for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- a", "a rule must be a mapping"),
        ("rule: x", "'source' is missing"),
        ("rule: x\nsource: []", "a rule needs a source"),
        ("rule: x\nsource: [ours]", "a source must be a mapping"),
        ("rule: x\nsource: [{standing: rumour}]", "'standing' cannot be 'rumour'"),
        ("rule: x", "'examples' is missing"),
        ("rule: x\nrule: y", ""),
    ],
)
def test_a_file_that_is_no_rule_says_what_is_missing(text: str, what: str) -> None:
    rule, problems = read_rule(parse_document(text.encode(), name="x"), vocabulary(), calendars())

    assert rule is None
    assert any(what in problem.what for problem in problems)


def test_an_empty_file_is_no_rule() -> None:
    assert read_rule(parse_document(b"", name="x"), vocabulary(), calendars())[0] is None


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        ("suspect.risk: high", True),
        ("{suspect.risk: high, suspect.access: yes}", True),
        ("all_of: [{suspect.access: yes}, {suspect.access: no}]", False),
        ("every: {of: exhibit, satisfies: {exhibit.status: held}}", True),
        ("any_of: [{suspect.access: yes}, {suspect.access: no}]", True),
        ("all_of: [{suspect.contacts: {at_least: 2}}, {suspect.risk: high}]", True),
        ("all_of: [{every: {of: exhibit, satisfies: {exhibit.status: held}}}, {suspect.risk: high}]", True),
        ("all_of: [{suspect.risk: {none_of: [high, low]}}]", False),
    ],
)
def test_whether_a_condition_can_be_true_is_tried_out(condition: str, possible: bool) -> None:
    root = parse_document(condition.encode(), name="x").root
    assert root is not None
    node = ConditionReader(Reading("x"), vocabulary()).condition(root)
    assert node is not None

    assert can_be(node, Truth.TRUE) is possible


def test_a_rule_names_its_verdict_for_what_is_not_recorded() -> None:
    assert (
        rule_of("if_not_recorded: cannot tell\nexpect: {case.closed: yes}").versions[0].blocks.if_not_recorded
        is Verdict.CANNOT_TELL
    )
