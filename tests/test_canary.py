"""A secret word wherever a case file can hold free text, or anything that is refused: no output holds it unless quotes were asked for.

What may be shown of a case: its reference, references of people and things, dates, numbers, and words of the vocabulary that are
not personal. Everything else - notes, sources, roles, reasons that no rule lists, comments, keys and values that are refused, a
file that cannot be parsed - stays in the file.
"""

import base64
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from checklist import cli, runner
from checklist.case import load_case
from checklist.cli import authors, inputs
from checklist.reporters import NAMES
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.source import parse_document
from checklist.versions import rulebook_folder
from tests.faults import CANARY, Ended, Faults
from tests.faults import run as run_in

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
PRINTED = tuple(name for name in NAMES if name != "xlsx")
FORMS = [
    form for word in (CANARY, f"{CANARY}!") for form in (word, base64.b64encode(word.encode()).decode().rstrip("="))
]
HIDDEN = re.compile("|".join(map(re.escape, FORMS)), re.IGNORECASE)


@cache
def shipped() -> Checklist:
    return load_checklist(rulebook_folder())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped rules are read once for all these tests."""
    kept = cache(load_checklist)
    for module in (inputs, authors):
        if hasattr(module, "load_checklist"):
            monkeypatch.setattr(module, "load_checklist", kept)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("out", "scratch", "cases"):
        (tmp_path / name).mkdir()
    return tmp_path


def run(place: Path, *words: str, door: Callable[[], None] = cli.review_main) -> Ended:
    return run_in(place, list(words), Faults(), door=door)


def assert_kept(ended: Ended, *more: bytes) -> None:
    """Nothing that was printed or written holds the word, in any spelling."""
    for text in (ended.out, ended.err, *(data.decode("utf-8", "replace") for data in more)):
        found = HIDDEN.search(text)
        assert found is None, text[max(0, found.start() - 200) : found.end() + 50]


# The word wherever a case that can be reviewed can hold it.


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every mapping and every value of a case."""
    yield path
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inside:
        yield from places(value, (*path, key))


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def with_words(tree: Any, path: tuple[Any, ...], shape: int) -> Any:
    """The case with the word at one place, in one of the ways in which a fact can carry it."""
    changed = json.loads(json.dumps(tree))
    if not path:
        return changed
    holder, key = at(changed, path[:-1]), path[-1]
    value = holder[key]
    extra = {"note": f"{CANARY} said {CANARY}!", "source": f"log {CANARY}"}
    if isinstance(value, dict):
        holder[key] = {**value, **({"note": extra["note"]} if shape else extra)}
    elif isinstance(value, str):
        holder[key] = {("at", "is")[shape]: value, **extra, "by": f"sergeant@{CANARY}"}
    return changed


def is_right(tree: Any) -> bool:
    document = parse_document(json.dumps(tree).encode(), name="x")  # which is YAML as well, and soon written
    return not document.problems and not load_case(document, shipped().vocabulary).problems


def written(tree: Any) -> str:
    return str(yaml.safe_dump(tree, sort_keys=False, width=10_000))


@cache
def poisoned(path: Path) -> tuple[str, int]:
    """An example with the word in every note, source and role that it can have, and in comments; and how many there are."""
    tree = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # texts only
    for way in list(places(tree)):
        for shape in (0, 1):
            changed = with_words(tree, way, shape)
            if changed != tree and is_right(changed):
                tree = changed
                break
    text = written(tree)
    lines = [f"{line}  # {CANARY}" if line and "'" not in line else line for line in text.splitlines()]
    return f"# {CANARY}\n" + "\n".join(lines) + "\n", text.count(CANARY)


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest, place: Path) -> Path:
    text, count = poisoned(request.param)
    assert count > 20
    assert text.count(CANARY) > count
    (place / "cases" / "a.yaml").write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("name", PRINTED)
def test_no_report_holds_what_is_withheld(case: Path, name: str) -> None:
    ended = run(case, "cases/a.yaml", "--format", name, "--all")

    assert ended.code in (0, 1, 3), ended.err
    assert ended.out
    assert_kept(ended)


def test_no_workbook_holds_what_is_withheld(case: Path) -> None:
    pytest.importorskip("xlsxwriter")

    ended = run(case, "cases/a.yaml", "--format", "xlsx:out/xlsx")

    assert ended.code in (0, 1, 3)
    parts = ZipFile(BytesIO(ended.reports["xlsx"]))
    assert_kept(ended, *(parts.read(part) for part in parts.namelist()))


def test_neither_explaining_nor_checking_nor_a_baseline_holds_what_is_withheld(case: Path) -> None:
    for rule in ("arrest-within-limit", "serial-offending-considered", "child-spoken-to", "strategy-discussion"):
        ended = run(case, "cases/a.yaml", "--explain", rule)
        assert ended.code == 0
        assert rule in ended.out
        assert_kept(ended)
    for words in (["check", "cases/a.yaml"], ["baseline", "cases", "--write", "out/json"], ["baseline", "cases"]):
        ended = run(case, *words, door=cli.checklist_main)
        assert ended.code == 0, ended
        assert_kept(ended, *ended.reports.values())


def test_asked_for_quotes_do_show_the_lines(case: Path) -> None:
    ended = run(case, "cases/a.yaml", "--quote", "--all")

    assert CANARY in ended.out


# The word in what is refused.

RIGHT = """\
case: X-1
as_of: 2016-07-18
country: england
concerns: [sexual abuse]
report: {received: 2015-09-01T10:15}
children: [{ref: C1, age: 8}]
suspects:
  - {ref: S1, relationship: partner of parent, risk: high}
"""
DECIDED = "decided_at: 2015-09-01"
WRONG = {
    "a key of the case": ("case: X-1", f"case: X-1\n{CANARY}: 1"),
    "a key of a thing": ("age: 8", f"age: 8, {CANARY}: 1"),
    "a key of a fact": ("risk: high", f"arrested: {{{CANARY}: 1, at: 2015-10-01}}"),
    "a value beside a misspelt key": ("age: 8", f"agee: {CANARY}"),
    "an age": ("age: 8", f"age: {CANARY}"),
    "a personal choice": ("partner of parent", f"{CANARY} the baker"),
    "a choice": ("risk: high", f"risk: {CANARY}"),
    "choices": ("sexual abuse", CANARY),
    "a country": ("england", CANARY),
    "a date": ("2015-09-01T10:15", CANARY),
    "a date and more": ("2015-09-01T10:15", f"2015-09-01 {CANARY}"),
    "a day that is counted from it": ("2015-09-01T10:15", f"{CANARY} + 3 days"),
    "an as-of": ("2016-07-18", CANARY),
    "a day 0": ("case: X-1", f"case: X-1\nday_0: {CANARY}"),
    "parts of a day 0": ("case: X-1", f"case: X-1\nday_0: {{weekday: {CANARY}, month: {CANARY}}}"),
    "an event": ("risk: high", f"arrested: {CANARY}"),
    "an event's is": ("risk: high", f"arrested: {{is: {CANARY}}}"),
    "a reason": ("risk: high", f"arrested: {{done: no, reason: {CANARY}, decided_by: sergeant@police, {DECIDED}}}"),
    "who decided": ("risk: high", f"arrested: {{done: no, reason: suspect died, decided_by: J. {CANARY}, {DECIDED}}}"),
    "a role": ("risk: high", f"arrested: {{done: no, reason: suspect died, decided_by: {CANARY}, {DECIDED}}}"),
    "a reason for lateness": (
        "risk: high",
        f"arrested: {{at: 2015-10-01, reason: {CANARY}, decided_by: sergeant@police, {DECIDED}}}",
    ),
    "why it is not applicable": ("age: 8", f"age: 8, spoken_to: {{is: not applicable, reason: {CANARY}}}"),
    "two records": (
        "risk: high",
        f"arrested: {{conflicting: [{{at: {CANARY}, source: {CANARY}}}, {{at: 2015-10-02}}]}}",
    ),
    "a changing value": ("risk: high", f"risk: [{{is: {CANARY}, at: 2015-10-01}}, {{is: high, at: {CANARY}}}]"),
    "a reference": ("ref: S1", f"ref: {CANARY} {CANARY}"),
    "whom it concerns": ("children:", f"devices: [{{ref: D1, about: [{CANARY}]}}]\nchildren:"),
    "what was looked at": ("case: X-1", f"case: X-1\nlooked_at: [{CANARY}]"),
    "a count": ("ref: S1", f"ref: S1, count: {CANARY}"),
    "a share of a group": ("risk: high", f"count: 4, arrested: {CANARY} of 4"),
    "an item": ("children: [", f"children: [{CANARY}, "),
    "a thing": ("{received: 2015-09-01T10:15}", CANARY),
    "a judgement": (
        "case: X-1",
        f"case: X-1\njudgements: [{{rule: {CANARY}, subject: {CANARY}, answer: {CANARY}, reason: {CANARY}, by: {CANARY}, at: {CANARY}}}]",
    ),
    "a judgement's reason": (
        "case: X-1",
        f"case: X-1\njudgements: [{{rule: good-practice-noted, subject: case, answer: met, reason: {CANARY}, by: a@{CANARY}, at: 2016-07-18}}]",
    ),
    "a key given twice": ("case: X-1", f"case: X-1\n{CANARY}: 1\n{CANARY}: 2"),
    "an anchor": ("case: X-1", f"case: &{CANARY} X-1"),
    "an alias": ("england", f"*{CANARY}"),
    "a tag": ("england", f"!{CANARY} england"),
    "a directive": ("case: X-1", f"%{CANARY.upper()} 1\n---\ncase: X-1"),
    "an open quote": ("england", f'"{CANARY}'),
    "an open bracket": ("england", f"[{CANARY}"),
    "a control character": ("england", f"{CANARY}\x1b"),
    "bytes that are no text": ("england", f"{CANARY}\udcff"),
    "an escape": ("england", f'"{CANARY}\\e"'),
    "a comment that cuts a value": ("england", f"england #{CANARY}"),
    "a long value": ("england", CANARY * 6_000),
    "a long key": ("case: X-1", f"case: X-1\n{CANARY * 60}: 1"),
    "a second document": ("case: X-1", f"{CANARY}: 1\n---\ncase: X-1"),
}


@pytest.mark.parametrize("what", WRONG)
def test_no_message_holds_what_was_refused(place: Path, what: str) -> None:
    right, wrong = WRONG[what]
    assert right in RIGHT
    text = RIGHT.replace(right, wrong, 1)
    (place / "cases" / "a.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    targets = [word for name in ("json", "sarif", "junit") for word in ("--format", f"{name}:out/{name}")]

    for words in (["--plain", "--all", "--severity", "critical"], ["--severity", "critical", *targets]):
        ended = run(place, "cases/a.yaml", *words)
        assert ended.code in (1, 2)
        assert_kept(ended, *ended.reports.values())
    assert_kept(run(place, "cases/a.yaml", "--explain", "arrest-within-limit"))
    for word in ("check", "baseline"):
        assert_kept(run(place, word, "cases/a.yaml", door=cli.checklist_main))


def test_nothing_is_refused_without_a_word_why(place: Path) -> None:
    told = set()
    for right, wrong in WRONG.values():
        (place / "cases" / "a.yaml").write_bytes(RIGHT.replace(right, wrong, 1).encode("utf-8", "surrogateescape"))
        told.add(run(place, "check", "cases/a.yaml", door=cli.checklist_main).code)

    assert told == {0, 2}  # 0: a judgement's reason, and a comment, are allowed


# The word in an exception, wherever one may come from.

INSIDE = (
    *("checklist.runner.read", "checklist.runner.load_case", "checklist.runner.review", "checklist.waivers.apply"),
    *("checklist.cli.run.exit_code", "checklist.summary.Tally.add", "checklist.summary.Tally.summary"),
    *(
        f"checklist.reporters.{name}.Report.{part}"
        for name in ("json", "console", "sarif")
        for part in ("review", "end")
    ),
)


@pytest.mark.parametrize("name", INSIDE)
def test_a_fault_shows_nothing_of_the_case_wherever_it_is(
    place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (place / "cases" / "a.yaml").write_text(RIGHT, encoding="utf-8")

    def fail(*_: object, **__: object) -> None:
        local = f"{CANARY} in a local variable"
        raise RuntimeError(local)

    monkeypatch.setattr(name, fail)
    format_ = name.split(".")[2] if ".reporters." in name else "plain"

    ended = run(place, "cases/a.yaml", "--format", format_, "--select", "arrest-within-limit")

    assert ended.code == 70
    assert "RuntimeError" in ended.err
    assert_kept(ended)


@pytest.mark.parametrize("kind", [ValueError, KeyError, OSError, RecursionError, MemoryError, UnicodeError])
def test_no_kind_of_exception_shows_what_it_holds(
    place: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    (place / "cases" / "a.yaml").write_text(RIGHT, encoding="utf-8")

    def fail(*_: object, **__: object) -> None:
        raise kind(CANARY)

    monkeypatch.setattr(runner, "load_case", fail)

    ended = run(place, "cases/a.yaml", "--select", "arrest-within-limit")

    assert ended.code == 70
    assert_kept(ended)


# The word beside a bar that shows how far a run is.

LONG = """\
import sys, time
from checklist import runner
from checklist.cli import progress, review_main
progress._SECONDS = 0.0
sys.argv = ["review", "cases", "--rules", "rules", "--format", "json:out/json", "--jobs", "1"]
review_main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a terminal of its own")
def test_progress_on_a_terminal_shows_nothing_of_the_cases(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415  # only where there is one
    import subprocess  # noqa: PLC0415  # as above

    from tests.faults import CASE, a_place  # noqa: PLC0415  # as above

    a_place(tmp_path)
    for number in range(40):
        (tmp_path / "cases" / f"{number}.yaml").write_text(CASE.format(name=f"N{number}"), encoding="utf-8")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    with subprocess.Popen([sys.executable, "-c", LONG], stderr=theirs, cwd=tmp_path, env=environment) as process:
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 1 << 16):
                shown += more
        except OSError:
            pass  # how a terminal ends
        process.wait(timeout=60)
    os.close(ours)

    assert process.returncode == 1
    assert b"files" in shown
    assert CANARY.encode() not in shown.lower()
