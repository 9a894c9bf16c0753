"""A run whose n-th request to the operating system fails, and a small place for it to run in.

What is reached: everything that this process asks for through `os`, `open` and standard output - the program's own calls and those
of pathlib, tempfile, shutil and XlsxWriter. What is not: what Python does below them, such as loading a module, for which reason
everything is loaded before the first fault; and what other processes ask for.
"""

import builtins
import contextlib
import errno
import gc
import io
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest

from checklist import cli
from checklist.baseline import lines_of
from checklist.rulebooks import load_checklist
from tests import small

CANARY = "zqxj"
CASE = f"""\
case: {{name}}
as_of: 2016-07-18
report: {{{{received: 2015-09-01T10:15}}}}
suspects:
  - {{{{ref: S1, risk: high, arrested: 2015-09-22, job: {CANARY} the baker, note: {CANARY} said so}}}}
"""
WRITTEN = ("json", "jsonl", "junit", "sarif", "csv", "xlsx", "gitlab", "tap", "oscal", "markdown")
"""The formats that go to files."""
ERRORS = {name: getattr(errno, name) for name in ("EIO", "ENOSPC", "EACCES", "EMFILE", "EINTR")}
_RULE = (Path(__file__).parent / "fuzz" / "corpus" / "rules" / "deadline-by-risk.yaml").read_text(encoding="utf-8")
_SECONDS = 120
"""So long may a run take that takes a twentieth of a second."""


def a_place(folder: Path) -> None:
    """A small rulebook, two cases, settings, waivers, a baseline, and reports of an earlier day."""
    for path, text in {
        "rules/vocabulary.yaml": small.VOCABULARY,
        "rules/second/small.yaml": _RULE,
        "cases/a.yaml": CASE.format(name="A"),
        "cases/b.yaml": CASE.format(name="B"),
        ".review.yaml": "settings: 1\nwaivers: accepted.yaml\nbaseline: old.jsonl\njobs: 1\n",
        "accepted.yaml": "waivers: []\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    lines = lines_of([], load_checklist(folder / "rules"), version="0")
    (folder / "old.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "out").mkdir()
    (folder / "scratch").mkdir()
    make_old(folder)


def make_old(folder: Path) -> None:
    """Puts reports of an earlier day where the new ones are to go."""
    for name in WRITTEN:
        (folder / "out" / name).write_bytes(b"old")


def words_for(*formats: str) -> list[str]:
    """A command that writes these formats to files, and the console's report to standard output."""
    targets = [word for name in formats for word in ("--format", f"{name}:out/{name}")]
    return ["cases", "--rules", "rules", "--format", "console", *targets]


@dataclass
class Faults:
    """Counts what is asked of the operating system, and refuses the n-th request.

    Attributes:
        at: the number of the request that fails, counted from 1; 0 for none.
        code: the error that it fails with.
        asked: every request so far: what, and of which file.
        act: what is done at the n-th request, instead of failing.
    """

    at: int = 0
    code: int = errno.EIO
    asked: list[tuple[str, str]] = field(default_factory=list)
    act: Callable[[], None] | None = None

    @property
    def fired(self) -> tuple[str, str] | None:
        """The request that failed."""
        return self.asked[self.at - 1] if 0 < self.at <= len(self.asked) else None

    def ask(self, what: str, of: object = "") -> bool:
        """Notes a request; whether it is the one that fails."""
        self.asked.append((what, str(of)))
        if len(self.asked) != self.at:
            return False
        if self.act is not None:
            self.act()
            return False
        return True

    def fail(self) -> NoReturn:
        """The failure, in the system's own words."""
        raise OSError(self.code, os.strerror(self.code))

    @contextlib.contextmanager
    def injected(self) -> Iterator[None]:
        """Until its end, requests of this process are counted."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("open", "read", "write", "fsync", "replace", "rename", "mkdir", "scandir", "listdir"):
                patch.setattr(os, name, self._before(name, getattr(os, name)))
            patch.setattr(os, "close", self._after("close", os.close))
            patch.setattr(os, "fdopen", self._file("fdopen", os.fdopen))
            for module in (io, builtins):
                patch.setattr(module, "open", self._file("open", io.open if module is builtins else _OPEN))
            yield

    def _before(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any, **more: Any) -> Any:
            return self.fail() if self.ask(name, given[0] if given else "") else real(*given, **more)

        return asked

    def _after(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """What fails only when it was done: a file that could not be closed is closed all the same."""

        def asked(*given: Any) -> Any:
            failing = self.ask(name, given[0])
            result = real(*given)
            return self.fail() if failing else result

        return asked

    def _file(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any, **more: Any) -> Any:
            if self.ask(name, given[0]):
                self.fail()
            return _File(real(*given, **more), self)

        return asked


_OPEN = io.open


_BUFFER = 8192
"""Bytes that Python keeps before it asks the system to write them."""


class _File:
    """An open file whose requests are counted; half of what a failing one was to write is written."""

    def __init__(self, inner: Any, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults
        self._kept = 0

    def write(self, data: Any) -> Any:
        self._kept += len(data)
        if self._kept >= _BUFFER:
            self._written(data)
        return self._inner.write(data)

    def _written(self, data: Any = None) -> None:
        self._kept = 0
        if self._faults.ask("write"):
            if data is not None:
                self._inner.write(data[: len(data) // 2])
            self._faults.fail()

    def read(self, *given: Any) -> Any:
        return self._faults.fail() if self._faults.ask("read") else self._inner.read(*given)

    def flush(self) -> None:
        if self._kept:
            self._written()
        self._inner.flush()

    def close(self) -> None:
        if self._inner.closed:
            return
        try:
            self.flush()
        finally:
            failing = self._faults.ask("close")
            self._inner.close()
        if failing:
            self._faults.fail()

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Stream(io.StringIO):
    """Standard output, whose requests are counted."""

    encoding = "utf-8"

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def write(self, text: str) -> int:
        if self._faults.ask("write", "standard output"):
            super().write(text[: len(text) // 2])
            self._faults.fail()
        return super().write(text)

    def fileno(self) -> int:
        """None, so that nobody's own standard output is shut."""
        raise io.UnsupportedOperation


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, what it printed, and what it left in each report's place."""

    code: int
    out: str
    err: str
    reports: dict[str, bytes]
    left: list[str]
    """Files and folders that are nobody's report."""


def run(folder: Path, words: list[str], faults: Faults, *, door: Callable[[], None] = cli.review_main) -> Ended:
    """Runs a command in a place, in this process, as its entry point would."""
    out, err = Stream(faults), io.StringIO()
    code: object = None
    gc.freeze()  # only what this run makes is looked through for cycles, not all that the tests hold
    with pytest.MonkeyPatch.context() as patch, _alarm():
        patch.chdir(folder)
        patch.setenv("COLUMNS", "80")
        patch.setattr(sys, "argv", ["review", *words])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.setattr(tempfile, "tempdir", str(folder / "scratch"))
        try:
            with faults.injected():
                door()
        except SystemExit as ended:
            code = ended.code
    gc.collect()  # a process that ends lets go of everything as well
    reports = {path.name: path.read_bytes() for path in sorted((folder / "out").iterdir()) if path.name in WRITTEN}
    left = [
        path.name for place in ("out", "scratch") for path in (folder / place).iterdir() if path.name not in WRITTEN
    ]
    return Ended(code if isinstance(code, int) else 1, out.getvalue(), err.getvalue(), reports, left)


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    """Ends what hangs; and gives back the signals that a run takes."""

    def rung(_: int, __: FrameType | None) -> NoReturn:
        pytest.fail("it hangs")

    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    signal.signal(signal.SIGALRM, rung)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in kept.items():
            signal.signal(number, handler)
