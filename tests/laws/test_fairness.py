"""The same sitter with eight pigments gets the same treatment (science.md 2.3).

A change of the picture may not depend on how light the skin is. On a good photo that is measured
as it stands: the regression of signed dL* on L*, the change of hue and of chroma. On a faulty one
the light is corrected, and a correction that treats everyone alike is the same *stops* for all,
which is more L* for light skin than for dark; there the stops are regressed, and hue and chroma are
held against the same sitter before the fault.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import sitter
from drawing import build, render
from places import ROOT

from catchlight.adjustments.adjustment import MANUAL
from catchlight.adjustments.catalogue import BY_NAME, CATALOGUE
from catchlight.adjustments.catalogue import NAMES as ALL_NAMES
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.scene import Scene
from catchlight.analysis.study import build_scene
from catchlight.analysis.subject import Subject, open_subject
from catchlight.images import open_picture
from catchlight.look import Look
from catchlight.pixels import colour

#: What is done unasked. A stop of brightness that a person sets by hand is a stop for everybody,
#: and so another number of L* for each.
NAMES = tuple(name for name in ALL_NAMES if name not in MANUAL)
#: What is tried: every adjustment alone at its default and at 1, and all together.
CASES = [
    *[(name, strength) for name in NAMES for strength in (BY_NAME[name].default, 1.0)],
    # Each alone is held to the limits at full strength; together, at half: eight full strengths
    # are no look, and their hues, each within the limit, add up.
    ("all", 0.5),
    ("default", 0.0),
]
SLOPE, HUE, CHROMA = 0.05, 1.5, (0.95, 1.08)
#: What mends faults of a part of the skin (a flush, a gloss) changes the cheeks that have it, which
#: is its work: the sitter's are flushed and glossy. At full strength it is judged by all skin; at
#: the default by the cheeks too. Equal stops taken from a gloss are more L* on light skin.
LOCAL = ("skin_evenness", "shine", "all")


def look(name: str, strength: float) -> Look:
    if name == "default":
        return Look(backdrop="keep")
    return Look(backdrop="keep", adjust={n: strength if name in (n, "all") else 0.0 for n in NAMES})


@pytest.fixture(scope="session")
def own(near_subject: Subject) -> Scene:
    """The astronaut as she is, at the size of the measuring picture."""
    frame = plan_frame(near_subject, "headshot", size=None, stay_inside=True, head=0.51)
    return sitter.freeze(build_scene(near_subject, frame.at(640), engine="fast"))


@pytest.fixture(scope="session")
def eight(own: Scene) -> list[Scene]:
    """The astronaut, well exposed, with eight pigments."""
    return [sitter.re_albedo(own, lightness) for lightness in sitter.TONES]


def skin_lab(pixels: np.ndarray, scene: Scene) -> np.ndarray:
    """Mean CIELAB over the skin of the face."""
    mask = scene.region("face_skin") > 0.9
    return colour.p3_to_lab(np.ascontiguousarray(pixels[mask][None]))[0].mean(axis=0)


def measure(scenes: list[Scene], which: Look) -> dict[str, np.ndarray]:
    """CIELAB of the cheeks and of all skin, before and after; (n, 3) each."""
    found: dict[str, list[np.ndarray]] = {"before": [], "after": [], "skin0": [], "skin1": []}
    for scene in scenes:
        out = render(scene, which).pixels
        found["before"].append(sitter.cheek_lab(scene.pixels, scene.face))
        found["after"].append(sitter.cheek_lab(out, scene.face))
        found["skin0"].append(skin_lab(scene.pixels, scene))
        found["skin1"].append(skin_lab(out, scene))
    return {k: np.array(v) for k, v in found.items()}


def judge(before: np.ndarray, after: np.ndarray) -> str:
    """The three numbers of the fairness test; an empty string where all pass."""
    change = after[:, 0] - before[:, 0]
    slope = float(np.polyfit(before[:, 0], change, 1)[0])
    turn = (colour.lab_to_hue(after) - colour.lab_to_hue(before) + 180) % 360 - 180
    hue = float(np.abs(turn).mean())
    ratio = np.hypot(after[:, 1], after[:, 2]) / np.hypot(before[:, 1], before[:, 2])
    fair = abs(slope) < SLOPE and hue < HUE and CHROMA[0] < ratio.min() and ratio.max() < CHROMA[1]
    fair = fair and float(np.ptp(change)) < 1.5
    if fair:
        return ""
    rows = ", ".join(f"{b:.0f}:{c:+.2f}" for b, c in zip(before[:, 0], change, strict=True))
    return (
        f"slope {slope:+.3f} (limit {SLOPE}), spread {np.ptp(change):.2f} L* (limit 1.5), hue "
        f"{hue:.2f} degrees (limit {HUE}), chroma x{ratio.min():.3f}..{ratio.max():.3f} (limits "
        f"{CHROMA}); dL* by L*: {rows}; dh {np.round(turn, 1).tolist()}"
    )


# --- A good photo ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "strength"), CASES)
def test_a_good_photo_of_anyone_changes_alike(
    name: str, strength: float, eight: list[Scene]
) -> None:
    found = measure(eight, look(name, strength))
    said = judge(found["before"], found["after"])
    if said and not (name in LOCAL and strength > BY_NAME["shine"].default):
        pytest.fail(f"cheeks: {said}")
    if said := judge(found["skin0"], found["skin1"]):
        pytest.fail(f"all skin: {said}")


def test_the_eight_sitters_are_what_they_say(eight: list[Scene], own: Scene) -> None:
    for scene, lightness in zip(eight, sitter.TONES, strict=True):
        assert sitter.cheek_lab(scene.pixels, scene.face)[0] == pytest.approx(lightness, abs=0.7)
        assert 14 < scene.tone.chroma < 19
        untouched = sitter.bare_skin(own) == 0
        assert untouched.mean() > 0.7
        assert np.array_equal(scene.pixels[untouched], own.pixels[untouched])


def test_a_well_exposed_dark_skin_stays_dark_bit_for_bit(eight: list[Scene]) -> None:
    for scene in eight:
        assert build("exposure", scene) is None, (
            f"L* {scene.tone.lightness:.0f}: {scene.exposed.said}"
        )
        out = render(scene, look("exposure", 1.0)).pixels
        assert np.array_equal(out, scene.pixels)


def test_dark_clothes_and_a_dark_wall_brighten_nobody(own: Scene) -> None:
    """All that is not the sitter's skin, eyes or teeth at an eighth of its light: low key."""
    keep = np.maximum(sitter.bare_skin(own), own.region("eyes"))
    keep = np.maximum(keep, own.region("teeth"))[..., None]
    dim = (own.pixels * (keep + (1 - keep) / 8)).astype(np.float32)
    low_key = sitter.refresh(own, dim)
    given = {}
    for lightness in sitter.TONES:
        scene = sitter.re_albedo(low_key, lightness)
        edit = build("exposure", scene)
        given[round(lightness)] = 0.0 if edit is None else float(edit.stops.max())
    assert set(given.values()) == {0.0}, f"stops given by L*: {given}"


def test_skin_does_not_decide_the_exposure(near_scene: Scene) -> None:
    """One photo two stops too dark, its sitter light or dark: the same stops are given back."""
    given = {}
    for tone in (sitter.TONES[0], sitter.TONES[3], sitter.TONES[-1]):
        scene = sitter.re_albedo(near_scene, tone)
        dark = sitter.refresh(scene, sitter.expose(scene.pixels, -2.0))
        given[round(tone)] = dark.exposed.stops
    assert min(given.values()) > 0.3, f"nothing to judge: {given}"
    assert np.ptp(list(given.values())) < 0.1, f"stops by L* of the skin: {given}"


# --- Faulty photos --------------------------------------------------------------------------------


def darken(scene: Scene) -> np.ndarray:
    return sitter.expose(scene.pixels, -1.6)


def slightly_darken(scene: Scene) -> np.ndarray:
    return sitter.expose(scene.pixels, -1.0)


def shade(scene: Scene) -> np.ndarray:
    return sitter.shade_side(scene.pixels, scene.face, 1.5)


def fade(scene: Scene) -> np.ndarray:
    # Around a fixed grey, not around the sitter's own skin: fading does not know whom it fades.
    return sitter.flatten(scene.pixels, 0.3, 0.4)


def cast(scene: Scene) -> np.ndarray:
    return sitter.tint(scene.pixels, (0.88, 1.0, 0.80))


FAULTS: list[tuple[str, Callable[[Scene], np.ndarray]]] = [
    ("exposure", darken),
    ("exposure", slightly_darken),
    ("shadows", shade),
    ("contrast", fade),
    ("white_balance", cast),
]


@pytest.mark.parametrize(("name", "spoil"), FAULTS, ids=[f"{n}-{f.__name__}" for n, f in FAULTS])
def test_a_fault_is_mended_alike_for_everyone(
    name: str, spoil: Callable[[Scene], np.ndarray], eight: list[Scene]
) -> None:
    """The same stops for all tones: over the range at most 0.2 stops apart, no trend over 0.1.

    0.2 stops are 3 L* at L* 50. Mean hue moves by less than 1.5 degrees except by white balance,
    where the gains themselves are compared.
    """
    tones, stops, hues, built = [], [], [], 0
    for scene in eight:
        spoilt = sitter.refresh(scene, spoil(scene))
        built += build(name, spoilt) is not None
        out = render(spoilt, look(name, 1.0)).pixels
        mask = scene.region("face_skin") > 0.9
        before = np.log2(colour.luminance(spoilt.pixels)[mask] + 1e-4)
        after = np.log2(colour.luminance(out)[mask] + 1e-4)
        tones.append(scene.tone.lightness)
        stops.append(float((after - before).mean()))
        a, b = sitter.cheek_lab(spoilt.pixels, scene.face), sitter.cheek_lab(out, scene.face)
        hues.append(float((colour.lab_to_hue(b) - colour.lab_to_hue(a) + 180) % 360 - 180))
    trend = float(np.polyfit(tones, stops, 1)[0]) * (max(tones) - min(tones))
    said = ", ".join(f"{t:.0f}:{s:+.2f}" for t, s in zip(tones, stops, strict=True))
    said = f"stops by L*: {said}; trend {trend:+.2f}; dh {np.round(hues, 1).tolist()}"
    assert built == len(eight) or built == 0, f"built for {built} of {len(eight)} sitters; {said}"
    assert np.ptp(stops) < 0.2, said
    assert abs(trend) < 0.1, said
    if not BY_NAME[name].about_colour:
        assert np.abs(hues).mean() < HUE, said


def test_a_cast_is_the_same_cast_for_everyone(eight: list[Scene]) -> None:
    """One light, eight sitters: all are corrected, and the same way, by gains of one size.

    A correction of skin that could be lit by white is bounded by what is seen on it, and the same
    gain turns the hue of dark skin further: so the dark ones are given less of it, and never more.
    """
    found = []
    for scene in eight:
        edit = build("white_balance", sitter.refresh(scene, cast(scene)))
        found.append(np.zeros(3) if edit is None else edit.stops.reshape(3))
    spread = np.ptp(np.array(found), axis=0)
    rows = {
        round(s.tone.lightness): np.round(f, 3).tolist() for s, f in zip(eight, found, strict=True)
    }
    gains = np.array(found)
    said = f"spread {np.round(spread, 3).tolist()} stops; {rows}"
    assert (gains[:, 2] > 0.05).all(), said
    assert (gains[:, 1] <= 0).all(), said
    assert spread.max() < 0.2, said


# --- Other faces ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def four(london: Path) -> list[Scene]:
    """One neutral photo of each of four groups, as they are, in one studio light."""
    with (london / "index.csv").open() as file:
        rows = list(csv.DictReader(file))
    scenes = []
    for group in ("white", "east_asian", "west_asian", "black"):
        name = next(r["neutral"] for r in rows if r["group_self_reported"] == group)
        subject = open_subject(open_picture(london / name))
        frame = plan_frame(subject, "headshot", size=None, stay_inside=True)
        scenes.append(build_scene(subject, frame.at(640), engine="fast"))
    return scenes


@pytest.mark.photos
@pytest.mark.parametrize(("name", "strength"), [(n, 1.0) for n in NAMES] + [("default", 0.0)])
def test_four_people_in_one_light_change_alike(
    name: str, strength: float, four: list[Scene]
) -> None:
    found = measure(four, look(name, strength))
    before, after = ("skin0", "skin1") if name in LOCAL else ("before", "after")
    if said := judge(found[before], found[after]):
        pytest.fail(said)


@pytest.mark.photos
def test_four_people_well_exposed_keep_their_exposure(four: list[Scene]) -> None:
    given = {round(s.tone.lightness): s.exposed.stops for s in four}
    assert set(given.values()) == {0.0}, f"stops by L*: {given}"


@pytest.mark.photos
def test_each_of_the_four_with_other_pigment(four: list[Scene]) -> None:
    """Four faces at the ends and the middle of the range: the default look, all at once."""
    for scene in four:
        scenes = [sitter.re_albedo(scene, lightness) for lightness in (75.0, 50.0, 25.0)]
        found = measure(scenes, look("default", 0.0))
        if said := judge(found["before"], found["after"]):
            pytest.fail(f"the sitter of L* {scene.tone.lightness:.0f}: {said}")


def test_the_judge_judges() -> None:
    """The test of the test: what lightens dark skin, or turns a hue, is caught."""
    before = np.array([[t, 12.0, 15.0] for t in sitter.TONES], np.float32)
    assert judge(before, before) == ""
    assert judge(before, before + np.array([1.0, 0, 0], np.float32)) == ""
    lifted = before.copy()
    lifted[:, 0] += 0.06 * (75 - before[:, 0])
    assert "slope -0.060" in judge(before, lifted)
    turned = before + np.array([0, 0.8, -0.6], np.float32)
    assert "hue" in judge(before, turned)


#: Adjustments of skin, eyes, teeth and detail paint their own faults, over several tones.
ELSEWHERE = {
    "blemishes": "test_marks.py",
    "skin_evenness": "test_skin.py",
    "shine": "test_skin.py",
    "texture": "test_skin.py",
    "under_eye": "test_eyes_and_teeth.py",
    "eyes": "test_eyes_and_teeth.py",
    "teeth": "test_eyes_and_teeth.py",
    "detail": "test_restoration.py",
    "lens": "test_lens.py",
    "key_light": "test_light.py",
    "light_colour": "test_light.py",
    "dimension": "test_light.py",
    "stray_hair": "test_hair_and_clothes.py",
    "clothes": "test_hair_and_clothes.py",
    # What acts behind the sitter changes no face: the same test holds that.
    "falloff": "test_behind.py",
    "ground_warmth": "test_behind.py",
    "ground_colour": "test_behind.py",
}


def test_every_adjustment_is_judged_on_a_fault() -> None:
    """Somewhere a test hands each adjustment's name to what it calls; words do not count."""
    assert {name for name, _ in FAULTS} | set(ELSEWHERE) == {a.name for a in CATALOGUE} - set(
        MANUAL
    )
    for name, file in ELSEWHERE.items():
        tree = ast.parse(next(ROOT.glob(f"tests/**/{file}")).read_text())
        named = set()
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            named |= {k.arg for k in call.keywords}
            named |= {a.value for a in call.args if isinstance(a, ast.Constant)}
        assert name in named, f"no test in {file} calls anything for {name}"
