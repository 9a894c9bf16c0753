"""Finished reviews made into text; reporters draw, and decide nothing."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """How a report is to be drawn."""

    width: int = 80
    colour: bool = False
    unicode: bool = True
    quotes: Mapping[str, tuple[str, ...]] | None = None
    """The raw lines of each file, only where quotes were asked for."""
    digest: str = ""
    rules: int = 0
    settings: str = ""
    """The digest of the settings that were used; empty where there were none."""
    version: str = ""
    show_all: bool = False


NAMES = ("console", "plain", "paper", "json")
"""The reporters that `--format` knows; each is a module here with `write(reviews, page)`, imported only when it is asked for."""
