"""Cards for the tables of a workshop: one per theme and per board, with what was found, to be corrected by hand."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.backends.backend_pdf import PdfPages

from mapping.cells import count_boards, count_cells, count_themes
from mapping.csv_format import format_table, sign
from mapping.decisions import CONFIRMED
from mapping.errors import OutputError
from mapping.figures import words
from mapping.figures.card_drawing import CardDrawing, choose_sentences
from mapping.figures.chart import Chart, Checks
from mapping.figures.style import MAIN, WHITE, draw_plainly
from mapping.files import list_names, replace_controls, write_file
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["draw_cards", "list_sentences", "write_cards"]

#: Sentences that a card has room for.
_SENTENCES = 3
#: How the columns of the table are headed that comes back: as in a review workbook, so that one import reads both.
_HEADERS = {
    "card": "Card", "letter": "Ref", "board_name": "Board", "source": "Strategy and page", "text": "Priority",
    "theme_name": "Theme", "state": "The machine says", "decision": "Decision", "note": "Note", "reviewer": "Reviewer",
    "time": "Date", "framework": "Key: framework", "priority": "Key: priority", "theme": "Key: theme",
    "words": "Key: words as judged",
}  # fmt: skip
#: What people fill in.
_ANSWERS = tuple(_HEADERS[name] for name in ("decision", "note", "reviewer", "time"))


def write_cards(run: Run, path: str | Path) -> Path:
    """Write the cards as one PDF, and beside it the same as a table and as plain text.

    Each page is an A5 card (landscape): a theme with its boards, or a board with its themes, as unit squares, filled
    where a person has confirmed; up to three sentences; questions, and space to write and to vote. The table (.csv) has
    a row for each sentence and the headings of a review workbook: write *Reject* beside each sentence that was crossed
    out, and your initials, then ``mapping review import``. The text (.txt) says every card in words.

    Parameters
    ----------
    run : Run
    path : str or Path
        Of the PDF; its name ends with .pdf.

    Returns
    -------
    Path
        Of the PDF. The same run gives the same bytes. Cards that stand there are made again; but where their table
        holds answers, or is none of ours, nothing of it is touched and the cards get the next free name (cards-2.pdf).

    Raises
    ------
    OutputError
        When the name does not end with .pdf.
    """
    target = Path(path)
    if target.suffix.lower() != ".pdf":
        raise OutputError(f"{target}: cards are written as PDF. Give a name that ends with .pdf.")
    cards, sentences = draw_cards(run), list_sentences(run)
    table = sign(format_table(_make_table(run, cards, sentences)))
    target = next(name for name in list_names(target) if not _holds_answers(name.with_suffix(".csv"), table))
    write_file(target.with_suffix(".csv"), table)
    write_file(target.with_suffix(".txt"), replace_controls("\n".join(map(_say_card, cards))))
    return write_file(target, _make_pdf(cards, f"Cards: {run.partnership.name}, {run.framework.name}"))


def draw_cards(run: Run) -> list[Chart]:
    """Draw a card for every theme, then for every board of the matrix."""
    cells, sentences = count_cells(run), list_sentences(run)
    boards, themes = count_boards(run), count_themes(run)
    subjects = [("theme", row) for row in each_row(themes)] + [("board", row) for row in each_row(boards)]
    return [
        _draw_card(run, kind, row, f"Card {n} of {len(subjects)}.", (cells, boards, themes, sentences))
        for n, (kind, row) in enumerate(subjects, start=1)
    ]


def _draw_card(run: Run, kind: str, row: Any, place: str, tables: tuple[pd.DataFrame, ...]) -> Chart:
    cells, boards, themes, sentences = tables
    code, other = str(getattr(row, kind)), "board" if kind == "theme" else "theme"
    own = cells[cells[kind] == code]
    others = boards if kind == "theme" else themes
    lines = own.merge(others[[other, "name", "short", "tiny"]], on=other).assign(
        number="" if kind == "theme" else themes["number"].to_numpy()
    )
    # Themes keep their agreed order; boards stand by share, those of which nothing can be said last.
    if kind == "theme":
        lines = lines.sort_values("share", ascending=False, kind="stable", na_position="last")
    said = choose_sentences(sentences[sentences[kind] == code], other, _SENTENCES)
    unread = words.say_reading(row) if kind == "board" else ""
    state = f"{own['confirmed'].sum():,} of {own['tagged'].sum():,} tags on this card confirmed by a person."
    state = words.say_checks(own) if not own["confirmed"].any() else state
    caption = " ".join((place, state, words.say_source(run)))
    name = str(row.name)
    return Chart(
        f"card-{kind}-{code}", lines, name, unread, _write_alt(kind, name, lines, len(said)),
        _write_description(kind, name, lines, said), caption,
        lambda sheet, y: CardDrawing(sheet, kind, row, lines, said).draw(), "", "caption", "card",
        Checks(words.list_names(lines), _list_numbers, (WHITE, MAIN)),
    )  # fmt: skip


def list_sentences(run: Run) -> pd.DataFrame:
    """List the sentences that a card may show, those first for which a person stands.

    Returns
    -------
    DataFrame
        One row per tag that stands: ``priority``, ``board``, ``theme``, ``text``, ``verbatim`` (whether these are the
        words of the document, and so may stand in quotation marks), ``confirmed`` (by a person), ``score``,
        ``strategy_name``, ``page``, ``stand_in``. Within a theme or a board: confirmed ones, then the highest score,
        then the order of the priorities.
    """
    tags = run.standing_tags.reset_index(drop=True)
    place = {priority: n for n, priority in enumerate(run.priorities["priority"])}
    strategies = dict(zip(run.partnership.strategies["strategy"], run.partnership.strategies["name"], strict=True))
    of = run.priorities.set_index("priority")
    rows = []
    for tag in each_row(tags):
        own = of.loc[tag.priority]
        rows.append(
            {
                "priority": tag.priority, "board": tag.board, "theme": tag.theme, "text": str(own["text"]),
                "verbatim": own.get("wording", "restated") == "verbatim", "confirmed": tag.status in CONFIRMED,
                "score": float(getattr(tag, "score", 0.0) or 0.0), "strategy_name": strategies[own["strategy"]],
                "page": str(own.get("page", "") or ""), "stand_in": own["standing"] != "named",
                "place": place[tag.priority],
            }
        )  # fmt: skip
    columns = ["priority", "board", "theme", "text", "verbatim", "confirmed", "score", "strategy_name", "page",
               "stand_in", "place"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    order = table.assign(later=~table["confirmed"].astype(bool), less=-table["score"].astype(float).fillna(0.0))
    table = table.loc[order.sort_values(["later", "less", "place"], kind="stable").index]
    return table.drop(columns="place").reset_index(drop=True)


def _list_numbers(lines: pd.DataFrame) -> list[str]:
    return [f"{number:,}" for number in lines.loc[lines["tagged"] > 0, "tagged"]]


# --- words --------------------------------------------------------------------------------------------------


def _write_alt(kind: str, name: str, lines: pd.DataFrame, shown: int) -> str:
    found, other = lines[lines["tagged"] > 0], "board" if kind == "theme" else "theme"
    counts = ", ".join(f"{row.short} {row.tagged:,}" for row in words.list_rows(found))
    return words.join_sentences(
        [
            f"Card of the {kind} {name}.",
            f"Priorities by {other}: {counts}." if counts else "No priority is tagged.",
            words.say_checks(lines),
            f"{words.count_noun(shown, 'sentence').capitalize()} to check." if shown else "",
            "The questions and all numbers stand in the text beside the cards.",
        ]
    )


def _write_description(kind: str, name: str, lines: pd.DataFrame, said: list[dict[str, Any]]) -> str:
    parts = [f"{kind.capitalize()}: {name}."]
    for row in words.list_rows(lines):
        state = "no data" if row.state == "empty" else row.state
        count = f"{row.tagged:,} of {row.priorities:,} priorities, {row.confirmed:,} confirmed" if row.tagged else state
        parts.append(f"{row.name}: {count}.")
    parts += [f"{s['letter']}: {s['shown']} ({s['source']}; {s['state']})." for s in said]
    return " ".join(parts)


def _say_card(card: Chart) -> str:
    """Return a card in plain text, for those who do not see the page."""
    return f"{card.headline}\n{'=' * len(card.headline)}\n{card.long_description}\n\n{card.caption}\n"


# --- files --------------------------------------------------------------------------------------------------


def _make_table(run: Run, cards: list[Chart], sentences: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each sentence of each card, headed as a review workbook."""
    rows: list[dict[str, Any]] = []
    names = {key: dict(zip(table[key], table["name"], strict=True)) for key, table in
             (("board", run.boards), ("theme", run.themes))}  # fmt: skip
    for n, card in enumerate(cards, start=1):
        _, kind, code = card.name.split("-", 2)
        own = sentences[sentences[kind] == code]
        rows += [
            {
                **said, "card": f"{n}", "letter": f"{n}{said['letter']}", "board_name": names["board"][said["board"]],
                "theme_name": names["theme"][said["theme"]], "framework": run.framework.id, "words": said["text"],
            }
            for said in choose_sentences(own, "board" if kind == "theme" else "theme", _SENTENCES)
        ]  # fmt: skip
    empty = dict.fromkeys(("decision", "note", "reviewer", "time"), "")
    return pd.DataFrame([row | empty for row in rows], columns=list(_HEADERS)).rename(columns=_HEADERS)


def _holds_answers(sheet: Path, table: str) -> bool:
    """Tell whether a table of cards must stay as it is: somebody has filled it in, or it is none of ours."""
    if not sheet.exists() or sheet.read_bytes() == table.encode("utf-8"):
        return False
    try:
        there = pd.read_csv(sheet, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError):
        return True
    return list(there.columns) != list(_HEADERS.values()) or bool((there[list(_ANSWERS)] != "").any(axis=None))


def _make_pdf(cards: list[Chart], title: str) -> bytes:
    """Return the cards as one PDF: its text can be searched, copied and read aloud, and nothing in it is dated."""
    buffer = io.BytesIO()
    # No day and no version of the software: both would change the bytes.
    about = {"Title": title, "Subject": "Cards for a workshop", "CreationDate": None, "Creator": None, "Producer": None}
    with draw_plainly(), PdfPages(buffer, metadata=about) as book:
        for card in cards:
            book.savefig(card.figure)
    return _say_language(buffer.getvalue(), "en-GB")


def _say_language(pdf: bytes, language: str) -> bytes:
    """Return a PDF whose catalogue names its language and shows its title; matplotlib writes neither.

    The catalogue is written again at the end, as the format provides for changes (ISO 32000-1, 7.5.6).
    """
    number, catalogue = _find(rb"(\d+) 0 obj\s*<<([^>]*/Type /Catalog[^>]*)>>", pdf)
    size, start = _find(rb"/Size (\d+).*?startxref\s+(\d+)\s+%%EOF\s*$", pdf)
    info = re.search(rb"/Info (\d+) 0 R", pdf[int(start) :])
    extra = b" /Lang (" + language.encode("ascii") + b") /ViewerPreferences << /DisplayDocTitle true >>"
    body = b"%s 0 obj\n<<%s%s >>\nendobj\n" % (number, catalogue, extra)
    table = b"xref\n%s 1\n%010d 00000 n \n" % (number, len(pdf))
    trailer = b"trailer\n<< /Size %s /Root %s 0 R%s /Prev %s >>\n" % (
        size, number, b" " + info.group(0) if info else b"", start,
    )  # fmt: skip
    return pdf + body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))


def _find(pattern: bytes, pdf: bytes) -> tuple[bytes, bytes]:
    found = re.search(pattern, pdf, flags=re.DOTALL)
    if found is None:
        raise OutputError("The PDF of the cards is not built as expected; its language cannot be named.")
    return found.group(1), found.group(2)
