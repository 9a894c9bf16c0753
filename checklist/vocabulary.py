"""The only place that knows the field: every kind of thing, every fact of it, its kind, options and questions."""

from collections.abc import Iterator
from dataclasses import field
from enum import StrEnum

from checklist.later import dataclass
from checklist.schema import Reading, whole_number
from checklist.source import Document, InputError, Mapping, Node, did_you_mean


class FactKind(StrEnum):
    """What a fact's value may be."""

    YES_NO = "yes/no"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    EVENT = "event"
    EVENTS = "events"
    COUNT = "count"
    AGE = "age"
    TEXT = "text"
    REFERENCE = "reference"


DATED = (FactKind.DATE, FactKind.EVENT)
BUILT_IN_DATES = ("known", "written_down", "decided_at")
BUILT_IN_TEXTS = ("by", "source", "reason", "decided_by", "note")
ITEM_KEYS = ("ref", "about", "count", "at", "from", "until", "by", "known", "written_down", "source", "note")
CASE_KEYS = ("case", "as_of", "looked_at", "day_0", "judgements")
CASE = "case"
_FACT_SUB_KEYS = (
    *BUILT_IN_DATES, *BUILT_IN_TEXTS, "is", "at", "done", "from", "until", "count", "at_least", "at_most", "conflicting"
)  # fmt: skip
_MOST_OPTIONS = 200
_SAID_OF_ANY = ("not recorded", "unknown", "redacted", "not applicable", "others not recorded")


@dataclass(frozen=True, slots=True)
class FactType:
    """One fact that a case file may say."""

    name: str
    """Its whole name, such as `suspect.arrested`."""
    kind: FactKind
    options: tuple[str, ...] = ()
    named: str = ""
    """A noun phrase: `the arrest`."""
    done: str = ""
    """For a date or event, what then happened: `arrested`."""
    holds: str = ""
    """For a yes/no, the clause that holds when it is yes: `the suspect had access to other children`."""
    asks: str = ""
    """The question, in plain words."""
    look_in: str = ""
    """Where a reviewer would look."""
    area: str = ""
    personal: bool = False
    may_be_future: bool = False
    not_before: tuple[str, ...] = ()
    not_applicable: bool = False
    changes: bool = False
    to: tuple[str, ...] = ()
    parts: dict[str, "FactType"] = field(default_factory=dict)

    @property
    def is_free_text(self) -> bool:
        """Whether its value is free text, which is never shown unless quotes were asked for."""
        return self.kind is FactKind.TEXT


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that a case file may hold."""

    name: str
    says: str
    facts: dict[str, FactType]
    plural: str = ""
    label: str = ""
    dated_by: str = ""
    area: str = ""
    about: tuple[str, ...] = ()
    """The kinds of which an item must say whom it concerns, where the case has several."""
    singleton: bool = False
    """Whether rules may read it as the one of its kind that concerns their subject."""


@dataclass(frozen=True, slots=True)
class Failing:
    """One type of failing that inspectors and reviewers published."""

    says: str
    cases: int
    """In how many of the published cases it was found."""
    not_asked: str = ""
    """Why no rule can ask for it; empty where rules do."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word of the field that cases and rules may use."""

    areas: tuple[str, ...]
    reasons: tuple[str, ...]
    kinds: dict[str, Kind]
    topics: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The topics of the inspectorate's later criteria that each area comes under."""
    themes: tuple[str, ...] = ()
    """What rules may be tagged with; any word, where there are none."""
    failings: dict[str, "Failing"] = field(default_factory=dict)
    """What inspectors found wrong, by its code, the most frequent first."""

    def fact(self, name: str) -> FactType | None:
        """The fact called `kind.fact` or `kind.fact.part`, built-in parts included; None if there is none."""
        kind_name, _, rest = name.partition(".")
        fact_name, _, part = rest.partition(".")
        kind = self.kinds.get(kind_name)
        found = kind.facts.get(fact_name) if kind else None
        return found if found is None or not part else part_of(found, part)

    def suggest(self, name: str) -> str:
        """A `did you mean` for a fact's name that does not exist."""
        return did_you_mean(name, self.names())

    def names(self) -> Iterator[str]:
        """The name of every fact."""
        for kind in self.kinds.values():
            for fact in kind.facts.values():
                yield fact.name
                yield from (part.name for part in fact.parts.values())

    def kind_written(self, key: str) -> Kind | None:
        """The kind whose singular or plural a case file's top-level key is."""
        for kind in self.kinds.values():
            if kind.name != CASE and key in (kind.name, kind.plural):
                return kind
        return None

    def top_level_words(self) -> tuple[str, ...]:
        """Every key that may stand at the top of a case file."""
        things = [word for kind in self.kinds.values() if kind.name != CASE for word in (kind.name, kind.plural)]
        return (*CASE_KEYS, *self.kinds[CASE].facts, *things)


def part_of(fact: FactType, part: str) -> FactType | None:
    """A part of a fact: one of its own, or one that every fact has (`written_down`, `by`, ...)."""
    if part in fact.parts:
        return fact.parts[part]
    if part in BUILT_IN_DATES:
        # When, as a noun: it stands after "of" and "after" in sentences.
        words = {
            "known": (
                f"the day it was first known that {fact.holds}"
                if fact.holds
                else f"the day {fact.named} was first known",
                f"first known: {fact.named}",
            ),
            "written_down": (f"the day {fact.named} was written down", f"{fact.named} written down"),
            "decided_at": (f"the day {fact.named} was decided against", f"{fact.named} decided against"),
        }[part]
        return FactType(
            f"{fact.name}.{part}",
            FactKind.DATE,
            named=words[0],
            done=words[1],
            asks=f"What was {words[0]}?",
            look_in=fact.look_in,
            area=fact.area,
        )
    if part in BUILT_IN_TEXTS:
        noun = {
            "by": "who did it",
            "source": "the source",
            "reason": "the reason",
            "decided_by": "who decided",
            "note": "a note",
        }[part]
        return FactType(
            f"{fact.name}.{part}",
            FactKind.TEXT,
            named=f"{noun} ({fact.named})",
            asks=f"{noun.capitalize()}: {fact.named}?",
            look_in=fact.look_in,
            area=fact.area,
        )
    return None


def load_vocabulary(document: Document) -> Vocabulary:
    """The vocabulary of a file.

    Raises:
        InputError: with every problem of the file.
    """
    reading = Reading(document.file)
    reading.problems.extend(document.problems)
    root = reading.mapping(document.root, "a vocabulary") if document.root is not None else None
    if root is None:
        raise InputError(reading.problems)
    vocabulary = _read_vocabulary(reading, root)
    _check_names(reading, vocabulary, root)
    if reading.problems:
        raise InputError(reading.problems)
    return vocabulary


def _read_vocabulary(reading: Reading, root: Mapping) -> Vocabulary:
    reading.only(root, ("vocabulary", "areas", "topics", "themes", "failings", "reasons", "kinds"), "a vocabulary")
    areas = reading.texts(root.entries.get("areas"), "areas")
    kinds_node = root.entries.get("kinds")
    kinds_map = reading.mapping(kinds_node, "kinds") if kinds_node is not None else None
    kinds: dict[str, Kind] = {}
    for name, node in (kinds_map.entries if kinds_map else {}).items():
        mapping = reading.mapping(node, f"kind {name}")
        if mapping:
            kinds[name] = _read_kind(reading, name, mapping, areas)
    if CASE not in kinds:
        reading.refuse(root, "the kind `case` is missing", "it holds the facts of the whole case")
        kinds[CASE] = Kind(CASE, "the whole case", {})
    return Vocabulary(
        areas,
        reading.texts(root.entries.get("reasons"), "reasons"),
        kinds,
        topics=_read_topics(reading, root, areas),
        themes=reading.texts(root.entries.get("themes"), "themes"),
        failings=_read_failings(reading, root),
    )


def _read_topics(reading: Reading, root: Mapping, areas: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    node = root.entries.get("topics")
    mapping = reading.mapping(node, "topics") if node is not None else None
    if mapping is None:
        return {}
    reading.only(mapping, areas, "topics")
    for area in areas:
        if area not in mapping.entries:
            reading.refuse(mapping, f"no topic for the area {area!r}", "name those that it comes under")
    return {area: reading.texts(topics, area) for area, topics in mapping.entries.items()}


def _read_failings(reading: Reading, root: Mapping) -> dict[str, Failing]:
    node = root.entries.get("failings")
    mapping = reading.mapping(node, "failings") if node is not None else None
    found = {}
    for code, inner in (mapping.entries if mapping is not None else {}).items():
        failing = reading.mapping(inner, code)
        if failing is not None:
            reading.only(failing, ("says", "cases", "not_asked"), code)
            says, cases = (reading.text(failing, key, required=True) for key in ("says", "cases"))
            number = whole_number(cases)
            if cases and number is None:
                reading.refuse(failing.entries["cases"], "cases must be a whole number", "write cases: 12")
            found[code] = Failing(says, number or 0, reading.text(failing, "not_asked"))
    return found


_KIND_KEYS = ("says", "plural", "label", "dated_by", "area", "about", "singleton", "facts")


def _read_kind(reading: Reading, name: str, mapping: Mapping, areas: tuple[str, ...]) -> Kind:
    reading.only(mapping, _KIND_KEYS, f"kind {name}")
    area = reading.choice(mapping, "area", areas, required=True)
    facts: dict[str, FactType] = {}
    node = mapping.entries.get("facts")
    facts_map = reading.mapping(node, f"facts of {name}") if node is not None else None
    for fact_name, fact_node in (facts_map.entries if facts_map else {}).items():
        if fact_name in ITEM_KEYS and name != CASE:
            reading.refuse(fact_node, f"{fact_name!r} is a key of every item and cannot be a fact")
            continue
        facts[fact_name] = _read_fact_type(reading, f"{name}.{fact_name}", fact_node, area, areas)
    return Kind(
        name,
        reading.text(mapping, "says", required=True),
        facts,
        plural=reading.text(mapping, "plural", required=name != CASE),
        label=reading.text(mapping, "label", required=name != CASE),
        dated_by=reading.text(mapping, "dated_by"),
        area=area,
        about=reading.texts(mapping.entries.get("about"), "about"),
        singleton=reading.flag(mapping, "singleton"),
    )


_FACT_KEYS = (
    "kind", "options", "named", "done", "holds", "asks", "look_in", "area", "personal",
    "may_be_future", "not_before", "not_applicable", "changes", "to", "parts",
)  # fmt: skip


def _read_fact_type(reading: Reading, name: str, node: Node, area: str, areas: tuple[str, ...]) -> FactType:
    mapping = reading.mapping(node, name)
    if mapping is None:
        return FactType(name, FactKind.TEXT)
    reading.only(mapping, _FACT_KEYS, name)
    kind = FactKind(reading.choice(mapping, "kind", [str(kind) for kind in FactKind], default="text", required=True))
    options = reading.texts(mapping.entries.get("options"), "options")
    if (kind in (FactKind.CHOICE, FactKind.CHOICES)) != bool(options):
        reading.refuse(mapping, f"{name}: options belong to a choice, and a choice needs them")
    if len(options) > _MOST_OPTIONS:
        what = f"{name} has {len(options)} options, above {_MOST_OPTIONS}"
        reading.refuse(mapping.entries["options"], what, "nobody chooses from so many: make groups")
        options = options[:_MOST_OPTIONS]
    parts: dict[str, FactType] = {}
    parts_node = mapping.entries.get("parts")
    parts_map = reading.mapping(parts_node, f"parts of {name}") if parts_node is not None else None
    for part, part_node in (parts_map.entries if parts_map else {}).items():
        parts[part] = _read_fact_type(reading, f"{name}.{part}", part_node, area, areas)
    named = reading.text(mapping, "named") or name.rsplit(".", maxsplit=1)[-1].replace("_", " ")
    return FactType(
        name,
        kind,
        options=options,
        named=named,
        done=reading.text(mapping, "done") or named,
        holds=reading.text(mapping, "holds"),
        asks=reading.text(mapping, "asks", required=True),
        look_in=reading.text(mapping, "look_in", required=True),
        area=reading.choice(mapping, "area", areas, default=area),
        personal=reading.flag(mapping, "personal"),
        may_be_future=reading.flag(mapping, "may_be_future"),
        not_before=reading.texts(mapping.entries.get("not_before"), "not_before"),
        not_applicable=reading.flag(mapping, "not_applicable"),
        changes=reading.flag(mapping, "changes"),
        to=reading.texts(mapping.entries.get("to"), "to"),
        parts=parts,
    )


def _check_names(reading: Reading, vocabulary: Vocabulary, root: Mapping) -> None:
    """Every name that one word of the vocabulary uses for another must exist, and no word may mean two things."""
    words = [*CASE_KEYS]
    for kind in vocabulary.kinds.values():
        at = _place(root, "kinds", kind.name)
        mine = kind.facts if kind.name == CASE else {kind.name, kind.plural}
        for word in sorted(set(mine) & set(words)):
            reading.refuse(at, f"{word!r} means two things at the top of a case file")
        words += mine
        for about in kind.about:
            if about not in vocabulary.kinds:
                what = f"{kind.name} is about the unknown kind {about!r}"
                reading.refuse(at, what, did_you_mean(about, vocabulary.kinds))
        if kind.dated_by and kind.dated_by not in kind.facts:
            what = f"{kind.name} is dated by the unknown fact {kind.dated_by!r}"
            reading.refuse(at, what, did_you_mean(kind.dated_by, kind.facts))
        for name, fact in kind.facts.items():
            _check_fact_names(reading, vocabulary, fact, _place(root, "kinds", kind.name, "facts", name))


def _place(root: Mapping, *keys: str) -> Node:
    """The node under these keys, all of which are there."""
    node: Node = root
    for key in keys:
        node = node.entries[key] if isinstance(node, Mapping) and key in node.entries else node
    return node


def _check_fact_names(reading: Reading, vocabulary: Vocabulary, fact: FactType, at: Node) -> None:
    for other in fact.not_before:
        if vocabulary.fact(other) is None:
            reading.refuse(at, f"{fact.name} names the unknown fact {other!r}", vocabulary.suggest(other))
    for kind in fact.to:
        if kind not in vocabulary.kinds:
            reading.refuse(at, f"{fact.name} refers to the unknown kind {kind!r}", did_you_mean(kind, vocabulary.kinds))
    if (fact.kind is FactKind.REFERENCE) != bool(fact.to):
        reading.refuse(at, f"{fact.name}: a reference needs `to:`, and nothing else has it")
    for word in fact.options:
        if word in _SAID_OF_ANY:
            reading.refuse(at, f"{fact.name}: {word!r} may be said of any fact and cannot be an option")
    for part in fact.parts:
        if part in _FACT_SUB_KEYS:
            reading.refuse(at, f"{fact.name}: {part!r} is a key of every fact and cannot be a part")
