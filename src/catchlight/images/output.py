"""Output: files appear whole or not at all, and never where something else was."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catchlight.images.leftovers import hold, name_temporary, sweep
from catchlight.images.obstacles import check_free, explain

#: Another run that starts may sweep a file away before it is held, each run once: eight that began
#: together took one away three times.
_TRIES = 100
_FLAGS = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


def write_atomically(data: bytes, path: Path, *, force: bool, inputs: Sequence[Path] = ()) -> None:
    """Write ``data`` to ``path`` in one step that other programs see whole or not at all.

    As :func:`write_all` of one file.
    """
    write_all({path: data}, force=force, inputs=inputs)


def write_all(
    files: Mapping[Path, bytes],
    *,
    force: bool,
    inputs: Sequence[Path] = (),
    replaceable: Collection[Path] = (),
    private: Collection[Path] = (),
) -> None:
    """Write several files, each in one step; if one cannot be written, none is left behind.

    Temporary files in the same folders are written and flushed to disk; only then, the last first,
    each is linked (refusing an existing name, even one that appears meanwhile) or, with ``force``,
    renamed over it. What was renamed over comes back if a later one fails. What a killed run left
    in these folders is removed.

    Parameters
    ----------
    files : mapping of Path to bytes
    force : bool
        Replace existing files.
    inputs : sequence of Path
        Files that are never overwritten, not even with ``force``, under any name or link.
    replaceable : collection of Path
        Those of ``files`` that may be replaced even without ``force``.
    private : collection of Path
        Those of ``files`` that nobody but their owner may read, from the first byte on.

    Raises
    ------
    OutputExists
        A file is there and may not be replaced, or it is an input.
    PictureError
        A folder is missing, or cannot be written.
    """
    spared = files if force else set(replaceable)
    for folder in {p.parent for p in files}:
        sweep(folder)
    check_free(files, inputs=inputs, force=force, replaceable=spared)
    token = secrets.token_hex(6)
    placed: list[_Place] = []
    places = [_Place(path, token, number, path in spared) for number, path in enumerate(files)]
    held: list[int] = []
    path = next(iter(files), Path())
    try:
        for place, data in zip(places, files.values(), strict=True):
            path = place.path
            held.append(_write(place.part, data, 0o600 if path in private else 0o666))
        for place in reversed(places):
            path = place.path
            if place.replaces and len(files) > 1 and os.path.lexists(path):
                held.append(_keep(place))
            _put(place)
            placed.append(place)
    except BaseException as error:
        for done in placed:
            _take_back(done)
        explain(error, path)
        raise
    finally:
        for each in (p for place in places for p in (place.part, place.old)):
            with contextlib.suppress(OSError):
                each.unlink()
        for handle in held:
            if handle >= 0:
                os.close(handle)
    for folder in {p.parent for p in files}:
        _flush_folder(folder)


@dataclass(frozen=True)
class _Place:
    """Where a file goes, by way of which temporary name."""

    path: Path
    token: str
    number: int
    replaces: bool

    @property
    def part(self) -> Path:
        return name_temporary(self.path.parent, self.token, self.number, "part")

    @property
    def old(self) -> Path:
        return name_temporary(self.path.parent, self.token, self.number, "old")


def _write(part: Path, data: bytes, mode: int) -> int:
    """Write a temporary file; the handle that comes back holds it, if it is one.

    O_EXCL: a new file of ours; of ``mode`` as much as the umask gives.
    """
    for _ in range(_TRIES):
        handle = os.open(part, _FLAGS, mode)
        if hold(handle, part):
            break
        os.close(handle)
    else:
        raise OSError(errno.EAGAIN, "another run takes it away again and again", str(part))
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view[: 1 << 24]) :]
        os.fsync(handle)
    except BaseException:
        os.close(handle)
        raise
    if os.name == "nt":  # what is open cannot be renamed there
        os.close(handle)
        return -1
    return handle


def _put(place: _Place) -> None:
    if place.replaces:
        place.part.replace(place.path)
    else:
        _link(place.part, place.path)


def _keep(place: _Place) -> int:
    """Give what is to be replaced a second name, and hold that."""
    try:
        os.link(place.path, place.old, follow_symlinks=False)
    except (OSError, NotImplementedError):  # no hard links here
        shutil.copy2(place.path, place.old, follow_symlinks=False)
    with contextlib.suppress(OSError):
        if os.name != "nt":
            handle = os.open(place.old, os.O_RDONLY)
            hold(handle, place.old)
            return handle
    return -1


def _take_back(place: _Place) -> None:
    with contextlib.suppress(OSError):
        if os.path.lexists(place.old):
            place.old.replace(place.path)
        else:
            place.path.unlink()


def _link(part: Path, path: Path) -> None:
    """Give ``part`` its final name, failing if that exists. Of many at once, one wins."""
    if os.name == "nt":  # where renaming refuses what is there
        part.rename(path)
        return
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


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system allows it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
