#!/usr/bin/env python3
"""Weights to ONNX: export.py CHECKPOINT OUT (the running mean of the weights; float32)."""

import copy
import pathlib
import sys
import warnings

import network
import torch


def write(net, path, shown, **names):
    """Write a network that is shown such tensors; ``names`` are torch.onnx.export's."""
    net = copy.deepcopy(net).to(memory_format=torch.contiguous_format).eval()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        how = {} if torch.__version__ < "2" else {"dynamo": False}
        torch.onnx.export(net, shown, str(path), opset_version=13, **names, **how)


def export(net, out):
    """Write OUT/matte_lent.onnx, or matte_coarse.onnx of a net that is alone."""
    steps = {} if net.alone else network.LENT
    lent = [torch.zeros(1, c, 352 // step, 288 // step) for step, c in steps.items()]
    write(
        net,
        out / f"matte_{'coarse' if net.alone else 'lent'}.onnx",
        (torch.zeros(1, 8, 352, 288), *lent),
        input_names=["x", *(f"lent{step}" for step in steps)],
        output_names=["alpha_and_doubt"],
    )


def main():
    checkpoint, out = map(pathlib.Path, sys.argv[1:3])
    state = torch.load(checkpoint)["mean"]
    net = network.Coarse(alone=not any(".join." in name for name in state))
    net.load_state_dict(state)
    out.mkdir(parents=True, exist_ok=True)
    export(net, out)


if __name__ == "__main__":
    main()
