"""A board as a circle with its number of priorities: the same in every figure, so that its key is the same too."""

from __future__ import annotations

from mapping.figures import style
from mapping.figures.sheet import Sheet
from mapping.figures.style import DAGGER, GREY, INK, MUTED, NODE, WHITE, fit_size

__all__ = ["draw_board", "explain_boards", "find_kind"]


def find_kind(board: str, tags: int, through: list[str]) -> str:
    """Return how a board is drawn: its own documents were read (*own*), only *stand-ins*, or nothing is *untagged*."""
    return "untagged" if not tags else "stand-in" if board in through else "own"


def draw_board(
    sheet: Sheet, place: tuple[float, float], radius: float, priorities: int, kind: str, size: float,
    least: float = style.SMALLEST,
) -> None:  # fmt: skip
    """Draw a circle: dark for a board's own documents, dashed for stand-ins only, pale where no tag stands."""
    (x, y), line = place, radius / 0.155 * 1.1
    face, edge, ink = {
        "own": (NODE, NODE, WHITE), "stand-in": (WHITE, NODE, INK), "untagged": (WHITE, GREY, MUTED),
    }[kind]  # fmt: skip
    line = min(2.0, line if kind != "untagged" else line * 0.7)
    sheet.disc(x, y, radius, face=face, edge=edge, dashed=kind == "stand-in", line=line)
    count = f"{priorities:,}"
    sheet.text_at(x, y, count, fit_size(count, 2 * radius - 0.05, size, True, least), bold=True, colour=ink)


def explain_boards(kinds: set[str]) -> list[str]:
    """Return what the circles of those kinds mean."""
    said = ["Circle: number of the board's priorities."]
    said += [f"{DAGGER}, dashed circle: through stand-in documents only."] * ("stand-in" in kinds)
    return said + ["Pale circle: none of its priorities carries a tag."] * ("untagged" in kinds)
