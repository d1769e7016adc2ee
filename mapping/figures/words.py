"""What a figure may say: headlines that claim no more than the counts carry, and sentences that state the counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from mapping.cells import choose_word, count_boards, count_cells, list_stand_in
from mapping.claims import Claim, claim_alike, claim_every, claim_most, claim_reach
from mapping.figures.style import DAGGER, NO_LETTER, drawable
from mapping.pairs import FEW_TAGS
from mapping.stability import judge_claim
from mapping.tags import Run

__all__ = [
    "Proposal", "Title", "choose_word", "count_noun", "join_names", "join_parts", "join_sentences", "list_names",
    "list_rows", "list_stand_in", "name_boards", "note_letters", "propose_matrix", "propose_pairs", "propose_ribbons",
    "say_checks", "say_reading", "say_source", "say_stand_in", "say_unscored", "settle_title", "spell",
    "title_matrix", "title_pairs", "title_ribbons", "write_caption",
]  # fmt: skip

#: Most words in a headline, and most characters in an alternative text.
HEADLINE_WORDS, ALT_LENGTH = 12, 300
#: A theme leads only by this many priorities, a pair only by this much overlap: less can turn on a single tag.
THEME_LEAD, PAIR_LEAD = 2, 0.10

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: How a priority stands to a theme: confirmed by people, suggested by the machine, or some of both.
_VERBS = {"confirmed": "confirmed for", "suggested": "suggested for", "tagged": "tagged to"}


def spell(number: int) -> str:
    """Return a whole number as running text has it.

    Examples
    --------
    >>> spell(5), spell(12), spell(1200)
    ('five', '12', '1,200')
    """
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def count_noun(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count_noun(1, "board"), count_noun(2, "priority", "priorities")
    ('one board', 'two priorities')
    """
    return f"{spell(number)} {noun if number == 1 else plural or noun + 's'}"


def join_names(names: Iterable[str]) -> str:
    """Return names as a list in running text.

    Examples
    --------
    >>> join_names(["Health", "Safer", "Culture"])
    'Health, Safer and Culture'
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def join_sentences(sentences: Sequence[str], longest: int = ALT_LENGTH) -> str:
    """Return as many whole sentences, in their order, as fit; the last one is kept in any case."""
    *first, last = [sentence for sentence in sentences if sentence]
    kept: list[str] = []
    for sentence in first:
        if len(" ".join([*kept, sentence, last])) <= longest:
            kept.append(sentence)
    return " ".join([*kept, last])


def list_names(*tables: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    """Return the forms of the name of every board or theme of some tables: in full, short, tiny."""
    return tuple((str(row.name), str(row.short), str(row.tiny)) for table in tables for row in list_rows(table))


def list_rows(table: pd.DataFrame) -> list[Any]:
    """Return the rows of a table as named tuples."""
    return list(table.itertuples(index=False))


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- sentences that every figure carries --------------------------------------------------------------------


def say_checks(cells: pd.DataFrame) -> str:
    """Return how far people have checked the tags."""
    tagged, confirmed = int(cells["tagged"].sum()), int(cells["confirmed"].sum())
    if not tagged:
        return "No priority carries a tag."
    if not confirmed:
        return "All tags suggested, none confirmed by a person."
    return (
        "All tags confirmed by a person."
        if confirmed == tagged
        else f"{confirmed:,} of {tagged:,} tags confirmed by a person."
    )


def say_stand_in(cells: pd.DataFrame) -> str:
    """Return how many boards are there through stand-in documents only, or nothing."""
    only, boards = len(list_stand_in(cells)), cells["board"].nunique()
    if not only:
        return ""
    if only == boards:
        who = "The board appears" if only == 1 else "All boards appear"
    else:
        who = f"{_start(spell(only))} of {spell(boards)} boards {'appears' if only == 1 else 'appear'}"
    return f"{who} through stand-in documents only ({DAGGER})."


def say_unscored(run: Run) -> str:
    """Return how many priorities could not be scored, so that having no theme says nothing of them; or nothing."""
    counted = set(run.priorities.loc[run.priorities["counted"], "priority"])
    tags = run.tags[run.tags["priority"].isin(counted)]
    unscored = set(tags.loc[tags["confidence"] == "not scored", "priority"]) - set(run.standing_tags["priority"])
    if not unscored:
        return ""
    return f"Not scored, too short or not in English: {len(unscored):,} of {len(counted):,} priorities."


def join_parts(*parts: str) -> str:
    """Return sentences one after another; those that are empty are left out."""
    return " ".join(part for part in parts if part)


def write_caption(run: Run, *notes: str, head: Title | None = None) -> str:
    """Return the line below a figure: its source, notes, what was not scored, the verdict on the headline, letters."""
    return join_parts(say_source(run), *notes, say_unscored(run), head.note if head else "", note_letters(run))


def say_reading(board: Any, *, brief: bool = False) -> str:
    """Return which named strategies of a board (a row of ``count_boards``) were not read, or nothing."""
    if board.reading == "read" or brief:
        return "" if board.reading == "read" else str(board.reading)
    missing = len(board.not_read.split(" | "))
    if board.reading == "part read":
        return f"{count_noun(missing, 'named strategy', 'named strategies')} not read"
    return "named strategy not read" if missing == 1 else "named strategies not read"


def say_source(run: Run) -> str:
    """Return the source line: the data edition and a short hash, never the day of the run."""
    return f"Source: {run.edition}."


def note_letters(run: Run) -> str:
    """Return a note where the font lacks letters of a name, or nothing."""
    names = [*run.boards["name"], *run.boards["short"], *run.themes["name"], *run.themes["short"]]
    if not any(NO_LETTER in drawable(name) for name in names):
        return ""
    return f"{NO_LETTER} stands for a letter that the font lacks; the long description has the names in full."


def name_boards(run: Run) -> dict[str, str]:
    """Return the short name of each board of the matrix by its code."""
    boards = count_boards(run)
    return dict(zip(boards["board"], boards["short"], strict=True))


# --- headlines ----------------------------------------------------------------------------------------------


class Title(NamedTuple):
    """A headline, and what was found when its claim was tried on other ways of doing the mapping.

    Attributes
    ----------
    text : str
        The headline.
    verdict : str
        firm or fair; empty for a neutral headline.
    note : str
        The verdict in a sentence, for the caption; empty for a neutral headline.
    """

    text: str
    verdict: str = ""
    note: str = ""


class Proposal(NamedTuple):
    """A headline that the counts of a run allow, before it is tried.

    Attributes
    ----------
    text, neutral : str
        The headline that states the claim, and the one that claims nothing (the same where there is no claim).
    claim : Claim or None
        What the text states.
    """

    text: str
    neutral: str
    claim: Claim | None = None


def settle_title(run: Run, text: str, neutral: str, claim: Claim | None) -> Title:
    """Return a headline with its verdict; the neutral one where its claim is fragile, or the text is too long.

    Parameters
    ----------
    run : Run
    text, neutral, claim
        As in ``Proposal``.
    """
    if claim is None or len(text.split()) > HEADLINE_WORDS:
        return Title(neutral)
    verdict = judge_claim(run, claim)
    if verdict.word == "fragile":
        return Title(neutral)
    tried = sum(tried for _, tried in verdict.held.values())
    often = "in all" if verdict.floor == 100 else f"in at least {verdict.floor}% of each kind"
    note = f"Headline {verdict.word}: of {tried:,} re-scorings it held {often}."
    return Title(text, verdict.word, note)


def title_matrix(run: Run) -> Title:
    """Return the headline of the matrix, tried."""
    return settle_title(run, *propose_matrix(run))


def title_ribbons(run: Run) -> Title:
    """Return the headline of the ribbons, tried."""
    return settle_title(run, *propose_ribbons(run))


def title_pairs(run: Run, pairs: pd.DataFrame) -> Title:
    """Return the headline of the pairs, tried."""
    return settle_title(run, *propose_pairs(run, pairs))


def propose_matrix(run: Run) -> Proposal:
    """Propose a headline for the matrix.

    Tried in this order, the first that holds: every board has a priority on one theme, or on several; all but some
    boards have one on a single theme that leads. "At least" stands wherever a cell without a tag was not read.
    Otherwise a neutral title. *Confirmed* is said only when the statement holds for confirmed tags alone; a dagger
    after "boards" sends to the subtitle, which says how many are there through stand-in documents only.
    """
    cells = count_cells(run)
    boards, themes = cells["board"].nunique(), run.framework.theme_ids
    neutral = _neutral(boards, len(themes))
    if boards < 2:
        return Proposal(neutral, neutral)
    reach = _reach(cells, "tagged")
    full = [theme for theme in themes if reach[theme] == boards]
    every = "Both boards" if boards == 2 else f"All {spell(boards)} boards"
    every += DAGGER if say_stand_in(cells) else ""
    if full:
        sure = _reach(cells, "confirmed")
        verb = _VERBS[_judge(cells, all(sure[theme] == boards for theme in full))]
        if len(full) == 1:
            text = f"{every} have a priority {verb} {_theme_name(run, full[0])}"
        elif len(full) == len(themes):
            text = f"{every} have priorities {verb} every theme"
        else:
            text = f"{every} have priorities {verb} {_hedge(cells)}{spell(len(full))} themes"
        return Proposal(text, neutral, claim_every(run, full))
    best = max(reach.values())
    leaders = [theme for theme in themes if reach[theme] == best]
    if len(leaders) > 1 or best < 2 or 2 * best < boards:
        return Proposal(neutral, neutral)
    verb = _VERBS[_judge(cells, _reach(cells, "confirmed")[leaders[0]] == best)]
    gaps = cells[cells["theme"] == leaders[0]]
    start = f"{_hedge(gaps)}{spell(best)} of {spell(boards)} boards{DAGGER if say_stand_in(cells) else ''}"
    text = f"{_start(start)} have a priority {verb} {_theme_name(run, leaders[0])}"
    return Proposal(text, neutral, claim_reach(run, leaders[0]))


def propose_ribbons(run: Run) -> Proposal:
    """Propose a headline for the ribbons: the theme with most priorities, if it leads by two or more; else neutral."""
    cells = count_cells(run)
    neutral = _neutral(cells["board"].nunique(), cells["theme"].nunique())
    claim = claim_most(run, THEME_LEAD)
    if claim is None:
        return Proposal(neutral, neutral)
    leader = claim.subject[0]
    word = _judge(cells, _lead(cells, "confirmed") == leader)
    tags = "tags" if word == "tagged" else f"{word} tags"
    return Proposal(f"{_theme_name(run, leader)} carries more {tags} than any other theme", neutral, claim)


def propose_pairs(run: Run, pairs: pd.DataFrame) -> Proposal:
    """Propose a headline for the pairs: the most alike two boards, if their lead is clear; else neutral.

    Clear: at least five tags on either side, and above the next pair by a tenth and by what one tag could change:
    moved to another theme it takes up to 1 / tags from one pair and gives as much to the other.
    """
    neutral = "How alike the boards' themes are"
    known = pairs[pairs["overlap"].notna()]
    if len(known) < 2:
        return Proposal(neutral, neutral)
    first, second = known.iloc[0], known.iloc[1]
    fewest = int(min(first["tags_a"], first["tags_b"]))
    if fewest < FEW_TAGS or first["overlap"] - second["overlap"] < max(PAIR_LEAD, 2 / fewest):
        return Proposal(neutral, neutral)
    cells = count_cells(run)
    own = cells[cells["board"].isin([first["board_a"], first["board_b"]])]
    word = choose_word(int(own["confirmed"].sum()), int(own["tagged"].sum()))
    names, through = name_boards(run), list_stand_in(cells)
    first_two = (
        f"{names[board]}{DAGGER if board in through else ''}" for board in (first["board_a"], first["board_b"])
    )
    return Proposal(f"{' and '.join(first_two)} are most alike in {word} themes", neutral, claim_alike(run))


def _neutral(boards: int, themes: int) -> str:
    whose = "the board's" if boards == 1 else "boards'"
    return (
        f"Where {whose} priorities meet the {spell(themes)} themes"
        if themes > 1
        else f"Where {whose} priorities meet the theme"
    )


def _reach(cells: pd.DataFrame, column: str) -> dict[str, int]:
    counts = (cells[column] > 0).groupby(cells["theme"], sort=False).sum()
    return {str(theme): int(number) for theme, number in counts.items()}


def _lead(cells: pd.DataFrame, column: str) -> str:
    sums = cells.groupby("theme", sort=False)[column].sum().sort_values(ascending=False, kind="stable")
    if len(sums) < 2 or sums.iloc[0] - sums.iloc[1] < THEME_LEAD:
        return ""
    return str(sums.index[0])


def _judge(cells: pd.DataFrame, holds_confirmed: bool) -> str:
    """Return *confirmed* only where the statement holds for confirmed tags alone."""
    word = choose_word(int(cells["confirmed"].sum()), int(cells["tagged"].sum()))
    return "confirmed" if holds_confirmed else word


def _hedge(cells: pd.DataFrame) -> str:
    """Return "at least" where a cell without a tag was not read: nothing is said to be absent there."""
    return "at least " if (cells["state"] == "not read").any() else ""


def _theme_name(run: Run, theme: str) -> str:
    return str(run.framework.theme(theme)["short"])
