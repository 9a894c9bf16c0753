"""The review as JSON Lines: what it was made with, a line a case, and what all come to; the fields are those of `json`."""

from typing import Any

from checklist.findings import Review
from checklist.reporters import Page
from checklist.reporters.json import drawn, head, plain, tail
from checklist.summary import Run


class Report:
    """The reviews as one JSON object a line, each with its `kind`: `head`, `review` or `run`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def begin(self) -> str:
        """What the review was made with."""
        return _line("head", head(self.page))

    def review(self, review: Review) -> str:
        """One review."""
        return draw(review, self.page)

    def put(self, drawn: str) -> str:
        """A review that was drawn before."""
        return drawn

    def end(self, run: Run) -> str:
        """What all reviews come to; without this line a report is not whole."""
        return _line("run", tail(run))


def draw(review: Review, _: Page) -> str:
    """The line of one review."""
    return _harmless(f'{{"kind": "review", {drawn(review)[1:]}')


def _line(kind: str, fields: dict[str, Any]) -> str:
    return _harmless(plain({"kind": kind, **fields}))


def _harmless(text: str) -> str:
    # A reader sees no difference; the log of a build would take `##vso[` for a command, anywhere in a line.
    return text.replace("#", "\\u0023") + "\n"
