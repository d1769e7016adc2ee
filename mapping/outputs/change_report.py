"""The change report: what changed between two runs, by cause, with the old and the new wording side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from mapping.comparison import CAUSES, Changes, find_changes, state_changes
from mapping.csv_format import write_table
from mapping.editions import CARRIED, COVERED, INSIDE, KINDS, REWORDED, count_carried
from mapping.figures import Chart, plot_change
from mapping.figures.change import find_other_rules
from mapping.files import replace_controls, replace_folder, write_file
from mapping.findings import LIMITS
from mapping.outputs.listing import Cell, Link, Listing, Part, mark_change
from mapping.outputs.page import _embed as embed
from mapping.outputs.report import _plain as plain
from mapping.tables import each_row
from mapping.tags import Run

__all__ = ["CHANGES", "Link", "Listing", "Part", "build_parts", "format_change_page", "format_changes", "write_changes"]

#: The file by which a folder is known as one of ours.
CHANGES = "changes.json"
_TABLES = {
    "changed-tags": "priority and theme whose tag differs, with the cause",
    "changed-cells": "board and theme whose number differs, with the cause",
    "changed-headlines": "headline that came, went or has another verdict or other numbers, with the cause",
    "matched-priorities": "match of priorities of the two editions",
    "decisions-carried": "decision of the earlier run, with what becomes of it",
    "decisions-to-check": "decision to check again and priority to look at, with the old and the new words",
}
_HOW = [
    "A cause is named when the change appears with that one thing alone taken from the later run, and goes when it "
    "alone is put back. Otherwise it is mixed: several were needed, or each would have been enough. Text: the tables "
    "of boards, strategies and priorities. Framework: themes, keywords, threshold and margin. Method: the settings. "
    "Decision: what people confirmed, added or rejected.",
    "Priorities are matched by their words within one board, whatever their ids: first the same words (case, spaces "
    f"and punctuation apart); then other words, where at least {REWORDED:.0%} of the words of both are in both; split "
    f"and merged, where {INSIDE:.0%} of the words of each part are in the whole and its parts have {COVERED:.0%} of "
    "the whole. The most alike are matched first, and each priority once.",
    "A decision stays on the same words alone. On other words it is a suggestion that a person is asked to check "
    "again; it is applied to nothing until then, and none is dropped.",
]


def write_changes(
    earlier: Run, later: Run, folder: str | Path, progress: Callable[[str], None] = lambda step: None
) -> Path:
    """Write what changed between two runs: page, report, tables and figure.

    Parameters
    ----------
    earlier, later : Run
        Of one partnership against one framework.
    folder : str or Path
        Where it is to stand. An earlier change report there is replaced as a whole; any other folder that holds
        something is refused.
    progress : callable
        Told in words what is being done.

    Returns
    -------
    Path
        Of the folder: ``index.html`` (start there), ``report.md``, ``tables/``, ``figures/`` and ``changes.json``.
    """

    def fill(home: Path) -> None:
        progress("matching priorities and looking for causes")
        changes = find_changes(earlier, later)
        for name, table in list_change_tables(changes).items():
            write_table(home / "tables" / f"{name}.csv", table)
        progress("drawing the figure")
        # Numbers made with other settings are never drawn as they stand: the earlier texts are tagged again.
        chart = plot_change(earlier, later, retag=bool(find_other_rules(earlier, later)))
        image = chart.save(home / "figures")[0].read_bytes()
        progress("writing the report and the page")
        write_file(home / "report.md", replace_controls(format_changes(changes, chart)))
        write_file(home / "index.html", replace_controls(format_change_page(changes, chart, image)))
        write_file(home / CHANGES, json.dumps(_describe(changes), indent=2, ensure_ascii=False) + "\n")

    return replace_folder(folder, fill, CHANGES)


def list_change_tables(changes: Changes) -> dict[str, pd.DataFrame]:
    """Return the tables of a change report by their names."""
    tables = (changes.tags, changes.cells, changes.headlines, changes.match, changes.carried, changes.checks)
    return {name: table.drop(columns="line", errors="ignore") for name, table in zip(_TABLES, tables, strict=True)}


def _describe(changes: Changes) -> dict[str, Any]:
    sides = {
        name: {
            "partnership": run.partnership.info, "run": run.hash, "framework": run.framework.info,
            "settings": asdict(run.settings),
        }
        for name, run in (("earlier", changes.earlier), ("later", changes.later))
    }  # fmt: skip
    rows = {name: len(table) for name, table in list_change_tables(changes).items()}
    return {**sides, "differs": list(changes.causes.factors), "rows": rows}


# --- what it says ------------------------------------------------------------------------------------------


def build_parts(changes: Changes) -> list[Part]:
    """Return the parts of the change report: written once, for the page and for Markdown."""
    parts = [
        Part("summary", "What changed", [*state_changes(changes), *_explain_figure(changes)], [_list_counts(changes)]),
        Part("cells", "Boards and themes", *_list_cells(changes)),
        Part("tags", "Tags", *_list_tags(changes)),
        Part(
            "headlines", "Headlines",
            *_list_by(
                changes.headlines, "cause", CAUSES, "headlines", _HEADLINE_HEAD, _row_of_headline, "headline"
            ),
        ),
        Part("priorities", "Priorities, old and new wording", *_list_matches(changes)),
        Part("decisions", "Decisions", *_list_decisions(changes)),
    ]  # fmt: skip
    return [*parts, Part("how", "How it was done, and how far it goes", [*_HOW, *LIMITS])]


def _explain_figure(changes: Changes) -> list[str]:
    """Say where the figure draws less than the tables list: it never draws numbers made by different rules."""
    rules = find_other_rules(*_sides(changes))
    if not rules:
        return []
    return [
        f"The two runs were made by different rules ({'; '.join(rules)}). So the figure has the earlier texts tagged "
        "again by the later rules and draws only what texts and decisions changed; the tables list what the rules "
        "changed too."
    ]


_TAG_HEAD = ("Priority", "Board", "Theme", "Change", "Status", "Old wording", "New wording")
_HEADLINE_HEAD = ("Change", "Before", "Now")
_MATCH_HEAD = ("Priority", "Old wording", "New wording", "What changed", "Likeness")
_CHECK_HEAD = ("Priority", "Theme", "Suggestion", "Old wording", "New wording", "What changed", "Since then")
_CARRIED_HEAD = ("Priority", "Theme", "Decision", "Words judged", "Why")
_SAYS_CHANGE = {"verdict": "another verdict", "numbers": "other numbers"}
_NOT_YET = "not decided yet"


def _list_counts(changes: Changes) -> Listing:
    """Return the numbers of changes by cause, each of which opens to its rows."""
    rows: list[list[Cell]] = []
    for row in each_row(changes.count()):
        numbers = (("added", "tags"), ("removed", "tags"), ("changed", "tags"), ("cells", "cells"))
        shown = [
            _number(getattr(row, name), f"{part}-{row.cause}" if part == "tags" else part) for name, part in numbers
        ]
        rows.append([row.cause, *shown, _number(row.headlines, f"headlines-{row.cause}")])
    head = ("Cause", "Tags added", "Tags removed", "Tags changed", "Cells", "Headlines")
    return Listing("by-cause", "Changes by cause: a number opens to its rows", head, rows, folded=False, counts=True)


def _number(number: int, anchor: str, text: str = "") -> Cell:
    return Link(text or f"{number:,}", anchor) if number else text or "0"


def _list_cells(changes: Changes) -> tuple[list[str], list[Listing]]:
    boards, themes = _name_boards(changes), _name_themes(changes)
    texts = {run: dict(zip(run.priorities["priority"], run.priorities["text"], strict=True)) for run in _sides(changes)}
    rows: list[list[Cell]] = []
    behind = []
    for n, row in enumerate(each_row(changes.cells), start=1):
        signed = f"{row.change:+d}".replace("-", "\u2212") if row.change else "0"
        moves = len(row.added) + len(row.removed)
        name = f"{boards[row.board]}, {themes[row.theme]}"
        numbers = [_say_number(row.before, row.state_before), _say_number(row.after, row.state_after)]
        rows.append([name, *numbers, _number(moves, f"cell-{n}", signed), row.cause, row.causes])
        sides = (("came", row.added, changes.later), ("went", row.removed, changes.earlier))
        lines: list[list[Cell]] = [[p, how, texts[run].get(p, "")] for how, ids, run in sides for p in ids]
        if lines:
            behind.append(Listing(f"cell-{n}", f"{name}: {signed}", ("Priority", "Change", "Wording"), lines))
    head = ("Board and theme", "Before", "Now", "Change", "Cause", "Made up of")
    if not rows:
        return ["No pair of board and theme differs."], []
    table = Listing("cells-all", "Pairs of board and theme that differ", head, rows, folded=False)
    return ["Numbers count priorities. A change opens to the priorities that came and went."], [table, *behind]


def _say_number(number: int, state: str) -> str:
    return f"{number:,}" if number or state == "none" else f"0 ({state})"


def _sides(changes: Changes) -> tuple[Run, Run]:
    return changes.earlier, changes.later


def _name_boards(changes: Changes) -> dict[str, str]:
    tables = [run.partnership.boards for run in _sides(changes)]
    return {board: name for table in tables for board, name in zip(table["board"], table["name"], strict=True)}


def _name_themes(changes: Changes) -> dict[str, str]:
    return dict(zip(changes.later.themes["theme"], changes.later.themes["short"], strict=True))


def _list_by(
    table: pd.DataFrame, column: str, values: Sequence[str], part: str, head: tuple[str, ...],
    make: Callable[[Any], list[Cell]], noun: str,
) -> tuple[list[str], list[Listing]]:  # fmt: skip
    """Return one listing per value of a column, and a sentence that counts them all."""
    plural = f"{noun}es" if noun.endswith("h") else f"{noun}s"
    listings = []
    for value in values:
        rows = [make(row) for row in each_row(table[table[column] == value])]
        if rows:
            caption = f"{value.capitalize()}: {len(rows):,} {noun if len(rows) == 1 else plural}"
            listings.append(Listing(_anchor(part, value), caption, head, rows))
    total = f"{len(table):,} {f'{noun} differs' if len(table) == 1 else f'{plural} differ'}."
    return [total if len(table) else f"No {noun} differs."], listings


def _anchor(part: str, value: str) -> str:
    return f"{part}-{value}".replace(" ", "-")


def _count_by(table: pd.DataFrame, column: str, values: Sequence[str], part: str, head: tuple[str, str]) -> Listing:
    """Return how many rows have each value of a column, each number with the rows that it opens to."""
    counts = [(value, int((table[column] == value).sum())) for value in values]
    rows: list[list[Cell]] = [[value, _number(number, _anchor(part, value))] for value, number in counts]
    return Listing(f"{part}-counts", f"{head[1]}: a number opens to its rows", head, rows, folded=False, counts=True)


def _list_tags(changes: Changes) -> tuple[list[str], list[Listing]]:
    boards, themes = _name_boards(changes), _name_themes(changes)
    table = changes.tags.assign(
        board=[boards[board] for board in changes.tags["board"]],
        theme=[themes[theme] for theme in changes.tags["theme"]],
    )
    return _list_by(table, "cause", CAUSES, "tags", _TAG_HEAD, _row_of_tag, "tag")


def _row_of_tag(row: Any) -> list[Cell]:
    old, new = _pair(row.text_before, "" if row.words == "gone" else row.text)
    before, now = (status or "not tagged" for status in (row.before, row.after))
    status = before if before == now else f"{before}, now {now}"
    name = _name_ids([row.priority_before] if row.priority_before else [], [row.priority])
    if row.words == "same":
        old = "(the same)"
    return [name, row.board, row.theme, row.change, status, old, new]


def _pair(old: str, new: str) -> tuple[Cell, Cell]:
    """Return two wordings with what differs marked; where there is only one, it is said of the other."""
    if not old or not new:
        return old or "(new)", new or "(gone)"
    return mark_change(old, new)


def _name_ids(old: list[str], new: list[str]) -> str:
    """Return an id, with the one it had before where that was another."""
    return f"{', '.join(new)} (was {', '.join(old)})" if old and new and old != new else ", ".join(new or old)


def _row_of_headline(row: Any) -> list[Cell]:
    sides = ((row.says_before, row.verdict_before), (row.says_after, row.verdict_after))
    before, now = (f"{says} ({verdict})" if says else "" for says, verdict in sides)
    return [_SAYS_CHANGE.get(row.change, row.change), *_pair(before, now)]


def _list_matches(changes: Changes) -> tuple[list[str], list[Listing]]:
    def make(row: Any) -> list[Cell]:
        likeness = f"{row.likeness:.2f}" if row.likeness == row.likeness else ""
        old, new = _pair(row.earlier_text, row.later_text)
        if row.kind == "same":
            old = "(the same)"
        return [_name_ids(row.earlier, row.later), old, new, row.words_changed, likeness]

    match = changes.match
    other = int(sum(row.kind == "same" and row.earlier != row.later for row in each_row(match)))
    _, listings = _list_by(match, "kind", [*KINDS[1:], KINDS[0]], "match", _MATCH_HEAD, make, "match")
    said = f"{len(match):,} matches of priorities; {other:,} of the same words have another id than before."
    return [said], [_count_by(match, "kind", KINDS, "match", ("Kind", "Matches")), *listings]


def _list_decisions(changes: Changes) -> tuple[list[str], list[Listing]]:
    themes = _name_themes(changes)
    status = {(tag.priority, tag.theme): tag.status for tag in each_row(changes.later.tags)}

    def check(row: Any) -> list[Cell]:
        name = _name_ids([row.priority_before], [row.priority])
        said = status.get((row.priority, row.theme), "")
        since = said if said not in ("", "suggested") else _NOT_YET
        what = row.words_changed or row.why
        return [name, _say(themes, row.theme), _say_who(row.suggestion, row), *_pair(row.old_words, row.new_words),
                what, since]  # fmt: skip

    def carried(row: Any) -> list[Cell]:
        name = _name_ids([row.priority_before], [row.priority])
        return [name, _say(themes, row.theme), _say_who(row.decision, row), row.words, row.why]

    if changes.carried.empty:
        return ["The earlier run had no decision to carry."], []
    counts = count_carried(changes.carried)
    sums = " + ".join(f"{number:,} {name}" for name, number in counts.items() if number)
    said = f"{len(changes.carried):,} came in = {sums}."
    rows = [check(row) for row in each_row(changes.checks)]
    left = sum(row[-1] == _NOT_YET for row in rows)
    asked = f"To check again: {len(rows):,} {'tag' if len(rows) == 1 else 'tags'} to look at, {left:,} left"
    first = [Listing("decisions-check-again", asked, _CHECK_HEAD, rows, folded=False)] if rows else []
    others = [name for name in CARRIED if name != "check again"]
    _, listings = _list_by(changes.carried, "outcome", others, "decisions", _CARRIED_HEAD, carried, "decision")
    table = _count_by(changes.carried, "outcome", CARRIED, "decisions", ("Outcome", "Decisions"))
    return [said, "A suggestion to check again is applied to nothing until a person decides."], [
        table, *first, *listings,
    ]  # fmt: skip


def _say(names: dict[str, str], theme: str) -> str:
    """Return the short name of a theme; one of another framework is called by its id."""
    return names.get(theme, theme)


def _say_who(decision: str, row: Any) -> str:
    return f"{decision} ({', '.join(filter(None, (row.reviewer, row.time)))})"


# --- as Markdown and as a page -----------------------------------------------------------------------------


def _title(changes: Changes) -> tuple[str, str]:
    earlier, later = _sides(changes)
    return f"{later.partnership.name}: what changed", f"From {earlier.edition} to {later.edition}."


def format_changes(changes: Changes, chart: Chart) -> str:
    """Return the change report as Markdown."""
    title, between = _title(changes)
    pieces = [f"# {plain(title)}", f"{plain(between)} {plain(later_framework(changes))}"]
    for part in build_parts(changes):
        pieces += [f'<a id="{part.anchor}"></a>\n\n## {part.title}']
        pieces += ["\n".join(f"- {plain(sentence)}" for sentence in part.sentences)]
        if part.anchor == "summary":
            pieces.append(
                f"![{plain(chart.alt)}](figures/{chart.name}.png)\n\n{plain(chart.headline)}. {plain(chart.caption)}"
            )
        for listing in part.listings:
            pieces += [f'<a id="{listing.anchor}"></a>\n\n**{plain(listing.caption)}**', _format_table(listing)]
    pieces += ["## Files", "\n".join(f"- `tables/{name}.csv`: one row per {row}" for name, row in _TABLES.items())]
    return "\n\n".join(piece for piece in pieces if piece) + "\n"


def later_framework(changes: Changes) -> str:
    """Return against what both runs were tagged."""
    return f"Both tagged against {changes.later.framework.name}."


def _format_table(listing: Listing) -> str:
    lines = ["| " + " | ".join(plain(name) for name in listing.head) + " |", "| --- " * len(listing.head) + "|"]
    for row in listing.rows:
        cells = [
            f"[{plain(cell.text)}](#{cell.anchor})" if isinstance(cell, Link) else plain(str(cell)) for cell in row
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def format_change_page(changes: Changes, chart: Chart, image: bytes) -> str:
    """Return the change report as one HTML page: nothing fetched from outside, no script, all text escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mapping.outputs", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    title, between = _title(changes)
    return environment.get_template("changes.html.j2").render(
        title=title, between=between, framework=later_framework(changes), parts=build_parts(changes), chart=chart,
        image=embed(image), tables=_TABLES,
    )  # fmt: skip
