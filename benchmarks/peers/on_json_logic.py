"""PyYAML, and JsonLogic (panzi-json-logic), over a folder."""

from json_logic import jsonLogic

from benchmarks.peers.plain import Answers, Case, rules, tell

RULES = rules("json_logic.json")


def answer(case: Case) -> Answers:
    """What each rule answers."""
    return {rule: _asked(logic, case) for rule, logic in RULES.items()}


def _asked(logic: object, case: Case) -> bool | None:
    try:
        found = jsonLogic(logic, case)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None
    return found if isinstance(found, bool) else None


tell(answer)
