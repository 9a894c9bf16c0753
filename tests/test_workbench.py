"""The command `checklist`, and what of it `review` takes: settings, profiles, packs, locks, coverage, mutants, the manual."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from checklist.rulebooks import load_checklist
from tests.conftest import Shell
from tests.small import ROOT

RULES = load_checklist(ROOT / "rules").rules
CASE = str(ROOT / "examples" / "cumbria-2017-1.yaml")
LOCAL = "settings: 1\nowner: Anyshire\nlimits: {arrest-within-limit: {high: 30 days, medium: 30 days, low: 30 days}}\n"
PACK_RULE = """\
rule: risk-ended
title: The risk to each child has ended
area: initial contact
severity: serious
for_each: child
expect: {child.at_continuing_risk: no}
why: It matters.
action: End the risk.
source: [{standing: local, says: we say so, document: Our procedures, no_link: it is on paper}]
examples:
  - {name: seen, case: {as_of: 2016-01-01, children: [{ref: C1, at_continuing_risk: no}]}, expect: {C1: met}, because: children}
  - {name: refused, case: {as_of: 2016-01-01, children: [{ref: C1, at_continuing_risk: yes}]}, expect: {C1: not met}, because: children}
  - {name: silent, case: {as_of: 2016-01-01, children: [{ref: C1}]}, expect: {C1: not recorded}, because: children}
  - {name: no child, case: {as_of: 2016-01-01, children: []}, expect: {case: does not apply}, because: children}
"""


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pack(folder: Path) -> Path:
    rule = folder / "pack" / "initial-contact" / "risk-ended.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text(PACK_RULE, encoding="utf-8")
    return folder / "pack"


def copy_of_rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


# Settings and choices.


def test_settings_of_the_working_directory_are_used_and_every_report_says_so(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")

    ran = shell.review("--plain", CASE)

    assert "settings of Anyshire: local standards for: arrest-within-limit" in ran.out
    assert (
        "Judged by a local standard; the shipped limits are 24 hours (risk high), 3 days (risk medium), 7 days (risk low), by which it would be not met"
        in ran.out
    )
    assert '"settings": null' not in shell.review("--format", "json", CASE).out
    assert (
        '"shipped": {"limit": "24 hours (risk high), 3 days (risk medium), 7 days (risk low)", "verdict": "not met", "reason": false}'
        in shell.review("--format", "json", CASE).out
    )


def test_a_finding_that_waits_with_others_says_by_whose_limit_it_waits(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")
    unseen = at_home / "unseen.yaml"
    unseen.write_text(
        "case: X\nas_of: 2016-07-18\nconcerns: [sexual abuse]\nlooked_at: [assessment and help]\nreport: {received: 2015-09-01}\nsuspects: [{ref: S1, risk: high}]\n",
        encoding="utf-8",
    )

    for words in (["--plain"], ["--all"], ["--print"], []):
        assert "the shipped limit is 24 hours (risk high)" in " ".join(shell.review(*words, str(unseen)).out.split())


def test_an_explanation_says_what_the_shipped_rule_would_have_said(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")

    told = " ".join(shell.review("--explain", "arrest-within-limit", CASE).out.split())

    assert "arrest-within-limit, S1: met" in told
    assert (
        "Judged by a local standard; the shipped limits are 24 hours (risk high), 3 days (risk medium), 7 days (risk low), by which it would be not met."
        in told
    )


def test_a_critical_finding_that_only_a_local_standard_passes_stands_where_the_alarm_would(
    shell: Shell, at_home: Path
) -> None:
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")

    for words in ([], ["--plain"], ["--print"]):
        head = " ".join(shell.review(*words, CASE).out.split())[:1500]
        assert "1 CRITICAL FINDING PASSES ONLY BY LOCAL STANDARDS; by the shipped rules, not met:" in head
        assert "(arrest-within-limit, S1): here met" in head


def test_every_page_on_paper_names_the_settings(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")

    pages = shell.review("--print", CASE).out.split("\f")

    assert len(pages) > 3
    assert all("local settings " in page.splitlines()[1] for page in pages)


def test_a_local_reason_is_not_told_as_a_limit(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text(
        "settings: 1\nowner: Anyshire\naccept_reasons: {arrest-within-limit: [suspect in hospital]}\n", encoding="utf-8"
    )
    case = at_home / "case.yaml"
    refused = "{done: no, reason: suspect in hospital, decided_by: dc@police, decided_at: 2015-09-01}"
    case.write_text(
        f"case: X\nas_of: 2016-07-18\nconcerns: [sexual abuse]\nreport: {{received: 2015-09-01}}\nsuspects: [{{ref: S1, risk: high, arrested: {refused}, voluntary_interview: {refused}}}]\n",
        encoding="utf-8",
    )

    told = " ".join(shell.review("--select", "arrest-within-limit", str(case)).out.split())

    assert (
        "Judged by a local standard; the shipped rule does not accept this reason, by which it would be not met."
        in told
    )
    assert "shipped limit" not in told
    assert shell.checklist("check", str(case)).out == "1 file: no problem\n"


def test_a_rule_is_shown_whichever_profile_the_settings_choose(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text("settings: 1\nprofile: critical\n", encoding="utf-8")

    assert shell.checklist("show", "good-practice-noted").code == 0
    assert "the profile critical has none of them" in shell.review("--select", "good-practice-noted", CASE).err


def test_settings_that_whoever_wrote_the_cases_put_beside_them_are_not_used(shell: Shell, at_home: Path) -> None:
    cases = at_home / "cases"
    cases.mkdir()
    shutil.copy(CASE, cases)
    (cases / ".review.yaml").write_text(LOCAL, encoding="utf-8")

    ran = shell.review("--plain", str(cases))
    assert "Anyshire" not in ran.out
    named = shell.review("--plain", "--settings", str(cases / ".review.yaml"), str(cases))
    assert "Anyshire" in named.out


def test_settings_that_are_passed_over_are_named(shell: Shell, at_home: Path) -> None:
    shutil.copy(CASE, at_home)
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")

    ran = shell.review("--plain", ".")

    assert "was not used" in ran.err
    assert "Anyshire" not in ran.out


def test_a_settings_file_with_a_problem_stops_the_review(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text(LOCAL.replace("owner", "ownr"), encoding="utf-8")

    ran = shell.review(CASE)

    assert ran.code == 2
    assert ran.out == ""
    assert ".review.yaml:2:1: settings has no key 'ownr'; did you mean 'owner'?" in ran.err


def test_only_the_chosen_rules_are_asked_and_the_report_says_how_many_were_not(shell: Shell, at_home: Path) -> None:
    ran = shell.review("--plain", "--profile", "critical", "--ignore", "area:investigation", CASE)

    assert re.search(r"profile critical: \d+ of \d+ rules were asked; \d+ rules were not, and nothing", ran.out)
    assert "arrest-within-limit" not in ran.out
    listed = shell.checklist("rules", "--select", "crime-recorded").out
    assert re.search(rf"\n1 of \d+ rules, digest {digest(shell)}\n$", listed)


def test_what_is_switched_off_is_listed_with_the_reason(shell: Shell) -> None:
    listed = shell.checklist("rules", "--off").out

    assert "switched off: its standard was remembered, not read" in listed
    assert "arrest-within-limit" not in listed


def digest(shell: Shell) -> str:
    return shell.review("--version").out.split()[-1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--profile", "polise"], "no such profile: 'polise'; did you mean 'police'?"),
        (["--select", "area:nowhere"], "matches no rule"),
        (["--settings", "nothing.yaml"], "nothing.yaml"),
        (["--locked"], "there is no review.lock here or above"),
        (["--rules", "nowhere"], "--rules: there is no folder nowhere"),
    ],
)
def test_what_cannot_be_chosen_is_exit_2(shell: Shell, at_home: Path, words: list[str], told: str) -> None:
    ran = shell.review(*words, CASE)

    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


# Packs and locks.


def test_a_folder_without_a_vocabulary_adds_its_rules(shell: Shell, at_home: Path) -> None:
    folder = pack(at_home)

    assert f" of {len(RULES) + 1} rules" in shell.checklist("rules", "--rules", str(folder)).out
    assert shell.checklist("lint", "--rules", str(folder)).code == 0
    assert "4 examples, 4 as expected" in shell.checklist("test", "--rules", str(folder), "risk-ended").out
    assert "risk-ended" in shell.review("--all", "--rules", str(folder), CASE).out


def test_a_rulebook_takes_the_place_of_the_shipped_one_and_two_are_too_many(shell: Shell, at_home: Path) -> None:
    rules = copy_of_rules(at_home)
    shutil.rmtree(rules / "investigation")
    shutil.rmtree(rules / "profiles")

    left = sum(rule.area != "investigation" for rule in RULES)
    assert f" of {left} rules" in shell.checklist("rules", "--rules", str(rules)).out
    assert f" of {left + 1} rules" in shell.checklist("rules", "--rules", str(rules), "--rules", str(pack(at_home))).out
    assert "two rulebooks" in shell.checklist("rules", "--rules", str(rules), "--rules", str(rules)).err


def test_two_people_can_show_that_they_judged_by_the_same_rules(shell: Shell, at_home: Path) -> None:
    folder = pack(at_home)
    (at_home / "review.lock").write_text(shell.checklist("lock", "--rules", str(folder)).out, encoding="utf-8")

    same = shell.review("--locked", "--plain", "--rules", str(folder), CASE)
    assert "judged by the locked rulebook" in same.out
    other = shell.review("--locked", CASE)
    assert (other.code, other.out) == (2, "")
    assert "pack/initial-contact/risk-ended.yaml is gone" in other.err
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")
    assert "the settings are others" in shell.review("--locked", "--rules", str(folder), CASE).err
    (at_home / ".review.yaml").unlink()
    fewer = shell.review("--locked", "--rules", str(folder), "--profile", "critical", CASE)
    assert "other rules were chosen" in fewer.err


# Showing.


def test_a_rule_is_shown_by_the_local_standard_and_as_it_is_shipped(shell: Shell, at_home: Path) -> None:
    (at_home / ".review.yaml").write_text(LOCAL, encoding="utf-8")

    told = shell.checklist("show", "arrest-within-limit").out

    assert "30 days (risk high, medium or low)" in told
    assert "As the rule is shipped" in told
    assert "24 hours (risk high)" in told


# Lint.


def test_lint_gives_each_problem_its_check_and_explains_it(shell: Shell, at_home: Path) -> None:
    rules = copy_of_rules(at_home)
    rule = rules / "investigation" / "arrest-within-limit.yaml"
    text = rule.read_text(encoding="utf-8").replace(
        "title: Each suspect is arrested", "title: Within 2 hours each suspect is arrested"
    )
    rule.write_text(text, encoding="utf-8")

    ran = shell.checklist("lint", "--rules", str(rules))

    assert ran.code == 2
    assert re.search(
        r"arrest-within-limit.yaml:\d+:1: the title says 2 hours; the rule says .* \[title-not-said\]", ran.out
    )
    assert "1 problem" in ran.out
    assert "what people read and remember" in shell.checklist("lint", "--explain", "title-not-said").out
    assert "did you mean 'title-not-said'" in shell.checklist("lint", "--explain", "title-not-sad").err


# Coverage and mutants.


def test_coverage_names_what_no_example_reaches_at_its_line(shell: Shell, at_home: Path) -> None:
    folder = str(pack(at_home))

    ran = shell.checklist("coverage", "--rules", folder, "risk-ended", "--fail-under", "100")

    assert ran.code == 1
    assert "risk-ended.yaml:1: risk-ended: no example reaches verdict: cannot tell" in ran.out
    assert re.search("risk-ended +7 of 8", ran.out)
    assert "87.5 % of 8 goals are reached" in ran.out
    assert shell.checklist("coverage", "--rules", folder, "risk-ended", "--fail-under", "87").code == 0


@pytest.mark.unmeasured
def test_mutate_names_the_changes_that_no_example_notices(shell: Shell, at_home: Path) -> None:
    folder = pack(at_home)
    rule = folder / "initial-contact" / "risk-ended.yaml"

    ran = shell.checklist("mutate", "--rules", str(folder), "risk-ended", "--fail-under", "95")
    assert (ran.code, "100.0 %" in ran.out) == (0, True)
    rule.write_text(
        PACK_RULE.replace("expect: {child", "applies_when: {child.significant_harm_suspected: yes}\nexpect: {child")
        .replace("{ref: C1,", "{ref: C1, significant_harm_suspected: yes,")
        .replace("{ref: C1}", "{ref: C1, significant_harm_suspected: yes}"),
        encoding="utf-8",
    )

    ran = shell.checklist("mutate", "--rules", str(folder), "risk-ended", "--fail-under", "95")
    assert ran.code == 1
    assert "risk-ended.yaml:6: risk-ended: survived: applies_when left out" in ran.out
    assert (
        "killed: expect.child.at_continuing_risk: no -> yes"
        in shell.checklist("mutate", "--rules", str(folder), "risk-ended", "--all").out
    )


@pytest.mark.unmeasured
def test_examples_beside_a_rule_are_run_and_measured_with_its_own(shell: Shell, at_home: Path) -> None:
    folder = pack(at_home)
    beside = folder / "initial-contact" / "risk-ended.examples.yaml"
    beside.write_text(
        "rule: risk-ended\nexamples:\n  - {name: hidden, case: {as_of: 2016-01-01, children: [{ref: C1, at_continuing_risk: redacted}]}, expect: {C1: cannot tell}, because: children}\n",
        encoding="utf-8",
    )

    assert "5 examples, 5 as expected" in shell.checklist("test", "--rules", str(folder), "risk-ended").out
    assert "100.0 %" in shell.checklist("coverage", "--rules", str(folder), "risk-ended").out
    beside.write_text("rule: another\nexamples: []\n", encoding="utf-8")
    assert "these are examples of another rule" in shell.checklist("lint", "--rules", str(folder)).out
    beside.rename(beside.with_name("nobody.examples.yaml"))
    assert "examples of a rule that is not there" in shell.checklist("lint", "--rules", str(folder)).out


# The manual.


@pytest.mark.unmeasured
def test_the_manual_is_written_whole_and_says_when_it_is_stale(shell: Shell, at_home: Path) -> None:
    assert shell.checklist("manual", "--check").code == 1
    assert shell.checklist("manual").out.endswith("written, 0 removed\n")
    assert shell.checklist("manual", "--check").code == 0
    rules = at_home / "docs" / "rules"
    number = len(list((at_home / "docs").rglob("*.md")))
    gone = rules / "gone.md"
    shutil.copy(rules / "arrest-within-limit.md", gone)
    (rules / "crime-recorded.md").write_text("old", encoding="utf-8")
    (rules / "by-hand.md").write_bytes(b"written by hand, in another encoding: \xe9")

    ran = shell.checklist("manual", "--check")

    assert ran.code == 1
    assert [line.partition(":")[0] for line in ran.out.splitlines()] == [
        "docs/rules/crime-recorded.md",
        "docs/rules/gone.md",
    ]
    assert shell.checklist("manual").out == f"{number} pages: 1 written, 1 removed\n"
    assert not gone.exists()
    assert (rules / "by-hand.md").exists()


def test_the_manual_writes_through_no_link(shell: Shell, at_home: Path) -> None:
    victim = at_home / "victim.md"
    victim.write_text("mine", encoding="utf-8")
    (at_home / "docs" / "rules").mkdir(parents=True)
    (at_home / "docs" / "rules" / "crime-recorded.md").symlink_to(victim)

    ran = shell.checklist("manual")

    assert (ran.code, ran.err) == (
        2,
        "manual: docs/rules/crime-recorded.md is a link; give the manual a folder of its own\n",
    )
    assert victim.read_text(encoding="utf-8") == "mine"


def test_a_manual_that_cannot_be_written_is_exit_2(shell: Shell, at_home: Path) -> None:
    (at_home / "docs").write_text("a file", encoding="utf-8")

    ran = shell.checklist("manual")

    assert ran.code == 2
    assert ran.err.startswith("manual: docs cannot be written")


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_the_name_of_a_file_steers_no_terminal(shell: Shell, at_home: Path) -> None:
    evil = at_home / "evil\x1b[2Jname.yaml"
    evil.write_text("case: X\nas_of: 2016-01-01\nsuspets: []", encoding="utf-8")
    folder = pack(at_home)
    (folder / "initial-contact" / "evil\x1b[2J.yaml").write_text("rule: x", encoding="utf-8")

    told = [
        shell.checklist("check", str(evil)),
        shell.review(str(evil)),
        shell.checklist("lint", "--rules", str(folder)),
    ]

    assert not any("\x1b" in ran.out + ran.err for ran in told)
    assert "a name that cannot be printed" in told[2].out


def test_a_lock_and_another_day_s_standard_exclude_each_other(shell: Shell, at_home: Path) -> None:
    ran = shell.review("--locked", "--standard-on", "2016-01-01", CASE)

    assert (ran.code, ran.out) == (2, "")
    assert "leave out --standard-on" in ran.err


def test_the_manual_that_is_kept_is_not_stale(shell: Shell) -> None:
    assert shell.checklist("manual", str(ROOT / "docs"), "--check").out == ""
