"""Alpha mattes and foreground colours, from one colour-line model.

Closed-form matting (Levin, Lischinski, Weiss 2008) asks that alpha be an affine function of colour
in every small window. He, Sun and Tang (CVPR 2010, "Fast matting using large kernel matting
Laplacian matrices") showed that its matrix never needs to be built: multiplying by it is a handful
of box filters, and larger windows converge in fewer steps. That is what runs here, from coarse to
fine, with conjugate gradients on the unknown band only.

Vocabulary: I image, p alpha, (a, b) the colour line of a window, k a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import filters


def _box(x: Float, r: int) -> Float:
    """Mean over (2r+1)^2 windows, reflected at the borders."""
    return np.asarray(
        cv2.blur(x, (2 * r + 1, 2 * r + 1), borderType=cv2.BORDER_REFLECT_101), np.float32
    )


def _total(x: NDArray[np.floating], r: int) -> NDArray[Any]:
    """Sum over (2r+1)^2 windows, nothing beyond the borders; its own adjoint."""
    size = (2 * r + 1, 2 * r + 1)
    return cv2.boxFilter(x, -1, size, normalize=False, borderType=cv2.BORDER_CONSTANT)


@dataclass(frozen=True)
class _Windows:
    """What every window knows of the image: its size, mean and inverse colour covariance."""

    image: Pixels
    count: Float  # (H, W): pixels of the window, fewer at the borders
    mean: Pixels
    inverse: tuple[Float, ...]  # six (H, W): the symmetric 3x3 inverse
    r: int

    def lines(self, p: Float) -> tuple[Pixels, Float]:
        """Best colour line of ``p`` in every window (He 2010, equations 9 and 10)."""
        mean_p = _total(p, self.r) / self.count
        cov = _total(self.image * p[..., None], self.r) / self.count[..., None]
        cov -= self.mean * mean_p[..., None]
        c0, c1, c2 = cov[..., 0], cov[..., 1], cov[..., 2]
        s00, s01, s02, s11, s12, s22 = self.inverse
        a = np.empty(cov.shape, np.float32)
        a[..., 0] = s00 * c0 + s01 * c1 + s02 * c2
        a[..., 1] = s01 * c0 + s11 * c1 + s12 * c2
        a[..., 2] = s02 * c0 + s12 * c1 + s22 * c2
        return a, as_float(mean_p - _dot(a, self.mean))

    def laplacian(self, p: Float) -> Float:
        """Matting Laplacian times ``p`` (He 2010, equation 12), per pixel of a full window."""
        a, b = self.lines(p)
        total = self.count * p - _dot(_total(a, self.r), self.image) - _total(b, self.r)
        return np.asarray(total / (2 * self.r + 1) ** 2, np.float32)


def _dot(a: Pixels, b: Pixels) -> Float:
    """Inner product of two colour fields."""
    out: Float = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return out


def _windows(image: Pixels, r: int, eps: float) -> _Windows:
    """Prepare the windows of ``image`` with radius ``r`` and regulariser ``eps``.

    The determinant of a nearly flat colour line cancels in float32, so this part is float64.
    """
    wide = image.astype(np.float64)
    count = _total(np.ones(image.shape[:2]), r)
    mean = _total(wide, r) / count[..., None]
    x, y, z = (wide[..., i] for i in range(3))
    mx, my, mz = (mean[..., i] for i in range(3))

    def cov(u: Any, v: Any, mu: Any, mv: Any) -> Any:
        return _total(u * v, r) / count - mu * mv

    xx, yy, zz = (cov(v, v, m, m) + eps for v, m in ((x, mx), (y, my), (z, mz)))
    xy, xz, yz = cov(x, y, mx, my), cov(x, z, mx, mz), cov(y, z, my, mz)
    i0, i1, i2 = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    det = xx * i0 + xy * i1 + xz * i2
    rows = (i0, i1, i2, xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy)
    inverse = tuple((m / det).astype(np.float32) for m in rows)
    return _Windows(image, count.astype(np.float32), mean.astype(np.float32), inverse, r)


def _solve(
    image: Pixels, known: Mask, prior: Mask, start: Mask, *, r: int, eps: float, steps: int
) -> Mask:
    """Conjugate gradients for (L + c K) p = c K prior, from ``start``."""
    windows = _windows(image, r, eps)
    c = 10.0 * known  # the pull of what is known; L's diagonal is about 1
    p = start.copy()
    residual = c * prior - (windows.laplacian(p) + c * p)
    scale = 1 / (1 + c)  # Jacobi
    z = scale * residual
    d = z.copy()
    rz = float((residual * z).sum())
    first = max(rz, 1e-12)
    for _ in range(steps):
        q = windows.laplacian(d) + c * d
        step = rz / max(float((d * q).sum()), 1e-20)
        p += step * d
        residual -= step * q
        z = scale * residual
        new = float((residual * z).sum())
        if new < 1e-6 * first:
            break
        d = z + (new / max(rz, 1e-20)) * d
        rz = new
    return np.clip(p, 0, 1)


#: Pull of the guess in the unknown band: everywhere, and where it is sure and colours cannot tell.
_PULL = (2e-5, 0.08)
#: Distance of sqrt-coded colours below which person and background look alike.
_ALIKE = 0.10


def _weigh_guess(image: Pixels, foreground: Mask, background: Mask, guess: Mask) -> Mask:
    """How much the guess counts in the unknown band.

    Hardly at all where the nearby person and the nearby background differ in colour: there the
    colour lines know better. Where they are alike (black hair before the night) the lines know
    nothing, and what is certain would seep in from both sides: there the guess decides, as far as
    it is sure itself.
    """
    reach = max(image.shape[:2]) / 24
    near = [filters.blur_inside(image, known, reach) for known in (foreground, background)]
    alike = np.exp(-np.square(near[0] - near[1]).sum(axis=2) / _ALIKE**2)
    sure = np.abs(2 * np.clip(guess, 0, 1) - 1) ** 4
    return as_float(_PULL[0] + (_PULL[1] - _PULL[0]) * sure * alike)


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
    He, Sun, Tang 2010; about 0.25 s for 0.3 megapixels on two cores.
    """
    known = np.maximum(foreground, background)
    breath = _weigh_guess(image, foreground, background, guess)
    prior = np.where(known > 0.5, foreground, guess).astype(np.float32)
    h, w = known.shape
    alpha = prior
    sizes = [(w // 4, h // 4), (w // 2, h // 2), (w, h)]
    for (sw, sh), r, steps in zip(sizes, (3, 4, 5), (40, 16, 10), strict=True):
        if min(sw, sh) < 16:
            continue
        shrink = cv2.INTER_AREA if (sw, sh) != (w, h) else cv2.INTER_NEAREST
        fields = (image, known, prior, breath)
        i, k, pr, br = (as_float(cv2.resize(x, (sw, sh), interpolation=shrink)) for x in fields)
        k = as_float(np.where(k > 0.99, 1, br))
        start = as_float(cv2.resize(alpha, (sw, sh), interpolation=cv2.INTER_LINEAR))
        alpha = _solve(i, k, pr, start, r=r, eps=eps, steps=steps)
    alpha = np.where(foreground > 0.5, 1, np.where(background > 0.5, 0, alpha))
    return alpha.astype(np.float32)


def upsample_alpha(image: Pixels, small: Pixels, alpha: Mask, *, eps: float = 1e-4) -> Mask:
    """Carry ``alpha`` of a ``small`` image to the full ``image`` along its colour lines.

    The affine model alpha = a . I + b of each small window is evaluated at full resolution (fast
    guided upsampling, He & Sun 2015), so that strands thinner than a small pixel come back.
    """
    h, w = image.shape[:2]
    a, b = _windows(small, 1, eps).lines(alpha)
    a, b = _box(a, 1), _box(b, 1)
    a, b = (as_float(cv2.resize(x, (w, h), interpolation=cv2.INTER_LINEAR)) for x in (a, b))
    fine = _dot(a, image) + b
    # Only the soft band is re-drawn; what is solid or clear stays so.
    coarse = cv2.resize(alpha, (w, h), interpolation=cv2.INTER_LINEAR)
    low = cv2.resize(cv2.erode(alpha, np.ones((3, 3))), (w, h), interpolation=cv2.INTER_LINEAR)
    high = cv2.resize(cv2.dilate(alpha, np.ones((3, 3))), (w, h), interpolation=cv2.INTER_LINEAR)
    fine = np.clip(fine, low, high)
    return np.clip(np.where(high - low > 0.02, fine, coarse), 0, 1).astype(np.float32)


def estimate_foreground(image: Pixels, alpha: Mask, radius: float) -> Pixels:
    """Foreground colours under a soft matte: what the hair would be without the wall behind it.

    Blur fusion (Forte 2021, "Approximate fast foreground colour estimation"), two passes: alpha
    weighted local means of foreground and background, then the residual goes to the foreground.

    Parameters
    ----------
    image : (H, W, 3) linear
    alpha : (H, W)
    radius : float, pixels, of the first pass; the second is a fifteenth of it

    Returns
    -------
    (H, W, 3) float32; equal to ``image`` where alpha is 1.
    """
    f = b = image
    a3 = alpha[..., None]
    for r in (max(2, round(radius)), max(1, round(radius / 15))):
        blur_a = _box(alpha, r)[..., None]
        f = _box(f * a3, r) / (blur_a + 1e-5)
        b = _box(b * (1 - a3), r) / (1 - blur_a + 1e-5)
        f = np.clip(f + a3 * (image - a3 * f - (1 - a3) * b), 0, None)
    return np.where(a3 >= 1, image, f).astype(np.float32)
