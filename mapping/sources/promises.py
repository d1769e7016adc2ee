"""What is promised or asked in a paragraph of its own: "By 2030 we will ...", "That Cabinet agrees the sum to: ..."."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mapping.sources.announcing import begins_as_aim
from mapping.sources.pieces import cut_sentences
from mapping.text import split_words

__all__ = ["asks_something", "find_promise", "is_plan", "states_aim"]

_PLAN = re.compile(
    r"\b(?:strateg(?:y|ies)|plan|vision|framework|pledge|charter|manifesto|prospectus|compact|concordat|blueprint|roadmap)"
    r"\b",
    re.IGNORECASE,
)
_BEFORE = (
    r"(?:by|from|before)\s+(?:the\s+end\s+of\s+|\w+\s+)?20\d\d(?:[/–-]\d\d)?|"
    r"(?:over|during|within|in)\s+the\s+(?:next|coming)\s+[\w -]{1,25}?|(?:this|next|each|every)\s+year|together|"
    r"as\s+an?\s+(?:council|partnership|board|city|county|borough|system)|working\s+[^,.;:]{1,60}|"
    r"(?:through|under)\s+this\s+(?:strategy|plan)|to\s+(?:do|achieve)\s+this"
)
_PROMISE = re.compile(
    rf"(?:(?P<before>{_BEFORE}),?\s+)?we\s+(?:also\s+)?"
    r"(?:will|shall|are\s+going\s+to|intend\s+to|plan\s+to|aim\s+to|are\s+committed\s+to|commit\s+to|pledge\s+to)\s+"
    r"(?:(?:also|therefore|then)\s+)?(?P<said>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
# What a paper says of itself or of what is so: no deed.
_NO_DEED = re.compile(
    r"(?:be|not|never|no|now|only|have|know|see|remember|recall|find|need|know|consult|consider|report|review|monitor|"
    r"publish|update|evaluate|measure|assess|describe|explain|set\s+out|look\s+at|return|continue|keep\s+(?:this|you|it)|"
    r"use\s+(?:this|these)|meet|judge|learn|notice|hear|track|refresh)\b",
    re.IGNORECASE,
)
_FEWEST_WORDS, _LONGEST = 3, 60
# "Stopping crime is what people want", "Support for carers has grown" tell, though they begin as aims do.
_TELLS = re.compile(r"\b(?:is|are|was|were|has|have|had|means|matters|costs|depends|remains?)\b", re.IGNORECASE)
_UNDER = re.compile(
    r"\b(?:that|who|whose|which|where|so|when|while|how|what|if|because|as|until)\b",
    re.IGNORECASE,
)
_SEEING = re.compile(
    r"(?:ensuring|making|enabling|helping|seeing|showing|keeping|ensure|make|enable|see|keep)\b", re.IGNORECASE
)
_CHECKS = re.compile(
    r"we\s+will\s+(?:know|see|report|review|monitor|publish|measure|judge|evaluate|track|consult)\b", re.IGNORECASE
)
_NOUN = re.compile(r"\w+\s+(?:for|in|on|of|from|with|by|between|is|are|was|has|have)\b", re.IGNORECASE)
_PROCEDURE = frozenset(
    "that the a an is are be it its this to of for from in on and or as at by with subject all any recommended asked "
    "invited requested agree agrees approve approves note notes resolve resolves resolved recommend recommends endorse "
    "endorses consider considers delegate delegates authorise authorises support supports cabinet board committee "
    "council members councillors executive scrutiny full partnership following recommendations recommendation "
    "actions follows steps report meeting".split()
)


def is_plan(texts: Iterable[str]) -> bool:
    """Say whether a paper calls itself a strategy, a plan or the like in its title or first lines."""
    return any(_PLAN.search(text[:200]) for text in texts)


def find_promise(text: str) -> tuple[int, int, str] | None:
    """Return where the deed stands that a paragraph begins by promising, and the words before it where they say when.

    Examples
    --------
    >>> text = "By 2030 we will halve food waste. This matters."
    >>> found = find_promise(text)
    >>> text[found[0] : found[1]], found[2]
    ('halve food waste', 'By 2030')
    >>> find_promise("We will review this plan each year.") is None
    True
    """
    if len(text.split()) > _LONGEST:
        return None
    start, end = cut_sentences(text)[0]
    match = _PROMISE.match(text, start, end)
    if match is None or _NO_DEED.match(text, match.start("said")):
        return None
    last = match.end("said")
    while last > match.start("said") and text[last - 1] in ".;, ":
        last -= 1
    if len(text[match.start("said") : last].split()) < _FEWEST_WORDS:
        return None
    return match.start("said"), last, match["before"] or ""


def states_aim(text: str) -> bool:
    """Say whether a sentence in a paragraph begins as an aim does, and does not tell of something instead.

    Examples
    --------
    >>> states_aim("Stop crime before it happens."), states_aim("Stopping crime early is what people want.")
    (True, False)
    """
    if not begins_as_aim(text) or _CHECKS.match(text):
        return False
    tells = _TELLS.search(text) if text.endswith(".") else None
    if tells is None or _UNDER.search(text, 0, tells.start()) or _SEEING.match(text):
        return True
    return not (text.split(None, 1)[0].casefold().endswith("ing") or _NOUN.match(text))


def asks_something(text: str) -> bool:
    """Say whether a recommendation that leads to a list asks for something by itself.

    Examples
    --------
    >>> [asks_something(text) for text in ("That the grant of £5,000 is used for paint to:", "The Board is asked to:")]
    [True, False]
    """
    words = [word for word in split_words(text) if word.form not in _PROCEDURE and not text[word.start].isupper()]
    return len(words) >= _FEWEST_WORDS
