"""Who accepted what, until when; and that no verdict ever changes for it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist import waivers
from checklist.findings import TO_ACT_ON, Basis, Finding, Review, Severity, Verdict, Waiver
from checklist.source import InputError
from checklist.waivers import Waivers

RULES = frozenset({"arrest-within-limit", "child-seen-alone"})
ONE = """\
waivers:
  - rule: arrest-within-limit
    case: EX-1
    subject: S1
    reason: he was abroad
    approved_by: detective superintendent
    approved_on: 2016-07-01
    expires: 2016-08-01
"""
AS_NOT_RECORDED = ONE + "    verdict: not recorded\n"


def a_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def read(tmp_path: Path, text: str = ONE) -> Waivers:
    return waivers.read_waivers(a_file(tmp_path, text), RULES)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(InputError) as error:
        read(tmp_path, text)
    return str(error.value)


def finding(verdict: Verdict = Verdict.NOT_MET, subject: str = "S1", rule: str = "arrest-within-limit") -> Finding:
    return Finding(
        rule=rule,
        title="t",
        area="a",
        severity=Severity.CRITICAL,
        subject=subject,
        verdict=verdict,
        basis=Basis.DONE_LATE,
        says="late",
    )


def a_review(*findings: Finding, case: str = "EX-1", as_of: str = "2016-07-18") -> Review:
    return Review(file="a.yaml", case=case, as_of=as_of, findings=findings, problems=())


def notices(held: Waivers, *reviews: Review, asked: frozenset[str] = RULES) -> str:
    watch = waivers.Watch(held, asked)
    for review in reviews:
        watch.see(waivers.apply(review, held))
    return "\n".join(map(str, watch.notices()))


# Reading.


def test_a_waiver_says_who_accepted_what_why_and_until_when(tmp_path: Path) -> None:
    held = read(tmp_path)

    assert held.entries == (
        Waiver(
            rule="arrest-within-limit",
            case="EX-1",
            subject="S1",
            reason="he was abroad",
            approved_by="detective superintendent",
            approved_on=date(2016, 7, 1),
            expires=date(2016, 8, 1),
            file="waivers.yaml",
            line=2,
        ),
    )
    assert len(held.digest) == 64


@pytest.mark.parametrize("key", ["rule", "case", "subject", "reason", "approved_by", "approved_on", "expires"])
def test_every_part_of_a_waiver_must_be_there(tmp_path: Path, key: str) -> None:
    lines = ONE.replace("  - rule", "  -\n    rule").splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith(f"{key}:"))

    assert f"'{key}' is missing" in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("arrest-within-limit", "arrest-within-limits", "did you mean 'arrest-within-limit'?"),
        ("arrest-within-limit", "all", "a waiver names one rule"),
        ("EX-1", "all", "a waiver is for one case"),
        ("detective superintendent", "Jane Smith", "approved_by must be a role"),
        ("2016-08-01", "2016-06-01", "it expires before it was approved"),
        ("2016-08-01", "never", "expires must be one day"),
        ("2016-08-01", "2016-08", "expires must be one day"),
        ("reason: he was abroad", "reason: ''", "'reason' is missing"),
        ("reason:", "verdict: met\n    reason:", "'verdict' cannot be 'met'"),
        ("reason:", "because:", "a waiver has no key 'because'"),
        ("waivers:", "accepted:", "'waivers' is missing"),
    ],
)
def test_what_is_wrong_with_a_waiver_is_said_with_what_would_be_right(
    tmp_path: Path, was: str, now: str, says: str
) -> None:
    assert says in refused(tmp_path, ONE.replace(was, now))


def test_every_problem_of_the_file_is_said_at_once(tmp_path: Path) -> None:
    told = refused(
        tmp_path, ONE.replace("2016-08-01", "never").replace("EX-1", "all").replace("superintendent", "Smith")
    )

    assert len(told.splitlines()) == 3


def test_the_same_finding_cannot_be_accepted_twice(tmp_path: Path) -> None:
    twice = ONE + ONE.removeprefix("waivers:\n")

    assert "waivers.yaml:9:1: the same finding is accepted twice, first on line 2" in refused(tmp_path, twice)


# Deciding.


@pytest.mark.parametrize("verdict", TO_ACT_ON)
def test_a_waived_finding_keeps_its_verdict_and_moves_nothing(tmp_path: Path, verdict: Verdict) -> None:
    (found,) = waivers.apply(a_review(finding(verdict)), read(tmp_path)).findings

    assert found.verdict is verdict
    assert found.waiver is not None
    assert found.is_settled


@pytest.mark.parametrize("verdict", [one for one in Verdict if one not in TO_ACT_ON])
def test_what_needs_no_action_is_not_waived(tmp_path: Path, verdict: Verdict) -> None:
    (found,) = waivers.apply(a_review(finding(verdict)), read(tmp_path)).findings

    assert found.waiver is None


@pytest.mark.parametrize(
    "other",
    [
        a_review(finding(subject="S2")),
        a_review(finding(rule="child-seen-alone")),
        a_review(finding(), case="EX-2"),
        a_review(finding(), as_of="2016-08-02"),
    ],
    ids=["another subject", "another rule", "another case", "after it expired"],
)
def test_a_waiver_is_for_one_finding_only_and_only_while_it_is_in_force(tmp_path: Path, other: Review) -> None:
    assert waivers.apply(other, read(tmp_path)).findings[0].waiver is None


def test_the_last_day_counts(tmp_path: Path) -> None:
    on_the_day = a_review(finding(), as_of="2016-08-01T23:59")

    assert waivers.apply(on_the_day, read(tmp_path)).findings[0].waiver is not None


def test_one_for_every_subject_gives_way_to_one_for_that_subject(tmp_path: Path) -> None:
    every = ONE.removeprefix("waivers:\n").replace("S1", "all").replace("he was abroad", "all were abroad")

    one, other = waivers.apply(a_review(finding(), finding(subject="S2")), read(tmp_path, ONE + every)).findings

    assert [found.waiver.reason for found in (one, other) if found.waiver] == ["he was abroad", "all were abroad"]


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(-400, 400))
def test_expiry_is_one_question_to_the_as_of_date(expires: date, days: int) -> None:
    waiver = Waiver(
        rule="r", case="c", subject="s", reason="x", approved_by="y", approved_on=date(1999, 1, 1), expires=expires
    )

    assert waivers.in_force(waiver, expires + timedelta(days)) == (days <= 0)


@pytest.mark.parametrize("verdict", TO_ACT_ON)
def test_a_waiver_that_says_what_was_accepted_accepts_nothing_worse(tmp_path: Path, verdict: Verdict) -> None:
    held = read(tmp_path, AS_NOT_RECORDED)

    (found,) = waivers.apply(a_review(finding(verdict)), held).findings

    no_worse = verdict in (Verdict.NOT_RECORDED, Verdict.NEEDS_JUDGEMENT)
    assert (found.verdict, found.waiver) == (verdict, held.entries[0] if no_worse else None)


def test_on_a_day_that_is_only_counted_nothing_is_accepted_and_that_is_said(tmp_path: Path) -> None:
    held, review = read(tmp_path), a_review(finding(), as_of="day 200")

    assert waivers.apply(review, held) == review
    assert "whether a waiver has expired cannot be told" in notices(held, review)


@pytest.mark.parametrize("key", ["reason: he was abroad", "approved_by: detective superintendent"])
@pytest.mark.parametrize("word", ["not recorded", "unknown", "not applicable"])
def test_a_word_that_says_nothing_accepts_nothing(tmp_path: Path, key: str, word: str) -> None:
    name = key.partition(":")[0]

    assert f"'{name}' is {word}" in refused(tmp_path, ONE.replace(key, f"{name}: {word}"))


# What is said of waivers in the end.


def test_a_waiver_in_use_needs_no_word(tmp_path: Path) -> None:
    assert notices(read(tmp_path), a_review(finding())) == ""


def test_an_expired_waiver_is_reported_and_accepts_nothing(tmp_path: Path) -> None:
    told = notices(read(tmp_path), a_review(finding(), as_of="2016-09-01"))

    assert "waivers.yaml:2:1: an expired waiver, since 2016-08-01: arrest-within-limit of S1 in EX-1" in told


def test_an_unused_waiver_is_reported(tmp_path: Path) -> None:
    assert "an unused waiver" in notices(read(tmp_path), a_review(finding(Verdict.MET)))


def test_a_waiver_of_a_rule_that_was_not_asked_is_not_called_unused(tmp_path: Path) -> None:
    said = notices(read(tmp_path), a_review(finding(rule="child-seen-alone")), asked=RULES - {"arrest-within-limit"})

    assert "a waiver of a rule that was not asked; nothing is said of it" in said
    assert "unused" not in said


def test_a_waiver_for_a_case_that_was_not_reviewed_is_not_called_unused(tmp_path: Path) -> None:
    told = notices(read(tmp_path), a_review(finding(), case="EX-2"))

    assert "a waiver for a case that was not reviewed" in told
    assert "unused" not in told


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [("S1", "all", "it accepts 2 findings"), ("2016-08-01", "2026-08-01", "it holds for more than a year")],
)
def test_an_over_broad_waiver_is_reported(tmp_path: Path, was: str, now: str, says: str) -> None:
    told = notices(read(tmp_path, ONE.replace(was, now)), a_review(finding(), finding(subject="S2")))

    assert "an over-broad waiver" in told
    assert says in told


def test_a_case_that_could_not_be_read_leaves_its_waivers_untold(tmp_path: Path) -> None:
    unread = replace(a_review(), as_of="")

    assert waivers.apply(unread, read(tmp_path)) is unread
    assert "not reviewed" in notices(read(tmp_path), unread)


def test_a_waiver_whose_finding_is_worse_now_is_reported_as_that_and_not_as_unused(tmp_path: Path) -> None:
    said = notices(read(tmp_path, AS_NOT_RECORDED), a_review(finding(Verdict.CANNOT_TELL)), a_review(finding()))

    assert "a waiver of what was not recorded: arrest-within-limit of S1 in EX-1: it is not met now" in said
    assert "nobody accepted that" in said
    assert "unused" not in said


def test_of_several_subjects_those_that_are_worse_now_are_reported_beside_those_that_are_accepted(
    tmp_path: Path,
) -> None:
    held = read(tmp_path, AS_NOT_RECORDED.replace("S1", "all"))

    said = notices(held, a_review(finding(Verdict.NOT_RECORDED), finding(subject="S2")))

    assert "it is not met now" in said
