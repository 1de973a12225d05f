"""A blob measured: the Gaussian spot on a plane of shading that fits it best."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from catchlight.analysis.marks.blobs import Blob, SkinDensity
from catchlight.arrays import Float, as_float

#: Half widths at half of the contrast that are tried, mm: 0.6 to 5.2 mm across.
_RADII_MM = tuple(float(0.3 * 1.2**k) for k in range(13))
#: Samples along a side of the window, at most: 21 tell as much as all pixels.
_SIDE = 21
#: What explains less of its surroundings at first sight is no spot at a second.
_HOPELESS = {"red": 0.2, "dark": 0.1, "light": 0.1}
#: A head is asked of nothing that explains less.
_WORTH = 0.3
#: Less of the surroundings on skin, and their plane is a guess.
_ON_SKIN = 0.4
_LN2 = float(np.log(2))
#: Half widths of a pustule's head over its ring; the least ring a head is seen in, mm.
_HEAD, _HEADED_MM = 0.4, 0.6
#: How much more a ring with a head must explain than a plain spot, to be taken for one.
_RATHER = 1.1
#: Neighbouring samples of a coded picture share their error: each counts as so many.
_SHARED = 0.25


@dataclass(frozen=True)
class Spot:
    """What was measured of a blob.

    Attributes
    ----------
    x, y : float, pixels of the ground
    radius_mm : float, half its width at half of its contrast
    melanin : float, excess of density in red, which blood hardly absorbs
    redness : float, excess of density in green over red
    brown : float, excess of density in blue over green: melanin takes more, blood less
    fit : float, 0..1, share of the variance of its channel, beside the plane's, that is its own
    axes : float, its length over its width
    on_skin : float, 0..1, share of the surroundings that is skin
    headed : bool, whether it is a ring with a head in it; colours are then those of the ring
    pale : float, lightness of a head in its middle, in standard errors
    doubt : float, standard error of ``brown``, by what the coded picture varies beside the spot
    """

    x: float
    y: float
    radius_mm: float
    melanin: float
    redness: float
    brown: float
    fit: float
    axes: float
    on_skin: float
    headed: bool
    pale: float
    doubt: float


def measure_spot(ground: SkinDensity, blob: Blob) -> Spot | None:
    """Fit a spot to a ``blob``; None where there is none or its surroundings are not skin.

    The scale at which a blob stands out of texture is smaller than its own, so it is fitted again
    in a window of three times the radius that was found, around the middle that was found.
    """
    x, y, radius = float(blob.x), float(blob.y), blob.radius_mm
    fitted: Spot | None = None
    for _ in range(2):
        fitted = _fit(ground, x, y, radius, blob)
        if fitted is None:
            return None
        near = np.hypot(fitted.x - x, fitted.y - y) < 0.5
        if near and abs(np.log(fitted.radius_mm / radius)) < 0.1:
            break
        x, y, radius = fitted.x, fitted.y, fitted.radius_mm
    assert fitted is not None
    gone = np.hypot(fitted.x - blob.x, fitted.y - blob.y)
    near_mm = 1.5 * max(blob.radius_mm, fitted.radius_mm, 0.6)
    return fitted if gone < near_mm * ground.mm else None


def _fit(ground: SkinDensity, x: float, y: float, radius_mm: float, blob: Blob) -> Spot | None:
    """One fit in a window around (x, y) for a spot of about ``radius_mm``."""
    mm, (h, w) = ground.mm, ground.skin.shape
    reach = (2.8 * radius_mm + 1.2) * mm
    step = max(1, int(2 * reach / _SIDE))
    # The samples lie evenly about the middle, so that a mirror changes nothing.
    reach = step * int(np.ceil(reach / step))
    cx, cy = round(x), round(y)
    rows, columns = (np.arange(c - reach, c + reach + 1, step) for c in (cy, cx))
    rows, columns = rows[(rows >= 0) & (rows < h)], columns[(columns >= 0) & (columns < w)]
    if len(rows) < 5 or len(columns) < 5:
        return None
    part = (
        slice(int(rows[0]), int(rows[-1]) + 1, step),
        slice(int(columns[0]), int(columns[-1]) + 1, step),
    )
    v = np.repeat(as_float((rows - y) / mm), len(columns))
    u = np.tile(as_float((columns - x) / mm), len(rows))
    r2 = u * u + v * v
    round_window = r2 <= (reach / mm) ** 2
    use = round_window & (ground.skin[part].ravel() > 0.5)
    on_skin = float(use.sum() / max(1, round_window.sum()))
    if on_skin < _ON_SKIN:
        return None
    u, v, r2 = u[use], v[use], r2[use]
    density = ground.density[part].reshape(-1, 3)[use]
    channel = ground.red if blob.channel == "red" else ground.dark
    seen = as_float(channel[part].ravel()[use] * (-1 if blob.channel == "light" else 1))
    q = _span_plane(u, v)
    seen = as_float(seen - q @ (q.T @ seen))
    radii = [r for r in _RADII_MM if 0.5 * radius_mm <= r <= 2 * radius_mm]
    spots = np.exp(r2[:, None] * as_float(-_LN2 / np.square(radii)))
    plain = len(radii)
    if blob.channel == "red":
        wide = [r for r in radii if r >= _HEADED_MM]
        if wide:
            heads = np.exp(r2[:, None] * as_float(-_LN2 / np.square(np.multiply(_HEAD, wide))))
            spots = np.concatenate([spots, spots[:, -len(wide) :] * (1 - heads)], 1)
            radii = radii + wide
    free = spots - q @ (q.T @ spots)
    norm = np.maximum((free * free).sum(0), 1e-9)
    height = free.T @ seen / norm
    explained = np.where(height > 0, height**2 * norm, 0)
    best = int(np.argmax(explained[:plain]))
    headed = len(radii) > plain and explained[plain:].max() > _RATHER * explained[best]
    if headed:
        best = plain + int(np.argmax(explained[plain:]))
    fit = float(explained[best] / max(float(seen @ seen), 1e-9))
    if height[best] <= 0 or fit < _HOPELESS[blob.channel]:
        return None
    colour = (free[:, best] @ density) / norm[best]
    doubt = _doubt(density, q, free[:, best] * (colour[2] - colour[1]), norm[best])
    soft = np.exp(r2 * np.float32(-_LN2 / radii[best] ** 2))
    pale = 0.0
    if blob.channel == "red" and fit >= _WORTH:
        pale = _head(ground.dark[part].ravel()[use], q, soft, r2, radii[best])
    middle, axes = _form(u, v, seen, soft, radii[best], r2)
    return Spot(
        x=x + float(middle[0]) * mm,
        y=y + float(middle[1]) * mm,
        radius_mm=radii[best],
        melanin=float(colour[0]),
        redness=float(colour[1] - colour[0]),
        brown=float(colour[2] - colour[1]),
        fit=fit,
        axes=axes,
        on_skin=on_skin,
        headed=bool(headed),
        pale=pale,
        doubt=doubt,
    )


def _doubt(density: Float, plane: Float, brown: Float, norm: float) -> float:
    """Standard error of an excess of ``brown`` (n,), by what is left beside it and the plane."""
    rest = density[:, 2] - density[:, 1]
    rest = rest - plane @ (plane.T @ rest) - brown
    return float(np.sqrt(float(rest @ rest) / len(rest) / (_SHARED * norm)))


def _span_plane(u: Float, v: Float) -> Float:
    """An orthonormal basis (n, 3) of the planes over the places (u, v), by Gram and Schmidt."""
    q = np.empty((len(u), 3), np.float32)
    q[:, 0] = 1 / math.sqrt(len(u))
    first = u - u.mean()
    q[:, 1] = first / max(math.sqrt(float(first @ first)), 1e-9)
    second = v - v.mean()
    second -= (second @ q[:, 1]) * q[:, 1]
    q[:, 2] = second / max(math.sqrt(float(second @ second)), 1e-9)
    return q


def _head(dark: Float, plane: Float, soft: Float, r2: Float, radius_mm: float) -> float:
    """How light the middle of a spot is beside its rim, in standard errors."""
    shapes = np.stack([soft, np.exp(r2 * np.float32(-_LN2 / (_HEAD * radius_mm) ** 2))], 1)
    shapes = shapes - plane @ (plane.T @ shapes)
    dark = dark - plane @ (plane.T @ dark)
    square = np.linalg.inv(shapes.T @ shapes + 1e-6 * np.eye(2))
    heights = square @ (shapes.T @ dark)
    rest = dark - shapes @ heights
    error = np.sqrt(float(rest @ rest) / len(rest) * square[1, 1] / _SHARED)
    return float(-heights[1] / max(error, 1e-6))


def _form(
    u: Float, v: Float, excess: Float, spot: Float, radius_mm: float, r2: Float
) -> tuple[Float, float]:
    """Middle of the excess (mm) and its length over its width, from moments within twice its half.

    Under a Gaussian window as wide as the spot a round one stays round.
    """
    ring = r2 > 4 * radius_mm**2
    level = np.median(excess[ring]) if ring.sum() > 8 else excess.min()
    weight = np.maximum(excess - level, 0) * np.sqrt(spot) * (r2 < 6.25 * radius_mm**2)
    total = max(float(weight.sum()), 1e-9)
    points = np.stack([u, v])
    middle = (points * weight).sum(1) / total
    off = points - middle[:, None]
    (xx, xy), (_, yy) = ((off * weight) @ off.T / total + 1e-4 * np.eye(2)).tolist()
    # Its eigenvalues.
    half, apart = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    return as_float(middle), math.sqrt((half + apart) / (half - apart))
