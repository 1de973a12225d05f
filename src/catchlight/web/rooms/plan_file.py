"""The plan as a file for a browser: a header of JSON, and blobs; the format is in docs/api.md."""

from __future__ import annotations

import json
import struct
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import as_float
from catchlight.layer import Layer
from catchlight.pixels import blend
from catchlight.pixels.beside import beside
from catchlight.pixels.grid import Box, Grid, find_box
from catchlight.plan import Plan
from catchlight.render import WRAP, WRAP_MM
from catchlight.studio.recent import Recent
from catchlight.web.rooms.blobs import (
    CodedArray,
    pack_field,
    pack_halves,
    pack_mask,
    pack_part,
    pack_picture,
)

MAGIC = b"CLPLAN1\n"
#: Steps of a layer in stops: of 1/512 the sum of ten is right to a third of a code. What is as fine
#: as the photo and in colour (restored detail) packs badly; 1/256 is right to half a code.
_STEP, _COARSE_STEP = 1 / 512, 1 / 256
#: Steps of a displacement in mm of the face, 0.004 pixels at 8 px/mm.
_MM = 1 / 2048
#: A layer with a sample for each 1.5 pixels of the frame or nearer is brought to the frame here.
_CARRIED = 1.5
#: The person's own colours are told where they differ from the photo by more than this, in light.
_OWN = 1e-4
#: What packs of a plan are kept: its parts, twice over.
_KEPT = 64


@dataclass(frozen=True)
class Packed:
    """A blob, and the box of the frame or grid that it covers."""

    blob: CodedArray
    box: Box = (0, 0, 0, 0)


class Packer:
    """Packs plans; what was packed last is kept, so that a change of backdrop packs a backdrop."""

    def __init__(self) -> None:
        self._kept: Recent[tuple[weakref.ref[Any], Packed]] = Recent(_KEPT)

    def pack(
        self,
        plan: Plan,
        *,
        key: str,
        frame_key: str,
        have: Collection[str] = (),
        missing: Sequence[str] = (),
        where: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Write a plan.

        Parameters
        ----------
        plan : Plan
        key, frame_key : str, what to call it and its frame
        have : collection of str
            Keys of blobs that whoever asks has: these are named and not sent.
        missing : sequence of str, adjustments that may have something to do and are not in it yet
        where : mapping, of :func:`~catchlight.web.rooms.where.tell_where`
        """
        # The photo takes as long as all the rest: it is packed meanwhile.
        base = self._begin(plan.base, pack_picture)
        file = _File()
        layers = [self._layer(plan, layer, file) for layer in plan.layers]
        moves = []
        for move in plan.moves:
            blob = self._plain(move.field, lambda a: pack_field(a, _MM))
            row = {"name": move.name, "grid": file.grid(move.grid), "most": move.most}
            moves.append(row | {"blob": file.add(blob)})
        header = dict(where or {}) | {
            "version": 1,
            "width": plan.size[0],
            "height": plan.size[1],
            "px_per_mm": plan.px_per_mm,
            "key": key,
            "frame_key": frame_key,
            "layers": layers,
            "moves": moves,
            "base": file.add(base()),
            "foreground": self._foreground(plan, file),
            "alpha": None if plan.alpha is None else file.add(self._plain(plan.alpha, pack_mask)),
            "ground": self._ground(plan, file),
            "wrap": {"reach_mm": WRAP_MM, "amount": WRAP},
            "missing": list(missing),
        }
        return file.write(header, have)

    def _once(self, array: NDArray[Any], pack: Callable[[Any], Packed]) -> Packed:
        """Pack an array, or take what was packed of the same one."""

        def make() -> tuple[weakref.ref[Any], Packed]:
            return weakref.ref(array), pack(array)

        found, packed = self._kept.get(id(array), make)
        if found() is not array:  # another one lies where that did
            del self._kept.kept[id(array)]
            _, packed = self._kept.get(id(array), make)
        return packed

    def _plain(self, array: NDArray[Any], pack: Callable[[Any], CodedArray]) -> CodedArray:
        return self._once(array, lambda a: Packed(pack(a))).blob

    def _begin(
        self, array: NDArray[Any], pack: Callable[[Any], CodedArray]
    ) -> Callable[[], CodedArray]:
        """Begin to pack an array beside other work; what is returned waits for it."""
        known = self._kept.kept.get(id(array))
        if known is not None and known[0]() is array:
            return lambda: known[1].blob
        packing = beside(partial(pack, array))
        return lambda: self._plain(array, lambda _: packing())

    def _layer(self, plan: Plan, layer: Layer, file: _File) -> dict[str, Any]:
        grid, many = layer.grid, 3 if layer.stops.ndim == 3 else 1
        own = (grid.width, grid.height) in ((1, 1), plan.size)
        step = _COARSE_STEP if many == 3 and own else _STEP

        def pack(stops: Any) -> Packed:
            if layer.stops.size <= 3:
                return Packed(pack_halves(as_float(stops)), layer.box)
            if own or grid.scale >= _CARRIED:
                return Packed(pack_field(as_float(stops), step), layer.box)
            # What is about as fine as the frame is brought there as a render brings it.
            box, field = grid.carry(as_float(stops), layer.box, *plan.size)
            return Packed(pack_field(field, step), box)

        packed = self._once(layer.stops, pack)
        whole = Grid.over(plan.base.shape, plan.size)
        return {
            "name": layer.name,
            "grid": file.grid(grid if own or grid.scale >= _CARRIED else whole),
            "box": list(packed.box),
            "channels": many,
            "region": layer.region,
            "most": layer.most,
            "blob": file.add(packed.blob),
        }

    def _foreground(self, plan: Plan, file: _File) -> dict[str, Any] | None:
        if plan.foreground is None or plan.alpha is None:
            return None
        alpha = plan.alpha

        def pack(colours: Any) -> Packed:
            away = np.abs(colours - plan.base).max(axis=2) > _OWN
            shown = away & (alpha > 0)
            box = find_box(as_float(shown)) or (0, 0, 1, 1)
            part = np.s_[box[1] : box[3], box[0] : box[2]]
            return Packed(pack_part(colours[part], shown[part]), box)

        packed = self._once(plan.foreground, pack)
        return {"box": list(packed.box), "blob": file.add(packed.blob)}

    def _ground(self, plan: Plan, file: _File) -> dict[str, Any] | None:
        ground = plan.ground
        if ground is None:
            return None
        h, w = ground.field.shape[:2]
        # Paper is smooth: halves show no bands. What was photographed has grain of its own.
        pack = pack_picture if max(h, w) > 400 else pack_halves
        tile = None
        if ground.grain > 0:
            tile = file.add(pack_field(blend.draw_grain(ground.grain_px, seed=7), 1 / 64))
        return {
            "kind": "even" if (h, w) == (1, 1) else "field",
            "width": w,
            "height": h,
            "grain": ground.grain,
            "grain_px": ground.grain_px,
            "grain_tile": tile,
            "is_photo": ground.is_photo,
            "blob": file.add(self._plain(ground.field, pack)),
            "own": None if ground.own is None else file.add(self._plain(ground.own, pack_mask)),
        }


class _File:
    """A file in the making: its grids and blobs, each once."""

    def __init__(self) -> None:
        self._grids: list[Grid] = []
        self._blobs: dict[str, CodedArray] = {}

    def grid(self, grid: Grid) -> int:
        if grid not in self._grids:
            self._grids.append(grid)
        return self._grids.index(grid)

    def add(self, blob: CodedArray) -> int:
        self._blobs.setdefault(blob.key, blob)
        return list(self._blobs).index(blob.key)

    def write(self, header: dict[str, Any], have: Collection[str]) -> bytes:
        sent: list[bytes] = []
        rows, at = [], 0
        for key, blob in self._blobs.items():
            if key in have:
                rows.append(blob.to_json(0) | {"bytes": 0, "offset": None})
                continue
            rows.append(blob.to_json(at))
            sent.append(blob.data)
            at += len(blob.data)
        grids = [[g.width, g.height, *g.to_frame] for g in self._grids]
        said = json.dumps(header | {"grids": grids, "blobs": rows}, separators=(",", ":")).encode()
        return b"".join([MAGIC, struct.pack("<I", len(said)), said, *sent])
