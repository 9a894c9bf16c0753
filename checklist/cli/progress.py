"""How far a run is, on standard error, for people who wait; nothing in a pipe."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from checklist.findings import Verdict
from checklist.summary import Tally

_FEW = 20
"""So few files are reviewed before anybody wonders."""
_SECONDS = 0.1
"""Between two drawings."""


class Progress:
    """A line of files, rate, time left and findings so far, drawn only where standard error is a terminal."""

    def __init__(self, total: Callable[[], int | None], *, shown: bool) -> None:
        self._shown = shown and sys.stderr is not None and sys.stderr.isatty()
        self._total = total
        self._drawn: Any = None
        self._task: Any = None
        self._done = 0
        self._began = self._drawn_at = time.monotonic()

    def __enter__(self) -> Self:
        """Begins; nothing is drawn before there is something to wait for."""
        return self

    def step(self, tally: Tally) -> None:
        """One more file is done."""
        self._done += 1
        now = time.monotonic()
        if not self._shown or self._done < _FEW or now - self._drawn_at < _SECONDS:
            return
        self._drawn_at = now
        if self._drawn is None:
            self._draw()
        found = tally.findings_so_far()
        told = f"{found[Verdict.NOT_MET]:,} not met, {found[Verdict.NOT_RECORDED]:,} not recorded"
        rate = self._done / max(_SECONDS, now - self._began)
        self._drawn.update(self._task, completed=self._done, found=told, rate=f"{rate:,.0f} a second, left")

    def _draw(self) -> None:
        # Imported only now: most runs are over before a bar would be seen.
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            MofNCompleteColumn(),
            TextColumn("files"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[found]}"),
        )
        self._drawn = Progress(*columns, console=Console(stderr=True), transient=True)
        self._drawn.start()
        self._task = self._drawn.add_task("", total=self._total(), found="", rate="")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Takes the line away."""
        if self._drawn is not None:
            self._drawn.stop()
