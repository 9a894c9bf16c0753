"""The schemas of a rulebook: rules with their conditions and clocks, their examples, and the vocabulary."""

from collections.abc import Iterable

from checklist.clocks import Unit
from checklist.conditions import FITS, Op, Quantifier
from checklist.editors.cases import DAY, WHEN, YES_NO, case_definitions, facts_and_parts, small_case
from checklist.editors.shapes import (
    Schema,
    any_word,
    closed,
    mapping_of,
    matching,
    offer,
    offers,
    one_of,
    refusal,
    shaped,
    text_schema,
    texts_schema,
)
from checklist.findings import Severity, Standing, Verdict
from checklist.rules import CERTAINTIES, RULE_ID, WHEN_ABSENT, Checklist
from checklist.vocabulary import BUILT_IN_DATES, BUILT_IN_TEXTS, CASE, DATED, FactKind, FactType, Vocabulary

_NOT_A_LIMIT = (
    "this is not a limit: write a number and hours, days, working days, weeks or months, such as 15 working days"
)
_UNITS = any_word(unit.removesuffix("s") for unit in Unit)
LIMIT: Schema = {
    **matching(rf" *(?!0+ )[0-9]{{1,4}} +(?:{_UNITS})s? *", _NOT_A_LIMIT),
    "defaultSnippets": offers(["24 hours", "3 days", "15 working days", "2 weeks", "3 months"]),
}
LIMIT_REF: Schema = {"$ref": "#/$defs/limit"}
_NO_SUCH_FACT = "the vocabulary has no fact of this name that fits here"
_BLOCK_SAYS = {
    "applies_when": "Conditions that must hold for the rule to apply; left out, it always does.",
    "expect": "Conditions that are expected to hold.",
    "deadline": "What must happen, after what, within how long.",
    "schedule": "What must happen again and again.",
    "judgement": "A question that only a person can answer.",
    "if_not_recorded": "What it is where nobody wrote it down; `not met` only where the source treats missing evidence as the failing.",
    "accept_reasons": "The reasons, from the vocabulary's list, that excuse what was not done.",
}


def rule_schema(checklist: Checklist) -> Schema:
    """The schema of a rule."""
    vocabulary = checklist.vocabulary
    kinds = [kind for kind in vocabulary.kinds if kind != CASE]
    blocks, by_whom = _blocks(), _by_whom()
    tags = vocabulary.themes or sorted({tag for rule in checklist.rules for tag in rule.tags})
    answers = tuple(vocabulary.failings) or sorted({one for rule in checklist.rules for one in rule.answers})
    properties: Schema = {
        "rule": {**text_schema("Its id: the file's name without .yaml."), "pattern": f"^{RULE_ID.pattern}$"},
        "title": text_schema("What is expected, as a sentence."),
        "area": one_of(vocabulary.areas, "The part of the work; the folder's name."),
        "severity": one_of([str(one) for one in Severity], "How much it matters where it is not met."),
        "off": text_schema("Why it is shipped switched off: only a profile, or `--select`, that names it asks it."),
        "tags": {**texts_schema("Words by which profiles choose rules."), "defaultSnippets": offers(tags)},
        "answers": {**texts_schema("The published failings that it answers."), "defaultSnippets": offers(answers)},
        "for_each": one_of(kinds, "One finding for each; left out: one for the case."),
        "join": _join_schema(vocabulary),
        **blocks,
        "passes_when_absent": {
            "description": "The facts whose absence passes: every report says so.",
            "type": ["array", "string"],
            **shaped({"$ref": "#/$defs/fact"}, None, {"$ref": "#/$defs/fact"}),
        },
        "versions": {
            "description": "The standard of the day: each version with the days on which it was in force.",
            "type": "array",
            "minItems": 1,
            "items": _version_schema(vocabulary, {**blocks, **by_whom}),
        },
        "judged_on": _described("The date that decides which version holds.", "dated fact"),
        "calendar": {**text_schema("By which working days are counted."), **one_of(checklist.calendars)},
        "why": text_schema("Why it matters, in one sentence."),
        "action": text_schema("What to do now where it is not met."),
        "strength": text_schema("What is worth saying as good practice where it is met."),
        **by_whom,
        "examples": _examples_of(checklist),
    }
    asks: Schema = {"anyOf": [{"required": [key]} for key in ("expect", "deadline", "schedule", "judgement")]}
    timed: Schema = {"anyOf": [{"required": [key]} for key in ("deadline", "schedule")]}
    refused = "the rule asks nothing: give it one of expect, deadline, schedule, judgement"
    return {
        "type": "object",
        **closed(properties, "rule", "title", "area", "severity", "why", "action", "source", "examples"),
        "allOf": [
            {"if": {"not": asks}, "then": {"required": ["expect"], "errorMessage": refused}},
            {"if": timed, "then": {"required": ["limit_standing"]}},
            {"if": {"required": ["versions"]}, "then": {"required": ["judged_on"]}},
        ],
        "$defs": {
            **case_definitions(vocabulary),
            **small_case(checklist),
            **_block_definitions(vocabulary),
            **_path_definitions(vocabulary),
            **_test_definitions(vocabulary),
            "condition": _condition_schema(vocabulary),
        },
    }


_DEADLINE_SAYS = {
    "event": "What must happen.",
    "after": "What starts the clock.",
    "limit": "How long it may take: one limit, or a table of limits by the value of a fact.",
}
_SCHEDULE_SAYS = {
    "first_after": "What starts the clock.",
    "events": "A fact of kind events: what must happen again.",
    "first": "How soon the first; left out, as `every`.",
    "every": "The longest gap.",
    "until": "What ends it.",
}


_NAMING_FACTS = ("event", "after", "events", "until", "fact")


def _block_definitions(vocabulary: Vocabulary) -> Schema:
    dated: Schema = {"$ref": "#/$defs/dated fact"}
    parts: Schema = {
        "deadline.event": _clock(("first_of", "last_of")),
        "deadline.after": _clock(("first_of", "last_of", "first_known")),
        "deadline.limit": _limit_schema(vocabulary),
        "schedule.first_after": dated,
        "schedule.events": {"$ref": "#/$defs/repeated fact"},
        "schedule.first": LIMIT_REF,
        "schedule.every": LIMIT_REF,
        "schedule.until": dated,
    }
    deadline = {key: _described(says, f"deadline.{key}") for key, says in _DEADLINE_SAYS.items()}
    schedule = {key: _described(says, f"schedule.{key}") for key, says in _SCHEDULE_SAYS.items()}
    return {
        **parts,
        "limit": LIMIT,
        "deadline": mapping_of(deadline, *deadline),
        "schedule": mapping_of(schedule, "first_after", "events", "every"),
        "reason": one_of(vocabulary.reasons),
    }


def _described(says: str, definition: str) -> Schema:
    reference: Schema = {"$ref": f"#/$defs/{definition}"}
    if not definition.endswith(_NAMING_FACTS):
        return {"description": says, **reference}
    # The server begins a value by its first type, and does not find one where a definition refers to another.
    types = ["string", "object"] if definition in ("deadline.event", "deadline.after") else ["string"]
    return {"description": says, "type": types, "allOf": [reference]}


def _blocks() -> Schema:
    """What a rule asks, as a whole or in one of its versions."""
    reason: Schema = {"$ref": "#/$defs/reason"}
    return {
        "applies_when": _described(_BLOCK_SAYS["applies_when"], "condition"),
        "expect": _described(_BLOCK_SAYS["expect"], "condition"),
        "deadline": _described(_BLOCK_SAYS["deadline"], "deadline"),
        "schedule": _described(_BLOCK_SAYS["schedule"], "schedule"),
        "judgement": text_schema(_BLOCK_SAYS["judgement"]),
        "if_not_recorded": one_of(WHEN_ABSENT, _BLOCK_SAYS["if_not_recorded"]),
        "accept_reasons": {
            "description": _BLOCK_SAYS["accept_reasons"],
            "type": ["array", "string"],
            **shaped(reason, None, reason),
        },
    }


def _clock(modes: tuple[str, ...]) -> Schema:
    """One fact, or several with a word for which of them counts."""
    one: Schema = {"$ref": "#/$defs/dated fact"}
    says = {
        "first_of": "The earliest that is recorded.",
        "last_of": "All are needed; the last counts.",
        "first_known": "When the first of some facts was known.",
    }
    only_if = mapping_of(
        {"if_recorded": {"description": "Counts only where it is written down.", **one}}, "if_recorded"
    )
    items: dict[str, Schema] = {
        "first_of": one,
        "last_of": {"$ref": "#/$defs/offered dated fact", **shaped(one, only_if)} if "first_known" in modes else one,
        "first_known": {"$ref": "#/$defs/fact"},
    }
    ways = {mode: {"type": "array", "minItems": 1, "items": items[mode], "description": says[mode]} for mode in modes}
    alone = [
        {"if": {"required": [mode]}, "then": {"properties": dict.fromkeys(modes[index:], False)}}
        for index, mode in enumerate(modes, start=1)
    ]
    mapping: Schema = {**mapping_of(ways), "minProperties": 1, "allOf": alone}
    return {"$ref": "#/$defs/offered dated fact", **shaped(one, mapping)}


def _limit_schema(vocabulary: Vocabulary) -> Schema:
    """A limit, or a table of limits by a fact with a limit for every value of it."""
    tables: dict[tuple[str, ...], list[str]] = {}
    for fact in facts_and_parts(vocabulary):
        options = _values(fact)
        if options:
            tables.setdefault(options, []).append(fact.name)
    by: Schema = {"description": "The fact on whose value the limit hangs.", "$ref": "#/$defs/fact with values"}
    ways = [
        {
            "if": {"required": ["by"], "properties": {"by": {"type": "string", "pattern": _names(names)}}},
            "then": closed({"by": True, **dict.fromkeys(options, LIMIT_REF)}, *options),
        }
        for options, names in tables.items()
    ]
    mapping = {"type": "object", "properties": {"by": by}, "required": ["by"], "allOf": ways}
    offered = [
        *LIMIT["defaultSnippets"],
        offer("a table by a fact", {"by": "${1}"}, "A limit for every value of it."),
    ]
    return {"defaultSnippets": offered, **shaped(LIMIT_REF, mapping)}


def _values(fact: FactType) -> tuple[str, ...]:
    """The values of a fact that has but a few, on which a limit can hang."""
    return {FactKind.YES_NO: YES_NO, FactKind.CHOICE: fact.options}.get(fact.kind, ())


def _join_schema(vocabulary: Vocabulary) -> Schema:
    references = {fact.name: fact for fact in facts_and_parts(vocabulary) if fact.kind is FactKind.REFERENCE}
    ways = {name: {"description": fact.asks, **one_of(fact.to)} for name, fact in references.items()}
    says = "Brings in the one thing that a reference of the subject points to: {contact.suspect: suspect}."
    return {**mapping_of(ways, says=says), "minProperties": 1, "maxProperties": 1}


def _version_schema(vocabulary: Vocabulary, blocks: Schema) -> Schema:
    """A version: when it was in force, and what it puts in place of what the rule says."""
    day = matching(DAY, "write a day: 2018-07-04")
    in_force = mapping_of({"from": day, "to": day}, says="The days on which it was in force, both included.")
    inner = {
        **{f"deadline.{key}": _described(says, f"deadline.{key}") for key, says in _DEADLINE_SAYS.items()},
        **{f"schedule.{key}": _described(says, f"schedule.{key}") for key, says in _SCHEDULE_SAYS.items()},
    }
    values = sorted({value for fact in facts_and_parts(vocabulary) for value in _values(fact)})
    return {
        **mapping_of({"in_force": in_force, **inner, **blocks}, "in_force"),
        "patternProperties": {f"^deadline\\.limit\\.(?:{any_word(values)})$": LIMIT_REF},
    }


def _by_whom() -> Schema:
    """Who says so, of a rule or of one of its versions."""
    says = "Who gives the number: `local` where no source does, and ours is a default."
    return {
        "source": {"description": "Who says so.", "type": "array", "minItems": 1, "items": _source_schema()},
        "limit_standing": one_of([str(one) for one in Standing], says),
    }


def _source_schema() -> Schema:
    properties = {
        "standing": one_of([str(one) for one in Standing], "What weight it has."),
        "says": text_schema("What it says, in one sentence."),
        "document": text_schema("Its title."),
        "published": text_schema("When."),
        "url": text_schema("Where it can be read."),
        "no_link": text_schema("Why there is no address."),
        "standard": text_schema("The number by which we keep it."),
        "certainty": one_of(
            CERTAINTIES, "Whether the passage was read on an official page, in a secondary source, or not."
        ),
    }
    return mapping_of(properties, "standing", "says", "document")


def _names(names: Iterable[str]) -> str:
    """A pattern of facts, each perhaps said to be that of the first or the latest thing of its kind."""
    return f"^(?:(?:first|latest) )?(?:{any_word(names)})$"


def _path_definitions(vocabulary: Vocabulary) -> Schema:
    """The facts that a rule may name, by where it names them."""
    facts = list(facts_and_parts(vocabulary))
    whole = [fact.name for fact in facts if fact.name.count(".") == 1]
    dates = _built_in_names(whole, BUILT_IN_DATES)
    texts = _built_in_names(whole, BUILT_IN_TEXTS)
    dated = [fact for fact in facts if fact.kind in DATED]
    kinds = {
        "fact": (facts, [dates, texts]),
        "dated fact": (dated, [dates]),
        "repeated fact": ([fact for fact in facts if fact.kind is FactKind.EVENTS], []),
        "fact with values": ([fact for fact in facts if _values(fact)], []),
    }
    definitions: Schema = {}
    for word, (named, more) in kinds.items():
        pattern = "|".join([any_word(fact.name for fact in named), *more])
        offered = [offer(fact.name, fact.name, f"{fact.asks} ({fact.kind})") for fact in named]
        path = matching(f"(?:(?:first|latest) )?(?:{pattern})", _NO_SUCH_FACT)
        definitions[f"offered {word}"] = {"defaultSnippets": offered}
        definitions[word] = {"$ref": f"#/$defs/offered {word}", **path}
    either = matching(
        f"(?:(?:first|latest) )?(?:{any_word(fact.name for fact in facts)}|{dates})|{WHEN}", _NO_SUCH_FACT
    )
    definitions["date or dated fact"] = {"$ref": "#/$defs/offered dated fact", **either}
    return definitions


def _built_in_names(names: Iterable[str], parts: Iterable[str]) -> str:
    """A pattern of the parts that every fact has."""
    return rf"(?:{any_word(names)})\.(?:{any_word(parts)})"


# Conditions: each fact is put to the tests that fit its kind.

_OP_SAYS = {
    Op.IS: "Is it that value; of an event, did it happen.",
    Op.IS_NOT: "Is it another value.",
    Op.ONE_OF: "Is it one of these.",
    Op.NONE_OF: "Is it none of these.",
    Op.RECORDED: "Was it written down: decided by absence itself.",
    Op.AT_LEAST: "Is it this or more.",
    Op.AT_MOST: "Is it this or less.",
    Op.BEFORE: "Was it before a date, or another fact.",
    Op.AFTER: "Was it after a date, or another fact.",
    Op.INCLUDES_ALL: "Does the list hold all of these.",
    Op.INCLUDES_ANY: "Does the list hold one of these.",
    Op.INCLUDES_NONE: "Does the list hold none of these.",
}


def _test_of(fact: FactType) -> str:
    """Where the tests that a fact can be put to are defined."""
    kind = FactKind.EVENT if fact.kind in DATED else fact.kind
    return f"test of {fact.name if fact.options else kind.replace('/', ' or ')}"


def _test_definitions(vocabulary: Vocabulary) -> Schema:
    plain = [FactType(str(kind), kind) for kind in FactKind if kind not in (FactKind.CHOICE, FactKind.CHOICES)]
    facts = [*plain, *(fact for fact in facts_and_parts(vocabulary) if fact.options)]
    return {_test_of(fact): _test_schema(fact) for fact in facts}


def _test_schema(fact: FactType) -> Schema:
    """The tests of one fact: a value alone asks `is`, a list of them `one_of`, a mapping names its tests."""
    words = fact.options or YES_NO
    one, number = one_of(words), _number(fact)
    several = {"defaultSnippets": one["defaultSnippets"], "minItems": 1, **shaped(one, None, one)}
    operands: dict[Op, Schema] = {
        Op.IS: _alone(one),
        Op.IS_NOT: _alone(one),
        Op.RECORDED: _alone(one_of(YES_NO)),
        Op.AT_LEAST: number,
        Op.AT_MOST: number,
        Op.BEFORE: {"type": "string", "allOf": [{"$ref": "#/$defs/date or dated fact"}]},
        Op.AFTER: {"type": "string", "allOf": [{"$ref": "#/$defs/date or dated fact"}]},
    }
    fitting = [op for op in Op if fact.kind in FITS[op]]
    tests = {str(op): {"description": _OP_SAYS[op], **operands.get(op, several)} for op in fitting}
    mapping = {**mapping_of(tests), "minProperties": 1}
    named = [offer(f"{{{op}: ...}}", {str(op): "${1}"}, _OP_SAYS[op]) for op in fitting]
    if Op.IS not in fitting:
        refused = f"a {fact.kind} is not asked so: write one of {', '.join(fitting)}"
        return {"defaultSnippets": named, **shaped(refusal(refused), mapping)}
    return {
        "defaultSnippets": [*one["defaultSnippets"], *named],
        "minItems": 1,
        **shaped(one, mapping, one if Op.ONE_OF in fitting else None),
    }


def _alone(one: Schema) -> Schema:
    """One value, or a list of it alone."""
    return {"defaultSnippets": one["defaultSnippets"], "minItems": 1, "maxItems": 1, **shaped(one, None, one)}


def _number(fact: FactType) -> Schema:
    """What a count or an age is measured by."""
    unit = "(?: (?:day|week|month|year)s?)?" if fact.kind is FactKind.AGE else ""
    form = matching(f"[0-9]+{unit}", "write a whole number, such as 2; of an age, 2 years or 9 months")
    return {**form, "type": ["integer", "string"], "minimum": 0}


def _condition_schema(vocabulary: Vocabulary) -> Schema:
    condition: Schema = {"$ref": "#/$defs/condition"}
    several: Schema = {"type": "array", "items": condition, "minItems": 1}
    kinds = one_of([kind for kind in vocabulary.kinds if kind != CASE], "The kind of thing.")
    over: Schema = {
        "of": kinds,
        "where": {"description": "Which of them are asked about; left out, all.", **condition},
        "satisfies": {"description": "What is asked of each.", **condition},
    }
    asks: Schema = {"if": {"not": {"required": ["where"]}}, "then": {"required": ["satisfies"]}}
    count: Schema = {
        "description": "How many at most.",
        "type": ["integer", "string"],
        "pattern": "^[0-9]+$",
        "minimum": 0,
    }
    says = {
        Quantifier.EVERY: "Must hold of each thing of a kind.",
        Quantifier.SOME: "Must hold of one or more.",
        Quantifier.NONE: "May hold of none.",
        Quantifier.AT_MOST: "May hold of no more than `count`.",
    }
    properties: Schema = {
        "all_of": {"description": "Every one of these must hold.", **several},
        "any_of": {"description": "One of these must hold, or more.", **several},
        "not": {"description": "This must not hold.", **condition},
    }
    for one in Quantifier:
        counted = one is Quantifier.AT_MOST
        mapping = mapping_of({**over, "count": count}, "of", "count") if counted else mapping_of(over, "of")
        properties[str(one)] = {**mapping, **asks, "description": says[one]}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": properties | {fact.name: _asked(fact) for fact in facts_and_parts(vocabulary)},
        "patternProperties": _longer_names(vocabulary),
        "additionalProperties": False,
    }


def _asked(fact: FactType) -> Schema:
    return {"title": fact.name, "description": fact.asks, "$ref": f"#/$defs/{_test_of(fact)}"}


def _longer_names(vocabulary: Vocabulary) -> Schema:
    """The tests of facts that are named with `first` or `latest`, and of the parts that every fact has."""
    named: dict[str, list[str]] = {}
    for fact in facts_and_parts(vocabulary):
        named.setdefault(_test_of(fact), []).append(fact.name)
    whole = [fact.name for fact in facts_and_parts(vocabulary) if fact.name.count(".") == 1]
    dates, texts = (_built_in_names(whole, parts) for parts in (BUILT_IN_DATES, BUILT_IN_TEXTS))
    return {
        **{f"^(?:first|latest) (?:{any_word(names)})$": {"$ref": f"#/$defs/{test}"} for test, names in named.items()},
        f"^(?:(?:first|latest) )?{dates}$": {"$ref": "#/$defs/test of event"},
        f"^(?:(?:first|latest) )?{texts}$": {"$ref": "#/$defs/test of text"},
    }


# Examples.


def _examples_of(checklist: Checklist) -> Schema:
    verdict = one_of([str(one) for one in Verdict])
    because = text_schema("The fact that the verdict turns on, such as suspects[0].arrested.")
    detailed = mapping_of({"verdict": verdict, "because": because}, "verdict")
    expected: Schema = {"defaultSnippets": verdict["defaultSnippets"], **shaped(verdict, detailed)}
    properties = {
        "name": text_schema("What it shows."),
        "case": {"description": "A small case.", "$ref": "#/$defs/small case"},
        "expect": {
            "description": "The verdict on each subject; `case` stands for the whole case.",
            "type": "object",
            "additionalProperties": expected,
        },
        "because": because,
    }
    says = "Small cases that show every verdict: met, not met, not recorded, does not apply."
    return {"description": says, "type": "array", "items": mapping_of(properties, "name", "case", "expect")}


def examples_schema(checklist: Checklist) -> Schema:
    """The schema of the examples of a rule that stand beside it."""
    change: Schema = {
        "change": text_schema("A change of the rule that alters nothing."),
        "why": text_schema("Why no example can tell it from the rule."),
    }
    says = "Changes of the rule that no case can tell from it, each with the reason."
    properties: Schema = {
        "rule": {**text_schema("The rule that these are examples of."), **one_of(rule.id for rule in checklist.rules)},
        "examples": _examples_of(checklist),
        "equivalent": {"description": says, "type": "array", "items": mapping_of(change, *change)},
    }
    definitions = {**case_definitions(checklist.vocabulary), **small_case(checklist)}
    return {"type": "object", **closed(properties, "rule"), "$defs": definitions}


# Vocabularies.

_KIND_OF_FACT_SAYS = {
    FactKind.YES_NO: "It holds, or it does not.",
    FactKind.CHOICE: "One of some options.",
    FactKind.CHOICES: "Some of some options.",
    FactKind.DATE: "A day or a minute.",
    FactKind.EVENT: "Something that happened on a day, or was decided against.",
    FactKind.EVENTS: "Something that happens again and again.",
    FactKind.COUNT: "How many.",
    FactKind.AGE: "How old.",
    FactKind.TEXT: "Free text, never shown unless quotes are asked for.",
    FactKind.REFERENCE: "The ref of another thing.",
}


def vocabulary_schema(checklist: Checklist) -> Schema:
    """The schema of a vocabulary."""
    # A file says its own areas and names its own facts: those of the checklist are offered, and not required.
    known = checklist.vocabulary
    area = {**text_schema("The part of the work."), "defaultSnippets": offers(known.areas)}
    kinds = [offer(str(kind), str(kind), _KIND_OF_FACT_SAYS[kind]) for kind in FactKind]
    fact: Schema = {
        "kind": {**one_of([str(kind) for kind in FactKind], "What its value may be."), "defaultSnippets": kinds},
        "options": texts_schema("The options of a choice."),
        "named": text_schema("A noun phrase: the arrest."),
        "done": text_schema("Of a date or an event, what then happened: arrested."),
        "holds": text_schema("Of a yes/no, the clause that holds when it is yes."),
        "asks": text_schema("The question, in plain words."),
        "look_in": text_schema("Where a reviewer would look."),
        "area": area,
        "personal": one_of(YES_NO, "Computed with, never shown."),
        "may_be_future": one_of(YES_NO, "May lie after the day that the review stands on."),
        "not_before": texts_schema("The facts that it cannot come before."),
        "not_applicable": one_of(YES_NO, "May be said not to apply, with a reason."),
        "changes": one_of(YES_NO, "May change: each value with the day from which it held."),
        "to": {
            **texts_schema("The kinds of thing that a reference points to."),
            "defaultSnippets": offers(known.kinds),
        },
        "parts": {
            "description": "Facts about the fact.",
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/fact"},
        },
    }
    kind: Schema = {
        "says": text_schema("What it is, in one clause."),
        "plural": text_schema("The word over a list of them."),
        "label": text_schema("The letters of its refs."),
        "dated_by": text_schema("The fact by which the first and the latest of them are told."),
        "area": area,
        "about": {
            **texts_schema("The kinds of which an item must say whom it concerns."),
            "defaultSnippets": offers(known.kinds),
        },
        "singleton": one_of(YES_NO, "Whether rules may read it as the one of its kind."),
        "facts": {
            "description": "What a case file may say of it.",
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/fact"},
        },
    }
    failing: Schema = {
        "says": text_schema("What was wrong, in one clause."),
        "cases": {"description": "In how many of the published cases it was found.", "type": ["integer", "string"]},
        "not_asked": text_schema("Why no rule can ask for it; left out where rules do."),
    }
    properties: Schema = {
        "vocabulary": {"description": "The version of this form.", "const": 1},
        "areas": texts_schema("The parts of the work, in the order of reports."),
        "topics": {
            "description": "The topics of the inspectorate's later criteria that each area comes under.",
            "type": "object",
            "additionalProperties": texts_schema("Topics."),
        },
        "themes": texts_schema("What rules may be tagged with."),
        "failings": {
            "description": "What inspectors found wrong, by its code, the most frequent first.",
            "type": "object",
            "additionalProperties": mapping_of(failing, "says", "cases"),
        },
        "reasons": texts_schema("The closed list for `reason:` of what was decided against."),
        "kinds": {
            "description": "Every kind of thing; `case` holds the facts of the whole case.",
            "type": "object",
            "additionalProperties": mapping_of(kind, "says", "area"),
        },
    }
    chosen: Schema = {"properties": {"kind": {"enum": [str(FactKind.CHOICE), str(FactKind.CHOICES)]}}}
    pointing: Schema = {"properties": {"kind": {"const": str(FactKind.REFERENCE)}}}
    needs = [
        {
            "if": {"required": ["kind"], **chosen},
            "then": {"required": ["options"]},
            "else": {"properties": {"options": False}},
        },
        {"if": {"required": ["kind"], **pointing}, "then": {"required": ["to"]}, "else": {"properties": {"to": False}}},
    ]
    definition: Schema = {**mapping_of(fact, "kind", "asks", "look_in"), "allOf": needs}
    return {"type": "object", **closed(properties, "areas", "kinds"), "$defs": {"fact": definition}}
