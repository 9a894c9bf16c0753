"""What editors are given: JSON Schemas that complete the vocabulary's words, show its questions and underline what is wrong."""

from typing import Any

from checklist.clocks import Unit
from checklist.conditions import Op, Quantifier
from checklist.findings import Severity, Standing, Verdict
from checklist.rules import Checklist
from checklist.vocabulary import CASE, DATED, FactKind, FactType, Kind, Vocabulary

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(what: str, checklist: Checklist) -> Schema:
    """The JSON Schema of case files, rules or vocabularies.

    Args:
        what: `case`, `rule` or `vocabulary`.
        checklist: whose words the schema lists.
    """
    makers = {"case": _case_schema, "rule": _rule_schema, "vocabulary": _vocabulary_schema}
    return {"$schema": _DRAFT, "title": f"a {what} file", **makers[what](checklist.vocabulary)}


_STATE_WORDS: Schema = {"enum": ["not recorded", "unknown", "redacted", None]}
_MOMENT: Schema = {
    "type": ["string", "integer"],
    "description": "2016-03-18T09:15, 2016-03-18, 2016-03, 2016, A/B, A/.., day 21, report + 21 days",
}
_ROLE: Schema = {"type": "string", "description": "role@agency, never a name"}
_TEXT: Schema = {"type": ["string", "number"]}
_REFS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_KNOWN: Schema = {"known": _MOMENT, "written_down": _MOMENT, "source": _TEXT, "by": _ROLE, "note": _TEXT}
_GROUP: Schema = {"type": "string", "pattern": "^(all|none|some|[0-9]+ of [0-9]+)$"}


def _case_schema(vocabulary: Vocabulary) -> Schema:
    properties: Schema = {
        "case": {"type": "string", "description": "a name for the file, never of a person"},
        "as_of": {**_MOMENT, "description": "the day that the review stands on; nothing later is expected"},
        "country": {"enum": ["england", "wales"]},
        "looked_at": {"anyOf": [{"const": "all"}, {"type": "array", "items": {"enum": list(vocabulary.areas)}}]},
        "day_0": {
            "anyOf": [
                _MOMENT,
                {
                    "type": "object",
                    "properties": {"weekday": {"type": "string"}, "month": _MOMENT},
                    "additionalProperties": False,
                },
            ]
        },
        "judgements": {"type": "array", "items": _judgement_schema()},
    }
    for name, fact in vocabulary.kinds[CASE].facts.items():
        properties[name] = _fact_schema(fact, vocabulary)
    definitions: Schema = {}
    for kind in vocabulary.kinds.values():
        if kind.name == CASE:
            continue
        definitions[kind.name] = _thing_schema(kind, vocabulary)
        reference = {"$ref": f"#/$defs/{kind.name}"}
        properties[kind.name] = {"description": kind.says, **reference}
        items = {"anyOf": [reference, {"const": "others not recorded"}]}
        properties[kind.plural] = {"description": kind.says, "anyOf": [{"type": "array", "items": items}, _STATE_WORDS]}
    return {
        "type": "object",
        "properties": properties,
        "required": ["case"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _judgement_schema() -> Schema:
    properties = {
        "rule": _TEXT,
        "subject": _TEXT,
        "answer": {"enum": ["met", "not met"]},
        "reason": _TEXT,
        "by": _ROLE,
        "at": _MOMENT,
    }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _thing_schema(kind: Kind, vocabulary: Vocabulary) -> Schema:
    common: Schema = {
        "ref": {"type": "string"},
        "about": _REFS,
        "count": {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"const": "unknown"},
                {
                    "type": "object",
                    "properties": {"count": {"const": "unknown"}, "at_least": {"type": "integer", "minimum": 0}},
                    "required": ["count"],
                    "additionalProperties": False,
                },
            ]
        },
        "at": _MOMENT,
        "from": _MOMENT,
        "until": _MOMENT,
        **_KNOWN,
    }
    facts = {name: _fact_schema(fact, vocabulary) for name, fact in kind.facts.items()}
    return {
        "type": "object",
        "description": kind.says,
        "properties": {**common, **facts},
        "additionalProperties": False,
    }


def _fact_schema(fact: FactType, vocabulary: Vocabulary) -> Schema:
    value = _value_schema(fact)
    keys = (
        ("at", "from", "until", "done", "is")
        if fact.kind in (*DATED, FactKind.EVENTS)
        else ("is", "at", "count", "at_least", "at_most")
    )
    inner: Schema = {
        key: {"anyOf": [value, _STATE_WORDS, _GROUP, {"const": "not applicable"}]} if key in ("is", "done") else _MOMENT
        for key in keys
        if key not in ("count", "at_least", "at_most")
    }
    if fact.kind is FactKind.COUNT:
        inner |= {"count": _TEXT, "at_least": {"type": "integer"}, "at_most": {"type": "integer"}}
    refusal = {"reason": _TEXT, "decided_by": _ROLE, "decided_at": _MOMENT}
    if fact.kind is FactKind.EVENT:
        refusal["reason"] = {"anyOf": [{"enum": list(vocabulary.reasons)}, _TEXT]}
    parts = {name: _fact_schema(part, vocabulary) for name, part in fact.parts.items()}
    mapping = {"type": "object", "properties": {**inner, **_KNOWN, **refusal, **parts}, "additionalProperties": False}
    conflicting = {
        "type": "object",
        "properties": {"conflicting": {"type": "array", "minItems": 2}, "note": _TEXT},
        "required": ["conflicting"],
        "additionalProperties": False,
    }
    shapes = [value, _STATE_WORDS, _GROUP, mapping, conflicting]
    if fact.changes:
        shapes.append({"type": "array", "items": mapping})
    return {"description": f"{fact.asks} (look in: {fact.look_in})", "anyOf": shapes}


def _value_schema(fact: FactType) -> Schema:
    match fact.kind:
        case FactKind.YES_NO:
            return {"enum": ["yes", "no"]}
        case FactKind.CHOICE:
            return {"enum": list(fact.options)}
        case FactKind.CHOICES:
            one = {"enum": [*fact.options, "others not recorded"]}
            return {"anyOf": [one, {"type": "array", "items": one}]}
        case FactKind.DATE:
            return _MOMENT
        case FactKind.EVENT:
            return {"anyOf": [{"enum": ["yes", "no"]}, _MOMENT]}
        case FactKind.EVENTS:
            return {"anyOf": [_MOMENT, {"type": "array"}]}
        case FactKind.COUNT:
            return {"type": "integer", "minimum": 0}
        case FactKind.REFERENCE:
            return _REFS
        case FactKind.AGE | FactKind.TEXT:
            return _TEXT


def _rule_schema(vocabulary: Vocabulary) -> Schema:
    facts = [name for name in vocabulary.names() if "." in name]
    units = "|".join(f"{unit}?" for unit in Unit)
    path: Schema = {"type": "string", "examples": facts}
    paths = {
        "type": "array",
        "items": {
            "anyOf": [path, {"type": "object", "properties": {"if_recorded": path}, "additionalProperties": False}]
        },
    }
    some = {
        "type": "object",
        "properties": {"first_of": paths, "last_of": paths, "first_known": paths},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    limit: Schema = {
        "type": "string",
        "pattern": f"^[1-9][0-9]* ({units})$",
    }
    condition: Schema = {"$ref": "#/$defs/condition"}
    texts = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    deadline = {
        "event": {"anyOf": [path, some]},
        "after": {"anyOf": [path, some]},
        "limit": {"anyOf": [limit, {"type": "object", "required": ["by"]}]},
    }
    schedule = {"first_after": path, "events": path, "first": limit, "every": limit, "until": path}
    kinds = [kind for kind in vocabulary.kinds if kind != CASE]
    source = dict.fromkeys(("says", "document", "published", "url", "no_link", "standard"), _TEXT)
    properties: Schema = {
        "rule": {"type": "string"},
        "title": {"type": "string"},
        "area": {"enum": list(vocabulary.areas)},
        "severity": {"enum": [str(one) for one in Severity]},
        "tags": texts,
        "answers": texts,
        "for_each": {"enum": kinds},
        "join": {"type": "object", "minProperties": 1, "maxProperties": 1},
        "applies_when": condition,
        "expect": condition,
        "deadline": {"type": "object", "properties": deadline, "required": list(deadline), "additionalProperties": False},
        "schedule": {"type": "object", "properties": schedule, "required": ["first_after", "events", "every"], "additionalProperties": False},
        "judgement": {"type": "string"},
        "if_not_recorded": {"enum": ["not recorded", "not met", "cannot tell"]},
        "accept_reasons": {"type": "array", "items": {"enum": list(vocabulary.reasons)}},
        "passes_when_absent": texts,
        "versions": {"type": "array", "items": {"type": "object", "required": ["in_force"]}},
        "judged_on": path,
        "calendar": {"type": "string"},
        "why": {"type": "string"},
        "action": {"type": "string"},
        "source": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"standing": {"enum": [str(one) for one in Standing]}, "certainty": {"enum": ["official_seen", "secondary_seen", "unverified"]}, **source}, "required": ["standing", "says", "document"], "additionalProperties": False}},
        "limit_standing": {"enum": [str(one) for one in Standing]},
        "examples": {"type": "array", "items": _example_schema()},
    }  # fmt: skip
    required = ["rule", "title", "area", "severity", "why", "action", "source", "examples"]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        "$defs": {"condition": _condition_schema(vocabulary)},
    }


def _example_schema() -> Schema:
    verdict: Schema = {"enum": [str(one) for one in Verdict]}
    detailed = {
        "type": "object",
        "properties": {"verdict": verdict, "because": {"type": "string"}},
        "required": ["verdict"],
        "additionalProperties": False,
    }
    properties = {
        "name": {"type": "string"},
        "case": {"type": "object"},
        "expect": {"type": "object", "additionalProperties": {"anyOf": [verdict, detailed]}},
        "because": {"type": "string"},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": ["name", "case", "expect"],
        "additionalProperties": False,
    }


def _condition_schema(vocabulary: Vocabulary) -> Schema:
    condition: Schema = {"$ref": "#/$defs/condition"}
    several = {"type": "array", "items": condition, "minItems": 1}
    kinds = {"enum": [kind for kind in vocabulary.kinds if kind != CASE]}
    quantified = {
        "type": "object",
        "properties": {"of": kinds, "where": condition, "satisfies": condition, "count": {"type": "integer"}},
        "required": ["of"],
        "additionalProperties": False,
    }
    properties: Schema = {
        "all_of": several,
        "any_of": several,
        "not": condition,
        **{str(one): quantified for one in Quantifier},
    }
    for name in vocabulary.names():
        fact = vocabulary.fact(name)
        if fact is not None:
            properties[name] = _test_schema(fact)
    words = "|".join(
        str(part) for part in ("written_down", "known", "decided_at", "by", "source", "reason", "decided_by")
    )
    patterns = {f"^(first |latest )?[a-z_]+\\.[a-z_]+(\\.({words}))?$": True}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": properties,
        "patternProperties": patterns,
        "additionalProperties": False,
    }


def _test_schema(fact: FactType) -> Schema:
    value = {FactKind.YES_NO: {"enum": ["yes", "no"]}, FactKind.CHOICE: {"enum": list(fact.options)}}.get(
        fact.kind, {"type": ["string", "integer"]}
    )
    tests = {
        "type": "object",
        "properties": {str(op): True for op in Op},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"description": fact.asks, "anyOf": [value, {"type": "array"}, tests]}


def _vocabulary_schema(vocabulary: Vocabulary) -> Schema:
    texts: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    word: Schema = {"type": "string"}
    flag: Schema = {"enum": ["yes", "no"]}
    fact: Schema = {"$ref": "#/$defs/fact"}
    of_fact = {
        "kind": {"enum": [str(kind) for kind in FactKind]},
        "options": texts, "named": word, "done": word, "holds": word, "asks": word, "look_in": word, "area": {"enum": list(vocabulary.areas)},
        "personal": flag, "may_be_future": flag, "not_before": texts, "not_applicable": flag, "changes": flag, "to": texts,
        "parts": {"type": "object", "additionalProperties": fact},
    }  # fmt: skip
    of_kind = {
        "says": word,
        "plural": word,
        "label": word,
        "dated_by": word,
        "area": {"enum": list(vocabulary.areas)},
        "about": texts,
        "singleton": flag,
        "facts": {"type": "object", "additionalProperties": fact},
    }
    kinds = {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": of_kind,
            "required": ["says", "area"],
            "additionalProperties": False,
        },
    }
    definition = {
        "type": "object",
        "properties": of_fact,
        "required": ["kind", "asks", "look_in"],
        "additionalProperties": False,
    }
    properties = {"vocabulary": {"type": ["string", "integer"]}, "areas": texts, "reasons": texts, "kinds": kinds}
    return {
        "type": "object",
        "properties": properties,
        "required": ["areas", "kinds"],
        "additionalProperties": False,
        "$defs": {"fact": definition},
    }
