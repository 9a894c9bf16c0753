"""A tree of nodes as YAML text: what `source` read, written so that it reads the same again.

Nothing is kept of how it was written but its words and their order: comments, quotes and blank lines are gone. What is not
plainly a word, a number or a date stands in double quotes, with every character that is not printed escaped.
"""

from collections.abc import Iterator
from typing import Final

from checklist.later import pattern
from checklist.source import Mapping, Node, Scalar, Sequence

_WIDTH: Final = 100
_PLAIN: Final = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9 _./@+'()-]|:(?=[A-Za-z0-9]))*(?<! )")
_NULLS: Final = ("", "null", "Null", "NULL", "~")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def written(root: Node) -> str:
    """The text of a tree, ended by a line end; read again it gives the same keys, texts and nulls in the same order."""
    if isinstance(root, Scalar) or not _members(root):
        return f"{_inline(root)}\n"
    return "".join(f"{line}\n" for line in _block(root, 0))


def _members(node: Mapping | Sequence) -> int:
    return len(node.entries if isinstance(node, Mapping) else node.items)


def _block(node: Mapping | Sequence, indent: int) -> Iterator[str]:
    """The lines of a mapping or a list that holds something; a list's first word stands behind its dash."""
    pad = " " * indent
    if isinstance(node, Mapping):
        for key, value in node.entries.items():
            head = f"{pad}{_word(key)}:"
            if (short := _short(value, len(head))) is not None:
                yield f"{head} {short}" if short else head
            else:
                yield head
                yield from _block(_nested(value), indent + 2)
        return
    for item in node.items:
        if (short := _short(item, indent + 1)) is not None:
            yield f"{pad}- {short}" if short else f"{pad}-"
        else:
            first, *rest = _block(_nested(item), indent + 2)
            yield f"{pad}- {first[indent + 2 :]}"
            yield from rest


def _nested(node: Node) -> Mapping | Sequence:
    if isinstance(node, Scalar):  # a scalar is always short
        raise TypeError
    return node


def _short(node: Node, before: int) -> str | None:
    """The node on what is left of the line; None where it needs lines of its own."""
    if isinstance(node, Scalar):
        return _inline(node)
    if not _members(node):
        return _inline(node)
    if _depth(node) > 2 or _has_blank(node):
        return None
    text = _inline(node)
    return text if before + 1 + len(text) <= _WIDTH else None


def _depth(node: Node) -> int:
    if isinstance(node, Scalar):
        return 0
    held = node.entries.values() if isinstance(node, Mapping) else node.items
    return 1 + max(map(_depth, held), default=0)


def _has_blank(node: Node) -> bool:
    """Whether something in it is written as nothing at all, which has no place between brackets."""
    if isinstance(node, Scalar):
        return node.plain and not node.text
    return any(map(_has_blank, node.entries.values() if isinstance(node, Mapping) else node.items))


def _inline(node: Node) -> str:
    if isinstance(node, Scalar):
        return node.text if node.is_null else _word(node.text)
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{_word(key)}: {_inline(value)}" for key, value in node.entries.items()) + "}"
    return "[" + ", ".join(map(_inline, node.items)) + "]"


def _word(text: str) -> str:
    """A text, in quotes where it is not plainly one; never a null, and never anything but itself."""
    if text not in _NULLS and _PLAIN.fullmatch(text):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
