"""Laws that hold for every case: what deleting, filling in and reordering can and cannot change.

The law of deletion is held over facts that say something - a value, a date, an event, a refusal. A fact written `redacted`,
`unknown`, `not applicable` or `conflicting` is weighed otherwise than an absent one (docs/decisions/0003-law-of-deletion.md).
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checklist.engine import review
from checklist.findings import Basis, Finding, Review, Verdict, count_verdicts
from checklist.reporters import Page
from checklist.reporters.json import Report
from checklist.rulebooks import load_checklist
from checklist.runner import Options, review_text
from checklist.source import Mapping, Node, Scalar, Sequence
from checklist.testing import Trial, examples_of, set_scene
from checklist.vocabulary import CASE, FactKind, FactType, Kind

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.unmeasured
SHIPPED = load_checklist(ROOT / "rules")
VOCABULARY = SHIPPED.vocabulary
USED = {path.fact.name for rule in SHIPPED.rules for version in rule.versions for path in version.blocks.paths()}
COUNTING = {rule.id for rule in SHIPPED.rules if rule.counts_list}
DEFINITE = (Verdict.MET, Verdict.NOT_MET, Verdict.DOES_NOT_APPLY, Verdict.EXCUSED, Verdict.NOT_DUE_YET)
Facts = dict[str, Any]
Things = dict[str, list[Facts]]

# Cases: a dictionary of kinds to lists of things, written out as JSON, which is YAML.

DATES = [
    "2015-09-01T10:15",
    "2015-09-01",
    "2015-09-02T09:00",
    "2015-09-04",
    "2015-09-08",
    "2015-09-22",
    "2015-10-06",
    "2015-09",
    "2016-03-01",
    "2016-07-10",
]
dates = st.sampled_from(DATES)


def refusals() -> st.SearchStrategy[Any]:
    reasons = st.sampled_from([*VOCABULARY.reasons[:4], ""])
    return st.builds(
        lambda reason, decided: {
            "done": "no",
            **({"reason": reason, "decided_by": "inspector@police", "decided_at": decided} if reason else {}),
        },
        reasons,
        dates,
    )


def values(type_: FactType) -> st.SearchStrategy[Any]:
    match type_.kind:
        case FactKind.YES_NO:
            plain = st.sampled_from(["yes", "no"])
            return st.one_of(plain, st.builds(lambda value, known: {"is": value, "known": known}, plain, dates))
        case FactKind.CHOICE:
            return st.sampled_from(type_.options)
        case FactKind.CHOICES:
            return st.lists(st.sampled_from(type_.options), max_size=3, unique=True)
        case FactKind.DATE:
            return dates
        case FactKind.EVENT:
            parts = {name: next(iter(part.options), "yes") for name, part in type_.parts.items()}
            return st.one_of(dates, dates, st.builds(lambda at: {"at": at, **parts}, dates), st.just("yes"), refusals())
        case FactKind.EVENTS:
            return st.lists(dates, max_size=3)
        case FactKind.COUNT:
            return st.integers(0, 3)
        case FactKind.AGE:
            return st.sampled_from(["8", "13 months", "unborn"])
        case _:
            return st.just("text")


def written(type_: FactType) -> st.SearchStrategy[Any]:
    """A fact as it may be written; None where it is left out."""
    said = values(type_)
    return st.one_of(said, said, st.none(), st.sampled_from(["unknown", "redacted"]))


def things_of(kind: Kind) -> st.SearchStrategy[list[Facts] | None]:
    facts = {
        name: written(fact)
        for name, fact in kind.facts.items()
        if fact.name in USED and fact.kind is not FactKind.REFERENCE
    }
    one = st.fixed_dictionaries(facts)
    return st.one_of(st.none(), st.lists(one, max_size=2), st.lists(one, min_size=1, max_size=1))


@st.composite
def cases(draw: st.DrawFn) -> Things:
    """A case over the facts that the shipped rules read."""
    case: Things = {}
    kinds = [
        kind
        for kind in VOCABULARY.kinds.values()
        if kind.name != CASE and any(name.startswith(f"{kind.name}.") for name in USED)
    ]
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=3, max_size=7, unique_by=lambda kind: kind.name)):
        things = draw(things_of(kind))
        if things is not None:
            case[kind.plural] = [
                {"ref": f"{kind.label}{number}", **{name: value for name, value in thing.items() if value is not None}}
                for number, thing in enumerate(things, start=1)
            ]
    return case


def reviewed(case: Things, **more: Any) -> Review:
    text = json.dumps({"case": "LAW", "as_of": "2016-07-18", "concerns": ["sexual abuse"], **more, **case})
    return review_text(text.encode(), SHIPPED, Options())


def by_label(review: Review) -> dict[str, Finding]:
    return {finding.label: finding for finding in review.findings}


def met(review: Review) -> set[str]:
    return {finding.label for finding in review.findings if finding.verdict is Verdict.MET}


def says_something(value: Any) -> bool:
    return value not in ("unknown", "redacted")


def law(examples: int) -> settings:
    """So many examples; `TIMES=100 pytest tests/test_laws.py` tries a hundred times as many."""
    return settings(
        deadline=None,
        max_examples=examples * int(os.environ.get("TIMES", "1")),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


@law(200)
@given(cases(), st.data())
def test_deleting_a_fact_never_turns_a_verdict_into_met(case: Things, data: st.DataObject) -> None:
    facts = [
        (plural, n, name)
        for plural, things in case.items()
        for n, thing in enumerate(things)
        for name, value in thing.items()
        if name != "ref" and says_something(value)
    ]
    if not facts:
        return
    whole = reviewed(case)
    # Deleting one of two dates that contradict each other ends the contradiction.
    before = met(whole) | {finding.label for finding in whole.findings if finding.basis is Basis.CONTRADICTORY}

    for plural, n, name in data.draw(st.lists(st.sampled_from(facts), min_size=1, max_size=6, unique=True)):
        fewer = {
            **case,
            plural: [
                {key: value for key, value in thing.items() if (m, key) != (n, name)}
                for m, thing in enumerate(case[plural])
            ],
        }
        assert met(reviewed(fewer)) <= before, f"without {plural}[{n}].{name}"


@law(40)
@given(cases(), st.data())
def test_deleting_a_thing_never_turns_the_verdict_on_another_into_met(case: Things, data: st.DataObject) -> None:
    # Kinds that a rule reads as the first or the latest of several are left out: without the first, the second is the first.
    plurals = [kind.plural for kind in VOCABULARY.kinds.values() if not kind.singleton and case.get(kind.plural)]
    if not plurals:
        return
    plural = data.draw(st.sampled_from(plurals))
    before = met(reviewed(case))

    after = met(reviewed({**case, plural: case[plural][1:]}))

    assert {label for label in after - before if label.partition(":")[0] not in COUNTING} == set()


@law(40)
@given(cases(), st.data())
def test_filling_in_an_unknown_never_changes_a_definite_verdict(case: Things, data: st.DataObject) -> None:
    unknowns = []
    for kind in VOCABULARY.kinds.values():
        for n, thing in enumerate(case.get(kind.plural, [])):
            for name, type_ in kind.facts.items():
                if (
                    thing.get(name) == "unknown"
                    and type_.kind in (FactKind.YES_NO, FactKind.CHOICE)
                    and not type_.parts
                ):
                    unknowns.append((kind.plural, n, name, type_))
    if not unknowns:
        return
    plural, n, name, type_ = data.draw(st.sampled_from(unknowns))
    before = by_label(reviewed(case))

    value = data.draw(st.sampled_from(type_.options or ("yes", "no")))
    filled = {**case, plural: [{**thing, name: value} if m == n else thing for m, thing in enumerate(case[plural])]}
    after = by_label(reviewed(filled))

    asks_whether_recorded = {
        rule.id for rule in SHIPPED.rules if "recorded: yes" in (ROOT / rule.file).read_text(encoding="utf-8")
    }
    for label, finding in before.items():
        if finding.verdict in DEFINITE and finding.rule not in asks_whether_recorded:
            assert after[label].verdict is finding.verdict, label


@law(30)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_lists_does_not_matter(case: Things, random: Any) -> None:
    # Where a rule reads the first of several and none of them is dated, their order is all there is: one of each here.
    singletons = {kind.plural for kind in VOCABULARY.kinds.values() if kind.singleton}
    case = {plural: things[:1] if plural in singletons else things for plural, things in case.items()}
    shuffled = {
        plural: random.sample(case[plural], len(case[plural])) for plural in random.sample(list(case), len(case))
    }

    before = {
        label: (finding.verdict, finding.basis, finding.due, finding.elapsed)
        for label, finding in by_label(reviewed(case)).items()
    }
    after = {
        label: (finding.verdict, finding.basis, finding.due, finding.elapsed)
        for label, finding in by_label(reviewed(shuffled)).items()
    }

    assert before == after


@law(30)
@given(cases())
def test_findings_are_the_sum_over_rules_of_their_subjects_and_the_totals_add_up(case: Things) -> None:
    review = reviewed(case)

    plurals = {kind.name: kind.plural for kind in VOCABULARY.kinds.values()}
    assert len(review.findings) == sum(
        max(1, len(case.get(plurals.get(rule.for_each, ""), []))) for rule in SHIPPED.rules
    )
    assert sum(count_verdicts(review.findings).values()) == len(review.findings)
    assert review.problems == ()


@law(30)
@given(cases(), st.sets(st.sampled_from(VOCABULARY.areas), max_size=6))
def test_looking_at_less_never_turns_a_verdict_into_met(case: Things, areas: set[str]) -> None:
    assert met(reviewed(case, looked_at=sorted(areas))) <= met(reviewed(case))


@law(30)
@given(cases(), st.sampled_from(["2015-09-03", "2015-10-01", "2016-01-01"]))
def test_a_later_as_of_never_makes_what_was_overdue_not_yet_due(case: Things, early: str) -> None:
    case = {
        plural: [
            {name: value for name, value in thing.items() if name == "ref" or value in ("yes", "no")}
            for thing in things
        ]
        for plural, things in case.items()
    }
    before = by_label(
        reviewed(
            {"reports": [{"ref": "R1", "received": "2015-09-01"}], **{k: v for k, v in case.items() if k != "reports"}},
            as_of=early,
        )
    )
    after = by_label(
        reviewed(
            {"reports": [{"ref": "R1", "received": "2015-09-01"}], **{k: v for k, v in case.items() if k != "reports"}}
        )
    )

    assert not [
        label
        for label, finding in before.items()
        if finding.verdict is Verdict.NOT_MET and after[label].verdict is Verdict.NOT_DUE_YET
    ]


@law(15)
@given(cases())
def test_the_same_input_gives_the_same_bytes(case: Things) -> None:
    page = Page(digest=SHIPPED.digest, rules=len(SHIPPED.rules))

    assert Report(page).review(reviewed(case)) == Report(page).review(reviewed(case))


def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    def bytes_with(seed: str) -> bytes:
        env = {**os.environ, "PYTHONHASHSEED": seed}
        words = [sys.executable, "-m", "checklist", "--format", "json", "examples/cumbria-ipcc-2017-1.yaml"]
        return subprocess.run(words, capture_output=True, check=False, cwd=ROOT, env=env).stdout

    assert bytes_with("1") == bytes_with("2") != b""


# Dates that are ranges. The cases are the rules' own examples, which stand at the edges of every limit.

EXAMPLES = list(examples_of(load_checklist(ROOT / "rules", examples=True)))


def dates_of(node: Node, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """The way to every date of an example's case, and how it is written."""
    inner: list[tuple[str | int, Node]] = []
    if isinstance(node, Mapping):
        inner = [(key, value) for key, value in node.entries.items() if key not in ("as_of", "judgements")]
    elif isinstance(node, Sequence):
        inner = list(enumerate(node.items))
    elif re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", node.text):
        return [(path, node.text)]
    return [found for key, value in inner for found in dates_of(value, (*path, key))]


def rewritten(node: Node, path: tuple[str | int, ...], text: str) -> Node:
    if not path:
        assert isinstance(node, Scalar)
        return replace(node, text=text)
    head, *rest = path
    if isinstance(node, Mapping):
        kept = {
            key: rewritten(value, tuple(rest), text) if key == head else value for key, value in node.entries.items()
        }
        return replace(node, entries=kept)
    assert isinstance(node, Sequence)
    items = [rewritten(item, tuple(rest), text) if number == head else item for number, item in enumerate(node.items)]
    return replace(node, items=tuple(items))


def verdicts_of(trial: Trial, path: tuple[str | int, ...], text: str) -> dict[str, Verdict] | None:
    """The verdict on each subject with one date rewritten; None where the case then has a problem."""
    case = rewritten(trial.example.case, path, text)
    assert isinstance(case, Mapping)
    scene = set_scene(replace(trial.example, case=case), VOCABULARY)
    found = review(scene.case, replace(SHIPPED, rules=(trial.rule,)), readings=scene.readings)
    return None if found.problems else {finding.subject: finding.verdict for finding in found.findings}


@law(60)
@given(trial=st.sampled_from(EXAMPLES), data=st.data())
def test_a_verdict_on_a_range_is_the_verdict_on_every_day_of_it(trial: Trial, data: st.DataObject) -> None:
    places = dates_of(trial.example.case)
    assume(places)
    path, written = data.draw(st.sampled_from(places))
    day = date.fromisoformat(written[:10])
    before, after = data.draw(st.sampled_from([(0, 3), (3, 0), (10, 10), (0, 40), (40, 0)]))
    first, last = day - timedelta(days=before), day + timedelta(days=after)

    whole = verdicts_of(trial, path, f"{first}/{last}")
    for number in range(before + after + 1) if whole is not None else ():
        one = verdicts_of(trial, path, str(first + timedelta(days=number)))
        for subject, verdict in (one or {}).items():
            if verdict in DEFINITE and whole is not None and whole.get(subject) in DEFINITE:
                assert verdict is whole[subject], f"{first}/{last} against day {number}"
