"""Texture kept and texture invented, on the skin, in bands that the photo resolves."""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import as_float
from catchlight.likeness.aligned_face import AlignedFace, to_codes
from catchlight.likeness.coherence import Texture, compare_texture, take_spectra
from catchlight.likeness.component import Component, grade, indeterminate, judge_by
from catchlight.likeness.register import Pair
from catchlight.pixels import colour, filters

KEPT = ("texture_kept", "Texture kept", "coherent gain", 2.0)
INVENTED = ("texture_invented", "Texture invented", "1 - coherence", 2.0)
#: Coherent gain in the worst quarter of the tiles: allowed, and waxy (science.md 11.2, rows 3 and
#: 4, and section 6: a Gaussian of 0.3 mm keeps 0.30 of T and 0.74 of M1, a bilateral "beauty"
#: filter 0.10 of both).
_GAIN = {"T": (0.78, 0.30), "M1": (0.78, 0.35)}
_NEW = {"T": (0.25, 0.90), "M1": (0.12, 0.50)}
_CALLED = {"T": "fine texture", "M1": "small relief"}
#: No photo is all noise: of a band's power at most this is believed to be.
_MOST_NOISE = 0.6
#: Noise of the root of light that nobody sees: about 0.2 L*, what rounding to 8 bits adds twice.
_LEAST_NOISE = 0.002


def measure_both(pair: Pair) -> tuple[Component, Component]:
    """Measure texture kept and invented.

    What takes out the photo's own noise loses no texture, and what a file of the after's quality
    costs any picture is not held against it: both are measured on the photo itself.
    """
    view = pair.view
    spectra_before = view.once("weave", lambda v: take_spectra(v.face_crop.pixels, v.skin, v.mm))
    bands = [b for b in _GAIN if b in spectra_before.spectra]
    if not bands:
        few = view.mm >= 1.0
        said = (
            "too little bare skin shows to measure texture on"
            if few
            else "the photo is too small to resolve texture: none can be lost"
        )
        # What cannot be there is no missing evidence.
        rows = (KEPT, INVENTED)
        kept, new = (indeterminate(*r[:3], r[3] if few else 0.0, said) for r in rows)
        return kept, new
    found = compare_texture(spectra_before, pair.after)
    noise = view.once("texture noise", _noise_share)
    stored = [t for t in (_storing(view, *file) for file in pair.stored) if t is not None]
    return _judge_kept(found, bands, noise, stored), _judge_invented(found, bands, noise, stored)


def _noise_share(view: AlignedFace) -> dict[str, float]:
    """Noise over all power of each band, measured on the photo with as much noise again.

    White noise n added to S + N makes a coherence of (S + N) / (S + N + n).
    """
    shape = view.face_crop.alpha.shape
    grain = np.random.default_rng(0).standard_normal(shape, np.float32) * np.float32(
        max(view.noise, _LEAST_NOISE)
    )
    root = np.sqrt(np.maximum(view.face_crop.pixels, 0)) + grain[..., None]
    found = compare_texture(view.memory["weave"], as_float(np.maximum(root, 0) ** 2))
    return {k: min(_MOST_NOISE, v / max(1e-3, 1 - v)) for k, v in found.worst_invented.items()}


def _storing(view: AlignedFace, quality: int, scale: float) -> Texture | None:
    """What storing the photo itself at ``quality`` does to its texture.

    ``scale``: pixels of the stored file per pixel of the view.
    """
    # Blocks half as large as the view's pixels are finer than any band.
    if scale > 2:
        return None

    def measure(v: AlignedFace) -> Texture:
        w, h = (max(16, round(n * scale)) for n in v.size)
        pixels = v.face_crop.pixels
        if abs(scale - 1) > 0.02:
            pixels = as_float(cv2.resize(pixels, (w, h), interpolation=cv2.INTER_CUBIC))
        codes = to_codes(pixels)[..., ::-1]
        _, stored = cv2.imencode(".jpg", codes, [cv2.IMWRITE_JPEG_QUALITY, quality])
        again = np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.float32)[..., ::-1] / 255
        linear = colour.apply_matrix(colour.srgb_to_linear(again), colour.SRGB_TO_P3)
        return compare_texture(v.memory["weave"], filters.resize(linear, *v.size))

    return view.once(f"stored {quality} {scale:.2f}", measure)


def _judge_kept(
    found: Texture, bands: list[str], noise: dict[str, float], stored: list[Texture]
) -> Component:
    gains = {}
    for b in bands:
        # The photo's own noise, or what storing it costs, is no texture; the larger excuse.
        excuse = min([1 - noise[b], *(t.worst[b] for t in stored)])
        raw = found.worst[b]
        gains[b] = max(raw, min(1.0, raw / max(excuse, 0.1)))
    scores = {b: grade(gains[b], 1.0, *_GAIN[b]) for b in bands}
    worst = min(bands, key=lambda b: scores[b])
    value, score = float(min(gains[worst], 2.0)), scores[worst]
    said = f"{min(value, 1):.0%} of the photo's {_CALLED[worst]} is still there"
    said += "" if score >= 0.9 else " in the worst quarter of the skin: smoothed"
    details = {
        "gain": dict(found.gain),
        "worst": dict(found.worst),
        "noise": noise,
        "tiles": found.tiles,
        "stored": [dict(t.worst) for t in stored],
    }
    name, title, unit, weight = KEPT
    low = _GAIN[worst][0]
    return Component(
        name, title, value, unit, low, None, score, weight, judge_by(score), said, details
    )


def _judge_invented(
    found: Texture, bands: list[str], noise: dict[str, float], stored: list[Texture]
) -> Component:
    # Taking noise out leaves a coherence of 1 - its share; what is beyond that was put in.
    new = {}
    for b in bands:
        excuse = max([noise[b], *(t.worst_invented[b] for t in stored)])
        new[b] = max(0.0, found.worst_invented[b] - excuse)
    scores = {b: grade(new[b], 0.0, *_NEW[b]) for b in bands}
    worst = min(bands, key=lambda b: scores[b])
    value, score = new[worst], scores[worst]
    said = (
        f"{value:.0%} of the {_CALLED[worst]} in the worst quarter of the skin is not the photo's"
    )
    details = {"invented": dict(found.invented), "worst": dict(found.worst_invented)}
    name, title, unit, weight = INVENTED
    high = _NEW[worst][0]
    return Component(
        name, title, value, unit, 0.0, high, score, weight, judge_by(score), said, details
    )
