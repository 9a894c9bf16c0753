"""PyYAML, and rule-engine, over a folder."""

import rule_engine

from benchmarks.peers.plain import Answers, Case, rules, tell

CONTEXT = rule_engine.Context(default_value=None)
RULES = {rule: rule_engine.Rule(text, context=CONTEXT) for rule, text in rules("rule_engine.yaml").items()}


def answer(case: Case) -> Answers:
    """What each rule answers."""
    return {rule: _asked(asked, case) for rule, asked in RULES.items()}


def _asked(rule: rule_engine.Rule, case: Case) -> bool | None:
    try:
        return bool(rule.matches(case))
    except (rule_engine.EngineError, TypeError, LookupError):
        return None


tell(answer)
