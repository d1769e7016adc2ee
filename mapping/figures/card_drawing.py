"""How a card looks: a band, unit squares, sentences to cross out, questions with space to write and to vote."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mapping.figures import style, words
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import DAGGER, MAIN, MUTED, NODE, WHITE, balance, fit_size, measure, wrap

__all__ = ["CardDrawing", "choose_sentences"]

#: Where things stand, in inches: band, columns, the rule above the questions, their distance, the box for votes.
_BAND, _LEFT, _SPLIT, _RIGHT, _EDGE = 0.98, 0.35, 4.28, 4.56, 7.92
_RULE, _PITCH, _VOTES = 4.02, 0.36, 6.82
#: Sizes of text in points: heads, rows, sentences, questions.
_HEAD, _ROW, _ASK = 11.0, 10.0, 10.0
#: Sizes of the sentences: the first in which all of them fit.
_SAID = (11.0, 10.0, 9.0)
#: A count below this is never turned into a percentage.
_FEWEST = 5
_CUT = " [...]"
#: Room between two sentences.
_APART = 0.09
#: Most lines of a sentence; a longer one is cut, and says so.
_LINES = 3
_QUESTIONS = {
    "theme": (
        "Which of these is wrong here? Cross it out.", "What could boards do together here that none can do alone?",
        "What is missing from the list?",
    ),
    "board": (
        "Which of these is wrong here? Cross it out.", "On which theme would working with another board help most?",
        "What is missing from the list?",
    ),
}  # fmt: skip


def choose_sentences(sentences: pd.DataFrame, other: str, most: int) -> list[dict[str, Any]]:
    """Choose the sentences of a card: confirmed ones first, and one of each board or theme before a second.

    Returns
    -------
    list of dict
        The columns of ``list_sentences``, with ``letter``; ``shown``, the text as it is printed: in quotation marks
        only where it is verbatim; ``source``; ``state``.
    """
    rows = sentences.assign(turn=sentences.groupby([other, "confirmed"]).cumcount()) if len(sentences) else sentences
    if len(rows):
        rows = rows.sort_values(["confirmed", "turn"], ascending=[False, True], kind="stable")
    rows = rows.drop_duplicates("priority").head(most)
    return [
        {
            **{str(name): value for name, value in row.items()}, "letter": "abcdefgh"[n],
            "shown": f"\u201c{row['text']}\u201d" if row["verbatim"] else row["text"],
            "source": _say_source(row),
            "state": "confirmed by a person" if row["confirmed"] else "suggested, not yet checked",
        }
        for n, row in enumerate(rows.to_dict("records"))
    ]  # fmt: skip


def _say_source(row: dict[Any, Any]) -> str:
    page = f", page {row['page']}" if row["page"] else ""
    restated = "" if row["verbatim"] else ", restated"
    return f"{row['strategy_name']}{DAGGER if row['stand_in'] else ''}{page}, {row['priority']}{restated}"


class CardDrawing:
    """One drawing of a card of a theme or of a board."""

    def __init__(self, sheet: Sheet, kind: str, row: Any, lines: pd.DataFrame, said: list[dict[str, Any]]) -> None:
        self.sheet, self.kind, self.row, self.said = sheet, kind, row, said
        self.lines = words.list_rows(lines)

    def draw(self) -> float:
        """Draw all of it; return where the questions begin."""
        self._draw_band()
        head = "Which boards have priorities on it" if self.kind == "theme" else "Its priorities, by theme"
        self._draw_rows(self._draw_head(_LEFT, head, "Priorities, of all in the board's own list", _SPLIT - _LEFT))
        chosen = any(sentence["confirmed"] for sentence in self.said)
        what = "Those a person confirmed come first" if chosen else "Suggested by the machine, not yet checked"
        y = self._draw_head(_RIGHT, "What the documents say", what if self.said else "", _EDGE - _RIGHT)
        self._draw_sentences(y)
        self._draw_questions()
        return _RULE

    def _draw_band(self) -> None:
        sheet, theme = self.sheet, self.kind == "theme"
        sheet.box(0, 0, sheet.width, _BAND, face=MAIN if theme else NODE)
        x = _LEFT
        if theme:
            size = 40.0 if len(self.row.number) < 3 else 26.0
            sheet.text_at(x, _BAND / 2, self.row.number, size, bold=True, colour=WHITE, align="left")
            x += measure(self.row.number, size, True) + 0.25
        unread = "" if theme else words.say_reading(self.row)
        size = next((s for s in (17.0, 15.0, 13.0) if len(wrap(self.row.name, _EDGE - x, s, True)) <= 2), 11.0)
        lines = balance(self.row.name, _EDGE - x, size, True)
        y = (_BAND - height_of(lines, size) - (0.2 if unread else 0)) / 2
        y = sheet.lines(x, y, lines, size, bold=True, colour=WHITE)
        sheet.lines(x, y + 0.03, [f"{unread[:1].upper()}{unread[1:]}"], style.LABEL, colour=WHITE)

    def _draw_head(self, x: float, head: str, below: str, width: float) -> float:
        y = self.sheet.lines(x, _BAND + 0.16, [head], _HEAD, bold=True)
        self.sheet.lines(x, y + 0.02, [below], fit_size(below, width, 8.5), colour=MUTED)
        return y + 0.28

    # --- the counts ---

    def _draw_rows(self, y: float) -> None:
        """Write one row per board or theme: name, unit squares, count and share."""
        sheet, rows = self.sheet, self.lines
        pitch = min(0.29, (_RULE - 0.42 - y) / len(rows))
        size = min(_ROW, max(style.SMALLEST, pitch * 72 / 1.3))
        column = "name" if all(measure(self._name(row, "name"), size) <= 2.1 for row in rows) else "short"
        names = [self._name(row, column) for row in rows]
        x = _LEFT + max(measure(name, size) for name in names) + 0.14
        counts = [self._say_count(row) for row in rows]
        number = max((measure(f"{row.tagged:,}", size, True) for row in rows), default=0.0)
        share = max((measure(share, size) for _, share in counts), default=0.0)
        room = _SPLIT - share - 0.06 - number - 0.08 - x
        unit = min(0.13, room / max(1, *(row.tagged for row in rows)))
        for row, name, (count, said) in zip(rows, names, counts, strict=True):
            middle = y + pitch / 2
            sheet.text_at(_LEFT, middle, name, size, align="left")
            if row.tagged:
                self._draw_squares(row, x, middle, unit, min(0.15, pitch * 0.62))
                sheet.text_at(_SPLIT - share - 0.06, middle, count, size, bold=True, align="right")
                sheet.text_at(_SPLIT - share, middle, said, size, align="left")
            else:
                sheet.text_at(x, middle, said, style.NOTE, colour=MUTED, align="left")
            y += pitch
        self._draw_key(y + 0.06)

    def _name(self, row: Any, column: str) -> str:
        return f"{row.number} {getattr(row, column)}".strip()

    def _say_count(self, row: Any) -> tuple[str, str]:
        """Return a count and its share; where nothing was found, what that means."""
        if not row.tagged:
            return "", "no data" if row.state == "empty" else str(row.state)
        mark = DAGGER if row.stand_in == row.tagged else ""
        share = f" ({row.share:.0%})" if row.tagged >= _FEWEST else ""
        return f"{row.tagged:,}{mark}", f"of {row.priorities:,}{share}"

    def _draw_squares(self, row: Any, x: float, middle: float, unit: float, tall: float) -> None:
        """Draw a square for each priority, filled where a person confirmed it; too many of them become a bar."""
        sheet, top = self.sheet, middle - tall / 2
        if unit < 0.035:
            sheet.box(x, top, row.tagged * unit, tall, edge=MAIN, line=0.7)
            sheet.box(x, top, row.confirmed * unit, tall, face=MAIN, edge=MAIN, line=0.7)
            return
        gap = min(0.02, unit * 0.18)
        for n in range(row.tagged):
            face = MAIN if n < row.confirmed else WHITE
            sheet.box(x + n * unit, top, unit - gap, tall, face=face, edge=MAIN, line=0.8)

    def _draw_key(self, y: float) -> None:
        confirmed = any(row.confirmed for row in self.lines)
        suggested = any(row.tagged > row.confirmed for row in self.lines)
        borrowed = any(row.tagged and row.stand_in == row.tagged for row in self.lines)
        parts = ["Filled: confirmed by a person."] * confirmed + ["Outlined: suggested only."] * suggested
        parts += [f"{DAGGER}: from stand-in documents."] * borrowed
        text = " ".join(parts)
        self.sheet.lines(_LEFT, y, wrap(text, _SPLIT - _LEFT, style.NOTE)[:2], style.NOTE, colour=MUTED)

    # --- the sentences ---

    def _draw_sentences(self, y: float) -> None:
        sheet, width = self.sheet, _EDGE - _RIGHT - 0.36
        if not self.said:
            text = "No priority is tagged, so there is no sentence to show."
            sheet.paragraph(_RIGHT, y, text, _ROW, _EDGE - _RIGHT)
            return
        sources = [wrap(sentence["source"], width, style.NOTE) for sentence in self.said]
        for size in _SAID:
            texts = [_cut(sentence["shown"], width, size, sentence["verbatim"]) for sentence in self.said]
            tall = [height_of(a, size) + height_of([*b, ""], style.NOTE) for a, b in zip(texts, sources, strict=True)]
            whole = not any(_CUT.strip() in lines[-1] for lines in texts)
            if whole and y + sum(tall) + _APART * (len(tall) - 1) <= _RULE - 0.06:
                break
        for sentence, lines, source, high in zip(self.said, texts, sources, tall, strict=True):
            solid = sentence["confirmed"]
            sheet.box(_RIGHT, y + 0.02, 0.05, high - 0.02, face=MAIN if solid else WHITE, edge=MAIN, line=0.8)
            sheet.lines(_RIGHT + 0.13, y, [sentence["letter"]], size, bold=True)
            end = sheet.lines(_RIGHT + 0.36, y, lines, size)
            end = sheet.lines(_RIGHT + 0.36, end, source, style.NOTE, colour=MUTED)
            sheet.lines(_RIGHT + 0.36, end, [sentence["state"]], style.NOTE, bold=True, colour=MUTED)
            y += high + _APART

    # --- the questions ---

    def _draw_questions(self) -> None:
        sheet = self.sheet
        sheet.line((_LEFT, _RULE), (_EDGE, _RULE))
        y = sheet.lines(_LEFT, _RULE + 0.08, ["To discuss at your table"], _HEAD, bold=True) + 0.03
        end = _VOTES - 0.25
        for question in _QUESTIONS[self.kind]:
            middle = y + 0.11
            sheet.box(_LEFT, middle - 0.06, 0.12, 0.12, edge=style.INK, line=0.9)
            size = fit_size(question, end - _LEFT - 1.0, _ASK)
            sheet.text_at(_LEFT + 0.24, middle, question, size, align="left")
            begin = _LEFT + 0.24 + measure(question, size) + 0.1
            sheet.line((begin, middle + 0.08), (end, middle + 0.08), colour=style.GREY, dashed=True)
            y += _PITCH
        sheet.lines(_VOTES, _RULE + 0.08, ["Votes"], _HEAD, bold=True)
        sheet.box(_VOTES, _RULE + 0.33, _EDGE - _VOTES, 3 * _PITCH - 0.12, edge=style.GREY, line=0.9)


def _cut(text: str, width: float, size: float, verbatim: bool) -> list[str]:
    """Return the lines of a sentence; one that is too long is cut, and its last words say so."""
    lines = wrap(text, width, size)
    if len(lines) <= _LINES:
        return lines
    kept = " ".join(lines[:_LINES]).split(" ")
    end = _CUT + ("\u201d" if verbatim else "")
    while len(wrap(" ".join(kept) + end, width, size)) > _LINES and len(kept) > 1:
        kept.pop()
    return wrap(" ".join(kept) + end, width, size)
