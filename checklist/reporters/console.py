"""The report in the terminal: words first, colour only beside them."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console
from rich.text import Text

from checklist.findings import Review, Verdict
from checklist.reporters import Page
from checklist.reporters.report import Line, Role, compose, visible

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
_WIDEST = 120
"""Longer lines are hard to read, however wide the terminal."""


def write(reviews: Iterable[Review], page: Page) -> Iterator[str]:
    """Each review as text for a terminal of `page.width` columns."""
    for number, review in enumerate(reviews):
        yield ("\n\n" if number else "") + draw(compose(review, page), page)


def draw(lines: Iterable[Line], page: Page) -> str:
    """Lines wrapped, with what is wrapped set in under its beginning."""
    width = min(page.width, _WIDEST)
    out = StringIO()
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
        for text in _wrapped(line, width, console, page):
            console.print(text, no_wrap=True, overflow="ignore", crop=False)
    return out.getvalue()


def _wrapped(line: Line, width: int, console: Console, page: Page) -> Iterator[Text]:
    style = _OF_VERDICT.get(line.verdict, "bold") if line.verdict is not None else _STYLES.get(line.role, "")
    lead, words = visible(line.lead), visible(line.text)
    if line.role is Role.BLANK:
        yield Text("")
        return
    if line.role is Role.HEADING:
        words = words.upper()
    if not page.unicode:
        words = words.encode("ascii", "backslashreplace").decode()
    room = max(20, width - len(lead))
    pieces = _cut(words, room) if line.role in (Role.CODE, Role.CARET) else Text(words).wrap(console, room)
    for number, piece in enumerate(pieces):
        body = Text(piece.plain.rstrip(), style=style)
        yield Text.assemble(lead if number == 0 else " " * len(lead), body)
    if line.role is Role.HEADING:
        yield Text(("─" if page.unicode else "-") * min(width, max(len(words), 24)))


def _cut(words: str, room: int) -> list[Text]:
    """A line of a file is cut where the room ends, never re-flowed."""
    return [Text(words[start : start + room]) for start in range(0, max(1, len(words)), room)]
