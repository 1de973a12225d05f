"""Strands: what of a person is seen beside the outline that a matte drew, told by colour alone.

A matte drops loose hair, and now and then a temple. Where a place beside it has the colour that the
person shows nearby, and one that the ground nearby does not show, it is the person's; where the
ground has many colours nothing can be told so, and nothing is.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels, colour, filters, morphology

# How far beside the outline is looked, and where what is found there begins to fade, in mm.
_REACH_MM, _FADES_MM = 12.0, 7.0
# Over what distance the person's and the ground's colours are told, in mm; which part of the person
# speaks (their outermost 8 mm, but for the edge), and from where on the ground does.
_PERSON_MM, _GROUND_MM, _RIM_MM, _DEEP_MM, _OFF_MM = 4.0, 7.0, 1.0, 8.0, 5.0
#: L*, a* and b* by which any surface varies.
_SPREAD = as_float([3.0, 2.0, 2.0])
# Spreads of the ground from which on a colour is none of its own, half and whole, and those by
# which the person's colour must differ.
_UNLIKE, _APART = (2.5, 4.0), (3.0, 4.0)
# How far beside the line from ground to person a mixture may lie, as a share of its way from the
# ground; and how many spreads of the person's a colour may be off.
_BESIDE_LINE, _LIKE = (0.7, 0.35), (1.6, 1.0)
#: How far the line goes on beyond the person's mean colour: a strand in the light is brighter.
_BEYOND = np.float32(1.2)
#: Alpha from which on the photo's own pixel is shown whole: its bit of ground is a pixel wide. From
#: 0.6 on sharp specks of a hedge stayed along the hair.
_WHOLE = 0.85
#: Below it nothing joins a strand to the person.
_JOINED = 0.2


def find_strands(pixels: Pixels, alpha: Mask, px_per_mm: float) -> Mask:
    """Alpha with what of the person is seen beside it, (h, w), nowhere less than ``alpha``.

    Each pixel is placed on the line between the ground's colour and the person's, both told nearby
    (Chuang et al. 2001, with one mean each), in spreads of the ground. What is joined to the person
    by nothing is left out.

    Parameters
    ----------
    pixels : (h, w, 3) linear P3
    alpha : (h, w)
    px_per_mm : float
    """
    mm = np.float32(px_per_mm)
    lab = colour.p3_to_lab(np.clip(pixels, 0, 1))
    solid = alpha > 0.5
    away, depth = morphology.measure_depth(~solid) / mm, morphology.measure_depth(solid) / mm
    wall = as_float((alpha < 0.02) & (away > _OFF_MM))
    body = as_float((alpha > 0.97) & (depth > _RIM_MM) & (depth < _DEEP_MM))
    if not (wall.any() and body.any()):
        return alpha
    ground, ground_spread = _describe(lab, wall, _GROUND_MM * px_per_mm)
    person, person_spread = _describe(lab, body, _PERSON_MM * px_per_mm)
    off, way = (lab - ground) / ground_spread, (person - ground) / ground_spread
    far, apart = _length(off), _length(way)
    share = np.clip(channels.add_up(off * way) / np.maximum(np.square(apart), 1), 0, _BEYOND)
    beside = _length(off - share[..., None] * way) / np.maximum(far, 1)
    like = _length((lab - person) / person_spread) / np.sqrt(np.float32(3))
    seen = np.maximum(
        filters.smoothstep(as_float(beside), *_BESIDE_LINE), filters.smoothstep(like, *_LIKE)
    )
    seen *= filters.smoothstep(far, *_UNLIKE) * filters.smoothstep(apart, *_APART)
    found = np.minimum(share, 1) * seen * filters.smoothstep(as_float(away), _REACH_MM, _FADES_MM)
    whole = np.clip(alpha * np.float32(1 / _WHOLE), 0, 1)
    return as_float(np.maximum(whole, found * _join(np.maximum(found, alpha), solid)))


def _describe(lab: Float, known: Mask, reach: float) -> tuple[Float, Float]:
    """Mean and spread (h, w, 3) of the colours of what is ``known``, nearby."""
    mean = filters.blur_inside(lab, known, reach)
    spread = filters.blur_inside(np.square(lab - mean), known, reach)
    return mean, as_float(np.sqrt(np.maximum(spread, 0)) + _SPREAD)


def _length(x: Float) -> Float:
    return as_float(np.sqrt(channels.add_up(np.square(x))))


def _join(found: Mask, solid: np.ndarray) -> np.ndarray:
    """Where what was found is joined to the person, (h, w) bool."""
    count, labels = cv2.connectedComponents((found > _JOINED).astype(np.uint8), connectivity=8)
    held = np.bincount(labels[solid], minlength=count) > 0
    held[0] = False
    return np.asarray(held[np.asarray(labels)])
