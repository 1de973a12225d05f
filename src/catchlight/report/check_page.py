"""The page of ``catchlight check``: is it still them, what was changed, where."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import PurePath
from typing import Literal, Protocol

from catchlight.arrays import Pixels
from catchlight.likeness.component import Component, Verdict
from catchlight.report.components import (
    count_verdicts,
    group_unjudged,
    list_components,
    worst_first,
)
from catchlight.report.dial import authenticity_dial, polish_dial
from catchlight.report.evidence import AuthenticityLike, PolishLike
from catchlight.report.numbers import say_measure, say_range, say_score, say_sentence
from catchlight.report.parts import card, chip, definitions, fill_shell, fit, fold, picture

Answer = Literal["yes", "doubtful", "no", "cannot say"]
_HEADLINES: dict[Answer, str] = {
    "yes": "Still them, as far as {photos} can tell.",
    "doubtful": "Doubtful: it may be them, but not as in {photos}.",
    "no": "Not recognisably them: the face does not match {photos}.",
    "cannot say": "It cannot be told whether this is them.",
}
#: Without another answer, the component that compares faces gives it, and no more than that.
_ANSWERS: dict[Verdict, Answer] = {
    "pass": "yes",
    "warn": "doubtful",
    "fail": "no",
    "indeterminate": "cannot say",
}


class Shown(Protocol):
    """A picture with a name, such as a Observation."""

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def pixels(self) -> Pixels:
        """(H, W, 3) linear P3."""
        ...


def write_check_page(
    result: Shown,
    against: Sequence[tuple[str, Pixels]],
    authenticities: Sequence[AuthenticityLike],
    overall: AuthenticityLike,
    *,
    version: str,
    answer: Answer | None = None,
    why: str = "",
    polish: PolishLike | None = None,
) -> str:
    """Write the page.

    Parameters
    ----------
    result : the headshot under audit
    against : sequence of (name, (H, W, 3) linear P3), real photos of the person
    authenticities : one for each photo of ``against``
    overall : of the result against all photos together
    version : str, Catchlight's
    answer : {"yes", "doubtful", "no", "cannot say"}, optional
        Is it still them; by default what the component ``identity`` says.
    why : str
        The reason for the ``answer``.
    polish : of the result, optional

    Returns
    -------
    str, an HTML document
    """
    name = PurePath(result.name).name
    count = len(against)
    photos = "this photo" if count == 1 else f"these {count} photos"
    rest = [c for c in overall.components if c.verdict != "indeterminate"]
    changed = [c for c in rest if c.verdict != "pass"]
    kept = [c for c in rest if c.verdict == "pass"]
    unjudged = group_unjudged(overall.components)
    if answer is None:
        answer, why = _ask_identity(overall)
    dials = authenticity_dial(overall) + (polish_dial(None, polish) if polish else "")
    said = f"<p><strong>{escape(_HEADLINES[answer].format(photos=photos))}</strong></p>"
    said += f'<p class="soft">{escape(say_sentence(why))}</p><div class="dials">{dials}</div>'
    said += f'<p class="said soft">{escape(count_verdicts(overall.components).capitalize())}.</p>'
    parts = [
        card("Is it still them?", said),
        card("What was changed, and where", _changes(changed, len(rest), len(overall.components))),
        card("What is as in the photos", list_components(kept)) if kept else "",
        card("What cannot be judged here", definitions(unjudged, kind="stacked"))
        if unjudged
        else "",
        _each(against, authenticities) if count > 1 else "",
    ]
    stack = "\n".join(part for part in parts if part)
    return fill_shell(
        title=f"Check of {name}",
        heading=f"Is {name} still them?",
        subtitle=f"Compared with {photos} of the person",
        body=f'<div class="columns">{_pictures(result, against, authenticities)}'
        f'<div class="stack">{stack}</div></div>',
        footer=f"Measured on this computer by Catchlight {version}. Numbers do not know a person: "
        "someone who does should look too. This page asks nothing of any server; it holds the "
        "pictures, so share it as you would share them.",
    )


def _ask_identity(overall: AuthenticityLike) -> tuple[Answer, str]:
    identity = next((c for c in overall.components if c.name == "identity"), None)
    if identity is None:
        return "cannot say", "The faces were not compared."
    return _ANSWERS[identity.verdict], identity.reason


def _changes(changed: Sequence[Component], judged: int, count: int) -> str:
    if changed:
        return list_components(changed)
    if judged:
        return (
            f"<p>In what could be judged, {judged} of {count} components, nothing lies outside "
            "what is allowed.</p>"
        )
    return "<p>Nothing could be judged.</p>"


def _pictures(
    result: Shown,
    against: Sequence[tuple[str, Pixels]],
    authenticities: Sequence[AuthenticityLike],
) -> str:
    side = 900 if len(against) <= 2 else 640
    name = PurePath(result.name).name
    shown = (
        f"<figure>{picture(fit(result.pixels, 900), f'The result: {name}')}"
        f"<figcaption>The result: {escape(name)}</figcaption></figure>"
    )
    photos = ""
    # The photos share about 1 MB, however many there are.
    side = min(side, max(240, round(2400 / max(1, len(against)) ** 0.5 / 2)))
    for (title, pixels), found in zip(against, authenticities, strict=True):
        said = PurePath(title).name
        photos += (
            f"<figure>{picture(fit(pixels, side), f'Real photo: {said}')}<figcaption>"
            f"{escape(said)}: authenticity {escape(say_score(found.score))}</figcaption></figure>"
        )
    return (
        '<section class="card pictures" aria-label="The result and the photos">'
        f'{shown}<div class="photos">{photos}</div></section>'
    )


def _each(against: Sequence[tuple[str, Pixels]], authenticities: Sequence[AuthenticityLike]) -> str:
    body = ""
    for (title, _), found in zip(against, authenticities, strict=True):
        score = say_score(found.score)
        judged = [c for c in worst_first(found.components) if c.verdict != "indeterminate"]
        rows = f"<table>{''.join(_row(c) for c in judged)}</table>" if judged else ""
        rows += definitions(group_unjudged(found.components), kind="stacked")
        body += fold(
            f"{PurePath(title).name}: {score}",
            f"<p>{escape(say_sentence(found.reason))}</p>{rows}",
        )
    return card("Photo by photo", body)


def _row(row: Component) -> str:
    allowed = say_range(row.low, row.high, row.unit)
    value = say_measure(row.value, row.unit)
    limits = f'<span class="said-in-row">{escape(allowed)}</span>' if allowed else ""
    return (
        f'<tr><th scope="row">{escape(row.title)}<br>{chip(row.verdict)}</th>'
        f'<td class="number">{escape(value)}{limits}</td></tr>'
        f'<tr class="text"><td colspan="2">{escape(say_sentence(row.reason))}</td></tr>'
    )
