"""A case in brief comes to what its review comes to, whatever was reviewed before it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from benchmarks import cases
from checklist import brief as room
from checklist import recall
from checklist.brief import Briefs, brief_of
from checklist.case import load_case
from checklist.engine import of_one, review
from checklist.findings import Brief
from checklist.packing import pack_brief, unpack_brief
from checklist.readings import Readings
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.source import parse_document
from tests.small import ROOT, checklist_of

STARTS = ("report.received", "{first_of: [suspect.identified_on, suspect.bail_until]}", "{last_of: [report.received, suspect.identified_on]}",
          "{first_known: [suspect.access, suspect.images]}", "{last_of: [report.received, {if_recorded: suspect.identified_on}]}")  # fmt: skip
EVENTS = (
    "suspect.arrested",
    "{first_of: [suspect.arrested, suspect.interviewed]}",
    "{last_of: [suspect.arrested, suspect.interviewed]}",
)
LIMITS = ("3 days", "50 hours", "1 week", "2 working days", "1 month")
DEADLINES = [
    f"for_each: suspect\naccept_reasons: [agreed]\ndeadline: {{event: {EVENTS[number % 3]}, after: {STARTS[number % 5]}, limit: {LIMITS[number // 3 % 5]}}}\n"
    f"calendar: england-and-wales\nlimit_standing: local"
    for number in range(15)
]
RULES = [
    *DEADLINES,
    "for_each: suspect\ndeadline: {event: suspect.arrested, after: report.received, limit: {by: suspect.risk, high: 2 days, low: 5 days}}\nlimit_standing: local",
    "for_each: suspect\nexpect: {suspect.arrested: {before: suspect.interviewed}}",
    "for_each: suspect\napplies_when: {suspect.identified_on: {after: 2016-02-03}}\nexpect: {suspect.told: yes}",
    "for_each: suspect\nexpect: {suspect.access: no, suspect.images: no}",
    "for_each: suspect\napplies_when: {case.concerns: {includes_any: [abuse]}, suspect.armed: yes}\nexpect: {suspect.contacts: {at_least: 2}}\nlimit_standing: local",
    "for_each: plan\nschedule: {first_after: plan.agreed, events: plan.reviews, first: 3 days, every: 5 days, until: plan.ended}\nlimit_standing: local",
    "expect: {some: {of: suspect, satisfies: {suspect.access: yes}}}",
    "judgement: Well done?",
]


def asked() -> Checklist:
    """Rules of every block, on a small vocabulary."""
    checklist = checklist_of(*RULES)
    numbered = (replace(rule, id=f"small-{number}") for number, rule in enumerate(checklist.rules))
    return replace(checklist, rules=tuple(numbered))


@cache
def shipped() -> Checklist:
    return load_checklist(ROOT / "rules")


def told(brief: Brief, checklist: Checklist) -> bytes:
    """All that a brief says."""
    return pack_brief(brief, checklist)


def compare(text: str, checklist: Checklist, briefs: Briefs) -> Brief:
    """The case in brief, which must be what its review is in brief."""
    document = parse_document(text.encode(), name="case.yaml")
    case = load_case(document, checklist.vocabulary)
    readings = tuple(load_case(document, checklist.vocabulary, day_zero=day) for day in case.candidates)
    found = briefs.of(case, Readings(document, checklist.vocabulary, case))
    assert told(found, checklist) == told(brief_of(review(case, checklist, readings=readings), checklist), checklist), (
        text
    )
    return found


def day(chance: Random) -> str:
    """A day near the others, so that limits end before it, on it and after it; as precise as files are."""
    number = chance.randint(1, 12)
    return chance.choice(
        (f"2016-02-{number:02}", f"2016-02-{number:02}", f"2016-02-{number:02}T{chance.randint(0, 23):02}:30", f"2016-02-{number:02}/2016-02-{number + chance.randint(1, 4):02}", "2016-02",
         f"2016-02-{number:02}/..", f"day {number}", "unknown", "redacted", "not recorded"),
    )  # fmt: skip


def event(chance: Random) -> str:
    """An event in one of its states."""
    refused = f"{{done: no, reason: {chance.choice(('agreed', 'died'))}, decided_by: inspector@police, decided_at: {day(chance)}}}"
    late = f"{{at: {day(chance)}, reason: agreed, decided_by: inspector@police, decided_at: {day(chance)}}}"
    return chance.choice((day(chance), day(chance), day(chance), refused, late, "no", "yes"))


def fact(chance: Random) -> str:
    """A yes or no, and when it was known."""
    return chance.choice(
        ("yes", "no", "unknown", "redacted", f"{{is: yes, known: {day(chance)}}}", f"{{is: no, known: {day(chance)}}}")
    )


def suspect(chance: Random, number: int) -> str:
    """A suspect of whom some things are written down."""
    said = {
        "arrested": event(chance),
        "interviewed": event(chance),
        "told": event(chance),
        "identified_on": day(chance),
        "bail_until": day(chance),
        "access": fact(chance),
        "images": fact(chance),
        "armed": chance.choice(("yes", "no", "unknown")),
        "contacts": chance.choice(("0", "2", "at least 1", "unknown")),
        "risk": chance.choice(("high", "low", "unknown")),
    }
    kept = [f"{name}: {value}" for name, value in said.items() if chance.random() < 0.6]
    return f"  - {{{', '.join([f'ref: S{number}', *kept])}}}\n"


def small_cases(number: int, seed: int) -> Iterator[str]:
    """Small cases whose days lie close together."""
    chance = Random(seed)  # noqa: S311 - a seed, no secret
    for _ in range(number):
        people = "".join(suspect(chance, one) for one in range(chance.randint(0, 2)))
        head = chance.choice(("", "", "", "day_0: {weekday: tuesday, month: 2016-02}\n", "day_0: {weekday: monday}\n"))
        above = head + "".join(
            line
            for line in (
                f"report: {{received: {day(chance)}}}\n",
                f"concerns: [{chance.choice(('abuse', 'neglect'))}]\n",
                chance.choice(
                    (
                        "looked_at: [first]\n",
                        "judgements: [{rule: small-22, subject: case, answer: met, reason: seen, by: inspector@police, at: 2016-02-01}]\n",
                    )
                ),
            )
            if chance.random() < (0.8 if line.startswith("report") else 0.3)
        )
        plan = {"agreed": event(chance), "ended": event(chance), "reviews": f"[{day(chance)}]"}
        kept = [f"{name}: {value}" for name, value in plan.items() if chance.random() < 0.5]
        above += (
            f"children: [{{ref: C1}}]\nplans: [{{{', '.join(['ref: P1', *kept])}}}]\n" if chance.random() < 0.5 else ""
        )
        yield f"as_of: 2016-02-{chance.randint(3, 20):02}\n{above}" + (f"suspects:\n{people}" if people else "")


def test_days_that_lie_close_together_come_to_what_the_engine_says() -> None:
    checklist = asked()
    briefs = Briefs(checklist)

    verdicts = {
        sort.verdict for text in small_cases(1_500, seed=3) for sort in compare(text, checklist, briefs).findings
    }

    assert len(verdicts) >= 7


def test_realistic_cases_by_the_whole_rulebook_come_to_what_the_engine_says() -> None:
    briefs = Briefs(shipped())
    texts = [cases.case(number, seed=9) for number in range(80)]

    for text in (*texts, *texts):
        if load_case(parse_document(text.encode(), name="case.yaml"), shipped().vocabulary).has_clock:
            compare(text, shipped(), briefs)


def test_the_engine_is_not_asked_again_for_what_is_like_something_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    checklist = checklist_of(DEADLINES[0])
    briefs = Briefs(checklist)
    compare(
        "as_of: 2016-07-18\nreport: {received: 2016-02-01}\nsuspects: [{ref: S1, arrested: 2016-02-20}]\n",
        checklist,
        briefs,
    )
    worked: list[str] = []

    def noted(*asked: object) -> object:
        worked.append("asked")
        return of_one(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(room, "of_one", noted)

    compare(
        "as_of: 2017-01-01\nsuspects: [{ref: Z, arrested: 2015-09-30}]\nreport: {received: 2015-09-09}\n",
        checklist,
        briefs,
    )
    assert worked == []

    compare(
        "as_of: 2017-01-01\nsuspects: [{ref: Z, arrested: 2015-09-10}]\nreport: {received: 2015-09-09}\n",
        checklist,
        briefs,
    )
    assert worked == ["asked"]


def test_a_case_of_very_many_things_is_left_to_the_engine() -> None:
    checklist = asked()
    people = "".join(f"  - {{ref: S{number}, access: yes}}\n" for number in range(201))

    found = compare(f"as_of: 2016-02-20\nsuspects:\n{people}", checklist, Briefs(checklist))

    assert len(found.findings) > 200


def test_what_is_held_of_earlier_cases_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MOST", 50)
    monkeypatch.setattr(recall, "_MOST_ENDS", 50)
    checklist = asked()
    briefs = Briefs(checklist)

    for text in small_cases(60, seed=4):
        compare(text, checklist, briefs)

    assert briefs.held < 500


def test_a_rule_in_the_place_of_a_shipped_one_is_counted_with_what_that_one_says() -> None:
    (rule,) = checklist_of(DEADLINES[0]).rules
    longer = checklist_of(DEADLINES[0].replace("3 days", "3 weeks")).rules[0]
    checklist = replace(checklist_of(DEADLINES[0]), rules=(replace(longer, shipped=rule),))
    text = "as_of: 2016-07-18\nreport: {received: 2016-02-01}\nsuspects: [{ref: S1, arrested: 2016-02-10}]\n"

    (sort,) = compare(text, checklist, Briefs(checklist)).findings

    assert (sort.verdict, sort.is_spared) == ("met", True)


def test_a_brief_is_packed_and_unpacked_whole() -> None:
    briefs = Briefs(shipped())
    text = cases.case(3, seed=1)
    found = replace(compare(text, shipped(), briefs), fault=("OSError", "case.py:1 x"), line=7)

    again = unpack_brief(pack_brief(found, shipped()), shipped())

    assert again == found


@pytest.mark.parametrize("data", [b"", b"{}", b"x\x9c"])
def test_what_is_no_packed_brief_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no packed review in brief"):
        unpack_brief(data, shipped())


FIRST_KNOWN = "for_each: suspect\naccept_reasons: [agreed]\ncalendar: england-and-wales\nlimit_standing: local\n"
LINE = "\n"
UNLIKE = [
    pytest.param(
        f"{FIRST_KNOWN}deadline: {{event: suspect.arrested, after: {{first_known: [suspect.{fact}]}}, limit: 2 working days}}",
        [
            f"as_of: {year}-05-01\nsuspects: [{{ref: S1, {fact}: {said}, arrested: {year}-03-0{day}}}]\n"
            for year in (2016, 2029)
            for day in range(1, 8)
        ],
        id=said,
    )
    for fact, said in (
        ("access", "{is: unknown, known: 2016-02-03}"),
        ("told", "{at: 2016-02-03, known: 2016-02-05/..}"),
        ("told", "2016-02-03"),
    )
] + [
    pytest.param(
        f"{FIRST_KNOWN}deadline: {{event: suspect.arrested, after: {{last_of: [report.received, plan.agreed]}}, limit: 2 working days}}",
        [
            f"as_of: {day}\nreport: {{received: 2016-02-01}}\nplans: [{{ref: P1, about: [Q9], agreed: 2016-02-02}}]\n"
            "suspects: [{ref: S1, arrested: {done: no, reason: agreed, decided_by: inspector@police, decided_at: 2016-02-02}}]\n"
            for day in (*(f"2016-05-0{day}" for day in range(1, 8)), "2029-05-01")
        ],
        id="a plan of which nothing can be read",
    ),
    pytest.param(
        f"{FIRST_KNOWN}deadline: {{event: suspect.arrested, after: {{last_of: [{{if_recorded: report.received}}, {{if_recorded: suspect.access.known}}]}}, limit: 2 working days}}",
        [
            f"as_of: {year}-05-01\nsuspects: [{{ref: S1, access: {{is: unknown, known: 2016-02-03}}, arrested: {year}-03-0{day}}}]\n"
            for year in (2016, 2029)
            for day in range(1, 8)
        ],
        id="known of an answer that is not known",
    ),
    pytest.param(
        "for_each: child\nlimit_standing: local\nschedule: {first_after: plan.agreed, events: plan.reviews, first: 2 days, every: 2 days}",
        [
            f"as_of: 2016-05-01\nchildren:\n{''.join(f'  - {{ref: C{one}}}{LINE}' for one in range(1, children + 1))}"
            f"plans: [{{ref: P1, about: [C1], agreed: 2016-02-01, reviews: [{', '.join(['2016-02-02'] * reviews)}]}}]\n"
            for children, reviews in ((2, 5), (100, 501), (2, 5))
        ],
        id="too many pairs",
    ),
]
"""A rule, and cases of which a later one is not like those before it."""


@pytest.mark.parametrize(("rule", "texts"), UNLIKE)
def test_a_case_is_not_taken_for_one_that_it_is_not_like(rule: str, texts: list[str]) -> None:
    checklist = checklist_of(rule)
    briefs = Briefs(checklist)

    for text in texts:
        compare(text, checklist, briefs)


SOME_PLAN = "some: {of: plan, satisfies: {plan.owner: police}}"


@pytest.mark.parametrize(
    "rule",
    [
        f"for_each: child\ndeadline: {{event: report.received, after: plan.agreed, limit: 3 days}}\nexpect: {{{SOME_PLAN}}}",
        f"for_each: child\nschedule: {{first_after: plan.agreed, events: plan.reviews, first: 3 days, every: 5 days}}\napplies_when: {{{SOME_PLAN}}}",
        "expect: {every: {of: report, satisfies: {report.graded: high}}}\ndeadline: {event: case.closed, after: report.received, limit: 3 days}",
        f"for_each: child\njudged_on: plan.agreed\nversions: [{{in_force: {{from: 2016-01-01}}}}]\nexpect: {{{SOME_PLAN}}}",
    ],
)
def test_what_is_counted_may_also_start_a_clock_or_decide_which_standard_holds(rule: str) -> None:
    checklist = checklist_of(f"{rule}\nlimit_standing: local")
    briefs = Briefs(checklist)
    parts = ("report: {received: 2016-02-03, graded: high}\n", "children: [{ref: C1}]\n", "closed: 2016-02-05\n", "looked_at: [first]\n")  # fmt: skip
    plans = ("", "plans: []\n", "plans: [others not recorded]\n", "plans: [{ref: P1, owner: police, agreed: 2016-02-01}]\n")  # fmt: skip

    for number in range(1 << len(parts)):
        above = "".join(part for place, part in enumerate(parts) if number >> place & 1)
        for listed in plans:
            for day in ("2016-02-04", "2016-05-01", "2029-05-01"):
                compare(f"as_of: {day}\n{above}{listed}", checklist, briefs)
