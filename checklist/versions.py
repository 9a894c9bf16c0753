"""Which program and which rulebook this is: asked often, by itself, and answered without loading either."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from checklist import __version__


def rulebook_folder() -> Path:
    """The folder of the rules that are shipped: inside the package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "rulebook"
    return inside if inside.is_dir() else package.parent / "rules"


def digest_of(data: bytes) -> str:
    """SHA-256 of a text, whichever line ends it has."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def digest_of_all(files: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the names and the digests of the files of a rulebook."""
    return hashlib.sha256("".join(f"{name}\n{of_file}\n" for name, of_file in files).encode()).hexdigest()


def version_in_words(name: str) -> str:
    """The version of a command, and the digest of the shipped rulebook as it lies there now.

    Raises:
        OSError: where the rulebook cannot be read.
    """
    folder = str(rulebook_folder())
    return f"{name} {__version__}, rulebook {digest_of_all(sorted(_files(folder, 'rules')))[:12]}"


def _files(folder: str, name: str) -> Iterator[tuple[str, str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.name.endswith(".yaml"):
                yield f"{name}/{entry.name}", digest_of(Path(entry.path).read_bytes())
            elif entry.is_dir():
                yield from _files(entry.path, f"{name}/{entry.name}")
