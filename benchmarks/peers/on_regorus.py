"""PyYAML, and Rego in Rust (regorus, by opa-eval), over a folder."""

import json

from opa_eval import OpaEval

from benchmarks.peers.plain import ASKED, Answers, Case, tell

POLICY = ASKED / "rules.rego"
IDS = [
    line.split('"')[1] for line in POLICY.read_text(encoding="utf-8").splitlines() if line.startswith("deny contains")
]
DENIED = OpaEval(str(POLICY), query="data.peers.deny")


def answer(case: Case) -> Answers:
    """What is denied fails, what is not passes; all is open where the policy raises."""
    try:
        denied = DENIED.evaluate_parsed(json.dumps(case))
    except (RuntimeError, TypeError, ValueError):
        return dict.fromkeys(IDS)
    return {rule: rule not in denied for rule in IDS}


tell(answer)
