"""The schemas that editors are given, held against the files that the program itself takes."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checklist.editors import schema_of
from checklist.rules import load_checklist
from checklist.source import Document, Mapping, Node, Scalar, parse_document, read_document

ROOT = Path(__file__).parents[1]
SHIPPED = load_checklist(ROOT / "rules")


def plain(node: Node) -> Any:
    """The node as an editor that reads YAML 1.2 sees it."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.entries.items()}
    if isinstance(node, Scalar):
        if node.is_null:
            return None
        return int(node.text) if node.plain and re.fullmatch(r"[0-9]+", node.text) else node.text
    return [plain(item) for item in node.items]


def errors(what: str, document: Document) -> list[str]:
    assert document.root is not None
    return [error.message for error in validator_of(what).iter_errors(plain(document.root))]


@cache
def validator_of(what: str) -> jsonschema.Draft202012Validator:
    schema = schema_of(what, SHIPPED)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_right_by_the_schema_of_cases(path: Path) -> None:
    assert errors("case", read_document(path)) == []


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*/*.yaml")), ids=lambda path: path.stem)
def test_every_rule_is_right_by_the_schema_of_rules(path: Path) -> None:
    if path.parent.name != "calendars":
        assert errors("rule", read_document(path)) == []


def test_the_vocabulary_is_right_by_its_own_schema() -> None:
    assert errors("vocabulary", read_document(ROOT / "rules" / "vocabulary.yaml")) == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("case", "case: X\nas_of: 2016-01-01\nsuspect: {ref: S1, arested: 2016-01-01}"),
        ("case", "case: X\nas_of: 2016-01-01\nsuspects: [{ref: S1, risk: hgh}]"),
        ("case", "case: X\nas_of: 2016-01-01\nsuspets: []"),
        ("case", "case: X\ncountry: france"),
        ("rule", "rule: x"),
        ("vocabulary", "vocabulary: 1\nareas: [a]\nkinds: {case: {says: x, area: a}, x: {sayz: y, area: a}}"),
    ],
    ids=[
        "a misspelt fact",
        "a wrong option",
        "a misspelt list",
        "another country",
        "an unfinished rule",
        "a misspelt key",
    ],
)
def test_what_the_program_refuses_the_schema_underlines(what: str, text: str) -> None:
    assert errors(what, parse_document(text.encode(), name="x"))
