"""Alpha mattes from one colour-line model: closed-form matting, coarse to fine.

Conjugate gradients on :mod:`colour_lines`, from a quarter of the working size up; then the lines
of the working size carry alpha to the full picture.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels, filters, powers
from catchlight.pixels.colour_lines import ColourLines, from_phases, to_phases
from catchlight.pixels.strips import over_parts
from catchlight.pixels.tiles import Box, enlarge_part, find_tiles

#: Pull of the guess in the unknown band: everywhere, and where it is sure and colours cannot tell.
_PULL = (2e-5, 0.08)
#: Distance of sqrt-coded colours below which person and background look alike.
_ALIKE = 0.10
#: Levels from coarse to fine: share of the size, radius of a window in cells of two pixels, steps.
_LEVELS = ((4, 1, 40), (2, 2, 16), (1, 2, 10))


def _solve(
    image: Pixels, known: Mask, prior: Mask, start: Mask, *, radius: int, eps: float, steps: int
) -> Mask:
    """Conjugate gradients for (L + c K) p = c K prior, from ``start``."""
    lines = ColourLines(image, radius, eps)
    # The pull of what is known; L's diagonal is about 1.
    c = to_phases(known)
    c *= 10
    p = to_phases(start)
    residual = to_phases(prior)
    residual -= p
    residual *= c
    residual -= lines.laplacian(p)
    scale = as_float(1 / (1 + c))  # Jacobi
    d = as_float(scale * residual)
    spare = np.empty_like(d)
    rz = _inner(residual, d)
    first = max(rz, 1e-12)
    for _ in range(steps):
        q = lines.laplacian(d)
        q += np.multiply(c, d, out=spare)
        step = rz / max(_inner(d, q), 1e-20)
        p += np.multiply(d, np.float32(step), out=spare)
        q *= np.float32(step)
        residual -= q
        z = np.multiply(scale, residual, out=spare)
        new = _inner(residual, z)
        if new < 1e-6 * first:
            break
        d *= np.float32(new / max(rz, 1e-20))
        d += z
        rz = new
    return np.clip(from_phases(p), 0, 1)


def _inner(a: Float, b: Float) -> float:
    return float(cv2.mean(cv2.multiply(a.reshape(-1, 1), b.reshape(-1, 1)))[0]) * a.size


def _weigh_guess(image: Pixels, foreground: Mask, background: Mask, guess: Mask) -> Mask:
    """How much the guess counts in the unknown band.

    Hardly at all where the nearby person and the nearby background differ in colour: there the
    colour lines know better. Where they are alike (black hair before the night) the lines know
    nothing, and what is certain would seep in from both sides: there the guess decides, as far as
    it is sure itself.
    """
    h, w = guess.shape
    # What is near is told over a twenty-fourth of the picture: a quarter of the size is enough.
    size = (max(1, w // 4), max(1, h // 4))
    small, *masks = (filters.resize(x, *size) for x in (image, foreground, background))
    reach = max(size) / 24
    near = [filters.blur_inside(small, known, reach) for known in masks]
    alike = powers.exp(channels.add_up(np.square(near[0] - near[1])) * np.float32(-1 / _ALIKE**2))
    sure = np.square(np.square(2 * np.clip(guess, 0, 1) - 1))
    sure *= filters.resize(alike, w, h)
    sure *= np.float32(_PULL[1] - _PULL[0])
    sure += np.float32(_PULL[0])
    return as_float(sure)


def estimate_alpha(
    image: Pixels, foreground: Mask, background: Mask, guess: Mask, *, eps: float = 1e-5
) -> Mask:
    """Alpha of ``image`` between what is surely foreground and surely background.

    Parameters
    ----------
    image : (H, W, 3) float32, 0..1; about 0.3 megapixels
    foreground, background : (H, W), 1 where certain
    guess : (H, W), 0..1, a first alpha (a segmentation); steers the start and, weakly, the result
    eps : float
        Colour variance below which a window counts as one colour.

    Returns
    -------
    (H, W) float32 in 0..1, exactly 1 and 0 where certain.

    Notes
    -----
    He, Sun, Tang 2010; about 60 ms for 0.3 megapixels on one core.
    """
    h, w = foreground.shape
    known = np.maximum(foreground, background)
    breath = _weigh_guess(image, foreground, background, guess)
    prior = np.where(known > 0.5, foreground, guess).astype(np.float32)
    # Every level is to have whole cells.
    beyond = (0, -h % 8, 0, -w % 8)
    fields = [
        as_float(cv2.copyMakeBorder(x, *beyond, borderType=cv2.BORDER_REPLICATE))
        for x in (image, known, prior, breath)
    ]
    alpha = fields[2]
    height, width = alpha.shape
    for part, radius, steps in _LEVELS:
        size = (width // part, height // part)
        if min(size) < 16:
            continue
        i, k, pr, br = (filters.resize(x, *size) for x in fields)
        k = as_float(np.where(k > 0.99, 1, br))
        start = as_float(cv2.resize(alpha, size, interpolation=cv2.INTER_LINEAR))
        alpha = _solve(i, k, pr, start, radius=radius, eps=eps, steps=steps)
    alpha = alpha[:h, :w]
    alpha = np.where(foreground > 0.5, 1, np.where(background > 0.5, 0, alpha))
    return alpha.astype(np.float32)


def upsample_alpha(pixels: Pixels, small: Pixels, alpha: Mask, *, eps: float = 1e-4) -> Mask:
    """Carry ``alpha`` of a ``small`` image to the full ``pixels`` along its colour lines.

    The affine model alpha = a . I + b of each small window is evaluated at full resolution (fast
    guided upsampling, He & Sun 2015), so that strands thinner than a small pixel come back.

    Parameters
    ----------
    pixels : (H, W, 3) linear; I is their :func:`root_code`
    small : (h, w, 3), root-coded
    alpha : (h, w)
    """
    h, w = pixels.shape[:2]
    coarse = filters.resize(alpha, w, h)
    np.clip(coarse, 0, 1, out=coarse)
    square = np.ones((3, 3))
    low, high = (as_float(f(alpha, square)) for f in (cv2.erode, cv2.dilate))
    soft = high - low
    if float(soft.max()) <= _SOFT:
        return coarse
    slopes, offset = ColourLines(small, 1, eps, cells=False).fit(alpha[None])
    middle = cv2.mean(small)[:3]
    offset -= sum(np.float32(m) * a for m, a in zip(middle, slopes, strict=True))
    size, edge = (3, 3), cv2.BORDER_REFLECT_101
    line = as_float(cv2.blur(cv2.merge([*slopes, offset]), size, borderType=edge))
    bounds = as_float(cv2.merge([low, high, soft]))

    # Only the soft band is drawn again; what is solid or clear stays so.
    def draw(box: Box) -> None:
        a = enlarge_part(line, (h, w), box)
        limits = enlarge_part(bounds, (h, w), box)
        fine = a[..., 3] + cv2.transform(a[..., :3] * root_code(pixels[box]), np.ones((1, 3)))
        fine = np.clip(fine, limits[..., 0], limits[..., 1])
        np.copyto(coarse[box], np.clip(fine, 0, 1), where=limits[..., 2] > _SOFT)

    over_parts(draw, list(find_tiles(soft > _SOFT, (h, w))))
    return coarse


#: Range of alpha over neighbouring pixels above which an edge is drawn along the colour lines.
_SOFT = np.float32(0.02)


def root_code(pixels: Pixels) -> Pixels:
    """Linear -> a square-root code: near enough to perceptual, cheap, and defined above 1."""
    return np.sqrt(np.clip(pixels, 0, 1.2))
