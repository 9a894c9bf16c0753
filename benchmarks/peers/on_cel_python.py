"""PyYAML, and cel-python, over a folder."""

import celpy

from benchmarks.peers.plain import Answers, Case, rules, tell

ENVIRONMENT = celpy.Environment()
PROGRAMS = {rule: ENVIRONMENT.program(ENVIRONMENT.compile(text)) for rule, text in rules("cel.yaml").items()}


def answer(case: Case) -> Answers:
    """What each program answers."""
    known = {"file": celpy.json_to_cel(case)}
    return {rule: _asked(program, known) for rule, program in PROGRAMS.items()}


def _asked(program: celpy.Runner, known: celpy.Context) -> bool | None:
    try:
        found = program.evaluate(known)
    except celpy.CELEvalError:
        return None
    return bool(found) if isinstance(found, bool | celpy.celtypes.BoolType) else None


tell(answer)
