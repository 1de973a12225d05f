"""Output: files appear whole or not at all, and never where something else was."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from catchlight.errors import OutputExists, PictureError


def write_atomically(data: bytes, path: Path, *, force: bool, inputs: Sequence[Path] = ()) -> None:
    """Write ``data`` to ``path`` in one step that other programs see whole or not at all.

    A temporary file in the same folder is written, flushed to disk, then linked (refusing an
    existing name, even one that appears meanwhile) or, with ``force``, renamed over it.

    Parameters
    ----------
    data : bytes
    path : Path
    force : bool
        Replace an existing file.
    inputs : sequence of Path
        Files that are never overwritten, not even with ``force``, under any name or link.

    Raises
    ------
    OutputExists
        The file is there and ``force`` is False, or it is an input.
    PictureError
        The folder is missing, or cannot be written.
    """
    for source in inputs:
        if _is_same(path, source):
            raise OutputExists(f"{path} is the input itself. Choose another name.")
    if path.is_dir():
        raise PictureError(f"{path} is a folder. Name a file in it.")
    if not force and os.path.lexists(path):
        raise OutputExists(f"{path} is already there. Choose another name, or use --force.")
    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        # O_EXCL with 0o666: a new file of ours, with the rights that the umask gives.
        with os.fdopen(os.open(part, _FLAGS, 0o666), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if force:
            part.replace(path)
        else:
            _link(part, path)
        _flush_folder(path.parent)
    except FileExistsError:
        raise OutputExists(
            f"{path} is already there. Choose another name, or use --force."
        ) from None
    except FileNotFoundError:
        raise PictureError(f"{path.parent} does not exist. Make the folder first.") from None
    except OSError as error:
        raise PictureError(f"{path} cannot be written ({error.strerror or error}).") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


_FLAGS = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def _link(part: Path, path: Path) -> None:
    """Give ``part`` its final name, failing if that exists. Of many at once, one wins."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # no hard links here (FAT, some network drives): claim the name, then replace
        os.close(os.open(path, _FLAGS, 0o666))
        try:
            part.replace(path)
        except OSError:
            path.unlink()
            raise


def _is_same(path: Path, source: Path) -> bool:
    with contextlib.suppress(OSError):
        if path.samefile(source):
            return True
    return path.resolve() == source.resolve()


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system allows it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
