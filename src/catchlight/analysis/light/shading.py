"""Shading: the light on a form as a dome of lamps, fitted to skin so that pigment has no say.

Light that falls on a matt surface is a sum of lamps, and lamps only ever add: y = a + sum_j k_j
max(0, n . L_j) with a, k >= 0. That is the picture that spherical harmonics approximate (Basri &
Jacobs 2003); with 51 lamps and non-negative least squares it never turns dark, and a hard key stays
one. On rendered faces it is nearer to the truth than harmonics of the second order (light_evidence
measures both).

Vocabulary: *dome* the strength of each lamp; *shade* what a dome gives a normal; x right, y up, z
to the camera.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.pixels.nonnegative import solve_nonnegative
from catchlight.pixels.threads import one_thread

# Rings of lamps: degrees from the camera's axis, and how many. Those at 105 degrees stand a little
# behind the sitter and graze the turn of the cheek.
_RINGS = ((0, 1), (28, 6), (55, 12), (80, 16), (105, 16))
#: Ridge, in units of the mean square of a lamp's cosine over the face. It is a lamp's own after
#: the first round, less the more light stands within 15 degrees of it and up to 33 times as much
#: where none does: light comes from a few places (automatic relevance, MacKay 1994). Mottled skin
#: then lights fewer lamps: rendered heads are known by 3 to 7 % better, those in two lights by 5.
_RIDGE, _TOGETHER, _DARK = 3e-3, 15.0, 0.03
#: Huber's k for 95 % efficiency; light that the form explains to 0.06 stops is explained.
_HUBER, _SURE = 1.345, 0.06
_ROUNDS = 5
#: Ridge of a beard's pigment, and the most of it, in stops. A chin in the shade of overhead light
#: could be either; with more ridge the dome takes a third of a beard of 0.8 stops for light.
_PIGMENT, _BEARD = 1e-4, 2.0

# A key is the lamps within this angle of the brightest place of the dome, degrees.
_KEY = 40.0
# What pulls at its middle, degrees: rings are 25 to 28 apart, a key between two lights both.
_WIDE = 35.0


@lru_cache(maxsize=1)
def lamps() -> Float:
    """(51, 3) unit vectors to the lamps, symmetric left to right."""
    rows = []
    for polar, count in _RINGS:
        around = 2 * np.pi * np.arange(count) / count
        s, c = np.sin(np.radians(polar)), np.cos(np.radians(polar))
        rows.append(np.column_stack([s * np.sin(around), s * np.cos(around), np.full(count, c)]))
    return as_float(np.vstack(rows))


@lru_cache(maxsize=1)
def _nearness() -> Float:
    """(51, 51), each row a mean of the lamps within about 15 degrees."""
    near = np.exp((lamps() @ lamps().T - 1) / (1 - np.cos(np.radians(_TOGETHER))))
    return as_float(near / near.sum(1, keepdims=True))


def cosines(normals: Float) -> Float:
    """What each lamp and the even fill give a normal: (..., 3) -> (..., 52), the fill last."""
    lit = np.maximum(normals @ lamps().T, 0)
    return as_float(np.concatenate([lit, np.ones((*lit.shape[:-1], 1))], axis=-1))


@dataclass(frozen=True)
class Fit:
    """A dome fitted to skin.

    Attributes
    ----------
    dome : (52,) float32, light of each lamp and the even fill, times the skin's albedo
    beard : (k,) float32, stops of light that a beard takes in each zone; 0 where there is none
    spread : float, stops, robust spread of what the form does not explain
    """

    dome: Float
    beard: Float
    spread: float


@one_thread()
def fit_dome(normals: Float, light: Float, weight: Float, beard: Float) -> Fit:
    """Fit a dome to the light seen on skin, relative errors, by reweighted least squares.

    Errors count in stops (each equation is divided by its shade), Huber's weights let go of brows,
    moles, beard and cast shadows, and what is brighter than the form explains (a highlight) goes
    twice as fast.

    Parameters
    ----------
    normals : (n, 3)
    light : (n,), linear luminance or one channel, above 0
    weight : (n,), 0..1, how surely this is bare skin
    beard : (n, k), 0..1, zones of a beard, if there is one: darker there, in one step, is pigment

    Returns
    -------
    Fit
    """
    basis = cosines(normals).astype(np.float64)
    level = float(np.median(light))
    seen = np.maximum(light.astype(np.float64) / level, 2.0**-7)
    # The first shade: what is seen, drawn towards the middle, so that nothing dark rules.
    shade = np.sqrt(seen)
    robust = np.ones_like(seen)
    spread = 1.0
    dome = np.zeros(basis.shape[1])
    size = _RIDGE * float(np.mean(basis[:, :-1] ** 2))
    many, zones = basis.shape[1] - 1, beard.shape[1]
    rest = [1e-9, *[_PIGMENT] * zones]
    ridge = np.diag([*np.full(many, size), *rest])
    pigment = np.zeros(zones)
    for _ in range(_ROUNDS):
        # The last unknowns: stops that a beard takes, to first order around the last round's.
        taken = np.exp2(-beard @ pigment)
        slope = -math.log(2) * beard * shade[:, None]
        full = np.column_stack([basis * taken[:, None], slope])
        w = weight * robust / shade**2
        w = w / w.sum()
        # Normal equations: 53 to 55 unknowns, whatever the number of pixels.
        # A matrix with its own transpose is half the work of any other product.
        half = np.sqrt(w)
        part = full * half[:, None]
        right = part.T @ (half * (seen + slope @ pigment))
        found = solve_nonnegative(part.T @ part + ridge, right)
        dome, pigment = found[:-zones], np.minimum(found[-zones:], _BEARD)
        around = _nearness() @ dome[:-1]
        lit = around / max(float(around.max()), 1e-9)
        ridge = np.diag([*(size / (lit + _DARK)), *rest])
        shade = np.maximum(basis @ dome * np.exp2(-beard @ pigment), 2.0**-6)
        off = np.log2(seen / shade)
        middle = off[weight > 0.5]
        spread = 1.4826 * float(np.median(np.abs(middle))) if middle.size else 1.0
        limit = _HUBER * max(spread, _SURE)
        robust = np.minimum(1, limit / np.maximum(np.abs(off), 1e-6))
        robust = np.where(off > 0, robust**2, robust)
    return Fit(as_float(dome * level), as_float(pigment), spread)


def shade_of(dome: Float, normals: Float) -> Float:
    """What a dome gives each normal, (..., 3) -> (...), linear light times albedo."""
    used = np.flatnonzero(dome[:-1])
    out = np.full(normals.shape[:-1], dome[-1], np.float32)
    for j in used:
        out += dome[j] * np.maximum(normals @ lamps()[j], 0)
    return as_float(out)


def find_key(dome: Float) -> tuple[Float, Float]:
    """The brightest place of a dome, (3,), and which lamps belong to it, (51,) of 0 or 1."""
    towards = lamps()
    wide = 1 - np.cos(np.radians(_WIDE))
    near = np.exp((towards @ towards.T - 1) / wide)
    middle = towards[int(np.argmax(near @ dome[:-1]))]
    # The weighted mean of what is near, until it stays, so that the place lies between lamps.
    for _ in range(5):
        pull = np.exp((towards @ middle - 1) / wide) * dome[:-1]
        total = pull @ towards
        size = float(np.linalg.norm(total))
        middle = total / size if size > 1e-9 else np.array([0, 0, 1.0])
    return as_float(middle), as_float(towards @ middle > np.cos(np.radians(_KEY)))


def split_colour(
    normals: Float, pixels: Float, weight: Float, dome: Float, own: Float
) -> tuple[Float, Float]:
    """Tints (2,) of key and fill: each channel as so much key and so much fill."""
    key = shade_of(as_float(np.append(dome[:-1] * own, 0)), normals)
    fill = shade_of(as_float(np.append(dome[:-1] * (1 - own), dome[-1])), normals)
    parts = np.column_stack([key, fill]).astype(np.float64)
    w = weight / (key + fill) ** 2
    gram = (parts * w[:, None]).T @ parts
    # Where the two cannot be told apart they have one colour.
    gram += 0.02 * np.trace(gram) / 2 * np.array([[1, -1], [-1, 1]])
    found = np.linalg.lstsq(gram, parts.T @ (w[:, None] * pixels), rcond=None)[0]
    all_light = np.average(pixels / (key + fill)[:, None], axis=0, weights=weight)
    tints = []
    for channels in found:
        ratio = np.log(np.clip(channels / all_light, 0.1, 10))
        tints.append(as_float(ratio[[0, 2]] - ratio[1]))
    return tints[0], tints[1]
