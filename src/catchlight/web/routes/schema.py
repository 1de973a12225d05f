"""The schema: adjustments, settings, backdrops, lights and crops, for whoever draws a page."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, get_args

from fastapi import APIRouter, Request, Response

from catchlight import __version__
from catchlight.adjustments.adjustment import MANUAL, REFINING, Adjustment
from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.adjustments.choices import KeyLightChoices
from catchlight.backdrop import BACKDROPS, Backdrop, Paper
from catchlight.look import CropName, Look
from catchlight.setting import Setting, list_settings, load_setting
from catchlight.web import media
from catchlight.web.routes.bodies import FormatName

router = APIRouter(prefix="/api/v1", tags=["schema"])
#: Where a slider stands on a page; one that is not named stands with ``detail``.
_GROUPS = {
    "colour": ("white_balance", "warmth", "ground_warmth", "ground_colour"),
    "light": (
        "exposure", "brightness", "shadows", "key_light", "light_colour", "dimension", "contrast",
        "falloff",
    ),
    "skin": ("blemishes", "skin_evenness", "shine", "texture"),
    "eyes": ("under_eye", "eyes", "teeth"),
    "detail": ("detail", "stray_hair", "clothes"),
    "lens": ("lens",),
}  # fmt: skip
#: Width over height; None is the photo's own.
_ASPECTS = {"headshot": 0.8, "square": 1.0, "half": 0.8, "original": None}


@router.get("/schema")
async def read_schema(request: Request) -> Response:
    """Everything that can be chosen, with words, ranges and defaults."""
    return media.send_unless_known(request, _schema(), "application/json")


@cache
def _schema() -> bytes:
    lights = get_args(KeyLightChoices.model_fields["light"].annotation)
    whole = {
        "version": __version__,
        # Whose colour has to be named first has no slider of its own.
        "adjustments": [_adjustment(a) for a in CATALOGUE if a.name != "garment_colour"],
        "settings": [_setting(load_setting(name)) for name in list_settings()],
        "backdrops": [
            {"name": "auto", "title": "Auto", "hex": None, "kind": "auto"},
            *(_backdrop(b) for b in BACKDROPS),
        ],
        "lights": [{"name": n, "title": n.capitalize()} for n in lights],
        "crops": [
            {"name": n, "title": n.capitalize(), "aspect": _ASPECTS[n]} for n in get_args(CropName)
        ],
        "formats": list(get_args(FormatName)),
        "look": Look.model_json_schema(),
    }
    return json.dumps(whole, separators=(",", ":")).encode()


def _adjustment(a: Adjustment) -> dict[str, Any]:
    return {
        "name": a.name,
        "title": a.name.replace("_", " ").capitalize(),
        "about": a.text,
        "group": next((g for g, names in _GROUPS.items() if a.name in names), "detail"),
        "low": a.low,
        "high": 1.0,
        "default": a.default,
        "step": 0.01,
        "region": a.region,
        "unit": a.unit,
        "on_dial": a.name in REFINING,
        "manual": a.name in MANUAL,
    }


def _setting(s: Setting) -> dict[str, Any]:
    return {
        "name": s.name,
        "title": s.title,
        "reason": s.why,
        "polish": s.polish,
        "authenticity_floor": s.authenticity_floor,
        "polish_floor": s.polish_floor,
        "crop": s.crop.model_dump(),
        "head": s.head.model_dump(),
        "backdrop": s.backdrop.model_dump(),
        "marks": s.marks.model_dump(),
        "light": s.light.model_dump(),
        "wardrobe": s.wardrobe.model_dump(),
        "curve": {name: [list(p) for p in c.curve] for name, c in s.strengths.items()},
        "sizes": [
            {"name": n, "width": z.width, "height": z.height, "why": z.why}
            for n, z in s.sizes.items()
        ],
    }


def _backdrop(b: Backdrop) -> dict[str, Any]:
    titles = {"keep": "Own", "blur": "Soft"}
    title = titles.get(b.name, b.name.replace("-", " ").capitalize())
    shown = b.rgb if isinstance(b, Paper) else None
    kind = "paper" if isinstance(b, Paper) else b.name
    return {"name": b.name, "title": title, "hex": shown, "kind": kind}
