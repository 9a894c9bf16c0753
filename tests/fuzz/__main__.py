"""`python -m tests.fuzz reader --runs 5000000`: wrong input by the million, and how much of it there was.

Inputs are made from seeds by chance, the same ones for the same `--seed`. With `--guided`, and where atheris is installed, they
are made by what they reach in the code instead, and what reaches more is kept in `--corpus`. A finding is saved beside this file
under `findings/`, and fails every run of the tests from then on, until it is put right.
"""

import argparse
import hashlib
import importlib
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tests.fuzz.mutation import Mutator
from tests.fuzz.targets import HERE, NAMES, Target, target

_LOOK = 256
"""Inputs between two looks at the clock."""


def run(
    one: Target, *, runs: int = 0, seconds: float = 0, number: int = 0, report: float = 0, keep: bool = False
) -> tuple[int, list[bytes]]:
    """Feeds a target; gives how often, and the inputs on which a law was broken, one a place in the code.

    Args:
        one: what is fed.
        runs: how many inputs at most; 0 for as many as there is time for.
        seconds: how long at most; 0 for as long as it takes.
        number: seeds the choices.
        report: seconds between two lines that say how far it is; 0 for none.
        keep: whether each finding is saved as soon as it is made.
    """
    mutator = Mutator(one.seeds, one.words, number)
    began = told = time.monotonic()
    found: dict[str, bytes] = {}
    done = 0
    while not runs or done < runs:
        if done % _LOOK == 0:
            now = time.monotonic()
            if seconds and now - began >= seconds:
                break
            if report and now - told >= report:
                told = now
                _say(one.name, done, now - began, len(found))
        data = mutator.grafted() if one.is_tree and done % 2 else mutator.scratched()
        done += 1
        try:
            one.run(data)
        except Exception as error:  # noqa: BLE001 - whatever is raised is what we look for
            place = _place(error)
            if keep and place not in found:
                sys.stdout.write(f"  {save(one.name, data)}: {place}\n")
            found.setdefault(place, data)
    return done, list(found.values())


def _place(error: Exception) -> str:
    """What tells one finding from another: its class, and where it was raised."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {last.filename}:{last.lineno} {error if isinstance(error, AssertionError) else ''}"


def save(name: str, data: bytes) -> Path:
    """Keeps an input on which a law was broken."""
    path = HERE / "findings" / name / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def guided(one: Target, runs: int, corpus: Path) -> None:
    """Lets atheris choose the inputs, by what they reach in the rooms that are fed."""
    atheris: Any = importlib.import_module("atheris")
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in one.seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words = corpus.with_suffix(".words")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in one.words), encoding="ascii")
    atheris.instrument_all()
    options = [f"-atheris_runs={runs}", f"-dict={words}", "-max_len=4000", "-timeout=20", "-rss_limit_mb=2048"]
    atheris.Setup([sys.argv[0], str(corpus), *options], one.run)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))


def _say(name: str, done: int, took: float, findings: int) -> None:
    rate = done / max(took, 0.001)
    sys.stdout.write(f"{name}: {done:,} executions in {took:,.0f} s ({rate:,.0f} a second), {findings} findings\n")
    sys.stdout.flush()


def main() -> int:
    """Reads what was asked for; 1 where something was found."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    asked.add_argument("target", choices=NAMES)
    asked.add_argument("--runs", type=int, default=0)
    asked.add_argument("--seconds", type=float, default=0)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--guided", action="store_true")
    asked.add_argument("--corpus", type=Path)
    given = asked.parse_args()
    one = target(given.target)
    if given.guided:
        guided(one, given.runs, given.corpus or Path(".fuzz") / one.name)
        return 0
    began = time.monotonic()
    runs = given.runs or (0 if given.seconds else 10_000)
    done, findings = run(one, runs=runs, seconds=given.seconds, number=given.seed, report=60, keep=True)
    _say(one.name, done, time.monotonic() - began, len(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
