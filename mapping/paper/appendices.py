"""The appendices: method and settings, all priorities and tags, what changed, data quality, transparency record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mapping.findings import LIMITS
from mapping.paper.areas import list_more_focus
from mapping.paper.blocks import Block, Text, Wide, make_key
from mapping.paper.body import MOST_THEMES, list_themes
from mapping.paper.draft import DAGGER, TOTAL, Draft
from mapping.paper.sources import Condition, Fact, Source, join_facts
from mapping.paper.transparency import write_transparency
from mapping.tables import each_row

__all__ = ["APPENDIX_MAKERS", "TITLES"]

TITLES = {
    "method": "Method and settings",
    "priorities": "All priorities and their tags",
    "changes": "What changed since an earlier run",
    "quality": "Data quality",
    "transparency": "Draft transparency record",
}
#: With more themes than this, a table of boards by themes would be wider than the page.
_WIDEST = 6
_MOST_CELLS = 40


def _say(draft: Draft, key: str, text: str, **parts: Source | Fact | str) -> Text:
    return draft.drafted(key, draft.say(text, **parts), "appendix-paragraph")


# --- method and settings -----------------------------------------------------------------------------------


def _method(draft: Draft) -> list[Block]:
    return [
        _say(
            draft,
            "a_scores",
            "Two scores are worked out for each priority and theme: one from keywords, one from how alike the words of "
            "the priority and the theme are (TF-IDF cosine). A priority is tagged where both together reach a set "
            "score. Each tag can be traced to the words behind it.",
        ),
        *_list_settings(draft),
        _say(
            draft,
            "a_chance",
            "Chance: the tags were dealt out again at random {draws} times. Each priority kept its number of themes, "
            "and each theme its number of priorities. A count is called more or fewer only where chance would seldom "
            "go so far.",
            draws=Source("settings", "draws"),
        ),
        *_list_chance(draft),
        *_list_tests(draft),
        *(list_themes(draft, "appendix-paragraph") if len(draft.run.framework.theme_ids) > MOST_THEMES else []),
        *list_more_focus(draft),
        _say(draft, "a_limits", " ".join(LIMITS)),
    ]


def _list_settings(draft: Draft) -> list[Block]:
    name = draft.next("Table")
    method = {"both": "keywords and TF-IDF together", "keywords": "keywords alone", "tf-idf": "TF-IDF alone"}
    s = draft.run.settings
    rows: list[tuple[str, Fact | Source]] = [
        ("Run", Source("run", "hash")),
        ("Data edition", Source("partnership", "edition")),
        ("Framework", Source("framework", "name")),
        ("Keywords", Source("keywords", "", (), "rows")),
        ("Scored by", Fact(method[s.method])),
        ("Tagged from a score of", Source("settings", "threshold", digits=2)),
        ("Margin below it in which a person is asked to check", Source("settings", "margin", digits=2)),
        ("Neighbouring partnerships", Fact("mapped too" if s.neighbours else "left out")),
        ("Only strategies in force on", Source("settings", "in_force_on") if s.in_force_on else Fact("no filter")),
        ("Chance drawn, times", Source("settings", "draws")),
        ("Priorities drawn again, times", Source("settings", "resamples")),
        ("Seed of the random numbers", Source("settings", "seed")),
    ]
    cells = [[Fact(label), draft.say("{value}", value=value)] for label, value in rows]
    table = Wide(
        "settings_table", ("Setting", "Value"), cells, (0.5, 0.5), "Settings of the run", "One row per setting."
    )
    return [draft.caption("settings", name, Fact("Settings of the run")), table]


def _list_chance(draft: Draft) -> list[Block]:
    """Return each count beside what chance would give: boards by themes, or a list where the themes are many."""
    name = draft.next("Table")
    themes = draft.run.framework.theme_ids
    caption = draft.caption("chance", name, Fact("Priorities found, and in brackets what chance alone would give"))
    codes = list(draft.tables.get("boards")["board"])
    if len(themes) <= _WIDEST:
        head = ("Board", *draft.tables.get("themes")["short"])
        rows = [[draft.name_boards([code]), *(_count_cell(draft, code, theme) for theme in themes)] for code in codes]
        widths = (0.2, *[0.8 / len(themes)] * len(themes))
    else:
        head, widths = ("Board", "Theme", "Found (chance)"), (0.35, 0.4, 0.25)
        rows = [
            [draft.name_boards([code]), draft.say("{t}", t=draft.theme(theme)), _count_cell(draft, code, theme)]
            for code in codes for theme in themes
        ]  # fmt: skip
    table = Wide("chance_table", head, rows, widths, "Found and expected by chance", "One row per board, or per cell.")
    return [caption, table]


def _count_cell(draft: Draft, code: str, theme: str) -> Fact:
    own = (("board", "=", code), ("theme", "=", theme))
    cell = draft.tables.select(Source("cells", "state", own)).iloc[0]
    if cell["state"] in ("not read", "empty", "not scored"):
        return draft.say("{state}", state=Source("cells", "state", own))
    expected = Source("chance-cells", "expected", own)
    mark = DAGGER if cell["state"] == "stand-in" else ""
    text = f"{{n}}{mark} of {{all}} ({{chance}})" if cell["tagged"] else "none of {all} ({chance})"
    return draft.say(
        text, n=Source("cells", "tagged", own), all=Source("cells", "priorities", own), chance=expected
    )  # fmt: skip


def _list_tests(draft: Draft) -> list[Block]:
    """Return what was tried on each statement, and the verdicts in words."""
    families = list(dict.fromkeys(draft.tables.get("rescorings")["family"]))
    parts = [
        draft.say(
            "{what} ({n})",
            what=Source("families", "what", (("family", "=", family),)),
            n=Source("rescorings", "", (("family", "=", family),), "rows"),
        )
        for family in families
    ]
    share = {
        word: Source("verdicts", "share", (("verdict", "=", word),), "percent") for word in ("firm", "fair")
    }  # fmt: skip
    said = draft.say(
        "Statements were tested in {kinds} kinds of way: {parts}. Firm: it held in at least {firm} of each kind. Fair: "
        "in at least {fair}. Fragile: in less; a fragile statement is not reported.",
        kinds=Source("rescorings", "family", (), "distinct"), parts=join_facts(parts, "; "), **share,
    )  # fmt: skip
    return [draft.drafted("a_tests", said, "appendix-paragraph")]


# --- all priorities ----------------------------------------------------------------------------------------


def _priorities(draft: Draft) -> list[Block]:
    own = "Words in quotation marks are those of the strategy. All other words restate what the source says. "
    blocks: list[Block] = [
        _say(
            draft,
            "b_intro",
            own + "Each theme stands with its state: suggested by the machine, or confirmed, added, rejected, unsure "
            f"or disputed by people. The sign {DAGGER} marks stand-in documents. {{total}} priorities are counted.",
            total=TOTAL,
        )
    ]
    for code in draft.tables.get("boards")["board"]:
        rows = draft.run.priorities[draft.run.priorities["board"] == code]
        if rows.empty:
            continue
        key = make_key("b", code)
        blocks.append(Text(key, "heading-2", draft.say("{name}", name=draft.board(code, "name"))))
        title = draft.say("Priorities of {board}, and their tags", board=draft.board(code, "name")).text
        cells = [_row_of_priority(draft, row) for row in rows.to_dict("records")]
        head = ("Ref", "Priority", "Themes, and their state", "Source")
        blocks.append(
            Wide(make_key(key, "table"), head, cells, (0.11, 0.40, 0.20, 0.29), title, "One row per priority.")
        )
    return blocks


def _row_of_priority(draft: Draft, row: dict[str, Any]) -> list[Fact]:
    own = (("priority", "=", row["priority"]),)
    text = Source("priorities", "text", own)
    words = draft.say("\u201c{text}\u201d" if row.get("wording") == "verbatim" else "{text}", text=text)
    if not row["counted"]:
        words = draft.say("{words} (heading, not counted)", words=words)
    ref = draft.say("{ref}", ref=Source("priorities", "priority", own))
    return [ref, words, _list_tags(draft, row), _name_source(draft, row)]


def _list_tags(draft: Draft, row: dict[str, Any]) -> Fact:
    """Return the themes of a priority, grouped by their state."""
    own = (("priority", "=", row["priority"]),)
    states: dict[str, list[str]] = {}
    for tag in draft.tags_of(row["priority"]):
        states.setdefault(tag.status, []).append(tag.theme)
    said = []
    for themes in states.values():
        names = join_facts([draft.say("{t}", t=draft.theme(theme)) for theme in themes], ", ")
        status = Source("tags", "status", (*own, ("theme", "=", themes[0])))
        said.append(draft.say("{names} ({status})", names=names, status=status))
    if said:
        return join_facts(said, "; ")
    return Fact("not scored" if draft.is_unscored(row["priority"]) else "none found")


def _name_source(draft: Draft, row: dict[str, Any]) -> Fact:
    name = Source("strategies", "name", (("strategy", "=", row["strategy"]),))
    mark = "" if draft.is_own(row["priority"]) else DAGGER
    if not row.get("page"):
        return draft.say("{name}" + mark, name=name)
    return draft.say(
        "{name}" + mark + ", page {page}",
        name=name, page=Source("priorities", "page", (("priority", "=", row["priority"]),)),
    )  # fmt: skip


# --- what changed ------------------------------------------------------------------------------------------


def _changes(draft: Draft) -> list[Block]:
    tags, cells = Source("change-changed-tags", "", (), "rows"), Source("change-changed-cells", "", (), "rows")
    blocks: list[Block] = [
        _say(
            draft,
            "c_intro",
            "The earlier run is {earlier}, this one {later}. {tags} tags and {cells} of {all} pairs of a board and a "
            "theme differ.",
            earlier=Source("change-runs", "earlier"), later=Source("change-runs", "later"),
            tags=tags, cells=cells, all=Source("cells", "", (), "rows"),
        )
    ]  # fmt: skip
    blocks += _list_causes(draft)
    if draft.number(cells):
        blocks += _list_changed_cells(draft)
    carried = Source("change-decisions-carried", "", (), "rows")
    if draft.number(carried):
        text = "{n} decisions of the earlier run were looked at; {check} of these {n} are to be checked again."
        check = Source("change-decisions-carried", "", (("outcome", "=", "check again"),), "rows")
        blocks.append(_say(draft, "c_decisions", text, n=carried, check=check))
    return blocks


def _list_causes(draft: Draft) -> list[Block]:
    name = draft.next("Table")
    columns = ("added", "removed", "changed", "cells", "headlines")
    rows = [
        [
            draft.say("{cause}", cause=Source("change-causes", "cause", (("cause", "=", cause),))),
            *(draft.say("{n}", n=Source("change-causes", column, (("cause", "=", cause),))) for column in columns),
        ]
        for cause in draft.tables.get("change-causes")["cause"]
    ]
    head = ("Cause", "Tags added", "Tags removed", "Tags changed", "Cells", "Statements")
    table = Wide("causes_table", head, rows, (0.25, *[0.15] * 5), "Changes by cause", "One row per cause.")
    return [draft.caption("causes", name, Fact("What changed, by cause")), table]


def _list_changed_cells(draft: Draft) -> list[Block]:
    name = draft.next("Table")
    rows = []
    for row in list(each_row(draft.tables.get("change-changed-cells")))[:_MOST_CELLS]:
        own = (("board", "=", row.board), ("theme", "=", row.theme))
        values = {c: Source("change-changed-cells", c, own) for c in ("before", "after", "cause")}
        rows.append(
            [
                draft.say("{board}, {theme}", board=_name_old(draft, row.board, own), theme=draft.theme(row.theme)),
                *(draft.say("{v}", v=value) for value in values.values()),
            ]
        )
    head = ("Board and theme", "Before", "Now", "Cause")
    table = Wide("cells_table", head, rows, (0.46, 0.18, 0.18, 0.18), "Changed counts", "One row per board and theme.")
    return [draft.caption("cells", name, Fact("Boards and themes with another number of priorities")), table]


def _name_old(draft: Draft, code: str, where: tuple[Condition, ...]) -> Source:
    """Return the name of a board; one that is no longer there by its code."""
    if code in set(draft.tables.get("boards")["board"]):
        return draft.board(code)
    return Source("change-changed-cells", "board", where)


# --- data quality ------------------------------------------------------------------------------------------


def _quality(draft: Draft) -> list[Block]:
    blocks: list[Block] = [*_list_reading(draft)]
    said: list[tuple[str, Fact]] = []
    scored = Source("boards", "scored", (), "sum")
    unscored = draft.number(TOTAL) - draft.number(scored)
    text = "{n} of {total} priorities could be scored." + (
        " Of the others nothing can be said: they are too short, or in another language." if unscored else ""
    )
    said.append(("scored", draft.say(text, n=scored, total=TOTAL)))
    said += _count_wording(draft)
    warnings = Source("warnings", "", (), "rows")
    if draft.number(warnings):
        noun = "note" if draft.number(warnings) == 1 else "notes"
        said.append(("notes", draft.say(f"Checking the tables gave {{n}} {noun}.", n=warnings)))
    said += _count_replaced(draft)
    return [*blocks, *(draft.drafted(f"d_{key}", fact, "appendix-paragraph") for key, fact in said)]


def _list_reading(draft: Draft) -> list[Block]:
    name = draft.next("Table")
    rows = []
    for row in each_row(draft.tables.get("boards")):
        own = (("board", "=", row.board),)
        columns = ("name", "priorities", "from_named", "stand_in", "scored", "reading")
        values = {column: Source("boards", column, own) for column in columns}
        said = draft.say("{reading}", reading=values["reading"])
        if row.not_read:
            missing = (*own, ("standing", "=", "named"), ("read", "=", "no"))
            said = draft.say("{said}: {names}", said=said, names=Source("strategies", "name", missing, "list"))
        of = [draft.say("{n} of {all}", n=values[column], all=values["priorities"]) for column in columns[2:5]]
        rows.append([draft.say("{name}", name=values["name"]), *of, said])
    head = ("Board", "From its own strategies", "From stand-in documents", "Scored", "Its own strategies")
    table = Wide(
        "quality_table", head, rows, (0.25, 0.15, 0.16, 0.14, 0.3), "What was read of each board", "One row per board."
    )
    return [draft.caption("quality", name, Fact("What was read of each board")), table]


def _count_wording(draft: Draft) -> list[tuple[str, Fact]]:
    columns = draft.tables.get("priorities").columns
    said = []
    if "wording" in columns:
        restated = Source("priorities", "", (("counted", "=", True), ("wording", "=", "restated")), "rows")
        fact = draft.say("{n} of {total} priorities restate their source and are not quoted.", n=restated, total=TOTAL)
        said.append(("wording", fact))
    if "page" in columns:
        paged = Source("priorities", "", (("counted", "=", True), ("page", "!=", "")), "rows")
        said.append(("pages", draft.say("For {n} of {total} priorities the page is recorded.", n=paged, total=TOTAL)))
    return said


def _count_replaced(draft: Draft) -> list[tuple[str, Fact]]:
    """Say where characters that Word cannot hold were replaced."""
    if draft.tables.get("replaced").empty:
        return []
    text = "Characters that a Word file cannot hold are shown as \ufffd in: {where}."
    return [("replaced", draft.say(text, where=Source("replaced", "where", (), "list")))]


APPENDIX_MAKERS: dict[str, Callable[[Draft], Sequence[Block]]] = {
    "method": _method,
    "priorities": _priorities,
    "changes": _changes,
    "quality": _quality,
    "transparency": write_transparency,
}
