"""The renderer: the only place that knows strength, mask, order and size."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from catchlight import backdrop
from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.adjustments.edit import Edit, Gain, Warp
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.look import Look
from catchlight.pixels import blend, filters, geometry
from catchlight.pixels.displacement import Displacement

# Two builders keep two cores busy, and the memory of the largest two edits is what they need.
_BUILDERS = 2


@dataclass(frozen=True)
class Rendered:
    """A rendered headshot.

    Attributes
    ----------
    pixels : (H, W, 3) linear P3
    applied : mapping of adjustment name to the largest change it made, in stops, of a warp in
        millimetres; only those that had something to do
    warp : (H, W, 2) mm of the face, or None
        What was moved: the result at x shows what the frame showed at x + warp(x). None where
        nothing was.
    """

    pixels: Pixels
    applied: Mapping[str, float]
    warp: Float | None = None


def build_edits(scene: Scene, look: Look) -> dict[str, Edit]:
    """Build the full-strength edit of every adjustment whose strength is not 0, two at a time.

    Adjustments know nothing of each other, and what they share belongs to the scene: so the order
    in which they are built changes nothing. (From Python 3.12 on, whose cached properties have no
    lock, a shared part may be found twice; it is the same.)
    """
    scene = scene.judged(look.verdicts).taken_from(look.lens).asked(look.light)
    wanted = [a for a in CATALOGUE if look.strengths[a.name] != 0]
    with ThreadPoolExecutor(_BUILDERS) as pool:
        built = pool.map(lambda adjustment: adjustment.build(scene), wanted)
        return {a.name: e for a, e in zip(wanted, built, strict=True) if e is not None}


def sum_stops(
    scene: Scene, look: Look, edits: Mapping[str, Edit]
) -> tuple[Float | None, dict[str, float]]:
    """Sum strength * mask * stops of all edits; None where nothing is asked."""
    h, w = scene.pixels.shape[:2]
    total: Float | None = None
    # Carrying to the frame is linear: what lies on the face crop is summed there, and carried once.
    on_chart: Float | None = None
    applied = {}
    for adjustment in CATALOGUE:
        edit = edits.get(adjustment.name)
        strength = np.float32(look.strengths[adjustment.name])
        if not isinstance(edit, Gain) or strength == 0:
            continue
        stops = edit.stops * strength
        if adjustment.region != "all" or edit.on_chart:
            mask = _mask(scene, adjustment.region, edit)
            stops *= mask if stops.ndim == 2 else mask[..., None]
        applied[adjustment.name] = float(max(stops.max(), -stops.min()))
        if edit.on_chart:
            on_chart = _add(on_chart, stops)
            continue
        if stops.shape[:2] not in ((h, w), (1, 1)):
            stops = filters.resize(stops, w, h)
        total = _add(total, stops)
    if on_chart is not None:
        total = _add(total, _from_chart(scene, on_chart))
    return total, applied


def _add(total: Float | None, stops: Float) -> Float:
    """Add ``stops`` to a ``total`` of which this module holds the only copy.

    Either may have one channel for all three, or one pixel for the whole frame. The larger of the
    two takes up the other in place: at 12 million values a new array costs more than the sum.
    """
    if total is None:
        return stops
    if total.ndim != stops.ndim:
        total, stops = (f if f.ndim == 3 else f[..., None] for f in (total, stops))
    large, small = (total, stops) if total.size >= stops.size else (stops, total)
    if np.broadcast_shapes(large.shape, small.shape) != large.shape:
        return as_float(large + small)
    large += small
    return large


def sum_warps(
    scene: Scene, look: Look, edits: Mapping[str, Edit]
) -> tuple[Float | None, dict[str, float]]:
    """Sum strength * field of all warps over the frame, in mm; None where nothing moves."""
    h, w = scene.pixels.shape[:2]
    total: Float | None = None
    applied = {}
    for name, edit in edits.items():
        strength = np.float32(look.strengths[name])
        if isinstance(edit, Warp) and strength != 0:
            field = edit.field * strength
            # Where it was drawn: enlarging by lines makes no peak higher.
            applied[name] = float(np.hypot(field[..., 0], field[..., 1]).max())
            field = filters.resize(field, w, h)
            total = field if total is None else total + field
    return total, applied


def _mask(scene: Scene, region: str, edit: Gain) -> Mask:
    """The region's mask where the edit lies: face crop, measuring picture or frame."""
    if edit.on_chart:
        return scene.face_crop.regions[region]
    if edit.stops.shape[:2] == scene.small.shape[:2]:
        return scene.regions[region]
    return scene.region(region)


def _from_chart(scene: Scene, stops: Float) -> Float:
    """Carry stops from the face crop into the frame; nothing beyond the face crop."""
    h, w = scene.pixels.shape[:2]
    transform = scene.face_crop.to_frame
    how = cv2.INTER_LINEAR
    scale = geometry.scale_of(transform)
    if scale < 0.7:  # average before shrinking
        stops = filters.blur(stops, 0.5 * np.sqrt(1 / scale**2 - 1))
    return as_float(cv2.warpAffine(stops, transform, (w, h), flags=how))


def move_person(moves: Displacement, person: Pixels, alpha: Mask) -> tuple[Pixels, Mask]:
    """Draw a person where they show, and their outline where it is neither empty nor full."""
    coarse = filters.shrink(alpha, 8)
    # Full to rounding: a pixel in 64 that lacks half a percent is soft.
    soft = as_float((coarse > 0) & (coarse < 1 - 1e-4))
    return moves.draw(person, coarse), moves.draw(alpha, soft, most=1.0)


def render(
    scene: Scene,
    look: Look,
    *,
    edits: Mapping[str, Edit] | None = None,
    picture: Pixels | None = None,
) -> Rendered:
    """Render a Look of a Scene.

    Parameters
    ----------
    scene : Scene
    look : Look
    edits : mapping, optional
        What :func:`build_edits` returned for a look with the same adjustments, to render again.
    picture : (h, w, 3) linear P3, optional
        The backdrop where the look names a picture.

    Returns
    -------
    Rendered
        With every strength 0 and the backdrop ``keep``, the scene's pixels bit for bit.
    """
    edits = build_edits(scene, look) if edits is None else edits
    stops, applied = sum_stops(scene, look, edits)
    warp, moved = sum_warps(scene, look, edits)
    applied |= moved
    moves = None if warp is None else Displacement(warp, scene.face.px_per_mm)

    def expose(picture: Pixels) -> Pixels:
        return picture if stops is None else blend.apply_stops(picture, stops)

    def change(picture: Pixels) -> Pixels:
        """Gains where the photo has them, then the one resampling."""
        return expose(picture) if moves is None else moves.draw(expose(picture))

    if look.backdrop == "keep":
        return Rendered(change(scene.pixels), applied, warp)
    alpha = scene.matte.alpha
    if look.backdrop == "blur":
        # The photo's own background follows the head, so that no gap opens beside it.
        ground = change(backdrop.blur_background(scene.pixels, alpha, scene.face.ied))
    elif look.backdrop.startswith("#"):
        ground = backdrop.paint_colour(scene, look.backdrop)
    elif look.backdrop in backdrop.STUDIO:
        ground = backdrop.paint_paper(scene, backdrop.STUDIO[look.backdrop])
    elif picture is not None:
        ground = backdrop.fit_picture(scene, picture)
    else:
        raise ValueError(f"the look asks for the picture {look.backdrop}, but none was handed in")
    person = expose(scene.matte.foreground)
    if moves is not None:
        person, alpha = move_person(moves, person, alpha)
    person = blend.wrap_light(person, ground, alpha, reach=0.05 * scene.face.ied, amount=0.10)
    return Rendered(blend.composite(person, ground, alpha), applied, warp)
