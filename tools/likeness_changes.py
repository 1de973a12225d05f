"""Evidence: whitening within a photograph, and edits looked for across two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import likeness_edits as edits
import numpy as np
import planted_edits as planted
from likeness_store import Store, find_photos, same_person, see_again, studio

from catchlight import Look, develop, open_photo, study
from catchlight.analysis.parts import by_colour
from catchlight.arrays import Float, Pixels, as_float
from catchlight.errors import CatchlightError
from catchlight.likeness.authenticity import look_across
from catchlight.likeness.mark_places import find_moles
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_scene
from catchlight.likeness.register import pair_up
from catchlight.likeness.tone import measure_tone_kept
from catchlight.pixels import colour
from catchlight.pixels.tones import lift

Curve = Callable[[Float, float], Float]

# --- Whitening within a photograph ----------------------------------------------------------------

#: Curves of code, by strength; the skin's L* rises by what is asked.
CURVES: dict[str, Curve] = {
    "logarithm": lambda c, s: as_float(np.log1p(c * 4 * s) / np.log(1 + 4 * s)),
    "gamma": lambda c, s: as_float(c ** (1 - s)),
    "screen": lambda c, s: as_float(1 - (1 - c) * (1 - s * c)),
    "middle tones": lambda c, s: as_float(c + s * np.sin(np.pi * c) ** 2),
}
_SIDE_STOPS = 0.7


def by_curve(seen: Observation, curve: Curve, rise: float) -> Pixels:
    """The whole picture through a curve that lifts the skin by ``rise`` L*."""
    codes = edits.to_codes(seen.pixels)
    skin = by_colour.sample_sites(seen.seen, codes.shape) > 0.5

    def lightness(strength: float) -> float:
        linear = colour.srgb_to_linear(curve(codes[skin], strength))
        return float(np.median(colour.p3_to_lab(linear[None])[0][:, 0]))

    start = float(np.median(colour.p3_to_lab(seen.pixels[skin][None])[0][:, 0]))
    low, high = 1e-3, 0.9
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if lightness(middle) - start < rise else (low, middle)
    return colour.srgb_to_linear(curve(codes, high))


def light_from_the_side(seen: Observation) -> Pixels:
    """Up to 0.7 stops more on one side and less on the other, a little warm."""
    x = np.arange(seen.pixels.shape[1]) - seen.seen.eyes[:, 0].mean()
    gain = np.exp2(_SIDE_STOPS * np.tanh(x / (60 * seen.seen.px_per_mm)))
    return as_float(seen.pixels * gain[None, :, None] * as_float([1.08, 1, 0.92]))


LIGHT: dict[str, Callable[[Observation], Pixels]] = {
    "exposure +1/3": lambda w: planted.expose(w, 1 / 3),
    "exposure -1/2": lambda w: planted.expose(w, -0.5),
    "our exposure +1/2": lambda w: as_float(
        w.pixels * np.exp2(lift(colour.luminance(w.pixels), 0.5))[..., None]
    ),
    "light from the side": light_from_the_side,
    "JPEG 75": lambda w: planted.save_jpeg(w, 75),
}
#: Below the first score of the tone alone authenticity is below 80; above the second the tone lets
#: it be above 95.
_EIGHTY, _NINETY_FIVE = (80 - 59) / 41, (95 - 59) / 41
#: Our look as it comes, and all that we do to light, each part in full.
OURS: dict[str, dict[str, float]] = {
    "our look": {},
    "our light, in full": dict.fromkeys(("exposure", "shadows", "key_light", "dimension"), 1.0),
}


def measure_whitening(folder: Path, store: Store, every: int) -> list[str]:
    """Scores of the skin's tone under curves, masks, light, and our own look."""
    whitened = {
        f"{name} +{rise:g} L*": (lambda w, c=curve, r=rise: by_curve(w, c, r))
        for name, curve in CURVES.items() for rise in (4.0, 8.0)
    }  # fmt: skip
    whitened["mask, 0.2"] = lambda w: planted.whiten(w, 0.2)
    for photo in find_photos(folder)[::every]:
        for name, edit in {**whitened, **LIGHT}.items():
            key = f"{name}|{photo.group}|{photo.path.name}"
            store.measure(key, lambda: _score_tone(store.look(photo.path), edit))  # noqa: B023
        for name, adjust in OURS.items():
            key = f"{name}|{photo.group}|{photo.path.name}"
            store.measure(key, lambda: _score_look(photo.path, adjust))  # noqa: B023
    found: dict[str, list[float]] = defaultdict(list)
    for key, score in store.rows.items():
        if score is not None:
            found[key.split("|")[0]].append(score)
    head = "edit | photos | tone, median | lowest twentieth | authenticity below 80 | above 95"
    lines = [f"| {head} |", "|---|---:|---:|---:|---:|---:|"]
    for name, scores in found.items():
        low, middle = np.percentile(scores, [5, 50])
        below, above = np.mean(np.array(scores) < _EIGHTY), np.mean(np.array(scores) > _NINETY_FIVE)
        cells = f"{len(scores)} | {middle:.2f} | {low:.2f} | {below:.0%} | {above:.0%}"
        lines.append(f"| {name} | {cells} |")
    return lines


def _score_tone(seen: Observation | None, edit: Callable[[Observation], Pixels]) -> float | None:
    if seen is None or seen.source_ied < 55 or abs(seen.seen.pose.yaw) > 30:
        return None
    after = planted.edited(seen, as_float(edit(seen)), "edited")
    pair = pair_up(seen, after, same_frame=True, warp=None)
    return None if pair is None else measure_tone_kept(pair).score


def _score_look(path: Path, adjust: dict[str, float]) -> float | None:
    try:
        scene = study(open_photo(path), Look(backdrop="keep", crop="square", size=900))
        look = Look(backdrop="keep", crop="square", size=900, adjust=adjust)
        rendered = develop(scene, look)
    except CatchlightError:
        return None
    before = observe_scene(scene)
    after = planted.edited(before, rendered.pixels, "look")
    pair = pair_up(before, after, same_frame=True, warp=None)
    if pair is None:
        return None
    warranted = "white_balance" in scene.warranted
    return measure_tone_kept(replace(pair, recoloured=warranted)).score


# --- Across photographs ---------------------------------------------------------------------------


def measure_across(folder: Path, store: Store, every: int) -> list[str]:
    """Edits of one photo of a person named by another; and what is said of untouched ones."""
    groups = {a.name: group for a, _, group, _ in studio(folder)}
    for a, b in same_person(folder, one_photo=False):
        for x, y in ((a, b), (b, a)):
            key = f"untouched|{a.parent.name}|{x.name}|{y.name}"
            store.measure(key, lambda: _verdicts(store.look(x), store.look(y)))  # noqa: B023
    for a, b, _, _ in list(studio(folder))[::every]:
        for name, (_, edit) in edits.EDITS.items():
            key = f"{name}|{a.name}"

            def work() -> dict[str, str] | None:
                one, two = store.look(a), store.look(b)  # noqa: B023
                if one is None or two is None:
                    return None
                return _verdicts(one, see_again(two, edit(two), name))  # noqa: B023

            store.measure(key, work)
        store.measure(f"moles erased|{a.name}", lambda: _erase(store, a, b))  # noqa: B023
    return [*_tell_untouched(store.rows), "", *_tell_edits(store.rows, groups)]


def _erase(store: Store, a: Path, b: Path) -> dict[str, str] | None:
    one, two = store.look(a), store.look(b)
    if one is None or two is None or not find_moles(one):
        return None
    return _verdicts(one, see_again(two, edits.erase_moles(two, one), "moles"))


def _verdicts(photo: Observation | None, result: Observation | None) -> dict[str, str] | None:
    """Verdict of every component, but of those that are never told across photographs."""
    if photo is None or result is None or min(photo.source_ied, result.source_ied) < 24:
        return None
    if max(abs(w.seen.pose.yaw) for w in (photo, result)) > 45:
        return None
    return {c.name: c.verdict for c in look_across(photo, result, ())}


def _tell_untouched(rows: dict[str, Any]) -> list[str]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for key, verdicts in rows.items():
        if key.startswith("untouched|") and verdicts:
            found[key.split("|")[1]].append(verdicts)
    told = ("geometry", "texture_kept", "lines", "marks", "tone", "asymmetry", "eyes")
    lines = ["| untouched | pairs | accused | " + " | ".join(told) + " |",
             "|---|---:|---:|" + "---:|" * len(told)]  # fmt: skip
    for name, seen in found.items():
        accused = [sum(v[t] in ("warn", "fail") for v in seen) for t in told]
        judged = [sum(v[t] != "indeterminate" for v in seen) for t in told]
        some = sum(any(v[t] in ("warn", "fail") for t in told) for v in seen)
        cells = (f"{a} of {j}" for a, j in zip(accused, judged, strict=True))
        lines.append(f"| {name} | {len(seen)} | {some} | " + " | ".join(cells) + " |")
    return lines


def _tell_edits(rows: dict[str, Any], groups: dict[str, str]) -> list[str]:
    names = {**{n: c for n, (c, _) in edits.EDITS.items()}, "moles erased": "marks"}
    kinds = sorted(set(groups.values()))
    lines = ["| edit | people | named | judged | " + " | ".join(kinds) + " |",
             "|---|---:|---:|---:|" + "---:|" * len(kinds)]  # fmt: skip
    for name, component in names.items():
        seen = {k.split("|")[1]: v for k, v in rows.items() if k.startswith(f"{name}|") and v}
        if not seen:
            continue
        named = {k: v[component] in ("warn", "fail") for k, v in seen.items()}
        judged = sum(v[component] != "indeterminate" for v in seen.values())
        cells = []
        for kind in kinds:
            part = [n for k, n in named.items() if groups[k] == kind]
            cells.append(f"{sum(part)} of {len(part)}" if part else "-")
        share = f"{sum(named.values()) / len(named):.0%}"
        lines.append(f"| {name} | {len(named)} | {share} | {judged} | " + " | ".join(cells) + " |")
    return lines
