"""What is promised or asked in a paragraph of its own: "By 2030 we will ...", "That Cabinet agrees the sum to: ..."."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mapping.sources.announcing import begins_as_aim
from mapping.sources.pieces import cut_sentences
from mapping.text import split_words

__all__ = ["asks_something", "find_promise", "find_promises", "is_plan", "states_aim"]

_PLAN = re.compile(
    r"\b(?:strateg(?:y|ies)|plan|vision|framework|pledge|charter|manifesto|prospectus|compact|concordat|blueprint|roadmap)"
    r"\b",
    re.IGNORECASE,
)
# "Under the second priority a co-ordinator will be appointed": said of each priority in turn.
_EACH = (
    r"(?:under|for|on)\s+the\s+(?:first|second|third|fourth|fifth|sixth|last)"
    r"(?:\s+(?:priority|aim|theme|objective|goal|ambition|pillar|outcome))?"
)
_BEFORE = (
    r"(?:by|from|before)\s+(?:the\s+end\s+of\s+|\w+\s+)?20\d\d(?:[/–-]\d\d)?|"
    r"(?:over|during|within|in)\s+the\s+(?:next|coming)\s+[\w -]{1,25}?|(?:this|next|each|every)\s+year|together|"
    r"as\s+an?\s+(?:council|partnership|board|city|county|borough|system)|working\s+[^,.;:]{1,60}|"
    r"(?:over|during|within|in|through|under|as|with|alongside|across|following|using|building\s+on|where|wherever|"
    r"to|for)\s+[^,.;:]{2,60}(?=,)|"
    rf"(?:through|under)\s+this\s+(?:strategy|plan)|to\s+(?:do|achieve)\s+this|{_EACH}"
)
_BODY = (
    r"(?:the\s+(?:board|partnership|council|alliance|authority|trust|forum|commissioner|network|icb|nhs|police|mayor|"
    r"combined\s+authority|health\s+and\s+wellbeing\s+board)|(?:all\s+)?partners|councils)"
)
_PROMISE = re.compile(
    rf"(?:(?P<before>{_BEFORE}),?\s+)?(?:we(?=\s)|we(?=['’]ll)|{_BODY})\s*(?:also\s+)?"
    r"(?:['’]ll|will|shall|(?:are|is)\s+going\s+to|intends?\s+to|plans?\s+to|aims?\s+to|(?:are|is)\s+committed\s+to|"
    r"commits?\s+to|pledges?\s+to)\s+"
    r"(?:(?:also|therefore|then|now)\s+)?(?P<said>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_DOING = (
    r"appointed|built|commissioned|created|established|extended|expanded|fitted|funded|installed|introduced|launched|"
    r"offered|opened|piloted|planted|recruited|refurbished|replaced|restored|rolled\s+out|set\s+up|trained|trebled|doubled|"
    r"halved|given|provided|brought\s+in|made\s+available"
)
_PASSIVE = re.compile(
    rf"(?:(?P<before>{_BEFORE}),?\s+)?(?P<said>(?:(?:an?|the|every|each|all|some|more|new|two|three|four|five|six|"
    rf"seven|eight|nine|ten|\d[\d,]*)\s)[^,;:]{{2,120}}?\s+will\s+be\s+(?:{_DOING})\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_CLAUSE = re.compile(rf",?\s+and\s+(?=[^,;:]{{2,120}}?\s+will\s+be\s+(?:{_DOING})\b)", re.IGNORECASE)
_JOINT = re.compile(r"(?:[,;]\s+(?:and\s+)?|\s+and\s+)(?:(?:to|also|will|we will)\s+)*(?=[a-z])", re.IGNORECASE)
# Verbs that are as often nouns: only with a word after them that a verb has, "support the", "fund two".
_NOUN_TOO = frozenset(
    "support plan work test end start fund use change train value challenge campaign design supply influence lead "
    "map screen run push lift link phase pool scale issue lobby welcome respect position monitor transition "
    "update upgrade advance transfer visit register request trial switch review focus target pilot share show "
    "help grow live keep offer place host limit reform step stand award purchase contact answer rescue shelter "
    "reward patrol partner sponsor mentor deal level clean clear open free complete back green warm cool care "
    "check collect produce press brief ring name".split()
)
_NEVER_VERBS = frozenset(
    "safe good better more less fewer early fair strong healthy safer stronger healthier inclusive affordable "
    "sustainable resilient vibrant thriving high everyone every a an people children residents communities all "
    "that it".split()
)
_VERB_HAS = re.compile(
    r"\w+\s+(?:an?|the|our|its|their|every|each|all|more|new|any|some|both|up|out|in|on|free|people|residents|children|"
    r"young|local|at|with|two|three|four|five|six|seven|eight|nine|ten|twelve|£?\d[\d,.]*)\b",
    re.IGNORECASE,
)
_STRICT = re.compile(
    r"(?!\w*(?:s|ed|ing)\s)[a-z]{3,}\s+(?:(?:an?|the|our|every|each|all)\s|£?\d[\d,.]*\s(?!per|of\s|and))",
    re.IGNORECASE,
)
_INNER = re.compile(r"\bto\s+(?!the\b|an?\b|every\b|all\b|our\b|each\b)(?P<verb>[a-z]+)", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:who|which|that|where|whose)\b", re.IGNORECASE)
# What a paper says of itself or of what is so: no deed.
_NO_DEED = re.compile(
    r"(?:be|not|never|no|only|have|know|see|remember|recall|find|need|know|consult|consider|report|review|monitor|"
    r"publish|update|evaluate|measure|assess|describe|explain|set\s+out|look\s+at|return|continue|keep\s+(?:this|you|it)|"
    r"use\s+(?:this|these)|receive|oversee|discuss|decide|agree|meet|judge|learn|notice|hear|track|refresh)\b",
    re.IGNORECASE,
)
# "bring" is no verb in -ing.
_SHORT = 5
_FEWEST_WORDS, _LONGEST, _LONGEST_SENTENCE = 3, 60, 1_000
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
# "Organised gangs steal cars" tells, "Improved access to advice" may be what is wanted.
_TOLD = re.compile(
    r"(?!(?:improv|reduc|increas|enhanc|strengthen|expand|shar|target|dedicat|join|integrat|coordinat|co-ordinat)ed)"
    r"\w+ed\b.*\.$",
    re.IGNORECASE | re.DOTALL,
)
# "Enabling workstreams: people, data" is a label and its list.
_LABEL = re.compile(r"\w+(?:\s+[\w’'-]+){0,3}:\s")
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


def find_promises(text: str, *, every: bool, each_only: bool = False) -> list[tuple[int, int, str]]:
    """Return where the deeds stand that a paragraph promises, one for each verb where they are clearly parted.

    Parameters
    ----------
    text : str
    every : bool
        Whether to look at every sentence, as under a priority; else at the first alone.
    each_only : bool
        Whether to take only what is said of each priority in turn, "Under the first priority the Board will ...".

    Examples
    --------
    >>> text = "We will fund two nurses and open a drop-in clinic. Waits are long. By 2030 a hub will be opened."
    >>> [(text[start:end], before) for start, end, before in find_promises(text, every=True)]
    [('fund two nurses', ''), ('open a drop-in clinic', ''), ('a hub will be opened', 'By 2030')]
    """
    if not every and not each_only and len(text.split()) > _LONGEST:
        return []
    found: list[tuple[int, int, str]] = []
    for start, end in cut_sentences(text) if every or each_only else cut_sentences(text)[:1]:
        if end - start > _LONGEST_SENTENCE or len(text[start:end].split()) > _LONGEST:
            continue
        match = _PROMISE.match(text, start, end)
        deeds: list[tuple[int, int]] = []
        if match and not _NO_DEED.match(text, match.start("said")):
            deeds = _cut_verbs(text, match.start("said"), end)
        elif (every or each_only) and (match := _PASSIVE.match(text, start, end)):
            deeds = _cut_clauses(text, match.start("said"), end)
        before = (match["before"] or "") if match else ""
        if not each_only or re.match(_EACH, before, re.IGNORECASE):
            found += [(a, b, before) for a, b in deeds if len(text[a:b].split()) >= _FEWEST_WORDS]
    return found


def _cut_at(text: str, start: int, end: int, cuts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans between cuts, without the signs at their ends."""
    spans = []
    for begin, last in zip([start, *(cut[1] for cut in cuts)], [*(cut[0] for cut in cuts), end], strict=True):
        while last > begin and text[last - 1] in ".;, ":
            last -= 1
        spans.append((begin, last))
    return spans


def _cut_clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut before each further clause of its own: "a clinic will be opened and every pupil will be offered a place"."""
    joints = _CLAUSE.finditer(text, start, end)
    return _cut_at(text, start, end, [one.span() for one in joints if " will be " in text[start : one.start()]])


def _cut_verbs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is promised before each further verb: "lend money, open two hubs and plant a wood"."""
    cuts: list[tuple[int, int]] = []
    begin = start
    for joint in _JOINT.finditer(text, start, end):
        part = text[begin : joint.start()]
        by_comma = text[joint.start()] in ",;"
        # "help people to find work and keep a home" has one verb: what follows goes with "to find".
        inner = any(begins_as_aim(verb["verb"]) for verb in _INNER.finditer(part))
        deeper = not by_comma and (inner or (_RELATIVE.search(part) is not None and not cuts))
        if len(part.split()) >= _FEWEST_WORDS and not deeper and _begins_deed(text[joint.end() : end]):
            cuts.append(joint.span())
            begin = joint.end()
    return _cut_at(text, start, end, cuts)


def _begins_deed(text: str) -> bool:
    """Say whether words begin with a verb of doing that has its object after it."""
    words = text.split(None, 3)
    first = words[0].casefold().strip(",;.") if words else ""
    if len(words) < _FEWEST_WORDS or (first.endswith("ing") and len(first) > _SHORT) or first in _NEVER_VERBS:
        return False
    if not begins_as_aim(first):
        # "adapt 300 homes": a verb that no list holds is told by its object.
        return _STRICT.match(text) is not None
    return first not in _NOUN_TOO or _VERB_HAS.match(text) is not None


def states_aim(text: str) -> bool:
    """Say whether a sentence in a paragraph begins as an aim does, and does not tell of something instead.

    Examples
    --------
    >>> states_aim("Stop crime before it happens."), states_aim("Stopping crime early is what people want.")
    (True, False)
    """
    if not begins_as_aim(text) or _CHECKS.match(text) or _TOLD.match(text) or _LABEL.match(text):
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
