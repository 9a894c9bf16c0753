"""The words of the field, checked before any rule or case may use them."""

from pathlib import Path

import pytest

from checklist.source import InputError, parse_document, read_document
from checklist.vocabulary import FactKind, load_vocabulary
from tests.small import ROOT, VOCABULARY, marked, vocabulary

BAD = ROOT / "tests" / "bad" / "vocabulary"


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
