"""Segments: the strips and tiles of a TIFF page, unpacked.

Pillow's libtiff knows every packing of TIFF 6.0, but hands over 8-bit pictures only. So each packed
segment is shown to it as rows of plain bytes, whatever they mean; what comes out is never longer
than the page's own numbers allow, however a file lies.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: None, LZW, deflate (Adobe's number and the older one), PackBits.
UNPACKED = {1, 5, 8, 32946, 32773}


def unpack(page: Any, data: bytes) -> NDArray[Any]:
    """Unpack a page of tifffile's, and undo its predictor.

    Parameters
    ----------
    page : tifffile.TiffPage
    data : bytes, the whole file

    Returns
    -------
    array as ``page.asarray()`` has it
    """
    rows, width = _measure(page)
    planes = page.samplesperpixel if int(page.planarconfig) == 2 else 1
    count = len(page.dataoffsets)
    each = count // planes
    if each * planes != count or count == 0 or min(rows, width) < 1:
        raise OSError("image file is truncated: it has too few strips")
    heights = [rows] * each
    if not page.is_tiled:
        heights[-1] = page.imagelength - rows * (each - 1)
    lengths = [h * width for h in heights] * planes
    if min(lengths) < 1 or len(page.databytecounts) < count:
        raise OSError("image file is truncated: it has too few rows")
    if int(page.compression) == 1:
        # Some files lie about how long a strip is; what its rows need is what counts.
        ends = zip(page.dataoffsets, lengths, strict=True)
        if any(start + length > len(data) for start, length in ends):
            raise OSError("image file is truncated: its last rows are missing")
        return _read_plain(page, data, list(page.dataoffsets), lengths)
    places = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    parts = (places[start : start + each] for start in range(0, count, each))
    unpacked = b"".join(_unpack_rows(page, data, part, heights, width) for part in parts)
    starts = np.cumsum([0, *lengths[:-1]]) + len(data)
    return _read_plain(page, data + unpacked, [int(n) for n in starts], lengths)


def _measure(page: Any) -> tuple[int, int]:
    """Rows of a segment, and the bytes of one of its rows."""
    channels = 1 if int(page.planarconfig) == 2 else page.samplesperpixel
    across = page.tilewidth if page.is_tiled else page.imagewidth
    rows = page.tilelength if page.is_tiled else min(page.rowsperstrip, page.imagelength)
    return int(rows), int(across * channels * page.bitspersample // 8)


def _unpack_rows(
    page: Any, data: bytes, places: list[tuple[int, int]], heights: list[int], width: int
) -> bytes:
    """Show the segments of one plane to libtiff as the strips of a grey picture."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

    directory = ImageFileDirectory_v2(prefix=b"II")
    directory.tagtype[273] = directory.tagtype[279] = 4  # LONG
    packed = [data[at : at + length] for at, length in places]
    starts = np.cumsum([0, *(len(p) for p in packed[:-1])])
    entries: dict[int, Any] = {
        **{256: width, 257: sum(heights), 258: 8, 259: int(page.compression), 262: 1},
        **{266: int(page.fillorder), 277: 1, 278: heights[0]},
        **{273: tuple(int(n) for n in starts), 279: tuple(len(p) for p in packed)},
    }
    for tag, value in entries.items():
        directory[tag] = value
    out = io.BytesIO()
    directory.save(out)  # which moves the places of strips (273) behind itself
    image = TiffImageFile(io.BytesIO(out.getvalue() + b"".join(packed)))
    image.load()
    return _undo_predictor(page, np.asarray(image)).tobytes()


def _undo_predictor(page: Any, rows: NDArray[np.uint8]) -> NDArray[Any]:
    """Sum up along each row what was stored as differences (TIFF 6.0, section 14; Technote 3).

    Rows are (n, bytes) and stay of that length; floating point (3) was parted into planes of its
    bytes, the most significant first.
    """
    channels = 1 if int(page.planarconfig) == 2 else int(page.samplesperpixel)
    size = int(page.bitspersample) // 8
    if page.predictor == 2:
        kind = np.dtype(f"{page.parent.byteorder}u{size}")
        values = rows.view(kind).reshape(len(rows), -1, channels)
        return np.cumsum(values, axis=1, dtype=kind.newbyteorder("=")).astype(kind)
    if page.predictor == 3:
        values = rows.reshape(len(rows), -1, channels)
        bytes_ = np.cumsum(values, axis=1, dtype=np.uint8).reshape(len(rows), size, -1)
        order = slice(None) if page.parent.byteorder == ">" else slice(None, None, -1)
        return np.ascontiguousarray(bytes_[:, order].swapaxes(1, 2))
    return rows


def _read_plain(page: Any, data: bytes, starts: list[int], lengths: list[int]) -> NDArray[Any]:
    """Have tifffile read the page from bytes that are not packed, or not any more."""
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        plain: Any = file.pages[page.index]
        if int(page.compression) != 1:
            plain.compression, plain.predictor = tifffile.COMPRESSION.NONE, 1
            plain.fillorder = 1  # libtiff has seen to it
        plain.dataoffsets, plain.databytecounts = tuple(starts), tuple(lengths)
        return np.asarray(plain.asarray())
