"""Files to be filled in: a case by the questions that the rules ask, and a rule by what it needs."""

import json
import re
import textwrap
from datetime import date

from checklist.findings import Severity, Standing
from checklist.rules import CERTAINTIES, RULE_ID, Checklist
from checklist.vocabulary import CASE, FactKind, FactType, Kind

_SCHEMAS = "schemas"


def case_template(name: str, day: date, checklist: Checklist, chosen: Checklist | None = None) -> str:
    """A case file to be filled in, with the questions that the rules ask; as it stands it says nothing of the case.

    Args:
        name: what the file calls itself.
        day: the day that the review is to stand on.
        checklist: whose questions are asked.
        chosen: those of its rules whose questions are asked; all where none are named.
    """
    vocabulary = checklist.vocabulary
    asked = _asked_about(chosen or checklist)
    lines = [
        f"# yaml-language-server: $schema={_SCHEMAS}/case.json",
        f"# An editor completes and checks this file once `checklist schema --write {_SCHEMAS}` was run beside it.",
        *_comment(
            "Write what the record shows, and no names: people are C1, S1. Leave empty what it does not show; write "
            "`unknown` only where the record says so. Take the `# ` off the lists that it shows, and write one item for "
            "each. What happened is written as a date, or as yes where no date is recorded; what was decided against as "
            "{done: no, reason: ..., decided_by: inspector@police, decided_at: ...}.",
            "",
        ),
        f"case: {_as_yaml(name)}",
        "# The day that the review stands on; nothing later is expected.",
        f"as_of: {day.isoformat()}",
        *_comment(f"What was read of the record: all, or a list of: {', '.join(vocabulary.areas)}.", ""),
        "looked_at:",
        *_questions(vocabulary.kinds[CASE], asked, ""),
    ]
    subjects = {rule.for_each for rule in checklist.rules}
    for kind in vocabulary.kinds.values():
        alone = kind.singleton and kind.name not in subjects
        inner = _questions(kind, asked, "  " if kind.singleton else "    ")
        if kind.name == CASE or not inner:
            continue
        first = [f"{kind.name}:"] if kind.singleton else [f"{kind.plural}:", f"  - ref: {kind.label}1"]
        says = f"{kind.says[0].upper()}{kind.says[1:]}"
        none = "" if alone else f" `{kind.plural}: []` says that the record shows none."
        lines += ["", *_comment(f"{says}.{none}", ""), *(line if alone else f"# {line}" for line in [*first, *inner])]
    return "\n".join([*lines, ""])


def _comment(text: str, indent: str) -> list[str]:
    begins = f"{indent}# "
    return textwrap.wrap(
        text, 116, initial_indent=begins, subsequent_indent=begins, break_on_hyphens=False, break_long_words=False
    )


def _asked_about(checklist: Checklist) -> set[str]:
    """The facts, and the parts of facts, that some rule reads."""
    return {path.fact.name for rule in checklist.rules for path in rule.paths()}


def _questions(kind: Kind, asked: set[str], indent: str) -> list[str]:
    """The facts of a kind that are asked about, each under its question and empty."""
    lines = []
    for name, fact in kind.facts.items():
        parts = [part for part in fact.parts.values() if part.name in asked]
        if fact.name not in asked and not parts:
            continue
        said = [f"{fact.asks} ({_may_say(fact)}look in: {fact.look_in})"]
        said += [f"With {part.name.rpartition('.')[2]}: {part.asks} ({_may_say(part).rstrip('; ')})" for part in parts]
        lines += [line for one in said for line in _comment(one, indent)]
        lines.append(f"{indent}{name}:")
    return lines


def _may_say(fact: FactType) -> str:
    """What may be written, where the question does not say it."""
    options = ", ".join(fact.options)
    match fact.kind:
        case FactKind.CHOICE if len(fact.options) == 1:
            return f"write: {options}; "
        case FactKind.CHOICE:
            return f"one of: {options}; "
        case FactKind.CHOICES:
            return f"a list of: {options}; "
        case FactKind.EVENTS:
            return "a list of dates; "
        case FactKind.YES_NO:
            return "yes or no; "
        case _:
            return ""


def _as_yaml(text: str) -> str:
    """A text as YAML takes it for one: in quotes, where it is not plainly a word."""
    return text if re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", text) else json.dumps(text)


def is_rule_id(name: str) -> bool:
    """Whether a rule, and its file, can be called so."""
    return RULE_ID.fullmatch(name) is not None


def rule_template(rule_id: str, checklist: Checklist) -> str:
    """A rule to be filled in: every key that it needs, and what is to be written there."""
    vocabulary = checklist.vocabulary
    rows = [
        (f"rule: {rule_id}", f"the file is rules/AREA/{rule_id}.yaml"),
        ("title:", "what is expected, as a sentence"),
        ("area:", f"one of: {', '.join(vocabulary.areas)}"),
        ("severity:", f"one of: {', '.join(Severity)}"),
        ("answers: []", "the published failings that it answers"),
        None,
        ("for_each:", "one finding for each of a kind of thing; leave it out for one on the whole case"),
        ("# applies_when:", "conditions that must hold for the rule to apply"),
        ("#   kind.fact: value", ""),
        ("# expect:", "ask one of expect, deadline, schedule or judgement"),
        ("#   kind.fact: value", ""),
        ("# deadline:", ""),
        ("#   event: kind.fact", "what must happen"),
        ("#   after: kind.fact", "what starts the clock"),
        ("#   limit: 24 hours", "or a table: {by: kind.fact, high: 24 hours, ...}"),
        ("# limit_standing: local", "who gives the number; local where no source does"),
        None,
        ("why:", "why it matters, in one sentence"),
        ("action:", "what to do now where it is not met"),
        ("source:", ""),
        ("  - standing:", f"one of: {', '.join(Standing)}"),
        ("    says:", "what it says, in one sentence"),
        ("    document:", "its title"),
        ("    url:", "where it can be read"),
        ("    certainty:", f"one of: {', '.join(CERTAINTIES)}"),
        None,
        ("examples: []", "met, not met, not recorded, does not apply: each of this shape"),
        ("#  - name:", "what it shows"),
        ("#    case: {as_of: 2016-07-18}", "a small case"),
        ("#    expect: {S1: not met}", "the verdict on each subject; `case` is the whole case"),
        ("#    because:", "the fact that it turns on, such as suspects[0].arrested"),
    ]
    lines = ["" if row is None else f"{row[0]:<38}# {row[1]}" if row[1] else row[0] for row in rows]
    return "\n".join(["# yaml-language-server: $schema=../../docs/schemas/rule.json", *lines, ""])
