"""The reviews as OSCAL assessment results: what each verdict becomes, what is never hidden, and what real readers of OSCAL say of it."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from checklist.findings import Age, Basis, Branch, Review, Shipped, Source, Standing, Verdict
from checklist.folders import Skipped
from checklist.logic import Evidence, State
from checklist.reporters import Page, reporter
from checklist.reporters.oscal import NO_DAY
from checklist.reporters.report import sentence
from checklist.rulebooks import load_checklist
from checklist.runner import Options, review_document
from checklist.settings import Settings, choose
from checklist.source import Problem, read_document
from checklist.summary import Gone, Run, Tally
from tests import drawn, test_reporters
from tests.test_reporters import a_review

ROOT = Path(__file__).parents[1]
PAGE = Page(digest="0123456789abcdef", rules=22, version="0.0.0")
PROBLEM = Problem("case.yaml", 3, 7, "this is not a date", "write 2016-03-18")
HOSTILE = (
    *("=1+1", "+1", "-1", "@x", "::error::x", "%0A", "]]>", "<script>alert(1)</script>", "a\x00b", "\ud800", "\udcff"),
    *(
        "\u202eevil",
        "two\nlines",
        "\n",
        "\r",
        " ",
        "\u00a0",
        "\u2028",
        "\t",
        "",
        "##vso[task]",
        "a|b",
        "`",
        "```",
        "\U0001f9f8",
    ),
    *(
        "x" * 300,
        "![p](http://x)",
        "[a](javascript:x)",
        "{{ insert: param, p }}",
        "# h",
        "1. one",
        "12) one",
        "---",
        "===",
    ),
    *(
        "~a~",
        "^a^",
        "*a*",
        "__a__",
        "&lt;",
        "\\",
        "\\u{1b}",
        "> q",
        "    code",
        '"q"',
        "\x1b[31m",
        "\ufeff",
        "a\u200bb",
    ),
)


waiver = partial(
    drawn.waiver,
    reason="agreed with the prosecutor",
    approved_by="superintendent",
    approved_on=date(2016, 5, 1),
)
finding = partial(
    test_reporters.finding,
    evidence=(Evidence("suspect.arrested", "suspects[0].arrested", State.RECORDED, "case.yaml", 4, 5),),
    sources=(Source(Standing.INSPECTION_FINDING, "three weeks were criticised", "HMIC", "2017-01-26"),),
    why="",
)


def text_of(*reviews: Review, page: Page = PAGE, **more: Any) -> str:
    report, tally = reporter("oscal", page), Tally()
    pieces = [report.begin()]
    for review in reviews:
        tally.add(review)
        pieces.append(report.review(review))
    return "".join(map(str, (*pieces, report.end(Run(summary=tally.summary(), **more)))))


def document(*reviews: Review, page: Page = PAGE, **more: Any) -> dict[str, Any]:
    """The document, after a check that it is what OSCAL allows."""
    text = text_of(*reviews, page=page, **more)
    assert text.isascii()
    assert text.endswith("}\n")
    read = json.loads(text, object_pairs_hook=_without_repeats)["assessment-results"]
    check(read)
    made: dict[str, Any] = read
    return made


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert max(Counter(name for name, _ in pairs).values(), default=1) == 1
    return dict(pairs)


# OSCAL's types, written down once more from its JSON schema; `trestle` and NIST's own schema are asked at the end of this file.

NAME = r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
WORD = r"[A-Za-z_][A-Za-z0-9_.-]*"
STRING = r"\S(.*\S)?"
LINE = r"[^\n]+"
TIME = r"(19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"
TYPES = {
    **dict.fromkeys(("uuid", "observation-uuid", "risk-uuid", "subject-uuid"), NAME),
    **dict.fromkeys(("name", "target-id", "type", "state", "reason"), WORD),
    **dict.fromkeys(("value", "version", "oscal-version"), STRING),
    **dict.fromkeys(("title", "statement", "description", "remarks", "href"), r"[^\n]+(\n\n[^\n]+)*"),
    **dict.fromkeys(("start", "collected", "deadline", "last-modified"), TIME),
    "ns": "urn:casefile-checklist:review",
    "status": "open|deviation-approved",
}


def walk(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    yield at, value
    if isinstance(value, dict):
        for name, one in value.items():
            yield from walk(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one, f"{at}[]")


def check(read: dict[str, Any]) -> None:
    for at, value in walk(read):
        if isinstance(value, str):
            pattern = {"methods[]": "TEST|EXAMINE", "types[]": WORD}.get(at) or TYPES[at]
            assert re.fullmatch(pattern, value), (at, value)
            assert at != "title" or re.fullmatch(LINE, value)
        else:
            assert value or at == "include-all", f"{at} is empty"
            assert at != "props[]" or "ns" in value, "in NIST's namespace only its own names may stand"
    names = [value for at, value in walk(read) if at == "uuid"]
    assert len(set(names)) == len(names), "two things have one name"
    for result in read["results"]:
        known = {at: {one["uuid"] for one in result.get(at, ())} for at in ("observations", "risks")}
        known["subjects"] = {one["uuid"] for one in result.get("local-definitions", {}).get("components", ())}
        for at, value in walk(result):
            of = {"observation-uuid": "observations", "risk-uuid": "risks", "subject-uuid": "subjects"}.get(at)
            assert of is None or value in known[of], f"{at} leads nowhere"


def read(markup: str) -> str:
    """What a reader of Markdown sees; there is nothing in it but words."""
    assert not re.search(r"(?<!\\)(\\\\)*[`*~^{}|<]", markup), "OSCAL's own marks are CommonMark's and more"
    told = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markup):
        assert token.type in ("paragraph_open", "inline", "paragraph_close"), token.type
        for child in token.children or ():
            assert child.type in ("text", "text_special"), child.type
            told.append(child.content)
    return "".join(told)


def shown(text: str) -> str:
    """The text with what was made visible put back, to hold it against the text that was given."""
    flat = text.replace("\r\n", "\n").replace("\t", " ").replace("\n", " / ")
    return re.sub(r"\\u\{(10[0-9a-f]{4}|[0-9a-f]{1,5})\}", lambda found: chr(int(found[1], 16)), flat) or "(empty)"


def props(of: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in of["props"]}


# What each verdict becomes.


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.MET, ("satisfied", "pass")),
        (Verdict.NOT_MET, ("not-satisfied", "fail")),
        (Verdict.NOT_RECORDED, ("not-satisfied", "other")),
        (Verdict.CANNOT_TELL, ("not-satisfied", "other")),
        (Verdict.EXCUSED, ("not-satisfied", "fail")),
        (Verdict.NOT_DUE_YET, None),
        (Verdict.DOES_NOT_APPLY, None),
        (Verdict.NEEDS_JUDGEMENT, None),
    ],
)
def test_a_verdict_becomes_the_status_that_is_true_of_it_or_none(
    verdict: Verdict, status: tuple[str, str] | None
) -> None:
    result = document(a_review(finding(verdict=verdict)))["results"][0]

    told = [one["target"]["status"] for one in result.get("findings", ())]
    assert [(one["state"], one["reason"]) for one in told] == ([status] if status else [])
    assert all(one["remarks"].startswith(verdict) for one in told)
    assert [props(one)["verdict"] for one in result["observations"]] == [verdict]


def test_every_finding_is_an_observation_and_the_totals_add_up() -> None:
    findings = [finding(rule=f"rule-{n}", verdict=verdict) for n, verdict in enumerate(Verdict)]

    first, last = document(a_review(*findings))["results"]
    totals = props(last)
    assert len(first["observations"]) == len(Verdict) == int(totals["findings"])
    assert all(totals[verdict.replace(" ", "-")] == "1" for verdict in Verdict)
    assert len(first["findings"]) == 5


def test_a_finding_names_its_rule_its_observation_and_what_to_do() -> None:
    result = document(a_review(finding()))["results"][0]

    (one,), (seen,) = result["findings"], result["observations"]
    assert one["target"]["target-id"] == "arrest-within-limit"
    assert one["related-observations"] == [{"observation-uuid": seen["uuid"]}]
    assert one["remarks"] == "Arrest the suspect today."
    assert read(one["description"]) == "Arrested 21 days after the report; limit 24 hours."
    assert "related-risks" not in one


def test_an_observation_says_of_whom_by_what_and_who_says_so() -> None:
    branches = (Branch("risk is high", "24 hours", "Wed 2 Sep 2015", Verdict.NOT_MET),)
    one = finding(would_be=Verdict.NOT_MET, branches=branches, counts_list=True, passes_when_absent=("case.closed",))

    result = document(a_review(one))["results"][0]
    (seen,) = result["observations"]
    assert [read(piece["description"]) for piece in seen["relevant-evidence"]] == [
        "case.yaml:4:5: suspect.arrested, recorded"
    ]
    assert props(seen)["limit-standing"] == "local"
    assert props(seen)["would-be"] == "not met"
    for words in (
        "Risk is high: limit 24 hours, due Wed 2 Sep 2015: not met.",
        "The limit is our default: no source gives a number.",
        "This rule passes where these are absent: case.closed.",
        "This rule counts: it takes the list in the file to be complete.",
        "Inspection finding: three weeks were criticised (HMIC, 2017-01-26).",
    ):
        assert words in read(seen["remarks"])
    named = {one["uuid"]: one["title"] for one in result["local-definitions"]["components"]}
    assert [named[one["subject-uuid"]] for one in seen["subjects"]] == ["S1"]


def test_a_source_that_nobody_read_is_told_so() -> None:
    remembered = Source(Standing.STATUTE, "within ten days", "An Act", certainty="unverified")

    (seen,) = document(a_review(finding(sources=(remembered,))))["results"][0]["observations"]
    assert "(An Act, not verified)" in read(seen["remarks"])


def test_what_a_person_judged_or_must_judge_was_examined_and_the_rest_was_tested() -> None:
    result = document(
        a_review(
            finding(rule="a"),
            finding(rule="b", verdict=Verdict.MET, basis=Basis.JUDGED),
            finding(rule="c", verdict=Verdict.NEEDS_JUDGEMENT, basis=Basis.OPEN_JUDGEMENT),
        )
    )["results"][0]

    assert [one["methods"] for one in result["observations"]] == [["TEST"], ["EXAMINE"], ["EXAMINE"]]


# What was accepted, and what was known.


@pytest.mark.parametrize(
    ("verdict", "status"), [(Verdict.NOT_MET, "fail"), (Verdict.CANNOT_TELL, "other"), (Verdict.NOT_RECORDED, "other")]
)
def test_a_waived_finding_keeps_its_status_beside_an_approved_deviation(verdict: Verdict, status: str) -> None:
    result = document(a_review(finding(verdict=verdict, waiver=waiver())))["results"][0]

    (one,), (risk,) = result["findings"], result["risks"]
    accepted = "Accepted by superintendent on 2016-05-01, until 2016-12-31: agreed with the prosecutor."
    assert one["target"]["status"]["state"] == "not-satisfied"
    assert one["target"]["status"]["reason"] == status
    assert one["related-risks"] == [{"risk-uuid": risk["uuid"]}]
    assert risk["status"] == "deviation-approved"
    assert risk["deadline"] == "2016-12-31T23:59:59Z"
    assert read(risk["statement"]) == accepted
    assert accepted in read(one["remarks"])
    assert accepted in read(result["observations"][0]["remarks"])
    assert props(risk) == {"approved-by": "superintendent", "approved-on": "2016-05-01", "expires": "2016-12-31"}


def test_a_waived_question_for_a_person_has_its_deviation_beside_its_observation() -> None:
    result = document(a_review(finding(verdict=Verdict.NEEDS_JUDGEMENT, waiver=waiver())))["results"][0]

    assert "findings" not in result
    assert result["risks"][0]["related-observations"] == [{"observation-uuid": result["observations"][0]["uuid"]}]


def test_a_waiver_of_a_year_that_oscal_does_not_know_still_says_until_when() -> None:
    (risk,) = document(a_review(finding(waiver=waiver(expires=date(9999, 12, 31)))))["results"][0]["risks"]

    assert "deadline" not in risk
    assert props(risk)["expires"] == "9999-12-31"


def test_what_a_rule_excuses_is_an_approved_deviation_too() -> None:
    excused = finding(verdict=Verdict.EXCUSED, basis=Basis.REASON_ACCEPTED, says="not arrested: the suspect died")

    (risk,) = document(a_review(excused))["results"][0]["risks"]
    assert risk["status"] == "deviation-approved"
    assert risk["title"] == "Excused: Each suspect is arrested promptly"
    assert read(risk["description"]) == "Not arrested: the suspect died."
    assert read(risk["statement"]) == "What was expected was not done; the rule accepts the reason on record."


@pytest.mark.parametrize("age", Age)
def test_a_finding_says_what_it_is_beside_the_baseline_and_stays(age: Age) -> None:
    result = document(a_review(finding(age=age)))["results"][0]

    (one,) = result["findings"]
    assert one["target"]["status"]["reason"] == "fail"
    assert props(one)["baseline"] == props(result["observations"][0])["baseline"] == age


def test_what_only_a_local_standard_spares_says_so() -> None:
    spared = finding(verdict=Verdict.MET, basis=Basis.DONE_IN_TIME, shipped=Shipped("24 hours", Verdict.NOT_MET))

    result = document(a_review(spared))["results"][0]
    (one,), (seen,) = result["findings"], result["observations"]
    told = "Judged by a local standard; the shipped limit is 24 hours, by which it would be not met."
    assert read(one["remarks"]) == told
    assert told in read(seen["remarks"])
    assert "our default" not in seen["remarks"]


# What must not be hidden.


def test_a_file_that_was_not_reviewed_is_an_open_risk_and_no_finding() -> None:
    read_ = document(a_review(case="", as_of="", problems=(PROBLEM,)))

    result = read_["results"][0]
    assert "findings" not in result
    assert result["title"] == "case.yaml: not reviewed"
    assert props(result)["reviewed"] == "no"
    assert [read(one["description"]) for one in result["observations"]] == [
        "case.yaml:3:7: this is not a date; write 2016-03-18"
    ]
    assert [one["status"] for one in result["risks"]] == ["open"]
    assert "The file was not reviewed: nothing is known of the case." in read(result["remarks"])
    assert result["start"] == NO_DAY
    assert "none could be" in result["reviewed-controls"]["control-selections"][0]["description"]
    assert read_["metadata"]["title"].endswith("incomplete")
    assert "1 file could not be reviewed." in read(read_["metadata"]["remarks"])


def test_a_problem_in_a_reviewed_file_is_an_observation_and_an_open_risk_beside_the_findings() -> None:
    met = finding(verdict=Verdict.MET)

    read_ = document(a_review(met, problems=(PROBLEM, PROBLEM)))
    result = read_["results"][0]
    assert [one["types"] for one in result["observations"]] == [["problem"], ["problem"], ["control-objective"]]
    named = {one["uuid"]: one["title"] for one in result["local-definitions"]["components"]}
    assert [named[one["subject-uuid"]] for one in result["observations"][0]["subjects"]] == ["X-1"]
    (risk,) = result["risks"]
    assert risk["status"] == "open"
    assert len(risk["related-observations"]) == 2
    assert "2 problems with the file: what it says is not known in full" in read(result["remarks"])
    assert read_["metadata"]["title"].endswith("incomplete")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"complete": False}, "The run was stopped before every file was reviewed: nothing is known of the rest."),
        ({"problems": (Problem("no/where", 1, 1, "there is no such file or folder"),)}, "1 problem with the run."),
    ],
)
def test_a_run_that_is_not_whole_never_looks_like_a_clean_one(more: dict[str, Any], told: str) -> None:
    clean = document(a_review(finding(verdict=Verdict.MET)))
    read_ = document(a_review(finding(verdict=Verdict.MET)), **more)

    last = read_["results"][-1]
    assert read(read_["metadata"]["remarks"]) == read(last["remarks"]) == told
    assert read_["metadata"]["title"] == "Review of case files, incomplete"
    assert last["title"] == "The run as a whole, incomplete"
    assert props(last)["complete"] == ("yes" if more.get("complete", True) else "no")
    assert [one["status"] for one in last["risks"]] == ["open"]
    assert clean["metadata"]["title"] == "Review of case files"
    assert "remarks" not in clean["metadata"]
    assert "risks" not in clean["results"][-1]
    assert clean["uuid"] != read_["uuid"]


def test_a_run_without_a_case_says_that_nothing_was_reviewed() -> None:
    read_ = document()

    assert [one["title"] for one in read_["results"]] == ["The run as a whole, incomplete"]
    assert read(read_["metadata"]["remarks"]) == "No file was reviewed."
    assert read_["metadata"]["last-modified"] == NO_DAY


def test_what_was_passed_over_noticed_and_gone_is_told() -> None:
    last = document(
        a_review(finding()),
        skipped=(Skipped("a/.hidden", "hidden"),),
        notices=(Problem("waivers.yaml", 2, 1, "this waiver is expired"),),
        gone=(Gone("X-1", "arrest-within-limit", "S2", "not met"),),
    )["results"][-1]

    assert {one["title"]: read(one["description"]) for one in last["observations"]} == {
        "Notice": "waivers.yaml:2:1: this waiver is expired",
        "Passed over": "a/.hidden: hidden",
        "Gone since the baseline": (
            "X-1: arrest-within-limit, S2: was not met at the baseline, and is not there to act on"
        ),
    }
    assert props(last)["passed-over"] == "1"


def test_a_child_who_may_be_at_risk_and_what_was_noticed_in_the_file_are_told() -> None:
    banner = "A child may still be at risk"

    assert banner in read(document(a_review(finding()))["results"][0]["remarks"])
    calm = document(a_review(finding(), at_risk=False, notices=("line 3: a later fact",)))["results"][0]
    assert read(calm["remarks"]) == "Line 3: a later fact."


def test_raw_lines_of_the_case_are_never_in_it() -> None:
    assert "secret" not in text_of(a_review(finding(), quotes={4: "arrested: secret"}))


# Names and times.


def test_the_same_run_gives_the_same_bytes_and_another_run_another_document() -> None:
    first = a_review(finding(), finding(subject="S2"))

    assert text_of(first) == text_of(first)
    one, other = document(first), document(replace(first, findings=first.findings[:1]))
    assert one["uuid"] != other["uuid"]
    assert one["metadata"]["version"] != other["metadata"]["version"]
    assert one["results"][0]["findings"][0]["uuid"] == other["results"][0]["findings"][0]["uuid"]
    assert document(first, page=replace(PAGE, digest="ff"))["results"][0]["uuid"] != one["results"][0]["uuid"]
    assert document(first, page=replace(PAGE, waivers="ff"))["uuid"] != one["uuid"]


def test_a_file_given_twice_and_a_subject_named_twice_keep_names_of_their_own() -> None:
    twice = a_review(finding(), finding())

    names = [one["uuid"] for one in document(twice, twice, twice)["results"]]
    assert len(set(names)) == 4  # `check` has seen that no name in the document is there twice


def test_times_are_those_of_the_cases_and_the_document_is_as_old_as_the_last() -> None:
    read_ = document(
        a_review(finding(), as_of="2016-07-18T09:15"), a_review(finding(), as_of="2014-01-01"), a_review(as_of="")
    )

    assert [one["start"] for one in read_["results"]] == [
        "2016-07-18T00:00:00Z",
        "2014-01-01T00:00:00Z",
        NO_DAY,
        "2016-07-18T00:00:00Z",
    ]
    assert read_["metadata"]["last-modified"] == "2016-07-18T00:00:00Z"
    assert read_["results"][0]["observations"][0]["collected"] == "2016-07-18T00:00:00Z"
    assert props(read_["results"][0])["as-of"] == "2016-07-18T09:15"


@pytest.mark.parametrize("as_of", ["day 40", "0001-01-01", "2016-02-30", "soon"])
def test_a_day_that_oscal_cannot_hold_is_told_as_it_stands(as_of: str) -> None:
    result = document(a_review(finding(), as_of=as_of))["results"][0]

    assert result["start"] == NO_DAY
    assert props(result)["as-of"] == as_of
    assert "the times given here mean nothing" in read(result["remarks"])


@pytest.mark.parametrize(("rule", "token"), [("a-b-1", "a-b-1"), ("24-hours", "_24-hours")])
def test_a_rule_is_a_token_that_can_be_read(rule: str, token: str) -> None:
    (one,) = document(a_review(finding(rule=rule)))["results"][0]["findings"]

    assert one["target"]["target-id"] == token


def test_what_the_review_was_made_with_is_told() -> None:
    read_ = document(page=replace(PAGE, settings="aa", waivers="bb", baseline="cc"))

    assert props(read_["metadata"]) == {
        "tool": "review",
        "tool-version": "0.0.0",
        "checklist": "0123456789abcdef",
        "rules": "22",
        "settings": "aa",
        "waivers": "bb",
        "baseline": "cc",
    }
    assert read_["import-ap"]["href"].endswith(":0123456789abcdef")


def test_a_review_is_let_go_when_it_is_written() -> None:
    report, review = reporter("oscal", PAGE), a_review(finding())
    report.begin()
    before = sys.getrefcount(review), sys.getrefcount(review.findings[0])

    assert "21 days after the report" in str(report.review(review))
    assert (sys.getrefcount(review), sys.getrefcount(review.findings[0])) == before


# Text is data.


def poisoned(text: str) -> tuple[Review, Review, dict[str, Any]]:
    """A text in every field that can hold one."""
    one = finding(
        rule=text,
        title=text,
        area=text,
        subject=text,
        says=text,
        action=text,
        due=text,
        elapsed=text,
        limit=text,
        standard=text,
        branches=(Branch(text, text, text, Verdict.NOT_MET),),
        evidence=(Evidence(text, text, State.RECORDED, text, 4, 5),),
        sources=(Source(Standing.STATUTE, text, text, text, text),),
        waiver=waiver(reason=text, approved_by=text, case=text, subject=text),
        shipped=Shipped(text, Verdict.MET),
        passes_when_absent=(text,),
    )
    problem = Problem(text, 1, 1, text, text)
    whole = a_review(one, finding(), file=text, case=text, looked_at=text, notices=(text,), problems=(problem,))
    more = {
        "problems": (problem,),
        "notices": (problem,),
        "skipped": (Skipped(text, text),),
        "gone": (Gone(text, text, text, text),),
    }
    return whole, a_review(file=text, case="", as_of=text, problems=(problem,)), more


def holds_as_data(text: str) -> None:
    whole, unread, more = poisoned(text)
    read_ = document(whole, unread, **more)

    result = read_["results"][0]
    (one, _), seen = result["findings"], result["observations"][1]
    assert shown(read(one["description"])) == shown(sentence(text))
    assert shown(read(read_["results"][-1]["observations"][2]["description"])) == shown(f"{text}: {text}")
    if text:
        assert (
            shown(props(seen)["rule"]) == shown(props(seen)["subject"]) == shown(props(result)["file"]) == shown(text)
        )
        assert shown(read(one["title"])) == shown(read(result["title"])) == shown(text)
    for at, value in walk(read_):
        if isinstance(value, str):
            assert not re.search(
                "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff]", value
            )
            if at in ("title", "statement", "description", "remarks"):
                read(value)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    holds_as_data(text)


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(HOSTILE)


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT | st.text("\\`*_~^|{}[]<>&#+-=.)1: \n\u00a0\ud800!\"'", max_size=12))
def test_any_text_is_shown_and_does_nothing(text: str) -> None:
    holds_as_data(text)


def test_names_of_subjects_that_differ_only_in_white_space_stay_apart() -> None:
    result = document(a_review(finding(subject="S1"), finding(subject=" S1"), finding(subject="S1\n")))["results"][0]

    assert len({one["title"] for one in result["local-definitions"]["components"]}) == 4


# What real readers of OSCAL say.


def program(name: str, module: str) -> list[str]:
    if find_spec(module) is not None:
        return [sys.executable, "-m", module]
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return [found]


def ran(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run(list(map(str, words)), cwd=cwd, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def everything() -> str:
    """Two real reviews and all that is hostile, in a run that was stopped."""
    checklist = load_checklist(ROOT / "rules")
    reviews = [
        review_document(
            read_document(ROOT / "examples" / f"{name}.yaml", name=f"examples/{name}.yaml"),
            choose(checklist, Settings(), profile="core"),
            Options(),
        )
        for name in ("cumbria-2017-1", "handled-well")
    ]
    poison = [poisoned(text) for text in HOSTILE]
    return text_of(
        *reviews, *(one for whole, unread, _ in poison for one in (whole, unread)), complete=False, **poison[0][2]
    )


def test_trestle_imports_the_document_and_calls_it_valid(tmp_path: Path) -> None:
    trestle = program("trestle", "trestle")
    given, space = tmp_path / "reviews.json", tmp_path / "space"
    given.write_text(everything(), encoding="utf-8")
    space.mkdir()

    ran(*trestle, "init", cwd=space)
    ran(*trestle, "import", "-f", given, "-o", "reviews", cwd=space)
    told = ran(*trestle, "validate", "-t", "assessment-results", "-n", "reviews", cwd=space)
    assert "VALID: Model" in told
    assert "INVALID" not in told


def test_trestle_says_so_when_a_name_stands_twice(tmp_path: Path) -> None:
    trestle = program("trestle", "trestle")
    given, space = tmp_path / "reviews.json", tmp_path / "space"
    broken = json.loads(text_of(a_review(finding())))
    broken["assessment-results"]["results"][1]["uuid"] = broken["assessment-results"]["uuid"]
    given.write_text(json.dumps(broken), encoding="utf-8")
    space.mkdir()

    ran(*trestle, "init", cwd=space)
    with pytest.raises(AssertionError, match="Duplicate detected"):
        ran(*trestle, "import", "-f", given, "-o", "reviews", cwd=space)


def test_nists_schema_and_constraints_find_no_error(tmp_path: Path) -> None:
    validate = program("oscal-validate", "oscal_validate")
    given = tmp_path / "reviews.json"
    given.write_text(everything(), encoding="utf-8")

    told = subprocess.run([*validate, str(given)], capture_output=True, text=True, check=False, timeout=60).stdout
    assert " 0 ERROR," in told.splitlines()[-1], [line for line in told.splitlines() if line.startswith("ERROR")]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANY_TEXT)
def test_trestles_models_take_any_text(text: str) -> None:
    models = pytest.importorskip("trestle.oscal.assessment_results", reason="trestle is not installed")
    whole, unread, more = poisoned(text)

    model = models.Model.model_validate_json(text_of(whole, unread, **more))
    assert len(model.assessment_results.results) == 3
