"""A job: one photo and one wish as data; done here or anywhere, it becomes a record.

Every door calls this: the command, a server, a team of machines. Both ways everything can be
pickled. *Making* happens in memory, wherever the models are; *delivering* writes what has a place,
all of it or nothing, where the files belong.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catchlight import __version__
from catchlight.errors import OutputExists, PictureError, describe
from catchlight.names import printable
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
    skip_existing : bool, whether a photo whose headshot is there is left alone: no failure
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
    skip_existing: bool = False
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

    @property
    def companions(self) -> tuple[Path, ...]:
        """What a run that was killed may have left without its headshot, which is placed last."""
        kinds = ("compare", "report") if self.skip_existing else ()
        return tuple(path for kind, path in self.targets.items() if kind in kinds)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do: the headshot is there, and is to be left alone."""
        target = self.targets.get("headshot")
        return self.skip_existing and target is not None and os.path.lexists(target)


def run(job: Job) -> Record:
    """Do a job: what it makes is written or returned; an error is a record, too."""
    return deliver(job, make(job))


def make(job: Job) -> Record:
    """Do all of a job but the writing: every file comes back in the record.

    Whatever is in the way of the writing is refused before any work.
    """
    from catchlight.studio.clock import Clock

    if job.is_done:
        return skip(job)
    clock = Clock()
    try:
        check_way(job)
        return _make(job, clock)
    except Exception as error:
        return record_error(job, error, clock.seconds)


def check_way(job: Job) -> None:
    """Refuse before any work what its writing would refuse.

    Raises
    ------
    PictureError
    """
    from catchlight.images import check_format, check_free, check_room, format_for

    targets = job.targets
    check_free(targets.values(), inputs=job.inputs, force=job.force, replaceable=job.companions)
    check_room(targets.values())
    if "headshot" in targets:
        check_format(job.output.format or format_for(targets["headshot"]))
    if job.output.credentials is not None:
        from catchlight.provenance.credentials import load_credentials

        load_credentials(job.output.credentials)


def skip(job: Job) -> Record:
    """Leave a photo alone whose headshot is there."""
    from catchlight.report.record import record_skipped

    return Record(record_skipped(job.title, job.targets["headshot"]))


def deliver(job: Job, record: Record) -> Record:
    """Write what has a place, and take it out of the record; all of it is written, or nothing."""
    if record.failed or record.json.get("skipped") or not job.targets:
        return record
    from catchlight.images import write_all

    try:
        with _folders(path.parent for path in job.targets.values()):
            files = {path: record.files[kind] for kind, path in job.targets.items()}
            write_all(files, force=job.force, inputs=job.inputs, replaceable=job.companions)
    except Exception as error:
        if isinstance(error, OutputExists) and job.is_done:  # another run was faster
            return skip(job)
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
    from catchlight.studio.provenance import tell_provenance

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
    said = record_shot(
        shot,
        name=job.title,
        output=target,
        compare=job.targets.get("compare"),
        report=job.targets.get("report"),
    )
    history, source, said["provenance"] = tell_provenance(job, said, shot.picture)
    files: dict[FileKind, bytes] = {}
    if "headshot" in job.files:
        files["headshot"] = clock(
            "encode",
            lambda: encode(
                shot.rendered, shot.picture, job.output, format, history=history, source=source
            ),
        )
        said["seconds"] |= {"encode": round(clock.seconds["encode"], 4)}
    if "compare" in job.files:
        files["compare"] = _encode_compare(shot, Output(metadata=job.output.metadata))
    if "look" in job.files:
        from catchlight.look import dump_look

        files["look"] = dump_look(shot.look).encode()
    notice = shot.picture.metadata.notice
    if notice and job.output.metadata == "keep":
        said["warnings"].append(f"the copyright notice is kept: {notice}")
    if "report" in job.files:
        from catchlight.report.page import write_page

        page = write_page(shot, said, version=__version__, evidence=shot.evidence)
        files["report"] = page.encode("utf-8", "backslashreplace")
    return Record(said, files)


def _encode_compare(shot: Shot, output: Output) -> bytes:
    from catchlight.report.compare import show_before, side_by_side
    from catchlight.studio.output import encode

    joined = side_by_side(show_before(shot.scene), shot.rendered.pixels)
    return encode(joined, shot.picture, output, "JPEG")


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
                    said = f"{printable(each)} cannot be made: {error.strerror}."
                    raise PictureError(said) from None
                made.append(each)
        yield
    except BaseException:
        for each in reversed(made):
            with contextlib.suppress(OSError):
                each.rmdir()
        raise
