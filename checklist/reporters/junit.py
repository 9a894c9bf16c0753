"""The review as JUnit XML, for the test pages of build servers: a case is a suite, a finding is a test.

Only what is met passes. What is not met fails, unless somebody accepted it or it was there before; what is not known is
skipped, and says so. Build servers merge tests of one class and name, so that a class is named after its file too.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from checklist.findings import TO_ACT_ON, Finding, Review, Verdict
from checklist.reporters import Page
from checklist.reporters.report import judged_by, sentence, visible
from checklist.reporters.troubles import line_of, of_review, of_run, verdict_of
from checklist.source import Problem
from checklist.summary import Run


class Report:
    """The reviews as one XML document, valid against the schema of Jenkins; all of it is ASCII."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.drawn = 0

    def begin(self) -> str:
        """The head. It has no totals: those are known only at the end, and every suite has its own."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="review">\n'

    def review(self, review: Review) -> str:
        """One case as a suite."""
        return self.put(draw(review, self.page))

    def put(self, drawn: str) -> str:
        """A case that was drawn before."""
        self.drawn += 1
        return drawn

    def end(self, run: Run) -> str:
        """A last suite, of what is not about one case."""
        names = _Names()
        tests = [_of_problem(problem, "review.run", names) for problem in of_run(run, drawn=self.drawn)]
        tests += [_skipped(str(notice), "notice", "review.notices", names) for notice in run.notices]
        tests += [_skipped(f"{one.path}: {one.why}", "passed over", "review.skipped", names) for one in run.skipped]
        properties = {**_made_with(self.page), "complete": "yes" if run.complete else "no"}
        gone = (f"No longer to act on: {one.case}: {one.rule}, {one.subject}; it was {one.was}." for one in run.gone)
        return _suite({"name": "review"}, properties, tests, gone) + "</testsuites>\n"


def draw(review: Review, page: Page) -> str:
    """One case as a suite."""
    names = _Names()
    tests = [_of_problem(problem, f"{review.file}.problems", names) for problem in of_review(review)]
    tests += [_of_finding(finding, review.file, names) for finding in review.findings]
    properties = {**_made_with(page), "as of": review.as_of, "looked at": review.looked_at}
    name = f"{review.case} ({review.file})" if review.case else review.file
    return _suite({"name": name, "file": review.file}, properties, tests, review.notices)


class _Names:
    """Gives each test of a suite a name of its own."""

    def __init__(self) -> None:
        self.given: set[tuple[str, str]] = set()
        self.asked = Counter[tuple[str, str]]()

    def give(self, group: str, name: str) -> dict[str, str]:
        group, name = visible(group), visible(name)
        told = ""
        while not told or (group, told) in self.given:
            self.asked[group, name] += 1
            number = self.asked[group, name]
            told = f"{name} ({number})" if number > 1 else name
        self.given.add((group, told))
        return {"classname": group, "name": told}


def _made_with(page: Page) -> dict[str, str]:
    """What a review was made with; a suite has it by itself, since build servers take reports apart."""
    return {
        "review": page.version,
        "rulebook": page.digest,
        "rules": str(page.rules),
        "settings": page.settings,
        "waivers": page.waivers,
        "baseline": page.baseline,
        "sample of": str(page.sample_of) if page.sample_of else "",
    }


def _of_finding(finding: Finding, file: str, names: _Names) -> str:
    """A finding as a test; only one that is met has nothing in it that a build server takes for more than words."""
    name = names.give(f"{file}.{finding.area}", f"{finding.rule}: {finding.subject}")
    told = " ".join(map(sentence, [finding.says, *judged_by(finding)]))
    if finding.verdict is Verdict.MET:
        return _element("testcase", name, _element("system-out", {}, _text(f"Met: {told}")))
    body = "\n".join(map(_text, _in_full(finding, file)))
    if finding.verdict is Verdict.NOT_MET and not finding.is_settled:
        what = {"type": f"{finding.severity}, {finding.basis}", "message": told}
        return _element("testcase", name, _element("failure", what, body))
    what = {"type": str(finding.verdict), "message": f"{sentence(verdict_of(finding))} {told}"}
    return _element("testcase", name, _element("skipped", what, body))


def _in_full(finding: Finding, file: str) -> Iterator[str]:
    """What must be known of a finding, a line each; no line begins with words of the file."""
    yield f"{finding.title} ({finding.severity})"
    yield f"Where: {file}:{line_of(finding)}"
    yield f"Verdict: {verdict_of(finding)}"
    yield sentence(f"Found: {finding.says}")
    for told in judged_by(finding):
        yield sentence(f"Note: {told}")
    if finding.due:
        yield f"Due: {finding.due}"
    if finding.action and finding.verdict in TO_ACT_ON:
        yield f"If not done: {finding.action}"


def _of_problem(problem: Problem, group: str, names: _Names) -> str:
    """A problem as a test that could not be run."""
    return _element(
        "testcase",
        names.give(group, problem.what),
        _element("error", {"type": "problem", "message": str(problem)}),
    )


def _skipped(told: str, kind: str, group: str, names: _Names) -> str:
    return _element("testcase", names.give(group, told), _element("skipped", {"type": kind, "message": told}))


def _suite(about: Mapping[str, str], properties: Mapping[str, str], tests: list[str], said: Iterable[str]) -> str:
    """A suite with its counts, and what else was said of it."""
    counts = {
        "tests": len(tests),
        "failures": sum("<failure " in test for test in tests),
        "errors": sum("<error " in test for test in tests),
        "skipped": sum("<skipped " in test for test in tests),
    }
    made = [_element("property", {"name": name, "value": value}) for name, value in properties.items() if value]
    out = "\n".join(_text(f"Note: {told}") for told in said)
    inner = [_element("properties", {}, "\n".join(made)), *tests]
    if out:
        inner.append(_element("system-out", {}, out))
    return (
        _element("testsuite", {**about, **{name: str(number) for name, number in counts.items()}}, "\n".join(inner))
        + "\n"
    )


def _element(name: str, attributes: Mapping[str, str], inner: str = "") -> str:
    """An element; what is inside it was made safe before, and what its attributes say is made safe here."""
    said = "".join(f' {key}="{_text(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


# `#` too: a reader sees no difference, but the log of a build would take `##vso[` for a command, anywhere in a line.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "#": "&#35;"})


@lru_cache(4096)  # most of what rules say is said of every case
def _text(text: str) -> str:
    """The one way into the document: visible, which leaves only characters of XML 1.0; no markup; and ASCII."""
    return visible(text).translate(_ESCAPES).encode("ascii", "xmlcharrefreplace").decode()
