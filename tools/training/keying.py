"""How much of each pixel is the person, before a plain wall whose colour is known everywhere.

A pixel lies on the way from the wall to a colour of the person's own beside it, and alpha is how
far along it is. Own colours are sought in three classes, dark, middling and pale, as hair and skin
lie side by side; the class whose way passes nearest to the pixel counts. Two things cannot be told
so: skin, whose light varies along the way to a pale wall, is told by its warmth; and shine inside
hair is the person wherever no wall is seen beside it.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

GREY = np.float32([0.3, 0.6, 0.1])
#: Chroma counts less: the files keep it at half the resolution.
SPACE = np.float32([GREY, [0.35, -0.35, 0], [-0.15, -0.15, 0.3]])
#: Where dark, middling and pale colours begin, in shares of the wall's root code, and how readily a
#: pixel is told by each: a middling one near the wall may itself be wall seen through hair.
CLASSES, READY = (0.0, 0.42, 0.68, 2.0), (1.0, 0.5, 0.35)
#: Hair below this share of the wall's root code is dark: what lies between is wall seen through it.
DARK = 0.42


@dataclass
class Studio:
    """A photo before its wall: root codes (h, w, 3); scale in px/mm.

    ``differs`` is the distance of colour from the wall, and ``noise`` its 99th percentile where
    nobody is; ``grain`` the same in grey. ``firm`` is surely the person whatever its colour, and
    ``core`` what a segmentation is sure of. ``eyes`` is their row.
    """

    root: np.ndarray
    ground: np.ndarray
    differs: np.ndarray
    noise: float
    grain: float
    firm: np.ndarray
    core: np.ndarray
    eyes: int
    mm: float

    @cached_property
    def grey(self):
        """How bright each pixel is, in shares of the wall's root code, (h, w)."""
        wall = float(np.median(self.ground @ GREY))
        return cv2.GaussianBlur(self.root @ GREY, (0, 0), 1.0) / wall


def blur(x, sigma):
    """Gaussian blur; a wide one at a quarter of the size, where it costs a sixteenth."""
    if sigma < 8:
        return cv2.GaussianBlur(x, (0, 0), sigma)
    small = cv2.resize(x, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / 4)
    return cv2.resize(small, x.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def carry_on(field, known):
    """A field (h, w, n) beyond where it is known, nearest evidence first; how much there was."""
    total, have = np.zeros_like(field), np.zeros(field.shape[:2], np.float32)
    weight = known.astype(np.float32)
    for sigma in (4, 8, 16, 32, 64, 128):
        there = blur(weight, sigma)
        near = blur(field * weight[..., None], sigma).reshape(field.shape)
        take = np.clip(there * 20, 0, 1) * (1 - have)
        total += take[..., None] * near / np.maximum(there, 1e-6)[..., None]
        have += take
    return total / np.maximum(have, 1e-6)[..., None], have


def go_along(studio, own):
    """How far from the wall to the person's ``own`` colour, (h, w) in 0..1, and how far beside."""
    away = (own - studio.ground) @ SPACE.T
    seen = cv2.GaussianBlur((studio.root - studio.ground) @ SPACE.T, (0, 0), 0.5)
    length = np.sqrt(np.maximum((away**2).sum(-1), 0.05**2))
    along = (seen * away).sum(-1) / length
    beside = np.sqrt(np.maximum((seen**2).sum(-1) - along**2, 0))
    margin = 1.2 * studio.grain
    way = np.maximum(along - margin, 0) / np.maximum(length - margin, 0.03)
    return np.clip(way, 0, 1), beside


def find_wall(studio):
    """Wall that is surely seen: like the ground, over a patch."""
    like = cv2.GaussianBlur(studio.differs, (0, 0), 1.0) < 2.2 * studio.noise
    like &= ~studio.firm
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(like.astype(np.uint8), connectivity=4)
    least = max(6, 0.35 * studio.mm**2)
    return np.isin(pieces, 1 + np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= least))


def is_dark(studio, deep):
    """Whether the hair above the eyes is dark beside the wall."""
    hair = deep & ~studio.firm
    hair[studio.eyes :] = False
    return hair.sum() <= 500 or float(np.percentile(studio.grey[hair], 60)) < DARK


def tell_by_class(studio, sure, depth, *, dark):
    """Alpha by the class of own colours whose way passes nearest, and that colour."""
    noise = max(studio.noise, 0.012)
    found, first = [], None
    for k, ready in enumerate(READY):
        take = sure & (studio.grey >= CLASSES[k]) & (studio.grey < CLASSES[k + 1])
        if k and dark and first is not None:
            way, beside = first
            through = (beside < 2.2 * noise) & (way < 0.8) & (depth < 9) & ~studio.firm
            take &= ~through
        if take.sum() < 200:
            continue
        own, have = carry_on(studio.root, take)
        own = np.where(have[..., None] > 0.05, own, np.median(studio.root[take], 0))
        way, beside = go_along(studio, own)
        if k == 0:
            first = way, beside
        weight = ready * (0.15 + np.clip(blur(take.astype(np.float32), 12) * 8, 0, 1))
        weight = weight * np.exp(-(np.minimum(beside / (1.6 * noise), 6) ** 2) / 2) + 1e-12
        found.append((weight, way, beside, own))
    weights, ways, besides, owns = map(np.stack, zip(*found, strict=True))
    weights /= weights.sum(0)
    alpha, own = (weights * ways).sum(0), (weights[..., None] * owns).sum(0)
    # On no way: a thing of a colour of its own, an earring.
    odd = np.clip((besides.min(0) - max(6 * noise, 0.1)) / 0.06, 0, 1)
    stands_out = np.clip((studio.differs - 2.5 * studio.noise) / (7 * studio.noise), 0, 1)
    alpha = (1 - odd) * alpha + odd * np.maximum(stands_out, alpha)
    return np.clip(1.1 * alpha, 0, 1), own


def tell_skin(studio, deep):
    """Skin by its warmth beside the wall's, (h, w) in 0..1; nothing where skin is not warmer."""
    warm = cv2.GaussianBlur((studio.root - studio.ground) @ np.float32([1, 0, -1]), (0, 0), 1.2)
    level = float(np.median(warm[studio.firm]))
    if level <= 0.06:
        return np.zeros_like(warm)
    beside, _ = carry_on(warm[..., None], deep & (warm > 0.6 * level))
    share = np.clip((warm / np.maximum(beside[..., 0], 0.6 * level) - 0.55) / 0.35, 0, 1)
    return share * share * (3 - 2 * share) * (studio.differs > 3 * studio.noise)


def find_open(studio, alpha, depth, *, dark):
    """Where wall is seen through hair, over half a millimetre; shine shut into hair is not it."""
    clear = (cv2.GaussianBlur(alpha, (0, 0), 0.22 * studio.mm) < 0.55) & ~studio.firm
    _, pieces = cv2.connectedComponents(clear.astype(np.uint8), connectivity=4)
    seen = depth < 1.2
    if dark:
        low = np.arange(len(alpha))[:, None] > studio.eyes - 25 * studio.mm
        seen |= (cv2.GaussianBlur(alpha, (0, 0), 0.35 * studio.mm) < 0.33) & low
    return clear & np.isin(pieces, np.unique(pieces[clear & seen]))


def keep_joined(alpha, nose):
    """What hangs together with the face, or lies within 4 pixels of what does."""
    _, islands = cv2.connectedComponents((alpha > 0.04).astype(np.uint8))
    main = islands == islands[int(nose[1]), int(nose[0])]
    joined = cv2.dilate(main.astype(np.uint8), np.ones((9, 9)))
    return alpha * (np.isin(islands, np.unique(islands[joined > 0])) & (alpha > 0.04))


def draw_alpha(studio, nose):
    """Alpha, (h, w) float32, and the person's own colour beside each pixel, (h, w, 3) root code."""
    depth = cv2.distanceTransform((~find_wall(studio)).astype(np.uint8), cv2.DIST_L2, 5) / studio.mm
    deep = (depth > 2.5) & ((studio.differs > 6 * studio.noise) | studio.firm | studio.core)
    dark = is_dark(studio, deep)
    skin, sure = tell_skin(studio, deep), deep
    for _ in range(2):  # once more with what the first found to be surely the person
        alpha, own = tell_by_class(studio, sure, depth, dark=dark)
        alpha = np.maximum(alpha, skin)
        sure = deep & ((cv2.GaussianBlur(alpha, (0, 0), 0.25 * studio.mm) > 0.88) | studio.firm)
    seen = find_open(studio, alpha, depth, dark=dark)
    depth = cv2.distanceTransform((~seen).astype(np.uint8), cv2.DIST_L2, 5) / studio.mm
    alpha = np.maximum(alpha, np.clip((depth - 2.5) / 2.5, 0, 1))
    alpha[(studio.firm & (depth > 0.8)) | (alpha > 0.96)] = 1
    return keep_joined(alpha.astype(np.float32), nose), own
