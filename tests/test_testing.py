"""Examples run as tests: the verdict must be right, and for the reason that is named."""

from pathlib import Path

import pytest

from checklist.rulebooks import load_checklist
from checklist.rules import Checklist, read_rule
from checklist.source import parse_document
from checklist.testing import Trial, examples_of, run_example
from tests.small import calendars, vocabulary

ROOT = Path(__file__).parents[1]
SHIPPED = load_checklist(ROOT / "rules")

RULE = """\
rule: small
title: A small rule
area: second
severity: serious
for_each: suspect
limit_standing: local
deadline: {event: suspect.arrested, after: report.received, limit: 24 hours}
why: It matters.
action: Do it.
source: [{standing: local, says: we say so, document: Ours}]
examples:
  - {name: met, case: {as_of: 2016-01-01, report: {received: 2015-09-01}, suspects: [{ref: S1, arrested: 2015-09-01}]}, expect: {S1: met}, because: "suspects[0].arrested"}
  - {name: not met, case: {as_of: 2016-01-01, report: {received: 2015-09-01}, suspects: [{ref: S1}]}, expect: {S1: not met}, because: suspects}
  - {name: not recorded, case: {as_of: 2016-01-01}, expect: {case: not recorded}, because: suspects}
  - {name: does not apply, case: {as_of: 2016-01-01, suspects: []}, expect: {case: does not apply}, because: suspects}
EXTRA
"""


def trial(extra: str) -> tuple[Trial, Checklist]:
    """The last example of a small rule."""
    rule, problems = read_rule(
        parse_document(RULE.replace("EXTRA", f"  - {extra}").encode(), name="small.yaml"), vocabulary(), calendars()
    )
    assert rule is not None, problems
    return Trial(rule, rule.examples[-1]), Checklist(vocabulary(), (rule,), calendars())


LATE = "{name: late, case: {as_of: 2016-01-01, report: {received: 2015-09-01}, suspects: [{ref: S1, arrested: 2015-09-22}]}, expect: EXPECT, because: BECAUSE}"


@pytest.mark.parametrize(
    ("expect", "because", "told"),
    [
        ("{S1: not met}", "'suspects[0].arrested'", ""),
        ("{S1: not met}", "report", ""),
        ("{S1: met}", "'suspects[0].arrested'", "verdict: expected met; found not met (done late)"),
        (
            "{S1: not met}",
            "'suspects[0].risk'",
            "because: expected suspects[0].risk; found suspects[0].arrested (line 16, recorded), report.received (line 16, recorded)",
        ),
        ("{S2: not met}", "'suspects[0].arrested'", "subject: expected S2; found S1"),
        ("{S1: {verdict: not met, because: report.received}}", "'suspects[0].risk'", ""),
    ],
)
def test_an_example_holds_only_for_the_reason_that_it_names(expect: str, because: str, told: str) -> None:
    one, checklist = trial(LATE.replace("EXPECT", expect).replace("BECAUSE", because))

    differences = run_example(one, checklist)

    assert told in "\n".join(map(str, differences))
    assert bool(differences) is bool(told)


def test_a_case_with_a_problem_is_no_example() -> None:
    one, checklist = trial(
        LATE.replace("arrested: 2015", "arested: 2015")
        .replace("EXPECT", "{S1: not met}")
        .replace("BECAUSE", "suspects")
    )

    assert any("case: expected no problem" in str(difference) for difference in run_example(one, checklist))


def test_an_undated_example_is_tried_on_every_day_that_it_leaves_open() -> None:
    undated = "{name: undated, case: {as_of: day 9, day_0: {weekday: tuesday, month: 2015-09}, report: {received: day 0}, suspects: [{ref: S1, arrested: day 0}]}, expect: {S1: met}, because: report}"

    assert run_example(*trial(undated)) == ()


@pytest.mark.parametrize("one", list(examples_of(SHIPPED)), ids=str)
def test_every_example_of_the_shipped_rulebook_holds(one: Trial) -> None:
    assert run_example(one, SHIPPED) == ()


def test_examples_can_be_chosen_by_rule() -> None:
    assert {one.rule.id for one in examples_of(SHIPPED, ("arrest-within-limit",))} == {"arrest-within-limit"}
