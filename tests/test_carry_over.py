"""Decisions carried over generated changes of strategies: kept on the same words, asked again on others, none lost."""

from __future__ import annotations

import random
from functools import cache

import hypothesis.strategies as st
from edition_edits import CHANGES, Outcome, World
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mapping.framework import Framework, load_framework

SEEDS = st.integers(0, 2**32 - 1)


@cache
def framework() -> Framework:
    return load_framework("closing-the-gap")


class CarryOver(RuleBasedStateMachine):
    """Strategies change, people decide, and now and then a new edition is published."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(random.Random(1), framework(), size=8)
        self.last = Outcome()

    @rule(kinds=st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=4), seed=SEEDS)
    def change(self, kinds: list[str], seed: int) -> None:
        self.world.rng.seed(seed)
        for kind in kinds:
            self.world.change(kind)

    @rule(number=st.integers(1, 4), seed=SEEDS)
    def decide(self, number: int, seed: int) -> None:
        self.world.rng.seed(seed)
        # People judge what has been published.
        self.publish()
        self.world.decide(number)

    @rule()
    def publish(self) -> None:
        self.last = self.world.publish()

    @invariant()
    def every_decision_has_one_outcome(self) -> None:
        assert self.last.whole
        assert self.last.lost == 0

    @invariant()
    def none_is_applied_to_other_words_or_to_another_boards(self) -> None:
        assert (self.last.misapplied, self.last.astray) == (0, 0)

    @invariant()
    def every_unchanged_passage_keeps_its_decisions(self) -> None:
        assert self.last.kept == self.last.unchanged

    @invariant()
    def tagging_applies_the_same(self) -> None:
        assert self.last.disagree == 0

    @invariant()
    def whatever_is_to_be_checked_is_listed(self) -> None:
        assert self.last.unasked == 0


TestCarryOver = CarryOver.TestCase
TestCarryOver.settings = settings(
    max_examples=6, stateful_step_count=20, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
