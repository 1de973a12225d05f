"""Laws that every adjustment obeys. A new row is tested before its author writes a test.

On the degraded sitter (flat, side-lit, tinted, dark) every adjustment must have something to do: a
law that is never put to the test would hold of anything.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest
import sitter
from drawing import layers, plan, render, sum_stops, sum_warps

from catchlight.adjustments.adjustment import GLOBAL, MANUAL, Adjustment
from catchlight.adjustments.catalogue import CATALOGUE, NAMES
from catchlight.adjustments.choices import Choices
from catchlight.adjustments.edit import Edit, Gain, Warp
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.light.key import measure_reach
from catchlight.analysis.light.lighting import Lighting
from catchlight.analysis.parts import regions
from catchlight.analysis.parts.regions import Regions
from catchlight.analysis.scene import LIT, Scene
from catchlight.analysis.study import build_scene
from catchlight.analysis.subject import Subject
from catchlight.arrays import Mask, as_float
from catchlight.layer import lay
from catchlight.look import Look
from catchlight.pixels import blend, colour, filters, geometry
from catchlight.plan import plan_scene
from catchlight.render import render as render_plan

#: What a person says beside strengths: another light, a photo from too near, another cloth.
CHOICES = {"light": "split", "lens": 0.3, "garment": "navy"}
each = pytest.mark.parametrize("adjustment", CATALOGUE, ids=NAMES)


def only(adjustment: Adjustment | None, strength: float = 1.0, backdrop: str = "keep") -> Look:
    """A Look with one adjustment and nothing else."""
    strengths = dict.fromkeys(NAMES, 0.0)
    if adjustment is not None:
        strengths[adjustment.name] = strength
    return Look(backdrop=backdrop, adjust=strengths, **CHOICES)


def built(adjustment: Adjustment, scene: Scene) -> Edit:
    """The adjustment's edit of a scene, made anew."""
    edit = adjustment.build(scene, everything().params_of(adjustment))
    assert edit is not None
    return edit


def amounts(edit: Edit) -> np.ndarray:
    """What an edit holds: stops, of a warp millimetres."""
    return edit.stops if isinstance(edit, Gain) else edit.field


def everything(backdrop: str = "keep") -> Look:
    """All that is done unasked; a stop of brightness by hand would only scale what is compared."""
    adjust = {name: 1.0 for name in NAMES if name not in MANUAL}
    return Look(backdrop=backdrop, adjust=adjust, **CHOICES)


def stops_between(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """What a gain did, in stops, as the renderer counts them."""
    return np.log2((after + blend.EPSILON) / (before + blend.EPSILON))


def test_the_catalogue_is_sound() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 4
    for a in CATALOGUE:
        assert (a.region == "all") == (a.name in GLOBAL)
        assert a.region in (*regions.NAMES, *LIT)
        assert issubclass(Choices, a.params)
        assert a.low in (0, -1)
        assert a.low <= a.default <= 1
        assert a.text.endswith(".")


@each
def test_it_has_something_to_do_on_the_degraded_sitter(
    adjustment: Adjustment, degraded_scene: Scene
) -> None:
    layer = layers(degraded_scene, only(adjustment)).get(adjustment.name)
    assert layer is not None, "the laws below would hold of nothing"
    # A hundredth of a stop: in a photo this soft and flat, fine contrast has no more to give.
    assert layer.most > 0.01


@each
def test_strength_0_is_the_input_bit_for_bit(adjustment: Adjustment, degraded_scene: Scene) -> None:
    out = render(degraded_scene, only(adjustment, 0.0))
    assert np.array_equal(out.pixels, degraded_scene.pixels)
    assert out.applied == {}


@pytest.mark.parametrize("which", ["astronaut_scene", "kept_scene", "degraded_scene"])
def test_all_strengths_0_keep_every_scene(which: str, request: pytest.FixtureRequest) -> None:
    scene = request.getfixturevalue(which)
    whole = plan(scene, everything())
    assert whole.layers
    out = render_plan(whole, only(None).strengths)
    assert np.array_equal(out.pixels, scene.pixels)


@dataclass(frozen=True, eq=False)
class HalfLit(Lighting):
    """The same lighting, which reaches the left half of the picture only."""

    @property
    def reach(self) -> Mask:
        return measure_reach(self.regions, self.known, self.face) * left_half(self.regions["eyes"])

    @property
    def modelled(self) -> Mask:
        return as_float((1 - self.regions["eyes"]) * left_half(self.regions["eyes"]))


def left_half(mask: Mask) -> Mask:
    """1 on the left half, 0 beyond."""
    out = np.zeros_like(mask)
    out[:, : mask.shape[1] // 2] = 1
    return out


def confine(scene: Scene) -> Scene:
    """The scene with every region but the whole confined to the left half of its picture."""

    def half(found: Regions) -> Regions:
        masks = {k: v * left_half(v) for k, v in found.masks.items() if k != "all"}
        return replace(found, masks={**found.masks, **masks})

    lit = {f.name: getattr(scene.lighting, f.name) for f in fields(Lighting)}
    crop = replace(scene.face_crop, parts=half(scene.face_crop.regions))
    return replace(scene, regions=half(scene.regions), face_crop=crop, lit=HalfLit(**lit))


@pytest.fixture(scope="session")
def confined(degraded_scene: Scene) -> Scene:
    return confine(degraded_scene)


@pytest.mark.parametrize(
    "adjustment", [a for a in CATALOGUE if a.name not in GLOBAL], ids=lambda a: a.name
)
def test_outside_its_mask_nothing_changes(
    adjustment: Adjustment, degraded_scene: Scene, confined: Scene
) -> None:
    """The edit of the whole picture under confined masks: beyond them, not a bit changes."""
    laid = lay(confined, adjustment, built(adjustment, degraded_scene))
    assert laid is not None
    out = render_plan(plan_scene(confined, {adjustment.name: laid}, None), {adjustment.name: 1.0})
    grid = laid.grid
    mask = confined.region_on(adjustment.region, grid)
    box = (0, 0, grid.width, grid.height)
    h, w = confined.pixels.shape[:2]
    (x0, y0, x1, y1), carried = grid.carry((mask > 0).astype(np.float32), box, w, h)
    there = np.zeros((h, w), bool)
    there[y0:y1, x0:x1] = carried > 0
    changed = (out.pixels != confined.pixels).any(axis=2)
    assert changed.any()
    assert 0.05 < (~there).mean() < 1
    assert not changed[~there].any()


def test_what_names_no_region_is_global() -> None:
    """Every adjustment but the listed ones lies under a mask: there is no third kind."""
    assert {a.name for a in CATALOGUE if a.region == "all"} == set(GLOBAL)


def test_where_the_gain_is_0_nothing_changes(degraded_scene: Scene) -> None:
    """To the bit, also in a pixel whose neighbours are changed."""
    stops = np.zeros(degraded_scene.pixels.shape[:2], np.float32)
    stops[:, ::2] = 0.37
    out = blend.apply_stops(degraded_scene.pixels, stops)
    assert np.array_equal(out[:, 1::2], degraded_scene.pixels[:, 1::2])
    assert not np.array_equal(out[:, ::2], degraded_scene.pixels[:, ::2])


@each
def test_the_change_grows_with_strength_and_linearly(
    adjustment: Adjustment, degraded_scene: Scene
) -> None:
    scene = degraded_scene
    steps = (0.25, 0.5, 1.0)
    if adjustment.unit == "mm":
        moved = [render(scene, only(adjustment, s)).warp for s in steps]
        for s, field in zip(steps, moved, strict=True):
            assert np.abs(field - s * moved[-1]).max() < 1e-4  # mm
        drawn = [render(scene, only(adjustment, s)).pixels for s in steps]
        sizes = [float(np.abs(d - scene.pixels).mean()) for d in drawn]
        assert 0 < sizes[0] < sizes[1] < sizes[2], sizes
        return
    made = [stops_between(scene.pixels, render(scene, only(adjustment, s)).pixels) for s in steps]
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
        more, _ = sum_stops(degraded_scene, only(a))
        less, said = sum_stops(degraded_scene, only(a, -1))
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
    if adjustment.name in ("shadows", "key_light", "light_colour"):
        # Which of two neighbouring lamps the fit lights can hang on a rounding: a code or two at
        # the foot of a cast shadow, and nothing anywhere else.
        assert (off.max(axis=2) > most).mean() < 0.03
        assert off.mean() < 0.03
        most = 2.0
    if adjustment.name == "garment_colour":
        # A cloth is told by those sites: two thousandths of the pixels, at its rim, may go to the
        # other side, at the whole change of colour.
        assert (off.max(axis=2) > most).mean() < 2e-3
        return
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
    return tuple(sitter.sharpen(scene) for scene in (full, preview))


@pytest.fixture(scope="session", params=[800, 640, 400])
def smaller(
    request: pytest.FixtureRequest, degraded_subject: Subject, two_sizes: tuple[Scene, Scene]
) -> Scene:
    """Previews down to less than the measuring picture: what is measured may not change."""
    if request.param == 800:
        return two_sizes[1]
    frame = two_sizes[0].frame.at(request.param)
    scene = build_scene(degraded_subject, frame, engine="fast")
    return sitter.sharpen(scene)


@each
def test_a_preview_shows_the_full_change(
    adjustment: Adjustment, smaller: Scene, two_sizes: tuple[Scene, Scene]
) -> None:
    assert_same_change(two_sizes[0], smaller, only(adjustment))


def test_a_preview_shows_every_change(two_sizes: tuple[Scene, Scene]) -> None:
    assert_same_change(*two_sizes, everything())


@pytest.mark.parametrize("backdrop", ["keep", "blur", "#808890"])
def test_a_preview_shows_the_full_render(backdrop: str, two_sizes: tuple[Scene, Scene]) -> None:
    """The whole picture, resampling included: 0.5 codes in the mean, 3 at the 99th percentile.

    The 1/255 of the house holds for the adjustments (above). It cannot for the photo itself:
    Lanczos at one size and an area average of Lanczos at another differ by 1 to 3 codes on the
    hundredth of pixels that lie on hard edges, such as single hairs, before anything is adjusted.
    """
    full, preview = two_sizes
    h, w = preview.pixels.shape[:2]
    look = everything(backdrop)
    here = sitter.to_codes(render(preview, look).pixels)
    there = sitter.to_codes(filters.resize(render(full, look).pixels, w, h))
    assert_close(here, there, p99=3.0, mean=0.5)


def assert_same_change(full: Scene, preview: Scene, look: Look) -> None:
    """The preview's gains against the full render's, averaged, both on the preview's pixels."""
    h, w = preview.pixels.shape[:2]
    assert_same_warp(full, preview, look)
    small, _ = sum_stops(preview, look)
    large, _ = sum_stops(full, look)
    if small is None and large is None:
        assert {n for n, s in look.strengths.items() if s} == {"lens"}
        return
    nothing = np.zeros((h, w, 1), np.float32)
    small, large = (nothing if s is None else s for s in (small, large))
    large = filters.resize(large, w, h).reshape(h, w, -1)
    here = sitter.to_codes(blend.apply_stops(preview.pixels, small))
    there = sitter.to_codes(blend.apply_stops(preview.pixels, large))
    # The rim of a garment in another dye is a hundredth of a small picture's pixels.
    dyed = look.strengths["garment_colour"] > 0
    assert_close(here, there, p99=3.0 if dyed else 1.0, mean=0.2 if dyed else 0.5)


def assert_same_warp(full: Scene, preview: Scene, look: Look) -> None:
    """The preview moves what the full render moves: to a tenth of the preview's pixel, 0.1 mm."""
    small, large = sum_warps(preview, look), sum_warps(full, look)
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
    edit = built(adjustment, degraded_scene)
    scene = degraded_scene
    if isinstance(edit, Warp):
        assert edit.field.dtype == np.float32
        assert edit.field.shape == (edit.grid.height, edit.grid.width, 2)
        assert edit.grid.covers(scene.frame.width, scene.frame.height)
        assert np.isfinite(edit.field).all()
        assert np.abs(edit.field).max() < 25  # mm
        return
    over_frame = (scene.whole_grid, scene.frame_grid, scene.measuring_grid)
    assert edit.grid in (*over_frame, scene.face_grid, scene.smooth_face_grid)
    stops = edit.stops
    assert stops.dtype in (np.float32, np.float16)
    assert stops.ndim == 2 or stops.shape[2:] == (3,)
    assert np.isfinite(stops).all()
    # Another dye is another albedo: from white to navy it is five stops.
    assert np.abs(stops).max() <= (8 if adjustment.name == "garment_colour" else 3)
    layer = layers(scene, only(adjustment))[adjustment.name]
    assert layer.stops.dtype == np.float16
    assert layer.most == pytest.approx(float(np.abs(layer.stops).max()), rel=1e-3)


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
    if adjustment.unit == "mm":
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
    whole = plan(scene, everything())
    assert {x.name for x in (*whole.layers, *whole.moves)} == set(NAMES) - set(MANUAL)
    still = replace(whole, moves=())
    ones = everything().strengths
    together = stops_between(scene.pixels, render_plan(still, ones).pixels)
    rng = np.random.default_rng(5)
    for _ in range(3):
        total = np.zeros_like(scene.pixels)
        for i in rng.permutation(len(still.layers)):
            one = render_plan(replace(still, layers=(still.layers[i],)), ones).pixels
            total += stops_between(scene.pixels, one)
        # Pixels that a gain takes to exactly 0 have lost their stops.
        seen = scene.pixels > 1e-3
        assert np.abs(together - total)[seen].max() < 2e-3
    order = rng.permutation(len(whole.layers))
    shuffled = replace(whole, layers=tuple(whole.layers[i] for i in order))
    off = np.abs(
        sitter.to_codes(render_plan(shuffled, ones).pixels)
        - sitter.to_codes(render_plan(whole, ones).pixels)
    )
    # Sums of float32 in another order differ in their last bit.
    assert off.max() < 0.01


@each
def test_it_does_not_know_strength_or_order(adjustment: Adjustment, degraded_scene: Scene) -> None:
    """Built twice, and after the others were built, an edit is the same to the bit."""
    fresh = replace(degraded_scene)
    first = built(adjustment, fresh)
    everything_else = plan(degraded_scene, everything())
    assert everything_else.layers
    assert np.array_equal(amounts(first), amounts(built(adjustment, degraded_scene)))


def test_frame_and_preview_cover_the_same(two_sizes: tuple[Scene, Scene]) -> None:
    full, preview = two_sizes
    corners = np.array([[-0.5, -0.5], [full.frame.width - 0.5, full.frame.height - 0.5]])
    ends = np.array([[-0.5, -0.5], [preview.frame.width - 0.5, preview.frame.height - 0.5]])
    a = geometry.apply(geometry.invert(full.frame.transform), corners)
    b = geometry.apply(geometry.invert(preview.frame.transform), ends)
    assert np.abs(a - b).max() < 0.01
