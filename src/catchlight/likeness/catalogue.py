"""The components of likeness, in the order in which they are told: one row each.

Weights, units, what cannot be judged, the table of docs/likeness.md and the order all come from
here. A new component is one file, with a measure of a :class:`register.Pair`, and one row.
"""

from __future__ import annotations

from collections.abc import Callable

from catchlight.likeness.across import Across
from catchlight.likeness.across_lines import measure_lines_across
from catchlight.likeness.across_marks import measure_marks_across
from catchlight.likeness.across_mirror import measure_mirroring_across
from catchlight.likeness.across_shape import measure_shape_across
from catchlight.likeness.across_skin import (
    measure_irises_across,
    measure_relief_across,
    measure_tone_across,
)
from catchlight.likeness.component import Finding, Row
from catchlight.likeness.expression import measure_asymmetry, measure_expression_kept
from catchlight.likeness.eyes import measure_eyes
from catchlight.likeness.geometry import measure_geometry
from catchlight.likeness.identity import measure_identity_kept
from catchlight.likeness.lines import measure_lines
from catchlight.likeness.marks import measure_marks
from catchlight.likeness.register import Pair
from catchlight.likeness.rewriting import measure_rewriting
from catchlight.likeness.texture import measure_texture_invented, measure_texture_kept
from catchlight.likeness.tone import measure_tone_kept

IDENTITY: Row[Pair] = Row(
    "identity", "Identity", "distance", 3.0,
    ("1.5 times the worst of those, at least 0.34", "3 times, at least 0.64"),
    measure_identity_kept,
    "distance of SFace's face vectors, both in the photo's light, against what JPEG and a 2 px "
    "shift cost the same photo",
    asks_networks=True,
)  # fmt: skip

#: What of these can be told when the pictures are different photographs; see :mod:`across`.
ACROSS: dict[str, Callable[[Across], Finding]] = {
    "geometry": measure_shape_across,
    "texture_kept": measure_relief_across,
    "lines": measure_lines_across,
    "marks": measure_marks_across,
    "tone": measure_tone_across,
    "asymmetry": measure_mirroring_across,
    "eyes": measure_irises_across,
}

CATALOGUE: tuple[Row[Pair], ...] = (
    IDENTITY,
    Row("geometry", "Geometry", "% of the inter-eye distance", 3.0, ("0.3", "1.4"),
        measure_geometry,
        "RMS motion of eyes, irises, brows, nose, mouth and jaw after a similarity, in % of the "
        "inter-eye distance: by the mesh less its own noise, and by optical flow",
        asks_networks=True),
    Row("texture_kept", "Texture kept", "coherent gain", 2.0, ("0.78", "0.30, 0.35"),
        measure_texture_kept,
        "coherent gain of the skin at 0.6-1.6 and 1.6-4.8 mm, worst quarter of the skin"),
    Row("texture_invented", "Texture invented", "1 - coherence", 2.0, ("0.25, 0.12", "0.90, 0.50"),
        measure_texture_invented,
        "1 - coherence of the same bands, beyond the photo's noise"),
    Row("lines", "Lines", "share kept", 1.0, ("0.75", "0.40"), measure_lines,
        "depth of crow's feet, forehead lines and smile creases along the photo's own ridges"),
    Row("marks", "Permanent marks", "share kept", 3.0,
        ("0.97 of all, weighted", "0.75, or one certain mole, scar or freckle field gone"),
        measure_marks,
        "contrast of every permanent mark at its own place; kept from 0.70, gone below 0.40"),
    Row("tone", "Skin tone", "CIEDE2000", 2.0,
        ("2", "4; light itself: free to 1 stop, red at 3"), measure_tone_kept,
        "CIEDE2000 of the skin that light does not explain, nor any exposure: a lift that the "
        "whites, the brows and the pupils do not share"),
    Row("expression", "Expression", "coefficient", 2.0,
        ("0.06 or 1.5 times their noise", "0.25 or 3 times"), measure_expression_kept,
        "largest change of 52 coefficients", asks_networks=True),
    Row("asymmetry", "Asymmetry", "% of the inter-eye distance", 1.0, ("0.4", "1.5"),
        measure_asymmetry, "change of left-right differences, % of the inter-eye distance",
        asks_networks=True),
    Row("eyes", "Eyes", "score", 1.0, ("3; 0.6; 0.7", "8; 0.2; 0.25"), measure_eyes,
        "iris colour (CIEDE2000), contrast of catchlights and lashes; the worst"),
    Row("rewriting", "Rewriting", "share of the face", 2.0, ("0.05", "0.30"), measure_rewriting,
        "share of the face's detail that is not the photo's under any light "
        "([why our own](decisions/0006-our-own-rewriting-statistic.md))"),
)  # fmt: skip
