"""Generated changes of strategies, with the truth beside them: what each passage became, and whether its words stayed.

A ``World`` is a made-up city whose priorities change from edition to edition as real ones do. It knows which passage is
which whatever its id, so that what is carried over can be judged.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from mapping.decisions import apply_decisions
from mapping.editions import CARRIED, carry_decisions, list_checks, match_editions
from mapping.framework import Framework
from mapping.partnership import Partnership
from mapping.schema import DECISIONS
from mapping.tables import each_row, fold

NAMES = [column.name for column in DECISIONS]
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
class Outcome:
    """What one edition's carrying over came to; ``wrong`` says in words what must never be."""

    decisions: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    misapplied: int = 0
    unchanged: int = 0
    kept: int = 0
    disagree: int = 0
    unasked: int = 0
    matched: Counter[tuple[str, str]] = field(default_factory=Counter)


class World:
    """A city whose strategies change, and the decisions that people made on them."""

    def __init__(self, rng: random.Random, framework: Framework, size: int = 30) -> None:
        self.rng, self.framework, self.number, self.key = rng, framework, 0, 0
        self.now: list[Passage] = []
        for _ in range(size):
            self.add()
        self.before = list(self.now)
        self.decisions = pd.DataFrame(columns=NAMES, dtype="object")
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
        rows = []
        for _ in range(number if self.now else 0):
            passage, minute = self.rng.choice(self.now), self.rng.randint(0, 59)
            for who in self.rng.sample(REVIEWERS, self.rng.choice((1, 1, 1, 2))):
                said = self.rng.choice(("confirm", "confirm", "reject", "add", "unsure"))
                theme = self.rng.choice(self.framework.theme_ids[:3])
                framework = self.framework.id if self.rng.random() < 0.95 else "another"
                rows.append((framework, passage.id, theme, said, passage.text, who, f"2019-01-14T10:{minute:02d}", ""))
        self.decisions = pd.concat([self.decisions, pd.DataFrame(rows, columns=NAMES)], ignore_index=True)

    # --- publishing ---

    def publish(self) -> Outcome:
        """Carry the decisions to the present edition, compare with the truth, and go on from there."""
        assert len({passage.id for passage in self.now}) == len(self.now)
        old, new = self.make_tables(self.before), self.make_tables(self.now)
        match = match_editions(old, new)
        carried = carry_decisions(self.decisions, match, new)
        outcome = self.judge(match, carried, new)
        self.decisions = carried[NAMES].reset_index(drop=True)
        self.now = [replace(passage, origins=frozenset(), edits=()) for passage in self.now]
        self.before = list(self.now)
        return outcome

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

    def judge(self, match: pd.DataFrame, carried: pd.DataFrame, new: Partnership) -> Outcome:
        """Compare what was carried with the truth."""
        texts = dict(zip(new.priorities["priority"], new.priorities["text"], strict=True))
        found = Outcome(len(self.decisions), Counter(carried["outcome"]))
        came = Counter(self.decisions[NAMES].itertuples(index=False, name=None))
        went = Counter(carried.assign(priority=carried["priority_before"])[NAMES].itertuples(index=False, name=None))
        # Lost: not there any more, or there without an outcome that a person can read.
        found.lost = (came - went).total() + sum(carried["outcome"].map(lambda name: name not in CARRIED))
        stays = self._list_unchanged()
        for row in each_row(carried):
            stands = row.outcome in ("applied", "conflicting")
            found.misapplied += stands and fold(texts.get(row.priority, "")) != fold(row.words)
            if row.framework == self.framework.id and stays.get(row.priority_before) == fold(row.words):
                found.unchanged += 1
                found.kept += stands
        asked = set(list_checks(carried, new)["priority_before"])
        found.unasked = sum(
            row.outcome == "check again" and row.priority_before not in asked for row in each_row(carried)
        )
        found.disagree = self._find_disagreement(carried, new)
        found.matched = self._judge_match(match)
        return found

    def _list_unchanged(self) -> dict[str, str]:
        """Return the words, folded, of each earlier id whose passage still has them."""
        now = {passage.key: passage for passage in self.now}
        return {
            passage.id: fold(passage.text)
            for passage in self.before
            if passage.key in now
            and fold(now[passage.key].text) == fold(passage.text)
            # What another board says under another id is its own commitment, not the same passage.
            and (now[passage.key].board == passage.board or now[passage.key].id == passage.id)
        }

    def _find_disagreement(self, carried: pd.DataFrame, new: Partnership) -> int:
        """Count the decisions that ``tag`` would apply and the carrying over would not, or the other way round."""
        pairs = [(priority, theme) for priority in new.priorities["priority"] for theme in self.framework.theme_ids]
        tags = pd.DataFrame(pairs, columns=["priority", "theme"]).assign(tagged=False)
        table = carried[NAMES].assign(line=0).reset_index(drop=True)
        tags, settled = apply_decisions(tags, table, new.priorities, self.framework)
        disputed = tags[tags["status"] == "disputed"]
        clash = set(zip(disputed["priority"], disputed["theme"], strict=True))
        wrong = 0
        for ours, theirs in zip(each_row(carried), each_row(settled), strict=True):
            applied = ours.outcome in ("applied", "conflicting")
            wrong += applied != (theirs.outcome == "applied")
            wrong += applied and (ours.outcome == "conflicting") != ((ours.priority, ours.theme) in clash)
        return wrong

    def _judge_match(self, match: pd.DataFrame) -> Counter[tuple[str, str]]:
        """Count what each single change was taken for: (what was done, kind of match)."""
        kinds = {name: row.kind for row in each_row(match) for name in row.later}
        return Counter((p.edits[0], kinds[p.id]) for p in self.now if len(p.edits) == 1)


CHANGES: dict[str, Callable[[World], None]] = {
    "add": World.add, "delete": World.delete, "reword": World.reword, "another text, same id": World.replace_text,
    "split": World.split, "merge": World.merge, "renumber": World.renumber, "swap words": World.swap_words,
    "swap texts": World.swap_texts, "case and punctuation": World.dress, "move to another strategy": World.move,
    "move to another board": World.hand_over, "other order of rows": World.shuffle,
}  # fmt: skip
