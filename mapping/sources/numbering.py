"""The numbers and bullets that Word prints before paragraphs: counted anew, as the file holds only the rules.

Word keeps "4.2" nowhere: a paragraph says which list and level it belongs to, by itself or through its style, and the
list says how its numbers look (ECMA-376 part 1, 17.9). So the counters are run again in reading order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Numbering", "Style", "Styles", "find", "local", "value", "write_roman"]

_LEVELS = 9
_LONGEST_MARK = 40
_MOST_STEPS = 30


def local(element: Any) -> str:
    """Return an element's name without its namespace; Word has two namespaces, the usual and the strict."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Any, name: str = "val") -> str:
    """Return an attribute of an element in Word's namespace."""
    if element is None:
        return ""
    return next((str(text) for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")


def find(element: Any, *path: str) -> Any:
    """Return the first element along a path of names, or None."""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if local(child) == name), None)
    return element


@dataclass(frozen=True)
class Style:
    """What a paragraph style says that matters here, its parents included.

    Attributes
    ----------
    name : str
        In lower case, such as ``heading 1``.
    outline : int
        Level of heading from 1; 0 if it is none.
    number, level : str
        The list and the level in it; empty if none.
    """

    name: str = ""
    outline: int = 0
    number: str = ""
    level: str = ""


class Styles:
    """The paragraph styles of a document, by their ids."""

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}
        self._found: dict[str, Style] = {}
        self.default = ""
        self.language = ""
        if root is None:
            return
        for element in root:
            if local(element) == "style" and value(element, "type") in ("paragraph", ""):
                self._elements[value(element, "styleId")] = element
                if value(element, "default") in ("1", "true", "on"):
                    self.default = value(element, "styleId")
        self.language = value(find(root, "docDefaults", "rPrDefault", "rPr", "lang"))

    def find(self, name: str) -> Style:
        """Return a style by its id; an empty one if it is not declared."""
        if name not in self._found:
            self._found[name] = self._build(name)
        return self._found[name]

    def _build(self, name: str) -> Style:
        shown, outline, number, level = "", 0, "", ""
        for _ in range(_MOST_STEPS):  # a style may be based on itself in a broken file
            element = self._elements.get(name)
            if element is None:
                break
            own = value(find(element, "name")).lower()
            shown = shown or own
            properties = find(element, "pPr")
            outline = outline or _outline(own, value(find(properties, "outlineLvl")))
            listed = find(properties, "numPr")
            number = number or value(find(listed, "numId"))
            level = level or value(find(listed, "ilvl"))
            name = value(find(element, "basedOn"))
        return Style(shown, outline, number, level)


def _outline(name: str, told: str) -> int:
    if told.isdecimal() and int(told) < _LEVELS:
        return int(told) + 1
    found = re.fullmatch(r"heading ([1-9])", name)
    return int(found[1]) if found else int(name == "title")


@dataclass
class _Level:
    """How the numbers of one level of a list look."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int = -1
    legal: bool = False
    style: str = ""


@dataclass
class _List:
    """A list as paragraphs use it: its levels, which counters it shares, and where it starts anew."""

    levels: dict[int, _Level]
    shared: str
    starts: dict[int, int] = field(default_factory=dict)
    begun: bool = False


class Numbering:
    """The lists of a document and their counters.

    Parameters
    ----------
    root : element or None
        The root of ``numbering.xml``.
    styles : Styles
        For lists that are declared by a style.
    """

    def __init__(self, root: Any, styles: Styles) -> None:
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstracts = {value(element, "abstractNumId"): element for element in root if local(element) == "abstractNum"}
        nums = {value(element, "numId"): element for element in root if local(element) == "num"}
        for name, num in nums.items():
            shared = value(find(num, "abstractNumId"))
            abstract = abstracts.get(shared)
            link = value(find(abstract, "numStyleLink"))
            if link:  # the list is that of a style, declared elsewhere
                shared = value(find(nums.get(styles.find(link).number), "abstractNumId")) or shared
                abstract = abstracts.get(shared, abstract)
            self._lists[name] = _build_list(num, abstract, shared)

    def count(self, name: str, level: str, style: str) -> tuple[str, int, bool]:
        """Count a paragraph: return its number or bullet, its level from 1, and whether it is a bullet.

        Parameters
        ----------
        name, level : str
            The list and the level as the file states them.
        style : str
            The paragraph's style, by which a level is found where none is stated.
        """
        found = self._lists.get(name)
        if found is None:
            return "", 1, False
        place = int(level) if level.isdecimal() else -1
        if place < 0:
            place = next((depth for depth, one in found.levels.items() if style and one.style == style), 0)
        place = min(place, _LEVELS - 1)
        rules = found.levels.get(place, _Level(form="none"))
        self._step(found, place, rules)
        if rules.form == "bullet":
            return _bullet(rules.text), place + 1, True
        return self._write(found, rules)[:_LONGEST_MARK].strip(), place + 1, False

    def _step(self, found: _List, place: int, rules: _Level) -> None:
        counters = self._counters.setdefault(found.shared, {})
        if not found.begun:
            found.begun = True
            for depth in found.starts:
                counters.pop(depth, None)
        counters[place] = counters[place] + 1 if place in counters else found.starts.get(place, rules.start)
        for depth in [depth for depth in counters if depth > place]:
            restart = found.levels.get(depth, _Level()).restart
            if restart != 0 and (restart < 0 or place < restart):
                del counters[depth]

    def _write(self, found: _List, rules: _Level) -> str:
        counters = self._counters[found.shared]

        def put(mark: re.Match[str]) -> str:
            depth = int(mark[1]) - 1
            level = found.levels.get(depth, _Level())
            count = counters.get(depth, found.starts.get(depth, level.start))
            return _format(count, "decimal" if rules.legal else level.form)

        return "" if rules.form == "none" else re.sub(r"%([1-9])", put, rules.text)


def _build_list(num: Any, abstract: Any, shared: str) -> _List:
    levels = {}
    for element in abstract if abstract is not None else ():
        if local(element) == "lvl":
            levels[_number(value(element, "ilvl"))] = _build_level(element)
    found = _List(levels, shared)
    for element in num:
        if local(element) == "lvlOverride":
            place = _number(value(element, "ilvl"))
            if (own := find(element, "lvl")) is not None:
                levels[place] = _build_level(own)
            if (start := find(element, "startOverride")) is not None:
                found.starts[place] = _number(value(start))
    return found


def _build_level(element: Any) -> _Level:
    restart = find(element, "lvlRestart")
    legal = find(element, "isLgl")
    return _Level(
        start=_number(value(find(element, "start")) or "1"),
        form=value(find(element, "numFmt")) or "decimal",
        text=value(find(element, "lvlText")),
        restart=-1 if restart is None else _number(value(restart)),
        legal=legal is not None and value(legal) not in ("0", "false", "off"),
        style=value(find(element, "pStyle")),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _bullet(text: str) -> str:
    # Bullets come from picture fonts, whose characters say nothing elsewhere; a dash is a dash.
    return text if text in ("-", "–", "—", "*", "◦", "▪") else "•"


def _format(count: int, form: str) -> str:
    """Return a counter as its level writes it.

    Examples
    --------
    >>> [_format(28, form) for form in ("decimal", "lowerLetter", "upperRoman", "ordinal")]
    ['28', 'bb', 'XXVIII', '28th']
    """
    if form == "none":
        return ""
    if form in ("lowerLetter", "upperLetter"):
        # Word doubles the letter after z: aa, bb.
        letters = chr(97 + (count - 1) % 26) * min((count - 1) // 26 + 1, 9) if count > 0 else ""
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        return write_roman(count) if form == "upperRoman" else write_roman(count).lower()
    if form == "decimalZero":
        return f"{count:02}"
    if form == "ordinal":
        ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
        return f"{count}{ending}"
    return str(count)


def write_roman(count: int) -> str:
    """Return a number in Roman numerals.

    Examples
    --------
    >>> write_roman(14)
    'XIV'
    """
    if not 0 < count < 4000:
        return str(count)
    signs = [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]  # fmt: skip
    written = ""
    for size, sign in signs:
        times, count = divmod(count, size)
        written += sign * times
    return written
