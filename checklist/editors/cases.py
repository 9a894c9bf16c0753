"""The schema of case files: every kind of thing, every fact with its question, and what may be said of it."""

from collections.abc import Iterator

# What the reader takes is what the schema describes: its own patterns, and not copies of them.
from checklist.case import AGE, COUNT, OTHERS_NOT_RECORDED, REF, ROLE, WEEKDAYS
from checklist.clocks import FIRST_YEAR, LAST_YEAR
from checklist.editors.shapes import (
    Schema,
    any_word,
    closed,
    mapping_of,
    matching,
    offer,
    offers,
    one_of,
    or_nothing,
    pattern_of,
    refusal,
    shaped,
    text_schema,
)
from checklist.rules import Checklist
from checklist.vocabulary import BUILT_IN_DATES, BUILT_IN_TEXTS, CASE, FactKind, FactType, Kind, Vocabulary

# What may be said of any fact.

_STATES = ("not recorded", "unknown", "redacted")
_TIME = r"(?:T(?:[01][0-9]|2[0-4]):[0-5][0-9](?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
DAY = "[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-9])|(?:0[13-9]|1[0-2])-30|(?:0[13578]|1[02])-31)"
_INSTANT = rf"{DAY}{_TIME}|[0-9]{{4}}(?:-(?:0[1-9]|1[0-2]))?"
_COUNTED = rf"day +[0-9]{{1,5}}{_TIME}|[^\s\/].*? +[+-] +[0-9]{{1,5}} +(?:hour|day|week|month)s?"
_POINT = rf"(?:{_INSTANT}|{_COUNTED})"
WHEN = rf"{_POINT}(?: *\/ *(?:{_POINT}|\.\.))?|\.\. *\/ *{_POINT}"
_NOT_A_DATE = (
    "this is not a date: write 2016-03-18, 2016-03-18T09:15, 2016-03, 2016, 2016-03-01/2016-03-20, "
    "day 21 or report + 21 days"
)
_GROUP_FORM: Schema = {"type": "string", "pattern": r"^(?:all|none|some|(?:0|[1-9][0-9]{0,5}) of [1-9][0-9]{0,5})$"}
YES_NO = ("yes", "no")


def _when(*words: str, says: str = "") -> Schema:
    """A moment as a case file says it, or one of some words."""
    pattern = f"{any_word(words)}|{WHEN}" if words else WHEN
    message = f"{_NOT_A_DATE}; or {', '.join(words)}" if words else _NOT_A_DATE
    year = {"minimum": FIRST_YEAR, "maximum": LAST_YEAR}
    whole = matching(f" *(?:{pattern}) *", message, says)
    return {**whole, "type": ["string", "integer", "null"], **year}


_SAID_OF_ANY = [
    offer("not recorded", "not recorded", "Nobody wrote it down; the same as leaving it out."),
    offer("unknown", "unknown", "The record says that it is not known."),
    offer("redacted", "redacted", "Withheld from you: never a failing."),
]
_TWO_RECORDS = offer(
    "two records disagree",
    {"conflicting": [{"is": "${1}", "source": "${2:log 3}"}, {"is": "${3}", "source": "${4:log 9}"}]},
    "Each record as it stands; nothing is decided between them.",
)
_KNOWN_SINCE = offer(
    "with the day it was known",
    {"is": "${1}", "known": "${2:2015-09-01}"},
    "A value with what is known about it.",
)
_OFFERED_OF_EVENTS = [
    offer("a day", "${1:2015-09-01}"),
    offer("a minute", "${1:2015-09-01T10:15}"),
    offer("yes", "yes", "It happened; the date is not recorded."),
    offer("no", "no", "Recorded as not done, without a reason."),
    offer(
        "not done, with a reason",
        {"done": "no", "reason": "${1}", "decided_by": "${2:inspector@police}", "decided_at": "${3:2015-09-01}"},
        "Recorded as not done: who decided it, when, and why.",
    ),
    offer(
        "with who did it",
        {"at": "${1:2015-09-01}", "by": "${2:inspector@police}", "written_down": "${3:2015-09-01}"},
        "A date with what is known about it.",
    ),
]
_PART_SAYS = {
    "known": "When it was first known.",
    "written_down": "When it was put on the record.",
    "decided_at": "When it was decided against.",
    "by": "Who did it: role@agency, never a name.",
    "decided_by": "Who decided it: role@agency, never a name.",
    "source": "Where the record shows it, such as log 14.",
    "reason": "Why it was not done, or was done late.",
    "note": "Free text: never shown unless quotes are asked for.",
    "at": "When it happened; of a value that changed, from when it held.",
    "from": "When it began.",
    "until": "When it ended.",
    "is": "The value.",
    "done": "Whether it happened.",
    "count": "How many.",
    "at_least": "The least that it may be.",
    "at_most": "The most that it may be.",
    "conflicting": "Two records or more that disagree, each as it stands.",
}
NOT_A_ROLE = "write role@agency in small letters, such as detective sergeant@police, never a name"
_ROLE_FORM: Schema = {
    **matching(pattern_of(ROLE), NOT_A_ROLE),
    "type": ["string", "null"],
}
_NOT_A_REF = "a ref is a short code: write a letter and a number, such as S1, never a name"
_REF_FORM = matching(pattern_of(REF), _NOT_A_REF)
_FREE: Schema = {"type": ["string", "number", "boolean", "null"]}


def _built_in(name: str) -> Schema:
    """A part that every fact has."""
    definitions = {
        "by": "role",
        "decided_by": "role",
        "reason": "offered reason",
        **dict.fromkeys(BUILT_IN_DATES, "date"),
    }
    shape = {"$ref": f"#/$defs/{definitions[name]}"} if name in definitions else _FREE
    return {"description": _PART_SAYS[name], **shape}


# Facts.


def _of_fact(fact: FactType) -> Schema:
    """A fact of a case file, with its question."""
    asks = f"{fact.asks}\nLook in: {fact.look_in}."
    says = f"{asks}\nPersonal: computed with, never shown." if fact.personal else asks
    return {"title": fact.name, "description": says, "$ref": f"#/$defs/{_definition_of(fact)}"}


def _definition_of(fact: FactType) -> str:
    """Where the shape of a fact is defined: its own place, or that of all facts of its kind."""
    own = fact.options or fact.parts or fact.not_applicable or fact.changes
    return fact.name if own else fact.kind.replace("/", " or ")


def _fact_definitions(vocabulary: Vocabulary) -> Schema:
    """The shape of every fact: one for each kind, and one for each fact that has words or parts of its own."""
    plain = [FactType(str(kind), kind) for kind in FactKind if kind not in (FactKind.CHOICE, FactKind.CHOICES)]
    facts = [*plain, *(fact for fact in facts_and_parts(vocabulary) if _definition_of(fact) == fact.name)]
    done = {"defaultSnippets": offers(YES_NO), "if": True, "then": {"enum": [*YES_NO, *_STATES]}}
    return {
        "moment": _when(),
        "moment or state": _when(*_STATES),
        "done": or_nothing(done),
        "done by a group": or_nothing({**done, "then": {"if": _GROUP_FORM, "else": done["then"]}}),
        "listed reason": or_nothing({"enum": [*vocabulary.reasons, "not recorded"]}),
        "offered reason": {"defaultSnippets": offers(vocabulary.reasons)},
        "role": _ROLE_FORM,
        "of no group": {
            "if": _GROUP_FORM,
            "then": refusal("this is said of a group: give it a count, such as count: 20"),
        },
        "said in one way": _said_in_one_way(),
        "not denied": _not_denied(),
        **{_value_of(fact): _value_schema(fact) for fact in facts},
        **{_definition_of(fact): _fact_shape(fact) for fact in facts},
    }


def _value_of(fact: FactType) -> str:
    """Where the value of a fact is defined, without what may be known about it."""
    return f"value of {fact.name if fact.options else fact.kind.replace('/', ' or ')}"


def facts_and_parts(vocabulary: Vocabulary) -> Iterator[FactType]:
    """Every fact and every part of one."""
    for kind in vocabulary.kinds.values():
        for fact in kind.facts.values():
            yield from (fact, *fact.parts.values())


def _fact_shape(fact: FactType) -> Schema:
    value: Schema = {"$ref": f"#/$defs/{_value_of(fact)}"}
    properties, keys = _properties(fact, value), _VALUE_KEYS.get(fact.kind, ())
    together = ["said in one way"] if "at" in keys else []
    together += ["not denied"] if fact.kind in (FactKind.EVENT, FactKind.EVENTS) else []
    conflicting: Schema = {
        "type": "array",
        "items": {"$ref": f"#/$defs/{_definition_of(fact)}"},
        "description": _PART_SAYS["conflicting"],
    }
    mapping: Schema = {
        "if": {"type": "object", "required": ["conflicting"]},
        "then": {**closed({"conflicting": conflicting, "note": _built_in("note")}), **_TWO_OR_MORE},
        "else": {
            **closed({**properties, "conflicting": conflicting}),
            **(_reasons(fact) if "reason" in properties else {}),
            **({"allOf": [{"$ref": f"#/$defs/{one}"} for one in together]} if together else {}),
        },
    }
    offered = [*_offered_values(fact), *_SAID_OF_ANY, *_offered_mappings(fact)]
    return {
        "defaultSnippets": offered,
        **shaped(value, mapping, mapping_of(properties) if fact.changes else _items(fact)),
    }


_TWO_OR_MORE: Schema = {
    "if": {"properties": {"conflicting": {"type": "array", "maxItems": 1}}},
    "then": refusal("a contradiction needs two records or more: write {conflicting: [{...}, {...}]}"),
}


def _said_in_one_way() -> Schema:
    """What the keys of an event may not say together."""
    said: Schema = {"not": {"enum": [None, "not recorded"]}}
    ways = [_with(key, said) for key in ("at", "is", "from", "until")]
    at, value, *span = ways
    two = [{"allOf": [at, value]}, *({"allOf": [one, part]} for one in (at, value) for part in span)]
    dated = refusal("what was not done has no date: leave the date out, or write done: yes")
    return {
        "if": {"anyOf": two},
        "then": refusal("it is said in two ways: keep one of at, is, from and until"),
        "else": {
            "if": {"allOf": [_with("done", {"const": "no"}), {"anyOf": ways}]},
            "then": {"properties": {"done": dated}},
        },
    }


def _not_denied() -> Schema:
    """What is said to be done is not said not to be."""
    denied = [_with(key, {"const": "no"}) for key in ("at", "is")]
    return {
        "if": {"allOf": [_with("done", {"const": "yes"}), {"anyOf": denied}]},
        "then": refusal("it is said to be done, and not to be: leave one of the two out"),
    }


def _with(key: str, value: Schema) -> Schema:
    """A mapping that says this under a key."""
    return {"type": "object", "required": [key], "properties": {key: value}}


def _value_schema(fact: FactType) -> Schema:
    return or_nothing({"defaultSnippets": _offered_values(fact), **shaped(_scalar(fact), None, _items(fact))})


def _items(fact: FactType) -> Schema | None:
    """What may stand in a list that is the value of a fact; None where it cannot be a list."""
    match fact.kind:
        case FactKind.EVENTS:
            return {"if": {"const": OTHERS_NOT_RECORDED}, "else": {"$ref": "#/$defs/event"}}
        case FactKind.CHOICES:
            return one_of([*fact.options, OTHERS_NOT_RECORDED])
        case FactKind.REFERENCE:
            return _REF_FORM
        case _:
            return None


def _scalar(fact: FactType) -> Schema:
    """One value of a fact, written on one line."""
    states = any_word(_STATES)
    match fact.kind:
        case FactKind.YES_NO:
            return {"if": _GROUP_FORM, "else": {"enum": [*YES_NO, *_STATES]}}
        case FactKind.CHOICE:
            return {"if": True, "then": {"enum": [*fact.options, *_STATES]}}
        case FactKind.CHOICES:
            return {"if": True, "then": {"enum": [*fact.options, OTHERS_NOT_RECORDED, *_STATES]}}
        case FactKind.DATE | FactKind.EVENTS | FactKind.EVENT:
            words = _STATES if fact.kind is FactKind.DATE else (*YES_NO, *_STATES)
            return {"if": _GROUP_FORM, "else": _when(*words)} if fact.kind is FactKind.EVENT else _when(*words)
        case FactKind.COUNT:
            hint = "must be a whole number: write 4, or {count: unknown, at_least: 1}"
            return {
                **matching(f"{pattern_of(COUNT)}|{states}", hint),
                "type": ["integer", "string", "null"],
                "minimum": 0,
            }
        case FactKind.AGE:
            hint = "must be an age: write 8 (years), 9 months, 17 weeks, 3 days or unborn"
            age = matching(f"{pattern_of(AGE)}|unborn|{states}", hint)
            return {**age, "type": ["integer", "string", "null"], "minimum": 0, "maximum": 149}
        case FactKind.REFERENCE:
            ref = f"{pattern_of(REF)}|{OTHERS_NOT_RECORDED}|{states}"
            return {**matching(ref, _NOT_A_REF), "type": ["string", "null"]}
        case FactKind.TEXT:
            return _FREE


def _offered_values(fact: FactType) -> list[Schema]:
    """What may be completed as a value."""
    match fact.kind:
        case FactKind.YES_NO:
            said = offers(YES_NO)
        case FactKind.CHOICE | FactKind.CHOICES:
            said = offers(fact.options)
        case FactKind.DATE:
            said = _OFFERED_OF_EVENTS[:2]
        case FactKind.EVENT | FactKind.EVENTS:
            said = _OFFERED_OF_EVENTS[:4]
        case FactKind.AGE:
            said = [offer("years", "${1:8}"), offer("months", "${1:9} months"), offer("unborn", "unborn")]
        case _:
            said = []
    return said


def _offered_mappings(fact: FactType) -> list[Schema]:
    """What may be completed as a mapping."""
    said = _OFFERED_OF_EVENTS[4:] if fact.kind is FactKind.EVENT else [_KNOWN_SINCE]
    if fact.not_applicable:
        reasoned = {"is": "not applicable", "reason": "${1}"}
        said = [*said, offer("not applicable, with a reason", reasoned, "It could not be expected here.")]
    if fact.changes:
        options = ",".join(fact.options)
        before, after = f"${{1|{options}|}}", f"${{3|{options}|}}"
        changed = [{"is": before, "at": "${2:2015-09-01}"}, {"is": after, "at": "${4:2015-10-02}"}]
        said = [*said, offer("it changed", changed, "Each value with the day from which it held.")]
    return [*said, _TWO_RECORDS]


_VALUE_KEYS: dict[FactKind, tuple[str, ...]] = {
    FactKind.EVENT: ("at", "from", "until", "done", "is"),
    FactKind.EVENTS: ("at", "from", "until", "done", "is"),
    FactKind.DATE: ("at", "is"),
    FactKind.COUNT: ("is", "count", "at_least", "at_most"),
}
_REFUSAL = ("reason", "decided_by", "decided_at")


def _properties(fact: FactType, value: Schema) -> Schema:
    """The keys of a mapping that says a value with what is known about it."""
    if fact.not_applicable:
        offered = [*_offered_values(fact), offer("not applicable", "not applicable", "Needs a reason.")]
        value = {"defaultSnippets": offered, "if": {"const": "not applicable"}, "else": value}
    number: Schema = {"type": ["integer", "null"], "minimum": 0}
    day: Schema = {"$ref": "#/$defs/moment or state"}
    done = "done by a group" if fact.kind is FactKind.EVENT else "done"
    shapes = {"from": day, "until": day, "done": {"$ref": f"#/$defs/{done}"}, "at_least": number, "at_most": number}
    keys = _VALUE_KEYS.get(fact.kind, ("is",))
    properties: Schema = {key: {"description": _PART_SAYS[key], **shapes.get(key, value)} for key in keys}
    if fact.changes:
        properties["at"] = {"description": _PART_SAYS["at"], "$ref": "#/$defs/moment"}
    properties |= {part.name.rpartition(".")[2]: _of_fact(part) for part in fact.parts.values()}
    can_be_refused = fact.kind in (FactKind.EVENT, FactKind.EVENTS) or fact.not_applicable
    names = [name for name in (*BUILT_IN_DATES, *BUILT_IN_TEXTS) if can_be_refused or name not in _REFUSAL]
    return properties | {name: _built_in(name) for name in names}


def _reasons(fact: FactType) -> Schema:
    """A reason comes from the list, save for what is not applicable: there it is needed, and free."""
    listed: Schema = {"properties": {"reason": {"$ref": "#/$defs/listed reason"}}}
    if not fact.not_applicable:
        return {"if": True, "then": listed}
    ways = [{"required": [key], "properties": {key: {"const": "not applicable"}}} for key in ("is", "at")]
    return {"if": {"anyOf": ways}, "then": {"required": ["reason"]}, "else": listed}


# Case files.


def case_schema(checklist: Checklist) -> Schema:
    """The schema of a case file."""
    vocabulary = checklist.vocabulary
    return {
        "type": "object",
        **_case_keys(checklist, "case", "as_of"),
        "$defs": case_definitions(vocabulary),
    }


def case_definitions(vocabulary: Vocabulary) -> Schema:
    """What schemas of cases refer to: every shape of a fact, and every kind of thing."""
    kinds = [kind for kind in vocabulary.kinds.values() if kind.name != CASE]
    return {**_fact_definitions(vocabulary), **{kind.name: _thing_schema(kind) for kind in kinds}}


def _case_keys(checklist: Checklist, *required: str) -> Schema:
    """What a case file holds; the things of a kind stand under its singular or its plural, never under both."""
    kinds = [kind for kind in checklist.vocabulary.kinds.values() if kind.name != CASE]
    alone = {kind.name: {"properties": {kind.plural: False}} for kind in kinds}
    keys = closed(_case_properties(checklist), *required)
    return {**keys, "dependentSchemas": alone, "allOf": [_of_no_group(checklist.vocabulary.kinds[CASE])]}


def _case_properties(checklist: Checklist) -> Schema:
    vocabulary = checklist.vocabulary
    area = one_of(vocabulary.areas)
    looked_at = one_of(["all", *vocabulary.areas])
    month: Schema = {
        "description": "Where only intervals are known: a weekday and a month that the day fell on.",
        **mapping_of({"weekday": or_nothing(one_of(WEEKDAYS)), "month": {"$ref": "#/$defs/moment"}}),
    }
    properties: Schema = {
        "case": text_schema("A name for the file, never of a person."),
        "as_of": {
            "description": "The day that the review stands on; nothing later is expected.",
            "$ref": "#/$defs/moment",
        },
        "looked_at": {
            "description": "What was read of the record: all, or a list of areas.",
            "defaultSnippets": looked_at["defaultSnippets"],
            **shaped(or_nothing(looked_at), None, area),
        },
        "day_0": {
            "description": "The day that `day 21` counts from, where it is not that of the first report.",
            "defaultSnippets": [
                offer("a day", "${1:2015-09-01}"),
                offer("a weekday and a month", {"weekday": "${1:tuesday}", "month": "${2:2015-09}"}),
            ],
            **shaped({"$ref": "#/$defs/moment"}, {"if": {"type": "object"}, "then": month}),
        },
        "judgements": {
            "description": "Answers to the questions that only a person can answer.",
            "type": ["array", "null"],
            "items": {"title": "judgement", **_judgement_schema(checklist)},
        },
    }
    properties |= {name: _of_fact(fact) for name, fact in vocabulary.kinds[CASE].facts.items()}
    for kind in vocabulary.kinds.values():
        if kind.name != CASE:
            properties |= {kind.name: _one_or_many(kind, many=False), kind.plural: _one_or_many(kind, many=True)}
    return properties


def _one_or_many(kind: Kind, *, many: bool) -> Schema:
    """The things of a kind, under its singular or its plural: a mapping, a list, or why there is neither."""
    one: Schema = {"$ref": f"#/$defs/{kind.name}"}
    others: Schema = {"if": True, "then": {"const": OTHERS_NOT_RECORDED}}
    item: Schema = {"if": {"type": ["string", "number", "boolean"]}, "then": others, "else": {"type": "object", **one}}
    asked = f"{kind.says[0].upper()}{kind.says[1:]}."
    says = f"{asked}\nA list is complete unless it holds `{OTHERS_NOT_RECORDED}`." if many else asked
    states: Schema = {"if": {"type": ["array", "null"]}, "else": {"if": True, "then": {"enum": list(_STATES)}}}
    return {
        "title": kind.plural if many else kind.name,
        "description": says,
        # What stands here first is what the server begins when the word is completed: a list, or a mapping.
        **({} if many else {"properties": {}}),
        "items": item,
        "if": {"type": "object"} if many else {"type": ["object", "null"]},
        "then": one,
        "else": states,
    }


def _thing_schema(kind: Kind) -> Schema:
    concerned = ", ".join(kind.about)
    about = f"The refs that it concerns: a list, or one{f' ({concerned})' if concerned else ''}."
    common: Schema = {
        "ref": {**_REF_FORM, "type": ["string", "null"], "description": "A short code such as S1, never a name."},
        "about": {
            "description": about,
            "defaultSnippets": [offer("a ref", "${1:C1}"), offer("a list of refs", "[${1:C1}]")],
            **_REF_FORM,
            "type": ["string", "array", "null"],
            "items": _REF_FORM,
        },
        "count": {
            "description": "How many it stands for, where it is a group of like things.",
            "$ref": "#/$defs/count",
        },
        **{key: {"description": _PART_SAYS[key], "$ref": "#/$defs/date"} for key in ("at", "from", "until")},
        **{name: _built_in(name) for name in ("known", "written_down", "by", "source", "note")},
    }
    facts = {name: _of_fact(fact) for name, fact in kind.facts.items()}
    return {
        "title": kind.name,
        **closed({"ref": common.pop("ref"), **facts, **common}),
        "if": {"not": {"required": ["count"]}},
        "then": _of_no_group(kind),
    }


def _of_no_group(kind: Kind) -> Schema:
    """What is no group has no `4 of 20`; said by a pattern, so that no word is offered a second time."""
    counted = [name for name, fact in kind.facts.items() if fact.kind in (FactKind.YES_NO, FactKind.EVENT)]
    return {"patternProperties": {f"^(?:{any_word(counted)})$": {"$ref": "#/$defs/of no group"}}} if counted else {}


def _judgement_schema(checklist: Checklist) -> Schema:
    asked = [rule.id for rule in checklist.rules if any(version.blocks.judgement for version in rule.versions)]
    properties = {
        "rule": {**text_schema("The rule that asks."), "defaultSnippets": offers(asked)},
        "subject": text_schema("A ref, or `case`."),
        "answer": one_of(["met", "not met"], "What the person judges."),
        "reason": text_schema("Why."),
        "by": _built_in("by"),
        "at": {"description": "When it was judged.", "$ref": "#/$defs/moment"},
    }
    return mapping_of(properties, *properties)


def small_case(checklist: Checklist) -> Schema:
    """A case file that an example holds: without a name, and with the rest as everywhere."""
    return {"small case": {"type": "object", **_case_keys(checklist)}}
