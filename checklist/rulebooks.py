"""A folder of rules, and the packs that add to it -> one checked checklist; nothing is read through a link, and all that is read is in the digest."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from checklist.clocks import Calendar, load_calendar
from checklist.compiled import read_compiled
from checklist.rules import Checklist, Rule, read_rule
from checklist.source import Document, InputError, Limits, Problem, parse_document, read_bytes
from checklist.versions import digest_of
from checklist.vocabulary import load_vocabulary

_DEPTH = 2
_MOST_BYTES = 16 << 20
_COMPILED = Limits(bytes=16 << 20)
_EXAMPLES = ".examples.yaml"


class _Shelf:
    """One folder of a rulebook: only its own files are read, each from its place; whatever else lies there is a problem."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.problems: list[Problem] = []
        self.size = 0
        self._digests: dict[str, str] = {}
        self.paths = tuple(self._walk(folder))
        self.names = tuple(map(self.called, self.paths))

    def _walk(self, folder: Path) -> Iterator[Path]:
        """Every YAML file that may be read, in order of name; links are never followed."""
        try:
            with os.scandir(folder) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            self._refuse(folder, "this folder cannot be read", "ask for the right to read it", "place")
            return
        for entry in inside:
            is_yaml, hidden = entry.name.endswith((".yaml", ".yml")), entry.name.startswith(".")
            if entry.is_symlink():
                hint = "copy the file into the folder"
                what = "a link: what it leads to is not in the rulebook's digest"
                self._refuse(folder / entry.name, what, hint, "leads-out")
            elif entry.is_dir() and not is_yaml and not hidden:
                yield from self._walk(folder / entry.name)
            elif is_yaml and not hidden:
                yield from self._known(folder / entry.name, entry)

    def _known(self, path: Path, entry: "os.DirEntry[str]") -> Iterator[Path]:
        depth = len(path.parts) - len(self.folder.parts)
        if not entry.is_file():
            self._refuse(path, "this is no file", "give the rulebook files only", "place")
        elif not path.name.isprintable():
            self._refuse(path, "a name that cannot be printed", "call the file by letters and hyphens", "place")
        elif (depth, path.name) != (1, "vocabulary.yaml") and (depth != _DEPTH or path.suffix != ".yaml"):
            hint = "rules stand in AREA/RULE.yaml, beside vocabulary.yaml, calendars/ and profiles/"
            self._refuse(path, "a file that nobody reads", hint, "place")
        elif self._is_light(path, entry):
            yield path

    def _is_light(self, path: Path, entry: "os.DirEntry[str]") -> bool:
        """Whether a file, with those before it, is not more than a rulebook may hold in all."""
        with suppress(OSError):  # then it cannot be read either, and that is told
            self.size += entry.stat().st_size
        if self.size > _MOST_BYTES:
            what = f"the rulebook is larger than {_MOST_BYTES >> 20} MiB"
            self._refuse(path, what, "divide it into several, or write shorter", "too-much-work")
            return False
        return True

    def files(self, folder: str = "") -> list[Path]:
        """The files of one folder; without a name those of rules, and of examples beside them."""
        return [
            path
            for path in self.paths
            if path.parent != self.folder
            and (path.parent.name == folder if folder else path.parent.name not in ("calendars", "profiles"))
        ]

    def rules(self) -> Iterator[tuple[Path, Path | None]]:
        """Each rule's file, and the file of examples beside it."""
        files = {path.name: path for path in self.files()}
        for path in self.files():
            if path.name.endswith(_EXAMPLES):
                if f"{path.name.removesuffix(_EXAMPLES)}.yaml" not in files:
                    hint = "call the file RULE.examples.yaml, beside RULE.yaml"
                    self._refuse(path, "examples of a rule that is not there", hint, "place")
                continue
            beside = files.get(f"{path.stem}{_EXAMPLES}")
            yield path, beside if beside is not None and beside.parent == path.parent else None

    def read(self, path: Path) -> Document:
        """One of its files, by the name that problems give it."""
        name = self.called(path)
        try:
            return parse_document(self._bytes(path, name), name=name)
        except InputError as error:
            return Document(name, None, (), error.problems)

    def _bytes(self, path: Path, name: str) -> bytes:
        """What a file holds, read once: what is in the digest is what was read."""
        data = read_bytes(path, name=name)
        self._digests[name] = digest_of(data)
        return data

    def digests(self) -> Iterator[tuple[str, str]]:
        """The name of each file that may be read, and the SHA-256 of what it holds."""
        for path, name in zip(self.paths, self.names, strict=True):
            if name not in self._digests:
                try:
                    self._bytes(path, name)
                except InputError as error:
                    self.problems.extend(error.problems)
                    continue
            yield name, self._digests[name]

    def digest(self, path: Path) -> str:
        """The SHA-256 of what a file held when it was read."""
        return self._digests[self.called(path)]

    def called(self, path: Path) -> str:
        """The name that problems give a file."""
        name = "/".join((self.name, *path.parts[len(self.folder.parts) :]))
        return name if name.isprintable() else ascii(name)[1:-1]

    def _refuse(self, path: Path, what: str, hint: str, check: str) -> None:
        self.problems.append(Problem(self.called(path), 1, 1, what, hint, check))


def load_checklist(folder: Path, *packs: Path, examples: bool = False) -> Checklist:
    """The rulebook of a folder and of packs that add rules to it, checked in full.

    Args:
        folder: holds `vocabulary.yaml`, `calendars/` and one folder an area with one file a rule.
        packs: folders of rules without a vocabulary of their own.
        examples: also read the further examples that stand in `RULE.examples.yaml` beside a rule.

    Raises:
        InputError: with every problem of every file.
    """
    checklist, problems = read_checklist(folder, *packs, examples=examples)
    if problems or checklist is None:
        raise InputError(problems)
    return checklist


def read_checklist(folder: Path, *packs: Path, examples: bool = False) -> tuple[Checklist | None, tuple[Problem, ...]]:
    """The rules that can be read, and every problem of those that cannot; None where there is no vocabulary.

    Args:
        folder: as for `load_checklist`.
        packs: as for `load_checklist`.
        examples: as for `load_checklist`.

    Raises:
        InputError: if the vocabulary or a calendar cannot be used, without which no rule can be read.
    """
    if not (folder / "vocabulary.yaml").is_file():
        hint = "it needs a vocabulary.yaml, calendars/ and a folder of rules for each area"
        return None, (Problem(str(folder), 1, 1, "this folder holds no rulebook", hint, "form"),)
    if (folder / "vocabulary.yaml").is_symlink():
        hint = "copy the file into the folder"
        return None, (Problem(str(folder), 1, 1, "the vocabulary is a link", hint, "leads-out"),)
    missing = [pack for pack in packs if not pack.is_dir()]
    if missing:
        return None, tuple(
            Problem(str(pack), 1, 1, "there is no such folder", "check the path", "form") for pack in missing
        )
    shelves = _shelves(folder, packs)
    vocabulary = load_vocabulary(shelves[0].read(folder / "vocabulary.yaml"))
    calendars, problems = _calendars(shelves)
    rules: list[Rule] = []
    for shelf in shelves:
        own = list(shelf.rules())
        if not own:
            hint = "write one file a rule, in a folder named after its area"
            problems.append(Problem(str(shelf.folder), 1, 1, "this folder holds no rule", hint, "form"))
        for path, beside in own:
            extra = shelf.read(beside) if examples and beside is not None else None
            rule, found = read_rule(shelf.read(path), vocabulary, calendars, extra)
            problems.extend(found)
            if rule is not None:
                problems.extend(_check_place(rule, path, rules))
                rules.append(rule)
    files = tuple(sorted(digest for shelf in shelves for digest in shelf.digests()))
    problems.extend(problem for shelf in shelves for problem in shelf.problems)
    rules.sort(key=lambda rule: rule.id)
    return Checklist(vocabulary, tuple(rules), calendars, files, (folder, *packs)), tuple(sorted(set(problems)))


def load_for_review(folder: Path, *packs: Path, kept: Iterable[Path] = ()) -> Checklist:
    """The rulebook as a review needs it: by a compiled text that was made of these very files, or else read whole.

    A compiled one holds no examples and no trees; `in_full` gives a rule with its own.

    Args:
        folder: as for `load_checklist`.
        packs: as for `load_checklist`.
        kept: where compiled texts may stand.

    Raises:
        InputError: with every problem of every file.
    """
    texts = [path for path in kept if path.is_file()]
    if texts:
        shelves = _shelves(folder, packs)
        files = tuple(sorted(digest for shelf in shelves for digest in shelf.digests()))
        if not any(shelf.problems for shelf in shelves):
            for path in texts:
                with suppress(InputError):
                    found = read_compiled(read_bytes(path, name=path.name, limits=_COMPILED), files)
                    if found is not None:
                        return replace(found, folders=(folder, *packs))
    return load_checklist(folder, *packs)


def in_full(rule: Rule, checklist: Checklist) -> Rule:
    """A rule of a checklist with the tree of its file, which a compiled rulebook leaves out.

    Raises:
        InputError: where its file is no longer the one that the checklist was made of.
    """
    if rule.root.entries:
        return rule
    for shelf in _shelves(checklist.folders[0], checklist.folders[1:]):
        for path in shelf.files():
            if shelf.called(path) == rule.file:
                found, problems = read_rule(shelf.read(path), checklist.vocabulary, checklist.calendars)
                if found is None or (rule.file, shelf.digest(path)) not in checklist.files:
                    what = "this file was changed while it was in use"
                    raise InputError(problems or [Problem(rule.file, 1, 1, what, "run the command again")])
                return found
    raise InputError([Problem(rule.file, 1, 1, "this file is gone", "run the command again")])


def _calendars(shelves: list[_Shelf]) -> tuple[dict[str, Calendar], list[Problem]]:
    """Every calendar by its name; a pack must not put its own in place of another's, for that would move limits unseen."""
    calendars: dict[str, Calendar] = {}
    problems: list[Problem] = []
    for shelf in shelves:
        for path in shelf.files("calendars"):
            document = shelf.read(path)
            if path.stem in calendars:
                hint = "give it a name of its own, and name it in your rules"
                problems.append(Problem(document.file, 1, 1, "a calendar of this name is there already", hint, "place"))
                continue
            try:
                calendars[path.stem] = load_calendar(document)
            except InputError as error:
                problems.extend(replace(problem, check="form") for problem in error.problems)
    return calendars, problems


def _check_place(rule: Rule, path: Path, others: list[Rule]) -> Iterator[Problem]:
    if path.stem != rule.id:
        what, hint = f"the rule {rule.id!r} stands in a file of another name", f"call the file {rule.id}.yaml"
        yield Problem(rule.file, rule.line, 1, what, hint, "place")
    if path.parent.name != rule.area.replace(" ", "-"):
        what, hint = (
            f"a rule of the area {rule.area!r} stands in another folder",
            f"move it to {rule.area.replace(' ', '-')}/",
        )
        yield Problem(rule.file, rule.line, 1, what, hint, "place")
    if any(other.id == rule.id for other in others):
        what = f"two rules have the id {rule.id!r}"
        yield Problem(rule.file, rule.line, 1, what, "every rule has an id of its own", "two-rules-one-id")


def read_profiles(checklist: Checklist) -> Iterator[tuple[Path, Document]]:
    """The files of the rulebook's profiles, as they were read."""
    for shelf in _shelves(checklist.folders[0], checklist.folders[1:]) if checklist.folders else ():
        for path in shelf.files("profiles"):
            yield path, shelf.read(path)


def _shelves(folder: Path, packs: tuple[Path, ...]) -> list[_Shelf]:
    """A rulebook is called `rules` wherever it was installed, so that its digest is the same everywhere; no two packs have one name."""
    shelves = [_Shelf(folder, "rules")]
    for pack in packs:
        name, number = pack.resolve().name, 1
        while name in [shelf.name for shelf in shelves]:
            number += 1
            name = f"{pack.resolve().name}-{number}"
        shelves.append(_Shelf(pack, name))
    return shelves


__all__ = ["in_full", "load_checklist", "load_for_review", "read_checklist", "read_profiles"]
