"""What the use cases return: plain frozen data, with nothing behind it that could still change.

A *proof* is a look measured; a *shot* one photo made into a headshot; a *variant* one of several; a
*check* an audit; a *record* what became of a job, ready to be sent anywhere.
"""

from catchlight.results.check import Answer, Check
from catchlight.results.exploration import Exploration, Station, Variant
from catchlight.results.proof import Dialled, Guarded, Proof
from catchlight.results.record import FileKind, Record
from catchlight.results.shot import Contribution, Evidence, Shot

__all__ = [
    "Answer",
    "Check",
    "Contribution",
    "Dialled",
    "Evidence",
    "Exploration",
    "FileKind",
    "Guarded",
    "Proof",
    "Record",
    "Shot",
    "Station",
    "Variant",
]
