"""The rules that find priorities in headings, lists and paragraphs; tables have rules of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from mapping.sources.announcing import Verdict, begins_as_aim, find_words, judge_heading
from mapping.sources.boards import BoardNames, is_label
from mapping.sources.candidates import Candidate, Found, why_no_statement
from mapping.sources.contexts import (
    Context,
    counts_list,
    ends_open,
    find_contents,
    is_lead,
    is_report,
    looks_like_heading,
    mark_style,
    mend_passages,
    why_apart,
    word_count,
)
from mapping.sources.grids import is_tracker_table, read_grid
from mapping.sources.holders import OWN
from mapping.sources.items import (
    foresees,
    judge_item,
    why_business,
    why_left,
    why_run,
)
from mapping.sources.labels import BELOW, SHORT, Labels, plural
from mapping.sources.passages import Document
from mapping.sources.pieces import (
    Piece,
    clean_text,
    cut_sentences,
    group_tables,
    is_contents_line,
    is_note,
    list_pieces,
)
from mapping.sources.promises import asks_something, find_promise, is_plan, states_aim
from mapping.sources.prose import find_left, find_stated
from mapping.sources.readers import Reader

__all__ = ["apply_rules"]

_SINGULAR = re.compile(r"\b(?:vision|mission|ambition|aim|goal|purpose)\b(?!s)", re.IGNORECASE)
_RECOMMENDED = re.compile(r"recommend|decision", re.IGNORECASE)
_TRACKER = re.compile(r"\brecommendations? tracker|\btracker of .{0,40}recommendations", re.IGNORECASE)
_OURS = re.compile(r"\b(?:our|we|us)\b", re.IGNORECASE)
_STATEMENT = 50


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


class _Walk(Reader):
    """One reading of one document, passage by passage."""

    def __init__(self, document: Document, names: BoardNames) -> None:
        self.names = names
        document = replace(document, passages=tuple(mend_passages(document.passages)))
        self.found = Found(report=is_report(document.passages))
        self.contents = find_contents(document.passages)
        self.runs = group_tables(self._drop_notes(list_pieces(document)))
        self.flat = [piece for run in self.runs for piece in run]
        opening = [document.title, *(passage.text for passage in document.passages[:3])]
        # Whatever became of its table, what a tracker holds is other people's recommendations.
        self.whole_tracker = self.found.tracker = any(_TRACKER.search(text) for text in opening)
        self.plan = not self.found.report and is_plan([document.name, *opening])
        self.opening = [(0, document.title), *((one.place, one.text) for one in document.passages[:3])]
        self.context = Context(self.found.report)
        self.labels = Labels(self.found, names, self.context)
        self.at = 0
        self.last_item = False
        self.taken_items: list[tuple[int, Candidate]] = []

    def _drop_notes(self, pieces: list[Piece]) -> list[Piece]:
        """Leave footnotes: what explains a word of a list is none of its items."""
        for piece in pieces:
            if is_note(piece.passage):
                self.found.leave(piece, "a footnote")
        return [piece for piece in pieces if not is_note(piece.passage)]

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
                    if piece.passage.place in self.contents:
                        self.found.leave(piece, "line of a list of contents")
                    else:
                        kinds[piece.kind](piece)
                    self.at += 1
        self.labels.settle()
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
            if apart := why_apart(heading, verdict):
                for piece in run:
                    self.found.leave(piece, apart)
            elif past := self.context.judge_before(run).left:
                for piece in run:
                    self.found.leave(piece, past)
            else:
                before = len(self.found.candidates)
                read_grid(run, self.found, self.names, verdict, heading)
                if verdict.says == "reported activity":
                    for candidate in self.found.candidates[before:]:
                        candidate.sure, candidate.note = "possible", candidate.note or verdict.reason
        self.at += len(run)
        self.context.note(run[-1])

    def heading(self, piece: Piece) -> None:
        follower = self._next()
        self.labels.heading(piece, listed=follower is not None and follower.kind == "item")
        self.taken_items = []

    # --- lists ----------------------------------------------------------------------------------------------

    def item(self, piece: Piece) -> None:
        self.labels.pending = None
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
        if is_label(piece.text) and self.labels.take_label(piece):
            self.context.note(piece)
            return
        lead = self.context.find_lead(piece)
        verdict, heading, distance = self.context.find_heading(piece)
        sure = "likely"
        standing = self.context.report and not distance and find_words("report", heading)
        if lead and lead.verdict.says and not standing:
            verdict = lead.verdict
            sure = "possible" if verdict.says == "action" or verdict.mixed else "likely"
        elif verdict.mixed or lead or distance or not piece.number:
            sure = "possible"
        led = bool(lead and lead.verdict.says and not standing)
        place = lead.place if lead else 0
        held = lead.held if lead and (led or lead.held.left) else OWN
        named = self.judge_holder(held.holder, piece.passage.place, place)
        if led and lead and lead.verdict.says == "action" and (run := why_run(self.context.find_heading(piece)[0])):
            self.found.leave(piece, run)
        elif held.left or named.left:
            self.found.leave(piece, held.left or named.left)
        else:
            note = held.note or named.note
            sure = "possible" if note else sure
            self._take_item(piece, verdict, heading, sure, place, under_lead=led, far=distance, note=note)
        self.context.note(piece)

    def _take_item(
        self, piece: Piece, verdict: Verdict, heading: str, sure: str, place: int, *, under_lead: bool, far: int,
        note: str,
    ) -> None:  # fmt: skip
        section = self.labels.section[0] if self.labels.section else None
        announced = self.context.leads[-1].text if under_lead and self.context.leads else heading
        verdict = verdict._replace(says=self.labels.level_below(verdict.says, piece)) if not far else verdict
        verdict, level, sure, parent, note, why = judge_item(
            piece, verdict, announced, sure, note, names=self.names, led=under_lead, far=far,
            outer=self._outer(piece), section=section,
        )  # fmt: skip
        rule = "list after a lead" if under_lead else "list under a heading"
        if not why and verdict.announces:
            candidate = self.found.take(piece, level, rule, sure=sure, list_place=place, parent=parent, note=note)
            if self.labels.section and candidate.parent is None and self.labels.is_under(piece):
                candidate.parent = self.labels.section[0]
            self.taken_items.append((piece.depth, candidate))
            if not far:
                self.labels.note_list(piece.passage.headings)
        elif verdict.says == "reported activity" and (not why or why.startswith("too long")):
            self.found.take(piece, "reported activity", rule, sure="possible", list_place=place)
        elif not self.take_prose(piece, doubtful=verdict.says in ("background", "reported activity")):
            self.found.leave(piece, why or why_left(verdict, heading))

    def _outer(self, piece: Piece) -> Candidate | None:
        """Return the item under which a deeper one stands."""
        while self.taken_items and self.taken_items[-1][0] >= piece.depth:
            self.taken_items.pop()
        if self.taken_items and self.taken_items[-1][1].place < piece.passage.place:
            return self.taken_items[-1][1]
        return None

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
        asking = self._asks(piece)
        verdict = self.context.lead(piece, depth)
        self.taken_items = []
        self.last_item = False
        last = cut_sentences(piece.text)[-1]
        if asking:
            note = "leads to the list that follows"
            self.taken_items = [(depth, self.found.take(piece, "action", "recommendation", sure="possible", note=note))]
        # What stands before the lead's own sentence may state something itself.
        elif not self.take_prose(piece, until=piece.end - (last[1] - last[0])):
            held = self.context.leads[-1].held
            what = f"leads to a list of {plural(verdict.says)}" if verdict.announces else "leads to a list"
            self.found.leave(piece, held.left or what)
        self.context.note(piece)

    def _asks(self, piece: Piece) -> bool:
        """Say whether words that lead to a list are a recommendation themselves: "That the grant is used to:"."""
        verdict, heading, distance = self.context.find_heading(piece)
        asked = verdict.says == "action" and not distance and _RECOMMENDED.search(heading)
        return bool(asked) and asks_something(piece.text) and not why_no_statement(piece, self.names)

    # --- paragraphs -----------------------------------------------------------------------------------------

    def paragraph(self, piece: Piece) -> None:
        if self.labels.pending:
            self.labels.take_pending(piece)
            return
        if is_contents_line(piece.text):
            self.found.leave(piece, "line of a list of contents")
            return
        heading_like = looks_like_heading(piece) and not is_label(piece.text) and not find_stated(piece.text)
        if heading_like and judge_heading(piece.text, report=self.found.report).says and not self._in_list(piece):
            self.context.open_pseudo(piece)
            self.found.leave(piece, "serves as a heading")
            return
        leads = looks_like_heading(piece) or counts_list(piece.text) or ends_open(piece.text)
        label = is_label(piece.text)
        ends = label and label["sign"] and not piece.text.endswith(":") and not self._list_follows(piece)
        if ends and self.labels.take_label(piece):
            # "Aim three: Someone to turn to" leads to nothing, though it ends as such words do.
            self.context.note(piece)
            return
        if is_lead(piece.text) or (self._list_follows(piece) and leads):
            self._open_list(piece, 0)
            return
        if is_label(piece.text) and self.labels.take_label(piece):
            self.context.note(piece)
            return
        if self.last_item:
            # A paragraph after the items of a list is no item that lost its mark.
            self.context.leads = []
        self.last_item = False
        self._take_paragraph(piece)
        self.context.note(piece)

    def _take_paragraph(self, piece: Piece) -> None:
        lead = self.context.leads[-1] if self.context.leads else None
        if lead and lead.held.left and word_count(piece.text) <= SHORT and lead.place < piece.passage.place:
            # A line of a list whose marks were lost: whose it is was said before it.
            self.found.leave(piece, lead.held.left)
            return
        if self._take_under(piece):
            return
        verdict, heading, _ = self.context.find_heading(piece)
        doubtful = verdict.says in ("background", "reported activity")
        stated = self.take_prose(piece, doubtful=doubtful)
        if not self.take_promises(piece, verdict) and not stated:
            text = piece.passage.text[piece.start : piece.end]
            self.found.leave(piece, find_left(text) or why_left(verdict, heading))
        self.context.leads = []

    def _in_list(self, piece: Piece) -> bool:
        """Say whether a short line is one of an unmarked list, as after a lead whose list lost its bullets."""
        return any(lead.verdict.announces for lead in self.context.leads) and begins_as_aim(piece.text)

    def _take_under(self, piece: Piece) -> bool:
        """Take a paragraph as an item that lost its mark, a recommendation, or the statement under "Our vision"."""
        verdict, heading, distance = self.context.find_heading(piece)
        short = word_count(piece.text) <= SHORT and len(cut_sentences(piece.text)) == 1
        lead = self.context.leads[-1] if self.context.leads else None
        if why_no_statement(piece, self.names):
            return False
        follower = self._next()
        caption = follower is not None and follower.table > 0
        if lead and lead.verdict.announces and short and not caption and not piece.number and begins_as_aim(piece.text):
            rule, place = "short lines after a lead", lead.place
            named = self.judge_holder(lead.held.holder, piece.passage.place, lead.place)
            if named.left:
                self.found.leave(piece, named.left)
                return True
            note = lead.held.note or named.note
            self.found.take(piece, lead.verdict.says, rule, sure="possible", list_place=place, note=note)
            return True
        if short and self._take_below(piece):
            return True
        if distance or not verdict.announces:
            return False
        if _RECOMMENDED.search(heading) and verdict.says == "action":
            return self._take_recommendation(piece)
        one = verdict.says == "vision" or (verdict.says == "theme" and _SINGULAR.search(heading))
        if verdict.says == "theme" and not one and not self.context.since_heading and foresees(piece.text):
            # "By 2035 Wenbury will be the best place ...", under "Where we want to be".
            one, verdict = True, Verdict("vision")
        if one and not self.context.since_heading:
            return self._take_statement(piece, verdict, mixed=verdict.mixed)
        if short and not self.found.report and states_aim(piece.text) and piece.kind == "paragraph":
            self.found.take(piece, verdict.says, "short lines under a heading", sure="possible")
            return True
        return False

    def _take_below(self, piece: Piece) -> bool:
        """Take a line right under a heading that is a priority: what is to be done about it."""
        section, path = self.labels.section, piece.passage.headings
        if section is None or self.context.pseudo or not path or clean_text(path[-1]) != section[0].piece.text:
            return False
        if piece.kind != "paragraph" or not states_aim(piece.text) or find_stated(piece.text):
            return False
        if self.plan and find_promise(piece.text):
            return False
        self.found.take(piece, "action", BELOW, sure="possible", parent=section[0])
        return True

    def _take_recommendation(self, piece: Piece) -> bool:
        asks = re.match(r"(?:that|to|it is recommended|the \w+ (?:\w+ )?is)\b", piece.text, re.IGNORECASE)
        if not (asks or piece.number or begins_as_aim(piece.text)):
            return False
        if why := why_business(piece, "recommendation"):
            self.found.leave(piece, why)
            return True
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
