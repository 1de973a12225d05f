#!/usr/bin/env python3
"""Train the refiner: train.py DATA OUT --until HH:MM (or --minutes M).

DATA holds what generate.py wrote, and may still be growing. Runs with torch alone (1.13 and later).
Every few minutes OUT/checkpoint.pt (to go on from) and OUT/matte_lent.onnx (the running mean of the
weights); with ``--alone`` a network that is lent no maps, matte_coarse.onnx. ``--start`` begins
with the weights of another run's checkpoint, as far as they fit.
The learning rate falls with the clock, so that the end is the end however fast the machine is.
"""

import argparse
import copy
import datetime
import math
import pathlib
import time

import network
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812, as everywhere in torch
from export import export
from split import read_split

#: The window, and the size of a cell of each of the lent maps, in its pixels.
H, W, CELLS = 352, 288, (8, 16, 32)
ARRAYS = ("coarse", "target", *(f"lent{step}" for step in CELLS))


class Store:
    """The composites that are there, over all folders, but for those that show whom not to see."""

    def __init__(self, folder, arrays, without):
        self.folder, self.arrays, self.without, self.rows = folder, arrays, without, []

    def look(self):
        """Look again: how many there are."""
        self.rows = []
        for counter in sorted(self.folder.glob("*/done")):
            n = int(counter.read_text() or 0)
            held = [np.load(counter.parent / f"{k}.npy", mmap_mode="r") for k in self.arrays]
            who = np.load(counter.parent / "who.npy", mmap_mode="r")[:n]
            seen = [{name.split("_")[0] for name in row} for row in who]
            self.rows += [(held, k) for k in range(n) if not seen[k] & self.without]
        return len(self.rows)

    def draw(self, rng):
        """The arrays' rows of one composite."""
        held, k = self.rows[int(rng.integers(len(self.rows)))]
        return [array[k] for array in held]


def draw_batch(store, rng, count):
    rows = []
    while len(rows) < count:
        row = store.draw(rng)
        # Fewer with bystanders than were made: the network came to suspect wide hair.
        while row[0][6].min() < 60 and rng.random() < 0.6:
            row = store.draw(rng)
        rows.append(row)
    return [torch.from_numpy(np.stack(fields)) for fields in zip(*rows, strict=True)]


def to_input(coarse):
    """Composites' channels as the network is shown them: 0..1, and -1..1 whose face is whose."""
    x = coarse.float() / 255
    x[:, 6] = (x[:, 6] * 255 - 128) / 127 * x[:, 7]
    return x


def draw_tint(rng, n):
    """A change of exposure, colour and contrast, the same for both views of a picture, in codes."""
    gamma = torch.from_numpy(np.exp2(rng.normal(0, 0.3, (n, 1, 1, 1)))).float()
    gain = torch.from_numpy(np.exp2(rng.normal(0, 0.12, (n, 3, 1, 1)))).float()
    return lambda p: (p.clamp_min(1e-3) ** gamma * gain).clamp(0, 1)


def upset_votes(rng, x):
    """Votes fail in more ways than the composites show: dropped, holed, filled, softened."""
    inside = x[:, 7]
    h, w = inside.shape[1:]
    for n in range(x.shape[0]):
        for c in range(3, 6):
            dice = rng.random()
            if dice < 0.06:
                x[n, c] = 0.5 * inside[n]
            elif dice < 0.22:
                bh, bw = int(rng.uniform(10, 150)), int(rng.uniform(10, 130))
                y, q = int(rng.uniform(0, h - bh)), int(rng.uniform(0, w - bw))
                if rng.random() < 0.6:  # lost: clothes, shoulders, hair
                    x[n, c, y : y + bh, q : q + bw] *= float(rng.uniform(0, 0.5))
                else:
                    box = x[n, c, y : y + bh, q : q + bw]
                    box.copy_(
                        torch.maximum(
                            box, rng.uniform(0.5, 1.0) * inside[n, y : y + bh, q : q + bw]
                        )
                    )
            elif dice < 0.3:
                x[n, c : c + 1] = F.avg_pool2d(x[n : n + 1, c : c + 1], 7, 1, 3)[0]
    return x


def shift_all(rng, x, target):
    """Move the window a few pixels, as a mesh not quite right does; and the grid it came by."""
    dx, dy = (int(rng.integers(-7, 8)) for _ in range(2))
    moved = []
    for whole in (x, target):
        field = torch.roll(whole, (dy, dx), (-2, -1))
        if dy:
            field[..., slice(0, dy) if dy > 0 else slice(dy, None), :] = 0
        if dx:
            field[..., :, slice(0, dx) if dx > 0 else slice(dx, None)] = 0
        moved.append(field)
    y, q = torch.meshgrid(torch.arange(H) - dy, torch.arange(W) - dx, indexing="ij")
    grid = torch.stack([q / (W - 1) * 2 - 1, y / (H - 1) * 2 - 1], -1).float()
    return (*moved, grid[None].expand(len(x), -1, -1, -1))


def bend_all(rng, x, target):
    """Other builds: turned, shorter necks, other shoulders, more hair; and the grid used."""
    n, _, h, w = x.shape
    line_y, line_x = torch.arange(h).float() - 132, torch.arange(w).float() - 144
    grids = []
    for _ in range(n):
        turn, scale = rng.normal(0, 0.15), rng.uniform(0.92, 1.1)
        y, x0 = line_y[:, None].expand(h, w), line_x[None].expand(h, w)
        c, s = float(np.cos(turn)) * scale, float(np.sin(turn)) * scale
        y, x0 = c * y + s * x0, c * x0 - s * y
        low = ((y - 22) / 45).clamp(0, 1)  # from the mouth down
        low = low * low * (3 - 2 * low)
        x0 = x0 * (1 - float(rng.uniform(-0.15, 0.35)) * low) + float(rng.normal(0, 12)) * low
        y = y + float(rng.uniform(-6, 30)) * low
        if rng.random() < 0.5:  # wider and taller hair: what lies beyond the face is stretched
            wide, tall = (float(rng.uniform(0.45, 1.0)) for _ in range(2))
            x0 = torch.where(x0.abs() > 38, x0.sign() * (38 + (x0.abs() - 38) * wide), x0)
            y = torch.where(y < -35, -35 + (y + 35) * tall, y)
        grids.append(torch.stack([(x0 + 144) / (w - 1) * 2 - 1, (y + 132) / (h - 1) * 2 - 1], -1))
    fields = torch.cat([x, target.float()], 1)
    grid = torch.stack(grids)
    fields = F.grid_sample(fields, grid, align_corners=True)
    x, target = fields[:, :8], fields[:, 8:]
    x[:, 7] = (x[:, 7] > 0.99).float()
    x[:, :7] *= x[:, 7:]
    target[:, :1] *= x[:, 7:]
    return x, target, grid


def cut_photo(rng, x, target):
    """End some photos earlier: beyond the new border nothing is seen."""
    for n in range(x.shape[0]):
        if rng.random() < 0.3:
            side, reach = rng.integers(4), int(rng.uniform(55, 120))
            where = (
                np.s_[: 132 - reach, :],
                np.s_[min(351, 190 + reach) :, :],
                np.s_[:, : 144 - reach],
                np.s_[:, 144 + reach :],
            )[side]
            x[n][(slice(None), *where)] = 0
            target[n][(slice(None), *where)] = 0
    return x, target


def slopes(x):
    return x[..., :, 1:] - x[..., :, :-1], x[..., 1:, :] - x[..., :-1, :]


def spread(x):
    """The greatest within two pixels."""
    return F.max_pool2d(F.max_pool2d(x, (5, 1), 1, (2, 0)), (1, 5), 1, (0, 2))


def matte_loss(got, true, weight, sharp, thin=0.0):
    """L1 with more weight on edges, of values and of slopes, at full and quarter size."""
    near = spread(((true > 0.02) & (true < 0.98)).float())
    # What an opening by 5 pixels takes away is a strand: left out, it would cost next to nothing.
    opened = spread(-spread(-true))
    w = weight * (1 + 3 * near + thin * (true - opened).clamp_min(0))
    loss = (w * (got - true).abs()).mean()
    gx, gy = slopes(got)
    tx, ty = slopes(true)
    loss = loss + sharp * (
        (w[..., :, 1:] * (gx - tx).abs()).mean() + (w[..., 1:, :] * (gy - ty).abs()).mean()
    )
    small = F.avg_pool2d(got - true, 4)
    return loss + (F.avg_pool2d(w, 4) * small.abs()).mean()


def bring_lent(lent, grid):
    """Lent maps moved as the window was: ``grid`` (N, H, W, 2) of grid_sample, corners aligned."""
    out = []
    for field, step in zip(lent, CELLS, strict=True):
        # The mean over a cell is where its middle came from.
        x, y = F.avg_pool2d(grid.permute(0, 3, 1, 2), step).unbind(1)
        x, y = ((((v + 1) / 2 * (n - 1) + 0.5) / n * 2 - 1) for v, n in ((x, W), (y, H)))
        out.append(F.grid_sample(field, torch.stack([x, y], -1), align_corners=False))
    return out


def learn(net, batch, rng, *, half=False):
    """The loss of alpha of one batch, and what is to be made small."""
    coarse, target, *lent = batch
    lent = [field.float() for field in lent]
    if rng.random() < 0.5:
        coarse, target = coarse.flip(-1), target.flip(-1)
        lent = [field.flip(-1) for field in lent]
    x = to_input(coarse)
    change = bend_all if rng.random() < 0.5 else shift_all
    x, target, grid = change(rng, x, target)
    x, target = cut_photo(rng, x, target)
    inside = x[:, 7:].clone()
    lent = [
        field * (F.avg_pool2d(inside, step) > 0.5)
        for field, step in zip(bring_lent(lent, grid), CELLS, strict=True)
    ]
    if rng.random() < 0.08:  # it must do without, too
        lent = [field * 0 for field in lent]
    truth = (target[:, :1].float() / 255).clamp(0, 1)
    weight = target[:, 1:].float() / 80 * (0.05 + 0.95 * inside)
    x = upset_votes(rng, x)
    x[:, :3] = draw_tint(rng, len(x))(x[:, :3]) * inside
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        out = net(x.contiguous(memory_format=torch.channels_last), *([] if net.alone else lent))
    out = out.float()
    alpha, doubt = out[:, :1], out[:, 1:]
    first = matte_loss(alpha, truth, weight, 1.0, thin=4.0)
    cross = F.binary_cross_entropy(alpha.clamp(1e-4, 1 - 1e-4), truth, weight=weight)
    miss = (weight.clamp_max(1) * (doubt - (alpha.detach() - truth).abs()) ** 2).mean()
    return first, first + 0.25 * cross + 0.5 * miss


def set_rate(rule, top, steps, gone):
    """The rate rises over the first hundred steps and falls with the share of time that is gone."""
    rate = top * min(1, (steps + 1) / 100) * (0.02 + 0.49 * (1 + math.cos(math.pi * gone)))
    for group in rule.param_groups:
        group["lr"] = rate


def descend(net, rule, loss):
    """One step down."""
    rule.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    rule.step()


def follow(mean, net, steps):
    """The running mean of the weights."""
    keep = min(0.995, steps / (steps + 10))
    with torch.no_grad():
        for a, b in zip(mean.state_dict().values(), net.state_dict().values(), strict=True):
            if a.dtype.is_floating_point:
                a.mul_(keep).add_(b, alpha=1 - keep)
            else:
                a.copy_(b)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--until", help="HH:MM, UTC")
    parser.add_argument("--minutes", type=float, default=85)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=float, default=4, help="minutes between checkpoints")
    parser.add_argument("--half", action="store_true", help="bfloat16, where the processor has it")
    parser.add_argument("--alone", action="store_true", help="lend it no maps")
    parser.add_argument("--start", type=pathlib.Path, help="a checkpoint to take weights from")
    parser.add_argument("--split", type=pathlib.Path, help="JSON with held_out: names of people")
    asked = parser.parse_args()
    if asked.until:
        now = datetime.datetime.now(datetime.timezone.utc)
        hour, minute = map(int, asked.until.split(":"))
        asked.minutes = (now.replace(hour=hour, minute=minute, second=0) - now).total_seconds() / 60
    return asked


def main():
    asked = read_arguments()
    torch.set_num_threads(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    started, total = time.time(), asked.minutes * 60
    torch.manual_seed(0)
    rng = np.random.default_rng()
    net, steps = network.Coarse(alone=asked.alone), 0
    if asked.start:
        net.load_state_dict(torch.load(asked.start)["mean"], strict=False)
    net = net.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(net)
    rule = torch.optim.AdamW(net.parameters(), asked.rate, weight_decay=1e-2)
    kept = asked.out / "checkpoint.pt"
    if kept.exists():
        state = torch.load(kept)
        net.load_state_dict(state["net"])
        mean.load_state_dict(state["mean"])
        rule.load_state_dict(state["rule"])
        steps = state["steps"]
    store, saved, sums = Store(asked.data, ARRAYS, read_split(asked.split)), time.time(), []
    there = store.look()
    while time.time() - started < total:
        gone = (time.time() - started) / total
        set_rate(rule, asked.rate, steps, gone)
        first, loss = learn(net, draw_batch(store, rng, asked.batch), rng, half=asked.half)
        descend(net, rule, loss)
        steps += 1
        follow(mean, net, steps)
        sums.append(float(first))
        if steps % 50 == 0:
            clock = f"{datetime.datetime.now(datetime.timezone.utc):%H:%M:%S}"
            print(f"{clock} step {steps}, {there} composites: {np.mean(sums):.4f}", flush=True)
            there, sums = store.look(), []
        if time.time() - saved > 60 * asked.every:
            save(net, mean, rule, steps, asked.out)
            saved = time.time()
    save(net, mean, rule, steps, asked.out)


def save(net, mean, rule, steps, out):
    state = {"net": net, "mean": mean, "rule": rule}
    state = {k: v.state_dict() for k, v in state.items()} | {"steps": steps}
    torch.save(state, out / "checkpoint.pt")
    export(mean, out)
    print("saved at step", steps, flush=True)


if __name__ == "__main__":
    main()
