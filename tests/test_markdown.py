"""The report as Markdown, as it is shown: what people see, and what no text can make of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from checklist.findings import Age, Basis, Branch, Mark, Question, Review, Shipped, Verdict
from checklist.logic import State
from checklist.reporters import Page
from checklist.reporters.markdown import drawn as markdown
from checklist.reporters.report import Line, Role, Table, visible
from checklist.source import Problem
from checklist.summary import Run
from tests.drawn import run_of
from tests.tables import (  # fmt: skip
    HOSTILE,
    PAGE,
    UNREAD,
    a_review,
    anything,
    drawn,
    everywhere,
    evidence,
    finding,
    plain_words,
    waiver,
)

markdown_it = pytest.importorskip("markdown_it")

FOLDER = replace(PAGE, summary=True, detail=False)
STRUCTURE = {"heading", "paragraph", "blockquote", "bullet_list", "ordered_list", "list_item", "strong", "inline", "text", "softbreak", "code_inline", "fence", "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
ACTED_ON = re.compile(r"@\w|#\w|\$|://|www\.|:[\w+-]+:|(?i:gh-\d)|!\[|\S@\S|\w\.[a-z]")
"""What the sites that show Markdown make into something, wherever it is not code."""


def reader() -> Any:
    """A reader that takes all for markup that any may: HTML, tables, what is struck through, addresses without a scheme."""
    pytest.importorskip("linkify_it")
    return markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": True})


def tokens(told: str) -> Iterator[Any]:
    for token in reader().parse(told):
        yield token
        yield from token.children or ()


def kinds(told: str) -> list[str]:
    return [re.sub("_(open|close)$", "", token.type) for token in tokens(told) if not token.type.endswith("_close")]


def seen(told: str) -> str:
    """The text that somebody sees, on one line."""
    words = [token.content for token in tokens(told) if token.type in ("text", "code_inline", "fence")]
    return plain_words("".join(words))


def cells(told: str) -> list[list[str]]:
    """The cells of all rows of the tables, as they are seen."""
    rows: list[list[str]] = []
    is_cell = False
    for token in reader().parse(told):
        if token.type == "tr_open":
            rows.append([])
        if token.type == "inline" and is_cell:
            rows[-1].append("".join(one.content for one in token.children))
        is_cell = token.type in ("th_open", "td_open")
    return rows


def of_text(text: str) -> str:
    """A text as it ought to be seen; backticks around a word may have been taken for what they mean."""
    return plain_words(visible(text)).replace("`", "")


# What people see.


def test_a_case_has_a_title_headings_and_a_heading_for_each_finding() -> None:
    told = drawn("markdown", a_review(finding()))

    assert told.startswith("# Review of X-1\n\n`cases/case.yaml`, as of 2016-07-18\n\n22 rules")
    assert "\n\n## Summary\n\n- **Practice** 1 not met (1 critical)\n" in told
    assert "\n\n### NOT MET - done late, critical, 1 of 1\n\n**Each suspect is arrested promptly**\n\n" in told
    assert "\n\n- **Why** Delay leaves children within reach.\n- **Who says** inspection finding: three weeks" in told
    assert "\n  - The limit is our default: no source gives a number.\n" in told


def test_a_banner_is_words_that_stand_out() -> None:
    told = drawn("markdown", a_review(finding()))

    assert "\n\n> **A CHILD MAY STILL BE AT RISK: 1 critical finding is not met, and" in told


def test_the_lines_of_a_file_are_code_with_the_caret_under_the_value() -> None:
    told = drawn("markdown", a_review(finding(evidence=(evidence(),))))

    (code,) = [token.content for token in tokens(told) if token.type == "fence"][:1]
    assert code.splitlines() == ["  4 | arrested: 2015-09-22", "    |           ^^^^^^^^^^"]


def test_lines_that_follow_each_other_share_a_block_and_others_do_not() -> None:
    code, words = Line(Role.CODE, "a: b", "  1 | "), Line(Role.TEXT, "between")

    assert markdown([code, Line(Role.CARET, "   ^", "    | "), code]).count("```") == 2
    assert markdown([code, words, code]).count("```") == 4


def test_a_block_of_code_cannot_be_closed_by_what_is_in_it() -> None:
    told = markdown([Line(Role.CODE, "````", ""), Line(Role.CODE, "# not a title", ""), Line(Role.TEXT, "after")])

    assert kinds(told) == ["fence", "paragraph", "inline", "text"]


def test_a_timeline_says_in_words_what_was_not_kept() -> None:
    marks = (
        Mark(1, "Tue 1 Sep 2015", "report received", "event", 3),
        Mark(2, "Wed 2 Sep 2015", "limit of 24 hours", "limit", 0, late=True),
        Mark(3, "Mon 18 Jul 2016", "the review stands on this day", "as of"),
    )
    told = drawn("markdown", a_review(finding(), timeline=marks))

    assert "- **Tue 1 Sep 2015** report received (line 3)\n- **Wed 2 Sep 2015** limit of 24 hours (not kept)\n" in told
    assert "- **Mon 18 Jul 2016** the review stands on this day\n" in told


def test_branches_questions_and_what_was_done_are_lists() -> None:
    one = finding(branches=(Branch("risk is high", "24 hours", "", Verdict.NOT_MET), Branch("risk is low", "7 days", "", Verdict.MET)))  # fmt: skip
    asked = (Question("suspect.risk", "suspects[0].risk", "How high was it?", "log", 4, 2),)
    told = drawn("markdown", a_review(one, finding(verdict=Verdict.MET), questions=asked))

    assert "\n\n- risk is high: limit 24 hours: not met\n- risk is low: limit 7 days: met\n\n" in told
    assert "\n\n1. How high was it? Look in: log. (`suspects[0].risk`, line 4; settles 2 findings)\n" in told
    assert "\n\n## What was done\n\n- arrest-within-limit, S1: Arrested 21 days after" in told


def test_what_belongs_to_an_item_stands_under_it() -> None:
    unknown = finding(verdict=Verdict.MET, age=None, waiver=waiver())
    told = drawn("markdown", a_review(unknown, finding(verdict=Verdict.MET)))

    assert re.search(r"\n- arrest-within-limit, S1: .*\n  - Accepted by head of safeguarding on .*\n- arrest", told)


def test_a_waived_finding_keeps_its_verdict_and_says_who_accepted_it() -> None:
    told = drawn("markdown", a_review(finding(waiver=waiver(), age=Age.WORSE)))

    assert "### NOT MET - done late" in told
    assert "Accepted by head of safeguarding on 2016-07-01, until 2016-12-31: the suspect had died." in told
    assert "Worse than at the baseline." in told


def test_what_passes_only_by_a_local_standard_says_so() -> None:
    told = drawn("markdown", a_review(finding(verdict=Verdict.MET, shipped=Shipped("24 hours", Verdict.NOT_MET))))

    assert "> **1 CRITICAL FINDING PASSES ONLY BY LOCAL STANDARDS; by the shipped rules, not met:**" in told
    assert "by which it would be not met." in told


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_told(verdict: Verdict) -> None:
    basis = Basis.NOT_RECORDED if verdict is Verdict.NOT_RECORDED else Basis.UNDATED
    open_one = finding(verdict=verdict, basis=basis, evidence=(replace(evidence(), state=State.UNDATED),))

    totals = drawn("markdown", a_review(open_one)).rpartition("## Totals")[2]
    assert f"1 finding = 1 {verdict}" in totals


def test_a_file_that_was_not_reviewed_says_so() -> None:
    told = drawn("markdown", UNREAD)

    assert "> **1 PROBLEM WITH THE FILE**" in told
    assert "- **line 3:7** not valid YAML; look at the quotes" in told
    assert "> **NOT REVIEWED, for what is said above. Nothing is said of the case.**" in told


def test_a_run_that_was_stopped_says_so_before_all_numbers() -> None:
    met = a_review(finding(verdict=Verdict.MET))

    assert "STOPPED" not in drawn("markdown", met, page=FOLDER)
    told = drawn("markdown", met, run=replace(run_of(met), complete=False), page=FOLDER)
    assert 0 < told.index("> **STOPPED BEFORE THE END") < told.index("## Summary")


def test_a_summary_has_tables_with_words_on_the_left_and_numbers_on_the_right() -> None:
    told = drawn("markdown", a_review(finding(), finding(verdict=Verdict.MET)), UNREAD, page=FOLDER)

    assert (
        "| severity | not met | of judged | share | not recorded | other open |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
        in told
    )
    assert "\n| critical | 1 | 2 | 50% | 0 | 0 |\n" in told
    assert "- **`cases/broken.yaml:3:7`** not valid YAML; look at the quotes" in told
    styles = [token.attrGet("style") for token in tokens(told) if token.type == "th_open"][:2]
    assert styles == [None, "text-align:right"]


def test_a_table_with_twenty_rows_has_twenty_rows() -> None:
    rules = [finding(rule=f"rule-{number}", area=f"area {number}") for number in range(20)]
    told = drawn("markdown", a_review(*rules), page=FOLDER)

    areas = [row for row in cells(told) if row[0].startswith("area ")]
    assert len(areas) == 20
    assert {len(row) for row in areas} == {6}


def test_one_case_alone_has_no_summary_and_many_have_no_detail_unless_it_is_asked_for() -> None:
    reviews = (a_review(finding()), a_review(finding(), case="X-2"))

    assert "Review of X-2" not in drawn("markdown", *reviews, page=FOLDER)
    assert "case files" not in drawn("markdown", *reviews)
    told = drawn("markdown", *reviews, page=replace(FOLDER, detail=True))
    assert [line for line in told.splitlines() if line.startswith("# ")] == [
        "# Review of X-1",
        "# Review of X-2",
        "# Review of 2 case files",
    ]


def test_the_raw_line_is_shown_only_where_quotes_were_asked_for() -> None:
    lines = {4: "    arrested: 2015-09-22 by a neighbour"}

    assert "a neighbour" in drawn("markdown", a_review(finding(), quotes=lines))
    assert "a neighbour" not in drawn("markdown", a_review(finding()))


def test_without_unicode_everything_is_ascii_and_seen_as_it_was() -> None:
    told = drawn("markdown", a_review(finding(says="a café, <é>")), page=replace(PAGE, unicode=False))

    assert told.isascii()
    assert r"A café, <\xe9>." in seen(told)


def test_our_own_words_are_left_as_they_are() -> None:
    words = 'Limit: 24 hours (3 of 12, 25 %); "it is" child\'s, S1/K2 - not-met. 10:15 ... 1.5 & 2 + 2 = 4, really?!'

    assert markdown([Line(Role.TEXT, words)]) == f"{words}\n"


def test_words_that_could_be_taken_for_something_are_code() -> None:
    told = markdown([Line(Role.TEXT, "see (examples/a.yaml), `x y`, [a, b]; @me #1 a|b and <b>.")])

    assert told == "see (`examples/a.yaml`), `x y`, `[a, b]`; `@me` `#1` `a`&#124;`b` and `<b>`.\n"


# What no text can make of it.


def check_whole(review: Review, run: Run, page: Page) -> None:
    told = drawn("markdown", review, run=run, page=page)

    assert set(kinds(told)) <= STRUCTURE
    for token in tokens(told):
        assert token.type != "text" or not ACTED_ON.search(token.content), token.content
    told.encode("utf-8")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_is_never_markup(text: str) -> None:
    review, run = everywhere(text)
    check_whole(review, run, replace(PAGE, summary=True))
    check_whole(review, run, replace(PAGE, summary=True, unicode=False))

    told = drawn("markdown", review, run=run, page=replace(PAGE, summary=True))
    assert seen(told).replace("`", "").count(of_text(text)) > 10


@settings(deadline=None)  # others use this machine too
@given(anything)
def test_no_text_at_all_is_markup(text: str) -> None:
    check_whole(*everywhere(text), replace(PAGE, summary=True))


SHAPES = {
    Role.TITLE: ["heading", "inline"],
    Role.HEADING: ["heading", "inline"],
    Role.VERDICT: ["heading", "inline"],
    Role.BANNER: ["blockquote", "paragraph", "inline", "strong"],
    Role.STRONG: ["paragraph", "inline", "strong"],
    Role.TEXT: ["paragraph", "inline"],
    Role.MUTED: ["paragraph", "inline"],
}


@pytest.mark.parametrize("role", SHAPES)
@settings(deadline=None)  # others use this machine too
@given(text=anything)
@example("`a` b `c")
@example("`` ` ```")
@example("1:100:")
@example("www.'")
@example("1:100:2")
@example("1.")
@example("+")
@example("(a)//localhost")
@example("&amp; &#64; &")
def test_a_text_is_one_block_of_words_and_code_and_is_seen_whole(role: Role, text: str) -> None:
    assume(role is not Role.VERDICT or "   " not in text)  # which parts a verdict, its severity and its number
    told = markdown([Line(role, text)])

    found = [kind for kind in kinds(told) if kind not in ("text", "code_inline")]
    wanted = of_text(text)
    if not plain_words(visible(text)):
        assert told == ""
        return
    assert found == SHAPES[role]
    assert seen(told).replace("`", "").replace(" ", "") == wanted.replace(" ", "")
    for token in tokens(told):
        assert token.type != "text" or not ACTED_ON.search(token.content)


@settings(deadline=None)  # others use this machine too
@given(label=anything, text=anything)
def test_a_label_is_bold_and_its_text_is_not(label: str, text: str) -> None:
    told = markdown([Line(Role.LABELLED, f"{text}x", f"x{label}:1:1  ")])

    found = [kind for kind in kinds(told) if kind not in ("text", "code_inline")]
    assert found == ["bullet_list", "list_item", "paragraph", "inline", "strong"]
    assert seen(told).replace("`", "").replace(" ", "") == of_text(f"x{label}:1:1{text}x").replace(" ", "")


@settings(deadline=None)  # others use this machine too
@given(st.lists(st.tuples(anything, anything), min_size=1, max_size=4))
def test_a_table_has_a_cell_for_each_text(rows: list[tuple[str, str]]) -> None:
    found = cells(markdown([Table(("a", "b"), tuple(rows))]))

    wanted = [["a", "b"], *([of_text(one) for one in row] for row in rows)]
    assert [[plain_words(cell).replace("`", "") for cell in row] for row in found] == wanted


@settings(deadline=None)  # others use this machine too
@given(st.lists(anything, min_size=1, max_size=4))
def test_lines_of_code_come_back_as_they_were(texts: list[str]) -> None:
    told = markdown([*(Line(Role.CODE, text, "  1 | ") for text in texts), Line(Role.HEADING, "after")])

    assert kinds(told) == ["fence", "heading", "inline", "text"]
    (code,) = [token.content for token in tokens(told) if token.type == "fence"]
    assert code.splitlines() == [f"  1 | {visible(text)}".rstrip() for text in texts]


def test_the_place_of_a_problem_is_shown_whole_whatever_it_begins_with() -> None:
    problem = Problem("- x.yaml", 1, 1, "no such word")
    review = a_review(finding(), file="- x.yaml", problems=(problem,))

    assert "- x.yaml:1:1 no such word" in seen(drawn("markdown", review, page=FOLDER)).replace(
        "yaml:1:1no", "yaml:1:1 no"
    )
