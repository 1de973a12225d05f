"""The plan as a file: every kind of ground, layer and move comes back and is drawn the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import plan_wire
import pytest

from catchlight.arrays import as_float
from catchlight.ground import Ground
from catchlight.layer import Layer, Move
from catchlight.pixels import filters
from catchlight.pixels.colour import p3_to_srgb_codes
from catchlight.pixels.grid import Grid
from catchlight.plan import Plan
from catchlight.render import render
from catchlight.web.rooms.plan_file import Packer

W, H = 96, 120
RNG = np.random.default_rng(11)
STRENGTHS = {"even": 0.5, "fine": 1.0, "turned": 0.8, "coarse": -0.4, "whole": 0.7}


def smooth(height: int, width: int, channels: int = 1) -> np.ndarray:
    field = as_float(RNG.random((height, width, channels)))
    return filters.blur(field, 3).reshape(height, width, channels)


def layer(name: str, grid: Grid, box: Any, channels: int) -> Layer:
    h, w = box[3] - box[1], box[2] - box[0]
    stops = (smooth(h, w, channels) * 2 - 1).astype(np.float16)
    stops = stops[..., 0] if channels == 1 else stops
    return Layer(name, grid, box, stops, "skin", float(np.abs(stops).max()))


def turned(scale: float, degrees: float) -> tuple[float, ...]:
    c, s = scale * np.cos(np.radians(degrees)), scale * np.sin(np.radians(degrees))
    return (float(c), float(-s), 20.0, float(s), float(c), 15.0)


@pytest.fixture(scope="module")
def plan() -> Plan:
    base = as_float(smooth(H, W, 3))
    whole = Grid.over((H, W), (W, H))
    layers = (
        Layer("even", Grid.over((H, W), (1, 1)), (0, 0, 1, 1), np.full((1, 1, 3), 0.3, np.float16),
              "all", 0.3),
        layer("fine", Grid(90, 100, turned(0.6, 7)), (5, 6, 80, 90), 3),
        layer("turned", Grid(30, 34, turned(1.9, -9)), (2, 3, 28, 30), 1),
        layer("coarse", Grid.over((H, W), (24, 30)), (0, 0, 24, 30), 1),
        layer("whole", whole, (10, 20, 90, 110), 3),
    )  # fmt: skip
    moves = (Move("lens", Grid.over((H, W), (24, 30)), as_float(smooth(30, 24, 2) * 0.8), 0.8),)
    return Plan(base, 2.0, layers, moves)


def cut(plan: Plan, ground: Ground) -> Plan:
    y, x = np.mgrid[0:H, 0:W]
    alpha = as_float(np.clip(30 - np.hypot(x - W / 2, y - H / 2), 0, 1))
    foreground = plan.base.copy()
    edge = (alpha > 0) & (alpha < 1)
    foreground[edge] *= 0.7
    return replace(plan, ground=ground, alpha=alpha, foreground=foreground)


GROUNDS = {
    "none": None,
    "even": Ground(as_float(np.full((1, 1, 3), 0.3))),
    "paper": Ground(as_float(smooth(15, 12, 3)), 0.01, 0.7),
    "photo": Ground(as_float(smooth(H, W, 3)), 0.004, 0.35, is_photo=True,
                    own=as_float(smooth(H, W)[..., 0])),
    "picture": Ground(as_float(smooth(500, 400, 3))),
}  # fmt: skip


@pytest.mark.parametrize("lens", [0.0, 1.0])
@pytest.mark.parametrize("name", GROUNDS)
def test_what_comes_back_is_drawn_the_same(plan: Plan, name: str, lens: float) -> None:
    ground = GROUNDS[name]
    whole = plan if ground is None else cut(plan, ground)
    file = plan_wire.read(Packer().pack(whole, key="k", frame_key="f"))
    strengths = STRENGTHS | {"lens": lens}
    drawn = [p3_to_srgb_codes(render(p, strengths).pixels).astype(int)
             for p in (whole, plan_wire.to_plan(file))]  # fmt: skip
    off = np.abs(drawn[0] - drawn[1])
    assert off.mean() < 0.15
    assert off.max() <= 2


def test_fine_layers_are_brought_to_the_frame_and_coarse_ones_are_not(plan: Plan) -> None:
    file = plan_wire.read(Packer().pack(plan, key="k", frame_key="f"))
    sizes = {row["name"]: file.header["grids"][row["grid"]][:2] for row in file.header["layers"]}
    assert sizes == {
        "even": [1, 1], "fine": [W, H], "turned": [30, 34], "coarse": [24, 30], "whole": [W, H],
    }  # fmt: skip


def test_the_grain_is_sent_as_it_is_laid(plan: Plan) -> None:
    ground = GROUNDS["paper"]
    assert ground is not None
    file = plan_wire.read(Packer().pack(cut(plan, ground), key="k", frame_key="f"))
    row = file.header["ground"]
    tile = file.blob(row["grain_tile"])
    assert tile.shape == (256, 256)
    assert tile.std() == pytest.approx(1, abs=0.01)
    bare = Ground(ground.field).paint(W, H)
    light = np.maximum(bare @ np.float32([0.2289746, 0.6917385, 0.0792869]), 1e-4)
    factor = np.maximum(1 + tile[:H, :W] * row["grain"] / np.sqrt(light), 0) ** 2
    assert np.abs(bare * factor[..., None] - ground.paint(W, H)).max() < 2e-4


def test_what_is_there_is_named_and_not_sent(plan: Plan) -> None:
    packer = Packer()
    first = packer.pack(plan, key="k", frame_key="f")
    kept = plan_wire.read(first).blobs()
    again = packer.pack(cut(plan, Ground(as_float(np.full((1, 1, 3), 0.3)))), key="k2",
                        frame_key="f", have=list(kept))  # fmt: skip
    file = plan_wire.read(again)
    assert len(again) < len(first) / 4
    assert np.array_equal(plan_wire.to_plan(file, kept).base, kept[
        file.header["blobs"][file.header["base"]]["key"]
    ])  # fmt: skip
