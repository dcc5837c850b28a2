"""Calibration 可信度校准: margins become probabilities that hold what they promise.

One temperature per model, fitted on margins of rows the model had not seen (Guo et al., On Calibration of Modern Neural
Networks, ICML 2017). Expected calibration error after Naeini et al., AAAI 2015, over ten bins of equal width.
"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

BINS = 10


def probabilities(margins: np.ndarray, temperature: float) -> np.ndarray:
    """Rows of margins (n, classes) as rows of probabilities."""
    scaled = margins * temperature
    return np.asarray(np.exp(scaled - logsumexp(scaled, axis=1, keepdims=True)))


def fit_temperature(margins: np.ndarray, truth: np.ndarray) -> float:
    """The factor under which the true classes (indices) were most likely; margins must come from unseen rows."""
    if len(margins) == 0:
        return 1.0

    def surprise(log_factor: float) -> float:
        scaled = margins * np.exp(log_factor)
        return float(np.mean(logsumexp(scaled, axis=1) - scaled[np.arange(len(truth)), truth]))

    return float(np.exp(minimize_scalar(surprise, bounds=(-3, 4), method="bounded").x))


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Mean gap between what was promised and what came true, weighted by how often, 0 to 1."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gap = 0.0
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            gap += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(gap)
