"""The use cases: ``shoot``, ``check``, ``explore``, ``pick``; and ``jobs`` of them, for any door.

>>> from catchlight import Look, develop, open_photo, save, study   # doctest: +SKIP
>>> photo = open_photo("me.jpg")                                    # doctest: +SKIP
>>> look = Look(backdrop="studio-cool")                             # doctest: +SKIP
>>> result = develop(study(photo, look), look)                      # doctest: +SKIP
>>> save(result, "me.headshot.jpg", photo=photo)                    # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

_HOMES = {
    "Brief": "studio.dial",
    "Check": "results",
    "Clock": "studio.clock",
    "Dialled": "results",
    "Exploration": "results",
    "Fitting": "studio.wardrobe",
    "Output": "studio.output",
    "Proof": "results",
    "Session": "studio.session",
    "Shot": "results",
    "Variant": "results",
    "advise_wardrobe": "studio.wardrobe",
    "check": "studio.audit",
    "choose_engine": "studio.headshot",
    "develop": "studio.headshot",
    "encode": "studio.output",
    "explore": "studio.variants",
    "open_photo": "studio.headshot",
    "pick": "studio.sources",
    "save": "studio.output",
    "shoot": "studio.headshot",
    "study": "studio.headshot",
}

__all__ = [
    "Brief",
    "Check",
    "Clock",
    "Dialled",
    "Exploration",
    "Fitting",
    "Output",
    "Proof",
    "Session",
    "Shot",
    "Variant",
    "advise_wardrobe",
    "check",
    "choose_engine",
    "develop",
    "encode",
    "explore",
    "open_photo",
    "pick",
    "save",
    "shoot",
    "study",
]

if TYPE_CHECKING:
    from catchlight.results import Check, Dialled, Exploration, Proof, Shot, Variant
    from catchlight.studio.audit import check
    from catchlight.studio.clock import Clock
    from catchlight.studio.dial import Brief
    from catchlight.studio.headshot import choose_engine, develop, open_photo, shoot, study
    from catchlight.studio.output import Output, encode, save
    from catchlight.studio.session import Session
    from catchlight.studio.sources import pick
    from catchlight.studio.variants import explore
    from catchlight.studio.wardrobe import Fitting, advise_wardrobe


def __getattr__(name: str) -> Any:
    """Import on first use: who shoots loads nothing of ``explore``, a pool's parent nothing."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module 'catchlight.studio' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"catchlight.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
