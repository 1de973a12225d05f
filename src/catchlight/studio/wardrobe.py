"""``advise_wardrobe``: what to wear, by the norms of the trade and this person's own picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from catchlight.adjustments.garment_colour import refuse
from catchlight.advice.advise import WardrobeAdvice, advise_scene
from catchlight.analysis.wardrobe.palette import parse_cloth
from catchlight.errors import LookError
from catchlight.images import Picture
from catchlight.look import Look
from catchlight.render import Rendered
from catchlight.setting import Setting, load_setting
from catchlight.studio.clock import Clock
from catchlight.studio.headshot import develop, open_photo, study
from catchlight.wardrobe import REGIONS

#: Longer side at which clothes are looked at: two pixels a millimetre of a headshot.
_LOOKED_AT = 1280


@dataclass(frozen=True, eq=False)
class Fitting:
    """The advice, and the garment as tried.

    Attributes
    ----------
    advice : WardrobeAdvice
    picture : Picture, the photo
    tried : str, the colour asked for; empty where none was
    rendered : Rendered or None, the photo's own frame with the garment in it
    refused : str, why it was not shown
    """

    advice: WardrobeAdvice
    picture: Picture
    tried: str = ""
    rendered: Rendered | None = None
    refused: str = ""


def advise_wardrobe(
    source: str | Path | bytes | BinaryIO | Picture,
    setting: str | Setting = "default",
    *,
    region: str | None = None,
    colour: str | None = None,
    face: int | None = None,
    stage: Clock | None = None,
) -> Fitting:
    """Say what to wear next time, and show the garment of the photo in another colour.

    Parameters
    ----------
    source : path, bytes, stream or Picture
    setting : str or Setting
        Where the headshot will be seen.
    region : str, optional
        A name of :data:`catchlight.wardrobe.REGIONS`: what is formal there.
    colour : str, optional
        A name of the palette, or ``#rrggbb``, to be shown on the garment.
    face : int, optional

    Raises
    ------
    PictureError, FaceError, ModelError
    LookError
        No such setting, region or colour.
    """
    wanted = setting if isinstance(setting, Setting) else load_setting(setting)
    if region is not None and region not in REGIONS:
        raise LookError(f"no region is called {region!r}; there are {', '.join(REGIONS)}")
    asked = _read_colour(colour)
    clock = stage or Clock()
    photo = source if isinstance(source, Picture) else clock("decode", lambda: open_photo(source))
    look = Look(
        crop=wanted.crop.use,
        head=wanted.head.use,
        backdrop="keep",
        size=_LOOKED_AT,
        adjust=dict.fromkeys(Look().strengths, 0.0),
    )
    scene = study(photo, look, face=face, stage=clock)
    said = clock("wardrobe", lambda: advise_scene(scene, wanted, region=region))
    if not asked:
        return Fitting(said, photo)
    refused = refuse(scene.garment, asked)
    if said.worn.colourless:
        refused = "this photo is in black and white or nearly of one tone"
    if refused:
        return Fitting(said, photo, asked, None, refused)
    strengths = {**look.adjust, "garment_colour": 1.0}
    shown = look.model_copy(update={"adjust": strengths, "garment": asked})
    return Fitting(said, photo, asked, clock("render", lambda: develop(scene, shown)))


def _read_colour(said: str | None) -> str:
    if said is None:
        return ""
    try:
        return parse_cloth(said)
    except ValueError as error:
        raise LookError(str(error)) from None
