"""Under-eye, eyes and teeth against faults painted onto a sitter at close range.

What is painted is known to the pixel; skin around the eyes is the sitter's smooth shading with a
pore-like texture. Everything is measured on the face crop, where these adjustments work.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import sitter
from close_up import close_up, soft_spot
from drawing import build

from catchlight.adjustments.edit import Gain
from catchlight.analysis.face.landmarks import (
    FACE_OVAL,
    LEFT_EYE,
    LEFT_IRIS,
    LIPS_INNER,
    LIPS_OUTER,
    RIGHT_EYE,
    RIGHT_IRIS,
    RIGHT_LOWER_LID,
)
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.parts.by_colour import sample_sites
from catchlight.analysis.scene import Scene
from catchlight.arrays import Mask, Pixels
from catchlight.look import Look
from catchlight.pixels import blend, colour, filters, geometry
from catchlight.studio import open_photo, study

# Mesh points that meet when lips or lids close.
_UPPER_LIP, _LOWER_LIP = LIPS_INNER[:10:-1], LIPS_INNER[1:10]
_LIPS = dict(zip(_UPPER_LIP, _LOWER_LIP, strict=True))
_LIDS = {
    a: b for lids in (RIGHT_EYE, LEFT_EYE) for a, b in zip(lids[9:], lids[7:0:-1], strict=True)
}


# --- Painting -------------------------------------------------------------------------------------


def on(scene: Scene, pixels: Pixels, face: Face | None = None) -> Scene:
    """The scene with other pixels, or another mesh, on its face crop."""
    face_crop = replace(scene.face_crop, pixels=np.ascontiguousarray(pixels, np.float32))
    return replace(scene, face_crop=face_crop if face is None else replace(face_crop, face=face))


def ring(scene: Scene, points: list[int]) -> Mask:
    h, w = scene.face_crop.alpha.shape
    return geometry.fill_polygon(scene.face_crop.face.points[points], w, h)


def open_eyes(scene: Scene) -> Mask:
    return np.maximum(ring(scene, RIGHT_EYE), ring(scene, LEFT_EYE))


def with_tone(scene: Scene, lightness: float) -> Scene:
    """The face crop with pigment for a cheek of that L* on all of the face but eyes and mouth."""
    face_crop = scene.face_crop
    sites = sample_sites(face_crop.face, face_crop.pixels.shape) > 0.5
    now = np.median(face_crop.pixels[sites], axis=0)
    body = filters.blur(ring(scene, FACE_OVAL), 2.0)
    body = (body * (1 - np.maximum(open_eyes(scene), ring(scene, LIPS_INNER))))[..., None]
    factor = sitter.skin_colour(lightness) / now
    return on(scene, face_crop.pixels * (1 + body * (factor - 1)))


def apply(scene: Scene, edit: Gain, name: str) -> Pixels:
    """The face crop after ``edit`` at full strength, as the renderer applies it."""
    assert edit.grid == scene.face_grid
    return blend.apply_stops(
        scene.face_crop.pixels, edit.stops * scene.face_crop.regions[name][..., None]
    )


def log_light(pixels: Pixels) -> np.ndarray:
    return np.log2(colour.luminance(np.ascontiguousarray(pixels, np.float32)) + 2.0**-9)


def collapse(face: Face, pairs: dict[int, int], left: float = 0.0) -> Face:
    """The mesh with each pair of points brought together but for a part ``left`` of the way."""
    mesh = face.mesh.copy()
    for a, b in pairs.items():
        middle, half = (mesh[a] + mesh[b]) / 2, left * (mesh[a] - mesh[b]) / 2
        mesh[a], mesh[b] = middle + half, middle - half
    return replace(face, mesh=mesh)


@pytest.fixture(scope="module")
def scene() -> Scene:
    found = close_up()
    return on(found, found.face_crop.pixels)


# --- Under-eye ------------------------------------------------------------------------------------

#: Stops taken from R, G, B: a third of a stop dark, and violet, as blood absorbs most in green.
_CIRCLE = np.array([0.26, 0.38, 0.26], np.float32)


def even_skin(scene: Scene) -> Scene:
    """The skin around the eyes lit evenly: under-eye and cheek alike but for the texture."""
    face_crop = scene.face_crop
    sites = sample_sites(face_crop.face, face_crop.pixels.shape) > 0.5
    usual = np.median(face_crop.pixels[sites], axis=0)
    log = np.log2(face_crop.pixels + np.float32(2.0**-9))
    fine = log - filters.blur(log, 1.5 * face_crop.px_per_mm)
    flat = usual * 2.0 ** np.clip(fine, -0.2, 0.2)
    lids = cv2.dilate(
        open_eyes(scene), np.ones((3, 3)), iterations=round(1.0 * face_crop.px_per_mm)
    )
    body = filters.blur(ring(scene, FACE_OVAL) * (1 - lids), 1.0)[..., None]
    return on(scene, face_crop.pixels + body * (flat - face_crop.pixels))


def paint_circles(scene: Scene, stops: np.ndarray = _CIRCLE) -> tuple[Scene, Mask]:
    below = close_up().face_crop.regions["under_eyes"]  # the mesh alone decides it
    where = filters.blur(below, 1.0 * scene.face_crop.px_per_mm)
    return on(scene, scene.face_crop.pixels * 2.0 ** (-where[..., None] * stops)), where


@pytest.mark.parametrize("tone", sitter.TONES)
def test_half_of_a_dark_circle_goes_on_every_tone(scene: Scene, tone: float) -> None:
    clean = even_skin(with_tone(scene, tone))
    faulty, where = paint_circles(clean)
    edit = build("under_eye", faulty)
    assert edit is not None
    after = apply(faulty, edit, "under_eyes")
    middle = (where > 0.9) & (faulty.face_crop.regions["under_eyes"] > 0.97)
    assert middle.sum() > 100
    light = [
        log_light(p)[middle].mean()
        for p in (clean.face_crop.pixels, faulty.face_crop.pixels, after)
    ]
    share = (light[2] - light[1]) / (light[0] - light[1])
    assert 0.40 <= share <= 0.52, f"{share:.2f} of the darkness went at L* {tone:.0f}"
    lab = np.array(
        [
            np.median(colour.p3_to_lab(p)[middle], axis=0)
            for p in (clean.face_crop.pixels, faulty.face_crop.pixels, after)
        ]
    )
    assert lab[2, 0] < lab[0, 0], "lighter than the cheek"
    gap = [float(np.hypot(*(lab[i, 1:] - lab[0, 1:]))) for i in (1, 2)]
    assert gap[1] < 0.65 * gap[0], f"colour gap {gap[0]:.2f} -> {gap[1]:.2f} at L* {tone:.0f}"
    # No grey cast: chroma ends between what it was and the cheek's.
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    assert chroma[2] >= min(chroma[0], chroma[1]) - 0.2


def test_where_there_is_no_gap_nothing_is_done(scene: Scene) -> None:
    clean = even_skin(scene)
    assert build("under_eye", clean) is None
    lighter, _ = paint_circles(clean, np.array([-0.3, -0.3, -0.3], np.float32))
    edit = build("under_eye", lighter)
    assert edit is None or edit.stops[lighter.face_crop.regions["under_eyes"] > 0.9].max() < 0.02


def test_a_crease_keeps_its_form(scene: Scene) -> None:
    """A fold of 1 mm, half a stop deep, in a dark circle: its contrast stays."""
    faulty, _ = paint_circles(even_skin(scene))
    face, mm = faulty.face_crop.face, faulty.face_crop.px_per_mm
    fold = np.zeros(faulty.face_crop.alpha.shape, np.float32)
    path = face.points[RIGHT_LOWER_LID[2:-2]] + [0, 6.5 * mm]
    cv2.polylines(fold, [np.round(path).astype(np.int32)], False, 1.0, round(1.0 * mm))
    fold = filters.blur(fold, 0.3 * mm)
    creased = on(faulty, faulty.face_crop.pixels * 2.0 ** (-0.5 * fold[..., None]))
    edit = build("under_eye", creased)
    assert edit is not None
    after = apply(creased, edit, "under_eyes")
    line = (fold > 0.9) & (creased.face_crop.regions["under_eyes"] > 0.8)
    beside = (fold < 0.02) & (filters.blur(fold, 1.0 * mm) > 0.1)
    beside &= creased.face_crop.regions["under_eyes"] > 0.8
    depth = [
        log_light(p)[beside].mean() - log_light(p)[line].mean()
        for p in (creased.face_crop.pixels, after)
    ]
    assert 0.90 <= depth[1] / depth[0] <= 1.05, depth


def test_rims_of_glasses_are_left(scene: Scene) -> None:
    faulty, _ = paint_circles(even_skin(scene))
    mm = faulty.face_crop.px_per_mm
    h, w = faulty.face_crop.alpha.shape
    rim = np.zeros((h, w), np.float32)
    y = int(faulty.face_crop.face.eyes[:, 1].mean() + 12 * mm)
    rim[y : y + round(4 * mm)] = 1
    framed = on(faulty, np.where(rim[..., None] > 0, np.float32(0.01), faulty.face_crop.pixels))
    edit = build("under_eye", framed)
    assert edit is not None
    inner = cv2.erode(rim, np.ones((3, 3)), iterations=round(0.8 * mm)) > 0
    inner &= framed.face_crop.regions["under_eyes"] > 0.3
    assert inner.sum() > 50
    assert np.abs(edit.stops[inner]).max() < 0.02


def test_lids_and_lashes_are_left(scene: Scene) -> None:
    mask = scene.face_crop.regions["under_eyes"]
    near = cv2.dilate(
        open_eyes(scene), np.ones((3, 3)), iterations=round(scene.face_crop.px_per_mm)
    )
    assert mask[near > 0.5].max() < 0.02
    assert mask.max() > 0.95


# --- Eyes -----------------------------------------------------------------------------------------


def iris_of(scene: Scene, centre: int = RIGHT_IRIS) -> tuple[np.ndarray, float]:
    """Distance from an iris's centre in radii (h, w), and the radius in pixels."""
    p = scene.face_crop.face.points
    radius = float(np.linalg.norm(p[centre + 1 : centre + 5] - p[centre], axis=1).mean())
    h, w = scene.face_crop.alpha.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    return np.hypot(x - p[centre, 0], y - p[centre, 1]) / radius, radius


def paint_eyes(
    scene: Scene,
    *,
    white: tuple[float, float, float] = (70, 3, 8),
    iris: tuple[float, float, float] = (38, 6, 14),
    shade: float = 12.0,
    pupil: tuple[float, float, float] = (6, 0, 0),
    catchlight: bool = True,
) -> Scene:
    """Both eyes anew: a white with a lid's shadow, an iris with fibres, a pupil, a catchlight."""
    face_crop, lab = scene.face_crop, scene.face_crop.lab.copy()
    inside = open_eyes(scene) > 0.5
    rows = np.nonzero(inside)[0]
    h, w = inside.shape
    y = np.arange(h, dtype=np.float32)[:, None]
    upper = filters.smoothstep(y, float(rows.max()), float(rows.min()))
    lab[inside] = np.array(white, np.float32)
    lab[..., 0] -= inside * shade * upper
    lit = np.zeros((h, w), np.float32)
    for centre in (RIGHT_IRIS, LEFT_IRIS):
        away, radius = iris_of(scene, centre)
        p = scene.face_crop.face.points[centre]
        x, yy = np.arange(w) - p[0], np.arange(h)[:, None] - p[1]
        fibres = 4 * np.sin(18 * np.arctan2(yy, x)) * (away > 0.45)
        disc = inside & (away < 1)
        lab[disc] = np.array(iris, np.float32)
        lab[..., 0] += disc * fibres
        lab[inside & (away < 0.4)] = np.array(pupil, np.float32)
        if catchlight:
            spot = soft_spot((h, w), p[0] + 0.45 * radius, p[1] - 0.3 * radius, 0.15 * radius)
            lit = np.maximum(lit, spot * inside)
    pixels = np.where(inside[..., None], colour.lab_to_p3(lab), face_crop.pixels)
    return on(
        scene, filters.blur(np.maximum(pixels, 0), 0.5) * (1 - lit[..., None]) + lit[..., None]
    )


def white_of(scene: Scene) -> np.ndarray:
    """Where surely nothing but painted white lies."""
    near = np.minimum(iris_of(scene, RIGHT_IRIS)[0], iris_of(scene, LEFT_IRIS)[0])
    inner = cv2.erode(open_eyes(scene), np.ones((3, 3)), iterations=4)
    return (inner > 0.5) & (near > 1.3)


def test_an_iris_gains_contrast_and_keeps_its_colour(scene: Scene) -> None:
    for iris in ((38, 6, 14), (22, 8, 12), (55, -3, -12)):
        painted = paint_eyes(scene, iris=iris)
        edit = build("eyes", painted)
        assert edit is not None
        after = apply(painted, edit, "eyes")
        away, _ = iris_of(painted)
        disc = (away > 0.42) & (away < 0.95) & (painted.face_crop.regions["eyes"] > 0.98)
        before, now = (colour.p3_to_lab(p)[disc] for p in (painted.face_crop.pixels, after))
        assert np.median(colour.ciede2000(before, now)) < 1.0
        # On the side without a catchlight, where there are fibres and nothing else.
        clear = np.arange(away.shape[1])[None] < painted.face_crop.face.points[RIGHT_IRIS, 0] - 4
        band = (away > 0.55) & (away < 0.72) & clear & (painted.face_crop.regions["eyes"] > 0.98)
        old, new = log_light(painted.face_crop.pixels)[band], log_light(after)[band]
        assert old.size > 60
        gain = float(np.polyfit(old, new, 1)[0])
        assert 1.08 < gain <= 1.16, gain
        # The same on all channels: hue and saturation stay.
        assert np.ptp(edit.stops[(away < 0.95)], axis=-1).max() < 1e-4


def test_catchlights_and_the_rim_stay(scene: Scene) -> None:
    painted = paint_eyes(scene)
    edit = build("eyes", painted)
    assert edit is not None
    after = apply(painted, edit, "eyes")
    y0, y1 = (colour.luminance(p) for p in (painted.face_crop.pixels, after))
    away, _ = iris_of(painted)
    spot = (y0 > 0.6) & (away < 1)
    assert spot.sum() > 5
    assert np.all((y1[spot] / y0[spot] > 0.97) & (y1[spot] / y0[spot] < 1.03))
    new = (y1 > 0.6) & (away < 1)
    assert np.array_equal(new, spot), "a catchlight has come or gone"
    limbus = (away > 0.92) & (away < 1.02)
    assert np.abs(edit.stops[limbus]).max() < 0.02, "no limbal ring is drawn"


def test_a_white_keeps_its_veins_and_the_shadow_of_the_lid(scene: Scene) -> None:
    painted = paint_eyes(scene)
    veins = np.zeros(painted.face_crop.alpha.shape, np.float32)
    for x in range(0, veins.shape[1], 14):
        cv2.line(veins, (x, 0), (x + 40, veins.shape[0] - 1), 1.0, 1, cv2.LINE_AA)
    red = 2.0 ** (-veins[..., None] * np.array([0.05, 0.35, 0.3], np.float32))
    red = np.where(open_eyes(painted)[..., None] > 0.5, red, 1)
    veined = on(painted, painted.face_crop.pixels * red)
    edit = build("eyes", veined)
    assert edit is not None
    after = apply(veined, edit, "eyes")
    white = white_of(veined)
    on_vein, off_vein = white & (veins > 0.9), white & (veins < 0.02)
    before, now = (colour.p3_to_lab(p) for p in (veined.face_crop.pixels, after))
    depth = [
        colour.ciede2000(np.median(v[on_vein], 0), np.median(v[off_vein], 0)) for v in (before, now)
    ]
    assert depth[0] > 4
    assert depth[1] >= 0.6 * depth[0], depth
    rows = np.nonzero(white)[0]
    third = np.percentile(rows, [33, 67])
    y = np.arange(white.shape[0])[:, None]
    up, down = off_vein & (y < third[0]), off_vein & (y > third[1])
    slope = [np.median(v[..., 0][down]) - np.median(v[..., 0][up]) for v in (before, now)]
    assert slope[0] > 3
    assert 0.85 <= slope[1] / slope[0] <= 1.1, slope
    chroma = [np.median(np.hypot(v[off_vein][:, 1], v[off_vein][:, 2])) for v in (before, now)]
    assert 0.74 <= chroma[1] / chroma[0] <= 0.85, chroma
    # 4 is the bound, met up to rounding.
    assert 2.0 <= np.median(now[off_vein][:, 0] - before[off_vein][:, 0]) <= 4.001


@pytest.mark.parametrize("white", [(86, 2, 4), (95, 0, 2), (60, 8, 30), (46, 2, 3), (60, 3, 10)])
def test_the_caps_of_the_white_hold(scene: Scene, white: tuple[float, float, float]) -> None:
    painted = paint_eyes(scene, white=white, shade=0)
    edit = build("eyes", painted)
    assert edit is not None
    sure = white_of(painted)
    before = painted.face_crop.lab[sure]
    now = colour.p3_to_lab(apply(painted, edit, "eyes"))[sure]
    assert np.all(now[:, 0] <= np.maximum(before[:, 0], 88) + 0.05)
    assert np.all(now[:, 0] - before[:, 0] <= 4.05)
    assert np.all(now[:, 0] >= before[:, 0] - 0.05)
    ratio = np.hypot(now[:, 1], now[:, 2]) / np.maximum(np.hypot(before[:, 1], before[:, 2]), 0.5)
    assert ratio.min() >= 0.73


def test_closed_or_tiny_eyes_are_left(scene: Scene) -> None:
    assert build("eyes", paint_eyes(scene)) is not None
    for left in (0.0, 0.3):
        face = collapse(scene.face_crop.face, _LIDS, left)
        assert build("eyes", paint_eyes(on(scene, scene.face_crop.pixels, face))) is None
    # Whites as dark as the lashes, or as red as sunglasses, are none.
    assert build("eyes", paint_eyes(scene, white=(15, 2, 3))) is None
    assert build("eyes", paint_eyes(scene, white=(60, 60, 40))) is None


def test_a_flash_pupil_loses_its_red_and_a_brown_iris_does_not(scene: Scene) -> None:
    flash = paint_eyes(scene, pupil=(45, 65, 45))
    edit = build("eyes", flash)
    assert edit is not None
    after = colour.p3_to_lab(apply(flash, edit, "eyes"))
    away, _ = iris_of(flash)
    pupil = (
        (away < 0.3) & (flash.face_crop.regions["eyes"] > 0.98) & (flash.face_crop.lab[..., 1] > 50)
    )
    assert pupil.sum() > 20
    assert np.median(after[pupil][:, 1]) < 12
    outside = (away > 0.7) & (away < 1)
    assert np.ptp(edit.stops[outside], axis=-1).max() < 1e-4
    brown = paint_eyes(scene, iris=(25, 22, 30), pupil=(8, 28, 12))
    edit = build("eyes", brown)
    assert edit is not None
    assert np.ptp(edit.stops[away < 0.95], axis=-1).max() < 1e-4


# --- Teeth ----------------------------------------------------------------------------------------


def whiteness(lab: np.ndarray) -> np.ndarray:
    """WI_D (Perez 2016)."""
    return 0.511 * lab[..., 0] - 2.324 * lab[..., 1] - 1.100 * lab[..., 2]


def paint_mouth(scene: Scene, tooth: tuple[float, float, float]) -> tuple[Scene, Mask, Mask]:
    """An open mouth: dark within, a row of teeth of one colour, a band of gum above them."""
    lab = scene.face_crop.lab.copy()
    inner, mm = ring(scene, LIPS_INNER) > 0.5, scene.face_crop.px_per_mm
    lips = (ring(scene, LIPS_OUTER) > 0.5) & ~inner
    lab[lips] = (45, 22, 9)
    lab[inner] = (12, 8, 4)
    columns = np.nonzero(inner)[1]
    middle, half = columns.mean(), 0.4 * np.ptp(columns)
    x = np.arange(inner.shape[1])
    first = np.where(inner.any(0), inner.argmax(0), 0)
    depth = np.arange(inner.shape[0])[:, None] - first[None]
    row = inner & (np.abs(x - middle) < half)[None]
    gum, enamel = row & (depth < 1.2 * mm), row & (depth >= 1.2 * mm) & (depth < 7 * mm)
    lab[gum] = (58, 24, 12)
    lab[enamel] = tooth
    gaps = enamel & ((x - middle) % (7 * mm) < 0.4 * mm)[None]
    lab[gaps] -= np.array([18, 0, 0], np.float32)
    pixels = np.where((lips | inner)[..., None], colour.lab_to_p3(lab), scene.face_crop.pixels)
    return on(scene, filters.blur(np.maximum(pixels, 0), 0.5)), gum, enamel & ~gaps


def test_yellow_teeth_gain_what_they_may_and_no_more(scene: Scene) -> None:
    for tooth in ((72, 4, 22), (80, 2, 12), (60, 6, 35), (91.7, 0, 9)):
        painted, gum, enamel = paint_mouth(scene, tooth)
        edit = build("teeth", painted)
        assert edit is not None
        after = apply(painted, edit, "teeth")
        mask = painted.face_crop.regions["teeth"]
        sure = enamel & (mask > 0.9)
        assert sure.sum() > 0.55 * enamel.sum(), "the mask misses teeth"
        before, now = (colour.p3_to_lab(p) for p in (painted.face_crop.pixels, after))
        rise = whiteness(now[sure]) - whiteness(before[sure])
        assert 1.9 <= np.median(rise) <= 2.6, np.median(rise)
        assert rise.max() <= 2.65
        assert np.all(now[sure][:, 0] <= np.maximum(before[sure][:, 0], 92) + 0.02)
        assert np.abs(now[sure][:, 1] - before[sure][:, 1]).max() < 0.05
        clear = cv2.erode(gum.astype(np.uint8), np.ones((3, 3))) > 0
        assert np.array_equal(after[clear], painted.face_crop.pixels[clear]), "gums are touched"
        lips = painted.face_crop.regions["lips"] > 0.9
        assert np.array_equal(after[lips], painted.face_crop.pixels[lips]), "lips are touched"


def test_white_teeth_are_left(scene: Scene) -> None:
    for tooth in ((93, 0, 1), (85, 1, -3)):
        painted, _, _ = paint_mouth(scene, tooth)
        edit = build("teeth", painted)
        assert edit is None or np.abs(edit.stops).max() < 0.05
    painted, _, enamel = paint_mouth(scene, (80, 1, 3))
    edit = build("teeth", painted)
    if edit is not None:
        now = colour.p3_to_lab(apply(painted, edit, "teeth"))
        assert now[enamel][:, 2].min() > 1.9


def test_a_closed_mouth_shows_no_teeth(scene: Scene) -> None:
    shut = on(scene, scene.face_crop.pixels, collapse(scene.face_crop.face, _LIPS))
    assert shut.face_crop.regions["teeth"].max() == 0
    assert build("teeth", shut) is None
    # Open, but dark: a tongue and no teeth.
    dark, _, _ = paint_mouth(scene, (30, 22, 12))
    assert build("teeth", dark) is None


@pytest.mark.photos
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("061_03_neutral", False),
        ("013_03_neutral", False),
        ("025_08_smiling", True),
        ("036_08_smiling", True),
    ],
)
def test_teeth_of_real_mouths(london: Path, name: str, shown: bool) -> None:
    found = study(open_photo(london / f"{name}.jpg"), Look(backdrop="keep", matte="fast"))
    assert (build("teeth", found) is not None) == shown
