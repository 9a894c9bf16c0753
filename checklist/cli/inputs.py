"""What both commands take: paths, a rulebook with its packs, settings, a choice of rules, days."""

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from checklist import compiled, waivers
from checklist.baseline import Baseline, read_baseline
from checklist.cli.terminal import put, refuse, remark
from checklist.clocks import CAME_TWICE, ClockError, Moment, Precision, is_twofold, parse_moment
from checklist.findings import Severity
from checklist.folders import Found, found
from checklist.rulebooks import load_checklist, load_for_review
from checklist.rules import Checklist, Rule
from checklist.runner import Options
from checklist.settings import GUARDS, NAME, STRICT, Settings, choose, find_upwards, read_settings
from checklist.source import Limits, did_you_mean
from checklist.versions import rulebook_folder, version_in_words
from checklist.waivers import Waivers

# What a shell offers while a word is typed; it reads names of files, and no YAML, since somebody waits for it.


def paths_like(incomplete: str) -> list[str]:
    """Files and folders that begin so; the shells' own scripts leave paths to us."""
    if incomplete.startswith("@"):
        return [f"@{path}" for path in paths_like(incomplete[1:])]
    folder, _, begun = incomplete.rpartition("/")
    try:
        found = sorted(Path(folder or ("/" if incomplete.startswith("/") else ".")).iterdir())
    except OSError:
        return []
    before = f"{folder}/" if "/" in incomplete else ""
    return [f"{before}{path.name}{'/' if path.is_dir() else ''}" for path in found if path.name.startswith(begun)]


def profiles_like(incomplete: str) -> list[str]:
    """The shipped profiles that begin so."""
    names = sorted(path.stem for path in (rulebook_folder() / "profiles").glob("*.yaml"))
    return [name for name in names if name.startswith(incomplete)]


def rules_like(incomplete: str) -> list[str]:
    """The shipped rules that begin so."""
    files = rulebook_folder().glob("*/*.yaml")
    names = sorted(path.stem for path in files if path.parent.name not in ("profiles", "calendars"))
    return [name for name in names if name.startswith(incomplete) and not name.endswith(".examples")]


def severities_like(incomplete: str) -> list[str]:
    """The severities that begin so."""
    return [str(one) for one in Severity if one.startswith(incomplete)]


def _say_version(context: typer.Context, value: bool) -> None:
    if value:
        put(f"{version_in_words(context.info_name or '')}\n")
        raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option("--version", callback=_say_version, is_eager=True, help="The version, and the rulebook's digest."),
]
PathsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        show_default=False,
        help="Case files, folders, archives, globs; @FILE lists paths; - is standard input.",
        autocompletion=paths_like,
    ),
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
    str,
    typer.Option(
        "--profile",
        metavar="NAME",
        show_default=False,
        help="Ask only the rules of this profile.",
        autocompletion=profiles_like,
    ),
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="SELECTOR",
        show_default=False,
        help="Ask only these: an id, or area:, tag:, standing:, severity:, answers: and a word. May be given again.",
        autocompletion=rules_like,
    ),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="SELECTOR",
        show_default=False,
        help="Leave these out. May be given again.",
        autocompletion=rules_like,
    ),
]
SeverityOption = Annotated[
    str,
    typer.Option(
        "--severity",
        metavar="critical|serious|minor|note",
        show_default=False,
        help="Ask only rules at least so severe.",
        autocompletion=severities_like,
    ),
]
PrivacyOption = Annotated[
    str,
    typer.Option(
        "--privacy",
        metavar="usual|strict",
        show_default=False,
        help="strict: a file with words that nobody knows to be harmless is refused as well.",
    ),
]
AllowOption = Annotated[
    bool,
    typer.Option(
        "--allow-identifying",
        help="Review files that may identify somebody; every page says so. Ignored where CI is set.",
    ),
]
AsOfOption = Annotated[
    str,
    typer.Option(
        metavar="DATE", show_default=False, help="The day to stand on (or `today`), instead of the file's own."
    ),
]
StandardOnOption = Annotated[
    str, typer.Option(metavar="DATE", show_default=False, help="Judge by the standards in force on this day.")
]


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


def load(asked: Sequence[Path] | None, *, examples: bool = False, kept: Path | None = None) -> Checklist:
    """The rulebook that was asked for; with all of its examples, or as a review needs it.

    Args:
        asked: the folders that were named.
        examples: whether each rule is to have its examples.
        kept: the folder in which earlier runs kept what they compiled.
    """
    folders = rulebook_folders(asked)
    if examples:
        return load_checklist(*folders, examples=True)
    if folders == (rulebook_folder(),):
        return load_for_review(*folders, kept=[Path(__file__).parents[1] / compiled.NAME])
    return load_for_review(*folders, kept=[kept / compiled.name_of(folders)] if kept is not None else [])


def chosen(
    checklist: Checklist,
    *,
    settings: Settings,
    profile: str = "",
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    severity: str = "",
) -> Checklist:
    """The rules that are asked, by the settings' local standards."""
    one_of("--severity", severity, ("", *Severity))
    choice = {"select": _selectors(select), "ignore": _selectors(ignore)}
    return choose(checklist, settings, profile=profile, severity=severity, **choice)


def _selectors(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(one.strip() for text in given or () for one in text.split(",") if one.strip())


def settings_for(asked: Path | None, reviewed: Sequence[str] = ()) -> Settings:
    """The settings that were named, or the nearest above the working directory; never those inside what is under review."""
    path = asked or nearest(NAME, reviewed, "--settings")
    return read_settings(path) if path is not None else Settings()


def working_folder() -> Path:
    """The folder that the program was started in, or exit 2 where it is not there any more."""
    try:
        return Path.cwd()
    except OSError:
        refuse("the working directory is not there any more; change to one that is")


def nearest(name: str, reviewed: Sequence[str], option: str) -> Path | None:
    """The nearest file of a name above the working directory; one inside what is under review is passed over, and that is said."""
    path, passed_over = find_upwards(name, working_folder(), map(Path, reviewed))
    if passed_over is not None:
        remark(f"{name} inside the folder under review was not used; name it with {option} if it is yours")
    return path


def beside(folder: Path | None, file: str) -> Path | None:
    """A file that the settings name, which stands beside them."""
    return (folder or Path()) / file if file else None


def options_for(
    checklist: Checklist,
    settings: Settings,
    *,
    as_of: str = "",
    standard_on: str = "",
    quote: bool = False,
    privacy: str = "",
    allow: bool = False,
) -> Options:
    """How cases are reviewed, with the guard that looks through each file first."""
    from checklist.privacy import Guard, load_detectors

    one_of("--privacy", privacy, ("", *GUARDS))
    allowed = allow and not os.environ.get("CI")
    if allow and not allowed:
        remark("--allow-identifying is ignored: CI is set, and its logs are read by others")
    guard = Guard(
        checklist.vocabulary,
        strict=STRICT in (privacy, settings.privacy),
        excuses=settings.excuses,
        detectors=load_detectors(settings.detectors) if settings.detectors else (),
    )
    return Options(
        as_of=as_of_day(as_of) if as_of else as_of_day(settings.as_of, f"{NAME}: as_of"),
        standard_on=day("--standard-on", standard_on or settings.standard_on),
        quote=quote,
        guard=guard,
        allow_identifying=allowed,
    )


def waivers_for(asked: Path | None, settings: Settings, reviewed: Sequence[str], checklist: Checklist) -> Waivers:
    """The waivers that were named, or the settings', or the nearest."""
    path = asked or beside(settings.folder, settings.waivers) or nearest(waivers.NAME, reviewed, "--waivers")
    ids = frozenset((*(rule.id for rule in checklist.rules), *checklist.left_out))
    return waivers.read_waivers(path, ids) if path is not None else Waivers()


def baseline_for(asked: Path | None, settings: Settings) -> Baseline | None:
    """The baseline that was named, or the settings'."""
    path = asked or beside(settings.folder, settings.baseline)
    return read_baseline(path) if path is not None else None


def case_files(paths: Sequence[str]) -> Iterator[Found]:
    """Every case file of the paths, and what was passed over or is wrong."""
    return found(paths, stdin=_standard_input, limits=Limits())


def _standard_input() -> bytes:
    """As much of standard input as a case may hold, and a byte more, by which it is seen to be too large."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return sys.stdin.buffer.read(Limits().bytes + 1)


def rule_named(checklist: Checklist, rule_id: str) -> Rule:
    """The rule with an id, or the end of the command."""
    rule = checklist.rule(rule_id)
    if rule is None:
        hint = did_you_mean(rule_id, [rule.id for rule in checklist.rules]) or "`checklist rules` lists them"
        refuse(f"no such rule: {rule_id}; {hint}")
    return rule


def one_of(option: str, given: str, options: tuple[str, ...]) -> None:
    """Ends the command where an option is none of those that it may be."""
    if given not in options:
        near = did_you_mean(given, options)
        refuse(f"{option}: expected one of {', '.join(one for one in options if one)}{'; ' + near if near else ''}")


def today() -> date:
    """Today's date; this is the only place that reads it."""
    return date.today()  # noqa: DTZ011 - a reviewer's own day is the one on the wall


def as_of_day(text: str, said_in: str = "--as-of") -> Moment | None:
    """The as-of that was asked for."""
    if not text:
        return None
    if text == "today":
        text = today().isoformat()
    try:
        moment = parse_moment(text)
    except ClockError as error:
        refuse(f"{said_in}: {error.what}; {error.hint}")
    if moment.precision not in (Precision.DAY, Precision.MINUTE):
        refuse(f"{said_in} must be one day, or one minute: write 2016-07-18")
    if is_twofold(moment):
        refuse(f"{said_in}: {'; '.join(CAME_TWICE)}")
    return moment


def day(option: str, text: str) -> date | None:
    """A day that was asked for."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"{option} must be a day: write {option} 2016-07-18")
