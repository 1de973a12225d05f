"""Exit codes: the error tree, mapped once."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import click

from catchlight.errors import FAULT, code_of, describe

UNEXPECTED, USAGE, SOME_FAILED, STOPPED = 1, 2, 7, 130
#: What ``check --strict`` says of a headshot.
OTHER_PERSON, NOT_NATURAL = 9, 10
# By the family of the error.
_CODES = {"exists": 6, "picture": 3, "face": 4, "model": 5, "look": USAGE, "unsuitable": 8}
_CODES |= {"credentials": USAGE, "team": USAGE}
MEANINGS = {
    0: "everything was done",
    UNEXPECTED: "an unexpected error: a fault of Catchlight's",
    USAGE: "the command, a setting or a look file is wrong",
    3: "a picture cannot be read, is refused, or cannot be written",
    4: "no face, or no face of that number",
    5: "a model is missing and cannot be fetched",
    6: "the output is already there (--force), or is the input",
    SOME_FAILED: "of several photos, at least one failed; the others were done",
    8: "no headshot can come of this photo (only with --strict)",
    OTHER_PERSON: "check --strict: the headshot shows another person",
    NOT_NATURAL: "check --strict: it is the person, changed beyond what is natural",
    STOPPED: "stopped with Ctrl-C",
}
EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code:<4}{text}" for code, text in MEANINGS.items())


def code_for(error: BaseException) -> int:
    """Exit code of an error."""
    if isinstance(error, click.ClickException):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        return STOPPED
    return code_for_family(code_of(error))


def code_for_family(family: str) -> int:
    """Exit code of a family of errors, such as a record names."""
    return _CODES.get(family, UNEXPECTED)


def say_error(message: str, family: str, *, verbose: bool) -> None:
    """Say on stderr what went wrong."""
    hint = " (-v shows where)" if family == FAULT and not verbose else ""
    click.echo(f"Error: {message}{hint}", err=True)


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
        say_error(describe(error), code_of(error), verbose=verbose)
        sys.exit(code_for(error))
