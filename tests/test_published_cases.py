"""The cases that inspectors published: every failing that they listed is found, with the interval that they gave."""

from pathlib import Path

import pytest

from checklist.findings import Finding, Review, Verdict
from checklist.rulebooks import load_checklist
from checklist.rules import Rule
from checklist.runner import Options, review_document
from checklist.source import read_document

ROOT = Path(__file__).parents[1]
SHIPPED = load_checklist(ROOT / "rules")


def reviewed(name: str) -> Review:
    return review_document(read_document(ROOT / "examples" / f"{name}.yaml", name=name), SHIPPED, Options())


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
    verdicts = {finding.verdict for finding in reviewed("still-running").findings if finding.severity != "note"}

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
