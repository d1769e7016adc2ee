"""The rules that find priorities in headings, lists and paragraphs; tables have rules of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from mapping.sources.announcing import NOTHING, Verdict, begins_as_aim, covers_heading, find_words, judge_heading
from mapping.sources.boards import BoardNames, is_label
from mapping.sources.candidates import Candidate, Found, why_no_statement
from mapping.sources.contexts import (
    Context,
    is_lead,
    is_report,
    looks_like_heading,
    mark_style,
    mend_passages,
    word_count,
)
from mapping.sources.grids import is_tracker_table, read_grid
from mapping.sources.passages import Document
from mapping.sources.pieces import Piece, clean_text, cut_sentences, group_tables, is_contents_line, list_pieces
from mapping.sources.prose import find_stated

__all__ = ["apply_rules"]

_LABEL_LEVELS = {
    "priority": "priority", "objective": "priority", "commitment": "priority", "pledge": "priority",
    "focus": "priority", "area": "priority", "action": "action", "recommendation": "action",
}  # fmt: skip
_SINGULAR = re.compile(r"\b(?:vision|mission|ambition|aim|goal|purpose)\b(?!s)", re.IGNORECASE)
_RECOMMENDED = re.compile(r"recommend|decision", re.IGNORECASE)
_TRACKER = re.compile(r"\brecommendations? tracker|\btracker of .{0,40}recommendations", re.IGNORECASE)
_SHORT, _STATEMENT = 28, 50


def apply_rules(document: Document, names: BoardNames) -> Found:
    """Return what the rules find in one document, and why every other passage is left.

    Examples
    --------
    >>> from mapping.sources.passages import Passage
    >>> lines = [("heading", "Our priorities", ""), ("item", "Safer streets", "1."), ("item", "Warm homes", "2.")]
    >>> passages = [
    ...     Passage(place, kind, text, 1, number, () if kind == "heading" else ("Our priorities",))
    ...     for place, (kind, text, number) in enumerate(lines, start=1)
    ... ]
    >>> found = apply_rules(Document("plan.txt", "", "text", "ok", passages=tuple(passages)), BoardNames())
    >>> [(candidate.number, candidate.text, candidate.rule) for candidate in found.candidates]
    [('1.', 'Safer streets', 'list under a heading'), ('2.', 'Warm homes', 'list under a heading')]
    """
    return _Walk(document, names).run()


class _Walk:
    """One reading of one document, passage by passage."""

    def __init__(self, document: Document, names: BoardNames) -> None:
        self.names = names
        document = replace(document, passages=tuple(mend_passages(document.passages)))
        self.runs = group_tables(list_pieces(document))
        self.flat = [piece for run in self.runs for piece in run]
        self.found = Found(report=is_report(document.passages))
        opening = [document.title, *(passage.text for passage in document.passages[:3])]
        # Whatever became of its table, what a tracker holds is other people's recommendations.
        self.whole_tracker = self.found.tracker = any(_TRACKER.search(text) for text in opening)
        self.context = Context(self.found.report)
        self.at = 0
        self.last_item = False
        self.pending: Piece | None = None  # "Priority 1" whose words stand in the next passage
        self.section: tuple[Candidate, int] | None = None  # a priority that is a heading, with its level
        self.children: dict[tuple[str, ...], list[Candidate]] = {}
        self.listed: set[tuple[str, ...]] = set()
        self.taken_items: list[tuple[int, Candidate]] = []

    def run(self) -> Found:
        kinds: dict[str, Callable[[Piece], None]] = {
            "heading": self.heading, "item": self.item, "paragraph": self.paragraph, "cell": self.paragraph,
            "furniture": lambda piece: self.found.leave(piece, "repeats on every page"),
        }  # fmt: skip
        for run in self.runs:
            if run[0].table:
                self.table(run)
            else:
                for piece in run:
                    kinds[piece.kind](piece)
                    self.at += 1
        self._settle_headings()
        if self.whole_tracker:
            for candidate in self.found.candidates:
                self.found.why[candidate.place] = "in a tracker of recommendations: mapping tracker reads it"
            self.found.candidates = []
        self.found.candidates.sort(key=lambda candidate: (candidate.place, candidate.start))
        return self.found

    def table(self, run: list[Piece]) -> None:
        if is_tracker_table(run):
            self.found.tracker = True
            for piece in run:
                self.found.leave(piece, "a table of recommendations and responses: mapping tracker reads it")
        else:
            verdict, heading, _ = self.context.find_heading(run[0])
            read_grid(run, self.found, self.names, verdict, heading)
        self.at += len(run)
        self.context.note(run[-1])

    # --- headings -------------------------------------------------------------------------------------------

    def heading(self, piece: Piece) -> None:
        last = self.context
        text, level = piece.text, piece.passage.level
        if self.section and level <= self.section[1]:
            self.section = None
        if self.pending and not is_label(text):
            self._take_pending(piece)
            last.open_heading(piece)
            return
        verdict = judge_heading(text, report=self.found.report)
        last.open_heading(piece)
        self.pending = None
        self.taken_items = []
        if is_contents_line(text):
            self.found.leave(piece, "line of a list of contents")
        elif is_label(text) and not self._judge_rest(text).says:
            self._take_label(piece, heading=True)
        elif verdict.says and not (
            self._under_priorities(piece) and not verdict.announces and not covers_heading(text)
        ):
            what = f"announces {_plural(verdict.says)}" if verdict.announces else verdict.reason
            self.found.leave(piece, f"heading: {what}")
        else:
            self._note_child(piece)
            self.found.leave(piece, "heading")

    def _under_priorities(self, piece: Piece) -> bool:
        path = piece.passage.headings
        return bool(path) and not self.found.report and judge_heading(path[-1]).says in ("priority", "theme")

    def _judge_rest(self, text: str) -> Verdict:
        """Say what stands after a label: "Priority 1: what we will do" is a heading within priority 1."""
        label = is_label(text)
        rest = text[label.end() :] if label else ""
        verdict = judge_heading(rest) if rest and word_count(rest) <= 6 else NOTHING
        whole = verdict.pattern and len(verdict.pattern.split()) >= word_count(rest) - 1
        return verdict if verdict.says in ("action", "background", "reported activity") and whole else NOTHING

    def _note_child(self, piece: Piece) -> None:
        """Take a heading under one that announces priorities; whether it is one shows when all are known."""
        path = piece.passage.headings
        if not path or self.found.report or why_no_statement(piece, self.names):
            return
        verdict = judge_heading(path[-1])
        if verdict.says in ("priority", "theme") and not verdict.mixed and not is_label(path[-1]):
            sure = "likely" if piece.number or begins_as_aim(piece.text) else "possible"
            candidate = self.found.take(piece, verdict.says, "heading under a heading", sure=sure)
            self.children.setdefault(path, []).append(candidate)
            self.section = (candidate, piece.passage.level)

    def _settle_headings(self) -> None:
        """Drop headings under "Our priorities" again where there is but one, or a list stands there in their place."""
        dropped = set()
        for path, children in self.children.items():
            if len(children) < 2 or path in self.listed:
                dropped |= {id(candidate) for candidate in children}
        self.found.candidates = [one for one in self.found.candidates if id(one) not in dropped]
        for candidate in self.found.candidates:
            if id(candidate.parent) in dropped:
                candidate.parent = None

    # --- labels ---------------------------------------------------------------------------------------------

    def _take_label(self, piece: Piece, *, heading: bool = False) -> bool:
        """Take "Priority 1: ..." ; where the label stands alone, its words are those of the next passage."""
        label = is_label(piece.text)
        if label is None or self.context.report:
            return False
        rest = piece.text[label.end() :].strip()
        if not rest:
            if word_count(piece.text) > 5:
                return False
            self.pending = piece
            self.found.leave(piece, "label of the words that follow")
            return True
        sign = bool(label["sign"]) or heading
        if not sign or why_no_statement(piece, self.names) or not (rest[0].isupper() or begins_as_aim(rest)):
            return False
        at = piece.passage.text.find(rest, piece.start)
        span = (at, piece.end) if at >= 0 else (piece.start, piece.end)
        number = piece.text[: label.end()].strip(" :.–—-")
        candidate = self.found.take(
            piece, _label_level(label["what"]), "labelled", span=span, number=number,
            parent=self._parent_of_label(label["what"]),
        )  # fmt: skip
        if heading:
            self.section = (candidate, piece.passage.level)
        return True

    def _parent_of_label(self, what: str) -> Candidate | None:
        if self.section and _label_level(what) == "action":
            return self.section[0]
        return None

    def _take_pending(self, piece: Piece) -> None:
        label = is_label(self.pending.text) if self.pending else None
        if self.pending and label and word_count(piece.text) <= _SHORT and not why_no_statement(piece, self.names):
            number = self.pending.text.strip(" :.–—-")
            candidate = self.found.take(piece, _label_level(label["what"]), "labelled", number=number)
            if self.pending.kind == "heading":
                self.section = (candidate, self.pending.passage.level)
        else:
            self.found.leave(piece, "follows a label, but reads as no statement")
        self.pending = None

    # --- lists ----------------------------------------------------------------------------------------------

    def item(self, piece: Piece) -> None:
        self.pending = None
        numbered = self.context.report and mark_style(piece.number).startswith("1.1")
        self.last_item = self.last_item or not numbered
        if numbered:
            self.paragraph(piece)
            return
        if is_lead(piece.text) and self._list_follows(piece):
            follower = self._next()
            flat = follower is not None and not self._is_deeper(piece, follower)
            self._open_list(piece, piece.depth - flat)
            return
        if is_label(piece.text) and self._take_label(piece):
            self.context.note(piece)
            return
        lead = self.context.find_lead(piece)
        verdict, heading, distance = self.context.find_heading(piece)
        sure = "likely"
        standing = self.context.report and not distance and find_words("report", heading)
        if lead and lead.verdict.says and not standing:
            verdict = lead.verdict
            sure = "possible" if verdict.says == "action" or verdict.mixed else "likely"
        elif verdict.mixed or lead or distance:
            sure = "possible"
        place = lead.place if lead else 0
        led = bool(lead and lead.verdict.says and not standing)
        self._take_item(piece, verdict, heading, sure, place, under_lead=led, far=distance)
        self.context.note(piece)

    def _take_item(
        self, piece: Piece, verdict: Verdict, heading: str, sure: str, place: int, *, under_lead: bool, far: int
    ) -> None:
        why = why_no_statement(piece, self.names)
        level, rule = verdict.says, "list after a lead" if under_lead else "list under a heading"
        parent = self._outer(piece)
        if not verdict.says and self.section and begins_as_aim(piece.text):
            # Bullets under "Priority 1: ..." say what is to be done about it.
            verdict, level, sure, parent = Verdict("action"), "action", "possible", parent or self.section[0]
        elif far and not under_lead and verdict.announces and verdict.says != "action":
            # Bullets under a heading that itself stands under "Our priorities".
            level, sure = "action", "possible"
            why = why or ("" if begins_as_aim(piece.text) else "under a heading of its own, and begins as no aim does")
        elif parent and not under_lead:
            level, sure = "action", "possible"
        if not why and verdict.announces:
            candidate = self.found.take(piece, level, rule, sure=sure, list_place=place, parent=parent)
            if self.section and candidate.parent is None and self._is_under(piece):
                candidate.parent = self.section[0]
            self.taken_items.append((piece.depth, candidate))
            if not far:
                self.listed.add(piece.passage.headings)
        elif verdict.says == "reported activity" and (not why or why.startswith("too long")):
            self.found.take(piece, "reported activity", rule, sure="possible", list_place=place)
        elif not self._take_prose(piece, doubtful=verdict.says in ("background", "reported activity")):
            self.found.leave(piece, why or self._why_left(verdict, heading))

    def _is_under(self, piece: Piece) -> bool:
        """Say whether the priority that is a heading stands above a piece."""
        return self.section is not None and self.section[0].piece.text in map(clean_text, piece.passage.headings)

    def _outer(self, piece: Piece) -> Candidate | None:
        """Return the item under which a deeper one stands."""
        while self.taken_items and self.taken_items[-1][0] >= piece.depth:
            self.taken_items.pop()
        if self.taken_items and self.taken_items[-1][1].place < piece.passage.place:
            return self.taken_items[-1][1]
        return None

    def _why_left(self, verdict: Verdict, heading: str) -> str:
        if verdict.announces:
            return f"under '{heading[:60]}', but reads as no statement of what is set out"
        if verdict.says:
            return f"{verdict.says} ('{verdict.pattern}'): {verdict.reason}"
        return f"no rule finds a priority here (under '{heading[:60]}')" if heading else "no rule finds a priority here"

    def _next(self) -> Piece | None:
        return self.flat[self.at + 1] if self.at + 1 < len(self.flat) else None

    def _list_follows(self, piece: Piece) -> bool:
        follower = self._next()
        if follower is None or follower.kind != "item":
            return False
        # In a list whose levels were lost, an item that ends in a colon leads to those after it.
        return piece.kind != "item" or self._is_deeper(piece, follower) or piece.text.endswith(":")

    def _is_deeper(self, piece: Piece, follower: Piece) -> bool:
        return follower.depth > piece.depth or mark_style(piece.number) != mark_style(follower.number)

    def _open_list(self, piece: Piece, depth: int) -> None:
        verdict = self.context.lead(piece, depth)
        self.taken_items = []
        self.last_item = False
        last = cut_sentences(piece.text)[-1]
        # What stands before the lead's own sentence may state something itself.
        if not self._take_prose(piece, until=piece.end - (last[1] - last[0])):
            what = f"leads to a list of {_plural(verdict.says)}" if verdict.announces else "leads to a list"
            self.found.leave(piece, what)
        self.context.note(piece)

    # --- paragraphs -----------------------------------------------------------------------------------------

    def paragraph(self, piece: Piece) -> None:
        if self.pending:
            self._take_pending(piece)
            return
        if is_contents_line(piece.text):
            self.found.leave(piece, "line of a list of contents")
            return
        heading_like = looks_like_heading(piece) and not is_label(piece.text) and not find_stated(piece.text)
        if heading_like and judge_heading(piece.text, report=self.found.report).says and not self._in_list(piece):
            self.context.open_pseudo(piece)
            self.found.leave(piece, "serves as a heading")
            return
        if is_lead(piece.text) or (self._list_follows(piece) and looks_like_heading(piece)):
            self._open_list(piece, 0)
            return
        if is_label(piece.text) and self._take_label(piece):
            self.context.note(piece)
            return
        if self.last_item:
            # A paragraph after the items of a list is no item that lost its mark.
            self.context.leads = []
        self.last_item = False
        if not self._take_under(piece):
            verdict, heading, _ = self.context.find_heading(piece)
            doubtful = verdict.says in ("background", "reported activity")
            if not self._take_prose(piece, doubtful=doubtful):
                self.found.leave(piece, self._why_left(verdict, heading))
            self.context.leads = []
        self.context.note(piece)

    def _in_list(self, piece: Piece) -> bool:
        """Say whether a short line is one of an unmarked list, as after a lead whose list lost its bullets."""
        return any(lead.verdict.announces for lead in self.context.leads) and begins_as_aim(piece.text)

    def _take_under(self, piece: Piece) -> bool:
        """Take a paragraph as an item that lost its mark, a recommendation, or the statement under "Our vision"."""
        verdict, heading, distance = self.context.find_heading(piece)
        short = word_count(piece.text) <= _SHORT and len(cut_sentences(piece.text)) == 1
        lead = self.context.leads[-1] if self.context.leads else None
        if why_no_statement(piece, self.names):
            return False
        if lead and lead.verdict.announces and short and not piece.number and begins_as_aim(piece.text):
            rule, place = "short lines after a lead", lead.place
            self.found.take(piece, lead.verdict.says, rule, sure="possible", list_place=place)
            return True
        if distance or not verdict.announces:
            return False
        if _RECOMMENDED.search(heading) and verdict.says == "action":
            return self._take_recommendation(piece)
        if verdict.says in ("vision", "theme") and _SINGULAR.search(heading) and not self.context.since_heading:
            return self._take_statement(piece, verdict, mixed=verdict.mixed)
        if short and not self.found.report and begins_as_aim(piece.text) and piece.kind == "paragraph":
            self.found.take(piece, verdict.says, "short lines under a heading", sure="possible")
            return True
        return False

    def _take_recommendation(self, piece: Piece) -> bool:
        asks = re.match(r"(?:that|to|it is recommended|the \w+ (?:\w+ )?is)\b", piece.text, re.IGNORECASE)
        if not (asks or piece.number or begins_as_aim(piece.text)):
            return False
        self.found.take(piece, "action", "recommendation", sure="likely" if asks or piece.number else "possible")
        return True

    def _take_statement(self, piece: Piece, verdict: Verdict, *, mixed: bool) -> bool:
        first, last = cut_sentences(piece.text)[0]
        # A report's paragraph under "Our goal" tells of the goal; a short line without an end states it.
        telling = self.found.report and (word_count(piece.text) > 20 or piece.text.endswith("."))
        if find_stated(piece.text) or word_count(piece.text[first:last]) > _STATEMENT or telling:
            return False
        at = piece.passage.text.find(piece.text[first:last][:40], piece.start)
        span = (at, at + last - first) if at >= 0 and piece.text in piece.passage.text else (piece.start, piece.end)
        sure = "likely" if last == len(piece.text) and not mixed else "possible"
        self.found.take(piece, verdict.says, "statement under a heading", span=span, sure=sure)
        return True

    def _take_prose(self, piece: Piece, *, doubtful: bool = False, until: int | None = None) -> bool:
        text = piece.passage.text[piece.start : piece.end if until is None else max(piece.start, until)]
        stated = find_stated(text)
        for found in stated:
            sure = "possible" if doubtful else found.sure
            span = (piece.start + found.start, piece.start + found.end)
            self.found.take(piece, found.level, found.rule, span=span, sure=sure, note=found.note)
        return bool(stated)


def _label_level(what: str) -> str:
    return _LABEL_LEVELS.get(what.casefold().split()[0], "theme")


def _plural(says: str) -> str:
    return {"priority": "priorities", "vision": "a vision"}.get(says, f"{says}s")
