"""What a run says, in sentences: every count with its denominator, and what was not read said before what is absent."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mapping.cells import count_boards, count_cells, count_themes
from mapping.chance import find_board_chance, find_cell_chance, find_theme_pairs
from mapping.decisions import CONFIRMED, OUTCOMES
from mapping.focus import BREADTH_LINE, WEIGHT_LINE, find_focus, measure_areas
from mapping.gaps import find_gaps
from mapping.intersections import find_intersections, measure_density
from mapping.rescoring import FAMILIES, rescore_run
from mapping.stability import find_headlines
from mapping.tables import each_row
from mapping.tags import Run

__all__ = [
    "LIMITS", "join_words", "state_chance", "state_findings", "state_focus", "state_gaps", "state_headlines",
    "state_method", "state_reading", "state_themes",
]  # fmt: skip

_FEWEST_AREAS = 3

#: The four sentences that every report carries.
LIMITS = (
    "A tag says that the text states a concern, not that action follows.",
    "A shared theme is an opportunity to talk, not a dependency.",
    "Absence is absence in the text that was read.",
    "Trade-offs seldom appear in strategies.",
)


def join_words(words: Sequence[str]) -> str:
    """Return words as a sentence lists them.

    Examples
    --------
    >>> join_words(["voice", "start", "skills"])
    'voice, start and skills'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def state_findings(run: Run) -> list[str]:
    """State how many priorities carry a theme, who has checked them, and how full the picture is."""
    boards = count_boards(run)
    total, tagged, confirmed = (int(boards[name].sum()) for name in ("priorities", "with_theme", "with_confirmed"))
    filled, cells, pairs_sharing, pairs = measure_density(run)
    themes = len(run.framework.theme_ids)
    crowded = pairs and pairs_sharing > pairs / 2
    share = "pair of boards shares" if pairs == 1 else "pairs of boards share"
    so = ", so that two boards share a theme says little by itself" if crowded else ""
    said = [
        f"{tagged} of {total} priorities are tagged to at least one of the {themes} themes; a person has confirmed "
        f"a tag on {confirmed} of these {tagged}.",
        f"{total - tagged} of {total} priorities are tagged to none: none is an answer, and these are worth reading "
        "first.",
        f"{filled} of {cells} cells of boards by themes hold a tag"
        + (f", and {pairs_sharing} of {pairs} {share} at least one theme{so}." if pairs else "."),
    ]
    unscored = total - int(boards["scored"].sum())
    if unscored:
        said.append(
            f"{unscored} of {total} priorities could not be scored (too short, or not in English): of these nothing "
            "can be said."
        )
    if len(run.decisions):
        outcomes = list(run.decisions["outcome"])
        parts = [f"{outcomes.count(name)} {name}" for name in OUTCOMES if name in outcomes]
        said.append(f"Of {len(run.decisions)} decisions read: {join_words(parts) or 'none applies here'}.")
    else:
        said.append("No person has decided on any tag yet: every tag here is a suggestion.")
    return said


def state_reading(run: Run) -> list[str]:
    """State what was read for each board, and what was not."""
    boards = count_boards(run)
    total, named = int(boards["priorities"].sum()), int(boards["from_named"].sum())
    said = []
    if named < total:
        said.append(
            f"{named} of {total} priorities come from the boards' named strategies; "
            f"{total - named} come from other documents used in their place, and are marked."
        )
    for board in each_row(boards[boards["reading"] != "read"]):
        names = board.not_read.split(" | ") if board.not_read else []
        missing = (
            f"{join_words(names)} {'was' if len(names) == 1 else 'were'} not read"
            if names
            else ("no named strategy is listed")
        )
        said.append(
            f"{board.name}: {missing}. {board.stand_in} of its {board.priorities} priorities come from stand-in "
            "documents; where it has no tag, nothing can be said."
        )
    return said


def state_themes(run: Run) -> list[tuple[str, str]]:
    """State for each theme how many priorities are tagged, and on which boards: pairs of theme name and sentence."""
    short = dict(zip(run.boards["board"], run.boards["short"], strict=True))
    gaps = find_gaps(run)
    said = []
    for row in each_row(find_intersections(run)):
        named = [short[board] + ("\u2020" if board in row.boards_stand_in else "") for board in row.boards]
        text = (
            f"{row.tagged} of {row.priorities} priorities are tagged, {row.confirmed} of these confirmed by a person; "
            f"{row.boards_meeting} of {row.boards_in_matrix} boards have at least one"
        )
        text += f" ({join_words(named)})." if named else "."
        own = gaps[gaps["theme"] == row.theme]
        for state, words in (
            ("none", "None in the text that was read"),
            ("not read", "Not read, so nothing can be said"),
        ):
            missing = [short[board] for board in own.loc[own["state"] == state, "board"]]
            if missing:
                text += f" {words}: {join_words(missing)}."
        said.append((row.name, text))
    return said


def state_headlines(run: Run) -> list[str]:
    """State how many of the things one could say would survive another way of doing the mapping."""
    headlines = find_headlines(run)
    total = len(headlines)
    if not total:
        return [
            "There is nothing to claim: no theme is shared, and no count is called more or fewer than chance gives."
        ]
    counts = [f"{int((headlines['verdict'] == word).sum())} {word}" for word in ("firm", "fair", "fragile")]
    tried = len(rescore_run(run))
    missing = [family for family in FAMILIES if (headlines[family] == "not tested").all()]
    said = [
        f"Of {total} headlines that the counts allow: {join_words(counts)}. Each was tried on {tried} re-scorings "
        f"({join_words([family for family in FAMILIES if family not in missing])}).",
        "Firm: it held in at least 95% of each kind of re-scoring; fair: 80%; fragile: less. Do not print a fragile "
        "one as a finding.",
    ]
    if missing:
        said.append(f"Not tested, because it does not apply here: {join_words(missing)}.")
    return said


def state_chance(run: Run) -> list[str]:
    """State what chance alone would give, what differs from it, and what this data could have shown."""
    cells, pairs, boards = find_cell_chance(run), find_theme_pairs(run), find_board_chance(run)
    s = run.settings
    said = [
        f"Of {len(table)} {noun}: {_count_words(table)}."
        for noun, table in (
            ("cells of boards by themes", cells), ("pairs of themes in one priority", pairs),
            ("pairs of boards with tags", boards),
        )
        if len(table)
    ]  # fmt: skip
    said.append(
        f"Chance was drawn {s.draws} times. Where nothing but chance is at work, anything in a family would be called "
        "more or fewer in at most one city in twenty."
    )
    known = cells[cells["power_4"].notna()]
    if len(known):
        said.append(
            "What this data could have shown: had a board four times the odds of the others on a theme, it would be "
            f"called more in {known['power_4'].median():.0%} of cases (median of {len(known)} of {len(cells)} cells "
            f"that could be called more; eight times the odds: {known['power_8'].median():.0%})."
        )
    else:
        said.append(f"What this data could have shown: none of {len(cells)} cells could have been called more at all.")
    return said


def _count_words(table: pd.DataFrame) -> str:
    counts = table["chance"].value_counts()
    words = ("more", "fewer", "as expected", "too few to tell", "not read")
    return join_words([f"{counts[word]} {word}" for word in words if word in counts])


def state_gaps(run: Run) -> list[str]:
    """State where nothing was found, keeping apart what was not read, and how much could still be there."""
    gaps = find_gaps(run)
    if gaps.empty:
        return ["Every board has at least one priority on every theme."]
    cells = len(run.boards) * len(run.framework.theme_ids)
    unread = int((gaps["state"] == "not read").sum())
    said = [
        f"{len(gaps)} of {cells} cells hold no tag; of {unread} of these {len(gaps)} nothing can be said, because a "
        "named strategy was not read."
    ]
    open_gaps = gaps[gaps["bound"].notna()]
    if len(open_gaps):
        checked = int((open_gaps["checked"] > 0).sum())
        said.append(
            f"Of the other {len(open_gaps)} of {len(gaps)}, a person has checked priorities in {checked}; how many "
            "mentions may still be there stands beside each, if the checker is right, in the text that was read."
        )
    return said


def state_focus(run: Run) -> list[str]:
    """State how the candidate areas of focus were listed."""
    focus, areas = find_focus(run), measure_areas(run)
    total, boards = int(run.priorities["counted"].sum()), len(run.boards)
    meeting = int((areas["boards"].map(len) > 1).sum())
    said = [
        f"{len(focus)} of {meeting} candidates are listed: themes, and pairs of themes in one priority, on which two "
        f"or more of {boards} boards have a priority. Many priorities: at least {WEIGHT_LINE:.0%} of {total}; widely "
        f"spread: over more than {BREADTH_LINE * boards:g} of {boards} boards. These lines are settings.",
        "The list ranks by that rule; it recommends nothing. It shows where attention meets in the documents that were "
        "read, not where need or impact is greatest. People choose.",
    ]
    if len(focus) < _FEWEST_AREAS:
        said.append("Three to seven are usual. Here two boards meet on no more than that.")
    return said


def state_method(run: Run) -> list[str]:
    """State the settings in words."""
    s = run.settings
    method = {"both": "keywords and TF-IDF together", "keywords": "keywords alone", "tf-idf": "TF-IDF alone"}[s.method]
    said = [
        f"Themes: {run.framework.name}, {len(run.framework.theme_ids)} themes, {len(run.framework.keywords)} keywords.",
        f"Scored by {method}; tagged from a score of {s.threshold:g}; a person is asked to check from "
        f"{max(0.0, s.threshold - s.margin):g}.",
        f"Chance drawn {s.draws} times, priorities resampled {s.resamples} times, seed {s.seed}.",
        "Neighbouring partnerships and documents are mapped too."
        if s.neighbours
        else "Neighbouring partnerships and documents are left out of the matrix.",
    ]
    when = f"{'in' if len(s.in_force_on) < 10 else 'on'} {s.in_force_on}"
    said.append(f"Only strategies in force {when}." if s.in_force_on else "No date filter.")
    headings = int((~run.priorities["counted"]).sum())
    if headings:
        said.append(f"{headings} headings whose own priorities are in the data are tagged but not counted.")
    return said


def count_confirmed(run: Run) -> tuple[int, int]:
    """Return how many standing tags a person has confirmed or added, and how many tags stand."""
    tags = run.standing_tags
    return int(tags["status"].isin(CONFIRMED).sum()), len(tags)


def describe_cell(tagged: int, confirmed: int, state: str) -> str:
    """Return a cell of the matrix as words for a table: the count, who stands behind it, and its mark."""
    if not tagged:
        return state if state != "empty" else "no priorities"
    mark = "\u2020" if state == "stand-in" else ""
    return f"{tagged}{mark} ({confirmed} confirmed)" if confirmed else f"{tagged}{mark}"


def name_theme_order(run: Run) -> dict[str, str]:
    """Return the short names of the themes by id, in their agreed order."""
    return dict(zip(count_themes(run)["theme"], count_themes(run)["short"], strict=True))


def list_cells(run: Run) -> dict[tuple[str, str], str]:
    """Return every cell of the matrix in words, by board and theme."""
    return {
        (cell.board, cell.theme): describe_cell(cell.tagged, cell.confirmed, cell.state)
        for cell in each_row(count_cells(run))
    }
