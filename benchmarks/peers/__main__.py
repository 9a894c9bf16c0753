"""The same eight rules and the same files through ours and its peers, each by its whole process, and what each makes of absent data.

    python -m benchmarks.peers [--files 2000] [--rounds 3] [--only spectral,...]

Prints a table in Markdown. In each round ours and every peer take turns on the same files; no time stands by itself. What is not installed is left out.
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import cases
from benchmarks.peers.others import Kind, Peer, Said, peers
from benchmarks.peers.ours import EIGHT, ENVIRONMENT, OPEN, Verdicts, guarded, ninety, unguarded, verdicts
from checklist.findings import Verdict

HEAD = (
    "| peer | rules, of 8 | ours, guard and report: times as fast | ours, no guard | budget | kept "
    "| open to ours | it passes | it accuses | no answer | settled by ours | it differs | no answer |\n"
    "|---|--:|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What a peer says of the pairs of a file and a rule of which ours says something, in numbers of pairs."""

    open: int = 0
    """Those that ours calls *not recorded* or *cannot tell*."""
    passes: int = 0
    accuses: int = 0
    silent: int = 0
    settled: int = 0
    """Those that ours calls *met* or *not met*."""
    otherwise: int = 0
    unsettled: int = 0
    """Of these, those of which the peer says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A peer, and what was seen of it; seconds of whole processes, a round each, beside those of ours in the same round."""

    peer: Peer
    said: Said
    seconds: list[float] = field(default_factory=list)
    guarded: list[float] = field(default_factory=list)
    unguarded: list[float] = field(default_factory=list)


def against(ours: Verdicts, said: Said, rules: Sequence[str]) -> Against:
    """Counts what a peer says of the rules that it was asked; files that it could not read are not counted."""
    found = [
        (verdict, said[file].get(rule)) for (file, rule), verdict in ours.items() if rule in rules and said.get(file)
    ]
    left_open = [answer for verdict, answer in found if verdict in OPEN]
    settled = [
        (verdict is Verdict.MET, answer) for verdict, answer in found if verdict in (Verdict.MET, Verdict.NOT_MET)
    ]
    return Against(
        open=len(left_open),
        passes=sum(answer is True for answer in left_open),
        accuses=sum(answer is False for answer in left_open),
        silent=sum(answer is None for answer in left_open),
        settled=len(settled),
        otherwise=sum(answer is not None and answer is not met for met, answer in settled),
        unsettled=sum(answer is None for _, answer in settled),
    )


def row(seen: Measured, ours: Verdicts) -> str:
    """A row of the table, of what was run."""
    with_guard = [peer / own for peer, own in zip(seen.seconds, seen.guarded, strict=True)]
    without = [peer / own for peer, own in zip(seen.seconds, seen.unguarded, strict=True)]
    budget, kept = {
        Kind.COMMAND: (">= 10 x, with", median(with_guard) >= 10),
        Kind.ENGINE: (">= 2 x, without", median(without) >= 2),
        Kind.NODE: ("-", None),
    }[seen.peer.kind]
    counted = against(ours, seen.said, seen.peer.rules)
    return "| {} |".format(
        " | ".join(
            (
                f"{seen.peer.name}, {seen.peer.kind}",
                str(len(seen.peer.rules)),
                _times(with_guard),
                _times(without),
                budget,
                {True: "yes", False: "**no**", None: ""}[kept],
                *map("{:,}".format, (counted.open, counted.passes, counted.accuses, counted.silent)),
                *map("{:,}".format, (counted.settled, counted.otherwise, counted.unsettled)),
            )
        )
    )


def _times(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2g} x ({min(ratios):.2g} to {max(ratios):.2g})"


def run(words: Sequence[str], place: Path) -> tuple[float, str]:
    """The wall seconds of a whole process, and what it wrote; its exit code may be a verdict."""
    out = place / "out.txt"
    with out.open("wb") as file:
        began = time.perf_counter()
        ran = subprocess.run(words, cwd=place, stdout=file, stderr=subprocess.PIPE, env=ENVIRONMENT)
        taken = time.perf_counter() - began
    told = out.read_text(encoding="utf-8", errors="replace")
    if not told.strip() and ran.stderr:
        raise SystemExit(ran.stderr.decode(errors="replace"))
    return taken, told


def measure(chosen: Sequence[Peer], place: Path, rounds: int) -> list[Measured]:
    """Ours, and each peer in turn, over the folder `cases` that stands in a place."""
    files = tuple(sorted(path.relative_to(place).as_posix() for path in (place / "cases").rglob("*.yaml")))
    names = tuple(name.removeprefix("cases/") for name in files)
    asked = ninety()
    found: dict[str, Measured] = {}
    for _ in range(rounds):
        with_guard, _told = run(guarded(asked), place)
        without = _seconds(unguarded(asked), place)
        for peer in chosen:
            taken, told = run((*peer.words, *(files if peer.files_named else ())), place)
            if peer.name not in found:
                found[peer.name] = Measured(peer=peer, said=answers(peer, told, names))
            seen = found[peer.name]
            seen.seconds.append(taken)
            seen.guarded.append(with_guard)
            seen.unguarded.append(without)
    return list(found.values())


def answers(peer: Peer, told: str, files: tuple[str, ...]) -> Said:
    """What a peer says of the files, read from its output.

    Raises:
        SystemExit: where it stopped before the last file, so that its time would be that of less work.
    """
    said = peer.read(told, files, peer.rules)
    if missing := set(files) - set(said):
        told_not = f"{peer.name} says nothing of {len(missing)} of {len(files)} files: did it stop?"
        raise SystemExit(told_not)
    return said


def _seconds(words: Sequence[str], place: Path) -> float:
    began = time.perf_counter()
    subprocess.run(words, cwd=place, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measures what can be run here, and prints the table."""
    every = {peer.name: peer for peer in peers()}
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--files", type=int, default=2_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", default=",".join(every), help="some of " + ", ".join(every))
    given = asked.parse_args()
    chosen = [every[name] for name in given.only.split(",")]
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        cases.write(place / "cases", given.files)
        ours = verdicts(place)
        found = measure([peer for peer in chosen if not peer.needs], place, given.rounds)
    print(
        f"{given.files:,} files, {given.rounds} rounds; ours: 90 rules, the peers: as many of the {len(EIGHT)} as they can say.\n"
    )
    print(HEAD)
    for seen in found:
        print(row(seen, ours))
    for peer in chosen:
        if peer.needs:
            print(f"\n{peer.name} was left out: it is not installed ({peer.needs}).")


if __name__ == "__main__":
    main()
