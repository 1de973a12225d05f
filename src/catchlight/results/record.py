"""What became of a job, ready to be sent anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

#: What a job may make: the picture, before | after, the page, and the look as TOML.
FileKind = Literal["headshot", "compare", "report", "look"]


@dataclass(frozen=True)
class Record:
    """What became of a job: plain data and bytes, ready to be pickled, sent or stored.

    Attributes
    ----------
    json : what ``--json`` prints; ``error`` is None, or ``type``, ``message`` and ``code``
    files : what was made and not written, because the job named no place for it
    trace : where an error arose, for the developers
    """

    json: dict[str, Any]
    files: Mapping[FileKind, bytes] = field(default_factory=dict)
    trace: str = ""

    @property
    def failed(self) -> bool:
        """Whether the job gave no headshot."""
        return self.json["error"] is not None
