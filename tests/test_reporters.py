"""What reports show, and what no text can make them do.

Whole reports stand in tests/golden/. To renew them after a change that was meant: `python -m tests.test_reporters`.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from checklist.case import load_case
from checklist.engine import explain
from checklist.findings import Basis, Branch, Finding, Mark, Question, Review, Severity, Source, Standing, Verdict
from checklist.logic import Evidence, State
from checklist.reporters import Page, reporter
from checklist.reporters import explain as explaining
from checklist.reporters.report import grouped, visible
from checklist.rulebooks import load_checklist
from checklist.runner import Options, review_document
from checklist.settings import Settings, choose
from checklist.source import Problem, read_document
from checklist.summary import Run, Tally

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
SHIPPED = load_checklist(ROOT / "rules")
PAGE = Page(width=80, digest="0123456789abcdef", rules=22, version="0.0.0")
PRINTED = ("console", "plain", "paper")
CASES = ("cumbria-2017-1", "cumbria-2017-2", "cumbria-ipcc-2017-1", "handled-well", "still-running", "thinly-recorded")


def text_of(name: str, *reviews: Review, page: Page = PAGE) -> str:
    drawn, tally = reporter(name, page), Tally()
    for review in reviews:
        tally.add(review)
    pieces = [drawn.begin(), *map(drawn.review, reviews), drawn.end(Run(summary=tally.summary()))]
    return "".join(piece if isinstance(piece, str) else piece.decode() for piece in pieces)


@cache
def reviewed(name: str) -> Review:
    document = read_document(ROOT / "examples" / f"{name}.yaml", name=f"examples/{name}.yaml")
    profile = "cumbria-2017" if name.startswith("cumbria") else "core" if name == "still-running" else ""
    return review_document(document, choose(SHIPPED, Settings(), profile=profile), Options())


def evidence(path: str = "suspects[0].arrested", state: State = State.RECORDED, **more: Any) -> Evidence:
    fact = re.sub(r"s\[\d+\]", "", path)
    given = {
        "named": "the arrest",
        "shown": "2015-09-22",
        "asks": "When was the suspect arrested?",
        "look_in": "custody record",
    }
    return Evidence(fact, path, state, "case.yaml", 4, 5, **{**given, **more})


def finding(**more: Any) -> Finding:
    given: dict[str, Any] = {
        "rule": "arrest-within-limit",
        "title": "Each suspect is arrested promptly",
        "area": "investigation",
        "severity": Severity.CRITICAL,
        "subject": "S1",
        "verdict": Verdict.NOT_MET,
        "basis": Basis.DONE_LATE,
        "says": "arrested 21 days after the report; limit 24 hours",
        "evidence": (evidence(),),
        "why": "Delay leaves children within reach.",
        "action": "Arrest the suspect today.",
        "sources": (
            Source(
                Standing.INSPECTION_FINDING,
                "three weeks were criticised",
                "HMIC",
                "2017-01-26",
                certainty="secondary_seen",
            ),
        ),
        "limit": "24 hours",
        "limit_standing": "local",
    }
    return Finding(**{**given, **more})


def a_review(*findings: Finding, **more: Any) -> Review:
    given: dict[str, Any] = {"file": "case.yaml", "case": "X-1", "as_of": "2016-07-18", "problems": ()}
    return Review(findings=findings, **{**given, **more})


# Whole reports.


def golden_texts(name: str) -> Iterator[tuple[str, str]]:
    review = reviewed(name)
    for width in (60, 80, 120, 160):
        if name == CASES[0] or width == 80:
            yield f"{name}.console-{width}.txt", text_of("console", review, page=replace(PAGE, width=width))
    yield f"{name}.plain.txt", text_of("plain", review)
    if name in CASES[:3]:  # of the whole checklist it is half a megabyte
        yield f"{name}.json", json.dumps(json.loads(text_of("json", review)), indent=1) + "\n"
    if name == CASES[0]:
        yield f"{name}.paper.txt", text_of("paper", review)
        yield f"{name}.explain.txt", explained(name, "serial-offending-considered")
        yield f"{name}.all.txt", text_of("console", review, page=replace(PAGE, show_all=True))


def explained(name: str, rule_id: str) -> str:
    case = load_case(
        read_document(ROOT / "examples" / f"{name}.yaml", name=f"examples/{name}.yaml"), SHIPPED.vocabulary
    )
    rule = SHIPPED.rule(rule_id)
    assert rule is not None
    return "".join(explaining.write(explain(rule, case, SHIPPED), PAGE))


@pytest.mark.parametrize("name", CASES)
def test_a_report_is_the_golden_one(name: str) -> None:
    for file, text in golden_texts(name):
        assert text == (GOLDEN / file).read_text(encoding="utf-8"), "if it was meant: python -m tests.test_reporters"


# What is shown.


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_no_line_is_wider_than_the_page(name: str, width: int) -> None:
    for drawer in ("console", "paper"):
        lines = re.split("[\n\f]", text_of(drawer, reviewed(name), page=replace(PAGE, width=width)))
        assert max(map(len, lines)) <= (width if drawer == "console" else 80)


def test_a_page_of_paper_has_sixty_rows_and_a_head() -> None:
    pages = text_of("paper", reviewed("cumbria-ipcc-2017-1")).split("\f")

    for number, page in enumerate(pages, start=1):
        assert len(page.splitlines()) == 60
        assert page.startswith("EX-CUMBRIA-3, as of 2016-12-14")
        assert f"page {number} of {len(pages)}" in page.splitlines()[0]
        assert "rulebook 0123456789ab" in page.splitlines()[1]


def test_paper_has_every_finding_boxes_for_answers_and_signatures() -> None:
    review = reviewed("cumbria-2017-1")

    told = text_of("paper", review)

    assert all(one.rule in told for one in review.findings)
    assert told.count("[ ] done since    [ ] accepted    [ ] disputed") == len(grouped(review.findings))
    assert "officer in the case (role):" in told


def test_a_finding_to_act_on_says_all_that_must_be_known() -> None:
    told = " ".join(text_of("console", a_review(finding())).split())

    for words in (
        "NOT MET - done late critical",
        "Each suspect is arrested promptly",
        "arrest-within-limit, S1",
        "Arrested 21 days after the report; limit 24 hours.",
        "4 | arrested: 2015-09-22",
        "^^^^^^^^^^",
        "Delay leaves children within reach.",
        "inspection finding: three weeks were criticised (HMIC, 2017-01-26; read in a secondary source)",
        "The limit is our default: no source gives a number.",
        "Arrest the suspect today.",
    ):
        assert words in told


def test_the_caret_stands_under_the_value() -> None:
    lines = text_of("console", a_review(finding())).splitlines()

    at = next(number for number, line in enumerate(lines) if "arrested: 2015-09-22" in line)
    assert lines[at].index("2015-09-22") == lines[at + 1].index("^")
    assert lines[at + 1].count("^") == len("2015-09-22")


def test_a_source_with_a_number_of_its_own_is_not_called_a_default() -> None:
    by_statute = text_of("console", a_review(finding(limit_standing="statute")))
    assert "The limit is given by statute." in by_statute
    assert "our default" not in by_statute


def test_the_worst_and_most_severe_come_first() -> None:
    findings = (
        finding(rule="a", verdict=Verdict.NOT_RECORDED, basis=Basis.NOT_RECORDED, evidence=(evidence(), evidence("x"))),
        finding(rule="b", severity=Severity.MINOR),
        finding(rule="c", severity=Severity.CRITICAL),
        finding(rule="d", verdict=Verdict.CANNOT_TELL, basis=Basis.REDACTED, evidence=(evidence(), evidence("x"))),
    )

    assert [group.first.rule for group in grouped(findings)] == ["c", "b", "d", "a"]


def test_findings_that_say_the_same_stand_together_and_are_still_counted() -> None:
    review = a_review(finding(subject="S1"), finding(subject="S2", weight=20))

    told = text_of("console", review)

    assert "arrest-within-limit, S1, S2 (a group of 20)" in told
    assert "1 of 1" in told
    assert "2 findings = 2 not met" in told


def test_many_findings_of_one_absence_are_one_block() -> None:
    absent = evidence("suspects[0].risk", State.NOT_RECORDED, shown=None, named="risk", asks="How high?", look_in="")
    open_ones = [
        finding(
            rule=f"rule-{n}", subject="case", verdict=Verdict.NOT_RECORDED, basis=Basis.NOT_RECORDED, evidence=(absent,)
        )
        for n in range(12)
    ]

    told = text_of("console", a_review(*open_ones))

    assert "12 findings wait for one thing: risk" in told
    assert told.count("Ask ") == 1
    assert all(f"rule-{n}," in told for n in range(12))
    assert "12 findings = 12 not recorded" in told


def test_all_lists_that_nobody_wrote_down_are_one_block_with_what_waits_for_each() -> None:
    def waits_for(kind: str, severity: Severity) -> Finding:
        absent = evidence(kind, State.NOT_RECORDED, shown=None, named=kind, asks=f"Which {kind}?", look_in="")
        return finding(
            subject="case",
            severity=severity,
            verdict=Verdict.NOT_RECORDED,
            basis=Basis.NOT_RECORDED,
            evidence=(absent,),
        )

    review = a_review(
        waits_for("suspects", Severity.CRITICAL),
        waits_for("suspects", Severity.SERIOUS),
        waits_for("devices", Severity.MINOR),
    )
    told = text_of("console", review)

    assert "3 findings wait for 2 lists that the file does not have" in told
    assert "suspects: 2 (1 critical, 1 serious)" in told
    assert "devices: 1 (1 minor)" in told
    assert "1 of 1" in told
    assert "Why" in text_of("console", review, page=replace(PAGE, show_all=True))


def test_findings_of_which_one_fact_says_whether_they_apply_are_one_block_with_what_each_would_be() -> None:
    trigger = evidence("suspects[0].bailed", State.NOT_RECORDED, shown=None, named="the release on bail", asks="When?")
    waiting = [
        finding(
            rule=f"rule-{n}",
            verdict=Verdict.NOT_RECORDED,
            basis=Basis.NOT_KNOWN_WHETHER_IT_APPLIES,
            would_be=would_be,
            evidence=(trigger, evidence(f"suspects[0].fact_{n}")),
        )
        for n, would_be in enumerate((Verdict.NOT_MET, Verdict.MET))
    ]

    review = a_review(*waiting)
    told = " ".join(text_of("console", review).split())
    assert "2 findings wait to know whether they apply: the release on bail" in told
    assert "(rule-0, critical, S1; would be not met)" in told
    assert told.count("Ask ") == 1
    assert "Why" in text_of("console", review, page=replace(PAGE, show_all=True))


def test_what_is_open_is_told_in_brief_until_all_is_asked_for() -> None:
    review = a_review(finding(verdict=Verdict.CANNOT_TELL, basis=Basis.IMPRECISE))

    assert "Why" not in text_of("console", review)
    assert "Why" in text_of("console", review, page=replace(PAGE, show_all=True))
    assert "Why" in text_of("console", a_review(finding()))


def test_the_sources_of_the_highest_standing_stand_first_and_the_rest_are_counted() -> None:
    says = [Source(standing, f"{standing} says so", "D") for standing in reversed(Standing)]
    review = a_review(finding(sources=tuple(says)))

    told = text_of("console", review)
    assert told.index("statute says so") < told.index("statutory guidance says so (D); 3 more")
    assert "local says so" not in told
    assert "local says so" in text_of("console", review, page=replace(PAGE, show_all=True))


def test_a_number_of_one_area_is_never_called_anything_else() -> None:
    of_one_area = Source(Standing.LOCAL, "within five days", "One area's procedure")

    told = " ".join(text_of("console", a_review(finding(sources=(of_one_area,)))).split())
    assert "The limit is our default, or that of the local procedure named" in told


def test_a_number_that_nobody_read_is_never_told_as_if_it_had_been() -> None:
    remembered = Source(Standing.STATUTE, "within ten days", "An Act", certainty="unverified")

    told = " ".join(text_of("console", a_review(finding(sources=(remembered,), limit_standing="statute"))).split())
    assert "The limit is said to be given by statute; the passage was not read." in told


def test_what_was_done_well_is_told_with_its_evidence() -> None:
    review = a_review(finding(verdict=Verdict.MET, basis=Basis.DONE_IN_TIME, strength="The child was seen at once."))

    told = text_of("console", review)
    assert "GOOD PRACTICE" in told
    assert "+ The child was seen at once." in told
    assert "arrested: 2015-09-22" in told
    assert "GOOD PRACTICE" not in text_of("console", a_review(finding(verdict=Verdict.MET)))


def test_what_does_not_apply_is_counted_by_what_rules_it_out_where_there_is_much_of_it() -> None:
    aside = [
        finding(rule=f"rule-{n}", verdict=Verdict.DOES_NOT_APPLY, says="the list of concerns: [neglect]")
        for n in range(12)
    ]

    told = text_of("console", a_review(*aside))
    assert "- 12 findings ruled out by: the list of concerns: [neglect]" in told
    assert "rule-7" not in told
    assert "rule-7" in text_of("console", a_review(*aside), page=replace(PAGE, show_all=True))


def test_parts_that_were_not_looked_at_are_counted_by_area_where_there_are_many() -> None:
    unseen = evidence("plan.agreed", State.NOT_LOOKED_AT, shown=None, part="assessment and help")
    many = [
        finding(rule=f"rule-{n}", verdict=Verdict.CANNOT_TELL, basis=Basis.NOT_LOOKED_AT, evidence=(unseen,))
        for n in range(12)
    ]

    told = text_of("console", a_review(*many))
    assert "investigation: 12 (12 critical)" in told
    assert "rule-7" not in told
    assert "rule-7" in text_of("console", a_review(*many), page=replace(PAGE, show_all=True))


def test_what_was_not_looked_at_is_one_block_counted_apart() -> None:
    unseen = evidence("plan.agreed", State.NOT_LOOKED_AT, shown=None, part="assessment and help")
    review = a_review(finding(verdict=Verdict.CANNOT_TELL, basis=Basis.NOT_LOOKED_AT, evidence=(unseen,)))

    told = text_of("console", review)

    assert "1 finding rests on parts of the record that were not looked at" in told
    assert "1 cannot tell (1 not looked at)" in told
    assert "Why" in text_of("console", review, page=replace(PAGE, show_all=True))


def test_the_banner_stands_only_while_a_child_may_be_at_risk() -> None:
    banner = "A CHILD MAY STILL BE AT RISK"

    assert banner in text_of("console", a_review(finding()))
    assert banner not in text_of("console", a_review(finding(), at_risk=False))
    assert banner not in text_of("console", a_review(finding(severity=Severity.SERIOUS)))
    assert banner not in text_of("console", a_review(finding(verdict=Verdict.CANNOT_TELL)))


def test_practice_is_kept_apart_from_recording() -> None:
    told = text_of("console", reviewed("cumbria-2017-1"))

    assert "Practice   4 not met (2 critical, 2 serious; of 2 nothing is recorded)" in told
    assert "Recording  7 not recorded, 14 cannot tell (13 not looked at)" in told


def test_what_it_would_be_if_the_rule_applied_and_each_branch_are_said() -> None:
    branches = (
        Branch("risk is high", "24 hours", "Wed 2 Sep 2015", Verdict.NOT_MET),
        Branch("risk is low", "7 days", "", Verdict.MET),
    )
    one = finding(
        verdict=Verdict.NOT_RECORDED,
        basis=Basis.NOT_KNOWN_WHETHER_IT_APPLIES,
        would_be=Verdict.NOT_MET,
        branches=branches,
    )

    told = text_of("console", a_review(one))

    assert "risk is high: limit 24 hours, due Wed 2 Sep 2015: not met" in told
    assert "risk is low: limit 7 days: met" in told


def test_a_rule_that_counts_or_passes_when_something_is_absent_says_so() -> None:
    told = text_of("console", a_review(finding(counts_list=True, passes_when_absent=("case.closed",))))

    assert "it takes the list in the file to be complete" in told
    assert "passes where these are absent: case.closed" in told


def test_nothing_to_act_on_is_said() -> None:
    told = text_of("console", a_review(finding(verdict=Verdict.MET, basis=Basis.DONE_IN_TIME)))

    assert "Nothing." in told
    assert "WHAT WAS DONE" in told


def test_problems_come_first_and_accuse_nobody() -> None:
    problems = (
        Problem("case.yaml", 3, 7, "this is not a date", "write 2016-03-18"),
        Problem("case.yaml", 9, 1, "no such word"),
    )

    told = text_of("console", a_review(finding(), problems=problems))

    assert told.index("2 PROBLEMS WITH THE FILE") < told.index("SUMMARY")
    assert "line 3:7  this is not a date; write 2016-03-18" in told
    assert "nobody's practice is at fault" in " ".join(told.split())
    assert "1 PROBLEM WITH THE FILE" in text_of("console", a_review(finding(), problems=problems[:1]))


def test_a_file_that_was_not_reviewed_says_nothing_of_the_case() -> None:
    told = text_of("console", a_review(problems=(Problem("case.yaml", 1, 1, "not valid YAML"),), as_of="", case=""))

    assert "NOT REVIEWED" in told
    assert "TOTALS" not in told


def test_a_long_timeline_is_cut_and_says_so() -> None:
    events = (Mark(n, "Tue 1 Sep 2015", f"event {n}", "event", n) for n in range(1, 60))
    marks = (*events, Mark(99, "now", "the day", "as of"))
    review = a_review(finding(), timeline=marks)

    told = text_of("console", review)

    assert "... and 20 more; --all shows them" in told
    assert "the day" in told
    assert "event 59" in text_of("console", review, page=replace(PAGE, show_all=True))


def test_ten_questions_are_asked_and_the_rest_are_counted() -> None:
    asked = tuple(
        Question("suspect.risk", f"suspects[{n}].risk", "How high was the risk?", "", n, 1 + (n == 0))
        for n in range(12)
    )

    told = text_of("console", a_review(finding(), questions=asked))

    assert "settles 2 findings" in told
    assert "... and 2 more that settle no more than these" in told


# What must not be shown.


def test_personal_facts_and_free_text_are_withheld() -> None:
    one = finding(evidence=(evidence("suspects[0].relationship", shown=None, withheld=True),))

    for name in PRINTED:
        assert "relationship: (withheld, line 4)" in text_of(name, a_review(one))


def test_the_raw_line_is_shown_only_where_quotes_were_asked_for() -> None:
    one = finding(
        evidence=(
            evidence("suspects[0].relationship", shown=None, withheld=True),
            evidence("suspects[0].risk", State.NOT_RECORDED, shown=None),
        )
    )
    lines = dict(enumerate(("case: X", "suspects:", "  - ref: S1", "    relationship: a neighbour"), start=1))

    told = text_of("console", a_review(one, quotes=lines))

    assert "4 |     relationship: a neighbour" in told
    assert "(the arrest: not recorded)" in told
    assert text_of("console", a_review(one, quotes={}))


HOSTILE = [
    "[name removed]",
    "[/b] and [bold red]",
    ":bell: :warning:",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b31m",
    "a\rb",
    "\u202egnirts",
    "zero\u200bwidth",
    "nul\x00",
    "\ud800",
    "tab\there",
    "two\nlines",
    "{0.__class__} %s ${x}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("reporter", PRINTED)
@pytest.mark.parametrize("unicode", [True, False], ids=["unicode", "ascii"])
def test_text_is_never_markup_and_never_steers_a_terminal(text: str, reporter: str, unicode: bool) -> None:
    one = finding(title=text, says=text, why=text, action=text, subject=text, evidence=(evidence(shown=text),))
    review = a_review(one, case=text, file=text, notices=(text,), problems=(Problem(text, 1, 1, text, text),))

    told = text_of(reporter, review, page=replace(PAGE, unicode=unicode))

    assert not [mark for mark in told if unicodedata.category(mark) in ("Cc", "Cf", "Cs") and mark not in "\n\f"]
    expected = visible(text) if unicode else visible(text).encode("ascii", "backslashreplace").decode()
    assert " ".join(expected.split()) in " ".join(told.split())


def test_text_in_json_is_escaped_and_comes_back_as_it_was() -> None:
    for text in HOSTILE[:-4]:
        told = text_of("json", a_review(finding(says=text)))
        assert json.loads(told)["reviews"][0]["findings"][0]["says"] == text
        assert told.isascii()


def test_without_unicode_everything_is_ascii() -> None:
    page = replace(PAGE, unicode=False)

    for case in CASES:
        for name in PRINTED:
            assert text_of(name, reviewed(case), page=page).isascii()


def test_colour_is_only_beside_words() -> None:
    review = reviewed("cumbria-2017-1")

    plain = text_of("console", review)
    coloured = text_of("console", review, page=replace(PAGE, colour=True))

    assert "\x1b[" not in plain
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_plain_says_one_fact_a_line_with_nothing_told_by_its_place() -> None:
    told = text_of("plain", reviewed("cumbria-2017-1"))

    assert "Line 17: arrested: 2015-09-22." in told
    assert "Section: What to act on." in told
    assert not re.search("[│─^|]|  ", told)


def test_several_reviews_follow_each_other() -> None:
    one, two = reviewed("handled-well"), reviewed("still-running")

    for name in PRINTED:
        told = text_of(name, one, two)
        assert told.index("EX-HANDLED-WELL") < told.index("EX-STILL-RUNNING")
    assert len(json.loads(text_of("json", one, two))["reviews"]) == 2


def test_explaining_shows_clauses_answers_and_places() -> None:
    told = " ".join(explained("cumbria-2017-1", "serial-offending-considered").split())

    assert "it applies when: true" in told
    assert "the suspect had access to other children: true" in told
    assert "suspects[0].access_to_other_children: yes, examples/cumbria-2017-1.yaml:18:" in told


def test_explaining_shows_what_was_tried() -> None:
    assert "every value was tried (2 combinations)" in " ".join(
        explained("thinly-recorded", "longer-term-plan").split()
    )


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for case_name in CASES:
        for file_name, whole in golden_texts(case_name):
            (GOLDEN / file_name).write_text(whole, encoding="utf-8", newline="\n")


def test_no_character_that_looks_like_nothing_is_left_as_it_was() -> None:
    for number in range(0x110000):
        if unicodedata.category(chr(number)) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert visible(f"a{chr(number)}b") != f"a{chr(number)}b"


def test_json_on_a_log_is_no_command_to_a_build_server() -> None:
    text = "##vso[task.setvariable variable=x]y ###[error]"

    told = text_of("json", a_review(finding(says=text)))

    assert "##" not in told
    assert json.loads(told)["reviews"][0]["findings"][0]["says"] == text
