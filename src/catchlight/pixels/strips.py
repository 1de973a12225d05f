"""Strips: work on a large picture a few rows at a time.

A step over 4 megapixels asks the system for 48 MB of fresh pages for each passing result, which can
cost more than the sum itself; a strip's stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Iterator

# Pixels in a strip: three channels of float32 are 768 KB.
_PIXELS = 1 << 16


def strips(height: int, width: int) -> Iterator[slice]:
    """Slices of rows, from top to bottom, of about 65 000 pixels each."""
    rows = max(1, _PIXELS // max(1, width))
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))
