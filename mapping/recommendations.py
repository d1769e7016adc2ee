"""What came of recommendations: their themes, and the answers to them, so that a workshop's proposals are followed."""

from __future__ import annotations

import itertools

import pandas as pd

from mapping.framework import Framework
from mapping.scoring import tag_texts
from mapping.sources.answers import ANSWERS, NOT_GIVEN
from mapping.tags import Run

__all__ = ["ALL", "NO_THEME", "count_responses", "list_recommendations", "state_recommendations", "tag_recommendations"]

#: What stands for recommendations that no theme caught, and for all of them.
NO_THEME, ALL = "no theme", "all"


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
        no, not given), ``recommendations`` their sum.
    """
    themes = sorted(set(itertools.chain.from_iterable(recommendations["themes"])))
    groups = [(theme, [theme in own for own in recommendations["themes"]]) for theme in themes]
    groups += [(NO_THEME, [not own for own in recommendations["themes"]]), (ALL, [True] * len(recommendations))]
    rows = []
    for theme, mask in groups:
        responses = recommendations.loc[mask, "response"]
        counts = {answer: int((responses == answer).sum()) for answer in ANSWERS}
        rows.append({"theme": theme, **counts, "recommendations": len(responses)})
    return pd.DataFrame(rows, columns=["theme", *ANSWERS, "recommendations"])


def list_recommendations(run: Run) -> pd.DataFrame:
    """List a city's recommendations with the themes suggested for them.

    Returns
    -------
    DataFrame
        One row per recommendation, in the order of ``recommendations.csv``: its columns, and ``themes``.
    """
    return tag_recommendations(run.partnership.recommendations.drop(columns="line", errors="ignore"), run.framework)


def state_recommendations(run: Run) -> list[str]:
    """State how many recommendations there are and what was answered; nothing where the city lists none."""
    table = list_recommendations(run)
    if table.empty:
        return []
    total, counts = len(table), table["response"].value_counts()
    said = [f"{int(counts[answer])} {answer}" for answer in ANSWERS[:-1] if answer in counts]
    without, caught = int(counts.get(NOT_GIVEN, 0)), int(table["themes"].map(bool).sum())
    return [
        f"Of {total} recommendations listed, the answers are: {', '.join(said) or 'none yet'}; without an answer: "
        f"{without}.",
        f"{caught} of {total} recommendations are tagged to at least one theme; all of these tags are suggested.",
    ]
