"""The components of polish, in the order in which they are told: one row each.

Weights, units, what cannot be judged and the order all come from here. A new component is one file,
with a measure of a :class:`sight.Sight`, and one row.
"""

from __future__ import annotations

from collections.abc import Callable

from catchlight.likeness.component import Finding, Row
from catchlight.polish import composition, cutout, finish, light, rendition
from catchlight.polish.grade import FAILS, PASSES
from catchlight.polish.sight import Sight


def _row(
    name: str,
    title: str,
    unit: str,
    weight: float,
    limits: tuple[str, str],
    measure: Callable[[Sight], Finding],
    says: str,
) -> Row[Sight]:
    return Row(name, title, unit, weight, limits, measure, says, PASSES, FAILS)


CATALOGUE: tuple[Row[Sight], ...] = (
    _row("exposure", "Exposure of the face", "stops", 1.25,
         ("0.25; 0.5 % burnt", "1.8; 15 %"), light.measure_exposure,
         "stops too dark or too bright beyond doubt, by anchors without pigment (brightest thing, "
         "whites of the eyes, teeth, mirror on the skin); share of facial skin at its ceiling"),
    _row("evenness", "Evenness of light", "ratio", 0.5, ("1.15-2.2", "12"),
         light.measure_evenness, "light ratio of the cheeks"),
    _row("contrast", "Contrast", "L*", 0.5, ("70", "30"), light.measure_contrast,
         "L* between the darkest and the brightest that is not skin"),
    _row("white_balance", "White balance", "C*", 0.5, ("10; 5", "30; 45"),
         light.measure_white_balance,
         "chroma of the eyes' whites off neutral; degrees of skin hue outside 33-65"),
    _row("sharpness", "Sharpness", "mm", 3.0, ("0.5", "1.6"), rendition.measure_sharpness,
         "width of the eyes' edges, mm"),
    _row("noise", "Noise", "codes", 0.5, ("1.2", "8"), rendition.measure_noise,
         "8-bit codes on flat parts"),
    _row("resolution", "Resolution", "px", 2.25, ("-", "-"), rendition.measure_resolution,
         "px between the eyes in the source"),
    _row("background", "Background", "L* per %", 2.75, ("3", "16"), composition.measure_background,
         "L* for each 1 % of the picture"),
    _row("cutout", "Cut-out", "% sure", 3.0, ("75", "10"), cutout.measure_cutout,
         "how sure the outline is, where the background was replaced or softened"),
    _row("composition", "Composition", "% of height", 2.0,
         ("head 30-52 % of the height, eyes 28-44 % from the top, centre within 5 %, level within "
          "3 degrees", "15 and 110 %; 10 and 64 %; 25 %; 25 degrees"),
         composition.measure_composition, "head size, eye line, centring and level"),
    _row("separation", "Separation", "CIEDE2000", 0.5, ("11", "2"), finish.measure_separation,
         "how the sitter stands off the ground, a quarter of the way along the outline"),
    _row("skin", "Skin of the day", "% of colour", 0.5, ("4.5", "16"), finish.measure_skin,
         "unevenness of the skin's colour in blotches; freckles, marks and lines do not count"),
    _row("shine", "Shine", "% of light", 0.75, ("4", "22"), finish.measure_shine,
         "share of the face's light that is mirrored"),
    _row("under_eyes", "Under the eyes", "stops", 0.5, ("0.35", "2.2"),
         finish.measure_under_eyes, "how much darker it is below the eyes than on the cheeks"),
    _row("catchlights", "Light in the eyes", "L*", 1.0, ("45", "12"),
         finish.measure_catchlights, "L* from the pupils up to the brightest inside the lids"),
    _row("eyes_open", "Eyes open", "of eye to chin", 1.0, ("0.035", "0.015"),
         composition.measure_eyes, "lid gap over eye to chin"),
    _row("moment", "The moment", "of eye to eye", 1.5, ("0.20; 12 degrees", "0.45; 30"),
         composition.measure_moment,
         "gap between the lips over the inter-eye distance; degrees by which the head is thrown "
         "back or bowed"),
    _row("compression", "Compression", "codes", 1.5, ("0.10", "0.26"),
         rendition.measure_compression, "height of the steps at a JPEG's blocks, codes"),
)  # fmt: skip
