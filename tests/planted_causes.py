"""Changes planted in the made-up city whose cause is known, alone and among changes of every other kind."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from conftest import read_partnership, write_city

from mapping.comparison import FACTORS, compare, compare_cells
from mapping.framework import Framework
from mapping.partnership import Partnership
from mapping.schema import DECISIONS
from mapping.tables import each_row
from mapping.tags import Run, tag

#: Words that decide for a theme, and words of the city's texts that no keyword knows.
DECIDES = {"voice": "ask residents", "homes": "insulation", "work": "apprentices", "river": "floods"}
FREE = {
    "HOM-01": "cold", "HOM-02": "repairs", "HOM-03": "rota", "PRK-02": "gardeners", "PRK-03": "matter",
    "PRK-04": "resurface", "WRK-01": "leavers", "WRK-02": "train", "RIV-01": "keep",
}  # fmt: skip
#: What no text of the city says.
NOWHERE = ("zorbing", "kiteology", "quoits", "yurts")

Key = tuple[str, str]


@dataclass(frozen=True)
class Make:
    """What a run is to be made of, and the tags that each planted change is meant to move."""

    texts: dict[str, str] = field(default_factory=dict)
    keywords: tuple[tuple[str, str], ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    method: dict[str, Any] = field(default_factory=dict)
    decisions: tuple[tuple[str, str, str, str], ...] = ()


@cache
def read_city() -> Partnership:
    return read_partnership(write_city(Path(tempfile.mkdtemp()) / "millbrook"))


@cache
def make_framework(keywords: tuple[tuple[str, str], ...], dropped: tuple[tuple[str, str], ...]) -> Framework:
    framework = read_city().framework
    for theme, pattern in keywords:
        framework = framework.with_keyword(theme, pattern)
    own = framework.keywords
    gone = [pair in dropped for pair in zip(own["theme"], own["pattern"], strict=True)]
    kept = tuple(k for k in framework.compiled if (k.theme, k.pattern) not in dropped)
    return replace(framework, keywords=own[[not g for g in gone]].reset_index(drop=True), compiled=kept)


def make_run(plan: Make) -> Run:
    city = read_city()
    priorities = city.priorities.copy()
    priorities["text"] = [plan.texts.get(row.priority, row.text) for row in each_row(priorities)]
    rows = [
        (city.framework.id, p, theme, said, words, "AB", "2019-01-14", "") for p, theme, said, words in plan.decisions
    ]
    decisions = pd.DataFrame(rows, columns=[column.name for column in DECISIONS], dtype="object").assign(line=0)
    tables = replace(city, priorities=priorities, decisions=decisions)
    return tag(tables, make_framework(plan.keywords, plan.dropped), **plan.method)


def text_of(priority: str) -> str:
    table = read_city().priorities
    return str(table.loc[table["priority"] == priority, "text"].iloc[0])


@cache
def standing() -> frozenset[Key]:
    tags = make_run(Make()).tags
    return frozenset(zip(tags.loc[tags["on"], "priority"], tags.loc[tags["on"], "theme"], strict=True))


# --- single changes ----------------------------------------------------------------------------------------


def plant(factor: str, rng: random.Random, taken: set[str]) -> tuple[Make, dict[str, Any], set[Key]]:
    """Return the earlier plan, what the later exchanges in it, and the tags that this moves, none of them taken."""
    return {"text": _plant_text, "framework": _plant_keyword, "method": _plant_method, "decision": _plant_decision}[
        factor
    ](rng, taken)


def _choose(rng: random.Random, taken: set[str], on: bool) -> Key:
    free = [
        (p, t)
        for p in FREE
        for t in DECIDES
        if p not in taken and p != "RIV-01" and ((p, t) in standing()) == on
    ]  # fmt: skip
    return rng.choice(free)


def _plant_text(rng: random.Random, taken: set[str]) -> tuple[Make, dict[str, Any], set[Key]]:
    priority, theme = _choose(rng, taken, on=False)
    longer = f"{text_of(priority)} and {DECIDES[theme]}"
    if rng.random() < 0.5:
        return Make(), {"texts": {priority: longer}}, {(priority, theme)}
    return Make(texts={priority: longer}), {"texts": {priority: text_of(priority)}}, {(priority, theme)}


def _plant_keyword(rng: random.Random, taken: set[str]) -> tuple[Make, dict[str, Any], set[Key]]:
    priority, theme = _choose(rng, taken, on=False)
    pair = (theme, FREE[priority])
    # "train" is written "Train" and "train apprentices" elsewhere: only words of one text are used.
    moved = {
        (p, theme) for p in FREE if FREE[priority] in text_of(p).casefold().split() and (p, theme) not in standing()
    }
    moved = {key for key in moved if key[0] != "RIV-01"}
    if rng.random() < 0.5:
        return Make(), {"keywords": (pair,)}, moved
    return Make(keywords=(pair,)), {"keywords": ()}, moved


def _plant_method(rng: random.Random, taken: set[str]) -> tuple[Make, dict[str, Any], set[Key]]:
    wide = {"neighbours": True}
    if rng.random() < 0.5:
        return Make(), {"method": wide}, {("RIV-01", "river")}
    return Make(method=wide), {"method": {}}, {("RIV-01", "river")}


def _plant_decision(rng: random.Random, taken: set[str]) -> tuple[Make, dict[str, Any], set[Key]]:
    on = rng.random() < 0.6
    priority, theme = _choose(rng, taken, on=on)
    said = rng.choice(("reject", "confirm", "unsure")) if on else "add"
    row = (priority, theme, said, text_of(priority))
    if rng.random() < 0.5:
        return Make(), {"decisions": (row,)}, {(priority, theme)}
    return Make(decisions=(row,)), {"decisions": ()}, {(priority, theme)}


@dataclass(frozen=True)
class Case:
    """Two runs and, by tag, the cause that was planted; ``name`` says what the case is."""

    name: str
    earlier: Run
    later: Run
    expected: dict[Key, str]


def make_single(factor: str, rng: random.Random, among: bool) -> Case:
    """Plant one change of a factor, alone or among a change of every other factor on other priorities."""
    earlier, later = Make(), Make()
    expected: dict[Key, str] = {}
    taken: set[str] = set()
    for name in [factor, *(other for other in FACTORS if other != factor)] if among else [factor]:
        before, exchanged, moved = plant(name, rng, taken)
        same = {key: getattr(before, key) for key in exchanged}
        earlier, later = replace(earlier, **same), replace(later, **exchanged)
        expected.update(dict.fromkeys(moved, name))
        taken |= {priority for priority, _ in moved}
    return Case(f"{factor}, {'among others' if among else 'alone'}", make_run(earlier), make_run(later), expected)


# --- two factors -------------------------------------------------------------------------------------------


def make_double(kind: str, rng: random.Random) -> Case:
    """Plant a tag for which two factors are each needed, or each enough: it must be called mixed."""
    priority, theme = _choose(rng, set(), on=False)
    text, word = text_of(priority), rng.choice(NOWHERE)
    later_text = f"{text} and {word}"
    key = (priority, theme)
    wide = {"neighbours": True}
    river = rng.choice([t for t in DECIDES if t != "river"])
    on_river = f"{text_of('RIV-01')} and {DECIDES[river]}"
    plans: dict[str, tuple[Make, Make, Key]] = {
        "text and keyword, each needed": (Make(), Make(texts={priority: later_text}, keywords=((theme, word),)), key),
        "text and decision, each needed": (
            Make(), Make(texts={priority: later_text}, decisions=((*key, "add", later_text),)), key,
        ),
        "keyword and method, each needed": (
            Make(), Make(keywords=((river, "keep"),), method=wide), ("RIV-01", river),
        ),
        "decision and method, each needed": (
            Make(), Make(decisions=(("RIV-01", river, "add", text_of("RIV-01")),), method=wide), ("RIV-01", river),
        ),
        "text and method, each needed": (
            Make(), Make(texts={"RIV-01": on_river}, method=wide), ("RIV-01", river),
        ),
        "keyword and decision, each needed": (
            Make(keywords=((theme, FREE[priority]),), decisions=((*key, "confirm", text),)), Make(), key,
        ),
        "text and method, each enough": (Make(texts={"RIV-01": on_river}, method=wide), Make(), ("RIV-01", river)),
        "keyword and method, each enough": (
            Make(keywords=((river, "keep"),), method=wide), Make(), ("RIV-01", river),
        ),
        "decision and method, each enough": (
            Make(method=wide), Make(decisions=(("RIV-01", "river", "reject", text_of("RIV-01")),)), ("RIV-01", "river"),
        ),
        "text and keyword, each enough": (
            Make(),
            Make(texts={priority: f"{text} and {DECIDES[theme]}"}, keywords=((theme, FREE[priority]),)),
            key,
        ),
        "keyword and decision, each enough": (
            Make(), Make(keywords=((theme, FREE[priority]),), decisions=((*key, "add", text),)), key,
        ),
        "text and decision, each enough": (
            Make(texts={priority: f"{text} and {DECIDES[theme]}"}),
            Make(decisions=((*key, "reject", f"{text} and {DECIDES[theme]}"),)),
            key,
        ),
    }  # fmt: skip
    earlier, later, moved = plans[kind]
    return Case(kind, make_run(earlier), make_run(later), {moved: "mixed"})


_TWOS = (
    "text and keyword", "text and method", "text and decision", "keyword and method", "keyword and decision",
    "decision and method",
)  # fmt: skip
#: Every two of the four factors, each needed, and each enough.
DOUBLES = tuple(f"{two}, each {how}" for how in ("needed", "enough") for two in _TWOS)


def find_faults(case: Case) -> list[str]:
    """Return what was attributed otherwise than planted: tags, and the cells that they alone moved."""
    changes = {(row.priority, row.theme): row for row in each_row(compare(case.earlier, case.later))}
    faults = [
        f"{case.name}: {key} is {changes[key].cause if key in changes else 'not seen'}, planted {cause}"
        for key, cause in case.expected.items()
        if key not in changes or changes[key].cause != cause
    ]
    if len(set(case.expected.values())) == 1 and "mixed" not in case.expected.values():
        # With one thing exchanged, whatever else it moved can have no other cause.
        allowed = set(case.expected.values())
        faults += [f"{case.name}: {key} is {row.cause}" for key, row in changes.items() if row.cause not in allowed]
    for cell in each_row(compare_cells(case.earlier, case.later)):
        moves = [changes[name, cell.theme].cause for name in (*cell.added, *cell.removed)]
        if len(moves) == 1 and cell.change and cell.cause != moves[0]:
            faults.append(f"{case.name}: cell {cell.board}, {cell.theme} is {cell.cause}, its tag {moves[0]}")
    return faults
