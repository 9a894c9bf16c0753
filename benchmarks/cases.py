"""Case files to measure with: realistic in length and content, invented in every date, and the same for the same seed.

    python -m benchmarks.cases FOLDER NUMBER [--seed N] [--undated HOW]

Each is made of one of the encoded published cases or of the examples: another reference, all dates moved by one number of days, and some values
put in another state (not recorded, unknown, redacted, left out). One in five is cut down to what a thin file says, and in one of five people and things that stand
in one line stand there several times, under other references and with other days.

With `--undated`, only those that can be counted from the day of the first report: it is dated (`no`), or known by its weekday and month, or by its month alone.
"""

import argparse
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import count, islice
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?=[T,\s\]}/]|$)")
_VALUE = re.compile(r"(?<=[{,] )(\w+): (yes|no|high|medium|low|recorded|\d{4}-\d{2}-\d{2})(?=[,}])")
_ITEM = re.compile(r"  - \{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*(?:#.*)?$")
_REF = re.compile(r"(?<=\{ref: )([A-Za-z]+)(\d+)")
_A_FOLDER = 1_000
UNDATED = ("no", "weekday", "month")
_OTHER_STATES = ("not recorded", "unknown", "redacted")


@cache
def bases() -> tuple[str, ...]:
    """The files that cases are made of."""
    paths = [
        *(ROOT / "examples").glob("*.yaml"),
        *(ROOT / "tests" / "published").glob("*.yaml"),
        *(ROOT / "tests" / "published-findings").glob("*.yaml"),
    ]
    return tuple(path.read_text(encoding="utf-8") for path in sorted(paths))


def case(number: int, seed: int) -> str:
    """The text of one case file."""
    random = Random(f"{seed}/{number}")  # noqa: S311 - nothing secret
    lines = [line for line in random.choice(bases()).splitlines() if not line.lstrip().startswith("#")]
    kind = random.choice(("thin", "ordinary", "ordinary", "ordinary", "long"))
    if kind == "thin":
        lines = _thinned(lines, random)
    if kind == "long":
        lines = list(_lengthened(lines, random))
    days = timedelta(random.randint(-400, 400))
    text = _shifted("\n".join(lines), days)
    text = _VALUE.sub(lambda found: _in_another_state(found, random), text)
    return re.sub(r"(?m)^case: .*$", f"case: B-{number}", text, count=1) + "\n"


def _thinned(lines: list[str], random: Random) -> list[str]:
    """The head of the file, and some of the list items that stand in one line."""
    return [line for line in lines if _ITEM.match(line) is None or random.random() < 0.4]


def _lengthened(lines: list[str], random: Random) -> Iterator[str]:
    """The file with some more of each thing that stands in one line; each has a reference of its own, if it has any."""
    for line in lines:
        yield line
        if _ITEM.match(line) is not None:
            for number in range(random.randint(1, 6)):
                days = timedelta(random.randint(-60, 60))
                found = _REF.search(line)
                more = line if found is None else line.replace(found[0], f"{found[1]}{number + 1}0{found[2]}", 1)
                yield _shifted(more, days)


def _shifted(text: str, days: timedelta) -> str:
    return _DATE.sub(lambda found: _moved(found, days), text)


def _moved(found: re.Match[str], days: timedelta) -> str:
    try:
        return (date(*map(int, found.groups())) + days).isoformat()
    except ValueError:
        return found[0]


def _in_another_state(found: re.Match[str], random: Random) -> str:
    if random.random() > 0.05 or found[1] in ("ref", "at", "from", "until"):
        return found[0]
    return f"{found[1]}: {random.choice(_OTHER_STATES)}"


def cases(number: int, seed: int = 1, undated: str | None = None) -> Iterator[tuple[str, str]]:
    """So many cases, each with the path of its file: a thousand to a folder; or those that can be undated."""
    made = (case(one, seed) for one in count())
    texts = made if undated is None else (text for text in (counted(one, undated) for one in made) if text)
    for one, text in enumerate(islice(texts, number)):
        yield f"{one // _A_FOLDER:04}/{one:07}.yaml", text


def counted(text: str, knows: str) -> str | None:
    """The same case, counted from the day of its first report; None where it dates something by its month, from another thing, or before that day.

    Args:
        text: a case file.
        knows: what is known of that day: `weekday` (and its month), `month`, or all (`no`).
    """
    received = re.search(r"received: (\d{4}-\d{2}-\d{2})", text)
    days = [date.fromisoformat("-".join(found)) for found in _DATE.findall(text)]
    if received is None or "day_0" in text or "report +" in text or re.search(r"\b(19|20)\d{2}\b", _DATE.sub("", text)):
        return None
    zero = date.fromisoformat(received[1])
    if min(days) < zero:
        return None
    if knows == "no":
        return text
    weekday = f"weekday: {zero:%A}, ".lower() if knows == "weekday" else ""
    days_on = _DATE.sub(lambda found: f"day {(date.fromisoformat(found[0]) - zero).days}", text)
    return re.sub("(?m)^as_of: ", f"day_0: {{{weekday}month: {zero:%Y-%m}}}\nas_of: ", days_on, count=1)


def write(folder: Path, number: int, seed: int = 1, undated: str | None = None) -> None:
    """Writes so many cases under a folder."""
    for name, text in cases(number, seed, undated):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("number", type=int)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--undated", choices=UNDATED)
    given = asked.parse_args()
    write(given.folder, given.number, given.seed, given.undated)
