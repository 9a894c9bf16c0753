"""YAML text read strictly, with a line and a column for every value.

Every scalar stays text: what it means is the vocabulary's business. Nothing of
YAML that could hide or change a fact is let in: no tags, anchors, merge keys,
duplicate keys or second documents. What is wrong with a file is a `Problem`
with its place; a problem never holds anything of the file's content.

The reader consumes libyaml's events and builds the tree on a stack of its own,
so that no file, however nested, can exhaust Python's stack or libyaml's
composer.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

import yaml

from checklist.later import dataclass, pattern

try:
    # Not exported by the package itself; CSafeLoader would bring the composer.
    from yaml._yaml import CParser as _EventReader
except ImportError:  # built without libyaml: the same events, twelve times slower
    from yaml import SafeLoader as _EventReader  # type: ignore[assignment]  # the two share get_event() and dispose()


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with a file we were given, at a place in it.

    Attributes:
        file: The file as the user named it.
        line: Counted from 1.
        column: Counted from 1, in characters.
        what: What is wrong. Never any content of the file.
        hint: What would be right.
        check: Which check of the rulebook found it, such as `never-applies`; empty for case files.
    """

    file: str
    line: int
    column: int
    what: str
    hint: str = ""
    check: str = ""

    def __str__(self) -> str:
        """One line: where (of a command there is no place), what is wrong, what would be right."""
        words = f"{self.what}; {self.hint}" if self.hint else self.what
        if not self.file:
            return words
        return f"{self.file}:{self.line}:{self.column}: {words}"


class InputError(Exception):
    """Files that cannot be used, with every problem found in them, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems))
        super().__init__(self.problems)  # the one argument, so that it pickles

    def __str__(self) -> str:
        """One line a problem."""
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value, as the text that was written.

    Attributes:
        text: The text, after YAML's quoting and folding.
        plain: Written without quotes and not as a block.
        line: Counted from 1.
        column: Counted from 1.
    """

    text: str
    plain: bool
    line: int
    column: int

    @property
    def is_null(self) -> bool:
        """Whether nothing was written: an empty plain value, or YAML's `null`."""
        return self.plain and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their values, in the order of the file.

    Attributes:
        entries: The value of each key.
        places: Line and column of each key.
        line: Where the mapping begins, counted from 1.
        column: Counted from 1.
    """

    entries: dict[str, "Node"]
    places: dict[str, tuple[int, int]]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, and where it begins."""

    items: tuple["Node", ...]
    line: int
    column: int


Node: TypeAlias = Scalar | Mapping | Sequence


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold.

    Attributes:
        bytes: Size of the file.
        depth: Mappings and lists inside one another.
        values: Keys, values, mappings and lists together.
        scalar: Characters of one value.
        key: Characters of one key.
    """

    bytes: int = 1 << 20
    depth: int = 32
    values: int = 50_000
    scalar: int = 20_000
    key: int = 200


@dataclass(frozen=True, slots=True)
class Document:
    """What one file says, and what is wrong with it.

    Attributes:
        file: The file as the user named it.
        root: The tree, or None when reading had to end early or found nothing.
            Beside problems it holds what could be built: a value that could not
            is an empty quoted text, which is never taken for an absent one.
        lines: The text, line by line; the place of every value is inside it.
        problems: All that is wrong, sorted.
        notices: What is allowed but probably not meant, sorted.
        first_line: The line of the file on which `lines` begin: more than 1 where the file holds many cases.
    """

    file: str
    root: Node | None
    lines: tuple[str, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...] = ()
    first_line: int = 1


_Fault: TypeAlias = tuple[str, str]  # what is wrong, and what would be right

_NULLS: Final = frozenset({"", "null", "Null", "NULL", "~"})
_DEFAULT_LIMITS: Final = Limits()
_MOST_PROBLEMS: Final = 1_000
_LONGEST_WORD: Final = 200  # difflib is slow on long ones
_STAND_IN: Final = "\ufffd"  # one for one, so that every column stays true
_COMMENT: Final = pattern(r"([ \t]+)#(?=(\S?))")

_CONTROLS: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029"
_NOT_TEXT: Final = "\ufeff\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_FORBIDDEN: Final = pattern(f"[{_CONTROLS}{_NOT_TEXT}{_BIDI}]")
_TURNS: Final = pattern(f"[{_BIDI}]")
# What "surrogateescape" makes of a byte that is not UTF-8.
_ESCAPED_BYTE: Final = pattern("[\udc80-\udcff]")


def read_document(path: Path, *, name: str | None = None, limits: Limits = _DEFAULT_LIMITS) -> Document:
    """Read one file; whatever is wrong with it is in the document, never raised.

    Args:
        path: The file. Only a regular file is read.
        name: How to name it in problems; the path itself unless given.
        limits: How much the file may hold.
    """
    file = str(path) if name is None else name
    try:
        data = _bytes_of(path, limits)
    except _UnreadableError as error:
        return Document(file, None, (), (Problem(file, 1, 1, error.what, error.hint),))
    return parse_document(data, name=file, limits=limits)


def parse_document(data: bytes, *, name: str, limits: Limits = _DEFAULT_LIMITS, first_line: int = 1) -> Document:
    """Read the bytes of one file; whatever is wrong is in the document, never raised.

    Args:
        data: The bytes.
        name: How to name the file in problems.
        limits: How much the file may hold.
        first_line: The line of the file on which the bytes begin, where they are a part of it.
    """
    notes = _Notes(name, first_line - 1)
    lines: tuple[str, ...] = ()
    root: Node | None = None
    with suppress(_EndedError):
        text = _text_of(data, notes, limits)
        lines = tuple(text.split("\n"))
        root = _Builder(notes, limits, lines).build(text)
    return Document(name, root, lines, tuple(sorted(notes.problems)), tuple(sorted(notes.notices)), first_line)


def read_bytes(path: Path, *, name: str, limits: Limits = _DEFAULT_LIMITS) -> bytes:
    """The bytes of a regular file that is not a case, read with the same care.

    Raises:
        InputError: for a file that cannot be read whole.
    """
    try:
        return _bytes_of(path, limits)
    except _UnreadableError as error:
        raise InputError([Problem(name, 1, 1, error.what, error.hint)]) from None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Say "did you mean 'x'?" of the nearest known word, or "" when none is near.

    Capitals count for nothing, and spaces, underscores and dashes are alike.
    """
    if len(word) > _LONGEST_WORD:
        return ""
    import difflib  # noqa: PLC0415 - what was written right needs none

    spelt = {_as_spoken(other): other for other in sorted(known, reverse=True)}
    near = difflib.get_close_matches(_as_spoken(word), spelt, n=1, cutoff=0.7)
    return f"did you mean '{spelt[near[0]]}'?" if near else ""


def _as_spoken(word: str) -> str:
    return " ".join(re.split(r"[\s_-]+", word.casefold()))


class _UnreadableError(Exception):
    """The file gave no bytes, or too many."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


_FLAGS: Final = reduce(
    or_, (getattr(os, flag, 0) for flag in ("O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY")), os.O_RDONLY
)
"""Not blocking, or a pipe without a writer would hold us for ever."""


def _bytes_of(path: Path, limits: Limits) -> bytes:
    try:
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        what = f"the file cannot be opened: {_why(error)}"
        raise _UnreadableError(what, "give the path of a readable file") from None
    try:
        return _drained(handle, limits)
    except OSError as error:
        what = f"the file cannot be read: {_why(error)}"
        raise _UnreadableError(what, "copy it to another disk") from None
    finally:
        with suppress(OSError):  # nothing is lost: it was read whole, or it is refused
            os.close(handle)


def _why(error: OSError | ValueError) -> str:
    # Only the system's own words: str(error) would give the path again.
    words = error.strerror if isinstance(error, OSError) else None
    return words or "not a possible name"


def _drained(handle: int, limits: Limits) -> bytes:
    before = os.fstat(handle)
    if not stat.S_ISREG(before.st_mode):
        raise _UnreadableError(*_NOT_A_FILE)
    if before.st_size > limits.bytes:
        raise _UnreadableError(*_too_large(limits))
    data = bytearray()
    while len(data) <= limits.bytes and (more := os.read(handle, min(1 << 16, before.st_size + 1))):
        data += more
    after = os.fstat(handle)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    if not same or len(data) != after.st_size:
        raise _UnreadableError(*_CHANGED)
    return bytes(data)


_NOT_A_FILE: Final = (
    "not a regular file but a folder, pipe, socket or device",
    "give the path of a file",
)
_CHANGED: Final = (
    "the file changed while it was being read",
    "try again when nothing writes to it",
)


def _too_large(limits: Limits) -> _Fault:
    what = f"the file is larger than {limits.bytes:,} bytes"
    return what, "split it, or leave out what no rule asks for"


class _EndedError(Exception):
    """Reading ended before the end of the file; the reason is noted."""


class _Notes:
    """The problems and notices of one file, as they are met."""

    __slots__ = ("above", "file", "notices", "problems")

    def __init__(self, file: str, above: int = 0) -> None:
        self.file = file
        self.above = above  # lines of the file before what is read
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []

    def add(self, line: int, column: int, what: str, hint: str) -> None:
        self.problems.append(Problem(self.file, line + self.above, column, what, hint))
        if len(self.problems) == _MOST_PROBLEMS:
            self.end(
                line,
                column,
                "too many problems: what follows was not read",
                "put the earlier ones right first",
            )

    def end(self, line: int, column: int, what: str, hint: str) -> NoReturn:
        self.problems.append(Problem(self.file, line + self.above, column, what, hint))
        raise _EndedError

    def notice(self, line: int, column: int, what: str, hint: str) -> None:
        self.notices.append(Problem(self.file, line + self.above, column, what, hint))


def _text_of(data: bytes, notes: _Notes, limits: Limits) -> str:
    """Decode, with one kind of line end, and every refused character noted and replaced."""
    if len(data) > limits.bytes:
        notes.end(1, 1, *_too_large(limits))
    # Half of UTF-16 Latin text is zero bytes, three quarters of UTF-32.
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) * 3 > len(data):
        notes.end(1, 1, "not UTF-8 but UTF-16 or UTF-32", _UTF8)
    # libyaml would count a byte order mark as a column.
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # All that is forbidden is unprintable, and that is far quicker to ask.
    if not text.replace("\n", "").isprintable() and _FORBIDDEN.search(text):
        for line, words in enumerate(text.split("\n"), 1):
            for found in _FORBIDDEN.finditer(words):
                notes.add(line, found.start() + 1, *_refusal(found.group()))
        text = _FORBIDDEN.sub(_STAND_IN, text)
    return text


def _refusal(character: str) -> _Fault:
    code = f"U+{ord(character):04X}"
    if _ESCAPED_BYTE.match(character):
        return "not valid UTF-8", _UTF8
    if _TURNS.match(character):
        return f"a character that turns the direction of writing ({code})", "delete it"
    if character == "\ufeff":
        return f"a byte order mark inside the text ({code})", "delete it"
    return f"a control character or other that is no text ({code})", "delete it"


class _Frame:
    """A mapping or a list that is still open."""

    __slots__ = ("column", "entries", "items", "key", "line", "places", "wants_key")

    def __init__(self, line: int, column: int, *, is_list: bool) -> None:
        self.line = line
        self.column = column
        self.items: list[Node] | None = [] if is_list else None
        self.entries: dict[str, Node] = {}
        self.places: dict[str, tuple[int, int]] = {}
        self.wants_key = not is_list
        self.key: str | None = None  # None: refused, and its value is not kept

    def node(self) -> Node:
        if self.items is None:
            return Mapping(self.entries, self.places, self.line, self.column)
        return Sequence(tuple(self.items), self.line, self.column)

    def put(self, node: Node) -> None:
        if self.items is not None:
            self.items.append(node)
        elif self.wants_key:  # a list or a mapping as a key, already noted
            self.name(None)
        else:
            if self.key is not None:
                self.entries[self.key] = node
            self.wants_key = True

    def name(self, key: str | None) -> None:
        self.key = key
        self.wants_key = False


class _Builder:
    """Events in, a tree out, on a stack of open frames.

    Every value of every file passes through `scalar`, which is written for speed.
    """

    __slots__ = ("above", "count", "frame", "hashed", "limits", "lines", "notes", "outer")

    def __init__(self, notes: _Notes, limits: Limits, lines: tuple[str, ...]) -> None:
        self.notes = notes
        self.above = notes.above
        self.limits = limits
        self.lines = lines
        self.hashed = {number for number, line in enumerate(lines) if "#" in line}
        self.frame = _Frame(1, 1, is_list=True)  # the list of the file's documents
        self.outer: list[_Frame] = []
        self.count = 0

    def build(self, text: str) -> Node:
        """Read all events, and give the root of the first document."""
        reader = _EventReader(text)
        try:
            self.drain(reader.get_event)
        except yaml.MarkedYAMLError as error:
            fault, at_start = _in_our_words(error.problem or "")
            mark: Any = (error.context_mark if at_start else None) or error.problem_mark
            self.notes.end(*self.inside(mark.line + 1, mark.column + 1), *fault)
        except (yaml.YAMLError, ValueError, OverflowError):
            # Only the pure parser: an escape past U+10FFFF, a version of 5,000 digits.
            self.notes.end(1, 1, *_NOT_YAML)
        finally:
            reader.dispose()
        root = self.frame.items[0] if self.frame.items else None
        if root is None or (isinstance(root, Scalar) and root.plain and not root.text):
            self.notes.end(1, 1, "the file is empty", "write at least one `key: value`")
        return root

    def inside(self, line: int, column: int) -> tuple[int, int]:
        # libyaml ends a last line that nobody ended, and complains on the next.
        last = len(self.lines)
        return (line, column) if line <= last else (last, len(self.lines[-1]) + 1)

    def drain(self, next_event: Callable[[], yaml.Event | None]) -> None:
        # An event's fields are known by its class, which is the key of this table.
        handlers: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.opened,
            yaml.MappingEndEvent: self.closed,
            yaml.SequenceStartEvent: self.opened,
            yaml.SequenceEndEvent: self.closed,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }
        while (event := next_event()) is not None:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)
                if self.count > self.limits.values:
                    what = f"more than {self.limits.values:,} keys and values"
                    self.notes.end(*_place(event), what, "split the file")

    def scalar(self, event: yaml.ScalarEvent) -> None:
        mark: Any = event.start_mark  # None to the stubs, never to a parser
        line, column = mark.line + 1, mark.column + 1
        self.count += 1
        if event.anchor is not None or event.tag is not None:
            self.dressed(event)
        frame, text, plain = self.frame, event.value, not event.style
        if frame.wants_key:
            frame.name(self.key(text, line, column, plain=plain))
            return
        if not plain or len(text) > self.limits.scalar:
            text, plain = self.checked(event), False
        elif self.hashed:
            self.comment(event)
        if line > len(self.lines):  # an absent value after a key whose line nobody ended
            line, column = self.inside(line, column)
        frame.put(Scalar(text, plain, line + self.above, column))

    def key(self, text: str, line: int, column: int, *, plain: bool) -> str | None:
        """The key, its place taken down; or None when it was refused."""
        places = self.frame.places
        fault = _fault_of_key(text, self.limits, plain=plain)
        if fault is None and text in places:
            what = f"the same key is given twice, first on line {places[text][0]}"
            fault = (what, "keep one of them")
        if fault is not None:
            self.notes.add(line, column, *fault)
            return None
        places[text] = (line + self.above, column)
        return text

    def comment(self, event: yaml.ScalarEvent) -> None:
        """Notice a comment that looks like the end of the plain value before it.

        Two blanks, a hash and a blank are a comment on purpose, and so are a hash
        and a blank where no value was written.
        """
        mark: Any = event.end_mark
        if mark.line not in self.hashed:
            return
        found = _COMMENT.match(self.lines[mark.line], mark.column)
        if found and (found.group(2) or (event.value and len(found.group(1)) == 1)):
            self.notes.notice(mark.line + 1, found.end(), *_COMMENTED)

    def checked(self, event: yaml.ScalarEvent) -> str:
        """The text of a quoted, block or over-long value; "" if it cannot be kept."""
        text: str = event.value
        line, column = _place(event)
        if len(text) > self.limits.scalar:
            what = f"a value is longer than {self.limits.scalar:,} characters"
            self.notes.add(line, column, what, "shorten it, or split it")
            return ""
        # An escape may bring what the raw text could not.
        found = None if text.isprintable() else _FORBIDDEN.search(text)
        if found is None:
            return text
        what, hint = _refusal(found.group())
        self.notes.add(line, column, f"an escape in this text makes {what}", hint)
        return _FORBIDDEN.sub(_STAND_IN, text)

    def dressed(self, event: yaml.NodeEvent) -> None:
        """Refuse the anchor or the tag that a value wears."""
        line, column = _place(event)
        if event.anchor is not None:
            self.notes.add(line, column, *_NO_ANCHORS)
        if getattr(event, "tag", None) is not None:  # an alias has none to ask for
            self.notes.add(line, column, *_NO_TAGS)

    def alias(self, event: yaml.AliasEvent) -> None:
        line, column = _place(event)
        self.count += 1
        self.dressed(event)
        self.frame.put(Scalar("", plain=False, line=line + self.above, column=column))

    def opened(self, event: yaml.CollectionStartEvent) -> None:
        line, column = _place(event)
        self.count += 1
        if event.anchor is not None or event.tag is not None:
            self.dressed(event)
        if self.frame.wants_key:
            self.notes.add(line, column, *_NOT_A_KEY)
        self.outer.append(self.frame)
        if len(self.outer) > self.limits.depth:
            what = f"nested more than {self.limits.depth} deep"
            self.notes.end(line, column, what, "two levels are enough for a case")
        is_list = isinstance(event, yaml.SequenceStartEvent)
        self.frame = _Frame(line + self.above, column, is_list=is_list)

    def closed(self, _: yaml.CollectionEndEvent) -> None:
        node = self.frame.node()
        self.frame = self.outer.pop()
        self.frame.put(node)

    def document(self, event: yaml.DocumentStartEvent) -> None:
        line, column = _place(event)
        # The pure parser is silent on a directive that it does not know.
        if self.lines[line - 1].startswith("%", column - 1):
            self.notes.add(line, column, *_NO_DIRECTIVES)
        if self.frame.items:
            hint = "keep one document in a file, or delete the `---`"
            self.notes.add(line, column, "a second document begins here", hint)


def _place(event: yaml.Event) -> tuple[int, int]:
    mark: Any = event.start_mark
    return mark.line + 1, mark.column + 1


def _fault_of_key(text: str, limits: Limits, *, plain: bool) -> _Fault | None:
    if not text:
        return "a key is empty", "write the key before the colon"
    if plain and text == "<<":
        return "merge keys (<<) are not allowed", "write the keys out"
    if len(text) > limits.key:
        return f"a key is longer than {limits.key:,} characters", "shorten it"
    if text != text.strip() or not text.isprintable():
        return _ODD_KEY
    return None


def _in_our_words(problem: str) -> tuple[_Fault, bool]:
    """The fault, and whether to place it where the broken thing began.

    The parser's own words are only looked up: those of the pure one quote the file.
    """
    for theirs, fault, at_start in _SYNTAX:
        if theirs in problem:
            return fault, at_start
    return _NOT_YAML, False


_COMMENTED: Final = (
    "everything from this # on is a comment and not part of the value",
    "put the value in quotes, or two blanks before the # and one after it",
)
_UTF8: Final = "save the file as UTF-8"
_NO_ANCHORS: Final = (
    "anchors and aliases are not allowed",
    "write the value out, or quote a text that begins with & or *",
)
_NO_DIRECTIVES: Final = (
    "directives are not allowed",
    "delete the lines that begin with %",
)
_NO_TAGS: Final = (
    "tags are not allowed",
    "delete the tag, or quote a text that begins with !",
)
_NOT_A_KEY: Final = (
    "a key must be plain text, not a list or a mapping",
    "write it as words, or quote a text that holds [ or {",
)
_ODD_KEY: Final = (
    "a key holds odd white space or invisible characters",
    "type the key again, with ordinary blanks",
)
_NOT_YAML: Final = (
    "not valid YAML from here on",
    "look at the quotes, colons and indentation here and just above",
)
_OPEN_QUOTE: Final = ("a quote that is never closed", "close it")
_OPEN_BRACKET: Final = (
    "a bracket that is never closed, or a comma missing or too many",
    "close it, or quote a text that begins with [ or {",
)
_MISPLACED: Final = (
    "a line that does not fit the lines above it",
    "indent it like its neighbours, with blanks and not tabs",
)
_SECOND_COLON: Final = (
    "a second colon in one line, or a line that is indented too far",
    "quote a text that holds a colon and a blank; after the colon of a key type an ordinary blank",
)
_SECOND_PART: Final = (
    "text after the end of the document",
    "keep one document in a file, and begin its keys in one column",
)
_NO_COLON: Final = ("a key without its colon", "write `key: value`")
_BAD_START: Final = (
    "a tab, or a character that no value may begin with",
    "indent with blanks, or put the value in quotes",
)
_BAD_ESCAPE: Final = (
    "an escape that YAML does not know",
    "double the backslash, or use single quotes",
)
_BAD_ITEM: Final = (
    "a list item where none can stand",
    "begin the list on a line of its own",
)

# A newer libyaml counts for itself, and looks ahead, so that it may be the first to give up.
_TOO_DEEP: Final = ("nested more than a thousand deep", "two levels are enough for a case")

# A part of libyaml's words or the pure parser's, what we say, and whether to say it
# where the broken thing began: the parser itself gives up only at the end of the file.
_SYNTAX: Final[tuple[tuple[str, _Fault, bool], ...]] = (
    ("exceeded maximum nesting depth", _TOO_DEEP, False),
    ("mapping values are not allowed", _SECOND_COLON, False),
    ("cannot start any token", _BAD_START, False),
    ("tab character", _BAD_START, False),
    ("found unexpected end of stream", _OPEN_QUOTE, True),
    ("found unexpected document", _OPEN_QUOTE, True),
    ("',' or ']'", _OPEN_BRACKET, True),
    ("',' or '}'", _OPEN_BRACKET, True),
    ("node content", _OPEN_BRACKET, False),
    ("could not find expected ':'", _NO_COLON, True),
    ("escape character", _BAD_ESCAPE, False),
    ("entries are not allowed", _BAD_ITEM, False),
    ("alphabetic or numeric", _NO_ANCHORS, True),
    ("tag handle", _NO_TAGS, False),
    ("directive", _NO_DIRECTIVES, True),
    ("document start>", _SECOND_PART, False),
    ("expected key", _MISPLACED, False),
    ("block end>", _MISPLACED, False),
    ("'-' indicator", _MISPLACED, False),
)
