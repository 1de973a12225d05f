"""What is said of a cut-out that is not sure: where it is painted behind, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catchlight.analysis.cutout.softening import Softening
from catchlight.analysis.cutout.soundness import Soundness
from catchlight.analysis.scene import Scene
from catchlight.backdrop import Settled, parse_backdrop
from catchlight.studio.caveats import warn_of_cutout

SURE, UNSURE = Soundness(0.9, "nothing", {}), Soundness(0.2, "it is ragged", {})
HIDDEN = Soundness(1.0, "hardly any outline is seen", {}, seen=False)


@pytest.mark.parametrize(
    ("backdrop", "sound", "risk", "said"),
    [
        ("studio-warm", SURE, 9.0, ""),
        ("studio-warm", UNSURE, 0.0, "it is ragged"),
        ("#336699", HIDDEN, 0.0, "hardly any outline"),
        ("blur", UNSURE, 0.5, ""),
        ("blur", SURE, 4.0, "may have stayed sharp"),
        ("keep", None, 4.0, ""),
    ],
)
def test_it_is_said_where_it_shows(
    backdrop: str, sound: Soundness | None, risk: float, said: str, kept_scene: Scene
) -> None:
    scene = replace(kept_scene)
    scene.__dict__["softening"] = Softening(2.0, risk)
    found = warn_of_cutout(scene, Settled(parse_backdrop(backdrop), backdrop), sound)
    assert len(found) == bool(said)
    assert all(said in line and "--backdrop" in line for line in found)
