"""Turn scores into honest confidences by logistic regression on left-out examples (Platt 1999; Guo et al. 2017)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_softmax

Scores = NDArray[np.float32]
Numbers = NDArray[np.float64]

#: With few examples left out, the slope stays near what the temperature alone says.
_PRIOR = 1.0
_BINS = 15


@dataclass(frozen=True, slots=True)
class Calibration:
    """`temperature` multiplies the scores; slope and offset correct what is left."""

    temperature: float
    slope: float
    offset: float

    def confidence(self, scores: Scores) -> Numbers:
        """Return the probability that the best topic of each row is right, 0 to 1."""
        return np.asarray(expit(self.slope * _odds(scores, self.temperature) + self.offset), dtype=np.float64)

    def as_numbers(self) -> list[float]:
        return [self.temperature, self.slope, self.offset]

    @classmethod
    def from_numbers(cls, numbers: Sequence[float] | Numbers) -> Calibration:
        temperature, slope, offset = (float(number) for number in numbers)
        return cls(temperature, slope, offset)


def calibrate(scores: Scores, owners: NDArray[np.int32]) -> Calibration:
    """Fit to rows of scores whose right column is `owners`."""
    temperature = _temperature(scores, owners)
    odds = _odds(scores, temperature)
    right = scores.argmax(axis=1) == owners

    def loss(line: Numbers) -> float:
        z = line[0] * odds + line[1]
        likelihood = np.logaddexp(0, z) - z * right
        return float(likelihood.sum() + _PRIOR * ((line[0] - 1) ** 2 + 0.25 * line[1] ** 2))

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return Calibration(temperature, max(float(slope), 0.05), float(offset))


def threshold_for(confidence: Numbers, right: NDArray[np.bool_], precision: float) -> float:
    """Return the lowest confidence above which the share of right ones is `precision`; 1.01 where none is."""
    order = np.argsort(-confidence)
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= precision)
    return float(confidence[order[enough[-1]]]) if len(enough) else 1.01


def calibration_error(confidence: Numbers, right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over 15 bins of equal width (Naeini et al. 2015), 0 to 1."""
    bins = np.clip(np.ceil(confidence * _BINS).astype(int) - 1, 0, _BINS - 1)
    error = 0.0
    for number in range(_BINS):
        inside = bins == number
        if inside.any():
            error += inside.mean() * abs(float(confidence[inside].mean()) - float(right[inside].mean()))
    return float(error)


def _temperature(scores: Scores, owners: NDArray[np.int32]) -> float:
    rows = np.arange(len(owners))

    def loss(log_temperature: float) -> float:
        return float(-log_softmax(scores * np.exp(log_temperature), axis=1)[rows, owners].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(0, 5), method="bounded").x))


def _odds(scores: Scores, temperature: float) -> Numbers:
    logs = log_softmax(np.asarray(scores, dtype=np.float64) * temperature, axis=1).max(axis=1)
    likely = np.clip(np.exp(logs), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(likely) - np.log1p(-likely), dtype=np.float64)
