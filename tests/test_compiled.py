"""A compiled rulebook says what its YAML says, or nothing."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from checklist import __version__, versions
from checklist import compiled as compiled_room
from checklist.compiled import compiled, read_compiled
from checklist.rulebooks import in_full, load_checklist, load_for_review
from checklist.rules import Checklist
from checklist.source import InputError
from tests.small import RULE, VOCABULARY

ROOT = Path(__file__).parents[1]
WRITTEN = RULE.format(body="for_each: suspect\nexpect: {suspect.access: no}")


@cache
def shipped() -> Checklist:
    return load_checklist(ROOT / "rules")


@cache
def text() -> bytes:
    return compiled(shipped())


def bare(checklist: Checklist) -> Checklist:
    """Without what only the tools for authors need."""
    rules = tuple(replace(rule, examples=(), equivalents=()) for rule in checklist.rules)
    return replace(checklist, rules=rules, folders=())


def test_the_shipped_rulebook_is_the_same_compiled_as_read() -> None:
    read = read_compiled(text(), shipped().files)

    assert read is not None
    assert bare(read) == bare(shipped())
    assert read.digest == shipped().digest


def test_the_same_rulebook_compiles_to_the_same_bytes() -> None:
    assert compiled(shipped()) == text()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-2],
        lambda data: data.replace(b'"arrest-within-limit"', b'"arrest-within-limix"', 1),
        lambda data: data.replace(b"compiled-rulebook/1", b"compiled-rulebook/9", 1),
        lambda data: data.replace(b'"made_by": "', b'"made_by": "0', 1),
        lambda data: data.partition(b"\n")[0],
        lambda data: b"\x80\x04" + data,
        lambda data: b"[" * 100_000 + data,
        lambda data: b"",
        lambda data: b"null\nnull\n",
    ],
    ids=["cut short", "changed", "another format", "another program", "no body", "no text", "deep", "empty", "null"],
)
def test_a_compiled_rulebook_that_was_tampered_with_is_none(change: Callable[[bytes], bytes]) -> None:
    assert read_compiled(change(text()), shipped().files) is None


def test_a_compiled_rulebook_of_other_files_is_none() -> None:
    name, digest = shipped().files[0]

    assert read_compiled(text(), ((name, digest[::-1]), *shipped().files[1:])) is None
    assert read_compiled(text(), shipped().files[1:]) is None


def test_a_program_whose_source_is_not_there_trusts_no_compiled_rulebook(monkeypatch: pytest.MonkeyPatch) -> None:
    made = text()
    compiled_room.made_by.cache_clear()
    monkeypatch.setattr(compiled_room, "__file__", "/nowhere/compiled.py")
    try:
        assert read_compiled(made, shipped().files) is None
    finally:
        compiled_room.made_by.cache_clear()


@pytest.fixture
def rulebook(tmp_path: Path) -> Path:
    """A small rulebook of one rule, and what it compiles to beside it."""
    folder = tmp_path / "rules"
    (folder / "calendars").mkdir(parents=True)
    (folder / "second").mkdir()
    (folder / "vocabulary.yaml").write_text(VOCABULARY, encoding="utf-8")
    shutil.copy(ROOT / "rules" / "calendars" / "england-and-wales.yaml", folder / "calendars")
    (folder / "second" / "small.yaml").write_text(WRITTEN, encoding="utf-8")
    (tmp_path / "kept.json").write_bytes(compiled(load_checklist(folder)))
    return folder


def test_a_rule_that_was_changed_since_is_read_from_its_yaml(rulebook: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    assert not load_for_review(rulebook, kept=[kept]).rules[0].root.entries

    path = rulebook / "second" / "small.yaml"
    path.write_text(WRITTEN.replace("title: A small rule", "title: A changed rule"), encoding="utf-8")
    read = load_for_review(rulebook, kept=[kept])

    assert read.rules[0].title == "A changed rule"
    assert read == load_checklist(rulebook)


def test_a_file_that_was_added_since_is_a_problem_as_ever(rulebook: Path, tmp_path: Path) -> None:
    (rulebook / "second" / "other.yml").write_text("a: b\n", encoding="utf-8")

    with pytest.raises(InputError, match="a file that nobody reads"):
        load_for_review(rulebook, kept=[tmp_path / "kept.json"])


def test_a_compiled_rule_is_given_back_in_full_while_its_file_is_the_same(rulebook: Path, tmp_path: Path) -> None:
    quick = load_for_review(rulebook, kept=[tmp_path / "kept.json"])

    assert in_full(quick.rules[0], quick) == load_checklist(rulebook).rules[0]

    path = rulebook / "second" / "small.yaml"
    path.write_text(WRITTEN.replace("title: A small rule", "title: A changed rule"), encoding="utf-8")
    with pytest.raises(InputError, match="changed while it was in use"):
        in_full(quick.rules[0], quick)
    path.unlink()
    with pytest.raises(InputError, match="this file is gone"):
        in_full(quick.rules[0], quick)


def test_the_version_is_said_with_nothing_else_loaded() -> None:
    program = (
        "import sys; sys.argv = ['review', '--version']\n"
        "from checklist.cli import review_main\n"
        "try: review_main()\n"
        "except SystemExit: pass\n"
        "import json; print(json.dumps([name for name in sys.modules if name.split('.')[0] in ('checklist', 'typer', 'rich', 'yaml')]))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    said, loaded = ran.stdout.splitlines()

    assert said == f"review {__version__}, rulebook {shipped().digest[:12]}"
    assert sorted(json.loads(loaded)) == ["checklist", "checklist.cli", "checklist.versions"]


def test_one_case_loads_nothing_that_only_many_need_or_another_format() -> None:
    program = (
        "import sys; sys.argv = ['review', '--quiet', 'examples/handled-well.yaml']\n"
        "from checklist.cli import review_main\n"
        "try: review_main()\n"
        "except SystemExit: pass\n"
        "import json; print(json.dumps(sorted(sys.modules)))"
    )
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, env=unmeasured
    )
    loaded = json.loads(ran.stdout)

    others = {"asyncio", "concurrent", "distributed", "fsspec", "http", "logging", "multiprocessing", "pathspec", "pickle", "pyarrow", "sqlite3", "tarfile", "xlsxwriter", "zipfile"}  # fmt: skip
    assert others.isdisjoint(name.split(".")[0] for name in loaded)
    rooms = {name for name in loaded if name.startswith("checklist.")}
    assert rooms.isdisjoint({"checklist.authoring", "checklist.cache", "checklist.cluster", "checklist.editors", "checklist.lint", "checklist.testing"})  # fmt: skip
    assert len(loaded) <= 260  # 236 when this was written: whoever adds more should know that every run waits for them


def test_the_version_names_the_same_rulebook_whichever_line_ends_it_has(
    rulebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in rulebook.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setattr(versions, "rulebook_folder", lambda: rulebook)

    assert versions.version_in_words("review").endswith(f"rulebook {load_checklist(rulebook).digest[:12]}")
