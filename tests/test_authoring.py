"""The English of a rule, and the schemas that editors are given."""

import re
from datetime import date
from pathlib import Path

import pytest

from checklist.authoring import describe, page
from checklist.conditions import Op, walk
from checklist.conditions import Test as ConditionTest
from checklist.rulebooks import load_checklist
from checklist.rules import LimitByValue, Rule
from tests.small import rule_of

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
    of_record = False

    for version in rule.versions:
        blocks = version.blocks
        assert all(reason in told for reason in blocks.accept_reasons)
        tests = (
            [node for node in walk(blocks.expect) if isinstance(node, ConditionTest)]
            if blocks.expect is not None
            else []
        )
        asked = [test.op is Op.RECORDED for test in tests]
        of_record = of_record or any(asked)
        if blocks.schedule is not None or not all(asked):
            assert re.search(
                f"If it hangs on (a|another) fact that is not recorded, the verdict is {blocks.if_not_recorded}", told
            )
        assert any(version.limit_standing == "local" for version in rule.versions) == ("our default" in told)
        assert (blocks.applies_when is not None) == ("it is never reported as met" in told)
        assert blocks.judgement in told
    assert ("What must be recorded and is not, is not met" in told) is of_record


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
    assert told.startswith("For each suspect, where the list of concerns includes none of online abuse, or")
    assert ': "arrested" or "interviewed under caution by appointment" must have happened' in told
    assert "within 24 hours (risk high), 3 days (risk medium) or 7 days (risk low) of the report" in told


# Rules of every shape, read back.

BODIES = {
    "for_each: suspect\nexpect: {suspect.access: no, any_of: [{suspect.risk: high}, {suspect.images: yes, suspect.armed: yes}]}": [
        "access: no, and either risk is high or both the suspect had images and armed: yes",
        "If it hangs on a fact that is not recorded, the verdict is not recorded.",
    ],
    "for_each: suspect\nif_not_recorded: not met\nexpect: {every: {of: exhibit, where: {exhibit.status: held}, satisfies: {exhibit.status: {is_not: lost}}}}": [
        "every exhibit where status is held: status is not lost",
        "If it hangs on a fact that is not recorded, the verdict is not met.",
    ],
    "for_each: suspect\npasses_when_absent: [suspect.arrested]\nexpect: {suspect.arrested: {recorded: no}}": [
        "the arrest is not recorded",
        "It passes where these are absent: suspect.arrested.",
    ],
    "for_each: contact\njoin: {contact.suspect: suspect}\napplies_when: {suspect.risk: high}\nexpect: {contact.alone: yes}": [
        "For each contact, with the suspect that it refers to, where risk is high: the record must show: the contact was seen alone.",
    ],
    "for_each: child\nlimit_standing: local\nschedule: {first_after: plan.agreed, events: plan.reviews, first: 10 working days, every: 3 months, until: plan.ended}": [
        "reviews first within 10 working days of the plan, then at least every 3 months, until the end of the plan",
    ],
    "for_each: suspect\nlimit_standing: local\ndeadline: {event: {last_of: [suspect.arrested, suspect.interviewed]}, after: {first_of: [report.received, suspect.identified_on]}, limit: 3 days}": [
        '"arrested" and "interviewed" must have happened, and be recorded, within 3 days of the report or the identification, whichever is earliest',
    ],
    "judgement: Was it done well?": ["For the case, a person must answer: Was it done well?"],
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_every_shape_of_rule_is_told_in_full(body: str) -> None:
    told = describe(rule_of(body))

    for words in BODIES[body]:
        assert words in told


VERSIONS = """\
for_each: suspect
limit_standing: local
deadline: {event: suspect.arrested, after: report.received, limit: 10 days}
judged_on: report.received
versions:
  - in_force: {to: 2015-08-31}
  - {in_force: {from: 2015-09-01, to: 2016-03-31}, deadline.limit: 5 days}
  - {in_force: {from: 2016-04-01}, deadline.limit: 3 days, limit_standing: statute, source: [{standing: statute, says: three days, document: An Act}]}
"""


def test_each_version_is_told_with_its_days_and_what_they_share_is_told_once() -> None:
    told = describe(rule_of(VERSIONS))

    assert told.startswith("Judged by the standard of the day of the report; where it is not known")
    assert "From the beginning to 31 August 2015: For each suspect" in told
    assert "From 1 September 2015 to 31 March 2016: For each suspect" in told
    assert "From 1 April 2016 on: For each suspect" in told
    assert [told.count(f"within {days} days") for days in (10, 5, 3)] == [1, 1, 1]
    assert told.count("Where nothing is recorded, it is not due") == 1
    assert told.count("The limit is given by statute") == 1


@pytest.mark.parametrize(
    ("day", "limit", "source"),
    [
        (date(2015, 8, 31), "10 days", "Ours"),
        (date(2016, 3, 31), "5 days", "Ours"),
        (date(2030, 1, 1), "3 days", "An Act"),
    ],
)
def test_the_page_of_a_day_shows_the_standard_then_in_force_and_who_says_so(day: date, limit: str, source: str) -> None:
    told = page(rule_of(VERSIONS), day)

    assert [found for found in ("10 days", "5 days", "3 days") if f"within {found}" in told] == [limit]
    assert [found for found in ("Ours", "An Act") if found in told] == [source]


def test_before_the_first_standard_the_page_says_that_there_was_none() -> None:
    rule = rule_of(VERSIONS.replace("{to: 2015-08-31}", "{from: 2015-08-01, to: 2015-08-31}"))

    assert "No standard of this rule was in force on 31 July 2015." in page(rule, date(2015, 7, 31))
