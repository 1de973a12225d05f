"""Odds: what two networks say of two photographs, and that neither sets the other aside."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from catchlight.likeness.identity import measure_identity_across
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_scene
from catchlight.likeness.odds import (
    OTHER,
    SAME,
    Odds,
    find_cosine,
    judge,
    pool,
    weigh,
    weigh_cosine,
)


@pytest.fixture(scope="module")
def seen(near_scene) -> Observation:  # type: ignore[no-untyped-def]
    return observe_scene(near_scene)


def posed(seen: Observation, **pose: float) -> Observation:
    """The same picture, its head said to be held otherwise."""
    face = replace(seen.seen, pose=replace(seen.seen.pose, **pose))
    return replace(seen, face=face)


def test_more_alike_is_never_less_evidence() -> None:
    for expected in (0.8, 0.6, 0.5):
        found = [weigh_cosine(c, expected) for c in np.linspace(-1, 1, 201)]
        assert all(b >= a for a, b in pairwise(found))
        assert found[0] < OTHER
        assert found[-1] > SAME


def test_what_strangers_and_the_same_reach_is_not_mistaken() -> None:
    """Cosines of 98 pairs of one person reach down to 0.52, of 35,136 of two people up to 0.46."""
    assert weigh_cosine(0.30) < OTHER
    assert OTHER < weigh_cosine(0.46) < SAME
    assert OTHER < weigh_cosine(0.52) < SAME
    assert weigh_cosine(0.60) > SAME


@pytest.mark.parametrize("evidence", [OTHER, 0.0, SAME])
def test_the_cosine_of_an_evidence_is_found_again(evidence: float) -> None:
    assert weigh_cosine(find_cosine(evidence)) == pytest.approx(evidence, abs=1e-6)


@pytest.mark.parametrize(
    ("evidence", "apart", "verdict"),
    [
        (SAME, 0.3, "same"),
        (SAME, 0.7, "cannot say"),
        (14.0, 0.7, "same"),
        (0.0, 0.3, "cannot say"),
        (0.0, 0.55, "cannot say"),
        (0.0, 0.7, "other"),
        (2.0, 0.9, "cannot say"),
        (0.0, None, "cannot say"),
        (OTHER, 0.8, "other"),
        (OTHER, 0.3, "cannot say"),
        (-7.0, 0.3, "other"),
    ],
)
def test_the_witness_withholds_and_settles_a_doubt(
    evidence: float, apart: float | None, verdict: str
) -> None:
    assert judge(evidence, apart) == verdict


def test_a_turned_head_is_expected_to_be_less_alike(seen: Observation) -> None:
    here = weigh(seen, seen)
    turned = weigh(seen, posed(seen, yaw=seen.seen.pose.yaw + 35))
    tipped = weigh(seen, posed(seen, pitch=seen.seen.pose.pitch + 20))
    assert here.verdict == "same"
    assert here.cosine == pytest.approx(1, abs=1e-5)
    assert turned.expected < here.expected - 0.1
    assert tipped.expected < here.expected - 0.05
    # A stranger in another pose is accused later.
    assert weigh_cosine(0.36, turned.expected) > OTHER > weigh_cosine(0.36, here.expected)


def test_several_photos_do_not_add_up() -> None:
    odd = Odds(0.55, 0.8, 4.9, 0.4)
    assert pool([odd] * 5) == odd
    assert pool([odd] * 5).verdict == "cannot say"


def test_across_photographs_the_words_say_what_was_seen(
    seen: Observation, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = measure_identity_across(seen, seen, [])
    assert found.score is not None
    assert found.score >= 0.9
    assert found.details["odds"]["verdict"] == "same"
    cosine = np.float32(0.5)
    other = np.zeros(128, np.float32)
    other[:2] = cosine, np.sqrt(1 - cosine**2)
    first = np.zeros(128, np.float32)
    first[0] = 1
    near = replace(seen, name="near")
    for who, vector in ((seen, first), (near, other)):
        monkeypatch.setattr(
            type(who), "identity", property(lambda w: first if w is seen else other)
        )
        assert vector is who.identity
    doubt = measure_identity_across(seen, near, [])
    assert doubt.score is None
    assert "so may two photos of one person, and photos of two people" in doubt.said
    assert doubt.details["odds"]["verdict"] == "cannot say"
