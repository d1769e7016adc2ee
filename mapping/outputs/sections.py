"""What the report, the page and the workbook say of chance, stability, gaps, links and focus: written once, for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mapping.cells import count_boards, count_cells, list_stand_in
from mapping.chance import find_board_chance, find_cell_chance, find_theme_pairs
from mapping.findings import (
    state_chance,
    state_focus,
    state_gaps,
    state_headlines,
)
from mapping.focus import find_focus
from mapping.gaps import find_gaps
from mapping.interdependencies import RUNGS, find_links, state_ladder
from mapping.mentions import find_partner_links
from mapping.pairs import FEW_TAGS
from mapping.recommendations import NOT_UNDERSTOOD, count_responses, list_recommendations, state_recommendations
from mapping.remit import find_remit_links, measure_remit
from mapping.rescoring import FAMILIES
from mapping.sources.answers import ANSWERS
from mapping.stability import find_headlines
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["Grid", "Section", "build_sections", "flatten"]

_DAGGER = "\u2020"
_SUM = "recommendations"
_LADDER = (
    "A shared theme is an opportunity to talk, not a dependency. A dependency is one-way; an interdependency is links "
    "both ways on rung 3 or more.",
)
Cell = str | list[str]


@dataclass(frozen=True)
class Grid:
    """A table as it is printed.

    Attributes
    ----------
    sheet : str
        Its name in the workbook, at most 31 characters.
    caption : str
        What one row is.
    head : tuple of str
        Names of the columns; the first column names its row.
    rows : list of list
        Cells: text, or several texts below one another.
    note : str
        How to read it.
    """

    sheet: str
    caption: str
    head: tuple[str, ...]
    rows: list[list[Cell]]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the report: a heading, what it states, and its tables.

    Attributes
    ----------
    anchor, title : str
        Its address on the page, and its heading.
    sentences : list of str
        What it states, each with its denominators.
    grids : list of Grid
        Its tables.
    """

    anchor: str
    title: str
    sentences: list[str]
    grids: list[Grid] = field(default_factory=list)


def build_sections(run: Run) -> list[Section]:
    """Return the parts of a run's report that weigh what was found, in the order in which they are read."""
    sections = [
        Section("headlines", "What stands up", state_headlines(run), [_list_headlines(run)]),
        Section("focus", "Areas of focus", state_focus(run), [_list_focus(run), _list_evidence(run)]),
        Section("chance", "Against chance", state_chance(run), _list_chance(run)),
        Section("gaps", "Gaps", state_gaps(run), [_list_gaps(run)]),
        Section("links", "What leans on what", [*state_ladder(run), *_LADDER], _list_links(run)),
    ]
    answered = state_recommendations(run)
    if answered:
        sections.append(
            Section("recommendations", "What came of recommendations", answered, _list_recommendations(run))
        )
    return sections


def _list_recommendations(run: Run) -> list[Grid]:
    table = list_recommendations(run)
    themes = dict(zip(run.themes["theme"], run.themes["name"], strict=True))
    counted = count_responses(table)
    names = [name for name in (*ANSWERS, _SUM, NOT_UNDERSTOOD) if name in counted.columns]
    counts: list[list[Cell]] = [
        [themes.get(row["theme"], row["theme"].capitalize()), *(str(row[name]) for name in names)]
        for row in counted.to_dict("records")
    ]
    unread = "Not understood counts answers that are printed but were not understood; they are among those not given."
    rows: list[list[Cell]] = [
        [
            row.recommendation, row.number or "none", row.meeting or "none", row.text,
            [themes[theme] for theme in row.themes] or "none found", row.response,
            row.response_text or "none", row.comment or "none",
        ]
        for row in each_row(table)
    ]  # fmt: skip
    return [
        Grid(
            "Recommendations by theme", "Recommendations by theme and answer",
            ("Theme", *("All" if name == _SUM else name.capitalize() for name in names)), counts,
            "A recommendation with two themes counts in both, and once in the last row."
            + (f" {unread}" if NOT_UNDERSTOOD in names else ""),
        ),
        Grid(
            "Recommendations", "Every recommendation, with its answer and the themes suggested for it",
            ("Ref", "Number", "Meeting", "Recommendation", "Themes (suggested)", "Answer", "As printed", "Comment"),
            rows,
        ),
    ]  # fmt: skip


def _list_headlines(run: Run) -> Grid:
    headlines = find_headlines(run)
    tried = [family for family in FAMILIES if (headlines[family] != "not tested").any()]
    rows: list[list[Cell]] = [
        [row.says, row.verdict, *(getattr(row, family) for family in tried), row.overturned_by or "nothing tried"]
        for row in each_row(headlines)
    ]
    note = "; ".join(f"{family}: {FAMILIES[family]}" for family in tried)
    return Grid(
        "What stands up",
        "Headlines that the counts allow, and how often each held",
        ("Headline", "Verdict", *(family.capitalize() for family in tried), "Overturned by"),
        rows,
        f"Held / tried, by what was changed. {note[:1].upper()}{note[1:]}. {_DAGGER} through stand-in documents only."
        if rows
        else "",
    )


def _list_focus(run: Run) -> Grid:
    rows: list[list[Cell]] = [
        [
            f"{row.rank}. {row.area}", f"{row.weight} of {row.priorities}",
            _say_breadth(row), f"{row.weight_confirmed} to {row.weight} of {row.priorities}", row.place, row.chance,
            row.verdict,
        ]
        for row in each_row(find_focus(run))
    ]  # fmt: skip
    return Grid(
        "Areas of focus",
        "Candidate areas of focus, in the order of the rule",
        ("Area", "Priorities", "Breadth", "Confirmed only, to all", "Place", "Chance", "Verdict"),
        rows,
        "Breadth: over how many boards the priorities are spread, weighed by each board's share of its own list; in "
        f"brackets what an even spread would give. {_DAGGER} through stand-in documents only.",
    )


def _say_breadth(area: Any) -> str:
    if area.breadth != area.breadth:
        return "too few to say"
    return f"{area.breadth:.1f} of {area.boards_in_matrix} (even: {area.breadth_even:.1f})"


def _list_evidence(run: Run) -> Grid:
    rows: list[list[Cell]] = [
        [f"{row.rank}. {row.area}", row.evidence_for, row.evidence_against, row.ids]
        for row in each_row(find_focus(run))
    ]
    return Grid(
        "Evidence for and against",
        "Evidence for and against each candidate, and the priorities behind it",
        ("Area", "Evidence for", "Evidence against", "Priorities"),
        rows,
    )


def _list_chance(run: Run) -> list[Grid]:
    board, theme = _name_boards(run), dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    sizes = dict(zip(count_boards(run)["board"], count_boards(run)["priorities"], strict=True))
    total = int(run.priorities["counted"].sum())
    short = dict(zip(run.boards["board"], run.boards["short"], strict=True))
    borrowed = {(cell.board, cell.theme) for cell in each_row(count_cells(run)) if cell.state == "stand-in"}
    cells: list[list[Cell]] = [
        [
            short[row.board], theme[row.theme],
            f"{row.tagged}{_DAGGER if (row.board, row.theme) in borrowed else ''} of {sizes[row.board]}", _expect(row),
            row.chance,
            _say_edge(row.more_from), _say_edge(row.fewer_to), _say_share(row.power_4),
        ]
        for row in each_row(find_cell_chance(run))
    ]  # fmt: skip
    pairs: list[list[Cell]] = [
        [
            f"{theme[row.theme_a]} with {theme[row.theme_b]}", f"{row.both} of {total}", _expect(row), row.chance,
            _say_edge(row.more_from), _say_edge(row.fewer_to), row.ids,
        ]
        for row in each_row(find_theme_pairs(run))
    ]  # fmt: skip
    tags = count_cells(run).groupby("board")["tagged"].sum().to_dict()
    read = set(count_boards(run).loc[count_boards(run)["reading"] == "read", "board"])
    boards: list[list[Cell]] = [
        [
            f"{board[row.board_a]} and {board[row.board_b]}",
            _say_overlap(row, min(tags[row.board_a], tags[row.board_b]), {row.board_a, row.board_b} <= read),
            f"{row.expected:.0%} ({row.low:.0%} to {row.high:.0%})", row.chance,
        ]
        for row in each_row(find_board_chance(run))
    ]  # fmt: skip
    return [
        Grid(
            "Chance, boards by themes",
            "Boards by themes: found and expected",
            (
                "Board", "Theme", "Found", "Expected by chance", "Chance", "More from", "Fewer up to",
                "Power at four times the odds",
            ),
            cells,
            "Chance keeps each priority's number of themes and each theme's number of priorities; in brackets the "
            "middle 95% of draws. More from, fewer up to: the counts that would have been called so. Not read: fewer "
            "than expected, but a named strategy of the board was not read.",
        ),
        Grid(
            "Chance, theme pairs",
            "Pairs of themes in one priority: found and expected",
            ("Themes", "Found", "Expected by chance", "Chance", "More from", "Fewer up to", "Priorities"),
            pairs,
            "Since every priority keeps its number of themes, more of one pair is fewer of another.",
        ),
        Grid(
            "Chance, board pairs",
            "Pairs of boards: overlap found and expected",
            ("Boards", "Overlap", "Expected by chance", "Chance"),
            boards,
            "Chance keeps each board's numbers and draws which theme each belongs to. A theme that is popular "
            "everywhere raises every pair. Few tags: under five on one side.",
        ),
    ]  # fmt: skip


def _say_overlap(row: Any, fewest: int, read: bool) -> str:
    if not row.overlap and not read:
        return "not read"
    return "few tags" if fewest < FEW_TAGS else f"{row.overlap:.0%}"


def _expect(row: Any) -> str:
    return f"{row.expected:.1f} ({row.low:g} to {row.high:g})"


def _say_edge(edge: Any) -> str:
    return "no count" if pd.isna(edge) else str(int(edge))


def _say_share(share: float) -> str:
    return "none" if share != share else f"{share:.0%}"


def _list_gaps(run: Run) -> Grid:
    board, theme = _name_boards(run), dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    rows: list[list[Cell]] = [
        [
            board[row.board], theme[row.theme], row.state, f"{row.checked} of {row.priorities}",
            f"{row.doubtful} of {row.priorities}",
            "nothing can be said" if pd.isna(row.bound) else f"up to {row.bound} of {row.priorities}",
            row.verdict or "none",
        ]
        for row in each_row(find_gaps(run))
    ]  # fmt: skip
    return Grid(
        "Gaps",
        "Cells without a tag",
        ("Board", "Theme", "State", "Checked by a person", "Doubtful", "May still be there", "Verdict"),
        rows,
        "May still be there: 95% bound over all gaps together, if the checker is right, in the text that was read. "
        "Which priorities to check, and in which order: find_gap_sample.",
    )


def _list_links(run: Run) -> list[Grid]:
    board, theme = _name_boards(run), dict(zip(run.themes["theme"], run.themes["short"], strict=True))
    spoken = {
        (row.from_board, row.to_board): f"{row.speaking} of {row.priorities}"
        for row in each_row(find_remit_links(run))
        if row.share == row.share
    }
    links = list(each_row(find_links(run)))
    named = any(row.passages or row.status for row in links)
    head = (
        "From, to",
        "Rung",
        "Which says",
        "Themes",
        "Speaks its remit",
        "Both ways",
        "Direction",
        "Passages",
        "People",
    )
    ladder: list[list[Cell]] = []
    for row in links:
        cells: list[Cell] = [
            f"{board[row.from_board]} to {board[row.to_board]}", "none" if pd.isna(row.rung) else str(row.rung),
            row.says, ", ".join(theme[t] for t in row.themes) or "none",
            spoken.get((row.from_board, row.to_board), "not known"),
        ]  # fmt: skip
        # Where no text names another board, three columns would be empty from top to bottom.
        both, direction = "yes" if row.mutual else "no", ", ".join(row.direction) or "none stated"
        people = "; ".join(filter(None, (row.status, ", ".join(row.confirmed_by)))) or "no decision"
        more: list[Cell] = [both, direction, row.passages or "none", people]
        ladder.append(cells + more if named else cells)
    partners: list[list[Cell]] = [
        [board[row.from_board], row.partner, str(row.mentions), row.passages]
        for row in each_row(find_partner_links(run))
    ]
    grids = [
        Grid(
            "What leans on what",
            "From each board to each other board: the highest rung of evidence",
            head if named else head[:5],
            ladder,
            "; ".join(f"{rung}: {words}" for rung, words in RUNGS.items())
            + ". Both ways: links both ways on rung 3 or "
            "more. Speaks its remit: priorities of the first board with a word key to the second's texts; it is "
            "inference, beside the ladder, never on it.",
        ),
        *_list_remit(run),
    ]
    if partners:
        columns = ("Board", "Partner", "Mentions", "Passages")
        grids.append(Grid("Named partners", "Named partners that are no board here", columns, partners))
    return grids


def _list_remit(run: Run) -> list[Grid]:
    board = _name_boards(run)
    codes = list(run.boards["board"])
    rows: list[list[Cell]] = []
    measured = measure_remit(run)
    if measured["active"].isna().all():
        return []
    for row in measured.to_dict("records"):
        cells = ["its own" if code == row["board"] else _say_share(row[f"to_{code}"]) for code in codes]
        rows.append([board[row["board"]], *cells, _say_sum(row["active"])])
    rows.append(["Passive sum", *map(_say_sum, measured["passive"]), ""])
    grid = Grid(
        "Remit vocabulary",
        "Share of each board's priorities that speak each other board's remit",
        ("Board", *(board[code] for code in codes), "Active sum"),
        rows,
        "Rows speak, columns are spoken of. Active sum: how much a board speaks the others' remits; passive sum: how "
        "much the others speak its own. Inference from wording, not a link.",
    )
    return [grid]


def _say_sum(number: float) -> str:
    return "none" if number != number else f"{number:.2f}"


def _name_boards(run: Run) -> dict[str, str]:
    through = list_stand_in(count_cells(run))
    return {
        row.board: f"{row.short}{_DAGGER if row.board in through else ''}" for row in each_row(count_boards(run))
    }  # fmt: skip


def flatten(cell: Cell, between: str = "; ") -> str:
    """Return a cell as one text."""
    return cell if isinstance(cell, str) else between.join(cell)
