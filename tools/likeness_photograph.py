"""Evidence: one photograph or two? Through cuts, light, filters and our own looks it stays one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import likeness_edits as edits
import planted_edits as planted
from likeness_changes import light_from_the_side
from likeness_store import Store, find_photos, same_person, see_again

from catchlight import Look, develop, open_photo, study
from catchlight.errors import CatchlightError
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_pixels
from catchlight.likeness.register import pair_up
from catchlight.likeness.sighting import fit_in_place


def turn_and_cut(seen: Observation, degrees: float, scale: float) -> Observation | None:
    """Turn a picture, make it smaller and cut it closely around the face."""
    reach = 1.6 * seen.seen.ied * scale
    across, down = (float(v) for v in seen.seen.eyes.mean(0))
    matrix = cv2.getRotationMatrix2D((across, down), degrees, scale)
    matrix[:, 2] += [reach - across, reach - down]
    side = round(2 * reach), round(2.4 * reach)
    drawn = cv2.warpAffine(seen.pixels, matrix, side, flags=cv2.INTER_AREA)
    face = fit_in_place(drawn, seen.seen.moved(matrix))
    size = min(seen.source_ied, seen.seen.ied * scale)
    return face and replace(seen, pixels=drawn, name="cut", face=face, source_ied=size)


def our_look(path: Path, strength: float | None) -> Observation | None:
    """Look afresh at what Catchlight makes of a photo: as it comes, or each part at a strength."""
    adjust = {} if strength is None else dict.fromkeys(_LOOK, strength)
    try:
        made = develop(study(open_photo(path), _OURS), Look(size=900, adjust=adjust))
    except CatchlightError:
        return None
    found = observe_pixels(made.pixels, "ours")
    return found if found.face is not None else None


_OURS = Look(size=900)
_LOOK = ("shadows", "key_light", "dimension", "contrast", "skin_evenness", "exposure")

ONE: dict[str, Callable[[Observation], Any]] = {
    "JPEG 60": lambda w: planted.save_jpeg(w, 60),
    "a stop less": lambda w: planted.expose(w, -1.0),
    "skin ground": lambda w: planted.grind_skin(w, 1.0),
    "whitened by a curve": lambda w: edits.whiten_by_curve(w, 0.5),
    "grain": lambda w: planted.add_grain(w, 0.04),
    "eyes +16 %": lambda w: planted.enlarge_eyes(w, 0.16),
    "jaw -12 %": lambda w: edits.slim_jaw(w, 0.12),
    "light from the side": light_from_the_side,
    "cut closer, turned, made smaller": lambda w: turn_and_cut(w, 6.0, 0.7),
    "a beauty app": lambda w: planted.slim_nose(
        planted.edited(w, planted.enlarge_eyes(planted.edited(w, planted.grind_skin(w, 1.0), ""),
                                               0.1), ""), 0.1),
}  # fmt: skip


def measure_photograph(folder: Path, store: Store, every: int) -> list[str]:
    """How often two photographs are taken for one, and one through an edit for two."""
    for a, b in same_person(folder, one_photo=False):
        for x, y in ((a, b), (b, a)):
            key = f"two|{a.parent.name}|{x.name}|{y.name}"
            store.measure(key, lambda: _is_one(store.look(x), store.look(y)))  # noqa: B023
    for a, b in same_person(folder, one_photo=True):
        key = f"one|files of one|{a.name}|{b.name}"
        store.measure(key, lambda: _is_one(store.look(a), store.look(b)))  # noqa: B023
    for photo in find_photos(folder)[::every]:
        for name, edit in ONE.items():
            key = f"one|{name}|{photo.path.name}"
            store.measure(key, lambda: _is_one_edited(store.look(photo.path), edit))  # noqa: B023
        for name, strength in (("our look", None), ("our look, six parts at 1", 1.0)):
            key = f"one|{name}|{photo.path.name}"

            def ours(_: Observation) -> Observation | None:
                return our_look(photo.path, strength)  # noqa: B023

            store.measure(key, lambda: _is_one_edited(store.look(photo.path), ours))  # noqa: B023
    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for key, found in store.rows.items():
        if found is not None:
            counts[key.split("|")[0], key.split("|")[1]][found] += 1
    lines = ["| in truth | | pairs | called one | called two |", "|---|---|---:|---:|---:|"]
    for (truth, kind), found in counts.items():
        cells = f"{found.total()} | {found[True]} | {found[False]}"
        lines.append(f"| {truth} | {kind} | {cells} |")
    return lines


def _is_one(a: Observation | None, b: Observation | None) -> bool | None:
    if a is None or b is None:
        return None
    return pair_up(a, b, same_frame=None, warp=None) is not None


def _is_one_edited(seen: Observation | None, edit: Callable[[Observation], Any]) -> bool | None:
    if seen is None or seen.source_ied < 24 or abs(seen.seen.pose.yaw) > 45:
        return None
    after = edit(seen)
    again = isinstance(after, Observation)
    return _is_one(seen, after if again else see_again(seen, after, "edited"))
