"""A rule's examples, run: each must give its verdict, and turn on the fact that it names.

Usable from pytest, one test an example: `@pytest.mark.parametrize("one", list(examples_of(checklist)), ids=str)`.
"""

from collections.abc import Iterator
from dataclasses import replace

from checklist.case import Case, load_case
from checklist.engine import review
from checklist.findings import Finding
from checklist.later import dataclass
from checklist.readings import Readings
from checklist.rules import Checklist, Example, Expected, Rule
from checklist.source import Document, Mapping, Scalar
from checklist.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Trial:
    """One example of one rule."""

    rule: Rule
    example: Example

    def __str__(self) -> str:
        return f"{self.rule.id}: {self.example.name}"


@dataclass(frozen=True, slots=True)
class Scene:
    """The case of an example, loaded; and once more for each day that an undated day 0 may have been."""

    case: Case
    readings: Readings


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an example and its rule do not agree."""

    trial: Trial
    line: int
    rows: tuple[tuple[str, str, str], ...]
    """What is compared, what the example expects, what the rule says."""

    @property
    def place(self) -> str:
        """Where the expectation stands, and of which example."""
        return f"{self.trial.example.file}:{self.line}: {self.trial}"

    def __str__(self) -> str:
        told = (f"  {what}: expected {expected or '-'}; found {found or '-'}" for what, expected, found in self.rows)
        return "\n".join([self.place, *told])


def examples_of(checklist: Checklist, rule_ids: tuple[str, ...] = ()) -> Iterator[Trial]:
    """Every example of the rules named (of all rules, where none is)."""
    for rule in checklist.rules:
        if not rule_ids or rule.id in rule_ids:
            yield from (Trial(rule, example) for example in rule.examples)


def set_scene(example: Example, vocabulary: Vocabulary) -> Scene:
    """The example's case, as the engine takes it."""
    given = example.case
    entries = {"case": Scalar("EXAMPLE", True, given.line, given.column), **given.entries}
    root = Mapping(entries, {"case": (given.line, given.column), **given.places}, given.line, given.column)
    document = Document(example.file, root, (), ())
    case = load_case(document, vocabulary)
    return Scene(case, Readings(document, vocabulary, case))


def findings_of(trial: Trial, checklist: Checklist) -> tuple[Finding, ...]:
    """What its rule says of an example."""
    scene = set_scene(trial.example, checklist.vocabulary)
    return review(scene.case, replace(checklist, rules=(trial.rule,)), readings=scene.readings).findings


def run_example(trial: Trial, checklist: Checklist, scene: Scene | None = None) -> tuple[Difference, ...]:
    """Every difference between what an example expects and what its rule says; none where it holds.

    Args:
        trial: the example and its rule.
        checklist: whose words and calendars are used.
        scene: the example's case, where it is loaded already.
    """
    scene = scene or set_scene(trial.example, checklist.vocabulary)
    found = review(scene.case, replace(checklist, rules=(trial.rule,)), readings=scene.readings)
    differences = [
        Difference(trial, problem.line, (("case", "no problem", f"line {problem.line}: {problem.what}"),))
        for problem in found.problems
    ]
    by_subject = {finding.subject: finding for finding in found.findings}
    for expected in trial.example.expects:
        finding = by_subject.get(expected.subject)
        if finding is None:
            rows = (("subject", expected.subject, ", ".join(by_subject) or "none"),)
            differences.append(Difference(trial, expected.line, rows))
        else:
            differences.extend(_compare(trial, expected, finding))
    return tuple(differences)


def _compare(trial: Trial, expected: Expected, finding: Finding) -> Iterator[Difference]:
    turns_on = any(_is_or_holds(piece.path, expected.because) for piece in finding.evidence)
    if finding.verdict is expected.verdict and turns_on:
        return
    facts = ", ".join(f"{piece.path} (line {piece.line}, {piece.state})" for piece in finding.evidence)
    yield Difference(
        trial,
        expected.line,
        (
            ("verdict", str(expected.verdict), f"{finding.verdict} ({finding.basis})"),
            ("because", expected.because, facts or "nothing"),
            ("it says", "", finding.says),
        ),
    )


def _is_or_holds(path: str, because: str) -> bool:
    return path == because or path.startswith((f"{because}.", f"{because}["))
