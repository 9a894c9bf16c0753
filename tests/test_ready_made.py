"""What is ready-made for GitHub, GitLab, Jenkins and pre-commit: each is run as it is written, over the project's own examples."""

import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BASELINE = ROOT / ".ci" / "examples.jsonl"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these are for the shells of CI")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A working folder with cases, and the program where each of them installs it."""
    for folder in ("review", ".review"):
        (tmp_path / folder / "bin").mkdir(parents=True)
        command = tmp_path / folder / "bin" / "review"
        command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m checklist "$@"\n', encoding="utf-8")
        command.chmod(0o755)
    (tmp_path / "cases").symlink_to(ROOT / "examples")
    return tmp_path


def run(script: str, place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "RUNNER_TEMP": str(place), "NO_COLOR": "1", **more}
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env=env,
    )


def read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def step(name: str) -> dict[str, Any]:
    steps = read_yaml("action.yml")["runs"]["steps"]
    return next(one for one in steps if one.get("name") == name)


def test_the_action_reviews_what_it_is_given_and_adds_a_summary(place: Path) -> None:
    ran = run(
        step("review")["run"],
        place,
        REVIEW_PATHS="cases\n",
        REVIEW_ARGUMENTS="--profile=core\n\n--format=sarif:review.sarif\n",
        GITHUB_STEP_SUMMARY=str(place / "summary.md"),
    )

    assert ran.returncode == 1
    assert "::error file=cases/" in ran.stdout
    assert "# Review of 6 case files" in (place / "summary.md").read_text(encoding="utf-8")
    assert json.loads((place / "review.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_an_input_of_the_action_is_never_run_as_a_command(place: Path) -> None:
    ran = run(step("review")["run"], place, REVIEW_PATHS="$(touch ran)\n`touch ran`; touch ran", REVIEW_ARGUMENTS="")

    assert ran.returncode == 2
    assert not (place / "ran").exists()
    assert "${{" not in step("review")["run"] + step("install")["run"]


def test_the_action_installs_itself(place: Path) -> None:
    words = shlex.split(step("install")["run"].splitlines()[1])

    assert words[1:3] == ["install", "--quiet"]
    assert words[-1] == "$GITHUB_ACTION_PATH"


def test_gitlab_gets_a_test_report_and_code_quality(place: Path) -> None:
    job = read_yaml("docs/ci/gitlab.yml")["review-cases"]
    reports = job["artifacts"]["reports"]

    ran = run("\n".join(job["script"]), place, **{**job["variables"], "REVIEW_ARGUMENTS": "--profile core"})

    assert ran.returncode == 1
    assert ran.stdout.startswith("Review of 6 case files")
    assert ET.parse(place / reports["junit"]).getroot().tag == "testsuites"  # noqa: S314
    assert json.loads((place / reports["codequality"]).read_text(encoding="utf-8"))
    assert job["allow_failure"] == {"exit_codes": [3]}


def test_jenkins_gets_the_test_report_that_it_looks_for(place: Path) -> None:
    text = (ROOT / "docs" / "ci" / "Jenkinsfile").read_text(encoding="utf-8")
    (script,) = re.findall(r"returnStatus: true, script: '([^']*)'", text)
    (report,) = re.findall(r"testResults: '([^']*)'", text)

    ran = run(script, place)

    assert ran.returncode == 1
    assert ET.parse(place / report).getroot().findall("testsuite")  # noqa: S314


@pytest.mark.parametrize(("name", "code"), [("review", 1), ("check-cases", 0)])
def test_a_hook_runs_its_entry_on_the_files_that_are_committed(place: Path, name: str, code: int) -> None:
    hook = next(one for one in read_yaml(".pre-commit-hooks.yaml") if one["id"] == name)
    module = "import sys; from checklist import cli; sys.argv = sys.argv[1:]; getattr(cli, f'{sys.argv[0]}_main')()"
    files = sorted(f"cases/{path.name}" for path in (ROOT / "examples").iterdir())

    assert all(re.search(hook["files"], file) for file in files)
    ran = run(shlex.join([sys.executable, "-c", module, *shlex.split(hook["entry"]), *files]), place)

    assert ran.returncode == code


def test_the_examples_of_this_project_have_no_finding_that_is_not_known() -> None:
    """The baseline of the project's own check. After a change that was meant: `checklist baseline examples --write .ci/examples.jsonl`."""
    words = [sys.executable, "-m", "checklist", "--baseline", str(BASELINE), "--format", "json", "examples"]
    ran = subprocess.run(words, capture_output=True, check=False, cwd=ROOT)

    told = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert (told["baseline"]["new"], told["baseline"]["worse"], told["baseline"]["gone"]) == (0, 0, [])
    assert told["notices"] == []
