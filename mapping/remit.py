"""Remit vocabulary: whose words a board's priorities speak. It is inferred from wording, and stands beside the ladder.

A board's remit words are those that its texts use more than the other boards' texts do. Words inside a name do not
count, since who is named is for the ladder to say; nor do the words of planning that any board may use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from mapping.mentions import find_mentions
from mapping.mentions.names import NameIndex
from mapping.mentions.texts import Text, list_texts
from mapping.tags import Run, once_per_run
from mapping.text import Word, content_words, split_words, stem

__all__ = [
    "FEWEST_TEXTS",
    "LEAST_KEYNESS",
    "find_remit_links",
    "find_remit_passages",
    "find_remits",
    "measure_keyness",
    "measure_remit",
]

#: A word that one text alone holds may be a chance of wording.
FEWEST_TEXTS = 2
#: The 5 % point of chi-squared with one degree of freedom, as for new keywords: a cut, not a test of many words.
LEAST_KEYNESS = 3.84

Numbers = np.ndarray[Any, np.dtype[Any]]

# The words of planning: what any board may set out to do, the papers it writes, where and when. They say nothing of a
# remit, and with a dozen texts a board chance alone would make some of them key.
_PLANNING_WORDS = """
    achieve action active activity address agenda agree aim annual approach area assess assessment attract authority
    base begin being board borough bring build capacity challenge change city city-wide citywide co-ordinate commit
    committee consider continue contribute coordinate council county create current data day deliver delivery develop
    development district effective enable encourage ensure establish evidence executive expand find first five focus
    focussed four framework future get give goal good great group groups help high identify impact implement improve
    improvement include increase indicator initiative input introduce invest issue issues join key lead level link local
    long look low main maintain make manage management maximise measure meet meeting meetings minimise model monitor
    month more national need network new number objective offer officer one operate opportunity organisation organise
    outcome overall paper part particular partner partnership people perform performance place plan planning policy
    positive possible prepare present priority process produce programme progress project promote proposal propose
    provide provision publish quality raise range recent reduce reduction refresh regional relate report require
    resource respond response result review role run scheme sector seek service services set share significant start
    step strategic strategy strengthen strong structure sub success successful support sustain sustainable system take
    target task team term terms theme three time together topic two undertake update use value various vision way week
    well wide wider work working year
    january february march april june july august september october november december""".split()
_PLANNING = frozenset(stem(word.replace("-", "")) for word in _PLANNING_WORDS)


def measure_keyness(inside: Any, outside: Any, size_inside: Any, size_outside: Any) -> Numbers:
    """Return the log-likelihood G2 = 2 sum O ln(O / E) of a word over two sets of texts (Dunning 1993).

    Parameters
    ----------
    inside, outside : number or array
        How often the word is used in each set.
    size_inside, size_outside : number or array
        How many uses, of texts or of words, there are.

    Examples
    --------
    Three of four texts hold the word, and one of twelve others; 1 and 3 would be expected:

    >>> from math import log
    >>> bool(np.isclose(measure_keyness(3, 1, 4, 12), 2 * (3 * log(3 / 1) + 1 * log(1 / 3))))
    True
    """
    counts = [np.asarray(count, dtype=float) for count in (inside, outside)]
    sizes = [np.asarray(size, dtype=float) for size in (size_inside, size_outside)]
    share = _divide(counts[0] + counts[1], sizes[0] + sizes[1])
    # What is not used at all adds nothing: x ln x goes to 0 with x.
    parts = [count * np.log(_divide(count, size * share, 1.0)) for count, size in zip(counts, sizes, strict=True)]
    return np.asarray(2 * (parts[0] + parts[1]), dtype=float)


def _divide(count: Numbers, by: Numbers, otherwise: float = 0.0) -> Numbers:
    """Return a quotient, and ``otherwise`` where either number is not above nought."""
    count, by = np.broadcast_arrays(count, by)
    quotient: Numbers = np.divide(count, by, out=np.full(count.shape, otherwise), where=(count > 0) & (by > 0))
    return quotient


@dataclass(frozen=True)
class _Reading:
    """The texts of the boards as words.

    Attributes
    ----------
    boards, texts, words : list
        Codes; texts; and words, each as it is mostly written.
    owners : ndarray
        For each text the place of its board.
    holds : sparse matrix
        Texts by words: 1 where the text holds the word, once or more.
    uses : ndarray
        Boards by words: how many of the board's texts hold the word.
    sizes : ndarray
        Boards: their uses of all words, so that a board of long texts is not taken for one of many concerns.
    numbers : ndarray
        Boards: their texts.
    """

    boards: list[str]
    texts: list[Text]
    words: list[str]
    owners: Numbers
    holds: sparse.csr_matrix
    uses: Numbers
    sizes: Numbers
    numbers: Numbers

    def find_keys(self, speaker: int | None = None) -> tuple[Numbers, Numbers, Numbers]:
        """Return, boards by words, which words are a board's remit, how many uses were expected, and the keyness.

        With a speaker, its own texts are left out of both sides, so that its use neither adds nor dampens; and a
        word of which it makes as much use itself is not another board's.
        """
        own = self.uses[speaker] if speaker is not None else np.zeros(len(self.words))
        size = self.sizes[speaker] if speaker is not None else 0
        outside = self.uses.sum(axis=0) - self.uses - own
        inside, words = self.uses, self.sizes[:, None]
        others = self.sizes.sum() - words - size
        keyness = np.round(measure_keyness(inside, outside, words, others), 9)
        keys = (inside >= FEWEST_TEXTS) & (inside * others > outside * words) & (keyness >= LEAST_KEYNESS)
        if speaker is not None:
            keys &= inside * size > own * words
            keys[speaker] = False
        return keys, words * _divide(inside + outside, words + others), keyness

    def find_spoken(self, speaker: int, rows: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return which remit words each of some texts of a speaker holds.

        Returns
        -------
        words : ndarray
            The places of all words that are remit words of another board.
        keys : ndarray
            Boards by those words: whose remit each is.
        spoken : ndarray
            Texts by boards by those words.
        """
        every, _, _ = self.find_keys(speaker)
        words = np.flatnonzero(every.any(axis=0))
        held = self.holds[rows][:, words].toarray() > 0
        return words, every[:, words], held[:, None, :] & every[None, :, words]


def _get_reading(run: Run, passages: pd.DataFrame | None) -> _Reading:
    """Return the texts as words; those of the run's own tables are read once and kept with the run."""
    if passages is not None:
        return _read(run, passages)
    kept: dict[str, _Reading] = run.__dict__.setdefault("_readings", {})
    if "remit" not in kept:
        kept["remit"] = _read(run, None)
    return kept["remit"]


def _read(run: Run, passages: pd.DataFrame | None) -> _Reading:
    """Read the counted priorities of the run and the passages as words."""
    boards = list(run.boards["board"])
    texts = [text for text in list_texts(run, passages) if text.counted or text.found_in == "passage"]
    # Restated priorities of a board whose documents are there as passages would say the same a second time.
    read = {text.board for text in texts if text.found_in == "passage"}
    twice = [t.found_in == "priority" and t.wording != "verbatim" and t.board in read for t in texts]
    weighs = 1.0 - np.array(twice, dtype=float)
    names = NameIndex(run.partnership)
    place_words = {word.stem for word in split_words(run.partnership.info.get("place", ""))}
    columns: dict[str, int] = {}
    shown: list[Counter[str]] = []
    starts, cells = [0], []
    for text in texts:
        for term, form in _list_terms(text.text, names):
            if term in _PLANNING or term in place_words:
                continue
            column = columns.setdefault(term, len(columns))
            if column == len(shown):
                shown.append(Counter())
            shown[column][form] += 1
            cells.append(column)
        starts.append(len(cells))
    shape = (len(texts), len(columns))
    holds = sparse.csr_matrix((np.ones(len(cells)), cells, starts), shape=shape)
    owners = np.array([boards.index(text.board) for text in texts], dtype=int)
    belongs = sparse.csr_matrix((weighs, (owners, np.arange(len(texts)))), shape=(len(boards), len(texts)))
    words = [min(forms, key=lambda form: (-forms[form], len(form), form)) for forms in shown]
    uses = np.asarray((belongs @ holds).todense())
    numbers = np.asarray(belongs.sum(axis=1)).ravel()
    return _Reading(boards, texts, words, owners, holds, uses, uses.sum(axis=1), numbers)


def _list_terms(text: str, names: NameIndex) -> Iterator[tuple[str, str]]:
    """Yield each content word of a text once, by its stem: a compound as one word, nothing that stands in a name."""
    words = split_words(text)
    named = {place for found in names.find(text, words) for place in range(found.first, found.last + 1)}
    terms: list[Word] = []
    place = 0
    while place < len(words):
        last = place
        while last + 1 < len(words) and words[last + 1].joined:
            last += 1
        if named.isdisjoint(range(place, last + 1)):
            form = "".join(word.form for word in words[place : last + 1]).removesuffix("'s")
            terms.append(Word(words[place].start, words[last].end, form, stem(form), False, words[place].sentence))
        place = last + 1
    seen = set()
    for term in content_words(terms):
        if term.stem not in seen and any(letter.isalpha() for letter in term.form):
            seen.add(term.stem)
            yield (
                term.stem,
                " ".join(text[term.start : term.end].casefold().replace("\u2019", "'").split()).removesuffix("'s"),
            )


def find_remits(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the words of each board's remit: those that its texts use more than the other boards' texts do.

    Parameters
    ----------
    run : Run
    passages : DataFrame, optional
        As for ``find_mentions``; passages are texts of their board beside its counted priorities.

    Returns
    -------
    DataFrame
        One row per board and remit word, in board order, the highest keyness first: ``board``, ``word`` as it is
        mostly written; ``uses``, how many of the board's ``texts`` hold it; ``expected``, how many would if all boards
        made as much use of it; ``g2``, its log-likelihood (Dunning 1993), at least ``LEAST_KEYNESS``.
    """
    read = _get_reading(run, passages)
    keys, expected, keyness = read.find_keys()
    rows = []
    for b, board in enumerate(read.boards):
        own = [
            (board, read.words[w], int(read.uses[b, w]), int(read.numbers[b]), expected[b, w], keyness[b, w])
            for w in np.flatnonzero(keys[b])
        ]
        rows += sorted(own, key=lambda row: (-round(row[5], 9), row[1]))
    table = pd.DataFrame(rows, columns=["board", "word", "uses", "texts", "expected", "g2"])
    return table.astype({"expected": float, "g2": float}).round({"expected": 3, "g2": 3})


def find_remit_links(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find how many of each board's priorities speak the remit of each other board.

    A priority of A speaks B's remit when it holds at least one of B's remit words: a word that two or more texts of B
    hold, that is key to B against all boards but A and B, and of which B makes more use than A.

    Returns
    -------
    DataFrame
        One row per ordered pair of boards, in board order: ``from_board``, ``to_board``; ``speaking``, the priorities
        of the first that speak the remit of the second, of its ``priorities`` (counted ones); ``share`` (missing when
        there are none, or when no word is key to the second board); ``vocabulary``, how many words are; ``ids``, the
        priorities; ``words`` they do it with, the most used first.

    Notes
    -----
    Keyness is the log-likelihood G2 (Dunning 1993) over uses of words, each once a text; cuts: ``FEWEST_TEXTS`` and
    ``LEAST_KEYNESS``. A remit is inferred from the wording of others, so it stands beside the ladder, never on it; with
    fewer than three boards with texts there is nothing to infer it from.
    """
    return _find_remit_links(run) if passages is None else _list_remit_links(_read(run, passages))


@once_per_run
def _find_remit_links(run: Run) -> pd.DataFrame:
    return _list_remit_links(_get_reading(run, None))


def _list_remit_links(read: _Reading) -> pd.DataFrame:
    counted = np.array([text.counted for text in read.texts], dtype=bool)
    rows: list[dict[str, Any]] = []
    for a, speaker in enumerate(read.boards):
        own = np.flatnonzero(counted & (read.owners == a))
        words, keys, spoken = read.find_spoken(a, own)
        for b, board in enumerate(read.boards):
            if a == b:
                continue
            uses, size = spoken[:, b].sum(axis=0), int(keys[b].sum())
            ids = [read.texts[own[n]].id for n in np.flatnonzero(spoken[:, b].any(axis=1))]
            said = sorted((-int(uses[n]), read.words[words[n]]) for n in np.flatnonzero(uses))
            rows.append(
                {
                    "from_board": speaker, "to_board": board, "speaking": len(ids), "priorities": len(own),
                    "share": len(ids) / len(own) if len(own) and size else np.nan, "vocabulary": size,
                    "ids": ids, "words": [word for _, word in said],
                }
            )  # fmt: skip
    columns = ["from_board", "to_board", "speaking", "priorities", "share", "vocabulary", "ids", "words"]
    return pd.DataFrame(rows, columns=columns).astype({"share": float})


def measure_remit(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Measure who speaks whose remit: the directed matrix of ``find_remit_links``, with its sums.

    Returns
    -------
    DataFrame
        One row per board, in board order: ``board``; ``to_`` and the code of each board, the share of the row's
        priorities that speak that board's remit (missing on the diagonal, and as in ``find_remit_links``);
        ``active``, the sum of the row: how much it speaks the remits of others; ``passive``, the sum of its column:
        how much the others speak its remit. A sum is 0 to the number of other boards, missing when all its parts are.
    """
    links = find_remit_links(run, passages)
    boards = list(run.boards["board"])
    shares = links.pivot_table(index="from_board", columns="to_board", values="share", sort=False, dropna=False)
    shares = shares.reindex(index=boards, columns=boards).astype(float)
    table = pd.DataFrame({"board": boards})
    for board in boards:
        table[f"to_{board}"] = list(shares[board])
    table["active"] = list(shares.sum(axis=1, min_count=1))
    table["passive"] = list(shares.sum(axis=0, min_count=1))
    return table


def find_remit_passages(run: Run, passages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find whose remit words each passage holds, and whom it names.

    Returns
    -------
    DataFrame
        One row per passage, in the order of boards and passages: ``passage`` (its id), ``board``; ``names``, the other
        boards of the matrix that it names; ``speaks``, those whose remit words it holds; ``words``, these words as
        ``"CYP: young"``; ``text``.
    """
    read, mentions = _get_reading(run, passages), find_mentions(run, passages)
    named: dict[str, set[str]] = {}
    for source, board in zip(mentions["source"], mentions["to_board"], strict=True):
        named.setdefault(source, set()).add(board)
    rows = []
    for a in range(len(read.boards)):
        is_own = [n for n, t in enumerate(read.texts) if read.owners[n] == a and t.found_in == "passage"]
        words, _, spoken = read.find_spoken(a, np.array(is_own, dtype=int))
        for n, held in zip(is_own, spoken, strict=True):
            text = read.texts[n]
            said = [
                f"{board}: {', '.join(sorted(read.words[words[w]] for w in np.flatnonzero(held[b])))}"
                for b, board in enumerate(read.boards)
                if held[b].any()
            ]
            speaks = [board for b, board in enumerate(read.boards) if held[b].any()]
            names = [board for board in read.boards if board in named.get(text.id, ())]
            rows.append((text.id, text.board, names, speaks, said, text.text))
    return pd.DataFrame(rows, columns=["passage", "board", "names", "speaks", "words", "text"])
