"""How well the sitter was cut out, where another background was put behind."""

from __future__ import annotations

from catchlight.likeness.component import Finding, unseen
from catchlight.pixels.filters import ramp
from catchlight.polish.sight import Sight

#: Soundness that costs everything and nothing: see ``docs/backdrops.md`` for what eyes said there.
_BAD, _GOOD = 0.10, 0.75
#: Of what a cut-out costs before paper, so much is seen where the photo's own ground is softened.
_SOFTENED = 0.15


def measure_cutout(sight: Sight) -> Finding:
    """Judge the cut-out by its own soundness; moot where the background is the photo's own.

    Before a softened background a fault of the outline is hardly seen, as what the outline is not
    sure of stays the photo's: it costs 15 % there.
    """
    sound = sight.observation.soundness
    if sound is None:
        why = "the background is the photo's own"
        return unseen(why, moot=True)
    if not sound.seen:
        return unseen(sound.reason, moot=True)
    score = ramp(sound.score, _BAD, _GOOD)
    if sight.observation.softened:
        score = 1 - _SOFTENED * (1 - score)
    return Finding(
        100 * sound.score,
        score,
        sound.reason,
        praise="the outline is sure",
        low=100 * _GOOD,
        details=dict(sound.faults),
    )
