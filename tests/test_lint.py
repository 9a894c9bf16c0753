"""What `checklist lint` finds: a rule that never fires, two that say the same, a clause that changes nothing, a title that says another."""

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from checklist.lint import CHECKS, lint
from checklist.rulebooks import load_checklist, read_checklist
from checklist.rules import Checklist, read_rule
from checklist.source import parse_document
from tests.small import ROOT, RULE, calendars, checklist_of, rule_of, rule_problems, vocabulary

SHIPPED = load_checklist(ROOT / "rules", examples=True)
SOURCE = "source: [{standing: local, says: we say so, document: Ours}]"


def found(*bodies: str) -> list[str]:
    """The checks that some small rules fail; that they are all called alike, and their source has no link, is left aside."""
    aside = ("source-without-link", "title-not-said")
    return [problem.check for problem in lint(checklist_of(*bodies)).problems if problem.check not in aside]


def retitled(body: str, title: str) -> Checklist:
    checklist = checklist_of(body)
    return replace(checklist, rules=(replace(checklist.rules[0], title=title),))


def test_the_shipped_rulebook_has_no_problem() -> None:
    assert lint(SHIPPED) == type(lint(SHIPPED))(())


@pytest.mark.parametrize(
    "body",
    [
        "for_each: suspect\napplies_when: {suspect.risk: high}\nexpect: {suspect.risk: high, suspect.access: no}",
        "for_each: suspect\nexpect: {any_of: [{suspect.risk: high}, {suspect.risk: high}]}",
        "for_each: suspect\nexpect: {suspect.risk: {one_of: [high], is_not: low}}",
        "for_each: suspect\nlimit_standing: local\nexpect: {suspect.contacts: {at_least: 3}, all_of: [{suspect.contacts: {at_least: 2}}]}",
        "for_each: child\nexpect: {plan.agencies: {includes_all: [police, health]}, all_of: [{plan.agencies: {includes_any: [police]}}]}",
    ],
    ids=["asked already", "said twice", "the only other option", "a lower bound", "any of what all are asked"],
)
def test_a_clause_that_changes_nothing_is_named(body: str) -> None:
    assert "idle-clause" in found(body)


@pytest.mark.parametrize(
    "body",
    [
        "for_each: suspect\nexpect: {suspect.risk: high, suspect.access: no}",
        "for_each: suspect\nexpect: {suspect.risk: {recorded: yes}, all_of: [{suspect.risk: high}]}",
        "for_each: suspect\nexpect: {suspect.risk: {recorded: yes}}\napplies_when: {suspect.access: yes}",
    ],
    ids=["two facts", "absence decides one of them", "two blocks"],
)
def test_a_clause_that_changes_a_verdict_is_left_alone(body: str) -> None:
    assert found(body) == []


def test_where_there_are_too_many_ways_it_says_that_it_did_not_look() -> None:
    facts = ("access", "images", "armed", "released", "nearby", "employed")
    clauses = ", ".join(f"suspect.{fact}: yes" for fact in facts)

    linted = lint(checklist_of(f"for_each: suspect\nexpect: {{{clauses}, suspect.risk: high}}"))

    assert [note.what for note in linted.notes] == [
        "its clauses were not looked at: 16384 ways that its facts can be, above 4096"
    ]


def test_a_rule_of_many_clauses_is_looked_at_in_no_more_than_bounded_time() -> None:
    clauses = ", ".join(["{suspect.access: yes, suspect.images: no, suspect.risk: high}"] * 14)

    linted = lint(checklist_of(f"for_each: suspect\nexpect: {{any_of: [{clauses}]}}"))
    wide = lint(
        checklist_of(
            f"for_each: suspect\nexpect: {{any_of: [{clauses}], suspect.armed: yes, suspect.nearby: yes, suspect.employed: no}}"
        )
    )

    assert linted.notes == ()
    assert any(problem.check == "idle-clause" for problem in linted.problems)
    assert [note.what for note in wide.notes] == [
        "its clauses were not looked at: they are too many for 4096 ways that its facts can be"
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("for_each: suspect\nexpect: {suspect.access: no}", "for_each: suspect\nexpect: {not: {suspect.access: yes}}", True),
        ("for_each: suspect\nexpect: {suspect.risk: high}", "for_each: suspect\nexpect: {suspect.risk: {is_not: low}}", True),
        ("for_each: suspect\nexpect: {suspect.risk: high}", "for_each: suspect\nexpect: {suspect.risk: low}", False),
        ("for_each: suspect\nexpect: {suspect.risk: high}", "for_each: suspect\nif_not_recorded: not met\nexpect: {suspect.risk: high}", False),
        ("for_each: child\nexpect: {plan.owner: police}", "expect: {plan.owner: police}", False),
    ],
)  # fmt: skip
def test_two_rules_that_always_say_the_same_are_one_too_many(one: str, other: str, same: bool) -> None:
    assert ("same-verdict" in found(one, other)) is same


DEADLINE = "for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: report.received, limit: LIMIT}"


@pytest.mark.parametrize(
    ("title", "limit", "told"),
    [
        ("Each suspect is arrested within 24 hours", "24 hours", ""),
        ("Each suspect is arrested within two days", "24 hours", "the title says 2 days"),
        ("Each suspect is arrested within 2 weeks", "14 days", ""),
        ("Each suspect is arrested within three working days", "3 days", "the title says 3 working days"),
        ("Each child is arrested", "3 days", "the title speaks of each child"),
        ("A plan is agreed", "3 days", "the title shares no word with the rule"),
        ("Arrests come soon", "3 days", ""),
    ],
)
def test_a_title_says_what_the_rule_says(title: str, limit: str, told: str) -> None:
    problems = [
        problem.what
        for problem in lint(retitled(DEADLINE.replace("LIMIT", limit), title)).problems
        if problem.check == "title-not-said"
    ]

    assert problems == ([told] if told else [])


VERSIONS = (
    DEADLINE.replace("LIMIT", "10 days")
    + "\njudged_on: report.received\nversions:\n  - in_force: {to: 2015-08-31}\n  - {in_force: {from: 2015-09-01, to: 2016-03-31}, deadline.limit: 5 days}"
)


def test_a_last_version_that_ends_is_named() -> None:
    ended, running = (lint(checklist_of(text)) for text in (VERSIONS, VERSIONS.replace(", to: 2016-03-31", "")))

    assert [(note.check, note.what) for note in ended.notes] == [
        ("standard-ended", "no standard is recorded after 2016-03-31")
    ]
    assert running.notes == ()
    assert not any(problem.check == "standard-ended" for problem in ended.problems)


def test_a_number_may_only_have_the_standing_of_a_source() -> None:
    assert "standing-not-of-a-source" in found(DEADLINE.replace("local", "statute").replace("LIMIT", "10 days"))
    assert found(DEADLINE.replace("LIMIT", "10 days")) == []


def test_a_source_is_linked_or_says_why_not() -> None:
    checklist = retitled("for_each: suspect\nexpect: {suspect.access: no}", "Access is denied")
    said = rule_of("for_each: suspect\nexpect: {suspect.access: no}\n").sources[0]
    linked, unlinked = replace(said, url="https://example.org"), replace(said, no_link="it is on paper")

    assert [problem.check for problem in lint(checklist).problems] == ["source-without-link"]
    for source in (linked, unlinked):
        version = replace(checklist.rules[0].versions[0], sources=(source,))
        assert lint(replace(checklist, rules=(replace(checklist.rules[0], versions=(version,)),))).problems == ()


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ("for_each: suspect\napplies_when: {suspect.risk: high, all_of: [{suspect.risk: low}]}\nexpect: {suspect.access: no}", "never-applies"),
        ("for_each: suspect\nexpect: {any_of: [{suspect.access: yes}, {suspect.access: no}]}", "always-holds"),
        ("for_each: suspect\nexpect: {suspect.access: yes, all_of: [{suspect.access: no}]}", "never-holds"),
        ("for_each: suspect\napplies_when: {suspect.access: yes}\nexpect: {suspect.access: no, suspect.images: no}", "never-holds"),
        (DEADLINE.replace("limit_standing: local\n", "").replace("LIMIT", "2 days"), "number-without-standing"),
        (DEADLINE.replace("suspect.arrested", "suspect.arested").replace("LIMIT", "2 days"), "unknown-fact"),
        (DEADLINE.replace("suspect.arrested", "suspect.risk").replace("LIMIT", "2 days"), "not-dated"),
        (DEADLINE.replace("LIMIT", "{by: suspect.risk, high: 2 days}"), "table-lacks-a-level"),
        (DEADLINE.replace("LIMIT", "2 days") + "\naccept_reasons: [nothing]", "unknown-reason"),
        (DEADLINE.replace("LIMIT", "2 working days") + "\ncalendar: mars", "no-calendar"),
        (VERSIONS.replace("2015-09-01", "2015-09-03"), "version-gap"),
        (VERSIONS.replace("from: 2015-09-01", "from: 2015-08-03"), "versions-overlap"),
        (VERSIONS.replace("to: 2016-03-31", "to: 2015-03-31"), "versions-overlap"),
        (VERSIONS.replace("to: 2015-08-31", "to: 1990-08-31").replace("from: 2015-09-01", "from: 1990-09-01").replace("10 days", "10 working days"), "calendar-too-short"),
        ("for_each: suspekt\nexpect: {case.closed: yes}", "unknown-kind"),
        ("for_each: suspect\nexpect: {suspect.risk: hgh}", "unknown-value"),
        ("for_each: suspect\nexpect: {suspect.risk: {at_least: 2}}", "wrong-test"),
        ("expect: {suspect.risk: high}", "not-of-the-subject"),
        ("expect: {case.closed: {recorded: no}}", "passes-when-absent"),
        ("for_each: suspect\nexpect: {all_of: [{any_of: [{all_of: [{suspect.risk: high}]}]}]}", "too-much-work"),
        ("for_each: suspect\nexpect: {every: {of: exhibit, satisfies: {some: {of: contact, satisfies: {contact.alone: yes}}}}}", "too-much-work"),
        (f"for_each: suspect\nexpect: {{any_of: [{', '.join(['{suspect.access: yes}'] * 65)}]}}", "too-much-work"),
    ],
)  # fmt: skip
def test_what_does_not_load_is_a_problem_with_the_id_of_its_check(body: str, check: str) -> None:
    assert rule_problems(body)
    _, problems = read_rule(
        parse_document(RULE.format(body=body).encode(), name="small.yaml"), vocabulary(), calendars()
    )

    assert check in {problem.check for problem in problems}


def test_every_check_that_the_program_names_is_listed_and_every_listed_one_is_named() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "checklist").rglob("*.py")))
    listed = [check.id for check in CHECKS]
    rest = code.replace(code[code.index("CHECKS: tuple") : code.index("class Linted")], "")

    assert set(re.findall(r'check="([a-z-]+)"', code)) <= set(listed)
    assert [check for check in listed if f'"{check}"' not in rest] == []
    assert len(set(listed)) == len(listed)


def rulebook(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))


def test_one_bad_rule_never_hides_another_s_problem(tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    first, second = rules / "investigation" / "exhibit-not-lost.yaml", rules / "initial-contact" / "crime-recorded.yaml"
    first.write_text(
        first.read_text(encoding="utf-8").replace("severity: serious", "severity: grave"), encoding="utf-8"
    )
    second.write_text(second.read_text(encoding="utf-8").replace("title: A crime", "title: Nothing"), encoding="utf-8")

    checklist, problems = read_checklist(rules)

    assert checklist is not None
    assert len(checklist.rules) == len(SHIPPED.rules) - 1
    assert [problem.file for problem in problems] == ["rules/investigation/exhibit-not-lost.yaml"]


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("police", "profile: police\nsays: x\ninclude: [area:nowhere]", "matches no rule"),
        ("police", "profile: police\nsays: x\nextends: [polise]", "no such profile: 'polise'"),
        ("police", "profile: police\nsays: x\nextends: [police]", "extends itself"),
        ("police", "profile: polise\nsays: x", "stands in a file of another name"),
        ("police", "profile: police\nsays: x\nexlude: []", "has no key 'exlude'"),
    ],
)
def test_a_profile_that_chooses_nothing_is_a_problem(name: str, text: str, what: str, tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    (rules / "profiles" / f"{name}.yaml").write_text(text, encoding="utf-8")

    assert any(what in problem.what for problem in lint(load_checklist(rules)).problems)


def test_nothing_is_read_through_a_link(tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    outside = tmp_path / "secret.yaml"
    outside.write_text("rule: secret", encoding="utf-8")
    for name in ("investigation/secret.yaml", "investigation/exhibit-not-lost.examples.yaml", "profiles/police.yaml"):
        (rules / name).unlink(missing_ok=True)
        (rules / name).symlink_to(outside)
    (rules / "loop").symlink_to("loop")
    (rules / "area").symlink_to(rules / "investigation")

    checklist, problems = read_checklist(rules, examples=True)

    assert {problem.check for problem in problems} == {"leads-out"}
    assert len(problems) == 5
    assert checklist is not None
    assert len(checklist.rules) == len(SHIPPED.rules)
    assert not any("secret" in name or "area/" in name for name, _ in checklist.files)


def test_the_vocabulary_is_no_link_either(tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    (rules / "vocabulary.yaml").rename(tmp_path / "elsewhere.yaml")
    (rules / "vocabulary.yaml").symlink_to(tmp_path / "elsewhere.yaml")

    assert [problem.check for problem in read_checklist(rules)[1]] == ["leads-out"]


def test_a_bad_calendar_and_a_folder_called_as_a_file_hide_nothing_else(tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    for name in ("calendars/a.yaml", "calendars/b.yaml", "investigation/zz.yaml"):
        (rules / name).write_text("nothing: x", encoding="utf-8")
    (rules / "investigation" / "x.yaml").mkdir()

    _, problems = read_checklist(rules)

    files = {
        "rules/calendars/a.yaml",
        "rules/calendars/b.yaml",
        "rules/investigation/x.yaml",
        "rules/investigation/zz.yaml",
    }
    assert {problem.file for problem in problems} == files


@pytest.mark.parametrize("name", ["stray.yaml", "investigation/stray.yml", "investigation/deep/stray.yaml"])
def test_a_file_that_nobody_reads_is_a_problem(name: str, tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    (rules / name).parent.mkdir(exist_ok=True)
    (rules / name).write_text("rule: stray", encoding="utf-8")

    _, problems = read_checklist(rules)

    assert [(problem.file, problem.what, problem.check) for problem in problems] == [
        (f"rules/{name}", "a file that nobody reads", "place")
    ]


def test_a_pack_moves_no_limit_by_a_calendar_or_a_profile_of_a_shipped_name(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(ROOT / "rules" / "calendars", pack / "calendars")
    shutil.copytree(ROOT / "rules" / "profiles", pack / "profiles")

    checklist, problems = read_checklist(ROOT / "rules", pack)

    assert "a calendar of this name is there already" in [problem.what for problem in problems]
    assert checklist is not None
    assert "a profile of this name is there already" in [problem.what for problem in lint(checklist).problems]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("for_each: suspect\nlimit_standing: local\nexpect: {suspect.access: no}\ndeadline: {event: {first_of: []}, after: report.received, limit: 1 day}", "first_of names nothing"),
        ("for_each: suspect\nlimit_standing: local\ndeadline: {event: suspect.arrested, after: {last_of: []}, limit: 1 day}", "last_of names nothing"),
        (f"for_each: suspect\nlimit_standing: local\ndeadline: {{event: {{first_of: [{', '.join(['suspect.arrested'] * 17)}]}}, after: report.received, limit: 1 day}}", "first_of names 17 facts"),
        ("for_each: suspect\nexpect: {suspect.arrested: {before: suspect.risk}}", "suspect.risk is no date"),
        ("for_each: suspect\nexpect: {exhibit.status: held, some: {of: exhibit, satisfies: {exhibit.status: held}}}", "exhibit.status is neither of the subject"),
        ("for_each: suspect\nexpect: {suspect.arrested: {before: contact.seen}}", "contact.seen is neither of the subject"),
        ("for_each: suspect\njudged_on: contact.seen\nversions: [{in_force: {from: 2015-01-01}}]\nexpect: {suspect.access: no}", "contact.seen is neither of the subject"),
        (f"for_each: suspect\nlimit_standing: local\nexpect: {{suspect.contacts: {{at_least: {'9' * 5000}}}}}", "expected a whole number"),
        ("for_each: suspect\njudged_on: report.received\nversions: [{in_force: {from: 9999-12-31}}]\nexpect: {suspect.access: no}", "from must be a day"),
    ],
)  # fmt: skip
def test_what_would_drop_a_clause_or_read_another_thing_is_refused(body: str, what: str) -> None:
    assert any(what in problem for problem in rule_problems(body)), rule_problems(body)


def test_a_rule_has_no_more_than_so_many_versions() -> None:
    days = [date(2000, 1, 1) + timedelta(days=number) for number in range(34)]
    versions = "".join(f"  - in_force: {{from: {first}, to: {first}}}\n" for first in days)

    body = f"for_each: suspect\nexpect: {{suspect.access: no}}\njudged_on: report.received\nversions:\n{versions}"
    assert "the rule has 34 versions, above 32" in rule_problems(body)


def test_a_rulebook_is_no_larger_than_can_be_read(tmp_path: Path) -> None:
    rules = rulebook(tmp_path)
    with (rules / "initial-contact" / "huge.yaml").open("wb") as file:
        file.truncate(3 << 30)

    _, problems = read_checklist(rules)

    assert problems[0].what == "the rulebook is larger than 16 MiB"


@pytest.mark.parametrize("name", ["Capital", "two words", "a/b", "../x", "x" * 81])
def test_a_rule_is_called_by_a_word_that_any_file_can_bear(name: str) -> None:
    text = RULE.format(body="expect: {case.closed: yes}").replace("rule: small", f'rule: "{name}"')

    _, problems = read_rule(parse_document(text.encode(), name="small.yaml"), vocabulary(), calendars())

    assert any("a rule is called by small letters" in problem.what for problem in problems)


def test_an_example_that_expects_nothing_is_refused() -> None:
    text = (
        RULE.format(body="expect: {case.closed: yes}")
        + "  - {name: empty, case: {as_of: 2016-01-01}, expect: {}, because: x}\n"
    )

    _, problems = read_rule(parse_document(text.encode(), name="small.yaml"), vocabulary(), calendars())

    assert "the example expects nothing" in [problem.what for problem in problems]
