"""A render held against the photo in its frame: how authentic it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from catchlight.analysis.light.around import Around
from catchlight.analysis.scene import Scene
from catchlight.analysis.verdict.verdict import Verdict
from catchlight.arrays import Float, as_float
from catchlight.likeness.authenticity import Authenticity, measure_authenticity
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_again, observe_scene
from catchlight.look import Look
from catchlight.measured import measured
from catchlight.pixels import displacement, tones
from catchlight.polish.score import Polish, measure_polish
from catchlight.render import Rendered


class Comparison:
    """The photo as it was looked at once, for all that is held against it.

    Parameters
    ----------
    scene : Scene, at the scale at which likeness is judged
    others : sequence of Observation, further photos of the same person
    verdict : Verdict or None, on the photo
    """

    def __init__(
        self, scene: Scene, others: Sequence[Observation] = (), verdict: Verdict | None = None
    ) -> None:
        self.scene, self.others, self.verdict = scene, tuple(others), verdict

    @measured
    def before(self) -> Observation:
        """The photo in its frame."""
        return replace(observe_scene(self.scene), verdict=self.verdict)

    @measured
    def polish_before(self) -> Polish:
        """How good the photo was, in the same frame."""
        return measure_polish(self.before)

    def judge(
        self, made: Rendered, after: Observation, *, recoloured: bool, pictures: bool = False
    ) -> Authenticity:
        """Measure how authentic a render is that was looked at again; with pictures if asked.

        Where its colour of light was changed for a reason (``recoloured``), that is no loss.
        """
        return measure_authenticity(
            self.before,
            after,
            others=self.others,
            same_frame=True,
            warp=self._moved(made),
            recoloured=recoloured,
            pictures=pictures,
        )

    def see(self, made: Rendered, look: Look) -> Observation:
        """Look at a render of ``look``; for its face only where a warp moved it."""
        if made.warp is None:
            seen = observe_again(self.before, made.pixels, "headshot")
        else:
            seen = observe_scene(self.scene, made.pixels, "headshot")
        return replace(seen, around=self._light_around(look))

    def _light_around(self, look: Look) -> Around | None:
        """What is around the frame, had it been given the frame's exposure."""
        around = self.scene.around
        if around is None:
            return None
        level = around.top
        given = {"exposure": self.scene.exposed.stops, "brightness": 1.0}
        for name, stops in given.items():
            full = tones.lift(as_float([2.0**level]), stops) if stops > 0 else as_float([0])
            level += look.strengths[name] * float(full[0])
        return replace(around, top=min(level, 0.0))

    def _moved(self, made: Rendered) -> Float | None:
        """Where the renderer's warp took each place of the photo, in mm; None where it did not."""
        if made.warp is None:
            return None
        mm = np.float32(self.scene.face.px_per_mm)
        return as_float(displacement.invert(made.warp * mm) / mm)
