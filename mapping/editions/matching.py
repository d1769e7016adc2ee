"""Priorities of two editions matched by their words, whatever ids they carry: same, reworded, split, merged, new, gone.

Only editions of one kind of document are matched. Where what was matched is ambiguous, a stated order settles it.
"""

from __future__ import annotations

import functools
import heapq
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import pandas as pd

from mapping.editions.wording import Stems, describe_change, describe_cut, list_stems, measure_likeness
from mapping.errors import MappingError
from mapping.partnership import Partnership
from mapping.tables import each_row, fold
from mapping.tags import Run

__all__ = [
    "COVERED", "INSIDE", "KINDS", "REWORDED", "Edition", "list_texts", "map_boards", "match_editions", "turn_round",
]  # fmt: skip

#: Kinds of match, in the order in which they are counted.
KINDS = ("same", "reworded", "split", "merged", "new", "gone")
#: Likeness from which another wording is still the same priority: as many of its words stayed as were exchanged. Below
#: that more is new than is old, and a judgement on the old words says nothing about the new ones, whatever the id.
REWORDED = 0.5
#: Of a part, the share of its words that the whole must have; and of the whole, the share that its parts must have:
#: more than half, so that neither is another text which happens to share a phrase ("improve", "support people").
INSIDE = COVERED = 0.6
#: Columns of ``match_editions``.
MATCHES = ("kind", "board", "earlier", "later", "likeness", "words_changed", "earlier_text", "later_text")

#: What can be matched: a run, the tables of a city, or one table of priorities of one strategy.
Edition: TypeAlias = Run | Partnership | pd.DataFrame


@dataclass(frozen=True, eq=False)
class _Passage:
    """A priority as it is matched: ``board`` by its earlier code, ``document`` the kind of document it stands in."""

    id: str
    text: str
    board: str
    code: str
    strategy: str
    document: str
    place: int

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def stems(self) -> Stems:
        return list_stems(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.stems)


@dataclass(frozen=True, eq=False)
class _Pair:
    kind: str
    earlier: tuple[_Passage, ...]
    later: tuple[_Passage, ...]
    likeness: float


def match_editions(earlier: Edition, later: Edition) -> pd.DataFrame:
    """Match the priorities of two editions by their words.

    Parameters
    ----------
    earlier, later : Run, Partnership or DataFrame
        Two states of one partnership (of a run, the priorities that were mapped); or two tables of priorities
        (``priority``, ``text``), both of one strategy.

    Returns
    -------
    DataFrame
        One row per match, in the later order, what is gone last: ``kind``; ``board``, by its later code; ``earlier``
        and ``later``, lists of ids; ``likeness``, twice the words in both over all words of both, 0 to 1 (missing for
        *new* and *gone*); ``words_changed``, in short; ``earlier_text`` and ``later_text``. The kinds:

        - *same*: the same words, case, spaces and punctuation apart, whatever the id;
        - *reworded*: other words, likeness 0.5 or more; an id that stayed on less is *gone* and *new*;
        - *split*, *merged*: one priority and several; of each part 60% of the words stand in the whole, of the whole
          60% in its parts, every part adds words, and none is more like another priority;
        - *new*, *gone*: only in the later, only in the earlier edition.

    Raises
    ------
    MappingError
        For different partnerships or different strategies: these are set beside one another (``set_beside``).

    Notes
    -----
    Matched within one board (or the board that it follows); other words only within one kind of document: the board's
    named strategies, or one and the same stand-in or neighbouring document. The order: the same words first (in the
    same board with the same id; in the same strategy; in the same board; with the same id in another board), then by
    likeness, highest first; of equal ones a single priority before several, then the same id, the same strategy, and
    the order of the tables. Each priority is used once. Words are cut, stemmed and freed of function words as for the
    tags.

    Examples
    --------
    >>> old = pd.DataFrame({"priority": ["A", "B"], "text": ["Insulate cold homes", "Plant street trees"]})
    >>> new = pd.DataFrame({"priority": ["1", "2"], "text": ["Plant street trees", "Insulate damp homes"]})
    >>> match_editions(old, new)[["kind", "earlier", "later", "words_changed"]]
           kind earlier later          words_changed
    0      same     [B]   [1]
    1  reworded     [A]   [2]  'cold' became 'damp'
    """
    _refuse_others(earlier, later)
    codes = map_boards(earlier, later)
    old, new = _list_passages(earlier), _list_passages(later, codes)
    pairs = _match_same(old, new)
    used = {id(passage) for pair in pairs for passage in (*pair.earlier, *pair.later)}
    old_left, new_left = ([p for p in side if id(p) not in used] for side in (old, new))
    for key in dict.fromkeys((p.board, p.document) for p in old_left):
        pairs += _match_like(*([p for p in side if (p.board, p.document) == key] for side in (old_left, new_left)))
    used = {id(passage) for pair in pairs for passage in (*pair.earlier, *pair.later)}
    pairs += [_Pair("new", (), (p,), float("nan")) for p in new_left if id(p) not in used]
    pairs += [_Pair("gone", (p,), (), float("nan")) for p in old_left if id(p) not in used]
    back = {before: code for code, before in codes.items()}
    pairs.sort(key=lambda pair: (0, pair.later[0].place) if pair.later else (1, pair.earlier[0].place))
    return pd.DataFrame([_describe(pair, back) for pair in pairs], columns=list(MATCHES))


def turn_round(match: pd.DataFrame) -> pd.DataFrame:
    """Return a match seen from the later edition: what was new is gone, what was split is merged."""
    swapped = match.rename(
        columns={"earlier": "later", "later": "earlier", "earlier_text": "later_text", "later_text": "earlier_text"}
    )
    other = {"new": "gone", "gone": "new", "split": "merged", "merged": "split"}
    return swapped.assign(kind=[other.get(kind, kind) for kind in swapped["kind"]], words_changed="")[list(MATCHES)]


def list_texts(edition: Edition) -> pd.DataFrame:
    """Return the priorities of an edition: of a run, those that were mapped."""
    return edition if isinstance(edition, pd.DataFrame) else edition.priorities


def map_boards(earlier: Edition, later: Edition) -> dict[str, str]:
    """Return for each later board its code in the earlier edition: its own, or that of the board it follows."""
    if isinstance(earlier, pd.DataFrame) or isinstance(later, pd.DataFrame):
        return {}
    known, boards = set(_tables(earlier).boards["board"]), _tables(later).boards
    follows = boards["follows"] if "follows" in boards else [""] * len(boards)
    return {
        str(code): str(before) if code not in known and before in known else str(code)
        for code, before in zip(boards["board"], follows, strict=True)
    }


def _tables(edition: Run | Partnership) -> Partnership:
    return edition.partnership if isinstance(edition, Run) else edition


def _refuse_others(earlier: Edition, later: Edition) -> None:
    """Refuse what is no edition of one document: that may be set side by side only."""
    if isinstance(earlier, pd.DataFrame) or isinstance(later, pd.DataFrame):
        if not (isinstance(earlier, pd.DataFrame) and isinstance(later, pd.DataFrame)):
            raise MappingError("Match two runs, two partnerships, or two tables of priorities.")
        names = [set(table["strategy"]) if "strategy" in table else set() for table in (earlier, later)]
        if any(len(codes) > 1 for codes in names) or (all(names) and names[0] != names[1]):
            raise MappingError(
                f"The tables hold different strategies ({', '.join(sorted(names[0] | names[1]))}). Editions of one "
                "document are matched; set other documents beside one another with set_beside."
            )
        return
    first, second = _tables(earlier), _tables(later)
    if first.id != second.id:
        raise MappingError(
            f"'{first.name}' and '{second.name}' are different partnerships: 'id' in partnership.yaml is "
            f"'{first.id}' and '{second.id}'. If it is one partnership, put the id back; if not, "
            "set their tables side by side (set_beside, or mapping compare --beside), "
            "but do not subtract one from the other."
        )


def _list_passages(edition: Edition, codes: dict[str, str] | None = None) -> list[_Passage]:
    table, standing = list_texts(edition), {}
    if not isinstance(edition, pd.DataFrame):
        strategies = _tables(edition).strategies
        standing = dict(zip(strategies["strategy"], strategies["standing"], strict=True))
    found = []
    for place, row in enumerate(each_row(table)):
        strategy, board = getattr(row, "strategy", ""), getattr(row, "board", "")
        # A stand-in or a neighbour's plan is a kind of document by itself; a board's named strategies succeed another.
        kind = standing.get(strategy, "named")
        document = kind if kind == "named" else f"{kind} {strategy}"
        matched = (codes or {}).get(board, board)
        found.append(_Passage(str(row.priority), str(row.text), matched, board, strategy, document, place))
    return found


def _match_same(old: Sequence[_Passage], new: Sequence[_Passage]) -> list[_Pair]:
    """Pair what has the same words: in one board with the same id, in the same strategy, or in the board; then by id.

    The id comes last across boards: where two boards say the same and ids were dealt anew, it may be the other's.
    """
    keys: tuple[Callable[[_Passage], tuple[str, ...]], ...] = (
        lambda p: (p.folded, p.board, p.id),
        lambda p: (p.folded, p.board, p.strategy),
        lambda p: (p.folded, p.board),
        lambda p: (p.folded, p.id),
    )
    pairs: list[_Pair] = []
    for key in keys:
        used = {id(passage) for pair in pairs for passage in (*pair.earlier, *pair.later)}
        waiting: dict[tuple[str, ...], list[_Passage]] = {}
        for passage in old:
            if id(passage) not in used:
                waiting.setdefault(key(passage), []).append(passage)
        for passage in new:
            if id(passage) not in used and waiting.get(key(passage)):
                pairs.append(_Pair("same", (waiting[key(passage)].pop(0),), (passage,), 1.0))
    return pairs


def _match_like(old: Sequence[_Passage], new: Sequence[_Passage]) -> list[_Pair]:
    """Pair what has other words, the most alike first; a whole whose part was taken is looked at again."""
    queue: list[tuple[Any, _Pair]] = []
    used: set[int] = set()
    alike = _measure_all(old, new)

    def put(pair: _Pair | None) -> None:
        if pair:
            heapq.heappush(queue, (_rank(pair), pair))

    def put_parts(whole: _Passage, kind: str) -> None:
        free = [p for p in (new if kind == "split" else old) if id(p) not in used]
        put(_find_parts(whole, free, kind, alike, used))

    for whole in old:
        put_parts(whole, "split")
        for other in new:
            likeness = alike[id(whole)].get(id(other), 0.0)
            put(_Pair("reworded", (whole,), (other,), likeness) if likeness >= REWORDED else None)
    for whole in new:
        put_parts(whole, "merged")
    kept = []
    while queue:
        pair = heapq.heappop(queue)[1]
        if not any(id(passage) in used for passage in (*pair.earlier, *pair.later)):
            kept.append(pair)
            used.update(id(passage) for passage in (*pair.earlier, *pair.later))
        elif pair.kind != "reworded":
            whole = pair.earlier[0] if pair.kind == "split" else pair.later[0]
            if id(whole) not in used:
                put_parts(whole, pair.kind)
    return kept


def _measure_all(old: Sequence[_Passage], new: Sequence[_Passage]) -> dict[int, dict[int, float]]:
    """Return for each passage those of the other edition that share a word with it, the most like first."""
    having: dict[str, list[_Passage]] = {}
    for passage in new:
        for stem in passage.words:
            having.setdefault(stem, []).append(passage)
    alike: dict[int, dict[int, float]] = {id(passage): {} for passage in (*old, *new)}
    for first in old:
        for second in {id(p): p for stem in first.words for p in having.get(stem, ())}.values():
            likeness = measure_likeness(first.stems, second.stems)
            alike[id(first)][id(second)] = alike[id(second)][id(first)] = likeness
    return {key: dict(sorted(near.items(), key=lambda item: -item[1])) for key, near in alike.items()}


def _rank(pair: _Pair) -> tuple[Any, ...]:
    """Return the order of two pairs: the more alike, the simpler, same id, same strategy, then by their places."""
    first, second = pair.earlier[0], pair.later[0]
    return (
        -pair.likeness, pair.kind != "reworded", first.id != second.id, first.strategy != second.strategy,
        first.place, second.place, pair.kind,
    )  # fmt: skip


def _find_parts(
    whole: _Passage,
    others: Iterable[_Passage],
    kind: str,
    alike: dict[int, dict[int, float]],
    used: set[int],
) -> _Pair | None:
    """Return the split or merger of a whole into those texts that lie mostly in it and together cover it."""
    inside = [p for p in others if p.words and len(whole.words & p.words) >= INSIDE * len(p.stems)]
    if len(inside) < 2:
        return None

    def is_own(part: _Passage) -> bool:
        # What is another's rewording is no part of this one.
        rivals = alike[id(part)]
        nearest = next(likeness for rival, likeness in rivals.items() if rival not in used)
        return nearest <= max(REWORDED, rivals[id(whole)])

    parts: list[_Passage] = []
    covered: set[str] = set()
    for part in sorted(filter(is_own, inside), key=lambda p: (-len(whole.words & p.words), p.place)):
        if whole.words & part.words - covered:
            parts.append(part)
            covered |= whole.words & part.words
    if len(parts) < 2 or len(covered) < COVERED * len(whole.words):
        return None
    # Parts repeat what they share ("involve tenants in ..."): each word counts as often as it does in one of them.
    together = functools.reduce(operator.or_, (part.stems for part in parts))
    ordered, likeness = tuple(sorted(parts, key=lambda p: p.place)), measure_likeness(whole.stems, together)
    return _Pair(kind, (whole,), ordered, likeness) if kind == "split" else _Pair(kind, ordered, (whole,), likeness)


def _describe(pair: _Pair, back: dict[str, str]) -> tuple[Any, ...]:
    old, new = [p.text for p in pair.earlier], [p.text for p in pair.later]
    changed = ""
    if pair.kind == "reworded":
        changed = describe_change(old[0], new[0])
    elif pair.kind in ("split", "merged"):
        whole, parts = (old[0], new) if pair.kind == "split" else (new[0], old)
        changed = describe_cut(whole, parts, merged=pair.kind == "merged")
    board = pair.later[0].code if pair.later else back.get(pair.earlier[0].board, pair.earlier[0].board)
    return (
        pair.kind, board, [p.id for p in pair.earlier], [p.id for p in pair.later], pair.likeness,
        changed, " / ".join(old), " / ".join(new),
    )  # fmt: skip
