"""Proof that no document does harm: a command that reads a whole folder of damaged and hostile files, and counts.

Run it with ``python tests/prove_hostile.py [folder]`` (minutes); the folder is ``../shared/hostile`` by default. Every
file goes through ``read_document``, as any document does. What is counted: how each ended, and what must never happen.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from mapping.sources.limits import CPU_SECONDS, WALL_SECONDS
from mapping.sources.passages import OUTCOMES, Document
from mapping.sources.reading import read_document
from mapping.sources.refusals import CODES

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "hostile"
_GB = 1_000_000_000


@dataclass
class Trial:
    """How one file ended, and what it took.

    Attributes
    ----------
    path, outcome, code, kind : str
        The file and how reading ended.
    seconds, wall : float
        Processor seconds of the child, and seconds on the clock.
    passages : int
        How many were found.
    faults : str
        What must not happen and did; empty if nothing.
    """

    path: str
    outcome: str
    code: str
    kind: str
    seconds: float
    wall: float
    passages: int
    faults: str
    warnings: list[str]


def find_faults(document: Document) -> list[str]:
    """Return what is wrong with an answer: an unknown outcome, a refusal without cause and remedy, places that lie."""
    faults = []
    messages = [str(warning) for warning in document.warnings]
    if document.outcome not in OUTCOMES:
        faults.append("outcome unknown")
    if (document.outcome == "refused") != bool(document.code) or (document.code and document.code not in CODES):
        faults.append("refusal without a known code")
    if document.outcome == "refused" and (len(messages) != 1 or not re.search(r"\. [A-Z]\w+ .*\.$", messages[0])):
        faults.append("refusal without cause and remedy")
    if document.outcome == "refused" and not (messages and messages[0].startswith(document.name)):
        faults.append("refusal without the file's name")
    if document.outcome == "ok" and (messages or not document.passages):
        faults.append("ok without passages, or with warnings")
    if any("Traceback" in message or "a reader may not" in message for message in messages):
        faults.append("traceback, or a forbidden act")
    text = "\n".join(passage.text for passage in document.passages)
    if any(text[passage.start : passage.end] != passage.text for passage in document.passages):
        faults.append("spans that do not hold their passage")
    return faults


def try_file(path: Path, folder: Path) -> Trial:
    """Read one file and note what it took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    try:
        document = read_document(path)
    except BaseException as error:  # the very thing that must not happen
        return Trial(str(path.relative_to(folder)), "raised", type(error).__name__, "", 0, 0, 0, "raised", [str(error)])
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    faults = find_faults(document)
    if seconds > CPU_SECONDS + 1 or wall > WALL_SECONDS + 5:
        faults.append("over time")
    messages = [warning.message for warning in document.warnings]
    return Trial(
        str(path.relative_to(folder)), document.outcome, document.code, document.kind, seconds, wall,
        len(document.passages), "; ".join(faults), messages,
    )  # fmt: skip


def list_files(folder: Path, sample: int = 0, seed: int = 1) -> list[Path]:
    """Return the files of a folder, or a seeded sample of them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return paths if not sample else sorted(random.Random(seed).sample(paths, min(sample, len(paths))))


def try_files(paths: Iterable[Path], folder: Path, show: bool = False) -> list[Trial]:
    """Read files one after another."""
    trials = []
    for number, path in enumerate(paths, start=1):
        trials.append(try_file(path, folder))
        if show and number % 100 == 0:
            print(f"... {number} files", file=sys.stderr, flush=True)
    return trials


def print_table(trials: Sequence[Trial]) -> None:
    """Print how the files ended, by kind, and the counts that must be nought."""
    print(f"{'kind':14}{'files':>7}{'ok':>7}{'warned':>8}{'refused':>9}{'median s':>10}{'most s':>8}")
    for kind in sorted({trial.kind for trial in trials}):
        rows = [trial for trial in trials if trial.kind == kind]
        ends = Counter(trial.outcome for trial in rows)
        seconds = sorted(trial.seconds for trial in rows)
        print(
            f"{kind or '(not opened)':14}{len(rows):7}{ends['ok']:7}{ends['ok with warnings']:8}{ends['refused']:9}"
            f"{seconds[len(seconds) // 2]:10.2f}{seconds[-1]:8.2f}"
        )
    codes = Counter(trial.code for trial in trials if trial.code)
    print("refused: " + ", ".join(f"{code} {count}" for code, count in codes.most_common()))
    largest = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    counts = {
        "errors that reached the caller": sum(trial.outcome == "raised" for trial in trials),
        "answers out of order": sum(bool(trial.faults) and trial.faults != "over time" for trial in trials),
        f"over {CPU_SECONDS} s of processor time or {WALL_SECONDS} s": sum(
            "over time" in trial.faults for trial in trials
        ),
        "over 1 GB in a child or here": int(largest > _GB) + int(own > _GB),
    }
    for what, count in counts.items():
        print(f"{what:50}{count:6}")
    print(f"{len(trials)} files; most memory of a child {largest / 1e6:.0f} MB, of this process {own / 1e6:.0f} MB")
    for trial in trials:
        if trial.faults:
            print(f"FAULT {trial.path}: {trial.faults}: {trial.warnings[:1]}")


def main() -> int:
    """Read the folder and print the table; 1 where something happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HOSTILE)
    parser.add_argument("--sample", type=int, default=0, help="so many files only, chosen by a seed")
    parser.add_argument("--out", type=Path, help="write one JSON line for each file")
    given = parser.parse_args()
    if not given.folder.is_dir():
        print(f"skipped: {given.folder.name} not present")
        return 0
    trials = try_files(list_files(given.folder, given.sample), given.folder, show=True)
    if given.out:
        given.out.write_text("\n".join(json.dumps(asdict(trial)) for trial in trials) + "\n", encoding="utf-8")
    print_table(trials)
    return int(any(trial.faults or trial.outcome == "raised" for trial in trials))


if __name__ == "__main__":
    raise SystemExit(main())
