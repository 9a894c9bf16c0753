"""The peers that are measured beside ours: asked the same of three tiny cases, they and ours agree on whatever is recorded."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from benchmarks.peers.__main__ import HEAD, Against, Measured, against, answers, row, run
from benchmarks.peers.others import ASKED, UNDATED, Peer, check_jsonschema, peers, semgrep, spectral
from benchmarks.peers.ours import EIGHT, Verdicts, ninety, worst
from benchmarks.peers.plain import case, minutes
from checklist.findings import Verdict
from checklist.rulebooks import load_checklist
from checklist.runner import Options, review_text

ROOT = Path(__file__).parents[1]
DONE = """
case: DONE
as_of: 2016-07-18
country: england
concerns: [missing, online abuse, sexual abuse]
report: {received: 2015-09-01T10:15}
children:
  - {ref: C1, made_safe: 2015-09-02, significant_harm_suspected: {is: yes, known: 2015-09-01}}
suspects:
  - {ref: S1, risk: medium, arrested: 2015-09-04, lives_with_children: yes, online_risk: very high}
  - {ref: S2, risk: high, identified_on: 2015-09-03T12:00, arrested: {at: 2015-09-04T11:00}, lives_with_children: no}
missing_episodes:
  - {ref: ME1, recorded_as_missing: {is: yes}}
decisions:
  - {ref: DE1, made: 2015-09-02, rationale: recorded}
medical: {held: 2015-09-02, abuse_considered: yes}
signs:
  - {ref: SG1, noticed: 2015-09-01T09:00, referred: 2015-09-02T20:00}
"""
NOT_DONE = """
case: NOT-DONE
as_of: 2016-07-18
country: england
concerns: [missing, online abuse, sexual abuse]
report: {received: 2015-09-01T10:15}
children:
  - {ref: C1, made_safe: 2015-09-02}
  - {ref: C2, made_safe: {done: no}}
suspects:
  - {ref: S1, risk: high, arrested: 2015-09-04, lives_with_children: yes, online_risk: low}
missing_episodes:
  - {ref: ME1, recorded_as_missing: yes}
  - {ref: ME2, recorded_as_missing: no}
decisions:
  - {ref: DE1, made: 2015-09-02}
medical: {held: 2015-09-02, abuse_considered: no}
signs:
  - {ref: SG1, noticed: 2015-09-01T09:00, referred: 2015-09-03}
"""
SILENT = """
case: SILENT
as_of: 2016-07-18
country: england
concerns: [child death]
report: {received: 2015-09-01T10:15}
children:
  - {ref: C1}
enquiries:
  - {ref: E1, type: forensic}
medical: {abuse_considered: no}
"""
AGREED = {
    "done.yaml": {rule: True for rule in EIGHT if rule != "abuse-pursued-as-cause"},
    "not-done.yaml": {rule: False for rule in EIGHT if rule != "abuse-pursued-as-cause"},
    "silent.yaml": {"abuse-pursued-as-cause": False},
}
TEXTS = {"done.yaml": DONE, "not-done.yaml": NOT_DONE, "silent.yaml": SILENT}
LEFT_OPEN = {"decision-has-reason", "medical-considers-abuse", "arrest-within-limit", "sign-referred"}
SETTLED = {Verdict.MET: True, Verdict.NOT_MET: False}


@cache
def ours() -> Verdicts:
    checklist = load_checklist(ROOT / "rules")
    found: Verdicts = {}
    for name, text in TEXTS.items():
        said = review_text(text.encode(), checklist, Options()).findings
        told = worst({"rule": one.rule, "verdict": one.verdict} for one in said if one.rule in EIGHT)
        found.update({(name, rule): verdict for rule, verdict in told.items()})
    return found


def by_schema(text: str) -> Iterator[tuple[str, bool]]:
    """What the schema says of a case, rule by rule, without check-jsonschema."""
    schema = json.loads((ASKED / "schema.json").read_text(encoding="utf-8"))
    for rule in schema["allOf"]:
        yield rule["$comment"], Draft202012Validator({"$defs": schema["$defs"], **rule}).is_valid(raw(text))


def raw(text: str) -> object:
    import yaml  # noqa: PLC0415  # only the schema is asked of a case as YAML has it

    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # texts, lists and mappings alone


def recorded(said: Mapping[str, bool | None], file: str) -> dict[str, bool | None]:
    return {rule: answer for rule, answer in said.items() if rule in AGREED[file]}


def test_ours_gives_the_agreed_answers_and_leaves_open_what_nobody_wrote_down() -> None:
    settled = {
        file: {rule: SETTLED[v] for (name, rule), v in ours().items() if name == file and v in SETTLED}
        for file in TEXTS
    }

    assert settled == AGREED
    assert {
        rule for (file, rule), verdict in ours().items() if file == "silent.yaml" and verdict is Verdict.NOT_RECORDED
    } == LEFT_OPEN


def test_the_schema_gives_the_agreed_answers_and_passes_what_nobody_wrote_down() -> None:
    said = {file: dict(by_schema(text)) for file, text in TEXTS.items()}

    assert set(said["done.yaml"]) == set(UNDATED)
    for file in TEXTS:
        assert recorded(said[file], file) == {rule: answer for rule, answer in AGREED[file].items() if rule in UNDATED}
    assert all(said["silent.yaml"][rule] for rule in LEFT_OPEN & set(UNDATED))


@pytest.mark.parametrize("peer", peers(), ids=lambda peer: peer.name)
def test_a_peer_gives_the_agreed_answers(peer: Peer, tmp_path: Path) -> None:
    if peer.needs:
        pytest.skip(f"not installed: {peer.needs}")
    for name, text in TEXTS.items():
        (tmp_path / "cases").mkdir(exist_ok=True)
        (tmp_path / "cases" / name).write_text(text, encoding="utf-8")
    given = [f"cases/{name}" for name in TEXTS] if peer.files_named else []
    said = peer.read(run((*peer.words, *given), tmp_path)[1], tuple(TEXTS), peer.rules)

    for file in TEXTS:
        assert set(said[file]) == set(peer.rules)
        assert recorded(said[file], file) == {rule: is_so for rule, is_so in AGREED[file].items() if rule in peer.rules}


def test_a_case_is_handed_over_in_one_spelling_with_dates_as_minutes_and_nothing_made_up() -> None:
    handed = case(NOT_DONE.encode())

    assert handed["reports"] == [{"received": minutes("2015-09-01T10:15")}]
    assert handed["children"][1] == {"ref": "C2"}
    assert handed["medicals"][0]["abuse_considered"] is False
    assert case(b"{signs: [others not recorded], plans: [], suspects: [{ref: S1}, others not recorded]}") == {
        "signs": [],
        "plans": [],
        "suspects": [{"ref": "S1"}],
    }
    assert case(DONE.encode())["children"][0]["significant_harm_suspected_known"] == minutes("2015-09-01")
    assert [minutes(word) for word in ("1970-01-02", "day 2T01:30", "2015-09", "redacted")] == [
        1440,
        2970,
        "2015-09",
        "redacted",
    ]


def test_violations_are_read_and_a_file_that_is_no_yaml_is_not_judged() -> None:
    files, rules = ("a.yaml", "b.yaml"), ("decision-has-reason", "abuse-pursued-as-cause")
    found = {"a.yaml": {"decision-has-reason": False, "abuse-pursued-as-cause": True}, "b.yaml": {}}

    assert found == spectral(
        '[{"source": "/x/cases/a.yaml", "code": "decision-has-reason"}, {"source": "/x/cases/b.yaml", "code": "parser"}]',
        files,
        rules,
    )
    assert found == semgrep(
        '{"results": [{"path": "cases/a.yaml", "check_id": "asked.decision-has-reason"}], "errors": [{"path": "cases/b.yaml"}]}',
        files,
        rules,
    )
    assert found == check_jsonschema(
        '{"errors": [{"filename": "cases/a.yaml", "path": "$.decisions[0].made"}], "parse_errors": [{"filename": "cases/b.yaml"}]}',
        files,
        rules,
    )


def test_the_table_tells_what_was_run() -> None:
    peer = next(peer for peer in peers() if peer.name == "spectral")
    verdicts = {
        ("a", EIGHT[0]): Verdict.NOT_RECORDED,
        ("b", EIGHT[0]): Verdict.CANNOT_TELL,
        ("a", EIGHT[1]): Verdict.MET,
        ("b", EIGHT[1]): Verdict.NOT_MET,
        ("a", EIGHT[7]): Verdict.NOT_RECORDED,
        ("unread", EIGHT[0]): Verdict.NOT_RECORDED,
    }
    said: dict[str, Mapping[str, bool | None]] = {
        "a": {EIGHT[0]: True, EIGHT[1]: None},
        "b": {EIGHT[0]: False, EIGHT[1]: True},
        "unread": {},
    }
    seen = Measured(
        peer=peer, said=said, seconds=[20.0, 30.0, 44.0], guarded=[2.0, 2.0, 4.0], unguarded=[1.0, 1.0, 2.0]
    )

    assert against(verdicts, said, peer.rules) == Against(
        open=2, passes=1, accuses=1, settled=2, otherwise=1, unsettled=1
    )
    assert row(seen, verdicts) == (
        "| spectral, a command line | 5 | 11 x (10 to 15) | 22 x (20 to 30) "
        "| >= 10 x, with | yes | 2 | 1 | 1 | 0 | 2 | 1 | 1 |"
    )
    assert {line.count("|") for line in (*HEAD.splitlines(), row(seen, verdicts))} == {14}


def test_a_peer_that_stopped_half_way_is_not_timed() -> None:
    peer = next(peer for peer in peers() if peer.name == "zen")

    assert answers(peer, '["a.yaml", {}]', ("a.yaml",)) == {"a.yaml": {}}
    with pytest.raises(SystemExit, match=r"zen says nothing of 1 of 2 files"):
        answers(peer, '["a.yaml", {}]', ("a.yaml", "b.yaml"))


def test_ours_is_timed_with_ninety_rules_and_the_eight_are_among_them() -> None:
    assert len(set(ninety())) == 90
    assert set(EIGHT) < set(ninety())
