"""The command `review`."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli import run
from checklist.cli.inputs import (
    AllowOption,
    AsOfOption,
    IgnoreOption,
    PathsArgument,
    PrivacyOption,
    ProfileOption,
    RulesOption,
    SelectOption,
    SettingsOption,
    SeverityOption,
    StandardOnOption,
    VersionOption,
    baseline_for,
    case_files,
    chosen,
    load,
    one_of,
    options_for,
    rule_named,
    rules_like,
    settings_for,
    waivers_for,
    working_folder,
)
from checklist.cli.output import Target, check_target, targets
from checklist.cli.run import Files, Plan, conduct
from checklist.cli.terminal import page_of, refuse, say_problems, write_or_end
from checklist.folders import count, read
from checklist.reporters import ALLOWED, NAMES, PRINTED, Page
from checklist.rules import Checklist
from checklist.runner import Options, guarded, processes
from checklist.settings import FAIL_ON, LOCK, Settings, check_lock, find_upwards, locked_note
from checklist.source import InputError, did_you_mean

review_app = typer.Typer(add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None)

_REVIEW_HELP = """Hold anonymised case files against the checklist, and say what was done, late, not done, or not written down.

\b
Examples:
  review case.yaml                      one case, each finding with its line
  review cases/                         what all cases of a folder come to
  review --detail cases/                the same, and the report on each
  review --as-of 2016-07-18 case.yaml   as the case stood on that day
  review --plain case.yaml              for a screen reader: one fact a line
  review --print case.yaml > case.txt   on paper, with boxes for answers
  review --explain arrest-within-limit:S1 case.yaml
                                        how one verdict was reached
  review --format json case.yaml        for another program
  review --format console --format junit:out.xml cases/
                                        for people, and a file for CI
  review --baseline old.jsonl cases/    fail only on what is new or worse
  review --profile police case.yaml     only the rules of a profile
  review --select area:investigation,severity:critical case.yaml
                                        only some of the rules
  cat case.yaml | review -              from standard input
  review --cluster tcp://10.0.0.1:8786 s3://bucket/cases
                                        on the workers of a Dask cluster

\b
Exit code:
  0   nothing to act on
  1   something is not met
  3   nothing is not met, but something is not recorded, cannot be told
      or needs judgement
  2   a file could not be read or reviewed in full, or there was none
  70  a fault of this program
  74  the report could not be written
  75  the cluster was lost before the end: run it again
  130, 141, 143  stopped: by Ctrl-C, by a closed pipe, by a signal
"""


def _formats_like(incomplete: str) -> list[str]:
    return [name for name in NAMES if name.startswith(incomplete)]


def _fail_on_like(incomplete: str) -> list[str]:
    return [name for name in FAIL_ON if name.startswith(incomplete)]


@review_app.command(help=_REVIEW_HELP, no_args_is_help=True)
def review(
    paths: PathsArgument,
    *,
    as_of: AsOfOption = "",
    standard_on: StandardOnOption = "",
    format_: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT[:FILE]",
            show_default=False,
            help=f"How to write the report, and where to. May be given again. One of {', '.join(NAMES)}.",
            autocompletion=_formats_like,
        ),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="For a screen reader; the same as --format plain.")] = False,
    on_paper: Annotated[
        bool, typer.Option("--print", help="Pages of 80 columns, with boxes for answers and signatures.")
    ] = False,
    explain: Annotated[
        str,
        typer.Option(
            metavar="RULE[:SUBJECT]",
            show_default=False,
            help="Show how a verdict was reached.",
            autocompletion=rules_like,
        ),
    ] = "",
    privacy: PrivacyOption = "",
    allow_identifying: AllowOption = False,
    quote: Annotated[
        bool, typer.Option("--quote", help="Show the file's own lines, personal facts and notes included.")
    ] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Show what was met and what does not apply in full.")] = False,
    detail: Annotated[
        bool | None,
        typer.Option("--detail/--no-detail", show_default=False, help="Of many cases, show the report on each."),
    ] = None,
    min_count: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            show_default=False,
            min=0,
            help="Hide numbers under N, round the others, and name no case: for what is to be shared.",
        ),
    ] = None,
    sample_of: Annotated[
        int | None,
        typer.Option(
            metavar="N", show_default=False, min=0, help="The cases were drawn at random from N: show 95 % ranges."
        ),
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            metavar="not-met|not-recorded|never",
            show_default=False,
            help="What makes the exit code 1 (2 always stays).",
            autocompletion=_fail_on_like,
        ),
    ] = "",
    waivers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Findings that somebody accepted, instead of the nearest waivers.yaml.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="Findings of an earlier day: only new or worse ones move the exit code.",
        ),
    ] = None,
    rules: RulesOption = None,
    profile: ProfileOption = "",
    severity: SeverityOption = "",
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    settings: SettingsOption = None,
    locked: Annotated[
        bool,
        typer.Option("--locked", help=f"Refuse unless rules, settings and choice are those of the nearest {LOCK}."),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            metavar="N", show_default=False, min=0, help="Processes beside each other; else as many as there are cores."
        ),
    ] = 0,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            show_default=False,
            help="Review on the Dask cluster whose scheduler is there; its machines then read the cases.",
        ),
    ] = None,
    quiet: Annotated[
        bool | None,
        typer.Option("--quiet/--no-quiet", "-q", show_default=False, help="Print problems only; the exit code tells."),
    ] = None,
    width: Annotated[
        int, typer.Option(metavar="COLUMNS", show_default=False, help="Instead of the terminal's own width.")
    ] = 0,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", help="Keep no reviews for the next run, and use none of an earlier one."),
    ] = False,
    clear_cache: Annotated[
        bool, typer.Option("--clear-cache", help="Delete the reviews that earlier runs kept.")
    ] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR does the same).")] = False,
    _version: VersionOption = False,
) -> None:
    """Review case files."""
    if clear_cache:
        run.clear_cache()
    local = settings_for(settings, paths)
    one_of("--fail-on", fail_on, ("", *FAIL_ON))
    keeps = not (no_cache or local.no_cache)
    whole = load(rules, kept=Path(run.CACHE) if keeps else None)
    checklist = chosen(whole, settings=local, profile=profile, select=select, ignore=ignore, severity=severity)
    options = options_for(
        checklist,
        local,
        as_of=as_of,
        standard_on=standard_on,
        quote=quote,
        privacy=privacy,
        allow=allow_identifying,
    )
    if options.allow_identifying:
        checklist = replace(checklist, notes=(ALLOWED, *checklist.notes))
    if locked and options.standard_on:
        refuse("--locked judges by the standard of the day; leave out --standard-on")
    if locked:
        checklist = _hold_to_lock(checklist, local, paths)
    page = page_of(
        checklist, settings=local.digest, width=width, no_color=no_color or local.no_color, show_all=show_all
    )
    if explain:
        _keep_apart_from_explain(format_, min_count)
        raise typer.Exit(_explain(explain, paths, checklist, options, page))
    accepted = waivers_for(waivers, local, paths, checklist)
    earlier = baseline_for(baseline, local)
    page = replace(
        page,
        waivers=accepted.digest,
        baseline=earlier.digest if earlier is not None else "",
        min_count=local.min_count if min_count is None else min_count,
        sample_of=local.sample_of if sample_of is None else sample_of,
    )
    each = local.detail if detail is None else detail
    silent = local.quiet if quiet is None else quiet
    wanted = _targets(format_, local, "plain" if plain else "paper" if on_paper else "")
    used = [Path(path.removeprefix("@")) for path in paths]
    used += [path for path in (waivers, baseline, settings, local.path) if path is not None]
    for one in wanted:
        if one.path is not None:
            check_target(one.path, used)
    if page.min_count > 1:
        _keep_small_numbers(wanted, detail=each, quote=quote)
    plan = Plan(
        checklist=checklist,
        options=options,
        page=page,
        targets=tuple(one for one in wanted if not (silent and one.path is None and one.format in PRINTED)),
        accepted=accepted,
        earlier=earlier,
        fail_on=fail_on or local.fail_on,
        jobs=jobs or local.jobs or processes(),
        cluster=_cluster(cluster, alone=bool(jobs)),
        detail=each,
        quiet=silent,
        cache=keeps,
        whole=whole,
        summary=_job_summary(wanted),
    )
    raise typer.Exit(conduct(case_files(paths), plan, total=lambda: count(paths)))


def _cluster(asked: str | None, *, alone: bool) -> str:
    """The address of a scheduler, or the end of the command."""
    if asked is not None and (alone or not asked.strip()):
        refuse("--cluster: give the address of a scheduler, and leave out --jobs")
    return asked or ""


def _targets(asked: list[str] | None, settings: Settings, printed: str) -> tuple[Target, ...]:
    """What is written, and where to: what was asked for, or what the settings say, or the console's report."""
    if printed and asked:
        refuse(f"--{'print' if printed == 'paper' else printed}: is a format of its own; leave out --format")
    if printed or asked:
        return targets(asked or [printed])
    return targets(settings.formats, settings.folder) or targets(["console"])


def _keep_small_numbers(wanted: tuple[Target, ...], *, detail: bool, quote: bool) -> None:
    """Ends the command where a report would tell of single cases after all."""
    telling = [one.format for one in wanted if one.format not in PRINTED]
    if telling:
        refuse(f"--min-count: {telling[0]} tells of each finding; give one of {', '.join(PRINTED)}")
    if detail or quote:
        refuse(f"--min-count: leave out --{'detail' if detail else 'quote'}, which tells of single cases")


def _job_summary(wanted: tuple[Target, ...]) -> Path | None:
    """Where GitHub wants a summary, if a report for GitHub is made."""
    place = os.environ.get("GITHUB_STEP_SUMMARY", "")
    return Path(place) if place and any(one.format == "github" for one in wanted) else None


def _hold_to_lock(checklist: Checklist, settings: Settings, paths: list[str]) -> Checklist:
    """The checklist, which says that it is the locked one; or the end of the command with every difference."""
    path, _ = find_upwards(LOCK, working_folder(), map(Path, paths))
    if path is None:
        refuse(f"--locked: there is no {LOCK} here or above; make one with `checklist lock > {LOCK}`")
    problems = check_lock(path, checklist, settings)
    if problems:
        raise InputError(problems)
    return replace(checklist, notes=(*checklist.notes, locked_note(path, checklist)))


def _keep_apart_from_explain(formats: list[str] | None, min_count: int | None) -> None:
    """Refuses what `--explain` would leave undone."""
    if min_count:
        refuse("--min-count: leave out --explain, which tells of single cases")
    if formats:
        refuse("--explain: leave out --format, for it is told in plain words only")


def _explain(wanted: str, paths: list[str], checklist: Checklist, options: Options, page: Page) -> int:
    from checklist.case import load_case
    from checklist.engine import explain
    from checklist.reporters.explain import write as draw

    rule_id, _, subject = wanted.partition(":")
    rule = rule_named(checklist, rule_id)
    codes = []
    files = Files(case_files(paths))
    for file in files:
        document = guarded(read(file, options.limits), options)
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
        write_or_end(draw(explained, page))
        codes.append(2 if case.problems else 0)
    say_problems(tuple(files.problems))
    return 2 if files.problems else max(codes, default=2)
