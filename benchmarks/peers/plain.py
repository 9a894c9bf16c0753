"""Case files as a programmer hands them to an engine: PyYAML's fast loader, the spellings of a fact made one, dates as minutes.

A mercy to the engines: none of them reads `day 3`, two spellings of one fact, or a time of day without seconds. What is absent stays absent, and what is
a word (`unknown`, `redacted`, `2015-09`) stays a word.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ASKED = Path(__file__).parent / "asked"
_DAY_0 = date(1970, 1, 1).toordinal()
_TIME = re.compile(r"(?:day (\d+)|(\d{4}-\d{2}-\d{2}))(?:T(\d{2}):(\d{2}))?")
_OTHERS = "others not recorded"
_ONE_OF_A_KIND = {"report": "reports", "medical": "medicals"}
Case = dict[str, Any]
Answers = Mapping[str, bool | None]
"""By rule: whether it passes; None where the engine raised, or gave no truth."""


def minutes(value: object) -> object:
    """Minutes since the start of 1970, or of day 0 where the file counts from it; what is no such date or time stays as it is."""
    if isinstance(value, datetime):
        return _counted(value.date(), value.time())
    if isinstance(value, date):
        return _counted(value, time())
    if isinstance(value, list):
        return [minutes(one) for one in value]
    if isinstance(value, dict):
        return {name: minutes(one) for name, one in value.items()}
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return value
    day, written, hour, minute = found.groups()
    clock = time(int(hour or 0), int(minute or 0))
    return _counted(date.fromisoformat(written), clock) if written else int(day) * 1440 + _of_day(clock)


def _counted(day: date, clock: time) -> int:
    return (day.toordinal() - _DAY_0) * 1440 + _of_day(clock)


def _of_day(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def thing(written: Mapping[str, Any]) -> Case:
    """One thing of a case: each fact by its value alone, an event that was not done left out, and when a fact was known beside it."""
    facts: Case = {}
    for name, value in written.items():
        plain = value
        if isinstance(value, dict):
            if "known" in value:
                facts[f"{name}_known"] = minutes(value["known"])
            plain = value.get("is", value.get("at", value.get("done", value)))
            if value.get("done") is False:
                continue
        if plain is not None:
            facts[name] = minutes(plain)
    return facts


def case(text: bytes) -> Case:
    """A case file, each list of things a list of mappings; a list that stays open loses the words that say so."""
    facts: Case = {}
    for name, value in yaml.load(text, Loader=LOADER).items():  # noqa: S506 - safe loaders, both
        listed = [value] if name in _ONE_OF_A_KIND else value
        if isinstance(listed, list):
            facts[_ONE_OF_A_KIND.get(name, name)] = [
                thing(one) if isinstance(one, dict) else minutes(one) for one in listed if one != _OTHERS
            ]
        elif value is not None:
            facts[name] = minutes(value)
    return facts


def rules(name: str) -> dict[str, Any]:
    """The rules that are asked of a peer, by their ids, as its own file has them."""
    found: dict[str, Any] = yaml.load((ASKED / name).read_bytes(), Loader=LOADER)  # noqa: S506 - safe loaders, both
    return found


def each(folder: Path) -> Iterator[tuple[str, Case | None]]:
    """The cases of a folder, by their paths in it; None for what YAML does not read."""
    for path in sorted(folder.rglob("*.yaml")):
        try:
            read = case(path.read_bytes())
        except (yaml.YAMLError, AttributeError, ValueError):
            read = None
        yield path.relative_to(folder).as_posix(), read


def tell(answer: Callable[[Case], Answers]) -> None:
    """Prints what an engine answers of each file of the folder that the command names, a line of JSON a file."""
    out = (json.dumps([name, {} if read is None else answer(read)]) + "\n" for name, read in each(Path(sys.argv[1])))
    sys.stdout.writelines(out)
