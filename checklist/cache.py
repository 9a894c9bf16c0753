"""Reviews of earlier runs: what has not changed since is not reviewed again.

A review is kept under a digest of all that it was made of: its file's name and content, and the run's rules, settings, day and program. It holds
findings, never the text of a case. A cache that cannot be used is left alone, and the run goes on without it.
"""

import errno
import hashlib
import os
import sqlite3
from contextlib import suppress
from functools import cache
from pathlib import Path

from checklist.compiled import compiled, name_of
from checklist.findings import Brief, Review
from checklist.folders import CaseFile, with_content
from checklist.packing import unpack_drawn, unpacked
from checklist.reporters import Drawing
from checklist.rules import Checklist
from checklist.runner import Kept, Options
from checklist.stores import is_url

_FILE = "reviews.sqlite"
_FORMAT = 1
_AT_ONCE = 1_000
"""Reviews that are written together: a run that is cut off loses no more."""
_MOST_WAITING = 4 << 20
"""Bytes that wait to be written at most."""
_SECONDS = 5.0
"""How long one run waits for another that writes."""


class Cache:
    """The reviews that were kept for one way to review: the same rules, settings, day and program."""

    def __init__(
        self,
        folder: Path,
        checklist: Checklist,
        options: Options,
        *,
        settings: str = "",
        drawing: Drawing | None = None,
    ) -> None:
        """Opens the cache of a folder, or makes it; where neither can be done, `trouble` says why.

        Args:
            folder: where it stands; made for its owner alone.
            checklist: the rules that are asked.
            options: how cases are reviewed.
            settings: the digest of the settings.
            drawing: draws reviews for this run: as it drew them they are kept as well.
        """
        self.trouble = ""
        """Why it was not used, or not to the end; empty where all is well."""
        self._checklist = checklist
        self._limits = options.limits
        self._in_brief = options.in_brief
        self._run = _digest_of_run(checklist, options, settings)
        self._drawing = drawing
        self._drawn = drawing.digest.encode() if drawing is not None else b""
        self._waiting: list[tuple[bytes, bytes, bytes]] = []
        self._size = 0
        self._writes = True
        self._connection = self._opened(folder) if self._run else None

    def _opened(self, folder: Path) -> sqlite3.Connection | None:
        try:
            if folder.is_symlink() or (folder / _FILE).is_symlink():
                self.trouble = "it is a link"
                return None
            folder.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileExistsError), (folder / ".gitignore").open("x", encoding="utf-8") as ignored:
                ignored.write("*\n")
            return self._connected(folder / _FILE)
        except OSError as error:
            self.trouble = error.strerror or "it cannot be made"
        except sqlite3.OperationalError as error:  # such as a file that may not be written
            self.trouble = str(error)
        return None

    def _connected(self, path: Path) -> sqlite3.Connection:
        """A connection to the file; one that holds no cache of ours, or one of another version, is made anew."""
        for _ in range(2):
            try:
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            except OSError as error:
                if error.errno not in (errno.EACCES, errno.EROFS) or not path.is_file():
                    raise
                self._writes = False
                return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_SECONDS)
            connection = sqlite3.connect(path, timeout=_SECONDS, isolation_level=None)
            try:
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version not in (0, _FORMAT):
                    connection.execute("DROP TABLE IF EXISTS reviews")
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS reviews (key BLOB PRIMARY KEY, sha256 BLOB, packed BLOB) WITHOUT ROWID"
                )
                connection.execute(f"PRAGMA user_version = {_FORMAT}")
            except sqlite3.OperationalError:
                connection.close()
                raise
            except sqlite3.DatabaseError:  # no database, or a broken one
                connection.close()
                path.unlink()
            else:
                return connection
        what = "it cannot be made"
        raise sqlite3.OperationalError(what)

    def find(self, file: CaseFile) -> tuple[CaseFile, bytes, Kept]:
        """The file with its content, the key of its review, and the review if it was kept, drawn for this run or not.

        The key is empty where the content cannot be had; then nothing can be kept either.
        """
        if self._connection is None or (file.data is None and is_url(file.path)):
            # Whoever reviews a file of a store reads it: one after the other, here, would take longer than to review them.
            return file, b"", None
        read = with_content(file, self._limits)
        if read.data is None:
            return read, b"", None
        name, line = read.name.encode(errors="surrogateescape"), b"%d" % read.first_line
        key = hashlib.sha256(b"\0".join([self._run, name, line, read.data])).digest()
        return read, key, self._as_drawn(key) or self._kept(key)

    def _as_drawn(self, key: bytes) -> tuple[Brief, tuple[str, ...]] | None:
        if self._drawing is None or (packed := self._packed(self._key_drawn(key))) is None:
            return None
        with suppress(ValueError):
            return unpack_drawn(packed, self._checklist, len(self._drawing.pages))
        return None

    def _key_drawn(self, key: bytes) -> bytes:
        return hashlib.sha256(b"\0".join([self._drawn, key])).digest()

    def _kept(self, key: bytes) -> Review | Brief | bytes | None:
        packed = self._packed(key)
        if packed is None or self._drawing is not None:
            return packed
        with suppress(ValueError):
            return unpacked(packed, self._checklist, in_brief=self._in_brief)
        return None

    def _packed(self, key: bytes) -> bytes | None:
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("SELECT sha256, packed FROM reviews WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            self._stop(error)
            return None
        # A broken cache may hold anything, a number as well.
        if row is None or not isinstance(row[1], bytes) or hashlib.sha256(row[1]).digest() != row[0]:
            return None
        packed: bytes = row[1]
        return packed

    def keep(self, key: bytes, packed: bytes, drawn: bytes = b"") -> None:
        """Keeps a packed review under its key, and as it was drawn; what cannot be written is not kept, and the run goes on."""
        if not key or not self._writes or self._connection is None:
            return
        for under, what in ((key, packed), (self._key_drawn(key), drawn)) if drawn else ((key, packed),):
            self._waiting.append((under, hashlib.sha256(what).digest(), what))
            self._size += len(what)
        if len(self._waiting) >= _AT_ONCE or self._size > _MOST_WAITING:
            self._write()

    def _write(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if self._connection is None or not waiting:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO reviews VALUES (?, ?, ?)", waiting)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            self.trouble, self._writes = f"nothing more was kept: {error}", False

    def _stop(self, error: sqlite3.Error) -> None:
        self.trouble = str(error)
        self.close()

    def close(self) -> None:
        """Writes what is waiting, and lets the file go."""
        if self._connection is not None:
            self._write()
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def keep_rulebook(folder: Path, checklist: Checklist) -> None:
    """Keeps a rulebook that was read from its YAML, compiled, for the next run; where it cannot be written, nothing is kept."""
    if not any(rule.root.entries for rule in checklist.rules):  # it was compiled before
        return
    path = folder / name_of(checklist.folders)
    with suppress(OSError):
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(compiled(checklist))  # half of it is nothing: it holds its own digest


def clear(folder: Path) -> None:
    """Deletes a cache; what is not ours in its folder stays.

    Raises:
        OSError: where that cannot be done.
    """
    if folder.is_symlink() or not folder.is_dir():
        return
    rulebooks = [path.name for path in folder.glob("rulebook-*.json")]
    for name in (_FILE, f"{_FILE}-journal", ".gitignore", *rulebooks):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):  # something else lies there
        folder.rmdir()


def _digest_of_run(checklist: Checklist, options: Options, settings: str) -> bytes:
    """What all reviews of a run have in common; nothing where they cannot be kept: raw lines, or a detector of others, of which no digest is known."""
    guard, program = options.guard, digest_of_program()
    if options.quote or not program or (guard is not None and guard.detectors):
        return b""
    parts = [
        program,
        checklist.digest,
        *(rule.id for rule in checklist.rules),
        "",
        *checklist.notes,
        "",
        settings,
        options.as_of.text if options.as_of is not None else "",
        str(options.standard_on),
        str(options.limits),
        str(options.allow_identifying),
        "no guard" if guard is None else f"{guard.strict} {guard.excuses}",
        f"in brief: {options.in_brief}",
    ]
    return hashlib.sha256("\n".join(parts).encode()).digest()


@cache
def digest_of_program() -> str:
    """SHA-256 over this program's own source; nothing where it is not there."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    try:
        for path in sorted(package.rglob("*.py")):
            digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
            digest.update(path.read_bytes())
        for path in sorted((package / "privacy" / "lists").iterdir()):
            digest.update(path.read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()
