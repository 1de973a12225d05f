"""What stands behind a sitter where nobody chose it: the photo's own ground, softened, or paper.

First do no harm. The photo's own ground stays where it keeps quiet; where it is restless it goes
out of focus, which bears an uncertain outline; paper is painted only where the ground would stay
loud even so and the cut-out is sure. Decided once for a photo in its frame; no strength moves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from catchlight.analysis.cutout.softening import Softening
from catchlight.analysis.surroundings import Surroundings
from catchlight.arrays import as_float
from catchlight.pixels import colour

if TYPE_CHECKING:
    from catchlight.analysis.scene import Scene

# The limits come from the 162 test photos: 90 of them looked at three times side by side (own
# ground, softened, paper) with the question which of them one would post, then from what readers
# said of plain crop beside result, where a softened ground that had been only a little restless
# was preferred by nobody; see docs/backdrops.md.
#: Share of the frame below which the ground is too small to disturb: beside a head that fills the
#: frame softening gains little, and all of it lies along the outline, where it may err.
_SEEN = 0.15
# Restlessness together with ten times the share of edges, and the least such share, of a ground in
# focus; a texture all over (brick, hedges) has fewer hard edges, but fine change everywhere.
_RESTLESS, _EDGES = 3.1, 0.04
_TEXTURED, _FINE, _FEW_EDGES = 1.7, 1.0, 0.018
#: Softening that changes less of the frame (mean CIELAB) calms nothing that its outline would be
#: worth; one that changes more of what may be the person would blur a shoulder, an earring or
#: wind-blown hair.
_WORTH_IT, RISKED = 0.505, 0.8
#: Pixels between the eyes below which a pixel of the outline is 2 mm wide: softened beside it, the
#: jags of the file stand out. Looked at from 24 to 752 pixels: at 34 and more no jag is seen.
_SMALL = 30.0
#: A ground that stays loud out of focus: glaring over so much of it, and of many colours.
_GLARE, _COLOURS = 0.30, 18.0
#: Other people behind the sitter, as a share of the frame; from the second on it is their picture.
_PEOPLE, _GROUP = 0.01, 0.10
#: Soundness of the cut-out from which on paper may be painted.
SURE = 0.80
# Lightness that a paper may give up, or gain, to come near to what was behind, in L*, and the share
# of the way that it goes.
_DARKER, _LIGHTER, _TOWARDS = 24.0, 8.0, 0.45
#: Mean chroma (CIELAB) of a picture up to which it is black and white.
_GREY = 2.5


@dataclass(frozen=True)
class Scenery:
    """What stands behind, and why.

    Attributes
    ----------
    kind : {"keep", "blur", "paper"}
    why : str, one sentence for a person
    rgb : str or None, ``#rrggbb`` of the paper
    """

    kind: Literal["keep", "blur", "paper"]
    why: str
    rgb: str | None = None


def choose_scenery(scene: Scene, paper: str) -> Scenery:
    """Choose what stands behind the sitter.

    Parameters
    ----------
    scene : Scene
    paper : str, ``#rrggbb`` of the setting's paper, which is suited to sitter and light
    """
    seen = scene.surroundings
    quiet = find_quiet(seen, touching=scene.cutout.touching)
    if quiet:
        return Scenery("keep", f"the photo's own background stays: {quiet}")
    loud, sound = find_loud(seen), scene.soundness
    if loud and sound.score >= SURE:
        rgb = suit_paper(paper, scene)
        return Scenery("paper", f"paper is painted: {loud}, and the cut-out is sure", rgb)
    harm = find_harm(scene.softening, scene.quality.ied)
    if harm:
        why = f"it is {'loud' if loud else 'restless'}, but {harm}"
        return Scenery("keep", f"the photo's own background stays: {why}")
    why = "it is restless"
    if loud:
        why = f"{loud}, and the cut-out is not sure enough for paper ({sound.reason})"
    return Scenery("blur", f"the photo's own background is softened: {why}")


def find_quiet(seen: Surroundings, *, touching: bool = False) -> str:
    """Say why a ground may stay as it is; empty where it disturbs."""
    if seen.share < _SEEN:
        return "little of it is seen"
    if touching and seen.people > _GROUP:
        return "it is a picture of several people"
    restless = seen.restless + 10 * seen.edges > _RESTLESS and seen.edges > _EDGES
    textured = seen.restless > _TEXTURED and seen.fine > _FINE and seen.edges > _FEW_EDGES
    if restless or textured or seen.people > _PEOPLE:
        return ""
    return "it is calm" if seen.restless < 0.8 else "it is quiet enough"


def find_harm(softening: Softening, ied: float) -> str:
    """Say why a ground had better not be softened; empty where it may be.

    Parameters
    ----------
    softening : Softening
    ied : float, between the eyes, pixels of the photo
    """
    if ied < _SMALL:
        return "the photo is too coarse to tell where the person ends"
    if softening.change < _WORTH_IT:
        return "softening would gain too little"
    if softening.risk > RISKED:
        return (
            "what finds the person disagrees beside the outline, and softening might blur a part "
            "of the person or leave scraps of the background sharp; --backdrop blur does it anyway"
        )
    return ""


def find_loud(seen: Surroundings) -> str:
    """Say what of a ground would disturb even out of focus; empty where nothing would."""
    if seen.people > _PEOPLE:
        return "other people stand behind"
    if seen.glare > _GLARE and seen.colours > _COLOURS:
        return "it is glaring and many-coloured"
    return ""


def suit_paper(rgb: str, scene: Scene) -> str:
    """The paper of a family that suits a sitter: nearer to the tone that stood behind.

    What is left at the edge of dark hair from a dark place shows before pale paper, and fair hair
    from a bright one before dark: so the paper goes 45 % of the way to the old ground's lightness,
    at most 24 L* darker or 8 lighter. Its colour stays, but for a black-and-white photo, where it
    is a neutral grey.
    """
    lab = colour.hex_to_lab(rgb)
    way = float(np.clip(_TOWARDS * (scene.surroundings.lightness - lab[0]), -_DARKER, _LIGHTER))
    grey = float(np.hypot(*np.moveaxis(colour.p3_to_lab(scene.small)[..., 1:], -1, 0)).mean())
    tint = lab[1:] * (0.0 if grey < _GREY else 1.0)
    return colour.p3_to_hex(colour.lab_to_p3(as_float([[[lab[0] + way, *tint]]]))[0, 0])
