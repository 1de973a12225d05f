"""Places: files on this disk or wherever ``fsspec`` reaches (``memory://``, ``s3://``, ...)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from catchlight.errors import CrewError, PictureError


def is_elsewhere(place: str) -> bool:
    """Whether a place is an address and not a path of this disk."""
    return "://" in place and not place.startswith("file://")


def _reach(place: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ModuleNotFoundError:
        raise CrewError(f"{place} needs fsspec: pip install 'catchlight[team]'.") from None
    found: tuple[Any, str] = fsspec.core.url_to_fs(place)
    return found


def name_of(place: str) -> str:
    """The file's own name, without what it lies in."""
    return place.replace("\\", "/").rpartition("/")[2]


def join(place: str, *parts: str) -> str:
    """A place within a place."""
    return "/".join((place.rstrip("/"), *parts))


def read(place: str) -> bytes:
    """Read a file.

    Raises
    ------
    PictureError
        It is not there, or cannot be read.
    """
    if not is_elsewhere(place):
        from catchlight.images.intake import read_source

        return read_source(Path(place.removeprefix("file://")))[0]
    files, path = _reach(place)
    try:
        data: bytes = files.cat_file(path)
    except Exception as error:  # every store has errors of its own
        raise PictureError(f"{place} cannot be read ({type(error).__name__}).") from None
    return data


def write(data: bytes, place: str, *, force: bool) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    PictureError
    """
    if not is_elsewhere(place):
        from catchlight.images import write_atomically

        path = Path(place.removeprefix("file://"))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(data, path, force=force)
        return
    files, where = _reach(place)
    try:
        files.pipe_file(where, data)
    except Exception as error:
        raise PictureError(f"{place} cannot be written ({type(error).__name__}).") from None


def exists(place: str) -> bool:
    """Whether there is such a file or folder."""
    if not is_elsewhere(place):
        return Path(place.removeprefix("file://")).exists()
    files, path = _reach(place)
    return bool(files.exists(path))


def list_files(folder: str) -> list[str]:
    """The files of a folder elsewhere, sorted, not recursive."""
    files, path = _reach(folder)
    scheme = folder.split("://", maxsplit=1)[0]
    rows = files.ls(path, detail=True)
    found = [str(row["name"]).lstrip("/") for row in rows if row["type"] == "file"]
    return [f"{scheme}://{name}" for name in sorted(found)]
