"""Which photo becomes which file: inputs expanded, outputs named without collisions."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from click import UsageError

from catchlight import formats
from catchlight.errors import UnreadablePicture

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
    found: dict[Path | None, Path | None] = {}
    for argument in arguments:
        path = Path(argument)
        if argument == STDIO:
            found[None] = None
        elif path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if _is_photo(p)]
            if not inside:
                raise UnreadablePicture(f"{path} holds no pictures. Name a folder that does.")
            found.update((p.resolve(), p) for p in inside if p.resolve() not in found)
        else:
            found.setdefault(path.resolve(), path)
    if None in found and len(found) > 1:
        raise UsageError("'-' (standard input) cannot be mixed with other photos.")
    return list(found.values())


def _is_photo(path: Path) -> bool:
    ours = any(part in path.suffixes[:-1] for part in (".headshot", ".compare"))
    plain = path.suffix.lower() in formats.SUFFIXES and not path.name.startswith(".")
    return plain and not ours and path.is_file()


def name_results(arguments: tuple[str, ...], output: str | None, format: str | None) -> list[Named]:
    """Plan what is written where.

    Parameters
    ----------
    arguments : tuple of str
        Files, folders, or ``-``.
    output : str, optional
        A file for one photo, a folder for several, ``-`` for standard output.
    format : str, optional
        A key of ``SUFFIXES``; by default what the output's name says, else JPEG.
    """
    photos = find_photos(arguments)
    several = len(photos) > 1 or any(a != STDIO and Path(a).is_dir() for a in arguments)
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
    folder = None if output is None else Path(output)
    if folder is not None and folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file; several photos need -o FOLDER/.")
    if folder is not None and folder.suffix.lower() in _WRITTEN and not _is_folder(str(output)):
        raise UsageError(
            f"-o {folder} names one file, but there are several photos; use -o FOLDER/."
        )
    return _name_all(photos, folder, SUFFIXES[format or "jpeg"])


def _is_folder(output: str) -> bool:
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def _name_all(photos: list[Path | None], folder: Path | None, suffix: str) -> list[Named]:
    """Name outputs: beside ``a.headshot.jpg``, that of ``a.png`` is ``a-png.headshot.jpg``."""
    taken: set[tuple[Path, str]] = set()
    named = []
    for photo in photos:
        home = folder or (photo.parent if photo else Path())
        stem, kind = (photo.stem, photo.suffix[1:].lower()) if photo else ("stdin", "")
        tries = [stem, f"{stem}-{kind}", *(f"{stem}-{n}" for n in range(2, len(photos) + 2))]
        # Lower case: some file systems hold Me.jpg and me.jpg for one name.
        free = next(t for t in tries if (home, t.lower()) not in taken)
        taken.add((home, free.lower()))
        named.append(Named(photo, home / f"{free}.headshot{suffix}"))
    return named
