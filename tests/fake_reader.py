"""A reader that misbehaves as the document bids it: what a library in trouble, or taken over, might do."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from mapping.sources.gathering import Gathering


def read(data: bytes, name: str, gathering: Gathering) -> None:
    """Do what the document says; if that is allowed, and ends, say so."""
    act, _, more = data.decode().partition(" ")
    ACTS[act](more)
    gathering.add_paragraph(f"did {act}")


def compute(more: str) -> None:
    end = time.process_time() + float(more)
    while time.process_time() < end:
        pass


def fill(more: str) -> None:
    blocks = [bytearray(10_000_000) for _ in range(int(more) // 10)]
    assert blocks


def flood(more: str) -> None:
    for _ in range(int(more)):
        os.write(1, b"x" * 1_000_000)


def say(more: str) -> None:
    os.write(1, more.encode())
    os._exit(0)


def write_past_python(more: str) -> None:
    """Write through the C library, past every audit hook: the limit of the system must hold."""
    library = ctypes.CDLL(None)
    handle = library.open(more.encode(), os.O_WRONLY | os.O_CREAT, 0o600)
    sent = library.write(handle, b"x", 1)
    if sent == 1:
        raise AssertionError("written")


def connect_past_python(more: str) -> None:
    """Connect through the C library: in a network of its own there is nobody to connect to."""
    library = ctypes.CDLL(None)
    port = int(more)
    address = (2).to_bytes(2, sys.byteorder) + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    handle = library.socket(2, 1, 0)
    if library.connect(handle, address, 16) == 0:
        raise AssertionError("connected")


def start(more: str) -> None:
    subprocess.run(["true"], check=True)


def leave_one_behind(more: str) -> None:
    library = ctypes.CDLL(None)
    if library.fork() == 0:
        while True:
            time.sleep(1)


ACTS = {
    "nothing": lambda more: None,
    "compute": compute,
    "sleep": lambda more: time.sleep(float(more)),
    "exit": lambda more: os._exit(int(more)),
    "fill": fill,
    "flood": flood,
    "say": say,
    "fault": lambda more: ctypes.string_at(0),
    "abort": lambda more: os.abort(),
    "connect": lambda more: socket.create_connection(("127.0.0.1", int(more))),
    "resolve": lambda more: socket.getaddrinfo("example.test", 80),
    "connect-past": connect_past_python,
    "write": lambda more: Path(more).write_text("x"),
    "write-past": write_past_python,
    "make": lambda more: Path(more).mkdir(),
    "remove": lambda more: Path(more).unlink(),
    "look": lambda more: Path(more).read_text(),
    "start": start,
    "fork": lambda more: os.fork(),
    "leave": leave_one_behind,
    "raise": lambda more: 1 / 0,
    "recurse": lambda more: ACTS["recurse"](more),
}
