"""The command `review`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from checklist import __version__
from checklist.cli.inputs import (
    IgnoreOption,
    PathsArgument,
    ProfileOption,
    RulesOption,
    SelectOption,
    SettingsOption,
    as_of_day,
    chosen,
    day,
    documents,
    load,
    one_of,
    rule_named,
    rulebook_folder,
    settings_for,
)
from checklist.cli.terminal import page_of, put, refuse, reporter, say_problems, write
from checklist.findings import Review
from checklist.reporters import NAMES, Page
from checklist.rulebooks import load_checklist
from checklist.rules import Checklist
from checklist.runner import Options, exit_code, review_document
from checklist.settings import LOCK, Settings, check_lock, find_upwards, locked_note
from checklist.source import Document, InputError, did_you_mean

review_app = typer.Typer(add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None)

_REVIEW_HELP = """Hold anonymised case files against the checklist, and say what was done, late, not done, or not written down.

\b
Examples:
  review case.yaml                      one case, each finding with its line
  review cases/                         every case of a folder
  review --as-of 2016-07-18 case.yaml   as the case stood on that day
  review --plain case.yaml              for a screen reader: one fact a line
  review --print case.yaml > case.txt   on paper, with boxes for answers
  review --explain arrest-within-limit:S1 case.yaml
                                        how one verdict was reached
  review --format json case.yaml        for another program
  review --profile police case.yaml     only the rules of a profile
  review --select area:investigation,severity:critical case.yaml
                                        only some of the rules
  cat case.yaml | review -              from standard input

\b
Exit code:
  0   nothing to act on
  1   something is not met
  3   nothing is not met, but something is not recorded, cannot be told
      or needs judgement
  2   a file could not be read or reviewed in full, or there was none
  70  a fault of this program
  74  the report could not be written
"""


def _say_version(value: bool) -> None:
    if value:
        put(f"review {__version__}, rulebook {load_checklist(rulebook_folder()).digest[:12]}\n")
        raise typer.Exit


@review_app.command(help=_REVIEW_HELP, no_args_is_help=True)
def review(
    paths: PathsArgument,
    *,
    as_of: Annotated[
        str,
        typer.Option(
            metavar="DATE", show_default=False, help="The day to stand on (or `today`), instead of the file's own."
        ),
    ] = "",
    standard_on: Annotated[
        str, typer.Option(metavar="DATE", show_default=False, help="Judge by the standards in force on this day.")
    ] = "",
    format_: Annotated[
        str, typer.Option("--format", metavar="console|plain|paper|json", help="How to write the report.")
    ] = "console",
    plain: Annotated[bool, typer.Option("--plain", help="For a screen reader; the same as --format plain.")] = False,
    on_paper: Annotated[
        bool, typer.Option("--print", help="Pages of 80 columns, with boxes for answers and signatures.")
    ] = False,
    explain: Annotated[
        str, typer.Option(metavar="RULE[:SUBJECT]", show_default=False, help="Show how a verdict was reached.")
    ] = "",
    quote: Annotated[
        bool, typer.Option("--quote", help="Show the file's own lines, personal facts and notes included.")
    ] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Show what was met and what does not apply in full.")] = False,
    fail_on: Annotated[
        str,
        typer.Option(
            metavar="not-met|not-recorded|never",
            show_default=False,
            help="What makes the exit code 1 (2 always stays).",
        ),
    ] = "",
    rules: RulesOption = None,
    profile: ProfileOption = "",
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    settings: SettingsOption = None,
    locked: Annotated[
        bool,
        typer.Option("--locked", help=f"Refuse unless rules, settings and choice are those of the nearest {LOCK}."),
    ] = False,
    width: Annotated[
        int, typer.Option(metavar="COLUMNS", show_default=False, help="Instead of the terminal's own width.")
    ] = 0,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR does the same).")] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="The version, and the rulebook's digest."),
    ] = False,
) -> None:
    """Review case files."""
    name = "plain" if plain else "paper" if on_paper else format_
    one_of("--format", name, NAMES)
    one_of("--fail-on", fail_on, ("", "not-met", "not-recorded", "never"))
    options = Options(as_of=as_of_day(as_of), standard_on=day("--standard-on", standard_on))
    local = settings_for(settings, paths)
    checklist = chosen(load(rules), settings=local, profile=profile, select=select, ignore=ignore)
    if locked and standard_on:
        refuse("--locked judges by the standard of the day; leave out --standard-on")
    if locked:
        checklist = _hold_to_lock(checklist, local, paths)
    read: Iterator[Document] | list[Document] = documents(paths)
    if quote:
        read = list(read)
    quotes = {one.file: one.lines for one in read} if isinstance(read, list) else None
    page = page_of(checklist, settings=local.digest, width=width, no_color=no_color, quotes=quotes, show_all=show_all)
    if explain:
        raise typer.Exit(_explain(explain, read, checklist, options, page))
    seen: list[int] = []
    write(reporter(name)(_reviews(read, checklist, options, fail_on, seen), page))
    raise typer.Exit(_worst(seen))


def _hold_to_lock(checklist: Checklist, settings: Settings, paths: list[Path]) -> Checklist:
    """The checklist, which says that it is the locked one; or the end of the command with every difference."""
    path, _ = find_upwards(LOCK, Path.cwd(), paths)
    if path is None:
        refuse(f"--locked: there is no {LOCK} here or above; make one with `checklist lock > {LOCK}`")
    problems = check_lock(path, checklist, settings)
    if problems:
        raise InputError(problems)
    return replace(checklist, notes=(*checklist.notes, locked_note(path, checklist)))


def _reviews(
    documents: Iterator[Document] | list[Document],
    checklist: Checklist,
    options: Options,
    fail_on: str,
    codes: list[int],
) -> Iterator[Review]:
    """Each review, once; what it does to the exit code is noted as it passes."""
    for document in documents:
        one = review_document(document, checklist, options)
        codes.append(exit_code([one], fail_on=fail_on))
        yield one


def _worst(codes: list[int]) -> int:
    rank = (0, 3, 1, 2)
    return max(codes, key=rank.index, default=2)


def _explain(
    wanted: str, documents: Iterator[Document] | list[Document], checklist: Checklist, options: Options, page: Page
) -> int:
    from checklist.case import load_case
    from checklist.engine import explain
    from checklist.reporters.explain import write as draw

    rule_id, _, subject = wanted.partition(":")
    rule = rule_named(checklist, rule_id)
    codes = []
    for document in documents:
        case = load_case(document, checklist.vocabulary, as_of=options.as_of)
        if document.root is None or document.problems or not case.has_clock:
            say_problems(case.problems)
            codes.append(2)
            continue
        readings = [
            load_case(document, checklist.vocabulary, as_of=options.as_of, day_zero=day) for day in case.candidates
        ]
        explained = explain(rule, case, checklist, subject=subject, readings=readings, standard_on=options.standard_on)
        if not explained:
            subjects = [thing.ref for thing in case.listing(rule.for_each).things]
            refuse(
                f"{rule_id} has no subject {subject} in {document.file}; {did_you_mean(subject, subjects)}".rstrip("; ")
            )
        write(draw(explained, page))
        codes.append(2 if case.problems else 0)
    return max(codes, default=2)
