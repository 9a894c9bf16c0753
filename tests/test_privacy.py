"""The guard at the door: what it finds, what it leaves alone, and that it never says what it found."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.privacy import FILE_NAME, Excuse, Guard, Guarded, read_excuses
from checklist.rulebooks import load_checklist
from checklist.schema import Reading
from checklist.source import Mapping, parse_document, read_document
from tests.conftest import Shell

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
VOCABULARY = load_checklist(ROOT / "rules").vocabulary
USUAL, STRICT = Guard(VOCABULARY), Guard(VOCABULARY, strict=True)
CASE = "case: CASE-0001\nas_of: 2016-07-18\nreport: {received: 2015-09-01}\n"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the labelled snippets and published cases are not here")


def checked(text: str, *, name: str = "case-0001.yaml", guard: Guard = USUAL) -> Guarded:
    return guard.check(parse_document(text.encode("utf-8", "surrogatepass"), name=name))


def with_note(note: str) -> str:
    return f"{CASE}suspects:\n  - ref: S1\n    note: {yaml.safe_dump(note, allow_unicode=True, width=10_000).strip()}\n"


def detectors(text: str, guard: Guard = USUAL) -> set[str]:
    return {one.detector for one in checked(text, guard=guard).suspicions}


# What it finds: invented people, places and numbers.


@pytest.mark.parametrize(
    "note",
    [
        "NHS number 943 476 5919",
        "NI number AB123456C",
        "rang him on 07700 900123",
        "write to someone@example.org",
        "she lives at SW1A 1AA",
        "born on 3 March 2008",
        "spoke to Mrs Jane Smith",
        "DS Wetherby reviewed it",
        "seen with Kayleigh at home",
        "IBAN GB33BUKB20201555555555",
        "the address was 192.168.10.14",
        "at 51.5074, -0.1278",
    ],
)
def test_what_identifies_somebody_is_refused_wherever_it_stands(note: str) -> None:
    assert checked(with_note(note)).errors
    assert checked(f"# {note}\n{CASE}").errors


def test_a_number_that_fails_its_check_is_no_number_of_that_kind() -> None:
    assert "nhs-number" in " ".join(detectors(with_note("943 476 5919")))
    assert "nhs-number" not in " ".join(detectors(with_note("943 476 5918")))


@pytest.mark.parametrize(
    "note",
    [
        "log 14, page 3",
        "S1 2nd interview, W1 1st account",
        "C1 ABE, S1 NFA, C2 CIN",
        "4 of 20 devices examined on day 21",
        "reviewed under version 1.2.3.4",
        "the strategy discussion was held within 2 working days",
        "helpline 0800 1111",
    ],
)
def test_words_of_the_work_are_let_in(note: str) -> None:
    assert checked(with_note(note)).errors == ()


@pytest.mark.parametrize("key", ["name", "surname", "address", "postcode", "dob", "phone", "email", "school"])
def test_a_field_that_could_hold_only_what_identifies_is_refused_by_its_name(key: str) -> None:
    assert checked(f"{CASE}children:\n  - ref: C1\n    {key}: withheld\n").errors


def test_the_name_of_the_file_is_looked_at_too() -> None:
    assert checked(CASE, name="cases/mrs-jane-smith.yaml").errors
    assert not checked(CASE, name="cases/case-0001.yaml").errors


def test_a_strict_guard_refuses_words_that_nobody_knows_and_the_usual_one_warns() -> None:
    text = with_note("he was seen near Zqxvbarrow")

    assert not checked(text).errors
    assert checked(text).warnings
    assert checked(text, guard=STRICT).errors


# What it leaves alone.


def test_no_example_of_this_project_is_refused() -> None:
    paths = sorted((ROOT / "examples").glob("*.yaml"))

    assert paths
    for path in paths:
        assert USUAL.check(read_document(path, name=f"examples/{path.name}")).errors == ()


def test_of_the_published_cases_only_those_with_a_given_name_in_their_reference_are_refused() -> None:
    """Without the lines that name their source, which are comments."""
    paths = sorted((ROOT / "tests" / "published").glob("*.yaml"))
    refused = []
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        if checked("\n".join(line for line in lines if not line.startswith("#"))).errors:
            refused.append(path.stem)

    assert len(paths) >= 90
    assert refused == ["nspcc-2018-charlie-and-sam", "nspcc-2019-katie"]


# What it says.


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["Kayleigh Thornbury", "07700 900123", "943 476 5919", "SW1A 1AA", "someone@example.org"]))
def test_it_never_says_what_it_found(found: str) -> None:
    said = checked(f"# {found}\n{with_note(f'Mrs {found} came')}", name="x.yaml", guard=STRICT)

    assert said.errors
    told = " ".join(f"{problem.what} {problem.hint}" for problem in (*said.errors, *said.warnings))
    assert not any(part in told for part in found.split() if len(part) > 3)


@settings(deadline=None)
@given(st.text(st.characters(blacklist_categories=()), max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    checked(f"# {text}\n{CASE}", guard=STRICT)


def test_a_place_is_given_for_everything_it_says() -> None:
    (problem,) = checked(with_note("rang him on 07700 900123")).errors

    assert (problem.file, problem.line) == ("case-0001.yaml", 6)
    assert problem.column > 10


# Excuses.


def test_a_single_place_can_be_excused_with_a_reason_and_is_counted() -> None:
    (found,) = checked(with_note("rang him on 07700 900123")).suspicions
    excuse = Excuse(found.detector, "case-0001.yaml", str(found.line), "a number kept for drama")
    guard = Guard(VOCABULARY, excuses=[excuse])

    assert checked(with_note("rang him on 07700 900123"), guard=guard).errors == ()
    assert checked(with_note("rang him on 07700 900123"), guard=guard).excused == (excuse,)
    assert checked("\n" + with_note("rang him on 07700 900123"), guard=guard).errors


@pytest.mark.parametrize(
    "text",
    [
        "- {detector: phone, file: a.yaml, at: 3}",
        "- {detector: phones, file: a.yaml, at: 3, reason: x}",
        "- {detector: phone, file: '*', at: 3, reason: x}",
        "- {detector: phone, file: a.yaml, at: '*', reason: x}",
        "- {detector: phone, file: a.yaml, at: 3, reason: x, why: y}",
    ],
)
def test_an_excuse_without_a_reason_or_for_everything_is_a_problem(text: str) -> None:
    root = parse_document(f"excuses:\n{text}\n".encode(), name=".review.yaml").root
    reading = Reading(".review.yaml")

    assert isinstance(root, Mapping)
    assert read_excuses(reading, root.entries["excuses"]) == ()
    assert reading.problems
    assert FILE_NAME == "file name"


# At the door.


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    Path("case-0001.yaml").write_text(with_note("rang Mrs Thornbury on 07700 900123"), encoding="utf-8")
    return "case-0001.yaml"


FORMATS = (
    "console",
    "plain",
    "paper",
    "markdown",
    "json",
    "jsonl",
    "junit",
    "sarif",
    "github",
    "gitlab",
    "csv",
    "oscal",
    "tap",
)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_may_identify_somebody_is_not_reviewed_in_any_format(shell: Shell, named: str, name: str) -> None:
    ran = shell.review(named, "--format", name, "--quote")

    assert ran.code == 2
    assert "identif" in ran.out
    assert "Thornbury" not in ran.out + ran.err
    assert "900123" not in ran.out + ran.err


def test_it_can_be_let_in_and_every_page_says_so(shell: Shell, named: str) -> None:
    ran = shell.review(named, "--allow-identifying", "--select", "arrest-within-limit")

    assert ran.code != 2
    assert "FILES THAT MAY IDENTIFY SOMEBODY WERE LET IN" in ran.out
    assert "Thornbury" not in ran.out


def test_it_is_never_let_in_where_ci_is_set(shell: Shell, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    ran = shell.review(named, "--allow-identifying")

    assert ran.code == 2
    assert "--allow-identifying is ignored" in ran.err


def test_settings_excuse_a_place_and_the_report_counts_it(shell: Shell, named: str) -> None:
    Path(named).write_text(with_note("rang him on 07700 900123"), encoding="utf-8")
    Path(".review.yaml").write_text(
        "settings: 1\nexcuses: [{detector: phone, file: case-0001.yaml, at: 6, reason: a number for drama}]\n",
        encoding="utf-8",
    )

    ran = shell.review(named, "--select", "arrest-within-limit")

    assert ran.code != 2
    assert "1 place is excused from the guard by the settings" in " ".join(ran.out.split())


def test_strict_can_be_asked_for_and_settled_and_nothing_turns_it_off(shell: Shell, named: str) -> None:
    Path(named).write_text(with_note("he was seen near Zqxvbarrow"), encoding="utf-8")
    select = ("--select", "arrest-within-limit")

    assert shell.review(named, *select).code != 2
    assert shell.review(named, *select, "--privacy", "strict").code == 2
    Path(".review.yaml").write_text("settings: 1\nprivacy: strict\n", encoding="utf-8")
    assert shell.review(named, *select, "--privacy", "usual").code == 2
    Path(".review.yaml").write_text("settings: 1\nprivacy: off\n", encoding="utf-8")
    assert shell.review(named, *select).code == 2


def test_check_and_baseline_are_guarded_too(shell: Shell, named: str) -> None:
    for ran in (shell.checklist("check", named), shell.checklist("baseline", named)):
        assert ran.code == 2
        assert "900123" not in ran.out + ran.err


# Measured.


def rows(name: str) -> list[Any]:
    loaded = yaml.safe_load((SHARED / name).read_text(encoding="utf-8"))
    return list(loaded["snippets"] if name.startswith("data") else loaded)


@needs_shared
def test_on_the_labelled_snippets_it_finds_what_it_promises() -> None:
    counts: dict[tuple[str, str], int] = {}
    snippets = rows("data/privacy-snippets.yaml")
    for snippet in snippets:
        said = checked(with_note(snippet["text"]), guard=USUAL)
        for level, alarmed in (("L2", bool(said.errors)), ("L3", bool(said.errors or said.warnings))):
            key = (level, f"{snippet['label']} {'alarm' if alarmed else 'silent'}")
            counts[key] = counts.get(key, 0) + 1

    def measured(level: str) -> tuple[float, float]:
        true = counts.get((level, "identifying alarm"), 0)
        missed = counts.get((level, "identifying silent"), 0)
        false = sum(
            number
            for (of, what), number in counts.items()
            if of == level and "alarm" in what and "identifying" not in what
        )
        return true / (true + missed), true / (true + false)

    assert len(snippets) >= 84
    recall, precision = measured("L2")
    assert recall >= 0.95, counts
    assert precision >= 0.99, counts
    recall, precision = measured("L3")
    assert recall >= 0.98, counts
    assert precision >= 0.95, counts


@needs_shared
def test_on_what_inspectors_published_it_raises_almost_no_alarm() -> None:
    cases = rows("published-cases.yaml")
    facts = [text for case in cases for text in _texts(case.get("facts"))]
    said = [checked(with_note(fact)) for fact in facts]

    assert len(facts) > 250
    assert sum(bool(one.errors) for one in said) / len(facts) <= 0.005
    assert sum(bool(one.errors or one.warnings) for one in said) / len(facts) <= 0.03


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
