"""The store: a private folder for what visitors bring. Swept at the start and at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from catchlight.errors import CatchlightError

fcntl: Any = None if find_spec("fcntl") is None else import_module("fcntl")
_LOCK = "held"


class Store:
    """A folder that only its owner may open, of one running service.

    A service holds a lock in its folder for as long as it lives, however it ends; a folder whose
    lock can be taken was left by one that crashed.

    Parameters
    ----------
    home : Path, optional
        Where the folders of all services lie; by default one of this user's among the temporary.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.home = _open_home(home or Path(tempfile.gettempdir()) / f"catchlight-{_user()}")
        sweep(self.home)
        self.root = Path(tempfile.mkdtemp(prefix="serve-", dir=self.home))
        self._handle = os.open(self.root / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        if fcntl is not None:
            fcntl.flock(self._handle, fcntl.LOCK_EX)

    def new_folder(self, inside: Path | None = None) -> Path:
        """A new empty folder, which only its owner may open."""
        return Path(tempfile.mkdtemp(dir=inside or self.root))

    def forget(self, folder: Path) -> None:
        """Delete a folder and what is in it."""
        shutil.rmtree(folder, ignore_errors=True)

    def count_bytes(self) -> int:
        """How much lies in it."""
        total = 0
        for folder, _, names in os.walk(self.root):  # which steps over what goes meanwhile
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(Path(folder, name)).st_size
        return total

    def close(self) -> None:
        """Delete everything."""
        shutil.rmtree(self.root, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self._handle)
        with contextlib.suppress(OSError):  # others are there still
            self.home.rmdir()


def sweep(home: Path) -> None:
    """Delete what services that crashed left."""
    for folder in home.glob("serve-*"):
        if folder.is_symlink() or not folder.is_dir() or _is_held(folder / _LOCK):
            continue
        shutil.rmtree(folder, ignore_errors=True)


def _is_held(lock: Path) -> bool:
    if fcntl is None:
        return False  # what another process has open cannot be deleted there
    try:
        handle = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _open_home(home: Path) -> Path:
    """Make the folder, or make sure that it is nobody else's."""
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o700, parents=True)
    found = home.lstat()
    ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if not stat.S_ISDIR(found.st_mode) or not ours:
        raise CatchlightError(
            f"{home} is no folder of yours, so photos cannot be kept there safely. Remove it, or "
            "set TMPDIR to a folder of your own."
        )
    home.chmod(0o700)
    return home


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"
