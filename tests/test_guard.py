"""What the guard at the door stops, what it lets through, and that it never says what it found."""

import gc
import pickle
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import EntryPoint
from itertools import pairwise
from json import dumps
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from checklist.privacy import (
    FILE_NAME,
    OURS,
    Detector,
    Excuse,
    Guard,
    Guarded,
    Level,
    load_detectors,
    read_excuses,
)
from checklist.privacy.checks import is_iban, is_luhn, is_nhs_number
from checklist.privacy.identifiers import by_shape, is_harmless
from checklist.privacy.plain import Page, plain
from checklist.privacy.words import given_names, is_english, trade_words, words_in
from checklist.schema import Reading
from checklist.source import Document, InputError, parse_document, read_document
from checklist.vocabulary import Vocabulary, load_vocabulary

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
ERRORS = (Level.IDENTIFIER, Level.NAME)


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(read_document(ROOT / "rules" / "vocabulary.yaml"))


@cache
def the_guard() -> Guard:
    return Guard(vocabulary())


def a_case(extra: str = "", *, note: str = "seen at home", name: str = "case-0001.yaml") -> Document:
    text = f"case: EX-1\nas_of: 2016-07-18\nreport:\n  received: 2015-09-01\n  note: {dumps(note)}\n{extra}"
    return parse_document(text.encode(), name=name)


def checked(extra: str = "", *, note: str = "seen at home", name: str = "case-0001.yaml") -> Guarded:
    return the_guard().check(a_case(extra, note=note, name=name))


def levels(text: str) -> set[Level]:
    return {detector.level for _, _, detector in the_guard().find(text)}


def found(text: str) -> list[str]:
    return [detector.name for _, _, detector in the_guard().find(text)]


# How well: the labelled snippets and the published facts.


def shared(name: str) -> Any:
    if not (SHARED / name).is_file():
        pytest.skip(f"{name} is handed out beside the repository, and is not here")
    return yaml.safe_load((SHARED / name).read_text(encoding="utf-8"))


@cache
def told_of(text: str) -> Guarded:
    return checked(note=text)


def test_the_labelled_snippets_are_told_apart_as_well_as_was_promised() -> None:
    snippets = shared("data/privacy-snippets.yaml")["snippets"]
    flagged = [
        (
            snippet["label"] == "identifying",
            bool(told_of(snippet["text"]).errors),
            bool(told_of(snippet["text"]).suspicions),
        )
        for snippet in snippets
    ]
    identifying = sum(truly for truly, _, _ in flagged)

    def recall_and_precision(which: int) -> tuple[float, float]:
        right = sum(one[0] and one[which] for one in flagged)
        return right / identifying, right / max(1, sum(one[which] for one in flagged))

    recall, precision = recall_and_precision(1)
    assert recall >= 0.95
    assert precision >= 0.99
    recall, precision = recall_and_precision(2)
    assert recall >= 0.98
    assert precision >= 0.95


def test_what_inspectors_published_in_their_own_words_raises_next_to_no_alarm() -> None:
    facts = [fact for case in shared("published-cases.yaml") for fact in case["facts"]]

    assert len(facts) > 250
    assert sum(bool(told_of(fact).errors) for fact in facts) <= len(facts) * 0.005
    assert sum(bool(told_of(fact).suspicions) for fact in facts) <= len(facts) * 0.03


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_no_example_of_ours_is_refused(path: Path) -> None:
    assert the_guard().check(read_document(path, name=f"examples/{path.name}")).errors == ()


@cache
def of_published_cases() -> Guard:
    """A guard that excuses what the head of a published case cites: its source is the point of it."""
    cited = ("url", "organisation", "full-name", "kin-name", "given-name", "reference", "long-number")
    why = "the source of a published case"
    excuses = [Excuse(name, "tests/published/*.yaml", str(line), why) for name in cited for line in range(1, 5)]
    for case in ("nspcc-2018-charlie-and-sam", "nspcc-2019-katie"):
        file = f"tests/published/{case}.yaml"
        excuses += [Excuse("given-name", file, at, "names that the publisher invented") for at in ("case", FILE_NAME)]
    return Guard(vocabulary(), excuses=excuses)


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "published").glob("*.yaml")), ids=lambda path: path.stem)
def test_no_published_case_is_refused_for_anything_but_the_source_that_it_cites(path: Path) -> None:
    name = f"tests/published/{path.name}"

    assert of_published_cases().check(read_document(path, name=name)).errors == ()


def test_no_example_of_a_rule_is_refused() -> None:
    paths = sorted((ROOT / "rules").glob("*/*.examples.yaml"))

    assert paths
    for path in paths:
        # An example has a `name`, which no case may have: only the text is looked at.
        document = replace(read_document(path, name=f"rules/{path.name}"), root=None)
        assert the_guard().check(document).errors == ()


# Numbers of registers.


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (is_nhs_number, "9990123454", "9990123455"),
        (is_nhs_number, "9434765919", "9434765918"),
        (is_nhs_number, "9990123454", "999012345"),
        (is_nhs_number, "9434765870", "0000000000"),
        (is_luhn, "4111111111111111", "4111111111111112"),
        (is_luhn, "49927398716", "49927398717"),
        (is_iban, "GB33BUKB20201555555555", "GB34BUKB20201555555555"),
        (is_iban, "gb82WEST12345698765432", "GB82WEST12345698765433"),
        (is_iban, "DE89370400440532013000", "DE89"),
    ],
)
def test_a_check_digit_tells_a_number_of_a_register_from_any_other(check: Any, right: str, wrong: str) -> None:
    assert check(right)
    assert not check(wrong)


@pytest.mark.parametrize(
    ("text", "detector"),
    [
        ("NHS 999 012 3454", "nhs-number"),
        ("9990123454", "nhs-number"),
        ("9 9 9 0 1 2 3 4 5 4", "nhs-number"),
        ("the number 9990123455", "long-number"),
        ("NHS number 9990123455", "nhs-number"),
        ("card 4111 1111 1111 1111", "card"),
        ("paid by 4111111111111111", "card"),
        ("from GB33BUKB20201555555555", "iban"),
        ("GB33 BUKB 2020 1555 5555 55", "iban"),
        ("S1 NI number QQ 12 34 56 C", "national-insurance"),
        ("qq123456c", "national-insurance"),
        ("mobile 07700 900123", "phone"),
        ("07700.900.123", "phone"),
        ("+44 7700 900 456", "phone"),
        ("(01632) 960 123", "phone"),
        ("7700900123", "phone"),
        ("0044 7700 900123", "phone"),
        ("447700900123", "phone"),
        ("2 07700 900123", "phone"),
        ("4111 111111 11116", "card"),
        ("0 7 7 0 0 9 0 0 1 2 3", "long-number"),
        ("Address DN77 4BT", "postcode"),
        ("dn774bt", "postcode"),
        ("lives at C1 2nd", "postcode"),
        ("reg P456 XYZ", "registration"),
        ("AB12 CDE", "registration"),
        ("car with plates XYB 12C", "registration"),
        ("passport 925665416", "passport"),
        ("THORN 057049 KA9AB", "driving-licence"),
        ("sort code 20-00-00", "bank"),
        ("account 55779911", "bank"),
        ("bank 557 7991", "bank"),
        ("IMEI 490154203237518", "device"),
        ("00:1B:44:11:3A:B7", "device"),
        ("00-1B-44-11-3A-B7", "device"),
        ("192.0.2.44 resolved", "ip-address"),
        ("2001:db8::8a2e:370:7334", "ip-address"),
        ("54.1034, -2.1187", "coordinates"),
        ("54°10' N", "coordinates"),
        ("grid ref SE 123 456", "coordinates"),
        ("///filled.count.soap", "what3words"),
        ("what3words is filled.count.soap", "what3words"),
        ("Crime ref 13/45821/24", "reference"),
        ("INC-20240312-0457", "reference"),
        ("CB/1234/24", "reference"),
        ("ZW24C00123", "reference"),
        ("log number 4571", "reference"),
        ("PC 4321 attended", "collar-number"),
        ("collar number 432", "collar-number"),
    ],
)
def test_a_number_that_belongs_to_one_person_or_thing_is_an_error(text: str, detector: str) -> None:
    assert found(text) == [detector]
    assert checked(note=text).errors
    assert checked(f"# {text}\n").errors


@pytest.mark.parametrize(
    ("text", "detector"),
    [
        ("kayl@example.com", "email"),
        ("one [at] two [dot] org", "email"),
        ("someone at example dot com", "email"),
        ("Snapchat is @kx_07", "handle"),
        ("their tag: Lad#4471", "handle"),
        ("TikTok user kx.xo", "handle"),
        ("https://facebook.example/one.9", "url"),
        ("tiktok.com/@one", "url"),
        ("dob: 2011-07-04", "birth-date"),
        ("d.o.b. 04.07.11", "birth-date"),
        ("born on 4th July 2011", "birth-date"),
        ("birthday is 9 August", "birth-date"),
        ("14 Larkspur Close", "address"),
        ("14 larkspur close", "address"),
        ("7 The Green", "address"),
        ("Flat 3", "address"),
        ("at Old Tannery Lane", "address"),
        ("at Little Acorns Nursery", "organisation"),
        ("Larkspur Medical Centre", "organisation"),
        ("in the Wexbury Gazette", "organisation"),
    ],
)
def test_an_address_of_any_kind_is_an_error(text: str, detector: str) -> None:
    assert detector in found(text)
    assert checked(note=text).errors


# Names.


@pytest.mark.parametrize(
    ("text", "detector"),
    [
        ("Mr Brown came", "titled-name"),
        ("mr thornbury came", "titled-name"),
        ("Dr. Okonkwo", "titled-name"),
        ("DS Wetherby reviewed it", "titled-name"),
        ("DI King reviewed it", "titled-name"),
        ("MRS O'SHAUGHNESSY", "titled-name"),
        ("grandmother Maureen", "given-name"),
        ("spoke to kayleigh", "given-name"),
        ("KAYLEIGH", "given-name"),
        ("KayleighThornbury", "given-name"),
        ("kayleigh_thornbury", "given-name"),
        ("the neighbour, Wexley, heard it", "kin-name"),
        ("sister Grace was there", "kin-name"),
        ("her friend is called Zyxo", "kin-name"),
        ("C1 = Zyxo", "kin-name"),
        ("Rose Hartigan heard it", "full-name"),
        ("K. Thornbury", "full-name"),
        ("Zyxo Thornbury", "full-name"),
        ("Grace was seen", "full-name"),
        ("Mark refused", "full-name"),
    ],
)
def test_a_name_is_an_error_by_what_it_is_or_by_what_stands_beside_it(text: str, detector: str) -> None:
    assert detector in found(text)
    assert checked(note=text).errors


@pytest.mark.parametrize(
    "text",
    [
        "Wexbury is near",
        "told Grace that",
        "the thornburys came",
        "Exhibit JB/1",
        "the only Latvian family in the village",
        "triplets",
        "it was in the local press",
    ],
)
def test_what_may_only_be_a_name_or_stands_out_is_a_warning_and_an_error_of_the_strict(text: str) -> None:
    told = checked(note=text)

    assert told.errors == ()
    assert told.warnings
    strict = Guard(vocabulary(), strict=True).check(a_case(note=text))
    assert strict.warnings == ()
    assert strict.errors == told.warnings


@pytest.mark.parametrize(
    "text",
    [
        "DN\u200b77 4\u00adBT",
        "DN77\u00a04BT",
        "ＤＮ７７ ４ＢＴ",  # noqa: RUF001
        "07700\u2011900\u2212123",
        "one\uff20example.com",
        "\u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663",
        "K\u0430yleigh",
        "Kayl\u00e9igh",
        "Kayleigh".replace("i", "i\u0301"),
    ],
)
def test_another_spelling_for_the_eye_hides_nothing(text: str) -> None:
    assert levels(text) & {*ERRORS}
    assert checked(f"# {text}\n").errors


def test_a_place_is_told_in_the_characters_of_the_file() -> None:
    (one,) = checked("# \u200b\u200bé ﬃ ９９９ ０１２ ３４５４\n").suspicions  # noqa: RUF001

    assert (one.line, one.column, one.detector) == (6, 9, "nhs-number")


def test_where_a_thing_begins_and_ends_is_told_in_the_characters_of_the_text() -> None:
    text = "one\nof \u200bＤＮ７７ ４ＢＴ there"  # noqa: RUF001

    ((start, end, _),) = the_guard().find(text)
    assert text[start:end] == "ＤＮ７７ ４ＢＴ"  # noqa: RUF001


# False friends.


@pytest.mark.parametrize(
    "text",
    [
        "log 14, S1, day 21, 2015-09-22, C1/K2, 4 of 20",
        "S1 2nd interview; W1 1st account; W2 3rd; S1 3hr later",
        "C1 ABE, S1 NFA, C2 CIN, S1 PACE interview",
        "PC-A and DS-B; Mr A and Dr B",
        "12-03-24 and 03/04/2024 14:05, 2016/17, 00:45:00",
        "version 1.2.3.4, clause 10.2.1.3, 2.5 years, 300 metres",
        "Childline 0800 1111, NSPCC 0808 800 5000",
        "https://www.gov.uk/a and https://www.nhs.uk/b",
        "Will attend in May. Grace period. Frank talk. Summer term. Hope to go. Bill of costs",
        "Clare's Law, Sarah's Law, Gillick, Lucy Faithfull Foundation, Barnardo's",
        "crime code 8/06, budget 4111, para 152",
        "Crown Court, Family Court, the Primary School, Children's Home",
        "Children Act 1989, Working Together 2018, s.47(1)(b)",
        "DOB withheld; pre-birth assessment 2015-09-22; aged 7 to 9",
        "Polish interpreter; Romanian mother; Christian faith leader",
        "by detective inspector@police, role@social care",
        "WhatsApp account closed, profile of S1, user: S1",
        "mother of C1; father's partner; Nan present",
        "co-ordinated, un-met, actioned, re-graded",
        "20240312 was a Tuesday",
        "1:2:3:4, a::b::c, 300.1.1.1, 1.2.3.4.5",
        "0808 800 5000 and 116 000 were rung",
    ],
)
def test_what_only_looks_like_an_identifier_is_let_through(text: str) -> None:
    assert found(text) == []
    assert checked(note=text).suspicions == ()


def test_a_code_is_exempt_where_the_vocabulary_puts_codes_and_nowhere_else() -> None:
    inside = checked("suspects:\n  - {ref: S1, arrested: 2015-09-22}\nbail: []\n")
    assert inside.suspicions == ()

    # The same words in a note, and a name where a code should be.
    assert checked("suspects:\n  - {ref: Thornbury}\n").warnings
    assert checked("suspects:\n  - {ref: Kayleigh}\n").errors
    assert checked("suspects:\n  - {ref: S1, relationship: kayleigh}\n").errors


def test_the_name_of_a_case_may_be_a_long_code_but_never_a_name() -> None:
    document = parse_document(b"case: CASE-2016-000123\nas_of: 2016-07-18\n", name="a.yaml")
    assert the_guard().check(document).suspicions == ()

    document = parse_document(b"case: jayden-2016-000123\nas_of: 2016-07-18\n", name="a.yaml")
    assert [one.detector for one in the_guard().check(document).suspicions] == ["given-name"]
    assert found("see CASE-2016-000123") == ["reference"]


def test_a_date_is_no_birth_where_the_vocabulary_puts_a_date() -> None:
    assert checked("assessments:\n  - {type: other, started: 2015-09-22}  # the birth was near\n").suspicions == ()
    assert checked("# birth: 2015-09-22\n").errors


def test_a_number_is_no_date_because_it_stands_where_a_date_should() -> None:
    assert checked("suspects:\n  - {ref: S1, arrested: 07700 900123}\n").errors
    assert checked("suspects:\n  - {ref: S1, arrested: {at: 9990123454}}\n").errors


def test_what_the_vocabulary_offers_for_choice_is_let_through_wherever_it_may_stand() -> None:
    extra = """\
concerns: [sexual abuse, female genital mutilation]
suspects:
  - {ref: S1, arrested: {at: 2015-09-22, reason: suspect outside the jurisdiction, decided_by: inspector@police}}
  - others not recorded
judgements:
  - {rule: arrest-within-limit, subject: S1/K2, answer: met, reason: seen, by: reviewer@police, at: 2016-07-01}
devices: unknown
"""
    assert checked(extra).suspicions == ()


def test_a_case_that_is_a_list_or_a_word_is_looked_at_all_the_same() -> None:
    for text in ("- Kayleigh\n", "Kayleigh\n", "- {note: [Kayleigh]}\n"):
        assert the_guard().check(parse_document(text.encode(), name="a.yaml")).errors


def test_a_count_is_no_number_of_a_person_unless_it_is_as_long_as_one() -> None:
    assert checked("children:\n  - {ref: C1, count: 1200}\n").suspicions == ()
    assert checked("children:\n  - {ref: C1, count: 925665416}\n").errors


# Every corner of a file.


@pytest.mark.parametrize(
    "extra",
    [
        "# spoke to Kayleigh\n",
        "suspects: []  # spoke to Kayleigh\n",
        "kayleigh: yes\n",
        '"k\\x61yleigh": yes\n',
        'suspects:\n  - {ref: S1, note: "K\\x61yleigh"}\n',
        "suspects:\n  - {ref: S1, note: 'it''s Kayleigh'}\n",
        "suspects:\n  - ref: S1\n    note: >\n      at DN77\n      4BT\n",
        "suspects:\n  - ref: S1\n    note: at DN77\n      4BT\n",
        "suspects:\n  - {ref: S1, count: 07700900123}\n",
        "# at DN77\n#   4BT\n",
        "# seen by Mr\n# Thornbury\n",
        "]: {not yaml, 07700 900123\n",
    ],
)
def test_nothing_is_too_hidden_to_be_looked_at(extra: str) -> None:
    assert checked(extra).errors


def test_the_name_of_a_file_and_of_its_folders_is_looked_at() -> None:
    assert checked(name="cases/case-0001.yaml").suspicions == ()
    assert checked(name="cases/jayden-0001.yaml").errors
    assert checked(name="jayden/case-0001.yaml").errors
    assert checked(name="thornbury_j.yaml").warnings
    assert checked(name="cases\\9990123454.yaml").errors


def test_the_folders_of_the_machine_are_not_the_case_s() -> None:
    assert checked(name="/home/jayden/case-0001.yaml").suspicions == ()
    assert checked(name="C:\\Users\\jayden\\case-0001.yaml").suspicions == ()


def test_a_line_for_the_editor_is_no_address() -> None:
    modeline = "# yaml-language-server: $schema=https://example.org/schemas/case.json\n"

    assert the_guard().check(parse_document(modeline.encode() + b"case: EX-1\n", name="a.yaml")).errors == ()
    assert checked("# see https://example.org/schemas/case.json\n").errors


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("name", "ref"),
        ("Full Name", "ref"),
        ("dob", "age"),
        ("date-of-birth", "age"),
        ("address", "kind of place"),
        ("postcode", "kind of place"),
        ("phone", "leave it out"),
        ("e-mail", "leave it out"),
        ("nhs_number", "leave it out"),
        ("school_name", "kind of place"),
    ],
)
def test_a_field_for_an_identifier_is_refused_by_its_name_with_what_would_be_right(key: str, right: str) -> None:
    told = checked(f"children:\n  - ref: C1\n    {key}: unknown\n")

    (problem,) = told.errors
    assert (problem.line, problem.column) == (8, 5)
    assert "(field)" in problem.what
    assert right in problem.hint


def test_no_word_of_the_vocabulary_is_a_refused_field() -> None:
    for kind in vocabulary().kinds.values():
        lines = [f"{kind.plural or kind.name}:", "  - ref: C1", *(f"    {name}: unknown" for name in kind.facts)]
        document = parse_document("\n".join(lines).encode(), name="a.yaml")

        assert the_guard().check(document).suspicions == ()


def test_lines_are_counted_from_where_the_case_begins_in_a_file_of_many() -> None:
    document = parse_document(
        b"case: EX-1\nas_of: 2016-07-18\nreport: {note: 9990123454}\n", name="a.jsonl", first_line=40
    )

    (problem,) = the_guard().check(document).errors
    assert (problem.line, problem.column) == (42, 16)


def test_a_file_that_could_not_be_read_has_only_its_name_to_be_looked_at() -> None:
    document = Document("jayden.yaml", None, (), ())

    assert [one.detector for one in the_guard().check(document).suspicions] == ["given-name"]


# What is said.

SECRET = st.text("bcdfghjklmnpqrstvwxz", min_size=7, max_size=12).map(lambda text: text.capitalize())
DIGITS = st.text("123456789", min_size=12, max_size=14)
PLACES = (
    "# {}\n",
    "suspects:\n  - {{ref: S1, note: '{}'}}\n",
    "'{}': yes\n",
    "suspects:\n  - {{ref: '{}'}}\n",
    "suspects:\n  - {{ref: S1, risk: '{}'}}\n",
    "suspects:\n  - ref: S1\n    note: >\n      a\n      {}\n",
)
WRITTEN = (
    "Mr {}", "mother {}", "{0} {0}", "{}@example.com", "@{}", "{} School", "12 {} Road", "https://{}.com/{}", "{}", "K. {}",
    "user {}_1", "in the {} Gazette", "name {}",
)  # fmt: skip


@given(SECRET, DIGITS, st.sampled_from(PLACES), st.sampled_from(WRITTEN), st.booleans())
def test_no_message_holds_anything_of_what_was_found(
    secret: str, digits: str, place: str, way: str, strict: bool
) -> None:
    guard = Guard(vocabulary(), strict=strict)
    for text in (way.format(secret, secret), f"ref {digits}"):
        told = guard.check(a_case(place.format(text)))
        said = f"{told!r} {told.errors} {told.warnings}".lower()

        assert told.suspicions
        assert secret.lower() not in said
        assert digits not in said
        assert all(problem.hint for problem in (*told.errors, *told.warnings))


def test_a_message_names_the_kind_the_place_and_the_detector() -> None:
    (problem,) = checked(note="NHS 999 012 3454").errors

    assert str(problem) == (
        "case-0001.yaml:5:14: this may identify somebody: an NHS number (nhs-number); leave it out: no rule asks for it"
    )


def test_every_detector_of_ours_has_a_phrase_and_says_what_would_be_right() -> None:
    for name, detector in OURS.items():
        assert name == detector.name
        assert detector.says
        assert detector.hint


def test_a_file_with_very_many_finds_tells_a_hundred_and_that_there_are_more() -> None:
    told = checked("".join(f"# 999 012 3454 {number}\n" for number in range(300)))

    assert len(told.errors) == 101
    assert "more places" in told.errors[-1].what


def test_many_unknown_words_hide_no_name_that_comes_after_them() -> None:
    words = "".join(f"# qwx{chr(97 + number % 26)}{chr(97 + number // 26)}zz\n" for number in range(400))

    assert [problem.line for problem in checked(words + "# Kayleigh\n").errors] == [406]


# Excuses.


def test_an_excused_place_is_passed_over_and_counted() -> None:
    excuses = (
        Excuse("nhs-number", "case-*.yaml", "5", "a form's own number"),
        Excuse("nhs-number", "case-0001.yaml", "suspects[0].note", "a form's own number"),
        Excuse("given-name", "case-0001.yaml", FILE_NAME, "not used"),
    )
    guard = Guard(vocabulary(), excuses=excuses)
    told = guard.check(a_case("suspects:\n  - {ref: S1, note: 9990123454}\n", note="9990123454"))

    assert told.suspicions == ()
    assert told.excused == excuses[:2]


@pytest.mark.parametrize(
    "excuse",
    [
        Excuse("phone", "case-0001.yaml", "5", "another detector"),
        Excuse("nhs-number", "case-0002.yaml", "5", "another file"),
        Excuse("nhs-number", "case-0001.yaml", "6", "another line"),
        Excuse("nhs-number", "case-0001.yaml", "report.source", "another path"),
        Excuse("nhs-number", "case-0001.yaml", FILE_NAME, "the name alone"),
    ],
)
def test_an_excuse_speaks_of_one_detector_at_one_place(excuse: Excuse) -> None:
    told = Guard(vocabulary(), excuses=[excuse]).check(a_case(note="9990123454"))

    assert told.errors
    assert told.excused == ()


def test_an_excuse_hides_nothing_else_at_its_place() -> None:
    excuse = Excuse("reference", "case-0001.yaml", "report.note", "ours")
    told = Guard(vocabulary(), excuses=[excuse]).check(a_case(note="jayden-2016-00012"))

    assert [one.detector for one in told.suspicions] == ["given-name"]


def test_a_name_of_a_file_and_a_field_can_be_excused() -> None:
    excuses = (
        Excuse("given-name", "jayden.yaml", FILE_NAME, "a town"),
        Excuse("field", "jayden.yaml", "6", "asked for by our procedure"),
    )
    told = Guard(vocabulary(), excuses=excuses).check(a_case("name: unknown\n", name="jayden.yaml"))

    assert told.errors == ()
    assert set(told.excused) == set(excuses)


def read(text: str) -> tuple[tuple[Excuse, ...], list[str]]:
    document = parse_document(text.encode(), name=".review.yaml")
    reading = Reading(document.file)
    assert document.root is not None
    return read_excuses(reading, document.root, ["pupil-number"]), [problem.what for problem in reading.problems]


def test_excuses_are_read_from_the_settings() -> None:
    excuses, problems = read(
        "- {detector: url, file: a.yaml, at: 4, reason: public}\n- {detector: pupil-number, file: 'b/*', at: case, reason: x}\n"
    )

    assert problems == []
    assert excuses == (Excuse("url", "a.yaml", "4", "public"), Excuse("pupil-number", "b/*", "case", "x"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{detector: urls, file: a.yaml, at: 4, reason: public}", "there is no such detector"),
        ("{detector: url, file: '*', at: 4, reason: public}", "this excuses every file"),
        ("{detector: url, file: '**/*', at: 4, reason: public}", "this excuses every file"),
        ("{detector: url, file: a.yaml, at: '*', reason: public}", "at must be a line, a path or `file name`"),
        ("{detector: url, file: a.yaml, at: 4}", "'reason' is missing"),
        ("{detector: url, file: a.yaml, at: 4, reason: public, all: yes}", "an excuse has no key 'all'"),
        ("url", "an excuse must be a mapping of keys to values"),
    ],
)
def test_an_excuse_that_is_too_wide_or_unfounded_is_refused(text: str, problem: str) -> None:
    excuses, problems = read(f"- {text}\n")

    assert excuses == ()
    assert problems == [problem]


# Detectors of others.

PUPIL = Detector(
    "pupil-number",
    "a pupil number",
    find=lambda text: [(at, at + 5) for at in range(len(text)) if text.startswith("PUPIL", at)],
)


def broken(_: str) -> list[tuple[int, int]]:
    raise RuntimeError


def offered(monkeypatch: pytest.MonkeyPatch, **targets: str) -> None:
    points = [
        EntryPoint(name.replace("_", "-"), value, "casefile_checklist.detectors") for name, value in targets.items()
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: points if "detectors" in group else [])


def test_a_detector_of_another_package_is_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "our_detectors", SimpleNamespace(pupil=PUPIL))
    offered(monkeypatch, pupil_number="our_detectors:pupil")
    (detector,) = load_detectors()
    guard = Guard(vocabulary(), detectors=[detector])

    for document in (a_case("# PUPIL\n"), a_case(name="PUPIL.yaml"), a_case('suspects: [{note: "PUP\\x49L"}]\n')):
        assert [one.detector for one in guard.check(document).suspicions] == ["pupil-number"]
    assert guard.check(a_case()).suspicions == ()
    assert load_detectors(["pupil-number"]) == (PUPIL,)


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("no_such_module:x", "cannot be imported: ModuleNotFoundError"),
        ("json:dumps", "is not a detector"),
        ("json:nothing", "cannot be imported: AttributeError"),
    ],
)
def test_a_detector_that_cannot_be_had_is_told(monkeypatch: pytest.MonkeyPatch, target: str, wanted: str) -> None:
    offered(monkeypatch, other=target)
    with pytest.raises(InputError) as raised:
        load_detectors()
    assert wanted in str(raised.value)


def test_a_detector_that_nobody_offers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    offered(monkeypatch)
    assert load_detectors() == ()
    with pytest.raises(InputError, match="no installed package offers"):
        load_detectors(["pupil-number"])


@pytest.mark.parametrize("spans", [None, [(0, 10**9)], [(-1, 2)], [(3, 3)], [("a", "b")], 3], ids=str)
def test_a_detector_that_fails_never_lets_a_file_pass(spans: Any) -> None:
    find = broken if spans is None else lambda _: spans
    guard = Guard(vocabulary(), detectors=[Detector("theirs", "a thing", find=find)])

    (problem,) = guard.check(a_case()).errors
    assert "theirs failed" in problem.what
    with pytest.raises(InputError):
        guard.find("anything")


def test_a_guard_can_be_sent_to_another_process() -> None:
    sent = pickle.loads(pickle.dumps(Guard(vocabulary(), strict=True)))  # noqa: S301 - our own

    assert sent.check(a_case(note="Kayleigh")).errors == the_guard().check(a_case(note="Kayleigh")).errors


# Speed, and that no text is too hostile.

UNITS = (
    "a", "1", "1 ", "a1", "Aa ", "AB12 CDE ", "@a", "1.2.3.4 ", ":a", "::", "///a.", "aa#1111", "aa-", "Mr ", "Rose ", "Grace was ",
    "mother is ", "O'", "[at]", "born 1 ", "dob ", "only a b c d in the ", "Old ", "St of the ", "user a1 ", "http://", "1/", "12 34 56 ",
    "020 7946 0018 ", "(0", "ref no ", "in the press ", "car A1 BCD ", "Gillick ", "\u200b", "\ufdfa", "a\u0301", "# DN77\n", "# Kayleigh\n",
)  # fmt: skip


def seconds(text: str) -> float:
    """Of processor time, without Python's own sweep of everything that the tests hold."""
    document = parse_document(text.encode(), name="a.yaml")
    gc.disable()
    before = time.process_time()
    the_guard().check(document)
    taken = time.process_time() - before
    gc.enable()
    return taken


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    size = (1 << 16) // len(unit.encode())

    # Four times the text may take twice four times as long and half a second more, in the best of three: a machine does other things too.
    assert any(seconds("# " + unit * size * 4) < 8 * seconds("# " + unit * size) + 0.5 for _ in range(3))


def test_a_mebibyte_of_words_that_nobody_knows_is_got_through() -> None:
    chosen = random.Random(1)  # noqa: S311 - nothing secret
    words = ["".join(chosen.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range((1 << 20) // 8)]

    assert seconds("# " + " ".join(words)) < 30


PIECES = st.one_of(
    st.sampled_from(
        [
            "DN77",
            "4BT",
            "dn7",
            "S1",
            "C12",
            "AB12",
            "CDE",
            "QQ",
            "12",
            "34",
            "56",
            "C",
            "020",
            "7946",
            "0018",
            "0",
            "2015-09-22",
            "2024-03-12T10:15",
            "14:05",
            "1",
            "22",
            "333",
            "2019",
            "at",
            "com",
            "ref",
            "no",
            "log",
            "passport",
            "nhs",
            "collar",
            "GB33",
            "BUKB",
            "1555",
            "x",
            "JB",
            "@",
            "#",
            "/",
            "//",
            "(at)",
            "[at]",
            "://",
            "www",
            "::",
            "fe80",
            "4471",
            "a1",
            "72h",
            "3rd",
            "account",
            "mobile",
        ]
    ),
    st.text("abAB019 .,:;/-()[]{}#@'\"_+", max_size=4),
)
GAPS = st.sampled_from(["", " ", "  ", "-", ".", "/", ": ", ", ", ":", " - ", "\t", "(", ") ", "_"])


@given(st.lists(st.tuples(PIECES, GAPS), min_size=1, max_size=9))
@example([("passport 12", ") "), ("2015-09-22", "")])
@example([("DN77", "/"), ("DN77", "/"), ("DN77", "")])
def test_a_line_that_is_not_looked_through_has_nothing_to_be_found(parts: list[tuple[str, str]]) -> None:
    line = "".join(piece + gap for piece, gap in parts)

    assert not is_harmless(line) or list(by_shape(line)) == []


def test_the_lines_of_an_ordinary_case_need_not_be_looked_through() -> None:
    lines = (ROOT / "examples" / "handled-well.yaml").read_text(encoding="utf-8").splitlines()

    assert sum(map(is_harmless, lines)) > 0.9 * len(lines)


# Words and letters.


def test_the_lists_hold_what_they_are_for_and_no_more() -> None:
    assert len(given_names()) > 5000
    assert {"kayleigh", "aisha", "oluwaseun"} & given_names()
    assert is_english("safeguard")
    assert is_english("aback")
    assert not is_english("kayleigh")
    assert not is_english("")
    assert not {word for word in trade_words() if is_english(word)}


@given(st.text())
def test_words_are_found_alike_in_any_text(text: str) -> None:
    assert (
        words_in(text + "é") == words_in(text + " ") | words_in("é")
        or not text.isascii()
        or text[-1:].isalpha()
        or text.endswith("'")
    )


@given(st.text())
def test_reading_a_text_twice_changes_nothing_and_every_place_is_inside_the_text(text: str) -> None:
    lines = text.split("\n")
    page = Page(lines)

    assert plain(plain(text)).isascii() or len(plain(text)) <= 4 * len(text)
    for at in range(len(page.text)):
        line, column = page.place(at)
        assert 0 <= column <= len(lines[line])


@given(st.text(max_size=200))
def test_no_text_makes_the_guard_fail(text: str) -> None:
    spans = the_guard().find(text)

    assert all(0 <= start < end <= len(text) for start, end, _ in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


def every_file() -> Iterator[Path]:
    hostile = SHARED / "data" / "hostile"
    if hostile.is_dir():
        yield from sorted(path for path in hostile.rglob("*") if path.is_file())
    yield from sorted((ROOT / "tests" / "bad").rglob("*.yaml"))


def test_no_broken_or_hostile_file_makes_the_guard_fail() -> None:
    for path in every_file():
        the_guard().check(read_document(path, name=path.name))
