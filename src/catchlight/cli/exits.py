"""Exit codes: the error tree, mapped once."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import click

from catchlight.errors import (
    CatchlightError,
    FaceError,
    LookError,
    ModelError,
    OutputExists,
    PictureError,
)

UNEXPECTED, USAGE, SOME_FAILED, STOPPED = 1, 2, 7, 130
# The first that fits counts: the narrow ones come first.
_CODES: tuple[tuple[type[CatchlightError], int], ...] = (
    (OutputExists, 6),
    (PictureError, 3),
    (FaceError, 4),
    (ModelError, 5),
    (LookError, USAGE),
)
MEANINGS = {
    0: "everything was done",
    UNEXPECTED: "an unexpected error: a fault of Catchlight's",
    USAGE: "the command, a setting or a look file is wrong",
    3: "a picture cannot be read, is refused, or cannot be written",
    4: "no face, or no face of that number",
    5: "a model is missing and cannot be fetched",
    6: "the output is already there (--force), or is the input",
    SOME_FAILED: "of several photos, at least one failed; the others were done",
    STOPPED: "stopped with Ctrl-C",
}
EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code:<4}{text}" for code, text in MEANINGS.items())


def code_for(error: BaseException) -> int:
    """Exit code of an error."""
    if isinstance(error, click.ClickException):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        return STOPPED
    return next((code for kind, code in _CODES if isinstance(error, kind)), UNEXPECTED)


def describe(error: BaseException) -> str:
    """Words for an error; our own say what to do, others are named as faults."""
    if isinstance(error, CatchlightError):
        return str(error)
    return (
        f"unexpected {type(error).__name__}: {error}. This is a fault of Catchlight's, not yours."
    )


@contextmanager
def exits(*, verbose: bool = False) -> Iterator[None]:
    """Turn what is raised inside into words on stderr and an exit code."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
        sys.exit(STOPPED)
    except Exception as error:
        if verbose:
            traceback.print_exc()
        hint = "" if isinstance(error, CatchlightError) or verbose else " (-v shows where)"
        click.echo(f"Error: {describe(error)}{hint}", err=True)
        sys.exit(code_for(error))
