"""How much of a sitter's skin texture an edit kept, and how much of what is there it invented.

An energy ratio can be gamed with grain: smooth the skin, add noise, and the energy is back. Here
the texture after is compared with the texture before, place by place. For the spectra S of before b
and after a, in a band of wavelengths and a tile of skin,

    coherent gain  G = Re(Sab) / Sbb          (1 kept, 0 gone, whatever was added)
    coherence      C = |Sab|^2 / (Saa Sbb)    (1 - C is invented)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import bands, colour

Spectrum: TypeAlias = NDArray[np.complexfloating]
#: Bands that are measured, and their wavelengths in mm (half amplitude of the bands' Gaussians).
WAVELENGTHS = {
    name: (bands.EDGES[i] * bands.WAVELENGTH, bands.EDGES[i + 1] * bands.WAVELENGTH)
    for i, name in enumerate(("T", "M1", "M2"))
}
#: Side of a tile in mm: holds the longest wavelength of M2, and fits a cheek four times.
_TILE = 20.0
_SKIN = 0.92


@dataclass(frozen=True)
class Texture:
    """Texture kept and invented, per band; only bands that the source resolves.

    Attributes
    ----------
    gain : coherent gain, the median of the tiles
    worst : coherent gain, the lower quartile of the tiles
    invented : 1 - coherence, the median of the tiles
    worst_invented : 1 - coherence, the upper quartile of the tiles
    exposure : how much more contrast the lightness of the tiles' form has; already divided out
    tiles : how many tiles of skin were measured
    """

    gain: Mapping[str, float]
    worst: Mapping[str, float]
    invented: Mapping[str, float]
    worst_invented: Mapping[str, float]
    exposure: float
    tiles: int


@dataclass(frozen=True, eq=False)
class TextureSpectra:
    """The texture of a picture before an edit, ready to be compared with many after it.

    Attributes
    ----------
    skin : (H, W), 0 or 1
    px_per_mm : float
    side : int, of a tile in pixels
    corners : tuple of (y, x), of the tiles
    levels : tuple of float, the mean L* + 16 of each tile's form
    spectra : mapping of band to the tiles' spectra in that band
    """

    skin: Mask
    px_per_mm: float
    side: int
    corners: tuple[tuple[int, int], ...]
    levels: tuple[float, ...]
    spectra: Mapping[str, tuple[Spectrum, ...]]


def measure_texture(before: Pixels, after: Pixels, skin: Mask, px_per_mm: float) -> Texture:
    """Measure the texture of skin kept from ``before`` to ``after``.

    CIELAB lightness without its form (Gaussian of 2.8 mm inside the skin), Hann-windowed tiles of
    20 mm that overlap by half, their spectra summed over each band. A change of exposure by k
    multiplies L* + 16 everywhere by the cube root of k, so each tile's gain is divided by that of
    its mean L* + 16: more light is not more texture.

    Parameters
    ----------
    before, after : (H, W, 3) linear P3, in register
    skin : (H, W), 0..1
    px_per_mm : float
        A band is left out where less than half of it (in octaves) lies below the Nyquist frequency.

    Returns
    -------
    Texture
        With no tiles where there is too little skin.
    """
    return compare_texture(take_spectra(before, skin, px_per_mm), after)


def take_spectra(before: Pixels, skin: Mask, px_per_mm: float) -> TextureSpectra:
    """Take the texture of a picture before an edit; see :func:`measure_texture`."""
    side = round(_TILE * px_per_mm)
    mask = np.asarray(skin > 0.5, np.float32)
    bands_seen = {k: v for k, v in WAVELENGTHS.items() if (v[0] * v[1]) ** 0.5 * px_per_mm >= 2}
    if side < 8 or not bands_seen:
        return TextureSpectra(mask, px_per_mm, side, (), (), {})
    corners = tuple(_tiles(mask, _window(side), side))
    levels, tiles = _cut(before, mask, px_per_mm, side, corners)
    rings = _rings(side, px_per_mm, bands_seen)
    spectra = {k: tuple(t[ring] for t in tiles) for k, ring in rings.items()}
    return TextureSpectra(mask, px_per_mm, side, corners, tuple(levels), spectra)


def compare_texture(spectra_before: TextureSpectra, after: Pixels) -> Texture:
    """Compare an ``after`` (H, W, 3) in register with what was taken before."""
    if not spectra_before.corners:
        return Texture({}, {}, {}, {}, 1.0, 0)
    mm, side = spectra_before.px_per_mm, spectra_before.side
    levels, tiles = _cut(after, spectra_before.skin, mm, side, spectra_before.corners)
    gains = [a / max(b, 1e-3) for a, b in zip(levels, spectra_before.levels, strict=True)]
    rings = _rings(side, mm, spectra_before.spectra)
    found = {
        k: [
            _compare(b, t[ring], gain)
            for b, t, gain in zip(spectra_before.spectra[k], tiles, gains, strict=True)
        ]
        for k, ring in rings.items()
    }

    def over(column: int, share: float) -> dict[str, float]:
        return {
            k: float(np.percentile([pair[column] for pair in pairs], share))
            for k, pairs in found.items()
        }

    exposure = float(np.median(gains))
    return Texture(over(0, 50), over(0, 25), over(1, 50), over(1, 75), exposure, len(gains))


def _lightness(pixels: Pixels) -> Float:
    """CIELAB L* alone (CIE 15:2004): cube root above (6/29)^3, else the linear toe."""
    y = colour.luminance(pixels)
    f = np.where(y > 216 / 24389, np.cbrt(np.maximum(y, 0)), y * (841 / 108) + 4 / 29)
    return as_float(116 * f - 16)


def _window(side: int) -> Float:
    hann = np.hanning(side + 2)[1:-1]
    return as_float(np.outer(hann, hann))


def _rings(side: int, px_per_mm: float, names: Iterable[str]) -> dict[str, NDArray[np.bool_]]:
    """Where each band lies in a tile's spectrum."""
    frequency = np.fft.fftfreq(side, 1 / px_per_mm)
    radius = np.hypot(frequency[:, None], frequency[: side // 2 + 1][None])
    with np.errstate(divide="ignore"):
        wavelength = 1 / radius
    limits = {k: WAVELENGTHS[k] for k in names}
    return {k: (wavelength >= v[0]) & (wavelength < v[1]) for k, v in limits.items()}


def _cut(
    pixels: Pixels,
    mask: Mask,
    px_per_mm: float,
    side: int,
    corners: Iterable[tuple[int, int]],
) -> tuple[list[float], list[Spectrum]]:
    """Mean L* + 16 of the form, and spectrum of the rest, of every tile."""
    light = _lightness(pixels)
    form = bands.smooth_inside(light, mask, bands.EDGES[3] * px_per_mm)
    detail = (light - form) * mask
    window = _window(side)
    levels: list[float] = []
    spectra: list[Spectrum] = []
    for y, x in corners:
        here = (slice(y, y + side), slice(x, x + side))
        levels.append(_mean(form[here] + 16, window))
        spectra.append(np.fft.rfft2(detail[here] * window))
    return levels, spectra


def _tiles(mask: Mask, window: Float, side: int) -> list[tuple[int, int]]:
    """Corners of the tiles that are skin to 92 % of their window, every half side."""
    h, w = mask.shape
    step = max(1, side // 2)
    corners = [(y, x) for y in range(0, h - side + 1, step) for x in range(0, w - side + 1, step)]
    return [(y, x) for y, x in corners if _mean(mask[y : y + side, x : x + side], window) >= _SKIN]


def _mean(tile: Float, window: Float) -> float:
    return float((tile * window).sum() / window.sum())


def _compare(b: Spectrum, a: Spectrum, level: float) -> tuple[float, float]:
    """Coherent gain and invented share of two spectra of a band."""
    sbb, saa = float((np.abs(b) ** 2).sum()), float((np.abs(a) ** 2).sum())
    sab = complex((np.conj(b) * a).sum())
    if sbb <= 1e-9:  # no texture before: nothing to keep, everything after is invented
        return 1.0, float(saa > 1e-6)
    coherence = abs(sab) ** 2 / (saa * sbb) if saa > 1e-12 else 0.0
    return sab.real / sbb / level, 1.0 - min(coherence, 1.0)
