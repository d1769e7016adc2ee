"""The table of inputs: what is refused, and in which words; what is accepted with a note; what is accepted exactly.

Every case runs through the command line and through Python. A changed message is a visible difference here.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from conftest import CITY, edit, write_city

from mapping.cli import main
from mapping.csv_format import write_table
from mapping.errors import DataError, MappingError
from mapping.partnership import read_partnership
from mapping.schema import PRIORITIES
from mapping.tables import Column, read_table
from mapping.tags import tag

Changes = dict[str, str | bytes | None]

BOARDS, STRATEGIES, TEXTS, DECISIONS = "boards.csv", "strategies.csv", "priorities.csv", "decisions.csv"
INFO, FRAMEWORK = "partnership.yaml", "framework/framework.yaml"
THEMES, KEYWORDS = "framework/themes.csv", "framework/keywords.csv"
ROTA = "Review the office rota"
SAVE_AS = 'In Excel choose "Save As" and "CSV UTF-8 (Comma delimited)".'
HEADER = CITY[TEXTS].splitlines()[0] + "\n"


def decide(words: str) -> Changes:
    return {DECISIONS: f"{CITY[DECISIONS]}millbrook-themes,HOM-01,{words}\n"}


# One row per input that is refused: what it is, what was changed, the whole message.
REFUSED: list[tuple[str, Changes, str]] = [
    # --- names that point nowhere
    (
        "a board that is not known",
        edit(STRATEGIES, ("PRK-S,PRK", "PRK-S,PRKS")),
        "strategies.csv, line 3, column 'board': board 'PRKS' is not known. Did you mean 'PRK'? "
        "Known: HOM, PRK, WRK, RIV.",
    ),
    (
        "a strategy that is not known",
        edit(TEXTS, ("HOM-03,HOM-S", "HOM-03,HOMS")),
        "priorities.csv, line 4, column 'strategy': strategy 'HOMS' is not known. Did you mean 'HOM-S'? "
        "Known: HOM-S, PRK-S, WRK-S, WRK-NEWS, RIV-S.",
    ),
    (
        "a parent that is not known",
        edit(TEXTS, ("gardeners,verbatim,action,PRK-01", "gardeners,verbatim,action,PRK-1")),
        "priorities.csv, line 6, column 'parent': parent 'PRK-1' is not known. Did you mean 'PRK-01'? "
        "Known: HOM-01, HOM-02, HOM-03, PRK-01, PRK-02, PRK-03, PRK-04, WRK-01, WRK-02, RIV-01.",
    ),
    (
        "a framework that does not exist",
        edit(INFO, ("framework: framework", "framework: closing-the-gip")),
        "partnership.yaml, column 'framework': 'closing-the-gip' is neither a shipped framework nor a folder beside "
        "this file with a framework.yaml. Did you mean 'closing-the-gap'? Known: closing-the-gap, derby-plan-outcomes.",
    ),
    (
        "a keyword of a theme that is not known",
        edit(KEYWORDS, ("homes,heating", "home,heating")),
        "keywords.csv, line 7, column 'theme': theme 'home' is not known. Did you mean 'homes'? "
        "Known: voice, homes, work, river.",
    ),
    (
        "a decision on a theme that is not known",
        decide("home,confirm,Insulate cold homes,AB,2019-01-14,"),
        "decisions.csv, line 2, column 'theme': theme 'home' is not known. Did you mean 'homes'? "
        "Known: voice, homes, work, river.",
    ),
    # --- names that stand twice
    (
        "one id on two priorities, in other case",
        edit(TEXTS, ("HOM-03,", "hom-01,")),
        "priorities.csv, line 4, column 'priority': 'hom-01' was already used on line 2; "
        "every priority needs an id of its own.",
    ),
    (
        "two boards with one name, in other case and spaces",
        edit(BOARDS, ("Parks Board", "homes  BOARD")),
        "boards.csv, line 3: two boards, 'HOM' (line 2) and 'PRK', have one name: 'homes  BOARD'. "
        "Give each a name of its own.",
    ),
    (
        "two boards with one name, the accent written as a letter of its own",
        edit(BOARDS, ("Parks Board", "Cafe\u0301 Board"), ("Work Board", "Caf\u00e9 Board")),
        "boards.csv, line 4: two boards, 'PRK' (line 3) and 'WRK', have one name: 'Caf\u00e9 Board'. "
        "Give each a name of its own.",
    ),
    (
        "a board with the alias of another as its name",
        edit(BOARDS, ("Parks Board", "Housing Board")),
        "boards.csv, line 3: two boards, 'HOM' (line 2) and 'PRK', have one name: 'Housing Board'. "
        "Give each a name of its own.",
    ),
    (
        "two boards with one short name",
        edit(BOARDS, ("Parks,Parks", "Homes,Parks")),
        "boards.csv, line 3: two boards, 'HOM' (line 2) and 'PRK', have one name: 'Homes'. "
        "Give each a name of its own.",
    ),
    (
        "two themes with one number",
        edit(THEMES, ("homes,2", "homes,1")),
        "themes.csv, line 3, column 'number': '1' already stands on line 2; every theme needs its own.",
    ),
    (
        "a keyword that stands twice",
        edit(KEYWORDS, ("homes,heating,supports", "homes,Cold  homes,supports")),
        "keywords.csv, line 7, column 'pattern': 'Cold  homes' already points to 'homes' on line 6; "
        "keep one of the two.",
    ),
    (
        "a column that stands twice, so that another is missing",
        edit(BOARDS, ("kind,statutory", "kind,kind")),
        "boards.csv, line 1, column 'kind': stands twice in the header; keep one of the two.\n"
        "boards.csv, line 1, column 'statutory': the column is missing. "
        "Found: board, name, short, tiny, kind, kind, in_matrix, aliases.",
    ),
    # --- tables with something missing
    (
        "a column with another name",
        edit(TEXTS, ("strategy,text,wording", "strategy,texts,wording")),
        "priorities.csv, line 1, column 'text': the column is missing. Did you mean 'texts'? "
        "Columns not recognised: texts.",
    ),
    (
        "an empty priority, of spaces that do not break",
        edit(TEXTS, (ROTA, " \u00a0")),
        "priorities.csv, line 4, column 'text': is empty; expected what it says.",
    ),
    (
        "a theme without keywords",
        edit(
            KEYWORDS,
            ("river,river * clean,decides,the theme's own words\n", ""),
            ("river,floods,decides,what is to be kept out\n", ""),
        ),
        "themes.csv, line 5: theme 'river' has no keyword that decides or supports; add one to keywords.csv.",
    ),
    (
        "a theme without a scope note",
        edit(THEMES, ("Water that is clean and free of floods.", "")),
        "themes.csv, line 5, column 'scope_note': is empty; expected what belongs to it, in a few sentences.",
    ),
    (
        "no board in the matrix",
        edit(BOARDS, ("no,yes", "no,no"), ("yes,yes", "yes,no")),
        "boards.csv, column 'in_matrix': no board stands in the matrix; write yes for at least one.",
    ),
    (
        "a decision without the words that were judged",
        decide("homes,confirm,,AB,2019-01-14,"),
        "decisions.csv, line 2, column 'words': is empty; "
        "expected the words that were judged: the priority's text as the reviewer saw it.",
    ),
    (
        "an empty file",
        {BOARDS: ""},
        "boards.csv: the file is empty. Expected the header: "
        "board,name,short,tiny,kind,statutory,in_matrix,aliases,follows,note,source_title,source_address.",
    ),
    (
        "a file that is missing, with one of nearly that name",
        {TEXTS: None, "priorites.csv": CITY[TEXTS]},
        "priorities.csv: there is no such file in {folder}. Did you mean 'priorites.csv'? "
        "Known: boards.csv, decisions.csv, framework, partnership.yaml, priorites.csv, strategies.csv.",
    ),
    (
        "a folder where a file should be",
        {TEXTS: None, f"{TEXTS}/inside.txt": "something"},
        "priorities.csv: is a folder; a CSV file is expected at {folder}/priorities.csv.",
    ),
    # --- tables in another form
    (
        "semicolons between the columns",
        edit(BOARDS, (",", ";")),
        f"boards.csv, line 1: the columns are separated by semicolons; commas are expected. {SAVE_AS}",
    ),
    (
        "tabs between the columns",
        edit(STRATEGIES, (",", "\t")),
        f"strategies.csv, line 1: the columns are separated by tabs; commas are expected. {SAVE_AS}",
    ),
    (
        "a first line that only Excel understands",
        {TEXTS: f"sep=,\n{CITY[TEXTS]}"},
        f"priorities.csv, line 1: begins with a line 'sep='; the header is expected there. {SAVE_AS}",
    ),
    (
        "a row with too many cells",
        edit(TEXTS, (ROTA, "Review the office, then the rota")),
        "priorities.csv, line 4: the row has 9 cells where the header has 8. "
        "A text that holds a comma or a line break must stand inside double quotes.",
    ),
    (
        "a quotation mark that is not closed",
        edit(TEXTS, (ROTA, f'"{ROTA}')),
        "priorities.csv, line 4: the file ends inside a quoted cell that begins in this row; "
        "a closing quotation mark is missing.",
    ),
    (
        "quotation marks that are not doubled",
        edit(TEXTS, (ROTA, '"Review" the office rota')),
        "priorities.csv, line 4: the row is not valid CSV (',' expected after '\"'). "
        "Quotation marks inside a text must be doubled.",
    ),
    # --- bytes that are not UTF-8 text
    (
        "Windows letters",
        {TEXTS: CITY[TEXTS].replace(ROTA, "Review the caf\u00e9 rota").encode("cp1252")},
        "priorities.csv, line 4: byte 28 of the line is 0xE9, which is not UTF-8 (Windows would show it as \u00e9). "
        f"{SAVE_AS}",
    ),
    (
        "Windows letters after a byte order mark",
        {TEXTS: b"\xef\xbb\xbf" + CITY[TEXTS].replace(ROTA, "Review the caf\u00e9 rota").encode("cp1252")},
        "priorities.csv, line 4: byte 28 of the line is 0xE9, which is not UTF-8 (Windows would show it as \u00e9). "
        f"{SAVE_AS}",
    ),
    (
        "UTF-16",
        {BOARDS: CITY[BOARDS].encode("utf-16")},
        f"boards.csv: is UTF-16 text; UTF-8 is expected. {SAVE_AS}",
    ),
    (
        "a workbook with a CSV name",
        {BOARDS: b"PK\x03\x04\x14\x00\x06\x00"},
        f"boards.csv: is an Excel workbook with a CSV name; CSV is expected. {SAVE_AS}",
    ),
    (
        "a NUL character",
        edit(TEXTS, (ROTA, "Review the \0 rota")),
        f"priorities.csv, line 4: holds a NUL character; plain text is expected. {SAVE_AS}",
    ),
    # --- cells that may not hold what they hold
    (
        "a standing that is not known",
        edit(STRATEGIES, ("2021-03,years in the title,named", "2021-03,years in the title,naming")),
        "strategies.csv, line 3, column 'standing': 'naming' is not one of the values it may have. "
        "Did you mean 'named'? Known: named, stand-in, neighbouring.",
    ),
    (
        "a date as Excel turns it",
        edit(STRATEGIES, ("2019-01-28", "28/01/2019")),
        "strategies.csv, line 5, column 'in_force_from': '28/01/2019' is not a date; "
        "write 2019, 2019-01 or 2019-01-28, or leave it empty.",
    ),
    (
        "a day that never was",
        edit(STRATEGIES, ("2019-01-28", "2019-02-30")),
        "strategies.csv, line 5, column 'in_force_from': '2019-02-30' is not a date; "
        "write 2019, 2019-01 or 2019-01-28, or leave it empty.",
    ),
    (
        "a strategy that ends before it begins",
        edit(STRATEGIES, ("2018,2022", "2022,2018")),
        "strategies.csv, line 2, column 'in_force_to': '2018' is before the first day in force, '2022'.",
    ),
    (
        "priorities of a strategy that was not read",
        edit(TEXTS, ("RIV-01,RIV-S", "RIV-01,WRK-S")),
        "priorities.csv, line 11, column 'strategy': strategy 'WRK-S' is marked as not read in strategies.csv, "
        "yet has this priority; write yes there or move the row.",
    ),
    (
        "parents that go round in a circle",
        edit(TEXTS, ("theme,,Parks", "theme,PRK-02,Parks")),
        "priorities.csv, line 5, column 'parent': the parents go round in a circle: PRK-01 > PRK-02 > PRK-01. "
        "Leave one of them without a parent.",
    ),
    (
        "a short name of 13 characters",
        edit(BOARDS, ("Parks,Parks", "Parks & Plays,Parks")),
        "boards.csv, line 3, column 'short': 'Parks & Plays' has 13 characters; at most 12 fit. "
        "Write a shorter form by hand.",
    ),
    (
        "a decision with a slip of the pen",
        decide("homes,confrim,Insulate cold homes,AB,2019-01-14,"),
        "decisions.csv, line 2, column 'decision': 'confrim' is not one of the values it may have. "
        "Did you mean 'confirm'? Known: confirm, reject, add, unsure.",
    ),
    (
        "a decision at a time that does not sort",
        decide("homes,confirm,Insulate cold homes,AB,14/01/2019,"),
        "decisions.csv, line 2, column 'time': '14/01/2019' is not a time; "
        "write 2019-01-14 or 2019-01-14T10:30, or leave it empty.",
    ),
    # --- patterns
    (
        "a keyword that begins with a gap",
        edit(KEYWORDS, ("river,river * clean", "river,* river clean")),
        "keywords.csv, line 11, column 'pattern': '* river clean' begins or ends with a gap; "
        "a lone * must stand between two words.",
    ),
    (
        "a keyword with two gaps side by side",
        edit(KEYWORDS, ("river,river * clean", "river,river * * clean")),
        "keywords.csv, line 11, column 'pattern': 'river * * clean' has two gaps side by side; "
        "write one * between two words.",
    ),
    (
        "a keyword that is a regular expression",
        edit(KEYWORDS, ("insulat*", "insul(ate|ation)")),
        "keywords.csv, line 5, column 'pattern': 'insul(ate|ation)' in 'insul(ate|ation)' cannot be read; "
        "write words, a word with * at its end, =word, or a lone *.",
    ),
    (
        "a keyword with a role that is not known",
        edit(KEYWORDS, ("heating,supports", "heating,support")),
        "keywords.csv, line 7, column 'role': 'support' is not one of the values it may have. "
        "Did you mean 'supports'? Known: decides, supports, cancels.",
    ),
    # --- YAML
    (
        "a YAML key that stands twice",
        {INFO: f"{CITY[INFO]}name: Millbrook\n"},
        'partnership.yaml, line 7: found duplicate key "name" with value "Millbrook" '
        '(original value: "Millbrook Partnership"). Expected lines of the form key: "value".',
    ),
    (
        "a YAML alias",
        edit(INFO, ("name: Millbrook Partnership", "name: &m Millbrook"), ("place: Millbrook", "place: *m")),
        "partnership.yaml: uses an alias (*name); write the value out instead.",
    ),
    (
        "a YAML list",
        edit(INFO, ("place: Millbrook", "place:\n  - Millbrook")),
        "partnership.yaml, column 'place': a plain text is expected, not a list or a group.",
    ),
    (
        "a YAML key that is not known",
        edit(INFO, ("edition:", "editon:")),
        "partnership.yaml, column 'editon': the key is not known. Did you mean 'edition'? "
        "Known: id, name, place, edition, framework, about.",
    ),
    (
        "a YAML key that is missing",
        edit(INFO, ("framework: framework\n", "")),
        "partnership.yaml, column 'framework': is missing; expected the framework to map against: "
        "the name of a shipped one, or a folder beside this file.",
    ),
    (
        "YAML with a colon too many",
        edit(INFO, ("made up\n", "made: up\n")),
        'partnership.yaml, line 4: mapping values are not allowed here. Expected lines of the form key: "value".',
    ),
    (
        "words that are not YAML",
        {INFO: "Millbrook\n"},
        'partnership.yaml: expected lines of the form key: "value".',
    ),
    (
        "a threshold of 0",
        edit(FRAMEWORK, ("threshold: 0.5", "threshold: 0")),
        "framework.yaml, column 'threshold': '0' is not a number above 0 and up to 1.",
    ),
    (
        "a threshold of 2",
        edit(FRAMEWORK, ("threshold: 0.5", "threshold: 2")),
        "framework.yaml, column 'threshold': '2' is not a number above 0 and up to 1.",
    ),
    (
        "a threshold in words",
        edit(FRAMEWORK, ("threshold: 0.5", "threshold: half")),
        "framework.yaml, column 'threshold': 'half' is not a number above 0 and up to 1.",
    ),
    (
        "a margin larger than the threshold",
        edit(FRAMEWORK, ("margin: 0.1", "margin: 0.6")),
        "framework.yaml, column 'margin': is larger than the threshold.",
    ),
    # --- everything at once
    (
        "three slips in two files, all told at once",
        {
            **edit(STRATEGIES, ("PRK-S,PRK", "PRK-S,PRKS"), ("2019-01-28", "2019-1-28")),
            **edit(TEXTS, ("HOM-03,HOM-S", "HOM-03,HOMS")),
        },
        "strategies.csv, line 3, column 'board': board 'PRKS' is not known. Did you mean 'PRK'? "
        "Known: HOM, PRK, WRK, RIV.\n"
        "strategies.csv, line 5, column 'in_force_from': '2019-1-28' is not a date; "
        "write 2019, 2019-01 or 2019-01-28, or leave it empty.\n"
        "priorities.csv, line 4, column 'strategy': strategy 'HOMS' is not known. Did you mean 'HOM-S'? "
        "Known: HOM-S, PRK-S, WRK-S, WRK-NEWS, RIV-S.",
    ),
]


def name_cases(cases: list[tuple[str, Changes, str]]) -> list[object]:
    return [pytest.param(changes, expected, id=name) for name, changes, expected in cases]


def report(data: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["report", "--data", str(data), "-o", str(data.parent / "out"), *more])


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def message_of(result: Result) -> str:
    """What the command says is wrong, after what it says of its progress."""
    return result.stderr.split("Not done.", 1)[1].strip()


def check_refused(result: Result, expected: str) -> None:
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)
    assert message_of(result) == expected


@pytest.mark.parametrize(("changes", "expected"), name_cases(REFUSED))
def test_refused_with_the_place_and_what_would_be_right(changes: Changes, expected: str, tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", changes)
    before = fingerprint(folder)
    expected = expected.format(folder=folder) if "{folder}" in expected else expected

    with pytest.raises(MappingError) as refusal:
        read_partnership(folder)
    assert str(refusal.value) == expected

    check_refused(report(folder), expected)
    assert fingerprint(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["city"], "something was written"


def test_the_unchanged_city_is_accepted_without_a_note(tmp_path: Path) -> None:
    """Otherwise every case above might be refused for another reason than its own."""
    assert read_partnership(write_city(tmp_path)).warnings == ()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            ["--threshold", "0"], "The threshold is 0; a number above 0 and up to 1 is expected.", id="a threshold of 0"
        ),
        pytest.param(
            ["--threshold", "1.5"],
            "The threshold is 1.5; a number above 0 and up to 1 is expected.",
            id="a threshold above 1",
        ),
        pytest.param(
            ["--threshold", "nan"],
            "The threshold is nan; a number above 0 and up to 1 is expected.",
            id="a threshold that is no number",
        ),
        pytest.param(
            ["--in-force-on", "28/01/2019"],
            "in_force_on is '28/01/2019'; write a date as 2019-01-28, 2019-01 or 2019.",
            id="a date as Excel turns it",
        ),
        pytest.param(
            ["--framework", "derby-plan"],
            "derby-plan: there is no such framework; expected a folder with framework.yaml. "
            "Did you mean 'derby-plan-outcomes'? Known: closing-the-gap, derby-plan-outcomes.",
            id="a framework that does not exist",
        ),
    ],
)
def test_refused_options(arguments: list[str], expected: str, tmp_path: Path) -> None:
    check_refused(report(write_city(tmp_path / "city"), *arguments), expected)
    assert not (tmp_path / "out").exists()


def test_a_threshold_in_words_is_not_understood(tmp_path: Path) -> None:
    result = report(write_city(tmp_path / "city"), "--threshold", "abc")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'abc' is not a valid float" in result.stderr


def test_a_file_given_as_data_is_refused(tmp_path: Path) -> None:
    file = write_city(tmp_path / "city") / BOARDS
    check_refused(
        report(file), f"--data {file}: is a file; give the folder that holds partnership.yaml and the tables."
    )


def test_a_folder_that_does_not_exist_is_refused_with_the_nearest_shipped_one(tmp_path: Path) -> None:
    expected = (
        "derbi: a folder with partnership.yaml, boards.csv, strategies.csv and priorities.csv is expected. "
        "Did you mean 'derby'? Known: derby, derby-2009."
    )
    with pytest.raises(DataError) as refusal:
        read_partnership("derbi")
    assert str(refusal.value) == expected
    result = CliRunner().invoke(main, ["report", "--data", "derbi", "-o", str(tmp_path / "out")])
    check_refused(result, expected)
    assert not (tmp_path / "out").exists()


def test_only_the_first_twenty_problems_are_printed(tmp_path: Path) -> None:
    rows = "".join(f"X-{n},NO,text,verbatim,priority,,,\n" for n in range(25))
    with pytest.raises(DataError) as refusal:
        read_partnership(write_city(tmp_path, {TEXTS: HEADER + rows}))
    assert len(refusal.value.problems) == 25
    assert str(refusal.value).splitlines()[20:] == ["... and 5 more."]


# --- accepted with a note ----------------------------------------------------------------------------------

NOTED: list[tuple[str, Changes, str]] = [
    (
        "a strategy that was read and has no priorities",
        edit(TEXTS, ("RIV-01,RIV-S,Keep the river clean,verbatim,priority,,River Valley Plan,\n", "")),
        "strategies.csv, line 6: strategy 'RIV-S' is marked as read but has no priorities.",
    ),
    (
        "a priority of 20,000 characters",
        edit(TEXTS, (ROTA, "Review the rota. " * 1176 + "Rota now")),
        "priorities.csv, line 4, column 'text': 'HOM-03' has 20,000 characters; "
        "a priority is usually a sentence or two.",
    ),
    (
        "a column that is not used",
        {TEXTS: CITY[TEXTS].replace("\n", ",x\n").replace("address,x", "address,colour", 1)},
        "priorities.csv, line 1, column 'colour': the column is not used.",
    ),
    (
        "a column that is not used, with nearly the name of one that is",
        {TEXTS: CITY[TEXTS].replace("\n", ",4\n").replace("address,4", "address,pages", 1)},
        "priorities.csv, line 1, column 'pages': the column is not used. Did you mean 'page'?",
    ),
    (
        "a control character",
        edit(TEXTS, (ROTA, "Review the\x0boffice rota")),
        "priorities.csv, line 4, column 'text': holds a control character, kept as it is.",
    ),
    (
        "two themes with one pattern",
        edit(KEYWORDS, ("homes,heating,supports", "homes,Floods,decides")),
        "keywords.csv, line 12, column 'pattern': 'floods' decides for homes and river alike.",
    ),
]


@pytest.mark.parametrize(("changes", "expected"), name_cases(NOTED))
def test_accepted_with_a_note(changes: Changes, expected: str, tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", changes)
    assert [str(warning) for warning in read_partnership(folder).warnings] == [expected]

    result = CliRunner().invoke(main, ["check", "--data", str(folder)])
    assert result.exit_code == 0
    assert f"Note: {expected}\n" in result.stdout
    assert "No problems found; 1 note." in result.stdout


WELSH = "Rhoi llais i bobl ifanc yn y gymuned"
URDU = "\u0646\u0648\u062c\u0648\u0627\u0646\u0648\u06ba \u06a9\u06cc \u0622\u0648\u0627\u0632 \u0633\u0646\u06cc\u06ba"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("Prosperity", "too short: under two content words and no keyword", id="one word"),
        pytest.param(WELSH, "language not covered: 1 of 8 words are common in English", id="Welsh"),
        pytest.param(URDU, "language not covered: mostly not in Latin letters", id="Urdu"),
        pytest.param("2019", "too short: under two content words and no keyword", id="a bare number"),
        pytest.param("\U0001f600\U0001f600", "too short: under two content words and no keyword", id="smileys alone"),
    ],
)
def test_a_text_that_cannot_be_scored_is_kept_and_says_why(text: str, reason: str, tmp_path: Path) -> None:
    result = tag(read_partnership(write_city(tmp_path, edit(TEXTS, (ROTA, text)))))
    assert result.priority("HOM-03")["text"] == text
    own = result.tags[result.tags["priority"] == "HOM-03"]
    assert set(own["confidence"]) == {"not scored"}
    assert set(own["reason"]) == {reason}
    assert not own["tagged"].any()
    assert set(own["score"]) == {0.0}


def test_one_word_that_is_a_keyword_is_scored(tmp_path: Path) -> None:
    result = tag(read_partnership(write_city(tmp_path, edit(TEXTS, (ROTA, "Skills")))))
    own = result.tags[result.tags["priority"] == "HOM-03"]
    assert list(own.loc[own["tagged"], "theme"]) == ["work"]


# --- accepted exactly --------------------------------------------------------------------------------------

EXACT = [
    ("the word NA", "NA"),
    ("the word null", "null"),
    ("the word TRUE", "TRUE"),
    ("the word nan", "nan"),
    ("leading zeros", "007"),
    ("a number that looks like a power of ten", "1E5"),
    ("a date", "2019-01-28"),
    ("line breaks inside the text", "First line\nsecond line\r\nthird line"),
    ("a lone carriage return", "First line\rsecond line"),
    ("curly quotation marks", "\u201cReview\u201d the office\u2019s rota"),
    ("a comma and a quotation mark", 'Review, and "mend", the rota'),
    ("a formula", "=1+1"),
    ("a bullet point", "- Review the office rota"),
    ("a plus sign", "+44 rotas"),
    ("an at sign", "@council reviews the rota"),
    ("an apostrophe at the beginning", "'twas the rota"),
    ("pounds, per cent and dollars", "Save \u00a35 or 10% or $6 on the rota"),
    ("an emoji", "Review the rota \U0001f469\u200d\U0001f33e now"),
    ("an accent as a letter of its own", "Review the cafe\u0301 rota"),
    ("spaces at both ends", "  Review the office rota "),
    ("a space that does not break", "Review\u00a0the rota"),
    ("right to left and left to right", f"Review {URDU} rota"),
    ("markup", "<b>Review</b> & <script>alert(1)</script>"),
    ("a number sign", "# Review the rota"),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in EXACT])
def test_accepted_to_the_letter_and_written_so(text: str, tmp_path: Path) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    folder = write_city(tmp_path, edit(TEXTS, (ROTA, quoted)))
    result = tag(read_partnership(folder))
    assert result.priority("HOM-03")["text"] == text

    written = write_table(tmp_path / "again.csv", result.partnership.priorities[[c.name for c in PRIORITIES]])
    again, _ = read_table(written, PRIORITIES, "priority")
    pd.testing.assert_frame_equal(
        again.drop(columns="line"), result.partnership.priorities.drop(columns=["line", "board"])
    )

    write_table(tmp_path / "tags.csv", result.tags)
    names = [Column(name, "", exact=True) for name in result.tags.columns]
    tags, _ = read_table(tmp_path / "tags.csv", names)
    for column in ("priority", "theme", "confidence", "reason", "status"):
        assert list(tags[column]) == list(result.tags[column])
    assert list(tags["on"]) == ["yes" if on else "no" for on in result.tags["on"]]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({TEXTS: b"\xef\xbb\xbf" + CITY[TEXTS].encode()}, id="a byte order mark"),
        pytest.param({TEXTS: CITY[TEXTS].replace("\n", "\r\n")}, id="Windows line ends"),
        pytest.param({TEXTS: CITY[TEXTS].replace("\n", "\r")}, id="old Macintosh line ends"),
        pytest.param({TEXTS: CITY[TEXTS] + "\n,,,,,,,\n\n , ,,,,,,\n"}, id="blank rows at the end"),
        pytest.param({TEXTS: CITY[TEXTS].rstrip("\n")}, id="no line end at the end"),
        pytest.param(edit(TEXTS, ("\nHOM-03", "\n# a remark,,,,,,,\nHOM-03")), id="a remark"),
        pytest.param(edit(TEXTS, ("HOM-03,HOM-S", " HOM-03 , HOM-S")), id="spaces around an id"),
        pytest.param(edit(TEXTS, ("HOM-03", '"HOM-03"')), id="quotation marks that were not needed"),
        pytest.param(edit(TEXTS, ("rota,restated", "rota,Restated")), id="a capital in a set word"),
        pytest.param({DECISIONS: None}, id="no decisions file"),
        pytest.param(
            {TEXTS: "".join(",".join(row.split(",")[::-1]) + "\n" for row in CITY[TEXTS].splitlines())},
            id="columns in another order",
        ),
        pytest.param({INFO: CITY[INFO].replace("\n", "\r\n")}, id="Windows line ends in YAML"),
        pytest.param(edit(INFO, ("name: Millbrook Partnership", 'name: "Millbrook Partnership"')), id="quoted YAML"),
    ],
)
def test_other_ways_to_write_the_same_city_give_the_same_run(changes: Changes, run, tmp_path: Path) -> None:
    again = tag(read_partnership(write_city(tmp_path, changes)))
    assert list(again.priorities["text"]) == list(run.priorities["text"])
    assert again.hash == run.hash


def test_ids_stay_text(tmp_path: Path) -> None:
    result = tag(read_partnership(write_city(tmp_path, edit(TEXTS, ("HOM-02,", "007,"), ("HOM-03,", "1E5,")))))
    assert {"007", "1E5"} <= set(result.priorities["priority"])


def test_yaml_values_stay_text(tmp_path: Path) -> None:
    changes = edit(INFO, ("edition: made up", "edition: 2019-01-28"), ("place: Millbrook", "place: no"))
    info = read_partnership(write_city(tmp_path, changes)).info
    assert (info["edition"], info["place"]) == ("2019-01-28", "no")


def test_the_starting_folder_is_accepted_without_a_note(tmp_path: Path) -> None:
    made = CliRunner().invoke(main, ["init", str(tmp_path / "new")])
    assert made.exit_code == 0
    assert read_partnership(tmp_path / "new").warnings == ()
    again = CliRunner().invoke(main, ["init", str(tmp_path / "new")])
    expected = f"{tmp_path / 'new'}: already holds something; nothing was written. Name a new or empty folder."
    check_refused(again, expected)
