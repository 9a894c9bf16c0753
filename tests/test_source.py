"""The room `source`: strict reading, places, and problems that never quote a file."""

import importlib.util
import json
import os
import pickle
import re
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yaml._yaml import CParser

from checklist import source
from checklist.source import (
    Document,
    InputError,
    Limits,
    Mapping,
    Node,
    Problem,
    Scalar,
    Sequence,
    did_you_mean,
    parse_document,
    read_document,
)

BAD = Path(__file__).parent / "bad" / "source"
SHARED = Path(__file__).parents[2] / "shared" / "data"
HOSTILE = SHARED / "hostile"
SUITE = SHARED / "yaml-test-suite" / "src"
PARSERS = {"libyaml": CParser, "pure": yaml.SafeLoader}

needs_hostile = pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile files are not beside this repository")
needs_suite = pytest.mark.skipif(not SUITE.is_dir(), reason="the YAML test suite is not beside this repository")

# In no word that the tool says.
CANARY = "zqxj"


@pytest.fixture(params=PARSERS, autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs with libyaml and with the pure parser."""
    name: str = request.param
    monkeypatch.setattr(source, "_EventReader", PARSERS[name])
    return name


def parsed(text: str | bytes, *, limits: Limits | None = None) -> Document:
    data = text.encode() if isinstance(text, str) else text
    return parse_document(data, name="case.yaml", limits=limits or Limits())


def said(document: Document) -> list[str]:
    return [str(problem) for problem in document.problems]


def plain(node: Node | None) -> object:
    """The bare texts of a tree."""
    assert node is not None
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}


def every_node(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Sequence):
        for item in node.items:
            yield from every_node(item)
    if isinstance(node, Mapping):
        for value in node.entries.values():
            yield from every_node(value)


def mapping(document: Document) -> Mapping:
    assert isinstance(document.root, Mapping)
    return document.root


# Text and places


@pytest.mark.parametrize(
    "text",
    [
        *("no", "yes", "on", "off", "y", "true", "12:30", "09:30", "010", "0x1F"),
        *("1e3", "1_000", ".inf", ".5", "5.", "=", "2016-03-01", "2024-02-30"),
        *("2016-03-01T09:15", "null", "~", "9" * 5000, "1:59:59.5", "a b  c"),
    ],
    ids=lambda text: text[:20],
)
def test_a_plain_value_stays_the_text_that_was_written(text: str) -> None:
    document = parsed(f"fact: {text}\n")

    assert document.problems == ()
    assert mapping(document).entries["fact"] == Scalar(text, plain=True, line=1, column=7)


@pytest.mark.parametrize(
    ("written", "is_null"),
    [
        ("", True),
        ("null", True),
        ("Null", True),
        ("NULL", True),
        ("~", True),
        ("''", False),
        ('"null"', False),
        ("nULL", False),
        ("none", False),
    ],
)
def test_only_an_empty_plain_value_or_a_plain_null_is_null(written: str, is_null: bool) -> None:
    value = mapping(parsed(f"fact: {written}\n")).entries["fact"]

    assert isinstance(value, Scalar)
    assert value.is_null is is_null


def test_every_key_and_value_has_its_place() -> None:
    document = parsed(
        "\ufeff# a comment\n"
        "report:\n"
        "  received: 2016-03-01\n"
        "suspects:\n"
        "  - {ref: S1, \U0001f600: 'é', risk: high}\n"
        "  -\n"
    )

    suspects = Sequence(
        items=(
            Mapping(
                entries={
                    "ref": Scalar("S1", plain=True, line=5, column=11),
                    "\U0001f600": Scalar("é", plain=False, line=5, column=18),
                    "risk": Scalar("high", plain=True, line=5, column=29),
                },
                places={"ref": (5, 6), "\U0001f600": (5, 15), "risk": (5, 23)},
                line=5,
                column=5,
            ),
            Scalar("", plain=True, line=6, column=4),
        ),
        line=5,
        column=3,
    )
    report = Mapping(
        entries={"received": Scalar("2016-03-01", plain=True, line=3, column=13)},
        places={"received": (3, 3)},
        line=3,
        column=3,
    )
    assert document.problems == ()
    assert document.root == Mapping(
        entries={"report": report, "suspects": suspects},
        places={"report": (2, 1), "suspects": (4, 1)},
        line=2,
        column=1,
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_line_ends_of_every_system_give_the_same_document(end: str) -> None:
    text = "a: 1\nb: |\n  one\n  two\nc: 'x\n\n  y'\n"

    assert parsed(text.replace("\n", end)) == parsed(text)


def test_quoted_and_block_texts_are_not_plain() -> None:
    document = parsed("a: 'x'\nb: \"y\"\nc: |\n  z\nd: >\n  w\ne: v\n")

    styles = {key: value.plain for key, value in mapping(document).entries.items() if isinstance(value, Scalar)}
    assert styles == {"a": False, "b": False, "c": False, "d": False, "e": True}


@pytest.mark.parametrize(
    ("text", "tree"),
    [("- a\n- b\n", ["a", "b"]), ("word\n", "word"), ("{}\n", {}), ("---\n[]\n", [])],
)
def test_the_root_may_be_anything(text: str, tree: object) -> None:
    document = parsed(text)

    assert document.problems == ()
    assert plain(document.root) == tree


def test_the_lines_are_kept_for_showing() -> None:
    assert parsed("\ufeffa: 1\r\nb: 2").lines == ("a: 1", "b: 2")


# Problems


def problems_announced_in(document: Document) -> list[tuple[int, str]]:
    """Line and words of each `# problem:` comment; ` | ` between two of one line."""
    return [
        (number, words.strip())
        for number, line in enumerate(document.lines, 1)
        for words in line.partition("# problem: ")[2].split(" | ")
        if words
    ]


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_problem_of_a_bad_file_is_found_at_its_line(path: Path) -> None:
    document = read_document(path, name=path.name)

    expected = problems_announced_in(document)
    found = [(problem.line, problem.what) for problem in document.problems]
    assert expected
    assert [line for line, _ in found] == [line for line, _ in expected], found
    for (_, words), (_, what) in zip(expected, found, strict=True):
        assert words in what
    assert all(problem.hint for problem in document.problems)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "1:1: the file is empty; write at least one `key: value`"),
        (
            b"# nothing but this\n",
            "1:1: the file is empty; write at least one `key: value`",
        ),
        (b"---\n...\n", "1:1: the file is empty; write at least one `key: value`"),
        (
            "a: é\n".encode("utf-16"),
            "1:1: not UTF-8 but UTF-16 or UTF-32; save the file as UTF-8",
        ),
        (
            "a: é\n".encode("utf-16-be"),
            "1:1: not UTF-8 but UTF-16 or UTF-32; save the file as UTF-8",
        ),
        (
            "a: é\n".encode("utf-32"),
            "1:1: not UTF-8 but UTF-16 or UTF-32; save the file as UTF-8",
        ),
        (
            b"\xef\xbb\xbfab: caf\xe9\n",
            "1:8: not valid UTF-8; save the file as UTF-8",
        ),
        (
            b"\xef\xbb\xbf\xef\xbb\xbfab: x\n",
            "1:1: a byte order mark inside the text (U+FEFF); delete it",
        ),
        (
            b"risk: [",
            (
                "1:8: a bracket that is never closed, or a comma missing or too many; "
                "close it, or quote a text that begins with [ or {"
            ),
        ),
        (
            b'risk: high\nnote: "open\nmore: x\n',
            "2:7: a quote that is never closed; close it",
        ),
        (
            b'risk: high\nnote: "open\n---\nmore: x\n',
            "2:7: a quote that is never closed; close it",
        ),
    ],
    ids=[
        *("no-bytes", "only-a-comment", "only-markers", "utf-16", "utf-16-unmarked"),
        *(
            "utf-32",
            "latin-1-after-a-mark",
            "second-mark",
            "bracket",
            "quote",
            "quote-in-two",
        ),
    ],
)
def test_a_problem_that_no_comment_can_announce(data: bytes, expected: str) -> None:
    assert said(parsed(data)) == [f"case.yaml:{expected}"]


def test_an_escape_that_stands_for_no_character_is_a_problem() -> None:
    for escape in (r"\UFFFFFFFF", r"\U00110000", r"\ud800"):
        assert parsed(f'a: "{escape}"\n').problems


def test_a_duplicate_key_keeps_the_first_value() -> None:
    document = parsed("risk: high\nrisk: {is: low, is: medium}\nnote: x\n")

    assert plain(document.root) == {"risk": "high", "note": "x"}
    assert [problem.line for problem in document.problems] == [2, 2]


def test_building_goes_on_after_what_is_not_allowed() -> None:
    document = parsed("a: &x 1\nb: *x\nc: !!int 3\n<<: {d: 4}\n? [e]\n: f\ng: 5\n---\nh: 6\n")

    assert plain(document.root) == {"a": "1", "b": "", "c": "3", "g": "5"}
    assert len(document.problems) == 6


def test_a_value_that_could_not_be_read_is_not_taken_for_an_absent_one() -> None:
    document = parsed(f"a: &x 1\nb: *x\nc: {'y' * 11}\n", limits=Limits(scalar=10))

    for key in ("b", "c"):
        value = mapping(document).entries[key]
        assert isinstance(value, Scalar)
        assert value.text == ""
        assert not value.is_null


def test_nothing_is_built_after_a_syntax_error() -> None:
    document = parsed("a: 1\na: 2\nb: [\n")

    assert document.root is None
    assert [problem.line for problem in document.problems] == [2, 4]


def test_problems_are_sorted_by_place() -> None:
    document = parsed("a: *x\nb: \x1b\nc: !t x\nc: \x07\n")

    assert list(document.problems) == sorted(document.problems)
    assert [problem.line for problem in document.problems] == [1, 2, 3, 4, 4]


def test_a_refused_character_leaves_the_columns_after_it_true() -> None:
    document = parsed(b"{a: \x1b\xe9, b: &x 1}\n")

    assert [(problem.line, problem.column) for problem in document.problems] == [
        (1, 5),
        (1, 6),
        (1, 12),
    ]


# Limits


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        ("a: 1\n", Limits(bytes=5), None),
        ("a: 12\n", Limits(bytes=5), "1:1: the file is larger than 5 bytes"),
        ("a: [[]]\n", Limits(depth=3), None),
        ("a: [[[]]]\n", Limits(depth=3), "1:6: nested more than 3 deep"),
        ("a: 1\nb: 2\n", Limits(values=5), None),
        (
            "a: 1\nb: 2\nc: 3\n",
            Limits(values=5),
            "3:1: more than 5 keys and values",
        ),
        ("a: 12345\n", Limits(scalar=5), None),
        (
            "a: 123456\n",
            Limits(scalar=5),
            "1:4: a value is longer than 5 characters",
        ),
        ("a: '123456'\n", Limits(scalar=5), "1:4: a value is longer than 5 characters"),
        ("abcde: 1\n", Limits(key=5), None),
        ("abcdef: 1\n", Limits(key=5), "1:1: a key is longer than 5 characters"),
    ],
)
def test_a_limit_is_kept_to_the_last_one_allowed(text: str, limits: Limits, expected: str | None) -> None:
    found = [line.partition(";")[0] for line in said(parsed(text, limits=limits))]

    assert found == ([f"case.yaml:{expected}"] if expected else [])


def test_the_limits_are_those_that_were_agreed() -> None:
    assert Limits() == Limits(1 << 20, 32, 50_000, 20_000, 200)


def test_a_file_of_problems_is_given_up_in_the_end() -> None:
    document = parsed("a: 1\n" * 2_000)

    assert document.root is None
    assert len(document.problems) == 1_001
    assert str(document.problems[-1]).startswith("case.yaml:1001:1: too many problems")


@pytest.mark.parametrize(
    "text",
    ["[" * 30_000, "{a: " * 30_000, "- " * 20_000, "? " * 2_000, "a:\n" * 30_000],
    ids=["lists", "mappings", "dashes", "keys", "duplicates"],
)
def test_a_file_made_to_exhaust_the_parser_is_refused(text: str) -> None:
    document = parsed(text)

    assert document.root is None
    assert document.problems


# Notices


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("note: seen with C2 #3 of 4\n", (1, 20)),
        ("note: seen with C2  #3 of 4\n", (1, 21)),
        ("note: seen with C2 # 3 of 4\n", (1, 20)),
        ("note: seen with C2 #\n", (1, 20)),
        ("note: seen\n  with C2 #3\n", (2, 11)),
        ("log: #14\n", (1, 6)),
        ("list:\n  - item #3\n", (2, 10)),
        ("{a: b #3\n}\n", (1, 7)),
        ("note: seen with C2  # a comment\n", None),
        ("as_of: 2016-07-18               # the day\n", None),
        ("arrested: # not known\n", None),
        ("note: 'seen with C2' #3 of 4\n", None),
        ("note: C2#3\n", None),
        ("note: |  #x\n  C2 #3\n", None),
        ("# only a comment\nnote: x\n", None),
        ("a: b\n#c\n", None),
    ],
)
def test_a_comment_that_may_cut_a_plain_value_is_noticed(text: str, place: tuple[int, int] | None) -> None:
    document = parsed(text)

    found = [(notice.line, notice.column) for notice in document.notices]
    assert document.problems == ()
    assert found == ([place] if place else [])


def test_a_notice_says_what_to_do() -> None:
    (notice,) = parsed("note: C2 #3\n").notices

    assert str(notice) == (
        "case.yaml:1:10: everything from this # on is a comment and not part of the "
        "value; put the value in quotes, or two blanks before the # and one after it"
    )


# Files


def test_a_file_is_read_and_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("a: 1\n", encoding="utf-8")

    assert plain(read_document(path).root) == {"a": "1"}
    assert read_document(path).file == str(path)
    assert read_document(path, name="mine").file == "mine"


def test_a_large_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("a: " + "x " * 9_000 + "\n" + "# c\n" * 50_000, encoding="utf-8")

    assert read_document(path).problems == ()


def only_problem(path: Path, *, limits: Limits | None = None) -> str:
    document = read_document(path, name="case.yaml", limits=limits or Limits())
    assert document.root is None
    assert document.lines == ()
    (problem,) = document.problems
    assert (problem.line, problem.column) == (1, 1)
    assert problem.hint
    return problem.what


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 21)

    assert only_problem(path) == "the file is larger than 1,048,576 bytes"


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    what = only_problem(tmp_path / "none.yaml")

    assert what == "the file cannot be opened: No such file or directory"


@pytest.mark.parametrize(
    "name",
    ["a\0b.yaml", "\udc80" * 3 + ".yaml", "x" * 5000],
    ids=["nul", "odd", "long"],
)
def test_an_impossible_name_is_a_problem(tmp_path: Path, name: str) -> None:
    assert only_problem(tmp_path / name).startswith("the file cannot be opened: ")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_that_goes_round_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")

    assert only_problem(tmp_path / "a.yaml").startswith("the file cannot be opened: ")


NOT_A_FILE = "not a regular file but a folder, pipe, socket or device"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not open folders")
def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert only_problem(tmp_path) == NOT_A_FILE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_writes_to_does_not_hold_us(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    os.mkfifo(path)

    assert only_problem(path) == NOT_A_FILE


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no devices")
def test_a_device_is_not_a_file(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.symlink_to("/dev/zero")

    assert only_problem(path) == NOT_A_FILE


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no sockets")
def test_a_socket_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("case.yaml")

        assert only_problem(Path("case.yaml")).startswith("the file cannot be opened: ")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no /proc")
def test_a_file_that_fails_while_it_is_read_is_a_problem() -> None:
    what = only_problem(Path("/proc/self/mem"))

    assert what.startswith("the file cannot be read: ")


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    real_read = os.read

    def read_and_disturb(handle: int, size: int) -> bytes:
        data = real_read(handle, size)
        with path.open("ab") as file:
            file.write(b"#")
        return data if len(data) < size else b""

    monkeypatch.setattr(os, "read", read_and_disturb)

    assert only_problem(path, limits=Limits(bytes=8)) == ("the file changed while it was being read")


def test_a_file_under_rewriting_is_whole_or_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    texts = ["a: " + "x" * 15_000 + "\n", "b: " + "y" * 15_000 + "\n"]
    path.write_text(texts[0], encoding="utf-8")
    done = threading.Event()

    def rewrite() -> None:
        while not done.is_set():
            for text in texts:
                path.write_text(text, encoding="utf-8")

    writer = threading.Thread(target=rewrite)
    writer.start()
    documents = [read_document(path) for _ in range(100)]
    done.set()
    writer.join()

    whole = [plain(parsed(text).root) for text in texts]
    for document in documents:
        assert document.problems or plain(document.root) in whole


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    path.chmod(stat.S_IWUSR)

    assert only_problem(path) == "the file cannot be opened: Permission denied"


# Words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("arrestxd", "did you mean 'arrested'?"),
        ("Arrested", "did you mean 'arrested'?"),
        ("indecent images", "did you mean 'indecent_images'?"),
        ("INDECENT-IMAGES", "did you mean 'indecent_images'?"),
        ("not_met", "did you mean 'not met'?"),
        ("unrelated", ""),
        ("", ""),
        ("arrested" * 30, ""),
    ],
    ids=[
        *("a-letter", "capitals", "blanks", "dashes", "underscores"),
        *("far", "empty", "long"),
    ],
)
def test_a_near_word_is_offered(word: str, expected: str) -> None:
    assert did_you_mean(word, {"arrested", "indecent_images", "not met"}) == expected


def test_of_two_spellings_of_one_word_the_same_is_always_offered() -> None:
    assert did_you_mean("not met", ["not_met", "not met"]) == (did_you_mean("not met", ["not met", "not_met"]))


def test_a_problem_is_one_line_with_its_place() -> None:
    assert str(Problem("a.yaml", 3, 7, "what is wrong")) == "a.yaml:3:7: what is wrong"
    assert str(Problem("a.yaml", 3, 7, "wrong", "do this")) == "a.yaml:3:7: wrong; do this"


def test_an_input_error_holds_its_problems_sorted_and_travels_between_processes() -> None:
    late, early = Problem("a", 9, 1, "x"), Problem("a", 2, 1, "y", "z")

    error = pickle.loads(pickle.dumps(InputError([late, early])))  # noqa: S301  # our own bytes

    assert error.problems == (early, late)
    assert str(error) == "a:2:1: y; z\na:9:1: x"


def test_a_document_travels_between_processes() -> None:
    document = parsed("a: [1, {b: 2}]\n")

    assert pickle.loads(pickle.dumps(document)) == document  # noqa: S301  # our own bytes


def test_without_libyaml_the_pure_parser_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = second_source(monkeypatch)

    document = module.parse_document(b"a: [no, 12:30]\n", name="case.yaml")
    assert module._EventReader is yaml.SafeLoader
    assert repr(document) == repr(parsed("a: [no, 12:30]\n"))


def second_source(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module, loaded once more where libyaml cannot be imported."""
    spec = importlib.util.spec_from_file_location("second_source", source.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    monkeypatch.setitem(sys.modules, "second_source", module)
    spec.loader.exec_module(module)
    return module


# Laws

odd_texts = st.one_of(
    st.binary(max_size=400),
    st.text(alphabet="aé \n\t:-?[]{},#&*!|>'\"%@`\\~=<.0\x1b\u202e\ufeff", max_size=200).map(
        lambda text: text.encode()
    ),
)
safe_characters = st.characters(
    exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp"),
    include_characters="\n\t",
)
words = st.from_regex(r"[A-Za-z0-9.+][A-Za-z0-9.:+_/-]{0,20}[A-Za-z0-9]", fullmatch=True)
quiet = settings(
    database=None,
    deadline=None,
    max_examples=200,
    # `parser` sets the same for every example of a law.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@quiet
@given(odd_texts)
def test_any_bytes_give_a_document_with_true_places(data: bytes) -> None:
    document = parsed(data)

    assert document.root is not None or document.problems
    for problem in (*document.problems, *document.notices):
        shown = document.lines or ("",)  # bytes that are no text have no lines
        assert 1 <= problem.line <= len(shown)
        assert 1 <= problem.column <= len(shown[problem.line - 1]) + 1
    for node in every_node(document.root) if document.root else ():
        assert 1 <= node.line <= len(document.lines)
        assert 1 <= node.column <= len(document.lines[node.line - 1]) + 1


@quiet
@given(st.text(safe_characters, max_size=100))
def test_any_text_survives_as_quoted_text(text: str) -> None:
    escaped = re.sub(r"\\ud[89ab]..\\ud[c-f]..", as_one_escape, json.dumps(text))
    for written in (escaped, json.dumps(text, ensure_ascii=False)):
        document = parsed(f"fact: {written}\n")

        assert document.problems == ()
        assert plain(document.root) == {"fact": text}


@quiet
@given(st.lists(words, min_size=1, max_size=8, unique=True), words)
def test_any_plain_word_survives_with_its_place(keys: list[str], value: str) -> None:
    document = parsed("".join(f"{key}: {value}\n" for key in keys))

    assert document.problems == ()
    for key, node in mapping(document).entries.items():
        line, column = mapping(document).places[key]
        assert document.lines[line - 1].startswith(key, column - 1)
        assert document.lines[node.line - 1].startswith(value, node.column - 1)


@quiet
@given(odd_texts)
def test_no_message_holds_anything_of_the_file(data: bytes) -> None:
    for problem in (
        *(document := parsed(with_canaries(data))).problems,
        *document.notices,
    ):
        assert CANARY not in str(problem).lower()


def as_one_escape(pair: re.Match[str]) -> str:
    character = pair.group().encode().decode("unicode_escape")
    whole = character.encode("utf-16", "surrogatepass").decode("utf-16")
    return f"\\U{ord(whole):08X}"


def with_canaries(data: bytes) -> bytes:
    """Every word a different canary, so that any part of the file can be told."""
    words = iter(range(len(data) + 1))
    return re.sub(rb"[A-Za-z]+", lambda _: f"{CANARY}{next(words)}".encode(), data)


# Hostile files

# Where we are stricter than the reader for which the list was drawn up: it let a version
# directive be. And a tab after a colon is refused by the pure parser alone.
STRICTER = {"libyaml": {"directive_yaml12.yaml"}}
STRICTER["pure"] = STRICTER["libyaml"] | {"key_tab.yaml"}

WORDS_OF_CODE = {
    "Y010": ["UTF-16"],
    "Y011": ["UTF-8"],
    "Y012": ["U+", "UTF-16"],
    "Y019": ["never closed", "directives", "after the end"],
    "Y022": ["anchors and aliases"],
    "Y023": ["tags are not"],
    "Y025": ["value is longer"],
    "Y026": ["merge keys", "key is longer", "odd white space"],
    "Y027": ["given twice"],
    "Y028": ["key must be plain"],
    "Y029": ["nested more than"],
}


def hostile() -> list[dict[str, str]]:
    manifest = HOSTILE / "MANIFEST.yaml"
    if not manifest.exists():
        return []
    listed = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    assert isinstance(listed, list)
    return listed


@needs_hostile
def test_the_hostile_files_are_all_listed() -> None:
    listed = {entry["file"] for entry in hostile()}

    assert len(listed) > 100
    assert listed == {path.name for path in HOSTILE.glob("*.yaml")} - {"MANIFEST.yaml"}


@needs_hostile
@pytest.mark.parametrize("entry", hostile(), ids=lambda entry: entry["file"])
def test_a_hostile_file_is_refused_for_the_reason_it_was_made(entry: dict[str, str], parser: str) -> None:
    document = read_document(HOSTILE / entry["file"], name="case.yaml")

    code = entry["expect"]
    if code in WORDS_OF_CODE:
        reasons = WORDS_OF_CODE[code]
        assert any(reason in line for line in said(document) for reason in reasons)
    else:  # ACCEPT, or a matter of the vocabulary's types: Y030, Y031
        assert code in {"ACCEPT", "Y030", "Y031"}
        assert bool(document.problems) == (entry["file"] in STRICTER[parser])


@needs_hostile
@pytest.mark.parametrize("entry", hostile(), ids=lambda entry: entry["file"])
def test_no_message_on_a_hostile_file_holds_anything_of_it(
    entry: dict[str, str],
) -> None:
    data = (HOSTILE / entry["file"]).read_bytes()

    for document in (parsed(data), parsed(with_canaries(data))):
        for problem in (*document.problems, *document.notices):
            assert CANARY not in str(problem).lower()
            assert str(problem).isprintable()


# The YAML test suite

# Invalid YAML that the parser lets pass, as text that can do no harm. May shrink, never grow.
LENIENT = {
    *("9C9N-0", "9JBA-0", "CVW2-0", "DK95-1", "G5U8-0", "QB6E-0", "S98Z-0", "SU5Z-0"),
    *("X4QW-0", "Y79Y-3", "YJV2-0"),
}


def suite() -> list[tuple[str, bytes, bool]]:
    """Name, bytes and whether it is valid, of every case of the suite."""
    cases = []
    for path in sorted(SUITE.glob("*.yaml")):
        text = ""
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            text = case.get("yaml", text)  # the text of the one before, when not given
            cases.append((f"{path.stem}-{number}", unmarked(text), "fail" not in case))
    return cases


def unmarked(text: str) -> bytes:
    """The suite's visible signs for invisible characters, undone."""
    text = re.sub("—*»", "\t", text.replace("␣", " ").replace("∎\n", ""))
    return text.replace("↵", "").replace("⇔", "\ufeff").replace("←", "\r").encode()


@needs_suite
def test_the_yaml_test_suite_never_breaks_the_reader() -> None:
    cases = suite()

    assert len(cases) > 350
    for _, data, _ in cases:
        for document in (parsed(data), parsed(with_canaries(data))):
            assert document.root is not None or document.problems
            for problem in (*document.problems, *document.notices):
                assert CANARY not in str(problem).lower()


@needs_suite
def test_hardly_any_invalid_yaml_is_accepted() -> None:
    accepted = {name for name, data, valid in suite() if not valid and not parsed(data).problems}

    assert accepted <= LENIENT
