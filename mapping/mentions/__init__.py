"""Who names whom: texts of one board that name another board, its strategies, its services or its partners."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from mapping.mentions.dependence import Wordings
from mapping.mentions.names import Found, NameIndex
from mapping.mentions.texts import Text, cut_sentences, list_texts
from mapping.scoring import tag_texts
from mapping.tables import each_row
from mapping.tags import Run, once_per_run
from mapping.text import split_words

__all__ = ["cite", "find_mentions", "find_partner_links"]

_MENTION_TABLE = (
    "from_board", "to_board", "named", "kind", "spelled", "start", "end", "sentence", "source", "found_in",
    "standing", "wording", "counts", "direction", "pattern", "themes",
)  # fmt: skip


def find_mentions(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find where a text of one board names another board, its strategies, its services or its partners.

    Parameters
    ----------
    run : Run
    passages : DataFrame, optional
        Passages of documents to read beside the tables: ``board`` and ``text``, and where known ``passage``,
        ``strategy`` and ``wording`` (verbatim unless it says restated).

    Returns
    -------
    DataFrame
        One row per mention, in the order of the boards and their texts: ``from_board``, whose text it is;
        ``to_board``, who is named (empty for a partner of no board); ``named``, what is named, as the data writes it;
        ``kind`` (board, strategy, service, programme, partner); ``spelled``, as it stands in the text from character
        ``start`` to ``end``; ``sentence``, the passage; ``source``, the id of the text; ``found_in`` (priority,
        passage); ``standing`` of its strategy; ``wording``; ``counts``, whether it is evidence (verbatim; restated
        text never is); ``direction`` (leans on, supports, joint, or empty) and ``pattern``, the wording of
        dependence; ``themes``, the standing tags of a priority, and of a passage those that are suggested.

    Notes
    -----
    A board's text that names the board itself is no mention. A name that two boards have names neither. The wording
    that counts is the nearest before the name in the same sentence, at most ``REACH`` words away, not negated and not
    said of somebody else (``data/english/dependence.csv``): *leans on* says that the writer needs the one named,
    *supports* that the writer serves it, *joint* that both do it.
    """
    return _find_mentions(run) if passages is None else _list_mentions(run, passages)


@once_per_run
def _find_mentions(run: Run) -> pd.DataFrame:
    return _list_mentions(run, None)


def _list_mentions(run: Run, passages: pd.DataFrame | None) -> pd.DataFrame:
    names = NameIndex(run.partnership)
    rows: list[dict[str, Any]] = []
    for text in list_texts(run, passages):
        rows.extend(_read_mentions(text, names))
    table = pd.DataFrame(rows, columns=_MENTION_TABLE[:-1])
    tags = run.tags[run.tags["on"]]
    themes: dict[str, list[str]] = {}
    for priority, theme in zip(tags["priority"], tags["theme"], strict=True):
        themes.setdefault(priority, []).append(theme)
    themes |= _tag_passages(run, table, passages)
    return table.assign(themes=pd.Series([themes.get(source, []) for source in table["source"]], dtype="object"))


def _read_mentions(text: Text, names: NameIndex) -> Iterator[dict[str, Any]]:
    words = split_words(text.text)
    found = names.find(text.text, words)
    if all(hit.name is None or hit.name.board == text.board for hit in found):
        return
    own = [hit for hit in found if hit.name is not None and hit.name.board == text.board]
    wordings = Wordings(text.text, words, _list_places(found), _list_places(found) - _list_places(own))
    sentences = cut_sentences(text.text, words)
    begins = [sentence.first for sentence in sentences]
    slices: dict[tuple[int, int], str] = {}  # one string however many names a sentence has
    for hit in found:
        if hit.name is None or hit.name.board == text.board:
            continue
        opens, closes = (sentences[bisect_right(begins, place) - 1] for place in (hit.first, hit.last))
        ends = (opens.start, closes.end)
        direction, pattern = wordings.find_direction(hit.first, opens.first)
        yield {
            "from_board": text.board, "to_board": hit.name.board, "named": hit.name.named, "kind": hit.name.kind,
            "spelled": text.text[hit.start : hit.end], "start": hit.start, "end": hit.end,
            "sentence": slices.setdefault(ends, text.text[slice(*ends)]), "source": text.id,
            "found_in": text.found_in, "standing": text.standing, "wording": text.wording,
            "counts": text.wording == "verbatim", "direction": direction, "pattern": pattern,
        }  # fmt: skip


def _list_places(found: Iterable[Found]) -> set[int]:
    return {place for hit in found for place in range(hit.first, hit.last + 1)}


def _tag_passages(run: Run, mentions: pd.DataFrame, passages: pd.DataFrame | None) -> dict[str, list[str]]:
    """Return the themes that are suggested for each passage that names somebody."""
    wanted = set(mentions.loc[mentions["found_in"] == "passage", "source"])
    if not wanted:
        return {}
    texts = {text.id: text.text for text in list_texts(run, passages) if text.id in wanted}
    series = pd.Series(list(texts.values()), index=list(texts), dtype="object")
    tags = tag_texts(series, run.framework, method=run.settings.method, threshold=run.settings.threshold)
    themes: dict[str, list[str]] = {}
    for source, theme in zip(tags.loc[tags["tagged"], "text"], tags.loc[tags["tagged"], "theme"], strict=True):
        themes.setdefault(source, []).append(theme)
    return themes


def find_partner_links(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the named partners that are no board of the matrix: listed apart, since the ladder is between boards.

    Parameters
    ----------
    run : Run
    passages : DataFrame, optional
        As for ``find_mentions``.

    Returns
    -------
    DataFrame
        One row per board and partner, in board order, then as first named: ``from_board``; ``partner``, as the data
        writes it; ``kind``; ``to_board``, the code where it is, or belongs to, a board outside the matrix, which is
        then named as a whole (kind board); ``mentions``,
        how often verbatim text names it; ``direction``, the directions its wording states; ``themes`` of those texts;
        ``passages``, each with the id of its text.
    """
    mentions = find_mentions(run, passages)
    apart = mentions[mentions["counts"].astype(bool) & ~mentions["to_board"].isin(run.boards["board"])]
    rows = []
    whole = dict(zip(run.partnership.boards["board"], run.partnership.boards["name"], strict=True))
    apart = apart.assign(partner=[whole.get(row.to_board, row.named) for row in each_row(apart)])
    for (board, partner), own in apart.groupby(["from_board", "partner"], sort=False):
        themes = {theme for several in own["themes"] for theme in several}
        rows.append(
            {
                "from_board": board, "partner": partner,
                "kind": "board" if own["to_board"].iloc[0] else own["kind"].iloc[0],
                "to_board": own["to_board"].iloc[0], "mentions": len(own),
                "direction": [d for d in ("leans on", "supports", "joint") if d in set(own["direction"])],
                "themes": [theme for theme in run.framework.theme_ids if theme in themes],
                "passages": cite(each_row(own)),
            }
        )  # fmt: skip
    columns = ["from_board", "partner", "kind", "to_board", "mentions", "direction", "themes", "passages"]
    return pd.DataFrame(rows, columns=columns)


def cite(mentions: Iterable[Any]) -> list[str]:
    """Return the passages of mentions, each once, with the id of its text and what a reader must know of that."""
    passages = dict.fromkeys((row.source, row.wording, row.standing, row.sentence) for row in mentions)
    cited = []
    for source, wording, standing, sentence in passages:
        marks = [mark for mark in (wording, standing) if mark in ("restated", "stand-in")]
        cited.append(f"{source}{' (' + ', '.join(marks) + ')' if marks else ''}: {' '.join(sentence.split())}")
    return list(dict.fromkeys(cited))
