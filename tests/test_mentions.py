"""Who names whom: names found as the data writes them, and the wording beside them, on the made-up city."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from conftest import CITY, edit, write_city
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.errors import DataError, MappingError, UnknownNameError
from mapping.mentions import find_mentions, find_partner_links
from mapping.mentions.dependence import REACH, read_dependence
from mapping.mentions.names import NameIndex
from mapping.mentions.texts import cut_sentences
from mapping.partnership import Partnership, read_partnership
from mapping.schema import LINKS as LINKS_COLUMNS
from mapping.schema import NAMES as NAMES_COLUMNS
from mapping.schema import PASSAGES as PASSAGES_COLUMNS
from mapping.starter import write_starter
from mapping.tables import each_row
from mapping.tags import Run, tag
from mapping.text import split_words

MakeCity = Callable[..., Partnership]

NAMES = """\
name,kind,board,aliases,note,source_title,source_address
Repairs Line,service,HOM,RPL | Repairs & Damp Line,,,
Well-being Walks,programme,PRK,,,,
Learner's Loft,service,WRK,the Loft,,,
"Trees, Ponds and Paths Group",partner,PRK,,,,
Millbrook College,partner,,MBC,,,
Homes Board Support Trust,partner,,,,,
Millbrook Homes and Parks Fund,partner,,,,,
"""
PASSAGES = """\
passage,board,strategy,text,wording,document,page,paragraph,source_title,source_address
HOM-P1,HOM,HOM-S,"We train apprentices by working with the Work Board. Cold homes come first.",verbatim,,,,,
PRK-P1,PRK,,Parks keep homes cool for the Homes Board,restated,,,,,
WRK-P1,WRK,WRK-NEWS,The news page thanks the Parks Board,verbatim,,,,,
RIV-P1,RIV,RIV-S,Keep the river clean with the Parks Board,verbatim,,,,,
"""


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The made-up city with names of services, programmes and partners."""
    return tag(read_partnership(write_city(tmp_path_factory.mktemp("named"), {"names.csv": NAMES})))


def read(run: Run, text: str, board: str = "HOM") -> list[tuple[str, str, str]]:
    """Return who is named by one passage of a board: code, kind, as it is spelled."""
    table = find_mentions(run, pd.DataFrame({"board": [board], "text": [text]}))
    return list(zip(table["to_board"], table["kind"], table["spelled"], strict=True))


# --- names -------------------------------------------------------------------------------------------------


def test_each_kind_of_name_by_hand(named: Run) -> None:
    text = (
        "The Parks Board lent us its Parks Plan; Well-being Walks and Learner's Loft help, so does Millbrook College."
    )
    table = find_mentions(named, pd.DataFrame({"passage": ["HOM-9"], "board": ["HOM"], "text": [text]}))
    assert list(zip(table["to_board"], table["kind"], table["named"], table["start"], strict=True)) == [
        ("PRK", "board", "Parks Board", 4),
        ("PRK", "strategy", "Parks Plan", 28),
        ("PRK", "programme", "Well-being Walks", 40),
        ("WRK", "service", "Learner's Loft", 61),
        ("", "partner", "Millbrook College", 90),
    ]
    assert set(table["sentence"]) == {text}
    assert (set(table["source"]), set(table["found_in"]), set(table["from_board"])) == (
        {"HOM-9"}, {"passage"}, {"HOM"},
    )  # fmt: skip
    assert set(table["counts"]) == {True}


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Work with the Parks Board.", "Parks Board"),
        ("Work with the parks board.", ""),  # a name has its capitals
        ("Work with the Parks board.", ""),
        ("WORK WITH THE PARKS BOARD", "PARKS BOARD"),  # a text all in capitals
        ("The Parks Board's ponds", "Parks Board"),
        ("The Parks Board\u2019s ponds", "Parks Board"),
        ("The Parks\nBoard", "Parks Board"),  # a line's end
        ("The Parks\n\nBoard", ""),  # a paragraph's end
        ("Parks. Board", ""),
        ("Parks, Board", ""),
        ("Parks \u2013 Board", ""),
        ("The \u201cParks Board\u201d", "Parks Board"),
        ("Carparks Board", ""),
        ("The Parks Boards", ""),
        ("Parks", ""),  # short forms are never guessed
        ("PRK", ""),  # nor is the code a name
        ("Parks\u00a0Board", "Parks Board"),
        ("Pa\u00adrks Board", "Pa\u00adrks Board"),  # a soft hyphen
    ],
)
def test_a_board_is_named_as_the_data_writes_it(named: Run, text: str, spelled: str) -> None:
    assert [" ".join(found.split()) for _, _, found in read(named, text)] == ([spelled] if spelled else [])


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("The Housing Board meets", "Housing Board"),  # an alias
        ("Call RPL at night", "RPL"),
        ("Call rpl at night", ""),  # an acronym is in capitals
        ("CALL RPL AT NIGHT", ""),  # and cannot be told from a word where all is
        ("Call RPLs", ""),
        ("The Repairs and Damp Line", "Repairs and Damp Line"),
        ("The Repairs & Damp Line", "Repairs & Damp Line"),
        ("The Repairs And Damp Line", "Repairs And Damp Line"),
        ("Homes Strategy 2018-2022", "Homes Strategy"),
    ],
)
def test_aliases_and_acronyms(named: Run, text: str, spelled: str) -> None:
    assert [found for _, _, found in read(named, text, "PRK")] == ([spelled] if spelled else [])


@pytest.mark.parametrize(
    "text",
    [
        "Wellbeing Walks", "Well Being Walks", "Well-Being Walks", "Well\u2011being Walks", "Learners Loft",
        "Learner\u2019s Loft", "the Loft", "The Loft", "Trees, Ponds and Paths Group", "Trees, Ponds & Paths Group",
        "Trees Ponds and Paths Group", "Trees, Ponds, and Paths Group",
    ],
)  # fmt: skip
def test_hyphens_apostrophes_commas_and_ampersands_are_folded(named: Run, text: str) -> None:
    assert [found for _, _, found in read(named, f"We thank {text} for its help")] == [text]


def test_the_longest_name_wins(named: Run) -> None:
    assert read(named, "The Homes Board Support Trust", "PRK") == [("", "partner", "Homes Board Support Trust")]
    assert read(named, "The Homes Board and the Support Trust", "PRK") == [("HOM", "board", "Homes Board")]


def test_a_board_that_names_itself_is_no_mention(named: Run) -> None:
    assert read(named, "The Homes Board, its Homes Strategy and its Repairs Line") == []


def test_a_stand_in_document_names_no_board(named: Run) -> None:
    """The Work Board news page is used for the Work Strategy; it is not the board's strategy."""
    assert read(named, "See the Work Board news page") == [("WRK", "board", "Work Board")]
    assert read(named, "See the Work Strategy") == [("WRK", "strategy", "Work Strategy")]


def test_a_name_of_two_boards_names_neither(make_city: MakeCity) -> None:
    city = make_city(edit("strategies.csv", ("PRK-S,PRK,Parks Plan", "PRK-S,PRK,Homes Strategy")))
    assert [str(note) for note in city.warnings] == [
        "strategies.csv, line 3: 'Homes Strategy' also belongs to board 'HOM' (strategies.csv, line 2); "
        "a text that has it names neither."
    ]
    assert read(tag(city), "See the Homes Strategy", "WRK") == []


# --- texts -------------------------------------------------------------------------------------------------


def test_passages_of_the_tables_by_hand(make_city: MakeCity) -> None:
    table = find_mentions(tag(make_city({"passages.csv": PASSAGES})))
    columns = ["from_board", "to_board", "source", "standing", "counts", "direction", "sentence"]
    assert table[columns].to_numpy().tolist() == [
        ["HOM", "WRK", "HOM-P1", "named", True, "leans on", "We train apprentices by working with the Work Board."],
        ["PRK", "HOM", "PRK-P1", "", False, "", "Parks keep homes cool for the Homes Board"],  # restated
        ["WRK", "PRK", "WRK-P1", "stand-in", True, "", "The news page thanks the Parks Board"],
    ]
    assert list(table["themes"]) == [["homes", "work"], [], []]  # of the whole passage, as suggested


def test_a_priority_brings_its_standing_tags(make_city: MakeCity) -> None:
    text = "Involve tenants in decisions of the Parks Board"
    changes = edit("priorities.csv", ("Involve tenants in decisions about repairs", text))
    changes["decisions.csv"] = CITY["decisions.csv"] + f"millbrook-themes,HOM-02,river,add,{text},AB,2019,\n"
    row = find_mentions(tag(make_city(changes))).iloc[0]
    assert (row["source"], row["found_in"], row["themes"]) == ("HOM-02", "priority", ["voice", "river"])


def test_only_documents_that_are_mapped_are_read(make_city: MakeCity) -> None:
    city = make_city({"passages.csv": PASSAGES})
    assert set(find_mentions(tag(city, neighbours=True))["from_board"]) == {"HOM", "PRK", "WRK", "RIV"}
    assert set(find_mentions(tag(city, in_force_on="2022"))["from_board"]) == {"HOM", "PRK", "WRK"}
    assert set(find_mentions(tag(city, in_force_on="2023"))["from_board"]) == {"PRK", "WRK"}


def test_passages_given_in_code_are_checked(run: Run) -> None:
    with pytest.raises(MappingError, match="the column 'text' is missing"):
        find_mentions(run, pd.DataFrame({"board": ["HOM"]}))
    with pytest.raises(UnknownNameError, match=r"Board 'HOMS' is not known\. Did you mean 'HOM'\?"):
        find_mentions(run, pd.DataFrame({"board": ["HOMS"], "text": ["x"]}))
    with pytest.raises(MappingError, match="'quoted' is not a wording"):
        find_mentions(run, pd.DataFrame({"board": ["HOM"], "text": ["x"], "wording": ["quoted"]}))
    with pytest.raises(MappingError, match="'HOM-01' names two texts"):
        find_mentions(run, pd.DataFrame({"board": ["HOM"], "text": ["x"], "passage": ["HOM-01"]}))


def test_a_missing_cell_is_an_empty_text(run: Run) -> None:
    assert find_mentions(run, pd.DataFrame({"board": ["HOM", "HOM"], "text": [None, "Parks Board"]}))[
        "source"
    ].tolist() == ["passage 2"]


def test_sentences_are_cut_to_the_letter() -> None:
    text = "Overall:\n\n- Work \u201cwell\u201d; stay.\n- (See 3.2) for \u00a35 m! Next"
    cut = [text[sentence.start : sentence.end] for sentence in cut_sentences(text, split_words(text))]
    assert cut == ["Overall:", "Work \u201cwell\u201d; stay.", "(See 3.2) for \u00a35 m!", "Next"]


# --- wording of dependence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "direction", "pattern"),
    [
        ("Cut floods by working with the Parks Board", "leans on", "by working * with"),
        ("Cut floods by working in partnership with the Parks Board", "leans on", "by working * with"),
        ("This depends heavily on the Parks Board", "leans on", "depend* * on"),
        ("With full support from the Parks Board we mend roofs", "leans on", "with * support from"),
        ("Walks are delivered through the Parks Plan", "leans on", "=delivered through"),
        ("Roofs contribute to the Parks Plan", "supports", "contribut* * to"),
        ("We mend roofs so that the Parks Board can plant them", "supports", "so that"),
        ("Our survey feeds into the Parks Plan", "supports", "feed* * into"),
        ("We act in support of the Parks Board", "supports", "in support of"),
        ("Green roofs in partnership with the Parks Board", "joint", "in partnership with"),
        ("Alongside the Parks Board we mend roofs", "joint", "alongside"),
        ("The Parks Board met in May", "", ""),
        ("We thank the Parks Board, which depends on us", "", ""),  # after the name
        ("We depend on rain. The Parks Board met", "", ""),  # another sentence
        ("We depend on rain; the Parks Board met", "", ""),  # another clause
        ("We were consulted and depend on rain, and discussed it with the Parks Board", "", ""),  # nearest: discussed
        ("Our roofs are independent of the Parks Board", "", ""),
    ],
)
def test_direction_of_the_wording_nearest_before_the_name(
    named: Run, sentence: str, direction: str, pattern: str
) -> None:
    row = find_mentions(named, pd.DataFrame({"board": ["HOM"], "text": [sentence]})).iloc[0]
    assert (row["direction"], row["pattern"]) == (direction, pattern)


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("This does not depend on the Parks Board", ""),
        ("This doesn\u2019t depend on the Parks Board", ""),
        ("This no longer relies on the Parks Board", ""),
        ("We act without support from the Parks Board", ""),
        ("Rather than by working with the Parks Board, we wait", ""),
        ("It depends on schools, not the Parks Board", ""),
        ("It depends not only on schools but on the Parks Board", "leans on"),
        ("It does not only depend on the Parks Board", "leans on"),
        ("We do not wait, we depend on the Parks Board", "leans on"),  # the comma ends what "not" turns round
    ],
)
def test_negations_do_not_lift(named: Run, sentence: str, direction: str) -> None:
    row = find_mentions(named, pd.DataFrame({"board": ["HOM"], "text": [sentence]})).iloc[0]
    assert row["direction"] == direction


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("The Parks Board depends on the Work Board", ""),
        ("The Parks Plan will also contribute to the Work Strategy", ""),
        ("Millbrook College supports the Work Strategy", ""),
        ("The Homes Board depends on the Work Board", "leans on"),
        ("The Parks Board and we depend on the Work Board", "leans on"),
        ("We serve the Parks Board and contribute to the Work Strategy", "supports"),
        ("Help the Parks Board by working with the Work Board", "leans on"),
    ],
)
def test_what_is_said_of_another_board_is_not_said_of_the_writer(named: Run, sentence: str, direction: str) -> None:
    table = find_mentions(named, pd.DataFrame({"board": ["HOM"], "text": [sentence]}))
    assert table.loc[table["to_board"] == "WRK", "direction"].tolist() == [direction]


@pytest.mark.parametrize(("between", "direction"), [(REACH, "leans on"), (REACH + 1, "")])
def test_the_wording_reaches_so_many_words(named: Run, between: int, direction: str) -> None:
    text = f"This depends on {'very ' * between}Parks Board"
    row = find_mentions(named, pd.DataFrame({"board": ["HOM"], "text": [text]})).iloc[0]
    assert row["direction"] == direction


def test_names_in_a_list_do_not_use_up_the_reach(named: Run) -> None:
    text = "We depend on Millbrook College, Trees, Ponds and Paths Group, Homes Board Support Trust, and the Work Board"
    table = find_mentions(named, pd.DataFrame({"board": ["HOM"], "text": [text]}))
    assert list(table["direction"]) == ["leans on"] * 4


def test_the_table_of_wordings_is_in_order() -> None:
    index = read_dependence()
    assert {keyword.theme for keyword in index.keywords} == {"leans on", "supports", "joint", "none"}
    for keyword in index.keywords:
        assert [hit for hit in index.find(split_words(keyword.pattern.replace("*", ""))) if hit.keyword == keyword]


# --- partners ----------------------------------------------------------------------------------------------


def test_partners_are_listed_apart(named: Run) -> None:
    passages = pd.DataFrame(
        [
            ("HOM", "Train in partnership with Millbrook College and the River Valley Partnership", "verbatim"),
            ("HOM", "MBC lends us a room. We rely on MBC for cold homes.", "verbatim"),
            ("HOM", "Ask Millbrook College", "restated"),
            ("PRK", "River Valley Plan agreed with the Homes Board", "verbatim"),
        ],
        columns=["board", "text", "wording"],
    )
    links = find_partner_links(named, passages)
    assert links.drop(columns="passages").to_numpy().tolist() == [
        ["HOM", "Millbrook College", "partner", "", 3, ["leans on", "joint"], ["homes"]],
        ["HOM", "River Valley Partnership", "board", "RIV", 1, ["joint"], []],
        ["PRK", "River Valley Partnership", "board", "RIV", 1, [], []],
    ]
    assert links["passages"].iloc[0] == [
        "passage 1: Train in partnership with Millbrook College and the River Valley Partnership",
        "passage 2: MBC lends us a room.",
        "passage 2: We rely on MBC for cold homes.",
    ]


# --- reading the tables ------------------------------------------------------------------------------------

NAMES_HEAD = "name,kind,board,aliases\n"
LINKS_HEAD = "from_board,to_board,decision,words,reviewer,time,note\n"
FAULTS = [
    (
        "names.csv",
        NAMES_HEAD + "Green Gym,programme,PRKS,\n",
        "names.csv, line 2, column 'board': board 'PRKS' is not known. Did you mean 'PRK'? Known: HOM, PRK, WRK, RIV.",
    ),
    (
        "names.csv",
        NAMES_HEAD + "Green Gym,program,PRK,\n",
        "names.csv, line 2, column 'kind': 'program' is not one of the values it may have. Did you mean 'programme'? "
        "Known: service, programme, partner.",
    ),
    (
        "names.csv",
        NAMES_HEAD + "Green Gym,service,,\n",
        "names.csv, line 2, column 'board': a service belongs to a board; write its code, or make 'Green Gym' a "
        "partner.",
    ),
    (
        "names.csv",
        NAMES_HEAD + "Housing-Board,partner,,\n",
        "names.csv, line 2: 'Housing-Board' already belongs to board 'HOM' (boards.csv, line 2); a name points to one "
        "board or partner.",
    ),
    (
        "names.csv",
        NAMES_HEAD + "Green Gym,programme,PRK,GG\nGood Grants,programme,HOM,GG\n",
        "names.csv, line 3: 'GG' already belongs to board 'PRK' (line 2); a name points to one board or partner.",
    ),
    (
        "names.csv",
        NAMES_HEAD + "Town College,partner,,the College\nHill College,partner,,The College\n",
        "names.csv, line 3: 'The College' already belongs to 'Town College' (line 2); a name points to one board or "
        "partner.",
    ),
    (
        "names.csv",
        NAMES_HEAD + "***,partner,,\n",
        "names.csv, line 2: '***' holds no letter and no number, so no text has it.",
    ),
    (
        "passages.csv",
        "passage,board,strategy,text,wording\nHOM-01,HOM,PRK-S,Mend roofs,verbatim\n",
        "passages.csv, line 2, column 'strategy': strategy 'PRK-S' belongs to board 'PRK', not to 'HOM'.\n"
        "passages.csv, line 2, column 'passage': 'HOM-01' is a priority (priorities.csv, line 2); give the passage an "
        "id of its own.",
    ),
    (
        "links.csv",
        LINKS_HEAD + "HOM,PARK,confirm,Mend roofs,AB,28/01/2019,\nHOM,HOM,confirm,Mend roofs,AB,,\n",
        "links.csv, line 2, column 'time': '28/01/2019' is not a time; write 2019-01-14 or 2019-01-14T10:30, or leave "
        "it empty.\n"
        "links.csv, line 2, column 'to_board': board 'PARK' is not known. Did you mean 'PRK'? Known: HOM, PRK, WRK, "
        "RIV.\n"
        "links.csv, line 3, column 'to_board': links board 'HOM' to itself; a link stands between two boards.",
    ),
]


@pytest.mark.parametrize(("file", "content", "message"), FAULTS, ids=[f"{f[0]}-{n}" for n, f in enumerate(FAULTS)])
def test_faults_are_named_with_file_line_and_column(make_city: MakeCity, file: str, content: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        make_city({file: content})
    assert str(caught.value) == message


def test_the_tables_may_be_missing(city: Partnership) -> None:
    assert (len(city.names), len(city.passages), len(city.links)) == (0, 0, 0)


def test_a_new_city_has_the_tables_with_a_comment_for_every_column(tmp_path: Path) -> None:
    home = tmp_path / "my-city"
    write_starter(home)
    city = read_partnership(home)
    assert (len(city.names), len(city.passages), len(city.links)) == (0, 0, 0)
    for name, columns in (("names", NAMES_COLUMNS), ("passages", PASSAGES_COLUMNS), ("links", LINKS_COLUMNS)):
        text = (home / f"{name}.csv").read_text("utf-8")
        assert text.splitlines()[0].split(",") == [column.name for column in columns]
        assert all(f"# {column.name}: " in text for column in columns)
        assert f"## {name}.csv: one row per " in (home / "README.md").read_text("utf-8")


def test_shipped_names_have_their_source(derby: Partnership) -> None:
    from mapping.partnership import load_derby_2009

    for city in (derby, load_derby_2009()):
        assert len(city.names)
        assert (city.names["source_title"] != "").all()
        assert [note for note in city.warnings if note.file != "keywords.csv"] == []


# --- hostile names -----------------------------------------------------------------------------------------

HOSTILE = [
    "Jobs (and Skills) [Board]?", "C++ & .* Club", "a|b", "\\d+ Group", "بورڈ برائے صحت", "教育委员会",
    "\u202eesreveR Board", "<script>alert(1)</script>", "Ёлка Фонд", "ﬁne Arts", "ẞtrasse Group", "İstanbul Board",
    "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_found_as_they_stand(tmp_path: Path, name: str) -> None:
    quoted = '"' + name.replace("|", " ").replace('"', '""') + '"'
    changes = {"names.csv": NAMES_HEAD + f"{quoted},partner,,|  | |\n"}
    run = tag(read_partnership(write_city(tmp_path, changes)))
    table = find_mentions(run, pd.DataFrame({"board": ["HOM"], "text": [f"We thank {name.replace('|', ' ')} for it"]}))
    assert len(table) == 1
    assert table["spelled"].iloc[0] in name.replace("|", " ")


PARTS = [
    "Homes Board", "the parks board", "PARKS BOARD", "MBC", "Learner's", "Loft", "well-", "being Walks", "&", "and",
    "depends on", "not", ". ", "; ", "\n\n", "\n- ", "\u2019s", ",", "(", "<b>", "\u202e", "教育", "\u00ad", "ﬁ", "  ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=4), max_size=14))
def test_any_text_is_read_and_its_slices_are_its_own(named: Run, parts: Sequence[str]) -> None:
    text = " ".join(parts)
    mentions = find_mentions(named, pd.DataFrame({"board": ["HOM"], "text": [text]}))
    last = 0
    for row in each_row(mentions):
        assert text[row.start : row.end] == row.spelled
        assert row.spelled in row.sentence
        assert row.sentence in text
        assert row.start >= last
        assert row.to_board != "HOM"
        last = row.end


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_any_name_can_be_looked_for(city: Partnership, name: str) -> None:
    from dataclasses import replace

    index = NameIndex(
        replace(city, names=pd.DataFrame([(name, "partner", "", "")], columns=NAMES_HEAD.strip().split(",")))
    )
    text = f"see {name} there"
    for found in index.find(text, split_words(text)):
        assert 0 <= found.start < found.end <= len(text)
