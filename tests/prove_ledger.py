"""Proof that a review comes back as it was meant, and that no decision is lost: a command that prints a table.

Run it with ``python tests/prove_ledger.py`` (minutes). It saves a filled-in review sheet after each of the edits that
people make in Excel, in five formats, and imports it; kills imports and reports at random moments and at every write;
imports in pairs at once; and fills the disk. ``--short`` takes a sample. The tests of the suite use the same parts.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from review_edits import FORMATS, NAMES, SCRIPTS, Record, fill_in, save_xlsx, try_edits, write_review_city

from mapping.errors import MappingError
from mapping.ledger import read_decisions
from mapping.outputs.folder import write_report
from mapping.partnership import read_partnership
from mapping.review_import import import_reviews
from mapping.tags import Run, tag

# --- kills -------------------------------------------------------------------------------------------------


@dataclass
class Stage:
    """A city on disk, the run made of it, and workbooks of two reviewers that are ready to be imported."""

    city: Path
    run: Run
    books: dict[str, Path]
    records: dict[str, set[Record]]
    before: set[Record]

    def reset(self) -> None:
        """Take every import away again."""
        shutil.rmtree(self.city / "decisions", ignore_errors=True)
        shutil.copytree(self.city.parent / "kept", self.city / "decisions")

    def state(self) -> set[Record]:
        """Return the decisions as any later command would read them; raises when a repair would be needed."""
        return set(read_decisions(self.city)[0][NAMES].itertuples(index=False, name=None))

    def strays(self) -> list[str]:
        return [path.name for path in (self.city / "decisions").iterdir() if path.suffix != ".csv"]


def set_stage(home: Path) -> Stage:
    """Write a city that has imports on record already, and fill in the workbooks of AB and CD."""
    city = write_review_city(home / "city")
    start = tag(read_partnership(city), draws=100, resamples=20)
    early = fill_in(start, home, "EF", 1)
    import_reviews(city, [save_xlsx(early.book, home / "early")], start)
    shutil.copytree(city / "decisions", home / "kept")
    # Both are asked what nobody had decided at the start, as two people who were sent sheets on one day are.
    both = {name: fill_in(start, home, name, shift) for name, shift in (("AB", 0), ("CD", 2))}
    books = {name: save_xlsx(base.book, home / f"filled-{name}") for name, base in both.items()}
    run = tag(read_partnership(city), draws=100, resamples=20)
    stage = Stage(city, run, books, {name: set(base.records) for name, base in both.items()}, set())
    stage.before = stage.state()
    return stage


def in_child(job: Callable[[], object], before: Callable[[], object] = lambda: None) -> int:
    """Do a job in a forked child and return its process id."""
    child = os.fork()
    if child:
        return child
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        before()
        job()
        os._exit(0)
    except MappingError:
        os._exit(3)
    except BaseException:
        os._exit(4)


def end(child: int) -> int:
    """Wait for a child: its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


_EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.listdir", "os.scandir")


def count_writes(kill_at: int = 0, tell: int = -1) -> None:
    """Count file operations in this process from now on, and kill it by SIGKILL just before number ``kill_at``."""
    seen = [0]

    def step() -> None:
        seen[0] += 1
        if seen[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if tell >= 0:
            os.write(tell, b".")

    def hear(event: str, args: tuple[Any, ...]) -> None:
        if event in _EVENTS:
            step()

    sync, fdopen = os.fsync, os.fdopen

    def tear(descriptor: int, *mode: Any, **more: Any) -> Any:
        """Open a file whose first write writes half, and may be the last thing the process does."""
        file = fdopen(descriptor, *mode, **more)
        if "w" in str(mode):
            write = file.write

            def half(data: Any) -> int:
                write(data[: len(data) // 2])
                file.flush()
                step()
                return int(write(data[len(data) // 2 :]))

            with contextlib.suppress(AttributeError):
                return _Torn(file, half)
        return file

    def sync_counted(descriptor: int) -> None:
        step()
        sync(descriptor)
        step()

    sys.addaudithook(hear)
    os.fsync, os.fdopen = sync_counted, tear


class _Torn:
    """A file whose writes go through another function."""

    def __init__(self, file: Any, write: Callable[[Any], int]) -> None:
        self._file, self.write = file, write

    def __enter__(self) -> _Torn:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def count_steps(job: Callable[[], object]) -> int:
    """Return how many file operations a job makes, by doing it in a child."""
    read, write = os.pipe()
    child = in_child(job, lambda: count_writes(tell=write))
    os.close(write)
    with os.fdopen(read, "rb") as told:
        steps = len(told.read())
    assert end(child) == 0, "the job fails even when it is left alone"
    return steps


def kill_import(stage: Stage, kill_at: int = 0, after: float = 0.0) -> dict[str, int]:
    """Import AB's workbook, kill that, look at what is left, and import it again."""
    stage.reset()
    kept = {path: path.read_bytes() for path in (stage.city / "decisions").iterdir()}
    kept[stage.city / "decisions.csv"] = (stage.city / "decisions.csv").read_bytes()
    job = lambda: import_reviews(stage.city, [stage.books["AB"]], stage.run)  # noqa: E731
    child = in_child(job, (lambda: count_writes(kill_at)) if kill_at else lambda: None)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    killed = end(child) == -signal.SIGKILL
    lost = altered = repairs = 0
    wanted = stage.before | stage.records["AB"]
    try:
        state = stage.state()
        lost += len(stage.before - state)
        altered += state not in (stage.before, wanted)
        import_reviews(stage.city, [stage.books["AB"]], stage.run)
        lost += len(wanted - stage.state())
        altered += len(stage.state() - wanted)
    except MappingError:
        repairs += 1
    altered += sum(path.read_bytes() != data for path, data in kept.items())
    return {"killed": killed, "lost": lost, "altered": altered, "repairs": repairs, "strays": len(stage.strays())}


def hash_folder(folder: Path) -> str:
    """Return the hash of every file under a folder, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def kill_report(stage: Stage, run: Run, home: Path, kill_at: int = 0, after: float = 0.0) -> dict[str, int]:
    """Write the report of a later run over that of an earlier one, kill that, and look at what stands there."""
    out, earlier, later = (home / name for name in ("out/latest", "earlier", "later"))
    shutil.rmtree(home / "out", ignore_errors=True)
    shutil.copytree(earlier, out)
    child = in_child(lambda: write_report(run, out), (lambda: count_writes(kill_at)) if kill_at else lambda: None)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    killed = end(child) == -signal.SIGKILL
    absent = not out.exists()
    half = not absent and hash_folder(out) not in (hash_folder(earlier), hash_folder(later))
    # Between two renames nothing stands there: the earlier report is whole beside it, and the next run writes anew.
    aside = [hash_folder(path / "old") for path in out.parent.glob(".*.old") if (path / "old").is_dir()]
    gone = absent and hash_folder(earlier) not in aside
    strays = len(list(out.parent.glob(".*")))
    lost = len(stage.before - stage.state())
    return {"killed": killed, "lost": lost, "half": half, "gone": gone, "moment": absent, "strays": strays}


# --- several at once, and disks that refuse ----------------------------------------------------------------


def import_pair(stage: Stage, names: tuple[str, str]) -> bool:
    """Import two workbooks at one moment; return whether both are on record and nothing else is."""
    stage.reset()
    read, write = os.pipe()

    def wait() -> None:
        os.close(write)
        os.read(read, 1)  # returns when the parent lets go of the other end

    children = [
        in_child(lambda name=name: import_reviews(stage.city, [stage.books[name]], stage.run), wait)  # type: ignore[misc]
        for name in names
    ]
    os.close(read)
    os.close(write)
    codes = [end(child) for child in children]
    wanted = stage.before.union(*(stage.records[name] for name in names))
    return codes == [0, 0] and stage.state() == wanted and not stage.strays()


def refuse_writing(stage: Stage, prepare: Callable[[], object]) -> str:
    """Import where writing is refused, in a child; return what is wrong afterwards, or nothing."""
    stage.reset()
    read, write = os.pipe()

    def job() -> None:
        try:
            import_reviews(stage.city, [stage.books["AB"]], stage.run)
        except MappingError as error:
            os.write(write, str(error).encode())
            raise

    code = end(in_child(job, prepare))
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    faults = [] if code == 3 else [f"the import ended with {code}"]
    if "could not be written" not in said:
        faults.append(f"it said: {said!r}")
    if stage.state() != stage.before or stage.strays():
        faults.append(f"something was left or lost: {stage.strays()}")
    return "; ".join(faults)


def limit_file_size() -> None:
    """Let no file of this process grow beyond 50 bytes: what a full disk or a quota does."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))


def become_nobody() -> None:
    os.setgid(65534)
    os.setuid(65534)


def hold_open() -> None:
    """Behave as Windows does where another program holds the file."""

    def refuse(self: Path, target: object) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    Path.replace = refuse  # type: ignore[assignment, method-assign]


@contextlib.contextmanager
def small_disk(stage: Stage) -> Iterator[bool]:
    """Mount a disk of 64 kB in place of the ledger, full but for a little; false where that is not allowed."""
    folder = stage.city / "decisions"
    stage.reset()
    folder.rename(stage.city / "aside")
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True)
    try:
        if done.returncode == 0:
            for path in (stage.city / "aside").iterdir():
                shutil.copy(path, folder)
            with contextlib.suppress(OSError), (folder / ".filler").open("wb", buffering=0) as file:
                while file.write(b"x" * 512):
                    pass
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)
        shutil.rmtree(folder)
        (stage.city / "aside").rename(folder)


# --- the command -------------------------------------------------------------------------------------------


def prove_import_kills(stage: Stage, number: int) -> pd.DataFrame:
    """Kill imports at every file operation, then at random moments, until ``number`` of them were hit."""
    job = lambda: import_reviews(stage.city, [stage.books["AB"]], stage.run)  # noqa: E731
    stage.reset()
    steps = count_steps(job)
    stage.reset()
    begun = time.monotonic()
    end(in_child(job))
    took = time.monotonic() - begun
    chance = random.Random(1)
    rows = [kill_import(stage, kill_at=step + 1) for step in range(min(steps, number // 2))]
    while sum(row["killed"] for row in rows) < number and len(rows) < 3 * number:
        rows.append(kill_import(stage, after=chance.uniform(0.001, took)))
    return pd.DataFrame(rows).astype(int)


def prove_report_kills(stage: Stage, home: Path, number: int) -> pd.DataFrame:
    """Kill re-runs of the report: at the last file operations, which swap the folders, at others, and at random."""
    stage.reset()
    import_reviews(stage.city, [stage.books["AB"]], stage.run)
    stage.before = stage.state()
    run = tag(read_partnership(stage.city), draws=100, resamples=20)
    write_report(stage.run, home / "earlier")
    begun = time.monotonic()
    write_report(run, home / "later")
    took = time.monotonic() - begun
    shutil.copytree(home / "earlier", home / "out" / "latest")
    steps = count_steps(lambda: write_report(run, home / "out" / "latest"))
    chance = random.Random(2)
    points = {*range(steps - number // 4 + 1, steps + 1), *chance.sample(range(1, steps), number // 4)}
    rows = [kill_report(stage, run, home, kill_at=point) for point in sorted(points)]
    while sum(row["killed"] for row in rows) < number and len(rows) < 3 * number:
        rows.append(kill_report(stage, run, home, after=chance.uniform(0.01, took)))
    return pd.DataFrame(rows).astype(int)


def main() -> int:
    """Do the whole proof, or a sample, and print a table; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a sample of the kills")
    short = parser.parse_args().short
    held = True
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name, said, fine in prove_all(home, short):
            print(f"{'held' if fine else 'FAILED':7} {name:28} {said}", flush=True)
            held &= fine
    return int(not held)


def prove_all(home: Path, short: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield the lines of the table as they are found."""
    total, right, faults = try_edits(home / "edits")
    yield (
        f"{len(SCRIPTS)} edits x {len(FORMATS)} formats",
        "; ".join([f"{right} of {total} as wanted", *faults]),
        not faults,
    )
    stage = set_stage(home / "stage")
    yield describe_kills("imports", prove_import_kills(stage, 20 if short else 200))
    pairs = [("AB", "CD"), ("AB", "AB")] * (3 if short else 25)
    held = sum(import_pair(stage, pair) for pair in pairs)
    yield "imports in pairs", f"{held} of {len(pairs)} whole", held == len(pairs)
    yield from prove_refusals(stage)
    yield describe_kills("reports", prove_report_kills(stage, home, 8 if short else 200))


def describe_kills(what: str, table: pd.DataFrame) -> tuple[str, str, bool]:
    """Return the line of the table for some kills: how many hit, and the sum of everything that should be nought."""
    sums = table.sum()
    said = [f"{sums[name]} {name}" for name in table.columns if name not in ("killed", "moment")]
    said += [f"{sums['moment']} between two renames"] if "moment" in sums else []
    fine = not sums[[name for name in ("lost", "altered", "repairs", "half", "gone") if name in sums]].any()
    return f"{what} killed", f"{sums['killed']} of {len(table)}: {', '.join(said)}", fine and sums["killed"] > 0


def prove_refusals(stage: Stage) -> list[tuple[str, str, bool]]:
    """Import where writing is refused, in the ways that this machine allows."""
    ways = {"file size limit": limit_file_size, "file held open elsewhere": hold_open}
    if os.getuid() == 0:
        ways["folder of another user"] = become_nobody
    faults = {name: refuse_writing(stage, prepare) for name, prepare in ways.items()}
    with small_disk(stage) as mounted:
        if mounted:
            faults["full disk (tmpfs)"] = refuse_full_disk(stage)
    lines = [(name, fault or "old state whole, clear message", not fault) for name, fault in faults.items()]
    return lines if mounted else [*lines, ("full disk (tmpfs)", "skipped: mounting is not allowed here", True)]


def refuse_full_disk(stage: Stage) -> str:
    """Import on a full disk; return what is wrong afterwards, or nothing."""
    try:
        import_reviews(stage.city, [stage.books["AB"]], stage.run)
        return "was not refused"
    except MappingError as error:
        if "could not be written" not in str(error):
            return str(error)
    left = [name for name in stage.strays() if name != ".filler"]
    return f"something was left or lost: {left}" if left or stage.state() != stage.before else ""


if __name__ == "__main__":
    sys.exit(main())
