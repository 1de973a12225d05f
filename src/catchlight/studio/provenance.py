"""The provenance of a job's result: its history told, and what its photo said of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from catchlight.provenance.history import History, tell_history
from catchlight.provenance.read import hear_manifest
from catchlight.provenance.terms import say_term

if TYPE_CHECKING:
    from catchlight.images import Picture
    from catchlight.studio.jobs import Job


def tell_provenance(
    job: Job, record: Mapping[str, Any], picture: Picture
) -> tuple[History, bytes | None, dict[str, Any]]:
    """Tell a result's history, read its photo's bytes where they are needed, and record both.

    The photo is read once more only where it carries a manifest or the result is to be signed.

    Returns
    -------
    History, the photo's bytes or None, and the record's piece about provenance
    """
    from catchlight.images.intake import read_source

    origin = picture.metadata.origin
    source = None
    if origin.manifest or job.output.credentials is not None:
        source = read_source(job.photo)[0]
        origin = hear_manifest(origin, source)
    history = tell_history(record, origin)
    said = {
        "source_type": history.term,
        "says": say_term(history.term),
        "photo_said": origin.source_type,
        "photo_tool": origin.tool,
        "signed": job.output.credentials is not None,
    }
    return history, source, said
