"""Caveats: what is said of a cut-out that is not sure, where a person asked for what needs it."""

from __future__ import annotations

from catchlight.analysis.cutout.soundness import Soundness
from catchlight.analysis.scene import Scene
from catchlight.backdrop import Settled
from catchlight.scenery import RISKED

#: Soundness of a cut-out below which a painted background wants a look: of 202 photos before paper
#: 86 % of those with a fault lie below, and 36 % of the others.
_UNSOUND = 0.35
_WAY = "--backdrop auto decides with the photo, --backdrop keep leaves its own"


def warn_of_cutout(scene: Scene, settled: Settled, sound: Soundness | None) -> list[str]:
    """Say where the outline is not sure enough for the background behind it.

    Parameters
    ----------
    scene : Scene
    settled : Settled, what is painted
    sound : Soundness, of the cut-out; None where nothing is cut out

    Returns
    -------
    list of str, one sentence or none
    """
    if sound is None:
        return []
    if settled.backdrop.keeps_photo:
        # auto leaves the photo's own where it sees this; it was asked for outright.
        if scene.softening.risk <= RISKED:
            return []
        return [f"beside the person some may have stayed sharp, or been blurred: {_WAY}"]
    if not sound.seen:
        return [f"hardly any outline is seen; some background may pass for the sitter: {_WAY}"]
    if sound.score < _UNSOUND:
        why = f"look at the outline, it is not sure ({sound.reason})"
        return [f"{why}: {_WAY}, and strokes in a look mend it"]
    return []
