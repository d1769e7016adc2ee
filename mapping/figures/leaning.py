"""What stands from each board to each other board: the rung of evidence on the ladder, and beside it whose words."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.patches import Rectangle

from mapping.cells import count_boards, count_cells, list_stand_in
from mapping.figures import style, words
from mapping.figures.chart import Chart, Checks
from mapping.figures.matrix import build_matrix
from mapping.figures.nodes import draw_board, explain_boards, find_kind
from mapping.figures.sheet import Sheet, height_of
from mapping.figures.style import DAGGER, MARGIN, MUTED, WIDTH, balance, fit_size, measure
from mapping.interdependencies import RUNGS, find_links, state_ladder
from mapping.remit import find_remit_links, measure_remit
from mapping.tags import Run

__all__ = ["list_links", "plot_leaning"]

#: More boards than this, or more links in the list that then stands in place of the matrix, are not drawn.
_BOARDS, _LISTED = 12, 20
#: From this rung on a text or a person points to the other board.
_NAMED = 3
#: What a cell says of its rung; with wording of dependence its direction stands instead.
_SHORT = ("same theme", "2+ themes", "similar words", "names it", "names it", "confirmed")
#: The frame of each rung: its colour, its width in points and its dashes; none for rung 0, two for rung 5.
_FRAMES: tuple[tuple[str, float, Any], ...] = (
    ("none", 0.0, "solid"), (style.GREY, 1.2, (0, (1, 1.8))), (style.GREY, 1.2, (0, (4, 2.2))),
    (style.INK, 0.9, "solid"), (style.INK, 2.6, "solid"), (style.INK, 1.1, "solid"),
)  # fmt: skip
_NO_REMIT = "No word is key to any board, so no remit is shown."
_GAP, _DISC, _BOTH = 0.06, 0.155, "⇄"


def plot_leaning(
    run: Run, passages: pd.DataFrame | None = None, *, title: str = "inside", context: str = "a4"
) -> Chart:
    """Draw what stands from each board to each other board.

    Row: the board whose texts were read; column: the board they point to. A cell says the highest rung of the ladder
    (``find_links``) and shows it by its frame; below it the share of the row's priorities that speak the other's
    remit, in per cent of five or more, which is inferred and stands beside the ladder. On the diagonal the board's own
    priorities; in the margins the sums of the remit shares. With more than 12 boards the strongest links are listed
    instead; with one board the matrix of themes is drawn.

    Parameters
    ----------
    run : Run
    passages : DataFrame, optional
        As for ``find_links``.
    title, context : str
        Where the headline stands, and where the figure is read (``Chart``).

    Returns
    -------
    Chart
        ``data`` is the table of ``list_links``.

    Notes
    -----
    The headline has no verdict: it counts boards whose texts name another, or is neutral. Rungs 3 to 5 are words that
    stand in a text, and people's decisions on them; no other way of scoring the tags can move them.
    """
    links = list_links(run, passages)
    if links.empty:
        note = "With one board there is no link between boards; here the matrix stands in its place."
        return build_matrix(run, "leaning", words.title_matrix(run), note, title=title, context=context)
    subtitle, caption, restated = _write_frame(run, links, passages)
    headline, sums = _choose_headline(run, links), measure_remit(run, passages)
    shown = len(run.boards) <= _BOARDS
    return Chart(
        "leaning", links, headline, subtitle, _write_alt(run, links, restated), _write_description(run, links, sums),
        caption, lambda sheet, y: _Drawing(sheet, run, links, sums).draw(y), "", title, context,
        Checks(words.list_names(count_boards(run)) if shown else (), _list_numbers),
    )  # fmt: skip


def list_links(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """List what stands from each board to each other.

    Returns
    -------
    DataFrame
        One row per ordered pair of boards, in board order: the columns of ``find_links``; ``speaking``, how many of
        the first board's ``priorities`` speak the remit of the second; ``reading`` is *not scored* where no text of one
        of the two could be scored, so that nothing on the lower rungs says nothing.
    """
    counts = find_remit_links(run, passages)[["from_board", "to_board", "speaking", "priorities"]]
    links = find_links(run, passages).merge(counts, on=["from_board", "to_board"], how="left")
    boards = count_boards(run)
    silent = set(boards.loc[(boards["priorities"] > 0) & (boards["scored"] == 0), "board"])
    mute = links["from_board"].isin(silent) | links["to_board"].isin(silent)
    return links.assign(reading=links["reading"].mask(mute & (links["reading"] == "read"), "not scored"))


def _list_numbers(links: pd.DataFrame) -> list[str]:
    """Return the rung of every link that is drawn."""
    boards = links["from_board"].nunique()
    drawn = links if boards <= _BOARDS else _sort(links).head(_LISTED)
    both = drawn["mutual"] & (boards <= _BOARDS)
    known = drawn["rung"].notna()
    return [
        f"{rung}{' ' + _BOTH if each else ''}" for rung, each in zip(drawn["rung"][known], both[known], strict=True)
    ]


def _sort(links: pd.DataFrame) -> pd.DataFrame:
    """Return links with the highest rungs first, and among them those with most remit."""
    order = links.assign(rung=links["rung"].astype(float)).sort_values(
        ["rung", "speaks_remit"], ascending=False, kind="stable", na_position="last"
    )
    return links.loc[order.index]


# --- words --------------------------------------------------------------------------------------------------


def _choose_headline(run: Run, links: pd.DataFrame) -> str:
    pointing = links.loc[(links["rung"] >= _NAMED).fillna(False), "from_board"].nunique()
    boards = len(run.boards)
    if not pointing:
        return "What stands between each two boards"
    if pointing == boards:
        return f"Texts of {'both' if boards == 2 else 'all ' + words.spell(boards)} boards point to another board"
    return f"Texts of {words.spell(pointing)} of {words.spell(boards)} boards point to another board"


def _write_frame(run: Run, links: pd.DataFrame, passages: pd.DataFrame | None) -> tuple[str, str, str]:
    """Return the subtitle, the caption, and what keeps the upper rungs empty."""
    cells, hidden = count_cells(run), len(links) - _LISTED
    restated = next((sentence for sentence in state_ladder(run, passages) if "restated" in sentence), "")
    shown = f"The {_LISTED} strongest of {len(links)} links are listed; {hidden} are not shown."
    shown = shown if len(run.boards) > _BOARDS and hidden > 0 else ""
    start = "Highest rung of evidence from each board to each other."
    subtitle = (start, restated, words.say_checks(cells), words.say_stand_in(cells))
    talk = "Rungs 0 to 2 rest on tags and wording: an opportunity to talk, not a dependency."
    facts = "The headline counts what texts say, or people decided: no re-scoring can move it, so it has no verdict."
    facts = facts if (links["rung"] >= _NAMED).fillna(False).any() else ""
    return words.join_parts(*subtitle), words.write_caption(run, talk, facts, shown), restated


def _say_rung(link: Any) -> str:
    """Return the rung of a link in a word or two."""
    if pd.isna(link.rung):
        return "none found" if link.reading == "read" else str(link.reading)
    ways = [f"{way} it" for way in link.direction if way != "joint"]
    return " and ".join(ways) if link.rung == _NAMED + 1 and ways else _SHORT[link.rung]


def _say_remit(link: Any) -> str:
    """Return how many of the first board's priorities speak the other's remit; a dash where none is known."""
    return "–" if pd.isna(link.speaks_remit) else f"{link.speaking} of {link.priorities}"


def _count_rungs(links: pd.DataFrame) -> list[tuple[str, int]]:
    """Return how many links have each rung for their highest, and how many none."""
    none = links.loc[links["rung"].isna(), "reading"]
    read, unscored = int((none == "read").sum()), int((none == "not scored").sum())
    counts = [(str(rung), int((links["rung"] == rung).sum())) for rung in RUNGS]
    return [*counts, ("none found", read), ("not read", len(none) - read - unscored), ("not scored", unscored)]


def _write_alt(run: Run, links: pd.DataFrame, restated: str) -> str:
    boards = words.count_noun(len(run.boards), "board")
    counts = ", ".join(f"{name} for {count}" for name, count in _count_rungs(links) if count)
    up = links[(links["rung"] >= _NAMED).fillna(False)]
    return words.join_sentences(
        [
            f"{'List' if len(run.boards) > _BOARDS else 'Matrix'} of the evidence between {boards}.",
            f"Highest rung, of {len(links)} ordered pairs: {counts}.",
            f"{len(up)} {'links rest' if len(up) != 1 else 'link rests'} on a text that names the other board, or on a "
            "person." if len(up) else "No text names another board.",
            restated, "The table beside the figure has all numbers.",
        ]
    )  # fmt: skip


def _write_description(run: Run, links: pd.DataFrame, sums: pd.DataFrame) -> str:
    boards = count_boards(run).set_index("board")
    names, themes = boards["name"].to_dict(), dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    known, parts = bool(links["speaks_remit"].notna().any()), []
    for link in words.list_rows(links):
        rung = str(link.says) if pd.isna(link.rung) else f"rung {link.rung}, {link.says}"
        on = f" ({words.join_names(themes[theme] for theme in link.themes)})" if len(link.themes) else ""
        ways = f"; direction: {', '.join(link.direction)}" if link.direction else ""
        both = "; each points to the other" if link.mutual else ""
        judged = f"; decisions of people: {link.status}" if link.status else ""
        remit = (
            "no remit of the second is known" if pd.isna(link.speaks_remit)
            else f"{link.speaking} of {words.count_noun(link.priorities, 'priority', 'priorities')} of the first speak "
            "the remit of the second"
        )  # fmt: skip
        start = f"{names[link.from_board]} to {names[link.to_board]}"
        parts.append(f"{start}: {rung}{on}{ways}{both}{judged}{f'; {remit}' if known else ''}.")
    if not known:
        return " ".join([*parts, _NO_REMIT])
    for row in words.list_rows(sums):
        active, passive = (_say_sum(float(number)) for number in (row.active, row.passive))
        parts.append(f"{names[row.board]}: sum of its shares {active}, sum of the others' shares for it {passive}.")
    return " ".join(parts)


def _say_sum(number: float) -> str:
    return "–" if pd.isna(number) else f"{number:.2f}"


# --- drawing ------------------------------------------------------------------------------------------------


class _Drawing:
    """One drawing: the matrix of boards by boards with its margins, or the list of the strongest links."""

    def __init__(self, sheet: Sheet, run: Run, links: pd.DataFrame, sums: pd.DataFrame) -> None:
        self.sheet, self.links, self.boards = sheet, links, words.list_rows(count_boards(run))
        self.sums = {row.board: row for row in words.list_rows(sums)}
        self.through = list_stand_in(count_cells(run))
        self.rows = {(link.from_board, link.to_board): link for link in words.list_rows(links)}
        #: Without any remit, its line and its sums are left out.
        self.remits = bool(links["speaks_remit"].notna().any())
        number = len(self.boards)
        self.names = "short" if number > 8 else "name"
        self.label, self.margin = (1.0 if number > 8 else 1.4), (0.52 if self.remits else 0.0)
        self.left, room = MARGIN + self.label + 0.1, WIDTH - 2 * MARGIN - 0.1 - self.label - self.margin
        self.cell = min(room / number - _GAP, 1.1)
        self.right = self.left + number * (self.cell + _GAP) + 0.02
        used = [_say_rung(link) for link in self.rows.values()]
        self.worded = max(measure(said, style.SMALLEST) for said in used) <= self.cell - 0.08
        self.remit = "remit " if self.cell > 0.62 else ""
        widest = max(measure(f"{self.remit}{_say_remit(link)}", style.SMALLEST) for link in self.rows.values())
        self.of = " of " if widest <= self.cell - 0.04 else "/"
        self.height = self._choose_height()

    def _choose_height(self) -> float:
        names = [
            height_of(balance(self._name(board, self.names), self.label, style.LABEL), style.LABEL)
            + height_of(self._say_reading(board), style.NOTE)
            for board in self.boards
        ]
        return max(0.32 + 0.1 * (self.worded + self.remits), *(height + 0.04 for height in names))

    def _name(self, board: Any, column: str) -> str:
        return f"{getattr(board, column)}{DAGGER if board.board in self.through else ''}"

    def _say_reading(self, board: Any) -> list[str]:
        return balance(words.say_reading(board, brief=self.names == "short"), self.label, style.NOTE)

    def draw(self, y: float) -> float:
        y = self._draw_list(y) if len(self.boards) > _BOARDS else self._draw_matrix(y)
        return self._draw_key(y + 0.1) + 0.08

    def _draw_matrix(self, y: float) -> float:
        y = self._draw_heads(y)
        for n, board in enumerate(self.boards):
            self._draw_label(board, y)
            for m, other in enumerate(self.boards):
                x = self.left + m * (self.cell + _GAP)
                if n == m:
                    self._draw_size(board, x + self.cell / 2, y + self.height / 2)
                else:
                    self._draw_link(self.rows[board.board, other.board], x, y)
            if self.remits:
                said = _say_sum(float(self.sums[board.board].active))
                self.sheet.text_at(self.right, y + self.height / 2, said, style.LABEL, colour=MUTED, align="left")
            y += self.height + _GAP
        return self._draw_passive(y) if self.remits else y

    def _draw_heads(self, y: float) -> float:
        """Name the columns, all on one foot; return where the rows begin."""
        sheet, width = self.sheet, self.cell + _GAP - 0.03
        fits = all(measure(self._name(board, "short"), style.HEAD) <= width for board in self.boards)
        names = [self._name(board, "short" if fits else "tiny") for board in self.boards]
        size = min(fit_size(word, width, style.HEAD) for name in names for word in [*name.split(), ""])
        heads = [balance(name, width, size) for name in names]
        foot = y + 0.22 + height_of(max(heads, key=len), size)
        sheet.text(self.left, y + 0.1, "… point to this board", style.HEAD, bold=True)
        texts = balance("Texts of this board …", self.label, style.HEAD, True)
        top = foot - height_of(texts, style.HEAD)
        sheet.lines(MARGIN + self.label, top, texts, style.HEAD, bold=True, align="right")
        for n, lines in enumerate(heads):
            x = self.left + n * (self.cell + _GAP) + self.cell / 2
            sheet.lines(x, foot - height_of(lines, size), lines, size, align="center")
        if self.remits:
            lines = ["Remit,", "active"]
            sheet.lines(self.right, foot - height_of(lines, style.HEAD), lines, style.HEAD, colour=MUTED)
        return foot + 0.05

    def _draw_label(self, board: Any, y: float) -> None:
        label = balance(self._name(board, self.names), self.label, style.LABEL)
        below = self._say_reading(board)
        top = y + (self.height - height_of(label, style.LABEL) - height_of(below, style.NOTE)) / 2
        top = self.sheet.lines(MARGIN + self.label, top, label, style.LABEL, align="right")
        self.sheet.lines(MARGIN + self.label, top, below, style.NOTE, align="right", colour=MUTED)

    def _draw_size(self, board: Any, x: float, y: float) -> None:
        """Draw a board's number of priorities as in the figure of board pairs."""
        radius = min(_DISC, self.cell / 2)
        draw_board(self.sheet, (x, y), radius, board.priorities, self._find_kind(board), style.LABEL)

    def _find_kind(self, board: Any) -> str:
        return find_kind(board.board, int(board.with_theme), self.through)

    def _draw_link(self, link: Any, x: float, y: float) -> None:
        """Draw a cell: the frame and the number of its rung, the rung in words, and the remit."""
        sheet, middle, found = self.sheet, x + self.cell / 2, not pd.isna(link.rung)
        ink = style.INK if found and link.rung >= _NAMED else MUTED
        # Without a frame the gap beside it is free too.
        lines = balance(_say_rung(link), self.cell + 0.03, style.SMALLEST) if self.worded or not found else []
        remit = f"{self.remit}{_say_remit(link).replace(' of ', self.of)}"
        lines += [remit] if self.remits else []
        tall = 0.19 * found + 0.12 * len(lines)
        at = y + (self.height - tall) / 2
        if found:
            _draw_frame(sheet, link.rung, x, y, self.cell, self.height)
            number = f"{link.rung}{' ' + _BOTH if link.mutual else ''}"
            # Clear of the inner frame of the highest rung.
            size = fit_size(number, self.cell - 0.16, style.NUMBER if self.worded else style.LABEL)
            sheet.text_at(middle, at + 0.09, number, size, bold=True, colour=ink)
            at += 0.19
        for n, line in enumerate(lines):
            colour = MUTED if line == remit else ink
            sheet.text_at(middle, at + 0.055 + 0.12 * n, line, style.SMALLEST, colour=colour)

    def _draw_passive(self, y: float) -> float:
        self.sheet.text_at(MARGIN + self.label, y + 0.08, "Remit, passive", style.HEAD, colour=MUTED, align="right")
        for n, board in enumerate(self.boards):
            x = self.left + n * (self.cell + _GAP) + self.cell / 2
            self.sheet.text_at(x, y + 0.08, _say_sum(float(self.sums[board.board].passive)), style.LABEL, colour=MUTED)
        return y + 0.2

    # --- the list ---

    def _draw_list(self, y: float) -> float:
        """List the links with the highest rungs, and among them those with most remit; return where it ends."""
        sheet, names = self.sheet, {board.board: self._name(board, "short") for board in self.boards}
        shown = words.list_rows(_sort(self.links).head(_LISTED))
        first = MARGIN + 0.04 + max(measure(names[link.from_board], style.LABEL, True) for link in shown)
        second = first + 0.5 + max(measure(names[link.to_board], style.LABEL, True) for link in shown)
        sheet.text(MARGIN + 0.04, y + 0.08, "Texts of … point to …", style.HEAD, colour=MUTED)
        sheet.text(second, y + 0.08, "Rung", style.HEAD, colour=MUTED)
        head, end = "Remit" if self.remits else "", WIDTH - MARGIN - 0.04
        sheet.text(end, y + 0.08, head, style.HEAD, colour=MUTED, align="right")
        y += 0.15
        for link in shown:
            middle, up = y + 0.13, not pd.isna(link.rung) and link.rung >= _NAMED
            sheet.text_at(first, middle, names[link.from_board], style.LABEL, bold=up, align="right")
            sheet.text_at(first + 0.12, middle, "→", style.LABEL)
            sheet.text_at(first + 0.24, middle, names[link.to_board], style.LABEL, bold=up, align="left")
            if not pd.isna(link.rung):
                _draw_frame(sheet, link.rung, second, y + 0.04, 0.34, 0.18)
                sheet.text_at(second + 0.17, middle, str(link.rung), style.LABEL, bold=True)
            said = f"{_say_rung(link)}{' ' + _BOTH if link.mutual else ''}"
            sheet.text_at(second + 0.44, middle, said, style.LABEL, align="left")
            sheet.text_at(end, middle, _say_remit(link) if self.remits else "", style.LABEL, align="right")
            y += 0.26
        return y

    # --- the key ---

    def _draw_key(self, y: float) -> float:
        """Explain the frames, with how many links have each, and what else was drawn; return where it ends."""
        sheet, of, x = self.sheet, len(self.links), MARGIN + 0.42
        for name, count in _count_rungs(self.links):
            if not name.isdigit():
                continue
            _draw_frame(sheet, int(name), MARGIN, y, 0.3, 0.17)
            sheet.text_at(MARGIN + 0.15, y + 0.085, name, style.NOTE, bold=True)
            said = f"{RUNGS[int(name)]}: {count:,} of {of:,}"
            y = sheet.paragraph(x, y + 0.023, said, style.NOTE, WIDTH - MARGIN - x) + 0.06
        return sheet.paragraph(MARGIN, y + 0.03, " ".join(self._list_marks()), style.NOTE, WIDTH - 2 * MARGIN)

    def _list_marks(self) -> list[str]:
        matrix, counts, of = len(self.boards) <= _BOARDS, dict(_count_rungs(self.links)), len(self.links)
        marks = [
            (f"{_BOTH} each points to the other on rung 3 or more: an interdependency.", self.links["mutual"].any()),
            (f"None found: nothing on any rung in the texts, {counts['none found']} of {of}.", counts["none found"]),
            (f"Not read: nothing on any rung, but a named strategy of one of the two was not read, "
             f"{counts['not read']} of {of}.", counts["not read"]),
            (f"Not scored: no text of one of the two could be scored, {counts['not scored']} of {of}.",
             counts["not scored"]),
            ("Remit: how many of the row's priorities have a word that is key to the other board; inferred, so beside "
             "the ladder, not on it.", self.remits),
            (_NO_REMIT, not self.remits),
            ("Active and passive: the sums of a row's and of a column's shares.", self.remits and matrix),
            (" ".join(explain_boards({self._find_kind(board) for board in self.boards})), matrix),
            (f"{DAGGER}: through stand-in documents only.", self.through and not matrix),
        ]  # fmt: skip
        return [said for said, needed in marks if needed]


def _draw_frame(sheet: Sheet, rung: int, x: float, y: float, width: float, height: float) -> None:
    """Draw the box of a rung: by its frame alone each can be told from the others."""
    colour, line, dashes = _FRAMES[rung]
    face = style.ZEBRA if rung == 0 else style.WHITE
    for inset in (0.008, 0.036) if rung == max(RUNGS) else (0.008,):
        sheet.add(
            Rectangle(
                (x + inset, y + inset), width - 2 * inset, height - 2 * inset, facecolor=face, edgecolor=colour,
                linewidth=line, linestyle=dashes, zorder=1,
            )
        )  # fmt: skip
