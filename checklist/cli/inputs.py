"""What both commands take: paths, a rulebook with its packs, settings, a choice of rules, days."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.terminal import refuse, remark
from checklist.clocks import ClockError, Moment, Precision, parse_moment
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist, Rule
from checklist.runner import find_files
from checklist.settings import NAME, Settings, choose, find_upwards, read_settings
from checklist.source import Document, did_you_mean, parse_document, read_document

PathsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", show_default=False, help="Case files or folders; - is standard input."),
]
RulesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules",
        metavar="FOLDER",
        show_default=False,
        help="A rulebook instead of the one that is shipped; a folder without a vocabulary adds its rules. May be given again.",
    ),
]
SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", show_default=False, help=f"Instead of the nearest {NAME}."),
]
ProfileOption = Annotated[
    str, typer.Option("--profile", metavar="NAME", show_default=False, help="Ask only the rules of this profile.")
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="SELECTOR",
        show_default=False,
        help="Ask only these: an id, or area:, tag:, standing:, severity:, answers: and a word. May be given again.",
    ),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="SELECTOR", show_default=False, help="Leave these out. May be given again."),
]


def rulebook_folder() -> Path:
    """The folder of the rules that are shipped: inside the package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "rulebook"
    return inside if inside.is_dir() else package.parent / "rules"


def rulebook_folders(asked: Sequence[Path] | None) -> tuple[Path, ...]:
    """A whole rulebook, and the packs that add rules to it.

    A folder with a vocabulary takes the place of the shipped rulebook; one without adds to it.
    """
    for folder in asked or ():
        if not folder.is_dir():
            refuse(f"--rules: there is no folder {folder}; check the path")
    whole = [folder for folder in asked or () if (folder / "vocabulary.yaml").is_file()]
    if len(whole) > 1:
        refuse("--rules: two rulebooks, each with a vocabulary of its own; give one, and packs without")
    packs = [folder for folder in asked or () if folder not in whole]
    return (whole[0] if whole else rulebook_folder(), *packs)


def load(asked: Sequence[Path] | None, *, examples: bool = False) -> Checklist:
    """The rulebook that was asked for, whole."""
    return load_checklist(*rulebook_folders(asked), examples=examples)


def chosen(
    checklist: Checklist,
    *,
    settings: Settings,
    profile: str = "",
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
) -> Checklist:
    """The rules that are asked, by the settings' local standards."""
    return choose(checklist, settings, profile=profile, select=_selectors(select), ignore=_selectors(ignore))


def _selectors(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(one.strip() for text in given or () for one in text.split(",") if one.strip())


def settings_for(asked: Path | None, reviewed: Sequence[Path] = ()) -> Settings:
    """The settings that were named, or the nearest above the working directory; never those inside what is under review."""
    if asked is not None:
        return read_settings(asked)
    path, passed_over = find_upwards(NAME, Path.cwd(), reviewed)
    if passed_over is not None:
        remark(f"{NAME} inside the folder under review was not used; name it with --settings if it is yours")
    return read_settings(path) if path is not None else Settings()


def documents(paths: Sequence[Path]) -> Iterator[Document]:
    """Every case file of the paths, read."""
    for path in paths:
        if str(path) == "-":
            yield parse_document(sys.stdin.buffer.read(), name="standard input")
        else:
            for file in find_files([path]):
                yield read_document(file, name=file.as_posix())


def rule_named(checklist: Checklist, rule_id: str) -> Rule:
    """The rule with an id, or the end of the command."""
    found = checklist.rule(rule_id)
    if found is None:
        hint = did_you_mean(rule_id, [rule.id for rule in checklist.rules]) or "`checklist rules` lists them"
        refuse(f"no such rule: {rule_id}; {hint}")
    return found


def one_of(option: str, found: str, options: tuple[str, ...]) -> None:
    """Ends the command where an option is none of those that it may be."""
    if found not in options:
        near = did_you_mean(found, options)
        refuse(f"{option}: expected one of {', '.join(one for one in options if one)}{'; ' + near if near else ''}")


def today() -> date:
    """Today's date; this is the only place that reads it."""
    return date.today()  # noqa: DTZ011 - a reviewer's own day is the one on the wall


def as_of_day(text: str) -> Moment | None:
    """The as-of that was asked for."""
    if not text:
        return None
    if text == "today":
        text = today().isoformat()
    try:
        moment = parse_moment(text)
    except ClockError as error:
        refuse(f"--as-of: {error.what}; {error.hint}")
    if moment.precision not in (Precision.DAY, Precision.MINUTE):
        refuse("--as-of must be one day, or one minute: write --as-of 2016-07-18")
    return moment


def day(option: str, text: str) -> date | None:
    """A day that was asked for."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"{option} must be a day: write {option} 2016-07-18")
