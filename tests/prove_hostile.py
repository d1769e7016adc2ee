"""Proof that no document does harm: a command that reads a whole folder of damaged and hostile files, and counts.

Run it with ``python tests/prove_hostile.py [folder]`` (minutes); the folder is ``../shared/hostile`` by default. Every
file goes through ``read_document``, as any document does, and what was read through ``extract`` and the tracker. What
is counted: how each ended, and what must never happen. Where the system allows it, the proof runs in a network of its
own with nobody in it, whose counters show every attempt to connect outside the readers' own.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from mapping.sources.finding import extract
from mapping.sources.limits import CPU_SECONDS, WALL_SECONDS
from mapping.sources.passages import OUTCOMES, Document
from mapping.sources.reading import read_document
from mapping.sources.receipt import check_receipt
from mapping.sources.refusals import CODES
from mapping.sources.totals import find_totals
from mapping.sources.tracker import find_recommendations

HOSTILE = Path(__file__).resolve().parents[2] / "shared" / "hostile"
_GB = 1_000_000_000
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


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
    search : float
        Processor seconds of this process for the search of what was read.
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
    search: float
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
        return Trial(
            str(path.relative_to(folder)), "raised", type(error).__name__, "", 0, 0, 0, 0, "raised", [str(error)]
        )
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    faults = find_faults(document)
    start = time.process_time()
    try:
        check_receipt(extract([document]).receipt, [document])
        find_recommendations([document])
        find_totals([document])
    except Exception as error:
        faults.append(f"the search raised {type(error).__name__}")
    search = time.process_time() - start
    if seconds > CPU_SECONDS + 1 or wall > WALL_SECONDS + 5:
        faults.append("over time")
    messages = [warning.message for warning in document.warnings]
    return Trial(
        str(path.relative_to(folder)), document.outcome, document.code, document.kind, seconds, wall,
        len(document.passages), search, "; ".join(faults), messages,
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


class Surroundings:
    """What reading must leave as it is: the documents, the folder of work and of temporary files, home, the network.

    Attributes
    ----------
    apart : bool
        Whether this process has a network of its own, so that attempts to connect can be counted.
    """

    def __init__(self, folder: Path, work: Path) -> None:
        self._folder, self._work = folder, work
        self.apart = self._leave_network()
        self._files, self._attempts = self._list_files(), self._count_attempts()

    @staticmethod
    def _leave_network() -> bool:
        if not sys.platform.startswith("linux"):
            return False
        library = ctypes.CDLL(None)
        return any(library.unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))

    def _list_files(self) -> dict[str, tuple[int, int, int]]:
        found = {}
        for place, paths in ((self._folder, self._folder.rglob("*")), (self._work, self._work.rglob("*"))):
            found |= {str(path): _tell(path) for path in (place, *paths)}
        # Other programs change what stands at home; that something of ours is left there is seen by its name.
        found |= {str(path): (0, 0, 0) for path in Path.home().iterdir()}
        return found

    @staticmethod
    def _count_attempts() -> int:
        """Return how many connections were opened and datagrams sent in this network."""
        count = 0
        path = Path("/proc/net/snmp")
        lines = path.read_text(encoding="ascii").splitlines() if path.is_file() else []
        for names, values in zip(lines[::2], lines[1::2], strict=True):
            row = dict(zip(names.split(), values.split(), strict=True))
            count += int(row.get("ActiveOpens", 0)) + int(row.get("OutDatagrams", 0))
        return count

    def compare(self) -> tuple[list[str], int]:
        """Return the files that were changed, made or taken away, and how many attempts to connect were made."""
        now = self._list_files()
        changed = {path for path in {*now, *self._files} if now.get(path) != self._files.get(path)}
        return sorted(changed), self._count_attempts() - self._attempts


def _tell(path: Path) -> tuple[int, int, int]:
    facts = path.lstat()
    return facts.st_ino, facts.st_size, 0 if path.is_dir() else facts.st_mtime_ns


def print_table(trials: Sequence[Trial], surroundings: Surroundings) -> bool:
    """Print how the files ended, by kind, and the counts that must be nought; say whether they are."""
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
    changed, attempts = surroundings.compare()
    counts = {
        "errors that reached the caller": sum(trial.outcome == "raised" for trial in trials),
        "answers out of order": sum(bool(trial.faults) and trial.faults != "over time" for trial in trials),
        f"over {CPU_SECONDS} s of processor time or {WALL_SECONDS} s": sum(
            "over time" in trial.faults for trial in trials
        ),
        "over 1 GB in a child or here": int(largest > _GB) + int(own > _GB),
        "files made, changed or taken away": len(changed),
        "attempts to connect": attempts,
    }
    for what, count in counts.items():
        print(f"{what:50}{count:6}")
    if not surroundings.apart:
        print("the attempts are those of the whole system, as this process may not have a network of its own")
    print(f"{len(trials)} files; most memory of a child {largest / 1e6:.0f} MB, of this process {own / 1e6:.0f} MB")
    print(
        f"search of what was read: at most {max((trial.search for trial in trials), default=0):.2f} s of processor time"
    )
    for path in changed:
        print(f"CHANGED {path}")
    for trial in trials:
        if trial.faults:
            print(f"FAULT {trial.path}: {trial.faults}: {trial.warnings[:1]}")
    return not any(counts.values())


def main() -> int:
    """Read the folder and print the table; 1 where something happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HOSTILE)
    parser.add_argument("--sample", type=int, default=0, help="so many files only, chosen by a seed")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--out", type=Path, help="write one JSON line for each file")
    given = parser.parse_args()
    given.out = given.out and given.out.resolve()
    if not given.folder.is_dir():
        print(f"skipped: {given.folder.name} not present")
        return 0
    folder = given.folder.resolve()
    with tempfile.TemporaryDirectory() as work:
        os.environ["TMPDIR"] = tempfile.tempdir = work
        os.chdir(work)
        surroundings = Surroundings(folder, Path(work))
        trials = try_files(list_files(folder, given.sample, given.seed), folder, show=True)
        quiet = print_table(trials, surroundings)
        os.chdir(folder)
    if given.out:
        given.out.write_text("\n".join(json.dumps(asdict(trial)) for trial in trials) + "\n", encoding="utf-8")
    return int(not quiet)


if __name__ == "__main__":
    raise SystemExit(main())
