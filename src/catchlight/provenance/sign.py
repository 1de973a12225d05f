"""Signing: the history of a result as a C2PA manifest, the photo as its parent.

Labels, actions and parameters are those of the C2PA Technical Specification 2.2: section 18.15
(actions), 18.16 (ingredients), 18.2 (regions of interest).
"""

from __future__ import annotations

import hashlib
from typing import Any

from catchlight import __version__
from catchlight.images.intake import HEAD, find_format
from catchlight.provenance.credentials import Credentials
from catchlight.provenance.history import History, Step
from catchlight.provenance.library import MEDIA, embed, read_store
from catchlight.provenance.privacy import find_private
from catchlight.provenance.terms import ADDRESS

#: Our own assertions and parameters begin so.
OWN = "org.catchlight"
#: More of the photo's own manifests than this is not carried along: a result grows by 60 kB at
#: most.
_MOST = 40_000
_AGENT = {"name": "Catchlight", "version": __version__}


def sign(
    data: bytes, format: str, history: History, credentials: Credentials, *, photo: bytes | None
) -> bytes:
    """Sign a result.

    Parameters
    ----------
    data : bytes, the file as it was encoded
    format : str, of :mod:`catchlight.formats`
    history : History
    credentials : Credentials
    photo : bytes or None, the file that it was made of

    Returns
    -------
    bytes, the file with its manifest; as it was where its format can hold none

    Raises
    ------
    CredentialsError
    """
    if format not in MEDIA:
        return data
    kind = None if photo is None else find_format(photo[:HEAD])
    store = None if photo is None or kind is None else read_store(photo, kind)
    why_not = _why_left_out(store, photo or b"")
    manifest = describe(history, photo=photo, kind=kind, left_out=why_not)
    if store is None or why_not or kind is None or photo is None:
        return embed(data, format, manifest, credentials)
    first, *others = manifest["ingredients"]
    kept = manifest | {"ingredients": others}
    whole = embed(data, format, kept, credentials, (first, kind, photo))
    if len(whole) - len(data) <= _MOST:
        return whole
    large = "it is larger than may be carried along"
    return embed(
        data, format, describe(history, photo=photo, kind=kind, left_out=large), credentials
    )


def _why_left_out(store: dict[str, Any] | None, photo: bytes) -> str | None:
    """Why the photo's own manifest is not kept; None where it is, or where there is none."""
    if store is None:
        return None
    if "unread" in store:
        return "it cannot be read"
    found = find_private(store, photo)
    return f"it tells {' and '.join(found)}" if found else None


def describe(
    history: History, *, photo: bytes | None, kind: str | None, left_out: str | None
) -> dict[str, Any]:
    """Describe a result as the library wants a manifest.

    Parameters
    ----------
    history : History
    photo : bytes or None
    kind : str or None, the photo's format
    left_out : str or None, why the photo's own manifest is not kept
    """
    # Its name and identifiers stay out: only what it is.
    source: dict[str, Any] = {"title": "the photo", "relationship": "parentOf", "label": "photo"}
    source["format"] = MEDIA.get(kind or "", "application/octet-stream")
    ingredients: list[dict[str, Any]] = [source]
    actions: list[dict[str, Any]] = [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": ["photo"]}}
    ]
    for number, step in enumerate(history.steps):
        actions.append(_describe_step(step, number))
        if step.placed:
            placed = {"title": step.placed, "relationship": "componentOf", "label": f"in-{number}"}
            ingredients.append(placed | {"format": "image/*"})
    told = {
        "digitalSourceType": ADDRESS + history.term,
        "history": [step.said for step in history.steps],
        "photo": _describe_photo(history, photo, left_out),
    }
    assertions: list[dict[str, Any]] = [
        {"label": "c2pa.actions.v2", "data": {"actions": actions, "allActionsIncluded": True}},
        {"label": f"{OWN}.record", "data": told},
    ]
    if history.authenticity is not None:
        assertions.append({"label": f"{OWN}.authenticity", "data": dict(history.authenticity)})
    return {
        "claim_generator_info": [_AGENT],
        "title": "headshot",
        "ingredients": ingredients,
        "assertions": assertions,
    }


def _describe_step(step: Step, number: int) -> dict[str, Any]:
    parameters: dict[str, Any] = {f"{OWN}.{k}": v for k, v in step.parameters.items()}
    if step.placed:
        parameters["ingredientIds"] = [f"in-{number}"]
    told: dict[str, Any] = {
        "action": step.action,
        "description": step.said,
        "softwareAgent": _AGENT,
        "digitalSourceType": ADDRESS + step.term,
        "parameters": parameters,
    }
    if step.region:
        item = {"identifier": f"{OWN}.region", "value": step.region}
        told["changes"] = [{"region": [{"type": "identified", "item": item}], "name": step.region}]
    return told


def _describe_photo(history: History, photo: bytes | None, left_out: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if photo is not None:
        told["sha256"] = hashlib.sha256(photo).hexdigest()
    if left_out:
        told["note"] = f"The photo's own manifest is not kept, because {left_out}."
    origin = history.origin
    said = {"digitalSourceType": origin.source_type, "tool": origin.tool}
    said["system"] = origin.system or origin.generator
    return told | {name: value for name, value in said.items() if value}
