"""The Plan: what is drawn, as plain arrays and numbers. No Scene behind it, no model, no file.

The command, a browser and a worker on another machine draw the same one: a weighted sum of layers
in stops, fields of displacement in millimetres, and a ground to lay the person on. Masks are laid
on here, once, so that a render knows strengths alone.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.scene import Scene
from catchlight.arrays import Mask, Pixels
from catchlight.ground import Ground, colour_person
from catchlight.layer import Layer, Move, bring_layer, shrink_layer
from catchlight.measured import measured
from catchlight.pixels import filters
from catchlight.pixels.defocus import GroundLight
from catchlight.pixels.grid import Grid

_VERSION = 3
#: Longer side of the plan on which the light around the person's edge is told.
_NEAR = 480


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that a render needs beside the strengths.

    Attributes
    ----------
    base : (H, W, 3) float32 linear P3, the photo in its frame
    px_per_mm : float, pixels of the frame per millimetre of the face
    layers : tuple of Layer
    moves : tuple of Move
    ground : Ground or None, what stands behind; None where the photo's own background stays
    alpha : (H, W) float32 or None, the person; None without a ground
    foreground : (H, W, 3) float32 or None, the person's own colours under a soft outline
    """

    base: Pixels
    px_per_mm: float
    layers: tuple[Layer, ...]
    moves: tuple[Move, ...] = ()
    ground: Ground | None = None
    alpha: Mask | None = None
    foreground: Pixels | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.base.shape[1], self.base.shape[0]

    @measured
    def painted(self) -> Pixels:
        """The ground at the plan's size, (H, W, 3) linear P3, without what shows of the photo."""
        if self.ground is None:
            return self.base
        return self.ground.paint(*self.size)

    @measured
    def own(self) -> Mask | None:
        """(H, W), where the photo's own pixels stay before a ground out of focus; else None."""
        if self.ground is None or self.ground.own is None:
            return None
        return filters.resize(self.ground.own, *self.size)

    @measured
    def ground_light(self) -> GroundLight | None:
        """The light on a ground out of focus before any strength is set; else None."""
        if self.own is None or self.alpha is None:
            return None
        return GroundLight(self.base, self.alpha, self.px_per_mm)

    @measured
    def near(self) -> Plan:
        """A small plan of the same, on which the light around the edge is told.

        Its layers are brought to its own pixels, so that a slider weighs them and no more.
        """
        small = self._reduced(_NEAR, with_base=False)
        return replace(small, layers=tuple(bring_layer(x, small.size) for x in small.layers))

    def resized(self, longest: int) -> Plan:
        """The same plan with its longer side at ``longest`` pixels, smaller or as it is."""
        return self if longest >= max(self.size) else self._reduced(longest, with_base=True)

    def _reduced(self, longest: int, *, with_base: bool) -> Plan:
        """The plan made smaller; of the base nothing but its size where nothing is asked of it."""
        factor = min(1.0, longest / max(self.size))
        w, h = (max(1, round(side * factor)) for side in self.size)
        nothing = np.broadcast_to(np.float32(0), (h, w, 3))
        return replace(
            self,
            base=filters.resize(self.base, w, h) if with_base else nothing,
            px_per_mm=self.px_per_mm * factor,
            layers=tuple(shrink_layer(layer, self.size, (w, h)) for layer in self.layers),
            alpha=None if self.alpha is None else filters.resize(self.alpha, w, h),
            foreground=None if self.foreground is None else filters.resize(self.foreground, w, h),
        )

    def to_bytes(self) -> bytes:
        """The plan as one npz file: arrays, and a header of JSON that says what they are."""
        grids = list(dict.fromkeys([x.grid for x in self.layers] + [x.grid for x in self.moves]))
        header = {
            "version": _VERSION,
            "px_per_mm": self.px_per_mm,
            "grids": [[g.width, g.height, *g.to_frame] for g in grids],
            "layers": [[x.name, grids.index(x.grid), x.box, x.region, x.most] for x in self.layers],
            "moves": [[x.name, grids.index(x.grid), x.most] for x in self.moves],
            "ground": None
            if self.ground is None
            else [self.ground.grain, self.ground.grain_px, self.ground.is_photo],
        }
        arrays: dict[str, NDArray[np.generic]] = {"base": self.base}
        arrays |= {f"layer{i}": x.stops for i, x in enumerate(self.layers)}
        arrays |= {f"move{i}": x.field for i, x in enumerate(self.moves)}
        if self.ground is not None:
            arrays["ground"] = self.ground.field
            if self.ground.own is not None:
                arrays["own"] = self.ground.own
        if self.alpha is not None and self.foreground is not None:
            arrays |= {"alpha": self.alpha, "foreground": self.foreground}
        arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
        out = io.BytesIO()
        np.savez(out, allow_pickle=False, **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Plan:
        """Read what :meth:`to_bytes` wrote.

        Raises
        ------
        ValueError
            No plan, or one of another version.
        """
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        header = json.loads(arrays["header"].tobytes())
        if header["version"] != _VERSION:
            raise ValueError(f"a plan of version {header['version']}; this reads {_VERSION}")
        grids = [Grid(w, h, tuple(rest)) for w, h, *rest in header["grids"]]
        layers = tuple(
            Layer(name, grids[at], tuple(box), arrays[f"layer{i}"], region, most)
            for i, (name, at, box, region, most) in enumerate(header["layers"])
        )
        moves = tuple(
            Move(name, grids[at], arrays[f"move{i}"], most)
            for i, (name, at, most) in enumerate(header["moves"])
        )
        said = header["ground"]
        own = arrays.get("own")
        ground = None
        if said is not None:
            grain, grain_px, photo = said
            ground = Ground(arrays["ground"], grain, grain_px, is_photo=photo, own=own)
        cut = (arrays.get("alpha"), arrays.get("foreground"))
        return cls(arrays["base"], header["px_per_mm"], layers, moves, ground, *cut)


def plan_scene(scene: Scene, laid: Mapping[str, Layer | Move], ground: Ground | None) -> Plan:
    """Put together what is drawn of a scene before a ground (None: its own)."""
    parts = list(laid.values())
    if ground is not None and not ground.is_photo:
        # What lies around the sitter is not the photo's any more.
        parts = [x for x in parts if not (isinstance(x, Layer) and x.region == "outline")]
    return Plan(
        scene.pixels,
        scene.face.px_per_mm,
        tuple(x for x in parts if isinstance(x, Layer)),
        tuple(x for x in parts if isinstance(x, Move)),
        ground,
        None if ground is None else scene.matte.alpha,
        None if ground is None else colour_person(scene, ground),
    )
