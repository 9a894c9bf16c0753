"""The shell, as a test runs it: a command in this process, as its entry point would run it."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import coverage
import pytest

from checklist import cli
from checklist.cli import run

_SENT = (
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.bind",
)
_refusing = False


def _refuse(event: str, given: tuple[object, ...]) -> None:
    """Lets nothing out of this machine; sockets that are files are no network."""
    if _refusing and event in _SENT and getattr(given[0], "family", None) is not getattr(socket, "AF_UNIX", None):
        pytest.fail(f"somebody asked for the network: {event}")


sys.addaudithook(_refuse)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """No test in this process reaches the network, whichever way it asks: Python itself tells of it. Windows' own pipes are spared."""
    global _refusing  # noqa: PLW0603  # an audit hook cannot be taken away again
    _refusing = sys.platform != "win32"
    yield
    _refusing = False


def pytest_collection_finish() -> None:
    """Ten thousand tests are here to stay: Python need not look through them again and again for what can go."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """What is tried hundreds of times over is not measured: it takes five times as long, and other tests reach the same lines."""
    measured = coverage.Coverage.current() if item.get_closest_marker("unmeasured") else None
    if measured is not None:
        measured.stop()
    try:
        return (yield)
    finally:
        if measured is not None:
            measured.start()


def unmeasured(**more: str) -> dict[str, str]:
    """The environment of a process that a signal is to stop: what measures coverage holds a lock, and a signal may leave it locked."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}, **more}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Shell:
    """Runs a command in this process, as its entry point would."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def review(self, *words: str) -> Ran:
        return self._run(cli.review_main, "review", *words)

    def checklist(self, *words: str) -> Ran:
        return self._run(cli.checklist_main, "checklist", *words)

    def _run(self, door: object, *words: str) -> Ran:
        self.monkeypatch.setattr(sys, "argv", list(words))
        assert callable(door)
        with pytest.raises(SystemExit) as ended:
            door()
        out, err = self.capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, out, err)


@pytest.fixture
def shell(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shell]:
    """A shell that finds no reviews which another test kept."""
    monkeypatch.setattr(run, "CACHE", str(tmp_path_factory.mktemp("kept") / ".review-cache"))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setenv("COLUMNS", "80")
    yield Shell(capsys, monkeypatch)
    for number, handler in before.items():
        signal.signal(number, handler)
