"""The header of a table: which rows it takes, what each column announces, and priorities that stand in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mapping.sources.announcing import NOTHING, Verdict, is_bare, judge_column, judge_heading
from mapping.sources.boards import is_label
from mapping.sources.contexts import word_count
from mapping.sources.pieces import Piece

__all__ = [
    "MOST_HEADER_WORDS",
    "Row",
    "cell_words",
    "count_labels",
    "find_header",
    "find_labels",
    "is_guidance",
    "is_header",
    "is_title",
    "merge_headers",
    "settle_columns",
]

Row = dict[int, list[Piece]]

MOST_HEADER_WORDS = 8
_MOST_TITLES, _DEEPEST, _GROUP_WORDS, _HEADER_SHARE = 6, 3, 6, 0.6
_GUIDANCE = re.compile(
    r"'?(?:read ?me(?: first)?|instructions?|guidance(?: notes?)?|how to (?:use|complete).*|user guide|look ?ups?|"
    r"lists?|(?:drop ?-?downs?|validation)(?: lists?)?|version (?:control|history)|change log|contents|index|glossary|"
    r"definitions)'?",
    re.IGNORECASE,
)
_INNER = re.compile(r"(?:full )?(?:description|details?|title|name|wording|text|statement)", re.IGNORECASE)
_WHOLE_PLAN = re.compile(r"\b(?:action|delivery|work|implementation|improvement) (?:plan|programme)s?\b", re.IGNORECASE)


def cell_words(cell: Sequence[Piece]) -> str:
    """Return the words of a cell as one text."""
    return " ".join(piece.text for piece in cell)


def is_guidance(run: Sequence[Piece]) -> bool:
    """Say whether a sheet says by its name that it tells how to use the workbook: "Read me", "Lists".

    Its name stands in the address of its cells.
    """
    sheet = run[0].passage.cell.rpartition("!")[0]
    return _GUIDANCE.fullmatch(sheet) is not None


def is_title(text: str) -> bool:
    """Say whether the words alone in a row name the whole table, rather than label what follows.

    Examples
    --------
    >>> [is_title(text) for text in ("Safer Streets Partnership action plan", "Priority outcomes", "Action plan")]
    [True, False, False]
    """
    return not is_bare(text) and _WHOLE_PLAN.search(text) is not None


def is_header(row: Row) -> bool:
    """Say whether a row is header beyond doubt: most of its cells are words of headers alone, and one announces."""
    cells = [cell_words(cell) for cell in row.values()]
    told = [cell for cell in cells if re.search(r"[^\W\d_]{2}", cell)]
    if len(told) < 2 or any(word_count(cell) > MOST_HEADER_WORDS for cell in cells):
        return False
    bare = [cell for cell in told if is_bare(cell)]
    return len(bare) >= _HEADER_SHARE * len(told) and any(judge_column(cell).announces for cell in bare)


def count_labels(rows: Sequence[Row]) -> int:
    """Return how many rows above a header are a label and its value, such as "Vision | A safe city"; 0 if none are."""
    for at, row in enumerate(rows[: _MOST_TITLES + 1]):
        if is_header(row):
            # "Priority | Delivery" over a header that begins in its second column groups columns instead.
            return at if any(len(above) == 2 and min(above) in row for above in rows[:at]) else 0
        words = [cell_words(cell) for cell in row.values()]
        labelled = len(words) == 2 and is_bare(words[0]) and not is_bare(words[1]) and judge_heading(words[0]).announces
        if len(words) > 1 and not labelled:
            return 0
    return 0


def find_labels(row: Row) -> dict[int, list[Piece]]:
    """Return the cells of a header that hold priorities themselves, "Priority 1: Prevention | Priority 2: Support"."""
    labelled = {}
    for column, cell in row.items():
        text = cell_words(cell)
        label = is_label(text, plain=True)
        if label and label["sign"] and label.end() < len(text) and not is_bare(text[label.end() :]):
            labelled[column] = cell
    return labelled if len(labelled) >= max(2, len(row) - 1) else {}


def find_header(rows: Sequence[Row]) -> tuple[int, dict[int, Verdict]]:
    """Return how many rows are header, and what each column's header announces; (0, {}) where there is no header.

    Rows with one cell above the first wide row are titles. Over the row that names the columns there may be one or two
    that group them ("What | Who and when").
    """
    wide = any(len(row) > 1 for row in rows)
    first = next((at for at, row in enumerate(rows) if len(row) > 1), 0) if wide else 0
    if first > _MOST_TITLES or first + 1 >= len(rows):
        return 0, {}
    if any(is_label(cell_words(cell)) for row in rows[:first] for cell in row.values()) and not is_header(rows[first]):
        return 0, {}
    ends = min(first + _DEEPEST, len(rows) - 1)
    last = next((at for at in range(first, ends) if is_header(rows[at])), ends)
    if last == ends or not all(_may_group(row) for row in rows[first:last]):
        return _judge_first(rows, first, wide)
    while last + 1 < ends and (is_header(rows[last + 1]) or _is_below(rows[last + 1])):
        last += 1
    return last + 1, merge_headers(rows[first : last + 1])


def _may_group(row: Row) -> bool:
    cells = [cell_words(cell) for cell in row.values()]
    return all(word_count(cell) <= _GROUP_WORDS and not cell.endswith(".") for cell in cells)


def _is_below(row: Row) -> bool:
    """Say whether a row under a header divides its columns: "Ref | Description" under "Priority"."""
    words = [cell_words(cell) for cell in row.values()]
    return any(_INNER.fullmatch(text) for text in words) and all(
        _INNER.fullmatch(text) or is_bare(text) for text in words
    )


def merge_headers(rows: Sequence[Row]) -> dict[int, Verdict]:
    """Return what each column announces: by the lowest row of a header that has a cell there.

    A cell such as "Description" says what the cell over it announces, which spans it.
    """
    verdicts: dict[int, Verdict] = {}
    for row in rows:
        above = dict(verdicts)
        for column, cell in row.items():
            words = cell_words(cell)
            spans = [over for over in above if over <= column]
            inner = _INNER.fullmatch(words) and spans
            verdicts[column] = above[max(spans)] if inner else judge_column(words)
    return verdicts


def _judge_first(rows: Sequence[Row], at: int, wide: bool) -> tuple[int, dict[int, Verdict]]:
    """Judge the first wide row as a header by what one of its cells announces; a row of one cell only if it is bare."""
    cells = {column: cell_words(cell) for column, cell in rows[at].items()}
    if any(word_count(cell) > MOST_HEADER_WORDS for cell in cells.values()):
        return 0, {}
    verdicts = {column: judge_column(cell) for column, cell in cells.items()}
    if not any(verdict.announces for verdict in verdicts.values()) or (not wide and is_title(cells[min(cells)])):
        return 0, {}
    # "City Vision | A safe city" is a label and its value; "Priority | Lead" is a header.
    values = [column for column, cell in cells.items() if not verdicts[column].says and len(cells) == 2]
    label_like = bool(values) and _are_labels(rows[at + 1 :])
    return (0, {}) if label_like else (at + 1, verdicts)


def _are_labels(below: Sequence[Row]) -> bool:
    """Say whether the first cells of the rows below a first row are labels too."""
    labels = [judge_heading(cell_words(row[min(row)])) if row else NOTHING for row in below]
    return any(verdict.says for verdict in labels)


def settle_columns(verdicts: dict[int, Verdict]) -> dict[int, Verdict]:
    """Return what columns announce beside one another: an ambition of a theme, a commitment or milestone of a priority.

    Examples
    --------
    >>> columns = {1: judge_column("Theme"), 2: judge_column("Ambition"), 3: judge_column("Commitment")}
    >>> [verdict.says for verdict in settle_columns(columns).values()]
    ['theme', 'priority', 'action']
    """
    settled: dict[int, Verdict] = {}
    acts = any(verdict.says == "action" for verdict in verdicts.values())
    for column, verdict in sorted(verdicts.items()):
        before = {one.says for one in settled.values() if one.announces}
        if verdict.says == "vision" and before & {"theme", "priority"}:
            verdict = verdict._replace(says="priority" if "theme" in before else "theme")
        elif verdict.pattern.startswith(("commitment", "pledge")) and "priority" in before and not acts:
            verdict = verdict._replace(says="action")
        elif verdict.pattern.startswith(("milestone", "key milestone")) and before and not acts:
            verdict = verdict._replace(says="action", mixed=True)
        settled[column] = verdict
    return settled
