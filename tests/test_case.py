"""What a case file says: every state of a fact, and what is wrong with a file, at its line."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.case import Case, Fact, load_case
from checklist.clocks import Moment, parse_moment
from checklist.logic import State
from checklist.rulebooks import load_checklist
from checklist.source import parse_document, read_document
from tests.small import ROOT, case_of, fact_of, marked, vocabulary

BAD = ROOT / "tests" / "bad" / "case"
SHIPPED = load_checklist(ROOT / "rules")


def suspect(fact: str, value: str, more: str = "") -> str:
    return f"suspects:\n  - {{ref: S1, {fact}: {value}{more}}}\n"


def problems(text: str) -> list[str]:
    return [problem.what for problem in case_of(text).problems]


# The states of a fact.


@pytest.mark.parametrize(
    ("fact", "written", "state"),
    [
        ("arrested", "2015-09-22", State.RECORDED),
        ("arrested", "{at: 2015-09-22}", State.RECORDED),
        (
            "arrested",
            "{at: 2015-09-22, by: inspector@police, source: log 14, note: a note, written_down: 2015-10-01}",
            State.RECORDED,
        ),
        ("arrested", "{from: 2015-09-22, until: 2015-09-23}", State.RECORDED),
        ("arrested", "{done: yes, at: 2015-09-22}", State.RECORDED),
        ("arrested", "yes", State.UNDATED),
        ("arrested", "{done: yes}", State.UNDATED),
        ("arrested", "{by: inspector@police}", State.UNDATED),
        ("arrested", "{until: 2015-09-22}", State.UNDATED),
        ("arrested", "{from: not recorded, until: 2015-09-22}", State.UNDATED),
        ("arrested", "{from: 2015-09-22, until: }", State.RECORDED),
        ("arrested", "{from: 2015-09-22, until: unknown}", State.RECORDED),
        ("arrested", "{from: unknown}", State.UNKNOWN),
        ("arrested", "{from: }", State.NOT_RECORDED),
        ("arrested", "{until: }", State.NOT_RECORDED),
        ("arrested", "{done: yes, from: 2015-09-22}", State.RECORDED),
        ("arrested", "{done: yes, at: }", State.UNDATED),
        ("arrested", "{done: yes, at: not recorded}", State.UNDATED),
        ("arrested", "{done: yes, at: unknown}", State.UNDATED),
        ("arrested", "{done: yes, at: redacted}", State.REDACTED),
        ("arrested", "{is: yes}", State.UNDATED),
        ("arrested", "{at: 2015-09-22, by: }", State.RECORDED),
        ("arrested", "{at: 2015-09-22, reason: agreed, decided_by: inspector@police}", State.RECORDED),
        ("arrested", "{rationale: recorded}", State.UNDATED),
        ("arrested", "{known: 2015-09-22}", State.UNDATED),
        ("arrested", "no", State.NOT_DONE),
        ("arrested", "{done: no}", State.NOT_DONE),
        (
            "arrested",
            "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-22}",
            State.NOT_DONE,
        ),
        ("arrested", "{done: no, at: }", State.NOT_DONE),
        ("arrested", "{is: no, reason: agreed}", State.NOT_DONE),
        ("arrested", "{done: unknown}", State.UNKNOWN),
        ("arrested", "{done: redacted}", State.REDACTED),
        ("arrested", "{done: not recorded}", State.NOT_RECORDED),
        ("arrested", "{done: }", State.NOT_RECORDED),
        ("arrested", "{note: nobody knows, source: log 14}", State.NOT_RECORDED),
        ("arrested", "{rationale: }", State.NOT_RECORDED),
        ("arrested", "{rationale: unknown, by: redacted}", State.NOT_RECORDED),
        ("arrested", "~", State.NOT_RECORDED),
        ("arrested", "2015-09", State.RECORDED),
        ("arrested", "2015", State.RECORDED),
        ("arrested", "2015-09-22/..", State.RECORDED),
        ("arrested", "{conflicting: [2015-09-22, no], note: a note}", State.CONTRADICTORY),
        ("arrested", "{conflicting: [2015-09-22, unknown]}", State.CONTRADICTORY),
        ("arrested", "{}", State.NOT_RECORDED),
        ("arrested", "null", State.NOT_RECORDED),
        ("arrested", "", State.NOT_RECORDED),
        ("arrested", "not recorded", State.NOT_RECORDED),
        ("arrested", "{at: not recorded}", State.NOT_RECORDED),
        ("arrested", "unknown", State.UNKNOWN),
        ("arrested", "redacted", State.REDACTED),
        ("arrested", "{conflicting: [2015-09-22, {at: 2015-09-24, source: log 2}]}", State.CONTRADICTORY),
        ("told", "{is: not applicable, reason: no employer}", State.NOT_APPLICABLE),
        ("told", "{at: not applicable, reason: no employer}", State.NOT_APPLICABLE),
        ("access", "yes", State.RECORDED),
        ("access", "no", State.RECORDED),
        ("access", "{is: yes, known: 2015-09-22}", State.RECORDED),
        ("access", "{known: 2015-09-22}", State.NOT_RECORDED),
        ("access", "unknown", State.UNKNOWN),
        ("access", "{is: redacted}", State.REDACTED),
        ("risk", "high", State.RECORDED),
        ("risk", "[{is: low}, {is: high, at: 2015-09-22}]", State.RECORDED),
        ("risk", "[]", State.NONE),
        ("risk", "{is: high, at: 2015-09-22}", State.RECORDED),
        ("risk", "[{is: unknown, at: 2015-09-22}]", State.UNKNOWN),
        ("risk", "{conflicting: [high, low]}", State.CONTRADICTORY),
        ("contacts", "4", State.RECORDED),
        ("contacts", "{count: 4}", State.RECORDED),
        ("contacts", "{count: unknown, at_least: 1}", State.RECORDED),
        ("contacts", "{at_least: 1, at_most: 3}", State.RECORDED),
        ("contacts", "{count: unknown}", State.UNKNOWN),
        ("contacts", "{count: redacted}", State.REDACTED),
        ("contacts", "{count: }", State.NOT_RECORDED),
        ("contacts", "{is: 4}", State.RECORDED),
        ("contacts", "{at_least: , count: 4}", State.RECORDED),
        ("contacts", "{note: a note}", State.NOT_RECORDED),
        ("job", "a free text", State.RECORDED),
        ("bail_until", "2030-01-01", State.RECORDED),
    ],
)
def test_a_fact_is_in_the_state_that_is_written(fact: str, written: str, state: State) -> None:
    text = suspect(fact, written)

    assert fact_of(text, fact=fact).state is state
    assert problems(text) == []


def test_an_absent_fact_stands_at_its_nearest_parent() -> None:
    fact = fact_of("suspects:\n  - ref: S1\n")

    assert (fact.state, fact.path, fact.line) == (State.NOT_RECORDED, "suspects[0].arrested", 4)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("4", (4, 4)),
        ("{count: unknown, at_least: 1}", (1, None)),
        ("{at_least: 1, at_most: 3}", (1, 3)),
        ("{at_most: 3}", (0, 3)),
        ("{at_most: 0}", (0, 0)),
    ],
)
def test_a_count_lies_between_bounds(written: str, value: tuple[int, int | None]) -> None:
    assert fact_of(suspect("contacts", written), fact="contacts").value == value


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("8", 2922, 3286),
        ("8 years", 2922, 3286),
        ("9 months", 273, 303),
        ("17 weeks", 119, 125),
        ("3 days", 3, 3),
        ("unborn", 0, 0),
    ],
)
def test_an_age_is_a_number_of_days_between_bounds(written: str, low: int, high: int) -> None:
    assert fact_of(f"children: [{{ref: C1, age: {written}}}]", "child", "age").value == (low, high)


def test_a_list_is_complete_unless_others_are_not_recorded() -> None:
    whole = fact_of("concerns: [abuse]", "case", "concerns")
    part = fact_of("concerns: [abuse, others not recorded]", "case", "concerns")
    one = fact_of("concerns: abuse", "case", "concerns")

    assert (whole.value, whole.complete) == (("abuse",), True)
    assert (part.value, part.complete) == (("abuse",), False)
    assert one.value == ("abuse",)
    assert fact_of("concerns: []", "case", "concerns").state is State.NONE
    assert fact_of("concerns: [others not recorded]", "case", "concerns").state is State.NOT_RECORDED


def test_a_changing_value_keeps_each_value_with_its_day() -> None:
    fact = fact_of(suspect("risk", "[{is: low}, {is: high, at: 2015-09-22}]"), fact="risk")

    assert [record.value for record in fact.records] == ["low", "high"]
    assert fact.value == "high"


def test_a_list_of_events_may_be_one_event_and_may_be_incomplete() -> None:
    def reviews(written: str) -> tuple[State, int, bool]:
        fact = fact_of(f"plan: {{reviews: {written}}}", "plan", "reviews")
        return fact.state, len(fact.records), fact.complete

    assert reviews("2015-09-22") == (State.RECORDED, 1, True)
    assert reviews("[2015-09-22, {at: 2015-10-22}, yes]") == (State.RECORDED, 3, True)
    assert reviews("[2015-09-22, others not recorded]") == (State.RECORDED, 1, False)
    assert reviews("[]") == (State.NONE, 0, True)
    assert reviews("[others not recorded]") == (State.NOT_RECORDED, 0, False)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("all", (True,)),
        ("none", (False,)),
        ("some", (True, False)),
        ("4 of 20", (True, False)),
        ("20 of 20", (True,)),
        ("0 of 20", (False,)),
        ("yes", (True,)),
    ],
)
def test_a_group_says_what_its_members_say(written: str, values: tuple[bool, ...]) -> None:
    fact = fact_of(f"contacts: [{{ref: K1, count: 20, alone: {written}}}]", "contact", "alone")

    assert tuple(member.value for member in fact.mixed or (fact,)) == values


def test_a_group_of_which_some_were_seen_has_both_sorts_of_member() -> None:
    fact = fact_of("contacts: [{ref: K1, count: 20, seen: {done: 4 of 20}}]", "contact", "seen")

    assert {member.state for member in fact.mixed} == {State.UNDATED, State.NOT_DONE}


def test_a_group_that_was_seen_on_a_day_keeps_it_beside_those_who_were_not_seen() -> None:
    fact = fact_of("contacts: [{ref: K1, count: 20, seen: {done: 4 of 20, at: 2015-09-22}}]", "contact", "seen")
    whole = fact_of("contacts: [{ref: K1, count: 20, seen: {done: all, at: 2015-09-22}}]", "contact", "seen")
    nobody = fact_of("contacts: [{ref: K1, count: 20, seen: {done: none, reason: agreed}}]", "contact", "seen")

    assert {member.state for member in fact.mixed} == {State.RECORDED, State.NOT_DONE}
    assert (whole.state, whole.mixed) == (State.RECORDED, ())
    assert (nobody.state, nobody.reason) == (State.NOT_DONE, "agreed")


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("20", 20),
        ("1", 1),
        ("", None),
        ("unknown", None),
        ("not recorded", None),
        ("{count: unknown, at_least: 1}", None),
        ("{count: 20}", 20),
    ],
)
def test_a_group_may_be_of_a_number_that_nobody_knows(written: str, count: int | None) -> None:
    case = case_of(f"contacts: [{{ref: K1, count: {written}}}]")

    assert case.problems == ()
    assert case.listing("contact").things[0].count == count


def test_a_group_of_unknown_number_may_be_all_or_none_but_not_so_many_of_so_many() -> None:
    group = "contacts: [{{ref: K1, count: {{count: unknown, at_least: 4}}, alone: {}}}]"

    assert fact_of(group.format("all"), "contact", "alone").value is True
    assert fact_of(group.format("4 of 4"), "contact", "alone").state is State.UNREADABLE


def test_two_records_of_a_group_may_contradict_each_other() -> None:
    fact = fact_of("contacts: [{ref: K1, count: 20, alone: {conflicting: [all, 4 of 20]}}]", "contact", "alone")

    assert [bool(record.mixed) for record in fact.records] == [False, True]


# Parts of a fact.


def test_a_part_has_a_state_of_its_own() -> None:
    def part(written: str, name: str) -> State:
        return fact_of(suspect("arrested", written), fact=f"arrested.{name}").state

    assert part("{at: 2015-09-22, rationale: recorded}", "rationale") is State.RECORDED
    assert part("2015-09-22", "rationale") is State.NOT_RECORDED
    assert part("redacted", "rationale") is State.REDACTED
    assert part("{at: 2015-09-22, written_down: 2015-10-01}", "written_down") is State.RECORDED
    assert part("2015-09-22", "by") is State.NOT_RECORDED
    assert fact_of("suspects: [{ref: S1}]", fact="arrested.rationale").state is State.NOT_RECORDED


# Lists of things.


@pytest.mark.parametrize(
    ("text", "state", "number"),
    [
        ("", State.NOT_RECORDED, 0),
        ("suspects: []", State.NONE, 0),
        ("suspects:", State.NOT_RECORDED, 0),
        ("suspects: not recorded", State.NOT_RECORDED, 0),
        ("suspects: unknown", State.UNKNOWN, 0),
        ("suspects: redacted", State.REDACTED, 0),
        ("suspects: none", State.UNREADABLE, 0),
        ("suspects: [others not recorded]", State.NOT_RECORDED, 0),
        ("suspects: [someone]", State.RECORDED, 1),
        ("suspects: [{ref: S1}, someone]", State.RECORDED, 2),
        ("suspect: {ref: S1}\nsuspects: [{ref: S2}]", State.UNREADABLE, 0),
        ("suspects: [{ref: S1}, others not recorded]", State.RECORDED, 1),
        ("suspect: {ref: S1}", State.RECORDED, 1),
    ],
)
def test_a_list_of_things_is_in_the_state_that_is_written(text: str, state: State, number: int) -> None:
    listing = case_of(text).listing("suspect")

    assert (listing.state, len(listing.things)) == (state, number)


def test_a_thing_without_a_ref_is_given_one_that_nobody_has() -> None:
    case = case_of("suspects: [{risk: high}, {ref: S3}, {risk: low}]")

    assert [thing.ref for thing in case.listing("suspect").things] == ["S1", "S3", "S4"]


def test_a_made_up_ref_may_be_referred_to_wherever_its_thing_stands() -> None:
    case = case_of("contacts: [{ref: K1, suspect: S1, about: [R1]}]\nsuspects: [{risk: high}]\nreport: {}\n")

    assert case.problems == ()
    assert case.listing("contact").things[0].about == ("R1",)
    assert case_of("contacts: [{suspect: S1}]\nsuspects: unknown\n").problems != ()


@pytest.mark.parametrize("written", ["", "~"])
def test_an_empty_ref_or_about_is_none(written: str) -> None:
    case = case_of(f"suspects: [{{ref: {written}, about: {written}}}]")

    assert case.problems == ()
    assert case.listing("suspect").things[0].about is None


def test_two_things_with_one_ref_are_kept_apart_and_nothing_may_refer_to_it() -> None:
    case = case_of("suspects: [{ref: S1}, {ref: S1}]\ncontacts: [{ref: K1, suspect: S1}]\n")

    assert [thing.ref for thing in case.listing("suspect").things] == ["S1", "S2"]
    assert case.listing("contact").things[0].facts["suspect"].state is State.UNREADABLE
    assert [problem.what for problem in case.problems] == [
        "this ref is given twice",
        "contacts[0].suspect: two things have this ref",
    ]


# The clock.


def test_nothing_may_lie_after_the_file_s_own_as_of_unless_it_may_be_future() -> None:
    assert "this is after the file's own as_of" in problems(suspect("arrested", "2016-07-19"))[0]
    assert problems(suspect("arrested", "2016-07-18")) == []
    assert problems(suspect("bail_until", "2016-09-01")) == []
    assert problems(suspect("risk", "[{is: low}, {is: high, at: 2016-09-01}]"))


def test_with_an_earlier_as_of_later_facts_have_not_yet_happened() -> None:
    text = suspect(
        "arrested",
        "2015-09-22",
        ", access: {is: yes, known: 2015-10-01}, risk: [{is: low}, {is: high, at: 2015-12-01}]",
    )

    case = case_of(text, as_of=parse_moment("2015-09-21"))

    facts = case.listing("suspect").things[0].facts
    assert facts["arrested"].state is State.NOT_RECORDED
    assert facts["access"].state is State.NOT_RECORDED
    assert facts["risk"].value == "low"
    assert case.hidden == 3
    assert case.problems == ()


def test_a_changing_value_that_only_came_later_is_not_recorded_yet() -> None:
    case = case_of(suspect("risk", "[{is: high, at: 2015-12-01}]"), as_of=parse_moment("2015-09-21"))

    assert case.listing("suspect").things[0].facts["risk"].state is State.NOT_RECORDED


def as_of(text: str, day: str) -> Case:
    return case_of(text, as_of=parse_moment(day))


@pytest.mark.parametrize(
    ("fact", "written", "state", "hidden"),
    [
        ("arrested", "{at: 2015-12-01, rationale: recorded, written_down: 2015-12-02}", State.NOT_RECORDED, 1),
        ("arrested", "{done: yes, at: 2015-12-01}", State.NOT_RECORDED, 1),
        ("arrested", "{from: 2015-12-01}", State.NOT_RECORDED, 1),
        ("arrested", "{from: 2015-09-01, until: 2015-12-01}", State.RECORDED, 1),
        ("arrested", "{until: 2015-12-01}", State.NOT_RECORDED, 1),
        ("arrested", "{at: 2015-09-01, written_down: 2015-12-01}", State.RECORDED, 1),
        ("arrested", "{at: 2015-09-01, known: 2015-12-01}", State.NOT_RECORDED, 1),
        ("arrested", "{at: 2015-09-01, known: {at: 2015-12-01}}", State.NOT_RECORDED, 1),
        ("arrested", "{done: no, reason: agreed, decided_at: 2015-12-01}", State.NOT_RECORDED, 1),
        ("arrested", "{done: no, reason: agreed, decided_at: 2015-09-01}", State.NOT_DONE, 0),
        ("arrested", "{at: 2015-12-01, reason: agreed, decided_at: 2015-09-01}", State.NOT_RECORDED, 1),
        ("arrested", "{conflicting: [2015-12-01, 2015-12-02]}", State.NOT_RECORDED, 1),
        ("arrested", "{conflicting: [2015-09-01, 2015-12-02]}", State.CONTRADICTORY, 1),
        ("arrested", "2015-09-21", State.RECORDED, 0),
        ("risk", "{is: high, at: 2015-12-01}", State.NOT_RECORDED, 1),
        ("risk", "[{is: low}, {is: high, at: 2015-09-01, known: 2015-12-01}]", State.RECORDED, 1),
        ("bail_until", "2015-12-01", State.RECORDED, 0),
        ("bail_until", "{at: 2015-12-01, known: 2015-12-01}", State.NOT_RECORDED, 1),
    ],
)
def test_what_lies_after_an_earlier_as_of_is_as_if_it_were_not_written(
    fact: str, written: str, state: State, hidden: int
) -> None:
    case = as_of(suspect(fact, written), "2015-09-21")

    found = case.listing("suspect").things[0].facts[fact]
    assert (found.state, case.hidden, case.problems) == (state, hidden, ())
    assert state is State.RECORDED or not found.parts or state is State.NOT_DONE


def test_reviews_after_an_earlier_as_of_have_not_yet_been_held() -> None:
    case = as_of("plan: {reviews: [2015-09-01, 2015-12-01]}", "2015-09-21")
    none = as_of("plan: {reviews: [2015-12-01]}", "2015-09-21")

    held = case.listing("plan").things[0].facts["reviews"]
    assert (held.state, len(held.records), held.complete) == (State.RECORDED, 1, True)
    assert none.listing("plan").things[0].facts["reviews"].state is State.NOT_RECORDED


@pytest.mark.parametrize("written", ["at: 2015-12-01", "from: 2015-12-01", "known: 2015-12-01"])
def test_a_thing_that_lies_after_an_earlier_as_of_is_not_there_yet(written: str) -> None:
    case = as_of(f"suspects: [{{ref: S1}}, {{ref: S2, {written}}}]", "2015-09-21")
    alone = as_of(f"suspects: [{{ref: S2, {written}}}]", "2015-09-21")

    assert [thing.ref for thing in case.listing("suspect").things] == ["S1"]
    assert (case.hidden, case.problems) == (1, ())
    assert (alone.listing("suspect").state, alone.listing("suspect").things) == (State.NOT_RECORDED, ())


def test_where_day_0_is_undated_every_thing_is_there_in_every_reading() -> None:
    text = "as_of: day 40\nday_0: {weekday: tuesday, month: 2015-09}\nsuspects: [{ref: S1, at: day 10}]\n"

    case = as_of(text, "2015-09-15")

    assert [thing.ref for thing in case.listing("suspect").things] == ["S1"]


def test_a_judgement_after_an_earlier_as_of_is_not_yet_given() -> None:
    text = "judgements: [{rule: r, subject: case, answer: met, reason: seen, by: reviewer@police, at: 2015-12-01}]"

    assert as_of(text, "2015-09-21").judgements == ()
    assert as_of(text, "2015-09-21").hidden == 1
    assert len(as_of(text, "2015-12-01").judgements) == 1


def moment_of(text: str) -> Moment:
    found = fact_of(text).moment
    assert found is not None
    return found


def test_dates_may_be_counted_from_the_report_and_from_day_0() -> None:
    dated = "report: {received: 2015-09-01T10:15}\n"

    assert str(moment_of(dated + suspect("arrested", "report + 21 days")).lo_day) == "2015-09-22"
    assert str(moment_of(dated + suspect("arrested", "day 21")).lo_day) == "2015-09-22"
    assert str(moment_of("day_0: 2015-09-01\n" + suspect("arrested", "day 21")).lo_day) == "2015-09-22"


def test_day_0_may_stay_undated() -> None:
    case = case_of("as_of: day 40\nreport: {received: day 0}\n" + suspect("arrested", "report + 21 days"))

    assert case.problems == ()
    assert case.undated_from is not None
    assert case.candidates == ()


def test_an_undated_day_0_may_be_narrowed_to_the_days_of_a_month() -> None:
    case = case_of("as_of: day 40\nday_0: {weekday: tuesday, month: 2015-09}\nreport: {received: day 0}\n")

    assert [day.day for day in case.candidates] == [1, 8, 15, 22, 29]
    assert case_of("day_0: {weekday: tuesday}\nreport: {received: day 0}\nas_of: day 9\n").candidates == ()
    assert case_of("day_0: {weekday: tuesday, month: 2015}\nreport: {received: day 0}\nas_of: day 9\n").candidates == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("as_of: day 40\n" + suspect("arrested", "2015-09-22"), "suspects[0].arrested: a date"),
        ("as_of: day 40\n" + suspect("arrested", "day 2/2015-09-22"), "suspects[0].arrested: a date"),
        ("as_of: day 40\n" + suspect("arrested", "day 2/ 2015-09-22"), "suspects[0].arrested: a date"),
        ('as_of: "\\tday 40"\n' + suspect("arrested", "2015-09-22"), "suspects[0].arrested: a date"),
        ("as_of: 2016-07-18\nreport: {received: day 0}\n", "as_of: a date"),
        ("as_of: day 40\nreport: {received: 2015-09}\n" + suspect("arrested", "day 2"), "report.received: a date"),
        (
            "as_of: day 40\nreports: [{received: 2015-08}, {received: 2015-09-05}]\n",
            "reports[0].received: a date",
        ),
    ],
)
def test_days_counted_from_an_undated_day_0_are_never_weighed_against_dates(text: str, problem: str) -> None:
    told = [found.what for found in case_of(text).problems]

    assert f"{problem}, where others are counted from an undated day 0" in told


def test_the_day_that_stands_for_an_undated_day_0_may_be_a_day_of_a_case() -> None:
    for day_0 in ("day_0: 1969-01-01\n", ""):
        case = case_of(f"as_of: day 40\n{day_0}report: {{received: 1969-01-01}}\n")

        assert (case.undated_from, case.problems) == (None, ())


def test_of_a_thing_whose_about_cannot_be_read_no_value_is_left() -> None:
    case = case_of(
        "as_of: 2016-07-18\nsuspects: [{ref: S1, about: [Q9], arrested: {at: 2016-02-02, known: 2016-02-03}}]\n"
    )
    fact = case.listing("suspect").things[0].facts["arrested"]

    assert (fact.state, fact.value, fact.parts) == (State.UNREADABLE, None, {})


def test_an_undated_case_is_not_reviewed_as_of_a_date() -> None:
    case = as_of("as_of: day 40\nreport: {received: day 0}\n", "2016-07-18")

    assert not case.has_clock
    assert [problem.what for problem in case.problems] == ["day 0 is undated, so a review cannot stand on a date"]
    assert as_of("as_of: day 40\nreport: {received: day 0}\n", "2016-07-18").problems == case.problems


def test_a_dated_day_0_joins_dates_and_counted_days() -> None:
    for head in ("day_0: 2015-09-01\n", "report: {received: 2015-09-01}\n", "day_0: {month: 2015-09}\n"):
        case = case_of(head + suspect("arrested", "2015-09-22", ", interviewed: day 22"))

        assert case.problems == ()


def test_a_note_that_speaks_of_a_day_counts_no_days() -> None:
    case = case_of(suspect("arrested", "{at: 2015-09-22, note: day 3, source: day 3}"))

    assert case.problems == ()
    assert case.undated_from is None


def test_a_relative_date_counts_from_the_first_report() -> None:
    text = "reports: [{received: 2015-09-05}, {received: {at: 2015-09-01, source: log 1}}, others not recorded]\n"

    assert str(moment_of(text + suspect("arrested", "report + 21 days")).lo_day) == "2015-09-22"
    assert "suspects[0].arrested" in problems(suspect("arrested", "report + 21 days"))[0]
    assert "suspects[0].arrested" in problems(suspect("arrested", "suspect + 21 days"))[0]
    # One that nobody dated may have been the first.
    assert problems(
        text.replace("others not recorded", "{received: unknown}") + suspect("arrested", "report + 21 days")
    )


def test_an_as_of_from_outside_beats_the_file_s_own() -> None:
    for own in ("2016-07-18", "", "soon"):
        case = as_of(f"as_of: {own}\n" + suspect("arrested", "2015-09-22"), "2015-10-01")

        assert case.has_clock
        assert case.as_of.text == "2015-10-01"
    assert as_of("as_of:\n", "2015-10-01").problems == ()


def test_a_dated_case_is_not_undated_for_want_of_a_report() -> None:
    assert case_of(suspect("arrested", "2015-09-22")).undated_from is None


# What was looked at, and judgements.


def test_absence_is_evidence_only_inside_what_was_looked_at() -> None:
    case = case_of("looked_at: [first]\nsuspects: [{ref: S1}]")
    type_ = vocabulary().fact("suspect.arrested")
    assert type_ is not None

    assert case.fact(case.listing("suspect").things[0], type_).state is State.NOT_LOOKED_AT
    assert case.looked_at == ("first",)
    assert case_of("looked_at: all").looked_at is None
    assert case_of("looked_at:").looked_at is None
    assert case_of("looked_at: first").looked_at == ("first",)
    assert case_of("looked_at: []").looked_at == ()


@pytest.mark.parametrize("written", ["", "~", "not recorded", "{at: not recorded}", "{note: a note}"])
def test_an_empty_fact_is_evidence_only_inside_what_was_looked_at(written: str) -> None:
    assert fact_of("looked_at: [first]\n" + suspect("arrested", written)).state is State.NOT_LOOKED_AT
    assert fact_of("looked_at: [second]\n" + suspect("arrested", written)).state is State.NOT_RECORDED


def test_a_judgement_needs_all_that_makes_it_one() -> None:
    whole = (
        "judgements: [{rule: r, subject: case, answer: met, reason: seen, by: reviewer@inspectorate, at: 2016-01-01}]"
    )

    assert [one.answer for one in case_of(whole).judgements] == ["met"]
    assert case_of(whole.replace("answer: met", "answer: good")).judgements == ()
    assert case_of(whole.replace(", at: 2016-01-01", "")).judgements == ()
    assert case_of("judgements: [met]").judgements == ()


# Problems.


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (suspect("arested", "2015-09-22"), "a suspect has no such fact"),
        ("suspets: []", "the vocabulary has no such word"),
        (suspect("risk", "hgh"), "this is not a value of risk"),
        (suspect("access", "true"), "this is not a value of access"),
        (suspect("arrested", "22/9/2015"), "suspects[0].arrested"),
        (suspect("arrested", "[2015-09-22]"), "cannot be a list"),
        (suspect("arrested", "{when: 2015-09-22}"), "has no such key"),
        (suspect("arrested", "{at: 2015-09-22, is: 2015-09-23}"), "it is said in two ways"),
        (suspect("arrested", "{at: 2015-09-22, from: 2015-09-23}"), "it is said in two ways"),
        (suspect("arrested", "{done: no, from: 2015-09-22}"), "what was not done has no date"),
        (suspect("arrested", "{done: unknown, at: 2015-09-22}"), "what was not done has no date"),
        (suspect("arrested", "{done: yes, is: no}"), "it is said to be done, and not to be"),
        (suspect("arrested", "{done: [yes]}"), "done must be yes or no"),
        (suspect("arrested", "{from: [x]}"), "cannot be a list"),
        (suspect("arrested", "{from: 2015-09-22, until: soon}"), "suspects[0].arrested.until: "),
        (suspect("arrested", "{from: 2015-09-22, until: 2016-09-01}"), "after the file's own as_of"),
        (suspect("arrested", "{at: 2015-09-22, known: 2016-09-01}"), "after the file's own as_of"),
        (suspect("bail_until", "{at: 2016-09-22, known: 2016-09-01}"), "after the file's own as_of"),
        (suspect("arrested", "{at: 2015-09-22, note: [x]}"), "suspects[0].arrested.note: cannot be a list"),
        (suspect("arrested", "{at: not recorded, reason: agreed}"), "reason belongs to what was not done"),
        (suspect("arrested", "{reason: agreed}"), "reason belongs to what was not done"),
        (suspect("arrested", "{done: no, reason: [agreed]}"), "suspects[0].arrested.reason: cannot be a list"),
        (suspect("arrested", "{conflicting: [not recorded, null]}"), "a contradiction needs two records"),
        (suspect("arrested", "{conflicting: 2015-09-22}"), "must be a list"),
        (suspect("arrested", "{conflicting: [2015-09-22, no], at: 2015-09-22}"), "has no such key"),
        (suspect("contacts", "{count: 4, at_least: 6}"), "a number has no bounds"),
        (suspect("contacts", "{is: 4, count: 5}"), "it is said in two ways"),
        (suspect("contacts", "{count: {x: y}}"), "must be a value"),
        (suspect("contacts", "{at_least: 5, at_most: 3}"), "at_least is above at_most"),
        (suspect("risk", "{is: high, at: soon}"), "suspects[0].risk[0]: this is not a date"),
        (suspect("risk", "{is: high, at: 2016-09-01}"), "after the file's own as_of"),
        (suspect("risk", "[{is: low}, {is: high, at: }]"), "needs the day from which it held"),
        (suspect("risk", "[{is: low, at: [x]}]"), "suspects[0].risk[0]: cannot be a list"),
        (
            suspect("risk", "[{is: low, at: 2015-10-01}, {is: high, at: 2015-09-01}]"),
            "this held before the value above",
        ),
        (suspect("told", "not applicable"), "needs a reason"),
        ("concerns: [[abuse]]", "concerns: an item must be a text"),
        ("suspects: [{ref: [S1]}]", "a ref is a short code"),
        ("suspects: [{ref: S1, note: [x]}]", "suspects[0].note: cannot be a list"),
        ("suspects: [{ref: S1, by: Jane Smith}]", "by must be a role"),
        ("suspects: [{ref: S1, at: 2016-09-01}]", "after the file's own as_of"),
        ("suspects: [{ref: S1, about: {x: y}}]", "about must be a list"),
        ("suspects: [{ref: S1, about: [[S1]]}]", "about: nothing has this ref"),
        ("contacts: [{ref: K1, suspect: []}, {ref: K2, suspect: [S9, others not recorded]}]", "nothing has this ref"),
        ("suspects: [{ref: S1, count: [1]}]", "suspects[0].count: cannot be a list"),
        ("country: [england]", "country: cannot be a list"),
        ("looked_at: {x: y}", "looked_at must be a list"),
        ("looked_at: [[first]]", "an item of looked_at must be a text"),
        ("judgements: {x: y}", "judgements must be a list"),
        ("day_0: [2015-09-01]", "day_0 must be one day"),
        ("day_0: soon", "day_0: this is not a date"),
        ("day_0: {month: [x]}", "month: this is not a date"),
        ("day_0: {weekday: monday, month: 2015-09-01}", "none of its days is that weekday"),
        (suspect("arrested", "{done: maybe}"), "done must be yes or no"),
        (suspect("arrested", "{done: no, at: 2015-09-22}"), "what was not done has no date"),
        (suspect("arrested", "{at: {x: y}}"), "must be a value"),
        (suspect("arrested", "not applicable"), "cannot be `not applicable`"),
        (suspect("arrested", "{is: not applicable, reason: x}"), "cannot be `not applicable`"),
        (suspect("told", "{is: not applicable}"), "needs a reason"),
        (suspect("arrested", "{done: no, reason: busy}"), "no such reason"),
        (suspect("access", "{is: no, reason: agreed}"), "reason belongs to what was not done"),
        (suspect("arrested", "{done: yes, decided_by: inspector@police}"), "decided_by belongs to what was not done"),
        (suspect("arrested", "{conflicting: [2015-09-22]}"), "a contradiction needs two records"),
        (suspect("arrested", "{at: 2015-09-22, by: Jane Smith}"), "by must be a role"),
        (suspect("contacts", "010"), "must be a whole number"),
        (suspect("contacts", "{count: few}"), "must be a whole number"),
        (suspect("contacts", "{at_least: few}"), "at_least must be a whole number"),
        ("children: [{ref: C1, age: eight}]", "must be an age"),
        ("children: [{ref: C1, age: 2008}]", "must be an age"),
        ("children: [{ref: C1, age: 150 years}]", "must be an age"),
        (suspect("risk", "[{is: low}, {is: high}]"), "each value but the first needs the day"),
        (suspect("risk", "[high]"), "each value but the first needs the day"),
        ("concerns: [abuse, abus]", "concerns: this is not a value of concerns"),
        ("suspects: [S1]", "an item of suspects must be a mapping"),
        ("suspects: [{ref: S 1}]", "a ref is a short code"),
        ("suspects: [{ref: S1}, {ref: S1}]", "is given twice"),
        ("suspects: [{ref: S1, count: 0}]", "count must be a whole number from 1"),
        ("suspects: [{ref: S1, about: [C9]}]", "about: nothing has this ref"),
        ("contacts: [{ref: K1, suspect: S9}]", "nothing has this ref"),
        ("children: [{ref: C1}]\ncontacts: [{ref: K1, suspect: C1}]", "contacts[0].suspect: this is a child"),
        ("suspect: {ref: S1}\nsuspects: [{ref: S2}]", "both 'suspect' and 'suspects' are written"),
        ("contacts: [{ref: K1, count: 20, alone: 4 of 30}]", "this is not a value of being seen alone"),
        ("country: scotland", "this is not a value of country"),
        ("looked_at: [third]", "looked_at: no such area"),
        ("as_of: 2016", "as_of must be one day"),
        ("as_of: {x: y}", "as_of: this is not a date"),
        ("as_of:", "as_of is missing"),
        ("as_of: soon", "as_of: "),
        ("day_0: 2015-09", "day_0 must be one day"),
        ("day_0: {weekday: someday}", "'weekday' cannot be"),
        ("case: X\nas_of: 2016-01-01\nsuspects: [{ref: S1, at: soon}]", "suspects[0].at"),
        ("case:", "'case' is missing"),
    ],
)
def test_what_is_wrong_is_said(text: str, what: str) -> None:
    assert any(what in problem for problem in problems(text)), problems(text)


@pytest.mark.parametrize(
    "written",
    [
        *("22/9/2015", "[x]", "{when: 2015-09-22}", "2017-01-01", "{at: {x: y}}", "not applicable"),
        *("{done: maybe}", "{done: no, at: 2015-09-22}", "{done: no, reason: busy}", "{done: no, by: Jane Smith}"),
        *("{at: 2015-09-22, by: Jane Smith}", "{at: 2015-09-22, known: soon}", "{at: 2015-09-22, note: [x]}"),
        *("{at: 2015-09-22, rationale: none}", "{conflicting: [2015-09-22]}", "{conflicting: [2015-09-22, soon]}"),
        *("{at: 2015-09-22, is: 2015-09-22}", "{from: 2015-09-22, until: soon}", "report + 2 days"),
    ],
)
def test_a_fact_with_a_problem_is_unreadable_never_absent(written: str) -> None:
    assert fact_of(suspect("arrested", written)).state is State.UNREADABLE


def test_a_reference_to_nothing_is_unreadable() -> None:
    for written in ("S9", "[S1, S9]", "R1"):
        text = f"report: {{ref: R1}}\nsuspects: [{{ref: S1}}]\ncontacts: [{{ref: K1, suspect: {written}}}]"

        assert fact_of(text, "contact", "suspect").state is State.UNREADABLE


def test_a_misspelt_fact_makes_nothing_look_absent() -> None:
    text = suspect("arested", "2015-09-22", ", access: yes, job: ")

    assert fact_of(text).state is State.UNREADABLE
    assert fact_of(text, fact="arrested.rationale").state is State.UNREADABLE
    assert fact_of(text, fact="job").state is State.UNREADABLE
    assert fact_of(text, fact="access").state is State.RECORDED


def test_a_misspelt_list_makes_nothing_look_absent() -> None:
    case = case_of("suspets: [{ref: S1}]\nreport: {received: 2015-09-01}\n")
    kinds = vocabulary().kinds

    assert case.absence_of(kinds["suspect"]) is State.UNREADABLE
    assert case.listing("report").things[0].facts["received"].state is State.RECORDED
    assert case_of("report: {}").absence_of(kinds["suspect"]) is State.NOT_RECORDED


def test_a_thing_that_concerns_nobody_known_is_held_against_nobody() -> None:
    text = "suspects: [{ref: S1}]\nexhibits: [{ref: X1, about: [S9], status: lost}]\n"

    assert fact_of(text, "exhibit", "status").state is State.UNREADABLE


def test_what_is_no_thing_is_a_thing_of_which_nothing_can_be_read() -> None:
    assert fact_of("suspects: [someone]").state is State.UNREADABLE


def test_a_file_that_is_no_mapping_says_so() -> None:
    case = load_case(parse_document(b"- a\n", name="case.yaml"), vocabulary())

    assert "a case file must be a mapping" in [problem.what for problem in case.problems]
    assert not case.has_clock


def test_of_a_file_that_cannot_be_parsed_only_that_is_said() -> None:
    document = parse_document(b"", name="case.yaml")

    assert load_case(document, vocabulary()).problems == document.problems


def test_each_wrong_word_of_a_list_is_told_at_its_place() -> None:
    case = case_of("case: X\nas_of: 2016-07-18\nlooked_at: [frst, second, thrd]\nconcerns:\n  - abus\n  - neglct\n")

    assert [(problem.line, problem.column) for problem in case.problems] == [(3, 13), (3, 27), (5, 5), (6, 5)]


def test_every_problem_is_told_at_once_and_in_order() -> None:
    case = case_of(suspect("arested", "2015-09-22", ", risk: hgh, access: true") + "suspets: []\n")

    assert len(case.problems) == 4
    assert list(case.problems) == sorted(case.problems)


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_file_has_the_problems_that_are_marked_in_it_and_no_others(path: Path) -> None:
    case = load_case(read_document(path), SHIPPED.vocabulary)

    told = [(problem.line, problem.what + problem.hint) for problem in case.problems]
    expected = marked(path)
    assert expected
    assert [line for line, _ in told] == [line for line, _ in expected]
    assert all(words in said for (_, said), (_, words) in zip(told, expected, strict=True))


# Whatever is written.

CANARY = "zqxj"
"""In no word that the tool says."""

WHOLE: dict[str, Any] = {
    "case": "X",
    "as_of": "2016-07-18",
    "country": "england",
    "looked_at": ["first", "second"],
    "day_0": {"weekday": "tuesday", "month": "2015-09"},
    "concerns": ["abuse", "others not recorded"],
    "closed": {"done": "no", "reason": "agreed", "decided_by": "inspector@police", "decided_at": "2016-01-01"},
    "reports": [{"ref": "R1", "received": {"is": "2015-09-01T10:15", "source": "log 1"}, "graded": "high"}],
    "children": [{"ref": "C1", "age": "8", "safe": {"is": "yes", "known": "2015-09-01", "written_down": "2015-09-02"}}],
    "suspects": [
        {
            "ref": "S1",
            "about": ["C1"],
            "by": "constable@police",
            "known": "2015-09-01",
            "risk": [{"is": "low"}, {"is": "high", "at": "2015-10-01"}],
            "arrested": {"at": "report + 21 days", "rationale": "recorded", "by": "constable@police", "note": "a note"},
            "interviewed": {"conflicting": ["2015-09-22", {"at": "2015-09-24"}], "note": "a note"},
            "identified_on": "2015-09-01/2015-09-03",
            "contacts": {"count": "unknown", "at_least": "1"},
            "bail_until": "2016-09-01",
            "told": {"is": "not applicable", "reason": "no employer"},
            "armed": {"is": "no", "source": "log 2"},
        }
    ],
    "contacts": [{"ref": "K1", "count": "20", "suspect": "S1", "seen": {"done": "4 of 20"}, "alone": "some"}],
    "plan": {"agreed": "2015-10-01", "agencies": ["police"], "reviews": ["2015-11-01", {"at": "2015-12-01"}]},
    "judgements": [
        {"rule": "r", "subject": "case", "answer": "met", "reason": "a", "by": "a@police", "at": "2016-01-01"}
    ],
}


def spoilt(node: Any, word: str) -> Iterator[Any]:
    """Copies of a tree, each with one key or one value spoilt."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield {(word if other == key else other): inner for other, inner in node.items()}
            for worse in spoilt(value, word):
                yield {**node, key: worse}
    elif isinstance(node, list):
        for index, value in enumerate(node):
            for worse in spoilt(value, word):
                yield [*node[:index], worse, *node[index + 1 :]]
    else:
        yield from (word, [word], {word: word}, f"{node} {word}", f"{word}/{node}")


def read(tree: Any) -> Case:
    return load_case(parse_document(json.dumps(tree).encode(), name="case.yaml"), vocabulary())


def test_the_whole_example_is_read_without_a_problem() -> None:
    assert [str(problem) for problem in read(WHOLE).problems] == []


def test_no_message_repeats_a_word_of_the_file() -> None:
    trees = list(spoilt(WHOLE, CANARY))
    trees.append({**WHOLE, "suspects": [{"ref": CANARY}, {"ref": CANARY}], "contacts": [{"suspect": CANARY}]})
    trees.append({**WHOLE, "suspects": [{"ref": CANARY}], "plan": {"about": [f"{CANARY}1"]}, f"{CANARY}": CANARY})
    trees.append({**WHOLE, "children": [{"ref": CANARY}], "contacts": [{"suspect": CANARY}]})

    for tree in trees:
        assert not [str(problem) for problem in read(tree).problems if CANARY in str(problem)]


# Junk, one fact a line.

VALUES = [
    *("S1", "yes", "no", "high", "unknown", "redacted", "not recorded", "not applicable", "others not recorded"),
    *("2015-09-22", "2015", "2015-09-22T10:15", "2016-12-01", "day 3", "report + 2 days", "../2015-09", "13/13/2015"),
    *("4 of 20", "20", "all", "some", "0", "agreed", "police", "a@police", "all", f"{CANARY} {CANARY}", "", "~"),
]
KEYS = [
    *("is", "at", "done", "from", "until", "known", "written_down", "reason", "decided_by", "decided_at", "by", "note"),
    *("count", "at_least", "at_most", "conflicting", "rationale", "ref", "about", "weekday", "month", CANARY),
]


@cache
def junk() -> st.SearchStrategy[str]:
    scalars = st.sampled_from(VALUES)
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(item or 'null' for item in items)}]"),
            st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(
                lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
            ),
        ),
        max_leaves=8,
    )


@cache
def junk_of(kind: str) -> st.SearchStrategy[dict[str, str]]:
    names = [*vocabulary().kinds[kind].facts, "count", "at", "about", "by", CANARY]
    return st.dictionaries(st.sampled_from(names), junk(), max_size=5)


@st.composite
def junk_cases(draw: st.DrawFn) -> str:
    """A case file of the vocabulary's words and of junk, with one key of each thing a line."""
    lines = ["case: X", f"as_of: {draw(st.sampled_from(['2016-07-18', 'day 40', '', CANARY]))}"]
    words = ["concerns", "closed", "looked_at", "day_0", "country", "judgements", CANARY]
    for key, value in draw(st.dictionaries(st.sampled_from(words), junk(), max_size=3)).items():
        lines.append(f"{key}: {value}")
    for kind in draw(st.lists(st.sampled_from(["report", "suspect", "contact", "plan", "child"]), unique=True)):
        found = vocabulary().kinds[kind]
        lines.append(f"{found.plural}:")
        for number, facts in enumerate(draw(st.lists(junk_of(kind), min_size=1, max_size=2))):
            lines.append(f"- ref: {found.label}{number}")
            lines.extend(f"  {key}: {value}" for key, value in facts.items())
    return "\n".join(lines) + "\n"


def facts_by_line(case: Case) -> Iterator[tuple[int, Fact]]:
    for thing in (case.whole, *(thing for listing in case.listings.values() for thing in listing.things)):
        for name, fact in thing.facts.items():
            yield fact.line, case.fact(thing, vocabulary().kinds[thing.kind].facts[name])


@pytest.mark.unmeasured
@settings(deadline=None, max_examples=400)
@given(junk_cases(), st.sampled_from(["", "2015-10-01"]))
def test_whatever_is_written_is_read_and_a_fact_with_a_problem_is_unreadable(text: str, day: str) -> None:
    document = parse_document(text.encode(), name="case.yaml")
    given_as_of = parse_moment(day) if day else None

    case = load_case(document, vocabulary(), as_of=given_as_of)

    assert list(case.problems) == sorted(set(case.problems))
    assert load_case(document, vocabulary(), as_of=given_as_of) == case
    assert not any(CANARY in str(problem) for problem in case.problems)
    wrong = {problem.line for problem in case.problems}
    for line, fact in facts_by_line(case):
        assert line not in wrong or fact.state is State.UNREADABLE, (line, fact)
    for day_zero in case.candidates[:2]:
        load_case(document, vocabulary(), as_of=given_as_of, day_zero=day_zero)


@settings(deadline=None, max_examples=100)
@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_no_problem(random: Any) -> None:
    tree = {**WHOLE, "suspects": [{"ref": "S1", "arested": "x", "risk": "hgh", "about": ["S9"]}], "contacts": [{}, "x"]}
    keys = random.sample(list(tree), len(tree))

    before, after = read(tree), read({key: tree[key] for key in keys})

    assert sorted(problem.what for problem in before.problems) == sorted(problem.what for problem in after.problems)
