"""The schemas, tried with the language server that editors start: what it completes, tells and underlines.

Set-up, once, with Node.js: `npm ci --prefix tests/editor`. Without it these tests are skipped, and say so.
"""

import json
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest

from checklist.case import load_case
from checklist.editors import case_template, schema_files
from checklist.rulebooks import load_checklist
from checklist.rules import read_rule
from checklist.source import Problem, parse_document

ROOT = Path(__file__).resolve().parents[1]
SERVER = ROOT / "tests" / "editor" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
NODE = shutil.which("node")
PATIENCE = 60.0

pytestmark = pytest.mark.skipif(
    NODE is None or not SERVER.exists(),
    reason="the language server is not installed: npm ci --prefix tests/editor",
)


class Underlined(NamedTuple):
    """A place that the server underlines, counted from 1 as `checklist check` counts."""

    line: int
    column: int
    message: str


class Editor:
    """An editor that speaks with the server over its standard input and output; it sets nothing but that nothing is fetched."""

    SETTINGS: ClassVar = {"yaml": {"schemaStore": {"enable": False}, "kubernetesCRDStore": {"enable": False}}}

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [str(NODE), str(SERVER), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.number = 0
        self.opened = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, folder: Path) -> None:
        """Opens a folder."""
        can = {
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}},
            }
        }
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": can})
        self._send({"method": "initialized", "params": {}})

    def _listen(self) -> None:
        assert self.process.stdout is not None
        try:
            while line := self.process.stdout.readline():
                length = int(line.removeprefix(b"Content-Length: "))
                while self.process.stdout.readline().strip():
                    pass
                self.said.put(json.loads(self.process.stdout.read(length)))
        finally:
            self.said.put(None)

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _heard(self) -> Iterator[dict[str, Any]]:
        """What the server says, for as long as patience lasts; what it asks is answered."""
        until = time.monotonic() + PATIENCE
        while True:
            message = self.said.get(timeout=max(0.0, until - time.monotonic()))
            assert message is not None, "the language server ended"
            if "method" in message and "id" in message:
                asked = (message.get("params") or {}).get("items", [])
                settings = [self.SETTINGS.get(one["section"]) for one in asked]
                known = message["method"] == "workspace/configuration"
                self._send({"id": message["id"], "result": settings if known else None})
            yield message

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """What the server answers."""
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        answer = next(one for one in self._heard() if one.get("id") == self.number and "method" not in one)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def open(self, path: Path, text: str) -> str:
        """Shows the server a file as the editor holds it; its address."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return path.as_uri()

    def unsaved(self, folder: str) -> Path:
        """The place of a file that nobody saved yet."""
        self.opened += 1
        return ROOT / folder / f"unsaved-{self.opened}.yaml"

    def underlined(self, path: Path, text: str) -> list[Underlined]:
        """Every place of a file that the server underlines, in their order."""
        return self.underlined_in({path: text})[path]

    def underlined_in(self, texts: dict[Path, str]) -> dict[Path, list[Underlined]]:
        """Every place that the server underlines in some files, all of which are open at once."""
        paths = {self.open(path, text): path for path, text in texts.items()}
        found: dict[Path, list[Underlined]] = {}
        for message in self._heard():
            told = message.get("params") or {}
            if message.get("method") == "textDocument/publishDiagnostics" and told["uri"] in paths:
                starts = [(one["range"]["start"], one["message"]) for one in told["diagnostics"]]
                places = [Underlined(start["line"] + 1, start["character"] + 1, says) for start, says in starts]
                found[paths[told["uri"]]] = sorted(places)
            if len(found) == len(paths):
                break
        return found

    def _at_the_mark(self, method: str, folder: str, text: str) -> Any:
        """What the server says of the place where the text has a `|`."""
        before, _, after = text.partition("|")
        address = self.open(self.unsaved(folder), before + after)
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self.ask(method, {"textDocument": {"uri": address}, "position": place})

    def offered(self, folder: str, text: str) -> dict[str, str]:
        """What the server would complete at the `|`: what it shows, and what it writes."""
        items = self._at_the_mark("textDocument/completion", folder, text)["items"]
        return {item["label"]: item["insertText"] for item in items}

    def told(self, folder: str, text: str) -> str:
        """What the server shows beside the pointer at the `|`."""
        answer = self._at_the_mark("textDocument/hover", folder, text)
        return "" if answer is None else str(answer["contents"]["value"])

    def close(self) -> None:
        """Ends the server, whatever it is doing."""
        self.process.kill()
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    editor = Editor()
    try:
        editor.start(ROOT)
        yield editor
    finally:
        editor.close()


CASE_LINE = "# yaml-language-server: $schema=../docs/schemas/case.json\n"
RULE_LINE = "# yaml-language-server: $schema=../../docs/schemas/rule.json\n"
CASE = f"{CASE_LINE}case: X\nas_of: 2016-07-18\n"
SUSPECT = f"{CASE}suspects:\n  - ref: S1\n"
ARREST = re.sub(
    r"(?ms)^applies_when:.*?(?=^deadline:)",
    "",  # so that a test can put a condition of its own in its place
    (ROOT / "rules" / "investigation" / "arrest-within-limit.yaml").read_text(encoding="utf-8"),
)
IN_FOLDERS = [path for path in sorted((ROOT / "rules").glob("*/*.yaml")) if path.parent.name != "calendars"]
SHIPPED_FILES = [*sorted((ROOT / "examples").glob("*.yaml")), *IN_FOLDERS, ROOT / "rules" / "vocabulary.yaml"]
SHIPPED = load_checklist(ROOT / "rules")
WAIVER = (
    "rule: crime-recorded, case: X, subject: case, reason: agreed, approved_by: chief inspector@police, "
    "approved_on: 2016-07-18, expires: 2016-08-01"
)
BEYOND_A_SCHEMA = (
    "did not exist",
    "this is after the file's own as_of",
    "nothing has this ref",
    "this ref is given twice",
    "this held before the value above it",
    "a date, where others are counted from an undated day 0",
    "this counts from something that has no date here",
    "no example shows",
)
"""What one place of a file says about another, or about the calendar."""


def of_case(text: str) -> tuple[Problem, ...]:
    return load_case(parse_document(text.encode(), name="x"), SHIPPED.vocabulary).problems


def of_rule(text: str) -> tuple[Problem, ...]:
    return read_rule(parse_document(text.encode(), name="x"), SHIPPED.vocabulary, SHIPPED.calendars)[1]


def place_of(word: str, text: str) -> tuple[int, int]:
    """The line and the column of a word that a text holds once."""
    before, _, after = text.partition(word)
    assert after
    assert word not in after, f"{word} stands twice"
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def places(found: Iterable[Underlined | Problem]) -> list[tuple[int, int]]:
    return sorted({(one.line, one.column) for one in found})


# What is underlined.


def test_in_the_files_that_are_shipped_nothing_is_underlined(editor: Editor) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in SHIPPED_FILES}

    assert len(texts) > 25
    assert editor.underlined_in(texts) == {path: [] for path in texts}


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("    arested: 2016-01-01", "arested"),
        ("    risk: hgh", "hgh"),
        ("    indecent_images: maybe", "maybe"),
        ("    indecent_images: true", "true"),
        ("    arrested: soon", "soon"),
        ("    arrested: 2016-13-01", "2016-13-01"),
        ("    arrested: [2016-01-01]", "[2016-01-01]"),
        ("    arrested: {at: 2016-01-01, knwon: 2016-01-02}", "knwon"),
        ("    arrested: {done: no, reason: suspekt died}", "suspekt"),
        ("    arrested: {at: 2016-01-01, by: Jane Smith}", "Jane"),
        ("    arrested:\n      at: 2016-01-01\n      written_dwn: 2016-01-02", "written_dwn"),
        ("    serial_offending_considered: {at: 2016-03-01, rationale: recordd}", "recordd"),
        ("    serial_offending_considered: {at: 2016-03-01, ratonale: recorded}", "ratonale"),
        ("    risk: [{is: high, at: 2016-01-01}, {is: lo, at: 2016-02-01}]", "lo,"),
        ("    risk: {conflicting: [{is: high}, {is: hgh}]}", "hgh"),
        ("supervision: {reviews: [2016-01-01, sometimes]}", "sometimes"),
        ("    registered_offender: 4 of 20", "4 of 20"),
        ("suspets: []", "suspets"),
        ("children: none", "none"),
        ("children: [C1]", "C1"),
        ("country: france", "france"),
        ("concerns: [neglect, sexual abus]", "sexual abus"),
        ("looked_at: [investigaton]", "investigaton"),
        ("day_0: {weekday: tuseday}", "tuseday"),
        ("judgements:\n  - {rule: r, subject: S1, answer: fine, reason: x, by: a, at: 2016-01-01}", "fine"),
        ("suspect: {ref: S2}", "suspects"),
    ],
)
def test_what_is_wrong_in_a_case_is_underlined_where_the_check_reports_it(
    editor: Editor, written: str, wrong: str
) -> None:
    text = f"{SUSPECT}{written}\n"

    assert places(of_case(text)) == [place_of(wrong, text)]
    assert places(editor.underlined(editor.unsaved("examples"), text)) == [place_of(wrong, text)]


@pytest.mark.parametrize(
    ("right", "wrong", "at"),
    [
        ("answers:", "anwsers:", "anwsers"),
        ("severity: critical", "severity: grave", "grave"),
        ("area: investigation", "area: investigations", "investigations"),
        ("for_each: suspect", "for_each: suspct", "suspct"),
        ("[suspect.arrested, ", "[suspect.arested, ", "suspect.arested"),
        ("after: {last_of: [report.received, ", "after: {last_of: [report.recieved, ", "report.recieved"),
        ("high: 24 hours", "high: 24 fortnights", "24 fortnights"),
        ("high: 24 hours", "high: 0 hours", "0 hours"),
        ("limit: {by: suspect.risk, high: 24 hours, medium: 3 days, low: 7 days}", "limit: 3 dys", "3 dys"),
        ("{by: suspect.risk", "{by: suspect.rsk", "suspect.rsk"),
        ("low: 7 days}", "low: 7 days, lowest: 9 days}", "lowest"),
        ("accept_reasons:", "applies_when: {suspect.rsk: high}\naccept_reasons:", "suspect.rsk"),
        ("accept_reasons:", "applies_when: {suspect.risk: hgh}\naccept_reasons:", "hgh"),
        ("accept_reasons:", "applies_when: {suspect.risk: {at_least: 2}}\naccept_reasons:", "at_least"),
        ("accept_reasons:", "applies_when: {suspect.risk: {one_off: [high]}}\naccept_reasons:", "one_off"),
        ("accept_reasons:", "applies_when: {al_of: [{suspect.risk: high}]}\naccept_reasons:", "al_of"),
        ("accept_reasons:", "applies_when: {suspect.arrested: {after: soon}}\naccept_reasons:", "soon"),
        ("accept_reasons:", "if_not_recorded: met\naccept_reasons:", "met\naccept"),
        ("standing: statute\n", "standing: statut\n", "statut\n"),
        ("    certainty: secondary_seen\nlimit", "    certainy: secondary_seen\nlimit", "certainy"),
        ("limit_standing: local", "limit_standing: locl", "locl"),
        ("expect: {case: not recorded}", "expect: {case: not recordd}", "not recordd"),
    ],
)
def test_what_is_wrong_in_a_rule_is_underlined_where_lint_reports_it(
    editor: Editor, right: str, wrong: str, at: str
) -> None:
    assert right in ARREST
    text = ARREST.replace(right, wrong, 1)

    assert place_of(at, text) in places(of_rule(text))
    assert places(editor.underlined(editor.unsaved("rules/investigation"), text)) == [place_of(at, text)]


def test_the_same_is_reported_by_the_commands(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(f"{SUSPECT}    arested: 2016-01-01\n", encoding="utf-8")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    rule = tmp_path / "rules" / "investigation" / "arrest-within-limit.yaml"
    rule.write_text(ARREST.replace("answers:", "anwsers:"), encoding="utf-8")
    start = "from checklist.cli import checklist_main; checklist_main()"

    told = [
        subprocess.run([sys.executable, "-c", start, *words], capture_output=True, check=False, encoding="utf-8")
        for words in (("check", str(case)), ("lint", "--rules", str(tmp_path / "rules")))
    ]
    assert f"case.yaml:{':'.join(map(str, place_of('arested', case.read_text(encoding='utf-8'))))}: " in told[0].stdout
    place = ":".join(map(str, place_of("anwsers", rule.read_text(encoding="utf-8"))))
    assert f"arrest-within-limit.yaml:{place}: " in told[1].stdout


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "bad" / "case").glob("*.yaml")), ids=lambda path: path.stem)
def test_in_a_bad_case_all_is_underlined_that_a_schema_can_see_and_nothing_else(editor: Editor, path: Path) -> None:
    text = CASE_LINE + path.read_text(encoding="utf-8")
    seen = [one for one in of_case(text) if not any(words in one.what for words in BEYOND_A_SCHEMA)]

    assert places(editor.underlined(editor.unsaved("examples"), text)) == places(seen)


def test_in_a_bad_rule_all_is_underlined_that_a_schema_can_see_and_nothing_else(editor: Editor) -> None:
    text = RULE_LINE + (ROOT / "tests" / "bad" / "rules" / "misspelt.yaml").read_text(encoding="utf-8")
    seen = [one for one in of_rule(text) if not any(words in one.what for words in BEYOND_A_SCHEMA)]

    # The words of that rule are of another vocabulary, so both find more than the file's author meant.
    assert places(editor.underlined(editor.unsaved("rules/investigation"), text)) == places(seen)


@pytest.mark.parametrize(
    ("what", "text", "wrong"),
    [
        ("examples", "rule: crime-recorded\nexamples: [{name: a, case: {}, expect: {S1: mt}}]\n", "mt}"),
        ("examples", "rule: crime-recorded\nexamples: [{name: a, case: {suspets: []}, expect: {}}]\n", "suspets"),
        ("examples", "rule: crime-recorde\n", "crime-recorde"),
        ("profile", "profile: x\nsays: y\ninclude: [crime-recorded, area:nowhere]\n", "area:nowhere"),
        ("profile", "profile: x\nsays: y\nexclde: []\n", "exclde"),
        ("settings", "settings: 1\nowner: x\nlimits: {arrest-within-limit: {hgh: 3 days}}\n", "hgh"),
        ("settings", "settings: 1\nowner: x\nlimits: {crime-recorded: 3 dys}\n", "3 dys"),
        ("settings", "settings: 1\nowner: x\nlimits: {crime-recorde: 3 days}\n", "crime-recorde"),
        ("settings", "settings: 1\nprofiles: {ours: {says: x, exclde: []}}\n", "exclde"),
        ("waivers", f"waivers: [{{{WAIVER.replace('crime-recorded', 'crime-recorde')}}}]\n", "crime-recorde"),
        ("waivers", f"waivers: [{{{WAIVER.replace('2016-08-01', '1/8/2016')}}}]\n", "1/8/2016"),
        ("waivers", f"waivers: [{{{WAIVER}, evidnce: x}}]\n", "evidnce"),
        ("vocabulary", "areas: [a]\nkinds:\n  x: {says: y, area: a, plurl: xs}\n", "plurl"),
        (
            "vocabulary",
            "areas: [a]\nkinds:\n  x: {says: y, area: a, facts: {f: {kind: dat, asks: x, look_in: y}}}\n",
            "dat,",
        ),
    ],
)
def test_what_is_wrong_in_any_other_file_is_underlined_itself(editor: Editor, what: str, text: str, wrong: str) -> None:
    whole = f"# yaml-language-server: $schema=../docs/schemas/{what}.json\n{text}"

    assert places(editor.underlined(editor.unsaved("examples"), whole)) == [place_of(wrong, whole)]


def test_the_template_of_a_case_is_right_wherever_its_schemas_stand(editor: Editor, tmp_path: Path) -> None:
    template = case_template("A-1", date(2016, 7, 18), SHIPPED)
    (tmp_path / "schemas").mkdir()
    for name, text in schema_files(SHIPPED).items():
        (tmp_path / "schemas" / name).write_text(text, encoding="utf-8")

    assert editor.underlined(tmp_path / "case.yaml", template) == []
    assert len(editor.underlined(tmp_path / "other.yaml", template.replace("country:", "contry:"))) == 1


# What is offered.


def test_facts_are_offered_in_a_thing_and_kinds_at_the_top(editor: Editor) -> None:
    suspect = SHIPPED.vocabulary.kinds["suspect"]

    assert {*suspect.facts, "about", "count", "note"} <= set(editor.offered("examples", f"{SUSPECT}    ar|\n"))
    top = editor.offered("examples", f"{CASE}|\n")
    assert set(SHIPPED.vocabulary.top_level_words()) - {"case", "as_of"} == set(top)


@pytest.mark.parametrize(
    ("folder", "text"),
    [
        ("examples", f"{CASE}|\n"),
        ("examples", f"{SUSPECT}    |\n"),
        ("examples", f"{CASE}report:\n  |\n"),
        ("examples", f"{CASE}judgements:\n  - |\n"),
        ("rules/investigation", f"{RULE_LINE}|\n"),
        ("rules/investigation", f"{RULE_LINE}deadline:\n  |\n"),
        ("rules/investigation", f"{RULE_LINE}schedule:\n  |\n"),
        ("rules/investigation", f"{RULE_LINE}source:\n  - |\n"),
        ("rules/investigation", f"{RULE_LINE}versions:\n  - |\n"),
        ("rules/investigation", f"{RULE_LINE}examples:\n  - |\n"),
    ],
)
def test_a_key_that_is_offered_is_written_with_its_colon(editor: Editor, folder: str, text: str) -> None:
    offered = editor.offered(folder, text)

    assert len(offered) > 2
    assert [key for key, written in offered.items() if ":" not in written] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{SUSPECT}    risk: |\n", ["high", "medium", "low", "not recorded", "unknown", "redacted"]),
        (f"{SUSPECT}    risk: {{is: |}}\n", ["high", "medium", "low"]),
        (f"{SUSPECT}    indecent_images: |\n", ["yes", "no", "not recorded", "unknown", "redacted"]),
        (f"{SUSPECT}    arrested: {{done: |}}\n", ["yes", "no"]),
        (f"{CASE}country: |\n", ["england", "wales", "not recorded", "unknown", "redacted"]),
        (
            f"{CASE}concerns: [|]\n",
            [*SHIPPED.vocabulary.kinds["case"].facts["concerns"].options, "others not recorded"],
        ),
        (f"{CASE}looked_at: [|]\n", list(SHIPPED.vocabulary.areas)),
    ],
)
def test_the_words_that_may_stand_there_are_offered_as_they_are_written(
    editor: Editor, text: str, words: list[str]
) -> None:
    offered = editor.offered("examples", text)

    assert list(offered)[: len(words)] == words
    assert [offered[word] for word in words] == words
    # The rest are mappings, which begin with a line of their own.
    assert all(offered[label].startswith("\n") for label in list(offered)[len(words) :])


def filled_in(snippet: str, value: str) -> str:
    """A snippet with its first choices taken, and a value where it leaves a gap."""
    chosen = re.sub(r"\$\{[0-9]+\|([^,|]*)[^}]*\}", r"\1", snippet.replace("reason: ${1}", "reason: other"))
    return re.sub(r"\$\{[0-9]+\}", value, re.sub(r"\$\{[0-9]+:([^}]*)\}", r"\1", chosen))


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("risk", "high"),
        ("arrested", "2015-09-22"),
        ("indecent_images", "yes"),
        ("employer_told", "2015-09-22"),
        ("identified_on", "2015-09-22"),
    ],
)
def test_whatever_is_offered_of_a_fact_is_right_once_it_is_filled_in(editor: Editor, fact: str, value: str) -> None:
    offered = editor.offered("examples", f"{SUSPECT}    {fact}: |\n")
    written = [filled_in(snippet, value).replace("\n", "\n    ") for snippet in offered.values()]
    texts = {editor.unsaved("examples"): f"{SUSPECT}    {fact}: {one}\n" for one in written}

    assert len(texts) > 5
    assert [problem for text in texts.values() for problem in of_case(text)] == []
    assert editor.underlined_in(texts) == {path: [] for path in texts}


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("severity: |\n", {"critical", "serious", "minor", "note"}),
        ("deadline:\n  event: |\n", {"suspect.arrested", "report.received", "case.closed"}),
        ("deadline:\n  after:\n    last_of:\n      - |\n", {"report.received", "if_recorded"}),
        ("deadline:\n  limit: |\n", {"24 hours", "15 working days", "a table by a fact"}),
        ("schedule:\n  events: |\n", {"supervision.reviews", "plan.reviews"}),
        ("expect:\n  |\n", {"all_of", "every", "suspect.risk", "suspect.outcome_decided.rationale"}),
        ("expect:\n  suspect.risk: |\n", {"high", "medium", "low", "{one_of: ...}", "{recorded: ...}"}),
        ("expect:\n  child.age: |\n", {"{at_least: ...}", "{at_most: ...}", "{recorded: ...}"}),
        ("accept_reasons: [|]\n", set(SHIPPED.vocabulary.reasons)),
        ("versions:\n  - |\n", {"in_force", "deadline.limit", "expect"}),
        ("examples:\n  - case:\n      suspects:\n        - |\n", {"arrested", "risk"}),
        ("examples:\n  - expect:\n      S1: |\n", {"met", "not met", "does not apply"}),
    ],
)
def test_a_rule_is_offered_what_fits_there(editor: Editor, text: str, some: set[str]) -> None:
    assert some <= set(editor.offered("rules/investigation", RULE_LINE + text))


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("deadline:\n  event: |\n", {"suspect.risk", "supervision.reviews"}),
        ("schedule:\n  events: |\n", {"suspect.arrested"}),
        ("expect:\n  child.age: |\n", {"{is: ...}", "{before: ...}", "yes"}),
        ("expect:\n  suspect.risk: |\n", {"{at_least: ...}", "yes"}),
    ],
)
def test_a_rule_is_not_offered_what_does_not_fit_there(editor: Editor, text: str, none: set[str]) -> None:
    assert not none & set(editor.offered("rules/investigation", RULE_LINE + text))


@pytest.mark.parametrize(
    ("what", "text", "some"),
    [
        ("profile", "include:\n  - |\n", {"arrest-within-limit", "area:investigation", "standing:statute"}),
        ("settings", "limits:\n  |\n", {"arrest-within-limit", "supervisor-review"}),
        ("settings", "limits:\n  arrest-within-limit:\n    |\n", {"high", "medium", "low"}),
        ("settings", "limits:\n  supervisor-review:\n    |\n", {"first", "every"}),
        ("waivers", "waivers:\n  - |\n", {"rule", "approved_by", "expires", "evidence"}),
        ("waivers", "waivers:\n  - rule: |\n", {"arrest-within-limit"}),
        ("examples", "equivalent:\n  - |\n", {"change", "why"}),
        ("vocabulary", "kinds:\n  x:\n    facts:\n      f:\n        kind: |\n", {"yes/no", "event", "reference"}),
    ],
)
def test_what_a_force_sets_for_itself_is_offered(editor: Editor, what: str, text: str, some: set[str]) -> None:
    modeline = f"# yaml-language-server: $schema=../docs/schemas/{what}.json\n"

    assert some <= set(editor.offered("examples", modeline + text))


def test_what_is_underlined_can_be_put_right_by_a_word_that_is_offered(editor: Editor) -> None:
    text = f"{SUSPECT}    arested: 2016-01-01\n    risk: hgh\n"
    path = editor.unsaved("examples")
    address = editor.open(path, text)
    published = (one["params"] for one in editor._heard() if one.get("method") == "textDocument/publishDiagnostics")
    found = next(one["diagnostics"] for one in published if one["uri"] == address)

    for wrong, right in (("arested", "arrested"), ("hgh", "high")):
        line = place_of(wrong, text)[0] - 1
        here = [one for one in found if one["range"]["start"]["line"] == line]
        asked = {"textDocument": {"uri": address}, "range": here[0]["range"], "context": {"diagnostics": here}}
        assert right in [one["title"] for one in editor.ask("textDocument/codeAction", asked)]


# What is told.


@pytest.mark.parametrize(
    ("text", "some"),
    [
        (
            f"{SUSPECT}    ri|sk: high\n",
            ["How was the risk from the suspect graded?", "Look in: risk assessment", "`high`"],
        ),
        (f"{SUSPECT}    risk: hi|gh\n", ["How was the risk from the suspect graded?", "`medium`"]),
        (
            f"{SUSPECT}    arr|ested: {{at: 2016-01-01}}\n",
            ["When was the suspect arrested?", "Look in: custody record"],
        ),
        (f"{SUSPECT}    relation|ship: peer\n", ["Who is the suspect to the child?", "never shown"]),
        (f"{SUSPECT}    arrested: {{at: 2016-01-01, kno|wn: 2016-01-01}}\n", ["When it was first known."]),
        (f"{SUSPECT}    serial_offending_considered: {{ratio|nale: recorded}}\n", ["Are the reasons written down?"]),
        (f"{CASE}susp|ects: []\n", ["A person, known to the police", "A list is complete unless"]),
        (f"{CASE}coun|try: wales\n", ["In which country did the agencies work?"]),
    ],
)
def test_beside_a_fact_stands_its_question(editor: Editor, text: str, some: list[str]) -> None:
    told = editor.told("examples", text)

    assert [words for words in some if words not in told] == []


@pytest.mark.parametrize(
    ("text", "some"),
    [
        (f"{RULE_LINE}expect:\n  suspect.ri|sk: high\n", "How was the risk from the suspect graded?"),
        (f"{RULE_LINE}expect:\n  suspect.risk: {{one|_of: [high]}}\n", "Is it one of these."),
        (f"{RULE_LINE}dead|line: {{limit: 3 days}}\n", "What must happen, after what, within how long."),
        (f"{RULE_LINE}deadline: {{lim|it: 3 days}}\n", "one limit, or a table of limits"),
    ],
)
def test_beside_a_key_of_a_rule_stands_what_it_does(editor: Editor, text: str, some: str) -> None:
    assert some in editor.told("rules/investigation", text)


def test_beside_a_limit_of_ones_own_stands_the_usual_one(editor: Editor) -> None:
    modeline = "# yaml-language-server: $schema=../docs/schemas/settings.json\n"

    told = editor.told("examples", f"{modeline}limits:\n  arrest-within-li|mit: {{high: 12 hours}}\n")
    assert "promptly after the report" in told
    assert "high 24 hours, medium 3 days, low 7 days (local)" in told
