"""Encodings: how the code values of a file become linear light with Display P3 primaries.

Vocabulary: a *curve* takes codes to linear light in the file's own RGB; the *matrix* takes that
RGB to linear P3 (D65). *codes* are uint8 or uint16; a curve has one entry for each code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes, Float
from catchlight.pixels.colour import (
    BRADFORD,
    D65,
    P3_TO_XYZ,
    SRGB_TO_XYZ,
    XYZ_TO_P3,
    srgb_to_linear,
)

StandardName = Literal["sRGB", "Display P3", "Adobe RGB (1998)", "BT.2020", "PQ", "HLG"]


@dataclass(frozen=True, eq=False)
class Encoding:
    """How code values become linear P3, and what to embed when the encoding is kept."""

    #: (3, 256) or (3, 65536) float32, code -> linear light in the profile's own RGB.
    curves: Float
    #: (3, 3) float32, that RGB -> linear P3 (D65).
    matrix: Float
    #: ``"sRGB"``, ``"Display P3"``, ``"Adobe RGB (1998)"`` or the profile's own description.
    name: str
    #: The embedded matrix profile; None if the file had none or it cannot describe RGB output.
    icc: bytes | None = None

    @property
    def is_p3(self) -> bool:
        """True where the primaries are already P3, so the matrix may be skipped."""
        return bool(np.array_equal(self.matrix, np.eye(3, dtype=np.float32)))

    @property
    def is_srgb(self) -> bool:
        """True for the sRGB curve and primaries (also through any profile that says sRGB)."""
        return self.name == "sRGB"


def primaries_to_xyz(xy: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    """RGB -> XYZ (3, 3) for chromaticities ``xy`` of red, green, blue and a D65 white."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in xy]).T
    return np.asarray(columns * np.linalg.solve(columns, D65))


# Adobe RGB (1998) Color Image Encoding, section 4.3.1; ITU-R BT.2020 table 3. White D65 in both.
_ADOBE_TO_XYZ = primaries_to_xyz(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)))
_BT2020_TO_XYZ = primaries_to_xyz(((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)))
_TO_XYZ: dict[str, NDArray[np.float64]] = {
    "sRGB": SRGB_TO_XYZ,
    "Display P3": P3_TO_XYZ,
    "Adobe RGB (1998)": _ADOBE_TO_XYZ,
    "BT.2020": _BT2020_TO_XYZ,
    "PQ": _BT2020_TO_XYZ,
    "HLG": _BT2020_TO_XYZ,
}


def rgb_to_p3_matrix(to_xyz: NDArray[np.float64]) -> Float:
    """RGB -> linear P3 from RGB -> XYZ (D65), rows scaled so that neutral stays exactly neutral.

    Profiles store 1/65536 steps, so their rows sum to 1 only nearly; an exact identity is
    returned where the primaries are P3 to within that rounding.
    """
    matrix = XYZ_TO_P3 @ to_xyz
    matrix /= matrix.sum(axis=1, keepdims=True)
    if np.abs(matrix - np.eye(3)).max() < 1e-3:
        matrix = np.eye(3)
    return np.asarray(matrix, np.float32)


def pq_to_linear(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084 EOTF; 1 = 203 cd/m2, the diffuse white of ITU-R BT.2408."""
    p = x ** (32 / 2523)
    ratio = np.maximum(p - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * p)
    return np.asarray(ratio ** (8192 / 1305) * (10000 / 203))


def _hlg_to_linear(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """ITU-R BT.2100 table 5, inverse OETF; 1 = the 75 % signal, BT.2408's diffuse white."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(x <= 0.5, x * x / 3, (np.exp((x - c) / a) + b) / 12)
    return np.asarray(scene / ((np.exp((0.75 - c) / a) + b) / 12))


@lru_cache(maxsize=32)
def standard_encoding(name: StandardName, size: int = 256, icc: bytes | None = None) -> Encoding:
    """One of the named encodings, with curves of ``size`` entries (256 or 65536).

    Display P3 uses the sRGB curve; so, as everyone displays it, does 8-bit BT.2020.
    """
    x = np.linspace(0, 1, size)
    if name == "Adobe RGB (1998)":
        curve = x ** (563 / 256)  # section 4.3.4.2
    elif name == "PQ":
        curve = pq_to_linear(x)
    elif name == "HLG":
        curve = _hlg_to_linear(x)
    else:
        curve = np.asarray(srgb_to_linear(x), np.float64)
    curves = np.repeat(curve[None].astype(np.float32), 3, axis=0)
    curves.flags.writeable = False
    return Encoding(curves, rgb_to_p3_matrix(_TO_XYZ[name]), name, icc)


def cicp_to_encoding(primaries: int, transfer: int, size: int) -> Encoding:
    """Encoding of coding-independent code points (ITU-T H.273), as HEIC, AVIF and PNG carry them.

    Primaries 12 = P3, 9 = BT.2020, all others sRGB's. Transfer 16 = PQ, 18 = HLG, else sRGB's.
    """
    gamut: StandardName = {12: "Display P3", 9: "BT.2020"}.get(primaries, "sRGB")  # type: ignore[assignment]
    if transfer not in (16, 18):
        return standard_encoding(gamut, size)
    bright = standard_encoding("PQ" if transfer == 16 else "HLG", size)
    return replace(bright, matrix=standard_encoding(gamut, size).matrix)


def chromaticities_to_encoding(xy: NDArray[np.float64], power: float | None, size: int) -> Encoding:
    """Encoding of white and primaries as measured, and a curve of one power.

    Parameters
    ----------
    xy : (4, 2)
        Chromaticities of white, red, green and blue; another white than D65 is adapted to it.
    power : float or None
        Light is the code to this power; None: sRGB's curve.
    size : int
        Entries wanted in the curves: 256 or 65536.

    Raises
    ------
    ValueError
        Such colours cannot be.
    """
    if (xy[:, 1] <= 0).any() or (xy.sum(axis=1) > 1.0001).any():
        raise ValueError("chromaticities that no colour has")
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in xy]).T
    white, primaries = columns[:, 0], columns[:, 1:]
    if abs(np.linalg.det(primaries)) < 1e-4 or (power is not None and not 0.2 <= power <= 5):
        raise ValueError("primaries that span nothing, or a gamma of no screen")
    to_xyz = primaries * np.linalg.solve(primaries, white)
    adapt = np.linalg.inv(BRADFORD) @ np.diag(BRADFORD @ D65 / (BRADFORD @ white)) @ BRADFORD
    matrix = rgb_to_p3_matrix(adapt @ to_xyz)
    x = np.linspace(0, 1, size)
    curve = np.asarray(srgb_to_linear(x), np.float64) if power is None else x**power
    curves = np.repeat(curve[None].astype(np.float32), 3, axis=0)
    curves.flags.writeable = False
    return Encoding(curves, matrix, "its own gamma and primaries")


def codes_to_linear(codes: Codes, encoding: Encoding, *, halvings: int = 0) -> Float:
    """Look up ``codes`` (H, W, 3) in the curves: linear light in the encoding's own RGB.

    Parameters
    ----------
    halvings : int
        How often the light is averaged two by two; a rim that makes no whole square is continued.
        A strip at a time, so that no more light is ever held than is asked for.

    Returns
    -------
    (ceil(H / 2^n), ceil(W / 2^n), 3) float32
    """
    if halvings == 0:
        return _look_up(codes, encoding)
    side = 2**halvings
    h, w = codes.shape[:2]
    out = np.empty((-(-h // side), -(-w // side), 3), np.float32)
    rows = max(1, _STRIP // (w * side))
    for top in range(0, out.shape[0], rows):
        part = codes[top * side : (top + rows) * side]
        if part.shape[0] % side or w % side:
            beyond = (0, -part.shape[0] % side, 0, -w % side)
            part = cv2.copyMakeBorder(part, *beyond, borderType=cv2.BORDER_REPLICATE)
        light = _look_up(part, encoding)
        for _ in range(halvings):
            # Only whole ratios average exactly: a box of 1.7 pixels turns a weave into moire.
            size = (light.shape[1] // 2, light.shape[0] // 2)
            light = np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_AREA), np.float32)
        out[top : top + rows] = light
    return out


#: Pixels whose light is held before they are averaged: 6 MB.
_STRIP = 1 << 19


def _look_up(codes: Codes, encoding: Encoding) -> Float:
    curves = encoding.curves
    if codes.dtype == np.uint8:
        table = np.ascontiguousarray(curves.T)[None]
        return np.asarray(cv2.LUT(codes, table), np.float32)
    out = np.empty(codes.shape, np.float32)
    for c in range(3):
        out[..., c] = curves[c].take(codes[..., c])
    return out


@lru_cache(maxsize=8)
def root_to_codes(encoding: Encoding, size: int = 65536) -> Float:
    """Inverse of the curves, (3, size) float32 codes of 0..255, indexed by sqrt(linear).

    The square root spreads the table as the eye does: its steepest step is 0.006 of an 8-bit
    code, where a table over linear light would be off by 0.05 in the shadows.
    """
    linear = np.linspace(0, 1, size) ** 2
    scale = np.linspace(0, 255, encoding.curves.shape[1])
    return np.stack([np.interp(linear, curve, scale) for curve in encoding.curves]).astype(
        np.float32
    )
