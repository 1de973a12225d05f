"""Obstacles: what is in the way of writing, found before the work where it can be."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from catchlight.errors import OutputExists, PictureError
from catchlight.images.leftovers import name_temporary
from catchlight.names import printable

#: What a probe writes: a full disk refuses it, and a headshot is hardly ever smaller.
_PROBE = bytes(1 << 16)
#: The disk, or the share of it that this person has.
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def check_free(
    paths: Iterable[Path],
    *,
    inputs: Sequence[Path] = (),
    force: bool,
    replaceable: Collection[Path] = (),
) -> None:
    """Refuse before any work what writing would refuse after it.

    Raises
    ------
    OutputExists, PictureError
    """
    for path in paths:
        if any(_is_same(path, source) for source in inputs):
            raise OutputExists(f"{printable(path)} is the input itself. Choose another name.")
        there = _is_there(path)
        if there and path.is_dir():
            raise PictureError(f"{printable(path)} is a folder. Name a file in it.")
        if there and not force and path not in replaceable:
            raise say_taken(path)


def check_room(paths: Iterable[Path]) -> None:
    """Refuse before any work a folder that cannot be written, a name too long, a full disk.

    It is tried, with a small file that goes at once: rights, read-only disks and quotas are told by
    nothing else.

    Raises
    ------
    PictureError
    """
    token = secrets.token_hex(6)
    for path in paths:
        _is_there(path)  # the system knows how long a name may be
        there = next(p for p in path.parents if p.exists())
        if not there.is_dir():
            said = f"{printable(path.parent)} cannot be made: {printable(there)} is a file."
            raise PictureError(said)
        probe = name_temporary(there, token, 0, "part")
        try:
            _try_to_write(probe)
        except OSError as error:
            explain(error, path)
        finally:
            with contextlib.suppress(OSError):
                probe.unlink()


def _is_there(path: Path) -> bool:
    try:
        os.lstat(path)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise PictureError(f"{printable(path)}: the name is too long.") from None
        return False
    return True


def say_taken(path: Path) -> OutputExists:
    """Make the error of a name that is taken."""
    return OutputExists(f"{printable(path)} is already there. Choose another name, or use --force.")


def _try_to_write(probe: Path) -> None:
    handle = os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(handle, _PROBE)
    finally:
        os.close(handle)


def explain(error: BaseException, path: Path) -> None:
    """Raise what the system says as an error of ours.

    Raises
    ------
    OutputExists, PictureError
    """
    said = printable(path)
    if isinstance(error, FileExistsError):
        raise say_taken(path) from None
    if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
        folder = printable(path.parent)
        raise PictureError(f"{folder} does not exist. Make the folder first.") from None
    if isinstance(error, OSError):
        if error.errno in _FULL:
            raise PictureError(
                f"{said} cannot be written ({error.strerror}). Make room on the disk."
            ) from error
        if error.errno == errno.EROFS:
            raise PictureError(
                f"{said} cannot be written ({error.strerror}). Choose another folder."
            ) from error
        raise PictureError(f"{said} cannot be written ({error.strerror or error}).") from error


def _is_same(path: Path, source: Path) -> bool:
    with contextlib.suppress(OSError):
        if path.samefile(source):
            return True
    with contextlib.suppress(OSError):
        return path.resolve() == source.resolve()
    return False
