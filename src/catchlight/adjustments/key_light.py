"""key_light: turn the light that is there a little towards a pattern of the studio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.adjustments.choices import KeyLightChoices
from catchlight.adjustments.edit import Gain
from catchlight.analysis.light.light import Light, below_lit
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.pixels import filters


@dataclass(frozen=True)
class Pattern:
    """A pattern of light (science.md 3; portrait lighting guides agree within 10 degrees).

    Attributes
    ----------
    azimuth, elevation : float, degrees of the key off the camera's axis; the side follows the photo
    ratio : float, light of the lit side over that of the shaded side
    soft : float, 0 a point, 1 a large umbrella: the cosine is rounded off over this much
    """

    azimuth: float
    elevation: float
    ratio: float
    soft: float


PATTERNS = {
    "soft": Pattern(35, 25, 1.6, 0.7),
    "loop": Pattern(40, 30, 2.2, 0.3),
    "rembrandt": Pattern(47, 42, 3.0, 0.2),
    "butterfly": Pattern(0, 48, 2.2, 0.3),
    "split": Pattern(85, 5, 3.5, 0.2),
}
# No more than this is taken or given, in stops: shadows that the camera did not see have no
# texture, and noise of theirs that it did see would show.
_LESS, _MORE = 0.9, 0.4
# A key further off than this is another light: catchlights, nose shadow and collar tell.
_NEAR, _FAR = 30.0, 60.0


def choose_side(scene: Scene) -> float:
    """Where the pattern's key stands: -1 at the viewer's left, 1 at the right.

    On the side of the light that is there; in frontal or even light on the side to which the nose
    points, so that the narrow side of the face is lit (short light).
    """
    light = scene.light
    if light.confidence > 0.3 and light.ratio > 1.25 and abs(light.azimuth) > 10:
        return 1.0 if light.azimuth > 0 else -1.0
    if abs(scene.key.side) > 0.1:
        return 1.0 if scene.key.side > 0 else -1.0
    spot = scene.face_crop.catchlight
    if spot is not None and abs(spot[0]) > 0.15:
        return 1.0 if spot[0] > 0 else -1.0
    return 1.0 if scene.face.pose.yaw >= 0 else -1.0


def _towards(pattern: Pattern, side: float) -> Float:
    a, e = np.radians(pattern.azimuth) * side, np.radians(pattern.elevation)
    return as_float(np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)]))


def judge(scene: Scene, light_wanted: str) -> tuple[float, str | None]:
    """How much of the asked pattern the photo allows, 0..1, and what speaks against it.

    Two observations: the light on the skin, as far as it is clear, and the catchlights in the eyes.
    """
    pattern = PATTERNS.get(light_wanted)
    if pattern is None:
        return 0.0, None
    towards = _towards(pattern, choose_side(scene))
    light = scene.light
    share, said = 1.0, None
    clear = light.confidence * _rise(light.ratio, 1.5, 2.5)
    off = _angle(towards, light.direction)
    doubt = clear * _rise(off, _NEAR, _FAR)
    if doubt > 0.5:
        said = f"the light in the photo is another ({light.describe()})"
    share -= doubt
    if (spot := scene.face_crop.catchlight) is not None:
        off = _angle(towards, spot)
        doubt = _rise(off, _NEAR, _FAR)
        if doubt > 0.5 and said is None:
            said = f"the catchlights in the eyes stand {off:.0f} degrees away from it"
        share = min(share, 1 - doubt)
    if said is None:
        return max(share, 0.0), None
    return 0.0, f"{light_wanted} light was left out: {said}"


def _angle(a: Float, b: Float) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b, -1, 1))))


def _rise(value: float, low: float, high: float) -> float:
    return float(filters.smoothstep(as_float(np.array([value])), low, high)[0])


def shade_pattern(normals: Float, pattern: Pattern, side: float) -> Float:
    """Stops of light that a pattern gives each normal, 0 where it faces the key."""
    cosine = normals @ _towards(pattern, side)
    s = pattern.soft
    lobe = (cosine + np.sqrt(cosine**2 + s * s)) / (1 + np.sqrt(1 + s * s))
    fill = 1 / pattern.ratio
    return as_float(np.log2(fill + (1 - fill) * np.maximum(lobe, 0)))


def build(scene: Scene, params: KeyLightChoices) -> Gain | None:
    """Relight by the ratio of two shadings: the pattern's over the photo's.

    Bounded to 0.9 stops less and 0.4 more; what is lit in both stays as it is. Hair takes 30 %,
    clothes 15 %, the background nothing. None where no pattern is asked for, or where the light or
    the catchlights of the photo contradict it.

    Notes
    -----
    Cast shadows stay where they are and none are drawn. Cost: about 20 ms.
    """
    pattern = PATTERNS.get(params.light)
    if pattern is None:
        return None
    share, _ = judge(scene, params.light)
    face = scene.regions["face_skin"] > 0.5
    if share < 0.05 or face.sum() < 50:
        return None
    light: Light = scene.light
    h, w = face.shape
    new = filters.resize(shade_pattern(scene.form.normals, pattern, choose_side(scene)), w, h)
    new = new - float(np.percentile(new[face], 92))
    # What is lit in both keeps its light.
    off = below_lit(new) - below_lit(light.shading)
    # Only shade is lifted: the lit side keeps its light, or gives some.
    more = np.maximum(_MORE * filters.smoothstep(-light.shading, 0.2, 0.9), 1e-3)
    bound = np.where(off < 0, _LESS, more)
    off = off / (1 + (np.abs(off) / bound) ** 3) ** (1 / 3)
    stops = as_float(share * off)
    if float(np.abs(stops * scene.reach)[face].max()) < 0.03:
        return None
    return Gain(stops, scene.measuring_grid)
