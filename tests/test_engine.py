"""Verdicts: the table, what is tried where nobody wrote anything down, and what stands beside the findings."""

from datetime import date

import pytest

from checklist.clocks import parse_moment
from checklist.engine import MOST_COMBINATIONS, explain
from checklist.findings import Finding, Verdict, count_verdicts
from tests.small import case_of, checklist_of, finding_of, review_of, rule_of

EXPECT = "for_each: suspect\nexpect: {suspect.access: no}"
APPLIES = "for_each: suspect\napplies_when: {suspect.images: yes}\nexpect: {suspect.access: no}"


def told(finding: Finding) -> tuple[str, str]:
    return str(finding.verdict), str(finding.basis)


def of(body: str, facts: str, more: str = "") -> Finding:
    return finding_of(body, f"{more}suspects: [{{ref: S1, {facts}}}]")


# The verdict table.


@pytest.mark.parametrize(
    ("body", "facts", "verdict", "basis"),
    [
        (EXPECT, "access: no", "met", "as expected"),
        (EXPECT, "access: yes", "not met", "not as expected"),
        (EXPECT, "risk: high", "not recorded", "not recorded"),
        (EXPECT, "access: unknown", "cannot tell", "recorded as unknown"),
        (EXPECT, "access: redacted", "cannot tell", "redacted"),
        (EXPECT, "access: perhaps", "cannot tell", "unreadable"),
        (EXPECT, "access: {conflicting: [yes, no]}", "cannot tell", "contradictory"),
        (EXPECT, "access: {conflicting: [yes, {is: yes, source: log 2}]}", "not met", "not as expected"),
        (EXPECT + "\nif_not_recorded: not met", "risk: high", "not met", "nothing recorded"),
        (EXPECT + "\nif_not_recorded: cannot tell", "risk: high", "cannot tell", "not recorded"),
        (EXPECT + "\nif_not_recorded: not met", "access: unknown", "cannot tell", "recorded as unknown"),
        (
            "for_each: suspect\nexpect: {suspect.interviewed: {after: suspect.arrested}}",
            "interviewed: 2015-09-23",
            "not recorded",
            "not recorded",
        ),
        (APPLIES, "images: no", "does not apply", "the condition does not hold"),
        (APPLIES, "images: yes, access: no", "met", "as expected"),
        (APPLIES, "images: yes, access: yes", "not met", "not as expected"),
        (APPLIES, "access: no", "not recorded", "not known whether it applies"),
        (APPLIES, "images: unknown, access: no", "cannot tell", "not known whether it applies"),
        (APPLIES, "images: redacted, access: yes", "cannot tell", "not known whether it applies"),
        ("for_each: suspect\nexpect: {suspect.arrested: {recorded: yes}}", "risk: high", "not met", "nothing recorded"),
        (
            "for_each: suspect\nexpect: {suspect.arrested: {recorded: yes}}",
            "arrested: no",
            "not met",
            "recorded as not done",
        ),
        ("for_each: suspect\nexpect: {suspect.arrested: {recorded: yes}}", "arrested: yes", "met", "as expected"),
    ],
)
def test_the_verdict_table(body: str, facts: str, verdict: str, basis: str) -> None:
    assert told(of(body, facts)) == (verdict, basis)


@pytest.mark.parametrize(
    ("facts", "would_be"),
    [("access: no", Verdict.MET), ("access: yes", Verdict.NOT_MET), ("risk: high", Verdict.NOT_RECORDED)],
)
def test_where_it_cannot_be_told_whether_a_rule_applies_it_is_never_met_and_says_what_it_would_be(
    facts: str, would_be: Verdict
) -> None:
    finding = of(APPLIES, facts)

    assert finding.verdict is Verdict.NOT_RECORDED
    assert finding.would_be is would_be
    assert f"if it does: {would_be}" in finding.says


TOLD = "for_each: suspect\nexpect: {suspect.told: yes}"
NOT_OWED = "told: {is: not applicable, reason: nobody to tell}"


@pytest.mark.parametrize(
    ("body", "facts", "verdict", "basis"),
    [
        (TOLD, NOT_OWED, "does not apply", "recorded as not applicable"),
        (TOLD.replace("{", "{suspect.access: no, "), f"access: no, {NOT_OWED}", "does not apply", "recorded as not applicable"),
        (TOLD.replace("{", "{suspect.access: no, "), f"access: yes, {NOT_OWED}", "not met", "not as expected"),
        (TOLD.replace("{", "{suspect.access: no, "), f"access: redacted, {NOT_OWED}", "cannot tell", "redacted"),
        (TOLD.replace("{", "{suspect.access: no, "), NOT_OWED, "not recorded", "not recorded"),
        # Where one of two things would do, that the other was not applicable does not excuse the one that was not done.
        (TOLD.replace("{suspect.told: yes}", "{any_of: [{suspect.told: yes}, {suspect.access: no}]}"), f"access: yes, {NOT_OWED}", "cannot tell", "recorded as not applicable"),
        (f"{EXPECT}\napplies_when: {{suspect.told: yes}}", f"access: no, {NOT_OWED}", "does not apply", "recorded as not applicable"),
    ],
)  # fmt: skip
def test_what_was_recorded_as_not_applicable_with_a_reason_is_not_expected(
    body: str, facts: str, verdict: str, basis: str
) -> None:
    assert told(of(body, facts)) == (verdict, basis)


def test_an_expectation_is_excused_by_an_accepted_reason_that_somebody_decided() -> None:
    body = "for_each: suspect\naccept_reasons: [agreed]\nexpect: {suspect.arrested: yes}"

    assert told(
        of(body, "arrested: {done: no, reason: agreed, decided_by: inspector@police, decided_at: 2015-09-01}")
    ) == ("excused", "reason accepted")
    assert told(of(body, "arrested: {done: no, reason: agreed}")) == ("not met", "recorded as not done")


def test_a_sentence_says_what_stands_there_and_what_was_expected() -> None:
    assert of(EXPECT, "access: yes").says == "access: yes; expected: access: no"
    assert (
        of("for_each: suspect\nexpect: {suspect.job: {recorded: yes}, suspect.access: no}", "job: x, access: no").says
        == "job: recorded (withheld); access: no"
    )


# Several blocks.

BLOCKS = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: 24 hours}\nexpect: {suspect.access: no, suspect.arrested.rationale: {recorded: yes}}"
REPORT = "report: {received: 2015-09-01T10:15}\n"


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ("arrested: {at: 2015-09-01T12:00, rationale: recorded}, access: no", "met"),
        ("arrested: {at: 2015-09-22, rationale: recorded}, access: no", "not met"),
        ("arrested: {at: 2015-09-01T12:00}, access: no", "not met"),
        ("arrested: {at: 2015-09-01T12:00, rationale: recorded}", "not recorded"),
        ("arrested: redacted", "cannot tell"),
        ("arrested: {at: 2015-09-22, rationale: recorded}, access: redacted", "not met"),
    ],
)
def test_of_several_blocks_the_worst_verdict_stands_and_all_are_causes(facts: str, verdict: str) -> None:
    finding = of(BLOCKS, facts, REPORT)

    assert str(finding.verdict) == verdict
    assert [cause.block for cause in finding.causes] == ["deadline", "expect"]


def test_while_an_event_is_not_due_nothing_is_expected_of_what_it_would_bring() -> None:
    early = "as_of: 2015-09-01T12:00\n" + REPORT

    assert told(of(BLOCKS, "access: no", early)) == ("not due yet", "within the limit")
    assert told(of(BLOCKS, "access: yes", early)) == ("not met", "not as expected")
    only = BLOCKS.replace("suspect.access: no, ", "")
    assert [cause.block for cause in of(only, "access: no", early).causes] == ["deadline"]


def test_a_meeting_that_is_not_due_is_not_blamed_for_its_missing_minutes() -> None:
    body = "limit_standing: local\ndeadline: {event: plan.agreed, after: report.received, limit: 3 days}\nexpect: {plan.owner: police}"

    assert told(finding_of(body, "as_of: 2015-09-02\n" + REPORT)) == ("not due yet", "within the limit")


# What nobody wrote down.


def test_a_verdict_that_every_value_gives_is_given() -> None:
    body = "for_each: suspect\napplies_when: {any_of: [{suspect.access: yes}, {suspect.access: no}]}\nexpect: {suspect.images: no}"

    finding = of(body, "images: yes")

    assert told(finding) == ("not met", "not as expected")
    assert "access is not recorded, and the verdict is the same whatever it was" in finding.says
    assert of(body, "access: redacted, images: yes").verdict is Verdict.CANNOT_TELL


def any_value_of(*names: str) -> str:
    values = {"risk": ("high", "low")}
    every = (f"{{suspect.{name}: {value}}}" for name in names for value in values.get(name, ("yes", "no")))
    return f"for_each: suspect\napplies_when: {{any_of: [{', '.join(every)}]}}\nexpect: {{suspect.arrested: yes}}"


def test_unrecorded_facts_are_tried_together() -> None:
    assert of(any_value_of("access", "images"), "arrested: yes").verdict is Verdict.MET
    assert (
        of(any_value_of("access", "images"), "arrested: yes, access: redacted, images: redacted").verdict
        is Verdict.CANNOT_TELL
    )


def test_beyond_sixty_four_combinations_nothing_is_tried() -> None:
    six = ("access", "images", "risk", "armed", "nearby", "employed")

    assert 2 ** len(six) == MOST_COMBINATIONS
    assert of(any_value_of(*six), "arrested: yes").verdict is Verdict.MET
    finding = of(any_value_of(*six, "released"), "arrested: yes")
    assert told(finding) == ("not recorded", "not known whether it applies")


def test_an_expectation_is_never_met_by_what_nobody_wrote_down() -> None:
    assert of(EXPECT, "arrested: yes").verdict is Verdict.NOT_RECORDED


def test_contradicting_records_are_tried_and_agree_or_cannot_be_told() -> None:
    body = "for_each: suspect\nexpect: {suspect.arrested: yes}"

    assert of(body, "arrested: {conflicting: [2015-09-01, 2015-09-04]}").verdict is Verdict.MET
    assert told(of(body, "arrested: {conflicting: [2015-09-01, no]}")) == ("cannot tell", "contradictory")


# Groups.


def test_a_group_is_one_finding_with_its_weight_and_the_worst_of_its_members() -> None:
    body = "for_each: contact\nexpect: {contact.alone: yes}"

    finding = finding_of(body, "contacts: [{ref: K1, count: 20, alone: 4 of 20}]")

    assert (finding.verdict, finding.weight) == (Verdict.NOT_MET, 20)
    assert "the members of the group differ (being seen alone: 4 of 20)" in finding.says
    assert finding_of(body, "contacts: [{ref: K1, count: 20, alone: all}]").verdict is Verdict.MET


# Subjects.


@pytest.mark.parametrize(
    ("text", "verdict", "basis"),
    [
        ("", "not recorded", "not recorded"),
        ("suspects: []", "does not apply", "recorded, none"),
        ("suspects: unknown", "cannot tell", "recorded as unknown"),
        ("suspects: redacted", "cannot tell", "redacted"),
        ("suspects: everybody", "cannot tell", "unreadable"),
        ("looked_at: [first]", "cannot tell", "not looked at"),
    ],
)
def test_an_absent_or_empty_list_is_one_finding_on_the_case(text: str, verdict: str, basis: str) -> None:
    finding = finding_of(EXPECT, text)

    assert finding.subject == "case"
    assert told(finding) == (verdict, basis)


GATED = "for_each: suspect\napplies_when: {case.concerns: {includes_any: [missing]}, suspect.access: yes}\nexpect: {suspect.images: no}"


@pytest.mark.parametrize(
    ("body", "text", "verdict", "basis"),
    [
        (GATED, "concerns: [abuse]", "does not apply", "the condition does not hold"),
        (GATED, "concerns: [missing]", "not recorded", "not recorded"),
        (GATED, "concerns: [abuse]\nsuspects: []", "does not apply", "recorded, none"),
        (GATED, "", "not recorded", "not recorded"),
        # What only a thing could answer leaves it open, even a question whether something was written down.
        (GATED.replace("suspect.access: yes", "suspect.access: {recorded: yes}"), "concerns: [missing]", "not recorded", "not recorded"),
        (GATED.replace("case.concerns: {includes_any: [missing]}", "plan.owner: police"), "plans: [{ref: P1, owner: health}]", "not recorded", "not recorded"),
        (
            GATED.replace("suspect.access: yes", "every: {of: exhibit, satisfies: {exhibit.status: held}}"),
            "concerns: [abuse]",
            "not recorded",
            "not recorded",
        ),
    ],
)  # fmt: skip
def test_nobody_waits_for_a_list_where_the_case_itself_rules_the_rule_out(
    body: str, text: str, verdict: str, basis: str
) -> None:
    assert told(finding_of(body, text)) == (verdict, basis)


def test_every_version_must_be_ruled_out_before_a_list_is_not_waited_for() -> None:
    versions = "\njudged_on: report.received\nversions:\n  - {in_force: {to: 2014-12-31}, applies_when: {case.concerns: {includes_any: [abuse]}}}\n  - {in_force: {from: 2015-01-01}}"

    assert told(finding_of(GATED + versions, "concerns: [abuse]"))[0] == "not recorded"
    assert told(finding_of(GATED + versions, "concerns: [neglect]"))[0] == "does not apply"


def test_each_thing_gives_a_finding_of_its_own() -> None:
    findings = review_of(EXPECT, "suspects: [{ref: S1, access: no}, {ref: S2, access: yes}, {ref: S3}]").findings

    assert [(finding.subject, str(finding.verdict)) for finding in findings] == [
        ("S1", "met"),
        ("S2", "not met"),
        ("S3", "not recorded"),
    ]
    assert sum(count_verdicts(findings).values()) == 3


def test_of_others_that_are_not_recorded_nothing_is_said_and_that_is_said() -> None:
    review = review_of(EXPECT, "suspects: [{ref: S1, access: no}, others not recorded]")

    assert [finding.subject for finding in review.findings] == ["S1"]
    assert "suspects: others are not recorded, and nothing is said of them" in review.notices


JOINED = "for_each: contact\njoin: {contact.suspect: suspect}\napplies_when: {suspect.access: yes}\nexpect: {contact.seen: yes}"


def test_a_rule_may_join_one_thing_by_a_reference() -> None:
    text = "suspects: [{ref: S1, access: yes}, {ref: S2, access: no}]\ncontacts: [{ref: K1, suspect: S1, seen: no}, {ref: K2, suspect: S2}, {ref: K3, seen: yes}]"

    findings = {finding.subject: str(finding.verdict) for finding in review_of(JOINED, text).findings}

    assert findings == {"S1/K1": "not met", "S2/K2": "does not apply", "K3": "not recorded"}


# What was looked at.


def test_outside_what_was_looked_at_nothing_is_said() -> None:
    body = "for_each: child\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: 24 hours}"
    inside = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: 24 hours}"

    assert body
    assert told(of(inside, "risk: high", REPORT)) == ("not met", "nothing recorded")
    assert told(of(inside, "risk: high", REPORT + "looked_at: [first]\n")) == ("cannot tell", "not looked at")


# Judgements.

JUDGED = "judgement: Was it done well?"
ANSWER = "{rule: small, subject: case, answer: ANSWER, reason: seen, by: reviewer@inspectorate, at: 2016-01-01}"


BY_ACCESS = "for_each: suspect\ndeadline: {event: suspect.arrested, after: report.received, limit: {by: suspect.access, yes: 1 day, no: 7 days}}\nlimit_standing: local"


@pytest.mark.parametrize(
    ("arrested", "verdict", "basis"),
    [("2015-09-22", "not met", "done late"), ("2015-09-01", "met", "done in time"), ("2015-09-04", "cannot tell", "not looked at")],
)  # fmt: skip
def test_a_verdict_that_hangs_on_nothing_that_was_not_looked_at_is_given(
    arrested: str, verdict: str, basis: str
) -> None:
    text = f"looked_at: [first]\nreport: {{received: 2015-09-01}}\nsuspects: [{{ref: S1, arrested: {arrested}}}]"

    assert told(finding_of(BY_ACCESS, text)) == (verdict, basis)


def test_whether_something_was_written_down_is_never_supposed_of_what_was_not_looked_at() -> None:
    body = "for_each: suspect\nexpect: {suspect.access: {recorded: yes}}"

    assert told(finding_of(body, "looked_at: [first]\nsuspects: [{ref: S1}]")) == ("cannot tell", "not looked at")


def test_what_is_good_practice_where_it_is_met_is_named_only_there() -> None:
    body = f"{EXPECT}\nstrength: It was kept away."

    assert of(body, "access: no").strength == "It was kept away."
    assert of(body, "access: yes").strength == ""


def test_a_question_is_open_until_a_person_answers_it() -> None:
    met, not_met = ANSWER.replace("ANSWER", "met"), ANSWER.replace("ANSWER", "not met")

    assert told(finding_of(JUDGED, "")) == ("needs judgement", "open")
    assert told(finding_of(JUDGED, f"judgements: [{met}]")) == ("met", "judged by a person")
    assert told(finding_of(JUDGED, f"judgements: [{not_met}]")) == ("not met", "judged by a person")
    assert told(finding_of(JUDGED, f"judgements: [{met}, {not_met}]")) == ("cannot tell", "contradictory")


def test_a_judgement_of_nothing_that_was_asked_is_a_problem() -> None:
    met = ANSWER.replace("ANSWER", "met")

    wrong_rule = review_of(JUDGED, f"judgements: [{met.replace('small', 'smal')}]").problems
    wrong_subject = review_of(JUDGED, f"judgements: [{met.replace('case', 'S1')}]").problems
    assert "no rule with this id asks for a judgement" in wrong_rule[0].what
    assert "has no such subject" in wrong_subject[0].what


# The standard of the day.

VERSIONS = """\
for_each: suspect
limit_standing: local
deadline: {event: suspect.arrested, after: report.received, limit: 10 days}
judged_on: report.received
versions:
  - {in_force: {to: 2015-08-31}, deadline.limit: 10 days}
  - {in_force: {from: 2015-09-01, to: 2016-03-31}, deadline.limit: 5 days}
"""


@pytest.mark.parametrize(
    ("received", "written", "verdict", "basis"),
    [
        ("2015-08-31", "2015-09-08", "met", "done in time"),
        ("2015-09-01", "2015-09-08", "not met", "done late"),
        ("2015", "2016-05-08", "not met", "done late"),
        ("redacted", "2015-09-08", "cannot tell", "redacted"),
        ("2016-04-01", "2016-04-02", "met", "done in time"),
    ],
)
def test_a_case_is_judged_by_the_standard_of_its_day(received: str, written: str, verdict: str, basis: str) -> None:
    assert told(of(VERSIONS, f"arrested: {written}", f"report: {{received: {received}}}\n")) == (verdict, basis)


def test_where_the_day_straddles_a_change_one_verdict_is_given_only_if_the_versions_agree() -> None:
    straddles = VERSIONS.replace(
        "suspect.arrested, after: report.received", "suspect.arrested, after: suspect.identified_on"
    )
    report = "report: {received: 2015-08-31/2015-09-01}\n"

    assert told(of(straddles, "identified_on: 2015-09-01, arrested: 2015-09-03", report)) == ("met", "done in time")
    finding = of(straddles, "identified_on: 2015-09-01, arrested: 2015-09-09", report)
    assert told(finding) == ("cannot tell", "depends on which standard was in force")
    assert "met by the standard up to 2015-08-31; not met by the standard from 2015-09-01" in finding.says
    assert told(of(straddles, "identified_on: 2015-09-01, arrested: 2015-09-09")) == ("not recorded", "not recorded")


def test_where_two_standards_agree_the_limit_of_each_is_told() -> None:
    finding = of(VERSIONS, "arrested: 2015-12-12", "report: {received: 2015-08-31/2015-09-01}\n")

    assert told(finding) == ("not met", "done late")
    assert [(branch.when, branch.limit) for branch in finding.branches] == [
        ("by the standard up to 2015-08-31", "10 days"),
        ("by the standard from 2015-09-01 to 2016-03-31", "5 days"),
    ]


def test_past_the_last_standard_that_is_recorded_that_one_holds_on_and_the_finding_says_so() -> None:
    finding = of(VERSIONS, "arrested: 2016-04-20", "report: {received: 2016-04-01}\n")

    assert told(finding) == ("not met", "done late")
    assert "no standard is recorded after 2016-03-31" in finding.says
    assert finding.standard == "from 2015-09-01 to 2016-03-31"


BEGINS = VERSIONS.replace("{to: 2015-08-31}", "{from: 2015-08-01, to: 2015-08-31}")


@pytest.mark.parametrize(
    ("received", "arrested", "verdict"),
    [
        ("2015-07-31", "2015-10-01", "does not apply"),
        ("2015-07", "2015-10-01", "does not apply"),
        ("2015", "2016-10-01", "cannot tell"),
    ],
)
def test_before_the_first_standard_nobody_is_judged_by_it(received: str, arrested: str, verdict: str) -> None:
    finding = of(BEGINS, f"arrested: {arrested}", f"report: {{received: {received}}}\n")

    assert finding.verdict == verdict


def test_what_else_is_open_is_not_put_down_to_the_day_that_nobody_wrote_down() -> None:
    assert told(of(BEGINS, "arrested: redacted", "report: {graded: high}\n")) == ("cannot tell", "redacted")
    assert told(of(BEGINS, "risk: high", "report: {graded: high}\n")) == ("not recorded", "not recorded")


def test_another_day_s_standard_may_be_asked_for() -> None:
    text = "report: {received: 2015-08-31}\nsuspects: [{ref: S1, arrested: 2015-09-08}]"

    assert finding_of(VERSIONS, text, standard_on=date(2016, 1, 1)).verdict is Verdict.NOT_MET
    assert any("2016-01-01" in notice for notice in review_of(VERSIONS, text, standard_on=date(2016, 1, 1)).notices)


# An undated day 0.


@pytest.mark.parametrize(
    ("day_0", "limit", "arrested", "verdict"),
    [
        ("", "24 hours", "day 0T12:00", "met"),
        ("", "7 days", "day 21", "not met"),
        ("", "2 weeks", "day 14", "met"),
        ("", "3 working days", "day 3", "cannot tell"),
        ("day_0: {weekday: tuesday, month: 2015-09}\n", "3 working days", "day 3", "met"),
        ("day_0: {weekday: tuesday, month: 2015-09}\n", "3 working days", "day 4", "not met"),
        ("day_0: {weekday: friday, month: 2016-03}\n", "1 working day", "day 4", "cannot tell"),
        (
            "day_0: {weekday: friday, month: 2020-04}\n",
            "1 working day",
            "day 4",
            "cannot tell",
        ),  # the second was Good Friday
        ("day_0: {month: 2015-09}\n", "3 working days", "day 4", "cannot tell"),
        ("day_0: {month: 2015-09}\n", "3 working days", "day 6", "not met"),
    ],
)
def test_limits_in_hours_days_and_weeks_work_without_a_date(
    day_0: str, limit: str, arrested: str, verdict: str
) -> None:
    body = (
        "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: "
        + limit
        + "}"
    )
    text = f"as_of: day 40\n{day_0}report: {{received: day 0T10:00}}\nsuspects: [{{ref: S1, arrested: {arrested}}}]"

    assert str(finding_of(body, text).verdict) == verdict


def test_days_of_an_undated_case_are_named_by_their_number() -> None:
    body = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: 7 days}"

    review = review_of(body, "as_of: day 40\nreport: {received: day 0}\nsuspects: [{ref: S1, arrested: day 21}]")

    assert review.findings[0].due == "day 7"
    assert [mark.when for mark in review.timeline] == ["day 0", "day 7", "day 21", "day 40"]
    assert any("day 0 is undated" in notice for notice in review.notices)


def test_an_undated_case_is_not_compared_with_a_date() -> None:
    body = "for_each: suspect\nexpect: {suspect.arrested: {after: 2015-01-01}}"
    undated = "as_of: day 40\nDAY_0report: {received: day 0}\nsuspects: [{ref: S1, arrested: day 3}]"

    assert finding_of(body, undated.replace("DAY_0", "")).verdict is Verdict.CANNOT_TELL
    narrowed = undated.replace("DAY_0", "day_0: {weekday: tuesday, month: 2015-09}\n")
    assert finding_of(body, narrowed).verdict is Verdict.MET


def test_what_does_not_apply_needs_no_date() -> None:
    body = "for_each: suspect\napplies_when: {suspect.access: yes}\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: 3 working days}"

    assert (
        finding_of(body, "as_of: day 40\nreport: {received: day 0}\nsuspects: [{ref: S1, access: no}]").verdict
        is Verdict.DOES_NOT_APPLY
    )


def test_what_was_recorded_as_not_done_needs_no_date() -> None:
    body = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: 3 months}"
    text = "as_of: day 200\nreport: {received: day 0}\nsuspects: [{ref: S1, arrested: WRITTEN}]"

    assert told(finding_of(body, text.replace("WRITTEN", "{done: no}"))) == ("not met", "recorded as not done")
    assert told(finding_of(body, text.replace("WRITTEN", "day 190")))[0] == "cannot tell"


# What stands beside the findings.


def test_questions_are_asked_in_the_order_of_what_they_settle() -> None:
    review = review_of(APPLIES, "suspects: [{ref: S1}, {ref: S2, access: no}, {ref: S3, images: yes, access: yes}]")

    assert [(question.path, question.settles) for question in review.questions] == [
        ("suspects[0].access", 1),
        ("suspects[0].images", 1),
        ("suspects[1].images", 1),
    ]


def test_the_timeline_holds_events_limits_and_the_as_of() -> None:
    body = "for_each: plan\nlimit_standing: local\nschedule: {first_after: plan.agreed, events: plan.reviews, every: 3 months}"

    review = review_of(
        body,
        "closed: 2016-06-01\nplans: [{ref: P1, agreed: 2016-01-15, reviews: [2016-04-10]}]\nreport: {received: ../2015-09-01}",
    )

    assert [(mark.kind, mark.what) for mark in review.timeline] == [
        ("event", "R1: report received"),
        ("event", "P1: plan agreed"),
        ("event", "P1: reviewed"),
        ("event", "closed"),
        ("limit", "P1: reviews next due"),
        ("as of", "the review stands on this day"),
    ]


def test_personal_facts_are_never_evidence_that_can_be_shown() -> None:
    finding = finding_of(
        "for_each: child\nlimit_standing: local\nexpect: {child.age: {at_most: 2 years}}",
        "children: [{ref: C1, age: 8}]",
    )

    assert finding.verdict is Verdict.NOT_MET
    assert [(piece.shown, piece.withheld) for piece in finding.evidence] == [(None, True)]
    assert "8" not in finding.says


def test_a_rule_that_would_count_too_much_cannot_tell_and_every_subject_keeps_its_finding() -> None:
    body = "for_each: suspect\nexpect: {every: {of: exhibit, satisfies: {exhibit.status: held}}}"
    suspects = ", ".join(f"{{ref: S{number}}}" for number in range(51))
    exhibits = ", ".join(f"{{ref: X{number}, status: held}}" for number in range(1000))

    findings = review_of(body, f"suspects: [{suspects}]\nexhibits: [{exhibits}]").findings

    assert len(findings) == 51
    assert {told(finding) for finding in findings} == {("cannot tell", "too much to weigh")}
    assert "51000 pairs" in findings[0].says


def test_a_group_that_differs_in_too_many_ways_cannot_be_told() -> None:
    facts = ("access", "images", "armed", "released", "nearby", "employed", "arrested", "interviewed")
    some = ", ".join(f"{fact}: some" for fact in facts)
    told_of = {
        number: finding_of(
            f"for_each: suspect\nexpect: {{{', '.join(f'suspect.{fact}: yes' for fact in facts[:number])}}}",
            f"suspects: [{{ref: S1, count: 20, {some}}}]",
        )
        for number in (6, 7)
    }

    assert told(told_of[6]) == ("not met", "not as expected")
    assert told(told_of[7]) == ("cannot tell", "too much to weigh")


def test_a_schedule_of_thousands_of_events_for_hundreds_of_subjects_cannot_be_told() -> None:
    body = "for_each: suspect\nlimit_standing: local\nschedule: {first_after: report.received, events: plan.reviews, every: 3 months}"
    reviews = ", ".join("2015-10-01" for _ in range(300))
    suspects = ", ".join(f"{{ref: S{number}}}" for number in range(200))

    finding = finding_of(
        body, f"report: {{received: 2015-09-01}}\nsuspects: [{suspects}]\nplans: [{{reviews: [{reviews}]}}]"
    )

    assert told(finding) == ("cannot tell", "too much to weigh")


def test_a_rule_that_passes_when_something_is_absent_is_named_on_every_report() -> None:
    body = "passes_when_absent: [case.closed]\nexpect: {case.closed: {recorded: no}}"

    review = review_of(body, "")

    assert review.findings[0].verdict is Verdict.MET
    assert any("rules pass where these are absent: case.closed" in notice for notice in review.notices)


def test_an_earlier_as_of_is_counted_in_a_notice() -> None:
    review = review_of(
        EXPECT, "suspects: [{ref: S1, arrested: 2015-09-22, interviewed: 2015-09-23}]", as_of=parse_moment("2015-09-01")
    )

    assert "2 facts lie after this as-of and count as not yet happened" in review.notices


def test_explaining_shows_each_clause_each_version_and_what_was_tried() -> None:
    checklist = checklist_of(APPLIES.replace("for_each: suspect", "for_each: suspect"))
    case = case_of("suspects: [{ref: S1}, {ref: S2}]")

    explained = explain(checklist.rules[0], case, checklist, subject="S2")

    assert [finding.subject for finding, _ in explained] == ["S2"]
    clauses = [step.clause for step in explained[0][1]]
    assert "it applies when" in clauses
    assert "the suspect had images" in clauses
    assert explain(checklist.rules[0], case_of(""), checklist)[0][1] == ()
    versions = explain(
        rule_of(VERSIONS), case_of("suspects: [{ref: S1, arrested: 2015-09-02}]"), checklist_of(VERSIONS)
    )
    assert any("the standard from 2015-09-01" in step.clause for step in versions[0][1])
    nested = "for_each: suspect\nexpect: {not: {suspect.access: yes}}"
    assert [step.clause for step in explain(rule_of(nested), case, checklist_of(nested))[0][1]][1:3] == [
        "not",
        "the suspect had access",
    ]


# Nothing that is settled is settled while a record says otherwise.

EXAMINED = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.told, after: suspect.interviewed, limit: 28 days}"


@pytest.mark.parametrize(
    ("interviewed", "verdict"),
    [
        ("{conflicting: [2015-09-02, {done: no}]}", ("cannot tell", "contradictory")),
        ("{conflicting: [2015-09-02, 2015-09-03]}", ("not met", "recorded as not done")),
    ],
)
def test_a_settled_verdict_stands_only_if_every_record_gives_it(interviewed: str, verdict: tuple[str, str]) -> None:
    suspect = f"{{ref: S1, interviewed: {interviewed}, told: {{done: no}}}}"

    finding = finding_of(EXAMINED, f"report: {{received: 2015-09-01}}\nsuspects: [{suspect}]")

    assert told(finding) == verdict


def test_a_record_that_holds_for_some_of_a_group_is_not_a_record_that_holds_for_all() -> None:
    body = "for_each: suspect\nexpect: {suspect.access: yes}"

    finding = finding_of(body, "suspects: [{ref: S1, count: 3, access: {conflicting: [2 of 3, yes]}}]")

    assert told(finding) == ("cannot tell", "contradictory")


def test_a_thing_that_refers_to_two_others_says_nothing_of_either() -> None:
    body = "for_each: contact\njoin: {contact.suspect: suspect}\nexpect: {suspect.access: {is_not: yes}}"
    text = "suspects: [{ref: S1, access: yes}, {ref: S2, access: no}]\ncontacts: [{ref: K1, suspect: [S1, S2]}]"

    assert finding_of(body, text).verdict is Verdict.NOT_RECORDED


def test_two_facts_of_a_thing_that_nobody_named_are_weighed_apart() -> None:
    body = "for_each: contact\njoin: {contact.suspect: suspect}\napplies_when: {suspect.access: yes}\nexpect: {suspect.risk: high}"
    text = "suspects: [{ref: S1}, {ref: S2}]\ncontacts: [{ref: K1}]"

    assert finding_of(body, text).verdict is Verdict.NOT_RECORDED


def test_one_of_two_reports_without_a_day_may_have_been_the_first() -> None:
    body = (
        "for_each: child\nlimit_standing: local\ndeadline: {event: plan.agreed, after: report.received, limit: 3 days}"
    )
    text = "report: {received: 2015-09-01}\nchildren: [{ref: C1}]\nplans: "

    assert told(finding_of(body, f"{text}[{{agreed: 2015-09-02}}, {{owner: police}}]"))[0] == "not recorded"
    assert told(finding_of(body, f"{text}[{{owner: health}}, {{owner: police}}]"))[0] == "not met"


@pytest.mark.parametrize(
    ("decided_at", "verdict"),
    [("decided_at: 2015-09-02", "excused"), ("decided_at: not recorded", "not met"), ("", "not met")],
)
def test_an_expectation_is_excused_only_where_the_day_of_the_decision_is_given(decided_at: str, verdict: str) -> None:
    body = "for_each: suspect\naccept_reasons: [agreed]\nexpect: {suspect.told: yes}"
    parts = ", ".join(filter(None, ("done: no", "reason: agreed", "decided_by: a supervisor", decided_at)))

    assert str(finding_of(body, f"suspects: [{{ref: S1, told: {{{parts}}}}}]").verdict) == verdict


def test_whether_a_standard_was_in_force_cannot_be_told_where_day_0_is_undated() -> None:
    body = (
        "for_each: suspect\nlimit_standing: local\napplies_when: {suspect.access: yes}\n"
        "deadline: {event: suspect.arrested, after: report.received, limit: 3 days}\n"
        "judged_on: report.received\nversions: [{in_force: {from: 2013-04-15}}]"
    )
    case = "case: A\nas_of: day 300\nreport: {received: day 0}\nsuspects: [{ref: S1, access: %s, arrested: day 9}]"

    assert told(finding_of(body, case % "yes"))[0] == "cannot tell"
    assert told(finding_of(body, case % "no"))[0] == "does not apply"


def test_a_refusal_with_a_reason_to_be_weighed_needs_the_day_of_its_limit() -> None:
    body = (
        "for_each: suspect\nlimit_standing: local\naccept_reasons: [agreed]\n"
        "deadline: {event: suspect.arrested, after: report.received, limit: 3 months}"
    )
    refused = "{done: no, reason: agreed, decided_by: a supervisor, decided_at: day 91}"
    case = f"case: A\nas_of: day 300\nreport: {{received: day 0}}\nsuspects: [{{ref: S1, arrested: {refused}}}]"

    assert told(finding_of(body, case))[0] == "cannot tell"
