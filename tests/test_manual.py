"""The manual is made from the rules, and says all that they say."""

import pytest

from checklist.lint import CHECKS
from checklist.manual import page_of_check, pages
from checklist.rulebooks import load_checklist
from checklist.rules import Rule
from tests.small import ROOT

SHIPPED = load_checklist(ROOT / "rules", examples=True)
PAGES = pages(SHIPPED)


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_a_page_says_why_what_to_do_who_says_so_and_how_it_is_answered(rule: Rule) -> None:
    page = PAGES[f"rules/{rule.id}.md"]

    assert page.startswith("<!--")
    assert all(part in page for part in (rule.title, rule.why, rule.action))
    assert all(source.says in page and source.document in page for source in rule.sources)
    for version in rule.versions:
        assert all(f"- {limit}: " in page for limit in version.blocks.limits())
        for path in version.blocks.paths():
            assert f"- `{path.fact.name}`: {path.fact.asks}" in page


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_a_page_tells_every_example_in_words_with_the_verdict_that_it_has(rule: Rule) -> None:
    page = PAGES[f"rules/{rule.id}.md"]

    for example in rule.examples:
        assert example.name[1:] in page
        for expects in example.expects:
            assert f"{expects.subject}: *{expects.verdict}*" in page


def test_a_limit_that_is_our_default_is_called_one() -> None:
    assert "- 24 hours: our default: no source gives a number" in PAGES["rules/arrest-within-limit.md"]
    assert "- 24 hours: given by professional practice" in PAGES["rules/crime-recorded.md"]


def test_the_index_leads_to_every_rule_by_area_theme_and_failing() -> None:
    index = PAGES["rules/README.md"]

    for rule in SHIPPED.rules:
        assert index.count(f"]({rule.id}.md)") == 1 + len(rule.tags) + len(rule.answers)
    assert "### Delayed arrest" in index
    assert "### Child death" in index
    assert "### Initial contact" in index


def test_each_check_has_a_page_and_a_line_in_the_index() -> None:
    for check in CHECKS:
        assert PAGES[f"lint/{check.id}.md"].endswith(page_of_check(check))
        assert f"[{check.id}]({check.id}.md)" in PAGES["lint/README.md"]
        assert check.why in page_of_check(check)
        assert check.mend in page_of_check(check)
