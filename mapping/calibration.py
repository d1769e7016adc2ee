"""From scores to a probability: a small logistic regression that a framework may carry, fitted by explicit command."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mapping.errors import DataError, Problem
from mapping.tables import read_yaml

__all__ = ["CALIBRATION", "FEATURES", "Calibration", "format_calibration", "read_calibration"]

#: What the probability rests on: both scores, the second opinion, and whether a keyword that decides stands.
FEATURES = ("keyword_score", "similarity_score", "residual", "decides")

#: Keys of ``calibration.yaml``.
CALIBRATION = {
    "fitted_on": "the coded rows or decisions it was fitted on",
    "cells": "how many cells, a text and a theme each",
    "intercept": "the intercept of the logistic regression",
    **{name: f"the coefficient of {name.replace('_', ' ')}" for name in FEATURES},
}


@dataclass(frozen=True)
class Calibration:
    """A fitted logistic regression: p = 1 / (1 + exp(-(intercept + sum of coefficient x feature))).

    Attributes
    ----------
    fitted_on : str
        In words, what it was fitted on.
    cells : int
        Cells it was fitted on.
    intercept : float
    coefficients : tuple of float
        In the order of ``FEATURES``.
    """

    fitted_on: str
    cells: int
    intercept: float
    coefficients: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        """Return the probability that a careful reader would give the tag, rounded to nine decimals.

        Examples
        --------
        >>> Calibration("an example", 100, 0.0, (1.0, 0.0, 0.0, 0.0)).probability([math.log(3), 0, 0, 0])
        0.75
        """
        total = self.intercept + sum(c * x for c, x in zip(self.coefficients, features, strict=True))
        # Both halves of the curve are written with a negative exponent, so that no coefficient can overflow it.
        small = math.exp(-abs(total))
        return round((1 if total >= 0 else small) / (1 + small), 9)


def read_calibration(path: Path) -> Calibration | None:
    """Read ``calibration.yaml``; a framework without one has none."""
    if not path.exists():
        return None
    values = read_yaml(path, CALIBRATION, needed=CALIBRATION)
    numbers: dict[str, float] = {}
    problems = []
    for key in ("cells", "intercept", *FEATURES):
        try:
            numbers[key] = float(values[key])
        except ValueError:
            numbers[key] = math.nan
        if not math.isfinite(numbers[key]):
            problems.append(Problem(path.name, f"'{values[key]}' is not a number.", column=key))
    if problems:
        raise DataError(problems)
    weights = tuple(numbers[name] for name in FEATURES)
    return Calibration(values["fitted_on"], int(numbers["cells"]), numbers["intercept"], weights)


def format_calibration(calibration: Calibration) -> str:
    """Return a calibration as the text of ``calibration.yaml``."""
    fitted_on = calibration.fitted_on.replace("\\", "/").replace('"', "'")
    lines = ["# Made by mapping calibrate; do not edit by hand.", f'fitted_on: "{fitted_on}"']
    lines += [f'cells: "{calibration.cells}"', f'intercept: "{calibration.intercept:.9f}"']
    lines += [f'{name}: "{weight:.9f}"' for name, weight in zip(FEATURES, calibration.coefficients, strict=True)]
    return "\n".join(lines) + "\n"
