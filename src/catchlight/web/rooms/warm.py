"""Warming up: a worker opens its models before anybody waits for them."""

from __future__ import annotations

import contextlib

import numpy as np

from catchlight.analysis.face.detect import Detection, detect_faces
from catchlight.analysis.face.identity import measure_identity
from catchlight.analysis.face.mesh import fit_mesh, measure_expression
from catchlight.analysis.subject import Subject, View
from catchlight.arrays import as_float
from catchlight.images import Metadata, Picture
from catchlight.images.encoding import standard_encoding

#: A grey picture, and where a face might be in it: box, eyes, nose, mouth, ears, in pixels.
_SIDE = 320
_BOX = (100, 90, 220, 250)
_POINTS = ((130, 130), (190, 130), (160, 170), (160, 210), (105, 150), (215, 150))


def warm_up() -> None:
    """Run every network that a first look needs on a grey picture, where there is nothing to see.

    What goes wrong with it is no matter: whoever needs a model is told then.
    """
    codes = np.full((_SIDE, _SIDE, 3), 128, np.uint8)
    with contextlib.suppress(Exception), np.errstate(all="ignore"):
        detect_faces(codes)
        face = fit_mesh(codes, Detection(as_float(_BOX), as_float(_POINTS), 1.0))
        measure_identity(codes, face)
        measure_expression(face)
        picture = Picture(codes, standard_encoding("sRGB", 256), None, "PNG", Metadata(), "")
        _ = Subject(picture, (face,), View(codes, np.eye(2, 3))).cutout
