"""What there is to act on, as annotations beside the lines of a pull request, and a summary of the job, on GitHub Actions."""

import re
from bisect import insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import field, replace

from checklist.findings import TO_ACT_ON, WORST_FIRST, Finding, Review, Severity, Verdict
from checklist.later import dataclass
from checklist.reporters import Page
from checklist.reporters.markdown import drawn
from checklist.reporters.overview import overview
from checklist.reporters.report import judged_by, sentence, visible
from checklist.source import Problem
from checklist.summary import Run

MOST_OF_A_KIND = 10
"""GitHub drops the eleventh annotation of a kind in a step, and says nothing."""
MOST_BYTES = 1024 * 1024
"""GitHub drops a job summary that is larger, whole."""
_LONGEST_TITLE, _LONGEST_TEXT = 255, 4_000
_SEVERITIES = tuple(Severity)
_GRAVE = (Severity.CRITICAL, Severity.SERIOUS)

# An error is what breaks a build: not met and grave, or a file of which something is not known. What is open is a warning, as
# is what is not met and lesser, which comes first. A notice is what breaks nothing: it was accepted, or known before.
_STOPPED, _RUN, _FILE, _CRITICAL, _LESS, _PASSED_OVER, _REMARK = range(7)
"""Which come first: what is wrong with all, a child at risk, what is wrong with one file, other findings, and then all else."""


class Report:
    """The ten worst of each kind, held back until all are known, and how many more there are."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.kinds = {kind: _Kind(kind) for kind in ("error", "warning", "notice")}
        self.reviewed = 0
        self.counts = Counter[Verdict]()

    def begin(self) -> str:
        """Nothing."""
        return ""

    def review(self, review: Review) -> str:
        """Nothing yet: a later case may hold worse."""
        self.reviewed += review.was_reviewed
        title = "A problem with a file" if review.was_reviewed else "NOT REVIEWED: a problem with a file"
        for problem in review.problems or _silence(review):
            self._add_problem("error", _FILE, problem, "problems with files", title)
        for notice in self.page.of_case(review):
            told = Problem(review.file, 1, 1, notice)
            self._add_problem("notice", _REMARK, told, "remarks on how a case was reviewed", "How it was reviewed")
        for finding in review.findings:
            self.counts[finding.verdict] += 1
            if finding.verdict in TO_ACT_ON:
                self._add(finding, review)
        return ""

    def end(self, run: Run) -> str:
        """The annotations, and a last line that is none."""
        if not run.complete:
            told = Problem("", 1, 1, "nothing is said of the cases that were not reviewed")
            self._add_problem("error", _STOPPED, told, "runs stopped", "STOPPED BEFORE THE END")
        if not self.reviewed:
            told = Problem("", 1, 1, "no case was reviewed")
            self._add_problem("error", _STOPPED, told, "runs without a case", "NOTHING WAS REVIEWED")
        for problem in run.problems:
            self._add_problem("error", _RUN, problem, "problems with what was asked for", "A problem")
        for note in self.page.notes:
            self._add_problem("notice", _REMARK, Problem("", 1, 1, note), "remarks on the rules", "How it was reviewed")
        for notice in run.notices:
            self._add_problem(
                "warning", _PASSED_OVER, notice, "remarks on waivers and the baseline", "Waivers and baseline"
            )
        for skipped in run.skipped:
            told = Problem(skipped.path, 1, 1, skipped.why)
            self._add_problem("notice", _PASSED_OVER, told, "paths passed over", "Passed over")
        if run.gone:
            told = Problem("", 1, 1, f"{len(run.gone)} of the baseline's findings are gone")
            self._add_problem("notice", _PASSED_OVER, told, "remarks on the baseline", "Waivers and baseline")
        commands = "".join(command for kind in self.kinds.values() for command in kind.commands())
        return commands + self._last_line()

    def _last_line(self) -> str:
        cases = "1 case" if self.reviewed == 1 else f"{self.reviewed} cases"
        parts = [f"{self.counts[verdict]} {verdict}" for verdict in WORST_FIRST if self.counts[verdict]]
        findings = "1 finding" if self.counts.total() == 1 else f"{self.counts.total()} findings"
        return f"{cases} reviewed: {findings} = {' + '.join(parts) or 'none'}\n"

    def _add(self, finding: Finding, review: Review) -> None:
        kind, rank = _weight(finding)
        what = _counted_as(finding)
        if self.kinds[kind].takes(rank, what):
            self.kinds[kind].keep(rank, what, _annotation(kind, finding, review))

    def _add_problem(self, kind: str, order: int, problem: Problem, counted_as: str, title: str) -> None:
        if self.kinds[kind].takes((order, 0, 0), counted_as):
            words = f"{problem.what}; {problem.hint}" if problem.hint else problem.what
            place = (problem.file, problem.line, problem.column)
            self.kinds[kind].keep((order, 0, 0), counted_as, _command(kind, title, (sentence(words),), place))


def _silence(review: Review) -> tuple[Problem, ...]:
    """What is wrong with a file of which there is neither a finding nor a problem."""
    told = Problem(review.file, 1, 1, "the file could not be read in full; nothing is said of the case")
    return () if review.was_reviewed else (told,)


@dataclass(slots=True)
class _Kind:
    """The annotations of one kind: the worst ten, and how many there are of what."""

    name: str
    held: list[tuple[tuple[int, int, int], int, str, str]] = field(default_factory=list)
    """How bad, the how many-th, what it is counted as, and the command."""
    counted: Counter[str] = field(default_factory=Counter)

    def takes(self, rank: tuple[int, int, int], counted_as: str) -> bool:
        """Counts one, and says whether it is among the worst so far."""
        self.counted[counted_as] += 1
        return len(self.held) < MOST_OF_A_KIND or rank < self.held[-1][0]

    def keep(self, rank: tuple[int, int, int], counted_as: str, command: str) -> None:
        """Keeps the one that was counted last, in the place of the least if there are too many."""
        insort(self.held, (rank, self.counted.total(), counted_as, command))
        del self.held[MOST_OF_A_KIND:]

    def commands(self) -> Iterator[str]:
        """Those that GitHub will show; where there are more, the tenth says of what."""
        if self.counted.total() <= MOST_OF_A_KIND:
            yield from (command for *_, command in self.held)
            return
        shown = self.held[: MOST_OF_A_KIND - 1]
        yield from (command for *_, command in shown)
        left = self.counted - Counter(counted_as for _, _, counted_as, _ in shown)
        parts = "; ".join(f"{number} {what}" for what, number in left.most_common())
        told = f"{parts}. GitHub shows {MOST_OF_A_KIND} of a kind; --format json has all."
        yield _command(self.name, f"and {left.total()} more", (told,), ("", 1, 1))


def _weight(finding: Finding) -> tuple[str, tuple[int, int, int]]:
    """The kind of annotation that a finding is, and its place in it."""
    rank = (_LESS, WORST_FIRST.index(finding.verdict), _SEVERITIES.index(finding.severity))
    if finding.is_settled:
        return "notice", rank
    if finding.verdict is not Verdict.NOT_MET or finding.severity not in _GRAVE:
        return "warning", rank
    return "error", (_CRITICAL, 0, 0) if finding.severity is Severity.CRITICAL else rank


def _counted_as(finding: Finding) -> str:
    settled = "" if not finding.is_settled else ", accepted" if finding.waiver is not None else ", known before"
    return f"{finding.verdict} ({finding.severity}{settled})"


def _annotation(kind: str, finding: Finding, review: Review) -> str:
    subject = "the whole case" if finding.subject == "case" else finding.subject
    would_be = f" (would be {finding.would_be})" if finding.would_be not in (None, finding.verdict) else ""
    title = f"{str(finding.verdict).upper()}{would_be}, {finding.severity}: {finding.title}"
    says = f"{review.case}, {subject}: {sentence(finding.says)} ({finding.rule})"
    action = (f"If not done: {finding.action}",) if finding.action else ()
    quote = review.quotes.get(_line(finding)) if review.quotes is not None else None
    quoted = (f"Line {_line(finding)}: {quote}",) if quote is not None else ()
    told = (says, *map(sentence, judged_by(finding)), *quoted, *action)
    column = finding.evidence[0].column if finding.evidence else 1
    return _command(kind, title, told, (review.file, _line(finding), column))


def _line(finding: Finding) -> int:
    return finding.evidence[0].line if finding.evidence else 1


# Commands, and nothing else that looks like one.


def _command(kind: str, title: str, texts: tuple[str, ...], place: tuple[str, int, int]) -> str:
    """One workflow command on one line."""
    file, line, column = place
    at = f"file={_property(_harmless(file))},line={max(1, line)},col={max(1, column)}," if file else ""
    called = _property(_cut(_harmless(title), _LONGEST_TITLE))
    data = _escaped(_cut("\n".join(_harmless(text) for text in texts), _LONGEST_TEXT))
    return f"::{kind} {at}title={called}::{data}\n"


def _harmless(text: str) -> str:
    """Text that is seen as it is, and without the marks by which GitHub and Azure know a command inside a line."""
    return re.sub(r"##(?=\w*\[)", "# #", visible(text))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _escaped(text: str) -> str:
    """Text as the data of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as a property of a command."""
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


# The summary of the job.


def job_summary(run: Run, page: Page) -> str:
    """The overview of all cases as Markdown, for the file that `GITHUB_STEP_SUMMARY` names; never more than GitHub takes."""
    whole = drawn(overview(run, replace(page, summary=True, detail=True)))
    if len(whole.encode()) <= MOST_BYTES:
        return whole
    lines = whole.splitlines(keepends=True)
    room = MOST_BYTES - len(_left_out(len(lines)).encode())
    kept = 0
    for line in lines:
        room -= len(line.encode())
        if room < 0:
            break
        kept += 1
    return "".join(lines[:kept]) + _left_out(len(lines) - kept)


def _left_out(lines: int) -> str:
    told = "1 more line is" if lines == 1 else f"{lines} more lines are"
    return f"\n\n{told} left out: GitHub takes no summary above 1 MiB. The Markdown report has all.\n"
