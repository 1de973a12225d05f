"""Which photo becomes which file: inputs expanded, outputs named without collisions."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from click import UsageError

from catchlight import formats
from catchlight.cli.folders import is_folder, is_stream, look_into
from catchlight.errors import UnreadablePicture
from catchlight.names import printable

STDIO = "-"
COMPARE, REPORT = ".compare.jpg", ".html"
#: What --format takes, and the suffix that such a file gets.
SUFFIXES = {name.lower(): row.suffixes[0] for name, row in formats.WRITTEN.items()}
_WRITTEN = {
    suffix: name.lower() for name, row in formats.WRITTEN.items() for suffix in row.suffixes
}


@dataclass(frozen=True)
class Named:
    """A photo and the name of its headshot. None stands for standard input or output."""

    source: Path | None
    target: Path | None

    @property
    def name(self) -> str:
        """The input, in words."""
        return "<stdin>" if self.source is None else str(self.source)

    def read_stream(self) -> bytes | None:
        """The bytes of a pipe or device, which can be read once; None for a file."""
        if self.source is None:
            return sys.stdin.buffer.read()
        if not is_stream(self.source):
            return None
        from catchlight.images.intake import read_source

        return read_source(self.source)[0]

    def beside(self, ending: str) -> Path:
        """Return the name of a companion file: ``me.headshot.jpg`` -> ``me.compare.jpg``."""
        assert self.target is not None
        stem = self.target.name.removesuffix(self.target.suffix)
        if ending == COMPARE:
            stem = stem.removesuffix(".headshot")
        return self.target.with_name(stem + ending)


def find_photos(arguments: tuple[str, ...]) -> list[Path | None]:
    """Expand folders to their pictures (sorted, not recursive); a photo named twice counts once.

    Raises
    ------
    UnreadablePicture
        A folder without pictures.
    """
    return look_through(arguments)[0]


def look_through(arguments: tuple[str, ...]) -> tuple[list[Path | None], list[Path]]:
    """The photos, and the files of folders that are no pictures, which is no fault of theirs.

    Raises
    ------
    UnreadablePicture
        A folder without pictures.
    """
    found: dict[Path | None, Path | None] = {}
    skipped: list[Path] = []
    for argument in arguments:
        path = Path(argument)
        if argument == STDIO:
            found[None] = None
        elif is_folder(path):
            inside, others = look_into(path)
            if not inside:
                more = f" among its {len(others)} files" if others else ""
                said = f"{printable(path)} holds no pictures{more}. Name a folder that does."
                raise UnreadablePicture(said)
            skipped += others
            found.update((p.resolve(), p) for p in inside if p.resolve() not in found)
        else:
            found.setdefault(_resolve(path), path)
    if None in found and len(found) > 1:
        raise UsageError("'-' (standard input) cannot be mixed with other photos.")
    return list(found.values()), skipped


def _resolve(path: Path) -> Path:
    try:
        return path.resolve()
    except OSError:  # a circle of links, or a name too long: opening it says so
        return path


def name_results(
    arguments: tuple[str, ...],
    output: str | None,
    format: str | None,
    photos: list[Path | None] | None = None,
) -> list[Named]:
    """Plan what is written where.

    Parameters
    ----------
    arguments : tuple of str
        Files, folders, or ``-``.
    output : str, optional
        A file for one photo, a folder for several, ``-`` for standard output.
    format : str, optional
        A key of ``SUFFIXES``; by default what the output's name says, else JPEG.
    photos : list of path, optional
        What :func:`look_through` found of the arguments, where that was asked for already.
    """
    photos = find_photos(arguments) if photos is None else photos
    several = len(photos) > 1 or any(a != STDIO and is_folder(Path(a)) for a in arguments)
    if output == STDIO or (output is None and photos == [None]):
        if several:
            raise UsageError("several photos cannot go to standard output; use -o FOLDER/.")
        return [Named(photos[0], None)]
    if output is not None and not several and not _is_folder(output):
        target = Path(output)
        written = _WRITTEN.get(target.suffix.lower())
        if format is not None and written is not None and written != format:
            raise UsageError(f"{target} ends in {target.suffix}, but --format says {format}.")
        if written is None:
            raise UsageError(
                f"{target}: end the name in {', '.join(sorted(_WRITTEN))}; "
                f"for a folder, write {target}{os.sep}"
            )
        return [Named(photos[0], target)]
    if output is None:
        _refuse_streams(photos)
    folder = None if output is None else Path(output)
    if folder is not None and os.path.lexists(folder) and not is_folder(folder):
        raise UsageError(f"{folder} is a file; several photos need -o FOLDER/.")
    if folder is not None and folder.suffix.lower() in _WRITTEN and not _is_folder(str(output)):
        raise UsageError(
            f"-o {folder} names one file, but there are several photos; use -o FOLDER/."
        )
    return _name_all(photos, folder, SUFFIXES[format or "jpeg"])


def _refuse_streams(photos: list[Path | None]) -> None:
    """A pipe has no folder beside whose photo a headshot could lie."""
    for photo in photos:
        if photo is not None and is_stream(photo):
            raise UsageError(
                f"{printable(photo)} is a stream, without a folder of its own: say where the "
                "headshot goes with -o FILE.jpg."
            )


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or is_folder(Path(output))


def _name_all(photos: list[Path | None], folder: Path | None, suffix: str) -> list[Named]:
    """Name outputs: beside ``a.headshot.jpg``, that of ``a.png`` is ``a-png.headshot.jpg``."""
    taken: set[tuple[Path, str]] = set()
    named = []
    for photo in photos:
        home = folder or (photo.parent if photo else Path())
        room = _room(home) - _LONGEST
        stem, kind = (photo.stem, photo.suffix[1:].lower()) if photo else ("stdin", "")
        if photo and is_stream(photo):
            stem = "stream"
        if _RESERVED.fullmatch(stem.split(".")[0].rstrip()):
            stem = f"_{stem}"
        more = ("", f"-{kind}", *(f"-{n}" for n in range(2, len(photos) + 2)))
        tries = (_shorten(stem, room - len(os.fsencode(end))) + end for end in more)
        free = next(t for t in tries if (home, _fold(t)) not in taken)
        taken.add((home, _fold(free)))
        named.append(Named(photo, home / f"{free}.headshot{suffix}"))
    return named


#: What Windows keeps for itself, with any suffix: a folder may be a stick, or shared with one.
_RESERVED = re.compile("con|prn|aux|nul|(com|lpt)[0-9\u00b9\u00b2\u00b3]", re.IGNORECASE)
#: The longest ending that a name of ours has, in bytes.
_LONGEST = len(".headshot.jpeg")


def _fold(name: str) -> str:
    """What some file systems make of a name: Me.jpg is me.jpg, and e with an accent one sign."""
    return unicodedata.normalize("NFC", name).casefold()


def _room(folder: Path) -> int:
    """Bytes that a name may have in a folder, which may still be to be made."""
    there = next((p for p in (folder, *folder.parents) if is_folder(p)), Path())
    try:
        return min(os.pathconf(there, "PC_NAME_MAX"), 255)
    except (AttributeError, OSError, ValueError):  # Windows: 255 characters
        return 255


def _shorten(stem: str, room: int) -> str:
    """Cut a stem to so many bytes, between two characters."""
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem
