"""Figures that a councillor can read on paper: each with its numbers, its words and its checks."""

from mapping.figures.board_pairs import plot_board_pairs
from mapping.figures.cards import write_cards
from mapping.figures.change import plot_change
from mapping.figures.chart import Chart
from mapping.figures.combinations import plot_combinations
from mapping.figures.coverage import count_coverage, plot_coverage
from mapping.figures.focus import plot_focus
from mapping.figures.leaning import plot_leaning
from mapping.figures.lint import check_chart
from mapping.figures.matrix import plot_matrix
from mapping.figures.ribbons import plot_ribbons
from mapping.figures.sensitivity import plot_sensitivity
from mapping.figures.theme_pairs import plot_theme_pairs

__all__ = [
    "Chart", "check_chart", "count_coverage", "plot_board_pairs", "plot_change", "plot_combinations", "plot_coverage",
    "plot_focus", "plot_leaning", "plot_matrix", "plot_ribbons", "plot_sensitivity", "plot_theme_pairs", "write_cards",
]  # fmt: skip
