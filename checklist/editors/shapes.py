"""What schemas are made of.

A value is told by its shape (`shaped`), and never by alternatives: of alternatives an editor cannot know which was meant,
and underlines the whole. What it may offer stands in `defaultSnippets`, which the YAML language server reads and others
leave alone: the words of an `enum` it would put in quotes where YAML 1.1 takes them for something else, such as `yes`.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]
_LINE = 120


def text_of(schema: Schema) -> str:
    """A schema as it stands in a file: what fits on a line stands on one."""
    return f"{_laid_out(schema, '')}\n"


def _laid_out(value: object, indent: str) -> str:
    whole = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(whole) <= _LINE or not isinstance(value, dict | list):
        return whole
    inner = f"{indent} "
    if isinstance(value, list):
        parts = [_laid_out(one, inner) for one in value]
        return "[\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}]"
    parts = [f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(one, inner)}" for key, one in value.items()]
    return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}}}"


def shaped(scalar: Schema, mapping: Schema | None = None, items: Schema | None = None) -> Schema:
    """What holds of a value, by its shape: a scalar, a mapping or the items of a list."""
    whole = scalar
    if mapping is not None:
        # An empty place goes with mappings: there an editor asks which keys may stand.
        whole = {"if": {"type": ["object", "null"]}, "then": mapping, "else": scalar}
    if items is not None:
        whole = {"if": {"type": "array"}, "then": {"items": items}, "else": whole}
    return whole


def or_nothing(schema: Schema) -> Schema:
    """The same, or an empty value: it says no more than an absent key, and is no word to be offered."""
    offered: Schema = {key: schema[key] for key in ("description", "defaultSnippets") if key in schema}
    rest = {key: part for key, part in schema.items() if key not in offered}
    return {**offered, "if": {"type": "null"}, "else": rest}


def refusal(message: str) -> Schema:
    """What nothing can be, with what is wrong with it."""
    return {"enum": [], "errorMessage": message}


def closed(properties: Schema, *required: str) -> Schema:
    """A mapping with these keys and no other; null passes, and `mapping_of` refuses it."""
    whole: Schema = {"properties": properties, "additionalProperties": False}
    return {**whole, "required": list(required)} if required else whole


def mapping_of(properties: Schema, *required: str, says: str = "") -> Schema:
    """A mapping that may not be left empty."""
    described: Schema = {"description": says} if says else {}
    return {"type": "object", **described, **closed(properties, *required)}


def text_schema(says: str = "") -> Schema:
    """A text on one line, or one that YAML takes for a number."""
    whole: Schema = {"type": ["string", "number"]}
    return {**whole, "description": says} if says else whole


def texts_schema(says: str = "") -> Schema:
    """A text, or a list of texts."""
    whole: Schema = {"type": ["array", "string", "number"], "items": {"type": ["string", "number"]}}
    return {**whole, "description": says} if says else whole


def one_of(words: Iterable[str], says: str = "") -> Schema:
    """One of some words, offered as they are to be written."""
    listed = list(words)
    described: Schema = {"description": says} if says else {}
    # One step down, or the server would offer the words a second time, in quotes.
    return {**described, "defaultSnippets": offers(listed), "if": True, "then": {"enum": listed}}


def offers(words: Iterable[str], says: str = "") -> list[Schema]:
    """Some words that may be completed."""
    return [offer(word, word, says) for word in words]


def offer(label: str, body: object, says: str = "") -> Schema:
    """One thing that may be completed: what is shown, and what is written."""
    described: Schema = {"description": says} if says else {}
    return {"label": label, "body": body, **described}


def matching(pattern: str, message: str, says: str = "", offered: Iterable[str] = ()) -> Schema:
    """A text of a form, with what to say of one that is not."""
    whole: Schema = {"type": "string", "pattern": f"^(?:{pattern})$", "errorMessage": message}
    snippets = offers(offered)
    return {
        **whole,
        **({"description": says} if says else {}),
        **({"defaultSnippets": snippets} if snippets else {}),
    }


def any_word(words: Iterable[str]) -> str:
    """A pattern of some words, as both JavaScript and Python read it."""
    return "|".join(re.sub(r"[\\^$.*+?()\[\]{}|/]", r"\\\g<0>", word) for word in words)


def pattern_of(pattern: re.Pattern[str]) -> str:
    """A reader's pattern as a schema writes it."""
    return pattern.pattern.removesuffix(r"\Z")
