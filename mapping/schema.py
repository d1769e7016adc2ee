"""What every table in ``data/`` holds: its columns, in order, and what their cells may say."""

from __future__ import annotations

from mapping.keywords import ROLES
from mapping.tables import Column

__all__ = [
    "ANNOUNCING",
    "BOARDS",
    "DECISIONS",
    "DEPENDENCE",
    "FRAMEWORK",
    "KEYWORDS",
    "LINKS",
    "NAMES",
    "PARTNERSHIP",
    "PASSAGES",
    "PRIORITIES",
    "RECOMMENDATIONS",
    "RESPONSES",
    "STRATEGIES",
    "TABLES",
    "THEMES",
]

YES_NO = ("yes", "no")

#: Keys of ``partnership.yaml``.
PARTNERSHIP = {
    "id": "a short name for files, such as derby",
    "name": "the name as reports print it",
    "place": "the city or area",
    "edition": "which edition of the data this is, such as 'January 2019'",
    "framework": "the framework to map against: the name of a shipped one, or a folder beside this file",
    "about": "what these tables are and what they are not",
}

BOARDS = (
    Column("board", "the board's code, such as HWB", needed=True),
    Column("name", "its full name", needed=True),
    Column("short", "its name in at most 12 characters, written by hand", needed=True, longest=12),
    Column("tiny", "its name in at most 8 characters, written by hand", needed=True, longest=8),
    Column("kind", "what kind of body it is, in your own words"),
    Column("statutory", "whether the law requires it: yes or no", needed=True, allowed=YES_NO),
    Column("in_matrix", "whether it stands in the matrix of boards and themes: yes or no", needed=True, allowed=YES_NO),
    Column("aliases", "other names in use, with ' | ' between them"),
    Column("follows", "the earlier board that we infer it followed", optional=True),
    Column("note", "anything a reader should know", optional=True),
    Column("source_title", "where the facts about it come from", optional=True),
    Column("source_address", "the web address of that source", optional=True),
)

STRATEGIES = (
    Column("strategy", "the strategy's code, such as CYPP", needed=True),
    Column("board", "the board that owns it (boards.csv)", needed=True),
    Column("name", "its title", needed=True),
    Column("edition", "its years, as printed"),
    Column("in_force_from", "first day, month or year in force"),
    Column("in_force_to", "last day, month or year in force"),
    Column("in_force_basis", "how that is known"),
    Column(
        "standing",
        "named (the board's own strategy), stand-in (another document used for it) or neighbouring",
        needed=True,
        allowed=("named", "stand-in", "neighbouring"),
    ),
    Column("read", "whether its text was read: yes or no", needed=True, allowed=YES_NO),
    Column("aliases", "other titles in use, with ' | ' between them", optional=True),
    Column("note", "anything a reader should know", optional=True),
    Column("source_title", "where it was found", optional=True),
    Column("source_address", "the web address of that source", optional=True),
)

PRIORITIES = (
    Column("priority", "the priority's id, such as DRB-07", needed=True),
    Column("strategy", "the strategy it stands in (strategies.csv)", needed=True),
    Column("text", "what it says", needed=True, exact=True),
    Column("wording", "verbatim (the source's words) or restated", needed=True, allowed=("verbatim", "restated")),
    Column(
        "level", "vision, theme, priority or action", needed=True, allowed=("vision", "theme", "priority", "action")
    ),
    Column("parent", "the priority it stands under, where the source plainly nests"),
    Column("document", "the document it was read in", optional=True),
    Column("page", "the page, when known", optional=True),
    Column("paragraph", "the paragraph or heading, when known", optional=True),
    Column("source_title", "title of the source"),
    Column("source_address", "web address of the source"),
    Column("note", "anything a reader should know", optional=True),
)

DECISIONS = (
    Column("framework", "the framework whose theme was judged", needed=True),
    Column("priority", "the priority judged", needed=True),
    Column("theme", "the theme judged", needed=True),
    Column("decision", "confirm, reject, add or unsure", needed=True, allowed=("confirm", "reject", "add", "unsure")),
    Column("words", "the words that were judged: the priority's text as the reviewer saw it", needed=True, exact=True),
    Column("reviewer", "role or initials of the reviewer", needed=True),
    Column("time", "when, as 2019-01-14 or 2019-01-14T10:30"),
    Column("note", "why"),
)

NAMES = (
    Column("name", "the name of a service, a programme or a partner, as texts write it", needed=True),
    Column("kind", "service, programme or partner", needed=True, allowed=("service", "programme", "partner")),
    Column("board", "the board it belongs to (boards.csv); empty for a partner that belongs to no board"),
    Column("aliases", "other names in use, with ' | ' between them", optional=True),
    Column("note", "anything a reader should know", optional=True),
    Column("source_title", "where the facts about it come from", optional=True),
    Column("source_address", "the web address of that source", optional=True),
)

PASSAGES = (
    Column("passage", "the passage's id, such as HWB-P07", needed=True),
    Column("board", "the board whose document it stands in (boards.csv)", needed=True),
    Column("strategy", "the strategy it stands in (strategies.csv), when it stands in one"),
    Column("text", "the passage", needed=True, exact=True),
    Column("wording", "verbatim (the source's words) or restated", needed=True, allowed=("verbatim", "restated")),
    Column("document", "the document it was read in", optional=True),
    Column("page", "the page, when known", optional=True),
    Column("paragraph", "the paragraph or heading, when known", optional=True),
    Column("source_title", "title of the source", optional=True),
    Column("source_address", "web address of the source", optional=True),
)

LINKS = (
    Column("from_board", "the board whose text was judged", needed=True),
    Column("to_board", "the board to which that text links it", needed=True),
    Column("decision", "confirm or reject", needed=True, allowed=("confirm", "reject")),
    Column("words", "the words that were judged: the passage as the reviewer saw it", needed=True, exact=True),
    Column("reviewer", "role or initials of the reviewer", needed=True),
    Column("time", "when, as 2019-01-14 or 2019-01-14T10:30"),
    Column("note", "why"),
)

DEPENDENCE = (
    Column("pattern", "words of a sentence in which another board is named, as in keywords.csv", needed=True),
    Column(
        "direction",
        "leans on (the writer needs the one named), supports (the writer serves it), joint, or none (says neither)",
        needed=True,
        allowed=("leans on", "supports", "joint", "none"),
    ),
    Column("reason", "why it is there", needed=True),
)

RECOMMENDATIONS = (
    Column("recommendation", "the recommendation's id, such as REC-07", needed=True),
    Column("number", "the number printed before it"),
    Column("text", "what is recommended", needed=True, exact=True),
    Column(
        "response",
        "yes, in part, no, or not given, as the printed answer means it",
        needed=True,
        allowed=("yes", "in part", "no", "not given"),
    ),
    Column("response_text", "the answer as it is printed"),
    Column("comment", "what was answered beside it", exact=True),
    Column("meeting", "the meeting and subject under which it stands"),
    Column("board", "the board it was made to (boards.csv)", optional=True),
    Column("document", "the document it was read in", optional=True),
    Column("page", "the page, when known", optional=True),
    Column("note", "anything a reader should know", optional=True),
)

RESPONSES = (
    Column("words", "an answer to a recommendation, as papers print it", needed=True),
    Column(
        "response", "what it means: yes, in part, no, not given", needed=True,
        allowed=("yes", "in part", "no", "not given"),
    ),
    Column("reason", "why it is there", needed=True),
)  # fmt: skip

ANNOUNCING = (
    Column(
        "where",
        "where the words are looked for: heading, column (header of a table), lead (before a list), report (standing "
        "headings of committee reports), mark (what shows such a report), prose, whose (of somebody else), "
        "apart (past, turned down, of others), start",
        needed=True,
        allowed=("heading", "column", "lead", "report", "mark", "prose", "whose", "apart", "start"),
    ),
    Column("pattern", "the words, as in keywords.csv", needed=True),
    Column(
        "says",
        "what follows them: vision, theme, priority, action, reported activity, or background (none of these)",
        needed=True,
        allowed=("vision", "theme", "priority", "action", "reported activity", "background"),
    ),
    Column("reason", "why it is there", needed=True),
)

#: Keys of ``framework.yaml``.
FRAMEWORK = {
    "id": "a short name for files, the same as the folder's",
    "name": "the name as reports print it",
    "agreed": "who agreed the themes, and when",
    "source_title": "the document that states them",
    "source_address": "its web address",
    "language": "the language of the keywords, en",
    "threshold": "the score from which a priority is tagged, between 0 and 1",
    "margin": "how far below the threshold a score still asks for a person's look, between 0 and the threshold",
}

THEMES = (
    Column("theme", "the theme's id, such as skills", needed=True),
    Column("number", "its number in the agreed order", needed=True),
    Column("name", "its name in a few words", needed=True),
    Column("short", "its name in at most 12 characters, written by hand", needed=True, longest=12),
    Column("tiny", "its name in at most 8 characters, written by hand", needed=True, longest=8),
    Column("wording", "its wording as agreed", needed=True),
    Column("scope_note", "what belongs to it, in a few sentences", needed=True),
    Column("not_this", "what does not belong to it", optional=True),
)

KEYWORDS = (
    Column("theme", "the theme it points to (themes.csv)", needed=True),
    Column("pattern", "words, a word with * at its end, =word, or a lone * as a gap of up to three words", needed=True),
    Column("role", "decides, supports or cancels", needed=True, allowed=ROLES),
    Column("reason", "why it is there", needed=True),
)

#: The tables of a city by the names of their files, in the order in which they are read and listed.
TABLES: dict[str, tuple[Column, ...]] = {
    "boards": BOARDS, "strategies": STRATEGIES, "priorities": PRIORITIES, "decisions": DECISIONS, "names": NAMES,
    "passages": PASSAGES, "links": LINKS, "recommendations": RECOMMENDATIONS,
}  # fmt: skip
