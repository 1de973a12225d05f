"""The judge of exposure: whether a portrait was exposed as meant, and by how much it was not.

One judge for the adjustment, for polish and for ``pick``. It knows no pigment: neither how light
skin is nor how light skin should be enters. It acts on what is beyond doubt and else says nothing;
a dim picture may be meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from catchlight.analysis.light.anchors import Anchors
from catchlight.analysis.light.burnt import judge_burnt

#: Something in a picture reaches nearly to white: paper, a lamp, a collar, a catchlight. Of 140
#: photos that nobody called dark the brightest thousandth lay at -0.2 stops in the median, at -0.9
#: in the dimmest twentieth, and at the same in light, medium and dark sitters.
_TOP, _HEADROOM = -0.1, 0.75
#: Of the headroom so much stays: a muted picture is lifted to the dim end of what is usual. What
#: misses two stops and a half is no muted picture, and half of it does.
_MUTED = ((1.5, 2.5), (0.2, 0.1))
#: Whites of the eyes above this are no eyes in the dark, whatever the rest of the picture does.
_LIT_WHITES = -1.6
#: Nor is a face in the dark whose skin mirrors the light above this. A lower bound is not fair:
#: a stop too dark, all sitters mirrored less than it, but the lightest of them more than -1.45.
_LIT_MIRROR = -1.15
#: In a picture of which less than this is lit and no head nothing white need be seen.
_BESIDE = 0.10
#: And the less there is, below the second, the less does an absent white say against a face that is
#: lit; below the first nothing. A dark-skinned sitter who fills two thirds of a muted studio
#: portrait was made lighter by two thirds of a stop.
_AROUND = (0.35, 0.45)
#: The dim quarter of what whites, catchlights, teeth and the mirror on the skin have in photos that
#: nobody called dark (log2 of linear luminance; of 105 of them, alike in three groups of skin).
_WHITES, _CATCH, _TEETH, _MIRROR = -3.0, -2.0, -1.2, -1.3
#: Where all that is seen falls short by this much, the face is dark beyond doubt.
_SURE = 0.8
#: Where the face itself misses less than this in the median of its anchors, and the picture not
#: much, a dim picture may be meant, and so much is lifted at most: a dark-skinned sitter before a
#: grey wall in an office was made lighter by a stop because nothing in the picture was white.
_LIT_FACE, _DIM_ROOM, _DIM = 0.3, 1.4, 0.66
#: Where the face even has so much to spare in the median, it is lit, and nothing is lifted: of
#: three photos like that, two of them from a studio, none was better for it. Of 60 photos and 41
#: people made a stop darker nineteen in twenty miss more.
_TO_SPARE = -0.35
#: What a face misses where the picture has its white, it misses of its own light: before a bright
#: sky or a window. Of that so much is given: at all of it, looked at on four such photos, skin
#: turned red, the sky flat and a dark hoodie grey; at half of it each was better than as it was. In
#: a picture that is dark itself it is only given of what is more than the anchors of two faces
#: differ by, or a face by flash in a dark room comes out brighter than all around it.
_AGAINST_LIGHT, _DIFFER = 0.5, 0.5
#: A lift of less than this is nobody's mistake.
_LEAST_UNDER = 0.2
#: No more is lifted: below, eight bits have nothing left.
_MOST = 3.0
#: Standard deviation of sqrt-coded noise that a lift may bring up: about 9 codes of 255.
_NOISE = 0.035
#: But where the brightest thing of a photo lies so far down, it is no night either: of 162 photos
#: as they are the darkest of those that a head fills, a night, had 1.44. There the middle of the
#: face's anchors is asked, which the dim quarter's bounds make look nearer than it is.
_NIGHT = 1.75


@dataclass(frozen=True)
class Exposed:
    """What the judge says.

    Attributes
    ----------
    stops : float
        By how much the exposure should be changed: -1 to 3, 0 exactly where it was meant.
    witnesses : tuple of (name, stops, weight)
        What each anchor says is missing (above 0) or too much, and what it counted.
    said : str, in words
    off : float
        By how much it is wrong beyond doubt, whatever of it noise lets one give back: what polish
        and ``pick`` count. :attr:`stops` is never more.
    """

    stops: float
    witnesses: tuple[tuple[str, float, float], ...]
    said: str
    off: float

    @property
    def wrong(self) -> bool:
        """Whether it was exposed wrongly beyond doubt."""
        return self.stops != 0

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        rows = [
            {"name": name, "stops": round(stops, 2), "weight": round(weight, 2)}
            for name, stops, weight in self.witnesses
        ]
        return {"stops": round(self.stops, 3), "said": self.said, "witnesses": rows}


def judge_exposure(found: Anchors, *, noise: float = 0.0) -> Exposed:
    """Judge the exposure of a portrait by its anchors.

    Too dark: the whole picture leaves room below white that photographs do not leave; or whites of
    the eyes, catchlights, teeth and the mirror of the light on the skin all lie in the dark, at
    least three of them and by 0.8 stops each: then the least of these counts, in full as far as the
    picture misses it too, by half beyond, where the face stands against the light. Too bright: skin
    is burnt, and much else with it; or white clothes are, and the face has light to spare.

    Parameters
    ----------
    found : Anchors
    noise : float
        Of the source, as :attr:`catchlight.analysis.quality.Quality.noise`: a lift stops where it
        would bring up more than about 9 codes of it, but never below half.
    """
    room = _TOP - found.top
    face = _dark_face(found)
    witnesses = [("the brightest thing", room, 1.0), *face]
    missing = [stops for _, stops, weight in face if weight >= 0.5]
    over, bright = judge_burnt(found, missing)
    if over:
        said = (
            f"about {over:.1f} stops too bright: {found.burnt:.0%} of the facial skin is burnt, "
            f"{found.burnt_clothes:.0%} of the clothes and {found.clipped:.0%} of the picture"
        )
        return Exposed(-over, (*bright, *witnesses), said, -over)
    if found.skin is None:
        return Exposed(0.0, tuple(witnesses), "no skin is seen by which it could be lifted", 0.0)
    least = min(missing, default=0.0)
    counted = sum(w for *_, w in face)
    whites = found.eyes.white
    lit = whites is not None and found.eyes.trust >= 0.5 and whites > _LIT_WHITES
    lit |= found.mirror is not None and found.mirror > _LIT_MIRROR
    lit |= found.beside < _BESIDE
    dim = room - float(np.interp(room, *_MUTED)) if room >= _HEADROOM else 0.0
    whole = 0.0 if lit else dim
    if room < _DIM_ROOM and missing and (face_misses := float(np.median(missing))) < _LIT_FACE:
        said_by = float(np.interp(found.beside, _AROUND, (0.0, 1.0)))
        whole = min(whole, _DIM * said_by) if face_misses > _TO_SPARE else 0.0
    if found.beside < _BESIDE and room >= _NIGHT and missing:
        # No room is in view that could be dark on purpose: then the face is asked, and its middle.
        misses = float(np.median(missing))
        whole = min(dim, misses + _DIFFER) if misses >= _SURE else whole
    alone = least if least >= _SURE and counted >= 2.5 else 0.0
    if alone > dim:
        beyond = alone - dim - (_DIFFER if dim > 0 else 0.0)
        alone = dim + _AGAINST_LIGHT * max(beyond, 0.0)
    off = min(max(whole, alone, 0.0), _MOST)
    if off < _LEAST_UNDER:
        return Exposed(0.0, tuple(witnesses), "exposed as meant", 0.0)
    stops = off
    if noise > 0:
        stops = max(min(off, 2 * float(np.log2(_NOISE / noise))), 0.5 * off)
    by = "the whole picture" if whole >= alone else "the face"
    told = ", ".join(f"{n} {s:.1f}" for n, s, w in witnesses if w > 0 and s > 0)
    said = f"{by} is about {off:.1f} stops too dark (stops missing: {told})"
    if stops < off:
        said += f"; {stops:.1f} can be given back before noise shows"
    return Exposed(float(stops), tuple(witnesses), said, off)


def _dark_face(found: Anchors) -> list[tuple[str, float, float]]:
    """By how many stops each anchor on the face falls short of the dim quarter, with its weight."""
    rows = []
    if found.eyes.white is not None:
        rows.append(("whites of the eyes", _WHITES - found.eyes.white, found.eyes.trust))
    if found.eyes.catch is not None:
        rows.append(("brightest in the eyes", _CATCH - found.eyes.catch, 1.0))
    if found.teeth is not None:
        rows.append(("teeth", _TEETH - found.teeth, 1.0))
    if found.mirror is not None:
        rows.append(("mirror on the skin", _MIRROR - found.mirror, 1.0))
    return rows
