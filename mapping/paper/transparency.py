"""A draft algorithmic transparency record under the headings of the UK standard: facts filled in, the rest as gaps."""

from __future__ import annotations

from mapping.paper.blocks import Block, Text, Wide, make_key, write_gap
from mapping.paper.draft import STANDING, TOTAL, Draft
from mapping.paper.sources import Fact, Source

__all__ = ["write_transparency"]

_G = write_gap
#: The tiers and fields of the Algorithmic Transparency Recording Standard; a field is a fact's text, or a gap.
_FIELDS: dict[str, tuple[tuple[str, str], ...]] = {
    "Tier 1: overview": (
        ("Name", "Strategy mapping with strategy-crossmap"),
        (
            "Description",
            "Suggests which of {themes} themes each of {total} priorities in partnership strategies speaks of, so that "
            "people can see where boards' priorities meet.",
        ),
        ("Website", _G("address of a page about the tool")),
        ("Contact email", _G("address of the team")),
    ),
    "Tier 2: owner and responsibility": (
        ("Organisation", _G("name of the organisation")),
        ("Team", _G("name of the team")),
        ("Senior responsible owner", _G("role of the owner")),
        ("Third-party involvement", _G("suppliers, their role, procurement and access to data, or none")),
    ),
    "Tier 2: description and rationale": (
        (
            "Detailed description",
            "Each priority is scored against each theme by keywords and by TF-IDF cosine. From a printed score on it "
            "is tagged as suggested. The same inputs give the same result.",
        ),
        ("Scope", "Statements in published strategies. It holds no data about persons and decides on no person."),
        ("Benefit", _G("the benefit that is expected, and how it will be judged")),
        ("Previous process", _G("how such a mapping was done before")),
        ("Alternatives considered", _G("for example reading by officers alone")),
    ),
    "Tier 2: deployment context": (
        ("Integration into the process", "The output is a draft for discussion. It recommends nothing."),
        ("Information provided", "Tables, figures and this draft, with the words behind each tag."),
        ("Frequency and scale", "{total} priorities of {boards} boards in this run; " + _G("how often it is run")),
        ("Human decisions", "A person can confirm, reject or add each tag; {confirmed} of {tags} are confirmed."),
        ("Required training", _G("training for those who check tags")),
        ("Appeals and review", _G("whom to tell that a tag is wrong")),
    ),
    "Tier 2: tool specification": (
        ("System architecture", "A Python program that runs on one computer and sends nothing elsewhere."),
        ("Inputs and outputs", "Tables of boards, strategies, priorities and themes; tags with scores and evidence."),
        ("Maintenance", _G("who keeps keywords and data up to date, and how often")),
        ("Model", "{keywords} keywords written by people, and TF-IDF with stored word counts. No neural network."),
        ("Performance", _G("how right the tags are on texts that people have coded; the toolkit reports this")),
        ("Development data", "Keywords, theme descriptions and published word counts of English. No personal data."),
        ("Operational data", "{documents} documents; data edition: {edition}."),
    ),
    "Tier 2: risks, mitigations and impact assessments": (
        ("Impact assessments", _G("assessments carried out, such as equality or data protection, or none")),
        (
            "Risks and mitigations",
            "A tag may be wrong: it stays marked as suggested until a person confirms it. Counts may be due to chance: "
            "each is set beside chance. Statements may turn on the method: fragile ones are left out. "
            + _G("other risks"),
        ),
    ),
}


def write_transparency(draft: Draft) -> list[Block]:
    """Return the record: one table per part, facts resolved, gaps marked."""
    parts = {
        "themes": Source("themes", "", (), "rows"),
        "total": TOTAL,
        "boards": Source("boards", "", (), "rows"),
        "confirmed": Source("cells", "confirmed", (), "sum"),
        "tags": STANDING,
        "keywords": Source("keywords", "", (), "rows"),
        "documents": Source("priorities", "strategy", (("counted", "=", True),), "distinct"),
        "edition": Source("partnership", "edition"),
    }
    said = Fact(
        "This follows the headings of the Algorithmic Transparency Recording Standard. What the run knows is filled in."
    )
    blocks: list[Block] = [draft.drafted("e_intro", said, "appendix-paragraph")]
    for heading, fields in _FIELDS.items():
        key = make_key("e", heading)
        blocks.append(Text(key, "heading-2", Fact(heading)))
        rows = [[Fact(name), draft.say(text, **parts)] for name, text in fields]
        blocks.append(Wide(make_key(key, "table"), ("Field", "Entry"), rows, (0.3, 0.7), heading, "One row per field."))
    return blocks
