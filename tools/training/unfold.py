#!/usr/bin/env python3
"""Weights that ship, back to a checkpoint to start from: unfold.py WEIGHTS.onnx DATA CHECKPOINT.

DATA are composites of generate.py; for the fringe's weights the POOL.npz of fringe_pool.py. The
export folds each normalisation into the convolution before it. Here each gets back the mean and
deviation that its convolution really gives on what DATA shows, and the scale and shift that undo
them, so that the network answers as before and training can go on.
"""

import pathlib
import sys
from itertools import pairwise

import network
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from train import ARRAYS, Store, draw_batch, to_input

#: How many composites, or crops, are looked at.
_COUNT = 64


def read_convolutions(graph):
    """(weight, bias) of each convolution, in the order in which they run."""
    held = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
    return [[held[name] for name in n.input[1:]] for n in graph.node if n.op_type == "Conv"], held


def find_order(net, example):
    """The network's convolutions in the order in which they run, each with its normalisation."""
    order, hooks = [], []
    after = {}
    for block in net.modules():
        if isinstance(block, nn.Sequential):
            steps = list(block)
            after |= {a: b for a, b in pairwise(steps) if isinstance(b, nn.BatchNorm2d)}
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            hooks.append(module.register_forward_hook(lambda m, *_: order.append(m)))
    with torch.no_grad():
        net(*example)
    for hook in hooks:
        hook.remove()
    return [(conv, after.get(conv)) for conv in order]


def prepare(held, data):
    """The network that the weights are of, and what it may be shown of DATA."""
    rng = np.random.default_rng(0)
    if data.suffix == ".npz":
        from train_fringe import Pool  # it alone needs our sources
        from train_fringe import draw_batch as draw_crops

        return network.Fringe().eval(), draw_crops(rng, Pool(data), None, _COUNT)[:1]
    alone = not any(".join." in name for name in held)
    net = network.Coarse(alone=alone).eval()
    own = net.state_dict()
    own.update({k: v for k, v in held.items() if k in own and ".join." in k})
    net.load_state_dict(own)
    store = Store(data, ARRAYS, set())
    store.look()
    coarse, _, *lent = draw_batch(store, rng, _COUNT)
    return net, (to_input(coarse), *([] if alone else [field.float() for field in lent]))


def main():
    source, data, target = map(pathlib.Path, sys.argv[1:4])
    pairs, held = read_convolutions(onnx.load(source).graph)
    net, shown = prepare(held, data)
    order = find_order(net, [field[:1] for field in shown])
    with torch.no_grad():
        for (conv, norm), (weight, *bias) in zip(order, pairs, strict=True):
            conv.weight.copy_(weight)
            if norm is None:
                conv.bias.copy_(bias[0])
                continue
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
            norm.weight.fill_(1)
            norm.bias.copy_(bias[0])
        seen = {}
        hooks = [
            conv.register_forward_hook(
                lambda m, _, y: seen.update({m: (y.mean((0, 2, 3)), y.var((0, 2, 3)))})
            )
            for conv, norm in order
            if norm is not None
        ]
        before = net(*shown)
        for hook in hooks:
            hook.remove()
        for conv, norm in order:
            if norm is not None:
                mean, var = seen[conv]
                norm.running_mean.copy_(mean)
                norm.running_var.copy_(var)
                norm.weight.copy_((var + norm.eps).sqrt())
                norm.bias.add_(mean)
        print("answers differ by at most", float((net(*shown) - before).abs().max()))
    target.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"mean": net.state_dict()}, target)


if __name__ == "__main__":
    main()
