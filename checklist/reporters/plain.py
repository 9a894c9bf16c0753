"""The report for a screen reader: one fact a line, words only, nothing that is told by its place."""

from collections.abc import Iterable, Iterator

from checklist.findings import Review
from checklist.reporters import Page
from checklist.reporters.overview import overview
from checklist.reporters.report import Line, Role, Table, compose, visible
from checklist.summary import Run


class Report:
    """Each review as lines that are read from the first to the last."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.gap = ""

    def begin(self) -> str:
        """Nothing."""
        return ""

    def review(self, review: Review) -> str:
        """One case, if each is to be drawn."""
        return self._spoken(compose(review, self.page)) if self.page.detail else ""

    def end(self, run: Run) -> str:
        """What all cases come to."""
        return self._spoken(overview(run, self.page))

    def _spoken(self, lines: Iterable[Line | Table]) -> str:
        said = "".join(f"{text}\n" for text in _lines(lines, self.page))
        before, self.gap = self.gap, "\n" if said else self.gap
        return before + said if said else ""


def _lines(lines: Iterable[Line | Table], page: Page) -> Iterator[str]:
    for line in lines:
        if isinstance(line, Line) and line.role in (Role.BLANK, Role.CARET):
            continue
        for text in _rows(line) if isinstance(line, Table) else (_spoken(line),):
            yield text if page.unicode else text.encode("ascii", "backslashreplace").decode()


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
