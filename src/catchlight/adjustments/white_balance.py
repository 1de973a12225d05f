"""white_balance: take the colour cast of the light away, and no more than that."""

from __future__ import annotations

import numpy as np

from catchlight.adjustments.edit import Gain
from catchlight.analysis.light.tone import Illuminant, SkinTone
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.params import Params
from catchlight.pixels import colour

# Skin hue of six measured groups is 45-59 degrees, individuals vary by 6-9: within this zone the
# face gives no reason to change anything.
_HUE, _ZONE = 49.0, (33.0, 65.0)
_SHARE, _MOST_HUE, _DISAGREE, _CHROMA = 0.85, 12.0, 3.0, 0.96
_FAINT, _MOST_INSIDE, _MOST_INSIDE_LOG = (0.07, 0.16), 8.0, 0.20


def _gains(u: float, v: float) -> Float:
    """(3,) linear gains that take the illuminant ln(R/G) = u, ln(B/G) = v to neutral at equal Y."""
    gains = np.exp(-np.array([u, 0.0, v]))
    return np.asarray(gains / (gains @ colour.P3_LUMINANCE), np.float32)


def choose_gains(light: Illuminant, skin: SkinTone) -> Float | None:
    """Channel gains (3,), or None where there is no reason to act.

    At most 85 % of the estimate, at most 12 degrees of skin hue (8 where it is a hue of skin);
    nothing where the votes disagree by more than three standard deviations, or where skin would
    move away from the hues of skin.
    """
    if skin.pixels == 0 or skin.chroma < 4:  # black and white
        return None
    votes = {name: (u, v) for name, u, v, _ in light.votes}
    seen = "sclera" in votes
    # Without the whites of the eyes the room has no say: a red or yellow wall is as likely a wall
    # as a light. What is left is a hue that no skin has.
    u, v = (light.u, light.v) if seen else votes.get("skin hue", (0.0, 0.0))
    u, v = _SHARE * u, _SHARE * v
    strength = float(np.hypot(u, v))
    inside = _ZONE[0] <= skin.hue <= _ZONE[1]
    if strength < 0.02 or (inside and light.disagreement > _DISAGREE):
        return None
    lab = np.array([[[skin.lightness, skin.a, skin.b]]], np.float32)
    before = colour.lab_to_p3(lab)

    def skin_after(share: float) -> Float:
        return as_float(colour.p3_to_lab(before * _gains(share * u, share * v))[0, 0])

    def hue_after(share: float) -> float:
        return float(colour.lab_to_hue(skin_after(share)))

    def change(share: float) -> float:
        return (hue_after(share) - skin.hue + 180) % 360 - 180

    # Inside the zone of skin a small estimate is none.
    doubt = float(np.clip((strength - _FAINT[0]) / (_FAINT[1] - _FAINT[0]), 0, 1))
    # There the eyes may mislead as well (tinted glasses, a bright wall): a third of a stop at most.
    share = doubt * min(1.0, _MOST_INSIDE_LOG / strength) if inside else 1.0
    if share == 0:
        return None
    # A hue no skin has may move as far as the nearest that skin has.
    away = max(_ZONE[0] - skin.hue, skin.hue - _ZONE[1] if skin.hue < 180 else 0)
    most = max(_MOST_INSIDE if inside else _MOST_HUE, away)
    while share > 0.05 and abs(change(share)) > most:
        share *= 0.9
    # A believable skin must not be drained; one that is too yellow or too pink has chroma to lose.
    off = float(np.clip((abs(skin.hue - _HUE) - 3) / 6, 0, 1))
    floor = (_CHROMA - 0.4 * off) * skin.chroma
    while inside and share > 0.05 and np.hypot(*skin_after(share)[1:]) < floor:
        share *= 0.9
    worse = abs(hue_after(share) - _HUE) > abs(skin.hue - _HUE) + 2
    stays = inside and _ZONE[0] + 4 <= hue_after(share) <= _ZONE[1] - 4
    if worse and not stays:
        return None
    return _gains(share * u, share * v)


def build(scene: Scene, params: Params) -> Gain | None:
    """White balance as one constant gain per channel (von Kries in linear P3), luminance kept."""
    gains = choose_gains(scene.illuminant, scene.tone)
    if gains is None:
        return None
    return Gain(np.log2(gains)[None, None].astype(np.float32), scene.whole_grid)
