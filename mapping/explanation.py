"""Why a priority was tagged to a theme, or why not: the calculation itself, line by line, with the words marked."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from mapping.deletion import Deletion, find_evidence
from mapping.scoring import SECOND_OPINION, SHARES, Score, Scorer, get_scorer
from mapping.tables import each_row
from mapping.tags import Run
from mapping.text import Word

__all__ = ["Explanation", "explain", "mark_spans"]

_SHOWN_TERMS = 6


@dataclass(frozen=True)
class Explanation:
    """Why one priority carries one theme, or does not. Prints as text; a notebook shows it as a small page.

    Attributes
    ----------
    priority, theme, theme_name, board, strategy, source : str
        What is explained and where it stands.
    text : str
        The priority's text; ``restated`` says whether it restates its source.
    score : Score
        All numbers behind it.
    status : str
        suggested, confirmed, rejected, added, unsure, disputed, or empty.
    threshold : float
    deletion : Deletion or None
        For a tag: the few words it stands on.
    lines : DataFrame
        One row per part of the score: ``part`` (keyword, similarity, clip, lift), ``what`` (pattern or word),
        ``amount``. The amounts add up to the score.
    """

    priority: str
    theme: str
    theme_name: str
    board: str
    strategy: str
    source: str
    text: str
    restated: bool
    score: Score
    status: str
    threshold: float
    method: str
    deletion: Deletion | None
    lines: pd.DataFrame

    @property
    def verdict(self) -> str:
        """One sentence: tagged or not, how sure, who says so, and how far from the threshold."""
        score = self.score
        if score.confidence == "not scored":
            return f"Not scored: {score.reason}.{self._said()}"
        distance = abs(score.score - self.threshold)
        if score.tagged:
            where = "at" if distance < 5e-4 else f"{distance:.3f} above"
            return f"Tagged, {score.confidence} ({score.reason}); {where} the threshold.{self._said()}"
        asked = "; a person is asked to check" if score.confidence == "check" else ""
        return f"Not tagged: {distance:.3f} below the threshold ({score.reason}{asked}).{self._said()}"

    def _said(self) -> str:
        if self.status in ("", "suggested"):
            return " Suggested by the machine; no person has confirmed it." if self.score.tagged else ""
        return f" A person's decision: {self.status}."

    def __str__(self) -> str:
        score = self.score
        marked = mark_spans(self.text, [(span.start, span.end) for span in score.spans], "[", "]")
        shown = [
            f"{self.priority} and {self.theme} ({self.theme_name})",
            f"  {marked}",
            f"  {self.board}, {self.strategy}; {self._wording()}; source: {self.source}",
            "",
            self.verdict,
            *([str(self.deletion)] if self.deletion else []),
            "",
            f"  score       {score.score:.3f}   threshold {self.threshold:g}, method {self.method}",
            f"  keywords    {score.keyword_score:.3f}   {self._keywords()}",
            f"  similarity  {score.similarity_score:.3f}   {self._terms()}",
            *([self._second_opinion()] if score.tagged and score.spans else []),
            "",
            "  What the score is made of:",
        ]
        shown += [f"    {row.amount:+.3f}  {row.part}: {row.what}" for row in each_row(self.lines)]
        shown += [f"    {self.lines['amount'].sum():+.3f}  in all"]
        return "\n".join(shown)

    def _wording(self) -> str:
        return "restated from its source" if self.restated else "the source's own words"

    def _second_opinion(self) -> str:
        left = f"{self.score.residual:.3f}   what the words without the strongest keyword still say"
        return f"  without it  {left}; {SECOND_OPINION:g} makes it likely"

    def _keywords(self) -> str:
        patterns = dict.fromkeys(f"{span.pattern} ({span.role})" for span in self.score.spans)
        return ", ".join(patterns) if patterns else "no keyword of this theme stands in the text"

    def _terms(self) -> str:
        terms = self.lines.loc[self.lines["part"] == "similarity", "what"]
        return ", ".join(terms.head(_SHOWN_TERMS)) if len(terms) else "no word in common with the theme's profile"

    def _repr_html_(self) -> str:
        esc = html.escape
        marked = mark_spans(self.text, [(s.start, s.end) for s in self.score.spans], "<mark>", "</mark>", escape=True)
        rows = "".join(
            f"<tr><td>{esc(row.part)}</td><td>{esc(row.what)}</td>"
            f"<td style='text-align:right'>{row.amount:+.3f}</td></tr>"
            for row in each_row(self.lines)
        )
        total = f"<tr><td></td><td>in all</td><td style='text-align:right'>{self.lines['amount'].sum():+.3f}</td></tr>"
        return (
            f"<h4>{esc(self.priority)} and {esc(self.theme)}: {esc(self.theme_name)}</h4>"
            f"<blockquote>{marked}</blockquote>"
            f"<p>{esc(self.board)}, {esc(self.strategy)}; {self._wording()}; source: {esc(self.source)}</p>"
            f"<p><strong>{esc(self.verdict)}</strong> {esc(str(self.deletion)) if self.deletion else ''}</p>"
            f"<p>Keywords {self.score.keyword_score:.3f}; similarity {self.score.similarity_score:.3f}; "
            f"score {self.score.score:.3f} against a threshold of {self.threshold:g}.</p>"
            "<table><caption>What the score is made of</caption><thead><tr><th scope='col'>Part</th>"
            f"<th scope='col'>What</th><th scope='col'>Amount</th></tr></thead><tbody>{rows}{total}</tbody></table>"
        )


def explain(run: Run, priority: str, theme: str) -> Explanation:
    """Explain why a priority was tagged to a theme, or why it was not.

    Parameters
    ----------
    run : Run
    priority, theme : str
        Their ids; an unknown one raises with the nearest match.

    Returns
    -------
    Explanation

    Examples
    --------
    >>> from mapping import load_derby, tag
    >>> why = explain(tag(load_derby()), "CFL-02", "skills")
    >>> f"{why.lines['amount'].sum():.6f}" == f"{why.score.score:.6f}"
    True
    """
    row, theme_row = run.priority(priority), run.framework.theme(theme)
    scorer = get_scorer(run.framework)
    place = run.framework.theme_ids.index(theme)
    score = scorer.score([row["text"]], run.settings.method, run.settings.threshold)[0][place]
    tags = run.tags
    status = str(tags.loc[(tags["priority"] == priority) & (tags["theme"] == theme), "status"].iloc[0])
    strategies = run.partnership.strategies.set_index("strategy")["name"]
    return Explanation(
        priority=priority,
        theme=theme,
        theme_name=str(theme_row["name"]),
        board=str(row["board"]),
        strategy=str(strategies[row["strategy"]]),
        source=str(row["source_title"]) or "not stated",
        text=str(row["text"]),
        restated=row["wording"] == "restated",
        score=score,
        status=status,
        threshold=run.settings.threshold,
        method=run.settings.method,
        deletion=find_evidence(scorer, str(row["text"]), theme, run.settings.method, run.settings.threshold)
        if score.tagged
        else None,
        lines=_list_parts(scorer, str(row["text"]), place, score, run.settings.method),
    )


def _list_parts(scorer: Scorer, text: str, place: int, score: Score, method: str) -> pd.DataFrame:
    """Return the parts of a score; their amounts add up to it."""
    share = SHARES[method]
    words = scorer.read([text])[0].words_for(score.theme)
    lines: list[tuple[str, str, float]] = []
    if score.confidence != "not scored":
        reference = scorer.keyword_references[score.theme]
        weights = {keyword.pattern: keyword for keyword in scorer.index.keywords if keyword.theme == score.theme}
        for pattern in dict.fromkeys(span.pattern for span in score.spans):
            keyword = weights[pattern]
            lines.append(("keyword", f"{pattern} ({keyword.role})", (1 - share) * keyword.weight / reference))
        lines.append(
            (
                "clip",
                "keywords count for at most 1",
                (1 - share) * (score.keyword_score - score.keyword_raw / reference),
            )
        )
        own = float(scorer.similarity.references[place])
        for term, part in scorer.similarity.contributions(words, place):
            lines.append(("similarity", _readable(term, words), share * part / own))
        lines.append(
            ("clip", "similarity counts for at most 1", share * (score.similarity_score - score.similarity_raw / own))
        )
        lines.append(("lift", "a keyword that decides lifts the score to the threshold", score.lift))
    kept = [line for line in lines if abs(line[2]) > 1e-7]
    return pd.DataFrame(kept, columns=["part", "what", "amount"])


def _readable(term: str, words: Iterable[Word]) -> str:
    return next((word.form for word in words if word.stem == term), term)


def mark_spans(text: str, spans: Iterable[tuple[int, int]], before: str, after: str, *, escape: bool = False) -> str:
    """Return a text with the given places marked; overlapping ones are merged.

    Examples
    --------
    >>> mark_spans("raise skills now", [(6, 12)], "[", "]")
    'raise [skills] now'
    """
    merged: list[list[int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([start, end])
    clean = html.escape if escape else str
    pieces, at = [], 0
    for start, end in merged:
        pieces += [clean(text[at:start]), before, clean(text[start:end]), after]
        at = end
    return "".join([*pieces, clean(text[at:])])
