"""How a result is written, and the writing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if (
    TYPE_CHECKING
):  # a job carries an Output to where the work is done; nothing else is needed for it
    from catchlight.arrays import Pixels
    from catchlight.images import Picture
    from catchlight.render import Rendered


@dataclass(frozen=True)
class Output:
    """How a result is written.

    Attributes
    ----------
    format : str or None
        JPEG, PNG, WebP, TIFF, AVIF, HEIC; None: what the file's name says.
    quality : int, 1..100
    bits : int, 8 or 16 (PNG and TIFF)
    profile : {"srgb", "p3", "keep"}
    metadata : {"keep", "strip"}
        keep: date, camera and copyright notice; location, names and serial numbers always go.
    """

    format: str | None = None
    quality: int = 95
    bits: int = 8
    profile: Literal["srgb", "p3", "keep"] = "srgb"
    metadata: Literal["keep", "strip"] = "keep"


def encode(result: Rendered | Pixels, photo: Picture, output: Output, format: str) -> bytes:
    """Encode a result as a file in memory."""
    from catchlight.images import choose_encoding, encode_picture
    from catchlight.render import Rendered

    pixels = result.pixels if isinstance(result, Rendered) else result
    encoding, _ = choose_encoding(output.profile, photo.encoding)
    return encode_picture(
        pixels,
        format=format,
        profile=encoding,
        quality=output.quality,
        bits=output.bits,
        metadata=photo.metadata if output.metadata == "keep" else None,
    )


def save(
    result: Rendered | Pixels,
    path: str | Path,
    *,
    photo: Picture,
    output: Output | None = None,
    force: bool = False,
    inputs: tuple[Path, ...] = (),
) -> Path:
    """Write a result atomically; the inputs are never overwritten, an existing file only by force.

    Raises
    ------
    PictureError
        A format that cannot be written; OutputExists where something is in the way.
    """
    from catchlight.images import format_for, write_atomically

    output = output or Output()
    target = Path(path)
    data = encode(result, photo, output, output.format or format_for(target))
    write_atomically(data, target, force=force, inputs=inputs)
    return target
