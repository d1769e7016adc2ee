"""The commands of people's judgement as a whole: cross-impact sessions out and in, and what decisions teach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mapping.cli_options import clean, read_data, say_next, tag_data, with_data

__all__ = ["cross_impact", "learn_command"]


@click.group("cross-impact", short_help="Let groups score how themes bear on each other.")
def cross_impact() -> None:
    """Write the workbook of a cross-impact session, and read the groups' scores back.

    The scores are people's: nothing here comes from a machine, and nothing climbs the ladder of evidence.
    """


@cross_impact.command("export", short_help="Write the workbook for a session.")
@with_data
@click.option("--table", default="", metavar="NAME", help="Name of the table or group that will score.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("cross-impact.xlsx"), show_default=True,
    metavar="FILE", help="Where the workbook goes.",
)  # fmt: skip
def export_command(output: Path, table: str, **choices: Any) -> None:
    """Write the workbook of a session: prompts, a row for each directed pair of themes, and a matrix for the wall.

    A file that is there already is not replaced, since it may hold answers.
    """
    from mapping.errors import MappingError

    if output.exists():
        raise MappingError(f"{output}: already stands there and may hold answers. Choose another name with -o.")
    run = tag_data(**choices)
    from mapping.outputs.cross_impact_workbook import write_cross_impact

    click.echo(str(write_cross_impact(run, output, table=table)))
    say_next("print it on A4, or give each group a copy of its own", "mapping cross-impact import FILE...")


@cross_impact.command("import", short_help="Read scores back; say what to ask next, or stop.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--data", "folder", default="derby", show_default=True, metavar="FOLDER", help="Whose themes were scored."
)
@click.option("--framework", metavar="NAME", help="Another framework: a shipped name or a folder.")
@click.option(
    "--by", type=click.Choice(["signed", "absolute"]), default="signed", show_default=True,
    help="Rank by sums in which help and hindrance offset each other, or by sums of their sizes.",
)  # fmt: skip
@click.option(
    "--between-groups", is_flag=True,
    help="Let a pair on which groups differ count anywhere between their scores, not as their median.",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER", help="Write the tables there too.")
def import_command(
    files: tuple[Path, ...], folder: str, framework: str | None, by: str, between_groups: bool, output: Path | None
) -> None:
    """Read the scores of one group or more, print each theme's sums and ranks as ranges, and say what to ask next.

    Nothing is taken from any FILE while a cell in one of them cannot be read; every such cell is listed.
    """
    from mapping.cross_impact import combine_impacts, measure_influence, plan_next, read_impacts, state_influence
    from mapping.csv_format import format_table, write_table

    themes = read_data(folder, framework).framework
    impacts = read_impacts(files, themes)
    combined = combine_impacts(impacts, themes)
    influence = measure_influence(combined, by=by, between_groups=between_groups)
    plan = plan_next(combined, by=by, between_groups=between_groups)
    click.echo(format_table(influence), nl=False)
    for sentence in state_influence(combined, themes, by=by, between_groups=between_groups):
        click.echo(clean(sentence), err=True)
    for note in impacts.attrs["notes"]:
        click.echo(clean(f"Note: {note}"), err=True)
    blank = int((impacts["answer"] == "blank").sum())
    if blank:
        click.echo(f"{blank} with a reason or a passage but no score; kept, and counted as no answer.", err=True)
    if output:
        tables = {"impacts": impacts, "pairs": combined, "influence": influence, "next": plan}
        for name, table in tables.items():
            click.echo(str(write_table(output / f"{name}.csv", table)), err=True)
    if len(plan):
        first = plan.iloc[0]
        say_next(f"ask {first['from_theme']} > {first['to_theme']} ({first['ask']})")
    else:
        say_next("talk over the pairs on which groups differ, then the prompts")


@click.command("learn", short_help="What people's decisions teach; nothing is applied.")
@with_data
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FOLDER", help="Write the tables there too.")
def learn_command(output: Path | None, **choices: Any) -> None:
    """Learn from decisions: a calibration and new keywords, each before and after on decisions that were held back.

    Nothing is applied: a person copies calibration.yaml into a framework, or adds a keyword with a reason, or does not.
    """
    from mapping.csv_format import write_table
    from mapping.files import write_file
    from mapping.learning import learn_calibration, propose_keywords

    run = tag_data(**choices)
    click.echo("holding decisions back, fitting, proposing ...", err=True)
    calibration, keywords = learn_calibration(run), propose_keywords(run)
    click.echo(clean(f"{calibration}\n\n{keywords}"))
    if output:
        for name, table in {**calibration.tables, **keywords.tables}.items():
            click.echo(str(write_table(output / f"{name}.csv", table)), err=True)
        if calibration.text:
            click.echo(str(write_file(output / "calibration.yaml", calibration.text)), err=True)
    say_next(
        "mapping keywords try THEME PATTERN" if len(keywords.proposals) else "mapping report, and decide on more tags"
    )
