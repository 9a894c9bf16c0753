"""What is printed, how wide and in which colours; and how a command ends, whatever happens."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import typer

from checklist import __version__
from checklist.findings import Review
from checklist.reporters import Page
from checklist.reporters.report import visible
from checklist.rules import Checklist
from checklist.source import InputError, Problem

BUG, CANNOT_WRITE, PIPE_CLOSED = 70, 74, 141
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
    sys.stderr.write(f"{visible(what)}\n")


def reporter(name: str) -> Callable[[Iterator[Review], Page], Iterator[str]]:
    """The reporter of a name, imported only now."""
    from importlib import import_module

    drawn: Callable[[Iterator[Review], Page], Iterator[str]] = import_module(f"checklist.reporters.{name}").write
    return drawn


def page_of(
    checklist: Checklist,
    *,
    settings: str = "",
    width: int = 0,
    no_color: bool = False,
    quotes: dict[str, tuple[str, ...]] | None = None,
    show_all: bool = False,
) -> Page:
    """How reports are drawn on this terminal, and by which rules and settings they were made."""
    return Page(
        width=width_of(width),
        colour=wants_colour(no_color=no_color),
        unicode=can_print(_GLYPHS),
        quotes=quotes,
        digest=checklist.digest,
        rules=len(checklist.rules),
        settings=settings,
        version=__version__,
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
    write(iter(("\n".join(visible(line) for line in text.split("\n")),)))


def write(pieces: Iterator[str]) -> None:
    """Writes and flushes; a closed pipe ends the program as `head` expects, any other failure with 74."""
    if sys.stdout is None:
        raise SystemExit(CANNOT_WRITE)
    for piece in pieces:
        try:
            sys.stdout.write(piece)
            sys.stdout.flush()
        except BrokenPipeError:
            _abandon_stdout()
            raise SystemExit(PIPE_CLOSED) from None
        except (OSError, ValueError):
            _abandon_stdout()
            raise SystemExit(CANNOT_WRITE) from None


def _abandon_stdout() -> None:
    """Lets the interpreter close a broken standard output without another word."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(app: typer.Typer, name: str) -> NoReturn:
    """Runs a command; whatever happens, the exit code never reads as a verdict that was not reached, and no case text is shown."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # absent on captured streams
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    try:
        app(prog_name=name)
    except InputError as error:
        say_problems(error.problems)
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 - the one place that must let nothing out
        _report_bug(error)
        raise SystemExit(BUG) from None
    raise SystemExit(0)


def _stopped(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _report_bug(error: Exception) -> None:
    """The exception's class and the places in the code: no message, no values, no lines of a case."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    sys.stderr.write(
        "\n".join(
            [
                "this is a fault of the program, not of the case; please report these lines:",
                type(error).__name__,
                *places,
                "",
            ]
        )
    )
