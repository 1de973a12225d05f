"""What auto puts behind: the least that helps, once for a photo, and it says why."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from drawing import session_of

from catchlight.analysis.cutout.softening import Softening, measure_softening
from catchlight.analysis.cutout.soundness import Soundness
from catchlight.analysis.scene import Scene
from catchlight.analysis.surroundings import Surroundings, measure_surroundings
from catchlight.backdrop import Auto, Paper, parse_backdrop
from catchlight.look import Look
from catchlight.pixels import blend, colour
from catchlight.scenery import choose_scenery, find_loud, find_quiet, suit_paper

CALM = Surroundings(0.4, 0.3, 0.1, 0.0, 0.0, 3.0, 60.0, 0.0)
BUSY = replace(CALM, restless=3.4, fine=1.2, edges=0.12)
LOUD = replace(BUSY, glare=0.5, colours=25.0)
SURE, UNSURE = Soundness(0.95, "nothing", {}), Soundness(0.3, "it is ragged", {})


def before(scene: Scene, ground: np.ndarray) -> Scene:
    """The same person before another ground."""
    wall = np.broadcast_to(ground, scene.pixels.shape).astype(np.float32)
    pixels = blend.composite(scene.matte.foreground, wall, scene.matte.alpha)
    h, w = scene.small.shape[:2]
    small = cv2.resize(pixels, (w, h), interpolation=cv2.INTER_AREA)
    return replace(scene, pixels=pixels, small=small)


CLEAR, RISKY, UNSEEN = Softening(2.0, 0.1), Softening(2.0, 4.0), Softening(0.4, 0.0)


def stand(
    scene: Scene, seen: Surroundings, sound: Soundness, softening: Softening = CLEAR
) -> Scene:
    """A scene of which this is known; as measured, without measuring."""
    found = replace(scene)
    found.__dict__["softening"] = softening
    found.__dict__["surroundings"], found.__dict__["soundness"] = seen, sound
    return found


@pytest.mark.parametrize(
    ("seen", "sound", "kind"),
    [
        (CALM, SURE, "keep"),
        (CALM, UNSURE, "keep"),
        (BUSY, SURE, "blur"),
        (BUSY, UNSURE, "blur"),
        (LOUD, SURE, "paper"),
        (LOUD, UNSURE, "blur"),
        (replace(BUSY, share=0.03), SURE, "keep"),
        (replace(CALM, people=0.04), SURE, "paper"),
        (replace(CALM, people=0.04), UNSURE, "blur"),
    ],
)
def test_the_least_that_helps(
    seen: Surroundings, sound: Soundness, kind: str, kept_scene: Scene
) -> None:
    found = choose_scenery(stand(kept_scene, seen, sound), "#cdc4b9")
    assert found.kind == kind
    assert (found.rgb is not None) == (kind == "paper")
    assert len(found.why) > 20


def test_what_softening_would_spoil_or_gain_little_by_stays(kept_scene: Scene) -> None:
    for ground in (BUSY, LOUD):
        kept = choose_scenery(stand(kept_scene, ground, UNSURE, RISKY), "#cdc4b9")
        assert kept.kind == "keep" and "a part of the person" in kept.why
    same = choose_scenery(stand(kept_scene, BUSY, SURE, UNSEEN), "#cdc4b9")
    assert same.kind == "keep" and "gain too little" in same.why
    busy = stand(kept_scene, BUSY, UNSURE)
    assert choose_scenery(busy, "#cdc4b9").kind == "blur"
    busy.__dict__["quality"] = replace(busy.quality, ied=25.0)
    coarse = choose_scenery(busy, "#cdc4b9")
    assert coarse.kind == "keep" and "too coarse" in coarse.why


def test_the_risk_is_what_the_votes_doubt_and_softening_would_change() -> None:
    y, x = np.mgrid[0:400, 0:320]
    checks = np.where((x // 5 + y // 5) % 2, 0.6, 0.1).astype(np.float32)[..., None].repeat(3, 2)
    person = np.zeros((400, 320), np.float32)
    cv2.circle(person, (160, 220), 90, 1.0, -1)
    sure, shoulder = np.ones_like(person), np.ones_like(person)
    shoulder[250:330, 255:300] = 0.2
    wall = np.full_like(checks, 0.3)
    assert measure_softening(checks, person, sure, 1.2).risk == 0
    assert measure_softening(checks, person, shoulder, 1.2).risk > 1.8
    assert measure_softening(wall, person, shoulder, 1.2).risk < 0.1
    assert measure_softening(checks, person, sure, 1.2).change > 2
    assert measure_softening(wall, person, sure, 1.2).change < 0.1


def test_an_unsure_cut_out_is_said(kept_scene: Scene) -> None:
    assert "it is ragged" in choose_scenery(stand(kept_scene, LOUD, UNSURE), "#cdc4b9").why


def test_it_asks_neither_more_nor_less_than_it_says() -> None:
    assert find_quiet(CALM) and not find_quiet(BUSY)
    assert find_loud(LOUD) and not find_loud(BUSY)
    brick = replace(CALM, restless=2.2, fine=1.1, edges=0.02)
    soft = replace(CALM, restless=2.7, fine=0.5, edges=0.01)
    assert not find_quiet(brick)
    assert find_quiet(soft)
    assert find_quiet(replace(BUSY, people=0.2), touching=True)


def test_grounds_are_measured_as_they_look(kept_scene: Scene) -> None:
    h, w = kept_scene.pixels.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    checks = np.where((x // 12 + y // 12) % 2 > 0, 0.5, 0.1)[..., None]
    letters = np.full((h, w), 150, np.uint8)
    for row in range(50, h, 65):
        cv2.putText(letters, "CONFERENCE", (-40, row), 3, 2.4, 20, 6, cv2.LINE_AA)
    soft = cv2.GaussianBlur(checks.astype(np.float32), (0, 0), 14)
    seen = {
        "wall": before(kept_scene, np.float32(0.4)).surroundings,
        "slope": before(kept_scene, (0.2 + 0.4 * x / w)[..., None]).surroundings,
        "soft": before(kept_scene, soft[..., None]).surroundings,
        "checks": before(kept_scene, checks).surroundings,
        "letters": before(kept_scene, letters[..., None] / 255).surroundings,
    }
    assert all(find_quiet(seen[name]) for name in ("wall", "slope", "soft"))
    assert not any(find_quiet(seen[name]) for name in ("checks", "letters"))
    assert seen["wall"].restless < seen["slope"].restless < seen["checks"].restless


def test_a_preview_is_judged_as_the_whole(near_scene: Scene) -> None:
    """The measuring picture is the same at every size; half of it says nearly the same."""
    whole = near_scene.surroundings
    h, w = (side // 2 for side in near_scene.small.shape[:2])
    shrink = [
        cv2.resize(v, (w, h), interpolation=cv2.INTER_AREA)
        for v in (near_scene.small, near_scene.matte.alpha)
    ]
    half = measure_surroundings(
        *shrink, near_scene.small_face.moved(np.array([[0.5, 0, 0], [0, 0.5, 0]]))
    )
    assert half.restless == pytest.approx(whole.restless, rel=0.2)


def test_the_paper_comes_near_to_what_was_behind(kept_scene: Scene) -> None:
    dark = suit_paper("#cdc4b9", stand(kept_scene, replace(CALM, lightness=8.0), SURE))
    light = suit_paper("#cdc4b9", stand(kept_scene, replace(CALM, lightness=95.0), SURE))
    tones = [
        colour.p3_to_lab(colour.hex_to_p3(rgb)[None, None])[0, 0]
        for rgb in (dark, "#cdc4b9", light)
    ]
    assert tones[1][0] - 25 < tones[0][0] < tones[1][0] - 15
    assert tones[1][0] < tones[2][0] < tones[1][0] + 9
    assert np.abs(tones[0][1:] - tones[1][1:]).max() < 1.0


def test_a_black_and_white_sitter_gets_a_neutral_grey(kept_scene: Scene) -> None:
    grey = colour.luminance(kept_scene.small)[..., None].repeat(3, 2)
    found = suit_paper("#27364f", stand(replace(kept_scene, small=grey), CALM, SURE))
    assert len({found[k : k + 2] for k in (1, 3, 5)}) == 1


def test_no_dial_moves_it(kept_scene: Scene) -> None:
    session = session_of(kept_scene)
    looks = [Look(adjust={"exposure": s, "skin_evenness": s}) for s in (0.0, 0.5, 1.0)]
    assert len({session.settle(look) for look in looks}) == 1


def test_the_astronauts_own_ground_is_kept(kept_scene: Scene) -> None:
    settled = parse_backdrop("auto").settle(kept_scene)
    assert settled.name == "keep"
    assert settled.backdrop.paint(kept_scene, None) is None


def test_every_paper_is_a_family() -> None:
    for name in ("studio-warm", "charcoal", "sage"):
        found, paper = parse_backdrop(f"auto:{name}"), parse_backdrop(name)
        assert isinstance(found, Auto) and isinstance(paper, Paper)
        assert found.paper == paper
    with pytest.raises(ValueError, match="auto:beach"):
        parse_backdrop("auto:beach")
