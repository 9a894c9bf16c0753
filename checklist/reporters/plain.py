"""The report for a screen reader: one fact a line, words only, nothing that is told by its place."""

from collections.abc import Iterable, Iterator

from checklist.findings import Review
from checklist.reporters import Page
from checklist.reporters.report import Line, Role, compose, visible


def write(reviews: Iterable[Review], page: Page) -> Iterator[str]:
    """Each review as lines that are read from the first to the last."""
    for number, review in enumerate(reviews):
        yield ("\n" if number else "") + "".join(f"{text}\n" for text in _lines(compose(review, page), page))


def _lines(lines: Iterable[Line], page: Page) -> Iterator[str]:
    for line in lines:
        if line.role in (Role.BLANK, Role.CARET):
            continue
        text = _spoken(line)
        yield text if page.unicode else text.encode("ascii", "backslashreplace").decode()


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
