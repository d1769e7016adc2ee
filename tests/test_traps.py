"""Traps of strategy prose: each sentence has an outcome that must hold by what it means, whatever the keywords.

The framework is the shipped one. A test names a theme that the sentence must carry, or must not; never a score.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.framework import Framework
from mapping.scoring import METHODS, Score, Scorer, get_scorer, tag_texts


def score(framework: Framework, text: str, theme: str) -> Score:
    return get_scorer(framework).score([text])[0][framework.theme_ids.index(theme)]


def themes(framework: Framework, text: str) -> set[str]:
    return {found.theme for found in get_scorer(framework).score([text])[0] if found.tagged}


def cases(rows: list[tuple[str, str, str]]) -> pytest.MarkDecorator:
    """Cases of (theme, id of the trap, text)."""
    return pytest.mark.parametrize(
        ("theme", "text"), [pytest.param(theme, text, id=name) for theme, name, text in rows]
    )


@cases(
    [
        ("voice", "people alone", "Improve the lives of people in the city"),
        ("voice", "communities alone", "Strong communities across the city"),
        ("voice", "people and communities", "Better health for people and communities"),
        ("voice", "a group's name", "Fund the Voices in Action choir and its summer camp"),
        ("voice", "a group's name in capitals", "Support VOICES IN ACTION with a new bus"),
        ("voice", "community safety partnership", "Community safety partnership"),
        ("voice", "community safety partnership at work", "The community safety partnership will target burglary"),
        ("voice", "participation in sport", "Raise participation in sport and physical activity"),
        ("voice", "participation in sports", "More participation in sports clubs"),
        ("voice", "customer satisfaction", "Improve customer satisfaction with the waste service"),
        ("voice", "an institution for young offenders", "Refurbish the young offenders' institution"),
        ("voice", "the heart of the city", "Build new homes in the heart of the city"),
        ("voice", "listed building", "Repair listed buildings in the old town"),
        ("start", "an institution for young offenders, apostrophe or not", "Refurbish the young offenders institution"),
        ("start", "to start work", "Start work on the new bridge in March"),
        ("start", "start of the year", "Review the budget at the start of the year"),
        ("start", "play a role", "Businesses play a leading role in the recovery of the high street"),
        ("start", "early work", "Make an early decision on the bypass"),
        ("aspiration", "an ambitious plan", "An ambitious plan for the ring road"),
        ("aspiration", "ambitious plans", "Deliver ambitious plans for flood defence"),
        ("aspiration", "ambitious targets", "Meet ambitious targets for recycling"),
        ("aspiration", "an ambitious target", "Set an ambitious target for cutting carbon"),
        ("aspiration", "public confidence", "Maintain public confidence in the police"),
        ("aspiration", "ambition for growth", "An ambition for growth of the building trade"),
        ("aspiration", "our ambition is", "Our ambition is to finish the bypass by the summer"),
        ("aspiration", "inspection", "Inspect every food shop once a year"),
        ("skills", "lessons learned", "Share lessons learned from the flood"),
        ("skills", "learning disabilities", "Supported housing for adults with learning disabilities"),
        ("skills", "skills mix", "Review the skills mix of the night shift"),
        ("skills", "train station", "Rebuild the train station and its car park"),
        ("skills", "training ground", "Resurface the training ground of the football club"),
        ("skills", "teaching hospital", "Extend the car park of the teaching hospital"),
        ("skills", "healthy lifestyles", "Healthy lifestyles"),
        ("equality", "funding gap", "Close the funding gap in the roads budget"),
        ("equality", "gap in a network", "Fill the gap in the cycle network"),
        ("equality", "communities alone", "Reduce fear of crime in communities"),
        ("equality", "integrated tickets", "Integration of bus and train tickets"),
        ("equality", "biodiversity", "Protect the biodiversity of the river bank"),
        ("equality", "trade fair", "Hold a trade fair for engineering firms"),
        ("equality", "integrated transport", "An integrated transport network for buses and trains"),
        ("equality", "integration of services", "Integration of health and social care services"),
    ]
)  # fmt: skip
def test_is_not_tagged(closing_the_gap: Framework, theme: str, text: str) -> None:
    assert theme not in themes(closing_the_gap, text)


@cases(
    [
        ("voice", "young offenders with a say", "Give young offenders a say in how the service is run"),
        ("voice", "a group's name beside a real voice", "With Voices in Action give tenants a say in decisions"),
        ("voice", "residents decide", "Involve residents in decisions about their neighbourhood"),
        ("start", "young offenders", "Give young offenders a say in how the service is run"),
        ("aspiration", "ambitious young people", "Ambitious young people"),
        ("aspiration", "an ambitious plan beside aspiration", "An ambitious plan to raise aspirations at school"),
        ("skills", "not only", "Not only raise attainment but also repair every school roof"),
        ("skills", "two words", "Adult learning"),
        ("skills", "residents' skills", "Help residents gain the skills for work"),
        # staff training is in the scope note of the theme, as is what residents learn
        ("skills", "staff training", "Train our staff to use the new finance system"),
        ("equality", "skills gap beside another gap", "Close the skills gap and narrow the gap in life expectancy"),
    ]
)  # fmt: skip
def test_is_tagged(closing_the_gap: Framework, theme: str, text: str) -> None:
    assert theme in themes(closing_the_gap, text)


@pytest.mark.parametrize(
    ("theme", "forms"),
    [
        pytest.param(theme, forms, id=forms[0])
        for theme, forms in [
            ("equality", ["Reduce inequality in health", "Reduce inequalities in health"]),
            ("equality", ["Reduce poverty in the city", "Reduce POVERTY in the city"]),
            ("equality", ["Support homeless people", "Reduce homelessness"]),
            ("equality", ["An inclusive city for all", "Inclusion for all in the city"]),
            ("equality", ["A home for each refugee", "Homes for refugees"]),
            ("equality", ["Lonely older people", "Loneliness of older people"]),
            ("equality", ["Disadvantaged areas of the city", "The disadvantages of areas of the city"]),
            (
                "voice",
                [
                    "Co-production of services with residents",
                    "Coproduction of services with residents",
                    "Co production of services with residents",
                    "Co\u2011production of services with residents",
                    "Co-\nproduction of services with residents",
                    "Co-produced services with residents",
                    "Co-producing services with residents",
                ],
            ),
            ("voice", ["Co-design of parks with residents", "Codesign of parks", "Parks co-designed with residents"]),
            ("voice", ["Give residents a voice in decisions", "Give residents voices in decisions"]),
            ("voice", ["Engage residents in decisions", "Engaging residents in decisions", "Engaged residents"]),
            ("voice", ["Listen to tenants", "Listening to tenants"]),
            ("voice", ["Empower communities", "Empowering communities", "Empowerment of communities"]),
            ("skills", ["An apprenticeship for every school leaver", "Apprenticeships for school leavers"]),
            ("skills", ["Hire an apprentice in every team", "Hire apprentices in every team"]),
            ("skills", ["A qualification for every adult", "Qualifications for adults", "A qualified workforce"]),
            ("skills", ["Develop one skill each year", "Develop skills each year"]),
            ("start", ["Improve the well-being of children", "Improve the wellbeing of children"]),
            ("start", ["Improve the wellbeing of children", "Improve the well being of children"]),
            ("start", ["Early-years provision", "Early years provision"]),
            ("start", ["Healthy pregnancy", "Healthy pregnancies"]),
            ("start", ["A healthy baby", "Healthy babies"]),
            ("start", ["School readiness of children", "School-readiness of children", "Children ready for school"]),
            ("start", ["Young people\u2019s mental health", "Young people's mental health"]),
            ("aspiration", ["Raise aspiration in school", "Raise aspirations in school", "Support aspiring leavers"]),
            ("aspiration", ["Self-esteem of young people", "Self esteem of young people"]),
            ("aspiration", ["A mentor for each school leaver", "Mentoring for school leavers", "Mentors for leavers"]),
            ("aspiration", ["Support the young entrepreneur", "Support entrepreneurs", "Entrepreneurship at school"]),
        ]
    ],
)  # fmt: skip
def test_forms_of_a_word_are_tagged_alike(closing_the_gap: Framework, theme: str, forms: list[str]) -> None:
    assert [text for text in forms if theme not in themes(closing_the_gap, text)] == []


@pytest.mark.parametrize(
    ("theme", "said", "negated"),
    [
        pytest.param(theme, said, negated, id=negated)
        for theme, said, negated in [
            ("equality", "A city with poverty", "A city without poverty"),
            ("equality", "Let a child live in poverty", "Let no child live in poverty"),
            ("equality", "Tolerate hate crime", "Do not tolerate hate crime"),
            ("skills", "Raise attainment but repair roofs", "Not only raise attainment but also repair roofs"),
            ("skills", "Young people with qualifications", "Young people without qualifications"),
            ("voice", "Decisions with the voice of tenants", "No decisions without the voice of tenants"),
        ]
    ],
)
def test_negation_is_not_read(closing_the_gap: Framework, theme: str, said: str, negated: str) -> None:
    """A keyword after "no" or "without" is a concern all the same, so both say the same, to the last digit."""
    scorer = get_scorer(closing_the_gap)
    assert theme in themes(closing_the_gap, said)
    for a, b in zip(scorer.score([said])[0], scorer.score([negated])[0], strict=True):
        assert (a.score, a.tagged, a.confidence) == (b.score, b.tagged, b.confidence)
        assert [span.pattern for span in a.spans] == [span.pattern for span in b.spans]


@pytest.mark.parametrize("text", ["Communities", "The people", "Excellence", "In 2019", "", "---", "1 2 3"])
def test_a_word_alone_is_too_short_to_judge(closing_the_gap: Framework, text: str) -> None:
    tags = tag_texts([text], closing_the_gap)
    assert set(tags["confidence"]) == {"not scored"}
    assert tags["reason"].str.startswith("too short").all()
    assert not tags["tagged"].any()


def test_two_words_that_fit_no_theme_are_judged_and_have_none(closing_the_gap: Framework) -> None:
    tags = tag_texts(["Healthy lifestyles"], closing_the_gap)
    assert not tags["tagged"].any()
    assert "not scored" not in set(tags["confidence"])


# --- long texts --------------------------------------------------------------------------------------------

PROSE = """\
The council looks after four hundred miles of road, nine bridges and a good many lamp posts. Each winter the gritting
lorries leave the depot before dawn, and each spring a crew fills the holes that frost has made. A new contract
for bins began in April; brown bins are emptied every other Thursday and bulky items on request. The market hall will be
given a new roof, and stalls will stand in the square until the work is done. Buses now stop beside the station, where
the clock has been mended and the steps relaid. Drains are cleared before heavy rain, weirs are watched, and pumps are
tested once a month. Trees along the ring road were planted to replace those felled in the storm. The planning team
dealt with nine hundred applications, mostly for extensions and loft windows. Parking charges stay as they are, though
the machines now take cards. Noise from the quarry was measured on six nights and found to be within limits. Gulls are
still a nuisance by the river. The old pumping house may be let as offices, and the swimming baths will close for a week
while tiles are laid. Street names are being repainted in black on white, as they once were, and the bandstand has
a fresh coat of green.
"""
SENTENCE = "Raise attainment at school and involve young people in decisions about the services they use."


def place_in_prose(place: str) -> str:
    sentences = PROSE.replace("\n", " ").strip().split(". ")
    at = {"first": 0, "in the middle": len(sentences) // 2, "last": len(sentences)}[place]
    ends = [sentence.rstrip(".") + "." for sentence in sentences]
    return " ".join([*ends[:at], SENTENCE, *ends[at:]])


def test_the_prose_is_as_long_as_it_should_be_and_about_no_theme(closing_the_gap: Framework) -> None:
    assert len(PROSE.split()) > 200
    assert themes(closing_the_gap, PROSE) == set()


@pytest.mark.parametrize("place", ["first", "in the middle", "last"])
@pytest.mark.parametrize("method", ["both", "keywords"])
def test_two_hundred_words_of_other_things_remove_no_decided_tag(
    closing_the_gap: Framework, place: str, method: str
) -> None:
    scorer = get_scorer(closing_the_gap)
    alone, among = scorer.score([SENTENCE, place_in_prose(place)], method)
    decided = {found.theme for found in alone if found.decides}
    assert {"skills", "voice"} <= decided
    assert decided <= {found.theme for found in among if found.tagged}


def test_a_paragraph_of_three_hundred_words_is_read_and_its_spans_are_right(closing_the_gap: Framework) -> None:
    text = f"{place_in_prose('first')}\n\n{place_in_prose('last')}"
    assert len(text.split()) > 300
    found = score(closing_the_gap, text, "skills")
    assert found.tagged
    # both places of the sentence are marked, each at its own words
    marked = [text[span.start : span.end].casefold() for span in found.spans if span.pattern == "attainment"]
    assert marked == ["attainment", "attainment"]
    short = score(closing_the_gap, SENTENCE, "skills")
    moved = [(s.start + text.rindex(SENTENCE), s.end + text.rindex(SENTENCE), s.pattern) for s in short.spans]
    assert {*moved} <= {(s.start, s.end, s.pattern) for s in found.spans}


def test_a_keyword_does_not_reach_across_sentences(closing_the_gap: Framework) -> None:
    """involve * residents is one thought; involve at the end of one sentence and residents in the next are two."""
    one = score(closing_the_gap, "Involve residents in what the works are to be", "voice")
    two = score(closing_the_gap, "This is what the works involve. Residents may park as before.", "voice")
    assert one.decides
    assert not two.decides


# --- awkward texts -----------------------------------------------------------------------------------------

AWKWARD = [
    "", " ", "\n\n", "\u00a0", "\ufeffRaise attainment", "Raise\u00adattain\u00adment", "RAISE ATTAINMENT!!!",
    "\u2022 Raise attainment\n\u2022 Tackle poverty", "Raise attainment\x00 at school", "skills" * 500,
    "skills " * 500, "\U0001f393 apprenticeships \U0001f393", "co-" * 50, "-" * 200, "'skills'", "skills's",
    "\u201cVoice\u201d of \u2018tenants\u2019", "ſkills for work", "ﬁrst language", "Ｓｋｉｌｌｓ for work",
    "I\u0307NEQUALITY", "Cafe\u0301 skills", "\u05e9\u05dc\u05d5\u05dd skills", "навыки для работы", "技能",
    "Rhoi llais i bobl ifanc",
    "<b>skills</b> & <script>", "=SKILLS()", "NaN", "None", "1,000 apprenticeships by 2020", "e-mail: a@b.uk",
    "poverty\tpoverty\r\npoverty", "a" * 5000, "\ud7ff\ue000 skills", "no no no not without nor",
]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_an_awkward_text_among_others_changes_nothing(closing_the_gap: Framework, method: str) -> None:
    """Alone, among all, in reverse, twice, by a scorer that has seen nothing: the same numbers and spans."""
    scorer = get_scorer(closing_the_gap)
    together = scorer.score(AWKWARD, method)
    assert scorer.score(AWKWARD[::-1], method)[::-1] == together
    assert scorer.score(AWKWARD * 2, method) == together * 2
    fresh = Scorer(closing_the_gap)
    for text, expected in zip(AWKWARD, together, strict=True):
        assert fresh.score([text], method) == [expected], repr(text)


@given(st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(max_size=40)), min_size=1, max_size=6), st.data())
@settings(max_examples=60, deadline=None)
def test_texts_are_scored_by_themselves_whatever_they_hold(
    closing_the_gap: Framework, texts: list[str], data: st.DataObject
) -> None:
    among = data.draw(st.permutations(texts))
    tags = tag_texts(among, closing_the_gap)
    for n, text in enumerate(among):
        alone = tag_texts([text], closing_the_gap)
        mine = tags[tags["text"] == n].reset_index(drop=True)
        assert mine.drop(columns="text").equals(alone.drop(columns="text"))
        for spans in alone["spans"]:
            for span in spans:
                assert 0 <= span.start < span.end <= len(text)


@given(st.lists(st.sampled_from("Raise attainment skills of young people voice poverty é ü".split()), max_size=8))
@settings(max_examples=40, deadline=None)
def test_letter_forms_case_and_spaces_change_no_score(closing_the_gap: Framework, words: list[str]) -> None:
    scorer = get_scorer(closing_the_gap)
    plain = " ".join(words)
    forms = [unicodedata.normalize("NFD", plain), plain.upper(), "   ".join(words), "\u00a0".join(words)]
    expected = [(found.score, found.tagged) for found in scorer.score([plain])[0]]
    for form in forms:
        assert [(found.score, found.tagged) for found in scorer.score([form])[0]] == expected
