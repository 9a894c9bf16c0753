"""The report as TAP 14, read by a parser that is not ours.

Set-up, once, with Node.js: `npm ci --prefix tests/clients`. Without it the tests that need the parser are skipped, and say so.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings

from checklist.findings import Age, Verdict
from checklist.folders import Skipped
from checklist.reporters.report import sentence, visible
from checklist.source import Problem
from checklist.summary import Gone
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
from tests.test_reporters import a_review, finding, reviewed

PARSER = Path(__file__).parent / "clients" / "node_modules" / "tap-parser" / "bin" / "cmd.cjs"
NODE = shutil.which("node")
PROVE = shutil.which("prove")
POINT = re.compile(r"(ok|not ok) (\d+) - (.*?)(?: # (TODO|SKIP) (.*))?")


def answers(text: str) -> dict[str, str]:
    """What the test points say, by rule: `ok`, or `not ok TODO`."""
    found = [POINT.fullmatch(line) for line in text.split("\n")]
    return {
        point[3].split(": ")[1].partition(",")[0]: f"{point[1]} {point[4] or ''}".strip()
        for point in found
        if point is not None
    }


def blocks(text: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(block) for block in re.findall(r"^  ---\n(.*?)^  \.\.\.\n", text, re.DOTALL | re.MULTILINE)]


def parsed(text: str) -> dict[str, Any]:
    """What the parser makes of a report: its points, comments, what it takes for an error, and its results."""
    if NODE is None or not PARSER.exists():
        pytest.skip("the parser is not installed: npm ci --prefix tests/clients")
    ran = subprocess.run([NODE, str(PARSER), "--json"], input=text.encode(), capture_output=True, check=False)
    events = json.loads(ran.stdout)
    told: dict[str, Any] = {"code": ran.returncode, "points": [], "extra": [], "comment": [], "child": []}
    for kind, *rest in events:
        what = rest[0] if rest else None
        if kind == "assert":
            told["points"].append(what)
        elif kind in ("extra", "comment", "child"):
            told[kind].append(what)
        else:
            told[kind] = what
    return told


def test_only_what_is_met_is_ok_without_more() -> None:
    assert answers(draw("tap", every_verdict())) == {
        "met": "ok",
        "not-met": "not ok",
        "new": "not ok",
        "cannot-tell": "not ok TODO",
        "not-recorded": "not ok TODO",
        "needs-judgement": "not ok TODO",
        "accepted": "not ok TODO",
        "known": "not ok TODO",
        "not-due-yet": "ok SKIP",
        "does-not-apply": "ok SKIP",
        "excused": "ok SKIP",
    }


def test_a_waived_finding_keeps_its_verdict_and_says_who_accepted_it() -> None:
    told = draw("tap", a_review(finding(waiver=WAIVER)))

    assert "not ok 1 - X-1: arrest-within-limit, S1: not met, done late # TODO Accepted by head@police" in told
    assert "until 2016-12-31: the suspect was abroad." in told


def test_what_is_excused_says_why() -> None:
    told = draw("tap", a_review(of_verdict(Verdict.EXCUSED, says="not done; the suspect died")))

    assert "# SKIP Excused: not done; the suspect died.\n" in told


def test_a_block_says_what_must_be_known() -> None:
    (block,) = blocks(draw("tap", a_review(finding(age=Age.NEW))))

    assert block == {
        "message": "Arrested 21 days after the report; limit 24 hours.",
        "severity": "critical",
        "verdict": "not met",
        "basis": "done late",
        "title": "Each suspect is arrested promptly",
        "area": "investigation",
        "action": "Arrest the suspect today.",
        "file": "case.yaml",
        "line": 4,
        "notes": ["New since the baseline."],
    }


def test_the_plan_comes_last_and_counts_every_point() -> None:
    told = draw("tap", every_verdict(), every_verdict(file="other.yaml"), skipped=(Skipped("a.txt", "no case"),))

    assert told.startswith("TAP version 14\n")
    assert told.endswith("\n1..23\n")


@pytest.mark.parametrize("more", [{}, {"skipped": (Skipped("a.txt", "no case"),)}, {"complete": False}])
def test_a_run_with_nothing_in_it_bails_out_and_has_no_plan(more: dict[str, Any]) -> None:
    told = draw("tap", **more)

    assert told.endswith("\nBail out! nothing was reviewed.\n")
    assert "1.." not in told


def test_a_run_that_was_stopped_bails_out_and_has_no_plan() -> None:
    told = draw("tap", a_review(of_verdict(Verdict.MET)), complete=False)

    assert "\nBail out! the run was stopped before every file was reviewed; nothing is said of the rest.\n" in told
    assert "1.." not in told


def test_problems_and_files_that_were_not_reviewed_are_not_ok() -> None:
    told = draw(
        "tap",
        a_review(problems=(Problem("case.yaml", 7, 3, "unknown word"),)),
        problems=(Problem("there", 1, 1, "no such file"),),
    )

    assert "not ok 1 - case.yaml:7:3: unknown word.\n" in told
    assert "not ok 2 - case.yaml:1:1: the file was not reviewed; nothing is said of the case.\n" in told
    assert "not ok 3 - there:1:1: no such file.\n" in told


def test_notices_and_what_is_gone_are_comments_and_skipped_files_are_skipped() -> None:
    told = draw(
        "tap",
        a_review(of_verdict(Verdict.MET), notices=("one date counts as not yet happened",)),
        notices=(Problem("waivers.yaml", 4, 1, "a waiver has expired"),),
        skipped=(Skipped("notes.txt", "not a case file"),),
        gone=(Gone("X-9", "a-rule", "S1", "not met"),),
    )

    for line in (
        "# note: one date counts as not yet happened",
        "# note: waivers.yaml:4:1: a waiver has expired",
        "# no longer to act on: X-9, a-rule, S1; it was not met",
        "ok 2 - notes.txt: passed over # SKIP Not a case file.",
    ):
        assert f"\n{line}\n" in told


def test_raw_lines_are_not_shown() -> None:
    assert "RAW LINE" not in draw("tap", a_review(finding(), quotes={4: "RAW LINE"}))


def test_the_parser_finds_the_same_verdicts() -> None:
    told = parsed(draw("tap", every_verdict()))

    results = told["complete"]
    assert (results["ok"], results["count"], results["pass"], results["fail"]) == (False, 11, 4, 7)
    assert (results["todo"], results["skip"]) == (5, 3)
    assert not told["extra"]
    assert told["code"] == 1


def test_the_parser_breaks_no_build_for_what_was_accepted_or_is_not_known() -> None:
    review = a_review(finding(waiver=WAIVER), of_verdict(Verdict.CANNOT_TELL), of_verdict(Verdict.MET))

    told = parsed(draw("tap", review))

    assert told["complete"]["ok"] is True
    assert told["code"] == 0


@pytest.mark.parametrize("text", [draw("tap"), draw("tap", a_review(of_verdict(Verdict.MET)), complete=False)])
def test_the_parser_takes_no_broken_run_for_a_clean_one(text: str) -> None:
    told = parsed(text)

    assert told["complete"]["ok"] is False
    assert told["complete"]["bailout"]
    assert told["code"] != 0


def test_a_report_that_was_cut_off_is_not_clean() -> None:
    whole = draw("tap", reviewed("handled-well"))

    assert parsed(whole[: whole.rindex("1..")])["complete"]["ok"] is False


@pytest.mark.parametrize("name", ["cumbria-2017-1", "handled-well", "thinly-recorded"])
def test_the_parser_reads_a_real_review_whole(name: str) -> None:
    review = reviewed(name)

    told = parsed(draw("tap", review))

    assert told["complete"]["count"] == len(review.findings)
    assert not told["extra"]
    assert [point["diag"]["message"] for point in told["points"]] == [
        block["message"] for block in blocks(draw("tap", review))
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_only_text_to_the_parser(text: str) -> None:
    told = parsed(draw("tap", hostile_review(text), **hostile_rest(text)))

    assert (told["complete"]["count"], told["complete"]["ok"]) == (13, False)
    assert (told["complete"]["todo"], told["complete"]["skip"]) == (5, 4)
    assert not told["extra"]
    assert not told["child"]
    assert all(point["diag"]["title"] == visible(text) for point in told["points"] if point["diag"] and text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_harness_in_another_language_counts_the_same(text: str, tmp_path: Path) -> None:
    if PROVE is None:
        pytest.skip("prove, which comes with Perl, is not installed")
    report = tmp_path / "report.tap"
    told = draw("tap", hostile_review(text), **hostile_rest(text))
    # Perl's harness reads 13, of which 14 is made.
    report.write_text(told.replace("TAP version 14", "TAP version 13", 1), encoding="utf-8")

    ran = subprocess.run([PROVE, "-e", "cat", str(report)], capture_output=True, text=True, check=False)

    assert "Failed 3/13 subtests" in ran.stdout
    assert "Parse errors" not in ran.stdout + ran.stderr


@settings(deadline=None)  # a slow machine is no failure
@given(TEXTS)
def test_no_text_breaks_out_of_its_line_or_block(text: str) -> None:
    told = draw("tap", hostile_review(text), **hostile_rest(text))

    assert not UNSEEN.search(told)
    assert not re.search(r"##|^\s*::", told, re.MULTILINE)
    # Outside the blocks, whose lines are set in: the version, 5 comments, 13 points and the plan.
    outside = [line for line in told.split("\n")[:-1] if not line.startswith("  ")]
    assert len([line for line in outside if POINT.fullmatch(line)]) == 13
    assert len([line for line in outside if line.startswith("# ")]) == 5
    assert len(outside) == 1 + 13 + 5 + 1
    assert [block["message"] for block in blocks(told)] == [visible(sentence(text))] * 10
