"""light_colour: where light of another colour falls on part of the face, bring it back."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.params import Params
from catchlight.pixels import colour, filters

# A tint that follows the light need not be the light's: shine bleaches lit skin, a camera's curve
# saturates shaded skin. Both move along the skin's own colour. So a span of the field (ln units)
# counts by its direction: across that colour, along it towards grey, along it away. Over 13 evenly
# lit London faces of four groups the sum of squares reaches 0.91, over a face lit by blue, orange
# or green from one side 1.2 to 1.8 (tools/light_evidence.py renders them).
_ACROSS, _PALER, _DEEPER = 0.12, 0.32, 0.60
_OWN = (0.92, 1.25)
_SHARE, _MOST = 0.9, 0.5
# Hues of skin (see white_balance).
_ZONE = (33.0, 65.0)


def measure_field(scene: Scene) -> tuple[Float, Float, float] | None:
    """How the tint of skin follows the light: a field over the form's grid.

    Robust regression of ln(R/G) and ln(B/G) of skin on its normal (x and y) and on the fill's part
    of its light: a tint that follows the form is the light's, any other is the skin's.

    Returns
    -------
    field : (h, w, 2), tint against that of the face's middle
    shade : (h, w), the light in 0..1
    much : 0..1, how surely the light is of two colours
    """
    form, light = scene.form, scene.light
    gh, gw = form.known.shape
    small = filters.resize(scene.small, gw, gh)
    skin = filters.resize(scene.regions["face_skin"], gw, gh)
    chosen = (skin > 0.4) & (form.known > 0.5)
    if chosen.sum() < 60 or scene.tone.chroma < 5:
        return None
    shade = np.exp2(np.clip(filters.resize(light.shading - light.cast, gw, gh), -3, 0))
    # The fill's part of all light goes as one over the shade.
    parts = np.dstack([form.normals[..., :2], 0.3 / shade])
    logs = np.log(np.maximum(small[chosen], 2.0**-10))
    tints = np.column_stack([logs[:, 0] - logs[:, 1], logs[:, 2] - logs[:, 1]])
    rows = parts[chosen]
    centre = np.average(rows, axis=0, weights=skin[chosen])
    design = np.column_stack([rows - centre, np.ones(len(rows))]).astype(np.float64)
    found = np.zeros((4, 2))
    for channel in range(2):
        weight = skin[chosen].astype(np.float64)
        for _ in range(5):
            gram = (design * weight[:, None]).T @ design / weight.sum()
            gram[:3, :3] += 0.01 * np.eye(3)
            right = design.T @ (weight * tints[:, channel]) / weight.sum()
            found[:, channel] = np.linalg.solve(gram, right)
            off = tints[:, channel] - design @ found[:, channel]
            limit = 1.345 * max(1.4826 * float(np.median(np.abs(off))), 0.03)
            robust = np.minimum(1, limit / np.maximum(np.abs(off), 1e-6))
            weight = skin[chosen].astype(np.float64) * robust
    field = as_float((parts - centre) @ found[:3])
    much = _judge(field[chosen], shade[chosen], tints)
    return field, as_float(shade), much


def _judge(field: Float, shade: Float, tints: Float) -> float:
    """How surely a field over the skin is the light's, 0..1."""
    off = field - field.mean(0)
    _, axes = np.linalg.eigh(off.T @ off)
    along_axis = off @ axes[:, 1]
    span = float(np.ptp(np.percentile(along_axis, [8, 92])))
    # The change of tint from the lit to the shaded side.
    change = -span * axes[:, 1] * np.sign(np.sum(along_axis * (shade - shade.mean())) or 1)
    own = np.median(tints, axis=0)
    own = own / max(float(np.linalg.norm(own)), 1e-6)
    along = float(change @ own)
    across = float(np.linalg.norm(change - along * own))
    size = np.hypot(across / _ACROSS, along / (_DEEPER if along > 0 else _PALER))
    return float(filters.smoothstep(as_float(np.array([size])), *_OWN)[0])


def build(scene: Scene, params: Params) -> Gain | None:
    """Undo the part of a tint that follows the light over the face, at equal luminance.

    What stays as it is, is the lit side; where that has a hue that no skin has and the shaded side
    has not, the shaded side. A tint over the whole face is left to white_balance.

    Notes
    -----
    Red cheeks and yellow foreheads do not follow the light and stay. Cost: about 20 ms.
    """
    measured = measure_field(scene)
    if measured is None:
        return None
    field, shade, much = measured
    if much < 0.02:
        return None
    gh, gw = shade.shape
    skin = filters.resize(scene.regions["face_skin"], gw, gh)
    small = filters.resize(scene.small, gw, gh)
    middle = np.median(small[skin > 0.5], axis=0)
    lit = skin * shade**2
    dark = skin * (1 - shade) ** 2
    base = [
        np.average(field.reshape(-1, 2), axis=0, weights=weight.ravel() + 1e-9)
        for weight in (lit, dark)
    ]
    hues = [_hue(middle, tint) for tint in base]
    own = [_ZONE[0] <= hue <= _ZONE[1] for hue in hues]
    kept = base[1] if own[1] and not own[0] else base[0]
    tint = field - as_float(kept)
    size = np.linalg.norm(tint, axis=2, keepdims=True)
    tint = tint / (1 + (size / _MOST) ** 3) ** (1 / 3)
    logs = -_SHARE * much * np.dstack([tint[..., 0], np.zeros_like(shade), tint[..., 1]])
    # Equal luminance for this skin: colour moves, light does not.
    mm = scene.small_face.px_per_mm * gw / scene.small.shape[1]
    rgb = np.maximum(filters.blur_inside(small, skin, 4 * mm), 1e-4)
    luma = colour.luminance(as_float(rgb * np.exp(logs))) / colour.luminance(as_float(rgb))
    stops = (logs - np.log(np.maximum(luma, 1e-3))[..., None]) / np.log(2)
    h, w = scene.small.shape[:2]
    return Gain(filters.resize(as_float(stops), w, h), scene.measuring_grid)


def _hue(middle: Float, tint: Float) -> float:
    """Hue of skin of the face's ``middle`` colour (3,) under a ``tint``, degrees."""
    seen = middle * np.exp([tint[0], 0, tint[1]])
    return float(colour.lab_to_hue(colour.p3_to_lab(as_float(seen)[None, None]))[0, 0])
