"""Priorities that are headings or labelled lines: "Priority 1: ...", and the headings under "Our priorities"."""

from __future__ import annotations

import re

from mapping.sources.announcing import NOTHING, Verdict, begins_as_aim, covers_heading, judge_heading
from mapping.sources.boards import BoardNames, is_label
from mapping.sources.business import ASKS_MEETING, is_business, is_put_to_meeting
from mapping.sources.candidates import Candidate, Found, why_no_statement
from mapping.sources.contexts import Context, judge_own_heading, word_count
from mapping.sources.pieces import Piece, clean_text, is_contents_line

__all__ = ["SHORT", "Labels", "label_level", "plural"]

SHORT = 28
_LEVELS = {
    "priority": "priority", "objective": "priority", "commitment": "priority", "pledge": "priority",
    "promise": "priority", "focus": "priority", "area": "priority", "action": "action", "recommendation": "action",
}  # fmt: skip
_DOTTED = re.compile(r"(?<![\w.])([A-Z]{0,3}\d{1,3}(?:\.\d{1,3})*)\W*$")
_BELOW = {"theme": "priority", "priority": "action"}
#: How many statements are looked through for one that a heading names again: those of a summary come first.
_FIRST = 300
_BROADER = ("vision", "theme", "priority", "action")
#: What is taken only because the heading above it is: dropped where that turns out to be none.
BELOW = "short lines under a priority"


def label_level(what: str) -> str:
    """Return the level of which a label speaks: "focus area" of a priority, "pillar" of a theme."""
    return _LEVELS.get(what.casefold().split()[0], "theme")


def plural(says: str) -> str:
    """Return a level as what a heading announces."""
    return {"priority": "priorities", "vision": "a vision"}.get(says, f"{says}s")


class Labels:
    """Takes headings and labelled lines of one document, and knows under which priority one reads.

    Attributes
    ----------
    section : tuple of Candidate and int, or None
        The priority that is a heading above what is read, with its level.
    stated : Candidate or None
        What that section states in prose of its own: its ambition or goal.
    pending : Piece or None
        "Priority 1" whose words stand in the next passage.
    """

    def __init__(self, found: Found, names: BoardNames, context: Context) -> None:
        self.found, self.names, self.context = found, names, context
        self.section: tuple[Candidate, int] | None = None
        self.stated: Candidate | None = None
        self._section_head = ""
        self.pending: Piece | None = None
        self._rivals: set[tuple[str, ...]] = set()
        self._said: dict[str, Candidate] = {}
        self._children: dict[tuple[str, ...], list[Candidate]] = {}
        self._listed: set[tuple[str, ...]] = set()

    def heading(self, piece: Piece, *, listed: bool = False) -> None:
        """Take a heading if it is a priority itself; ``listed`` says whether a list follows at once."""
        text, level = piece.text, piece.passage.level
        if self.section and level <= self.section[1]:
            self.section = None
        if self.pending and not is_label(text, plain=True):
            self.take_pending(piece)
            self.context.open_heading(piece)
            return
        verdict = judge_heading(text, report=self.found.report)
        lead = self.context.leads[-1] if self.context.leads else None
        self.context.open_heading(piece, listed=listed)
        self.pending = None
        if lead and lead.verdict.says == "vision" and lead.place == piece.passage.place - 1 and not verdict.says:
            self._take_vision(piece)
            return
        if is_contents_line(text):
            self.found.leave(piece, "line of a list of contents")
        elif is_label(text, plain=True) and not self._judge_rest(text).says:
            self.take_label(piece, heading=True)
        elif verdict.says in ("priority", "theme") and not verdict.mixed and self._note_rival(piece):
            self.found.leave(piece, f"heading: announces {plural(verdict.says)}")
        elif verdict.says and not (
            self._under_priorities(piece) and not verdict.announces and not covers_heading(text)
        ):
            what = f"announces {plural(verdict.says)}" if verdict.announces else verdict.reason
            self.found.leave(piece, f"heading: {what}")
        else:
            self._note_child(piece)
            self._open_again(piece)
            self.found.leave(piece, "heading")

    def _note_rival(self, piece: Piece) -> bool:
        """Note that a heading announces priorities itself, so that those beside it are none."""
        self._rivals.add(piece.passage.headings)
        return True

    def _open_again(self, piece: Piece) -> None:
        """Begin the section of a priority that a list named before, and that is now a heading."""
        words = piece.text.casefold().strip(" .")
        known = (one for one in self.found.candidates[:_FIRST] if one.text.casefold().strip(" .") == words)
        candidate = next((one for one in known if one.level in ("theme", "priority")), None)
        if candidate is not None and self.section is None:
            self._open(candidate, piece)

    def _take_vision(self, piece: Piece) -> None:
        """Take a line that looks like a heading and is the statement to which "The vision is:" leads."""
        if why := why_no_statement(piece, self.names):
            self.found.leave(piece, why)
        else:
            self.found.take(piece, "vision", "statement after a lead", sure="possible")

    def _under_priorities(self, piece: Piece) -> bool:
        path = piece.passage.headings
        return bool(path) and not self.found.report and judge_own_heading(path[-1]).says in ("priority", "theme")

    def _judge_rest(self, text: str) -> Verdict:
        """Say what stands after a label: "Priority 1: what we will do" is a heading within priority 1."""
        label = is_label(text, plain=True)
        rest = text[label.end() :] if label else ""
        verdict = judge_heading(rest) if rest and word_count(rest) <= 6 else NOTHING
        whole = verdict.pattern and len(verdict.pattern.split()) >= word_count(rest) - 1
        return verdict if verdict.says in ("action", "background", "reported activity") and whole else NOTHING

    def _note_child(self, piece: Piece) -> None:
        """Take a heading under one that announces priorities; whether it is one shows when all are known."""
        path = piece.passage.headings
        if not path or self.found.report or why_no_statement(piece, self.names):
            return
        verdict = judge_own_heading(path[-1])
        if verdict.says in ("priority", "theme") and not verdict.mixed and not is_label(path[-1], plain=True):
            sure = "likely" if piece.number or begins_as_aim(piece.text) else "possible"
            candidate = self.found.take(piece, verdict.says, "heading under a heading", sure=sure)
            self._children.setdefault(path, []).append(candidate)
            self._open(candidate, piece)

    def note_list(self, path: tuple[str, ...]) -> None:
        """Note that a list stands directly under a heading, so that headings beneath it are not its priorities."""
        self._listed.add(path)

    def settle(self) -> None:
        """Drop headings under "Our priorities" again where there is but one, or a list stands there in their place."""
        dropped = set()
        for path, children in self._children.items():
            if len(children) < 2 or path in self._listed or path in self._rivals:
                dropped |= {id(candidate) for candidate in children}
        gone = {id(one) for one in self.found.candidates if id(one.parent) in dropped and one.rule == BELOW}
        self.found.candidates = [one for one in self.found.candidates if id(one) not in dropped | gone]
        for candidate in self.found.candidates:
            if id(candidate.parent) in dropped:
                candidate.parent = None
        self._link_numbers()

    def _link_numbers(self) -> None:
        """Set what stands under what by the numbers printed: action 1.1.1 under priority 1.1."""
        last: dict[str, Candidate] = {}
        for candidate in sorted(self.found.candidates, key=lambda one: (one.place, one.start)):
            number = _DOTTED.search(candidate.number)
            if number is None:
                continue
            above = last.get(number[1].rpartition(".")[0])
            if above and candidate.parent is None and _is_broader(above, candidate):
                candidate.parent = above
            last[number[1]] = candidate

    def is_under(self, piece: Piece) -> bool:
        """Say whether the priority that is a heading stands above a piece."""
        if self.section is None:
            return False
        return not {self.section[0].piece.text, self._section_head}.isdisjoint(map(clean_text, piece.passage.headings))

    def _open(self, candidate: Candidate, head: Piece) -> None:
        """Begin the section of a priority that is a heading."""
        self.section, self.stated, self._section_head = (candidate, head.passage.level), None, head.text

    def note_stated(self, candidate: Candidate) -> None:
        """Note what a section states of itself in prose."""
        if self.stated is None and self.section is not None and self.is_under(candidate.piece):
            self.stated = candidate

    def level_below(self, says: str, piece: Piece) -> str:
        """Return the level of what stands in a section: below its ambition where both would be the same.

        "Commitments" within "Pillar 1", whose ambition is a priority, are actions.
        """
        inner = self.stated.level if self.stated and self.is_under(piece) else ""
        return _BELOW[says] if inner in _BELOW and says == inner else says

    def level_of_ambition(self, piece: Piece) -> str:
        """Return the level of the ambition or goal that is stated within a section; outside of one it is a vision."""
        if self.section is None or not self.is_under(piece):
            return "vision"
        return "priority" if self.section[0].level == "theme" else "theme"

    # --- labels ---------------------------------------------------------------------------------------------

    def take_label(self, piece: Piece, *, heading: bool = False) -> bool:
        """Take "Priority 1: ..." ; where the label stands alone, its words are those of the next passage."""
        label = is_label(piece.text, plain=heading)
        if label is None or self.context.report:
            return False
        rest = piece.text[label.end() :].strip(" \t·•|/~")
        if not rest:
            if word_count(piece.text) > 5:
                return False
            if heading and (said := self._said.get(piece.text.casefold())):
                # "Objective A" once more, after its words: what stands below is to be done about it.
                self._open(said, piece)
                self.found.leave(piece, "names again what stands under it")
                return True
            self.pending = piece
            self.found.leave(piece, "label of the words that follow")
            return True
        sign = bool(label["sign"]) or heading
        if not sign or why_no_statement(piece, self.names) or not (rest[0].isupper() or begins_as_aim(rest)):
            return False
        at = piece.passage.text.find(rest, piece.start)
        span = (at, piece.end) if at >= 0 else (piece.start, piece.end)
        number = piece.text[: label.end()].strip(" :.–—-")
        if is_put_to_meeting(rest, label["what"]) and is_business(rest):
            self.found.leave(piece, ASKS_MEETING)
            return True
        candidate = self.found.take(
            piece, label_level(label["what"]), "labelled", span=span, number=number if label["number"] else "",
            parent=self._parent_of(label["what"]),
        )  # fmt: skip
        if heading:
            self._open(candidate, piece)
        return True

    def _parent_of(self, what: str) -> Candidate | None:
        return self.section[0] if self.section and label_level(what) == "action" else None

    def take_pending(self, piece: Piece) -> None:
        """Take the words whose label stood alone before them."""
        label = is_label(self.pending.text) if self.pending else None
        if self.pending and label and word_count(piece.text) <= SHORT and not why_no_statement(piece, self.names):
            number = self.pending.text.strip(" :.–—-")
            candidate = self.found.take(piece, label_level(label["what"]), "labelled", number=number)
            self._said[self.pending.text.casefold()] = candidate
            if self.pending.kind == "heading":
                self._open(candidate, self.pending)
        else:
            self.found.leave(piece, "follows a label, but reads as no statement")
        self.pending = None


def _is_broader(above: Candidate, below: Candidate) -> bool:
    known = above.level in _BROADER and below.level in _BROADER
    return known and _BROADER.index(above.level) < _BROADER.index(below.level)
