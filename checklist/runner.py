"""From case files to reviews, in one process or several: one path for one file and for a hundred thousand."""

import gc
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import field, replace
from datetime import date
from functools import cache, lru_cache, partial
from itertools import chain, islice, repeat
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, Protocol, TypeVar

from checklist.case import Case, load_case
from checklist.clocks import Moment
from checklist.engine import review
from checklist.findings import Brief, Review, Verdict
from checklist.folders import CaseFile, read, with_content
from checklist.later import dataclass
from checklist.packing import pack, pack_brief, pack_drawn, unpack, unpack_brief, unpacked
from checklist.readings import Readings
from checklist.recall import Recall
from checklist.rules import Checklist
from checklist.source import Document, Limits, Problem, parse_document
from checklist.stores import is_url

if TYPE_CHECKING:  # what takes long to load, and one file by itself does not want
    from concurrent.futures import Executor, Future

    from checklist.brief import Briefs
    from checklist.privacy import Guard
    from checklist.reporters import Drawing

_P = ParamSpec("_P")
_T = TypeVar("_T")

_CHUNK = 8
"""Cases that a process takes at once in the beginning, so that few are shared out evenly."""
_LARGER_CHUNK, _LARGEST_CHUNK = 16, 64
"""And later, whole (not where they are drawn as well: that may be half a megabyte each) and in brief: enough to be worth the trip, few enough to show progress."""
_AHEAD = 4
"""Chunks a process that are under way at once, so that finished reviews never pile up."""
_MOST_HELD = 512
"""Reviews of earlier runs that wait for their turn: each takes some 300 KB."""
_MOST_DRAWN = 384 << 10
"""Characters that are kept as they were drawn: more, such as JSON mostly is, takes ten times the room of the review itself, and is drawn again."""
_SECONDS = 0.05
_RANK = (0, 3, 1, 2, 70)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How cases are to be reviewed."""

    as_of: Moment | None = None
    """The day to stand on, instead of each file's own."""
    standard_on: date | None = None
    limits: Limits = field(default_factory=Limits)
    quote: bool = False
    """Whether a review keeps the raw lines of its file."""
    guard: "Guard | None" = None
    """Looks through each file before it is reviewed; None where nothing is guarded."""
    allow_identifying: bool = False
    """Whether a file is reviewed although the guard refused it."""
    recall: Recall = field(default_factory=Recall, compare=False)
    """What earlier cases came to: the next are quicker, and no other."""
    in_brief: bool = False
    """Whether of each review only what a summary counts is wanted."""


def review_text(data: bytes, checklist: Checklist, options: Options, *, name: str = "standard input") -> Review:
    """The review of one case file that is not on disk."""
    return review_document(parse_document(data, name=name, limits=options.limits), checklist, options)


def review_document(
    document: Document, checklist: Checklist, options: Options, briefs: "Callable[[], Briefs] | None" = None
) -> Review:
    """The review of one case file as it was read; one that cannot be parsed, or names no day to stand on, is not reviewed.

    Args:
        document: the file.
        checklist: the rules that are asked.
        options: how it is to be reviewed.
        briefs: gives what earlier cases came to in brief: a case that may lie on several days is reviewed sooner, and not otherwise.
    """
    document, case, readings = _loaded(document, checklist, options)
    quotes = (
        dict(enumerate(document.lines, start=document.first_line))
        if options.quote and document.root is not None
        else None
    )
    if readings is None:
        return replace(_unreviewed(document, case), quotes=quotes)
    settled = briefs().settled(case, readings) if briefs is not None and readings else None
    found = review(
        case,
        checklist,
        readings=readings,
        standard_on=options.standard_on,
        recall=options.recall,
        settled=settled,
    )
    notices = (*found.notices, *(f"line {notice.line}: {notice.what}" for notice in document.notices))
    return replace(found, notices=notices, quotes=quotes, line=document.first_line)


def brief_document(document: Document, checklist: Checklist, options: Options, briefs: "Briefs") -> Brief:
    """The same in brief."""
    document, case, readings = _loaded(document, checklist, options)
    if readings is None:
        return briefs.of_review(_unreviewed(document, case))
    found = briefs.of(case, readings)
    return found if document.first_line == 1 else replace(found, line=document.first_line)


def _unreviewed(document: Document, case: Case) -> Review:
    """What is said of a file that could not be held against the checklist."""
    return Review(
        file=document.file,
        case=case.name,
        as_of="",
        findings=(),
        problems=case.problems,
        line=document.first_line,
    )


def _loaded(document: Document, checklist: Checklist, options: Options) -> tuple[Document, Case, Readings | None]:
    """The document as the guard lets it in, its case, and the case for each day that day 0 may have been; None where it cannot be reviewed."""
    document = guarded(document, options)
    case = load_case(document, checklist.vocabulary, as_of=options.as_of)
    if document.root is None or document.problems or not case.has_clock:
        return document, case, None
    return document, case, Readings(document, checklist.vocabulary, case, options.as_of)


def guarded(document: Document, options: Options) -> Document:
    """The document as the guard lets it in: refused with a problem for each place, or with what it noticed."""
    if options.guard is None or document.root is None or document.problems:  # what cannot be read is refused already
        return document
    said = options.guard.check(document)
    notices = [*document.notices, *said.warnings]
    if said.excused:
        number = len(said.excused)
        told = "1 place is" if number == 1 else f"{number} places are"
        notices.append(Problem(document.file, document.first_line, 1, f"{told} excused from the guard by the settings"))
    if not said.errors or options.allow_identifying:
        return replace(document, notices=tuple(sorted(notices)))
    return replace(document, root=None, problems=tuple(sorted(said.errors)))


def review_file(
    file: CaseFile, checklist: Checklist, options: Options, briefs: "Callable[[], Briefs] | None" = None
) -> Review:
    """The review of one case file; a fault of ours on one file is told, and stops no other."""
    try:
        return review_document(read(file, options.limits), checklist, options, briefs)
    except Exception as error:  # noqa: BLE001 - one file must never stop a run, and the shell ends with 70
        return _failed(file, (type(error).__name__, *places(error)))


def brief_file(file: CaseFile, checklist: Checklist, options: Options, briefs: "Briefs") -> Brief:
    """The same in brief."""
    try:
        return brief_document(read(file, options.limits), checklist, options, briefs)
    except Exception as error:  # noqa: BLE001 - as above
        return briefs.of_review(_failed(file, (type(error).__name__, *places(error))))


_FAILED = (
    "the program failed on this file; nothing is said of the case",
    "report the fault; the other files were reviewed",
)


def _failed(file: CaseFile, fault: tuple[str, ...], said: tuple[str, str] = _FAILED) -> Review:
    problem = Problem(file.name, 1, 1, *said)
    return Review(file=file.name, case="", as_of="", findings=(), problems=(problem,), fault=fault)


def places(error: BaseException) -> tuple[str, ...]:
    """The places in the code where an exception was raised: no message, no values, no lines of a case."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return tuple(found)


# Many files.


@dataclass(frozen=True, slots=True)
class Drawn:
    """A review as it was drawn where it was made, or in an earlier run; here it is only counted."""

    brief: Brief
    pieces: tuple[str, ...]
    """The review as it stands in each report."""
    whole: Callable[[], Review]
    """Gives all of it."""


Reviewed = Review | Brief | Drawn
"""The review of a case, or as much of it as is wanted."""


class _Parcel(NamedTuple):
    """A review that was drawn, on its way from another process."""

    in_brief: bytes
    pieces: tuple[str, ...]
    packed: bytes
    drawn: bytes
    """As it is to be kept, like the one before; empty where nothing is kept."""


Kept = Review | Brief | tuple[Brief, tuple[str, ...]] | bytes | None
"""The review of an earlier run, if there is one: as it is wanted, as it was drawn, or packed, where it is still to be drawn."""


class Keeper(Protocol):
    """Keeps reviews from one run to the next."""

    def find(self, file: CaseFile) -> tuple[CaseFile, bytes, Kept]:
        """The file with its content, the key of its review, and the review if it was kept."""

    def keep(self, key: bytes, packed: bytes, drawn: bytes = b"") -> None:
        """Keeps a packed review under its key, and as it was drawn."""


class LostError(Exception):
    """Those who reviewed are gone, and so is what they had under way; what was finished before is whole."""


class Away(Protocol):
    """An Executor whose processes are not this one's children: what its workers held is done by others of them."""

    chunk: int
    """How many cases are sent together."""

    @property
    def ahead(self) -> int:
        """How many chunks may be under way at once."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> "Future[_T]":
        """Sends a call; the result raises LostError where nobody is left to do it."""


_Order = tuple[CaseFile, bytes]
"""A case file, and its review, packed, if it was kept and is only to be drawn."""


class _Item(NamedTuple):
    """A case file, and its review if it was kept."""

    file: CaseFile
    key: bytes = b""
    review: Reviewed | None = None
    packed: bytes = b""
    """The review, where it is still to be drawn."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What every case of a run is reviewed with."""

    checklist: Checklist
    options: Options
    kept: Keeper | None
    briefs: "Callable[[], Briefs]"
    """Gives what makes reviews in brief, once it is asked for."""
    drawing: "Drawing | None" = None
    """Draws them as well."""
    keeps: bool = False
    """Whether what is made is to be kept, here or by the process that asked for it."""

    @classmethod
    def by(
        cls,
        checklist: Checklist,
        options: Options,
        kept: Keeper | None = None,
        drawing: "Drawing | None" = None,
        *,
        keeps: bool = False,
    ) -> "_Work":
        """Everything that it takes."""

        @cache
        def briefs() -> "Briefs":
            from checklist.brief import Briefs  # noqa: PLC0415 - a dated file by itself never needs it

            return Briefs(checklist, options.standard_on)

        return cls(checklist, options, kept, briefs, None if options.in_brief else drawing, keeps)

    def made(self, file: CaseFile) -> Review | Brief:
        """The review of one case."""
        if self.options.in_brief:
            return brief_file(file, self.checklist, self.options, self.briefs())
        return review_file(file, self.checklist, self.options, self.briefs)

    def packed(self, one: Review | Brief) -> bytes:
        return pack_brief(one, self.checklist) if isinstance(one, Brief) else pack(one, self.checklist)

    def parcel(self, order: _Order) -> bytes | _Parcel:
        """The review of one case as it is sent to the process that asked for it."""
        file, packed = order
        kept = self.kept_review(packed)
        if kept is not None and self.drawing is not None:
            return self.drawn(kept, self.drawing, keeps=False)
        one = self.made(file)
        if isinstance(one, Brief) or self.drawing is None:
            return self.packed(one)
        return self.drawn(one, self.drawing, keeps=self.keeps)

    def drawn(self, one: Review, drawing: "Drawing", *, keeps: bool) -> _Parcel:
        """A review as it is drawn, counted, and kept."""
        from checklist.brief import brief_of  # noqa: PLC0415 - as above

        in_brief, pieces = pack_brief(brief_of(one, self.checklist), self.checklist), drawing.of(one)
        is_small = sum(map(len, pieces)) <= _MOST_DRAWN
        packed = self.packed(one) if keeps else b""
        return _Parcel(in_brief, pieces, packed, pack_drawn(in_brief, pieces) if keeps and is_small else b"")

    def item(self, file: CaseFile) -> _Item:
        if self.kept is None:
            return _Item(file)
        read, key, found = self.kept.find(file)
        if isinstance(found, bytes):
            return _Item(read, key, None, found)
        return _Item(read, key, Drawn(*found, partial(self.again, read)) if isinstance(found, tuple) else found)

    def whole_item(self, file: CaseFile) -> _Item:
        """The same, for whom nobody draws."""
        item = self.item(file)
        return item._replace(review=self.kept_review(item.packed), packed=b"") if item.packed else item

    def kept_review(self, packed: bytes) -> Review | None:
        """A review that was kept; None where there is none, or it cannot be read."""
        if packed:
            with suppress(ValueError):
                return unpack(packed, self.checklist)
        return None

    def again(self, file: CaseFile) -> Review:
        """All of a review that came drawn."""
        return review_file(file, self.checklist, self.options)

    def here(self, item: _Item) -> Reviewed:
        """The review of one case, made in this process if it was not kept."""
        kept = item.review or self.kept_review(item.packed)
        if kept is not None:
            return kept
        review = self.made(item.file)
        if self.drawing is not None and isinstance(review, Review):
            return self._taken(item, self.drawn(review, self.drawing, keeps=self.keeps), lambda: review)
        if self.kept is not None and item.key and not review.fault:
            self.kept.keep(item.key, self.packed(review))
        return review

    def there(self, item: _Item, made: bytes | _Parcel) -> Reviewed:
        """The review of one case, as another process made it.

        Raises:
            RuntimeError: where it is the review of another case.
        """
        if isinstance(made, _Parcel):
            packed = made.packed or item.packed
            whole = partial(unpack, packed, self.checklist) if packed else partial(self.again, item.file)
            return self._taken(item, made, whole)
        review = unpacked(made, self.checklist, in_brief=self.options.in_brief)
        _check_whose(review, item)
        if self.kept is not None and item.key and not review.fault:
            self.kept.keep(item.key, made)
        return review

    def _taken(self, item: _Item, parcel: _Parcel, whole: Callable[[], Review]) -> Drawn:
        brief = unpack_brief(parcel.in_brief, self.checklist)
        _check_whose(brief, item)
        if self.kept is not None and item.key and parcel.packed and not brief.fault:
            self.kept.keep(item.key, parcel.packed, parcel.drawn)
        return Drawn(brief, parcel.pieces, whole)


def _check_whose(review: Review | Brief, item: _Item) -> None:
    if review.file != item.file.name:
        what = "a review came back in the place of another"
        raise RuntimeError(what)


def review_files(
    files: Iterable[CaseFile],
    checklist: Checklist,
    options: Options,
    *,
    jobs: int = 1,
    kept: Keeper | None = None,
    away: Away | None = None,
    drawing: "Drawing | None" = None,
) -> Iterator[Reviewed]:
    """The review of every case file, in their order, whatever the number of processes.

    Args:
        files: the case files; they are taken as they are needed.
        checklist: the rules that are asked.
        options: how cases are to be reviewed.
        jobs: how many processes at most; few files are reviewed in this one.
        kept: reviews of earlier runs, and where those of this one are kept.
        away: who reviews instead of processes of this machine.
        drawing: draws reviews where they are made; those that others than this machine make come whole.

    Raises:
        LostError: where those who review are gone.
    """
    work = _Work.by(checklist, options, kept, drawing, keeps=kept is not None)
    if away is not None:
        packed, items = packed_rules(checklist, options), map(work.whole_item, files)
        yield from _in_order(
            items,
            work,
            lambda chunk: away.submit(review_chunk, packed, tuple([file for file, _ in chunk])),
            ahead=lambda: away.ahead,
            sizes=repeat(away.chunk),
        )
        return
    waiting = iter(files)
    first = list(islice(waiting, _CHUNK * jobs)) if jobs > 1 else []
    if len(first) < _CHUNK * jobs:
        for file in (*first, *waiting):
            yield work.here(work.item(file))
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - one file never needs it

    context = _spawning() if any(is_url(file.path) for file in first) else None
    with ProcessPoolExecutor(jobs, context, _begin, (checklist, options, drawing, work.keeps)) as pool:
        try:
            largest = _LARGEST_CHUNK if options.in_brief else _LARGER_CHUNK if drawing is None else _CHUNK
            items, sizes = map(work.item, chain(first, waiting)), chain(repeat(_CHUNK, jobs * _AHEAD), repeat(largest))
            yield from _in_order(
                items, work, lambda chunk: pool.submit(_review_own, chunk), ahead=lambda: jobs * _AHEAD, sizes=sizes
            )
        except BaseException:
            _end(pool)
            raise
        if getattr(pool, "_broken", False):
            _shut(_pipe(pool))


_Chunk = tuple[_Item, ...]
_Made = list[bytes] | list[bytes | _Parcel]
_Send = Callable[[tuple[_Order, ...]], "Future[_Made]"]


def _in_order(
    items: Iterator[_Item], work: _Work, send: _Send, *, ahead: Callable[[], int], sizes: Iterator[int]
) -> Iterator[Reviewed]:
    """The reviews in the order of their files, with so many chunks under way; what a lost process held is done here."""
    under_way: deque[tuple[_Chunk, Future[_Made] | None]] = deque()
    held = 0
    while True:
        while len(under_way) < ahead() and held < _MOST_HELD and (chunk := tuple(islice(items, next(sizes)))):
            under_way.append((chunk, _sent(send, chunk)))
            held += _kept_of(chunk)
        if not under_way:
            return
        chunk, future = under_way.popleft()
        held -= _kept_of(chunk)
        yield from _finished(chunk, future, work)


def _kept_of(chunk: _Chunk) -> int:
    return sum(item.review is not None for item in chunk)


def _sent(send: _Send, chunk: _Chunk) -> "Future[_Made] | None":
    """What is not kept of a chunk is sent to a process; nothing, where all of it is or no process is left."""
    from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - as above

    orders = tuple([(item.file, item.packed) for item in chunk if item.review is None])
    if orders:
        with suppress(BrokenExecutor):
            return send(orders)
    return None


def _finished(chunk: _Chunk, future: "Future[_Made] | None", work: _Work) -> Iterator[Reviewed]:
    """The reviews of a chunk: as many as it has files, each of its own file, or none at all."""
    from concurrent.futures import BrokenExecutor  # noqa: PLC0415 - as above

    made: Iterator[bytes | _Parcel] | None = None
    if future is not None:
        with suppress(BrokenExecutor):
            packed = future.result()
            if len(packed) != len(chunk) - _kept_of(chunk):
                what = "other reviews came back than were asked for"
                raise RuntimeError(what)
            made = iter(packed)
    for item in chunk:
        yield work.here(item) if item.review is not None or made is None else work.there(item, next(made))


def packed_rules(checklist: Checklist, options: Options) -> bytes:
    """What `review_chunk` reviews by, for another process of this same program: some 2 MB, to be sent once."""
    import pickle  # noqa: PLC0415 - as above

    return pickle.dumps((checklist, options), pickle.HIGHEST_PROTOCOL)


def review_chunk(packed: bytes, chunk: tuple[CaseFile, ...]) -> list[bytes]:
    """The unit of work that is sent to a process: some files, and the rules they are held against; packed reviews come back.

    A pure function that raises nothing for a bad case: Dask, Ray and Spark may call it as well (docs/scale.md).

    Args:
        packed: what `packed_rules` gave.
        chunk: case files.
    """
    work = _unpacked(packed)
    return [work.packed(work.made(file)) for file in chunk]


def with_contents(packed: bytes, files: tuple[CaseFile, ...]) -> tuple[CaseFile, ...]:
    """The files with their bytes, for whoever does not see the folder in which they stand.

    Args:
        packed: what `packed_rules` gave.
        files: case files.
    """
    limits = _unpacked(packed).options.limits
    return tuple([file if is_url(file.path) else with_content(file, limits) for file in files])


def packed_fault(packed: bytes, file: CaseFile, fault: tuple[str, ...], said: tuple[str, str] = _FAILED) -> bytes:
    """The packed review of a file on which those who were to review it failed.

    Args:
        packed: the rules and options, as they were sent.
        file: the case file.
        fault: a name for what happened, and the places in the code.
        said: what is wrong, and what would be right.
    """
    work = _unpacked(packed)
    failed = _failed(file, fault, said)
    return work.packed(work.briefs().of_review(failed) if work.options.in_brief else failed)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> _Work:
    """What to review by, unpacked once a process; only this program writes it, to its own processes."""
    import pickle  # noqa: PLC0415 - as above

    checklist, options = pickle.loads(packed)  # noqa: S301 - only this program writes it
    work = _Work.by(checklist, options)
    gc.freeze()  # the rules stay to the end of the process: nobody need look through them again and again
    return work


_OWN: ContextVar[_Work] = ContextVar("_OWN")
"""What a process of ours reviews by: given when it begins, and on Linux not even copied."""


def _begin(checklist: Checklist, options: Options, drawing: "Drawing | None", keeps: bool) -> None:
    _leave_signals_to_the_parent()
    _OWN.set(_Work.by(checklist, options, drawing=drawing, keeps=keeps))
    gc.freeze()  # as above


def _review_own(orders: tuple[_Order, ...]) -> list[bytes | _Parcel]:
    """`review_chunk` in a process of ours."""
    work = _OWN.get()
    return [work.parcel(order) for order in orders]


def _spawning() -> Any:
    """Processes that begin anew: what reads from stores has threads, and its locks would be copied as they happen to stand."""
    import multiprocessing  # noqa: PLC0415 - loaded by the pool, and by nothing else

    return multiprocessing.get_context("spawn")


def _end(pool: "Executor") -> None:
    """Ends the processes; what they have under way is lost, or Ctrl-C would wait for it."""
    import multiprocessing  # noqa: PLC0415 - loaded by the pool, and by nothing else

    processes_ = multiprocessing.active_children()
    pipe = _pipe(pool)
    pool.shutdown(wait=False, cancel_futures=True)
    while living := [process for process in processes_ if process.is_alive()]:
        for process in living:
            process.terminate()
        living[0].join(_SECONDS)
    _shut(pipe)


def _pipe(pool: "Executor") -> Any:
    """The end at which processes read what they are to do; a pool that was shut down no longer says."""
    return getattr(getattr(pool, "_call_queue", None), "_reader", None)


def _shut(pipe: Any) -> None:
    """Ends whoever writes to processes that are gone: in Python 3.11.2 he waits for ever where the pipe is full, and all wait for him."""
    if pipe is not None:
        with suppress(OSError):
            pipe.close()


def _leave_signals_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_between_results)
    Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()


def _end_between_results(_: int, frame: FrameType | None) -> None:
    """Ends the process, and not in the middle of a result while somebody reads it: he would wait for the rest for ever.

    Nobody reads once another process died, and the signal comes once: then the result is given a second, and no more.
    """
    while frame is not None:
        if frame.f_code.co_name == "_sendback_result":
            if not any(signal.getitimer(signal.ITIMER_REAL)):
                signal.alarm(1)
            return
        frame = frame.f_back
    os._exit(128 + signal.SIGTERM)


def _leave_with(parent: int) -> None:
    """Ends the process once its parent is gone, however that ended."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def processes() -> int:
    """How many processes this machine can run beside each other."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# The exit code.


def exit_code(reviews: Iterable[Review | Brief], *, fail_on: str = "") -> int:
    """0 nothing to act on, 1 something not met, 3 something unknown, 2 a problem (which outranks 1, which outranks 3), 70 a fault of ours.

    What somebody accepted, and what was there at the baseline, moves nothing.

    Args:
        reviews: what was found.
        fail_on: `not-met` leaves unknowns at 0, `not-recorded` raises them to 1, `never` leaves both at 0; 2 always stays.
    """
    return worst_code(_code_of(one, fail_on) for one in reviews)


def worst_code(codes: Iterable[int]) -> int:
    """The code that outranks the others."""
    return max(codes, key=_RANK.index, default=0)


def _code_of(one: Review | Brief, fail_on: str) -> int:
    if one.fault:
        return 70
    if one.problems or not one.was_reviewed:
        return 2
    verdicts = {finding.verdict for finding in one.findings if finding.moves}
    open_ones = verdicts & {Verdict.CANNOT_TELL, Verdict.NOT_RECORDED, Verdict.NEEDS_JUDGEMENT}
    if fail_on == "never":
        return 0
    if Verdict.NOT_MET in verdicts or (fail_on == "not-recorded" and open_ones):
        return 1
    return 3 if open_ones and fail_on != "not-met" else 0
