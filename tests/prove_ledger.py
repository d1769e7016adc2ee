"""Proof that a review comes back as it was meant, and that no decision is lost: a command that prints a table.

Run it with ``python tests/prove_ledger.py`` (half an hour). It saves a filled-in review sheet after each of the edits
that people make in Excel, in five formats, by its own writers and by LibreOffice, and imports it; kills imports and
reports at random moments and at every write; does both in pairs at once; and fills the disk. ``--short`` takes a
sample. The tests of the suite use the same parts.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import hashlib
import io
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
from review_edits import NAMES, Record, fill_in, save_xlsx, try_edits, try_office, write_review_city

from mapping.errors import MappingError
from mapping.figures import plot_matrix
from mapping.ledger import read_decisions
from mapping.outputs import folder
from mapping.outputs.folder import write_report
from mapping.partnership import read_partnership
from mapping.review_import import import_reviews
from mapping.runs import read_run
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
        return _list_records(read_decisions(self.city)[0])

    def strays(self) -> list[str]:
        return [path.name for path in (self.city / "decisions").iterdir() if path.suffix != ".csv"]


def _list_records(table: pd.DataFrame) -> set[Record]:
    return set(table[NAMES].itertuples(index=False, name=None))


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


_RENAME = b"R"
_EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.listdir", "os.scandir")


def count_writes(kill_at: int = 0, tell: int = -1) -> None:
    """Count file operations in this process from now on, and kill it by SIGKILL just before number ``kill_at``."""
    seen = [0]

    def step(kind: bytes = b".") -> None:
        seen[0] += 1
        if seen[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if tell >= 0:
            os.write(tell, kind)

    def hear(event: str, args: tuple[Any, ...]) -> None:
        if event in _EVENTS:
            step(_RENAME if event == "os.rename" else b".")

    def tear(make: Callable[..., Any]) -> Callable[..., Any]:
        """Return a way to open files whose first write stops half-way, which may be the last thing the process does."""

        def open_torn(name: Any, mode: str = "r", *given: Any, **more: Any) -> Any:
            file = make(name, mode, *given, **more)
            return _Torn(file, step) if set(mode) & set("wax+") else file

        return open_torn

    sync = os.fsync

    def sync_counted(descriptor: int) -> None:
        step()
        sync(descriptor)
        step()

    sys.addaudithook(hear)
    os.fsync, os.fdopen, builtins.open = sync_counted, tear(os.fdopen), tear(open)  # type: ignore[assignment]
    io.open = builtins.open


class _Torn:
    """A file whose first write is made in two."""

    def __init__(self, file: Any, step: Callable[[], None]) -> None:
        self._file, self._step, self._whole = file, step, True

    def write(self, data: Any) -> int:
        size = len(data) // 2 if self._whole else 0
        if self._whole:
            self._whole = False
            self._file.write(data[:size])
            self._file.flush()
            self._step()
        return size + int(self._file.write(data[size:]))

    def __enter__(self) -> _Torn:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def list_steps(job: Callable[[], object]) -> bytes:
    """Return a letter for each file operation of a job, by doing it in a child; R where something is renamed."""
    read, write = os.pipe()
    child = in_child(job, lambda: count_writes(tell=write))
    os.close(write)
    with os.fdopen(read, "rb") as told:
        steps = told.read()
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
    altered += sum(not path.exists() or path.read_bytes() != data for path, data in kept.items())
    return {"killed": killed, "lost": lost, "altered": altered, "repairs": repairs, "strays": len(stage.strays())}


def hash_folder(folder: Path) -> str:
    """Return the hash of every file under a folder, by name and content; nothing where there is no folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest() if folder.is_dir() else ""


@dataclass
class Reports:
    """A place where the report of an earlier run stands and that of a later one is to be written."""

    home: Path
    run: Run
    before: Run
    earlier: str = ""
    later: str = ""

    @property
    def out(self) -> Path:
        return self.home / "out" / "latest"

    def reset(self) -> None:
        """Put the earlier report back, and nothing beside it."""
        shutil.rmtree(self.out.parent, ignore_errors=True)
        shutil.copytree(self.home / "earlier", self.out)

    def write(self, run: Run | None = None, progress: Callable[[str], None] = lambda step: None) -> None:
        write_report(run or self.run, self.out, progress)

    def strays(self) -> list[str]:
        return sorted(path.name for path in self.out.parent.iterdir() if path != self.out)


def set_reports(stage: Stage, home: Path) -> Reports:
    """Write the report of the run before an import and that of the run after it, once each, to compare with.

    Drawing eight figures takes most of the time and proves no more than drawing one, so one is drawn.
    """
    folder.draw_figures = lambda run: [plot_matrix(run)]
    stage.reset()
    import_reviews(stage.city, [stage.books["AB"]], stage.run)
    stage.before = stage.state()
    reports = Reports(home, tag(read_partnership(stage.city), draws=100, resamples=20), stage.run)
    for run, name in ((reports.before, "earlier"), (reports.run, "later")):
        write_report(run, home / name)
        # The snapshot in it holds every decision, and so any folder with the same hash does.
        kept = _list_records(read_run(home / name).partnership.decisions)
        assert kept == _list_records(run.partnership.decisions)
    reports.earlier, reports.later = hash_folder(home / "earlier"), hash_folder(home / "later")
    reports.reset()
    return reports


def kill_report(stage: Stage, reports: Reports, kill_at: int = 0, after: float = 0.0) -> dict[str, int]:
    """Write the report of a later run over that of an earlier one, kill that, look what stands there, and run again."""
    reports.reset()
    child = in_child(reports.write, (lambda: count_writes(kill_at)) if kill_at else lambda: None)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    killed = end(child) == -signal.SIGKILL
    absent = not reports.out.exists()
    half = not absent and hash_folder(reports.out) not in (reports.earlier, reports.later)
    # Between two renames nothing stands there: the earlier report is whole beside it, and the next run writes anew.
    aside = [hash_folder(path / "old") for path in reports.out.parent.glob(".*.old")]
    gone = absent and reports.earlier not in aside
    lost = len(stage.before - stage.state())
    try:
        reports.write()
        repairs = hash_folder(reports.out) != reports.later
    except MappingError:
        repairs = True
    beside = bool(reports.strays())
    return {
        "killed": killed, "lost": lost, "half": half, "gone": gone, "repairs": repairs, "moment": absent,
        "beside": beside,
    }  # fmt: skip


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


def write_pair(reports: Reports) -> bool:
    """Write two reports into one place at one moment; return whether one of them then stands there whole."""
    reports.reset()
    (ready, say), (go, hold) = os.pipe(), os.pipe()

    def job(run: Run) -> None:
        def wait(step: str) -> None:
            if step == "writing the report and the page":
                os.write(say, b".")
                os.read(go, 1)  # returns when the parent lets go of the other end

        reports.write(run, wait)

    children = [in_child(lambda run=run: job(run), lambda: os.close(hold)) for run in (reports.before, reports.run)]  # type: ignore[misc]
    for _ in children:
        os.read(ready, 1)
    os.close(hold)
    codes = sorted(end(child) for child in children)
    for pipe in (ready, say, go):
        os.close(pipe)
    # The slower of the two may be told that it could not be written; it never fails otherwise.
    return codes in ([0, 0], [0, 3]) and hash_folder(reports.out) in (reports.earlier, reports.later)


def refuse_writing(stage: Stage, prepare: Callable[[], object]) -> str:
    """Import where writing is refused, in a child; return what is wrong afterwards, or nothing."""
    stage.reset()
    fault = refuse_job(lambda: import_reviews(stage.city, [stage.books["AB"]], stage.run), prepare)
    left = stage.strays()
    return "; ".join([*fault, *([f"left or lost: {left}"] if left or stage.state() != stage.before else [])])


def refuse_report(reports: Reports, prepare: Callable[[], object]) -> str:
    """Write a report where writing is refused, in a child; return what is wrong afterwards, or nothing."""
    reports.reset()
    fault = refuse_job(reports.write, prepare)
    whole = hash_folder(reports.out) == reports.earlier
    left = reports.strays()
    return "; ".join([*fault, *([f"left: {left}"] if left else []), *([] if whole else ["the earlier is not whole"])])


def refuse_job(job: Callable[[], object], prepare: Callable[[], object]) -> list[str]:
    """Do in a child what must be refused; return how it ended otherwise than by saying that it could not be written."""
    read, write = os.pipe()

    def tell() -> None:
        try:
            job()
        except MappingError as error:
            os.write(write, str(error).encode())
            raise

    code = end(in_child(tell, prepare))
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    faults = [] if code == 3 else [f"it ended with {code}"]
    return faults if "could not be written" in said else [*faults, f"it said: {said!r}"]


def limit_file_size(most: int = 50) -> None:
    """Let no file of this process grow beyond so many bytes: what a full disk or a quota does."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def become_nobody() -> None:
    os.setgid(65534)
    os.setuid(65534)


def hold_open(*ways: str) -> None:
    """Behave as Windows does where another program holds the file, or one in the folder."""

    def refuse(self: Path, target: object) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    for way in ways or ("replace", "rename"):
        setattr(Path, way, refuse)


@contextlib.contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[bool]:
    """Mount a small disk in the place of a folder, with what that holds; false where that is not allowed."""
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.mkdir()
    size = f"size={kilobytes}k"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], capture_output=True)
    try:
        if done.returncode == 0:
            shutil.copytree(aside, folder, dirs_exist_ok=True)
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", str(folder)], check=True)
        shutil.rmtree(folder)
        aside.rename(folder)


def refuse_full_disk(stage: Stage) -> str:
    """Import onto a full disk; return what is wrong afterwards, or nothing; "skipped" where none can be mounted."""
    stage.reset()
    with small_disk(stage.city / "decisions", 64) as mounted:
        if not mounted:
            return "skipped"
        with contextlib.suppress(OSError), (stage.city / "decisions" / ".filler").open("wb", buffering=0) as file:
            while file.write(b"x" * 512):
                pass
        fault = refuse_job(lambda: import_reviews(stage.city, [stage.books["AB"]], stage.run), lambda: None)
        left = [name for name in stage.strays() if name != ".filler"]
        return "; ".join([*fault, *([f"left or lost: {left}"] if left or stage.state() != stage.before else [])])


def refuse_full_disks(reports: Reports) -> str:
    """Write a report onto disks that fill up early and late; return what is wrong afterwards, or nothing."""
    # Such a disk gives room in pieces of 4 kB.
    files = [path.stat().st_size for path in (reports.home / "earlier").rglob("*") if path.is_file()]
    whole = sum(4 * -(-size // 4096) for size in files) + 8
    faults = []
    for share in range(1, 9):
        reports.reset()
        with small_disk(reports.out.parent, whole + whole * share // 10) as mounted:
            if not mounted:
                return "skipped"
            fault = refuse_job(reports.write, lambda: None)
            fault += [] if hash_folder(reports.out) == reports.earlier else ["the earlier is not whole"]
            fault += [f"left: {reports.strays()}"] if reports.strays() else []
            faults += [f"{share} tenths: {'; '.join(fault)}"] if fault else []
    return "; ".join(faults)


# --- the command -------------------------------------------------------------------------------------------


def find_points(steps: bytes, most: int, chance: random.Random) -> list[int]:
    """Return at which file operations to kill: around the last two renames, which make what was written stand."""
    renames = [n for n, step in enumerate(steps, start=1) if step == _RENAME[0]][-2:]
    near = {n + more for n in renames for more in (-2, -1, 0, 1, 2)} & set(range(1, len(steps) + 1))
    others = [n for n in range(1, len(steps) + 1) if n not in near]
    return sorted(near | set(chance.sample(others, min(len(others), max(0, most - len(near))))))


def prove_import_kills(stage: Stage, number: int) -> pd.DataFrame:
    """Kill imports at every file operation, then at random moments, until ``number`` of them were hit."""
    job = lambda: import_reviews(stage.city, [stage.books["AB"]], stage.run)  # noqa: E731
    stage.reset()
    points = find_points(list_steps(job), number, random.Random(1))
    stage.reset()
    begun = time.monotonic()
    end(in_child(job))
    took = time.monotonic() - begun
    chance = random.Random(1)
    rows = [kill_import(stage, kill_at=point) for point in points]
    while sum(row["killed"] for row in rows) < number and len(rows) < 3 * number:
        rows.append(kill_import(stage, after=chance.uniform(0.001, took)))
    return pd.DataFrame(rows).astype(int)


def prove_report_kills(stage: Stage, reports: Reports, number: int) -> pd.DataFrame:
    """Kill re-runs of the report: at file operations, those that swap the folders among them, and at random."""
    points = find_points(list_steps(reports.write), number // 2, random.Random(1))
    reports.reset()
    begun = time.monotonic()
    end(in_child(reports.write))
    took = time.monotonic() - begun
    chance = random.Random(2)
    rows = [kill_report(stage, reports, kill_at=point) for point in points]
    while sum(row["killed"] for row in rows) < number and len(rows) < 3 * number:
        rows.append(kill_report(stage, reports, after=chance.uniform(0.01, took)))
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
    yield describe_edits("edits x formats", *try_edits(home / "edits"))
    if shutil.which("soffice") and not short:
        yield describe_edits("the same by LibreOffice", *try_office(home / "office"))
    stage = set_stage(home / "stage")
    yield describe_kills("imports", prove_import_kills(stage, 20 if short else 200))
    pairs = [("AB", "CD"), ("AB", "AB")] * (3 if short else 25)
    held = sum(import_pair(stage, pair) for pair in pairs)
    yield "imports in pairs", f"{held} of {len(pairs)} whole", held == len(pairs)
    yield from prove_refusals(stage)
    reports = set_reports(stage, home)
    number = 3 if short else 50
    held = sum(write_pair(reports) for _ in range(number))
    yield "reports in pairs", f"{held} of {number} whole", held == number
    yield from prove_report_refusals(reports)
    yield describe_kills("reports", prove_report_kills(stage, reports, 8 if short else 200))


def describe_edits(what: str, total: int, faults: list[str]) -> tuple[str, str, bool]:
    return what, "; ".join([f"{total - len(faults)} of {total} as wanted", *faults]), not faults


def describe_kills(what: str, table: pd.DataFrame) -> tuple[str, str, bool]:
    """Return the line of the table for some kills: how many hit, and the sum of everything that should be nought."""
    sums = table.sum()
    named = {"moment": "between two renames", "beside": "with a hidden folder left beside"}
    said = [f"{sums[name]} {named.get(name, name)}" for name in table.columns if name != "killed"]
    fine = not sums.drop(["killed", "beside", "moment"], errors="ignore").any()
    return f"{what} killed", f"{sums['killed']} of {len(table)}: {', '.join(said)}", fine and sums["killed"] > 0


def prove_refusals(stage: Stage) -> Iterator[tuple[str, str, bool]]:
    """Import where writing is refused, in the ways that this machine allows."""
    ways = {"import: limit to file sizes": limit_file_size, "import: file held open": hold_open}
    if os.getuid() == 0:
        ways["import: another's folder"] = become_nobody
    for name, prepare in ways.items():
        yield describe_refusal(name, refuse_writing(stage, prepare))
    yield describe_refusal("import: full disk", refuse_full_disk(stage))


def prove_report_refusals(reports: Reports) -> Iterator[tuple[str, str, bool]]:
    """Write a report where writing is refused: from the first file on, or from the first of some size on."""
    ways: dict[str, Callable[[], object]] = {
        f"report: {size:,} bytes a file": lambda size=size: limit_file_size(size)  # type: ignore[misc]
        for size in (50, 10_000, 100_000)
    }
    ways |= {"report: files held open": hold_open, "report: folder held open": lambda: hold_open("rename")}
    if os.getuid() == 0:
        ways["report: another's folder"] = become_nobody
    for name, prepare in ways.items():
        yield describe_refusal(name, refuse_report(reports, prepare))
    yield describe_refusal("report: full disks, eight", refuse_full_disks(reports))


def describe_refusal(what: str, fault: str) -> tuple[str, str, bool]:
    said = {"": "old state whole, clear message", "skipped": "skipped: mounting is not allowed here"}
    return what, said.get(fault, fault), fault in said


if __name__ == "__main__":
    sys.exit(main())
