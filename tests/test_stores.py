"""Cases by URL, and cases in Parquet: found, ordered, bounded and refused as those on a disk are; nothing of a key is shown."""

import importlib
import io
import json
import logging
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checklist import folders, stores
from checklist.folders import CaseFile, Found, Skipped, count, read
from checklist.source import Limits, Problem
from tests.conftest import Shell

CASE = "case: {name}\nas_of: 2016-07-18\n"
ONE_RULE = ("--select", "arrest-within-limit")


def found(*paths: str) -> list[Found]:
    return list(folders.found(paths, stdin=bytes, limits=Limits()))


def names(*paths: str) -> list[str]:
    return [one.name for one in found(*paths) if isinstance(one, CaseFile)]


def only(items: list[Found]) -> Problem:
    (one,) = items
    assert isinstance(one, Problem)
    return one


# Stores.


@pytest.fixture
def memory() -> Iterator[Any]:
    fsspec = pytest.importorskip("fsspec", reason="needs the extra `cluster`")
    store = fsspec.filesystem("memory")
    yield store
    store.store.clear()
    store.pseudo_dirs[:] = [""]


def test_a_folder_of_a_store_is_read_like_one_of_a_disk(memory: Any, tmp_path: Path) -> None:
    texts = {
        "b.yaml": CASE.format(name="B"),
        "b/c.yaml": CASE.format(name="C"),
        "b-a.yaml": CASE.format(name="BA"),
        "lines.jsonl": '{"case": "L1", "as_of": "2016-07-18"}\n{"case": "L2", "as_of": "2016-07-18"}\n',
        ".hidden.yaml": "case: H\n",
        "left/out.yaml": "case: O\n",
        "waivers.yaml": "waivers: []\n",
        "notes.txt": "",
        ".reviewignore": "left/\n",
    }
    for name, text in texts.items():
        memory.pipe_file(f"/cases/{name}", text.encode())
        path = tmp_path / "cases" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    stored, on_disk = found("memory://cases"), found(str(tmp_path / "cases"))

    def told(items: list[Found], before: str) -> list[tuple[str, str, int]]:
        return [
            (one.path.removeprefix(before), one.why, 0)
            if isinstance(one, Skipped)
            else (getattr(one, "name", "").removeprefix(before), "", getattr(one, "first_line", 0))
            for one in items
        ]

    assert told(stored, "memory://cases/") == told(on_disk, "cases/")
    assert names("memory://cases") == [
        *("memory://cases/b/c.yaml", "memory://cases/b-a.yaml", "memory://cases/b.yaml"),
        *["memory://cases/lines.jsonl"] * 2,
    ]


def test_a_report_on_a_store_says_what_it_says_of_a_disk(shell: Shell, memory: Any, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        memory.pipe_file(f"/cases/{name}.yaml", CASE.format(name=name).encode())
        (tmp_path / "cases").mkdir(exist_ok=True)
        (tmp_path / "cases" / f"{name}.yaml").write_text(CASE.format(name=name), encoding="utf-8")

    there = shell.review("memory://cases", *ONE_RULE, "--format", "json", "--jobs", "1")
    here = shell.review(f"file://{tmp_path}/cases", *ONE_RULE, "--format", "json", "--jobs", "1")

    assert there.code == here.code == 3
    assert there.out.replace("memory://", "") == here.out


def test_an_archive_in_a_store_is_read(memory: Any, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yaml").write_text(CASE.format(name="A"), encoding="utf-8")
    for kind in ("zip", "gztar"):
        made = Path(shutil.make_archive(str(tmp_path / "all"), kind, tmp_path / "in"))
        memory.pipe_file(f"/{made.name}", made.read_bytes())

        assert names(f"memory://{made.name}") == [f"memory://{made.name}/a.yaml"]


def test_a_file_of_a_store_is_read_where_it_is_reviewed_and_no_further_than_a_case_may_be_long(memory: Any) -> None:
    memory.pipe_file("/a.yaml", CASE.format(name="A").encode())
    memory.pipe_file("/big.yaml", b"#" * (Limits().bytes + 2))
    small, big = found("memory://a.yaml", "memory://big.yaml")

    assert isinstance(small, CaseFile)
    assert isinstance(big, CaseFile)
    assert small.data is None
    assert read(small, Limits()).problems == ()
    assert "larger than 1,048,576 bytes" in read(big, Limits()).problems[0].what
    assert len(stores.read("memory://big.yaml", 10)) == 11


def test_a_file_that_is_gone_before_its_turn_is_a_problem_of_that_file(memory: Any) -> None:
    memory.pipe_file("/a.yaml", b"")
    (file,) = found("memory://a.yaml")
    memory.rm_file("/a.yaml")

    assert isinstance(file, CaseFile)
    assert read(file, Limits()).problems[0].what == "there is no such file or folder"


def test_a_name_that_reads_like_a_chain_of_stores_is_only_a_name(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # The store in memory alone looks for a chain once more.
    monkeypatch.setattr(
        type(memory), "_strip_protocol", staticmethod(lambda path: f"/{path.removeprefix('memory://').lstrip('/')}")
    )
    memory.pipe_file("/cases/simplecache::x.yaml", CASE.format(name="A").encode())

    (file,) = found("memory://cases")

    assert isinstance(file, CaseFile)
    assert read(file, Limits()).problems == ()


@pytest.mark.parametrize(
    ("url", "what", "hint"),
    [
        ("memory://none", "there is no such file or folder", "check the URL"),
        ("http://127.0.0.1/a.yaml", "cases cannot be read from http://", "expected one of file://, s3://"),
        ("simplecache::s3://b/a.yaml", "there is no such file or folder", "check the path"),
        ("file://elsewhere/a.yaml", "a file:// URL with a machine in it", "write file:/// and the whole path"),
        ("file:///no/such/a.yaml", "there is no such file or folder", "check the path behind file://"),
    ],
)
def test_a_url_that_cannot_be_is_a_problem_with_what_would_be_right(
    memory: Any, url: str, what: str, hint: str
) -> None:
    problem = only(found(url))

    assert problem.what == what
    assert problem.hint.startswith(hint)


def test_a_store_that_needs_a_package_or_the_extra_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec = pytest.importorskip("fsspec", reason="needs the extra `cluster`")

    def absent(_: str) -> None:
        what = "Install s3fs to access S3"
        raise ImportError(what)

    monkeypatch.setattr(fsspec, "get_filesystem_class", absent)
    assert only(found("s3://bucket/cases")).hint == "pip install s3fs"

    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert only(found("s3://bucket/cases")).hint == "pip install 'casefile-checklist[cluster]'"


def test_what_a_store_says_is_not_repeated_nor_what_it_logs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(url: str) -> None:
        what = f"key AKIA-SECRET is not allowed at {url}"
        logging.getLogger("store").warning(what)
        raise PermissionError(what) if "may" in url else RuntimeError(what)

    monkeypatch.setattr(stores, "_found", fail)
    monkeypatch.setattr(logging.root, "handlers", [])  # as it is where nobody asked for a log

    assert only(found("s3://bucket/x")).what == "it cannot be read (RuntimeError)"
    assert only(found("s3://may/x")).what == "it may not be read"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://bucket/a.yaml", "s3://bucket/a.yaml"),
        ("s3://key:secret@bucket/a.yaml", "s3://bucket/a.yaml"),
        ("abfs://cases@account.dfs.core.windows.net/a", "abfs://cases@account.dfs.core.windows.net/a"),
        ("az://cases/a.yaml?sig=secret", "az://cases/a.yaml"),
        ("cases/a.yaml", "cases/a.yaml"),
    ],
)
def test_no_key_of_a_url_is_shown(url: str, shown: str) -> None:
    assert stores.shown(url) == shown


def test_a_store_that_fails_in_the_middle_of_a_file_is_a_problem_there(
    memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __init__(self) -> None:
            self.lines = [b'{"case": "A"}\n', None]

        def read(self, _: int) -> bytes:
            line = self.lines.pop(0)
            if line is None:
                raise RuntimeError
            return line

        def close(self) -> None:
            raise RuntimeError

    memory.pipe_file("/a.jsonl", b"")
    monkeypatch.setattr(type(memory), "open", lambda *_: Broken())

    case, problem = found("memory://a.jsonl")

    assert isinstance(case, CaseFile)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.what) == (2, "the file cannot be read: it cannot be read (RuntimeError)")


def test_a_file_of_which_only_a_part_comes_is_refused(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Short(io.BytesIO):
        size = 1_000

    memory.pipe_file("/a.yaml", b"")
    memory.pipe_file("/a.jsonl", b"")
    monkeypatch.setattr(type(memory), "open", lambda *_: Short(b'{"case": "A"}\n'))

    whole, line, problem = found("memory://a.yaml", "memory://a.jsonl")

    assert isinstance(whole, CaseFile)
    assert read(whole, Limits()).problems[0].what == "only a part of it came"
    assert isinstance(line, CaseFile)
    assert isinstance(problem, Problem)
    assert problem.what == "the file cannot be read: only a part of it came"


def test_no_store_is_asked_for_a_count(memory: Any) -> None:
    memory.pipe_file("/a.yaml", b"")

    assert count(["memory://a.yaml"]) is None


# Shards: a case a line, a case a row.


def test_a_last_line_that_breaks_off_is_told_as_that_and_the_lines_before_are_cases(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"case": "A", "as_of": "2016-07-18"}\n{"case": "B", "as_')

    first, last = found(str(path))

    assert isinstance(first, CaseFile)
    assert isinstance(last, CaseFile)
    assert first.problem is None
    assert last.problem is not None
    assert (last.problem.line, last.problem.what) == (
        2,
        "the last line breaks off; the file was cut short, and more may be missing",
    )


def parquet(path: Path, **columns: Any) -> Path:
    pa = pytest.importorskip("pyarrow", reason="needs the extra `parquet`")
    importlib.import_module("pyarrow.parquet").write_table(pa.table(columns), path, row_group_size=100)
    return path


def test_a_row_is_a_case_named_by_its_number_and_by_what_the_table_calls_it(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "a.parquet",
        text=[CASE.format(name="A"), None, "", "case: [", "#" * (Limits().bytes + 1)],
        name=["x", "y/../z", None, "", "long"],
        other=[1, 2, 3, 4, 5],
    )

    rows = [one for one in found(str(path)) if isinstance(one, CaseFile)]

    assert [one.name for one in rows] == [
        "a.parquet/1 x",
        r"a.parquet/2 y/\u{2e}\u{2e}/z",
        "a.parquet/3",
        "a.parquet/4",
        "a.parquet/5 long",
    ]
    assert rows[0].data == CASE.format(name="A").encode()
    assert [one.problem.what for one in rows if one.problem] == [
        "this row has no text",
        "the text of this row is longer than 1,048,576 bytes",
    ]
    assert [bool(read(one, Limits()).problems) for one in rows] == [False, True, True, True, True]


@pytest.mark.parametrize("kind", ["string", "large_string", "binary", "large_binary", "string_view", "binary_view"])
def test_text_of_every_kind_is_read(tmp_path: Path, kind: str) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs the extra `parquet`")
    column = pa.array([CASE.format(name="A").encode()], type=pa.binary()).cast(getattr(pa, kind)())

    (case,) = found(str(parquet(tmp_path / "a.parquet", case=column)))

    assert isinstance(case, CaseFile)
    assert case.data == CASE.format(name="A").encode()


def test_text_that_a_table_numbers_is_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs the extra `parquet`")
    texts = [CASE.format(name="A"), None, CASE.format(name="A")]

    rows = list(found(str(parquet(tmp_path / "a.parquet", case=pa.array(texts).dictionary_encode()))))

    assert [row.data for row in rows if isinstance(row, CaseFile)] == [text and text.encode() for text in texts]


@pytest.mark.parametrize("name", ["case", "name"])
def test_a_table_in_which_two_columns_have_one_name_is_a_problem_of_it(tmp_path: Path, name: str) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs the extra `parquet`")
    column = pa.array([CASE.format(name="A")])
    table = pa.table([column] * 3, names=["case", name, name])
    importlib.import_module("pyarrow.parquet").write_table(table, tmp_path / "a.parquet")

    (broken,) = found(str(tmp_path / "a.parquet"))

    assert isinstance(broken, Problem)
    assert broken.what == f"two columns of the table are named {name}"


def test_a_table_that_gives_fewer_rows_than_it_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet(tmp_path / "a.parquet", case=[CASE.format(name=f"C{at}") for at in range(250)])
    file = importlib.import_module("pyarrow.parquet").ParquetFile
    monkeypatch.setattr(file, "iter_batches", lambda self, **_: [self.read_row_group(0).to_batches()[0]])

    *rows, last = found(str(path))

    assert len(rows) == 100
    assert isinstance(last, Problem)
    assert last.what == "the table is broken: it says that it has 250 rows, and gave 100"


def test_a_list_of_cases_may_be_named_by_a_url_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CASE.format(name="A"), encoding="utf-8")
    (tmp_path / "list").write_text(f"{tmp_path / 'a.yaml'}\n", encoding="utf-8")

    (case,) = found(f"@{(tmp_path / 'list').as_uri()}")

    assert isinstance(case, CaseFile)


def test_many_rows_come_in_their_order_and_a_report_counts_them_all(shell: Shell, tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", case=[CASE.format(name=f"C{at}") for at in range(250)])

    told = json.loads(shell.review(str(path), *ONE_RULE, "--format", "json", "--jobs", "1").out)

    assert [one["case"] for one in told["reviews"]] == [f"C{at}" for at in range(250)]


def test_a_table_that_is_cut_short_is_a_problem_of_it_and_stops_nothing_else(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    path = parquet(tmp_path / "cases" / "a.parquet", case=[CASE.format(name=f"C{at}") for at in range(250)])
    path.write_bytes(path.read_bytes()[:-100])
    (tmp_path / "cases" / "b.yaml").write_text(CASE.format(name="B"), encoding="utf-8")

    ran = shell.review(str(tmp_path / "cases"), *ONE_RULE, "--format", "json")

    assert ran.code == 2
    assert "cases/a.parquet:1:1: this is not a .parquet, or it is cut short; none of its cases was read" in ran.err
    assert [one["case"] for one in json.loads(ran.out)["reviews"]] == ["B"]


def test_a_table_that_is_broken_in_the_middle_gives_the_rows_before(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", case=[CASE.format(name=f"C{at}") * 9 for at in range(400)])
    data = bytearray(path.read_bytes())
    data[len(data) // 2 - 400 : len(data) // 2 + 400] = b"\xff" * 800
    path.write_bytes(data)

    *before, last = found(str(path))

    assert isinstance(last, Problem)
    assert last.what == f"the table is broken; what follows row {len(before)} cannot be read"
    assert 100 <= len(before) < 400


@pytest.mark.parametrize("columns", [{"txt": ["a"]}, {"case": [1]}])
def test_a_table_without_a_column_of_text_is_a_problem(tmp_path: Path, columns: dict[str, list[Any]]) -> None:
    problem = only(found(str(parquet(tmp_path / "a.parquet", **columns))))

    assert problem.what == "the table has no column of text named case or text"


def test_an_empty_table_holds_no_case(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs the extra `parquet`")

    problem = only(found(str(parquet(tmp_path / "a.parquet", case=pa.array([], type=pa.string())))))

    assert problem.what == "there is no case in this file"


def test_without_the_extra_a_table_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    problem = only(found(str(path)))

    assert (problem.what, problem.hint) == ("a .parquet needs an extra", "pip install 'casefile-checklist[parquet]'")


def test_a_table_in_an_archive_is_passed_over_and_said(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.parquet", b"PAR1")
        archive.writestr("b.yaml", b"")

    skipped, _ = found(str(tmp_path / "a.zip"))

    assert isinstance(skipped, Skipped)
    assert skipped.why == "a case a row, inside an archive"
