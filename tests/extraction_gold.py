"""Papers of our own making, in every format that is read, with the priorities, numbers and pages that are in them.

What counts as a row: a statement of vision, aim, outcome, priority or action that a paper sets out or recommends, as
an item of a list, a cell, a labelled line, a heading under "Our priorities", or in a sentence that announces it; once
each, however often a paper or its twin repeats it. Not rows: achievements, developments, challenges, risks, reasons,
evidence, how priorities were chosen or will be measured, names of boards and documents, contents, page headers.

The city is Millbrook; Wharfton is another. Nothing is taken from a real paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import docx
import xlsxwriter


class Row(NamedTuple):
    """One statement that a paper holds: its words, level, board, printed number and page (0: none)."""

    text: str
    level: str
    board: str
    number: str = ""
    page: int = 0


class Paper(NamedTuple):
    """One paper: its file, how it is made, its rows, and what it is a trap for."""

    file: str
    make: Callable[[Path], None]
    rows: tuple[Row, ...]
    trap: str


UNKNOWN = "board unknown"
HWB, SCB, CFL, HGB = (
    "Health and Wellbeing Board",
    "Safer Communities Board",
    "Children, Families and Learners Board",
    "Housing and Growth Board",
)


def _rows(texts: Iterable[str], level: str, board: str, numbers: Iterable[str] = (), page: int = 0) -> tuple[Row, ...]:
    given = list(numbers)
    return tuple(
        Row(text, level, board, given[at] if at < len(given) else "", page) for at, text in enumerate(texts)
    )  # fmt: skip


# --- small writers ------------------------------------------------------------------------------------------


def write_text(text: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(text, encoding="utf-8") and None


def write_word(parts: list[tuple[str, object]]) -> Callable[[Path], None]:
    """Write a Word file: parts are (style, text), ("table", rows) or ("break", "")."""

    def make(path: Path) -> None:
        document = docx.Document()
        for style, content in parts:
            if style == "table":
                rows: list[list[str]] = content  # type: ignore[assignment]
                table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
                for at, cells in enumerate(rows):
                    for column, text in enumerate(cells):
                        first, *more = text.split("\n")
                        table.rows[at].cells[column].text = first
                        for line in more:
                            table.rows[at].cells[column].add_paragraph(line)
            elif style == "break":
                document.add_page_break()
            else:
                document.add_paragraph(str(content), style=style)
        document.save(str(path))

    return make


def write_sheet(sheets: dict[str, list[list[str]]]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for at, cells in enumerate(rows):
                    for column, text in enumerate(cells):
                        sheet.write_string(at, column, text) if text else None

    return make


def write_pdf(pages: list[list[tuple[str, str]]], header: str = "", footer: str = "") -> Callable[[Path], None]:
    """Write a PDF of our own: each page is lines of (style, text), style h1, h2, p, li or gap."""
    sizes = {"h1": 20, "h2": 15, "p": 11, "li": 11}

    def draw(lines: list[tuple[str, str]], number: int) -> bytes:
        parts, y = [], 780
        if header:
            parts.append(f"BT /F1 8 Tf 60 815 Td ({_escape(header)}) Tj ET")
        for style, text in lines:
            if style == "gap":
                y -= 14
                continue
            size = sizes[style]
            y -= size + (14 if style.startswith("h") else 4)
            font = "F2" if style.startswith("h") else "F1"
            words = f"\u2022 {text}" if style == "li" and text[:1].isalpha() else text
            x = 78 if style == "li" else 60
            parts.append(f"BT /{font} {size} Tf {x} {y} Td ({_escape(words)}) Tj ET")
        if footer:
            parts.append(f"BT /F1 8 Tf 60 30 Td ({_escape(f'{footer} {number}')}) Tj ET")
        return "\n".join(parts).encode("cp1252")

    def make(path: Path) -> None:
        path.write_bytes(_pack_pdf([draw(lines, number) for number, lines in enumerate(pages, start=1)]))

    return make


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pack_pdf(streams: list[bytes]) -> bytes:
    fonts = [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
        for name in ("Helvetica", "Helvetica-Bold")
    ]
    count = len(streams)
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        *fonts,
    ]
    for at, stream in enumerate(streams):
        page = (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + 2 * at} 0 R >>"
        )
        objects += [page.encode(), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


# --- the papers ---------------------------------------------------------------------------------------------

_STRATEGY_MD = """\
# Millbrook Health and Wellbeing Board: Joint Strategy 2024-2029

## Foreword

Millbrook is a good place to live. This strategy was written with our partners, and we thank all who took part.

## Our vision

A Millbrook where everyone lives well for longer.

## Our priorities

The Health and Wellbeing Board has agreed the following priorities:

1. Give every child a healthy start
2. Help people to move more and eat well
3. Make mental health everyone's business

## What we will do

- Open a family hub in every ward
- Train 200 mental health first aiders

## Why this matters

- One in five adults in Millbrook smokes
- Life expectancy differs by nine years between wards

## How we will know

- Fewer children are overweight at age 11
- More adults say that they feel well

## Risks

- Funding ends in 2026
"""

_LABELS_TXT = """\
Millbrook Safer Communities Board
Community Safety Plan 2023-26

Contents

Our priorities .................. 3
Priority 1: Safer streets ....... 4
Governance ...................... 9

Introduction

This plan sets out how partners in Millbrook will work together over the
next three years. It follows the assessment of 2022.

Our priorities

Priority 1: Safer streets after dark for women
and girls

We know that many women do not walk through the town at night. The police
record most assaults between ten and two.

Priority 2: Fewer young people drawn into gangs

Priority 3: Tackle anti-social behaviour where it does most harm

What we have achieved

- Burglary fell by a tenth
- Two wardens were appointed

Next steps

- Publish a yearly action plan
- Set up a survivors' panel
"""

_REPORT_DOCX = [
    ("Heading 1", "HEALTH AND WELLBEING BOARD"),
    ("Normal", "12 March 2024"),
    ("Normal", "Report of the Director of Public Health"),
    ("Heading 2", "Tobacco control in Millbrook"),
    ("Heading 2", "Purpose of report"),
    ("Normal", "1.1 To update the Board on work to reduce smoking in Millbrook."),
    ("Heading 2", "Recommendations"),
    ("Normal", "2.1 That the Board agrees the tobacco control plan."),
    ("Normal", "2.2 That two stop smoking advisers are hired."),
    ("Normal", "2.3 That a further report comes to the Board in September."),
    ("Heading 2", "Reasons for recommendations"),
    ("Normal", "3.1 To meet the duty to improve the health of residents."),
    ("Heading 2", "Supporting information"),
    ("Normal", "4.1 The regional network has published the following objectives for all areas:"),
    ("List Bullet", "Stop young people from starting to smoke"),
    ("List Bullet", "Help smokers in routine jobs to quit"),
    ("Normal", "4.2 Smoking costs Millbrook twelve million pounds a year."),
    ("Heading 2", "Corporate priorities"),
    ("Normal", "5.1 The plan supports the council's priority of healthy lives."),
    ("Heading 2", "Legal implications"),
    ("Normal", "6.1 None."),
    ("Heading 2", "Financial implications"),
    ("Normal", "7.1 The plan will be met from the public health grant."),
    ("Heading 2", "Background papers"),
    ("Normal", "None."),
]

_ONE_PAGE_DOCX = [
    ("Title", "The Millbrook Plan 2024"),
    ("Normal", "The plan on one page shows how the partnership is led."),
    (
        "table",
        [
            ["City Vision", "Millbrook 2035: a fair, green and busy town"],
            [
                "Priority Outcomes",
                "• Keeping vulnerable people safe\n• Raising skills and wages\n• Building warm homes",
            ],
            [
                "Outcome Boards",
                "Children, Families and Learners Board\nMillbrook Children's Plan\nSafer Communities Board\n"
                "Millbrook Community Safety Plan",
            ],
            ["Partnership Goal", ""],
            ["One Millbrook: nobody left behind", ""],
        ],
    ),
]

_BOARDS_DOCX = [
    ("Heading 1", "Priorities of the partnership's boards, 2024"),
    ("Normal", "Each board of the Millbrook Partnership has set out what it will do first."),
    (
        "table",
        [
            ["Board", "Strategy", "Priorities"],
            [
                "Children, Families & Learners' Board",
                "Millbrook Children's Plan",
                "Every child ready for school\nBetter support for young carers",
            ],
            [
                "Safer Communities Board",
                "Community Safety Plan and Domestic Abuse Strategy",
                "Safe at home and out of doors",
            ],
        ],
    ),
]

_ACTIONS_XLSX = {
    "Action plan": [
        ["Housing and Growth Board: action plan 2024/25", "", "", "", ""],
        ["Priority", "Action", "Lead", "By when", "RAG"],
        [
            "Build homes that people can afford",
            "Release three sites for social rent",
            "Head of Housing",
            "June",
            "Green",
        ],
        ["", "Buy back thirty former council homes", "Head of Housing", "March", "Amber"],
        ["Keep good jobs in the town", "Offer rate relief to firms that train", "Head of Growth", "May", "Green"],
    ],
    "Notes": [["RAG stands for red, amber and green."]],
}

_ANNUAL_HTML = """\
<!DOCTYPE html><html lang="en"><head><title>Safer Communities Board annual report 2023</title></head><body>
<h1>Safer Communities Board annual report 2023</h1>
<p>The Safer Communities Board has four priorities: safer roads; fewer fires; less hate crime; and trust
in policing.</p>
<h2>Achievements</h2>
<ul><li>Twelve crossings were rebuilt</li><li>Every school had a fire safety visit</li></ul>
<h2>Challenges and risks</h2>
<ul><li>Hate crime is seldom reported</li><li>Recruiting officers remains hard</li></ul>
<h2>Looking ahead: what we will do in Millbrook</h2>
<ul><li>Start a third reporting centre</li><li>Bring back speed watch</li></ul>
</body></html>
"""

_STRATEGY_PDF = [
    [
        ("h1", "Millbrook Children's Plan"),
        ("p", "Children, Families and Learners Board"),
        ("gap", ""),
        ("h2", "Contents"),
        ("p", "Introduction .................................... 2"),
        ("p", "Our priorities .................................. 2"),
    ],
    [
        ("h2", "Introduction"),
        ("p", "This plan is for every child in Millbrook and for those who look after them. It was"),
        ("p", "agreed by the board in May after talking with parents, schools and young people."),
        ("h2", "Our priorities"),
        ("gap", ""),
        ("li", "Give babies the best start in life"),
        ("li", "Close the gap in attainment at sixteen, above all for children who have been in"),
        ("li", "   care"),
        ("li", "Keep teenagers safe online"),
    ],
    [
        ("h2", "What we will do"),
        ("gap", ""),
        ("li", "Open two nurseries in the north of the town"),
        ("li", "Pay for a mentor for every care leaver"),
        ("h2", "What the data tells us"),
        ("gap", ""),
        ("li", "A third of children live in low-income families"),
        ("li", "One school in five is rated less than good"),
    ],
]

_HEADINGS_DOCX = [
    ("Title", "Millbrook Housing and Growth Board Strategy 2024 to 2030"),
    ("Heading 1", "Where are we now"),
    ("Normal", "Rents have risen by a third in Millbrook since 2015."),
    ("Heading 1", "Our objectives"),
    ("Normal", "The strategy sets out what the board wants to change."),
    ("Heading 2", "1. More homes for rent"),
    ("Normal", "Waiting lists have doubled and too many families are in temporary housing."),
    ("Heading 3", "What we will do"),
    ("List Bullet", "Build 400 council homes by 2028"),
    ("List Bullet", "License every shared house"),
    ("Heading 2", "2. Warm and healthy homes"),
    ("Normal", "Damp makes people ill."),
    ("Heading 3", "What we will do"),
    ("List Bullet", "Insulate 1,000 homes"),
    ("Heading 3", "How we will measure success"),
    ("List Bullet", "Fewer homes with a serious hazard"),
    ("Heading 1", "Glossary"),
    ("Normal", "HMO: a house in multiple occupation."),
]

_TWIN_TXT = """\
Millbrook Health and Wellbeing Board: Joint Strategy 2024-2029

Foreword

Millbrook is a good place to live. This strategy was written with our partners, and we
thank all who took part.

Our vision

A Millbrook where everyone lives well for longer.

Our priorities

The Health and Wellbeing Board has agreed the following priorities:

\uf0b7 Give every child a healthy start \n
\uf0b7 Help people to move more and eat well \n
\uf0b7 Make mental health everyone's business \n
What we will do

l Open a family hub in every ward
l Train 200 mental health first aiders

Why this matters

l One in five adults in Millbrook smokes
l Life expectancy differs by nine years between wards

How we will know

l Fewer children are overweight at age 11
l More adults say that they feel well

Risks

l Funding ends in 2026
"""

_OTHER_TXT = """\
Wharfton City Council

Corporate Plan 2024

Our priorities

1. Clean streets
2. Good schools for all
3. A city centre that is open late

Wharfton City Council will report on these each year.
"""

_PROGRESS_MD = """\
# Millbrook Partnership meeting

Notes of 4 June 2024.

## Better Start Millbrook

### Achievements

- The nursery at Mill Lane opened

### Issues on the horizon

- New guidance is expected

Our two aims for the coming year are early talk and good food.

## Thriving Millbrook

### Achievements

- Forty apprentices were placed

### Issues on the horizon

- The grant is under review

### Achievements

- Street lights were mended in two wards

### Issues on the horizon

The focus for the year will be on safe routes to school. Three areas of focus are agreed: lighting; crossings; and
speed.
"""

_PRIORITIES_CSV = """\
Ref,Theme,Priority,Owner
P1,Getting about,Run buses until midnight,Transport team
P2,Getting about,Fill potholes within a week,Highways
P3,Green Millbrook,Plant 5000 trees by 2030,Parks
"""

_NESTED_HTM = """\
<html><head><title>Millbrook Culture Strategy</title></head><body>
<h1>Millbrook Culture Strategy</h1>
<h2>Consultation</h2>
<p>We asked residents about:</p>
<ul><li>libraries</li><li>parks</li></ul>
<h2>Our ambitions</h2>
<ol><li>Make culture part of every school week<ul><li>Visit every primary school</li></ul></li>
<li>Bring festivals to every estate</li></ol>
<h2>Further information</h2><p>Write to culture@millbrook.example</p>
</body></html>
"""

_TRACKER_HTML = """\
<html><head><title>Scrutiny recommendation tracker 2023/24</title></head><body>
<h1>Millbrook scrutiny recommendation tracker 2023/24</h1>
<p>Total recommendations: 4</p><p>Agreed 2 50%, agreed in part 1 25%, not agreed 1 25%</p>
<h2>Cabinet, 4 June: Housing Panel</h2>
<table><tr><th>No.</th><th>Recommendation</th><th>Agreed?</th><th>Comment</th></tr>
<tr><td>1</td><td>That tenants are involved in decisions about repairs</td><td>Yes</td><td>From April.</td></tr>
<tr><td>2</td><td>That every estate has a warden</td><td>No</td><td>There is no budget for this.</td></tr>
<tr><td>3</td><td>That the apprenticeship scheme is open to care leavers</td><td>In part</td><td>At two firms.</td></tr>
<tr><td>4</td><td>That young people who leave care have a home of their own</td><td>Yes</td><td></td></tr></table>
</body></html>
"""

_ACTIONS = ("Open a family hub in every ward", "Train 200 mental health first aiders")
PAPERS = (
    Paper(
        "strategy.md", write_text(_STRATEGY_MD),
        (
            Row("A Millbrook where everyone lives well for longer.", "vision", HWB),
            *_rows(
                ("Give every child a healthy start", "Help people to move more and eat well",
                 "Make mental health everyone's business"), "priority", HWB, ("1.", "2.", "3."),
            ),
            *_rows(_ACTIONS, "action", HWB),
        ),
        "why, how we will know and risks stand in lists like the priorities",
    ),
    Paper(
        "labels.txt", write_text(_LABELS_TXT),
        (
            *_rows(
                ("Safer streets after dark for women and girls", "Fewer young people drawn into gangs",
                 "Tackle anti-social behaviour where it does most harm"),
                "priority", SCB, ("Priority 1", "Priority 2", "Priority 3"),
            ),
            *_rows(("Publish a yearly action plan", "Set up a survivors' panel"), "action", SCB),
        ),
        "a contents list repeats the priorities; a broken line; achievements",
    ),
    Paper(
        "report.docx", write_word(_REPORT_DOCX),
        (
            Row("That two stop smoking advisers are hired.", "action", HWB, "2.2"),
            *_rows(("Stop young people from starting to smoke", "Help smokers in routine jobs to quit"), "priority",
                   UNKNOWN),
        ),
        "a committee report: numbered paragraphs, standing headings, what only the meeting decides, others' objectives",
    ),
    Paper(
        "one-page.docx", write_word(_ONE_PAGE_DOCX),
        (
            Row("Millbrook 2035: a fair, green and busy town", "vision", UNKNOWN),
            *_rows(("Keeping vulnerable people safe", "Raising skills and wages", "Building warm homes"), "priority",
                   UNKNOWN),
            Row("One Millbrook: nobody left behind", "theme", UNKNOWN),
        ),
        "labels beside cells, bullets inside a cell, a label alone above its value",
    ),
    Paper(
        "boards.docx", write_word(_BOARDS_DOCX),
        (
            *_rows(("Every child ready for school", "Better support for young carers"), "priority", CFL),
            Row("Safe at home and out of doors", "priority", SCB),
        ),
        "a row for each board, two strategies in one cell, another spelling of a board",
    ),
    Paper(
        "actions.xlsx", write_sheet(_ACTIONS_XLSX),
        (
            Row("Build homes that people can afford", "priority", HGB),
            Row("Release three sites for social rent", "action", HGB),
            Row("Buy back thirty former council homes", "action", HGB),
            Row("Keep good jobs in the town", "priority", HGB),
            Row("Offer rate relief to firms that train", "action", HGB),
        ),
        "columns, a merged priority, ranks and colours, a sheet without priorities",
    ),
    Paper(
        "annual.html", write_text(_ANNUAL_HTML),
        (
            *_rows(("safer roads", "fewer fires", "less hate crime", "trust in policing"), "priority", SCB),
            *_rows(("Start a third reporting centre", "Bring back speed watch"), "action", SCB),
        ),
        "priorities in prose; achievements and challenges in lists",
    ),
    Paper(
        "children.pdf", write_pdf(_STRATEGY_PDF, "Millbrook Children's Plan 2024", "Page"),
        (
            *_rows(
                ("Give babies the best start in life",
                 "Close the gap in attainment at sixteen, above all for children who have been in care",
                 "Keep teenagers safe online"), "priority", CFL, ("•",) * 3, 2,
            ),
            *_rows(("Open two nurseries in the north of the town", "Pay for a mentor for every care leaver"), "action",
                   CFL, ("•",) * 2, 3),
        ),
        "pages, headers and footers, a contents list, an item over two lines",
    ),
    Paper(
        "headings.docx", write_word(_HEADINGS_DOCX),
        (
            *_rows(("More homes for rent", "Warm and healthy homes"), "priority", HGB),
            *_rows(("Build 400 council homes by 2028", "License every shared house", "Insulate 1,000 homes"), "action",
                   HGB),
        ),
        "priorities that are headings, actions beneath, measures beneath",
    ),
    Paper("twin.txt", write_text(_TWIN_TXT), (), "strategy.md again, with lost bullets: nothing new"),
    Paper("other.txt", write_text(_OTHER_TXT), (), "another authority's paper"),
    Paper(
        "progress.md", write_text(_PROGRESS_MD),
        (
            *_rows(("early talk", "good food"), "theme", "Better Start Millbrook"),
            Row("safe routes to school", "priority", UNKNOWN),
            *_rows(("lighting", "crossings", "speed"), "priority", UNKNOWN),
        ),
        "a section without its heading; achievements",
    ),
    Paper(
        "priorities.csv", write_text(_PRIORITIES_CSV),
        (
            *_rows(("Getting about", "Green Millbrook"), "theme", UNKNOWN),
            *_rows(("Run buses until midnight", "Fill potholes within a week", "Plant 5000 trees by 2030"), "priority",
                   UNKNOWN),
        ),
        "a theme repeated on each row",
    ),
    Paper("tracker.html", write_text(_TRACKER_HTML), (), "a tracker: recommendations with answers, no priorities"),
    Paper(
        "culture.htm", write_text(_NESTED_HTM),
        (
            *_rows(("Make culture part of every school week", "Bring festivals to every estate"), "theme", UNKNOWN,
                   ("1.", "2.")),
            Row("Visit every primary school", "action", UNKNOWN),
        ),
        "nested lists; a list of what was asked; contact details",
    ),
)  # fmt: skip


def write_papers(folder: Path) -> list[Path]:
    """Write all papers into a folder, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    for paper in PAPERS:
        paper.make(folder / paper.file)
    return [folder / paper.file for paper in PAPERS]


# --- the same text as Word ----------------------------------------------------------------------------------


def write_as_word(text: str, path: Path) -> Path:
    """Write a text as an officer would type it into Word: headings by style or in bold, lists, rows as tables."""
    document = docx.Document()
    table: list[list[str]] = []
    for block in _list_blocks(text):
        if "\t" in block:
            table.append([cell.strip() for cell in block.split("\t")])
            continue
        _add_table(document, table)
        table = []
        _add_block(document, block)
    _add_table(document, table)
    document.save(str(path))
    return path


def _list_blocks(text: str) -> Iterable[str]:
    """Yield paragraphs: lines joined until a blank line, a mark or a row."""
    block = ""
    for line in [*text.split("\n"), ""]:
        bare = line.rstrip()
        starts = not bare.strip() or re.match(r"\s*(?:[-•\uf0b7#]|\d+\.\d+ |[a-z]\) )", bare) or "\t" in bare
        if starts and block:
            yield block
            block = ""
        if "\t" in bare:
            yield bare.strip(" ")
        elif bare.strip():
            block = f"{block} {bare.strip()}" if block else bare
    if block:
        yield block


def _add_block(document: Any, block: str) -> None:
    marks = re.match(r"(#+) (.*)", block)
    item = re.match(r"(\s*)[-•\uf0b7] (.*)", block)
    bare = block.replace("**", "").strip()
    if marks:
        document.add_heading(marks[2].replace("**", ""), level=min(len(marks[1]), 4))
    elif bare.isupper() and len(bare) < 60:
        document.add_heading(bare, level=1)
    elif item and re.match(r"\d+\.\d+ ", item[2]):
        document.add_paragraph(item[2].replace("**", ""))
    elif item:
        text = item[2].replace("**", "").replace("*", "")
        document.add_paragraph(text, style="List Bullet 2" if item[1] else "List Bullet")
    else:
        paragraph = document.add_paragraph()
        paragraph.add_run(bare).bold = len(bare.split()) <= 9 and bare[-1:] not in ".;:,"


def _add_table(document: Any, rows: list[list[str]]) -> None:
    if not rows:
        return
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)), style="Table Grid")
    for at, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.rows[at].cells[column].text = text
    document.add_paragraph("")
