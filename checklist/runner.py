"""From paths to reviews: finds the case files, reads each, and hands it to the engine. One file and many take the same path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from checklist.case import load_case
from checklist.clocks import Moment
from checklist.engine import review
from checklist.findings import Review, Verdict
from checklist.rules import Checklist
from checklist.source import Document, InputError, Limits, Problem, parse_document, read_document

SUFFIXES = (".yaml", ".yml", ".json")
SETTINGS = (".review.yaml", "waivers.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How cases are to be reviewed."""

    as_of: Moment | None = None
    """The day to stand on, instead of each file's own."""
    standard_on: date | None = None
    limits: Limits = field(default_factory=Limits)


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every case file of some files and folders, folders in order of name; hidden folders and links are not entered.

    Raises:
        InputError: for a path that does not exist, or a folder that holds no case file.
    """
    for path in paths:
        if path.is_dir():
            found = sorted(_inside(path))
            if not found:
                raise InputError(
                    [
                        Problem(
                            str(path),
                            1,
                            1,
                            "this folder holds no case file",
                            f"expected files that end in {', '.join(SUFFIXES)}",
                        )
                    ]
                )
            yield from found
        elif path.exists():
            yield path
        else:
            raise InputError([Problem(str(path), 1, 1, "there is no such file or folder", "check the path")])


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in SETTINGS or path.is_symlink():
            continue
        if path.is_dir():
            yield from _inside(path)
        elif path.suffix in SUFFIXES:
            yield path


def review_files(paths: Iterable[Path], checklist: Checklist, options: Options) -> Iterator[Review]:
    """The review of every case file, in the order of the paths."""
    for path in find_files(paths):
        yield review_document(read_document(path, name=path.as_posix(), limits=options.limits), checklist, options)


def review_text(data: bytes, checklist: Checklist, options: Options, *, name: str = "standard input") -> Review:
    """The review of one case file that is not on disk."""
    return review_document(parse_document(data, name=name, limits=options.limits), checklist, options)


def review_document(document: Document, checklist: Checklist, options: Options) -> Review:
    """The review of one case file as it was read; one that cannot be parsed, or names no day to stand on, is not reviewed."""
    case = load_case(document, checklist.vocabulary, as_of=options.as_of)
    if document.root is None or document.problems or not case.has_clock:
        return Review(file=document.file, case=case.name, as_of="", findings=(), problems=case.problems)
    readings = tuple(
        load_case(document, checklist.vocabulary, as_of=options.as_of, day_zero=day) for day in case.candidates
    )
    found = review(case, checklist, readings=readings, standard_on=options.standard_on)
    notices = (*found.notices, *(f"line {notice.line}: {notice.what}" for notice in document.notices))
    return replace(found, notices=notices)


def exit_code(reviews: Iterable[Review], *, fail_on: str = "") -> int:
    """0 nothing to act on, 1 something not met, 3 something unknown, 2 a problem (which outranks 1, which outranks 3).

    Args:
        reviews: what was found.
        fail_on: `not-met` leaves unknowns at 0, `not-recorded` raises them to 1, `never` leaves both at 0; 2 always stays.
    """
    code = 0
    for one in reviews:
        if one.problems or not one.was_reviewed:
            return 2
        code = _worse(code, _code_of(one, fail_on))
    return code


def _code_of(one: Review, fail_on: str) -> int:
    verdicts = {
        finding.verdict
        for finding in one.findings
        if finding.verdict is not Verdict.NEEDS_JUDGEMENT or finding.severity != "note"
    }
    open_ones = verdicts & {Verdict.CANNOT_TELL, Verdict.NOT_RECORDED, Verdict.NEEDS_JUDGEMENT}
    if fail_on == "never":
        return 0
    if Verdict.NOT_MET in verdicts or (fail_on == "not-recorded" and open_ones):
        return 1
    return 3 if open_ones and fail_on != "not-met" else 0


def _worse(one: int, other: int) -> int:
    rank = (0, 3, 1, 2)
    return max(one, other, key=rank.index)
