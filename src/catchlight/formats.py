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
    media : str, its media type
    reader : str, module of ``catchlight.images.readers`` that reads it
    starts : tuple of bytes, any of which such a file begins with
    brands : frozenset of bytes, any of which an ISO container names
    plugin : str or None, module and class of Pillow that read it
    needs : str or None, what to install for it, beside Catchlight itself
    written : bool
    longest : int, pixels of the longest side that a written one can have
    bits : tuple of int, that a channel may be written with
    options : dict, for its encoder, beside its quality
    """

    name: str
    suffixes: tuple[str, ...]
    media: str
    reader: str
    starts: tuple[bytes, ...] = ()
    brands: frozenset[bytes] = frozenset()
    plugin: str | None = None
    needs: str | None = None
    written: bool = False
    longest: int = 65535
    bits: tuple[int, ...] = (8,)
    options: dict[str, Any] = field(default_factory=dict)


_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HEIC = frozenset(b"heic heix heim heis hevc hevx mif1 msf1 heif".split())
# Fujifilm, Olympus (three), Panasonic, Sigma; others begin as a TIFF or an ISO container does.
_RAW = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb")
_RAW_SUFFIXES = ".dng .cr2 .cr3 .crw .nef .nrw .arw .srf .sr2 .raf .orf .rw2 .pef .srw .x3f .3fr"
# Longest sides: libjpeg, the WebP container, AV1 level 6 as libavif writes it, and a side that
# the phones which write HEIC can read, too.
_ROWS = (
    # What phones, messengers and browsers call it, too; of several pictures (MPO) the first.
    Format(
        "JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), "image/jpeg", "jpeg",
        (b"\xff\xd8\xff",),
        plugin="JpegImagePlugin.JpegImageFile", written=True, longest=65500,
        options={"subsampling": 0},
    ),
    Format(
        "PNG", (".png",), "image/png", "png", (b"\x89PNG\r\n\x1a\n",),
        plugin="PngImagePlugin.PngImageFile",
        written=True, bits=(8, 16),
    ),
    # Its header names it at the ninth byte: see find_format.
    Format(
        "WebP", (".webp",), "image/webp", "plain",
        plugin="WebPImagePlugin.WebPImageFile", written=True,
        longest=16383, options={"method": 4},
    ),
    Format(
        "TIFF", (".tif", ".tiff"), "image/tiff", "tiff", _TIFF,
        plugin="TiffImagePlugin.TiffImageFile",
        written=True, bits=(8, 16),
    ),
    # AVIF before HEIC: such files may name brands of both.
    Format(
        "AVIF", (".avif",), "image/avif", "avif", brands=frozenset({b"avif", b"avis"}),
        plugin="AvifImagePlugin.AvifImageFile", written=True, longest=65536,
        options={"subsampling": "4:4:4", "speed": 7},
    ),
    # .hif: Canon, Fujifilm and Sony.
    Format(
        "HEIC", (".heic", ".heif", ".hif"), "image/heic", "heif", brands=_HEIC,
        written=True, longest=8192,
        options={"chroma": 444},
    ),
    Format(
        "BMP", (".bmp", ".dib"), "image/bmp", "plain", (b"BM",),
        plugin="BmpImagePlugin.BmpImageFile",
    ),
    Format(
        "GIF", (".gif",), "image/gif", "plain", (b"GIF8",), plugin="GifImagePlugin.GifImageFile",
    ),
    # The plugin is under the GPL: whoever wants it installs it, Catchlight does not bring it.
    Format(
        "JPEG XL", (".jxl",), "image/jxl", "jpeg_xl", (b"\xff\x0a", b"\0\0\0\x0cJXL "),
        needs="pillow-jxl-plugin",
    ),
    Format(
        "RAW", tuple(_RAW_SUFFIXES.split()), "application/octet-stream", "raw", _RAW,
        needs="catchlight[raw]",
    ),
)  # fmt: skip
#: By name, in the order in which a list for a person has them.
FORMATS = {row.name: row for row in _ROWS}
#: Those that can be written.
WRITTEN = {row.name: row for row in _ROWS if row.written}
#: Suffixes in lower case, and the format that each asks for.
SUFFIXES = {suffix: row for row in _ROWS for suffix in row.suffixes}
