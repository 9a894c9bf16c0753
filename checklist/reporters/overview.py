"""What every printed report says of many cases together, and in which order."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from checklist.findings import Age, Review, Verdict
from checklist.reporters import Page
from checklist.reporters.report import BLANK, Line, Role, Table, agreeing, compose, made_by, noted, problem_line
from checklist.source import Problem
from checklist.summary import Counts, Row, Run, shareable, wilson

_FEW, _MANY, _NAMED = 10, 25, 3
_HIDES = "-"
_NO_SAMPLE = "--sample-of is not more than the cases that were reviewed"


class Printed(ABC):
    """A report for people: each case, if each is to be drawn, and what all come to, with a gap between them."""

    gap = "\n"

    def __init__(self, page: Page) -> None:
        self.page = page
        self._before = ""

    @abstractmethod
    def text(self, lines: Iterable[Line | Table]) -> str:
        """Lines as they are drawn; empty where there are none."""

    def begin(self) -> str:
        """Nothing."""
        return ""

    def review(self, review: Review) -> str:
        """One case, if each is to be drawn."""
        return self._after_gap(compose(review, self.page)) if self.page.detail else ""

    def end(self, run: Run) -> str:
        """What all cases come to."""
        return self._after_gap(overview(run, self.page))

    def _after_gap(self, lines: Iterable[Line | Table]) -> str:
        drawn = self.text(lines)
        if not drawn:
            return ""
        before, self._before = self._before, self.gap
        return before + drawn


def overview(run: Run, page: Page) -> Iterator[Line | Table]:
    """The lines on all cases; for one case alone, only what its own report could not know."""
    if not page.summary:
        yield from _aside(run, page)
        return
    if page.sample_of and page.sample_of <= run.files:  # all were seen: there is nothing that they stand for
        page = replace(page, sample_of=0, notes=(*page.notes, f"no ranges: {_NO_SAMPLE}"))
    yield from _head(run, page)
    yield from _today(run, page)
    yield from _cases(run, page)
    yield from _tables(run, page)
    yield from _aside(run, page)
    yield from _totals(run, page)


# The head, and what cannot wait.


def _head(run: Run, page: Page) -> Iterator[Line]:
    read = "1 case file" if run.files == 1 else f"{_told(run.files, page)} case files"
    yield Line(Role.TITLE, f"Review of {read}")
    yield Line(Role.MUTED, made_by(page))
    days = run.summary.days
    if len(days) == 1:
        yield Line(Role.MUTED, f"as of {days[0]}")
    elif days:
        yield Line(Role.MUTED, "each as of its own day", "- ")
    yield from noted(page.notes)
    if _is_shared(page):
        told = f"numbers under {page.min_count} are hidden and all others rounded to the nearest {page.min_count}, so that sums may not add up; no case is named"
        yield Line(Role.MUTED, told, "- ")
    if page.sample_of:
        told = f"the cases are taken to be drawn at random from {page.sample_of}: beside each share stands the range that holds the true one in 95 of 100 such samples (Wilson); findings of one case are not independent, so the true range is wider"
        yield Line(Role.MUTED, told, "- ")
    yield BLANK
    if not run.complete:
        yield Line(
            Role.BANNER, "STOPPED BEFORE THE END: these are the cases reviewed so far. Nothing is said of the others."
        )
        yield BLANK


def _today(run: Run, page: Page) -> Iterator[Line]:
    summary = run.summary
    if summary.urgent:
        one = summary.urgent == 1 and not _is_shared(page)
        number = "1 CASE NEEDS" if one else f"{_told(summary.urgent, page).upper()} CASES NEED"
        told = "a critical finding is not met, and the file does not record that the risk has ended"
        yield Line(Role.BANNER, f"{number} SOMEONE TODAY: {told}.")
        named = () if _is_shared(page) else summary.urgent_cases[:_MANY]
        for case in named:
            yield Line(Role.TEXT, f"{case.case} ({case.file}): {', '.join(case.rules)}", "- ")
        if named and summary.urgent > len(named):
            yield Line(Role.MUTED, f"... and {summary.urgent - len(named)} more; --detail tells of each")
        yield BLANK
    yield from _spared(run, page)
    if summary.accepted:
        told = f"{_told(summary.accepted, page)} more would, had somebody not accepted those findings"
        yield Line(Role.TEXT, told, "- ")
        yield BLANK


def _spared(run: Run, page: Page) -> Iterator[Line]:
    number = run.summary.spared
    if not number:
        return
    one = number == 1 and not _is_shared(page)
    head = "1 CRITICAL FINDING PASSES" if one else f"{_told(number, page).upper()} CRITICAL FINDINGS PASS"
    yield Line(Role.BANNER, f"{head} ONLY BY LOCAL STANDARDS; by the shipped rules, not met.")
    for case in () if _is_shared(page) else run.summary.spared_in[:_MANY]:
        yield Line(Role.TEXT, f"{case.case} ({case.file}): {', '.join(case.rules)}", "- ")
    yield BLANK


# What all come to.


def _cases(run: Run, page: Page) -> Iterator[Line]:
    summary, counts = run.summary, run.summary.counts
    yield Line(Role.HEADING, "Summary")
    partly = summary.with_problems - summary.unreviewed
    told = f", {_told(partly, page)} of them only in part" if partly > 0 else ""
    yield Line(Role.LABELLED, f"{_of(summary.cases, run.files, page)} files reviewed{told}", "Cases      ")
    if summary.cases:
        told = f"something not met in {_share(summary.with_not_met, summary.cases, page)}; nothing not met but something open in {_share(summary.with_unknown, summary.cases, page)}"
        yield Line(Role.LABELLED, told, "           ")
    yield Line(Role.LABELLED, _practice(counts, page), "Practice   ")
    yield Line(Role.LABELLED, _recording(counts, page), "Recording  ")
    yield Line(
        Role.LABELLED,
        f"{_told(counts[Verdict.NOT_DUE_YET], page)} not due yet; {_told(counts[Verdict.DOES_NOT_APPLY], page)} do not apply and are in no share",
        "Aside      ",
    )
    if summary.ages:
        yield Line(Role.LABELLED, _beside_baseline(run, page), "Baseline   ")
    yield BLANK


def _practice(counts: Counts, page: Page) -> str:
    known = ((counts.late, "done late"), (counts.silent, "nothing recorded"), (counts.waived, "accepted by somebody"))
    parts = "; ".join(f"{_told(number, page)} {what}" for number, what in known if number)
    told = f"not met: {_share(counts[Verdict.NOT_MET], counts.judged, page)} that could be judged"
    return f"{told} ({parts})" if parts else told


def _recording(counts: Counts, page: Page) -> str:
    told = f"recorded well enough to judge: {_share(counts.judged, counts.due, page)} that apply and are due"
    open_ones = ", ".join(
        f"{_told(counts[verdict], page)} {agreeing(verdict, counts[verdict])}"
        for verdict in (Verdict.NOT_RECORDED, Verdict.CANNOT_TELL, Verdict.NEEDS_JUDGEMENT)
        if counts[verdict]
    )
    if counts.unseen:
        unseen = f" cannot tell ({_told(counts.unseen, page)} not looked at)"
        open_ones = open_ones.replace(f" {Verdict.CANNOT_TELL}", unseen, 1)
    return f"{told}; {open_ones}" if open_ones else told


def _beside_baseline(run: Run, page: Page) -> str:
    ages = dict(run.summary.ages)
    told = (
        f"{_told(ages[Age.NEW], page)} new, {_told(ages[Age.WORSE], page)} worse, {_told(ages[Age.KNOWN], page)} known"
    )
    return f"{told}; {_told(len(run.gone), page)} gone"


# Tables: numerators beside denominators.


def _tables(run: Run, page: Page) -> Iterator[Line | Table]:
    summary = run.summary
    told = "judged: met, not met or excused; other open: cannot be told, or needs judgement"
    yield Line(Role.MUTED, told)
    yield BLANK
    yield from _table("By severity", "severity", summary.by_severity, page)
    yield from _table("By area", "area", summary.by_area, page)
    yield from _table("By theme", "theme", summary.by_theme, page)
    yield from _top("Most often not met", "rule", summary.most_not_met, page)
    yield from _least_recorded(summary.least_recorded, page)


def _top(heading: str, what: str, rows: Sequence[Row], page: Page) -> Iterator[Line | Table]:
    yield from _table(heading, what, _ranked(rows, Verdict.NOT_MET, page)[:_FEW], page)
    yield from _more(len(rows) - _FEW, page)


def _table(heading: str, what: str, rows: Iterable[Row], page: Page) -> Iterator[Line | Table]:
    shown: Sequence[Row] = [row for row in rows if row.counts.applies]
    if what in ("area", "theme"):
        shown = _ranked(shown, Verdict.NOT_MET, page)
    if not shown:
        return
    sampled = ("95 % range",) if page.sample_of else ()
    headings = (what, "not met", "of judged", "share", *sampled, "not recorded", "other open")
    yield Line(Role.HEADING, heading)
    if what == "theme":
        yield Line(Role.MUTED, "a rule may have several themes, or none: these do not add up")
    yield Table(headings, tuple(_cells(row, page) for row in shown))
    yield BLANK


def _cells(row: Row, page: Page) -> tuple[str, ...]:
    counts = row.counts
    number, of = counts[Verdict.NOT_MET], counts.judged
    others = counts[Verdict.CANNOT_TELL] + counts[Verdict.NEEDS_JUDGEMENT]
    told = [_told(number, page), _told(of, page), _percent(number, of, page)]
    told += [_range(number, of, page)] if page.sample_of else []
    return row.name, *map(_short, (*told, _told(counts[Verdict.NOT_RECORDED], page), _told(others, page)))


def _short(number: str) -> str:
    """A number as it stands in a table: `<5`, `17%`, `7-34%`."""
    return number.replace("under ", "<").replace(" to ", "-").replace(" %", "%")


def _least_recorded(rows: tuple[Row, ...], page: Page) -> Iterator[Line | Table]:
    if not rows:
        return
    yield Line(Role.HEADING, "Most often not recorded")
    cells = []
    for row in _ranked(rows, Verdict.NOT_RECORDED, page)[:_FEW]:
        number, of = row.counts[Verdict.NOT_RECORDED], row.counts.due
        told = (_told(number, page), _told(of, page), _percent(number, of, page))
        cells.append((row.name, *map(_short, told)))
    yield Table(("rule", "not recorded", "of due", "share"), tuple(cells))
    yield BLANK
    yield from _more(len(rows) - _FEW, page)


def _ranked(rows: Sequence[Row], verdict: Verdict, page: Page) -> Sequence[Row]:
    """The rows as they stand, or by what may be told of them, so that no order tells what is hidden."""
    if not _is_shared(page):
        return rows
    return sorted(rows, key=lambda row: (-(shareable(row.counts[verdict], page.min_count) or 0), row.name))


def _more(number: int, page: Page) -> Iterator[Line]:
    if number > 0:
        told = "more rules" if _is_shared(page) else f"{number} more {'rule' if number == 1 else 'rules'}"
        yield Line(Role.MUTED, f"... and {told}")
        yield BLANK


# What stands beside the findings.


def _aside(run: Run, page: Page) -> Iterator[Line]:
    if _is_shared(page):
        yield from _counted_aside(run, page)
        return
    yield from _named("Problems with what was asked for", run.problems)
    yield from _problems(run, page)
    yield from _named("Waivers and baseline", run.notices)
    if run.gone:
        yield Line(Role.HEADING, "Gone since the baseline")
        for one in run.gone[:_MANY]:
            yield Line(Role.TEXT, f"{one.case}: {one.rule}, {one.subject} (was {one.was})", "- ")
        if len(run.gone) > _MANY:
            yield Line(Role.MUTED, f"... and {len(run.gone) - _MANY} more; --format json has all")
        yield BLANK
    if run.skipped:
        yield Line(Role.HEADING, "Passed over")
        for why, number in Counter(one.why for one in run.skipped).most_common(_MANY):
            paths = [one.path for one in run.skipped if one.why == why]
            told = f": {', '.join(paths)}" if number <= _NAMED else ""
            yield Line(Role.TEXT, f"{number} {'path' if number == 1 else 'paths'}, {why}{told}", "- ")
        yield BLANK


def _counted_aside(run: Run, page: Page) -> Iterator[Line]:
    """How much stands beside the findings, where nothing may be named."""
    counted = (
        (len(run.problems), "problems with what was asked for"),
        (run.summary.with_problems, "files with problems"),
        (run.summary.unreviewed, "files that were not reviewed"),
        (len(run.notices), "notices on waivers and the baseline"),
        (len(run.skipped), "paths passed over"),
    )
    told = [f"{_told(number, page)} {what}" for number, what in counted if number]
    if told:
        yield Line(Role.HEADING, "Beside the findings")
        yield from (Line(Role.TEXT, one, "- ") for one in told)
        yield BLANK


def _problems(run: Run, page: Page) -> Iterator[Line]:
    summary = run.summary
    if not summary.with_problems or not page.summary:
        return
    yield Line(Role.HEADING, "Problems with files")
    files = "1 file has problems" if summary.with_problems == 1 else f"{summary.with_problems} files have problems"
    unsaid = f"; {summary.unreviewed} could not be reviewed: nothing is said of them" if summary.unreviewed else ""
    yield Line(Role.TEXT, f"{files}{unsaid}. Nobody's practice is at fault for them.")
    for problem in summary.problems[:_MANY]:
        yield problem_line(problem, f"{problem.file}:{problem.line}:{problem.column}  ")
    more = len(summary.problems[_MANY:]) + summary.more_problems
    if more:
        yield Line(Role.MUTED, f"... and {more} more; --detail shows them")
    yield BLANK


def _named(heading: str, problems: Iterable[Problem]) -> Iterator[Line]:
    lines = [Line(Role.TEXT, str(problem), "- ") for problem in problems]
    if lines:
        yield Line(Role.HEADING, heading)
        yield from lines
        yield BLANK


def _totals(run: Run, page: Page) -> Iterator[Line]:
    counts = run.summary.counts
    parts = [
        f"{_told(counts[verdict], page)} {agreeing(verdict, counts[verdict])}" for verdict in Verdict if counts[verdict]
    ]
    yield Line(Role.HEADING, "Totals")
    yield Line(Role.TEXT, f"{_told(counts.total, page)} findings = {' + '.join(parts) or 'none'}")
    if not page.detail and run.files and not _is_shared(page):
        yield Line(Role.MUTED, "--detail adds the report on each case")


# Numbers, as they may be told.


def _is_shared(page: Page) -> bool:
    """Whether no case may be named, and no small number told."""
    return page.min_count > 1


def _told(number: int, page: Page) -> str:
    kept = shareable(number, page.min_count)
    return f"under {page.min_count}" if kept is None else f"{kept:,}"


def _of(number: int, of: int, page: Page) -> str:
    kept, whole = shareable(number, page.min_count), shareable(of, page.min_count)
    if kept is not None and whole is not None and number < of and kept >= whole:  # or it would seem to be all of them
        return f"most of {whole:,}"
    return f"{_told(number, page)} of {_told(of, page)}"


def _share(number: int, of: int, page: Page) -> str:
    """`3 of 12 (25 %)`, with its range where the cases stand for more."""
    if not of:
        return "0 of 0"
    ranged = f", {_range(number, of, page)}" if page.sample_of else ""
    return f"{_of(number, of, page)} ({_percent(number, of, page)}{ranged})"


def _percent(number: int, of: int, page: Page) -> str:
    kept, whole = shareable(number, page.min_count), shareable(of, page.min_count)
    if kept is None or not whole or (kept >= whole and number < of):
        return _HIDES
    return f"{100 * min(kept, whole) / whole:.0f} %"


def _range(number: int, of: int, page: Page) -> str:
    kept, whole = shareable(number, page.min_count), shareable(of, page.min_count)
    if kept is None or not whole or (kept >= whole and number < of):
        return _HIDES
    low, high = wilson(min(kept, whole), whole)
    return f"{100 * low:.0f} to {100 * high:.0f} %"
