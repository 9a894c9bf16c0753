"""The report for the test pages of build servers, read by three parsers that are not ours and held against Jenkins' schema."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from checklist.findings import TO_ACT_ON, Age, Review, Verdict
from checklist.folders import Skipped
from checklist.reporters.report import visible
from checklist.source import Problem
from checklist.summary import Gone
from tests.drawn import HOSTILE, TEXTS, UNSEEN, WAIVER, draw, every_verdict, hostile_rest, hostile_review, of_verdict
from tests.test_reporters import a_review, finding, reviewed

SCHEMA = Path(__file__).parents[2] / "shared" / "data" / "schemas" / "junit-10.xsd"


def suites_of(text: str) -> list[ET.Element]:
    return list(ET.fromstring(text))  # noqa: S314 - our own report


def kind_of(test: ET.Element) -> str:
    return next((child.tag for child in test if child.tag != "system-out"), "passed")


def kinds(review: Review, **more: Any) -> dict[str, str]:
    tests = suites_of(draw("junit", review, **more))[0].iter("testcase")
    return {test.attrib["name"].partition(":")[0]: kind_of(test) for test in tests}


def only(text: str, kind: str) -> ET.Element:
    (found,) = ET.fromstring(text).iter(kind)  # noqa: S314 - our own report
    return found


@cache
def schema() -> Any:
    xmlschema = pytest.importorskip("xmlschema")
    if not SCHEMA.exists():
        pytest.skip("the schema of Jenkins is not beside this tree")
    return xmlschema.XMLSchema(str(SCHEMA))


def test_only_what_is_met_passes() -> None:
    assert kinds(every_verdict()) == {
        "met": "passed",
        "not-met": "failure",
        "new": "failure",
        "accepted": "skipped",
        "known": "skipped",
        **{
            str(verdict).replace(" ", "-"): "skipped"
            for verdict in Verdict
            if verdict not in (Verdict.MET, Verdict.NOT_MET)
        },
    }


def test_a_failure_says_what_was_found_how_severe_it_is_and_where() -> None:
    failure = only(draw("junit", a_review(finding(age=Age.NEW))), "failure")

    assert failure.get("type") == "critical, done late"
    assert failure.get("message") == ("Arrested 21 days after the report; limit 24 hours. New since the baseline.")
    assert "Where: case.yaml:4\n" in (failure.text or "")
    assert "If not done: Arrest the suspect today." in (failure.text or "")


def test_a_waived_finding_keeps_its_verdict_and_says_who_accepted_it() -> None:
    skipped = only(draw("junit", a_review(finding(waiver=WAIVER))), "skipped")

    message = skipped.get("message") or ""
    assert message.startswith("Not met, done late. ")
    assert "Accepted by head@police on 2016-07-01, until 2016-12-31: the suspect was abroad." in message


@pytest.mark.parametrize("verdict", [one for one in Verdict if one not in (Verdict.MET, Verdict.NOT_MET)])
def test_what_is_skipped_says_which_verdict_it_has(verdict: Verdict) -> None:
    skipped = only(draw("junit", a_review(of_verdict(verdict))), "skipped")

    assert skipped.get("type") == verdict
    assert (skipped.get("message") or "").lower().startswith(str(verdict))


def test_what_to_do_is_said_only_where_there_is_something_to_do() -> None:
    for report in ("junit", "tap"):
        for verdict in Verdict:
            told = draw(report, a_review(of_verdict(verdict)))
            assert ("Arrest the suspect today." in told) is (verdict in TO_ACT_ON)


def test_the_counts_of_a_suite_are_those_of_its_tests() -> None:
    review = every_verdict(problems=(Problem("case.yaml", 1, 1, "odd"),))
    text = draw("junit", review, problems=(Problem("x", 1, 1, "gone"),), skipped=(Skipped("a.txt", "no case"),))

    for suite in suites_of(text):
        kinds = [kind_of(test) for test in suite.iter("testcase")]
        for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.attrib[attribute] == str(kinds.count(kind))
        assert suite.attrib["tests"] == str(len(kinds))


def test_a_text_that_looks_like_a_failure_is_not_counted_as_one() -> None:
    suite = suites_of(draw("junit", a_review(of_verdict(Verdict.MET, says="<failure <error <skipped "))))[0]

    assert [suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")] == ["1", "0", "0", "0"]


def test_a_build_server_that_merges_tests_of_one_name_loses_none() -> None:
    twice = a_review(finding(), finding(), finding(subject="S1 (2)"))
    tests = ET.fromstring(draw("junit", twice, a_review(finding(), file="other.yaml"))).iter("testcase")  # noqa: S314

    names = [(test.attrib["classname"], test.attrib["name"]) for test in tests]
    assert len(set(names)) == len(names) == 4


def test_problems_of_a_file_are_errors_at_their_place() -> None:
    review = a_review(finding(), problems=(Problem("case.yaml", 7, 3, "unknown word", "did you mean `ref`?"),))

    error = only(draw("junit", review), "error")

    assert error.get("message") == "case.yaml:7:3: unknown word; did you mean `ref`?"


def test_a_file_that_was_not_reviewed_is_an_error_though_it_has_no_problem() -> None:
    assert "the file was not reviewed" in (only(draw("junit", a_review()), "error").get("message") or "")


def test_a_run_that_was_stopped_or_found_nothing_is_an_error() -> None:
    met = a_review(of_verdict(Verdict.MET))

    stopped = only(draw("junit", met, complete=False), "error").get("message") or ""
    assert "stopped before every file was reviewed" in stopped
    assert "nothing was reviewed" in (only(draw("junit"), "error").get("message") or "")
    assert not list(ET.fromstring(draw("junit", met)).iter("error"))  # noqa: S314


def test_problems_notices_and_skipped_files_of_a_run_stand_in_the_last_suite() -> None:
    last = suites_of(
        draw(
            "junit",
            a_review(finding()),
            problems=(Problem("there", 1, 1, "no such file"),),
            notices=(Problem("waivers.yaml", 4, 1, "a waiver has expired"),),
            skipped=(Skipped("notes.txt", "not a case file"),),
            gone=(Gone("X-9", "a-rule", "S1", "not met"),),
        )
    )[-1]

    assert last.attrib["name"] == "review"
    assert {test.attrib["classname"]: kind_of(test) for test in last.iter("testcase")} == {
        "review.run": "error",
        "review.notices": "skipped",
        "review.skipped": "skipped",
    }
    told = ET.tostring(last, encoding="unicode")
    for words in (
        "no such file",
        "a waiver has expired",
        "notes.txt: not a case file",
        "X-9: a-rule, S1; it was not met",
    ):
        assert words in told


def test_what_was_noticed_of_a_case_is_said_in_its_suite() -> None:
    suite = suites_of(draw("junit", a_review(finding(), notices=("one date counts as not yet happened",))))[0]

    assert suite.findtext("system-out") == "Note: one date counts as not yet happened"


def test_every_suite_says_what_it_was_made_with() -> None:
    for suite in suites_of(draw("junit", a_review(finding()))):
        said = {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")}
        assert said["rulebook"] == "0123456789abcdef"
        assert said["review"] == "0.0.0"
        assert said["settings"] == "feedfacefeedface"
        assert "waivers" not in said


def test_no_line_of_the_case_is_shown() -> None:
    assert "RAW LINE" not in draw("junit", a_review(finding(), quotes={4: "RAW LINE"}))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_comes_back_visible_from_a_valid_document(text: str) -> None:
    document = draw("junit", hostile_review(text), **hostile_rest(text))

    schema().validate(document)
    assert_is_safe(document, text)


@settings(deadline=None)  # a slow machine is no failure
@given(TEXTS)
def test_no_text_breaks_out_of_the_document(text: str) -> None:
    assert_is_safe(draw("junit", hostile_review(text), **hostile_rest(text)), text)


def assert_is_safe(document: str, text: str) -> None:
    assert document.isascii()
    assert not re.search(r"##|^\s*::", document, re.MULTILINE)
    suites = suites_of(document)
    assert [len(list(suite.iter("testcase"))) for suite in suites] == [11, 3]
    for suite in suites:
        for element in suite.iter():
            for said in (*element.attrib.values(), element.text or ""):
                assert not UNSEEN.search(said)
    assert suites[0].attrib["file"] == visible(text)


@pytest.mark.parametrize("name", ["cumbria-2017-1", "handled-well", "thinly-recorded"])
def test_a_real_review_is_valid_and_complete(name: str) -> None:
    review = reviewed(name)
    document = draw("junit", review)

    schema().validate(document)
    assert len(list(suites_of(document)[0].iter("testcase"))) == len(review.findings)


def test_another_reader_of_such_reports_finds_the_same() -> None:
    junitparser = pytest.importorskip("junitparser")

    read = junitparser.JUnitXml.fromstring(draw("junit", every_verdict(), a_review(), complete=False))

    first, unreviewed, last = read
    assert (first.tests, first.failures, first.skipped, first.errors) == (11, 2, 8, 0)
    assert (unreviewed.errors, last.errors) == (1, 1)
    failed = [test.name for test in first if test.result and isinstance(test.result[0], junitparser.Failure)]
    assert failed == ["not-met: S1", "new: S1"]
    assert [test.name for test in first if test.is_passed] == ["met: S1"]
