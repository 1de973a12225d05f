"""Marks of the skin: spots, moles, freckle fields, scars and blemishes, each with its fate.

*Passing* is what will be gone in three weeks; *permanent* belongs to the sitter; in between is
*unsure*, and is kept. Everything is measured in logarithms of linear light against the skin around
the mark, so a spot has the same contrast in any light and on any tone of skin.

Vocabulary: *density* is -ln(linear); a mark's *redness* is its excess of density in green over red
(erythema, ln R - ln G), its *melanin* the excess of density in red, which blood hardly absorbs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from catchlight.analysis import regions
from catchlight.analysis.mesh import Face
from catchlight.arrays import Float, Mask, Points, as_float
from catchlight.pixels import colour, filters, geometry

if TYPE_CHECKING:
    from catchlight.analysis.chart import Chart

Kind = Literal["mole", "freckles", "scar", "blemish", "spot"]
Fate = Literal["permanent", "passing", "unsure"]

#: The smallest mark, 0.8 mm, must span two pixels of the chart, or nothing is looked for.
SMALLEST_MM, LEAST_PX_PER_MM = 0.8, 2.5
# Radii of the blobs looked for (science.md 5.2); what is wider is no spot but a blotch.
_RADII_MM = (0.4, 0.6, 0.9, 1.3, 1.9, 2.7)
# Candidates stand out of the local spread of responses this many times over.
_Z = 4.0
# Response below which nobody sees a blob, natural density: a spot answers with a quarter of its
# contrast, and 0.04 is about 1 a* or 2 L*; in units of _Z.
_LEAST_SPREAD = 0.04 / 4 / _Z
# Natural density. Below the first two a spot is not worth a line (about 3 L*, 2 a*); a
# blemish is redder than the flecks of healthy skin (measured on 20 sharp faces of all tones).
_FAINT_DARK, _FAINT_RED, _RED = 0.09, 0.05, 0.072
# One freckle alone is fainter than a spot worth listing.
_FRECKLE = 0.035
# Share of redness in redness + melanin: 0.31 for melanin's absorption, 0.79 for blood's.
_SHARE_MELANIN, _SHARE_BLOOD = 0.45, 0.58


@dataclass(frozen=True)
class Mark:
    """One mark, or one field of freckles.

    Attributes
    ----------
    id : str
        Where it is, in millimetres from the middle between the eyes as the viewer sees it:
        ``l23d41`` lies 23 to the left and 41 down (``r`` right, ``u`` up).
    x, y : float, chart pixels
    diameter_mm : float, full width at half of its contrast; of a freckle field, its extent
    melanin, redness : float, contrasts in natural density
    kind : {"mole", "freckles", "scar", "blemish", "spot"}
    fate : {"permanent", "passing", "unsure"}
    confidence : float, 0..1, in kind and fate
    """

    id: str
    x: float
    y: float
    diameter_mm: float
    melanin: float
    redness: float
    kind: Kind
    fate: Fate
    confidence: float


@dataclass(frozen=True)
class Verdicts:
    """What a person decided about marks.

    Attributes
    ----------
    keep, heal : frozenset of mark IDs
    passing : bool, whether passing marks not named are healed
    """

    keep: frozenset[str] = frozenset()
    heal: frozenset[str] = frozenset()
    passing: bool = True

    def heals(self, mark: Mark) -> bool:
        """Whether the ``mark`` goes. A named mark obeys; a field of freckles never goes."""
        if mark.kind == "freckles" or mark.id in self.keep:
            return False
        return mark.id in self.heal or (self.passing and mark.fate == "passing")


NO_VERDICTS = Verdicts()


def marks_can_be_seen(chart: Chart) -> bool:
    """Whether the chart has the pixels to tell a mark of 0.8 mm from noise."""
    return chart.px_per_mm >= LEAST_PX_PER_MM


def find_marks(chart: Chart) -> tuple[Mark, ...]:
    """Find the marks of the facial skin, from top to bottom.

    Blobs are extrema of the Laplacian of Gaussian over scales (Lindeberg 1998) of darkness and of
    erythema, in units of the response's local spread within 8 mm; isolated, compact ones are
    measured against the ring around them and judged by their absorption.

    Parameters
    ----------
    chart : Chart

    Returns
    -------
    tuple of Mark; empty where the photo has too few pixels (see :func:`marks_can_be_seen`)

    Notes
    -----
    About 150 ms at 4 px/mm.
    """
    if not marks_can_be_seen(chart):
        return ()
    mm = chart.px_per_mm
    skin = chart.bare_skin
    rows, columns = np.nonzero(skin > 0.5)
    if len(rows) < (20 * mm) ** 2:
        return ()
    x0, x1 = max(0, columns.min() - 8), columns.max() + 9
    y0, y1 = max(0, rows.min() - 8), rows.max() + 9
    part = skin[y0:y1, x0:x1]
    log = np.log(np.maximum(chart.pixels[y0:y1, x0:x1], 2e-3))
    log = filters.fill_outside(as_float(log), (part > 0.5).astype(np.float32), 2 * mm)
    field = _Field(log, part, mm)
    found = [m for m in (_measure(field, *c) for c in _candidates(field)) if m is not None]
    found = _apart(found, mm)
    shift = np.array([x0, y0], np.float32)
    found = [replace(m, x=m.x + shift[0], y=m.y + shift[1]) for m in found]
    found = _gather_freckles(found, mm, chart.face)
    named: dict[str, Mark] = {}
    middle = chart.face.eyes.mean(0)
    for mark in sorted(found, key=lambda m: (m.y, m.x)):
        name = _name(mark, middle, mm)
        while name in named:
            name += "b"
        named[name] = replace(mark, id=name)
    return tuple(named.values())


def bare_skin(chart: Chart) -> Mask:
    """Facial skin, 0 or 1, on which a mark may be looked for.

    Inside the face's outline, away from eyes and lashes, brows, lips, nostrils, hair and, where
    they are worn, glasses; small holes (a mole is not the colour of skin) are closed first.
    """
    mm, face, shape = chart.px_per_mm, chart.face, chart.alpha.shape
    h, w = shape

    def ring(points: list[int]) -> Mask:
        return geometry.fill_polygon(face.points[points], w, h)

    def grow(mask: Mask, millimetres: float) -> Mask:
        far = cv2.distanceTransform((mask < 0.5).astype(np.uint8), cv2.DIST_L2, 5)
        return as_float(far <= millimetres * mm)

    like = _fill_holes((chart.regions["face_skin"] > 0.4).astype(np.float32), 40 * mm**2)
    like *= ring(regions.FACE_OVAL)
    # Single strands hang 2 mm beyond what looks like hair.
    like = 1 - grow(1 - like, 2.0)
    eyes = np.maximum(ring(regions.RIGHT_EYE), ring(regions.LEFT_EYE))
    brows = np.maximum(ring(regions.RIGHT_BROW), ring(regions.LEFT_BROW))
    # Lashes and the lid's crease reach 5 mm; stray hairs of a brow 3; the wing of the nose throws
    # its shadow 3 mm; the lips' border and the corners of the mouth 2.5.
    near = [grow(eyes, 5.0), grow(brows, 3.0), grow(ring(regions.NOSTRILS[0]), 3.0)]
    near.append(grow(ring(regions.LIPS_OUTER), 2.5))
    # At the edge of the cheek skin is seen aslant.
    near.append(grow(1 - ring(regions.FACE_OVAL), 4.0))
    if chart.regions.glasses:
        near.append(_behind_glasses(face, w, h))
    like *= 1 - np.maximum.reduce(near)
    # 2 mm inside what is left: no hairline.
    like = 1 - grow(1 - like, 2.0)
    edge = round(3 * mm)
    like[:edge], like[-edge:], like[:, :edge], like[:, -edge:] = 0, 0, 0, 0
    return as_float(like > 0.5)


def _fill_holes(mask: Mask, largest: float) -> Mask:
    """Fill the holes of a 0/1 ``mask`` up to ``largest`` pixels: a mole is not the skin's colour.

    A hole is closed all around, so locks of hair, which hang together with the rest, stay out.
    """
    n, labels, stats, _ = cv2.connectedComponentsWithStats((mask < 0.5).astype(np.uint8))
    small = np.array([stats[i, cv2.CC_STAT_AREA] <= largest for i in range(n)])
    small[0] = False
    return as_float((mask > 0.5) | small[labels])


def _behind_glasses(face: Face, width: int, height: int) -> Mask:
    """Everything that frames, their shadows and reflections may cover: a band over the face."""
    mm = face.px_per_mm
    right, left = face.eyes
    along = (left - right) / max(float(np.linalg.norm(left - right)), 1e-6)
    down = np.array([-along[1], along[0]], np.float32)
    # Lenses are up to 56 mm wide and 50 high; their lower rim's shadow falls a little below.
    a, b = right - 60 * mm * along, left + 60 * mm * along
    corners = np.stack([a - 26 * mm * down, b - 26 * mm * down, b + 34 * mm * down])
    corners = np.concatenate([corners, (a + 34 * mm * down)[None]])
    return geometry.fill_polygon(as_float(corners), width, height)


# --- Candidates -----------------------------------------------------------------------------------


class _Field:
    """What candidates are looked for in: density of darkness and erythema over the skin's box."""

    def __init__(self, log: Float, skin: Mask, mm: float) -> None:
        self.log, self.skin, self.mm = log, skin, mm
        self.red = as_float(log[..., 0] - log[..., 1])
        self.dark = as_float(-(log @ colour.P3_LUMINANCE))

    def response(self, channel: Float, radius_mm: float) -> tuple[Float, Float]:
        """How much each blob of a radius stands out, and the local spread of that."""
        sigma = radius_mm * self.mm / np.sqrt(2)
        # A difference of Gaussians stands for the Laplacian; the ratio 1.6 is Marr's.
        got = filters.blur(channel, sigma / 1.26) - filters.blur(channel, sigma * 1.26)
        inside = self.skin > 0.5
        typical = 1.4826 * float(np.median(np.abs(got[inside])))
        # Mean absolute value with outliers clipped: a spot must not hide itself.
        size = np.minimum(np.abs(got), 3 * typical)
        spread = 1.2533 * filters.blur_inside(as_float(size), self.skin, 8 * self.mm)
        return got, as_float(np.maximum(np.maximum(spread, 0.7 * typical), _LEAST_SPREAD))


def _candidates(field: _Field) -> list[tuple[int, int, float, str, float]]:
    """Blobs (x, y, radius in mm, channel, z), the strongest first, none within another.

    That there is a blob is decided in units of the local spread, its scale by the plain response.
    """
    mm = field.mm
    best = np.zeros(field.skin.shape, np.float32)
    which = np.zeros(field.skin.shape, np.int32)
    # A light mark must stand out more: gloss on pores is light too.
    for j, (channel, share) in enumerate(((field.red, 1.0), (field.dark, 1.0), (field.dark, -0.7))):
        strong = np.zeros_like(best)
        scale = np.zeros_like(which)
        highest = np.zeros_like(best)
        for i, radius in enumerate(_RADII_MM):
            got, spread = field.response(channel, radius)
            got = got * np.float32(share) * field.skin
            z = got / spread
            larger = (z > _Z) & (got > strong)
            strong[larger] = got[larger]
            scale[larger] = i
            np.maximum(highest, z, out=highest)
        higher = highest > best
        best[higher] = highest[higher]
        which[higher] = 3 * scale[higher] + j
    size = 2 * max(1, round(0.6 * mm)) + 1
    peak = cv2.dilate(best, np.ones((size, size), np.uint8))
    y, x = np.nonzero((best >= peak) & (best > _Z))
    order = np.argsort(-best[y, x])[:300]
    taken: list[tuple[int, int, float, str, float]] = []
    for k in order:
        radius = _RADII_MM[which[y[k], x[k]] // 3]
        name = ("red", "dark", "light")[which[y[k], x[k]] % 3]
        near = any(np.hypot(x[k] - t[0], y[k] - t[1]) < 1.2 * mm * max(radius, t[2]) for t in taken)
        if not near:
            taken.append((int(x[k]), int(y[k]), radius, name, float(best[y[k], x[k]])))
    return taken


# --- Measuring and judging ------------------------------------------------------------------------


def _measure(
    field: _Field, x: int, y: int, radius_mm: float, channel: str, z: float
) -> Mark | None:
    """Measure a blob against the ring around it and judge it; None where it is no mark.

    The scale at which a blob stands out of texture is smaller than its own, so the measure grows
    until the ring lies outside: a Gaussian spot answers at a radius of 0.6 of its width.
    """
    for grown in (1.0, 1.4, 2.0):
        radius = radius_mm * grown
        got = _against_ring(field, x, y, radius, channel)
        if got is not None and (got[0].diameter_mm <= 1.7 * radius or channel == "light"):
            return _judge(got[0], channel, got[1], got[2], z)
    return None


def _against_ring(
    field: _Field, x: int, y: int, radius_mm: float, channel: str
) -> tuple[Mark, float, float] | None:
    """Measure a blob against the ring around a disc.

    Also its length over its width, and how much more blue than green it takes: melanin takes more,
    blood less.
    """
    mm = field.mm
    inner_mm, outer_mm = 2.0 * radius_mm, 2.8 * radius_mm + 1.0
    reach = int(np.ceil(outer_mm * mm))
    top, left = max(0, y - reach), max(0, x - reach)
    log = field.log[top : y + reach + 1, left : x + reach + 1]
    skin = field.skin[top : y + reach + 1, left : x + reach + 1]
    yy, xx = np.mgrid[0 : log.shape[0], 0 : log.shape[1]].astype(np.float32)
    d = np.hypot(xx - (x - left), yy - (y - top)) / mm
    around = (d > inner_mm) & (d < outer_mm)
    ring = around & (skin > 0.5)
    if ring.sum() < 0.5 * around.sum():
        return None
    # The ring's plane is the shading; what stands out of it is the mark.
    basis = np.stack([xx, yy, np.ones_like(xx)], -1)
    plane, *_ = np.linalg.lstsq(basis[ring], log[ring], rcond=None)
    excess = as_float(basis @ plane - log)
    smooth = filters.blur(excess, 0.3 * radius_mm * mm)
    dark = smooth @ colour.P3_LUMINANCE
    tested = {"red": smooth[..., 1] - smooth[..., 0], "dark": dark, "light": -dark}[channel]
    inner = d < 1.2 * radius_mm
    peak = float(tested[inner].max())
    spread = 1.4826 * float(np.median(np.abs(tested[ring] - np.median(tested[ring]))))
    if peak <= 3.0 * spread:
        return None
    part = _component(tested > 0.5 * peak, inner, tested)
    if part is None or (part & (d > inner_mm)).any():  # runs on: a fold, a shadow, a blotch
        return None
    contrast = np.median(excess[part], axis=0)
    made = Mark(
        id="",
        x=float(left + xx[part].mean()),
        y=float(top + yy[part].mean()),
        diameter_mm=float(np.sqrt(4 * part.sum() / np.pi)) / mm,
        melanin=float(contrast[0]),
        redness=float(contrast[1] - contrast[0]),
        kind="spot",
        fate="unsure",
        confidence=0.0,
    )
    return made, _axes(xx[part], yy[part]), float(contrast[2] - contrast[1])


def _component(above: np.ndarray, inner: np.ndarray, strength: Float) -> np.ndarray | None:
    """The connected part that holds the strongest pixel of the middle."""
    _, labels = cv2.connectedComponents(above.astype(np.uint8), connectivity=8)
    at = int(np.argmax(np.where(inner, strength, -np.inf)))
    label = labels.ravel()[at]
    return None if label == 0 else labels == label


def _axes(x: Float, y: Float) -> float:
    """Ratio of the longer to the shorter axis of a set of pixels, from its second moments."""
    # A pixel has a second moment of its own, 1/12.
    cov = np.cov(np.stack([x, y])) + np.eye(2) / 12 if len(x) > 2 else np.eye(2)
    low, high = np.linalg.eigvalsh(cov)
    return float(np.sqrt(high / max(low, 1e-6)))


def _judge(mark: Mark, channel: str, axes: float, brown: float, z: float) -> Mark | None:
    """Kind and fate by absorption, size and form (science.md 5, its table of decisions)."""
    size, melanin, redness = mark.diameter_mm, mark.melanin, mark.redness
    sure = float(np.clip((z - _Z) / 5, 0, 1))

    def made(kind: Kind, fate: Fate, confidence: float) -> Mark:
        return replace(mark, kind=kind, fate=fate, confidence=round(float(confidence), 2))

    if channel == "light":
        # Gloss is light and grey; scar tissue is light and pale. Only a line is told from both.
        is_line = axes > 2.2 and 1.5 < size < 8
        return made("scar", "permanent", 0.4 + 0.4 * sure) if is_line else None
    if not SMALLEST_MM <= size <= 8 or axes > 2.0:  # long: wrinkles, hairs, veins, rims of glasses
        return None
    total = max(melanin, 0.0) + max(redness, 0.0)
    share = max(redness, 0.0) / max(total, 1e-6)
    # Blood takes green away: what is red and yet lighter is the rim of a gloss or a shadow.
    if redness >= _RED and share >= _SHARE_BLOOD and melanin + redness >= 0.6 * _RED:
        by_share = np.clip((share - _SHARE_BLOOD) / 0.10, 0, 1)
        by_red = np.clip((redness - _RED) / 0.05, 0, 1)
        # Flecks of sun-worn skin and of noise stand out less than 5 times, and are seldom round.
        clear = np.clip((z - 4.6) / 2.4, 0, 1)
        is_round = np.clip((1.9 - axes) / 0.4, 0, 1)
        # Blood leaves red light nearly alone; what takes a fifth of it away has pigment too.
        not_dark = np.clip((0.24 - melanin) / 0.08, 0, 1)
        not_brown = np.clip((0.8 - brown / redness) / 0.5, 0, 1)
        least = min(by_share, by_red, clear, is_round, not_dark, not_brown)
        confidence = 0.4 + 0.6 * float(least)
        return made("blemish", "passing" if confidence >= 0.5 else "unsure", confidence)
    if melanin >= _FRECKLE and share <= _SHARE_MELANIN:
        dark = float(np.clip((melanin - 0.12) / 0.12, 0, 1))
        kind: Kind = "mole" if dark > 0 and size >= 1.0 else "spot"
        return made(kind, "permanent", 0.4 + 0.5 * min(dark, sure))
    seen = melanin + redness >= _FAINT_RED and max(redness / _FAINT_RED, melanin / _FAINT_DARK) >= 1
    return made("spot", "unsure", 0.3) if seen else None


def _apart(found: list[Mark], mm: float) -> list[Mark]:
    """One mark for each place; where one of two may be the sitter's own, that one."""
    order = sorted(found, key=lambda m: (m.fate == "passing", -m.confidence))
    kept: list[Mark] = []
    for mark in order:
        if all(
            np.hypot(mark.x - k.x, mark.y - k.y) > 0.6 * mm * max(mark.diameter_mm, k.diameter_mm)
            for k in kept
        ):
            kept.append(mark)
    return kept


def _gather_freckles(found: list[Mark], mm: float, face: Face) -> list[Mark]:
    """Join eight or more pigmented spots within 30 mm to one field of freckles."""
    found = _without_stubble(found, mm, face)
    brown = [m for m in found if m.kind in ("mole", "spot") and m.diameter_mm <= 3.0]
    seen = [m for m in found if m.kind != "spot" or m.melanin + m.redness >= _FAINT_DARK]
    if len(brown) < 8:
        return seen
    places = np.array([[m.x, m.y] for m in brown], np.float32)
    gap = np.linalg.norm(places[:, None] - places[None], axis=2)
    crowded = (gap < 15 * mm).sum(1) >= 8
    _, labels = _clusters(gap < 15 * mm, crowded)
    gone: set[int] = set()
    fields: list[Mark] = []
    for label in set(labels[labels >= 0].tolist()):
        chosen = np.nonzero(labels == label)[0]
        gone.update(id(brown[i]) for i in chosen)
        middle = places[chosen].mean(0)
        extent = 2 * float(np.percentile(np.linalg.norm(places[chosen] - middle, axis=1), 90)) / mm
        fields.append(
            Mark(
                "",
                float(middle[0]),
                float(middle[1]),
                extent,
                float(np.median([brown[i].melanin for i in chosen])),
                float(np.median([brown[i].redness for i in chosen])),
                "freckles",
                "permanent",
                round(min(1.0, 0.5 + len(chosen) / 40), 2),
            )
        )
        # A red spot among freckles may be one of them.
        for i, m in enumerate(seen):
            close = np.linalg.norm(places[chosen] - [m.x, m.y], axis=1).min() < 6 * mm
            if m.fate == "passing" and close and m.confidence < 0.7:
                seen[i] = replace(m, fate="unsure")
    return [m for m in seen if id(m) not in gone] + fields


def _clusters(near: np.ndarray, core: np.ndarray) -> tuple[int, np.ndarray]:
    """Label the points joined through crowded ones; -1 outside (DBSCAN's rule)."""
    labels = np.full(len(core), -1)
    count = 0
    for start in np.nonzero(core)[0]:
        if labels[start] >= 0:
            continue
        stack = [int(start)]
        while stack:
            at = stack.pop()
            if labels[at] >= 0:
                continue
            labels[at] = count
            if core[at]:
                stack += [int(i) for i in np.nonzero(near[at] & (labels < 0))[0]]
        count += 1
    return count, labels


def _without_stubble(found: list[Mark], mm: float, face: Face) -> list[Mark]:
    """Leave out small dark dots below the nose that have four others within 12 mm: a beard."""
    nose, chin = face.points[2], face.points[152]
    dots = [
        m
        for m in found
        if m.kind in ("mole", "spot")
        and m.diameter_mm <= 2.5
        and (np.array([m.x, m.y]) - nose) @ (chin - nose) > 0
    ]
    places = np.array([[m.x, m.y] for m in dots], np.float32).reshape(-1, 2)
    near = np.linalg.norm(places[:, None] - places[None], axis=2) < 12 * mm
    beard = {id(m) for m, count in zip(dots, near.sum(1), strict=True) if count >= 5}
    return [m for m in found if id(m) not in beard]


def _name(mark: Mark, middle: Points, mm: float) -> str:
    x, y = round((mark.x - float(middle[0])) / mm), round((mark.y - float(middle[1])) / mm)
    return f"{'l' if x < 0 else 'r'}{abs(x):02d}{'u' if y < 0 else 'd'}{abs(y):02d}"
