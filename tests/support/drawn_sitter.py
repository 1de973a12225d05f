"""A drawn sitter of known outline, in a photo of any size: what a frame is tested against.

A head with hair and ears as an ellipse, shoulders and, if wanted, an arm; leaning as one asks. The
mesh is the canonical face, the cut-out the drawing itself: no network runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from catchlight.analysis.cutout.cutout import Cutout
from catchlight.analysis.face.canonical import canonical_face
from catchlight.analysis.face.mesh import Face, Pose
from catchlight.analysis.subject import Subject, View
from catchlight.images import Picture
from catchlight.images.encoding import standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.pixels import geometry
from catchlight.pixels.grid import Grid

SKIN, CLOTHES, WALL = (196, 150, 128), (40, 52, 90), (150, 156, 150)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawn photo.

    Attributes
    ----------
    subject : Subject
    cutout : Cutout
    outline : (n, 2), the head's outline in photo pixels, wherever the photo ends
    """

    subject: Subject
    cutout: Cutout
    outline: np.ndarray

    def whole(self, margin: float = 0.0) -> bool:
        """Whether the photo holds the whole head, with a margin in pixels."""
        limit = np.array([self.subject.picture.width, self.subject.picture.height]) - 1 - margin
        return bool((self.outline >= margin).all() and (self.outline <= limit).all())


def make_face(x: float, y: float, ied: float, lean: float = 0.0) -> Face:
    """The canonical face with the middle of its eyes at (x, y), leaning clockwise by ``lean``."""
    vertices = canonical_face().vertices.astype(np.float64) * [1, -1, -1]
    eyes = np.array([vertices[[33, 133]].mean(0), vertices[[263, 362]].mean(0)])
    mesh = np.vstack([vertices, np.repeat(eyes, 5, axis=0)])
    mesh -= eyes.mean(0)
    mesh *= ied / float(np.linalg.norm(eyes[1] - eyes[0]))
    face = Face(mesh.astype(np.float32), 1.0, 0.95, Pose(0.0, 0.0, 0.0), ied)
    return face.moved(geometry.similarity(1.0, lean, np.zeros(2), np.array([x, y])))


def draw_sitter(
    width: int,
    height: int,
    x: float,
    y: float,
    ied: float,
    *,
    lean: float = 0.0,
    body: float = 0.0,
    hair: float = 0.35,
    wide: float = 1.45,
) -> Drawn:
    """Draw a sitter.

    Parameters
    ----------
    width, height : int, of the photo
    x, y : float, the middle of the eyes
    ied : float, pixels between them
    lean, body : float, degrees clockwise by which head and shoulders lean
    hair : float, how far the hair stands over the skull, inter-eye distances
    wide : float, half the width of the hair, inter-eye distances
    """
    face = make_face(x, y, ied, lean)
    chin = float(make_face(0, 0, ied).points[152, 1])
    top = chin - 3.5 * ied - hair * ied
    t = np.linspace(0, 2 * np.pi, 90)
    own = np.stack([wide * ied * np.cos(t), (chin + top) / 2 + (chin - top) / 2 * np.sin(t)], 1)
    turn = geometry.similarity(1.0, lean, np.zeros(2), np.array([x, y]))
    outline = geometry.apply(turn, own)
    neck = geometry.apply(turn, np.array([[0.0, chin]]))[0]
    mask = np.zeros((height, width), np.uint8)
    shoulders = np.array(
        [[-0.7, -0.6], [0.7, -0.6], [0.9, 0.5], [2.6, 1.0], [3.2, 2.0], [3.4, 14.0], [-3.4, 14.0],
         [-3.2, 2.0], [-2.6, 1.0], [-0.9, 0.5]]
    ) * ied  # fmt: skip
    shoulders = geometry.apply(geometry.similarity(1.0, body, np.zeros(2), neck), shoulders)
    pixels = np.full((height, width, 3), WALL, np.uint8)
    for shape, colour in ((shoulders, CLOTHES), (outline, SKIN)):
        points = [np.round(shape * 16).astype(np.int32)]
        cv2.fillPoly(mask, points, 255, cv2.LINE_AA, 4)
        cv2.fillPoly(pixels, points, colour, cv2.LINE_AA, 4)
    pixels.flags.writeable = False
    encoding = standard_encoding("sRGB", 256)
    picture = Picture(pixels, encoding, None, "PNG", Metadata(), "drawn")
    view = View(pixels, np.eye(2, 3))
    alpha = (mask / 255).astype(np.float32)
    nothing = np.zeros_like(alpha)
    grid = Grid.through(width, height, np.eye(2, 3))
    size = (width, height)
    cutout = Cutout(
        grid=grid,
        face=face,
        pixels=(pixels / 255).astype(np.float32),
        alpha=alpha,
        confidence=np.ones_like(alpha),
        others=nothing,
        clothes=nothing,
        wide=np.zeros((2, 2), np.float32),
        size=size,
        content=(0, 0, width, height),
        engine="fast",
    )
    return Drawn(Subject(picture, (face,), view), cutout, outline)
