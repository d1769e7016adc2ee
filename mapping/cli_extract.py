"""The commands that read documents: draft priorities with a receipt, and trackers of recommendations."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mapping.cli_options import clean, read_data, say_next

if TYPE_CHECKING:
    import pandas as pd

    from mapping.sources.finding import Extraction
    from mapping.sources.passages import Document

__all__ = ["extract_command", "tracker_command"]

#: Names that a note lists.
_LISTED = 8


@click.command("extract", short_help="Find draft priorities in documents, each passage accounted for.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False), metavar="FILE...")
@click.option(
    "--board", default="", metavar="BOARD", help="Whose the papers are, where a paper does not say otherwise."
)
@click.option("--strategy", default="", metavar="CODE", help="Which strategy they hold.")
@click.option("--data", "folder", default="", metavar="FOLDER", help="Know the boards and strategies of these tables.")
@click.option(
    "--activity", is_flag=True, help="Take achievements and developments too, at the level reported activity."
)
@click.option(
    "--cache", type=click.Path(path_type=Path), metavar="FOLDER",
    help="Keep there what was read, by the hash of each file, so that a file is read once.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=Path("draft.csv"), show_default=True, metavar="FILE",
    help="Where the draft goes; beside it draft-receipt.csv and draft-boards.csv. Nothing is overwritten.",
)  # fmt: skip
def extract_command(
    files: tuple[Path, ...], board: str, strategy: str, folder: str, activity: bool, cache: Path | None, output: Path
) -> None:
    """Find the priorities that FILEs state, and account for every passage.

    A FILE is a PDF, Word file, web page, workbook, CSV, text or Markdown file, or a folder of them; "example" stands
    for four made-up papers that are shipped.

    The draft has the columns of priorities.csv, and says of each row where it stands and which rule found it. The
    receipt says of every passage whether it was taken or left, and why. A file that cannot be read stops nothing.

    \b
    Example: mapping extract hws.pdf --board HWB --strategy HWS -o draft.csv
    """
    from mapping.sources.finding import check_given, extract, write_draft
    from mapping.sources.receipt import check_new, name_beside

    # Said before the reading, which may take minutes.
    check_new(output, name_beside(output, "receipt"), name_beside(output, "boards"))
    partnership = read_data(folder) if folder else None
    check_given(partnership, board, strategy)
    documents = _read(files, cache)
    if all(document.outcome == "refused" for document in documents):
        _say_refused(documents)
        click.echo("No document could be read, so no draft was written.", err=True)
        say_next("docs/reading.md says what each code means", "mapping extract FILE")
        raise click.exceptions.Exit(1)

    def say(name: str) -> None:
        click.echo(clean(f"searching {name} ..."), err=True)

    found = extract(documents, partnership=partnership, board=board, strategy=strategy, activity=activity, progress=say)
    for path in write_draft(found, output):
        click.echo(str(path))
    _say(found)
    say_next(
        f"check {output}: delete what is no priority, fill in boards and strategies that are not known",
        f"put the rows into priorities.csv, then mapping check --data {shlex.quote(folder)}"
        if folder
        else f"mapping init FOLDER --from {shlex.quote(str(output))} makes the tables of a city from it",
    )


def _read(files: tuple[Path, ...], cache: Path | None = None) -> list[Document]:
    """Read files, and the files of folders in the order of their names, with progress on standard error."""
    from mapping.errors import MappingError
    from mapping.sources.example import find_papers
    from mapping.sources.reading import read_documents

    paths: list[Path] = []
    for given in files:
        # The name of shipped papers is understood as that of shipped data is, unless a file has it.
        path = find_papers(str(given)) or given
        paths += _list_folder(path) if path.is_dir() else [path]
    paths = list(dict.fromkeys(paths))
    if not paths:
        raise MappingError(f"{files[0]}: holds no file that is read. Name the documents to read.")

    def say(number: int, count: int, name: str) -> None:
        click.echo(clean(f"reading {number} of {count}: {name} ..."), err=True)

    return read_documents(paths, progress=say, cache=cache)


def _say_refused(documents: list[Document]) -> None:
    """Say on standard error which documents could not be read, and why."""
    for document in documents:
        if document.outcome == "refused":
            click.echo(clean(f"{document.name}: not read. {document.warnings[0].message}"), err=True)


def _list_folder(folder: Path) -> list[Path]:
    """Return the files of a folder, and say what in it is passed over; one that may not be opened is refused later."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return [folder]
    files = [path for path in inside if path.is_file() and path.name[0] not in ".~"]
    over = [f"{path.name}/" if path.is_dir() else path.name for path in inside if path not in set(files)]
    if over:
        listed = ", ".join(over[:_LISTED]) + (f" and {len(over) - _LISTED} more" if len(over) > _LISTED else "")
        why = "folders within it, hidden files, and what is no file are passed over; name them to read them"
        click.echo(clean(f"Note: {folder}: not read: {listed} ({why})."), err=True)
    return files


def _say(found: Extraction) -> None:
    """Say on standard error what was made of each document, and what a reader must know."""
    from mapping.sources.boards import UNKNOWN
    from mapping.sources.receipt import count_receipt

    for note in found.notes:
        click.echo(clean(f"Note: {note}"), err=True)
    for row in count_receipt(found.receipt).itertuples(index=False):
        outcome = str(row.outcome)
        said = f"{row.passages} passages: {row.taken} taken, {row.left} left; {row.rows} draft priorities"
        click.echo(clean(f"{row.file}: {outcome if outcome != 'read' else said}"), err=True)
    draft, left = found.priorities, found.receipt
    unknown, possible = int((draft["board"] == UNKNOWN).sum()), int((draft["sure"] == "possible").sum())
    click.echo(
        f"{len(draft)} draft priorities; {possible} only possible, {unknown} with their board unknown.", err=True
    )
    reported = int(left["why"].str.startswith("reported activity").sum())
    if reported:
        click.echo(f"{reported} passages report activity and were left; --activity takes them too.", err=True)


@click.command("tracker", short_help="Recommendations and what was answered: from papers, or from a city's table.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[FILE...]")
@click.option(
    "--data", "folder", default="", metavar="FOLDER", help="Follow the recommendations.csv of these tables instead."
)
@click.option(
    "--framework", default="closing-the-gap", show_default=True, metavar="NAME",
    help="Tag against this framework: a shipped name or a folder; with --data, that of the tables.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
    help="Write the table there as a draft of recommendations.csv. Nothing is overwritten.",
)  # fmt: skip
def tracker_command(files: tuple[Path, ...], folder: str, framework: str, output: Path | None) -> None:
    """Print recommendations with their answers and the themes suggested for them, then a summary by theme and answer.

    FILEs are trackers as committees publish them: printed totals are checked against their shares and against the rows
    that are listed. What the table leaves out of a FILE, and answers that were not understood, are said on standard
    error. With --data, the recommendations.csv of a city is followed instead.

    \b
    Examples: mapping tracker tracker.docx -o recommendations.csv
              mapping tracker --data my-city
    """
    from mapping.csv_format import format_table
    from mapping.recommendations import count_responses, state_unread
    from mapping.sources.receipt import check_new, write_once

    if bool(files) == bool(folder):
        raise click.UsageError("Name the papers to read, or --data with the folder of a city; not both.")
    if output:
        check_new(output)
    found = _follow(folder) if folder else _read_trackers(files, framework)
    click.echo(_show(format_table(found)), nl=False)
    click.echo("")
    click.echo(_show(format_table(count_responses(found))), nl=False)
    click.echo(f"{len(found)} recommendations; {state_unread(found)}", err=True)
    if output:
        click.echo(str(write_once({output: found})[0]), err=True)
    say_next("look over the themes: they are suggestions")


def _show(table: str) -> str:
    """Return a table as it may be shown: control characters taken out, and blanks of every width kept as blanks."""
    return "".join(letter if letter == "\n" else " " if letter.isspace() else clean(letter) for letter in table)


def _follow(folder: str) -> pd.DataFrame:
    """Return the recommendations of a city with their themes; end where it lists none."""
    from mapping.recommendations import tag_recommendations

    partnership = read_data(folder)
    table = partnership.recommendations.drop(columns="line", errors="ignore")
    if table.empty:
        click.echo(f"{folder}: its recommendations.csv lists none.", err=True)
        say_next("mapping tracker FILE -o recommendations.csv drafts one from a paper; data/README.md has the columns")
        raise click.exceptions.Exit(0)
    return tag_recommendations(table, partnership.framework)


def _read_trackers(files: tuple[Path, ...], framework: str) -> pd.DataFrame:
    """Return what papers recommend, and say on standard error how their totals check; end where they hold nothing."""
    from mapping.framework import read_framework
    from mapping.recommendations import tag_recommendations
    from mapping.sources.totals import find_totals
    from mapping.sources.tracker import read_trackers

    chosen = read_framework(framework)
    documents = _read(files)
    _say_refused(documents)
    read = [document for document in documents if document.outcome != "refused"]
    if not read:
        click.echo("No document could be read, so no recommendation was looked for.", err=True)
        say_next("docs/reading.md says what each code means", "mapping tracker FILE")
        raise click.exceptions.Exit(1)
    for document in read:
        for warning in document.warnings:
            click.echo(clean(f"Note: {document.name}: {warning.message}"), err=True)
    table, notes = read_trackers(read)
    found = tag_recommendations(table, chosen)
    if found.empty:
        click.echo("No table of recommendations and answers was found.", err=True)
        say_next("mapping extract FILE, for the priorities of a paper")
        raise click.exceptions.Exit(0)
    for note in notes:
        click.echo(clean(f"Note: {note}"), err=True)
    for row in find_totals(read).itertuples(index=False):
        said = f"{row.response}: {row.count} of {row.total} as printed: {row.check}; {row.rows}"
        click.echo(clean(f"{row.file}: {said}"), err=True)
    return found
