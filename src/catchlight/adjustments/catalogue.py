"""The adjustments, in the order in which a person meets them. Each row's name is its module."""

from __future__ import annotations

from catchlight.adjustments.adjustment import Adjustment
from catchlight.adjustments.choices import (
    BlemishChoices,
    GarmentChoices,
    KeyLightChoices,
    LensChoices,
)

CATALOGUE: tuple[Adjustment, ...] = (
    Adjustment(
        name="white_balance",
        text="Takes a cast away that the photo's witnesses to the light agree on; warmth that was "
        "meant stays.",
        default=1.0,
        region="all",
        about_colour=True,
    ),
    Adjustment(
        name="exposure",
        text="Corrects a photo that was exposed too dark or too bright; skin tone decides nothing.",
        default=1.0,
        region="all",
        about_colour=False,
    ),
    Adjustment(
        name="brightness",
        text="By hand: below 0 darker, above 0 brighter, as you like it.",
        default=0.0,
        low=-1.0,
        region="all",
        about_colour=False,
    ),
    Adjustment(
        name="warmth",
        text="By hand: below 0 cooler, above 0 warmer, as you like it.",
        default=0.0,
        low=-1.0,
        region="all",
        about_colour=True,
    ),
    Adjustment(
        name="shadows",
        text="Fills the shadow side of face and neck; edges and form stay.",
        default=0.6,
        region="reach",
        about_colour=False,
    ),
    Adjustment(
        name="key_light",
        text="Turns the light towards the pattern of --light, as far as the photo's own light "
        "allows.",
        default=0.6,
        region="reach",
        about_colour=False,
        params=KeyLightChoices,
    ),
    Adjustment(
        name="light_colour",
        text="Neutralises coloured light on part of the face; the skin keeps its own hue.",
        default=0.0,
        region="reach",
        about_colour=True,
    ),
    Adjustment(
        name="dimension",
        text="Models cheekbones, nose and jaw with light and shade, as a retoucher's brush does.",
        default=0.2,
        region="modelled",
        about_colour=False,
    ),
    Adjustment(
        name="contrast",
        text="Gives a flat photo depth around the face; the face keeps its brightness.",
        default=0.6,
        region="all",
        about_colour=False,
    ),
    Adjustment(
        name="blemishes",
        text="Heals spots that will be gone in weeks; moles, freckles and scars stay.",
        # 1 leaves nothing of what was judged to be passing; a fifth is left for a wrong verdict.
        default=0.8,
        region="head",
        about_colour=True,
        params=BlemishChoices,
    ),
    Adjustment(
        name="skin_evenness",
        text="Evens blotches of redness and pigment; pores, freckles and light stay.",
        default=0.35,
        region="skin",
        about_colour=True,
    ),
    Adjustment(
        name="shine",
        text="Takes the glare off forehead, nose and cheeks; a healthy glow stays.",
        default=0.4,
        region="head",
        about_colour=True,
    ),
    Adjustment(
        name="under_eye",
        text="Lightens dark or bluish skin below the eyes towards the cheek; creases keep their "
        "form.",
        default=0.4,
        region="under_eyes",
        about_colour=True,
    ),
    Adjustment(
        name="eyes",
        text="Clears the whites and the irises a little; colour, veins and catchlights stay.",
        default=0.3,
        region="eyes",
        about_colour=True,
    ),
    Adjustment(
        name="teeth",
        text="Makes teeth a little less yellow; gums and lips stay as they are.",
        default=0.4,
        region="teeth",
        about_colour=True,
    ),
    Adjustment(
        name="texture",
        text="Fine contrast of skin: below 0 smoother, above 0 clearer; pores always stay.",
        default=0.0,
        low=-1.0,
        region="skin",
        about_colour=False,
    ),
    Adjustment(
        name="stray_hair",
        text="Fades single hairs around the head; the hair itself stays as it grew.",
        default=0.0,
        region="outline",
        about_colour=True,
    ),
    Adjustment(
        name="clothes",
        text="Takes lint off plain cloth and softens creases; weave, seams and folds stay.",
        default=0.0,
        region="clothes",
        about_colour=False,
    ),
    Adjustment(
        name="falloff",
        text="Lets the photo's own background fall off into shade towards the corners.",
        default=0.0,
        region="background",
        about_colour=False,
    ),
    Adjustment(
        name="ground_warmth",
        text="Light on the photo's own background: below 0 cooler, above 0 warmer.",
        default=0.0,
        low=-1.0,
        region="background",
        about_colour=True,
    ),
    Adjustment(
        name="ground_colour",
        text="Colours of the photo's own background: below 0 quieter, above 0 fuller.",
        default=0.0,
        low=-1.0,
        region="background",
        about_colour=True,
    ),
    Adjustment(
        name="garment_colour",
        text="To try: shows the largest garment in the colour of --garment; its folds stay.",
        default=0.0,
        region="garment",
        about_colour=True,
        params=GarmentChoices,
    ),
    Adjustment(
        name="detail",
        text="Restores a soft, noisy, compressed or tiny photo as far as it stays the same person.",
        # A fifth less of what the network makes up; PSNR, colour and identity are those of 1.
        default=0.8,
        region="all",
        about_colour=True,
    ),
    Adjustment(
        name="lens",
        text="Draws a face taken from arm's length as a portrait lens would: a smaller nose.",
        default=0.7,
        region="all",
        about_colour=False,
        params=LensChoices,
        unit="mm",
    ),
)
NAMES: tuple[str, ...] = tuple(a.name for a in CATALOGUE)
BY_NAME = {a.name: a for a in CATALOGUE}
