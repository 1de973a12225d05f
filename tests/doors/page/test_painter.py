"""The browser draws what the renderer draws: WebGL2 and the processor, pixel by pixel."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from page_host import compare_drawn, host_page, open_chromium
from places import ROOT

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.look import Look
from catchlight.plan import Plan
from catchlight.studio.clock import Clock
from catchlight.studio.headshot import frame_subject, open_photo
from catchlight.studio.session import Session

pytestmark = pytest.mark.models
FULL = {a.name: 1.0 for a in CATALOGUE} | {"detail": 0.0}


@cache
def plan_of(backdrop: str, *, warped: bool) -> Plan:
    from catchlight.analysis.subject import open_subject

    lens: object = (0.4, 1.5) if warped else "off"
    look = Look(backdrop=backdrop, lens=lens, light="loop", size=(400, 500), adjust=FULL)
    subject = open_subject(open_photo(ROOT / "examples" / "astronaut.jpg", max_megapixels=120))
    frame, scene, _ = frame_subject(subject, look, stage=Clock(), longest=500)
    return Session(scene, frame=frame).plan(look)


def draw_strengths() -> list[dict[str, float]]:
    """None, all, two at random, and two more of which each moves one slider of the one before."""
    rng = np.random.default_rng(17)
    looks: list[dict[str, float]] = [{}, dict(FULL)]
    looks += [{a.name: round(rng.uniform(a.low, 1), 2) for a in CATALOGUE} for _ in range(2)]
    return [*looks, {**looks[-1], "shadows": 0.1}, {**looks[-1], "shadows": 0.8}]


@pytest.mark.parametrize("machine", ["webgl2", "cpu"])
def test_the_page_draws_what_the_renderer_draws(machine: str) -> None:
    packer = pytest.importorskip("catchlight.web.rooms.plan_file").Packer()
    cases = [("studio-warm", False), ("blur", True), ("keep", True), ("white", True)]
    if machine == "cpu":  # takes longer, and the grounds' arithmetic is shared by the first two
        cases = cases[:2]
    with host_page() as host, open_chromium() as browser:
        page = browser.new_page()
        for backdrop, warped in cases:
            plan = plan_of(backdrop, warped=warped)
            assert bool(plan.moves) == warped
            data = packer.pack(plan, key="k", frame_key="f")
            strengths = draw_strengths()
            drawn = compare_drawn(page, host, plan, data, strengths, cpu=machine == "cpu")
            for chosen, off in zip(strengths, drawn, strict=True):
                said = f"{machine} {backdrop} {chosen}: mean {off.mean():.3f}"
                assert off.mean() <= 0.5, said
                assert np.percentile(off, 99) <= 3, said
