"""What one case costs a worker, and what it costs whoever gives the work out: the figures of the plan in docs/scale.md.

    python -m benchmarks.scale [--cases 400]

Prints a table in Markdown. The times are of this machine on this day, in seconds of a core: run it again before you plan.
"""

import argparse
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks import cases
from checklist.cli.inputs import options_for
from checklist.folders import CaseFile
from checklist.packing import unpack, unpack_brief
from checklist.reporters import Page, reporter
from checklist.rulebooks import load_checklist
from checklist.runner import packed_rules, review_chunk
from checklist.settings import Settings
from checklist.summary import Tally

ROOT = Path(__file__).parents[1]


def milliseconds(number: int, work: Callable[[], object]) -> float:
    """Of a core, a case."""
    began = time.process_time()
    work()
    return (time.process_time() - began) / number * 1_000


def figures(number: int, folder: Path) -> list[tuple[str, str]]:
    """What was measured of so many invented cases, with all rules and the guard."""
    checklist = load_checklist(ROOT / "rules")
    options = options_for(checklist, Settings())
    packed, in_brief = (packed_rules(checklist, replace(options, in_brief=brief)) for brief in (False, True))
    cases.write(folder, number)
    paths = sorted(folder.rglob("*.yaml"))
    files = tuple(CaseFile(path.name, str(path)) for path in paths)
    began = time.process_time()
    review_chunk(packed, files[:1])
    first = (time.process_time() - began) * 1_000
    made: list[bytes] = []
    reviewing = milliseconds(number, lambda: made.extend(review_chunk(packed, files)))
    review_chunk(in_brief, files)  # once cases like these were seen
    briefs: list[bytes] = []
    briefing = milliseconds(number, lambda: briefs.extend(review_chunk(in_brief, files)))
    counts = Tally()

    def count() -> None:
        for one in briefs:
            counts.add(unpack_brief(one, checklist))

    summing = milliseconds(number, count)
    reviews = [unpack(one, checklist) for one in made]
    unpacking = milliseconds(number, lambda: [unpack(one, checklist) for one in made])
    tally = Tally()
    counting = milliseconds(number, lambda: deque(map(tally.add, reviews), maxlen=0))

    def written(name: str) -> str:
        report = reporter(name, Page(width=80, colour=False, unicode=True, digest=checklist.digest, rules=0))
        report.begin()
        sizes: list[int] = []
        taken = milliseconds(number, lambda: sizes.extend(len(report.review(one)) for one in reviews))
        return f"{taken:.1f} ms, {sum(sizes) / number:,.0f} bytes"

    return [
        ("a case file", f"{sum(path.stat().st_size for path in paths) / number:,.0f} bytes"),
        ("its packed review", f"{sum(map(len, made)) / number:,.0f} bytes"),
        ("the same in brief", f"{sum(map(len, briefs)) / number:,.0f} bytes"),
        ("rules and options, once a worker", f"{len(packed):,} bytes, {first:,.0f} ms"),
        ("`w`: a worker reviews and packs", f"{reviewing:.1f} ms"),
        ("`w`, in brief", f"{briefing:.1f} ms"),
        ("`p`, in brief: unpacked and counted", f"{summing:.2f} ms"),
        ("`p`: unpacked", f"{unpacking:.1f} ms"),
        ("`p`: counted", f"{counting:.1f} ms"),
        *((f"`p`: written as {name}", written(name)) for name in ("jsonl", "csv")),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=400)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        print("| what | a case |\n|---|---:|")
        for what, figure in figures(asked.cases, Path(place)):
            print(f"| {what} | {figure} |")
