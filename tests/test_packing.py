"""A packed review is the same review; what is no packed review is refused."""

import json
import zlib
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest

from checklist.findings import Finding, Review
from checklist.packing import pack, unpack
from checklist.privacy import Guard
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.runner import Options, review_document, review_text
from checklist.settings import Settings, read_settings, with_local_standards
from checklist.source import Problem, parse_document
from tests.second_cases import file_of
from tests.test_second_evaluator import random_case

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


@cache
def shipped() -> Checklist:
    return load_checklist(ROOT / "rules")


def the_same(review: Review, checklist: Checklist) -> bool:
    return unpack(pack(review, checklist), checklist) == review


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_comes_back_as_it_was(path: Path) -> None:
    options = Options(guard=Guard(shipped().vocabulary))

    assert the_same(review_text(path.read_bytes(), shipped(), options, name=path.name), shipped())


@pytest.mark.parametrize("seed", range(40))
def test_random_cases_come_back_as_they_were(seed: int) -> None:
    case, _ = random_case(seed)
    document = parse_document(file_of(case).encode(), name="case.yaml")

    assert the_same(review_document(document, shipped(), Options()), shipped())


def test_raw_lines_problems_and_faults_come_back_too() -> None:
    text = EXAMPLES[0].read_bytes()
    quoted = review_text(text, shipped(), Options(quote=True))
    wrong = review_text(b"case: [\n", shipped(), Options(quote=True))
    fault = replace(wrong, fault=("ValueError", "engine.py:1 review"), problems=(Problem("a", 1, 2, "b", "c", "d"),))

    assert quoted.quotes
    assert all(the_same(review, shipped()) for review in (quoted, wrong, fault))


def test_what_a_local_standard_changed_comes_back(tmp_path: Path) -> None:
    (tmp_path / ".review.yaml").write_text(
        "settings: 1\nowner: the team\nlimits: {arrest-within-limit: {high: 60 days, medium: 90 days, low: 120 days}}\n"
    )
    settings: Settings = read_settings(tmp_path / ".review.yaml")
    local = with_local_standards(shipped(), settings)
    reviews = [review_text(path.read_bytes(), local, Options()) for path in EXAMPLES]

    assert any(finding.shipped for review in reviews for finding in review.findings)
    assert all(the_same(review, local) for review in reviews)


def test_no_field_of_a_finding_is_forgotten() -> None:
    """What is put on a finding later is not packed; all else is, or is its rule's."""
    later = {"waiver", "age"}
    review = review_text(EXAMPLES[0].read_bytes(), shipped(), Options())
    marked = {field.name for field in fields(Finding)} - later

    assert all(getattr(one, name) == getattr(two, name) for name in marked for one, two in zip(unpack(pack(review, shipped()), shipped()).findings, review.findings, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [b"", b"x", zlib.compress(b""), zlib.compress(b"[]"), zlib.compress(b"{}"), zlib.compress(b'{"findings": 1}')],
)
def test_what_is_no_packed_review_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"packed review|Expecting value"):
        unpack(data, shipped())


def test_a_review_by_fewer_rules_is_not_unpacked_by_them() -> None:
    packed = pack(review_text(EXAMPLES[0].read_bytes(), shipped(), Options()), shipped())

    with pytest.raises(ValueError, match="packed review"):
        unpack(packed, replace(shipped(), rules=shipped().rules[:3]))


def test_it_holds_no_word_of_the_rulebook_twice() -> None:
    packed = zlib.decompress(pack(review_text(EXAMPLES[0].read_bytes(), shipped(), Options()), shipped()))

    assert shipped().rules[0].why not in json.loads(packed)["findings"].__repr__()
