"""Rebuild ``word_counts.csv`` from the published word frequencies of wordfreq 3.1.1.

Run in an environment that has wordfreq and PyStemmer (neither the toolkit nor its tests need wordfreq)::

    python -m pip install wordfreq==3.1.1 snowballstemmer
    python data/english/make_word_counts.py

A word with frequency f stands in a passage of n words with probability 1 - (1 - f)^n. The table gives that for
passages of 25 words, about the length of a priority in a strategy, as a count out of a million passages.
"""

import csv
from pathlib import Path

import snowballstemmer
import wordfreq

WORDS = 25_000
PASSAGE_WORDS = 25
PASSAGES = 1_000_000

if __name__ == "__main__":
    stem = snowballstemmer.stemmer("english").stemWord
    words = [word for word in wordfreq.top_n_list("en", 2 * WORDS) if word.isascii() and word.isalpha()]
    words = [word for word in words if len(word) > 1 or word in {"a", "i"}][:WORDS]
    target = Path(__file__).with_name("word_counts.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["word", "stem", "passages"])
        for word in sorted(words):
            share = 1 - (1 - wordfreq.word_frequency(word, "en")) ** PASSAGE_WORDS
            writer.writerow([word, stem(word), round(PASSAGES * share)])
    print(f"wrote {len(words)} words to {target}")
