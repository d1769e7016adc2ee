"""What a paragraph states in running text, taken with its level, its holder and what it stands under."""

from __future__ import annotations

import itertools
import re

from mapping.sources.announcing import Verdict
from mapping.sources.boards import BoardNames
from mapping.sources.candidates import Found
from mapping.sources.contexts import Context, why_apart
from mapping.sources.holders import Held
from mapping.sources.items import is_ambition, judge_named, links_elsewhere, why_left
from mapping.sources.labels import Labels
from mapping.sources.pieces import Piece
from mapping.sources.promises import find_promises
from mapping.sources.prose import find_stated

__all__ = ["Reader"]

_OURS = re.compile(r"\b(?:our|we|us)\b", re.IGNORECASE)


class Reader:
    """Takes what stands in the running text of one document.

    Attributes
    ----------
    names : BoardNames
    found : Found
    context : Context
    labels : Labels
    plan : bool
        Whether the paper calls itself a strategy or a plan.
    opening : list of (int, str)
        The places and words of its title and first lines.
    """

    names: BoardNames
    found: Found
    context: Context
    labels: Labels
    plan: bool
    opening: list[tuple[int, str]]

    def judge_holder(self, holder: str, *places: int) -> Held:
        """Say what follows from the body or the paper that is named as the one whose aims they are."""
        return judge_named(holder, [text for at, text in self.opening if at not in places], self.names)

    def take_promises(self, piece: Piece, verdict: Verdict) -> bool:
        """Take "By 2030 we will ..." in a paragraph of its own in a strategy, or anywhere under a priority."""
        if not piece.passage.headings or not (verdict.announces or not verdict.says):
            return False
        text = piece.passage.text[piece.start : piece.end]
        parent = self.labels.section[0] if self.labels.section and self.labels.is_under(piece) else None
        same = itertools.takewhile(lambda one: one.place == piece.passage.place, reversed(self.found.candidates))
        taken = [(one.start, one.end) for one in same]
        every = self.plan and (parent is not None or verdict.announces)
        fresh = False
        for start, end, before in find_promises(text, every=every, each_only=not self.plan):
            span = (piece.start + start, piece.start + end)
            if any(span[0] < last and first < span[1] for first, last in taken):
                continue
            note, fresh = f"after '{before}'" if before else "", True
            self.found.take(piece, "action", "promise in prose", span=span, sure="possible", note=note, parent=parent)
        return fresh

    def take_prose(self, piece: Piece, *, doubtful: bool = False, until: int | None = None) -> bool:
        """Take what a paragraph, or its part up to a place, lists or states; say whether anything was taken."""
        text = piece.passage.text[piece.start : piece.end if until is None else max(piece.start, until)]
        stated = find_stated(text)
        verdict, heading, _ = self.context.find_heading(piece)
        apart = why_apart(heading, verdict) if stated else ""
        if stated and (links_elsewhere(verdict) or (apart and not _OURS.search(text))):
            self.found.leave(piece, apart or verdict.reason)
            return True
        taken = False
        for found in stated:
            named = self.judge_holder(found.holder, piece.passage.place)
            one = found.level == "priority" and found.rule == "statement in prose"
            if named.left or (one and doubtful):
                self.found.leave(piece, named.left or why_left(verdict, heading))
                continue
            note = found.note or named.note
            sure = "possible" if doubtful or note != found.note else found.sure
            span = (piece.start + found.start, piece.start + found.end)
            level = self.labels.level_of_ambition(piece) if is_ambition(text, found) else found.level
            candidate = self.found.take(piece, level, found.rule, span=span, sure=sure, note=note)
            self.labels.note_stated(candidate)
            taken = True
        return taken
