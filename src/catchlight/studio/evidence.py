"""Evidence for a report: what each edit contributed, by leaving it out."""

from __future__ import annotations

import numpy as np

from catchlight.layer import Layer, Move
from catchlight.look import Look
from catchlight.render import Rendered
from catchlight.results import Contribution, Dialled, Evidence
from catchlight.studio.session import Session


def gather_evidence(
    session: Session, look: Look, rendered: Rendered, dialled: Dialled | None = None
) -> Evidence:
    """Measure a headshot for its report: pictures drawn, and each edit's part by leave-one-out.

    Parameters
    ----------
    session : Session, that made it
    look, rendered : what was asked for and what came of it
    dialled : Dialled, optional
        How the polish was chosen.

    Returns
    -------
    Evidence

    Notes
    -----
    One render and one proof for each adjustment that acted: 0.3-0.5 s each.
    """
    whole = session.prove(look)
    layers = session.layers(look)
    rows = []
    for name, most in rendered.applied.items():
        without = look.model_copy(update={"adjust": {**look.strengths, name: 0.0}})
        proof = session.prove(without)
        rows.append(
            Contribution(
                name,
                look.strengths[name],
                _difference(whole.authenticity.score, proof.authenticity.score),
                _difference(whole.polish.score, proof.polish.score),
                _mean_stops(layers.get(name), look.strengths[name], most),
            )
        )
    return Evidence(
        authenticity=session.picture_evidence(look),
        polish_before=session.polish_before,
        polish_after=whole.polish,
        contributions=tuple(rows),
        stopped_by=dialled.reason if dialled and dialled.automatic else None,
        setting=dialled.setting if dialled else None,
    )


def _difference(with_it: float | None, without: float | None) -> float | None:
    return None if with_it is None or without is None else with_it - without


def _mean_stops(layer: Layer | Move | None, strength: float, most: float) -> float:
    """Mean size of an edit's change where it acts, in stops; 0 for a warp."""
    if not isinstance(layer, Layer):
        return 0.0
    size = np.abs(layer.stops) * abs(strength)
    acting = size > 0.01
    return float(size[acting].mean()) if acting.any() else most
