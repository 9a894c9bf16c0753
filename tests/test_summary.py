"""What many reviews come to: counts beside what they are counts of, and nothing hidden in a share."""

import math
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.findings import Age, Basis, Finding, Review, Severity, Verdict, Waiver
from checklist.reporters import Page, reporter
from checklist.source import Problem
from checklist.summary import Counts, Refs, Run, Tally, shareable, wilson

DAY = "2016-07-18"


def finding(verdict: Verdict = Verdict.NOT_MET, **more: object) -> Finding:
    given_: dict[str, object] = {
        "rule": "r1",
        "title": "t",
        "area": "investigation",
        "severity": Severity.SERIOUS,
        "subject": "S1",
        "verdict": verdict,
        "basis": Basis.DONE_LATE,
        "says": "late",
    }
    return Finding(**{**given_, **more})  # type: ignore[arg-type]


def a_review(*findings: Finding, case: str = "EX-1", **more: object) -> Review:
    given_: dict[str, object] = {
        "file": f"{case}.yaml",
        "case": case,
        "as_of": DAY,
        "findings": findings,
        "problems": (),
    }
    return Review(**{**given_, **more})  # type: ignore[arg-type]


def tallied(*reviews: Review) -> Run:
    tally = Tally()
    for review in reviews:
        tally.add(review)
    return Run(summary=tally.summary())


def told(run: Run, name: str = "console", **page: object) -> str:
    given_ = {"width": 100, "detail": False, "summary": True, **page}
    drawn = reporter(name, Page(**given_)).end(run)  # type: ignore[arg-type]
    assert isinstance(drawn, str)
    return drawn


VERDICTS = st.lists(st.sampled_from(Verdict), max_size=30)


@given(st.lists(VERDICTS, max_size=6))
def test_totals_add_up_however_they_are_cut(cases: list[list[Verdict]]) -> None:
    reviews = [
        a_review(
            *(
                finding(verdict, rule=f"r{number % 3}", area=f"a{number % 2}", severity=tuple(Severity)[number % 4])
                for number, verdict in enumerate(verdicts)
            ),
            case=f"EX-{index}",
        )
        for index, verdicts in enumerate(cases)
    ]

    summary = tallied(*reviews).summary

    assert summary.counts.total == sum(map(len, cases))
    for rows in (summary.rules, summary.by_area, summary.by_severity):
        assert sum((row.counts for row in rows), Counts()) == summary.counts
    counts = summary.counts
    assert counts.applies + counts[Verdict.DOES_NOT_APPLY] == counts.total
    assert summary.cases + summary.unreviewed == len(cases)


def test_what_does_not_apply_and_what_is_not_recorded_are_in_no_denominator() -> None:
    verdicts = [
        Verdict.NOT_MET,
        Verdict.MET,
        Verdict.MET,
        Verdict.NOT_RECORDED,
        Verdict.DOES_NOT_APPLY,
        Verdict.CANNOT_TELL,
    ]

    counts = tallied(a_review(*map(finding, verdicts))).summary.counts

    assert (counts[Verdict.NOT_MET], counts.judged, counts.due) == (1, 3, 5)
    assert "1 of 3 (33 %)" in told(tallied(a_review(*map(finding, verdicts))))


def test_late_and_nothing_written_down_are_never_one_number() -> None:
    run = tallied(a_review(finding(), finding(basis=Basis.NOTHING_RECORDED), finding(basis=Basis.NOTHING_RECORDED)))

    assert "3 of 3 (100 %) that could be judged (1 done late; 2 nothing recorded)" in told(run, width=160)


def test_a_case_with_a_critical_failing_needs_someone_today_unless_the_risk_has_ended() -> None:
    critical = finding(severity=Severity.CRITICAL)

    assert tallied(a_review(critical)).summary.urgent == 1
    assert tallied(a_review(critical, at_risk=False)).summary.urgent == 0
    assert tallied(a_review(finding())).summary.urgent == 0
    assert "1 CASE NEEDS SOMEONE TODAY" in told(tallied(a_review(critical)))


def test_a_case_whose_critical_failing_somebody_accepted_is_counted_apart(waiver: Waiver) -> None:
    run = tallied(a_review(finding(severity=Severity.CRITICAL, waiver=waiver)))

    assert (run.summary.urgent, run.summary.accepted) == (0, 1)
    assert "1 more would, had somebody not accepted those findings" in told(run)
    assert "1 accepted by somebody" in told(run, width=160)


@pytest.fixture
def waiver() -> Waiver:
    return Waiver(
        rule="r1",
        case="EX-1",
        subject="S1",
        reason="x",
        approved_by="y",
        approved_on=date(2016, 1, 1),
        expires=date(2017, 1, 1),
    )


def test_a_file_that_was_not_reviewed_is_counted_and_named() -> None:
    run = tallied(a_review(finding()), a_review(case="", problems=(Problem("bad.yaml", 3, 1, "no", "yes"),)))

    assert (run.summary.cases, run.summary.unreviewed, run.files) == (1, 1, 2)
    assert "1 of 2 files reviewed" in told(run)
    assert "bad.yaml:3:1  no; yes" in told(run)


def test_a_run_that_was_stopped_says_so_at_the_top() -> None:
    run = Run(summary=tallied(a_review(finding())).summary, complete=False)

    assert "STOPPED BEFORE THE END" in told(run)


def test_the_rules_most_often_not_met_come_first() -> None:
    run = tallied(
        a_review(finding(rule="rare"), finding(rule="often"), finding(rule="often"), finding(Verdict.MET, rule="never"))
    )

    assert [row.name for row in run.summary.most_not_met] == ["often", "rare"]


def test_findings_beside_a_baseline_are_counted_by_age() -> None:
    run = tallied(a_review(finding(age=Age.NEW), finding(age=Age.KNOWN), finding(age=Age.KNOWN)))

    assert "1 new, 0 worse, 2 known; 0 gone" in told(run)


@pytest.mark.parametrize("name", ["console", "plain", "paper"])
def test_every_printed_summary_says_the_same_words(name: str) -> None:
    run = tallied(a_review(finding(), finding(Verdict.NOT_RECORDED)))

    drawn = " ".join(told(run, name).split())

    assert "1 of 1" in drawn
    assert "1 not recorded" in drawn or "not recorded 1" in drawn


def test_plain_says_each_number_after_what_it_counts() -> None:
    assert "investigation: not met 1; of judged 1; share 100%; not recorded 0; other open 0." in told(
        tallied(a_review(finding())), "plain"
    )


def test_a_summary_fits_eighty_columns() -> None:
    run = tallied(
        *(a_review(finding(rule="a-rule-with-quite-a-long-name-for-a-rule"), case=f"EX-{n}") for n in range(9))
    )

    for sample_of in (0, 1000):
        assert max(map(len, told(run, width=80, sample_of=sample_of).splitlines())) <= 80


# Ranges.


@pytest.mark.parametrize(
    ("number", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (1, 10, 0.0179, 0.4042),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (20, 100, 0.1334, 0.2888),
    ],
)
def test_ranges_are_wilsons(number: int, of: int, low: float, high: float) -> None:
    found = wilson(number, of)

    assert math.isclose(found[0], low, abs_tol=5e-5)
    assert math.isclose(found[1], high, abs_tol=5e-5)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_ends_of_a_range_are_the_shares_that_the_count_just_allows(number: int, more: int) -> None:
    """What the interval is made from: an end lies 1.96 of its own standard errors from the share that was seen."""
    of = number + more
    for end in wilson(number, of):
        if 0 < end < 1:
            assert math.isclose(abs(number / of - end), 1.959964 * math.sqrt(end * (1 - end) / of), rel_tol=1e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_range_holds_its_share_and_stays_between_none_and_all(number: int, more: int) -> None:
    of = number + more
    low, high = wilson(number, of)

    assert 0 <= low <= high <= 1
    if of:
        assert low <= number / of <= high


def test_ranges_are_shown_only_where_the_cases_stand_for_more() -> None:
    run = tallied(*(a_review(finding(), case=f"EX-{n}") for n in range(10)))

    assert "72-100%" in told(run, sample_of=500)
    assert "-100%" not in told(run)


# Small numbers.


@given(st.integers(0, 10_000), st.integers(2, 50))
def test_a_number_under_the_least_is_never_told(number: int, least: int) -> None:
    kept = shareable(number, least)

    if 0 < number < least:
        assert kept is None
    else:
        assert kept is not None
        assert kept % least == 0
        assert abs(kept - number) <= least / 2


def test_with_a_least_number_no_case_is_named_and_no_small_number_shown() -> None:
    critical = finding(severity=Severity.CRITICAL)
    run = tallied(*(a_review(critical, case=f"SECRET-{n}") for n in range(3)))

    drawn = told(run, min_count=5)

    assert "SECRET" not in drawn
    assert "under 5" in drawn.lower()
    assert " 3 " not in drawn


def test_a_hidden_number_cannot_be_worked_out_from_the_others() -> None:
    """The sum is rounded as well, so that taking what is shown from it gives a range, not the number."""
    for hidden in range(1, 5):
        reviews = [a_review(*[finding(area="a")] * 17, *[finding(area="b", rule="r2")] * hidden)]
        shown = told(tallied(*reviews), min_count=5, width=160)
        assert "20 of 20" in shown


def test_a_part_is_never_shown_as_all_of_it() -> None:
    late, fine = [[finding(verdict=verdict)] for verdict in (Verdict.NOT_MET, Verdict.MET)]
    reviews = [a_review(*(late if number < 10 else fine), case=f"C{number}") for number in range(12)]

    shown = told(tallied(*reviews), min_count=5, width=160)

    assert "10 of 10 files reviewed" in shown
    assert "something not met in most of 10" in shown


def test_of_very_many_references_each_is_known_by_the_file_that_bore_it_first() -> None:
    refs, first = Refs(), dict[str, str]()
    chance = Random(4)  # noqa: S311 - a seed, no secret

    for number in range(6_000):
        ref = f"CASE-{chance.randint(0, 4_000)}" if number % 50 else f"\ud800 {number}"
        assert refs.first(ref, f"{number}.yaml") == first.setdefault(ref, f"{number}.yaml")
