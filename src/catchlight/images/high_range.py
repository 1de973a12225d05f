"""High dynamic range: PQ and HLG pictures rendered to what a standard screen shows.

The curve is the EETF of ITU-R BT.2390-11 (section 5.4.1): light up to a knee stays as it is, what
is above is rolled off so that the brightest of the picture becomes white. It acts on the largest of
the three channels of Display P3 and scales all three alike, so that no hue turns. White is
203 cd/m2, BT.2408's level of a diffuse white sheet.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Codes, Float
from catchlight.images.encoding import (
    Encoding,
    codes_to_linear,
    pq_to_linear,
    standard_encoding,
)
from catchlight.pixels.colour import apply_matrix, compress_gamut, linear_to_srgb

#: System gamma of HLG's reference screen of 1000 cd/m2 (BT.2100, table 5).
_HLG_GAMMA = 1.2
#: Light, as a share of white, that this share of the pixels does not exceed is the brightest; above
#: it lie glints of a few pixels, which may be white.
_SHARE = 0.9995
_STRIP = 1 << 19


def render_to_standard(codes: Codes, encoding: Encoding) -> tuple[Codes, Encoding]:
    """Render PQ or HLG codes to 16-bit Display P3 with the sRGB curve.

    Parameters
    ----------
    codes : (H, W, 3) uint8 or uint16
    encoding : Encoding named ``"PQ"`` or ``"HLG"``

    Returns
    -------
    codes and encoding
    """
    rows = max(1, _STRIP // codes.shape[1])
    strips = [slice(top, top + rows) for top in range(0, codes.shape[0], rows)]
    step = max(1, codes.shape[0] * codes.shape[1] // (1 << 20))
    some = np.ascontiguousarray(codes.reshape(-1, 3)[::step][None])
    peak = float(np.quantile(_to_light(some, encoding).max(axis=2), _SHARE))
    out = np.empty(codes.shape, np.uint16)
    for strip in strips:
        light = _to_light(codes[strip], encoding)
        brightest = light.max(axis=2, keepdims=True)
        light = compress_gamut(light * (roll_off(brightest, peak) / np.maximum(brightest, 1e-6)))
        out[strip] = np.asarray(linear_to_srgb(np.clip(light, 0, 1)) * 65535 + 0.5, np.uint16)
    return out, standard_encoding("Display P3", 65536)


def _to_light(codes: Codes, encoding: Encoding) -> Float:
    """Light of the screen in linear P3, 1 is white; HLG's is that of its reference screen."""
    light = codes_to_linear(codes, encoding)
    if encoding.name != "HLG":
        return apply_matrix(light, encoding.matrix)
    # Its curve gave the scene's light, 1 at 75 % of the signal. BT.2100: the screen's light is the
    # scene's times its luminance to the power of gamma - 1; scaled so that 75 % stay at white.
    red, green, blue = cv2.split(light)
    luminance = 0.2627 * red + 0.6780 * green + 0.0593 * blue
    light = light * luminance[..., None] ** np.float32(_HLG_GAMMA - 1)
    return apply_matrix(np.asarray(light, np.float32), encoding.matrix)


def roll_off(light: Float, peak: float) -> Float:
    """Bring light 0..``peak`` to 0..1; where nothing is above 1, nothing changes."""
    if peak <= 1:
        return np.minimum(light, 1)
    top = float(_light_to_pq(np.array(peak)))
    white = float(_light_to_pq(np.array(1.0))) / top
    knee = 1.5 * white - 0.5
    signal = np.minimum(_light_to_pq(light) / top, 1)
    t = np.clip((signal - knee) / (1 - knee), 0, 1)
    bent = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * white
    )
    # Below the knee light is kept to the bit, not sent through PQ and back.
    above = pq_to_linear(np.maximum(bent * top, 0))
    return np.asarray(np.where(signal < knee, light, above), np.float32)


def _light_to_pq(light: Float) -> Float:
    """SMPTE ST 2084, inverse EOTF; 1 is 203 cd/m2."""
    p = (np.maximum(light, 0) * (203 / 10000)) ** (1305 / 8192)
    return np.asarray(((3424 / 4096 + 2413 / 128 * p) / (1 + 2392 / 128 * p)) ** (2523 / 32))
