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
from catchlight.analysis.light.around import Around
from catchlight.analysis.marks.mark import Mark
from catchlight.analysis.verdict.verdict import Verdict
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.errors import FaceError
from catchlight.likeness.aligned_face import AlignedFace, place_marks
from catchlight.likeness.cuts import plan_aligned, plan_close_up
from catchlight.measured import measured
from catchlight.pixels import colour, geometry


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
    around : Around or None
        What the photo shows around the head, in the picture or not, where it is known: its
        exposure is judged by that, too.
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
    around: Around | None = None

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
