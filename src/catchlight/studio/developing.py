"""Looks of one scene developed: layers, plans and pictures, each made once and kept a while."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from catchlight.adjustments.adjustment import Adjustment
from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.frame import Frame
from catchlight.analysis.scene import Scene
from catchlight.analysis.study import restore_in
from catchlight.arrays import Pixels
from catchlight.backdrop import Backdrop
from catchlight.ground import Ground, colour_person
from catchlight.images import open_picture
from catchlight.layer import Layer, Move, lay
from catchlight.look import Look
from catchlight.models.engines import count_threads
from catchlight.pixels.beside import beside
from catchlight.plan import Plan, plan_scene
from catchlight.render import Rendered, render
from catchlight.studio.recent import Recent

#: Likeness is judged at the face crop's scale, 4 px/mm; a larger face is measured smaller.
_IED = 260.0
# Two builders keep two cores busy, and the memory of the largest two edits is what they need.
_BUILDERS = 2
# How much is kept of what was made last. A layer takes 2 to 20 MB; a plan with its ground painted
# at full size 40.
_LAYERS, _PLANS = 48, 2


@dataclass(frozen=True, eq=False)
class _Plans:
    """One plan at the size that was asked for, and at the size at which likeness is judged."""

    plan: Plan
    judged: Plan


class Developer:
    """Looks of one scene as plans and pictures: whatever two of them share is built once.

    Parameters
    ----------
    scene : Scene
    frame : Frame, optional
        The frame that was asked for, where it is smaller than the one the scene is measured in.
    max_megapixels : float
        Of a picture that a look names as its backdrop.
    fullest : Look, optional
        Where several places of the dial are to be seen: one plan then serves them all, with what
        this look asks for built whether a place uses it or not.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        frame: Frame | None = None,
        max_megapixels: float = 120.0,
        fullest: Look | None = None,
    ) -> None:
        self.scene = scene
        self.frame = scene.frame if frame is None else frame
        self.max_megapixels = max_megapixels
        self.fullest = fullest
        self._layers: Recent[Layer | Move | None] = Recent(_LAYERS)
        self._plans: Recent[_Plans] = Recent(_PLANS)
        self._drawn: Recent[Rendered] = Recent(1)

    @property
    def side(self) -> int:
        """Longer side of the scene's frame in pixels."""
        return max(self.scene.frame.width, self.scene.frame.height)

    @property
    def judged_side(self) -> int:
        """Longer side of the frame at which likeness is judged."""
        return min(self.side, round(self.side * _IED / self.scene.face.ied))

    def detailed(self) -> Developer:
        """The same with the photo's detail restored, which may run a network for seconds.

        What was built of everything else is shared; itself where nothing has to be restored.
        """
        scene = self.scene
        restored = restore_in(scene.subject, scene.frame, scene.pixels)
        if restored is None:
            return self
        other = Developer(
            replace(scene, restored=restored, lit=scene.lighting),
            frame=self.frame,
            max_megapixels=self.max_megapixels,
            fullest=self.fullest,
        )
        for key, layer in self._layers.kept.items():
            if not (isinstance(key, tuple) and key[0] == "detail"):
                other._layers.keep(key, layer)
        return other

    def layers(self, look: Look) -> dict[str, Layer | Move]:
        """What the look's adjustments change at full strength, by name; only new ones are built.

        Adjustments know nothing of each other, and what they share belongs to the scene: so the
        order in which they are built changes nothing, and two are built at a time.
        """
        wanted = self._wanted(look)

        def build(adjustment: Adjustment) -> Layer | Move | None:
            params = look.params_of(adjustment)
            edit = adjustment.build(self.scene, params)
            return None if edit is None else lay(self.scene, adjustment, edit)

        keys = {a.name: (a.name, look.params_of(a)) for a in wanted}
        new = [a for a in wanted if keys[a.name] not in self._layers.kept]
        with ThreadPoolExecutor(min(_BUILDERS, count_threads())) as pool:
            built = dict(zip([a.name for a in new], pool.map(build, new), strict=True))
        found = {
            name: self._layers.get(key, partial(built.get, name)) for name, key in keys.items()
        }
        return {name: layer for name, layer in found.items() if layer is not None}

    def plan(self, look: Look) -> Plan:
        """What is drawn for a look, at the size that was asked for."""
        return self._plans_of(look).plan

    def judged_plan(self, look: Look) -> Plan:
        """What is drawn for a look, at the scale at which likeness is judged."""
        return self._plans_of(look).judged

    def _wanted(self, look: Look) -> list[Adjustment]:
        """The adjustments that a look's plan holds."""
        asked = [look.strengths]
        if self.fullest is not None:
            asked.append(self.fullest.strengths)
        return [a for a in CATALOGUE if any(s[a.name] != 0 for s in asked)]

    def _plans_of(self, look: Look) -> _Plans:
        def make() -> _Plans:
            painted = beside(lambda: look.behind.paint(self.scene, self._read(look.behind)))
            beside(lambda: _clear_person(self.scene, painted()))
            layers = self.layers(look)
            whole = plan_scene(self.scene, layers, painted())
            longest = max(self.frame.width, self.frame.height)
            plans = _Plans(whole.resized(longest), whole.resized(self.judged_side))
            beside(lambda: plans.plan.painted)
            return plans

        return self._plans.get(self.plan_key(look), make)

    def plan_key(self, look: Look) -> tuple[object, ...]:
        """What decides a look's plan: its backdrop, and which adjustments act by which choices."""
        return (look.backdrop, *((a.name, look.params_of(a)) for a in self._wanted(look)))

    def _read(self, backdrop: Backdrop) -> Pixels | None:
        """Read the picture that a backdrop names.

        Raises
        ------
        PictureError
        """
        if backdrop.picture is None:
            return None
        return open_picture(backdrop.picture, max_megapixels=self.max_megapixels).linear()

    def draw(self, plan: Plan, look: Look) -> Rendered:
        """Draw a plan at the strengths of a look; the last one is kept."""
        key = (plan.size, look.model_dump_json())
        return self._drawn.get(key, lambda: self._say_network(render(plan, look.strengths)))

    def _say_network(self, made: Rendered) -> Rendered:
        """A result together with whether the super-resolution network painted pixels of it."""
        restored = self.scene.restored
        drawn = restored is not None and restored.network and "detail" in made.applied
        return replace(made, network=True) if drawn else made


def _clear_person(scene: Scene, ground: Ground | None) -> None:
    """Have the scene clear the person of the wall behind; the plan asks for it."""
    if ground is not None:
        colour_person(scene, ground)
