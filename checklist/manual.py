"""The manual, made from the rules: a page a rule, an index, what inspectors found and which rules ask it, a page for each check of `lint`."""

from collections.abc import Iterator
from itertools import chain

from checklist.authoring import describe, in_force_words, source_lines
from checklist.findings import Standing, whose_limit
from checklist.lint import CHECKS, Check
from checklist.reporters.report import sentence
from checklist.rules import Checklist, Rule
from checklist.testing import Trial, findings_of
from checklist.vocabulary import FactType

_MADE = "<!-- Made by `checklist manual`; change the rule, not this page. -->"


def is_made(page: bytes) -> bool:
    """Whether a page was made here, and may be removed where its rule is gone."""
    return page.startswith(_MADE.encode())


def pages(checklist: Checklist) -> dict[str, str]:
    """Every page of the manual by its path: `coverage.md`, `rules/README.md`, `rules/RULE.md`, `lint/README.md`, `lint/CHECK.md`."""
    return {
        "coverage.md": _text(_coverage(checklist)),
        "rules/README.md": _index(checklist),
        **{f"rules/{rule.id}.md": _text(_page(rule, checklist)) for rule in checklist.rules},
        "lint/README.md": _index_of_checks(),
        **{f"lint/{check.id}.md": f"{_MADE}\n{page_of_check(check)}" for check in CHECKS},
    }


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


# A rule.


def _page(rule: Rule, checklist: Checklist) -> Iterator[str]:
    yield from (_MADE, f"# {rule.title}", "", f"`{rule.id}` · {rule.area} · {rule.severity}", "")
    if rule.off:
        yield from (f"**Shipped switched off**: {rule.off}. A profile, or `--select`, that names it asks it.", "")
    yield from chain.from_iterable((line, "") for line in describe(rule).splitlines())
    yield from ("## Why", "", rule.why, "", "## What to do", "", rule.action, "")
    if rule.strength:
        yield from ("## Good practice", "", rule.strength, "")
    yield from _limits(rule)
    yield from ("## Who says so", "")
    for source in rule.sources:
        first, *rest = source_lines(source)
        yield first
        yield f"  ({'; '.join(line.strip() for line in rest)})"
    yield from ("", "## How it is answered", "")
    for fact in _facts(rule):
        look_in = f" Look in: {fact.look_in}." if fact.look_in else ""
        yield f"- `{fact.name}`: {fact.asks}{look_in}"
    yield from ("", "## Examples", "")
    for example in rule.examples:
        yield f"- **{sentence(example.name)}**"
        for finding in findings_of(Trial(rule, example), checklist):
            yield f"  - {finding.subject}: *{finding.verdict}* ({finding.basis}). {sentence(finding.says)}"
    if rule.answers:
        yield from ("", "## What inspectors found that it answers", "", ", ".join(_words(rule.answers)))


def _limits(rule: Rule) -> Iterator[str]:
    if not any(version.blocks.limits() for version in rule.versions):
        return
    yield from ("## Limits", "")
    for version in rule.versions:
        told = whose_limit(version.limit_standing, version.sources)
        days = f"; {in_force_words(version)}" if len(rule.versions) > 1 else ""
        yield from (f"- {limit}: {told}{days}" for limit in dict.fromkeys(version.blocks.limits()))
    yield ""


def _facts(rule: Rule) -> tuple[FactType, ...]:
    """Every fact that the rule reads, once."""
    return tuple({path.fact.name: path.fact for path in rule.paths()}.values())


def _words(codes: tuple[str, ...]) -> list[str]:
    return [code.replace("_", " ") for code in codes]


# The index.


def _index(checklist: Checklist) -> str:
    rules = checklist.rules
    head = [
        _MADE,
        "# The rules",
        "",
        f"{len(rules)} rules. Each page is made from its rule, and its examples were run to write it.",
        "",
    ]
    by_area = [(area, [rule for rule in rules if rule.area == area]) for area in checklist.vocabulary.areas]
    themes = [
        (tag, [rule for rule in rules if tag in rule.tags])
        for tag in sorted({tag for rule in rules for tag in rule.tags})
    ]
    codes = sorted({code for rule in rules for code in rule.answers})
    failings = [(code.replace("_", " "), [rule for rule in rules if code in rule.answers]) for code in codes]
    sections = (("By area", by_area), ("By theme", themes), ("By what inspectors found", failings))
    return _text(chain(head, *(_section(name, groups) for name, groups in sections)))


def _section(name: str, groups: list[tuple[str, list[Rule]]]) -> Iterator[str]:
    yield from (f"## {name}", "")
    for word, rules in groups:
        if rules:
            yield from (f"### {word[:1].upper()}{word[1:]}", "")
            yield from (f"- [{rule.title}]({rule.id}.md) ({rule.severity}; {_whose(rule)})" for rule in rules)
            yield ""


def _whose(rule: Rule) -> str:
    """The highest standing that any of its sources has; and whether the limit is our own all the same."""
    standings = [source.standing for source in rule.sources]
    ours = any(version.limit_standing == Standing.LOCAL for version in rule.versions)
    off = "; switched off" if rule.off else ""
    return f"{min(standings, key=tuple(Standing).index)}{'; the limit is our default' if ours else ''}{off}"


# What inspectors found, and which rules ask it.


def _coverage(checklist: Checklist) -> Iterator[str]:
    vocabulary, rules = checklist.vocabulary, [rule for rule in checklist.rules if not rule.off]
    off = len(checklist.rules) - len(rules)
    yield from (_MADE, "# What inspectors found, and which rules ask it", "")
    yield f"{len(rules)} rules, and {off} that are shipped switched off. A failing is a type that inspectors and reviewers published; beside it, in how many of their cases it was found, and the rules that ask it."
    yield from ("", "| failing | what it is | cases | rules that ask it |", "|---|---|---|---|")
    for code, failing in vocabulary.failings.items():
        asked = [rule for rule in rules if code in rule.answers]
        told = ", ".join(_link(rule) for rule in asked) or f"none: {failing.not_asked or 'no rule asks it yet'}"
        yield f"| {code.replace('_', ' ')} | {failing.says} | {failing.cases} | {told} |"
    yield from (
        "",
        "## By area",
        "",
        "The areas are those of the 2020 criteria; the topics are those of 2024. The mapping is ours.",
        "",
    )
    yield from ("| area | topics | rules |", "|---|---|---|")
    for area in vocabulary.areas:
        number = sum(rule.area == area for rule in rules)
        yield f"| {area} | {', '.join(vocabulary.topics.get(area, ()))} | {number} |"
    yield from ("", "## By theme", "", "| theme | rules |", "|---|---|")
    for theme in vocabulary.themes:
        yield f"| {theme} | {', '.join(_link(rule) for rule in rules if theme in rule.tags) or 'none'} |"
    yield from ("", "## Switched off", "", "| rule | why |", "|---|---|")
    yield from (f"| {_link(rule)} | {rule.off} |" for rule in checklist.rules if rule.off)


def _link(rule: Rule) -> str:
    return f"[{rule.id}](rules/{rule.id}.md)"


# The checks of `lint`.


def page_of_check(check: Check) -> str:
    """What one check looks for, why it matters, and how to mend it."""
    told = (
        f"# {check.id}",
        f"**Looks for** {check.looks_for}.",
        f"**Why.** {check.why}",
        f"**To mend it.** {check.mend}",
    )
    return "\n\n".join(told) + "\n"


def _index_of_checks() -> str:
    head = (_MADE, "# What `checklist lint` looks for", "", "| check | looks for |", "|---|---|")
    return _text(chain(head, (f"| [{check.id}]({check.id}.md) | {check.looks_for} |" for check in CHECKS)))
