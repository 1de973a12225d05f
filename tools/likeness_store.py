"""What the evidence of likeness is measured on: photos, people, pairs, and a store of results."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from catchlight import open_photo
from catchlight.errors import CatchlightError
from catchlight.likeness.observation import Observation
from catchlight.likeness.observe import observe_photo
from catchlight.likeness.sighting import fit_in_place

#: Pictures of nobody (generated), and one of three people whose main face is not the named person.
_NOT_PEOPLE = ("hivision__", "iclight__imgs", "human__group-2")


@dataclass(frozen=True)
class Photo:
    """One photo: where it is, whose, and of which group."""

    path: Path
    person: str
    group: str


class Store:
    """Measurements by key, kept as JSON; and the photos looked at last."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.path, self.end = path, time.monotonic() + seconds
        self.rows: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
        self.seen: dict[Path, Observation | None] = {}

    def measure(self, key: str, work: Callable[[], Any]) -> None:
        """Measure what is not known yet, while there is time."""
        if key not in self.rows and time.monotonic() < self.end:
            self.rows[key] = work()

    def look(self, path: Path) -> Observation | None:
        """Observe a photo that shows a face."""
        if path not in self.seen:
            if len(self.seen) > 12:
                self.seen.clear()
            try:
                found = observe_photo(open_photo(path))
            except CatchlightError:
                found = None
            self.seen[path] = found if found is not None and found.face is not None else None
        return self.seen[path]

    def close(self) -> None:
        """Write what is known."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.rows))


def find_photos(folder: Path) -> list[Photo]:
    """All photos whose person is known."""
    found = []
    with (folder / "photos" / "index.csv").open() as file:
        for line in csv.DictReader(file):
            if not line["file"].startswith(_NOT_PEOPLE):
                group = next((t for t in line["tags"].split() if t.endswith("_skin")), "other")
                path = folder / "photos" / line["file"]
                found.append(Photo(path, line["person_id"], group.removesuffix("_skin")))
    for neutral, smiling, group, person in studio(folder):
        found += [Photo(p, f"london {person}", group) for p in (neutral, smiling)]
    return found


def studio(folder: Path) -> Iterator[tuple[Path, Path, str, str]]:
    """Neutral and smiling photo, group and person of the London set."""
    with (folder / "london" / "index.csv").open() as file:
        for line in csv.DictReader(file):
            group = line["group_self_reported"].split("/")[0].replace("_", " ")
            paths = (folder / "london" / line[k] for k in ("neutral", "smiling"))
            yield *paths, group, line["person"]


def same_person(folder: Path, *, one_photo: bool) -> list[tuple[Path, Path]]:
    """Pairs of photos of one person; of one photograph twice, or of two."""
    with (folder / "photos" / "same_person_pairs.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if r["synthetic"] == "0"]
    wanted = "1" if one_photo else "0"
    photos = folder / "photos"
    found = [
        (photos / r["file_a"], photos / r["file_b"]) for r in rows if r["same_photo"] == wanted
    ]
    return found if one_photo else found + [(a, b) for a, b, _, _ in studio(folder)]


def see_again(seen: Observation, pixels: Any, name: str) -> Observation | None:
    """The edit of a photo, its face found afresh: somebody else's picture."""
    if pixels is None:
        return None
    face = fit_in_place(np.asarray(pixels, np.float32), seen.seen)
    if face is None:
        return None
    return replace(seen, pixels=np.asarray(pixels, np.float32), name=name, face=face)
