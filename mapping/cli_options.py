"""What the commands of the command line share: their options, reading and tagging, and saying what is next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

# pandas, scikit-learn and matplotlib cost seconds; they are imported inside the commands, so that help is at once.
if TYPE_CHECKING:
    from mapping.partnership import Partnership
    from mapping.tags import Run

__all__ = ["F", "clean", "read_data", "say_next", "tag_data", "with_data", "with_settings"]

F = TypeVar("F", bound=Callable[..., Any])


def clean(text: str) -> str:
    """Take control characters out of a message, so that a document cannot steer the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


def with_settings(command: F) -> F:
    """Add the options that say how to map; every command that tags has the same ones."""
    options = (
        click.option("--framework", metavar="NAME", help="Map against another framework: a shipped name or a folder."),
        click.option(
            "--method", type=click.Choice(["both", "keywords", "tf-idf"]), default="both", show_default=True,
            help="What the score rests on.",
        ),
        click.option(
            "--threshold", type=float, metavar="NUMBER",
            help="Score from which a priority is tagged, above 0 and up to 1; the framework's own by default.",
        ),
        click.option("--neighbours", is_flag=True, help="Map neighbouring partnerships and documents too."),
        click.option(
            "--in-force-on", default="", metavar="DATE", help="Only strategies in force on a date, as 2019-01-28."
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def with_data(command: F) -> F:
    """Add the option that says what to map, and those that say how."""
    data = click.option(
        "--data", "folder", default="derby", show_default=True, metavar="FOLDER",
        help="Folder with your tables, or the name of shipped data (derby, derby-2009).",
    )  # fmt: skip
    return data(with_settings(command))


def read_data(folder: str, framework: str | None = None) -> Partnership:
    """Read the tables that ``--data`` names: a folder, or shipped data."""
    from mapping.errors import MappingError
    from mapping.files import find_shipped, list_shipped
    from mapping.partnership import read_partnership

    home = Path(folder)
    if not home.is_dir():
        if home.exists():
            raise MappingError(
                f"--data {folder}: is a file; give the folder that holds partnership.yaml and the tables."
            )
        if folder in list_shipped("partnerships"):
            home = find_shipped("partnerships", folder)
    return read_partnership(home, framework)


def tag_data(
    folder: str, framework: str | None, method: str, threshold: float | None, neighbours: bool, in_force_on: str
) -> Run:
    """Read and tag what the options say; notes on the tables are counted on standard error."""
    from mapping.tags import tag

    partnership = read_data(folder, framework)
    notes = len(partnership.warnings)
    if notes:
        noted = "1 note" if notes == 1 else f"{notes} notes"
        click.echo(f"{noted} on the tables; to read: mapping check --data {folder}", err=True)
        for note in partnership.warnings:
            # A file of decisions that is odd may change what people are thought to have said.
            if note.file.startswith("decisions") and note.column not in ("words", "priority", "framework"):
                click.echo(clean(f"Note: {note}"), err=True)
    return tag(partnership, method=method, threshold=threshold, neighbours=neighbours, in_force_on=in_force_on)


def say_next(*commands: str) -> None:
    """Say on standard error what to do next."""
    for command in commands:
        click.echo(f"next: {command}", err=True)
