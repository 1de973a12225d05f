"""The guard: no default betrays the skin. Strengths that would are scaled down before any render.

What a person set outright is theirs, and a correction that the photo's evidence warrants is what
the photo should have been: the guard measures what all the rest does to lit skin beyond those two,
and takes it back as far as it goes beyond what a default may (:mod:`catchlight.likeness.skin`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from catchlight.arrays import Float, Pixels, as_float
from catchlight.layer import Layer
from catchlight.light_sum import sum_layers
from catchlight.likeness.skin import SkinChange, find_lit_skin, measure_skin_change
from catchlight.look import Look
from catchlight.models.engines import count_threads
from catchlight.pixels import blend, filters
from catchlight.plan import Plan
from catchlight.results import Guarded

#: Corrections, which go first where nothing warrants them.
_FIRST = ("exposure", "white_balance", "light_colour")
#: Places of lit skin that are compared: more changed no figure of a sheet of 20 by its last digit.
_PLACES = 1500
#: Share of what a default may do that is used: the places are a sample, at the size of a preview,
#: and over all of the skin the figures came out up to 7 % larger at full size (162 photos) and up
#: to 12 % at 640 pixels (two of 99).
_USED = 0.89
#: Halvings of a strength's factor: to 1/128.
_STEPS = 7


@dataclass(frozen=True, eq=False)
class LitSkin:
    """Lit skin of a plan, and what each layer does there at full strength.

    Attributes
    ----------
    before : (n, 3) linear P3
    stops : mapping of adjustment to (n, 3)
    """

    before: Pixels
    stops: Mapping[str, Float]

    def after(self, strengths: Mapping[str, float]) -> Pixels:
        """The same places at ``strengths``."""
        total = np.zeros_like(self.before)
        for name, stops in self.stops.items():
            if (strength := np.float32(strengths.get(name, 0.0))) != 0:
                total += strength * stops
        e = blend.EPSILON
        return as_float(np.maximum((self.before + e) * np.exp2(total) - e, 0))


def sample_lit_skin(plan: Plan, pixels: Pixels, skin: Float) -> LitSkin:
    """Sample lit skin of a small ``plan``.

    Parameters
    ----------
    plan : Plan, a few hundred pixels large
    pixels, skin : the photo in its frame and its skin, at any size
    """
    photo = filters.resize(pixels, *plan.size)
    at = np.flatnonzero(find_lit_skin(photo, filters.resize(skin, *plan.size)))
    at = at[:: max(1, len(at) // _PLACES)]
    width, height = plan.size
    whole = slice(0, height), slice(0, width)

    def draw(layer: Layer) -> Float:
        drawn = sum_layers(plan, {layer.name: 1.0}).stops(*whole)
        return as_float(np.broadcast_to(drawn, photo.shape).reshape(-1, 3)[at])

    with ThreadPoolExecutor(count_threads()) as pool:
        stops = dict(zip([x.name for x in plan.layers], pool.map(draw, plan.layers), strict=True))
    return LitSkin(as_float(photo.reshape(-1, 3)[at]), stops)


def hold(skin: LitSkin, look: Look, fixed: frozenset[str]) -> tuple[Look, Guarded]:
    """Scale down those strengths of a look that would betray the skin.

    Parameters
    ----------
    skin : LitSkin
    look : Look
    fixed : set of adjustments that stay as they are
        What the person set outright, and corrections that the photo warrants.

    Returns
    -------
    The look, and what was measured and taken back.

    Notes
    -----
    Corrections that nothing warrants go first; then, one after the other, the adjustment whose
    absence helps most, each only as far as needed; at last each gets back what the others left room
    for.
    """
    strengths = dict(look.strengths)
    reference = skin.after({n: s for n, s in strengths.items() if n in fixed})

    def change(now: Mapping[str, float]) -> SkinChange:
        return measure_skin_change(reference, skin.after(now))

    def holds_at(name: str, full: float, factor: float) -> bool:
        return _holds(change({**strengths, name: factor * full}))

    first = found = change(strengths)
    free = [n for n in skin.stops if n not in fixed and strengths[n] != 0]
    scaled: dict[str, tuple[float, float]] = {}
    while not _holds(found) and free:
        without = {n: change({**strengths, n: 0.0}).excess for n in free}
        helping = [n for n in free if without[n] < found.excess - 1e-3]
        if not helping:
            break
        early = [n for n in helping if n in _FIRST]
        name = min(early or helping, key=lambda n: without[n])
        factor = _bisect(partial(holds_at, name, strengths[name]))
        scaled[name] = (strengths[name], factor * strengths[name])
        strengths[name] *= factor
        found = change(strengths)
        free.remove(name)
    # What went first may have gone for another's fault: so much of it comes back as still holds.
    if _holds(found) and len(scaled) > 1:
        for name, (was, now) in scaled.items():
            if name not in _FIRST:
                strengths[name] = max(now, was * _bisect(partial(holds_at, name, was)))
                scaled[name] = (was, strengths[name])
        found = change(strengths)
    if not _holds(found):
        # One takes back what another does: less of each, by one factor, down to nothing at all.
        rest = {n: s for n, s in strengths.items() if n in skin.stops and n not in fixed and s != 0}
        factor = _bisect(lambda f: _holds(change({**strengths, **_times(rest, f)})))
        scaled |= {n: (look.strengths[n], factor * s) for n, s in rest.items()}
        strengths |= _times(rest, factor)
        found = change(strengths)
    if scaled:
        look = look.model_copy(update={"adjust": {**look.strengths, **strengths}})
    whole = measure_skin_change(skin.before, skin.after(strengths))
    return look, Guarded(first, found, whole, scaled)


def hold_dialled(
    skin: LitSkin, own: Look, look: Look, fixed: frozenset[str]
) -> tuple[Look, Guarded]:
    """Hold a look of the dial as the guard holds the look at the setting's own place.

    Parameters
    ----------
    skin : LitSkin, with what either look does
    own, look : Look
        At the setting's own place of the dial, and where the dial stands.
    fixed : set of adjustments that stay as they are

    Returns
    -------
    The look, and what was measured and taken back.

    Notes
    -----
    Below its own place every strength is held by the factor found there, so that the dial takes
    back and gives in one way, and what the dial does not move is the same everywhere. Beyond, which
    is a person's own choice, a strength rises from what was held there by as much as its curve
    does.
    """
    held, found = hold(skin, own, fixed)
    if look == own:
        return held, found
    before, there, asked = own.strengths, held.strengths, look.strengths
    strengths = {}
    for name, strength in asked.items():
        full = before[name]
        if abs(strength) > abs(full):
            strengths[name] = there[name] + strength - full
        else:
            strengths[name] = strength * there[name] / full if full else 0.0
    changed = {n: s for n, s in strengths.items() if s != asked[n]}
    if changed:
        look = look.model_copy(update={"adjust": {**asked, **changed}})
    reference = skin.after({n: s for n, s in strengths.items() if n in fixed})
    after = skin.after(strengths)
    return look, Guarded(
        measure_skin_change(reference, skin.after(asked)),
        measure_skin_change(reference, after),
        measure_skin_change(skin.before, after),
        {n: (asked[n], s) for n, s in changed.items()},
    )


def _holds(change: SkinChange) -> bool:
    return change.excess <= _USED


def _times(strengths: Mapping[str, float], factor: float) -> dict[str, float]:
    return {n: factor * s for n, s in strengths.items()}


def _bisect(holds: Callable[[float], bool]) -> float:
    """The largest factor at which it holds, 0 where none does."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if holds(middle):
            low = middle
        else:
            high = middle
    return low
