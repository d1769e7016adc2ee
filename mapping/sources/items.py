"""What an item of a list is: its level by what announced it and by what it stands under, and why it may be left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mapping.sources.announcing import Verdict, begins_as_aim
from mapping.sources.boards import BoardNames
from mapping.sources.business import ASKS_MEETING, is_business, is_put_to_meeting
from mapping.sources.candidates import Candidate, why_no_statement
from mapping.sources.contexts import word_count
from mapping.sources.holders import OWN, Held
from mapping.sources.pieces import Piece
from mapping.sources.prose import Stated

__all__ = [
    "Judged",
    "foresees",
    "is_ambition",
    "judge_item",
    "judge_named",
    "links_elsewhere",
    "why_business",
    "why_left",
    "why_run",
]

# "Fitted 400 panels" was done; "Improved access" may be what is wanted.
_DONE = re.compile(
    r"(?!(?:improv|reduc|increas|enhanc|strengthen|expand|shar|target|dedicat|join|integrat|coordinat|co-ordinat)ed)"
    r"(?:[A-Z]\w+ed|Bought|Built|Held|Ran|Made|Gave|Won|Began|Brought|Found|Got|Kept|Led|Sent|Taught)\b"
)
_BELOW = {"theme": "priority", "priority": "action", "action": "action"}
_FEW_WORDS = 2
_RUN = ("roles", "responsibilities", "governance", "terms of reference", "accountability", "membership", "monitoring")
# Bodies beside a council whose aims are their own, and not those of a partnership that quotes them.
_BODIES = re.compile(
    r"\b(?:commissioner|integrated care|icb|icp|nhs|police and crime|constabulary|fire authority|combined authority|"
    r"mayor|(?:council|corporate|local|national|long[- ]term) plan|council strategy|community strategy)\b",
    re.IGNORECASE,
)
_PAPER = re.compile(r"Strategy|Plan|Framework|Vision")
_FORESEES = re.compile(
    r"(?:(?:by|in)\s+(?:the\s+year\s+)?20\d\d,?\s+)(?!we\b|there\b)[^,.;:]{3,60}?\s+will\s+be\s+(?:an?|the|one\s+of|known)\b",
    re.IGNORECASE,
)
_AMBITION = re.compile(r"\W*(?:(?:our|the|its)\s+)?(?:ambition|goal|aim)s?\b", re.IGNORECASE)


class Judged(NamedTuple):
    """What is known of an item: what announces it, its level, how sure, its parent, what to know, why it is left."""

    verdict: Verdict
    level: str
    sure: str
    parent: Candidate | None
    note: str
    why: str


def judge_item(
    piece: Piece, verdict: Verdict, announced: str, sure: str, note: str, *, names: BoardNames, led: bool, far: int,
    outer: Candidate | None, section: Candidate | None,
) -> Judged:  # fmt: skip
    """Say what an item of a list is.

    Parameters
    ----------
    piece : Piece
    verdict : Verdict
        What the words that lead to it announce, or the heading above it.
    announced : str
        Those words.
    sure, note : str
        How sure that is, and what to know.
    names : BoardNames
    led : bool
        Whether words lead to it; else it stands under a heading.
    far : int
        How many headings stand between.
    outer : Candidate or None
        The item under which it stands.
    section : Candidate or None
        The priority that is a heading above it.
    """
    why = why_no_statement(piece, names)
    level, parent = verdict.says, outer
    if not level and section and begins_as_aim(piece.text):
        # Bullets under "Priority 1: ..." say what is to be done about it.
        verdict, level, sure, parent = Verdict("action"), "action", "possible", parent or section
    elif far and not led and verdict.announces and level != "action":
        # Bullets under a heading that itself stands under "Our priorities".
        level, sure = "action", "possible"
        why = why or ("" if begins_as_aim(piece.text) else "under a heading of its own, and begins as no aim does")
    elif parent and not led:
        level, sure = "action", "possible"
    elif parent and led and level == parent.level:
        level = _BELOW.get(level, level)
    if parent and parent.level == "action" and not led and word_count(piece.text) <= _FEW_WORDS:
        why = why or "part of the item above it"
    if level == "action" and _DONE.match(piece.text):
        sure, note = "possible", note or "begins as what was done does"
    if not why and level == "action":
        why = why_business(piece, announced)
    return Judged(verdict, level, sure, parent, note, why)


def why_business(piece: Piece, announced: str) -> str:
    """Return why a recommendation is left that asks only the meeting for something; empty if it asks for more."""
    return ASKS_MEETING if is_put_to_meeting(piece.text, announced) and is_business(piece.text) else ""


# Bodies beside a city's boards; where no table says so, what they aim at is their own.
_OUTSIDE = re.compile(r"\b(?:Integrated Care (?:Board|Partnership|System)|Police|Trust|Council|Authority)$")


def judge_named(holder: str, opening: Sequence[str], names: BoardNames) -> Held:
    """Say what follows from the body that is named as the one whose aims they are: it may be another one.

    Parameters
    ----------
    holder : str
    opening : sequence of str
        The title and the first lines of the paper, where its own body is named.
    names : BoardNames
    """
    words = holder.split()
    # A paper is known by its last words, "Council Plan"; a body by its first.
    told = " ".join(words[-2:]) if words and _PAPER.fullmatch(words[-1]) else words[0] if words else ""
    own = any(told.casefold() in text.casefold() for text in opening)
    known = bool(names.find(holder)) and (names.given or not _OUTSIDE.search(holder))
    if own or names.is_here(holder) or known:
        return OWN
    if _BODIES.search(holder):
        return Held(f"set out by others ('{holder}')")
    return Held(note=f"said of {holder}: perhaps not this paper's own")


def is_ambition(text: str, found: Stated) -> bool:
    """Say whether a statement is the ambition or goal of a section, labelled so: "Ambition: every child reads"."""
    return found.level == "vision" and _AMBITION.match(text) is not None


def foresees(text: str) -> bool:
    """Say whether a sentence says what a place will be like in the end.

    Examples
    --------
    >>> foresees("By 2035, Wenbury will be the best town to grow up in."), foresees("By 2035 we will be 900 more.")
    (True, False)
    """
    return _FORESEES.match(text) is not None


def links_elsewhere(verdict: Verdict) -> bool:
    """Say whether what stands under a heading links to other pages, such as "Other news"."""
    return verdict.says == "background" and verdict.reason.startswith("links to other pages")


def why_left(verdict: Verdict, heading: str) -> str:
    """Return why a passage is left that stands under a heading."""
    if verdict.announces:
        return f"under '{heading[:60]}', but reads as no statement of what is set out"
    if verdict.says and not verdict.pattern:
        return verdict.reason
    if verdict.says:
        return f"{verdict.says} ('{verdict.pattern}'): {verdict.reason}"
    return f"no rule finds a priority here (under '{heading[:60]}')" if heading else "no rule finds a priority here"


def why_run(verdict: Verdict) -> str:
    """Return why a list is left that says what a body does, as under "Governance" or "Roles and responsibilities"."""
    if verdict.says == "background" and verdict.pattern.lstrip("=") in _RUN:
        return f"background ('{verdict.pattern}'): {verdict.reason}"
    return ""
