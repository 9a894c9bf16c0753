"""`python -m tests.kills json 1000 0 FOLDER`: a run that writes one format, killed at a random instant, again and again.

Everything is loaded once, and each run is a process of its own, divided from this one: so its instants are those of reading,
judging and writing, and not those of Python's start.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from checklist import cli
from tests.faults import CASE, a_place

_CASES = 3
_TRIED = 7
"""Runs that are let be, to see how long one takes and what it writes."""
OLD = b"old"


def _child(words: list[str]) -> int:
    """Divides the process; the new one runs a review and ends."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        sys.argv = ["review", *words]
        code = 70
        try:
            cli.review_main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        finally:
            os._exit(code)
    return child


def killed(name: str, kills: int, seed: int, folder: Path) -> dict[str, int]:
    """What was in the place of a report after each kill: the old one, the new one, or neither; and how many runs had ended by then."""
    a_place(folder)
    for number in range(_CASES):
        (folder / "cases" / f"{number}.yaml").write_text(CASE.format(name=f"N{number}"), encoding="utf-8")
    os.chdir(folder)
    tempfile.tempdir = str(folder / "scratch")
    report = folder / "out" / name
    words = ["cases", "--rules", "rules", "--format", f"{name}:out/{name}"]
    times = []
    for _ in range(_TRIED):
        began = time.monotonic()
        _, status = os.waitpid(_child(words), 0)
        times.append(time.monotonic() - began)
        assert os.waitstatus_to_exitcode(status) == 1, status
    new = report.read_bytes()
    longest = sorted(times)[len(times) // 2] * 1.1
    chance = random.Random(f"{name} {seed}")  # noqa: S311  # chance, not secrecy
    found = Counter[str](kills=0, old=0, new=0, torn=0, ended=0, left=0)
    while found["kills"] < kills:
        report.write_bytes(OLD)
        child = _child(words)
        time.sleep(chance.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        found["kills"] += 1
        found["ended"] += not os.WIFSIGNALED(status)
        # Other programs make runs shorter or longer: about a third should have ended before they are killed.
        longest *= 0.97 if not os.WIFSIGNALED(status) else 1.015
        data = report.read_bytes()
        found["old" if data == OLD else "new" if data == new else "torn"] += 1
    found["left"] = len(_left(folder))
    _make_stale(folder)
    os.waitpid(_child(words), 0)
    found["left_in_the_end"] = len(_left(folder))
    return dict(found)


def _left(folder: Path) -> list[Path]:
    """What runs that were killed left behind."""
    return [*(folder / "out").glob(".review-*"), *(folder / "scratch").iterdir()]


def _make_stale(folder: Path) -> None:
    for path in _left(folder):
        os.utime(path, (time.time() - 7200,) * 2)


if __name__ == "__main__":
    name_, kills_, seed_, folder_ = sys.argv[1:]
    sys.stdout.write(json.dumps(killed(name_, int(kills_), int(seed_), Path(folder_).resolve())) + "\n")
