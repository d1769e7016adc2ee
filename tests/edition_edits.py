"""Generated changes of strategies, with the truth beside them: what each passage became, and whether its words stayed.

A ``World`` is a made-up city whose priorities change from edition to edition as real ones do. It knows which passage is
which whatever its id, so that what is carried over can be judged. Decisions are kept as a city keeps them: nothing on
record is ever changed or taken away, carrying adds records under later ids, and ``tag`` says what becomes of each.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from mapping.decisions import HELD, OUTCOMES, apply_decisions
from mapping.editions import CARRIED, carry_decisions, list_checks, match_editions
from mapping.editions.record import list_moved
from mapping.framework import Framework
from mapping.partnership import Partnership
from mapping.schema import DECISIONS
from mapping.tables import each_row, fold

NAMES = [column.name for column in DECISIONS]
Record = tuple[str, ...]
BOARDS = ("HOM", "PRK", "WRK")
#: Two named strategies and a stand-in of each board.
STANDINGS = {"A": "named", "B": "named", "S": "stand-in"}
REVIEWERS = ("AB", "CD", "policy officer")
WORDS = (
    "improve support reduce create protect develop promote deliver build help enable strengthen health homes skills "
    "jobs schools parks streets children families carers residents tenants apprentices young older vulnerable people "
    "housing crime safety harm poverty inequality attainment transport cycling walking culture museums libraries sport "
    "leisure business enterprise investment city centre neighbourhoods communities volunteers prevention early help "
    "mental wellbeing smoking alcohol obesity air quality river floods energy heating insulation repairs rent "
    "loneliness employment training colleges university nursery childcare domestic abuse hate knife burglary offenders "
    "tourism"
).split()
FUNCTION = ("and", "for", "of", "the", "in", "with", "to")


@dataclass(frozen=True)
class Passage:
    """One priority and what was done to it since the last edition; ``key`` says which one it is, whatever its id."""

    key: int
    id: str
    strategy: str
    text: str
    origins: frozenset[int] = frozenset()
    edits: tuple[str, ...] = ()

    @property
    def board(self) -> str:
        return self.strategy[:3]


@dataclass
class Judgement:
    """What a person decided, on which passage; ``steady`` while its words and its place have stayed.

    ``lineage`` has the keys of what that passage became: its parts, or what it was merged into.
    """

    record: Record
    key: int
    lineage: set[int]
    steady: bool = True


@dataclass
class Outcome:
    """What one edition's carrying over came to."""

    decisions: int = 0  # came in
    carried: Counter[str] = field(default_factory=Counter)  # what carry_decisions says of them
    records: int = 0  # then on record
    on_record: Counter[str] = field(default_factory=Counter)  # what tag says of those
    lost: int = 0  # gone, altered, or without an outcome and a reason that a person can read
    buried: int = 0  # superseded under every id, though the very words still stand and nobody decided on them
    misapplied: int = 0  # held on other words
    astray: int = 0  # held where neither the id nor the board is that of the passage
    unchanged: int = 0  # on passages whose words and place stayed since they were judged
    kept: int = 0  # of those, the ones that hold
    disagree: int = 0  # held by tag alone, or by carry_decisions alone
    unasked: int = 0  # to be checked again, but in no list
    asked: int = 0  # what tag asks people to check again
    elsewhere: int = 0  # of that, about a passage that is not the one judged, nor made of it
    matched: Counter[tuple[str, str]] = field(default_factory=Counter)  # what was done, what it was taken for

    @property
    def whole(self) -> bool:
        """Whether every decision that came in has one outcome, before and after."""
        return self.carried.total() == self.decisions and self.on_record.total() == self.records


class World:
    """A city whose strategies change, and the decisions that people made on them."""

    def __init__(self, rng: random.Random, framework: Framework, size: int = 30) -> None:
        self.rng, self.framework = rng, framework
        self.number = self.key = self.minute = 0
        self.now: list[Passage] = []
        for _ in range(size):
            self.add()
        self.before = list(self.now)
        self.decisions = pd.DataFrame(columns=NAMES, dtype="object")
        self.judgements: list[Judgement] = []
        self.made = Counter[str]()

    # --- the changes ---

    def change(self, kind: str) -> None:
        """Make one change, if there is anything to change."""
        if self.now or kind == "add":
            CHANGES[kind](self)
            self.made[kind] += 1

    def add(self) -> None:
        strategy = f"{self.rng.choice(BOARDS)}-{self.rng.choice(tuple(STANDINGS))}"
        self.key += 1
        text = self.make_text()
        if self.now and self.rng.random() < 0.08:
            text = self.rng.choice(self.now).text
        self.now.insert(self.rng.randint(0, len(self.now)), Passage(self.key, self.make_id(strategy), strategy, text))

    def delete(self) -> None:
        self.now.remove(self.rng.choice(self.now))

    def reword(self) -> None:
        passage = self.rng.choice(self.now)
        words = passage.text.split()
        for _ in range(max(1, len(words) // 5)):
            place = self.rng.randrange(len(words))
            change = self.rng.choice(("exchange", "insert", "drop"))
            if change == "drop" and len(words) > 3:
                del words[place]
            elif change == "insert":
                words.insert(place, self.rng.choice(WORDS))
            else:
                words[place] = self.rng.choice(WORDS)
        self.put(passage, "reword", text=" ".join(words))

    def replace_text(self) -> None:
        """Another text under the same id."""
        self.put(self.rng.choice(self.now), "replace", text=self.make_text())

    def split(self) -> None:
        passage = self.rng.choice(self.now)
        words = passage.text.split()
        if len(words) < 6:
            return
        cut = self.rng.randint(3, len(words) - 3)
        parts = [" ".join(words[:cut]), " ".join(words[cut:])]
        place = self.now.index(passage)
        origins = passage.origins or frozenset({passage.key})
        made = []
        for n, text in enumerate(parts):
            self.key += 1
            name = passage.id if n == 0 and self.rng.random() < 0.5 else self.make_id(passage.strategy)
            made.append(Passage(self.key, name, passage.strategy, text, origins, (*passage.edits, "split")))
        self.now[place : place + 1] = made

    def merge(self) -> None:
        first = self.rng.choice(self.now)
        others = [p for p in self.now if p.strategy == first.strategy and p is not first]
        if not others:
            return
        second = self.rng.choice(others)
        self.key += 1
        origins = (first.origins or frozenset({first.key})) | (second.origins or frozenset({second.key}))
        name = first.id if self.rng.random() < 0.5 else self.make_id(first.strategy)
        text = f"{first.text} and {second.text}"
        whole = Passage(self.key, name, first.strategy, text, origins, (*first.edits, *second.edits, "merge"))
        self.now[self.now.index(first)] = whole
        self.now.remove(second)

    def renumber(self) -> None:
        """New ids for a board, in order; for all; or the same ids dealt out anew."""
        board = self.rng.choice((*BOARDS, "", "deal"))
        if board == "deal":
            ids = [passage.id for passage in self.now]
            self.rng.shuffle(ids)
            self.now = [replace(p, id=name) for p, name in zip(self.now, ids, strict=True)]
            return
        start = self.rng.choice((1, self.number + 1))
        taken = {p.id for p in self.now if board and p.board != board}
        fresh = (f"{p}-{n:03d}" for n in range(start, 10_000) for p in [board or "ALL"])
        self.now = [
            replace(p, id=next(name for name in fresh if name not in taken)) if not board or p.board == board else p
            for p in self.now
        ]
        self.number = max(self.number, start + len(self.now))

    def swap_words(self) -> None:
        passage = self.rng.choice(self.now)
        words = passage.text.split()
        first, second = self.rng.sample(range(len(words)), 2)
        words[first], words[second] = words[second], words[first]
        self.put(passage, "swap words", text=" ".join(words))

    def swap_texts(self) -> None:
        """Two texts change places, so that each id has the other's words."""
        if len(self.now) > 1:
            first, second = self.rng.sample(range(len(self.now)), 2)
            a, b = self.now[first], self.now[second]
            if a.strategy == b.strategy:
                self.now[first], self.now[second] = replace(b, id=a.id), replace(a, id=b.id)

    def dress(self) -> None:
        """Another case, other punctuation, other spaces: the words stay."""
        passage = self.rng.choice(self.now)
        text = self.rng.choice(
            (
                passage.text.upper(),
                passage.text.capitalize() + ".",
                passage.text.replace(" ", ",  ", 1),
                passage.text.title(),
            )
        )
        self.put(passage, "", text=text)

    def move(self) -> None:
        """Into another strategy of the same board."""
        passage = self.rng.choice(self.now)
        self.put(passage, "", strategy=f"{passage.board}-{self.rng.choice(tuple(STANDINGS))}")

    def hand_over(self) -> None:
        """To another board, under the same id."""
        passage = self.rng.choice(self.now)
        self.put(passage, "", strategy=f"{self.rng.choice(BOARDS)}-{self.rng.choice(tuple(STANDINGS))}")

    def shuffle(self) -> None:
        self.rng.shuffle(self.now)

    def put(self, passage: Passage, edit: str, **values: str) -> None:
        edits = (*passage.edits, edit) if edit else passage.edits
        self.now[self.now.index(passage)] = replace(passage, edits=edits, **values)

    def make_text(self) -> str:
        words = [self.rng.choice(WORDS) for _ in range(self.rng.randint(3, 11))]
        for place in range(len(words) - 1, 1, -3):
            words.insert(place, self.rng.choice(FUNCTION))
        return " ".join(words)

    def make_id(self, strategy: str) -> str:
        self.number += 1
        return f"{strategy[:3]}-{self.number:03d}"

    def decide(self, number: int) -> None:
        """Let people decide on some tags of the present edition; now and then they disagree."""
        made = []
        for _ in range(number if self.now else 0):
            passage = self.rng.choice(self.now)
            for who in self.rng.sample(REVIEWERS, self.rng.choice((1, 1, 1, 2))):
                said = self.rng.choice(("confirm", "confirm", "reject", "add", "unsure"))
                theme = self.rng.choice(self.framework.theme_ids[:3])
                framework = self.framework.id if self.rng.random() < 0.95 else "another"
                # No two at one time: a change of mind is later than what it changes.
                self.minute += 1
                time = f"2019-{1 + self.minute // 40_000:02d}-{1 + self.minute // 1_440 % 28:02d}"
                time += f"T{self.minute // 60 % 24:02d}:{self.minute % 60:02d}"
                record = (framework, passage.id, theme, said, passage.text, who, time, "")
                made.append(Judgement(record, passage.key, {passage.key}))
        self.judgements += made
        self.put_on_record(pd.DataFrame([judgement.record for judgement in made], columns=NAMES, dtype="object"))

    def put_on_record(self, records: pd.DataFrame) -> None:
        """Add records to those there; what is on record already is said once."""
        together = pd.concat([self.decisions, records], ignore_index=True)
        self.decisions = together.drop_duplicates(NAMES, ignore_index=True)

    # --- publishing ---

    def publish(self) -> Outcome:
        """Carry the decisions to the present edition, compare with the truth, and go on from there."""
        assert len({passage.id for passage in self.now}) == len(self.now)
        old, new = self.make_tables(self.before), self.make_tables(self.now)
        match = match_editions(old, new)
        carried = carry_decisions(self.decisions, match, new)
        found = Outcome(len(self.decisions), carried=Counter(carried["outcome"]))
        for judgement in self.judgements:
            judgement.lineage |= {passage.key for passage in self.now if passage.origins & judgement.lineage}
        self._judge_carried(carried, new, found)
        self.put_on_record(list_moved(carried))
        self._judge_record(carried, new, found)
        found.matched = self._judge_match(match)
        self.now = [replace(passage, origins=frozenset(), edits=()) for passage in self.now]
        self.before = list(self.now)
        return found

    def make_tables(self, passages: list[Passage]) -> Partnership:
        rows = [(p.id, p.strategy, p.board, p.text) for p in passages]
        boards = pd.DataFrame({"board": BOARDS, "name": BOARDS, "in_matrix": ["yes"] * 3})
        strategies = pd.DataFrame(
            [(f"{b}-{s}", b, f"{b}-{s}", standing, "yes") for b in BOARDS for s, standing in STANDINGS.items()],
            columns=["strategy", "board", "name", "standing", "read"],
        )
        priorities = pd.DataFrame(rows, columns=["priority", "strategy", "board", "text"], dtype="object")
        info = {"id": "made-up", "name": "Made-up city", "framework": self.framework.id}
        return Partnership(info, boards, strategies, priorities, self.decisions, self.framework)

    # --- what became of them, and what should have ---

    def _judge_carried(self, carried: pd.DataFrame, new: Partnership, found: Outcome) -> None:
        """Look at what ``carry_decisions`` says of each decision."""
        came = Counter(self.decisions[NAMES].itertuples(index=False, name=None))
        went = Counter(carried.assign(priority=carried["priority_before"])[NAMES].itertuples(index=False, name=None))
        found.lost += (came - went).total() + (went - came).total()
        asked = set(list_checks(carried, new)["priority_before"])
        before, now = ({p.id: p for p in side} for side in (self.before, self.now))
        for row in each_row(carried):
            stands = row.outcome in HELD
            found.lost += row.outcome not in CARRIED or (row.outcome != "applied" and not row.why)
            found.misapplied += stands and not (row.priority in now and _fold(now[row.priority]) == fold(row.words))
            was = before.get(row.priority_before)
            found.astray += (
                stands and was is not None and row.priority != was.id and now[row.priority].board != was.board
            )
            found.unasked += row.outcome == "check again" and row.priority_before not in asked

    def _judge_record(self, carried: pd.DataFrame, new: Partnership, found: Outcome) -> None:
        """Look at what ``tag`` says of everything on record, and at what became of each judgement ever made."""
        pairs = [(priority, theme) for priority in new.priorities["priority"] for theme in self.framework.theme_ids]
        tags = pd.DataFrame(pairs, columns=["priority", "theme"]).assign(tagged=False)
        settled = apply_decisions(tags, self.decisions.assign(line=0), new.priorities, self.framework)[1]
        found.records, found.on_record = len(self.decisions), Counter(settled["outcome"])
        now = {passage.id: passage for passage in self.now}
        for row in each_row(settled):
            found.lost += row.outcome not in OUTCOMES or (row.outcome != "applied" and not row.why)
            found.misapplied += row.outcome in HELD and _fold(now[row.priority]) != fold(row.words)
        self._judge_asked(settled, found)
        held = _list_held(settled)
        # What was carried holds. What holds beside that is on record under the id and the words that now stand: where a
        # passage left its id to another of the same words.
        wanted, before = _list_held(carried), set(carried["priority_before"])
        more = held.keys() - wanted.keys()
        found.disagree += sum(key[1] not in before for key in more)
        joined = {(key[1], key[2]) for key in more}
        found.disagree += sum(
            held.get(key) != outcome for key, outcome in wanted.items() if (key[1], key[2]) not in joined
        )
        there = set(self.decisions[NAMES].itertuples(index=False, name=None))
        found.lost += sum(judgement.record not in there for judgement in self.judgements)
        self._judge_unchanged(held, found)

    def _judge_asked(self, settled: pd.DataFrame, found: Outcome) -> None:
        """Count what people are asked to check again, what is asked of another passage, and what is never asked."""
        keys, words = {p.id: p.key for p in self.now}, {p.id: _fold(p) for p in self.now}
        outcomes: dict[Record, list[tuple[str, str]]] = {}
        for row in each_row(settled):
            record = tuple(getattr(row, name) for name in NAMES if name != "priority")
            outcomes.setdefault(record, []).append((row.outcome, row.look_at))
        held = settled[settled["outcome"].isin(HELD)]
        decided = set(zip(held["priority"], held["theme"], strict=True))
        for judgement in self.judgements:
            said = outcomes[judgement.record[:1] + judgement.record[2:]]
            asked = [keys[place] for outcome, place in said if outcome == "check again"]
            found.asked += len(asked)
            found.elsewhere += sum(key not in judgement.lineage for key in asked)
            theme, judged = judgement.record[2], fold(judgement.record[4])
            stands = [name for name, key in keys.items() if key in judgement.lineage and words[name] == judged]
            waits = any((name, theme) not in decided for name in stands)
            found.buried += {outcome for outcome, _ in said} == {"superseded"} and waits

    def _judge_unchanged(self, held: dict[Record, str], found: Outcome) -> None:
        """Count the decisions on passages whose words and place stayed since they were judged, and those that hold."""
        before, now = ({p.key: p for p in side} for side in (self.before, self.now))
        saying: dict[tuple[str, str], list[str]] = {}
        for passage in self.now:
            saying.setdefault((passage.board, _fold(passage)), []).append(passage.id)
        for judgement in self.judgements:
            framework, _, theme, said, words, *rest = judgement.record
            was, passage = before.get(judgement.key), now.get(judgement.key)
            # What another board says under another id is its own commitment, not the same passage.
            judgement.steady = judgement.steady and (
                was is not None
                and passage is not None
                and _fold(passage) == fold(words)
                and (passage.board == was.board or passage.id == was.id)
            )
            if judgement.steady and passage and framework == self.framework.id:
                found.unchanged += 1
                # Of several that say the same in one board, any may be taken for it.
                places = saying[passage.board, fold(words)]
                found.kept += any((framework, place, theme, said, words, *rest) in held for place in places)

    def _judge_match(self, match: pd.DataFrame) -> Counter[tuple[str, str]]:
        """Count what each single change was taken for: (what was done, kind of match)."""
        kinds = {name: row.kind for row in each_row(match) for name in row.later}
        return Counter((p.edits[0], kinds[p.id]) for p in self.now if len(p.edits) == 1)


def _fold(passage: Passage) -> str:
    return fold(passage.text)


def _list_held(table: pd.DataFrame) -> dict[Record, str]:
    """Return the records that hold, with their outcome."""
    held = table[table["outcome"].isin(HELD)]
    return dict(zip(held[NAMES].itertuples(index=False, name=None), held["outcome"], strict=True))


CHANGES: dict[str, Callable[[World], None]] = {
    "add": World.add, "delete": World.delete, "reword": World.reword, "another text, same id": World.replace_text,
    "split": World.split, "merge": World.merge, "renumber": World.renumber, "swap words": World.swap_words,
    "swap texts": World.swap_texts, "case and punctuation": World.dress, "move to another strategy": World.move,
    "move to another board": World.hand_over, "other order of rows": World.shuffle,
}  # fmt: skip
