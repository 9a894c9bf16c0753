"""The English of a rule, and the schemas that editors are given."""

from pathlib import Path

import pytest

from checklist.authoring import describe, page
from checklist.conditions import Test as ConditionTest
from checklist.conditions import walk
from checklist.rules import LimitByValue, Rule, load_checklist

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
        assert (version.limit_standing == "local") == ("our default" in told)


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
