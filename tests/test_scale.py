"""What docs/scale.md says that other schedulers can run is run here, in a process pool."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

from tests.conftest import Shell

ROOT = Path(__file__).parents[1]
POOL = """\
from concurrent.futures import ProcessPoolExecutor
from functools import partial

{block}

def reviewed(cases):
    return list(rows(iter(cases)))


if __name__ == "__main__":
    good = b"case: A\\nas_of: 2016-07-18\\n"
    with ProcessPoolExecutor(2) as pool:
        for found in pool.map(reviewed, [[("a", good), ("b", b"case: [")], [("c", good)]]):
            print(len(found) > 100, sorted({{row[0] for row in found}}), [row for row in found if not row[1]])
"""


def block() -> str:
    (first, *_) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "scale.md").read_text(encoding="utf-8"), re.DOTALL
    )
    return str(first)


def test_the_function_in_the_documents_reviews_in_a_process_pool(tmp_path: Path) -> None:
    script = tmp_path / "reviewing.py"
    script.write_text(POOL.format(block=block()), encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, check=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )

    assert ran.stdout == "True ['a', 'b'] [('b', '', '', 'problem')]\nTrue ['c'] []\n"


def test_the_function_in_the_documents_gives_each_finding_once(tmp_path: Path) -> None:
    script = tmp_path / "reviewing.py"
    script.write_text(block(), encoding="utf-8")
    rows = runpy.run_path(str(script))["rows"]

    found = list(rows(iter([("a", b"case: A\nas_of: 2016-07-18\nsuspects: [{ref: S1}]\n")])))

    assert len(found) == len(set(found)) > 100
    assert ("a", "arrest-within-limit", "S1", "not recorded") in found


def test_the_function_in_the_documents_asks_what_the_command_asks(shell: Shell, tmp_path: Path) -> None:
    script, case = tmp_path / "reviewing.py", tmp_path / "a.yaml"
    script.write_text(block(), encoding="utf-8")
    case.write_text("case: A\nas_of: 2016-07-18\nsuspects: [{ref: S1}]\n", encoding="utf-8")
    rows = runpy.run_path(str(script))["rows"]

    (reviewed,) = json.loads(shell.review(str(case), "--format", "json").out)["reviews"]

    asked = [(one["rule"], one["subject"], one["verdict"]) for one in reviewed["findings"]]
    assert [row[1:] for row in rows(iter([("a", case.read_bytes())]))] == asked
