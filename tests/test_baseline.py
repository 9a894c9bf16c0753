"""What was there on an earlier day, what is new or worse, and what is gone."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist import baseline
from checklist.findings import TO_ACT_ON, WORST_FIRST, Age, Basis, Finding, Review, Severity, Verdict
from checklist.rulebooks import load_checklist
from checklist.source import InputError

ROOT = Path(__file__).parents[1]
HEAD = '{"format": "review-baseline/1", "asked": ["r"]}\n'


def finding(verdict: Verdict = Verdict.NOT_MET, subject: str = "S1", rule: str = "r") -> Finding:
    return Finding(
        rule=rule,
        title="t",
        area="a",
        severity=Severity.SERIOUS,
        subject=subject,
        verdict=verdict,
        basis=Basis.DONE_LATE,
        says="a sentence",
    )


def a_review(*findings: Finding, case: str = "EX-1") -> Review:
    return Review(file="a.yaml", case=case, as_of="2016-07-18", findings=findings, problems=())


SHIPPED = load_checklist(ROOT / "rules")
ONE = replace(SHIPPED, rules=(replace(SHIPPED.rules[0], id="r"),))


def written(tmp_path: Path, *reviews: Review) -> baseline.Baseline:
    path = tmp_path / "old.jsonl"
    path.write_text("".join(baseline.lines_of(reviews, ONE, version="1")), encoding="utf-8")
    return baseline.read_baseline(path)


def test_a_baseline_holds_codes_and_verdicts_and_no_sentence(tmp_path: Path) -> None:
    head, *lines = baseline.lines_of([a_review(finding(), finding(Verdict.MET, "S2"))], ONE, version="1")

    assert json.loads(head) == {"format": "review-baseline/1", "tool": "1", "rulebook": ONE.digest, "asked": ["r"]}
    assert [json.loads(line) for line in lines] == [
        {"case": "EX-1", "rule": "r", "subject": "S1", "verdict": "not met"},
        {"findings": 1},
    ]


@given(st.sampled_from(Verdict), st.sampled_from(Verdict))
def test_only_what_was_there_and_is_no_worse_is_known(was: Verdict, now: Verdict) -> None:
    held = baseline.Baseline({("EX-1", "r", "S1"): was} if was in TO_ACT_ON else {})

    (found,) = baseline.compare(a_review(finding(now)), held).findings

    assert found.verdict is now
    if now not in TO_ACT_ON:
        assert found.age is None
    elif was not in TO_ACT_ON:
        assert found.age is Age.NEW
    else:
        assert (found.age is Age.WORSE) == (WORST_FIRST.index(now) < WORST_FIRST.index(was))
        assert found.is_settled == (WORST_FIRST.index(now) >= WORST_FIRST.index(was))


def test_what_is_gone_is_told_of_cases_that_were_reviewed(tmp_path: Path) -> None:
    held = written(
        tmp_path, a_review(finding(), finding(subject="S2")), a_review(finding(), case="EX-2"), a_review(case="EX-3")
    )
    watch = baseline.Watch(held, ONE)
    watch.see(a_review(finding(), finding(Verdict.MET, "S2")))

    assert [(one.case, one.subject, one.was) for one in watch.gone()] == [("EX-1", "S2", "not met")]
    assert [str(notice) for notice in watch.notices()] == [
        "old.jsonl:1:1: 1 case of the baseline was not reviewed; nothing is said of it"
    ]


def test_a_baseline_of_another_rulebook_says_so(tmp_path: Path) -> None:
    watch = baseline.Watch(written(tmp_path), replace(ONE, files=ONE.files[1:]))

    assert "another rulebook" in "".join(map(str, watch.notices()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "case: X\n",
        '{"format": "review/1"}\n',
        HEAD + '{"case": "X"}\n{"findings": 1}\n',
        HEAD + '{"case": "X", "rule": "r", "subject": "S", "verdict": "met"}\n{"findings": 1}\n',
        HEAD + '{"case": "X", "rule": "r", "subj',
        HEAD + '{"case": "X", "rule": "r", "subject": "S", "verdict": "not met"}\n',
        HEAD,
        '{"case": "X", "rule": "r", "subject": "S", "verdict": "not met"}\n',
        "[" * 100_000,
    ],
    ids=[
        "empty",
        "yaml",
        "report",
        "half",
        "nothing to act on",
        "cut in a line",
        "cut at a line",
        "cut",
        "no head",
        "deep",
    ],
)
def test_what_is_no_baseline_or_only_half_of_one_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.jsonl"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="this is no baseline"):
        baseline.read_baseline(path)


def test_a_baseline_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        baseline.read_baseline(tmp_path / "absent.jsonl")


def test_of_findings_that_share_a_subject_the_worst_is_kept(tmp_path: Path) -> None:
    held = written(tmp_path, a_review(finding(Verdict.NOT_RECORDED), finding(Verdict.NOT_MET)))

    assert held.verdicts == {("EX-1", "r", "S1"): Verdict.NOT_MET}


def test_what_was_not_asked_this_time_is_not_gone(tmp_path: Path) -> None:
    held = written(tmp_path, a_review(finding()))
    watch = baseline.Watch(held, replace(ONE, rules=(replace(ONE.rules[0], id="another"),)))
    watch.see(a_review(finding(Verdict.MET, rule="another")))

    told = "\n".join(map(str, watch.notices()))

    assert watch.gone() == ()
    assert "1 findings of the baseline are of rules that were not asked" in told
    assert "1 rules are asked that the baseline did not ask" in told
