"""A review with what earlier cases came to is the review without it; only quicker."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from random import Random

import pytest

from benchmarks import cases
from checklist import recall as room
from checklist.case import Case, load_case
from checklist.clocks import say_day
from checklist.engine import review
from checklist.findings import Review
from checklist.recall import Recall
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist, read_rule
from checklist.source import Document, parse_document
from checklist.vocabulary import load_vocabulary
from tests import small
from tests.small import case_of, checklist_of
from tests.test_brief import UNLIKE, small_cases
from tests.test_brief import asked as every_block

EXPECTS_ACCESS = "for_each: suspect\napplies_when: {suspect.images: yes}\nexpect: {suspect.access: no}"
RECORDED = "for_each: suspect\nexpect: {suspect.interviewed: {recorded: yes}, suspect.identified_on: {recorded: yes}}"
IN_TIME = "for_each: suspect\ndeadline: {event: suspect.arrested, after: report.received, limit: 3 days}\nlimit_standing: local"
LISTED = "expect: {some: {of: suspect, satisfies: {suspect.access: yes}}}"
JUDGED = "judgement: Well done?"
AFTER_KNOWN = "deadline: {event: suspect.arrested, after: {first_known: [suspect.access]}, limit: 3 days}"
CHANCE = partial(Random, 6)
LATEST = "for_each: child\nexpect: {plan.owner: police, latest plan.owner: police}"


def document_of(text: str) -> Document:
    return parse_document(text.encode(), name="small.yaml")


def suspects(*lines: str, above: str = "") -> str:
    return f"as_of: 2016-07-18\n{above}suspects:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rules that are worked out from now on, in order."""
    from checklist import engine  # noqa: PLC0415

    worked: list[str] = []
    work_out = vars(engine)["_by_version"]

    def noted(rule: object, *more: object) -> object:
        worked.append(str(getattr(rule, "id", "")))
        return work_out(rule, *more)

    monkeypatch.setattr(engine, "_by_version", noted)
    return worked


def same(text: str, checklist: Checklist, recall: Recall) -> Review:
    """The review of a case with and without what was before, which must be one."""
    plain = review(case_of(text), checklist)
    assert review(case_of(text), checklist, recall=recall) == plain
    return plain


def test_facts_like_those_of_an_earlier_case_are_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    checklist, recall = checklist_of(EXPECTS_ACCESS), Recall()
    for line in ("ref: S1, images: yes, access: no", "ref: A, access: no, images: yes"):
        same(suspects(line), checklist, recall)
    worked = counted(monkeypatch)

    other = "# another case, other lines\n" + suspects("ref: Z9, risk: high, images: yes, access: no")
    found = review(case_of(other), checklist, recall=recall).findings[0]

    assert worked == []
    assert found == review(case_of(other), checklist).findings[0]
    assert (found.subject, found.evidence[0].line) == ("Z9", 5)


def test_nothing_is_kept_of_what_was_seen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    checklist, recall = checklist_of(EXPECTS_ACCESS), Recall()
    worked = counted(monkeypatch)

    review(case_of(suspects("ref: S1, images: yes, access: no")), checklist, recall=recall)

    assert worked == ["small"]


def test_a_day_that_is_only_shown_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    checklist, recall = checklist_of(RECORDED), Recall()
    for day in (1, 2):
        same(suspects(f"ref: S1, interviewed: 2016-02-0{day}, identified_on: 2016-01-0{day}"), checklist, recall)
    worked = counted(monkeypatch)

    text = suspects("ref: S1, interviewed: 2016-03-09, identified_on: 2016-01-31")
    says = review(case_of(text), checklist, recall=recall).findings[0].says

    assert worked == []
    assert "2016-03-09" in says
    assert "2016-01-31" in says
    same(text, checklist, recall)


@pytest.mark.parametrize(
    ("line", "above", "days", "verdicts"),
    [
        ("ref: S1, arrested: 2015-09-{}", "report: {{received: 2015-09-01}}\n", range(10, 13), ["not met"] * 3),
        ("ref: S1, arrested: 2015-09-15", "report: {{received: 2015-09-{}}}\n", range(10, 15), ["not met"] * 2 + ["met"] * 3),
        ("ref: S1", "report: {{received: 2016-07-{}}}\n", range(13, 18), ["not met"] * 2 + ["not due yet"] * 3),
    ],
)  # fmt: skip
def test_what_hangs_on_a_day_is_what_it_is_for_each_day(
    line: str, above: str, days: range, verdicts: list[str]
) -> None:
    checklist, recall = checklist_of(IN_TIME), Recall()

    reviews = [same(suspects(line.format(day), above=above.format(day)), checklist, recall) for day in days]

    assert [str(one.findings[0].verdict) for one in reviews] == verdicts


def test_days_that_lie_in_the_order_of_others_are_not_held_against_the_limit_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checklist, recall = checklist_of(IN_TIME), Recall()
    late = "ref: S1, arrested: 2015-{}"
    for received, arrested in (("08-01", "08-20"), ("07-01", "07-11"), ("06-01", "06-09"), ("05-11", "05-19")):
        same(suspects(late.format(arrested), above=f"report: {{received: 2015-{received}}}\n"), checklist, recall)
    worked = counted(monkeypatch)

    text = "# another line\n" + suspects("ref: Z, arrested: 2014-03-09", above="report: {received: 2014-02-03}\n")
    found = review(case_of(text), checklist, recall=recall)
    told = found.findings[0]

    assert worked == []
    assert told.says == "arrested 34 days after the report; limit 3 days, due Thu 6 Feb 2014"
    assert (told.due, told.elapsed) == ("Thu 6 Feb 2014", "34 days")
    assert [mark.when for mark in found.timeline if mark.kind == "limit"] == ["Thu 6 Feb 2014"]
    same(text, checklist, recall)
    worked.clear()

    in_time = suspects("ref: Z, arrested: 2014-02-04", above="report: {received: 2014-02-03}\n")
    assert review(case_of(in_time), checklist, recall=recall).findings[0].verdict == "met"
    assert worked == ["small"]


def test_a_day_without_a_last_minute_is_not_like_one_without_a_first() -> None:
    checklist, recall = checklist_of(IN_TIME), Recall()

    for written in ("2016-02-07/..", "../2016-02-07", "2016-02-07") * 3:
        for received in ("2016-02-03", "2016-02-03/..", "../2016-02-03"):
            above = f"report: {{received: {received}}}\n"
            same(suspects(f"ref: S1, arrested: {written}", above=above), checklist, recall)


def test_days_that_lie_close_together_are_filled_in_as_the_engine_tells_them() -> None:
    checklist, recall = every_block(), Recall()

    for text in small_cases(1_200, seed=5):
        document = parse_document(text.encode(), name="case.yaml")
        days = load_case(document, checklist.vocabulary).candidates

        def read(
            document: Document = document, days: tuple[date, ...] = days
        ) -> tuple[Case, tuple[Case, ...]]:  # anew, so that nothing is shared
            readings = tuple(load_case(document, checklist.vocabulary, day_zero=day) for day in days)
            return load_case(document, checklist.vocabulary), readings

        (case, readings), (again, readings_again) = read(), read()
        plain = review(case, checklist, readings=readings)
        assert review(again, checklist, readings=readings_again, recall=recall) == plain, text


@pytest.mark.parametrize("rule", [EXPECTS_ACCESS, RECORDED, IN_TIME, LISTED, JUDGED, LATEST])
def test_whatever_came_before_the_review_is_the_same(rule: str) -> None:
    checklist, recall = checklist_of(rule), Recall()

    for text in (*varied(CHANCE()), *varied(CHANCE())):
        same(text, checklist, recall)


def varied(chance: Random) -> Iterator[str]:
    """Small cases in which every state of a fact turns up."""
    states = (
        "",
        "access: yes",
        "access: no",
        "access: unknown",
        "access: redacted",
        "access: not recorded",
        "access: maybe",
    )
    images = ("", "images: yes", "images: no", "images: unknown")
    days = (
        "",
        "interviewed: 2016-02-01",
        "interviewed: {done: no, reason: died, decided_by: inspector@police}",
        "interviewed: 2016-02",
    )
    aboves = ("", "report: {received: 2016-01-01}\n", "looked_at: [first]\n", "children: [{ref: C1}]\nplans: [{ref: P1, owner: police}]\n",
              "children: [{ref: C1}, {ref: C2}]\nplans: [{about: C1, owner: police, agreed: 2016-01-01}, {about: C1, owner: health, agreed: 2016-02-02}]\n",
              "judgements: [{rule: small, subject: case, answer: met, reason: seen, by: inspector@police, at: 2016-07-01}]\n")  # fmt: skip
    for _ in range(150):
        parts = [chance.choice(group) for group in (states, images, days)]
        people = [
            ", ".join(part for part in (f"ref: S{number}", *parts) if part) for number in range(chance.randint(0, 2))
        ]
        above = chance.choice(aboves)
        yield suspects(*people, above=above) if people else f"as_of: 2016-07-18\n{above}"


def test_two_facts_of_one_thing_are_not_taken_for_those_of_two() -> None:
    checklist, recall = checklist_of(LATEST), Recall()
    one = "as_of: 2016-07-18\nchildren: [{ref: C1}]\nplans: [{owner: police, agreed: 2016-01-01}]\n"
    two = "as_of: 2016-07-18\nchildren: [{ref: C1}]\nplans: [{owner: police, agreed: 2016-01-01}, {owner: police, agreed: 2016-02-01}]\n"

    for text in (one, two, one, two, two, one):
        same(text, checklist, recall)


def test_a_judgement_is_of_its_own_case() -> None:
    checklist, recall = checklist_of(JUDGED), Recall()
    judged = (
        "judgements: [{rule: small, subject: case, answer: met, reason: seen, by: inspector@police, at: 2016-07-01}]\n"
    )

    verdicts = [
        same(f"as_of: 2016-07-18\n{more}", checklist, recall).findings[0].verdict for more in ("", "", judged, "")
    ]

    assert verdicts == ["needs judgement", "needs judgement", "met", "needs judgement"]


def test_a_rule_that_is_asked_by_other_words_is_worked_out() -> None:
    recall = Recall()
    checklist = checklist_of(EXPECTS_ACCESS)
    other = replace(checklist, vocabulary=replace(checklist.vocabulary))

    for asked in (checklist, checklist, other, checklist, other):
        same(suspects("ref: S1, images: yes"), asked, recall)


def test_the_memory_of_what_was_before_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from checklist import recall as room  # noqa: PLC0415

    for name in ("_MOST", "_MOST_SEEN"):
        monkeypatch.setattr(room, name, 3)
    checklist, recall = checklist_of(EXPECTS_ACCESS, RECORDED, IN_TIME), Recall()

    for text in varied(CHANCE()):
        same(text, checklist, recall)
        assert recall.held <= 12


def test_realistic_cases_by_the_whole_rulebook_come_to_the_same() -> None:
    checklist, recall = load_checklist(small.ROOT / "rules"), Recall()
    loaded: list[Case] = [
        load_case(parse_document(text.encode(), name="case.yaml"), checklist.vocabulary)
        for text in (cases.case(number, seed=5) for number in range(60))
    ]

    for case in (*loaded, *loaded):
        if case.has_clock:
            assert review(case, checklist, recall=recall) == review(case, checklist)


def test_which_of_its_days_an_undated_day_0_was_is_nothing_that_a_stand_in_knows() -> None:
    with pytest.raises(AttributeError):
        say_day(0, undated_from=room._SOME_DATE)
    with pytest.raises(AttributeError):
        room._SOME_DATE.toordinal()


@pytest.mark.parametrize(("rule", "texts"), UNLIKE)
def test_a_case_is_not_filled_in_like_one_that_it_is_not_like(rule: str, texts: list[str]) -> None:
    checklist, recall = checklist_of(rule), Recall()

    for text in texts:
        same(text, checklist, recall)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("expect: {report.received: {recorded: yes}, latest report.received: {recorded: yes}}", "ref: S1"),
        ("expect: {report.received: {before: latest report.received}}", "ref: S1"),
        (
            "deadline: {event: {last_of: [plan.agreed, latest plan.agreed]}, after: report.received, limit: 3 days}",
            "ref: S1",
        ),
        (
            f"applies_when: {{suspect.access.known: {{recorded: yes}}}}\n{AFTER_KNOWN}",
            "ref: S1, access: {is: yes, known: 2016-02-03}, arrested: 2016-02-10",
        ),
        (
            f"expect: {{suspect.access.known: {{recorded: yes}}}}\n{AFTER_KNOWN}",
            "ref: S1, access: {is: yes}, arrested: 2016-02-10",
        ),
    ],
)
def test_what_is_said_once_is_said_once_again(rule: str, text: str) -> None:
    checklist, recall = checklist_of(f"for_each: suspect\nlimit_standing: local\n{rule}"), Recall()
    above = "report: {received: 2016-02-01}\nplans: [{ref: P1, agreed: 2016-02-02}]\n"

    for _ in range(6):
        same(suspects(text, above=above), checklist, recall)


def test_two_facts_that_are_called_the_same_are_said_once_again() -> None:
    words = load_vocabulary(document_of(small.VOCABULARY.replace("done: told", "done: arrested")))
    body = (
        "for_each: suspect\nlimit_standing: local\n"
        "deadline: {event: {last_of: [suspect.told, suspect.arrested]}, after: report.received, limit: 9 days}"
    )
    rule, _ = read_rule(document_of(small.RULE.format(body=body)), words, {})
    assert rule is not None
    checklist, recall = Checklist(words, (rule,), {}), Recall()

    for arrest in ("2016-02-03", "2016-02-02T10:00"):
        said = suspects(f"ref: S1, told: 2016-02-02, arrested: {arrest}", above="report: {received: 2016-02-01}\n")
        for _ in range(6):
            case, again = (load_case(document_of(f"case: X\n{said}"), words) for _ in range(2))
            assert review(again, checklist, recall=recall) == review(case, checklist)
