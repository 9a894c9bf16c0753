"""Where reports go: standard output, or files that are there whole or not at all."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from checklist.cli.terminal import CANNOT_WRITE, refuse, remark, write
from checklist.findings import Review
from checklist.folders import SUFFIXES
from checklist.later import dataclass
from checklist.reporters import NAMES, Apart, Page, Piece, Reporter, reporter
from checklist.source import did_you_mean
from checklist.summary import Run

_STALE_SECONDS = 3600
_COLUMNS = 80
PREFIX, SUFFIX = ".review-", ".tmp"
"""How what is on its way is called, so that what a killed run left is known by its name."""
_HEAD = 4096
_MARKS = (b'"review/1"', b'"review-baseline/1"', b'"$schema"', b'"assessment-results"')
"""What stands at the head of our reports in JSON."""


@dataclass(frozen=True, slots=True)
class Target:
    """A format, and the file that it goes to; None for standard output."""

    format: str
    path: Path | None = None


def targets(formats: Sequence[str], folder: Path | None = None) -> tuple[Target, ...]:
    """The formats that were asked for, as `FORMAT` or `FORMAT:FILE`; ends the command where they cannot be.

    Args:
        formats: as they were written.
        folder: what the files are beside, where the settings name them.
    """
    made = []
    for text in formats:
        name, colon, file = text.partition(":")
        if name not in NAMES:
            near = did_you_mean(name, NAMES)
            refuse(f"--format: expected one of {', '.join(NAMES)}{'; ' + near if near else ''}")
        if colon and not file:
            refuse(f"--format {name}: names no file; write --format {name}:report.out")
        if folder is not None and file and not (folder / file).resolve().is_relative_to(folder.resolve()):
            refuse(f"format: {name}: settings write beside themselves or below; name this file on the command line")
        made.append(Target(name, (folder or Path()) / file if file else None))
    loose = [target.format for target in made if target.path is None]
    if len(loose) > 1:
        refuse(f"--format: {' and '.join(loose)} both go to standard output; give one of them a file: {loose[1]}:FILE")
    if any(target.format == "xlsx" and target.path is None for target in made):
        refuse("--format xlsx needs a file: write --format xlsx:report.xlsx")
    files = [target.path.resolve() for target in made if target.path is not None]
    if len(set(files)) < len(files):
        refuse("--format: two formats go to one file; give each its own")
    return tuple(made)


def check_target(path: Path, reviewed: Sequence[Path]) -> None:
    """Ends the command where a report would take the place of a case file, be read as a case, or go through a link."""
    try:
        held: os.stat_result | None = path.lstat()
    except FileNotFoundError:
        held = None
    except (OSError, ValueError) as error:
        refuse(
            f"--format: {path.as_posix()} cannot be written: {getattr(error, 'strerror', None) or 'not a possible name'}"
        )
    if held is not None and stat.S_ISLNK(held.st_mode):
        refuse(f"--format: {path.as_posix()} is a link; name the file itself")
    if held is not None and not stat.S_ISREG(held.st_mode):
        refuse(f"--format: {path.as_posix()} is not a regular file; leave out the file to write to standard output")
    if not path.parent.is_dir():
        refuse(f"--format: there is no folder {path.parent.as_posix()}")
    for one in reviewed:
        if held is not None and one.exists() and one.samefile(path):
            refuse(
                f"--format: {path.as_posix()} is read by this run; a report never takes the place of what it is made from"
            )
        if _reads_as_case(path) and one.is_dir() and path.resolve().is_relative_to(one.resolve()):
            refuse(
                f"--format: {path.as_posix()} would be read as a case the next time; write it outside {one.as_posix()}"
            )
    if held is not None and _reads_as_case(path) and not _is_report(path):
        refuse(f"--format: {path.as_posix()} may hold cases; a report never takes their place")


def _reads_as_case(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def _is_report(path: Path) -> bool:
    """Whether a file that is there is a report of ours, by its first bytes: none is YAML or an archive, and no case is a list."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).lstrip()
    except OSError:
        return False
    return not head or head.startswith(b"[") or any(mark in head for mark in _MARKS)


class WholeFile:
    """A file that is there whole or not at all: written beside its place, and put there in one step at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.failed = ""
        """Why it could not be written, if so; what was there before is then as it was."""
        self._file: IO[bytes] | None = None
        self._temporary: Path | None = None
        try:
            sweep(path.parent)
            # Made by us alone and readable by us alone: mkstemp opens with O_EXCL and mode 0600.
            handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=SUFFIX, dir=path.parent)
            self._temporary = Path(name)
            self._file = _opened(handle)
        except OSError as error:
            self.fail(error)

    def write(self, data: bytes) -> None:
        """Writes some bytes; a failure is remembered, and raises nothing."""
        if self._file is None:
            return
        try:
            self._file.write(data)
        except OSError as error:
            self.fail(error)

    def finish(self) -> None:
        """Puts the file in its place."""
        if self._file is None or self._temporary is None:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._temporary.replace(self.path)
        except OSError as error:
            self.fail(error)
            return
        self._file = self._temporary = None
        _make_durable(self.path.parent)

    def abandon(self) -> None:
        """Leaves what was there before, and nothing of ours."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        if self._temporary is not None:
            with suppress(OSError):
                self._temporary.unlink()
        self._file = self._temporary = None

    def fail(self, error: OSError) -> None:
        """Gives the file up, and remembers why."""
        self.failed = error.strerror or "it cannot be written"
        self.abandon()


def _opened(handle: int) -> IO[bytes]:
    try:
        return os.fdopen(handle, "wb")
    except OSError:
        with suppress(OSError):
            os.close(handle)
        raise


def sweep(folder: Path) -> None:
    """Removes the files and folders that a killed run of ours left behind an hour ago or earlier."""
    with suppress(OSError):  # a folder that cannot be listed may still be written to
        for left in list(folder.glob(f"{PREFIX}*{SUFFIX}")):
            if left.is_symlink() or time.time() - left.stat().st_mtime <= _STALE_SECONDS:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            elif left.is_file():
                left.unlink()


def _make_durable(folder: Path) -> None:
    """Sees to it that the new name is on the disk as well; where a folder cannot be synchronised, it need not be."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Output:
    """A report on its way to its target."""

    def __init__(self, target: Target, page: Page) -> None:
        self.file = WholeFile(target.path) if target.path is not None else None
        self.lost = 0
        """Why standard output takes no more, as an exit code."""
        if self.file is not None:  # a file has no colours, and whoever opens it may have another terminal
            page = replace(page, colour=False, unicode=True, width=page.asked_width or _COLUMNS)
        self.format, self.page = target.format, page
        self.reporter: Reporter | None = None
        try:
            with self._remembered():
                self.reporter = _reporter(target.format, page)
        except SystemExit:  # what it needs is not there
            if self.file is not None:
                self.file.abandon()
            raise

    def begin(self) -> None:
        """Writes what stands before the first review."""
        with self._remembered():
            self._put(self.reporter.begin() if self.reporter is not None else "")

    def review(self, review: Review) -> None:
        """Writes one review."""
        with self._remembered():
            self._put(self.reporter.review(review) if self.reporter is not None else "")

    def put(self, drawn: str) -> None:
        """Writes one review that was drawn before."""
        with self._remembered():
            self._put(cast(Apart, self.reporter).put(drawn) if self.reporter is not None else "")

    def end(self, run: Run) -> None:
        """Writes what stands after the last."""
        with self._remembered():
            self._put(self.reporter.end(run) if self.reporter is not None else "")

    @contextmanager
    def _remembered(self) -> Iterator[None]:
        """What cannot be written is remembered, and the other reports go on: some reporters keep rows on the disk until the end."""
        try:
            yield
        except OSError as error:
            if self.file is None:
                raise
            self.reporter = None
            self.file.fail(error)

    def _put(self, piece: Piece) -> None:
        """Writes a piece; what cannot be written is remembered, and the other reports go on."""
        if self.file is None:
            if not self.lost:
                self.lost = write([piece.decode() if isinstance(piece, bytes) else piece])
        else:
            self.file.write(piece if isinstance(piece, bytes) else piece.encode("utf-8", "backslashreplace"))


def _reporter(name: str, page: Page) -> Reporter:
    try:
        return reporter(name, page)
    except ModuleNotFoundError as error:
        if not error.name or error.name.startswith("checklist"):
            raise
        refuse(f"--format {name} needs an extra: pip install 'casefile-checklist[excel]'")


def finish(files: Sequence[WholeFile]) -> int:
    """Puts every file in its place; says which could not be written, and gives 74 if there are any, else 0."""
    for file in files:
        file.finish()
    failed = [file for file in files if file.failed]
    for file in failed:
        remark(f"{file.path.as_posix()} could not be written: {file.failed}; what was there before is as it was")
    return CANNOT_WRITE if failed else 0
