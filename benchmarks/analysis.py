"""How the analysis grows: chance, re-scorings and verdicts from 50 to 5,000 priorities, in CPU seconds side by side.

Run: python benchmarks/analysis.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from mapping import load_derby, tag
from mapping.chance import find_board_chance, find_cell_chance, find_theme_pairs
from mapping.focus import find_focus
from mapping.gaps import find_gaps
from mapping.rescoring import find_sensitivity, rescore_run
from mapping.stability import find_headlines
from mapping.tags import Run

SIZES = (50, 500, 5000)
STEPS: dict[str, Callable[[Run], object]] = {
    "chance (2,000 draws)": lambda run: (find_cell_chance(run), find_theme_pairs(run), find_board_chance(run)),
    "re-scorings": rescore_run,
    "verdicts": find_headlines,
    "areas of focus": find_focus,
    "gaps": find_gaps,
    "sensitivity": find_sensitivity,
}


def make_run(size: int) -> Run:
    """Return a run of Derby's priorities, taken over and over with a number behind each, until there are so many."""
    derby = load_derby()
    matrix = set(derby.boards.loc[derby.boards["in_matrix"] == "yes", "board"])
    mapped = derby.strategies[derby.strategies["board"].isin(matrix) & (derby.strategies["standing"] != "neighbouring")]
    own = derby.priorities[derby.priorities["strategy"].isin(mapped["strategy"])]
    copies = pd.concat([own.assign(copy=n) for n in range(-(-size // len(own)))], ignore_index=True).iloc[:size]
    made = copies.assign(
        priority=[f"{name}-{n}" for name, n in zip(copies["priority"], copies["copy"], strict=True)],
        text=[f"{text} {n}" for text, n in zip(copies["text"], copies["copy"], strict=True)],
        parent="",
    )
    return tag(replace(derby, priorities=made.drop(columns="copy")))


def main() -> None:
    """Print the table."""
    seconds: dict[int, dict[str, float]] = {}
    for size in SIZES:
        begin = time.process_time()
        run = make_run(size)
        seconds[size] = {"reading and tagging": time.process_time() - begin}
        for name, step in STEPS.items():
            begin = time.process_time()
            step(run)
            seconds[size][name] = time.process_time() - begin
        seconds[size]["all"] = sum(seconds[size].values())
        seconds[size]["number of re-scorings"] = float(len(rescore_run(run)))
    print("| CPU seconds | " + " | ".join(f"{size:,} priorities" for size in SIZES) + " | growth |")
    print("| --- |" + " ---: |" * (len(SIZES) + 1))
    for name in seconds[SIZES[0]]:
        first, last = seconds[SIZES[0]][name], seconds[SIZES[-1]][name]
        cells = " | ".join(f"{seconds[size][name]:,.2f}" for size in SIZES)
        print(f"| {name} | {cells} | {last / max(first, 1e-3):.0f}x |")


if __name__ == "__main__":
    main()
