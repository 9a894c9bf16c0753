"""The peers: what each is run with, what it needs, and how its own output is read."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from benchmarks.peers.ours import EIGHT

HERE = Path(__file__).parent
ASKED = HERE / "asked"
UNDATED = EIGHT[:5]
Said = dict[str, Mapping[str, bool | None]]
"""By file, what is said of each rule: whether it passes, or None where the peer raised or gave no truth. Nothing of a file that it could not read."""


class Kind(StrEnum):
    """What a peer is, by which ours is to be a number of times as fast."""

    COMMAND = "a command line"
    ENGINE = "behind PyYAML"
    NODE = "on js-yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another way to ask the same rules of the same files."""

    name: str
    kind: Kind
    needs: str
    """Why it cannot be run here; empty where it can."""
    words: tuple[str, ...]
    """Its command, run where the folder `cases` stands."""
    rules: tuple[str, ...] = EIGHT
    """Those of the eight that it can say."""
    files_named: bool = False
    """Whether its command wants each file, and does not go through folders."""
    read: Callable[[str, tuple[str, ...], tuple[str, ...]], Said]
    """From its output, the files that it was given and the rules that it was asked, what it says."""


def lines(text: str, _files: tuple[str, ...], _rules: tuple[str, ...]) -> Said:
    """A driver's own lines: a file, and its answers."""
    return dict(json.loads(line) for line in text.splitlines())


def _found(violations: set[tuple[str, str]], unread: set[str], files: tuple[str, ...], rules: tuple[str, ...]) -> Said:
    """What a tool that prints violations says: a rule that is not among them passes."""
    return {file: {} if file in unread else {rule: (file, rule) not in violations for rule in rules} for file in files}


def _in_cases(path: str) -> str:
    return path.replace("\\", "/").rpartition("cases/")[2]


def spectral(text: str, files: tuple[str, ...], rules: tuple[str, ...]) -> Said:
    """Spectral's JSON: results with a code, or `parser`."""
    results = [(_in_cases(one["source"]), one["code"]) for one in json.loads(text)]
    return _found(set(results), {file for file, code in results if code == "parser"}, files, rules)


def semgrep(text: str, files: tuple[str, ...], rules: tuple[str, ...]) -> Said:
    """Semgrep's JSON: results with a check, and files that it could not parse."""
    told = json.loads(text)
    violations = {(_in_cases(one["path"]), one["check_id"].rpartition(".")[2]) for one in told["results"]}
    return _found(violations, {_in_cases(one["path"]) for one in told["errors"] if "path" in one}, files, rules)


_BY_LIST = {
    "missing_episodes": "missing-child-recorded-as-missing",
    "suspects": "online-grade-fits-household",
    "decisions": "decision-has-reason",
    "medical": "medical-considers-abuse",
    "medicals": "medical-considers-abuse",
}


def check_jsonschema(text: str, files: tuple[str, ...], rules: tuple[str, ...]) -> Said:
    """check-jsonschema's JSON names no part of a schema; each rule asks of another list, and the last of the whole file."""
    told = json.loads(text)
    violations = {
        (
            _in_cases(one["filename"]),
            _BY_LIST.get(one["path"].removeprefix("$.").partition("[")[0].partition(".")[0], "abuse-pursued-as-cause"),
        )
        for one in told.get("errors", ())
    }
    return _found(violations, {_in_cases(one["filename"]) for one in told.get("parse_errors", ())}, files, rules)


def _engine(name: str, module: str, package: str, rules: tuple[str, ...] = EIGHT) -> Peer:
    return Peer(
        name=name,
        kind=Kind.ENGINE,
        needs="" if find_spec(module) else f"pip install {package}",
        words=(sys.executable, "-m", f"benchmarks.peers.on_{name.replace('-', '_')}", "cases"),
        rules=rules,
        read=lines,
    )


def _node(name: str, packages: str, *more: str, rules: tuple[str, ...] = EIGHT) -> Peer:
    modules = Path(os.environ.get("PEERS_NODE", Path.cwd())) / "node_modules"
    there = shutil.which("node") and all((modules / package).is_dir() for package in packages.split())
    return Peer(
        name=name,
        kind=Kind.NODE,
        needs="" if there else f"npm install {packages}, and PEERS_NODE to name the folder",
        words=("node", str(HERE / "on_js_yaml.mjs"), "cases", *more),
        rules=rules,
        read=lines,
    )


def _command(
    name: str, package: str, *words: str, read: Callable[[str, tuple[str, ...], tuple[str, ...]], Said], files: bool
) -> Peer:
    return Peer(
        name=name,
        kind=Kind.COMMAND,
        needs="" if shutil.which(name) else package,
        words=(name, *words),
        rules=UNDATED,
        files_named=files,
        read=read,
    )


def peers() -> tuple[Peer, ...]:
    """Every peer, whether it can be run here or not."""
    return (
        _command(
            "spectral",
            "npm install @stoplight/spectral-cli",
            *("lint", "--quiet", "--format", "json", "--ruleset", str(ASKED / "spectral.yaml"), "cases/**/*.yaml"),
            read=spectral,
            files=False,
        ),
        _command(
            "semgrep",
            "pip install semgrep",
            *("scan", "--metrics=off", "--disable-version-check", "--jobs=1", "--no-git-ignore", "--quiet", "--json"),
            *("--config", str(ASKED / "semgrep.yaml"), "cases"),
            read=semgrep,
            files=False,
        ),
        _command(
            "check-jsonschema",
            "pip install check-jsonschema",
            *("--output-format", "json", "--schemafile", str(ASKED / "schema.json")),
            read=check_jsonschema,
            files=True,
        ),
        _engine("regorus", "opa_eval", "opa-eval"),
        _engine("zen", "zen", "zen-engine"),
        _engine("cel-rust", "cel", "common-expression-language"),
        _engine("cel-python", "celpy", "cel-python"),
        _engine("json-logic", "json_logic", "panzi-json-logic", (*UNDATED, "sign-referred")),
        _engine("rule-engine", "rule_engine", "rule-engine"),
        _node("js-by-hand", "js-yaml"),
        _node("json-logic-js", "js-yaml json-logic-js", "json-logic", rules=(*UNDATED, "sign-referred")),
    )
