#!/usr/bin/env python3
"""Two sets of weights mixed: mix.py BEFORE.onnx AFTER.onnx SHARE OUT.onnx.

SHARE is how much AFTER counts. AFTER must have gone on from BEFORE: only then do their weights mean
the same (Wortsman et al. 2022, robust fine-tuning).
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import numpy_helper


def find_weights(graph):
    """The weights of convolutions and normalisations, in the order in which they run."""
    held = {i.name: i for i in graph.initializer}
    steps = (n for n in graph.node if n.op_type in {"Conv", "BatchNormalization"})
    return [held[name] for n in steps for name in n.input[1:]]


def main():
    before, after, target = (pathlib.Path(sys.argv[k]) for k in (1, 2, 4))
    share = float(sys.argv[3])
    mixed = onnx.load(before)
    for own, other in zip(
        find_weights(mixed.graph), find_weights(onnx.load(after).graph), strict=True
    ):
        a, b = numpy_helper.to_array(own), numpy_helper.to_array(other)
        if a.shape != b.shape:
            sys.exit(f"{own.name} is {a.shape} in {before}, {b.shape} in {after}: not the same net")
        whole = ((1 - share) * a + share * b).astype(np.float32)
        own.CopyFrom(numpy_helper.from_array(whole, own.name))
    onnx.save(mixed, target)


if __name__ == "__main__":
    main()
