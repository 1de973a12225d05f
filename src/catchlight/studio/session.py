"""A session: looks of one scene, developed and measured; the photo is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from catchlight.adjustments.adjustment import MANUAL
from catchlight.analysis.cutout.soundness import Soundness
from catchlight.analysis.frame import Frame
from catchlight.analysis.scene import Scene
from catchlight.analysis.study import shrink_scene
from catchlight.analysis.verdict.verdict import Verdict
from catchlight.arrays import Float
from catchlight.backdrop import Settled
from catchlight.layer import Layer, Move
from catchlight.likeness.authenticity import Authenticity
from catchlight.likeness.observation import Observation
from catchlight.look import Look
from catchlight.measured import measured
from catchlight.pixels.beside import beside
from catchlight.plan import Plan
from catchlight.polish.score import Polish, measure_polish
from catchlight.render import Rendered
from catchlight.results import Guarded, Proof
from catchlight.studio.comparison import Comparison
from catchlight.studio.developing import Developer
from catchlight.studio.guard import LitSkin, hold_dialled, sample_lit_skin
from catchlight.studio.recent import Recent

# How many are kept: of proofs, which hold numbers and the small picture that they were measured
# on; and of samples of lit skin, one for each plan of late.
_PROOFS, _SKINS = 64, 2


class Session:
    """Looks of one scene, developed by its :class:`Developer`, and measured against the photo.

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
        self.developer = Developer(
            scene, frame=frame, max_megapixels=max_megapixels, fullest=fullest
        )
        self.others = tuple(others)
        self.verdict = verdict
        self.proofs = proofs
        self._proofs: Recent[Proof] = Recent(proofs)
        self._faces: Recent[tuple[Observation, Authenticity]] = Recent(proofs)
        self._skins: Recent[LitSkin] = Recent(_SKINS)

    @property
    def scene(self) -> Scene:
        """The scene whose looks these are."""
        return self.developer.scene

    @property
    def fullest(self) -> Look | None:
        """The look that decides what every plan holds; None where each has a plan of its own."""
        return self.developer.fullest

    @fullest.setter
    def fullest(self, look: Look | None) -> None:
        self.developer.fullest = look

    @measured
    def small(self) -> Scene:
        """The scene at the scale at which likeness is judged."""
        side = self.developer.judged_side
        if side == self.developer.side:
            return self.scene
        return shrink_scene(self.scene, self.scene.frame.resized(side))

    @measured
    def comparison(self) -> Comparison:
        """The photo at that scale, against which every look is held."""
        return Comparison(self.small, self.others, self.verdict)

    @property
    def before(self) -> Observation:
        """The photo in its frame."""
        return self.comparison.before

    @property
    def polish_before(self) -> Polish:
        """How good the photo was, in the same frame."""
        return self.comparison.polish_before

    def detailed(self) -> Session:
        """The same with the photo's detail restored, which may run a network for seconds.

        What was built of everything else is shared; itself where nothing has to be restored.
        """
        developer = self.developer.detailed()
        if developer is self.developer:
            return self
        other = Session(
            developer.scene, others=self.others, verdict=self.verdict, proofs=self.proofs
        )
        other.developer = developer
        return other

    def layers(self, look: Look) -> dict[str, Layer | Move]:
        """What the look's adjustments change at full strength, by name; only new ones are built."""
        return self.developer.layers(look)

    def plan(self, look: Look) -> Plan:
        """What is drawn for a look, at the size that was asked for."""
        return self.developer.plan(look)

    def small_plan(self, look: Look, longest: int) -> Plan:
        """What is drawn for a look, seen small."""
        return self.developer.judged_plan(look).resized(longest)

    def render(self, look: Look) -> Rendered:
        """Develop a look at the size that was asked for."""
        return self.developer.draw(self.plan(look), look)

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

        lit = self._skins.get(self.developer.plan_key(planned), sample)
        return hold_dialled(lit, own, look, outright | self.scene.warranted | set(MANUAL))

    def prove(self, look: Look) -> Proof:
        """Develop and measure a look.

        Authenticity is measured inside the face, which the backdrop does not touch: looks that
        differ in the backdrop alone share it.
        """
        return self._proofs.get(look.model_dump_json(), lambda: self._prove(look))

    def _prove(self, look: Look) -> Proof:
        beside(partial(self.soundness, look))  # the scene keeps it; here it is begun
        made = self._draw_small(look)
        known = self._faces.kept.get(_face_key(look))
        if known is not None:
            after = self._tell_cut(look, known[0].before_ground(made.pixels))
            return Proof(look, known[1], measure_polish(after))
        # One observation for both numbers: what one of them measures the other need not.
        after = self._tell_cut(look, self.comparison.see(made, look))
        polish = beside(partial(measure_polish, after))
        authenticity = self._judge(look, made, after)
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
        made = self._draw_small(look)
        return self._judge(look, made, self.comparison.see(made, look), pictures=True)

    def _judge(
        self, look: Look, made: Rendered, after: Observation, *, pictures: bool = False
    ) -> Authenticity:
        recoloured = "white_balance" in self.scene.warranted or look.strengths["warmth"] != 0
        return self.comparison.judge(made, after, recoloured=recoloured, pictures=pictures)

    def _draw_small(self, look: Look) -> Rendered:
        """A look drawn at the scale at which likeness is judged."""
        return self.developer.draw(self.developer.judged_plan(look), look)


def _face_key(look: Look) -> str:
    """What decides the face of a look: all but the backdrop."""
    return look.model_dump_json(exclude={"backdrop"})
