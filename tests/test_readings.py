"""A case whose day 0 may have been one of several days: read again only where it must be, and never to another verdict."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from checklist import readings as room
from checklist.brief import Briefs, brief_of
from checklist.case import Case, Fact, load_case
from checklist.clocks import Moment, bounds_of, end_of
from checklist.engine import review
from checklist.findings import Review
from checklist.packing import pack_brief
from checklist.readings import Moved, Readings
from checklist.recall import Recall
from checklist.rules import Checklist
from checklist.source import Document, parse_document
from tests.small import checklist_of, vocabulary
from tests.test_brief import asked, small_cases

HEADS = (
    "day_0: {weekday: friday, month: 2016-03}\n",
    "day_0: {weekday: sunday, month: 2016-10}\n",
    "day_0: {weekday: tuesday, month: 2015-12}\n",
    "day_0: {month: 2016-02}\n",
    "day_0: {month: 2016-03}\n",
)
TIMES = ("", "", "", "T00:30", "T01:30", "T23:30Z", "T00:30+01:00")
STANDARD = "limit_standing: local\njudged_on: report.received\nversions: [{in_force: {from: 2016-03-10}}]"
STANDARDS = (
    f"for_each: suspect\ndeadline: {{event: suspect.arrested, after: report.received, limit: 3 days}}\n{STANDARD}",
    f"for_each: suspect\nexpect: {{some: {{of: suspect, satisfies: {{suspect.access: yes}}}}}}\n{STANDARD}",
    f"for_each: suspect\nexpect: {{some: {{of: plan, satisfies: {{plan.agreed: yes}}}}}}\n{STANDARD}",
)
RECEIVED = "report: {received: day 0}\n"


def document_of(text: str) -> Document:
    return parse_document(f"case: X\n{text}".encode(), name="case.yaml")


def readings_of(text: str) -> Readings:
    document = document_of(text)
    return Readings(document, vocabulary(), load_case(document, vocabulary()))


def floating_cases(number: int, seed: int) -> Iterator[str]:
    """Small cases that count most of their days from a day 0 that is known by its month, some of it with a change of the clocks."""
    chance = Random(seed)  # noqa: S311 - a seed, no secret
    for text in small_cases(number, seed):
        dated = re.sub(r"day_0: .*\n", "", text)
        counted = re.sub(
            r"2016-02-([0-9]{2})(T[0-9:]+)?", lambda found: f"day {int(found[1])}{chance.choice(TIMES)}", dated
        )
        if chance.random() < 0.1:
            counted = re.sub("received: [^}]*", "received: day 3, attended: report + 2 days", counted)
        as_of = chance.choice((r"as_of: \1", r"as_of: \1", r"as_of: \1", "as_of: 2016-03-09", "as_of: 2016-02-20"))
        yield re.sub("as_of: (day [0-9]+).*", as_of, chance.choice(HEADS) + counted)


def facts_of(case: Case) -> Iterator[tuple[str, Fact]]:
    """Every fact that a case holds, with its parts and records, by its path."""
    things = [case.whole, *(thing for listing in case.listings.values() for thing in listing.things)]
    facts = [fact for thing in things for fact in thing.facts.values()]
    while facts:
        fact = facts.pop()
        yield fact.path, fact
        facts += [*fact.parts.values(), *fact.records, *fact.mixed]


def test_a_reading_is_loaded_when_it_is_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = readings_of("as_of: day 10\nday_0: {weekday: tuesday, month: 2015-09}\n" + RECEIVED)
    days: list[object] = []

    def noted(*asked: object, **named: object) -> Case:
        days.append(named["day_zero"])
        return load_case(*asked, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "load_case", noted)

    assert len(readings) == 5
    weeks = [there.as_of - readings.moved()[0].as_of for there in readings.moved()]
    assert weeks == [0, 7 * 1440, 14 * 1440, 21 * 1440]
    assert days == []
    assert readings[3].undated_from == readings[3].undated_from == date(2015, 9, 22)
    assert [case.undated_from for case in readings[3:]] == [date(2015, 9, 22), date(2015, 9, 29)]
    assert days == [date(2015, 9, 22), date(2015, 9, 29)]
    with pytest.raises(IndexError):
        readings[5]


def test_a_case_that_is_dated_has_no_readings() -> None:
    for text in (
        "as_of: 2016-02-03\n",
        "as_of: day 3\nday_0: {weekday: monday}\n",
        "as_of: day 3\nday_0: 2016-02-01\n",
    ):
        readings = readings_of(text + RECEIVED)

        assert not readings
        assert readings.moved() == []


def test_the_first_reading_is_the_case_itself() -> None:
    for text in floating_cases(300, seed=1):
        document = document_of(text)
        case = load_case(document, vocabulary())

        assert load_case(document, vocabulary(), day_zero=case.candidates[0]) == case, text


def test_where_days_lie_in_a_reading_is_told_without_it() -> None:
    told = Counter[bool]()
    for text in floating_cases(300, seed=2):
        readings = readings_of(text)
        if not readings:  # nothing in it is counted
            continue
        moved = readings.moved()
        told[bool(moved)] += 1
        here = dict(facts_of(readings[0]))
        for there, reading in zip(moved, readings[1:], strict=False):
            assert there.as_of == end_of(reading.as_of)
            found = dict(facts_of(reading))
            assert {path: fact.state for path, fact in found.items()} == {p: f.state for p, f in here.items()}, text
            for path, fact in found.items():
                for one, other in ((here[path].moment, fact.moment), (here[path].at, fact.at)):
                    assert [there.minutes[minute] for minute in bounds_of(one)] == bounds_of(other), text

    assert min(told.values()) > 30, told


@pytest.mark.parametrize(
    "days",
    [
        "as_of: day 40, arrested: 2015-09-20, told: day 10",  # dates stay where counted days move
        "as_of: day 40, arrested: report + 3 days",  # counted from another thing, which is not looked for
        "as_of: day 60, arrested: day 40T00:30, told: day 39T23:45Z",  # in summer time the other way round
        "as_of: day 60, arrested: day 47T01:30",  # a time that came twice, or never was
        "as_of: 2015-10-20, arrested: day 30",  # nobody had arrested him yet, or he had
    ],
)
def test_where_days_might_lie_in_another_order_each_reading_is_loaded(days: str) -> None:
    as_of, _, said = days.partition(", ")
    text = f"{as_of}\nday_0: {{month: 2015-09}}\n{RECEIVED}suspects: [{{ref: S1, {said}}}]\n"

    assert readings_of(text).moved() == ()


def test_a_review_as_of_another_day_compares_that_day_as_well() -> None:
    document = document_of(
        f"as_of: day 40\nday_0: {{month: 2015-09}}\n{RECEIVED}suspects: [{{ref: S1, arrested: day 30}}]\n"
    )
    early, late = (
        load_case(document_of(f"as_of: {day}\n"), vocabulary()).as_of for day in ("2015-10-15", "2015-12-31")
    )

    def moved(as_of: Moment) -> Sequence[Moved]:
        return Readings(document, vocabulary(), load_case(document, vocabulary(), as_of=as_of), as_of).moved()

    assert moved(early) == ()
    assert {there.as_of for there in moved(late)} == {end_of(late)}


def agreed(text: str, checklist: Checklist, recall: Recall, briefs: Briefs, as_of: Moment | None = None) -> Review:
    """The review of a case for which every reading was loaded, which must be what it comes to in every other way."""
    document = document_of(text)
    words = checklist.vocabulary
    case, again, brief = (load_case(document, words, as_of=as_of) for _ in range(3))  # so that nothing is shared
    eager = [load_case(document, words, as_of=as_of, day_zero=day) for day in case.candidates]
    found = review(case, checklist, readings=eager)
    readings = Readings(document, words, again, as_of)
    settled = briefs.settled(again, readings)

    assert review(again, checklist, readings=readings, recall=recall, settled=settled) == found, text
    counted = briefs.of(brief, Readings(document, words, brief, as_of))
    assert pack_brief(counted, checklist) == pack_brief(brief_of(found, checklist), checklist), text
    return found


def test_every_way_to_a_verdict_gives_the_one_that_all_readings_give() -> None:
    small = asked()
    judged = [replace(rule, id=f"judged-{number}") for number, rule in enumerate(checklist_of(*STANDARDS).rules)]
    checklist = replace(small, rules=(*small.rules, *judged))
    recall, briefs = Recall(), Briefs(checklist)

    found = [agreed(text, checklist, recall, briefs) for text in floating_cases(400, seed=3)]

    assert len({finding.verdict for one in found for finding in one.findings}) >= 7


def within(limit: str) -> str:
    return (
        "for_each: suspect\ncalendar: england-and-wales\nlimit_standing: local\naccept_reasons: [agreed]\n"
        f"deadline: {{event: suspect.arrested, after: report.received, limit: {limit}}}"
    )


def floating(month: str, said: str, *, as_of: str = "day 60", received: str = "day 0") -> str:
    return f"as_of: {as_of}\nday_0: {{month: {month}}}\nreport: {{received: {received}}}\n{said}\n"


def suspect(said: str) -> str:
    return f"suspects: [{{ref: S1, {said}}}]"


JUDGED = "judgements: [{{rule: small, subject: S1, answer: {}, reason: seen, by: inspector@police, at: {}}}]"
TOLD = "for_each: suspect\napplies_when: {{suspect.identified_on: {{after: {}}}}}\njudgement: Well done?"


@pytest.mark.parametrize(
    ("rule", "cases"),
    [
        pytest.param(
            within("2 working days"),
            [
                floating(month, suspect(f"arrested: {{conflicting: [{{at: day {one}}}, {{at: day {other}}}]}}"))
                for month in ("2016-02", "2016-02-05/2016-02-10")
                for one, other in ((1, 3), (3, 4))
            ],
            id="what is recorded twice",
        ),
        pytest.param(
            "for_each: plan\ncalendar: england-and-wales\nlimit_standing: local\n"
            "schedule: {first_after: plan.agreed, events: plan.reviews, first: 2 working days, every: 2 working days}",
            [
                floating(
                    "2016-02-05/2016-02-10",
                    "plans: [{ref: P1, agreed: day 0, reviews: [day 4, day 6]}]",
                    as_of="day 8",
                )
            ],
            id="a row of events",
        ),
        pytest.param(
            within("2 working days"),
            [
                *(floating("2016-02", suspect(f"arrested: {day}")) for day in ("2016-02-10/day 5", "day 3")),
                *(floating("2016-03", suspect(f"arrested: {day}")) for day in ("day 26T01:30", "day 26T03:30")),
            ],
            id="what can be read in some readings only",
        ),
        pytest.param(
            TOLD.format("2015-01-01"),
            [
                floating("2016-02", f"{suspect('identified_on: day 0')}\n{JUDGED.format('not met', at)}")
                for at in ("2016-02-03/day 1", "day 1")
            ],
            id="a judgement that can be read in some readings only",
        ),
        pytest.param(
            TOLD.format("2016-02-08"),
            [
                floating("2016-02", f"{suspect('identified_on: day 3')}\n{JUDGED.format('met', '2016-04-02')}"),
                floating("2016-02-09", suspect("identified_on: day 3")),
            ],
            id="a judgement that was given in some readings only",
        ),
        pytest.param(
            "for_each: suspect\nexpect: {suspect.identified_on: {after: 2016-02-03}}",
            [
                floating(month, suspect("identified_on: day 3"))
                for month in ("1968-12-31/1969-01-02", "1969-01", "1968-10", "1969-01-01", "2016-02-01")
            ]
            + [
                f"as_of: day 60\n{RECEIVED}{suspect('identified_on: day 3')}\n",
                floating("1969-01-01", suspect("identified_on: day 3")),
            ],
            id="the day that stands for a day 0 that nobody dated",
        ),
        pytest.param(
            within("45 working days"),
            [floating("2016-02", suspect(f"arrested: {day}")) for day in ("2016-04-02/2016-04-20", "2016-04-02")],
            id="what lies after the as-of in some readings only",
        ),
        pytest.param(
            within("37 working days"),
            [floating("2016-02", suspect("arrested: {conflicting: [{at: 2016-04-02}, {at: day 3}]}"))],
            id="what is recorded twice in some readings only",
        ),
        pytest.param(
            within("2 working days"),
            [floating("2016-03", suspect(f"arrested: {day}")) for day in ("day 1/day 27T01:30", "day 20/day 27T01:30")],
            id="a time that never was on one of the days",
        ),
    ],
)
def test_no_way_to_a_verdict_takes_one_reading_for_all(rule: str, cases: list[str]) -> None:
    checklist = checklist_of(rule)
    recall, briefs = Recall(), Briefs(checklist)

    for text in cases * 4:
        agreed(text, checklist, recall, briefs)


def test_where_the_own_as_of_of_a_file_cannot_be_read_in_the_first_reading_the_others_are_not_like_it() -> None:
    text = floating("2016-03", suspect("arrested: day 40"), as_of="day 26T01:30")
    late = load_case(document_of("as_of: 2016-12-01\n"), vocabulary()).as_of

    for limit in ("2 months", "2 working days"):
        checklist = checklist_of(within(limit))
        agreed(text, checklist, Recall(), Briefs(checklist), late)


def test_a_day_with_white_space_around_it_is_a_counted_day() -> None:
    early = load_case(document_of("as_of: 2016-03-01\n"), vocabulary()).as_of
    for space in ("\\t", "\\u00a0", "\\u2003", "\\n"):
        said = f'suspects: [{{ref: S1, at: "{space}day 20", arrested: 2016-01-05}}]'
        text = floating("2016-02", said, as_of="2017-01-01", received="2016-01-01")
        checklist = checklist_of(within("2 working days"))

        agreed(text, checklist, Recall(), Briefs(checklist), early)


def test_readings_are_counted_from_the_end_as_well() -> None:
    readings = readings_of(floating("2015-09", ""))

    assert readings[-1] is readings[29]
    assert readings[-30] is readings[0]
