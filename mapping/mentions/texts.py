"""The texts of the boards that are read for names: priorities of the run, and passages of documents; and sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from mapping.errors import MappingError, UnknownNameError
from mapping.partnership import Partnership
from mapping.tables import each_row
from mapping.tags import Run, select_in_force
from mapping.text import Word

__all__ = ["Sentence", "Text", "cut_sentences", "list_texts"]

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n|\n\s*[\u2022\uf0b7*\u2013-]\s")


class Text(NamedTuple):
    """One text of a board: a priority of the run, or a passage.

    Attributes
    ----------
    board, id, text : str
    found_in : str
        priority or passage.
    wording : str
        verbatim or restated.
    standing : str
        Of the strategy it stands in (named, stand-in, neighbouring); empty when it stands in none.
    counted : bool
        Whether it is a counted priority.
    """

    board: str
    id: str
    text: str
    found_in: str
    wording: str
    standing: str
    counted: bool


def list_texts(run: Run, passages: pd.DataFrame | None = None) -> list[Text]:
    """Return the texts of the run's boards, in board order: priorities, passages of the tables, passages given.

    Parameters
    ----------
    run : Run
    passages : DataFrame, optional
        Further passages: ``board`` and ``text``, and where known ``passage`` (its id), ``strategy`` and ``wording``.
        Without ``wording`` they are taken as verbatim, since they were cut from documents.

    Raises
    ------
    MappingError
        When a column is missing, a wording is not known or an id stands twice.
    UnknownNameError
        For a board that the partnership does not have.
    """
    texts = [
        Text(r.board, r.priority, r.text, "priority", getattr(r, "wording", "restated"), r.standing, bool(r.counted))
        for r in each_row(run.priorities)
    ]
    texts += _select_passages(run, run.partnership.passages)
    if passages is not None:
        texts += _select_passages(run, _complete(passages, run.partnership))
    ids = [text.id for text in texts]
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise MappingError(f"'{twice}' names two texts; give every passage an id of its own in the column 'passage'.")
    place = {board: n for n, board in enumerate(run.boards["board"])}
    return sorted((text for text in texts if text.board in place), key=lambda text: place[text.board])


def _complete(passages: pd.DataFrame, partnership: Partnership) -> pd.DataFrame:
    """Return passages given in code with every column that is read, checked."""
    for column in ("board", "text"):
        if column not in passages:
            raise MappingError(f"passages: the column '{column}' is missing; board and text are needed.")
    table = passages.reset_index(drop=True)
    given = {
        "passage": [f"passage {n}" for n in range(1, len(table) + 1)],
        "strategy": "",
        "wording": "verbatim",
    }
    table = table.assign(**{name: value for name, value in given.items() if name not in table})
    table = table.astype("object").fillna("")
    known = list(partnership.boards["board"])
    for row in each_row(table):
        if row.board not in known:
            raise UnknownNameError("Board", row.board, known)
        if row.wording not in ("verbatim", "restated"):
            raise MappingError(f"passages: '{row.wording}' is not a wording; write verbatim or restated.")
    return table


def _select_passages(run: Run, passages: pd.DataFrame) -> list[Text]:
    """Return the passages of documents that the run maps; a passage of no strategy is always one."""
    strategies = select_in_force(run.partnership.strategies, run.settings.in_force_on)
    if not run.settings.neighbours:
        strategies = strategies[strategies["standing"] != "neighbouring"]
    standing = {"": "", **dict(zip(strategies["strategy"], strategies["standing"], strict=True))}
    return [
        Text(row.board, str(row.passage), str(row.text), "passage", row.wording, standing[row.strategy], False)
        for row in each_row(passages)
        if row.strategy in standing
    ]


class Sentence(NamedTuple):
    """One sentence of a text: characters ``start`` to ``end``, words ``first`` to ``last``."""

    start: int
    end: int
    first: int
    last: int


def cut_sentences(text: str, words: Sequence[Word]) -> list[Sentence]:
    """Return the sentences of a text, to the letter; a colon or semicolon ends none, so that a list stays whole.

    Examples
    --------
    >>> from mapping.text import split_words
    >>> text = "Work with: schools; parks. (See page 3.)"
    >>> [text[sentence.start : sentence.end] for sentence in cut_sentences(text, split_words(text))]
    ['Work with: schools; parks.', '(See page 3.)']
    """
    firsts = [
        n
        for n, word in enumerate(words)
        if n == 0 or (not word.joined and _SENTENCE_END.search(text, words[n - 1].end, word.start + 1))
    ]
    sentences = []
    for first, after in pairwise([*firsts, len(words)]):
        before = text[words[first - 1].end if first else 0 : words[first].start]
        behind = text[words[after - 1].end : words[after].start if after < len(words) else len(text)]
        # Signs that touch the first and the last word belong to the sentence: quotation marks, brackets, a full stop.
        start = words[first].start - len(re.split(r"\s", before)[-1])
        end = words[after - 1].end + len(re.split(r"\s", behind)[0])
        sentences.append(Sentence(start, end, first, after - 1))
    return sentences
