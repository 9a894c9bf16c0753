"""Typed fields out of a file: each comes back, or a default with a problem at its line."""

from collections.abc import Callable
from typing import Any

import pytest

from checklist.schema import Reading, expected
from checklist.source import Mapping, Node, parse_document


def parsed(text: str) -> Mapping:
    root = parse_document(text.encode(), name="file.yaml").root
    assert isinstance(root, Mapping)
    return root


def at(text: str) -> Node:
    return parsed(f"key: {text}").entries["key"]


def said(reading: Reading) -> list[str]:
    return [str(problem) for problem in reading.problems]


Ask = Callable[[Reading, Mapping], Any]


@pytest.mark.parametrize(
    ("ask", "text", "found"),
    [
        (lambda reading, root: reading.text(root, "key"), "key: words", "words"),
        (lambda reading, root: reading.text(root, "key"), "key: 'null'", "null"),
        (lambda reading, root: reading.text(root, "key"), "key:", ""),
        (lambda reading, root: reading.text(root, "key"), "other: words", ""),
        (lambda reading, root: reading.texts(root.entries.get("key"), "key"), "key: [a, b]", ("a", "b")),
        (lambda reading, root: reading.texts(root.entries.get("key"), "key"), "key: a", ("a",)),
        (lambda reading, root: reading.texts(root.entries.get("key"), "key"), "other: a", ()),
        (lambda reading, root: reading.choice(root, "key", ("a", "b")), "key: b", "b"),
        (lambda reading, root: reading.choice(root, "key", ("a", "b")), "other: b", ""),
        (lambda reading, root: reading.choice(root, "key", ("a", "b"), default="a"), "key:", "a"),
        (lambda reading, root: reading.flag(root, "key"), "key: yes", True),
        (lambda reading, root: reading.flag(root, "key"), "key: no", False),
        (lambda reading, root: reading.flag(root, "key"), "other: yes", False),
        (lambda reading, root: reading.items(root.entries.get("key"), "key"), "other: a", ()),
        (lambda reading, root: len(reading.items(root.entries.get("key"), "key")), "key: [a, [b], {c: d}]", 3),
        (lambda reading, root: reading.mapping(root.entries["key"], "key") is root.entries["key"], "key: {a: b}", True),
        (lambda reading, root: reading.only(root, ("key",), "a file"), "key: words", None),
    ],
)
def test_what_is_as_it_should_be_is_given_without_a_problem(ask: Ask, text: str, found: object) -> None:
    reading = Reading("file.yaml")

    assert ask(reading, parsed(text)) == found
    assert said(reading) == []


@pytest.mark.parametrize(
    ("ask", "text", "found", "problem"),
    [
        (
            lambda reading, root: reading.text(root, "key", required=True),
            "other: words",
            "",
            "file.yaml:1:1: 'key' is missing; write `key: ...`",
        ),
        (
            lambda reading, root: reading.text(root, "key", required=True),
            "other: words\nkey:",
            "",
            "file.yaml:2:5: 'key' is missing; write `key: ...`",
        ),
        (
            lambda reading, root: reading.text(root, "key"),
            "key: [words]",
            "",
            "file.yaml:1:6: 'key' must be a text on one line",
        ),
        (
            lambda reading, root: reading.texts(root.entries["key"], "key"),
            "key: [a, {b: c}]",
            ("a", ""),
            "file.yaml:1:10: an item of key must be a text on one line",
        ),
        (
            lambda reading, root: reading.texts(root.entries["key"], "key"),
            "key: {b: c}",
            (),
            "file.yaml:1:6: key must be a list; write `[a, b]`, or `- a` lines",
        ),
        (
            lambda reading, root: reading.choice(root, "key", ("left", "right"), default="left"),
            "key: rihgt",
            "left",
            "file.yaml:1:6: 'key' cannot be 'rihgt'; did you mean 'right'? (expected one of: left, right)",
        ),
        (
            lambda reading, root: reading.choice(root, "key", ("left", "right"), required=True),
            "other: a",
            "",
            "file.yaml:1:1: 'key' is missing; write `key: ...`",
        ),
        (
            lambda reading, root: reading.flag(root, "key"),
            "key: true",
            False,
            "file.yaml:1:6: 'key' cannot be 'true'; expected one of: yes, no",
        ),
        (
            lambda reading, root: reading.mapping(root.entries["key"], "a rule"),
            "key: a",
            None,
            "file.yaml:1:6: a rule must be a mapping of keys to values; write `key: value` lines under it",
        ),
        (
            lambda reading, root: reading.only(root, ("words", "areas"), "a file"),
            "words: a\nareaz: b",
            None,
            "file.yaml:2:1: a file has no key 'areaz'; did you mean 'areas'?",
        ),
        (
            lambda reading, root: reading.only(root, ("words", "areas"), "a file"),
            "xyz: b",
            None,
            "file.yaml:1:1: a file has no key 'xyz'; known: words, areas",
        ),
    ],
)
def test_what_is_not_is_a_default_with_a_problem_at_its_line(ask: Ask, text: str, found: object, problem: str) -> None:
    reading = Reading("file.yaml")

    assert ask(reading, parsed(text)) == found
    assert said(reading) == [problem]


def test_a_file_that_may_not_be_quoted_is_not() -> None:
    reading = Reading("case.yaml", quotes=False)
    root = parsed("weekday: zqxj\nzqxj: a")

    reading.only(root, ("weekday",), "day_0")
    reading.choice(root, "weekday", ("monday",))

    assert said(reading) == [
        "case.yaml:2:1: day_0 has no such key; known: weekday",
        "case.yaml:1:10: 'weekday' cannot be this; expected one of: monday",
    ]


def test_a_problem_may_stand_at_a_node_or_at_a_place() -> None:
    reading = Reading("file.yaml")

    reading.refuse(at("a"), "one")
    reading.refuse((3, 4), "two", "do better")

    assert said(reading) == ["file.yaml:1:6: one", "file.yaml:3:4: two; do better"]


def test_the_nearest_word_is_named_before_all_that_would_be_right() -> None:
    assert expected("hgh", ["high", "low"]) == "did you mean 'high'? (expected one of: high, low)"
    assert expected("zzz", ["high", "low"]) == "expected one of: high, low"
