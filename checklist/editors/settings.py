"""The schemas of what a force sets for itself: profiles, settings and waivers."""

from checklist.case import ROLE
from checklist.editors.cases import DAY, NOT_A_ROLE
from checklist.editors.rulebook import LIMIT, LIMIT_REF
from checklist.editors.shapes import (
    Schema,
    any_word,
    closed,
    mapping_of,
    matching,
    offer,
    offers,
    one_of,
    pattern_of,
    refusal,
    shaped,
    text_schema,
    texts_schema,
)
from checklist.findings import TO_ACT_ON, Severity, Standing
from checklist.privacy import OURS
from checklist.reporters import NAMES
from checklist.rules import Checklist, LimitByValue, Rule
from checklist.settings import FAIL_ON, GUARDS, load_profiles


def _selector(checklist: Checklist) -> Schema:
    """Rules by their ids, or by what they have in common."""
    rules = checklist.rules
    words = {
        "area": checklist.vocabulary.areas,
        "severity": [str(severity) for severity in Severity],
        "standing": [str(standing) for standing in Standing],
        "answers": sorted({failing for rule in rules for failing in rule.answers}),
        "tag": sorted({tag for rule in rules for tag in rule.tags}),
    }
    named = [
        *(offer(rule.id, rule.id, rule.title) for rule in rules),
        *offers(f"{kind}:{word}" for kind, of_kind in words.items() for word in of_kind),
    ]
    known = any_word(str(one["label"]) for one in named)
    refused = f"no such rule; write a rule's id, or one of {', '.join(f'{kind}:' for kind in words)} and a word"
    return {**matching(f"{known}|(?:tag|answers):\\S.*", refused), "defaultSnippets": named}


def _selectors(says: str) -> Schema:
    one: Schema = {"$ref": "#/$defs/selector"}
    return {"description": says, "type": ["array", "string"], **shaped(one, None, one)}


def _profiles(checklist: Checklist) -> list[Schema]:
    return [offer(name, name, profile.says) for name, profile in load_profiles(checklist).items()]


def _profile_keys(checklist: Checklist) -> Schema:
    return {
        "says": text_schema("Whom it is for, in one sentence."),
        "extends": {
            **texts_schema("A profile, or a list of profiles, whose rules it takes over."),
            "defaultSnippets": _profiles(checklist),
        },
        "include": _selectors("The rules that it takes in."),
        "exclude": _selectors("The rules that it leaves out."),
    }


def profile_schema(checklist: Checklist) -> Schema:
    """The schema of a profile: which rules are asked."""
    properties = {"profile": text_schema("Its name: the file's name without .yaml."), **_profile_keys(checklist)}
    definitions = {"selector": _selector(checklist)}
    return {"type": "object", **closed(properties, "profile", "says"), "$defs": definitions}


def settings_schema(checklist: Checklist) -> Schema:
    """The schema of a force's settings: limits, reasons and profiles of its own."""
    # A force may have reasons of its own: the vocabulary's are offered, and others are taken.
    reason: Schema = {**text_schema(), "defaultSnippets": offers(checklist.vocabulary.reasons)}
    accepted: Schema = {
        rule.id: {"title": rule.id, "description": rule.title, "$ref": "#/$defs/reasons"} for rule in checklist.rules
    }
    limits = {rule.id: limits for rule in checklist.rules if (limits := _limits_of(rule))}
    properties: Schema = {
        "settings": {
            "description": "The version of this form.",
            "defaultSnippets": [offer("1", 1)],
            "if": True,
            "then": {"enum": [1, "1"]},
        },
        "owner": text_schema("The force or partnership whose settings these are."),
        "profile": {
            **text_schema("The profile by which rules are chosen, where none is asked for."),
            "defaultSnippets": _profiles(checklist),
        },
        "select": _selectors("Rules that are taken in as well."),
        "ignore": _selectors("Rules that are left out."),
        "severity": {**one_of(str(one) for one in Severity), "description": "The least severe rules that are asked."},
        "as_of": {
            **matching(f"today|{DAY}", "write a day: 2016-07-18, or today"),
            "description": "The day to stand on.",
        },
        "standard_on": {
            **matching(DAY, "write a day: 2016-07-18"),
            "description": "Judge by the standards in force on this day.",
        },
        "fail_on": {**one_of(FAIL_ON), "description": "What makes the exit code 1; 2 always stays."},
        "format": _selectors_of_formats(),
        "waivers": text_schema("A file of waivers, beside the settings."),
        "baseline": text_schema("Findings of an earlier day, in a file beside the settings."),
        "detail": _flag("Of many cases, show the report on each."),
        "min_count": _number("Hide numbers under this, round the others, and name no case."),
        "sample_of": _number("The cases are a random sample of so many."),
        "jobs": _number("Processes beside each other."),
        "quiet": _flag("Print problems only."),
        "no_color": _flag("No colour."),
        "no_cache": _flag("Keep no reviews for the next run, and use none of an earlier one."),
        "privacy": {**one_of(GUARDS), "description": "How much the guard at the door lets in."},
        "excuses": {
            "description": "Single places that the guard may pass over.",
            "type": "array",
            "items": mapping_of(
                {
                    "detector": one_of(OURS, "Which detector is wrong there; those of others are taken too."),
                    "file": text_schema("The file as the review names it; * and ? stand for any characters."),
                    "at": text_schema("A line, a path such as suspects[0].note, or `file name`."),
                    "reason": text_schema("Why it identifies nobody."),
                },
                *("detector", "file", "at", "reason"),
            ),
        },
        "detectors": texts_schema("Detectors of other packages that are used."),
        "limits": mapping_of(limits, says="Limits in place of the defaults, by rule."),
        "accept_reasons": mapping_of(accepted, says="The reasons that excuse what was not done, by rule."),
        "source": text_schema("The local procedure that says so."),
        "profiles": {
            "description": "Profiles of one's own, by name.",
            "type": "object",
            "additionalProperties": mapping_of(_profile_keys(checklist), "says"),
        },
    }
    owned: Schema = {"anyOf": [{"required": [key]} for key in ("limits", "accept_reasons")]}
    return {
        "type": "object",
        **closed(properties, "settings"),
        "if": owned,
        "then": {"required": ["owner"]},
        "$defs": {
            "reasons": {"type": ["array", "string"], "defaultSnippets": reason["defaultSnippets"], "items": reason},
            "limit": LIMIT,
            "selector": _selector(checklist),
        },
    }


def _selectors_of_formats() -> Schema:
    refused = f"write one of {', '.join(NAMES)}, and after a colon a file beside the settings"
    one = matching(f"(?:{'|'.join(NAMES)})(?::.+)?", refused)
    says = "How reports are written, and where to."
    return {"description": says, "type": ["array", "string"], **shaped(one, None, one)}


def _flag(says: str) -> Schema:
    return {"description": says, "if": True, "then": {"enum": ["yes", "no", True, False]}}


def _number(says: str) -> Schema:
    return {"description": says, "if": True, "then": {"type": ["integer", "string"], "pattern": "^[0-9]{1,9}$"}}


def _limits_of(rule: Rule) -> Schema:
    """The limits of a rule that can be set: one, a table by the values of a fact, or those of a schedule."""
    single: list[str] = []
    levels: dict[str, str] = {}
    gaps: dict[str, str] = {}
    for version in rule.versions:
        deadline, schedule = version.blocks.deadline, version.blocks.schedule
        if deadline is not None and isinstance(deadline.limit, LimitByValue):
            levels |= {value: str(limit) for value, limit in deadline.limit.limits.items()}
        elif deadline is not None:
            single.append(str(deadline.limit))
        if schedule is not None:
            gaps |= {"first": str(schedule.first), "every": str(schedule.every)}
    inner = ({"limit": " or ".join(dict.fromkeys(single))} if single else {}) | levels | gaps
    if not inner:
        return {}
    usual = [limit if key == "limit" else f"{key} {limit}" for key, limit in inner.items()]
    standing = ", ".join(dict.fromkeys(version.limit_standing for version in rule.versions))
    says = f"{rule.title}.\nUsually: {', '.join(usual)} ({standing})."
    table = mapping_of({key: {**LIMIT_REF, "description": f"Usually: {limit}."} for key, limit in inner.items()})
    several = len([key for key in inner if key != "first"]) > 1
    refused = refusal(f"this rule has several limits: give one of {', '.join(inner)}")
    each = offer("each limit", {key: f"${{{number}:{inner[key]}}}" for number, key in enumerate(inner, start=1)})
    offered = [*([] if several else LIMIT["defaultSnippets"]), each]
    shape = shaped(refused if several else LIMIT_REF, {**table, "minProperties": 1})
    return {"title": rule.id, "description": says, "defaultSnippets": offered, **shape}


def waivers_schema(checklist: Checklist) -> Schema:
    """The schema of waivers: findings that somebody accepted."""
    titles = [offer(rule.id, rule.id, rule.title) for rule in checklist.rules]
    day = matching(DAY, "write a day: 2016-07-18")
    waiver: Schema = {
        "rule": {**one_of(rule.id for rule in checklist.rules), "defaultSnippets": titles, "description": "The rule."},
        "case": text_schema("The case file's name for itself."),
        "subject": text_schema("A ref, `case`, or `all` for every subject."),
        "reason": text_schema("Why it was accepted."),
        "approved_by": {
            **matching(pattern_of(ROLE), NOT_A_ROLE),
            "description": "Who accepted it: a role, never a name.",
        },
        "approved_on": {**day, "description": "When."},
        "expires": {**day, "description": "The last day on which it holds."},
        "verdict": one_of(TO_ACT_ON, "What was accepted: nothing worse is. Left out, any verdict is."),
        "evidence": text_schema("Where the decision is written down."),
    }
    required = [key for key in waiver if key not in ("verdict", "evidence")]
    says = "Findings that somebody accepted: who, why and until when."
    waivers = {"waivers": {"description": says, "type": "array", "items": mapping_of(waiver, *required)}}
    return {"type": "object", **closed(waivers, "waivers")}
