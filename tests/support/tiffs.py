"""TIFFs written by hand, of every layout, so that no reader is tested against its own writer."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PACKINGS = {"none": 1, "lzw": 5, "deflate": 8, "old deflate": 32946, "packbits": 32773}
_KINDS = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 7: "B", 10: "ii"}


@dataclass(frozen=True)
class Page:
    """One page: (H, W, channels) samples and how they lie."""

    samples: np.ndarray
    photometric: int = 2
    packing: str = "none"
    predictor: int = 1
    planar: bool = False
    tile: int = 0
    rows: int = 7
    extras: tuple[int, ...] = ()
    #: Further tags: number -> (kind, values).
    tags: Mapping[int, tuple[int, Sequence[Any]]] = field(default_factory=dict)


def write_tiff(*pages: Page, order: str = "<") -> bytes:
    """A file of some pages; ``order`` is that of its bytes."""
    out = bytearray((b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8))
    for number, page in enumerate(pages):
        _write_page(out, page, order, last=number == len(pages) - 1)
    return bytes(out)


def _write_page(out: bytearray, page: Page, order: str, *, last: bool) -> None:
    height, width, channels = page.samples.shape
    segments = [_pack(page, block, order) for block in _blocks(page)]
    bits = page.samples.dtype.itemsize * 8
    form = 3 if page.samples.dtype.kind == "f" else 1
    tags: dict[int, tuple[int, Sequence[Any]]] = {
        256: (4, [width]), 257: (4, [height]), 258: (3, [bits] * channels),
        259: (3, [PACKINGS[page.packing]]), 262: (3, [page.photometric]), 277: (3, [channels]),
        284: (3, [2 if page.planar else 1]), 317: (3, [page.predictor]),
        339: (3, [form] * channels), **page.tags,
    }  # fmt: skip
    if page.extras:
        tags[338] = (3, list(page.extras))
    places, counts = (324, 325) if page.tile else (273, 279)
    if page.tile:
        tags |= {322: (4, [page.tile]), 323: (4, [page.tile])}
    else:
        tags[278] = (4, [page.rows])
    tags[places] = (4, [0] * len(segments))
    tags[counts] = (4, [len(s) for s in segments])
    at = len(out)
    data_at = at + 2 + 12 * len(tags) + 4
    outside = {k: _size(*v) + _size(*v) % 2 for k, v in tags.items() if _size(*v) > 4}
    first = data_at + sum(outside.values())
    starts = np.cumsum([first, *(len(s) for s in segments)])
    tags[places] = (4, [int(n) for n in starts[:-1]])
    directory, data = struct.pack(f"{order}H", len(tags)), b""
    for number in sorted(tags):
        kind, values = tags[number]
        body = _body(kind, values, order)
        count = len(body) if kind in (1, 2, 7) else len(values) // (2 if kind in (5, 10) else 1)
        directory += struct.pack(f"{order}HHI", number, kind, count)
        if len(body) > 4:
            directory += struct.pack(f"{order}I", data_at + len(data))
            data += body + b"\0" * (len(body) % 2)
        else:
            directory += body.ljust(4, b"\0")
    following = 0 if last else int(starts[-1]) + int(starts[-1]) % 2
    out += directory + struct.pack(f"{order}I", following) + data + b"".join(segments)
    out += b"\0" * (len(out) % 2)


def _size(kind: int, values: Sequence[Any]) -> int:
    return len(_body(kind, values, "<"))


def _body(kind: int, values: Sequence[Any], order: str) -> bytes:
    if isinstance(values, (bytes, bytearray)):
        return bytes(values)
    return struct.pack(f"{order}{len(values)}{_KINDS[kind][0]}", *values)


def _blocks(page: Page) -> list[np.ndarray]:
    planes = [page.samples]
    if page.planar:
        planes = [page.samples[..., c : c + 1] for c in range(page.samples.shape[2])]
    if not page.tile:
        return [p[y : y + page.rows] for p in planes for y in range(0, len(p), page.rows)]
    side, found = page.tile, []
    for p in planes:
        beyond = [(0, -p.shape[0] % side), (0, -p.shape[1] % side), (0, 0)]
        whole = np.pad(p, beyond)
        for y in range(0, whole.shape[0], side):
            found += [whole[y : y + side, x : x + side] for x in range(0, whole.shape[1], side)]
    return found


def _pack(page: Page, block: np.ndarray, order: str) -> bytes:
    kind = block.dtype.newbyteorder(order)
    if page.predictor == 2:
        block = np.diff(block, axis=1, prepend=np.zeros_like(block[:, :1]))
    if page.predictor == 3:
        h, w, c = block.shape
        parts = block.astype(block.dtype.newbyteorder(">")).view(np.uint8)
        parts = parts.reshape(h, w * c, -1).swapaxes(1, 2).reshape(h, -1, c)
        data = np.diff(parts, axis=1, prepend=np.zeros_like(parts[:, :1])).tobytes()
    else:
        data = block.astype(kind).tobytes()
    if page.packing == "lzw":
        return pack_lzw(data)
    if page.packing == "packbits":
        return b"".join(
            _pack_bits(row) for row in np.array_split(np.frombuffer(data, "u1"), len(block))
        )
    return zlib.compress(data) if "deflate" in page.packing else data


def _pack_bits(row: np.ndarray) -> bytes:
    data = row.tobytes()
    parts = (data[i : i + 128] for i in range(0, len(data), 128))
    return b"".join(bytes([len(p) - 1]) + p for p in parts)


def pack_lzw(data: bytes) -> bytes:
    """LZW as TIFF 6.0, section 13, has it: codes of 9 to 12 bits, the highest bit first."""
    bits, length = 0, 0

    def put(code: int, width: int) -> None:
        nonlocal bits, length
        bits, length = bits << width | code, length + width

    table = {bytes([i]): i for i in range(256)}
    width, word = 9, b""
    put(256, width)
    out = bytearray()
    for value in data:
        longer = word + bytes([value])
        if longer in table:
            word = longer
            continue
        put(table[word], width)
        table[longer] = len(table) + 2
        if len(table) + 2 >= 4094:
            put(256, width)
            table, width = {bytes([i]): i for i in range(256)}, 9
        elif len(table) + 2 >= 1 << width:
            width += 1
        word = bytes([value])
        while length >= 8:
            length -= 8
            out.append(bits >> length & 255)
            bits &= (1 << length) - 1
    put(table[word], width)
    put(257, width)
    put(0, -length % 8)
    return bytes(out) + bits.to_bytes(length // 8, "big")


def write_dng(
    samples: np.ndarray,
    *,
    neutral: tuple[float, float, float] = (1.0, 1.0, 1.0),
    orientation: int = 1,
    white: int = 65535,
) -> bytes:
    """A DNG of a sensor with an RGGB mosaic, whose primaries are sRGB's.

    ``samples`` (H, W) uint16 are linear light behind the mosaic, before the white balance.
    """
    # XYZ -> camera: the inverse of sRGB -> XYZ (IEC 61966-2-1).
    matrix = [3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570]
    ratios = [n for v in matrix for n in (round(v * 10000), 10000)]
    tags = {
        254: (4, [0]), 271: (2, b"Catchlight\0"), 272: (2, b"Drawn\0"), 274: (3, [orientation]),
        33421: (3, [2, 2]), 33422: (1, [0, 1, 1, 2]), 50706: (1, [1, 4, 0, 0]),
        50707: (1, [1, 1, 0, 0]), 50708: (2, b"Catchlight Drawn\0"), 50714: (3, [0]),
        50717: (4, [white]), 50721: (10, ratios), 50778: (3, [21]),
        50728: (5, [n for v in neutral for n in (round(v * 10000), 10000)]),
    }  # fmt: skip
    page = Page(samples[..., None], photometric=32803, rows=samples.shape[0], tags=tags)
    return write_tiff(page)
