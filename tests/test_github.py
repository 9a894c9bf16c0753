"""GitHub Actions: which annotations stand beside the lines, what else is said, and that nothing else is a command."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.findings import TO_ACT_ON, Age, Finding, Review, Severity, Verdict
from checklist.folders import Skipped
from checklist.reporters import Page
from checklist.reporters.github import MOST_BYTES, Report, job_summary
from checklist.reporters.report import Line, Table, visible
from checklist.source import Problem
from checklist.summary import Gone, Run, Tally
from tests.drawn import run_of
from tests.test_reporters import PAGE, a_review, evidence, finding, reviewed
from tests.test_sarif import HOSTILE, waiver

MET = finding(verdict=Verdict.MET)


@dataclass(frozen=True)
class Command:
    """A workflow command as GitHub's runner reads it."""

    name: str
    properties: dict[str, str]
    data: str


def unescaped(text: str, marks: Iterable[tuple[str, str]]) -> str:
    for written, mark in marks:
        text = text.replace(written, mark)
    return text


def command_of(line: str) -> Command | None:
    """A line as the runner's ActionCommand.TryParseV2 takes it, for any name of a command."""
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        return None
    head, _, data = line[2:].partition("::")
    name, _, rest = head.partition(" ")
    pairs = (one.partition("=") for one in rest.strip().split(",") if one)
    properties = {
        key: unescaped(value, (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")))
        for key, _, value in pairs
    }
    return Command(name, properties, unescaped(data, (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))))


def text_of(*reviews: Review, run: Run | None = None, page: Page = PAGE) -> str:
    report, tally = Report(page), Tally()
    pieces = [report.begin()]
    for review in reviews:
        tally.add(review)
        pieces.append(report.review(review))
    return "".join((*pieces, report.end(replace(run or Run(), summary=tally.summary()))))


def commands(text: str) -> list[Command]:
    """Every command; all lines but the last are one, and no line is one of the older kind, which may begin anywhere."""
    assert text.endswith("\n")
    *lines, last = text[:-1].split("\n")
    found = [command for line in lines if (command := command_of(line))]
    assert len(found) == len(lines)
    assert command_of(last) is None
    assert "##[" not in text
    assert {command.name for command in found} <= {"error", "warning", "notice"}
    return found


def told(*reviews: Review, **more: Any) -> list[Command]:
    return commands(text_of(*reviews, **more))


# Which annotation a finding is.


@pytest.mark.parametrize(
    ("verdict", "severity", "kind"),
    [
        (Verdict.NOT_MET, Severity.CRITICAL, "error"),
        (Verdict.NOT_MET, Severity.SERIOUS, "error"),
        (Verdict.NOT_MET, Severity.MINOR, "warning"),
        (Verdict.NOT_MET, Severity.NOTE, "warning"),
        (Verdict.CANNOT_TELL, Severity.CRITICAL, "warning"),
        (Verdict.NOT_RECORDED, Severity.CRITICAL, "warning"),
        (Verdict.NEEDS_JUDGEMENT, Severity.CRITICAL, "warning"),
    ],
)
def test_what_is_not_met_and_grave_is_an_error_and_all_else_to_act_on_a_warning(
    verdict: Verdict, severity: Severity, kind: str
) -> None:
    (command,) = told(a_review(finding(verdict=verdict, severity=severity)))

    assert command.name == kind
    assert command.properties["title"].startswith(f"{str(verdict).upper()}, {severity}: ")


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict not in TO_ACT_ON])
def test_what_needs_no_action_is_no_annotation_but_is_counted(verdict: Verdict) -> None:
    text = text_of(a_review(finding(verdict=verdict)))

    assert text == f"1 case reviewed: 1 finding = 1 {verdict}\n"


def test_an_annotation_stands_at_the_line_that_decides_and_says_what_to_do() -> None:
    (command,) = told(a_review(finding()))

    assert command == Command(
        "error",
        {
            "file": "case.yaml",
            "line": "4",
            "col": "5",
            "title": "NOT MET, critical: Each suspect is arrested promptly",
        },
        "X-1, S1: Arrested 21 days after the report; limit 24 hours. (arrest-within-limit)\n"
        "If not done: Arrest the suspect today.",
    )


def test_a_finding_without_evidence_stands_at_the_beginning_of_its_file() -> None:
    (command,) = told(a_review(finding(evidence=())))

    assert (command.properties["line"], command.properties["col"]) == ("1", "1")


def test_an_annotation_says_what_would_be_if_the_rule_applied() -> None:
    (command,) = told(a_review(finding(verdict=Verdict.NOT_RECORDED, would_be=Verdict.NOT_MET)))

    assert command.properties["title"].startswith("NOT RECORDED (would be not met), critical")


def test_a_waived_finding_keeps_its_verdict_and_breaks_nothing() -> None:
    (command,) = told(a_review(finding(waiver=waiver())))

    assert command.name == "notice"
    assert command.properties["title"].startswith("NOT MET, critical")
    assert "Accepted by detective inspector on 2016-07-01, until 2016-12-31: seen by the panel." in command.data.split(
        "\n"
    )


@pytest.mark.parametrize(
    ("age", "kind", "words"),
    [
        (Age.NEW, "error", "New since the baseline."),
        (Age.WORSE, "error", "Worse than at the baseline."),
        (Age.KNOWN, "notice", "No worse than at the baseline."),
    ],
)
def test_a_finding_that_was_known_at_the_baseline_breaks_nothing(age: Age, kind: str, words: str) -> None:
    (command,) = told(a_review(finding(age=age)))

    assert command.name == kind
    assert words in command.data.split("\n")


# Files and runs.


def test_a_problem_of_a_file_is_an_error_at_its_place() -> None:
    review = a_review(MET, problems=(Problem("bad.yaml", 3, 7, "not a date", "write 2016-07-18"),))
    (command,) = told(review)

    assert command == Command(
        "error",
        {"file": "bad.yaml", "line": "3", "col": "7", "title": "A problem with a file"},
        "Not a date; write 2016-07-18.",
    )


@pytest.mark.parametrize("problems", [(), (Problem("case.yaml", 1, 1, "not valid YAML"),)])
def test_a_file_that_was_not_reviewed_is_an_error(problems: tuple[Problem, ...]) -> None:
    (command,) = told(a_review(problems=problems), a_review(MET))

    assert command.name == "error"
    assert command.properties["title"].startswith("NOT REVIEWED")


def test_a_run_that_was_stopped_never_looks_like_a_clean_one() -> None:
    (command,) = told(a_review(MET), run=Run(complete=False))

    assert command.name == "error"
    assert command.properties["title"] == "STOPPED BEFORE THE END"


def test_a_run_without_a_case_never_looks_like_a_clean_one() -> None:
    (command,) = told()

    assert (command.name, command.properties["title"]) == ("error", "NOTHING WAS REVIEWED")


def test_problems_of_the_run_notices_and_what_was_passed_over_are_told() -> None:
    found = told(
        a_review(MET, notices=("the whole record counts as looked at",)),
        run=Run(
            problems=(Problem("", 1, 1, "no such path"),),
            notices=(Problem("waivers.yaml", 3, 1, "the waiver has expired"),),
            skipped=(Skipped("notes.txt", "not a case file"),),
            gone=(Gone("X-1", "plan", "C1", "not met"),),
        ),
    )

    assert [(one.name, one.properties.get("file"), one.data) for one in found] == [
        ("error", None, "No such path."),
        ("warning", "waivers.yaml", "The waiver has expired."),
        ("notice", "notes.txt", "Not a case file."),
        ("notice", None, "1 of the baseline's findings are gone."),
        ("notice", "case.yaml", "The whole record counts as looked at."),
    ]


# No more than GitHub shows.


def test_ten_of_a_kind_are_all_shown() -> None:
    found = told(a_review(*(finding(subject=f"S{number}") for number in range(10))))

    assert [one.data.partition(":")[0] for one in found] == [f"X-1, S{number}" for number in range(10)]


def test_of_more_than_ten_of_a_kind_the_tenth_says_how_many_of_what_are_left() -> None:
    found = told(
        a_review(*[finding(severity=Severity.SERIOUS)] * 8),
        a_review(*[finding()] * 4, problems=(Problem("case.yaml", 2, 1, "not a date"),)),
    )

    assert len(found) == 10
    assert {one.name for one in found} == {"error"}
    assert [one.properties["title"].partition(":")[0] for one in found[:9]] == [
        "A problem with a file",
        *["NOT MET, critical"] * 4,
        *["NOT MET, serious"] * 4,
    ]
    assert found[9].properties["title"] == "and 4 more"
    assert found[9].data.startswith("4 not met (serious). GitHub shows 10 of a kind")


def test_never_more_than_ten_of_a_kind_and_none_is_uncounted() -> None:
    grave, open_, settled = finding(), finding(verdict=Verdict.NOT_RECORDED), finding(age=Age.KNOWN)
    found = told(*(a_review(*[grave] * 20, *[open_] * 20, *[settled] * 20) for _ in range(10)))

    assert Counter(one.name for one in found) == {"error": 10, "warning": 10, "notice": 10}
    for number in (9, 19, 29):
        assert found[number].properties["title"] == "and 191 more"
    assert "191 not met (critical, known before)" in found[29].data


def test_the_worst_is_shown_however_late_it_comes() -> None:
    lesser = finding(severity=Severity.SERIOUS)
    found = told(a_review(*[lesser] * 50), a_review(finding(subject="S9")))

    assert "S9" in found[0].data


def test_no_more_than_ten_of_a_kind_are_ever_held() -> None:
    report = Report(PAGE)
    for severity in reversed(Severity):
        report.review(a_review(*[finding(severity=severity)] * 50))

    assert {name: len(kind.held) for name, kind in report.kinds.items()} == {"error": 10, "warning": 10, "notice": 0}


def test_that_a_run_was_stopped_stands_before_all_else() -> None:
    assert told(a_review(*[finding()] * 50), run=Run(complete=False))[0].properties["title"].startswith("STOPPED")


def test_remarks_on_waivers_never_take_the_place_of_a_finding() -> None:
    notices = tuple(Problem("waivers.yaml", line, 1, "the waiver is not used") for line in range(1, 50))
    found = told(a_review(finding(verdict=Verdict.CANNOT_TELL)), run=Run(notices=notices))

    assert found[0].properties["title"].startswith("CANNOT TELL")
    assert found[-1].data.startswith("41 remarks on waivers and the baseline.")


def test_all_findings_are_counted_in_the_last_line() -> None:
    review = reviewed("cumbria-2017-1")
    last = text_of(review).splitlines()[-1]

    assert last.startswith(f"1 case reviewed: {len(review.findings)} findings = 4 not met + ")
    assert sum(map(int, re.findall(r"[=+] (\d+)", last))) == len(review.findings)


# What must not be shown, and what no text can do.


def test_no_line_of_the_case_is_shown_unless_quotes_were_asked_for() -> None:
    one = finding(evidence=(evidence(shown="a neighbour", withheld=True),))

    assert "neighbour" not in text_of(a_review(one))
    (command,) = told(a_review(one, quotes={4: "    relationship: a neighbour"}))
    assert "Line 4:     relationship: a neighbour" in command.data.split("\n")


def hostile_text(text: str) -> str:
    one = finding(
        rule=text, title=text, subject=text, says=text, action=text, waiver=waiver(reason=text, approved_by=text)
    )
    two = finding(rule=text, title=text, subject=text, says=text, action=text, standard=text, evidence=())
    return text_of(
        a_review(one, two, case=text, file=text, notices=(text,), problems=(Problem(text, 1, 1, text, text),)),
        run=Run(
            problems=(Problem("", 1, 1, text),),
            skipped=(Skipped(text, text),),
            notices=(Problem(text, 1, 1, text),),
            gone=(Gone(text, text, text, text),),
        ),
        page=replace(PAGE, quotes={1: text}),
    )


def assert_harmless(text: str, whole: str) -> None:
    found = commands(whole)
    assert Counter(one.name for one in found) == {"error": 3, "warning": 1, "notice": 4}
    assert not re.search(r"##\w*\[", whole)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]", whole
    )
    for one in found:
        assert set(one.properties) in ({"title"}, {"title", "file", "line", "col"})
        assert len(one.properties["title"]) <= 255
        assert len(one.data) <= 4_000
    shown = re.sub(r"##(?=\w*\[)", "# #", visible(text))
    assert found[2].properties["title"].startswith(f"NOT MET, critical: {shown}"[:252].rstrip())
    assert shown in found[2].data


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_and_is_no_command(text: str) -> None:
    assert_harmless(text, hostile_text(text))


@given(st.text(st.characters(), max_size=150))
def test_no_text_becomes_a_command(text: str) -> None:
    assert_harmless(text.strip(), hostile_text(text.strip()))


def test_a_file_that_is_called_like_a_command_is_found_again() -> None:
    name = "a,line=9::warning file=b%0A.yaml"
    (command,) = told(a_review(finding(), file=name))

    assert command.properties["file"] == name
    assert command.properties["line"] == "4"


def test_a_text_of_any_length_is_cut_to_what_github_takes() -> None:
    (command,) = told(a_review(finding(title="t" * 9_000, says="s" * 9_000)))

    assert len(command.properties["title"]) == 255
    assert len(command.data) == 4_000
    assert command.data.endswith("sss...")


# The summary of the job.


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawer of Markdown that is as simple as can be, so that sizes can be told beforehand."""

    def drawn(lines: Iterable[Line | Table]) -> str:
        return "".join(f"{line.lead}{line.text}\n" for line in lines if isinstance(line, Line))

    monkeypatch.setattr("checklist.reporters.github.drawn", drawn)


@pytest.mark.usefixtures("drawer")
def test_the_summary_of_a_job_is_the_overview_even_of_one_case() -> None:
    summary = job_summary(run_of(reviewed("cumbria-2017-1")), PAGE)

    assert summary.startswith("Review of 1 case file\n")
    assert "Most often not met" in summary
    assert "--detail" not in summary


@pytest.mark.usefixtures("drawer")
@pytest.mark.parametrize("sign", ["x", "é", "\U0001f600"])
def test_a_summary_is_cut_at_a_line_to_what_github_takes_and_says_so(
    sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = tuple(Problem("", 1, 1, f"{number} {sign * 300}") for number in range(8_000))
    run = run_of(reviewed("handled-well"), problems=problems)

    cut = job_summary(run, PAGE)
    monkeypatch.setattr("checklist.reporters.github.MOST_BYTES", 10 * MOST_BYTES)
    whole = job_summary(run, PAGE)

    assert MOST_BYTES - 1_500 < len(cut.encode()) <= MOST_BYTES < len(whole.encode())
    kept, _, last = cut.rpartition("\n\n")
    assert whole.startswith(kept)
    left = whole.count("\n") - kept.count("\n")
    assert (
        last == f"{left} more lines are left out: GitHub takes no summary above 1 MiB. The Markdown report has all.\n"
    )


@pytest.mark.usefixtures("drawer")
def test_a_cut_summary_is_never_a_byte_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(reviewed("handled-well"))
    for most in range(300, 600):
        monkeypatch.setattr("checklist.reporters.github.MOST_BYTES", most)
        assert len(job_summary(run, PAGE).encode()) <= most


@pytest.mark.usefixtures("drawer")
def test_a_summary_that_fits_is_whole() -> None:
    assert "left out" not in job_summary(run_of(reviewed("handled-well")), PAGE)


def test_the_summary_of_a_job_is_markdown() -> None:
    assert job_summary(run_of(reviewed("cumbria-2017-1")), PAGE).startswith("# ")


def test_a_finding_of_each_verdict_is_told_once() -> None:
    every: list[Finding] = [finding(verdict=verdict, subject=verdict) for verdict in Verdict]

    assert len(told(a_review(*every))) == len(TO_ACT_ON)
