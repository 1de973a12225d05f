"""Intake: bytes from a path, a stream or memory, recognised by content and refused early."""

from __future__ import annotations

import struct
from pathlib import Path, PurePath
from typing import BinaryIO

from catchlight.errors import PictureTooLarge, UnreadablePicture
from catchlight.formats import FORMATS
from catchlight.names import printable

#: Longest side that is believed; also the largest a JPEG can be.
MAX_SIDE = 65535
#: A file larger than this is not a photograph.
MAX_BYTES = 1 << 30
#: The formats that are read, for a person.
SUPPORTED = f"{', '.join(list(FORMATS)[:-1])} and {list(FORMATS)[-1]}"
#: Enough of a file to say what it is.
HEAD = 4096
_KNOWN_OTHERS = {
    b"%PDF": "a PDF document",
    b"<svg": "an SVG drawing",
    b"<?xm": "an XML or SVG file",
    b"<htm": "a web page",
    b"<!do": "a web page",
    b"<!DO": "a web page",
    b"8BPS": "a Photoshop file",
    b"gimp": "a GIMP file",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"v/1\x01": "OpenEXR",
    b"#?RA": "Radiance HDR",
    b"BPG\xfb": "BPG",
    b"\0\0\1\0": "an icon",
    b"\x1aE\xdf\xa3": "a video",
    b"PK\x03\x04": "a zip archive",
}
#: ISO containers that are video, by their brand; every other one is a picture of a kind not read.
_VIDEO = frozenset(b"isom iso2 iso4 iso5 iso6 mp41 mp42 avc1 qt   3gp4 3gp5 M4V  dash".split())


def read_source(source: str | Path | bytes | BinaryIO) -> tuple[bytes, str]:
    """Return the bytes of ``source`` and its name (``"<stdin>"`` where it has none).

    Raises
    ------
    UnreadablePicture
        Missing, a folder, not permitted, or empty.
    PictureTooLarge
        More bytes than :data:`MAX_BYTES`.
    """
    if isinstance(source, bytes):
        data, name = source, "<stdin>"
    elif isinstance(source, (str, Path)):
        data, name = _read_file(Path(source)), printable(Path(source).name)
    else:
        data = source.read(MAX_BYTES + 1)
        given = getattr(source, "name", None)
        name = printable(Path(given).name) if isinstance(given, str) and given else "<stdin>"
    if not data:
        raise UnreadablePicture(f"{name} is empty (0 bytes). Copy or download it again.")
    if len(data) > MAX_BYTES:
        raise PictureTooLarge(f"{name} is larger than 1 GiB. Export it smaller and try again.")
    return data, name


def _read_file(path: Path) -> bytes:
    said = printable(path)
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UnreadablePicture(f"{said}: no such file. Check the name.") from None
    except IsADirectoryError:
        raise UnreadablePicture(f"{said} is a folder. Name a picture in it.") from None
    except PermissionError:
        if path.is_dir():  # what Windows says of a folder
            raise UnreadablePicture(f"{said} is a folder. Name a picture in it.") from None
        raise UnreadablePicture(f"{said}: not allowed to read it. Check its rights.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnreadablePicture(f"{said}: cannot be read ({why}).") from None


def find_format(head: bytes, name: str = "") -> str | None:
    """Name the format of a file by its first bytes, and of raws by the name, too; None: no picture.

    Parameters
    ----------
    head : bytes, the first :data:`HEAD` or more
    name : str, optional
        Many cameras' raws begin as any TIFF does; their suffix tells them apart.
    """
    if _is_raw(head, name):
        return "RAW"
    for row in FORMATS.values():
        if row.starts and head.startswith(row.starts):
            return row.name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        brands = _brands(head)
        return next((row.name for row in FORMATS.values() if brands & row.brands), None)
    return None


def recognise(data: bytes, name: str) -> str:
    """Name the format by content, never by suffix alone.

    Raises
    ------
    UnreadablePicture
        Another known kind, or no picture at all; the message says which.
    """
    kind = find_format(data[:HEAD], name)
    if kind is not None:
        return kind
    if data[4:8] == b"ftyp" and not _brands(data[:HEAD]) & _VIDEO:
        brand = data[8:12].decode("ascii", "replace")
        raise UnreadablePicture(
            f"{name} is a picture or video of the kind {brand!r}, which is not read. "
            f"Use {SUPPORTED}."
        )
    if data[4:8] in (b"ftyp", b"moov", b"mdat") or data[8:12] == b"AVI ":
        raise UnreadablePicture(f"{name} is a video. Export one frame of it as a picture.")
    for magic, said in _KNOWN_OTHERS.items():
        if data.startswith(magic):
            raise UnreadablePicture(f"{name} is {said}, which is not read. Use {SUPPORTED}.")
    raise UnreadablePicture(f"{name} is not a picture that can be read. Use {SUPPORTED}.")


def _brands(head: bytes) -> set[bytes]:
    (length,) = struct.unpack_from(">I", head)
    return {head[i : i + 4] for i in (8, *range(16, min(length, 256, len(head) - 3), 4))}


def _is_raw(head: bytes, name: str) -> bool:
    raw = FORMATS["RAW"]
    if head.startswith(raw.starts) or head[8:10] == b"CR" or head[4:12] == b"ftypcrx ":
        return True
    if not head.startswith(FORMATS["TIFF"].starts):
        return False
    return PurePath(name).suffix.lower() in raw.suffixes or _has_dng_version(head)


def _has_dng_version(head: bytes) -> bool:
    """Whether the first directory of a TIFF, as far as it is seen, says DNG (tag 50706)."""
    order = "<" if head[:2] == b"II" else ">"
    try:
        (at,) = struct.unpack_from(f"{order}I", head, 4)
        (count,) = struct.unpack_from(f"{order}H", head, at)
        tags = (struct.unpack_from(f"{order}H", head, at + 2 + 12 * i)[0] for i in range(count))
        return 50706 in tags
    except struct.error:
        return False


def check_size(width: int, height: int, name: str, max_megapixels: float) -> None:
    """Refuse a size found in a header, before anything is decoded.

    Raises
    ------
    UnreadablePicture
        A side is 0.
    PictureTooLarge
        A side is above :data:`MAX_SIDE`, or there are more pixels than ``max_megapixels``.
    """
    if width < 1 or height < 1:
        raise UnreadablePicture(
            f"{name} says it is {width} x {height} pixels: it is damaged. Copy it again."
        )
    if max(width, height) > MAX_SIDE:
        raise PictureTooLarge(
            f"{name} is {width} x {height} pixels; a side may have {MAX_SIDE}. Scale or crop it."
        )
    if width * height > max_megapixels * 1e6:
        raise PictureTooLarge(
            f"{name} has {width * height / 1e6:.1f} megapixels ({width} x {height}); the limit is "
            f"{max_megapixels:g}. If you trust the file, raise the limit; otherwise scale it down."
        )
