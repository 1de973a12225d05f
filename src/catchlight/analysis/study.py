"""A study: a subject measured in a frame, stage by stage, once. No render comes back here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

import cv2

from catchlight.analysis.camera import estimate_camera
from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.cutout.matte import Matte, lay_matte
from catchlight.analysis.face_crop import FaceCrop, plan_face_crop
from catchlight.analysis.frame import Frame
from catchlight.analysis.light.key import KeyLight, estimate_key
from catchlight.analysis.light.tone import (
    Exposure,
    Illuminant,
    SkinTone,
    estimate_illuminant,
    measure_exposure,
    measure_tone,
)
from catchlight.analysis.parts.regions import measure_regions
from catchlight.analysis.quality import Quality, estimate_noise, estimate_sharpness
from catchlight.analysis.restoration.restore import Restored, restore_detail
from catchlight.analysis.scene import MEASURING, Scene
from catchlight.analysis.subject import Subject
from catchlight.arrays import Mask, Pixels, as_float
from catchlight.images.resample import resample_photo
from catchlight.pixels import filters, geometry
from catchlight.pixels.beside import beside

T = TypeVar("T")


class Stage(Protocol):
    """Times a named stage: runs the function and returns its result."""

    def __call__(self, name: str, work: Callable[[], T], /) -> T:
        """Run ``work``."""
        ...


def frame_pixels(subject: Subject, frame: Frame) -> tuple[Pixels, Mask | None]:
    """The photo in its frame, and what it covers there (None: all)."""
    picture = subject.picture
    pixels = resample_photo(picture, frame.transform, frame.width, frame.height)
    if frame.inside:
        return pixels, None
    shape = (picture.height, picture.width)
    return pixels, geometry.coverage(shape, frame.transform, frame.width, frame.height)


def draw_face_crop(subject: Subject, frame: Frame, matte: Matte) -> FaceCrop:
    """The subject's face at close range, its alpha carried over from the frame's matte."""
    to_crop, width, height = plan_face_crop(subject.face)
    to_photo = geometry.invert(to_crop)
    alpha = cv2.warpAffine(
        matte.alpha,
        geometry.chain(to_photo, frame.transform),
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return FaceCrop(subject.close_up, as_float(alpha), subject.face.moved(to_crop), to_photo)


def restore_in(subject: Subject, frame: Frame, pixels: Pixels) -> Restored | None:
    """The detail of a poor source, restored in a frame where the photo gives ``pixels``.

    None where the source is clean, sharp and large enough.
    """
    return _restore(subject, frame, lambda: pixels)


def _restore(subject: Subject, frame: Frame, pixels: Callable[[], Pixels]) -> Restored | None:
    return restore_detail(subject.picture, subject.face, subject.faults, frame, pixels)


def shrink_scene(scene: Scene, frame: Frame) -> Scene:
    """Show a Scene in a smaller frame of the same place; what was measured stays, shared."""
    w, h = frame.width, frame.height
    restored = scene.restored
    if restored is not None:
        restored = replace(restored, pixels=filters.resize(restored.pixels, w, h))
    pixels = filters.resize(scene.pixels, w, h)
    return replace(
        scene,
        pixels=pixels,
        covered=None if scene.covered is None else filters.resize(scene.covered, w, h),
        frame=frame,
        face=scene.face.moved(geometry.rescaling(scene.pixels.shape, (h, w))),
        matte=scene.matte.shrunk(pixels),
        restored=restored,
        lit=scene.lighting,
    )


def build_scene(
    subject: Subject,
    frame: Frame,
    *,
    engine: str,
    cutout: Cutout | None = None,
    restore: bool = False,
    stage: Stage | None = None,
) -> Scene:
    """Measure everything about a subject in a frame.

    Parameters
    ----------
    subject : Subject
    frame : Frame
    engine : {"fast", "fine"}, the cut-out's
    cutout : Cutout, optional
        One that is made already (a person's strokes are in it); ``engine`` then counts no more.
    restore : bool
        Whether to restore the detail of a poor source; it may run a network for seconds.
    stage : callable, optional
        Called as ``stage(name, function)`` around each step, to time it.

    Returns
    -------
    Scene
        One of a frame under 640 pixels is measured at 640 and shown smaller: then its statistics
        are those of any other size.
    """
    if max(frame.width, frame.height) < MEASURING:
        large = frame.resized(MEASURING)
        whole = build_scene(
            subject, large, engine=engine, cutout=cutout, restore=restore, stage=stage
        )
        return shrink_scene(whole, frame)

    def run(name: str, work: Callable[[], T]) -> T:
        return work() if stage is None else stage(name, work)

    face = subject.face.moved(frame.transform)
    framed = beside(lambda: frame_pixels(subject, frame))
    # Restoring needs nothing of what follows, and takes as long as all of it.
    restoring = beside(lambda: _restore(subject, frame, lambda: framed()[0])) if restore else None
    pixels, covered = run("resample", framed)
    h, w = pixels.shape[:2]
    factor = min(1.0, MEASURING / max(h, w))
    sw, sh = max(1, round(w * factor)), max(1, round(h * factor))
    small = filters.resize(pixels, sw, sh)
    to_small = geometry.rescaling(pixels.shape, small.shape)
    small_face = face.moved(to_small)

    sitter = run("cut-out", lambda: subject.cutout_by(engine) if cutout is None else cutout)
    matte = run("matte", lambda: lay_matte(pixels, sitter, frame.transform, covered=covered))
    alpha = filters.resize(matte.alpha, sw, sh)
    parts = run("regions", lambda: measure_regions(small, alpha, small_face))
    face_crop = run("face crop", lambda: draw_face_crop(subject, frame, matte))
    beside(lambda: face_crop.marks)  # takes longest of what is asked of the crop later
    camera = run("camera", lambda: estimate_camera(subject.picture, subject.face, frame))

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
    restored = None if restoring is None else run("detail", restoring)
    return Scene(
        subject=subject,
        frame=frame,
        pixels=pixels,
        covered=covered,
        small=small,
        face=face,
        cutout=sitter,
        matte=matte,
        face_crop=face_crop,
        regions=parts,
        tone=skin,
        exposure=exposure,
        illuminant=illuminant,
        key=key,
        quality=grade,
        camera=camera,
        restored=restored,
        around=subject.around,
    )
