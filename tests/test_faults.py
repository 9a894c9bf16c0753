"""The n-th request to the operating system fails, for every n: the exit code says so, and each report is the old one or the new one.

In CI every request fails once, each with one of five errors in turn; with REVIEW_FAULTS=all every request fails with all five.
What is reached, and what is not, is said in `tests/faults.py`.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from checklist import cli
from tests.faults import CANARY, CASE, ERRORS, WRITTEN, Ended, Faults, a_place, make_old, run, words_for
from tests.whole import is_whole

pytest.importorskip("xlsxwriter")

ALL = os.environ.get("REVIEW_FAULTS") == "all"
EACH = [pytest.param(error, marks=[pytest.mark.unmeasured] * (number > 0)) for number, error in enumerate(ERRORS)]
"""The same lines with another error are not measured again."""
READ = ("open", "read", "scandir", "listdir", "close")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    a_place(tmp_path)
    run(tmp_path, words_for(*WRITTEN), Faults())  # everything is loaded now
    make_old(tmp_path)
    return tmp_path


def descriptors() -> int:
    """How many files this process has open."""
    held = Path("/proc/self/fd")
    return len(list(held.iterdir())) if held.is_dir() else 0


def check(ended: Ended, clean: Ended, faults: Faults) -> None:
    """What must be true of a run of which one request failed."""
    told = (faults.at, faults.fired, faults.code, ended.code, ended.err)
    assert ended.code in (clean.code, 2, 74), told
    assert "Traceback" not in ended.err, told
    assert CANARY not in ended.out + ended.err, told
    assert ended.left == [], (told, ended.left)
    for name, data in ended.reports.items():
        assert data == b"old" or is_whole(name, data), (told, name)
        assert CANARY.encode() not in data, (told, name)
    if ended.code == clean.code:  # the failure cost nothing: nothing is lost
        assert ended.reports == clean.reports, told
        assert ended.out == clean.out, told
    if ended.code == 74:  # each is old or as it would have been, and what is old is named
        old = {name for name in WRITTEN if ended.reports[name] == b"old"}
        assert {name: ended.reports[name] for name in WRITTEN if name not in old} == {
            name: clean.reports[name] for name in WRITTEN if name not in old
        }, told
        assert all(f"out/{name} could not be written" in ended.err for name in old) or ended.out != clean.out, told
    if ended.code == 2:
        assert ended.err or ended.out != clean.out, told


# XlsxWriter leaves a file of its own open where it fails midway; its folder is removed all the same.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("error", EACH)
def test_whatever_fails_every_report_is_the_old_one_or_the_new_one(place: Path, error: str) -> None:
    words = words_for(*WRITTEN)
    clean = run(place, words, Faults())
    assert clean.code == 1
    assert all(is_whole(name, data) for name, data in clean.reports.items())
    turn, step = (1, 1) if ALL else (1 + list(ERRORS).index(error), len(ERRORS))
    held, seen = descriptors(), Counter[int]()
    for at in range(turn, 100_000, step):
        make_old(place)
        faults = Faults(at, ERRORS[error])
        ended = run(place, words, faults)
        if faults.fired is None:
            break
        check(ended, clean, faults)
        seen[ended.code] += 1
    assert descriptors() <= held + 5  # standard output, given up, is put to the null device in a process that ends
    assert sum(seen.values()) * step > 300
    assert set(seen) == {1, 2, 74}, seen


def test_each_kind_of_request_is_made_and_so_can_fail(place: Path) -> None:
    faults = Faults()

    run(place, words_for(*WRITTEN), faults)

    asked = Counter(what for what, _ in faults.asked)
    assert {"open", "read", "write", "fsync", "replace", "close", "mkdir", "scandir"} <= set(asked), asked


@pytest.mark.parametrize("what", ["open", "read"])
@pytest.mark.parametrize("error", EACH)
def test_a_case_that_cannot_be_read_is_exit_2_and_is_named_in_every_report(place: Path, what: str, error: str) -> None:
    clean = Faults()
    run(place, words_for(*WRITTEN), clean)
    opened = clean.asked.index(("open", "cases/a.yaml")) + 1
    at = opened if what == "open" else opened + 1
    assert clean.asked[at - 1][0] == what
    make_old(place)

    ended = run(place, words_for(*WRITTEN), Faults(at, ERRORS[error]))

    assert ended.code == 2
    assert "the file cannot be" in " ".join(ended.out.split())
    for name in WRITTEN:
        assert is_whole(name, ended.reports[name])
        assert name == "xlsx" or b"a.yaml" in ended.reports[name].replace(b"\\", b"").replace(b"&#46;", b".")


@pytest.mark.parametrize("error", EACH)
def test_a_baseline_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, error: str) -> None:
    a_place(tmp_path)
    words = ["baseline", "cases", "--rules", "rules", "--write", "out/json"]
    clean = run(tmp_path, words, Faults(), door=cli.checklist_main)
    assert clean.code == 0
    seen = Counter[int]()
    for at in range(1, 10_000):
        make_old(tmp_path)
        faults = Faults(at, ERRORS[error])
        ended = run(tmp_path, words, faults, door=cli.checklist_main)
        if faults.fired is None:
            break
        told = (faults.at, faults.fired, ended)
        assert ended.code in (0, 2, 74), told
        assert ended.left == [], told
        assert ended.reports["json"] == (clean.reports["json"] if ended.code == 0 else b"old"), told
        assert CANARY not in ended.err, told
        seen[ended.code] += 1
    assert set(seen) == {0, 2, 74}, seen


def test_what_only_reads_a_case_ends_with_2_where_it_cannot_be_read(tmp_path: Path) -> None:
    a_place(tmp_path)
    words = ["check", "cases/a.yaml", "--rules", "rules"]
    clean = run(tmp_path, words, Faults(), door=cli.checklist_main)
    seen = Counter[int]()
    for at in range(1, 10_000):
        faults = Faults(at, list(ERRORS.values())[at % len(ERRORS)])
        ended = run(tmp_path, words, faults, door=cli.checklist_main)
        if faults.fired is None:
            break
        assert ended.code in (clean.code, 2, 74), (faults.fired, ended)
        assert CANARY not in ended.out + ended.err
        seen[ended.code] += 1
    assert {2, 74} <= set(seen), seen


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot divide a process")
def test_killed_at_any_request_every_report_is_the_old_one_or_the_new_one(place: Path) -> None:
    words = words_for(*WRITTEN)
    counted = Faults()
    clean = run(place, words, counted)
    seen = Counter[str]()
    for at in range(1, len(counted.asked) + 1, 1 if ALL else 11):
        make_old(place)
        for left in (place / "out").glob(".review-*"):
            left.unlink()
        child = os.fork()
        if child == 0:
            run(place, words, Faults(at, act=lambda: os.kill(os.getpid(), signal.SIGKILL)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), (at, counted.asked[at - 1])
        for name in WRITTEN:
            data = (place / "out" / name).read_bytes()
            assert data in (b"old", clean.reports[name]), (at, counted.asked[at - 1], name)
            seen["old" if data == b"old" else "new"] += 1
    assert seen["old"] > 50
    assert seen["new"] > 10


def test_a_summary_of_a_job_that_cannot_be_written_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place / "absent" / "summary.md"))

    ended = run(place, [*words_for("json"), "--format", "github:out/markdown"], Faults())

    assert ended.code == 74
    assert "the summary of the job could not be written: No such file or directory" in ended.err
    assert is_whole("json", ended.reports["json"])


# What a shell, or whoever starts the program, may have shut.


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("cases >&-", 74),
        ("cases >/dev/full", 74),
        ("cases 2>&-", 1),
        ("cases 2>/dev/full", 1),
        ("cases >&- 2>&-", 74),
        ("cases --format json:out/json >&-", 1),
        ("absent.yaml 2>&-", 2),
        ("absent.yaml 2>/dev/full", 2),
        ("cases --as-of never 2>&-", 2),
        ("cases --as-of never 2>/dev/full", 2),
        ("cases --nonsense 2>&-", 2),
        ("cases --nonsense 2>/dev/full", 74),
        ("--help >&-", 74),
        ("--help >/dev/full", 74),
        ("--version >&-", 74),
        ("- <&-", 2),
        ("- </dev/null", 2),
    ],
)
def test_what_is_shut_never_makes_a_code_that_reads_as_another(tmp_path: Path, words: str, code: int) -> None:
    if "/dev/full" in words and not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    a_place(tmp_path)
    program = f'exec "{sys.executable}" -m checklist --rules rules --waivers accepted.yaml {words}'

    ended = in_shell(program, tmp_path)

    assert ended.code == code, ended
    assert "Traceback" not in ended.err
    assert CANARY not in ended.out + ended.err


def in_shell(command: str, folder: Path) -> Ended:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    ran = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, check=False, cwd=folder, env=environment, timeout=60, text=True
    )
    return Ended(ran.returncode, ran.stdout, ran.stderr, {}, [])


@pytest.mark.skipif(sys.platform != "linux", reason="needs limits on a process")
@pytest.mark.parametrize("megabytes", [28, 32, 36, 40, 44, 48])
def test_a_run_that_gets_no_memory_is_a_fault_of_ours_and_no_verdict(tmp_path: Path, megabytes: int) -> None:
    a_place(tmp_path)
    # Whoever measures the tests wants memory of its own in each process, and falls over for want of it.
    limit = f"unset COVERAGE_PROCESS_START; ulimit -v {megabytes << 10};"
    if in_shell(f'{limit} exec "{sys.executable}" -c "import typer, yaml"', tmp_path).code:
        pytest.skip("Python itself needs more memory here")

    program = f'{limit} exec "{sys.executable}" -m checklist --rules rules cases --format json:out/json'
    ended = in_shell(program, tmp_path)

    assert "Traceback" not in ended.err
    assert CANARY not in ended.err
    report = (tmp_path / "out" / "json").read_bytes()
    if (
        "Cannot recover from MemoryErrors" in ended.err
    ):  # once in thousands of runs, and in a place that no program reaches
        assert (ended.code, report) == (-signal.SIGABRT, b"old")
        pytest.skip("Python itself gave up")
    assert ended.code in (1, 70)
    assert is_whole("json", report) or (report == b"old" and ended.code == 70)
    if report != b"old":  # a fault on one file is told in the report, and stops no other
        faults = [problem for review in json.loads(report)["reviews"] for problem in review["problems"]]
        assert bool(faults) == (ended.code == 70)


def test_a_program_that_cannot_be_loaded_is_a_fault_of_ours_and_no_verdict(tmp_path: Path) -> None:
    for missing in ("yaml", "typer", "checklist.engine"):
        program = f"import sys; sys.modules['{missing}'] = None; from checklist.cli import review_main; review_main()"

        ended = in_shell(f'exec "{sys.executable}" -c "{program}"', tmp_path)

        assert ended.code == 70
        assert ended.err.startswith("the program could not be loaded: ")


def test_a_case_holds_the_word_that_no_output_may_hold() -> None:
    assert CASE.count(CANARY) == 2
