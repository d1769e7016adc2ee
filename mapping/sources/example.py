"""Four made-up papers that are shipped, to try the reading of documents on."""

from __future__ import annotations

from pathlib import Path

from mapping.files import find_data
from mapping.sources.passages import Document
from mapping.sources.reading import read_documents

__all__ = ["find_papers", "load_papers"]

_NAME = "example"


def find_papers(name: str = _NAME) -> Path | None:
    """Return the folder of the shipped papers; None for any other name, or where a file of that name stands."""
    return None if name != _NAME or Path(name).exists() else find_data() / "papers"


def load_papers() -> list[Document]:
    """Load the made-up papers of Millbrook (``data/papers/``): a strategy, a plan, an annual report and a tracker.

    Returns
    -------
    list of Document
        In the order of their names.

    Examples
    --------
    >>> [paper.name for paper in load_papers()]
    ['annual.html', 'labels.txt', 'strategy.md', 'tracker.html']
    """
    return read_documents(sorted((find_data() / "papers").iterdir()))
