"""Catchlight: one ordinary photograph in, a professional headshot out that is still the person.

The library in five lines::

    from catchlight import Look, develop, open_photo, save, study
    photo = open_photo("me.jpg")
    look = Look(backdrop="studio-cool")
    result = develop(study(photo, look), look)
    save(result, "me.headshot.jpg", photo=photo)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Brief": "studio",
    "CatchlightError": "errors",
    "Look": "look",
    "Output": "studio",
    "Picture": "images",
    "Rendered": "render",
    "Scene": "analysis.scene",
    "Shot": "studio",
    "advise_wardrobe": "studio",
    "check": "studio",
    "develop": "studio",
    "explore": "studio",
    "load_look": "look",
    "load_setting": "setting",
    "open_photo": "studio",
    "pick": "studio",
    "save": "studio",
    "shoot": "studio",
    "study": "studio",
}

__all__ = [
    "Brief",
    "CatchlightError",
    "Look",
    "Output",
    "Picture",
    "Rendered",
    "Scene",
    "Shot",
    "__version__",
    "advise_wardrobe",
    "check",
    "develop",
    "explore",
    "load_look",
    "load_setting",
    "open_photo",
    "pick",
    "save",
    "shoot",
    "study",
]

if TYPE_CHECKING:
    from catchlight.analysis.scene import Scene
    from catchlight.errors import CatchlightError
    from catchlight.images import Picture
    from catchlight.look import Look, load_look
    from catchlight.render import Rendered
    from catchlight.setting import load_setting
    from catchlight.studio import (
        Brief,
        Output,
        Shot,
        advise_wardrobe,
        check,
        develop,
        explore,
        open_photo,
        pick,
        save,
        shoot,
        study,
    )


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``catchlight --help`` does not load a computer vision stack."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'catchlight' has no attribute {name!r}")
    home = importlib.import_module(f"catchlight.{_HOMES[name]}")
    value = getattr(home, name)
    globals()[name] = value
    return value
