"""Whose a statement is: boards named in headings, tables and texts, and sections whose heading is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mapping.cross_checks import split_aliases, squeeze
from mapping.partnership import Partnership
from mapping.sources.announcing import judge_heading
from mapping.sources.passages import Passage
from mapping.tables import each_row
from mapping.text import Word, fold_word, split_words

__all__ = ["UNKNOWN", "BoardNames", "Named", "Section", "find_sections", "is_label", "is_name_of_plan"]

#: What stands where a board cannot be known.
UNKNOWN = "board unknown"
_LONGEST_NAME = 14
_BODY = "Board|Partnership|Committee|Trust|Forum|Panel|Commission|Alliance|Collaborative"
_JOINED = r"(?:,|(?:,?\s+(?:and|of|for|in|the|on|AND|OF|FOR))+|\s*&)"
_BODY_NAME = re.compile(
    rf"\b[A-Z][\w'’-]*(?:(?:{_JOINED})?\s+[A-Z][\w'’-]*){{0,9}}\s+(?:{_BODY}|{_BODY.upper()})\b(?!\s+Meetings?\s+of)"
)
# Words that alone before "Board" name no board in particular.
_GENERIC = frozenset(
    "the a an this each our your their its executive thematic outcome partnership project programme strategic "
    "management steering delivery city council local statutory joint district borough county governing shadow "
    "corporate main full new current existing all both report update to of and for cabinet commissioning next last "
    "previous special annual january february march april may june july august september october november december "
    "one two three four five six seven eight".split()
)
_LEADING = re.compile(
    r"(?:.*\b(?:chair|chairman|chairs|members?|leader|director|secretary|"
    r"meetings?|minutes|report|role|part|behalf|work|priorities|aims|objectives|outcomes|actions|ambitions|goals)\s+(?:of|for)\s+)?"
    r"(?:(?:the|to|that|for|and|our|of|in|on|as|a|an|this|by|with|at)\s+)*",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"(?:Strategy|Strategies|Plan|Plans|Programme|Framework|Policy|Charter|Statement|Assessment|Prospectus|Vision)"
    r"(?:\s*\(?\d{4}(?:\s*[-–/]\s*\d{2,4})?\)?)?$"
)
_LABEL = re.compile(
    r"(?:strategic |key |our |overarching |cross-cutting |corporate |city |partnership )?"
    r"(?P<what>priority(?: outcome| area| theme)?|outcome|objective|aim|goal|theme|pillar|ambition|commitment|mission|"
    r"recommendation|action|pledge|promise|shift|strand|focus area|area of focus|workstream)s?\s+"
    r"(?P<number>\d{1,2}(?:\.\d{1,2})*[a-z]?|[A-Z]|[ivx]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"(?:\s*\([^()]{1,40}\))?\s*(?P<sign>[:.–—-]|\s-)?\s*",
    re.IGNORECASE,
)
# A heading may name its kind without a number: "Priority: Prevention".
_PLAIN_LABEL = re.compile(
    r"(?:strategic |key |our |overarching |cross-cutting )?"
    r"(?P<what>priority(?: outcome| area| theme)?|objective|outcome|theme|pillar|goal|commitment|pledge|promise|"
    r"focus area)"
    r"(?P<number>)\s*(?P<sign>:)\s*(?=\S)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}(?:st|nd|rd|th)?\s+\w+\s+\d{4}|\w+\s+\d{4}|\d{4}(?:\s*[-–/]\s*\d{2,4})?")


class Named(NamedTuple):
    """A board named in a text: its code (or the name itself where no table is given), as written, and where."""

    board: str
    written: str
    start: int
    end: int


class Section(NamedTuple):
    """Whose the passages from one place on are.

    Attributes
    ----------
    place : int
        The first passage.
    board : str
        Its code or name, or ``UNKNOWN``.
    heading : str
        The heading, as it stands; of a section without one, the heading with which it seems to begin.
    basis : str
        ``heading``, ``section heading`` (a name by its place in the paper alone) or ``heading missing``.
    level : int
        The level of the heading.
    """

    place: int
    board: str
    heading: str
    basis: str
    level: int


class BoardNames:
    """The names of boards: those of a partnership's tables, else whatever in a paper reads as the name of one.

    Names are matched by their words, with or without the name of the place before them: capitals at their ends, "&" as
    "and", without apostrophes, hyphens or plurals.
    """

    def __init__(self, partnership: Partnership | None = None, place: str = "") -> None:
        self._place = _key(split_words(place))
        self._codes: dict[str, str] = {}
        self._plans: dict[str, tuple[str, str]] = {}
        self._acronyms: dict[str, str] = {}
        #: Whether boards are known from tables.
        self.given = partnership is not None
        self._spelled: dict[str, str] = {}
        if partnership is None:
            return
        for row in each_row(partnership.boards):
            for name in (row.name, *split_aliases(row.aliases)):
                if len(name) <= 5 and name.isupper():
                    self._acronyms[name] = row.board
                else:
                    self._codes[_key(split_words(name))] = row.board
        for row in each_row(partnership.strategies):
            if row.standing != "stand-in":
                for name in (row.name, *split_aliases(row.aliases)):
                    self._plans[_key(split_words(name))] = (row.board, row.strategy)

    def find(self, text: str) -> list[Named]:
        """Return the boards that a text names, in order; none overlaps another."""
        if not self.given:
            return [self._remember(match) for match in _BODY_NAME.finditer(text) if _is_proper(match.group())]
        found = [
            Named(self._codes[key], text[start:end], start, end)
            for key, start, end in _spans(text)
            if key in self._codes and _is_capital(text, start, end)
        ]
        for match in re.finditer(r"\b[A-Z]{2,5}\b", text):
            if match.group() in self._acronyms and not text.isupper():
                found.append(Named(self._acronyms[match.group()], match.group(), match.start(), match.end()))
        return _keep_longest(found)

    def find_plans(self, text: str) -> list[tuple[str, str]]:
        """Return board and code of each strategy in the tables that a text names."""
        if not self._plans:
            return []
        hits = [
            (end - start, self._plans[key])
            for key, start, end in _spans(text)
            if key in self._plans and _is_capital(text, start, end)
        ]
        return list(dict.fromkeys(plan for _, plan in sorted(hits, key=lambda hit: -hit[0])))

    def is_here(self, name: str) -> bool:
        """Say whether a name begins with the place whose boards these are."""
        return bool(self._place) and _key(split_words(name)).startswith(self._place)

    def _remember(self, match: re.Match[str]) -> Named:
        start, written = match.start(), match.group()
        dropped = _LEADING.match(written)
        if dropped and dropped.end() < len(written):
            start, written = start + dropped.end(), written[dropped.end() :]
        # "Millbrook Health and Wellbeing Board" is the same board, but "Millbrook Partnership" needs its first word.
        key = _key(split_words(written))
        short = key.removeprefix(self._place)
        key = short if _is_proper(written.split(None, 1)[-1]) else key
        known = self._spelled.get(key, written)
        # Of several spellings the first that is not all capitals.
        self._spelled[key] = written if known.isupper() else known
        return Named(self._spelled[key], written, start, match.end())


def _fold_plural(form: str) -> str:
    form = form.replace("'s", "s").replace("'", "")
    if form.endswith("ies") and len(form) > 4:
        return form[:-3] + "y"
    return form[:-1] if form.endswith("s") and not form.endswith("ss") and len(form) > 3 else form


def _key(words: Sequence[Word]) -> str:
    return "".join(_fold_plural(fold_word(word.form)) for word in words if word.form not in ("the", "and"))


def _spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield every run of words as a key, with its place."""
    words = [word for word in split_words(text) if word.form not in ("the", "and")]
    folded = [_fold_plural(fold_word(word.form)) for word in words]
    for first, word in enumerate(words):
        key = ""
        for last in range(first, min(first + _LONGEST_NAME, len(words))):
            key += folded[last]
            yield key, word.start, words[last].end


def _is_capital(text: str, start: int, end: int) -> bool:
    words = text[start:end].split()
    return words[0][:1].isupper() and words[-1][:1].isupper()


def _is_proper(name: str) -> bool:
    words = [word for word in re.split(r"[\s,&]+", name.casefold()) if word]
    return any(word not in _GENERIC for word in words[:-1])


def _keep_longest(found: list[Named]) -> list[Named]:
    kept: list[Named] = []
    for hit in sorted(found, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def is_name_of_plan(text: str) -> bool:
    """Say whether a text is nothing but the name of a document.

    Examples
    --------
    >>> is_name_of_plan("Derby Culture Strategy"), is_name_of_plan("Agree the culture strategy")
    (True, False)
    """
    words = text.split()
    small = {"and", "of", "for", "the", "in", "on", "a", "to", "&"}
    return (
        1 < len(words) <= 12
        and _PLAN.search(text) is not None
        and all(word[:1].isupper() or word[:1].isdigit() or word in small or not word[0].isalpha() for word in words)
    )


def is_label(text: str, *, plain: bool = False) -> re.Match[str] | None:
    """Return the label with which a text begins, such as "Priority 1:" or "Goal 2 (Partnership):", or None.

    Parameters
    ----------
    text : str
    plain : bool
        Whether "Priority: Prevention" is one too, as in a heading; in a line of a form it may say anything.
    """
    return _LABEL.match(text) or (_PLAIN_LABEL.match(text) if plain else None)


# --- sections -----------------------------------------------------------------------------------------------


def find_sections(passages: Sequence[Passage], names: BoardNames) -> list[Section]:
    """Find the sections of a paper that belong to one board each.

    A heading that names a board begins one. So does a heading at once followed by one with which several sections
    begin, such as "Achievements": the sections are those of bodies, whatever their names. Where that opening comes
    again with no such heading before it, a heading is missing, and whose the section is cannot be known.
    """
    heads = [(at, one) for at, one in enumerate(passages) if one.kind == "heading" and not _is_date(one)]
    openings = _find_openings(passages, heads)
    stack: list[Section] = []
    found: list[Section] = []
    seen: set[str] = set()
    for at, head in heads:
        while stack and _ends(stack[-1], head):
            stack.pop()
        section = _start(head, _next_heading(passages, at), names, openings)
        if section and not (stack and stack[-1].board == section.board):
            stack.append(section)
            seen = set()
        elif squeeze(head.text) in openings:
            if squeeze(head.text) in seen:
                stack.append(Section(head.place, UNKNOWN, head.text, "heading missing", head.level))
                seen = set()
            seen.add(squeeze(head.text))
        now = stack[-1] if stack else Section(head.place, "", "", "", 0)
        if not found or found[-1][1:] != now[1:] or now.place == head.place:
            found.append(now._replace(place=head.place))
    return found


def _ends(section: Section, head: Passage) -> bool:
    """Say whether a heading ends a section; one whose heading is missing goes on through headings of one level."""
    return head.level < section.level or (head.level == section.level and section.basis != "heading missing")


def _start(head: Passage, follower: Passage | None, names: BoardNames, openings: set[str]) -> Section | None:
    """Return the section that a heading begins, or None."""
    named = names.find(head.text)
    own = {one.board for one in named}
    opens = follower is not None and squeeze(follower.text) in openings
    # Where the paper's headings are all of one level, a section's own headings do not end it.
    level = head.level - 1 if follower is not None and opens and follower.level <= head.level else head.level
    if len(own) == 1 and (names.given or _is_of(head.text, named[0].start) or not judge_heading(head.text).announces):
        return Section(head.place, own.pop(), head.text, "heading", level)
    return Section(head.place, head.text, head.text, "section heading", level) if opens and _may_name(head) else None


def _is_of(heading: str, start: int) -> bool:
    """Say whether a heading is of the board named at this place: "One Overarching Partnership Goal" names none."""
    return re.search(r"\b(?:of|for)\s+(?:the\s+)?$", heading[:start], re.IGNORECASE) is not None


def _find_openings(passages: Sequence[Passage], heads: list[tuple[int, Passage]]) -> set[str]:
    """Return the headings with which at least two sections begin, of the kind that reports on activity."""
    before: dict[str, set[str]] = {}
    for at, head in heads:
        follower = _next_heading(passages, at)
        if follower is not None and _may_name(head) and judge_heading(follower.text).says == "reported activity":
            before.setdefault(squeeze(follower.text), set()).add(squeeze(head.text))
    return {opening for opening, sections in before.items() if len(sections) >= 2}


def _next_heading(passages: Sequence[Passage], at: int) -> Passage | None:
    """Return the heading that follows at once, a date between them passed over."""
    for passage in passages[at + 1 : at + 3]:
        if not _is_date(passage):
            return passage if passage.kind == "heading" else None
    return None


def _is_date(passage: Passage) -> bool:
    return _DATE.fullmatch(passage.text.strip()) is not None


def _may_name(head: Passage) -> bool:
    return not judge_heading(head.text).says and not is_label(head.text) and len(head.text.split()) <= 10
