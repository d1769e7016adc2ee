"""What a recommendation asks: that something is done for the place, or only that a meeting decides on a paper."""

from __future__ import annotations

import re

from mapping.sources.announcing import begins_as_aim

__all__ = ["ASKS_MEETING", "is_business", "is_put_to_meeting"]

_LONGEST = 2_000
#: Why such a recommendation is left.
ASKS_MEETING = "asks the meeting to decide on a paper, nothing to be done for the place"

_BODY = (
    r"(?:the\s+)?(?:[\w’'-]+\s+){0,6}?(?:cabinet|board|committee|council|members|councillors|executive|partnership|panel|"
    r"forum|alliance|commission|authority|trust|meeting|group|governors|mayor|commissioner)"
)
_OPENING = re.compile(
    rf"\W*(?:(?:it\s+is\s+(?:therefore\s+)?)?(?:recommended|resolved|agreed|proposed|requested)\s*[:,]?\s+)?(?:that\s+)?"
    rf"(?:{_BODY}\s+)?(?:(?:is|are|be)\s+)?(?:(?:asked|invited|recommended|requested)\s+)?(?:to\s*:?\s+)?"
    rf"(?:(?:formally|hereby|also|further|fully)\s+)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\W*(?:that\s+)?(?:to\s+)?", re.IGNORECASE)
# Verbs that ask a meeting for nothing but to have heard, whatever follows them.
_HEARD = re.compile(
    r"(?:notes?|receives?|comments?\s+(?:on|upon)|endorses?|discuss(?:es)?|welcomes?|acknowledges?|"
    r"considers?(?!\s+(?:\w+ing|how|whether)\b)|delegates?\s+(?:authority|power|responsibility|the|to)|"
    r"authorises?\s+(?:the|an?|any|officers)|ratif(?:y|ies)|confirms?\s+(?:the|that)|thanks?|give\s+(?:views|feedback)|"
    r"gives?\s+(?:its|their)\s+(?:views|comments|approval)|provides?\s+(?:comments?|feedback|views)|sign\s+off|signs?\s+off|"
    r"refers?\s+(?:the|this|these|it)\b|scrutinises?|respond\s+(?:within|to|by)\b|"
    r"(?:takes?|have|has)\s+(?:note|regard))\b",
    re.IGNORECASE,
)
_PAPER = (
    r"(?:report|paper|strateg(?:y|ies)|plans?|minutes|terms\s+of\s+reference|budget|draft|polic(?:y|ies)|framework|statement|"
    r"recommendations?|proposals?|text|document|appendix|contents?|findings|return|submission|work\s+programme|"
    r"forward\s+plan|response|assessment|priorities|vision|objectives|actions?|amendments?|changes|charter|protocol|"
    r"memorandum|agreement|arrangements|approach|membership|section\s+\d+|final\s+version)"
)
# Of these it is the paper that makes it so: "approves the plan", but not "agrees 40 pounds for each pantry".
_DECIDED = re.compile(
    rf"(?:approves?|agrees?|adopts?|accepts?|supports?|publish(?:es)?|recommends?|commends?|reviews?|submits?)\s+"
    rf"(?:(?:and|to)\s+\w+\s+)?(?:the|this|these|its|their|both|all)\s+[^,;.]{{0,90}}?\b{_PAPER}\b(?!\s+to\s+(?:reduce|cut|"
    rf"increase|improve|build|open))",
    re.IGNORECASE,
)
_AGREES_THAT = re.compile(
    rf"agrees?\s+that\s+(?:the|this|these|its)\s+[^,;.]{{0,60}}?\b{_PAPER}\s+(?:be|is|are)\s+\w+|"
    r"agrees?\s+that\s+priority\s+\w+\s+(?:be|is)\s+\w+",
    re.IGNORECASE,
)
_AGREES_TO = re.compile(
    r"(?:agrees?|resolves?)\s+(?:to\s+|that\s+(?:it|they)\s+)?(?=(?:notes?|receives?|approves?|endorses?|considers?|"
    r"delegates?|authorises?|adopts?|ratif|a\s+further|an?\s+update|(?:further|regular)\s+(?:reports?|updates?)))",
    re.IGNORECASE,
)
_UPDATE = re.compile(r"(?:an?\s+|further\s+|regular\s+)+(?:\w+\s+){0,2}(?:reports?|updates?)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\W*(?:that\s+)?(?:(?:the|this|these|its|both)\s+)?(?P<what>[^,;:]{2,160}?)\s+(?:should\s+be|be|is|are)\s+(?:formally\s+)?"
    r"(?P<done>approved|agreed|adopted|noted|received|endorsed|accepted|ratified|confirmed|welcomed|published|"
    r"authorised|delegated|signed\s+off|considered|referred|submitted|commended|circulated|shared)\b",
    re.IGNORECASE,
)
# "That a further report comes to the Board in May".
_COMES_BACK = re.compile(
    r"\W*(?:that\s+)?(?:an?|the|any)?\s*(?:[\w-]+\s+){0,3}?(?:report|update|paper|briefing)s?\s+(?:on\s+[^,;:]{2,60}\s+)?"
    r"(?:comes?|(?:be|is|are)\s+(?:brought|presented|submitted|provided|made|given|sent|reported))\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r".*\b(?:given|granted)\s+(?:delegated\s+)?(?:authority|approval|powers?)\s+to\b|.*\bthanks\b.*\b(?:recorded|expressed|given|"
    r"passed)\b|\W*(?:that\s+)?(?:the\s+)?(?:[\w’'-]+\s+){1,5}?(?:brings?|submits?|presents?|provides?|produces?)\s+"
    r"(?:back\s+)?(?:an?\s+)?(?:further|progress|update|annual|quarterly|regular|final|revised)\s+(?:[\w-]+\s+){0,2}"
    r"(?:report|paper|update|draft)s?\b",
    re.IGNORECASE,
)
_SO_PASSED = ("noted", "received", "endorsed", "ratified", "authorised", "delegated", "welcomed")
_THEN = re.compile(r"(?:,|;|\band)\s+(?:and\s+)?(?:that\s+)?(?:to\s+)?(?=(?P<word>[a-z]+)\b)", re.IGNORECASE)
_ASKED = re.compile(
    r"recommend|resolv|decision|\b(?:asked|invited|requested)\s+to\b|^\W*that\s+(?:the\s+)?(?:[\w’'-]+\s+){1,6}?:?$",
    re.IGNORECASE,
)
_BEGINS_SO = re.compile(
    rf"\W*(?:that\b|it\s+is\s+recommended|{_BODY}\s+(?:is|are)\s+(?:asked|invited|recommended|requested))",
    re.IGNORECASE,
)


def is_put_to_meeting(text: str, announced: str) -> bool:
    """Say whether words are put to a meeting: by the heading or the words that lead to them, or by how they begin.

    Examples
    --------
    >>> [is_put_to_meeting("Note the report", above) for above in ("Recommendations", "Action plan")]
    [True, False]
    """
    return _ASKED.search(announced[-_LONGEST:]) is not None or _BEGINS_SO.match(text) is not None


def is_business(text: str) -> bool:
    """Say whether a recommendation asks only for the business of a meeting: to note, approve, delegate and the like.

    Examples
    --------
    >>> [is_business(text) for text in ("That the Board APPROVES the plan and NOTES the risks.", "note the findings")]
    [True, True]
    >>> [is_business(text) for text in ("That two pantries are set up", "notes the plan and agrees to fund nurses")]
    [False, False]
    """
    text = text[:_LONGEST]
    if _COMES_BACK.match(text) or _ALWAYS.match(text):
        return True
    passive = _PASSIVE.match(text)
    if passive and (re.search(rf"\b{_PAPER}\b", passive["what"], re.I) or passive["done"].casefold() in _SO_PASSED):
        return _rest_is_business(text, passive.end())
    opening = _OPENING.match(text)
    plain = _PLAIN.match(text)
    end = _match_business(text, opening.end() if opening else 0) or _match_business(text, plain.end() if plain else 0)
    return bool(end) and _rest_is_business(text, end)


def _match_business(text: str, at: int) -> int:
    """Return where a clause that is business alone ends its first words; 0 if it is none."""
    if that := _AGREES_THAT.match(text, at):
        return that.end()
    agrees = _AGREES_TO.match(text, at)
    at = agrees.end() if agrees else at
    found = _HEARD.match(text, at) or _DECIDED.match(text, at) or (_UPDATE.match(text, at) if agrees else None)
    return found.end() if found else 0


def _rest_is_business(text: str, at: int) -> bool:
    """Say whether every further clause that begins with a verb is business too."""
    for then in _THEN.finditer(text, at):
        start = then.end()
        if _match_business(text, start) or then["word"].endswith("ing"):
            continue
        word = then["word"].casefold()
        verb = word if begins_as_aim(word) else word.removesuffix("s") if begins_as_aim(word.removesuffix("s")) else ""
        object_follows = re.match(r"\w+\s+(?:to|the|a|an|its|their|that|£?\d|all|every|each)\b", text[start:])
        if verb and object_follows and not re.match(r"(?:plan|report)s?\b", word):
            return False
    return True
