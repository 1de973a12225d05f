"""The two stages of the refiner: small U-nets of plain convolutions (Ronneberger et al. 2015)."""

import itertools
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812, as everywhere in torch
from torch import nn


def conv(i, o, stride=1):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)
    )


class UNet(nn.Module):
    """Halves its input ``len(widths)`` times and comes back to it; (N, outputs, H, W) logits.

    The first and last step work on pixels folded by two, where a convolution costs a quarter.
    """

    def __init__(self, inputs, outputs, widths, deep=1):
        super().__init__()
        self.stem = conv(inputs, widths[0], 2)
        self.down = nn.ModuleList(
            nn.Sequential(conv(a, b, 2), *(conv(b, b) for _ in range(deep)))
            for a, b in itertools.pairwise(widths)
        )
        self.up = nn.ModuleList(conv(a + b, b) for a, b in pairwise(widths[::-1]))
        self.out = nn.Conv2d(widths[0], 4 * outputs, 3, 1, 1)

    def forward(self, x):
        kept = [self.stem(x)]
        for step in self.down:
            kept.append(step(kept[-1]))
        y = kept.pop()
        for step in self.up:
            y = F.interpolate(y, scale_factor=2.0, mode="nearest")
            y = step(torch.cat([y, kept.pop()], 1))
        return F.pixel_shuffle(self.out(y), 2)


def near_logit(alpha):
    alpha = alpha.clamp(0.02, 0.98)
    return torch.log(alpha) - torch.log(1 - alpha)


class Coarse(nn.Module):
    """(N, 8, 352, 288): picture, votes, faces, photo -> (N, 2, 352, 288): alpha and doubt."""

    def __init__(self, widths=(20, 32, 48, 80, 112), size=(352, 288)):
        super().__init__()
        self.net = UNet(10, 2, widths, deep=1)
        h, w = size
        y, x = torch.meshgrid(torch.linspace(-1, 1, h), torch.linspace(-1, 1, w), indexing="ij")
        self.register_buffer("where", torch.stack([x, y])[None])

    def forward(self, x):
        picture = (x[:, :3] - 0.45) * 4.0
        votes = (x[:, 3:6] - 0.5) * 2.0
        where = self.where.expand(x.shape[0], -1, -1, -1)
        out = self.net(torch.cat([picture, votes, x[:, 6:], where], 1))
        alpha = torch.sigmoid(out[:, :1] + near_logit(x[:, 3:4]) * 0.5)
        return torch.cat([alpha, torch.sigmoid(out[:, 1:] - 2.0)], 1)


class Fine(nn.Module):
    """(N, 5, H, W): picture, coarse alpha, photo -> (N, 1, H, W) alpha; H, W multiples of 16."""

    def __init__(self, widths=(12, 20, 32, 48)):
        super().__init__()
        self.net = UNet(5, 1, widths, deep=1)

    def forward(self, x):
        parts = [(x[:, :3] - 0.45) * 4.0, (x[:, 3:4] - 0.5) * 2.0, x[:, 4:5]]
        return torch.sigmoid(self.net(torch.cat(parts, 1)) + near_logit(x[:, 3:4]))
