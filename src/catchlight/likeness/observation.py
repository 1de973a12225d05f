"""An observation: one picture of a face, and what can be seen in it. Measured lazily, once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.soundness import Soundness
from catchlight.analysis.face.identity import ask_witness, measure_identity
from catchlight.analysis.face.mesh import Face, measure_expression
from catchlight.analysis.face_crop import IED, FaceCrop, plan_face_crop
from catchlight.analysis.marks.mark import Mark
from catchlight.analysis.scene import Scene
from catchlight.analysis.subject import Subject, open_subject
from catchlight.analysis.verdict.judge import judge_source
from catchlight.analysis.verdict.verdict import Verdict
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.images.encoding import standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.images.resample import resample_photo
from catchlight.likeness.aligned_face import AlignedFace, place_marks
from catchlight.likeness.cuts import plan_aligned, plan_close_up
from catchlight.likeness.sighting import fit_in_place
from catchlight.measured import measured
from catchlight.pixels import colour, geometry

#: Quality of a JPEG up to which it is reckoned with.
_LOSSY = 95


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
    asked : float or None, head size that its frame was asked for, chin to crown over the height
    jpeg : int or None, quality of the JPEG that the pixels were read from
    photo_crop : FaceCrop or None
        The face crop of a scene, whose marks are the picture's: the photo may show more of the skin
        than its frame does. None: the marks are looked for in the picture.
    crop_to_picture : (2, 3) or None, similarity from pixels of ``photo_crop`` to the picture's
    same_face : Observation or None
        Another one in which this very face was seen, before another background.
    soundness : Soundness or None
        Of the cut-out; None where the background is the photo's own.
    softened : bool, whether the background is the photo's own, out of focus
    verdict : Verdict or None
        Whether the photo that it came from will do, where that was judged.
    """

    name: str
    pixels: Pixels
    face: Face | None
    source_ied: float
    alpha: Mask | None = None
    others: int = 0
    jpeg: int | None = None
    photo_crop: FaceCrop | None = None
    crop_to_picture: geometry.Transform | None = None
    same_face: Observation | None = None
    soundness: Soundness | None = None
    softened: bool = False
    asked: float | None = None
    verdict: Verdict | None = None

    @measured
    def identity(self) -> Float:
        """(128,) SFace's vector; compare by :func:`identity.measure_distance`."""
        if self.same_face is not None:
            return self.same_face.identity
        return measure_identity(*self._show())

    @measured
    def testimony(self) -> Float:
        """(128,) dlib's vector, the second opinion; asked only across photographs."""
        if self.same_face is not None:
            return self.same_face.testimony
        return ask_witness(*self._show())

    def _show(self) -> tuple[NDArray[np.uint8], Face]:
        """What the networks of identity are shown: sRGB codes around the face."""
        part = geometry.box_around(self.seen.points, self.seen.ied, self.pixels.shape)
        here = self.seen.moved(geometry.translation(-part[1].start, -part[0].start))
        return colour.p3_to_srgb_codes(self.pixels[part]), here

    @measured
    def expression(self) -> dict[str, float]:
        """52 expression coefficients, 0..1."""
        return measure_expression(self.seen)

    @measured
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the skin, in the picture's pixels; of a scene those found in its photo."""
        if self.photo_crop is not None and self.crop_to_picture is not None:
            return place_marks(self.photo_crop.marks, self.crop_to_picture)
        crop = self.crop_through(*plan_face_crop(self.seen))
        return place_marks(crop.marks, crop.to_picture)

    @measured
    def close_up(self) -> FaceCrop:
        """The middle of the face, level, at most 4 px/mm: what polish looks closely at."""
        if self.same_face is not None:
            return self.same_face.close_up
        return self.crop_through(*plan_close_up(self.seen))

    @measured
    def aligned(self) -> AlignedFace:
        """The face at the detail that is really there; see :meth:`align`."""
        return self._draw(self.detail)

    @property
    def detail(self) -> float:
        """Pixels between the eyes that show real detail, at most 252."""
        return min(self.source_ied, IED, self.seen.ied)

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

    def align(self, ied: float) -> AlignedFace:
        """Align the face at ``ied`` pixels between the eyes, or the detail there is if it is less.

        At that detail it is drawn once; a coarser one is drawn for whoever asks.
        """
        return self.aligned if ied >= self.detail else self._draw(ied)

    def _draw(self, ied: float) -> AlignedFace:
        to_aligned, width, height = plan_aligned(self.seen, ied)
        crop = self.crop_through(to_aligned, width, height)
        return AlignedFace(crop, to_aligned, self, self.photo_crop, self.crop_to_picture)

    def before_ground(self, pixels: Pixels) -> Observation:
        """Return the same face before another background: what was seen of it stays seen."""
        return replace(self, pixels=pixels, same_face=self.same_face or self)

    def crop_through(self, to_crop: geometry.Transform, width: int, height: int) -> FaceCrop:
        """Draw the face crop through a transform (pixels of this picture -> face crop)."""
        # Only what the crop shows, and a margin for the filters: a whole frame is a long way round.
        back = geometry.invert(to_crop)
        corners = as_float([[0, 0], [width, 0], [0, height], [width, height]])
        margin = 10 * max(1.0, 1 / geometry.scale_of(to_crop))
        rows, columns = geometry.box_around(
            geometry.apply(back, corners), margin, self.pixels.shape
        )
        # Whole steps of the halving, so that it pairs the pixels that it would in the frame.
        rows, columns = (slice(s.start // 16 * 16, s.stop) for s in (rows, columns))
        here = geometry.chain(geometry.translation(columns.start, rows.start), to_crop)
        pixels = geometry.resample(self.pixels[rows, columns], here, width, height)
        if self.alpha is None:
            alpha = np.ones((height, width), np.float32)
        else:
            soft, edge = self.alpha[rows, columns], cv2.BORDER_REPLICATE
            alpha = as_float(cv2.warpAffine(soft, here, (width, height), borderMode=edge))
        return FaceCrop(np.maximum(pixels, 0), alpha, self.seen.moved(to_crop), back)


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
    return replace(seen, verdict=judge_source(subject))


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
        )
    face = fit_in_place(pixels, scene.face)
    source = 0.0 if face is None else min(ied, face.ied)
    return Observation(name, pixels, face, source, alpha, scene.others, asked=asked)
