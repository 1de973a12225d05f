"""Signs: what is measured of a photo to say whether it will do, before it is a verdict.

All on the *probe*: the face, level, at 2 pixels a millimetre at most, so that a sign means the same
on any photo. Light is in stops, colour in logarithms of ratios, which shading leaves alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.company import is_somebody
from catchlight.analysis.face.mesh import Face, measure_expression, measure_gape
from catchlight.analysis.light.toned import is_grey, measure_chroma
from catchlight.analysis.subject import Subject
from catchlight.analysis.verdict.features import DARKEST, LEAST, Eye, look_at_eyes, look_at_mouth
from catchlight.analysis.verdict.surface import Surface, fill, measure_surface
from catchlight.arrays import Float, Pixels, as_float
from catchlight.images.resample import resample_photo
from catchlight.pixels import colour, geometry

#: Inter-eye distance of the probe, at the most.
IED = 126.0
#: The probe's reach around the eyes' middle, in inter-eye distances: beside, above, below.
_REACH = (1.7, 1.6, 2.3)
#: Below the nose, above the chin and beside the lips: what a mask or a hand covers.
_ABOVE_LIPS, _BELOW_LIPS = (164, 2, 97, 326), (18, 200, 199, 175)


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
    y = as_float(np.log2(np.maximum(colour.luminance(pixels), DARKEST)))
    cheeks = fill(here, (landmarks.RIGHT_CHEEK, landmarks.LEFT_CHEEK), y.shape)
    oval = fill(here, (landmarks.FACE_OVAL,), y.shape)
    told = measure_expression(face)
    p = face.points
    chin = max(float(np.linalg.norm(p[landmarks.CHIN] - p[[33, 133, 263, 362]].mean(0))), 1e-6)
    gaps = [float(np.linalg.norm(p[a] - p[b])) / chin for a, b in ((159, 145), (386, 374))]
    lip, line, patch, shade = look_at_mouth(pixels, y, here, cheeks)
    return Signs(
        width=face.box[2] - face.box[0],
        yaw=face.pose.yaw,
        pitch=face.pose.pitch,
        outside=_outside(subject),
        noise=faults.noise,
        quality=faults.quality,
        shut=max(gaps),
        blink=min(told["eyeBlinkLeft"], told["eyeBlinkRight"]),
        gape=measure_gape(face),
        eyes=look_at_eyes(y, here, cheeks),
        lip=lip,
        line=line,
        patch=patch,
        shade=shade,
        coloured=oval.sum() >= LEAST and not is_grey(measure_chroma(pixels[oval])),
        burnt=float((pixels[oval].max(axis=1) > 0.97).mean()) if oval.any() else 0.0,
        level=float(np.median(y[oval])) if oval.any() else -10.0,
        near=_nearest(subject),
        twins=_twins(subject),
        surface=measure_surface(pixels, here, oval),
    )


def _outside(subject: Subject) -> float:
    """Share of the outline of the face beyond the photo's border."""
    x, y = subject.face.points[landmarks.FACE_OVAL].T
    w, h = subject.picture.width, subject.picture.height
    return float(((x < -0.5) | (y < -0.5) | (x > w - 0.5) | (y > h - 0.5)).mean())


def _nearest(subject: Subject) -> float:
    """Distance to the nearest other face, in widths of both heads; 1 is cheek to cheek."""
    own = subject.face
    width = own.box[2] - own.box[0]
    gaps = [
        float(np.linalg.norm(f.eyes.mean(0) - own.eyes.mean(0)))
        / (0.5 * (width + f.box[2] - f.box[0]))
        for f in subject.faces[1:]
        if is_somebody(f, own)
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
