"""The JSON of one photo: what ``--json`` prints and the report shows, as a plain dict.

Every record has the same keys; what is not known is None (a failed photo) or empty.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from catchlight.analysis.scene import Scene
from catchlight.errors import code_of
from catchlight.look import Look
from catchlight.pixels import geometry
from catchlight.results import Shot


def measure_peak_memory() -> float | None:
    """Peak resident memory of this process so far, MB (10^6 bytes); None where unknown."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)


def _blank(name: str, seconds: Mapping[str, float]) -> dict[str, Any]:
    return {
        "input": name,
        "output": None,
        "size": None,
        "face": None,
        "frame": None,
        "look": None,
        "changes": {},
        "marks": None,
        "light": None,
        "matte": None,
        "backdrop": None,
        "cutout": None,
        "restored": None,
        "dial": None,
        "authenticity": None,
        "polish": None,
        "skin": None,
        "exposure": None,
        "cast": None,
        "verdict": None,
        "wardrobe": None,
        "seconds": {stage: round(value, 4) for stage, value in seconds.items()},
        "peak_rss_mb": measure_peak_memory(),
        "metadata_removed": [],
        "warnings": [],
        "provenance": None,
        "compare": None,
        "report": None,
        "skipped": False,
        "error": None,
    }


def record_skipped(name: str, output: Path) -> dict[str, Any]:
    """Record a photo that was left alone, because its headshot is there."""
    return {**_blank(name, {}), "output": _text(output), "skipped": True}


def record_failure(
    name: str, error: BaseException, message: str, seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Record a photo that gave no headshot."""
    said = {"type": type(error).__name__, "message": message, "code": code_of(error)}
    return {**_blank(name, seconds), "error": said}


def record_shot(
    shot: Shot,
    *,
    name: str,
    output: Path | None,
    compare: Path | None = None,
    report: Path | None = None,
) -> dict[str, Any]:
    """Record a headshot.

    Parameters
    ----------
    shot : Shot
    name : str
        The input, in words.
    output, compare, report : Path, optional
        What was written; output None is standard output.

    Returns
    -------
    dict
        Ready for JSON. ``face`` is in pixels and degrees of the photo as it came (upright),
        ``changes`` in stops, ``marks`` None where blemishes were not asked for, ``seconds`` by
        stage, ``peak_rss_mb`` of the process so far.
    """
    face, scene, look = shot.subject.face, shot.scene, shot.look
    height, width = shot.rendered.pixels.shape[:2]
    return {
        **_blank(name, shot.seconds),
        "output": _text(output),
        "size": [width, height],
        "face": {
            "box": [round(float(v), 1) for v in face.box],
            "ied_px": round(scene.quality.ied, 1),
            "pose": {
                "yaw": round(face.pose.yaw, 1),
                "pitch": round(face.pose.pitch, 1),
                "roll": round(face.pose.roll, 1),
            },
            "others": scene.others,
        },
        "frame": {
            "crop": scene.frame.crop,
            "turn_degrees": round(scene.frame.turn, 2) + 0.0,  # no minus zero
            "enlarged": round(scene.frame.enlarged, 3),
            "extends_beyond_photo": not scene.frame.inside,
            "head": round(scene.frame.head, 3),
            "head_asked": round(scene.frame.asked, 3),
            "off_centre": round(scene.frame.off_centre, 3),
            "why": list(scene.frame.why),
        },
        "look": {**look.model_dump(mode="json", exclude={"adjust"}), "adjust": look.strengths},
        "changes": {k: round(v, 4) for k, v in shot.rendered.applied.items() if v > 0},
        "marks": list_marks(scene, look),
        "light": scene.light.describe(),
        "matte": scene.matte.engine,
        "backdrop": record_backdrop(shot),
        "cutout": record_cutout(shot),
        "restored": record_restored(shot),
        "dial": _record_dial(shot),
        "authenticity": None if shot.proof is None else shot.proof.authenticity.to_json(),
        "polish": record_polish(shot),
        "skin": None if shot.guarded is None else shot.guarded.to_json(),
        "exposure": scene.exposed.to_json(),
        "cast": scene.cast.to_json(),
        "verdict": None if shot.verdict is None else shot.verdict.to_json(),
        "wardrobe": None if shot.wardrobe is None else shot.wardrobe.to_json(),
        "metadata_removed": list(shot.picture.metadata.removed),
        "warnings": list(shot.warnings),
        "compare": _text(compare),
        "report": _text(report),
    }


def list_marks(scene: Scene, look: Look) -> list[dict[str, Any]] | None:
    """List the marks of the skin, x and y in photo pixels; None where nobody asked for them.

    Who asks for blemishes or names a mark asks for them.
    """
    if look.strengths["blemishes"] == 0 and not (look.keep or look.heal):
        return None
    verdicts, acts = look.verdicts, look.strengths["blemishes"] > 0
    found = []
    for mark in scene.face_crop.marks:
        place = np.array([[mark.x, mark.y]], np.float32)
        x, y = geometry.apply(scene.face_crop.to_picture, place)[0]
        found.append(
            {
                "id": mark.id,
                "x": round(float(x), 1),
                "y": round(float(y), 1),
                "diameter_mm": round(mark.diameter_mm, 1),
                "melanin": round(mark.melanin, 3),
                "redness": round(mark.redness, 3),
                "kind": mark.kind,
                "fate": mark.fate,
                "confidence": mark.confidence,
                "healed": acts and verdicts.heals(mark),
            }
        )
    return found


def _record_dial(shot: Shot) -> dict[str, Any] | None:
    """Record how the polish was chosen; None where every strength was given."""
    dialled = shot.dialled
    if dialled is None:
        return None
    return {
        "setting": dialled.setting,
        "polish": dialled.polish,
        "own": dialled.own,
        "beyond": dialled.beyond,
        "automatic": dialled.automatic,
        "stopped_by": dialled.stopped_by,
        "reason": dialled.reason,
        "tried": [
            {"polish": p, "authenticity": None if a is None else round(a, 1)}
            for p, a in dialled.tried
        ],
    }


def record_backdrop(shot: Shot) -> dict[str, str]:
    """Record what stands behind, and why; ``why`` is empty where a person chose it."""
    settled = shot.settled
    return {"asked": shot.look.backdrop, "chosen": settled.name, "why": settled.why}


def record_cutout(shot: Shot) -> dict[str, Any] | None:
    """Record how sure the cut-out is, 0..1, and its faults; None where nothing is cut out."""
    sound = shot.soundness
    if sound is None:
        return None
    faults = {name: round(size, 3) for name, size in sound.faults.items()}
    return {"sure": round(sound.score, 3), "reason": sound.reason, "faults": faults}


def record_restored(shot: Shot) -> dict[str, Any] | None:
    """Record what was restored of a poor source, and what share of it the sitter's likeness let."""
    restored = shot.scene.restored
    if restored is None or "detail" not in shot.rendered.applied:
        return None
    said = {"steps": list(restored.steps), "share": round(restored.share, 3)}
    return said | {"network": restored.network}


def record_polish(shot: Shot) -> dict[str, Any] | None:
    """Record the polish of the photo in its frame and of the result; None where not measured."""
    if shot.proof is None or shot.polish_before is None:
        return None
    return {"before": shot.polish_before.to_json(), "after": shot.proof.polish.to_json()}


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
