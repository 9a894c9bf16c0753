"""Text as an eye reads it: one spelling for every way to write a letter, with the way back to the place in the file."""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

_MOST = 4
"""Characters that one may become: the longest ligature that anybody writes has three."""
# Letters of other alphabets that look like Latin ones, and letters that no decomposition takes apart.
_ALIKE: Final = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝһӏɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανιøØłŁıđĐðÐħŧ",
        "ABESIJKMHOPCTYXaesijopcyxdqwhlgABEZHIKMNOPTYXoavioOlLidDdDht",
        strict=True,
    )
) | {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "−": "-", "·": "."}  # noqa: RUF001 - letters that are meant
_APOSTROPHES: Final = frozenset("‘’ʼ′`´")  # noqa: RUF001 - as above


@lru_cache(maxsize=4096)
def _read(character: str) -> str:
    """What an eye makes of one character: at most four, none for what cannot be seen."""
    if character < "\x80":
        return character
    if character in _APOSTROPHES:
        return "'"
    read = ""
    for part in unicodedata.normalize("NFKD", character)[:_MOST]:
        read += _part(part)
    return read


def _part(part: str) -> str:
    if part < "\x80" or part in _ALIKE:
        return _ALIKE.get(part, part)
    kind = unicodedata.category(part)
    if kind in ("Mn", "Cf"):  # accents; zero-width characters, soft hyphens, marks of direction
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(part))
    return {"Pd": "-", "Zs": " "}.get(kind, part)


def plain(text: str) -> str:
    """A text as an eye reads it."""
    return text if text.isascii() else "".join(map(_read, text))


class Page:
    """The lines of a file as an eye reads them, in one text."""

    __slots__ = ("_measured", "_starts", "lines", "raw", "text")

    def __init__(self, lines: Sequence[str]) -> None:
        self.raw = lines
        whole = "\n".join(lines)
        if whole.isascii():
            self.lines = lines
            self.text = whole
        else:
            self.lines = [plain(line) for line in lines]
            self.text = "\n".join(self.lines)
        self._starts: list[int] | None = None
        self._measured: tuple[int, list[int]] = (-1, [])

    @property
    def starts(self) -> list[int]:
        """Where each line begins in the text."""
        if self._starts is None:
            self._starts = [0, *accumulate(len(line) + 1 for line in self.lines)]
        return self._starts

    def place(self, at: int) -> tuple[int, int]:
        """The line (from 0) and the column (from 0, in the file's own characters) of a place in the text."""
        line = bisect_right(self.starts, at, hi=max(len(self.lines), 1)) - 1
        return line, self.column(line, at - self.starts[line])

    def column(self, line: int, at: int) -> int:
        """The file's own column of a place in a line as it is read."""
        if self.lines[line] is self.raw[line]:
            return at
        if self._measured[0] != line:
            # For each character, where it ends as it is read.
            self._measured = (line, [*accumulate(len(_read(character)) for character in self.raw[line])])
        return bisect_right(self._measured[1], at)
