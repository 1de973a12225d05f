"""Metadata: read what the camera said, keep what is harmless, name what is left behind.

Cleaning happens on reading, by a list of what is allowed: a location that was never carried
cannot be written by mistake. Tag numbers are those of Exif 3.0 (CIPA DC-008-2023).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from catchlight.images.origin import OWN_TOOLKIT, Origin

if TYPE_CHECKING:
    from PIL import Image

# Pillow numbers the thumbnail's directory -1.
_EXIF, _GPS, _INTEROP, _THUMBNAIL = 0x8769, 0x8825, 0xA005, -1
# Kept: make, model, modify date, copyright: removing a rights notice is not ours to do, though it
# may name who holds it. Whoever is told so can leave it out with all else.
_NOTICE = 33432
_KEPT_MAIN = {271, 272, 306, _NOTICE}
# Kept: exposure time, f-number, programme, ISO, version, dates, offsets and subseconds, shutter,
# aperture, bias, largest aperture, metering, flash, focal length, exposure mode, white balance,
# 35 mm focal length, lens specification, make and model.
_KEPT_EXIF = {33434, 33437, 34850, 34855, 34864, 36864, 36867, 36868, 36880, 36881, 36882, 37377}
_KEPT_EXIF |= {37378, 37380, 37381, 37383, 37385, 37386, 37520, 37521, 37522, 41986, 41987, 41989}
_KEPT_EXIF |= {42034, 42035, 42036}
# Worth naming when removed; the rest (layout, software, resolution) is rewritten or of no account.
_WORDS_MAIN = {315: "photographer's name", 270: "caption", 316: "computer name"}
_WORDS_MAIN |= {40091: "caption", 40092: "comment", 40093: "photographer's name", 40094: "keywords"}
_WORDS_MAIN |= {700: "XMP (names, places, edits)", 33723: "IPTC (names, places, captions)"}
_WORDS_MAIN |= {50735: "serial number", 50827: "original file name"}
_WORDS_EXIF = {42033: "serial number", 42037: "lens serial number", 42032: "owner's name"}
_WORDS_EXIF |= {37500: "maker note", 37510: "comment", 42016: "unique image number"}
_WORDS_EXIF |= {42039: "photographer's name", 42040: "editor's name"}


@dataclass(frozen=True)
class Metadata:
    """What was found. None where the file does not say."""

    #: Cleaned EXIF block (without the ``Exif\\0\\0`` prefix), ready to be written again.
    exif: bytes | None = None
    #: What was left behind, in words: ``("location", "serial number")``.
    removed: tuple[str, ...] = ()
    #: ``"Apple iPhone 13"``.
    camera: str | None = None
    lens: str | None = None
    #: When the picture was taken, local time.
    date: datetime | None = None
    #: Focal length in mm, as if on 35 mm film.
    focal_35mm: float | None = None
    #: Width and height that the camera wrote; another size than the picture's tells of a crop.
    size: tuple[int, int] | None = None
    #: Exposure time in seconds.
    exposure: float | None = None
    iso: int | None = None
    #: How the camera set its white balance: ``"auto"`` or ``"manual"`` (Exif tag 41987).
    white_balance: str | None = None
    #: True if the file told where it was taken.
    had_location: bool = False
    #: The copyright notice, which is kept.
    notice: str | None = None
    #: What the file says of its own making.
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True)
class Reading:
    """Metadata and the two tags that decide how pixels are read."""

    metadata: Metadata
    #: EXIF orientation, 1..8.
    orientation: int = 1
    #: True for ColorSpace 65535 with interoperability R03, which means Adobe RGB (1998).
    adobe_rgb: bool = False


def _number(value: Any) -> float | None:
    try:
        number = float(value[0] if isinstance(value, tuple) else value)
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def _size(exif: Mapping[int, Any]) -> tuple[int, int] | None:
    width, height = _number(exif.get(40962)), _number(exif.get(40963))
    return (int(width), int(height)) if width and height else None


def _text(value: Any) -> str | None:
    return " ".join(str(value).replace("\0", " ").split()) or None if value else None


def _date(value: Any) -> datetime | None:
    try:
        return datetime.strptime(str(value).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _camera(main: Mapping[int, Any]) -> str | None:
    make, model = _text(main.get(271)), _text(main.get(272))
    if make and model and model.lower().startswith(make.lower()):
        return model
    return " ".join(part for part in (make, model) if part) or None


def _clean(main: Mapping[int, Any], exif: Mapping[int, Any]) -> bytes | None:
    """Write a new EXIF block of the allowed tags only, upright."""
    from PIL import Image

    kept = Image.Exif()
    kept.update({tag: main[tag] for tag in sorted(_KEPT_MAIN & main.keys())})
    if not _text(main.get(_NOTICE)):  # cameras write blanks
        kept.pop(_NOTICE, None)
    shot = {tag: exif[tag] for tag in sorted(_KEPT_EXIF & exif.keys())}
    if not len(kept) and not shot.keys() - {36864}:
        return None
    kept[274] = 1
    if shot:
        kept[_EXIF] = shot
    return kept.tobytes().removeprefix(b"Exif\0\0")


def _removed(main: Mapping[int, Any], exif: Mapping[int, Any]) -> list[str]:
    words = [word for tag, word in _WORDS_MAIN.items() if tag in main]
    return words + [word for tag, word in _WORDS_EXIF.items() if tag in exif]


def read_metadata(
    block: bytes | None, xmp: bytes | None = None, *, iptc: bool = False, comment: bool = False
) -> Reading:
    r"""Read an EXIF block and say what of it, and of the file's other notes, will not be kept.

    Parameters
    ----------
    block : bytes or None
        EXIF as a TIFF structure, with or without ``Exif\0\0``; a whole TIFF file will do.
    xmp : bytes or None
        XMP packet: never kept, searched for a location.
    iptc, comment : bool
        True if the file had IPTC records or free text.

    Raises
    ------
    ValueError
        The block is damaged; the picture itself may be fine.
    """
    from PIL import Image

    tags = Image.Exif()
    try:
        tags.load(block or b"")
        main: dict[int, Any] = dict(tags)
        gps, small = tags.get_ifd(_GPS), tags.get_ifd(_THUMBNAIL)
        exif = _whole(tags)
        interop = tags.get_ifd(_INTEROP) if _INTEROP in exif else {}
        clean = _clean(main, exif)
    except Exception as error:  # Pillow raises a dozen kinds on damaged EXIF, none documented
        raise ValueError(f"its EXIF cannot be read ({error})") from error

    removed = _removed(main, exif)
    packet = xmp or _packet(main)
    located = bool({2, 4} & gps.keys()) or b"GPSLatitude" in packet
    if gps or located:
        removed.insert(0, "location")
    if OWN_TOOLKIT in packet:  # ours names nobody, and is written anew
        removed = [word for word in removed if word != _WORDS_MAIN[700]]
    elif xmp:
        removed.append(_WORDS_MAIN[700])
    if iptc:
        removed.append(_WORDS_MAIN[33723])
    for found, word in ((comment, "comment"), (small, "thumbnail")):
        if found:
            removed.append(word)

    iso = _number(exif.get(34855))
    turn = main.get(274)
    metadata = Metadata(
        exif=clean,
        removed=tuple(dict.fromkeys(removed)),
        camera=_camera(main),
        lens=_text(exif.get(42036)),
        date=_date(exif.get(36867) or exif.get(36868) or main.get(306)),
        focal_35mm=_number(exif.get(41989)),
        size=_size(exif),
        exposure=_number(exif.get(33434)),
        iso=int(iso) if iso else None,
        white_balance={0: "auto", 1: "manual"}.get(exif.get(41987, -1)),
        had_location=located,
        notice=_text(main.get(_NOTICE)),
        origin=Origin(tool=_text(main.get(305))),
    )
    adobe = exif.get(40961) == 65535 and _text(interop.get(1)) == "R03"
    return Reading(metadata, turn if isinstance(turn, int) and 1 <= turn <= 8 else 1, adobe)


def _packet(main: Mapping[int, Any]) -> bytes:
    """XMP inside a TIFF, where it is a tag."""
    value = main.get(700, b"")
    return value if isinstance(value, bytes) else b""


def _whole(tags: Image.Exif) -> dict[int, Any]:
    """Exposure tags, with the maker note that Pillow may hide from its own callers."""
    tags.get_ifd(_EXIF)
    return dict(tags._ifds.get(_EXIF) or tags.get_ifd(_EXIF))
