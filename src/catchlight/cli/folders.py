"""Folders: which of their files are photos, and which are left out."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from catchlight import formats
from catchlight.errors import UnreadablePicture
from catchlight.names import printable

#: What our own results are called, before their suffix.
_OURS = (".headshot", ".compare", ".explore")
#: Windows' word for a file that its own programs do not show.
_HIDDEN = 2


def look_into(folder: Path) -> tuple[list[Path], list[Path]]:
    """Photos of a folder (sorted, not recursive), and other files, which are no photos.

    A file is a photo by its suffix, or whatever it is called, by its content. Hidden files, the
    ``._`` files of macOS among them, folders, and results of ours are neither.

    Raises
    ------
    UnreadablePicture
        The folder cannot be read.
    """
    photos: list[Path] = []
    others: list[Path] = []
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        said = f"{printable(folder)}: cannot be read ({error.strerror}). Check its rights."
        raise UnreadablePicture(said) from None
    for path in inside:
        if _is_hidden(path) or path.is_dir():
            continue
        if path.is_file() and _is_ours(path):
            continue
        (photos if path.is_file() and _is_photo(path) else others).append(path)
    return photos, others


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; a name that no system holds is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def is_stream(path: Path) -> bool:
    """Whether a path is a pipe or a device, beside which nothing can be written."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) or str(path).startswith("/dev/")


def _is_hidden(path: Path) -> bool:
    if path.name.startswith("."):
        return True
    try:
        return bool(getattr(os.lstat(path), "st_file_attributes", 0) & _HIDDEN)
    except OSError:
        return False


def _is_ours(path: Path) -> bool:
    return any(part in path.suffixes[:-1] for part in _OURS)


def _is_photo(path: Path) -> bool:
    if path.suffix.lower() in formats.SUFFIXES:
        return True
    from catchlight.images.intake import HEAD, find_format

    try:
        with path.open("rb") as stream:
            return find_format(stream.read(HEAD), path.name) is not None
    except OSError:
        return False
