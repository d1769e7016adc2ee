"""Two editions of the same tables: which priority became which, and what that does to people's decisions."""

from mapping.editions.beside import select_strategy, set_beside
from mapping.editions.carrying import CARRIED, carry_decisions, count_carried, list_checks
from mapping.editions.matching import (
    COVERED,
    INSIDE,
    KINDS,
    REWORDED,
    list_texts,
    map_boards,
    match_editions,
    turn_round,
)
from mapping.editions.record import write_carried

__all__ = [
    "CARRIED", "COVERED", "INSIDE", "KINDS", "REWORDED", "carry_decisions", "count_carried", "list_checks",
    "list_texts", "map_boards", "match_editions", "select_strategy", "set_beside", "turn_round", "write_carried",
]  # fmt: skip
