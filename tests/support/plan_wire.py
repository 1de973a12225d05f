"""A reader of the plan file, written from docs/api.md alone: what a browser does, in Python."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from catchlight.ground import Ground
from catchlight.layer import Layer, Move
from catchlight.pixels.colour import srgb_to_linear
from catchlight.pixels.grid import Grid
from catchlight.plan import Plan


@dataclass(frozen=True)
class PlanFile:
    header: dict[str, Any]
    data: bytes

    def blob(self, at: int, kept: Mapping[str, np.ndarray] | None = None) -> np.ndarray:
        row = self.header["blobs"][at]
        if row["offset"] is None:
            assert kept is not None
            return kept[row["key"]]
        return decode(row, self.data[row["offset"] : row["offset"] + row["bytes"]])

    def blobs(self) -> dict[str, np.ndarray]:
        rows = enumerate(self.header["blobs"])
        return {row["key"]: self.blob(i) for i, row in rows if row["offset"] is not None}


def read(data: bytes) -> PlanFile:
    assert data[:8] == b"CLPLAN1\n"
    (length,) = struct.unpack_from("<I", data, 8)
    return PlanFile(json.loads(data[12 : 12 + length]), data[12 + length :])


def decode(row: dict[str, Any], data: bytes) -> np.ndarray:
    """Values of a blob: linear light, shares, stops or millimetres."""
    shape, coding = tuple(row["shape"]), row["coding"]
    if coding == "png8+2":
        (length,) = struct.unpack_from("<I", data)
        high = _png(data[4 : 4 + length])[..., ::-1].astype(np.uint16)
        packed = np.frombuffer(zlib.decompress(data[4 + length :]), np.uint8)
        low = np.stack([packed >> shift & 3 for shift in (0, 2, 4, 6)], axis=1).ravel()
        codes = high * 4 + low[: high.size].reshape(high.shape)
    elif coding == "png8a":
        codes = cv2.cvtColor(_png(data), cv2.COLOR_BGRA2RGBA)
    elif coding == "png8":
        codes = _png(data)
    else:
        raw = np.frombuffer(zlib.decompress(data), np.uint8)
        if coding != "u8z":
            raw = np.ascontiguousarray(raw.reshape(2, -1).T).ravel()
        kind = {"f16z": "<f2", "u16z": "<u2", "u8z": "u1"}[coding]
        codes = raw.view(kind).reshape(shape)
        if row["predict"] == "left":
            codes = np.cumsum(codes, axis=1, dtype=codes.dtype)
    assert codes.shape == shape
    values = (codes.astype(np.float32) * row["scale"] + row["offset_value"]).astype(np.float32)
    if row["curve"] == "srgb":
        colours = srgb_to_linear(values[..., :3])
        alpha = codes[..., 3:].astype(np.float32) / 255
        values = np.concatenate([colours, alpha], axis=2) if coding == "png8a" else colours
    return values


def to_plan(file: PlanFile, kept: Mapping[str, np.ndarray] | None = None) -> Plan:
    """The same as a Plan that the server's renderer draws."""
    header = file.header
    grids = [Grid(w, h, tuple(rest)) for w, h, *rest in header["grids"]]
    layers = tuple(
        Layer(
            row["name"], grids[row["grid"]], tuple(row["box"]),
            file.blob(row["blob"], kept).astype(np.float16), row["region"], row["most"],
        )
        for row in header["layers"]
    )  # fmt: skip
    moves = tuple(
        Move(row["name"], grids[row["grid"]], file.blob(row["blob"], kept), row["most"])
        for row in header["moves"]
    )
    base = file.blob(header["base"], kept)
    alpha = foreground = ground = None
    if header["alpha"] is not None:
        alpha = file.blob(header["alpha"], kept)
        foreground = base.copy()
        x0, y0, x1, y1 = header["foreground"]["box"]
        own = file.blob(header["foreground"]["blob"], kept)
        part = foreground[y0:y1, x0:x1]
        shown = own[..., 3] > 0
        part[shown] = own[..., :3][shown]
    if header["ground"] is not None:
        row = header["ground"]
        own = None if row["own"] is None else file.blob(row["own"], kept)
        field = file.blob(row["blob"], kept)
        ground = Ground(field, row["grain"], row["grain_px"], is_photo=row["is_photo"], own=own)
    return Plan(base, header["px_per_mm"], layers, moves, ground, alpha, foreground)


def _png(data: bytes) -> np.ndarray:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return found
