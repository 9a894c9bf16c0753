"""Where case files are: folders, lists, archives and standard input, each case in its turn; what is passed over is said, with why.

What was asked for is looked at in the order in which it was given, and a folder in the order of its names, code point by
code point, the same on every machine. Nothing is kept but the names of the folders that are open. No link that lies in a
folder is followed, nothing is written to disk, and no archive can make us hold more than a few of its members.

`.reviewignore` is read in the root of a folder under review, and only there: one file says what is left out, and whoever
reads the report can find it. A folder or file that is named, or found by a glob, is not held against those above it.
"""

import errno
import io
import os
import re
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Final, NamedTuple, Protocol, TypeAlias, TypeVar

from checklist import parquet, stores
from checklist.later import dataclass, pattern
from checklist.source import Document, InputError, Limits, Problem, parse_document, read_bytes, read_document


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that was passed over."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case, found but not read yet: a file, or a part of something that holds many.

    Attributes:
        name: How it is shown.
        path: Where it is on disk, or its URL; empty for a part of something.
        data: The bytes of a part: a member of an archive, a line, standard input.
        first_line: The line of what is named on which `data` begins.
        problem: Why the part could not be read.
    """

    name: str
    path: str = ""
    data: bytes | None = None
    first_line: int = 1
    problem: Problem | None = None


def read(case_file: CaseFile, limits: Limits) -> Document:
    """What a case file says; whatever is wrong with it is in the document, never raised."""
    name, first_line = case_file.name, case_file.first_line
    if case_file.problem is not None:
        return Document(name, None, (), (case_file.problem,), first_line=first_line)
    if case_file.data is None and stores.is_url(case_file.path):
        return read(with_content(case_file, limits), limits)
    if case_file.data is None:
        return read_document(Path(case_file.path), name=name, limits=limits)
    return parse_document(case_file.data, name=name, limits=limits, first_line=first_line)


def with_content(case_file: CaseFile, limits: Limits) -> CaseFile:
    """The case file with its bytes, or with why they cannot be read whole."""
    if case_file.problem is not None or case_file.data is not None:
        return case_file
    try:
        if stores.is_url(case_file.path):
            return replace(case_file, data=stores.read(case_file.path, limits.bytes))
        return replace(case_file, data=read_bytes(Path(case_file.path), name=case_file.name, limits=limits))
    except stores.StoreError as error:
        return replace(case_file, problem=_problem(case_file.name, error.what, error.hint))
    except InputError as error:
        return replace(case_file, problem=error.problems[0])


def found(paths: Iterable[str], *, stdin: Callable[[], bytes], limits: Limits) -> Iterator["Found"]:
    """Every case of what was asked for, each in its turn, and between them what was passed over and what is wrong.

    Args:
        paths: files, folders, archives, globs, URLs, `@` and the name of a list of them, `-` for standard input.
        stdin: gives all of standard input; asked once at most.
        limits: how much one case may hold.
    """
    for item in _places(paths):
        if isinstance(item, _Place):
            yield from _cases(item, stdin, limits)
        else:
            yield item


def count(paths: Iterable[str]) -> int | None:
    """How many case files there are; None where that cannot be known without reading them, or something is wrong.

    An archive, a file with a case a line or a row, and standard input count as one. No store is asked twice what it holds.
    """
    asked = list(paths)
    if any(map(stores.is_url, asked)):
        return None
    total = 0
    for item in _places(asked):
        if isinstance(item, Problem) or (isinstance(item, _Place) and stores.is_url(item.path)):
            return None
        total += isinstance(item, _Place)
    return total


class _Place(NamedTuple):
    """Something that holds a case, or cases."""

    path: str
    name: str
    kind: str


_Item: TypeAlias = _Place | Skipped | Problem
Found: TypeAlias = CaseFile | Skipped | Problem
"""What stands where a case was asked for."""
_T = TypeVar("_T")

_STDIN: Final = "standard input"
_KINDS: Final = {
    ".yaml": "case",
    ".yml": "case",
    ".json": "case",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".parquet": "rows",
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "tgz",
    ".tgz": "tgz",
}
_PACKED: Final = (".gz", ".bz2", ".xz", ".zst", ".7z", ".rar")
SUFFIXES: Final = tuple(_KINDS)
"""How the names of files end that are read as cases."""
_IGNORES: Final = ".reviewignore"
_SETTINGS: Final = frozenset({".review.yaml", "waivers.yaml", "review.lock", _IGNORES})
_NOT_A_CASE: Final = "settings, not a case"
_UNUSED: Final = f"nothing is left out, for {_IGNORES} cannot be used"
_HIDDEN: Final = "hidden"
CACHE: Final = ".review-cache"
"""The folder in which reviews are kept: ours, and no report tells of it, or the second run would say more than the first."""
_LINK: Final = "a link"
_SPECIAL: Final = "not a regular file"
_TWICE: Final = "given twice"
_SUFFIXES: Final = f"expected files that end in {', '.join(_KINDS)}"

_MAGIC: Final = pattern(r"[*?\[]")
_MARK: Final = b"\xef\xbb\xbf"  # the byte order mark that some editors put before UTF-8
_LONGEST_PATH: Final = 1 << 16
_LONGEST_NAME: Final = 200  # of a row
_MOST_PATTERN_BYTES: Final = 1 << 20
_MOST_PATTERNS: Final = 1_000
_MOST_STARS: Final = 3  # each one more multiplies the time that the longest of names can take
_BLOCK: Final = 512  # of a tar
_END_OF_ZIP: Final = 22  # and a comment of up to 65,535 bytes
_MOST_MEMBERS: Final = 1_000_000
_MOST_HEADER: Final = 1 << 16  # of one member of a tar
_MOST_NAMES: Final = 1 << 28  # of all of them together: packed, long names are small
_MOST_UNPACKED: Final = 1 << 34
_MOST_HELD: Final = 1 << 25  # of a packed tar whose members are not in order


def _kind(name: str) -> str:
    """What a file holds by its suffix, or "" for no case."""
    lower = name.lower()
    stem, dot, suffix = lower.rpartition(".")
    if stem.endswith(".tar") and suffix == "gz":
        return "tgz"
    return _KINDS.get(dot + suffix, "") if stem else ""


def _other(name: str) -> str:
    suffix = PurePath(name).suffix
    return f"not a case file ({suffix})" if suffix else "not a case file"


def _problem(name: str, what: str, hint: str = "", line: int = 1) -> Problem:
    return Problem(name, line, 1, what, hint)


def _why(error: OSError | ValueError) -> str:
    # Only the system's own words: str(error) would give the whole path.
    words = error.strerror if isinstance(error, OSError) else None
    return words or "not a possible name"


def _unless_empty(items: Iterator[_T], otherwise: Callable[[], Problem]) -> Iterator[_T | Problem]:
    """All of them, and what is wrong where there was no case, nothing wrong, and nothing that was given before."""
    empty = True
    for item in items:
        empty = empty and isinstance(item, Skipped) and item.why != _TWICE
        yield item
    if empty:
        yield otherwise()


def _opened(path: str) -> BinaryIO:
    """A regular file, open; anything else is refused, and a pipe cannot hold us."""
    if stores.is_url(path):
        with _as_of_disk():
            local = stores.local_path(path)
            if local is None:
                return stores.opened(path)
            path = local
    flags = os.O_RDONLY
    for flag in ("O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    handle = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, _SPECIAL)
    return os.fdopen(handle, "rb")


@contextmanager
def _as_of_disk() -> Iterator[None]:
    """What a store says, in the way in which a disk says it."""
    try:
        yield
    except stores.StoreError as error:
        raise OSError(errno.ENOENT if error.absent else errno.EIO, f"{error.what}; {error.hint}") from None


# From what was asked to places.


def _places(paths: Iterable[str]) -> Iterator[_Item]:
    asked = list(paths)
    if not asked:
        yield _problem("", "nothing was given to review", "give files or folders, or - for standard input")
    search = _Search(many=len(asked) > 1 or any(text.startswith("@") for text in asked))
    for text in asked:
        yield from search.asked(text)


class _Search:
    """Looks for what was asked, and knows what it has met."""

    def __init__(self, *, many: bool) -> None:
        self.met: set[int | str] | None = set() if many else None  # one path never leads to a file twice
        self.names: Counter[str] = Counter()

    def asked(self, text: str) -> Iterator[_Item]:
        """What one word of the command asks for."""
        if text == "-":
            if self.is_known("-"):
                yield Skipped(_STDIN, _TWICE)
            else:
                yield _Place("", _STDIN, "stdin")
        elif text.startswith("@"):
            yield from self.listed(text[1:])
        else:
            yield from self.at(text)

    def at(self, text: str, hint: str = "check the path") -> Iterator[_Item]:
        """A file, a folder, or all that a glob finds."""
        if not text:
            yield _problem("", "an empty path", hint)
            return
        if stores.is_url(text):
            yield from self.at_url(text)
            return
        path = Path(text)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            if _MAGIC.search(text) and "\0" not in text:
                yield from self.globbed(path, hint)
            else:
                yield _problem(self.shown(path), _absent(path, error), hint)
            return
        name = self.shown(path)
        if stat.S_ISDIR(mode):
            yield from self.folder(str(path), name)
        elif path.name in _SETTINGS:
            yield Skipped(name, _NOT_A_CASE)
        elif not _kind(path.name) and path.suffix.lower() in _PACKED:
            yield _problem(
                name, f"a packed file ({path.suffix})", "unpack it; of packed files .zip, .tar and .tar.gz are read"
            )
        else:
            yield self.placed(str(path), name, _kind(path.name) or "case")

    def at_url(self, url: str) -> Iterator[_Item]:
        """A file or a folder of a store; a `file://` is a path like any other."""
        name = stores.shown(url)
        try:
            path = stores.local_path(url)
            folder = path is None and stores.is_folder(url)
        except stores.StoreError as error:
            yield _problem(name, error.what, error.hint)
            return
        last = PurePath(name).name
        if path is not None:
            yield from self.at(path, "check the path behind file://")
        elif folder:
            yield from self.folder(url, name)
        elif last in _SETTINGS:
            yield Skipped(name, _NOT_A_CASE)
        else:
            yield self.placed(url, name, _kind(last) or "case")

    def shown(self, path: Path) -> str:
        """A path as reports show it: with nothing of it that the user did not type, and of an absolute one only the end.

        Where that gives a name that was given before, a number tells them apart.
        """
        if not path.is_absolute():
            return path.as_posix()
        whole = Path(os.path.normpath(path))
        try:
            return whole.relative_to(Path.cwd()).as_posix()
        except (OSError, ValueError):  # elsewhere, or the working directory is no more
            name = whole.name or whole.as_posix()
        self.names[name] += 1
        return name if self.names[name] == 1 else f"{name} ({self.names[name]})"

    def placed(self, path: str, name: str, kind: str) -> _Place | Skipped:
        """A file that holds cases, unless it was met before."""
        return (
            Skipped(name, _TWICE)
            if self.met is not None and self.is_known(_identity(path))
            else _Place(path, name, kind)
        )

    def is_known(self, identity: int | str) -> bool:
        """Whether it was met before; from now on it was."""
        if self.met is None:
            return False
        before = len(self.met)
        self.met.add(identity)
        return len(self.met) == before

    def listed(self, text: str) -> Iterator[_Item]:
        """All that a list of paths asks for."""
        name = self.shown(Path(text)) if not stores.is_url(text) else stores.shown(text)
        if not text or text == "-":
            yield _problem(name, "a list is read from a file only", "write @ and the name of the file")
            return
        try:
            file = _opened(text)
        except (OSError, ValueError) as error:
            yield _problem(name, f"the list cannot be read: {_why(error)}", "check the path behind the @")
            return
        with file:
            items = self.lines_of(file, name)
            yield from _unless_empty(
                items, lambda: _problem(name, "this list names no case file", "write a path a line")
            )

    def lines_of(self, file: BinaryIO, name: str) -> Iterator[_Item]:
        """All that the lines of a list ask for."""
        number = 0
        try:
            while raw := file.readline(_LONGEST_PATH):
                number += 1
                text = _path_in(raw.removeprefix(_MARK) if number == 1 else raw)
                if text is None:
                    what = "not a path in UTF-8: what follows in this list was not read"
                    yield _problem(name, what, "save the list as UTF-8, a path a line", number)
                    return
                yield from self.on_line(text, name, number)
        except OSError as error:
            yield _problem(name, f"the list cannot be read: {_why(error)}", "copy it to another disk", number + 1)

    def on_line(self, text: str, name: str, number: int) -> Iterator[_Item]:
        """What one line of a list asks for."""
        if text.startswith("@"):
            yield _problem(name, "a list inside a list", "write the paths of both into one", number)
        elif text == "-":
            yield from self.asked(text)
        elif text.strip() and not text.lstrip().startswith("#"):
            yield from self.at(text, f"line {number} of {name} names it")

    def folder(self, path: str, name: str) -> Iterator[_Item]:
        """All that lies in a folder."""
        top, problems = _entered(path, name)
        yield from problems
        if top is None:
            return

        def nothing() -> Problem:
            hint = f"{_IGNORES} leaves out what there is" if top.ignore and top.ignore.used else _SUFFIXES
            return _problem(name, "this folder holds no case file", hint)

        yield from _unless_empty(self.walked(top), nothing)

    def globbed(self, path: Path, hint: str) -> Iterator[_Item]:
        """All that a glob finds. A folder that it finds is taken whole."""
        parts = path.parts
        first = next(at for at, part in enumerate(parts) if _MAGIC.search(part))
        base = Path(*parts[:first])
        name = self.shown(base)
        whole = "/".join(part for part in (name, *parts[first:]) if part != ".")
        glob = _Glob(parts[first:])

        def nothing() -> Problem:
            return _problem(whole, "no case file matches this pattern", "** stands for any number of folders")

        if glob.is_end(glob.start):
            yield from self.folder(str(base), name)
            return
        top, problems = _entered(str(base), name, glob.start)
        if top is None:
            yield _problem(whole, problems[0].what, hint)
        else:
            yield from _unless_empty(self.walked(top, glob), nothing)

    def walked(self, top: "_Folder", glob: "_Glob | None" = None) -> Iterator[_Item]:
        """All that lies in a folder and below it. A stack instead of recursion: no folder is too deep."""
        stack = [top]
        while stack:
            folder = stack[-1]
            name = next(folder.names, None)
            if name is None:
                stack.pop()
                continue
            kind, states = folder.kinds.get(name, "file"), folder.states
            if glob is not None and states is not None:
                states = glob.after(states, name)
                if not states:
                    continue
                if glob.is_end(states):
                    states = None
                elif kind not in {"folder", _LINK}:
                    continue
            why = folder.why_not(name, kind, asked=folder.states is not None)
            if why:
                yield Skipped(folder.shown + name, why)
            elif kind == "folder":
                above = folder if folder.states is None else None
                inner, problems = _entered(folder.path + name, folder.shown + name, states, above)
                yield from problems
                if inner is not None:
                    stack.append(inner)
            else:
                yield self.placed(folder.path + name, folder.shown + name, _kind(name))


def _path_in(raw: bytes) -> str | None:
    """The path on a line of a list, or None if it can be none."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text or len(raw) == _LONGEST_PATH else text.removesuffix("\n").removesuffix("\r")


def _absent(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "a link that leads nowhere" if path.is_symlink() else "there is no such file or folder"
    return f"it cannot be reached: {_why(error)}"


def _identity(path: str) -> int | str:
    """What two ways to one file have in common. Two names of one file in a folder are two cases, as when it is given alone."""
    try:
        status = Path(path).stat()
    except OSError:
        return path
    if status.st_nlink > 1 or not status.st_ino:
        return os.path.realpath(path)
    return status.st_dev << 64 | status.st_ino


@dataclass(slots=True)
class _Folder:
    """A folder that is being walked through."""

    path: str
    shown: str
    inside: str
    """Where it is below the root, as `.reviewignore` sees it."""
    names: Iterator[str]
    kinds: dict[str, str]
    """What is not a plain file."""
    ignore: "_Ignore | None"
    states: frozenset[int] | None
    """How much of a glob is fulfilled; None where everything is wanted."""

    def why_not(self, name: str, kind: str, *, asked: bool) -> str:
        """Why something in it is passed over, or ""."""
        if name in _SETTINGS:
            return _NOT_A_CASE
        if name.startswith(".") and not asked:
            return _HIDDEN
        line = self.ignore.line_for(self.inside + name, is_folder=kind == "folder") if self.ignore else 0
        if line:
            return f"ignored by line {line} of {_IGNORES}"
        if kind in {_LINK, _SPECIAL}:
            return kind
        return "" if kind == "folder" or _kind(name) else _other(name)


def _entered(
    path: str, name: str, states: frozenset[int] | None = None, above: _Folder | None = None
) -> tuple[_Folder | None, list[Problem]]:
    """A folder with its names in order, and what is wrong with it; one without a folder above is a root."""
    names: list[str] = []
    kinds: dict[str, str] = {}
    try:
        # Names alone are kept: of a million entries they take a third of the memory.
        for entry, kind in _listed(path):
            if entry == CACHE and kind == "folder":
                continue
            names.append(entry)
            if kind != "file":
                kinds[entry] = kind
    except OSError as error:
        what = f"this folder cannot be read: {_why(error)}"
        return None, [_problem(name, what, "ask for the right to read it, or leave it out")]
    names.sort()
    problems: list[Problem] = []
    ignore = above.ignore if above else None
    if above is None and states is None and _IGNORES in names:
        ignore, problems = _ignoring(path, name, kinds.get(_IGNORES, "file"))
    step = "/" if stores.is_url(path) else os.sep
    prefix = "" if path == "." else path if path.endswith(("/", step)) else path + step
    shown = "" if name == "." else name if name.endswith("/") else name + "/"
    inside = f"{above.inside}{PurePath(path).name}/" if above else ""
    return _Folder(prefix, shown, inside, iter(names), kinds, ignore, states), problems


def _listed(path: str) -> Iterator[tuple[str, str]]:
    """The names in a folder, and what each of them is; a store knows files and folders only."""
    if stores.is_url(path):
        with _as_of_disk():
            entries = stores.listed(path)
        yield from ((entry.name, "folder" if entry.is_folder else "file") for entry in entries)
        return
    with os.scandir(path) as found_:
        for entry in found_:
            yield entry.name, _kind_of(entry)


def _kind_of(entry: os.DirEntry[str]) -> str:
    # A junction is Windows' other link; Python knows it from 3.12 on.
    if entry.is_symlink() or getattr(entry, "is_junction", bool)():
        return _LINK
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else _SPECIAL


class _Glob:
    """The part of a glob from its first wild card on, a step a folder. How far a path has come is the set of steps taken."""

    def __init__(self, parts: Sequence[str]) -> None:
        import fnmatch  # noqa: PLC0415 - only where a glob is given

        case = re.IGNORECASE if os.name == "nt" else 0
        self.steps = [None if part == "**" else re.compile(fnmatch.translate(part), case) for part in parts]
        self.bares = [part.startswith(".") for part in parts]
        self.start = self.opened({0})

    def opened(self, states: set[int]) -> frozenset[int]:
        """The steps, with those that `**` lets be left out."""
        for state in sorted(states):
            at = state
            while at < len(self.steps) and self.steps[at] is None:
                at += 1
                states.add(at)
        return frozenset(states)

    def is_end(self, states: frozenset[int]) -> bool:
        """Whether the whole glob is fulfilled."""
        return len(self.steps) in states

    def after(self, states: frozenset[int], name: str) -> frozenset[int]:
        """The steps taken with one more name; none where it leads nowhere. Hidden names are to be asked for, as in a shell."""
        hidden = name.startswith(".")
        taken: set[int] = set()
        for state in states:
            step = self.steps[state]
            if step is None:
                if not hidden:
                    taken.add(state)
            elif (not hidden or self.bares[state]) and step.match(name):
                taken.add(state + 1)
        return self.opened(taken)


class _Ignore:
    """The patterns of a `.reviewignore`, understood as git understands a `.gitignore`.

    The library's own answers are for whole paths, and cannot say what git says of a folder on the way. Here each level is
    asked, the last pattern decides, and nothing below a folder that is left out is looked at: so git does.
    """

    def __init__(self, rules: list[tuple[re.Pattern[str], bool, int]]) -> None:
        self.rules = rules[::-1]
        self.used = 0

    def line_for(self, path: str, *, is_folder: bool) -> int:
        """The line of the pattern that leaves a path out, or 0."""
        asked = path.replace("\n", "\0") + "/" * is_folder  # a dot matches anything but a line end
        for regex, leaves_out, line in self.rules:
            if _matches(regex, asked):
                if leaves_out and (is_folder or _kind(path)):
                    self.used += 1
                return line if leaves_out else 0
        return 0


def _matches(regex: re.Pattern[str], path: str) -> bool:
    """Whether the pattern means the path itself, and not a folder above it, of which the library marks the slash."""
    match = regex.search(path)
    if match is None or "ps_d" not in regex.groupindex or match.group("ps_d") is None:
        return match is not None
    return match.end("ps_d") == len(path)


def _ignoring(folder: str, name: str, kind: str) -> tuple[_Ignore | None, list[Problem]]:
    """What the `.reviewignore` of a folder leaves out. If anything is wrong with it, nothing is left out."""
    file = _IGNORES if name == "." else f"{name.removesuffix('/')}/{_IGNORES}"
    try:
        lines = _patterns(folder, kind)
    except (OSError, UnicodeDecodeError) as error:
        words = _why(error) if isinstance(error, OSError) else "not valid UTF-8"
        return None, [_problem(file, f"{_UNUSED}: {words}", "write a pattern a line, in UTF-8, into a regular file")]
    rules: list[tuple[re.Pattern[str], bool, int]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        text = line.removesuffix("\r")
        if not text.strip() or text.startswith("#"):
            continue
        if len(rules) + len(problems) == _MOST_PATTERNS:
            what = f"{_UNUSED}: more than {_MOST_PATTERNS:,} patterns"
            problems.append(_problem(file, what, "leave out whole folders", number))
            break
        rule = _rule(text)
        if rule is None:
            problems.append(_problem(file, f"{_UNUSED}: not a pattern", "write it as in a .gitignore", number))
        else:
            rules.append((*rule, number))
    return (None, problems) if problems else (_Ignore(rules), [])


def _patterns(folder: str, kind: str) -> list[str]:
    if kind != "file":
        raise OSError(errno.EINVAL, "a folder" if kind == "folder" else kind)
    at = f"{folder.rstrip('/')}/{_IGNORES}" if stores.is_url(folder) else str(Path(folder) / _IGNORES)
    with _opened(at) as opened:
        data = opened.read(_MOST_PATTERN_BYTES + 1)
    if len(data) > _MOST_PATTERN_BYTES:
        raise OSError(errno.EFBIG, f"larger than {_MOST_PATTERN_BYTES:,} bytes")
    return data.removeprefix(_MARK).decode().split("\n")


def _rule(text: str) -> tuple[re.Pattern[str], bool] | None:
    """A pattern as a regular expression, and whether it leaves out; None if it cannot be used."""
    import warnings  # noqa: PLC0415 - only where there is such a file

    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only where there is such a file

    plain = _plainly(text)
    segments = plain.split("/")
    if segments.count("**") > _MOST_STARS or "[[:" in plain or max(part.count("*") for part in segments) > _MOST_STARS:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # `[[]`, which Python may one day read otherwise
            (pattern,) = GitIgnoreSpec.from_lines([plain]).patterns
    except (ValueError, re.error):
        return None
    regex: Any = getattr(pattern, "regex", None)
    return None if pattern.include is None or regex is None else (regex, pattern.include)


def _plainly(text: str) -> str:
    """A pattern in other words that the library translates without exceptions, and that mean the same to git."""
    text = text if text.endswith("\\ ") else text.rstrip(" ")
    negated = "!" * text.startswith("!")
    body = text.removeprefix("!")
    segments = ["?*" if part == "*" else part for part in body.split("/")]
    last = -2 if len(segments) > 1 and not segments[-1] else -1
    if segments[last] == "**":  # what lies in a folder, not the folder
        segments.insert(len(segments) + last + 1, "?*")
    return negated + "\\" * body[:1].isspace() + "/".join(segments)


# From places to cases.


def _cases(place: _Place, stdin: Callable[[], bytes], limits: Limits) -> Iterator[Found]:
    if place.kind == "case":
        yield CaseFile(place.name, place.path)
    elif place.kind == "stdin":
        yield _typed(stdin)
    else:
        yield from _unless_empty(
            _contained(place, limits),
            lambda: _problem(place.name, "there is no case in this file", "leave it out, or put cases into it"),
        )


def _typed(stdin: Callable[[], bytes]) -> CaseFile | Problem:
    try:
        return CaseFile(_STDIN, data=stdin())
    except (OSError, ValueError) as error:
        return _problem(_STDIN, f"{_STDIN} cannot be read: {_why(error)}", "pipe a case into the command")


def _contained(place: _Place, limits: Limits) -> Iterator[Found]:
    """The cases of a file that holds many."""
    try:
        file = _opened(place.path)
    except (OSError, ValueError) as error:
        yield _problem(place.name, f"the file cannot be opened: {_why(error)}", "give the path of a readable file")
        return
    with file:
        before = _state(file, place)
        if place.kind == "lines":
            yield from _lines(file, place.name, limits)
        elif place.kind == "rows":
            yield from _rows(file, place.name, limits)
        else:
            yield from _archived(file, place, limits)
        after = _state(file, place)
    if before != after:
        what = "the file changed while it was being read"
        yield _problem(place.name, what, "try again when nothing writes to it")


def _state(file: BinaryIO, place: _Place) -> tuple[int, int]:
    """By what it is seen that a file changes; a store never changes a file that is being read, but puts another in its place."""
    if stores.is_url(place.path):
        return 0, 0
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _lines(file: BinaryIO, name: str, limits: Limits) -> Iterator[Found]:
    """A case a line; blank ones are passed over."""
    most = limits.bytes
    number = 0
    try:
        while line := file.readline(most + 3):
            number += 1
            text = line.removesuffix(b"\n").removesuffix(b"\r")
            if len(text) > most:
                while line and not line.endswith(b"\n"):
                    line = file.readline(_LONGEST_PATH)
                what = f"the line is longer than {most:,} bytes"
                problem = _problem(name, what, "write the case in a file of its own, and split it", number)
                yield CaseFile(name, first_line=number, problem=problem)
            elif line == text and text.lstrip().startswith(b"{") and not text.rstrip().endswith(b"}"):
                what = "the last line breaks off; the file was cut short, and more may be missing"
                problem = _problem(name, what, "copy the file again", number)
                yield CaseFile(name, first_line=number, problem=problem)
            elif (text.removeprefix(_MARK) if number == 1 else text).strip():
                yield CaseFile(name, data=text, first_line=number)
    except OSError as error:
        yield _problem(name, f"the file cannot be read: {_why(error)}", "copy it to another disk", number + 1)


def _rows(file: BinaryIO, name: str, limits: Limits) -> Iterator[Found]:
    """A case a row, named by its number, and by what the table calls it."""
    try:
        for row in parquet.rows(file):
            called = "/".join(_parts(row.name))[:_LONGEST_NAME]
            shown = f"{name}/{row.number}{' ' if called else ''}{called}"
            what, hint = "", ""
            if row.data is None:
                what, hint = "this row has no text", "put the text of a case file into it, or leave it out"
            elif len(row.data) > limits.bytes:
                what = f"the text of this row is longer than {limits.bytes:,} bytes"
                hint = "write the case in a file of its own, and split it"
            if what:
                yield CaseFile(shown, problem=_problem(shown, what, hint))
            else:
                yield CaseFile(shown, data=row.data)
    except parquet.TableError as error:
        yield _problem(name, error.what, error.hint)


_Parts: TypeAlias = tuple[str, ...]


class _Member(NamedTuple):
    """A member of an archive that is no folder."""

    parts: _Parts
    where: Any
    """As the archive has it."""
    size: int
    why: str = ""
    """Why it is passed over, whatever its name."""


class _Archive(Protocol):
    """A file that holds others: what it holds, why that may not be all, and the bytes of members in the order of their names."""

    members: list[_Member]
    fault: str

    def contents(self, members: list[_Member]) -> Iterator[bytes | None]:
        """The bytes of each in its turn; None where they cannot be read."""


_TOO_MANY: Final = "more members than an archive may have; the others were not read"
_BROKEN: Final = "the archive is broken; what follows in it cannot be read"
_FAULTS: Final = (OSError, EOFError, ValueError, RuntimeError, LookupError, ArithmeticError, struct.error, zlib.error)
_REPLACED: Final = "replaced by a later member of the same name"


def _archived(file: BinaryIO, place: _Place, limits: Limits) -> Iterator[Found]:
    """The cases of an archive, in the order of their names. Names are for showing only: nothing is written anywhere."""
    archive: _Archive = _Zip(file, limits) if place.kind == "zip" else _Tar(file, limits, is_packed=place.kind == "tgz")
    wanted: list[_Member] = []
    members = sorted(archive.members, key=lambda member: member.parts)
    below: _Parts = ("\0",)  # the hidden folder that was named last
    for at, member in enumerate(members):
        why, hidden = _why_not(member, members[at + 1] if at + 1 < len(members) else None)
        if not why:
            wanted.append(member)
        elif not hidden or hidden != below:
            yield Skipped("/".join((place.name, *(hidden or member.parts))), why)
            below = hidden or below
    for member, data in zip(wanted, archive.contents(wanted), strict=True):
        name = "/".join((place.name, *member.parts))
        if data is None:
            yield _problem(name, "this member of the archive cannot be read", "make the archive again")
        else:
            yield CaseFile(name, data=data)
    if archive.fault:
        yield _problem(place.name, archive.fault, "make the archive again")


def _why_not(member: _Member, following: _Member | None) -> tuple[str, _Parts]:
    """Why a member is passed over, or ""; and what of its path is hidden."""
    name = member.parts[-1] if member.parts else ""
    if name in _SETTINGS:
        return _NOT_A_CASE, ()
    hidden = next((at for at, part in enumerate(member.parts, 1) if part.startswith(".")), 0)
    if hidden:
        return _HIDDEN, member.parts[:hidden]
    kind = _kind(name)
    if member.why or kind == "case":
        same = following is not None and following.parts == member.parts
        return member.why or _REPLACED * same, ()
    if not kind:
        return _other(name), ()
    insides = {"lines": "a case a line, inside an archive", "rows": "a case a row, inside an archive"}
    return insides.get(kind, "an archive inside an archive"), ()


def _parts(name: str) -> _Parts:
    """A member's name in parts. An absolute one begins with an empty part; a step upwards is shown and is none any more."""
    parts = tuple(
        r"\u{2e}\u{2e}" if part == ".." else part for at, part in enumerate(name.split("/")) if part not in {"", "."}
    )
    return ("", *parts) if name.startswith("/") else parts


class _Zip:
    """A .zip. Its own index says what it holds."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        import zipfile  # noqa: PLC0415 - only where there is one

        self.most = limits.bytes + 1
        self.members: list[_Member] = []
        self.fault = ""
        self.methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a bound
        self.faults = (*_FAULTS, zipfile.BadZipFile)
        try:
            self.archive = zipfile.ZipFile(file)
        except self.faults:
            self.fault = "this is not a .zip, or it is broken"
            return
        packed = 0
        for info in self.archive.infolist():
            packed += info.compress_size
            if len(self.members) == _MOST_MEMBERS:
                self.fault = _TOO_MANY
                break
            if info.file_size or not info.filename.endswith(("/", "\\")):
                # Some programs on Windows write backslashes.
                self.members.append(
                    _Member(_parts(info.filename.replace("\\", "/")), info, info.file_size, _of_zip(info))
                )
        if not _is_whole(file, len(self.archive.infolist())):
            self.fault = self.fault or "the index of this archive is broken; some members may be missing"
        if packed > file.seek(0, os.SEEK_END):
            self.members, self.fault = [], "the members of this archive lie over one another; none was read"

    def contents(self, members: list[_Member]) -> Iterator[bytes | None]:
        """The bytes of each in its turn."""
        for member in members:
            yield self.bytes_of(member)

    def bytes_of(self, member: _Member) -> bytes | None:
        """The bytes of one, or one more than a case may have; None if they cannot be read or are not what was packed."""
        if member.where.compress_type not in self.methods:
            return None
        try:
            with self.archive.open(member.where) as opened:
                return opened.read(self.most)
        except self.faults:
            return None


def _is_whole(file: BinaryIO, listed: int) -> bool:
    """Whether a .zip lists as many members as it says at its end; the library does not ask. 65,535 stands for more."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_PATH - _END_OF_ZIP))
    end = file.read()
    at = end.rfind(b"PK\5\6")
    said = int.from_bytes(end[at + 10 : at + 12], "little")
    return said in {0xFFFF, listed & 0xFFFF}


def _of_zip(info: Any) -> str:
    mode = info.external_attr >> 16
    if info.flag_bits & 0x41:  # the second bit is the strong encryption
        return "encrypted"
    if stat.S_ISLNK(mode):
        return _LINK
    return _SPECIAL if stat.S_IFMT(mode) not in {0, stat.S_IFREG} else ""


class _Tar:
    """A .tar, packed or not. It has no index: it is read through once to make one, and again for what it holds."""

    def __init__(self, file: BinaryIO, limits: Limits, *, is_packed: bool) -> None:
        import tarfile  # noqa: PLC0415 - only where there is one

        self.most = limits.bytes + 1
        self.members: list[_Member] = []
        self.faults = (*_FAULTS, tarfile.TarError)
        self.file: Any = file
        if is_packed:
            import gzip  # noqa: PLC0415 - only where there is one

            self.file = gzip.GzipFile(fileobj=file)
        try:
            self.fault = self.indexed(_Onwards(self.file))
        except self.faults:
            self.fault = _BROKEN if self.members else "this is not such an archive, or it is broken"

    def indexed(self, file: "_Onwards") -> str:
        """What is wrong with the archive, or "", its members noted."""
        import tarfile  # noqa: PLC0415 - only where there is one

        as_file: Any = file
        names = 0
        with tarfile.open(fileobj=as_file, mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
            while (info := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # or it would keep them all
                file.allowed = _MOST_HEADER
                names += len(info.name)
                if len(self.members) == _MOST_MEMBERS or names > _MOST_NAMES:
                    return _TOO_MANY
                if info.size < 0:
                    return _BROKEN
                if not info.isdir():
                    self.members.append(_Member(_parts(info.name), info.offset_data, info.size, _of_tar(info)))
        return file.ended()

    def contents(self, members: list[_Member]) -> Iterator[bytes | None]:
        """The bytes of each in its turn.

        What is packed can be read in its own order only. Members in another order are read and held until it is their
        turn, but never more than a certain size of them: then the archive is read from its beginning again.
        """
        for batch in self.batches(members):
            held = {at: self.bytes_of(batch[at]) for at in sorted(range(len(batch)), key=lambda at: batch[at].where)}
            for at in range(len(batch)):
                yield held.pop(at)

    def batches(self, members: list[_Member]) -> Iterator[list[_Member]]:
        """The members, as many at a time as are held."""
        batch: list[_Member] = []
        held = 0
        for member in members:
            size = min(member.size, self.most)
            if batch and held + size > _MOST_HELD:
                yield batch
                batch, held = [], 0
            batch.append(member)
            held += size
        yield batch

    def bytes_of(self, member: _Member) -> bytes | None:
        """The bytes of one, or one more than a case may have; None if they are not all there."""
        size = min(member.size, self.most)
        try:
            self.file.seek(member.where)
            data = self.file.read(size)
        except self.faults:
            return None
        return data if len(data) == size else None


def _of_tar(info: Any) -> str:
    if info.issym() or info.islnk():
        return _LINK
    if info.issparse():
        return "a file with holes"
    return "" if info.isreg() else _SPECIAL


class _Onwards:
    """A tar as its library reads it: onwards only, so that no size can lead it round, and with a bound on every header."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.at = 0
        self.last = b""
        self.allowed = _MOST_HEADER

    def tell(self) -> int:
        """Where it is."""
        return self.at

    def seek(self, to: int) -> int:
        """Go on to a place."""
        if not self.at <= to <= _MOST_UNPACKED:
            raise OSError(errno.EINVAL, _BROKEN)
        self.at = self.file.seek(to)
        return self.at

    def read(self, size: int) -> bytes:
        """Some bytes of a header."""
        self.allowed -= size
        if size < 0 or self.allowed < 0:
            raise OSError(errno.EFBIG, _BROKEN)
        self.last = self.file.read(size)
        self.at += len(self.last)
        return self.last

    def ended(self) -> str:
        """What is wrong with the end, or "". The library takes a broken header, or none, for an end like any other."""
        if len(self.last) != _BLOCK or self.last.strip(b"\0"):
            return _BROKEN
        while more := self.file.read(io.DEFAULT_BUFFER_SIZE):  # to its last byte, where gzip has its checksum
            self.at += len(more)
            if more.strip(b"\0") or self.at > _MOST_UNPACKED:
                return "something follows the end of the archive, and was not read"
        return ""
