"""shine: lower hot specular patches by rebuilding the colour of the skin below them."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.params import Params
from catchlight.pixels import bands, blend, channels, colour, filters

#: A patch of shine is wider than 2 mm: what is finer is the sparkle that makes skin skin.
_GRID, _PATCH = 1.0, 1.0
#: Width of the patches (mm) that count as face though they have lost the colour of skin.
_HOLE = 22.0
#: The diffuse skin around it (Gaussian, mm): wider than a patch, narrower than the light's form.
_SURROUND = 12.0
#: Share of the mirrored light that goes, rising with that light over the skin's own: half of it at
#: ``_GLOW``, where it is a healthy sheen, nearly all well above. A share under 8/9 keeps the order
#: of brightness. Skin without any highlight is a mask: a fifth of a patch always stays.
_SHARE, _GLOW = 0.80, 0.22
#: Share of the paleness taken at the hottest.
_COLOUR = 0.7
#: Of the paleness that goes with the mirrored light: the model's estimate is never quite right.
_FREED = 0.8
#: Stops of modelling by the light, around its average over that distance.
_FORM = 0.4
#: Stops above the diffuse skin from which a highlight starts to lose its paleness, and has.
_HOT = (0.30, 0.90)
#: Way towards white (natural log ratios) that starts to tell shine from form, and does.
_PALED = (0.02, 0.10)


def estimate_shine(
    patch: Float, mask: Mask, white: Float, scale: float
) -> tuple[Float, Float, Float]:
    """What the surface mirrors, how sure that is, and the colour of the skin below.

    Dichromatic model (Shafer 1985): colour = diffuse + s * white. The diffuse luminance and
    chromaticity are robust averages of the skin around, without what is brighter. What exceeds that
    luminance is mirrored where it has paled towards the illuminant ``white`` (3,), measured in
    logarithms of ratios, which pigment only shifts; a brighter place that has not paled is form.

    Returns
    -------
    mirrored : (h, w) luminance
    sure : (h, w), 0..1
    body : (h, w, 3), the diffuse colour at Y = 1
    """
    y = as_float(np.maximum(colour.luminance(patch), 1e-5))
    own = as_float(np.log(np.maximum(patch, 1e-5) / (white * y[..., None])))
    # In logarithms and robust to both sides: neither a highlight nor a shadow pulls the average.
    level = as_float(np.log2(y))
    around = bands.robust_surround(level, mask, _SURROUND * scale, _FORM)
    weight = as_float(mask * np.exp(-(((level - around) / _FORM) ** 2)) + 1e-3 * mask)
    body = filters.blur_inside(own, weight, _SURROUND * scale)
    # How far the log ratios went from the skin's towards white's, which are 0.
    length = np.maximum(np.sqrt(channels.add_up(body * body)), 1e-3)
    paled = channels.add_up((body - own) * body) / length
    colours = as_float(white * np.exp(body))
    colours = as_float(colours / np.maximum(colour.luminance(colours), 1e-5)[..., None])
    mirrored = as_float(np.maximum(y - 2.0**around, 0))
    return mirrored, filters.smoothstep(as_float(paled), *_PALED), colours


def dim(patch: Float, weight: Mask, white: Float, scale: float) -> Float:
    """Stops (h, w, 3) that take most of what the surface mirrors from a smooth ``patch``.

    Parameters
    ----------
    patch : (h, w, 3) linear light, smooth over a millimetre
    weight : (h, w), skin of which the diffuse colour is told
    white : (3,), the illuminant
    scale : float, pixels per millimetre
    """
    mirrored, sure, body = estimate_shine(patch, weight, white, scale)
    # Colour is noisier than light in any JPEG: unsmoothed, its doubts draw islands with rims.
    sure = filters.blur(sure, 1.5 * scale)
    y = as_float(np.maximum(colour.luminance(patch), 1e-5))
    excess = as_float(-np.log2(1 - np.minimum(mirrored / y, 0.95)))
    hot = filters.blur(filters.smoothstep(excess, *_HOT) * sure, 0.5 * scale)
    ratio2 = (mirrored / np.maximum(y - mirrored, 1e-5)) ** 2
    share = _SHARE * sure * ratio2 / (ratio2 + _GLOW**2)
    less = filters.blur(as_float(-np.log2(1 - share * np.minimum(mirrored / y, 1))), 0.5 * scale)
    # What is mirrored is white: with a share of it goes the same paleness (in the dichromatic model
    # 1 - (1 - s) / (1 - s f) of the way to the body's colour, where f of the light is mirrored).
    # Less light alone leaves the patch grey, and dark skin, which mirrors most, the greyest.
    part = np.minimum(mirrored / y, 0.95)
    freed = filters.blur(as_float(1 - (1 - share) / (1 - share * part)), 0.5 * scale)
    dimmed = (y * 2.0**-less)[..., None]
    own = patch / y[..., None]
    after = dimmed * (own + np.maximum(_COLOUR * hot, _FREED * freed)[..., None] * (body - own))
    return as_float(np.log2((after + blend.EPSILON) / (patch + blend.EPSILON)))


def build(scene: Scene, params: Params) -> Gain | None:
    """Hot patches on the face lose 60 % of what they mirror; glow, pores and hue stay.

    The specular part is estimated on a grid of 1 mm and taken away as a gain per channel, which is
    the smooth skin with less over the smooth skin as it is: pores keep their contrast and the patch
    takes the colour of the skin around. Everything is relative to the sitter's own skin: a pigment,
    which multiplies light, changes no threshold.

    Notes
    -----
    Clipped highlights have no skin below them to find: they get its colour, without texture.
    Cost: about 40 ms, whatever the frame's size.
    """
    face_crop = scene.face_crop
    skin = face_crop.regions["face_skin"]
    if (skin > 0.5).sum() < 100:
        return None
    light = scene.illuminant
    white = np.exp(np.array([light.u, 0.0, light.v], np.float32))
    _, weight, scale = bands.to_grid(skin, skin, face_crop.px_per_mm, _GRID)
    # The hottest patches have not the colour of skin and are holes in its mask.
    size = 2 * round(_HOLE / 2 * scale) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    face = as_float(cv2.morphologyEx(weight, cv2.MORPH_CLOSE, ellipse))
    for name in ("eyes", "brows", "lips"):
        part = filters.resize(face_crop.regions[name], weight.shape[1], weight.shape[0])
        face = face * (1 - part)
    small = filters.resize(face_crop.pixels, weight.shape[1], weight.shape[0])
    patch = np.maximum(bands.smooth_inside(small, face, _PATCH * scale), 0)
    stops = dim(patch, weight, white, scale)
    stops = as_float(stops * face[..., None])
    if float(stops.min()) > -0.03:
        return None
    grid = scene.smooth_face_grid
    return Gain(filters.resize(stops, grid.width, grid.height), grid)
