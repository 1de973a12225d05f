"""The canonical 3D face: 468 vertices in centimetres, its triangles, and the rigid points.

Read from the geometry metadata of the Face Landmarker bundle, a small protobuf message.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from catchlight.arrays import Float
from catchlight.models import locate


@dataclass(frozen=True)
class CanonicalFace:
    """The average face that the mesh network was trained around.

    Attributes
    ----------
    vertices : (468, 3) float32, centimetres, x to the viewer's right, y up, z towards the camera
    triangles : (898, 3) int32, indices of vertices
    weights : (468,) float32, how rigid a vertex is (0 = not used for pose)
    """

    vertices: Float
    triangles: np.ndarray
    weights: Float


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Walk the top-level fields of a protobuf message: (number, bytes or integer)."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        number, kind = key >> 3, key & 7
        if kind == 0:
            yield number, varint()
            continue
        size = varint() if kind == 2 else {5: 4, 1: 8}[kind]
        yield number, data[at : at + size]
        at += size


def _floats(value: bytes | int) -> list[float]:
    assert isinstance(value, bytes)
    return [x[0] for x in struct.iter_unpack("<f", value)]


@lru_cache(maxsize=1)
def canonical_face() -> CanonicalFace:
    """Load the canonical face (kept for the life of the process)."""
    buffer: list[float] = []
    index: list[int] = []
    weights = np.zeros(468, np.float32)
    for number, value in _fields(locate("canonical_face").read_bytes()):
        if number == 1 and isinstance(value, bytes):  # Mesh3d
            for n, v in _fields(value):
                if n == 3:  # vertex_buffer: x, y, z, u, v
                    buffer += _floats(v)
                elif n == 4 and isinstance(v, int):  # index_buffer
                    index.append(v)
        elif number == 2 and isinstance(value, bytes):  # WeightedLandmarkRef
            row = dict(_fields(value))
            landmark = row.get(1, 0)
            assert isinstance(landmark, int)
            weights[landmark] = _floats(row[2])[0]
    vertices = np.array(buffer, np.float32).reshape(-1, 5)[:, :3]
    return CanonicalFace(vertices, np.array(index, np.int32).reshape(-1, 3), weights)
