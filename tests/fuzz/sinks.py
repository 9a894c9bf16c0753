"""Every report, drawn with one text wherever a text may stand, and read again by a program of others."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from checklist.reporters import PRINTED
from checklist.reporters.report import sentence, visible
from checklist.source import Problem
from tests import (
    drawn,
    test_csv,
    test_github,
    test_gitlab,
    test_jsonl,
    test_junit,
    test_markdown,
    test_oscal,
    test_reporters,
    test_sarif,
    test_tap,
    test_xlsx,
)
from tests.tables import PAGE, everywhere


def _printed(name: str, text: str) -> None:
    one = test_reporters.finding(title=text, says=text, why=text, action=text, subject=text)
    review = test_reporters.a_review(one, case=text, file=text, notices=(text,), problems=(Problem(text, 1, 1, text),))
    for unicode in (True, False):
        told = test_reporters.text_of(name, review, page=replace(test_reporters.PAGE, unicode=unicode))
        assert not [mark for mark in told if unicodedata.category(mark) in ("Cc", "Cf", "Cs") and mark not in "\n\f"]
        assert unicode or told.isascii()


def _json(text: str) -> None:
    told = drawn.draw("json", drawn.hostile_review(text), **drawn.hostile_rest(text))
    assert told.isascii()
    assert json.loads(told)["reviews"][0]["file"] == json.loads(json.dumps(text))


def _junit(text: str) -> None:
    test_junit.assert_is_safe(drawn.draw("junit", drawn.hostile_review(text), **drawn.hostile_rest(text)), text)


def _tap(text: str) -> None:
    told = drawn.draw("tap", drawn.hostile_review(text), **drawn.hostile_rest(text))
    assert not drawn.UNSEEN.search(told)
    assert not re.search(r"##|^\s*::", told, re.MULTILINE)
    outside = [line for line in told.split("\n")[:-1] if not line.startswith("  ")]
    assert len([line for line in outside if test_tap.POINT.fullmatch(line)]) == 13
    assert len(outside) == 1 + 13 + 5 + 1
    assert [block["message"] for block in test_tap.blocks(told)] == [visible(sentence(text))] * 10


def _sarif(text: str) -> None:
    test_sarif.assert_harmless(*test_sarif.hostile_run(text))


def _github(text: str) -> None:
    test_github.assert_harmless(text.strip(), test_github.hostile_text(text.strip()))


def _markdown(text: str) -> None:
    test_markdown.check_whole(*everywhere(text), replace(PAGE, summary=True))


def _console(text: str) -> None:
    _printed(PRINTED[0], text)


def _plain(text: str) -> None:
    _printed(PRINTED[1], text)


def _paper(text: str) -> None:
    _printed(PRINTED[2], text)


SINKS: tuple[Callable[[str], None], ...] = (
    *(_console, _plain, _paper, _markdown, _json, test_jsonl.assert_comes_back, _junit, _sarif, _github),
    *(test_gitlab.assert_is_safe, test_csv.check, test_xlsx.check, test_oscal.holds_as_data, _tap),
)
"""The reporters in the order of the first byte of an input."""
