"""The Scene: everything measured once about a framed photo. Frozen; a render runs no model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, TypeVar

import cv2
import numpy as np

from catchlight.analysis.camera import Camera, estimate_camera, give_distance
from catchlight.analysis.face.identity import measure_identity
from catchlight.analysis.face.mesh import Face, measure_expression
from catchlight.analysis.face.normals import Form, measure_form
from catchlight.analysis.face_crop import FaceCrop, face_crop_to_frame, plan_face_crop
from catchlight.analysis.frame import Frame
from catchlight.analysis.light.catchlights import find_catchlight
from catchlight.analysis.light.key import (
    GRID,
    KeyLight,
    Light,
    estimate_key,
    estimate_light,
    measure_reach,
)
from catchlight.analysis.light.tone import (
    Exposure,
    Illuminant,
    SkinTone,
    estimate_illuminant,
    measure_exposure,
    measure_tone,
)
from catchlight.analysis.marks.find import Verdicts
from catchlight.analysis.parts.matte import Matte, estimate_matte, run_isnet
from catchlight.analysis.parts.regions import Regions, measure_regions
from catchlight.analysis.parts.segment import segment_person
from catchlight.analysis.quality import Quality, estimate_noise, estimate_sharpness
from catchlight.analysis.restoration.restore import Restored, restore_detail
from catchlight.analysis.subject import Subject
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.images import Picture
from catchlight.pixels import colour, filters, geometry

#: Longer side of the measuring picture: statistics are taken there, whatever the render's size,
#: so that a preview and the full render agree.
MEASURING = 640
T = TypeVar("T")


class Stage(Protocol):
    """Times a named stage: runs the function and returns its result."""

    def __call__(self, name: str, work: Callable[[], T], /) -> T:
        """Run ``work``."""
        ...


@dataclass(frozen=True)
class Scene:
    """A framed portrait and everything known about it.

    Attributes
    ----------
    pixels : (H, W, 3) linear P3, the photo in its frame
    covered : (H, W) or None
        1 where the photo reaches; None where it reaches everywhere.
    small : (h, w, 3), the measuring picture, at most 640 pixels on the longer side
    frame : Frame
    face : Face in frame pixels
    others : int, how many other faces the photo shows
    matte : Matte at frame size
    face crop : FaceCrop, the face at close range
    regions : Regions over the measuring picture
    tone, exposure, illuminant, key, quality
        Measurements; see their classes.
    camera : Camera, from how far the photo was taken
    expression : mapping of 52 names to 0..1
    identity : (128,) float32
    restored : Restored or None
        The frame with its detail restored; None where nobody asked or there was nothing to do.
    asked_light : str
        The pattern of light that somebody wants; ``none`` leaves the light as it is.
    """

    pixels: Pixels
    covered: Mask | None
    small: Pixels
    frame: Frame
    face: Face
    others: int
    matte: Matte
    face_crop: FaceCrop
    regions: Regions
    tone: SkinTone
    exposure: Exposure
    illuminant: Illuminant
    key: KeyLight
    quality: Quality
    camera: Camera
    expression: dict[str, float]
    identity: Float
    restored: Restored | None = None
    asked_light: str = "none"

    @cached_property
    def luminance(self) -> Float:
        """(H, W) relative luminance of the pixels."""
        return colour.luminance(self.pixels)

    @property
    def small_face(self) -> Face:
        """The face in pixels of the measuring picture."""
        return self.face.moved(geometry.rescaling(self.pixels.shape, self.small.shape))

    @cached_property
    def form(self) -> Form:
        """Normals and depth of the sitter, on a grid of 0.45 pixels a millimetre or coarser."""
        h, w = self.small.shape[:2]
        factor = min(1.0, GRID / self.small_face.px_per_mm)
        grid = max(8, round(h * factor)), max(8, round(w * factor))
        return measure_form(self.small_face.moved(geometry.rescaling((h, w), grid)), grid)

    @cached_property
    def light(self) -> Light:
        """The light on the face: direction, ratio, colour, cast shadows."""
        tint = self.illuminant.u, self.illuminant.v
        return estimate_light(self.small, self.small_face, self.regions, self.form, tint)

    @cached_property
    def known(self) -> Mask:
        """(h, w) where the mesh gives the form, over the measuring picture."""
        return filters.resize(self.form.known, self.small.shape[1], self.small.shape[0])

    @cached_property
    def reach(self) -> Mask:
        """(h, w) how far a change of light may go: all of it on face and neck, less elsewhere."""
        return measure_reach(self.regions, self.known, self.small_face)

    @cached_property
    def catchlight(self) -> Float | None:
        """(3,) direction of the light that the eyes mirror; None where none is seen."""
        return find_catchlight(self.face_crop)

    def asked(self, light: str) -> Scene:
        """Return the same scene with a pattern of ``light`` asked for; what is measured stays."""
        if light == self.asked_light:
            return self
        return self._hand_on(replace(self, asked_light=light))

    def judged(self, verdicts: Verdicts) -> Scene:
        """Return the same scene under other ``verdicts`` about the marks of the skin."""
        face_crop = self.face_crop.judged(verdicts)
        return (
            self
            if face_crop is self.face_crop
            else self._hand_on(replace(self, face_crop=face_crop))
        )

    def taken_from(self, lens: str | float) -> Scene:
        """Return the same scene with the camera as a look has it: auto, off or metres."""
        if lens == "auto":
            return self
        return self._hand_on(replace(self, camera=give_distance(self.camera, lens)))

    def _hand_on(self, other: Scene) -> Scene:
        """Hand on what was measured lazily: no choice of a person changes it."""
        names = ("form", "light", "known", "reach", "catchlight", "luminance")
        other.__dict__.update({k: self.__dict__[k] for k in names if k in self.__dict__})
        return other

    def region(self, name: str) -> Mask:
        """Mask (H, W) of the region ``name`` at frame size."""
        if name == "person":
            return self.matte.alpha
        if name == "background":
            return 1 - self.matte.alpha
        return filters.resize(self.regions[name], self.pixels.shape[1], self.pixels.shape[0])


def resample_photo(
    picture: Picture, transform: geometry.Transform, width: int, height: int
) -> Pixels:
    """Resample a photo once through ``transform`` (photo -> result), in linear light, to P3."""
    back = geometry.invert(transform)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    reach = geometry.apply(back, corners)
    margin = 8 * max(1.0, 1 / geometry.scale_of(transform))
    limit = np.array([picture.width, picture.height])
    x0, y0 = np.floor(reach.min(0) - margin).astype(int).clip(0, limit - 1)
    x1, y1 = np.ceil(reach.max(0) + margin).astype(int).clip([x0 + 1, y0 + 1], limit)
    shift = transform[:, :2] @ np.array([x0, y0], np.float64)
    inner = np.column_stack([transform[:, :2], transform[:, 2] + shift])
    native = picture.linear_native((int(x0), int(y0), int(x1), int(y1)))
    out = geometry.resample(native, inner, width, height)
    return np.maximum(colour.apply_matrix(out, picture.encoding.matrix), 0)


def frame_pixels(subject: Subject, frame: Frame) -> tuple[Pixels, Mask | None]:
    """The photo in its frame, and what it covers there (None: all)."""
    picture = subject.picture
    pixels = resample_photo(picture, frame.transform, frame.width, frame.height)
    if frame.inside:
        return pixels, None
    shape = (picture.height, picture.width)
    return pixels, geometry.coverage(shape, frame.transform, frame.width, frame.height)


def draw_face_crop(subject: Subject, frame: Frame, matte: Matte) -> FaceCrop:
    """The face crop of the sitter's face, its alpha carried over from the frame's matte."""
    to_crop, width, height = plan_face_crop(subject.face)
    to_frame = face_crop_to_frame(to_crop, frame)
    alpha = cv2.warpAffine(
        matte.alpha,
        to_frame,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    pixels = resample_photo(subject.picture, to_crop, width, height)
    return FaceCrop(pixels, as_float(alpha), subject.face.moved(to_crop), to_frame)


def shrink_scene(scene: Scene, frame: Frame) -> Scene:
    """Show a Scene in a smaller frame of the same place; what was measured stays."""
    w, h = frame.width, frame.height
    to_frame = geometry.rescaling(scene.pixels.shape, (h, w))
    face_crop = scene.face_crop
    restored = scene.restored
    if restored is not None:
        restored = replace(restored, pixels=filters.resize(restored.pixels, w, h))
    matte = replace(
        scene.matte,
        alpha=filters.resize(scene.matte.alpha, w, h),
        foreground=filters.resize(scene.matte.foreground, w, h),
    )
    return replace(
        scene,
        pixels=filters.resize(scene.pixels, w, h),
        covered=None if scene.covered is None else filters.resize(scene.covered, w, h),
        frame=frame,
        face=scene.face.moved(to_frame),
        matte=matte,
        face_crop=replace(face_crop, to_frame=geometry.chain(face_crop.to_frame, to_frame)),
        restored=restored,
    )


def build_scene(
    subject: Subject,
    frame: Frame,
    *,
    engine: str,
    restore: bool = False,
    stage: Stage | None = None,
) -> Scene:
    """Measure everything about a subject in a frame.

    Parameters
    ----------
    subject : Subject
    frame : Frame
    engine : {"fast", "fine"}, the matte's
    restore : bool
        Whether to restore the detail of a poor source; it may run a network for seconds.
    stage : callable, optional
        Called as ``stage(name, function)`` around each step, to time it.

    Returns
    -------
    Scene
    """
    if max(frame.width, frame.height) < MEASURING:
        # A preview is measured at the same size as all: then its statistics are the same.
        large = frame.resized(MEASURING)
        whole = build_scene(subject, large, engine=engine, restore=restore, stage=stage)
        return shrink_scene(whole, frame)

    def run(name: str, work: Callable[[], T]) -> T:
        return work() if stage is None else stage(name, work)

    view, face = subject.view, subject.face.moved(frame.transform)
    view_face = subject.face.moved(view.transform)
    pixels, covered = run("resample", lambda: frame_pixels(subject, frame))
    h, w = pixels.shape[:2]
    factor = min(1.0, MEASURING / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    small = filters.resize(pixels, sw, sh)
    to_small = geometry.rescaling(pixels.shape, small.shape)
    small_face = face.moved(to_small)

    def look() -> Mask:
        back = geometry.invert(view.transform)
        chain = geometry.chain(geometry.chain(back, frame.transform), to_small)
        person = segment_person(view.pixels, view_face, chain, sw, sh)
        return person if covered is None else person * filters.resize(covered, sw, sh)

    person = run("segment", look)
    fine = run("fine matte", lambda: run_isnet(pixels)) if engine == "fine" else None
    matte = run("matte", lambda: estimate_matte(pixels, person, face, fine=fine, covered=covered))
    alpha = filters.resize(matte.alpha, sw, sh)
    parts = run("regions", lambda: measure_regions(small, alpha, small_face))
    face_crop = run("face_crop", lambda: draw_face_crop(subject, frame, matte))
    identity = run("identity", lambda: measure_identity(view.pixels, view_face))
    camera = run("camera", lambda: estimate_camera(subject, frame))
    expression = run("expression", lambda: measure_expression(view_face))

    def measure() -> tuple[SkinTone, Exposure, Illuminant, KeyLight, Quality]:
        grade = Quality(
            ied=subject.face.ied,
            sharpness=estimate_sharpness(face_crop.pixels, face_crop.face),
            noise=estimate_noise(pixels),
        )
        skin = measure_tone(small, small_face, parts)
        exposure = measure_exposure(small, small_face, parts, source_ied=subject.face.ied)
        return (
            skin,
            exposure,
            estimate_illuminant(small, parts, skin, eyes_seen=exposure.sclera is not None),
            estimate_key(small, small_face, parts),
            grade,
        )

    skin, exposure, illuminant, key, grade = run("measure", measure)
    restored = run("detail", lambda: restore_detail(subject, frame, pixels)) if restore else None
    return Scene(
        pixels=pixels,
        covered=covered,
        small=small,
        frame=frame,
        face=face,
        others=len(subject.faces) - 1,
        matte=matte,
        face_crop=face_crop,
        regions=parts,
        tone=skin,
        exposure=exposure,
        illuminant=illuminant,
        key=key,
        quality=grade,
        camera=camera,
        expression=expression,
        identity=identity,
        restored=restored,
    )
