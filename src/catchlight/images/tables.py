"""Tables: profiles that are no curves and matrix, for 16-bit pictures; and L*a*b* itself.

LittleCMS, as Pillow offers it, converts 8 bits only. So the profile's table is read here, in
float, as ICC.1:2010 has it (``mft1`` section 10.9, ``mft2`` 10.8, ``mAB`` 10.10), followed from RGB
to light at the nodes of a lattice, and interpolated between them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Codes
from catchlight.images.profiles import D50, D50_TO_D65, read_tags, sample_curve
from catchlight.pixels.colour import SRGB_TO_XYZ, linear_to_srgb

Numbers = NDArray[np.float64]
#: Nodes a side: between them sRGB-like codes bend by less than 1/20 of an 8-bit code.
_NODES = 65
#: Nodes a side that a profile may have; the finest of presses have 33, some screens' 65.
_SIDE = 65
#: Pixels that are converted at a time, 12 MB of float.
_STRIP = 1 << 19
_TO_SRGB = np.linalg.inv(SRGB_TO_XYZ) @ D50_TO_D65


@dataclass(frozen=True, eq=False)
class _Table:
    """Stages from device to connection space, each in 0..1."""

    before: list[Numbers]
    grid: Numbers
    middle: list[Numbers]
    matrix: Numbers
    after: list[Numbers]
    #: True for the older 16-bit L*a*b*, whose white is 65280.
    legacy: bool
    lab: bool


@lru_cache(maxsize=4)
def read_lattice(icc: bytes) -> Numbers:
    """(n, n, n, 3) sRGB codes 0..1 of an RGB profile with tables, at even steps of its codes.

    Relative colorimetric with black point compensation, as for 8 bits.

    Raises
    ------
    ValueError
        No such table, or a damaged one.
    """
    try:
        tags = read_tags(icc)
        tag = tags.get(b"A2B1") or tags[b"A2B0"]
        table = (_read_mab if tag[:4] == b"mAB " else _read_mft)(tag, lab=icc[20:23] == b"Lab")
        axis = np.linspace(0, 1, _NODES)
        nodes = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
        xyz = _follow(table, nodes)
    except (KeyError, IndexError, struct.error, TypeError, MemoryError) as error:
        raise ValueError(f"its table cannot be read ({error})") from None
    # Black point compensation (Adobe Systems, 2006): the table's black, made neutral, becomes 0.
    black = float(np.clip(xyz[0, 1], 0, 0.184)) * D50
    xyz = (xyz - black) * (D50 / (D50 - black))
    codes = linear_to_srgb(np.clip(xyz @ _TO_SRGB.T, 0, 1))
    return np.asarray(codes, np.float64).reshape(_NODES, _NODES, _NODES, 3)


def convert_with_table(codes: Codes, icc: bytes) -> Codes:
    """Convert (H, W, 3) uint16 of a profile with tables to sRGB codes of 16 bits.

    Raises
    ------
    ValueError
        The profile cannot be used.
    """
    from scipy.ndimage import map_coordinates

    lattice = read_lattice(icc)
    out = np.empty(codes.shape, np.uint16)
    rows = max(1, _STRIP // codes.shape[1])
    for top in range(0, codes.shape[0], rows):
        part = codes[top : top + rows]
        at = np.moveaxis(part, -1, 0) * ((_NODES - 1) / 65535)
        for c in range(3):
            value = map_coordinates(lattice[..., c], at, order=1, mode="nearest")
            out[top : top + rows, :, c] = np.clip(value, 0, 1) * 65535 + 0.5
    return out


def lab_to_codes(lab: Codes, *, signed: bool) -> Codes:
    """(H, W, 3) uint8 or uint16 L*a*b* (D50) -> sRGB codes of 16 bits.

    ``signed``: a* and b* are two's complement, as TIFF's CIELAB has them; else they are offset by
    half, as its ICCLAB does.
    """
    top = int(np.iinfo(lab.dtype).max)
    out = np.empty(lab.shape, np.uint16)
    rows = max(1, _STRIP // lab.shape[1])
    for first in range(0, lab.shape[0], rows):
        part = lab[first : first + rows].astype(np.float64)
        ab = part[..., 1:]
        ab = np.where(ab > top // 2, ab - top - 1, ab) if signed else ab - (top + 1) / 2
        light = np.dstack([part[..., :1] * (100 / top), ab * (256 / (top + 1))])
        srgb = linear_to_srgb(np.clip(_lab_to_xyz(light) @ _TO_SRGB.T, 0, 1))
        out[first : first + rows] = np.asarray(srgb, np.float64) * 65535 + 0.5
    return out


def _lab_to_xyz(lab: Numbers) -> Numbers:
    """CIE 15:2018, equations 8.3 to 8.8 turned round; white is D50."""
    y = (lab[..., 0] + 16) / 116
    f = np.stack([y + lab[..., 1] / 500, y, y - lab[..., 2] / 200], -1)
    return np.asarray(np.where(f > 6 / 29, f**3, (f - 4 / 29) * (3 * (6 / 29) ** 2)) * D50)


def _follow(table: _Table, values: Numbers) -> Numbers:
    """Device values (n, 3) -> XYZ relative to D50."""
    values = _bend(values, table.before)
    if table.grid.size:
        values = _look_up(table.grid, values)
    values = _bend(values, table.middle)
    values = np.clip(values @ table.matrix[:, :3].T + table.matrix[:, 3], 0, 1)
    values = _bend(values, table.after)
    if not table.lab:
        return np.asarray(values * (1 + 32767 / 32768))
    scale = 65535 / 65280 if table.legacy else 1.0
    lab = values * scale * np.array([100.0, 255.0, 255.0]) - np.array([0.0, 128.0, 128.0])
    return _lab_to_xyz(lab)


def _look_up(grid: Numbers, values: Numbers) -> Numbers:
    """Go from node to node along the edges of one of six tetrahedra, as LittleCMS does.

    Kasson, Plouffe, Nin 1993, "A tetrahedral interpolation technique for color space conversion".
    """
    steps = np.array(grid.shape[:3]) - 1
    at = np.clip(values, 0, 1) * steps
    corner = np.minimum(at.astype(int), steps - 1)
    part = at - corner
    result = grid[tuple(corner.T)]
    rows = np.arange(len(values))
    for axis in np.argsort(-part, axis=1, kind="stable").T:  # the longest way first
        following = corner.copy()
        following[rows, axis] += 1
        way = grid[tuple(following.T)] - grid[tuple(corner.T)]
        result = result + part[rows, axis][:, None] * way
        corner = following
    return np.asarray(result)


def _bend(values: Numbers, curves: list[Numbers]) -> Numbers:
    if not curves:
        return values
    columns = [
        np.interp(values[:, i], np.linspace(0, 1, len(curve)), curve)
        for i, curve in enumerate(curves)
    ]
    return np.stack(columns, -1)


_IDENTITY = np.eye(3, 4)


def _read_mft(tag: bytes, *, lab: bool) -> _Table:
    """Lut8 and lut16: curves, a table, curves."""
    if tag[:4] not in (b"mft1", b"mft2") or tag[8] != 3 or tag[9] != 3:
        raise ValueError("its table is of another kind")
    side, deep = tag[10], tag[:4] == b"mft2"
    before, after = struct.unpack_from(">HH", tag, 48) if deep else (256, 256)
    numbers = np.frombuffer(tag, ">u2" if deep else "u1", offset=52 if deep else 48)
    if len(numbers) > 4 * _SIDE**3:
        raise ValueError("its table is too large")
    values = numbers / (65535.0 if deep else 255.0)
    ends = np.cumsum([3 * before, side**3 * 3, 3 * after])
    if not 2 <= side <= _SIDE or min(before, after) < 2 or len(values) < ends[-1]:
        raise ValueError("its table is cut off")
    first, grid, last = np.split(values[: ends[-1]], ends[:-1])
    return _Table(
        list(first.reshape(3, before)),
        grid.reshape(side, side, side, 3),
        [],
        _IDENTITY,
        list(last.reshape(3, after)),
        legacy=deep,
        lab=lab,
    )


def _read_mab(tag: bytes, *, lab: bool) -> _Table:
    """LutAToB: A curves, table, M curves, matrix, B curves; all but the last may be missing."""
    if tag[8] != 3 or tag[9] != 3:
        raise ValueError("its table is of another kind")
    b, matrix, m, grid, a = struct.unpack_from(">5I", tag, 12)
    cells, numbers = np.zeros((0, 0, 0, 3)), _IDENTITY
    if grid:
        sides, deep = tuple(tag[grid : grid + 3]), tag[grid + 16] == 2
        if not (min(sides) >= 2 and max(sides) <= _SIDE):
            raise ValueError("its table is of a size that is not read")
        count = int(np.prod(sides)) * 3
        whole = np.frombuffer(tag, ">u2" if deep else "u1", count, grid + 20)
        cells = (whole / (65535.0 if deep else 255.0)).reshape(*sides, 3)
    if matrix:
        e = np.array(struct.unpack_from(">12i", tag, matrix)) / 65536
        numbers = np.column_stack([e[:9].reshape(3, 3), e[9:]])
    return _Table(
        _read_curves(tag, a) if a else [],
        cells,
        _read_curves(tag, m) if m else [],
        numbers,
        _read_curves(tag, b),
        legacy=False,
        lab=lab,
    )


def _read_curves(tag: bytes, at: int) -> list[Numbers]:
    """Three curves, one after the other, each beginning at a multiple of four."""
    curves = []
    for _ in range(3):
        curve, length = sample_curve(tag[at:], 4096)
        curves.append(curve)
        at += length + -length % 4
    return curves
