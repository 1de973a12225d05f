"""What JPEG does to 8x8 blocks: its DCT, its tables, its quality, and how to take it back.

Vocabulary: *codes* are sRGB-curved values 0..1, in which noise and JPEG's steps are about even over
the tones; *luma* is their Rec. 601 weighted sum, the Y' of JPEG.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np

from catchlight.arrays import Float, as_float
from catchlight.pixels.sliding_dct import DCT, choose_count, shrink_dct, times, to_blocks

# The luminance table of ITU-T T.81, annex K.1: what a JPEG of quality 50 divides by.
_T81 = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)  # fmt: skip
# Its chrominance table, annex K.2: 99 but for the lowest ten.
_T81_CHROMA = np.full((8, 8), 99)
_T81_CHROMA[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]


def _from_blocks(rows: Float, h: int, w: int) -> Float:
    return rows.reshape(h // 8, w // 8, 8, 8).swapaxes(1, 2).reshape(h, w)


def jpeg_table(quality: int, *, chroma: bool = False) -> Float:
    """The (8, 8) quantisation table of the Independent JPEG Group's quality 1..100."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    table = _T81_CHROMA if chroma else _T81
    return as_float(np.clip(np.floor((table * scale + 50) / 100), 1, 255))


@lru_cache(maxsize=1)
def _sums() -> list[float]:
    """Sums of the tables of quality 1 to 100, which fall all the way."""
    return [float(jpeg_table(q).sum()) for q in range(1, 101)]


def table_to_quality(table: Sequence[int]) -> int:
    """Quality 1..100 of the Independent JPEG Group whose luma table is as coarse as ``table``.

    Told by the sum of its 64 steps, so that their order does not matter, and other encoders' tables
    get the quality that they come nearest to.
    """
    return 1 + int(np.argmin(np.abs(np.array(_sums()) - float(sum(table)))))


def match_lattice(luma: Float, quality: int) -> float:
    """How well a picture lies on the lattice of a JPEG of that ``quality``: 0 to 1.

    The DCT coefficients of a decoded JPEG lie on multiples of its steps q: the mean of
    ``cos(2 pi c / q)`` over those that are not 0 is near 1 at the true table, and near 0 where the
    picture never was a JPEG, was resized since, or has its grid elsewhere. (After Fan and de
    Queiroz 2003, who take the maximum of a likelihood over the same lattice.)
    """
    return _score(_coefficients(luma), quality)


#: The first four rows and columns without DC: beyond them hardly anything survives.
_ORDER = [8 * u + v for u in range(4) for v in range(4) if u + v > 0]
#: So many blocks tell the quality.
_BLOCKS = 700


def _coefficients(luma: Float) -> Float:
    rows = to_blocks(luma)
    rows = rows[:: max(1, len(rows) // _BLOCKS)]
    return times(as_float(rows * 255 - 128), DCT.T)[:, _ORDER]


def _score(found: Float, quality: int) -> float:
    q = jpeg_table(quality).ravel()[_ORDER]
    alive = np.abs(found) > 0.6 * q
    if alive.sum() < 60:
        return 0.0
    return float(np.cos(as_float(2 * np.pi / q) * found)[alive].mean())


def estimate_jpeg(luma: Float, *, most: int = 90) -> int | None:
    """Quality at which a JPEG was saved whose 8x8 grid begins at the first pixel of ``luma``.

    See :func:`match_lattice`. A picture that was stored twice gives the coarser of the two.

    Returns
    -------
    int or None
        10 to ``most``; of qualities that fit equally well the lowest, as a lattice fits every finer
        one.
    """
    found = _coefficients(luma)
    if len(found) < 16:
        return None
    scores = {quality: _score(found, quality) for quality in range(10, most + 1)}
    best = max(scores.values())
    # Other encoders' tables are near, not on, this family: half the score is still a lattice.
    if best < LATTICE:
        return None
    return min(k for k, s in scores.items() if s > 0.9 * best)


#: Score from which a picture lies on a lattice.
LATTICE = 0.35


def deblock(luma: Float, quality: int) -> Float:
    """Take the blocks and ringing of a JPEG out of ``luma``, whose grid begins at its first pixel.

    Overlapping blocks see the other blocks' edges as small coefficients and drop them; the result
    is then moved to the nearest picture that the same encoder would have stored as the same file
    (each coefficient within a part of a step of the decoded one; Zakhor 1992), so that what the
    file says of the sitter stays said.
    """
    table = jpeg_table(quality) / np.float32(255)
    # 0.4 of a step: of 0.4, 0.55, 0.7 and 0.8 the best PSNR from q20 to q75.
    out = shrink_dct(luma, 0.4 * table, count=choose_count(luma.size))
    h, w = (n // 8 * 8 for n in luma.shape)
    said, now = (times(to_blocks(x), DCT.T) for x in (luma, out))
    # The true value lies within half a step, but seldom at its border: 0.3 is nearer by 0.02 dB
    # at quality 30 (the narrow constraint set of Park and Lee 1999).
    room = 0.3 * table.ravel()
    fits = times(np.clip(now, said - room, said + room), DCT)
    result = out.copy()
    result[:h, :w] = _from_blocks(fits, h, w)
    return result


def deblock_chroma(chroma: Float, quality: int) -> Float:
    """Take the blocks of a JPEG out of a chroma plane (H, W), as a rule stored at half the size.

    0.5 of a step: with 0.3 the mean CIEDE2000 to three originals at q30 was 0.05 larger.
    """
    h, w = chroma.shape
    half = cv2.resize(chroma, ((w + 1) // 2, (h + 1) // 2), interpolation=cv2.INTER_AREA)
    table = jpeg_table(quality, chroma=True) / np.float32(255)
    half = shrink_dct(as_float(half), 0.5 * table, count=choose_count(4 * half.size))
    return as_float(cv2.resize(half, (w, h), interpolation=cv2.INTER_CUBIC))
