"""Reviews past one machine: the same unit of work, sent to the workers of a Dask cluster, which is loaded only on use.

A worker that is lost costs nothing but time: Dask gives what it held to others. What dies with every worker that takes it is tried
once more file by file, each of them alone, so that no case is blamed for another; a file that ends its worker even so is told as a
fault, and the run goes on. Where the cluster itself is lost, so is the run, but not what was finished before.
"""

import hashlib
import logging
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from threading import Thread
from typing import Any, Final, NamedTuple, ParamSpec, TypeAlias, TypeVar, cast

from checklist import __version__
from checklist.cache import digest_of_program
from checklist.folders import CaseFile
from checklist.runner import LostError, packed_fault, places, with_contents
from checklist.stores import is_url

_P = ParamSpec("_P")
_T = TypeVar("_T")

_CHUNK: Final = 32
"""Cases that a worker takes at once: a scheduler gives out a thousand tasks a second, and no more."""
_AHEAD: Final = 4
"""Chunks a thread of a worker that are under way at once."""
_CONNECT: Final = 10.0
"""Seconds for the scheduler, and then for its first worker, to answer."""
_PATIENCE: Final = 60.0
"""Seconds without any worker after which the cluster is lost."""
_LOOK: Final = 1.0
"""Seconds between two looks at the cluster while nothing comes."""
_TRIES: Final = 3
_KILLS: Final = (
    "every worker that reviewed this file was lost; nothing is said of the case",
    "give workers more memory, or review it by itself, and report the fault; the other files were reviewed",
)
_EXTRA: Final = "pip install 'casefile-checklist[cluster]'"


class ClusterError(Exception):
    """A cluster that cannot be used: what is wrong, and what would be right."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        """Both, as a problem has them."""
        return f"{self.what}; {self.hint}"


class Program(NamedTuple):
    """What must be the same here and on a worker: the same case then has the same review."""

    version: str
    digest: str
    """Of the source of this program; empty where it is not there."""
    python: str

    def __str__(self) -> str:
        """In words."""
        return f"{self.version} ({self.digest[:12] or 'no source'}) on Python {self.python}"


@cache
def program() -> Program:
    """The program of this process."""
    return Program(__version__, digest_of_program(), f"{sys.version_info[0]}.{sys.version_info[1]}")


class _Fault(NamedTuple):
    """What a worker could not do: an exception's class, and the places in the code."""

    what: tuple[str, ...]


class _Other(NamedTuple):
    """What a worker with another program says."""

    program: Program


class _Unseen(NamedTuple):
    """What a worker says that does not see some files: which of them, counted from 0."""

    places: tuple[int, ...]


_Answer: TypeAlias = list[bytes] | _Fault | _Other | _Unseen


def work(
    expected: Program, function: Callable[..., list[bytes]], packed: bytes, files: tuple[CaseFile, ...]
) -> _Answer:
    """What a worker runs. It never raises: Dask would write the files that it was given into the worker's log.

    Args:
        expected: the program that sends this; another one reviews nothing.
        function: `runner.review_chunk`.
        packed: the rules and options, which Dask keeps on each worker by their digest.
        files: case files.
    """
    try:
        if program() != expected:
            return _Other(program())
        unseen = tuple(place for place, file in enumerate(files) if not _is_seen(file))
        if unseen:
            return _Unseen(unseen)
        return function(packed, files)
    except Exception as error:  # noqa: BLE001 - it is told by whoever asked; a worker goes on
        return _Fault((type(error).__name__, *places(error)))


def _is_seen(file: CaseFile) -> bool:
    if file.problem is not None or file.data is not None or not file.path or is_url(file.path):
        return True
    return os.access(file.path, os.R_OK)


class _Sent(Future[Any]):
    """A chunk on its way. Its result is waited for where it is asked for: in the order of the files, by the one who asks."""

    def __init__(self, workers: "Workers", call: tuple[Any, ...], there: Any) -> None:
        super().__init__()
        self._workers = workers
        self._call = call
        self.there = there

    def result(self, timeout: float | None = None) -> Any:
        """The packed reviews.

        Raises:
            LostError: where the cluster is lost.
        """
        return self._workers.result(self, *self._call)


class Workers(Executor):
    """The workers of a cluster as an Executor, for `runner.review_chunk` or what has its parameters."""

    chunk = _CHUNK

    def __init__(self, client: Any) -> None:
        self._client = client
        self.sends_content = False
        """Whether a worker did not see a file that it was to read, so that files are read here."""
        self._under_way: set[_Sent] = set()
        self._rulebook: Any = None
        self._shipped = 0
        self._threads = 1
        self._looked = self._seen = 0.0
        self._look()

    @property
    def ahead(self) -> int:
        """How many chunks may be under way."""
        if time.monotonic() - self._looked > _LOOK:
            self._look()
        return self._threads * _AHEAD

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Sends a chunk: the rules and options, and its files."""
        packed, files = cast("tuple[bytes, tuple[CaseFile, ...]]", args)
        files = with_contents(packed, files) if self.sends_content else tuple(map(_from_anywhere, files))
        sent = _Sent(self, (fn, packed, files), self._send(fn, packed, files))
        self._under_way.add(sent)
        return cast("Future[_T]", sent)

    def result(self, sent: _Sent, function: Any, packed: bytes, files: tuple[CaseFile, ...]) -> list[bytes]:
        """The packed reviews of a chunk, whatever became of the workers that had it."""
        answer = self._answer(sent.there)
        self._under_way.discard(sent)
        if isinstance(answer, _Unseen):
            files = with_contents(packed, files)
            # What nobody can read, nobody need be sent.
            self.sends_content = self.sends_content or any(files[place].data is not None for place in answer.places)
            answer = self._answer(self._send(function, packed, files))
        if isinstance(answer, list):
            return answer
        return [self._alone(function, packed, file) for file in files]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Takes back what is under way, and leaves the cluster."""
        with suppress(Exception):
            if self._client.status == "running":
                self._client.cancel([sent.there for sent in self._under_way], force=True)
        self._under_way.clear()
        with suppress(Exception):
            self._client.close(timeout=_LOOK)

    def _send(self, function: Any, packed: bytes, files: tuple[CaseFile, ...]) -> Any:
        try:
            if self._rulebook is None or self._rulebook.status in {"error", "cancelled", "lost"}:
                # A task like the others, so that a worker that comes later has it, and what is lost is made again.
                self._shipped += 1
                key = f"rulebook-{hashlib.sha256(packed).hexdigest()}-{self._shipped}"
                self._rulebook = self._client.submit(bytes, packed, key=key)
            return self._client.submit(work, program(), function, self._rulebook, files, pure=False)
        except (OSError, RuntimeError, TimeoutError) as error:
            raise _lost(error) from None

    def _alone(self, function: Any, packed: bytes, file: CaseFile) -> bytes:
        """The packed review of one file, made while the cluster does nothing else of ours: whatever then dies, died of it."""
        for sent in self._under_way:
            self._wait(sent.there)
        (file,) = with_contents(packed, (file,))  # whoever takes it sees it
        for _ in range(_TRIES):
            answer = self._answer(self._send(function, packed, (file,)))
            if isinstance(answer, list):
                return answer[0]
            if isinstance(answer, _Fault):
                return packed_fault(packed, file, answer.what)
            if self._rulebook.status != "error":  # else it was the rules that were with a worker when it was lost
                break
        return packed_fault(packed, file, ("KilledWorker",), _KILLS)

    def _answer(self, future: Any) -> list[bytes] | _Fault | _Unseen | None:
        """What came of a task; None where every worker that took it was lost."""
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - an extra

        self._wait(future)
        try:
            answer: _Answer = future.result(timeout=_PATIENCE)
        except KilledWorker:
            return None
        except (CancelledError, OSError, TimeoutError) as error:
            raise _lost(error) from None
        except Exception as error:  # noqa: BLE001 - such as what Dask says of a task that a worker cannot read
            return _Fault((type(error).__name__,))
        if isinstance(answer, _Other):
            what = f"a worker runs {answer.program}, and this is {program()}"
            raise LostError(what)
        return answer

    def _wait(self, future: Any) -> None:
        from distributed import wait  # noqa: PLC0415 - an extra

        waiting: Any = wait
        while not future.done():
            with suppress(TimeoutError, CancelledError), self._client.as_current():
                waiting([future], timeout=_LOOK)
            if not future.done():
                self._look()

    def _look(self) -> None:
        """Looks how many workers there are; none for long, or nobody to ask, is a lost cluster."""
        now = time.monotonic()
        try:
            threads = sum(self._client.nthreads().values())
        except Exception as error:  # noqa: BLE001 - whatever Dask says, there is nobody
            raise _lost(error) from None
        if threads or not self._seen:
            self._seen = now
        elif now - self._seen > _PATIENCE:
            what = f"for {_PATIENCE:.0f} seconds it has had no worker"
            raise LostError(what)
        self._threads = max(1, threads)
        self._looked = now


def _lost(error: BaseException) -> LostError:
    return LostError(f"its scheduler does not answer any more ({type(error).__name__})")


def _from_anywhere(file: CaseFile) -> CaseFile:
    """A file as a worker finds it, which stands in another folder."""
    if file.data is not None or not file.path or is_url(file.path):
        return file
    return replace(file, path=os.path.abspath(file.path))  # noqa: PTH100 - of no link is it asked where it leads


@contextmanager
def workers(address: str) -> Iterator[Workers]:
    """The workers of the cluster whose scheduler is at an address, as long as they are needed.

    Args:
        address: such as `tcp://10.0.0.1:8786`, or `tls://` with the keys that Dask's own settings name.

    Raises:
        ClusterError: where there is none, it has no worker, or a worker has another program.
    """
    try:
        import dask  # noqa: PLC0415 - an extra
        import distributed  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        what = "--cluster needs an extra"
        raise ClusterError(what, _EXTRA) from None
    quiet = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # what matters of it is told here, in a line
    try:
        with dask.config.set({"distributed.comm.timeouts.connect": f"{_CONNECT}s"}):
            client = _client(distributed, address)
            pool: Workers | None = None
            try:
                _check(client, address)
                pool = Workers(client)
                yield pool
            finally:
                if pool is not None:
                    pool.shutdown()
                else:
                    with suppress(Exception):
                        client.close(timeout=_LOOK)
    finally:
        logging.disable(quiet)


def _client(distributed: Any, address: str) -> Any:
    """A client of the scheduler, made in a thread of its own: Dask waits for ever for what listens and is no scheduler."""
    made: list[Any] = []

    def make() -> None:
        try:
            with warnings.catch_warnings():
                # Other versions of Python or Dask: what matters of them is checked, and the rest may differ.
                warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
                made.append(distributed.Client(address, timeout=_CONNECT, set_as_default=False))
        except Exception as error:  # noqa: BLE001 - whatever listens there, it is no scheduler
            made.append(error)

    with _signals_to_this_thread():
        thread = Thread(target=make, daemon=True)
        thread.start()
    thread.join(_CONNECT * 1.5)
    if made and not isinstance(made[0], Exception):
        return made[0]
    name = type(made[0] if made else TimeoutError()).__name__
    what = f"no Dask scheduler answers at {address} ({name})"
    hint = "start one with `dask scheduler` and `dask worker`, and give the address that it prints"
    if address.startswith("tls://"):
        hint = f"{hint}; Dask's own settings must name the same keys here as there (distributed.comm.tls)"
    raise ClusterError(what, hint) from None


@contextmanager
def _signals_to_this_thread() -> Iterator[None]:
    """Threads that begin here leave Ctrl-C to this one, which may hold it back while it writes."""
    block = getattr(signal, "pthread_sigmask", None)
    before = block(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM}) if block is not None else None
    try:
        yield
    finally:
        if block is not None:
            block(signal.SIG_SETMASK, before)


def _check(client: Any, address: str) -> None:
    """Sees that there are workers, and that each has this program."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT)
        found: dict[str, object] = client.run(program, on_error="return")
    except Exception as error:  # noqa: BLE001 - whatever it is, no worker answers
        what = f"the cluster at {address} has no worker that answers ({type(error).__name__})"
        raise ClusterError(what, "start some with `dask worker`") from None
    others = [_of_worker(place, one) for place, one in sorted(found.items()) if one != program()]
    if others:
        more = f", and so it is with {len(others) - 1} more" if len(others) > 1 else ""
        what = f"{others[0]}{more}"
        raise ClusterError(what, f"install casefile-checklist as here: {program()}")


def _of_worker(place: str, found: object) -> str:
    if isinstance(found, Sequence) and len(found) == len(Program._fields):
        return f"the worker at {place} runs {Program(*map(str, found))}"
    return f"the worker at {place} has no such program ({type(found).__name__})"
