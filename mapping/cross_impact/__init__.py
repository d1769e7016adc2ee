"""How progress on one theme would bear on another, as groups of people score it; beside the ladder, never on it."""

from mapping.cross_impact.answers import ANSWERS, DONT_KNOW, HEADERS, SCALE, SHEET, read_impacts
from mapping.cross_impact.influence import (
    TOP,
    can_stop,
    combine_impacts,
    measure_influence,
    plan_next,
    state_influence,
)

__all__ = [
    "ANSWERS",
    "DONT_KNOW",
    "HEADERS",
    "SCALE",
    "SHEET",
    "TOP",
    "can_stop",
    "combine_impacts",
    "measure_influence",
    "plan_next",
    "read_impacts",
    "state_influence",
]
