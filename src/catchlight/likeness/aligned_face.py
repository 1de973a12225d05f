"""A view: the observation's face cut out at close range, and what harmless changes do to it.

All pixel comparisons happen in the view of the picture before, at the detail that is really there:
the photo's own inter-eye distance, at most 252 pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face import landmarks
from catchlight.analysis.face.detect import Detection
from catchlight.analysis.face.identity import measure_identity
from catchlight.analysis.face.mesh import Face, fit_mesh, measure_expression
from catchlight.analysis.face_crop import IED, FaceCrop
from catchlight.analysis.marks.mark import Mark
from catchlight.analysis.quality import estimate_noise
from catchlight.arrays import Float, Mask, Pixels, Points, as_float
from catchlight.likeness.observation import Observation
from catchlight.pixels import colour, filters, geometry

T = TypeVar("T")
#: Room around the mesh's box, in inter-eye distances.
_ROOM = 0.4
#: Logarithms of linear light are taken of no less than this.
_DARKEST = 2.0**-9
#: Inter-eye distance at which the networks look: twice what either of them takes in.
_NETWORK = 126.0
#: Pixels per millimetre at which motion, lines and structure are looked for.
_COARSE = 2.0
#: What light does to a face is smooth over this.
_LIGHT_MM = 10.0


@dataclass(frozen=True, eq=False)
class Sighting:
    """What the networks see of one picture of the face.

    Attributes
    ----------
    identity : (128,) float32
    points : (478, 2) float32, the mesh in the pixels that the networks saw
    expression : mapping of 52 names to 0..1
    """

    identity: Float
    points: Points
    expression: dict[str, float]


@dataclass(frozen=True, eq=False)
class AlignedFace:
    """The face before, close up.

    Attributes
    ----------
    face crop : FaceCrop, of the face only
    to_view : (2, 3) similarity from the picture's pixels to the view's
    observation : Observation, whose face it is
    """

    face_crop: FaceCrop
    to_aligned: geometry.Transform
    observation: Observation

    @property
    def mm(self) -> float:
        """Pixels per millimetre."""
        return self.face_crop.px_per_mm

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        h, w = self.face_crop.alpha.shape
        return w, h

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What components measured of the view; see :meth:`once`."""
        return {}

    def once(self, name: str, measure: Callable[[AlignedFace], T]) -> T:
        """Measure something of the view the first time, and remember it."""
        if name not in self.memory:
            self.memory[name] = measure(self)
        found: T = self.memory[name]
        return found

    @cached_property
    def inside(self) -> Mask:
        """The face, fading over 5 mm within its outline and at the border of what is the person."""
        oval = geometry.fill_polygon(self.face_crop.face.points[landmarks.FACE_OVAL], *self.size)
        away = cv2.distanceTransform((oval > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
        return as_float(filters.smoothstep(as_float(away), 0, 5 * self.mm) * self.face_crop.alpha)

    @cached_property
    def skin(self) -> Mask:
        """Facial skin, 0..1, 2 mm and more inside the outline."""
        return as_float(self.face_crop.regions["face_skin"] * (self.inside > 0.35))

    @cached_property
    def bare(self) -> float:
        """Share of the face that shows bare skin."""
        face = self.inside > 0.35
        return float((self.skin[face] > 0.5).mean()) if face.any() else 0.0

    @cached_property
    def log(self) -> Float:
        """(h, w) natural logarithm of luminance."""
        return log_luminance(self.face_crop.pixels)

    @cached_property
    def coarse(self) -> tuple[Float, Mask, float]:
        """Log luminance, the face's inside, and pixels per millimetre, at no more than 2 px/mm."""
        factor = min(1.0, _COARSE / self.mm)
        w, h = (max(16, round(n * factor)) for n in self.size)
        log, inside = filters.resize(self.log, w, h), filters.resize(self.inside, w, h)
        return log, inside, self.mm * w / self.size[0]

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The permanent marks, in the view's pixels."""
        found = [m for m in self.observation.marks if m.fate == "permanent"]
        if not found:
            return ()
        at = geometry.apply(self.to_aligned, as_float([[m.x, m.y] for m in found]))
        return tuple(
            replace(m, x=float(x), y=float(y)) for m, (x, y) in zip(found, at, strict=True)
        )

    @cached_property
    def noise(self) -> float:
        """Standard deviation of fine noise of sqrt-coded luminance."""
        return estimate_noise(self.face_crop.pixels)

    @cached_property
    def _seen_by_networks(self) -> tuple[Pixels, Mask, Face]:
        factor = min(1.0, _NETWORK / self.face_crop.face.ied)
        w, h = (max(16, round(n * factor)) for n in self.size)
        shrink = geometry.rescaling(self.size[::-1], (h, w))
        pixels = filters.resize(self.face_crop.pixels, w, h)
        return pixels, filters.resize(self.inside, w, h), self.face_crop.face.moved(shrink)

    def hold_ground(self, after: Pixels) -> Pixels:
        """Put the ``after``'s face before the ground of the before, in the after's light.

        A new backdrop is no change of the face, and what looks at detail sees 5 mm beyond it.
        """
        before, inside, mm = self.coarse
        h, w = before.shape
        log, old = (
            np.log(np.maximum(filters.resize(p, w, h), _DARKEST))
            for p in (after, self.face_crop.pixels)
        )
        light = np.exp(filters.blur_inside(as_float(log - old), inside, _LIGHT_MM * mm))
        ground = self.face_crop.pixels * filters.resize(as_float(light), *self.size)
        return as_float(ground + self.inside[..., None] * (after - ground))

    @property
    def network_face(self) -> Face:
        """The face in the pixels that the networks see."""
        return self._seen_by_networks[2]

    def look(self, after: Pixels) -> Sighting:
        """Let the networks see the ``after`` inside the face, in the light of the before.

        They are not indifferent to light (a stop more moved a jaw of the mesh by 0.7 % of the
        inter-eye distance), and light is not what they are asked about: what changed smoothly over
        10 mm is divided out. Around the face they see the before.
        """
        pixels, inside, face = self._seen_by_networks
        small = filters.resize(after, pixels.shape[1], pixels.shape[0])
        change = np.log(np.maximum(small, _DARKEST)) - np.log(np.maximum(pixels, _DARKEST))
        light = filters.blur_inside(as_float(change), inside, _LIGHT_MM * face.px_per_mm)
        relit = small * np.exp(-light)
        return self._sight(to_codes(as_float(pixels + inside[..., None] * (relit - pixels))))

    def _sight(self, codes: NDArray[np.uint8]) -> Sighting:
        """Run the networks, always on the same cut, so that only the face's content matters."""
        face = self.network_face
        found = Detection(np.array(face.box, np.float32), face.eyes, 1.0)
        fitted = fit_mesh(codes, found)
        return Sighting(measure_identity(codes, face), fitted.points, measure_expression(fitted))

    @cached_property
    def own(self) -> Sighting:
        """The networks' sight of the picture before."""
        return self._sight(to_codes(self._seen_by_networks[0]))

    @cached_property
    def harmless(self) -> dict[str, Sighting]:
        """The networks' sight of harmless changes of the same picture."""
        pixels = self._seen_by_networks[0]
        codes = to_codes(pixels)
        _, stored = cv2.imencode(".jpg", codes, [cv2.IMWRITE_JPEG_QUALITY, 80])
        again = np.asarray(cv2.imdecode(stored, cv2.IMREAD_UNCHANGED), np.uint8)
        moved = self._sight(np.ascontiguousarray(np.roll(codes, 2, axis=1)))
        moved = Sighting(moved.identity, moved.points - as_float([2, 0]), moved.expression)
        return {
            "JPEG": self._sight(again),
            "2 px shift": moved,
            "exposure": self._sight(to_codes(pixels * np.float32(2**0.25))),
            "mirror": self._mirrored(codes),
        }

    def _mirrored(self, codes: NDArray[np.uint8]) -> Sighting:
        """Identity alone of the mirrored picture; its mesh has other points."""
        face = self.network_face
        flipped = np.ascontiguousarray(codes[:, ::-1])
        flip = np.array([[-1.0, 0, codes.shape[1] - 1], [0, 1.0, 0]])
        points = geometry.apply(flip, face.points)
        points[[33, 133, 263, 362]] = points[[263, 362, 33, 133]]
        mesh = np.column_stack([points, face.mesh[:, 2]]).astype(np.float32)
        seen = Face(mesh, face.presence, face.score, face.pose, face.ied)
        return Sighting(measure_identity(flipped, seen), self.own.points, self.own.expression)


def log_luminance(pixels: Pixels) -> Float:
    """Natural logarithm of luminance (h, w)."""
    return np.log(np.maximum(colour.luminance(pixels), _DARKEST), dtype=np.float32)


def to_codes(pixels: Pixels) -> NDArray[np.uint8]:
    """Linear P3 -> uint8 sRGB."""
    linear = colour.apply_matrix(np.ascontiguousarray(pixels), colour.P3_TO_SRGB)
    codes = colour.linear_to_srgb(np.clip(linear, 0, 1)) * 255
    return np.asarray(np.round(codes), np.uint8)


def align_face(observation: Observation, ied: float) -> AlignedFace:
    """The face at an inter-eye distance of ``ied`` pixels at most; kept for next time."""
    kept: dict[int, AlignedFace] = observation.memory.setdefault("views", {})
    face = observation.seen
    ied = min(ied, IED, face.ied)
    key = round(ied)
    if key not in kept:
        kept[key] = _draw(observation, face, ied)
    return kept[key]


def _draw(observation: Observation, face: Face, ied: float) -> AlignedFace:
    level = geometry.similarity(
        ied / face.ied, -face.pose.roll, face.eyes.mean(0), np.zeros(2, np.float32)
    )
    points = face.moved(level).points
    low, high = points.min(0) - _ROOM * ied, points.max(0) + _ROOM * ied
    to_aligned = np.column_stack([level[:, :2], level[:, 2] - np.floor(low)])
    width, height = np.ceil(high - np.floor(low)).astype(int)
    return AlignedFace(
        observation.crop_through(to_aligned, int(width), int(height)), to_aligned, observation
    )
