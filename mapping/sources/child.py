"""The process that reads one document and nothing else: it limits itself, reads, answers once and ends.

``python -I -m mapping.sources.child KIND NAME`` with the document's bytes as its input prints one JSON object. It is
started by ``mapping.sources.supervisor``, which also holds it to the clock.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from mapping.sources.limits import ADDRESS_SPACE, CPU_SECONDS
from mapping.sources.refusals import RefusedError

__all__ = ["READERS", "main"]

#: The module that reads each kind; only that one is imported.
READERS = {
    "pdf": "mapping.sources.pdf",
    "word": "mapping.sources.word",
    "web": "mapping.sources.web",
    "spreadsheet": "mapping.sources.spreadsheet",
    "csv": "mapping.sources.spreadsheet",
    "text": "mapping.sources.plain",
    "markdown": "mapping.sources.plain",
}
_NEW_USER, _NEW_NETWORK, _NO_NEW_PRIVILEGES = 0x10000000, 0x40000000, 38
_END_WITH_PARENT, _KILL = 1, 9
_FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.startfile",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.kill", "os.putenv", "shutil.", "ftplib.", "smtplib.", "urllib.", "http.client.", "webbrowser.",
    "pickle.find_class", "pty.", "signal.pthread_kill", "tempfile.", "winreg.", "_winapi.",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit(memory: int = ADDRESS_SPACE, seconds: int = CPU_SECONDS) -> None:
    """Take from this process what reading does not need: memory, time, files, and privileges to gain."""
    try:
        import resource
    except ImportError:  # Windows: the supervisor's clock and its look at the memory are all there is
        return
    for name, amount in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 64),
    ):
        if hasattr(resource, name):
            try:
                resource.setrlimit(getattr(resource, name), (amount, amount))
            except (OSError, ValueError):  # macOS refuses some: the supervisor's look at the memory remains
                continue


def shut_off() -> None:
    """Leave the network for an empty one, and end when the parent ends, where the system lets a process do so."""
    if not sys.platform.startswith("linux"):
        return
    try:
        import ctypes

        library = ctypes.CDLL(None)
        library.prctl(_END_WITH_PARENT, _KILL, 0, 0, 0)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if library.unshare(_NEW_NETWORK) != 0:
            library.unshare(_NEW_USER | _NEW_NETWORK)
    except (ImportError, OSError, AttributeError):
        return


def watch() -> None:
    """Forbid, for the rest of this process, connections, other processes, writing, and reading of foreign files.

    This is a tripwire for the readers written in Python, not a wall: code in C passes by it.
    """
    own = tuple({os.path.realpath(path) for path in (*sys.path, sys.prefix, sys.base_prefix) if path})

    def check(event: str, details: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = details
            if isinstance(flags, int) and flags & _WRITING:
                raise PermissionError(f"a reader may not write: {path!r}")
            if isinstance(path, (str, bytes)) and not os.path.realpath(os.fsdecode(path)).startswith(own):
                raise PermissionError(f"a reader may not open other files: {path!r}")
        elif event.startswith(_FORBIDDEN):
            raise PermissionError(f"a reader may not do this: {event}")

    sys.addaudithook(check)


def read(kind: str, name: str, data: bytes) -> bytes:
    """Return the answer for one document: its passages, or why it was refused."""
    from mapping.sources.gathering import Gathering

    module = importlib.import_module(READERS[kind])
    shut_off()
    watch()
    gathering = Gathering()
    try:
        module.read(data, name, gathering)
        return gathering.pack()
    except RefusedError as refusal:
        return _refuse(refusal.code, refusal.message, refusal.line)
    except MemoryError:
        del gathering
        message = f"needed more memory than the {ADDRESS_SPACE // 1_000_000} MB a document may use."
        return _refuse("E-MEMORY", f"{message} Save it without pictures, or in parts.")
    except RecursionError:
        return _refuse("E-DAMAGED", "is nested deeper than any document. Open it in its program and save it anew.")
    except Exception as error:  # whatever a library may raise on a broken file is a refusal, never a traceback
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        message = f"could not be read to the end ({reason})."
        return _refuse("E-DAMAGED", f"{message} It is broken or unusual: open it in its program and save it anew.")


def _refuse(code: str, message: str, line: int | None = None) -> bytes:
    return json.dumps({"refused": [code, message, line]}).encode()


def main() -> None:
    """Read the document that stands at the input, as the supervisor asks."""
    limit()
    kind, name = sys.argv[1:3]
    output = sys.stdout.buffer
    answer = read(kind, name, sys.stdin.buffer.read())
    output.write(answer)
    output.flush()
    # Nothing is left to tidy: what C libraries do on the way out has crashed before.
    os._exit(0)


if __name__ == "__main__":
    main()
