"""Reviews on a real Dask cluster of two workers: the bytes of one process, whoever is killed meanwhile; and what is said where it cannot be."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from checklist.cluster import Program, Workers, program, work
from checklist.folders import CaseFile
from checklist.rulebooks import load_checklist
from checklist.runner import LostError, Options, review_files
from tests.conftest import Shell, unmeasured

pytest.importorskip("distributed", reason="needs the extra `cluster`")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")

ROOT = Path(__file__).parents[1]
CASE = """\
case: C-{name}
as_of: 2016-07-18
report: {{received: 2015-09-01T10:15}}
suspects:
  - {{ref: S1, risk: high, relationship: partner of parent, arrested: 2015-09-22}}
concerns: [sexual abuse]
"""
ONE_RULE = ("--select", "arrest-within-limit")
SECONDS = 60
OPENSSL = shutil.which("openssl") or ""

CLUSTER = """\
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    number, protocol = int(sys.argv[1]), sys.argv[2]
    with LocalCluster(n_workers=number, protocol=protocol, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        print(cluster.scheduler_address, flush=True)
        for _ in sys.stdin:
            print(*(worker.pid for worker in cluster.workers.values()), flush=True)
"""
TASKS = """\
import sys, time
from distributed import Client
with Client(sys.argv[1], set_as_default=False) as client:
    for _ in range(100):
        left = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))
        if not left:
            break
        time.sleep(0.1)
    print(left)
"""
DRIVER = """\
import os, signal, sys, time
from checklist import cluster, runner
from checklist.cli import review_process
def patched(packed, files):
    from checklist.runner import review_chunk
    for file in files:
        {of_each}
    return review_chunk(packed, files)
if {of_each!r} != "pass":
    runner.review_chunk = patched
cluster.Workers.chunk = 4
{first}
sys.argv = ["review", *sys.argv[1:]]
review_process()
"""


@dataclass
class Cluster:
    """A scheduler and its workers, in processes of their own."""

    process: subprocess.Popen[str]
    address: str

    def workers(self) -> list[int]:
        """The processes of the workers, as they are now."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return [int(word) for word in self.process.stdout.readline().split() if word != "None"]


@contextmanager
def a_cluster(folder: Path, workers: int = 2, keys: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    script = folder / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    # A worker that dies is given up a second time, not a fourth: the tests are sooner done.
    told = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1", "PYTHONPATH": str(ROOT), **(keys or {})}
    with subprocess.Popen(
        [sys.executable, str(script), str(workers), "tls" if keys else "tcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **told},
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Cluster(process, process.stdout.readline().strip())
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with a_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def cases(folder: Path, number: int) -> list[str]:
    """So many case files, and their names."""
    (folder / "cases").mkdir()
    names = [f"cases/{at:03}.yaml" for at in range(number)]
    for name in names:
        (folder / name).write_text(CASE.format(name=name[6:9]), encoding="utf-8")
    return names


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def started(
    folder: Path, *words: str, of_each: str = "pass", first: str = "", environment: Mapping[str, str] = os.environ
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER.format(of_each=of_each, first=first), *ONE_RULE, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )


def review(folder: Path, *words: str, of_each: str = "pass", first: str = "") -> Ran:
    with started(folder, *words, of_each=of_each, first=first) as process:
        out, err = process.communicate(timeout=SECONDS)
        return Ran(process.returncode, out, err)


def files_of(out: str) -> list[str]:
    """The files of a report with a line each."""
    told = [json.loads(line) for line in out.splitlines()]
    return [line["file"] for line in told if line["kind"] == "review"]


# A cluster as it should be.


def test_a_cluster_writes_the_same_bytes_as_one_process_and_as_the_cache_of_either(
    two: Cluster, tmp_path: Path
) -> None:
    cases(tmp_path, 40)
    (tmp_path / "cases" / "0071.yaml").write_text("case: [", encoding="utf-8")
    whole = json.dumps({"case": "L", "as_of": "2016-07-18"})
    (tmp_path / "cases" / "lines.jsonl").write_text(f"{whole}\n{whole[:20]}", encoding="utf-8")
    words = ("cases", "gone.yaml", "--format", "json")

    alone = review(tmp_path, *words, "--no-cache", "--jobs", "1")
    spread = review(tmp_path, *words, "--no-cache", "--cluster", two.address)
    keeping = review(tmp_path, *words, "--cluster", two.address)
    kept = review(tmp_path, *words, "--cluster", two.address, of_each="file.problem or os._exit(1)")
    kept_alone = review(tmp_path, *words, "--jobs", "1")

    assert alone.code == 2
    assert alone.err == "gone.yaml:1:1: there is no such file or folder; check the path\n"
    assert len(json.loads(alone.out)["reviews"]) == 43
    assert alone == spread == keeping == kept_alone
    assert kept == alone  # and no worker was asked for what it would have died of


def test_workers_read_the_files_of_a_shared_folder_themselves(two: Cluster, tmp_path: Path) -> None:
    names = cases(tmp_path, 9)

    ran = review(
        tmp_path,
        "cases",
        "--no-cache",
        "--format",
        "jsonl",
        "--cluster",
        two.address,
        of_each="assert file.data is None",
    )

    assert (ran.code, ran.err) == (1, "")
    assert files_of(ran.out) == names


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="a path that leads elsewhere in each process")
def test_files_that_a_worker_does_not_see_are_sent_to_it_and_it_is_said(two: Cluster, tmp_path: Path) -> None:
    names = cases(tmp_path, 9)
    words = ("/proc/self/cwd/cases", "--no-cache", "--format", "jsonl")

    ran = review(tmp_path, *words, "--cluster", two.address, of_each="assert file.data is not None")

    assert (ran.code, ran.out) == review(tmp_path, *words, "--jobs", "1")[:2]
    assert [name.removeprefix("/proc/self/cwd/") for name in files_of(ran.out)] == names
    assert (
        ran.err
        == "--cluster: a worker did not see the files, so they were sent to it; let their folder stand under the same path on each\n"
    )


def test_a_file_that_is_gone_when_a_worker_looks_for_it_makes_nobody_send_the_others(
    two: Cluster, tmp_path: Path
) -> None:
    cases(tmp_path, 9)
    gone = "\n".join(
        (
            "from checklist import cluster",
            "anywhere = cluster._from_anywhere",
            "def late(file):",
            "    if file.path.endswith('001.yaml') and os.path.exists(file.path): os.remove(file.path)",
            "    return anywhere(file)",
            "cluster._from_anywhere = late",
        )
    )

    ran = review(tmp_path, "cases", "--no-cache", "--format", "jsonl", "--cluster", two.address, first=gone)

    assert "the file cannot be opened: No such file or directory" in ran.out
    assert json.loads(ran.out.splitlines()[-1])["totals"]["not met"] == 8
    assert "so they were sent to it" not in ran.err


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="as above")
def test_a_file_that_is_gone_before_anybody_read_it_is_a_problem_of_that_file(two: Cluster, tmp_path: Path) -> None:
    cases(tmp_path, 3)
    gone = "\n".join(
        (
            "from checklist.folders import with_content",
            "def late(file, limits):",
            "    if file.path.endswith('001.yaml') and os.path.exists(file.path): os.remove(file.path)",
            "    return with_content(file, limits)",
            "runner.with_content = late",
        )
    )

    ran = review(
        tmp_path, "/proc/self/cwd/cases", "--no-cache", "--format", "jsonl", "--cluster", two.address, first=gone
    )

    assert ran.code == 2
    assert "the file cannot be opened: No such file or directory" in ran.out
    assert json.loads(ran.out.splitlines()[-1])["totals"]["not met"] == 2


# Workers that are lost.


def test_a_worker_that_is_killed_half_way_loses_nothing_and_counts_nothing_twice(two: Cluster, tmp_path: Path) -> None:
    names = cases(tmp_path, 80)
    with started(
        tmp_path, "cases", "--format", "jsonl", "--cluster", two.address, of_each="time.sleep(0.03)"
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(9)]
        os.kill(two.workers()[0], signal.SIGKILL)
        out, err = process.communicate(timeout=SECONDS)

    assert (process.returncode, err) == (1, "")
    assert files_of("".join(lines) + out) == names
    assert json.loads(out.splitlines()[-1])["totals"]["not met"] == 80
    assert out.splitlines()[-1] == review(tmp_path, "cases", "--format", "jsonl", "--jobs", "1").out.splitlines()[-1]


def test_a_case_that_kills_every_worker_is_a_fault_of_that_file_and_stops_no_other(
    two: Cluster, tmp_path: Path
) -> None:
    names = cases(tmp_path, 24)

    ran = review(
        tmp_path,
        *("cases", "--format", "jsonl", "--cluster", two.address),
        of_each="'013' in file.name and os.kill(os.getpid(), signal.SIGKILL)",
    )

    assert ran.code == 70
    assert "KilledWorker" in ran.err
    assert files_of(ran.out) == names
    told = [json.loads(line) for line in ran.out.splitlines()[1:-1]]
    assert [(one["file"], one["problems"][0]["what"]) for one in told if one["problems"]] == [
        ("cases/013.yaml", "every worker that reviewed this file was lost; nothing is said of the case")
    ]
    assert sum(one["totals"]["not met"] for one in told if not one["problems"]) == 23


def test_a_chunk_on_which_a_worker_fails_is_tried_file_by_file_and_no_log_has_its_text(
    two: Cluster, tmp_path: Path
) -> None:
    names = cases(tmp_path, 8)

    ran = review(
        tmp_path,
        *("cases", "--format", "jsonl", "--cluster", two.address),
        of_each="'003' in file.name and [][1]",
    )

    assert ran.code == 70
    assert "IndexError" in ran.err
    assert "S1" not in ran.err
    assert files_of(ran.out) == names
    told = [json.loads(line) for line in ran.out.splitlines()[1:-1]]
    assert [one["file"] for one in told if one["problems"]] == ["cases/003.yaml"]


# A cluster that is lost.


def test_a_cluster_that_goes_away_is_75_with_what_was_done_and_the_next_run_does_the_rest(tmp_path: Path) -> None:
    names = cases(tmp_path, 80)
    words = ("cases", "--format", "jsonl", "--format", "csv:out.csv")
    with (
        a_cluster(tmp_path) as lost,
        started(tmp_path, *words, "--cluster", lost.address, of_each="time.sleep(0.03)") as process,
    ):
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(9)]
        os.killpg(lost.process.pid, signal.SIGKILL)
        began = time.monotonic()
        out, err = process.communicate(timeout=SECONDS)
    out = "".join(lines) + out

    assert process.returncode == 75
    assert time.monotonic() - began < 30
    assert err.startswith("the cluster is lost: its scheduler does not answer any more")
    assert "out.csv was not written: the run was stopped before its end" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out.csv").exists()
    done = files_of(out)
    assert 8 <= len(done) < 80
    assert done == names[: len(done)]
    last = json.loads(out.splitlines()[-1])
    assert last["complete"] is False
    assert last["totals"]["not met"] == len(done)

    after = review(tmp_path, *words)
    assert after.code == 1
    assert files_of(after.out) == names
    assert json.loads(after.out.splitlines()[-1])["complete"] is True


def test_ctrl_c_tells_what_is_done_and_leaves_no_task_on_the_cluster(two: Cluster, tmp_path: Path) -> None:
    names = cases(tmp_path, 80)
    with started(
        tmp_path,
        *("cases", "--format", "jsonl", "--cluster", two.address),
        of_each="time.sleep(0.05)",
        environment=unmeasured(),
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(9)]
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()  # one that does not end fails, and holds up no other test
    out = "".join(lines) + out

    assert (process.returncode, err) == (130, "")
    assert files_of(out) == names[: len(files_of(out))]
    assert len(files_of(out)) < 80
    assert json.loads(out.splitlines()[-1])["complete"] is False
    left = subprocess.run(
        [sys.executable, "-c", TASKS, two.address], capture_output=True, check=True, text=True, timeout=SECONDS
    )
    assert left.stdout == "0\n"


# A cluster that cannot be used.


@pytest.mark.skipif(not OPENSSL, reason="needs openssl to make keys with")
def test_with_keys_it_answers_those_who_have_them_and_nobody_else(tmp_path: Path) -> None:
    names, keys = cases(tmp_path, 20), made_keys(tmp_path)
    words = ("cases", "--format", "jsonl")

    with a_cluster(tmp_path, keys=keys) as cluster:
        assert cluster.address.startswith("tls://")
        with started(tmp_path, *words, "--cluster", cluster.address, environment={**os.environ, **keys}) as process:
            out, err = process.communicate(timeout=SECONDS)
        without = review(tmp_path, *words, "--cluster", cluster.address, first="cluster._CONNECT = 5.0")

    assert (process.returncode, err, files_of(out)) == (1, "", names)
    assert (without.code, without.out) == (2, "")
    assert "must name the same keys here as there (distributed.comm.tls)" in without.err


def made_keys(folder: Path) -> dict[str, str]:
    """Dask's settings for a cluster whose every part has the one key."""
    key, certificate = str(folder / "key.pem"), str(folder / "cert.pem")
    asked = f"req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}"
    subprocess.run([OPENSSL, *asked.split()], check=True, capture_output=True)
    of_tls = "DASK_DISTRIBUTED__COMM__TLS__"
    parts = {
        f"{of_tls}{part}__{what}": path
        for part in ("CLIENT", "SCHEDULER", "WORKER")
        for what, path in (("KEY", key), ("CERT", certificate))
    }
    return {**parts, f"{of_tls}CA_FILE": certificate, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}


def test_an_address_where_nobody_answers_is_exit_2_and_soon(tmp_path: Path) -> None:
    cases(tmp_path, 2)
    began = time.monotonic()

    ran = review(
        tmp_path, "cases", "--format", "json:out.json", "--cluster", "127.0.0.1:9", first="cluster._CONNECT = 1.0"
    )

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("--cluster: no Dask scheduler answers at 127.0.0.1:9 (")
    assert time.monotonic() - began < 15
    assert not (tmp_path / "out.json").exists()


def test_a_cluster_without_a_worker_is_exit_2(tmp_path: Path) -> None:
    cases(tmp_path, 2)
    with a_cluster(tmp_path, workers=0) as empty:
        ran = review(tmp_path, "cases", "--cluster", empty.address, first="cluster._CONNECT = 1.5")

    assert (ran.code, ran.out) == (2, "")
    assert "has no worker that answers" in ran.err


def test_a_worker_with_another_version_is_refused_before_anything_is_reviewed(two: Cluster, tmp_path: Path) -> None:
    cases(tmp_path, 2)

    ran = review(tmp_path, "cases", "--cluster", two.address, first="cluster.__version__ = '9.9'")

    assert (ran.code, ran.out) == (2, "")
    assert f"runs {program()}, and so it is with 1 more; install casefile-checklist as here: 9.9" in ran.err


@pytest.mark.parametrize("words", [("--cluster", ""), ("--cluster", "127.0.0.1:9", "--jobs", "2")])
def test_an_option_that_cannot_be_is_exit_2(shell: Shell, tmp_path: Path, words: tuple[str, ...]) -> None:
    cases(tmp_path, 1)

    ran = shell.review(str(tmp_path / "cases"), *words)

    assert ran.code == 2
    assert ran.err.startswith("--cluster: give the address of a scheduler")


def test_without_the_extra_the_command_says_what_to_install(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases(tmp_path, 1)
    monkeypatch.setitem(sys.modules, "distributed", None)

    ran = shell.review(str(tmp_path / "cases"), "--cluster", "127.0.0.1:9")

    assert ran.code == 2
    assert ran.err == "--cluster: --cluster needs an extra; pip install 'casefile-checklist[cluster]'\n"


# What no cluster of two shows.


def test_a_worker_that_was_changed_meanwhile_reviews_nothing() -> None:
    other = Program("9.9", "", "3.11")

    assert work(program(), lambda *_: [b"x"], b"", ()) == [b"x"]
    assert work(other, lambda *_: [b"x"], b"", ()) == (program(),)


def test_what_a_worker_raises_is_told_without_its_words() -> None:
    def fail(*_: Any) -> list[bytes]:
        what = "the child's name"
        raise ValueError(what)

    assert "child" not in str(work(program(), fail, b"", ()))
    assert "ValueError" in str(work(program(), fail, b"", ()))


class FakeClient:
    """As much of a client as is asked before anything is sent."""

    status = "running"

    def __init__(self, threads: list[int] | OSError) -> None:
        self.threads = threads

    def nthreads(self) -> dict[str, int]:
        if isinstance(self.threads, OSError):
            raise self.threads
        return dict(enumerate([self.threads.pop(0)])) if self.threads[0] else {}  # type: ignore[arg-type]


def test_a_cluster_that_has_had_no_worker_for_long_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    workers = Workers(FakeClient([3, 0]))
    assert workers.ahead == 12

    now[0] += 59
    assert workers.ahead == 4
    now[0] += 2
    with pytest.raises(LostError, match="for 60 seconds it has had no worker"):
        _ = workers.ahead


def test_a_scheduler_that_cannot_be_asked_is_lost() -> None:
    with pytest.raises(LostError, match="does not answer any more"):
        Workers(FakeClient(OSError()))


class Wrong:
    """Workers that send back other reviews than they were asked for."""

    chunk, ahead = 4, 2

    def __init__(self, change: Any) -> None:
        self.change = change

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Any:
        sent: Future[list[bytes]] = Future()
        sent.set_result(self.change(fn(*args)))
        return sent


@pytest.mark.parametrize(
    "change",
    [lambda made: made[1:], lambda made: [*made, made[0]], lambda made: made[::-1]],
    ids=["one lost", "one twice", "another order"],
)
def test_reviews_that_are_lost_double_or_of_another_file_are_never_counted(tmp_path: Path, change: Any) -> None:
    files = [CaseFile(name, str(tmp_path / name)) for name in cases(tmp_path, 8)]

    with pytest.raises(RuntimeError):
        list(review_files(files, load_checklist(ROOT / "rules"), Options(), away=Wrong(change)))


def test_a_cancelled_task_is_a_lost_cluster() -> None:
    class Cancelled:
        def done(self) -> bool:
            return True

        def result(self, timeout: float) -> None:
            raise CancelledError

    with pytest.raises(LostError):
        Workers(FakeClient([1]))._answer(Cancelled())
