"""A batch: every photo of one command made into its headshot, written, and recorded."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catchlight import __version__
from catchlight.cli import console, jobs
from catchlight.cli.exits import SOME_FAILED, code_for, describe
from catchlight.cli.options import save_look_as

if TYPE_CHECKING:
    from catchlight.look import Look
    from catchlight.studio import Brief, Output


@dataclass(frozen=True)
class Wish:
    """What was asked of every photo of one command."""

    look: Look | Brief
    output: Output
    face: int | None
    compare: bool
    report: bool
    force: bool
    max_megapixels: float
    quiet: bool
    verbose: bool
    json: bool
    save_look: Path | None = None

    @property
    def frame(self) -> Look:
        """The look as far as frame and matte go, which no dial changes."""
        from catchlight.look import Look

        return self.look if isinstance(self.look, Look) else self.look.look(self.look.most)


def run_batch(plan: list[jobs.Job], wish: Wish) -> int:
    """Do every job; one bad photo stops no other. Returns the exit code."""
    from catchlight.errors import CatchlightError
    from catchlight.report.record import record_failure

    try:
        _prepare(plan, wish)
    except CatchlightError as error:
        if not wish.json:
            raise
        for job in plan:
            _print_json(record_failure(job.name, error, str(error), {}))
        return code_for(error)
    records, code = [], 0
    with console.photo_progress(len(plan), shown=not wish.quiet) as step:
        for job in plan:
            step(job.name)
            seconds: dict[str, float] = {}
            try:
                record = _do(job, wish, seconds)
            except Exception as error:
                if len(plan) == 1 and not wish.json:
                    raise
                code = SOME_FAILED if len(plan) > 1 else code_for(error)
                message = describe(error)
                record = record_failure(job.name, error, message, seconds)
                if wish.verbose:
                    traceback.print_exc()
                if wish.json or wish.quiet:
                    click.echo(f"Error: {message}", err=True)
            if wish.json:
                _print_json(record)
            records.append(record)
    if not (wish.json or wish.quiet):
        if len(plan) == 1:
            console.show_one(records[0])
        else:
            console.show_many(records, verbose=wish.verbose)
    return code


def _print_json(record: dict[str, Any]) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, allow_nan=False))


def _outputs(job: jobs.Job, wish: Wish) -> list[Path]:
    """Every file that a job will write."""
    asked = ((wish.compare, jobs.COMPARE), (wish.report, jobs.REPORT))
    extras = [job.beside(ending) for wanted, ending in asked if wanted]
    return [*([job.target] if job.target else []), *extras]


def _prepare(plan: list[jobs.Job], wish: Wish) -> None:
    """Do what all jobs share, cheapest first: what is in the way, the folders, the models."""
    from catchlight.errors import PictureError

    if len(plan) == 1:
        jobs.check_free(_outputs(plan[0], wish), plan[0].source, force=wish.force)
    for folder in dict.fromkeys(job.target.parent for job in plan if job.target):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PictureError(f"{folder} cannot be made: {error.strerror}.") from None
    _fetch_models(wish)


def _fetch_models(wish: Wish) -> None:
    """Fetch missing models with a progress bar; offline, each is asked for where it is needed."""
    from catchlight import models
    from catchlight.models.store import is_offline

    fine = wish.frame.matte == "fine" and wish.frame.backdrop != "keep"
    names = [m.name for m in models.CATALOGUE if not m.optional] + ["isnet_matte"] * fine
    missing = [name for name in names if not models.is_present(name)]
    if missing and not is_offline():
        with console.fetch_progress(shown=not wish.quiet) as progress:
            models.pull(missing, progress=progress)


def _do(job: jobs.Job, wish: Wish, seconds: dict[str, float]) -> dict[str, Any]:
    """Make and write one headshot; returns its record."""
    from catchlight.images import format_for, write_atomically
    from catchlight.report import compare as pictures
    from catchlight.report.record import record_shot
    from catchlight.studio import Clock, encode, save, shoot

    jobs.check_free(_outputs(job, wish), job.source, force=wish.force)
    target = job.target
    compare = job.beside(jobs.COMPARE) if wish.compare else None
    report = job.beside(jobs.REPORT) if wish.report else None
    inputs = (job.source,) if job.source else ()
    clock = Clock(seconds)
    source = job.source or sys.stdin.buffer.read()
    made = shoot(source, wish.look, face=wish.face, max_megapixels=wish.max_megapixels, stage=clock)
    if wish.save_look:
        save_look_as(made.look, wish.save_look, force=wish.force)
    format = wish.output.format or (format_for(target) if target else "JPEG")
    data = clock("encode", lambda: encode(made.rendered, made.picture, wish.output, format))
    if target:
        write_atomically(data, target, force=wish.force, inputs=inputs)
    else:
        sys.stdout.buffer.write(data)
    if compare:
        joined = pictures.side_by_side(pictures.show_before(made.scene), made.rendered.pixels)
        save(joined, compare, photo=made.picture, force=wish.force, inputs=inputs)
    record = record_shot(made, name=job.name, output=target, compare=compare, report=report)
    if report:
        from catchlight.report.page import write_page
        from catchlight.studio.evidence import gather_evidence

        evidence = clock("evidence", lambda: gather_evidence(made))
        write_atomically(
            write_page(made, record, version=__version__, evidence=evidence).encode(),
            report,
            force=wish.force,
            inputs=inputs,
        )
    return record
