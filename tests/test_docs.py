"""What the documents say is what the program does.

To put the README's output right after a change that was meant: `python -m tests.test_docs`, from the repository's folder.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from checklist.rulebooks import load_checklist
from checklist.runner import Options, review_text
from checklist.testing import examples_of

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
OUTPUT = re.compile(r"(<!-- output: review ([^,]+), first ([0-9]+) lines -->\n)(.*?)(<!-- /output -->)", re.DOTALL)


def real_output(name: str, lines: str) -> str:
    words = [sys.executable, "-m", "checklist", "--width", "80", "--no-color", *name.split()]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(words, capture_output=True, check=False, cwd=ROOT, env=env)
    shown = "\n".join(ran.stdout.decode().splitlines()[: int(lines)])
    return f"```text\n{shown}\n```\n"


def test_the_output_in_the_readme_is_the_real_one() -> None:
    told = README.read_text(encoding="utf-8")
    found = OUTPUT.findall(told)

    assert found
    for _, name, lines, output, _ in found:
        assert output == real_output(name, lines), "renew it with: python -m tests.test_docs"


def yaml_blocks(path: Path) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", [README, ROOT / "docs" / "case-file.md"], ids=lambda path: path.name)
def test_a_case_file_in_the_documents_has_no_problem(path: Path) -> None:
    checklist = load_checklist(ROOT / "rules")
    cases = [block for block in yaml_blocks(path) if re.search("^case:", block, flags=re.MULTILINE)]

    assert cases
    for case in cases:
        assert review_text(case.encode(), checklist, Options()).problems == ()


def test_the_case_in_the_readme_gives_the_two_findings_that_inspectors_published() -> None:
    checklist = load_checklist(ROOT / "rules")
    case = next(block for block in yaml_blocks(README) if "EX-CUMBRIA-1" in block)

    said = {finding.rule: finding for finding in review_text(case.encode(), checklist, Options()).findings}

    arrest, serial = said["arrest-within-limit"], said["serial-offending-considered"]
    assert (arrest.verdict, arrest.basis, arrest.elapsed) == ("not met", "done late", "21 days")
    assert (serial.verdict, serial.basis, serial.elapsed) == ("not met", "done late", "182 days")
    assert "the suspect had access to other children" in serial.says


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_a_document_names_no_file_that_is_not_there(path: Path) -> None:
    named = re.findall(
        r"`((?:docs|rules|examples|tests|checklist)/[a-z0-9_./-]+\.(?:md|yaml|py))`", path.read_text(encoding="utf-8")
    )

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_test_in_the_documents_makes_a_test_of_each_example(tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), re.DOTALL)
    written = tmp_path / "test_rules.py"
    written.write_text(block, encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "-k",
        "arrest-within-limit",
        str(written),
    ]

    ran = subprocess.run(words, capture_output=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})

    examples = sum(
        one.rule.id == "arrest-within-limit" for one in examples_of(load_checklist(ROOT / "rules", examples=True))
    )
    assert f"{examples} passed" in ran.stdout.decode(), ran.stdout.decode()


@pytest.mark.parametrize(
    "option",
    [
        "--as-of",
        "--standard-on",
        "--plain",
        "--print",
        "--explain",
        "--format",
        "--fail-on",
        "--quote",
        "--rules",
        "--profile",
        "--select",
        "--ignore",
        "--settings",
        "--locked",
    ],
)
def test_every_option_has_help(option: str) -> None:
    ran = subprocess.run([sys.executable, "-m", "checklist", "--help"], capture_output=True, check=True, cwd=ROOT)

    assert option in ran.stdout.decode()


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(
        OUTPUT.sub(lambda found: f"{found[1]}{real_output(found[2], found[3])}{found[5]}", text), encoding="utf-8"
    )
