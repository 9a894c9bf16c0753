"""The reviews as OSCAL assessment results (NIST, version 1.2.1): one result a case, and a last one of the run.

OSCAL keeps the observations, the risks and the findings of a result in three lists. One result for all cases would need every case
at once, so each case is a result of its own, which also starts on its own day. What is known of the whole, and whether it is whole,
stands in the last result and in the metadata, which therefore come at the end: the order of JSON's members is free.

Every finding of ours is an observation. It is an OSCAL finding only where OSCAL has a status that is true of it: what cannot be told
is *not satisfied* for the reason *other*, and what is not due, does not apply or waits for a person has none. What somebody accepted,
or a rule excuses, keeps its status, beside a risk whose deviation was approved.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from checklist.findings import TO_ACT_ON, Basis, Finding, Review, Source, Verdict, whose_limit
from checklist.later import pattern
from checklist.logic import Evidence
from checklist.reporters import Page
from checklist.reporters.report import accepted, judged_by, sentence, visible
from checklist.source import Problem
from checklist.summary import Run

OSCAL_VERSION = "1.2.1"
NAMESPACE = "urn:casefile-checklist:review"
"""Of our properties: in NIST's own namespace only its own names may stand."""
CHECKLIST = "urn:casefile-checklist:checklist:"
"""Before the digest of the checklist: OSCAL asks for the plan of an assessment, and ours is a folder of rules."""
STATUS = {
    Verdict.MET: ("satisfied", "pass"),
    Verdict.NOT_MET: ("not-satisfied", "fail"),
    Verdict.EXCUSED: ("not-satisfied", "fail"),
    Verdict.NOT_RECORDED: ("not-satisfied", "other"),
    Verdict.CANNOT_TELL: ("not-satisfied", "other"),
}
"""The state of a finding and its reason; the verdicts that are not here are observations only."""
NO_DAY = "1970-01-01T00:00:00Z"
"""OSCAL wants a time everywhere. This one stands where no day is known, and is told beside it; no other case's day is borrowed."""

_SPACE = uuid5(NAMESPACE_URL, NAMESPACE)
_READ = {"secondary_seen": "read in a secondary source", "unverified": "not verified"}

_Made = dict[str, Any]


class Report:
    """The reviews as one OSCAL document."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.between = "\n"
        self.last_day = ""
        self.content = hashlib.sha256()
        self.seen = bytearray(1 << 20)
        self.number = 0

    def begin(self) -> str:
        """The head, and the beginning of the list of results."""
        return '{"assessment-results": {"results": ['

    def review(self, review: Review) -> str:
        """One review as a result, on a line of its own."""
        self.last_day = max(self.last_day, _time(review.as_of))
        name = self._unused(_name(_SPACE, self.page.digest, review.file, review.case, review.as_of))
        return self._piece(_Case(name, review).result())

    def end(self, run: Run) -> str:
        """The run as a result, and what stands once in the document."""
        told = tuple(_shortcomings(run))
        # Nothing here may read a clock: the document is as old as the last day that a review in it stands on.
        time = self.last_day or NO_DAY
        last = self._piece(_of_run(self._unused(_name(_SPACE, self.page.digest, "run")), run, told, time))
        rest: _Made = {
            "import-ap": {
                "href": f"{CHECKLIST}{self.page.digest}",
                "remarks": "The plan is the checklist of this digest: every rule of it is asked of every case.",
            },
            "metadata": self._metadata(told, time),
        }
        self.content.update(_text(rest).encode())
        # The same run gives the same document, and any other one gives another.
        digest = self.content.hexdigest()
        rest["metadata"]["version"] = digest[:12]
        return f"{last}\n], {_text({**rest, 'uuid': str(_name(_SPACE, digest))})[1:]}}}\n"

    def _piece(self, result: _Made) -> str:
        before, self.between = self.between, ",\n"
        piece = before + _text(result)
        self.content.update(piece.encode())
        return piece

    def _unused(self, name: UUID) -> UUID:
        """The name, or where a file is given twice another: no two things in a document may have one.

        One bit of each is kept, however many there are. In a hundred thousand cases a few hundred look as if they had been there
        before, and get a name that also hangs on their place in the run.
        """
        self.number += 1
        byte, bit = divmod(name.int % (len(self.seen) * 8), 8)
        if self.seen[byte] & 1 << bit:
            return _name(name, str(self.number))
        self.seen[byte] |= 1 << bit
        return name

    def _metadata(self, told: tuple[str, ...], time: str) -> _Made:
        page = self.page
        made_with = {
            "tool": "review",
            "tool-version": page.version,
            "checklist": page.digest,
            "rules": str(page.rules),
            "settings": page.settings,
            "waivers": page.waivers,
            "baseline": page.baseline,
        }
        return _some(
            {
                "title": f"Review of case files{', incomplete' if told else ''}",
                "last-modified": time,
                "oscal-version": OSCAL_VERSION,
                "props": _props(made_with),
                "remarks": _paragraphs(told),
            }
        )


class _Case:
    """One review, on the way to a result."""

    def __init__(self, name: UUID, review: Review) -> None:
        self.name = name
        self.review = review
        self.time = _time(review.as_of) or NO_DAY
        self.subjects = {"case": str(_name(name, "subject", "case"))}
        for finding in review.findings:
            if finding.subject not in self.subjects:
                self.subjects[finding.subject] = str(_name(name, "subject", finding.subject))

    def result(self) -> _Made:
        review = self.review
        told = tuple(self._shortcomings())
        observations = list(self._problems())
        risks = [_unknown(self.name, told, observations)] if told else []
        findings = []
        times = Counter[tuple[str, str]]()
        for finding in review.findings:
            key = (finding.rule, finding.subject)
            times[key] += 1
            name = _name(self.name, "observation", *key, str(times[key]))
            observation = self._observation(name, finding)
            observations.append(observation)
            risk = _deviation(name, finding)
            risks.extend(risk)
            if finding.verdict in STATUS:
                findings.append(_finding(name, finding, observation, risk))
        return _some(
            {
                "uuid": str(self.name),
                "title": f"{_markup(review.case or review.file)}{'' if review.was_reviewed else ': not reviewed'}",
                "description": _paragraphs([f"what the checklist says of {review.file}"]),
                "start": self.time,
                "props": _props(self._known()),
                "local-definitions": {"components": list(self._components())},
                "reviewed-controls": _every_rule(review.was_reviewed),
                "observations": observations,
                "risks": risks,
                "findings": findings,
                "remarks": _paragraphs([*told, *self._remarks(), *review.notices]),
            }
        )

    def _known(self) -> Mapping[str, str]:
        review = self.review
        return {
            "file": review.file,
            "case": review.case,
            "as-of": review.as_of,
            "reviewed": "yes" if review.was_reviewed else "no",
            "problems": str(len(review.problems)),
            "looked-at": review.looked_at if review.was_reviewed else "",
        }

    def _shortcomings(self) -> Iterator[str]:
        if not self.review.was_reviewed:
            yield "the file was not reviewed: nothing is known of the case"
        if self.review.problems:
            yield f"{_number(len(self.review.problems), 'problem')} with the file: what it says is not known in full"

    def _remarks(self) -> Iterator[str]:
        if self.time == NO_DAY:
            yield "it is not known on which day of the calendar this review stands: the times given here mean nothing"
        if self.review.alarming:
            yield "a child may still be at risk: a critical expectation is not met"

    def _components(self) -> Iterator[_Made]:
        for label, name in self.subjects.items():
            whole = label == "case"
            yield {
                "uuid": name,
                "type": "case" if whole else "subject",
                "title": _markup(self.review.case or self.review.file if whole else label),
                "description": "The whole case." if whole else "Whom or what in the case a rule is asked about.",
                "status": {"state": "other"},
            }

    def _about(self, label: str) -> list[_Made]:
        return [{"subject-uuid": self.subjects[label], "type": "component"}]

    def _problems(self) -> Iterator[_Made]:
        for number, problem in enumerate(self.review.problems):
            name = _name(self.name, "problem", str(number))
            yield {**_trouble(name, "problem", problem, self.time), "subjects": self._about("case")}

    def _observation(self, name: UUID, finding: Finding) -> _Made:
        by_a_person = finding.basis is Basis.JUDGED or finding.verdict is Verdict.NEEDS_JUDGEMENT
        return _some(
            {
                "uuid": str(name),
                "title": _markup(finding.title or finding.rule),
                "description": _paragraphs([finding.says]),
                "props": _props(_measured(finding)),
                "methods": ["EXAMINE" if by_a_person else "TEST"],
                "types": ["control-objective"],
                "subjects": self._about(finding.subject),
                "relevant-evidence": [
                    {"description": _markup(place)} for place in dict.fromkeys(map(_place, finding.evidence))
                ],
                "collected": self.time,
                "remarks": _paragraphs(_remarks(finding)),
            }
        )


def _measured(finding: Finding) -> Mapping[str, str]:
    return {
        "rule": finding.rule,
        "subject": finding.subject,
        "verdict": finding.verdict,
        "basis": finding.basis,
        "severity": finding.severity,
        "area": finding.area,
        "would-be": finding.would_be or "",
        "due": finding.due,
        "elapsed": finding.elapsed,
        "limit": finding.limit,
        "limit-standing": finding.limit_standing,
        "standard": finding.standard,
        "weight": "" if finding.weight is None else str(finding.weight),
        "baseline": finding.age or "",
    }


def _remarks(finding: Finding) -> Iterator[str]:
    for branch in finding.branches:
        due = f", due {branch.due}" if branch.due else ""
        yield f"{branch.when}: limit {branch.limit}{due}: {branch.verdict}"
    if finding.limit and finding.limit_standing and finding.shipped is None:
        yield f"the limit is {whose_limit(finding.limit_standing, finding.sources)}"
    if finding.counts_list:
        yield "this rule counts: it takes the list in the file to be complete"
    if finding.passes_when_absent:
        yield f"this rule passes where these are absent: {', '.join(finding.passes_when_absent)}"
    yield from judged_by(finding)
    yield from map(_source, finding.sources)


def _source(source: Source) -> str:
    of = (source.document, source.published, _READ.get(source.certainty, ""))
    return f"{source.standing}: {source.says} ({', '.join(filter(None, of))})"


def _place(piece: Evidence) -> str:
    return f"{piece.file}:{piece.line}:{piece.column}: {piece.fact}, {piece.state}"


def _finding(name: UUID, finding: Finding, observation: _Made, risks: list[_Made]) -> _Made:
    state, reason = STATUS[finding.verdict]
    told = [finding.action] if finding.action and finding.verdict in TO_ACT_ON else []
    return _some(
        {
            "uuid": str(_name(name, "finding")),
            "title": observation["title"],
            "description": observation["description"],
            "props": [one for one in observation["props"] if one["name"] in _OF_A_FINDING],
            "target": {
                "type": "objective-id",
                "target-id": _token(finding.rule),
                "status": {"state": state, "reason": reason, "remarks": f"{finding.verdict}: {finding.basis}"},
            },
            "related-observations": [{"observation-uuid": str(name)}],
            "related-risks": [{"risk-uuid": risk["uuid"]} for risk in risks],
            "remarks": _paragraphs([*told, *judged_by(finding)]),
        }
    )


_OF_A_FINDING = ("subject", "verdict", "severity", "baseline")


def _deviation(name: UUID, finding: Finding) -> list[_Made]:
    """The risk that stays where a finding was accepted or excused; NIST counts an approved deviation as an open one."""
    waiver = finding.waiver
    if waiver is None and finding.verdict is not Verdict.EXCUSED:
        return []
    why = (
        "what was expected was not done; the rule accepts the reason on record" if waiver is None else accepted(waiver)
    )
    props = {} if waiver is None else {"approved-by": waiver.approved_by, "approved-on": waiver.approved_on.isoformat()}
    return [
        _some(
            {
                "uuid": str(_name(name, "risk")),
                "title": f"{'Excused' if waiver is None else 'Accepted'}: {_markup(finding.title or finding.rule)}",
                "description": _paragraphs([finding.says]),
                "statement": _paragraphs([why]),
                "props": _props({**props, "expires": "" if waiver is None else waiver.expires.isoformat()}),
                "status": "deviation-approved",
                # The waiver holds to the end of its last day.
                "deadline": "" if waiver is None else _time(waiver.expires.isoformat(), "23:59:59"),
                "related-observations": [{"observation-uuid": str(name)}],
            }
        )
    ]


def _unknown(name: UUID, told: Iterable[str], observations: Iterable[_Made]) -> _Made:
    """The open risk that what was not read, or not reached, hides a failing: a reader who counts findings alone would miss it."""
    return _some(
        {
            "uuid": str(_name(name, "unknown")),
            "title": "Not everything is known",
            "description": _paragraphs(told),
            "statement": "What is not known may be a failing.",
            "status": "open",
            "related-observations": [{"observation-uuid": one["uuid"]} for one in observations],
        }
    )


# The run.


def _shortcomings(run: Run) -> Iterator[str]:
    """Why what is told of the run may not be all; nothing where it is."""
    summary = run.summary
    if not run.complete:
        yield "the run was stopped before every file was reviewed: nothing is known of the rest"
    if not summary.cases:
        yield "no file was reviewed"
    if summary.unreviewed:
        yield f"{_number(summary.unreviewed, 'file')} could not be reviewed"
    if summary.with_problems:
        yield f"{_number(summary.with_problems, 'file')} with problems"
    if run.problems:
        yield f"{_number(len(run.problems), 'problem')} with the run"


def _of_run(name: UUID, run: Run, told: tuple[str, ...], time: str) -> _Made:
    observations = [
        _trouble(_name(name, kind, str(number)), kind, what, time) for number, (kind, what) in enumerate(_troubles(run))
    ]
    return _some(
        {
            "uuid": str(name),
            "title": f"The run as a whole{', incomplete' if told else ''}",
            "description": "What all reviews come to, and what is wrong with more than one file.",
            "start": time,
            "props": _props(_totals(run)),
            "reviewed-controls": _every_rule(bool(run.summary.cases)),
            "observations": observations,
            "risks": [_unknown(name, told, observations)] if told else [],
            "remarks": _paragraphs(told),
        }
    )


def _troubles(run: Run) -> Iterator[tuple[str, Problem | str]]:
    yield from (("problem", problem) for problem in run.problems)
    yield from (("notice", notice) for notice in run.notices)
    yield from (("skipped", f"{one.path}: {one.why}") for one in run.skipped)
    for one in run.gone:
        yield (
            "gone",
            f"{one.case}: {one.rule}, {one.subject}: was {one.was} at the baseline, and is not there to act on",
        )


_TITLES = {
    "problem": "Problem",
    "notice": "Notice",
    "skipped": "Passed over",
    "gone": "Gone since the baseline",
}


def _trouble(name: UUID, kind: str, what: Problem | str, time: str) -> _Made:
    return {
        "uuid": str(name),
        "title": _TITLES[kind],
        "description": _markup(str(what)),
        "methods": ["TEST"],
        "types": [kind],
        "collected": time,
    }


def _totals(run: Run) -> Mapping[str, str]:
    summary = run.summary
    numbers = {
        "files-read": run.files,
        "files-reviewed": summary.cases,
        "files-with-problems": summary.with_problems,
        "cases-that-need-someone-today": summary.urgent,
        "passed-over": len(run.skipped),
        "findings": summary.counts.total,
        **{verdict.replace(" ", "-"): summary.counts[verdict] for verdict in Verdict},
        "waived": summary.counts.waived,
        **{f"baseline-{age}": number for age, number in summary.ages},
    }
    return {"complete": "yes" if run.complete else "no", **{name: str(number) for name, number in numbers.items()}}


def _every_rule(reviewed: bool) -> _Made:
    """OSCAL wants to be told which rules were asked, even where none could be."""
    told = "Every rule of the checklist." if reviewed else "Every rule was to be asked; none could be."
    return {"control-selections": [{"description": told, "include-all": {}}]}


# The types of OSCAL. Text that is not ours passes one of `_string`, `_markup` and `_token`, and so is data, and valid.

_EDGES = pattern(r"\A\s+|\s+\Z")
_MARKED = pattern(r"[\\`*_~^|{}\[\]<>&]|\A[#+=-]|\A\d{1,9}[.)]")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_TOKEN = pattern(r"[A-Za-z_][A-Za-z0-9_.-]*")


@lru_cache(maxsize=1 << 12)  # titles, limits and sources are the checklist's, and the same in every case
def _string(text: str) -> str:
    """A string as OSCAL wants it: one line, not empty, no white space at its ends; what is there is shown."""
    return (
        _EDGES.sub(lambda found: "".join(f"\\u{{{ord(one):x}}}" for one in found.group()), visible(text)) or "(empty)"
    )


@lru_cache(maxsize=1 << 12)
def _markup(text: str) -> str:
    """A line of OSCAL's Markdown that reads as the text stands: no markup, no link, no picture, no parameter to be put in."""
    return _MARKED.sub(_unmarked, _string(text))


def _unmarked(found: re.Match[str]) -> str:
    mark = found.group()
    return _ENTITIES.get(mark, f"{mark[:-1]}\\{mark[-1]}")


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n\n".join(_markup(sentence(text)) for text in texts)


def _token(rule: str) -> str:
    """A rule as a token, which may not begin with a digit."""
    token = rule if rule[:1].isalpha() else f"_{rule}"
    return token if _TOKEN.fullmatch(token) else f"_{_name(_SPACE, 'rule', rule)}"


def _time(day: str, at: str = "00:00:00") -> str:
    """A day, such as 2016-07-18 or 2016-07-18T09:15, as a time of OSCAL's, whose years are 1900 to 2999; else nothing."""
    try:
        on = date.fromisoformat(day[:10])
    except ValueError:
        return ""
    return f"{on}T{at}Z" if 1900 <= on.year <= 2999 else ""


def _props(given: Mapping[str, str]) -> list[_Made]:
    return [{"name": name, "ns": NAMESPACE, "value": _string(value)} for name, value in given.items() if value]


def _some(made: _Made) -> _Made:
    """Without what is empty, which OSCAL refuses."""
    return {name: value for name, value in made.items() if value not in ("", [], {})}


def _name(space: UUID, *words: str) -> UUID:
    """A name that is the same whenever the words are; as JSON, so that any text can be in it and no two lists of words are one."""
    return uuid5(space, _text(words))


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False)
