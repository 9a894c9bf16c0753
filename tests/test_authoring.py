"""The English of a rule, and the schemas that editors are given."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checklist.authoring import describe, page, schema_of
from checklist.conditions import Test as ConditionTest
from checklist.conditions import walk
from checklist.rules import LimitByValue, Rule, load_checklist
from checklist.source import Document, Mapping, Node, Scalar, parse_document, read_document

ROOT = Path(__file__).parents[1]
SHIPPED = load_checklist(ROOT / "rules")


@pytest.fixture(params=SHIPPED.rules, ids=lambda rule: rule.id)
def rule(request: pytest.FixtureRequest) -> Rule:
    found = request.param
    assert isinstance(found, Rule)
    return found


def test_every_limit_event_and_start_stands_in_the_english(rule: Rule) -> None:
    told = describe(rule)

    for version in rule.versions:
        deadline = version.blocks.deadline
        if deadline is None:
            continue
        for path in deadline.events:
            assert path.fact.done in told
        for limit in deadline.limits():
            assert str(limit) in told
        for start in deadline.starts:
            named = start.path.fact.holds if deadline.start_mode == "first_known" else start.path.fact.named
            assert named in told
        if isinstance(deadline.limit, LimitByValue):
            assert all(word in told for word in deadline.limit.limits)


def test_every_clause_stands_in_the_english(rule: Rule) -> None:
    told = describe(rule)

    for version in rule.versions:
        for condition in (version.blocks.applies_when, version.blocks.expect):
            for node in walk(condition) if condition is not None else ():
                if isinstance(node, ConditionTest):
                    assert node.english() in told


def test_accepted_reasons_absence_and_whose_limit_it_is_stand_in_the_english(rule: Rule) -> None:
    told = describe(rule)

    for version in rule.versions:
        assert all(reason in told for reason in version.blocks.accept_reasons)
        if version.blocks.expect is not None:
            assert f"Where a fact is not recorded, the verdict is {version.blocks.if_not_recorded}" in told
    assert (rule.limit_standing == "local") == ("our default" in told)


def test_the_english_is_short(rule: Rule) -> None:
    assert len(describe(rule).split()) < 170


def test_a_page_names_every_source_and_every_example(rule: Rule) -> None:
    told = page(rule)

    assert all(source.document in told and source.says in told for source in rule.sources)
    assert all(example.name in told for example in rule.examples)


def test_the_arrest_rule_reads_as_a_sentence_that_a_lead_can_sign() -> None:
    found = SHIPPED.rule("arrest-within-limit")
    assert found is not None

    told = describe(found)
    assert told.startswith('For each suspect: "arrested" or "interviewed')
    assert "within 24 hours (risk high), 3 days (risk medium) or 7 days (risk low) of the report" in told


# Schemas, held against the files that the program itself takes.


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
