"""The commands of the discussion paper: write the draft, write it again over an officer's edits, and check it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from mapping.cli_options import clean, say_next, tag_data, with_data

__all__ = ["paper"]


@click.group("paper", invoke_without_command=True, short_help="Write the discussion paper in Word, or check it.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("discussion-paper.docx"), show_default=True,
    metavar="FILE", help="Where the paper goes; one that is there already is never replaced.",
)  # fmt: skip
@click.option(
    "--template", default="derby", show_default=True, metavar="NAME",
    help="Headings and their order: derby, generic, or a YAML file of your own.",
)  # fmt: skip
@click.option(
    "--house-style", type=click.Path(path_type=Path), metavar="FILE",
    help="A council's own Word file: its styles, margins, header and footer are taken over.",
)  # fmt: skip
@click.option(
    "--since", type=click.Path(path_type=Path), metavar="FOLDER",
    help="An earlier run folder: an appendix says what changed since then.",
)  # fmt: skip
@with_data
@click.pass_context
def paper(
    ctx: click.Context, /, output: Path, template: str, house_style: Path | None, since: Path | None, **choices: Any
) -> None:
    """Write the discussion paper as a Word draft, with marks on what was drafted and gaps for an officer to fill.

    Run it again on a paper that an officer has edited: the edits stay, the new version goes into a file beside it
    (paper-2.docx), and paper-2-changes.txt lists what changed. Once more, and it goes on from the version that was
    edited last.

    \b
    Examples: mapping paper -o paper.docx
              mapping paper -o paper.docx --template generic --house-style council.docx
              mapping paper check paper.docx
    """
    if ctx.invoked_subcommand is not None:
        return
    from mapping.paper import choose_version, read_template, write_paper
    from mapping.runs import read_run

    # A mistake in the template, or versions that were edited apart, are said before the work is done.
    read_template(template)
    choose_version(output)
    earlier = read_run(since) if since is not None else None
    run = tag_data(**choices)
    path = write_paper(
        run, output, template, house_style, since=earlier,
        progress=lambda step: click.echo(clean(f"{step} ..."), err=True),
    )  # fmt: skip
    click.echo(str(path))
    if path != output:
        changes = path.with_name(f"{path.stem}-changes.txt")
        if changes.exists():
            click.echo(clean(changes.read_text(encoding="utf-8").rstrip()), err=True)
            click.echo(str(changes))
    name = shlex.quote(str(path))
    say_next(f"fill the gaps of {name} in Word", f"mapping paper check {name}")


@paper.command("check", short_help="List what keeps a paper from being final.")
@click.argument("file", type=click.Path(path_type=Path))
def check_command(file: Path) -> None:
    """List every gap, mark and fault of structure in FILE with its paragraph; exit code 1 while any is left."""
    from mapping.paper import find_marks

    marks = find_marks(file)
    for row in marks.itertuples(index=False):
        click.echo(clean(f"{row.paragraph}: {row.kind}: {row.text}"))
    if marks.empty:
        click.echo(f"{file}: no gap and no mark is left.")
        say_next("send it for sign-off")
        return
    counts = marks["kind"].value_counts()
    said = ", ".join(f"{counts[kind]} {kind}" for kind in dict.fromkeys(marks["kind"]))
    click.echo(clean(f"Not final. {file}: {len(marks)} left ({said})."), err=True)
    say_next("put these right in Word; docs/paper.md says how", f"mapping paper check {shlex.quote(str(file))}")
    click.get_current_context().exit(1)
