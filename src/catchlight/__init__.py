"""Catchlight: one ordinary photograph in, a professional headshot out that is still the person.

The library in five lines::

    from catchlight import Look, open_photo, render, save, study
    photo = open_photo("me.jpg")
    look = Look(backdrop="studio-cool")
    result = render(study(photo, look), look)
    save(result, "me.headshot.jpg", photo=photo)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "CatchlightError": "errors",
    "Look": "look",
    "Output": "studio",
    "Picture": "images",
    "Rendered": "render",
    "Scene": "analysis.scene",
    "Shot": "studio",
    "load_look": "look",
    "open_photo": "studio",
    "render": "render",
    "save": "studio",
    "shoot": "studio",
    "study": "studio",
}
__all__ = [*sorted(_HOMES), "__version__"]

if TYPE_CHECKING:
    from catchlight.analysis.scene import Scene
    from catchlight.errors import CatchlightError
    from catchlight.images import Picture
    from catchlight.look import Look, load_look
    from catchlight.render import Rendered, render
    from catchlight.studio import Output, Shot, open_photo, save, shoot, study


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``catchlight --help`` does not load a computer vision stack."""
    import importlib
    import sys

    if name not in _HOMES:
        raise AttributeError(f"module 'catchlight' has no attribute {name!r}")
    home = importlib.import_module(f"catchlight.{_HOMES[name]}")
    value = getattr(home, name)
    # Importing a submodule binds its name here: `render` must stay the function.
    for public, module in _HOMES.items():
        if public == module and f"catchlight.{module}" in sys.modules:
            globals()[public] = getattr(sys.modules[f"catchlight.{module}"], public)
    globals()[name] = value
    return value
