"""The use cases: ``shoot``, ``check``, ``explore``, ``pick``.

>>> from catchlight import Look, develop, open_photo, save, study   # doctest: +SKIP
>>> photo = open_photo("me.jpg")                                    # doctest: +SKIP
>>> look = Look(backdrop="studio-cool")                             # doctest: +SKIP
>>> result = develop(study(photo, look), look)                      # doctest: +SKIP
>>> save(result, "me.headshot.jpg", photo=photo)                    # doctest: +SKIP
"""

from catchlight.studio.audit import Check, check
from catchlight.studio.clock import Clock
from catchlight.studio.dial import Brief, Dialled
from catchlight.studio.headshot import Shot, choose_engine, develop, open_photo, shoot, study
from catchlight.studio.output import Output, encode, save
from catchlight.studio.session import Proof, Session
from catchlight.studio.sources import pick
from catchlight.studio.variants import Exploration, Variant, explore

__all__ = [
    "Brief",
    "Check",
    "Clock",
    "Dialled",
    "Exploration",
    "Output",
    "Proof",
    "Session",
    "Shot",
    "Variant",
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
