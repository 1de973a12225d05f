"""An observation: one picture of a face, and what can be seen in it. Measured lazily, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.identity import measure_identity
from catchlight.analysis.face.mesh import Face, measure_expression
from catchlight.analysis.face_crop import FaceCrop, plan_face_crop
from catchlight.analysis.marks.mark import Mark
from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import Subject, open_subject
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.images.encoding import standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.images.resample import resample_photo
from catchlight.pixels import colour, geometry, restore


@dataclass(frozen=True, eq=False)
class Observation:
    """One picture of a face.

    Attributes
    ----------
    name : str, for people
    pixels : (H, W, 3) float32 linear P3
    face : Face in their pixels, found in this very picture; None where none was found
    source_ied : float
        Inter-eye distance in pixels of the photo that the picture came from: the detail that is
        really there, however much it was enlarged.
    alpha : (H, W) or None, the person, where known
    others : int, how many other faces the picture shows
    jpeg : int or None, quality of the JPEG that the pixels were read from
    """

    name: str
    pixels: Pixels
    face: Face | None
    source_ied: float
    alpha: Mask | None = None
    others: int = 0
    jpeg: int | None = None

    @cached_property
    def codes(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 sRGB, as a network sees the picture."""
        linear = colour.apply_matrix(self.pixels, colour.P3_TO_SRGB)
        coded = colour.linear_to_srgb(np.clip(linear, 0, 1)) * 255
        return np.asarray(np.round(coded), np.uint8)

    @cached_property
    def identity(self) -> Float:
        """(128,) identity vector; compare by Euclidean distance."""
        return measure_identity(self.codes, self.seen)

    @cached_property
    def expression(self) -> dict[str, float]:
        """52 expression coefficients, 0..1."""
        return measure_expression(self.seen)

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What others measured of this observation, so that the next comparison finds it."""
        return {}

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the skin, in the picture's pixels; of a scene those found in its photo."""
        return _place_marks(self.face_crop, self.face_crop.to_picture)

    @cached_property
    def face_crop(self) -> FaceCrop:
        """The face at close range by its own mesh, level, at most 4 px/mm."""
        return self.crop_through(*plan_face_crop(self.seen))

    @property
    def seen(self) -> Face:
        """The face.

        Raises
        ------
        FaceError
            None was found.
        """
        if self.face is None:
            raise FaceError(f"{self.name}: no face found. Use a picture in which both eyes show.")
        return self.face

    def before_ground(self, pixels: Pixels) -> Observation:
        """Return the same face before another background: what was seen of it stays seen."""
        other = replace(self, pixels=pixels)
        names = ("face_crop", "identity", "expression")
        other.__dict__.update({k: self.__dict__[k] for k in names if k in self.__dict__})
        return other

    def crop_through(self, to_crop: geometry.Transform, width: int, height: int) -> FaceCrop:
        """Draw the face crop through a transform (pixels of this picture -> face crop)."""
        pixels = geometry.resample(self.pixels, to_crop, width, height)
        if self.alpha is None:
            alpha = np.ones((height, width), np.float32)
        else:
            alpha = geometry.resample(self.alpha, to_crop, width, height)
        back = geometry.invert(to_crop)
        return FaceCrop(np.maximum(pixels, 0), np.clip(alpha, 0, 1), self.seen.moved(to_crop), back)


def _place_marks(face_crop: FaceCrop, to_picture: geometry.Transform) -> tuple[Mark, ...]:
    """The marks of a face crop in the pixels of the picture that it was drawn from."""
    if not face_crop.marks:
        return ()
    at = geometry.apply(to_picture, as_float([[m.x, m.y] for m in face_crop.marks]))
    return tuple(
        replace(m, x=float(x), y=float(y)) for m, (x, y) in zip(face_crop.marks, at, strict=True)
    )


def observe_pixels(
    pixels: Pixels, name: str, *, source_ied: float | None = None, alpha: Mask | None = None
) -> Observation:
    """Look at linear ``pixels`` afresh: find the face in them, trusting no earlier mesh."""
    linear = colour.apply_matrix(pixels, colour.P3_TO_SRGB)
    codes = np.rint(np.clip(colour.linear_to_srgb(np.clip(linear, 0, 1)), 0, 1) * 255)
    encoding = standard_encoding("sRGB", 256)
    picture = Picture(codes.astype(np.uint8), encoding, None, "PNG", Metadata(), name)
    try:
        subject = open_subject(picture)
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
    return _around(subject)


def _around(subject: Subject) -> Observation:
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
    jpeg = estimate_quality(picture)
    return Observation(picture.name, pixels, face.moved(to_view), face.ied, None, others, jpeg)


def estimate_quality(picture: Picture) -> int | None:
    """The quality at which a picture was stored as a JPEG; None where it was not, or is above 95.

    Read off the middle of the file, from a corner of its 8x8 grid, of at most 640 pixels a side.
    """
    if picture.format != "JPEG":
        return None
    h, w = picture.codes.shape[:2]
    top, left = (max(0, (n - 640) // 2) // 8 * 8 for n in (h, w))
    codes = as_float(picture.codes[top : top + 640, left : left + 640]) / np.float32(255)
    return restore.estimate_jpeg(np.ascontiguousarray(restore.to_ycc(codes)[..., 0]))


def observe_again(before: Observation, pixels: Pixels, name: str) -> Observation:
    """Take other ``pixels`` of the same frame without looking for the face again: it is quicker.

    The networks still look at them afresh, at the face's place, when the two are compared.
    """
    return replace(before, pixels=pixels, name=name)


def observe_scene(scene: Scene, pixels: Pixels | None = None, name: str = "photo") -> Observation:
    """Take a scene's own pixels (its mesh holds), or look afresh at what was rendered of it."""
    if pixels is None:
        own = Observation(
            name, scene.pixels, scene.face, scene.quality.ied, scene.matte.alpha, scene.others
        )
        # The photo may show more of the skin than its frame does.
        own.__dict__["marks"] = _place_marks(scene.face_crop, scene.face_grid.matrix)
        return own
    return observe_pixels(pixels, name, source_ied=scene.quality.ied, alpha=scene.matte.alpha)
