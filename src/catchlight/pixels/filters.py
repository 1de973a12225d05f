"""Filters whose radii are given in pixels by callers that hold millimetres.

Every blur here is normalised at the borders (a flat picture stays flat), so that a mask or a
shading field does not fade towards the edge of the frame.
"""

from __future__ import annotations

import cv2
import numpy as np

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import channels


def blur(field: Float, sigma: float) -> Float:
    """Gaussian blur of ``field`` (H, W) or (H, W, C) with ``sigma`` in pixels.

    Large blurs run on a reduced copy: a Gaussian of many pixels holds no detail to lose.
    """
    if sigma < 0.2:
        return field
    h, w = field.shape[:2]
    step = int(sigma / 4)
    if step >= 2 and min(h, w) >= 4 * step:
        size = (max(1, round(w / step)), max(1, round(h / step)))
        reduced = sigma * size[0] / w
        small = cv2.resize(field, size, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), reduced, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(
        cv2.GaussianBlur(field, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32
    )


def blur_inside(field: Float, mask: Mask, sigma: float) -> Float:
    """Gaussian blur that only averages what lies inside ``mask`` (normalised convolution).

    Knutsson & Westin 1993. Where no mask is within reach the result tends to the masked mean.
    """
    weight = np.asarray(mask, np.float32)
    inside = channels.weigh(field, weight)
    # OpenCV's mean: NumPy's over the first two axes of three is ten times as slow.
    mean = np.array(cv2.mean(inside)[: inside.shape[2] if inside.ndim == 3 else 1])
    eps = 1e-3
    mean = as_float(eps * mean / (float(weight.mean()) + 1e-9))
    top = blur(inside, sigma) + mean
    bottom = blur(weight, sigma) + np.float32(eps)
    return channels.share_out(as_float(top), as_float(bottom))


def resize(field: Float, width: int, height: int) -> Float:
    """Resize a smooth field or mask: area average when shrinking, linear when growing."""
    h, w = field.shape[:2]
    if (w, h) == (width, height):
        return field
    shrink = width < w or height < h
    how = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(field, (width, height), interpolation=how), np.float32)


def resize_to(pixels: Pixels, longest: int) -> Pixels:
    """Shrink ``pixels`` to a longer side of ``longest``; smaller ones stay."""
    h, w = pixels.shape[:2]
    factor = longest / max(h, w)
    if factor >= 1:
        return pixels
    return resize(pixels, max(1, round(w * factor)), max(1, round(h * factor)))


def shrink(field: Float, times: int) -> Float:
    """Average squares of ``times`` pixels a side; a rim that makes no whole square is left out.

    OpenCV averages whole squares five times as fast as parts of pixels.
    """
    h, w = (max(1, side // times) for side in field.shape[:2])
    return resize(field[: h * times, : w * times], w, h)


def guided_filter(guide: Float, field: Float, radius: int, eps: float) -> Float:
    """Guided filter with a single-channel guide (He, Sun, Tang 2010, equations 5 to 8).

    Parameters
    ----------
    guide, field : (H, W) float32
    radius : int, pixels
    eps : float, variance of the guide below which the result is an average
    """
    size = (2 * radius + 1, 2 * radius + 1)

    def mean(x: Float) -> Float:
        return np.asarray(cv2.blur(x, size, borderType=cv2.BORDER_REFLECT), np.float32)

    mg, mf = mean(guide), mean(field)
    a = as_float((mean(guide * field) - mg * mf) / (mean(guide * guide) - mg * mg + eps))
    b = as_float(mf - a * mg)
    return np.asarray(mean(a) * guide + mean(b), np.float32)


def smoothstep(x: Float, low: float | Float, high: float | Float) -> Float:
    """Rise from 0 at ``low`` to 1 at ``high``, flat at both ends; ``low > high`` falls."""
    # In float32 whatever comes: a float64 scalar would make the whole field float64.
    start, span = as_float(low), as_float(np.subtract(high, low))
    t = np.asarray((as_float(x) - start) / span, np.float32)
    np.clip(t, 0, 1, out=t)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def ramp(value: float, low: float, high: float) -> float:
    """Rise in a straight line from 0 at ``low`` to 1 at ``high``; flat beyond both.

    ``low`` may lie on either side of ``high``.

    Examples
    --------
    >>> ramp(3.0, 4.0, 2.0)
    0.5
    """
    return min(1.0, max(0.0, (value - low) / (high - low)))


def fill_outside(field: Float, mask: Mask, reach: float, *, near: float = 1.0) -> Float:
    """Continue ``field`` from inside ``mask`` outwards, smoothly (push-pull, Gortler 1996).

    Parameters
    ----------
    field : (H, W, C) or (H, W) float32
    mask : (H, W), 1 where the field is known
    reach : float
        Blur, in pixels, of the finest level that fills; coarser levels follow by factors of two.
    near : float
        How many times what is known of a coarser pixel counts, up to all of it: at 4 what lies just
        beside is continued, at 1 it fades into the mean of all around within a few pixels.

    Returns
    -------
    float32 array of the field's shape; equal to ``field`` where ``mask`` is 1.
    """
    weight = np.asarray(mask, np.float32)
    levels = [(channels.weigh(field, weight), weight)]
    while max(levels[-1][1].shape) > 1:  # to one pixel: a half that knows nothing is no black
        f, m = levels[-1]
        size = ((m.shape[1] + 1) // 2, (m.shape[0] + 1) // 2)
        f, m = (as_float(cv2.resize(x, size, interpolation=cv2.INTER_AREA)) for x in (f, m))
        if near > 1:
            more = np.minimum(near, 1 / np.maximum(m, np.float32(1e-6)))
            f, m = channels.weigh(f, as_float(more)), as_float(more * m)
        levels.append((f, m))
    f, m = levels[-1]
    filled = channels.share_out(f, as_float(np.maximum(m, 1e-6)))
    for f, m in levels[-2::-1]:
        up = cv2.resize(filled, (m.shape[1], m.shape[0]), interpolation=cv2.INTER_LINEAR)
        filled = f + channels.weigh(as_float(up), 1 - m)
    if reach > 0:
        beyond = channels.weigh(blur(filled, reach), 1 - weight)
        filled = channels.weigh(filled, weight) + beyond
    return filled
