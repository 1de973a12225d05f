#!/usr/bin/env python3
"""Weights to ONNX: export.py CHECKPOINT OUT (the running mean of the weights; float32)."""

import copy
import pathlib
import sys
import warnings

import network
import torch


def export(nets, out):
    """Write OUT/matte_coarse.onnx and OUT/matte_fine.onnx."""
    nets = copy.deepcopy(nets).to(memory_format=torch.contiguous_format).eval()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            nets["coarse"],
            torch.zeros(1, 8, 352, 288),
            str(out / "matte_coarse.onnx"),
            opset_version=13,
            input_names=["x"],
            output_names=["alpha_and_doubt"],
        )
        torch.onnx.export(
            nets["fine"],
            torch.zeros(1, 5, 256, 256),
            str(out / "matte_fine.onnx"),
            opset_version=13,
            input_names=["x"],
            output_names=["alpha"],
            dynamic_axes={"x": {2: "h", 3: "w"}, "alpha": {2: "h", 3: "w"}},
        )


def main():
    checkpoint, out = map(pathlib.Path, sys.argv[1:3])
    nets = torch.nn.ModuleDict({"coarse": network.Coarse(), "fine": network.Fine()})
    nets.load_state_dict(torch.load(checkpoint)["mean"])
    out.mkdir(parents=True, exist_ok=True)
    export(nets, out)


if __name__ == "__main__":
    main()
