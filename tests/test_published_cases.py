"""The cases that inspectors published: every failing that they listed is found, with the interval that they gave."""

from pathlib import Path

import pytest
import yaml

from checklist.findings import Finding, Review, Verdict
from checklist.rulebooks import load_checklist
from checklist.rules import Rule
from checklist.runner import Options, review_document
from checklist.settings import Settings, choose
from checklist.source import read_document
from tests.published_cases import FACTS, FINDINGS, PAGE, Published, page, published, recall
from tests.published_cases import reviewed as read_again

ROOT = Path(__file__).parents[1]
SHIPPED = load_checklist(ROOT / "rules")


def reviewed(name: str, profile: str = "") -> Review:
    chosen = choose(SHIPPED, Settings(), profile=profile)
    return review_document(read_document(ROOT / "examples" / f"{name}.yaml", name=name), chosen, Options())


def found(name: str, rule: str, subject: str) -> Finding:
    return next(one for one in reviewed(name).findings if (one.rule, one.subject) == (rule, subject))


PUBLISHED = [
    ("cumbria-2017-1", "arrest-within-limit", "S1", "arrested 21 days after the report"),
    ("cumbria-2017-1", "serial-offending-considered", "S1", "considered as a possible serial offender 182 days after it was first known that the suspect had access to other children"),
    ("cumbria-2017-2", "longer-term-plan", "C1", "longer-term plan agreed"),
    ("cumbria-2017-2", "other-suspects-identified", "C1", "identifying the other adults considered"),
    ("cumbria-2017-2", "other-victims-sought", "S1", "other victims looked for"),
    ("cumbria-ipcc-2017-1", "arrest-within-limit", "S1", "arrested 252 days after the report"),
    ("cumbria-ipcc-2017-1", "arrest-within-limit", "S2", "arrested 252 days after the report"),
    ("cumbria-ipcc-2017-1", "crime-recorded", "R1", "crime recorded 252 days after the report"),
    ("cumbria-ipcc-2017-1", "scene-and-exhibits-secured", "L1", "recorded as not done: scene secured"),
    ("cumbria-ipcc-2017-1", "scene-and-exhibits-secured", "L2", "recorded as not done: scene secured"),
    ("cumbria-ipcc-2017-1", "exhibit-not-lost", "X1", "the status of the exhibit: discarded"),
    ("cumbria-ipcc-2017-1", "medical-and-samples-prompt", "C1", "recorded as not done: medical held"),
    ("cumbria-ipcc-2017-1", "senior-officer-at-scene", "L1", "recorded as not done: attended by the senior investigating officer"),
    ("cumbria-ipcc-2017-1", "concern-passed-to-local-authority", "PC1", "passed to the local authority"),
    ("cumbria-ipcc-2017-1", "suspect-investigated", "S1", "interviewed 252 days after the report"),
    ("cumbria-ipcc-2017-1", "devices-examined", "D1", "recorded as not done: examined"),
    ("cumbria-ipcc-2017-1", "devices-examined", "D3", "recorded as not done: examined"),
    ("cumbria-ipcc-2017-1", "lines-of-enquiry-closed", "E1", "result recorded or closed with a written reason"),
    ("cumbria-ipcc-2017-1", "coroner-told-accurately", "case", "accurate information to the coroner: no"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rule", "subject", "said"), PUBLISHED, ids=[" ".join(row[:3]) for row in PUBLISHED])
def test_every_published_failing_is_not_met_with_its_interval(name: str, rule: str, subject: str, said: str) -> None:
    finding = found(name, rule, subject)

    assert finding.verdict is Verdict.NOT_MET
    assert said in finding.says


def test_what_the_inspectors_credited_is_not_called_a_failing() -> None:
    assert found("cumbria-2017-2", "arrest-within-limit", "S1").verdict is not Verdict.NOT_MET
    assert found("cumbria-2017-2", "suspect-investigated", "S1").verdict is not Verdict.NOT_MET


def test_a_case_handled_well_leaves_nothing_to_act_on() -> None:
    verdicts = {finding.verdict for finding in reviewed("handled-well").findings}

    assert verdicts == {Verdict.MET, Verdict.DOES_NOT_APPLY}


def test_a_case_still_running_blames_nobody_for_what_is_not_yet_due() -> None:
    whole = {finding.verdict for finding in reviewed("still-running").findings}
    verdicts = {finding.verdict for finding in reviewed("still-running", "core").findings}

    assert Verdict.NOT_MET not in whole
    assert Verdict.NOT_DUE_YET in verdicts
    assert verdicts <= {Verdict.MET, Verdict.NOT_DUE_YET, Verdict.DOES_NOT_APPLY}


def test_a_thinly_recorded_case_is_mostly_not_recorded_and_accuses_nobody() -> None:
    findings = reviewed("thinly-recorded").findings
    not_recorded = [finding for finding in findings if finding.verdict is Verdict.NOT_RECORDED]

    assert len(not_recorded) > len(findings) / 2
    assert not any(finding.verdict is Verdict.NOT_MET for finding in findings)


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_every_rule_names_its_source_and_calls_its_own_numbers_defaults(rule: Rule) -> None:
    assert all(source.document and source.says for source in rule.sources)
    for version in rule.versions:
        stated = {str(source.standing) for source in version.sources}
        if version.blocks.limits():
            assert version.limit_standing == "local" or version.limit_standing in stated


# The cases that others wrote, blind.

ENCODED = published()
FACTS_FLOOR, FINDINGS_FLOOR = 0.48, 0.71
"""What was seen on 2026-11-25; `docs/published-cases.md` says why the rest is not shown."""


def name_of(case: Published) -> str:
    return case.id


def test_there_are_cases_enough_with_several_failings_each() -> None:
    assert len(ENCODED) >= 60
    assert sum(len(case.listed) for case in ENCODED) > 200
    assert sum(case.good_practice for case in ENCODED) >= 5


@pytest.mark.parametrize("folder", [FACTS, FINDINGS])
@pytest.mark.parametrize("case", ENCODED, ids=name_of)
def test_a_published_case_is_a_sound_file_that_names_its_source_and_what_was_looked_at(
    case: Published, folder: str
) -> None:
    text = (ROOT / "tests" / folder / f"{case.id}.yaml").read_text(encoding="utf-8")
    review = read_again(folder, case.id)

    assert review.problems == ()
    assert review.case == case.id
    assert review.looked_at != "all"
    head = text.partition("\ncase: ")[0]
    assert case.id in head
    assert f"Encoded from the published {'facts alone' if folder == FACTS else 'facts and findings'}." in head


@pytest.mark.parametrize("folder", [FACTS, FINDINGS])
@pytest.mark.parametrize("case", ENCODED, ids=name_of)
def test_each_listed_failing_is_shown_by_a_finding_on_it_or_says_why_it_is_not(case: Published, folder: str) -> None:
    for one in case.listed:
        assert set(one.types) <= set(case.types)
        assert case.shows(one, folder) is not None or one.readings[folder].why, one.failing


@pytest.mark.parametrize("case", [case for case in ENCODED if case.good_practice], ids=name_of)
def test_nothing_that_a_source_praised_as_a_whole_is_called_a_failing(case: Published) -> None:
    for praise in case.praised:
        assert Verdict.NOT_MET not in [finding.verdict for finding in case.said(praise.labels, FACTS)], praise.praise


def test_the_share_of_failings_that_are_shown_does_not_fall() -> None:
    for folder, floor in ((FACTS, FACTS_FLOOR), (FINDINGS, FINDINGS_FLOOR)):
        shown, _, listed = recall(folder)
        assert shown / listed >= floor


def test_the_page_on_published_cases_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "renew it with: python -m tests.published_cases"


SHARED = ROOT.parent / "shared" / "published-cases.yaml"


@pytest.mark.skipif(not SHARED.is_file(), reason="the published cases are not beside this repository")
def test_every_failing_that_a_source_listed_is_held_against_the_review() -> None:
    told = {one["id"]: one for one in yaml.safe_load(SHARED.read_text(encoding="utf-8"))}

    for case in ENCODED:
        source = told[case.id]
        assert [one.failing for one in case.listed] == source["inspector_findings_failings"], case.id
        assert [one.praise for one in case.praised] == source["inspector_findings_good"], case.id
        assert list(case.types) == source["failing_types"]
        assert case.good_practice == source["negative_example"]
    left_out = [one["id"] for one in told.values() if one["id"] not in {case.id for case in ENCODED}]
    assert not [name for name in left_out if len(told[name]["failing_types"]) > 1 or told[name]["negative_example"]]
