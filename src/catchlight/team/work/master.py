"""The master: one headshot of a person, large, with the team's look; every size is cut from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from catchlight.team.platforms import ASPECT
from catchlight.team.work.presence import Presence, measure_presence

if TYPE_CHECKING:
    from catchlight.results import Shot

#: Longer side of the thumbnail of the photo.
_THUMB = 400


def make_master(
    photo: bytes, name: str, asked: Mapping[str, Any], face: int | None, max_megapixels: float
) -> dict[str, Any]:
    """Make a person's master.

    Parameters
    ----------
    photo : bytes
    name : str, the photo's
    asked : mapping, as :func:`catchlight.studio.dial.asked_to_data` writes it
    face : int or None
    max_megapixels : float

    Returns
    -------
    dict of plain values: ``master`` (PNG), ``record`` (as ``--json`` prints it), ``origin``,
    ``place`` (where head and eyes lie in the master), ``before`` and ``after``
    (:class:`Presence`), ``thumb`` (JPEG of the photo, cut in the middle as a web page does it)
    """
    from catchlight.provenance.read import hear_manifest
    from catchlight.report.record import record_shot
    from catchlight.studio.dial import data_to_asked
    from catchlight.studio.headshot import shoot
    from catchlight.studio.output import Output, encode

    shot = shoot(photo, data_to_asked(asked), face=face, max_megapixels=max_megapixels)
    record = record_shot(shot, name=name, output=None)
    place = _find_place(shot)
    return {
        "master": encode(shot.rendered, shot.picture, Output(), "PNG"),
        "record": record,
        "origin": hear_manifest(shot.picture.metadata.origin, photo),
        "place": place,
        "before": _measure_before(shot),
        "after": _measure_after(shot, place),
        "thumb": _draw_thumb(shot),
        "sure": None if shot.soundness is None else shot.soundness.score,
        "why_not": "" if shot.soundness is None else shot.soundness.reason,
    }


def _find_place(shot: Shot) -> dict[str, float]:
    """Where the head lies in the master, in shares of its height, of its width for the middle."""
    scene = shot.scene
    height, width = shot.rendered.pixels.shape[:2]
    frame = scene.frame
    return {
        "width": float(width),
        "height": float(height),
        "head": frame.head,
        "eyes": float(scene.face.eyes[:, 1].mean() / height),
        "middle": 0.5 + frame.off_centre,
    }


def _measure_after(shot: Shot, place: Mapping[str, float]) -> Presence:
    from catchlight.pixels import filters

    scene = shot.scene
    height, width = scene.small.shape[:2]
    small = filters.resize(shot.rendered.pixels, width, height)
    return measure_presence(
        small, scene.small_face, scene.regions["face_skin"], _person(shot, small.shape),
        head=place["head"], eyes=place["eyes"],
    )  # fmt: skip


def _person(shot: Shot, shape: tuple[int, ...]) -> Any:
    from catchlight.pixels import filters

    return filters.resize(shot.scene.matte.alpha, shape[1], shape[0])


def _measure_before(shot: Shot) -> Presence:
    """The photo as it came, cut in the middle to the page's shape as a web page would."""
    scene, picture = shot.scene, shot.subject.picture
    tall = min(float(picture.height), picture.width / ASPECT)
    top = (picture.height - tall) / 2
    face = shot.subject.face
    # The head by the frame's own measure, at the photo's scale.
    scale = float(np.linalg.norm(scene.face.eyes[1] - scene.face.eyes[0]))
    scale /= max(float(np.linalg.norm(face.eyes[1] - face.eyes[0])), 1e-6)
    head = scene.frame.head * scene.frame.height / scale / tall
    return measure_presence(
        scene.small, scene.small_face, scene.regions["face_skin"],
        _person(shot, scene.small.shape),
        head=float(head), eyes=float((face.eyes[:, 1].mean() - top) / tall),
    )  # fmt: skip


def _draw_thumb(shot: Shot) -> bytes:
    from catchlight.images import encode_picture
    from catchlight.images.resample import resample_photo

    picture = shot.subject.picture
    tall = min(float(picture.height), picture.width / ASPECT)
    scale = min(1.0, _THUMB / tall)
    height = max(1, round(tall * scale))
    width = max(1, round(height * ASPECT))
    left, top = (picture.width - tall * ASPECT) / 2, (picture.height - tall) / 2
    transform = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
    transform[:, 2] += (scale - 1) / 2  # pixel centres lie at whole numbers
    # Read at the size it is drawn at: 20 megapixels in full were a worker's peak, 240 MB of it.
    light = resample_photo(picture, transform, width, height)
    return encode_picture(light, format="JPEG", quality=88)
