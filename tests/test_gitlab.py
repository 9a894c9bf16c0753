"""The Code Quality report: its issues, how GitLab knows them again, and where they point."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings

from checklist.findings import TO_ACT_ON, Age, Severity, Verdict
from checklist.folders import Skipped
from checklist.reporters.report import visible
from checklist.source import Problem
from tests.drawn import (
    HOSTILE,
    TEXTS,
    UNSEEN,
    WAIVER,
    draw,
    every_verdict,
    hostile_rest,
    hostile_review,
    of_verdict,
)
from tests.test_reporters import a_review, evidence, finding, reviewed

SEVERITIES = ("info", "minor", "major", "critical", "blocker")


def issues(*reviews: Any, **more: Any) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(draw("gitlab", *reviews, **more))
    return read


def paths(name: str) -> str:
    (issue,) = issues(a_review(finding(), file=name))
    path: str = issue["location"]["path"]
    return path


def test_only_what_is_to_be_acted_on_is_an_issue() -> None:
    told = {issue["check_name"] for issue in issues(every_verdict())}

    assert told == {str(verdict).replace(" ", "-") for verdict in TO_ACT_ON} | {"accepted", "known", "new"}


def test_an_issue_says_what_was_found_and_where() -> None:
    (issue,) = issues(a_review(finding(age=Age.NEW)))

    assert issue["description"] == (
        "Not met, done late. Each suspect is arrested promptly (S1). "
        "Arrested 21 days after the report; limit 24 hours. New since the baseline."
    )
    assert issue["check_name"] == "arrest-within-limit"
    assert issue["location"] == {"path": "case.yaml", "lines": {"begin": 4}}
    assert re.fullmatch("[0-9a-f]{64}", issue["fingerprint"])


@pytest.mark.parametrize(
    ("severity", "not_met", "not_known"),
    [
        (Severity.CRITICAL, "critical", "major"),
        (Severity.SERIOUS, "major", "minor"),
        (Severity.MINOR, "minor", "minor"),
        (Severity.NOTE, "info", "info"),
    ],
)
def test_what_is_not_known_stands_below_what_is_not_met(severity: Severity, not_met: str, not_known: str) -> None:
    told = {
        issue["check_name"]: issue["severity"]
        for issue in issues(a_review(*(of_verdict(verdict, severity=severity) for verdict in TO_ACT_ON)))
    }

    assert told.pop("not-met") == not_met
    assert set(told.values()) == {not_known}


def test_what_somebody_accepted_or_was_there_before_is_information_and_says_so() -> None:
    accepted, known = issues(a_review(finding(waiver=WAIVER), finding(subject="S2", age=Age.KNOWN)))

    assert accepted["severity"] == known["severity"] == "info"
    assert accepted["description"].startswith("Not met, done late. ")
    assert "until 2016-12-31: the suspect was abroad." in accepted["description"]
    assert "No worse than at the baseline." in known["description"]


def test_problems_and_a_file_that_was_not_reviewed_block() -> None:
    told = issues(a_review(problems=(Problem("case.yaml", 7, 3, "unknown word", "did you mean `ref`?"),)))

    assert [issue["severity"] for issue in told] == ["blocker", "blocker"]
    assert told[0]["description"] == "Unknown word; did you mean `ref`?"
    assert told[0]["location"] == {"path": "case.yaml", "lines": {"begin": 7}}
    assert "the file was not reviewed" in told[1]["description"].lower()


def test_a_run_that_was_stopped_or_found_nothing_is_never_an_empty_list() -> None:
    met = a_review(of_verdict(Verdict.MET))

    assert issues(met) == []
    assert [issue["severity"] for issue in issues(met, complete=False)] == ["blocker"]
    assert [issue["severity"] for issue in issues()] == ["blocker"]


def test_problems_notices_and_skipped_files_of_a_run_are_there() -> None:
    problem, notice, skipped = issues(
        a_review(of_verdict(Verdict.MET)),
        problems=(Problem("", 1, 1, "no such rule"),),
        notices=(Problem("waivers.yaml", 4, 1, "a waiver has expired"),),
        skipped=(Skipped("notes.txt", "not a case file"),),
    )

    assert (problem["severity"], problem["location"]["path"]) == ("blocker", "review")
    assert (notice["severity"], notice["location"]) == ("info", {"path": "waivers.yaml", "lines": {"begin": 4}})
    assert (skipped["severity"], skipped["location"]["path"]) == ("info", "notes.txt")


def test_an_issue_is_known_again_though_its_line_and_its_file_moved() -> None:
    before, after = finding(), finding(evidence=(evidence(),), says="other words")

    (old,) = issues(a_review(before))
    (new,) = issues(a_review(after, file="moved/case.yaml"))
    assert old["fingerprint"] == new["fingerprint"]


def test_issues_of_another_case_rule_or_subject_are_others() -> None:
    told = issues(
        a_review(finding(), finding(subject="S2"), finding(rule="other"), finding()),
        a_review(finding(), file="same-name.yaml"),
        a_review(finding(), case="X-2"),
        a_review(finding(), case=""),
        a_review(finding(rule="a", subject="b:c"), finding(rule="a:b", subject="c"), case="X-3"),
    )

    assert len({issue["fingerprint"] for issue in told}) == len(told) == 9


def test_raw_lines_are_not_shown() -> None:
    assert "RAW LINE" not in draw("gitlab", a_review(finding(), quotes={4: "RAW LINE"}))


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("cases/one.yaml", "cases/one.yaml"),
        ("/home/cases/one.yaml", "home/cases/one.yaml"),
        ("../../one.yaml", "one.yaml"),
        ("./a/../one.yaml", "a/one.yaml"),
        ("two\nlines/../one.yaml", "two\\u{a}lines/one.yaml"),
        ("a\u202eb #1.yaml", "a\\u{202e}b #1.yaml"),
        ("", "review"),
    ],
)
def test_a_path_is_relative_and_on_one_line(file: str, path: str) -> None:
    assert paths(file) == path


def test_a_real_review_has_an_issue_for_each_finding_to_act_on() -> None:
    review = reviewed("thinly-recorded")

    told = issues(review)

    assert len(told) == sum(one.verdict in TO_ACT_ON for one in review.findings)
    assert len({issue["fingerprint"] for issue in told}) == len(told)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_only_text(text: str) -> None:
    assert_is_safe(text)


@settings(deadline=None)  # a slow machine is no failure
@given(TEXTS)
def test_no_text_breaks_out_of_the_list(text: str) -> None:
    assert_is_safe(text)


def assert_is_safe(text: str) -> None:
    document = draw("gitlab", hostile_review(text), hostile_review(text), **hostile_rest(text))

    assert document.isascii()
    assert not re.search(r"##|^\s*::", document, re.MULTILINE)
    told = json.loads(document)
    assert len(told) == 7 + 7 + 3
    assert len({issue["fingerprint"] for issue in told}) == len(told)
    for issue in told:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in SEVERITIES
        path = issue["location"]["path"]
        assert path
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        for said in (path, issue["description"], issue["check_name"]):
            assert "\n" not in said
            assert not UNSEEN.search(said)
    assert visible(text).strip() in told[1]["description"]
