"""The report for a screen reader: one fact a line, words only, nothing that is told by its place."""

from collections.abc import Iterable, Iterator

from checklist.reporters import Page
from checklist.reporters.overview import Printed
from checklist.reporters.report import Line, Role, Table, carried, visible


class Report(Printed):
    """Each review as lines that are read from the first to the last."""

    def text(self, lines: Iterable[Line | Table]) -> str:
        """The lines, one fact on each."""
        return "".join(f"{text}\n" for text in _lines(lines, self.page))


def _lines(lines: Iterable[Line | Table], page: Page) -> Iterator[str]:
    for line in lines:
        if isinstance(line, Line) and line.role in (Role.BLANK, Role.CARET):
            continue
        for text in _rows(line) if isinstance(line, Table) else (_spoken(line),):
            yield carried(text, unicode=page.unicode)


def _rows(table: Table) -> Iterator[str]:
    """Each row with the heading before every number, so that nothing is told by its place."""
    for name, *numbers in table.rows:
        told = "; ".join(f"{heading} {number}" for heading, number in zip(table.headings[1:], numbers, strict=True))
        yield visible(f"{name}: {told}.")


def _spoken(line: Line) -> str:
    if line.role is Role.VERDICT:
        verdict, severity, number = visible(line.text).split("   ")
        return f"Finding {number}: {verdict.replace(' - ', ', ')}; {severity}."
    words = " ".join(visible(line.text).split())
    lead = visible(line.lead)
    if line.role is Role.CODE:
        number = lead.strip(" |")
        return f"Line {number}: {words}."
    if line.role is Role.HEADING:
        return f"Section: {words}."
    if line.role is Role.LABELLED and lead.startswith("! "):
        return f"{lead.removeprefix('! ').strip()}: {words}."
    label = lead.strip(" -|>:")
    return f"{label}: {words}" if label else words
