"""A tree written as YAML and read again is the same tree."""

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.source import Mapping, Node, Scalar, Sequence, parse_document
from checklist.writer import written

Plain = tuple[str, bool] | dict[str, "Plain"] | list["Plain"]


def plain(node: Node) -> Plain:
    """The tree without its places; of a text, whether it is a null."""
    if isinstance(node, Scalar):
        return node.text, node.is_null
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.entries.items()}
    return [plain(item) for item in node.items]


def read_again(root: Node) -> Node:
    document = parse_document(written(root).encode(), name="written.yaml")
    assert document.problems == ()
    assert document.root is not None
    return document.root


def node_of(text: str) -> Node:
    root = parse_document(text.encode(), name="given.yaml").root
    assert root is not None
    return root


FORBIDDEN = "\x7f\u061c\u200e\u200f\u2028\u2029\ufeff\x85"
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn"),
    exclude_characters=FORBIDDEN + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])),
)
AWKWARD = st.sampled_from(
    ["", "null", "~", "no", "- a", "a: b", "a #b", "#a", "[a", "{a}", "*a", "&a", "!a", "|", ">", "'", '"', "\\", "<<", "%a", "@a",
     "`a", "?", "? a", ":", "a:", "a: ", " a", "a ", "a\nb", "a\n\n b\n", "\ta", "---", "...", "--- a", "12:30", "010", "2016-03-18/..",
     "../2016-03-18", "\u00a0", "\u200b", "é", "😀", "a,b", "a]b", "x" * 500, "=", "null ", "10:", "a:b", "http://x", "a - b"]
)  # fmt: skip
TEXTS = st.one_of(
    AWKWARD, st.text(CHARACTERS, max_size=30), st.text(st.sampled_from("ab: #-,'\"[]{}\\\n\t&*!|>%@?"), max_size=12)
)
KEYS = TEXTS.filter(lambda text: text == text.strip() and text.isprintable() and 0 < len(text) <= 200)
SCALARS = st.one_of(
    st.builds(lambda text: Scalar(text, plain=False, line=1, column=1), TEXTS),
    st.builds(
        lambda text: Scalar(text, plain=True, line=1, column=1), st.sampled_from(["", "null", "~", "yes", "2016-03-18"])
    ),
)


def mapping(entries: dict[str, Node]) -> Node:
    return Mapping(entries, dict.fromkeys(entries, (1, 1)), 1, 1)


NODES: st.SearchStrategy[Node] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.dictionaries(KEYS, inner, max_size=4).map(mapping),
        st.lists(inner, max_size=4).map(lambda items: Sequence(tuple(items), 1, 1)),
    ),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(KEYS, NODES, min_size=1, max_size=5).map(mapping))
def test_a_tree_that_is_written_reads_as_the_same_tree(root: Node) -> None:
    assert plain(read_again(root)) == plain(root)


def test_a_quoted_null_stays_a_text_and_a_plain_one_nothing() -> None:
    root = node_of('a: "null"\nb: null\nc:\nd: ""\n')

    assert plain(read_again(root)) == {"a": ("null", False), "b": ("null", True), "c": ("", True), "d": ("", False)}


def test_what_is_written_is_written_the_same_when_written_again() -> None:
    text = written(node_of("a:\n- b: {c: d, e: [f, '#']}\n  g:\n- []\n- [[], {}]\n"))

    assert written(node_of(text)) == text


def test_a_tree_as_deep_as_a_file_may_be_is_written() -> None:
    root = node_of("a: " + "[" * 30 + "]" * 30)

    assert plain(read_again(root)) == plain(root)


def test_a_line_is_short_where_a_thing_is_and_long_things_have_lines_of_their_own() -> None:
    short, long = "S1, risk: high", "S2, " + ", ".join(f"fact_{number}: yes" for number in range(12))

    lines = written(node_of(f"suspects:\n- {{ref: {short}}}\n- {{ref: {long}}}\n")).splitlines()

    assert lines[1] == "  - {ref: S1, risk: high}"
    assert lines[2:4] == ["  - ref: S2", "    fact_0: yes"]
    assert max(map(len, lines)) <= 100
