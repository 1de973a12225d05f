"""What the cards of a headshot's report say: found, done, marks, file, seconds, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.light.light import name_tint
from catchlight.arrays import Pixels
from catchlight.report.numbers import (
    DEGREE,
    NO_BREAK,
    NOT_MEASURED,
    is_number,
    say_number,
    say_score,
    say_sentence,
    say_signed,
)
from catchlight.report.overlay import MOST_NAMES, draw_spots, place_marks, window_around
from catchlight.report.pictures import show
from catchlight.results import Contribution, Evidence, Shot

_DASH = "\N{EN DASH}"
#: Words and what they stand for; what is empty is not shown.
Rows = list[tuple[str, str]]


def say_found(shot: Shot, record: Mapping[str, Any]) -> Rows:
    """What the photo showed."""
    face, quality = record["face"], shot.scene.quality
    pose, others = face["pose"], face["others"]
    angles = (("turned", "yaw"), ("lifted", "pitch"), ("leaning", "roll"))
    sharp = f"{NOT_MEASURED}: no clear edge"
    if is_number(quality.sharpness):
        sharp = f"edges {quality.sharpness:.2f} mm of face wide"
    return [
        ("Will it do", "" if shot.verdict is None else shot.verdict.say()),
        ("Face", f"{face['ied_px']:.0f} pixels between the eyes"),
        ("Head", ", ".join(f"{word} {say_signed(pose[key], 0)}{DEGREE}" for word, key in angles)),
        ("Light", record["light"] or ""),
        ("Exposure", record["exposure"]["said"]),
        ("Colour", record["cast"]["said"]),
        ("Witnesses", _say_witnesses(record["cast"]["witnesses"])),
        ("Skin", "" if shot.guarded is None else shot.guarded.say()),
        ("Others", f"{others} other face{'s' if others > 1 else ''}" if others else ""),
        ("Sharpness", sharp),
        ("Clothes", "" if shot.wardrobe is None else " ".join(shot.wardrobe.sentences())),
        ("Camera", shot.picture.metadata.camera or ""),
    ]


def _say_witnesses(rows: list[dict[str, Any]]) -> str:
    """What each witness says of the light's colour, and how far it is relied on."""
    told = []
    for row in rows:
        tint = name_tint(np.array([row["u"], row["v"]], np.float32)) or "neutral"
        told.append(f"{row['name']}: {tint} ({row['weight']:.0%})")
    return ", ".join(told)


def _say_head(frame: Mapping[str, Any]) -> str:
    """How large the head is, and where it stands, of a frame that was composed."""
    if not frame["head_asked"]:
        return ""
    off = frame["off_centre"]
    side = "right" if off > 0 else "left"
    place = f", {abs(off):.0%} {side} of the middle" if abs(off) >= 0.02 else ", in the middle"
    return f"{frame['head']:.0%} of the height ({frame['head_asked']:.0%} asked){place}"


def say_settings(record: Mapping[str, Any], evidence: Evidence | None) -> Rows:
    """What was asked for."""
    look, frame = record["look"], record["frame"]
    turn = frame["turn_degrees"]
    behind = record["backdrop"]
    keep = behind["chosen"] == "keep"
    size = look["size"]
    levelled = f", levelled by {say_signed(turn, 1)}{DEGREE}" if turn else ""
    return [
        ("For", (evidence.setting or "") if evidence else ""),
        *_dial(record.get("dial")),
        ("Frame", f"{frame['crop']}{levelled}"),
        ("Head", _say_head(frame)),
        ("Why so", "; ".join(frame["why"])),
        ("Size asked", " × ".join(map(str, size)) if isinstance(size, (list, tuple)) else ""),
        ("Enlarged", f"{frame['enlarged']:.1f} times" if frame["enlarged"] > 1 else ""),
        ("Clothes shown as", _say_garment(record)),
        ("Backdrop", PurePath(behind["chosen"]).name),
        ("Why", say_sentence(behind["why"]) if behind["why"] else ""),
        ("Cut out with", "nothing: the background is the photo's own" if keep else _matte(record)),
        ("Marks", look["marks"].replace("-", " ")),
        ("Kept by name", ", ".join(look["keep"])),
        ("Healed by name", ", ".join(look["heal"])),
    ]


def _dial(dial: Mapping[str, Any] | None) -> Rows:
    """Say where the dial of polish stood, and which other places were tried."""
    if dial is None:
        return []
    how = "chosen by its cost in likeness" if dial["automatic"] else "as asked"
    if dial["beyond"]:
        how += f", further than the {say_number(dial['own'])} of {dial['setting']} itself"
    tried = ", ".join(
        f"{say_number(row['polish'])} ({say_score(row['authenticity'])})" for row in dial["tried"]
    )
    return [
        ("Polish", f"{say_number(dial['polish'])} of 1, {how}"),
        ("Tried", f"{tried}; in brackets the authenticity of each" if tried else ""),
    ]


def _say_garment(record: Mapping[str, Any]) -> str:
    """Say that the clothes are shown in another colour, where they are."""
    if not record["changes"].get("garment_colour"):
        return ""
    return f"{record['look']['garment']}: another colour than they have in the photo, to choose by"


def _matte(record: Mapping[str, Any]) -> str:
    fine = record["matte"] == "fine"
    return "the fine cut-out (U-2-Net among the votes)" if fine else "the fast cut-out (U-2-Netp)"


def view_edits(record: Mapping[str, Any], evidence: Evidence | None) -> dict[str, Any]:
    """What each edit did and, where it was measured, what it contributed."""
    strengths, largest = record["look"]["adjust"], record["changes"]
    by_name = {c.name: c for c in evidence.contributions} if evidence else {}
    acting = [a for a in CATALOGUE if a.name in largest or a.name in by_name]
    rows: list[tuple[str, ...]] = []
    texts = []
    for a in acting:
        given = by_name.get(a.name)
        strength = given.strength if given else strengths[a.name]
        top = f", at most {largest[a.name]:.2f} {a.unit}" if a.name in largest else ""
        points = _points(given) if by_name else ()
        rows.append((a.name.replace("_", " ").capitalize(), *points))
        texts.append(f"{a.text} Strength {say_number(strength)}{top}.")
    measured = ("Authen\N{SOFT HYPHEN}ticity", "Polish", "Light, stops") if by_name else ()
    head = ("Edit", *measured)
    idle = [
        (
            a.name.replace("_", " "),
            f"off. {a.text}" if strengths[a.name] == 0 else f"found nothing to do. {a.text}",
        )
        for a in CATALOGUE
        if a not in acting
    ]
    return {"head": head, "rows": rows, "texts": texts, "measured": bool(by_name), "idle": idle}


def _points(given: Contribution | None) -> tuple[str, str, str]:
    if given is None:
        return (_DASH, _DASH, _DASH)
    marks = [
        say_signed(v, 1) if v is not None and is_number(v) else _DASH
        for v in (given.authenticity, given.polish)
    ]
    # An edit of form changes no light.
    return marks[0], marks[1], f"{abs(given.stops):.2f}" if given.stops else _DASH


def view_marks(shot: Shot, record: Mapping[str, Any], after: Pixels) -> dict[str, Any] | None:
    """The marks of the skin on the result; None where they were not looked for."""
    marks = record["marks"]
    if marks is None:
        return None
    spots = place_marks(shot.scene, marks, shot.rendered.warp)
    near = overlay = None
    if spots and after.shape == shot.scene.pixels.shape:
        window = x0, y0, x1, y1 = window_around(shot.scene, spots)
        near = show(after[y0:y1, x0:x1], "The face after, close up", side=720)
        overlay = draw_spots(spots, window)
    rows = [(m["healed"], _mark(number, m)) for number, m in enumerate(marks, 1)]
    kept = [row for healed, row in rows if not healed]
    return {
        "near": near,
        "overlay": overlay,
        "healed": [row for healed, row in rows if healed],
        "kept": kept,
        "folded": len(kept) > MOST_NAMES,
    }


def _mark(number: int, m: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        f"{number}",
        m["id"],
        f"{m['kind']}, {m['diameter_mm']:.1f}{NO_BREAK}mm",
        f"{m['fate']} ({m['confidence']:.2f})",
    )


def view_restored(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Say what was restored of a poor source, and whether a network drew any of it."""
    restored = record["restored"]
    if restored is None:
        return None
    drawn = any("super-resolution" in step for step in restored["steps"])
    strength = record["look"]["adjust"]["detail"]
    caution = "No network drew anything: what was taken out is a fault that was measured."
    if drawn:
        caution = (
            "A network drew the finest detail of this picture. It was held to what the photo shows "
            "and to the sitter's likeness, but an eyelash or a pore may be its guess."
        )
    rows = [
        ("Taken out or done", "; ".join(restored["steps"])),
        ("Kept of it", f"{restored['share']:.0%}, as far as it stays the same person"),
        ("Strength", say_number(strength)),
        ("Drawn by a network", "the finest detail, all over the picture" if drawn else "nothing"),
    ]
    return {"rows": rows, "caution": caution}


def say_file(record: Mapping[str, Any]) -> Rows:
    """What was left out of the file and what making it took."""
    peak = record["peak_rss_mb"]
    total = sum(record["seconds"].values())
    removed = ", ".join(record["metadata_removed"])
    return [
        ("Left out", removed or "no place, name or serial number was found"),
        ("Memory", f"{peak:.0f} MB at most" if peak is not None else f"{NOT_MEASURED} here"),
        ("Time", f"{total:.1f} seconds"),
    ]
