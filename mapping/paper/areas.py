"""The candidate areas for discussion, each with the evidence for and against it, in words of a committee paper."""

from __future__ import annotations

from typing import Any

from mapping.paper.blocks import Block, Wide
from mapping.paper.draft import MOST_NAMES, TOTAL, Draft
from mapping.paper.sources import Condition, Fact, Source, join_facts
from mapping.tables import each_row

__all__ = ["MOST_IN_BODY", "list_focus", "list_more_focus"]

#: The body shows so many candidates at most; the appendix on method has the rest.
MOST_IN_BODY = 3
_FEW = 5
_HEAD = ("Area", "Evidence for", "Evidence against")
_WIDTHS = (0.16, 0.46, 0.38)
_DESCRIPTION = "One row per candidate area: what speaks for it, and what speaks against it."


def list_focus(draft: Draft) -> list[Block]:
    """Return the paragraph, caption and table of the first candidates."""
    every = Source("focus", "", (), "rows")
    found = draft.number(every)
    if not found:
        none = Fact("The mapping found no theme on which two boards meet, so no area is listed.")
        return [draft.drafted("focus", none)]
    name = draft.next("Table")
    rest = draft.refer("method")
    more = f" {rest} has the rest." if found > MOST_IN_BODY and rest else ""
    noun = "area" if found == 1 else "areas"
    shown = f"{name} lists" if found <= MOST_IN_BODY else f"{name} begins the list of"
    said = draft.say(
        f"{shown} {{every}} candidate {noun} for discussion, in the order of a stated rule: those spread over more "
        f"boards first, then those with more priorities.{more} In brackets is what chance alone would give. The list "
        "shows where attention meets in the documents that were read, not where need is greatest. It recommends "
        "nothing.",
        every=every,
    )
    rows = list(each_row(draft.tables.get("focus")))[:MOST_IN_BODY]
    caption = draft.caption("focus", name, Fact("Candidate areas for discussion, with the evidence for and against"))
    return [draft.drafted("focus", said), caption, _tabulate(draft, "focus_table", rows)]


def list_more_focus(draft: Draft) -> list[Block]:
    """Return caption and table of the candidates for which the body has no room."""
    rows = list(each_row(draft.tables.get("focus")))[MOST_IN_BODY:]
    if not rows:
        return []
    caption = draft.caption("focus_more", draft.next("Table"), Fact("Further candidate areas for discussion"))
    return [caption, _tabulate(draft, "focus_more_table", rows)]


def _tabulate(draft: Draft, key: str, rows: list[Any]) -> Wide:
    cells = [[_name(draft, row), _argue_for(draft, row), _argue_against(draft, row)] for row in rows]
    return Wide(key, _HEAD, cells, _WIDTHS, "Candidate areas for discussion", _DESCRIPTION)


def _own(row: Any) -> tuple[Condition, ...]:
    return (("rank", "=", row.rank),)


def _name(draft: Draft, row: Any) -> Fact:
    return draft.say(
        "{rank}. {area}", rank=Source("focus", "rank", _own(row)), area=Source("focus", "area", _own(row))
    )  # fmt: skip


def _argue_for(draft: Draft, row: Any) -> Fact:
    weight, confirmed = Source("focus", "weight", _own(row)), Source("focus", "weight_confirmed", _own(row))
    verb = "carry both" if len(row.themes) > 1 else "are tagged"
    said = [
        draft.say(
            f"{{weight}} of {{total}} priorities {verb}; a person confirmed {{confirmed}} of these {{weight}}.",
            weight=weight, total=TOTAL, confirmed=confirmed,
        ),
        draft.say("{shares}.", shares=_count_boards(draft, row)),
    ]  # fmt: skip
    if len(row.themes) > 1:
        pair = (("theme_a", "=", row.themes[0]), ("theme_b", "=", row.themes[1]))
        expected = Source("chance-theme-pairs", "expected", pair)
        said.append(draft.say("Chance alone would give {expected} in all.", expected=expected))
    if row.verdict != "fragile":
        said.append(_say_verdict(draft, row))
    return join_facts(said)


def _count_boards(draft: Draft, row: Any) -> Fact:
    """Return the counts of the boards; of many boards those with the most priorities."""
    codes = list(row.boards)
    if len(codes) > MOST_NAMES:
        most = sorted(codes, key=lambda code: -draft.number(_behind(row, code)))[:MOST_NAMES]
        codes = [code for code in codes if code in most]
    others = [Fact("and others")] * (len(codes) < len(row.boards))
    return join_facts([*(_count_board(draft, row, code) for code in codes), *others], ", ")


def _behind(row: Any, code: str) -> Source:
    return Source("priorities", "", (("priority", "in", tuple(row.ids)), ("board", "=", code)), "rows")


def _count_board(draft: Draft, row: Any, code: str) -> Fact:
    parts = {"n": _behind(row, code), "all": Source("boards", "priorities", (("board", "=", code),))}
    name = draft.name_boards([code], row.boards_stand_in)
    if len(row.themes) > 1:
        return draft.say("{name} {n} of {all}", name=name, **parts)
    cell = (("board", "=", code), ("theme", "=", row.themes[0]))
    chance = Source("chance-cells", "expected", cell)
    return draft.say("{name} {n} of {all} (chance: {chance})", name=name, chance=chance, **parts)


def _say_verdict(draft: Draft, row: Any) -> Fact:
    return draft.say("Test: {verdict}.", verdict=Source("focus", "verdict", _own(row)))


def _argue_against(draft: Draft, row: Any) -> Fact:
    weight, confirmed = Source("focus", "weight", _own(row)), Source("focus", "weight_confirmed", _own(row))
    said = []
    if not row.weight_confirmed:
        said.append(Fact("Suggested only."))
    elif row.weight_confirmed < row.weight:
        text = "Only {c} of {weight} are confirmed; the rest are suggested."
        said.append(draft.say(text, c=confirmed, weight=weight))
    counts = {code: draft.number(_behind(row, code)) for code in row.boards}
    most = max(counts, key=lambda code: counts[code])
    if 2 * counts[most] > row.weight:
        text = "{n} of {weight} come from one board, {name}."
        said.append(
            draft.say(text, n=_behind(row, most), weight=weight, name=draft.name_boards([most], row.boards_stand_in))
        )
    if row.boards_stand_in:
        here = Source("focus", "boards_stand_in", _own(row), "items")
        verb = "is" if len(row.boards_stand_in) == 1 else "are"
        boards = Source("focus", "boards", _own(row), "items")
        said.append(draft.say(f"{{k}} of {{n}} boards {verb} there through stand-in documents only.", k=here, n=boards))
    if row.weight < _FEW:
        said.append(Fact("Too few priorities to say how widely it is spread."))
    if row.verdict == "fragile":
        said.append(_say_verdict(draft, row))
    return join_facts(said) or Fact("None found by the mapping.")
