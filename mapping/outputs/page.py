"""The page of a run: contents, figures, the matrix, and behind each number the priorities that it counts."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from mapping.cells import count_boards, count_cells, count_themes, describe_state
from mapping.explanation import mark_spans
from mapping.figures import Chart
from mapping.findings import (
    LIMITS,
    count_confirmed,
    list_cells,
    state_findings,
    state_method,
    state_reading,
    state_themes,
)
from mapping.interdependencies import find_interdependencies
from mapping.intersections import find_untagged, list_cell_priorities
from mapping.outputs.sections import build_sections
from mapping.outputs.workbook import describe_tag
from mapping.pairs import describe_overlap
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["format_page"]

#: Words that the page sets apart by the look of their label as well.
_VERDICTS = ("firm", "fair", "fragile", "more", "fewer", "as expected", "too few to tell", "not read")


def format_page(
    run: Run, charts: Sequence[tuple[Chart, bytes]], tables: Sequence[tuple[str, str, int]], workbook: str, graph: str
) -> str:
    """Return the page as HTML: one file, nothing fetched from outside, no script, all text escaped.

    Parameters
    ----------
    run : Run
    charts : sequence of (Chart, bytes)
        The charts with their PNG, which is put into the page itself.
    tables : sequence of (address, what one row is, number of rows)
        The tables beside the page.
    workbook, graph : str
        Addresses of the mapping table and of the graph beside the page.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mapping.outputs", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    confirmed, tags = count_confirmed(run)
    return environment.get_template("index.html.j2").render(
        run=run, limits=LIMITS, findings=state_findings(run), reading=state_reading(run), method=state_method(run),
        themes=list(zip(each_row(count_themes(run)), (text for _, text in state_themes(run)), strict=True)),
        boards=list(each_row(count_boards(run))), cells=_describe_cells(run), behind=_list_behind(run),
        pairs=_list_pairs(run), untagged=list(each_row(find_untagged(run))),
        charts=[(chart, _embed(image)) for chart, image in charts], tables=tables, workbook=workbook, graph=graph,
        confirmed=confirmed, tags=tags, sections=build_sections(run), verdicts=_VERDICTS,
        anchors=_anchor_priorities(run),
        short=dict(zip(run.boards["board"], run.boards["short"], strict=True)),
        theme_short=dict(zip(run.themes["theme"], run.themes["short"], strict=True)),
    )  # fmt: skip


def _describe_cells(run: Run) -> dict[tuple[str, str], dict[str, Any]]:
    words = list_cells(run)
    place = {board: n for n, board in enumerate(run.boards["board"], start=1)}
    order = {theme: n for n, theme in enumerate(run.framework.theme_ids, start=1)}
    return {
        (cell.board, cell.theme): {
            "words": words[cell.board, cell.theme], "tagged": cell.tagged, "confirmed": cell.confirmed,
            "state": cell.state, "shade": _find_shade(cell.share), "priorities": cell.priorities,
            "says": describe_state(cell.state), "anchor": f"cell-{place[cell.board]}-{order[cell.theme]}",
        }
        for cell in each_row(count_cells(run))
    }  # fmt: skip


def _list_pairs(run: Run) -> list[tuple[Any, str]]:
    """Return the pairs of boards, most alike first, each with its overlap in words."""
    pairs = find_interdependencies(run).sort_values("overlap", ascending=False, kind="stable", na_position="last")
    return [(pair, describe_overlap(pair)) for pair in each_row(pairs)]


def _find_shade(share: float) -> int:
    """Return the class of a share, 0 to 5: the five shades of the matrix figure."""
    return 0 if not share > 0 else 1 + sum(share >= edge for edge in (0.15, 0.30, 0.45, 0.60))


def _list_behind(run: Run) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the priorities behind each cell, with their words marked and where they stand."""
    strategies = dict(zip(run.partnership.strategies["strategy"], run.partnership.strategies["name"], strict=True))
    rows = {row.priority: row for row in each_row(run.priorities)}
    tags = {(tag.priority, tag.theme): tag for tag in each_row(run.standing_tags)}
    behind: dict[tuple[str, str], list[dict[str, Any]]] = {}
    free = _anchor_priorities(run)
    for (board, theme), ids in list_cell_priorities(run).items():
        behind[board, theme] = [
            {
                "id": priority, "anchor": free.pop(priority, ""), "row": rows[priority], "tag": tags[priority, theme],
                "text": _mark(rows[priority].text, tags[priority, theme]), "says": describe_tag(tags[priority, theme]),
                "strategy": strategies[rows[priority].strategy], "address": _safe(rows[priority].source_address),
                "found": ", ".join(dict.fromkeys(span.pattern for span in tags[priority, theme].spans)),
            }
            for priority in ids
        ]  # fmt: skip
    return behind


def _anchor_priorities(run: Run) -> dict[str, str]:
    """Return an address on the page for each priority that carries a tag: where it first stands."""
    tagged = set(run.standing_tags["priority"])
    ids = [priority for priority in run.priorities["priority"] if priority in tagged]
    return {priority: f"priority-{n}" for n, priority in enumerate(ids, start=1)}


def _mark(text: str, tag: Any) -> Markup:
    spans = [(span.start, span.end) for span in tag.spans]
    return Markup(mark_spans(text, spans, "<mark>", "</mark>", escape=True))  # noqa: S704 -- every piece is escaped


def _safe(address: str) -> str:
    """Return a web address that may be followed, or nothing: only http and https ever become a link."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    return address.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def _embed(image: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(image).decode("ascii")
