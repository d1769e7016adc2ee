"""Tables in PDFs without tags: by lines, boxes, bands and bold heads; and what only looks like a table."""

from __future__ import annotations

import itertools
import time

import pytest
from made_pdf import Words, draw, fill, rule, rule_grid, set_cells, write_contents
from test_sources_pdf import PROSE, gather, lines

from mapping.sources import pdf_tables
from mapping.sources.gathering import Gathering

XS = [72.0, 200.0, 350.0, 450.0, 540.0]
HEAD = ["Priority", "What we will|do", "Lead", "By when"]
FIRST = ["Reduce violence|in the night-time|economy", "Extend the|marshals scheme", "Police", "March 2026"]
SECOND = ["Older people are|less lonely", "Set up a|befriending service", "Age UK", "June 2026"]
READ = [
    (1, 1, "Priority"), (1, 2, "What we will do"), (1, 3, "Lead"), (1, 4, "By when"),
    (2, 1, "Reduce violence in the night-time economy"), (2, 2, "Extend the marshals scheme"), (2, 3, "Police"),
    (2, 4, "March 2026"), (3, 1, "Older people are less lonely"), (3, 2, "Set up a befriending service"),
    (3, 3, "Age UK"), (3, 4, "June 2026"),
]  # fmt: skip
YS = [700.0, 670.0, 620.0, 580.0]


def write(words: list[Words], *drawn: bytes) -> bytes:
    """Return a page with a heading and a paragraph over what is drawn, and a paragraph under it."""
    return write_contents([page(words, *drawn)])


def page(words: list[Words], *drawn: bytes) -> bytes:
    around = [*lines(72, 790, "Delivery plan", size=18, font="F2"), *lines(72, 760, *PROSE), *lines(72, 400, *PROSE)]
    return b"".join(drawn) + draw([*around, *words])


def cells(gathering: Gathering, table: int = 1) -> list[tuple[int, int, str]]:
    return [(row[7], row[8], row[1]) for row in gathering.rows if row[6] == table]


def kinds(gathering: Gathering) -> list[str]:
    return [row[0] for row in gathering.rows]


def texts(gathering: Gathering) -> list[str]:
    return [row[1] for row in gathering.rows]


WORDS = set_cells(XS, YS, [HEAD, FIRST, SECOND])
LINED = {
    "grid": rule_grid(XS, YS),
    "open at the sides": rule(*[(72, y, 540, y) for y in YS], *[(x, 580, x, 700) for x in XS[1:-1]]),
    "thin boxes": fill(*[(72, y, 540, y + 0.5) for y in YS], *[(x, 580, x + 0.5, 700) for x in XS], grey=0),
    "a line for each cell": rule(
        *[(a, y, b - 1, y) for a, b in itertools.pairwise(XS) for y in YS],
        *[(x, b + 1, x, a) for a, b in itertools.pairwise(YS) for x in XS],
    ),
    "dashes": rule(
        *[(x, y, x + 4, y) for x in range(72, 540, 8) for y in YS],
        *[(x, y, x, y + 4) for y in range(580, 698, 8) for x in XS],
    ),
    "a coloured head": fill((72, 670, 200, 700), (200, 670, 350, 700), (350, 670, 450, 700), (450, 670, 540, 700))
    + rule_grid(XS, YS[1:]),
    "coloured cells with white between": fill(
        *[
            (left + 1, foot + 1, right - 1, top - 1)
            for left, right in itertools.pairwise(XS)
            for top, foot in itertools.pairwise(YS)
        ]
    ),
    "every other row coloured": fill(*[(left, 620, right, 670) for left, right in itertools.pairwise(XS)])
    + rule((72, 700, 540, 700), (72, 580, 540, 580)),
    "lines across": rule(*[(72, y, 540, y) for y in YS]),
    "lines under the rows, none over the head": rule(*[(72, y, 540, y) for y in YS[1:]]),
    "a line under the head alone": rule((72, 670, 540, 670)),
    "shading behind each line of a cell": rule_grid(XS, YS)
    + fill(*[(72, 620 + 12 * n, 200, 632 + 12 * n) for n in range(4)], grey=0.9),
}


@pytest.mark.parametrize("drawn", LINED.values(), ids=LINED.keys())
def test_cells_of_several_lines_are_one_passage_each(drawn: bytes) -> None:
    words = WORDS
    if drawn == LINED["a line under the head alone"]:
        words = set_cells(
            XS, [*YS[:3], 580.0, 550.0], [HEAD, FIRST, SECOND, ["Homes are warm", "Insulate homes", "Council"]]
        )
    gathering = gather(write(words, drawn))
    assert cells(gathering)[:12] == READ
    inside = len(cells(gathering))
    assert kinds(gathering) == ["heading", "paragraph", *["cell"] * inside, "paragraph"]


def test_cells_over_several_rows_and_columns_stand_in_their_first() -> None:
    across = [(72.0, y, 540.0, y) for y in (700.0, 670.0, 580.0)]
    drawn = rule(*across, (200, 620, 540, 620), *[(x, 580, x, 700) for x in (72, 540)],
                 (200, 580, 200, 670), (350, 580, 350, 670), (450, 580, 450, 620))  # fmt: skip
    rows = [
        ["Plan on a page"],
        ["Safe at home|and at school", "Train staff", "Police and schools|together"],
        ["", "Find carers", "Council", "May"],
    ]
    assert cells(gather(write(set_cells(XS, YS, rows), drawn))) == [
        (1, 1, "Plan on a page"), (2, 1, "Safe at home and at school"), (2, 2, "Train staff"),
        (2, 3, "Police and schools together"), (3, 2, "Find carers"), (3, 3, "Council"), (3, 4, "May"),
    ]  # fmt: skip


def test_items_and_bold_words_in_cells() -> None:
    rows = [
        ["Aim", "Actions"],
        ["1. Safer|and better", "\u2022 Train all|staff|\u2022 Find carers"],
        ["Label", "|and the rest"],
    ]
    xs, ys = [72.0, 200.0, 400.0], [700.0, 670.0, 620.0, 580.0]
    words = [*set_cells(xs, ys, rows), (205.0, 608.0, 10.0, "F2", "Words in bold")]
    found = gather(write(words, rule_grid(xs, ys))).rows
    assert [(row[3], row[1]) for row in found if row[8]] == [
        ("", "Aim"), ("", "Actions"), ("1.", "Safer and better"), ("•", "Train all staff"), ("•", "Find carers"),
        ("", "Label"), ("", "Words in bold and the rest"),
    ]  # fmt: skip


BOXES = {
    "a call-out": rule_grid([72, 540], [580, 700]),
    "a border round the page": rule_grid([20, 575], [20, 822]),
    "boxes one below the other": rule_grid([72, 540], [580, 620, 670, 700]),
    "boxes that do not touch": rule_grid([72, 190], [580, 700]) + rule_grid([210, 340], [580, 700]),
    "lines between paragraphs": rule((72, 420, 540, 420), (72, 720, 540, 720), (72, 770, 540, 770)),
    "columns of nothing but a chart": rule_grid(
        [300, 340, 380, 420, 460, 500, 540], [580, 600, 620, 640, 660, 680, 700]
    ),
}


@pytest.mark.parametrize("drawn", BOXES.values(), ids=BOXES.keys())
def test_boxes_and_lines_alone_make_no_table(drawn: bytes) -> None:
    words = lines(80, 690, *(line[:75] for line in PROSE))
    if drawn == BOXES["columns of nothing but a chart"]:
        words = [(305.0 + 40 * n, 605.0 + 15 * n, 9.0, "F1", f"{20 + n}%") for n in range(6)]
    plain = gather(write(words))
    assert gather(write(words, drawn)).rows == plain.rows
    assert "cell" not in kinds(plain)


def test_a_marker_behind_words_makes_no_table() -> None:
    words = lines(
        72,
        690,
        "Report to: the Health and Wellbeing Board of the city",
        "Item: six, on the first of May",
        "Author: a name",
    )
    boxes = [(118.0, 687.0, 330.0, 701.0), (97.0, 673.0, 250.0, 687.0), (111.0, 659.0, 150.0, 673.0)]
    assert gather(write(words, fill(*boxes))).rows == gather(write(words)).rows


def test_boxes_side_by_side_are_read_one_after_the_other() -> None:
    xs = [72.0, 230.0, 390.0, 540.0]
    row = [["Vision|A city for all", "Priorities|Safer streets|Better homes", "Actions|Light the canal"]]
    gathering = gather(write(set_cells(xs, [700.0], row, bold=0), rule_grid(xs, [620, 700])))
    assert "cell" not in kinds(gathering)
    found = " ".join(texts(gathering))
    assert "A city for all Priorities Safer streets Better homes Actions Light" in found


def test_boxes_with_headings_of_their_own_are_no_table() -> None:
    xs, ys = [72.0, 300.0, 540.0], [700.0, 640.0, 580.0]
    places = [(x + 5, y - 14) for y in ys[:2] for x in xs[:2]]
    parts = [("Our vision", "A city for all"), ("Our priorities", "\u2022 Safer streets"),
             ("What we will do", "\u2022 Light the canal"), ("Measures", "\u2022 Fewer crimes")]  # fmt: skip
    words = [
        word
        for (x, y), (head, body) in zip(places, parts, strict=True)
        for word in ((x, y, 10.0, "F2", head), (x, y - 14, 10.0, "F1", body))
    ]
    found = gather(write(words, rule_grid(xs, ys)))
    assert [(row[0], row[1]) for row in found.rows][2:-1] == [
        ("heading", "Our vision"), ("paragraph", "A city for all"), ("heading", "Our priorities"),
        ("item", "Safer streets"), ("heading", "What we will do"), ("item", "Light the canal"),
        ("heading", "Measures"), ("item", "Fewer crimes"),
    ]  # fmt: skip


# --- without lines -----------------------------------------------------------------------------------------


def test_a_bold_head_over_aligned_words_makes_a_table() -> None:
    ys = [700.0, 670.0, 632.0, 606.0, 580.0]
    more = ["Homes are warm|and dry", "Insulate homes", "Council", "May"]
    gathering = gather(write(set_cells(XS, ys, [HEAD, FIRST, SECOND, more])))
    assert cells(gathering)[:12] == READ
    assert cells(gathering)[12:] == [
        (4, 1, "Homes are warm and dry"), (4, 2, "Insulate homes"), (4, 3, "Council"), (4, 4, "May"),
    ]  # fmt: skip


COLUMNS = {
    "no head": (0, [["One board", "Its plan"], ["Two boards", "Their plan"], ["Three boards", "All plans"]]),
    "two rows": (1, [["Board", "Plan"], ["One board", "Its plan"], ["Two boards", "Their plan"]]),
    "columns of text": (
        1,
        [
            ["Our vision", "Our mission"],
            [
                "A city in which all|people thrive and in|which no one is left",
                "Working with all who|live here, and with|their communities",
            ],
        ],
    ),
    "a list of contents": (1, [["Contents", "Page"], ["Air", "4"], ["Streets", "5"], ["Homes", "6"]]),
    "lists": (1, [["Aims", "Actions"], ["\u2022 Air", "\u2022 Trees"], ["\u2022 Streets", "\u2022 Lights"]]),
}


@pytest.mark.parametrize(("bold", "rows"), COLUMNS.values(), ids=COLUMNS.keys())
def test_columns_alone_make_no_table(bold: int, rows: list[list[str]]) -> None:
    ys = [700.0 - 16 * n for n in range(len(rows))]
    assert "cell" not in kinds(gather(write(set_cells([72.0, 300.0], ys, rows, bold=bold))))


# --- pages -------------------------------------------------------------------------------------------------


def test_a_table_goes_on_overleaf() -> None:
    low = [300.0, 270.0, 230.0]
    first = draw([*lines(72, 790, *PROSE), *set_cells(XS, low, [HEAD, FIRST[:3]])]) + rule_grid(XS, [*low, 190.0])
    top = [790.0, 760.0, 720.0, 680.0]
    rest = ["by day and night", "Also by day"]
    second = draw(
        [*set_cells(XS, top, [HEAD, rest, SECOND]), *lines(72, 600, *PROSE)]
    ) + rule_grid(XS, top)  # fmt: skip
    gathering = gather(write_contents([first, second]))
    assert cells(gathering) == [
        *READ[:4], (2, 1, "Reduce violence in the night-time economy by day and night"),
        (2, 2, "Extend the marshals scheme"), (2, 2, "Also by day"), (2, 3, "Police"), *READ[8:],
    ]  # fmt: skip
    assert [row[1] for row in gathering.rows if row[0] == "furniture"] == [text for _, _, text in READ[:4]]
    assert {row[5] for row in gathering.rows if row[7] == 3} == {2}


def test_another_table_overleaf_is_another_table() -> None:
    low, top = [300.0, 270.0, 230.0], [790.0, 760.0, 720.0]
    first = draw([*lines(72, 790, *PROSE), *set_cells(XS, low, [HEAD, FIRST])]) + rule_grid(XS, [*low, 190.0])
    other = ["Aim", "Step", "Who", "When"]
    second = draw(set_cells(XS, top, [other, SECOND])) + rule_grid(XS, [*top, 680.0])
    gathering = gather(write_contents([first, second]))
    assert [row for row, _, _ in cells(gathering, 2)] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_a_table_at_the_head_of_every_page_is_furniture() -> None:
    xs, ys = [72.0, 300.0, 540.0], [840.0, 825.0, 810.0]
    head = rule_grid(xs, ys) + draw(set_cells(xs, ys, [["City Council", "Plan"], ["Version 2", "Policy team"]]))
    gathering = gather(write_contents([head + page(WORDS, LINED["grid"]), head + draw(lines(72, 700, *PROSE))]))
    assert [row[1] for row in gathering.rows if row[0] == "furniture"] == [
        "City Council Plan Version 2 Policy team"
    ] * 2
    assert cells(gathering) == READ


def test_a_page_that_lies_on_its_side() -> None:
    turn = b"q 0 1 -1 0 595 0 cm\n"
    ys = [500.0, 470.0, 420.0, 380.0]
    content = turn + rule_grid(XS, ys) + draw(set_cells(XS, ys, [HEAD, FIRST, SECOND])) + b"Q\n"
    assert cells(gather(write_contents([content]))) == READ


def test_letters_that_run_up_in_a_head_belong_to_it() -> None:
    up = b"BT /F2 10 Tf 0 1 -1 0 495 672 Tm (When) Tj ET\n"
    words = set_cells(XS, YS, [HEAD[:3], FIRST, SECOND])
    assert (1, 4, "When") in cells(gather(write(words, LINED["grid"], up)))


def test_drawings_are_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    many = b"".join(b"%d %d 9 9 re S\n" % (7 * (n % 80), 9 * (n // 80)) for n in range(6_000))
    gathering = gather(write(WORDS, LINED["grid"], many))
    assert "cell" not in kinds(gathering)
    hatched = rule(*[(20, 3 * n, 570, 3 * n) for n in range(280)], *[(3 * n, 20, 3 * n, 820) for n in range(190)])
    begin = time.process_time()
    gather(write(WORDS, hatched, fill(*[(n, n, n + 9, n + 9) for n in range(400)])))
    assert time.process_time() - begin < 5
    monkeypatch.setattr(pdf_tables, "_MOST_LETTERS", 10)
    assert "cell" not in kinds(gather(write(WORDS, LINED["grid"])))


def test_paths_that_lead_nowhere_do_no_harm() -> None:
    wild = (
        b"1 0 0 1 1e30 0 cm 0 0 m 1e38 1e38 l S Q h h S 5 5 m S 10 10 l S 0 0 m h f 1 1 0 0 re f\n"
        b"q 0 0 0 0 0 0 cm 0 0 100 100 re S Q 3 3 m 4 4 5 5 6 6 c 7 7 l h B*\n"
    )
    assert texts(gather(write(WORDS, LINED["grid"], b"q ", wild)))[:1] != []
