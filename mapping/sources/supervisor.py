"""Starts one limited process for one document, holds it to the clock, and takes one answer of limited length."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from mapping.sources.limits import ADDRESS_SPACE, CPU_SECONDS, LARGEST_ANSWER, WALL_SECONDS
from mapping.sources.refusals import RefusedError

__all__ = ["COMMAND", "Bounds", "ask"]

#: How the process is started: isolated from the user's settings and folders, and leaving no compiled files behind.
COMMAND = (sys.executable, "-I", "-B", "-X", "utf8", "-m", "mapping.sources.child")
#: What the working folder of a reading is called, and after how many seconds one belongs to no run at work.
_PREFIX, _STALE = "reading-", 24 * 3600
_MB = 1_000_000
_POLL_SECONDS = 0.2
_PARTS = "Save it without pictures, or give the part with the priorities as a file of its own."


@dataclass(frozen=True)
class Bounds:
    """What the supervisor itself enforces; the process limits its own memory and processor time besides.

    Attributes
    ----------
    wall : float
        Seconds on the clock.
    memory : int
        Bytes that may be resident.
    answer : int
        Bytes of the answer.
    """

    wall: float = WALL_SECONDS
    memory: int = ADDRESS_SPACE
    answer: int = LARGEST_ANSWER


def ask(data: bytes, kind: str, name: str, *, bounds: Bounds | None = None, command: Sequence[str] = COMMAND) -> bytes:
    """Return the answer of a process that read a document, or raise what became of it.

    Parameters
    ----------
    data : bytes
        The document.
    kind, name : str
        Its kind and its file's name, as the readers want them.
    bounds : Bounds, optional
        Smaller ones for tests.
    command : sequence of str
        What to start.

    Raises
    ------
    RefusedError
        ``E-TIME``, ``E-MEMORY``, ``E-CRASH`` or ``E-ANSWER``.
    """
    try:
        folder = tempfile.mkdtemp(prefix=_PREFIX)
    except OSError as error:
        raise _refuse_space(error) from error
    _sweep(Path(folder).parent)
    try:
        with _lend(data) as source:
            process = subprocess.Popen(  # noqa: S603 - the toolkit's own module, no shell
                [*command, kind, name.encode("utf-8", "replace").decode("utf-8").replace("\0", "")],
                stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, close_fds=True,
                env=_environment(), start_new_session=True,
            )  # fmt: skip
            with process:
                return _listen(process, bounds or Bounds())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _lend(data: bytes) -> Iterator[BinaryIO]:
    """Lend a file without a name that holds the document, for the process to read from."""
    with contextlib.ExitStack() as stack:
        try:
            source = stack.enter_context(tempfile.TemporaryFile())
            source.write(data)
            source.seek(0)
        except OSError as error:
            raise _refuse_space(error) from error
        yield cast("BinaryIO", source)


def _refuse_space(error: OSError) -> RefusedError:
    where = "the folder for temporary files"
    message = (
        f"{where} cannot be written ({error.strerror or error}). Make room there, or set TMPDIR to another folder."
    )
    return RefusedError("E-SPACE", message)


def _sweep(home: Path) -> None:
    """Take away what a killed run left a day ago or more: empty folders of ours; no other has our name."""
    for old in home.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > _STALE:
                old.rmdir()


def _environment() -> dict[str, str]:
    # Windows starts no program without SYSTEMROOT. Threads of a numerical library would eat address space.
    kept = {key: os.environ[key] for key in ("SYSTEMROOT",) if key in os.environ}
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _listen(process: subprocess.Popen[bytes], bounds: Bounds) -> bytes:
    """Take the answer while watching the clock, the memory and the answer's length."""
    chunks: list[bytes] = []
    end = threading.Event()
    excess = threading.Event()

    def take() -> None:
        length = 0
        with contextlib.suppress(OSError, ValueError):
            while process.stdout and (chunk := os.read(process.stdout.fileno(), 1 << 20)):
                length += len(chunk)
                if length > bounds.answer:
                    excess.set()
                    break
                chunks.append(chunk)
        end.set()

    listener = threading.Thread(target=take, daemon=True)
    begin = time.monotonic()
    listener.start()
    try:
        while not end.wait(_POLL_SECONDS):
            if time.monotonic() - begin > bounds.wall:
                raise RefusedError("E-TIME", f"took longer than {bounds.wall:g} seconds to read. {_PARTS}")
            if _resident(process.pid) > bounds.memory:
                raise RefusedError("E-MEMORY", f"needed more than {bounds.memory // _MB} MB of memory. {_PARTS}")
        if excess.is_set():
            raise RefusedError("E-ANSWER", f"gave more than {bounds.answer // _MB} MB of text. {_PARTS}")
        left = max(1.0, bounds.wall - (time.monotonic() - begin))
        try:
            status = process.wait(left)
        except subprocess.TimeoutExpired as error:
            raise RefusedError("E-TIME", f"took longer than {bounds.wall:g} seconds to read. {_PARTS}") from error
    finally:
        _kill(process)
        listener.join(5)
    if status != 0:
        raise _explain(status)
    return b"".join(chunks)


def _explain(status: int) -> RefusedError:
    if status in (-getattr(signal, "SIGXCPU", 24), -getattr(signal, "SIGKILL", 9)):
        # The processor limit ends a process by SIGXCPU, or by SIGKILL where that was caught.
        return RefusedError("E-TIME", f"took more than {CPU_SECONDS} seconds of processor time to read. {_PARTS}")
    if status == -getattr(signal, "SIGABRT", 6):
        # A library in C ends so when it is denied memory.
        return RefusedError("E-MEMORY", f"needed more memory than the {ADDRESS_SPACE // _MB} MB allowed. {_PARTS}")
    how = f"signal {-status}" if status < 0 else f"status {status}"
    message = f"made its reader fall over ({how}): it is broken or a trap. Open it in its program and save it anew."
    return RefusedError("E-CRASH", message)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it may have started."""
    if hasattr(os, "killpg"):
        # While the process has not been waited for, its number cannot belong to another.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        with contextlib.suppress(OSError):
            process.kill()
    process.wait()


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process holds; 0 where that cannot be told."""
    try:
        if sys.platform.startswith("linux"):
            with open(f"/proc/{pid}/statm", "rb") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        if sys.platform == "win32":
            return _resident_on_windows(pid)
        out = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, timeout=5, check=False)  # noqa: S603, S607
        return int(out.stdout or 0) * 1024
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return 0


def _resident_on_windows(pid: int) -> int:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        _fields_ = [
            ("cb", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            *((name, ctypes.c_size_t) for name in "abcdefgh"),
        ]

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.OpenProcess.restype = wintypes.HANDLE
    handle = kernel.OpenProcess(0x0400 | 0x0010, False, pid)
    if not handle:
        return 0
    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    done = kernel.K32GetProcessMemoryInfo(wintypes.HANDLE(handle), ctypes.byref(counters), counters.cb)
    kernel.CloseHandle(wintypes.HANDLE(handle))
    return int(counters.b) if done else 0
