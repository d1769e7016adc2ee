"""Proof that no decision is lost or misapplied, and that causes are named rightly: a command that prints two tables.

Run it with ``python tests/prove_carry_over.py`` (some minutes). It makes 10,000 generated changes of strategies in
made-up cities, and as many again as sequences that Hypothesis draws and would cut down to the shortest one that fails;
it carries the decisions over each edition and compares with the truth. And it plants changes of known cause, alone,
among others and in twos. ``--short`` takes a sample. The tests of the suite use the same parts.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

from edition_edits import CHANGES, Outcome, World
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from planted_causes import DOUBLES, find_faults, make_double, make_single
from test_carry_over import CarryOver

from mapping.comparison import FACTORS
from mapping.decisions import OUTCOMES
from mapping.editions import CARRIED, KINDS
from mapping.framework import load_framework

#: What must never be, added up over all editions, and how it is called in the table.
_NOUGHT = {
    "lost": "lost, altered or without a reason",
    "buried": "superseded, yet nobody is asked",
    "misapplied": "applied to other words",
    "astray": "applied in another board",
    "disagree": "applied otherwise by tag",
    "unasked": "to check again, not listed",
}
_SUMS = ("decisions", "records", "unchanged", "kept", "asked", "elsewhere", *_NOUGHT)


@dataclass
class Total:
    """What many editions came to."""

    sums: Outcome = field(default_factory=Outcome)
    made: Counter[str] = field(default_factory=Counter)
    editions: int = 0
    whole: bool = True

    def add(self, found: Outcome) -> None:
        for name in _SUMS:
            setattr(self.sums, name, getattr(self.sums, name) + getattr(found, name))
        for name in ("carried", "on_record", "matched"):
            getattr(self.sums, name).update(getattr(found, name))
        self.editions += 1
        self.whole &= found.whole

    @property
    def holds(self) -> bool:
        sums = self.sums
        return self.whole and sums.kept == sums.unchanged > 0 and not any(getattr(sums, name) for name in _NOUGHT)


def carry(changes: int, start: int) -> Total:
    """Make so many changes in city after city, and publish an edition after every few of them."""
    framework, total = load_framework("closing-the-gap"), Total()
    while total.made.total() < changes:
        world = World(random.Random(start + total.editions), framework)
        for _ in range(12):
            world.decide(5)
            for _ in range(world.rng.randint(1, 8)):
                world.change(world.rng.choice(sorted(CHANGES)))
            total.add(world.publish())
        total.made += world.made
    return total


class Counted(CarryOver):
    """The state machine of the suite, which also counts what it did."""

    total: ClassVar[Total] = Total()

    def __init__(self) -> None:
        super().__init__()
        publish = self.world.publish

        def count() -> Outcome:
            found = publish()
            self.total.add(found)
            return found

        self.world.publish = count  # type: ignore[method-assign]

    def teardown(self) -> None:
        self.total.made.update(self.world.made)


def draw(changes: int, start: int) -> tuple[Total, str]:
    """Let Hypothesis draw sequences until so many changes were made: what they came to, and the failure it found."""
    Counted.total, rounds = Total(), 0
    while Counted.total.made.total() < changes:
        rounds += 1
        drawn = settings(
            max_examples=20 * rounds, stateful_step_count=50, deadline=None, database=None, print_blob=False,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
        )  # fmt: skip
        try:
            run_state_machine_as_test(seed(start + rounds)(Counted), settings=drawn)
        except AssertionError as error:
            return Counted.total, "\n".join([str(error), *getattr(error, "__notes__", ())])
    return Counted.total, ""


def print_carried(total: Total) -> bool:
    sums = total.sums
    print(f"\n{total.made.total():,} generated changes in {total.editions:,} editions\n")
    for kind, number in sorted(total.made.items()):
        print(f"  {kind:<34}{number:>9,}")
    for head, names, counts, came in (
        ("carried to the next edition", CARRIED, sums.carried, sums.decisions),
        ("then on record, as tag takes them", OUTCOMES, sums.on_record, sums.records),
    ):
        print(f"\nWhat became of the decisions, {head}")
        for name in names:
            print(f"  {name:<34}{counts[name]:>9,}")
        print(f"  {'together':<34}{counts.total():>9,}   came in: {came:,}")
    print()
    for name, said in _NOUGHT.items():
        print(f"  {said:<34}{getattr(sums, name):>9,}")
    share = sums.kept / sums.unchanged if sums.unchanged else 0.0
    print(f"  {'on unchanged passages, kept':<34}{sums.kept:>9,} of {sums.unchanged:,} ({share:.2%})")
    print(f"  {'asked about another passage':<34}{sums.elsewhere:>9,} of {sums.asked:,} asked (too much is safe)")
    return total.holds


def print_matched(total: Total) -> None:
    print("\nWhat each single change was taken for")
    print(f"  {'':<14}" + "".join(f"{kind:>10}" for kind in KINDS[:-1]))
    matched = total.sums.matched
    for edit in sorted({edit for edit, _ in matched}):
        print(f"  {edit:<14}" + "".join(f"{matched[edit, kind]:>10,}" for kind in KINDS[:-1]))


def print_causes(each: int, start: int) -> bool:
    print("\nPlanted changes, attributed as planted")
    right = tried = 0
    kinds = [(f"{f}, {'among others' if a else 'alone'}", f, a) for a in (False, True) for f in FACTORS]
    for name, make in (
        *((name, lambda rng, f=f, a=a: make_single(f, rng, a)) for name, f, a in kinds),
        *((kind, lambda rng, kind=kind: make_double(kind, rng)) for kind in DOUBLES),
    ):
        faults = [find_faults(make(random.Random(start + n))) for n in range(each)]
        good = sum(not fault for fault in faults)
        right, tried = right + good, tried + each
        print(f"  {name:<38}{good:>5} of {each}")
        for fault in [line for lines in faults for line in lines][:3]:
            print(f"      {fault}")
    print(f"  {'together':<38}{right:>5} of {tried}")
    return right == tried


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a sample, in about a minute")
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2019)
    given = parser.parse_args()
    start, changes = time.monotonic(), 500 if given.short else given.changes
    total = carry(changes, given.seed)
    good = print_carried(total)
    print_matched(total)
    drawn, fault = draw(changes, given.seed)
    print(f"\nThe same, drawn by Hypothesis{': ' + fault if fault else ''}")
    good = print_carried(drawn) and not fault and good
    good = print_causes(3 if given.short else 25, given.seed) and good
    print(f"\n{'Everything holds.' if good else 'SOMETHING DOES NOT HOLD.'} {time.monotonic() - start:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
