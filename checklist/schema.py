"""Typed fields out of a file's nodes, with every problem kept and none raised."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from checklist.source import Mapping, Node, Problem, Scalar, did_you_mean, parse_document, read_bytes
from checklist.source import Sequence as Items
from checklist.versions import digest_of

At = Node | tuple[int, int]
_MOST_DIGITS = 9


class Reading:
    """Reads one file: what it asks for comes back typed, or as a default with a problem noted at its line."""

    def __init__(self, file: str, *, quotes: bool = True) -> None:
        self.file = file
        self.quotes = quotes
        """Whether a problem may repeat what the file says: a rule's words, never a case's."""
        self.problems: list[Problem] = []

    def refuse(self, at: At, what: str, hint: str = "", *, check: str = "") -> None:
        """Notes a problem at a node or at a (line, column), both counted from 1."""
        line, column = at if isinstance(at, tuple) else (at.line, at.column)
        self.problems.append(Problem(self.file, line, column, what, hint, check))

    def said(self, word: str) -> str:
        """A word of the file, in quotes where the file may be quoted."""
        return repr(word) if self.quotes else "this"

    def mapping(self, node: Node, what: str) -> Mapping | None:
        """The node as a mapping, or None and a problem."""
        if isinstance(node, Mapping):
            return node
        self.refuse(node, f"{what} must be a mapping of keys to values", "write `key: value` lines under it")
        return None

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The items of a list; nothing, and a problem, if it is no list."""
        if node is None:
            return ()
        if isinstance(node, Items):
            return node.items
        self.refuse(node, f"{what} must be a list", "write `[a, b]`, or `- a` lines")
        return ()

    def only(self, mapping: Mapping, known: Iterable[str], what: str) -> None:
        """Refuses every key that is not known, at the key's place."""
        words = tuple(known)
        for key, place in mapping.places.items():
            if key not in words:
                self.refuse(
                    place,
                    f"{what} has no key {key!r}" if self.quotes else f"{what} has no such key",
                    did_you_mean(key, words) or f"known: {', '.join(words)}",
                )

    def text_of(self, node: Node, what: str) -> str:
        """The text of a scalar, or an empty one and a problem."""
        if isinstance(node, Scalar):
            return "" if node.is_null else node.text
        self.refuse(node, f"{what} must be a text on one line")
        return ""

    def text(self, mapping: Mapping, key: str, *, required: bool = False) -> str:
        """The text under a key; empty if it is absent (a problem if it is required)."""
        node = mapping.entries.get(key)
        found = "" if node is None else self.text_of(node, f"{key!r}")
        if required and not found:
            self.refuse(node or mapping, f"{key!r} is missing", f"write `{key}: ...`")
        return found

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """The texts of a list, or of one scalar standing for a list of one."""
        if node is None:
            return ()
        if isinstance(node, Scalar):
            return (node.text,)
        return tuple(self.text_of(item, f"an item of {what}") for item in self.items(node, what))

    def choice(
        self, mapping: Mapping, key: str, options: Sequence[str], *, default: str = "", required: bool = False
    ) -> str:
        """One of the options; else the default and a problem that names them."""
        found = self.text(mapping, key, required=required)
        if not found:
            return default
        if found in options:
            return found
        self.refuse(mapping.entries[key], f"{key!r} cannot be {self.said(found)}", expected(found, options))
        return default

    def flag(self, mapping: Mapping, key: str) -> bool:
        """Whether a key says `yes`; `no` and absence are False, anything else is a problem."""
        return self.choice(mapping, key, ("yes", "no"), default="no") == "yes"

    def number(self, mapping: Mapping, key: str) -> int:
        """The whole number under a key; 0 if it is absent, or none (and then a problem)."""
        found = self.text(mapping, key)
        if not found:
            return 0
        number = whole_number(found)
        if number is None:
            self.refuse(mapping.entries[key], f"{key!r} must be a whole number", "write it in digits")
        return number or 0


def opened(path: Path) -> tuple[Reading, Node | None, str]:
    """A file of ours, read once so that the digest is that of what was read: a reading of it, its root, and its digest.

    Raises:
        InputError: for a file that cannot be read.
    """
    data = read_bytes(path, name=path.name)
    document = parse_document(data, name=path.name)
    reading = Reading(document.file)
    reading.problems.extend(document.problems)
    return reading, document.root, digest_of(data)


def whole_number(text: str) -> int | None:
    """The number that a text writes in at most nine digits; None if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def expected(found: str, options: Sequence[str]) -> str:
    """The hint for a wrong option: the nearest word if there is one, and what would be right."""
    near = did_you_mean(found, options)
    right = f"expected one of: {', '.join(options)}"
    return f"{near} ({right})" if near else right
