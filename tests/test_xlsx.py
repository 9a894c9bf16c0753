"""The workbook as spreadsheet programs and libraries read it."""

import gc
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings

from checklist.findings import Age, Review, Verdict
from checklist.folders import Skipped
from checklist.reporters import Page, reporter
from checklist.reporters.csv import COLUMNS
from checklist.reporters.report import visible
from checklist.source import Problem
from checklist.summary import Gone, Run
from tests.drawn import run_of
from tests.tables import HOSTILE, PAGE, UNREAD, a_review, anything, drawn, everywhere, finding, office, waiver

__all__ = ["office"]

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")


def opened(*reviews: Review, run: Run | None = None, page: Page = PAGE) -> Any:
    return openpyxl.load_workbook(BytesIO(drawn("xlsx", *reviews, run=run, page=page)))


def table(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(head, row, strict=True)) for row in rows]


def lines(sheet: Any) -> dict[str, tuple[Any, ...]]:
    """The rows of the summary by their first cell; of several, the first."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, *cells in sheet.iter_rows(values_only=True):
        found.setdefault(str(name), tuple(cell for cell in cells if cell is not None))
    return found


def told(sheet: Any) -> str:
    return "\n".join(str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0] is not None)


# The sheets.


def test_there_are_three_sheets_and_the_summary_is_seen_first() -> None:
    book = opened(a_review(finding()))

    assert book.sheetnames == ["Summary", "Findings", "Problems"]
    assert book.active.title == "Summary"


def test_findings_are_a_real_table_with_filters_under_a_heading_that_stays() -> None:
    sheet = opened(a_review(finding(), finding(subject="S2")))["Findings"]

    made = sheet.tables["Findings"]
    assert made.ref == made.autoFilter.ref == "A1:AF3"
    assert [column.name for column in made.tableColumns] == [cell.value for cell in sheet[1]]
    assert [cell.value for cell in sheet[1]] == [name for name in COLUMNS if name not in ("what", "hint")]
    assert sheet.freeze_panes == "A2"
    assert sheet["M2"].alignment.wrap_text
    assert sheet.column_dimensions["M"].width > 50


def test_a_row_is_as_high_as_its_longest_text_and_no_higher_than_excel_allows() -> None:
    sheet = opened(a_review(finding(says="a"), finding(says="words " * 40), finding(says="w" * 30_000)))["Findings"]

    heights = [sheet.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights == sorted(heights)
    assert 15 <= heights[0] < heights[1] < heights[2] == 408.75


def test_a_table_without_rows_is_still_a_table() -> None:
    book = opened()

    assert book["Findings"].tables["Findings"].ref == "A1:AF2"
    assert book["Problems"].tables["Problems"].ref == "A1:H2"


def test_a_finding_is_a_row_as_in_csv_with_numbers_that_are_numbers() -> None:
    (row,) = table(opened(a_review(finding(weight=20, age=Age.NEW, waiver=waiver())))["Findings"])

    assert row["line"] == 4
    assert row["weight"] == 20
    assert (row["verdict"], row["basis"], row["baseline"]) == ("not met", "done late", "new")
    assert (row["waived_by"], row["waived_until"]) == ("head of safeguarding", "2016-12-31")
    assert row["waiver_reason"] == "the suspect had died"
    assert row["would_be"] is None


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_told_as_it_is(verdict: Verdict) -> None:
    (row,) = table(opened(a_review(finding(verdict=verdict)))["Findings"])

    assert row["verdict"] == verdict


def test_what_is_wrong_with_files_and_with_the_run_is_on_the_sheet_of_problems() -> None:
    fine = a_review(finding(), problems=(Problem("cases/case.yaml", 9, 1, "no such word", "risk"),), notices=("early",))
    run = run_of(
        UNREAD,
        fine,
        problems=(Problem("", 1, 1, "no rule of this name"),),
        notices=(Problem("waivers.yaml", 3, 1, "expired"),),
        skipped=(Skipped("cases/a.txt", "not a case file"),),
        gone=(Gone("X-2", "crime-recorded", "R1", "not met"),),
        complete=False,
    )
    rows = table(opened(UNREAD, fine, run=run)["Problems"])

    assert [(row["kind"], row["file"], row["line"], row["what"]) for row in rows[:-1]] == [
        ("not reviewed", "cases/broken.yaml", 3, "not valid YAML"),
        ("problem", "cases/case.yaml", 9, "no such word"),
        ("notice", "cases/case.yaml", None, "early"),
        ("problem", None, None, "no rule of this name"),
        ("notice", "waivers.yaml", 3, "expired"),
        ("passed over", "cases/a.txt", None, "not a case file"),
        ("gone", None, None, "was not met at the baseline"),
    ]
    assert (rows[-1]["kind"], rows[-1]["what"][:7]) == ("stopped", "STOPPED")
    assert rows[-2]["rule"] == "crime-recorded"


# The summary.


def test_every_number_stands_beside_what_it_is_a_number_of() -> None:
    reviews = (
        a_review(finding(), finding(verdict=Verdict.MET), finding(verdict=Verdict.NOT_RECORDED)),
        a_review(finding(verdict=Verdict.DOES_NOT_APPLY), finding(verdict=Verdict.EXCUSED)),
        UNREAD,
    )
    found = lines(opened(*reviews)["Summary"])

    assert found["files reviewed, of those read"] == (2, 3, pytest.approx(2 / 3))
    assert found["files with problems, of those read"] == (1, 3, pytest.approx(1 / 3))
    assert found["cases with something not met"] == (1, 2, 0.5)
    assert found["findings not met, of what could be judged"] == (1, 3, pytest.approx(1 / 3))
    assert found["done late, of those not met"] == (1, 1, 1)
    assert found["recorded well enough to judge, of what is due"] == (3, 4, 0.75)
    assert found["not recorded, of what is due"] == (1, 4, 0.25)
    assert found["critical"] == (1, 3, pytest.approx(1 / 3), 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 5)
    assert found["investigation"] == found["online"] == found["critical"]
    assert found["arrest-within-limit"][:14] == found["critical"]
    assert found["arrest-within-limit"][14:] == (
        1,
        "critical",
        "investigation",
        "Each suspect is arrested promptly",
    )


def test_the_verdicts_add_up_to_the_findings() -> None:
    found = lines(opened(a_review(*(finding(verdict=one) for one in Verdict)))["Summary"])

    assert sum(found[f"findings: {one}"][0] for one in Verdict) == found["findings in all"][0] == len(Verdict)


def test_a_share_of_nothing_is_left_empty() -> None:
    found = lines(opened(a_review(finding(verdict=Verdict.DOES_NOT_APPLY)))["Summary"])

    assert found["findings not met, of what could be judged"] == (0, 0)


def test_a_sample_has_the_range_of_each_share() -> None:
    reviews = [a_review(finding(verdict=one)) for one in (Verdict.NOT_MET, Verdict.MET)]
    sheet = opened(*reviews, page=replace(PAGE, sample_of=500))["Summary"]

    number, of, share, low, high = lines(sheet)["findings not met, of what could be judged"]
    assert (number, of, share) == (1, 2, 0.5)
    assert 0 < low < 0.5 < high < 1
    assert "a random sample of 500" in told(sheet)


def test_a_run_that_was_stopped_says_so_at_the_top() -> None:
    met = a_review(finding(verdict=Verdict.MET))

    assert "STOPPED" not in told(opened(met)["Summary"])
    stopped = told(opened(met, run=replace(run_of(met), complete=False))["Summary"])
    assert stopped.splitlines()[1].startswith("STOPPED BEFORE THE END")


def test_what_cannot_wait_and_what_could_not_be_read_is_said_in_words() -> None:
    accepted = a_review(finding(waiver=waiver()), case="X-3")
    reviews = (a_review(finding()), accepted, UNREAD)
    run = run_of(*reviews, problems=(Problem("", 1, 1, "no"),), skipped=(Skipped("a", "b"), Skipped("c", "b")))
    sheet = opened(*reviews, run=run)["Summary"]

    words = told(sheet)
    assert "1 case needs someone today" in words
    assert "1 case more would need someone today, had somebody not accepted those findings." in words
    assert "1 file with problems; of 1 nothing is said" in words
    assert "1 problem with what was asked for" in words
    assert "2 paths passed over" in words
    assert lines(sheet)["X-1"] == ("arrest-within-limit (cases/case.yaml)",)


def test_the_baseline_is_counted() -> None:
    reviews = (a_review(finding(age=Age.NEW), finding(age=Age.KNOWN)),)
    found = lines(opened(*reviews, run=run_of(*reviews, gone=(Gone("a", "b", "c", "not met"),)))["Summary"])

    assert [found[f"beside the baseline: {what}"] for what in ("new", "worse", "known", "gone")] == [
        (1,),
        (0,),
        (1,),
        (1,),
    ]


# More rows than a sheet has.


def test_nothing_to_act_on_is_lost_where_a_sheet_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checklist.reporters.xlsx._MOST_ROWS", 4)
    verdicts = [Verdict.MET, Verdict.NOT_MET, *[Verdict.MET] * 3, *[Verdict.NOT_MET] * 4, Verdict.DOES_NOT_APPLY]
    book = opened(a_review(*(finding(verdict=one, subject=f"S{n}") for n, one in enumerate(verdicts))))

    assert book.sheetnames == ["Summary", "Findings", "Problems", "Findings 2", "Findings 3"]
    subjects = [[row["subject"] for row in table(book[name])] for name in ("Findings", "Findings 2", "Findings 3")]
    assert subjects == [["S0", "S1", "S2"], ["S5", "S6", "S7"], ["S8"]]
    assert book["Findings 2"].tables["Findings_2"].ref == "A1:AF4"
    words = told(book["Summary"])
    assert "3 findings of which nobody need do anything" in words
    assert lines(book["Summary"])["findings in all"] == (10,)


def test_nothing_is_said_of_full_sheets_where_all_rows_fit() -> None:
    assert "did not fit" not in told(opened(a_review(finding()))["Summary"])


def test_problems_go_on_on_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checklist.reporters.xlsx._MOST_ROWS", 3)
    book = opened(*[UNREAD] * 5)

    assert [len(table(book[name])) for name in ("Problems", "Problems 2", "Problems 3")] == [2, 2, 1]


def test_text_that_no_cell_can_hold_is_cut_and_says_so() -> None:
    rows = table(
        opened(a_review(finding(says="x" * 32_767), finding(says="y" * 32_768), finding(says="🙂" * 20_000)))[
            "Findings"
        ]
    )

    assert rows[0]["says"] == "x" * 32_767
    assert rows[1]["says"].endswith("y ... (cut)")
    assert rows[2]["says"].endswith("🙂 ... (cut)")
    assert [len(row["says"].encode("utf-16-le")) // 2 for row in rows] == [32_767, 32_767, 32_766]


# What no text can make of it.


def check(text: str) -> None:
    review, run = everywhere(text)
    made = drawn("xlsx", review, run=run)
    book = openpyxl.load_workbook(BytesIO(made))

    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "sn", cell.value
                assert cell.hyperlink is None
                assert cell.data_type == "n" or cell.quotePrefix
    shown = [row["says"] or "" for row in table(book["Findings"])]
    # openpyxl reads what Excel writes for "_x" as it stands in the file.
    assert [one.replace("_x005F_", "_") for one in shown] == [visible(text)] * 2
    parts = ZipFile(BytesIO(made))
    assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]
    assert not [
        name for name in parts.namelist() if name.startswith("xl/worksheets/sheet") and b"<f>" in parts.read(name)
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    check(text)


@settings(deadline=None)  # others use this machine too
@given(anything)
def test_no_text_at_all_becomes_a_formula_or_a_link(text: str) -> None:
    check(text)


def test_another_reader_reads_the_same() -> None:
    calamine = pytest.importorskip("python_calamine")
    made = drawn("xlsx", *(a_review(finding(says=text, weight=7)) for text in HOSTILE))
    head, *rows = calamine.CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_name("Findings").to_python()

    assert [row[head.index("says")] for row in rows] == [visible(text) for text in HOSTILE]
    assert {row[head.index("weight")] for row in rows} == {7}


def test_libreoffice_reads_the_same_and_finds_no_formula(office: Callable[..., Path]) -> None:
    made = drawn("xlsx", *(a_review(finding(says=text)) for text in HOSTILE))
    book = openpyxl.load_workbook(office("given.xlsx", made, "xlsx"))

    rows = table(book["Findings"])
    assert [row["says"].replace("_x005F_", "_") for row in rows] == [visible(text) for text in HOSTILE]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type not in "sn" or cell.hyperlink]
    assert book["Findings"].tables


def test_the_lines_of_a_case_are_never_in_it() -> None:
    made = ZipFile(BytesIO(drawn("xlsx", a_review(finding(), quotes={4: "relationship: a neighbour"}))))

    assert not [name for name in made.namelist() if b"a neighbour" in made.read(name)]


# The file itself.


def test_the_same_reviews_give_the_same_bytes() -> None:
    review, run = everywhere("a")
    made = drawn("xlsx", review, run=run)

    assert made == drawn("xlsx", review, run=run)
    assert {part.date_time[0] for part in ZipFile(BytesIO(made)).infolist()} == {1980}
    properties = openpyxl.load_workbook(BytesIO(made)).properties
    assert properties.created == properties.modified == datetime(1980, 1, 31, tzinfo=UTC).replace(tzinfo=None)


def test_the_file_says_what_it_is_and_not_by_whom_or_where_it_was_made() -> None:
    made = drawn("xlsx", a_review(finding()))
    properties = openpyxl.load_workbook(BytesIO(made)).properties

    assert properties.title == "Review of case files"
    assert not properties.creator
    assert not properties.lastModifiedBy
    parts = ZipFile(BytesIO(made))
    here = (tempfile.gettempdir(), str(Path.home()), str(Path.cwd()))
    assert not [name for name in parts.namelist() for path in here if path.encode() in parts.read(name)]


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    drawn("xlsx", a_review(finding()))
    assert not list(tmp_path.iterdir())

    stopped = reporter("xlsx", PAGE)
    stopped.review(a_review(finding()))
    assert list(tmp_path.iterdir())
    del stopped
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_nothing_comes_before_the_end() -> None:
    report = reporter("xlsx", PAGE)

    assert report.begin() == report.review(a_review(finding())) == b""
    assert bytes(report.end(Run()))[:2] == b"PK"  # type: ignore[arg-type]  # of this reporter it is bytes


def test_without_xlsxwriter_there_is_no_such_reporter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "checklist.reporters.xlsx", raising=False)

    with pytest.raises(ImportError, match="xlsxwriter"):
        reporter("xlsx", PAGE)
