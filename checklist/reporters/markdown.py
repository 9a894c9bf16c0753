"""The report as Markdown: for a merge request, a job's summary, a wiki.

Markdown takes almost any mark for markup, and the sites that show it add more: a name after an at sign notifies somebody,
a number after a hash refers to something, what looks like an address becomes a link. Backslashes do not stop the sites, for
they read what is left when Markdown has been read. So a text is made of two things alone: words in which nothing can be
taken for markup, and code, inside which nobody looks.
"""

import re
from collections.abc import Iterable, Iterator

from checklist.later import dataclass, pattern
from checklist.reporters.overview import Printed
from checklist.reporters.report import Line, Role, Table, carried, visible


class Report(Printed):
    """Each review under a title of its own, and at the end what all come to."""

    def text(self, lines: Iterable[Line | Table]) -> str:
        """The lines as Markdown."""
        return drawn(lines, unicode=self.page.unicode)


@dataclass(frozen=True, slots=True)
class _Block:
    """Some lines of Markdown. Items of a list follow each other; all else stands apart."""

    text: str
    is_item: bool = False


def drawn(lines: Iterable[Line | Table], *, unicode: bool = True) -> str:
    """Lines of a report as Markdown.

    Args:
        lines: what is to be said, as `compose` or `overview` gives it.
        unicode: False for where only ASCII can be written.
    """
    told: list[str] = []
    before = _Block("")
    for block in _blocks(lines, _Hand(unicode=unicode)):
        if told and not (block.is_item and before.is_item):
            told.append("")
        told.append(block.text)
        before = block
    return "".join(f"{text}\n" for text in told)


def _blocks(lines: Iterable[Line | Table], hand: "_Hand") -> Iterator[_Block]:
    code: list[Line] = []
    in_list = False
    for line in lines:
        if isinstance(line, Line) and line.role in (Role.CODE, Role.CARET):
            code.append(line)
            continue
        if code:
            yield _Block(hand.fenced(code))
            code, in_list = [], False
        block = _table(line, hand) if isinstance(line, Table) else _block(line, hand, in_list=in_list)
        in_list = block is not None and block.is_item
        if block is not None:
            yield block
    if code:
        yield _Block(hand.fenced(code))


def _block(line: Line, hand: "_Hand", *, in_list: bool) -> _Block | None:
    """A line by its role; a label says what the place of a line says on a page."""
    words = hand.words(", ".join(line.text.split("   ")) if line.role is Role.VERDICT else line.text)
    if not words or line.role is Role.ANSWER:
        return None
    if line.role is Role.STRONG:
        words = f"**{words}**"
    if line.role not in _OPENS:
        return _led(line, words, hand, in_list=in_list)
    opens, closes = _OPENS[line.role]
    return _Block(f"{opens}{words}{closes}")


_OPENS = {
    Role.TITLE: ("# ", ""),
    Role.HEADING: ("## ", ""),
    Role.VERDICT: ("### ", ""),
    Role.BANNER: ("> **", "**"),
}


_SIGN = pattern(r"\A[!>-] (?!.*:[0-9]+:[0-9]+ *\Z)", re.DOTALL)
"""What a line of the timeline begins with; its words say the same. A place in a file may begin with anything."""
_NUMBERED = pattern(r" *[0-9]+\. ")
_DEEP = "    "


def _led(line: Line, words: str, hand: "_Hand", *, in_list: bool) -> _Block:
    """A paragraph or an item, by what stands before the text."""
    lead = line.lead.strip()
    under = line.lead and (not lead or line.lead.startswith(_DEEP))
    inner = "  " if in_list and under else ""
    if line.role is Role.LABELLED:
        label = hand.words(_SIGN.sub("", line.lead, count=1).strip())
        return _Block(f"{inner}- **{label}** {words}" if label else f"{inner}- {words}", is_item=True)
    if lead in ("-", "+"):
        return _Block(f"{inner}- {words}", is_item=True)
    if _NUMBERED.fullmatch(line.lead):
        return _Block(f"{lead} {words}", is_item=True)
    if lead:
        words = f"{hand.words(lead)} {words}"
    return _Block(f"{inner}- {words}", is_item=True) if inner else _Block(words)


def _table(table: Table, hand: "_Hand") -> _Block:
    """Words on the left, numbers on the right."""
    marks = ("---", *("---:" for _ in table.headings[1:]))
    rows = (_row(hand.words(cell, is_inside=True) for cell in cells) for cells in (table.headings, *table.rows))
    head, *others = rows
    return _Block("\n".join((head, _row(marks), *others)))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


# Text from a file is data: a word in which nothing can be taken for markup, or code.

_LETTER = r"(?:[A-Za-z0-9]|[^\x00-\x7f])"
_PLAIN = pattern(
    rf"""
    (?! .* (?i: gh-[0-9] | www ) )                # to GitHub, an issue and an address, with nothing after its first dot
    {_LETTER}+
    (?: (?: (?:[-,;'"()]|/(?!/))+ | (?<=[0-9])[.:](?=[0-9]) ) {_LETTER}+ )*
    (?: (?<=[0-9])% )?
    """,
    re.VERBOSE,
)
_ALONE = ("-", "+", "=", "/", "&", "%", "...")
"""Signs that mean nothing to Markdown between two spaces; but for the last, not at the beginning of a line."""
_NUMBER = pattern(r"[0-9]+[.)]")
"""At the beginning of a line, an item of a list."""
_OPENING, _CLOSING = "\"'(", "-,;.:?!'\")"
_QUOTED = r"`[^`|\s](?:[^`|]*[^`|\s])?`"
"""What is between two backticks is meant to be code, also if it is more than a word."""
_LIST = r"\[[^\[\]`|]*\]"
"""A list as a case file has it is easier to read as one piece."""
_WORD = pattern(rf"[\"'(]*(?:{_QUOTED}|{_LIST})[-,;.:?!'\")]*(?=\s|$)|\S+")
_TICKS = pattern("`+")
_PIPE = "&#124;"
"""A pipe that splits no row: backslashes before it are counted differently by different readers."""


@dataclass(frozen=True, slots=True)
class _Hand:
    """Writes text so that it is read as text."""

    unicode: bool

    def words(self, text: str, *, is_inside: bool = False) -> str:
        """A text on one line, of plain words and code; `is_inside` if it never stands where a line begins."""
        words = _WORD.findall(visible(text))
        return " ".join(self._word(word, is_first=not (is_inside or number)) for number, word in enumerate(words))

    def _word(self, word: str, *, is_first: bool) -> str:
        """A word, with what opens before it and closes after it left out of the code."""
        if word == "..." or (word in _ALONE and not is_first):
            return word
        rest = word.lstrip(_OPENING)
        core = rest.rstrip(_CLOSING)
        before, after = word[: len(word) - len(rest)], rest[len(core) :]
        if not core or after.count(":") > 1 or (is_first and _NUMBER.fullmatch(word)):
            return self._code(word)
        is_plain = _PLAIN.fullmatch(core) and word.count(":") <= 1  # between two colons `100` is an emoji to GitHub
        if is_plain or (core in _ALONE and not is_first):
            return f"{before}{self._plain(core)}{after}"
        told = core[1:-1] if re.fullmatch(_QUOTED, core) else core
        return f"{before}{self._code(' '.join(told.split()))}{after}"

    def _plain(self, word: str) -> str:
        return word if self.unicode else word.encode("ascii", "xmlcharrefreplace").decode()

    def _code(self, word: str) -> str:
        return _PIPE.join(self._span(part) if part else "" for part in word.split("|"))

    def _span(self, word: str) -> str:
        """Code between more backticks than stand together in it."""
        told = carried(word, unicode=self.unicode)
        ticks = "`" * (_longest(told) + 1)
        room = " " if told.startswith("`") or told.endswith("`") else ""
        return f"{ticks}{room}{told}{room}{ticks}"

    def fenced(self, lines: Iterable[Line]) -> str:
        """Lines of a file as they stand there, with what stands under them."""
        told = [f"{visible(line.lead)}{visible(line.text)}".rstrip() for line in lines]
        if not self.unicode:
            told = [carried(text, unicode=False) for text in told]
        fence = "`" * max(3, 1 + max(map(_longest, told)))
        return "\n".join((fence, *told, fence))


def _longest(text: str) -> int:
    """The most backticks that stand together."""
    return max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
