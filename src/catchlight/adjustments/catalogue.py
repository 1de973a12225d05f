"""The adjustments, in the order in which a person meets them."""

from __future__ import annotations

from catchlight.adjustments.blemishes import BLEMISHES
from catchlight.adjustments.contrast import CONTRAST
from catchlight.adjustments.detail import DETAIL
from catchlight.adjustments.dimension import DIMENSION
from catchlight.adjustments.edit import Adjustment
from catchlight.adjustments.exposure import EXPOSURE
from catchlight.adjustments.eyes import EYES
from catchlight.adjustments.key_light import KEY_LIGHT
from catchlight.adjustments.lens import LENS
from catchlight.adjustments.light_colour import LIGHT_COLOUR
from catchlight.adjustments.shadows import SHADOWS
from catchlight.adjustments.shine import SHINE
from catchlight.adjustments.skin_evenness import SKIN_EVENNESS
from catchlight.adjustments.teeth import TEETH
from catchlight.adjustments.texture import TEXTURE
from catchlight.adjustments.under_eye import UNDER_EYE
from catchlight.adjustments.white_balance import WHITE_BALANCE

CATALOGUE: tuple[Adjustment, ...] = (
    WHITE_BALANCE,
    EXPOSURE,
    SHADOWS,
    KEY_LIGHT,
    LIGHT_COLOUR,
    DIMENSION,
    CONTRAST,
    BLEMISHES,
    SKIN_EVENNESS,
    SHINE,
    UNDER_EYE,
    EYES,
    TEETH,
    TEXTURE,
    DETAIL,
    LENS,
)
NAMES: tuple[str, ...] = tuple(a.name for a in CATALOGUE)
BY_NAME = {a.name: a for a in CATALOGUE}
