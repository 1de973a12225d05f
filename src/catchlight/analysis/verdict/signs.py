"""Signs: what is measured of a photo to say whether it will do, before it is a verdict.

All on the *probe*: the face, level, at 2 pixels a millimetre at most, so that a sign means the same
on any photo. Light is in stops, colour in logarithms of ratios, which shading leaves alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.mesh import Face, measure_expression
from catchlight.analysis.parts.irises import draw_irises
from catchlight.analysis.subject import Subject
from catchlight.analysis.verdict.surface import Surface, Where, fill, measure_surface
from catchlight.arrays import Float, Pixels, Points, as_float
from catchlight.images.resample import resample_photo
from catchlight.pixels import colour, geometry

#: Inter-eye distance of the probe, at the most.
IED = 126.0
#: The probe's reach around the eyes' middle, in inter-eye distances: beside, above, below.
_REACH = (1.7, 1.6, 2.3)
#: Nothing is told in the logarithm of light below this.
_DARKEST = 2.0**-10
_LEAST = 12
#: Stops by which something between the lips must be brighter than they to be teeth.
_TOOTH = 0.5
#: Below the nose, above the chin and beside the lips: what a mask or a hand covers.
_ABOVE_LIPS, _BELOW_LIPS = (164, 2, 97, 326), (18, 200, 199, 175)


@dataclass(frozen=True)
class Eye:
    """One eye, in stops.

    Attributes
    ----------
    bright, around : float
        By how much its brightest and the skin around it lie above the cheeks.
    drawn : float
        By how much its white is brighter than its iris: nothing where no eye is seen.
    """

    bright: float
    around: float
    drawn: float


@dataclass(frozen=True)
class Signs:
    """What a photo shows of its use as a source.

    Attributes
    ----------
    width : float, pixels of the photo across the face
    yaw, pitch : float, degrees
    outside : float, share of the face's outline beyond the photo's border
    noise : float, codes of 255; quality : int or None, of the JPEG
    shut : float, the wider lid gap over eye to chin; blink : float, 0..1, the lesser of both eyes
    gape : float, opening of the mouth over the inter-eye distance
    eyes : (Eye, Eye), the viewer's left first
    lip : float, how much redder lips are than the skin above and below (ln R/G)
    line : float, stops by which what is between the lips is darker or brighter than they
    patch : float, how far the colour around the mouth is from the cheeks' (log ratios)
    shade : float, stops by which it is brighter than the cheeks
    coloured : bool, whether skin has any colour at all
    burnt : float, share of the face with a channel at its ceiling
    level : float, median of the face in log2 of linear light
    near : float, distance to the nearest other face, in head widths; inf where there is none
    twins : int, other faces of the same size that are the same picture
    surface : Surface
    """

    width: float
    yaw: float
    pitch: float
    outside: float
    noise: float
    quality: int | None
    shut: float
    blink: float
    gape: float
    eyes: tuple[Eye, Eye]
    lip: float
    line: float
    patch: float
    shade: float
    coloured: bool
    burnt: float
    level: float
    near: float
    twins: int
    surface: Surface


def draw_probe(subject: Subject) -> tuple[Pixels, Face]:
    """The face close up, level, (h, w, 3) linear P3, and the face in its pixels."""
    face = subject.face
    scale = min(1.0, IED / face.ied)
    beside, above, below = (max(r * face.ied * scale, 8.0) for r in _REACH)
    size = round(2 * beside), round(above + below)
    target = as_float([beside, above])
    to_probe = geometry.similarity(scale, -face.pose.roll, face.eyes.mean(0), target)
    return np.maximum(resample_photo(subject.picture, to_probe, *size), 0), face.moved(to_probe)


def measure_signs(subject: Subject) -> Signs:
    """Measure the signs of a photo: about 60 ms beside the faults of its file."""
    face, faults = subject.face, subject.faults
    pixels, here = draw_probe(subject)
    y = as_float(np.log2(np.maximum(colour.luminance(pixels), _DARKEST)))
    cheeks = fill(here, (landmarks.RIGHT_CHEEK, landmarks.LEFT_CHEEK), y.shape)
    oval = fill(here, (landmarks.FACE_OVAL,), y.shape)
    told = measure_expression(face)
    p = face.points
    chin = max(float(np.linalg.norm(p[landmarks.CHIN] - p[[33, 133, 263, 362]].mean(0))), 1e-6)
    gaps = [float(np.linalg.norm(p[a] - p[b])) / chin for a, b in ((159, 145), (386, 374))]
    lip, line, patch, shade = _look_at_mouth(pixels, y, here, cheeks)
    return Signs(
        width=face.box[2] - face.box[0],
        yaw=face.pose.yaw,
        pitch=face.pose.pitch,
        outside=_outside(subject),
        noise=faults.noise,
        quality=faults.quality,
        shut=max(gaps),
        blink=min(told["eyeBlinkLeft"], told["eyeBlinkRight"]),
        gape=float(np.linalg.norm(p[13] - p[14])) / face.ied,
        eyes=_look_at_eyes(y, here, cheeks),
        lip=lip,
        line=line,
        patch=patch,
        shade=shade,
        coloured=_is_coloured(pixels[oval]),
        burnt=float((pixels[oval].max(axis=1) > 0.97).mean()) if oval.any() else 0.0,
        level=float(np.median(y[oval])) if oval.any() else -10.0,
        near=_nearest(subject),
        twins=_twins(subject),
        surface=measure_surface(pixels, here, oval),
    )


def _is_coloured(skin: Pixels) -> bool:
    """Whether the median of skin (n, 3) is further from grey than a black and white JPEG's."""
    if len(skin) < _LEAST:
        return False
    red, green, blue = np.log(np.maximum(np.median(skin, axis=0), _DARKEST))
    return bool(abs(red - green) + abs(blue - green) > 0.06)


def _outside(subject: Subject) -> float:
    """Share of the outline of the face beyond the photo's border."""
    x, y = subject.face.points[landmarks.FACE_OVAL].T
    w, h = subject.picture.width, subject.picture.height
    return float(((x < -0.5) | (y < -0.5) | (x > w - 0.5) | (y > h - 0.5)).mean())


def _look_at_eyes(y: Float, face: Face, cheeks: Where) -> tuple[Eye, Eye]:
    """How bright each eye and the skin around it are, against the cheeks."""
    skin = float(np.median(y[cheeks])) if cheeks.sum() >= _LEAST else float(np.median(y))
    found = []
    irises = draw_irises(face.points, (y.shape[0], y.shape[1])) > 0.5
    for ring, brow in (
        (landmarks.RIGHT_EYE, landmarks.RIGHT_BROW),
        (landmarks.LEFT_EYE, landmarks.LEFT_BROW),
    ):
        lids = face.points[ring]
        inside = geometry.fill_polygon(lids, y.shape[1], y.shape[0]) > 0.5
        around = geometry.fill_polygon(_grow(lids, 1.5, 2.6), y.shape[1], y.shape[0]) > 0.5
        near = cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        brows = geometry.fill_polygon(face.points[brow], y.shape[1], y.shape[0]) > 0.5
        rim = around & ~near & ~brows
        white, iris = inside & ~irises, inside & irises
        if min(rim.sum(), white.sum(), iris.sum()) < 3:
            found.append(Eye(0.0, 0.0, 1.0))
            continue
        bright = float(np.percentile(y[inside], 97)) - skin
        drawn = float(np.percentile(y[white], 70) - np.median(y[iris]))
        found.append(Eye(bright, float(np.median(y[rim])) - skin, drawn))
    return found[0], found[1]


def _grow(ring: Points, across: float, down: float) -> Points:
    middle = ring.mean(0)
    return as_float(middle + (ring - middle) * np.array([across, down], np.float32))


def _look_at_mouth(
    pixels: Pixels, y: Float, face: Face, cheeks: Where
) -> tuple[float, float, float, float]:
    """Whether there is a mouth: red of the lips, the line between; and what is around it."""
    log = as_float(np.log(np.maximum(pixels, _DARKEST)))
    u, v = log[..., 0] - log[..., 1], log[..., 2] - log[..., 1]
    outer = fill(face, (landmarks.LIPS_OUTER,), y.shape)
    inner = fill(face, (landmarks.LIPS_INNER,), y.shape)
    lips = outer & ~inner
    ring = face.points[landmarks.LIPS_OUTER]
    wide = geometry.fill_polygon(_grow(ring, 1.1, 2.0), y.shape[1], y.shape[0]) > 0.5
    near = wide & (cv2.dilate(outer.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    if min(lips.sum(), near.sum(), cheeks.sum()) < _LEAST:
        return 1.0, 1.0, 0.0, 0.0
    red = float(np.median(u[lips]) - np.median(u[near]))
    off = np.array([np.median(x[near]) - np.median(x[cheeks]) for x in (u, v)])
    bright = float(np.median(y[near]) - np.median(y[cheeks]))
    return red, _line(y, face), float(np.hypot(*off)), bright


def _line(y: Float, face: Face) -> float:
    """Stops by which what is between the lips is darker or brighter than they, over the width."""
    upper, lower = face.points[landmarks.LIPS_INNER[11:]], face.points[landmarks.LIPS_INNER[1:10]]
    n = min(len(upper), len(lower))
    found = []
    for top, bottom in zip(upper[:n][::-1], lower[:n], strict=True):
        middle, reach = (top + bottom) / 2, max(4.5 * face.px_per_mm, 2.0)
        gap = float(np.linalg.norm(top - bottom))
        steps = np.linspace(-reach - gap / 2, reach + gap / 2, 25)
        across = np.full((1, 25), middle[0], np.float32)
        down = as_float(middle[1] + steps)[None]
        profile = cv2.remap(y, across, down, cv2.INTER_LINEAR)[0]
        above, below = float(profile[:6].max()), float(profile[-6:].max())
        dark = min(above, below) - float(profile[5:-5].min())
        # Teeth are brighter than both lips, as the slit is darker.
        bright = float(profile[5:-5].max()) - max(above, below)
        found.append(max(dark, bright - _TOOTH))
    return float(np.median(found)) if found else 1.0


def _nearest(subject: Subject) -> float:
    """Distance to the nearest other face, in widths of both heads; 1 is cheek to cheek."""
    own = subject.face
    width = own.box[2] - own.box[0]
    gaps = [
        float(np.linalg.norm(f.eyes.mean(0) - own.eyes.mean(0)))
        / (0.5 * (width + f.box[2] - f.box[0]))
        for f in subject.faces[1:]
    ]
    return min(gaps, default=float("inf"))


def _twins(subject: Subject) -> int:
    """How many other faces are the same picture: their meshes agree to a hundredth."""
    own = _normal(subject.face)
    return sum(
        float(np.sqrt(np.mean((_normal(f) - own) ** 2))) < 0.03
        and 0.9 < f.ied / subject.face.ied < 1.11
        for f in subject.faces[1:]
    )


def _normal(face: Face) -> Float:
    return as_float((face.points - face.points.mean(0)) / face.ied)
