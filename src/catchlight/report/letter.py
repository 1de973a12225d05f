"""An expert's letter: the verdict first, then what was changed, where, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from catchlight.likeness.authenticity import OTHER_PERSON
from catchlight.likeness.component import Component
from catchlight.names import list_names
from catchlight.report.numbers import say_sentence
from catchlight.results import Check

#: How sure a verdict is, in words: five spreads and three of untouched photographs.
_SURE = {"fail": "surely", "warn": "probably"}


def write_letter(said: Check) -> list[str]:
    """Write what a check found, in sentences.

    Returns
    -------
    list of str
        The verdict and why; on what it leans; what was changed; what is as in the photos; what
        cannot be told. Paragraphs that would be empty are left out.
    """
    judged = [c for c in said.overall.components if c.verdict != "indeterminate"]
    changed = [c for c in judged if c.verdict in _SURE and c.name != "identity"]
    kept = [c for c in judged if c.verdict == "pass" and c.name != "identity"]
    changed.sort(key=lambda c: c.verdict != "fail")
    who = next((c.reason for c in judged if c.name == "identity"), said.reason)
    first = who if said.answer == "yes" else said.reason
    paragraphs = [say_sentence(first), lean(said)]
    paragraphs += [f"{_SURE[c.verdict].capitalize()} changed: {c.subject}. {say_sentence(c.reason)}"
                   for c in changed]  # fmt: skip
    if not changed and said.answer in ("yes", "cannot say") and kept:
        paragraphs.append("Nothing that could be compared differs by more than photos of one "
                          "person do.")  # fmt: skip
    if kept:
        paragraphs.append(f"As in the photos: {list_names([c.subject for c in kept])}.")
    unjudged = [c for c in said.overall.components if c.verdict == "indeterminate" and c.weight]
    for titles, reason in _group(unjudged):
        told = say_sentence(reason)
        paragraphs.append(told if reason == OTHER_PERSON else f"Cannot be told: {titles}. {told}")
    return paragraphs


def lean(said: Check) -> str:
    """On which photo the judgement leans, and which were left out."""
    named = PurePath(said.against[said.best].name).name
    count = len(said.against) - len(said.left_out)
    if said.overall.same_photo:
        text = f"The headshot was made of {named}, so it is compared with it pixel by pixel"
    else:
        text = "The headshot was not made from any of the photos given, so the two cannot be "
        text += "compared pixel by pixel. What stays a person's own from photo to photo is held "
        text += f"against {named}"
        if count > 1:
            text += f" and {count - 1} more"
    out = [PurePath(name).name for name in said.left_out]
    if out:
        text += f". Left out, because they show somebody else or no face: {list_names(out)}"
    return text + "."


def _group(rows: Sequence[Component]) -> list[tuple[str, str]]:
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row.reason, []).append(row.subject)
    return [(list_names(titles), reason) for reason, titles in groups.items()]
