"""A review as few bytes, and back: what processes send each other, and what a cache holds.

What a finding takes from its rule is left out, for the rule says it again; a review can be unpacked only with the rules that it was made by.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

from checklist.findings import Basis, Branch, Cause, Finding, Mark, Question, Review, Shipped, Verdict
from checklist.logic import Evidence, State
from checklist.rules import Checklist, Rule
from checklist.source import Problem

T = TypeVar("T")
_VERDICTS = {word.value: word for word in Verdict}
_BASES = {word.value: word for word in Basis}
_WORDS: dict[str, Mapping[str, StrEnum]] = {
    "verdict": _VERDICTS,
    "basis": _BASES,
    "state": {word.value: word for word in State},
}
_plain = attrgetter(
    *("subject", "verdict", "basis", "says", "would_be"),
    *("due", "elapsed", "limit", "limit_standing", "standard", "strength", "weight"),
)
_LEVEL = 1


def pack(review: Review, checklist: Checklist) -> bytes:
    """The review, packed.

    Args:
        review: as the engine made it: not yet marked with who accepted what.
        checklist: the rules that it was made by.
    """
    rules = {rule.id: number for number, rule in enumerate(checklist.rules)}
    evidence: dict[Evidence, int] = {}
    found = []
    for finding in review.findings:
        rule = rules[finding.rule]
        pieces = [evidence.setdefault(piece, len(evidence)) for piece in finding.evidence]
        apart = [_rows(getattr(finding, name)) for name in ("branches", "causes", "marks")]
        shipped = _rows([finding.shipped])[0] if finding.shipped is not None else None
        found.append((rule, pieces, _places(finding, checklist.rules[rule]), *apart, shipped, *_plain(finding)))
    whole = {
        "findings": found,
        "evidence": _rows(evidence),
        "problems": _rows(review.problems),
        "questions": _rows(review.questions),
        "timeline": _rows(review.timeline),
        "quotes": None if review.quotes is None else list(review.quotes.items()),
        "notices": review.notices,
        "fault": review.fault,
        **{name: getattr(review, name) for name in ("file", "case", "as_of", "looked_at", "at_risk", "line")},
    }
    return zlib.compress(json.dumps(whole, separators=(",", ":")).encode("ascii"), _LEVEL)


def unpack(data: bytes, checklist: Checklist) -> Review:
    """The review again.

    Raises:
        ValueError: for what is no packed review by these rules.
    """
    try:
        whole = json.loads(zlib.decompress(data))
        evidence = _made(Evidence, whole.pop("evidence"))
        findings = tuple(_finding(row, evidence, checklist.rules) for row in whole.pop("findings"))
        quotes = whole.pop("quotes")
        return Review(
            findings=findings,
            problems=_made(Problem, whole.pop("problems")),
            questions=_made(Question, whole.pop("questions")),
            timeline=_made(Mark, whole.pop("timeline")),
            quotes=None if quotes is None else dict(quotes),
            notices=tuple(whole.pop("notices")),
            fault=tuple(whole.pop("fault")),
            **whole,
        )
    except (zlib.error, LookupError, TypeError, AttributeError, RecursionError) as error:
        what = "this is no packed review by these rules"
        raise ValueError(what) from error


def _finding(row: Sequence[Any], evidence: Sequence[Evidence], rules: Sequence[Rule]) -> Finding:
    number, pieces, sources, branches, causes, marks, shipped, subject, verdict, basis, says, would_be, *words = row
    rule = rules[number]
    due, elapsed, limit, limit_standing, standard, strength, weight = words
    return Finding(
        rule=rule.id,
        title=rule.title,
        area=rule.area,
        severity=rule.severity,
        subject=subject,
        verdict=_VERDICTS[verdict],
        basis=_BASES[basis],
        says=says,
        would_be=_VERDICTS[would_be] if would_be is not None else None,
        branches=_made(Branch, branches) if branches else (),
        due=due,
        elapsed=elapsed,
        limit=limit,
        limit_standing=limit_standing,
        standard=standard,
        shipped=_made(Shipped, [shipped])[0] if shipped is not None else None,
        evidence=tuple([evidence[piece] for piece in pieces]),
        causes=_made(Cause, causes) if causes else (),
        marks=_made(Mark, marks) if marks else (),
        sources=rule.sources if sources is None else tuple([rule.sources[place] for place in sources]),
        why=rule.why,
        action=rule.action,
        strength=strength,
        counts_list=rule.counts_list,
        passes_when_absent=rule.passes_when_absent,
        weight=weight,
        themes=rule.tags,
    )


def _places(finding: Finding, rule: Rule) -> list[int] | None:
    """Which of its rule's sources a finding rests on; None is all of them."""
    return None if finding.sources == rule.sources else [rule.sources.index(source) for source in finding.sources]


def _rows(parts: Iterable[object]) -> list[tuple[object, ...]]:
    return [_GETTERS[type(part)](part) for part in parts]


def _made(type_: type[T], rows: Sequence[list[Any]]) -> tuple[T, ...]:
    for place, words in _WORDED[type_]:
        for row in rows:
            row[place] = words[row[place]]
    return tuple([type_(*row) for row in rows])


_PARTS: tuple[type[Any], ...] = (Branch, Cause, Evidence, Mark, Problem, Question, Shipped)
_GETTERS = {type_: attrgetter(*(field.name for field in fields(type_))) for type_ in _PARTS}
_WORDED = {
    type_: tuple((place, _WORDS[field.name]) for place, field in enumerate(fields(type_)) if field.name in _WORDS)
    for type_ in _PARTS
}
"""The places among the fields of a class where a word of a closed list stands, and those words."""
