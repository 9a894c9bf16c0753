"""The shell: arguments, today's date, printing, exit codes. Nothing is decided here."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn


def review_process() -> NoReturn:
    """The command `review` as a process of its own."""
    gc.disable()  # one case is reviewed before there is anything to collect; for many it is switched on again
    _as_process(review_main)


def checklist_process() -> NoReturn:
    """The command `checklist` as a process of its own."""
    _as_process(checklist_main)


def _as_process(command: Callable[[], NoReturn]) -> NoReturn:
    """Runs a command and ends the process at once, with the command's code.

    Python would take itself apart first, in as long as it takes to read a dozen cases; and what it cannot write or allocate
    meanwhile it says with a code and words of its own.
    """
    code: object = 70  # whatever else ends it, such as an interpreter out of memory, is a fault of ours
    with suppress(BaseException):
        try:
            command()
        except SystemExit as ended:
            code = ended.code or 0
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else 70)


def review_main() -> NoReturn:
    """The command `review`."""
    with _loading():
        _say_version("review")
        from checklist.cli.review import review_app
        from checklist.cli.terminal import run

    run(review_app, "review")


def checklist_main() -> NoReturn:
    """The command `checklist`."""
    with _loading():
        _say_version("checklist")
        from checklist.cli.privacy import checklist_app
        from checklist.cli.terminal import run

    run(checklist_app, "checklist")


def _say_version(command: str) -> None:
    """Says the version and ends, with nothing else loaded, if that is all that is asked; where it fails, the command itself says why."""
    if sys.argv[1:] != ["--version"]:
        return
    from checklist.versions import version_in_words

    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.write(f"{version_in_words(command)}\n")
        sys.stdout.flush()
        raise SystemExit(0)


@contextmanager
def _loading() -> Iterator[None]:
    """A program that cannot be loaded, for want of memory or of a part, ends as a fault of ours: 1 would read as a verdict."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no verdict
        with suppress(Exception):
            sys.stderr.write(f"the program could not be loaded: {type(error).__name__}\n")
        raise SystemExit(70) from None
