"""Which version of a paper to go on from, where several stand side by side: the one that holds what people wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from docx.document import Document
from docx.oxml.ns import qn

from mapping.errors import MappingError, OutputError
from mapping.files import list_names
from mapping.paper.blocks import hash_text
from mapping.paper.marks import find_blocks, find_comments, list_paragraphs, read_still, read_text
from mapping.paper.package import Record, get_record, list_parts, open_document

__all__ = ["Version", "choose_version", "find_free_name", "hash_words"]

#: The highest number that ``list_names`` reads in a name.
_MOST = 9_999


@dataclass(frozen=True)
class Version:
    """A paper of ours that stands in the folder.

    Attributes
    ----------
    path : Path
    number : int
        Its number among the versions: 1 for paper.docx, 2 for paper-2.docx.
    document : Document
    record : dict or None
        What was kept in it when it was written; nothing where another program has dropped that.
    words : str
        A hash of the words that it holds now.
    """

    path: Path
    number: int
    document: Document
    record: Record | None
    words: str

    @property
    def touched(self) -> bool:
        """Whether a person may have edited it since it was written."""
        return self.record is None or self.record.get("words") != self.words

    @property
    def edits(self) -> frozenset[int]:
        """The numbers of the versions whose edits it holds: its own, and those it was made from."""
        earlier = self.record.get("edits", []) if self.record is not None else []
        return frozenset(earlier) | ({self.number} if self.touched else frozenset())

    def is_made_from(self, other: Version) -> bool:
        """Return whether it was made from exactly the words that another one holds now."""
        return self.record is not None and self.record.get("from") == other.words


def choose_version(path: str | Path) -> Version | None:
    """Choose the version to go on from, among paper.docx, paper-2.docx and so on; nothing where there is none.

    A version from whose present words a later one was made is *contained* in it; the others are the tips. One tip that
    a person has edited is chosen, or else the newest, but only where it holds the edits of all other tips too. Nothing
    is read from the dates of the files: the same files give the same choice.

    Raises
    ------
    MappingError
        When people edited several versions apart, so that going on from one would lose the edits of another; and when
        a file there cannot be read, or the one at ``path`` is no paper of ours.
    """
    versions = _list_versions(Path(path))
    tips = [
        version
        for n, version in enumerate(versions)
        if not any(later.is_made_from(version) for later in versions[n + 1 :])
    ]
    touched = [version for version in tips if version.touched]
    able = [version for version in touched or tips if all(other.edits <= version.edits for other in tips)]
    if tips and (len(touched) > 1 or not able):
        raise MappingError(_refuse(versions, [version for version in tips if version.edits]))
    return able[-1] if able else None


def _refuse(versions: Sequence[Version], edited: Sequence[Version]) -> str:
    names = {version.number: version.path.name for version in versions}
    said = []
    for version in edited:
        held = [names.get(number, f"version {number}") for number in sorted(version.edits - {version.number})]
        own = [] if not version.touched else ["edited since it was written"]
        if version.record is None:
            own = ["counts as edited, since it no longer holds what was kept in it"]
        own += [f"holds the edits of {name}" for name in held]
        said.append(f"{version.path.name} ({', '.join(own)})")
    return (
        f"{edited[0].path.parent}: people edited {len(edited)} versions of this paper apart: {'; '.join(said)}. Put "
        "their edits into one of them, move the others out of the folder, and run again. Nothing was written."
    )


def _list_versions(path: Path) -> list[Version]:
    """Return the papers of ours that stand at a path and its next names."""
    found = []
    for number, file in _list_files(path):
        document = open_document(file)
        if find_blocks(document):
            found.append(Version(file, number, document, get_record(document), hash_words(document)))
        elif file == path:
            raise OutputError(
                f"{path}: already stands there and is no paper written by this command. Choose another name with -o."
            )
    return found


def _list_files(path: Path) -> list[tuple[int, Path]]:
    """Return what stands at a path and its next names, each with its number."""
    if not path.parent.is_dir():
        return []
    try:
        # The folder is read once; on some disks capitals make no difference.
        there = {file.name.casefold() for file in path.parent.iterdir()}
    except OSError as error:
        raise MappingError(f"{path.parent}: cannot be read ({error.strerror}).") from error
    named = islice(_number_names(path), _MOST)
    return [(number, file) for number, file in named if file.name.casefold() in there and file.exists()]


def _number_names(path: Path) -> Iterator[tuple[int, Path]]:
    """Yield a path and its next names, each with its number: 1 for paper.docx, 2 for paper-2.docx."""
    _, second = islice(list_names(path), 2)
    yield from enumerate(list_names(path), int(second.stem.rpartition("-")[2]) - 1)


def find_free_name(path: str | Path) -> Path:
    """Return the path, or where files stand at it or its next names, the name after the last of them."""
    target = Path(path)
    taken = max((number for number, _ in _list_files(target)), default=0)
    return next(name for number, name in _number_names(target) if number > taken)


def hash_words(document: Document) -> str:
    """Return a hash of all that people can write into a paper; saving it in another program changes nothing.

    Read are the paragraphs, the alternative texts, the comments, and header and footer without the fields that count.
    """
    said = [read_text(paragraph) for paragraph in list_paragraphs(document)]
    said += dict.fromkeys(picture.get("descr", "") for picture in document.element.body.iter(qn("wp:docPr")))
    said += sorted(comment.text for comment in find_comments(document))
    outside = list_parts(document, "header", "footer", "footnotes", "endnotes")
    said += sorted({read_still(paragraph) for part in outside for paragraph in part.iter(qn("w:p"))})
    return hash_text(" ".join(said))
