"""A run is killed at a random instant: what stands in a report's place is the old report or the new one, never a torn one.

REVIEW_KILLS says how often for each format, 10 unless it is set; REVIEW_KILLS_SEED chooses the instants.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import WRITTEN

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("REVIEW_KILLS", "10"))
SEED = os.environ.get("REVIEW_KILLS_SEED", "0")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot divide a process")
@pytest.mark.parametrize("name", WRITTEN)
def test_a_run_that_is_killed_leaves_the_old_report_or_the_new_one(tmp_path: Path, name: str) -> None:
    if name == "xlsx":
        pytest.importorskip("xlsxwriter")

    ran = subprocess.run(
        [sys.executable, "-m", "tests.kills", name, str(KILLS), SEED, str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    sys.stdout.write(f"{name}: {told}\n")
    assert told["kills"] == told["old"] + told["new"] == KILLS
    assert told["torn"] == 0
    assert told["left_in_the_end"] == 0  # an hour later, the next run of ours sweeps up
