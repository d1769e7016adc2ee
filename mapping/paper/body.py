"""The parts of the body: each says what the tables hold, with its denominator, and claims no more."""

from __future__ import annotations

from collections.abc import Callable

from mapping.figures import Chart, plot_board_pairs, plot_focus, plot_matrix, plot_ribbons
from mapping.findings import LIMITS
from mapping.paper.areas import list_focus
from mapping.paper.asking import ask_members, say_engagement, say_settings
from mapping.paper.blocks import Block, Picture, Wide, make_key
from mapping.paper.draft import DAGGER, MOST_NAMES, TOTAL, Draft
from mapping.paper.sources import Fact, Source, join_facts
from mapping.tables import each_row

__all__ = ["MAKERS", "MOST_THEMES", "PLOTS", "list_themes"]

#: At most so many statements and quotations in the body; the appendices have the rest.
_STATEMENTS, _QUOTES = 4, 3
#: With more themes than this, their table goes into the appendix on method.
MOST_THEMES = 7
PLOTS: dict[str, Callable[..., Chart]] = {
    "matrix": plot_matrix,
    "ribbons": plot_ribbons,
    "board-pairs": plot_board_pairs,
    "focus-figure": plot_focus,
}
_READ = (("reading", "!=", "read"),)
_SHOWS = {
    "matrix": "{name} shows how many priorities of each board are tagged to each theme.",
    "ribbons": "{name} shows to which themes each board's priorities are tagged.",
    "board-pairs": "{name} shows how alike the themes of each pair of boards are. It does not show who works together.",
    "focus-figure": "{name} shows how many priorities are tagged to each theme, and over how many boards.",
}


# --- what was mapped ---------------------------------------------------------------------------------------


def _purpose(draft: Draft) -> list[Block]:
    said = draft.say(
        "This paper sets {total} of {boards} beside the {themes} of {framework}. The source is {documents} (data "
        "edition: {edition}). The paper asks members where their boards' priorities meet and what they wish to discuss "
        "together. It recommends nothing.",
        total=draft.count(TOTAL, "priority", "priorities"),
        boards=draft.count(Source("boards", "", (), "rows"), "board", "boards"),
        themes=draft.count(Source("themes", "", (), "rows"), "theme", "themes"),
        framework=Source("framework", "name"),
        documents=draft.count(
            Source("priorities", "strategy", (("counted", "=", True),), "distinct"),
            "document",
            "strategies and other documents",
        ),
        edition=Source("partnership", "edition"),
    )
    return [draft.drafted("purpose", said)]


def _method(draft: Draft) -> list[Block]:
    where = draft.refer("method")
    more = f" {where} has the method." if where else ""
    said = draft.say(
        "A computer compared the words of each priority with the words of each theme. Where they match, it suggests a "
        f"tag; a person may confirm or reject it. {LIMITS[0]} {LIMITS[1]}{more}"
    )
    return [draft.drafted("method", said)]


def _come(draft: Draft, count: Source) -> str:
    return "comes" if draft.number(count) == 1 else "come"


def _reading(draft: Draft) -> list[Block]:
    named, stand_in = Source("boards", "from_named", (), "sum"), Source("boards", "stand_in", (), "sum")
    if draft.number(stand_in):
        said = draft.say(
            f"{{named}} of {{total}} priorities {_come(draft, named)} from the strategies that the boards name as "
            f"their own. The other {{other}} of {{total}} {_come(draft, stand_in)} from documents used in their place, "
            "called stand-in documents; the sign "
            f"{DAGGER} marks them.",
            named=named,
            total=TOTAL,
            other=stand_in,
        )
    else:
        text = "All {total} priorities come from the strategies that the boards name as their own."
        said = draft.say(text, total=TOTAL)
    blocks: list[Block] = [draft.drafted("reading", said)]
    unread = list(draft.tables.get("boards").query("reading != 'read'")["board"])
    if unread:
        more = [Fact("and others")] * (len(unread) > MOST_NAMES)
        names = join_facts([*(_name_unread(draft, code) for code in unread[:MOST_NAMES]), *more], "; ")
        said = draft.say(
            "For {unread} of {boards} boards a strategy of their own was not read: {names}. Where such a board has no "
            "tag, this paper says not read: nothing can be said of it.",
            unread=Source("boards", "", _READ, "rows"),
            boards=Source("boards", "", (), "rows"),
            names=names,
        )
        blocks.append(draft.drafted("not_read", said))
    return blocks


def _name_unread(draft: Draft, code: str) -> Fact:
    missing = (("board", "=", code), ("standing", "=", "named"), ("read", "=", "no"))
    if not draft.tables.get("boards").set_index("board")["not_read"][code]:
        return draft.say("{board} (no strategy of its own is listed)", board=draft.board(code, "name"))
    names = Source("strategies", "name", missing, "list")
    return draft.say("{board} ({names})", board=draft.board(code, "name"), names=names)


# --- what was found ----------------------------------------------------------------------------------------


def _picture(name: str) -> Callable[[Draft], list[Block]]:
    def make(draft: Draft) -> list[Block]:
        chart = PLOTS[name](draft.run, context="paper")
        number = draft.next("Figure")
        draft.tables.add_chart(chart)
        own = (("name", "=", chart.name),)
        text = "{headline} ({verdict}). {subtitle}" if chart.verdict else "{headline}. {subtitle}"
        words = draft.say(
            text,
            headline=Source("figures", "headline", own),
            verdict=Source("figures", "verdict", own),
            subtitle=Source("figures", "subtitle", own),
        )
        key = name.replace("-", "_")
        return [
            draft.drafted(key, draft.say(_SHOWS[name], name=number)),
            Picture(f"{key}_picture", chart),
            draft.caption(key, number, words),
        ]

    return make


def _found(draft: Draft) -> list[Block]:
    tagged, confirmed = Source("boards", "with_theme", (), "sum"), Source("boards", "with_confirmed", (), "sum")
    total, found = draft.number(TOTAL), draft.number(tagged)
    checked = draft.number(confirmed)
    end = ", so all tags are suggested" if found and not checked else ""
    said = draft.say(
        "{tagged} of {total} priorities are tagged to at least one theme; a person confirmed a tag on {confirmed} of "
        f"these {{tagged}}{end}.",
        tagged=tagged,
        total=TOTAL,
        confirmed=confirmed,
    )
    if found < total:
        more = draft.say(
            "For the other {untagged} of {total} the mapping found no theme.",
            untagged=Source("untagged", "", (), "rows"),
            total=TOTAL,
        )
        said = join_facts([said, more])
    return [draft.drafted("found", join_facts([said, *_count_gaps(draft)]))]


def _count_gaps(draft: Draft) -> list[Fact]:
    cells = Source("cells", "", (), "rows")
    said = []
    for state, words in (
        ("none", "the mapping found no priority in the text that was read."),
        ("not read", "nothing can be said, because a strategy was not read."),
    ):
        number = Source("cells", "", (("state", "=", state),), "rows")
        if draft.number(number):
            said.append(draft.say(f"In {{n}} of {{cells}} pairs of a board and a theme {words}", n=number, cells=cells))
    return said


def _themes(draft: Draft) -> list[Block]:
    where = draft.refer("method")
    if where and len(draft.run.framework.theme_ids) > MOST_THEMES:
        said = Fact(f"{where} lists the themes, with the boards that meet on each.")
        return [draft.drafted("themes_where", said)]
    return list_themes(draft)


def list_themes(draft: Draft, role: str = "paragraph") -> list[Block]:
    """Return paragraph, caption and table of the themes."""
    name = draft.next("Table")
    rows = [_row_of_theme(draft, row) for row in each_row(draft.tables.get("intersections"))]
    said = draft.say(
        "{name} lists the themes. A priority counts once for each of its themes. The test asks whether the number of "
        "boards holds when the mapping is done in other ways: firm, fair or fragile.",
        name=name,
    )
    table = Wide(
        "themes_table",
        ("Theme", "Tagged", "Confirmed", "Boards with a priority", "Boards without one", "Test"),
        rows,
        (0.24, 0.11, 0.15, 0.22, 0.17, 0.11),
        "Themes and the boards that meet on them",
        "One row per theme: how many priorities are tagged and confirmed, on which boards, and whether that holds.",
    )
    caption = draft.caption("themes", name, Fact("Themes, and the boards that meet on them"))
    return [draft.drafted("themes", said, role), caption, table]


def _row_of_theme(draft: Draft, row: object) -> list[Fact]:
    theme = str(row.theme)  # type: ignore[attr-defined]
    own = (("theme", "=", theme),)
    tagged, confirmed = Source("themes", "tagged", own), Source("themes", "confirmed", own)
    count = draft.say("{tagged} of {total}", tagged=tagged, total=TOTAL)
    checked = draft.say("{confirmed} of {tagged}", confirmed=confirmed, tagged=tagged)
    meeting = Source("intersections", "boards_meeting", own)
    boards = draft.say("{n} of {all}", n=meeting, all=Source("intersections", "boards_in_matrix", own))
    if 0 < len(row.boards) <= MOST_NAMES:  # type: ignore[attr-defined]
        names = draft.name_boards(row.boards, row.boards_stand_in)  # type: ignore[attr-defined]
        boards = draft.say("{boards}: {names}", boards=boards, names=names)
    name = draft.say("{t}", t=draft.theme(theme, "name"))
    return [name, count, checked, boards, _name_missing(draft, theme), _judge(draft, theme)]


def _name_missing(draft: Draft, theme: str) -> Fact:
    words = {"none": "None found", "not read": "Not read", "not scored": "Not scored", "empty": "No priorities"}
    cells = draft.tables.get("cells").query("theme == @theme")
    said = []
    for state, word in words.items():
        codes = list(cells.loc[cells["state"] == state, "board"])
        if codes:
            said.append(draft.say(word + ": {names}.", names=draft.name_boards(codes, ())))
    return join_facts(said) or Fact("All have one.")


def _judge(draft: Draft, theme: str) -> Fact:
    headlines = draft.tables.get("headlines")
    for row in each_row(headlines[headlines["kind"] == "reach"]):
        if row.subject[0] == theme:
            return draft.say("{v}", v=Source("headlines", "verdict", (("kind", "=", "reach"), ("says", "=", row.says))))
    return Fact("no claim")


# --- how far it stands -------------------------------------------------------------------------------------


def _chance(draft: Draft) -> list[Block]:
    cells = Source("chance-cells", "", (), "rows")
    pairs = Source("board-pairs", "", (), "rows")
    said = [Fact("Boards would meet by chance alone, too.")]
    if draft.number(pairs):
        sharing = Source("board-pairs", "", (("themes", "longer", 0),), "rows")
        text = "{sharing} of {pairs} pairs of boards share at least one theme"
        if draft.number(pairs) == 1:
            text = "{sharing} of {pairs} pair of boards shares a theme"
        crowded = 2 * draft.number(sharing) > draft.number(pairs)
        text += ", so to share one says little by itself." if crowded else "."
        said.append(draft.say(text, sharing=sharing, pairs=pairs))
    parts = []
    for one, many, calls in (
        ("{n} differs from what chance would give", "{n} differ from what chance would give", ("more", "fewer")),
        ("{n} is as expected", "{n} are as expected", ("as expected",)),
        ("{n} has too few priorities to tell", "{n} have too few priorities to tell", ("too few to tell",)),
        ("{n} was not read", "{n} were not read", ("not read",)),
    ):
        number = Source("chance-cells", "", (("chance", "in", calls),), "rows")
        if draft.number(number):
            parts.append(draft.say(one if draft.number(number) == 1 else many, n=number))
    if parts:
        listed = join_facts(parts, ", ", " and ")
        said.append(draft.say("Of {cells} pairs of a board and a theme, {parts}.", cells=cells, parts=listed))
    where = draft.refer("method")
    if where:
        said.append(Fact(f"{where} sets each count beside chance."))
    return [draft.drafted("chance", join_facts(said))]


def _headlines(draft: Draft) -> list[Block]:
    every = Source("headlines", "", (), "rows")
    if not draft.number(every):
        none = "The counts allow no statement: no theme is shared, and no count differs from what chance would give."
        return [draft.drafted("headlines", Fact(none))]
    count = {word: Source("headlines", "", (("verdict", "=", word),), "rows") for word in ("firm", "fair", "fragile")}
    said = draft.say(
        "The counts allow {every} statements. Each was tested on {tried} other ways of doing the mapping. {firm} of "
        "{every} held firmly, {fair} of {every} fairly. {fragile} of {every} were fragile: they did not hold well "
        "enough, and this paper does not state them.",
        every=every,
        tried=Source("rescorings", "", (), "rows"),
        **count,
    )
    kept = [row for row in each_row(draft.tables.get("headlines")) if row.verdict != "fragile"]
    blocks: list[Block] = [draft.drafted("headlines", said)]
    for row in kept[:_STATEMENTS]:
        own = (("kind", "=", row.kind), ("says", "=", row.says))
        fact = draft.say(f"{row.verdict.capitalize()}: {{says}}", says=Source("headlines", "says", own))
        blocks.append(draft.drafted(f"headline_{_slug(row.kind, *row.subject)}", fact, "sub"))
    return blocks


def _slug(*names: str) -> str:
    return make_key(*names)[:15].rstrip("_")


def _links(draft: Draft) -> list[Block]:
    links = Source("links", "", (), "rows")
    if not draft.number(links):
        return []
    named = Source("links", "", (("rung", ">", 2),), "rows")
    pairs = Source("board-pairs", "", (), "rows")
    one = draft.number(pairs) == 1
    if draft.number(named):
        said = draft.say(
            f"{'The' if one else 'Each of'} {{pairs}} {'pair' if one else 'pairs'} of boards was searched both ways, "
            "which makes {links} cases. In {named} of {links} a text of one board names the other board, its strategy, "
            "its services or its partners: {where}",
            pairs=pairs, named=named, links=links, where=_list_naming(draft),
        )  # fmt: skip
    else:
        said = draft.say(
            f"The mapping searched the texts of {{pairs}} {'pair' if one else 'pairs'} of boards, each way, and found "
            "no passage in which one board names the other.",
            pairs=pairs,
        )
        said = join_facts([said, _warn_restated(draft)])
    return [draft.drafted("links", said)]


def _warn_restated(draft: Draft) -> Fact:
    """Say that restating loses names, where texts are restated."""
    restated = Source("priorities", "", (("counted", "=", True), ("wording", "=", "restated")), "rows")
    if "wording" not in draft.tables.get("priorities").columns or not draft.number(restated):
        return Fact("")
    text = "But {n} of {total} priorities are restated, which loses such names."
    return draft.say(text, n=restated, total=TOTAL)


def _list_naming(draft: Draft) -> Fact:
    rows = [row for row in each_row(draft.tables.get("links")) if row.rung == row.rung and (row.rung or 0) > 2]
    said = [
        draft.say("{a} names {b}", a=draft.board(row.from_board), b=draft.board(row.to_board))
        for row in rows[:_STATEMENTS]
    ]
    end = "; and others." if len(rows) > _STATEMENTS else "."
    return draft.say("{said}" + end, said=join_facts(said, "; "))


def _quotes(draft: Draft) -> list[Block]:
    """Quote what strategies say in their own words: confirmed tags first, then the order of the data."""
    priorities = draft.tables.get("priorities")
    if "wording" not in priorities.columns:
        return []
    tags = draft.run.standing_tags
    sure = set(tags.loc[tags["status"].isin(["confirmed", "added"]), "priority"])
    tagged = priorities["counted"] & priorities["priority"].isin(tags["priority"])
    own = priorities.loc[tagged & (priorities["wording"] == "verbatim"), "priority"]
    chosen = sorted(own, key=lambda priority: priority not in sure)[:_QUOTES]
    if not chosen:
        return []
    blocks: list[Block] = [draft.drafted("quotes", Fact("In the strategies' own words:"))]
    return [*blocks, *(draft.drafted(f"quote_{_slug(p)}", quote(draft, p), "sub") for p in chosen)]


def quote(draft: Draft, priority: str) -> Fact:
    """Return the words of a priority in quotation marks, with its id, strategy and page."""
    own = (("priority", "=", priority),)
    row = draft.tables.get("priorities").set_index("priority").loc[priority]
    page = Fact("page not recorded")
    if row["page"]:
        page = draft.say("page {page}", page=Source("priorities", "page", own))
    strategy = Source("strategies", "name", (("strategy", "=", row["strategy"]),))
    return draft.say(
        "\u201c{text}\u201d ({id}, {strategy}, {page})",
        text=Source("priorities", "text", own), id=Source("priorities", "priority", own), strategy=strategy, page=page,
    )  # fmt: skip


MAKERS: dict[str, Callable[[Draft], list[Block]]] = {
    "purpose": _purpose,
    "method": _method,
    "reading": _reading,
    **{name: _picture(name) for name in PLOTS},
    "found": _found,
    "themes": _themes,
    "chance": _chance,
    "headlines": _headlines,
    "links": _links,
    "quotes": _quotes,
    "focus": list_focus,
    "questions": ask_members,
    "engagement": say_engagement,
    "settings": say_settings,
}
