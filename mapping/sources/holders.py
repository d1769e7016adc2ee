"""Whose the aims in a sentence are: the paper's own and of now, or past, turned down, or somebody else's."""

from __future__ import annotations

import re
from typing import NamedTuple

from mapping.keywords import Hit
from mapping.sources.announcing import find_apart, find_words

__all__ = ["OWN", "Held", "judge_holder", "names_council", "names_holder", "names_others", "tells_past"]

_NOT = re.compile(
    r"\b(?:not|never|no longer)\b(?!\s+(?:only|just|simply|merely|solely|limited)\b)|n['’]t\b", re.IGNORECASE
)
_YEAR = r"(?:19|20)\d\d(?:\s*(?:[-–/]|to|and)\s*(?:(?:19|20)?\d\d))?"
_PAST_TIME = re.compile(
    r"\b(?:until|till|up to|before|prior to|in|during|over|throughout|between|from|for)\s+"
    rf"(?:[\w’']+\s+){{0,2}}{_YEAR}\b|"
    r"\b(?:previously|formerly|in the past|last year|originally|(?:at|by) (?:the|that) time)\b|"
    rf"\b(?:the|our|its)\s+{_YEAR}\s+(?:[\w’'-]+\s+){{0,3}}(?:strategy|plan|charter|framework|programme)\b|"
    r"\bin the (?:period|year) (?:of|under) (?:this|the) (?:report|review)\b",
    re.IGNORECASE,
)
# "The 2021 strategy aimed to": what an earlier paper set out, told by its year.
_PAST_PLAN = re.compile(
    rf"\b(?:the|our|its)\s+{_YEAR}\s+(?:[\w’'-]+\s+){{0,3}}(?:strategy|plan|charter|framework|programme)\s+"
    r"(?:(?:had\s+)?(?:aimed|sought|promised|pledged|hoped|intended|planned|wanted|committed)\b|set\s+out\s+to\b|"
    r"(?:had|was|were)\b)",
    re.IGNORECASE,
)
# Verbs that govern the noun from before it, and those between it and the list.
_PAST_BEFORE = re.compile(
    r"\b(?:had(?!\s+(?:been\s+)?(?:\w+ed|set|chosen|made|taken)\b)|worked\s+(?:on|to|towards)|focuss?ed\s+on|"
    r"concentrated\s+on|pursued|used\s+to\s+have|was\s+(?:working|focus\w*)\s+on)\s+(?:[\w’'-]+\s+){0,5}$",
    re.IGNORECASE,
)
_PAST_AFTER = re.compile(r"\b(?:were|was|had been|used to be|have been|has been)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:which|that|who)\s+(?:\w+\s+)?$", re.IGNORECASE)
_SPOKEN = re.compile(
    r"\b(?:said|agreed|confirmed|decided|noted|reported|explained|heard|advised|told|reminded|recalled|resolved|minuted)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\s*(?:all|both|each|these|they|the (?:two|three|four|five|six))\b[^.;:]{0,60}"
    r"\b(?:completed|achieved|delivered|met|finished|closed)\b",
    re.IGNORECASE,
)
# "The Government's", "NHS England has published", but not "in line with Government guidance the Board has".
_HOLDS = re.compile(
    r"[\w’'.-]*['’]s?(?=\s)|(?:\s+(?!(?:the|our|we|this|a|an|and|or)\b)[\w’'()-]+){0,5}?\s+"
    r"(?:has|have|had|sets?|identif\w+|lists?|outlin\w+|names?|describ\w+|contains?|includes?|gives?|announced|"
    r"publish\w+|proposes?|wants?|expects?|adopt\w*|agreed|approv\w+|launch\w+|ran|is|are|were|was)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:in line with|under|from|following|to|with|meets?|meeting|supports?|supporting|through|given|alongside|"
    r"despite|within|reflects?|reflecting|responds? to|and)\s+(?:the\s+)?(?:[\w’'-]+\s+){0,2}$",
    re.IGNORECASE,
)
_BELONGS = re.compile(
    r"\b(?:of|by|from|which|that)\s+(?:the\s+)?(?:[\w’'-]+\s+){0,2}$|\bin\s+the\s+(?:[\w’'-]+\s+)?$", re.IGNORECASE
)
# "A framework which is set by Government has two objectives".
_SET_BY = re.compile(
    r"\b(?:set|set out|issued|published|given|laid down|required)\s+by\s+(?:the\s+)?(?:[\w’'-]+\s+)?$", re.IGNORECASE
)
# "The Corporate Plan (whose priorities are ...": said by the way of another paper.
_BY_THE_WAY = re.compile(r"\(\s*(?:whose|its|their|the)\s+(?:[\w’'-]+\s+){0,2}$", re.IGNORECASE)
# "It takes over from the Recovery Plan 2021-23, whose objectives were".
_TAKES_OVER = re.compile(
    r"\b(?:takes?\s+over\s+from|replaces?|succeeds?|supersedes?|follows?\s+on\s+from)\s+(?:the|our|an?)\s+[^,;:]{2,70},\s+"
    r"(?:whose|which\s+had)\s+(?:[\w’'-]+\s+){0,3}$",
    re.IGNORECASE,
)
# "It supports the council plan, which has four priorities".
_SUPPORTS = re.compile(
    r"\b(?:support\w*|contribut\w+\s+to|align\w*\s+(?:with|to)|link\w*\s+(?:to|with)|sits?\s+(?:under|below|alongside|beside|"
    r"within)|reflect\w*|read\s+(?:alongside|with)|complement\w*|help\w*\s+(?:to\s+)?deliver|informed\s+by|part\s+of)\s+"
    r"(?:the|our|its)\s+(?:[\w’'&-]+\s+){0,5}(?:plan|strategy|vision|framework|programme)\b[^,;:]{0,20}[,(]?\s*"
    r"(?:which|that|whose|and\s+its)\s+(?:[\w’'-]+\s+){0,5}$",
    re.IGNORECASE,
)
_LAST_PLAN = re.compile(
    r"\b(?:last|previous|earlier|former|outgoing|old)\s+(?:[\w’'-]+\s+){0,3}(?:strategy|plan|framework|programme)\b",
    re.IGNORECASE,
)
# "The objectives of this needs assessment are to".
_OF_THIS = re.compile(r"\s+(?:of|for|behind)\s+(?:this|the|our)\s+(?:[\w’'-]+\s+){0,3}$", re.IGNORECASE)
# "Instead of the old priorities the Board will concentrate on".
_INSTEAD = re.compile(
    r"\b(?:instead of|rather than|unlike|replac\w+|in place of)\s+(?:the|our|its|all|those)?\s*$", re.IGNORECASE
)
# "Following the strategic assessment the Partnership's priorities are"; "The workshop session agreed the priorities".
_AFTER_TALK = re.compile(
    r"\b(?:following|after|based on|from|informed by|drawing on|in (?:the )?light of|using|as a result of|through|at|"
    r"in)\s+"
    r"(?:[\w’'-]+\s+){0,4}$",
    re.IGNORECASE,
)
_NEW_SUBJECT = re.compile(
    r"\b(?:the|its|their|this|these|(?:two|three|four|five|six|seven|eight|nine|ten))\s+(?:[\w’'-]+\s+){0,5}$",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:agreed|set|chose|confirmed|approved|adopted|settled)\s+(?:on\s+)?(?:[\w’'-]+\s+){0,5}$", re.IGNORECASE
)
_CHOSEN_FOR = re.compile(
    r"\s+(?:\w+ly\s+)?(?:identified|agreed|set|chosen|selected|developed|adopted|approved|defined)\b", re.IGNORECASE
)
_NONE_MADE = re.compile(
    r"\b(?:do|does|did|will|would|has|have)(?:\s+not|n['’]t)\s+(?:\w+\s+)?(?:any\s+)?$", re.IGNORECASE
)
_OURS = re.compile(r"\b(?:our|we|us)\b", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:respondents|residents|people|parents|participants|consultees|attendees|members of the public|you|pupils|"
    r"young people|carers|patients|"
    r"survivors|tenants|families|children|service users|students|"
    r"businesses|employers|staff|they)(?:\s+who\s+[\w’' -]{1,40})?\s+(?:also\s+)?(?:said|told|asked|felt|"
    r"thought|wanted|suggested|raised|"
    r"identified|believed?|think|named|listed|chose|mentioned)\b(?!.*\b(?:we (?:have|will|are|agreed)|the board)\b)",
    re.IGNORECASE | re.DOTALL,
)
_THEIRS = re.compile(r"\b(?:their|they|them|should|would like|want(?:ed)?)\b", re.IGNORECASE)
_COUNCIL = re.compile(
    r"\b(?:[A-Z][\w-]*\s+(?:(?:and|of|upon|on|in|the)\s+){0,2}){1,4}(?:Council|Combined Authority|Constabulary|"
    r"Police|Fire Authority|Integrated Care (?:Board|Partnership|System)|(?:Foundation |NHS )Trust)(?=\W)"
)
# "The Chief Constable's", but not "The Board's": a name of one common word is the paper's own.
_NAMED = re.compile(r"\b(?:[A-Z][\w-]*\s+(?:(?:and|of|on|for|in)\s+)?){0,5}[A-Z][\w-]*(?=['’]s?\s)")
# "The Integrated Care Strategy has three aims": a paper named in full.
_PLAN_NAMED = re.compile(
    r"\b(?:[A-Z][\w-]*\s+(?:(?:and|of|for)\s+)?){1,6}(?:Strategy|Plan|Framework|Vision)(?=\W)(?!\s*['’]?s?\s+(?:[A-Z]))"
)
_COMMON = frozenset(
    "the our this its a board council partnership strategy plan trust forum committee service services alliance "
    "compact framework team cabinet authority group commission agency executive network panel association project "
    "programme charter and of for strategic new draft joint action delivery refreshed local "
    "proposed final current".split()
)
_CHOSEN = "said by those who were asked: perhaps not what was set out"
_PAST = "told in the past tense: perhaps no longer so"


class Held(NamedTuple):
    """What is known of whose aims a sentence tells.

    Attributes
    ----------
    left : str
        Why they are not the paper's own, so that they are left; empty if they may be.
    note : str
        What a reader must know where it is doubtful; empty if it is not.
    holder : str
        The council that is named as the one whose they are; empty if none is.
    """

    left: str = ""
    note: str = ""
    holder: str = ""


OWN = Held()


def judge_holder(head: str, noun: tuple[int, int], *, following: str = "") -> Held:
    """Say whose aims they are that follow a sentence's first words.

    Parameters
    ----------
    head : str
        The sentence up to what it lists or states, or the last sentence of the words that lead to a list.
    noun : tuple of int
        Where the noun that announces them stands in it.
    following : str
        What follows the sentence.

    Examples
    --------
    >>> judge_holder("Our priorities are not: ", (4, 14)).left
    'says what is not set out'
    >>> judge_holder("Until 2020 our priorities were: ", (15, 25)).left
    "told of the past ('Until 2020')"
    >>> judge_holder("The Government has three aims: ", (25, 29)).left
    "set out by others ('Government'), not by the board"
    >>> judge_holder("Our three aims are ", (10, 14)) == OWN
    True
    """
    apart = find_apart(head)
    if apart and not _INSTEAD.search(head, 0, apart.start):
        words = head[apart.start : apart.end]
        return Held(f"'{words}': past, turned down or of others")
    if _NOT.search(head, noun[1]) or _NONE_MADE.search(head, 0, noun[0]):
        return Held("says what is not set out")
    if _BY_THE_WAY.search(head, 0, noun[0]) or _SUPPORTS.search(head, 0, noun[0]):
        return Held("said by the way of another paper")
    if past := _PAST_PLAN.search(head) or _TAKES_OVER.search(head, 0, noun[0]):
        return Held(f"told of the past ('{past.group()}')")
    asked = _ASKED.search(head)
    if asked and _THEIRS.search(head, asked.end()):
        return Held(f"said by those who were asked ('{asked.group()}')")
    time, others = _judge_time(head, noun, following), _judge_others(head, noun)
    return next((held for held in (time, others) if held and held.left), time or others or OWN)


def _judge_time(head: str, noun: tuple[int, int], following: str) -> Held | None:
    after = (verb for verb in _PAST_AFTER.finditer(head, noun[1]) if not _RELATIVE.search(head, 0, verb.start()))
    verb = _PAST_BEFORE.search(head, 0, noun[0]) or next(after, None)
    if verb is None:
        return None
    if following and _DONE.match(following):
        return Held("told of the past: said to be completed")
    if verb.group().casefold().startswith(("has", "have")) and _CHOSEN_FOR.match(head, verb.end()):
        return None  # "Three priorities have been identified"
    time = _PAST_TIME.search(head)
    if time and time.group().casefold().startswith("for ") and _CHOSEN_FOR.match(head, verb.end()):
        return Held(note=_PAST)  # "Three priorities were identified for 2024-27"
    if time is None or verb.group().casefold().startswith(("has", "have")) or _SPOKEN.search(head, 0, verb.start()):
        return Held(note=_PAST)
    return Held(f"told of the past ('{time.group()}')")


def _judge_others(head: str, noun: tuple[int, int]) -> Held | None:
    hits = find_words("whose", head)
    talk = next((hit for hit in hits if hit.keyword.theme == "background" and _is_talk_of(head, hit, noun)), None)
    if talk and talk.end <= noun[0] and _is_past_talk(head, talk, noun):
        talk = None
    if talk:
        return Held(f"'{head[talk.start : talk.end]}': what it looks at is nobody's aim")
    bodies = [hit for hit in hits if hit.keyword.theme != "background"]
    ours = _OURS.search(head) is not None
    for hit in bodies:
        if not ours and _is_holder(head, hit, noun):
            return Held(f"set out by others ('{head[hit.start : hit.end]}'), not by the board")
    if _ASKED.search(head):
        return Held(note=_CHOSEN)
    near = [hit for hit in bodies if hit.end <= noun[0]]
    if near:
        return Held(note=f"said of others ({head[near[0].start : near[0].end]}): perhaps not the board's own")
    return None if ours else _judge_council(head, noun)


def _is_talk_of(head: str, hit: Hit, noun: tuple[int, int]) -> bool:
    """Say whether talk, such as an assessment, stands before the noun, or the noun is of it."""
    return hit.end <= noun[0] or (hit.start >= noun[1] and _OF_THIS.match(head, noun[1], hit.start) is not None)


def _is_past_talk(head: str, talk: Hit, noun: tuple[int, int]) -> bool:
    """Say whether something else than the talk has the aims: "Following the assessment, our priorities are"."""
    if "," in head[talk.end : noun[0]] or _OURS.search(head, talk.end):
        return True
    after = _AFTER_TALK.search(head, 0, talk.start) and _NEW_SUBJECT.search(head, talk.end, noun[0])
    return bool(after or _DECIDES.search(head, talk.end, noun[0]))


def _is_holder(head: str, hit: Hit, noun: tuple[int, int]) -> bool:
    """Say whether a body named is the one whose aims they are: "the Government's aims", "aims set by NHS England"."""
    if hit.end <= noun[0]:
        holds = _HOLDS.match(head, hit.end) is not None and not _BESIDE.search(head, 0, hit.start)
        return holds or _SET_BY.search(head, 0, hit.start) is not None
    return hit.start >= noun[1] and _BELONGS.search(head, noun[1], hit.start) is not None


def _judge_council(head: str, noun: tuple[int, int]) -> Held | None:
    found = (kind.search(head, 0, noun[0]) for kind in (_COUNCIL, _PLAN_NAMED, _NAMED))
    named = next((one for one in found if one and _HOLDS.match(head, one.end())), None)
    if named is None or _BESIDE.search(head, 0, named.start()):
        return None
    holder = named.group().removeprefix("The ")
    common = set(holder.casefold().split()) <= _COMMON and holder.casefold() not in ("council plan", "council strategy")
    return None if common else Held(holder=holder)


def tells_past(sentence: str) -> bool:
    """Say whether a sentence tells of an earlier time, so that "Its priorities were" after it does too.

    Examples
    --------
    >>> tells_past("The current plan was adopted in 2019."), tells_past("The plan was discussed.")
    (True, False)
    """
    dated = re.search(r"\b(?:19|20)\d\d\b", sentence) is not None
    return dated and (_PAST_AFTER.search(sentence) is not None or _LAST_PLAN.search(sentence) is not None)


def names_others(sentence: str) -> str:
    """Return the national body of which a sentence tells, for the next one that begins "Its priorities are"."""
    for hit in find_words("whose", sentence):
        if hit.keyword.theme != "background" and _HOLDS.match(sentence, hit.end):
            return sentence[hit.start : hit.end]
    return ""


def names_council(sentence: str) -> str:
    """Return the council or other body of which a sentence tells, for the next one that begins "It has three aims"."""
    return (_judge_council(sentence, (len(sentence),) * 2) or OWN).holder


def names_holder(heading: str) -> str:
    """Return the national body whose aims a heading announces, such as "NHS England's priorities"; empty if none."""
    for hit in find_words("whose", heading):
        words = heading[hit.start : hit.end]
        beside = _BELONGS.search(heading, 0, hit.start) or words.endswith(("'s", "’s", "s'", "s’"))
        if hit.keyword.theme != "background" and beside and not _BESIDE.search(heading, 0, hit.start):
            return words
    return ""
