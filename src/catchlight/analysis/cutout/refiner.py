"""Our own network: it sees the picture and the votes, and answers with alpha.

It decides who is the person, over head and shoulders (docs/matte.md). Window and channels are what
it was trained with; change them only with the weights (tools/training).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.face.mesh import Face
from catchlight.arrays import Mask
from catchlight.models import run_own
from catchlight.pixels import geometry

#: The window: pixels, pixels a millimetre, and where the middle of the eyes lies in it. It
#: is 480 mm wide and 587 mm high, of which 220 mm above the eyes.
WIDTH, HEIGHT, SCALE, EYES = 288, 352, 0.6, (144.0, 132.0)


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
) -> tuple[Mask, Mask]:
    """Alpha of the window, and how far it may be wrong.

    Parameters
    ----------
    rgb : (352, 288, 3) uint8 sRGB; what lies outside the photo is not looked at
    salient, selfie, body : (352, 288) in 0..1, or None where a vote is not to be had
    faces : (352, 288), of :func:`draw_faces`
    inside : (352, 288), 1 where the photo is

    Returns
    -------
    (352, 288) float32 alpha in 0..1, and (352, 288) float32 doubt: the error to be expected
    """
    votes = [np.full_like(faces, 0.5) if v is None else v for v in (salient, selfie, body)]
    colour = rgb.astype(np.float32) / 255 * inside[..., None]
    x = np.concatenate([colour.transpose(2, 0, 1), np.stack([*votes, faces, inside])])
    x[3:6] *= inside
    alpha, doubt = run_own("matte_coarse", np.ascontiguousarray(x[None], np.float32))[0]
    if salient is not None and selfie is not None and body is not None and faces.min() >= 0:
        # Nobody else is there, and all three say so: the network, which has seen many bystanders,
        # once in a while takes wide hair or a raised shoulder for one.
        alpha = np.maximum(alpha, np.minimum(np.minimum(salient, selfie), body))
    return alpha * inside, doubt
