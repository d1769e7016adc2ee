"""Under what a passage stands: the headings above it, the words that led to it, and what both announce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from mapping.sources.announcing import NOTHING, Verdict, find_apart, find_counted, find_words, judge_heading, judge_lead
from mapping.sources.boards import is_label
from mapping.sources.holders import (
    OWN,
    Held,
    judge_holder,
    names_council,
    names_holder,
    names_others,
    tells_past,
)
from mapping.sources.passages import Passage
from mapping.sources.pieces import Piece, cut_sentences, is_bullet

__all__ = [
    "Context",
    "Lead",
    "counts_list",
    "ends_open",
    "find_contents",
    "is_lead",
    "is_report",
    "judge_own_heading",
    "looks_like_heading",
    "mark_style",
    "mend_passages",
    "why_apart",
    "word_count",
]

_REPORT_SIGNS = 3
_MOST_HEADING_WORDS, _LONGEST_LEAD = 9, 2_000
_COVERS = re.compile(r"\b(?:are|is|were|was|be|been|found|show(?:s|ed)?|follows|following|below)\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\b(?:be|would|should|shall|must|will|to|that|by|is|are|was|were)\s*$", re.IGNORECASE)
# "Priority 1: Healthy beginnings 4": the words of a heading and its page.
_CONTENTS = re.compile(r"(?P<words>\S.*[^\W\d_)’'\"”].*?)[\s.]+(?P<page>\d{1,3})")
_CONTENTS_HEAD = re.compile(
    r"(?:table of |list of )?contents(?: page)?|in this (?:plan|strategy|document)", re.IGNORECASE
)
_FEWEST_AGAIN = 2
_CONTENTS_WORDS, _CONTENTS_LENGTH, _FEWEST_LINES = 16, 160, 3
_APPENDIX = re.compile(r"(?:appendix|annex|schedule)\b", re.IGNORECASE)


class Lead(NamedTuple):
    """Words that lead to a list: what they announce, how deep they stand, their mark, and whose aims follow."""

    verdict: Verdict
    text: str
    depth: int
    style: str
    place: int
    held: Held = OWN


def word_count(text: str) -> int:
    """Return how many words a text has, told by its blanks."""
    return len(text.split())


def is_report(passages: Sequence[Passage]) -> bool:
    """Say whether a paper is a report to a committee: three or more headings or lines that only such reports have.

    Every paragraph of such a report is numbered, and it is put before a board without being that board's strategy.
    """
    signs = set()
    for passage in passages:
        text = passage.text[:200]
        # "Report sponsor: ..." begins a long line; everything else is a heading or a short line of its own.
        if word_count(text) <= _MOST_HEADING_WORDS or ":" in text[:40]:
            opening = text if word_count(text) <= _MOST_HEADING_WORDS else text[:40]
            signs |= {hit.keyword.pattern for hit in find_words("mark", opening) if hit.first <= 3}
    return len(signs) >= _REPORT_SIGNS


def mark_style(mark: str) -> str:
    """Return what kind of mark begins an item: ``4.2`` and ``4`` are different kinds, so are letters and bullets.

    Examples
    --------
    >>> mark_style("4.2"), mark_style("3."), mark_style("a)"), mark_style("-")
    ('1.1', '1', 'a', '-')
    """
    numbers = re.findall(r"\d+", mark)
    if numbers:
        return ".".join("1" for _ in numbers)
    return "a" if re.search(r"[A-Za-z]", mark) and mark not in ("l", "o", "n") else "-" if mark else ""


def is_lead(text: str) -> bool:
    """Say whether a text leads to a list: it ends in a colon, or in "include;" and the like."""
    ending = text.rstrip(" *_")
    return (
        ending.endswith((":", ":-", ":–"))
        or re.search(r"\b(?:include|includes|are|to|will|by|following|that)\s*[;…]?$", ending) is not None
    )


def ends_open(text: str) -> bool:
    """Say whether a text breaks off as words do that lead to a list: "the priorities should be", "we pledge to"."""
    return _OPEN_END.search(text) is not None


def find_contents(passages: Sequence[Passage]) -> set[int]:
    """Return the places of lines of a list of contents: short lines that end in page numbers which rise.

    Three or more follow one another, and words of two of them come again below. Under "Contents" no page is needed.
    """
    found: set[int] = set()
    run: list[tuple[int, str, int]] = []
    later = {" ".join(one.text.casefold().split()): one.place for one in passages if len(one.text) <= _CONTENTS_LENGTH}
    for passage in [*passages, None]:
        short = (
            passage is not None
            and len(passage.text) <= _CONTENTS_LENGTH
            and word_count(passage.text) <= _CONTENTS_WORDS
        )
        listed = short and passage is not None and passage.kind in ("paragraph", "item")
        line = _CONTENTS.fullmatch(passage.text) if listed and passage else None
        rises = line is not None and (not run or int(line["page"]) >= run[-1][2])
        if passage and line and rises:
            run.append((passage.place, " ".join(line["words"].casefold().split()), int(line["page"])))
            continue
        again = sum(later.get(words, 0) > run[-1][0] for _, words, _ in run)
        if len(run) >= _FEWEST_LINES and again >= _FEWEST_AGAIN:
            found |= {place for place, _, _ in run}
        run = []
    under = [one for one in passages if one.headings and _CONTENTS_HEAD.fullmatch(one.headings[-1])]
    lines = [one for one in under if one.kind in ("paragraph", "item") and word_count(one.text) <= _CONTENTS_WORDS]
    if sum(later.get(" ".join(one.text.casefold().split()), 0) > one.place for one in lines) >= _FEWEST_AGAIN:
        found |= {one.place for one in lines}
    return found


def looks_like_heading(piece: Piece) -> bool:
    """Say whether a paragraph is short and without an end as a heading is; what it says is for others to judge."""
    text = piece.text
    return word_count(text) <= _MOST_HEADING_WORDS and text[:1].isupper() and text[-1:] not in ".;,!:"


def mend_passages(passages: Sequence[Passage]) -> list[Passage]:
    """Return passages as they were meant where a reader of plain lines or of a page could not know.

    A heading "1. Clean streets" that "2. Good schools" follows at once, as an item, is an item; what stood under it
    stands under the heading before. A paragraph after a bullet that stands alone is an item.
    """
    mended: list[Passage] = []
    dropped: tuple[str, ...] = ()
    for at, passage in enumerate(passages):
        if at and passage.kind == "paragraph" and is_bullet(passages[at - 1].text):
            passage = replace(passage, kind="item", level=1, number=passages[at - 1].text.strip())
        depth = len(dropped) - 1
        if dropped and passage.headings[: depth + 1] == dropped:
            passage = replace(passage, headings=passage.headings[:depth] + passage.headings[depth + 1 :])
        elif dropped:
            dropped = ()
        follower = passages[at + 1] if at + 1 < len(passages) else None
        if passage.kind == "heading" and follower is not None and follower.kind == "item":
            first, second = (re.fullmatch(r"\(?(\d{1,2})[.)]?", one.number) for one in (passage, follower))
            if first and second and int(second[1]) == int(first[1]) + 1:
                dropped = (*passage.headings, passage.text)
                passage = replace(passage, kind="item", level=1)
        mended.append(passage)
    return mended


class Context:
    """What the passages read so far announce for the next one.

    Parameters
    ----------
    report : bool
        Whether the paper is a report to a committee.
    """

    def __init__(self, report: bool) -> None:
        self.report = report
        self.pseudo = ""
        self.leads: list[Lead] = []
        self.since_heading = 0
        self._path: tuple[str, ...] = ()
        self._cover: tuple[Verdict, int] | None = None
        self._last: Piece | None = None
        self._levels: dict[str, int] = {}

    def open_heading(self, piece: Piece, *, listed: bool = False) -> None:
        """Take a heading: leads end, and one that led to headings covers those of its level.

        Parameters
        ----------
        piece : Piece
        listed : bool
            Whether a list follows at once: "The priorities are:" may lead to several under headings of their own.
        """
        level = piece.passage.level
        if self._cover and (level < self._cover[1] or _APPENDIX.match(piece.text)):
            self._cover = None
        if self._cover and self._cover[0].announces and not listed:
            self._cover = None
        last = self._last
        # "The key findings can be summarised as:" covers the headings that follow; "Contact:" is a label left over.
        if last and last.kind == "paragraph" and is_lead(last.text) and _COVERS.search(last.text):
            verdict = judge_lead(last.text)
            if verdict.says and not verdict.announces:
                self._cover = (verdict, level)
            elif listed and verdict.announces and not _judge_lead_holder(last.text).left:
                self._cover = (verdict._replace(mixed=True), level)
        self.pseudo, self.leads, self.since_heading = "", [], 0
        self._path = (*piece.passage.headings, piece.text)
        self._last = piece

    def open_pseudo(self, piece: Piece) -> None:
        """Take a paragraph that serves as a heading."""
        self.pseudo, self.leads, self.since_heading = piece.text, [], 0
        self._last = piece

    def note(self, piece: Piece) -> None:
        """Take any other piece."""
        self.since_heading += 1
        self._last = piece

    def lead(self, piece: Piece, depth: int) -> Verdict:
        """Take words that lead to a list, and say what they announce."""
        verdict = judge_lead(piece.text) if is_lead(piece.text) else find_counted(_last_sentence(piece.text))
        verdict = verdict if verdict.says else judge_lead(piece.text)
        held = _judge_lead_holder(piece.text) if verdict.announces else OWN
        if held.left:
            verdict = Verdict("background", reason=held.left)
        self.leads = [lead for lead in self.leads if lead.depth < depth]
        self.leads.append(Lead(verdict, piece.text, depth, mark_style(piece.number), piece.passage.place, held))
        return verdict

    def find_lead(self, piece: Piece) -> Lead | None:
        """Return the words that lead to an item: the nearest above it that stand less deep, or under another mark."""
        style = mark_style(piece.number)
        while self.leads:
            lead = self.leads[-1]
            if lead.depth < piece.depth or (lead.style not in ("", style) and lead.depth == piece.depth):
                return lead
            self.leads.pop()
        return None

    def judge_before(self, run: Sequence[Piece]) -> Held:
        """Say whose the priorities in a table are, by the paragraph right above it: "we worked to three priorities"."""
        last = self._last
        if last is None or last.kind != "paragraph" or last.passage.place != run[0].passage.place - 1:
            return OWN
        return _judge_lead_holder(last.text) if find_counted(_last_sentence(last.text)).announces else OWN

    def find_heading(self, piece: Piece) -> tuple[Verdict, str, int]:
        """Return what the nearest telling heading announces, its words, and how many headings stand between."""
        path = [*piece.passage.headings, *([self.pseudo] if self.pseudo else [])]
        for distance, heading in enumerate(reversed(path)):
            verdict = judge_own_heading(heading, report=self.report)
            if is_label(heading, plain=True) and not verdict.says.startswith(("background", "reported")):
                return NOTHING, heading, distance
            if verdict.says:
                if self._cover and distance == 0 and verdict.announces and not self._cover[0].announces:
                    return self._cover[0], heading, distance
                return verdict, heading, distance
        if self._cover:
            return self._cover[0], path[-1] if path else "", 0
        return NOTHING, path[-1] if path else "", 0


def judge_own_heading(heading: str, *, report: bool = False) -> Verdict:
    """Say what a heading announces of the paper's own; of "NHS England's priorities" nothing.

    Examples
    --------
    >>> judge_own_heading("Our priorities").says, judge_own_heading("The Government's priorities").says
    ('priority', 'background')
    """
    verdict = judge_heading(heading, report=report)
    if verdict.announces and (others := names_holder(heading)):
        return Verdict("background", reason=f"set out by others ('{others}')")
    return verdict


def why_apart(heading: str, verdict: Verdict) -> str:
    """Return why nothing that stands under a heading is the paper's own; empty if it may be.

    Examples
    --------
    >>> why_apart("National policy", judge_heading("National policy"))
    "under 'National policy': set out by others"
    """
    if verdict.says != "background":
        return ""
    if not verdict.pattern:
        return verdict.reason
    if find_apart(heading):
        return f"under '{heading[:60]}': past, turned down or of others"
    national = any(hit.keyword.theme != "background" for hit in find_words("whose", heading))
    return f"under '{heading[:60]}': set out by others" if national else ""


def counts_list(text: str) -> bool:
    """Say whether words before a list lead to it though no colon ends them: "It has three aims." or "... priorities;".

    Examples
    --------
    >>> counts_list("The plan contains four key aims, which residents helped to choose."), counts_list("It rained.")
    (True, False)
    """
    return text.endswith(";") or find_counted(_last_sentence(text)).says != ""


# "It has four aims": what the sentence before tells of.
_CARRIES = re.compile(r"(?:its|their|it|they)\b", re.IGNORECASE)


def _last_sentence(text: str) -> str:
    text = text[-_LONGEST_LEAD:]
    start, end = cut_sentences(text)[-1]
    return text[start:end]


def _judge_lead_holder(text: str) -> Held:
    """Say whose aims follow the last sentence of words that lead to a list."""
    sentence = _last_sentence(text)
    before = text[: text.rindex(sentence)].rstrip() if sentence in text else ""
    if before and _CARRIES.match(sentence):
        earlier = _last_sentence(before)
        if tells_past(earlier):
            return Held(f"told of the past ('{earlier[:60]}')")
        if others := names_others(earlier):
            return Held(f"set out by others ('{others}'), not by the board")
        if holder := names_council(earlier):
            return Held(holder=holder)
    nouns = [hit for hit in find_words("prose", sentence) if hit.keyword.theme != "background"]
    return judge_holder(sentence, (nouns[-1].start, nouns[-1].end) if nouns else (len(sentence),) * 2)
