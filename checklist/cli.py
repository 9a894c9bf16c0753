"""The shell: arguments, today's date, printing, exit codes. Nothing is decided here."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from checklist import __version__
from checklist.clocks import ClockError, Moment, Precision, parse_moment
from checklist.findings import Review
from checklist.reporters import NAMES, Page
from checklist.rules import Checklist, Rule, load_checklist
from checklist.runner import Options, exit_code, find_files, review_document
from checklist.source import Document, InputError, Problem, did_you_mean, parse_document, read_document

BUG, CANNOT_WRITE, PIPE_CLOSED = 70, 74, 141
_GLYPHS = "─│└•…✓"
_NARROWEST, _USUAL = 40, 80

review_app = typer.Typer(add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None)
checklist_app = typer.Typer(
    add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None, no_args_is_help=True
)


# Review.

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

PathsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", show_default=False, help="Case files or folders; - is standard input."),
]
RulesOption = Annotated[
    Path | None,
    typer.Option(
        "--rules", metavar="FOLDER", show_default=False, help="A rulebook instead of the one that is shipped."
    ),
]


def _say_version(value: bool) -> None:
    if value:
        _put(f"review {__version__}, rulebook {load_checklist(rulebook_folder()).digest[:12]}\n")
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
    _one_of("--format", name, NAMES)
    _one_of("--fail-on", fail_on, ("", "not-met", "not-recorded", "never"))
    options = Options(as_of=_as_of(as_of), standard_on=_day("--standard-on", standard_on))
    checklist = _load(rules)
    documents = list(_documents(paths)) if quote else None
    quotes = {one.file: one.lines for one in documents} if documents is not None else None
    page = _page(checklist, width=width, no_color=no_color, quotes=quotes, show_all=show_all)
    read = documents if documents is not None else _documents(paths)
    if explain:
        raise typer.Exit(_explain(explain, read, checklist, options, page))
    seen: list[int] = []
    _write(_reporter(name)(_reviews(read, checklist, options, fail_on, seen), page))
    raise typer.Exit(_worst(seen))


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


def _documents(paths: list[Path]) -> Iterator[Document]:
    for path in paths:
        if str(path) == "-":
            yield parse_document(sys.stdin.buffer.read(), name="standard input")
        else:
            for file in find_files([path]):
                yield read_document(file, name=file.as_posix())


def _explain(
    wanted: str, documents: Iterator[Document] | list[Document], checklist: Checklist, options: Options, page: Page
) -> int:
    from checklist.case import load_case
    from checklist.engine import explain
    from checklist.reporters.explain import write

    rule_id, _, subject = wanted.partition(":")
    rule = _rule(checklist, rule_id)
    codes = []
    for document in documents:
        case = load_case(document, checklist.vocabulary, as_of=options.as_of)
        if document.root is None or document.problems or not case.has_clock:
            _problems(case.problems)
            codes.append(2)
            continue
        explained = explain(rule, case, checklist, subject=subject)
        if not explained:
            subjects = [thing.ref for thing in case.listing(rule.for_each).things]
            _refuse(
                f"{rule_id} has no subject {subject} in {document.file}; {did_you_mean(subject, subjects)}".rstrip("; ")
            )
        _write(write(explained, page))
        codes.append(2 if case.problems else 0)
    return max(codes, default=2)


# Checklist.

_CHECKLIST_HELP = """For those who write rules and case files.

\b
Examples:
  checklist rules                      every rule, by area
  checklist show arrest-within-limit   one rule as a page, in English
  checklist lint                       every problem of the rulebook
  checklist test                       every example of every rule
  checklist check case.yaml            is a case file written properly?
  checklist schema case                a JSON Schema, for an editor
"""


@checklist_app.callback(help=_CHECKLIST_HELP)
def _checklist() -> None:
    """For those who write rules and case files."""


@checklist_app.command("rules")
def list_rules(rules: RulesOption = None) -> None:
    """Every rule, by area: its id, its severity and its title."""
    checklist = _load(rules)
    lines = []
    for area in checklist.vocabulary.areas:
        of_area = [rule for rule in checklist.rules if rule.area == area]
        if of_area:
            lines += ["", area.upper(), *(f"  {rule.id} ({rule.severity})\n      {rule.title}" for rule in of_area)]
    _put("\n".join([*lines[1:], "", f"{len(checklist.rules)} rules, digest {checklist.digest[:12]}", ""]))


@checklist_app.command()
def show(rule: Annotated[str, typer.Argument(metavar="RULE", show_default=False)], rules: RulesOption = None) -> None:
    """One rule as a page: what it asks in English, why, who says so, and its examples."""
    import textwrap

    from checklist.authoring import page

    checklist = _load(rules)
    width = min(_width(0), 100)
    lines = page(_rule(checklist, rule)).splitlines()
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
    _put("\n".join([*wrapped, ""]))


@checklist_app.command()
def lint(rules: RulesOption = None) -> None:
    """Every problem of the rulebook, at its line; exit 2 if there is any."""
    checklist = _load(rules)
    examples = sum(len(rule.examples) for rule in checklist.rules)
    _put(f"{len(checklist.rules)} rules with {examples} examples: no problem\n")


@checklist_app.command()
def test(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[RULE]...", show_default=False)] = None,
    rules: RulesOption = None,
) -> None:
    """Run the examples of the rules named, or of all: each must give its verdict, because of the fact that it names."""
    from checklist.testing import examples_of, run_example

    checklist = _load(rules)
    wanted = tuple(_rule(checklist, one).id for one in ids or ())
    ran, wrong = 0, 0
    for trial in examples_of(checklist, wanted):
        differences = run_example(trial, checklist)
        ran += 1
        wrong += bool(differences)
        for difference in differences:
            _put(f"{difference}\n\n")
    _put(f"{ran} examples, {ran - wrong} as expected, {wrong} not\n")
    raise typer.Exit(1 if wrong else 0)


@checklist_app.command()
def schema(
    what: Annotated[str, typer.Argument(metavar="case|rule|vocabulary", show_default=False)], rules: RulesOption = None
) -> None:
    """The JSON Schema of case files, rules or vocabularies, for an editor."""
    import json

    from checklist.editors import schema_of

    _one_of("schema", what, ("case", "rule", "vocabulary"))
    _put(json.dumps(schema_of(what, _load(rules)), indent=2) + "\n")


@checklist_app.command()
def check(paths: PathsArgument, rules: RulesOption = None) -> None:
    """Every problem of a case file, at its line; exit 2 if there is any."""
    from checklist.case import load_case

    checklist = _load(rules)
    found = 0
    files = 0
    for document in _documents(paths):
        files += 1
        problems = load_case(document, checklist.vocabulary).problems
        found += len(problems)
        _put("".join(f"{problem}\n" for problem in problems))
    told = "no problem" if not found else "1 problem" if found == 1 else f"{found} problems"
    _put(f"{files} {'file' if files == 1 else 'files'}: {told}\n")
    raise typer.Exit(2 if found else 0)


# What both commands share.


def rulebook_folder() -> Path:
    """The folder of the rules that are shipped: inside the package, or beside it in a checkout."""
    inside = Path(__file__).parent / "rulebook"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


def _load(folder: Path | None) -> Checklist:
    return load_checklist(folder if folder is not None else rulebook_folder())


def _rule(checklist: Checklist, rule_id: str) -> Rule:
    found = checklist.rule(rule_id)
    if found is None:
        hint = did_you_mean(rule_id, [rule.id for rule in checklist.rules]) or "`checklist rules` lists them"
        _refuse(f"no such rule: {rule_id}; {hint}")
    return found


def _one_of(option: str, found: str, options: tuple[str, ...]) -> None:
    if found not in options:
        near = did_you_mean(found, options)
        _refuse(f"{option}: expected one of {', '.join(one for one in options if one)}{'; ' + near if near else ''}")


def _as_of(text: str) -> Moment | None:
    """The as-of that was asked for; this is the only place that reads today's date."""
    if not text:
        return None
    if text == "today":
        text = date.today().isoformat()  # noqa: DTZ011 - a reviewer's own day is the one on the wall
    try:
        moment = parse_moment(text)
    except ClockError as error:
        _refuse(f"--as-of: {error.what}; {error.hint}")
    if moment.precision not in (Precision.DAY, Precision.MINUTE):
        _refuse("--as-of must be one day, or one minute: write --as-of 2016-07-18")
    return moment


def _day(option: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        _refuse(f"{option} must be a day: write {option} 2016-07-18")


def _refuse(what: str) -> NoReturn:
    sys.stderr.write(f"{what}\n")
    raise SystemExit(2)


def _problems(problems: tuple[Problem, ...]) -> None:
    sys.stderr.write("".join(f"{problem}\n" for problem in problems))


# Printing.


def _reporter(name: str) -> Callable[[Iterator[Review], Page], Iterator[str]]:
    from importlib import import_module

    write: Callable[[Iterator[Review], Page], Iterator[str]] = import_module(f"checklist.reporters.{name}").write
    return write


def _page(
    checklist: Checklist, *, width: int, no_color: bool, quotes: dict[str, tuple[str, ...]] | None, show_all: bool
) -> Page:
    return Page(
        width=_width(width),
        colour=_wants_colour(no_color=no_color),
        unicode=_can_print(_GLYPHS),
        quotes=quotes,
        digest=checklist.digest,
        rules=len(checklist.rules),
        version=__version__,
        show_all=show_all,
    )


def _width(asked: int) -> int:
    return max(_NARROWEST, asked or shutil.get_terminal_size((_USUAL, 24)).columns)


def _wants_colour(*, no_color: bool) -> bool:
    if no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _can_print(glyphs: str) -> bool:
    try:
        glyphs.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError, AttributeError):
        return False
    return True


def _put(text: str) -> None:
    _write(iter((text,)))


def _write(pieces: Iterator[str]) -> None:
    """Writes and flushes; a closed pipe ends the program as `head` expects, any other failure with 74."""
    if sys.stdout is None:
        raise SystemExit(CANNOT_WRITE)
    for piece in pieces:
        try:
            sys.stdout.write(piece)
            sys.stdout.flush()
        except BrokenPipeError:
            _abandon_stdout()
            raise SystemExit(PIPE_CLOSED) from None
        except (OSError, ValueError):
            _abandon_stdout()
            raise SystemExit(CANNOT_WRITE) from None


def _abandon_stdout() -> None:
    """Lets the interpreter close a broken standard output without another word."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# The doors.


def review_main() -> NoReturn:
    """The command `review`."""
    _run(review_app, "review")


def checklist_main() -> NoReturn:
    """The command `checklist`."""
    _run(checklist_app, "checklist")


def _run(app: typer.Typer, name: str) -> NoReturn:
    """Runs a command; whatever happens, the exit code never reads as a verdict that was not reached, and no case text is shown."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # absent on captured streams
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    try:
        app(prog_name=name)
    except InputError as error:
        _problems(error.problems)
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 - the one place that must let nothing out
        _report_bug(error)
        raise SystemExit(BUG) from None
    raise SystemExit(0)


def _stopped(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _report_bug(error: Exception) -> None:
    """The exception's class and the places in the code: no message, no values, no lines of a case."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    sys.stderr.write(
        "\n".join(
            [
                "this is a fault of the program, not of the case; please report these lines:",
                type(error).__name__,
                *places,
                "",
            ]
        )
    )


__all__ = ["checklist_main", "review_main", "rulebook_folder"]
