"""SARIF: what is a result and what is not, what no text can make of it, and what its readers accept."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.findings import TO_ACT_ON, Age, Basis, Finding, Review, Severity, Verdict
from checklist.folders import Skipped
from checklist.logic import State
from checklist.reporters import Page
from checklist.reporters.sarif import MOST_RESULTS, Report
from checklist.source import Problem
from checklist.summary import Gone, Run, Tally
from tests import drawn
from tests.test_reporters import PAGE, a_review, evidence, finding, reviewed

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parent / "shared" / "data" / "schemas" / "sarif-2.1.0.json"
MULTITOOL = ROOT / "tests/clients/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
BASELINE = replace(PAGE, baseline="0123")
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "::error::x",
    "\n::error::x",
    "%0A",
    "]]>",
    "<script>alert(1)</script>",
    "nul\x00",
    "\ud800",
    "\udc80",
    "\u202egnirts",
    "zero\u200bwidth",
    "two\r\nlines\rthree",
    "##vso[task.complete result=Failed;]",
    "##[add-mask]x",
    "a|b",
    "`tick`",
    "\U0001f600",
    "[a link](https://example.org)",
    "{0} {{1}}",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\cases\\x.yaml",
    "x" * 300,
]


waiver = partial(drawn.waiver, reason="seen by the panel", approved_by="detective inspector")


def text_of(*reviews: Review, run: Run | None = None, page: Page = PAGE) -> str:
    report, tally = Report(page), Tally()
    pieces = [report.begin()]
    for review in reviews:
        tally.add(review)
        pieces.append(report.review(review))
    return "".join((*pieces, report.end(replace(run or Run(), summary=tally.summary()))))


def run_of(*reviews: Review, run: Run | None = None, page: Page = PAGE) -> dict[str, Any]:
    log = json.loads(text_of(*reviews, run=run, page=page))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def result_of(one: Finding, page: Page = PAGE, **more: Any) -> dict[str, Any]:
    (result,) = run_of(a_review(one, **more), page=page)["results"]
    assert isinstance(result, dict)
    return result


def told(run: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["level"], one["message"]["text"]) for one in run["invocations"][0]["toolExecutionNotifications"]]


def succeeded(run: dict[str, Any]) -> bool:
    return run["invocations"][0]["executionSuccessful"] is True


# What is a result.


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [
        (Verdict.NOT_MET, "fail"),
        (Verdict.CANNOT_TELL, "open"),
        (Verdict.NOT_RECORDED, "open"),
        (Verdict.NEEDS_JUDGEMENT, "review"),
    ],
)
def test_what_there_is_to_act_on_is_a_result_of_its_own_kind(verdict: Verdict, kind: str) -> None:
    result = result_of(finding(verdict=verdict))

    assert result["kind"] == kind
    assert result["level"] == ("error" if kind == "fail" else "none")
    assert str(verdict) in result["message"]["text"]


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict not in TO_ACT_ON])
def test_what_needs_no_action_is_no_result_since_collectors_would_raise_an_alarm(verdict: Verdict) -> None:
    run = run_of(a_review(finding(verdict=verdict)))

    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert run["properties"]["totals"][str(verdict)] == 1
    assert succeeded(run)


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.SERIOUS, "error"),
        (Severity.MINOR, "warning"),
        (Severity.NOTE, "note"),
    ],
)
def test_the_level_of_what_is_not_met_follows_its_severity(severity: Severity, level: str) -> None:
    run = run_of(a_review(finding(severity=severity)))

    assert run["results"][0]["level"] == level
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == level


def test_a_message_says_the_rule_the_subject_and_what_was_found() -> None:
    assert result_of(finding())["message"]["text"] == (
        "Each suspect is arrested promptly (S1: not met, done late). Arrested 21 days after the report; limit 24 hours."
    )


def test_a_message_says_what_would_be_if_the_rule_applied() -> None:
    one = finding(verdict=Verdict.CANNOT_TELL, would_be=Verdict.NOT_MET)

    assert "cannot tell, done late; would be not met" in result_of(one)["message"]["text"]
    assert result_of(one)["properties"]["would_be"] == "not met"


def test_a_waived_finding_keeps_its_verdict_and_says_who_accepted_it_why_and_until_when() -> None:
    result = result_of(finding(waiver=waiver()))

    assert (result["kind"], result["level"]) == ("fail", "error")
    accepted = "Accepted by detective inspector on 2016-07-01, until 2016-12-31: seen by the panel."
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": accepted}]
    assert accepted in result["message"]["text"]


def test_a_finding_that_nobody_waived_is_not_suppressed() -> None:
    assert result_of(finding())["suppressions"] == []


@pytest.mark.parametrize(("age", "state"), [(Age.NEW, "new"), (Age.WORSE, "updated"), (Age.KNOWN, "unchanged")])
def test_a_result_says_what_it_was_at_the_baseline(age: Age, state: str) -> None:
    assert result_of(finding(age=age), BASELINE)["baselineState"] == state


def test_beside_a_baseline_every_result_has_a_state_and_without_one_none_has() -> None:
    review = a_review(finding(), finding(age=Age.KNOWN))

    assert [one["baselineState"] for one in run_of(review, page=BASELINE)["results"]] == ["new", "unchanged"]
    assert not any("baselineState" in one for one in run_of(review)["results"])


# Where it is.


def test_the_first_place_is_the_one_that_decides_and_the_others_are_related() -> None:
    pieces = (evidence(), evidence("suspects[0].risk", State.NOT_RECORDED, named="risk"), evidence("report.received"))
    pieces = (pieces[0], replace(pieces[1], line=9), replace(pieces[2], line=2))
    result = result_of(finding(evidence=pieces))

    (first,) = result["locations"]
    assert first["physicalLocation"]["region"] == {"startLine": 4, "startColumn": 5}
    assert [one["physicalLocation"]["region"]["startLine"] for one in result["relatedLocations"]] == [9, 2]
    assert result["relatedLocations"][0]["message"]["text"] == "risk: not recorded"


def test_no_place_is_told_twice_and_no_more_than_a_hundred_are_related() -> None:
    many = tuple(replace(evidence(), line=line) for line in range(1, 301) for _ in range(2))
    result = result_of(finding(evidence=many))

    assert [one["physicalLocation"]["region"]["startLine"] for one in result["relatedLocations"]] == [*range(2, 102)]
    assert "relatedLocations" not in result_of(finding(evidence=many[:2]))


def test_a_finding_without_evidence_stands_at_the_beginning_of_its_file() -> None:
    (place,) = result_of(finding(evidence=()))["locations"]

    assert place["physicalLocation"]["artifactLocation"]["uri"] == "case.yaml"
    assert place["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1}


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("cases/one.yaml", "cases/one.yaml"),
        ("a b/100%.yaml", "a%20b/100%25.yaml"),
        ("dé#?.yaml", "d%C3%A9%23%3F.yaml"),
        ("c:one.yaml", "c%3Aone.yaml"),
        ("/etc/one.yaml", "etc/one.yaml"),
        ("//host/one.yaml", "host/one.yaml"),
        ("./one.yaml", "one.yaml"),
        ("\udcff.yaml", "%FF.yaml"),
        ("\ud800.yaml", "%ED%A0%80.yaml"),
        ("", "."),
    ],
)
def test_a_path_is_a_relative_uri(file: str, uri: str) -> None:
    (place,) = result_of(finding(), file=file)["locations"]

    assert place["physicalLocation"]["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_a_fingerprint_hangs_on_the_case_the_rule_and_the_subject_and_not_on_the_line() -> None:
    def prints(one: Finding, **more: Any) -> Any:
        return result_of(one, **more)["partialFingerprints"]

    same = prints(finding())
    assert set(same) == {"caseRuleSubject/v1", "primaryLocationLineHash"}
    assert prints(finding(evidence=(replace(evidence(), line=99),), says="something else")) == same
    for other in (prints(finding(), case="X-2"), prints(finding(rule="other")), prints(finding(subject="S2"))):
        assert not set(other.values()) & set(same.values())


def test_cases_without_a_name_are_told_apart_by_their_files() -> None:
    one, two = (result_of(finding(), case="", file=file)["partialFingerprints"] for file in ("a.yaml", "b.yaml"))

    assert one != two


# Rules.


def test_only_rules_that_have_a_result_are_listed_each_once() -> None:
    run = run_of(
        a_review(finding(), finding(subject="S2")),
        a_review(finding(rule="other"), finding(rule="met", verdict=Verdict.MET)),
    )

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["arrest-within-limit", "other"]


def test_a_rule_says_what_it_asks_why_and_what_to_do() -> None:
    themes = tuple(f"theme {number}" for number in range(40))
    (rule,) = run_of(a_review(finding(themes=themes)))["tool"]["driver"]["rules"]

    assert rule["shortDescription"]["text"] == "Each suspect is arrested promptly."
    assert rule["fullDescription"]["text"] == "Delay leaves children within reach."
    assert rule["help"]["text"] == "Arrest the suspect today."
    assert rule["properties"]["tags"] == ["critical", "investigation", *themes[:18]]
    assert rule["properties"]["themes"] == [*themes]


# What is wrong with a file, or with the run.


def test_a_problem_of_a_file_is_an_error_of_the_run_at_its_place() -> None:
    run = run_of(a_review(finding(), problems=(Problem("bad.yaml", 3, 7, "not a date", "write 2016-07-18"),)))

    assert told(run) == [("error", "Not a date; write 2016-07-18.")]
    (place,) = run["invocations"][0]["toolExecutionNotifications"][0]["locations"]
    assert place["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 7}
    assert not succeeded(run)
    assert len(run["results"]) == 1


def test_a_file_that_was_not_reviewed_is_an_error_even_where_no_problem_is_told() -> None:
    run = run_of(a_review(), a_review(finding(verdict=Verdict.MET)))

    assert not succeeded(run)
    assert told(run) == [
        ("error", "Not reviewed: the file could not be read in full, and nothing is said of the case.")
    ]


def test_a_run_that_was_stopped_never_looks_like_a_clean_one() -> None:
    run = run_of(a_review(finding(verdict=Verdict.MET)), run=Run(complete=False))

    assert not succeeded(run)
    assert told(run)[0][0] == "error"
    assert "Stopped before the end" in told(run)[0][1]
    assert run["properties"]["complete"] is False


def test_a_run_without_a_case_never_looks_like_a_clean_one() -> None:
    assert not succeeded(run_of())
    assert told(run_of()) == [("error", "No case was reviewed.")]


def test_problems_of_the_run_notices_and_what_was_passed_over_are_told_by_level() -> None:
    run = run_of(
        a_review(finding(), notices=("the whole record counts as looked at",)),
        run=Run(
            problems=(Problem("", 1, 1, "no such path"),),
            notices=(Problem("waivers.yaml", 3, 1, "the waiver has expired"),),
            skipped=(Skipped("notes.txt", "not a case file"),),
            gone=(Gone("X-1", "plan", "C1", "not met"),),
        ),
    )

    assert told(run) == [
        ("error", "No such path."),
        ("warning", "The waiver has expired."),
        ("note", "The whole record counts as looked at."),
        ("note", "Passed over: not a case file."),
        ("note", "Gone since the baseline: X-1, plan, C1 (was not met)."),
    ]
    assert not succeeded(run)


def test_ten_thousand_problems_are_not_all_kept_but_all_are_counted() -> None:
    problems = tuple(Problem("bad.yaml", line, 1, "not a date") for line in range(1, 10_001))
    run = run_of(a_review(finding(), problems=problems))

    assert len(told(run)) == 1_001
    assert told(run)[-1] == ("error", "... and 9000 more of this level; --format json has all.")


# No more than a collector takes.


def test_a_worse_result_is_never_left_out_for_a_lesser_one() -> None:
    lesser = finding(verdict=Verdict.NOT_RECORDED, severity=Severity.CRITICAL)
    settled = finding(rule="settled", waiver=waiver())
    worst = finding(rule="worst")
    run = run_of(a_review(settled, *[lesser] * MOST_RESULTS), a_review(worst, *[lesser] * 5))

    counted = Counter(one["ruleId"] for one in run["results"])
    assert counted == {"worst": 1, "arrest-within-limit": MOST_RESULTS - 1}
    assert run["results"][0]["ruleId"] == "worst"
    assert told(run) == [
        (
            "error",
            f"7 results are left out, none of them worse than one that is given: a run holds at most {MOST_RESULTS}. --format json has all.",
        )
    ]


def test_of_results_alike_the_first_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checklist.reporters.sarif.MOST_RESULTS", 3)
    lesser = [finding(subject=f"S{number}", severity=Severity.NOTE) for number in range(5)]
    run = run_of(a_review(*lesser[:3]), a_review(finding(subject="worst"), *lesser[3:]))

    assert [one["properties"]["subject"] for one in run["results"]] == ["worst", "S0", "S1"]


def test_at_the_limit_nothing_is_left_out() -> None:
    run = run_of(a_review(*[finding(severity=Severity.MINOR)] * MOST_RESULTS))

    assert len(run["results"]) == MOST_RESULTS
    assert told(run) == []


# What must not be shown, and what no text can do.


def test_no_line_of_the_case_is_shown_unless_quotes_were_asked_for() -> None:
    one = finding(evidence=(evidence(shown="a neighbour", withheld=True),))

    assert "neighbour" not in text_of(a_review(one))
    quoted = text_of(a_review(one, quotes={4: "    relationship: a neighbour"}))
    (result,) = json.loads(quoted)["runs"][0]["results"]
    snippet = result["locations"][0]["physicalLocation"]["region"]["snippet"]
    assert snippet == {"text": "    relationship: a neighbour"}


def hostile_run(text: str, file: str | None = None) -> tuple[str, dict[str, Any]]:
    """A log in which one text stands wherever text can stand."""
    one = finding(
        rule=text,
        title=text,
        area=text,
        subject=text,
        says=text,
        why=text,
        action=text,
        themes=(text,),
        evidence=(evidence(named=text),),
        waiver=waiver(reason=text, approved_by=text),
        standard=text,
    )
    name = text if file is None else file
    whole = text_of(
        a_review(one, case=text, file=name, notices=(text,), problems=(Problem(name, 1, 1, text, text),)),
        run=Run(
            problems=(Problem("", 1, 1, text),),
            skipped=(Skipped(name, text),),
            notices=(Problem(name, 1, 1, text),),
            gone=(Gone(text, text, text, text),),
        ),
        page=replace(PAGE, settings=text),
    )
    return whole, json.loads(whole)["runs"][0]


def strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def assert_harmless(whole: str, run: dict[str, Any]) -> None:
    assert whole.isascii()
    assert "##" not in whole
    for line in whole.splitlines():
        assert not line.lstrip().startswith("::")
    for text in strings(run):
        assert not UNSEEN.search(text)
        assert "](" not in text
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9_.~/-]|%[0-9A-F]{2})+", uri)
        assert not uri.startswith("/")
        assert urlsplit(uri).scheme == ""


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_and_does_nothing(text: str) -> None:
    whole, run = hostile_run(text)

    assert_harmless(whole, run)
    if re.fullmatch(r"[\w=+@:%<>()|`{} .-]+", text):
        assert text in run["results"][0]["message"]["text"]


def test_what_could_hide_is_shown_by_its_number() -> None:
    _, run = hostile_run("a\x1b\u202e\ud800b")

    assert "a\\u{1b}\\u{202e}\\u{d800}b" in run["results"][0]["message"]["text"]


ANY_TEXT = st.text(st.characters())


@given(ANY_TEXT)
def test_no_text_breaks_the_log(text: str) -> None:
    assert_harmless(*hostile_run(text))


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
def test_a_uri_names_the_file_that_it_came_from(name: str) -> None:
    name = Path(name).as_posix().lstrip("/") or "."
    (place,) = result_of(finding(), file=name)["locations"]

    uri = place["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == os.fsencode(name)


# Its readers.


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft4Validator:
    if not SCHEMA.exists():
        pytest.skip("the SARIF schema of OASIS is not here")
    return jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def everything() -> str:
    """A log with all that can stand in one."""
    return text_of(
        *map(reviewed, ("cumbria-2017-1", "thinly-recorded", "handled-well")),
        a_review(finding(waiver=waiver()), finding(age=Age.KNOWN, basis=Basis.NOTHING_RECORDED, evidence=())),
        a_review(finding(rule="quoted"), quotes={4: "a line"}, file="../a b/ü%#:?.yaml", notices=("a notice",)),
        a_review(problems=(Problem("bad.yaml", 3, 4, "not valid YAML", "write it well"),), file="bad.yaml"),
        run=Run(
            problems=(Problem("", 1, 1, "no such path"),),
            skipped=(Skipped("a/b.txt", "not a case"),),
            notices=(Problem("waivers.yaml", 3, 1, "expired"),),
            complete=False,
        ),
        page=replace(BASELINE, waivers="0123", settings="0123"),
    )


def test_the_schema_of_the_standard_accepts_every_log(schema: jsonschema.Draft4Validator) -> None:
    for whole in (text_of(), everything(), *(hostile_run(text)[0] for text in HOSTILE)):
        schema.validate(json.loads(whole))


def test_the_validator_of_the_format_has_no_error_and_no_warning(tmp_path: Path) -> None:
    if not MULTITOOL.exists():
        pytest.skip("the SARIF multitool is not installed: npm ci in tests/clients")
    MULTITOOL.chmod(0o755)  # npm may be set not to run what would
    logs = {"everything": everything(), "clean": text_of(reviewed("handled-well"))}
    logs |= {f"hostile-{number}": hostile_run(text)[0] for number, text in enumerate(HOSTILE)}
    for name, whole in logs.items():
        (tmp_path / f"{name}.sarif").write_text(whole, encoding="utf-8")
    # It would fetch the address of the schema from the network.
    settings = tmp_path / "settings.xml"
    settings.write_text(
        '<?xml version="1.0" encoding="utf-8"?><Properties><Properties Key="SARIF2006.UrisShouldBeReachable.Options">'
        '<Property Key="RuleEnabled" Value="Disabled" Type="Driver.RuleEnabledState" /></Properties></Properties>',
        encoding="utf-8",
    )
    said = tmp_path / "said.json"
    ran = subprocess.run(
        [
            MULTITOOL,
            "validate",
            *sorted(tmp_path.glob("*.sarif")),
            *("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--config", settings, "--output", said),
        ],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert said.exists(), ran.stdout + ran.stderr
    (run,) = json.loads(said.read_text(encoding="utf-8-sig"))["runs"]
    wrong = [
        one for one in run["results"] if one["message"]["id"] != "Warning_ProvideToolnformationUri"
    ]  # there is none
    assert not wrong, wrong[:5]
    assert f"{len(logs)} files scanned" in ran.stdout
