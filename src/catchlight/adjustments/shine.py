"""shine: lower hot specular patches by rebuilding the colour of the skin below them."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Adjustment, Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import bands, blend, colour, filters

#: A patch of shine is wider than 2 mm: what is finer is the sparkle that makes skin skin.
_GRID, _PATCH = 1.0, 1.0
#: The diffuse skin around it (Gaussian, mm): wider than a patch, narrower than the light's form.
_SURROUND = 11.0
#: Share taken of a hot patch; a third stays, since skin without any highlight is a mask.
_SHARE, _COLOUR = 0.62, 0.8
#: Stops above the diffuse skin from which a highlight counts as hot, at the least.
_GLOW = 0.10


def estimate_specular(patch: Float, mask: Mask, white: Float, scale: float) -> tuple[Float, Float]:
    """Luminance (h, w) that the surface mirrors, and the skin's diffuse colour (h, w, 3) at Y = 1.

    Dichromatic model (Shafer 1985): colour = diffuse + s * white. The direction of the diffuse
    colour is a robust average of the chromaticity of the skin around, without what is brighter
    than that; s follows by least squares. A brighter part of the skin that has not paled is form
    and not shine, a paler one that is not brighter is pigment: the smaller estimate counts.
    """
    y = np.maximum(colour.luminance(patch), 1e-5)
    white_y = float(white @ colour.P3_LUMINANCE)
    base = filters.blur_inside(y, mask, _SURROUND * scale)
    s, body = np.zeros_like(y), patch
    for _ in range(3):
        weight = as_float(mask * (0.02 + filters.smoothstep(np.log2(y / base), 0.5, 0.0)))
        # Averages of logarithms: form that darkens skin by stops does not count for nothing.
        base = np.exp(filters.blur_inside(as_float(np.log(y)), weight, _SURROUND * scale))
        body = filters.blur_inside(as_float(patch / y[..., None]), weight, _SURROUND * scale)
        # patch = m body + s white, in the least squares of three channels.
        bb, ww = (body * body).sum(2), float(white @ white)
        bw, pb, pw = body @ white, (patch * body).sum(2), patch @ white
        s = (pw * bb - pb * bw) / np.maximum(bb * ww - bw * bw, 1e-4)
    return as_float(np.clip(np.minimum(s * white_y, y - base), 0, None)), body


def build(scene: Scene) -> Gain | None:
    """Hot patches on the face lose 60 % of what they mirror; glow, pores and hue stay.

    The specular part is estimated on a grid of 1 mm and taken away as a gain per channel, which is
    the smooth skin with less over the smooth skin as it is: pores keep their contrast and the patch
    takes the colour of the skin around. Hot is what exceeds the sitter's own spread of brightness,
    so that the natural sheen of dark skin stays as well as that of light skin.

    Notes
    -----
    Clipped highlights have no skin below them to find: they get its colour, without texture.
    Cost: about 25 ms, whatever the frame's size.
    """
    chart = scene.chart
    mask = chart.regions["face_skin"]
    if (mask > 0.5).sum() < 100:
        return None
    light = scene.illuminant
    white = np.exp(np.array([light.u, 0.0, light.v], np.float32))
    small, weight, scale = bands.to_grid(chart.pixels, mask, chart.px_per_mm, _GRID)
    patch = np.maximum(bands.smooth_inside(small, weight, _PATCH * scale), 0)
    mirrored, body = estimate_specular(patch, weight, white, scale)
    y = np.maximum(colour.luminance(patch), 1e-5)
    excess = as_float(-np.log2(1 - np.minimum(mirrored / y, 0.95)))
    glow = max(_GLOW, bands.spread_of(excess, weight))
    hot = filters.blur(filters.smoothstep(excess, glow, 2.5 * glow), 0.5 * scale)
    # Less light, and nearly all of the skin's colour: less light alone leaves the patch grey.
    dimmed = (y - _SHARE * mirrored * hot)[..., None]
    own = patch / y[..., None]
    after = dimmed * (own + (_COLOUR * hot)[..., None] * (body - own))
    stops = np.log2((after + blend.EPSILON) / (patch + blend.EPSILON))
    if float(stops[weight > 0.5].min(initial=0)) > -0.03:
        return None
    return Gain(filters.resize(as_float(stops), mask.shape[1], mask.shape[0]), on_chart=True)


SHINE = Adjustment(
    name="shine",
    text="Takes the glare off forehead, nose and cheeks; a healthy glow stays.",
    default=0.0,
    region="face_skin",
    about_colour=True,
    build=build,
)
