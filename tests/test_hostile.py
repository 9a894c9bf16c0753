"""Hostile files through the whole program: every one is refused for its reason, or its value is what was written; nothing hangs or grows.

What the reader says of each file alone is in `test_source`. Here they are given to `review` as somebody would, once with libyaml
and once without. REVIEW_BIG=each reviews each of the large files in a process of its own and prints what it took.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from checklist import source
from checklist.cli import inputs
from checklist.rulebooks import load_checklist
from tests.conftest import Ran, Shell
from tests.test_source import HOSTILE, PARSERS, STRICTER, WORDS_OF_CODE, hostile, needs_hostile, needs_suite, suite

ROOT = Path(__file__).parents[1]
FEW = ("--select", "arrest-within-limit,serial-offending-considered")
BIG = HOSTILE / "make_big.py"
EACH = os.environ.get("REVIEW_BIG") == "each"


@pytest.fixture(params=PARSERS, autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs with libyaml and with the pure parser; the rules are read once."""
    name: str = request.param
    monkeypatch.setattr(inputs, "load_checklist", _kept)
    monkeypatch.setattr(source, "_EventReader", PARSERS[name])
    return name


_kept = cache(load_checklist)


def told(shell: Shell, *words: str) -> tuple[Ran, list[dict[str, Any]]]:
    """A run, and the reviews of its report."""
    ran = shell.review(*words, *FEW, "--jobs", "1", "--format", "json")
    assert ran.code in (0, 1, 2, 3), ran.err
    assert "Traceback" not in ran.err
    return ran, json.loads(ran.out)["reviews"]


# Each file of the list.


@needs_hostile
@pytest.mark.parametrize("entry", hostile(), ids=lambda entry: entry["file"])
def test_a_hostile_file_is_never_reviewed_and_the_reason_is_the_one_it_was_made_for(
    shell: Shell, entry: dict[str, str], parser: str
) -> None:
    ran, (one,) = told(shell, str(HOSTILE / entry["file"]))

    assert ran.code == 2
    assert not one["findings"]
    said = [f"{problem['what']}; {problem['hint']}" for problem in one["problems"]]
    assert all(problem["line"] >= 1 and problem["column"] >= 1 for problem in one["problems"])
    reasons = WORDS_OF_CODE.get(entry["expect"], [])
    if reasons:
        assert any(reason in line for line in said for reason in reasons), said
    elif entry["file"] not in STRICTER[parser]:  # the reader lets it pass, and the vocabulary knows none of its words
        known = (
            "no such word",
            "is missing",
            "must be a mapping",
            "not the form",
            "cannot be",
            "may identify somebody",
            "more places like these",
        )
        assert all(any(word in line for word in known) for line in said), said


VALUES = tuple(
    entry["file"] for entry in hostile() if entry["expect"] in ("Y030", "Y031") and entry["file"] != "truncated.yaml"
)
WHOLE = {"fullwidth_digits.yaml", "trap_stamp_minutes.yaml"}
ALLOWED = {
    ("yes", "yes/no"): {
        "suspect.access_to_other_children": "recorded",
        "suspect.access_to_other_children.known": "not recorded",
    },
    ("no", "yes/no"): {"suspect.access_to_other_children": "recorded"},
    ("yes", "event"): {"suspect.arrested": "date not recorded"},
    ("no", "event"): {"suspect.arrested": "recorded as not done"},
}
"""What a value is in a fact of a kind, where it may stand there at all; when access was first known is asked only of a *yes*."""


def value_of(name: str) -> str:
    """The one value of a file of the list, as it is written there."""
    return (HOSTILE / name).read_text(encoding="utf-8").partition(":")[2].strip()


@needs_hostile
@pytest.mark.parametrize("name", [*VALUES, *sorted(WHOLE)])
@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("date", "report: {{received: {}}}"),
        ("event", "suspects: [{{ref: S1, arrested: {}}}]"),
        ("yes/no", "suspects: [{{ref: S1, access_to_other_children: {}}}]"),
        ("choice", "suspects: [{{ref: S1, risk: {}}}]"),
        ("count", "suspects: [{{ref: S1, count: {}}}]"),
        ("age", "children: [{{ref: C1, age: {}}}]"),
    ],
)
def test_a_value_that_yaml_would_change_is_what_was_written_or_refused_at_its_line(
    shell: Shell, tmp_path: Path, name: str, kind: str, fact: str
) -> None:
    value = value_of(name)
    path = tmp_path / "case.yaml"
    path.write_text(f"case: X\nas_of: 2016-07-18\n{fact.format(value)}\n", encoding="utf-8")

    ran, (one,) = told(shell, str(path))

    right = ALLOWED.get((value, kind))
    if right is None:
        assert ran.code == 2
        assert [problem["line"] for problem in one["problems"]] == [3], one["problems"]
    else:
        assert one["problems"] == []
        pieces = [piece for finding in one["findings"] for piece in finding["evidence"]]
        found = {piece["fact"]: piece["state"] for piece in pieces if piece["fact"].startswith(next(iter(right)))}
        assert found == right


@needs_hostile
@pytest.mark.parametrize("name", VALUES)
def test_a_text_keeps_every_character_that_was_written(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Let past the guard, which refuses one of them for a number of thirty digits."""
    monkeypatch.delenv("CI", raising=False)
    value = value_of(name)
    if len(value) > 200:
        pytest.skip("no name is so long")
    path = tmp_path / "case.yaml"
    path.write_text(f"case: {value}\nas_of: 2016-07-18\n", encoding="utf-8")

    _, (one,) = told(shell, "--allow-identifying", str(path))

    assert one["case"] == value


def test_a_note_that_a_comment_cuts_in_two_is_warned_of(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("case: X\nas_of: 2016-07-18\nchildren: []\nnote: seen with C2 #3 of 4\n", encoding="utf-8")

    _, (one,) = told(shell, str(path))

    assert (
        any("line 4: everything from this # on is a comment" in notice for notice in one["notices"]) or one["problems"]
    )


# All of the YAML test suite.


@needs_suite
def test_the_yaml_test_suite_ends_without_a_fault_of_ours(shell: Shell, tmp_path: Path) -> None:
    cases = suite()
    for name, data, _ in cases:
        (tmp_path / f"{name}.yaml").write_bytes(data)

    ran, reviews = told(shell, str(tmp_path))

    assert ran.code == 2
    assert len(reviews) == len(cases) > 350
    assert all(one["problems"] and not one["findings"] for one in reviews)


# Large files.


@cache
def big() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_big", BIG)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LAUNCHER = """
import os, subprocess, sys, threading
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
killer = threading.Timer(120, process.kill)
killer.start()
_, status, used = os.wait4(process.pid, 0)
killer.cancel()
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
"""Starts a run from a process that holds little: a system may count what the process that starts another held as the other's."""


def measured(words: list[str], *, pure: bool, cwd: Path) -> tuple[int, float, float]:
    """A run in a process of its own: its exit code, its seconds of processor time, and the MB that it held at most."""
    hide = "import sys; sys.modules['yaml._yaml'] = None; " if pure else "import sys; "
    program = f"{hide}sys.argv[0] = 'review'; from checklist.cli import review_main; review_main()"
    told = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    ).stdout.split()
    return int(told[0]), float(told[1]), float(told[2])


@pytest.mark.skipif(not BIG.exists(), reason="what makes the large files is not beside this repository")
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not say what a process used")
def test_the_large_files_end_soon_and_take_little_memory(tmp_path: Path, parser: str) -> None:
    made = big().GEN
    assert len(made) == 36
    (tmp_path / "rules").mkdir()
    base = measured([str(ROOT / "examples" / "handled-well.yaml"), *FEW], pure=parser == "pure", cwd=tmp_path)
    for name, make in made.items():
        (tmp_path / "big").mkdir(exist_ok=True)
        path = tmp_path / "big" / name
        path.write_text(make(), encoding="utf-8")
        if EACH:
            code, seconds, memory = measured([str(path), *FEW], pure=parser == "pure", cwd=tmp_path)
            sys.stdout.write(f"{parser} {name}: {seconds - base[1]:.2f} s more than a case, {memory:.0f} MB\n")
            assert (code, seconds - base[1] < 2, memory < 250) == (2, True, True), (name, code, seconds, memory)
            path.unlink()
    if not EACH:
        code, seconds, memory = measured(["big", *FEW], pure=parser == "pure", cwd=tmp_path)
        assert code == 2
        assert seconds < 60  # all of them; generous, since a slow machine is no failure
        assert memory < 250


# What is no file, or not yet.


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_sparse_file(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def a_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def a_loop(path: Path) -> None:
    path.symlink_to(path.name)


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def a_link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


KINDS: dict[str, Callable[[Path], None]] = {
    "a pipe": a_fifo,
    "a socket": a_socket,
    "a file of a terabyte that holds nothing": a_sparse_file,
    "a link to itself": a_loop,
    "a link to nowhere": a_link_to_nowhere,
    "a link to zeros without end": a_link_to("/dev/zero"),
    "a link to what is always full": a_link_to("/dev/full"),
    "a link to a terminal": a_link_to("/dev/tty"),
    "a link to memory": a_link_to("/proc/self/mem"),
    "a link to passwords": a_link_to("/etc/passwd"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="kinds of files that this system may lack")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("named", [True, False], ids=["named", "in a folder"])
def test_what_is_no_case_file_neither_holds_us_nor_is_reviewed(
    shell: Shell, tmp_path: Path, kind: str, named: bool
) -> None:
    (tmp_path / "cases").mkdir()
    KINDS[kind](tmp_path / "cases" / "x.yaml")
    (tmp_path / "cases" / "right.yaml").write_text("case: X\nas_of: 2016-07-18\n", encoding="utf-8")
    words = (
        [str(tmp_path / "cases" / name) for name in ("x.yaml", "right.yaml")] if named else [str(tmp_path / "cases")]
    )
    began = time.monotonic()

    ran, reviews = told(shell, *words)

    assert time.monotonic() - began < 30
    assert "root:" not in ran.out + ran.err
    assert [one["case"] for one in reviews if one["findings"]] == ["X"]
    if named or kind == "a file of a terabyte that holds nothing":
        assert ran.code == 2
    else:
        assert "x.yaml" in ran.out  # passed over, and said to be


def rewriting(path: Path, texts: list[str], done: threading.Event) -> None:
    while not done.is_set():
        for text in texts:
            path.write_text(text, encoding="utf-8")


@pytest.fixture
def disturbed(tmp_path: Path) -> Iterator[Path]:
    """A case that somebody writes anew all the time, now with one suspect and now with another."""
    path = tmp_path / "case.yaml"
    texts = [f"case: {ref}\nas_of: 2016-07-18\nsuspects: [{{ref: {ref}}}]\n" + "# c\n" * 4_000 for ref in ("S1", "S2")]
    path.write_text(texts[0], encoding="utf-8")
    done = threading.Event()
    writer = threading.Thread(target=rewriting, args=(path, texts, done))
    writer.start()
    yield path
    done.set()
    writer.join()


def test_a_case_that_changes_while_it_is_read_is_one_whole_case_or_a_problem(shell: Shell, disturbed: Path) -> None:
    for _ in range(10):
        ran, (one,) = told(shell, str(disturbed))

        subjects = {finding["subject"] for finding in one["findings"]}
        if one["problems"]:
            assert ran.code == 2
        else:
            assert subjects == {one["case"]}
