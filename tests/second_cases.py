"""Random case files over the facts that the rules use: every state, and dates near the limits; the same seed gives the same files.

What is never written, since the pages settle nothing there, or since what the engine says there is a listed difference of its own:

- several things of which a rule reads the first, of a kind without a date to tell which is first, or with none of them dated to the minute;
- a refusal of the date that tells which of several things is first;
- two facts of a group that its members answer differently, and groups where a part of the record was not looked at;
- `others not recorded`, and `not recorded` in so many words, where a part of the record was not looked at;
- dates without a first or a last day among those that a schedule goes by, among events of which one would do, and of when something was known;
- the day of a new level of risk without its time;
- two judgements of one rule, an earlier `--as-of`, `--standard-on`, joins (no shipped rule has one), and files that are not read at all.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tests.second_evaluator import BLOCKS, Type, Vocabulary, paths_of

UNITS = {"hour": 60, "day": 1440, "working day": 2016, "week": 10080, "month": 43830}
NUDGES = (-2880, -1440, -60, -1, 0, 0, 0, 1, 60, 1440, 2880)
REASON_BY = ("inspector@police", "team manager@social care")


def text_of(value: Any) -> str:
    """A value as a case file writes it, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {text_of(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(text_of(one) for one in value) + "]"
    return str(value)


def file_of(case: Mapping[str, Any]) -> str:
    """A case file."""
    return "".join(f"{key}: {text_of(value)}\n" for key, value in case.items())


def paths_in(rule: Mapping[str, Any], kinds: Mapping[str, Any]) -> list[str]:
    """The facts that a rule uses, its quantified things among them."""
    blocks = [rule.get(block, {}) for block in BLOCKS] + [dict(version) for version in rule.get("versions", ())]
    return sorted({path for path in paths_of(blocks) if path.split(".")[0] in kinds})


def limits_in(rule: Mapping[str, Any]) -> Iterator[int]:
    """The limits of a rule, in minutes or thereabouts."""
    blocks = [rule.get("deadline", {}), rule.get("schedule", {}), *rule.get("versions", ())]
    for block in blocks:
        for key in ("limit", "first", "every", "deadline.limit"):
            value = block.get(key, ())
            for text in value.values() if isinstance(value, Mapping) else [value] if value else ():
                count, unit = text.split(" ", 1) if text[:1].isdigit() else ("", "")
                if count:
                    yield int(count) * UNITS[unit.removesuffix("s")]


class Writer:
    """Writes one random case file about some rules."""

    def __init__(self, random: Random, vocabulary: Vocabulary, reasons: Sequence[str], closed: Collection[str]) -> None:
        self.random, self.vocabulary, self.reasons, self.closed = random, vocabulary, reasons, closed
        self.mode = random.choices(("dated", "relative", "undated"), (80, 12, 8))[0]
        self.open_ended = True
        self.timed = random.random() < 0.5
        self.garbled = random.random() < 0.04
        self.limits: list[int] = [1440]
        self.noise = random.choice((0.3, 0.6, 1.0))
        day = date(2012, 1, 3) + timedelta(days=random.randrange(5200))
        self.begin = datetime(day.year, day.month, day.day, random.randrange(24), random.choice((0, 15, 59)))  # noqa: DTZ001 - British, as the file writes it
        self.as_of = self.begin

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.random.random() < share

    def case(self, rules: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """A case file with the facts that the rules use."""
        paths = sorted({path for rule in rules for path in paths_in(rule, self.vocabulary.kinds)} | {"report.received"})
        self.limits = [limit for rule in rules for limit in limits_in(rule)] or [1440]
        words = [word for rule in rules for word in words_of(rule)]
        self.accepted = [reason for rule in rules for reason in rule.get("accept_reasons", ())]
        later = self.random.choice((1, 1, 2, 4)) * self.random.choice(self.limits)
        self.as_of = self.begin + timedelta(minutes=later + self.random.choice(NUDGES), days=self.random.choice((0, 1, 30)))  # fmt: skip
        self.as_of = max(self.as_of, self.begin)
        case: dict[str, Any] = {"case": "X-1", "as_of": self.stand()}
        if self.chance(0.08):
            areas = sorted({type_.area for kind in self.vocabulary.kinds.values() for type_ in kind.facts.values()})
            case["looked_at"] = self.random.sample(areas, self.random.randrange(1, len(areas)))
        if self.mode == "undated" and self.chance(0.5):
            case["day_0"] = {"weekday": f"{self.begin:%A}".lower(), "month": f"{self.begin:%Y-%m}"}
        self.narrowed = "looked_at" in case
        named = {path.split(".")[0] for path in paths} | {str(rule.get("for_each", "case")) for rule in rules}
        for name in sorted(named | {"case"}):
            facts = sorted({path.split(".")[1] for path in paths if path.split(".")[0] == name})
            self.add(case, name, facts, words)
        return case

    def stand(self) -> str:
        """The day, or the minute, that the review stands on."""
        # No file stands on an hour that a clock change may have left out.
        return self.written(self.as_of, timed=self.chance(0.25) and self.as_of.hour != 1)

    def written(self, instant: datetime, *, timed: bool) -> str:
        """An instant, or its day, as the file writes dates."""
        if self.mode == "undated":
            day = f"day {(instant.date() - self.begin.date()).days}"
            return f"{day}T{instant:%H:%M}" if timed else day
        return instant.strftime("%Y-%m-%dT%H:%M" if timed else "%Y-%m-%d")

    def add(self, case: dict[str, Any], name: str, facts: Sequence[str], words: Sequence[str]) -> None:
        """Add the things of one kind."""
        kind = self.vocabulary.kinds[name]
        if name == "case":
            case.update({fact: value for fact in facts if (value := self.drawn(name, fact, words)) is not None})
            return
        if name == "report" and self.mode != "dated":
            case[name] = self.thing(case, name, facts, words, 0) | {"received": self.written(self.begin, timed=self.timed)}  # fmt: skip
            return
        if self.chance(0.1 * self.noise):
            listing = self.random.choice(
                (
                    [],
                    "unknown",
                    "redacted",
                    "not recorded",
                    ["others not recorded"] if not self.narrowed else "unknown",
                    None,
                )
            )
            if listing is not None:
                case[kind.plural] = listing
            return
        several = 2 if self.chance(0.2) and (not kind.singleton or kind.dated_by) else 1
        things: list[Any] = [self.thing(case, name, facts, words, number) for number in range(several)]
        if self.chance(0.06) and not self.narrowed:
            things.append("others not recorded")
        if several == 2 and kind.dated_by:
            for number, one in enumerate(things[:2]):
                if number == 0 or kind.dated_by in one:
                    one[kind.dated_by] = self.written(self.instant(), timed=True)
        if len(things) == 1 and kind.singleton and self.chance(0.5):
            case[name] = things[0]
        else:
            case[kind.plural] = things

    def thing(self, case: Mapping[str, Any], name: str, facts: Sequence[str], words: Sequence[str], number: int) -> dict[str, Any]:  # fmt: skip
        """One thing."""
        kind = self.vocabulary.kinds[name]
        thing: dict[str, Any] = {"ref": f"{kind.label}{number + 1}"} if self.chance(0.9) else {}
        refs = [one["ref"] for other in kind.about for one in case.get(self.vocabulary.kinds[other].plural, ()) if isinstance(one, Mapping) and "ref" in one]  # fmt: skip
        if refs and self.chance(0.6):
            thing["about"] = self.random.sample(refs, self.random.randint(1, len(refs)))
        group = self.random.randint(2, 5) if self.chance(0.06) else 0
        if group:
            thing["count"] = str(group)
        mixed = self.random.choice(facts) if facts else ""
        for fact in facts:
            type_ = kind.facts[fact]
            value = self.grouped(group, mixed=fact == mixed) if group and type_.kind == "yes/no" and self.chance(0.6) else self.drawn(name, fact, words)  # fmt: skip
            if value is not None:
                thing[fact] = value
        return thing

    def grouped(self, size: int, *, mixed: bool) -> str:
        """What is said of the members of a group."""
        several = ("some", f"{self.random.randint(1, size - 1)} of {size}") if mixed and not self.narrowed else ()
        return str(self.random.choice(("all", "none", *several)))

    # Facts.

    def drawn(self, kind: str, fact: str, words: Sequence[str]) -> Any:
        """A fact of a kind of thing."""
        self.open_ended = f"{kind}.{fact}" not in self.closed
        return self.fact(self.vocabulary.kinds[kind].facts[fact], words)

    def fact(self, type_: Type, words: Sequence[str]) -> Any:
        """A fact in one of its states; None where it is not there."""
        drawn = self.random.random() / self.noise
        if drawn < 0.17:
            return None
        if drawn < 0.24:
            return self.random.choice(
                ("unknown", "redacted", "redacted", *(() if self.narrowed else ("not recorded",)))
            )
        if drawn < 0.26 and type_.not_applicable:
            return {"is": "not applicable", "reason": "a baby"}
        if drawn < 0.29:
            records = [self.record(type_, words) for _ in range(2)]
            return {"conflicting": [{**record, "source": f"log {number}"} for number, record in enumerate(records)]}
        return self.value(type_, words)

    def record(self, type_: Type, words: Sequence[str]) -> dict[str, Any]:
        """One of two records."""
        if type_.kind == "events":
            return {"is": [self.date()]}
        if type_.kind in ("event", "date"):
            return {"done": "no"} if type_.kind == "event" and self.chance(0.1) else {"at": self.date()}
        plain = self.plain(type_, words)
        return {"is": [] if plain == ["others not recorded"] else plain}

    def value(self, type_: Type, words: Sequence[str]) -> Any:
        """A fact that is recorded."""
        if type_.kind == "event":
            return self.event(type_, words)
        if type_.kind == "events":
            dates: list[str] = [self.date() for _ in range(self.random.randrange(4))]
            return dates + (["others not recorded"] if self.chance(0.12) and not self.narrowed else [])
        if type_.kind == "yes/no" and self.chance(0.35):
            self.open_ended = False
            known = {"known": self.date()} if self.chance(0.8) else {}
            return {"is": self.random.choice(("yes", "yes", "yes", "no", "unknown", "redacted")), **known}
        if type_.changes and self.chance(0.3):
            days = sorted(self.instant() for _ in range(2))
            return [{"is": self.plain(type_, words), "at": self.written(day, timed=True)} for day in days]
        return self.plain(type_, words)

    def plain(self, type_: Type, words: Sequence[str]) -> Any:
        """A value."""
        if type_.kind == "date":
            return self.date()
        if type_.kind == "yes/no":
            return self.random.choice(("yes", "yes", "no"))
        if type_.kind == "age":
            return self.random.choice(("9", "10 years", "9 years", "119 months", "5 months"))
        likely = [word for word in words if word in type_.options]
        if type_.kind == "choices":
            chosen = self.random.sample(sorted(set(likely or type_.options)), min(self.random.choice((0, 1, 1, 2, 3)), len(set(likely or type_.options))))  # fmt: skip
            return [*chosen, *(["others not recorded"] if self.chance(0.1) and not self.narrowed else [])]
        return self.random.choice(likely if likely and self.chance(0.7) else type_.options)

    def event(self, type_: Type, words: Sequence[str]) -> Any:
        """An event: dated, undated, or refused; with its parts."""
        drawn = self.random.random()
        if drawn < 0.05:
            return self.random.choice(("yes", {"done": "yes"}))
        if drawn < 0.13:
            return self.random.choice(({"done": "no"}, "no"))
        if drawn < (0.45 if self.accepted else 0.25):
            why = {"reason": self.random.choice(self.accepted if self.accepted and self.chance(0.8) else self.reasons)}
            if self.chance(0.9):
                why["decided_by"] = self.random.choice(REASON_BY)
            if self.chance(0.9):
                why["decided_at"] = self.written(self.begin, timed=True) if self.chance(0.5) else self.date()
            return {"done": "no", **why} if self.chance(0.7) else {"at": self.date(), **why}
        at = self.date()
        parts = {name: value for name, part in type_.parts.items() if (value := self.fact(part, words)) is not None}
        return {"at": at, **parts} if parts else at

    # Dates.

    def instant(self) -> datetime:
        """An instant near the start, or near a limit."""
        share = self.random.choice((0, 0, 1, 1, 1, 1, 2)) * self.random.choice(self.limits)
        instant = self.begin + timedelta(minutes=share + self.random.choice(NUDGES), days=self.random.choice((0, 0, 0, 1, 5)))  # fmt: skip
        return min(instant if self.mode == "dated" else max(instant, self.begin), self.as_of)

    def minute(self, instant: datetime) -> str:
        """A minute, or its day."""
        return self.written(instant, timed=self.chance(0.5))

    def date(self) -> str:
        """A date as a file may write it."""
        instant, drawn = self.instant(), self.random.random()
        if self.garbled and self.chance(0.2):
            return "4/3/2016"
        if drawn < 0.84 or self.mode == "undated":
            return self.written(instant, timed=drawn < 0.42)
        if self.mode == "relative":
            days = max((instant.date() - self.begin.date()).days, 0)
            hours = (f"report + {24 * days} hours",) if self.timed else ()
            counted = (f"report + {days} days", f"day {days}", f"report + {days // 7} weeks")
            return str(self.random.choice((*counted, *hours)))
        if drawn < 0.9:
            return instant.strftime("%Y-%m")
        if drawn < 0.91:
            return instant.strftime("%Y")
        other = self.instant()
        first, last = min(instant, other), max(instant, other)
        ends = (self.minute(first), self.minute(last))
        closed = f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"
        return self.random.choice((closed, f"{ends[0]}/..", f"../{ends[1]}")) if self.open_ended else closed


def words_of(rule: Any) -> Iterator[str]:
    """Every word that a rule compares with."""
    if isinstance(rule, Mapping):
        for key, value in rule.items():
            if key in BLOCKS or "." in key or key in ("includes_any", "includes_none", "includes_all", "one_of", "none_of", "any_of", "all_of", "limit", "versions", "where", "satisfies", "some", "every"):  # fmt: skip
                yield from words_of(value)
            if key not in ("by", "event", "after"):
                yield str(key)
    elif isinstance(rule, list):
        for item in rule:
            yield from words_of(item)
    elif isinstance(rule, str):
        yield rule


def held_over(rules: Iterable[Mapping[str, Any]]) -> set[str]:
    """The facts that a schedule of some rule goes by, and the events of which one would do."""
    events = (rule.get("deadline", {}).get("event", ()) for rule in rules)
    return {path for rule in rules for path in paths_of(rule.get("schedule", {}))} | {
        path for event in events if isinstance(event, Mapping) for path in event.get("first_of", ())
    }
