"""Looking: a photo, a scene or plain pixels become an Observation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import Subject, open_subject
from catchlight.analysis.verdict.judge import judge_source
from catchlight.arrays import Mask, Pixels
from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.images.encoding import standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.images.resample import resample_photo
from catchlight.likeness.observation import Observation
from catchlight.likeness.sighting import fit_in_place
from catchlight.pixels import colour

#: Quality of a JPEG up to which it is reckoned with.
_LOSSY = 95


def observe_pixels(
    pixels: Pixels, name: str, *, source_ied: float | None = None, alpha: Mask | None = None
) -> Observation:
    """Look at linear ``pixels`` afresh: find the face in them, trusting no earlier mesh."""
    codes = colour.p3_to_srgb_codes(pixels)
    encoding = standard_encoding("sRGB", 256)
    picture = Picture(codes, encoding, None, "PNG", Metadata(), name)
    try:
        subject = open_subject(picture, as_it_lies=True)
    except FaceError:
        return Observation(name, pixels, None, 0.0, alpha)
    face = subject.face
    ied = face.ied if source_ied is None else min(source_ied, face.ied)
    return Observation(name, pixels, face, ied, alpha, len(subject.faces) - 1)


def observe_photo(picture: Picture, *, number: int | None = None) -> Observation:
    """Look at a photo: the chosen face and 4 inter-eye distances around it, at most 252 px IED.

    Raises
    ------
    FaceError
        No face of that ``number``; a photo without any face gives an observation that saw none.
    """
    try:
        subject = open_subject(picture, number=number)
    except FaceError:
        if number is not None:
            raise
        return Observation(picture.name, picture.linear(), None, 0.0)
    return observe_subject(subject)


def observe_subject(subject: Subject) -> Observation:
    """The same of a photo whose sitter was found already."""
    picture, face = subject.picture, subject.face
    scale = min(1.0, 252.0 / face.ied)
    x, y = face.eyes.mean(0)
    reach = 4.0 * face.ied
    low = np.maximum([x - reach, y - reach], -0.5)
    high = np.minimum([x + reach, y + 1.25 * reach], [picture.width - 0.5, picture.height - 0.5])
    width, height = np.maximum(1, np.round((high - low) * scale)).astype(int)
    # Pixel centres lie at whole numbers: the corner ``low`` goes to -0.5.
    to_view = np.column_stack([np.eye(2) * scale, -0.5 - low * scale])
    pixels = resample_photo(picture, to_view, int(width), int(height))
    others = len(subject.faces) - 1
    # Above 95 a file costs texture nothing that could be measured.
    jpeg = picture.quality if (picture.quality or 100) <= _LOSSY else None
    seen = Observation(picture.name, pixels, face.moved(to_view), face.ied, None, others, jpeg)
    return replace(seen, verdict=judge_source(subject), around=subject.around)


def observe_again(before: Observation, pixels: Pixels, name: str) -> Observation:
    """Take other ``pixels`` of the same frame without looking for the face again: it is quicker.

    The networks still look at them afresh, at the face's place, when the two are compared.
    """
    return replace(before, pixels=pixels, name=name, same_face=None)


def observe_scene(scene: Scene, pixels: Pixels | None = None, name: str = "photo") -> Observation:
    """Take a scene's own pixels (its mesh holds), or look afresh at what was rendered of it.

    Afresh is in the same place: the mesh is fitted again where the face was, not searched for.
    """
    alpha, ied, asked = scene.matte.alpha, scene.quality.ied, scene.frame.asked or None
    if pixels is None:
        return Observation(
            name,
            scene.pixels,
            scene.face,
            ied,
            alpha,
            scene.others,
            photo_crop=scene.face_crop,
            crop_to_picture=scene.face_grid.matrix,
            asked=asked,
            around=scene.around,
        )
    face = fit_in_place(pixels, scene.face)
    source = 0.0 if face is None else min(ied, face.ied)
    return Observation(
        name, pixels, face, source, alpha, scene.others, asked=asked, around=scene.around
    )
