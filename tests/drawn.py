"""Reviews and runs that reports for machines are tried with: every verdict, and every text that could break out of a format."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from checklist.findings import Age, Basis, Finding, Review, Severity, Verdict, Waiver
from checklist.folders import Skipped
from checklist.reporters import Page, reporter
from checklist.source import Problem
from checklist.summary import Gone, Run, Tally
from tests.test_reporters import a_review, finding

PAGE = Page(digest="0123456789abcdef", rules=22, version="0.0.0", settings="feedfacefeedface")

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@x",
    "::error::x",
    "%0A::error::x",
    "]]>",
    "<script>alert(1)</script>",
    '" onload="x',
    "nul\x00",
    "\ud800 \udfff",
    "\u202egnirts",
    "zero\u200bwidth\ufeff",
    "\x1b[31mred\x1b[0m\x9b",
    "two\nlines\r\nand\rmore",
    "\nok 99 - forged\n1..99\nBail out!\n",
    "##vso[task.complete result=Succeeded]",
    "| a | b |",
    "`rm`",
    "😀 é \ufffe",
    "a # TODO not ours",
    "a # SKIP not ours",
    "back\\slash \\# end\\",
    "opens {",
    "  ...",
    "---",
    "&amp; &#0; <!ENTITY",
    "../../etc/passwd",
    "/etc/passwd",
    "x" * 300,
    "",
    " ",
)

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""What steers a terminal, turns text about, or is not seen: no report may hold it."""

TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=40) | st.sampled_from(HOSTILE)


def waiver(**more: Any) -> Waiver:
    given: dict[str, Any] = {
        "rule": "arrest-within-limit",
        "case": "X-1",
        "subject": "S1",
        "reason": "the suspect was abroad",
        "approved_by": "head@police",
        "approved_on": date(2016, 7, 1),
        "expires": date(2016, 12, 31),
    }
    return Waiver(**{**given, **more})


WAIVER = waiver()

BASES = {
    Verdict.NOT_MET: Basis.DONE_LATE,
    Verdict.CANNOT_TELL: Basis.REDACTED,
    Verdict.NOT_RECORDED: Basis.NOT_RECORDED,
    Verdict.NEEDS_JUDGEMENT: Basis.OPEN_JUDGEMENT,
    Verdict.NOT_DUE_YET: Basis.WITHIN_THE_LIMIT,
    Verdict.EXCUSED: Basis.REASON_ACCEPTED,
    Verdict.MET: Basis.DONE_IN_TIME,
    Verdict.DOES_NOT_APPLY: Basis.CONDITION_NOT_MET,
}


def of_verdict(verdict: Verdict, **more: Any) -> Finding:
    """A finding whose rule is named after its verdict."""
    given = {"rule": str(verdict).replace(" ", "-"), "verdict": verdict, "basis": BASES[verdict], **more}
    return finding(**given)


def every_verdict(**more: Any) -> Review:
    """A case with a finding of every verdict, one that somebody accepted, and one that was there before."""
    return a_review(
        *map(of_verdict, Verdict),
        finding(rule="accepted", waiver=WAIVER),
        finding(rule="known", age=Age.KNOWN),
        finding(rule="new", age=Age.NEW),
        **more,
    )


def run_of(*reviews: Review, **more: Any) -> Run:
    """What some reviews come to, as the runner would have it."""
    tally = Tally()
    for review in reviews:
        tally.add(review)
    return Run(summary=tally.summary(), **more)


def draw(name: str, *reviews: Review, page: Page = PAGE, **more: Any) -> str:
    """A whole report."""
    drawn = reporter(name, page)
    pieces = [drawn.begin(), *map(drawn.review, reviews), drawn.end(run_of(*reviews, **more))]
    return "".join(piece if isinstance(piece, str) else piece.decode() for piece in pieces)


def hostile_review(text: str) -> Review:
    """A case with the text wherever a text may stand."""
    said: Mapping[str, str] = {"title": text, "says": text, "subject": text, "action": text, "due": text}
    waiver = Waiver(
        rule=text,
        case=text,
        subject=text,
        reason=text,
        approved_by=text,
        approved_on=date(2016, 7, 1),
        expires=date(2016, 12, 31),
    )
    return a_review(
        *(of_verdict(verdict, **said, area=text, rule=text) for verdict in Verdict),
        finding(**said, rule=text, waiver=waiver),
        finding(**said, severity=Severity.NOTE, age=Age.KNOWN, standard=text),
        file=text,
        case=text,
        as_of=text,
        looked_at=text,
        notices=(text,),
        problems=(Problem(text, 1, 1, text, text),),
    )


def hostile_rest(text: str) -> dict[str, Any]:
    """What stands at the end of a run, with the text wherever a text may stand."""
    problem = Problem(text, 3, 2, text, text)
    return {
        "problems": (problem,),
        "notices": (problem,),
        "skipped": (Skipped(text, text),),
        "gone": (Gone(text, text, text, text),),
    }
