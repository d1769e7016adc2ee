"""The commands that look after the keywords: check, suggest, try, evaluate and calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mapping.cli_options import F, clean, say_next, tag_data, with_data

__all__ = ["calibrate_command", "evaluate_command", "keywords"]


@click.group(short_help="Look at the keywords: check, suggest, try.")
def keywords() -> None:
    """Look at the keywords as a whole, find new ones to consider, and try one before it is added."""


@keywords.command("check", short_help="Which are shared, never hit, or work alone.")
@with_data
def check_command(**choices: Any) -> None:
    """List every keyword with its hits in these priorities, and the themes that may be confused.

    Never hit in one city is no reason to remove a keyword.
    """
    from mapping.csv_format import format_table
    from mapping.lexicon import check_keywords, find_confusable_themes

    run = tag_data(**choices)
    table = check_keywords(run)
    click.echo(format_table(table), nl=False)
    for remark, count in table.loc[table["remark"] != "", "remark"].value_counts(sort=False).items():
        click.echo(f"{count} {remark}", err=True)
    confusable = find_confusable_themes(run.framework)
    if len(confusable):
        first = confusable.iloc[0]
        click.echo(
            f"the themes most likely to be confused: {first['theme_a']} and {first['theme_b']} "
            f"(cosine {first['cosine']:.2f}: {', '.join(first['words'][:5])})",
            err=True,
        )
    untagged = int((run.tags.groupby("priority")["spans"].agg(lambda spans: sum(map(len, spans))) == 0).sum())
    click.echo(f"{untagged} of {len(run.priorities)} priorities have no keyword of any theme", err=True)
    say_next("mapping keywords suggest THEME", "mapping keywords try THEME PATTERN")


@keywords.command("suggest", short_help="New ones to consider, from confirmed tags.")
@click.argument("theme")
@click.option("--from-suggested", is_flag=True, help="Start from the machine's likely suggestions, not from decisions.")
@with_data
def suggest_command(theme: str, from_suggested: bool, **choices: Any) -> None:
    """Propose words that are key to the priorities confirmed for THEME, and the rows each would move."""
    from mapping.csv_format import format_table
    from mapping.lexicon import suggest_keywords

    table = suggest_keywords(tag_data(**choices), theme, from_suggested=from_suggested)
    click.echo(format_table(table), nl=False)
    click.echo(f"{len(table)} proposed; a person decides whether any means the theme.", err=True)
    say_next(f"mapping keywords try {theme} PATTERN")


@keywords.command("try", short_help="Show which rows a new keyword would move.")
@click.argument("theme")
@click.argument("pattern")
@click.option(
    "--role", type=click.Choice(["decides", "supports", "cancels"]), default="decides", show_default=True,
    help="What the keyword would do.",
)  # fmt: skip
@with_data
def try_command(theme: str, pattern: str, role: str, **choices: Any) -> None:
    """Show which rows would move if PATTERN were added to THEME's keywords; nothing is changed.

    \b
    Example: mapping keywords try voice "community panel"
    """
    from mapping.comparison import try_keyword
    from mapping.csv_format import format_table

    moved = try_keyword(tag_data(**choices), theme, pattern, role)
    click.echo(format_table(moved), nl=False)
    click.echo(f"{len(moved)} row{'' if len(moved) == 1 else 's'} would move.", err=True)
    say_next("add the row to the framework's keywords.csv with a reason, then mapping report")


def _with_framework(command: F) -> F:
    """Add the option that says which framework was coded."""
    return click.option(
        "--framework", default="closing-the-gap", show_default=True, metavar="NAME",
        help="The framework whose themes were coded: a shipped name or a folder.",
    )(command)  # fmt: skip


@click.command("evaluate", short_help="How right the tags are, against people's codes.")
@click.argument("coded", metavar="CODED")
@_with_framework
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER",
    help="Write the tables there too, with every miss and every disputed cell.",
)  # fmt: skip
def evaluate_command(coded: str, framework: str, output: Path | None) -> None:
    """Score the tags against people's codes in the file CODED, by keywords, TF-IDF, both, and both calibrated.

    CODED is a CSV file with a column statement and columns coder_NAME_THEME (0, 1 or 2), or the name of a shipped one:
    derby-coded, statements-working, statements-kept.

    \b
    Example: mapping evaluate derby-coded -o evaluation
    """
    from mapping.csv_format import write_table
    from mapping.evaluation import evaluate
    from mapping.files import find_coded

    click.echo("scoring, resampling, cross-fitting ...", err=True)
    found = evaluate(find_coded(coded), framework)
    click.echo(clean(str(found)))
    if output:
        for name in ("scores", "likely", "coverage", "skill", "agreement", "misses", "disputed"):
            click.echo(str(write_table(output / f"{name}.csv", getattr(found, name))), err=True)
    say_next(f"mapping evaluate {coded} -o FOLDER, and read misses.csv" if not output else f"read {output}/misses.csv")


@click.command("calibrate", short_help="Fit a probability to coded rows; writes a new framework.")
@click.argument("coded", metavar="CODED")
@_with_framework
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FOLDER",
    help="A new folder for the framework with its calibration.",
)  # fmt: skip
def calibrate_command(coded: str, framework: str, output: Path) -> None:
    """Fit a probability to the rows coded in CODED, and write the framework with it into a new FOLDER.

    Nothing shipped is fitted. From then on the tags of that framework carry a probability.
    """
    from mapping.evaluation import write_calibrated
    from mapping.files import find_coded

    folder = write_calibrated(find_coded(coded), framework, output)
    click.echo(str(folder / "calibration.yaml"))
    say_next(f"mapping report --framework {folder}")
