"""People's decisions carried to a later edition: kept on the same words, asked again on others, and never lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from mapping.editions.matching import Edition, list_texts
from mapping.editions.wording import describe_change
from mapping.tables import each_row, fold

__all__ = ["CARRIED", "carry_decisions", "count_carried", "list_checks"]

#: What can become of a decision; every one of them has exactly one outcome.
CARRIED = ("applied", "conflicting", "check again", "superseded", "orphaned", "other framework")
#: What makes two records the same judgement, under whatever id.
_JUDGEMENT = ("framework", "theme", "decision", "words", "reviewer", "time")
#: What names a tag that was decided on.
_TAG = ("framework", "priority", "theme")
#: Columns that ``carry_decisions`` adds.
_ADDED = ("outcome", "why", "kind", "priority_before", "look_at", "new_words")
#: Columns of ``list_checks``.
_CHECKS = (
    "framework", "priority", "theme", "suggestion", "old_words", "new_words", "words_changed", "kind",
    "priority_before", "reviewer", "time", "why",
)  # fmt: skip
_WHY = {
    "reworded": "the words have changed since they were judged",
    "split": "the priority was split, so the words have changed since they were judged",
    "merged": "the priority was merged with others, so the words have changed since they were judged",
    "same": "it was judged on earlier words already",
}


@dataclass(frozen=True)
class _Target:
    """Where a decision goes: ``ids`` are the later priorities to look at."""

    outcome: str
    why: str
    kind: str
    priority: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ground:
    """Where a decision may go: the match of each earlier id; the later words, folded, of each id; ids of new words.

    ``standing`` has the first later id of each board and words.
    """

    places: dict[str, Any]
    folded: dict[str, str]
    newcomers: dict[str, list[str]]
    standing: dict[tuple[str, str], str]
    framework: str


def carry_decisions(decisions: pd.DataFrame, match: pd.DataFrame, later: Edition) -> pd.DataFrame:
    """Carry decisions made on one edition to the next.

    Parameters
    ----------
    decisions : DataFrame
        Of the earlier edition: the columns of ``decisions.csv``.
    match : DataFrame
        ``match_editions(earlier, later)``.
    later : Run, Partnership or DataFrame
        The later edition.

    Returns
    -------
    DataFrame
        One row per decision, in the order given: its columns, with ``priority`` as the later edition calls it (the old
        id where there is none); ``outcome`` and ``why``; ``kind`` of the match; ``priority_before``; ``look_at``, the
        later ids that a person is asked to look at; ``new_words``, as they now stand. The outcomes:

        - *applied*: the words are the same and stand in the same board, whatever the id, so the decision stands;
        - *conflicting*: the same, but reviewers disagree about the tag, so it is disputed and all of them are kept;
        - *check again*: the words have changed; the decision is a suggestion and is applied to nothing;
        - *superseded*: the same judgement is on record under the id that the priority came to have, and counts there;
        - *orphaned*: the priority is gone;
        - *other framework*: it was made about other themes.

    Notes
    -----
    Decisions in = applied + conflicting + check again + superseded + orphaned + other framework. The table has every
    decision and can be kept as the later edition's ``decisions.csv``; ``tag`` then applies those and only those that
    are applied or conflicting here, because it too looks at the words.
    """
    texts = {str(row.priority): str(row.text) for row in each_row(list_texts(later))}
    folded = {priority: fold(text) for priority, text in texts.items()}
    places = {priority: row for row in each_row(match) for priority in row.earlier}
    newcomers: dict[str, list[str]] = {}
    for row in each_row(match[match["kind"] == "new"]):
        newcomers.setdefault(folded.get(row.later[0], ""), []).append(row.later[0])
    framework = "" if isinstance(later, pd.DataFrame) else later.framework.id
    standing = {(row.board, folded.get(name, "")): name for row in each_row(match.iloc[::-1]) for name in row.later}
    ground = _Ground(places, folded, newcomers, standing, framework)
    targets = _drop_earlier([(row, _find_target(row, ground)) for row in each_row(decisions)], ground)
    carried = decisions.assign(
        priority_before=list(decisions["priority"]), priority=[target.priority for target in targets],
        outcome=[target.outcome for target in targets], why=[target.why for target in targets],
        kind=[target.kind for target in targets],
        look_at=pd.Series([list(target.ids) for target in targets], dtype="object", index=decisions.index),
        new_words=[" / ".join(texts[p] for p in target.ids or (target.priority,) if p in texts) for target in targets],
    )  # fmt: skip
    carried.loc[carried["outcome"] == "orphaned", "new_words"] = ""
    disputed = _find_disputed(carried[carried["outcome"] == "applied"])
    clash = [
        outcome == "applied" and tuple(tag) in disputed
        for outcome, *tag in zip(carried["outcome"], *(carried[name] for name in _TAG), strict=True)
    ]
    carried.loc[clash, ["outcome", "why"]] = ["conflicting", "reviewers disagree about this tag"]
    return carried[[*decisions.columns, *_ADDED]]


def count_carried(carried: pd.DataFrame) -> dict[str, int]:
    """Return how many decisions had each outcome, in the order of ``CARRIED``; together they are all that came in."""
    return {name: int((carried["outcome"] == name).sum()) for name in CARRIED}


def list_checks(carried: pd.DataFrame, later: Edition) -> pd.DataFrame:
    """List what people are asked to check again, with the old and the new wording side by side.

    Parameters
    ----------
    carried : DataFrame
        From ``carry_decisions``.
    later : Run, Partnership or DataFrame
        The later edition.

    Returns
    -------
    DataFrame
        One row per decision and later priority to look at (the parts of a split are each asked for): ``framework``,
        ``priority``, ``theme``; ``suggestion``, what was decided on the old words; ``old_words``, ``new_words``,
        ``words_changed``; ``kind`` of the match, ``priority_before``, ``reviewer``, ``time``, ``why``.
    """
    texts = {str(row.priority): str(row.text) for row in each_row(list_texts(later))}
    rows = [
        (
            row.framework, priority, row.theme, row.decision, row.words, texts[priority],
            describe_change(row.words, texts[priority]), row.kind, row.priority_before, row.reviewer, row.time, row.why,
        )
        for row in each_row(carried[carried["outcome"] == "check again"])
        for priority in row.look_at
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(_CHECKS))


def _find_target(row: Any, ground: _Ground) -> _Target:
    """Say what becomes of one decision: only ever applied where the later words are those that were judged."""
    words, place, folded = fold(row.words), ground.places.get(row.priority), ground.folded
    if ground.framework and row.framework != ground.framework:
        return _Target("other framework", f"made on {row.framework}", "", row.priority)
    kind = place.kind if place is not None else ""
    # A decision on an id that the earlier edition did not have is looked for under that id in the later one.
    ids = place.later if place is not None else [row.priority] if row.priority in folded else []
    same = [priority for priority in ids if folded.get(priority) == words]
    if not same and place is not None and _was_said(words, place) and (place.board, words) in ground.standing:
        # Of several that said the same in one board, another may have been taken for this one: the words still stand.
        same = [ground.standing[place.board, words]]
    if same:
        return _Target("applied", "", kind, same[0])
    ids = [priority for priority in ids if priority in folded]
    if ids:
        return _Target("check again", _WHY.get(kind, _WHY["reworded"]), kind, ids[0], tuple(ids))
    if folded.get(row.priority) == words:
        return _Target("applied", "", kind, row.priority)
    if ground.newcomers.get(words):
        # It keeps its old id: under the new one it would be applied before a person has looked.
        found = tuple(ground.newcomers[words])
        return _Target("check again", "the same words now stand elsewhere", kind, row.priority, found)
    return _Target("orphaned", "the priority is gone", kind, row.priority)


def _drop_earlier(found: list[tuple[Any, _Target]], ground: _Ground) -> list[_Target]:
    """Return the targets; of records of one judgement, those under an id that it left count no more.

    Such an id may since belong to another priority: without this, that one would be asked about.
    """

    def rate(row: Any, target: _Target) -> int:
        place = ground.places.get(row.priority)
        own = place is not None and _was_said(fold(row.words), place)
        return 2 if target.outcome == "applied" else int(own and target.outcome == "check again")

    best: dict[tuple[str, ...], tuple[int, str]] = {}
    for row, target in found:
        key = tuple(getattr(row, name) for name in _JUDGEMENT)
        best[key] = max(best.get(key, (0, "")), (rate(row, target), target.priority))
    targets = []
    for row, target in found:
        rating, priority = best[tuple(getattr(row, name) for name in _JUDGEMENT)]
        if rate(row, target) < rating and target.outcome != "other framework":
            target = _Target("superseded", f"the same judgement counts under {priority}", target.kind, row.priority)
        targets.append(target)
    return targets


def _was_said(words: str, place: Any) -> bool:
    """Return whether the earlier priority may have said these words: else they were judged before it had its id."""
    return len(place.earlier) > 1 or fold(place.earlier_text) == words


def _find_disputed(applied: pd.DataFrame) -> set[tuple[str, ...]]:
    """Return the tags on which the last words of several reviewers disagree, as ``tag`` would find them."""
    last: dict[tuple[str, ...], dict[str, str]] = {}
    for row in each_row(applied.sort_values("time", kind="stable")):
        last.setdefault((row.framework, row.priority, row.theme), {})[fold(row.reviewer)] = row.decision
    return {key for key, said in last.items() if {*said.values()} & {"confirm", "add"} and "reject" in said.values()}
