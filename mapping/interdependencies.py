"""What leans on what: a ladder of evidence between boards.

A shared theme is an opportunity to talk, not a dependency. Rungs 0 to 2 come from tags and wording; rungs 3 and 4 from
texts that name the other board; rung 5 from people. Nothing climbs by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, permutations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mapping.mentions import cite, find_mentions
from mapping.mentions.texts import Text, cut_sentences, list_texts
from mapping.pairs import SAME_WORDING, find_board_pairs, find_priority_pairs
from mapping.remit import find_remit_links
from mapping.tables import each_row, fold
from mapping.tags import Run, once_per_run
from mapping.text import split_words

__all__ = ["RUNGS", "find_interdependencies", "find_link_decisions", "find_links", "state_ladder"]

#: The rungs of the ladder, lowest first.
RUNGS = {
    0: "both boards have a priority on the theme",
    1: "priorities of the two boards share two or more themes",
    2: "a priority of each is in similar wording",
    3: "a text of one board names the other board, its strategy, its services or its partners",
    4: "as rung 3, with wording of dependence and direction in the same sentence",
    5: "a person confirmed the link between these boards",
}
_NAMED, _DIRECTED, _CONFIRMED = 3, 4, 5
_DIRECTIONS = ("leans on", "supports", "joint")
Pair = tuple[str, str]
Lower = tuple[list[list[str]], list[set[str]]]


class _Place(NamedTuple):
    """Where words that a person judged stand today: characters ``start`` to ``end`` of a text."""

    source: str
    sentence: str
    wording: str
    standing: str
    start: int
    end: int


class _Judged(NamedTuple):
    """What people made of the same words: confirmed, disputed or rejected; who confirmed; and where the words stand."""

    status: str
    by: tuple[str, ...]
    places: tuple[_Place, ...]


def find_links(run: Run, passages: pd.DataFrame | None = None, *, same_wording: float = SAME_WORDING) -> pd.DataFrame:
    """Find what stands from each board to each other board: the highest rung of the ladder, and its evidence.

    Parameters
    ----------
    run : Run
    passages : DataFrame, optional
        Passages of documents to read beside the tables, as for ``find_mentions``.
    same_wording : float
        The cosine from which two texts count as similar wording, 0 to 1.

    Returns
    -------
    DataFrame
        One row per ordered pair of boards, in board order: ``from_board``, ``to_board``; ``rung``, the highest with
        evidence (missing: none); ``says``, that rung in words; ``themes`` of the evidence on it; ``direction``
        (leans on, supports, joint) and ``pattern``, the wording of the texts that name the second board, said of
        the first; ``passages``, these texts, each with its id; ``confirmed_by``, who and when; ``status`` of people's
        decisions (confirmed, disputed, rejected, check again, or empty); ``mutual``, whether each names the other, or
        is confirmed to (rung 3 or more both ways); ``evidence_0``, ``evidence_1``, ``evidence_2``, the pairs of
        priorities on each lower rung as ``"A-01 + B-02"``, the same both ways; ``speaks_remit``, the share of the first
        board's priorities that speak the remit of the second: beside the ladder, not on it; ``stand_in`` and
        ``reading``, as in ``find_board_pairs``.

    Notes
    -----
    A link from A to B on rung 3 or 4 rests on verbatim text of A; *leans on* says that A needs B, *supports* that A
    serves B, and neither turns the row round. *joint* states no direction and stays on rung 3. A decision of a person
    (``links.csv``) holds on the same words only; a passage that was rejected is no evidence any more, and one on
    which reviewers differ is not confirmed.
    """
    if passages is None:
        return _find_links(run, same_wording=same_wording)
    return _list_links(run, passages, same_wording)


@once_per_run
def _find_links(run: Run, *, same_wording: float) -> pd.DataFrame:
    return _list_links(run, None, same_wording)


def _list_links(run: Run, passages: pd.DataFrame | None, same_wording: float) -> pd.DataFrame:
    alike = _list_pairs(run, same_wording)
    profiles = {frozenset((row.board_a, row.board_b)): row for row in each_row(find_board_pairs(run))}
    judged, waiting = _judge(run, passages)
    named = _list_evidence(run, find_mentions(run, passages), judged)
    remits = find_remit_links(run, passages)
    shares = dict(zip(zip(remits["from_board"], remits["to_board"], strict=True), remits["share"], strict=True))
    tagged: dict[str, set[str]] = {}
    for priority, theme in zip(run.standing_tags["priority"], run.standing_tags["theme"], strict=True):
        tagged.setdefault(priority, set()).add(theme)
    rows = []
    for pair in permutations(run.boards["board"], 2):
        profile, (rungs, themes) = profiles[frozenset(pair)], alike.get(frozenset(pair)) or _begin()
        lower = max((rung for rung, found in enumerate(rungs) if found), default=None)
        said = _climb(named.get(pair, []), judged.get(pair, []), tagged)
        if said["rung"] is None:
            said |= {"rung": lower, "themes": themes[lower] if lower is not None else set()}
        rows.append(
            {
                "from_board": pair[0], "to_board": pair[1], **said,
                "says": _say_rung(said["rung"], profile.reading),
                "themes": [theme for theme in run.framework.theme_ids if theme in said["themes"]],
                "status": said["status"] or ("check again" if pair in waiting else ""),
                "evidence_0": list(rungs[0]), "evidence_1": list(rungs[1]), "evidence_2": list(rungs[2]),
                "speaks_remit": shares.get(pair, np.nan), "stand_in": profile.stand_in, "reading": profile.reading,
            }
        )  # fmt: skip
    up = {(row["from_board"], row["to_board"]) for row in rows if row["rung"] is not None and row["rung"] >= _NAMED}
    both = [{(row["from_board"], row["to_board"]), (row["to_board"], row["from_board"])} <= up for row in rows]
    table = pd.DataFrame(rows, columns=_LINK_TABLE)
    return table.assign(rung=table["rung"].astype("Int64"), mutual=pd.Series(both, dtype="bool"))


_LINK_TABLE = (
    "from_board", "to_board", "rung", "says", "themes", "direction", "pattern", "passages", "confirmed_by", "status",
    "mutual", "evidence_0", "evidence_1", "evidence_2", "speaks_remit", "stand_in", "reading",
)  # fmt: skip


def _list_pairs(run: Run, same_wording: float) -> dict[frozenset[str], Lower]:
    """Return for each pair of boards what stands on rungs 0 to 2: pairs of priorities, and the themes they share."""
    # The default is not named, so that the pairs other outputs have asked for are used again.
    choices = {} if same_wording == SAME_WORDING else {"same_wording": same_wording}
    found: dict[frozenset[str], Lower] = {}
    for row in each_row(find_priority_pairs(run, **choices)):
        names, themes = found.setdefault(frozenset((row.board_a, row.board_b)), _begin())
        for rung, on in enumerate((len(row.themes) >= 1, len(row.themes) >= 2, bool(row.similar))):
            if on:
                names[rung].append(f"{row.priority_a} + {row.priority_b}")
                themes[rung].update(row.themes)
    return found


def _begin() -> Lower:
    return [[], [], []], [set(), set(), set()]


def _list_evidence(run: Run, mentions: pd.DataFrame, judged: dict[Pair, list[_Judged]]) -> dict[Pair, list[Any]]:
    """Return for each ordered pair the mentions that are evidence: verbatim, between boards here, and not rejected."""
    found: dict[Pair, list[Any]] = {}
    boards = set(run.boards["board"])
    for row in each_row(mentions):
        pair = (row.from_board, row.to_board)
        if row.counts and row.to_board in boards and not _is_rejected(row, judged.get(pair, [])):
            found.setdefault(pair, []).append(row)
    return found


def _is_rejected(mention: Any, judged: Iterable[_Judged]) -> bool:
    return any(
        place.source == mention.source and place.start <= mention.start and mention.end <= place.end
        for one in judged
        if one.status == "rejected"
        for place in one.places
    )


def _climb(mentions: list[Any], judged: list[_Judged], tagged: dict[str, set[str]]) -> dict[str, Any]:
    """Return what texts and people say of an ordered pair: its rung from 3 up, or none, with its passages."""
    confirmed = [one for one in judged if one.status == "confirmed"]
    directed = [row for row in mentions if row.direction in _DIRECTIONS[:2]]
    rung, on_rung = (_DIRECTED, directed) if directed else (_NAMED, mentions) if mentions else (None, [])
    themes = {theme for row in on_rung for theme in row.themes}
    if confirmed:
        rung, sources = _CONFIRMED, {place.source for one in confirmed for place in one.places}
        themes = {theme for row in mentions if row.source in sources for theme in row.themes}
        themes.update(theme for source in sources for theme in tagged.get(source, ()))
    status = {one.status for one in judged}
    return {
        "rung": rung,
        "themes": themes,
        "direction": [name for name in _DIRECTIONS if any(row.direction == name for row in mentions)],
        "pattern": list(dict.fromkeys(row.pattern for row in mentions if row.pattern)),
        # What a person confirmed comes first: it is what the highest rung stands on.
        "passages": cite([*(one.places[0] for one in confirmed), *mentions]),
        "confirmed_by": list(dict.fromkeys(who for one in confirmed for who in one.by)),
        "status": next((name for name in ("confirmed", "disputed", "rejected") if name in status), ""),
    }


# --- decisions ---------------------------------------------------------------------------------------------


def find_link_decisions(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find what became of each person's decision on a link.

    Returns
    -------
    DataFrame
        One row per decision, in the order of ``links.csv``: its columns; ``outcome``: *applied*; *check again*, when
        no text of the first board has the words that were judged (case, spaces and punctuation folded); *orphaned*,
        when a board is not in this run; and ``why``. Decisions in = applied + check again + orphaned.
    """
    return _settle(run, passages)[0]


def _settle(run: Run, passages: pd.DataFrame | None) -> tuple[pd.DataFrame, dict[tuple[str, str], list[_Place]]]:
    """Return the decisions with what became of them, and where each board has which words, folded."""
    links = run.partnership.links.drop(columns="line", errors="ignore")
    places: dict[tuple[str, str], list[_Place]] = {}
    for text in list_texts(run, passages) if len(links) else []:
        for words, place in _list_places(text):
            places.setdefault((text.board, words), []).append(place)
    boards = set(run.boards["board"])
    settled = []
    for row in each_row(links):
        missing = [board for board in (row.from_board, row.to_board) if board not in boards]
        if missing:
            settled.append(("orphaned", f"board {missing[0]} is not mapped here"))
        elif (row.from_board, fold(row.words)) not in places:
            settled.append(("check again", f"no text of {row.from_board} that was read has these words"))
        else:
            settled.append(("applied", ""))
    outcome, why = (pd.Series([pair[n] for pair in settled], dtype="object") for n in (0, 1))
    return links.reset_index(drop=True).assign(outcome=outcome, why=why), places


def _list_places(text: Text) -> Iterator[tuple[str, _Place]]:
    """Yield, by their folded words, a text and each of its sentences: what a person may have judged."""
    sentences = cut_sentences(text.text, split_words(text.text))
    for start, end in dict.fromkeys([(0, len(text.text)), *((one.start, one.end) for one in sentences)]):
        words = text.text[start:end]
        if fold(words):
            yield fold(words), _Place(text.id, words, text.wording, text.standing, start, end)


def _judge(run: Run, passages: pd.DataFrame | None) -> tuple[dict[Pair, list[_Judged]], set[Pair]]:
    """Return what people made of the passages of each ordered pair, and the pairs with a decision to check again.

    The last decision of one reviewer on the same words replaces their earlier ones; reviewers who differ make it
    disputed.
    """
    table, places = _settle(run, passages)
    last: dict[tuple[Pair, str], dict[str, Any]] = {}
    for row in each_row(table[table["outcome"] == "applied"].sort_values("time", kind="stable")):
        last.setdefault(((row.from_board, row.to_board), fold(row.words)), {})[fold(row.reviewer)] = row
    judged: dict[Pair, list[_Judged]] = {}
    for (pair, words), said in last.items():
        decisions = {row.decision for row in said.values()}
        status = "disputed" if len(decisions) > 1 else "confirmed" if "confirm" in decisions else "rejected"
        by = tuple(", ".join(filter(None, (row.reviewer, row.time))) for row in said.values())
        # Where the same words stand twice, the source's own come first.
        own = sorted(places[pair[0], words], key=lambda place: place.wording != "verbatim")
        judged.setdefault(pair, []).append(_Judged(status, by, tuple(own)))
    waiting = table[table["outcome"] == "check again"]
    return judged, set(zip(waiting["from_board"], waiting["to_board"], strict=True))


# --- pairs of boards ---------------------------------------------------------------------------------------


def find_interdependencies(
    run: Run, passages: pd.DataFrame | None = None, *, same_wording: float = SAME_WORDING
) -> pd.DataFrame:
    """Find what stands between each two boards: the highest rung of evidence either way, and what is on each rung.

    Rungs 0 to 2 are symmetric and come from tags and wording: 0, both have a priority on the theme; 1, a priority of
    each carries the same two or more themes; 2, a priority of each is in similar wording. None of them says that
    one board depends on the other. From rung 3 up a text of one names the other, and the passages are shown.

    Returns
    -------
    DataFrame
        One row per pair of boards in board order: ``board_a``, ``board_b``; ``rung``, the highest with evidence either
        way (missing: none); ``says``, that rung in words; ``themes``, shared; ``overlap``, ``tags_a`` and ``tags_b``,
        as in ``find_board_pairs``; ``pairs_0``, ``pairs_1``, ``pairs_2``, the pairs of priorities on each rung as
        ``"A-01 + B-02"``; ``stand_in`` and ``reading``, as in ``find_board_pairs``; and from ``find_links``:
        ``rung_ab`` and ``rung_ba``, the rung each way; ``mutual``, an interdependency: rung 3 or more both ways
        (Rinaldi, Peerenboom and Kelly 2001); ``remit_ab`` and ``remit_ba``, the share of one board's priorities that
        speak the other's remit; ``passages``, each with the id of its text.
    """
    if passages is None:
        return _find_interdependencies(run, same_wording=same_wording)
    return _join(run, find_links(run, passages, same_wording=same_wording))


@once_per_run
def _find_interdependencies(run: Run, *, same_wording: float) -> pd.DataFrame:
    return _join(run, find_links(run, same_wording=same_wording))


def _join(run: Run, links: pd.DataFrame) -> pd.DataFrame:
    by_pair = {(row.from_board, row.to_board): row for row in each_row(links)}
    profiles = {(row.board_a, row.board_b): row for row in each_row(find_board_pairs(run))}
    rows = []
    for a, b in combinations(run.boards["board"], 2):
        there, back, profile = by_pair[a, b], by_pair[b, a], profiles[a, b]
        highest = max((rung for rung in (there.rung, back.rung) if not pd.isna(rung)), default=None)
        rows.append(
            {
                "board_a": a, "board_b": b, "rung": highest, "says": _say_rung(highest, profile.reading),
                "themes": profile.themes, "overlap": profile.overlap,
                "tags_a": profile.tags_a, "tags_b": profile.tags_b,
                "pairs_0": there.evidence_0, "pairs_1": there.evidence_1, "pairs_2": there.evidence_2,
                "stand_in": profile.stand_in, "reading": profile.reading,
                "rung_ab": there.rung, "rung_ba": back.rung, "mutual": there.mutual,
                "remit_ab": there.speaks_remit, "remit_ba": back.speaks_remit,
                "passages": [*there.passages, *back.passages],
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=_PAIR_TABLE)
    rungs = {name: table[name].astype("Int64") for name in ("rung", "rung_ab", "rung_ba")}
    return table.assign(**rungs, mutual=table["mutual"].astype("bool"))


_PAIR_TABLE = (
    "board_a", "board_b", "rung", "says", "themes", "overlap", "tags_a", "tags_b", "pairs_0", "pairs_1", "pairs_2",
    "stand_in", "reading", "rung_ab", "rung_ba", "mutual", "remit_ab", "remit_ba", "passages",
)  # fmt: skip


def _say_rung(rung: int | None, reading: str) -> str:
    if rung is not None:
        return RUNGS[rung]
    return "nothing found" if reading == "read" else "not read, so nothing can be said"


def state_ladder(run: Run, passages: pd.DataFrame | None = None) -> list[str]:
    """State how far the evidence between boards goes, in sentences with their denominators."""
    links = find_links(run, passages)
    if links.empty:
        return ["There is one board only, so there are no links between boards."]
    counts = links["rung"].value_counts()
    steps = [f"{rung} for {int(counts[rung])}" for rung in RUNGS if rung in counts]
    steps += [f"none for {int(links['rung'].isna().sum())}"] if links["rung"].isna().any() else []
    up = (links["rung"] >= _NAMED).fillna(False)
    sentences = [
        f"Highest rung of evidence, of {len(links)} ordered pairs of boards: {', '.join(steps)}.",
        f"Pairs on rung 3 or more, where a text of one board names the other or a person confirmed the link: "
        f"{int(up.sum())} of {len(links)}; both ways: {int(links['mutual'].sum()) // 2} of {len(links) // 2}.",
    ]
    texts = list_texts(run, passages)
    restated = sum(text.wording != "verbatim" for text in texts)
    if texts and restated == len(texts):
        sentences.append(
            f"{restated} of {len(texts)} texts are restated, so rungs 3 and 4 stay empty until the documents are read."
        )
    elif restated:
        sentences.append(f"{restated} of {len(texts)} texts are restated; on rungs 3 and 4 only the others can stand.")
    decisions = find_link_decisions(run, passages)
    if len(decisions):
        outcomes = decisions["outcome"].value_counts()
        said = [f"{name} {int(outcomes.get(name, 0))}" for name in ("applied", "check again", "orphaned")]
        sentences.append(f"Of {len(decisions)} decisions of people on links: {', '.join(said)}.")
    return sentences
