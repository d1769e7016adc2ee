"""A hundred and fifty strings that have broken something somewhere, and a city whose every text field holds them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from conftest import CITY, write_city

from mapping.schema import BOARDS, NAMES, PASSAGES, PRIORITIES, STRATEGIES, THEMES

#: What a spreadsheet would run as a formula, at the start of a cell.
FORMULAS = [
    "=1+1", "=HYPERLINK(\"http://x.test\",\"go\")", "=cmd|' /C calc'!A0", "+44 homes", "+1+1", "-5% crime", "-1+1",
    "@home", "@SUM(A1:A9)", "\t=1+1", " =1+1", "'=1+1", "\"=1+1\"", "{=A1}", "=", "==", "=\"a\"&\"b\"", "%0A=1+1",
    "\uff1d1+1", "\uff0b1", "\u200b=1+1", ";=1+1", "=IMPORTXML(\"http://x.test\",\"//a\")",
    "=WEBSERVICE(\"http://x.test\")",
]  # fmt: skip
#: What a browser, a template or an XML reader would take for markup.
MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
    "</td></table><h1>big</h1>", "<b>bold", "a & b", "&amp;", "&lt;b&gt;", "&#x41;", "&nonsense;", "<!-- comment -->",
    "]]>", "<![CDATA[x]]>", "<?xml version=\"1.0\"?>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "{{ 7*7 }}", "{% raw %}",
    "{# note #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "javascript:alert(1)", "data:text/html,<b>x</b>",
    "<a href='http://x.test'>x</a>", "<style>*{display:none}</style>", "' onmouseover='alert(1)",
    "` onclick=`alert(1)`", "<w:p/>", "</w:t></w:r>", "<text>x</text>",
]  # fmt: skip
#: What a typesetting or plotting library would take for mathematics.
MATHS = [
    "Cost $5 and $6", "$\\input{x}$", "$x^2$", "$$x$$", "$$suggested$$", "\\frac{1}{2}", "\\n is not a line", "$",
    "a_b^c", "\\$5", "$\\notacommand$", "${}", "%s %d %(a)s", "{0} {name}", "{", "}", "{}", "\\", "\\\\",
    "C:\\new\\table",
]  # fmt: skip
#: What Markdown, links and notes are made of.
MARKDOWN = [
    "[link](javascript:alert(1))", "[a](b) and [c](d)", "![i](http://x.test/i.png)", "| pipes | and `ticks` |",
    "**bold** _it_ ~~no~~", "# heading", "1. item", "- item", "> quote", "```", "---", "[x]", "[note 1]",
    "[^1]: note", "http://x.test", "mailto:a@x.test", "internal:Sheet!A1", "external:book.xlsx", "file:///a",
    "www.x.test",
]  # fmt: skip
#: Letters beyond the plain ones.
LETTERS = [
    "\u202eright to left", "\u0628\u0686\u0648\u06ba \u06a9\u06cc", "\u05e9\u05dc\u05d5\u05dd", "\u202aa\u202c",
    "\u2067a\u2069", "caf\u00e9", "cafe\u0301", "\u01c5", "stra\u00dfe", "\u0130stanbul", "\ufb01ne", "\u00bd",
    "\u2460", "emoji \U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1ec\U0001f1e7",
    "\u4f60\u597d", "\u0e2a\u0e27\u0e31", "a\u200bb", "a\u00adb", "a\u00a0b", "\ufeffb", "\u2028b",
    "\u2018quotes\u2019 \u201cand\u201d", "\u2013 \u2014 \u2026", "\u0301", "\u2007", "\ue000", "\ufffd",
    "Z\u0351\u036b\u0343A", "\u1e9e", "\u0f04",
]  # fmt: skip
#: Spaces, quotes, length and numbers that are words.
SHAPES = [
    "a, \"b\", c", "\"", "\"\"", "a;b;c", "a\nb", "a\r\nb", " a ", "a  b", "\ta\tb", "nan", "NaN", "None", "null",
    "NULL", "TRUE", "001", "1e5", "1/2", "2019-01-14", "-", "0", "1,000", "x" * 200, "word " * 60,
]  # fmt: skip
#: Characters that XML 1.0 forbids: shown as the replacement character.
FORBIDDEN = [
    "bell\x07", "esc\x1b[31m", "back\x08", "\x01", "unit\x1f", "\ufffe", "form\x0c", "vt\x0b",
]  # fmt: skip

STRINGS = [*FORMULAS, *MARKUP, *MATHS, *MARKDOWN, *LETTERS, *SHAPES]


def put(strings: list[str], n: int, longest: int = 0, end: str = "") -> str:
    """Return the n-th string, going round; with an end that keeps two apart, cut where a column says so."""
    text = strings[n % len(strings)]
    return f"{text[: longest - 4]}{n}" if longest else text + end


def write_awkward_city(folder: Path, strings: list[str]) -> Path:
    """Write a city in which every field of free text holds such a string, and each string is a priority."""
    tables = {
        "boards.csv": (BOARDS, [
            {"board": f"B{n}", "kind": "board", "statutory": "no", "in_matrix": "yes", "aliases": "", "follows": ""}
            for n in range(3)
        ]),
        "strategies.csv": (STRATEGIES, [
            {"strategy": f"S{n}", "board": f"B{n}", "standing": "named", "read": "yes", "in_force_from": "2019",
             "in_force_to": "2022", "aliases": ""}
            for n in range(3)
        ]),
        "priorities.csv": (PRIORITIES, [
            {"priority": f"P{n:03d}", "strategy": f"S{n % 3}", "wording": ("verbatim", "restated")[n % 2],
             "level": "priority", "parent": "", "text": f"{put(strings, n)} insulate cold homes, ask residents, {n}"}
            for n in range(len(strings))
        ]),
        "names.csv": (NAMES, [{"kind": "service", "board": "B1", "aliases": "", "name": f"{put(strings, 7)} Service"}]),
        "passages.csv": (PASSAGES, [
            {"passage": f"Q{n}", "board": f"B{n % 3}", "strategy": f"S{n % 3}", "wording": "verbatim"} for n in range(9)
        ]),
        "framework/themes.csv": (THEMES, [
            {"theme": theme, "number": str(n)} for n, theme in enumerate(("voice", "homes", "work", "river"), start=1)
        ]),
    }  # fmt: skip
    files: dict[str, str | bytes | None] = {}
    at = 0
    for name, (columns, rows) in tables.items():
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        for number, row in enumerate(rows):
            cells = []
            for column in columns:
                at += 1
                cells.append(row.get(column.name, put(strings, at, column.longest or 0, f" {name[:2]}{number}")))
            writer.writerow(cells)
        files[name] = out.getvalue()
    info = {key: put(strings, n * 5 + 3) for n, key in enumerate(("name", "place", "edition", "about"))}
    lines = "".join(f"{key}: {quote(value)}\n" for key, value in info.items())
    files["partnership.yaml"] = f"id: millbrook\nframework: framework\n{lines}"
    words = {key: put(strings, n * 11 + 6) for n, key in enumerate(("name", "agreed", "source_title"))}
    own = "".join(f"{key}: {quote(value)}\n" for key, value in words.items())
    kept = [line for line in CITY["framework/framework.yaml"].splitlines() if line.split(":")[0] not in words]
    files["framework/framework.yaml"] = own + "\n".join(kept) + "\n"
    files["decisions.csv"] = decide(strings)
    return write_city(folder, files)


def decide(strings: list[str]) -> str:
    """Return decisions on some priorities, with awkward notes and reviewers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["framework", "priority", "theme", "decision", "words", "reviewer", "time", "note"])
    for n in range(0, len(strings), 3):
        words = f"{put(strings, n)} insulate cold homes, ask residents, {n}"
        said = ("confirm", "reject")[n % 2]
        writer.writerow(
            [
                "millbrook-themes",
                f"P{n:03d}",
                "homes",
                said,
                words,
                put(strings, n + 1, 0, " r"),
                "2019",
                put(strings, n + 2),
            ]
        )
    return out.getvalue()


def quote(text: str) -> str:
    """Return a text as a double-quoted YAML scalar."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in plain) + '"'
