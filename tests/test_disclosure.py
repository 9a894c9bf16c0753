"""`checklist privacy`: which cases stand out among the others, and by what."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.disclosure import LEAST, QUARTER, Crowd, Disclosure
from tests.conftest import Shell
from tests.small import case_of, vocabulary
from tests.test_laws import law

COMMON = {"concerns": "[abuse]", "country": "england", "age": "8", "received": "2015-09-01"}


def case_text(name: str = "X", **said: str) -> str:
    one = COMMON | said
    return (
        f"case: {name}\nas_of: 2016-07-18\nconcerns: {one['concerns']}\ncountry: {one['country']}\n"
        f"report: {{received: {one['received']}}}\nchildren: [{{ref: C1, age: {one['age']}}}]\n"
    )


def disclosed(texts: Iterable[str], least: int = LEAST) -> Disclosure:
    crowd = Crowd(vocabulary())
    for text in texts:
        crowd.add(case_of(text))
    return crowd.disclosure(least)


def test_what_somebody_may_know_is_what_is_personal_what_is_listed_of_the_case_and_its_quarter() -> None:
    assert disclosed([]).facts == ("case.country", "case.concerns", "child.age", QUARTER)


def test_cases_that_are_alike_are_one_class() -> None:
    found = disclosed([case_text()] * 5)

    assert (found.cases, found.classes, found.smallest) == (5, 1, 5)
    assert found.stand_out == ()
    assert found.small_numbers == ()


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ({"concerns": "[abuse, missing]"}, "case.concerns"),
        ({"concerns": "redacted"}, "case.concerns"),
        ({"country": "wales"}, "case.country"),
        ({"age": "15"}, "child.age"),
        ({"age": "unborn"}, "child.age"),
        ({"age": "not recorded"}, "child.age"),
        ({"age": "8}, {ref: C2, age: 8"}, "child.age"),
        ({"received": "2015-10-01"}, QUARTER),
        ({"received": "2015"}, QUARTER),
        ({"received": "not recorded"}, QUARTER),
    ],
)
def test_one_case_that_differs_in_one_fact_stands_out_by_it(said: dict[str, str], fact: str) -> None:
    found = disclosed([*[case_text()] * 6, case_text("Y", **said)])

    (only,) = found.stand_out
    assert (only.case, only.facts, only.shared_by, only.size) == ("Y", (fact,), 1, 1)
    assert found.smallest == 1
    assert [(one.fact, one.values, one.small, one.cases) for one in found.small_numbers] == [(fact, 2, 1, 1)]


@pytest.mark.parametrize("said", [{"age": "5"}, {"age": "9"}, {"received": "2015-07-01"}, {"received": "2015-08"}])
def test_ages_of_one_band_and_days_of_one_quarter_are_alike(said: dict[str, str]) -> None:
    assert disclosed([*[case_text()] * 4, case_text(**said)]).smallest == 5


@pytest.mark.parametrize(
    ("first", "second"), [("11 months", "12 months"), ("51 weeks", "1"), ("4", "5"), ("9", "10"), ("15", "16")]
)
def test_bands_end_on_birthdays(first: str, second: str) -> None:
    assert disclosed([case_text(age=first), case_text(age=second)]).classes == 2


def test_a_case_may_stand_out_only_by_two_facts_together() -> None:
    texts = [
        *[case_text(age="8", country="england")] * 5,
        *[case_text(age="15", country="wales")] * 5,
        case_text("Y", age="15", country="england"),
    ]

    found = disclosed(texts)

    (only,) = found.stand_out
    assert (only.case, only.facts, only.shared_by) == ("Y", ("case.country", "child.age"), 1)
    assert found.small_numbers == ()


def test_of_several_reasons_the_one_that_fewest_share_is_given() -> None:
    texts = [*[case_text()] * 6, *[case_text(country="wales")] * 2, case_text("Y", country="wales", age="15")]

    assert disclosed(texts).stand_out[-1].facts == ("child.age",)


def test_the_order_of_concerns_and_of_children_makes_no_class() -> None:
    first = case_text(concerns="[abuse, missing]", age="8}, {ref: C2, age: 15")
    second = case_text(concerns="[missing, abuse]", age="15}, {ref: C2, age: 8")

    assert disclosed([first, second]).classes == 1


def test_a_single_case_cannot_be_assessed() -> None:
    assert not disclosed([case_text()]).is_assessable
    assert disclosed([case_text()] * 2).is_assessable


CASES = st.lists(
    st.builds(
        lambda age, country, received: case_text(age=age, country=country, received=received),
        st.sampled_from(["8", "15", "unborn", "redacted"]),
        st.sampled_from(["england", "wales", "unknown"]),
        st.sampled_from(["2015-09-01", "2015-12", "not recorded"]),
    ),
    max_size=25,
)


@law(40)
@given(CASES, st.integers(2, 8), st.randoms(use_true_random=False))
def test_a_case_stands_out_where_its_class_is_small_in_whatever_order(
    texts: list[str], least: int, random: object
) -> None:
    found = disclosed(texts, least)

    assert all(one.size < least and 1 <= one.size <= one.shared_by < least for one in found.stand_out)
    assert bool(found.stand_out) == (0 < found.smallest < least)
    assert found.smallest <= found.cases
    assert disclosed(reversed(texts), least).classes == found.classes


# The command.


SHIPPED = """\
case: {case}
as_of: 2016-07-18
country: england
concerns: [{concern}]
report: {{received: 2015-09-01, reporter: school}}
children: [{{ref: C1, age: {age}}}]
suspects: [{{ref: S1, relationship: neighbour}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(6):
        text = SHIPPED.format(case=f"CASE-{number}", concern="neglect", age=number % 5 + 5)
        (tmp_path / f"case-{number}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def add(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_folder_whose_classes_are_large_ends_with_0(shell: Shell, folder: Path) -> None:
    ran = shell.checklist("privacy", str(folder))

    assert (ran.code, ran.err) == (0, "")
    assert "smallest class: 6 " in ran.out
    assert "STANDING OUT" not in ran.out


def test_a_smaller_class_than_was_asked_for_ends_with_1(shell: Shell, folder: Path) -> None:
    assert shell.checklist("privacy", str(folder), "--min-class", "6").code == 0
    assert shell.checklist("privacy", str(folder), "--min-class", "7").code == 1
    assert shell.checklist("privacy", str(folder), "--min-class", "1").code == 2


def test_a_case_that_stands_out_is_named_with_its_facts_and_none_of_their_values(shell: Shell, folder: Path) -> None:
    add(folder, "odd.yaml", SHIPPED.format(case="CASE-9", concern="forced marriage", age=17))

    ran = shell.checklist("privacy", str(folder))

    assert ran.code == 1
    assert "CASE-9: case.concerns (only this case)" in ran.out
    assert "case.concerns: 1 of 2 values, 1 case" in ran.out
    assert not any(word in ran.out for word in ("forced", "neglect", "17", "school", "neighbour", "england", "2015"))
    assert max(map(len, ran.out.splitlines())) <= 80


def test_many_that_stand_out_are_counted_and_shown_with_all(shell: Shell, folder: Path) -> None:
    for number in range(25):
        add(folder, f"odd{number}.yaml", SHIPPED.format(case=f"ODD-{number}", concern="missing", age=number))

    few = shell.checklist("privacy", str(folder), "--min-class", "40")
    everything = shell.checklist("privacy", str(folder), "--min-class", "40", "--all")

    assert "and 11 cases more; --all shows them" in few.out
    assert "ODD-24" in everything.out
    assert "--all" not in everything.out


def test_one_case_is_not_assessable(shell: Shell, folder: Path) -> None:
    ran = shell.checklist("privacy", str(folder / "case-0.yaml"))

    assert ran.code == 3
    assert "not assessable" in ran.out


def test_a_file_with_a_problem_is_left_out_and_said(shell: Shell, folder: Path) -> None:
    add(folder, "bad.yaml", "case: X\nas_of: 2016-07-18\narested: Persephone\n")

    ran = shell.checklist("privacy", str(folder))

    assert ran.code == 2
    assert "6 cases; 1 with problems left out" in ran.out
    assert "bad.yaml:3:1" in ran.err
    assert "Persephone" not in ran.err + ran.out


def test_an_empty_folder_is_a_problem(shell: Shell, tmp_path: Path) -> None:
    assert shell.checklist("privacy", str(tmp_path)).code == 2


def test_a_case_reference_steers_no_terminal(shell: Shell, folder: Path) -> None:
    add(folder, "odd.yaml", SHIPPED.format(case='"a\\u200b\\u00adb"', concern="missing", age=17))

    ran = shell.checklist("privacy", str(folder))

    assert "\u200b" not in ran.out
    assert "\\u{200b}" in ran.out
