"""Local standards, profiles, selections and locks: whatever changes what is asked is said, with what the shipped rule says."""

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from checklist.case import load_case
from checklist.engine import review
from checklist.findings import Finding, Review, Verdict
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.settings import (
    LOCK,
    NAME,
    Settings,
    check_lock,
    choose,
    find_upwards,
    load_profiles,
    lock_of,
    read_settings,
)
from checklist.source import InputError, parse_document
from tests.small import ROOT

SHIPPED = load_checklist(ROOT / "rules")
SWITCHED_ON = {rule.id for rule in SHIPPED.rules if not rule.off}
HEAD = "settings: 1\nowner: Anyshire\nsource: procedures 4.2\n"
CASE = """\
case: X
as_of: 2016-07-18
concerns: [sexual abuse]
report: {received: 2015-09-01T10:15}
suspects:
  - {ref: S1, risk: high, arrested: 2015-09-03T10:00}
  - {ref: S2, risk: high, arrested: {done: no, reason: suspect in hospital, decided_by: dc@police, decided_at: 2015-09-01}, voluntary_interview: {done: no, reason: suspect in hospital, decided_by: dc@police, decided_at: 2015-09-01}}
"""


def settings_of(text: str, folder: Path) -> Settings:
    path = folder / NAME
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def local(text: str, folder: Path) -> Checklist:
    return choose(SHIPPED, settings_of(HEAD + text, folder))


def reviewed(checklist: Checklist, text: str = CASE) -> Review:
    return review(load_case(parse_document(text.encode(), name="case.yaml"), checklist.vocabulary), checklist)


def arrest(checklist: Checklist, subject: str = "S1") -> Finding:
    findings = reviewed(checklist).findings
    return next(one for one in findings if one.label == f"arrest-within-limit:{subject}")


# Local standards.


def test_a_local_limit_takes_the_place_of_the_shipped_one_and_the_finding_gives_both(tmp_path: Path) -> None:
    finding = arrest(local("limits: {arrest-within-limit: {high: 3 days}}", tmp_path))

    assert (finding.verdict, finding.limit, finding.limit_standing) == (Verdict.MET, "3 days", "local")
    assert finding.shipped is not None
    assert (finding.shipped.verdict, finding.shipped.limit) == (Verdict.NOT_MET, "24 hours (risk high)")


def test_a_limit_that_only_some_levels_have_of_their_own_is_told_where_any_level_may_hold(tmp_path: Path) -> None:
    text = CASE.partition("  - {ref: S2")[0].replace("risk: high, arrested: 2015-09-03T10:00", "arrested: 2015-09-30")
    found = reviewed(local("limits: {arrest-within-limit: {high: 12 hours}}", tmp_path), text).findings
    finding = next(one for one in found if one.label == "arrest-within-limit:S1")

    assert (finding.verdict, finding.limit) == (Verdict.NOT_MET, "7 days")
    assert finding.shipped is not None
    assert (finding.shipped.verdict, finding.shipped.limit) == (Verdict.NOT_MET, "24 hours (risk high)")


def with_two_clocks(tmp_path: Path) -> Checklist:
    """The shipped rulebook, with reviews in the rule on longer-term plans."""
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    rule = rules / "assessment-and-help" / "longer-term-plan.yaml"
    reviews = "schedule: {first_after: plan.agreed, events: plan.reviews, every: 3 months}\n"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace("deadline:\n", f"{reviews}deadline:\n", 1), encoding="utf-8")
    return load_checklist(rules)


def test_of_a_rule_with_two_clocks_one_limit_does_not_say_which_is_meant(tmp_path: Path) -> None:
    settings = settings_of(HEAD + "limits: {longer-term-plan: 3 days}", tmp_path)

    with pytest.raises(InputError, match="several limits: give one of limit, first, every"):
        choose(with_two_clocks(tmp_path), settings)


def test_of_a_rule_with_two_clocks_each_local_limit_is_told(tmp_path: Path) -> None:
    limits = "limits: {longer-term-plan: {limit: 40 days, first: 9 months, every: 9 months}}"
    checklist = choose(with_two_clocks(tmp_path), settings_of(HEAD + limits, tmp_path))
    plan = "plans: [{about: C1, agreed: 2015-10-05, reviews: []}]"
    text = f"case: X\nas_of: 2016-04-18\nreport: {{received: 2015-09-01}}\nchildren: [{{ref: C1, at_continuing_risk: yes}}]\n{plan}\n"

    finding = next(one for one in reviewed(checklist, text).findings if one.rule == "longer-term-plan")

    assert finding.verdict is not Verdict.NOT_MET
    assert finding.shipped is not None
    assert (finding.shipped.verdict, finding.shipped.limit) == (
        Verdict.NOT_MET,
        "30 days, first 3 months, every 3 months",
    )


def test_a_finding_that_the_local_limit_does_not_touch_says_nothing_of_it(tmp_path: Path) -> None:
    assert arrest(local("limits: {arrest-within-limit: {low: 5 days}}", tmp_path)).shipped is None
    assert arrest(SHIPPED).shipped is None


def test_a_reason_may_be_accepted_locally_even_one_that_no_shipped_rule_knows(tmp_path: Path) -> None:
    checklist = local("accept_reasons: {arrest-within-limit: [suspect in hospital]}", tmp_path)

    finding = arrest(checklist, "S2")
    assert finding.verdict is Verdict.EXCUSED
    assert finding.shipped is not None
    assert (finding.shipped.verdict, finding.shipped.limit, finding.shipped.reason) == (Verdict.NOT_MET, "", True)
    assert reviewed(checklist).problems == ()


def test_every_report_names_whose_standards_were_used_and_what_they_spared(tmp_path: Path) -> None:
    notices = reviewed(local("limits: {arrest-within-limit: {high: 3 days}}", tmp_path)).notices

    assert "settings of Anyshire: local standards for: arrest-within-limit (procedures 4.2)" in notices
    assert (
        "not met by the shipped rules, and passed only by local standards: arrest-within-limit:S1 (here met)" in notices
    )


def test_a_local_standard_for_a_rule_that_was_not_asked_is_named_as_not_used(tmp_path: Path) -> None:
    settings = settings_of("settings: 1\nowner: Anyshire\nlimits: {crime-recorded: 2 days}", tmp_path)

    notices = reviewed(choose(SHIPPED, settings, select=("arrest-within-limit",))).notices

    told = "settings of Anyshire: no local standard; not used, since their rules were not asked: crime-recorded (no procedure is named)"
    assert told in notices


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("limits: {arest-within-limit: 3 days}", "no such rule: 'arest-within-limit'"),
        ("limits: {arrest-within-limit: 3 days}", "this rule has several limits: give one of high, medium, low"),
        ("limits: {arrest-within-limit: {hgh: 3 days}}", "no limit for 'hgh': give one of high, medium, low"),
        ("limits: {arrest-within-limit: {}}", "no limit is given"),
        ("limits: {arrest-within-limit: {high: 3 days, middling: 4 days}}", "no limit for 'middling'"),
        ("limits: {crime-recorded: 3 dyas}", "crime-recorded: "),
        ("limits: {exhibit-not-lost: 3 days}", "this rule has no limit"),
        ("limits: {crime-recorded: {high: 3 days}}", "no limit for 'high'"),
        ("accept_reasons: {crime-recoded: [x]}", "no such rule: 'crime-recoded'"),
        ("accept_reasons: {good-practice-noted: [x]}", "asks nothing that a reason could excuse"),
        ("accept_reasons: {supervisor-review: [x]}", "asks nothing that a reason could excuse"),
    ],
)
def test_a_local_standard_that_fits_no_rule_is_a_problem(text: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        local(text, tmp_path)

    assert any(what in problem.what for problem in refused.value.problems), refused.value
    assert all(problem.file == NAME for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("settings: 1\nprofil: police", "no key 'profil'"),
        ("settings: 2", "a format that is not known"),
        ("owner: Anyshire", "'settings' is missing"),
        ("settings: 1\nlimits: {crime-recorded: 3 days}", "'owner' is missing"),
        ("settings: 1\nquote: yes", "no key 'quote'"),
        ("settings: 1\nguard: off", "no key 'guard'"),
        ("settings: 1\nprofiles: {ours: {include: [area:investigation]}}", "'says' is missing"),
        ("- settings", "must be a mapping"),
        ("settings: 1\nsettings: 1", "twice"),
        ("settings: 1\nowner: '  '\nlimits: {crime-recorded: 3 days}", "owner is empty"),
        ("settings: 1\nowner: x\naccept_reasons: {crime-recorded: ['']}", "a reason is empty"),
    ],
)
def test_settings_that_are_not_understood_are_refused_whole(text: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        settings_of(text, tmp_path)

    assert any(what in f"{problem.what}; {problem.hint}" for problem in refused.value.problems), refused.value


def test_settings_cannot_show_what_is_withheld_nor_open_the_door(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        settings_of("settings: 1\nquotes: yes\nallow_identifying: yes", tmp_path)

    assert ["cannot show what is withheld" in problem.hint for problem in refused.value.problems] == [True, True]


def test_a_local_limit_holds_whatever_the_standard_of_the_day(tmp_path: Path) -> None:
    own = "  - in_force: {to: 2015-08-31}\n  - {in_force: {from: 2015-09-01}, deadline.limit: 48 hours}\n"
    settings = settings_of(HEAD + "limits: {suspect-looked-for: 12 hours}", tmp_path)
    found = choose(versioned(tmp_path, own), settings).rule("suspect-looked-for")

    assert found is not None
    assert [str(limit) for version in found.versions for limit in version.blocks.limits()] == ["12 hours", "12 hours"]
    assert [version.first is None for version in found.versions] == [True, False]
    assert {version.limit_standing for version in found.versions} == {"local"}


def versioned(tmp_path: Path, versions: str) -> Checklist:
    """The shipped rulebook, with versions in the rule on suspects who are looked for."""
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    rule = rules / "initial-contact" / "suspect-looked-for.yaml"
    text = rule.read_text(encoding="utf-8")
    rule.write_text(
        text.replace("  limit: 24 hours\n", f"  limit: 24 hours\njudged_on: report.received\nversions:\n{versions}"),
        encoding="utf-8",
    )
    return load_checklist(rules)


def test_a_version_with_a_whole_clock_of_its_own_takes_no_local_limit(tmp_path: Path) -> None:
    own = "  - in_force: {to: 2015-08-31}\n  - {in_force: {from: 2015-09-01}, deadline: {event: suspect.location_attempted, after: report.received, limit: 2 days}}\n"

    with pytest.raises(InputError, match="a whole clock of their own"):
        choose(versioned(tmp_path, own), settings_of(HEAD + "limits: {suspect-looked-for: 12 hours}", tmp_path))


def test_a_local_limit_for_one_level_leaves_the_others_of_each_version_as_they_are(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    rule = rules / "investigation" / "arrest-within-limit.yaml"
    versions = (
        "judged_on: report.received\nversions:\n"
        "  - in_force: {to: 2015-08-31}\n    deadline.limit: {by: suspect.risk, high: 2 days, medium: 5 days, low: 9 days}\n"
        "  - in_force: {from: 2015-09-01, to: 2020-01-01}\n    deadline.limit.low: 8 days\n"
        "  - in_force: {from: 2020-01-02}\n"
    )
    text = rule.read_text(encoding="utf-8")
    rule.write_text(text.replace("accept_reasons:", f"{versions}accept_reasons:", 1), encoding="utf-8")
    found = choose(
        load_checklist(rules), settings_of(HEAD + "limits: {arrest-within-limit: {high: 12 hours}}", tmp_path)
    ).rule("arrest-within-limit")

    assert found is not None
    told = [[str(limit) for limit in version.blocks.limits()] for version in found.versions]
    assert told == [
        ["12 hours", "5 days", "9 days"],
        ["12 hours", "3 days", "8 days"],
        ["12 hours", "3 days", "7 days"],
    ]


def test_a_local_reason_holds_in_a_version_that_has_reasons_of_its_own(tmp_path: Path) -> None:
    own = "  - in_force: {to: 2015-08-31}\n  - {in_force: {from: 2015-09-01}, accept_reasons: [suspect died]}\n"
    text = HEAD + "accept_reasons: {suspect-looked-for: [a local reason]}"
    found = choose(versioned(tmp_path, own), settings_of(text, tmp_path)).rule("suspect-looked-for")

    assert found is not None
    assert [version.blocks.accept_reasons[-1] for version in found.versions] == ["a local reason", "a local reason"]


def test_a_schedule_takes_a_local_interval(tmp_path: Path) -> None:
    ids = [rule.id for rule in SHIPPED.rules if rule.versions[0].blocks.schedule is not None]
    assert ids
    found = local(f"limits: {{{ids[0]}: {{every: 5 days}}}}", tmp_path).rule(ids[0])

    assert found is not None
    schedule = found.versions[0].blocks.schedule
    assert schedule is not None
    assert str(schedule.every) == "5 days"


# Where settings are found.


def test_the_nearest_settings_above_the_working_directory_are_used(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / NAME).touch()

    assert find_upwards(NAME, inner, []) == (tmp_path / NAME, None)
    (tmp_path / "a" / NAME).touch()
    assert find_upwards(NAME, inner, []) == (tmp_path / "a" / NAME, None)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX links and pipes")
def test_settings_that_are_no_file_are_a_problem_and_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / NAME
    makers: list[Callable[[], None]] = [path.mkdir, partial(path.symlink_to, "nowhere"), partial(os.mkfifo, path)]
    for make in makers:
        make()
        assert find_upwards(NAME, tmp_path, []) == (path, None)
        with pytest.raises(InputError):
            read_settings(path)
        path.rmdir() if path.is_dir() else path.unlink()


def test_settings_inside_the_folder_under_review_are_passed_over(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / NAME).touch()

    assert find_upwards(NAME, cases, [cases]) == (None, cases / NAME)
    (tmp_path / NAME).touch()
    assert find_upwards(NAME, cases, [cases]) == (tmp_path / NAME, cases / NAME)
    (cases / "one.yaml").touch()
    assert find_upwards(NAME, cases, [cases / "one.yaml"]) == (cases / NAME, None)


# Choosing.


def ids(**choice: Any) -> set[str]:
    return {rule.id for rule in choose(SHIPPED, Settings(), **choice).rules}


def test_rules_are_chosen_by_id_area_tag_standing_severity_and_what_they_answer() -> None:
    assert ids(select=("arrest-within-limit",)) == {"arrest-within-limit"}
    assert ids(select=("area:initial contact",)) == {
        rule.id for rule in SHIPPED.rules if rule.area == "initial contact" and not rule.off
    }
    assert "coroner-told-accurately" in ids(select=("tag:child death",))
    assert "arrest-within-limit" in ids(select=("standing:statute",))
    assert "arrest-within-limit" in ids(select=("answers:delayed_arrest",))
    assert ids(select=("severity:critical",)) | ids(ignore=("severity:critical",)) == SWITCHED_ON


def test_a_rule_that_is_switched_off_is_asked_only_where_it_is_named() -> None:
    off = next(rule for rule in SHIPPED.rules if rule.off)

    assert off.id not in ids()
    assert off.id not in ids(select=(f"area:{off.area}",))
    assert off.id not in ids(profile="all")
    assert ids(select=(off.id,)) == {off.id}
    assert off.id in ids(profile="unverified") | ids(profile="local-procedures")
    assert any("shipped switched off and were not asked" in note for note in choose(SHIPPED, Settings()).notes)
    named = choose(SHIPPED, Settings(), select=(off.id,)).notes
    assert any(note.startswith(f"shipped switched off, and asked all the same: {off.id}") for note in named)


def test_a_profile_includes_extends_and_excludes(tmp_path: Path) -> None:
    text = "settings: 1\nprofiles:\n  ours: {says: ours, extends: [critical], include: [crime-recorded], exclude: [area:investigation]}\n  all-but-one: {says: x, exclude: [crime-recorded]}\n"
    settings = settings_of(text, tmp_path)

    ours = {rule.id for rule in choose(SHIPPED, settings, profile="ours").rules}
    critical = ids(profile="critical")
    investigation = {rule.id for rule in SHIPPED.rules if rule.area == "investigation"}
    assert ours == (critical | {"crime-recorded"}) - investigation
    assert len(choose(SHIPPED, settings, profile="all-but-one").rules) == len(SWITCHED_ON) - 1


def test_the_settings_choose_where_the_command_does_not(tmp_path: Path) -> None:
    settings = settings_of("settings: 1\nprofile: critical\nignore: [exhibit-not-lost]", tmp_path)

    assert {rule.id for rule in choose(SHIPPED, settings).rules} == ids(profile="critical") - {"exhibit-not-lost"}
    assert {rule.id for rule in choose(SHIPPED, settings, profile="statutory").rules} == ids(profile="statutory") - {
        "exhibit-not-lost"
    }


def test_what_was_not_asked_is_said_on_every_report() -> None:
    checklist = choose(SHIPPED, Settings(), profile="critical")

    left = len(SWITCHED_ON) - len(checklist.rules)
    said = f"profile critical: {len(checklist.rules)} of {len(SWITCHED_ON)} rules were asked; {left} rules were not, and nothing is said of them"
    assert said in reviewed(checklist).notices
    assert set(checklist.left_out) | {rule.id for rule in checklist.rules} == {rule.id for rule in SHIPPED.rules}


def test_a_judgement_on_a_rule_that_was_not_asked_is_no_problem() -> None:
    judged = (
        CASE.partition("  - {ref: S2")[0]
        + "judgements: [{rule: good-practice-noted, subject: case, answer: met, reason: x, by: reviewer@inspectorate, at: 2016-07-18}]\n"
    )

    assert reviewed(choose(SHIPPED, Settings(), select=("arrest-within-limit",)), judged).problems == ()
    assert reviewed(SHIPPED, judged).problems == ()


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"profile": "polise"}, "no such profile: 'polise'; did you mean 'police'?"),
        ({"select": ("area:nowhere",)}, "the selector 'area:nowhere' matches no rule"),
        ({"select": ("arest-within-limit",)}, "did you mean 'arrest-within-limit'?"),
        ({"ignore": ("tag:nothing",)}, "the selector 'tag:nothing' matches no rule"),
        ({"select": ("colour:red",)}, "no such selector: 'colour:red'"),
        ({"select": ("arrest-within-limit",), "ignore": ("arrest-within-limit",)}, "no rule is left"),
    ],
)
def test_a_choice_that_matches_nothing_is_a_problem(choice: dict[str, object], told: str) -> None:
    with pytest.raises(InputError) as refused:
        ids(**choice)

    assert told in str(refused.value)


def test_a_profile_of_the_settings_may_not_take_the_name_of_a_shipped_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is shipped already"):
        load_profiles(SHIPPED, settings_of("settings: 1\nprofiles: {police: {says: ours}}", tmp_path))


def test_profiles_that_extend_each_other_without_end_are_refused_at_once(tmp_path: Path) -> None:
    doubled = "".join(f"  p{n}: {{says: x, extends: [p{n + 1}, p{n + 1}]}}\n" for n in range(200))

    with pytest.raises(InputError, match="more than 8 deep"):
        choose(SHIPPED, settings_of(f"settings: 1\nprofiles:\n{doubled}", tmp_path), profile="p0")


def test_every_shipped_profile_chooses_some_rules_and_not_all() -> None:
    for name in load_profiles(SHIPPED):
        assert 0 < len(ids(profile=name)) < len(SHIPPED.rules)


# Locks.


def test_the_same_rules_settings_and_choice_agree_with_their_lock(tmp_path: Path) -> None:
    checklist = choose(SHIPPED, Settings(), profile="police")
    (tmp_path / LOCK).write_text(lock_of(checklist, Settings(), "1.0"), encoding="utf-8")

    assert check_lock(tmp_path / LOCK, checklist, Settings()) == ()


def test_whatever_differs_from_the_lock_is_named(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    (tmp_path / LOCK).write_text(lock_of(SHIPPED, Settings(), "1.0"), encoding="utf-8")
    changed = rules / "initial-contact" / "crime-recorded.yaml"
    changed.write_text(changed.read_text(encoding="utf-8").replace("24 hours", "25 hours"), encoding="utf-8")
    shutil.rmtree(rules / "profiles")

    other = choose(load_checklist(rules), Settings(), select=("crime-recorded",))
    told = [problem.what for problem in check_lock(tmp_path / LOCK, other, settings_of("settings: 1", tmp_path))]

    assert "rules/initial-contact/crime-recorded.yaml was changed" in told
    assert "rules/profiles/police.yaml is gone" in told
    assert {"the rulebook is another", "the settings are others", "other rules were chosen"} <= set(told)
    assert not any("vocabulary" in what for what in told)


def test_a_lock_that_is_no_lock_is_a_problem(tmp_path: Path) -> None:
    whole = lock_of(SHIPPED, Settings(), "1.0")

    for line in ("lock: 1", f"digest: {SHIPPED.digest}", "settings: none", f"rules: {len(SHIPPED.rules)}"):
        (tmp_path / LOCK).write_text(whole.replace(line, ""), encoding="utf-8")
        assert check_lock(tmp_path / LOCK, SHIPPED, Settings()), line
    (tmp_path / LOCK).write_text("lock: 1\n", encoding="utf-8")
    assert check_lock(tmp_path / LOCK, SHIPPED, Settings())


def test_a_rulebook_has_one_digest_wherever_it_stands(tmp_path: Path) -> None:
    installed = Path(shutil.copytree(ROOT / "rules", tmp_path / "rulebook"))

    assert load_checklist(installed).digest == SHIPPED.digest
