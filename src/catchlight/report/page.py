"""The report of one headshot as one HTML file: no requests, no number that was not measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from catchlight.likeness.component import Component
from catchlight.report import cards
from catchlight.report.compare import show_before
from catchlight.report.components import group_unjudged, view_components
from catchlight.report.dial import view_authenticity, view_polish
from catchlight.report.numbers import NOT_MEASURED, say_measure, say_sentence, say_unit
from catchlight.report.overlay import draw_spots, place_marks
from catchlight.report.pictures import show
from catchlight.report.swatches import draw_swatches, measure_swatches
from catchlight.report.template import fill
from catchlight.results import Evidence, Shot

#: Longer side of the pictures in the page, in pixels: sharp on a phone, about 300 kB in all.
_SIDE = 1000


def write_page(
    shot: Shot, record: Mapping[str, Any], *, version: str, evidence: Evidence | None = None
) -> str:
    """Write the report of one headshot.

    Parameters
    ----------
    shot : Shot
    record : mapping
        What :func:`~catchlight.report.record.record_shot` made of it.
    version : str
        Catchlight's.
    evidence : Evidence, optional
        Without it, the page says that likeness and polish were not measured.

    Returns
    -------
    str, an HTML document
    """
    name = PurePath(record["input"]).name
    after = shot.rendered.pixels
    values = {
        "name": name,
        "output": PurePath(record["output"] or name).name,
        "size": record["size"],
        "version": version,
        **_view_pictures(shot, record),
        **_view_evidence(evidence),
        "edits": cards.view_edits(record, evidence),
        "marks": cards.view_marks(shot, record, after),
        "settings": cards.say_settings(record, evidence),
        "found": cards.say_found(shot, record),
        "swatches": draw_swatches(measure_swatches(shot.scene, after)),
        "notes": record["warnings"],
        "restored": cards.view_restored(record),
        "file": cards.say_file(record),
        "stages": [(stage, f"{seconds:.2f} s") for stage, seconds in record["seconds"].items()],
    }
    return str(fill("report.html", values))


def _view_pictures(shot: Shot, record: Mapping[str, Any]) -> dict[str, Any]:
    name = PurePath(record["input"]).name
    backdrop = PurePath(record["backdrop"]["chosen"]).name
    before, after = show_before(shot.scene), shot.rendered.pixels
    overlay = ""
    if before.shape == after.shape:
        spots = place_marks(shot.scene, record["marks"], shot.rendered.warp)
        height, width = after.shape[:2]
        overlay = draw_spots(spots, (0, 0, width, height)) if spots else ""
    said = f"Before: {name} in the headshot's frame"
    return {
        "after": show(after, f"After: the headshot, backdrop {backdrop}", side=_SIDE, kind="after"),
        "before": show(before, said, side=_SIDE, kind="before"),
        "overlay": overlay,
        "beyond": shot.scene.covered is not None,
    }


def _view_evidence(evidence: Evidence | None) -> dict[str, Any]:
    if evidence is None:
        return dict.fromkeys(("dials", "stopped_by", "likeness", "polish"))
    before, after = evidence.polish_before, evidence.polish_after
    was = {c.name: c for c in before.components}
    judged = [c for c in after.components if c.verdict != "indeterminate"]
    return {
        "dials": [view_authenticity(evidence.authenticity), view_polish(before, after)],
        "stopped_by": evidence.stopped_by,
        "likeness": view_components(evidence.authenticity.components),
        "polish": {
            "rows": [_view_change(was.get(c.name), c) for c in judged],
            "unjudged": group_unjudged(after.components),
        },
    }


def _view_change(was: Component | None, row: Component) -> dict[str, str]:
    """A component of polish, before and after."""
    return {
        "title": row.title,
        "words": say_unit(row.unit),
        "verdict": row.verdict,
        "before": say_measure(was.value, was.unit) if was else NOT_MEASURED,
        "after": say_measure(row.value, row.unit),
        "reason": say_sentence(row.reason),
    }
