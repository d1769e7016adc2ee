"""The command line: a thin door to the same functions, which says what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

# pandas, scikit-learn and matplotlib cost seconds; they are imported inside the commands, so that help is at once.
if TYPE_CHECKING:
    import pandas as pd

    from mapping.partnership import Partnership
    from mapping.tags import Run

_CHUNK = 500
F = TypeVar("F", bound=Callable[..., Any])

_EPILOG = """\b
Start here:
  mapping report                 the whole job on the shipped Derby data
  mapping init my-city           a folder of commented files for your own city
  mapping explain DRB-07 skills  why a tag was given, or why not

Results go to standard output, messages to standard error. Exit code 0: done; 1: something must be put right first;
2: the command was not understood.
"""


class _Group(click.Group):
    """Commands in the order of the work, and refusals as messages instead of tracebacks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from mapping.errors import nearest

            raise click.UsageError(f"{error.message}{nearest(args[0], self.commands)}", ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)
        except click.ClickException:
            raise
        except Exception as error:
            from mapping.errors import MappingError

            if not isinstance(error, MappingError):
                raise
            click.echo(_clean(f"Not done. {error}" if "\n" not in str(error) else f"Not done.\n{error}"), err=True)
            ctx.exit(1)


def _clean(text: str) -> str:
    """Take control characters out of a message, so that a document cannot steer the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


@click.group(
    cls=_Group, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="strategy-crossmap", prog_name="mapping")
def main() -> None:
    """Cross-map strategy priorities against a framework of themes, and show why.

    A city's partnership has boards; each board has strategies; each strategy has priorities. These commands tag every
    priority against the themes by keywords and TF-IDF, show where boards meet, and write the tables, figures and
    report. What the machine suggests stays marked as suggested until a person confirms it.
    """


def _with_settings(command: F) -> F:
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


def _with_data(command: F) -> F:
    """Add the option that says what to map, and those that say how."""
    data = click.option(
        "--data", "folder", default="derby", show_default=True, metavar="FOLDER",
        help="Folder with your tables, or the name of shipped data (derby, derby-2009).",
    )  # fmt: skip
    return data(_with_settings(command))


def _read(folder: str, framework: str | None = None) -> Partnership:
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


def _tag(
    folder: str, framework: str | None, method: str, threshold: float | None, neighbours: bool, in_force_on: str
) -> Run:
    from mapping.tags import tag

    partnership = _read(folder, framework)
    notes = len(partnership.warnings)
    if notes:
        noted = "1 note" if notes == 1 else f"{notes} notes"
        click.echo(f"{noted} on the tables; to read: mapping check --data {folder}", err=True)
    return tag(partnership, method=method, threshold=threshold, neighbours=neighbours, in_force_on=in_force_on)


def _next(*commands: str) -> None:
    for command in commands:
        click.echo(f"next: {command}", err=True)


@main.command(short_help="Make a folder of commented files for a new city.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--like", default="", metavar="NAME", help="Copy shipped data (derby, derby-2009) instead of made-up rows."
)
def init(folder: Path, like: str) -> None:
    """Make FOLDER with commented files for a new city, ready to be filled in.

    The files open in Excel; lines that begin with "# " are comments. The rows there are made up: replace them.
    """
    from mapping.starter import write_starter

    for path in write_starter(folder, like):
        click.echo(str(path))
    _next(f"open {folder / 'README.md'}", f"mapping check --data {folder}", f"mapping report --data {folder}")


@main.command(short_help="Check the tables of a city; say what is wrong and where.")
@click.option("--data", "folder", default="derby", show_default=True, metavar="FOLDER", help="Folder with your tables.")
@click.option("--framework", metavar="NAME", help="Check against another framework: a shipped name or a folder.")
def check(folder: str, framework: str | None) -> None:
    """Check the tables of a city and its framework: every problem with file, line, column and what would be right."""
    partnership = _read(folder, framework)
    click.echo(repr(partnership))
    click.echo(repr(partnership.framework))
    for warning in partnership.warnings:
        click.echo(_clean(f"Note: {warning}"))
    notes = len(partnership.warnings)
    click.echo(f"No problems found; {'1 note' if notes == 1 else f'{notes} notes'}.")
    _next(f"mapping report --data {folder}")


@main.command(short_help="Do the main job and write the run folder.")
@_with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("runs/latest"), show_default=True, metavar="FOLDER",
    help="Where the run folder goes; an earlier run folder there is replaced whole.",
)  # fmt: skip
def report(output: Path, **choices: Any) -> None:
    """Do the main job: tag, count, draw, and write the run folder with its page, tables, figures and workbook."""
    from mapping.findings import state_findings

    click.echo("reading and tagging ...", err=True)
    run = _tag(**choices)
    from mapping.outputs.folder import write_report

    folder = write_report(run, output, progress=lambda step: click.echo(f"{step} ...", err=True))
    for sentence in state_findings(run):
        click.echo(_clean(sentence))
    click.echo(str(folder / "index.html"))
    _next(f"open {folder / 'index.html'}", "mapping explain PRIORITY THEME")


@main.command("tag", short_help="Tag priorities, or the texts of any CSV file.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_with_data
@click.option("--column", default="text", show_default=True, help="With FILE: the column that holds the texts.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the table there instead of printing it.")
def tag_command(file: Path | None, column: str, output: Path | None, **choices: Any) -> None:
    """Tag priorities and print one row per priority and theme as CSV.

    Without FILE, the priorities of --data. With FILE, the texts in a column of that CSV file.
    """
    from mapping.tables import format_table, write_table

    table = _tag(**choices).tags if file is None else _tag_file(file, column, choices)
    if output:
        click.echo(str(write_table(output, table)))
        _next(f"open {output} in Excel")
    else:
        click.echo(format_table(table), nl=False)
        _next("mapping explain PRIORITY THEME" if file is None else "mapping tag --help")


def _tag_file(file: Path, column: str, choices: dict[str, Any]) -> pd.DataFrame:
    """Tag the texts in a column of a CSV file, with progress; ``text`` is the line of the file."""
    import pandas as pd

    from mapping.framework import read_framework
    from mapping.scoring import tag_texts
    from mapping.tables import read_column

    texts = read_column(file, column)
    framework = read_framework(choices["framework"] or "closing-the-gap")
    done = []
    for start in range(0, max(1, len(texts)), _CHUNK):
        part = texts.iloc[start : start + _CHUNK]
        done.append(tag_texts(part, framework, method=choices["method"], threshold=choices["threshold"]))
        click.echo(f"{min(start + _CHUNK, len(texts))} of {len(texts)} texts tagged ...", err=True)
    return pd.concat(done, ignore_index=True)


@main.command(short_help="Show why a tag was given, or why not.")
@click.argument("priority")
@click.argument("theme")
@_with_data
def explain(priority: str, theme: str, **choices: Any) -> None:
    r"""Show why PRIORITY was tagged to THEME, or why not: the sentence, both scores, and what they are made of.

    \b
    Example: mapping explain DRB-07 skills
    """
    from mapping.explanation import explain as explain_tag

    run = _tag(**choices)
    click.echo(_clean(str(explain_tag(run, priority, theme))))
    _next("mapping try THEME PATTERN, to see which rows a new keyword would move")


@main.command("try", short_help="Show which rows a new keyword would move.")
@click.argument("theme")
@click.argument("pattern")
@click.option("--role", type=click.Choice(["decides", "supports", "cancels"]), default="decides", show_default=True)
@_with_data
def try_command(theme: str, pattern: str, role: str, **choices: Any) -> None:
    r"""Show which rows would move if PATTERN were added to THEME's keywords; nothing is changed.

    \b
    Example: mapping try voice "community panel"
    """
    from mapping.comparison import try_keyword
    from mapping.tables import format_table

    moved = try_keyword(_tag(**choices), theme, pattern, role)
    click.echo(format_table(moved), nl=False)
    click.echo(f"{len(moved)} row{'' if len(moved) == 1 else 's'} would move.", err=True)
    _next("add the row to the framework's keywords.csv with a reason, then mapping report")


@main.command(short_help="Draw the figures.")
@_with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("figures"), show_default=True, metavar="FOLDER",
    help="Where the figures go: PNG, SVG, CSV and alt text of each.",
)  # fmt: skip
def figures(output: Path, **choices: Any) -> None:
    """Draw the figures: boards by themes, board-theme ribbons, board pairs."""
    run = _tag(**choices)
    from mapping.outputs.folder import draw_figures

    for chart in draw_figures(run):
        for path in chart.save(output):
            click.echo(str(path))
    _next("put a PNG into Word at its own size, with the alt text from its .txt file")


@main.command(short_help="Write the board-theme graph.")
@_with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("board-theme-graph.graphml"), show_default=True,
    help="Where the GraphML file goes.",
)  # fmt: skip
def graph(output: Path, **choices: Any) -> None:
    """Write the board-theme graph as GraphML, and print its nodes with their degree and weight."""
    from mapping.graph import build_graph, measure_nodes, write_graph
    from mapping.tables import format_table

    run = _tag(**choices)
    click.echo(format_table(measure_nodes(run)), nl=False)
    click.echo(f"wrote {write_graph(build_graph(run), output)}", err=True)
    _next(f"open {output} in Gephi or yEd, or mapping.read_graph in Python")


@main.command("compare", short_help="List the tags that differ between two folders of tables.")
@click.argument("earlier", metavar="EARLIER")
@click.argument("later", metavar="LATER")
@_with_settings
def compare_command(earlier: str, later: str, **choices: Any) -> None:
    """List the tags that differ between two folders of tables of one city, EARLIER and LATER.

    Both are tagged with the same settings, so that what differs comes from the texts and the decisions.
    """
    from mapping.comparison import compare
    from mapping.tables import format_table

    runs = [_tag(folder=data, **choices) for data in (earlier, later)]
    changes = compare(*runs)
    click.echo(format_table(changes), nl=False)
    counts = changes["change"].value_counts()
    parts = [f"{int(counts.get(kind, 0))} {kind}" for kind in ("added", "removed", "changed")]
    click.echo(f"{', '.join(parts)}.", err=True)
    _next(f"mapping report --data {later}")


if __name__ == "__main__":
    main()
