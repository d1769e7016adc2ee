"""Learning from decisions: what is settled, what is held back, and when there is too little to learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import CITY

from mapping.calibration import read_calibration
from mapping.errors import UnknownNameError
from mapping.evaluation import read_coded
from mapping.files import find_coded
from mapping.learning import _split, learn_calibration, list_settled, propose_keywords
from mapping.partnership import Partnership
from mapping.tags import Run, tag

HEAD = "framework,priority,theme,decision,words,reviewer,time,note\n"


def decide(run: Run, decisions: dict[tuple[str, str], str]) -> Run:
    """Return the run again with a reviewer's decisions on the priorities' own words."""
    text = dict(zip(run.priorities["priority"], run.priorities["text"], strict=True))
    rows = [
        (run.framework.id, priority, theme, said, text[priority], "A", "2019-02-01T10:00", "", n)
        for n, ((priority, theme), said) in enumerate(decisions.items(), start=2)
    ]
    table = pd.DataFrame(rows, columns=[*HEAD.strip().split(","), "line"])
    table = table.reindex(columns=run.partnership.decisions.columns, fill_value="")
    return tag(replace(run.partnership, decisions=table))


@pytest.fixture(scope="module")
def coded_run(derby: Partnership, derby_run: Run) -> Run:
    """Derby with a decision wherever the coders of the shipped rows agree: as if a reviewer had decided so."""
    cells = read_coded(find_coded("derby-coded"), derby.framework)
    ids = dict(zip(derby_run.priorities["text"], derby_run.priorities["priority"], strict=True))
    known = cells[cells["truth"].notna() & cells["text"].isin(list(ids))]
    said = {
        (ids[text], theme): "confirm" if truth else "reject"
        for text, theme, truth in zip(known["text"], known["theme"], known["truth"], strict=True)
    }
    return decide(derby_run, said)


def test_settled_tags_are_the_confirmed_added_and_rejected_ones(run: Run) -> None:
    said = {
        ("HOM-01", "homes"): "confirm", ("HOM-02", "voice"): "reject", ("HOM-03", "work"): "add",
        ("PRK-03", "voice"): "unsure",
    }  # fmt: skip
    settled = list_settled(decide(run, said))
    assert settled[["priority", "theme", "document", "truth"]].to_numpy().tolist() == [
        ["HOM-01", "homes", "HOM-S", 1.0],
        ["HOM-02", "voice", "HOM-S", 0.0],
        ["HOM-03", "work", "HOM-S", 1.0],
    ]
    assert list(list_settled(decide(run, said), by="source")["document"]) == ["Homes Strategy"] * 3
    with pytest.raises(UnknownNameError, match="Did you mean 'source'"):
        list_settled(run, by="sauce")


def test_too_few_decisions_say_how_many_are_needed(run: Run) -> None:
    none = learn_calibration(run)
    assert none.calibration is None
    assert none.text == ""
    assert "They come from 0 documents; at least 2 are needed." in str(none)
    few = learn_calibration(decide(run, {("HOM-01", "homes"): "confirm", ("WRK-01", "voice"): "reject"}))
    # Whichever of the two is held back, one is left: 50 - 1, and in turn no confirmed and no rejected one.
    assert "At least 49 more settled tags, 10 more confirmed, 10 more rejected are needed." in str(few)
    assert (
        "voice: too few, 0 confirmed (documents: 0); at least 5 in 2 documents are needed."
        in propose_keywords(run).says
    )


def test_parts_hold_whole_documents_and_are_as_even_as_they_can_be() -> None:
    sizes = {"a": 6, "b": 3, "c": 2, "d": 1}
    settled = pd.DataFrame({"document": [name for name, size in sizes.items() for _ in range(size)]})
    parts = _split(settled, 2, seed=1)
    own = settled.assign(part=parts).groupby("document")["part"].nunique()
    assert set(own) == {1}
    assert sorted(np.bincount(parts)) == [6, 6]
    assert _split(settled, 2, seed=1) == parts
    assert len(set(_split(settled, 9, seed=1))) == 4


def test_a_calibration_is_measured_on_documents_it_did_not_see(coded_run: Run) -> None:
    learned = learn_calibration(coded_run)
    assert learned.settled.groupby("document")["part"].nunique().eq(1).all()
    table = learned.scores.set_index(["what", "theme"])
    before, after = table.loc[("as it is", "all")], table.loc[("calibrated, held back", "all")]
    # The counts behind "as it is" are those of the run's own tags.
    settled = learned.settled
    right = int((settled["tagged"] & (settled["truth"] == 1)).sum())
    assert (before["right"], before["tagged"], before["settled"]) == (right, settled["tagged"].sum(), len(settled))
    assert before["precision"] == right / settled["tagged"].sum()
    assert after["brier_of"] == len(settled)
    assert after["brier"] == pytest.approx(((settled["held_back"] - settled["truth"]) ** 2).mean())
    assert after["brier"] < table.loc[("base rate, held back", "all"), "brier"] / 2
    for what in ("as it is", "calibrated, held back"):
        parts = table.loc[what].drop("all")
        assert parts[["settled", "true", "tagged", "right"]].sum().tolist() == (
            table.loc[(what, "all"), ["settled", "true", "tagged", "right"]].tolist()
        )


def test_the_held_back_probability_does_not_hang_on_the_part_s_own_answers(coded_run: Run) -> None:
    settled = learn_calibration(coded_run).settled
    own = settled[settled["part"] == 0]
    said = {
        (row.priority, row.theme): "confirm" if (row.truth == 1) ^ (row.part == 0) else "reject"
        for row in settled.itertuples()
    }
    again = learn_calibration(decide(coded_run, said)).settled
    now = again[again["part"] == 0]
    assert (own["truth"].to_numpy() != now["truth"].to_numpy()).any()
    assert now["held_back"].tolist() == own["held_back"].tolist()


def test_nothing_is_applied(coded_run: Run, tmp_path: Any, make_city: Callable[..., Partnership]) -> None:
    before = coded_run.hash
    learned = learn_calibration(coded_run)
    assert coded_run.hash == before
    assert coded_run.framework.calibration is None
    # A person may store it: the text is what a framework's calibration.yaml says.
    path = tmp_path / "calibration.yaml"
    path.write_text(learned.text, encoding="utf-8")
    assert read_calibration(path) == learned.calibration
    assert str(learn_calibration(coded_run)) == str(learned)


def test_a_word_is_proposed_and_tried_on_documents_it_was_not_drawn_from(
    make_city: Callable[..., Partnership],
) -> None:
    head = CITY["priorities.csv"].splitlines()[0]
    texts = ["Zither lessons", "Free zither hire", "Mend the roof", "Paint the door", "Sweep the yard", "Lock the gate"]
    rows = [
        f"{strategy}-{n},{strategy},{text},verbatim,priority,,A plan,"
        for strategy in ("HOM-S", "PRK-S", "WRK-NEWS")
        for n, text in enumerate(texts)
    ]
    plain = tag(make_city({"priorities.csv": "\n".join([head, *rows])}))
    said = {(row.priority, "work"): "add" if "ither" in row.text else "reject" for row in plain.priorities.itertuples()}
    learned = propose_keywords(decide(plain, said))
    row = learned.proposals.set_index(["theme", "pattern"]).loc[("work", "zither")]
    # Two texts in each of three documents hold it; without any one of them it is proposed and finds that one's two.
    assert (row["texts_in"], row["texts_out"], row["proposed_in"], row["parts"]) == (6, 0, 3, 3)
    assert (row["right"], row["wrong"], row["remark"]) == (6, 0, "")
    assert row["would_add"] == []  # a person has added them already
    scores = learned.scores.set_index(["what", "theme"])
    assert scores.loc[("as it is", "work"), "recall"] == 0
    assert scores.loc[("with every proposal, held back", "work"), "recall"] == 1
    assert "zither" not in set(plain.framework.keywords["pattern"])
