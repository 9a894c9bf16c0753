"""A rule in English: a sentence that a safeguarding lead can sign, and a page with its reasons, sources and examples."""

from collections.abc import Iterator, Sequence
from datetime import date

from checklist.conditions import Op, Quantified, Test, walk
from checklist.engine import in_force
from checklist.findings import Source, Standing, whose_limit
from checklist.rules import Blocks, Deadline, LimitByValue, Rule, Schedule, Version


def describe(rule: Rule, versions: Sequence[Version] = ()) -> str:
    """The rule in English sentences that a safeguarding lead can sign: whom, when, what, by when, and what absence means.

    Args:
        rule: the rule to describe.
        versions: only these of its versions; all where none is named.
    """
    told = versions or rule.versions
    if len(rule.versions) == 1:
        return " ".join((*_sentences(rule, told[0]), *_since(rule, told[0])))
    judged = rule.judged_on.fact.named if rule.judged_on is not None else "the date"
    head = f"Judged by the standard of the day of {judged}; where it is not known, by every one that it may have been."
    by_version = [list(_sentences(rule, version)) for version in told]
    shared = [sentence for sentence in by_version[0] if all(sentence in others for others in by_version)]
    own: dict[str, list[str]] = {}
    for version, sentences in zip(told, by_version, strict=True):
        text = " ".join(sentence for sentence in sentences if sentence not in shared)
        own.setdefault(text, []).append(in_force_words(version))
    lines = [f"{'; '.join(days)}: {text}".rstrip(": ") for text, days in own.items()]
    return "\n".join([head, *lines, " ".join(shared)]).rstrip()


def _since(rule: Rule, version: Version) -> Iterator[str]:
    """The days of the only version, where it has any bounds."""
    if rule.judged_on is not None:
        days = in_force_words(version)
        yield f"{days}, by the day of {rule.judged_on.fact.named}; before that nobody is judged by it."


def in_force_words(version: Version) -> str:
    """The days of a version: `From 1 April 2018 on`."""
    first = f"From {_day(version.first)}" if version.first else "From the beginning"
    return f"{first} to {_day(version.last)}" if version.last else f"{first} on"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _sentences(rule: Rule, version: Version) -> Iterator[str]:
    blocks = version.blocks
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
    if version.limit_standing:
        yield _whose_limit(rule, version)


def _whose_limit(rule: Rule, version: Version) -> str:
    if version.limit_standing == Standing.LOCAL and rule.shipped is not None:
        return "The limit is a local standard."
    return f"The limit is {whose_limit(version.limit_standing, version.sources)}."


def _of_expect(blocks: Blocks) -> str:
    return f"the record must show: {blocks.expect.english()}" if blocks.expect is not None else ""


def _of_deadline(deadline: Deadline | None) -> str:
    if deadline is None:
        return ""
    done = [f'"{path.fact.done}"' for path in deadline.events]
    joined = _or_list(done) if deadline.event_mode != "last_of" else _and_list(done)
    return f"{joined} must have happened, and be recorded, within {_limit(deadline)} of {_start(deadline)}"


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
    words: dict[str, list[str]] = {}
    for word, limit in deadline.limit.limits.items():
        words.setdefault(str(limit), []).append(word)
    return _or_list([f"{limit} ({named} {_or_list(of_limit)})" for limit, of_limit in words.items()])


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
        yield "Where nothing is recorded, it is not due until the limit ends, then not met."
        yield "Where the start is not recorded, every one that it may have had is tried."
        if isinstance(blocks.deadline.limit, LimitByValue):
            named = blocks.deadline.limit.path.fact.named
            yield f"Where {named} is not recorded, a verdict is given only if every level gives it."
    yield from _of_what_is_not_recorded(blocks)
    if blocks.applies_when is not None:
        yield "Where it cannot be told whether it applies, it is never reported as met."
    if blocks.accept_reasons:
        yield f"Accepted reasons for not doing it, decided in time by a named role: {_or_list(list(blocks.accept_reasons))}."
    if rule.passes_when_absent:
        yield f"It passes where these are absent: {', '.join(rule.passes_when_absent)}."


def _of_what_is_not_recorded(blocks: Blocks) -> Iterator[str]:
    """What absence means in `expect` and `schedule`: a failing where the clause asks for the record itself, else as the rule says."""
    leaves = (
        [node for node in walk(blocks.expect) if isinstance(node, Test | Quantified)]
        if blocks.expect is not None
        else []
    )
    asked = [node for node in leaves if isinstance(node, Test) and node.op is Op.RECORDED]
    if asked:
        yield "What must be recorded and is not, is not met."
    if len(asked) < len(leaves) or blocks.schedule is not None:
        other = "another fact" if asked else "a fact"
        yield f"If it hangs on {other} that is not recorded, the verdict is {blocks.if_not_recorded}."


def page(rule: Rule, day: date | None = None) -> str:
    """The whole page of a rule, as `checklist show` prints it.

    Args:
        rule: the rule to show.
        day: only the standard that was in force on this day; every standard where it is None.
    """
    versions = in_force(rule, day, day) if day is not None else rule.versions
    head = [
        rule.title,
        "=" * min(len(rule.title), 78),
        "",
        f"{rule.id} - {rule.area} - {rule.severity}",
        "",
        *([f"Shipped switched off: {rule.off}.", ""] if rule.off else []),
        describe(rule, versions) if versions else f"No standard of this rule was in force on {_day(day or date.min)}.",
        "",
    ]
    if rule.shipped is not None:
        head += ["This is a local standard. As the rule is shipped:", describe(rule.shipped), ""]
    sources = dict.fromkeys(source for version in versions for source in version.sources)
    strength = [f"Good practice where it is met: {rule.strength}"] if rule.strength else []
    body = [f"Why: {rule.why}", f"What to do: {rule.action}", *strength, "", "Who says so:"]
    lines = [line for source in sources for line in source_lines(source)]
    examples = ["", "Examples:"]
    for example in rule.examples:
        expects = ", ".join(f"{one.subject} {one.verdict} (because of {one.because})" for one in example.expects)
        examples.append(f"- {example.name}: {expects}")
    answers = ["", f"Answers what inspectors found: {', '.join(rule.answers)}"] if rule.answers else []
    return "\n".join([*head, *body, *lines, *answers, *examples, "", f"{rule.file}:{rule.line}"])


def source_lines(source: Source) -> Iterator[str]:
    """A source as lines: its standing and what it says, its document, its certainty, and where to read it."""
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
    if source.url or source.no_link:
        yield f"  {source.url or f'no link: {source.no_link}'}"


def _or_list(words: Sequence[str]) -> str:
    return _list(words, "or")


def _and_list(words: Sequence[str]) -> str:
    return _list(words, "and")


def _list(words: Sequence[str], joiner: str) -> str:
    *most, last = words
    return f"{', '.join(most)} {joiner} {last}" if most else last
