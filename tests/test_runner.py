"""From paths to reviews, and what they do to the exit code."""

from dataclasses import replace
from pathlib import Path

import pytest

from checklist.clocks import parse_moment
from checklist.findings import Basis, Finding, Review, Severity, Verdict
from checklist.folders import CaseFile
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.runner import Options, exit_code, review_files, review_text
from checklist.source import Limits, Problem

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def shipped() -> Checklist:
    return load_checklist(ROOT / "rules")


def finding(verdict: Verdict, severity: Severity = Severity.SERIOUS) -> Finding:
    return Finding(
        rule="r",
        title="t",
        area="a",
        severity=severity,
        subject="S1",
        verdict=verdict,
        basis=Basis.OPEN_JUDGEMENT,
        says="",
    )


def a_review(*verdicts: Verdict, severity: Severity = Severity.SERIOUS) -> Review:
    findings = tuple(finding(verdict, severity) for verdict in verdicts)
    return Review(file="f", case="c", as_of="2016-01-01", findings=findings, problems=())


NOTHING_TO_DO = (Verdict.MET, Verdict.NOT_DUE_YET, Verdict.EXCUSED, Verdict.DOES_NOT_APPLY)
OPEN = (Verdict.NOT_RECORDED, Verdict.CANNOT_TELL, Verdict.NEEDS_JUDGEMENT)


@pytest.mark.parametrize("verdict", NOTHING_TO_DO)
def test_nothing_to_act_on_is_0(verdict: Verdict) -> None:
    assert exit_code([a_review(verdict)]) == 0


@pytest.mark.parametrize("verdict", OPEN)
def test_what_is_open_is_3(verdict: Verdict) -> None:
    assert exit_code([a_review(Verdict.MET, verdict)]) == 3


def test_not_met_outranks_what_is_open_and_a_problem_outranks_both() -> None:
    broken = replace(a_review(Verdict.MET), problems=(Problem("f", 1, 1, "wrong"),))

    assert exit_code([a_review(*OPEN), a_review(Verdict.NOT_MET)]) == 1
    assert exit_code([a_review(Verdict.NOT_MET), broken, a_review(Verdict.MET)]) == 2


def test_a_file_that_was_not_reviewed_is_2() -> None:
    assert exit_code([a_review()]) == 2


def test_an_open_judgement_of_severity_note_does_not_move_the_exit_code() -> None:
    assert exit_code([a_review(Verdict.NEEDS_JUDGEMENT, severity=Severity.NOTE)]) == 0
    assert exit_code([a_review(Verdict.NOT_RECORDED, severity=Severity.NOTE)]) == 3


@pytest.mark.parametrize(
    ("fail_on", "met", "open_", "not_met"),
    [("", 0, 3, 1), ("not-met", 0, 0, 1), ("not-recorded", 0, 1, 1), ("never", 0, 0, 0)],
    ids=["the default", "not-met", "not-recorded", "never"],
)
def test_fail_on_moves_the_line(fail_on: str, met: int, open_: int, not_met: int) -> None:
    assert exit_code([a_review(Verdict.MET)], fail_on=fail_on) == met
    assert exit_code([a_review(Verdict.NOT_RECORDED)], fail_on=fail_on) == open_
    assert exit_code([a_review(Verdict.NOT_MET)], fail_on=fail_on) == not_met


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path, shipped: Checklist) -> None:
    (tmp_path / "a.yaml").write_text("case: [", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("case: B\nas_of: 2016-01-01\n", encoding="utf-8")

    files = [CaseFile(name, path=str(tmp_path / name)) for name in ("a.yaml", "b.yaml")]

    bad, good = (one for one in review_files(files, shipped, Options()) if isinstance(one, Review))

    assert not bad.was_reviewed
    assert bad.problems
    assert good.was_reviewed
    assert not good.problems


@pytest.mark.parametrize(
    "text",
    [
        "case: X\n",
        "case: X\nas_of: soon\n",
        "case: X\nas_of: 2016\n",
        "- a\n",
        "",
        "case: X\nas_of: 2016-01-01\nas_of: 2016-01-02\n",
    ],
    ids=["no as_of", "an unreadable as_of", "a year as as_of", "no mapping", "empty", "a duplicate key"],
)
def test_a_file_that_cannot_be_parsed_or_has_no_clock_is_not_reviewed(text: str, shipped: Checklist) -> None:
    review = review_text(text.encode(), shipped, Options())

    assert not review.was_reviewed
    assert review.problems
    assert exit_code([review]) == 2


def test_an_as_of_that_was_asked_for_stands_in_for_a_missing_one(shipped: Checklist) -> None:
    review = review_text(b"case: X\n", shipped, Options(as_of=parse_moment("2016-01-01")))

    assert review.was_reviewed
    assert not review.problems


def test_a_comment_that_cuts_a_note_in_two_is_a_notice(shipped: Checklist) -> None:
    text = b"case: X\nas_of: 2016-01-01\nsuspects:\n  - ref: S1\n    note: seen with C2 #3 of 4\n"

    assert any("line 5" in notice for notice in review_text(text, shipped, Options()).notices)


def test_the_size_limit_is_a_setting(shipped: Checklist) -> None:
    review = review_text(b"case: X\nas_of: 2016-01-01\n", shipped, Options(limits=Limits(bytes=4)))

    assert not review.was_reviewed


def test_findings_are_the_sum_over_rules_of_their_subjects(shipped: Checklist) -> None:
    text = b"case: X\nas_of: 2016-01-01\nsuspects: [{ref: S1}, {ref: S2}]\nchildren: []\n"

    review = review_text(text, shipped, Options())

    of_suspects = sum(2 for rule in shipped.rules if rule.for_each == "suspect")
    others = sum(1 for rule in shipped.rules if rule.for_each != "suspect")
    assert len(review.findings) == of_suspects + others
