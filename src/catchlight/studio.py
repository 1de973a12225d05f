"""The use cases. Read ``shoot`` as the algorithm of the whole product.

>>> from catchlight import Look, develop, open_photo, save, study   # doctest: +SKIP
>>> photo = open_photo("me.jpg")                                    # doctest: +SKIP
>>> look = Look(backdrop="studio-cool")                             # doctest: +SKIP
>>> result = develop(study(photo, look), look)                      # doctest: +SKIP
>>> save(result, "me.headshot.jpg", photo=photo)                    # doctest: +SKIP
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, TypeVar

from catchlight import models
from catchlight.analysis.scene import Scene, build_scene
from catchlight.analysis.sitting import Sitting, open_sitting, plan_frame
from catchlight.arrays import Pixels
from catchlight.images import (
    Picture,
    choose_encoding,
    encode_picture,
    format_for,
    open_picture,
    write_atomically,
)
from catchlight.look import Look
from catchlight.render import Rendered, render

T = TypeVar("T")
_PAINTED = ("keep", "blur")


@dataclass
class Clock:
    """Seconds per named stage; a stage that runs twice adds up."""

    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Run ``work`` and add its time to stage ``name``."""
        start = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


@dataclass(frozen=True)
class Output:
    """How a result is written.

    Attributes
    ----------
    format : str or None
        JPEG, PNG, WebP, TIFF, AVIF; None: what the file's name says.
    quality : int, 1..100
    bits : int, 8 or 16 (PNG and TIFF)
    profile : {"srgb", "p3", "keep"}
    metadata : {"keep", "strip"}
        keep: date and camera; location and serial numbers always go.
    """

    format: str | None = None
    quality: int = 95
    bits: int = 8
    profile: Literal["srgb", "p3", "keep"] = "srgb"
    metadata: Literal["keep", "strip"] = "keep"


@dataclass(frozen=True)
class Shot:
    """One photograph made into a headshot, with everything known about how.

    Attributes
    ----------
    picture, sitting, scene, rendered, look
        Every station of the way.
    seconds : dict of stage to seconds
    warnings : tuple of str
    """

    picture: Picture
    sitting: Sitting
    scene: Scene
    rendered: Rendered
    look: Look
    seconds: dict[str, float]
    warnings: tuple[str, ...]


def open_photo(source: str | Path | bytes | BinaryIO, *, max_megapixels: float = 120.0) -> Picture:
    """Read a photograph of any common format; see :func:`catchlight.images.open_picture`."""
    return open_picture(source, max_megapixels=max_megapixels)


def choose_engine(matte: str) -> tuple[str, str | None]:
    """Resolve ``auto|fast|fine`` to an engine, with a sentence where it is not the finest.

    ``auto`` takes the fine matte where its weights lie in the cache: they are 88 MB, so fetching
    them is left to ``catchlight models pull --fine`` or an explicit ``fine``.
    """
    if matte == "fine":
        models.locate("isnet_matte")
        return "fine", None
    if matte == "auto" and models.is_present("isnet_matte"):
        return "fine", None
    if matte == "auto":
        return "fast", "fast matte used; `catchlight models pull --fine` gives finer hair"
    return "fast", None


def study(
    photo: Picture, look: Look, *, face: int | None = None, stage: Clock | None = None
) -> Scene:
    """Find the sitter, plan the frame and measure everything a render needs.

    Parameters
    ----------
    photo : Picture
    look : Look
        Its crop, backdrop (the frame stays inside the photo where the background is kept), size and
        matte count here; of the strengths only whether that of ``detail`` is above 0.
    face : int, optional
        Which face, counted from 1 from left to right.
    stage : Clock, optional

    Returns
    -------
    Scene

    Raises
    ------
    FaceError, ModelError
    """
    return _study(photo, look, face=face, stage=stage or Clock())[1]


def _study(
    photo: Picture, look: Look, *, face: int | None, stage: Clock
) -> tuple[Sitting, Scene, str | None]:
    sitting = stage("find faces", lambda: open_sitting(photo, number=face))
    stay = look.backdrop in _PAINTED
    frame = stage("frame", lambda: plan_frame(sitting, look.crop, size=look.size, stay_inside=stay))
    # A kept background needs no fine matte: nothing is cut out.
    engine, said = ("fast", None) if look.backdrop == "keep" else choose_engine(look.matte)
    restore = look.strengths["detail"] > 0
    scene = build_scene(sitting, frame, engine=engine, restore=restore, stage=stage)
    if engine != scene.matte.engine:
        said = "the fine matte network looked at something else than the sitter: fast matte used"
    return sitting, scene, said


def shoot(
    source: str | Path | bytes | BinaryIO | Picture,
    look: Look,
    *,
    face: int | None = None,
    max_megapixels: float = 120.0,
    stage: Clock | None = None,
) -> Shot:
    """Make one headshot: decode, find, frame, measure, render.

    Raises
    ------
    PictureError, FaceError, ModelError, LookError
    """
    clock = stage or Clock()
    photo = (
        source
        if isinstance(source, Picture)
        else clock("decode", lambda: open_photo(source, max_megapixels=max_megapixels))
    )
    sitting, scene, said = _study(photo, look, face=face, stage=clock)
    rendered = clock("render", lambda: develop(scene, look, max_megapixels=max_megapixels))
    warnings = [*photo.notes, *scene.frame.notes, *_warn(scene), *_warn_of_marks(scene, look)]
    warnings += _warn_of_light(scene, look)
    if said:
        warnings.append(said)
    return Shot(photo, sitting, scene, rendered, look, clock.seconds, tuple(warnings))


def develop(scene: Scene, look: Look, *, max_megapixels: float = 120.0) -> Rendered:
    """Render a Look of a Scene; a look that names a backdrop picture has it read here.

    The same scene may be developed with many looks: only the first costs the measuring. A look
    with another crop, size or kind of background (kept or replaced) wants a scene of its own, and
    so does the first that asks for ``detail``.

    Raises
    ------
    PictureError
        The backdrop picture cannot be read.
    """
    return render(scene, look, picture=_open_backdrop(look, max_megapixels))


def _open_backdrop(look: Look, max_megapixels: float) -> Pixels | None:
    """Read the backdrop where the look names a picture."""
    from catchlight.backdrop import STUDIO

    name = look.backdrop
    if name in STUDIO or name in _PAINTED or name.startswith("#"):
        return None
    return open_photo(Path(name), max_megapixels=max_megapixels).linear()


def _warn(scene: Scene) -> list[str]:
    """Say what a person should know about this source."""
    found = []
    quality = scene.quality
    if quality.ied < 60:
        found.append(
            f"the face is small ({quality.ied:.0f} px between the eyes): fine skin detail is not "
            "in this photo"
        )
    # Sharp photos with so large a face measured 0.55-0.77 mm; a smaller face is flagged already.
    if quality.ied >= 100 and quality.sharpness > 0.85:
        found.append(f"the photo is soft (edges about {quality.sharpness:.1f} mm wide)")
    if abs(scene.face.pose.yaw) > 35:
        found.append(f"the head is turned by {abs(scene.face.pose.yaw):.0f} degrees")
    if scene.exposure.clipped > 0.05:
        found.append(f"{scene.exposure.clipped:.0%} of the facial skin is burnt out")
    if scene.others:
        found.append(f"{scene.others} other face(s) in the photo; --face N chooses")
    return found


def _warn_of_light(scene: Scene, look: Look) -> list[str]:
    """Say why the light that the look asks for was left out."""
    if look.light == "none" or look.strengths["key_light"] == 0:
        return []
    from catchlight.adjustments.key_light import judge

    _, said = judge(scene.asked(look.light))
    return [said] if said else []


def _warn_of_marks(scene: Scene, look: Look) -> list[str]:
    """Say which of the marks that the look names are not there."""
    asked = {*look.keep, *look.heal}
    if not asked:
        return []
    unknown = sorted(asked - {mark.id for mark in scene.chart.marks})
    return [f"no mark of the skin is called {name}" for name in unknown]


def encode(result: Rendered | Pixels, photo: Picture, output: Output, format: str) -> bytes:
    """Encode a result as a file in memory."""
    pixels = result.pixels if isinstance(result, Rendered) else result
    encoding, _ = choose_encoding(output.profile, photo.encoding)
    return encode_picture(
        pixels,
        format=format,
        profile=encoding,
        quality=output.quality,
        bits=output.bits,
        metadata=photo.metadata if output.metadata == "keep" else None,
    )


def save(
    result: Rendered | Pixels,
    path: str | Path,
    *,
    photo: Picture,
    output: Output | None = None,
    force: bool = False,
    inputs: tuple[Path, ...] = (),
) -> Path:
    """Write a result atomically; the inputs are never overwritten, an existing file only by force.

    Raises
    ------
    PictureError
        A format that cannot be written; OutputExists where something is in the way.
    """
    output = output or Output()
    target = Path(path)
    data = encode(result, photo, output, output.format or format_for(target))
    write_atomically(data, target, force=force, inputs=inputs)
    return target


__all__ = [
    "Clock",
    "Output",
    "Shot",
    "choose_engine",
    "develop",
    "encode",
    "open_photo",
    "save",
    "shoot",
    "study",
]
