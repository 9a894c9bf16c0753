"""The command `checklist`: for those who write rules and case files."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from checklist import __version__
from checklist.cli.inputs import (
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
    case_files,
    chosen,
    day,
    load,
    one_of,
    options_for,
    rule_named,
    rulebook_folders,
    settings_for,
    today,
)
from checklist.cli.terminal import put, refuse, say_problems, width_of
from checklist.rulebooks import read_checklist
from checklist.rules import Checklist
from checklist.settings import Settings, with_local_standards
from checklist.source import Problem

checklist_app = typer.Typer(
    add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)

_HELP = """For those who write rules and case files.

\b
Examples:
  checklist rules                      every rule, by area
  checklist show arrest-within-limit   one rule as a page, in English
  checklist lint                       every problem of the rulebook
  checklist test                       every example of every rule
  checklist coverage                   what no example reaches
  checklist mutate arrest-within-limit would a wrong limit be noticed?
  checklist manual                     a page a rule, in docs/rules/
  checklist lock > review.lock         by which rules a review was made
  checklist new case > case.yaml       a case file to be filled in
  checklist new case --profile core    the same, for the rules of a profile
  checklist check case.yaml            is a case file written properly?
  checklist baseline cases/ > old.jsonl
                                       today's findings, for review --baseline
  checklist anonymise cases/ copies    other people and days, same findings
  checklist privacy copies/            which cases stand out among the others
  checklist schema --write schemas     what an editor needs
"""
_Result = TypeVar("_Result")
RuleArguments = Annotated[list[str] | None, typer.Argument(metavar="[RULE]...", show_default=False)]
FailUnder = Annotated[
    float, typer.Option(metavar="PERCENT", show_default=False, help="Exit 1 where less than this is reached.")
]


@checklist_app.callback(help=_HELP)
def _checklist(_version: VersionOption = False) -> None:
    """For those who write rules and case files."""


# Reading rules.


@checklist_app.command("rules", short_help="Every rule, by area.")
def list_rules(
    rules: RulesOption = None,
    profile: ProfileOption = "",
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    settings: SettingsOption = None,
    off: Annotated[bool, typer.Option("--off", help="Only those that are shipped switched off, and why.")] = False,
) -> None:
    """Every rule, by area: its id, its severity and its title."""
    whole = load(rules)
    checklist = (
        replace(whole, rules=tuple(rule for rule in whole.rules if rule.off), left_out=("",))
        if off
        else chosen(whole, settings=settings_for(settings), profile=profile, select=select, ignore=ignore)
    )
    lines = []
    for area in checklist.vocabulary.areas:
        of_area = [rule for rule in checklist.rules if rule.area == area]
        if of_area:
            lines += ["", area.upper()]
        for rule in of_area:
            lines += [f"  {rule.id} ({rule.severity})", f"      {rule.title}"]
            lines += [f"      switched off: {rule.off}"] if rule.off else []
    number = f"{len(checklist.rules)} of {len(whole.rules)}" if checklist.left_out else f"{len(checklist.rules)}"
    rules_ = "rule" if len(whole.rules) == 1 else "rules"
    put("\n".join([*lines[1:], "", f"{number} {rules_}, digest {checklist.digest[:12]}", ""]))


@checklist_app.command(short_help="One rule as a page, in English.")
def show(
    rule: Annotated[str, typer.Argument(metavar="RULE", show_default=False)],
    rules: RulesOption = None,
    as_of: Annotated[
        str, typer.Option(metavar="DATE", show_default=False, help="Only the standard in force on this day.")
    ] = "",
    settings: SettingsOption = None,
) -> None:
    """One rule as a page: what it asks in English, why, who says so, and its examples."""
    import textwrap

    from checklist.authoring import page

    checklist = load(rules, examples=True)
    found = rule_named(with_local_standards(checklist, settings_for(settings)), rule)
    width = min(width_of(0), 100)
    lines = page(found, day("--as-of", as_of)).splitlines()
    wrapped = [
        textwrap.fill(
            line,
            width,
            subsequent_indent="  " if line.startswith(("- ", "  ")) else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines
    ]
    put("\n".join([*wrapped, ""]))


@checklist_app.command(short_help="Write the manual: a page a rule, an index, the checks.")
def manual(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", show_default="docs")] = Path("docs"),
    rules: RulesOption = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a page is stale.")] = False,
) -> None:
    """Write the manual: a page a rule, an index by area, theme and failing, and a page for each check of `checklist lint`."""
    from checklist.manual import is_made, pages

    wanted = {folder / name: text.encode() for name, text in pages(load(rules, examples=True)).items()}
    places = (folder / "rules", folder / "lint")
    held = {path: path.read_bytes() for place in places for path in place.glob("*.md") if path.is_file()}
    for path in (*places, *held):
        if path.is_symlink():
            refuse(f"manual: {path.as_posix()} is a link; give the manual a folder of its own")
    stale = [path for path, text in wanted.items() if _bytes_of(path) != text]
    left = sorted(path for path, text in held.items() if path not in wanted and is_made(text))
    if check:
        put("".join(f"{path.as_posix()}: stale; write it anew with `checklist manual`\n" for path in [*stale, *left]))
        raise typer.Exit(1 if stale or left else 0)
    try:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path])
        for path in left:
            path.unlink()
    except OSError as error:
        refuse(f"manual: {folder.as_posix()} cannot be written: {error.strerror}")
    put(f"{len(wanted)} pages: {len(stale)} written, {len(left)} removed\n")


@checklist_app.command(short_help="By which rules a review is made, to be kept as review.lock.")
def lock(
    rules: RulesOption = None,
    profile: ProfileOption = "",
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    settings: SettingsOption = None,
) -> None:
    """By which rules, settings and choice a review is made: keep it as review.lock, and review with --locked."""
    from checklist.settings import lock_of

    local = settings_for(settings)
    checklist = chosen(load(rules), settings=local, profile=profile, select=select, ignore=ignore)
    put(lock_of(checklist, local, __version__))


# Holding rules to account.


@checklist_app.command(short_help="Every problem of the rulebook, at its line.")
def lint(
    rules: RulesOption = None,
    explain: Annotated[
        str, typer.Option(metavar="CHECK", show_default=False, help="What one check looks for, and why.")
    ] = "",
) -> None:
    """Every problem of the rulebook, at its line; exit 2 if there is any."""
    from checklist import lint as linting
    from checklist.manual import page_of_check

    if explain:
        one_of("--explain", explain, tuple(check.id for check in linting.CHECKS))
        put(page_of_check(next(check for check in linting.CHECKS if check.id == explain)))
        return
    checklist, problems = read_checklist(*rulebook_folders(rules), examples=True)
    found = linting.lint(checklist) if checklist is not None else linting.Linted(())
    problems = tuple(sorted((*problems, *found.problems)))
    put("".join(f"{problem} [{problem.check or 'form'}]\n" for problem in problems))
    put("".join(f"note: {note} [{note.check}]\n" for note in found.notes))
    put(_told(checklist, problems))
    raise typer.Exit(2 if problems else 0)


def _told(checklist: Checklist | None, problems: tuple[Problem, ...]) -> str:
    rules = checklist.rules if checklist is not None else ()
    head = f"{len(rules)} rules with {sum(len(rule.examples) for rule in rules)} examples"
    if not problems:
        return f"{head}: no problem\n"
    number = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return f"{head} can be read: {number}; `checklist lint --explain CHECK` says why each matters\n"


@checklist_app.command(short_help="Run the examples: each verdict, for the reason it names.")
def test(ids: RuleArguments = None, rules: RulesOption = None) -> None:
    """Run the examples of the rules named, or of all: each must give its verdict, because of the fact that it names."""
    from checklist.testing import examples_of, run_example

    checklist = load(rules, examples=True)
    ran, wrong = 0, 0
    for trial in examples_of(checklist, _ids(checklist, ids)):
        differences = run_example(trial, checklist)
        ran += 1
        wrong += bool(differences)
        for difference in differences:
            put("\n".join([difference.place, *_beside(difference.rows), "", ""]))
    put(f"{ran} examples, {ran - wrong} as expected, {wrong} not\n")
    raise typer.Exit(1 if wrong else 0)


def _beside(rows: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    """What was expected and what was found, side by side."""
    import textwrap

    half = (min(width_of(0), 120) - 14) // 2
    for what, expected, found in (("", "expected", "found"), *rows):
        left, right = textwrap.wrap(expected, half) or ["-"], textwrap.wrap(found, half) or ["-"]
        for number in range(max(len(left), len(right))):
            columns = (
                what if number == 0 else "",
                *(side[number] if number < len(side) else "" for side in (left, right)),
            )
            yield f"  {columns[0]:8}  {columns[1]:{half}}  {columns[2]}".rstrip()


@checklist_app.command(short_help="What no example reaches.")
def coverage(ids: RuleArguments = None, rules: RulesOption = None, fail_under: FailUnder = 0) -> None:
    """What no example reaches: clauses in each truth, limits kept and broken, reasons, versions, verdicts."""
    from checklist.coverage import cover, percent

    checklist = load(rules, examples=True)
    coverages = cover(checklist, _ids(checklist, ids))
    for one in coverages:
        put("".join(f"{goal.file}:{goal.line}: {one.rule}: no example reaches {goal.what}\n" for goal in one.missed))
    put("\n" if any(one.missed for one in coverages) else "")
    width = max((len(one.rule) for one in coverages), default=0)
    put("".join(f"{one.rule:{width}}  {one.reached:>4} of {len(one.goals)}\n" for one in coverages))
    whole = percent(coverages)
    put(f"{whole:.1f} % of {sum(len(one.goals) for one in coverages)} goals are reached\n")
    raise typer.Exit(1 if whole < fail_under else 0)


@checklist_app.command(short_help="Changes to rules that no example notices.")
def mutate(
    ids: RuleArguments = None,
    rules: RulesOption = None,
    jobs: Annotated[int, typer.Option(metavar="N", show_default=False, help="Processes; as many as cores.")] = 0,
    show_all: Annotated[bool, typer.Option("--all", help="List every mutant, not only those that survive.")] = False,
    fail_under: FailUnder = 0,
) -> None:
    """Change rules in one thing at a time, and list the changes that no example notices."""
    from concurrent.futures import ProcessPoolExecutor

    from checklist.mutation import Fate, mutate_all, score

    folders = rulebook_folders(rules)
    checklist = load(rules, examples=True)
    wanted = _ids(checklist, ids) or tuple(rule.id for rule in checklist.rules)
    workers = min(jobs or os.cpu_count() or 1, len(wanted))
    with ProcessPoolExecutor(workers) as pool:
        found = list(_watched(mutate_all(folders, wanted, pool), len(wanted)))
    results = tuple(result for of_rule in found for result in of_rule)
    for one in results:
        if show_all or one.fate is Fate.SURVIVED:
            why = f" ({one.why})" if one.why else ""
            put(f"{one.file}:{one.line}: {one.rule}: {one.fate}: {one.change}{why}\n")
    counted = {fate: sum(one.fate is fate for one in results) for fate in Fate}
    put(f"{len(results)} mutants: {', '.join(f'{number} {fate}' for fate, number in counted.items())}\n")
    put(f"{score(results):.1f} % of those that change a verdict were killed\n")
    raise typer.Exit(1 if score(results) < fail_under else 0)


def _watched(results: Iterator[_Result], total: int) -> Iterator[_Result]:
    """The results, with a bar on standard error where that is a terminal."""
    import sys

    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    yield from track(results, "mutating", total, console=console, disable=not sys.stderr.isatty(), transient=True)


def _ids(checklist: Checklist, asked: list[str] | None) -> tuple[str, ...]:
    return tuple(rule_named(checklist, one).id for one in asked or ())


# Case files.


@checklist_app.command(short_help="JSON Schemas, for an editor.")
def schema(
    what: Annotated[
        str,
        typer.Argument(metavar="[case|rule|examples|vocabulary|profile|settings|waivers]", show_default=False),
    ] = "",
    write: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", show_default=False, help="Write every schema into a folder, as WHAT.json."),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", show_default=False, help="Name the schemas of a folder that are stale; exit 1."),
    ] = None,
    rules: RulesOption = None,
) -> None:
    """The JSON Schema of one sort of file, for an editor; or every schema, in a folder."""
    from checklist.editors import NAMES, schema_files

    if write is None and check is None:
        one_of("schema", what, NAMES)
        put(schema_files(load(rules))[f"{what}.json"])
        return
    if what:
        refuse("schema: --write and --check are for every schema; name none")
    files = schema_files(load(rules))
    if write is not None:
        try:
            write.mkdir(parents=True, exist_ok=True)
            for name, text in files.items():
                (write / name).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            refuse(f"schema: {write} cannot be written: {error.strerror}")
        put(f"{len(files)} schemas written to {write}\n")
    stale = [name for name, text in files.items() if check is not None and _bytes_of(check / name) != text.encode()]
    put("".join(f"{check}/{name} is stale: checklist schema --write {check}\n" for name in stale))
    raise typer.Exit(1 if stale else 0)


def _bytes_of(path: Path) -> bytes:
    """What a file holds, whichever line ends it has; nothing where there is none."""
    return path.read_bytes().replace(b"\r\n", b"\n") if path.is_file() else b""


@checklist_app.command(short_help="A case or a rule to be filled in.")
def new(
    what: Annotated[str, typer.Argument(metavar="case|rule", show_default=False)],
    name: Annotated[str, typer.Argument(metavar="[NAME]", show_default=False)] = "",
    rules: RulesOption = None,
    profile: ProfileOption = "",
) -> None:
    """A file to be filled in: a case by the questions that the rules (of a profile) ask, or a rule by its id."""
    from checklist.editors import case_template, is_rule_id, rule_template

    one_of("new", what, ("case", "rule"))
    checklist = load(rules)
    if what == "case":
        asked = chosen(checklist, settings=Settings(), profile=profile) if profile else None
        put(case_template(name or "CASE-1", today(), checklist, asked))
        return
    if not is_rule_id(name):
        refuse("new rule: the rule needs an id in small letters; write checklist new rule child-seen-alone")
    if checklist.rule(name) is not None:
        refuse(f"new rule: there is a rule {name} already")
    put(rule_template(name, checklist))


@checklist_app.command(short_help="Every problem of a case file, at its line.")
def check(
    paths: PathsArgument, rules: RulesOption = None, settings: SettingsOption = None, privacy: PrivacyOption = ""
) -> None:
    """Every problem of a case file, at its line; exit 2 if there is any."""
    from checklist.case import load_case
    from checklist.cli.run import Files
    from checklist.engine import review
    from checklist.folders import read
    from checklist.runner import guarded
    from checklist.source import Limits

    local = settings_for(settings, paths)
    checklist = with_local_standards(load(rules), local)
    options = options_for(checklist, local, privacy=privacy)
    files = Files(case_files(paths))
    number = wrong = 0
    for file in files:
        document = guarded(read(file, Limits()), options)
        case = load_case(document, checklist.vocabulary)
        # Whether a judgement answers a rule is the engine's to say.
        problems = review(case, checklist).problems if case.judgements and case.has_clock else case.problems
        number += 1
        wrong += len(problems)
        put("".join(f"{problem}\n" for problem in problems))
    say_problems(tuple(files.problems))
    told = "no problem" if not wrong else "1 problem" if wrong == 1 else f"{wrong} problems"
    put(f"{number} {'file' if number == 1 else 'files'}: {told}\n")
    raise typer.Exit(2 if wrong or files.problems or not number else 0)


@checklist_app.command(short_help="Today's findings, to be kept as a baseline.")
def baseline(
    paths: PathsArgument,
    *,
    as_of: AsOfOption = "",
    standard_on: StandardOnOption = "",
    rules: RulesOption = None,
    profile: ProfileOption = "",
    severity: SeverityOption = "",
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    settings: SettingsOption = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help="Instead of standard output.")
    ] = None,
) -> None:
    """Write today's findings to act on, so that `review --baseline` fails only on new or worse ones.

    Codes and verdicts only: case, rule, subject, verdict. If a case could not be reviewed it ends with 2, and `--write` leaves no file.
    """
    from checklist.cli.run import write_baseline

    local = settings_for(settings, paths)
    checklist = chosen(load(rules), settings=local, profile=profile, select=select, ignore=ignore, severity=severity)
    options = options_for(checklist, local, as_of=as_of, standard_on=standard_on)
    raise typer.Exit(write_baseline(paths, checklist, options, write))
