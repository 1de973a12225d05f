"""What is printed: results on stdout, whole and at once; all else on a console on stderr."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from catchlight.names import printable

if TYPE_CHECKING:
    from rich.console import Console


def print_json(record: Mapping[str, Any] | list[Any], *, indent: int | None = None) -> None:
    r"""Print one object of JSON: a line of UTF-8, whatever the locale says.

    A byte of a name that is no text is written as an escape, ``\\xe9``, that every reader takes.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=indent)
    text = _SURROGATES.sub(lambda found: json.dumps(printable(found.group()))[1:-1], text)
    print_bytes(f"{text}\n".encode())


_SURROGATES = re.compile("[\ud800-\udfff]+")


def print_bytes(data: bytes) -> None:
    """Write to standard output at once; whoever reads along need not wait.

    Raises
    ------
    PictureError
        It cannot be written, because a disk is full. A reader that has gone is a BrokenPipeError.
    """
    from catchlight.errors import PictureError

    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        # Else Python would try again as it ends, and complain.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        said = f"standard output cannot be written ({error.strerror or error})."
        raise PictureError(f"{said} Make room, or use -o.") from None


def open_console() -> Console:
    """Return a console on stderr: stdout belongs to the result."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)
