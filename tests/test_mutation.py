"""A rule changed in one thing at a time: would its examples notice?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from checklist.mutation import Fate, Result, mutants_of, mutate, mutate_all, score
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist, Equivalent, Rule, read_rule
from checklist.source import parse_document
from tests.small import ROOT, calendars, rule_of, vocabulary
from tests.test_coverage import RULE

HEAD = "for_each: suspect\nlimit_standing: local\n"
DEADLINE = HEAD + "deadline: {event: suspect.arrested, after: report.received, limit: LIMIT}"


def changes(body: str) -> list[str]:
    return [mutant.change for mutant in mutants_of(rule_of(body), vocabulary())]


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("24 hours", ["25 hours", "23 hours", "24 days"]),
        ("1 day", ["2 days", "1 working days"]),
        ("3 working days", ["4 working days", "2 working days", "3 days"]),
        ("3 months", ["4 months", "2 months", "3 weeks"]),
    ],
)
def test_a_limit_moves_by_one_either_way_and_changes_its_unit(limit: str, told: list[str]) -> None:
    assert changes(DEADLINE.replace("LIMIT", limit)) == [f"deadline.limit: {limit} -> {other}" for other in told]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (DEADLINE.replace("LIMIT", "{by: suspect.risk, high: 2 days, low: 3 days}"), "deadline.limit.low: 3 days -> 4 days"),
        (DEADLINE.replace("LIMIT", "1 day") + "\naccept_reasons: [agreed, died]", "accept_reasons[1]: died -> left out"),
        (DEADLINE.replace("LIMIT", "1 day") + "\naccept_reasons: [agreed]", "accept_reasons: agreed -> left out"),
        (DEADLINE.replace("suspect.arrested", "{first_of: [suspect.arrested, suspect.interviewed]}").replace("LIMIT", "1 day"), "deadline.event.first_of: first_of -> last_of"),
        (DEADLINE.replace("suspect.arrested", "{first_of: [suspect.arrested, suspect.interviewed]}").replace("LIMIT", "1 day"), "deadline.event.first_of[0]: suspect.arrested -> left out"),
        (DEADLINE.replace("report.received", "{last_of: [report.received, {if_recorded: suspect.identified_on}]}").replace("LIMIT", "1 day"), "deadline.after.last_of[1]: if_recorded -> always"),
        (HEAD + "expect: {suspect.access: no}", "expect.suspect.access: no -> yes"),
        (HEAD + "expect: {suspect.access: no}", "if_not_recorded: not recorded -> not met"),
        (HEAD + "expect: {suspect.risk: high}", "expect.suspect.risk: high -> low"),
        (HEAD + "expect: {suspect.risk: {is_not: high}}", "expect.suspect.risk.is_not: is_not -> is"),
        (HEAD + "expect: {suspect.contacts: {at_least: 2}}", "expect.suspect.contacts.at_least: 2 -> 3"),
        (HEAD + "expect: {suspect.contacts: {at_least: 2}}", "expect.suspect.contacts.at_least: at_least -> at_most"),
        (HEAD + "expect: {suspect.arrested: {before: suspect.interviewed}}", "expect.suspect.arrested.before: before -> after"),
        (HEAD + "expect: {any_of: [{suspect.risk: high}, {suspect.access: no}]}", "expect.any_of: any_of -> all_of"),
        (HEAD + "expect: {any_of: [{suspect.risk: high}, {suspect.access: no}]}", "expect.any_of[1] left out"),
        (HEAD + "expect: {not: {suspect.risk: high, suspect.access: no}}", "expect.not.suspect.access left out"),
        (HEAD + "expect: {suspect.risk: high, suspect.access: no}", "expect.suspect.risk left out"),
        (HEAD + "expect: {every: {of: exhibit, satisfies: {exhibit.status: held}}}", "expect.every: every -> some"),
        (HEAD + "expect: {every: {of: exhibit, where: {exhibit.status: held}, satisfies: {exhibit.status: {recorded: yes}}}}", "expect.every.where left out"),
        (HEAD + "expect: {at_most: {of: exhibit, where: {exhibit.status: held}, count: 2}}", "expect.at_most.count: 2 -> 1"),
        ("for_each: child\nexpect: {plan.agencies: {includes_all: [police, health]}}", "expect.plan.agencies.includes_all[0]: police -> left out"),
        ("for_each: child\nexpect: {plan.agencies: {includes_all: [police, health]}}", "expect.plan.agencies.includes_all: includes_all -> includes_any"),
        ("for_each: child\nlimit_standing: local\nschedule: {first_after: plan.agreed, events: plan.reviews, every: 3 months, until: plan.ended}", "schedule.until left out"),
        ("for_each: child\nlimit_standing: local\nschedule: {first_after: plan.agreed, events: plan.reviews, first: 1 month, every: 3 months}", "schedule.first left out"),
        (HEAD + "applies_when: {suspect.access: yes}\nexpect: {suspect.risk: high}", "applies_when left out"),
        (DEADLINE.replace("LIMIT", "1 day") + "\nexpect: {suspect.access: no}", "expect left out"),
    ],
)  # fmt: skip
def test_each_part_of_a_rule_is_changed(body: str, told: str) -> None:
    assert told in changes(body)


VERSIONS = DEADLINE.replace("LIMIT", "10 days") + (
    "\njudged_on: report.received\nversions:\n  - in_force: {from: 2014-01-01, to: 2015-08-31}\n  - {in_force: {from: 2015-09-01, to: 2016-12-31}, deadline.limit: 5 days}"
)


def test_the_boundary_of_a_version_moves_by_a_day_without_a_gap() -> None:
    told = changes(VERSIONS)

    assert "versions[0].in_force.to: 2015-08-31 -> 2015-09-01" in told
    assert "versions[0].in_force.to: 2015-08-31 -> 2015-08-30" in told
    assert "versions[0].in_force.from: 2014-01-01 -> 2014-01-02" in told
    assert "versions[1].deadline.limit: 5 days -> 6 days" in told
    assert "versions[1].deadline.limit left out" in told


def test_what_every_version_puts_its_own_in_place_of_is_not_changed() -> None:
    told = changes(VERSIONS.replace("to: 2015-08-31}", "to: 2015-08-31}\n    deadline.limit: 9 days"))

    assert not any(change.startswith("deadline.limit") for change in told)
    assert "versions[0].deadline.limit: 9 days -> 10 days" in told
    assert any(change.startswith("deadline.limit") for change in changes(VERSIONS))


def test_no_two_changes_to_a_rule_have_one_name_and_each_has_a_line() -> None:
    shipped = load_checklist(ROOT / "rules")
    for rule in shipped.rules:
        mutants = list(mutants_of(rule, shipped.vocabulary))
        assert len({mutant.change for mutant in mutants}) == len(mutants)
        assert all(mutant.line >= 1 for mutant in mutants)


def held(*extra: str, equivalents: tuple[Equivalent, ...] = ()) -> tuple[Rule, Checklist]:
    body = "deadline: {event: suspect.arrested, after: report.received, limit: 7 days}"
    text = RULE.replace("BODY", body).replace("EXTRA", "".join(f"  - {one}\n" for one in extra))
    rule, problems = read_rule(parse_document(text.encode(), name="small.yaml"), vocabulary(), calendars())
    assert rule is not None, problems
    rule = replace(rule, equivalents=equivalents)
    return rule, Checklist(vocabulary(), (rule,), calendars())


def example(name: str, arrested: str, verdict: str) -> str:
    return f"{{name: {name}, case: {{as_of: 2016-01-01, report: {{received: 2015-09-01}}, suspects: [{{ref: S1, arrested: {arrested}}}]}}, expect: {{S1: {verdict}}}, because: suspects}}"


def fates(rule: Rule, checklist: Checklist) -> dict[str, str]:
    return {
        result.change.removeprefix("deadline.limit: 7 days -> "): str(result.fate) for result in mutate(rule, checklist)
    }


def test_a_limit_that_no_example_holds_on_both_sides_survives() -> None:
    assert fates(*held()) == {"8 days": "survived", "6 days": "survived", "7 working days": "survived"}


def test_examples_at_the_edge_kill_every_change_of_a_limit() -> None:
    edge = (example("the last day", "2015-09-08", "met"), example("a day late", "2015-09-09", "not met"))

    assert fates(*held(*edge)) == {"8 days": "killed", "6 days": "killed", "7 working days": "killed"}


def test_a_change_that_is_explained_is_equivalent_and_one_that_is_killed_or_never_made_is_not() -> None:
    why = "it was thought to change nothing"
    explained = (
        Equivalent("deadline.limit: 7 days -> 6 days", why, "small.examples.yaml", 3),
        Equivalent("deadline.limit: 7 days -> 8 days", why, "small.examples.yaml", 4),
        Equivalent("deadline.limit: 7 days -> 9 days", why, "small.examples.yaml", 5),
    )
    results = mutate(*held(example("a day late", "2015-09-09", "not met"), equivalents=explained))

    told = [(result.change[-7:].strip(), result.fate, result.why) for result in results]
    assert ("6 days", Fate.EQUIVALENT, why) in told
    assert ("8 days", Fate.KILLED, "") in told
    assert ("8 days", Fate.SURVIVED, "it is called equivalent, and it is killed") in told
    assert ("9 days", Fate.SURVIVED, "it is called equivalent, and no such change is made") in told


RECORDED = """\
rule: small
title: A small rule
area: second
severity: serious
why: It matters.
action: Do it.
source: [{standing: local, says: we say so, document: Ours}]
for_each: suspect
expect: {suspect.risk: {recorded: yes}}
examples:
  - {name: met, case: {as_of: 2016-01-01, suspects: [{ref: S1, risk: high}]}, expect: {S1: met}, because: suspects}
  - {name: not met, case: {as_of: 2016-01-01, suspects: [{ref: S1}]}, expect: {S1: not met}, because: suspects}
  - {name: not recorded, case: {as_of: 2016-01-01}, expect: {case: not recorded}, because: suspects}
  - {name: does not apply, case: {as_of: 2016-01-01, suspects: []}, expect: {case: does not apply}, because: suspects}
"""


def mutated(text: str) -> tuple[Result, ...]:
    rule, problems = read_rule(parse_document(text.encode(), name="small.yaml"), vocabulary(), calendars())
    assert rule is not None, problems
    return mutate(rule, Checklist(vocabulary(), (rule,), calendars()))


def test_what_would_not_load_is_refused_and_counts_neither_way() -> None:
    refused = [result for result in mutated(RECORDED) if result.fate is Fate.REFUSED]

    assert [result.change for result in refused] == ["expect.suspect.risk.recorded: yes -> no"]
    assert "passes when it is absent" in refused[0].why
    assert score(tuple(refused)) == 100


def test_examples_that_do_not_hold_kill_nothing() -> None:
    (result,) = mutated(
        RECORDED.replace("because: suspects}\n  - {name: not met", "because: report}\n  - {name: not met")
    )

    assert (result.fate, result.change) == (Fate.SURVIVED, "no change")
    assert "does not hold for the rule as it stands" in result.why


@pytest.mark.unmeasured
def test_the_shipped_examples_kill_what_changes_a_verdict() -> None:
    checklist = load_checklist(ROOT / "rules", examples=True)
    with ThreadPoolExecutor(1) as pool:
        ids = tuple(rule.id for rule in checklist.rules)
        results = tuple(result for of_rule in mutate_all((ROOT / "rules",), ids, pool) for result in of_rule)

    assert {result.rule for result in results} <= set(ids)
    assert score(results) >= 95
