"""Letters: forty awkward strings in six encodings come back as they were, or are refused with line and column."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from awkward import FORMULAS, LETTERS, MARKUP

from mapping.sources.encoding import decode
from mapping.sources.reading import read_document
from mapping.sources.refusals import RefusedError

AWKWARD = [
    "café", "cafe\u0301", "naïve façade", "£5 and €6", "‘single’ and “double”", "en – em —", "Children’s", "…",
    "•\u00a0bullet",
    "ŵyl a ŷd", "Ďáblice", "żółć", "Привет", "مرحبا بالعالم", "ਪੰਜਾਬੀ", "اردو", "你好", "สวัสดี", "emoji 😀", "👨‍👩‍👧",
    "a\u200bb", "a\u00adb", "a\u00a0b", "\ufb01ne", "½ and ²", "\u202eright", "\u2067a\u2069", "a\u2028b", "a\u2029b",
    "a\u0085b",
    "tab\tin", "bell\x07", "esc\x1b[31m", "vt\x0bff\x0cfs\x1c", "\ue000private", "\uf0b7 Word", "\ufffd", "=1+1",
    "<b>&amp;</b>",
    "nul\0", "half \ud800 pair", "\ufeffmark within\ufeff",
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "mac_roman"]


def encode(text: str, code: str) -> bytes:
    marks = {"utf-16-be": b"\xfe\xff"}
    return marks.get(code, b"") + text.encode(code, "surrogatepass" if code.startswith("utf") else "strict")


@pytest.mark.parametrize("code", ENCODINGS)
@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_a_string_comes_back_or_is_refused_with_its_place(text: str, code: str) -> None:
    try:
        data = encode(f"First line\nand {text} there.", code)
    except UnicodeEncodeError:
        return  # the encoding cannot hold it: no such file can be
    try:
        found, note = decode(data)
    except RefusedError as refusal:
        told = re.search(r"line (\d+), column (\d+)", refusal.message)
    else:
        assert found == f"First line\nand {text} there."
        assert bool(note) == (code in ("cp1252", "mac_roman") and not data.isascii())
        return
    assert told
    assert int(told[1]) == 2


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", [*FORMULAS, *MARKUP, *LETTERS][::4])
def test_a_passage_keeps_its_letters(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(encode(f"Improve {text} here.", code))
    document = read_document(path)
    assert [passage.text.replace("\t", " ") for passage in document.passages] == [
        f"Improve {text} here.".replace("\t", " ")
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("Tackle crime\nImprove “air”".encode("mac_roman"), "Mac OS Roman"),
        ("It costs £5 a year, caf\u00e9s and all".encode("cp437"), "code page 437"),
        (b"one\ntwo \x81 three", "0x81"),
        ("Caf\u00e9 \u2018and\u2019 caf\u00e9".encode() + b"\xff bad", "0xff"),
        ("improve".encode("utf-16-le"), "without its mark"),
        (b"a \xed\xa0\x80 b", "not UTF-8"),
        (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
    ],
)
def test_what_cannot_be_told_is_refused(data: bytes, found: str) -> None:
    with pytest.raises(RefusedError, match=re.escape(found)) as caught:
        decode(data)
    assert caught.value.code == "E-ENCODING"
    assert "Save it as UTF-8" in caught.value.message


def test_windows_1252_is_a_guess_that_is_said_aloud(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("The “Four Pillars” – Derby’s growth: £5m".encode("cp1252"))
    document = read_document(path)
    assert document.outcome == "ok with warnings"
    assert "Windows-1252 (cp1252)" in str(document.warnings[0])
    assert document.passages[0].text == "The “Four Pillars” – Derby’s growth: £5m"
