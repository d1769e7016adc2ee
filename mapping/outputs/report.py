"""The report in Markdown: facts with their denominators, the figures in words, and the four sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mapping.cells import count_boards, count_themes
from mapping.figures import Chart
from mapping.findings import (
    LIMITS,
    list_cells,
    name_theme_order,
    state_findings,
    state_method,
    state_reading,
    state_themes,
)
from mapping.interdependencies import find_interdependencies
from mapping.intersections import find_untagged
from mapping.outputs.sections import build_sections, flatten
from mapping.pairs import describe_overlap, describe_themes
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["format_report"]


def format_report(run: Run, charts: Sequence[Chart]) -> str:
    """Return the report of a run as Markdown. Restated text is never put in quotation marks."""
    parts = [
        f"# {_plain(run.partnership.name)}: {_plain(run.framework.name)}",
        f"{_plain(run.edition)}. Every tag is suggested until a person confirms it.",
        _plain(run.partnership.info["about"]),
        "## What was found",
        _bullets(state_findings(run)),
        "## What was read",
        _bullets(state_reading(run) or ["The named strategies of all boards were read."]),
        "## Themes",
        _bullets([f"**{_plain(name)}**: {_plain(text)}" for name, text in state_themes(run)], ready=True),
        "\u2020 through stand-in documents only.",
        "## Boards by themes",
        _matrix(run),
        "Numbers: priorities tagged, of the board's own. A priority counts once per theme.",
        *_weigh(run),
        "## Board pairs",
        _pairs(run),
        "Overlap: the sum over themes of the smaller of the two boards' shares of tags. It is not cooperation. Few "
        "tags: under five on one side, too few for a percentage. \u2020 through stand-in documents only.",
        "## Figures",
        *(
            f"![{_plain(chart.alt)}](figures/{chart.name}.png)\n\n{_plain(chart.headline)}. {_plain(chart.caption)}"
            for chart in charts
        ),
        "## Priorities that no theme caught",
        _untagged(run),
        "## How it was done",
        _bullets(state_method(run)),
        "## How far it goes",
        _bullets(LIMITS),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _weigh(run: Run) -> list[str]:
    parts = []
    for section in build_sections(run):
        parts += [f"## {section.title}", _bullets(section.sentences)]
        for grid in section.grids:
            parts += [f"**{grid.caption}**", _table(grid.head, [[flatten(c) for c in row] for row in grid.rows])]
            parts += [_plain(grid.note)] if grid.note else []
    return parts


def _matrix(run: Run) -> str:
    cells, themes = list_cells(run), name_theme_order(run)
    head = ["Board", *themes.values(), "Priorities", "With a theme"]
    rows = [
        [board.name, *(cells[board.board, theme] for theme in themes), str(board.priorities), str(board.with_theme)]
        for board in each_row(count_boards(run))
    ]
    totals = count_themes(run)["tagged"]
    sums = count_boards(run)[["priorities", "with_theme"]].sum()
    rows.append(["All boards", *(str(n) for n in totals), *(str(n) for n in sums)])
    return _table(head, rows)


def _pairs(run: Run) -> str:
    short = dict(zip(run.boards["board"], run.boards["short"], strict=True))
    themes = name_theme_order(run)
    rows = [
        [
            f"{short[row.board_a]} and {short[row.board_b]}" + (" \u2020" if row.stand_in else ""),
            describe_overlap(row),
            describe_themes([themes[theme] for theme in row.themes], row.reading),
            "; ".join([row.says, *row.passages]),
        ]
        for row in each_row(find_interdependencies(run).sort_values("overlap", ascending=False, kind="stable"))
    ]
    return _table(["Pair of boards", "Overlap", "Themes on which both have a tag", "Highest rung of evidence"], rows)


def _untagged(run: Run) -> str:
    untagged = find_untagged(run)
    if untagged.empty:
        return "None: every priority carries a theme."
    rows = [[row.priority, row.text, row.reason] for row in each_row(untagged)]
    return f"{len(rows)} of {int(run.priorities['counted'].sum())} priorities.\n\n" + _table(
        ["Ref", "Priority", "Why"], rows
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(_plain(cell) if cell != "---" else cell for cell in line) + " |" for line in lines
    )


def _bullets(sentences: Sequence[str], *, ready: bool = False) -> str:
    return "\n".join(f"- {sentence if ready else _plain(sentence)}" for sentence in sentences)


def _plain(text: str) -> str:
    """Return a text of a document so that Markdown shows it as it is: one line, nothing live."""
    return re.sub(r"([\\`*_\[\]<>|#~$!])", r"\\\1", " ".join(text.split()))
