"""A run over many cases: every report of it, its order, its exit code; whole files or none; and nothing lost when it is stopped."""

import csv
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from checklist import runner
from checklist.case import Case, load_case
from checklist.cli import run
from checklist.findings import Review
from checklist.folders import CaseFile
from checklist.rulebooks import load_checklist
from checklist.runner import Options, review_files
from checklist.source import Document
from tests.conftest import Shell, unmeasured

ROOT = Path(__file__).parents[1]
LATE = """\
case: {case}
as_of: 2016-07-18
report: {{received: 2015-09-01T10:15}}
suspects:
  - {{ref: S1, risk: high, relationship: partner of parent, arrested: 2015-09-22}}
concerns: [sexual abuse]
"""
CORE = ("--profile", "core")
ONE_RULE = ("--select", "arrest-within-limit")


def a_folder(tmp_path: Path, *names: str, text: str = LATE) -> Path:
    folder = tmp_path / "cases"
    for name in names:
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(case=name.upper().replace("/", "-")), encoding="utf-8")
    return folder


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return a_folder(tmp_path, "b", "a", "inner/c")


# Reports.


def test_a_folder_gives_what_all_come_to_and_one_file_its_own_report(shell: Shell, cases: Path) -> None:
    many = shell.review("cases", *ONE_RULE)
    one = shell.review("cases/a.yaml", *ONE_RULE)

    assert many.code == one.code == 1
    assert many.out.startswith("Review of 3 case files")
    assert "something not met in 3 of 3 (100 %)" in many.out
    assert one.out.startswith("Review of A\n")


def test_a_folder_of_one_case_is_read_like_that_case(shell: Shell, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, "only")

    assert shell.review(str(folder), *ONE_RULE).out.startswith("Review of ONLY\n")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Published cases, examples, a case twice, one that nobody can read, and one that may identify somebody."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    for path in [
        *sorted((ROOT / "examples").glob("*.yaml")),
        *sorted((ROOT / "tests" / "published").glob("*.yaml"))[:12],
    ]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "again.yaml").write_bytes((ROOT / "examples" / "handled-well.yaml").read_bytes())
    (folder / "broken.yaml").write_text("case: [", encoding="utf-8")
    (folder / "named.yaml").write_text("case: N\nas_of: 2016-07-18\nnote: ring 07700 900123\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--jobs", "2"),
        ("--quiet",),
        ("--format", "markdown"),
        ("--format", "plain"),
        ("--format", "paper"),
        ("--min-count", "2"),
        ("--fail-on", "never"),
        ("--as-of", "2016-01-01"),
        ("--standard-on", "2016-01-01"),
        ("--profile", "core"),
        ("--allow-identifying",),
    ],
)
def test_cases_that_are_only_counted_are_reviewed_in_brief_and_come_to_the_same(
    shell: Shell, mixed: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    whole: list[object] = []
    review_document = runner.review_document

    def noted(*asked: Any) -> Review:
        whole.append(asked)
        return review_document(*asked)

    monkeypatch.setattr(runner, "review_document", noted)
    words = (
        (str(mixed), "--no-cache", *words) if "--jobs" in words else (str(mixed), "--no-cache", "--jobs", "1", *words)
    )
    in_brief = shell.review(*words)
    assert not whole

    monkeypatch.setattr(run, "_is_in_brief", lambda *_: False)
    assert shell.review(*words) == in_brief
    assert whole or "2" in words


@pytest.mark.parametrize(
    "words",
    [("--detail",), ("--format", "json"), ("--format", "console", "--format", "csv:out.csv"), ("--waivers", "w.yaml")],
)
def test_cases_of_which_more_is_seen_are_reviewed_whole(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    Path("w.yaml").write_text(
        "waivers:\n  - {rule: arrest-within-limit, case: A, subject: S1, reason: r, approved_by: inspector@police, approved_on: 2016-01-01, expires: 2030-01-01}\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(runner, "brief_document", None)

    assert shell.review("cases", "--no-cache", *ONE_RULE, *words).code == 1


def test_detail_adds_the_report_on_each_case(shell: Shell, cases: Path) -> None:
    told = shell.review("cases", "--detail", *ONE_RULE).out

    assert [told.index(f"Review of {name}") for name in ("A\n", "B\n", "INNER-C\n", "3 case files")] == sorted(
        told.index(f"Review of {name}") for name in ("A\n", "B\n", "INNER-C\n", "3 case files")
    )


def test_several_formats_are_written_at_once(shell: Shell, cases: Path) -> None:
    ran = shell.review(
        "cases", *ONE_RULE, "--format", "console", "--format", "json:out.json", "--format", "jsonl:out.jsonl"
    )

    assert ran.code == 1
    assert ran.out.startswith("Review of 3 case files")
    told = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert [review["case"] for review in told["reviews"]] == ["A", "B", "INNER-C"]
    assert told["totals"]["not met"] == 3
    assert told["complete"] is True
    assert len(Path("out.jsonl").read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--format", "xml"], "expected one of console"),
        (["--format", "jsn"], "did you mean 'json'?"),
        (["--format", "json:"], "names no file"),
        (["--format", "console", "--format", "json"], "both go to standard output"),
        (["--format", "json:a.out", "--format", "csv:./a.out"], "two formats go to one file"),
        (["--format", "xlsx"], "xlsx needs a file"),
        (["--format", "json", "--plain"], "leave out --format"),
        (["--format", "json:absent/out.json"], "there is no folder absent"),
        (["--format", "json:cases"], "is not a regular file"),
        (["--min-count", "5", "--format", "csv"], "csv tells of each finding"),
        (["--min-count", "5", "--detail"], "leave out --detail"),
        (["--min-count", "5", "--quote"], "leave out --quote"),
        (["--severity", "high"], "expected one of critical"),
    ],
)
def test_what_cannot_be_written_is_exit_2_before_anything_is(
    shell: Shell, cases: Path, words: list[str], says: str
) -> None:
    ran = shell.review("cases", *ONE_RULE, *words)

    assert ran.code == 2
    assert says in " ".join(ran.err.split())
    assert ran.out == ""
    assert sorted(path.name for path in Path().iterdir()) == ["cases"]


@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_the_order_is_by_path_whatever_the_number_of_processes(shell: Shell, tmp_path: Path, jobs: str) -> None:
    folder = a_folder(tmp_path, *(f"{number % 7}/{number:03}" for number in range(60)))

    told = json.loads(shell.review(str(folder), *ONE_RULE, "--format", "json", "--jobs", jobs).out)

    files = [review["file"] for review in told["reviews"]]
    assert len(files) == 60
    assert files == sorted(files)
    assert told["totals"]["not met"] == 60


def test_several_processes_write_the_same_bytes_as_one(shell: Shell, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(40)))

    one, two = (shell.review(str(folder), *CORE, "--format", "json", "--jobs", jobs).out for jobs in ("1", "2"))

    assert one == two


def test_one_bad_file_never_stops_the_others(shell: Shell, cases: Path) -> None:
    (cases / "aa.yaml").write_text("case: [", encoding="utf-8")

    ran = shell.review("cases", *ONE_RULE)

    assert ran.code == 2
    assert "3 of 4 files reviewed" in ran.out
    assert "cases/aa.yaml:1:" in ran.out


def test_a_path_that_is_not_there_stops_nothing_and_is_exit_2(shell: Shell, cases: Path) -> None:
    ran = shell.review("cases/a.yaml", "absent.yaml", *ONE_RULE)

    assert ran.code == 2
    assert "absent.yaml" in ran.err
    assert "Review of A\n" in ran.out


def test_a_folder_without_a_case_is_exit_2_in_every_format(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert shell.review(str(tmp_path / "empty")).code == 2
    told = shell.review(str(tmp_path / "empty"), "--format", "json")
    assert told.code == 2
    assert json.loads(told.out)["problems"]


def test_two_cases_with_one_reference_are_a_problem_that_names_both_files(shell: Shell, cases: Path) -> None:
    shutil.copy(cases / "a.yaml", cases / "d.yaml")

    ran = shell.review("cases", *ONE_RULE)

    assert ran.code == 2
    assert "cases/d.yaml:1:1" in ran.out
    assert "its case has the same reference as that of cases/a.yaml" in " ".join(ran.out.split())


def test_a_fault_on_one_file_is_told_as_ours_and_the_others_are_reviewed(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(document: Document, *rest: Any, **more: Any) -> Case:
        if document.file.endswith("b.yaml"):
            content = "partner of parent"
            raise ZeroDivisionError(content)
        return load_case(document, *rest, **more)

    monkeypatch.setattr(runner, "load_case", fail)

    ran = shell.review("cases", *ONE_RULE)

    assert ran.code == 70
    assert "ZeroDivisionError" in ran.err
    assert "partner" not in ran.out + ran.err
    assert "2 of 3 files reviewed" in ran.out


def test_quiet_prints_problems_only_and_still_writes_files(shell: Shell, cases: Path) -> None:
    ran = shell.review("cases", *ONE_RULE, "--quiet", "--format", "console", "--format", "json:out.json")

    assert (ran.code, ran.out, ran.err) == (1, "", "")
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["totals"]["not met"] == 3


def test_severity_asks_only_rules_at_least_so_severe(shell: Shell, cases: Path) -> None:
    told = json.loads(shell.review("cases/a.yaml", "--severity", "critical", "--format", "json").out)

    assert {finding["severity"] for finding in told["reviews"][0]["findings"]} == {"critical"}


def test_no_small_number_and_no_case_in_what_is_to_be_shared(shell: Shell, cases: Path) -> None:
    told = shell.review("cases", *CORE, "--min-count", "5").out

    assert "under 5" in told
    assert "INNER-C" not in told
    assert "cases/" not in told


# Waivers and baselines.

WAIVER = """\
waivers:
  - {{rule: arrest-within-limit, case: {case}, subject: S1, reason: he was abroad, approved_by: detective inspector,
     approved_on: 2016-07-01, expires: {expires}}}
"""


def test_a_waived_finding_keeps_its_verdict_and_does_not_move_the_exit_code(shell: Shell, cases: Path) -> None:
    Path("waivers.yaml").write_text(WAIVER.format(case="A", expires="2017-01-01"), encoding="utf-8")

    ran = shell.review("cases/a.yaml", *ONE_RULE)

    assert ran.code == 0
    assert "NOT MET" in ran.out
    assert "Accepted by detective inspector on 2016-07-01, until 2017-01-01: he was abroad." in " ".join(
        ran.out.split()
    )


def test_an_expired_waiver_waives_nothing_and_is_told(shell: Shell, cases: Path) -> None:
    Path("mine.yaml").write_text(WAIVER.format(case="A", expires="2016-07-17"), encoding="utf-8")

    ran = shell.review("cases/a.yaml", *ONE_RULE, "--waivers", "mine.yaml")

    assert ran.code == 1
    assert "an expired waiver, since 2016-07-17" in ran.out


def test_waivers_inside_what_is_reviewed_are_not_used(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cases / "waivers.yaml").write_text(WAIVER.format(case="A", expires="2017-01-01"), encoding="utf-8")
    monkeypatch.chdir(cases)

    ran = shell.review(".", *ONE_RULE)

    assert ran.code == 1
    assert "waivers.yaml inside the folder under review was not used" in ran.err


def test_only_new_or_worse_findings_break_a_build_that_has_a_baseline(shell: Shell, cases: Path) -> None:
    made = shell.checklist("baseline", "cases", *ONE_RULE, "--write", "old.jsonl")
    assert (made.code, made.out) == (0, "")
    assert "22" not in Path("old.jsonl").read_text(encoding="utf-8").partition("\n")[2]

    same = shell.review("cases", *ONE_RULE, "--baseline", "old.jsonl")
    a_folder(cases.parent, "new")
    more = shell.review("cases", *ONE_RULE, "--baseline", "old.jsonl")
    (cases / "a.yaml").write_text(
        LATE.format(case="A").replace("arrested: 2015-09-22", "arrested: 2015-09-01T11:00"), "utf-8"
    )
    less = shell.review("cases", *ONE_RULE, "--baseline", "old.jsonl")

    assert (same.code, more.code, less.code) == (0, 1, 1)
    assert "0 new, 0 worse, 3 known; 0 gone" in same.out
    assert "1 new, 0 worse, 3 known; 0 gone" in more.out
    assert "A: arrest-within-limit, S1 (was not met)" in less.out


def test_no_baseline_is_made_of_cases_that_could_not_be_read(shell: Shell, cases: Path) -> None:
    (cases / "bad.yaml").write_text("case: [", encoding="utf-8")

    ran = shell.checklist("baseline", "cases", *ONE_RULE, "--write", "old.jsonl")

    assert ran.code == 2
    assert "bad.yaml" in ran.err
    assert not Path("old.jsonl").exists()


# Settings.


def test_everything_that_can_be_asked_for_can_be_settled(shell: Shell, cases: Path) -> None:
    made = shell.checklist("baseline", "cases", *ONE_RULE, "--write", "old.jsonl")
    Path("mine.yaml").write_text(WAIVER.format(case="B", expires="2017-01-01"), encoding="utf-8")
    Path(".review.yaml").write_text(
        "settings: 1\nselect: [arrest-within-limit]\nseverity: critical\nas_of: 2016-07-10\nfail_on: never\n"
        "format: ['json:out.json', 'csv:out.csv']\nwaivers: mine.yaml\nbaseline: old.jsonl\njobs: 1\nquiet: yes\n",
        encoding="utf-8",
    )

    ran = shell.review("cases")

    assert (made.code, ran.code, ran.out) == (0, 0, "")
    told = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert told["as_of"] == "2016-07-10"
    assert told["by_rule"].keys() == {"arrest-within-limit"}
    assert told["baseline"]["known"] == 3
    assert told["reviews"][1]["findings"][0]["waiver"]["reason"] == "he was abroad"
    assert all(told["checklist"][key] for key in ("settings", "waivers", "baseline"))
    with Path("out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) >= 3


def test_what_is_asked_for_beats_what_is_settled(shell: Shell, cases: Path) -> None:
    Path(".review.yaml").write_text("settings: 1\nformat: json\nfail_on: never\nas_of: 2016-07-10\n", encoding="utf-8")

    ran = shell.review("cases", *ONE_RULE, "--format", "console", "--fail-on", "not-met", "--as-of", "2016-07-11")

    assert ran.code == 1
    assert ran.out.startswith("Review of 3 case files")
    assert "as of 2016-07-11" in ran.out


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("fail_on: always", "'fail_on' cannot be 'always'"),
        ("severity: high", "'severity' cannot be 'high'"),
        ("jobs: many", "'jobs' must be a whole number"),
        ("quiet: maybe", "'quiet' cannot be 'maybe'"),
        ("quote: yes", "settings have no key 'quote'"),
        ("waivres: x", "did you mean 'waivers'?"),
    ],
)
def test_a_setting_that_cannot_be_is_a_problem_at_its_line(shell: Shell, cases: Path, line: str, says: str) -> None:
    Path(".review.yaml").write_text(f"settings: 1\n{line}\n", encoding="utf-8")

    ran = shell.review("cases")

    assert ran.code == 2
    assert ".review.yaml:2:" in ran.err
    assert says in ran.err


# Whole files, or none.


def test_a_report_can_be_read_by_nobody_else(shell: Shell, cases: Path) -> None:
    shell.review("cases", *ONE_RULE, "--format", "json:out.json")

    assert stat.S_IMODE(Path("out.json").stat().st_mode) == 0o600
    assert sorted(path.name for path in Path().iterdir()) == ["cases", "out.json"]


@pytest.mark.parametrize(
    "name",
    [
        *("cases/a.yaml", "other.yaml", "other.json", "link.json", "cases/new.json", "cases/new.YAML"),
        *("OTHER.YAML", "lines.jsonl", "cases.zip", "list.txt", "old.jsonl"),
    ],
)
def test_a_report_never_takes_the_place_of_a_case_or_goes_where_cases_are(shell: Shell, cases: Path, name: str) -> None:
    Path("other.yaml").write_text("case: OTHER\n", encoding="utf-8")
    Path("other.json").write_text('{"case": "OTHER"}', encoding="utf-8")
    Path("OTHER.YAML").write_text("case: OTHER\n", encoding="utf-8")
    Path("lines.jsonl").write_text('{"case": "OTHER"}\n', encoding="utf-8")
    Path("cases.zip").write_bytes(b"PK\x05\x06")
    Path("list.txt").write_text("cases\n", encoding="utf-8")
    shell.checklist("baseline", "cases", *ONE_RULE, "--write", "old.jsonl")
    Path("link.json").symlink_to("elsewhere.json")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    ran = shell.review("cases", "@list.txt", *ONE_RULE, "--baseline", "old.jsonl", "--format", f"json:{name}")

    assert ran.code == 2
    assert name in ran.err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_a_case_of_any_name_is_not_overwritten_by_a_report_on_it(shell: Shell, cases: Path) -> None:
    Path("case.txt").write_text(LATE.format(case="ODD"), encoding="utf-8")
    Path("list.txt").write_text("case.txt\n", encoding="utf-8")

    ran = shell.review("@list.txt", *ONE_RULE, "--format", "csv:case.txt", "--format", "json:out.json")

    assert ran.code == 2
    assert "a report was to take the place of this case file" in ran.err
    assert Path("case.txt").read_text(encoding="utf-8").startswith("case: ODD")
    assert not Path("out.json").exists()


def test_settings_write_beside_themselves_only(shell: Shell, cases: Path) -> None:
    Path(".review.yaml").write_text("settings: 1\nformat: ['json:../out.json']\n", encoding="utf-8")

    assert shell.review("cases", *ONE_RULE).code == 2
    assert not Path("../out.json").exists()


def test_a_number_that_is_settled_can_be_taken_back(shell: Shell, cases: Path) -> None:
    Path(".review.yaml").write_text("settings: 1\nmin_count: 5\nquiet: yes\n", encoding="utf-8")

    told = shell.review("cases", *ONE_RULE, "--min-count", "0", "--no-quiet", "--format", "json")

    assert json.loads(told.out)["totals"]["not met"] == 3


def test_a_file_has_no_colours_and_no_terminal_s_width(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "155")

    shell.review("cases", *ONE_RULE, "--format", "console:out.txt")

    told = Path("out.txt").read_text(encoding="utf-8")
    assert "\x1b" not in told
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_files_are_written_though_standard_output_is_full(cases: Path) -> None:
    words = ["cases", *ONE_RULE, "--format", "console", "--format", "json:out.json"]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "checklist", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    assert ran.returncode == 74
    assert ran.stderr == b"standard output could not be written: No space left on device\n"
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))["totals"]["not met"] == 3


def test_quiet_tells_what_is_wrong_with_files(shell: Shell, cases: Path) -> None:
    (cases / "bad.yaml").write_text("case: [", encoding="utf-8")

    ran = shell.review("cases", *ONE_RULE, "--quiet")

    assert ran.out == ""
    assert ran.err.startswith("cases/bad.yaml:1:")


def test_critical_findings_that_pass_only_by_local_standards_stand_at_the_head(shell: Shell, cases: Path) -> None:
    Path(".review.yaml").write_text(
        "settings: 1\nowner: a force\nlimits: {arrest-within-limit: {high: 300 days}}\n", encoding="utf-8"
    )

    told = " ".join(shell.review("cases", *ONE_RULE).out.split())

    assert "3 CRITICAL FINDINGS PASS ONLY BY LOCAL STANDARDS; by the shipped rules, not met." in told
    assert told.index("ONLY BY LOCAL") < told.index("SUMMARY")


def test_a_report_is_written_anew_over_an_old_one(shell: Shell, cases: Path) -> None:
    shell.review("cases", "--severity", "critical", "--format", "json:out.json")
    Path("out.json").write_text(
        Path("out.json").read_text(encoding="utf-8").replace('"tool"', '"old"'), encoding="utf-8"
    )

    shell.review("cases", *ONE_RULE, "--format", "json:out.json")

    assert "old" not in json.loads(Path("out.json").read_text(encoding="utf-8"))


def test_an_old_report_stays_whole_where_the_new_one_cannot_be_written(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("out.json").write_text("[]", encoding="utf-8")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)

    ran = shell.review("cases", *ONE_RULE, "--format", "json:out.json")

    assert ran.code == 74
    assert "out.json could not be written: No space left on device; what was there before is as it was" in ran.err
    assert Path("out.json").read_text(encoding="utf-8") == "[]"
    assert sorted(path.name for path in Path().iterdir()) == ["cases", "out.json"]


def test_one_report_that_cannot_be_written_stops_no_other(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = tempfile.mkstemp

    def fail(**more: Any) -> tuple[int, str]:
        if str(more["dir"]) == "full":
            raise OSError(28, "No space left on device")
        return make(**more)

    Path("full").mkdir()
    monkeypatch.setattr(tempfile, "mkstemp", fail)

    ran = shell.review(
        "cases", *ONE_RULE, "--format", "json:full/out.json", "--format", "jsonl:out.jsonl", "--format", "console"
    )

    assert ran.code == 74
    assert ran.out.startswith("Review of 3 case files")
    assert Path("out.jsonl").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small file system of its own")
def test_a_full_disk_leaves_the_old_report_and_nothing_else(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(small)],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("not allowed to mount a file system")
    try:
        (small / "out.json").write_text("[]", encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-m", "checklist", "examples/cumbria-2017-1.yaml", "--format", f"json:{small}/out.json"],
            capture_output=True,
            check=False,
            cwd=ROOT,
        )
        assert ran.returncode == 74
        assert b"No space left on device" in ran.stderr
        assert (small / "out.json").read_text(encoding="utf-8") == "[]"
        assert [path.name for path in small.iterdir()] == ["out.json"]
    finally:
        subprocess.run(["umount", str(small)], check=True)  # noqa: S607


def test_what_a_killed_run_left_is_swept_away_after_an_hour(shell: Shell, cases: Path) -> None:
    old, fresh = Path(".review-old.tmp"), Path(".review-fresh.tmp")
    for path in (old, fresh):
        path.write_bytes(b"half a report")
    os.utime(old, (time.time() - 7200,) * 2)

    shell.review("cases", *ONE_RULE, "--format", "json:out.json")

    assert (old.exists(), fresh.exists()) == (False, True)


# Stopping.

SLOW = (
    "import sys, time; from checklist import runner; from checklist.cli import review_process; load = runner.load_case\n"
    "def slow(document, *rest, **more):\n"
    "    if document.file.endswith('003.yaml'): print('on', file=sys.stderr, flush=True); time.sleep(30)\n"
    "    return load(document, *rest, **more)\n"
    "runner.load_case = slow; sys.argv = ['review', *sys.argv[1:]]; review_process()"
)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_prints_what_is_done_and_says_that_it_is_not_all(tmp_path: Path, jobs: str) -> None:
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(20)))
    words = ["cases", *ONE_RULE, "--jobs", jobs, "--format", "json", "--format", "csv:out.csv"]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder.parent,
        env=unmeasured(PYTHONPATH=str(ROOT)),
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"on\n"
        os.killpg(process.pid, signal.SIGINT)
        try:
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()  # one that does not end fails, and holds up no other test

    assert process.returncode == 130
    assert b"Traceback" not in err
    told = json.loads(out)
    assert told["complete"] is False
    assert len(told["reviews"]) == (3 if jobs == "1" else 0)
    assert b"out.csv was not written: the run was stopped before its end" in err
    assert not (folder.parent / "out.csv").exists()
    assert not list(folder.parent.glob(".review-*.tmp"))


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_termination_leaves_nothing_but_what_the_next_run_can_use(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(9)))
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, "cases", *ONE_RULE, "--jobs", "1", "--format", "json:out.json"],
        stderr=subprocess.PIPE,
        cwd=folder.parent,
        env=unmeasured(PYTHONPATH=str(ROOT)),
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"on\n"
        process.terminate()
        process.communicate(timeout=20)

    assert process.returncode == 143
    assert sorted(path.name for path in folder.parent.iterdir()) == [".review-cache", "cases"]


def test_nothing_of_progress_is_in_a_pipe(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(30)))
    ran = subprocess.run(
        [sys.executable, "-m", "checklist", str(folder), *ONE_RULE], capture_output=True, check=False, cwd=ROOT
    )

    assert ran.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_progress_is_drawn_on_a_terminal_and_taken_away(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(600)))
    leader, follower = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "checklist", str(folder), *CORE, "--jobs", "1", "--no-cache"],
        stdout=subprocess.DEVNULL,
        stderr=follower,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(follower)
        drawn = b""
        try:
            while piece := os.read(leader, 4096):
                drawn += piece
        except OSError:
            pass
        process.wait(timeout=60)
    os.close(leader)

    words = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn.decode())
    assert re.search(r"\d+/600 files", words)
    assert "not met" in words
    assert drawn.rstrip().endswith((b"\x1b[2K", b"\x1b[?25h"))


APART = ("csv", "json", "jsonl", "junit")


def drawn(shell: Shell, folder: Path, jobs: str, *words: str) -> tuple[int, dict[str, bytes]]:
    """The exit code and every report of one run."""
    formats = [word for name in (*APART, *words) for word in ("--format", f"{name}:out.{jobs}.{name}")]
    result = shell.review(str(folder), *CORE, "--no-cache", "--jobs", jobs, *formats)
    return result.code, {name: Path(f"out.{jobs}.{name}").read_bytes() for name in (*APART, *words)}


@pytest.mark.parametrize("other", ["console", "xlsx"])
def test_reports_are_the_same_wherever_a_case_is_drawn(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(40)))
    (folder / "020.yaml").write_text("case: [", encoding="utf-8")
    (folder / "030.yaml").write_text((folder / "003.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    (code, one), (code_of_two, two) = drawn(shell, folder, "1", other), drawn(shell, folder, "2", other)

    assert code == code_of_two == 2
    assert {name: one[name] for name in APART} == {name: two[name] for name in APART}
    assert b"its case has the same reference as that of" in one["csv"]
    assert json.loads(one["json"])["files"] == {"read": 40, "reviewed": 39, "with_problems": 2}


def test_a_case_is_drawn_where_it_was_reviewed_and_only_counted_here(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(40)))
    whole: list[object] = []
    for name in ("unpack", "unpacked"):
        monkeypatch.setattr(runner, name, lambda *asked: whole.append(asked))

    _, reports = drawn(shell, folder, "2")

    assert whole == []
    assert reports["jsonl"].count(b'"kind": "review"') == 40


PARENT, REVIEW_OWN = os.getpid(), runner._review_own


def die(orders: tuple[tuple[CaseFile, bytes], ...]) -> object:
    """A process that is killed when it comes to one of the files, as one without memory is."""
    if os.getpid() != PARENT and any("020" in file.name for file, _ in orders):
        os.kill(os.getpid(), signal.SIGKILL)
    return REVIEW_OWN(orders)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_what_a_process_held_that_died_is_reviewed_again_and_nothing_twice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(runner, "_review_own", die)
    folder = a_folder(tmp_path, *(f"{number:03}" for number in range(40)))
    files = [CaseFile(path.name, str(path)) for path in sorted(folder.iterdir())]

    reviews = review_files(files, load_checklist(ROOT / "rules"), Options(), jobs=2)
    found = [review.file for review in reviews if isinstance(review, Review)]

    assert found == [file.name for file in files]


def test_the_summary_for_a_job_is_added_where_github_wants_it(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("summary.md").write_text("what was there\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")

    shell.review("cases", *ONE_RULE, "--format", "github")

    told = Path("summary.md").read_text(encoding="utf-8")
    assert told.startswith("what was there\n# Review of 3 case files")
