"""What is done behind a sitter: falloff and colour of the photo's own ground."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.adjustments import falloff, ground_colour
from catchlight.adjustments.catalogue import BY_NAME
from catchlight.analysis.scene import Scene
from catchlight.look import Look
from catchlight.params import Params
from catchlight.pixels import colour
from catchlight.setting import list_settings, load_setting
from catchlight.studio import develop


def render(scene: Scene, backdrop: str = "keep", **strengths: float) -> np.ndarray:
    zero = dict.fromkeys(BY_NAME, 0.0)
    return develop(scene, Look(backdrop=backdrop, adjust={**zero, **strengths})).pixels


def behind(scene: Scene) -> np.ndarray:
    clear = falloff.stand_clear(scene)
    assert clear.shape == scene.small.shape[:2]
    return clear > 0.4


@pytest.mark.parametrize("strengths", [{"falloff": 1.0}, {"ground_colour": 1.0}])
def test_no_bit_of_the_face_changes(kept_scene: Scene, strengths: dict[str, float]) -> None:
    before, after = kept_scene.pixels, render(kept_scene, **strengths)
    face = kept_scene.region("face_skin") > 0.5
    assert np.array_equal(before[face], after[face])
    assert not np.array_equal(before, after)


def test_the_corners_fall_off_further_than_what_is_near(kept_scene: Scene) -> None:
    gain = falloff.build(kept_scene, Params())
    assert gain is not None
    where = behind(kept_scene)
    assert gain.stops.max() <= 0
    assert gain.stops.min() >= -1.91
    face = kept_scene.small_face
    y, x = np.mgrid[0 : where.shape[0], 0 : where.shape[1]]
    away = np.hypot(x - face.eyes[:, 0].mean(), y - face.eyes[:, 1].mean()) / face.ied
    far, near = away[where].max() - 0.5, away[where].min() + 0.5
    assert gain.stops[where & (away > far)].mean() < gain.stops[where & (away < near)].mean() - 0.1


def test_colour_behind_goes_both_ways(kept_scene: Scene) -> None:
    gain = ground_colour.build(kept_scene, Params())
    assert gain is not None
    where = behind(kept_scene)
    small = kept_scene.small

    def lab(strength: float) -> np.ndarray:
        return colour.p3_to_lab((small * np.exp2(strength * gain.stops)).astype(np.float32))[where]

    cool, own, warm = lab(-1.0), lab(0.0), lab(1.0)
    assert warm[:, 2].mean() > own[:, 2].mean() + 2
    assert cool[:, 2].mean() < own[:, 2].mean() - 2
    # A step of lightness would be falloff's business.
    assert abs(cool[:, 0].mean() - own[:, 0].mean()) < 1.5


def test_quieter_is_greyer(kept_scene: Scene) -> None:
    """Of a saturated ground less colour is left at -1, whatever its hue."""
    gain = ground_colour.build(kept_scene, Params())
    assert gain is not None
    where = behind(kept_scene)

    def saturation(pixels: np.ndarray) -> np.ndarray:
        return (pixels.max(-1) - pixels.min(-1)) / np.maximum(pixels.max(-1), 1e-4)

    strong = where & (saturation(kept_scene.small) > 0.45)
    if strong.sum() < 20:
        pytest.skip("no saturated ground in this photo")
    before = saturation(kept_scene.small)[strong].mean()
    assert saturation(kept_scene.small * np.exp2(-gain.stops))[strong].mean() < before


def test_painted_paper_is_not_touched(kept_scene: Scene) -> None:
    plain, asked = (render(kept_scene, backdrop="slate", **s) for s in ({}, {"falloff": 1.0}))
    ground = kept_scene.region("background") > 0.999
    assert np.array_equal(plain[ground], asked[ground])


def test_the_settings_differ_behind() -> None:
    """Warm, sober and expressive part by what stands behind, and the plain ones leave it."""
    behind = {n: load_setting(n).look().strengths for n in list_settings()}
    for name in ("default", "linkedin"):
        assert behind[name]["falloff"] == behind[name]["ground_colour"] == 0
    warm = [behind[n]["ground_colour"] for n in ("therapist", "nonprofit", "education")]
    sober = [behind[n]["ground_colour"] for n in ("finance-law", "corporate")]
    assert min(warm) > 0 > max(sober)
    moody = [behind[n]["falloff"] for n in ("actor", "author", "creative")]
    assert min(moody) > max(
        behind[n]["falloff"] for n in behind if n not in ("actor", "author", "creative")
    )
