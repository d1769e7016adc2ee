"""The command that makes the folder of a new city, from made-up rows, shipped data or a draft."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mapping.cli_options import read_data, say_next

__all__ = ["init"]


@click.command(short_help="Make a folder of commented files for a new city.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--like", default="", metavar="NAME", help="Copy shipped data (derby, derby-2009) instead of made-up rows."
)
@click.option(
    "--from", "draft", type=click.Path(path_type=Path), metavar="DRAFT.csv",
    help="Take the boards, strategies and priorities of a draft by mapping extract.",
)  # fmt: skip
@click.option("--name", default="", metavar="NAME", help="With --from: the partnership, as reports print it.")
@click.option("--place", default="", metavar="PLACE", help="With --from: the city or area.")
def init(folder: Path, like: str, draft: Path | None, name: str, place: str) -> None:
    """Make FOLDER with commented files for a new city, ready to be filled in.

    The files open in Excel; lines that begin with "# " are comments. The rows there are made up: replace them.

    With --from the rows are those of a draft whose boards you have filled in; rows without a board are kept aside.

    \b
    Example: mapping init my-city --from draft.csv --name "Derby Partnership" --place Derby
    """
    if draft is not None and like:
        raise click.UsageError("Give --like or --from, not both.")
    if draft is None and (name or place):
        raise click.UsageError("--name and --place go with --from; otherwise write them into partnership.yaml.")
    if draft is not None:
        _start_from_draft(folder, draft, name, place)
        return
    from mapping.starter import write_starter

    for path in write_starter(folder, like):
        click.echo(str(path))
    _say_first_steps(folder)


def _start_from_draft(folder: Path, draft: Path, name: str, place: str) -> None:
    """Write the tables that a draft gives, and say what is left aside and what a person must look at."""
    from mapping.drafting import LEFT, read_draft, write_city

    rows = read_draft(draft)
    files = write_city(rows, folder, name=name, place=place)
    for path in files:
        click.echo(str(path))
    city = read_data(str(folder))
    click.echo(repr(city), err=True)
    aside = len(rows) - len(city.priorities)
    if aside:
        click.echo(f"{aside} of {len(rows)} rows have no board, or report activity: they are in {LEFT}.", err=True)
    click.echo("boards.csv and strategies.csv are drafted from names and titles: check every cell.", err=True)
    _say_first_steps(folder)


def _say_first_steps(folder: Path) -> None:
    name = shlex.quote(str(folder))
    say_next(f"read {folder / 'README.md'}", f"mapping check --data {name}", f"mapping report --data {name}")
