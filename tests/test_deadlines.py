"""When a thing is due, and whether it was done in time: SEMANTICS, sentence by sentence."""

import pytest

from checklist.findings import Basis, Finding, Verdict
from tests.small import finding_of

ARREST = "for_each: suspect\nlimit_standing: local\naccept_reasons: [agreed, died]\ndeadline: {event: suspect.arrested, after: report.received, limit: LIMIT}"
REPORT = "report: {received: 2015-09-01T10:15}\n"


def arrest(
    written: str, *, limit: str = "24 hours", report: str = REPORT, more: str = "", as_of: str = "2016-07-18"
) -> Finding:
    text = f"as_of: {as_of}\n{report}suspects:\n  - {{ref: S1, arrested: {written}{more}}}\n"
    return finding_of(ARREST.replace("LIMIT", limit), text)


def told(finding: Finding) -> tuple[str, str]:
    return str(finding.verdict), str(finding.basis)


@pytest.mark.parametrize(
    ("written", "limit", "verdict", "basis", "words"),
    [
        (
            "2015-09-22",
            "24 hours",
            "not met",
            "done late",
            "arrested 21 days after the report; limit 24 hours, due Wed 2 Sep 2015 10:15",
        ),
        ("2015-09-02T10:15", "24 hours", "met", "done in time", "arrested 1 day after the report"),
        ("2015-09-02T10:16", "24 hours", "not met", "done late", "arrested 1 day 1 minute after"),
        ("2015-09-02", "24 hours", "cannot tell", "imprecise", "not precise enough"),
        ("2015-09-01", "24 hours", "met", "done in time", "arrested on the day of the report"),
        ("2015-09-01T10:15", "24 hours", "met", "done in time", "arrested at the same time as the report"),
        ("2015-09-04T23:59", "3 days", "met", "done in time", "due Fri 4 Sep 2015"),
        ("2015-09-05T00:00", "3 days", "not met", "done late", ""),
        ("2015-09-04", "3 days", "met", "done in time", "arrested 3 days after"),
        ("2015-09-08", "1 week", "met", "done in time", "due Tue 8 Sep 2015"),
        ("2015-09-09", "1 week", "not met", "done late", ""),
        ("2015-09-08", "5 working days", "met", "done in time", "due Tue 8 Sep 2015"),
        ("2015-09-09", "5 working days", "not met", "done late", ""),
        ("2015-12-01", "3 months", "met", "done in time", "due Tue 1 Dec 2015"),
        ("2015-09", "1 month", "met", "done in time", ""),
        ("2015-09", "1 week", "cannot tell", "imprecise", "September 2015"),
        ("2015-10", "1 week", "not met", "done late", "between 30 and 60 days after"),
        ("2015-09-20/..", "1 week", "not met", "done late", "at least 19 days after"),
        ("2015-09-02/..", "1 week", "cannot tell", "imprecise", ""),
        ("yes", "24 hours", "cannot tell", "undated", "the date of the arrest is not recorded"),
        ("unknown", "24 hours", "cannot tell", "recorded as unknown", ""),
        ("redacted", "24 hours", "cannot tell", "redacted", ""),
        ("soon", "24 hours", "cannot tell", "unreadable", ""),
        (
            "null",
            "24 hours",
            "not met",
            "nothing recorded",
            "nothing recorded that shows: arrested; limit 24 hours, ended on Wed 2 Sep 2015 10:15",
        ),
        ("no", "24 hours", "not met", "recorded as not done", "no reason recorded"),
        ("{conflicting: [2015-09-01T11:00, 2015-09-01T12:00]}", "24 hours", "met", "done in time", "whatever it was"),
        ("{conflicting: [2015-09-22, 2015-09-23]}", "24 hours", "not met", "done late", ""),
        ("{conflicting: [2015-09-01T11:00, 2015-09-23]}", "24 hours", "cannot tell", "contradictory", ""),
    ],
)
def test_an_event_is_held_against_its_limit(written: str, limit: str, verdict: str, basis: str, words: str) -> None:
    finding = arrest(written, limit=limit)

    assert told(finding) == (verdict, basis)
    assert words in finding.says


@pytest.mark.parametrize(
    ("as_of", "limit", "verdict"),
    [
        ("2015-09-02T10:15", "24 hours", "not due yet"),
        ("2015-09-02T10:16", "24 hours", "not met"),
        ("2015-09-04", "3 days", "not due yet"),
        ("2015-09-05", "3 days", "not met"),
        ("2015-09-05T00:00", "3 days", "not due yet"),
        ("2015-09-05T00:01", "3 days", "not met"),
    ],
)
def test_overdue_is_due_strictly_before_the_as_of(as_of: str, limit: str, verdict: str) -> None:
    assert str(arrest("null", limit=limit, as_of=as_of).verdict) == verdict


@pytest.mark.parametrize(
    ("received", "written", "limit", "verdict"),
    [
        ("2016-03-26T12:00", "2016-03-27T13:00", "24 hours", "met"),
        ("2016-03-26T12:00", "2016-03-27T13:01", "24 hours", "not met"),
        ("2015-10-24T12:00", "2015-10-25T11:00", "24 hours", "met"),
        ("2015-10-24T12:00", "2015-10-25T11:01", "24 hours", "not met"),
        ("2015-10-24T12:00", "2015-10-25T12:00", "1 day", "met"),
        ("2015-10-24T01:30", "2015-10-25T01:30", "24 hours", "cannot tell"),
        ("2016-03-24", "2016-03-29", "1 working day", "met"),
        ("2016-03-24", "2016-03-30", "1 working day", "not met"),
        ("2015-09-05", "2015-09-07", "1 working day", "met"),
        ("2015-09-05", "2015-09-08", "1 working day", "not met"),
        ("2016-01-31", "2016-02-29", "1 month", "met"),
        ("2016-01-31", "2016-03-01", "1 month", "not met"),
        ("2011-12-20", "2011-12-22", "3 working days", "cannot tell"),
    ],
)
def test_clock_changes_weekends_bank_holidays_and_month_ends(
    received: str, written: str, limit: str, verdict: str
) -> None:
    finding = arrest(written, limit=limit, report=f"report: {{received: {received}}}\n")

    assert str(finding.verdict) == verdict


def test_a_month_that_is_too_short_is_clipped_and_says_so() -> None:
    finding = arrest("2016-02-29", limit="1 month", report="report: {received: 2016-01-31}\n")

    assert "the month has no later day" in finding.says


def test_outside_the_calendar_is_cannot_tell() -> None:
    late = arrest("null", limit="3 working days", report="report: {received: 2011-12-20}\n")

    assert told(late) == ("cannot tell", "outside the calendar")


def test_an_event_before_its_clock_is_contradictory_where_the_vocabulary_forbids_it_and_in_time_where_not() -> None:
    interview = ARREST.replace("suspect.arrested", "suspect.interviewed").replace("LIMIT", "3 days")

    assert told(arrest("2015-08-22")) == ("cannot tell", "contradictory")
    finding = finding_of(interview, REPORT + "suspects: [{ref: S1, interviewed: 2015-08-22}]")
    assert told(finding) == ("met", "done in time")
    assert "interviewed 10 days before the report" in finding.says


# Refusals and reasons.


@pytest.mark.parametrize(
    ("written", "verdict", "basis"),
    [
        (
            "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-02T10:15}",
            "excused",
            "reason accepted",
        ),
        (
            "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-01}",
            "excused",
            "reason accepted",
        ),
        (
            "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-03}",
            "not met",
            "recorded as not done",
        ),
        (
            "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-02}",
            "cannot tell",
            "imprecise",
        ),
        ("{done: no, reason: agreed, decided_by: inspector@police, decided_at: redacted}", "cannot tell", "imprecise"),
        ("{done: no, reason: agreed, decided_by: inspector@police}", "not met", "recorded as not done"),
        ("{done: no, reason: agreed, decided_at: 2015-09-01}", "not met", "recorded as not done"),
        (
            "{done: no, reason: other, decided_by: inspector@police, decided_at: 2015-09-01}",
            "not met",
            "recorded as not done",
        ),
        (
            "{at: 2015-09-22, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-01}",
            "excused",
            "reason accepted",
        ),
        (
            "{at: 2015-09-22, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-02}",
            "cannot tell",
            "imprecise",
        ),
        (
            "{at: 2015-09-22, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-10}",
            "not met",
            "done late",
        ),
        (
            "{at: 2015-09-22, reason: other, decided_by: inspector@police, decided_at: 2015-09-01}",
            "not met",
            "done late",
        ),
    ],
)
def test_a_reason_excuses_only_if_it_is_on_the_list_and_was_decided_in_time(
    written: str, verdict: str, basis: str
) -> None:
    assert told(arrest(written)) == (verdict, basis)


EITHER = ARREST.replace("suspect.arrested", "{first_of: [suspect.arrested, suspect.interviewed]}").replace(
    "LIMIT", "3 days"
)
BOTH = EITHER.replace("first_of", "last_of")
REFUSED = "{done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-01}"


@pytest.mark.parametrize(
    ("facts", "verdict", "basis"),
    [
        ("arrested: 2015-09-03, interviewed: 2015-09-22", "met", "done in time"),
        ("arrested: 2015-09-22, interviewed: 2015-09-23", "not met", "done late"),
        ("interviewed: 2015-09-03", "met", "done in time"),
        ("arrested: 2015-09-22", "not met", "done late"),
        ("arrested: 2015-09-22, interviewed: redacted", "cannot tell", "redacted"),
        ("arrested: 2015-09-22, interviewed: yes", "cannot tell", "undated"),
        ("arrested: 2015-09-03, interviewed: redacted", "met", "done in time"),
        ("interviewed: unknown", "cannot tell", "recorded as unknown"),
        (f"arrested: {REFUSED}, interviewed: {REFUSED}", "excused", "reason accepted"),
        (f"arrested: {REFUSED}", "not met", "nothing recorded"),
        (f"arrested: {REFUSED}, interviewed: no", "not met", "recorded as not done"),
        ("risk: high", "not met", "nothing recorded"),
    ],
)
def test_of_several_events_the_earliest_recorded_one_counts(facts: str, verdict: str, basis: str) -> None:
    assert told(finding_of(EITHER, f"{REPORT}suspects: [{{ref: S1, {facts}}}]")) == (verdict, basis)


@pytest.mark.parametrize(
    ("facts", "verdict", "basis"),
    [
        ("arrested: 2015-09-03, interviewed: 2015-09-04", "met", "done in time"),
        ("arrested: 2015-09-03, interviewed: 2015-09-22", "not met", "done late"),
        ("arrested: 2015-09-03", "not met", "nothing recorded"),
        ("arrested: 2015-09-03, interviewed: redacted", "cannot tell", "redacted"),
        (f"arrested: 2015-09-03, interviewed: {REFUSED}", "excused", "reason accepted"),
    ],
)
def test_where_all_events_are_needed_one_that_is_late_or_absent_is_not_met(
    facts: str, verdict: str, basis: str
) -> None:
    assert told(finding_of(BOTH, f"{REPORT}suspects: [{{ref: S1, {facts}}}]")) == (verdict, basis)


def test_what_is_not_applicable_does_not_apply() -> None:
    body = ARREST.replace("suspect.arrested", "suspect.told").replace("LIMIT", "3 days")

    finding = finding_of(body, REPORT + "suspects: [{ref: S1, told: {is: not applicable, reason: no employer}}]")

    assert told(finding) == ("does not apply", "recorded as not applicable")


# Where a clock starts.


@pytest.mark.parametrize(
    ("report", "written", "verdict", "basis"),
    [
        ("", "2015-09-22", "not recorded", "not recorded"),
        ("", "null", "not recorded", "not recorded"),
        ("report: {received: redacted}\n", "2015-09-22", "cannot tell", "redacted"),
        ("report: {received: unknown}\n", "2015-09-22", "cannot tell", "recorded as unknown"),
        ("report: {received: 2015-09}\n", "2015-09-20", "cannot tell", "imprecise"),
        ("report: {received: 2015-09}\n", "2015-10-20", "not met", "done late"),
        ("report: {received: 2015-09}\n", "null", "not met", "nothing recorded"),
        ("report: {received: 2016-07}\n", "null", "cannot tell", "imprecise"),
        ("reports: []\n", "2015-09-22", "does not apply", "the clock did not start"),
        (
            "reports: [{received: 2015-09-20T10:00}, {received: 2015-09-01T10:15}]\n",
            "2015-09-21",
            "not met",
            "done late",
        ),
        ("reports: [{received: 2015-09-20T10:00}, {}]\n", "2015-09-21", "not recorded", "not recorded"),
        (
            "reports: [{received: 2015-09-20T10:00}, others not recorded]\n",
            "2015-09-21",
            "not recorded",
            "not recorded",
        ),
    ],
)
def test_an_absent_start_is_any_instant_that_it_may_have_been(
    report: str, written: str, verdict: str, basis: str
) -> None:
    assert told(arrest(written, report=report)) == (verdict, basis)


LAST_OF = ARREST.replace("report.received", "{last_of: [report.received, suspect.identified_on]}").replace(
    "LIMIT", "3 days"
)
IF_RECORDED = LAST_OF.replace("suspect.identified_on", "{if_recorded: suspect.identified_on}")
IF_KNOWN = LAST_OF.replace("suspect.identified_on", "{if_recorded: suspect.access.known}")
FIRST_OF = LAST_OF.replace("last_of", "first_of")


@pytest.mark.parametrize(
    ("body", "facts", "verdict"),
    [
        (LAST_OF, "arrested: 2015-09-03", "met"),
        (LAST_OF, "arrested: 2015-09-22", "not recorded"),
        (LAST_OF, "arrested: 2015-09-22, identified_on: 2015-09-20", "met"),
        (LAST_OF, "arrested: 2015-09-22, identified_on: 2015-09-02", "not met"),
        (LAST_OF, "arrested: 2015-09-22, identified_on: redacted", "cannot tell"),
        (IF_RECORDED, "arrested: 2015-09-22", "not met"),
        (IF_RECORDED, "arrested: 2015-09-22, identified_on: 2015-09-20", "met"),
        (IF_RECORDED, "arrested: 2015-09-22, identified_on: redacted", "cannot tell"),
        (IF_KNOWN, "arrested: 2015-09-22, access: {is: yes, known: 2015-09-20}", "met"),
        (IF_KNOWN, "arrested: 2015-09-22, access: {is: no, known: 2015-09-20}", "not met"),
        (IF_KNOWN, "arrested: 2015-09-22, access: {is: unknown, known: 2015-09-20}", "cannot tell"),
        (IF_KNOWN, "arrested: 2015-09-22, access: {known: 2015-09-20}", "not recorded"),
        (IF_KNOWN, "arrested: 2015-09-22, count: 3, access: {is: redacted, known: 2015-09-20}", "cannot tell"),
        (IF_KNOWN, "arrested: 2015-09-03, access: {is: unknown, known: 2015-09-20}", "met"),
        (IF_KNOWN, "arrested: 2015-09-24, access: {is: unknown, known: 2015-09-20}", "not met"),
        (IF_KNOWN, "arrested: 2015-09-22, access: {is: unknown, known: 2015-08-20}", "not met"),
        (FIRST_OF, "arrested: 2015-09-22", "not met"),
        (FIRST_OF, "arrested: 2015-09-03", "not recorded"),
        (FIRST_OF, "arrested: 2015-09-03, identified_on: 2015-09-02", "met"),
        (FIRST_OF, "risk: high", "not met"),
    ],
)
def test_dated_members_bound_an_absent_start(body: str, facts: str, verdict: str) -> None:
    assert str(finding_of(body, f"{REPORT}suspects: [{{ref: S1, {facts}}}]").verdict) == verdict


KNOWN = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.interviewed, after: {first_known: [suspect.access, suspect.images]}, limit: 7 days}"


@pytest.mark.parametrize(
    ("facts", "verdict", "words"),
    [
        (
            "access: {is: yes, known: 2015-09-01}, images: {is: yes, known: 2015-10-06}, interviewed: 2016-03-01",
            "not met",
            "182 days after it was first known that the suspect had access",
        ),
        ("access: {is: yes, known: 2015-09-01}, images: no, interviewed: 2015-09-05", "met", ""),
        ("access: {is: yes, known: 2015-09-01}, interviewed: 2015-09-05", "not recorded", ""),
        ("access: {is: yes, known: 2015-09-01}, interviewed: 2015-09-22", "not met", ""),
        ("access: {is: yes, known: 2015-09-01}, images: yes, interviewed: 2015-09-05", "not recorded", ""),
        ("access: {is: yes, known: 2015-09-01}, images: yes, interviewed: 2015-09-22", "not met", ""),
        ("access: no, images: no, interviewed: 2015-09-22", "does not apply", "the clock did not start"),
        ("access: redacted, images: no, interviewed: 2015-09-22", "cannot tell", ""),
    ],
)
def test_a_clock_may_start_when_the_first_of_some_facts_was_known(facts: str, verdict: str, words: str) -> None:
    finding = finding_of(KNOWN, f"suspects: [{{ref: S1, {facts}}}]")

    assert str(finding.verdict) == verdict
    assert words in finding.says


# Limits that hang on another fact.

BY_RISK = "{by: suspect.risk, high: 24 hours, low: 7 days}"


@pytest.mark.parametrize(
    ("risk", "written", "verdict", "basis", "words"),
    [
        ("high", "2015-09-03", "not met", "done late", "limit 24 hours"),
        ("low", "2015-09-03", "met", "done in time", "limit 7 days"),
        (
            "null",
            "2015-09-01T12:00",
            "met",
            "done in time",
            "in time at every risk level (the longest limit, 7 days, ends on Tue 8 Sep 2015); risk is not recorded",
        ),
        (
            "null",
            "2015-09-22",
            "not met",
            "done late",
            "late at every risk level (the longest limit, 7 days, ended on Tue 8 Sep 2015); risk is not recorded",
        ),
        (
            "null",
            "2015-09-04",
            "not recorded",
            "not recorded",
            "not met if risk is high (24 hours); met if risk is low (7 days)",
        ),
        ("unknown", "2015-09-04", "cannot tell", "recorded as unknown", ""),
        ("redacted", "2015-09-22", "cannot tell", "redacted", "the limit depends on risk"),
        ("null", "yes", "cannot tell", "undated", "the limit depends on risk"),
        ("[{is: low}, {is: high, at: 2015-10-01}]", "2015-09-04", "met", "done in time", "limit 7 days"),
        ("[{is: low}, {is: high, at: 2015-08-01}]", "2015-09-04", "not met", "done late", "limit 24 hours"),
        ("[{is: high, at: 2015-10-01}]", "2015-09-04", "not recorded", "not recorded", ""),
        ("[{is: low}, {is: high, at: 2015-09-01}]", "2015-09-04", "cannot tell", "imprecise", ""),
        ("{conflicting: [high, low]}", "2015-09-22", "not met", "done late", ""),
        ("{conflicting: [high, low]}", "2015-09-04", "cannot tell", "contradictory", ""),
    ],
)
def test_a_limit_hangs_on_a_fact_as_it_stood_when_the_clock_started(
    risk: str, written: str, verdict: str, basis: str, words: str
) -> None:
    finding = arrest(written, limit=BY_RISK, more=f", risk: {risk}")

    assert told(finding) == (verdict, basis)
    assert words in finding.says


def test_every_branch_is_told_and_the_longest_limit_stands_for_all() -> None:
    finding = arrest("2015-09-22", limit=BY_RISK)

    assert [(branch.when, branch.limit, branch.verdict) for branch in finding.branches] == [
        ("risk is high", "24 hours", Verdict.NOT_MET),
        ("risk is low", "7 days", Verdict.NOT_MET),
    ]
    assert (finding.limit, finding.due) == ("7 days", "Tue 8 Sep 2015")


# Schedules.

PLAN = "limit_standing: local\nfor_each: plan\nschedule: {first_after: plan.agreed, events: plan.reviews, every: 3 months, until: plan.ended}"
SILENT_PLAN = PLAN + "\nif_not_recorded: not met"


@pytest.mark.parametrize(
    ("facts", "as_of", "verdict", "basis", "words"),
    [
        ("agreed: 2016-01-15, reviews: [2016-04-10]", "2016-06-10", "met", "done in time", "next due Sun 10 Jul 2016"),
        (
            "agreed: 2016-01-15, reviews: [2016-04-20]",
            "2016-06-10",
            "not met",
            "done late",
            "held Wed 20 Apr 2016, due Fri 15 Apr 2016",
        ),
        (
            "agreed: 2016-01-15, reviews: [2016-04-10]",
            "2016-07-18",
            "not met",
            "nothing recorded",
            "due Sun 10 Jul 2016, none recorded",
        ),
        ("agreed: 2016-01-15, reviews: []", "2016-07-18", "not met", "nothing recorded", ""),
        ("agreed: 2016-01-15, reviews: []", "2016-03-18", "not due yet", "within the limit", ""),
        ("agreed: 2016-01-15", "2016-07-18", "not recorded", "not recorded", "first due Fri 15 Apr 2016"),
        ("agreed: 2016-01-15", "2016-03-18", "not due yet", "within the limit", ""),
        ("agreed: 2016-01-15, reviews: redacted", "2016-07-18", "cannot tell", "redacted", ""),
        ("agreed: 2016-01-15, reviews: [yes]", "2016-07-18", "cannot tell", "undated", ""),
        ("agreed: 2016-01-15, reviews: [2016-04]", "2016-06-10", "cannot tell", "imprecise", ""),
        (
            "agreed: 2016-01-15, reviews: [2016-05-20, others not recorded]",
            "2016-06-10",
            "not recorded",
            "not recorded",
            "others are not recorded",
        ),
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: 2016-05-01", "2016-07-18", "met", "done in time", ""),
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: redacted", "2016-07-18", "cannot tell", "redacted", ""),
        ("reviews: [2016-04-10]", "2016-07-18", "not recorded", "not recorded", "the clock's start is not known"),
        ("agreed: no", "2016-07-18", "does not apply", "the clock did not start", ""),
        # A review dated by a range: the next one is due by its first day, if it was on its first day.
        ("agreed: 2016-01-15, reviews: [2016-03-01/2016-04-10]", "2016-06-10", "cannot tell", "imprecise", ""),
        ("agreed: 2016-01-15, reviews: [2016-03-20/2016-04-10]", "2016-06-10", "met", "done in time", ""),
        ("agreed: 2016-01-15, reviews: [2016-03-20/2016-04-10]", "2016-07-18", "not met", "nothing recorded", "due Sun 10 Jul"),
        # What came before the start is no review of it; on the day itself it is.
        ("agreed: 2016-01-15, reviews: [2016-01-02]", "2016-05-10", "not met", "nothing recorded", "due Fri 15 Apr 2016"),
        ("agreed: 2016-01-15, reviews: [2015-12-01, 2016-04-10]", "2016-06-10", "met", "done in time", "1 recorded"),
        ("agreed: 2016-01-15T10:00, reviews: [2016-01-15]", "2016-07-18", "not met", "nothing recorded", ""),
        ("agreed: 2016-01-15T10:00, reviews: [2016-01-15, 2016-04-10]", "2016-06-10", "met", "done in time", "2 recorded"),
        ("agreed: 2016-01-15, reviews: [2016-04-10, 2016-04-10T09:00]", "2016-07-18", "not met", "nothing recorded", ""),
        # An end that is not precise, and what came after the end.
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: 2016-07", "2016-08-18", "cannot tell", "imprecise", ""),
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: 2016-06/..", "2016-08-18", "cannot tell", "imprecise", ""),
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: 2016-06", "2016-08-18", "met", "done in time", ""),
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: yes", "2016-08-18", "cannot tell", "undated", ""),
        ("agreed: 2016-01-15, reviews: [2016-04-10, 2016-11-01], ended: 2016-06-01", "2016-12-18", "met", "done in time", ""),
        ("agreed: 2016-01-15, reviews: [], ended: 2016-02-01", "2016-12-18", "does not apply", "within the limit", "it ended before the first was due"),
        ("agreed: 2016-01-15, ended: 2016-02-01", "2016-12-18", "does not apply", "within the limit", "it ended before"),
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: 2016-07-10", "2016-08-18", "met", "done in time", ""),
        ("agreed: 2016-01-15, reviews: [2016-04-10], ended: 2016-07-11", "2016-08-18", "not met", "nothing recorded", ""),
        ("agreed: 2016-01-15, reviews: [2016-03-01], ended: 2016-02-01", "2016-08-18", "does not apply", "within the limit", ""),
        # A start that is not precise.
        ("agreed: 2016-01, reviews: []", "2016-04-15", "cannot tell", "imprecise", ""),
        ("agreed: 2016-01", "2016-04-15", "cannot tell", "imprecise", ""),
        ("agreed: 2016-01, reviews: []", "2016-05-15", "not met", "nothing recorded", ""),
        # A refusal is an empty list.
        ("agreed: 2016-01-15, reviews: {done: no}", "2016-07-18", "not met", "nothing recorded", ""),
        # Ranges that may lie either way round.
        ("agreed: 2016-01-15, reviews: [2016-03-01/2016-04-12, 2016-04-01/2016-04-10]", "2016-06-10", "cannot tell", "imprecise", ""),
    ],
)  # fmt: skip
def test_a_schedule_names_every_gap(facts: str, as_of: str, verdict: str, basis: str, words: str) -> None:
    finding = finding_of(PLAN, f"as_of: {as_of}\nplans: [{{ref: P1, {facts}}}]")

    assert told(finding) == (verdict, basis)
    assert words in finding.says


def test_a_first_review_may_have_a_limit_of_its_own() -> None:
    body = PLAN.replace("every: 3 months", "first: 3 months, every: 6 months")

    finding = finding_of(body, "as_of: 2016-09-18\nplans: [{ref: P1, agreed: 2016-01-15, reviews: [2016-04-10]}]")

    assert told(finding) == ("met", "done in time")
    assert finding.limit == "3 months, then every 6 months"


def test_an_unrecorded_schedule_is_not_met_where_the_rule_says_so() -> None:
    finding = finding_of(SILENT_PLAN, "plans: [{ref: P1, agreed: 2016-01-15}]")

    assert told(finding) == ("not met", "nothing recorded")


@pytest.mark.parametrize(
    ("facts", "as_of", "verdict"),
    [
        ("agreed: ../2016-01-15", "2016-04-15", "cannot tell"),
        ("agreed: ../2016-01-15", "2016-04-16", "not met"),
        ("agreed: ../2016-01-15, reviews: [2016-03-01]", "2016-07-18", "cannot tell"),
        ("agreed: 2016-01-15/..", "2016-07-18", "cannot tell"),
    ],
)
def test_a_row_that_nobody_began_is_overdue_where_it_is_from_the_latest_start_that_may_be(
    facts: str, as_of: str, verdict: str
) -> None:
    assert finding_of(SILENT_PLAN, f"as_of: {as_of}\nplans: [{{ref: P1, {facts}}}]").verdict == verdict


def test_a_schedule_outside_the_calendar_cannot_be_told() -> None:
    body = PLAN.replace("3 months", "3 working days")

    for facts in ("agreed: 2011-01-15, reviews: [2011-04-10]", "agreed: 2028-12-20, reviews: [2028-12-22, 2028-12-29]"):
        text = f"as_of: 2029-06-01\nplans: [{{ref: P1, {facts}}}]"
        assert finding_of(body, text).basis is Basis.OUTSIDE_THE_CALENDAR


def test_a_start_that_nobody_wrote_down_is_named_before_a_calendar_that_does_not_cover_today() -> None:
    body = "for_each: suspect\ndeadline: {event: suspect.arrested, after: suspect.interviewed, limit: 5 working days}\nlimit_standing: local"

    finding = finding_of(body, "as_of: 2050-01-10\nsuspects: [{ref: S1}]\n")

    assert finding.verdict is Verdict.NOT_RECORDED
    assert finding.says.startswith("the clock's start is not known: the interview is not recorded")


def test_what_the_rule_asks_for_first_is_named_where_another_event_was_late_in_its_place() -> None:
    body = "for_each: suspect\nlimit_standing: local\ndeadline: {event: {first_of: [suspect.arrested, suspect.interviewed]}, after: report.received, limit: 3 days}"
    text = "report: {received: 2015-09-01}\nsuspects: [{ref: S1, FACTS}]"

    late = finding_of(body, text.replace("FACTS", "interviewed: 2015-09-12"))
    assert told(late) == ("not met", "done late")
    assert late.says.startswith("nothing recorded that shows: arrested; interviewed 11 days after the report")
    assert "suspect.arrested" in [piece.fact for piece in late.evidence]
    refused = finding_of(body, text.replace("FACTS", "interviewed: 2015-09-12, arrested: {done: no}"))
    assert refused.says.startswith("recorded as not done: arrested; interviewed 11 days after the report")
    other = finding_of(body, text.replace("FACTS", "arrested: 2015-09-12"))
    assert other.says.startswith("arrested 11 days after the report")


# What could have been earlier, or of somebody else.


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ("interviewed: 2015-09-02/2015-10-13, arrested: 2015-10-12", "cannot tell"),
        ("interviewed: 2015-09-20/2015-10-13, arrested: 2015-10-12", "not met"),
        ("interviewed: 2015-09-01/2015-09-02, arrested: 2015-10-12", "met"),
    ],
)
def test_of_several_events_one_that_may_have_come_in_time_keeps_late_from_being_certain(
    facts: str, verdict: str
) -> None:
    body = "for_each: suspect\nlimit_standing: local\ndeadline: {event: {first_of: [suspect.arrested, suspect.interviewed]}, after: report.received, limit: 3 days}"

    assert (
        finding_of(body, f"report: {{received: 2015-09-01T10:15}}\nsuspects: [{{ref: S1, {facts}}}]").verdict == verdict
    )


@pytest.mark.parametrize(
    ("plans", "verdict"),
    [
        ("[{agreed: 2015-09-05}]", ["not recorded", "not recorded"]),
        ("[{about: C1, agreed: 2015-09-05}]", ["met", "not met"]),
        ("[{about: C1, agreed: 2015-09-05}, others not recorded]", ["not recorded", "not recorded"]),
        ("[{about: [C1, C2], agreed: 2015-09-05}]", ["met", "met"]),
    ],
)
def test_a_plan_that_may_be_this_child_s_accuses_nobody(plans: str, verdict: list[str]) -> None:
    body = (
        "for_each: child\nlimit_standing: local\ndeadline: {event: plan.agreed, after: report.received, limit: 30 days}"
    )
    text = f"report: {{received: 2015-09-01}}\nchildren: [{{ref: C1}}, {{ref: C2}}]\nplans: {plans}"

    assert [finding_of(body, text, subject=child).verdict for child in ("C1", "C2")] == verdict


@pytest.mark.parametrize(
    ("reviews", "as_of", "verdict"),
    [
        ("", "2016-07-18", "not met"),
        (", reviews: [others not recorded]", "2016-07-18", "not recorded"),
        (", reviews: [others not recorded]", "2016-03-18", "not due yet"),
    ],
)
def test_reviews_that_took_place_and_that_nobody_wrote_down_accuse_nobody(
    reviews: str, as_of: str, verdict: str
) -> None:
    finding = finding_of(
        SILENT_PLAN,
        f"case: A\nas_of: {as_of}\nplans: [{{ref: P1, agreed: 2016-01-15{reviews}}}]",
    )

    assert str(finding.verdict) == verdict


ROSE = (
    "for_each: suspect\nlimit_standing: local\n"
    "deadline: {event: suspect.arrested, after: {last_of: [report.received, {if_recorded: suspect.identified_on}]}, "
    "limit: {by: suspect.risk, high: 24 hours, low: 14 days}}"
)


@pytest.mark.parametrize(
    ("suspect", "verdict"),
    [
        ("identified_on: 2015-09-05T10:00, arrested: 2015-09-07T10:00", "not met"),
        ("arrested: 2015-09-07T10:00", "not recorded"),
        ("arrested: 2015-09-05T20:00", "met"),
        ("arrested: 2015-09-04T10:00", "met"),
        ("identified_on: 2015-09-02, arrested: 2015-09-07T10:00", "met"),
    ],
)
def test_a_limit_that_became_shorter_before_the_event_leaves_a_start_that_nobody_wrote_down_open(
    suspect: str, verdict: str
) -> None:
    risk = "risk: [{is: low, at: 2015-08-20}, {is: high, at: 2015-09-05T09:00}]"

    finding = finding_of(ROSE, f"{REPORT}suspects: [{{ref: S1, {risk}, {suspect}}}]")

    assert str(finding.verdict) == verdict


@pytest.mark.parametrize("ended", ["", ", ended: 2016-01-20"])
def test_reviews_that_were_kept_without_an_end_are_kept_with_it(ended: str) -> None:
    text = f"case: A\nas_of: 2016-05-10\nplans: [{{ref: P1, agreed: 2016-01-15, reviews: [2016-03-10]{ended}}}]"

    assert str(finding_of(PLAN, text).verdict) == "met"
