"""What every printed report says, and in which order; how it looks is for the console, for paper and for plain text to decide."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from checklist.findings import (
    WORST_FIRST,
    Age,
    Basis,
    Finding,
    Mark,
    Review,
    Severity,
    Source,
    Standing,
    Verdict,
    Waiver,
    count_verdicts,
    whose_limit,
)
from checklist.later import dataclass, pattern
from checklist.logic import Evidence, State
from checklist.reporters import ALLOWED, Page
from checklist.source import Problem

PRACTICE = (Verdict.NOT_MET, Verdict.EXCUSED, Verdict.NOT_DUE_YET, Verdict.MET)
RECORDING = (Verdict.NOT_RECORDED, Verdict.CANNOT_TELL, Verdict.NEEDS_JUDGEMENT)
_SEVERITIES = tuple(Severity)
_MOST_MARKS, _MOST_QUESTIONS, _FEW = 40, 10, 8


class Role(StrEnum):
    """What a line is for; a drawer gives each role its looks."""

    TITLE = "title"
    HEADING = "heading"
    BANNER = "banner"
    VERDICT = "verdict"
    STRONG = "strong"
    TEXT = "text"
    LABELLED = "labelled"
    CODE = "code"
    CARET = "caret"
    MUTED = "muted"
    BLANK = "blank"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report before it is wrapped."""

    role: Role
    text: str = ""
    lead: str = ""
    """Stands before the text; what is wrapped is set in under the text."""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that say the same: of one rule on several subjects, or of several rules for want of one fact."""

    findings: tuple[Finding, ...]
    shared: str = "rule"
    """What they have in common: `rule`, `cause`, `applies` (what says whether they apply), `lists` (that the file does not have), or `unseen`."""

    @property
    def first(self) -> Finding:
        """The finding that speaks for all."""
        return self.findings[0]

    @property
    def severity(self) -> Severity:
        """The most severe of them."""
        return min((finding.severity for finding in self.findings), key=_SEVERITIES.index)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings: the first column is words, the others are numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


BLANK = Line(Role.BLANK)


def compose(review: Review, page: Page, *, answers: bool = False) -> Iterator[Line]:
    """The lines of the report on one case, unwrapped.

    Args:
        review: the finished review.
        page: how it is to be drawn.
        answers: whether to leave room for the answer of the officer in the case, and for signatures.
    """
    page = replace(page, quotes=review.quotes)
    yield from _head(review, page)
    yield from _problems(review)
    if not review.was_reviewed:
        yield Line(Role.BANNER, "NOT REVIEWED, for what is said above. Nothing is said of the case.")
        return
    yield from _banner(review)
    yield from _summary(review)
    yield from _timeline(review, page)
    yield from _to_act_on(review, page, answers=answers)
    yield from _strengths(review, page)
    yield from _the_rest(review, page, every=answers or page.show_all)
    yield from _questions(review)
    yield from _totals(review)
    if answers:
        yield from _signatures()


# The head: what this is, and what must be known before anything else.


def _head(review: Review, page: Page) -> Iterator[Line]:
    yield Line(Role.TITLE, f"Review of {review.case or 'a case without a name'}")
    as_of = f", as of {review.as_of}" if review.as_of else ""
    yield Line(Role.MUTED, f"{review.file}{as_of}")
    yield Line(Role.MUTED, f"{made_by(page)}; looked at: {review.looked_at}")
    yield from noted(review.notices)
    yield BLANK


def noted(notices: Iterable[str]) -> Iterator[Line]:
    """What must be known of the rules and of the file, the gravest first."""
    for notice in notices:
        yield Line(Role.BANNER, notice) if notice == ALLOWED else Line(Role.MUTED, notice, "- ")


def made_by(page: Page) -> str:
    """By which rules, settings, waivers and baseline a report was made."""
    used = ((page.settings, "settings"), (page.waivers, "waivers"), (page.baseline, "baseline"))
    by = "".join(f", {what} {digest[:12]}" for digest, what in used if digest)
    return (
        f"{page.rules} {'rule' if page.rules == 1 else 'rules'}, rulebook {page.digest[:12]}{by}; review {page.version}"
    )


def _problems(review: Review) -> Iterator[Line]:
    if not review.problems:
        return
    number = len(review.problems)
    told = "1 PROBLEM WITH THE FILE" if number == 1 else f"{number} PROBLEMS WITH THE FILE"
    yield Line(Role.BANNER, told)
    if review.was_reviewed:
        yield Line(
            Role.TEXT, "What they touch is unreadable, never taken for absent; nobody's practice is at fault for them."
        )
    for problem in review.problems:
        yield problem_line(problem, f"  line {problem.line}:{problem.column}  ")
    yield BLANK


def problem_line(problem: Problem, lead: str) -> Line:
    """What is wrong at a place, and what would be right."""
    hint = f"; {problem.hint}" if problem.hint else ""
    return Line(Role.LABELLED, f"{problem.what}{hint}", lead)


def _banner(review: Review) -> Iterator[Line]:
    critical = [finding for finding in review.findings if finding.severity is Severity.CRITICAL]
    broken = sum(finding.verdict is Verdict.NOT_MET for finding in critical)
    if broken and review.at_risk:
        number = "1 critical finding is" if broken == 1 else f"{broken} critical findings are"
        told = f"{number} not met, and the file does not record that the risk has ended."
        yield Line(Role.BANNER, f"A CHILD MAY STILL BE AT RISK: {told}")
        yield BLANK
    spared = [finding for finding in critical if finding.is_spared]
    if spared:
        head = "1 CRITICAL FINDING PASSES" if len(spared) == 1 else f"{len(spared)} CRITICAL FINDINGS PASS"
        yield Line(Role.BANNER, f"{head} ONLY BY LOCAL STANDARDS; by the shipped rules, not met:")
        for finding in spared:
            yield Line(
                Role.TEXT, f"{finding.title} ({finding.rule}, {_subject(finding)}): here {finding.verdict}", "- "
            )
        yield BLANK


# The summary: practice kept apart from recording.


def _summary(review: Review) -> Iterator[Line]:
    yield Line(Role.HEADING, "Summary")
    yield Line(Role.LABELLED, _practice(review.findings), "Practice   ")
    yield Line(Role.LABELLED, _recording(review.findings), "Recording  ")
    apart = sum(finding.verdict is Verdict.DOES_NOT_APPLY for finding in review.findings)
    if apart:
        yield Line(Role.LABELLED, f"{apart} {'does' if apart == 1 else 'do'} not apply", "Aside      ")
    yield BLANK
    by_area: dict[str, list[Finding]] = {}
    for finding in review.findings:
        if finding.verdict is not Verdict.DOES_NOT_APPLY:
            by_area.setdefault(finding.area, []).append(finding)
    for area, of_area in sorted(by_area.items(), key=lambda one: _failings(one[1]), reverse=True):
        yield Line(Role.STRONG, area.capitalize())
        yield Line(Role.LABELLED, f"{_practice(of_area)}. Recording: {_recording(of_area)}.", "  Practice: ")
    yield BLANK


def _failings(findings: Iterable[Finding]) -> tuple[int, ...]:
    """How many are not met, of each severity, the most severe first: by this areas are told, the worst first."""
    counted = Counter(finding.severity for finding in findings if finding.verdict is Verdict.NOT_MET)
    return tuple(counted[severity] for severity in _SEVERITIES)


def _practice(findings: Sequence[Finding]) -> str:
    told = _counted(findings, PRACTICE)
    by_severity = _by_severity(finding for finding in findings if finding.verdict is Verdict.NOT_MET)
    silent = sum(one.verdict is Verdict.NOT_MET and one.basis is Basis.NOTHING_RECORDED for one in findings)
    by_severity += f"; of {silent} nothing is recorded" if silent else ""
    accepted_ = sum(one.verdict is Verdict.NOT_MET and one.waiver is not None for one in findings)
    by_severity += f"; {accepted_} accepted" if accepted_ else ""
    return told.replace(" not met", f" not met ({by_severity})", 1) if by_severity else told


def _recording(findings: Sequence[Finding]) -> str:
    told = _counted(findings, RECORDING)
    unseen = sum(finding.is_unseen for finding in findings)
    return told.replace(" cannot tell", f" cannot tell ({unseen} not looked at)", 1) if unseen else told


def _counted(findings: Sequence[Finding], verdicts: Iterable[Verdict]) -> str:
    totals = count_verdicts(findings)
    return (
        ", ".join(f"{totals[verdict]} {agreeing(verdict, totals[verdict])}" for verdict in verdicts if totals[verdict])
        or "none"
    )


def agreeing(verdict: Verdict, number: int) -> str:
    """The verdict as it stands after a number of findings: `2 need judgement`."""
    plural = {Verdict.NEEDS_JUDGEMENT: "need judgement", Verdict.DOES_NOT_APPLY: "do not apply"}
    return plural.get(verdict, str(verdict)) if number != 1 else str(verdict)


# The timeline.


def _timeline(review: Review, page: Page) -> Iterator[Line]:
    if not review.timeline:
        return
    yield Line(Role.HEADING, "Timeline")
    marks = list(review.timeline)
    shown = marks if page.show_all else _most_telling(marks)
    left_out = len(marks) - len(shown)
    width = min(24, max(len(mark.when) for mark in shown))
    for mark in shown:
        sign = {"event": "  ", "limit": "! " if mark.late else "- ", "as of": "> "}[mark.kind]
        told = f"{mark.what} (not kept)" if mark.kind == "limit" and mark.late else mark.what
        where = f" (line {mark.line})" if mark.line else ""
        yield Line(Role.LABELLED, f"{told}{where}", f"{sign}{mark.when:{width}}  ")
    if left_out:
        yield Line(Role.MUTED, f"... and {left_out} more; --all shows them")
    yield BLANK


def _most_telling(marks: list[Mark]) -> list[Mark]:
    """So many of the marks that they can be taken in: limits that were kept go first, then what lies in the middle."""
    if len(marks) <= _MOST_MARKS:
        return marks
    telling = [mark for mark in marks if mark.kind != "limit" or mark.late]
    head = _MOST_MARKS * 3 // 4
    return telling if len(telling) <= _MOST_MARKS else [*telling[:head], *telling[head - _MOST_MARKS :]]


# What to act on.


def _to_act_on(review: Review, page: Page, *, answers: bool) -> Iterator[Line]:
    groups = grouped(review.findings)
    if not groups:
        yield Line(Role.HEADING, "What to act on")
        yield Line(Role.TEXT, "Nothing.")
        yield BLANK
        return
    yield Line(Role.HEADING, "What to act on")
    for number, group in enumerate(groups, start=1):
        yield from _card(group, number, len(groups), page, full=answers or page.show_all)
        if answers:
            yield from _boxes()
        yield BLANK


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """The findings to act on, worst and most severe first; those that say the same stand together."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        if finding.verdict is Verdict.NOT_MET or finding.verdict in RECORDING:
            groups.setdefault(_key(finding), []).append(finding)
    made = [Group(tuple(sorted(group, key=_severity)), key[0]) for key, group in groups.items()]
    return tuple(sorted(made, key=_first_things_first))


def _first_things_first(group: Group) -> tuple[bool, int, int]:
    """What somebody accepted comes after what nobody did; then the worst, then the most severe."""
    return (
        group.first.waiver is not None,
        WORST_FIRST.index(group.first.verdict),
        _SEVERITIES.index(group.severity),
    )


def _key(finding: Finding) -> tuple[str, ...]:
    if finding.waiver is not None:
        return "rule", finding.rule, finding.verdict, finding.basis, finding.says, *judged_by(finding)
    if finding.is_unseen:
        return ("unseen",)
    if _waits_for_a_list(finding):
        return ("lists",)
    if finding.basis is Basis.NOT_KNOWN_WHETHER_IT_APPLIES and finding.evidence:
        return "applies", finding.verdict, finding.evidence[0].path
    is_open = finding.verdict in (Verdict.NOT_RECORDED, Verdict.CANNOT_TELL)
    if is_open and finding.would_be is None and len(finding.evidence) == 1:
        return "cause", finding.verdict, finding.basis, finding.evidence[0].path
    return "rule", finding.rule, finding.verdict, finding.basis, finding.says, *judged_by(finding)


def _waits_for_a_list(finding: Finding) -> bool:
    """Whether a finding is open because nobody wrote down the things that its rule asks about."""
    states = [(piece.state, "." in piece.fact) for piece in finding.evidence]
    return finding.verdict is Verdict.NOT_RECORDED and states == [(State.NOT_RECORDED, False)]


def _severity(finding: Finding) -> int:
    return _SEVERITIES.index(finding.severity)


def _card(group: Group, number: int, of: int, page: Page, *, full: bool) -> Iterator[Line]:
    finding = group.first
    yield Line(Role.VERDICT, f"{_verdict_words(group)}   {group.severity}   {number} of {of}", verdict=finding.verdict)
    if group.shared == "unseen":
        yield from _card_of_unseen(group, full=full)
    elif group.shared == "lists":
        yield from _card_of_lists(group, full=full)
    elif group.shared == "applies" and len(group.findings) > 1:
        yield from _card_of_trigger(group, page, full=full)
    elif group.shared == "cause" and len(group.findings) > 1:
        yield from _card_of_cause(group, page, full=full)
    else:
        yield from _card_of_rule(group, page, full=full)


def _card_of_rule(group: Group, page: Page, *, full: bool) -> Iterator[Line]:
    finding = group.first
    yield Line(Role.STRONG, finding.title)
    yield Line(Role.MUTED, f"{finding.rule}, {_subjects(group)}")
    yield Line(Role.TEXT, sentence(finding.says), "  ")
    yield from _branches(finding)
    if finding.verdict is not Verdict.NOT_MET and not full:
        yield from _notes(finding)
        yield from _asks(finding.evidence)
        return
    yield from _lines_of_file((piece for one in group.findings for piece in one.evidence), page)
    yield Line(Role.LABELLED, finding.why, "  Why         ")
    yield from _sources(finding, "  Who says    ", full=full, most=2)
    yield from _notes(finding)
    if finding.verdict is Verdict.NOT_MET:
        lead = "  If not done " if finding.basis is Basis.DONE_LATE else "  Do now      "
        yield Line(Role.LABELLED, finding.action, lead)
        return
    yield from _asks(finding.evidence)
    if finding.verdict is not Verdict.NEEDS_JUDGEMENT:
        yield Line(Role.LABELLED, finding.action, "  If not done ")


def _card_of_cause(group: Group, page: Page, *, full: bool) -> Iterator[Line]:
    """Many findings of one absence: one block, with every rule that waits for it."""
    finding = group.first
    yield Line(Role.STRONG, f"{len(group.findings)} findings wait for one thing: {finding.evidence[0].named}")
    yield Line(Role.TEXT, sentence(finding.says), "  ")
    yield from _lines_of_file(finding.evidence, page)
    yield from _members(group, full=full)
    yield from _asks(finding.evidence)


def _card_of_trigger(group: Group, page: Page, *, full: bool) -> Iterator[Line]:
    """Many findings of which one fact says whether they apply, with what each would be."""
    piece = group.first.evidence[0]
    yield Line(Role.STRONG, f"{len(group.findings)} findings wait to know whether they apply: {piece.named}")
    yield from _lines_of_file((piece,), page)
    for one in group.findings:
        would_be = f"; would be {one.would_be}" if one.would_be is not None else ""
        yield Line(Role.TEXT, f"{one.title} ({one.rule}, {one.severity}, {_subject(one)}{would_be})", "  - ")
        yield from (Line(Role.TEXT, sentence(told), "    ") for told in judged_by(one))
        if full:
            yield from _in_full(one)
    yield from _asks((piece,))


def _card_of_unseen(group: Group, *, full: bool) -> Iterator[Line]:
    """What lies outside the parts of the record that the reviewer read."""
    parts = dict.fromkeys(
        piece.part for one in group.findings for piece in one.evidence if piece.state is State.NOT_LOOKED_AT
    )
    findings = "1 finding rests" if len(group.findings) == 1 else f"{len(group.findings)} findings rest"
    yield Line(Role.STRONG, f"{findings} on parts of the record that were not looked at")
    yield Line(Role.TEXT, f"Not in looked_at: {', '.join(parts)}. Nothing is said of them, good or bad.", "  ")
    if full or len(group.findings) <= _FEW:
        yield from _members(group, full=full)
        return
    for area in dict.fromkeys(one.area for one in group.findings):
        yield Line(Role.TEXT, f"{area}: {_how_many([one for one in group.findings if one.area == area])}", "  - ")
    yield from _members(Group(tuple(one for one in group.findings if one.shipped is not None)), full=False)


def _card_of_lists(group: Group, *, full: bool) -> Iterator[Line]:
    """Lists of things that nobody wrote down: for each, how many rules wait for it."""
    by_list: dict[str, list[Finding]] = {}
    for one in group.findings:
        by_list.setdefault(one.evidence[0].named, []).append(one)
    waits = "1 finding waits" if len(group.findings) == 1 else f"{len(group.findings)} findings wait"
    lists = "a list" if len(by_list) == 1 else f"{len(by_list)} lists"
    yield Line(Role.STRONG, f"{waits} for {lists} that the file does not have")
    yield Line(Role.TEXT, "Write what the record shows, or `[]` where it shows none.", "  ")
    for named, findings in by_list.items():
        yield Line(Role.TEXT, f"{named}: {_how_many(findings)}", "  - ")
        if full:
            yield from _members(Group(tuple(findings)), full=True)


def _by_severity(findings: Iterable[Finding]) -> str:
    """`1 critical, 3 serious`, the most severe first."""
    counted = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counted[one]} {one}" for one in _SEVERITIES if counted[one])


def _how_many(findings: Sequence[Finding]) -> str:
    """`4 (1 critical, 3 serious)`."""
    return f"{len(findings)} ({_by_severity(findings)})"


def _members(group: Group, *, full: bool) -> Iterator[Line]:
    for one in group.findings:
        yield Line(Role.TEXT, f"{one.title} ({one.rule}, {one.severity}, {_subject(one)})", "  - ")
        for told in judged_by(one):
            yield Line(Role.TEXT, sentence(told), "    ")
        if full:
            yield from _in_full(one)


def _in_full(finding: Finding) -> Iterator[Line]:
    yield Line(Role.TEXT, sentence(finding.says), "    ")
    yield Line(Role.LABELLED, finding.why, "    Why         ")
    yield from _sources(finding, "    Who says    ", full=True)
    yield Line(Role.LABELLED, finding.action, "    If not done ")


def _asks(evidence: Iterable[Evidence]) -> Iterator[Line]:
    """What would settle it, and where to look."""
    open_ones = {piece.path: piece for piece in evidence if piece.state in _OPEN_STATES and piece.asks}
    for piece in open_ones.values():
        look_in = f" Look in: {piece.look_in}." if piece.look_in else ""
        asks = "Whom does it concern? Write about: [C1]." if piece.state is State.NOT_SAID_OF_WHOM else piece.asks
        yield Line(Role.LABELLED, f"{asks}{look_in}", "  Ask         ")


_OPEN_STATES = (
    State.NOT_RECORDED,
    State.OTHERS_NOT_RECORDED,
    State.NOT_SAID_OF_WHOM,
    State.UNKNOWN,
    State.UNDATED,
    State.IMPRECISE,
    State.NOT_LOOKED_AT,
)


def _verdict_words(group: Group) -> str:
    finding = group.first
    if group.shared == "unseen":
        return "CANNOT TELL - not looked at"
    same = str(finding.verdict) == str(finding.basis)
    return str(finding.verdict).upper() if same else f"{str(finding.verdict).upper()} - {finding.basis}"


def _subjects(group: Group) -> str:
    return ", ".join(dict.fromkeys(_subject(finding) for finding in group.findings))


def _subject(finding: Finding) -> str:
    subject = "the whole case" if finding.subject == "case" else finding.subject
    return f"{subject} (a group of {finding.weight})" if finding.weight else subject


def sentence(text: str) -> str:
    """The text as a sentence, with its first letter large and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


def _branches(finding: Finding) -> Iterator[Line]:
    if len(finding.branches) < 2:
        return
    for branch in finding.branches:
        due = f", due {branch.due}" if branch.due else ""
        yield Line(Role.TEXT, f"{branch.when}: limit {branch.limit}{due}: {branch.verdict}", "  - ")


def _sources(finding: Finding, lead: str, *, full: bool, most: int = 1) -> Iterator[Line]:
    """Who says so: the sources of the highest standing, or all of them; and whose the limit is."""
    ranked = sorted(finding.sources, key=lambda source: tuple(Standing).index(source.standing))
    sources = ranked if full else ranked[:most]
    for number, source in enumerate(sources):
        more = f"; {len(ranked) - most} more" if number == most - 1 and len(sources) < len(ranked) else ""
        yield Line(Role.LABELLED, f"{_source(source)}{more}", lead if number == 0 else " " * len(lead))
    if finding.limit and finding.limit_standing and finding.shipped is None:
        told = sentence(f"the limit is {whose_limit(finding.limit_standing, finding.sources)}")
        yield Line(Role.LABELLED, told, " " * len(lead))
    for told in judged_by(finding):
        yield Line(Role.LABELLED, sentence(told), " " * len(lead))


def judged_by(finding: Finding) -> Iterator[str]:
    """Who accepted a finding, what it was at the baseline, and by which version and local standard it was judged, where there is such."""
    if finding.waiver is not None:
        yield accepted(finding.waiver)
    if finding.age is not None:
        yield {
            Age.NEW: "new since the baseline",
            Age.WORSE: "worse than at the baseline",
            Age.KNOWN: "no worse than at the baseline",
        }[finding.age]
    if finding.standard:
        yield f"judged by the standard {finding.standard}"
    if finding.shipped is not None:
        limits = finding.shipped.limit
        parts = [f"the shipped limit{'s are' if ', ' in limits else ' is'} {limits}"] if limits else []
        parts += ["the shipped rule does not accept this reason"] if finding.shipped.reason else []
        told = " and ".join(parts) or "the shipped rule differs"
        same = finding.shipped.verdict is finding.verdict
        would = "by which the verdict is the same" if same else f"by which it would be {finding.shipped.verdict}"
        yield f"judged by a local standard; {told}, {would}"


def accepted(waiver: Waiver) -> str:
    """Who accepted a finding, why, and until when."""
    what = "accepted" if waiver.verdict is None else f"accepted as {waiver.verdict}"
    until = f"{what} by {waiver.approved_by} on {waiver.approved_on}, until {waiver.expires}"
    where = f" ({waiver.evidence})" if waiver.evidence else ""
    return f"{until}: {waiver.reason}{where}"


def _notes(finding: Finding) -> Iterator[Line]:
    if finding.counts_list:
        yield Line(Role.LABELLED, "this rule counts: it takes the list in the file to be complete", "  Note        ")
    if finding.passes_when_absent:
        absent = ", ".join(finding.passes_when_absent)
        yield Line(Role.LABELLED, f"this rule passes where these are absent: {absent}", "  Note        ")


def _source(source: Source) -> str:
    published = f", {source.published}" if source.published else ""
    certainty = {"secondary_seen": "; read in a secondary source", "unverified": "; not verified"}.get(
        source.certainty, ""
    )
    return f"{source.standing}: {source.says} ({source.document}{published}{certainty})"


def _boxes() -> Iterator[Line]:
    yield Line(Role.ANSWER, "[ ] done since    [ ] accepted    [ ] disputed    on: ______________")
    yield Line(Role.ANSWER, "answer: " + "_" * 66)
    yield Line(Role.ANSWER, "        " + "_" * 66)


# The lines of the case file, redrawn from what was understood.


def _lines_of_file(evidence: Iterable[Evidence], page: Page) -> Iterator[Line]:
    pieces = list({(piece.line, piece.path): piece for piece in evidence if piece.fact != "judgement"}.values())
    width = max((len(str(piece.line)) for piece in pieces), default=1)
    for piece in sorted(pieces, key=lambda one: (one.line, one.column)):
        yield from _line_of_file(piece, width, page)


def _line_of_file(piece: Evidence, width: int, page: Page) -> Iterator[Line]:
    lead = f"  {piece.line:>{width}} | "
    if page.quotes is not None:
        yield from _quoted(piece, lead, page.quotes)
        return
    key = _key_of(piece)
    if piece.withheld:
        yield Line(Role.CODE, f"{key}: (withheld, line {piece.line})", lead)
        return
    if piece.shown is None or piece.state in (State.NOT_RECORDED, State.NOT_LOOKED_AT, State.UNREADABLE):
        yield Line(Role.CODE, f"({key}: {piece.state})", lead)
        return
    yield Line(Role.CODE, f"{key}: {piece.shown}", lead)
    if "[" not in piece.shown:
        yield Line(Role.CARET, " " * (len(key) + 2) + "^" * len(piece.shown), " " * (len(lead) - 2) + "| ")


def _key_of(piece: Evidence) -> str:
    """The key as it stands in the file; a part with its fact, and what is nowhere in the file with its thing."""
    names = piece.path.rpartition("]")[2].strip(".").split(".")
    if piece.state in (State.NOT_RECORDED, State.NOT_LOOKED_AT) or piece.fact.count(".") > 1:
        return ".".join(names) or piece.path
    return names[-1] or piece.path.rpartition(".")[2]


def _quoted(piece: Evidence, lead: str, lines: Mapping[int, str]) -> Iterator[Line]:
    raw = lines.get(piece.line, "")
    yield Line(Role.CODE, raw, lead)
    if piece.state in (State.NOT_RECORDED, State.NOT_LOOKED_AT):
        yield Line(Role.CARET, f"({piece.named}: {piece.state})", " " * (len(lead) - 2) + "| ")
        return
    yield Line(
        Role.CARET,
        " " * (piece.column - 1) + "^" * max(1, len(raw.rstrip()) - piece.column + 1),
        " " * (len(lead) - 2) + "| ",
    )


# What was done well: what a rule calls good practice where it is met, with the lines that show it.


def _strengths(review: Review, page: Page) -> Iterator[Line]:
    findings = [finding for finding in review.findings if finding.strength and not finding.is_spared]
    if not findings:
        return
    yield Line(Role.HEADING, "Good practice")
    for finding in findings:
        yield Line(Role.STRONG, finding.strength, "+ ")
        yield Line(Role.TEXT, f"{_subject(finding)}: {sentence(finding.says)} ({finding.rule})", "  ")
        yield from _lines_of_file(finding.evidence, page)
    yield BLANK


# What was done, and what needs no action.

_REST = (
    (Verdict.MET, "What was done"),
    (Verdict.NOT_DUE_YET, "Not due yet"),
    (Verdict.EXCUSED, "Excused"),
    (Verdict.DOES_NOT_APPLY, "Does not apply"),
)


def _the_rest(review: Review, page: Page, *, every: bool) -> Iterator[Line]:
    for verdict, heading in _REST:
        findings = [finding for finding in review.findings if finding.verdict is verdict]
        if not findings:
            continue
        yield Line(Role.HEADING, heading)
        if verdict is Verdict.DOES_NOT_APPLY and len(findings) > _FEW and not every:
            yield from _by_what_rules_them_out(findings)
            continue
        for finding in findings:
            yield Line(
                Role.TEXT,
                f"{finding.rule}, {'the whole case' if finding.subject == 'case' else finding.subject}: {sentence(finding.says)}",
                "- ",
            )
            for told in judged_by(finding):
                yield Line(Role.TEXT, sentence(told), "  ")
            if every:
                yield from _lines_of_file(finding.evidence, page)
        yield BLANK


def _by_what_rules_them_out(findings: Iterable[Finding]) -> Iterator[Line]:
    for says, number in Counter(finding.says for finding in findings).most_common():
        yield Line(Role.TEXT, f"{number} {'finding' if number == 1 else 'findings'} ruled out by: {says}", "- ")
    yield Line(Role.MUTED, "--all names each")
    yield BLANK


def _questions(review: Review) -> Iterator[Line]:
    if not review.questions:
        return
    yield Line(Role.HEADING, "What to ask first")
    for number, question in enumerate(review.questions[:_MOST_QUESTIONS], start=1):
        settles = "settles 1 finding" if question.settles == 1 else f"settles {question.settles} findings"
        look_in = f" Look in: {question.look_in}." if question.look_in else ""
        yield Line(
            Role.TEXT, f"{question.asks}{look_in} ({question.path}, line {question.line}; {settles})", f"{number:>2}. "
        )
    more = len(review.questions) - _MOST_QUESTIONS
    if more > 0:
        yield Line(Role.MUTED, f"... and {more} more that settle no more than these")
    yield BLANK


def _totals(review: Review) -> Iterator[Line]:
    totals = count_verdicts(review.findings)
    parts = [f"{number} {agreeing(verdict, number)}" for verdict, number in totals.items() if number]
    yield Line(Role.HEADING, "Totals")
    number = len(review.findings)
    yield Line(Role.TEXT, f"{number} {'finding' if number == 1 else 'findings'} = {' + '.join(parts)}")


def _signatures() -> Iterator[Line]:
    yield BLANK
    yield Line(Role.HEADING, "Signed")
    for who in ("reviewer", "officer in the case", "supervisor"):
        yield Line(Role.ANSWER, f"{who + ' (role):':28} ____________________________   on: __________")
        yield BLANK


# Text from a file is data: whatever could steer a terminal or hide text is made visible.

# Controls and formats (Cc, Cf, Cs), line ends, fillers that look like nothing, and what is no character.
_UNSAFE = pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def carried(text: str, *, unicode: bool) -> str:
    """The text as an output can carry it: where that has ASCII alone, all else as escapes."""
    return text if unicode else text.encode("ascii", "backslashreplace").decode()


def visible(text: str) -> str:
    r"""The text with every control, bidirectional, zero-width and stray character shown as `\\u{1b}`, and on one line."""
    flat = text.replace("\r\n", "\n").replace("\t", " ").replace("\n", " / ")
    return _UNSAFE.sub(lambda found: f"\\u{{{ord(found.group()):x}}}", flat)
