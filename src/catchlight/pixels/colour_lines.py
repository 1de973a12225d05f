"""Colour lines: in every small window alpha is nearly an affine function of colour.

The matting Laplacian of closed-form matting (Levin, Lischinski, Weiss 2008), never built: He, Sun
and Tang (CVPR 2010, "Fast matting using large kernel matting Laplacian matrices") showed that
multiplying by it is a handful of box filters, and that larger windows converge in fewer steps.

Vocabulary: I image, p alpha, (a, b) the colour line of a window, k a window. Fields are kept as
*phases*: (4, H/2, W/2), the four pixels of every cell of two by two, each as a picture of its own;
windows lie at every second pixel and hold whole cells, so that all that is done for each window
costs a quarter. With one phase there is a window at every pixel.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Pixels, as_float


def to_phases(field: Float) -> Float:
    """(H, W), both even, -> (4, H/2, W/2)."""
    h, w = field.shape
    return np.ascontiguousarray(
        field.reshape(h // 2, 2, w // 2, 2).transpose(1, 3, 0, 2).reshape(4, h // 2, w // 2)
    )


def from_phases(phases: Float) -> Float:
    """(4, h, w) -> (2 h, 2 w); the inverse of :func:`to_phases`."""
    _, h, w = phases.shape
    return np.ascontiguousarray(
        phases.reshape(2, 2, h, w).transpose(2, 0, 3, 1).reshape(2 * h, 2 * w)
    )


def _total(x: Float, r: int, out: Float | None = None) -> NDArray[Any]:
    """Sum over (2r+1)^2 windows, nothing beyond the borders; its own adjoint."""
    size = (2 * r + 1, 2 * r + 1)
    edge = cv2.BORDER_CONSTANT
    return cv2.boxFilter(x, -1, size, dst=out, normalize=False, borderType=edge)


class ColourLines:
    """What every window knows of an image: its mean and the factors of its colour covariance.

    Attributes
    ----------
    radius : int, of a window, in cells
    full : int, cells of a window that lies inside
    """

    def __init__(self, image: Pixels, radius: int, eps: float, *, cells: bool = True) -> None:
        """Prepare the windows of ``image``.

        Parameters
        ----------
        image : (H, W, 3) float32; H and W even where there are cells
        radius : int, cells
        eps : float, colour variance below which a window counts as one colour
        cells : bool, whether windows lie at every second pixel only
        """
        # About the mean, of which a squared difference in float32 keeps more digits.
        planes = cv2.split(image - as_float(cv2.mean(image)[:3]))
        self._planes = [to_phases(as_float(p)) if cells else as_float(p)[None] for p in planes]
        self.radius, self.full = radius, (2 * radius + 1) ** 2
        n, *shape = self._planes[0].shape
        self._count = as_float(_total(np.ones(shape, np.float32), radius))
        self._share = as_float(1 / (n * self._count))
        self._spare = np.empty_like(self._planes[0])
        self._small = np.empty((3, *shape), np.float32)
        self._mean = [self._average(p) for p in self._planes]
        self._factors = self._factor(eps)

    def _average(self, x: Float) -> Float:
        return as_float(_total(x.sum(0), self.radius) * self._share)

    def _factor(self, eps: float) -> tuple[Float, ...]:
        """L and D of the covariance of every window: three of L, the inverses of D's three.

        Unlike its determinant, these hardly cancel in float32 where colours lie on a line.
        """
        x, y, z = self._planes
        mx, my, mz = self._mean
        xx, yy, zz = (
            self._average(p * p) - m * m + np.float32(eps) for p, m in ((x, mx), (y, my), (z, mz))
        )
        xy, xz, yz = (
            self._average(p * q) - m * n
            for p, q, m, n in ((x, y, mx, my), (x, z, mx, mz), (y, z, my, mz))
        )
        one, least = np.float32(1), np.float32(0.5 * eps)
        d1 = one / np.maximum(xx, least)
        l21, l31 = xy * d1, xz * d1
        d2 = one / np.maximum(yy - l21 * xy, least)
        l32 = (yz - l31 * xy) * d2
        d3 = one / np.maximum(zz - l31 * xz - l32 * (yz - l31 * xy), least)
        return tuple(as_float(x) for x in (l21, l31, l32, d1, d2, d3))

    def fit(self, p: Float) -> tuple[list[Float], Float]:
        """Best colour line of ``p`` (phases) in every window (He 2010, equations 9 and 10).

        Returns
        -------
        Three slopes (h, w) and the offset (h, w), for colours less the image's mean.
        """
        l21, l31, l32, d1, d2, d3 = self._factors
        spare, t = self._spare, self._small
        mean = self._average(p)
        c = []
        for plane, m in zip(self._planes, self._mean, strict=True):
            np.multiply(plane, p, out=spare)
            here = self._average(spare)
            here -= np.multiply(m, mean, out=t[0])
            c.append(here)
        # L D L' a = c.
        a0, a1, a2 = c
        a1 -= np.multiply(l21, a0, out=t[0])
        a2 -= np.multiply(l31, a0, out=t[0])
        a2 -= np.multiply(l32, a1, out=t[0])
        a2 *= d3
        a1 *= d2
        a1 -= np.multiply(l32, a2, out=t[0])
        a0 *= d1
        a0 -= np.multiply(l21, a1, out=t[0])
        a0 -= np.multiply(l31, a2, out=t[0])
        for a, m in zip(c, self._mean, strict=True):
            mean -= np.multiply(a, m, out=t[0])
        return c, mean

    def laplacian(self, p: Float) -> Float:
        """Matting Laplacian times ``p`` (phases; He 2010, equation 12), per full window."""
        slopes, offset = self.fit(p)
        out = p * self._count
        out -= _total(offset, self.radius, self._small[0])
        for plane, a in zip(self._planes, slopes, strict=True):
            out -= np.multiply(plane, _total(a, self.radius, self._small[0]), out=self._spare)
        out *= np.float32(1 / self.full)
        return out
