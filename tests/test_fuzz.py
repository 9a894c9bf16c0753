"""Wrong input, as much as there is time for: nothing raises, nothing of a case is said, and what holds of every answer holds.

REVIEW_FUZZ_SECONDS says how long each target is fed, REVIEW_FUZZ_SEED with what; by hand, and for longer, it is `python -m tests.fuzz`.
"""

import os
from pathlib import Path

import pytest

from checklist.source import parse_document
from tests.fuzz.__main__ import run
from tests.fuzz.mutation import Mutator, tree_of
from tests.fuzz.targets import HERE, NAMES, BrokenLawError, Target, target

SECONDS = float(os.environ.get("REVIEW_FUZZ_SECONDS", "1"))
SEED = int(os.environ.get("REVIEW_FUZZ_SEED", "0"))
FOUND = sorted((HERE / "findings").glob("*/*"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_breaks_on_wrong_input(name: str) -> None:
    if name == "sinks":
        for module in ("openpyxl", "markdown_it", "linkify_it"):
            pytest.importorskip(module)

    done, found = run(target(name), seconds=SECONDS, number=SEED)

    assert done
    assert not found, [data[:400] for data in found]


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_once_broke_holds(path: Path) -> None:
    if path.parent.name == "sinks":
        pytest.importorskip("openpyxl")
        pytest.importorskip("linkify_it")

    target(path.parent.name).run(path.read_bytes())


@pytest.mark.parametrize("name", [name for name in NAMES if name != "sinks"])
def test_what_a_target_begins_with_is_right(name: str) -> None:
    for seed in target(name).seeds:
        target(name).run(seed)


def test_a_broken_law_is_found_and_told_once_a_place() -> None:
    def fail(data: bytes) -> None:
        if b"#" in data:
            raise BrokenLawError
        raise ZeroDivisionError if b"%" in data else KeyError

    done, found = run(Target("any", fail, (b"#", b"%", b"x"), ("#",), is_tree=False), runs=200)

    assert done == 200
    assert len(found) == 3


def test_the_same_number_makes_the_same_inputs_and_another_makes_others() -> None:
    one = target("conditions")

    def made(number: int) -> list[bytes]:
        mutator = Mutator(one.seeds, one.words, number)
        return [data for _ in range(50) for data in (mutator.scratched(), mutator.grafted())]

    assert made(1) == made(1) != made(2)
    assert len(set(made(1))) > 90


def test_a_tree_that_was_grafted_can_still_be_read_as_one() -> None:
    mutator = Mutator(target("rules").seeds, target("rules").words, 1)

    read = [tree_of(mutator.grafted()) for _ in range(200)]
    assert sum(tree is not None for tree in read) > 150


def test_many_inputs_reach_past_the_reader() -> None:
    one = target("conditions")
    mutator = Mutator(one.seeds, one.words, 3)

    whole = [not parse_document(mutator.grafted(), name="x").problems for _ in range(200)]
    assert sum(whole) > 100
