"""PDFs: headings, columns, what repeats, what goes on overleaf, tags, and where two readers do not agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack_files import ATTACKS, scan
from made_pdf import Element, Words, draw, write_contents, write_pdf, write_tagged, write_tree

from mapping.sources import limits, pdf, pdf_letters
from mapping.sources.gathering import Gathering, span
from mapping.sources.pdf import read
from mapping.sources.reading import read_document
from mapping.sources.refusals import RefusedError


def gather(data: bytes) -> Gathering:
    gathering = Gathering()
    read(data, "a.pdf", gathering)
    return gathering


def show(gathering: Gathering) -> list[tuple[str, int, str, int | None, str]]:
    return [(row[0], row[2], row[3], row[5], row[1]) for row in gathering.rows]


def lines(x: float, y: float, *texts: str, size: float = 11, font: str = "F1", pitch: float = 14) -> list[Words]:
    return [(x, y - n * pitch, size, font, text) for n, text in enumerate(texts)]


PROSE = [
    "The city will improve the air that people breathe, and the streets in which they live and",
    "in which their children go to school, so that every ward is as healthy as the healthiest one",
    "of them is today. This needs the work of all partners, and it needs the people themselves.",
]


def test_headings_items_and_paragraphs() -> None:
    page = [
        *lines(72, 760, "Our priorities", size=18, font="F2"),
        *lines(72, 720, *PROSE),
        *lines(72, 660, "4.2 Safer streets", size=13, font="F2"),
        *lines(72, 630, *PROSE[:2]),
        *lines(72, 590, "a)"),
        *lines(90, 590, "Tackle crime in the neighbourhoods in which there is most of it, by day and also", "by night"),
        *lines(72, 560, "\u2022 Support victims"),
    ]  # fmt: skip
    found = show(gather(write_pdf([page], title="Plan")))
    assert found == [
        ("heading", 1, "", 1, "Our priorities"),
        ("paragraph", 0, "", 1, " ".join(PROSE)),
        ("heading", 2, "4.2", 1, "Safer streets"),
        ("paragraph", 0, "", 1, " ".join(PROSE[:2])),
        (
            "item",
            1,
            "a)",
            1,
            "Tackle crime in the neighbourhoods in which there is most of it, by day and also by night",
        ),
        ("item", 1, "•", 1, "Support victims"),
    ]


def test_a_title_goes_on_in_a_year_alone() -> None:
    title = lines(72, 640, "Community Safety Plan 2023 to", "2026", size=18, font="F2", pitch=22)
    rows = show(gather(write_pdf([[*title, *lines(72, 560, *PROSE)]])))
    assert rows[0][:1] + rows[0][-1:] == ("heading", "Community Safety Plan 2023 to 2026")


def test_what_repeats_is_furniture_and_a_paragraph_goes_on_overleaf() -> None:
    def page(number: int, *body: str) -> list[Words]:
        head = lines(72, 810, "Derby Plan", size=9)
        return [*head, *lines(72, 720, *body), *lines(290, 30, f"Page {number} of 2", size=9)]

    gathering = gather(
        write_pdf([page(1, *PROSE, "It will come to an end in the com-"), page(2, "munity, and overleaf.")])
    )
    found = show(gathering)
    assert [row[4] for row in found if row[0] == "furniture"] == [
        "Derby Plan", "Page 1 of 2", "Derby Plan", "Page 2 of 2",
    ]  # fmt: skip
    body = [row for row in found if row[0] != "furniture"]
    assert body == [
        ("paragraph", 0, "", 1, " ".join(PROSE) + " It will come to an end in the community, and overleaf.")
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left line {n} is about as long as its column" for n in range(8)]
    right = [f"right line {n} is about as long as the other" for n in range(8)]
    mixed = [words for pair in zip(lines(60, 700, *left), lines(320, 700, *right), strict=True) for words in pair]
    gathering = gather(write_pdf([[*lines(60, 760, "A plan in two columns", size=18), *mixed]]))
    text = " ".join(row[1] for row in gathering.rows)
    places = [text.index(line) for line in [*left, *right]]
    assert places == sorted(places)


def test_rows_of_short_pieces_are_no_columns() -> None:
    rows = [
        words
        for n in range(8)
        for words in (*lines(60, 700 - 20 * n, f"Board {n}"), *lines(320, 700 - 20 * n, f"Plan {n}"))
    ]
    text = [row[1] for row in gather(write_pdf([rows])).rows]
    assert text[:4] == ["Board 0", "Plan 0", "Board 1", "Plan 1"]


def test_lists_of_contents_are_furniture() -> None:
    page = [*lines(72, 760, "Contents", size=18), *lines(72, 720, "Safer streets ........ 4", "Better air ........ 12")]
    found = show(gather(write_pdf([[*page, *lines(72, 600, *PROSE)]])))
    assert [row[0] for row in found] == ["heading", "furniture", "furniture", "paragraph"]


def test_tags_are_used_where_there_are_any() -> None:
    data = write_tagged(
        [("H1", ["A safer city"]), ("P", ["It will be safer in every com-", "munity of the city."]),
         ("L>LI>Lbl", ["a)"]), ("L>LI>LBody", ["Tackle hate crime"]), ("H2", ["1.1 Schools"]), ("Artifact", ["Page 1"]),
         ("Table>TR>TD", ["In a cell"]), ("TOC>TOCI", ["Schools ... 4"])]
    )  # fmt: skip
    found = show(gather(data))
    assert found == [
        ("heading", 1, "", 1, "A safer city"),
        ("paragraph", 0, "", 1, "It will be safer in every community of the city."),
        ("item", 1, "•", 1, "a)"),
        ("item", 1, "•", 1, "Tackle hate crime"),
        ("heading", 2, "1.1", 1, "Schools"),
        ("furniture", 0, "", 1, "Page 1"),
        ("cell", 0, "", 1, "In a cell"),
        ("furniture", 0, "", 1, "Schools ... 4"),
    ]


def show_tree(elements: list[Element], roles: bytes = b"") -> list[tuple[str, str, str]]:
    return [(kind, number, text) for kind, _, number, _, text in show(gather(write_tree(elements, roles)))]


def test_wrapped_runs_are_one_passage_with_their_heading() -> None:
    """As browsers print a page: every run of words stands in NonStruct."""
    found = show_tree(
        [("NonStruct", [("H1", [("NonStruct", ["A plan for "]), ("Em", [("NonStruct", ["+everyone"])])])]),
         ("P", [("NonStruct", ["First "]), ("NonStruct", ["+bold"]), ("Link", [("NonStruct", ["+ and a link,"])]),
                ("NonStruct", ["and the next line."])]),
         ("L", [("LI", [("Lbl", ["1."]), ("NonStruct", ["+ Improve "]), ("Strong", [("Private", ["+health"])])]),
                ("LI", [("Lbl", ["2."]), ("P", [("NonStruct", ["+ Reduce harm"])]), ("P", ["Further words."])])]),
         ("NonStruct", [("NonStruct", ["A part of a page "]), ("NonStruct", ["+in runs"])])]
    )  # fmt: skip
    assert found == [
        ("heading", "", "A plan for everyone"),
        ("paragraph", "", "First bold and a link, and the next line."),
        ("item", "1.", "Improve health"),
        ("item", "2.", "Reduce harm"),
        ("paragraph", "", "Further words."),
        ("paragraph", "", "A part of a page in runs"),
    ]


def test_cells_of_tagged_tables_know_their_place() -> None:
    inner: Element = ("Table", [("TR", [("TD", ["Within"])])])
    table: Element = ("Table", [
        ("THead", [("TR", [("TH", [("P", ["Priority"]), ("P", ["and aim"])]), ("TH ColSpan 2", ["Action"])])]),
        ("TBody", [("TR", [("TD RowSpan 2", [("NonStruct", ["Safe streets"]), ("NonStruct", ["at night"])]),
                           ("TD", ["Lights"]), ("TD", ["Police"])]),
                   ("TR", [("TD", [("L", [("LI", [("LBody", ["One"])])])]), ("TD", [inner])])]),
        ("TFoot", [("TR", [("TD ColSpan 900000", ["Wide"]), ("TD", ["Last"])])]),
    ])  # fmt: skip
    rows = gather(write_tree([("H1", ["Plan"]), table])).rows
    assert [(*row[6:9], row[3], row[1]) for row in rows[1:]] == [
        (1, 1, 1, "", "Priority"), (1, 1, 1, "", "and aim"), (1, 1, 2, "", "Action"),
        (1, 2, 1, "", "Safe streets at night"), (1, 2, 2, "", "Lights"), (1, 2, 3, "", "Police"),
        (1, 3, 2, "•", "One"), (2, 1, 1, "", "Within"), (1, 4, 1, "", "Wide"), (1, 4, 101, "", "Last"),
    ]  # fmt: skip


def test_short_words_in_bold_are_headings_though_tagged_as_text() -> None:
    item: list[Element] = [
        ("LI", [("Lbl", ["2."]), ("LBody", ["+*Recommendations"])]),
        ("LI", ["\u2022 ", "+*A bullet"]),
    ]
    found = show_tree(
        [("H2", ["Plan"]), ("P", ["*Our vision"]), ("P", ["A city for all, in which all are well."]), ("L", item),
         ("P", ["*A sentence in bold."]), ("P", ["*Bold ", "+words begin it"])]
    )  # fmt: skip
    assert found == [
        ("heading", "", "Plan"), ("heading", "", "Our vision"),
        ("paragraph", "", "A city for all, in which all are well."), ("heading", "2.", "Recommendations"),
        ("item", "•", "A bullet"), ("paragraph", "", "A sentence in bold."), ("paragraph", "", "Bold words begin it"),
    ]  # fmt: skip
    assert [row[2] for row in gather(write_tree([("H2", ["Plan"]), ("P", ["*Aim"]), ("P", ["Words"] * 3)])).rows] == [
        2,
        3,
        0,
    ]


def test_roles_are_followed_to_the_standard_ones() -> None:
    roles = b"/Heading#20One /Mid /Mid /H1 /Round /About /About /Round /Body /P"
    found = show_tree(
        [("Heading#20One", ["Plan"]), ("heading#202", ["Streets"]), ("Body", ["Words ", ("Unheard", ["+within"])]),
         ("Round", ["Turning"]), ("Unheard", ["Alone"]), ("H12", ["Deep"]),
         ("DocumentFragment", [("Title", ["Other"])]), ("H1", [("P", ["In a paragraph"])])],
        roles,
    )  # fmt: skip
    assert found == [
        ("heading", "", "Plan"), ("heading", "", "Streets"), ("paragraph", "", "Words within"),
        ("paragraph", "", "Turning"), ("paragraph", "", "Alone"), ("heading", "", "Deep"), ("heading", "", "Other"),
        ("heading", "", "In a paragraph"),
    ]  # fmt: skip


def test_notes_quotations_and_parts_outside_paragraphs() -> None:
    found = show_tree(
        [("H1", ["Plan"]), ("P", ["Safer streets", ("Reference", [("Lbl", ["+1"])]), "+ for all"]),
         ("FENote", [("Lbl", ["1"]), ("P", ["+ As counted in 2024"])]), ("BlockQuote", [("P", ["Said"])]),
         ("Aside", ["Beside"]), ("Div", ["First part", ("Div", ["Own part"]), "Rest", "^Far below"])]
    )  # fmt: skip
    assert found == [
        ("heading", "", "Plan"), ("paragraph", "", "Safer streets1 for all"), ("paragraph", "1", "As counted in 2024"),
        ("paragraph", "", "Said"), ("paragraph", "", "Beside"), ("paragraph", "", "First part"),
        ("paragraph", "", "Own part"), ("paragraph", "", "Rest"), ("paragraph", "", "Far below"),
    ]  # fmt: skip


def test_roles_of_a_namespace_are_followed() -> None:
    space = b"<< /RoleMapNS << /section [/H1 null] >> >>"
    tree = b"<< /S /section /NS %s /Pg 6 0 R /K [0] >> << /S /P /Pg 6 0 R /K [1] >>" % space
    content = b"".join(
        b"/X << /MCID %d >> BDC\n%sEMC\n" % (mark, draw([(72, 780 - 20 * mark, 11, "F1", text)]))
        for mark, text in enumerate(["A heading", "Words"])
    )
    root = b"<< /Type /StructTreeRoot /K [ << /S /Document /K [%s] >> ] >>" % tree
    data = write_contents([content], catalogue=b"/StructTreeRoot 8 0 R", more=[root])
    assert [row[0] for row in gather(data).rows] == ["heading", "paragraph"]


def test_pages_without_text_are_named() -> None:
    gathering = gather(scan(8, 2))
    assert "pages 3-8" in gathering.warnings[0][0]
    assert span([1, 2, 3, 9]) == "pages 1-3, 9"
    with pytest.raises(RefusedError, match="probably a scan"):
        gather(scan(1))


def test_readers_that_differ_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_pdf([lines(72, 700, *PROSE)] * 2)
    letters = sum(len(line.replace(" ", "")) for line in PROSE)
    monkeypatch.setattr(pdf, "count_letters", lambda page: int(letters / 0.91))
    assert gather(data).warnings == []
    monkeypatch.setattr(pdf, "count_letters", lambda page: int(letters / 0.89))
    assert "pages 1-2" in gather(data).warnings[0][0]
    monkeypatch.setattr(pdf, "count_letters", lambda page: int(letters * 0.89))
    assert "different amounts of text" in gather(data).warnings[0][0]


@pytest.mark.parametrize("words", [True, False], ids=["by words", "by letters"])
def test_pages_left_when_time_is_over_are_read_quickly_and_alike(words: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    page = [
        *lines(72, 760, "A plan", size=18, font="F2"), *lines(72, 700, *PROSE),
        *lines(72, 400, *[line[:34] for line in PROSE]), *lines(320, 400, *[line[-34:] for line in PROSE]),
    ]  # fmt: skip
    turned = b"BT /F1 9 Tf 0 1 -1 0 20 300 Tm (Up the margin) Tj ET\n"
    data = write_contents([draw(page, turned)] * 3)
    slow = show(gather(data))
    assert any("Up the margin" in row[-1] for row in slow)
    monkeypatch.setattr(pdf, "LAYOUT_SECONDS", -1)
    if not words:  # as where pdfium's text has other letters than it counts
        monkeypatch.setattr(pdf_letters.pdfium, "FPDFText_GetText", lambda *_: 1)
    monkeypatch.setattr(pdf._Clock, "_ring", lambda self, number, frame: None)
    gathering = gather(data)
    assert show(gathering) == slow
    assert "quicker reader" in gathering.warnings[0][0]


def test_tags_hold_for_the_pages_read_before_time_was_over(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = [
        b"/H1 << /MCID 0 >> BDC\n%sEMC\n/P << /MCID 1 >> BDC\n%sEMC\n"
        % (draw(lines(72, 720, "A heading")), draw(lines(72, 700, *PROSE)))
        for _ in range(2)
    ]
    pages = (b"<< /S /H1 /Pg %d 0 R /K 0 >> << /S /P /Pg %d 0 R /K 1 >>" % (page, page) for page in (6, 8))
    root = b"<< /Type /StructTreeRoot /K [ << /S /Document /K [%s] >> ] >>" % b" ".join(pages)
    data = write_contents(contents, catalogue=b"/StructTreeRoot 10 0 R", more=[root])
    assert [row[0] for row in gather(data).rows] == ["heading", "paragraph"] * 2
    over = iter([False, True])
    monkeypatch.setattr(pdf._Clock, "is_over", property(lambda self: next(over)))
    gathering = gather(data)
    assert [(row[0], row[5]) for row in gathering.rows] == [
        ("heading", 1), ("paragraph", 1), ("paragraph", 2), ("paragraph", 2),
    ]  # fmt: skip
    assert "quicker reader alone read page 2" in gathering.warnings[0][0]


def test_tags_that_take_all_the_time_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object) -> None:
        raise pdf._OutOfTimeError

    data = write_pdf([lines(72, 700, *PROSE)] * 2)
    plain = show(gather(data))
    monkeypatch.setattr(pdf, "read_tags", hang)
    assert show(gather(data)) == plain


def test_the_number_of_pages_is_limited_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_pdf([lines(72, 700, *PROSE)] * 3)
    monkeypatch.setattr(pdf, "MOST_PAGES", 3)
    assert gather(data).pages == 3
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    with pytest.raises(RefusedError) as caught:
        gather(data)
    assert caught.value.code == "E-TOO-MUCH"
    assert limits.MOST_PAGES == 5_000


def test_text_drawn_twice_counts_once_and_turned_text_is_not_lost() -> None:
    twice = [*lines(72, 700, "Drawn twice to look bold"), *lines(72.2, 700, "Drawn twice to look bold")]
    turned = b"BT /F1 9 Tf 0 1 -1 0 20 300 Tm (Up the margin) Tj ET\n"
    data = write_contents([draw([*twice, *lines(72, 600, *PROSE)], turned)])
    text = [row[1] for row in gather(data).rows]
    assert text.count("Drawn twice to look bold") == 1
    assert "Up the margin" in text


@pytest.mark.parametrize("name", ["junk.pdf", "broken-table.pdf", "previous.pdf", "owner.pdf"])
def test_damage_that_can_be_read_past(name: str, tmp_path: Path) -> None:
    attack = next(attack for attack in ATTACKS if attack.name == name)
    document = read_document(attack.build(tmp_path))
    assert [passage.text[:7] for passage in document.passages] in (["Improve"], ["Tackle "])
