"""Our own networks: they see the picture and the votes, and answer with alpha.

They decide who is the person, over head and shoulders (docs/matte.md): one that sees no more, and
one that is lent the salient network's inner maps. They fail differently, and each knows how far it
may be wrong, so each counts the more, the surer it is. Window and channels are what they were
trained with; change them only with the weights (tools/training).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Float, Mask, as_float
from catchlight.models import run_own
from catchlight.pixels import filters, geometry

#: The window: pixels, pixels a millimetre, and where the middle of the eyes lies in it. It
#: is 480 mm wide and 587 mm high, of which 220 mm above the eyes.
WIDTH, HEIGHT, SCALE, EYES = 288, 352, 0.6, (144.0, 132.0)

#: Expected errors below this say nothing of which of two networks is the surer.
_HONEST = 0.02
#: How far below the chin the lent maps cease to count, in mm: there truth was drawn, and jackets
#: and shoulders in photographs were lost.
BODY_MM = (0.0, 15.0)


@dataclass(frozen=True, eq=False)
class Drawing:
    """What our own networks draw of a window, all (352, 288) float32 in 0..1.

    Attributes
    ----------
    alpha : the sitter by both, weighed
    told : the sitter by the one that is lent maps, alone
    doubt : the error that one expects of itself
    """

    alpha: Mask
    told: Mask
    doubt: Mask


def window_of(face: Face) -> geometry.Transform:
    """The way from the picture of ``face`` to the coarse window: no turn, eyes in their place."""
    return geometry.similarity(
        SCALE / face.px_per_mm, 0.0, face.eyes.mean(0), np.array(EYES, np.float32)
    )


def draw_faces(faces: tuple[Face, ...], window: geometry.Transform) -> Mask:
    """Whose head is whose: 1 in the sitter's mesh (the first), -1 in those of others, else 0."""
    out = np.zeros((HEIGHT, WIDTH), np.float32)
    for k in reversed(range(len(faces))):
        hull = cv2.convexHull(geometry.apply(window, faces[k].points))
        cv2.fillConvexPoly(out, np.round(hull).astype(np.int32), 1.0 if k == 0 else -1.0)
    return out


def decide(
    rgb: NDArray[np.uint8],
    salient: Mask | None,
    selfie: Mask | None,
    body: Mask | None,
    faces: Mask,
    inside: Mask,
    lent: Sequence[Float],
    chin: float,
) -> Drawing:
    """Draw the sitter.

    Parameters
    ----------
    rgb : (352, 288, 3) uint8 sRGB; what lies outside the photo is not looked at
    salient, selfie, body : (352, 288) in 0..1, or None where a vote is not to be had
    faces : (352, 288), of :func:`draw_faces`
    inside : (352, 288), 1 where the photo is
    lent : what the salient network saw inside, of :mod:`catchlight.analysis.cutout.lent`
    chin : float, the row of the sitter's chin
    """
    votes = [np.full_like(faces, 0.5) if v is None else v for v in (salient, selfie, body)]
    colour = rgb.astype(np.float32) / 255 * inside[..., None]
    x = np.concatenate([colour.transpose(2, 0, 1), np.stack([*votes, faces, inside])])
    x[3:6] *= inside
    x = np.ascontiguousarray(x[None], np.float32)
    alone = run_own("matte_coarse", x)[0]
    told = run_own("matte_lent", x, *(np.ascontiguousarray(v[None], np.float32) for v in lent))[0]
    (seen, doubt), (other, its_doubt) = told, alone
    # The inverse of the expected error's square, as of two measurements; a body is the first one's.
    below = np.arange(HEIGHT, dtype=np.float32)[:, None] - chin
    share = 1 - filters.smoothstep(below / SCALE, *BODY_MM)
    ours, theirs = share * np.square(its_doubt + _HONEST), np.square(doubt + _HONEST)
    alpha = (seen * ours + other * theirs) / (ours + theirs)
    if salient is not None and selfie is not None and body is not None and faces.min() >= 0:
        # Nobody else is there, and all three say so: the network, which has seen many bystanders,
        # once in a while takes wide hair or a raised shoulder for one, and has seen no hands.
        alpha = np.maximum(alpha, np.minimum(np.minimum(salient, selfie), body))
    return Drawing(as_float(alpha * inside), as_float(seen * inside), as_float(doubt))
