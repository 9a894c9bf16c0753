"""The report with a JSON object a line."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from checklist.findings import Verdict
from checklist.reporters.json import drawn, head, tail
from tests.drawn import (
    HOSTILE,
    PAGE,
    TEXTS,
    WAIVER,
    draw,
    every_verdict,
    hostile_rest,
    hostile_review,
    of_verdict,
    run_of,
)
from tests.test_reporters import a_review, finding, reviewed


def lines_of(text: str) -> list[dict[str, Any]]:
    assert text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def test_a_line_for_the_head_one_a_review_and_one_for_the_run() -> None:
    kinds = [line["kind"] for line in lines_of(draw("jsonl", every_verdict(), a_review()))]

    assert kinds == ["head", "review", "review", "run"]


def test_the_fields_are_those_of_the_json_report() -> None:
    review = reviewed("cumbria-2017-1")

    first, second, last = lines_of(draw("jsonl", review))

    assert first == {"kind": "head", **head(PAGE)}
    assert second == {"kind": "review", **json.loads(drawn(review))}
    assert last == {"kind": "run", **tail(run_of(review))}


def test_a_run_that_was_stopped_says_so_in_its_last_line() -> None:
    assert lines_of(draw("jsonl", complete=False))[-1]["complete"] is False
    assert lines_of(draw("jsonl"))[-1]["complete"] is True


def test_a_waived_finding_keeps_its_verdict() -> None:
    (told,) = lines_of(draw("jsonl", a_review(finding(waiver=WAIVER))))[1]["findings"]

    assert told["verdict"] == "not met"
    assert told["waiver"]["approved_by"] == "head@police"


def test_raw_lines_are_there_only_where_they_were_asked_for() -> None:
    met = of_verdict(Verdict.MET)

    assert lines_of(draw("jsonl", a_review(met)))[1]["lines"] is None
    assert lines_of(draw("jsonl", a_review(met, quotes={4: "raw"})))[1]["lines"] == {"4": "raw"}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_stays_on_its_line_and_comes_back_as_it_was(text: str) -> None:
    assert_comes_back(text)


@settings(deadline=None)  # a slow machine is no failure
@given(TEXTS)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert_comes_back(text)


def assert_comes_back(text: str) -> None:
    told = draw("jsonl", hostile_review(text), **hostile_rest(text))

    assert told.isascii()
    assert "##" not in told
    _, review, run = lines_of(told)
    # JSON has one way to write two surrogates that make a pair.
    expected = json.loads(json.dumps(text))
    assert review["file"] == review["findings"][0]["says"] == run["skipped"][0]["path"] == expected
