"""Intake: bytes from a path, a stream or memory, recognised by content and refused early."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from catchlight.errors import PictureTooLarge, UnreadablePicture
from catchlight.formats import FORMATS

#: Longest side that is believed; also the largest a JPEG can be.
MAX_SIDE = 65535
#: A file larger than this is not a photograph.
MAX_BYTES = 1 << 30
#: The formats that are read, for a person.
SUPPORTED = f"{', '.join(list(FORMATS)[:-1])} and {list(FORMATS)[-1]}"
_RAW = {".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".pef", ".srw"}
_KNOWN_OTHERS = {
    b"%PDF": "a PDF document",
    b"<svg": "an SVG drawing",
    b"<?xm": "an XML or SVG file",
    b"8BPS": "a Photoshop file",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\x1aE\xdf\xa3": "a video",
    b"PK\x03\x04": "a zip archive",
}


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
        path = Path(source)
        name = path.name
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise UnreadablePicture(f"{path}: no such file. Check the name.") from None
        except IsADirectoryError:
            raise UnreadablePicture(f"{path} is a folder. Name a picture in it.") from None
        except PermissionError:
            if path.is_dir():  # what Windows says of a folder
                raise UnreadablePicture(f"{path} is a folder. Name a picture in it.") from None
            raise UnreadablePicture(f"{path}: not allowed to read it. Check its rights.") from None
        except (OSError, ValueError) as error:
            raise UnreadablePicture(f"{path}: cannot be read ({error}).") from None
    else:
        data = source.read(MAX_BYTES + 1)
        given = getattr(source, "name", None)
        name = Path(given).name if isinstance(given, str) and given else "<stdin>"
    if not data:
        raise UnreadablePicture(f"{name} is empty (0 bytes). Copy or download it again.")
    if len(data) > MAX_BYTES:
        raise PictureTooLarge(f"{name} is larger than 1 GiB. Export it smaller and try again.")
    return data, name


def recognise(data: bytes, name: str) -> str:
    """Name the format by content, never by suffix.

    Raises
    ------
    UnreadablePicture
        Camera raw, another known kind, or no picture at all; the message says which.
    """
    head = data[:32]
    raw = Path(name).suffix.lower() in _RAW or head[8:10] == b"CR" or head[4:12] == b"ftypcrx "
    if raw:
        raise UnreadablePicture(
            f"{name} is a camera raw file. Develop it first: export a 16-bit TIFF or a JPEG."
        )
    for row in FORMATS.values():
        if row.starts and head.startswith(row.starts):
            return row.name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        brands = {data[i : i + 4] for i in (8, *range(16, min(head[3], 64), 4))}
        for row in FORMATS.values():
            if brands & row.brands:
                return row.name
        raise UnreadablePicture(f"{name} is a video. Export one frame of it as a picture.")
    for magic, kind in _KNOWN_OTHERS.items():
        if head.startswith(magic):
            raise UnreadablePicture(f"{name} is {kind}, which is not read. Use {SUPPORTED}.")
    raise UnreadablePicture(f"{name} is not a picture that can be read. Use {SUPPORTED}.")


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


def find_code_points(data: bytes, kind: str) -> tuple[int, int] | None:
    """Colour primaries and transfer (ITU-T H.273) of a HEIC, AVIF or PNG header, if it has them."""
    if kind in ("HEIC", "AVIF"):
        at = data.find(b"colrnclx", 0, 1 << 20) + 8
        if 8 <= at <= len(data) - 4:
            return int.from_bytes(data[at : at + 2], "big"), int.from_bytes(
                data[at + 2 : at + 4], "big"
            )
    elif kind == "PNG":
        at = data.find(b"cICP", 0, max(data.find(b"IDAT"), 0)) + 4
        if 4 <= at <= len(data) - 2:
            return data[at], data[at + 1]
    return None
