"""Ours beside the peers: which rules are asked, by which commands, and what it says of each file."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from checklist.findings import Verdict
from checklist.rulebooks import load_checklist

ROOT = Path(__file__).parents[2]
EIGHT = (
    "missing-child-recorded-as-missing",
    "online-grade-fits-household",
    "abuse-pursued-as-cause",
    "decision-has-reason",
    "medical-considers-abuse",
    "arrest-within-limit",
    "sign-referred",
    "child-made-safe",
)
"""The rules that everybody is asked, as far as they can say them: rules.md has them in plain words."""
OPEN = frozenset({Verdict.NOT_RECORDED, Verdict.CANNOT_TELL})
REVIEW = (sys.executable, "-c", "from checklist.cli import review_process; review_process()")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
_WORST_FIRST = (
    Verdict.NOT_MET,
    Verdict.CANNOT_TELL,
    Verdict.NOT_RECORDED,
    Verdict.NEEDS_JUDGEMENT,
    Verdict.NOT_DUE_YET,
    Verdict.EXCUSED,
    Verdict.MET,
    Verdict.DOES_NOT_APPLY,
)
Verdicts = dict[tuple[str, str], Verdict]
"""By file and rule."""


def ninety() -> tuple[str, ...]:
    """The rules that ours is timed with: the eight, and 82 others from all over the rulebook."""
    others = [rule.id for rule in load_checklist(ROOT / "rules").rules if rule.id not in EIGHT and not rule.off]
    return *EIGHT, *(others[one * len(others) // 82] for one in range(82))


def guarded(rules: Iterable[str]) -> tuple[str, ...]:
    """The command that reviews the folder `cases` with the guard at the door, in one process, and writes its report."""
    return *REVIEW, "--no-cache", "--jobs", "1", "--select", ",".join(rules), "cases"


def unguarded(rules: Iterable[str]) -> tuple[str, ...]:
    """The command that reviews the same folder by the same rules, without the guard and without a report."""
    return sys.executable, "-m", "benchmarks.unguarded", "cases", ",".join(rules)


def verdicts(place: Path) -> Verdicts:
    """What ours says of the files of `cases`: the worst of what it found, by file and rule; nothing of a file that it did not review."""
    words = (*guarded(EIGHT), "--format", "jsonl:verdicts.jsonl", "--quiet")
    subprocess.run(words, cwd=place, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with (place / "verdicts.jsonl").open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return {
        (review["file"].removeprefix("cases/"), rule): verdict
        for review in found
        if review["kind"] == "review" and review["reviewed"]
        for rule, verdict in worst(review["findings"]).items()
    }


def worst(findings: Iterable[Mapping[str, str]]) -> dict[str, Verdict]:
    """By rule, the worst of what its findings say, as `review --format jsonl` writes them."""
    found: dict[str, list[Verdict]] = {}
    for finding in findings:
        found.setdefault(finding["rule"], []).append(Verdict(finding["verdict"]))
    return {rule: min(said, key=_WORST_FIRST.index) for rule, said in found.items()}
