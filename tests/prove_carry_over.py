"""Proof that no decision is lost or misapplied, and that causes are named rightly: a command that prints two tables.

Run it with ``python tests/prove_carry_over.py`` (some minutes). It makes 10,000 generated changes of strategies,
carries the decisions over each edition and compares with the truth; and it plants changes of known cause, alone, among
others and in twos. ``--short`` takes a sample. The tests of the suite use the same parts.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from edition_edits import CHANGES, Outcome, World
from planted_causes import DOUBLES, find_faults, make_double, make_single

from mapping.comparison import FACTORS
from mapping.editions import CARRIED, KINDS
from mapping.framework import load_framework

_SUMS = ("decisions", "lost", "misapplied", "unchanged", "kept", "disagree", "unasked")


def carry(changes: int, seed: int) -> tuple[Outcome, Counter[str], int]:
    """Make so many changes in city after city; return what it came to, the changes made, and the editions."""
    framework, total, made, editions = load_framework("closing-the-gap"), Outcome(), Counter[str](), 0
    while made.total() < changes:
        world = World(random.Random(seed + editions), framework)
        for _ in range(12):
            world.decide(5)
            for _ in range(world.rng.randint(1, 8)):
                world.change(world.rng.choice(sorted(CHANGES)))
            found = world.publish()
            for name in _SUMS:
                setattr(total, name, getattr(total, name) + getattr(found, name))
            total.counts += found.counts
            total.matched += found.matched
            editions += 1
        made += world.made
    return total, made, editions


def print_carried(total: Outcome, made: Counter[str], editions: int) -> bool:
    print(f"\n{made.total():,} generated changes in {editions:,} editions\n")
    for kind, number in sorted(made.items()):
        print(f"  {kind:<28}{number:>7,}")
    print("\nWhat became of the decisions")
    for name in CARRIED:
        print(f"  {name:<28}{total.counts[name]:>9,}")
    whole = sum(total.counts.values())
    print(f"  {'together':<28}{whole:>9,}   came in: {total.decisions:,}")
    share = total.kept / total.unchanged if total.unchanged else 1.0
    print(f"\n  lost in silence             {total.lost:>9,}")
    print(f"  applied to other words      {total.misapplied:>9,}")
    print(f"  on unchanged passages kept  {total.kept:>9,} of {total.unchanged:,} ({share:.2%})")
    print(f"  to check again, not listed  {total.unasked:>9,}")
    print(f"  applied otherwise by tag    {total.disagree:>9,}")
    print("\nWhat each single change was taken for")
    print(f"  {'':<14}" + "".join(f"{kind:>10}" for kind in KINDS[:-1]))
    for edit in sorted({edit for edit, _ in total.matched}):
        print(f"  {edit:<14}" + "".join(f"{total.matched[edit, kind]:>10,}" for kind in KINDS[:-1]))
    return not (total.lost or total.misapplied or total.disagree or total.unasked) and (
        total.kept == total.unchanged and whole == total.decisions
    )


def print_causes(each: int, seed: int) -> bool:
    print("\nPlanted changes, attributed as planted")
    right = tried = 0
    kinds = [(f"{f}, {'among others' if a else 'alone'}", f, a) for a in (False, True) for f in FACTORS]
    for name, make in (
        *((name, lambda rng, f=f, a=a: make_single(f, rng, a)) for name, f, a in kinds),
        *((kind, lambda rng, kind=kind: make_double(kind, rng)) for kind in DOUBLES),
    ):
        faults = [find_faults(make(random.Random(seed + n))) for n in range(each)]
        good = sum(not fault for fault in faults)
        right, tried = right + good, tried + each
        print(f"  {name:<38}{good:>5} of {each}")
        for fault in [line for lines in faults for line in lines][:3]:
            print(f"      {fault}")
    print(f"  {'together':<38}{right:>5} of {tried}")
    return right == tried


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a sample, in under a minute")
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2019)
    given = parser.parse_args()
    start = time.monotonic()
    good = print_carried(*carry(500 if given.short else given.changes, given.seed))
    good = print_causes(3 if given.short else 25, given.seed) and good
    print(f"\n{'Everything holds.' if good else 'SOMETHING DOES NOT HOLD.'} {time.monotonic() - start:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
