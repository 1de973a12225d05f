"""The report of one headshot as one HTML file: no requests, no number that was not measured."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import PurePath
from typing import Any

from catchlight.arrays import Pixels
from catchlight.likeness.component import Component
from catchlight.report import cards
from catchlight.report.compare import show_before
from catchlight.report.components import count_verdicts, group_unjudged, list_components
from catchlight.report.dial import authenticity_dial, polish_dial
from catchlight.report.evidence import Evidence, PolishLike
from catchlight.report.numbers import NOT_MEASURED, say_measure, say_sentence, say_unit
from catchlight.report.overlay import draw_spots, place_marks
from catchlight.report.parts import card, chip, definitions, fill_shell, fit, picture
from catchlight.report.shots import ShotLike

#: Longer side of the pictures in the page, in pixels: sharp on a phone, about 300 kB in all.
_SIDE = 1000
_CAUTION = (
    "Measured on this photo only: its light, its lens, one expression. More photos of the same "
    "person say more; catchlight check compares with as many as you have."
)


def write_page(
    shot: ShotLike,
    record: Mapping[str, Any],
    *,
    version: str,
    evidence: Evidence | None = None,
) -> str:
    """Write the report of one headshot.

    Parameters
    ----------
    shot : ShotLike
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
    parts = (
        _scores(evidence),
        _likeness(evidence),
        cards.edits_card(record, evidence),
        cards.marks_card(shot, record, after),
        _polish(evidence),
        cards.settings_card(record, evidence),
        cards.found_card(shot, record),
        cards.file_card(record),
    )
    stack = f'<div class="stack">{"".join(part for part in parts if part)}</div>'
    size = record["size"]
    return fill_shell(
        title=f"Headshot of {name}",
        heading=PurePath(record["output"] or name).name,
        subtitle=f"from {name}, {size[0]} × {size[1]} pixels",
        body=f'<div class="columns">{_pictures(shot, record)}{stack}</div>',
        footer=f"Made on this computer by Catchlight {version}. This page asks nothing of any "
        "server; it holds both pictures, so share it as you would share them.",
        scripts=("swipe.js",),
    )


def _pictures(shot: ShotLike, record: Mapping[str, Any]) -> str:
    name = PurePath(record["input"]).name
    backdrop = PurePath(record["look"]["backdrop"]).name
    before, after = show_before(shot.scene), shot.rendered.pixels
    toggle = overlay = ""
    spots = (
        place_marks(shot.scene, record["marks"], shot.rendered.warp)
        if _one_size(before, after)
        else ()
    )
    if spots:
        height, width = after.shape[:2]
        overlay = draw_spots(spots, (0, 0, width, height))
        toggle = (
            '<input type="checkbox" id="marks-shown"><label class="toggle" for="marks-shown">'
            "Show the marks of the skin</label>"
        )
    grey = shot.scene.covered is not None
    caption = (
        '<p class="soft small">Grey: where the frame reaches beyond the photo.</p>' if grey else ""
    )
    shown = picture(fit(after, _SIDE), f"After: the headshot, backdrop {backdrop}", kind="after")
    was = picture(fit(before, _SIDE), f"Before: {name} in the headshot's frame", kind="before")
    return (
        f'<section class="card pictures" aria-label="Before and after">{toggle}'
        f'<div class="swipe" id="swipe">{shown}{was}{overlay}</div>'
        '<div class="ends" aria-hidden="true"><span>before</span><span>after</span></div>'
        '<input id="cut" type="range" min="0" max="100" value="50" '
        'aria-label="How much of the photo before, from the left" '
        'aria-valuetext="50 percent before, from the left">'
        f"{caption}</section>"
    )


def _one_size(before: Pixels, after: Pixels) -> bool:
    return before.shape == after.shape


def _scores(evidence: Evidence | None) -> str:
    if evidence is None:
        rows = [(title, NOT_MEASURED) for title in ("Authenticity", "Polish")]
        return card("At a glance", definitions(rows))
    dials = authenticity_dial(evidence.authenticity) + polish_dial(
        evidence.polish_before, evidence.polish_after
    )
    stopped = evidence.stopped_by
    said = f'<p class="said">{escape(say_sentence(stopped))}</p>' if stopped else ""
    return card("At a glance", f'<div class="dials">{dials}</div>{said}')


def _likeness(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    components = evidence.authenticity.components
    count = f'<p class="soft">{escape(count_verdicts(components).capitalize())}.</p>'
    caution = f'<p class="said soft small">{escape(_CAUTION)}</p>'
    return card("Is it still them?", count + list_components(components) + caution)


def _polish(evidence: Evidence | None) -> str:
    """Write each component of polish, before and after."""
    if evidence is None:
        return ""
    was = {c.name: c for c in evidence.polish_before.components}
    rows = "".join(_change(was.get(c.name), c) for c in evidence.polish_after.components)
    head = (
        '<thead><tr><th scope="col">What</th><th scope="col" class="number">Before</th>'
        '<th scope="col" class="number">After</th></tr></thead>'
    )
    note = _unjudged(evidence.polish_after)
    return card("How good is the picture?", f"<table>{head}{rows}</table>{note}")


def _change(was: Component | None, row: Component) -> str:
    if row.verdict == "indeterminate":
        return ""
    words = say_unit(row.unit)
    words = f'<span class="said-in-row">{escape(words)}</span>' if words else "<br>"
    old = say_measure(was.value, was.unit) if was else NOT_MEASURED
    return (
        f'<tr><th scope="row">{escape(row.title)}{words}{chip(row.verdict)}</th>'
        f'<td class="number">{escape(old)}</td>'
        f'<td class="number">{escape(say_measure(row.value, row.unit))}</td></tr>'
        f'<tr class="text"><td colspan="3">{escape(say_sentence(row.reason))}</td></tr>'
    )


def _unjudged(polish: PolishLike) -> str:
    rows = group_unjudged(polish.components)
    if not rows:
        return ""
    return f'<h3 class="said">Could not be judged</h3>{definitions(rows, kind="stacked")}'
