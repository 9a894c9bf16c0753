"""The table of findings as a spreadsheet program, or a script, reads it."""

import csv
import unicodedata
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings

from checklist.findings import Age, Basis, Review, Severity, Shipped, Source, Standing, Verdict
from checklist.folders import Skipped
from checklist.reporters.csv import COLUMNS
from checklist.reporters.report import visible
from checklist.source import Problem
from checklist.summary import Gone, Run
from tests.tables import HOSTILE, UNREAD, a_review, anything, drawn, everywhere, finding, office, plain_words, waiver

__all__ = ["office"]

FORMULA = tuple("=+-@%|")
BESIDE = ("problem", "notice", "passed over", "gone", "stopped")


def rows_of(*reviews: Review, run: Run | None = None) -> list[dict[str, str]]:
    return read(drawn("csv", *reviews, run=run))


def read(told: str) -> list[dict[str, str]]:
    assert told[0] == "\ufeff"
    return list(csv.DictReader(StringIO(told[1:], newline=""), strict=True))


# What is in it.


def test_the_first_piece_is_the_mark_of_utf_8_and_the_names_of_the_columns() -> None:
    told = drawn("csv")

    assert told == "\ufeff" + ",".join(f'"{column}"' for column in COLUMNS) + "\r\n"


def test_every_cell_is_quoted_and_every_row_ends_with_a_carriage_return_and_a_line_feed() -> None:
    lines = drawn("csv", a_review(finding())).removeprefix("\ufeff").split("\r\n")

    assert lines.pop() == ""
    assert all(line.startswith('"') and line.endswith('"') and line.count('","') == len(COLUMNS) - 1 for line in lines)
    assert "\n" not in "".join(lines)


def test_a_finding_is_a_row() -> None:
    (row,) = rows_of(a_review(finding()))

    assert {name: cell for name, cell in row.items() if cell} == {
        "file": "cases/case.yaml",
        "line": "4",
        "case": "X-1",
        "as_of": "2016-07-18",
        "area": "investigation",
        "severity": "critical",
        "rule": "arrest-within-limit",
        "title": "Each suspect is arrested promptly",
        "subject": "S1",
        "verdict": "not met",
        "basis": "done late",
        "says": "arrested 21 days after the report; limit 24 hours",
        "action": "Arrest the suspect today.",
        "due": "Wed 2 Sep 2015 10:15",
        "elapsed": "21 days",
        "limit": "24 hours",
        "limit_standing": "local",
        "whose_limit": "our default: no source gives a number",
        "themes": "online, exploitation",
    }


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_told_as_it_is(verdict: Verdict) -> None:
    (row,) = rows_of(a_review(finding(verdict=verdict)))

    assert row["verdict"] == verdict


def test_what_to_do_is_told_only_where_there_is_something_to_do() -> None:
    rows = rows_of(a_review(finding(verdict=Verdict.MET), finding(verdict=Verdict.NOT_RECORDED)))

    assert [row["action"] for row in rows] == ["", "Arrest the suspect today."]


def test_what_a_finding_would_be_and_how_many_it_speaks_for_are_told() -> None:
    one = finding(
        verdict=Verdict.NOT_RECORDED,
        basis=Basis.NOT_KNOWN_WHETHER_IT_APPLIES,
        would_be=Verdict.NOT_MET,
        weight=20,
        counts_list=True,
        passes_when_absent=("case.closed", "plan.agreed"),
        standard="since 2015",
        evidence=(),
    )
    (row,) = rows_of(a_review(one))

    assert (row["would_be"], row["weight"], row["line"]) == ("not met", "20", "")
    assert (row["counts_list"], row["passes_when_absent"]) == ("yes", "case.closed, plan.agreed")
    assert row["standard"] == "since 2015"


def test_a_waived_finding_keeps_its_verdict_and_says_who_accepted_it_why_and_until_when() -> None:
    (row,) = rows_of(a_review(finding(waiver=waiver())))

    assert row["verdict"] == "not met"
    assert row["waived_by"] == "head of safeguarding"
    assert row["waived_on"] == "2016-07-01"
    assert row["waived_until"] == "2016-12-31"
    assert row["waiver_reason"] == "the suspect had died"


def test_what_is_known_from_the_baseline_stays_and_says_so() -> None:
    rows = rows_of(a_review(*(finding(age=age) for age in (*Age, None))))

    assert [row["baseline"] for row in rows] == ["new", "worse", "known", ""]
    assert {row["verdict"] for row in rows} == {"not met"}


def test_what_only_a_local_standard_lets_pass_says_what_the_shipped_rule_says() -> None:
    (row,) = rows_of(a_review(finding(verdict=Verdict.MET, shipped=Shipped("24 hours", Verdict.NOT_MET))))

    assert (row["verdict"], row["shipped_verdict"], row["shipped_limit"]) == ("met", "not met", "24 hours")
    assert row["whose_limit"] == "a local standard"


def test_a_number_that_nobody_read_is_never_told_as_if_it_had_been() -> None:
    remembered = Source(Standing.STATUTE, "within ten days", "An Act", certainty="unverified")
    (row,) = rows_of(a_review(finding(sources=(remembered,), limit_standing="statute")))

    assert row["whose_limit"] == "said to be given by statute; the passage was not read"


def test_a_file_that_was_not_reviewed_is_in_the_table() -> None:
    (row,) = rows_of(UNREAD)

    assert (row["file"], row["line"]) == ("cases/broken.yaml", "3")
    assert (row["verdict"], row["basis"]) == ("problem", "not reviewed")
    assert (row["what"], row["hint"]) == ("not valid YAML", "look at the quotes")


def test_a_file_of_which_nothing_is_known_at_all_is_in_the_table() -> None:
    (row,) = rows_of(a_review())

    assert (row["verdict"], row["basis"]) == ("problem", "not reviewed")
    assert row["what"] == "nothing could be said of this file"


def test_the_problems_of_a_file_that_was_reviewed_stand_beside_its_findings() -> None:
    rows = rows_of(a_review(finding(), problems=(Problem("cases/case.yaml", 9, 1, "no such word"),)))

    assert [(row["verdict"], row["basis"], row["line"]) for row in rows] == [
        ("problem", "", "9"),
        ("not met", "done late", "4"),
    ]


def test_what_must_be_known_of_a_review_and_of_a_run_has_rows() -> None:
    run = Run(
        problems=(Problem("", 1, 1, "no rule of this name", "look"),),
        notices=(Problem("waivers.yaml", 3, 1, "expired"),),
        skipped=(Skipped("cases/a.txt", "not a case file"),),
        gone=(Gone("X-2", "crime-recorded", "R1", "not met"),),
    )
    rows = rows_of(a_review(finding(), notices=("an earlier day",)), run=run)

    beside = [(row["verdict"], row["file"], row["line"], row["what"]) for row in rows if row["verdict"] in BESIDE]
    assert beside == [
        ("notice", "cases/case.yaml", "", "an earlier day"),
        ("problem", "", "", "no rule of this name"),
        ("notice", "waivers.yaml", "3", "expired"),
        ("passed over", "cases/a.txt", "", "not a case file"),
        ("gone", "", "", "was not met at the baseline"),
    ]
    assert (rows[-1]["case"], rows[-1]["rule"], rows[-1]["subject"]) == ("X-2", "crime-recorded", "R1")


def test_a_run_that_was_stopped_never_ends_like_one_that_was_not() -> None:
    met = a_review(finding(verdict=Verdict.MET))

    assert [row["verdict"] for row in rows_of(met, run=Run())] == ["met"]
    stopped = rows_of(met, run=Run(complete=False))
    assert [row["verdict"] for row in stopped] == ["met", "stopped"]
    assert stopped[-1]["what"].startswith("STOPPED BEFORE THE END")


def test_the_lines_of_a_case_are_never_in_the_table() -> None:
    assert "a neighbour" not in drawn("csv", a_review(finding(), quotes={4: "relationship: a neighbour"}))


# What no text can make of it.


def check(text: str) -> None:
    review, run = everywhere(text)
    told = drawn("csv", review, run=run)
    rows = read(told)

    assert len(rows) == len(review.findings) + len(review.problems) + len(review.notices) + 5
    for row in rows:
        assert None not in row
        for name, cell in row.items():
            assert not unicodedata.normalize("NFKC", cell.lstrip())[:1].startswith(FORMULA), (name, cell)
    wanted = plain_words(visible(text).replace("'", ""))
    assert [plain_words(row["says"].replace("'", "")) for row in rows if row["verdict"] == "not met"] == [wanted] * 2
    assert not [mark for mark in told[1:] if unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\r\n"]
    told.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_becomes_a_formula_or_a_row(text: str) -> None:
    check(text)


@settings(deadline=None)  # others use this machine too
@given(anything)
def test_no_text_at_all_becomes_a_formula_or_a_row(text: str) -> None:
    check(text)


@settings(deadline=None)  # others use this machine too
@given(anything)
@example('=1+1;"=1+1; =1;b')
def test_no_text_becomes_a_formula_where_a_semicolon_parts_the_cells(text: str) -> None:
    told = drawn("csv", everywhere(f"a;{text}")[0])

    for row in csv.reader(StringIO(told[1:], newline=""), delimiter=";"):
        assert not [cell for cell in row if cell.lstrip('" ').startswith(FORMULA)]


def test_text_that_could_not_be_a_formula_is_left_alone() -> None:
    (row,) = rows_of(a_review(finding(says="1 - 1 = 0; nothing - 100 % - is left; a=b")))

    assert row["says"] == "1 - 1 = 0; nothing - 100 % - is left; a=b"


def test_libreoffice_finds_no_formula_in_it(office: Callable[..., Path]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    told = "".join([drawn("csv"), *(drawn("csv", *everywhere(text)[:1])[1:] for text in HOSTILE)])
    # As CSV: the separator, quotes, UTF-8, from the first line, numbers recognised, and formulas worked out.
    reads = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,0,true"

    unguarded = office("unguarded.csv", b'"a","=1+1"\r\n', "xlsx", [reads])
    assert openpyxl.load_workbook(unguarded).active["B1"].data_type == "f", "or this test could not fail"

    sheet = openpyxl.load_workbook(office("guarded.csv", told.encode(), "xlsx", [reads])).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type not in "snd" or cell.hyperlink]
    assert len(cells) > len(HOSTILE)
    says = [row[COLUMNS.index("says")].value for row in sheet.iter_rows() if row[COLUMNS.index("rule")].value]
    assert "'=1+1" in says
    assert "<script>alert(1)</script>" in says


def test_severities_are_words() -> None:
    rows = rows_of(a_review(*(finding(severity=severity) for severity in Severity)))

    assert [row["severity"] for row in rows] == ["critical", "serious", "minor", "note"]
