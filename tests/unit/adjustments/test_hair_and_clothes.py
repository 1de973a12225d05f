"""Stray hairs and clothes: what fades, and what stays."""

from __future__ import annotations

import numpy as np
from drawing import render

from catchlight.adjustments.adjustment import REFINING
from catchlight.adjustments.catalogue import BY_NAME
from catchlight.adjustments.clothes import _find_creases, _find_lint
from catchlight.adjustments.stray_hair import _without_strands
from catchlight.analysis.scene import Scene
from catchlight.arrays import Float, as_float
from catchlight.look import Look
from catchlight.pixels import colour, powers

MM = 2.0


def change(scene: Scene, name: str) -> Float:
    """What an adjustment does alone, at full strength, in stops of luminance."""
    assert name in REFINING
    assert BY_NAME[name].default == 0
    none = dict.fromkeys(Look().strengths, 0.0)
    drawn = render(scene, Look(backdrop="keep", adjust=none | {name: 1.0}))
    before, after = (colour.luminance(p) + 2.0**-12 for p in (scene.pixels, drawn.pixels))
    return as_float(np.log2(after / before))


def test_single_hairs_fade_and_the_hair_stays(degraded_scene: Scene) -> None:
    scene = degraded_scene
    stops = change(scene, "stray_hair")
    log = powers.log2(np.maximum(scene.pixels, 2.0**-9))
    without, thin = _without_strands(log, max(1, round(0.7 * scene.face.px_per_mm)))
    zone = scene.region("outline")
    dark = as_float((without - log) @ colour.P3_LUMINANCE) > 0.1
    strand = (zone > 0.5) & (thin > 0.1) & dark
    assert strand.sum() > 20
    # Dark hairs before a lighter wall get lighter, by most of what they stood out.
    share = stops[strand] / thin[strand] / zone[strand]
    assert 0.4 < np.median(share) <= 0.80
    hair = (scene.region("hair") > 0.9) & (zone == 0)
    assert hair.sum() > 500
    assert np.abs(stops[hair]).max() < 1e-3
    face = scene.region("face_skin") > 0.5
    assert np.abs(stops[face]).max() < 1e-3


def test_clothes_change_nothing_but_clothes(degraded_scene: Scene) -> None:
    stops = change(degraded_scene, "clothes")
    assert np.abs(stops[degraded_scene.region("clothes") > 0.9]).max() > 0.02
    assert np.abs(stops[degraded_scene.region("face_skin") > 0.5]).max() < 0.02


def cloth(seed: int = 0) -> Float:
    """Log luminance of 80 x 80 mm of dark plain cloth."""
    return as_float(-4 + 0.01 * np.random.default_rng(seed).normal(size=(160, 160)))


def test_lint_is_found_on_plain_cloth_and_buttons_are_not() -> None:
    y = cloth()
    y[40:42, 40:42] += 0.8
    y[100:120, 100:120] += 0.8
    lint = _find_lint(y, MM)
    assert lint[40:42, 40:42].min() > 0.6
    assert np.abs(lint[106:114, 106:114]).max() < 0.05
    assert np.abs(lint[60:90, 20:60]).max() < 0.05


def test_weave_and_stripes_are_no_lint() -> None:
    y = cloth() + as_float(0.3 * np.sin(np.arange(160) * np.pi / 2))[None]
    y[40:42, 40:42] += 0.8
    assert np.abs(_find_lint(as_float(y), MM)).max() < 0.05


def test_a_crease_is_found_and_a_lapel_is_not() -> None:
    x = (np.arange(160) - 80) / MM
    crease = as_float(0.25 * np.exp(-((x / 3.0) ** 2)))[None] * np.ones((160, 1), np.float32)
    y = as_float(cloth() + crease)
    mask = np.ones_like(y)
    log = as_float(np.repeat(y[..., None], 3, 2))
    found = _find_creases(log, y, mask, MM)
    assert found[60:100, 78:82].mean() > 0.12
    # Another cloth: three stops lighter from a straight edge on.
    step = as_float(cloth() + 3.0 * (x > 0)[None])
    found = _find_creases(as_float(np.repeat(step[..., None], 3, 2)), step, mask, MM)
    assert np.abs(found[60:100, 60:100]).max() < 0.12
