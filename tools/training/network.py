"""The refiner: a small U-net of plain convolutions (Ronneberger et al. 2015)."""

import itertools
from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812, as everywhere in torch
from torch import nn

#: Channels of the lent maps, by the size of their cells in pixels of the window.
LENT = {8: 128, 16: 128, 32: 64}


def conv(i, o, stride=1):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True)
    )


class UNet(nn.Module):
    """Halves its input ``len(widths)`` times and comes back to it; (N, outputs, H, W) logits.

    The first and last step work on pixels folded by two, where a convolution costs a quarter.
    """

    def __init__(self, inputs, outputs, widths, deep=1, lent=None):
        super().__init__()
        self.stem = conv(inputs, widths[0], 2)
        self.down = nn.ModuleList(
            nn.Sequential(conv(a, b, 2), *(conv(b, b) for _ in range(deep)))
            for a, b in itertools.pairwise(widths)
        )
        # What another network saw joins where its grid is ours: (step, channels).
        self.lent = dict(lent or {})
        self.join = nn.ModuleDict(
            {
                str(k): nn.Sequential(
                    nn.BatchNorm2d(c),
                    nn.Conv2d(c, 64, 1),
                    nn.ReLU(inplace=True),
                    conv(64, 64),
                    nn.Conv2d(64, widths[k + 1], 1),
                )
                for k, c in self.lent.items()
            }
        )
        for step in self.join.values():  # it begins as if nothing were lent
            nn.init.zeros_(step[-1].weight)
            nn.init.zeros_(step[-1].bias)
        self.up = nn.ModuleList(conv(a + b, b) for a, b in pairwise(widths[::-1]))
        self.out = nn.Conv2d(widths[0], 4 * outputs, 3, 1, 1)

    def forward(self, x, lent=()):
        kept = [self.stem(x)]
        for k, step in enumerate(self.down):
            y = step(kept[-1])
            if k in self.lent:
                y = y + self.join[str(k)](lent[list(self.lent).index(k)])
            kept.append(y)
        y = kept.pop()
        for step in self.up:
            y = F.interpolate(y, scale_factor=2.0, mode="nearest")
            y = step(torch.cat([y, kept.pop()], 1))
        return F.pixel_shuffle(self.out(y), 2)


def near_logit(alpha):
    alpha = alpha.clamp(0.02, 0.98)
    return torch.log(alpha) - torch.log(1 - alpha)


class Coarse(nn.Module):
    """(N, 8, 352, 288): picture, votes, faces, photo -> (N, 2, 352, 288): alpha and doubt.

    ``lent`` are the salient network's inner maps, (N, 128, 44, 36), (N, 128, 22, 18) and
    (N, 64, 11, 9); none where it is ``alone``.
    """

    def __init__(self, widths=(20, 32, 48, 80, 112), size=(352, 288), *, alone=False):
        super().__init__()
        self.alone = alone
        lent = {} if alone else dict(zip((1, 2, 3), LENT.values(), strict=True))
        self.net = UNet(10, 2, widths, deep=1, lent=lent)
        h, w = size
        y, x = torch.meshgrid(torch.linspace(-1, 1, h), torch.linspace(-1, 1, w), indexing="ij")
        self.register_buffer("where", torch.stack([x, y])[None])

    def forward(self, x, *lent):
        picture = (x[:, :3] - 0.45) * 4.0
        votes = (x[:, 3:6] - 0.5) * 2.0
        where = self.where.expand(x.shape[0], -1, -1, -1)
        out = self.net(torch.cat([picture, votes, x[:, 6:], where], 1), lent)
        alpha = torch.sigmoid(out[:, :1] + near_logit(x[:, 3:4]) * 0.5)
        return torch.cat([alpha, torch.sigmoid(out[:, 1:] - 2.0)], 1)


class Fringe(nn.Module):
    """(N, 15, H, W), H and W multiples of 16 -> (N, 1, H, W): alpha of the fringe of hair.

    Planes: the picture in root code, who was decided to be the person, and what lies to both sides
    (catchlight.analysis.cutout.sides).
    """

    def __init__(self, widths=(20, 32, 48, 64), fine=12):
        super().__init__()
        self.net = UNet(15, 8, widths)
        self.fine = conv(15, fine)
        self.join = conv(fine + 8, fine)
        self.out = nn.Conv2d(fine, 1, 3, 1, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        seen, person, sides, places = x.split([3, 1, 9, 2], 1)
        seen, sides = ((c - 0.45) * 4.0 for c in (seen, sides))
        shown = torch.cat([seen, (person - 0.5) * 2.0, sides, (places - 0.5) * 2.0], 1)
        y = self.join(torch.cat([self.fine(shown), F.relu(self.net(shown))], 1))
        return torch.sigmoid(near_logit(person) + self.out(y))
