"""The published cases, the failings that their sources listed, and the page that says which finding shows each.

`python -m tests.published_cases` writes `docs/published-cases.md` anew.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from checklist.findings import Finding, Review, Verdict
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.runner import Options, review_document
from checklist.settings import Settings, choose
from checklist.source import read_document

ROOT = Path(__file__).parents[1]
LISTED = ROOT / "tests" / "published-failings.yaml"
PAGE = ROOT / "docs" / "published-cases.md"
FACTS, FINDINGS = "published", "published-findings"
"""The folders of `tests/` with the cases written from the published facts alone, and from the facts and the findings."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of a published case says of one failing."""

    labels: tuple[str, ...]
    """The findings that speak of it, as `rule:subject`, the best first."""
    why: str
    """Why none of them shows it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One failing that a source listed."""

    failing: str
    types: tuple[str, ...]
    nothing_recorded: bool
    """Whether the source itself says that nothing was recorded."""
    readings: dict[str, Reading]


@dataclass(frozen=True, slots=True)
class Praised:
    """One thing that a source praised, and the findings that speak of it."""

    praise: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A published case: what its source listed, and what it praised."""

    id: str
    types: tuple[str, ...]
    listed: tuple[Listed, ...]
    praised: tuple[Praised, ...]
    good_practice: bool
    """Whether the source holds it up as well handled, or found no failing."""

    def said(self, labels: tuple[str, ...], folder: str) -> list[Finding]:
        """The findings of one reading that have these labels."""
        found = {finding.label: finding for finding in reviewed(folder, self.id).findings}
        return [found[label] for label in labels]

    def shows(self, listed: Listed, folder: str) -> Finding | None:
        """The finding that shows a failing: *not met*, or *not recorded* where the source says that nothing was recorded."""
        allowed = (Verdict.NOT_MET, Verdict.NOT_RECORDED) if listed.nothing_recorded else (Verdict.NOT_MET,)
        found = self.said(listed.readings[folder].labels, folder)
        return next((finding for verdict in allowed for finding in found if finding.verdict is verdict), None)

    def asks(self, listed: Listed, folder: str) -> bool:
        """Whether a failing that is not shown is at least asked about: a finding on it is open."""
        found = self.said(listed.readings[folder].labels, folder)
        return self.shows(listed, folder) is None and any(one.verdict in OPEN for one in found)


OPEN = (Verdict.NOT_RECORDED, Verdict.CANNOT_TELL, Verdict.NEEDS_JUDGEMENT)


@cache
def published() -> tuple[Published, ...]:
    """Every published case that was encoded."""
    told = yaml.load(LISTED.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - nothing but texts
    return tuple(_published(name, of_case) for name, of_case in told.items())


def _published(name: str, of_case: dict[str, Any]) -> Published:
    listed = [
        Listed(
            one["failing"],
            tuple(one["types"]),
            one.get("nothing_recorded") == "yes",
            {folder: Reading(tuple(one[folder]["shown_by"]), one[folder]["why"]) for folder in (FACTS, FINDINGS)},
        )
        for one in of_case["failings"]
    ]
    praised = [Praised(one["praise"], tuple(one["spoken_of_by"])) for one in of_case["praised"]]
    return Published(
        name, tuple(of_case["types"]), tuple(listed), tuple(praised), of_case.get("good_practice") == "yes"
    )


@cache
def reviewed(folder: str, name: str) -> Review:
    """The review of one reading of a published case, by every rule that is not switched off."""
    path = ROOT / "tests" / folder / f"{name}.yaml"
    return review_document(read_document(path, name=path.name), _checklist(), Options())


@cache
def _checklist() -> Checklist:
    return choose(load_checklist(ROOT / "rules"), Settings())


def share(part: int, whole: int) -> str:
    """`12 of 15 (80 %)`."""
    return f"{part} of {whole} ({round(100 * part / whole)} %)" if whole else "none"


def recall(folder: str) -> tuple[int, int, int]:
    """How many listed failings a reading shows, how many it only asks about, and how many there are."""
    listed = [(case, one) for case in published() for one in case.listed]
    shown = sum(case.shows(one, folder) is not None for case, one in listed)
    return shown, sum(case.asks(one, folder) for case, one in listed), len(listed)


# The page.


def page() -> str:
    """`docs/published-cases.md`."""
    return "\n".join(_page()).rstrip() + "\n"


_HEAD = """\
<!-- Made by `python -m tests.published_cases`; change the cases, not this page. -->
# The published cases, and what the checklist says of them

{cases} cases that inspectors and reviewers published, read twice as case files:

- **from the facts alone** (`tests/published/`), by readers who had seen neither the rules nor what was criticised, and read a second time by others as blind;
- **with the findings** (`tests/published-findings/`), by readers who had not seen the rules: the same files, with what the findings say of the record that the inspectors
  had before them and the published facts leave out.

Then readers who had written no rule decided, failing by failing, which finding of the review shows it (docs/decisions/0019). Shown is *not met* on the very act, or *not
recorded* where the source itself says that nothing was recorded. Several rules cite these cases as sources: this is a test that the checklist says what it means to say, and no
measure of how it does on cases that nobody has encoded yet.

| listed failings | from the facts alone | with the findings |
|---|---|---|"""


def _page() -> Iterator[str]:
    yield _HEAD.format(cases=len(published()))
    counts = [recall(folder) for folder in (FACTS, FINDINGS)]
    yield f"| shown | {' | '.join(f'**{share(shown, of)}**' for shown, _, of in counts)} |"
    yield f"| not shown, and asked about: a finding on it is open | {' | '.join(share(asked, of) for _, asked, of in counts)} |"
    yield f"| neither | {' | '.join(share(of - shown - asked, of) for shown, asked, of in counts)} |"
    yield from ("", *_by_type(), "", *_why_not())
    for case in published():
        yield from ("", *_of_case(case))


def _by_type() -> Iterator[str]:
    yield from (
        "## By type of failing",
        "",
        "A type counts once a case, as the source's coder listed it; one failing may be of several types.",
        "",
    )
    yield from ("| type | from the facts alone | with the findings |", "|---|---|---|")
    cases = Counter(code for case in published() for code in case.types)
    shown = {
        folder: Counter(
            code
            for case in published()
            for code in set(case.types).intersection(
                *[{code for one in case.listed if case.shows(one, folder) is not None for code in one.types}]
            )
        )
        for folder in (FACTS, FINDINGS)
    }
    for code, number in cases.most_common():
        parts = [share(shown[folder][code], number) for folder in (FACTS, FINDINGS)]
        yield f"| {code.replace('_', ' ')} | {' | '.join(parts)} |"


def _why_not() -> Iterator[str]:
    yield from (
        "## Why some are not shown",
        "",
        "| reason | from the facts alone | with the findings |",
        "|---|---|---|",
    )
    reasons = {
        folder: Counter(
            one.readings[folder].why.partition(":")[0]
            for case in published()
            for one in case.listed
            if case.shows(one, folder) is None
        )
        for folder in (FACTS, FINDINGS)
    }
    for why, number in reasons[FACTS].most_common():
        yield f"| {why} | {number} | {reasons[FINDINGS][why]} |"
    yield from (f"| {why} | 0 | {number} |" for why, number in reasons[FINDINGS].items() if why not in reasons[FACTS])


def _of_case(case: Published) -> Iterator[str]:
    yield from (f"## {case.id}", "")
    if case.listed:
        yield from ("| what the source criticised | from the facts alone | with the findings |", "|---|---|---|")
    for one in case.listed:
        yield f"| {_cell(one.failing)} | {_cell(_said(case, one, FACTS))} | {_cell(_said(case, one, FINDINGS))} |"
    for praise in case.praised:
        found = case.said(praise.labels, FACTS)
        said = ", ".join(f"`{finding.label}` *{finding.verdict}*" for finding in found) or "no rule speaks of it"
        yield from ("", f"Praised: {praise.praise}: {said}.")


def _said(case: Published, one: Listed, folder: str) -> str:
    finding = case.shows(one, folder)
    if finding is not None:
        return f"`{finding.label}` *{finding.verdict}*: {finding.says}"
    why, found = one.readings[folder].why, case.said(one.readings[folder].labels, folder)
    asked = "".join(f"; `{other.label}` is *{other.verdict}*" for other in found)
    return f"not shown. {why[:1].upper()}{why[1:]}{asked}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
