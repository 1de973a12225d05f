"""Output: files appear whole or not at all, and never where something else was."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from catchlight.errors import OutputExists, PictureError


def write_atomically(data: bytes, path: Path, *, force: bool, inputs: Sequence[Path] = ()) -> None:
    """Write ``data`` to ``path`` in one step that other programs see whole or not at all.

    As :func:`write_all` of one file.
    """
    write_all({path: data}, force=force, inputs=inputs)


def write_all(files: Mapping[Path, bytes], *, force: bool, inputs: Sequence[Path] = ()) -> None:
    """Write several files, each in one step; if one cannot be written, none is left behind.

    Temporary files in the same folders are written and flushed to disk; only then, the last first,
    each is linked (refusing an existing name, even one that appears meanwhile) or, with ``force``,
    renamed over it. What was renamed over comes back if a later one fails.

    Parameters
    ----------
    files : mapping of Path to bytes
    force : bool
        Replace existing files.
    inputs : sequence of Path
        Files that are never overwritten, not even with ``force``, under any name or link.

    Raises
    ------
    OutputExists
        A file is there and ``force`` is False, or it is an input.
    PictureError
        A folder is missing, or cannot be written.
    """
    check_free(files, inputs=inputs, force=force)
    token = secrets.token_hex(6)
    placed: list[Path] = []
    path = next(iter(files), Path())
    try:
        for path, data in files.items():
            _write(_beside(path, token, "part"), data)
        for path in reversed(list(files)):
            if force and len(files) > 1 and os.path.lexists(path):
                _keep(path, _beside(path, token, "old"))
            _place(_beside(path, token, "part"), path, force=force)
            placed.append(path)
    except BaseException as error:
        for done in placed:
            _take_back(done, _beside(done, token, "old"))
        _explain(error, path)
        raise
    finally:
        for each in files:
            for kind in ("part", "old"):
                with contextlib.suppress(OSError):
                    _beside(each, token, kind).unlink()
    for folder in {p.parent for p in files}:
        _flush_folder(folder)


def check_free(paths: Iterable[Path], *, inputs: Sequence[Path] = (), force: bool) -> None:
    """Refuse before any work what writing would refuse after it.

    Raises
    ------
    OutputExists, PictureError
    """
    for path in paths:
        if any(_is_same(path, source) for source in inputs):
            raise OutputExists(f"{path} is the input itself. Choose another name.")
        if path.is_dir():
            raise PictureError(f"{path} is a folder. Name a file in it.")
        if not force and os.path.lexists(path):
            raise _taken(path)


def _taken(path: Path) -> OutputExists:
    return OutputExists(f"{path} is already there. Choose another name, or use --force.")


def _explain(error: BaseException, path: Path) -> None:
    """Raise what the system says as an error of ours."""
    if isinstance(error, FileExistsError):
        raise _taken(path) from None
    if isinstance(error, FileNotFoundError):
        raise PictureError(f"{path.parent} does not exist. Make the folder first.") from None
    if isinstance(error, OSError):
        raise PictureError(f"{path} cannot be written ({error.strerror or error}).") from error


_FLAGS = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def _beside(path: Path, token: str, kind: str) -> Path:
    return path.with_name(f".{path.name[:80]}.{token}.{kind}")


def _write(part: Path, data: bytes) -> None:
    # O_EXCL with 0o666: a new file of ours, with the rights that the umask gives.
    with os.fdopen(os.open(part, _FLAGS, 0o666), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _place(part: Path, path: Path, *, force: bool) -> None:
    if force:
        part.replace(path)
    else:
        _link(part, path)


def _keep(path: Path, old: Path) -> None:
    """Give what is to be replaced a second name."""
    try:
        os.link(path, old, follow_symlinks=False)
    except (OSError, NotImplementedError):  # no hard links here
        shutil.copy2(path, old, follow_symlinks=False)


def _take_back(path: Path, old: Path) -> None:
    with contextlib.suppress(OSError):
        if os.path.lexists(old):
            old.replace(path)
        else:
            path.unlink()


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
