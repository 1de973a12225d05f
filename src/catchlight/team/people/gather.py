"""Gather a team: from a folder (a sub-folder or a file for each person), a CSV or TOML."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from catchlight.errors import CrewError
from catchlight.formats import SUFFIXES
from catchlight.images.intake import HEAD, find_format
from catchlight.names import printable
from catchlight.team.crew import places
from catchlight.team.people.person import Person

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib  # type: ignore[import-not-found,no-redef]

#: The columns of a list; all but the first two may be left out.
COLUMNS = ("name", "files", "face", "setting", "notes")


def gather_people(source: str) -> list[Person]:
    """Gather the people of a folder or a list, in its order.

    Parameters
    ----------
    source : str
        A folder: each sub-folder is a person, and each picture beside them one. A ``.csv`` with the
        columns of :data:`COLUMNS` (files apart by ``;``), or a ``.toml`` with ``[[people]]``
        of the same keys. Files are looked for beside the list. Addresses that ``fsspec`` reads
        (``memory://``, ``s3://``) serve as well.

    Raises
    ------
    CrewError
        There is nobody, or the list cannot be read; it says which line.
    """
    suffix = source.lower().rsplit(".", 1)[-1]
    if suffix in ("csv", "toml"):
        data, home = places.read(source), source.replace("\\", "/").rpartition("/")[0]
        rows = _read_csv(data, source) if suffix == "csv" else _read_toml(data, source)
        people = [_read_row(row, at, home, source) for at, row in enumerate(rows, 1)]
    elif places.is_elsewhere(source):
        people = [Person(_name_of(place), (place,)) for place in places.list_files(source)]
    elif Path(source).is_dir():
        people = _look_into(Path(source))
    else:
        raise CrewError(f"{printable(source)} is no folder, and no list (.csv or .toml).")
    if not people:
        raise CrewError(f"{printable(source)} holds nobody: no pictures, no folders of them.")
    return tell_apart(people)


def tell_apart(people: Iterable[Person]) -> list[Person]:
    """Give namesakes keys of their own: Ann and ANN are two people."""
    told: dict[str, Person] = {}
    for person in people:
        for number in itertools.count(1):
            one = replace(person, namesake=number)
            if one.key not in told:
                told[one.key] = one
                break
    return list(told.values())


def _look_into(folder: Path) -> list[Person]:
    people = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            inside = tuple(str(p) for p in sorted(path.iterdir()) if _is_photo(p))
            people.append(Person(path.name, inside))
        elif _is_photo(path):
            people.append(Person(_name_of(path.name), (str(path),)))
    return people


def _name_of(place: str) -> str:
    """A name from a file's: ``anna_b-meier.jpg`` is anna b meier."""
    stem = place.rpartition("/")[2].rpartition(".")[0] or place
    return stem.replace("_", " ").replace("-", " ").strip() or stem


def _is_photo(path: Path) -> bool:
    if path.name.startswith(".") or not path.is_file():
        return False
    if path.suffix.lower() in SUFFIXES:
        return True
    with path.open("rb") as stream:
        return find_format(stream.read(HEAD), path.name) is not None


def _read_csv(data: bytes, source: str) -> list[Mapping[str, Any]]:
    text = data.decode("utf-8-sig", "replace")
    # Spreadsheets of half of Europe write semicolons between columns.
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in first else _comma(first))
    unknown = [c for c in reader.fieldnames or () if c and c.strip().lower() not in COLUMNS]
    if unknown or not reader.fieldnames:
        raise CrewError(
            f"{printable(source)}: its first line must name columns of {', '.join(COLUMNS)}, not "
            f"{', '.join(unknown) or 'nothing'}."
        )
    return [{(k or "").strip().lower(): v for k, v in row.items()} for row in reader]


def _comma(first: str) -> str:
    return ";" if first.count(";") > first.count(",") else ","


def _read_toml(data: bytes, source: str) -> list[Mapping[str, Any]]:
    try:
        rows = tomllib.loads(data.decode("utf-8")).get("people", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CrewError(f"{printable(source)} is not valid TOML: {error}") from None
    for row in rows:
        if set(row) - set(COLUMNS):
            unknown = ", ".join(sorted(set(row) - set(COLUMNS)))
            raise CrewError(f"{printable(source)}: {unknown}: there are {', '.join(COLUMNS)}.")
    return list(rows)


def _read_row(row: Mapping[str, Any], at: int, home: str, source: str) -> Person:
    name = str(row.get("name") or "").strip()
    files = row.get("files") or ()
    if isinstance(files, str):
        files = [part.strip() for part in files.replace("|", ";").split(";")]
    face = str(row.get("face") or "").strip()
    if not name:
        raise CrewError(f"{printable(source)}, row {at}: there is no name.")
    if face and not (face.isdecimal() and int(face) >= 1):
        raise CrewError(f"{printable(source)}, row {at}: face {face!r} is no number from 1 up.")
    return Person(
        name,
        tuple(_beside(str(part), home) for part in files if part),
        int(face) if face else None,
        str(row.get("setting") or "").strip() or None,
        str(row.get("notes") or "").strip(),
    )


def _beside(place: str, home: str) -> str:
    whole = places.is_elsewhere(place) or Path(place).is_absolute() or not home
    return place if whole else f"{home}/{place}"
