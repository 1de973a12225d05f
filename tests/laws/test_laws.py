"""Laws that every adjustment obeys. A new row is tested before its author writes a test.

On the degraded sitter (flat, side-lit, tinted, dark) every adjustment must have something to do: a
law that is never put to the test would hold of anything.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sitter

from catchlight.adjustments.catalogue import BY_NAME, CATALOGUE, NAMES
from catchlight.adjustments.edit import Adjustment, Edit, Gain, Warp
from catchlight.analysis.parts import regions
from catchlight.analysis.scene import Scene, build_scene
from catchlight.analysis.subject import Subject, plan_frame
from catchlight.look import Look
from catchlight.pixels import blend, colour, filters, geometry
from catchlight.render import _from_chart, build_edits, render, sum_stops, sum_warps


@pytest.fixture(scope="session")
def degraded_scene(degraded_scene: Scene) -> Scene:
    """The degraded sitter, and from too near: then the lens has something to do as well."""
    return sitter.bring_near(degraded_scene)


each = pytest.mark.parametrize("adjustment", CATALOGUE, ids=NAMES)


def only(adjustment: Adjustment | None, strength: float = 1.0, backdrop: str = "keep") -> Look:
    """A Look with one adjustment and nothing else."""
    strengths = dict.fromkeys(NAMES, 0.0)
    if adjustment is not None:
        strengths[adjustment.name] = strength
    return Look(backdrop=backdrop, adjust=strengths, light="split")


def amounts(edit: Edit) -> np.ndarray:
    """What an edit holds: stops, of a warp millimetres."""
    return edit.stops if isinstance(edit, Gain) else edit.field


def gains_only(edits: dict[str, Edit]) -> dict[str, Edit]:
    return {name: edit for name, edit in edits.items() if isinstance(edit, Gain)}


def everything(backdrop: str = "keep") -> Look:
    return Look(backdrop=backdrop, adjust=dict.fromkeys(NAMES, 1.0), light="split")


def stops_between(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """What a gain did, in stops, as the renderer counts them."""
    return np.log2((after + blend.EPSILON) / (before + blend.EPSILON))


def test_the_catalogue_is_sound() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 4
    for a in CATALOGUE:
        assert a.region in regions.NAMES
        assert a.low in (0, -1)
        assert a.low <= a.default <= 1
        assert a.text.endswith(".")


@each
def test_it_has_something_to_do_on_the_degraded_sitter(
    adjustment: Adjustment, degraded_scene: Scene
) -> None:
    edit = adjustment.build(degraded_scene)
    assert edit is not None, "the laws below would hold of nothing"
    # A hundredth of a stop: in a photo this soft and flat, fine contrast has no more to give.
    assert np.abs(amounts(edit)).max() > 0.01


@each
def test_strength_0_is_the_input_bit_for_bit(adjustment: Adjustment, degraded_scene: Scene) -> None:
    out = render(degraded_scene, only(adjustment, 0.0))
    assert np.array_equal(out.pixels, degraded_scene.pixels)
    assert out.applied == {}


@pytest.mark.parametrize("which", ["astronaut_scene", "kept_scene", "degraded_scene"])
def test_all_strengths_0_keep_every_scene(which: str, request: pytest.FixtureRequest) -> None:
    scene = request.getfixturevalue(which)
    edits = build_edits(scene, everything())
    assert edits
    out = render(scene, only(None), edits=edits)
    assert np.array_equal(out.pixels, scene.pixels)


@each
def test_outside_its_mask_nothing_changes(adjustment: Adjustment, degraded_scene: Scene) -> None:
    if adjustment.region == "all":
        assert degraded_scene.region("all").min() == 1, "all is everywhere: nothing is outside"
        return
    scene = replace_region(degraded_scene, adjustment, degraded_scene.regions["face_skin"])
    edit = adjustment.build(scene)
    assert edit is not None
    out = render(scene, only(adjustment)).pixels
    mask = scene.region(adjustment.region)
    assert isinstance(edit, Gain), "a warp is masked by nothing: it would tear"
    if edit.on_chart:
        mask = _from_chart(scene, scene.face_crop.regions[adjustment.region])
    outside = mask == 0
    assert 0.05 < outside.mean() < 1
    assert np.array_equal(out[outside], scene.pixels[outside])
    assert not np.array_equal(out[mask > 0.9], scene.pixels[mask > 0.9])


def test_where_the_gain_is_0_nothing_changes(degraded_scene: Scene) -> None:
    """To the bit, also in a pixel whose neighbours are changed."""
    stops = np.zeros(degraded_scene.pixels.shape[:2], np.float32)
    stops[:, ::2] = 0.37
    out = blend.apply_stops(degraded_scene.pixels, stops)
    assert np.array_equal(out[:, 1::2], degraded_scene.pixels[:, 1::2])
    assert not np.array_equal(out[:, ::2], degraded_scene.pixels[:, ::2])


def replace_region(scene: Scene, adjustment: Adjustment, mask: np.ndarray) -> Scene:
    """The Scene with ``adjustment``'s region confined to ``mask`` (unless it is everywhere)."""
    if adjustment.region in ("all", "person", "background"):
        return scene
    own = scene.regions[adjustment.region] * mask
    parts = replace(scene.regions, masks={**scene.regions.masks, adjustment.region: own})
    return replace(scene, regions=parts)


@each
def test_the_change_grows_with_strength_and_linearly(
    adjustment: Adjustment, degraded_scene: Scene
) -> None:
    scene = degraded_scene
    edits = build_edits(scene, only(adjustment))
    steps = (0.25, 0.5, 1.0)
    if isinstance(edits[adjustment.name], Warp):
        fields = [render(scene, only(adjustment, s), edits=edits).warp for s in steps]
        for s, field in zip(steps, fields, strict=True):
            assert np.abs(field - s * fields[-1]).max() < 1e-4  # mm
        drawn = [render(scene, only(adjustment, s), edits=edits).pixels for s in steps]
        sizes = [float(np.abs(d - scene.pixels).mean()) for d in drawn]
        assert 0 < sizes[0] < sizes[1] < sizes[2], sizes
        return
    made = [
        stops_between(scene.pixels, render(scene, only(adjustment, s), edits=edits).pixels)
        for s in steps
    ]
    sizes = [float(np.abs(m).mean()) for m in made]
    assert 0 < sizes[0] < sizes[1] < sizes[2], sizes
    # What a gain takes to exactly 0 has lost its stops.
    seen = scene.pixels > 1e-3
    for s, m in zip(steps, made, strict=True):
        off = float(np.abs(m - s * made[-1])[seen].max())
        assert off < 1e-3, f"{off:.4f} stops off linear at strength {s}"


def test_a_signed_adjustment_also_goes_the_other_way(degraded_scene: Scene) -> None:
    """Stops at -1 are those at 1 with their sign turned; what is not signed refuses."""
    signed = [a for a in CATALOGUE if a.low < 0]
    assert signed
    for a in CATALOGUE:
        if a not in signed:
            with pytest.raises(ValueError, match="between 0 and 1"):
                only(a, -0.5)
            continue
        more, _ = sum_stops(degraded_scene, only(a), build_edits(degraded_scene, only(a)))
        less, said = sum_stops(
            degraded_scene, only(a, -1), build_edits(degraded_scene, only(a, -1))
        )
        assert np.array_equal(more, -less)
        assert said[a.name] > 0


@each
def test_a_mirrored_sitter_gives_the_mirrored_picture(
    adjustment: Adjustment, degraded_scene: Scene
) -> None:
    mirrored = sitter.mirror(degraded_scene)
    here = render(degraded_scene, only(adjustment)).pixels
    there = render(mirrored, only(adjustment)).pixels[:, ::-1]
    off = np.abs(sitter.to_codes(here) - sitter.to_codes(there))
    # Polygons are drawn to 1/16 pixel, so the fixed sites differ by a few pixels.
    # A warp's sources are rounded to 1/32 pixel, which a mirror rounds the other way.
    most = 1.5 if adjustment.name == "lens" else 0.5
    assert off.max() < most, f"{off.max():.3f} codes at worst, mean {off.mean():.4f}"
    if adjustment.name in ("white_balance", "exposure", "shadows", "contrast", "lens"):
        assert not np.array_equal(here, degraded_scene.pixels)


def test_the_mirror_mirrors(degraded_scene: Scene) -> None:
    """The mirror itself: the key changes sides, the mesh still lies on the face."""
    mirrored = sitter.mirror(degraded_scene)
    assert mirrored.key.side == pytest.approx(-degraded_scene.key.side, abs=0.02)
    assert abs(mirrored.key.side) > 0.5
    right, left = mirrored.face.eyes
    assert right[0] < left[0]
    w = degraded_scene.pixels.shape[1]
    assert right[0] == pytest.approx(w - 1 - degraded_scene.face.eyes[1, 0])


@pytest.fixture(scope="session")
def two_sizes(degraded_subject: Subject) -> tuple[Scene, Scene]:
    """The degraded sitter at 1280 x 1600 and as a preview of 640 x 800, built from the photo."""
    frame = plan_frame(degraded_subject, "headshot", size=1600, stay_inside=True)
    full = build_scene(degraded_subject, frame, engine="fast")
    preview = build_scene(degraded_subject, frame.at(800), engine="fast")
    return tuple(sitter.bring_near(sitter.sharpen(scene)) for scene in (full, preview))


@pytest.fixture(scope="session", params=[800, 640, 400])
def smaller(
    request: pytest.FixtureRequest, degraded_subject: Subject, two_sizes: tuple[Scene, Scene]
) -> Scene:
    """Previews down to less than the measuring picture: what is measured may not change."""
    if request.param == 800:
        return two_sizes[1]
    frame = two_sizes[0].frame.at(request.param)
    scene = build_scene(degraded_subject, frame, engine="fast")
    return sitter.bring_near(sitter.sharpen(scene))


@each
def test_a_preview_shows_the_full_change(
    adjustment: Adjustment, smaller: Scene, two_sizes: tuple[Scene, Scene]
) -> None:
    assert_same_change(two_sizes[0], smaller, only(adjustment))


def test_a_preview_shows_every_change(two_sizes: tuple[Scene, Scene]) -> None:
    assert_same_change(*two_sizes, everything())


@pytest.mark.parametrize("backdrop", ["keep", "blur", "#808890"])
def test_a_preview_shows_the_full_render(backdrop: str, two_sizes: tuple[Scene, Scene]) -> None:
    """The whole picture, resampling included: 0.5 codes in the mean, 2.5 at the 99th percentile.

    The 1/255 of the house holds for the adjustments (above). It cannot for the photo itself:
    Lanczos at one size and an area average of Lanczos at another differ by 1 to 2.5 codes on the
    hundredth of pixels that lie on hard edges, before anything is adjusted.
    """
    full, preview = two_sizes
    h, w = preview.pixels.shape[:2]
    look = everything(backdrop)
    here = sitter.to_codes(render(preview, look).pixels)
    there = sitter.to_codes(filters.resize(render(full, look).pixels, w, h))
    assert_close(here, there, p99=2.5, mean=0.5)


def assert_same_change(full: Scene, preview: Scene, look: Look) -> None:
    """The preview's gains against the full render's, averaged, both on the preview's pixels."""
    h, w = preview.pixels.shape[:2]
    assert_same_warp(full, preview, look)
    if all(look.strengths[n] == 0 for n in gains_only(build_edits(full, look))):
        return
    small, _ = sum_stops(preview, look, build_edits(preview, look))
    large, _ = sum_stops(full, look, build_edits(full, look))
    assert small is not None or large is not None
    nothing = np.zeros((h, w), np.float32)
    small, large = (nothing if s is None else s for s in (small, large))
    if large.shape[:2] != (1, 1):
        large = filters.resize(large, w, h)
    here = sitter.to_codes(blend.apply_stops(preview.pixels, small))
    there = sitter.to_codes(blend.apply_stops(preview.pixels, large))
    assert_close(here, there, p99=1.0, mean=0.5)


def assert_same_warp(full: Scene, preview: Scene, look: Look) -> None:
    """The preview moves what the full render moves: to a tenth of the preview's pixel, 0.1 mm."""
    small, _ = sum_warps(preview, look, build_edits(preview, look))
    large, _ = sum_warps(full, look, build_edits(full, look))
    assert (small is None) == (large is None) == (look.strengths["lens"] == 0)
    if small is None or large is None:
        return
    off = np.abs(filters.resize(large, small.shape[1], small.shape[0]) - small)
    assert np.abs(large).max() > 3
    assert off.max() < 0.1, f"{off.max():.3f} mm"
    assert off.max() * preview.face.px_per_mm < 0.1


def assert_close(here: np.ndarray, there: np.ndarray, *, p99: float, mean: float) -> None:
    """Two pictures in sRGB codes."""
    off = np.abs(here - there)
    worst = float(np.percentile(off, 99))
    said = f"codes: mean {off.mean():.3f}, 99th percentile {worst:.3f}, worst {off.max():.1f}"
    assert off.mean() <= mean, said
    assert worst <= p99, said


@pytest.mark.parametrize("backdrop", ["keep", "blur", "studio-warm", "white", "#336699"])
def test_nothing_it_reads_is_written_to(backdrop: str, degraded_scene: Scene) -> None:
    scene = replace(sitter.freeze(degraded_scene))  # read-only arrays: a write raises
    before = scene.pixels.copy()
    out = render(scene, everything(backdrop)).pixels
    assert np.array_equal(scene.pixels, before)
    assert not np.shares_memory(out, scene.pixels)


@each
def test_an_edit_has_the_shape_of_the_house(adjustment: Adjustment, degraded_scene: Scene) -> None:
    edit = adjustment.build(degraded_scene)
    assert edit is not None
    if isinstance(edit, Warp):
        assert edit.field.dtype == np.float32
        assert edit.field.shape == (*degraded_scene.small.shape[:2], 2)
        assert np.isfinite(edit.field).all()
        assert np.abs(edit.field).max() < 25  # mm
        return
    over = degraded_scene.face_crop if edit.on_chart else degraded_scene
    h, w = over.pixels.shape[:2]
    stops = edit.stops
    assert stops.dtype in (np.float32, np.float16)
    assert stops.ndim in (2, 3)
    assert stops.ndim == 2 or stops.shape[2] == 3
    coarse = degraded_scene.small.shape[:2]
    allowed = ((h, w),) if edit.on_chart else ((h, w), coarse, (1, 1))
    assert stops.shape[:2] in allowed
    assert np.isfinite(stops).all()
    assert np.abs(stops).max() <= 3


@pytest.mark.parametrize("backdrop", ["keep", "blur", "charcoal", "white", "#336699"])
@pytest.mark.parametrize("which", ["astronaut_scene", "degraded_scene"])
def test_a_render_is_finite_linear_light(
    which: str, backdrop: str, request: pytest.FixtureRequest
) -> None:
    scene = request.getfixturevalue(which)
    out = render(scene, everything(backdrop)).pixels
    assert out.dtype == np.float32
    assert out.shape == scene.pixels.shape
    assert np.isfinite(out).all()
    assert out.min() >= 0


@pytest.fixture(scope="session")
def carded_scene(degraded_scene: Scene) -> tuple[Scene, dict[str, np.ndarray]]:
    """The degraded sitter with neutral grey cards: on the wall, on the chest, on the shaded cheek.

    The regions stay as they are, so that even what works on skin alone meets a card.
    """
    pixels = degraded_scene.pixels.copy()
    h, w = pixels.shape[:2]
    face = degraded_scene.face
    half = max(4, round(0.18 * face.ied))
    cheek = face.points[330].astype(int)
    places = {
        "wall": (half + 4, h // 4),
        "chest": (int(face.points[152, 0]), h - half - 8),
        "cheek": (int(cheek[0]), int(cheek[1])),
    }
    cards = {}
    for name, (x, y) in places.items():
        mask = np.zeros((h, w), bool)
        mask[max(0, y - half) : y + half, max(0, x - half) : x + half] = True
        pixels[mask] = 0.08
        cards[name] = mask
    return sitter.refresh(degraded_scene, pixels, parts=degraded_scene.regions), cards


@each
def test_a_grey_card_stays_grey(
    adjustment: Adjustment, carded_scene: tuple[Scene, dict[str, np.ndarray]]
) -> None:
    if adjustment.about_colour:
        pytest.skip(f"{adjustment.name} is about colour")
    scene, cards = carded_scene
    if isinstance(adjustment.build(scene), Warp):
        # It moves the cards' edges; of one grey it can make no other.
        grey = replace(scene, pixels=np.full_like(scene.pixels, 0.18))
        out = render(grey, only(adjustment)).pixels
        assert np.abs(out - 0.18).max() < 1e-5
        return
    out = render(scene, only(adjustment)).pixels
    touched = 0.0
    for name, card in cards.items():
        before, after = colour.p3_to_lab(scene.pixels[card]), colour.p3_to_lab(out[card])
        moved = np.abs(after - before)[:, 1:].max()
        touched = max(touched, float(np.abs(after - before)[:, 0].max()))
        assert moved < 0.3, f"the card on the {name} moved by {moved:.2f} in a* or b*"
    assert touched > 0.1, "no card was changed at all, so none could have been tinted"


def test_order_does_not_matter(degraded_scene: Scene) -> None:
    scene = degraded_scene
    edits = build_edits(scene, everything())
    assert set(edits) == set(NAMES)
    gains = gains_only(edits)
    together = stops_between(scene.pixels, render(scene, everything(), edits=gains).pixels)
    rng = np.random.default_rng(5)
    for _ in range(3):
        total = np.zeros_like(scene.pixels)
        for name in rng.permutation(list(gains)):
            one = render(scene, only(BY_NAME[name]), edits={name: gains[name]}).pixels
            total += stops_between(scene.pixels, one)
        # Pixels that a gain takes to exactly 0 have lost their stops.
        seen = scene.pixels > 1e-3
        assert np.abs(together - total)[seen].max() < 2e-3
    shuffled = {NAMES[i]: edits[NAMES[i]] for i in rng.permutation(len(NAMES))}
    again = render(scene, everything(), edits=shuffled).pixels
    assert np.array_equal(again, render(scene, everything(), edits=edits).pixels)


@each
def test_it_does_not_know_strength_or_order(adjustment: Adjustment, degraded_scene: Scene) -> None:
    """Built twice, and after the others were built, an edit is the same to the bit."""
    first = adjustment.build(degraded_scene)
    for other in reversed(CATALOGUE):
        other.build(degraded_scene)
    second = adjustment.build(degraded_scene)
    assert first is not None
    assert second is not None
    assert np.array_equal(amounts(first), amounts(second))


def test_frame_and_preview_cover_the_same(two_sizes: tuple[Scene, Scene]) -> None:
    full, preview = two_sizes
    corners = np.array([[-0.5, -0.5], [full.frame.width - 0.5, full.frame.height - 0.5]])
    ends = np.array([[-0.5, -0.5], [preview.frame.width - 0.5, preview.frame.height - 0.5]])
    a = geometry.apply(geometry.invert(full.frame.transform), corners)
    b = geometry.apply(geometry.invert(preview.frame.transform), ends)
    assert np.abs(a - b).max() < 0.01
