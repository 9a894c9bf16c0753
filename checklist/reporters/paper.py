"""The report on paper: pages of 80 columns with a head on each, every finding, room for answers and signatures."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checklist.findings import Review
from checklist.reporters import Page
from checklist.reporters.console import draw
from checklist.reporters.overview import overview
from checklist.reporters.report import BLANK, Line, Table, carried, compose, visible
from checklist.summary import Run

_COLUMNS, _ROWS = 80, 60
_HEAD = 3
"""Rows of the page head: the case and the page, the rulebook, and a line between."""


class Report:
    """Each review as pages of 60 rows, with a form feed between them."""

    def __init__(self, page: Page) -> None:
        self.page = replace(page, width=_COLUMNS, colour=False)
        self.between = ""

    def begin(self) -> str:
        """Nothing."""
        return ""

    def review(self, review: Review) -> str:
        """One case on pages of its own, if each is to be drawn."""
        if not self.page.detail:
            return ""
        subject = f"{review.case}, as of {review.as_of or 'no day'}"
        return self._sheets(subject, compose(review, self.page, answers=True))

    def end(self, run: Run) -> str:
        """What all cases come to, on pages of its own."""
        return self._sheets("all cases", overview(run, self.page))

    def _sheets(self, subject: str, lines: Iterable[Line | Table]) -> str:
        before, pages = self.between, list(_pages(subject, lines, self.page))
        self.between = "\f" if pages else before
        return before + "\f".join(pages) if pages else ""


def _pages(subject: str, lines: Iterable[Line | Table], page: Page) -> Iterator[str]:
    blocks = list(_blocks(lines, page))
    if not blocks:
        return
    sheets: list[list[str]] = [[]]
    room = _ROWS - _HEAD
    for block in blocks:
        if sheets[-1] and len(sheets[-1]) + len(block) > room and len(block) <= room:
            sheets.append([])
        for row in block:
            if len(sheets[-1]) == room:
                sheets.append([])
            if row or sheets[-1]:
                sheets[-1].append(row)
    for number, rows in enumerate(sheets, start=1):
        head = _head(subject, page, number, len(sheets))
        yield "\n".join([*head, *rows, *([""] * (room - len(rows)))]) + "\n"


def _blocks(lines: Iterable[Line | Table], page: Page) -> Iterator[list[str]]:
    """What should stand on one page together: the lines between two blanks."""
    block: list[Line | Table] = []
    for line in lines:
        block.append(line)
        if line == BLANK:
            yield draw(block, page).split("\n")[:-1]
            block = []
    if block:
        yield draw(block, page).split("\n")[:-1]


def _head(subject: str, page: Page, number: int, of: int) -> list[str]:
    right = f"page {number} of {of}"
    room = _COLUMNS - len(right) - 2
    left = carried(visible(subject), unicode=page.unicode)[:room]
    rule = ("─" if page.unicode else "-") * _COLUMNS
    settings = f", local settings {page.settings[:12]}" if page.settings else ""
    by = f"rulebook {page.digest[:12]}, {page.rules} rules{settings}; review {page.version}"
    return [f"{left:<{room}}  {right}", by, rule]
