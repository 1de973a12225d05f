"""The dial as a film strip: a photo at places of the dial, and where it stops being the person."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from catchlight.pixels import filters
from catchlight.results import Station
from catchlight.studio.dial import Brief, hold_at
from catchlight.studio.session import Session

#: The places that are shown, and the longer side of each picture.
PLACES, _SIDE = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), 340


def draw_strip(room: Session, brief: Brief) -> tuple[tuple[Station, ...], float | None]:
    """Develop and measure the places of the dial.

    Returns
    -------
    The stations, and the place from which the person is no longer measurably themselves: where
    authenticity falls below the setting's floor, None where it does so nowhere or cannot be judged.
    """
    stations = []
    for place in PLACES:
        look, _ = hold_at(room, brief, place)
        proof = room.prove(look)
        pixels = filters.resize_to(room.render(look).pixels, _SIDE)
        score = proof.authenticity.score
        stations.append(Station(place, pixels, score, proof.polish.score))
    return tuple(stations), find_edge(stations, brief.setting.authenticity_floor)


def find_edge(stations: Sequence[Station], floor: float) -> float | None:
    """The place of the dial at which authenticity falls below ``floor``, straight lines between."""
    known = [(s.place, s.authenticity) for s in stations if s.authenticity is not None]
    if known and known[0][1] < floor:
        return known[0][0]
    for (x0, a0), (x1, a1) in pairwise(known):
        if a1 < floor:
            return x0 + (x1 - x0) * (a0 - floor) / max(a0 - a1, 1e-9)
    return None
