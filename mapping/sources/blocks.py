"""Tables whose cells begin with a label of their own: "Our priorities" and its items in one cell, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from mapping.sources.announcing import NOTHING, Verdict, is_bare, judge_heading
from mapping.sources.contexts import word_count
from mapping.sources.headers import Row
from mapping.sources.pieces import Piece

__all__ = ["find_blocks", "judge_block"]

_MOST_LABEL_WORDS = 6
_MOST_HEAD_WORDS = 10


def judge_block(cell: Sequence[Piece]) -> Verdict:
    """Return what the label announces with which a cell begins, above further lines or items, if it has one."""
    first = cell[0].text.rstrip(" :")
    if len(cell) < 2 or word_count(first) > _MOST_LABEL_WORDS or not is_bare(first):
        return NOTHING
    return judge_heading(first)


def find_blocks(rows: Sequence[Row]) -> tuple[int, list[int]]:
    """Return which row holds the heads of the columns (-1 if none does), and which rows are labelled cells alone."""
    blocks = [at for at, row in enumerate(rows) if row and all(judge_block(cell).says for cell in row.values())]
    if not any(judge_block(cell).announces for at in blocks for cell in rows[at].values()):
        return -1, []
    head = blocks[0] - 1
    above = rows[head] if head >= 0 else {}
    heads = len(above) > 1 and all(
        len(cell) == 1 and word_count(cell[0].text) <= _MOST_HEAD_WORDS and not is_bare(cell[0].text)
        for cell in above.values()
    )
    return head if heads and set(above) == set(rows[blocks[0]]) else -1, blocks
