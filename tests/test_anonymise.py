"""`checklist anonymise`: other people and other days, the same findings, and nothing left of who it was."""

import errno
import json
import os
import random
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.anonymise import (
    QUESTIONS,
    Change,
    Choose,
    Codes,
    Copy,
    FreeText,
    anonymise,
    comments,
    families,
    offsets,
    shifted,
    survey,
)
from checklist.cli import privacy
from checklist.clocks import Calendar
from checklist.findings import Review
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.runner import Options, review_text
from checklist.source import Document, InputError, Mapping, Node, Problem, Scalar, parse_document
from tests.conftest import Shell
from tests.small import calendars, checklist_of, rule_of, vocabulary
from tests.test_laws import Things, cases, law

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
SHIPPED = load_checklist(ROOT / "rules")
LIMIT = """\
for_each: suspect
deadline: {event: suspect.arrested, after: report.received, limit: 5 working days}
limit_standing: local
"""
NAMED = """\
case: Okonkwo family
as_of: 2016-07-18
country: england
name: Zebedee                      # spoke to Persephone
report: {received: "2015-09-01T10:15Z", note: "Persephone # rang", source: log 14}
children:
  - ref: Ayodele Okonkwo
    dob: 2008-03-01
    school: St Aldhelm # by the river
  - {ref: Kim, age: 2014-06-15}
suspects:
  - ref: JB1
    about: [Ayodele Okonkwo, Kim]
    risk: [{is: medium, at: 2015-09}, {is: high, at: 2015-10-02}]
    arrested: {at: 2015-09-22, by: Sgt Quillfeather@police, note: the neighbour Wilfred saw}
    interviewed: {done: no, reason: suspect died, decided_by: inspector@northshire police, decided_at: 2015-09-23}
judgements:
  - {rule: good-practice-noted, subject: case, answer: met, reason: Wilfred was kind, by: reviewer@inspectorate, at: 2016-07-01}
"""
SECRETS = ("Okonkwo", "Zebedee", "Persephone", "log 14", "Ayodele", "Aldhelm", "Kim", "JB1", "Quillfeather", "Wilfred",
           "northshire", "inspector", "2008-03-01", "2014-06-15", "2015-09-01", "2015-09-22", "2015-10-02", "2016-07-18", "10:15", "#")  # fmt: skip


def chance(seed: int) -> Choose:
    return random.Random(seed).randrange  # noqa: S311 - a test's chance is to be the same every time


def nothing(_: Document) -> tuple[Problem, ...]:
    return ()


def document_of(text: str, name: str = "case.yaml") -> Document:
    return parse_document(text.encode(), name=name)


def copies_of(
    *texts: str, seed: int = 0, checklist: Checklist = SHIPPED, free_text: FreeText = FreeText.REDACT
) -> tuple[Copy, ...]:
    documents = [document_of(text, f"{number}.yaml") for number, text in enumerate(texts)]
    codes = Codes(survey(document, checklist.vocabulary) for document in documents)
    return anonymise(documents, checklist, codes, choose=chance(seed), guard=nothing, free_text=free_text)


def copy_of(text: str, **more: Any) -> Copy:
    (copy,) = copies_of(text, **more)
    return copy


def reviewed(text: str, checklist: Checklist = SHIPPED) -> Review:
    return review_text(text.encode(), checklist, Options())


def verdicts(review: Review) -> list[tuple[str, str, str, str]]:
    return [(one.rule, one.verdict, one.basis, str(one.would_be)) for one in review.findings]


def days(text: str) -> list[date]:
    return [date.fromisoformat(found) for found in re.findall(r"\b\d{4}-\d\d-\d\d", text)]


def refs(text: str) -> set[str]:
    """Every text that stands under `ref`, wherever it is."""
    left: list[Node | None] = [document_of(text).root]
    found = set()
    while left:
        node = left.pop()
        if isinstance(node, Mapping):
            ref = node.entries.get("ref")
            found |= {ref.text} if isinstance(ref, Scalar) else set()
            left.extend(node.entries.values())
        elif node is not None and not isinstance(node, Scalar):
            left.extend(node.items)
    return found


# The findings stay.


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.unmeasured), pytest.param(3, marks=pytest.mark.unmeasured)]
)
def test_an_example_keeps_the_verdict_of_every_rule(path: Path, seed: int) -> None:
    original = path.read_text(encoding="utf-8")

    copy = copy_of(original, seed=seed)

    before, after = reviewed(original), reviewed(copy.text)
    assert len({one.rule for one in before.findings}) == len(SHIPPED.rules) > 200
    assert verdicts(after) == verdicts(before)
    assert after.problems == ()
    assert copy.findings == len(before.findings)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_day_of_an_example_moves_by_the_same_number_of_whole_weeks(path: Path) -> None:
    original = re.sub("#.*", "", path.read_text(encoding="utf-8"))

    moved = {after - before for before, after in zip(days(original), days(copy_of(original, seed=4).text), strict=True)}

    (offset,) = moved
    assert offset % timedelta(weeks=1) == timedelta(0)
    assert abs(offset) >= timedelta(weeks=13)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_ref_case_or_comment_of_an_example_is_left(path: Path) -> None:
    original = path.read_text(encoding="utf-8")

    text = copy_of(original, seed=5).text

    assert not refs(original) & set(re.findall(r"[A-Za-z0-9-]+", text))
    assert reviewed(original).case not in text
    assert "#" not in text


@pytest.mark.unmeasured
@law(12)
@given(cases(), st.integers(0, 1000))
def test_any_case_keeps_its_verdicts_or_is_refused(case: Things, seed: int) -> None:
    original = json.dumps({"case": "LAW", "as_of": "2016-07-18", "concerns": ["sexual abuse"], **case})
    try:
        text = copy_of(original, seed=seed).text
    except InputError as error:
        refused = str(error)
        text = ""
    else:
        refused = ""

    assert verdicts(reviewed(text)) == verdicts(reviewed(original)) or "no shift of the dates was found" in refused


def test_the_same_chance_gives_the_same_bytes_and_another_gives_other_days() -> None:
    original = EXAMPLES[0].read_text(encoding="utf-8")

    texts = [copy_of(original, seed=seed).text for seed in (1, 1, 2, 3, 4)]

    assert texts[0] == texts[1]
    assert len(set(texts)) > 2


def test_a_copy_can_be_copied_again_and_is_other_again() -> None:
    first = copy_of(EXAMPLES[0].read_text(encoding="utf-8"), seed=1).text

    second = copy_of(first, seed=2).text

    assert verdicts(reviewed(second)) == verdicts(reviewed(first))
    assert not refs(first) & refs(second)


def test_limits_in_working_days_are_kept_over_bank_holidays() -> None:
    checklist = checklist_of(LIMIT)
    # Good Friday and Easter Monday of 2016 lie between the two: five working days end on 31 March.
    original = (
        "case: X\nas_of: 2016-07-18\nreport: {received: 2016-03-22}\nsuspects: [{ref: S9, arrested: 2016-03-31}]\n"
    )
    assert [one.verdict for one in reviewed(original, checklist).findings] == ["met"]

    for seed in range(10):
        copy = copy_of(original, seed=seed, checklist=checklist)

        assert [one.verdict for one in reviewed(copy.text, checklist).findings] == ["met"]


def test_a_case_whose_dates_fit_nowhere_else_is_refused() -> None:
    # A calendar of two months: on every other day it cannot be told when five working days end.
    narrow = Calendar("narrow", date(2015, 9, 1), date(2015, 10, 31), frozenset())
    checklist = Checklist(vocabulary(), (rule_of(LIMIT),), dict.fromkeys(calendars(), narrow))
    original = (
        "case: X\nas_of: 2015-10-01\nreport: {received: 2015-09-01}\nsuspects: [{ref: S9, arrested: 2015-09-04}]\n"
    )
    assert [one.verdict for one in reviewed(original, checklist).findings] == ["met"]

    with pytest.raises(InputError, match="no shift of the dates was found"):
        copy_of(original, checklist=checklist)


def test_an_offset_that_another_rule_refused_is_tried_on_that_rule_first_and_still_on_all() -> None:
    # Bail and victims' standards of 2024 fit few weeks; what fits them must fit every other rule as well.
    original = (ROOT / "examples" / "handled-well.yaml").read_text(encoding="utf-8")

    copies = [copy_of(original, seed=seed) for seed in (7, 8)]

    assert max(copy.tries for copy in copies) > 1
    assert all(verdicts(reviewed(copy.text)) == verdicts(reviewed(original)) for copy in copies)


def test_dates_at_the_beginning_of_time_move_onwards() -> None:
    checklist = checklist_of("for_each: suspect\nexpect: {suspect.armed: yes}\n")
    original = "case: X\nas_of: 0001-01-05\nsuspects: [{ref: S9}]\n".replace("0001", "1900")

    assert days(copy_of(original, checklist=checklist).text)[0] > date(1900, 1, 5)


def test_offsets_are_whole_weeks_each_drawn_once_a_range_and_never_near_nought() -> None:
    drawn = list(offsets(chance(1)))

    assert len(drawn) == 64 + 192
    assert all(-520 <= weeks <= -13 for weeks in drawn[:64])
    assert all(-1040 <= weeks <= -13 or 13 <= weeks <= 520 for weeks in drawn[64:])
    assert len(set(drawn[:64])) == 64
    assert len(set(drawn[64:])) == 192
    assert min(drawn) < -520
    assert max(drawn) > 0


# Nothing is left.


@pytest.mark.parametrize("free_text", FreeText)
def test_nothing_that_names_somebody_is_left(free_text: FreeText) -> None:
    copy = copy_of(NAMED, seed=3, free_text=free_text)

    assert [secret for secret in SECRETS if secret.casefold() in copy.text.casefold()] == []


def test_what_was_changed_is_counted_and_no_more() -> None:
    copy = copy_of(NAMED, seed=3)

    assert copy.changes == {
        Change.CODES: 4,
        Change.ROLES: 3,
        Change.DATES: 7,
        Change.BIRTHS: 2,
        Change.REDACTED: 3,
        Change.SOURCES: 1,
        Change.NAMES: 3,
        Change.COMMENTS: 2,
    }


def test_notes_are_redacted_or_dropped() -> None:
    assert copy_of(NAMED).text.count("note: redacted") == 2
    assert "note:" not in copy_of(NAMED, free_text=FreeText.DROP).text


def test_dates_of_birth_become_ages_at_the_first_report() -> None:
    text = copy_of(NAMED).text

    assert "age: 7}" in text
    assert "age: 14 months}" in text


@pytest.mark.parametrize(
    ("born", "age"),
    [("2015-09-02", "unborn"), ("2015-09-01", "0 months"), ("2013-09-02", "23 months"), ("2013-09-01", "2"), ("2007-09-02", "7")],
)  # fmt: skip
def test_an_age_is_in_years_and_in_months_under_two(born: str, age: str) -> None:
    original = f"case: X\nas_of: 2016-07-18\nreport: {{received: 2015-09-01}}\nchildren: [{{ref: C9, date of birth: {born}}}]\n"

    assert f"age: {age}}}" in copy_of(original).text


@pytest.mark.parametrize("born", ["2008", "2008-09"])
def test_a_year_of_birth_from_which_no_age_can_be_told_is_refused(born: str) -> None:
    original = f"case: X\nas_of: 2016-07-18\nreport: {{received: 2015-09-15}}\nchildren: [{{ref: C9, age: {born}}}]\n"

    with pytest.raises(InputError, match="a date of birth"):
        copy_of(original)


def test_times_keep_their_face_and_lose_their_zone() -> None:
    assert shifted("2015-09-01T10:15Z", -26) == "2015-03-03T11:15"
    assert shifted("2015-09-01T10:15", -26) == "2015-03-03T10:15"
    assert shifted("2015-12-01T10:15+02:00", -13) == "2015-09-01T08:15"


def test_a_month_becomes_the_month_that_holds_its_middle_and_ranges_move_with_both_ends() -> None:
    assert shifted("2015-09", -26) == "2015-03"
    assert shifted("2016", -52) == "2015"
    assert shifted("2016-03-01/2016-03-20", 1) == "2016-03-08/2016-03-27"
    assert shifted("../2016-03-18", 1) == "../2016-03-25"
    assert shifted("report + 21 days", 1) == "report + 21 days"
    assert shifted("day 21T09:15", 1) == "day 21T09:15"


def test_a_case_that_counts_from_an_undated_day_0_has_no_dates_to_shift() -> None:
    original = "case: X\nas_of: day 300\nreport: {received: day 0}\nsuspects: [{ref: S9, arrested: day 21}]\n"

    copy = copy_of(original)

    assert "arrested: day 21" in copy.text
    assert Change.DATES not in copy.changes


def test_a_weekday_stays_and_its_month_moves_where_day_0_is_narrowed_down() -> None:
    original = (
        "case: X\nas_of: day 300\nday_0: {weekday: tuesday, month: 2015-09}\nreport: {received: day 0}\nsuspects: []\n"
    )

    text = copy_of(original).text

    assert "weekday: tuesday" in text
    assert "2015-09" not in text


def test_free_text_facts_are_withheld_and_still_recorded() -> None:
    checklist = checklist_of("for_each: suspect\nexpect: {suspect.job: {recorded: yes}}\n")
    original = "case: X\nas_of: 2016-07-18\nsuspects: [{ref: S9, job: choirmaster of St Aldhelm}]\n"

    copy = copy_of(original, checklist=checklist)

    assert "Aldhelm" not in copy.text
    assert [one.verdict for one in reviewed(copy.text, checklist).findings] == ["met"]


def test_comments_are_counted_and_hashes_in_texts_are_none() -> None:
    text = 'a: b # one\n# two\nc: "d # no"\ne: \'f # no\'\ng: h#no\ni: |\n  # no\n  j # no\n# three\nk: ["l # no"] # four\n"m # no": n\n'

    assert comments(document_of(text)) == 4


# One map over all files.


def of_two(first: str, second: str) -> tuple[str, str]:
    form = "case: {case}\nas_of: 2016-07-18\nreport: {{received: 2015-09-01}}\nchildren: [{{ref: {ref}, age: 8}}]\n"
    return form.format(case="X", ref=first), form.format(case="Y", ref=second)


def test_the_same_person_has_the_same_code_in_all_files() -> None:
    same = copies_of(*of_two("N4471", "N4471"))
    other = copies_of(*of_two("N4471", "N4472"))

    assert refs(same[0].text) == refs(same[1].text)
    assert refs(other[0].text) != refs(other[1].text)


def test_refs_that_differ_in_capitals_are_two_people() -> None:
    original = "case: X\nas_of: 2016-07-18\nchildren: [{ref: a1, age: 8}, {ref: A1, age: 9}]\nsigns: [{about: [a1], type: burn}, {about: [A1]}]\n"

    text = copy_of(original).text

    assert "{ref: C1, age: 8}" in text
    assert "{ref: C2, age: 9}" in text
    assert "about: [C1], type: burn" in text


def test_a_ref_given_twice_is_refused_even_where_the_kinds_differ() -> None:
    original = "case: X\nas_of: 2016-07-18\nchildren: [{ref: N1}]\nsuspects: [{ref: N1}]\nsigns: [{about: [N1]}]\n"

    with pytest.raises(InputError, match="given twice"):
        copy_of(original)


def test_a_code_is_never_a_ref_that_the_files_give() -> None:
    given_ = [f"C{number}" for number in range(1, 301)]
    children = ", ".join(f"{{ref: {ref}}}" for ref in given_)
    checklist = checklist_of("for_each: child\nexpect: {child.safe: yes}\n")

    (first, second) = copies_of(
        f"case: CASE-0001\nas_of: 2016-07-18\nchildren: [{children}]\n",
        "case: CASE-0002\nas_of: 2016-07-18\nchildren: [{ref: c301}]\n",
        checklist=checklist,
    )

    assert not (refs(first.text) | refs(second.text)) & {*given_, "C301"}
    assert (first.case, second.case) == ("CASE-0003", "CASE-0004")
    assert len(refs(first.text)) == 300


def test_a_judgement_and_a_reference_follow_their_person() -> None:
    checklist = checklist_of(
        "for_each: suspect\njudgement: Was it kind?\n",
    )
    original = (
        "case: X\nas_of: 2016-07-18\nsuspects: [{ref: Zoe}]\ncontacts: [{ref: K9, suspect: Zoe}]\n"
        "judgements: [{rule: small, subject: Zoe, answer: met, reason: r, by: reviewer, at: 2016-07-01}]\n"
    )
    assert [one.verdict for one in reviewed(original, checklist).findings] == ["met"]

    text = copy_of(original, checklist=checklist).text

    assert "subject: S1" in text
    assert "suspect: S1" in text
    assert [one.verdict for one in reviewed(text, checklist).findings] == ["met"]


def test_files_that_share_more_than_a_number_are_one_family() -> None:
    surveys = [
        survey(document_of(text), SHIPPED.vocabulary)
        for text in (*of_two("N4471", "C1"), *of_two("C1", "N4471")[1:], *of_two("C2", "C1")[:1])
    ]

    # The third shares a person with the first, and its case with the second; the fourth is the case of the first.
    assert families(surveys) == [[0, 1, 2, 3]]
    assert families([survey(document_of(text), SHIPPED.vocabulary) for text in of_two("C1", "C1")]) == [[0], [1]]
    assert families([survey(document_of(text), SHIPPED.vocabulary) for text in of_two("C1", "C1")], one=True) == [
        [0, 1]
    ]
    assert families([], one=True) == []


def test_all_dates_of_a_family_move_together() -> None:
    first, second = copies_of(*(path.read_text(encoding="utf-8") for path in EXAMPLES[:2]), seed=6)

    assert days(first.text)[0] == days(second.text)[0]  # both stand on one day


# What is wrong with a file refuses it.


@pytest.mark.parametrize(
    "line",
    [
        "arested: 2015-09-22",
        'note: "\\u0007bell"',
        "signs: [{about: [C7]}]",
        "children: Persephone",
        "judgements: [{rule: Persephone, subject: case, answer: met, reason: r, by: r, at: 2016-01-01}]",
        "looked_at: [Persephone]",
        "concerns: [Persephone]",
        "children: [{ref: C1, seen: {at: 2015-09-01, with: Persephone}}]",
        "children: [Persephone]",
        "suspects: [{ref: S1, arrested: {by: [Persephone]}}]",
        "- Persephone",
    ],
)
def test_a_file_with_a_problem_is_refused_and_none_of_it_is_told(line: str) -> None:
    with pytest.raises(InputError) as raised:
        copy_of(f"case: X\nas_of: 2016-07-18\n{line}\n")

    assert "Persephone" not in str(raised.value)


def test_a_file_without_a_case_is_refused() -> None:
    with pytest.raises(InputError):
        copy_of("- a\n")


def test_what_the_guard_finds_in_a_copy_refuses_it() -> None:
    seen: list[Document] = []

    def guard(document: Document) -> tuple[Problem, ...]:
        seen.append(document)
        return (Problem(document.file, 1, 1, "something was found"),)

    document = document_of(NAMED)
    codes = Codes([survey(document, SHIPPED.vocabulary)])
    with pytest.raises(InputError, match="something was found"):
        anonymise([document], SHIPPED, codes, choose=chance(1), guard=guard)

    assert seen[0].file == "case-0001.yaml"
    assert seen[0].lines[0] == "case: CASE-0001"


# The command. Its tests ask few rules, so that nobody waits for them; one asks all that there are.


FEW = replace(
    SHIPPED, rules=tuple(rule for rule in SHIPPED.rules if rule.id in ("arrest-within-limit", "good-practice-noted"))
)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "load", lambda _: FEW)


def test_the_command_asks_every_rule_that_is_shipped(shell: Shell, named: Path, tmp_path: Path) -> None:
    ran = shell.checklist("anonymise", str(named), str(tmp_path / "copy.yaml"))

    assert ran.code == 0
    assert f"{copy_of(NAMED).findings} findings of {len(SHIPPED.rules)} rules" in ran.out


@pytest.fixture
def named(tmp_path: Path) -> Path:
    folder = tmp_path / "originals"
    folder.mkdir()
    path = folder / "okonkwo_a.yaml"
    path.write_text(NAMED, encoding="utf-8")
    return path


@pytest.fixture
def folder(named: Path, few: None) -> Path:
    for number, text in enumerate(of_two("N4471", "N4471")):
        (named.parent / f"other{number}.yaml").write_text(text, encoding="utf-8")
    return named.parent


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "originals")


@pytest.mark.usefixtures("few")
def test_one_file_is_copied_for_nobody_else_to_read(shell: Shell, named: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.yaml"

    ran = shell.checklist("anonymise", str(named), str(out))

    assert (ran.code, ran.err) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "case: CASE-0001" in out.read_text(encoding="utf-8")
    assert left_in(tmp_path) == ["copy.yaml"]
    assert named.read_text(encoding="utf-8") == NAMED


@pytest.mark.usefixtures("few")
def test_it_says_that_it_is_pseudonymised_what_to_ask_and_only_counts(
    shell: Shell, named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = shell.checklist("anonymise", str(named), "copy.yaml")

    said = " ".join(ran.out.split())
    assert "pseudonymised, assess before sharing" in said
    assert all(question in said for question in QUESTIONS)
    assert "dates of birth made ages: 2" in said
    assert "each with the verdict it had" in said
    assert max(map(len, ran.out.splitlines()[1:])) <= 80
    assert [word for word in SECRETS if word in ran.out] == []


def test_a_folder_becomes_a_new_folder_whose_names_tell_nothing(shell: Shell, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "copies"

    assert shell.checklist("anonymise", str(folder), str(out)).code == 0

    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert left_in(out) == ["case-0001.yaml", "case-0002.yaml", "case-0003.yaml"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    everything = "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    assert [secret for secret in (*SECRETS, "N4471") if secret.casefold() in everything.casefold()] == []
    assert everything.count("ref: C1,") + everything.count("ref: C2,") + everything.count("ref: C3,") == 4


def test_nothing_is_ever_copied_in_place(shell: Shell, folder: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.yaml"
    there.write_text("kept", encoding="utf-8")
    link = tmp_path / "link.yaml"
    link.symlink_to(tmp_path / "nowhere.yaml")
    empty = tmp_path / "empty"
    empty.mkdir()
    one = next(iter(sorted(folder.iterdir())))
    for source, out in [
        (one, one),
        (one, there),
        (one, link),
        (folder, folder),
        (folder, empty),
        (folder, folder / "copies"),
        (folder, folder / ".." / "originals" / "copies"),
        (folder, tmp_path / "no" / "folder"),
        (tmp_path / "no.yaml", tmp_path / "new.yaml"),
    ]:
        ran = shell.checklist("anonymise", str(source), str(out))

        assert (ran.code, ran.out) == (2, ""), (source, out)
    assert there.read_text(encoding="utf-8") == "kept"
    assert left_in(tmp_path) == ["empty", "link.yaml", "there.yaml"]
    assert len(list(folder.iterdir())) == 3


def test_a_link_to_the_originals_is_the_originals(shell: Shell, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)

    assert shell.checklist("anonymise", str(folder), str(tmp_path / "link" / "copies")).code == 2


def test_one_bad_file_and_nothing_is_written(shell: Shell, folder: Path, tmp_path: Path) -> None:
    (folder / "bad.yaml").write_text("case: X\nas_of: 2016-07-18\narested: Persephone\n", encoding="utf-8")
    (folder / "worse.yaml").write_text("a: [", encoding="utf-8")

    ran = shell.checklist("anonymise", str(folder), str(tmp_path / "copies"))

    assert (ran.code, ran.out) == (2, "")
    assert "bad.yaml:3:1" in ran.err
    assert "worse.yaml:1:" in ran.err
    assert "Persephone" not in ran.err
    assert left_in(tmp_path) == []


def test_a_copy_in_which_the_guard_finds_something_is_never_there(
    shell: Shell, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "_strictest", lambda _: lambda document: (Problem(document.file, 1, 1, "found"),))

    for source, out in [(folder, tmp_path / "copies"), (folder / "okonkwo_a.yaml", tmp_path / "copy.yaml")]:
        ran = shell.checklist("anonymise", str(source), str(out), "--keep-map", str(folder / "map.txt"))

        assert (ran.code, ran.out) == (2, "")
        assert "found" in ran.err
    assert left_in(tmp_path) == []
    assert len(list(folder.iterdir())) == 3


@pytest.mark.usefixtures("few")
def test_an_empty_folder_is_a_problem(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "originals").mkdir()

    assert shell.checklist("anonymise", str(tmp_path / "originals"), str(tmp_path / "copies")).code == 2
    assert left_in(tmp_path) == []


@pytest.mark.usefixtures("few")
def test_one_family_is_said_with_an_option(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "originals"
    folder.mkdir()
    for number, text in enumerate(of_two("C1", "C1")):
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")

    for turn in range(3):
        out = tmp_path / f"copies{turn}"
        assert shell.checklist("anonymise", str(folder), str(out), "--one-family").code == 0
        assert len({days(path.read_text(encoding="utf-8"))[0] for path in out.iterdir()}) == 1


# The map.


@pytest.mark.usefixtures("few")
def test_the_map_is_kept_only_where_it_was_asked_for_and_for_nobody_else(
    shell: Shell, named: Path, tmp_path: Path
) -> None:
    kept = named.parent / "map.txt"

    ran = shell.checklist("anonymise", str(named), str(tmp_path / "copy.yaml"), "--keep-map", str(kept))

    assert ran.code == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    held = json.loads(kept.read_text(encoding="utf-8"))
    assert held["cases"] == {"Okonkwo family": "CASE-0001"}
    assert held["people and things"]["child"] == {"Ayodele Okonkwo": "C1", "Kim": "C2"}
    assert held["roles"]["Sgt Quillfeather@police"] == "professional a@police"
    assert not re.search(r"\d{4}-\d\d|weeks", kept.read_text(encoding="utf-8"))  # the offset is nowhere


@pytest.mark.parametrize(
    "place", ["map.txt", "copies/map.txt", "copies", "originals/map.json", "originals/okonkwo_a.yaml", "no/map.txt"]
)
def test_the_map_never_lies_where_the_copies_go_or_cases_are_read(
    shell: Shell, folder: Path, tmp_path: Path, place: str
) -> None:
    ran = shell.checklist("anonymise", str(folder), str(tmp_path / "copies"), "--keep-map", str(tmp_path / place))

    assert (ran.code, ran.out) == (2, "")
    assert left_in(tmp_path) == []
    assert len(list(folder.iterdir())) == 3


# When the disk fails.


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["fsync", "fdopen"])
@pytest.mark.parametrize("whole", [True, False])
def test_a_full_disk_leaves_nothing(
    shell: Shell, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, whole: bool
) -> None:
    monkeypatch.setattr(f"checklist.cli.output.os.{call}", full)
    source, out = (folder, tmp_path / "copies") if whole else (folder / "okonkwo_a.yaml", tmp_path / "copy.yaml")

    ran = shell.checklist("anonymise", str(source), str(out))

    assert (ran.code, ran.out) == (74, "")
    assert "No space left" in ran.err
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("broken", ["tempfile.mkdtemp", "Path.rename"])
def test_a_folder_that_cannot_be_made_leaves_nothing_and_no_map(
    shell: Shell, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(f"checklist.cli.privacy.{broken}", full)
    kept = folder / "map.txt"

    ran = shell.checklist("anonymise", str(folder), str(tmp_path / "copies"), "--keep-map", str(kept))

    assert (ran.code, ran.out) == (74, "")
    assert left_in(tmp_path) == []
    assert not kept.exists()


@pytest.mark.parametrize("which", range(4))
def test_whichever_write_fails_nothing_is_left(
    shell: Shell, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    real: Callable[[int], None] = os.fsync
    done = 0

    def fsync(handle: int) -> None:
        nonlocal done
        done += not stat.S_ISDIR(os.fstat(handle).st_mode)
        if done - 1 == which:
            full()
        real(handle)

    monkeypatch.setattr("checklist.cli.output.os.fsync", fsync)
    kept = folder / "map.txt"

    ran = shell.checklist("anonymise", str(folder), str(tmp_path / "copies"), "--keep-map", str(kept))

    assert (ran.code, ran.out) == (74, "")
    assert left_in(tmp_path) == []
    assert not kept.exists()


def test_somebody_who_stops_it_finds_nothing_half_done(
    shell: Shell, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any, **__: Any) -> Any:
        raise SystemExit(130)

    monkeypatch.setattr("checklist.cli.privacy.Path.rename", stopped)

    ran = shell.checklist("anonymise", str(folder), str(tmp_path / "copies"), "--keep-map", str(folder / "map.txt"))

    assert ran.code == 130
    assert left_in(tmp_path) == []
    assert not (folder / "map.txt").exists()


def test_what_a_killed_run_left_behind_is_swept_away(shell: Shell, folder: Path, tmp_path: Path) -> None:
    old, new = tmp_path / ".review-old.tmp", tmp_path / ".review-new.tmp"
    for path in (old, new):
        path.mkdir()
        (path / "case-0001.yaml").write_text("x", encoding="utf-8")
    os.utime(old, (0, 0))

    assert shell.checklist("anonymise", str(folder), str(tmp_path / "copies")).code == 0

    assert left_in(tmp_path) == [".review-new.tmp", "copies"]
