"""Print what tagging costs beside a plain scikit-learn pipeline on the same texts: CPU time, medians of ratios."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer

import mapping as mp
from mapping.evaluation import read_coded
from mapping.files import find_coded
from mapping.scoring import Scorer

ROUNDS = 7
TEXTS = 1000


def make_texts(count: int) -> list[str]:
    """Return different texts of real length: pairs of the shipped made-up statements joined."""
    framework = mp.load_framework("closing-the-gap")
    texts = read_coded(find_coded("statements-working"), framework).drop_duplicates("row")["text"].tolist()
    whole = (f"{a} {b}" for a, b in itertools.product(texts[:40], texts))
    return list(itertools.islice(itertools.chain(texts, whole), count))


def cpu(action: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    before = time.process_time()
    action()
    return time.process_time() - before


def plain_pipeline(texts: Sequence[str], profiles: Sequence[str]) -> object:
    """Do what most would: TF-IDF fitted on the texts, cosine with each theme's words; no keywords and no spans."""
    vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    vectors = vectorizer.fit_transform(texts)
    return vectors @ vectorizer.transform(profiles).T


def main() -> None:
    """Run both in turn, and print medians with their ranges."""
    framework = mp.load_framework("closing-the-gap")
    profiles = [f"{row.wording} {row.scope_note}" for row in framework.themes.itertuples()]
    texts = make_texts(TEXTS)
    derby = list(mp.tag(mp.load_derby()).priorities["text"])
    seconds: dict[str, list[float]] = {}
    ratios: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        scorer, known = Scorer(framework), Scorer(framework)
        scorer.score(derby[:2])
        known.score(derby)
        plain = cpu(lambda: plain_pipeline(texts, profiles))
        for name, action in (
            (f"plain scikit-learn, {len(texts)} texts, no spans", None),
            (f"scores and spans of {len(texts)} texts not seen before", lambda scorer=scorer: scorer.score(texts)),
            (
                f"Derby's {len(derby)} priorities scored again, another threshold",
                lambda k=known: k.score(derby, "both", 0.6),
            ),
            (
                f"Derby's {len(derby)} priorities scored again, another method",
                lambda k=known: k.score(derby, "keywords"),
            ),
        ):
            spent = plain if action is None else cpu(action)
            seconds.setdefault(name, []).append(spent)
            ratios.setdefault(name, []).append(spent / plain)
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(f"CPU time after import, {ROUNDS} interleaved rounds; texts of {words:.0f} words on average")
    for name in seconds:
        low, high = min(ratios[name]), max(ratios[name])
        print(
            f"  {name:62} {1000 * statistics.median(seconds[name]):7.1f} ms   "
            f"{statistics.median(ratios[name]):5.2f} [{low:.2f} to {high:.2f}] x plain"
        )


if __name__ == "__main__":
    main()
