"""What members are asked, what people did with the tags, and which other settings were tried."""

from __future__ import annotations

from collections.abc import Sequence

from mapping.paper.blocks import Block
from mapping.paper.draft import STANDING, TOTAL, Draft
from mapping.paper.sources import Fact, Source, join_facts

__all__ = ["ask_members", "say_engagement", "say_settings"]


def ask_members(draft: Draft) -> list[Block]:
    """Return the questions for members: a discussion paper asks."""
    confirmed = Source("cells", "confirmed", (), "sum")
    asked = [("wrong", Fact("Which tag or number in this paper is wrong for your board?"))]
    if draft.number(Source("focus", "", (), "rows")):
        areas = Source("focus", "", (), "rows")
        one = draft.number(areas) == 1
        text = "Is the candidate area" if one else "Which of the {areas} candidate areas, if any, is"
        text += " worth discussing across boards, and what speaks against it?"
        asked.append(("areas", draft.say(text, areas=areas)))
    if not (draft.tables.get("boards")["reading"] == "read").all():
        names = draft.name_boards(list(draft.tables.get("boards").query("reading != 'read'")["board"]), ())
        text = "What do the strategies that were not read say of the themes ({names})?"
        asked.append(("unread", draft.say(text, names=names)))
    if draft.number(Source("untagged", "", (), "rows")):
        untagged = Source("untagged", "", (), "rows")
        text = "{n} of {total} priorities carry no theme: do any of them belong to one?"
        asked.append(("untagged", draft.say(text, n=untagged, total=TOTAL)))
    if draft.number(STANDING) > draft.number(confirmed):
        text = "Who is to check the tags, of which a person confirmed {c} of {t}?"
        asked.append(("check", draft.say(text, c=confirmed, t=STANDING)))
    blocks: list[Block] = [draft.drafted("questions", Fact("Members are asked:"))]
    return [*blocks, *(draft.drafted(f"ask_{key}", fact, "sub") for key, fact in asked)]


def say_engagement(draft: Draft) -> list[Block]:
    """Return who checked the tags, and how many are confirmed."""
    decisions = draft.tables.get("decisions")
    applied = decisions[decisions["outcome"] == "applied"] if len(decisions) else decisions
    if applied.empty:
        confirmed = draft.number(Source("cells", "confirmed", (), "sum"))
        said = draft.say(
            "A person confirmed {c} of {t} tags."
            if confirmed
            else "No person has decided on a tag yet: {c} of {t} tags are confirmed, and all are suggested only.",
            c=Source("cells", "confirmed", (), "sum"), t=STANDING,
        )  # fmt: skip
        return [draft.drafted("engagement", said)]
    return [draft.drafted("engagement", join_facts(_count_decisions(draft, list(applied["time"]))))]


def _count_decisions(draft: Draft, times: Sequence[str]) -> list[Fact]:
    own = (("outcome", "=", "applied"),)
    people = Source("decisions", "reviewer", own, "distinct")
    who = "{people} person" if draft.number(people) == 1 else "{people} people"
    when = " between {first} and {last}" if all(times) else ""
    if when and draft.tables.read(Source("decisions", "time", own, "first-day")) == draft.tables.read(
        Source("decisions", "time", own, "last-day")
    ):
        when = " on {first}"
    said = [
        draft.say(
            f"{who} checked tags{when}: {{n}} of {{all}} decisions apply to this mapping. A person confirmed {{c}} of "
            "{t} tags.",
            people=people, n=Source("decisions", "", own, "rows"), all=Source("decisions", "", (), "rows"),
            c=Source("cells", "confirmed", (), "sum"), t=STANDING,
            first=Source("decisions", "time", own, "first-day") if when else "",
            last=Source("decisions", "time", own, "last-day") if when else "",
        )
    ]  # fmt: skip
    disputed = Source("tags", "", (("status", "=", "disputed"),), "rows")
    if draft.number(disputed):
        text = "On {n} tag reviewers disagree." if draft.number(disputed) == 1 else "On {n} tags reviewers disagree."
        said.append(draft.say(text, n=disputed))
    return said


def say_settings(draft: Draft) -> list[Block]:
    """Return what other thresholds would have suggested."""
    tested = (("tested", "=", True),)
    ranges = []
    for theme in draft.run.framework.theme_ids:
        own = (*tested, ("theme", "=", theme))
        low, high = Source("sensitivity", "tagged", own, "least"), Source("sensitivity", "tagged", own, "most")
        text = "{name} {low}" if draft.number(low) == draft.number(high) else "{name} {low} to {high}"
        ranges.append(draft.say(text, name=draft.theme(theme), low=low, high=high))
    said = draft.say(
        "The score from which a priority is tagged is {used}. It was moved from {low} to {high}. Before any check by a "
        "person, the number of priorities suggested for each theme, out of {total}, would then be: {ranges}.",
        used=Source("settings", "threshold", (), digits=2),
        low=Source("sensitivity", "threshold", tested, "least", 2),
        high=Source("sensitivity", "threshold", tested, "most", 2),
        total=TOTAL, ranges=join_facts(ranges, ", ", " and "),
    )  # fmt: skip
    return [draft.drafted("settings", said)]
