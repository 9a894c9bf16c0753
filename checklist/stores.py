"""Case files that are on no disk of this machine: `s3://`, `abfs://` and their like, through fsspec, which is loaded only for them.

Credentials are fsspec's own business (the environment, the machine's role): none is taken from a case, kept, or shown. Of what a store
says in an error only the name of its class is told, since its words may hold an address or a key.
"""

import errno
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, Final, NamedTuple, cast

from checklist.later import pattern

_SCHEME: Final = pattern(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_FILE: Final = "file"
_STORES: Final = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "hdfs", "sftp", "smb", "memory")
"""Neither http, which anybody on the way can read and change, nor what unpacks or keeps copies."""
_REMEMBERING: Final = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az")
_AT_ONCE: Final = 1 << 20
_EXTRA: Final = "pip install 'casefile-checklist[cluster]'"


class StoreError(Exception):
    """What is at a URL cannot be had: what is wrong, and what would be right."""

    def __init__(self, what: str, hint: str, *, absent: bool = False) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint
        self.absent = absent
        """Whether there is no such thing, rather than one that cannot be read."""


class _File(io.RawIOBase):
    """A file of a store, which raises what a file of a disk would."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Some bytes."""
        with _as_of_disk():
            data = self._file.read(len(buffer))
            if not data:
                _check_whole(self._file, self._file.tell())
        buffer[: len(data)] = data
        return len(data)

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        with _as_of_disk():
            return int(self._file.seek(to, whence))

    def tell(self) -> int:
        """Where it is."""
        return int(self._file.tell())

    def close(self) -> None:
        """Lets it go."""
        if not self.closed:
            with suppress(Exception):  # it was read, or that was told
                self._file.close()
        super().close()


@contextmanager
def _as_of_disk() -> Iterator[None]:
    try:
        with _told():
            yield
    except StoreError as error:
        raise OSError(errno.EIO, error.what) from None


class Entry(NamedTuple):
    """Something in a folder of a store."""

    name: str
    is_folder: bool


def is_url(text: str) -> bool:
    """Whether a text is the URL of something, and no path."""
    return _SCHEME.match(text) is not None


def local_path(url: str) -> str | None:
    """The path of a `file://` URL; None for any other.

    Raises:
        StoreError: for a file of another machine.
    """
    if _scheme(url) != _FILE:
        return None
    path = url[len(_FILE) + 3 :]
    if re.match("/[A-Za-z]:[/\\\\]", path):  # file:///C:/cases
        return path[1:]
    if not path.startswith("/"):
        what = "a file:// URL with a machine in it"
        raise StoreError(what, "write file:/// and the whole path, with three slashes")
    return path


def shown(url: str) -> str:
    """A URL as reports show it: without what may be a password or a signature in it."""
    found = _SCHEME.match(url)
    if found is None:
        return url
    host, slash, path = url[found.end() :].partition("/")
    who, at, where = host.rpartition("@")
    if ":" in who:
        who, at = "", ""
    return f"{found[0]}{who}{at}{where}{slash}{path}".partition("?")[0]


def is_folder(url: str) -> bool:
    """Whether a folder is at a URL, and not a file.

    Raises:
        StoreError: where there is neither, or it cannot be told.
    """
    with _told():
        system, path = _found(url)
        return bool(system.info(path)["type"] == "directory")


def listed(url: str) -> list[Entry]:
    """What lies in a folder, in no order.

    Raises:
        StoreError: where it cannot be read.
    """
    with _told():
        system, path = _found(url)
        entries = []
        for entry in system.ls(path, detail=True):
            whole = str(entry["name"]).rstrip("/")
            name = whole.rpartition("/")[2]
            if name and whole != path.rstrip("/"):  # a store may list the folder's own mark
                entries.append(Entry(name, entry["type"] == "directory"))
        return entries


def opened(url: str) -> BinaryIO:
    """A file, open for reading and seeking; whatever goes wrong in the middle of it is an OSError.

    Raises:
        StoreError: where it cannot be opened.
    """
    with _told():
        system, path = _found(url)
        return cast("BinaryIO", io.BufferedReader(_File(system.open(path, "rb")), _AT_ONCE))


def read(url: str, most: int) -> bytes:
    """The bytes of a file, or one more than may be.

    Args:
        url: where it is.
        most: bytes.

    Raises:
        StoreError: where it cannot be read.
    """
    with _told():
        system, path = _found(url)
        with system.open(path, "rb") as file:
            data = bytes(file.read(most + 1))
            if len(data) <= most:
                _check_whole(file, len(data))
            return data


def _check_whole(file: Any, end: int) -> None:
    """Sees that a file ended where the store said that it would."""
    size = getattr(file, "size", None)
    if isinstance(size, int) and end < size:
        what = "only a part of it came"
        raise StoreError(what, "try again")


def _scheme(url: str) -> str:
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""


def _found(url: str) -> tuple[Any, str]:
    """The store of a URL, and the path in it.

    Not by fsspec's own way from a URL: that takes `::` in the name of a file for a chain of stores.
    """
    scheme = _scheme(url)
    if scheme not in _STORES:
        what = f"cases cannot be read from {scheme}://"
        raise StoreError(what, f"expected one of {', '.join(f'{one}://' for one in (_FILE, *_STORES[:-1]))}")
    try:
        import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        what = f"{scheme}:// needs an extra"
        raise StoreError(what, _EXTRA) from None
    try:
        store: Any = fsspec.get_filesystem_class(scheme)
    except ImportError as error:
        what = f"{scheme}:// needs another package"
        raise StoreError(what, f"pip install {_package(error)}") from None
    where = store._get_kwargs_from_urls(url)  # noqa: SLF001 - there is no other door to it
    if scheme in _REMEMBERING:
        where["use_listings_cache"] = False  # or a file that was replaced would be read as far as the old one went
    return store(**where), str(store._strip_protocol(url))  # noqa: SLF001 - as above


def _package(error: ImportError) -> str:
    """What fsspec says is to be installed."""
    found = re.search(r"[Ii]nstall (\w[\w-]*)", str(error))
    return found[1] if found else "what fsspec asks for"


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a store raises, told without its words; those that it logs are not shown either, where nobody asked for a log."""
    import logging  # noqa: PLC0415 - no path needs it

    last, logging.lastResort = logging.lastResort, logging.NullHandler()
    try:
        yield
    except StoreError:
        raise
    except FileNotFoundError:
        what = "there is no such file or folder"
        raise StoreError(what, "check the URL", absent=True) from None
    except PermissionError:
        what = "it may not be read"
        raise StoreError(what, "ask for the right to read it; credentials are taken from the environment") from None
    except Exception as error:  # noqa: BLE001 - each store has its own, and none of them may end a run
        what = f"it cannot be read ({type(error).__name__})"
        raise StoreError(what, "try again, and look at the network and the credentials") from None
    finally:
        logging.lastResort = last
