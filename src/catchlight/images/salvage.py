"""Salvage: what to make of a decoder's complaint, and how to look past a file's metadata."""

from __future__ import annotations

import re
import struct

from catchlight.errors import UnreadablePicture

# Words by which decoders say that they do not know a kind, rather than that bytes are wrong:
# Pillow, libheif, libtiff, tifffile, libavif.
_UNKNOWN = re.compile(
    r"unsupported|not supported|not implemented|unknown (pixel|data|compression|bmp)|"
    r"no decoding plugin|unimplemented|decoder .* not available|cannot handle|requires? the|"
    r"NotImplemented|no codec|is not a known",
    re.IGNORECASE,
)
#: What libheif says of a damaged file, although "unsupported" is in its words.
_DAMAGED = re.compile(r"truncated|end of file|invalid input|not processed", re.IGNORECASE)


def explain(error: Exception, kind: str, name: str) -> UnreadablePicture:
    """Say what a decoder's error means: a kind that is not supported, or damage."""
    said = f"{type(error).__name__}: {error}" if not str(error) else str(error)
    unknown = isinstance(error, NotImplementedError) or _UNKNOWN.search(said)
    if unknown and not _DAMAGED.search(said):
        return UnreadablePicture(
            f"{name} is a {kind} of a kind that is not supported ({said}). Save it as JPEG or PNG."
        )
    return UnreadablePicture(
        f"{name} is a damaged or truncated {kind} file ({said}). Copy or download it again."
    )


def hide_metadata(data: bytes, kind: str) -> bytes | None:
    """Make the same file without what is no picture, or None where there is no such.

    Lengths stay as they are, so that no offset moves: what holds metadata gets another name, which
    decoders skip.
    """
    hide = {"JPEG": _hide_segments, "WebP": _hide_chunks, "HEIC": _hide_items, "AVIF": _hide_items}
    bare = hide[kind](data) if kind in hide else data
    return bare if bare != data else None


def _hide_segments(data: bytes) -> bytes:
    """JPEG: APP1 to APP15 become APP11, which nobody reads; APP0 and APP14 say how colours lie."""
    out, at = bytearray(data), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        marker = data[at + 1]
        if (0xE1 <= marker <= 0xEF and marker != 0xEE) or marker == 0xFE:
            out[at + 1] = 0xEB
        at += 2 + max(struct.unpack_from(">H", data, at + 2)[0], 2)
    return bytes(out)


def _hide_chunks(data: bytes) -> bytes:
    """WebP: the chunks EXIF and XMP get names that no reader knows."""
    out, at = bytearray(data), 12
    while at + 8 <= len(data):
        sign, length = struct.unpack_from("<4sI", data, at)
        if sign in (b"EXIF", b"XMP "):
            out[at : at + 4] = b"note"
        at += 8 + length + length % 2
    return bytes(out)


def _hide_items(data: bytes) -> bytes:
    """HEIC and AVIF: items of type Exif and mime become ones of no known type."""
    end = data.find(b"mdat")
    head = data[: end if end > 0 else len(data)]
    head = re.sub(rb"(infe.{8})(?:Exif|mime)", rb"\1note", head, flags=re.DOTALL)
    return head + data[len(head) :]
