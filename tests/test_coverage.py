"""What examples reach: a rule whose unknown branch was never tried says so."""

import pytest

from checklist.coverage import Coverage, cover, percent
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist, read_rule
from checklist.source import parse_document
from tests.small import ROOT, calendars, vocabulary

RULE = """\
rule: small
title: A small rule
area: second
severity: serious
why: It matters.
action: Do it.
source: [{standing: local, says: we say so, document: Ours}]
limit_standing: local
for_each: suspect
BODY
examples:
  - {name: met, case: {as_of: 2016-01-01, report: {received: 2015-09-01}, suspects: [{ref: S1, risk: high, access: yes, arrested: 2015-09-01}]}, expect: {S1: met}, because: suspects}
  - {name: not met, case: {as_of: 2016-01-01, report: {received: 2015-09-01}, suspects: [{ref: S1, access: yes, risk: low}]}, expect: {S1: not met}, because: suspects}
  - {name: not recorded, case: {as_of: 2016-01-01}, expect: {case: not recorded}, because: suspects}
  - {name: does not apply, case: {as_of: 2016-01-01, suspects: []}, expect: {case: does not apply}, because: suspects}
EXTRA"""
DEADLINE = "applies_when: {suspect.access: yes}\ndeadline: {event: suspect.arrested, after: report.received, limit: {by: suspect.risk, high: 24 hours, low: 7 days}}\naccept_reasons: [agreed, died]"


def missed(body: str, *extra: str) -> list[str]:
    return [goal.what for goal in coverage_of(body, *extra)[0].missed]


def coverage_of(body: str, *extra: str) -> tuple[Coverage, ...]:
    text = RULE.replace("BODY", body).replace("EXTRA", "".join(f"  - {one}\n" for one in extra))
    rule, problems = read_rule(parse_document(text.encode(), name="small.yaml"), vocabulary(), calendars())
    assert rule is not None, problems
    return cover(Checklist(vocabulary(), (rule,), calendars()))


def test_each_clause_limit_reason_and_verdict_that_no_example_reaches_is_named() -> None:
    assert missed(DEADLINE) == [
        "verdict: cannot tell",
        "verdict: excused",
        "verdict: not due yet",
        "clause false: the suspect had access",
        "clause unknown: the suspect had access",
        "limit broken: 24 hours (high)",
        "limit kept: 7 days (low)",
        "reason: agreed",
        "reason: died",
    ]


@pytest.mark.parametrize(
    ("case", "expect", "reached"),
    [
        ("suspects: [{ref: S1, access: no}]", "does not apply", {"clause false: the suspect had access"}),
        ("suspects: [{ref: S1, access: unknown}]", "cannot tell", {"clause unknown: the suspect had access", "verdict: cannot tell"}),
        ("suspects: [{ref: S1, access: yes, risk: high, arrested: 2015-09-05}]", "not met", {"limit broken: 24 hours (high)"}),
        ("suspects: [{ref: S1, access: yes, risk: low, arrested: 2015-09-05}]", "met", {"limit kept: 7 days (low)"}),
        ("suspects: [{ref: S1, access: yes, arrested: 2015-09-25}]", "not met", set()),
        ("suspects: [{ref: S1, access: yes, risk: low, arrested: {done: no, reason: died, decided_by: dc@police, decided_at: 2015-09-02}}]", "excused", {"verdict: excused", "reason: died"}),
    ],
    ids=["false", "unknown", "broken", "kept", "no single limit", "a reason"],
)  # fmt: skip
def test_an_example_reaches_what_it_shows_and_no_more(case: str, expect: str, reached: set[str]) -> None:
    extra = f"{{name: x, case: {{as_of: 2016-01-01, report: {{received: 2015-09-01}}, {case}}}, expect: {{S1: {expect}}}, because: suspects}}"

    assert set(missed(DEADLINE)) - set(missed(DEADLINE, extra)) == reached


def test_what_is_expected_is_not_reached_where_the_rule_does_not_apply() -> None:
    body = "applies_when: {suspect.access: yes}\nexpect: {suspect.images: no}"
    extra = "{name: x, case: {as_of: 2016-01-01, suspects: [{ref: S1, access: no, images: no}]}, expect: {S1: does not apply}, because: suspects}"

    assert "clause true: images: no" in missed(body, extra)


def test_the_conditions_inside_a_quantifier_are_goals_too() -> None:
    body = "expect: {every: {of: exhibit, where: {exhibit.status: held}, satisfies: {exhibit.status: {recorded: yes}}}}"

    assert any("clause unknown: status is held" in what for what in missed(body))


def test_each_version_and_a_schedule_are_goals() -> None:
    body = "judged_on: report.received\ndeadline: {event: suspect.arrested, after: report.received, limit: 24 hours}\nversions:\n  - in_force: {to: 2015-08-31}\n  - {in_force: {from: 2015-09-01}, deadline.limit: 5 days}"
    told = missed(body)

    assert "version: from the beginning to 2015-08-31" in told
    assert "version: from 2015-09-01 to now" not in told
    assert {"limit kept: 24 hours", "limit broken: 24 hours"} <= set(told)
    assert "schedule kept" in missed("schedule: {first_after: plan.agreed, events: plan.reviews, every: 3 months}")


def test_a_goal_stands_at_the_line_of_what_it_speaks_of() -> None:
    (coverage,) = coverage_of(DEADLINE)
    lines = {goal.what: goal.line for goal in coverage.missed}
    text = RULE.replace("BODY", DEADLINE).splitlines()

    assert "accept_reasons" in text[lines["reason: died"] - 1]
    assert "limit:" in text[lines["limit kept: 7 days (low)"] - 1]
    assert "applies_when" in text[lines["clause false: the suspect had access"] - 1]
    assert coverage.reached == len(coverage.goals) - len(coverage.missed)


@pytest.mark.unmeasured
def test_the_shipped_examples_reach_every_goal() -> None:
    coverages = cover(load_checklist(ROOT / "rules", examples=True))

    assert [goal for one in coverages for goal in one.missed] == []
    assert percent(coverages) == 100
