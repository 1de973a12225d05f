"""The page of ``catchlight check``: is it still them, what was changed, where."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from catchlight.analysis.face.mesh import IED_MM
from catchlight.likeness.authenticity import Authenticity
from catchlight.likeness.component import Component
from catchlight.likeness.cuts import plan_aligned
from catchlight.likeness.pictures import ring_missed
from catchlight.report.components import (
    count_verdicts,
    group_unjudged,
    judged_only,
    view_components,
)
from catchlight.report.dial import view_authenticity, view_polish
from catchlight.report.letter import write_letter
from catchlight.report.numbers import say_measure, say_range, say_score, say_sentence
from catchlight.report.pictures import PageImage, show
from catchlight.report.template import fill
from catchlight.results import Check

#: Pixels between the eyes of the faces that are shown side by side, at the most.
_FACE_IED = 160.0
_HEADLINES = {
    "yes": "Still them, as far as {photos} can tell.",
    "doubtful": "Doubtful: it may be them, but not as in {photos}.",
    "changed": "It is them, but changed: not as they are in {photos}.",
    "no": "Not recognisably them: the face does not match {photos}.",
    "cannot say": "It cannot be told whether this is them.",
}


def write_check_page(said: Check, *, version: str) -> str:
    """Write the page.

    Parameters
    ----------
    said : Check
        Its overall components with their pictures drawn.
    version : str, Catchlight's

    Returns
    -------
    str, an HTML document
    """
    count = len(said.against) - len(said.left_out) or len(said.against)
    photos = "this photo" if count == 1 else f"these {count} photos"
    judged = judged_only(said.overall.components)
    dials = [view_authenticity(said.overall), view_polish(None, said.polish)]
    name = PurePath(said.result.name).name
    values = {
        "name": name,
        "photos": photos,
        "version": version,
        "headline": _headline(said).format(photos=photos),
        "letter": write_letter(said),
        "faces": _faces(said),
        "dials": dials,
        "counts": count_verdicts(said.overall.components).capitalize(),
        "changed": view_components([c for c in judged if c.verdict != "pass"]),
        "kept": view_components([c for c in judged if c.verdict == "pass"]),
        "judged": len(judged),
        "count": len(said.overall.components),
        "unjudged": group_unjudged(said.overall.components),
        "result": show(said.result.pixels, f"The result: {name}", side=900),
        "against": _pictures(said),
        "each": _each(said) if len(said.against) > 1 else (),
    }
    return str(fill("check.html", values))


def _headline(said: Check) -> str:
    """The answer; of a doubt whether it comes of who it is, or of what was changed."""
    who = [c.verdict for c in said.overall.components if c.name == "identity"]
    surely = said.answer == "doubtful" and who == ["pass"]
    return _HEADLINES["changed" if surely else said.answer]


def _faces(said: Check) -> list[tuple[PageImage, str]]:
    """The photo leaned on and the result, level and at one scale, what is missed ringed."""
    photo, result = said.against[said.best], said.result
    if photo.face is None or result.face is None:
        return []
    ied = min(photo.detail, result.detail, _FACE_IED)
    seen = [c for c in said.overall.components if c.name == "marks"]
    missed = () if said.overall.same_photo or not seen else seen[0].details.get("marks", ())
    shown = []
    for observation, title in ((photo, "The real photo"), (result, "The result")):
        to_face, width, height = plan_aligned(observation.seen, ied)
        pixels = observation.crop_through(to_face, width, height).pixels
        if observation is result:
            pixels = ring_missed(pixels, to_face, missed, ied / IED_MM)
        name = PurePath(observation.name).name
        shown.append((show(pixels, f"{title}, the face: {name}", side=480), f"{title}: {name}"))
    return shown


def _pictures(said: Check) -> list[tuple[PageImage, str]]:
    side = 900 if len(said.against) <= 2 else 640
    # The photos share about 1 MB, however many there are.
    side = min(side, max(240, round(2400 / max(1, len(said.against)) ** 0.5 / 2)))
    shown = []
    for photo, found in zip(said.against, said.each, strict=True):
        name = PurePath(photo.name).name
        image = show(photo.pixels, f"Real photo: {name}", side=side)
        out = photo.name in said.left_out
        told = "left out" if out else f"authenticity {say_score(found.score)}"
        shown.append((image, f"{name}: {told}"))
    return shown


def _each(said: Check) -> list[dict[str, Any]]:
    return [
        _photo(PurePath(photo.name).name, found)
        for photo, found in zip(said.against, said.each, strict=True)
    ]


def _photo(name: str, found: Authenticity) -> dict[str, Any]:
    return {
        "title": f"{name}: {say_score(found.score)}",
        "reason": found.reason,
        "rows": [_row(c) for c in judged_only(found.components)],
        "unjudged": group_unjudged(found.components),
    }


def _row(row: Component) -> dict[str, Any]:
    return {
        "title": row.title,
        "verdict": row.verdict,
        "value": say_measure(row.value, row.unit),
        "allowed": say_range(row.low, row.high, row.unit),
        "reason": say_sentence(row.reason),
    }
