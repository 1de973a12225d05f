"""Texture kept and texture invented, on the skin, in bands that the photo resolves."""

from __future__ import annotations

import numpy as np

from catchlight.analysis.texture import Texture, measure_texture
from catchlight.arrays import as_float
from catchlight.likeness.component import Component, grade, indeterminate, judge_by
from catchlight.likeness.register import Pair
from catchlight.likeness.view import View

KEPT = ("texture_kept", "Texture kept", "coherent gain", 2.0)
INVENTED = ("texture_invented", "Texture invented", "1 - coherence", 2.0)
#: Coherent gain: (nothing to see, waxy) per band. science.md 11.2, rows 3 and 4, and its section 6:
#: JPEG q75 keeps 0.63 of T and 0.99 of M1, a Gaussian of 0.3 mm 0.30 and 0.74, a bilateral "beauty"
#: filter 0.10 and 0.10.
_GAIN = {"T": (0.78, 0.35), "M1": (0.80, 0.40)}
_NEW = {"T": (0.25, 0.70), "M1": (0.10, 0.50)}
#: No photo is all noise: of a band's power at most this is believed to be.
_MOST_NOISE = 0.6


def measure_both(pair: Pair) -> tuple[Component, Component]:
    """Measure texture kept and invented; what removes the photo's own noise loses no texture."""
    view = pair.view
    found = measure_texture(view.chart.pixels, pair.after, view.skin, view.mm)
    bands = [b for b in _GAIN if b in found.gain]
    if not bands:
        few = found.tiles == 0 and view.mm >= 1.0
        weight = KEPT[3] if few else 0.0
        said = (
            "too little bare skin shows to measure texture on."
            if few
            else "the photo is too small to resolve texture: none can be lost."
        )
        new = INVENTED[3] if few else 0.0
        return indeterminate(*KEPT[:3], weight, said), indeterminate(*INVENTED[:3], new, said)
    noise = _noise_share(view)
    return _judge_kept(found, bands, noise), _judge_invented(found, bands, noise)


def _noise_share(view: View) -> dict[str, float]:
    """Noise over all power of each band, measured on the photo with as much noise again.

    White noise n added to S + N makes a coherence of (S + N) / (S + N + n).
    """
    kept: dict[str, float] | None = view.memory.get("texture")
    if kept is None:
        shape = view.chart.pixels.shape[:2]
        grain = np.random.default_rng(0).standard_normal(shape) * view.noise
        root = np.sqrt(np.maximum(view.chart.pixels, 0)) + grain[..., None]
        more = as_float(np.maximum(root, 0) ** 2)
        found = measure_texture(view.chart.pixels, more, view.skin, view.mm)
        kept = {k: min(_MOST_NOISE, v / max(1e-3, 1 - v)) for k, v in found.worst_invented.items()}
        view.memory["texture"] = kept
    return kept


def _judge_kept(found: Texture, bands: list[str], noise: dict[str, float]) -> Component:
    gains = {b: found.worst[b] / (1 - noise[b]) for b in bands}
    scores = {b: grade(gains[b], *_GAIN[b]) for b in bands}
    worst = min(bands, key=lambda b: scores[b])
    value, score = float(min(gains[worst], 2.0)), scores[worst]
    name = {"T": "fine texture", "M1": "small relief"}[worst]
    said = f"{min(value, 1):.0%} of the {name} of the photo is still there"
    said += "." if score >= 0.9 else ", in the worst quarter of the skin: smoothed."
    details = {"gain": dict(found.gain), "worst": dict(found.worst), "noise": noise}
    details["tiles"] = {"count": found.tiles}
    return Component(
        *KEPT[:2], value, KEPT[2], _GAIN[worst][0], None, score, KEPT[3], judge_by(score), said,
        details,
    )  # fmt: skip


def _judge_invented(found: Texture, bands: list[str], noise: dict[str, float]) -> Component:
    # Taking noise out leaves a coherence of 1 - its share; what is beyond that was put in.
    new = {b: max(0.0, found.worst_invented[b] - noise[b]) for b in bands}
    scores = {b: grade(new[b], *_NEW[b]) for b in bands}
    worst = min(bands, key=lambda b: scores[b])
    value, score = new[worst], scores[worst]
    said = f"{value:.0%} of the texture in the worst quarter of the skin is not the photo's."
    details = {"invented": dict(found.invented), "worst": dict(found.worst_invented)}
    return Component(
        *INVENTED[:2], value, INVENTED[2], 0.0, _NEW[worst][0], score, INVENTED[3],
        judge_by(score), said, details,
    )  # fmt: skip
