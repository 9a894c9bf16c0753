"""The schemas that editors are given, held against the files that the program itself takes."""

import json
import re
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.case import load_case
from checklist.clocks import ClockError, parse_limit, parse_moment
from checklist.conditions import ConditionReader
from checklist.editors import NAMES, case_template, is_rule_id, rule_template, schema_files, schema_of
from checklist.rulebooks import load_checklist
from checklist.rules import read_rule
from checklist.runner import Options, review_text
from checklist.schema import Reading
from checklist.settings import choose, read_settings
from checklist.source import Document, InputError, Mapping, Node, Scalar, parse_document, read_document
from checklist.vocabulary import FactType

ROOT = Path(__file__).parents[1]
SHIPPED = load_checklist(ROOT / "rules")
KINDS = tuple(SHIPPED.vocabulary.kinds.values())
PROFILES = sorted((ROOT / "rules" / "profiles").glob("*.yaml"))
EXAMPLES = sorted((ROOT / "rules").glob("*/*.examples.yaml"))
ASIDE = {*PROFILES, *EXAMPLES, *(ROOT / "rules" / "calendars").glob("*.yaml")}
RULES = [path for path in sorted((ROOT / "rules").glob("*/*.yaml")) if path not in ASIDE]

WAIVER = (
    "waivers: [{rule: crime-recorded, case: X, subject: case, reason: agreed, approved_by: chief inspector@police, "
    "approved_on: 2016-07-18, expires: 2016-08-01}]"
)
UNFINISHED = (
    "the rule asks nothing",
    "no example shows: met, not met, not recorded",
)


def plain(node: Node) -> Any:
    """The node as an editor that reads YAML 1.2 sees it."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.entries.items()}
    if isinstance(node, Scalar):
        if node.is_null:
            return None
        if node.plain and node.text in ("true", "false"):
            return node.text == "true"
        return int(node.text) if node.plain and re.fullmatch(r"[0-9]+", node.text) else node.text
    return [plain(item) for item in node.items]


def errors(what: str, document: Document) -> list[str]:
    assert document.root is not None
    return [error.message for error in validator_of(what).iter_errors(plain(document.root))]


@cache
def validator_of(what: str) -> jsonschema.Draft202012Validator:
    schema = schema_of(what, SHIPPED)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_right_by_the_schema_of_cases(path: Path) -> None:
    assert errors("case", read_document(path)) == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_every_rule_is_right_by_the_schema_of_rules(path: Path) -> None:
    assert errors("rule", read_document(path)) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_file_of_examples_is_right_by_its_schema(path: Path) -> None:
    assert errors("examples", read_document(path)) == []


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_profile_is_right_by_its_schema(path: Path) -> None:
    assert errors("profile", read_document(path)) == []


def test_the_vocabulary_is_right_by_its_own_schema() -> None:
    assert errors("vocabulary", read_document(ROOT / "rules" / "vocabulary.yaml")) == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("case", "case: X\nas_of: 2016-01-01\nsuspect: {ref: S1, arested: 2016-01-01}"),
        ("case", "case: X\nas_of: 2016-01-01\nsuspects: [{ref: S1, risk: hgh}]"),
        ("case", "case: X\nas_of: 2016-01-01\nsuspets: []"),
        ("case", "case: X\ncountry: france"),
        ("rule", "rule: x"),
        ("vocabulary", "vocabulary: 1\nareas: [a]\nkinds: {case: {says: x, area: a}, x: {sayz: y, area: a}}"),
        ("vocabulary", "areas: [a]\nkinds: {x: {says: y, area: a, facts: {f: {kind: choice, asks: x, look_in: y}}}}"),
        ("examples", "rule: arrest-within-limt\nexamples: []"),
        ("examples", "rule: arrest-within-limit\nequivalent: [{change: x}]"),
        ("profile", "profile: x\nsays: y\ninclude: [arrest-within-limt]"),
        ("profile", "profile: x\nsays: y\ninclude: ['area:nowhere']"),
        ("waivers", "waivers: [{rule: crime-recorded, case: X}]"),
        ("waivers", WAIVER.replace("chief inspector@police", "Jane Smith")),
        ("waivers", WAIVER.replace("2016-08-01", "soon")),
    ],
    ids=[
        "a misspelt fact",
        "a wrong option",
        "a misspelt list",
        "another country",
        "an unfinished rule",
        "a misspelt key of a kind",
        "a choice without options",
        "examples of no rule",
        "a change without a reason",
        "a profile that names no rule",
        "a profile that names no area",
        "an unfinished waiver",
        "a waiver that names a person",
        "a waiver that ends on no day",
    ],
)
def test_what_the_program_refuses_the_schema_underlines(what: str, text: str) -> None:
    assert errors(what, parse_document(text.encode(), name="x"))


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("examples", "rule: crime-recorded\nexamples: [{name: a, case: {}, expect: {S1: met}}]\nequivalent: []"),
        ("profile", "profile: x\nsays: y\nextends: base\ninclude: [crime-recorded, area:investigation, tag:any]"),
        ("profile", "profile: x\nsays: y\nextends: [base, other]\nexclude: ['standing:statutory guidance']"),
        ("waivers", WAIVER),
        ("waivers", WAIVER.replace("}", ", evidence: minute 4}")),
    ],
)
def test_what_a_force_sets_for_itself_is_right_by_its_schema(what: str, text: str) -> None:
    assert errors(what, parse_document(text.encode(), name="x")) == []


# The schema and the reader of settings agree.


@pytest.mark.parametrize(
    "text",
    [
        "limits: {crime-recorded: 3 days}",
        "limits: {crime-recorded: 3 dayz}",
        "limits: {crime-recorded: {high: 3 days}}",
        "limits: {crime-recorde: 3 days}",
        "limits: {coroner-told-accurately: 3 days}",
        "limits: {arrest-within-limit: {high: 12 hours}}",
        "limits: {arrest-within-limit: {high: 12 hours, low: 9 days}}",
        "limits: {arrest-within-limit: {hgh: 3 days}}",
        "limits: {arrest-within-limit: {}}",
        "limits: {arrest-within-limit: 3 days}",
        "limits: {supervisor-review: 2 weeks}",
        "limits: {supervisor-review: {first: 5 days, every: 2 weeks}}",
        "limits: {supervisor-review: {last: 3 days}}",
        "limits: {longer-term-plan: 3 months}",
        "accept_reasons: {crime-recorded: [suspect died]}",
        "accept_reasons: {crime-recorded: a reason of our own}",
        "accept_reasons: {crime-recorde: [suspect died]}",
        "select: [crime-recorded, 'area:investigation']",
        "select: severity:critical",
        "select: ['area:nowhere']",
        "select: ['severity:grave']",
        "select: ['colour:red']",
        "ignore: [answers:delayed_arrest]",
        "ignore: arrest-within-limt",
        "profile: police",
        "profiles: {ours: {says: x, extends: police, exclude: [crime-recorded]}}",
        "profiles: {ours: {extends: police}}",
        "profiles: {ours: {says: x, exclde: [crime-recorded]}}",
        "source: our procedure, section 4",
        "severity: serious",
        "severity: grave",
        "fail_on: not-recorded",
        "fail_on: always",
        "format: [console, 'junit:out/review.xml']",
        "format: json",
        "standard_on: 2016-01-01",
        "as_of: today",
        "waivers: ours.yaml",
        "baseline: old.jsonl",
        "detail: yes",
        "quiet: maybe",
        "jobs: 4",
        "min_count: five",
        "privacy: strict",
        "privacy: off",
        "excuses: [{detector: phone, file: a.yaml, at: 3, reason: a helpline}]",
        "excuses: [{detector: phone, file: a.yaml, at: 3}]",
        "colour: red",
        "settings: 2",
    ],
)
def test_the_schema_takes_of_settings_what_the_reader_takes(text: str, tmp_path: Path) -> None:
    head = "" if text.startswith("settings") else "settings: 1\n"
    path = tmp_path / ".review.yaml"
    path.write_text(f"{head}owner: a force\n{text}\n", encoding="utf-8")
    try:
        choose(SHIPPED, read_settings(path))
        refused = False
    except InputError:
        refused = True

    assert bool(errors("settings", read_document(path))) is refused


def test_settings_with_standards_of_their_own_say_whose_they_are(tmp_path: Path) -> None:
    path = tmp_path / ".review.yaml"
    path.write_text("settings: 1\nlimits: {crime-recorded: 3 days}\n", encoding="utf-8")

    with pytest.raises(InputError, match="owner"):
        read_settings(path)
    assert errors("settings", read_document(path)) == ["'owner' is a required property"]


# The schema and the reader of cases agree, fact by fact.

WRITTEN = (
    "", "not recorded", "unknown", "redacted", "yes", "no", "true", "2016-03-01", "2016", "2016-03", "2016-03-01T10:15",
    "2016-02-30", "2016-04-31", "2016-13-01", "4/3/2016", "2016-03-01/2016-04-01", "2016-03-01/..", "../2016-03-01",
    "day 3", "report + 3 days", "soon", "4", "9 months", "unborn", "S1", "none", "all", "4 of 20", "[]", "{}",
    "[2016-03-01]", "[others not recorded]", "[soon]", "{at: 2016-03-01}", "{at: soon}", "{is: yes}", "{is: unknown}",
    "{is: }", "{from: 2016-03-01, until: 2016-04-01}", "{done: no, reason: other, decided_by: inspector@police}",
    "{done: no, reason: busy}", "{done: yes}", "{done: yes, is: no}", "{done: maybe}", "{done: no, at: 2016-03-01}",
    "{at: 2016-03-01, is: 2016-03-01}", "{known: 2016-03-01}", "{known: soon}", "{is: not applicable, reason: x}",
    "{is: not applicable}", "not applicable", "{conflicting: [2016-03-01]}", "{conflicting: [soon, later]}",
    "{conflicting: [2016-03-01, 2016-04-01]}", "{by: Jane}", "{by: inspector@police, note: x, source: 14}",
    "{knwon: 2016-03-01}", "{count: 4}", "{count: unknown, at_least: 2}", "{at_most: x}",
)  # fmt: skip
WRITTEN_OF_OPTIONS = (
    "{0}", "[{0}]", "{0}x", "[{0}x]", "{{is: {0}}}", "{{is: {0}x}}", "{{is: {0}, known: 2016-03-01}}",
    "{{is: {0}, at: 2016-03-01}}", "[{{is: {0}, at: 2016-03-01}}]", "[{{is: {0}, at: soon}}]",
    "{{conflicting: [{0}, {0}]}}", "[{0}, others not recorded]",
)  # fmt: skip
NEEDS_A_REPORT = ("day 3", "report + 3 days")


def case_with(fact: FactType, written: str, *, group: bool = False) -> Document:
    """A case in which a fact is written so, of one thing or of a group."""
    kind, _, name = fact.name.partition(".")
    above = "" if kind == "report" else "report: {received: 2016-01-01}\n"
    if kind == "case":
        below = f"{name}: {written}"
    else:
        plural = SHIPPED.vocabulary.kinds[kind].plural
        below = f"{plural}:\n  - ref: S1\n{'    count: 20' if group else ''}\n    {name}: {written}"
    return parse_document(f"case: X\nas_of: 2016-07-18\n{above}{below}".encode(), name="x")


def disagreements(documents: dict[str, Document]) -> list[str]:
    """What the reader of cases and the schema judge differently, save a day that never was in its month."""
    found = []
    for name, document in documents.items():
        told = [str(problem) for problem in load_case(document, SHIPPED.vocabulary).problems]
        underlined = errors("case", document)
        if bool(told) is not bool(underlined) and not any("February" in one for one in told):
            found.append(f"{name}: {told or 'no problem'}, {underlined or 'no error'}")
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_schema_takes_of_every_fact_what_the_reader_takes(kind: Any) -> None:
    documents = {}
    for fact in kind.facts.values():
        own = [one.format(fact.options[0]) for one in WRITTEN_OF_OPTIONS if fact.options]
        for written in (*WRITTEN, *own):
            if kind.name != "report" or written not in NEEDS_A_REPORT:
                documents[f"{fact.name}: {written}"] = case_with(fact, written)

    assert documents
    assert disagreements(documents) == []


def test_of_a_group_the_schema_takes_so_many_of_so_many() -> None:
    facts = [fact for kind in KINDS if kind.name != "case" for fact in kind.facts.values()]
    written = ("all", "none", "some", "4 of 20", "{done: 4 of 20}", "{is: some}", "4 of")

    assert disagreements({f"{f.name}: {w}": case_with(f, w, group=True) for f in facts for w in written}) == []


# The schema and the reader of rules agree, test by test.

ASKED = (
    "yes", "no", "true", "2", "", "[yes, no]", "{is: yes}", "{is_not: no}", "{is: maybe}", "{recorded: yes}",
    "{recorded: perhaps}", "{recorded: [yes, no]}", "{at_least: 2}", "{at_most: 2 years}", "{at_least: two}",
    "{at_least: 9 months}", "{before: 2016-03-01}", "{after: report.received}", "{before: report.recieved}",
    "{before: soon}", "{after: latest plan.agreed}", "{before: report.received.known}", "{includes_any: [x]}", "{iss: yes}", "{}", "[]", "{recorded: []}", "{is: [yes]}",
)  # fmt: skip
ASKED_OF_OPTIONS = (
    "{0}", "[{0}]", "{0}x", "{{is: {0}}}", "{{is_not: {0}}}", "{{one_of: [{0}]}}", "{{none_of: [{0}]}}", "{{one_of: {0}}}",
    "{{includes_all: [{0}]}}", "{{includes_none: {0}}}", "{{one_of: [{0}x]}}", "{{includes_any: [{0}x]}}",
)  # fmt: skip
NAMED = (
    *SHIPPED.vocabulary.names(), "latest plan.agreed", "first report.received", "last plan.agreed", "suspect.arested",
    "suspect.arrested.known", "suspect.arrested.by", "suspect.arrested.knwon", "latest plan.owner.written_down",
    "suspect.outcome_decided.rationale.known",
)  # fmt: skip


def test_the_schema_takes_of_every_condition_what_the_reader_takes() -> None:
    found = []
    for name in NAMED:
        fact = SHIPPED.vocabulary.fact(name.rpartition(" ")[2])
        own = [one.format(fact.options[0]) for one in ASKED_OF_OPTIONS if fact and fact.options]
        for asked in (*ASKED, *own):
            root = parse_document(f"{name}: {asked}".encode(), name="x").root
            assert root is not None
            reading = Reading("x")
            ConditionReader(reading, SHIPPED.vocabulary).condition(root)
            if bool(reading.problems) is validator_for("condition").is_valid(plain(root)):
                found.append(f"{name}: {asked}: {[str(one) for one in reading.problems] or 'no problem'}")

    assert found == []


# Moments and limits: the schema has patterns, the reader a calendar.

ZONES = st.sampled_from(["", "Z", "+02:00", "-05:30"])
TIMES = st.builds("T{:02}:{:02}{}".format, st.integers(0, 25), st.integers(0, 61), ZONES) | st.just("")
DAYS = st.builds("{:04}-{:02}-{:02}".format, st.integers(1890, 2110), st.integers(0, 13), st.integers(0, 32))
POINTS = st.one_of(
    st.builds("{}{}".format, DAYS, TIMES),
    st.builds("{:04}".format, st.integers(1890, 2110)),
    st.builds("{:04}-{:02}".format, st.integers(1890, 2110), st.integers(0, 13)),
    st.builds("day {}{}".format, st.integers(0, 99999), TIMES),
    st.builds(
        "report {} {} {}".format, st.sampled_from("+-"), st.integers(0, 999), st.sampled_from(["days", "week", "hours"])
    ),
)
SIDES = POINTS | st.just("..")
MOMENTS = POINTS | st.builds("{}{}/{}{}".format, SIDES, st.sampled_from(["", " "]), st.sampled_from(["", " "]), SIDES)
LIMITS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["0", "1", "24", "007", "9999", "10000", "x", ""]),
    st.sampled_from(["", " ", "  "]),
    st.sampled_from(["hour", "day", "working day", "week", "month", "fortnight", "Day", ""]),
    st.sampled_from(["", "s", "ss", " "]),
)


@cache
def validator_for(definition: str) -> jsonschema.Draft202012Validator:
    """One definition of the schema of rules, which holds those of cases."""
    definitions = schema_of("rule", SHIPPED)["$defs"]
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": definitions})


@settings(deadline=None)  # the first of them makes the schema
@given(MOMENTS)
def test_every_moment_that_can_be_read_is_right_by_the_schema(text: str) -> None:
    received = parse_moment("2016-01-01T10:15")
    try:
        parse_moment(text, day_zero=date(2016, 1, 1), anchors={"report": received}.get)
    except ClockError:
        return
    assert validator_for("moment").is_valid(int(text) if text.isdecimal() else text)


@settings(deadline=None)
@given(LIMITS)
def test_a_limit_is_right_by_the_schema_if_it_can_be_read(text: str) -> None:
    try:
        parse_limit(text)
    except ClockError:
        assert not validator_for("limit").is_valid(text)
    else:
        assert validator_for("limit").is_valid(text)


# The files in docs/schemas, and the lines that name them.


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The command `checklist`, as somebody types it."""
    start = "from checklist.cli import checklist_main; checklist_main()"
    return subprocess.run(
        [sys.executable, "-c", start, *words], capture_output=True, check=False, encoding="utf-8", cwd=ROOT
    )


def test_the_schemas_in_the_documents_are_not_stale() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "schemas").iterdir()}

    assert kept == schema_files(SHIPPED), "renew them with: checklist schema --write docs/schemas"


def test_a_stale_schema_is_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    written = run("schema", "--write", str(tmp_path / "new" / "schemas"))
    whole = run("schema", "--check", str(tmp_path / "new" / "schemas"))
    (tmp_path / "new" / "schemas" / "rule.json").write_text("{}", encoding="utf-8")
    (tmp_path / "new" / "schemas" / "case.json").unlink()
    stale = run("schema", "--check", str(tmp_path / "new" / "schemas"))

    assert (written.returncode, whole.returncode, whole.stdout) == (0, 0, "")
    assert stale.returncode == 1
    assert [Path(line.split(" is stale")[0]).name for line in stale.stdout.splitlines()] == ["case.json", "rule.json"]


def test_schemas_that_cannot_be_written_are_no_fault_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    ran = run("schema", "--write", str(tmp_path / "taken"))

    assert ran.returncode == 2
    assert "cannot be written" in ran.stderr


def test_the_language_server_is_pinned_and_fetched_from_wherever_npm_is_told() -> None:
    folder = ROOT / "tests" / "editor"
    asked = json.loads((folder / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    locked = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert [name for name, one in locked.items() if name and not one.get("integrity")] == []
    assert [name for name, one in locked.items() if "resolved" in one] == []


@pytest.mark.parametrize("what", NAMES)
def test_every_schema_can_be_printed(what: str) -> None:
    assert run("schema", what).stdout == schema_files(SHIPPED)[f"{what}.json"]


@pytest.mark.parametrize(
    "words", [("schema",), ("schema", "cases"), ("schema", "case", "--write", "x"), ("new", "day")]
)
def test_a_schema_or_a_template_of_nothing_is_refused(words: tuple[str, ...]) -> None:
    ran = run(*words)

    assert ran.returncode == 2
    assert ran.stderr.startswith(words[0])


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "examples").glob("*.yaml")), *RULES, *EXAMPLES, *PROFILES, ROOT / "rules" / "vocabulary.yaml"],
    ids=lambda path: path.stem,
)
def test_the_first_line_of_every_file_names_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    whats = {"examples": "case", "profiles": "profile", "rules": "vocabulary"}
    what = "examples" if path in EXAMPLES else whats.get(path.parent.name, "rule")

    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert named is not None
    assert (path.parent / named[1]).resolve() == ROOT / "docs" / "schemas" / f"{what}.json"


# Files to be filled in.


def test_the_template_of_a_case_has_no_problem_and_says_nothing_of_the_case() -> None:
    template = case_template("A-1", date(2016, 7, 18), SHIPPED)
    bare = "case: A-1\nas_of: 2016-07-18\n"

    told, nothing = (review_text(text.encode(), SHIPPED, Options()) for text in (template, bare))
    assert told.problems == ()
    assert [(one.rule, one.subject, one.verdict, one.basis) for one in told.findings] == [
        (one.rule, one.subject, one.verdict, one.basis) for one in nothing.findings
    ]


def test_the_template_of_a_case_holds_every_question_that_a_rule_asks() -> None:
    template = case_template("A-1", date(2016, 7, 18), SHIPPED)
    asked = {path.fact.name for rule in SHIPPED.rules for one in rule.versions for path in one.blocks.paths()}
    questions = [fact.asks for name in asked if (fact := SHIPPED.vocabulary.fact(name)) and name.count(".") == 1]

    assert questions
    assert [question for question in questions if question not in " ".join(template.replace("#", " ").split())] == []


def test_with_its_lists_brought_in_the_template_of_a_case_has_no_problem() -> None:
    template = case_template("A-1", date(2016, 7, 18), SHIPPED)
    kept = re.sub(r"(?m)^# (?=(?:[a-z_0-9]+:|  - ref: [A-Z]+1|    [a-z_0-9]+:)$)", "", template)
    document = parse_document(kept.encode(), name="x")

    assert kept.count("\n  - ref: ") > 5
    assert load_case(document, SHIPPED.vocabulary).problems == ()
    assert errors("case", document) == []


@pytest.mark.parametrize("name", ["A-1", "a: b", "2016-01-01", "'", "# x", "yes"])
def test_a_case_may_be_called_anything(name: str) -> None:
    template = case_template(name, date(2016, 7, 18), SHIPPED)

    assert load_case(parse_document(template.encode(), name="x"), SHIPPED.vocabulary).name == name


def test_a_new_case_for_a_profile_asks_only_what_its_rules_ask() -> None:
    whole, core = run("new", "case").stdout, run("new", "case", "--profile", "core").stdout

    assert "arrested:" in whole
    assert "arrested:" not in core
    assert "social_care_told:" in core
    assert len(core.splitlines()) < len(whole.splitlines()) / 3


def test_a_new_case_stands_on_today() -> None:
    ran = run("new", "case", "A-7")

    assert ran.returncode == 0
    assert "\ncase: A-7\n" in ran.stdout
    assert f"\nas_of: {date.today().isoformat()}\n" in ran.stdout  # noqa: DTZ011 - as the command reads it


def test_the_template_of_a_rule_lacks_what_is_to_be_filled_in_and_nothing_else() -> None:
    text = rule_template("my-rule", SHIPPED)

    rule, problems = read_rule(parse_document(text.encode(), name="x"), SHIPPED.vocabulary, SHIPPED.calendars)
    assert rule is None
    assert all(" is missing" in one.what or one.what in UNFINISHED for one in problems)
    assert {"'title' is missing", "'why' is missing", "'standing' is missing"} <= {one.what for one in problems}


def test_a_new_rule_has_an_id_of_its_own() -> None:
    assert run("new", "rule", "my-rule").stdout == rule_template("my-rule", SHIPPED)
    assert run("new", "rule").returncode == run("new", "rule", "My rule").returncode == 2
    assert "already" in run("new", "rule", "arrest-within-limit").stderr
    assert is_rule_id("a-2")
    assert not is_rule_id("a--2")
