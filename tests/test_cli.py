"""The command line: what is typed, what is printed, and the exit code, which never reads as a verdict that was not reached."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from checklist import __version__, runner
from checklist.cli import terminal
from tests.conftest import Shell

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
LATE = """\
case: LATE-1
as_of: 2016-07-18
report: {received: 2015-09-01T10:15}
suspects:
  - {ref: S1, risk: high, relationship: partner of parent, arrested: 2015-09-22, note: a free note}
concerns: [sexual abuse]
"""


@pytest.fixture
def late(tmp_path: Path) -> str:
    path = tmp_path / "late.yaml"
    path.write_text(LATE, encoding="utf-8")
    return str(path)


# review


def test_a_path_that_is_too_long_is_a_problem_of_it(shell: Shell) -> None:
    ran = shell.review("a" * 300)

    assert ran.code == 2
    assert "it cannot be reached" in ran.err


def test_a_case_is_reviewed_and_the_verdict_is_in_the_exit_code(shell: Shell, late: str) -> None:
    ran = shell.review(late)

    assert ran.code == 1
    assert "Arrested 21 days after the report" in " ".join(ran.out.split())
    assert "Wed 2 Sep 2015 10:15" in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cumbria-2017-1.yaml", 1),
        ("cumbria-2017-2.yaml", 1),
        ("cumbria-ipcc-2017-1.yaml", 1),
        ("handled-well.yaml", 0),
        ("still-running.yaml", 3),
        ("thinly-recorded.yaml", 3),
    ],
)
def test_every_example_ends_with_its_code(shell: Shell, name: str, code: int) -> None:
    assert shell.review(str(EXAMPLES / name)).code == code


def test_the_first_days_of_a_case_still_running_leave_nothing_to_act_on(shell: Shell) -> None:
    assert shell.review("--profile", "core", str(EXAMPLES / "still-running.yaml")).code == 0


def test_a_folder_takes_the_worst_code_of_its_cases(shell: Shell) -> None:
    assert shell.review(str(EXAMPLES)).code == 1


def test_standard_input_is_a_case(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LATE.encode())))

    ran = shell.review("--format", "json", "-")

    assert ran.code == 1
    assert json.loads(ran.out)["reviews"][0]["file"] == "standard input"


def test_json_keeps_its_contract(shell: Shell, late: str) -> None:
    told = json.loads(shell.review("--format", "json", late).out)

    assert {"format", "tool", "as_of", "checklist", "reviews", "totals"} <= set(told)
    assert set(told["checklist"]) == {"digest", "rules", "settings", "waivers", "baseline"}
    review = told["reviews"][0]
    assert {"file", "case", "as_of", "totals", "findings", "problems", "questions"} <= set(review)
    finding = next(one for one in review["findings"] if one["rule"] == "arrest-within-limit")
    assert {
        "rule", "title", "area", "severity", "subject", "verdict", "would_be", "basis", "says", "branches", "due",
        "elapsed", "limit", "limit_standing", "evidence", "source", "action", "waiver",
    } <= set(finding)  # fmt: skip
    assert (finding["verdict"], finding["basis"], finding["elapsed"], finding["limit"]) == (
        "not met",
        "done late",
        "21 days",
        "24 hours",
    )
    assert {"fact", "state", "file", "line", "column"} <= set(finding["evidence"][0])
    assert finding["evidence"][0]["line"] == 5
    assert (
        sum(count for verdict, count in review["totals"].items() if verdict != "findings")
        == review["totals"]["findings"]
    )
    assert told["totals"] == review["totals"]


def test_neither_personal_facts_nor_notes_are_printed_unless_quotes_are_asked_for(shell: Shell, late: str) -> None:
    for words in ([], ["--plain"], ["--print"], ["--format", "json"], ["--explain", "arrest-within-limit"], ["--all"]):
        ran = shell.review(*words, late)
        assert "partner of parent" not in ran.out + ran.err
        assert "a free note" not in ran.out + ran.err

    assert "partner of parent" in shell.review("--quote", late).out


def test_an_earlier_as_of_counts_later_facts_as_not_yet_happened(shell: Shell, late: str) -> None:
    told = json.loads(shell.review("--format", "json", "--as-of", "2015-09-01T12:00", late).out)

    arrest = next(one for one in told["reviews"][0]["findings"] if one["rule"] == "arrest-within-limit")
    assert arrest["verdict"] == "not due yet"
    assert "1 fact lies after this as-of and counts as not yet happened" in told["reviews"][0]["notices"]


def test_as_of_today_reads_the_clock_in_the_shell_only(shell: Shell, late: str) -> None:
    ran = shell.review("--as-of", "today", late)

    assert ran.code == 1


def test_the_standard_of_another_day_is_said(shell: Shell, late: str) -> None:
    told = json.loads(shell.review("--format", "json", "--standard-on", "2020-01-01", late).out)

    assert any("2020-01-01" in notice for notice in told["reviews"][0]["notices"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as-of", "soon"], "--as-of"),
        (["--as-of", "2016"], "--as-of must be one day"),
        (["--standard-on", "2016"], "--standard-on must be a day"),
        (["--format", "jsn"], "did you mean 'json'"),
        (["--fail-on", "met"], "--fail-on"),
        (["--explain", "arrest-within-limits"], "did you mean 'arrest-within-limit'"),
        (["--explain", "arrest-within-limit:S9"], "no subject S9"),
        (["--rules", "nowhere"], "there is no folder nowhere"),
        (["--nonsense"], "No such option"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_exit_2_and_says_what_would_be_right(
    shell: Shell, late: str, words: list[str], said: str
) -> None:
    ran = shell.review(*words, late)

    assert ran.code == 2
    assert said in ran.err


def test_a_path_that_does_not_exist_is_exit_2(shell: Shell) -> None:
    ran = shell.review("absent.yaml")

    assert ran.code == 2
    assert "there is no such file or folder" in ran.err


def test_a_bad_file_is_exit_2_with_every_problem_at_its_line(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(LATE.replace("arrested", "arested").replace("2016-07-18", "18/7/2016"), encoding="utf-8")

    ran = shell.review(str(path))

    assert ran.code == 2
    assert "arrested" in ran.out + ran.err
    assert "line 2:8" in ran.out + ran.err


def test_explain_shows_each_clause_and_what_it_answered(shell: Shell) -> None:
    ran = shell.review("--explain", "serial-offending-considered:S1", str(EXAMPLES / "cumbria-2017-1.yaml"))

    assert ran.code == 0
    assert "the suspect had access to other children" in ran.out
    assert "182 days" in " ".join(ran.out.split())


def test_explain_refuses_what_it_would_leave_undone(shell: Shell, tmp_path: Path) -> None:
    words = ("--explain", "arrest-within-limit", str(EXAMPLES / "cumbria-2017-1.yaml"))

    ran = shell.review(*words, "--format", f"junit:{tmp_path / 'out.xml'}")

    assert (ran.code, ran.out) == (2, "")
    assert "--explain: leave out --format" in ran.err


def test_without_its_extra_a_report_leaves_no_file_behind(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "checklist.reporters.xlsx", raising=False)

    ran = shell.review(str(EXAMPLES / "cumbria-2017-1.yaml"), "--format", f"xlsx:{tmp_path / 'out.xlsx'}")

    assert ran.code == 2
    assert "needs an extra" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_explain_of_a_file_that_cannot_be_parsed_is_exit_2(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("case: [", encoding="utf-8")

    assert shell.review("--explain", "arrest-within-limit", str(path)).code == 2


def test_help_teaches_by_example(shell: Shell) -> None:
    assert "review --as-of 2016-07-18 case.yaml" in shell.review("--help").out
    assert "checklist show arrest-within-limit" in shell.checklist("--help").out
    assert "Examples:" in shell.review().out + shell.review().err


def test_help_fits_eighty_columns(shell: Shell) -> None:
    for ran in (shell.review("--help"), shell.checklist("--help")):
        assert max(map(len, ran.out.splitlines())) <= 80


def test_the_version_of_either_command_names_the_rulebook(shell: Shell) -> None:
    of_review, of_checklist = shell.review("--version"), shell.checklist("--version")

    assert (of_review.code, of_checklist.code) == (0, 0)
    assert of_review.out.startswith(f"review {__version__}, rulebook ")
    assert of_checklist.out == of_review.out.replace("review", "checklist", 1)


def test_colour_is_only_for_those_who_can_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert terminal.wants_colour(no_color=False)
    assert not terminal.wants_colour(no_color=True)
    monkeypatch.setenv("FORCE_COLOR", "0")
    assert not terminal.wants_colour(no_color=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not terminal.wants_colour(no_color=False)


# checklist


def test_rules_are_listed_by_area(shell: Shell) -> None:
    ran = shell.checklist("rules")

    assert ran.code == 0
    assert "INVESTIGATION" in ran.out
    assert "arrest-within-limit (critical)" in ran.out


def test_a_rule_is_shown_as_english_with_its_sources(shell: Shell) -> None:
    ran = shell.checklist("show", "arrest-within-limit")

    told = " ".join(ran.out.split())
    assert ran.code == 0
    assert "24 hours (risk high), 3 days (risk medium) or 7 days (risk low)" in told
    assert "The limit is our default: no source gives a number." in told
    assert "read in a secondary source" in told


def test_a_rule_that_does_not_exist_is_suggested(shell: Shell) -> None:
    ran = shell.checklist("show", "arest-within-limit")

    assert ran.code == 2
    assert "did you mean 'arrest-within-limit'" in ran.err


def test_lint_passes_the_shipped_rulebook(shell: Shell) -> None:
    ran = shell.checklist("lint")

    assert ran.code == 0
    assert "no problem" in ran.out


def test_lint_shows_every_problem_of_a_rulebook_at_its_line(shell: Shell, tmp_path: Path) -> None:
    rules = copy_of_rules(tmp_path)
    rule = rules / "investigation" / "arrest-within-limit.yaml"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(
        text.replace("suspect.arrested, ", "suspect.arested, ").replace("low: 7 days", "low: 7 weeeks"),
        encoding="utf-8",
    )

    ran = shell.checklist("lint", "--rules", str(rules))

    assert ran.code == 2
    assert "did you mean 'suspect.arrested'" in ran.out
    assert len(ran.out.splitlines()) >= 2


def copy_of_rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


@pytest.mark.unmeasured
def test_every_example_of_the_shipped_rulebook_holds(shell: Shell) -> None:
    ran = shell.checklist("test")

    assert ran.code == 0, ran.out
    assert " 0 not" in ran.out


def test_examples_of_one_rule_can_be_run(shell: Shell) -> None:
    ran = shell.checklist("test", "arrest-within-limit")

    assert ran.code == 0
    assert re.fullmatch("([0-9]+) examples, \\1 as expected, 0 not\n", ran.out)


def test_an_example_that_does_not_hold_is_shown_with_both_sides(shell: Shell, tmp_path: Path) -> None:
    rules = copy_of_rules(tmp_path)
    rule = rules / "investigation" / "arrest-within-limit.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("high: 24 hours", "high: 6 hours"), encoding="utf-8")

    ran = shell.checklist("test", "--rules", str(rules))

    assert ran.code == 1
    assert "arrest-within-limit.yaml:" in ran.out
    assert re.search("expected +found", ran.out)
    assert re.search("verdict +met +not met [(]done late[)]", ran.out)


def test_check_says_which_judgement_answers_no_rule(shell: Shell, late: str) -> None:
    judged = "judgements: [{rule: arrest-within-limit, subject: S1, answer: met, reason: it was read, by: inspector@police, at: 2016-06-01}]\n"
    Path(late).write_text(LATE + judged, encoding="utf-8")

    ran = shell.checklist("check", late)

    assert ran.code == 2
    assert "no rule with this id asks for a judgement" in ran.out


def test_check_says_whether_a_case_file_is_written_as_it_should_be(shell: Shell, late: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(LATE.replace("risk: high", "risk: hgh"), encoding="utf-8")

    assert shell.checklist("check", late).out == "1 file: no problem\n"
    ran = shell.checklist("check", str(bad), late)
    assert ran.code == 2
    assert "did you mean 'high'" in ran.out
    assert ran.out.endswith("2 files: 1 problem\n")


@pytest.mark.parametrize("what", ["case", "rule", "vocabulary"])
def test_schemas_are_json(shell: Shell, what: str) -> None:
    assert json.loads(shell.checklist("schema", what).out)["title"] == f"a {what} file"


def test_a_schema_of_something_else_is_refused(shell: Shell) -> None:
    assert shell.checklist("schema", "cases").code == 2


# The doors: faults, pipes and signals.


def test_a_fault_shows_its_class_and_its_places_and_nothing_of_the_case(
    shell: Shell, late: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        content = "partner of parent"
        raise KeyError(content)

    monkeypatch.setattr(runner, "load_case", fail)

    ran = shell.review(late)

    assert ran.code == 70
    assert "KeyError" in ran.err
    assert "runner.py:" in ran.err
    assert "partner" not in ran.err + ran.out


def run(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "checklist", *words], capture_output=True, check=False, cwd=ROOT, env=env
    )


def test_the_process_itself_ends_with_the_code() -> None:
    assert run("examples/cumbria-2017-1.yaml").returncode == 1
    assert run("examples/handled-well.yaml").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes and signals")
def test_a_pipe_that_closes_is_141_and_a_full_disk_is_74() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        ended = subprocess.run(
            [sys.executable, "-m", "checklist", "examples/cumbria-2017-1.yaml"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
        )
    assert ended.returncode == 141
    assert ended.stderr == b""
    if Path("/dev/full").exists():
        with Path("/dev/full").open("wb") as full:
            ended = subprocess.run(
                [sys.executable, "-m", "checklist", "examples/cumbria-2017-1.yaml"],
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
                cwd=ROOT,
            )
        assert ended.returncode == 74


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes and signals")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_report_of_which_only_a_part_could_be_written_is_74(tmp_path: Path, unbuffered: str) -> None:
    least = "import os, resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
    main = "from checklist.cli import review_process; review_process()"

    with (tmp_path / "out").open("wb") as out:
        ended = subprocess.run(
            [sys.executable, "-c", least + main, "--no-cache", "--format", "plain", "examples/cumbria-2017-1.yaml"],
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )

    assert ended.returncode == 74
    assert b"standard output could not be written" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be deleted there")
def test_a_working_directory_that_is_gone_is_exit_2(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    words = "import os; os.rmdir(os.getcwd()); from checklist.cli import review_process; review_process()"

    ended = subprocess.run(
        [sys.executable, "-c", words, str(EXAMPLES)],
        capture_output=True,
        check=False,
        cwd=gone,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"the working directory is not there any more" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes and signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_its_own_code(number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, sys, time; from checklist import cli; from checklist.cli import review; review.case_files = lambda paths: (print('on', flush=True), time.sleep(30)); sys.argv = ['review', 'x']; cli.review_main()",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        process.send_signal(number)
        _, err = process.communicate(timeout=20)

    assert process.returncode == code
    assert b"Traceback" not in err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "cp850", "utf-8"])
@pytest.mark.parametrize(
    "words", [[], ["--plain"], ["--print"], ["--format", "json"]], ids=["console", "plain", "paper", "json"]
)
def test_every_console_encoding_can_carry_every_report(encoding: str, words: list[str]) -> None:
    ended = run(*words, "examples/cumbria-2017-1.yaml", env={**os.environ, "PYTHONIOENCODING": encoding})

    assert ended.returncode == 1
    assert ended.stderr == b""
    assert b"\\x" not in ended.stdout
    assert b"\\u" not in ended.stdout
