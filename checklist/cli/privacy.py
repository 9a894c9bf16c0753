"""`checklist anonymise` and `checklist privacy`: copies that tell less of people, and what many cases tell of each other."""

import json
import os
import secrets
import shutil
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.authors import checklist_app
from checklist.cli.inputs import PathsArgument, RulesOption, SettingsOption, case_files, load, one_of, settings_for
from checklist.cli.output import PREFIX, SUFFIX, WholeFile, finish, sweep
from checklist.cli.terminal import CANNOT_WRITE, put, refuse, remark, say_problems
from checklist.folders import SUFFIXES, CaseFile
from checklist.later import dataclass
from checklist.settings import with_local_standards
from checklist.source import InputError, Limits, Problem

if TYPE_CHECKING:
    from checklist.anonymise import Change, Codes, Copy, FreeText, Guard
    from checklist.disclosure import Disclosure
    from checklist.rules import Checklist

__all__ = ["checklist_app"]

_WIDTH = 80
_MOST_SHOWN = 20
_MANY_TRIES = 16


# anonymise


@checklist_app.command(short_help="Copies with other people and days, and the same findings.")
def anonymise(
    source: Annotated[str, typer.Argument(metavar="IN", show_default=False, help="A case file, or a folder of them.")],
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT", show_default=False, help="A new file, or a new folder; never one that is there."),
    ],
    notes: Annotated[
        str, typer.Option(metavar="redact|drop", help="What becomes of notes: `redacted`, or left out.")
    ] = "redact",
    keep_map: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Keep which code stands for whom: a new file, never beside the copies. Without it nobody can tell.",
        ),
    ] = None,
    one_family: Annotated[
        bool, typer.Option("--one-family", help="All files are of one family: their dates move together.")
    ] = False,
    rules: RulesOption = None,
    settings: SettingsOption = None,
) -> None:
    """Copies of case files with other people, references and days, of which every finding has the same verdict.

    They are pseudonymised, not anonymous: assess them before sharing. Nothing is written where one file cannot be copied.
    """
    from checklist.anonymise import FreeText

    one_of("--notes", notes, tuple(FreeText))
    is_one = _check_source(source)
    _check_new("OUT", out)
    _check_outside("OUT", out, source)
    if keep_map is not None:
        _check_map(keep_map, out, source)
    checklist = with_local_standards(load(rules), settings_for(settings, (source,)))
    totals = _Totals()
    staged = _Staged(out, is_one=is_one)
    try:
        codes = _copy(_files(source), checklist, FreeText(notes), staged, totals, one_family=one_family)
        code = _keep(keep_map, codes, staged)
    finally:
        staged.abandon()
    if code:
        raise typer.Exit(code)
    put("\n".join([*_told(totals, checklist, out), ""]))


def _check_source(source: str) -> bool:
    """Whether IN is one case file; a folder, an archive and lines of cases may be many."""
    path = Path(source)
    if not (path.is_file() or path.is_dir()):
        refuse(f"anonymise: there is no file or folder {source}; check the path")
    return path.is_file() and path.suffix in (".yaml", ".yml", ".json")


def _check_new(what: str, path: Path) -> None:
    if os.path.lexists(path):
        refuse(f"anonymise: {what} {path.as_posix()} is there already; give the name of a new one")
    if not path.parent.is_dir():
        refuse(f"anonymise: {what}: there is no folder {path.parent.as_posix()}")


def _check_outside(what: str, path: Path, source: str) -> None:
    """Copies among the originals would be taken for them the next time."""
    folder = Path(source).resolve()
    if path.parent.resolve().joinpath(path.name).is_relative_to(folder):
        refuse(f"anonymise: {what} {path.as_posix()} lies inside {source}; write it elsewhere")


def _check_map(path: Path, out: Path, source: str) -> None:
    _check_new("--keep-map", path)
    place, copies = path.parent.resolve(), out.parent.resolve() / out.name
    if place == copies.parent or (place / path.name).is_relative_to(copies):
        refuse("anonymise: --keep-map: whoever gets the copies would get the map; keep it in another folder than OUT's")
    if path.name.endswith(SUFFIXES):
        _check_outside("--keep-map", path, source)


def _files(source: str) -> list[CaseFile]:
    """The case files, in an order that tells nothing; whatever was passed over is said, and a problem ends it."""
    found = list(case_files([source]))
    problems = [one for one in found if isinstance(one, Problem)]
    if problems:
        raise InputError(problems)
    files = [one for one in found if isinstance(one, CaseFile)]
    if not files:
        refuse(f"anonymise: no case file in {source}")
    secrets.SystemRandom().shuffle(files)
    return files


def _strictest(checklist: "Checklist") -> "Guard":
    """What the guard, at its strictest, finds in a copy."""
    from checklist.privacy import Guard as Door

    door = Door(checklist.vocabulary, strict=True)
    return lambda document: door.check(document).errors


@dataclass(slots=True)
class _Totals:
    """What was copied, in numbers."""

    copies: int = 0
    findings: int = 0
    changes: "Counter[Change]" = field(default_factory=Counter)
    hard: bool = False
    """Whether for some dates few offsets left every verdict as it was."""

    def add(self, copy: "Copy") -> None:
        self.copies += 1
        self.findings += copy.findings
        self.changes += copy.changes
        self.hard = self.hard or copy.tries > _MANY_TRIES


def _copy(
    files: Sequence[CaseFile],
    checklist: "Checklist",
    free_text: "FreeText",
    staged: "_Staged",
    totals: _Totals,
    *,
    one_family: bool,
) -> "Codes":
    """Copies all files; every one that cannot be copied is said, and then nothing is put in place."""
    from checklist.anonymise import Codes, anonymise, families, survey
    from checklist.folders import read

    surveys = [survey(read(file, Limits()), checklist.vocabulary) for file in files]
    codes, guard = Codes(surveys), _strictest(checklist)
    problems: list[Problem] = []
    for family in families(surveys, one=one_family):
        documents = [read(files[number], Limits()) for number in family]
        try:
            copies = anonymise(documents, checklist, codes, choose=secrets.randbelow, guard=guard, free_text=free_text)
        except InputError as error:
            problems += error.problems
            continue
        for copy in copies:
            staged.add(copy)
            totals.add(copy)
    if problems:
        say_problems(tuple(sorted(problems)))
        refuse("anonymise: nothing was written")
    return codes


# Everything in its place, or nothing.


class _Staged:
    """The copies on their way: beside their place until all are there, and then in it, in one step."""

    def __init__(self, out: Path, *, is_one: bool) -> None:
        self.out = out
        self.failed = ""
        self._file: WholeFile | None = None
        self._folder: Path | None = None
        self._names = Counter[str]()
        try:
            if is_one:
                self._file = WholeFile(out)
            else:
                sweep(out.parent)
                self._folder = Path(tempfile.mkdtemp(prefix=PREFIX, suffix=SUFFIX, dir=out.parent))  # mode 0700
        except OSError as error:
            self._fail(error.strerror)

    def add(self, copy: "Copy") -> None:
        """Writes one copy; a failure is remembered."""
        if self._file is not None:
            self._file.write(copy.text.encode())
        elif self._folder is not None:
            self._names[copy.case] += 1
            again = f"-{self._names[copy.case]}" if self._names[copy.case] > 1 else ""
            file = WholeFile(self._folder / f"{copy.case.lower()}{again}.yaml")
            file.write(copy.text.encode())
            file.finish()
            if file.failed:
                self._fail(file.failed)

    def finish(self) -> bool:
        """Puts everything in its place; whether it is there."""
        if self._file is not None:
            self._file.finish()
            if self._file.failed:
                self._fail(self._file.failed)
        elif self._folder is not None:
            try:
                self._folder.rename(self.out)
                self._folder = None
            except OSError as error:
                self._fail(error.strerror)
        return not self.failed

    def abandon(self) -> None:
        """Leaves nothing of ours that is not in its place."""
        if self._file is not None:
            self._file.abandon()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._file = self._folder = None

    def _fail(self, why: str | None) -> None:
        self.failed = self.failed or why or "it cannot be written"
        self.abandon()


def _keep(kept: Path | None, codes: "Codes", staged: _Staged) -> int:
    """Puts the map in its place, and then the copies; 74 where either cannot be written, and then neither is there."""
    if kept is not None and not staged.failed:
        file = WholeFile(kept)
        file.write(_map(codes).encode())
        if failed := finish([file]):
            return failed
    is_there = False
    try:
        is_there = staged.finish()
    finally:
        if kept is not None and not is_there:
            with suppress(OSError):
                kept.unlink()
    if not is_there:
        remark(f"{staged.out.as_posix()} could not be written: {staged.failed}")
    return 0 if is_there else CANNOT_WRITE


def _map(codes: "Codes") -> str:
    people: dict[str, dict[str, str]] = {}
    for (kind, ref), code in codes.people.items():
        people.setdefault(kind, {})[ref] = code
    return json.dumps({"cases": codes.cases, "people and things": people, "roles": codes.roles}, indent=1) + "\n"


def _told(totals: _Totals, checklist: "Checklist", out: Path) -> Iterator[str]:
    from checklist.anonymise import NOTICE, QUESTIONS, Change

    changes = totals.changes
    yield f"{out.as_posix()}: {NOTICE}"
    yield ""
    number = "1 case file" if totals.copies == 1 else f"{totals.copies:,} case files"
    yield f"{number}; {totals.findings:,} findings of {len(checklist.rules)} rules, each with the verdict it had"
    yield from (f"  {change}: {changes[change]:,}" for change in Change if changes[change])
    if totals.hard:
        yield ""
        yield from _wrapped(
            "Of some dates few shifts leave every verdict as it is: they are less well hidden than others."
        )
    yield ""
    yield "Whoever wants to know who it is would ask:"
    for question in QUESTIONS:
        yield from _wrapped(question, first="- ", rest="  ")
    yield ""
    yield from _wrapped("`checklist privacy FOLDER` says which cases stand out among others.")


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


# privacy


@checklist_app.command(short_help="Which cases stand out among the others.")
def privacy(
    paths: PathsArgument,
    min_class: Annotated[
        int, typer.Option(metavar="N", min=2, help="Fewer cases than this do not hide each other.")
    ] = 5,
    show_all: Annotated[bool, typer.Option("--all", help="Every case that stands out, not only the first.")] = False,
    rules: RulesOption = None,
) -> None:
    """How well many cases hide each other: the smallest class, which facts make a case stand out, and small numbers.

    Exit 1 where a class is smaller than --min-class, 2 where a file could not be read, 3 where there is only one case.
    """
    from checklist.case import load_case
    from checklist.cli.run import Files
    from checklist.disclosure import Crowd
    from checklist.folders import read

    vocabulary = load(rules).vocabulary
    crowd = Crowd(vocabulary)
    files = Files(case_files(paths))
    unread = 0
    for file in files:
        case = load_case(read(file, Limits()), vocabulary)
        say_problems(case.problems)
        unread += bool(case.problems)
        if not case.problems:
            crowd.add(case)
    say_problems(tuple(files.problems))
    found = crowd.disclosure(min_class)
    put("\n".join([*_assessed(found, unread, show_all=show_all), ""]))
    if unread or files.problems or not found.cases:
        raise typer.Exit(2)
    if not found.is_assessable:
        raise typer.Exit(3)
    raise typer.Exit(1 if found.smallest < found.least else 0)


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases"


def _assessed(found: "Disclosure", unread: int, *, show_all: bool) -> Iterator[str]:
    left_out = f"; {unread:,} with problems left out" if unread else ""
    yield f"{_cases(found.cases)}{left_out}"
    if not found.is_assessable:
        yield (
            "not assessable: there is nobody among whom a single case could be hidden"
            if found.cases
            else "nothing to assess"
        )
        return
    yield from _wrapped(f"known of each, perhaps, by somebody: {', '.join(found.facts)}")
    yield ""
    yield f"smallest class: {found.smallest:,} (cases that are alike in all of these)"
    share = len(found.stand_out) * 100 / found.cases
    yield f"classes: {found.classes:,}; in classes under {found.least}: {_cases(len(found.stand_out))}, {share:.0f} %"
    yield from _small(found)
    yield from _standing_out(found, show_all=show_all)
    yield ""
    yield from _wrapped(
        "A class that is large enough hides who somebody is, and not what all of its cases have in common."
    )


def _small(found: "Disclosure") -> Iterator[str]:
    if not found.small_numbers:
        return
    yield ""
    yield f"SMALL NUMBERS: values that fewer than {found.least} cases have, as a table would show"
    for one in found.small_numbers:
        yield f"  {one.fact}: {one.small:,} of {one.values:,} values, {_cases(one.cases)}"


def _standing_out(found: "Disclosure", *, show_all: bool) -> Iterator[str]:
    if not found.stand_out:
        return
    shown = found.stand_out if show_all else found.stand_out[:_MOST_SHOWN]
    yield ""
    yield "STANDING OUT: the fewest facts that few cases share"
    for one in shown:
        facts = " + ".join(one.facts)
        shared = "only this case" if one.shared_by == 1 else f"{one.shared_by:,} cases"
        yield from _wrapped(f"{one.case}: {facts} ({shared})", first="  ", rest="      ")
    if more := len(found.stand_out) - len(shown):
        yield f"  and {_cases(more)} more; --all shows them"
