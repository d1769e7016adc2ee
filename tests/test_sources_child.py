"""The limited process: on both sides of each of its limits, with a reader that does what it must not."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from mapping.sources import limits
from mapping.sources.reading import READER_VERSION
from mapping.sources.refusals import CODES, RefusedError
from mapping.sources.supervisor import COMMAND, Bounds, _resident, ask

TESTS = Path(__file__).parent
#: The same door as for real documents, with the misbehaving reader behind it.
FAKE = (
    *COMMAND[:5],
    "-c",
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); from mapping.sources import child; "
    "child.READERS['fake'] = 'fake_reader'; {} child.main()",
)
FAKE_PLAIN = [part.replace("{}", "") for part in FAKE]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")


def do(act: str, first: str = "", **bounds: float) -> dict:
    """Return the answer of the reader that was told to do this."""
    command = [part.replace("{}", first) for part in FAKE]
    return json.loads(ask(act.encode(), "fake", "a.txt", bounds=Bounds(**bounds), command=command))  # type: ignore[arg-type]


def code_of(act: str, first: str = "", **bounds: float) -> str:
    """Return the code by which the document was refused; empty if it was read."""
    try:
        answer = do(act, first, **bounds)
    except RefusedError as refusal:
        return refusal.code
    return str(answer["refused"][0]) if "refused" in answer else ""


def test_a_reader_that_behaves_is_heard() -> None:
    assert do("nothing")["rows"][0][1] == "did nothing"


@linux
def test_processor_time_is_limited_on_both_sides() -> None:
    shorter = "child.limit.__defaults__ = (child.ADDRESS_SPACE, 1);"
    assert code_of("compute 0.2", shorter) == ""
    began = time.monotonic()
    assert code_of("compute 60", shorter) == "E-TIME"
    assert time.monotonic() - began < 20


def test_time_on_the_clock_is_limited_on_both_sides() -> None:
    assert code_of("sleep 0.1", wall=20) == ""
    began = time.monotonic()
    assert code_of("sleep 60", wall=1) == "E-TIME"
    assert time.monotonic() - began < 10


@linux
def test_memory_is_limited_on_both_sides() -> None:
    assert code_of("fill 700") == ""
    assert code_of("fill 1100") == "E-MEMORY"


def test_memory_is_watched_where_the_system_does_not_limit_it() -> None:
    unlimited = "child.limit = lambda: None;"
    assert code_of("fill 50", unlimited, memory=400_000_000) == ""
    assert code_of("fill 900", unlimited, memory=400_000_000) in ("E-MEMORY", "")
    hold = "fake_reader.ACTS['hold'] = lambda m: [bytearray(500_000_000), time.sleep(30)];"
    slowly = f"{unlimited} import fake_reader, time; {hold}"
    assert code_of("hold", slowly, memory=400_000_000) == "E-MEMORY"
    assert _resident(os.getpid()) > 1_000_000


def test_the_length_of_the_answer_is_limited_on_both_sides() -> None:
    assert len(ask(b"flood 1", "fake", "a.txt", bounds=Bounds(answer=3_000_000), command=FAKE_PLAIN)) > 1_000_000
    assert code_of("flood 5", answer=3_000_000) == "E-ANSWER"
    assert code_of("nothing", answer=10) == "E-ANSWER"


@pytest.mark.parametrize("act", ["exit 0", "exit 3", "fault", "abort"])
def test_a_reader_that_dies_is_a_refusal(act: str) -> None:
    with contextlib.suppress(RefusedError):
        # Where it ended well but said nothing, that is for whoever reads the answer to judge.
        assert ask(act.encode(), "fake", "a.txt", command=FAKE_PLAIN) == b""
        assert act == "exit 0"


@pytest.mark.parametrize("act", ["raise", "recurse"])
def test_a_reader_that_raises_is_a_refusal_without_a_traceback(act: str) -> None:
    answer = do(act)
    assert answer["refused"][0] == "E-DAMAGED"
    assert "Traceback" not in answer["refused"][1]


@pytest.mark.parametrize("act", ["connect", "resolve", "start", "fork", "look /etc/hostname", "write x", "make x"])
def test_what_a_reader_may_not_do_is_denied(act: str) -> None:
    answer = do(f"{act} 9" if act == "connect" else act)
    assert answer["refused"][0] == "E-DAMAGED"
    assert "a reader may not" in answer["refused"][1]


def test_nothing_is_written_read_or_removed_outside(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("secret")
    for act in (f"write {tmp_path}/new", f"make {tmp_path}/new", f"remove {kept}", f"look {kept}"):
        assert code_of(act) == "E-DAMAGED"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert kept.read_text() == "secret"


@linux
def test_past_python_nothing_is_written_either(tmp_path: Path) -> None:
    """The system's own limit: an empty file may appear, but not a byte in it."""
    answer = do(f"write-past {tmp_path}/new")
    assert answer.get("rows", [[0, "did write-past"]])[0][1] == "did write-past"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


@linux
def test_past_python_nobody_is_reached() -> None:
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(3)
        listener = threading.Thread(target=lambda: heard.append(_accept(server)))
        listener.start()
        answer = do(f"connect-past {server.getsockname()[1]}")
        listener.join()
    if not _can_leave_the_network():
        pytest.skip("this system does not let a process leave the network")
    assert heard == [False]
    assert "refused" not in answer


def _accept(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except OSError:
        return False
    return True


def _can_leave_the_network() -> bool:
    import ctypes

    process = os.fork()
    if process == 0:
        library = ctypes.CDLL(None)
        os._exit(int(library.unshare(0x40000000) != 0 and library.unshare(0x10000000 | 0x40000000) != 0))
    return os.waitpid(process, 0)[1] == 0


@linux
def test_what_a_reader_leaves_running_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(RefusedError):
        # The one left behind holds the other end of the answer, so only the clock ends the wait.
        ask(b"leave", "fake", "a.txt", bounds=Bounds(wall=2), command=FAKE_PLAIN)
    assert time.monotonic() - began < 10
    mine = [entry for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _belongs(entry)]
    assert mine == []


def _belongs(entry: Path) -> bool:
    try:
        return b"fake_reader" in (entry / "cmdline").read_bytes()
    except OSError:
        return False


def test_the_process_sees_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "x")
    tell = "import os, fake_reader; fake_reader.ACTS['tell'] = lambda m: fake_reader.say(','.join(sorted(os.environ)));"
    command = [part.replace("{}", tell) for part in FAKE]
    seen = ask(b"tell", "fake", "a.txt", command=command).decode().split(",")
    assert set(seen) <= {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "SYSTEMROOT", "LC_CTYPE"}


def test_the_working_folder_is_empty_and_goes_away() -> None:
    tell = "import os, fake_reader; here = f'{os.getcwd()}|{os.listdir()}';"
    tell += "fake_reader.ACTS['tell'] = lambda m: fake_reader.say(here);"
    command = [part.replace("{}", tell) for part in FAKE]
    folder, _, held = ask(b"tell", "fake", "a.txt", command=command).decode().partition("|")
    assert held == "[]"
    assert not Path(folder).exists()


def test_only_the_reader_that_is_needed_is_imported() -> None:
    import subprocess

    code = "import sys; import mapping.sources.plain, mapping.sources.child; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("lxml", "pdfminer", "pypdfium2", "docx", "pandas", "numpy", "python_calamine"):
        assert f"'{heavy}" not in loaded


def test_the_limits_are_those_that_are_published() -> None:
    told = (TESTS.parent / "docs" / "reading.md").read_text(encoding="utf-8")
    for name in limits.__all__:
        value = getattr(limits, name)
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        assert f"| `{name}` | {shown} |" in told, f"{name} {shown}"
    for code, meaning in CODES.items():
        assert f"| `{code}` | {meaning} |" in told
    assert READER_VERSION
