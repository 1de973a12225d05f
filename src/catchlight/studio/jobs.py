"""A job: one photo and one wish as data; done here or anywhere, it becomes a record.

Every door calls this: the command, a server, a team of machines. Both ways everything can be
pickled. *Making* happens in memory, wherever the models are; *delivering* writes what has a place,
all of it or nothing, where the files belong.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catchlight import __version__
from catchlight.errors import PictureError, describe
from catchlight.results import FileKind, Record
from catchlight.studio.output import Output

if TYPE_CHECKING:
    from catchlight.results import Shot
    from catchlight.studio.clock import Clock


def _only_the_headshot() -> dict[FileKind, Path | None]:
    return {"headshot": None}


@dataclass(frozen=True)
class Job:
    """One photo to be made into one headshot.

    Attributes
    ----------
    photo : Path or bytes
    asked : mapping, a Look or a Brief as :func:`~catchlight.studio.dial.asked_to_data` writes it
    name : str, the photo in words; by default its path
    files : mapping of ``headshot``, ``compare``, ``report``, ``look`` to a Path or None
        What is made, and where it is written; None: it comes back in the record.
    output : Output
    face : int or None, from 1 from left to right; None: the most prominent
    force : bool, whether existing files are replaced; the photo never is
    max_megapixels : float
    strict : bool, whether a photo of which no headshot can come is refused
    """

    photo: Path | bytes
    asked: Mapping[str, Any]
    name: str = ""
    files: Mapping[FileKind, Path | None] = field(default_factory=_only_the_headshot)
    output: Output = field(default_factory=Output)
    face: int | None = None
    force: bool = False
    max_megapixels: float = 120.0
    strict: bool = False

    @property
    def title(self) -> str:
        """The photo in words."""
        return self.name or ("<bytes>" if isinstance(self.photo, bytes) else str(self.photo))

    @property
    def targets(self) -> dict[FileKind, Path]:
        """What is written, and where."""
        return {kind: path for kind, path in self.files.items() if path is not None}

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What is never overwritten."""
        return () if isinstance(self.photo, bytes) else (self.photo,)


def run(job: Job) -> Record:
    """Do a job: what it makes is written or returned; an error is a record, too."""
    return deliver(job, make(job))


def make(job: Job) -> Record:
    """Do all of a job but the writing: every file comes back in the record.

    Whatever is in the way of the writing is refused before any work.
    """
    from catchlight.images import check_free
    from catchlight.studio.clock import Clock

    clock = Clock()
    try:
        check_free(job.targets.values(), inputs=job.inputs, force=job.force)
        _refuse_folders(job.targets.values())
        return _make(job, clock)
    except Exception as error:
        return record_error(job, error, clock.seconds)


def deliver(job: Job, record: Record) -> Record:
    """Write what has a place, and take it out of the record; all of it is written, or nothing."""
    if record.failed or not job.targets:
        return record
    from catchlight.images import write_all

    try:
        with _folders(path.parent for path in job.targets.values()):
            files = {path: record.files[kind] for kind, path in job.targets.items()}
            write_all(files, force=job.force, inputs=job.inputs)
    except Exception as error:
        return record_error(job, error, record.json["seconds"])
    rest = {kind: data for kind, data in record.files.items() if kind not in job.targets}
    return replace(record, files=rest)


def record_error(job: Job, error: BaseException, seconds: Mapping[str, float]) -> Record:
    """Record a job that gave no headshot."""
    from catchlight.report.record import record_failure

    said = record_failure(job.title, error, describe(error), seconds)
    return Record(said, trace="".join(traceback.format_exception(error)))


def _make(job: Job, clock: Clock) -> Record:
    from catchlight.images import format_for
    from catchlight.report.record import record_shot
    from catchlight.studio.dial import data_to_asked
    from catchlight.studio.headshot import shoot
    from catchlight.studio.output import encode

    shot = shoot(
        job.photo,
        data_to_asked(job.asked),
        face=job.face,
        max_megapixels=job.max_megapixels,
        evidence="report" in job.files,
        strict=job.strict,
        stage=clock,
    )
    target = job.targets.get("headshot")
    format = job.output.format or (format_for(target) if target else "JPEG")
    files: dict[FileKind, bytes] = {}
    if "headshot" in job.files:
        files["headshot"] = clock(
            "encode", lambda: encode(shot.rendered, shot.picture, job.output, format)
        )
    if "compare" in job.files:
        files["compare"] = _encode_compare(shot, Output(metadata=job.output.metadata))
    if "look" in job.files:
        from catchlight.look import dump_look

        files["look"] = dump_look(shot.look).encode()
    said = record_shot(
        shot,
        name=job.title,
        output=target,
        compare=job.targets.get("compare"),
        report=job.targets.get("report"),
    )
    if "report" in job.files:
        from catchlight.report.page import write_page

        page = write_page(shot, said, version=__version__, evidence=shot.evidence)
        files["report"] = page.encode()
    return Record(said, files)


def _encode_compare(shot: Shot, output: Output) -> bytes:
    from catchlight.report.compare import show_before, side_by_side
    from catchlight.studio.output import encode

    joined = side_by_side(show_before(shot.scene), shot.rendered.pixels)
    return encode(joined, shot.picture, output, "JPEG")


def _refuse_folders(targets: Iterable[Path]) -> None:
    """Refuse a folder that cannot be made, because something else lies there."""
    for path in targets:
        there = next(p for p in path.parents if p.exists())
        if not there.is_dir():
            raise PictureError(f"{path.parent} cannot be made: {there} is a file.")


@contextlib.contextmanager
def _folders(wanted: Iterable[Path]) -> Iterator[None]:
    """Make folders; if what is done inside fails, those that were made go again."""
    made: list[Path] = []
    try:
        for folder in dict.fromkeys(wanted):
            missing = [p for p in (folder, *folder.parents) if not p.exists()]
            for each in reversed(missing):
                try:
                    each.mkdir(exist_ok=True)
                except OSError as error:
                    raise PictureError(f"{each} cannot be made: {error.strerror}.") from None
                made.append(each)
        yield
    except BaseException:
        for each in reversed(made):
            with contextlib.suppress(OSError):
                each.rmdir()
        raise
