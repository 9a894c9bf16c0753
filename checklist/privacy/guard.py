"""One pass over a case file: everything that is looked for, the places it was found in, and what is said of them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import accumulate, chain, pairwise
from typing import Final, NamedTuple

from checklist.later import dataclass, pattern
from checklist.privacy import identifiers, names
from checklist.privacy.excuses import FILE_NAME, Excuse
from checklist.privacy.fields import REFUSED, Fields, refused
from checklist.privacy.kinds import OURS, Detector, Hit, Level, listed
from checklist.privacy.plain import Page, plain
from checklist.privacy.words import words_in, words_of
from checklist.source import Document, InputError, Mapping, Node, Problem, Scalar, Sequence
from checklist.vocabulary import CASE_KEYS, ITEM_KEYS, FactType, Vocabulary

GROUP: Final = "casefile_checklist.detectors"
"""The group of entry points under which other packages offer detectors."""
_MOST: Final = 100
"""Places told of one file: whoever has so many must write it anew."""
_FEW: Final = 24
_JOINT: Final = 40
_ORDER: Final = {name: number for number, name in enumerate(OURS)}
_BLANKS: Final = pattern(r"\s+")
_SCHEMA_LINE: Final = pattern(r"[ \t]*# ?yaml-language-server: \$schema=[^ \t]+\.json[ \t]*")
_NOT_OF_FILE_NAMES: Final = frozenset({"reference", "exhibit-label", "registration", "organisation", "stands-out"})
_ENDINGS: Final = pattern(r"\.[a-z\d]{1,8}\Z", re.IGNORECASE)
_FACT_KEYS: Final = frozenset(
    listed(
        "ref about count at from until by known written_down source note is done reason decided_by decided_at "
        "conflicting at_least at_most rule subject answer weekday month"
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Suspicion:
    """What may identify somebody, and where; what it was is not kept."""

    line: int
    """Counted from 1; of the file's name, its first line."""
    column: int
    """Counted from 1, in characters of the file; 0 for the name of the file."""
    detector: str
    level: Level


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the guard says of one file."""

    suspicions: tuple[Suspicion, ...] = ()
    """All that was found and not excused."""
    errors: tuple[Problem, ...] = ()
    """With any of these the file is not reviewed."""
    warnings: tuple[Problem, ...] = ()
    """What a strict guard would refuse."""
    excused: tuple[Excuse, ...] = ()
    """The excuse that was used, once for each place that it excused."""


class _Found(NamedTuple):
    """A hit at its place, line and column from 1, and what was there, for comparison only."""

    line: int
    column: int
    hit: Hit
    text: str


class Guard:
    """Looks through case files; made once for a run, and sent to other processes as it is."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        strict: bool = False,
        excuses: Iterable[Excuse] = (),
        detectors: Iterable[Detector] = (),
    ) -> None:
        """A guard for the case files of a rulebook.

        Args:
            vocabulary: the words that a case may use.
            strict: whether unknown words are errors too.
            excuses: places that may be passed over.
            detectors: detectors of others, such as `load_detectors` gives.
        """
        self.vocabulary = vocabulary
        self.strict = strict
        self.excuses = tuple(excuses)
        self.detectors = tuple(detectors)
        self.kinds = OURS | {detector.name: detector for detector in self.detectors}
        self._known = words_of(vocabulary)
        self._keys = frozenset(_keys_of(vocabulary))

    def check(self, document: Document) -> Guarded:
        """What in a file, or in its name, may identify somebody.

        Args:
            document: the file as it was read, problems or not; its name is that by which the user calls it, relative to
                what is reviewed. Of an absolute path only the last part is looked at.
        """
        return _Pass(self, document).told()

    def find(self, text: str) -> tuple[tuple[int, int, Detector], ...]:
        """Where in a text something begins and ends that may identify somebody, and what; none overlap.

        Raises:
            InputError: where a detector of others failed: the text was not looked through.
        """
        page = Page(text.split("\n"))
        starts = [0, *accumulate(len(line) + 1 for line in page.raw)]
        failed: set[str] = set()
        hits = [*self.hits(page), *self.others(page, failed)]
        if failed:
            raise InputError([Problem("", 1, 1, f"the detector {name} failed") for name in sorted(failed)])
        found = []
        for one in _apart([_found(page, hit) for hit in hits], self.kinds):
            line, last = page.place(max(one.hit.start, one.hit.end - 1))
            found.append((starts[one.line - 1] + one.column - 1, starts[line] + last + 1, self.kinds[one.hit.detector]))
        return tuple(found)

    def hits(self, page: Page) -> Iterator[Hit]:
        """What our own detectors find in a text, what identifies somebody by itself first."""
        words = words_in(page.text)
        yield from _by_shape(page)
        yield from identifiers.by_word(page.text, words | {word.lower() for word in words})
        odd = names.suspects(words, page.text, self._known)
        if odd:
            for number in _lines_with(page, odd) if len(odd) <= _FEW else range(len(page.lines)):
                start = page.starts[number]
                for hit in names.find(page.lines[number], odd, self._known):
                    yield Hit(hit.start + start, hit.end + start, hit.detector)

    def others(self, page: Page, failed: set[str]) -> Iterator[Hit]:
        """What the detectors of others find in a text; the names of those that fail are added to a set."""
        for detector in self.detectors:
            try:
                spans = [(int(start), int(end)) for start, end in (detector.find or _nothing)(page.text)]
            except Exception:  # noqa: BLE001 - whatever is wrong with it, the file was not looked through
                failed.add(detector.name)
                continue
            if not all(0 <= start < end <= len(page.text) for start, end in spans):
                failed.add(detector.name)
                continue
            yield from (Hit(start, end, detector.name) for start, end in spans)

    def odd_keys(self, nodes: Iterable[Node]) -> Iterator[tuple[str, int, int]]:
        """The keys of some nodes that the vocabulary lacks, with their places."""
        for node in nodes:
            if type(node) is Mapping and not node.places.keys() <= self._keys:
                yield from ((key, *place) for key, place in node.places.items() if key not in self._keys)


class _EnoughError(Exception):
    """So much was found that the file is refused whatever else it holds."""


class _Pass:
    """One pass over one file: what was found, less what the fields and the excuses say of it."""

    def __init__(self, guard: Guard, document: Document) -> None:
        self.guard = guard
        self.document = document
        self.above = document.first_line - 1
        self.failed: set[str] = set()
        self.excused: dict[tuple[int, int, str], Excuse] = {}
        self.counts: Counter[str] = Counter()
        self.kept: list[_Found] = []
        self.seen: set[tuple[str, str]] = set()
        self._fields: Fields | None = None
        self.nodes = tuple(_nodes(document.root))
        self.odd_keys = tuple(guard.odd_keys(self.nodes))

    def told(self) -> Guarded:
        """What is said of the file."""
        page = Page(self.document.lines)
        with suppress(_EnoughError):
            for hit in chain(self.guard.others(page, self.failed), self.guard.hits(page)):
                self.take(_found(page, hit))
            self.across_comments(page)
            self.decoded()
        suspicions = [
            *self.of_the_name(),
            *sorted({*map(self.suspicion, _apart(self.kept, self.guard.kinds)), *self.of_the_keys()}),
        ]
        return self.problems(suspicions)

    # Looking.

    def take(self, one: _Found) -> None:
        """Keeps a find, unless its field exempts it, an excuse covers it, or there are plenty of its kind."""
        name = one.hit.detector
        self.seen.add((name, one.text))
        if not self.is_exempt(one):
            self.counts[name] += 1
            if self.counts[name] <= _MOST + 1:  # one more, so that it shows
                self.kept.append(one)
            elif self.guard.kinds[name].level is not Level.WORD:
                raise _EnoughError

    def is_exempt(self, one: _Found) -> bool:
        if self._fields is None:
            self._fields = Fields(self.guard.vocabulary).read(self.document.root)
        name, line = one.hit.detector, one.line + self.above
        field = self._fields.at(line, one.column)
        if field is not None and field.exempts(name):
            return True
        if (
            field is None
            and name in ("url", "unknown-word")
            and _SCHEMA_LINE.fullmatch(self.document.lines[one.line - 1])
        ):
            return True
        return self.is_excused(name, line, one.column, field.path if field is not None else "")

    def is_excused(self, name: str, line: int, column: int, path: str) -> bool:
        """Whether an excuse covers a place; it is taken down for it once."""
        for excuse in self.guard.excuses:
            if excuse.covers(name, self.document.file, line, path):
                self.excused[line, column, name] = excuse
                return True
        return False

    def across_comments(self, page: Page) -> None:
        """What a line break inside a comment takes apart."""
        lines = page.lines
        comments = [number for number, line in enumerate(lines) if "#" in line and line.lstrip().startswith("#")]
        pairs = [(number, after) for number, after in pairwise(comments) if after == number + 1]
        ends = [lines[number].strip()[-_JOINT:] for number, _ in pairs]
        begins = [lines[after].strip(" \t#")[:_JOINT] for _, after in pairs]
        joints = Page([f"{end} {begin}" for end, begin in zip(ends, begins, strict=True)])
        for hit in self.guard.hits(joints) if pairs else ():
            pair, at = joints.place(hit.start)
            joint = len(ends[pair]) + 1
            is_name = hit.detector in ("titled-name", "kin-name", "full-name") and at == joint
            if is_name or at < joint - 1 < joint < at + hit.end - hit.start:
                line = pairs[pair][is_name]
                column = len(lines[line]) - len(lines[line].lstrip())
                self.take(_Found(line + 1, page.column(line, column) + 1, hit, ""))

    def decoded(self) -> None:
        """What only shows once YAML has put quoted, folded and escaped text together."""
        lines, above = self.document.lines, self.above
        values = [(node.text, node.line, node.column) for node in self.nodes if type(node) is Scalar]
        values += self.odd_keys
        hidden = [
            value for value in values if value[1] - above > len(lines) or value[0] not in lines[value[1] - above - 1]
        ]
        if not hidden:
            return
        page = Page([plain(text).replace("\n", " ") for text, _, _ in hidden])
        for hit in chain(self.guard.others(page, self.failed), self.guard.hits(page)):
            one = _found(page, hit)
            if (hit.detector, one.text) not in self.seen:
                _, line, column = hidden[one.line - 1]
                self.take(_Found(line - above, column, hit, one.text))

    def of_the_keys(self) -> Iterator[Suspicion]:
        """Keys that no case may have."""
        for key, line, column in self.odd_keys:
            if refused(key) and not self.is_excused("field", line, column, ""):
                yield Suspicion(line, column, f"field {refused(key)}", Level.IDENTIFIER)

    def of_the_name(self) -> Iterator[Suspicion]:
        """What the name of the file, or of a folder on the way to it, gives away."""
        parts = self.document.file.replace("\\", "/").split("/")
        if parts[0] == "" or parts[0].endswith(":"):
            parts = parts[-1:]  # an absolute path: its folders are the machine's, not the case's
        parts[-1] = _ENDINGS.sub("", parts[-1])
        page = Page([plain(part) for part in parts])
        hits = chain(self.guard.hits(page), self.guard.others(page, self.failed))
        found = {one.hit.detector for one in _apart([_found(page, hit) for hit in hits], self.guard.kinds)}
        for name in sorted(found - _NOT_OF_FILE_NAMES):
            if not self.is_excused(name, 0, 0, FILE_NAME):
                yield Suspicion(self.document.first_line, 0, name, self.guard.kinds[name].level)

    # Telling.

    def suspicion(self, one: _Found) -> Suspicion:
        return Suspicion(one.line + self.above, one.column, one.hit.detector, self.guard.kinds[one.hit.detector].level)

    def problems(self, suspicions: list[Suspicion]) -> Guarded:
        errors = [self.failure(name) for name in sorted(self.failed)]
        warnings: list[Problem] = []
        for one in suspicions:
            strict = self.guard.strict or one.level is not Level.WORD
            (errors if strict else warnings).append(self.problem(one))
        return Guarded(tuple(suspicions), _first(errors), _first(warnings), tuple(self.excused.values()))

    def failure(self, name: str) -> Problem:
        hint = "put it right, or leave it out: a file that was not looked through is not reviewed"
        return Problem(self.document.file, self.above + 1, 1, f"the detector {name} failed on this file", hint)

    def problem(self, one: Suspicion) -> Problem:
        name, _, of = one.detector.partition(" ")
        kind = self.guard.kinds[name]
        where = "this" if one.column else "the name of the file or of its folder"
        what = f"{where} may identify somebody: {kind.says} ({name})"
        return Problem(self.document.file, one.line, max(1, one.column), what, REFUSED[of] if of else kind.hint)


def load_detectors(names_wanted: Iterable[str] = ()) -> tuple[Detector, ...]:
    """The detectors that installed packages offer; nothing of them is imported before this is called.

    Args:
        names_wanted: the names of those that are wanted; all, where none is named.

    Raises:
        InputError: for one that is not there, cannot be imported, is no `Detector`, or bears the name of one of ours.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415 - as slow to import as all the rest, and seldom wanted

    wanted = tuple(names_wanted)
    offered = {one.name: one for one in entry_points(group=GROUP)}
    problems, found = [], []
    for name in wanted or sorted(offered):
        try:
            detector = offered[name].load()
        except KeyError:
            problems.append(
                Problem("", 1, 1, f"no installed package offers the detector {name!r}", "install one, or leave it out")
            )
            continue
        except Exception as error:  # noqa: BLE001 - it is the code of others
            problems.append(
                Problem("", 1, 1, f"the detector {name!r} cannot be imported: {type(error).__name__}", "ask its author")
            )
            continue
        if not isinstance(detector, Detector) or detector.find is None or detector.name in OURS:
            hint = "see docs/privacy.md: a Detector with a `find` and a name of its own"
            problems.append(Problem("", 1, 1, f"{name!r} is not a detector", hint))
        else:
            found.append(detector)
    if problems:
        raise InputError(problems)
    return tuple(found)


def _nothing(_: str) -> Iterator[tuple[int, int]]:
    return iter(())


def _found(page: Page, hit: Hit) -> _Found:
    line, column = page.place(hit.start)
    return _Found(line + 1, column + 1, hit, _BLANKS.sub(" ", page.text[hit.start : hit.end]))


def _by_shape(page: Page) -> Iterator[Hit]:
    """What shapes give away in the lines that have any; the others need not be looked through."""
    lines = page.lines
    wanted = [number for number, line in enumerate(lines) if not identifiers.is_harmless(line)]
    if not wanted:
        return
    starts = [0, *accumulate(len(lines[number]) + 1 for number in wanted)]
    for hit in identifiers.by_shape("\n".join([lines[number] for number in wanted])):
        at = bisect_right(starts, hit.start) - 1
        moved = page.starts[wanted[at]] - starts[at]
        yield Hit(hit.start + moved, hit.end + moved, hit.detector)


def _lines_with(page: Page, words: Iterable[str]) -> list[int]:
    """The numbers of the lines in which any of a few words stands."""
    found = set()
    for word in words:
        at = page.text.find(word)
        while at >= 0:
            number = page.place(at)[0]
            found.add(number)
            at = page.text.find(word, page.starts[number + 1])
    return sorted(found)


def _apart(found: list[_Found], kinds: dict[str, Detector]) -> list[_Found]:
    """Those that do not lie on one another: errors before warnings, then the first in the text, then the first of our list."""

    def rank(one: _Found) -> tuple[bool, int, int, int, int]:
        name = one.hit.detector
        return kinds[name].level is Level.WORD, one.line, one.column, _ORDER.get(name, -1), -one.hit.end

    kept: list[_Found] = []
    taken: list[tuple[int, int, int]] = []
    for one in sorted(found, key=rank):
        span = (one.line, one.column, one.column + max(1, one.hit.end - one.hit.start))
        at = bisect_right(taken, span)
        before, after = taken[at - 1 : at], taken[at : at + 1]
        if any(line == one.line and end > one.column for line, _, end in before):
            continue
        if any(line == one.line and start < span[2] for line, start, _ in after):
            continue
        taken.insert(at, span)
        kept.append(one)
    return sorted(kept, key=lambda one: (one.line, one.column))


def _first(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= _MOST:
        return tuple(problems)
    last = problems[_MOST]
    return (
        *problems[:_MOST],
        Problem(last.file, last.line, last.column, "there are more places like these", "write the file anew"),
    )


def _nodes(root: Node | None) -> Iterator[Node]:
    """Every node of a tree, without recursion."""
    stack = [] if root is None else [root]
    while stack:
        node = stack.pop()
        yield node
        if type(node) is Mapping:
            stack.extend(node.entries.values())
        elif type(node) is Sequence:
            stack.extend(node.items)


def _keys_of(vocabulary: Vocabulary) -> Iterator[str]:
    yield from (*CASE_KEYS, *ITEM_KEYS, *_FACT_KEYS)
    for kind in vocabulary.kinds.values():
        yield from (kind.name, kind.plural)
        for fact in kind.facts.values():
            yield from _keys_of_fact(fact)


def _keys_of_fact(fact: FactType) -> Iterator[str]:
    yield fact.name.rpartition(".")[2]
    for part in fact.parts.values():
        yield from _keys_of_fact(part)
