"""PyYAML, and ZEN (zen-engine), over a folder."""

import zen

from benchmarks.peers.plain import Answers, Case, rules, tell

EXPRESSIONS = {rule: zen.compile_expression(text) for rule, text in rules("zen.yaml").items()}


def answer(case: Case) -> Answers:
    """What each expression answers."""
    return {rule: _asked(expression, case) for rule, expression in EXPRESSIONS.items()}


def _asked(expression: zen.PyExpression, case: Case) -> bool | None:
    try:
        found = expression.evaluate(case)
    except (RuntimeError, TypeError, ValueError):
        return None
    return found if isinstance(found, bool) else None


tell(answer)
