"""From a run and a template to the parts of a paper, in their order."""

from __future__ import annotations

import string
from collections.abc import Iterator

from mapping.paper.appendices import APPENDIX_MAKERS, TITLES
from mapping.paper.blocks import Block, Text, Wide, make_key, write_gap
from mapping.paper.body import MAKERS
from mapping.paper.draft import STANDING, Draft
from mapping.paper.sources import Fact, Source, Tables
from mapping.paper.template import Entry, Template

__all__ = ["compose", "say_title"]

_LETTERS = string.ascii_uppercase


def compose(tables: Tables, template: Template) -> list[Block]:
    """Return the parts of a paper in their order.

    Parameters
    ----------
    tables : Tables
        Of the run, with what changed since an earlier one where that is known.
    template : Template
    """
    names = [name for name in template.appendices if name != "changes" or tables.changes is not None]
    draft = Draft(tables, dict(zip(names, _LETTERS, strict=False)))
    blocks = [*_open(draft, template)]
    for section in template.sections:
        blocks.append(Text(make_key("h", section.heading), "heading", Fact(section.heading)))
        for entry in section.content:
            blocks += _fill(draft, entry, section.heading)
    blocks += _close(draft, template, names)
    for name in names:
        blocks.append(Text(make_key("app", name), "appendix", Fact(TITLES[name])))
        blocks += APPENDIX_MAKERS[name](draft)
    return blocks


def say_title(tables: Tables, template: Template) -> Fact:
    """Return the title of the paper."""
    return tables.say(
        template.title,
        framework=Source("framework", "name"),
        partnership=Source("partnership", "name"),
        place=Source("partnership", "place"),
        edition=Source("partnership", "edition"),
    )


def _open(draft: Draft, template: Template) -> Iterator[Block]:
    for entry in template.details:
        fact = Fact(f"{entry.label}: {write_gap(entry.value)}")
        yield Text(make_key("det", entry.label), "details", fact)
    yield Text("title", "title", say_title(draft.tables, template))
    said = draft.say(
        "DRAFT written from run {run}. Data edition: {edition}. A person confirmed {confirmed} of {tags} tags.",
        run=Source("run", "hash"),
        edition=Source("partnership", "edition"),
        confirmed=Source("cells", "confirmed", (), "sum"),
        tags=STANDING,
    )
    yield Text("draft_line", "draft-line", said)


def _fill(draft: Draft, entry: Entry, heading: str) -> list[Block]:
    if entry.kind == "gap":
        return [Text(make_key("gap", heading, entry.value), "paragraph", Fact(write_gap(entry.value)))]
    if entry.value == "list-appendices":
        return [Text("appendix_list", "paragraph", _list_appendices(list(draft.letters)))]
    return MAKERS[entry.value](draft)


def _list_appendices(names: list[str]) -> Fact:
    said = [f"{letter}: {TITLES[name]}" for name, letter in zip(names, _LETTERS, strict=False)]
    return Fact("; ".join(said) or "None")


def _close(draft: Draft, template: Template, names: list[str]) -> Iterator[Block]:
    if template.roles:
        if template.intro:
            yield Text("signoff", "plain", Fact(template.intro))
        gaps = Fact(write_gap("name")), Fact(write_gap("date"))
        rows = [[Fact(role), *gaps] for role in template.roles]
        head = ("Role", "Name", "Date of sign-off")
        yield Wide("signoff_table", head, rows, (0.34, 0.36, 0.3), "Sign-off", "One row per role, with name and date.")
    for entry in template.contacts:
        value = _list_appendices(names).text if entry.value == "list-appendices" else write_gap(entry.value)
        yield Text(make_key("con", entry.label), "details", Fact(f"{entry.label}: {value}"))
