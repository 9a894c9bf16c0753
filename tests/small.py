"""A small vocabulary and small rules, so that a test holds all that it speaks of."""

import re
from datetime import date
from functools import cache
from pathlib import Path

from checklist.case import Case, Fact, load_case
from checklist.clocks import Calendar, Moment, load_calendar
from checklist.conditions import ConditionReader, Scope
from checklist.engine import review
from checklist.findings import Finding, Review
from checklist.logic import Answer
from checklist.rules import Checklist, Rule, read_rule
from checklist.schema import Reading
from checklist.source import parse_document, read_document
from checklist.vocabulary import Vocabulary, load_vocabulary

ROOT = Path(__file__).parents[1]

VOCABULARY = """\
vocabulary: 1
areas: [first, second]
reasons: [agreed, died, other]
kinds:
  case:
    says: the whole case
    area: first
    facts:
      country: {kind: choice, options: [england, wales], asks: Which?, look_in: log}
      concerns: {kind: choices, options: [abuse, neglect, missing], asks: What?, look_in: log}
      closed: {kind: event, named: the closing, done: closed, asks: When?, look_in: log}
  report:
    plural: reports
    label: R
    dated_by: received
    area: first
    says: a report
    singleton: yes
    facts:
      received: {kind: date, named: the report, done: report received, asks: When?, look_in: log}
      graded: {kind: choice, options: [high, low], asks: How?, look_in: log}
  child:
    plural: children
    label: C
    area: first
    says: a child
    facts:
      age: {kind: age, personal: yes, asks: How old?, look_in: log}
      safe: {kind: yes/no, holds: the child was safe, named: safety, asks: Safe?, look_in: log}
  suspect:
    plural: suspects
    label: S
    area: second
    says: a suspect
    facts:
      risk: {kind: choice, options: [high, low], changes: yes, asks: How high?, look_in: log}
      arrested:
        kind: event
        named: the arrest
        done: arrested
        asks: When?
        look_in: custody record
        not_before: [report.received]
        parts:
          rationale: {kind: choice, options: [recorded], asks: Why?, look_in: log}
      interviewed: {kind: event, named: the interview, done: interviewed, asks: When?, look_in: log}
      identified_on: {kind: date, named: the identification, done: identified, asks: When?, look_in: log}
      access: {kind: yes/no, holds: the suspect had access, named: access, asks: Access?, look_in: log}
      images: {kind: yes/no, holds: the suspect had images, named: images, asks: Images?, look_in: log}
      armed: {kind: yes/no, asks: Armed?, look_in: log}
      released: {kind: yes/no, asks: Released?, look_in: log}
      nearby: {kind: yes/no, asks: Near?, look_in: log}
      employed: {kind: yes/no, asks: Employed?, look_in: log}
      contacts: {kind: count, named: contacts, asks: How many?, look_in: log}
      job: {kind: text, asks: What job?, look_in: log}
      bail_until: {kind: date, may_be_future: yes, named: the end of bail, done: bail ended, asks: When?, look_in: log}
      told: {kind: event, named: the telling, done: told, not_applicable: yes, asks: When?, look_in: log}
  contact:
    plural: contacts
    label: K
    area: second
    says: somebody in contact with a suspect
    facts:
      suspect: {kind: reference, to: [suspect], asks: Whose?, look_in: log}
      seen: {kind: event, named: the visit, done: seen, asks: When?, look_in: log}
      alone: {kind: yes/no, holds: the contact was seen alone, named: being seen alone, asks: Alone?, look_in: log}
  exhibit:
    plural: exhibits
    label: X
    area: second
    says: an exhibit
    about: [suspect]
    facts:
      status: {kind: choice, options: [held, lost], asks: Where is it?, look_in: log}
  plan:
    plural: plans
    label: P
    dated_by: agreed
    area: first
    says: a plan
    about: [child]
    singleton: yes
    facts:
      agreed: {kind: event, named: the plan, done: plan agreed, asks: When?, look_in: log}
      owner: {kind: choice, options: [police, health], named: the owner, asks: Who?, look_in: log}
      agencies: {kind: choices, options: [police, health, social care], asks: Who came?, look_in: log}
      reviews: {kind: events, named: reviews, done: reviewed, asks: When?, look_in: log}
      ended: {kind: event, named: the end of the plan, done: plan ended, asks: When?, look_in: log}
"""

RULE = """\
rule: small
title: A small rule
area: second
severity: serious
why: It matters.
action: Do it.
source: [{{standing: local, says: we say so, document: Ours}}]
{body}
examples:
  - {{name: met, case: {{as_of: 2016-01-01}}, expect: {{case: met}}, because: x}}
  - {{name: not met, case: {{as_of: 2016-01-01}}, expect: {{case: not met}}, because: x}}
  - {{name: not recorded, case: {{as_of: 2016-01-01}}, expect: {{case: not recorded}}, because: x}}
  - {{name: does not apply, case: {{as_of: 2016-01-01}}, expect: {{case: does not apply}}, because: x}}
  - {{name: needs judgement, case: {{as_of: 2016-01-01}}, expect: {{case: needs judgement}}, because: x}}
"""


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(parse_document(VOCABULARY.encode(), name="vocabulary.yaml"))


@cache
def calendars() -> dict[str, Calendar]:
    return {"england-and-wales": load_calendar(read_document(ROOT / "rules" / "calendars" / "england-and-wales.yaml"))}


def rule_problems(body: str) -> list[str]:
    _, problems = read_rule(
        parse_document(RULE.format(body=body).encode(), name="small.yaml"), vocabulary(), calendars()
    )
    return [problem.what for problem in problems]


def rule_of(body: str) -> Rule:
    rule, problems = read_rule(
        parse_document(RULE.format(body=body).encode(), name="small.yaml"), vocabulary(), calendars()
    )
    assert rule is not None, [str(problem) for problem in problems]
    return rule


def checklist_of(*bodies: str) -> Checklist:
    return Checklist(vocabulary(), tuple(rule_of(body) for body in bodies), calendars())


def case_of(text: str, *, as_of: Moment | None = None, day_zero: date | None = None) -> Case:
    """The case of some lines of a case file; `case` and a late `as_of` are added where they are missing."""
    head = "" if "case:" in text else "case: X\n"
    head += "" if "as_of:" in text else "as_of: 2016-07-18\n"
    return load_case(
        parse_document((head + text).encode(), name="case.yaml"), vocabulary(), as_of=as_of, day_zero=day_zero
    )


def review_of(body: str, text: str, *, standard_on: date | None = None, as_of: Moment | None = None) -> Review:
    case = case_of(text, as_of=as_of)
    readings = [case_of(text, as_of=as_of, day_zero=day) for day in case.candidates]
    return review(case, checklist_of(body), readings=readings, standard_on=standard_on)


def finding_of(body: str, text: str, *, subject: str = "", standard_on: date | None = None) -> Finding:
    """The finding of one rule on a case (on one of its subjects)."""
    findings = review_of(body, text, standard_on=standard_on).findings
    return next(finding for finding in findings if not subject or finding.subject == subject)


def fact_of(text: str, kind: str = "suspect", fact: str = "arrested") -> Fact:
    """One fact of the first thing of a kind."""
    case = case_of(text)
    type_ = vocabulary().fact(f"{kind}.{fact}")
    assert type_ is not None
    return case.fact(case.whole if kind == "case" else case.listing(kind).things[0], type_)


def ask(condition: str, text: str, kind: str = "suspect") -> Answer:
    """What a condition answers of the first thing of a kind."""
    case = case_of(text)
    reading = Reading("condition")
    document = parse_document(condition.encode(), name="condition")
    assert document.root is not None
    node = ConditionReader(reading, vocabulary()).condition(document.root)
    assert node is not None, reading.problems
    subject = case.whole if kind == "case" else case.listing(kind).things[0]
    return node.ask(Scope(case, vocabulary(), subject, {subject.kind: subject}))


def marked(path: Path) -> list[tuple[int, str]]:
    """The lines of a bad file that carry `# problem: words`, with the words that its problem must hold."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = ((number, re.search("# problem: (.*)", line)) for number, line in enumerate(lines, start=1))
    return [(number, match[1]) for number, match in found if match]
