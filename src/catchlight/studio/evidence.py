"""Evidence for a report: what each edit contributed, by leaving it out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from catchlight.plan import Layer
from catchlight.report.evidence import Contribution, Evidence
from catchlight.studio.headshot import Shot


def gather_evidence(shot: Shot) -> Evidence:
    """Measure a shot for its report: pictures drawn, and each edit's part by leave-one-out.

    Parameters
    ----------
    shot : Shot
        Made with ``measure=True``.

    Returns
    -------
    Evidence

    Notes
    -----
    One render and one proof for each adjustment that acted: 0.3-0.5 s each.
    """
    room, look = shot.session, shot.look
    whole = shot.proof or room.prove(look)
    rows = []
    for name in shot.rendered.applied:
        without = look.model_copy(update={"adjust": {**look.strengths, name: 0.0}})
        proof = room.prove(without)
        rows.append(
            Contribution(
                name,
                look.strengths[name],
                _difference(whole.authenticity.score, proof.authenticity.score),
                _difference(whole.polish.score, proof.polish.score),
                _mean_stops(shot, name),
            )
        )
    dialled = shot.dialled
    return Evidence(
        authenticity=room.picture_evidence(look),
        polish_before=room.polish_before,
        polish_after=whole.polish,
        contributions=tuple(rows),
        stopped_by=dialled.reason if dialled and dialled.automatic else None,
        setting=dialled.setting if dialled else None,
    )


def _difference(with_it: float | None, without: float | None) -> float | None:
    return None if with_it is None or without is None else with_it - without


def _mean_stops(shot: Shot, name: str) -> float:
    """Mean size of an edit's change where it acts, in stops; 0 for a warp."""
    applied: Mapping[str, float] = shot.rendered.applied
    layer = shot.session.layers(shot.look).get(name)
    if not isinstance(layer, Layer):
        return 0.0
    size = np.abs(layer.stops) * abs(shot.look.strengths[name])
    acting = size > 0.01
    return float(size[acting].mean()) if acting.any() else applied[name]
