"""The report on paper: pages of 80 columns with a head on each, every finding, room for answers and signatures."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checklist.findings import Review
from checklist.reporters import Page
from checklist.reporters.console import draw
from checklist.reporters.report import Line, Role, compose, visible

_COLUMNS, _ROWS = 80, 60
_HEAD = 3
"""Rows of the page head: the case and the page, the rulebook, and a line between."""


def write(reviews: Iterable[Review], page: Page) -> Iterator[str]:
    """Each review as pages of 60 rows, with a form feed between them."""
    sheet = replace(page, width=_COLUMNS, colour=False)
    first = True
    for review in reviews:
        for text in _pages(review, sheet):
            yield text if first else f"\f{text}"
            first = False


def _pages(review: Review, page: Page) -> Iterator[str]:
    blocks = list(_blocks(compose(review, page, answers=True), page))
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
        head = _head(review, page, number, len(sheets))
        yield "\n".join([*head, *rows, *([""] * (room - len(rows)))]) + "\n"


def _blocks(lines: Iterable[Line], page: Page) -> Iterator[list[str]]:
    """What should stand on one page together: the lines between two blanks."""
    block: list[Line] = []
    for line in lines:
        block.append(line)
        if line.role is Role.BLANK:
            yield draw(block, page).split("\n")[:-1]
            block = []
    if block:
        yield draw(block, page).split("\n")[:-1]


def _head(review: Review, page: Page, number: int, of: int) -> list[str]:
    right = f"page {number} of {of}"
    room = _COLUMNS - len(right) - 2
    left = visible(f"{review.case}, as of {review.as_of or 'no day'}")[:room]
    rule = ("─" if page.unicode else "-") * _COLUMNS
    settings = f", local settings {page.settings[:12]}" if page.settings else ""
    by = f"rulebook {page.digest[:12]}, {page.rules} rules{settings}; review {page.version}"
    return [f"{left:<{room}}  {right}", by, rule]
