"""Made-up runs for the figures: small tables with exactly the counts that a test asks for.

``python tests/stress.py`` draws every figure of every such run in every context, and prints what the linter finds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from mapping.figures import (
    Chart,
    plot_board_pairs,
    plot_change,
    plot_combinations,
    plot_coverage,
    plot_focus,
    plot_leaning,
    plot_matrix,
    plot_ribbons,
    plot_sensitivity,
    plot_theme_pairs,
)
from mapping.figures.cards import draw_cards
from mapping.figures.contexts import PAPER, SLIDES
from mapping.framework import Framework
from mapping.keywords import compile_keyword
from mapping.partnership import Partnership
from mapping.tags import TAG_TABLE, Run, Settings
from mapping.text import load_word_counts

THEMES = ("Voice", "Start in life", "Aspiration", "Skills", "Equality")
#: Enough words of common English that a text with a made-up word for each of its themes still counts as English.
FILLER = "for the people of the town and what we will do with them in the next few years when the time has come"
LONG_NAME = "Partnership for Neighbourhoods, Regeneration and Opportunity"


def make_run(
    counts: Sequence[Sequence[int]],
    *,
    priorities: Sequence[int] = (),
    sources: Sequence[str] = (),
    confirmed: str = "none",
    boards: Sequence[str] = (),
    themes: Sequence[str] = (),
) -> Run:
    """Return a run whose cells hold ``counts``, one row per board.

    ``sources`` says per board where its priorities come from: named (its strategy was read), stand-in (it was not),
    mixed (half and half), unread (not read and no stand-in), unscored (read, and no text can be scored).
    ``confirmed``: none, some (every second tag), all.
    """
    sources = sources or ["named"] * len(counts)
    sizes = priorities or [max([4, *row]) for row in counts]
    names = boards or [f"Board of {chr(65 + n)} and Others" for n in range(len(counts))]
    labels = themes or [THEMES[n] if n < len(THEMES) else f"Theme {n + 1}" for n in range(len(counts[0]))]
    framework = make_framework(labels)
    codes = [f"B{n + 1:02d}" for n in range(len(counts))]
    strategies, rows, tags, mute = [], [], [], list[tuple[str, str, str]]()
    for code, size, source, row in zip(codes, sizes, sources, counts, strict=True):
        read = "no" if source in ("stand-in", "unread") else "yes"
        strategies.append((f"{code}-N", code, f"Strategy of {code}", "named", read))
        if source in ("stand-in", "mixed"):
            strategies.append((f"{code}-S", code, f"Stand-in of {code}", "stand-in", "yes"))
        for n in range(size):
            named = source in ("named", "unscored") or (source == "mixed" and n < size / 2)
            strategy, standing = (f"{code}-N", "named") if named else (f"{code}-S", "stand-in")
            carried = [t for t, count in enumerate(row) if (n - 2 * t) % size < count]
            if source == "unscored":
                carried, mute = [], [*mute, *((f"{code}-{n + 1:03d}", code, theme) for theme in framework.theme_ids)]
            text = " ".join([f"Priority {n + 1} of the board {FILLER}", *(_make_word(t) for t in carried)])
            rows.append((f"{code}-{n + 1:03d}", strategy, code, text, standing, True))
            tags += [(f"{code}-{n + 1:03d}", code, framework.theme_ids[t]) for t in carried]
    table = pd.DataFrame(tags, columns=["priority", "board", "theme"])
    said = {"none": ["suggested"] * len(tags), "all": ["confirmed"] * len(tags)}.get(
        confirmed, [("confirmed", "suggested")[n % 2] for n in range(len(tags))]
    )
    table = table.assign(status=said, on=True).reindex(columns=list(TAG_TABLE))
    silent = pd.DataFrame(mute, columns=["priority", "board", "theme"]).assign(confidence="not scored", on=False)
    table = pd.concat([table, silent.reindex(columns=list(TAG_TABLE))], ignore_index=True) if mute else table
    table["on"] = table["on"].astype(bool)
    partnership = Partnership(
        {
            "id": "made-up",
            "name": "Made-up city",
            "place": "Nowhere",
            "edition": "made-up data",
            "framework": "made-up",
        },
        pd.DataFrame(
            [
                (c, name, _short(name, n), _short(name, n)[:8], "yes")
                for n, (c, name) in enumerate(zip(codes, names, strict=True))
            ],
            columns=["board", "name", "short", "tiny", "in_matrix"],
        ),
        pd.DataFrame(strategies, columns=["strategy", "board", "name", "standing", "read"]),
        pd.DataFrame(),
        pd.DataFrame(),
        framework,
    )
    settings = Settings("made-up", "both", 0.5, 0.1, False, "")
    columns = ["priority", "strategy", "board", "text", "standing", "counted"]
    listed = pd.DataFrame(rows, columns=columns).astype({"counted": bool})
    return Run(partnership, framework, settings, listed, table, pd.DataFrame())


def make_framework(names: Sequence[str]) -> Framework:
    themes = pd.DataFrame(
        [
            (f"t{n + 1}", str(n + 1), name, _short(name, n), _short(name, n)[:8], f"Wording of {name}", "")
            for n, name in enumerate(names)
        ],
        columns=["theme", "number", "name", "short", "tiny", "wording", "scope_note"],
    )
    counts = load_word_counts()
    keywords = tuple(compile_keyword(f"t{n + 1}", _make_word(n), "decides", counts) for n in range(len(names)))
    return Framework({"id": "made-up", "name": "Made-up"}, themes, pd.DataFrame(), 0.5, 0.1, keywords)


def _make_word(theme: int) -> str:
    """Return the one word that decides for a theme, so that a made-up run can be scored again."""
    return f"zz{chr(97 + theme) * 2}k"


def _short(name: str, number: int) -> str:
    return name if len(name) <= 12 else f"{name.split()[-1][:8]} {number + 1}"


#: Derby's state in January 2019: all suggested, three boards through stand-in documents, many priorities without theme.
LIKE_DERBY: Any = {
    "counts": [[2, 6, 1, 5, 2], [1, 3, 0, 1, 4], [2, 1, 0, 0, 4], [1, 0, 4, 11, 3], [4, 1, 2, 1, 3]],
    "priorities": [18, 13, 10, 31, 16],
    "sources": ["mixed", "stand-in", "stand-in", "mixed", "stand-in"],
    "boards": [
        "Children, Families and Learners Board",
        "Health and Wellbeing Board",
        "Safer Communities Board",
        "Derby Renaissance Board",
        "Culture and Leisure Board",
    ],
}


#: Runs that between them hold what is hardest to draw; ``python -m tests.stress`` tries all.
REPRESENTATIVE = (
    "derby-like", "one-board", "twelve-boards", "eight-by-eight", "seventeen-themes", "long-names", "one-priority",
    "no-tags", "not-scored", "count-999", "twelve-long-boards", "odd-letters", "all-alike", "even-ticks",
    "six-long", "twelve-by-seventeen", "unbroken-names",
)  # fmt: skip


def _grid(boards: int, themes: int) -> list[list[int]]:
    return [[(3 * b + 5 * t + b * t) % 7 for t in range(themes)] for b in range(boards)]


def make_stress_set() -> dict[str, Run]:
    """Return the runs that every figure must survive, by name: made once, so that what is counted is shared."""
    return dict(_make_runs())


@cache
def _make_runs() -> dict[str, Run]:
    # Fewer resamples make verdicts coarser, and the tests of many runs faster.
    runs = _list_runs()
    return {case: replace(run, settings=replace(run.settings, resamples=40)) for case, run in runs.items()}


def _list_runs() -> dict[str, Run]:
    return {
        "derby-like": make_run(**LIKE_DERBY),
        "derby-like-some": make_run(**LIKE_DERBY, confirmed="some"),
        "all-confirmed": make_run(**{**LIKE_DERBY, "sources": ["named"] * 5}, confirmed="all"),
        "one-board": make_run(_grid(1, 5)),
        "two-boards": make_run(_grid(2, 3), sources=["named", "stand-in"]),
        "twelve-boards": make_run(_grid(12, 5), sources=["named", "mixed", "stand-in"] * 4, confirmed="some"),
        "eight-by-eight": make_run(_grid(8, 8), confirmed="some"),
        "twelve-by-twelve": make_run(_grid(12, 12), sources=["stand-in", "mixed", "named"] * 4, confirmed="some"),
        "one-theme": make_run(_grid(5, 1)),
        "three-themes": make_run(_grid(5, 3)),
        "twelve-themes": make_run(_grid(5, 12)),
        "long-names": make_run(
            _grid(5, 5),
            sources=["stand-in"] * 5,
            boards=[f"{LONG_NAME[:58]} {n}" for n in range(5)],
            themes=[f"{LONG_NAME[:58]} {n}" for n in range(5)],
        ),
        "empty-board": make_run([[1, 2, 3], [0, 0, 0], [3, 0, 1]], priorities=[5, 0, 6]),
        "board-not-read": make_run(
            [[1, 2, 3], [0, 0, 0], [3, 0, 1]], priorities=[5, 0, 6], sources=["named", "unread", "stand-in"]
        ),
        "theme-without-tags": make_run([[1, 0, 3], [2, 0, 1]], priorities=[5, 5]),
        "one-priority": make_run([[1, 0, 0], [0, 0, 0]], priorities=[1, 0], sources=["named", "unread"]),
        "no-tags": make_run([[0, 0], [0, 0]], priorities=[3, 4]),
        "count-999": make_run(
            [[999, 3, 0], [1, 420, 7], [12, 999, 999]], priorities=[1200, 999, 1200], confirmed="some"
        ),
        "not-scored": make_run([[3, 2, 1], [0, 0, 0], [2, 0, 6]], sources=["named", "unscored", "mixed"]),
        "all-suggested": make_run(_grid(5, 5)),
        "seventeen-themes": make_run(_grid(5, 17), confirmed="some"),
        "twelve-long-boards": make_run(
            _grid(12, 5),
            sources=["stand-in", "mixed", "named"] * 4,
            boards=[f"{LONG_NAME[:57]} {n:02d}" for n in range(12)],
        ),
        # Every theme stands at the same place.
        "all-alike": make_run([[12] * 4] * 3, priorities=[12] * 3),
        # Ticks of an even spread stand where names would.
        "even-ticks": make_run(
            [[6, 2, 4, 8], [6, 3, 1, 3], [7, 3, 5, 7], [5, 3, 8, 4]],
            priorities=[12] * 4,
            themes=["Voice", "Skills", "Jobs", "Homes"],
            confirmed="all",
        ),
        "six-long": make_run(
            _grid(6, 6),
            boards=[f"{LONG_NAME[:58]} {n}" for n in range(6)],
            themes=[f"Growing together in places that welcome everyone, part {n} of 6" for n in range(1, 7)],
        ),
        # Cells too narrow for words, and every kind of cell without a tag.
        "twelve-by-seventeen": make_run(
            [[0] * 17 if b in (3, 5, 8) else row for b, row in enumerate(_grid(12, 17))],
            priorities=[0 if b in (3, 8) else 14 for b in range(12)],
            sources=[{3: "named", 5: "unscored", 8: "unread"}.get(b, "named") for b in range(12)],
        ),
        "unbroken-names": make_run(
            _grid(4, 4),
            boards=[f"Donaudampfschifffahrtsgesellschaftskapitaensboard{n}" for n in range(4)],
            themes=[f"Antidisestablishmentarianism-and-pneumono{n}" for n in range(4)],
        ),
        "odd-letters": make_run(
            _grid(4, 3),
            boards=[
                "Jobs & $5 <b>Board</b>",
                "بورڈ برائے صحت اور تعلیم",
                "教育委员会 Board",
                "Tab\tand 'quotes' \"Board\"",
            ],
            themes=["Costs under $100 to $200", "<script>alert(1)</script>", "آواز"],
        ),
    }


# --- every figure of every run in every context ---------------------------------------------------------------


def list_plots() -> dict[str, Callable[..., Chart]]:
    """Return every plot of one run by the name of its figure."""
    return {
        "matrix": plot_matrix, "combinations": plot_combinations, "ribbons": plot_ribbons,
        "board-pairs": plot_board_pairs, "focus": plot_focus, "theme-pairs": plot_theme_pairs,
        "sensitivity": plot_sensitivity, "coverage": plot_coverage, "leaning": plot_leaning,
    }  # fmt: skip


def lint_figures(run: Run, case: str) -> Iterator[tuple[str, list[str]]]:
    """Yield every figure of a run, in every context that it has, with what the linter finds."""
    for name, plot in list_plots().items():
        # 3,399 texts that are all alike make millions of pairs of texts.
        if (name, case) == ("leaning", "count-999"):
            continue
        chart = plot(run)
        for each in (chart, chart.untitled(), replace(chart, context="a4-large")):
            yield each.stem, each.lint()
        if name in PAPER:
            paper = plot(run, context="paper", title="caption")
            yield paper.stem, paper.lint()
        if name in SLIDES:
            slide = plot(run, context="slide")
            yield slide.stem, slide.lint()
    yield "change", plot_change(run, run).lint()
    for card in draw_cards(run):
        yield card.name, card.lint()


def main() -> int:
    """Print a table of what the linter finds; return how many figures have something to mend."""
    faulty = drawn = 0
    for case, run in make_stress_set().items():
        begin, findings = time.perf_counter(), dict(lint_figures(run, case))
        wrong = {stem: found for stem, found in findings.items() if found}
        print(f"{case:20} {len(findings):4} figures {len(wrong):4} with findings {time.perf_counter() - begin:6.1f} s")
        for stem, found in wrong.items():
            print(*(f"    {stem}: {sentence}" for sentence in found[:3]), sep="\n", flush=True)
            if len(found) > 3:
                print(f"    {stem}: and {len(found) - 3} more")
        faulty, drawn = faulty + len(wrong), drawn + len(findings)
    print(f"{drawn} figures drawn, {faulty} with findings")
    return faulty


if __name__ == "__main__":
    raise SystemExit(min(1, main()))
