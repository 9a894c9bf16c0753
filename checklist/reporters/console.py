"""The report in the terminal: words first, colour only beside them."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.color import ColorSystem
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from checklist.findings import Verdict
from checklist.reporters import Page
from checklist.reporters.overview import Printed
from checklist.reporters.report import Line, Role, Table, carried, visible

_STYLES = {
    Role.TITLE: "bold",
    Role.HEADING: "bold",
    Role.BANNER: "bold reverse",
    Role.STRONG: "bold",
    Role.MUTED: "dim",
    Role.CARET: "bold",
}
_OF_VERDICT = {
    Verdict.NOT_MET: "bold red",
    Verdict.CANNOT_TELL: "bold magenta",
    Verdict.NOT_RECORDED: "bold yellow",
    Verdict.NEEDS_JUDGEMENT: "bold cyan",
}
_GAP, _NARROWEST = 2, 12
_WIDEST = 120
"""Longer lines are hard to read, however wide the terminal."""


class Report(Printed):
    """Each review as text for a terminal of `page.width` columns."""

    gap = "\n\n"

    def text(self, lines: Iterable[Line | Table]) -> str:
        """The lines, wrapped."""
        return draw(lines, self.page)


def draw(lines: Iterable[Line | Table], page: Page) -> str:
    """Lines wrapped, with what is wrapped set in under its beginning."""
    width = min(page.width, _WIDEST)
    out = StringIO()
    colours = ColorSystem.STANDARD
    console = Console(
        file=out,
        width=width,
        force_terminal=page.colour,
        color_system="standard" if page.colour else None,
        no_color=not page.colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    for line in lines:
        if isinstance(line, Table):
            with console.capture() as drawn:
                console.print(_columns(line, page, width))
            out.write("".join(f"{row.rstrip()}\n" for row in drawn.get().splitlines()))
            continue
        for lead, body, style in _wrapped(line, width, console, page):
            # As `console.print` would, with a tenth of what it does for texts of several styles.
            drawn_body = console.get_style(style).render(body, color_system=colours) if style and page.colour else body
            out.write(f"{lead}{drawn_body}\n")
    return out.getvalue()


def _wrapped(line: Line, width: int, console: Console, page: Page) -> Iterator[tuple[str, str, str]]:
    """What stands before each piece of a line, the piece, and its style."""
    style = _OF_VERDICT.get(line.verdict, "bold") if line.verdict is not None else _STYLES.get(line.role, "")
    lead, words = visible(line.lead), visible(line.text)
    if line.role is Role.BLANK:
        yield "", "", ""
        return
    if line.role is Role.HEADING:
        words = words.upper()
    words = carried(words, unicode=page.unicode)
    room = max(20, width - len(lead))
    for number, piece in enumerate(_pieces(words, room, console, is_code=line.role in (Role.CODE, Role.CARET))):
        yield lead if number == 0 else " " * len(lead), piece.rstrip(), style
    if line.role is Role.HEADING:
        yield "", ("─" if page.unicode else "-") * min(width, max(len(words), 24)), ""


def _pieces(words: str, room: int, console: Console, *, is_code: bool) -> list[str]:
    """A text in pieces that fit; a line of a file is cut where the room ends, never re-flowed."""
    if is_code:
        return [words[start : start + room] for start in range(0, max(1, len(words)), room)]
    if len(words) <= room and words.isascii():
        return [words]
    return [piece.plain for piece in Text(words).wrap(console, room)]


def _columns(table: Table, page: Page, width: int) -> Grid:
    """A table without boxes: words on the left, numbers under each other on the right, headings over several lines if need be."""
    grid = Grid(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="dim")
    names, *numbers = zip(table.headings, *table.rows, strict=True)
    widths = [max(map(len, (*heading.split(), *cells))) for heading, *cells in numbers]
    room = width - sum(widths) - _GAP * len(widths)
    grid.add_column(_flat(names[0], page), width=max(_NARROWEST, min(room, max(map(len, names)))), overflow="fold")
    for (heading, *_), wide in zip(numbers, widths, strict=True):
        grid.add_column(_flat(heading, page), width=wide, justify="right", vertical="bottom")
    for row in table.rows:
        grid.add_row(*(_flat(cell, page) for cell in row))
    return grid


def _flat(words: str, page: Page) -> Text:
    return Text(carried(visible(words), unicode=page.unicode))
