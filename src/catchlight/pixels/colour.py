"""Colour science: transfer curves, RGB primaries, CIELAB, CIEDE2000, ITA.

Vocabulary: *codes* are display-encoded values; *linear* is proportional to light; P3 means the
Display P3 primaries with the D65 white. Every ``a_to_b`` states its domain and range, and its
inverse stands beside it. CIELAB here is always relative to D65 and never adapted to D50.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import powers
from catchlight.pixels.strips import over_strips

# Linear sRGB -> XYZ (D65), IEC 61966-2-1, with the digits derived from its primaries and white.
SRGB_TO_XYZ = np.array(
    [
        [0.4123907993, 0.3575843394, 0.1804807884],
        [0.2126390059, 0.7151686788, 0.0721923154],
        [0.0193308187, 0.1191947798, 0.9505321522],
    ]
)
# Linear Display P3 -> XYZ (D65), SMPTE EG 432-1 primaries, D65 white.
P3_TO_XYZ = np.array(
    [
        [0.4865709486, 0.2656676932, 0.1982172852],
        [0.2289745641, 0.6917385218, 0.0792869141],
        [0.0000000000, 0.0451133819, 1.0439443689],
    ]
)
XYZ_TO_P3 = np.linalg.inv(P3_TO_XYZ)
XYZ_TO_SRGB = np.linalg.inv(SRGB_TO_XYZ)
SRGB_TO_P3 = XYZ_TO_P3 @ SRGB_TO_XYZ
P3_TO_SRGB = XYZ_TO_SRGB @ P3_TO_XYZ
# The response f of X, Y, Z -> CIELAB, L* without its -16 (CIE 15:2004).
_F_TO_LAB = np.array([[0.0, 116.0, 0.0], [500.0, -500.0, 0.0], [0.0, 200.0, -200.0]])
#: Luminance of linear P3.
P3_LUMINANCE = P3_TO_XYZ[1].astype(np.float32)
#: The D65 white of the matrices above, Y = 1.
D65 = P3_TO_XYZ.sum(axis=1)
# Bradford cone responses (Lam 1985), for chromatic adaptation.
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def srgb_to_linear(codes: NDArray[np.floating]) -> Float:
    """Decode the sRGB curve (IEC 61966-2-1; Display P3 uses the same).

    Parameters
    ----------
    codes : array, nominally 0..1; negative values are mirrored.

    Returns
    -------
    float32 array of the same shape, linear.
    """
    x = np.asarray(codes, np.float32)
    a = np.abs(x)
    lin = np.where(a <= 0.04045, a / 12.92, ((a + 0.055) / 1.055) ** 2.4)
    return np.copysign(lin, x).astype(np.float32)


def linear_to_srgb(linear: NDArray[np.floating]) -> Float:
    """Encode with the sRGB curve; the inverse of :func:`srgb_to_linear`."""
    x = np.asarray(linear, np.float32)
    a = np.abs(x)
    enc = np.where(a <= 0.0031308, a * 12.92, 1.055 * a ** (1 / 2.4) - 0.055)
    return np.copysign(enc, x).astype(np.float32)


def apply_matrix(pixels: Pixels, matrix: NDArray[np.floating]) -> Pixels:
    """Multiply every pixel (..., 3) by a 3x3 ``matrix``; returns a new float32 array."""
    m = np.ascontiguousarray(matrix, np.float32)
    if pixels.ndim == 3 and pixels.dtype == np.float32:
        return np.asarray(cv2.transform(pixels, m), np.float32)
    return (np.asarray(pixels, np.float32) @ m.T).astype(np.float32)


def p3_to_srgb_codes(pixels: Pixels) -> NDArray[np.uint8]:
    """Linear P3 (H, W, 3) -> 8-bit sRGB codes, the nearest, clipped by channel.

    For what looks at a picture: networks, reports, measures. What is saved goes through
    :func:`catchlight.images.dither.linear_to_codes`, which dithers and keeps hues at the gamut's
    edge. The codes of the curve of IEC 61966-2-1 but for light within 0.005 codes of a tie.
    """
    out = np.empty(pixels.shape, np.uint8)

    def encode(rows: slice) -> None:
        linear = apply_matrix(np.ascontiguousarray(pixels[rows], np.float32), P3_TO_SRGB)
        np.clip(linear, 0, 1, out=linear)
        np.sqrt(linear, out=linear)
        linear *= 65535
        linear += 0.5
        out[rows] = table.take(linear.astype(np.uint16))

    table = _root_to_srgb()
    over_strips(encode, *pixels.shape[:2])
    return out


@lru_cache(maxsize=1)
def _root_to_srgb() -> NDArray[np.uint8]:
    """(65536,) codes at evenly spaced roots of light, among which the curve is nearly straight."""
    root = np.arange(65536) / 65535
    return np.asarray(np.rint(linear_to_srgb(root * root) * 255), np.uint8)


def hex_to_p3(rgb: str) -> Float:
    """``#rrggbb`` (sRGB) -> (3,) linear P3; back: :func:`p3_to_hex`."""
    codes = np.array([int(rgb[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255
    return as_float(SRGB_TO_P3 @ srgb_to_linear(codes))


def p3_to_hex(pixel: Float) -> str:
    """(3,) linear P3 -> the nearest ``#rrggbb`` (sRGB)."""
    return "#" + "".join(f"{code:02x}" for code in p3_to_srgb_codes(pixel[None, None])[0, 0])


def hex_to_lab(rgb: str) -> Float:
    """``#rrggbb`` (sRGB) -> (3,) CIELAB."""
    return as_float(p3_to_lab(hex_to_p3(rgb)[None, None])[0, 0])


def luminance(pixels: Pixels) -> Float:
    """Relative luminance Y of linear P3 ``pixels`` (..., 3) -> (...), 1 = diffuse white."""
    if pixels.ndim == 3 and pixels.dtype == np.float32:
        return np.asarray(cv2.transform(pixels, P3_LUMINANCE[None]), np.float32)
    return np.asarray(pixels @ P3_LUMINANCE, np.float32)


def p3_to_lab(pixels: Pixels) -> Float:
    """Linear P3 -> CIELAB (D65): L* 0..100, a* and b* about -128..127. Shape kept."""
    xyz = apply_matrix(pixels, P3_TO_XYZ / D65[:, None])
    # CIE 15:2004: cube root above (6/29)^3, else the linear toe.
    f = powers.cube_root(np.maximum(xyz, 0))
    toe = xyz <= 216 / 24389
    f[toe] = xyz[toe] * np.float32(841 / 108) + np.float32(4 / 29)
    lab = apply_matrix(f, _F_TO_LAB)
    lab[..., 0] -= 16
    return lab


def lab_to_p3(lab: Float) -> Pixels:
    """CIELAB (D65) -> linear P3; the inverse of :func:`p3_to_lab`. May leave 0..1."""
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, (f - 4 / 29) * (108 / 841))
    return apply_matrix(xyz.astype(np.float32), XYZ_TO_P3 * D65)


def lab_to_hue(lab: Float) -> Float:
    """CIELAB -> hue angle in degrees, 0..360. Invariant to exposure."""
    hue = np.degrees(np.arctan2(lab[..., 1 + 1], lab[..., 1])) % 360
    return np.asarray(hue, np.float32)


def lab_to_ita(lab: Float) -> Float:
    """Individual typology angle in degrees, ``atan2(L* - 50, b*)`` (Chardon 1991).

    An exposure meter as much as a skin meter: use differences only.
    """
    return np.asarray(np.degrees(np.arctan2(lab[..., 0] - 50, lab[..., 2])), np.float32)


def ciede2000(lab1: NDArray[np.floating], lab2: NDArray[np.floating]) -> NDArray[np.float64]:
    """CIEDE2000 colour difference of CIELAB arrays (..., 3) -> (...).

    Sharma, Wu, Dalal 2005, "The CIEDE2000 color-difference formula", equations 2 to 22;
    k_L = k_C = k_H = 1.
    """
    l1, a1, b1 = np.moveaxis(np.asarray(lab1, np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(lab2, np.float64), -1, 0)
    c_mean7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - np.sqrt(c_mean7 / (c_mean7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    dh = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    # A difference of exactly 180 degrees keeps its sign (Sharma's pairs 9 to 16 test this).
    dh = np.where(~grey & (h2 - h1 == 180), 180.0, dh)
    dl, dc = l2 - l1, c2 - c1
    dh_big = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    l_m, c_m = (l1 + l2) / 2, (c1 + c2) / 2
    total = h1 + h2
    h_m = np.where(
        np.abs(h1 - h2) <= 180, total / 2, np.where(total < 360, total / 2 + 180, total / 2 - 180)
    )
    h_m = np.where(grey, total, h_m)
    t = (
        1
        - 0.17 * np.cos(np.radians(h_m - 30))
        + 0.24 * np.cos(np.radians(2 * h_m))
        + 0.32 * np.cos(np.radians(3 * h_m + 6))
        - 0.20 * np.cos(np.radians(4 * h_m - 63))
    )
    s_l = 1 + 0.015 * (l_m - 50) ** 2 / np.sqrt(20 + (l_m - 50) ** 2)
    s_c, s_h = 1 + 0.045 * c_m, 1 + 0.015 * c_m * t
    r_c = 2 * np.sqrt(c_m**7 / (c_m**7 + 25.0**7))
    r_t = -np.sin(np.radians(60 * np.exp(-(((h_m - 275) / 25) ** 2)))) * r_c
    x_l, x_c, x_h = dl / s_l, dc / s_c, dh_big / s_h
    delta = np.sqrt(np.maximum(x_l**2 + x_c**2 + x_h**2 + r_t * x_c * x_h, 0))
    return np.asarray(delta, np.float64)


def adaptation_matrix(white_from: NDArray[np.floating], white_to: NDArray[np.floating]) -> Float:
    """Bradford adaptation in linear P3: the 3x3 matrix that takes one white to another.

    Parameters
    ----------
    white_from, white_to : (3,) linear P3 colours of the illuminants; only their ratio matters.
    """
    to_cone = BRADFORD @ P3_TO_XYZ
    w0 = to_cone @ np.asarray(white_from, np.float64)
    w1 = to_cone @ np.asarray(white_to, np.float64)
    return as_float(np.linalg.inv(to_cone) @ np.diag(w1 / w0) @ to_cone)


def compress_gamut(pixels: Pixels, skip: Mask | None = None) -> Pixels:
    """Bring linear RGB into 0..1 by moving towards its luminance, never by clipping channels.

    Desaturates only pixels that leave 0..1 (per-channel clipping turns skin highlights orange).
    Luminance above 1 becomes white. ``pixels`` must already be in the output primaries; the
    luminance weights are those of P3, near enough for the small excursions of photographs.
    ``skip`` is an optional mask of pixels known to be inside.
    """
    # Three planes: a reduction over an axis of length 3 is ten times as slow.
    r, g, b = (pixels[..., i] for i in range(3))
    out = (np.minimum(np.minimum(r, g), b) < 0) | (np.maximum(np.maximum(r, g), b) > 1)
    if skip is not None:
        out &= skip < 0.5
    if not out.any():
        return pixels
    result = pixels.copy()
    x = pixels[out]
    y = np.clip(x @ P3_LUMINANCE, 0, 1)[:, None]
    d = x - y
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        room = np.where(d > 0, (1 - y) / d, np.where(d < 0, -y / d, 1))
    t = np.clip(room.min(axis=1, keepdims=True), 0, 1)
    result[out] = np.clip(y + t * d, 0, 1)
    return result
