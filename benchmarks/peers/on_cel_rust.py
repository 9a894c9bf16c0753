"""PyYAML, and CEL in Rust (common-expression-language), over a folder."""

import cel

from benchmarks.peers.plain import Answers, Case, rules, tell

PROGRAMS = {rule: cel.compile(text) for rule, text in rules("cel.yaml").items()}


def answer(case: Case) -> Answers:
    """What each program answers."""
    return {rule: _asked(program, case) for rule, program in PROGRAMS.items()}


def _asked(program: cel.Program, case: Case) -> bool | None:
    try:
        found = program.execute({"file": case})
    except (KeyError, RuntimeError, TypeError, ValueError):
        return None
    return found if isinstance(found, bool) else None


tell(answer)
