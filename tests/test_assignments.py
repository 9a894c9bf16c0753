"""Every way that facts can be: what the static checks rest on must agree with what the engine answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.assignments import MOST, can_be, table_of, truth, without_one
from checklist.conditions import Condition, ConditionReader
from checklist.logic import Truth
from checklist.schema import Reading
from checklist.source import parse_document
from tests.small import ask, vocabulary


def condition(text: str) -> Condition:
    reading = Reading("condition")
    root = parse_document(text.encode(), name="condition").root
    assert root is not None
    node = ConditionReader(reading, vocabulary()).condition(root)
    assert node is not None, reading.problems
    return node


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("suspect.access: yes", 4),
        ("suspect.risk: high", 4),
        ("{suspect.access: yes, suspect.risk: high}", 16),
        ("{suspect.access: yes, all_of: [{suspect.access: no}]}", 4),
        ("plan.agencies: {includes_all: [police, health]}", 6),
        ("suspect.contacts: {at_least: 2}", 6),
        ("suspect.job: {recorded: yes}", 3),
        ("suspect.arrested: {before: suspect.interviewed}", 3),
        ("some: {of: exhibit, satisfies: {exhibit.status: held}}", 3),
    ],
)
def test_a_fact_counts_once_for_each_way_that_its_tests_tell_apart(text: str, size: int) -> None:
    assert table_of(condition(text)).size == size == len(list(table_of(condition(text))))


@pytest.mark.parametrize(
    ("text", "truths"),
    [
        ("suspect.access: yes", {"true", "false", "unknown"}),
        ("any_of: [{suspect.access: yes}, {suspect.access: no}]", {"true", "unknown"}),
        ("{suspect.access: yes, all_of: [{suspect.access: no}]}", {"false", "unknown"}),
        ("suspect.job: {recorded: yes}", {"true", "false", "unknown"}),
        ("not: {suspect.arrested: {recorded: yes}}", {"true", "false", "unknown"}),
        ("suspect.arrested.rationale: recorded", {"true", "unknown"}),
        ("plan.agencies: {includes_none: [police]}", {"true", "false", "unknown"}),
        ("{suspect.contacts: {at_least: 3, at_most: 2}}", {"false", "unknown"}),
        ("{suspect.contacts: {at_least: 3, at_most: 3}}", {"true", "false", "unknown"}),
        ("suspect.arrested: {after: report.received}", {"true", "false", "unknown"}),
    ],
)
def test_a_condition_has_the_truths_that_some_assignment_gives_it(text: str, truths: set[str]) -> None:
    node = condition(text)

    assert {truth(node, one).value for one in table_of(node)} == truths
    assert {one.value for one in Truth if can_be(node, one)} == truths


def test_where_there_are_too_many_ways_nothing_is_claimed() -> None:
    facts = ("access", "images", "armed", "released", "nearby", "employed")
    wide = condition(f"all_of: [{', '.join(f'{{suspect.{fact}: yes}}' for fact in facts)}, {{suspect.risk: high}}]")

    assert table_of(wide).size == 4**7 > MOST
    assert table_of(wide).is_too_large
    assert can_be(wide, Truth.TRUE)


def test_each_clause_is_left_out_once_wherever_it_stands() -> None:
    nested = condition(
        "{suspect.access: yes, any_of: [{suspect.risk: high}, {not: {suspect.armed: yes, suspect.nearby: no}}]}"
    )

    left_out = [clause.english() for clause, _ in without_one(nested)]

    assert left_out == [
        "the suspect had access",
        "risk is high, or not (armed: yes, and nearby: no)",
        "risk is high",
        "not (armed: yes, and nearby: no)",
        "armed: yes",
        "nearby: no",
    ]


WRITTEN = {"yes": "yes", "no": "no", "(absent)": None, "(withheld)": "redacted", "high": "high", "low": "low"}
LEAVES = st.sampled_from(
    [
        "{suspect.access: yes}",
        "{suspect.images: no}",
        "{suspect.risk: high}",
        "{suspect.risk: {is_not: high}}",
        "{suspect.access: {recorded: yes}}",
    ]
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{all_of: [{', '.join(parts)}]}}"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{any_of: [{', '.join(parts)}]}}"),
    ),
    max_leaves=4,
)


@given(text=CONDITIONS, data=st.data())
def test_the_table_answers_what_the_engine_answers(text: str, data: st.DataObject) -> None:
    reading = Reading("condition")
    root = parse_document(text.encode(), name="condition").root
    assert root is not None
    node = ConditionReader(reading, vocabulary()).condition(root)
    if node is None or reading.problems:
        return
    one = data.draw(st.sampled_from(list(table_of(node))))
    facts = [
        f"{name.removeprefix('suspect.')}: {WRITTEN[str(value)]}" for name, value in one.items() if WRITTEN[str(value)]
    ]

    assert ask(text, f"suspects: [{{{', '.join(['ref: S1', *facts])}}}]").truth is truth(node, one)
