"""The commands by which people review tags: export a workbook, import the answers, carry them on, see what is left."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mapping.cli_options import clean, say_next, tag_data, with_data

# pandas costs seconds; it is imported inside the commands, so that help is at once.
if TYPE_CHECKING:
    import pandas as pd

__all__ = ["review"]


@click.group(short_help="Let people review tags: export, import, carry, status.")
def review() -> None:
    """Let people decide: export the most doubtful tags as a workbook, import the answers, and see what is left.

    When a strategy has changed, carry the decisions of the earlier run first.
    """


@review.command("export", short_help="Write a workbook with the tags that most need a person.")
@click.option("--top", type=click.IntRange(min=1), default=40, show_default=True, help="How many rows at most.")
@click.option("--board", metavar="CODE", help="Only the priorities of this board, such as HWB.")
@click.option("--blind", is_flag=True, help="Leave out what the machine and others say, for a second reviewer.")
@click.option(
    "--all-suggested", is_flag=True, help="After the doubtful tags, ask about every other tag that is suggested."
)
@click.option("--reviewer", default="", metavar="NAME", help="Role or initials to fill in under Reviewer.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("review.xlsx"), show_default=True, metavar="FILE",
    help="Where the workbook goes; one that is there already is never replaced.",
)  # fmt: skip
@with_data
def export_command(output: Path, folder: str, **choices: Any) -> None:
    """Write a workbook that asks in each row whether the text of one priority speaks of one theme.

    Decisions to be checked again come first, then the tags most in doubt, and among them one in ten that the machine
    is sure of.

    \b
    Example: mapping review export --top 40 --board HWB -o review.xlsx
    """
    from mapping.errors import MappingError
    from mapping.outputs.review_workbook import find_review_rows, write_review

    if output.exists():
        raise MappingError(f"{output}: already stands there and may hold answers. Choose another name with -o.")
    asked = {name: choices.pop(name) for name in ("top", "board", "blind", "reviewer", "all_suggested")}
    run = tag_data(folder=folder, **choices)
    rows = find_review_rows(run, **asked)
    path = write_review(run, output, **asked)
    again = int((rows["why_now"] == "check again").sum())
    first = f"{again} to check again, then the most doubtful" if again else "the most doubtful"
    click.echo(str(path))
    click.echo(f"{len(rows)} row{'' if len(rows) == 1 else 's'} to review: {first} first.", err=True)
    data = shlex.quote(folder)
    say_next(f"fill in the yellow cells of {path}, then mapping review import {shlex.quote(str(path))} --data {data}")


@review.command("import", short_help="Add the answers of one or several workbooks.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--reviewer", default="", metavar="NAME", help="Who answered the rows whose Reviewer cell is blank.")
@with_data
def import_command(files: tuple[Path, ...], reviewer: str, folder: str, **choices: Any) -> None:
    """Add the answers in each FILE to the decisions of --data: all of them, or nothing if any cell cannot be read.

    A FILE is the workbook as .xlsx or .ods, or its review sheet as CSV or "Unicode text". Where reviewers disagree both
    answers are kept and the tag is disputed. Shipped data is read-only: make a folder of your own with
    "mapping init my-city --like derby".

    \b
    Answers: Confirm (also accept, agree, yes), Reject (also decline, disagree, no), Add, Unsure.
    Example: mapping review import review-AB.xlsx review-CD.xlsx --data my-city
    """
    from mapping.review_import import import_reviews

    run = tag_data(folder=folder, **choices)
    done = import_reviews(folder, files, run, reviewer=reviewer)
    for note in done.notes:
        click.echo(clean(f"Note: {note}"), err=True)
    click.echo(clean(str(done)))
    data = shlex.quote(folder)
    say_next(f"mapping review status --data {data}", f"mapping report --data {data}")


@review.command("carry", short_help="Carry decisions from an earlier run to tables that have changed.")
@click.argument("earlier", metavar="EARLIER")
@with_data
def carry_command(earlier: str, folder: str, **choices: Any) -> None:
    """Carry the decisions of EARLIER, a run folder that was kept, to the tables of --data as they now stand.

    A decision stands where the words are the same, whatever the priority is now called. Where the words have changed
    it is put first in the next review, beside the old and the new wording, and is applied to nothing until a person
    looks. Nothing is lost: every decision is accounted for. Carrying twice adds nothing.

    \b
    Example: mapping review carry "runs/2018-11 as agreed" --data my-city
    """
    from mapping.editions import carry_decisions, list_checks, match_editions, write_carried
    from mapping.review_import import refuse_shipped
    from mapping.runs import read_run

    refuse_shipped(Path(folder))
    before, run = read_run(earlier), tag_data(folder=folder, **choices)
    match = match_editions(before.partnership, run.partnership)
    carried = carry_decisions(before.partnership.decisions, match, run.partnership)
    for line in _state_carried(carried, list_checks(carried, run.partnership)):
        click.echo(clean(line))
    path = write_carried(folder, carried)
    done = f"Put on record under their new ids: {path}" if path else "Nothing new to put on record."
    click.echo(clean(done))
    data = shlex.quote(folder)
    say_next(
        f"mapping review export --data {data} -o check-again.xlsx",
        f"mapping compare {shlex.quote(earlier)} {data} -o changes",
    )


def _state_carried(carried: pd.DataFrame, checks: pd.DataFrame) -> list[str]:
    """Return how many decisions came in and what becomes of them, then a line for each to be checked again."""
    from mapping.editions import count_carried
    from mapping.tables import each_row

    counts = " + ".join(f"{count} {name}" for name, count in count_carried(carried).items() if count)
    noun = "decision" if len(carried) == 1 else "decisions"
    lines = [f"{len(carried)} {noun} of the earlier run{f' = {counts}' if counts else ''}."]
    for row in each_row(checks):
        was = f" (was {row.priority_before})" if row.priority != row.priority_before else ""
        said = f"{row.reviewer} said {row.suggestion}"
        lines.append(f"  check again: {row.priority}{was} and {row.theme}, {said}; {row.words_changed or row.why}")
    return lines


@review.command("status", short_help="What is left, who agrees, and whether more review matters.")
@with_data
def status_command(folder: str, **choices: Any) -> None:
    """Say what is left to review, how far reviewers agree, and whether more review can still change a headline."""
    from mapping.outputs.review_status import state_review
    from mapping.review import find_review_order

    run = tag_data(folder=folder, **choices)
    for line in state_review(run):
        click.echo(clean(line))
    left = len(find_review_order(run))
    data = shlex.quote(folder)
    say_next(f"mapping review export --data {data} -o next-review.xlsx" if left else f"mapping report --data {data}")
