"""Findings, reviews and hostile text for the tests of tables and Markdown, and a spreadsheet program to read them with."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from checklist.findings import Age, Review, Shipped, Source, Standing, Verdict
from checklist.folders import Skipped
from checklist.reporters import Page, reporter
from checklist.source import Problem
from checklist.summary import Gone, Run
from tests import drawn as drawn_
from tests import test_reporters
from tests.drawn import run_of

PAGE = Page(digest="0123456789abcdef", rules=22, version="0.0.0")

HOSTILE = (
    "=1+1",
    " =1+1",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "a;=1+1;b",
    'a";"=1+1',
    "＝１+1",  # noqa: RUF001  # the wide forms are meant
    '=HYPERLINK("http://example.com","x")',
    "{=1+1}",
    "%0A",
    "|calc",
    "::error::x",
    "##vso[task.complete]",
    "]]>",
    "<script>alert(1)</script>",
    "<!-- a -->",
    "nul\x00",
    "esc\x1b[31m",
    "lone \ud800 surrogate",
    "not a character \ufffe",
    "_x0041_ and _x000D_",
    "\u202egnirts",
    "two\nlines\r\nthree\rfour",
    "a|b",
    "a\\|b",
    "|",
    "`tick` ``two`` ```three",
    "# title",
    "1. one",
    "1)",
    "- item",
    "+",
    "---",
    "===",
    "> quote",
    "~~~",
    "*a* _b_ ~~c~~",
    "[a](http://example.com) ![b](http://example.com/b.png)",
    "[a]: http://example.com",
    "http://example.com/a www.example.com a@example.com ftp://x //localhost",
    "@somebody and #1, GH-2, o/r#3; :bell: $a$",
    "&lt;b&gt; &#64; &",
    "www. and www.'",
    ":100: 1:100:2 :+1:",
    "\\",
    "007",
    "1e5",
    "🙂" * 40,
    "x" * 300,
    "[ ] to do",
)

nasty = st.text(alphabet=st.sampled_from("`|*_[]()<>#-+=@&!~:\\$.\n\t '\";/%0ag1wx"), max_size=40)
anything = st.text(alphabet=st.characters(), max_size=40) | nasty
"""Also lone surrogates."""


evidence = partial(test_reporters.evidence, asks="When?")
finding = partial(
    test_reporters.finding,
    evidence=(evidence(),),
    sources=(Source(Standing.INSPECTION_FINDING, "three weeks were criticised", "HMIC"),),
    due="Wed 2 Sep 2015 10:15",
    elapsed="21 days",
    themes=("online", "exploitation"),
)
a_review = partial(test_reporters.a_review, file="cases/case.yaml")
waiver = partial(drawn_.waiver, reason="the suspect had died", approved_by="head of safeguarding")
UNREAD = a_review(file="cases/broken.yaml", case="", as_of="", problems=(Problem("cases/broken.yaml", 3, 7, "not valid YAML", "look at the quotes"),))  # fmt: skip


def everywhere(text: str) -> tuple[Review, Run]:
    """A review and a run that hold a text wherever they may hold one."""
    problem = Problem(text, 1, 1, text, text)
    one = finding(
        rule=text,
        title=text,
        area=text,
        subject=text,
        says=text,
        why=text,
        action=text,
        due=text,
        elapsed=text,
        limit=text,
        standard=text,
        themes=(text,),
        passes_when_absent=(text,),
        evidence=(evidence(named=text, shown=text, asks=text, look_in=text),),
        sources=(Source(Standing.STATUTE, text, text, text),),
        waiver=waiver(reason=text, approved_by=text),
        shipped=Shipped(text, Verdict.NOT_MET),
        age=Age.WORSE,
    )
    review = a_review(
        one, replace(one, waiver=None), file=text, case=text, as_of=text, notices=(text,), problems=(problem,)
    )
    return review, run_of(
        review,
        problems=(problem,),
        notices=(problem,),
        skipped=(Skipped(text, text),),
        gone=(Gone(text, text, text, text),),
        complete=False,
    )


def drawn(name: str, *reviews: Review, run: Run | None = None, page: Page = PAGE) -> Any:
    """Everything that a reporter gives, in one piece."""
    report = reporter(name, page)
    pieces: list[Any] = [report.begin(), *map(report.review, reviews), report.end(run or run_of(*reviews))]
    return pieces[0][:0].join(pieces)


def plain_words(text: str) -> str:
    """Text as far as white space does not matter."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """LibreOffice, which makes a file of one kind into another as somebody would who opens it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")

    def converted(name: str, told: bytes, to: str, more: Iterable[str] = ()) -> Path:
        given = folder / name
        given.write_bytes(told)
        made = folder / "made"
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        words = [program, "--headless", profile, *more, "--convert-to", to, "--outdir", str(made), str(given)]
        subprocess.run(words, check=True, capture_output=True, timeout=120)
        return made / f"{given.stem}.{re.split(':', to)[0]}"

    return converted
