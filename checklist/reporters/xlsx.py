"""The findings as a workbook: what all cases come to as numbers, a table of findings, and what is wrong with files.

XlsxWriter keeps all rows in memory, or writes each to the disk as it passes; only the second is fit for many cases. Its
tables want the first, so that one row is drawn in a workbook that is thrown away, and its table stretched over all rows.
"""

import math
import os
import shutil
import stat
import tempfile
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

# XlsxWriter has no types of its own.
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from checklist.findings import TO_ACT_ON, WORST_FIRST, Review, Verdict
from checklist.later import dataclass
from checklist.reporters import Page
from checklist.reporters.csv import COLUMNS, STOPPED, Cells, beside, found, of_run
from checklist.reporters.report import made_by, visible
from checklist.summary import Row, Run, Summary, wilson

_MOST_ROWS = 1_048_576
"""So many a sheet of Excel can have, with the row of headings."""
_LONGEST = 32_767
"""So many units of UTF-16 a cell can hold."""
_CUT = " ... (cut)"
_MADE = datetime(1980, 1, 31, tzinfo=UTC)
"""The same reviews give the same bytes, whenever they are drawn."""
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}
_PROBLEMS = ("file", "line", "case", "rule", "subject", "kind", "what", "hint")
_WIDE = {
    "file": 28,
    "title": 40,
    "says": 60,
    "action": 50,
    "what": 60,
    "hint": 40,
    "waiver_reason": 40,
    "whose_limit": 30,
}
_NARROW = {"line": 7, "weight": 8, "as_of": 12, "severity": 10}
_USUAL = 18
_FILLED = 0.8
"""How much of a line is filled before a word no longer fits."""
_LINE, _HIGHEST = 15.0, 409.0
"""The height of a line, and of the highest row that Excel allows, in points."""

_PREFIX = "casefile-checklist-rows-"
_STALE_SECONDS = 3600

Value: TypeAlias = str | int | float


class Report:
    """All reviews as one workbook, whose bytes come at the end."""

    def __init__(self, page: Page) -> None:
        self.page = page
        _sweep()
        folder = tempfile.mkdtemp(prefix=_PREFIX)
        self.bytes = BytesIO()
        self.book = Workbook(self.bytes, {**_OPTIONS, "tmpdir": folder})
        # The rows wait in files; whatever ends the run, they are not left behind.
        self.discard = weakref.finalize(self, _discard, self.book, folder)
        self.styles = _Styles.made(self.book)
        self.summary = self.book.add_worksheet("Summary")
        findings = tuple(column for column in COLUMNS if column not in ("what", "hint"))
        self.findings = _Rows(self.book, self.styles, "Findings", findings)
        self.problems = _Rows(self.book, self.styles, "Problems", _PROBLEMS)

    def begin(self) -> bytes:
        """Nothing: a workbook can only be written whole."""
        return b""

    def review(self, review: Review) -> bytes:
        """Nothing yet; the rows of one review go to the disk."""
        for row in beside(review, self.page):
            self._add_problem(row)
        for finding, row in zip(review.findings, found(review), strict=True):
            self.findings.add(row, needed=finding.verdict in TO_ACT_ON or finding.is_spared)
        return b""

    def end(self, run: Run) -> bytes:
        """The whole workbook."""
        for row in of_run(run, self.page):
            self._add_problem(row)
        self.findings.close()
        self.problems.close()
        _Summing(self.summary, self.styles, self.page).draw(run, left_out=self.findings.left_out)
        self.book.set_properties({"title": "Review of case files", "created": _MADE})
        try:
            self.book.close()
        except FileCreateError as error:
            # XlsxWriter's own name for whatever the system refused it, such as room for its rows.
            (cause,) = error.args
            raise cause from None
        finally:
            self.discard()
        return self.bytes.getvalue()

    def _add_problem(self, row: Cells) -> None:
        self.problems.add({**row, "kind": row.get("basis") or row["verdict"]}, needed=True)


def _discard(book: Workbook, folder: str) -> None:
    """Closes the files that rows wait in, without which Windows would not let go of them, and removes them."""
    for sheet in book.worksheets():
        with suppress(OSError):
            sheet.row_data_fh.close()
    for _ in range(2):  # what the system refuses once, it may not refuse twice
        with suppress(OSError):  # a folder that cannot be closed is an error all the same
            shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Removes the rows that a killed run of ours left behind an hour ago or earlier."""
    own = getattr(os, "getuid", lambda: 0)()
    with suppress(OSError):
        for left in list(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")):
            held = left.lstat()
            if stat.S_ISDIR(held.st_mode) and held.st_uid == own and time.time() - held.st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Styles:
    """How cells look. The quote that is not shown keeps text from becoming a formula when somebody edits it."""

    text: Format
    plain: Format
    number: Format
    share: Format
    head: Format
    head_of_numbers: Format
    title: Format
    banner: Format

    @classmethod
    def made(cls, book: Workbook) -> "_Styles":
        top = {"valign": "top"}
        text = {**top, "quote_prefix": True}
        return cls(
            text=book.add_format({**text, "text_wrap": True}),
            plain=book.add_format(text),
            number=book.add_format({**top, "num_format": "#,##0"}),
            share=book.add_format({**top, "num_format": "0 %"}),
            head=book.add_format({**text, "text_wrap": True, "bold": True}),
            head_of_numbers=book.add_format({**text, "text_wrap": True, "bold": True, "align": "right"}),
            title=book.add_format({**text, "bold": True, "font_size": 14}),
            banner=book.add_format({**text, "bold": True, "font_color": "#9C0006"}),
        )

    def of(self, value: Value) -> Format:
        """How a value looks that has no special place."""
        if isinstance(value, str):
            return self.text
        return self.number if isinstance(value, int) else self.share


def _put(sheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """One cell: a number, or text that nothing takes for a formula, a link or a number."""
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, _fitted(value), style)
    else:
        sheet.write_number(row, column, value, style)


@lru_cache(4096)  # most of what rules say is said of every case
def _fitted(text: str) -> str:
    """Text of which all is seen, and that a cell can hold; if not, it says that it was cut."""
    told = visible(text)
    if len(told) <= _LONGEST // 2:
        return told
    wide = told.encode("utf-16-le")
    if len(wide) <= 2 * _LONGEST:
        return told
    return wide[: 2 * (_LONGEST - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


# Tables that may be longer than a sheet.


class _Rows:
    """Rows under headings, as a table of Excel; on as many sheets as what is needed takes."""

    def __init__(self, book: Workbook, styles: _Styles, name: str, columns: tuple[str, ...]) -> None:
        self.book, self.styles, self.name, self.columns = book, styles, name, columns
        self.sheets = 0
        self.left_out = 0
        self._open()

    def _open(self) -> None:
        self.sheets += 1
        self.rows = 1
        self.sheet = self.book.add_worksheet(self.name if self.sheets == 1 else f"{self.name} {self.sheets}")
        self.sheet.freeze_panes(1, 0)
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, _wide(column))
            self.sheet.write_string(0, number, column, self.styles.head)

    def add(self, row: Cells, *, needed: bool) -> None:
        """One row. Where the first sheet is full, what is needed goes to another, and the rest is counted."""
        is_full = self.rows == _MOST_ROWS
        if not needed and (is_full or self.sheets > 1):
            self.left_out += 1
            return
        if is_full:
            self.close()
            self._open()
        self.sheet.set_row(self.rows, _height(row))
        for number, column in enumerate(self.columns):
            value = row.get(column, "")
            _put(self.sheet, self.rows, number, value, self.styles.of(value))
        # The row before is on the disk, and its height need not be kept, which XlsxWriter would do for all rows.
        self.sheet.row_info.pop(self.rows - 1, None)
        self.sheet.row_sizes.pop(self.rows - 1, None)
        self.rows += 1

    def close(self) -> None:
        """Makes a table of the rows of this sheet; one without rows has an empty one, as Excel would have it."""
        name = self.name if self.sheets == 1 else f"{self.name}_{self.sheets}"
        drawn = Workbook(BytesIO(), {"in_memory": True}).add_worksheet()
        last = len(self.columns) - 1
        headings = [{"header": column} for column in self.columns]
        drawn.add_table(0, 0, 1, last, {"name": name, "columns": headings, "style": "Table Style Light 1"})
        everywhere = xl_range(0, 0, max(1, self.rows - 1), last)
        for table in drawn.tables:
            self.sheet.tables.append({**table, **dict.fromkeys(("range", "a_range", "autofilter"), everywhere)})


def _wide(column: str) -> int:
    return _WIDE.get(column, _NARROW.get(column, _USUAL))


def _height(row: Cells) -> float:
    """As high as its longest text is likely to be: Excel would see to it, but others draw one row over the next."""
    lines = (math.ceil(len(str(value)) / (_FILLED * _wide(column))) for column, value in row.items())
    return min(_HIGHEST, _LINE * max(lines, default=1))


# The summary: numbers, each beside what it is a number of.


class _Summing:
    """Writes one sheet from above to below."""

    def __init__(self, sheet: Worksheet, styles: _Styles, page: Page) -> None:
        self.sheet, self.styles, self.page = sheet, styles, page
        self.row = 0

    def draw(self, run: Run, *, left_out: int) -> None:
        """All that the cases come to."""
        summary = run.summary
        self.sheet.set_column(0, 0, 46)
        self.sheet.set_column(1, 20, 11)
        self._say(f"Review of {_many(run.files, 'case file')}", self.styles.title)
        for told in _urgent(run):
            self._say(told, self.styles.banner)
        for told in _aside(run, self.page, left_out=left_out):
            self._say(told, self.styles.plain)
        self._totals(run)
        self._table("by severity", summary.by_severity)
        self._table("by area", summary.by_area)
        self._table("by theme (a rule may have several, or none)", summary.by_theme)
        self._table("by rule", summary.rules, named=True)
        self._today(summary)

    def _say(self, told: str, style: Format) -> None:
        """A line that is not wrapped: it runs on over the empty cells beside it."""
        _put(self.sheet, self.row, 0, told, style)
        self.row += 1

    def _line(self, values: Iterable[Value]) -> None:
        for column, value in enumerate(values):
            style = self.styles.plain if isinstance(value, str) else self.styles.of(value)
            _put(self.sheet, self.row, column, value, style)
        self.row += 1

    def _heads(self, what: str, numbers: Iterable[str], words: Iterable[str] = ()) -> None:
        self.row += 1
        self.sheet.set_row(self.row, 2 * _LINE)
        styled = [(what, self.styles.head)]
        styled += [(number, self.styles.head_of_numbers) for number in numbers]
        styled += [(word, self.styles.head) for word in words]
        for column, (head, style) in enumerate(styled):
            _put(self.sheet, self.row, column, head, style)
        self.row += 1

    def _totals(self, run: Run) -> None:
        self._heads("all cases", ("number", "of", "share", *self._ranged()))
        for name, number, of in _shares(run):
            self._line((name, *self._share(number, of)))
        for name, number in _numbers(run):
            self._line((name, number))

    def _ranged(self) -> tuple[str, ...]:
        return ("95 % from", "95 % to") if self.page.sample_of else ()

    def _share(self, number: int, of: int) -> tuple[Value, ...]:
        """A number, what it is a number of, and its share; of nothing there is none."""
        sampled = wilson(number, of) if self.page.sample_of and of else ("",) * len(self._ranged())
        return number, of, number / of if of else "", *sampled

    def _table(self, what: str, rows: Iterable[Row], *, named: bool = False) -> None:
        of_all = ("not met", "judged", "share", *self._ranged(), "done late", "nothing recorded", "accepted")
        numbers = (*of_all, *map(str, _APART), "findings", *(("cases not met",) if named else ()))
        self._heads(what, numbers, ("severity", "area", "title") if named else ())
        if named:
            self.sheet.set_column(len(numbers) + 2, len(numbers) + 2, 30)
        for row in rows:
            counts = row.counts
            share = self._share(counts[Verdict.NOT_MET], counts.judged)
            apart = (counts.late, counts.silent, counts.waived, *(counts[verdict] for verdict in _APART), counts.total)
            of_rule = (row.cases, str(row.severity or ""), row.area, row.title) if named else ()
            self._line((row.name, *share, *apart, *of_rule))

    def _today(self, summary: Summary) -> None:
        if not summary.urgent_cases:
            return
        self._heads("cases that need someone today", (), ("rules and file",))
        for one in summary.urgent_cases:
            self._line((one.case, f"{', '.join(one.rules)} ({one.file})"))
        more = summary.urgent - len(summary.urgent_cases)
        if more:
            self._say(f"... and {more:,} more", self.styles.plain)


_APART = tuple(verdict for verdict in WORST_FIRST if verdict is not Verdict.NOT_MET)


def _urgent(run: Run) -> Iterator[str]:
    """What cannot wait, and what keeps the numbers from being those of all files."""
    summary = run.summary
    if not run.complete:
        yield STOPPED
    if summary.urgent:
        needs = "1 case needs" if summary.urgent == 1 else f"{summary.urgent:,} cases need"
        yield f"{needs} someone today: a critical finding is not met, and the file does not record that the risk has ended."
    if run.problems:
        yield f"{_many(len(run.problems), 'problem')} with what was asked for: see the sheet Problems."
    if summary.with_problems:
        told = f"{_many(summary.with_problems, 'file')} with problems; of {summary.unreviewed:,} nothing is said"
        yield f"{told}: see the sheet Problems. Nobody's practice is at fault for them."


def _aside(run: Run, page: Page, *, left_out: int) -> Iterator[str]:
    """What must be known beside the numbers."""
    days = run.summary.days
    yield made_by(page)
    if days:
        yield f"as of {days[0]}" if len(days) == 1 else "each as of its own day"
    if page.sample_of:
        yield f"The cases are taken to be a random sample of {page.sample_of:,}: the range holds the true share in 95 of 100 such samples (Wilson). Findings of one case are not independent, so the true range is wider."
    if run.summary.accepted:
        yield f"{_many(run.summary.accepted, 'case')} more would need someone today, had somebody not accepted those findings."
    if run.skipped:
        yield f"{_many(len(run.skipped), 'path')} passed over: see the sheet Problems."
    if left_out:
        yield f"{_many(left_out, 'finding')} of which nobody need do anything (met, not due yet, excused, does not apply) did not fit on the sheet Findings, which is full; they are counted here. Whatever is to be acted on is in the tables."


def _shares(run: Run) -> Iterator[tuple[str, int, int]]:
    """Each number with what it is a number of."""
    summary, counts = run.summary, run.summary.counts
    yield "files reviewed, of those read", summary.cases, run.files
    yield "files with problems, of those read", summary.with_problems, run.files
    yield "cases with something not met", summary.with_not_met, summary.cases
    yield "cases with nothing not met, but something open", summary.with_unknown, summary.cases
    yield "cases that need someone today", summary.urgent, summary.cases
    yield "findings not met, of what could be judged", counts[Verdict.NOT_MET], counts.judged
    yield "done late, of those not met", counts.late, counts[Verdict.NOT_MET]
    yield "nothing recorded, of those not met", counts.silent, counts[Verdict.NOT_MET]
    yield "accepted by somebody, of those not met", counts.waived, counts[Verdict.NOT_MET]
    yield "recorded well enough to judge, of what is due", counts.judged, counts.due
    for verdict in TO_ACT_ON[1:]:
        yield f"{verdict}, of what is due", counts[verdict], counts.due


def _numbers(run: Run) -> Iterator[tuple[str, int]]:
    """Numbers that are a share of nothing; those of the verdicts add up to the last."""
    counts = run.summary.counts
    if run.summary.ages:
        yield from ((f"beside the baseline: {age}", number) for age, number in run.summary.ages)
        yield "beside the baseline: gone", len(run.gone)
    for verdict in WORST_FIRST:
        yield f"findings: {verdict}", counts[verdict]
    yield "findings in all", counts.total


def _many(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
