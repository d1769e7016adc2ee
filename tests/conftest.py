"""A made-up city small enough to check by eye, and the shipped Derby data read once.

Millbrook has three boards in the matrix and a neighbour beside it. The Work Board's own strategy was not read.

========  =====  =====  ====  =====  ==========================
board     voice  homes  work  river  counted priorities
========  =====  =====  ====  =====  ==========================
HOM       1      1      0     0      3
PRK       1      0      1     0      3, and a heading
WRK       0      1      2     0      2, from a stand-in document
========  =====  =====  ====  =====  ==========================
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mapping.framework import Framework, read_framework
from mapping.partnership import Partnership, load_derby, read_partnership
from mapping.tags import Run, tag

CITY = {
    "partnership.yaml": """\
id: millbrook
name: Millbrook Partnership
place: Millbrook
edition: made up
framework: framework
about: A city made up for the tests.
""",
    "boards.csv": """\
board,name,short,tiny,kind,statutory,in_matrix,aliases
HOM,Homes Board,Homes,Homes,board,yes,yes,Housing Board
PRK,Parks Board,Parks,Parks,board,no,yes,
WRK,Work Board,Work,Work,board,no,yes,
RIV,River Valley Partnership,River Valley,River,neighbour,no,no,
""",
    "strategies.csv": """\
strategy,board,name,edition,in_force_from,in_force_to,in_force_basis,standing,read
HOM-S,HOM,Homes Strategy,2018-2022,2018,2022,years in the title,named,yes
PRK-S,PRK,Parks Plan,2019-2021,2019-04,2021-03,years in the title,named,yes
WRK-S,WRK,Work Strategy,,,,,named,no
WRK-NEWS,WRK,Work Board news page,2019,2019-01-28,,date of the page,stand-in,yes
RIV-S,RIV,River Valley Plan,2017-2027,2017,2027,years in the title,neighbouring,yes
""",
    "priorities.csv": """\
priority,strategy,text,wording,level,parent,source_title,source_address
HOM-01,HOM-S,Insulate cold homes,verbatim,priority,,Homes Strategy,
HOM-02,HOM-S,Involve tenants in decisions about repairs,verbatim,priority,,Homes Strategy,
HOM-03,HOM-S,Review the office rota,restated,priority,,Homes Strategy,
PRK-01,PRK-S,Apprenticeships in our parks,verbatim,theme,,Parks Plan,
PRK-02,PRK-S,Train apprentices as gardeners,verbatim,action,PRK-01,Parks Plan,
PRK-03,PRK-S,Ask residents which parks matter to them,verbatim,action,PRK-01,Parks Plan,
PRK-04,PRK-S,Resurface the car park,verbatim,priority,,Parks Plan,
WRK-01,WRK-NEWS,Create apprenticeships for school leavers,restated,priority,,News page,
WRK-02,WRK-NEWS,Train apprentices to insulate cold homes,restated,priority,,News page,
RIV-01,RIV-S,Keep the river clean,verbatim,priority,,River Valley Plan,
""",
    "decisions.csv": "framework,priority,theme,decision,words,reviewer,time,note\n",
    "framework/framework.yaml": """\
id: millbrook-themes
name: Millbrook themes
agreed: Made up for the tests.
source_title: none
source_address: ""
language: en
threshold: 0.5
margin: 0.1
""",
    "framework/themes.csv": """\
theme,number,name,short,tiny,wording,scope_note
voice,1,A voice for residents,Voice,Voice,Residents have a voice,Tenants and residents take part in decisions.
homes,2,Warm homes,Homes,Homes,Every home is warm and dry,Insulation and heating of cold and damp houses.
work,3,Skills for work,Work,Work,Everyone has skills for work,Apprentices and trainees and their training.
river,4,A clean river,River,River,The river is clean,Water that is clean and free of floods.
""",
    "framework/keywords.csv": """\
theme,pattern,role,reason
voice,involve * tenants,decides,tenants take part
voice,ask residents,decides,residents are asked
voice,involvement,decides,taking part
homes,insulat*,decides,keeps a home warm
homes,cold homes,decides,what is to be mended
homes,heating,supports,may be of an office
work,apprentic*,decides,training for work
work,skills,decides,the theme's own word
work,training,supports,may be of a dog
river,river * clean,decides,the theme's own words
river,floods,decides,what is to be kept out
river,flood of letters,cancels,a manner of speaking
""",
}


def write_city(
    folder: Path, changes: dict[str, str | bytes | None] | None = None, *, data: dict[str, str] = CITY
) -> Path:
    """Write the city's files into a folder; ``changes`` replace a file (None: leave it out)."""
    for name, content in {**data, **(changes or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            path.write_text(content, encoding="utf-8", newline="")
    return folder


def edit(name: str, *swaps: tuple[str, str]) -> dict[str, str | bytes | None]:
    """Return one file of the city with pieces of its text exchanged; each piece must be there."""
    text = CITY[name]
    for old, new in swaps:
        assert old in text, f"{old!r} is not in {name}"
        text = text.replace(old, new)
    return {name: text}


@pytest.fixture
def make_city(tmp_path: Path) -> Callable[..., Partnership]:
    """A function that writes the city with changes and reads it."""
    made: list[Path] = []

    def make(changes: dict[str, str | bytes | None] | None = None) -> Partnership:
        made.append(tmp_path / f"city-{len(made)}")
        return read_partnership(write_city(made[-1], changes))

    return make


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Partnership:
    """The made-up city."""
    return read_partnership(write_city(tmp_path_factory.mktemp("millbrook")))


@pytest.fixture(scope="session")
def run(city: Partnership) -> Run:
    """The made-up city, tagged."""
    return tag(city)


@pytest.fixture(scope="session")
def derby() -> Partnership:
    """The shipped data of January 2019."""
    return load_derby()


@pytest.fixture(scope="session")
def derby_run(derby: Partnership) -> Run:
    """Derby, tagged with the defaults."""
    return tag(derby)


@pytest.fixture(scope="session")
def closing_the_gap(derby: Partnership) -> Framework:
    """The five themes."""
    return derby.framework


@pytest.fixture(scope="session")
def made_up_themes(tmp_path_factory: pytest.TempPathFactory) -> Framework:
    """A framework whose every keyword is as rare as a word may be, so that its scores can be worked by hand."""
    return make_framework(tmp_path_factory.mktemp("made-up"))


MADE_UP_KEYWORDS = """\
theme,pattern,role,reason
zorb,zorbing,decides,rare
zorb,blimp,decides,rare
zorb,quoits,supports,rare
zorb,yurts,supports,rare
zorb,no blimp,cancels,not one
kite,kiteology,decides,rare
kite,quoits,decides,rare
"""


def make_framework(folder: Path, keywords: str = MADE_UP_KEYWORDS) -> Framework:
    """Write and read a framework of two themes, zorb and kite."""
    changes = {
        "framework.yaml": "id: made-up\nname: Made up\nthreshold: 0.5\nmargin: 0.1\n",
        "themes.csv": "theme,number,name,short,tiny,wording,scope_note\n"
        "zorb,1,Zorb,Zorb,Zorb,Zorbing,Zorbing and blimp.\n"
        "kite,2,Kite,Kite,Kite,Kiteology,Kiteology and quoits.\n",
        "keywords.csv": keywords,
    }
    return read_framework(write_city(folder, data=changes))
