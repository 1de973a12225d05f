"""Notes: what a file tells beside its pixels, read so that none of it can lose the picture."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from catchlight.images.metadata import Metadata, Reading, read_metadata

# `warnings.catch_warnings` changes a list shared by all threads: headers are read one at a time.
_HEADERS = threading.Lock()


@contextmanager
def header() -> Iterator[None]:
    """Keep quiet while a header is read: what decoders warn of, a person need not know."""
    with _HEADERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def as_bytes(value: object) -> bytes | None:
    """Metadata as decoders give it, which may be text."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return value if isinstance(value, bytes) and value else None


def read_notes(
    block: bytes | None, xmp: bytes | None, *, iptc: bool = False, comment: bool = False
) -> tuple[Reading, tuple[str, ...]]:
    """As :func:`~catchlight.images.metadata.read_metadata`; what is damaged is said, not raised."""
    try:
        return read_metadata(block, xmp, iptc=iptc, comment=comment), ()
    except ValueError as error:
        return Reading(Metadata(removed=("damaged EXIF",))), (f"{error}: it is not kept",)
