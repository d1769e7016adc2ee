"""One run beside another: which tags, cells and headlines changed, and what caused it; trying a keyword."""

from mapping.comparison.causes import CAUSES, FACTORS, Causes, find_causes
from mapping.comparison.cells import compare_cells
from mapping.comparison.headlines import compare_headlines
from mapping.comparison.summary import Changes, find_changes, retag_like, state_changes
from mapping.comparison.tags import compare, try_keyword

__all__ = [
    "CAUSES", "FACTORS", "Causes", "Changes", "compare", "compare_cells", "compare_headlines", "find_causes",
    "find_changes", "retag_like", "state_changes", "try_keyword",
]  # fmt: skip
