"""What those who write rules and case files are given: the English of a rule, and JSON Schemas for their editors."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from checklist.clocks import Unit
from checklist.conditions import Op, Quantifier
from checklist.findings import Severity, Source, Standing, Verdict
from checklist.rules import Blocks, Checklist, Deadline, LimitByValue, Rule, Schedule, Version
from checklist.vocabulary import CASE, DATED, FactKind, FactType, Kind, Vocabulary

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def describe(rule: Rule) -> str:
    """The rule in English sentences that a safeguarding lead can sign: whom, when, what, by when, and what absence means."""
    if len(rule.versions) == 1:
        return " ".join(_sentences(rule, rule.versions[0].blocks))
    judged = rule.judged_on.fact.named if rule.judged_on is not None else "the date"
    parts = [
        f"Judged by the standard in force on the day of {judged}; where that day is not known, every version that it may have been is tried."
    ]
    parts.extend(f"{_in_force(version)}: {' '.join(_sentences(rule, version.blocks))}" for version in rule.versions)
    return "\n".join(parts)


def _in_force(version: Version) -> str:
    first = f"From {_day(version.first)}" if version.first else "From the beginning"
    return f"{first} to {_day(version.last)}" if version.last else f"{first} on"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _sentences(rule: Rule, blocks: Blocks) -> Iterator[str]:
    whom = f"For each {rule.for_each.replace('_', ' ')}" if rule.for_each else "For the case"
    if rule.join is not None:
        whom += f", with the {rule.join[1].replace('_', ' ')} that it refers to"
    if blocks.applies_when is not None:
        whom += f", where {blocks.applies_when.english()}"
    asked = [
        part for part in (_of_deadline(blocks.deadline), _of_schedule(blocks.schedule), _of_expect(blocks)) if part
    ]
    if asked:
        yield f"{whom}: {'; and '.join(asked)}."
    if blocks.judgement:
        lead = "A person must also answer" if asked else f"{whom}, a person must answer"
        yield f"{lead}: {blocks.judgement}"
    yield from _absence(rule, blocks)


def _of_expect(blocks: Blocks) -> str:
    return f"the record must show that {blocks.expect.english()}" if blocks.expect is not None else ""


def _of_deadline(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    done = [f'"{path.fact.done}"' for path in deadline.events]
    joined = _or_list(done) if deadline.event_mode != "last_of" else _and_list(done)
    return f"{joined} must be recorded, within {_limit(deadline)} of {_start(deadline)}"


def _start(deadline: Deadline) -> str:
    names = []
    for start in deadline.starts:
        fact = start.path.fact
        named = fact.named
        if deadline.start_mode == "first_known":
            named = (
                f"the day it was first known that {fact.holds}"
                if fact.holds
                else f"the day {fact.named} was first known"
            )
        names.append(f"{named} (where it is written down)" if start.if_recorded else named)
    match deadline.start_mode:
        case "first_of" | "first_known":
            return _or_list(names) + (", whichever is earliest" if len(names) > 1 else "")
        case "last_of":
            return _or_list(names) + (", whichever is latest" if len(names) > 1 else "")
        case _:
            return names[0]


def _limit(deadline: Deadline) -> str:
    if not isinstance(deadline.limit, LimitByValue):
        return str(deadline.limit)
    named = deadline.limit.path.fact.named
    return _or_list([f"{limit} ({named} {word})" for word, limit in deadline.limit.limits.items()])


def _of_schedule(schedule: Schedule | None) -> str:
    if schedule is None:
        return ""
    first = (
        f"first within {schedule.first} of {schedule.first_after.fact.named}, then "
        if schedule.first != schedule.every
        else ""
    )
    after = "" if first else f", counted from {schedule.first_after.fact.named}"
    until = f", until {schedule.until.fact.named}" if schedule.until is not None else ""
    return f"the record must show {schedule.events.fact.named} {first}at least every {schedule.every}{after}{until}"


def _absence(rule: Rule, blocks: Blocks) -> Iterator[str]:
    """What happens where the record is silent, and which reasons excuse."""
    if blocks.deadline is not None:
        yield "Nothing recorded is not due yet before the limit, and not met after it; an unrecorded start is weighed, never assumed."
        if isinstance(blocks.deadline.limit, LimitByValue):
            named = blocks.deadline.limit.path.fact.named
            yield f"If {named} is not recorded, a verdict is given only where it is the same at every level."
    if blocks.expect is not None or blocks.schedule is not None:
        yield f"Where a fact is not recorded, the verdict is {blocks.if_not_recorded}."
    if blocks.applies_when is not None:
        yield "Where it cannot be told whether the rule applies, it is never met."
    if blocks.accept_reasons:
        yield f"Accepted reasons for not doing it, decided in time by a named role: {_or_list(list(blocks.accept_reasons))}."
    if rule.passes_when_absent:
        yield f"It passes where these are absent: {', '.join(rule.passes_when_absent)}."
    if rule.limit_standing:
        yield (
            "The limit is our default: no source gives a number."
            if rule.limit_standing == Standing.LOCAL
            else f"The limit is given by {rule.limit_standing}."
        )


def page(rule: Rule) -> str:
    """The whole page of a rule, as `checklist show` prints it."""
    head = [
        rule.title,
        "=" * min(len(rule.title), 78),
        "",
        f"{rule.id} - {rule.area} - {rule.severity}",
        "",
        describe(rule),
        "",
    ]
    body = [f"Why: {rule.why}", f"What to do: {rule.action}", "", "Who says so:"]
    sources = [line for source in rule.sources for line in _source_lines(source)]
    examples = ["", "Examples:"]
    for example in rule.examples:
        expects = ", ".join(f"{one.subject} {one.verdict} (because of {one.because})" for one in example.expects)
        examples.append(f"- {example.name}: {expects}")
    answers = ["", f"Answers what inspectors found: {', '.join(rule.answers)}"] if rule.answers else []
    return "\n".join([*head, *body, *sources, *answers, *examples, "", f"{rule.file}:{rule.line}"])


def _source_lines(source: Source) -> Iterator[str]:
    yield f"- {source.standing}: {source.says}"
    published = f", {source.published}" if source.published else ""
    yield f"  {source.document}{published}"
    certainty = {
        "official_seen": "read on an official page",
        "secondary_seen": "read in a secondary source, not in the document itself",
        "unverified": "not verified: the passage was not seen",
    }.get(source.certainty)
    told = "; ".join(part for part in (source.standard, certainty) if part)
    if told:
        yield f"  {told}"
    if source.url:
        yield f"  {source.url}"


def _or_list(words: Sequence[str]) -> str:
    return _list(words, "or")


def _and_list(words: Sequence[str]) -> str:
    return _list(words, "and")


def _list(words: Sequence[str], joiner: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {joiner} {last}" if most else last


# JSON Schemas: what an editor needs to complete words and to underline wrong ones.


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
    source = dict.fromkeys(("says", "document", "published", "url", "standard"), _TEXT)
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
