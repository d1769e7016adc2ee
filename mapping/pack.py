"""Everything for a workshop in one folder: the run, the paper, the cards and the slides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mapping.figures import plot_board_pairs, plot_matrix, plot_ribbons, write_cards
from mapping.outputs.folder import write_report
from mapping.paper import choose_version, write_paper
from mapping.tags import Run

__all__ = ["write_pack"]

PAPER, CARDS, REPORT, SLIDES = "discussion-paper.docx", "cards.pdf", "run", "slides"


def write_pack(
    run: Run,
    folder: str | Path,
    template: str | Path = "derby",
    *,
    since: Run | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Path:
    """Write everything for a workshop: the run folder, the discussion paper, the cards and three slides.

    Parameters
    ----------
    run : Run
    folder : str or Path
        Where the pack is to stand. What was made before is made again, but for two things that people write into: a
        paper that is there is never replaced (see ``write_paper``), nor cards whose table holds answers.
    template : str or Path
        Headings of the paper: derby, generic, or a YAML file of your own.
    since : Run, optional
        An earlier run; an appendix of the paper says what changed since then.
    progress : callable
        Told in words what is being written.

    Returns
    -------
    Path
        Of the folder. It holds ``run/`` (open ``index.html`` there), ``discussion-paper.docx``, ``cards.pdf`` with its
        table and its words, and ``slides/``.

    Raises
    ------
    MappingError
        When people edited several versions of the paper apart (``write_paper``); nothing is written.
    """
    home = Path(folder)
    # Before anything is written: a pack is not to be left half new.
    choose_version(home / PAPER)
    write_report(run, home / REPORT, progress)
    progress("writing the paper")
    paper = write_paper(run, home / PAPER, template, since=since, progress=progress)
    if paper.name != PAPER:
        progress(f"the paper to work on is {paper.name}")
    progress("drawing the cards and the slides")
    cards = write_cards(run, home / CARDS)
    if cards != home / CARDS:
        progress(f"{CARDS.removesuffix('.pdf')}.csv holds answers and stays as it is: the new cards are {cards.name}")
    for plot in (plot_matrix, plot_ribbons, plot_board_pairs):
        plot(run, context="slide").save(home / SLIDES)
    return home
