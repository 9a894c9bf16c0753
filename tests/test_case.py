"""What a case file says: every state of a fact, and what is wrong with a file, at its line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.case import load_case
from checklist.clocks import Moment, parse_moment
from checklist.logic import State
from checklist.rules import load_checklist
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
        ("arrested", "no", State.NOT_DONE),
        ("arrested", "{done: no}", State.NOT_DONE),
        (
            "arrested",
            "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-22}",
            State.NOT_DONE,
        ),
        ("arrested", "{done: unknown}", State.UNKNOWN),
        ("arrested", "{}", State.NOT_RECORDED),
        ("arrested", "null", State.NOT_RECORDED),
        ("arrested", "", State.NOT_RECORDED),
        ("arrested", "not recorded", State.NOT_RECORDED),
        ("arrested", "{at: not recorded}", State.NOT_RECORDED),
        ("arrested", "unknown", State.UNKNOWN),
        ("arrested", "redacted", State.REDACTED),
        ("arrested", "{conflicting: [2015-09-22, {at: 2015-09-24, source: log 2}]}", State.CONTRADICTORY),
        ("told", "{is: not applicable, reason: no employer}", State.NOT_APPLICABLE),
        ("access", "yes", State.RECORDED),
        ("access", "no", State.RECORDED),
        ("access", "{is: yes, known: 2015-09-22}", State.RECORDED),
        ("access", "{known: 2015-09-22}", State.NOT_RECORDED),
        ("access", "unknown", State.UNKNOWN),
        ("access", "{is: redacted}", State.REDACTED),
        ("risk", "high", State.RECORDED),
        ("risk", "[{is: low}, {is: high, at: 2015-09-22}]", State.RECORDED),
        ("risk", "[]", State.NONE),
        ("contacts", "4", State.RECORDED),
        ("contacts", "{count: 4}", State.RECORDED),
        ("contacts", "{count: unknown, at_least: 1}", State.RECORDED),
        ("contacts", "{at_least: 1, at_most: 3}", State.RECORDED),
        ("contacts", "{count: unknown}", State.UNKNOWN),
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
    assert case.hidden == 2
    assert case.problems == ()


def test_a_changing_value_that_only_came_later_is_not_recorded_yet() -> None:
    case = case_of(suspect("risk", "[{is: high, at: 2015-12-01}]"), as_of=parse_moment("2015-09-21"))

    assert case.listing("suspect").things[0].facts["risk"].state is State.NOT_RECORDED


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
        (suspect("arrested", "{when: 2015-09-22}"), "has no key"),
        (suspect("arrested", "{done: maybe}"), "done must be yes or no"),
        (suspect("arrested", "{done: no, at: 2015-09-22}"), "what was not done has no date"),
        (suspect("arrested", "{at: {x: y}}"), "must be a value"),
        (suspect("arrested", "not applicable"), "needs a reason"),
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
        (suspect("risk", "[{is: low}, {is: high}]"), "each value but the first needs the day"),
        (suspect("risk", "[high]"), "each value but the first needs the day"),
        ("concerns: [abuse, abus]", "one of these is not a value"),
        ("suspects: [S1]", "an item of suspects must be a mapping"),
        ("suspects: [{ref: S 1}]", "a ref is a short code"),
        ("suspects: [{ref: S1}, {ref: S1}]", "is given twice"),
        ("suspects: [{ref: S1, count: 0}]", "count must be a whole number from 1"),
        ("suspects: [{ref: S1, about: [C9]}]", "about: nothing has this ref"),
        ("contacts: [{ref: K1, suspect: S9}]", "nothing has this ref"),
        ("children: [{ref: C1}]\ncontacts: [{ref: K1, suspect: C1}]", "C1 is a child"),
        ("suspect: {ref: S1}\nsuspects: [{ref: S2}]", "both 'suspect' and 'suspects' are written"),
        ("contacts: [{ref: K1, count: 20, alone: 4 of 30}]", "this is not a value of being seen alone"),
        ("country: scotland", "country must be england or wales"),
        ("looked_at: [third]", "looked_at: no such area"),
        ("as_of: 2016", "as_of must be one day"),
        ("as_of: {x: y}", "as_of must be a date"),
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
    ["22/9/2015", "{done: maybe}", "[x]", "{when: 2015-09-22}", "2017-01-01", "{at: 2015-09-22, by: Jane Smith}"],
)
def test_a_fact_with_a_problem_is_unreadable_never_absent(written: str) -> None:
    assert fact_of(suspect("arrested", written)).state is State.UNREADABLE


def test_a_file_that_is_no_mapping_says_so() -> None:
    case = load_case(parse_document(b"- a\n", name="case.yaml"), vocabulary())

    assert "a case file must be a mapping" in [problem.what for problem in case.problems]
    assert not case.has_clock


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


WORDS = [
    "suspects",
    "suspect",
    "children",
    "plan",
    "ref",
    "arrested",
    "risk",
    "access",
    "at",
    "is",
    "done",
    "about",
    "count",
    "concerns",
    "day_0",
    "looked_at",
]
VALUES = [
    "S1",
    "yes",
    "no",
    "high",
    "2015-09-22",
    "2015",
    "day 3",
    "unknown",
    "redacted",
    "4 of 20",
    "20",
    "others not recorded",
    "zzsecretzz",
    "",
    "~",
    "report + 2 days",
    "2015-09-22T10:15",
]


def written() -> st.SearchStrategy[str]:
    scalars = st.sampled_from(VALUES).map(lambda value: f"'{value}'" if value.startswith(("~", "zz")) else value)
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(item or 'null' for item in items)}]"),
            st.dictionaries(st.sampled_from([*WORDS, "zzkeyzz"]), inner, max_size=4).map(
                lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
            ),
        ),
        max_leaves=12,
    )


@settings(deadline=None, max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from([*WORDS, "reports", "report", "judgements", "as_of", "zzkeyzz"]), written(), max_size=6
    )
)
def test_whatever_is_written_is_read_without_a_fault_and_no_problem_repeats_it(entries: dict[str, str]) -> None:
    text = "case: X\n" + "".join(f"{key}: {value}\n" for key, value in entries.items())

    for _ in range(2):
        case = load_case(parse_document(text.encode(), name="case.yaml"), vocabulary())
        assert list(case.problems) == sorted(case.problems)
        assert not any("zz" in str(problem) for problem in case.problems)
