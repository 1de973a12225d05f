"""A membrane: the smoothest surface over a disc that meets its rim."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Float, as_float


class Membrane:
    """Harmonic interpolation inside a disc from its rim, by Poisson's kernel.

    u(x) = sum_i k_i f_i / sum_i k_i with k_i = (R^2 - |x|^2) / |x - x_i|^2, exact for a whole rim;
    where part of the rim is unknown the rest stands in for it.

    Attributes
    ----------
    weak : bool, whether more than two fifths of the rim are unknown
    """

    def __init__(self, radius: float, size: int, known: np.ndarray) -> None:
        n = max(16, round(2 * np.pi * radius))
        t = np.linspace(0, 2 * np.pi, n, endpoint=False)
        self.at = np.rint(size + radius * np.stack([np.sin(t), np.cos(t)], 1)).astype(int)
        use = known[self.at[:, 0], self.at[:, 1]]
        self.weak = float(use.mean()) < 0.6
        self.at = self.at[use]
        yy, xx = np.mgrid[-size : size + 1, -size : size + 1].astype(np.float32)
        d2 = (yy[..., None] - (self.at[:, 0] - size)) ** 2 + (
            xx[..., None] - (self.at[:, 1] - size)
        ) ** 2
        k = 1 / np.maximum(d2, 1.0)
        self.weights = as_float(k / np.maximum(k.sum(-1, keepdims=True), 1e-9))

    def __call__(self, field: Float) -> Float:
        """The membrane through the rim of ``field`` (2 size + 1, 2 size + 1, C)."""
        return as_float(self.weights @ field[self.at[:, 0], self.at[:, 1]])
