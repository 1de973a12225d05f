"""The history of a result: what was done to the photo, one step after the other, as plain data.

Told from the record of a job, so that whoever has that (a command, a server, a machine elsewhere)
can write it into a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.images.origin import Origin
from catchlight.provenance.terms import COMPOSITE, ENHANCED, NETWORK, PAINTED, choose_term, say_term

#: The network that enlarges, as a reader would look it up.
SUPER_RESOLUTION = "SPAN super-resolution"
# Actions of C2PA 2.2, section 18.15.4.1, "List of actions"; what is not named here is light or
# colour. `filtered` would say a style was laid on, which none is.
_ACTIONS = {
    "blemishes": "c2pa.edited",
    "skin_evenness": "c2pa.edited",
    "shine": "c2pa.edited",
    "under_eye": "c2pa.edited",
    "eyes": "c2pa.edited",
    "teeth": "c2pa.edited",
    "lens": "c2pa.edited",
    "texture": "c2pa.edited",
    "garment_colour": "c2pa.edited",
    "detail": "c2pa.enhanced",
}
#: Stops, or mm of the face, below which an edit did nothing: 0.005 stops move a mid grey of eight
#: bits by a quarter of a code.
_LEAST = 0.005
_LIGHT = "c2pa.color_adjustments"


@dataclass(frozen=True)
class Step:
    """One thing that was done.

    Attributes
    ----------
    action : str, C2PA's word for it
    said : str, in words
    term : str, the IPTC's for what it made
    parameters : mapping of plain values, from the Look and the record
    region : str or None, the part of the sitter that it may touch; None: the whole picture
    placed : str or None, what was put in, where something was
    """

    action: str
    said: str
    term: str = ENHANCED
    parameters: Mapping[str, Any] = field(default_factory=dict)
    region: str | None = None
    placed: str | None = None


@dataclass(frozen=True)
class History:
    """All that was done, and of what.

    Attributes
    ----------
    steps : tuple of Step
    term : str, the IPTC's for the whole result
    origin : Origin, what the photo said of itself; nothing where it is not to be handed on
    network : bool, whether a trained network painted pixels
    authenticity : mapping or None, what was measured of the likeness
    """

    steps: tuple[Step, ...]
    term: str = ENHANCED
    origin: Origin = field(default_factory=Origin)
    network: bool = False
    authenticity: Mapping[str, Any] | None = None


def tell_history(record: Mapping[str, Any], origin: Origin | None = None) -> History:
    """Tell the history of a result from the record of its job.

    Parameters
    ----------
    record : mapping, as :func:`catchlight.report.record.record_shot` writes it
    origin : Origin, optional
        What the photo said of itself.

    Returns
    -------
    History
    """
    origin = origin or Origin()
    network = bool((record["restored"] or {}).get("network"))
    behind = tell_backdrop(record["backdrop"]["asked"], record["backdrop"]["chosen"])
    steps = [*_tell_frame(record), *tell_changes(record, network=network)]
    if behind is not None:
        steps.append(behind)
    painted = behind is not None and behind.placed is not None
    return History(
        tuple(steps),
        choose_term(painted=painted, network=network, source=origin.source_type),
        origin,
        network,
        _tell_authenticity(record),
    )


def strip_history(history: History) -> History:
    """A history that tells the edits and nothing else: nothing of the photo, nobody's measures.

    What the photo said that it was stays: it is a word about the pixels, and without it the file
    would lie.
    """
    return replace(
        history, origin=Origin(source_type=history.origin.source_type), authenticity=None
    )


def tell_plainly(
    applied: Mapping[str, float], origin: Origin, *, painted: bool, network: bool = False
) -> History:
    """Tell what is known where there is no record: which adjustments changed how much."""
    steps = [
        _step(name, {"most": round(most, 3)}, network=network) for name, most in applied.items()
    ]
    if painted:
        steps.append(Step("c2pa.placed", "another background", PAINTED, placed="a background"))
    term = choose_term(painted=painted, network=network, source=origin.source_type)
    return History(tuple(steps), term, origin, network)


def _tell_frame(record: Mapping[str, Any]) -> list[Step]:
    frame, (width, height) = record["frame"], record["size"]
    steps = []
    if abs(frame["turn_degrees"]) >= 0.01:
        turn = frame["turn_degrees"]
        said = f"turned by {abs(turn):.1f} degrees {'clockwise' if turn > 0 else 'anticlockwise'}"
        steps.append(Step("c2pa.orientation", said, parameters={"degrees": turn}))
    said = f"cropped as {frame['crop']}, {width} x {height} pixels"
    if frame["extends_beyond_photo"]:
        said += ", wider than the photo"
    parameters = {"crop": frame["crop"], "width": width, "height": height}
    if frame["enlarged"] > 1:
        said += f", {frame['enlarged']:.2g} times as large"
        parameters["enlarged"] = frame["enlarged"]
    return [*steps, Step("c2pa.cropped", said, parameters=parameters)]


def tell_changes(record: Mapping[str, Any], *, network: bool) -> list[Step]:
    """Tell the adjustments that did something, those alone."""
    strengths, marks = record["look"]["adjust"], record["marks"] or ()
    steps = []
    for name, most in record["changes"].items():
        if most < _LEAST:
            continue
        parameters = {"strength": round(strengths[name], 4), "most": round(most, 3)}
        parameters["unit"] = BY_NAME[name].unit
        if name == "blemishes":
            parameters["healed"] = sum(bool(mark["healed"]) for mark in marks)
        if name == "detail" and record["restored"]:
            parameters |= {"share": record["restored"]["share"]}
            parameters["steps"] = "; ".join(record["restored"]["steps"])
        if name == "garment_colour":
            # A garment in a colour that it has not is no retouching: it is said as what it is.
            parameters["shown_as"] = record["look"].get("garment", "own")
        steps.append(_step(name, parameters, network=network))
    return steps


def _step(name: str, parameters: Mapping[str, Any], *, network: bool) -> Step:
    row = BY_NAME[name]
    network = network and name == "detail"  # no other adjustment holds what a network painted
    said = name.replace("_", " ")
    if name == "garment_colour":
        said += ", another than the clothes have in the photo"
        said += f" ({parameters['shown_as']})" if "shown_as" in parameters else ""
    if "strength" in parameters:
        said += f", strength {parameters['strength']:g}"
    if network:
        said += f", by a trained network ({SUPER_RESOLUTION})"
    return Step(
        _ACTIONS.get(name, _LIGHT),
        said,
        NETWORK if network else ENHANCED,
        parameters,
        None if row.region == "all" else row.region,
    )


def tell_backdrop(asked: str, chosen: str) -> Step | None:
    """Tell what was put behind the person; None where their own background stayed as it was."""
    if chosen == "keep":
        return None
    if chosen == "blur":
        return Step("c2pa.edited", "the background put out of focus", region="background")
    if "." in PurePath(asked).name and not asked.startswith("auto"):
        # Its name may name a place or a firm.
        said = "a picture of the sender's own put behind the person"
        return Step("c2pa.placed", said, COMPOSITE, placed="a picture as the background")
    said = f"a background of studio paper painted behind the person ({chosen})"
    parameters = {"backdrop": chosen}
    return Step("c2pa.placed", said, PAINTED, parameters, placed="studio paper, painted")


def _tell_authenticity(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the record says of the likeness, without pictures and places."""
    found = record["authenticity"]
    if found is None:
        return None
    rows = {
        row["name"]: {key: row[key] for key in ("verdict", "value", "unit") if key in row}
        for row in found["components"]
    }
    return {"score": found["score"], "components": rows, "skin": record["skin"]}


def say_history(history: History) -> list[str]:
    """The history in sentences, the oldest first; the last says what the file is."""
    said = []
    origin = history.origin
    if origin.source_type:
        said.append(f"the photo said of itself: {say_term(origin.source_type)}")
    if origin.tool:
        said.append(f"the photo was written by {origin.tool}")
    if origin.generator or origin.credit:
        said.append(f"the photo bears the mark of {origin.generator or origin.credit}")
    return [*said, *(step.said for step in history.steps)]
