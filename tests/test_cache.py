"""Reviews that were kept: the same bytes as if nothing had been, whatever happened to them since, and nothing kept that must not be."""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cache as once
from pathlib import Path
from typing import Any

import pytest

from checklist import cache as room
from checklist import rulebooks, runner
from checklist.cache import Cache, clear
from checklist.cli import run
from checklist.clocks import parse_moment
from checklist.findings import Review
from checklist.folders import CaseFile
from checklist.privacy import Detector, Guard
from checklist.reporters import Drawing, Page, jsonl
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.runner import Options, review_files
from tests import small
from tests.conftest import Ran, Shell

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
WORD = "zanzibar"


@once
def shipped() -> Checklist:
    whole = load_checklist(ROOT / "rules")
    return replace(whole, rules=whole.rules[:20])


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cases"
    folder.mkdir()
    for path in EXAMPLES[:3]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were reviewed and not found."""
    names: list[str] = []
    review_file = runner.review_file

    def noted(file: CaseFile, *given: Any) -> object:
        names.append(file.name)
        return review_file(file, *given)

    monkeypatch.setattr(runner, "review_file", noted)
    return names


def place() -> Path:
    return Path(run.CACHE) / "reviews.sqlite"


def ran(shell: Shell, *words: str) -> Ran:
    return shell.review("cases", "--format", "json", "--jobs", "1", "--profile", "core", *words)


# The same, sooner.


def test_the_second_run_reviews_nothing_and_says_the_same_bytes(shell: Shell, cases: Path, reviewed: list[str]) -> None:
    without = ran(shell, "--no-cache")
    assert not place().exists()
    first = ran(shell)
    reviewed.clear()
    second = ran(shell)

    assert without == first == second
    assert reviewed == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_was_drawn_is_kept_as_it_was_drawn(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(40):
        text = EXAMPLES[0].read_text(encoding="utf-8").replace("case: ", f"case: X{number % 39}-", 1)
        (tmp_path / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    words = ("*.yaml", "--jobs", jobs, "--profile", "core", "--format", "csv:a.csv", "--format", "junit:a.xml")
    first = shell.review(*words), Path("a.csv").read_bytes(), Path("a.xml").read_bytes()
    drawn: list[str] = []
    monkeypatch.setattr(Drawing, "of", lambda _, review: drawn.append(review.file))

    again = shell.review(*words), Path("a.csv").read_bytes(), Path("a.xml").read_bytes()

    assert first == again
    assert drawn == []
    assert b"its case has the same reference as that of" in first[1]


def test_what_was_drawn_for_other_reports_is_drawn_anew_and_not_reviewed(
    shell: Shell, cases: Path, reviewed: list[str]
) -> None:
    words = ("cases", "--jobs", "1", "--profile", "core")
    for name in ("csv", "junit"):
        shell.review(*words, "--format", name)
    reviewed.clear()

    told = [shell.review(*words, "--format", name).out for name in ("csv", "junit", "jsonl", "tap")]

    assert reviewed == []
    assert told == [
        shell.review(*words, "--no-cache", "--format", name).out for name in ("csv", "junit", "jsonl", "tap")
    ]


def test_what_takes_much_room_is_not_kept_as_it_was_drawn(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> int:
        with closing(sqlite3.connect(place())) as connection, connection:
            number: int = connection.execute("SELECT count(*) FROM reviews").fetchone()[0]
        connection.close()
        return number

    shell.review("cases", "--jobs", "1", "--profile", "core", "--format", "csv")
    assert rows() == 6
    monkeypatch.setattr(runner, "_MOST_DRAWN", 10)
    shell.review("cases", "--jobs", "1", "--format", "csv")
    assert rows() == 9


Report = Callable[[], tuple[Ran, bytes]]


@pytest.fixture
def in_json(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Two processes' report on 40 cases, of which each takes too much room to be kept as it was drawn."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(runner, "_MOST_DRAWN", 10)
    for number in range(40):
        text = EXAMPLES[0].read_text(encoding="utf-8").replace("case: ", f"case: X{number}-", 1)
        (tmp_path / f"{number:02}.yaml").write_text(text, encoding="utf-8")

    def report() -> tuple[Ran, bytes]:
        told = shell.review("*.yaml", "--jobs", "2", "--profile", "core", "--format", "jsonl:a.jsonl")
        return told, Path("a.jsonl").read_bytes()

    return report


def test_what_was_kept_and_not_drawn_is_drawn_by_the_processes(
    in_json: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = in_json()
    here, draw = os.getpid(), jsonl.draw

    def elsewhere(review: Review, page: Page) -> str:
        assert os.getpid() != here
        return draw(review, page)

    monkeypatch.setattr(jsonl, "draw", elsewhere)
    monkeypatch.setattr(runner, "review_file", None)

    assert in_json() == first


def test_what_was_kept_and_cannot_be_unpacked_is_reviewed_again(in_json: Report) -> None:
    first = in_json()
    with closing(sqlite3.connect(place())) as connection, connection:
        connection.execute("UPDATE reviews SET packed = ?, sha256 = ?", (b"x", hashlib.sha256(b"x").digest()))
    connection.close()

    assert in_json() == first
    with closing(sqlite3.connect(place())) as connection, connection:
        assert connection.execute("SELECT count(*) FROM reviews WHERE packed = ?", (b"x",)).fetchone() == (0,)
    connection.close()


def test_a_run_over_the_folder_in_which_it_stands_says_nothing_of_it(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CACHE", ".review-cache")
    first, second = shell.review(".", "--profile", "core"), shell.review(".", "--profile", "core")

    assert place().exists()
    assert first == second
    assert ".review-cache" not in second.out


def test_reviews_of_several_processes_are_kept_and_found(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(40):
        text = EXAMPLES[0].read_text(encoding="utf-8").replace("case: ", f"case: X{number}-", 1)
        (tmp_path / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    words = (".", "--format", "json", "--jobs", "2", "--profile", "core")

    cold, warm = shell.review(*words), shell.review(*words)

    assert cold == warm == shell.review(*words, "--no-cache")
    with closing(sqlite3.connect(place())) as connection, connection:
        assert connection.execute("SELECT count(*) FROM reviews").fetchone() == (
            80,
        )  # each packed, and as it was drawn


def test_only_what_was_changed_is_reviewed_again(shell: Shell, cases: Path, reviewed: list[str]) -> None:
    ran(shell)
    reviewed.clear()
    changed = cases / EXAMPLES[1].name
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    ran(shell)

    assert reviewed == [f"cases/{changed.name}"]


@pytest.mark.parametrize(
    "words",
    [
        ("--as-of", "2026-01-01"),
        ("--standard-on", "2015-01-01"),
        ("--privacy", "strict"),
        ("--severity", "critical"),
    ],
)
def test_another_question_is_asked_anew(shell: Shell, cases: Path, reviewed: list[str], words: tuple[str, ...]) -> None:
    ran(shell)
    reviewed.clear()

    assert ran(shell, *words) == ran(shell, *words, "--no-cache")
    assert len(reviewed) == 2 * len(EXAMPLES[:3])


def test_other_settings_are_another_question(shell: Shell, cases: Path, reviewed: list[str]) -> None:
    ran(shell)
    reviewed.clear()
    (cases.parent / ".review.yaml").write_text("settings: 1\nowner: the team\ndetail: yes\n")

    ran(shell)

    assert len(reviewed) == 3


def test_what_was_kept_in_brief_is_not_taken_for_the_whole(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("cases", "--jobs", "1", "--profile", "core")
    first = shell.review(*words)
    whole = ran(shell)
    monkeypatch.setattr(runner, "brief_document", None)

    assert shell.review(*words) == first
    assert ran(shell) == whole
    assert len(json.loads(whole.out)["reviews"]) == 3


def test_settings_can_switch_it_off(shell: Shell, cases: Path) -> None:
    (cases.parent / ".review.yaml").write_text("settings: 1\nowner: the team\nno_cache: yes\n")

    ran(shell)

    assert not place().exists()


def test_one_case_by_itself_is_not_kept(shell: Shell, cases: Path) -> None:
    shell.review(f"cases/{EXAMPLES[0].name}")

    assert not place().exists()


def test_a_file_of_another_name_is_another_case(shell: Shell, cases: Path) -> None:
    ran(shell)
    (cases / EXAMPLES[0].name).rename(cases / "other.yaml")

    assert ran(shell) == ran(shell, "--no-cache")


def test_what_depends_on_what_has_no_digest_is_not_kept(tmp_path: Path) -> None:
    detector = Detector.__new__(Detector)
    kinds = [
        Options(quote=True),
        Options(guard=Guard(shipped().vocabulary, detectors=())),
        Options(as_of=parse_moment("2020-01-01"), standard_on=date(2015, 1, 1)),
    ]
    digests = [room._digest_of_run(shipped(), options, "") for options in kinds]
    guard = Guard(shipped().vocabulary)
    guard.detectors = (detector,)

    assert [bool(digest) for digest in digests] == [False, True, True]
    assert room._digest_of_run(shipped(), Options(guard=guard), "") == b""
    assert len(set(digests)) == 3


def test_a_fault_of_ours_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(runner, "review_document", fails)
    kept = Cache(tmp_path / "kept", shipped(), Options())
    (review,) = review_files([CaseFile("a.yaml", str(EXAMPLES[0]))], shipped(), Options(), kept=kept)
    assert isinstance(review, Review)
    kept.close()
    with closing(sqlite3.connect(tmp_path / "kept" / "reviews.sqlite")) as connection, connection:
        assert review.fault
        assert connection.execute("SELECT count(*) FROM reviews").fetchone() == (0,)


# What is kept.


def test_it_is_its_owners_alone_and_kept_out_of_git(shell: Shell, cases: Path) -> None:
    ran(shell)

    if sys.platform != "win32":
        assert stat.S_IMODE(place().parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(place().stat().st_mode) == 0o600
    assert (place().parent / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_it_holds_no_free_text_of_a_case(shell: Shell, cases: Path) -> None:
    for path in cases.iterdir():
        path.write_text(path.read_text(encoding="utf-8") + f"note: {WORD}\n", encoding="utf-8")

    assert ran(shell, "--allow-identifying").code in (1, 2)

    with closing(sqlite3.connect(place())) as connection, connection:
        rows = connection.execute("SELECT packed FROM reviews").fetchall()

    assert rows
    assert not any(WORD.encode() in zlib.decompress(packed) for (packed,) in rows)


# Whatever happens to it.


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def rubbish(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def of_another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")


def of_another_shape(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE reviews")
        connection.execute("CREATE TABLE reviews (a)")


def changed_inside(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE reviews SET packed = zeroblob(100)")


def of_another_type(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE reviews SET packed = 5")


def in_the_middle_of_writing(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        cut_off,
        rubbish,
        emptied,
        of_another_version,
        of_another_shape,
        changed_inside,
        of_another_type,
        in_the_middle_of_writing,
    ],
)
def test_a_damaged_cache_changes_no_byte_of_a_report(shell: Shell, cases: Path, damage: Callable[[Path], None]) -> None:
    right = ran(shell)
    damage(place())

    after = ran(shell)

    assert (after.code, after.out) == (right.code, right.out)
    assert after.err == "" or f"{run.CACHE} was not used, or not to the end" in after.err
    assert after.err == "" or after.err.endswith("; --clear-cache deletes it\n")


def test_a_link_in_its_place_leads_nowhere(shell: Shell, cases: Path, tmp_path: Path) -> None:
    Path(run.CACHE).mkdir()
    (Path(run.CACHE) / ".gitignore").symlink_to(tmp_path / "elsewhere")

    ran(shell)

    assert not (tmp_path / "elsewhere").exists()


def test_a_cache_that_cannot_be_written_is_read(
    shell: Shell, cases: Path, reviewed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = ran(shell)
    reviewed.clear()
    opened = os.open

    def refuse(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith("reviews.sqlite") and flags & os.O_RDWR:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)

    assert ran(shell) == right
    assert reviewed == []


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_a_cache_that_cannot_be_made_is_done_without(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    right = ran(shell, "--no-cache")

    def fails(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(Path, "mkdir", fails)
    after = ran(shell)

    assert (after.code, after.out) == (right.code, right.out)
    assert f"was not used, or not to the end: {os.strerror(error)}" in after.err


def test_a_full_disk_under_the_cache_is_said_and_stops_nothing(
    shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = ran(shell, "--no-cache")
    connected = room.Cache._connected

    def small(self: Cache, path: Path) -> sqlite3.Connection:
        connection = connected(self, path)
        connection.execute("PRAGMA max_page_count = 4")
        return connection

    monkeypatch.setattr(Cache, "_connected", small)
    after = ran(shell)

    assert (after.code, after.out) == (right.code, right.out)
    assert "nothing more was kept: database or disk is full" in after.err


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_in_its_place_is_not_followed(shell: Shell, cases: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    Path(run.CACHE).symlink_to(target)

    assert "was not used, or not to the end: it is a link" in ran(shell).err
    assert list(target.iterdir()) == []


def test_two_runs_at_once_share_it(cases: Path) -> None:
    words = [sys.executable, "-m", "checklist", "cases", "--format", "json", "--jobs", "1", "--profile", "core"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _ in range(3)]
    told = [(*one.communicate(timeout=120), one.returncode) for one in runs]

    assert len(set(told)) == 1
    assert told[0][1] == b""
    with closing(sqlite3.connect(cases.parent / ".review-cache" / "reviews.sqlite")) as connection, connection:
        assert connection.execute("SELECT count(*) FROM reviews").fetchone() == (6,)  # each packed, and as it was drawn


# Away with it.


def test_it_can_be_deleted_and_nothing_else_is(shell: Shell, cases: Path, reviewed: list[str]) -> None:
    ran(shell)
    other = place().parent / "mine.txt"
    other.write_text("mine", encoding="utf-8")
    reviewed.clear()

    ran(shell, "--clear-cache", "--no-cache")

    assert len(reviewed) == 3
    assert [path.name for path in place().parent.iterdir()] == ["mine.txt"]
    other.unlink()
    clear(place().parent)
    assert not place().parent.exists()
    clear(place().parent)


def test_a_cache_that_cannot_be_deleted_is_exit_2(shell: Shell, cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(shell)

    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "unlink", fails)

    after = ran(shell, "--clear-cache")

    assert after.code == 2
    assert "cannot be deleted: Permission denied" in after.err


# A rulebook of one's own.


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A small rulebook, which is not the one that is compiled with the program."""
    folder = tmp_path / "own"
    (folder / "second").mkdir(parents=True)
    (folder / "vocabulary.yaml").write_text(small.VOCABULARY, encoding="utf-8")
    text = (ROOT / "tests" / "fuzz" / "corpus" / "rules" / "deadline-by-risk.yaml").read_text(encoding="utf-8")
    (folder / "second" / "small.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cases"
    folder.mkdir()
    for name in "AB":
        text = (
            f"case: {name}\nas_of: 2016-07-18\nreport: {{received: 2015-09-01}}\nsuspects: [{{ref: S1, risk: high}}]\n"
        )
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def read_whole(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The rulebooks that were read from their YAML."""
    read: list[Path] = []
    whole = rulebooks.load_checklist

    def noted(folder: Path, *packs: Path, **more: bool) -> Checklist:
        read.append(folder)
        return whole(folder, *packs, **more)

    monkeypatch.setattr(rulebooks, "load_checklist", noted)
    return read


def compiled_here() -> list[Path]:
    return list(Path(run.CACHE).glob("rulebook-*.json"))


def test_a_rulebook_of_ones_own_is_read_once(
    shell: Shell, of_ones_own: Path, rules: Path, read_whole: list[Path]
) -> None:
    words = (str(of_ones_own), "--rules", str(rules), "--format", "json")
    first = shell.review(*words)
    (kept,) = compiled_here()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    second = shell.review(*words)
    alone = shell.review(str(of_ones_own / "A.yaml"), "--rules", str(rules))

    assert (first.code, second.code, alone.code) == (1, 1, 1)
    assert first.out == second.out
    assert read_whole == [rules]


def test_a_rule_that_was_changed_is_read_again(
    shell: Shell, of_ones_own: Path, rules: Path, read_whole: list[Path]
) -> None:
    words = (str(of_ones_own), "--rules", str(rules), "--format", "json")
    before = shell.review(*words).out
    rule = rules / "second" / "small.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("severity: serious", "severity: minor"), encoding="utf-8")

    after = shell.review(*words).out

    assert read_whole == [rules, rules]
    assert ('"minor"' in before, '"minor"' in after) == (False, True)
    assert len(compiled_here()) == 1
    assert after == shell.review(*words, "--no-cache").out


@pytest.mark.parametrize("damage", ["cut off", "empty", "a link", "of other rules", "a folder"])
def test_a_kept_rulebook_that_is_damaged_is_nothing(
    shell: Shell, of_ones_own: Path, rules: Path, read_whole: list[Path], tmp_path: Path, damage: str
) -> None:
    words = (str(of_ones_own), "--rules", str(rules), "--format", "json")
    before = shell.review(*words)
    (kept,) = compiled_here()
    match damage:
        case "cut off":
            kept.write_bytes(kept.read_bytes()[:-20])
        case "empty":
            kept.write_bytes(b"")
        case "a link":
            kept.replace(tmp_path / "elsewhere")
            kept.symlink_to(tmp_path / "elsewhere")
        case "of other rules":
            kept.write_bytes(kept.read_bytes().replace(b"A small rule", b"A smaller rule"))
        case _:
            kept.unlink()
            kept.mkdir()

    after = shell.review(*words)

    assert (after.code, after.out) == (before.code, before.out)
    if damage != "a link":  # one that says what it said
        assert read_whole == [rules, rules]


def test_no_cache_keeps_and_takes_no_rulebook(
    shell: Shell, of_ones_own: Path, rules: Path, read_whole: list[Path]
) -> None:
    words = (str(of_ones_own), "--rules", str(rules))

    shell.review(*words, "--no-cache")
    assert compiled_here() == []
    shell.review(*words)
    shell.review(*words, "--no-cache")

    assert read_whole == [rules, rules, rules]


def test_kept_rulebooks_are_deleted_with_the_reviews(shell: Shell, of_ones_own: Path, rules: Path) -> None:
    words = (str(of_ones_own), "--rules", str(rules))
    shell.review(*words)
    assert compiled_here()

    shell.review(*words, "--clear-cache", "--no-cache")

    assert not Path(run.CACHE).exists()
