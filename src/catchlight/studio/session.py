"""A session: looks of one scene, developed and measured; what they share is made once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from catchlight.adjustments.adjustment import MANUAL, Adjustment
from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.cutout.soundness import Soundness
from catchlight.analysis.frame import Frame
from catchlight.analysis.scene import Scene
from catchlight.analysis.study import restore_in, shrink_scene
from catchlight.analysis.verdict.verdict import Verdict
from catchlight.arrays import Float, Pixels, as_float
from catchlight.backdrop import Backdrop, Settled
from catchlight.ground import Ground, colour_person
from catchlight.images import open_picture
from catchlight.likeness.authenticity import (
    Authenticity,
    measure_authenticity,
)
from catchlight.likeness.observation import Observation, observe_again, observe_scene
from catchlight.look import Look
from catchlight.measured import measured
from catchlight.models.runners import count_threads
from catchlight.pixels import displacement, filters
from catchlight.pixels.beside import beside
from catchlight.plan import Layer, Move, Plan, lay, plan_scene
from catchlight.polish.score import Polish, measure_polish
from catchlight.render import Rendered, render
from catchlight.results import Guarded, Proof
from catchlight.studio.guard import LitSkin, hold_dialled, sample_lit_skin
from catchlight.studio.recent import Recent

#: Likeness is judged at the face crop's scale, 4 px/mm; a larger face is measured smaller.
_IED = 260.0
# Two builders keep two cores busy, and the memory of the largest two edits is what they need.
_BUILDERS = 2
# How much is kept of what was made last. A layer takes 2 to 20 MB; a plan with its ground painted
# at full size 40; a proof only numbers and the small picture that it was measured on.
_LAYERS, _PLANS, _PROOFS = 48, 2, 64


@dataclass(frozen=True, eq=False)
class _Plans:
    """One plan at the size that was asked for, and at the size at which likeness is judged."""

    plan: Plan
    small: Plan


class Session:
    """Looks of one scene: layers are built once, the photo is looked at once.

    Parameters
    ----------
    scene : Scene
    frame : Frame, optional
        The frame that was asked for, where it is smaller than the one the scene is measured in.
    others : sequence of Observation
        Further photos of the same person, for the likeness.
    max_megapixels : float
        Of a picture that a look names as its backdrop.
    verdict : Verdict, optional
        On the photo; where the face is covered, nothing is said of its likeness.
    fullest : Look, optional
        Where several places of the dial are to be seen: one plan then serves them all, with what
        this look asks for built whether a place uses it or not.
    proofs : int
        How many are kept; each with the picture that it was measured on, 10 MB of a large face.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        frame: Frame | None = None,
        others: Sequence[Observation] = (),
        max_megapixels: float = 120.0,
        verdict: Verdict | None = None,
        fullest: Look | None = None,
        proofs: int = _PROOFS,
    ) -> None:
        self.scene = scene
        self.frame = scene.frame if frame is None else frame
        self.others = tuple(others)
        self.max_megapixels = max_megapixels
        self.verdict = verdict
        self.fullest = fullest
        self.proofs = proofs
        self._layers: Recent[Layer | Move | None] = Recent(_LAYERS)
        self._plans: Recent[_Plans] = Recent(_PLANS)
        self._proofs: Recent[Proof] = Recent(proofs)
        self._faces: Recent[tuple[Observation, Authenticity]] = Recent(proofs)
        self._drawn: Recent[Rendered] = Recent(1)
        self._skins: Recent[LitSkin] = Recent(_PLANS)

    @measured
    def small(self) -> Scene:
        """The scene at the scale at which likeness is judged."""
        if self._judged_side == self._side:
            return self.scene
        return shrink_scene(self.scene, self.scene.frame.resized(self._judged_side))

    @property
    def _side(self) -> int:
        return max(self.scene.frame.width, self.scene.frame.height)

    @property
    def _judged_side(self) -> int:
        """Longer side of the frame at which likeness is judged."""
        return min(self._side, round(self._side * _IED / self.scene.face.ied))

    @measured
    def before(self) -> Observation:
        """The photo in its frame."""
        return replace(observe_scene(self.small), verdict=self.verdict)

    @measured
    def polish_before(self) -> Polish:
        """How good the photo was, in the same frame."""
        return measure_polish(self.before)

    def detailed(self) -> Session:
        """The same with the photo's detail restored, which may run a network for seconds.

        What was built of everything else is shared; itself where nothing has to be restored.
        """
        scene = self.scene
        restored = restore_in(scene.subject, scene.frame, scene.pixels)
        if restored is None:
            return self
        other = Session(
            replace(scene, restored=restored, lit=scene.lighting),
            frame=self.frame,
            others=self.others,
            max_megapixels=self.max_megapixels,
            verdict=self.verdict,
            fullest=self.fullest,
            proofs=self.proofs,
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
        return self._plan(look).plan

    def small_plan(self, look: Look, longest: int) -> Plan:
        """What is drawn for a look, seen small."""
        return self._plan(look).small.resized(longest)

    def _wanted(self, look: Look) -> list[Adjustment]:
        """The adjustments that a look's plan holds."""
        asked = [look.strengths]
        if self.fullest is not None:
            asked.append(self.fullest.strengths)
        return [a for a in CATALOGUE if any(s[a.name] != 0 for s in asked)]

    def guard(
        self, look: Look, outright: frozenset[str], own: Look | None = None
    ) -> tuple[Look, Guarded]:
        """Hold back what of a look would betray the skin; see :mod:`catchlight.studio.guard`.

        The light of a pattern that was asked for is held back no more than what was set outright:
        held back, it would be no pattern.

        Parameters
        ----------
        look : Look
        outright : set of adjustments whose strength the person set: they stay
        own : Look, optional
            The same at the setting's own place of the dial, to which the guard binds; by default
            it binds to ``look`` itself.
        """
        if look.light != "none":
            outright |= {"key_light"}
        own = look if own is None else own
        # At the dial's 0 nothing is refined: what the own place does is asked of its own plan.
        lacking = any(s != 0 and look.strengths[n] == 0 for n, s in own.strengths.items())
        planned = own if lacking else look

        def sample() -> LitSkin:
            photo, skin = self.scene.small, self.scene.regions["face_skin"]
            return sample_lit_skin(self.plan(planned).near, photo, skin)

        lit = self._skins.get(self._plan_key(planned), sample)
        return hold_dialled(lit, own, look, outright | self.scene.warranted | set(MANUAL))

    def _plan(self, look: Look) -> _Plans:
        def make() -> _Plans:
            painted = beside(lambda: look.behind.paint(self.scene, self._read(look.behind)))
            beside(lambda: _clear_person(self.scene, painted()))
            layers = self.layers(look)
            whole = plan_scene(self.scene, layers, painted())
            longest = max(self.frame.width, self.frame.height)
            plans = _Plans(whole.resized(longest), whole.resized(self._judged_side))
            beside(lambda: plans.plan.painted)
            return plans

        return self._plans.get(self._plan_key(look), make)

    def _plan_key(self, look: Look) -> tuple[object, ...]:
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

    def render(self, look: Look) -> Rendered:
        """Develop a look at the size that was asked for."""
        return self._draw(self.plan(look), look)

    def prove(self, look: Look) -> Proof:
        """Develop and measure a look.

        Authenticity is measured inside the face, which the backdrop does not touch: looks that
        differ in the backdrop alone share it.
        """
        return self._proofs.get(look.model_dump_json(), lambda: self._prove(look))

    def _prove(self, look: Look) -> Proof:
        beside(partial(self.soundness, look))  # the scene keeps it; here it is begun
        made = self._draw(self._plan(look).small, look)
        known = self._faces.kept.get(_face_key(look))
        if known is not None:
            after = self._tell_cut(look, known[0].before_ground(made.pixels))
            return Proof(look, known[1], measure_polish(after))
        # One observation for both numbers: what one of them measures the other need not.
        after = self._tell_cut(look, self._see(made))
        polish = beside(partial(measure_polish, after))
        authenticity = self._compare(look, made, after)
        self._faces.keep(_face_key(look), (after, authenticity))
        return Proof(look, authenticity, polish())

    def settle(self, look: Look) -> Settled:
        """Say which backdrop a look has here, and why; ``auto`` chooses once for a photo."""
        return look.behind.settle(self.scene)

    def soundness(self, look: Look) -> Soundness | None:
        """How sure the cut-out is; None where a look cuts nothing out."""
        return self.scene.soundness if self.settle(look).backdrop.needs_matte else None

    def _tell_cut(self, look: Look, after: Observation) -> Observation:
        """A result together with how sure its cut-out is."""
        softened = self.settle(look).backdrop.keeps_photo
        return replace(after, soundness=self.soundness(look), softened=softened)

    def identity(self, look: Look) -> Float | None:
        """Identity vector of a look that was proved; None where no face is found in it."""
        self.prove(look)
        if _face_key(look) not in self._faces.kept:  # others came since
            del self._proofs.kept[look.model_dump_json()]
            self.prove(look)
        after, _ = self._faces.kept[_face_key(look)]
        return None if after.face is None else after.identity

    def picture_evidence(self, look: Look) -> Authenticity:
        """Measure a look's authenticity again, its pictures drawn."""
        made = self._draw(self._plan(look).small, look)
        return self._compare(look, made, self._see(made), pictures=True)

    def _compare(
        self, look: Look, made: Rendered, after: Observation, *, pictures: bool = False
    ) -> Authenticity:
        return measure_authenticity(
            self.before,
            after,
            others=self.others,
            same_frame=True,
            warp=self._moved(made),
            recoloured="white_balance" in self.scene.warranted or look.strengths["warmth"] != 0,
            pictures=pictures,
        )

    def _see(self, made: Rendered) -> Observation:
        """Look at a render; for its face only where a warp moved it."""
        if made.warp is None:
            return observe_again(self.before, made.pixels, "headshot")
        return observe_scene(self.small, made.pixels, "headshot")

    def _moved(self, made: Rendered) -> Float | None:
        """Where the renderer's warp took each place of the photo, in mm; None where it did not."""
        if made.warp is None:
            return None
        mm = np.float32(self.small.face.px_per_mm)
        return as_float(displacement.invert(made.warp * mm) / mm)

    def _draw(self, plan: Plan, look: Look) -> Rendered:
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


def _face_key(look: Look) -> str:
    """What decides the face of a look: all but the backdrop."""
    return look.model_dump_json(exclude={"backdrop"})


def resize_to(pixels: Pixels, longest: int) -> Pixels:
    """Shrink ``pixels`` to a longer side of ``longest``; smaller ones stay."""
    h, w = pixels.shape[:2]
    factor = longest / max(h, w)
    if factor >= 1:
        return pixels
    return filters.resize(pixels, max(1, round(w * factor)), max(1, round(h * factor)))
