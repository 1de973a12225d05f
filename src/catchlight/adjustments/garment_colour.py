"""garment_colour: the largest garment in another colour, to try it; folds and weave stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catchlight.adjustments.choices import GarmentChoices
from catchlight.adjustments.edit import Gain
from catchlight.analysis.scene import Scene
from catchlight.analysis.wardrobe.garment import Garment
from catchlight.analysis.wardrobe.palette import cloth_rgb
from catchlight.arrays import Float, Mask, Pixels, as_float
from catchlight.pixels import bands, blend, colour, filters, powers
from catchlight.pixels.grid import find_box
from catchlight.pixels.morphology import Bits
from catchlight.pixels.strips import over_strips

#: The cloth's own colour is told over this much, mm: threads and noise keep their ratios.
_THREAD = 0.9
#: Times by which L* may rise: beyond it a black cloth's noise would become folds, and what of it
#: lies in deeper shade (a collar, a seam, a gap beside it) would stay black. Of 34 garments looked
#: at, whole ones rise by up to 2.2, torn or grainy ones from 2.3.
_BRIGHTEST = 2.25
#: L* that no lit fold exceeds, and the percentile of the folds that is held below it.
_WHITE, _LIT = 97.0, 98.0
#: Share of the cloth's own change of hue (a printed thread, a coloured lamp) that stays.
_OWN = 0.35
#: How far around an edge of the mask both sides' colours decide, mm, and over how much they are
#: told; and the difference of codes (root of light, all channels) from which they can.
_BAND, _AROUND, _APART = 1.6, 3.5, (0.05, 0.12)
#: Pattern from which no garment of one colour is there to be shown in another.
PATTERNED = 0.12
#: Cloth of the garment's own hue beside it, as a share of it: folds that would keep the old colour.
TORN = 0.1
#: Share of what is worn that hair may hang over: a strand, no more.
HUNG = 0.08
#: Share of the cloth at its ceiling from which too few folds are left to be shown in a colour.
BURNT = 0.25
#: Patches of the cloth's own dye or of hard sun beside it that a dye would leave, as a share of it:
#: of 36 photos those that look whole have up to 0.0023, those seen to be torn 0.0039 to 0.09.
PATCHED = 0.003
#: Share of the dyed border that is no edge in the photo: whole ones up to 0.38, torn from 0.48.
SOFT = 0.43
#: Skin in the cloth's mask, as a share of it, from which a dyed neck would be seen: up to 0.0013
#: where none is seen, 0.07 where it is.
STAINED = 0.005
#: L* that the folds would still have in the asked colour: below it a white shirt in navy is flat as
#: paint. Of those 34 garments flat ones have up to 0.45, the least of the others 0.77.
FLAT = 0.6
#: Slack beside the cloth's own colour, codes: its folds and threads are no part of what is beside.
_FOLDS = 0.06
#: At most so many stops either way.
_MOST = 8.0


def refuse(garment: Garment, asked: str) -> str:
    """Why a garment cannot be shown in a colour, in words; empty where it can.

    Parameters
    ----------
    garment : Garment
    asked : str, a name of the palette or ``#rrggbb``
    """
    times = _target(asked)[0] / max(float(garment.pieces[0].lab[0]), 1.0) if garment.seen else 0.0
    told = asked.replace("-", " ")
    # What is measured is how the picture would fail; of what causes it (hair, a print, hard sun)
    # nothing is known for sure, so nothing is said.
    against = (
        (not garment.seen, "we could not measure the clothes surely enough in this photo"),
        (
            garment.hung > HUNG or garment.stained > STAINED,
            "the edge of the clothes cannot be told surely enough in this photo, and the colour "
            "could spill over it",
        ),
        (
            garment.mixed > PATTERNED,
            "different colours seem to lie close together in these clothes, and one colour would "
            "hide them",
        ),
        (
            garment.burnt > BURNT,
            "much of the cloth is so bright in this light that its folds are lost, and it would "
            "look painted",
        ),
        (
            garment.torn > TORN or garment.patches > PATCHED or garment.soft > SOFT,
            "part of the clothes could keep its old colour, which would look patchy",
        ),
        (
            garment.relief * min(times, 1.0) < FLAT,
            f"the folds of the cloth would hardly be seen in {told}, and it would look painted",
        ),
        (
            times > _BRIGHTEST,
            f"the cloth is too dark in this photo to be shown in {told}",
        ),
    )
    return next((said for holds, said in against if holds), "")


def build(scene: Scene, params: GarmentChoices) -> Gain | None:
    """Show the largest piece of cloth as the asked colour: L* in proportion, chroma moved.

    Each place of the cloth keeps its ratio of L* to the garment's middle, so folds keep their
    contrast; a and b go to the asked colour's, in proportion to L*, and keep a third of their own
    change. Threads are folds, too: every pixel amid the cloth keeps its own L*. At an edge it acts
    as far as the pixel is cloth, told from the colours on both sides.

    Notes
    -----
    Nothing where no colour is asked for, where skin, hair and cloth are not surely told apart,
    where the cloth is patterned or too dark for the colour (:func:`refuse` says which). Sheen keeps
    its shape and takes the dye's colour, which on silk and leather it would not. Cost: about 0.2 s
    for a frame of 3 megapixels.
    """
    if params.garment == "own" or refuse(scene.garment, params.garment):
        return None
    piece = scene.garment.pieces[0]
    mm = scene.small_face.px_per_mm
    mask = piece.mask
    inside = as_float((mask > 0.9) * 1.0)
    smooth = filters.fill_outside(bands.smooth_inside(scene.small, inside, _THREAD * mm), inside, 1)
    lab = colour.p3_to_lab(np.clip(smooth, 0, None))
    dye = _mix(lab, piece.lab, _target(params.garment), mask > 0.9)
    stops = _between(smooth, dye.tint(lab[..., 0], lab[..., 1:] - piece.lab[1:]))
    return _lay_edges(scene, dye, stops, (smooth, lab, mask), mm)


def _target(name: str) -> Float:
    """The asked colour, (3,) CIELAB."""
    return colour.hex_to_lab(cloth_rgb(name))


@dataclass(frozen=True)
class Dye:
    """Another colour for one cloth.

    Attributes
    ----------
    own, asked : (3,) CIELAB, the cloth's middle and what it becomes
    power : float, 0..1, in which range its folds are told
    """

    own: Float
    asked: Float
    power: float

    def tint(self, lightness: Float, change: Float) -> Pixels:
        """Cloth of ``lightness`` (h, w) and its own ``change`` of a, b, dyed: linear P3."""
        ratio = np.maximum(lightness, 0) / max(float(self.own[0]), 1.0)
        out = np.empty((*lightness.shape, 3), np.float32)
        out[..., 0] = np.minimum(self.asked[0] * ratio**self.power, 100)
        share = np.clip(out[..., :1] / max(float(self.asked[0]), 1.0), 0, 1.3)
        out[..., 1:] = self.asked[1:] * share + _OWN * change * np.minimum(share, 1)
        return colour.lab_to_p3(out)


def _mix(lab: Float, own: Float, asked: Float, where: Bits) -> Dye:
    """The dye that takes a cloth's middle to the asked colour, its lit folds below the white."""
    lit = float(np.percentile(lab[..., 0][where], _LIT)) / max(float(own[0]), 1.0)
    room = _WHITE / max(float(asked[0]), 1.0)
    # Where lit folds would leave the white, all of them are told in a narrower range.
    power = min(1.0, float(np.log(room) / np.log(lit))) if lit > max(room, 1.0) else 1.0
    return Dye(own, asked, power)


def _between(before: Pixels, after: Pixels) -> Float:
    """Stops from one to the other."""
    floor = np.float32(2.0**-11)
    stops = powers.log2(np.maximum(after, floor)) - powers.log2(np.maximum(before, floor))
    return as_float(np.clip(stops, -_MOST, _MOST))


def _lay_edges(
    scene: Scene, dye: Dye, stops: Float, told: tuple[Pixels, Float, Mask], mm: float
) -> Gain | None:
    """The gain on the frame's own pixels, as far as each is cloth.

    Amid the cloth each pixel keeps its own L*, so every thread does; its a and b are those told
    over a millimetre, as the noise of a channel that the old dye had emptied would come up.
    """
    h, w = scene.pixels.shape[:2]
    grid = scene.frame_grid
    cloth, lab, mask = told
    core, rest = as_float((mask > 0.95) * 1.0), as_float((mask < 0.03) * 1.0)
    beside = filters.blur_inside(scene.small, rest, _AROUND * mm)
    band = filters.blur(mask, _BAND * mm)
    band = as_float(filters.smoothstep(band, 0.03, 0.15) * filters.smoothstep(band, 0.97, 0.85))
    near = filters.blur_inside(scene.small, core, _AROUND * mm)
    change = as_float(lab[..., 1:] - dye.own[1:])
    wide = [filters.resize(x, w, h) for x in (stops, cloth, near, beside, mask, band, change)]
    alpha = filters.smoothstep(scene.region("person"), 0.03, 0.6)
    out = np.zeros((h, w, 3), np.float16)

    def lay(rows: slice) -> None:
        here = scene.pixels[rows]
        gain, local, cloth_near, other, soft, rim, moved = (x[rows] for x in wide)
        # A hundredth of white left in navy would be a third of its light.
        share = _tell_share(here, cloth_near, other, soft, rim) * alpha[rows]
        share = np.clip((share - 0.02) / 0.88, 0, 1)
        shown = share[..., None]
        whole = filters.smoothstep(shown, 0.8, 0.98)
        light = colour.p3_to_lab(np.clip(here, 0, None))[..., 0]
        amid = whole * filters.smoothstep(soft, 0.8, 0.97)[..., None]
        gain = gain + amid * (_between(here, dye.tint(light, moved)) - gain)
        # Of a pixel that is part cloth, only the cloth's light changes.
        least = np.float32(2.0**-10)
        part = np.clip(shown * (local + least) / (here + least), 0, 1)
        part = part * (1 - whole) + shown * whole
        found = powers.log2(1 + as_float(part) * (powers.exp2(as_float(gain)) - 1))
        # Never to nothing: what is 0 has no stops to give back at half the strength.
        lowest = powers.log2(as_float(2 * blend.EPSILON / (here + blend.EPSILON)))
        out[rows] = np.maximum(found, np.minimum(lowest, 0))

    over_strips(lay, h, w)
    box = find_box(out)
    if box is None:
        return None
    x0, y0, x1, y1 = box
    return Gain(out[y0:y1, x0:x1], grid, box)


def _tell_share(here: Pixels, cloth: Pixels, other: Pixels, soft: Mask, rim: Mask) -> Mask:
    """How much of each pixel is cloth, 0..1: at a rim by the colours on its two sides."""
    seen, first, second = (np.sqrt(np.maximum(x, 0)) for x in (here, cloth, other))
    axis = first - second
    length = (axis**2).sum(axis=-1)
    along = ((seen - second) * axis).sum(axis=-1) / np.maximum(length, 1e-5)
    # A fold of white cloth lies towards a grey wall; it is none of the wall.
    slack = np.clip(_FOLDS / np.sqrt(np.maximum(length, 1e-5)), 0.06, 0.5)
    told = as_float(np.clip((along - 0.06) / (0.94 - slack), 0, 1))
    sure = rim * filters.smoothstep(as_float(np.sqrt(length)), *_APART)
    # Colour alone makes no cloth where the mask says there is none near.
    told = told * filters.smoothstep(soft, 0.02, 0.3)
    return as_float(soft * (1 - sure) + told * sure)
