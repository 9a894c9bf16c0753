"""A review as few bytes, and back: what processes send each other, and what a cache holds.

What a finding takes from its rule is left out, for the rule says it again; a review can be unpacked only with the rules that it was made by.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

from checklist.findings import Basis, Branch, Brief, Cause, Finding, Mark, Question, Review, Shipped, Verdict
from checklist.logic import Evidence, State
from checklist.rules import SORT_BITS, Checklist, Rule
from checklist.source import Problem
from checklist.vocabulary import Vocabulary

T = TypeVar("T")
_VERDICTS, _BASES, _STATES = tuple(Verdict), tuple(Basis), tuple(State)
_VERDICT, _BASIS, _STATE = ({word: place for place, word in enumerate(words)} for words in (_VERDICTS, _BASES, _STATES))
_AS_THE_RULE = -1
"""Stands for what a finding takes from its rule as it is."""
_LEVEL = 1
_LENGTH = 4
"""Bytes that say how long a part is."""
_DEFAULTS: tuple[Any, ...] = (
    *((), "", 0, 0, "", (), ()),
    *("", "", "", (), _AS_THE_RULE, _AS_THE_RULE, _AS_THE_RULE),
    *(None, None, (), None, None),
)
"""What the last of a row are where it ends before them."""


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
        number = rules[finding.rule]
        pieces = [evidence.setdefault(piece, len(evidence)) for piece in finding.evidence]
        found.append(_row(finding, number, checklist.rules[number], pieces))
    asked = {(piece.path, piece.fact): place for piece, place in evidence.items()}
    whole = {
        "findings": found,
        "evidence": [_piece(piece, review.file, checklist.vocabulary) for piece in evidence],
        "problems": _rows(review.problems),
        "questions": [_question(one, asked, tuple(evidence)) for one in review.questions],
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
        evidence = tuple([_made_piece(row, whole["file"], checklist.vocabulary) for row in whole.pop("evidence")])
        findings = tuple([_finding(row, evidence, checklist.rules) for row in whole.pop("findings")])
        quotes = whole.pop("quotes")
        return Review(
            findings=findings,
            problems=_made(Problem, whole.pop("problems")),
            questions=tuple([_made_question(row, evidence) for row in whole.pop("questions")]),
            timeline=_made(Mark, whole.pop("timeline")),
            quotes=None if quotes is None else dict(quotes),
            notices=tuple(whole.pop("notices")),
            fault=tuple(whole.pop("fault")),
            **whole,
        )
    except (zlib.error, LookupError, TypeError, AttributeError, RecursionError) as error:
        what = "this is no packed review by these rules"
        raise ValueError(what) from error


def pack_brief(brief: Brief, checklist: Checklist) -> bytes:
    """A review in brief, packed.

    Args:
        brief: as it was made: not yet marked with who accepted what.
        checklist: the rules that it was made by.
    """
    rules = {rule.id: number for number, rule in enumerate(checklist.rules)}
    whole = [
        *(brief.file, brief.case, brief.as_of, brief.at_risk, brief.line),
        *(_rows(brief.problems), brief.fault, [rules[sort.rule] << SORT_BITS | sort.number for sort in brief.findings]),
    ]
    return zlib.compress(json.dumps(whole, separators=(",", ":")).encode("ascii"), _LEVEL)


def unpack_brief(data: bytes, checklist: Checklist) -> Brief:
    """The review in brief again.

    Raises:
        ValueError: for what is no packed review in brief by these rules.
    """
    try:
        file, case, as_of, at_risk, line, problems, fault, numbers = json.loads(zlib.decompress(data))
        return Brief(
            file=file,
            case=case,
            as_of=as_of,
            findings=checklist.sorts(numbers),
            problems=_made(Problem, problems),
            at_risk=at_risk,
            line=line,
            fault=tuple(fault),
        )
    except (zlib.error, LookupError, TypeError, AttributeError, RecursionError) as error:
        what = "this is no packed review in brief by these rules"
        raise ValueError(what) from error


def pack_drawn(in_brief: bytes, pieces: Sequence[str]) -> bytes:
    """A review as it stands in some reports, packed.

    Args:
        in_brief: the review in brief, packed.
        pieces: what stands in each report.
    """
    parts = [in_brief, *(piece.encode("utf-8", "surrogatepass") for piece in pieces)]
    return zlib.compress(b"".join([len(part).to_bytes(_LENGTH) + part for part in parts]), _LEVEL)


def unpack_drawn(data: bytes, checklist: Checklist, number: int) -> tuple[Brief, tuple[str, ...]]:
    """The review in brief, and as it stands in so many reports.

    Raises:
        ValueError: for what is no such thing by these rules.
    """
    try:
        whole = zlib.decompress(data)
        parts: list[bytes] = []
        while whole:
            end = _LENGTH + int.from_bytes(whole[:_LENGTH])
            parts.append(whole[_LENGTH:end])
            whole = whole[end:]
        in_brief, *pieces = parts
        drawn = tuple([piece.decode("utf-8", "surrogatepass") for piece in pieces])
    except zlib.error as error:
        what = "this is no review as it was drawn"
        raise ValueError(what) from error
    if len(drawn) != number:
        what = "this is a review as it was drawn for other reports"
        raise ValueError(what)
    return unpack_brief(in_brief, checklist), drawn


def unpacked(data: bytes, checklist: Checklist, *, in_brief: bool) -> Review | Brief:
    """A review again, or one in brief.

    Raises:
        ValueError: for what is none of these by these rules.
    """
    return unpack_brief(data, checklist) if in_brief else unpack(data, checklist)


# Findings: a row ends where all that is left is as it mostly is.


def _row(finding: Finding, number: int, rule: Rule, pieces: list[int]) -> list[Any]:
    told = rule.told_by(rule.versions)
    strength = rule.strength if finding.verdict is Verdict.MET else ""
    row = [
        number,
        finding.subject,
        _VERDICT[finding.verdict],
        _BASIS[finding.basis],
        finding.says,
        pieces,
        [_cause(one, finding) for one in finding.causes],
        finding.limit,
        finding.due,
        finding.elapsed,
        _rows(finding.marks),
        _AS_THE_RULE if finding.limit_standing == told.limit_standing else finding.limit_standing,
        _AS_THE_RULE if finding.standard == told.standard else finding.standard,
        _AS_THE_RULE if finding.strength == strength else finding.strength,
        None if finding.would_be is None else _VERDICT[finding.would_be],
        _places(finding, rule),
        _rows(finding.branches),
        None if finding.shipped is None else _rows([finding.shipped])[0],
        finding.weight,
    ]
    while row and (row[-1] == _DEFAULTS[len(row) - 1] or row[-1] == []):
        row.pop()
    return row


def _finding(row: Sequence[Any], evidence: Sequence[Evidence], rules: Sequence[Rule]) -> Finding:
    # fmt: off
    (
        number, subject, verdict, basis, says, pieces, causes,
        limit, due, elapsed, marks, limit_standing, standard, strength,
        would_be, sources, branches, shipped, weight,
    ) = (*row, *_DEFAULTS[len(row) :])
    # fmt: on
    rule = rules[number]
    told = rule.told_by(rule.versions)
    meant = _VERDICTS[verdict]
    return Finding(
        rule=rule.id,
        title=rule.title,
        area=rule.area,
        severity=rule.severity,
        subject=subject,
        verdict=meant,
        basis=_BASES[basis],
        says=says,
        would_be=_VERDICTS[would_be] if would_be is not None else None,
        branches=_made(Branch, branches) if branches else (),
        due=due,
        elapsed=elapsed,
        limit=limit,
        limit_standing=told.limit_standing if limit_standing == _AS_THE_RULE else limit_standing,
        standard=told.standard if standard == _AS_THE_RULE else standard,
        shipped=_made(Shipped, [shipped])[0] if shipped is not None else None,
        evidence=tuple([evidence[piece] for piece in pieces]),
        causes=tuple([_made_cause(one, meant, basis, says) for one in causes]) if causes else (),
        marks=_made(Mark, marks) if marks else (),
        sources=rule.sources if sources is None else tuple([rule.sources[place] for place in sources]),
        why=rule.why,
        action=rule.action,
        strength=(rule.strength if meant is Verdict.MET else "") if strength == _AS_THE_RULE else strength,
        counts_list=rule.counts_list,
        passes_when_absent=rule.passes_when_absent,
        weight=weight,
        themes=rule.tags,
    )


def _places(finding: Finding, rule: Rule) -> list[int] | None:
    """Which of its rule's sources a finding rests on; None is all of them."""
    return None if finding.sources == rule.sources else [rule.sources.index(source) for source in finding.sources]


def _cause(cause: Cause, finding: Finding) -> object:
    """A block's name alone where it says what the finding says."""
    if (cause.verdict, cause.basis, cause.says) == (finding.verdict, finding.basis, finding.says):
        return cause.block
    return cause.block, _VERDICT[cause.verdict], _BASIS[cause.basis], cause.says


def _made_cause(packed: Any, verdict: Verdict, basis: int, says: str) -> Cause:
    if isinstance(packed, str):
        return Cause(packed, verdict, _BASES[basis], says)
    block, own_verdict, own_basis, own_says = packed
    return Cause(block, _VERDICTS[own_verdict], _BASES[own_basis], own_says)


# Evidence, and the questions that it leaves: the words of a fact are the vocabulary's, mostly.


def _piece(piece: Evidence, file: str, vocabulary: Vocabulary) -> list[Any]:
    row = [piece.fact, piece.path, _STATE[piece.state], piece.line, piece.column, piece.shown]
    words = (piece.named, piece.asks, piece.look_in, piece.part)
    own = None if words == _words_of(piece.fact, vocabulary) else words
    others = [int(piece.withheld), own, None if piece.file == file else piece.file]
    while others and not others[-1]:
        others.pop()
    return [*row, *others]


def _made_piece(row: Sequence[Any], file: str, vocabulary: Vocabulary) -> Evidence:
    rest: tuple[Any, ...] = (0, None, None)
    fact, path, state, line, column, shown, withheld, own, other = (*row, *rest[len(row) - 6 :])
    named, asks, look_in, part = own or _words_of(fact, vocabulary)
    file = file if other is None else other
    return Evidence(fact, path, _STATES[state], file, line, column, named, shown, bool(withheld), asks, look_in, part)


def _words_of(name: str, vocabulary: Vocabulary) -> tuple[str, str, str, str]:
    kind, _, fact = name.partition(".")
    type_ = vocabulary.kinds[kind].facts.get(fact) if kind in vocabulary.kinds else None
    return ("", "", "", "") if type_ is None else (type_.named, type_.asks, type_.look_in, type_.area)


def _question(question: Question, asked: Mapping[tuple[str, str], int], evidence: Sequence[Evidence]) -> list[Any]:
    """The number of the evidence that it asks for, and how many findings rest on it; or all of it, where it is another."""
    place = asked.get((question.path, question.fact))
    if place is None or _made_question([place, question.settles], evidence) != question:
        return list(_GETTERS[Question](question))
    return [place, question.settles]


def _made_question(row: Sequence[Any], evidence: Sequence[Evidence]) -> Question:
    if len(row) != 2:
        return Question(*row)
    piece = evidence[row[0]]
    return Question(piece.fact, piece.path, piece.asks, piece.look_in, piece.line, row[1])


# The other parts, as rows of their fields.


def _rows(parts: Iterable[object]) -> list[tuple[object, ...]]:
    return [_GETTERS[type(part)](part) for part in parts]


def _made(type_: type[T], rows: Sequence[list[Any]]) -> tuple[T, ...]:
    if type_ in (Branch, Shipped):
        for row in rows:
            row[_VERDICT_OF[type_]] = Verdict(row[_VERDICT_OF[type_]])
    return tuple([type_(*row) for row in rows])


_PARTS: tuple[type[Any], ...] = (Branch, Mark, Problem, Question, Shipped)
_GETTERS = {type_: attrgetter(*(field.name for field in fields(type_))) for type_ in _PARTS}
_VERDICT_OF: dict[type[Any], int] = {
    type_: [field.name for field in fields(type_)].index("verdict") for type_ in (Branch, Shipped)
}
"""The place among the fields of a class where a verdict stands."""
