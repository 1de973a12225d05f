"""Leftovers: the temporary files of a run that was killed, told from those of one at work.

A process that writes holds a lock of the system's on each of its temporary files (``flock``). It
is gone when the process is, however that ended, so a temporary file that can be locked belongs to
nobody. Where there is no ``flock`` (Windows), age tells, and what another process has open cannot
be removed there anyway.
"""

from __future__ import annotations

import contextlib
import os
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

fcntl: Any = None if find_spec("fcntl") is None else import_module("fcntl")

#: 40 bytes at most, so that it fits wherever the result's own name does.
_PREFIX, _SUFFIXES = ".catchlight-", (".part", ".old")
#: Seconds after which nobody is still writing a file of a few megabytes.
_LONG = 3600.0


def name_temporary(folder: Path, token: str, number: int, kind: str) -> Path:
    """Name a temporary file: ``part`` is being written, ``old`` is what it replaces."""
    return folder / f"{_PREFIX}{token}-{number}.{kind}"


def hold(handle: int, path: Path) -> bool:
    """Lock an open temporary file; False where it was swept away before the lock was there."""
    if fcntl is None:
        return True
    try:
        # Shared: an "old" one is a second name of a file that two processes may replace at once.
        fcntl.flock(handle, fcntl.LOCK_SH)
        return os.fstat(handle).st_nlink > 0 and path.exists()
    except OSError:  # a file system without locks
        return True


def sweep(folder: Path) -> list[Path]:
    """Remove what killed runs left in a folder; returns what was removed."""
    gone = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            ours = entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIXES)
            if ours and entry.is_file(follow_symlinks=False) and _remove(Path(entry.path)):
                gone.append(Path(entry.path))
    return gone


def _remove(path: Path) -> bool:
    """Remove a temporary file that nobody holds."""
    with contextlib.suppress(OSError):
        if fcntl is None:
            if time.time() - path.stat().st_mtime < _LONG:
                return False
            path.unlink()
            return True
        handle = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another sweep may have removed it since it was opened, and its writer, who waited for
            # the lock, made it anew: that one is at work.
            if not os.path.samestat(os.fstat(handle), path.stat(follow_symlinks=False)):
                return False
            path.unlink()
            return True
        finally:
            os.close(handle)
    return False
