"""Who is the person: the votes weighed region by region.

Where the networks agree, they are believed. Where they do not, what they disagree about is taken in
connected pieces, and each is asked whether it looks like the wall behind (its hue, darker, without
texture: a cast shadow), whether a body is expected there, and how far it lies from what is sure.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from catchlight.analysis.cutout.ballot import Votes
from catchlight.analysis.cutout.bystanders import find_others
from catchlight.analysis.cutout.refiner import BODY_MM, SCALE, Drawing
from catchlight.analysis.face.landmarks import CHIN
from catchlight.analysis.face.outline import draw_hull
from catchlight.arrays import Float, Mask, as_float
from catchlight.pixels import channels, colour, filters, morphology, powers

#: Square millimetres below which a disagreement is the edge's, not a piece of its own.
_PIECE = 60.0
#: Over what distance, in mm, the wall's and the person's colours are told.
_NEAR = 25.0
#: Expected errors below which our lent network may take a piece away, and give one.
_SURE = (0.1, 0.2)
#: And below which what it draws is the sitter's and no neighbour's.
_OWN = 0.05
#: Stops of red against green, of blue against green, and of light, by which any surface varies.
_SPREAD = as_float([0.08, 0.12, 0.25])

Bits = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Decision:
    """Who is the person over the votes' window, all (h, w) float32 in 0..1.

    Attributes
    ----------
    person : the sitter, with an edge as soft as the votes'
    others : bodies of other people
    confidence : how far the votes agree with the decision
    """

    person: Mask
    others: Mask
    confidence: Mask


def decide(votes: Votes, outline: Drawing | None = None) -> Decision:
    """Weigh the votes.

    Parameters
    ----------
    votes : Votes
    outline : Drawing, optional
        What our own networks draw, which have seen the votes; else the salient vote is the outline.

    Notes
    -----
    Measured on people keyed before hard grounds and on photographs, against the pieces' truth: a
    shadow's hue and smoothness tell it from a body in 9 of 10 pieces above the chin; below it, what
    selfie and pose network both see is the person.
    """
    selfie, pose = votes.selfie, votes.pose
    drawn = votes.salient if outline is None else outline.alpha
    h, w = selfie.shape
    looks = _Colours(votes)
    person = drawn.copy()
    chin = float(votes.faces[0].points[CHIN, 1])
    # Half a person is indecision where it is wider than an edge; and so is seven tenths of one.
    firm = np.minimum(selfie, filters.smoothstep(selfie, 0.55, 0.9))
    for piece in _pieces(morphology.drop_thin((selfie > 0.6) & (drawn < 0.7), 2)):
        body, wall = float(pose[piece].mean()), float(looks.wall[piece].mean())
        alike = float(looks.like_wall[piece].mean())
        below = float((np.nonzero(piece)[0] > chin).mean()) > 0.5
        seen = body > 0.65 and wall < 0.7
        plain = body > 0.42 and wall < 0.1 and alike < 0.3
        if body > 0.4 if below else (seen or plain):
            whole = body > 0.9 or float(selfie[piece].mean()) > 0.95
            np.maximum(person, selfie if whole else firm, out=person, where=_grow(piece, 3))
    away = cv2.distanceTransform((selfie < 0.3).astype(np.uint8), cv2.DIST_L2, 3) / SCALE
    for piece in _pieces((drawn > 0.5) & (selfie < 0.3)):
        body, wall = float(pose[piece].mean()), float(looks.wall[piece].mean())
        far = float(away[piece].max())
        doubtful = (far > 20 and body < 0.3) or (15 < far <= 20 and body < 0.45)
        # Our own network alone against all others: a thing beside the hair, not hair.
        alone = float(votes.salient[piece].mean()) < 0.5 and body < 0.6
        if far > 40 or doubtful or alone or (far <= 20 and wall > 0.6):
            np.minimum(person, selfie, out=person, where=_grow(piece, 1))
    sure = None if outline is None else (outline.told > 0.9) & (outline.doubt < _OWN)
    others = find_others(votes.codes, votes.faces, np.maximum(selfie, drawn), drawn, sure)
    person = np.minimum(person, 1 - others)
    person = _fill_holes(person, selfie, chin)
    if outline is not None:
        person = _overrule(person, outline, votes, others, chin)
    face = draw_hull(votes.faces[0], w, h)
    # A mesh reaches past jaw and temple by a sample now and then.
    person = np.maximum(person, as_float(morphology.erode(face, 1)))
    person = person * _joined(person > 0.5, face)
    agreed = 1 - (np.abs(person - selfie) + np.abs(person - votes.salient)) / 2
    # Where two bodies meet the border is a guess.
    meeting = cv2.morphologyEx(others, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    agreed = np.minimum(agreed, 1 - 0.7 * meeting * (cv2.dilate(person, np.ones((9, 9))) > 0.3))
    return Decision(as_float(person), others, as_float(np.clip(agreed, 0, 1)))


def _overrule(person: Mask, outline: Drawing, votes: Votes, others: Mask, chin: float) -> Mask:
    """Where the network that is lent maps is sure and contradicts, it has the last word.

    Head and hair only, but for a shoulder beside a neighbour: of bodies it learned from drawings,
    and of raised arms from nothing. So what both others are sure of stays, unless another face may
    be its owner.
    """
    out = person.copy()
    h, w = person.shape
    rows = np.broadcast_to(np.arange(h)[:, None], (h, w))
    high = rows < chin + BODY_MM[1] * SCALE
    seen, crowd = votes.inside > 0.5, len(votes.faces) > 1
    for piece in _pieces((person - outline.told > 0.3) & seen):
        owned = float(votes.selfie[piece].mean()) > 0.96 and float(votes.pose[piece].mean()) > 0.85
        sure = float(outline.doubt[piece].mean()) < _SURE[0]
        if sure and float(high[piece].mean()) > 0.6 and (crowd or not owned):
            # Below the chin only what the network that draws bodies leaves out as well.
            gone = _grow(piece, 2) & ((rows < chin) | (outline.alpha < 0.25))
            np.minimum(out, outline.told, out=out, where=gone)
    # Beside a neighbour it alone knows whose shoulder it is.
    asked = high | ((votes.selfie > 0.8) & (others < 0.5) & crowd)
    for piece in _pieces((outline.told - person > 0.3) & seen & asked):
        sure = float(outline.doubt[piece].mean()) < _SURE[1]
        # Alone it takes a rock for hair once in a while.
        if sure and float(votes.salient[piece].mean()) > 0.8:
            np.maximum(out, outline.told, out=out, where=_grow(piece, 2) & asked)
    return out


def _fill_holes(person: Mask, selfie: Mask, chin: float) -> Mask:
    """Close what is enclosed by the trunk and the selfie network sees: there is no gap in a coat.

    Between an arm and the body that network sees a gap.
    """
    labels, holes = morphology.label_holes(person >= 0.9, connectivity=4)
    out = person.copy()
    for label in holes:
        hole = labels == label
        below = float((np.nonzero(hole)[0] > chin).mean()) > 0.9
        if below and float(selfie[hole].mean()) > 0.6:
            out[hole] = 1.0
    return out


class _Colours:
    """What each sample's colour says of wall and person.

    Attributes
    ----------
    wall : (h, w) bool, of the wall's hue, not lighter, and as smooth as it: a shadow may lie there
    like_wall : (h, w) bool, nearer to the wall's colour than to the person's
    """

    def __init__(self, votes: Votes) -> None:
        light = colour.srgb_to_linear(as_float(votes.codes) / 255)
        log = powers.log2(np.maximum(light, np.float32(2.0**-8)))
        y = powers.log2(np.maximum(colour.luminance(light), np.float32(2.0**-8)))
        seen = as_float(np.dstack([log[..., 0] - log[..., 1], log[..., 2] - log[..., 1], y]))
        inside = votes.inside > 0.5
        ground = (votes.selfie < 0.12) & (votes.salient < 0.12) & (votes.pose < 0.4) & inside
        if ground.sum() < 50:
            ground = (votes.selfie < 0.3) & (votes.salient < 0.3) & inside
        body = (votes.selfie > 0.9) & (votes.salient > 0.9)
        wall, wall_sd = _model(seen, ground)
        person, person_sd = _model(seen, body)
        off = seen - wall
        hue = np.hypot(off[..., 0] / wall_sd[..., 0], off[..., 1] / wall_sd[..., 1])
        fine = filters.blur(np.abs(y - filters.blur(y, 1.5 * SCALE)), 2 * SCALE)
        usual = filters.blur_inside(fine, as_float(ground), _NEAR * SCALE)
        light_off = off[..., 2]
        self.wall: Bits = (
            (hue < 2.5)
            & (light_off < 0.10 + wall_sd[..., 2])
            & (light_off > -2.6)
            & (fine < 0.10 + 0.5 * usual)
        )
        to_wall = channels.add_up(np.square(off / wall_sd))
        to_person = channels.add_up(np.square((seen - person) / person_sd))
        self.like_wall: Bits = to_wall < to_person


def _model(seen: Float, known: Bits) -> tuple[Float, Float]:
    """Mean and spread (h, w, 3) of the colours of what is ``known``, nearby."""
    mask = as_float(known)
    mean = filters.blur_inside(seen, mask, _NEAR * SCALE)
    spread = filters.blur_inside(np.square(seen - mean), mask, _NEAR * SCALE)
    return mean, as_float(np.sqrt(np.maximum(spread, 0)) + _SPREAD)


def _pieces(where: Bits) -> list[Bits]:
    """Connected pieces larger than an edge's sliver."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        where.astype(np.uint8), connectivity=4
    )
    large = stats[:, cv2.CC_STAT_AREA] >= _PIECE * SCALE**2
    return [labels == i for i in range(1, count) if large[i]]


def _grow(piece: Bits, samples: int) -> Bits:
    side = np.ones((2 * samples + 1, 2 * samples + 1), np.uint8)
    return np.asarray(cv2.dilate(piece.astype(np.uint8), side), np.uint8) > 0


def _joined(solid: Bits, face: Bits) -> Mask:
    """1 where the solid part that holds the face is, and 3 mm around it for its soft edge."""
    count, labels = cv2.connectedComponents(solid.astype(np.uint8))
    held = np.bincount(labels[face], minlength=count) > 0
    held[0] = False
    return as_float(_grow(held[np.asarray(labels)], round(3 * SCALE)))
