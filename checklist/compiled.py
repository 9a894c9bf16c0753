"""A checked rulebook as one text that is quick to read: what its YAML came to, so that no run has to check it again.

It is data, and nothing in it runs: names of our own frozen classes, and their fields. It holds the digests of the files, and of this program's
own rooms, by which it was made; where one of them is another now, it is nothing, and the YAML is read. What only the tools for authors need
(examples, the tree of each file) is not in it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from checklist.clocks import Calendar, Limit, Moment, Precision, Unit
from checklist.conditions import AllOf, AnyOf, Not, Op, Quantified, Quantifier, Test
from checklist.conditions import Path as FactPath
from checklist.findings import Severity, Source, Standing, Verdict
from checklist.rules import Blocks, Checklist, Deadline, LimitByValue, Rule, Schedule, Start, Version
from checklist.source import Mapping
from checklist.vocabulary import FactKind, FactType, Failing, Kind, Vocabulary

NAME = "rulebook.json"
FORMAT = "compiled-rulebook/1"
_WORDS: tuple[type[Enum], ...] = (FactKind, Op, Precision, Quantifier, Severity, Standing, Unit, Verdict)
_PARTS: tuple[type[Any], ...] = (
    AllOf, AnyOf, Blocks, Calendar, Checklist, Deadline, FactPath, FactType, Failing, Kind, Limit, LimitByValue, Mapping, Moment, Not,
    Quantified, Rule, Schedule, Source, Start, Test, Version, Vocabulary,
)  # fmt: skip
_MADE_BY = (
    "assignments",
    "clocks",
    "compiled",
    "conditions",
    "findings",
    "later",
    "rulebooks",
    "rules",
    "schema",
    "source",
    "vocabulary",
)
_NOT_KEPT = Mapping({}, {}, 1, 1)


def name_of(folders: Iterable[Path]) -> str:
    """What the compiled text of some folders of rules is called where several may stand."""
    told = "\n".join(str(folder.absolute()) for folder in folders)
    return f"rulebook-{_digest(told)[:16]}.json"


def compiled(checklist: Checklist) -> bytes:
    """The text of a checklist that was read whole, without its examples and trees, and without the folders that it was read from."""
    rules = tuple(replace(rule, root=_NOT_KEPT, examples=(), equivalents=()) for rule in checklist.rules)
    rows: dict[tuple[object, ...], int] = {}
    _put(replace(checklist, rules=rules, folders=()), rows)
    body = json.dumps(list(rows), separators=(",", ":"))
    head = {"format": FORMAT, "made_by": made_by(), "files": checklist.files, "sha256": _digest(body)}
    return f"{json.dumps(head)}\n{body}\n".encode()


def read_compiled(data: bytes, files: tuple[tuple[str, str], ...]) -> Checklist | None:
    """The checklist of a compiled text; None where it is none, is damaged, or was made of other files or by another program.

    Args:
        data: the text, as `compiled` gives it.
        files: every file of the rulebook as it is now, with its SHA-256.
    """
    head, _, body = data.partition(b"\n")
    try:
        asked = json.loads(head)
        known = asked["format"] == FORMAT and asked["made_by"] == made_by() and asked["sha256"] == _digest(body[:-1])
        if not known or [tuple(file) for file in asked["files"]] != list(files):
            return None
        made = _made(json.loads(body))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    return made if isinstance(made, Checklist) else None


@cache
def made_by() -> str:
    """SHA-256 over the rooms of this program that read rules; empty, which fits nothing, where their source is not there."""
    digest = hashlib.sha256()
    try:
        for room in _MADE_BY:
            digest.update(Path(__file__).with_name(f"{room}.py").read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()


def _digest(body: str | bytes) -> str:
    return hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()


# Rows: a name, and its parts; a whole number stands for the row of that number, so that what is the same is there once.


def _put(value: object, rows: dict[tuple[object, ...], int]) -> object:
    """What stands for a value: itself where it is text, or the number of its row."""
    if value is None or (isinstance(value, str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        row: tuple[object, ...] = (type(value).__name__, value.value)
    elif isinstance(value, bool | int):
        row = (type(value).__name__, str(int(value)))
    elif isinstance(value, date):
        row = ("date", value.isoformat())
    elif isinstance(value, dict):
        row = ("dict", *(_put(part, rows) for pair in value.items() for part in pair))
    elif isinstance(value, tuple | frozenset):
        row = (
            type(value).__name__,
            *(_put(part, rows) for part in (sorted(value) if isinstance(value, frozenset) else value)),
        )
    elif is_dataclass(value):
        row = (type(value).__name__, *(_put(getattr(value, field.name), rows) for field in fields(value) if field.init))
    else:
        raise TypeError(type(value).__name__)
    return rows.setdefault(row, len(rows))


def _made(rows: list[list[Any]]) -> object:
    makers = _makers()
    made: list[object] = []
    for name, *parts in rows:
        made.append(makers[name]([made[part] if part.__class__ is int else part for part in parts]))
    return made[-1]


@cache
def _makers() -> dict[str, Callable[[list[Any]], object]]:
    """What makes a value out of its parts, by the name of its row."""

    def part(type_: type[Any]) -> Callable[[list[Any]], object]:
        names = tuple(field.name for field in fields(type_) if field.init)
        if all(not field.kw_only for field in fields(type_)):
            return lambda parts: type_(*parts)
        return lambda parts: type_(**dict(zip(names, parts, strict=True)))

    plain: dict[str, Callable[[list[Any]], object]] = {
        "bool": lambda parts: parts[0] == "1",
        "int": lambda parts: int(parts[0]),
        "date": lambda parts: date.fromisoformat(parts[0]),
        "dict": lambda parts: dict(zip(parts[::2], parts[1::2], strict=True)),
        "tuple": tuple,
        "frozenset": frozenset,
    }
    words = {type_.__name__: (lambda parts, type_=type_: type_(parts[0])) for type_ in _WORDS}
    return plain | words | {type_.__name__: part(type_) for type_ in _PARTS}
