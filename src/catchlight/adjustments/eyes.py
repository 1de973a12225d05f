"""eyes: clearer irises and whites within what eyes look like; hue, veins and catchlights stay."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.face.landmarks import LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS
from catchlight.analysis.parts.irises import away_from_iris
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.params import Params
from catchlight.pixels import blend, colour, filters, geometry

#: White of the eye: chroma times 0.75, at most 4 L* lighter (8 % of itself where it is dark),
#: never past L* 88; the room fades over 12 L*, so that two thirds of any contrast stay there.
_CHROMA, _LIGHTER, _PART, _MOST_L, _FADE = 0.75, 4.0, 0.08, 88.0, 12.0
_MOST_STOPS = 0.5
#: Iris: contrast against its own surroundings of 1.2 mm, +15 %.
_CONTRAST, _SURROUND = 0.15, 1.2
#: Whites below this many face crop pixels, both eyes together, are not seen well enough.
_LEAST_PIXELS = 40
#: Height over width of the lids' opening; 0.2 to 0.4 open, under 0.12 closed or a slit.
_CLOSED = 0.12
#: Stops of red over green and blue; the whites of 50 sitters lay between 1.2 below their skin and
#: 0.4 above it (bloodshot eyes in a pale face), red sunglasses 1.2 above it.
_LENS = 0.7
#: A white lies at 0.6 of its skin's L* or above, also in the shade of the brows.
_SHADE = (0.42, 0.58)
#: A flash pupil is far redder than the skin, in stops of R over G and B, and in red light not far
#: below it; a brown iris in warm light is as red, but under a fifth of the skin's red.
_RED, _RED_OVER_SKIN, _RED_LIGHT = 1.4, 0.6, 0.3


def build(scene: Scene, params: Params) -> Gain | None:
    """Whites less coloured and slightly lighter, irises of more contrast, red pupils darkened.

    White: what lies within the lids, off the iris, hardly coloured and not a lash; the change is
    near constant over it, so veins and the shadow of the upper lid stay. Iris: the same gain on all
    channels, so its hue stays; pupil, limbus and catchlights are left. Nothing is drawn. None if
    the eyes are closed or too small. Cost: about 15 ms.
    """
    face_crop = scene.face_crop
    mm = face_crop.px_per_mm
    rows, columns = np.nonzero(face_crop.regions["eyes"] > 0.02)
    if not len(rows):
        return None
    cut = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    pixels, lab = face_crop.pixels[cut], face_crop.lab[cut]
    corner = np.array([columns.min(), rows.min()], np.float32)
    points = face_crop.face.points - corner
    whites, discs = np.zeros(pixels.shape[:2], np.float32), []
    for ring, iris in ((RIGHT_EYE, RIGHT_IRIS), (LEFT_EYE, LEFT_IRIS)):
        if _opening(points[ring]) < _CLOSED:
            continue
        h, w = pixels.shape[:2]
        away = away_from_iris(points, iris, (h, w))
        inside = geometry.fill_polygon(points[ring], w, h)
        white = _find_white(lab, inside, away, mm, scene.tone.lightness)
        whites = np.maximum(whites, white)
        discs.append((inside, away))
    skin, sure = _skin_colour(scene), whites > 0.5
    if sure.sum() < _LEAST_PIXELS:
        return None
    # In the same light the white of an eye is hardly redder than skin: else it is a tinted lens.
    if float(np.median(_red_ratio(pixels)[sure])) > float(_red_ratio(skin)) + _LENS:
        return None
    part = np.clip((_MOST_L - lab[..., 0]) / _FADE, 0, 1)
    after = lab.copy()
    after[..., 0] += whites * part * np.minimum(_LIGHTER, _PART * np.maximum(lab[..., 0], 0))
    after[..., 1:] *= 1 - (1 - _CHROMA) * whites[..., None]
    e = blend.EPSILON
    stops = np.log2((np.maximum(colour.lab_to_p3(after), 0) + e) / (pixels + e))
    # A channel near black has no ratio to speak of.
    stops = as_float(np.clip(stops, -_MOST_STOPS, _MOST_STOPS) * (whites[..., None] > 0))
    log = as_float(np.log2(colour.luminance(np.ascontiguousarray(pixels)) + np.float32(2.0**-9)))
    for inside, away in discs:
        stops += _clear_iris(log, inside, away, mm)[..., None]
        stops += _darken_red(pixels, away, skin)
    x0, y0 = int(columns.min()), int(rows.min())
    box = (x0, y0, int(columns.max()) + 1, int(rows.max()) + 1)
    return Gain(as_float(np.clip(stops, -3, 3)), scene.face_grid, box)


def _opening(ring: Float) -> float:
    """Height over width of the lids' opening, from the ring's corners (0, 8) and mid lids."""
    width = float(np.linalg.norm(ring[0] - ring[8]))
    height = float(np.linalg.norm(ring[3:6].mean(0) - ring[11:14].mean(0)))
    return height / max(width, 1e-6)


def _find_white(lab: Float, inside: Mask, away: Float, mm: float, skin: float) -> Mask:
    """White of one eye, soft inwards: less red than its lids, no lash or dark corner, no iris."""
    off = inside * filters.smoothstep(away, 1.02, 1.15)
    sure = off > 0.5
    if sure.sum() < 8:
        return np.zeros_like(inside)
    lightness, red = lab[..., 0], lab[..., 1]
    light = float(np.percentile(lightness[sure], 80))
    pale = float(np.percentile(red[sure], 30))
    # Veins and pink are part of the white; corner and lids are redder still, 10 and more.
    like = filters.smoothstep(filters.blur(red, 0.4 * mm), pale + 14, pale + 8)
    # The lid's shadow is white too, lashes are not: 30 L* and more below.
    soft = filters.blur(lightness, 0.3 * mm)
    like *= filters.smoothstep(soft, light - 34, light - 20)
    like *= filters.smoothstep(soft, _SHADE[0] * skin, _SHADE[1] * skin)
    inner = np.clip(2 * filters.blur(inside, 0.35 * mm) - 1, 0, 1)
    return as_float(filters.blur(as_float(like * sure), 0.25 * mm) * off * inner)


def _clear_iris(log: Float, inside: Mask, away: Float, mm: float) -> Float:
    """Stops of local contrast inside one iris, off its rim, the pupil and the catchlights."""
    disc = as_float(inside * filters.smoothstep(away, 1.0, 0.9))
    chosen = disc > 0.5
    if chosen.sum() < 40:  # too small for any structure
        return np.zeros_like(log)
    ring = chosen & (away > 0.5)
    usual = float(np.median(log[ring])) if ring.any() else float(np.median(log[chosen]))
    # A catchlight lies a stop and more above the iris, and its glow reaches a little further.
    glint = _grow(as_float(log > usual + 1.0), 0.5 * mm)
    pupil = _grow(as_float(log < usual - 1.2), 0.3 * mm)
    own = as_float(disc * (1 - glint) * (1 - pupil))
    rim = filters.smoothstep(away, 0.95, 0.75) * filters.smoothstep(away, 0.25, 0.4)
    lids = np.clip(2 * filters.blur(inside, 0.5 * mm) - 1, 0, 1)
    detail = log - filters.blur_inside(log, own, _SURROUND * mm)
    return as_float(_CONTRAST * np.clip(detail, -1, 1) * own * rim * lids)


def _grow(mask: Mask, radius: float) -> Mask:
    """Widen a mask by about ``radius`` pixels, with a soft edge."""
    return as_float(np.clip(4 * filters.blur(mask, max(radius, 0.5)), 0, 1))


def _skin_colour(scene: Scene) -> Float:
    """(3,) linear colour of the sitter's skin."""
    lab = np.array([[[scene.tone.lightness, scene.tone.a, scene.tone.b]]], np.float32)
    return as_float(np.maximum(colour.lab_to_p3(lab)[0, 0], np.float32(2.0**-9)))


def _red_ratio(pixels: Float) -> Float:
    """log2 of red over the mean of green and blue."""
    rest = 0.5 * (pixels[..., 1] + pixels[..., 2]) + np.float32(2.0**-8)
    return as_float(np.log2((pixels[..., 0] + np.float32(2.0**-8)) / rest))


def _darken_red(pixels: Float, away: Float, skin: Float) -> Float:
    """Stops on red that take a flash pupil to the mean of green and blue (Gaubatz 2002).

    Only within the pupil (six tenths of the iris), only if a fifth of that is red and the iris
    around it is not.
    """
    ratio = _red_ratio(pixels)
    least = max(_RED, float(_red_ratio(skin)) + _RED_OVER_SKIN)
    red = filters.smoothstep(ratio, least - 0.3, least) * filters.smoothstep(away, 0.65, 0.5)
    red *= filters.smoothstep(pixels[..., 0], 0.5 * _RED_LIGHT * skin[0], _RED_LIGHT * skin[0])
    stops = np.zeros_like(pixels)
    pupil, iris = away < 0.4, (away > 0.75) & (away < 0.95)
    if not pupil.any() or not iris.any():
        return stops
    if float((red[pupil] > 0.5).mean()) > 0.2 and float(np.median(ratio[iris])) < least - 0.5:
        stops[..., 0] = -red * ratio
    return stops
