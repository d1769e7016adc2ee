"""The receipt of a reading: every passage of every document, taken or left, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from mapping.csv_format import write_table
from mapping.errors import OutputError
from mapping.sources.candidates import Found
from mapping.sources.passages import Document
from mapping.sources.repeats import key_of

__all__ = [
    "RECEIPT",
    "Taken",
    "account_for",
    "check_new",
    "check_receipt",
    "count_receipt",
    "name_beside",
    "write_once",
]

#: The columns of a receipt.
RECEIPT = (
    "file", "document_hash", "place", "kind", "page", "outcome", "rows", "why", "characters", "characters_taken", "text"
)  # fmt: skip


class Taken(NamedTuple):
    """What was made of one statement: the id of its row, its span in the passage, and what it repeats if it does."""

    row: str
    start: int
    end: int
    repeats: str


def account_for(
    documents: Sequence[Document], founds: Sequence[Found], taken: Mapping[tuple[str, int], Sequence[Taken]]
) -> list[dict[str, Any]]:
    """Return the rows of the receipt: one per passage, and one with place 0 for a document without any.

    Parameters
    ----------
    documents : sequence of Document
    founds : sequence of Found
        What the rules found in each.
    taken : mapping
        By the key of the document and the place of the passage, the statements made of it.
    """
    lines: list[dict[str, Any]] = []
    for document, found in zip(documents, founds, strict=True):
        if not document.passages:
            refused = document.outcome == "refused"
            why = next((warning.message for warning in document.warnings), "holds no text")
            lines.append(_line(document, 0, "", "", "refused" if refused else "empty", "", why, 0, 0, ""))
        for passage in document.passages:
            own = taken.get((key_of(document), passage.place), ())
            rows = [one.row for one in own if not one.repeats]
            repeats = [one.repeats for one in own if one.repeats]
            covered = _cover([(one.start, one.end) for one in own if not one.repeats])
            why = found.why.get(passage.place, "no rule finds a priority here")
            if rows:
                why = "" if covered >= len(passage.text) - 2 else "taken in part"
            elif repeats:
                why = f"repeats {', '.join(dict.fromkeys(repeats))}"
            if rows and repeats:
                why = "; ".join(filter(None, [why, f"the rest repeats {', '.join(dict.fromkeys(repeats))}"]))
            page = "" if passage.page is None else str(passage.page)
            outcome = "taken" if rows else "left"
            lines.append(
                _line(
                    document,
                    passage.place,
                    passage.kind,
                    page,
                    outcome,
                    " | ".join(rows),
                    why,
                    len(passage.text),
                    covered,
                    passage.text,
                )
            )
    return lines


def _line(document: Document, *values: Any) -> dict[str, Any]:
    return dict(zip(RECEIPT, (document.name, document.sha256, *values), strict=True))


def _cover(spans: Sequence[tuple[int, int]]) -> int:
    return len({place for start, end in spans for place in range(start, end)})


def check_receipt(receipt: pd.DataFrame, documents: Sequence[Document]) -> None:
    """Raise if a passage of the documents is missing from the receipt, stands there twice, or was left unsaid.

    Raises
    ------
    AssertionError
        Taken and left do not make up the passages.
    """
    wanted = [(document.name, passage.place) for document in documents for passage in document.passages]
    rows = receipt[receipt["place"] > 0]
    if list(zip(rows["file"], rows["place"], strict=True)) != wanted:
        raise AssertionError("taken and left do not make up the passages")
    if (rows["outcome"].isin(["taken", "left"]) & (rows["rows"].ne("") | rows["why"].ne(""))).sum() != len(rows):
        raise AssertionError("a passage was left without a reason")


def count_receipt(receipt: pd.DataFrame) -> pd.DataFrame:
    """Count the passages of each document.

    Parameters
    ----------
    receipt : DataFrame

    Returns
    -------
    DataFrame
        One row per document, in order: ``file``, ``passages``, ``taken``, ``left`` (taken and left make up the
        passages), ``rows`` of the draft, ``repeats`` among those left, and ``outcome`` (read, refused, empty).

    Examples
    --------
    >>> line = dict.fromkeys(RECEIPT, "") | {"file": "plan.txt", "place": 1, "outcome": "taken", "rows": "SCB-01"}
    >>> count_receipt(pd.DataFrame([line])).to_dict("records")[0]["taken"]
    1
    """
    counted = []
    for (file, _), own in receipt.groupby(["file", "document_hash"], sort=False):
        read = own[own["place"] > 0]
        counted.append(
            {
                "file": file, "passages": len(read), "taken": int((read["outcome"] == "taken").sum()),
                "left": int((read["outcome"] == "left").sum()),
                "rows": sum(len(cell.split(" | ")) for cell in read["rows"] if cell),
                "repeats": int((read["why"].str.startswith("repeats") & (read["outcome"] == "left")).sum()),
                "outcome": "read" if len(read) else own["outcome"].iloc[0],
            }
        )  # fmt: skip
    columns = ["file", "passages", "taken", "left", "rows", "repeats", "outcome"]
    return pd.DataFrame(counted, columns=columns)


def name_beside(path: Path, what: str) -> Path:
    """Return the name of a file that goes beside a draft: ``draft.csv`` has ``draft-receipt.csv``.

    Examples
    --------
    >>> name_beside(Path("draft.csv"), "receipt").name
    'draft-receipt.csv'
    """
    return path.with_name(f"{path.stem}-{what}{path.suffix or '.csv'}")


def check_new(*paths: Path) -> None:
    """Raise if a file is not to be a CSV, or is there already, since it may hold a person's work.

    Raises
    ------
    OutputError
    """
    for path in paths:
        if path.suffix.casefold() != ".csv":
            raise OutputError(f"{path}: is written as CSV, which opens in Excel. Give a name that ends with .csv.")
        if path.exists():
            raise OutputError(f"{path}: already stands there and may hold your work. Choose another name with -o.")


def write_once(tables: Mapping[Path, pd.DataFrame]) -> list[Path]:
    """Write tables to new files; none is written if one of them is there already, since it may hold people's work.

    Raises
    ------
    OutputError
    """
    check_new(*tables)
    written: list[Path] = []
    try:
        for path, table in tables.items():
            written.append(write_table(path, table))
    except OutputError:
        # All or none: a draft without its receipt would also keep the next run from writing it.
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written
