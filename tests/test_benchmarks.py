"""The case files that are measured with: the same for the same seed, of every length, and read without a fault."""

from collections import Counter
from pathlib import Path

from benchmarks import budgets
from benchmarks.cases import case, cases, write
from checklist.case import load_case
from checklist.findings import Verdict
from checklist.rulebooks import load_checklist
from checklist.runner import Options, review_text
from checklist.source import parse_document

ROOT = Path(__file__).parents[1]
NUMBER = 60


def test_the_same_seed_gives_the_same_case_and_another_seed_another() -> None:
    assert case(7, 1) == case(7, 1)
    assert case(7, 1) != case(7, 2)
    assert case(7, 1) != case(8, 1)


def test_cases_stand_in_folders_under_names_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, 3)

    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*.yaml"))] == [
        name for name, _ in cases(3)
    ]


def test_they_are_of_every_length_and_come_to_every_verdict() -> None:
    checklist = load_checklist(ROOT / "rules")
    texts = [text for _, text in cases(NUMBER)]
    reviews = [review_text(text.encode(), checklist, Options()) for text in texts]
    verdicts = Counter(finding.verdict for review in reviews for finding in review.findings)

    assert min(map(len, texts)) < 700 < 2_000 < max(map(len, texts))
    assert set(verdicts) >= set(Verdict) - {Verdict.EXCUSED}  # few files hold a reason that a rule accepts
    assert sum(review.was_reviewed for review in reviews) >= 0.9 * NUMBER
    assert (
        len({load_case(parse_document(text.encode(), name="a"), checklist.vocabulary).name for text in texts}) == NUMBER
    )


def test_a_ratio_is_told_with_its_least_and_its_most() -> None:
    assert budgets.told("a", "<= 2 x", (1.5, 1.0, 2.0), budgets.times) == ("a", "<= 2 x", "1.5 x (1.0 x to 2.0 x)")
    assert budgets.share(4) == "25.0 %"
