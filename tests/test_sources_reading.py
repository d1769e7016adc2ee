"""Reading as a whole: attacks end as they should, one bad file never stops the rest, and what was read is kept."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from attack_files import ATTACKS, Attack, docx_entities, docx_outside, web, zip_parts
from made_pdf import write_pdf
from prove_hostile import HOSTILE, find_faults, list_files, try_files

import mapping.sources.reading as reading
from mapping.sources import gates, limits
from mapping.sources.reading import read_document, read_documents
from mapping.sources.refusals import RefusedError


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if not attack.slow], ids=lambda attack: attack.name)
def test_an_attack_ends_as_it_should(attack: Attack, tmp_path: Path) -> None:
    check(attack, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.slow], ids=lambda attack: attack.name)
def test_a_slow_attack_ends_as_it_should(attack: Attack, tmp_path: Path) -> None:
    check(attack, tmp_path)


def check(attack: Attack, folder: Path) -> None:
    path = attack.build(folder)
    before = sorted(folder.rglob("*"))
    document = read_document(path)
    assert (document.code or document.outcome) in attack.ends
    assert find_faults(document) == []
    assert sorted(folder.rglob("*")) == before


def test_there_is_an_attack_of_every_class() -> None:
    assert {attack.group for attack in ATTACKS} == {f"A{n}" for n in range(1, 12)}
    assert len(ATTACKS) >= 25


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="skipped: shared/ not present")
def test_a_sample_of_hostile_files() -> None:
    trials = try_files(list_files(HOSTILE, sample=40, seed=7), HOSTILE)
    assert [(trial.path, trial.faults) for trial in trials if trial.faults] == []


def test_nothing_is_fetched_and_nobody_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        head = f'<base href="{address}"><link rel=stylesheet href="/a.css"><meta http-equiv=refresh content="0;url=/x">'
        made = {
            "a.docx": docx_outside(address), "b.docx": docx_entities(address), "c.docx": docx_entities(secret.as_uri()),
            "d.html": web(head, f'<img src="{address}/p.png"><iframe src="{address}"></iframe>'),
        }  # fmt: skip
        for name, data in made.items():
            (tmp_path / name).write_bytes(data)
            document = read_document(tmp_path / name)
            assert document.warnings
            assert "hidden words" not in " ".join(passage.text for passage in document.passages)
        with pytest.raises(TimeoutError):
            server.accept()


def test_one_bad_file_never_stops_the_rest(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Improve air quality.")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    told = []
    paths = [tmp_path / "bad.pdf", tmp_path / "missing.docx", tmp_path / "good.txt"]
    found = read_documents(paths, progress=lambda *given: told.append(given))
    assert [document.code for document in found] == ["E-DAMAGED", "E-NOT-FOUND", ""]
    assert found[2].passages[0].text == "Improve air quality."
    assert told == [(1, 3, "bad.pdf"), (2, 3, "missing.docx"), (3, 3, "good.txt")]


def test_what_was_read_is_kept_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, cache = tmp_path / "a.txt", tmp_path / "cache"
    path.write_text("Improve air quality.")
    asked = []
    real = reading.ask
    monkeypatch.setattr(reading, "ask", lambda *given, **more: asked.append(given) or real(*given, **more))
    first = read_document(path, cache=cache)
    assert read_document(path, cache=cache) == first
    path.rename(tmp_path / "b.txt")
    again = read_document(tmp_path / "b.txt", cache=cache)
    assert (again.name, again.passages) == ("b.txt", first.passages)
    assert len(asked) == 1
    (kept,) = cache.iterdir()
    assert first.sha256 in kept.name
    # As another kind it is read anew; so is what was kept by another version, or was damaged.
    path.with_suffix(".md").write_text("Improve air quality.")
    read_document(path.with_suffix(".md"), cache=cache)
    monkeypatch.setattr(reading, "READER_VERSION", "other")
    read_document(tmp_path / "b.txt", cache=cache)
    assert len(asked) == 3
    for entry in cache.iterdir():
        entry.write_text('{"rows": [["heading"')
    assert read_document(tmp_path / "b.txt", cache=cache) == again
    assert len(asked) == 4


def test_refusals_that_may_pass_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **more: object) -> bytes:
        raise RefusedError("E-TIME", "took long. Give it in parts.")

    path, cache = tmp_path / "a.txt", tmp_path / "cache"
    path.write_text("Improve air quality.")
    monkeypatch.setattr(reading, "ask", fail)
    assert read_document(path, cache=cache).code == "E-TIME"
    assert not cache.exists()


EMPTY = {"rows": [], "warnings": [], "trails": [[]], "title": "", "language": "", "pages": 1}


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"{}", b"[]", b"nonsense", b'{"refused": ["E-MADE-UP", "x", null]}', b'{"refused": 1}', b"[" * 100_000,
        *(
            json.dumps({**EMPTY, "rows": [row]}).encode()
            for row in (
                ["poem", "x", 0, "", 0, None, 0, 0, 0, ""], ["item", "", 0, "", 0, None, 0, 0, 0, ""], ["item", "x"],
                ["item", 5, 0, "", 0, None, 0, 0, 0, ""], ["item", "x", -1, "", 0, None, 0, 0, 0, ""],
                ["item", "x", 0, "", 7, None, 0, 0, 0, ""], ["item", "x", 0, "", 0, "1", 0, 0, 0, ""],
            )
        ),
    ],
)  # fmt: skip
def test_an_answer_out_of_order_is_a_refusal(answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Improve air quality.")
    monkeypatch.setattr(reading, "ask", lambda *given, **more: answer)
    document = read_document(path)
    assert document.code == "E-ANSWER"
    assert find_faults(document) == []


def test_size_on_both_sides_of_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "LARGEST_FILE", 50)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 50)
    assert read_document(path).outcome == "ok"
    path.write_bytes(b"x" * 51)
    assert read_document(path).code == "E-TOO-LARGE"


def test_zip_directories_on_both_sides_of_the_limits() -> None:
    types = "wordprocessingml.document.main"
    most = {"[Content_Types].xml": types, **{f"p{n}": "" for n in range(limits.MOST_ENTRIES - 1)}}
    assert gates.weigh(zip_parts(most)) == "word"
    with pytest.raises(RefusedError, match="more than 5,000 parts"):
        gates.weigh(zip_parts({**most, "one more": ""}))
    for size, code in ((limits.RATIO_FROM, ""), (limits.RATIO_FROM + 1, "E-BOMB")):
        data = zip_parts({"[Content_Types].xml": types, "word/document.xml": "x" * size})
        if code:
            with pytest.raises(RefusedError, match="200 times"):
                gates.weigh(data)
        else:
            assert gates.weigh(data) == "word"


def test_characters_and_passages_on_both_sides_of_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    from mapping.sources import gathering

    monkeypatch.setattr(gathering, "MOST_CHARACTERS", 10)
    monkeypatch.setattr(gathering, "MOST_PASSAGES", 2)
    found = gathering.Gathering()
    found.add_paragraph("12345")
    found.add_paragraph("12345")
    for text in ("", "1"):
        if text:
            with pytest.raises(RefusedError, match="more than 10 characters"):
                found.add_paragraph(text)
    found = gathering.Gathering()
    found.add_paragraph("1")
    found.add_paragraph("2")
    with pytest.raises(RefusedError, match="more than 2 passages"):
        found.add_paragraph("3")


def test_names_that_no_output_can_hold(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \x1b[31m.txt")
    path = tmp_path / name
    path.write_bytes(b"Improve air quality.")
    document = read_document(path)
    assert document.outcome == "ok"
    assert document.name.isprintable()
    document.name.encode("utf-8")


def test_a_name_that_says_something_else_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(write_pdf([[(72, 700, 11, "F1", "Improve air quality.")]]))
    document = read_document(path)
    assert (document.kind, document.outcome) == ("pdf", "ok with warnings")
    assert "is named .docx but is a PDF" in str(document.warnings[0])


def test_a_large_answer_stays_within_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from mapping.sources import gathering

    found = gathering.Gathering()
    found.add_paragraph("x" * 1_000)
    length = len(found.pack())
    monkeypatch.setattr(gathering, "LARGEST_ANSWER", length)
    assert found.pack()
    monkeypatch.setattr(gathering, "LARGEST_ANSWER", length - 1)
    with pytest.raises(RefusedError) as caught:
        found.pack()
    assert caught.value.code == "E-TOO-MUCH"
