"""What is done behind a sitter: falloff and colour of the photo's own ground."""

from __future__ import annotations

import numpy as np
import pytest

from catchlight.adjustments import falloff, ground_colour, ground_warmth
from catchlight.adjustments.adjustment import GROUNDS
from catchlight.adjustments.catalogue import BY_NAME
from catchlight.analysis.clearance import lie_in_shade, stand_clear
from catchlight.analysis.scene import Scene
from catchlight.look import Look
from catchlight.params import Params
from catchlight.pixels import colour, filters
from catchlight.setting import list_settings, load_setting
from catchlight.studio import develop


def render(scene: Scene, backdrop: str = "keep", **strengths: float) -> np.ndarray:
    zero = dict.fromkeys(BY_NAME, 0.0)
    return develop(scene, Look(backdrop=backdrop, adjust={**zero, **strengths})).pixels


def behind(scene: Scene) -> np.ndarray:
    clear = stand_clear(scene)
    assert clear.shape == scene.small.shape[:2]
    return clear > 0.4


def test_the_ground_is_what_changes(kept_scene: Scene) -> None:
    """Each by name, at its full strength, and every one of those that act behind the sitter."""
    made = (
        render(kept_scene, falloff=1.0),
        render(kept_scene, ground_warmth=1.0),
        render(kept_scene, ground_colour=1.0),
    )
    assert len(made) == len(GROUNDS)
    clear = kept_scene.region("person") < 0.01
    for after in made:
        assert np.abs(after - kept_scene.pixels)[clear].mean() > 1e-3


def test_shade_crosses_the_outline(kept_scene: Scene) -> None:
    """No pale rim stays: what is half wall is shaded as the wall is, and the inside is not."""
    shade, person = lie_in_shade(kept_scene), kept_scene.regions["person"]
    edge = np.abs(filters.blur(person, 1.0) - 0.5) < 0.1
    assert np.median(shade[edge]) > 0.9 * shade.max()
    deep = filters.blur(person, 4.0 * kept_scene.small_face.px_per_mm) > 0.999
    assert deep.any()
    assert shade[deep].max() < 0.01


@pytest.mark.parametrize("strengths", [{name: 1.0} for name in GROUNDS])
def test_no_bit_of_the_face_changes(kept_scene: Scene, strengths: dict[str, float]) -> None:
    before, after = kept_scene.pixels, render(kept_scene, **strengths)
    # Clear of the outline, where hair and ear are half ground.
    face = filters.blur(kept_scene.region("face_skin"), 3.0 * kept_scene.face.px_per_mm) > 0.98
    assert face.sum() > 1000
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


def lab_behind(scene: Scene, stops: np.ndarray) -> np.ndarray:
    after = scene.small * np.exp2(stops)
    return colour.p3_to_lab(after.astype(np.float32))[behind(scene)]


def test_warmth_behind_goes_both_ways(kept_scene: Scene) -> None:
    gain = ground_warmth.build(kept_scene, Params())
    assert gain is not None
    cool, own, warm = (lab_behind(kept_scene, s * gain.stops) for s in (-1.0, 0.0, 1.0))
    assert warm[:, 2].mean() > own[:, 2].mean() + 2
    assert cool[:, 2].mean() < own[:, 2].mean() - 2
    # A step of lightness would be falloff's business.
    assert abs(cool[:, 0].mean() - own[:, 0].mean()) < 1.5


def test_colour_behind_is_fuller_or_quieter(kept_scene: Scene) -> None:
    gain = ground_colour.build(kept_scene, Params())
    assert gain is not None
    chroma = [
        np.hypot(*lab_behind(kept_scene, s * gain.stops)[:, 1:].T).mean() for s in (-1.0, 0.0, 1.0)
    ]
    assert chroma[0] < 0.6 * chroma[1]
    assert chroma[2] > 1.1 * chroma[1]


def test_painted_paper_is_not_touched(kept_scene: Scene) -> None:
    plain, asked = (render(kept_scene, backdrop="slate", **s) for s in ({}, {"falloff": 1.0}))
    # Clear of the outline, round which the ground's light is laid.
    clear = filters.blur(kept_scene.region("background"), 3.0 * kept_scene.face.px_per_mm)
    ground = clear > 0.999
    assert ground.sum() > 1000
    assert np.array_equal(plain[ground], asked[ground])


def test_the_settings_differ_behind() -> None:
    """Warm, sober and expressive part by what stands behind, and the plain ones leave it."""
    found = {name: load_setting(name).look().strengths for name in list_settings()}
    for name in ("default", "linkedin"):
        assert all(found[name][of] == 0 for of in GROUNDS)
    families = {
        "warm": ("therapist", "nonprofit", "education"),
        "sober": ("finance-law", "corporate"),
        "expressive": ("actor", "author", "creative"),
    }

    def values(family: str, of: str) -> list[float]:
        return [found[name][of] for name in families[family]]

    assert min(values("warm", "ground_warmth")) > max(values("sober", "ground_warmth"))
    assert max(values("sober", "ground_colour")) < min(values("warm", "ground_colour"))
    assert min(values("expressive", "falloff")) > max(values("sober", "falloff"))
    assert max(values("warm", "falloff")) == 0
