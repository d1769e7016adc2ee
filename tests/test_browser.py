"""The page in a real browser: it opens, asks for nothing outside, and says nothing on the console."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import mapping as mp

pytestmark = pytest.mark.browser
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def browse(page: Path, profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if CHROMIUM is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    return subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--enable-logging=stderr", "--log-level=0", f"--user-data-dir={profile}", *arguments, page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def asked_by_the_page(log: Path) -> list[str]:
    """Return the addresses outside that the page asked for; those the browser asks for itself have no initiator."""
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    params = [event["params"] for event in events if "url" in event.get("params", {})]
    asked = {each["url"] for each in params if each.get("initiator", "not an origin") != "not an origin"}
    return sorted(url for url in asked if url.startswith(("http:", "https:", "ws:", "wss:")))


def test_the_page_opens_without_an_outside_request_or_a_console_message(tmp_path: Path) -> None:
    home = mp.write_report(mp.tag(mp.load_derby()), tmp_path / "run")
    log = tmp_path / "net.json"
    done = browse(home / "index.html", tmp_path / "profile", f"--log-net-log={log}", "--dump-dom")
    assert done.returncode == 0, done.stderr
    assert "Behind each number" in done.stdout
    assert "CONSOLE" not in done.stderr
    assert asked_by_the_page(log) == []


def test_the_browser_test_would_see_a_request(tmp_path: Path) -> None:
    """A page that does ask is seen to ask, so the test above can fail."""
    asked: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page, log = tmp_path / "page.html", tmp_path / "net.json"
    page.write_text(f'<img src="http://127.0.0.1:{server.server_port}/picture.png">', encoding="utf-8")
    browse(page, tmp_path / "profile", f"--log-net-log={log}", "--dump-dom")
    server.shutdown()
    assert "/picture.png" in asked
    assert asked_by_the_page(log) == [f"http://127.0.0.1:{server.server_port}/picture.png"]
