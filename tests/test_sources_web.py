"""Web pages: their own marks of headings and lists, their letters, and what is not fetched."""

from __future__ import annotations

import pytest

from mapping.sources.gathering import Gathering
from mapping.sources.refusals import RefusedError
from mapping.sources.web import read


def gather(page: str | bytes) -> Gathering:
    gathering = Gathering()
    read(page.encode() if isinstance(page, str) else page, "a.html", gathering)
    return gathering


def test_headings_lists_and_tables() -> None:
    gathering = gather(
        "<html lang=cy><title>Plan</title><nav><a href=x>Home</a></nav><h1>Safer city</h1><p>Some <b>words</b>.</p>"
        "<ul><li>Reduce hate crime<ul><li>in schools</li></ul></li><li><p>Support victims</p><p>and families.</p></ul>"
        "<ol start=3 type=a><li>Third</li></ol><table><tr><th>Board<th colspan=2>Plan<tr><td rowspan=2>A<td>B<td>C"
        "<tr><td>D<td>E</table><p>4.2 Typed</p><footer>Council</footer>"
    )
    assert (gathering.title, gathering.language) == ("Plan", "cy")
    assert [(row[0], row[2], row[3], tuple(row[7:9]), row[1]) for row in gathering.rows] == [
        ("furniture", 0, "", (0, 0), "Home"),
        ("heading", 1, "", (0, 0), "Safer city"),
        ("paragraph", 0, "", (0, 0), "Some words."),
        ("item", 1, "•", (0, 0), "Reduce hate crime"),
        ("item", 2, "•", (0, 0), "in schools"),
        ("item", 1, "•", (0, 0), "Support victims"),
        ("paragraph", 0, "", (0, 0), "and families."),
        ("item", 1, "c.", (0, 0), "Third"),
        ("cell", 0, "", (1, 1), "Board"),
        ("cell", 0, "", (1, 2), "Plan"),
        ("cell", 0, "", (2, 1), "A"),
        ("cell", 0, "", (2, 2), "B"),
        ("cell", 0, "", (2, 3), "C"),
        ("cell", 0, "", (3, 2), "D"),
        ("cell", 0, "", (3, 3), "E"),
        ("item", 1, "4.2", (0, 0), "Typed"),
        ("furniture", 0, "", (0, 0), "Council"),
    ]


@pytest.mark.parametrize(
    ("page", "warned"),
    [
        ("<p>café ‘x’</p>".encode(), False),
        ("<meta charset=utf-8><p>café ‘x’</p>".encode(), False),
        ("<meta charset=windows-1252><p>café ‘x’</p>".encode("cp1252"), False),
        ("<meta charset=iso-8859-1><p>café ‘x’</p>".encode("cp1252"), False),
        ("<meta charset=windows-1252><p>café ‘x’</p>".encode(), True),
        ("<p>café ‘x’</p>".encode("cp1252"), True),
        ("<meta charset=nonsense><p>café ‘x’</p>".encode(), True),
        ("\ufeff<meta charset=latin-1><p>café ‘x’</p>".encode("utf-16"), False),
    ],
)
def test_letters_by_mark_declaration_and_what_they_are(page: bytes, warned: bool) -> None:
    gathering = gather(page)
    assert [row[1].lstrip("\ufeff") for row in gathering.rows] == ["café ‘x’"]
    assert bool(gathering.warnings) == warned


def test_what_is_beside_the_words_is_left_out() -> None:
    gathering = gather(
        "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><p>a&x;b<script>no()</script><style>p{}</style>"
        "<iframe src='http://127.0.0.1:9/'>no</iframe></p><p onclick=x()>c</p>"
    )
    text = " ".join(row[1] for row in gathering.rows)
    assert "a&x;b" in text
    assert "no" not in text
    assert "other page(s) inside it" in gathering.warnings[0][0]


def test_bullets_after_line_breaks_stand_for_themselves() -> None:
    gathering = gather("<p>We will:<br>• Tackle crime<br>• Support<br>families</p>")
    assert [(row[0], row[1]) for row in gathering.rows] == [
        ("paragraph", "We will:"), ("item", "Tackle crime"), ("item", "Support families"),
    ]  # fmt: skip


def test_a_page_that_a_script_writes_is_refused() -> None:
    with pytest.raises(RefusedError, match="script"):
        gather("<html><body><script>write()</script></body></html>")


def test_nesting_on_both_sides_of_the_limit() -> None:
    assert [row[1] for row in gather("<div>" * 200 + "deep").rows] == ["deep"]
    with pytest.raises(RefusedError, match="nested more than 256 deep"):
        gather("<div>" * 300 + "deep")


def test_summaries_and_titles_of_cards_are_headings_and_terms_are_items() -> None:
    card = "<div class=card><div>{}</div><div>{}</div></div>"
    gathering = gather(
        "<h2>Our aims</h2><details><summary>Safe</summary><p>More wardens.</p></details><h2>Plans</h2><div>"
        + card.format("Green", "Plant trees.")
        + card.format("Fair", "Pay well.")
        + "</div><h2>Pledges</h2><dl><dt>Lit</dt><dd>Mend lamps.</dd></dl>"
        "<div><div>Alone</div><div>This is no card.</div></div>"
    )
    assert [(row[0], row[2], row[1]) for row in gathering.rows] == [
        ("heading", 2, "Our aims"), ("heading", 3, "Safe"), ("paragraph", 0, "More wardens."),
        ("heading", 2, "Plans"), ("heading", 3, "Green"), ("paragraph", 0, "Plant trees."), ("heading", 3, "Fair"),
        ("paragraph", 0, "Pay well."), ("heading", 2, "Pledges"), ("item", 1, "Lit"), ("paragraph", 0, "Mend lamps."),
        ("paragraph", 0, "Alone"), ("paragraph", 0, "This is no card."),
    ]  # fmt: skip


def test_footnotes_have_raised_numbers_and_their_signs_are_no_words() -> None:
    gathering = gather(
        "<ul><li>Free wifi<sup><a href=#fn1>1</a></sup></ul><p>The 2<sup>nd</sup></p>"
        "<section class=footnotes><ol><li id=fn1>Indoors.</li></ol></section>"
    )
    assert [(row[0], row[3], row[1]) for row in gathering.rows] == [
        ("item", "•", "Free wifi"), ("paragraph", "", "The 2nd"), ("paragraph", "¹", "Indoors."),
    ]  # fmt: skip


def test_words_that_are_hidden_at_first_are_read_and_that_is_said() -> None:
    page = "<p>Shown.<div hidden><p>In a tab.</div><p style='Display: none'>Behind.<div hidden></div><script hidden>x"
    gathering = gather(page)
    assert [row[1] for row in gathering.rows] == ["Shown.", "In a tab.", "Behind."]
    assert "not shown at first (2)" in gathering.warnings[0][0]
