"""Patterns: what they find, where, and which of the hits stand."""

from __future__ import annotations

from itertools import pairwise
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.keywords import Keyword, KeywordIndex, PatternError, compile_keyword, keep_hits
from mapping.text import IDF_CAP, WordCounts, split_words

COUNTS = WordCounts(
    [
        ("voice", "voic", 499_999),
        ("start", "start", 499_999),
        ("started", "start", 0),
        ("starling", "starl", 999),
        ("apprentices", "apprentic", 249_999),
        ("apprenticeships", "apprenticeship", 9),
    ]
)


def keyword(pattern: str, role: str = "decides", theme: str = "t") -> Keyword:
    return compile_keyword(theme, pattern, role, COUNTS)


def find(text: str, *patterns: str | tuple[str, str]) -> list[str]:
    """The words of a text that are hit, of the hits that stand."""
    keywords = [keyword(p) if isinstance(p, str) else keyword(*p) for p in patterns]
    return [text[hit.start : hit.end] for hit in keep_hits(KeywordIndex(keywords).find(split_words(text)))]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        # a word matches by its stem
        ("inequality", "Tackle inequalities", ["inequalities"]),
        ("inequality", "Tackle INEQUALITY", ["INEQUALITY"]),
        ("inequality", "Tackle equality", []),
        # a * at the end matches every word that begins so
        ("apprentic*", "Apprentices and apprenticeships", ["Apprentices", "apprenticeships"]),
        ("apprentic*", "My prentice", []),
        # = matches that written form alone
        ("=start", "Start well, starting now", ["Start"]),
        # a lone * is a gap of up to three words
        ("voice * decisions", "a voice decisions", ["voice decisions"]),
        ("voice * decisions", "a voice in all city decisions", ["voice in all city decisions"]),
        ("voice * decisions", "a voice in all of our decisions", []),
        ("voice * decisions", "a voice. Decisions", []),
        ("voice * decisions", "decisions by voice", []),
        # hyphens
        ("co-production", "coproduction", ["coproduction"]),
        ("co-production", "co production", ["co production"]),
        ("co-production", "Co-production", ["Co-production"]),
        ("coproduction", "co-production", ["co-production"]),
        ("wellbeing", "well-\nbeing", ["well-\nbeing"]),
        # a phrase stays within its sentence and its order
        ("good start", "A good start", ["good start"]),
        ("good start", "All good. Start now", []),
        ("good start", "Start good", []),
        ("good start", "good early start", []),
        # letter forms
        ("children's homes", "children\u2019s homes", ["children\u2019s homes"]),
        ("caf\u00e9", "cafe\u0301", ["cafe\u0301"]),
    ],
)
def test_what_a_pattern_finds(pattern: str, text: str, found: list[str]) -> None:
    assert find(text, pattern) == found


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "the pattern holds no word."),
        ("*", "the pattern holds no word."),
        ("* voice", "'* voice' begins or ends with a gap; a lone * must stand between two words."),
        ("voice *", "'voice *' begins or ends with a gap; a lone * must stand between two words."),
        ("voice * * vote", "'voice * * vote' has two gaps side by side; write one * between two words."),
        (
            "vo*ce",
            "'vo*ce' in 'vo*ce' cannot be read; write words, a word with * at its end, =word, or a lone *.",
        ),
        ("a/b", "'a/b' in 'a/b' cannot be read; write words, a word with * at its end, =word, or a lone *."),
    ],
)
def test_a_pattern_that_cannot_be_read_says_what_would_be_right(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as refusal:
        keyword(pattern)
    assert str(refusal.value) == reason


def test_the_longest_hit_wins_within_a_theme() -> None:
    assert find("a good start in life", "start", "good start", "good start in life") == ["good start in life"]
    assert find("start early, a good start", "start", "good start") == ["start", "good start"]


def test_of_two_equally_long_hits_that_overlap_the_one_that_decides_wins() -> None:
    hits = KeywordIndex([keyword("good start", "supports"), keyword("start now")]).find(split_words("good start now"))
    assert [hit.keyword.pattern for hit in keep_hits(hits)] == ["start now"]


def test_a_cancelling_pattern_removes_what_it_overlaps_and_nothing_else() -> None:
    cancels = ("ambitious plan", "cancels")
    assert find("An ambitious plan for ambitious people", "ambitious", cancels) == ["ambitious"]
    assert find("An ambitious plan", "ambitious", cancels) == []
    assert find("ambitious people, a plan", "ambitious", cancels) == ["ambitious"]
    # even a longer hit goes when it overlaps
    assert find("An ambitious plan for all", "ambitious plan for all", cancels) == []


def test_idf_and_weight_are_worked_by_hand() -> None:
    half = log(1_000_001 / 500_000) + 1  # 499,999 of a million passages hold the word, and 1 each
    assert keyword("voice").idf == pytest.approx(half)
    assert keyword("voice", "supports").weight == pytest.approx(half / 2)
    assert keyword("voice", "cancels").weight == 0
    # of a phrase, that of its rarest word
    assert keyword("voice zebra").idf == IDF_CAP
    # of a wildcard, that of its commonest match: "apprentices" and not "apprenticeships"
    assert keyword("apprentic*").idf == pytest.approx(log(1_000_001 / 250_000) + 1)
    assert keyword("=start").idf == keyword("start").idf


def test_a_pattern_as_plain_words() -> None:
    assert keyword("voice * apprentic*").plain == "voice apprentices"
    assert keyword("=Start zzz*").plain == "start zzz"


def test_every_hit_is_returned_before_the_choice() -> None:
    hits = KeywordIndex([keyword("good"), keyword("good start")]).find(split_words("good start"))
    assert [(hit.first, hit.last, hit.size) for hit in hits] == [(0, 0, 1), (0, 1, 2)]


WORDS = st.sampled_from(["good", "start", "plan", "voice", "ambitious", "the", "-", ".", "well"])
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
PATTERNS = st.lists(st.sampled_from(["good", "start", "plan", "voice", "ambitious", "well"]), min_size=1, max_size=3)
ROLES = st.sampled_from(["decides", "supports", "cancels"])


@given(TEXTS, st.lists(st.tuples(PATTERNS.map(" ".join), ROLES), min_size=1, max_size=6))
@settings(max_examples=150)
def test_hits_that_stand_do_not_overlap_and_read_as_their_pattern(text: str, patterns: list[tuple[str, str]]) -> None:
    words = split_words(text)
    every = KeywordIndex([keyword(*pattern) for pattern in patterns]).find(words)
    kept = keep_hits(every)
    for hit in every:
        assert [word.form for word in words[hit.first : hit.last + 1]] == hit.keyword.pattern.split()
        assert text[hit.start : hit.end].split()[0] == hit.keyword.pattern.split()[0]
    assert all(a.end <= b.start for a, b in pairwise(kept))
    assert all(hit.keyword.role != "cancels" for hit in kept)


@given(TEXTS, st.lists(PATTERNS.map(" ".join), min_size=2, max_size=6))
@settings(max_examples=100)
def test_the_order_of_the_keywords_changes_nothing(text: str, patterns: list[str]) -> None:
    def kept(order: list[str]) -> list[tuple[int, int, str]]:
        hits = KeywordIndex([keyword(pattern) for pattern in order]).find(split_words(text))
        return [(hit.start, hit.end, hit.keyword.pattern) for hit in keep_hits(hits)]

    assert kept(patterns) == kept(patterns[::-1])
