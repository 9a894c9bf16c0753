"""What says less than it seems to: it settles nothing, and so it is never *met* for it, nor does it accuse anybody."""

from functools import cache

import pytest

from checklist.case import load_case
from checklist.clocks import Moment, parse_moment
from checklist.engine import review
from checklist.findings import Review, Verdict
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.source import parse_document
from tests.small import ROOT, case_of, finding_of, review_of

EXPECT = "for_each: suspect\nexpect: {suspect.access: no}"

RECORDED = "for_each: suspect\nexpect: {suspect.arrested: {recorded: yes}}"
AT_MOST = "expect: {at_most: {of: suspect, count: 2, satisfies: {suspect.access: yes}}}"
EVERY = "expect: {every: {of: suspect, satisfies: {suspect.access: yes}}}"
OWNED = "for_each: child\nexpect: {plan.owner: police}"
TWO_WEEKS = "for_each: suspect\ndeadline: {event: suspect.interviewed, after: report.received, limit: 2 weeks}\nlimit_standing: local"
EXCUSABLE = (
    "for_each: suspect\ndeadline: {event: suspect.arrested, after: report.received, limit: 2 days}\n"
    "limit_standing: local\naccept_reasons: [agreed]"
)
REVIEWED = (
    "schedule: {events: plan.reviews, first: 7 days, every: 28 days, first_after: plan.agreed}\nlimit_standing: local"
)
REPORT = "reports: [{ref: R1, received: 2016-03-01}]\n"
REFUSED = "suspects: [{{ref: S1, arrested: {{done: no, reason: agreed, decided_by: {by}, decided_at: 2016-03-01}}}}]"
PLAN = "children: [{ref: C1}]\nplans: [{ref: P1, agreed: 2016-03-01, reviews: "


@pytest.mark.parametrize(
    ("body", "text", "verdict"),
    [
        (OWNED, "children: [{ref: C1}]\nplans: [{ref: P1, owner: police}]", "met"),
        (
            OWNED,
            "children: [{ref: C1}]\nsuspects: [{ref: S1}]\nplans: [{ref: P1, about: [S1], owner: police}]",
            "not recorded",
        ),
        (RECORDED, "suspects: [{ref: S1, count: 3, arrested: 1 of 3}]", "not met"),
        (RECORDED, "suspects: [{ref: S1, count: 3, arrested: {done: 1 of 3, at: 2015-09-22}}]", "not met"),
        (RECORDED, "suspects: [{ref: S1, count: 3, arrested: all}]", "met"),
        (AT_MOST, "suspects: [{ref: S1, count: 2, access: yes}]", "met"),
        (AT_MOST, "suspects: [{ref: S1, count: {count: unknown, at_least: 5}, access: yes}]", "not met"),
        (AT_MOST, "suspects: [{ref: S1, count: unknown, access: yes}]", "cannot tell"),
        (AT_MOST, "suspects: [{ref: S1, count: {at_least: 1, at_most: 3}, access: yes}]", "cannot tell"),
        (AT_MOST, "suspects: [{ref: S1, count: {at_least: 1, at_most: 2}, access: yes}]", "cannot tell"),
        (AT_MOST, "suspects: [{ref: S1, count: unknown, access: no}]", "met"),
        (EVERY, "suspects: [{ref: S1, count: unknown, access: some}]", "not met"),
        (EXCUSABLE, REPORT + REFUSED.format(by="superintendent@police"), "excused"),
        (EXCUSABLE, REPORT + REFUSED.format(by=""), "not met"),
        (EXCUSABLE, REPORT + REFUSED.format(by="not recorded"), "not met"),
        (EXCUSABLE, REPORT + REFUSED.format(by="unknown"), "cannot tell"),
        (EXCUSABLE, REPORT + REFUSED.format(by="redacted"), "cannot tell"),
        (REVIEWED, PLAN + "[]}]", "not met"),
        (REVIEWED, PLAN + "no}]", "not met"),
        (REVIEWED, PLAN + "[2016-03-08, {done: no}]}]", "not met"),
        (REVIEWED, PLAN + "[2016-03-08, yes]}]", "cannot tell"),
        ("expect: {plan.reviews: {recorded: yes}}", PLAN + "no}]", "not met"),
        (TWO_WEEKS, REPORT + "suspects: [{ref: S1, interviewed: {at: , by: constable@police}}]", "cannot tell"),
        (
            TWO_WEEKS,
            REPORT + "suspects: [{ref: S1, interviewed: {at: not recorded, by: sergeant@police}}]",
            "cannot tell",
        ),
        (TWO_WEEKS, REPORT + "suspects: [{ref: S1, interviewed: {at: not recorded}}]", "not met"),
    ],
)
def test_what_says_less_than_it_seems_to_settles_nothing(body: str, text: str, verdict: str) -> None:
    assert finding_of(body, text).verdict == verdict


@pytest.mark.parametrize(
    ("body", "facts", "verdict", "of_its_own"),
    [
        ("for_each: suspect\nexpect: {suspect.interviewed: yes}", "interviewed: 2016-03-08", "met", "met"),
        ("for_each: suspect\nexpect: {suspect.interviewed: yes}", "interviewed: 2016-03", "cannot tell", "met"),
        ("for_each: suspect\nexpect: {suspect.interviewed: yes}", "interviewed: 2016-03-05/..", "cannot tell", "met"),
        (TWO_WEEKS, "interviewed: 2016-03-05/2016-03-14", "cannot tell", "met"),
        (TWO_WEEKS, "interviewed: 2016-03-05/2016-03-10", "met", "met"),
        (
            EXCUSABLE.replace("2 days", "2 months"),
            "arrested: {done: no, reason: agreed, decided_by: a@b, decided_at: 2016-03}",
            "cannot tell",
            "excused",
        ),
        (EXPECT, "access: {is: no, known: 2016-03}", "cannot tell", "met"),
        (
            "for_each: suspect\nexpect: {suspect.risk: low}",
            "risk: [{is: high, at: 2016-01-01}, {is: low, at: 2016-03}]",
            "cannot tell",
            "met",
        ),
    ],
)
def test_what_may_lie_after_an_earlier_as_of_may_not_yet_have_happened(
    body: str, facts: str, verdict: str, of_its_own: str
) -> None:
    text = f"{REPORT}suspects: [{{ref: S1, {facts}}}]"

    earlier = review_of(body, text, as_of=parse_moment("2016-03-10")).findings[0]
    later = review_of(body, text).findings[0]

    assert (earlier.verdict, later.verdict) == (verdict, of_its_own)


def test_hours_are_weighed_over_every_day_that_day_0_may_have_been() -> None:
    body = "for_each: suspect\ndeadline: {event: suspect.arrested, after: report.received, limit: 24 hours}\nlimit_standing: local"
    text = (
        "as_of: day 40\nday_0: {weekday: saturday, month: 2016-10}\n"
        "reports: [{ref: R1, received: day 0T12:00}]\nsuspects: [{ref: S1, arrested: day 1T12:00}]"
    )

    finding = finding_of(body, text)

    # On the last Saturday of October the clocks go back, and it is 25 hours.
    assert finding.verdict is Verdict.CANNOT_TELL
    assert "which of 5 days day 0 was" in finding.says
    assert finding_of(body, text.replace("2016-10", "2016-11")).verdict is Verdict.MET


def test_a_thing_that_is_dated_after_an_earlier_as_of_is_not_there_yet_unless_something_of_it_was_before() -> None:
    told = "reports: [{ref: R1, received: 2016-01-01}, {ref: R2, received: 2016-06-01%s}]\nsuspects: [{ref: S1}]"
    as_of = parse_moment("2016-03-10")

    assert [thing.ref for thing in case_of(told % "", as_of=as_of).listing("report").things] == ["R1"]
    assert case_of(told % "", as_of=as_of).hidden == 1
    assert len(case_of(told % "").listing("report").things) == 2
    assert review_of(IN_TWO_DAYS, told % "", as_of=as_of).findings[0].verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    ("plan", "verdict"),
    [
        ("agreed: 2016-03-01, owner: police", "met"),
        ("agreed: 2016-06-01, owner: police", "cannot tell"),
        ("agreed: 2016-03, owner: police", "cannot tell"),
        ("agreed: 2016-03, owner: health", "cannot tell"),
        ("agreed: 2016-06-01, owner: health", "cannot tell"),
        ("agreed: 2016-06-01, ended: 2016-03, owner: health", "cannot tell"),
        ("agreed: 2016-06-01, reviews: [2016-03-01], owner: health", "not met"),
        ("agreed: {done: no, decided_by: a@b, decided_at: 2016-06-01}, owner: health", "not met"),
        ("known: 2016-03, agreed: 2016-01-01, owner: health", "cannot tell"),
        ("owner: {is: health, known: 2016-03}", "cannot tell"),
    ],
)
def test_of_what_may_not_have_been_there_by_an_earlier_as_of_nobody_is_accused_and_nothing_passes(
    plan: str, verdict: str
) -> None:
    said = review_of(
        "for_each: plan\nexpect: {plan.owner: police}",
        f"plans: [{{ref: P1, {plan}}}]",
        as_of=parse_moment("2016-03-10"),
    )

    assert [(finding.subject, str(finding.verdict)) for finding in said.findings] == [("P1", verdict)]


def test_a_review_stands_on_one_instant() -> None:
    said = case_of("as_of: 2016-10-30T01:30")
    plain = case_of("as_of: 2016-10-30T01:30+01:00")

    assert [problem.what for problem in said.problems] == ["as_of: the clocks went back, and this time came twice"]
    assert (said.has_clock, plain.has_clock, plain.problems) == (False, True, ())


def test_somebody_of_whom_others_may_be_meant_as_well_is_not_the_one() -> None:
    body = "for_each: contact\njoin: {contact.suspect: suspect}\nexpect: {suspect.access: no}"
    text = "suspects: [{ref: S1, access: no}]\ncontacts: [{ref: K1, suspect: %s}]"

    assert finding_of(body, text % "[S1]").verdict is Verdict.MET
    assert finding_of(body, text % "[S1, others not recorded]").verdict is Verdict.NOT_RECORDED


# What is said of it.

IN_TWO_DAYS = "for_each: suspect\ndeadline: {event: suspect.interviewed, after: report.received, limit: 2 days}\nlimit_standing: local"


@pytest.mark.parametrize(
    ("received", "interviewed", "says", "asks"),
    [
        (
            "2016-03",
            "2016-03-12",
            "interviewed on Sat 12 Mar 2016, and the report is not precise enough; limit 2 days, due between Thu 3 Mar 2016 and Sat 2 Apr 2016",
            ["report.received"],
        ),
        ("2016-03-10", "2016-03", "interviewed: March 2016, which is not precise enough; limit 2 days, due Sat 12 Mar 2016", ["suspect.interviewed"]),
        ("2016-03", "2016-03", "interviewed: March 2016, which is not precise enough", ["suspect.interviewed", "report.received"]),
    ],
)  # fmt: skip
def test_it_is_the_day_that_is_not_precise_that_is_told_and_asked_for(
    received: str, interviewed: str, says: str, asks: list[str]
) -> None:
    text = f"reports: [{{ref: R1, received: {received}}}]\nsuspects: [{{ref: S1, interviewed: {interviewed}}}]"

    said = review_of(IN_TWO_DAYS, text)

    assert said.findings[0].verdict is Verdict.CANNOT_TELL
    assert says in said.findings[0].says
    assert {question.fact for question in said.questions} == set(asks)


def test_a_limit_from_a_day_that_is_not_precise_ended_at_the_latest_on_its_last_day() -> None:
    said = review_of(IN_TWO_DAYS, "reports: [{ref: R1, received: 2016-03}]\nsuspects: [{ref: S1}]")

    assert "ended on Sat 2 Apr 2016 at the latest, from the report" in said.findings[0].says
    assert said.findings[0].due == "between Thu 3 Mar 2016 and Sat 2 Apr 2016"
    assert "Sat 2 Apr 2016 at the latest" in [mark.when for mark in said.timeline]


EITHER = (
    "for_each: suspect\ndeadline: {event: {first_of: [suspect.arrested, suspect.interviewed]}, after: report.received, limit: 2 days}\n"
    "limit_standing: local\naccept_reasons: [agreed]"
)


def test_a_refusal_of_one_event_is_told_with_its_reason_beside_the_other_of_which_nothing_is_recorded() -> None:
    refused = "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2016-03-01}"

    finding = finding_of(EITHER, f"{REPORT}suspects: [{{ref: S1, arrested: {refused}}}]")

    assert finding.verdict is Verdict.NOT_MET
    assert finding.says.startswith(
        "recorded as not done: arrested (reason: agreed), and nothing recorded that shows: interviewed; limit 2 days"
    )


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ("reason: died, decided_by: a@b, decided_at: 2016-03-01", "reason: died, which the rule does not accept"),
        ("reason: agreed, decided_at: 2016-03-01", "reason: agreed, but nobody is recorded as deciding it"),
        ("reason: agreed, decided_by: a@b", "but not shown to have been decided within the limit"),
    ],
)
def test_a_reason_that_does_not_excuse_what_was_late_is_told_with_what_is_wrong_with_it(known: str, says: str) -> None:
    finding = finding_of(EXCUSABLE, f"{REPORT}suspects: [{{ref: S1, arrested: {{at: 2016-04-01, {known}}}}}]")

    assert finding.verdict is Verdict.NOT_MET
    assert says in finding.says


def test_what_was_done_before_its_clock_started_says_how_long_before() -> None:
    finding = finding_of(IN_TWO_DAYS, f"{REPORT}suspects: [{{ref: S1, interviewed: 2014-03-01}}]")

    assert "interviewed 731 days before the report" in finding.says
    assert finding.elapsed == "731 days before"


@pytest.mark.parametrize(
    ("ended", "marks"),
    [("", ["P1: reviews next due"]), (", ended: 2016-03-20", [])],
)
def test_a_review_that_is_still_to_come_is_not_said_to_be_kept(ended: str, marks: list[str]) -> None:
    body = f"for_each: plan\n{REVIEWED.replace('first_after', 'until: plan.ended, first_after')}"
    said = review_of(body, f"as_of: 2016-04-01\n{PLAN}[2016-03-05]{ended}}}]")

    assert said.findings[0].verdict is Verdict.MET
    assert [mark.what for mark in said.timeline if mark.kind == "limit"] == marks


# By the shipped rules.


@cache
def shipped() -> Checklist:
    return load_checklist(ROOT / "rules")


def reviewed(text: str, as_of: Moment | None = None) -> Review:
    document = parse_document(f"case: X\nas_of: 2016-07-18\n{text}".encode(), name="case.yaml")
    return review(load_case(document, shipped().vocabulary, as_of=as_of), shipped())


def verdict(rule: str, text: str, as_of: Moment | None = None) -> str:
    return next(str(finding.verdict) for finding in reviewed(text, as_of).findings if finding.rule == rule)


def test_of_two_things_that_nothing_puts_in_order_neither_is_the_first() -> None:
    followed = "{directions_set: yes, directions_followed: yes}"
    ignored = "{directions_set: yes, directions_followed: no}"
    rule = "supervisor-directions-followed"

    assert verdict(rule, f"supervisions: [{followed}]") == "met"
    assert verdict(rule, f"supervisions: [{followed}, {ignored}]") == "cannot tell"
    assert verdict(rule, f"supervisions: [{ignored}, {followed}]") == "cannot tell"


@pytest.mark.parametrize(
    ("children", "at_risk"),
    [
        ("[{ref: C1, at_continuing_risk: no}]", False),
        ("[{ref: C1, at_continuing_risk: no}, {ref: C2, at_continuing_risk: no}]", False),
        ("[{ref: C1, at_continuing_risk: no}, {ref: C2}]", True),
        ("[{ref: C1, at_continuing_risk: no}, others not recorded]", True),
        ("not recorded", True),
    ],
)
def test_a_child_may_be_at_risk_until_every_child_that_there_is_is_recorded_as_not(
    children: str, at_risk: bool
) -> None:
    assert reviewed(f"children: {children}").at_risk is at_risk


def test_nobody_is_accused_of_what_was_still_to_come() -> None:
    text = "exhibits: [{ref: X1, seized: 2016-06-01, status: lost}]"

    assert verdict("exhibit-not-lost", text) == "not met"
    assert verdict("exhibit-not-lost", text, parse_moment("2016-03-03")) == "cannot tell"


@pytest.mark.parametrize("received", ["redacted", "unknown", "not recorded", ""])
def test_nothing_is_counted_from_the_first_report_where_one_has_no_date(received: str) -> None:
    text = f"reports: [{{ref: R1, received: {received}}}, {{ref: R2, received: 2016-03-10T09:00}}]\n"
    sign = "signs: [{ref: SG1, noticed: 2016-03-20, referred: %s}]\n"

    for counted in ("day 13", "report + 13 days"):
        said = reviewed(text + sign % counted)
        assert [problem.line for problem in said.problems] == [4]
        assert verdict("sign-referred", text + sign % counted) == "cannot tell"
    assert verdict("sign-referred", f"day_0: 2016-03-10\n{text}{sign % 'day 13'}") == "not met"


@pytest.mark.parametrize(
    ("key", "word"),
    [
        *((key, word) for key in ("reason", "by", "at") for word in ("not recorded", "unknown", "not applicable")),
        ("at", "redacted"),
    ],
)
def test_a_judgement_of_which_something_is_not_said_is_none(key: str, word: str) -> None:
    rule = next(rule.id for rule in shipped().rules if any(version.blocks.judgement for version in rule.versions))
    told = {"reason": "it was read", "by": "inspector@police", "at": "2016-06-01", key: word}
    words = ", ".join(f"{name}: {text}" for name, text in told.items())
    case = case_of(f"judgements: [{{rule: {rule}, subject: case, answer: met, {words}}}]")

    assert case.judgements == ()
    assert f"{key!r} is {word}" in [problem.what for problem in case.problems]


def test_things_about_which_the_concerns_rule_every_rule_out_are_told() -> None:
    episode = "missing_episodes: [{ref: ME1, reported: 2016-03-01T20:00, returned: 2016-03-03T09:00, return_interview: 2016-03-09}]"
    told = "missing episodes are listed, and every rule about them is ruled out by the list of concerns"

    assert told in reviewed(f"concerns: [neglect]\n{episode}").notices
    assert told not in reviewed(f"concerns: [neglect, missing]\n{episode}").notices
    assert told not in reviewed("concerns: [neglect]").notices


def test_what_could_not_be_done_for_a_child_can_be_said() -> None:
    text = "concerns: [neglect]\nreports: [{ref: R1, received: 2016-03-01}]\nchildren: [{ref: C1, age: unborn%s}]"

    assert verdict("child-seen-promptly", text % "") == "not met"
    assert (
        verdict("child-seen-promptly", text % ", seen: {is: not applicable, reason: not yet born}") == "does not apply"
    )


@pytest.mark.parametrize("reason", ["not recorded", "unknown", "not applicable"])
def test_not_applicable_needs_a_reason_that_says_something(reason: str) -> None:
    body = "for_each: suspect\nexpect: {suspect.told: yes}"
    text = "suspects: [{ref: S1, told: {is: not applicable, reason: %s}}]"

    assert finding_of(body, text % "he was never found").verdict is Verdict.DOES_NOT_APPLY
    assert finding_of(body, text % reason).verdict is Verdict.CANNOT_TELL
