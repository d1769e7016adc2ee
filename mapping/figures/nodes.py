"""A board as a circle with its number of priorities: the same in every figure, so that its key is the same too."""

from __future__ import annotations

import math

from mapping.figures import style
from mapping.figures.sheet import Sheet
from mapping.figures.style import DAGGER, GREY, INK, MUTED, NODE, WHITE, fit_size, measure

__all__ = ["draw_board", "explain_boards", "find_kind"]


def find_kind(board: str, tags: int, through: list[str]) -> str:
    """Return how a board is drawn: its own documents were read (*own*), only *stand-ins*, or nothing is *untagged*."""
    return "untagged" if not tags else "stand-in" if board in through else "own"


def draw_board(
    sheet: Sheet, place: tuple[float, float], radius: float, priorities: int, kind: str, size: float,
    least: float = style.SMALLEST,
) -> None:  # fmt: skip
    """Draw a circle: dark for a board's own documents, dashed for stand-ins only, pale where no tag stands."""
    count = f"{priorities:,}"
    # The corners of the number stand inside the circle, which grows for a long one.
    radius = max(radius, math.hypot(measure(count, least, True) / 2 + 0.03, style.CAPITAL * least / 144))
    room = 2 * math.sqrt(max(0.0, radius**2 - (style.CAPITAL * size / 144) ** 2)) - 0.06
    (x, y), line = place, radius / 0.155 * 1.1
    face, edge, ink = {
        "own": (NODE, NODE, WHITE), "stand-in": (WHITE, NODE, INK), "untagged": (WHITE, GREY, MUTED),
    }[kind]  # fmt: skip
    line = min(2.0, line if kind != "untagged" else line * 0.7)
    sheet.disc(x, y, radius, face=face, edge=edge, dashed=kind == "stand-in", line=line)
    sheet.text_at(x, y, count, fit_size(count, room, size, True, least), bold=True, colour=ink)


def explain_boards(kinds: set[str]) -> list[str]:
    """Return what the circles of those kinds mean."""
    said = ["Circle: number of the board's priorities."]
    said += [f"{DAGGER}, dashed circle: through stand-in documents only."] * ("stand-in" in kinds)
    return said + ["Pale circle: none of its priorities carries a tag."] * ("untagged" in kinds)
