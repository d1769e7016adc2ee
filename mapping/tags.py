"""A partnership tagged: one row per priority and theme, with evidence, confidence and what people decided."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import pandas as pd

from mapping.cross_checks import is_date
from mapping.csv_format import format_table
from mapping.decisions import apply_decisions
from mapping.errors import MappingError, UnknownNameError
from mapping.framework import Framework, read_framework
from mapping.partnership import Partnership
from mapping.scoring import METHODS, tag_texts
from mapping.tables import each_row

__all__ = ["TAG_TABLE", "Run", "Settings", "once_per_run", "tag"]

MakesTable = TypeVar("MakesTable", bound=Callable[..., pd.DataFrame])

#: Columns of ``Run.tags``.
TAG_TABLE = (
    "priority", "board", "strategy", "theme", "keyword_score", "similarity_score", "score", "probability",
    "tagged", "confidence", "reason", "found_by", "status", "on", "spans",
)  # fmt: skip

#: With fewer, no p could fall below 0.05 and no hold rate could be told from 0.95.
_FEWEST_DRAWS, _FEWEST_RESAMPLES = 100, 20


@dataclass(frozen=True)
class Settings:
    """Every choice of method behind a run; ``tag`` builds it, everything else reads it.

    Attributes
    ----------
    framework : str
        Id of the framework.
    method : str
        both, keywords or tf-idf.
    threshold, margin : float
        Score from which a priority is tagged; how far below it a person is still asked.
    neighbours : bool
        Whether neighbouring partnerships and documents are mapped too.
    in_force_on : str
        Only strategies in force on that date (2019-01-28, 2019-01 or 2019); empty for no filter.
    draws, resamples, seed : int
        How often chance is drawn and priorities are resampled, and where the random numbers begin.
    """

    framework: str
    method: str
    threshold: float
    margin: float
    neighbours: bool
    in_force_on: str
    draws: int = 2000
    resamples: int = 400
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Run:
    """A partnership tagged with stated settings.

    Attributes
    ----------
    partnership : Partnership
    framework : Framework
    settings : Settings
    priorities : DataFrame
        One row per priority mapped: the columns of ``priorities.csv``, with ``standing`` of its strategy and
        ``counted`` (no for a heading whose own priorities are in the data).
    tags : DataFrame
        One row per priority and theme, in the order of both: ``priority``, ``board``, ``strategy``, ``theme``,
        ``keyword_score``, ``similarity_score``, ``score`` (0 to 1), ``probability`` (missing
        where the framework carries no calibration), ``tagged`` (what the machine says),
        ``confidence``, ``reason``, ``found_by``, ``status`` (suggested, confirmed, rejected, added, unsure, disputed,
        or empty), ``on`` (whether the tag stands: suggested and not rejected, or confirmed or added by a person),
        ``spans``.
    decisions : DataFrame
        One row per decision read: its columns, with ``outcome``, ``why`` and ``look_at`` (see ``apply_decisions``).
    """

    partnership: Partnership
    framework: Framework
    settings: Settings
    priorities: pd.DataFrame
    tags: pd.DataFrame
    decisions: pd.DataFrame

    @property
    def boards(self) -> pd.DataFrame:
        """The boards of the matrix (all boards when neighbours were asked for), in their order."""
        boards = self.partnership.boards
        return boards if self.settings.neighbours else boards[boards["in_matrix"] == "yes"].reset_index(drop=True)

    @property
    def themes(self) -> pd.DataFrame:
        """The themes in their agreed order."""
        return self.framework.themes

    @cached_property
    def standing_tags(self) -> pd.DataFrame:
        """One row per tag that stands on a counted priority: what every count counts."""
        counted = set(self.priorities.loc[self.priorities["counted"], "priority"])
        return self.tags[self.tags["on"] & self.tags["priority"].isin(counted)].reset_index(drop=True)

    @cached_property
    def edition(self) -> str:
        """The data edition and the run's short hash: the same for the same inputs."""
        return f"{self.partnership.info['edition']}, run {self.hash}".removeprefix(", ")

    @cached_property
    def hash(self) -> str:
        """First ten characters of the SHA-256 of the tags, the priorities and the settings, rows sorted by id."""
        parts = [repr(sorted(asdict(self.settings).items()))]
        for table, keys in ((self.tags, ["priority", "theme"]), (self.priorities, ["priority"])):
            parts.append(hash_table(table.drop(columns="line", errors="ignore"), keys))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:10]

    def priority(self, priority: str) -> pd.Series[Any]:
        """Return the row of one priority; an unknown id raises with the nearest match."""
        known = list(self.priorities["priority"])
        if priority not in known:
            raise UnknownNameError("Priority", priority, known)
        return self.priorities.iloc[known.index(priority)]

    def __repr__(self) -> str:
        on = self.standing_tags
        tagged = on["priority"].nunique()
        confirmed = int(on["status"].isin(["confirmed", "added"]).sum())
        return (
            f"<Run of {self.partnership.name} against {self.framework.name}: {tagged} of "
            f"{int(self.priorities['counted'].sum())} priorities tagged, {len(on)} tags, "
            f"{confirmed} confirmed by people>"
        )


def once_per_run(make: MakesTable) -> MakesTable:
    """Make a table of a run once, and hand out copies: many outputs read the same few tables.

    What is kept lives and dies with the run, which never changes.
    """

    @functools.wraps(make)
    def get(run: Run, **choices: Any) -> pd.DataFrame:
        made: dict[object, pd.DataFrame] = run.__dict__.setdefault("_tables", {})
        key = (make.__qualname__, tuple(sorted(choices.items())))
        if key not in made:
            made[key] = make(run, **choices)
        return made[key].copy()

    return cast(MakesTable, get)


def hash_table(table: pd.DataFrame, keys: Sequence[str]) -> str:
    """Return the SHA-256 of a table's canonical content: rows sorted by their keys, cells as in our CSV files."""
    ordered = table.sort_values(list(keys), kind="stable") if len(table) else table
    return hashlib.sha256(format_table(ordered).encode()).hexdigest()


def tag(
    partnership: Partnership,
    framework: Framework | str | Path | None = None,
    *,
    method: str = "both",
    threshold: float | None = None,
    neighbours: bool = False,
    in_force_on: str = "",
    draws: int = 2000,
    resamples: int = 400,
    seed: int = 1,
) -> Run:
    """Tag every priority of a partnership against every theme of a framework.

    Parameters
    ----------
    partnership : Partnership
    framework : Framework, str or Path, optional
        Another framework than the partnership's own: a shipped name or a folder.
    method : {"both", "keywords", "tf-idf"}
        What the score rests on.
    threshold : float, optional
        Score from which a priority is tagged; the framework's own by default.
    neighbours : bool
        Map neighbouring partnerships and documents too.
    in_force_on : str
        Keep only strategies in force on that date; a strategy without dates is kept. Empty: no filter.
    draws, resamples, seed : int
        How often chance is drawn (at least 100) and priorities are resampled (at least 20), and the seed of both.

    Returns
    -------
    Run

    Examples
    --------
    >>> from mapping import load_derby
    >>> run = tag(load_derby())
    >>> len(run.priorities)
    88
    """
    chosen = _choose_framework(partnership, framework)
    if method not in METHODS:
        raise UnknownNameError("Method", method, METHODS)
    if in_force_on and not is_date(in_force_on):
        raise MappingError(f"in_force_on is '{in_force_on}'; write a date as 2019-01-28, 2019-01 or 2019.")
    if draws < _FEWEST_DRAWS or resamples < _FEWEST_RESAMPLES:
        raise MappingError(
            f"draws is {draws} and resamples {resamples}; at least {_FEWEST_DRAWS} and {_FEWEST_RESAMPLES} are needed."
        )
    bar = chosen.threshold if threshold is None else float(threshold)
    settings = Settings(chosen.id, method, bar, chosen.margin, neighbours, in_force_on, draws, resamples, seed)
    priorities = _select_priorities(partnership, settings)
    texts = pd.Series(list(priorities["text"]), index=list(priorities["priority"]), dtype="object")
    tags = tag_texts(texts, chosen, method=method, threshold=bar).rename(columns={"text": "priority"})
    owner = priorities.set_index("priority")
    for column in ("board", "strategy"):
        tags[column] = tags["priority"].map(owner[column])
    tags, decisions = apply_decisions(tags, partnership.decisions, priorities, chosen)
    return Run(partnership, chosen, settings, priorities, tags[list(TAG_TABLE)], decisions)


def _choose_framework(partnership: Partnership, framework: Framework | str | Path | None) -> Framework:
    if framework is None:
        return partnership.framework
    return framework if isinstance(framework, Framework) else read_framework(framework)


def _select_priorities(partnership: Partnership, settings: Settings) -> pd.DataFrame:
    """Return the priorities to map, with the standing of their strategy and whether they are counted."""
    strategies = select_in_force(partnership.strategies, settings.in_force_on)
    boards = partnership.boards
    if not settings.neighbours:
        strategies = strategies[strategies["standing"] != "neighbouring"]
        boards = boards[boards["in_matrix"] == "yes"]
    kept = strategies[strategies["board"].isin(boards["board"])]
    standing = dict(zip(kept["strategy"], kept["standing"], strict=True))
    priorities = partnership.priorities
    priorities = priorities[priorities["strategy"].isin(standing)].reset_index(drop=True)
    parents = set(priorities["parent"]) - {""}
    priorities = priorities.assign(
        standing=priorities["strategy"].map(standing).astype("object"),
        counted=~priorities["priority"].isin(parents),
    )
    # Board order, then the ids as a person would count them: the same whatever the order of the rows.
    place = {board: n for n, board in enumerate(partnership.boards["board"])}
    keys = [(place[row.board], _count_key(row.priority)) for row in each_row(priorities)]
    return priorities.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)


def _count_key(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key under which DRB-2 comes before DRB-10."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece] + [(2, 0, name)]


def select_in_force(strategies: pd.DataFrame, day: str) -> pd.DataFrame:
    """Return the strategies in force on a day; all of them when no day is given."""
    return strategies[[_in_force(row, day) for row in each_row(strategies)]] if day else strategies


def _in_force(strategy: Any, day: str) -> bool:
    """Return whether a strategy was in force on a day (or in any part of a month or year)."""
    begins, ends = strategy.in_force_from, strategy.in_force_to
    # Dates are compared at the precision they share: "2019" against "2019-01-28" compares the years.
    after_start = not begins or begins[: len(day)] <= day[: len(begins)]
    before_end = not ends or ends[: len(day)] >= day[: len(ends)]
    return after_start and before_end
