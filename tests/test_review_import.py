"""Answers read back from people's workbooks: as they were meant, or refused with their cell; and none counted twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from review_edits import (
    DAY,
    FORMATS,
    NAMES,
    SCRIPTS,
    Base,
    Book,
    copy_book,
    fill_in,
    save_xlsx,
    try_edit,
    write_review_city,
)

from mapping.cli import main
from mapping.errors import DataError, MappingError
from mapping.files import find_data
from mapping.ledger import read_decisions
from mapping.partnership import read_partnership
from mapping.review_import import ANSWERS, HEADERS, describe_answers, import_reviews, make_check, read_review
from mapping.review_import.columns import read_date
from mapping.tags import Run, tag


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> list[Base]:
    home = tmp_path_factory.mktemp("city")
    run = tag(read_partnership(write_review_city(home / "city")))
    return [fill_in(run, home), fill_in(run, home, "CD", 2)]


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return write_review_city(tmp_path / "city")


def read_run(city: Path) -> Run:
    return tag(read_partnership(city))


def save(book: Book, path: Path) -> Path:
    return save_xlsx(book, path)


def refuse(book: Book, run: Run, path: Path, **how: Any) -> str:
    with pytest.raises(DataError) as caught:
        read_review(save(book, path), run, **how)
    return str(caught.value)


def state(city: Path) -> set[tuple[str, ...]]:
    return set(read_decisions(city)[0][NAMES].itertuples(index=False, name=None))


# --- what people do in Excel, in five formats --------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
@pytest.mark.parametrize("name", FORMATS)
def test_an_edited_sheet_is_imported_exactly_or_refused_with_its_cells(
    bases: list[Base], tmp_path: Path, script: Callable[..., Any], name: str
) -> None:
    assert try_edit(script, FORMATS[name], bases, tmp_path) == ""


def test_there_are_enough_edits() -> None:
    assert len(SCRIPTS) >= 20
    assert len(FORMATS) == 5


# --- answers, dates, columns -------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "word"), [(answer, word) for answer, words in ANSWERS.items() for word in words])
def test_every_declared_word_is_understood(bases: list[Base], tmp_path: Path, answer: str, word: str) -> None:
    book = copy_book(bases[0].book)
    book.put(1, "Decision", f" {word.upper()}. ")
    table, _ = read_review(save(book, tmp_path / "a"), bases[0].run)
    assert table["decision"].iloc[0] == answer


def test_no_word_means_two_things_and_all_are_said() -> None:
    words = [word for words in ANSWERS.values() for word in words]
    assert len(set(words)) == len(words)
    assert all(word in describe_answers().casefold() for word in words)


@pytest.mark.parametrize("cell", ["?", "n/a", "-", "Confirm or reject", "TRUE", "0"])
def test_odd_answers_are_refused(bases: list[Base], tmp_path: Path, cell: str) -> None:
    book = copy_book(bases[0].book)
    book.put(1, "Decision", cell)
    said = refuse(book, bases[0].run, tmp_path / "a")
    assert said.startswith(f"a.xlsx, sheet 'Review', cell H2: '{cell}' is not an answer.")
    assert said.endswith("Allowed: Confirm, Reject, Add, Unsure.")


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("14/01/2019", "2019-01-14"),
        ("14.1.19", "2019-01-14"),
        ("14-01-2019", "2019-01-14"),
        ("2019-1-14", "2019-01-14"),
        ("14 Jan 2019", "2019-01-14"),
        ("14th January, 2019", "2019-01-14"),
        ("Monday 14 January 2019", "2019-01-14"),
        ("14 Sept 2019", "2019-09-14"),
        ("14/01/2019 10:30", "2019-01-14T10:30"),
        ("2019-01-14T10:30:59", "2019-01-14T10:30"),
        ("\u00a014\u00a0January\u00a02019 ", "2019-01-14"),
        ("", ""),
        ("29/02/2019", None),
        ("1/2019", None),
        ("2019", None),
        ("43479", None),
        ("14 Janvier 2019", None),
        ("about 14/01/2019", None),
        ("14/01/2019 25:00", None),
        ("yesterday", None),
    ],
)
def test_dates(cell: str, date: str | None) -> None:
    assert read_date(cell) == date


def test_a_date_that_reads_both_ways_is_read_day_first_and_said_once(bases: list[Base], tmp_path: Path) -> None:
    book = copy_book(bases[0].book)
    for n in (1, 2):
        book.put(n, "Date", "03/02/2019")
    table, notes = read_review(save(book, tmp_path / "a"), bases[0].run)
    assert list(table["time"])[:2] == ["2019-02-03"] * 2
    assert [str(note) for note in notes] == [
        "a.xlsx, sheet 'Review', cell K2: '03/02/2019' was read day first, as 2019-02-03; so were all dates like it."
    ]


def test_a_column_that_stands_twice_is_refused_by_both_places(bases: list[Base], tmp_path: Path) -> None:
    book = copy_book(bases[0].book)
    for row in book.rows:
        row.append(row[book.rows[0].index("Note")])
    said = refuse(book, bases[0].run, tmp_path / "a")
    assert "cell Q1: the column 'Note' stands twice (also in I1); keep one of the two." in said


def test_two_columns_near_to_a_missing_one_are_not_guessed_between(bases: list[Base], tmp_path: Path) -> None:
    book = copy_book(bases[0].book)
    book.rows[0][book.place("Decision")] = "Decision 1"
    for row in book.rows:
        row.append(row[book.rows[0].index("Decision 1")])
    book.rows[0][-1] = "Decision 2"
    said = refuse(book, bases[0].run, tmp_path / "a")
    assert "the column 'Decision' is missing. Not known here: 'Decision 1', 'Decision 2'. Rename back" in said


def test_answers_without_what_was_shown_are_read_by_their_keys(bases: list[Base], tmp_path: Path) -> None:
    book = copy_book(bases[0].book)
    kept = [book.place(HEADERS[name][0]) for name in ("decision", "note", "reviewer", "time", "framework", "priority")]
    kept += [book.place(HEADERS[name][0]) for name in ("theme", "words")]
    book.sheets["Review"] = [[row[place] for place in kept] for row in book.rows]
    table, _ = read_review(save(book, tmp_path / "a"), bases[0].run)
    assert sorted(table[NAMES].itertuples(index=False, name=None)) == bases[0].records


def test_a_note_without_a_decision_is_said_not_kept(bases: list[Base], tmp_path: Path) -> None:
    book = copy_book(bases[0].book)
    book.put(10, "Note", "ask the parks team")
    _, notes = read_review(save(book, tmp_path / "a"), bases[0].run)
    assert [str(note) for note in notes] == [
        "a.xlsx, sheet 'Review', cell I11: a note without a decision: it is not kept. Choose Unsure to keep it."
    ]


def test_a_blank_reviewer_may_be_named_on_the_way_in(bases: list[Base], tmp_path: Path) -> None:
    book = copy_book(bases[0].book)
    book.put(1, "Reviewer", None)
    table, _ = read_review(save(book, tmp_path / "a"), bases[0].run, reviewer="Head of housing")
    assert list(table["reviewer"])[:2] == ["Head of housing", "AB"]


@pytest.mark.parametrize(
    ("head", "value", "message"),
    [
        ("Key: framework", "closing-the-gab", "framework 'closing-the-gab' is not known. Did you mean"),
        ("Key: theme", "homs", "theme 'homs' is not a theme of millbrook-themes. Did you mean 'homes'"),
        ("Key: words as judged", None, "the row has an answer but this key is empty: copy the whole row"),
        ("Key: words as judged", "Other words", None),
        ("Key: check", "k0000000", "the hidden key of this row was changed"),
        ("Priority", "Other words", "the text was edited in the sheet"),
        ("Priority", None, "the text was edited in the sheet"),
        ("Ref", "HOM-01", "the row shows 'HOM-01' but its hidden key says 'HOM-14'"),
        ("Theme", "A clean river", "the row shows 'river' but its hidden key says 'homes'"),
    ],
)  # fmt: skip
def test_damaged_keys_and_texts_are_refused_by_their_cell(
    bases: list[Base], tmp_path: Path, head: str, value: str | None, message: str | None
) -> None:
    book = copy_book(bases[0].book)
    assert book.rows[1][0] == "HOM-14"
    book.put(1, head, value)
    if message is None:
        # The code says that the words were those of the priority, so the damaged copy of them does not matter.
        table, _ = read_review(save(book, tmp_path / "a"), bases[0].run)
        assert sorted(table[NAMES].itertuples(index=False, name=None)) == bases[0].records
    else:
        said = refuse(book, bases[0].run, tmp_path / "a")
        assert said.startswith(f"a.xlsx, sheet 'Review', {book.cell(1, head)}: {message}")


def test_everything_wrong_in_every_file_is_said_at_once_and_nothing_changes(
    bases: list[Base], tmp_path: Path, city: Path
) -> None:
    books = [copy_book(base.book) for base in bases]
    books[0].put(1, "Decision", "accpet")
    books[0].put(2, "Date", "someday")
    books[1].put(3, "Key: theme", "rivver")
    before = state(city)
    paths = [save(book, tmp_path / name) for book, name in zip(books, ("a", "b"), strict=True)]
    (tmp_path / "c.xlsx").write_text("")
    with pytest.raises(DataError) as caught:
        import_reviews(city, [*paths, tmp_path / "c.xlsx"], read_run(city))
    files = [str(problem).split(",")[0].split(":")[0] for problem in caught.value.problems]
    assert sorted(files) == ["a.xlsx", "a.xlsx", "b.xlsx", "c.xlsx"]
    assert state(city) == before
    assert not (city / "decisions").exists()


# --- when the city has changed since the export ------------------------------------------------------------


def change(city: Path, name: str, old: str, new: str) -> None:
    path = city / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_changed_text_is_checked_again_and_a_gone_priority_kept_as_orphaned(
    bases: list[Base], tmp_path: Path, city: Path
) -> None:
    change(city, "priorities.csv", "007 heating", "008 heating")
    change(city, "priorities.csv", "HOM-22,HOM-S,Training & more,verbatim,priority,,Homes Strategy,\n", "")
    done = import_reviews(city, [save(bases[0].book, tmp_path / "a")], read_run(city))
    assert done.counts == {
        "applied": 13, "conflicting": 0, "check again": 1, "superseded": 0, "orphaned": 1, "other framework": 0,
        "left blank": 2, "repeated": 0,
    }  # fmt: skip
    assert any("'HOM-22' is no longer there; its decision is kept as orphaned" in str(note) for note in done.notes)
    decisions = read_run(city).decisions
    assert dict(zip(decisions["priority"], decisions["words"], strict=True))["HOM-21"] == "007 heating"
    outcomes = dict(zip(decisions["priority"], decisions["outcome"], strict=True))
    assert (outcomes["HOM-21"], outcomes["HOM-22"]) == ("check again", "orphaned")


def test_a_text_put_right_in_sheet_and_city_alike_is_judged_on_the_new_words(
    bases: list[Base], tmp_path: Path, city: Path
) -> None:
    change(city, "priorities.csv", "007 heating", "008 heating")
    book = copy_book(bases[0].book)
    row = next(n for n, cells in enumerate(book.rows) if cells[0] == "HOM-21")
    book.put(row, "Priority", "008 heating")
    done = import_reviews(city, [save(book, tmp_path / "a")], read_run(city))
    assert done.counts["applied"] == 15


def test_answers_on_another_known_framework_are_kept_for_it(bases: list[Base], tmp_path: Path, city: Path) -> None:
    book = copy_book(bases[0].book)
    for row in book.rows[1:4]:
        keys = ("closing-the-gap", row[book.place("Key: priority")], "voice")
        for head, value in zip(("Key: framework", "Key: priority", "Key: theme"), keys, strict=True):
            row[book.place(head)] = value
        row[book.place("Theme")] = "Voice in decision making"
        row[book.place("Key: check")] = make_check(*keys, row[book.place("Priority")])
    done = import_reviews(city, [save(book, tmp_path / "a")], read_run(city))
    assert done.counts["other framework"] == 3
    assert done.rows == sum(done.counts.values()) == 17
    book.put(1, "Key: theme", "homes")
    assert "'homes' is not a theme of closing-the-gap" in refuse(book, read_run(city), tmp_path / "b")


# --- several reviewers, and the same again -----------------------------------------------------------------


def test_two_reviewers_in_one_file_of_the_ledger(bases: list[Base], tmp_path: Path, city: Path) -> None:
    before = state(city)
    paths = [save(base.book, tmp_path / name) for base, name in zip(bases, ("a", "b"), strict=True)]
    done = import_reviews(city, paths, read_run(city))
    assert (done.rows, done.new, done.counts["left blank"]) == (34, 30, 4)
    # Two disagree about eight tags: their answers hold, and the tags are disputed.
    assert (done.counts["applied"], done.counts["conflicting"]) == (14, 16)
    assert [path.name for path in (city / "decisions").iterdir()] == [done.file.name if done.file else ""]
    assert done.file is not None
    assert done.file.name.startswith(DAY.isoformat())
    assert state(city) == before.union(*(base.records for base in bases))
    assert str(done).startswith("34 rows read = 14 applied + 16 conflicting + 4 left")
    tags = read_run(city).tags
    said: dict[tuple[str, str], set[str]] = {}
    for record in (record for base in bases for record in base.records):
        said.setdefault((record[1], record[2]), set()).add(record[3])
    disputed = {key for key, words in said.items() if words & {"confirm", "add"} and "reject" in words}
    found = tags[tags["status"] == "disputed"]
    assert set(zip(found["priority"], found["theme"], strict=True)) == disputed
    assert len(disputed) > 2


def test_the_same_again_is_nothing_new(bases: list[Base], tmp_path: Path, city: Path) -> None:
    path = save(bases[0].book, tmp_path / "a")
    first = import_reviews(city, [path], read_run(city))
    again = import_reviews(city, [path, path], read_run(city))
    assert (first.new, again.new, again.file) == (15, 0, None)
    assert again.counts["repeated"] == 15
    assert "nothing new: all of it was on record already" in str(again)
    assert len(list((city / "decisions").iterdir())) == 1


def test_a_few_more_answers_are_added_to_those_on_record(bases: list[Base], tmp_path: Path, city: Path) -> None:
    import_reviews(city, [save(bases[0].book, tmp_path / "a")], read_run(city))
    book = copy_book(bases[0].book)
    book.put(10, "Decision", "Reject")
    done = import_reviews(city, [save(book, tmp_path / "b")], read_run(city))
    assert (done.new, done.counts["applied"]) == (1, 16)


def test_an_answer_that_contradicts_the_record_is_said_to_conflict(
    bases: list[Base], tmp_path: Path, city: Path
) -> None:
    first = import_reviews(city, [save(bases[0].book, tmp_path / "a")], read_run(city))
    assert first.counts["conflicting"] == 0
    second = import_reviews(city, [save(bases[1].book, tmp_path / "b")], read_run(city))
    outcomes = read_run(city).decisions["outcome"]
    assert second.counts["conflicting"] * 2 == sum(outcomes == "conflicting") > 0
    assert second.counts["conflicting"] + second.counts["applied"] == 15


def test_a_change_of_mind_needs_a_later_date(bases: list[Base], tmp_path: Path, city: Path) -> None:
    import_reviews(city, [save(bases[0].book, tmp_path / "a")], read_run(city))
    book = copy_book(bases[0].book)
    assert book.rows[1][book.place("Decision")] == "Reject"
    book.put(1, "Decision", "Confirm")
    run = read_run(city)
    said = refuse(book, run, tmp_path / "b")
    assert said == (
        "b.xlsx, sheet 'Review', cell H2: AB has 'reject' on record for HOM-14 and homes, on 2019-01-14; to change it "
        "to 'confirm', give this row a later Date."
    )
    book.put(1, "Date", "15/01/2019")
    import_reviews(city, [save(book, tmp_path / "c")], run)
    tags = read_run(city).tags
    assert list(tags.loc[(tags["priority"] == "HOM-14") & (tags["theme"] == "homes"), "status"]) == ["added"]
    # The first workbook once more is an older answer, on record already; it changes nothing.
    import_reviews(city, [tmp_path / "a.xlsx"], read_run(city))
    assert list(read_run(city).tags["status"]) == list(tags["status"])


def test_an_older_answer_is_kept_and_said_not_to_count(bases: list[Base], tmp_path: Path, city: Path) -> None:
    import_reviews(city, [save(bases[0].book, tmp_path / "a")], read_run(city))
    book = copy_book(bases[0].book)
    book.put(1, "Decision", "Confirm")
    book.put(1, "Date", "01/01/2019")
    done = import_reviews(city, [save(book, tmp_path / "b")], read_run(city))
    assert any("which is later than this 'confirm' and still counts" in str(note) for note in done.notes)


def test_two_files_of_one_name_are_told_apart(bases: list[Base], tmp_path: Path, city: Path) -> None:
    paths = []
    for base, name in zip(bases, ("ab", "cd"), strict=True):
        (tmp_path / name).mkdir()
        book = copy_book(base.book)
        book.put(1, "Decision", "accpet")
        paths.append(save(book, tmp_path / name / "review"))
    with pytest.raises(DataError) as caught:
        import_reviews(city, paths, read_run(city))
    assert [str(problem).split(",")[0] for problem in caught.value.problems] == ["ab/review.xlsx", "cd/review.xlsx"]


def test_one_reviewer_in_two_files_at_one_date_is_refused_by_both_cells(bases: list[Base], tmp_path: Path) -> None:
    book = copy_book(bases[0].book)
    book.put(2, "Decision", "Confirm" if book.rows[2][book.place("Decision")] == "Reject" else "Reject")
    paths = [save(bases[0].book, tmp_path / "a"), save(book, tmp_path / "b")]
    city = write_review_city(tmp_path / "city")
    with pytest.raises(
        DataError, match=r"^b.xlsx, sheet 'Review', cell H3: AB says .* in a.xlsx, sheet 'Review', cell H3"
    ):
        import_reviews(city, paths, read_run(city))
    book.column("Date", lambda cell: "15/01/2019" if cell else cell)
    import_reviews(city, [paths[0], save(book, tmp_path / "b")], read_run(city))


# --- shipped data, and the commands ------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["derby", str(find_data() / "derby"), str(find_data() / "derby" / ".." / "derby")])
def test_shipped_data_is_read_only_and_it_is_said_what_to_do(bases: list[Base], folder: str) -> None:
    with pytest.raises(MappingError, match="'mapping init my-city --like derby', then use --data my-city"):
        import_reviews(folder, ["any.xlsx"], bases[0].run)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_commands_from_export_to_status(tmp_path: Path, city: Path) -> None:
    sheets = [tmp_path / f"{name}.xlsx" for name in ("AB", "CD")]
    for path, blind in zip(sheets, ([], ["--blind"]), strict=True):
        out = call("review", "export", "--data", city, "--reviewer", path.stem, "--top", 12, "-o", path, *blind)
        assert out.exit_code == 0, out.stderr
        assert "12 rows to review" in out.stderr
        assert f"mapping review import {path}" in out.stderr
    again = call("review", "export", "--data", city, "-o", sheets[0])
    assert again.exit_code == 1
    assert "may hold answers. Choose another name with -o." in again.stderr
    for path, answer in zip(sheets, ("Confirm", "Reject"), strict=True):
        book = openpyxl.load_workbook(path)
        sheet = book["Review"]
        place = next(cell.column for cell in sheet[1] if cell.value == "Decision")
        for n in range(2, 8):
            sheet.cell(n, place).value = answer if n < 4 else "Unsure"
        book.save(path)
    out = call("review", "import", *sheets, "--data", city)
    assert out.exit_code == 0, out.stderr
    assert "24 rows read = 8 applied + 4 conflicting + 12 left blank" in out.stdout
    assert "mapping review status" in out.stderr
    out = call("review", "status", "--data", city)
    assert out.exit_code == 0, out.stderr
    assert "AB and CD answered 67% of 6 tags alike" in out.stdout
    assert "2 tags are disputed" in out.stdout
    assert "headlines" in out.stdout


def test_a_refused_import_says_so_and_changes_nothing(tmp_path: Path, city: Path) -> None:
    (tmp_path / "a.csv").write_text("Ref,Decision\nHOM-01,yes\n")
    out = call("review", "import", tmp_path / "a.csv", "--data", city)
    assert out.exit_code == 1
    assert out.stderr.splitlines()[-1].startswith("Not done. a.csv: there is no header row within the first 21 rows.")
    out = call("review", "import", tmp_path / "a.csv")
    assert out.exit_code == 1
    assert "mapping init my-city --like derby" in out.stderr


def test_the_help_of_every_command_says_what_it_does() -> None:
    assert [line.split()[0] for line in call("review", "--help").stdout.split("Commands:")[1].splitlines() if line] == [
        "carry", "export", "import", "status",
    ]  # fmt: skip
    assert "Confirm (also accept, agree, yes)" in call("review", "import", "--help").stdout


def test_a_city_like_derby_takes_the_answers_of_a_derby_sheet(tmp_path: Path, derby_run: Run) -> None:
    base = fill_in(derby_run, tmp_path)
    assert call("init", tmp_path / "my-city", "--like", "derby").exit_code == 0
    run = read_run(tmp_path / "my-city")
    done = import_reviews(tmp_path / "my-city", [save(base.book, tmp_path / "a")], run)
    assert done.counts["applied"] == len(base.records) > 20
