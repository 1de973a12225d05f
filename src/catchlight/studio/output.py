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
    from catchlight.provenance.history import History
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
        keep: date, camera, copyright notice, what the photo said of its making, and what was done;
        strip: what kind of picture it is, and nothing more. Location, names and serial numbers
        always go.
    credentials : Path or None
        With what the result is signed (C2PA); None: it is not.
    """

    format: str | None = None
    quality: int = 95
    bits: int = 8
    profile: Literal["srgb", "p3", "keep"] = "srgb"
    metadata: Literal["keep", "strip"] = "keep"
    credentials: Path | None = None


def encode(
    result: Rendered | Pixels,
    photo: Picture,
    output: Output,
    format: str,
    *,
    history: History | None = None,
    source: bytes | None = None,
) -> bytes:
    """Encode a result as a file in memory.

    Parameters
    ----------
    result : Rendered or (H, W, 3) linear P3
    photo : Picture
    output : Output
    format : str
    history : History, optional
        What was done; by default as much as the result itself tells.
    source : bytes, optional
        The photo's file, the parent in a signed manifest.

    Raises
    ------
    PictureError
    CredentialsError
    """
    from catchlight.images import choose_encoding, encode_picture
    from catchlight.provenance.history import strip_history, tell_plainly
    from catchlight.provenance.xmp import write_packet
    from catchlight.render import Rendered

    made = result if isinstance(result, Rendered) else Rendered(result, {})
    if history is None:
        history = tell_plainly(
            made.applied, photo.metadata.origin, painted=made.painted, network=made.network
        )
    if output.metadata == "strip":
        # Nor does what is signed tell of the photo: its own manifest would bring back what goes.
        history, source = strip_history(history), None
    encoding, _ = choose_encoding(output.profile, photo.encoding)
    data = encode_picture(
        made.pixels,
        format=format,
        profile=encoding,
        quality=output.quality,
        bits=output.bits,
        metadata=photo.metadata if output.metadata == "keep" else None,
        xmp=write_packet(history, bare=output.metadata == "strip"),
    )
    if output.credentials is None:
        return data
    from catchlight.provenance.credentials import load_credentials
    from catchlight.provenance.sign import sign

    credentials = load_credentials(output.credentials)
    return sign(data, format, history, credentials, photo=source)


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
