"""Single places that somebody looked at and found harmless: each with its reason, and each counted."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

from checklist.later import dataclass
from checklist.privacy.kinds import OURS
from checklist.schema import Reading, whole_number
from checklist.source import Mapping, Node, did_you_mean

FILE_NAME: Final = "file name"
"""What `at` says of the name of a file, and of its folders."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """One place of one file, or of files of one pattern, that one detector may pass over.

    Attributes:
        detector: The detector that is wrong there.
        file: The file as the review names it; `*` and `?` stand for any characters.
        at: A line, such as `12`; a path, such as `suspects[0].note`; or `file name`.
        reason: Why it identifies nobody.
    """

    detector: str
    file: str
    at: str
    reason: str

    def covers(self, detector: str, file: str, line: int, path: str) -> bool:
        """Whether it speaks of what a detector found at a line and a path."""
        if detector != self.detector or self.at not in (str(line), path):
            return False
        return fnmatchcase(file.replace("\\", "/"), self.file)


def read_excuses(reading: Reading, node: Node, detectors: Iterable[str] = ()) -> tuple[Excuse, ...]:
    """The excuses that a list in the settings holds; what is wrong with it is noted.

    Args:
        reading: of the settings.
        node: the list: `- {detector: postcode, file: cases/a.yaml, at: 12, reason: a form's number}`.
        detectors: the names of detectors that others have added.
    """
    known = (*OURS, *detectors)
    mappings = [reading.mapping(item, "an excuse") for item in reading.items(node, "excuses")]
    read = [_read(reading, mapping, known) for mapping in mappings if mapping is not None]
    return tuple(excuse for excuse in read if excuse is not None)


def _read(reading: Reading, mapping: Mapping, known: tuple[str, ...]) -> Excuse | None:
    before = len(reading.problems)
    reading.only(mapping, ("detector", "file", "at", "reason"), "an excuse")
    excuse = Excuse(
        *(reading.text(mapping, key, required=True).strip() for key in ("detector", "file", "at", "reason"))
    )
    if excuse.detector and excuse.detector not in known:
        hint = did_you_mean(excuse.detector, known) or f"known: {', '.join(known)}"
        reading.refuse(mapping.entries["detector"], "there is no such detector", hint)
    if excuse.file and not excuse.file.strip("*?/."):
        reading.refuse(mapping.entries["file"], "this excuses every file", "name the file, or the files of one folder")
    if excuse.at != FILE_NAME and whole_number(excuse.at) is None and not excuse.at[:1].isalpha():
        reading.refuse(mapping.entries.get("at", mapping), "at must be a line, a path or `file name`", "write at: 12")
    return excuse if len(reading.problems) == before else None
