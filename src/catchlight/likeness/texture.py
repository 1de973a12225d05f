"""Texture kept and texture invented, on the skin, in bands that the photo resolves."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.arrays import as_float
from catchlight.likeness.aligned_face import AlignedFace
from catchlight.likeness.coherence import Texture, TextureSpectra, compare_texture, take_spectra
from catchlight.likeness.component import PASSES, Finding, grade, unseen
from catchlight.likeness.register import Pair
from catchlight.measured import measured_once
from catchlight.pixels import colour, filters

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


@dataclass(frozen=True)
class _Weave:
    """A pair's texture, with what is not held against it.

    Attributes
    ----------
    found : Texture, before against after
    noise : mapping of band to the share of its power that is the photo's own noise
    stored : tuple of Texture, what storing the photo in each of the two files costs it
    """

    found: Texture
    noise: dict[str, float]
    stored: tuple[Texture, ...]


def measure_texture_kept(pair: Pair) -> Finding:
    """Measure how much of the skin's texture is left.

    What takes out the photo's own noise loses no texture, and what a file of the after's quality
    costs any picture is not held against it: both are measured on the photo itself.
    """
    bands, why = _resolve(pair)
    if why is not None:
        return why
    weave, gains = _compare(pair), {}
    for b in bands:
        # The photo's own noise, or what storing it costs, is no texture; the larger excuse.
        excuse = min([1 - weave.noise[b], *(t.worst[b] for t in weave.stored)])
        raw = weave.found.worst[b]
        gains[b] = max(raw, min(1.0, raw / max(excuse, 0.1)))
    scores = {b: grade(gains[b], 1.0, *_GAIN[b]) for b in bands}
    worst = min(bands, key=lambda b: scores[b])
    value, score = float(min(gains[worst], 2.0)), scores[worst]
    said = f"{min(value, 1):.0%} of the photo's {_CALLED[worst]} is still there"
    said += "" if score >= PASSES else " in the worst quarter of the skin: smoothed"
    details = {
        "gain": dict(weave.found.gain),
        "worst": dict(weave.found.worst),
        "noise": weave.noise,
        "tiles": weave.found.tiles,
        "stored": [dict(t.worst) for t in weave.stored],
    }
    return Finding(value, score, said, low=_GAIN[worst][0], details=details)


def measure_texture_invented(pair: Pair) -> Finding:
    """Measure how much of the skin's texture was put in; excused as in what is kept."""
    bands, why = _resolve(pair)
    if why is not None:
        return why
    weave, new = _compare(pair), {}
    # Taking noise out leaves a coherence of 1 - its share; what is beyond that was put in.
    for b in bands:
        excuse = max([weave.noise[b], *(t.worst_invented[b] for t in weave.stored)])
        new[b] = max(0.0, weave.found.worst_invented[b] - excuse)
    scores = {b: grade(new[b], 0.0, *_NEW[b]) for b in bands}
    worst = min(bands, key=lambda b: scores[b])
    value, score = new[worst], scores[worst]
    said = (
        f"{value:.0%} of the {_CALLED[worst]} in the worst quarter of the skin is not the photo's"
    )
    details = {"invented": dict(weave.found.invented), "worst": dict(weave.found.worst_invented)}
    return Finding(value, score, said, low=0.0, high=_NEW[worst][0], details=details)


def _resolve(pair: Pair) -> tuple[list[str], Finding | None]:
    """The bands that the photo resolves, or why none can be judged."""
    bands = [b for b in _GAIN if b in _take(pair.view).spectra]
    if bands:
        return bands, None
    if pair.view.mm >= 1.0:
        return [], unseen("too little bare skin shows to measure texture on")
    # What cannot be there is no missing evidence.
    return [], unseen("the photo is too small to resolve texture: none can be lost", moot=True)


@measured_once
def _take(view: AlignedFace) -> TextureSpectra:
    """The photo's own texture."""
    return take_spectra(view.face_crop.pixels, view.skin, view.mm)


@measured_once
def _compare(pair: Pair) -> _Weave:
    """The texture of both, once for both components."""
    stored = (_store(pair.view, *file) for file in pair.stored)
    return _Weave(
        compare_texture(_take(pair.view), pair.after),
        _share_noise(pair.view),
        tuple(t for t in stored if t is not None),
    )


@measured_once
def _share_noise(view: AlignedFace) -> dict[str, float]:
    """Noise over all power of each band, measured on the photo with as much noise again.

    White noise n added to S + N makes a coherence of (S + N) / (S + N + n).
    """
    shape = view.face_crop.alpha.shape
    grain = np.random.default_rng(0).standard_normal(shape, np.float32) * np.float32(
        max(view.noise, _LEAST_NOISE)
    )
    root = np.sqrt(np.maximum(view.face_crop.pixels, 0)) + grain[..., None]
    found = compare_texture(_take(view), as_float(np.maximum(root, 0) ** 2))
    return {k: min(_MOST_NOISE, v / max(1e-3, 1 - v)) for k, v in found.worst_invented.items()}


def _store(view: AlignedFace, quality: int, scale: float) -> Texture | None:
    """What storing the photo itself at ``quality`` does to its texture.

    ``scale``: pixels of the stored file per pixel of the view.
    """
    # Blocks half as large as the view's pixels are finer than any band.
    if scale > 2:
        return None
    w, h = (max(16, round(n * scale)) for n in view.size)
    pixels = view.face_crop.pixels
    if abs(scale - 1) > 0.02:
        pixels = as_float(cv2.resize(pixels, (w, h), interpolation=cv2.INTER_CUBIC))
    codes = colour.p3_to_srgb_codes(pixels)[..., ::-1]
    _, stored = cv2.imencode(".jpg", codes, [cv2.IMWRITE_JPEG_QUALITY, quality])
    again = np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), np.float32)[..., ::-1] / 255
    linear = colour.apply_matrix(colour.srgb_to_linear(again), colour.SRGB_TO_P3)
    return compare_texture(_take(view), filters.resize(linear, *view.size))
