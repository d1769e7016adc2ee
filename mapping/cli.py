"""The command line: a thin door to the same functions, which says what to do next."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapping.cli_cross_impact import cross_impact, learn_command
from mapping.cli_extract import extract_command, tracker_command
from mapping.cli_keywords import calibrate_command, evaluate_command, keywords
from mapping.cli_options import clean, read_data, say_next, tag_data, with_data, with_settings
from mapping.cli_paper import paper
from mapping.cli_review import review
from mapping.cli_start import init

# pandas, scikit-learn and matplotlib cost seconds; they are imported inside the commands, so that help is at once.
if TYPE_CHECKING:
    import pandas as pd

    from mapping.tags import Run


_CHUNK = 500

_EPILOG = """\b
Start here:
  mapping report                 the whole job on the shipped Derby data
  mapping init my-city           a folder of commented files for your own city
  mapping explain DRB-20 skills  why a tag was given, or why not

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
            click.echo(clean(f"Not done. {error}" if "\n" not in str(error) else f"Not done.\n{error}"), err=True)
            ctx.exit(1)


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


main.add_command(init)


@main.command(short_help="Check the tables of a city; say what is wrong and where.")
@click.option("--data", "folder", default="derby", show_default=True, metavar="FOLDER", help="Folder with your tables.")
@click.option("--framework", metavar="NAME", help="Check against another framework: a shipped name or a folder.")
def check(folder: str, framework: str | None) -> None:
    """Check the tables of a city and its framework: every problem with file, line, column and what would be right."""
    partnership = read_data(folder, framework)
    click.echo(repr(partnership))
    click.echo(repr(partnership.framework))
    for warning in partnership.warnings:
        click.echo(clean(f"Note: {warning}"))
    notes = len(partnership.warnings)
    click.echo(f"No problems found; {'1 note' if notes == 1 else f'{notes} notes'}.")
    say_next(f"mapping report --data {folder}")


@main.command(short_help="Do the main job and write the run folder.")
@with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("runs/latest"), show_default=True, metavar="FOLDER",
    help="Where the run folder goes; an earlier run folder there is replaced whole.",
)  # fmt: skip
@click.option("--name", metavar="NAME", help="Keep the run as runs/NAME; a named run is never overwritten.")
def report(output: Path, name: str | None, **choices: Any) -> None:
    """Do the main job: tag, count, draw, and write the run folder with its page, tables, figures and workbook.

    A run folder can be opened again: "mapping compare runs/BEFORE runs/AFTER" says what changed, and why.
    """
    from mapping.errors import MappingError
    from mapping.findings import state_findings
    from mapping.runs import check_name, name_folder

    if name is not None:
        if click.get_current_context().get_parameter_source("output") is not click.core.ParameterSource.DEFAULT:
            raise MappingError("--name says where the run goes, and so does -o; leave one of the two out.")
        output = name_folder(name)
    check_name(output)

    click.echo("reading and tagging ...", err=True)
    run = tag_data(**choices)
    from mapping.outputs.folder import write_report

    folder = write_report(run, output, progress=lambda step: click.echo(f"{step} ...", err=True), name=name or "")
    for sentence in state_findings(run):
        click.echo(clean(sentence))
    click.echo(str(folder / "index.html"))
    say_next(f"open {shlex.quote(str(folder / 'index.html'))}", "mapping explain PRIORITY THEME")


@main.command(short_help="Write everything for a workshop: report, paper, cards, slides.")
@with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("packs/latest"), show_default=True,
    metavar="FOLDER", help="Where the pack goes; a paper that is there already is never replaced.",
)  # fmt: skip
@click.option("--template", default="derby", show_default=True, metavar="NAME", help="Headings of the paper.")
@click.option("--since", type=click.Path(path_type=Path), metavar="FOLDER", help="An earlier run folder, to compare.")
def pack(output: Path, template: str, since: Path | None, **choices: Any) -> None:
    """Write everything for a workshop: the run folder, the discussion paper in Word, the cards and three slides."""
    from mapping.findings import state_findings
    from mapping.pack import PAPER, REPORT, write_pack
    from mapping.paper import choose_version, read_template
    from mapping.runs import read_run

    # A mistake in the template, or papers edited apart, are said before the work is done.
    read_template(template)
    choose_version(output / PAPER)
    earlier = read_run(since) if since is not None else None
    click.echo("reading and tagging ...", err=True)
    run = tag_data(**choices)
    home = write_pack(
        run, output, template, since=earlier, progress=lambda step: click.echo(clean(f"{step} ..."), err=True)
    )
    for sentence in state_findings(run):
        click.echo(clean(sentence))
    click.echo(str(home))
    version = choose_version(home / PAPER)
    paper = shlex.quote(str(version.path if version else home / PAPER))
    say_next(
        f"open {shlex.quote(str(home / REPORT / 'index.html'))}",
        f"fill the gaps of {paper} in Word, then mapping paper check {paper}",
    )


@main.command("tag", short_help="Tag priorities, or the texts of any CSV file.")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@with_data
@click.option("--column", default="text", show_default=True, help="With FILE: the column that holds the texts.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write the table there instead of printing it.")
def tag_command(file: Path | None, column: str, output: Path | None, **choices: Any) -> None:
    """Tag priorities and print one row per priority and theme as CSV.

    Without FILE, the priorities of --data. With FILE, the texts in a column of that CSV file.
    """
    from mapping.csv_format import format_table, write_table

    _refuse_mixed(file, output, choices["folder"])
    table = tag_data(**choices).tags if file is None else _tag_file(file, column, choices)
    if output:
        click.echo(str(write_table(output, table)))
        say_next(f"open {output} in Excel")
    else:
        click.echo(format_table(table), nl=False)
        say_next("mapping explain PRIORITY THEME" if file is None else "mapping tag --help")


def _refuse_mixed(file: Path | None, output: Path | None, folder: str) -> None:
    """Refuse options that FILE does not use, and an output that would replace what is read."""
    from mapping.errors import MappingError

    given = click.get_current_context().get_parameter_source
    if file is not None:
        for option, name in (("folder", "--data"), ("neighbours", "--neighbours"), ("in_force_on", "--in-force-on")):
            if given(option) is not click.core.ParameterSource.DEFAULT:
                raise MappingError(f"{name} says nothing about the texts of {file}; leave one of the two out.")
    if output is not None and output.exists():
        inside = Path(folder).is_dir() and output.resolve().parent == Path(folder).resolve()
        if inside or (file is not None and file.exists() and output.samefile(file)):
            raise MappingError(f"{output}: would replace what is read. Choose another name with -o.")


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
@with_data
def explain(priority: str, theme: str, **choices: Any) -> None:
    """Show why PRIORITY was tagged to THEME, or why not: the sentence, both scores, and what they are made of.

    \b
    Example: mapping explain DRB-20 skills
    """
    from mapping.explanation import explain as explain_tag

    run = tag_data(**choices)
    click.echo(clean(str(explain_tag(run, priority, theme))))
    say_next("mapping keywords try THEME PATTERN, to see which rows a new keyword would move")


main.add_command(extract_command)
main.add_command(tracker_command)
main.add_command(keywords)
main.add_command(evaluate_command)
main.add_command(calibrate_command)
main.add_command(review)
main.add_command(cross_impact)
main.add_command(learn_command)


@main.command(short_help="Draw the figures.")
@with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("figures"), show_default=True, metavar="FOLDER",
    help="Where the figures go: PNG, SVG, CSV and alt text of each.",
)  # fmt: skip
@click.option(
    "--context", type=click.Choice(["a4", "a4-large", "slide"]), default="a4", show_default=True,
    help="Where they are read: in the text of a page, on a page of their own, or on a wall (the leading three).",
)  # fmt: skip
def figures(output: Path, context: str, **choices: Any) -> None:
    """Draw the figures: boards by themes, ribbons, pairs, combinations, focus, leaning, sensitivity, coverage."""
    run = tag_data(**choices)
    from mapping.outputs.folder import draw_figures

    for chart in draw_figures(run, context):
        for path in chart.save(output):
            click.echo(str(path))
    place = "on a slide of its own" if context == "slide" else "into Word at its own size"
    say_next(f"put a PNG {place}, with the alt text from its .txt file")


@main.command(short_help="Write the cards for a workshop: one per theme and per board.")
@with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("cards.pdf"), show_default=True, metavar="FILE",
    help="Where the PDF goes; beside it the same as a table (.csv) and as text (.txt).",
)  # fmt: skip
def cards(output: Path, folder: str, **choices: Any) -> None:
    """Write an A5 card for every theme and every board: what was found, questions, space to write and to vote.

    Sentences that people cross out come back through the table beside the PDF: write Reject under Decision.
    """
    run = tag_data(folder=folder, **choices)
    from mapping.figures.cards import write_cards

    path = write_cards(run, output)
    if path != output:
        click.echo(f"{output.with_suffix('.csv')} holds answers and stays as it is; the new cards are {path}", err=True)
    for suffix in (".pdf", ".csv", ".txt"):
        click.echo(str(path.with_suffix(suffix)))
    table, data = shlex.quote(str(path.with_suffix(".csv"))), shlex.quote(folder)
    say_next(f"print {path} on A5", f"mapping review import {table} --data {data}")


@main.command("tables", short_help="Write the tables that go with a published paper.")
@with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("published-tables.xlsx"), show_default=True,
    metavar="FILE", help="Where the spreadsheet goes.",
)  # fmt: skip
def tables_command(output: Path, **choices: Any) -> None:
    """Write the tables for publication as a spreadsheet that everyone can read: one table a sheet, notes, no colour."""
    from mapping.outputs.published import write_published_tables

    click.echo(str(write_published_tables(tag_data(**choices), output)))
    say_next(f"open {output} and write in the contact on its cover")


@main.command(short_help="Write the board-theme graph.")
@with_data
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("board-theme-graph.graphml"), show_default=True,
    help="Where the GraphML file goes.",
)  # fmt: skip
def graph(output: Path, **choices: Any) -> None:
    """Write the board-theme graph as GraphML, and print its nodes with their degree and weight."""
    from mapping.csv_format import format_table
    from mapping.errors import MappingError
    from mapping.graph import build_graph, measure_nodes, write_graph

    if output.exists() and output.suffix != ".graphml":
        raise MappingError(f"{output}: already stands there and is no GraphML file. Choose another name with -o.")
    run = tag_data(**choices)
    click.echo(format_table(measure_nodes(run)), nl=False)
    click.echo(f"wrote {write_graph(build_graph(run), output)}", err=True)
    say_next(f"open {output} in Gephi or yEd, or mapping.read_graph in Python")


@main.command("compare", short_help="Say what changed between two runs, and what caused it.")
@click.argument("earlier", metavar="EARLIER")
@click.argument("later", metavar="LATER")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write the change report there: page, report, tables and figure.",
)
@click.option(
    "--beside", is_flag=True, help="Set the numbers side by side without subtracting: for different partnerships."
)
@with_settings
def compare_command(earlier: str, later: str, output: Path | None, beside: bool, **choices: Any) -> None:
    """Say what changed from EARLIER to LATER, and whether texts, framework, method or decisions caused it.

    Each is a run folder, opened as it was kept, or a folder of tables, tagged with the settings given here. Without
    -o, the tags that differ are printed as CSV; the summary goes to standard error.
    """
    from mapping.csv_format import format_table

    first, second = (_open_run(folder, choices) for folder in (earlier, later))
    if beside:
        from mapping.editions import set_beside

        click.echo(format_table(set_beside(first, second, by="board")), nl=False)
        return
    from mapping.comparison import find_changes, state_changes

    changes = find_changes(first, second)
    if output is None:
        click.echo(format_table(changes.tags), nl=False)
    else:
        from mapping.outputs.change_report import write_changes

        write_changes(first, second, output, progress=lambda step: click.echo(f"{step} ...", err=True))
    for sentence in state_changes(changes):
        click.echo(clean(sentence), err=output is None)
    if output is not None:
        click.echo(str(output / "index.html"))
    command = shlex.join(["mapping", "compare", earlier, later, "-o", "changes"])
    say_next(command if output is None else f"open {output / 'index.html'}")


def _open_run(folder: str, choices: dict[str, Any]) -> Run:
    """Open a run folder as it was kept, or tag tables; settings that are given are used on the tables of either."""
    from mapping.runs import INPUTS, is_run, read_run

    if not is_run(folder):
        return tag_data(folder=folder, **choices)
    source = click.get_current_context().get_parameter_source
    if any(source(name) is not click.core.ParameterSource.DEFAULT for name in choices):
        return tag_data(folder=str(Path(folder) / INPUTS), **choices)
    run = read_run(folder)
    for note in run.partnership.warnings:
        if note.file == "run.json":
            click.echo(clean(f"Note: {folder}: {note}"), err=True)
    return run


main.add_command(paper)


if __name__ == "__main__":
    main()
