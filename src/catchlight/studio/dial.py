"""The dial: one polish from 0 to 1 for a setting, chosen by what it costs of the likeness.

Ground, frame and corrections (exposure, white balance, detail, lens) are chosen once, and the dial
never moves them. At 0 it is that picture with nothing refined; at 1 it goes as far as a demanding
retoucher of glossy print would. What it moves is
:data:`~catchlight.adjustments.adjustment.REFINING`; how far each goes at a place of the dial is the
setting's curve (:meth:`~catchlight.setting.Setting.strengths_at`), with what a person said outright
before it (:meth:`Brief.look`), as the guard of the skin leaves it (:func:`hold_at`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catchlight.adjustments.catalogue import BY_NAME
from catchlight.errors import LookError
from catchlight.look import Look, parse_look
from catchlight.results import Dialled, Guarded, Proof
from catchlight.setting import Setting, load_setting, parse_setting
from catchlight.studio.session import Session

#: Where likeness cannot be judged (a tiny face, a profile) the dial goes no further than this.
_UNJUDGED = 0.3
#: Halvings after the two ends: the way up to the setting's own place is read to 1/8.
_STEPS = 3


@dataclass(frozen=True)
class Brief:
    """What a client asks for: a setting, how much polish, and what they said outright.

    Attributes
    ----------
    setting : Setting
    polish : float 0..1, or None (as much as the likeness allows)
    values : mapping of Look fields; they come before the setting's, ``adjust`` name by name
    """

    setting: Setting
    polish: float | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def own(self) -> float:
        """The setting's own place of the dial, from which ``auto`` starts and only goes down."""
        return self.setting.polish

    @property
    def most(self) -> float:
        """The most polish that may be asked of the scene."""
        return self.own if self.polish is None else self.polish

    def look(self, polish: float) -> Look:
        """Spell the brief out at a polish.

        Raises
        ------
        LookError
        """
        base = self.setting.look(polish).model_dump()
        # A setting's head is meant for its own crop; another crop has a size of its own.
        if self.values.get("crop", base["crop"]) != base["crop"]:
            base["head"] = None
        asked = self.values.get("adjust", {})
        adjust = {**base.get("adjust", {}), **asked}
        if self.values.get("light", "none") != "none" and "key_light" not in asked:
            # Who names a pattern wants to see it, wherever the dial stands.
            adjust["key_light"] = max(adjust.get("key_light", 0.0), BY_NAME["key_light"].default)
        return parse_look({**base, **self.values, "adjust": adjust})

    @property
    def outright(self) -> frozenset[str]:
        """The adjustments whose strength was said outright: no default, so no guard's business."""
        return frozenset(self.values.get("adjust", {}))


def asked_to_data(asked: Look | Brief) -> dict[str, Any]:
    """Write what was asked for as plain data; read back by :func:`data_to_asked`."""
    if isinstance(asked, Look):
        return {"look": asked.model_dump(mode="json")}
    setting = asked.setting.model_dump(mode="json")
    return {"setting": setting, "polish": asked.polish, "values": dict(asked.values)}


def data_to_asked(data: Mapping[str, Any]) -> Look | Brief:
    """Read what was asked for from plain data.

    A Look is ``look``; a Brief ``setting`` (a name, or a whole setting), ``polish`` and ``values``.

    Raises
    ------
    LookError
    """
    unknown = set(data) - ({"look"} if "look" in data else {"setting", "polish", "values"})
    if unknown:
        raise LookError(
            f"{', '.join(sorted(unknown))}: unknown; write look, or setting, polish, values"
        )
    if "look" in data:
        return parse_look(data["look"])
    named = data.get("setting", "default")
    setting = load_setting(named) if isinstance(named, str) else parse_setting(named, "setting")
    return Brief(setting, data.get("polish"), data.get("values", {}))


def hold_at(session: Session, brief: Brief, polish: float) -> tuple[Look, Guarded]:
    """Spell a brief out at a place of the dial as the guard of the skin leaves it.

    The guard binds up to the setting's own place; beyond, which is a person's own choice, strengths
    rise from what it left there.
    """
    own = brief.look(brief.own)
    return session.guard(brief.look(polish), brief.outright, own)


def choose_polish(session: Session, brief: Brief) -> Dialled:
    """Take the setting's own place of the dial, or less where the likeness asks for it.

    The setting's own place is tried first. Where its authenticity lies below the setting's floor,
    no polish is tried and then three halvings: at most five proofs, usually one. Nothing but a
    person's word goes further up.
    """
    name, floor, own = brief.setting.name, brief.setting.authenticity_floor, brief.own
    if brief.polish is not None:
        look, guarded = hold_at(session, brief, brief.polish)
        said = f"polish {brief.polish:g}, as asked"
        if brief.polish > own:
            said += f": further than the {own:g} at which {name} stands by itself"
        return Dialled(
            setting=name,
            polish=brief.polish,
            look=look,
            automatic=False,
            proof=None,
            stopped_by=None,
            reason=said,
            guarded=guarded,
            own=own,
        )
    tried: list[tuple[float, float | None]] = []

    held: dict[float, Guarded] = {}

    def prove(polish: float) -> Proof:
        look, held[polish] = hold_at(session, brief, polish)
        proof = session.prove(look)
        tried.append((polish, proof.authenticity.score))
        return proof

    def chosen(polish: float, proof: Proof, stopped_by: str | None, reason: str) -> Dialled:
        return Dialled(
            setting=name,
            polish=polish,
            look=proof.look,
            automatic=True,
            proof=proof,
            stopped_by=stopped_by,
            reason=reason,
            tried=tuple(tried),
            guarded=held[polish],
            own=own,
        )

    full = prove(own)
    if full.authenticity.score is None:
        why = full.authenticity.reason
        low = min(_UNJUDGED, own)
        return chosen(low, prove(low), None, f"polish {low:g}, no more: {why}")
    if full.authenticity.score >= floor:
        said = (
            f"polish {own:g}, where {name} stands by itself: authenticity "
            f"{full.authenticity.score:.0f} is above {floor:.0f}"
        )
        return chosen(own, full, None, said)
    stopper, low, best = full, 0.0, prove(0.0)
    if not _holds(best, floor):
        stopped = best.authenticity.limited_by
        said = f"no polish: {_say(best)} even so, below {floor:.0f}"
        return chosen(0.0, best, stopped, said)
    high = own
    for _ in range(_STEPS):
        middle = (low + high) / 2
        proof = prove(middle)
        if _holds(proof, floor):
            low, best = middle, proof
        else:
            high, stopper = middle, proof
    stopped = stopper.authenticity.limited_by
    said = f"polish {low:g}: at {high:g} {_say(stopper)}, below {floor:.0f}"
    return chosen(low, best, stopped, said)


def _holds(proof: Proof, floor: float) -> bool:
    score = proof.authenticity.score
    return score is not None and score >= floor


def _say(proof: Proof) -> str:
    authenticity = proof.authenticity
    if authenticity.score is None:
        return "authenticity cannot be judged"
    said = f"authenticity is {authenticity.score:.0f}"
    if authenticity.limited_by is None:
        return said
    return f"{said} ({authenticity[authenticity.limited_by].title.lower()})"
