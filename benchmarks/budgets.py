"""The budgets of the design, each as a ratio of two things measured in turn in this one run: no time stands by itself.

    python -m benchmarks.budgets [--cases 600] [--rounds 5] [--memory 10000] [--only start-up,...]

Prints a table in Markdown. Run it on a quiet machine: a ratio of medians forgives much, and not everything.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks import cases
from checklist.brief import Briefs
from checklist.case import load_case
from checklist.engine import review
from checklist.recall import Recall
from checklist.rulebooks import load_checklist
from checklist.source import parse_document

ROOT = Path(__file__).parents[1]
ONE = ROOT / "examples" / "cumbria-2017-1.yaml"
ONE_RULE = "arrest-within-limit"
REVIEW = [sys.executable, "-c", "from checklist.cli import review_process; review_process()"]
DRAIN = """
import sys, yaml
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.yaml")):
    try:
        for event in yaml.parse(path.read_bytes(), Loader=yaml.CLoader):
            pass
    except yaml.YAMLError:  # a case file that cannot be read is one, too
        pass
"""
Row = tuple[str, str, str]


def seconds(words: list[str], folder: Path) -> float:
    """The wall seconds of a whole process; its exit code may be a verdict."""
    began = time.perf_counter()
    ran = subprocess.run(
        words,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    taken = time.perf_counter() - began
    if ran.returncode not in (0, 1, 2, 3):
        raise SystemExit(ran.stderr.decode())
    return taken


def ratio(
    one: list[str], other: list[str], rounds: int, folder: Path, before: Callable[[], None] = lambda: None
) -> tuple[float, float, float]:
    """How many times as long one takes as the other: the median of rounds in which they take turns, and the least and the most."""
    found = []
    for _ in range(rounds):
        before()
        found.append(seconds(one, folder) / seconds(other, folder))
    return median(found), min(found), max(found)


def told(name: str, budget: str, found: tuple[float, float, float], turned: Callable[[float], str]) -> Row:
    middle, low, high = found
    return name, budget, f"{turned(middle)} ({turned(low)} to {turned(high)})"


def times(value: float) -> str:
    return f"{value:.1f} x"


def share(value: float) -> str:
    return f"{100 / value:.1f} %"


def start_up(folder: Path, rounds: int, _: int) -> Iterator[Row]:
    """One case, by the whole process."""
    bare = [sys.executable, "-c", "pass"]
    for name, budget, words in (
        ("`review one.yaml`, console", "<= 22 x `python -c pass`", [str(ONE)]),
        ("`review --format json one.yaml`", "<= 16 x", ["--format", "json", str(ONE)]),
        ("`review --version`", "-", ["--version"]),
    ):
        yield told(name, budget, ratio([*REVIEW, *words], bare, rounds * 3, folder), times)


def reading(folder: Path, rounds: int, _: int) -> Iterator[Row]:
    """A folder, cold, in one process, against libyaml's events of the same files."""
    drain = [sys.executable, "-c", DRAIN, "cases"]
    bare = [sys.executable, "-m", "benchmarks.unguarded", "--in-brief", "cases"]
    guarded = [*REVIEW, "--no-cache", "--jobs", "1", "cases"]
    yield told("folder, one process, no guard, of libyaml's rate", ">= 45 %", ratio(bare, drain, rounds, folder), share)
    yield told("folder, one process, guard and report", ">= 20 %", ratio(guarded, drain, rounds, folder), share)
    # What is left where next to nothing is asked: no engine, however quick, comes nearer to the budget.
    yield told("the same without the guard, one rule", "-", ratio([*bare, ONE_RULE], drain, rounds, folder), share)
    yield told("the same, one rule", "-", ratio([*guarded, "--select", ONE_RULE], drain, rounds, folder), share)


def processes(folder: Path, rounds: int, _: int) -> Iterator[Row]:
    """Two processes on two cores."""
    one, two = ([*REVIEW, "--no-cache", "--jobs", jobs, "cases"] for jobs in ("1", "2"))
    yield told("two processes against one", ">= 1.7 x", ratio(one, two, rounds, folder), times)


def second_run(folder: Path, rounds: int, _: int) -> Iterator[Row]:
    """A run of which nothing has changed since the one before."""
    words = [*REVIEW, "--jobs", "1", "cases"]
    cleared = lambda: shutil.rmtree(folder / ".review-cache", ignore_errors=True)  # noqa: E731
    yield told("first run against second", ">= 10 x", ratio(words, words, rounds, folder, cleared), times)


def memory(folder: Path, _: int, most: int) -> Iterator[Row]:
    """The memory of many cases against that of 1,000: a summary, and, of a tenth as many, a table of every finding."""
    for name, words, number in (
        ("a summary", ["--quiet"], most),
        ("csv", ["--quiet", "--format", "csv:out.csv"], most // 10),
    ):
        held = []
        for few_or_many in (1_000, number):
            place = folder / f"of-{few_or_many}"
            cases.write(place / "cases", few_or_many)
            held.append(_most_held([*REVIEW, "--no-cache", "--jobs", "2", *words, "cases"], place))
            shutil.rmtree(place)
        yield (
            f"memory, {name} of {number:,} cases against 1,000 ({held[1]:.0f} and {held[0]:.0f} MB, in one process at most)",
            "<= 1.3 x",
            times(held[1] / held[0]),
        )


def _most_held(words: list[str], folder: Path) -> float:
    """MB that a run held at most in one process; started by one that holds little, for a system may count what that one held."""
    program = "import os, subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdout=-3, stderr=-3); print(os.wait4(p.pid, 0)[2].ru_maxrss / 1024)"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", program, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(ran.stdout)


def undated(folder: Path, rounds: int, _: int) -> Iterator[Row]:
    """Cases that count from a day 0 which may have been one of several days, against the same where it is dated."""
    for knows in cases.UNDATED:
        cases.write(folder / knows, 300, undated=knows)
    for how in ([], ["--format", "csv:out.csv"]):
        dated, *others = ([*REVIEW, "--no-cache", "--jobs", "1", "--quiet", *how, knows] for knows in cases.UNDATED)
        for knows, words in zip(("its weekday and month", "its month"), others, strict=True):
            name = f"folder, day 0 known by {knows}, against dated, {'csv' if how else 'a summary'}"
            yield told(name, "-", ratio(words, dated, rounds, folder), times)


def evaluation(folder: Path, rounds: int, _: int) -> Iterator[Row]:
    """The engine alone, over 60 of the rules, against nothing: the one figure in time, as its budget is."""
    checklist = load_checklist(ROOT / "rules")
    some = replace(checklist, rules=checklist.rules[:: len(checklist.rules) // 60][:60])
    documents = [parse_document(path.read_bytes(), name=path.name) for path in sorted(folder.rglob("*.yaml"))[:200]]
    briefs, recall = Briefs(some), Recall()
    for name, work in (
        ("with evidence and sentences", lambda case: review(case, some)),
        ("the same, once cases like these were seen", lambda case: review(case, some, recall=recall)),
        ("in brief, once cases like these were seen", briefs.of),
    ):
        taken = []
        for _ in range(rounds):
            loaded = [case for document in documents if (case := load_case(document, some.vocabulary)).has_clock]
            began = time.process_time()
            for case in loaded:
                work(case)
            taken.append((time.process_time() - began) / len(loaded) * 1e6)
        yield f"evaluation alone, 60 rules, {name}", "<= 150 us a case", f"{min(taken):,.0f} us"


BUDGETS = {
    "start-up": start_up,
    "reading": reading,
    "processes": processes,
    "second-run": second_run,
    "memory": memory,
    "undated": undated,
    "evaluation": evaluation,
}


def main() -> None:
    """Measures what was asked for, and prints the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=600)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--memory", type=int, default=10_000, metavar="CASES")
    asked.add_argument("--only", default=",".join(BUDGETS))
    given = asked.parse_args()
    print("| what | budget | seen: median (least to most) |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cases.write(folder / "cases", given.cases)
        for budget in given.only.split(","):
            for row in BUDGETS[budget](folder, given.rounds, given.memory):
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
