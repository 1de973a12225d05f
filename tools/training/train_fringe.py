#!/usr/bin/env python3
"""Train the network that draws the fringe of hair: train_fringe.py POOL.npz OUT --minutes M.

POOL is fringe_pool.py's. With ``--decisions`` every other crop is of a composite of generate.py,
with what the cut-out really decided: errors as they are, before few grounds. Every few minutes
OUT/fringe.pt (to go on from, with ``--start``) and OUT/matte_fringe.onnx (the running mean of the
weights). Needs torch, OpenCV and Catchlight's own sources on the path. Two cores are best used as
two processes that share their slopes: torchrun --nproc-per-node 2 -- train_fringe.py ...
"""

import argparse
import concurrent.futures
import copy
import os
import pathlib
import time

import cv2
import numpy as np
import torch
import torch.distributed as dist
from export import write
from fringe_data import Pool, draw_crop, draw_decided
from network import Fringe
from split import read_split
from train import Store, descend, follow, matte_loss, set_rate

from catchlight.analysis.cutout.sides import see_sides, stack_planes


def draw_batch(rng, pool, store, count):
    """What is shown, (count, 15, SIDE, SIDE), alpha and trust, in 0..1."""
    made = [draw_crop(rng, pool) for _ in range(count // 2 if store else count)]
    rows = made + [draw_decided(rng, store) for _ in range(count - len(made))]
    shown, alpha, trust = [], [], []
    for *seen, true, trusted in rows:
        code, person = (f.astype(np.float32) / 255 for f in seen)
        shown.append(stack_planes(code, person, see_sides(code, person)))
        alpha.append(true[None].astype(np.float32) / 255)
        trust.append(trusted[None].astype(np.float32) / 255)
    return [torch.from_numpy(np.stack(f)) for f in (shown, alpha, trust)]


def save(net, mean, out):
    torch.save({"net": net.state_dict(), "mean": mean.state_dict()}, out / "fringe.pt")
    axes = {2: "h", 3: "w"}
    write(
        mean,
        out / "matte_fringe.onnx",
        (torch.zeros(1, 15, 480, 416),),
        input_names=["x"],
        output_names=["alpha"],
        dynamic_axes={"x": axes, "alpha": axes},
    )


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pool", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--half", action="store_true", help="bfloat16, where the processor has it")
    parser.add_argument("--start", type=pathlib.Path, help="a fringe.pt to go on from")
    parser.add_argument("--decisions", type=pathlib.Path, help="what generate.py wrote")
    parser.add_argument("--split", type=pathlib.Path, help="who of that is held out")
    return parser.parse_args()


def agree(gone):
    """How much of the time is gone, as the first process has it."""
    if not dist.is_initialized():
        return gone
    said = torch.tensor([gone])
    dist.broadcast(said, 0)
    return float(said)


def main():
    asked = read_arguments()
    shared = "WORLD_SIZE" in os.environ
    if shared:
        dist.init_process_group("gloo")
    first = not shared or dist.get_rank() == 0
    torch.set_num_threads(asked.threads)
    cv2.setNumThreads(1)
    asked.out.mkdir(parents=True, exist_ok=True)
    rng, pool, store = np.random.default_rng(), Pool(asked.pool), None
    if asked.decisions:
        store = Store(asked.decisions, ("fringe", "fringe_target"), read_split(asked.split))
        print(store.look(), "composites")
    torch.manual_seed(0)
    net = Fringe()
    if asked.start:
        net.load_state_dict(torch.load(asked.start)["mean"])
    net = net.to(memory_format=torch.channels_last)
    mean, steps, sums = copy.deepcopy(net), 0, []
    learner = torch.nn.parallel.DistributedDataParallel(net) if shared else net
    rule = torch.optim.AdamW(net.parameters(), asked.rate, weight_decay=1e-2)
    beside = concurrent.futures.ThreadPoolExecutor(1)  # draws the next while this one is learned
    coming = beside.submit(draw_batch, rng, pool, store, asked.batch)
    started = saved = time.time()
    while (gone := agree((time.time() - started) / (60 * asked.minutes))) < 1:
        set_rate(rule, asked.rate, steps, gone)
        x, true, trust = coming.result()
        coming = beside.submit(draw_batch, rng, pool, store, asked.batch)
        weight = 0.05 + 0.95 * trust
        with torch.autocast("cpu", torch.bfloat16, enabled=asked.half):
            got = learner(x.contiguous(memory_format=torch.channels_last))
        got = got.float()
        loss = matte_loss(got, true, weight, 1.0, thin=2.0)
        descend(learner, rule, loss)
        steps += 1
        follow(mean, net, steps)
        sums.append([float((weight * (f - true).abs()).mean().detach()) for f in (got, x[:, 3:4])])
        if steps % 100 == 0:
            (now, before), sums = np.mean(sums, 0), []
            print(
                f"{time.strftime('%H:%M:%S')} step {steps}: {now:.4f} of {before:.4f}", flush=True
            )
        if first and time.time() - saved > 240:
            save(net, mean, asked.out)
            saved = time.time()
    if first:
        save(net, mean, asked.out)


if __name__ == "__main__":
    main()
