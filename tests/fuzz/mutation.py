"""Input made wrong: bytes changed in place, and trees of YAML whose branches are swapped, cut and grafted."""

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from checklist.source import Mapping, Node, Scalar, parse_document
from checklist.source import Sequence as Items

Tree: TypeAlias = Any
"""What JSON can hold: mappings, lists and texts."""

_MOST = 4_000
"""Bytes of one input: what breaks a reader is seldom long, and many short ones are tried in the time of a long one."""
_ODD: tuple[bytes, ...] = (
    *(
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xae",
        b"\xc2\x85",
        b"\x1b[31m",
        b"\r",
        b"\t",
        b" #",
    ),
    *(
        b"&a ",
        b"*a",
        b"!!int ",
        b"<<: ",
        b"---\n",
        b"...\n",
        b"%YAML 1.1\n",
        b"? ",
        b"- ",
        b": ",
        b"|\n",
        b">-\n",
        b'"',
    ),
    *(b"'", b"[", b"]", b"{", b"}", b",", b"\n", b"\\x00", b"\\uD800", b"\\U0010FFFF", b"null", b"~", b"=", b"0x1F"),
    *(
        b"1e400",
        b"9" * 40,
        b"12:30",
        b"2016-02-30",
        b"../2016",
        b"day 99999999",
        b"-1",
        b"\xd9\xa7",
        b"\xf0\x9f\x98\x80",
    ),
)


class Mutator:
    """Makes inputs out of seeds, the same ones for the same number.

    Args:
        seeds: inputs that are right, or nearly.
        words: what may stand in such an input.
        number: seeds the choices.
    """

    def __init__(self, seeds: Sequence[bytes], words: Sequence[str], number: int) -> None:
        self.seeds = [seed[:_MOST] for seed in seeds]
        self.words = [word.encode() for word in words] or [b"a"]
        self.texts = list(words) or ["a"]
        self.random = random.Random(number)  # noqa: S311  # chance, not secrecy
        self.trees = [tree for seed in seeds if (tree := tree_of(seed)) is not None]
        self.branches = [branch for tree in self.trees for branch in _branches(tree)][:20_000]

    def scratched(self) -> bytes:
        """A seed with some of its bytes changed."""
        data = bytearray(self.random.choice(self.seeds))
        for _ in range(1 + self.random.getrandbits(2)):
            self._change(data)
        return bytes(data[:_MOST])

    def _change(self, data: bytearray) -> None:
        chance = self.random
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + 1 + int(chance.expovariate(0.1)))
        match chance.randrange(8):
            case 0 if data:
                data[min(at, len(data) - 1)] = chance.getrandbits(8)
            case 1:
                del data[at:to]
            case 2:
                data[at:at] = data[at:to]
            case 3:
                data[at:at] = chance.choice(_ODD)
            case 4:
                data[at:to] = chance.choice(self.words)
            case 5:
                other = chance.choice(self.seeds)
                start = chance.randrange(len(other) + 1)
                data[at:to] = other[start : start + 1 + int(chance.expovariate(0.02))]
            case 6:
                lines = data.split(b"\n")
                first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[first], lines[second] = lines[second], lines[first]
                data[:] = b"\n".join(lines)
            case _:
                data[at:at] = chance.choice(self.words)

    def grafted(self) -> bytes:
        """A seed with some of its branches changed, as YAML on one line."""
        tree = json.loads(json.dumps(self.random.choice(self.trees)))
        for _ in range(1 + self.random.getrandbits(2)):
            tree = self._graft(tree)
        return json.dumps(tree, ensure_ascii=False).replace("/", "\\/").encode("utf-8", "surrogatepass")[: 4 * _MOST]

    def _graft(self, tree: Tree) -> Tree:
        chance = self.random
        places = list(_places(tree))
        if not places:
            return chance.choice(self.branches)
        holder, key = chance.choice(places)
        match chance.randrange(6):
            case 0:
                del holder[key]
            case 1:
                holder[key] = _copy(chance.choice(self.branches))
            case 2:
                holder[key] = chance.choice(self.texts)
            case 3 if isinstance(holder, dict):
                holder[chance.choice(self.texts)] = holder.pop(key)
            case 4:
                holder[key] = [holder[key]]
            case _:
                other, at = chance.choice(places)
                holder[key] = _copy(other.get(at) if isinstance(other, dict) else other[at] if at < len(other) else "")
        return tree


def tree_of(data: bytes) -> Tree | None:
    """The tree of an input that can be read; None of any other."""
    root = parse_document(data, name="seed").root
    return None if root is None else _plain(root)


def _plain(node: Node) -> Tree:
    match node:
        case Scalar():
            return node.text
        case Items():
            return [_plain(item) for item in node.items]
        case Mapping():
            return {key: _plain(value) for key, value in node.entries.items()}


def _copy(tree: Tree) -> Tree:
    return json.loads(json.dumps(tree))


def _places(tree: Tree) -> Iterator[tuple[Any, Any]]:
    """Every place of a tree, as what holds it and its key or number."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inside:
        yield tree, key
        yield from _places(value)


def _branches(tree: Tree) -> Iterator[Tree]:
    yield tree
    for holder, key in _places(tree):
        yield holder[key]
