"""The session, explore and check, on the photograph of the repository."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from drawing import render

from catchlight.analysis.scene import Scene
from catchlight.errors import FaceError, LookError
from catchlight.images import Picture, open_picture
from catchlight.likeness.authenticity import Authenticity
from catchlight.look import Look
from catchlight.pixels import displacement, geometry
from catchlight.polish.score import Polish
from catchlight.results import Station, Variant
from catchlight.setting import load_setting
from catchlight.studio import Brief, check, explore
from catchlight.studio.audit import sort_out
from catchlight.studio.session import Proof, Session
from catchlight.studio.spread import MOST, Draft, choose_spread
from catchlight.studio.strip import PLACES, find_edge
from catchlight.studio.variants import plan_variants
from catchlight.studio.winner import choose, mark_front

PLAIN = Look(backdrop="keep", adjust=dict.fromkeys(Look().strengths, 0.0))


@pytest.fixture(scope="module")
def room(kept_scene: Scene) -> Session:
    return Session(kept_scene)


def test_the_photo_itself_is_wholly_authentic(room: Session) -> None:
    proof = room.prove(PLAIN)
    assert proof.authenticity.score is not None
    assert proof.authenticity.score > 99
    assert proof.polish.score == pytest.approx(room.polish_before.score, abs=0.5)


def test_edits_kept_in_the_darkroom_render_as_those_made_anew(
    room: Session, kept_scene: Scene
) -> None:
    first = PLAIN.model_copy(update={"adjust": {**PLAIN.strengths, "shadows": 1.0}})
    both = PLAIN.model_copy(
        update={"adjust": {**PLAIN.strengths, "shadows": 0.5, "white_balance": 1.0}}
    )
    room.render(first)
    np.testing.assert_array_equal(room.render(both).pixels, render(kept_scene, both).pixels)


def test_a_backdrop_changes_polish_and_not_the_face(room: Session) -> None:
    adjust = {**PLAIN.strengths, "shadows": 1.0}
    warm, navy = (Look(backdrop=b, adjust=adjust) for b in ("studio-warm", "navy"))
    a, b = room.prove(warm), room.prove(navy)
    assert a.authenticity == b.authenticity
    alone = Session(room.scene).prove(navy)
    assert alone.authenticity.score == pytest.approx(b.authenticity.score, abs=1.5)
    assert alone.polish.score == pytest.approx(b.polish.score, abs=0.5)


def test_a_displacement_and_its_inverse_cancel() -> None:
    y, x = np.mgrid[0:120, 0:160].astype(np.float32)
    bump = np.exp(-((x - 80) ** 2 + (y - 60) ** 2) / 800)
    field = np.stack([6 * bump, -4 * bump], -1).astype(np.float32)
    there = displacement.invert(field)
    at = np.stack([x, y], -1) + there
    # What lies at p went to p + g(p), which shows p + g + field(p + g) = p.
    back = geometry.resample(field, np.eye(2, 3), 160, 120)
    import cv2

    shown = at + cv2.remap(back, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    assert np.abs(shown - np.stack([x, y], -1))[10:-10, 10:-10].max() < 0.1


def made(number: int, authenticity: float, polish: float, likeness: float | None) -> Variant:
    proof = Proof(
        Look(),
        Authenticity(authenticity, (), 1.0, None, same_photo=True, reason=""),
        Polish(polish, (), ""),
    )
    return Variant(number, f"v{number}", 0.5, Look(), np.zeros((2, 2, 3), "f4"), proof, likeness)


SETTING = cast(
    Any, SimpleNamespace(name="test", polish=0.5, authenticity_floor=85.0, polish_floor=60.0)
)


def test_the_front_holds_what_nothing_beats() -> None:
    rows = [made(1, 99, 50, 0.1), made(2, 90, 70, 0.2), made(3, 89, 69, 0.3), made(4, 80, 80, 0.4)]
    assert [v.on_front for v in mark_front(rows)] == [True, True, False, True]


def test_the_winner_is_the_most_recognisable_and_not_the_most_polished() -> None:
    rows = [made(1, 99, 50, 0.05), made(2, 92, 70, 0.10), made(3, 88, 90, 0.20)]
    winner, why = choose(rows, SETTING, noise=0.02, photos=2)
    assert winner == 2  # 1 is not polished enough for the setting, 3 is less like the person
    assert "2 photos" in why


def test_a_tie_in_likeness_is_said_and_goes_to_the_more_polished() -> None:
    rows = [made(1, 90, 70, 0.100), made(2, 97, 65, 0.095), made(3, 93, 75, 0.105)]
    winner, why = choose(rows, SETTING, noise=0.02, photos=1)
    assert winner == 3
    assert "variants 1, 2, 3 are equally like the person" in why
    assert "3 is the most polished" in why
    winner, why = choose(rows, SETTING, noise=0.0, photos=1)
    assert winner == 2
    assert "is the most like the person" in why


def test_where_polish_ties_as_well_the_settings_intent_decides() -> None:
    far, near = made(1, 97, 71, 0.100), made(2, 93, 70, 0.105)
    other = replace(near, number=3, values={"light": "loop"})
    rows = [replace(far, dial=1.0), replace(near, dial=SETTING.polish), other]
    winner, why = choose(rows, SETTING, noise=0.02, photos=1)
    assert winner == 2
    assert f"nearest to what {SETTING.name} asks" in why


def test_where_none_is_polished_enough_it_says_so() -> None:
    winner, why = choose([made(1, 95, 40, 0.1), made(2, 95, 45, 0.1)], SETTING, noise=0, photos=1)
    assert winner is not None
    assert "none reaches the polish of 60" in why


def test_no_winner_where_likeness_cannot_be_judged() -> None:
    winner, why = choose([made(1, 95, 90, None)], SETTING, noise=0.0, photos=1)
    assert winner is None
    assert "cannot be judged" in why


def test_too_many_variants_are_refused() -> None:
    brief = Brief(load_setting("default"))
    with pytest.raises(LookError, match="120"):
        plan_variants(brief, polishes=[n / 40 for n in range(40)], axes={"crop": ["square"] * 3})
    with pytest.raises(LookError, match="no-such"):
        plan_variants(brief, axes={"backdrop": ["no-such"]})


def test_explore_measures_every_variant(astronaut: Picture, need_models: None) -> None:
    found = explore(
        astronaut,
        Brief(load_setting("default"), values={"matte": "fast"}),
        like=[astronaut],
        polishes=(0.0, 1.0),
        axes={"backdrop": ("studio-warm", "navy")},
    )
    assert [v.number for v in found.variants] == [1, 2, 3, 4]
    assert found.winner in {1, 2, 3, 4}
    assert found.photos == (astronaut.name,)
    light, full = found.variants[0], found.variants[1]
    assert light.authenticity is not None
    assert full.authenticity is not None
    assert light.authenticity >= full.authenticity - 0.5
    assert any(v.on_front for v in found.variants)


def test_unnamed_variants_differ_and_the_dial_is_a_strip(
    astronaut: Picture, need_models: None
) -> None:
    brief = Brief(load_setting("default"), values={"matte": "fast"})
    found = explore(astronaut, brief)
    assert 2 <= len(found.variants) <= MOST
    first = found.variants[0]
    assert (first.title.split(",")[0], first.dial) == ("as default asks", brief.own)
    assert len({v.title for v in found.variants}) == len(found.variants)
    assert all((v.authenticity or 0) >= 88 for v in found.variants)
    assert [s.place for s in found.strip] == list(PLACES)
    said = [s.authenticity for s in found.strip]
    assert all(a is not None for a in said)
    assert found.edge == find_edge(found.strip, brief.setting.authenticity_floor)
    assert found.to_json()["strip"][0]["place"] == 0


def test_near_twins_are_never_shown() -> None:
    brief = Brief(load_setting("default"))

    def seen(level: float, title: str) -> Draft:
        flat = np.full((8, 8, 3), level, np.float32)
        flat[..., 1:] = 0
        return Draft(title, 0.3, brief, flat, flat)

    shown = choose_spread(
        [seen(v, f"{v:g}") for v in (50, 50.2, 50.1, 70, 60, 60.3)], lambda c: True
    )
    assert [c.title for c in shown] == ["50", "70", "60"]
    many = choose_spread([seen(5 * k, str(k)) for k in range(20)], lambda c: True)
    assert len(many) == MOST
    few = choose_spread([seen(5 * k, str(k)) for k in range(20)], lambda c: c.title == "19")
    assert [c.title for c in few] == ["0", "19"]


@pytest.mark.parametrize(
    ("scores", "edge"),
    [((99, 95, 80), 0.73), ((99, 95, 90), None), ((80, 70, 60), 0.0), ((None, None, None), None)],
)
def test_where_the_person_stops_being_themselves(
    scores: tuple[float | None, ...], edge: float | None
) -> None:
    pixels = np.zeros((2, 2, 3), np.float32)
    stations = [Station(x, pixels, a, 70.0) for x, a in zip((0, 0.5, 1.0), scores, strict=True)]
    found = find_edge(stations, 88.0)
    assert found == (None if edge is None else pytest.approx(edge, abs=0.01))


def test_check_knows_the_photo_and_a_stranger(
    astronaut: Picture, photos: Path, need_models: None
) -> None:
    own = check(astronaut, [astronaut])
    assert own.answer == "yes"
    assert own.overall.same_photo
    other = open_picture(photos / "face_recognition__examples_obama.jpg")
    stranger = check(astronaut, [other])
    assert stranger.answer == "no"
    assert not stranger.overall.same_photo


def test_a_stranger_among_the_photos_is_left_out(
    room: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three alike, one that is nobody's: it is named, and the rest are kept."""
    names = ("a", "b", "c", "nobody")
    seen = [replace(room.before, name=name) for name in names]
    first = np.eye(1, 128, dtype=np.float32)[0]
    monkeypatch.setattr(
        type(room.before),
        "identity",
        property(lambda w: np.roll(first, 7) if w.name == "nobody" else first),
    )
    monkeypatch.setattr(
        type(room.before), "testimony", property(lambda w: w.identity.astype(np.float32))
    )
    found, strangers = sort_out(seen)
    assert strangers == [False, False, False, True]
    assert found == seen
    # Of two photos nobody can say which is the stranger.
    assert sort_out(seen[2:])[1] == [False, False]


def test_check_sorts_out_photos_and_leans_on_the_persons(photos: Path, need_models: None) -> None:
    paths = [photos / f"compreface__sample_images_00{n}_A.jpg" for n in (2, 3, 4)]
    stranger = photos / "face_recognition__examples_obama.jpg"
    made = open_picture(photos / "compreface__sample_images_006_A.jpg")
    said = check(made, [open_picture(p) for p in (stranger, *paths)])
    assert said.strangers == (True, False, False, False)
    assert said.left_out == (stranger.name,)
    assert said.best > 0
    assert said.overall["identity"].verdict == "pass"
    assert not said.overall.same_photo
    assert said.to_json()["photos"][0]["left_out"] is True


def test_check_without_a_face_says_so(astronaut: Picture, need_models: None) -> None:
    blank = replace(astronaut, codes=np.full((200, 200, 3), 90, np.uint8))
    with pytest.raises(FaceError, match="no face"):
        check(blank, [astronaut])
    with pytest.raises(FaceError, match="no face"):
        check(astronaut, [blank])
