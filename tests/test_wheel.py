"""The wheel, installed away from its source, reviews with the rules that are inside it."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from checklist.compiled import read_compiled
from checklist.rulebooks import load_checklist

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = "cumbria-2017-1.yaml"
NOT_MET = 1


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one wheel and one source archive."""
    folder = tmp_path_factory.mktemp("built")
    build = (sys.executable, "-m", "hatchling", "build", "-d", str(folder))
    _succeed(*build, "-t", "wheel", "-t", "sdist", folder=ROOT)
    return folder


@pytest.fixture(scope="session")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel, what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env", with_pip=True, symlinks=os.name != "nt")
    pip = (_program(folder / "env", "python"), "-m", "pip")
    _succeed(*pip, "install", "--quiet", str(_only(built, "*.whl")), folder=folder)
    return folder / "env"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of an example, in a folder with nothing else."""
    return Path(shutil.copy(ROOT / "examples" / EXAMPLE, tmp_path))


def test_the_wheel_holds_the_rules_as_they_stand_in_the_source(built: Path) -> None:
    rules = ROOT / "rules"
    source = {path.relative_to(rules).as_posix(): path.read_bytes() for path in _files(rules)}

    inside = {
        name.removeprefix("checklist/rulebook/"): text
        for name, text in _contents(built).items()
        if name.startswith("checklist/rulebook/")
    }

    assert inside == source
    assert "vocabulary.yaml" in inside


def test_the_wheel_holds_the_package_and_nothing_beside_it(built: Path) -> None:
    names = [Path(name) for name in _contents(built)]

    folders = {name.parts[0].partition("-")[0] for name in names}
    outside = {path.name for part in ("tests", "examples") for path in _files(ROOT / part)}
    inside = {path.name for part in ("checklist", "rules") for path in _files(ROOT / part)}
    assert folders == {"checklist", "casefile_checklist"}
    assert not {name.name for name in names} & (outside - inside)


def test_the_wheel_holds_the_rules_compiled_from_what_stands_in_it(built: Path) -> None:
    read = read_compiled(_contents(built)["checklist/rulebook.json"], load_checklist(ROOT / "rules").files)

    assert read is not None
    assert len(read.rules) > 200


def test_the_source_archive_holds_what_a_contributor_needs(built: Path) -> None:
    with tarfile.open(_only(built, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"} <= names
    assert {
        "rules/vocabulary.yaml",
        "tests/test_wheel.py",
        f"examples/{EXAMPLE}",
    } <= names
    assert any(name.startswith("docs/") for name in names)


def test_the_installed_program_reviews_with_the_rules_inside_it(environment: Path, case: Path) -> None:
    rulebook = _rulebook(environment)

    rules = _rules_that_spoke(environment, case)

    assert rules
    assert rules <= {path.stem for path in _files(rulebook)}


def test_a_rule_taken_out_of_the_installed_program_is_not_asked(environment: Path, case: Path) -> None:
    files = list(_rulebook(environment).glob("**/arrest-within-limit.*yaml"))
    before = _rules_that_spoke(environment, case)

    texts = {path: path.read_bytes() for path in files}
    for path in files:
        path.unlink()
    try:
        after = _rules_that_spoke(environment, case)
    finally:
        for path, text in texts.items():
            path.write_bytes(text)

    assert before - after == {"arrest-within-limit"}


def _rules_that_spoke(environment: Path, case: Path) -> set[str]:
    review = (_program(environment, "review"), "--format", "json")
    done = _run(*review, case.name, folder=case.parent)
    assert done.returncode == NOT_MET, done.stdout + done.stderr
    (reviewed,) = json.loads(done.stdout)["reviews"]
    return {finding["rule"] for finding in reviewed["findings"]}


def _contents(built: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(_only(built, "*.whl")) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


def _rulebook(environment: Path) -> Path:
    return _only(environment, "**/site-packages/checklist/rulebook")


def _program(environment: Path, name: str) -> str:
    return str(environment / ("Scripts" if os.name == "nt" else "bin") / name)


def _succeed(*command: str, folder: Path) -> None:
    done = _run(*command, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr


def _run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    # The source, or this environment, must not reach the other one through a variable.
    ours = ("PYTHON", "COVERAGE", "VIRTUAL_ENV")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        command,
        cwd=folder,
        env=clean | {"PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _files(folder: Path) -> list[Path]:
    made = {"__pycache__", "node_modules"}
    return [path for path in folder.rglob("*") if path.is_file() and not made & set(path.parts)]


def _only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found
