"""Finished reviews made into text; reporters draw, and decide nothing."""

from collections.abc import Mapping
from hashlib import sha256
from importlib import import_module
from typing import Protocol, TypeAlias

from checklist.findings import Review
from checklist.later import dataclass
from checklist.summary import Run

Piece: TypeAlias = str | bytes


@dataclass(frozen=True, slots=True)
class Page:
    """How a report is to be drawn."""

    width: int = 80
    asked_width: int = 0
    """The columns that somebody asked for; 0 where the terminal's own are used."""
    colour: bool = False
    unicode: bool = True
    digest: str = ""
    rules: int = 0
    settings: str = ""
    """The digest of the settings that were used; empty where there were none."""
    waivers: str = ""
    """The digest of the waivers."""
    baseline: str = ""
    """The digest of the baseline."""
    version: str = ""
    notes: tuple[str, ...] = ()
    """What must be known of the rules that were asked."""
    show_all: bool = False
    detail: bool = True
    """Whether each case is drawn, and not only what all come to."""
    summary: bool = False
    """Whether what all cases come to is drawn; one case alone needs none."""
    min_count: int = 0
    """Numbers under this are hidden; 0 shows all."""
    sample_of: int = 0
    """How many cases the sample stands for; 0 where it stands for itself."""
    quotes: Mapping[int, str] | None = None
    """The raw lines of the case that is drawn, by their number, only where quotes were asked for."""

    def of_case(self, review: Review) -> tuple[str, ...]:
        """What must be known of one review, without what is true of all of them (`notes`)."""
        return tuple(notice for notice in review.notices if notice not in self.notes)


class Reporter(Protocol):
    """Draws finished reviews a piece at a time, so that many need no more memory than one."""

    def begin(self) -> Piece:
        """What stands before the first review."""

    def review(self, review: Review) -> Piece:
        """One review, in its turn."""

    def end(self, run: Run) -> Piece:
        """What stands after the last."""


class Apart(Reporter, Protocol):
    """Draws a review by itself, whatever came before it: so it may be drawn where it was reviewed."""

    def put(self, drawn: str) -> Piece:
        """A review that was drawn before, in its turn."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws reviews for some reports, in whatever process."""

    pages: tuple[tuple[str, Page], ...]
    """The reporters, each one of `APART`, with how each report is to be drawn."""

    @property
    def digest(self) -> str:
        """What tells it from every other: it draws the same of the same review."""
        return sha256(repr(self.pages).encode()).hexdigest()

    def of(self, review: Review) -> tuple[str, ...]:
        """A review as it stands in each of the reports."""
        return tuple([import_module(f"checklist.reporters.{name}").draw(review, page) for name, page in self.pages])


ALLOWED = "FILES THAT MAY IDENTIFY SOMEBODY WERE LET IN (--allow-identifying): this report must not be shared"
"""What every page says where the guard was overruled."""
PRINTED = ("console", "plain", "paper", "markdown")
"""The reporters for people: each case, and what all come to."""
NAMES = (*PRINTED, "json", "jsonl", "junit", "sarif", "github", "gitlab", "csv", "xlsx", "oscal", "tap")
"""The reporters that `--format` knows; each is a module here with a class `Report`, imported only when it is asked for."""
APART = ("csv", "json", "jsonl", "junit")
"""Those that draw each review by itself (`Apart`), by a function `draw` of their module."""


def reporter(name: str, page: Page) -> Reporter:
    """The reporter of a name, imported only now."""
    made: Reporter = import_module(f"checklist.reporters.{name}").Report(page)
    return made
