"""``check``: whether a headshot is still the person in these photos, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from catchlight.errors import FaceError
from catchlight.images import Picture
from catchlight.likeness.across import Across
from catchlight.likeness.authenticity import Authenticity, judge_face_only, measure_authenticity
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo
from catchlight.likeness.odds import weigh
from catchlight.likeness.register import pair_up
from catchlight.names import list_names
from catchlight.polish.circle import draw_circle
from catchlight.polish.score import measure_polish
from catchlight.results import Answer, Check
from catchlight.studio.clock import Clock

#: What counts against leaning on a photo: another light, a degree of turn, another colour of light,
#: a halving of the detail; about what each adds to the spreads.
_LIGHT, _TURN, _TINT, _SMALL = 1.0, 0.04, 2.0, 0.5
#: Faces of a group photo that are looked at before it is said not to show the person.
_CROWD = 5


def check(
    result: Picture,
    against: Sequence[Picture],
    *,
    pictures: bool = False,
    stage: Clock | None = None,
) -> Check:
    """Audit a headshot, ours or anybody's, against real photos of the person.

    First it is sorted out which photos show the person that most of them show; of a group photo the
    face that is theirs. Then the photo to lean on is chosen: the one that the headshot was made of,
    else the one most like it in light, pose and size.

    Parameters
    ----------
    result : Picture
    against : sequence of Picture, at least one
    pictures : bool
        Whether the components of the overall judgement draw their pictures.
    stage : Clock, optional

    Returns
    -------
    Check

    Raises
    ------
    FaceError
        The headshot, or every photo, shows no face.
    """
    clock = stage or Clock()
    made, *seen = clock("look", lambda: _observe([result, *against]))
    if made.face is None:
        raise FaceError(f"{made.name}: no face found. Check a headshot in which both eyes show.")
    if all(w.face is None for w in seen):
        named = ", ".join(w.name for w in seen)
        raise FaceError(f"no face found in {named}. Give photos in which both eyes show.")
    seen, strangers = clock("sort out", lambda: sort_out(seen, against))
    mine = [i for i, w in enumerate(seen) if w.face is not None and not strangers[i]]
    best, order = clock("compare", lambda: _lean_on(made, seen, mine))
    others = [seen[i] for i in order if i != best]
    overall = clock(
        "compare",
        lambda: measure_authenticity(seen[best], made, others=others, pictures=pictures),
    )
    each = clock(
        "compare",
        lambda: [overall if i == best else judge_face_only(w, made) for i, w in enumerate(seen)],
    )
    polish = clock("polish", lambda: measure_polish(made))
    answer, reason = _answer(overall)
    return Check(
        made,
        tuple(seen),
        tuple(each),
        overall,
        best,
        polish,
        answer,
        reason,
        clock.seconds,
        tuple(strangers),
    )


def _observe(pictures: Sequence[Picture]) -> list[Observation]:
    """Look at all pictures, on as many threads as there are."""
    threads = max(1, min(cv2.getNumThreads(), len(pictures)))
    if threads == 1:
        return [observe_photo(p) for p in pictures]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(observe_photo, pictures))


def sort_out(
    seen: Sequence[Observation], pictures: Sequence[Picture] = ()
) -> tuple[list[Observation], list[bool]]:
    """Sort out which photos show the person whom most of them show.

    Parameters
    ----------
    seen : sequence of Observation
    pictures : sequence of Picture, the same photos
        Where they are given, the other faces of a group photo are looked at as well.

    Returns
    -------
    the observations, of a group photo the one of the person; and for each whether it shows somebody
    else. With fewer than three faces nobody can be said to be the stranger.
    """
    found, strangers = list(seen), [False] * len(seen)
    faces = [i for i, w in enumerate(seen) if w.face is not None]
    if len(faces) < 3:
        return found, strangers
    circle = draw_circle([seen[i].identity for i in faces])
    middle = seen[faces[circle.medoid]]
    for place, i in enumerate(faces):
        if not circle.strangers[place]:
            continue
        other = _find_in_crowd(middle, seen[i], pictures[i]) if pictures else None
        if other is not None:
            found[i] = other
        else:
            strangers[i] = weigh(middle, seen[i]).verdict == "other"
    return found, strangers


def _find_in_crowd(middle: Observation, shown: Observation, picture: Picture) -> Observation | None:
    """The person's own face among the others of a photo; None where it is none of them."""
    for number in range(2, min(shown.others + 1, _CROWD) + 1):
        other = observe_photo(picture, number=number)
        if weigh(middle, other).verdict == "same":
            return other
    return None


def _lean_on(
    made: Observation, seen: Sequence[Observation], mine: Sequence[int]
) -> tuple[int, list[int]]:
    """The photo to lean on, and all of the person's in the order in which they tell most."""
    usable = [i for i in mine if seen[i].source_ied >= 24 and abs(seen[i].seen.pose.yaw) <= 45]
    if not usable:
        return mine[0], list(mine)
    across = Across(tuple(seen[i] for i in usable), made)

    def cost(place: int) -> float:
        conditions, photo = across.conditions[place], across.photos[place]
        small = max(float(np.log2(min(made.source_ied, 126.0) / photo.source_ied)), 0.0)
        return (
            _LIGHT * conditions.light
            + _TURN * conditions.turn
            + _TINT * conditions.tint
            + _SMALL * small
        )

    order = [usable[p] for p in sorted(range(len(usable)), key=cost)]
    same = [i for i in order if pair_up(seen[i], made, same_frame=None, warp=None) is not None]
    rest = [i for i in mine if i not in order]
    if same:
        best = max(same, key=lambda i: seen[i].source_ied)
        return best, [*order, *rest]
    return order[0], [*order, *rest]


def _answer(overall: Authenticity) -> tuple[Answer, str]:
    identity = overall["identity"]
    if identity.verdict == "indeterminate":
        return "cannot say", identity.reason
    if identity.verdict == "fail":
        return "no", identity.reason
    failed = [c.subject for c in overall.components if c.verdict == "fail"]
    if failed:
        return "doubtful", f"it is the person, but changed: {list_names(failed)}"
    warned = [c.subject for c in overall.components if c.verdict == "warn"]
    said = f"; look at {', '.join(warned)}" if warned else ""
    if overall.score is None:
        found: Answer = "yes" if identity.verdict == "pass" else "doubtful"
        return found, f"{identity.reason}; {overall.reason}{said}"
    if identity.verdict == "warn":
        return "doubtful", identity.reason
    return "yes", f"{overall.reason}{said}"
