"""What is found, in which order, what is passed over and why, and what no folder, list or archive can make us do."""

import errno
import gzip
import io
import os
import pickle
import random
import shutil
import socket
import stat
import subprocess
import sys
import tarfile
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checklist import folders
from checklist.folders import CaseFile, Skipped, count, found, read
from checklist.source import Limits, Mapping, Problem, Scalar

SMALL = Limits(bytes=200)
Found = CaseFile | Skipped | Problem

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
needs_any_name = pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a name")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test stands in a folder of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write(*names: str, text: str = "case: X\n") -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def no_stdin() -> bytes:
    pytest.fail("nobody asked for standard input")


def all_of(*paths: str, limits: Limits = SMALL, stdin: Callable[[], bytes] = no_stdin) -> list[Found]:
    return list(found(paths, stdin=stdin, limits=limits))


def cases(items: Iterable[Found]) -> list[str]:
    return [item.name for item in items if isinstance(item, CaseFile)]


def skipped(items: Iterable[Found]) -> dict[str, str]:
    return {item.path: item.why for item in items if isinstance(item, Skipped)}


def problems(items: Iterable[Found]) -> list[str]:
    return [f"{item.file}:{item.line}: {item.what}" for item in items if isinstance(item, Problem)]


def only_problem(*paths: str) -> Problem:
    (item,) = [item for item in all_of(*paths) if isinstance(item, Problem)]
    return item


def listed(folder: str | Path) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def random_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same bytes every time


# Folders.


def test_a_folder_gives_its_cases_in_the_order_of_their_paths() -> None:
    write("cases/b.yaml", "cases/a.yml", "cases/b/c.json", "cases/b.d/x.yaml", "cases/Z.yaml", "cases/b/a/é.yaml")

    items = all_of("cases")

    parts = [PurePosixPath(name).parts for name in cases(items)]
    assert parts == sorted(parts)
    assert len(parts) == len(items) == 6


@given(
    st.sets(
        st.lists(st.sampled_from(["a", "b", "a-", "a.yaml", "B", "é", "10", "9"]), min_size=1, max_size=4).map(tuple)
    )
)
def test_the_order_is_that_of_the_parts_of_the_paths(
    tmp_path_factory: pytest.TempPathFactory, wanted: set[tuple[str, ...]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    written = set()
    for parts in wanted:
        path = root.joinpath(*parts[:-1], parts[-1] + "_.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
        written.add(path.relative_to(root).parts)

    shown = [PurePosixPath(name).parts[1:] for name in cases(all_of(str(root)))]

    assert shown == sorted(written)


def test_everything_that_is_passed_over_is_said_once_with_why(here: Path) -> None:
    write(
        "cases/a.yaml",
        "cases/notes.txt",
        "cases/README",
        "cases/.hidden.yaml",
        "cases/.git/x.yaml",
        "cases/.git/y/z.yaml",
    )
    write("cases/.review.yaml", "cases/waivers.yaml", "cases/review.lock", "cases/inner/.reviewignore", text="x\n")

    items = all_of("cases")

    assert cases(items) == ["cases/a.yaml"]
    assert skipped(items) == {
        "cases/.git": "hidden",
        "cases/.hidden.yaml": "hidden",
        "cases/.review.yaml": "settings, not a case",
        "cases/README": "not a case file",
        "cases/inner/.reviewignore": "settings, not a case",
        "cases/notes.txt": "not a case file (.txt)",
        "cases/review.lock": "settings, not a case",
        "cases/waivers.yaml": "settings, not a case",
    }
    assert len(items) == 9


@needs_links
def test_no_link_in_a_folder_is_followed(here: Path) -> None:
    write("cases/a.yaml", "elsewhere/secret.yaml")
    Path("cases/loop").symlink_to("..", target_is_directory=True)
    Path("cases/out").symlink_to("../elsewhere", target_is_directory=True)
    Path("cases/b.yaml").symlink_to("a.yaml")
    Path("cases/gone.yaml").symlink_to("nowhere")

    items = all_of("cases")

    assert cases(items) == ["cases/a.yaml"]
    assert skipped(items) == dict.fromkeys(["cases/b.yaml", "cases/gone.yaml", "cases/loop", "cases/out"], "a link")


@needs_links
def test_a_link_that_is_named_is_followed(here: Path) -> None:
    write("real/a.yaml", "one.yaml")
    Path("cases").symlink_to("real", target_is_directory=True)
    Path("two.yaml").symlink_to("one.yaml")

    assert cases(all_of("cases", "two.yaml")) == ["cases/a.yaml", "two.yaml"]


@needs_links
def test_a_named_link_that_leads_nowhere_is_a_problem(here: Path) -> None:
    Path("gone.yaml").symlink_to("nowhere")

    assert only_problem("gone.yaml").what == "a link that leads nowhere"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_not_a_regular_file_is_passed_over_in_a_folder(here: Path) -> None:
    write("cases/a.yaml")
    os.mkfifo("cases/pipe.yaml")
    os.mkfifo("cases/pipe.zip")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("cases/socket.yaml")

        items = all_of("cases")

    assert cases(items) == ["cases/a.yaml"]
    assert set(skipped(items).values()) == {"not a regular file"}
    assert len(items) == 4


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["pipe.zip", "pipe.jsonl", "pipe.tgz", "@pipe"])
def test_a_pipe_that_nobody_writes_to_does_not_hold_us(here: Path, name: str) -> None:
    os.mkfifo(name.removeprefix("@"))

    assert only_problem(name).what.endswith("not a regular file")


def test_a_named_pipe_as_a_case_is_a_problem_of_its_document(here: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo("pipe.yaml")
    (case,) = all_of("pipe.yaml")
    assert isinstance(case, CaseFile)

    assert read(case, SMALL).problems


def test_a_folder_without_a_case_is_a_problem_even_if_things_were_passed_over() -> None:
    write("cases/notes.txt", "cases/sub/waivers.yaml")

    items = all_of("cases")

    assert len(skipped(items)) == 2
    assert problems(items) == ["cases:1: this folder holds no case file"]


@pytest.mark.parametrize("name", ["absent.yaml", "absent/", "", "a\0b.yaml", "\ud800", "x" * 5000, "file.yaml/x"])
def test_a_path_that_leads_nowhere_is_a_problem_and_stops_no_other(name: str) -> None:
    write("file.yaml")

    items = all_of(name, "file.yaml")

    assert len(problems(items)) == 1
    assert cases(items) == ["file.yaml"]


def test_nothing_asked_for_is_a_problem() -> None:
    assert len(problems(all_of())) == 1


def test_a_named_file_is_a_case_whatever_its_suffix_but_settings_are_none() -> None:
    write("case.txt", ".case", "waivers.yaml")

    items = all_of("case.txt", ".case", "waivers.yaml")

    assert cases(items) == ["case.txt", ".case"]
    assert skipped(items) == {"waivers.yaml": "settings, not a case"}


def test_capitals_in_a_suffix_count_for_nothing() -> None:
    write("cases/A.YAML", "cases/B.Json")

    assert cases(all_of("cases")) == ["cases/A.YAML", "cases/B.Json"]


class Refusing:
    """`os.scandir`, but of a folder that refuses."""

    def __init__(self, name: str, error: OSError) -> None:
        self.name = name
        self.error = error
        self.scandir = os.scandir

    def __call__(self, path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == self.name:
            raise self.error
        return self.scandir(path)


@pytest.mark.parametrize(
    "error", [PermissionError(errno.EACCES, "Permission denied"), FileNotFoundError(errno.ENOENT, "No such file")]
)
def test_a_folder_that_cannot_be_read_or_is_gone_is_a_problem_and_the_others_are_read(
    error: OSError, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("cases/a.yaml", "cases/shut/b.yaml", "cases/z.yaml")
    monkeypatch.setattr(os, "scandir", Refusing("shut", error))

    items = all_of("cases")

    assert cases(items) == ["cases/a.yaml", "cases/z.yaml"]
    assert problems(items) == [f"cases/shut:1: this folder cannot be read: {error.strerror}"]
    assert problems(all_of("cases/shut")) == problems(items)
    assert problems(all_of("cases/shut/*.yaml")) == [
        f"cases/shut/*.yaml:1: this folder cannot be read: {error.strerror}"
    ]


def test_a_file_that_is_gone_when_its_turn_comes_is_a_problem_of_its_document() -> None:
    write("cases/a.yaml", "cases/b.yaml")
    walk = found(["cases"], stdin=no_stdin, limits=SMALL)
    next(walk)
    Path("cases/b.yaml").unlink()

    (case,) = walk

    assert isinstance(case, CaseFile)
    assert read(case, SMALL).problems[0].file == "cases/b.yaml"


def test_folders_may_be_deeper_than_python_can_recurse(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(1200):
        Path("d").mkdir()
        os.chdir("d")
    write("a.yaml")
    monkeypatch.chdir(here)

    assert cases(all_of("d")) == ["d/" * 1200 + "a.yaml"]
    shutil.rmtree("d") if sys.version_info >= (3, 13) else subprocess.run(["rm", "-r", "d"], check=False)  # noqa: S607


def test_a_case_is_found_before_the_folders_after_it_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    write("cases/a/1.yaml", "cases/b/2.yaml")
    monkeypatch.setattr(os, "scandir", Refusing("b", PermissionError(errno.EACCES, "Permission denied")))

    first = next(found(["cases"], stdin=no_stdin, limits=SMALL))

    assert isinstance(first, CaseFile)


def test_memory_does_not_grow_with_the_number_of_folders() -> None:
    def peak(root: str) -> int:
        tracemalloc.start()
        assert sum(isinstance(item, CaseFile) for item in found([root], stdin=no_stdin, limits=SMALL)) > 0
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    write(*(f"few/{folder}/{file}.yaml" for folder in range(10) for file in range(10)))
    write(*(f"many/{folder // 10}/{folder % 10}/{file}.yaml" for folder in range(200) for file in range(10)))
    peak("few")

    assert peak("many") < 2 * peak("few")


@needs_any_name
def test_names_of_any_bytes_and_any_length_are_found_can_be_read_and_stay_apart(here: Path) -> None:
    names = [
        b"a\xff.yaml",
        b"a\xfe.yaml",
        b"new\nline.yaml",
        b" .yaml",
        "\u202ex.yaml".encode(),
        b"x" * 250 + b".yaml",
        b"*.yaml",
    ]
    Path("cases").mkdir()
    for name in names:
        Path(os.fsdecode(b"cases/" + name)).write_bytes(b"case: X\n")

    found_ones = [item for item in all_of("cases") if isinstance(item, CaseFile)]

    assert {item.name for item in found_ones} == {os.fsdecode(b"cases/" + name) for name in names}
    assert not any(read(item, SMALL).problems for item in found_ones)
    assert pickle.loads(pickle.dumps(found_ones)) == found_ones  # noqa: S301


# How things are named.


def test_a_relative_path_is_shown_as_typed_and_the_working_directory_adds_nothing(here: Path) -> None:
    write("cases/a.yaml", "a.yaml", "../beside/b.yaml")

    assert cases(all_of("./cases/", "a.yaml")) == ["cases/a.yaml", "a.yaml"]
    assert cases(all_of(".")) == ["a.yaml", "cases/a.yaml"]
    assert cases(all_of("../beside")) == ["../beside/b.yaml"]


def test_an_absolute_path_shows_nothing_above_itself(here: Path, tmp_path: Path) -> None:
    write("cases/a.yaml", "../jo/cases/inner/b.yaml", "../jo/one.yaml")
    away = tmp_path / "jo"

    assert cases(all_of(str(here / "cases"))) == ["cases/a.yaml"]
    assert cases(all_of(str(here))) == ["cases/a.yaml"]
    assert cases(all_of(str(away / "cases"))) == ["cases/inner/b.yaml"]
    assert cases(all_of(str(away / "one.yaml"))) == ["one.yaml"]
    assert cases(all_of(f"{here}/../jo/one.yaml")) == ["one.yaml"]
    assert only_problem(str(away / "absent")).file == "absent"
    assert cases(all_of(str(away / "*" / "inner"))) == ["jo/cases/inner/b.yaml"]


def test_two_absolute_paths_with_one_name_are_told_apart(tmp_path: Path) -> None:
    write("../1/case.yaml", "../2/case.yaml")

    assert cases(all_of(str(tmp_path / "1/case.yaml"), str(tmp_path / "2/case.yaml"))) == ["case.yaml", "case.yaml (2)"]
    assert cases(all_of(str(tmp_path / "1"), str(tmp_path / "2"))) == ["1/case.yaml", "2/case.yaml"]


def test_a_path_can_be_opened_wherever_it_is_shown_to_be(tmp_path: Path) -> None:
    write("cases/a.yaml", "../jo/cases/b.yaml")
    items = [item for item in all_of("cases", str(tmp_path / "jo"), ".") if isinstance(item, CaseFile)]

    assert [item.name for item in items] == ["cases/a.yaml", "jo/cases/b.yaml"]
    assert not any(read(item, SMALL).problems for item in items)


# The same file twice.


def test_a_file_that_is_reached_twice_is_reviewed_once() -> None:
    write("cases/a.yaml", "cases/b.yaml", "cases/c.jsonl", text="{}\n")

    items = all_of("cases/b.yaml", "cases", "cases/*.yaml", "cases/c.jsonl", "./cases/../cases/a.yaml")

    assert cases(items) == ["cases/b.yaml", "cases/a.yaml", "cases/c.jsonl"]
    twice = [item.path for item in items if isinstance(item, Skipped) and item.why == "given twice"]
    assert twice == ["cases/b.yaml", "cases/a.yaml", "cases/b.yaml", "cases/c.jsonl", "cases/../cases/a.yaml"]
    assert not problems(items)


@needs_links
def test_two_names_of_one_file_are_two_cases_however_many_paths_are_given() -> None:
    write("cases/a.yaml", "other.yaml")
    os.link("cases/a.yaml", "cases/b.yaml")

    assert cases(all_of("cases")) == ["cases/a.yaml", "cases/b.yaml"]
    assert cases(all_of("cases", "other.yaml", "cases/b.yaml")) == ["cases/a.yaml", "cases/b.yaml", "other.yaml"]


def test_standard_input_is_a_case_and_is_asked_for_once() -> None:
    asked: list[int] = []

    def stdin() -> bytes:
        asked.append(1)
        return b"case: X\n"

    items = all_of("-", "-", stdin=stdin)

    assert items == [CaseFile("standard input", data=b"case: X\n"), Skipped("standard input", "given twice")]
    assert len(asked) == 1


def test_standard_input_that_cannot_be_read_is_a_problem() -> None:
    def stdin() -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    assert problems(all_of("-", stdin=stdin)) == ["standard input:1: standard input cannot be read: Input/output error"]


# Lists and globs.


def test_a_list_names_a_path_a_line() -> None:
    write("cases/a.yaml", "cases/b.yaml", "one.yaml", "two words.yaml")
    Path("list").write_bytes(b"\xef\xbb\xbfone.yaml\r\n\n  # a remark\n#another\ncases\ntwo words.yaml\nglo*.yaml")

    items = all_of("@list")

    assert cases(items) == ["one.yaml", "cases/a.yaml", "cases/b.yaml", "two words.yaml"]
    assert [(item.file, item.hint) for item in items if isinstance(item, Problem)] == [
        ("glo*.yaml", "** stands for any number of folders")
    ]


def test_what_a_list_names_and_is_not_there_is_a_problem_with_its_line() -> None:
    write("list", text="absent.yaml\n")

    assert only_problem("@list").hint == "line 1 of list names it"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no /proc")
@needs_links
@pytest.mark.parametrize("word", ["@mem", "mem.jsonl", "mem.zip", "mem.tar"])
def test_what_fails_while_it_is_read_is_a_problem_and_stops_no_other(word: str) -> None:
    Path(word.removeprefix("@")).symlink_to("/proc/self/mem")
    write("z.yaml")

    items = all_of(word, "z.yaml")

    assert problems(items)
    assert cases(items) == ["z.yaml"]


def test_a_list_in_a_list_is_refused_and_the_rest_is_read() -> None:
    write("list", text="@list\na.yaml\n")
    write("a.yaml")

    items = all_of("@list")

    assert problems(items) == ["list:1: a list inside a list"]
    assert cases(items) == ["a.yaml"]


def test_a_list_may_name_standard_input_and_nothing_twice() -> None:
    write("a.yaml")
    write("list", text="-\na.yaml\na.yaml\n")

    items = all_of("@list", stdin=lambda: b"case: X\n")

    assert cases(items) == ["standard input", "a.yaml"]
    assert skipped(items) == {"a.yaml": "given twice"}


@pytest.mark.parametrize(
    "data",
    [b"a.yaml\nb\xff.yaml\na.yaml\n", b"a.yaml\nb\0.yaml\na.yaml\n", b"a.yaml\n" + b"x" * 70_000 + b"\na.yaml\n"],
    ids=["not UTF-8", "NUL", "too long"],
)
def test_a_list_that_is_no_text_is_a_problem_at_its_line_and_what_follows_is_not_read(data: bytes) -> None:
    write("a.yaml")
    Path("list").write_bytes(data)

    items = all_of("@list")

    assert cases(items) == ["a.yaml"]
    assert problems(items) == ["list:2: not a path in UTF-8: what follows in this list was not read"]
    assert not skipped(items)


@pytest.mark.parametrize(
    ("word", "text"), [("@absent", ""), ("@", ""), ("@-", ""), ("@list", ""), ("@list", "# none\n\n")]
)
def test_a_list_that_gives_no_case_is_a_problem(word: str, text: str) -> None:
    write("list", text=text)

    assert len(problems(all_of(word))) == 1


def test_a_glob_is_looked_for_where_the_shell_left_it() -> None:
    write(
        "cases/a.yaml",
        "cases/b.yml",
        "cases/.c.yaml",
        "cases/in/d.yaml",
        "cases/in/deep/e.yaml",
        "cases/x/d.yaml",
        "z.yaml",
    )
    write("cases/.git/d.yaml")

    assert cases(all_of("cases/*.yaml")) == ["cases/a.yaml"]
    assert cases(all_of("*.yaml")) == ["z.yaml"]
    assert cases(all_of("cases/*/d.yaml")) == ["cases/in/d.yaml", "cases/x/d.yaml"]
    assert cases(all_of("**/d*.yaml")) == ["cases/in/d.yaml", "cases/x/d.yaml"]
    assert cases(all_of("cases/**/*.yaml")) == [
        "cases/a.yaml",
        "cases/in/d.yaml",
        "cases/in/deep/e.yaml",
        "cases/x/d.yaml",
    ]
    assert cases(all_of("cases/i?/**")) == ["cases/in/d.yaml", "cases/in/deep/e.yaml"]
    assert cases(all_of("cases/[!i]")) == ["cases/x/d.yaml"]
    assert cases(all_of("cases/.*.yaml")) == ["cases/.c.yaml"]
    assert cases(all_of("./cases/**")) == cases(all_of("cases"))


def test_a_glob_says_what_it_passed_over_and_nothing_of_what_it_did_not_mean() -> None:
    write("cases/a.yaml", "cases/notes.txt", "cases/waivers.yaml", "other/notes.txt", "other/deep/.hidden/x.yaml")

    items = all_of("c*/*")

    assert cases(items) == ["cases/a.yaml"]
    assert skipped(items) == {"cases/notes.txt": "not a case file (.txt)", "cases/waivers.yaml": "settings, not a case"}
    assert not problems(items)


@pytest.mark.parametrize("pattern", ["cases/*.yaml", "absent/*.yaml", "*", "**/x", "[", "cases/*/..", "**", "\x1b[?"])
def test_a_glob_that_finds_no_case_is_a_problem(pattern: str) -> None:
    write("cases/notes.txt")

    assert len(problems(all_of(pattern))) == 1


def test_a_name_with_a_wild_card_is_taken_as_written_where_it_is_there() -> None:
    if os.name == "nt":
        pytest.skip("Windows has no such names")
    write("case[1].yaml", "case1.yaml", "*.yaml")

    assert cases(all_of("case[1].yaml")) == ["case[1].yaml"]
    assert cases(all_of("*.yaml")) == ["*.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_beside_what_a_glob_means_is_not_spoken_of(here: Path) -> None:
    write("cases/in/a.yaml")
    os.mkfifo("cases/pipe")

    assert len(all_of("cases/*/a.yaml")) == 1


@needs_links
def test_a_glob_goes_round_no_loop_of_links() -> None:
    write("cases/a.yaml")
    Path("cases/loop").symlink_to(".", target_is_directory=True)

    items = all_of("cases/**/*.yaml")

    assert cases(items) == ["cases/a.yaml"]
    assert skipped(items) == {"cases/loop": "a link"}


# A case a line.


def test_each_line_is_a_case_at_its_own_place() -> None:
    Path("all.jsonl").write_bytes(b'\xef\xbb\xbf{"case": "A"}\r\n\n  \t\n{"case": "B"}\n\n{"case": ["C"\n{"case": "D"}')

    items = [item for item in all_of("all.jsonl") if isinstance(item, CaseFile)]
    documents = [read(item, SMALL) for item in items]

    assert [(item.name, item.path, item.first_line) for item in items] == [
        ("all.jsonl", "", 1),
        ("all.jsonl", "", 4),
        ("all.jsonl", "", 6),
        ("all.jsonl", "", 7),
    ]
    values = [document.root.entries["case"] for document in documents if isinstance(document.root, Mapping)]
    assert [(value.text, value.line) for value in values if isinstance(value, Scalar)] == [("A", 1), ("B", 4), ("D", 7)]
    assert [(problem.file, problem.line) for problem in documents[2].problems] == [("all.jsonl", 6)]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
def test_a_line_may_be_as_long_as_a_case_and_no_longer(ending: bytes) -> None:
    most = b'{"case": "' + b"x" * (SMALL.bytes - 12) + b'"}'
    Path("all.ndjson").write_bytes(b"{}\n" + most + b"\n" + most + b" " + b"\n" + most * 700 + b"\n" + most + ending)

    items = [item for item in all_of("all.ndjson") if isinstance(item, CaseFile)]

    assert [item.problem is None for item in items] == [True, True, False, False, True]
    assert [item.first_line for item in items] == [1, 2, 3, 4, 5]
    document = read(items[2], SMALL)
    assert (document.root, document.first_line) == (None, 3)
    assert [str(problem) for problem in document.problems] == [
        "all.ndjson:3:1: the line is longer than 200 bytes; write the case in a file of its own, and split it"
    ]


def test_lines_are_read_one_at_a_time() -> None:
    Path("all.jsonl").write_bytes((b"x" * 150 + b"\n") * 50_000 + b"y" * 5_000_000)
    tracemalloc.start()
    assert sum(1 for _ in found(["all.jsonl"], stdin=no_stdin, limits=SMALL)) == 50_001
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 400_000


def test_a_file_of_blank_lines_is_a_problem_and_so_is_one_that_changes() -> None:
    write("blank.jsonl", text="\n \n")
    write("changes.jsonl", text="{}\n{}\n")

    assert problems(all_of("blank.jsonl")) == ["blank.jsonl:1: there is no case in this file"]
    walk = found(["changes.jsonl"], stdin=no_stdin, limits=SMALL)
    next(walk)
    with Path("changes.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    assert problems(walk) == ["changes.jsonl:1: the file changed while it was being read"]


# Archives.

Members = list[tuple[str, bytes]]


def test_a_packed_file_that_is_named_is_one_problem_and_no_case() -> None:
    Path("cases.jsonl.gz").write_bytes(gzip.compress(b"{}"))

    assert only_problem("cases.jsonl.gz").what == "a packed file (.gz)"


SUFFIXES = ("zip", "tar", "tar.gz", "tgz")


def pack(name: str, members: Members) -> None:
    if name.endswith(".zip"):
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the same name twice
            for member, data in members:
                archive.writestr(member, data)
        return
    with tarfile.open(name, "w" if name.endswith(".tar") else "w:gz") as tar:
        for member, data in members:
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_archive_gives_its_cases_in_the_order_of_their_names(suffix: str) -> None:
    names = ["b.yaml", "a/z.json", "a.yaml", "c/d/e.yml", "B.yaml", "a/b.yaml"]
    write("cases/0.yaml", "cases/z.yaml")
    pack(f"cases/all.{suffix}", [(name, f"case: {name}\n".encode()) for name in names])

    items = [item for item in all_of("cases") if isinstance(item, CaseFile)]

    order = ["B.yaml", "a/b.yaml", "a/z.json", "a.yaml", "b.yaml", "c/d/e.yml"]
    assert [item.name for item in items] == [
        "cases/0.yaml",
        *(f"cases/all.{suffix}/{name}" for name in order),
        "cases/z.yaml",
    ]
    assert [item.data for item in items[1:-1]] == [f"case: {name}\n".encode() for name in order]
    assert {item.path for item in items[1:-1]} == {""}
    assert listed("cases") == ["0.yaml", f"all.{suffix}", "z.yaml"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_archive_says_what_it_holds_that_is_no_case(suffix: str) -> None:
    names = ["a.yaml", "notes.txt", "x/.hidden/1.yaml", "x/.hidden/2.yaml", "__MACOSX/._a.yaml", "waivers.yaml"]
    pack(
        f"all.{suffix}", [(name, b"case: X\n") for name in [*names, "more.zip", "more.tar.gz", "more.jsonl", "README"]]
    )

    items = all_of(f"all.{suffix}")

    assert cases(items) == [f"all.{suffix}/a.yaml"]
    assert {path.removeprefix(f"all.{suffix}/"): why for path, why in skipped(items).items()} == {
        "notes.txt": "not a case file (.txt)",
        "README": "not a case file",
        "x/.hidden": "hidden",
        "__MACOSX/._a.yaml": "hidden",
        "waivers.yaml": "settings, not a case",
        "more.zip": "an archive inside an archive",
        "more.tar.gz": "an archive inside an archive",
        "more.jsonl": "a case a line, inside an archive",
    }
    assert len(items) == 9


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_names_that_would_escape_are_shown_and_write_nothing(suffix: str, here: Path) -> None:
    names = ["../../up.yaml", "/etc/a.yaml", "./in/./b.yaml", "x/../../c.yaml", "new\nline.yaml", "C:/d.yaml"]
    pack(f"all.{suffix}", [(name, b"case: X\n") for name in names])

    shown = cases(all_of(f"all.{suffix}"))

    up = r"\u{2e}\u{2e}"
    assert sorted(shown) == sorted(
        f"all.{suffix}/{name}"
        for name in [
            f"{up}/{up}/up.yaml",
            "/etc/a.yaml",
            "in/b.yaml",
            f"x/{up}/{up}/c.yaml",
            "new\nline.yaml",
            "C:/d.yaml",
        ]
    )
    assert listed(here) == [f"all.{suffix}"]
    assert listed(here.parent) == ["here"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_two_members_of_one_name_the_later_counts_as_it_would_unpacked(suffix: str) -> None:
    pack(f"all.{suffix}", [("a.yaml", b"case: old\n"), ("b.yaml", b"case: B\n"), ("a.yaml", b"case: new\n")])

    items = all_of(f"all.{suffix}")

    assert [item.data for item in items if isinstance(item, CaseFile)] == [b"case: new\n", b"case: B\n"]
    assert skipped(items) == {f"all.{suffix}/a.yaml": "replaced by a later member of the same name"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_archive_without_a_case_is_a_problem_wherever_it_is(suffix: str) -> None:
    write("cases/a.yaml")
    pack(f"cases/empty.{suffix}", [])
    pack(f"cases/other.{suffix}", [("notes.txt", b"x")])

    assert problems(all_of("cases")) == [
        f"cases/empty.{suffix}:1: there is no case in this file",
        f"cases/other.{suffix}:1: there is no case in this file",
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_of_a_bomb_one_byte_more_than_a_case_may_have_is_read(suffix: str) -> None:
    pack(f"all.{suffix}", [("bomb.yaml", b" " * 20_000_000), ("small.yaml", b"case: X\n")])
    tracemalloc.start()
    items = [item for item in all_of(f"all.{suffix}") if isinstance(item, CaseFile)]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert [len(item.data or b"") for item in items] == [SMALL.bytes + 1, 8]
    assert read(items[0], SMALL).problems[0].what == "the file is larger than 200 bytes"
    assert most < 3_000_000


def test_a_header_of_a_tar_cannot_be_a_bomb() -> None:
    info = tarfile.TarInfo("x" * 50_000_000 + ".yaml")
    with gzip.open("all.tgz", "wb") as file:
        file.write(tarfile.TarInfo("a.yaml").tobuf())
        file.write(info.tobuf(tarfile.GNU_FORMAT))
    tracemalloc.start()
    items = all_of("all.tgz")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert cases(items) == ["all.tgz/a.yaml"]
    assert len(problems(items)) == 1
    assert most < 3_000_000


def test_members_out_of_order_are_held_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MOST_HELD", 200_000)
    pack("all.tgz", [(f"{at:03}.yaml", random_of(at).randbytes(40_000)) for at in reversed(range(100))])
    tracemalloc.start()
    number = sum(
        len(item.data or b"")
        for item in found(["all.tgz"], stdin=no_stdin, limits=Limits())
        if isinstance(item, CaseFile)
    )
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert number == 4_000_000
    assert most < 1_500_000


@pytest.mark.parametrize("held", [1, 1000, 1 << 25])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_order_of_an_archive_costs_no_memory(suffix: str, held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MOST_HELD", held)
    names = [f"{number:03}.yaml" for number in range(60)]
    members = [(name, f"case: {name}\n".encode() * (1 + at % 5)) for at, name in enumerate(names)]
    random_of(1).shuffle(members)
    pack(f"all.{suffix}", members)

    items = [item for item in all_of(f"all.{suffix}") if isinstance(item, CaseFile)]

    assert [(item.name.rpartition("/")[2], item.data) for item in items] == sorted(members)


def test_an_encrypted_member_is_passed_over() -> None:
    pack("all.zip", [("a.yaml", b"case: A\n"), ("b.yaml", b"case: B\n")])
    data = bytearray(Path("all.zip").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    Path("all.zip").write_bytes(data)

    items = all_of("all.zip")

    assert skipped(items) == {"all.zip/a.yaml": "encrypted"}
    assert cases(items) == ["all.zip/b.yaml"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO])
def test_links_and_devices_in_a_zip_are_passed_over(mode: int) -> None:
    with zipfile.ZipFile("all.zip", "w") as archive:
        info = zipfile.ZipInfo("link.yaml")
        info.external_attr = (mode | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("a.yaml", "case: A\n")

    items = all_of("all.zip")

    assert cases(items) == ["all.zip/a.yaml"]
    assert skipped(items) == {"all.zip/link.yaml": "a link" if mode == stat.S_IFLNK else "not a regular file"}


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a link"),
        (tarfile.CHRTYPE, "not a regular file"),
        (tarfile.FIFOTYPE, "not a regular file"),
    ],
)
def test_links_and_devices_in_a_tar_are_passed_over(kind: bytes, why: str) -> None:
    with tarfile.open("all.tar", "w") as archive:
        folder = tarfile.TarInfo("folder.yaml")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        info = tarfile.TarInfo("link.yaml")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("a.yaml"))

    items = all_of("all.tar")

    assert cases(items) == ["all.tar/a.yaml"]
    assert skipped(items) == {"all.tar/link.yaml": why}


def test_a_member_whose_checksum_is_wrong_is_a_problem_and_the_others_count() -> None:
    with zipfile.ZipFile("all.zip", "w") as archive:  # stored, so that a byte can be changed
        for name in ("a.yaml", "b.yaml", "c.yaml"):
            archive.writestr(name, f"case: {name}\n")
    data = Path("all.zip").read_bytes()
    Path("all.zip").write_bytes(data.replace(b"case: b", b"case: X"))

    items = all_of("all.zip")

    assert cases(items) == ["all.zip/a.yaml", "all.zip/c.yaml"]
    assert problems(items) == ["all.zip/b.yaml:1: this member of the archive cannot be read"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_unpacks_without_a_bound_is_a_problem(method: int) -> None:
    with zipfile.ZipFile("all.zip", "w", method) as archive:
        archive.writestr("a.yaml", b" " * 1_000_000)

    assert problems(all_of("all.zip")) == ["all.zip/a.yaml:1: this member of the archive cannot be read"]


@pytest.mark.parametrize("suffix", ["tar.gz", "tar"])
def test_the_members_before_the_end_of_an_archive_that_was_cut_count(suffix: str) -> None:
    noise = random_of(2)
    pack(f"all.{suffix}", [(f"{at}.yaml", noise.randbytes(150)) for at in range(40)])
    data = Path(f"all.{suffix}").read_bytes()
    Path(f"all.{suffix}").write_bytes(data[: len(data) // 2])

    items = all_of(f"all.{suffix}")

    assert 10 < len(cases(items)) < 30
    assert all(len(item.data or b"") == 150 for item in items if isinstance(item, CaseFile))
    assert f"all.{suffix}:1: the archive is broken; what follows in it cannot be read" in problems(items)


def test_half_a_member_is_no_case() -> None:
    pack("all.tar", [("a.yaml", b"case: A\n"), ("b.yaml", b"case: B\n" * 20)])
    Path("all.tar").write_bytes(Path("all.tar").read_bytes()[: 1024 + 512 + 100])

    items = all_of("all.tar")

    assert cases(items) == ["all.tar/a.yaml"]
    assert problems(items) == [
        "all.tar/b.yaml:1: this member of the archive cannot be read",
        "all.tar:1: the archive is broken; what follows in it cannot be read",
    ]


@pytest.mark.parametrize("blocks", [1, 2, 3, 4])
def test_a_tar_that_ends_between_two_members_or_has_a_broken_header_never_looks_whole(blocks: int) -> None:
    pack("all.tar", [(f"{at}.yaml", b"case: X\n") for at in range(5)])
    data = Path("all.tar").read_bytes()

    Path("cut.tar").write_bytes(data[: blocks * 1024])
    Path("broken.tar").write_bytes(data[: blocks * 1024] + b"\1" + data[blocks * 1024 + 1 :])

    for name in ("cut.tar", "broken.tar"):
        items = all_of(name)
        assert len(cases(items)) == blocks
        assert problems(items) == [f"{name}:1: the archive is broken; what follows in it cannot be read"]


def test_what_follows_the_end_of_a_tar_is_not_hidden() -> None:
    pack("a.tar", [("a.yaml", b"case: A\n")])
    pack("b.tar", [("b.yaml", b"case: B\n")])
    Path("both.tar").write_bytes(Path("a.tar").read_bytes() + Path("b.tar").read_bytes())

    items = all_of("both.tar")

    assert cases(items) == ["both.tar/a.yaml"]
    assert problems(items) == ["both.tar:1: something follows the end of the archive, and was not read"]


def test_a_wrong_checksum_of_a_packed_tar_is_a_problem() -> None:
    pack("all.tgz", [("a.yaml", b"case: A\n")])
    data = bytearray(Path("all.tgz").read_bytes())
    data[-8] ^= 1
    Path("all.tgz").write_bytes(data)

    assert problems(all_of("all.tgz")) == ["all.tgz:1: the archive is broken; what follows in it cannot be read"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "data", [b"", b"x", b"case: X\n" * 200, b"\x1f\x8b", b"PK\x03\x04", b"\0" * 100, b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_archive_is_a_problem_and_stops_no_other(suffix: str, data: bytes) -> None:
    write("z.yaml")
    Path(f"all.{suffix}").write_bytes(data)

    items = all_of(f"all.{suffix}", "z.yaml")

    assert len(problems(items)) == 1
    assert "or it is broken" in problems(items)[0] or not any(data)
    assert cases(items) == ["z.yaml"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_archive_of_more_members_than_are_allowed_is_a_problem(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MOST_MEMBERS", 3)
    pack(f"all.{suffix}", [(f"{at}.yaml", b"case: X\n") for at in range(4)])
    pack(f"few.{suffix}", [(f"{at}.yaml", b"case: X\n") for at in range(3)])

    assert len(cases(all_of(f"all.{suffix}"))) == 3
    assert len(problems(all_of(f"all.{suffix}"))) == 1
    assert not problems(all_of(f"few.{suffix}"))


def test_the_members_of_a_zip_may_not_lie_over_one_another() -> None:
    pack("all.zip", [("a.yaml", random_of(3).randbytes(5000)), ("b.yaml", b"case: B\n")])
    with zipfile.ZipFile("all.zip") as archive:
        one = archive.infolist()[0]
        entry = one.filename.encode()
    data = Path("all.zip").read_bytes()
    begins, ends = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    index = data[begins : begins + 46 + len(entry)] * 20
    end = bytearray(data[ends:])
    end[8:10] = end[10:12] = (20).to_bytes(2, "little")
    end[12:16] = len(index).to_bytes(4, "little")
    Path("all.zip").write_bytes(data[:begins] + index + end)

    assert problems(all_of("all.zip")) == ["all.zip:1: the members of this archive lie over one another; none was read"]


def test_folders_of_a_zip_are_no_members_and_backslashes_are_those_of_windows() -> None:
    pack("all.zip", [("in/", b""), ("in\\a.yaml", b"case: A\n"), ("..\\b.yaml", b"case: B\n")])

    assert [item.name for item in all_of("all.zip") if isinstance(item, CaseFile)] == [
        r"all.zip/\u{2e}\u{2e}/b.yaml",
        "all.zip/in/a.yaml",
    ]
    assert len(all_of("all.zip")) == 2


def test_a_member_that_is_called_a_folder_and_holds_something_is_not_lost() -> None:
    pack("all.zip", [("a.yaml", b"case: A\n")])
    Path("all.zip").write_bytes(Path("all.zip").read_bytes().replace(b"a.yaml", b"a.yam/"))

    assert skipped(all_of("all.zip")) == {"all.zip/a.yam": "not a case file (.yam)"}


def test_a_zip_that_lists_fewer_members_than_it_says_is_a_problem() -> None:
    pack("all.zip", [("a.yaml", b"case: A\n"), ("b.yaml", b"case: B\n")])
    data = bytearray(Path("all.zip").read_bytes())
    first, second = data.index(b"PK\1\2"), data.rindex(b"PK\1\2")
    data[first + 32] = data.index(b"PK\5\6") - second  # the second entry is a remark on the first
    Path("all.zip").write_bytes(data)

    items = all_of("all.zip")

    assert cases(items) == ["all.zip/a.yaml"]
    assert problems(items) == ["all.zip:1: the index of this archive is broken; some members may be missing"]


def test_a_zip_with_a_remark_at_its_end_is_whole() -> None:
    with zipfile.ZipFile("all.zip", "w") as archive:
        archive.comment = b"x" * 65_535
        archive.writestr("a.yaml", "case: A\n")

    assert cases(all_of("all.zip")) == ["all.zip/a.yaml"]
    assert not problems(all_of("all.zip"))


@pytest.mark.parametrize("size", [-1, -512, -1024, 1 << 40])
def test_no_size_in_a_tar_leads_its_reader_round(size: int) -> None:
    info = tarfile.TarInfo("a.yaml")
    info.size = size
    Path("all.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"case: A\n".ljust(512, b"\0") + b"\0" * 1024)

    items = all_of("all.tar")

    assert all(read(item, SMALL).problems for item in items if isinstance(item, CaseFile))
    assert "all.tar:1: " in problems(items)[-1]
    assert len(problems(items)) == 1


def test_a_file_with_holes_in_a_tar_is_passed_over() -> None:
    info = tarfile.TarInfo("a.yaml")
    info.type = tarfile.GNUTYPE_SPARSE
    Path("all.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024)

    assert skipped(all_of("all.tar")) == {"all.tar/a.yaml": "a file with holes"}


@pytest.mark.parametrize("blocks", [4, 1000])
def test_a_packed_tar_is_not_unpacked_without_end(blocks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MOST_UNPACKED", 100_000)
    pack("all.tgz", [("a.yaml", b"case: A\n"), ("long.yaml", b" " * 512 * blocks), ("z.yaml", b"case: Z\n")])

    items = all_of("all.tgz")

    assert len(cases(items)) == (3 if blocks == 4 else 2)
    assert len(problems(items)) == (0 if blocks == 4 else 1)


def test_the_names_of_a_tar_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MOST_NAMES", 20)
    pack("all.tar", [(f"{at}.yaml", b"case: A\n") for at in range(6)])

    assert len(cases(all_of("all.tar"))) == 3
    assert len(problems(all_of("all.tar"))) == 1


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.yaml", "b/c.json", "é.yml"):
            archive.writestr(name, f"case: {name}\n" * 9)
    return file.getvalue()


def a_tar(format: int) -> bytes:  # noqa: A002 - the library's own word
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format) as archive:
        for name in ("a.yaml", "b/" + "c" * 120 + ".json", "é.yml"):
            info = tarfile.TarInfo(name)
            info.size = 20
            archive.addfile(info, io.BytesIO(b"case: 1234567890123\n"))
    return file.getvalue()[: 20 * 512]


WHOLE = {"zip": [a_zip()], "tar": [a_tar(tarfile.PAX_FORMAT), a_tar(tarfile.GNU_FORMAT)]}


@pytest.mark.parametrize("suffix", ["zip", "tar", "tgz"])
@given(st.data())
def test_no_bytes_of_an_archive_make_it_crash_or_lose_a_case_silently(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    whole = bytearray(data.draw(st.sampled_from(WHOLE["zip" if suffix == "zip" else "tar"])))
    if suffix == "tgz" and data.draw(st.booleans()):
        whole = bytearray(gzip.compress(whole, mtime=0))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("fuzz") / f"all.{suffix}"
    path.write_bytes(gzip.compress(whole, mtime=0) if suffix == "tgz" and whole[:2] != b"\x1f\x8b" else whole)

    items = all_of(str(path))

    assert len(cases(items)) == 3 or problems(items) or skipped(items)


# .reviewignore.


def ignoring(*patterns: str, folder: str = "cases") -> None:
    write(f"{folder}/.reviewignore", text="\n".join(patterns))


def test_what_a_reviewignore_names_is_passed_over_with_the_line_that_does_it() -> None:
    write("cases/a.yaml", "cases/b.json", "cases/drafts/c.yaml", "cases/in/drafts/d.yaml", "cases/in/e.yaml")
    ignoring("# a remark", "*.json", "", "drafts/", "!nothing")

    items = all_of("cases")

    assert cases(items) == ["cases/a.yaml", "cases/in/e.yaml"]
    assert skipped(items) == {
        "cases/.reviewignore": "settings, not a case",
        "cases/b.json": "ignored by line 2 of .reviewignore",
        "cases/drafts": "ignored by line 4 of .reviewignore",
        "cases/in/drafts": "ignored by line 4 of .reviewignore",
    }


def test_a_reviewignore_holds_for_the_folder_under_review_alone() -> None:
    write("cases/a.yaml", "cases/in/a.yaml", "cases/in/b.yaml")
    ignoring("a.yaml", folder="cases/in")

    assert cases(all_of("cases")) == ["cases/a.yaml", "cases/in/a.yaml", "cases/in/b.yaml"]
    assert cases(all_of("cases/in")) == ["cases/in/b.yaml"]
    assert cases(all_of("cases/*")) == ["cases/a.yaml", "cases/in/b.yaml"]
    assert cases(all_of("cases/in/*.yaml")) == ["cases/in/a.yaml", "cases/in/b.yaml"]
    assert cases(all_of("cases/in/a.yaml")) == ["cases/in/a.yaml"]


def test_what_lies_in_an_ignored_folder_cannot_be_taken_in_again_as_in_git() -> None:
    write("cases/a.yaml", "cases/drafts/keep.yaml", "cases/old/keep.yaml", "cases/old/drop.yaml")
    ignoring("drafts/", "!drafts/keep.yaml", "old/*", "!old/keep.yaml")

    assert cases(all_of("cases")) == ["cases/a.yaml", "cases/old/keep.yaml"]


def test_if_all_is_ignored_the_problem_says_so() -> None:
    write("cases/a.yaml", "cases/notes.txt")
    ignoring("*")

    problem = only_problem("cases")

    assert (problem.what, problem.hint) == ("this folder holds no case file", ".reviewignore leaves out what there is")


def test_a_folder_that_holds_no_case_is_not_put_down_to_a_reviewignore_that_did_nothing() -> None:
    write("cases/notes.txt")
    ignoring("*.txt")

    assert only_problem("cases").hint.startswith("expected files that end in")


@pytest.mark.parametrize("bad", ["a[z-b]", "trailing\\", "/", "*a*a*a*a", "a/**/b/**/c/**/d/**/e", "[[:alpha:]]", "!"])
def test_a_bad_pattern_is_a_problem_at_its_line_and_then_nothing_is_left_out(bad: str) -> None:
    write("cases/a.yaml", "cases/b.yaml")
    ignoring("a.yaml", bad)

    items = all_of("cases")

    assert cases(items) == ["cases/a.yaml", "cases/b.yaml"]
    assert [problem.partition(": ")[0] for problem in problems(items)] == ["cases/.reviewignore:2"]


@pytest.mark.parametrize(
    "data", [b"a.yaml\n\xff\n", b"#" * ((1 << 20) + 1), b"a.yaml\n" * 1001], ids=["not UTF-8", "huge", "many"]
)
def test_a_reviewignore_that_cannot_be_used_is_a_problem_and_then_nothing_is_left_out(data: bytes) -> None:
    write("cases/a.yaml")
    Path("cases/.reviewignore").write_bytes(data)

    items = all_of("cases")

    assert cases(items) == ["cases/a.yaml"]
    assert len(problems(items)) == 1


@needs_links
@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_reviewignore_that_is_no_file_is_a_problem(kind: str) -> None:
    write("cases/a.yaml")
    write("real", text="*\n")
    path = Path("cases/.reviewignore")
    path.mkdir() if kind == "folder" else path.symlink_to("../real")

    items = all_of("cases")

    assert cases(items) == ["cases/a.yaml"]
    assert problems(items) == [
        f"cases/.reviewignore:1: nothing is left out, for .reviewignore cannot be used: a {kind}"
    ]


@needs_any_name
def test_names_with_line_ends_are_left_out_like_others() -> None:
    write("cases/a.yaml", "cases/x\ny.yaml", "cases/x\ny/b.json")
    ignoring("x?y.yaml", "b.json")

    assert cases(all_of("cases")) == ["cases/a.yaml"]


def test_the_longest_of_names_does_not_hold_us() -> None:
    write("cases/" + "a" * 240 + ".yaml")
    ignoring("*a*a*ab", "**/x/**/*a*a*b")

    assert len(cases(all_of("cases"))) == 1


def test_the_library_is_imported_only_where_there_is_a_reviewignore(here: Path) -> None:
    write("plain/a.yaml", "cases/a.yaml")
    ignoring("x")
    program = (
        "import sys; from checklist.folders import found; from checklist.source import Limits\n"
        "for _ in found([sys.argv[1]], stdin=bytes, limits=Limits()): pass\n"
        "print(*sorted({'pathspec', 'zipfile', 'tarfile', 'gzip', 'fnmatch'} & set(sys.modules)))"
    )

    def loaded(folder: str) -> str:
        words = [sys.executable, "-c", program, folder]
        environment = {**os.environ, "PYTHONPATH": str(Path(folders.__file__).parents[1])}
        return subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout

    assert "pathspec" not in loaded("plain")
    assert "pathspec" in loaded("cases")
    assert not {"zipfile", "tarfile", "gzip"} & set(loaded("plain").split())


PATTERN = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", "!"]),
        st.sampled_from(["", "", "/"]),
        st.lists(
            st.sampled_from(["a", "b", "*", "**", "a*", "?", "[ab]", "*.json", "a.json", "b.json"]),
            min_size=1,
            max_size=3,
        ).map("/".join),
        st.sampled_from(["", "", "/", "  "]),
    ),
)
TREE = [
    "/".join((*folder, name))
    for folder in ((), ("a",), ("b",), ("a", "a"), ("a", "b"), ("b", "a"), ("a", "b", "a"))
    for name in ("a.json", "b.json")
]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@given(st.lists(PATTERN, min_size=1, max_size=4))
@example(["*.json", "!a"])
@example(["*", "!a/"])
@example(["*/", "!/a/"])
@example(["a/**", "!a/b.json"])
@example(["a/**/  ", "!a/b"])
@example(["a/**  ", "!a/a.json"])
@example(["a.json  "])
def test_patterns_mean_what_they_mean_to_git(tmp_path_factory: pytest.TempPathFactory, patterns: list[str]) -> None:
    root = tmp_path_factory.mktemp("git")
    for name in TREE:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    (root / ".reviewignore").write_text("\n".join(patterns), encoding="utf-8")
    listing = ["git", "-C", str(root), "ls-files", "-z", "--others", f"--exclude-from={root / '.reviewignore'}"]
    subprocess.run(["git", "init", "-q", str(root)], check=True, capture_output=True)  # noqa: S607
    git = subprocess.run(listing, check=True, capture_output=True, text=True).stdout

    items = all_of(str(root))

    ours = {name.partition("/")[2] for name in cases(items)}
    assert ours == {name for name in git.split("\0") if name.endswith(".json")}
    assert all(problem.endswith("this folder holds no case file") for problem in problems(items))


# Counting.


def test_cases_are_counted_without_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    write("cases/a.yaml", "cases/in/b.json", "cases/notes.txt", "cases/drafts/c.yaml", "one.yaml")
    ignoring("drafts/")
    write("list", text="one.yaml\n")
    Path("cases/broken.zip").write_bytes(b"")
    monkeypatch.setattr(folders, "read_document", no_stdin)

    assert count(["cases"]) == 3
    assert count(["cases", "@list", "-", "cases/a.yaml"]) == 5
    assert count(["absent"]) is None


def test_a_case_file_can_be_sent_to_another_process() -> None:
    problem = Problem("a.jsonl", 3, 1, "too long")
    for case in (CaseFile("a.yaml", "/x/a.yaml"), CaseFile("a.jsonl", data=b"{}", first_line=3, problem=problem)):
        assert pickle.loads(pickle.dumps(case)) == case  # noqa: S301
        with pytest.raises(AttributeError):
            case.name = "b"  # type: ignore[misc]
