"""Tones: light multiplied without a highlight lost, and a white moved without a change of light."""

from __future__ import annotations

import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.pixels import colour

#: How fast a lift falls off towards black: at the black point it is half, two stops above 0.9.
_TOE = 1.5


def lift(
    luminance: Float, stops: float, *, black: float = 0.0, around: Float | None = None
) -> Float:
    """Gain in stops that multiplies by 2^``stops`` below a shoulder and never passes white.

    The shoulder is y' = k y / (1 + ((k y)^4 (1 - 1/k^4)))^(1/4), which has the slope k = 2^stops
    at black and takes 1 to 1, so highlights roll off as film does instead of clipping.

    Parameters
    ----------
    luminance : float32, relative, 1 = diffuse white
    stops : float, 0 and more; below 0 nothing can clip and the gain is the same everywhere
    around : float32 or None, of the same shape
        Luminance of the place, by which black is told; by default the pixel's own.
    black : float, luminance
        What is to stay black: there half of the lift is given, below it less and less. Lifted
        with the rest, hair, pupils and deep shadow turn grey, and the picture milky.

    Returns
    -------
    float32, of the shape of ``luminance``
    """
    if stops <= 0:
        return np.full(luminance.shape, stops, np.float32)
    k = np.float32(2.0**stops)
    y = np.clip(luminance, 0, 1)
    fall = 1 + (k * y) ** 4 * (1 - 1 / k**4)
    gain = stops - 0.25 * np.log2(fall)
    if black > 0:
        place = y if around is None else around
        gain = gain / (1 + (np.float32(black) / np.maximum(place, np.float32(2.0**-14))) ** _TOE)
    return np.asarray(gain, np.float32)


def lower(luminance: Float, stops: float) -> Float:
    """Gain in stops that divides by 2^``stops`` in shadows and mid-tones; white stays white.

    y' = y 2^(-s (1 - y^6)): at 0.8, lit light skin a stop too bright, 0.74 of it is taken. Burnt
    patches stay burnt; made darker, they would be grey plates.
    """
    y = np.clip(luminance, 0, 1)
    return as_float(-stops * (1 - y**6))


def neutralise(u: float, v: float) -> Float:
    """(3,) linear gains that take the light ln(R/G) = ``u``, ln(B/G) = ``v`` to neutral, Y kept."""
    gains = np.exp(-np.array([u, 0.0, v]))
    return as_float(gains / (gains @ colour.P3_LUMINANCE))


#: CIE 15:2004, table T.3: the white of D50 in XYZ, 5003 K. D65, the white of the picture, seen as
#: D50 is by 46 mired warmer: half a CTO filter, which a photographer puts before a flash.
_D50 = np.array([0.96422, 1.0, 0.82521])


def _warm() -> Float:
    warm = colour.XYZ_TO_P3 @ _D50
    u, v = (float(np.log(warm[i] / warm[1])) for i in (0, 2))
    return as_float(np.log2(neutralise(-u, -v)))


#: Stops of each channel (3,) that make light warmer by 46 mired.
WARM = _warm()
