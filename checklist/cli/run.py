"""One run over all case files: reviews in, reports out, and the exit code."""

import gc
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from checklist import __version__, baseline, folders, waivers
from checklist.baseline import Baseline
from checklist.cli.inputs import case_files
from checklist.cli.output import Output, Target, WholeFile, check_target, finish
from checklist.cli.progress import Progress
from checklist.cli.terminal import (
    CANNOT_WRITE,
    CLUSTER_LOST,
    Stopped,
    refuse,
    remark,
    say_fault,
    say_problems,
    write_or_end,
)
from checklist.findings import Brief, Review
from checklist.folders import CaseFile, Found, Skipped
from checklist.later import dataclass
from checklist.reporters import APART, PRINTED, Drawing, Page
from checklist.rules import Checklist
from checklist.runner import (
    Away,
    Drawn,
    LostError,
    Options,
    Reviewed,
    exit_code,
    processes,
    review_files,
    worst_code,
)
from checklist.source import Problem
from checklist.summary import Refs, Run, Tally
from checklist.waivers import Waivers

if TYPE_CHECKING:
    from checklist.cache import Cache

CACHE = folders.CACHE
"""In the working directory, as other tools have theirs."""
_MOST_FAULTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is to do."""

    checklist: Checklist
    options: Options
    page: Page
    targets: tuple[Target, ...]
    accepted: Waivers = field(default_factory=Waivers)
    earlier: Baseline | None = None
    fail_on: str = ""
    jobs: int = 1
    cluster: str = ""
    """Where the scheduler is of those who review instead of this machine."""
    detail: bool = False
    """Whether each of many cases is drawn; one alone always is."""
    quiet: bool = False
    """Whether no progress is shown."""
    cache: bool = False
    """Whether reviews are kept for the next run; one case by itself is as soon reviewed as found."""
    whole: Checklist | None = None
    """The rulebook before rules were chosen and settings applied, to be kept with the reviews."""
    summary: Path | None = None
    """Where a summary in Markdown is added, for GitHub to show."""


class Files:
    """Parts what was found: case files go on, what was skipped and what is wrong is kept for the end."""

    def __init__(self, found: Iterable[Found], targets: Iterable[Path] = ()) -> None:
        """What was found, and the files that reports are to be written to.

        Args:
            found: case files, what was skipped, what is wrong.
            targets: where reports go; a case file among them is a problem, and no report takes its place.
        """
        self._found = iter(found)
        self._kept_from = frozenset(filter(None, map(_identity, targets)))
        self._first: list[CaseFile] = []
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []
        self.clashes = False
        """Whether a report was to take the place of a case file."""
        self.given = 0
        """How many case files went on."""

    def peek(self, number: int) -> int:
        """How many case files there are, as far as a number."""
        while len(self._first) < number and (file := self._next()) is not None:
            self._first.append(file)
        return len(self._first)

    def __iter__(self) -> Iterator[CaseFile]:
        """The case files."""
        for file in chain(self._first, iter(self._next, None)):
            self.given += 1
            yield file

    def _next(self) -> CaseFile | None:
        for one in self._found:
            if isinstance(one, CaseFile):
                if self._kept_from and one.path and _identity(Path(one.path)) in self._kept_from:
                    self.clashes = True
                    what = "a report was to take the place of this case file"
                    self.problems.append(Problem(one.name, 1, 1, what, "give the report another name"))
                return one
            if isinstance(one, Skipped):
                self.skipped.append(one)
            else:
                self.problems.append(one)
        return None


def _identity(path: Path) -> tuple[int, int] | None:
    """What a file is, by whatever name; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


class Followed:
    """Reviews as they pass: marked with who accepted what, held beside the baseline, counted."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.tally = Tally()
        self.taken = 0
        """How many reviews have passed."""
        self.codes: set[int] = set()
        self.faults: list[tuple[str, ...]] = []
        self._waivers = waivers.Watch(plan.accepted, frozenset(rule.id for rule in plan.checklist.rules))
        self._baseline = baseline.Watch(plan.earlier, plan.checklist) if plan.earlier is not None else None
        self._refs = Refs()

    def take(self, one: Reviewed) -> Reviewed:
        """The review as it is reported; one that is not as it was drawn is whole."""
        self.taken += 1
        bare = one.brief if isinstance(one, Drawn) else one
        marked = _with_own_name(bare, self._refs)
        if isinstance(one, Drawn) and marked is not bare:
            marked = _with_own_name(one.whole(), self._refs)
        if isinstance(marked, Review):
            marked = self._marked(marked)
        if self.plan.quiet:
            say_problems(marked.problems)
        if marked.fault and len(self.faults) < _MOST_FAULTS:
            self.faults.append(marked.fault)
        self.tally.add(marked)
        self.codes.add(exit_code([marked], fail_on=self.plan.fail_on))
        return one if isinstance(one, Drawn) and marked is bare else marked

    def _marked(self, review: Review) -> Review:
        marked = waivers.apply(review, self.plan.accepted)
        self._waivers.see(marked)
        if self.plan.earlier is not None and self._baseline is not None:
            marked = baseline.compare(marked, self.plan.earlier)
            self._baseline.see(marked)
        return marked

    def run(self, files: Files, *, complete: bool) -> Run:
        """What all came to.

        Raises:
            RuntimeError: where there are not as many reviews as case files, though all are done.
        """
        if complete and self.taken != files.given:
            what = "there are more or fewer reviews than case files"
            raise RuntimeError(what)
        watched = self._baseline
        return Run(
            summary=self.tally.summary(),
            problems=tuple(files.problems),
            skipped=tuple(files.skipped),
            notices=(*self._waivers.notices(), *(watched.notices() if watched is not None else ())),
            gone=watched.gone() if watched is not None else (),
            complete=complete,
        )


def _with_own_name(review: Review | Brief, refs: Refs) -> Review | Brief:
    """The review, with a problem where another file gives its case the same reference: a waiver or a baseline would fit both."""
    if not review.case:
        return review
    first = refs.first(review.case, f"{review.file}:{review.line}")
    if first == f"{review.file}:{review.line}":
        return review
    what = f"its case has the same reference as that of {first}"
    problem = Problem(review.file, review.line, 1, what, "give each case a reference of its own")
    return replace(review, problems=tuple(sorted((*review.problems, problem))))


def conduct(found: Iterable[Found], plan: Plan, *, total: Callable[[], int | None]) -> int:
    """Reviews every case file that was found, writes every report, and gives the exit code.

    Args:
        found: case files, and what was skipped or is wrong, in their order.
        plan: what the run is to do.
        total: counts the case files, where it can be told cheaply; asked only if progress is shown.
    """
    files = Files(found, [target.path for target in plan.targets if target.path is not None])
    number = files.peek(2)
    if number > 1 and not gc.isenabled():
        gc.freeze()  # a process of its own: its rules stay to its end, and need not be looked through
        gc.enable()
    shared = plan.page.min_count > 1
    page = replace(plan.page, detail=plan.detail or (number == 1 and not shared), summary=number != 1 or shared)
    outputs: list[Output] = []
    followed = Followed(plan)
    plan = replace(plan, options=replace(plan.options, in_brief=_is_in_brief(plan, page)))
    cache: Cache | None = None
    try:
        wanted = [one for one in plan.targets if number or one.path or one.format not in PRINTED]
        outputs.extend(Output(target, page) for target in wanted)
        drawing = _drawing(plan, outputs) if number > 1 else None
        cache = _cache(plan, drawing) if number > 1 else None
        with _away(plan) as away:
            reviews = review_files(
                files, plan.checklist, plan.options, jobs=plan.jobs, kept=cache, away=away, drawing=drawing
            )
            stopped = _reviewed(reviews, plan, outputs, followed, total)
        run = followed.run(files, complete=not stopped)
        if shared and run.problems:
            remark("there are problems with what was asked for; without --min-count they are named")
        else:
            say_problems(run.problems)
        for fault in followed.faults:
            say_fault(fault)
        for output in outputs:
            output.end(run)
        added = _add_summary(plan, run, page)
        code = _ended(run, outputs, followed, stopped=stopped, clashes=files.clashes)
        if cache is not None and not cache.trouble and plan.whole is not None:
            _keep_rulebook(plan.whole)
        return code if added or code > CANNOT_WRITE else CANNOT_WRITE
    finally:
        if cache is not None:
            cache.close()
            if cache.trouble and not plan.quiet:
                remark(f"{CACHE} was not used, or not to the end: {cache.trouble}; --clear-cache deletes it")
        for output in outputs:
            if output.file is not None:
                output.file.abandon()


def _is_in_brief(plan: Plan, page: Page) -> bool:
    """Whether nobody will see more of a case than what all come to: then no evidence is gathered, and no sentence made."""
    if page.detail or plan.accepted.entries or plan.earlier is not None:
        return False
    return all(target.format in PRINTED for target in plan.targets)


@contextmanager
def _away(plan: Plan) -> Iterator[Away | None]:
    """Those who review instead of this machine, if there are to be any; or the end of the command."""
    if not plan.cluster:
        yield None
        return
    from checklist.cluster import ClusterError, workers

    try:
        with workers(plan.cluster) as away:
            yield away
            if away.sends_content:
                remark(
                    "--cluster: a worker did not see the files, so they were sent to it; let their folder stand under the same path on each"
                )
    except ClusterError as error:
        refuse(f"--cluster: {error}")


def _cache(plan: Plan, drawing: Drawing | None) -> "Cache | None":
    if not plan.cache:
        return None
    from checklist.cache import Cache

    return Cache(Path(CACHE), plan.checklist, plan.options, settings=plan.page.settings, drawing=drawing)


def _keep_rulebook(whole: Checklist) -> None:
    from checklist.cache import keep_rulebook

    keep_rulebook(Path(CACHE), whole)


def clear_cache() -> None:
    """Deletes the reviews that earlier runs kept here, or ends the command."""
    from checklist.cache import clear

    try:
        clear(Path(CACHE))
    except OSError as error:
        refuse(f"--clear-cache: {CACHE} cannot be deleted: {error.strerror}")


def _reviewed(
    reviews: Iterable[Reviewed],
    plan: Plan,
    outputs: Sequence[Output],
    followed: Followed,
    total: Callable[[], int | None],
) -> int:
    """0 where all files were reviewed, else the code of what stopped it."""
    for output in outputs:
        output.begin()
    with Progress(total, shown=not plan.quiet and not _draws_as_it_goes(plan, outputs)) as progress:
        try:
            for review in reviews:
                with _unstopped():
                    _write(followed.take(review), outputs)
                if outputs and all(output.lost for output in outputs):
                    raise SystemExit(outputs[0].lost)
                progress.step(followed.tally)
        except Stopped as stopped:
            if stopped.code != 128 + signal.SIGINT:
                raise
            return 128 + signal.SIGINT
        except LostError as lost:
            remark(f"the cluster is lost: {lost}; what was reviewed before is told, and another run reviews the rest")
            return CLUSTER_LOST
    return 0


def _drawing(plan: Plan, outputs: Sequence[Output]) -> Drawing | None:
    """Draws reviews where they are made, if that is all there is to do with each: this process would else keep the others waiting."""
    if plan.options.in_brief or plan.accepted.entries or plan.earlier is not None:
        return None
    if not all(output.format in APART or (output.format in PRINTED and not output.page.detail) for output in outputs):
        return None
    return Drawing(tuple((output.format, output.page) for output in outputs if output.format in APART))


def _write(review: Reviewed, outputs: Sequence[Output]) -> None:
    """A review in every report."""
    if isinstance(review, Review):
        for output in outputs:
            output.review(review)
    elif isinstance(review, Drawn):
        apart = [output for output in outputs if output.format in APART]
        for output, piece in zip(apart, review.pieces, strict=True):
            output.put(piece)


def _draws_as_it_goes(plan: Plan, outputs: Sequence[Output]) -> bool:
    """Whether reports and progress would be drawn over each other on one terminal."""
    loose = any(output.file is None for output in outputs)
    return (
        loose
        and sys.stdout is not None
        and sys.stdout.isatty()
        and (plan.detail or any(one.format not in PRINTED for one in plan.targets))
    )


@contextmanager
def _unstopped() -> Iterator[None]:
    """A review is counted and written whole, or not at all: Ctrl-C waits so long."""
    block = getattr(signal, "pthread_sigmask", None)
    if block is not None:
        block(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if block is not None:
            block(signal.SIG_UNBLOCK, {signal.SIGINT})


def _ended(run: Run, outputs: Sequence[Output], followed: Followed, *, stopped: int, clashes: bool) -> int:
    """Puts reports in their places, and gives the exit code."""
    written = [output.file for output in outputs if output.file is not None]
    if stopped:
        for file in written:
            remark(f"{file.path.as_posix()} was not written: the run was stopped before its end")
        return stopped
    if clashes:
        remark("no report was written")
        return 2
    cannot_write = finish(written) or max((output.lost for output in outputs), default=0)
    if cannot_write:
        return cannot_write
    nothing = not run.files
    return worst_code({*followed.codes, 2 if run.problems or nothing else 0})


def _add_summary(plan: Plan, run: Run, page: Page) -> bool:
    """Whether the summary that GitHub shows was added, if there is to be one."""
    if plan.summary is None:
        return True
    from checklist.reporters.github import job_summary

    try:
        with plan.summary.open("a", encoding="utf-8") as file:
            file.write(job_summary(run, page))
    except OSError as error:
        remark(f"the summary of the job could not be written: {error.strerror or 'it cannot be written'}")
        return False
    return True


def write_baseline(paths: Sequence[str], checklist: Checklist, options: Options, target: Path | None) -> int:
    """Writes the findings to act on of every case; gives 0, or 2 where a case could not be reviewed and so no baseline can be."""
    files = Files(case_files(paths))
    codes: set[int] = set()
    if target is not None:
        check_target(target, [Path(path) for path in paths])
    file = WholeFile(target) if target is not None else None
    try:
        reviews = _noted(review_files(files, checklist, options, jobs=processes()), codes)
        for line in baseline.lines_of(reviews, checklist, version=__version__):
            if file is None:
                write_or_end([line])
            else:
                file.write(line.encode())
        say_problems(tuple(files.problems))
        bad = worst_code({*codes, 2 if files.problems or not codes else 0})
        return bad or (finish([file]) if file is not None else 0)
    finally:
        if file is not None:
            file.abandon()


def _noted(reviews: Iterable[Reviewed], codes: set[int]) -> Iterator[Review]:
    for review in reviews:
        if not isinstance(review, Review):
            what = "a review came in brief, and was asked for whole"
            raise TypeError(what)
        say_problems(review.problems)
        codes.add(exit_code([review], fail_on="never"))
        yield review
