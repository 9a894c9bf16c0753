"""Ours without its door: the files of a folder, reviewed by all rules or by those that are named, and nothing printed.

python -m benchmarks.unguarded FOLDER [RULE,RULE,...]
"""

import sys
from dataclasses import replace
from pathlib import Path

from checklist.folders import CaseFile
from checklist.rulebooks import load_for_review
from checklist.runner import Options, review_files

ROOT = Path(__file__).parents[1]

folder, asked = Path(sys.argv[1]), set(",".join(sys.argv[2:]).split(",")) - {""}
whole = load_for_review(ROOT / "rules", kept=[ROOT / "checklist" / "rulebook.json"])
checklist = replace(whole, rules=tuple(rule for rule in whole.rules if not asked or rule.id in asked))
for _ in review_files(
    [CaseFile(path.name, str(path)) for path in sorted(folder.rglob("*.yaml"))], checklist, Options()
):
    pass
