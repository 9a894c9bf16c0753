"""Ours without its door: the files of a folder, reviewed by all rules or by those that are named, and nothing printed.

python -m benchmarks.unguarded FOLDER [RULE,RULE,...]       # with evidence and sentences
python -m benchmarks.unguarded --in-brief FOLDER [RULE,...] # as for a summary
"""

import sys
from dataclasses import replace
from pathlib import Path

from checklist.folders import CaseFile
from checklist.rulebooks import load_for_review
from checklist.runner import Options, review_files

ROOT = Path(__file__).parents[1]

words = [word for word in sys.argv[1:] if word != "--in-brief"]
folder, asked = Path(words[0]), set(",".join(words[1:]).split(",")) - {""}
whole = load_for_review(ROOT / "rules", kept=[ROOT / "checklist" / "rulebook.json"])
checklist = replace(whole, rules=tuple(rule for rule in whole.rules if not asked or rule.id in asked))
for _ in review_files(
    [CaseFile(path.name, str(path)) for path in sorted(folder.rglob("*.yaml"))],
    checklist,
    Options(in_brief="--in-brief" in sys.argv),
):
    pass
