"""Readers: one for each way in which the bytes of a file become codes.

Each is a function ``read(data, kind, name, limit) -> Read``: the bytes, the name of the format,
that of the file, and the megapixels that are allowed; it raises a PictureError for what it refuses,
and anything at all on damaged files. They are imported when they are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from catchlight.formats import FORMATS
from catchlight.images.raster import Read

Reader = Callable[[bytes, str, str, float], Read]


def reader_for(kind: str) -> Reader:
    """Return the reader of a format."""
    module = import_module(f"catchlight.images.readers.{FORMATS[kind].reader}")
    found: Reader = module.read
    return found
