"""The table of a team: a line for each person, and the record of each as JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

#: The columns, in order.
COLUMNS = (
    "name", "key", "state", "photo", "outliers", "head", "eye_line", "key_stops", "contrast_stops",
    "sharpness_mm", "authenticity", "polish", "skin_within", "source_type", "decision", "note",
    "files", "seconds", "reason",
)  # fmt: skip
#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(rows: Sequence[dict[str, Any]]) -> bytes:
    """Write the table as CSV, UTF-8 with the mark that spreadsheets want."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _safe(row.get(name)) for name in COLUMNS})
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(value: Any) -> Any:
    """A value that no spreadsheet runs: names come from files that anybody may have named."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
