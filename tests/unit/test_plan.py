"""The plan: plain data that draws the same wherever it is drawn, at any size, from any copy."""

from __future__ import annotations

import io
import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
import sitter
from drawing import plan, session_of

from catchlight.adjustments.adjustment import MANUAL
from catchlight.adjustments.catalogue import NAMES
from catchlight.analysis.light import lighting
from catchlight.analysis.scene import Scene
from catchlight.layer import Layer
from catchlight.look import Look
from catchlight.pixels import filters
from catchlight.plan import Plan
from catchlight.render import render
from catchlight.studio.recent import Recent
from catchlight.studio.session import Session

# A stop of brightness by hand would only scale what is compared.
ALL = {name: 1.0 for name in NAMES if name not in MANUAL}


def look(backdrop: str = "studio-warm", **choices: object) -> Look:
    return Look(backdrop=backdrop, adjust=ALL, **{"light": "split", "lens": 0.3, **choices})


@pytest.mark.parametrize("backdrop", ["keep", "blur", "charcoal", "#336699"])
def test_a_plan_travels(backdrop: str, degraded_scene: Scene) -> None:
    """Through bytes and through pickle: the same picture, bit for bit, and no Scene behind it."""
    drawn = plan(degraded_scene, look(backdrop))
    want = render(drawn, ALL)
    for copy in (Plan.from_bytes(drawn.to_bytes()), pickle.loads(pickle.dumps(drawn))):
        got = render(copy, ALL)
        assert np.array_equal(got.pixels, want.pixels)
        assert got.applied == want.applied
    # Before painted paper there is no ground of the photo's with single hairs in it.
    paper = drawn.ground is not None and not drawn.ground.is_photo
    assert set(want.applied) == set(ALL) - ({"stray_hair"} if paper else set())


def test_a_plan_of_another_version_is_refused(degraded_scene: Scene) -> None:
    with np.load(io.BytesIO(plan(degraded_scene, look("keep")).to_bytes())) as found:
        arrays = dict(found)
    header = json.loads(arrays["header"].tobytes())
    arrays["header"] = np.frombuffer(json.dumps(header | {"version": 99}).encode(), np.uint8)
    out = io.BytesIO()
    np.savez(out, **arrays)
    with pytest.raises(ValueError, match="version 99"):
        Plan.from_bytes(out.getvalue())


def test_layers_are_half_floats_under_their_masks(degraded_scene: Scene) -> None:
    drawn = plan(degraded_scene, look("keep"))
    for layer in drawn.layers:
        x0, y0, x1, y1 = layer.box
        assert layer.stops.dtype == np.float16
        assert layer.stops.shape[:2] == (y1 - y0, x1 - x0)
    # Where the face crop's regions end, their layers do: the box is smaller than the grid.
    faces = [x for x in drawn.layers if x.grid == degraded_scene.face_grid]
    assert len(faces) >= 6
    assert all(x.stops.shape[0] < x.grid.height for x in faces)


@pytest.mark.parametrize("backdrop", ["keep", "blur", "studio-warm"])
def test_a_smaller_plan_shows_the_same(backdrop: str, degraded_scene: Scene) -> None:
    """Half the size against the whole picture averaged: 1 code in the mean of all adjustments."""
    drawn = plan(degraded_scene, look(backdrop))
    small = drawn.resized(max(drawn.size) // 2)
    w, h = small.size
    here = sitter.to_codes(render(small, ALL).pixels)
    there = sitter.to_codes(filters.resize(render(drawn, ALL).pixels, w, h))
    off = np.abs(here - there)
    assert off.mean() < 0.6, off.mean()
    # A lift that leaves black alone and a sharpening held by what is close by bend at pixels: 4.3.
    assert np.percentile(off, 99) < 4.5, np.percentile(off, 99)
    assert drawn.resized(10 * max(drawn.size)) is drawn


def test_strengths_left_out_are_none(degraded_scene: Scene) -> None:
    drawn = plan(degraded_scene, look("keep"))
    assert np.array_equal(render(drawn, {}).pixels, drawn.base)
    one = render(drawn, {"contrast": 0.5})
    assert set(one.applied) == {"contrast"}
    largest = next(x.most for x in drawn.layers if x.name == "contrast")
    assert one.applied["contrast"] == pytest.approx(0.5 * largest)


def test_a_choice_builds_what_it_touches_and_nothing_else(degraded_scene: Scene) -> None:
    session = Session(degraded_scene)
    first = session.layers(look())
    other = session.layers(look(light="butterfly", lens=0.5, keep=("l30d40",)))
    for name in ALL:
        changed = name in ("key_light", "lens", "blemishes")
        assert (other.get(name) is first[name]) != changed, name
    again = session.layers(look())
    assert all(again[name] is first[name] for name in ALL)


def test_the_light_is_measured_once_whatever_is_tried(
    degraded_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = []
    estimate = lighting.estimate_light
    monkeypatch.setattr(lighting, "estimate_light", lambda *a: count.append(1) or estimate(*a))
    scene = replace(degraded_scene)
    session = Session(scene)
    for pattern in ("loop", "split", "rembrandt"):
        session.layers(look(light=pattern))
    assert len(count) == 1


def test_what_a_session_keeps_is_bounded(degraded_scene: Scene) -> None:
    kept: Recent[int] = Recent(3)
    made: list[int] = []
    for key in (1, 2, 3, 1, 4, 1, 2):
        kept.get(key, lambda key=key: made.append(key) or key)
    # 1 was used again and stayed; 2 had gone for 4 and was made once more.
    assert made == [1, 2, 3, 4, 2]
    assert list(kept.kept) == [4, 1, 2]
    session = session_of(degraded_scene)
    for strength in range(5):
        session.plan(look(f"#{strength}{strength}{strength}000"))
    assert len(session.developer._plans.kept) <= 2


def test_the_layers_of_a_plan_are_shared_not_copied(degraded_scene: Scene) -> None:
    session = session_of(degraded_scene)
    a, b = session.plan(look("white")), session.plan(look("navy"))
    assert all(x is y for x, y in zip(a.layers, b.layers, strict=True))
    assert all(isinstance(x, Layer) for x in a.layers)
