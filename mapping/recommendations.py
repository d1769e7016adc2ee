"""What came of recommendations: their themes, and the answers to them, so that a workshop's proposals are followed."""

from __future__ import annotations

import itertools

import pandas as pd

from mapping.framework import Framework
from mapping.scoring import tag_texts
from mapping.sources.answers import ANSWERS, NOT_GIVEN, is_unread
from mapping.tags import Run

__all__ = [
    "ALL", "NOT_UNDERSTOOD", "NO_THEME", "count_responses", "count_unread", "list_recommendations",
    "state_recommendations", "state_unread", "tag_recommendations",
]  # fmt: skip

#: What stands for recommendations that no theme caught, and for all of them.
NO_THEME, ALL = "no theme", "all"
#: Of those not given, answers that are printed but not understood.
NOT_UNDERSTOOD = "not understood"


def tag_recommendations(recommendations: pd.DataFrame, framework: Framework | str = "closing-the-gap") -> pd.DataFrame:
    """Tag recommendations against a framework; what the machine suggests, for a person to confirm.

    Parameters
    ----------
    recommendations : DataFrame
        With the column ``text``: as ``find_recommendations`` returns them, or as a city's tables hold them
        (``read_partnership(folder).recommendations``).
    framework : Framework or str

    Returns
    -------
    DataFrame
        The same rows with ``themes``, a list of the codes of the themes suggested for its text, perhaps none.

    Examples
    --------
    >>> table = pd.DataFrame({"text": ["That tenants are involved in decisions", "That the road is resurfaced"]})
    >>> list(tag_recommendations(table)["themes"])
    [['voice'], []]
    """
    if recommendations.empty:
        return recommendations.assign(themes=pd.Series(dtype="object"))
    tags = tag_texts(list(recommendations["text"]), framework)
    tagged = tags[tags["tagged"]]
    own: dict[int, list[str]] = {}
    for text, theme in zip(tagged["text"], tagged["theme"], strict=True):
        own.setdefault(int(text), []).append(str(theme))
    themes = [own.get(at, []) for at in range(len(recommendations))]
    return recommendations.assign(themes=pd.Series(themes, index=recommendations.index, dtype="object"))


def _mark_unread(recommendations: pd.DataFrame) -> pd.Series:
    printed = recommendations.get("response_text", pd.Series("", index=recommendations.index)).fillna("")
    unread = [is_unread(*both) for both in zip(recommendations["response"], printed, strict=True)]
    return pd.Series(unread, index=recommendations.index, dtype=bool)


def count_unread(recommendations: pd.DataFrame) -> int:
    """Count answers that are printed and stand as not given, because their words say nothing that is known.

    Examples
    --------
    >>> answers = {"response": ["not given"] * 3, "response_text": ["The council will think", "Noted", ""]}
    >>> count_unread(pd.DataFrame(answers))
    1
    """
    return int(_mark_unread(recommendations).sum())


def state_unread(recommendations: pd.DataFrame) -> str:
    """Say apart how many answers are blank or to come, and how many are printed but not understood.

    Examples
    --------
    >>> answers = {"response": ["not given", "yes"], "response_text": ["The council will think", "Yes"]}
    >>> state_unread(pd.DataFrame(answers))
    'without an answer: 0; printed but not understood: 1; read them.'
    """
    unread = count_unread(recommendations)
    without = int((recommendations["response"] == NOT_GIVEN).sum()) - unread
    return f"without an answer: {without}" + (f"; printed but not understood: {unread}; read them." if unread else ".")


def count_responses(recommendations: pd.DataFrame) -> pd.DataFrame:
    """Count recommendations by theme and answer; one with two themes counts in both, and once in the last row.

    Parameters
    ----------
    recommendations : DataFrame
        As ``tag_recommendations`` returns it.

    Returns
    -------
    DataFrame
        One row per theme that has any, then "no theme", then "all": ``theme``, one column per answer (yes, in part,
        no, not given), ``recommendations`` their sum. Where there are answers that are printed but not understood, a
        last column ``not understood`` has how many of those not given they are.
    """
    unread = _mark_unread(recommendations)
    themes = sorted(set(itertools.chain.from_iterable(recommendations["themes"])))
    groups = [(theme, [theme in own for own in recommendations["themes"]]) for theme in themes]
    groups += [(NO_THEME, [not own for own in recommendations["themes"]]), (ALL, [True] * len(recommendations))]
    rows = []
    for theme, mask in groups:
        responses = recommendations.loc[mask, "response"]
        counts = {answer: int((responses == answer).sum()) for answer in ANSWERS}
        of_these = int(unread[mask].sum())
        rows.append({"theme": theme, **counts, "recommendations": len(responses), NOT_UNDERSTOOD: of_these})
    columns = ["theme", *ANSWERS, "recommendations", *([NOT_UNDERSTOOD] if unread.any() else [])]
    return pd.DataFrame(rows, columns=columns)


def list_recommendations(run: Run) -> pd.DataFrame:
    """List a city's recommendations with the themes suggested for them.

    Returns
    -------
    DataFrame
        One row per recommendation, in the order of ``recommendations.csv``: its columns, and ``themes``.
    """
    return tag_recommendations(run.partnership.recommendations.drop(columns="line", errors="ignore"), run.framework)


def state_recommendations(run: Run) -> list[str]:
    """State how many recommendations there are and what was answered; nothing where the city lists none.

    Answers that are printed but not understood are said apart from those that are not there.
    """
    table = list_recommendations(run)
    if table.empty:
        return []
    total, counts = len(table), table["response"].value_counts()
    said = [f"{int(counts[answer])} {answer}" for answer in ANSWERS[:-1] if answer in counts]
    caught = int(table["themes"].map(bool).sum())
    return [
        f"Of {total} recommendations listed, the answers are: {', '.join(said) or 'none yet'}; {state_unread(table)}",
        f"{caught} of {total} recommendations are tagged to at least one theme; all of these tags are suggested.",
    ]
