"""What is printed, how wide and in which colours; and how a command ends, whatever happens."""

import io
import os
import shutil
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

import typer

from checklist import __version__
from checklist.reporters import Page
from checklist.reporters.report import visible
from checklist.rules import Checklist
from checklist.runner import places
from checklist.source import InputError, Problem

BUG, CANNOT_WRITE, CLUSTER_LOST, PIPE_CLOSED = 70, 74, 75, 141
_GLYPHS = "─│└•…✓"
_NARROWEST, _USUAL = 40, 80


def refuse(what: str) -> NoReturn:
    """Ends with what is wrong with the command, and exit 2."""
    remark(what)
    raise SystemExit(2)


def say_problems(problems: tuple[Problem, ...]) -> None:
    """Writes problems to standard error, one a line."""
    for problem in problems:
        remark(str(problem))


def remark(what: str) -> None:
    """Writes a line that belongs to no report to standard error; names of files are data, and steer no terminal."""
    _complain(f"{visible(what)}\n")


def _complain(text: str) -> None:
    """Writes to standard error, if there is one: the exit code tells what could not be told in words."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()


def page_of(
    checklist: Checklist,
    *,
    settings: str = "",
    width: int = 0,
    no_color: bool = False,
    show_all: bool = False,
) -> Page:
    """How reports are drawn on this terminal, and by which rules and settings they were made."""
    return Page(
        width=width_of(width),
        asked_width=width,
        colour=wants_colour(no_color=no_color),
        unicode=can_print(_GLYPHS),
        digest=checklist.digest,
        rules=len(checklist.rules),
        settings=settings,
        version=__version__,
        notes=checklist.notes,
        show_all=show_all,
    )


def width_of(asked: int) -> int:
    """The columns asked for, or the terminal's own."""
    return max(_NARROWEST, asked or shutil.get_terminal_size((_USUAL, 24)).columns)


def wants_colour(*, no_color: bool) -> bool:
    """Whether to draw in colour: `--no-color` and NO_COLOR say no, FORCE_COLOR says yes, else a terminal does."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def can_print(glyphs: str) -> bool:
    """Whether standard output has these characters."""
    try:
        glyphs.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError, AttributeError):
        return False
    return True


def put(text: str) -> None:
    """Writes a text to standard output; whatever in it could steer a terminal is made visible."""
    write_or_end(["\n".join(visible(line) for line in text.split("\n"))])


def write(pieces: Iterable[str]) -> int:
    """Writes and flushes; gives 0, or the code to end with: of a closed pipe the one that `head` expects, else 74, and says so."""
    if sys.stdout is None:
        remark("standard output could not be written: it is closed")
        return CANNOT_WRITE
    for piece in pieces:
        try:
            sys.stdout.write(piece)
            sys.stdout.flush()
        except BrokenPipeError:
            _abandon_stdout()
            return PIPE_CLOSED
        except (OSError, ValueError) as error:
            _abandon_stdout()
            remark(f"standard output could not be written: {getattr(error, 'strerror', None) or 'it is closed'}")
            return CANNOT_WRITE
    return 0


def write_or_end(pieces: Iterable[str]) -> None:
    """Writes, or ends the command."""
    code = write(pieces)
    if code:
        raise SystemExit(code)


def _abandon_stdout() -> None:
    """Lets the interpreter close a broken standard output without another word."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(app: typer.Typer, name: str) -> NoReturn:
    """Runs a command; whatever happens, the exit code never reads as a verdict that was not reached, and no case text is shown."""
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        # As under PYTHONUNBUFFERED: what the system takes only a part of would be lost without a word.
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer), encoding=sys.stdout.encoding)
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # absent on captured streams
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    if sys.stdout is None and "--help" in sys.argv:  # typer would say nothing, and end well
        raise SystemExit(CANNOT_WRITE)
    try:
        app(prog_name=name)
    except InputError as error:
        say_problems(error.problems)
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 - the one place that must let nothing out
        where = places(error)
        if isinstance(error, OSError) and where[-1].endswith(" echo"):  # typer's own words, such as its help
            raise SystemExit(CANNOT_WRITE) from None
        say_fault((type(error).__name__, *where))
        raise SystemExit(BUG) from None
    raise SystemExit(0)


class Stopped(SystemExit):
    """Somebody stopped the program, by a signal; its code is 128 and the signal's number."""


def _stopped(number: int, _: FrameType | None) -> NoReturn:
    raise Stopped(128 + number)


def say_fault(fault: tuple[str, ...]) -> None:
    """An exception's class and the places in the code, to standard error: no message, no values, no lines of a case."""
    name, *where = fault
    told = "this is a fault of the program, not of the case; please report these lines:"
    _complain("\n".join([told, name, *(f"  {place}" for place in where), ""]))
