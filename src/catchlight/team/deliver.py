"""Delivery: files signed and written by the driver, where the key and the outputs are."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace

from catchlight.errors import CatchlightError, describe
from catchlight.provenance.credentials import Credentials, load_credentials
from catchlight.provenance.history import History
from catchlight.team.crew import places
from catchlight.team.crew.task import Outcome
from catchlight.team.wish import Wish

#: Portraits that only the sheet and the review page need lie here, within the output folder.
HIDDEN = ".team/pages"


def deliver(
    outcome: Outcome,
    key: str,
    photo: str | None,
    wish: Wish,
    named: Mapping[tuple[str, str], str],
    out: str,
) -> Outcome:
    """Write the files that were cut; what is left of the outcome says which, and is noted.

    A run that is killed in the middle leaves whole files and no note: the next one writes them
    again, the same.
    """
    if outcome.result is None:
        return outcome
    found = outcome.read()
    written: dict[str, str] = {}
    try:
        credentials = None if wish.credentials is None else load_credentials(wish.credentials)
        shown = photo and credentials and not wish.strip
        source = places.read(str(photo)) if shown else None
        for name, data in found["files"].items():
            path = named.get((key, name)) or f"{HIDDEN}/{key}.jpg"
            signed = _sign(data, found["histories"][name], credentials, source)
            places.write(signed, places.join(out, path), force=True)
            written[name] = path
    except CatchlightError as error:
        return replace(outcome, result=None, reason=describe(error))
    # One term a person: all sizes are cut from one master.
    term = next((history.term for history in found["histories"].values()), None)
    left = {"frames": found["frames"], "written": written, "term": term}
    return replace(outcome, result=pickle.dumps(left))


def _sign(
    data: bytes, history: History, credentials: Credentials | None, source: bytes | None
) -> bytes:
    if credentials is None:
        return data
    from catchlight.images.intake import HEAD, find_format
    from catchlight.provenance.sign import sign

    format = find_format(data[:HEAD])
    assert format is not None
    return sign(data, format, history, credentials, photo=source)
