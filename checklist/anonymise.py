"""Case files whose people, references and days are others, and whose findings are the same.

Documents in, texts and counts out: nothing is read, written or drawn at random here. What comes out is pseudonymised and not
anonymous: whoever knows one true date, or one rare fact, may know the rest.

What is not known to be harmless is not kept. The tree is walked by the vocabulary: words of its lists, numbers and answers
stay; refs and roles become codes; dates move; free text, pointers into the real file, comments, and what would name
somebody, go. A file that has a problem, once that is done, is refused.

**A family** is what the vocabulary does not name, so that it is told by refs: two files are of one family where they give
one case reference, or one ref that is more than the tool's own numbering of a kind (`C1`, `S2`: every file has those).
All dates of a family move together.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from checklist.case import load_case
from checklist.clocks import ClockError, parse_moment
from checklist.findings import Review
from checklist.later import dataclass, pattern
from checklist.rules import Checklist
from checklist.runner import Options, review_document
from checklist.source import Document, InputError, Mapping, Node, Problem, Scalar, parse_document
from checklist.source import Sequence as Items
from checklist.vocabulary import CASE, FactKind, FactType, Kind, Vocabulary
from checklist.writer import written

NOTICE: Final = "pseudonymised, assess before sharing"
QUESTIONS: Final = (
    "Does anything single out one child: an age, a relationship or a kind of harm that few cases have?",
    "Could it be linked with what somebody else holds: a press report, a court list, a review, an earlier copy of this file?",
    "Could more be inferred from it: a death, a date of court, a number of children born together?",
    "What does somebody know who was there: family, school, neighbours, a colleague? One true date undoes all the others.",
    "How many people in the area could it be? In a small place, professionals are known by what they did.",
    "Who will read it, what else will they have, and what would they gain by finding out?",
)
"""What a motivated intruder would ask, after the Information Commissioner's tests and the family courts' guidance."""

Guard = Callable[[Document], tuple[Problem, ...]]
Choose = Callable[[int], int]
"""Gives a number from 0 to below its argument; the one source of chance."""


class FreeText(StrEnum):
    """What becomes of free text."""

    REDACT = "redact"
    DROP = "drop"


class Change(StrEnum):
    """What is counted of what was changed, in the words in which it is told."""

    CODES = "people and things given codes"
    ROLES = "roles given codes"
    DATES = "dates shifted"
    BIRTHS = "dates of birth made ages"
    REDACTED = "notes and other free texts redacted"
    DROPPED = "notes dropped"
    SOURCES = "pointers into the real file dropped"
    NAMES = "fields that would name somebody dropped"
    COMMENTS = "comments dropped"


@dataclass(frozen=True, slots=True)
class Copy:
    """One case file as it may be put in place.

    Attributes:
        case: Its new reference.
        text: The YAML.
        changes: What was changed, counted.
        findings: How many findings it has, each with the verdict that it had before.
        tries: How many offsets were drawn until one left every verdict as it was: many where few would.
    """

    case: str
    text: str
    changes: Counter[Change]
    findings: int
    tries: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What must be known of every file before a code is given in any.

    Attributes:
        case: The case's reference.
        refs: Every ref, with its kind.
        links: What makes files with the same one a family.
    """

    case: str
    refs: frozenset[tuple[str, str]]
    links: frozenset[tuple[str, str]]


_MOST_TRIES: Final = (64, 192)
"""Offsets that are tried within the nearer weeks, and then within the further ones."""
_NEAREST, _NEAR, _FAR = 13, 520, 1040
_REDACTED, _WITHHELD = "redacted", "withheld"
_LONDON: Final = ZoneInfo("Europe/London")
_DATES: Final = (FactKind.DATE, FactKind.EVENT, FactKind.EVENTS)
_DATED_KEYS: Final = ("at", "from", "until", "known", "written_down", "decided_at")
_ROLE_KEYS: Final = ("by", "decided_by")
_A_DATE: Final = FactType("date", FactKind.DATE)
_A_NUMBER: Final = FactType("count", FactKind.COUNT)
_ISO: Final = pattern(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)
_BIRTHS: Final = frozenset(("dob", "date_of_birth", "birth_date", "birthdate", "birthday", "born"))
_NAMING: Final = _BIRTHS | frozenset(
    [
        "name",
        "names",
        "first_name",
        "last_name",
        "forename",
        "forenames",
        "surname",
        "given_name",
        "family_name",
        "middle_name",
        "maiden_name",
        "full_name",
        "nickname",
        "alias",
        "aliases",
        "known_as",
        "initials",
        "address",
        "home_address",
        "street",
        "road",
        "house",
        "postcode",
        "post_code",
        "town",
        "village",
        "city",
        "birthplace",
        "place_of_birth",
        "school",
        "school_name",
        "college",
        "nursery",
        "hospital",
        "church",
        "employer",
        "club",
        "team",
        "phone",
        "telephone",
        "phone_number",
        "tel",
        "mobile",
        "email",
        "e_mail",
        "nhs",
        "nhs_no",
        "nhs_number",
        "ni_number",
        "nino",
        "national_insurance",
        "passport",
        "passport_number",
        "driving_licence",
        "registration",
        "vehicle_registration",
        "urn",
        "upn",
        "crime_number",
        "custody_number",
        "collar_number",
        "shoulder_number",
        "username",
        "user_name",
        "handle",
        "account",
        "url",
        "website",
        "photo",
    ]
)


# One map over all files.


class Codes:
    """The one map from what the files call people, things, cases and roles to what their copies call them.

    A code says what kind of thing it is, in the order of first sight, and is none of the refs that the files give.
    """

    def __init__(self, surveys: Iterable[Survey] = ()) -> None:
        self.people: dict[tuple[str, str], str] = {}
        self.cases: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self._taken: set[str] = set()
        self._last = Counter[str]()
        for survey in surveys:
            self._taken.add(survey.case.casefold())
            self._taken.update(ref.casefold() for _, ref in survey.refs)

    def of(self, kind: Kind, ref: str) -> str:
        """The code of a person or thing."""
        key = (kind.name, ref)
        if key not in self.people:
            self.people[key] = self._next(kind.label, "{}{}")
        return self.people[key]

    def of_case(self, name: str) -> str:
        """The new reference of a case."""
        if name not in self.cases:
            self.cases[name] = self._next("CASE", "{}-{:04}")
        return self.cases[name]

    def of_role(self, text: str, agencies: frozenset[str]) -> str:
        """A professional, numbered with letters, and the agency where it is a word of the vocabulary."""
        if text not in self.roles:
            agency = text.partition("@")[2]
            code = f"professional {_letters(len(self.roles))}"
            self.roles[text] = f"{code}@{agency}" if agency in agencies else code
        return self.roles[text]

    def _next(self, label: str, form: str) -> str:
        while True:
            self._last[label] += 1
            code = form.format(label, self._last[label])
            if code.casefold() not in self._taken:
                self._taken.add(code.casefold())
                return code


def _letters(number: int) -> str:
    """0 is a, 25 is z, 26 is aa."""
    text = ""
    while number >= 0:
        number, letter = divmod(number, 26)
        text = chr(ord("a") + letter) + text
        number -= 1
    return text


def survey(document: Document, vocabulary: Vocabulary) -> Survey:
    """What one file adds to what must be known of all."""
    refs = frozenset(_refs(document, vocabulary).values())
    root = document.root if isinstance(document.root, Mapping) else Mapping({}, {}, 1, 1)
    case = _text(root.entries.get("case"))
    links = {(kind, ref) for kind, ref in refs if not _is_numbering(vocabulary.kinds[kind], ref)}
    return Survey(case, refs, frozenset(links | {(CASE, case)} if case else links))


def _is_numbering(kind: Kind, ref: str) -> bool:
    """Whether a ref is no more than the number of a thing in its file."""
    return re.fullmatch(rf"{re.escape(kind.label)}[_-]?[0-9]{{1,3}}", ref, re.IGNORECASE) is not None


def families(surveys: Sequence[Survey], *, one: bool = False) -> list[list[int]]:
    """The files, by their numbers, that are of one family; all of them, where somebody says so."""
    if one:
        return [list(range(len(surveys)))] if surveys else []
    parents = list(range(len(surveys)))

    def head(number: int) -> int:
        while parents[number] != number:
            parents[number] = number = parents[parents[number]]
        return number

    first: dict[tuple[str, str], int] = {}
    for number, one_survey in enumerate(surveys):
        for link in one_survey.links:
            parents[head(number)] = head(first.setdefault(link, number))
    grouped: dict[int, list[int]] = {}
    for number in range(len(surveys)):
        grouped.setdefault(head(number), []).append(number)
    return list(grouped.values())


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.is_null else ""


def _things(root: Mapping, vocabulary: Vocabulary) -> Iterator[tuple[Kind, Mapping]]:
    for key, node in root.entries.items():
        kind = vocabulary.kind_written(key)
        if kind is not None:
            for item in node.items if isinstance(node, Items) else (node,):
                if isinstance(item, Mapping):
                    yield kind, item


def _refs(document: Document, vocabulary: Vocabulary) -> dict[tuple[int, int], tuple[str, str]]:
    """The kind and the ref of every thing by its place; those that the file does not give are numbered as a review does."""
    if not isinstance(document.root, Mapping):
        return {}
    case = load_case(document, vocabulary)
    numbered = {(one.line, one.column): one.ref for listing in case.listings.values() for one in listing.things}
    found = {}
    for kind, item in _things(document.root, vocabulary):
        place = (item.line, item.column)
        ref = _text(item.entries.get("ref")) or numbered.get(place, "")
        if ref:
            found[place] = (kind.name, ref)
    return found


# One file, with its dates so many weeks from where they were.


class _Rewriter:
    """Walks a case by the vocabulary, and gives the same case with other people and other days."""

    def __init__(
        self, document: Document, vocabulary: Vocabulary, codes: Codes, free_text: FreeText, weeks: int = 0
    ) -> None:
        self.document = document
        self.vocabulary = vocabulary
        self.codes = codes
        self.free_text = free_text
        self.weeks = weeks
        self.refs = _refs(document, vocabulary)
        self.kinds: dict[str, Kind] = {}
        self.problems: list[Problem] = []
        self.counts = Counter[Change]()
        self.agencies = frozenset(_options(vocabulary))
        for place, (kind, ref) in self.refs.items():
            if self.kinds.setdefault(ref, vocabulary.kinds[kind]).name != kind:
                what, hint = "this ref is given twice", "every person and thing has a ref of its own"
                self.problems.append(Problem(document.file, *place, what, hint))

    def at(self, weeks: int) -> Document:
        """The case with its dates so many weeks later."""
        self.weeks = weeks
        self.counts = Counter({Change.COMMENTS: comments(self.document)})
        root = self.document.root
        new = self._root(root) if isinstance(root, Mapping) else root
        return Document(self.document.file, new, (), tuple(sorted((*self.document.problems, *self.problems))))

    def label(self, subject: str) -> str:
        """A finding's subject by its new codes, such as `S1/K2`."""
        return "/".join(self._code(part) for part in subject.split("/"))

    def _code(self, ref: str) -> str:
        kind = self.kinds.get(ref)
        return ref if kind is None else self.codes.of(kind, ref)

    def _root(self, root: Mapping) -> Mapping:
        entries: dict[str, Node] = {}
        for key, node in root.entries.items():
            kind = self.vocabulary.kind_written(key)
            facts = self.vocabulary.kinds[CASE].facts
            if kind is not None:
                entries[key] = self._listing(kind, node)
            elif key in facts:
                entries[key] = self._fact(facts[key], node)
            elif not self._is_naming(key):
                entries[key] = self._own(key, node)
        return _rebuilt(root, entries)

    def _own(self, key: str, node: Node) -> Node:
        """A key of the file itself. One that no case has is left, and is a problem."""
        match key:
            case "case":
                return _said(node, self.codes.of_case(_text(node))) if _text(node) else node
            case "as_of":
                return self._fact(_A_DATE, node)
            case "day_0" if isinstance(node, Mapping):
                month = {name: self._fact(_A_DATE, value) for name, value in node.entries.items() if name == "month"}
                return _rebuilt(node, {**node.entries, **month})
            case "day_0":
                return self._fact(_A_DATE, node)
            case "judgements" if isinstance(node, Items):
                return _with_items(node, map(self._judgement, node.items))
        return node

    def _judgement(self, node: Node) -> Node:
        if not isinstance(node, Mapping):
            return node
        entries: dict[str, Node] = {}
        for key, value in node.entries.items():
            match key:
                case "subject" if isinstance(value, Scalar):
                    entries[key] = _said(value, self.label(value.text))
                case "reason":
                    entries[key] = self._redacted(value)  # a judgement must have one
                case "by":
                    entries[key] = self._role(value)
                case "at":
                    entries[key] = self._fact(_A_DATE, value)
                case _:
                    entries[key] = value
        return _rebuilt(node, entries)

    # Things.

    def _listing(self, kind: Kind, node: Node) -> Node:
        if isinstance(node, Items):
            return _with_items(node, (self._thing(kind, item) for item in node.items))
        return self._thing(kind, node)

    def _thing(self, kind: Kind, node: Node) -> Node:
        if not isinstance(node, Mapping):
            return node
        entries: dict[str, Node] = {}
        known = self.refs.get((node.line, node.column))
        if known is not None:
            self.counts[Change.CODES] += 1
            entries["ref"] = _said(node.entries.get("ref") or node, self.codes.of(kind, known[1]))
        for key, value in node.entries.items():
            if key in kind.facts:
                entries[key] = self._fact(kind.facts[key], value)
            elif key != "ref" and (new := self._item_key(key, value)) is not None:
                entries[key] = new
        self._add_age(kind, node, entries)
        return _rebuilt(node, entries)

    def _item_key(self, key: str, value: Node) -> Node | None:
        """What any thing may say; None where it is left out."""
        if key == "about":
            return self._reference(value)
        if key == "count":
            return self._fact(_A_NUMBER, value)
        return self._beside(key, value)

    def _reference(self, node: Node) -> Node:
        if isinstance(node, Items):
            return _with_items(node, map(self._reference, node.items))
        return _said(node, self._code(node.text)) if isinstance(node, Scalar) and not node.is_null else node

    def _add_age(self, kind: Kind, node: Mapping, entries: dict[str, Node]) -> None:
        """The age in the place of a date of birth, where the vocabulary has one and the file did not give it."""
        age = next((name for name, fact in kind.facts.items() if fact.kind is FactKind.AGE), "")
        if not age or age in entries:
            return
        for key, value in node.entries.items():
            if _spelt(key) in _BIRTHS and isinstance(value, Scalar) and (text := self._age_of(value.text)):
                self.counts[Change.BIRTHS] += 1
                entries[age] = _said(value, text)
                return

    # Facts.

    def _fact(self, type_: FactType, node: Node) -> Node:
        if isinstance(node, Scalar):
            return self._value(type_, node)
        if isinstance(node, Items):
            return _with_items(node, (self._fact(type_, item) for item in node.items))
        entries: dict[str, Node] = {}
        for key, value in node.entries.items():
            if key in type_.parts:
                entries[key] = self._fact(type_.parts[key], value)
            elif key in ("is", "conflicting"):
                entries[key] = self._fact(type_, value)
            elif (new := self._beside(key, value)) is not None:
                entries[key] = new
        return _rebuilt(node, entries)

    def _beside(self, key: str, value: Node) -> Node | None:
        """What stands beside a value; None where it is left out. A word that is unknown is left, and is a problem."""
        if key in _DATED_KEYS:
            return self._fact(_A_DATE, value)
        if key in _ROLE_KEYS:
            return self._role(value)
        if key == "reason":
            return value if _text(value) in ("", *self.vocabulary.reasons) else self._redacted(value)
        if key == "source":
            self.counts[Change.SOURCES] += 1
            return None
        if key == "note":
            return self._note(value)
        return None if self._is_naming(key) else value

    def _note(self, value: Node) -> Node | None:
        if self.free_text is FreeText.DROP:
            self.counts[Change.DROPPED] += 1
            return None
        return self._redacted(value)

    def _value(self, type_: FactType, node: Scalar) -> Node:
        if node.is_null or node.text in (
            "not recorded",
            "unknown",
            "redacted",
            "not applicable",
            "others not recorded",
        ):
            return node
        if type_.kind in _DATES:
            return self._shifted(node)
        match type_.kind:
            case FactKind.REFERENCE:
                return self._reference(node)
            case FactKind.TEXT:
                self.counts[Change.REDACTED] += 1
                return _said(node, _WITHHELD)  # still recorded: a rule may ask whether it is
            case FactKind.AGE if _ISO.fullmatch(node.text):
                return self._age(node)
        return node

    def _age(self, node: Scalar) -> Scalar:
        """The age of somebody whose date of birth, or year, stands in its place."""
        age = self._age_of(node.text)
        if not age:
            what, hint = "a date of birth, from which no age at the first report can be told", "write the age"
            self.problems.append(Problem(self.document.file, node.line, node.column, what, hint))
            return node
        self.counts[Change.BIRTHS] += 1
        return _said(node, age)

    def _redacted(self, node: Node) -> Node:
        self.counts[Change.REDACTED] += 1
        return _said(node, _REDACTED)

    def _role(self, node: Node) -> Node:
        if not _text(node):
            return node
        self.counts[Change.ROLES] += 1
        return _said(node, self.codes.of_role(_text(node), self.agencies))

    def _is_naming(self, key: str) -> bool:
        is_naming = _spelt(key) in _NAMING
        self.counts[Change.NAMES] += is_naming
        return is_naming

    # Dates.

    def _shifted(self, node: Scalar) -> Scalar:
        text = shifted(node.text, self.weeks)
        self.counts[Change.DATES] += any(_ISO.fullmatch(side.strip()) for side in node.text.split("/"))
        return _said(node, text)

    def _age_of(self, text: str) -> str:
        """The age of somebody born then, at the first report; nothing where it cannot be told."""
        at = self._first_day()
        try:
            born = parse_moment(text)
        except ClockError:
            return ""
        if at is None or born.lo_day is None or born.hi_day is None:
            return ""
        oldest, youngest = (_age_between(day, at) for day in (born.lo_day, born.hi_day))
        return oldest if oldest == youngest else ""

    def _first_day(self) -> date | None:
        """The day of the first report, or else the day that the review stands on."""
        root = self.document.root
        assert isinstance(root, Mapping)  # noqa: S101 - only a mapping is walked
        days = []
        for kind, item in _things(root, self.vocabulary):
            if kind.name == "report":
                node = item.entries.get(kind.dated_by)
                inner = node.entries.get("at") or node.entries.get("is") if isinstance(node, Mapping) else node
                days.append(_day(_text(inner)))
        dated = [day for day in days if day is not None]
        return min(dated, default=_day(_text(root.entries.get("as_of"))))


def _options(vocabulary: Vocabulary) -> Iterator[str]:
    for kind in vocabulary.kinds.values():
        for fact in kind.facts.values():
            for one in (fact, *fact.parts.values()):
                yield from one.options


def _rebuilt(mapping: Mapping, entries: dict[str, Node]) -> Mapping:
    places = {key: mapping.places.get(key, (mapping.line, mapping.column)) for key in entries}
    return Mapping(entries, places, mapping.line, mapping.column)


def _with_items(node: Items, items: Iterable[Node]) -> Items:
    return Items(tuple(items), node.line, node.column)


def _said(at: Node, text: str) -> Scalar:
    return Scalar(text, plain=True, line=at.line, column=at.column)


def _spelt(key: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", key.casefold()).strip("_")


def _day(text: str) -> date | None:
    found = _ISO.fullmatch(text)
    return date(int(found[1]), int(found[2]), int(found[3])) if found and found[3] else None


def _age_between(born: date, at: date) -> str:
    """Years, or months of one who is under two; of one who is not yet born, that."""
    if born > at:
        return "unborn"
    months = (at.year - born.year) * 12 + at.month - born.month - (at.day < born.day)
    return str(months // 12) if months >= 24 else f"{months} months"


def shifted(text: str, weeks: int) -> str:
    """A date so many weeks later.

    Days keep their weekday and times their face; a month or a year becomes the one that then holds its middle, or its length
    would tell the offset; what is counted from another day moves with that.

    Raises:
        ClockError: where the calendar ends before.
    """
    return "/".join(_shifted_side(side.strip(), weeks) for side in text.split("/")) if weeks else text


def _shifted_side(text: str, weeks: int) -> str:
    found = _ISO.fullmatch(text)
    if not found:
        return text
    year, month, day, hour, minute, offset = found.groups()
    try:
        if day is None:
            middle = date(int(year), int(month or 7), 15 if month else 2) + timedelta(weeks=weeks)
            return middle.isoformat()[:7] if month else f"{middle.year:04}"
        if hour is None:
            return (date(int(year), int(month), int(day)) + timedelta(weeks=weeks)).isoformat()
        face = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=_zone(offset or "Z"))
        local = face.astimezone(_LONDON).replace(tzinfo=None) if offset else face.replace(tzinfo=None)
        return (local + timedelta(weeks=weeks)).isoformat(timespec="minutes")
    except (ValueError, OverflowError):
        raise ClockError(what="this date cannot be shifted") from None


def _zone(offset: str) -> timezone:
    if offset == "Z":
        return UTC
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    return timezone(-ahead if offset[0] == "-" else ahead)


# Comments.


_QUOTES: Final = pattern(r'"(?:\\.|[^"\\])*"' + r"|'(?:''|[^'])*'", re.DOTALL)
_HASH: Final = pattern(r"(?:^|(?<=[ \t]))#", re.MULTILINE)


def comments(document: Document) -> int:
    """How many comments a file holds."""
    lines = list(document.lines)
    for scalar in _dressed(document.root):
        row = scalar.line - document.first_line
        if 0 <= row < len(lines):
            _blank(lines, row, scalar.column - 1)
    return len(_HASH.findall("\n".join(lines)))


def _dressed(root: Node | None) -> Iterator[Scalar]:
    """Every text in quotes or in a block, the last first, so that blanking one moves no other."""
    left, found = [root] if root is not None else [], []
    while left:
        node = left.pop()
        if isinstance(node, Scalar):
            found += [] if node.plain else [node]
        elif isinstance(node, Items):
            left.extend(node.items)
        else:
            left.extend(node.entries.values())
            keys = ((key, place) for key, place in node.places.items() if "#" in key)
            found.extend(Scalar(key, plain=False, line=line, column=column) for key, (line, column) in keys)
    yield from sorted(found, key=lambda one: (one.line, one.column), reverse=True)


def _blank(lines: list[str], row: int, column: int) -> None:
    """Takes out of the lines the hashes of one text, which begin no comment."""
    if lines[row][column : column + 1] in ("|", ">"):
        _blank_block(lines, row)
        return
    rest = "\n".join([lines[row][column:], *lines[row + 1 :]])
    if found := _QUOTES.match(rest):
        text = found[0].replace("#", "_") + rest[found.end() :]
        first, *others = text.split("\n")
        lines[row:] = [lines[row][:column] + first, *others]


def _blank_block(lines: list[str], row: int) -> None:
    depth = 0
    for number in range(row + 1, len(lines)):
        line = lines[number]
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            depth = depth or indent
            if not depth or indent < depth:
                return
            lines[number] = line.replace("#", "_")


# A family.


def anonymise(
    documents: Sequence[Document],
    checklist: Checklist,
    codes: Codes,
    *,
    choose: Choose,
    guard: Guard,
    free_text: FreeText = FreeText.REDACT,
) -> tuple[Copy, ...]:
    """The copies of all files of one family, their dates shifted by one offset that leaves every verdict as it was.

    Args:
        documents: the files, as they were read.
        checklist: the rules by which both are reviewed: all that there are.
        codes: the map over all files, which this adds to.
        choose: the chance by which offsets are drawn. It must be one that nobody can foretell.
        guard: finds what would tell who somebody is; whatever it finds in a copy refuses all.
        free_text: what becomes of notes.

    Raises:
        InputError: for a file with a problem, a family for which no offset was found, or a copy in which the guard found
            something. Places are those of the original, but the guard's, which are of the copy.
    """
    rewriters = [_Rewriter(document, checklist.vocabulary, codes, free_text) for document in documents]
    search = _Search(rewriters, checklist)
    for tries, weeks in enumerate(offsets(choose), start=1):
        if search.fits(weeks):
            return tuple(search.copy(number, weeks, tries, guard) for number in range(len(documents)))
    raise InputError(Problem(document.file, 1, 1, *_NO_OFFSET) for document in documents)


_NO_OFFSET: Final = (
    "no shift of the dates was found that leaves every verdict as it is",
    "leave this file out; its dates hang on bank holidays, on the standards of their day, or on where a calendar ends",
)
_CHANGED: Final = ("the copy does not say what the original says", "this is a fault of the program: please report it")


def offsets(choose: Choose) -> Iterator[int]:
    """Numbers of whole weeks by which to shift, drawn at random: at first 13 to 520 weeks back, then further, and onwards."""
    near = [-weeks for weeks in range(_NEAREST, _NEAR + 1)]
    yield from _drawn(near, _MOST_TRIES[0], choose)
    onwards = range(_NEAREST, _NEAR + 1)
    yield from _drawn([*near, *(-weeks for weeks in range(_NEAR + 1, _FAR + 1)), *onwards], _MOST_TRIES[1], choose)


def _drawn(pool: list[int], most: int, choose: Choose) -> Iterator[int]:
    for _ in range(min(most, len(pool))):
        place = choose(len(pool))
        pool[place], pool[-1] = pool[-1], pool[place]
        yield pool.pop()


_Verdict = tuple[str, ...]


@dataclass(slots=True)
class _Search:
    """The verdicts that must stay, and the rules that gave others when an offset was tried, which are asked first."""

    rewriters: list[_Rewriter]
    checklist: Checklist
    before: list[tuple[_Verdict, ...]] = field(init=False)
    touchy: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        self.before = []
        for rewriter in self.rewriters:
            original = self._reviewed(rewriter.document)
            recoded = self._reviewed(rewriter.at(0))
            problems += recoded.problems
            # What names somebody may be all that is wrong with a file; else it must say of itself what its copy says.
            told = _verdicts(recoded, str)
            if not original.problems and not recoded.problems and _verdicts(original, rewriter.label) != told:
                problems.append(Problem(rewriter.document.file, 1, 1, *_CHANGED))
            self.before.append(told)
        if problems:
            raise InputError(problems)

    def _reviewed(self, document: Document) -> Review:
        return review_document(document, self.checklist, Options())

    def fits(self, weeks: int) -> bool:
        """Whether every finding of every file keeps its verdict."""
        try:
            documents = [rewriter.at(weeks) for rewriter in self.rewriters]
        except ClockError:
            return False
        if self.touchy:
            few = replace(self.checklist, rules=tuple(one for one in self.checklist.rules if one.id in self.touchy))
            for document, before in zip(documents, self.before, strict=True):
                after = _verdicts(review_document(document, few, Options()), str)
                if after != tuple(one for one in before if one[0] in self.touchy):
                    return False
        return all(map(self._is_same, documents, self.before))

    def _is_same(self, document: Document, before: tuple[_Verdict, ...]) -> bool:
        review = self._reviewed(document)
        after = _verdicts(review, str)
        self.touchy.update(one[0] for one in set(before) ^ set(after))
        return after == before and not review.problems

    def copy(self, number: int, weeks: int, tries: int, guard: Guard) -> Copy:
        """The text of one file's copy, read again, reviewed again, and guarded."""
        rewriter = self.rewriters[number]
        root = rewriter.at(weeks).root
        assert isinstance(root, Mapping)  # noqa: S101 - what has no root was refused
        text = written(root)
        case = _text(root.entries.get("case"))
        again = parse_document(text.encode(), name=f"{case.lower()}.yaml")
        if again.problems or not self._is_same(again, self.before[number]):
            raise InputError([Problem(rewriter.document.file, 1, 1, *_CHANGED)])
        if found := guard(again):
            raise InputError(found)
        return Copy(case, text, +rewriter.counts, len(self.before[number]), tries)


def _verdicts(review: Review, label: Callable[[str], str]) -> tuple[_Verdict, ...]:
    """What must stay of each finding: of which rule and whom, its verdict, what it rests on, and what it would be."""
    return tuple(
        (
            one.rule,
            label(one.subject),
            one.verdict,
            one.basis,
            str(one.would_be),
            one.shipped.verdict if one.shipped is not None else "",
        )
        for one in review.findings
    )
