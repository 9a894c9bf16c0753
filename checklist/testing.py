"""A rule's examples, run: each must give its verdict, and turn on the fact that it names.

Usable from pytest, one test an example: `@pytest.mark.parametrize("one", list(examples_of(checklist)), ids=str)`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checklist.case import load_case
from checklist.engine import review
from checklist.findings import Finding
from checklist.rules import Checklist, Example, Expected, Rule
from checklist.source import Document, Mapping, Problem, Scalar


@dataclass(frozen=True, slots=True)
class Trial:
    """One example of one rule."""

    rule: Rule
    example: Example

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.example.name}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an example and its rule do not agree."""

    trial: Trial
    line: int
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.trial.rule.file}:{self.line}: {self.trial}"
        return f"{where}\n  expected: {self.expected}\n  found:    {self.found}"


def examples_of(checklist: Checklist, rule_ids: tuple[str, ...] = ()) -> Iterator[Trial]:
    """Every example of the rules named (of all rules, where none is)."""
    for rule in checklist.rules:
        if not rule_ids or rule.id in rule_ids:
            yield from (Trial(rule, example) for example in rule.examples)


def run_example(trial: Trial, checklist: Checklist) -> tuple[Difference, ...]:
    """Every difference between what an example expects and what its rule says; none where it holds."""
    findings, problems = _findings(trial, checklist)
    differences = [Difference(trial, problem.line, "a case without problems", str(problem)) for problem in problems]
    by_subject = {finding.subject: finding for finding in findings}
    for expected in trial.example.expects:
        finding = by_subject.get(expected.subject)
        if finding is None:
            subjects = ", ".join(by_subject) or "none"
            differences.append(
                Difference(trial, expected.line, f"a subject {expected.subject}", f"subjects: {subjects}")
            )
        else:
            differences.extend(_compare(trial, expected, finding))
    return tuple(differences)


def _findings(trial: Trial, checklist: Checklist) -> tuple[tuple[Finding, ...], tuple[Problem, ...]]:
    given = trial.example.case
    entries = {"case": Scalar("EXAMPLE", True, given.line, given.column), **given.entries}
    root = Mapping(entries, {"case": (given.line, given.column), **given.places}, given.line, given.column)
    document = Document(trial.rule.file, root, (), ())
    alone = replace(checklist, rules=(trial.rule,))
    case = load_case(document, checklist.vocabulary)
    readings = tuple(load_case(document, checklist.vocabulary, day_zero=day) for day in case.candidates)
    found = review(case, alone, readings=readings)
    return found.findings, found.problems


def _compare(trial: Trial, expected: Expected, finding: Finding) -> Iterator[Difference]:
    if finding.verdict is not expected.verdict:
        yield Difference(
            trial, expected.line, str(expected.verdict), f"{finding.verdict} ({finding.basis}): {finding.says}"
        )
        return
    paths = [piece.path for piece in finding.evidence]
    if expected.because and not any(_is_or_holds(path, expected.because) for path in paths):
        found = f"{finding.verdict} because of {', '.join(paths) or 'nothing'}"
        yield Difference(trial, expected.line, f"{expected.verdict} because of {expected.because}", found)


def _is_or_holds(path: str, because: str) -> bool:
    return path == because or path.startswith((f"{because}.", f"{because}["))
