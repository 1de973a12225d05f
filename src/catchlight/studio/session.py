"""The session: looks of one scene, developed and measured; what they share is made once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from catchlight.adjustments.edit import Edit
from catchlight.analysis.scene import Scene, shrink_scene
from catchlight.arrays import Float, Pixels, as_float
from catchlight.backdrop import STUDIO
from catchlight.images import open_picture
from catchlight.likeness.authenticity import Authenticity, measure_authenticity
from catchlight.likeness.observation import Observation, observe_again, observe_scene
from catchlight.look import Look
from catchlight.pixels import displacement, filters
from catchlight.polish.score import Polish, measure_polish
from catchlight.render import Rendered, build_edits, render
from catchlight.results import Proof

#: Likeness is judged at the face crop's scale, 4 px/mm; a larger face is measured smaller.
_IED = 260.0


class Session:
    """Looks of one scene: edits are built once, the photo is looked at once.

    Parameters
    ----------
    scene : Scene
    picture : (h, w, 3) linear P3, optional
        The backdrop where the looks name a picture.
    others : sequence of Observation
        Further photos of the same person, for the likeness.
    measured : Scene, optional
        The same scene in a larger frame, where ``scene`` is too small to judge a likeness in.
    """

    def __init__(
        self,
        scene: Scene,
        picture: Pixels | None = None,
        others: Sequence[Observation] = (),
        measured: Scene | None = None,
    ) -> None:
        self.scene = scene
        self._measured = measured
        self.others = tuple(others)
        self.picture = picture
        self._edits: dict[str, dict[str, Edit]] = {}
        self._asked: dict[str, set[str]] = {}
        self._proofs: dict[str, Proof] = {}
        self._faces: dict[str, tuple[Observation, Authenticity]] = {}
        self._last: tuple[str, Rendered] | None = None

    @cached_property
    def small(self) -> Scene:
        """The scene at the scale at which likeness is judged."""
        if self._measured is not None:
            return self._measured
        ied = self.scene.face.ied
        if ied <= _IED:
            return self.scene
        longer = max(self.scene.frame.width, self.scene.frame.height)
        return shrink_scene(self.scene, self.scene.frame.resized(round(longer * _IED / ied)))

    @cached_property
    def before(self) -> Observation:
        """The photo in its frame."""
        return observe_scene(self.small)

    @cached_property
    def polish_before(self) -> Polish:
        """How good the photo was, in the same frame."""
        return measure_polish(self.before)

    def render(self, look: Look) -> Rendered:
        """Develop a look at full size."""
        return self._render(self.scene, look)

    def prove(self, look: Look) -> Proof:
        """Develop and measure a look.

        Authenticity is measured inside the face, which the backdrop does not touch: looks that
        differ in the backdrop alone share it.
        """
        key = look.model_dump_json()
        if key not in self._proofs:
            made = self._render(self.small, look)
            face_key = look.model_dump_json(exclude={"backdrop"})
            known = self._faces.get(face_key)
            if known is None:
                after = self._see(made)
                known = self._faces[face_key] = (after, self._compare(made, after))
            else:
                after = known[0].before_ground(made.pixels)
            self._proofs[key] = Proof(look, known[1], measure_polish(after))
        return self._proofs[key]

    def identity(self, look: Look) -> Float | None:
        """(128,) identity vector of a look that was proved; None where no face is found in it."""
        after, _ = self._faces[look.model_dump_json(exclude={"backdrop"})]
        return None if after.face is None else after.identity

    def picture_evidence(self, look: Look) -> Authenticity:
        """Measure a look's authenticity again, its pictures drawn."""
        made = self._render(self.small, look)
        return self._compare(made, self._see(made), pictures=True)

    def _compare(
        self, made: Rendered, after: Observation, *, pictures: bool = False
    ) -> Authenticity:
        return measure_authenticity(
            self.before,
            after,
            others=self.others,
            same_frame=True,
            warp=self._moved(made),
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

    def edits(self, look: Look) -> dict[str, Edit]:
        """Edits of the look's adjustments at full strength; only new ones are built."""
        # What decides an edit beside the scene: the choices, not the strengths.
        shared = look.model_dump_json(exclude={"adjust", "crop", "backdrop", "size", "matte"})
        built = self._edits.setdefault(shared, {})
        asked = self._asked.setdefault(shared, set())
        wanted = {n: s for n, s in look.strengths.items() if s != 0 and n not in asked}
        if wanted:
            zero = dict.fromkeys(look.strengths, 0.0)
            built.update(build_edits(self.scene, look.model_copy(update={"adjust": zero | wanted})))
            asked.update(wanted)
        return built

    def _render(self, scene: Scene, look: Look) -> Rendered:
        key = f"{scene.frame.width} {look.model_dump_json()}"
        if self._last is None or self._last[0] != key:
            made = render(scene, look, edits=self.edits(look), picture=self.picture)
            self._last = (key, made)
        return self._last[1]


def open_backdrop(look: Look, max_megapixels: float = 120.0) -> Pixels | None:
    """Read the backdrop where the look names a picture.

    Raises
    ------
    PictureError
    """
    name = look.backdrop
    if name in STUDIO or name in ("keep", "blur") or name.startswith("#"):
        return None
    return open_picture(Path(name), max_megapixels=max_megapixels).linear()


def resize_to(pixels: Pixels, longest: int) -> Pixels:
    """Shrink ``pixels`` to a longer side of ``longest``; smaller ones stay."""
    h, w = pixels.shape[:2]
    factor = longest / max(h, w)
    if factor >= 1:
        return pixels
    return filters.resize(pixels, max(1, round(w * factor)), max(1, round(h * factor)))
