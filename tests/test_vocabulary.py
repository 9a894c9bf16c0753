"""The words of the field, checked before any rule or case may use them."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checklist.rulebooks import load_checklist
from checklist.rules import Rule
from checklist.settings import Settings, choose, load_profiles
from checklist.source import InputError, parse_document, read_document
from checklist.vocabulary import FactKind, load_vocabulary
from tests.small import ROOT, VOCABULARY, marked, vocabulary

BAD = ROOT / "tests" / "bad" / "vocabulary"
SHIPPED = load_checklist(ROOT / "rules")
RULES = SHIPPED.rules


def refused(text: str) -> str:
    with pytest.raises(InputError) as error:
        load_vocabulary(parse_document(text.encode(), name="vocabulary.yaml"))
    return "\n".join(str(problem) for problem in error.value.problems)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("vocabulary: 1", "vocabulry: 1"), "has no key 'vocabulry'"),
        (("area: second\n    says: a suspect", "area: third\n    says: a suspect"), "'area' cannot be 'third'"),
        (("    says: a suspect\n", ""), "'says' is missing"),
        (("    plural: suspects\n", ""), "'plural' is missing"),
        (("{kind: text,", "{kind: words,"), "'kind' cannot be 'words'"),
        (("options: [held, lost], ", ""), "options belong to a choice"),
        (("asks: What job?, ", ""), "'asks' is missing"),
        (("job: {kind: text, asks: What job?, look_in: log}", "job: a text"), "suspect.job must be a mapping"),
        (("job:", "note:"), "is a key of every item"),
        (("not_before: [report.received]", "not_before: [report.recieved]"), "names the unknown fact"),
        (("dated_by: agreed", "dated_by: agred"), "is dated by the unknown fact"),
        (("about: [child]", "about: [chid]"), "is about the unknown kind"),
        (("to: [suspect]", "to: [suspct]"), "refers to the unknown kind"),
        (("{kind: reference, to: [suspect]", "{kind: reference"), "a reference needs `to:`"),
        (("may_be_future: yes", "may_be_future: true"), "'may_be_future' cannot be 'true'"),
        (("reasons:", "topics: {first: [a]}\nreasons:"), "no topic for the area 'second'"),
        (("reasons:", "topics: {third: [a], first: [a], second: [a]}\nreasons:"), "topics has no key 'third'"),
        (("reasons:", "topics: [a]\nreasons:"), "topics must be a mapping"),
        (("reasons:", "failings: {late: {says: it was late, cases: many}}\nreasons:"), "cases must be a whole number"),
        (("reasons:", "failings: [late]\nreasons:"), "failings must be a mapping"),
        (("reasons:", "failings: {late: often}\nreasons:"), "late must be a mapping"),
        (("  case:\n    says: the whole case", "  cases:\n    says: the whole case"), "the kind `case` is missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_word_that_makes_no_sense_is_refused(change: tuple[str, str], what: str) -> None:
    assert change[0] in VOCABULARY

    assert what in refused(VOCABULARY.replace(*change, 1))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- a", "must be a mapping"),
        ("", "empty"),
        ("vocabulary: 1\nkinds: []", "kinds must be a mapping"),
        ("kinds: {case: x}", "kind case must be a mapping"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_refused(text: str, what: str) -> None:
    assert what in refused(text)


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_file_has_the_problems_that_are_marked_in_it_and_no_others(path: Path) -> None:
    with pytest.raises(InputError) as error:
        load_vocabulary(read_document(path))

    told = [(problem.line, problem.what + problem.hint) for problem in error.value.problems]
    expected = marked(path)
    assert [line for line, _ in told] == [line for line, _ in expected]
    assert [said for (_, said), (_, words) in zip(told, expected, strict=True) if words not in said] == []


def test_a_kind_is_found_by_its_singular_and_its_plural() -> None:
    words = vocabulary()

    assert words.kind_written("suspect") is words.kind_written("suspects") is words.kinds["suspect"]
    assert words.kind_written("case") is None
    assert {"case", "as_of", "day_0", "suspect", "suspects", "concerns"} <= set(words.top_level_words())


@pytest.mark.parametrize(
    ("name", "kind", "asks"),
    [
        ("suspect.arrested.known", FactKind.DATE, "What was the day the arrest was first known?"),
        ("suspect.arrested.written_down", FactKind.DATE, "What was the day the arrest was written down?"),
        ("suspect.arrested.decided_at", FactKind.DATE, "What was the day the arrest was decided against?"),
        ("suspect.arrested.source", FactKind.TEXT, "The source: the arrest?"),
        ("suspect.arrested.reason", FactKind.TEXT, "The reason: the arrest?"),
        ("suspect.arrested.decided_by", FactKind.TEXT, "Who decided: the arrest?"),
        ("suspect.arrested.note", FactKind.TEXT, "A note: the arrest?"),
        ("suspect.arrested.rationale", FactKind.CHOICE, "Why?"),
    ],
)
def test_a_part_asks_after_its_fact_and_lies_where_it_does(name: str, kind: FactKind, asks: str) -> None:
    part = vocabulary().fact(name)

    assert part is not None
    assert (part.name, part.kind, part.asks, part.area) == (name, kind, asks, "second")


def test_every_fact_has_the_parts_that_every_fact_has() -> None:
    words = vocabulary()

    known, by = words.fact("suspect.access.known"), words.fact("suspect.arrested.by")
    assert known is not None
    assert (known.kind, known.named) == (FactKind.DATE, "the day it was first known that the suspect had access")
    assert by is not None
    assert by.is_free_text
    assert words.fact("suspect.arrested.rationale") is not None
    assert words.fact("suspect.arrested.nothing") is None
    assert words.fact("nobody.arrested") is None
    assert "suspect.arrested.rationale" in set(words.names())
    assert words.suggest("suspect.arested") == "did you mean 'suspect.arrested'?"


def test_the_shipped_words_ask_in_plain_words_and_say_where_to_look() -> None:
    shipped = load_vocabulary(read_document(ROOT / "rules" / "vocabulary.yaml"))

    for kind in shipped.kinds.values():
        for fact in kind.facts.values():
            assert fact.asks.endswith("?"), fact.name
            assert fact.look_in, fact.name
    people = [kind for kind in shipped.kinds.values() if kind.name in ("child", "suspect", "associate")]
    assert not any(kind.singleton for kind in people)


def test_a_fact_has_no_more_options_than_somebody_can_choose_from() -> None:
    many = ", ".join(f"o{number}" for number in range(201))
    text = VOCABULARY.replace("options: [held, lost]", f"options: [{many}]")

    with pytest.raises(InputError, match="has 201 options, above 200"):
        load_vocabulary(parse_document(text.encode(), name="vocabulary.yaml"))


# The shipped rulebook, whole.


def test_every_fact_is_asked_by_some_rule() -> None:
    asked = {path.fact.name for rule in RULES for path in rule.paths()}
    asked |= {name.rpartition(".")[0] for name in asked if name.count(".") == 2}
    facts = {fact.name for kind in SHIPPED.vocabulary.kinds.values() for fact in kind.facts.values()}
    parts = {
        part.name
        for kind in SHIPPED.vocabulary.kinds.values()
        for fact in kind.facts.values()
        for part in fact.parts.values()
    }

    # The engine reads this one for its banner; `longer-term-plan` asks it too.
    assert (facts | parts) - asked == set()


def test_every_kind_of_thing_holds_a_fact_that_a_rule_asks() -> None:
    asked = {path.kind for rule in RULES for path in rule.paths()} | {rule.for_each for rule in RULES}

    assert set(SHIPPED.vocabulary.kinds) - asked == set()


def test_every_failing_that_inspectors_found_is_asked_by_a_rule_or_says_why_it_cannot_be() -> None:
    for code, failing in SHIPPED.vocabulary.failings.items():
        answering = [rule.id for rule in RULES if code in rule.answers and not rule.off]

        assert bool(answering) is not bool(failing.not_asked), code


def test_every_area_comes_under_a_topic_of_the_later_criteria_and_has_rules() -> None:
    for area in SHIPPED.vocabulary.areas:
        assert SHIPPED.vocabulary.topics[area], area
        assert any(rule.area == area for rule in RULES if not rule.off), area


def test_every_theme_has_rules() -> None:
    tagged = {tag for rule in RULES if not rule.off for tag in rule.tags}

    assert set(SHIPPED.vocabulary.themes) - tagged == set()


def test_there_are_rules_enough_to_audit_with() -> None:
    assert sum(not rule.off for rule in RULES) >= 90


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_one_page_that_says_who_asks_and_how_sure_we_are(rule: Rule) -> None:
    lines = (ROOT / "rules" / rule.file.partition("/")[2]).read_text(encoding="utf-8").splitlines()

    assert rule.answers or rule.severity in ("minor", "note") or rule.area == "police detention", (
        "nobody found it wanting"
    )
    assert all(source.url or source.no_link for source in rule.sources)
    assert len(lines) <= 200
    assert rule.off or any(source.certainty != "unverified" for source in rule.sources)


def test_what_is_switched_off_stands_in_a_profile_of_its_own_and_in_no_other() -> None:
    profiles = load_profiles(SHIPPED)
    off = {rule.id for rule in RULES if rule.off}
    held = [set(profiles[name].include) for name in ("unverified", "local-procedures")]

    assert set.union(*held) == off
    assert sum(len(one) for one in held) == len(off)
    for name in profiles.keys() - {"unverified", "local-procedures"}:
        assert not off & {rule.id for rule in choose(SHIPPED, Settings(), profile=name).rules}, name


STANDARDS = ROOT.parent / "shared" / "standards.yaml"


@cache
def standards() -> dict[str, dict[str, Any]]:
    told = yaml.safe_load(STANDARDS.read_text(encoding="utf-8"))["standards"]
    return {one["id"]: one for one in told}


@pytest.mark.skipif(not STANDARDS.is_file(), reason="the standards are not beside this repository")
def test_every_number_that_a_source_states_is_asked_or_the_reason_is_written_down() -> None:
    cited = {source.standard for rule in RULES for source in rule.sources}
    told = (ROOT / "docs" / "not-asked.md").read_text(encoding="utf-8")

    numbered = [name for name, one in standards().items() if one["limit"].get("value") is not None]
    assert len(numbered) > 60
    assert [name for name in numbered if name not in cited and f"| {name} |" not in told] == []


@pytest.mark.skipif(not STANDARDS.is_file(), reason="the standards are not beside this repository")
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_as_sure_of_a_standard_as_those_who_looked_it_up(rule: Rule) -> None:
    for source in rule.sources:
        if source.standard:
            assert source.standard in standards()
            assert source.certainty == standards()[source.standard]["confidence"], source.standard
