"""The cards of a headshot's report that need no evidence: found, done, marks, file, seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import PurePath
from typing import Any

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.arrays import Pixels
from catchlight.report.evidence import Contribution, Evidence
from catchlight.report.numbers import (
    DEGREE,
    NO_BREAK,
    NOT_MEASURED,
    is_number,
    say_number,
    say_score,
    say_signed,
)
from catchlight.report.overlay import MOST_NAMES, draw_spots, place_marks, window_around
from catchlight.report.parts import card, definitions, fit, fold, picture, table
from catchlight.report.shots import ShotLike

_DASH = "\N{EN DASH}"


def found_card(shot: ShotLike, record: Mapping[str, Any]) -> str:
    """Say what the photo showed."""
    face, quality = record["face"], shot.scene.quality
    pose, others = face["pose"], face["others"]
    angles = (("turned", "yaw"), ("lifted", "pitch"), ("leaning", "roll"))
    sharp = f"{NOT_MEASURED}: no clear edge"
    if is_number(quality.sharpness):
        sharp = f"edges {quality.sharpness:.2f} mm of face wide"
    rows = [
        ("Face", f"{face['ied_px']:.0f} pixels between the eyes"),
        ("Head", ", ".join(f"{word} {say_signed(pose[key], 0)}{DEGREE}" for word, key in angles)),
        ("Light", record["light"] or ""),
        ("Others", f"{others} other face{'s' if others > 1 else ''}" if others else ""),
        ("Sharpness", sharp),
        ("Camera", shot.picture.metadata.camera or ""),
    ]
    notes = "".join(f"<li>{escape(text)}</li>" for text in record["warnings"])
    return card("What was found", definitions(rows) + (f"<ul>{notes}</ul>" if notes else ""))


def settings_card(record: Mapping[str, Any], evidence: Evidence | None) -> str:
    """Say what was asked for."""
    look, frame = record["look"], record["frame"]
    turn = frame["turn_degrees"]
    keep = look["backdrop"] == "keep"
    size = look["size"]
    rows = [
        ("For", (evidence.setting or "") if evidence else ""),
        *_dial(record.get("dial")),
        (
            "Frame",
            f"{frame['crop']}" + (f", levelled by {say_signed(turn, 1)}{DEGREE}" if turn else ""),
        ),
        ("Size asked", " × ".join(map(str, size)) if isinstance(size, (list, tuple)) else ""),
        ("Enlarged", f"{frame['enlarged']:.1f} times" if frame["enlarged"] > 1 else ""),
        ("Backdrop", PurePath(look["backdrop"]).name),
        ("Cut out with", "nothing: the background is the photo's own" if keep else _matte(record)),
        ("Marks", look["marks"].replace("-", " ")),
        ("Kept by name", ", ".join(look["keep"])),
        ("Healed by name", ", ".join(look["heal"])),
    ]
    return card("Settings used", definitions(rows))


def _dial(dial: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Say where the dial of polish stood, and which other places were tried."""
    if dial is None:
        return []
    how = "chosen by its cost in likeness" if dial["automatic"] else "as asked"
    tried = ", ".join(
        f"{say_number(row['polish'])} ({say_score(row['authenticity'])})" for row in dial["tried"]
    )
    return [
        ("Polish", f"{say_number(dial['polish'])} of 1, {how}"),
        ("Tried", f"{tried}; in brackets the authenticity of each" if tried else ""),
    ]


def _matte(record: Mapping[str, Any]) -> str:
    fine = record["matte"] == "fine"
    return "the fine matte (ISNet and closed form)" if fine else "the fast matte (closed form)"


def edits_card(record: Mapping[str, Any], evidence: Evidence | None) -> str:
    """Say what each edit did and, where it was measured, what it contributed."""
    strengths, largest = record["look"]["adjust"], record["changes"]
    by_name = {c.name: c for c in evidence.contributions} if evidence else {}
    acting = [a for a in CATALOGUE if a.name in largest or a.name in by_name]
    rows, texts = [], []
    for a in acting:
        given = by_name.get(a.name)
        strength = given.strength if given else strengths[a.name]
        top = f", at most {largest[a.name]:.2f} {a.unit}" if a.name in largest else ""
        rows.append((a.name.replace("_", " ").capitalize(), *_points(given)))
        texts.append(f"{a.text} Strength {say_number(strength)}{top}.")
    head = ("Edit", "Authen\N{SOFT HYPHEN}ticity", "Polish", "Light, stops")
    if not by_name:
        body = "<p>What each edit contributed was not measured.</p>"
        body += table(head[:1], [row[:1] for row in rows], texts)
    else:
        body = (
            "<p class='soft small'>Each row: the result as it is, less the result without this one "
            "edit. Authenticity and polish in points of 100; light as the mean size of the "
            "change where the edit acts.</p>"
        ) + table(head, rows, texts)
    if not acting:
        body = "<p>No edit had anything to do.</p>"
    return card("What each edit did", body + _idle(strengths, {a.name for a in acting}))


def _points(given: Contribution | None) -> tuple[str, str, str]:
    if given is None:
        return (_DASH, _DASH, _DASH)
    marks = [
        say_signed(v, 1) if v is not None and is_number(v) else _DASH
        for v in (given.authenticity, given.polish)
    ]
    # An edit of form changes no light.
    return marks[0], marks[1], f"{abs(given.stops):.2f}" if given.stops else _DASH


def _idle(strengths: Mapping[str, float], acting: set[str]) -> str:
    rows = [
        (
            a.name.replace("_", " "),
            f"off. {a.text}" if strengths[a.name] == 0 else f"found nothing to do. {a.text}",
        )
        for a in CATALOGUE
        if a.name not in acting
    ]
    return fold("Edits that changed nothing", definitions(rows))


def marks_card(shot: ShotLike, record: Mapping[str, Any], after: Pixels) -> str:
    """Show the marks of the skin on the result; nothing where they were not looked for."""
    marks = record["marks"]
    if marks is None:
        return ""
    if not marks:
        return card("Marks of the skin", "<p>None was found.</p>")
    spots = place_marks(shot.scene, marks, shot.rendered.warp)
    shown = ""
    if spots and after.shape == shot.scene.pixels.shape:
        window = x0, y0, x1, y1 = window_around(shot.scene, spots)
        near = picture(fit(after[y0:y1, x0:x1], 720), "The face after, close up")
        shown = f'<div class="closeup">{near}{draw_spots(spots, window)}</div>'
    said = (
        "<p class='soft small'>A whole ring is a mark that was kept, a broken ring one that was "
        "healed. The name says where: millimetres to the left or right of the middle between the "
        "eyes, then up or down. --keep and --heal take it.</p>"
    )
    return card("Marks of the skin", shown + said + _mark_tables(marks))


def _mark_tables(marks: Sequence[Mapping[str, Any]]) -> str:
    """Write what was healed, then what was kept; a long list of the latter is folded away."""
    numbered = list(enumerate(marks, 1))
    healed = [(n, m) for n, m in numbered if m["healed"]]
    kept = [(n, m) for n, m in numbered if not m["healed"]]
    out = f"<h3 class='said'>Healed: {len(healed)}</h3>"
    out += _mark_table(healed) + f"<h3 class='said'>Kept: {len(kept)}</h3>"
    return out + (_mark_table(kept) if len(kept) <= MOST_NAMES else fold("All", _mark_table(kept)))


def _mark_table(numbered: Sequence[tuple[int, Mapping[str, Any]]]) -> str:
    rows = [
        (
            f"{number}",
            m["id"],
            f"{m['kind']}, {m['diameter_mm']:.1f}{NO_BREAK}mm",
            f"{m['fate']} ({m['confidence']:.2f})",
        )
        for number, m in numbered
    ]
    return table(("No.", "Name", "Kind", "Judged (how surely)"), rows, words=4) if rows else ""


def file_card(record: Mapping[str, Any]) -> str:
    """Say what was left out of the file and what making it took."""
    peak = record["peak_rss_mb"]
    total = sum(record["seconds"].values())
    rows = [
        (
            "Left out",
            ", ".join(record["metadata_removed"]) or "no place, name or serial number was found",
        ),
        ("Memory", f"{peak:.0f} MB at most" if peak is not None else f"{NOT_MEASURED} here"),
        ("Time", f"{total:.1f} seconds"),
    ]
    stages = table((), [(k, f"{v:.2f} s") for k, v in record["seconds"].items()])
    return card("The file", definitions(rows) + fold("Seconds by stage", stages))
