"""Templates of the paper: headings, their order and what stands under each, as data that an officer may change."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mapping.errors import DataError, MappingError, Problem, UnknownNameError, nearest
from mapping.files import find_data, replace_controls

__all__ = ["APPENDICES", "BLOCKS", "FIELDS", "Entry", "Section", "Template", "list_templates", "read_template"]

#: What a section may hold, in words.
BLOCKS = {
    "purpose": "how many priorities, documents, boards and themes were set beside one another",
    "method": "how the mapping works, in three sentences",
    "reading": "which strategies were read and which were not",
    "matrix": "figure: boards by themes",
    "ribbons": "figure: where the weight is",
    "board-pairs": "figure: how alike the boards' themes are",
    "focus-figure": "figure: how many priorities, over how many boards",
    "found": "how many priorities carry a theme, and how many tags a person confirmed",
    "themes": "table: each theme with the boards that meet on it",
    "chance": "what chance alone would give",
    "headlines": "statements that held when the mapping was done in other ways",
    "links": "whether a text of one board names another board",
    "quotes": "sentences that strategies use, with page and id",
    "focus": "table: candidate areas for discussion, with the evidence for and against",
    "questions": "questions for members",
    "engagement": "who checked the tags",
    "settings": "other settings that were tried",
    "list-appendices": "the appendices by name",
}
APPENDICES = {
    "method": "method and settings",
    "priorities": "all priorities and their tags",
    "changes": "what changed since an earlier run; left out where none is given",
    "quality": "what is missing, and what was not read",
    "transparency": "draft of an algorithmic transparency record",
}
#: Names that the title may have in braces.
FIELDS = ("framework", "partnership", "place", "edition")
#: Styles that a house style may call otherwise.
STYLES = ("title", "heading", "paragraph", "sub", "caption", "appendix")
_KEYS = {
    "name": "a short name for the template",
    "title": "the title of the paper",
    "language": "the language, en-GB",
    "details": "lines above the title",
    "sections": "the headings and what stands under each",
    "signoff": "the table in which people approve the paper",
    "contacts": "lines below that table",
    "appendices": "the appendices, in their order",
    "styles": "names of the styles in the council's own file",
}
_ENTRY = {"block": "a part that is written from the run", "gap": "a hint of what an officer is to write"}
_LINE = {"label": "what stands before it", **_ENTRY}
_SIGNOFF = {"intro": "the sentence above the table", "roles": "the people who approve the paper"}
#: The one block that fits on a line below the sign-off table.
_LISTED = "list-appendices"
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Entry:
    """One thing under a heading or beside a label: a block of the run, or a gap."""

    kind: str
    value: str
    label: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    content: tuple[Entry, ...]


@dataclass(frozen=True)
class Template:
    """Headings and order of a paper.

    Attributes
    ----------
    name, title, language : str
    details, contacts : tuple of Entry
        Lines above the title, and below the sign-off table.
    sections : tuple of Section
    intro : str
        Above the sign-off table.
    roles : tuple of str
        Its rows.
    appendices : tuple of str
    styles : dict
        What a council's own file calls our styles.
    """

    name: str
    title: str
    language: str
    sections: tuple[Section, ...]
    details: tuple[Entry, ...] = ()
    contacts: tuple[Entry, ...] = ()
    intro: str = ""
    roles: tuple[str, ...] = ()
    appendices: tuple[str, ...] = ()
    styles: dict[str, str] = field(default_factory=dict)


def list_templates() -> list[str]:
    """Return the names of the shipped templates.

    Examples
    --------
    >>> list_templates()
    ['derby', 'generic']
    """
    return sorted(path.stem for path in find_data().glob("paper/*.yaml"))


def read_template(name: str | Path) -> Template:
    """Read a template: a shipped name, or a YAML file.

    Raises
    ------
    UnknownNameError
        When it is neither.
    DataError
        With every key, block or appendix that is not known, its line, and the nearest match.
    """
    path = Path(name)
    if path.suffix.casefold() not in (".yaml", ".yml"):
        if str(name) not in list_templates():
            raise UnknownNameError("Template", name, [*list_templates(), "your own file ending in .yaml"])
        path = find_data() / "paper" / f"{name}.yaml"
    return _Reader(path).read()


class _Reader:
    """Reads one file, and gathers all that is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.name
        self.problems: list[Problem] = []

    def read(self) -> Template:
        top = dict(self._pairs(self._compose(), _KEYS))
        sections = tuple(self._section(node) for node in self._items(top.get("sections")))
        signoff = dict(self._pairs(top["signoff"], _SIGNOFF)) if "signoff" in top else {}
        template = Template(
            name=self._text(top.get("name")) or self.path.stem,
            title=self._title(top.get("title")),
            language=self._language(top.get("language")),
            sections=sections,
            details=tuple(self._line(node, ()) for node in self._items(top.get("details"))),
            contacts=tuple(self._line(node, (_LISTED,)) for node in self._items(top.get("contacts"))),
            intro=self._text(signoff.get("intro")),
            roles=tuple(self._text(node) for node in self._items(signoff.get("roles"))),
            appendices=tuple(self._known(node, APPENDICES, "appendix") for node in self._items(top.get("appendices"))),
            styles={key: self._text(node) for key, node in self._pairs(top.get("styles"), dict.fromkeys(STYLES, ""))},
        )
        if "sections" not in top:
            self._say(None, f"'sections' is missing; expected {_KEYS['sections']}.")
        self._refuse_repeats(template)
        if self.problems:
            raise DataError(self.problems)
        return template

    def _compose(self) -> Any:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
        from ruamel.yaml.events import AliasEvent

        try:
            text = self.path.read_bytes()[: _LARGEST + 1].decode("utf-8-sig")
        except OSError as error:
            raise MappingError(f"{self.path}: cannot be read ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            raise DataError([Problem(self.file, "is not text in UTF-8; save it as UTF-8.")]) from error
        if len(text) > _LARGEST:
            raise DataError([Problem(self.file, "is larger than a template can be (1 MB).")])
        try:
            if any(isinstance(event, AliasEvent) for event in YAML(typ="base", pure=True).parse(text)):
                raise DataError([Problem(self.file, "uses an alias (*name); write the value out instead.")])
            return YAML(typ="base", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = str(error.problem or "not valid YAML").splitlines()[0]
            line = mark.line + 1 if mark is not None else None
            raise DataError([Problem(self.file, f"{reason}. data/paper/generic.yaml shows the form.", line)]) from error
        except (YAMLError, RecursionError) as error:
            raise DataError([Problem(self.file, f"is not valid YAML ({error}).")]) from error

    def _say(self, node: Any, message: str) -> None:
        self.problems.append(Problem(self.file, message, node.start_mark.line + 1 if node is not None else None))

    def _pairs(self, node: Any, known: dict[str, str]) -> Iterator[tuple[str, Any]]:
        """Yield the keys of a group with their values; a key that is not known, or stands twice, is noted."""
        if node is None:
            return
        if node.id != "mapping":
            self._say(node, f"a group of keys is expected here: {', '.join(known)}.")
            return
        seen: set[str] = set()
        for key, value in node.value:
            if key.id != "scalar":
                self._say(key, f"a key is one plain word, not a list or a group: {', '.join(known)}.")
            elif key.value not in known:
                self._say(key, f"the key '{key.value}' is not known.{nearest(str(key.value), known)}")
            elif key.value in seen:
                self._say(key, f"the key '{key.value}' stands twice; keep one.")
            else:
                seen.add(key.value)
                yield key.value, value

    def _items(self, node: Any) -> Sequence[Any]:
        if node is None:
            return []
        if node.id != "sequence":
            self._say(node, "a list is expected here: lines that begin with '- '.")
            return []
        return list(node.value)

    def _text(self, node: Any) -> str:
        if node is None:
            return ""
        if node.id != "scalar":
            self._say(node, "a plain text is expected here, not a list or a group.")
            return ""
        text = " ".join(str(node.value).split())
        if replace_controls(text) != text:
            self._say(node, "holds a character that a Word file cannot hold; take it out.")
        return replace_controls(text)

    def _known(self, node: Any, known: dict[str, str], noun: str) -> str:
        name = self._text(node)
        if name and name not in known:
            self._say(node, f"{noun} '{name}' is not known.{nearest(name, known, len(known))}")
        return name

    def _title(self, node: Any) -> str:
        title = self._text(node) or "{framework}: where the boards' priorities meet"
        try:
            names = [name for _, name, _, _ in string.Formatter().parse(title) if name is not None]
        except ValueError:
            self._say(node, "a brace stands alone; write {framework}, or {{ for a brace.")
            return title
        for name in names:
            if name not in FIELDS:
                self._say(node, f"'{{{name}}}' is not known.{nearest(name, FIELDS)}")
        return title

    def _language(self, node: Any) -> str:
        language = self._text(node) or "en-GB"
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
            self._say(node, f"'{language}' is not the code of a language; write en-GB, or cy-GB for Welsh.")
        return language

    def _section(self, node: Any) -> Section:
        parts = dict(self._pairs(node, {"heading": "", "content": ""}))
        heading = self._text(parts.get("heading"))
        if not heading and node.id == "mapping":
            self._say(node, "a section needs a 'heading'.")
        return Section(heading, tuple(self._entry(item, _ENTRY) for item in self._items(parts.get("content"))))

    def _entry(self, node: Any, known: dict[str, str]) -> Entry:
        parts = dict(self._pairs(node, known))
        kinds = [kind for kind in _ENTRY if kind in parts]
        if len(kinds) != 1:
            if node.id == "mapping":
                self._say(node, "expected one of: block, gap.")
            return Entry("gap", "")
        kind = kinds[0]
        value = self._known(parts[kind], BLOCKS, "block") if kind == "block" else self._text(parts[kind])
        if not value:
            self._say(node, f"'{kind}' is empty; expected {_ENTRY[kind]}.")
        return Entry(kind, value, self._text(parts.get("label")))

    def _line(self, node: Any, blocks: tuple[str, ...]) -> Entry:
        """Return a label with what an officer is to write beside it, or with one of the blocks that fit on a line."""
        entry = self._entry(node, _LINE)
        if node.id == "mapping" and not entry.label:
            self._say(node, f"'label' is missing; expected {_LINE['label']}.")
        if entry.kind == "block" and entry.value in BLOCKS and entry.value not in blocks:
            fits = f"only '{blocks[0]}' fits on a line" if blocks else "it belongs under a heading, in 'sections'"
            self._say(node, f"block '{entry.value}' cannot stand here: {fits}. Use 'gap' for what an officer writes.")
        return entry

    def _refuse_repeats(self, template: Template) -> None:
        used = [entry.value for section in template.sections for entry in section.content if entry.kind == "block"]
        for name in dict.fromkeys(used):
            if used.count(name) > 1:
                self._say(None, f"block '{name}' stands {used.count(name)} times; keep one.")
        for name in dict.fromkeys(template.appendices):
            if template.appendices.count(name) > 1:
                self._say(None, f"appendix '{name}' stands {template.appendices.count(name)} times; keep one.")
