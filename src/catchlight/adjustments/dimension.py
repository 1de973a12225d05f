"""dimension: gentle dodge and burn along the form of the face, the opposite of flattening."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Mask, as_float
from catchlight.params import Params
from catchlight.pixels import channels, filters, geometry

# Modelling is what changes within this many millimetres: cheekbone, jaw, brow, bridge of the nose.
# Wider is the light's ratio, which is left alone.
_WIDE = 20.0
#: Stops at full strength, at the most: light as a studio sculpts it, two and a half times what a
#: retoucher's brush of 10 % lays down; a setting's own place of the dial takes a fifth of it.
_MOST = 0.40
_SHARE = 0.9
#: Millimetres and shares over which it sets in from the mesh's border: shade along the jaw draws a
#: slimmer face, to the eye and to the landmarks (0.7 to 2 % of the inter-eye distance on a face in
#: flat light where it set in over 5 mm, as it did; 0.2 % so).
_RIM, _INSIDE = 12.0, (0.75, 1.0)
#: No channel is lit further than this, linear: the rest is left to highlights.
_WHITE = 0.85
#: Degrees: how far to the side and how high above the face the light is taken to stand.
_MOST_SIDE, _ABOVE = 35.0, 35.0
#: The nose as far as its shape is read from the shade at its sides and below it: the bridge, the
#: outer wings and the middle of the upper lip (numbers of the mesh), and the millimetres by which
#: it runs out. Of the sculpting so much is left there: with all of it the nose of a face in flat,
#: bright light was another one, to the eye and to the landmarks.
_NOSE, _OUT, _LEFT = (168, 358, 164, 129), 7.0, 0.2


def build(scene: Scene, params: Params) -> Gain | None:
    """Dodge what turns to the light and burn what turns away, within 20 mm, up to 0.4 stops.

    The form is the mesh's, so no pigment, beard or crease is deepened. The light comes from the
    side of the photo's own key, never from below. On average over the skin nothing is brightened.

    Notes
    -----
    Nothing off the face: there the form is a guess. A fifth at the nose: its shape is read from the
    shade beside it. Cost: about 10 ms.
    """
    face = scene.regions["face_skin"]
    if (face > 0.5).sum() < 50:
        return None
    form, light = scene.form, scene.light
    # Even light has no side: the more so, the straighter from the front.
    azimuth = np.radians(np.clip(light.azimuth, -_MOST_SIDE, _MOST_SIDE) * light.confidence)
    elevation = np.radians(_ABOVE)
    towards = as_float(
        [
            np.sin(azimuth) * np.cos(elevation),
            np.sin(elevation),
            np.cos(azimuth) * np.cos(elevation),
        ]
    )
    cosine = np.maximum(form.normals @ towards, 0)
    shade = as_float(np.log2(0.35 + 0.65 * cosine))
    mm = scene.small_face.px_per_mm * form.known.shape[1] / face.shape[1]
    local = shade - filters.blur_inside(shade, form.known, _WIDE * mm)
    # Clear of the mesh's border, where the form turns into a stand-in and the jaw's outline lies.
    inner = filters.smoothstep(filters.blur(form.known, _RIM * mm), *_INSIDE)
    inner = filters.resize(inner, face.shape[1], face.shape[0])
    stops = _SHARE * filters.resize(local, face.shape[1], face.shape[0])
    stops = (stops - float(np.average(stops, weights=face * inner + 1e-9))) * inner
    stops = stops * (1 - (1 - _LEFT) * _find_nose(scene))
    # Near white there is no room for more light: skin would burn. Over 2 mm, so that no pore shows.
    near = filters.blur(channels.find_most(scene.small), 2.0 * scene.small_face.px_per_mm)
    room = np.maximum(np.log2(_WHITE / np.maximum(near, 2.0**-8)), 0.01)
    most = np.where(stops > 0, np.minimum(_MOST, room), _MOST)
    stops = as_float(stops / (1 + (np.abs(stops) / most) ** 3) ** (1 / 3))
    return Gain(stops, scene.measuring_grid)


def _find_nose(scene: Scene) -> Mask:
    """The nose and what it shades, softly, over the measuring picture."""
    face = scene.small_face
    h, w = scene.small.shape[:2]
    inside = geometry.fill_polygon(face.points[list(_NOSE)], w, h)
    # An area half as large again is where the blur has half of it.
    wide = filters.blur(as_float(inside), _OUT * face.px_per_mm)
    return as_float(np.clip(2.5 * wide, 0, 1))
