"""The formats of picture files: one row each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Format:
    """A format of picture files.

    Attributes
    ----------
    name : str
    suffixes : tuple of str, lower case; the first is the one that is written
    starts : tuple of bytes, any of which such a file begins with
    brands : frozenset of bytes, any of which an ISO container names
    plugin : str or None, module and class of Pillow that read it
    written : bool
    longest : int, pixels of the longest side that a written one can have
    bits : tuple of int, that a channel may be written with
    options : dict, for Pillow to write it with, beside its quality
    """

    name: str
    suffixes: tuple[str, ...]
    starts: tuple[bytes, ...] = ()
    brands: frozenset[bytes] = frozenset()
    plugin: str | None = None
    written: bool = False
    longest: int = 65535
    bits: tuple[int, ...] = (8,)
    options: dict[str, Any] = field(default_factory=dict)


_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEIC = frozenset(b"heic heix heim heis hevc hevx mif1 msf1 heif".split())
# Longest sides: libjpeg, the WebP container, AV1 level 6 as libavif writes it.
_ROWS = (
    Format(
        "JPEG", (".jpg", ".jpeg"), (b"\xff\xd8\xff",), plugin="JpegImagePlugin.JpegImageFile",
        written=True, longest=65500, options={"subsampling": 0},
    ),
    Format(
        "PNG", (".png",), (b"\x89PNG\r\n\x1a\n",), plugin="PngImagePlugin.PngImageFile",
        written=True, bits=(8, 16),
    ),
    # Its header names it at the ninth byte: see recognise.
    Format(
        "WebP", (".webp",), plugin="WebPImagePlugin.WebPImageFile", written=True, longest=16383,
        options={"method": 4},
    ),
    Format(
        "TIFF", (".tif", ".tiff"), _TIFF, plugin="TiffImagePlugin.TiffImageFile", written=True,
        bits=(8, 16),
    ),
    # AVIF before HEIC: such files may name brands of both.
    Format(
        "AVIF", (".avif",), brands=frozenset({b"avif", b"avis"}),
        plugin="AvifImagePlugin.AvifImageFile", written=True, longest=65536,
        options={"subsampling": "4:4:4", "speed": 7},
    ),
    Format("HEIC", (".heic", ".heif"), brands=_HEIC),
    Format("BMP", (".bmp",), (b"BM",), plugin="BmpImagePlugin.BmpImageFile"),
    Format("GIF", (".gif",), (b"GIF8",), plugin="GifImagePlugin.GifImageFile"),
)  # fmt: skip
#: By name, in the order in which a list for a person has them.
FORMATS = {row.name: row for row in _ROWS}
#: Those that can be written.
WRITTEN = {row.name: row for row in _ROWS if row.written}
#: Suffixes in lower case, and the format that each asks for.
SUFFIXES = {suffix: row for row in _ROWS for suffix in row.suffixes}
