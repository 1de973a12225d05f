"""The report as one HTML file: no requests, no number that was not measured."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import PurePath
from string import Template
from typing import Any

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.arrays import Pixels
from catchlight.images import encode_picture
from catchlight.pixels import filters
from catchlight.report.compare import show_before
from catchlight.report.evidence import Likeness, SkinChange, measure_likeness, measure_skin
from catchlight.report.record import ShotLike

#: Longer side of the pictures in the page, in pixels: sharp on a phone, about 300 kB in all.
_SIDE = 1000
_MINUS = "\N{MINUS SIGN}"
_DEGREE = "\N{DEGREE SIGN}"
_CAUTION = (
    "Measured on this photo only. What a distance means differs from person to person; more photos "
    "of the same person would say more."
)


def write_page(shot: ShotLike, record: Mapping[str, Any], *, version: str) -> str:
    """Write the report of one headshot.

    Parameters
    ----------
    shot : ShotLike
    record : mapping
        What :func:`~catchlight.report.record.record_shot` made of it.

    version : str
        Catchlight's.

    Returns
    -------
    str, an HTML document
    """
    before, after = show_before(shot.scene), shot.rendered.pixels
    factor = min(1.0, _SIDE / max(after.shape[:2]))
    height, width = (max(1, round(side * factor)) for side in after.shape[:2])
    look = record["look"]
    backdrop = PurePath(look["backdrop"]).name
    cards = (
        _card("What was found", _found(shot, record)),
        _card("What was done", _done(record)),
        *_marks(record),
        _card("What that changed", _measured(shot, before)),
        _card("The file", _file(shot, record)),
        _card("Seconds", _table((), [(k, f"{v:.2f}") for k, v in record["seconds"].items()])),
    )
    page = Template(files("catchlight.report").joinpath("page.html").read_text(encoding="utf-8"))
    name = PurePath(record["input"]).name
    grey = (
        "Grey: where the frame reaches beyond the photo." if shot.scene.covered is not None else ""
    )
    return page.substitute(
        title=escape(f"Headshot of {name}"),
        heading=escape(PurePath(record["output"] or name).name),
        subtitle=escape(f"from {name}, {record['size'][0]} × {record['size'][1]} pixels"),
        width=width,
        height=height,
        alt_before=escape(f"Before: {name} in the headshot's frame"),
        alt_after=escape(f"After: the headshot, backdrop {backdrop}"),
        before=_to_base64(before, width, height),
        after=_to_base64(after, width, height),
        caption=f'<p class="soft">{grey}</p>' if grey else "",
        cards="\n".join(cards),
        footer=escape(
            f"Made on this computer by Catchlight {version}. This page asks nothing of any "
            "server; it holds both pictures, so share it as you would share them."
        ),
    )


def _to_base64(pixels: Pixels, width: int, height: int) -> str:
    small = pixels if pixels.shape[:2] == (height, width) else filters.resize(pixels, width, height)
    return base64.b64encode(encode_picture(small, format="JPEG", quality=88)).decode()


def _card(title: str, body: str) -> str:
    return f'<section class="card"><h2>{escape(title)}</h2>\n{body}</section>'


def _list(rows: list[tuple[str, str]]) -> str:
    items = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows if v)
    return f"<dl>{items}</dl>"


def _table(
    head: tuple[str, ...], rows: Sequence[tuple[str, ...]], texts: tuple[str, ...] = ()
) -> str:
    """Write a table of words, then numbers; each row may have a sentence below it."""
    cells = "".join(
        f'<th scope="col"{_number(i)}>{escape(text)}</th>' for i, text in enumerate(head)
    )
    out = f"<thead><tr>{cells}</tr></thead>" if head else ""
    for at, row in enumerate(rows):
        out += f"<tr><td>{escape(row[0])}</td>"
        out += "".join(f'<td class="number">{escape(cell)}</td>' for cell in row[1:]) + "</tr>"
        if texts:
            out += f'<tr class="text"><td colspan="{len(row)}">{escape(texts[at])}</td></tr>'
    return f"<table>{out}</table>"


def _number(column: int) -> str:
    return ' class="number"' if column else ""


def _found(shot: ShotLike, record: Mapping[str, Any]) -> str:
    face, quality = record["face"], shot.scene.quality
    pose = face["pose"]
    angles = (("turned", "yaw"), ("lifted", "pitch"), ("leaning", "roll"))
    others = face["others"]
    camera = shot.picture.metadata.camera
    rows = [
        ("Face", f"{face['ied_px']:.0f} pixels between the eyes"),
        ("Head", ", ".join(f"{word} {_signed(pose[key], 0)}{_DEGREE}" for word, key in angles)),
        ("Others", f"{others} other face{'s' if others > 1 else ''}" if others else ""),
        ("Sharpness", _measure(quality.sharpness, "edges {:.2f} mm of face wide", "no clear edge")),
        ("Camera", camera or ""),
    ]
    notes = "".join(f"<li>{escape(text)}</li>" for text in record["warnings"])
    return _list(rows) + (f'<ul class="soft">{notes}</ul>' if notes else "")


def _measure(value: float, words: str, why: str) -> str:
    return words.format(value) if value == value else f"not measured: {why}"  # noqa: PLR0124 - NaN


def _signed(value: float, digits: int) -> str:
    text = f"{value:+.{digits}f}".replace("-", _MINUS)
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def _done(record: Mapping[str, Any]) -> str:
    look, frame = record["look"], record["frame"]
    turn = frame["turn_degrees"]
    keep = look["backdrop"] == "keep"
    rows = [
        (
            "Frame",
            f"{frame['crop']}" + (f", levelled by {_signed(turn, 1)}{_DEGREE}" if turn else ""),
        ),
        ("Enlarged", f"{frame['enlarged']:.1f} times" if frame["enlarged"] > 1 else ""),
        ("Backdrop", PurePath(look["backdrop"]).name),
        ("Cut out with", "nothing: the background is the photo's own" if keep else _matte(record)),
    ]
    acted = record["changes"]
    table = [
        (
            a.name.replace("_", " "),
            f"{look['adjust'][a.name]:.2f}",
            _change(a.name, acted),
        )
        for a in CATALOGUE
    ]
    head = ("Adjustment", "Strength", "Largest change")
    return _list(rows) + _table(head, table, tuple(a.text for a in CATALOGUE))


def _change(name: str, acted: Mapping[str, float]) -> str:
    """What an adjustment did at most; a warp moves, all others change light."""
    if name not in acted:
        return "none"
    return f"moved {acted[name]:.1f} mm" if name == "lens" else f"{acted[name]:.2f} stops"


def _marks(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Write the card of the skin's marks; none where they were not looked for."""
    marks = record["marks"]
    if marks is None:
        return ()
    if not marks:
        return (_card("Marks of the skin", "<p>None was found.</p>"),)
    rows = [
        (
            m["id"],
            m["kind"],
            f"{m['diameter_mm']:.1f} mm",
            f"{m['fate']} ({m['confidence']:.2f})",
            "healed" if m["healed"] else "kept",
        )
        for m in marks
    ]
    said = (
        "<p class='soft'>The name says where: millimetres to the left or right of the "
        "middle between the eyes, then up or down. --keep and --heal take it.</p>"
    )
    head = ("Mark", "Kind", "Size", "Judged (confidence)", "Was")
    return (_card("Marks of the skin", _table(head, rows) + said),)


def _matte(record: Mapping[str, Any]) -> str:
    fine = record["matte"] == "fine"
    return "the fine matte (ISNet and closed form)" if fine else "the fast matte (closed form)"


def _measured(shot: ShotLike, before: Pixels) -> str:
    after = shot.rendered.pixels
    likeness = measure_likeness(shot.scene, before, after)
    skin = measure_skin(shot.scene, after)
    return f"{_say_likeness(likeness)}{_say_skin(skin)}<p class='soft'>{_CAUTION}</p>"


def _say_likeness(likeness: Likeness | str) -> str:
    if isinstance(likeness, str):
        return _list([("Likeness", f"not measured: {likeness}")])
    rows = [
        ("photo to headshot", f"{likeness.result:.3f}"),
        ("the same photo, saved as JPEG of quality 90", f"{likeness.jpeg:.3f}"),
        ("the same photo, moved by 2 pixels", f"{likeness.shift:.3f}"),
    ]
    return (
        "<p>How far a face recognition network (dlib) sees the face from itself, beside what two "
        "harmless changes cost:</p>" + _table(("Likeness", "Distance"), rows)
    )


def _say_skin(skin: SkinChange | str) -> str:
    if isinstance(skin, str):
        return _list([("Skin colour", f"not measured: {skin}")])
    ita = f"{skin.ita_before:.1f}{_DEGREE} to {skin.ita_after:.1f}{_DEGREE}".replace("-", _MINUS)
    rows = [
        ("change of colour (CIEDE2000)", f"{skin.delta_e:.1f}"),
        ("typology angle (ITA)", ita),
    ]
    return _table(("Lit skin at cheeks and forehead", "Change"), rows)


def _file(shot: ShotLike, record: Mapping[str, Any]) -> str:
    removed = ", ".join(record["metadata_removed"])
    peak = record["peak_rss_mb"]
    rows = [
        ("Found and left out", removed or "no place, name or serial number was found"),
        ("Memory", f"{peak:.0f} MB at most" if peak is not None else "not measured on this system"),
    ]
    return _list(rows)
