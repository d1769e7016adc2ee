"""Write the discussion paper: new, or over an officer's edits into a file beside theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu

from mapping.comparison import find_changes
from mapping.errors import MappingError, OutputError
from mapping.files import replace_controls, write_file
from mapping.paper.blocks import Block
from mapping.paper.changes import merge
from mapping.paper.compose import compose, say_title
from mapping.paper.document import Writer
from mapping.paper.house import open_house_style
from mapping.paper.package import Record, describe, get_record, new_document, save_document, set_record
from mapping.paper.sources import Tables
from mapping.paper.styles import ROLES, dress, order_properties
from mapping.paper.template import Template, read_template
from mapping.paper.versions import Version, choose_version, find_free_name, hash_words
from mapping.tags import Run

__all__ = ["Paper", "make_paper", "write_paper"]


@dataclass(frozen=True)
class Paper:
    """A paper before it is saved.

    Attributes
    ----------
    document : Document
    blocks : sequence of Block
        What the run says, part by part.
    changes : list of str or None
        What changed in an officer's file; nothing for a new paper.
    notes : list of str
        What a person should know of it.
    """

    document: Document
    blocks: Sequence[Block]
    changes: list[str] | None
    notes: list[str]


def write_paper(
    run: Run,
    path: str | Path,
    template: str | Path = "derby",
    house_style: str | Path | None = None,
    *,
    since: Run | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Path:
    """Write the discussion paper of a run as a Word file: a draft with marks and gaps, for an officer to finish.

    Parameters
    ----------
    run : Run
    path : str or Path
        Where it is to stand. A paper that stands there, or under one of its next names (paper-2.docx), is never
        replaced: the version that holds the officer's edits is gone on from, and the new one goes into a file beside
        it, with a list of changes.
    template : str or Path
        Headings and order: derby, generic, or a YAML file of your own (``data/README.md``).
    house_style : str or Path, optional
        A council's own Word file, whose styles, margins, header and footer are taken over.
    since : Run, optional
        An earlier run; what changed since then goes into an appendix.
    progress : callable
        Told in words what is being done, and what to look at.

    Returns
    -------
    Path
        Of the file that was written: ``path``, or a new name beside it with ``-changes.txt`` to it. Where the version
        that would be gone on from says the same run already, nothing is written, and its path is returned.

    Raises
    ------
    MappingError
        When the template, the house style or a file at ``path`` or its next names cannot be used, or people edited
        several versions apart (``choose_version``); nothing is written.

    Examples
    --------
    >>> import tempfile
    >>> from mapping import load_derby, tag
    >>> folder = tempfile.mkdtemp()
    >>> write_paper(tag(load_derby()), f"{folder}/paper.docx").name
    'paper.docx'
    """
    target = Path(path)
    if target.suffix.casefold() != ".docx":
        raise OutputError(f"{target}: a paper is a Word file; give it a name that ends in .docx.")
    chosen = read_template(template)
    there = choose_version(target)
    if there is not None:
        if house_style is not None:
            raise MappingError(
                f"{there.path}: already stands there and keeps its own look. Leave out the house style, or choose "
                "another name."
            )
        progress(f"going on from {there.path.name}")
    progress("counting, testing and drawing")
    paper = make_paper(run, chosen, house_style, since=since, there=there)
    for note in paper.notes:
        progress(note)
    if there is not None and _says_the_same(there.record, get_record(paper.document)):
        progress(f"{there.path} was written from this run already, so nothing is written")
        return there.path
    content = save_document(paper.document)
    if there is None:
        return write_file(target, content)
    written = write_file(find_free_name(target), content)
    head = f"{written.name} goes on from {there.path.name}: {run.edition}.\n\n"
    lines = paper.changes or ["Nothing changed."]
    write_file(written.with_name(f"{written.stem}-changes.txt"), replace_controls(head + "\n".join(lines) + "\n"))
    return written


def _says_the_same(before: Record | None, after: Record | None) -> bool:
    """Return whether two papers were written from the same run with the same words."""
    if before is None or after is None:
        return False
    return all(before.get(name) == after.get(name) for name in ("run", "edition", "blocks"))


def make_paper(
    run: Run,
    template: Template,
    house_style: str | Path | None = None,
    *,
    since: Run | None = None,
    there: Version | None = None,
) -> Paper:
    """Make a paper without saving it; ``there`` is an officer's file that it is to go on from."""
    document, merged = there.document if there is not None else None, None
    if document is None:
        # First, because a house style that cannot be used is to be said before the work is done.
        document = new_document() if house_style is None else open_house_style(house_style)
        dress(document, template.language, template.styles, plain=house_style is None)
    tables = Tables(run, find_changes(since, run) if since is not None else None)
    title = tables.say("{title}", title=say_title(tables, template)).text
    blocks = compose(tables, template)
    if there is None:
        if house_style is None:
            _add_footer(document, title)
        Writer(document).append(blocks)
        describe(document, title, template.language, run.edition)
    else:
        if not set(ROLES.values()) <= {str(style.name) for style in document.styles}:
            dress(document, template.language, template.styles, plain=False)
        merged = merge(document, there.record, blocks)
    said = {block.key: replace_controls(block.facts) for block in blocks}
    record: Record = {
        "run": run.hash,
        "edition": replace_controls(run.edition),
        "blocks": said,
        "words": hash_words(document),
    }
    if there is not None and merged is not None:
        record |= {"from": there.words, "edits": sorted(there.edits), "noted": merged.noted}
    set_record(document, record)
    return Paper(document, blocks, merged.lines if merged is not None else None, _list_notes(tables))


def _list_notes(tables: Tables) -> list[str]:
    places = list(tables.get("replaced")["where"])
    if not places:
        return []
    return [f"characters that Word cannot hold were replaced by \ufffd in: {', '.join(places)}"]


def _add_footer(document: Document, title: str) -> None:
    """Write title and page number at the foot of each page."""
    footer = document.sections[0].footer
    paragraph = footer.paragraphs[0]
    paragraph.style = document.styles["Footer"]
    paragraph.style.font.size = document.styles["Table Text"].font.size
    paragraph.add_run(f"{title}\tPage ")
    for code, between in (("PAGE", " of "), ("NUMPAGES", "")):
        paragraph._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )
        if between:
            paragraph.add_run(between)
    properties = paragraph.style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:tabs")):
        properties.remove(old)
    section = document.sections[0]
    width = Emu((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)).twips
    properties.append(parse_xml(f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:pos="{width}"/></w:tabs>'))
    order_properties(properties)
