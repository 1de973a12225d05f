"""A batch: the jobs of one command, done here or by workers, and told to whoever asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catchlight.cli import bars, console, telling
from catchlight.cli.exits import SOME_FAILED, code_for, code_for_family, say_error

if TYPE_CHECKING:
    from catchlight.results import Record
    from catchlight.studio.jobs import Job


@dataclass(frozen=True)
class Voice:
    """How much a command says, and in which tongue."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False
    #: Files of folders that are no pictures.
    skipped: tuple[Path, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether tables and bars are shown."""
        return not (self.json or self.quiet)


def run_batch(jobs: Sequence[Job], voice: Voice, *, workers: int, fine: bool) -> int:
    """Do every job; one bad photo stops no other. Returns the exit code.

    ``fine`` says whether the fine matte is wanted by name, so that its model is fetched.
    """
    from catchlight.errors import CatchlightError
    from catchlight.studio.batch import run_all

    try:
        _prepare(jobs, fine=fine, shown=not voice.quiet)
    except CatchlightError as error:
        if not voice.json:
            raise
        from catchlight.studio.jobs import record_error

        for job in jobs:
            console.print_json(record_error(job, error, {}).json)
        return code_for(error)
    told, code = [], 0
    start = time.monotonic()
    with bars.photo_progress(len(jobs), shown=not voice.quiet) as tell:
        # Asked once: what another run finishes meanwhile is made here as well.
        done = [job.is_done for job in jobs]
        left = [job for job, before in zip(jobs, done, strict=True) if not before]
        made = run_all(left, workers=workers, tell=tell)
        for record in _in_order(jobs, done, made):
            if record.failed:
                family = record.json["error"]["code"]
                code = SOME_FAILED if len(jobs) > 1 else code_for_family(family)
                _tell_failure(record, voice, alone=len(jobs) == 1)
            elif "headshot" in record.files:
                console.print_bytes(record.files["headshot"])
            if voice.json:
                console.print_json(record.json)
            told.append(record.json)
    if voice.plain:
        if len(jobs) > 1:
            telling.show_many(told, seconds=time.monotonic() - start, verbose=voice.verbose)
        elif not code:
            telling.show_one(told[0])
        telling.show_skipped(voice.skipped, verbose=voice.verbose)
    return code


def _in_order(
    jobs: Sequence[Job], done: Sequence[bool], made: Iterator[Record]
) -> Iterator[Record]:
    """The records of all jobs in the order asked, those that were done before among them."""
    from catchlight.studio.jobs import skip

    for job, before in zip(jobs, done, strict=True):
        yield skip(job) if before else next(made)


def _tell_failure(record: Record, voice: Voice, *, alone: bool) -> None:
    if voice.verbose:
        click.echo(record.trace, err=True, nl=False)
    if alone or not voice.plain:
        error = record.json["error"]
        say_error(error["message"], error["code"], verbose=voice.verbose)


def _prepare(jobs: Sequence[Job], *, fine: bool, shown: bool) -> None:
    """Do what all jobs share, cheapest first: what is in the way, then the models."""
    if all(job.is_done for job in jobs):
        return
    if len(jobs) == 1:
        from catchlight.studio.jobs import check_way

        check_way(jobs[0])
    _fetch_models(fine=fine, shown=shown)


def _fetch_models(*, fine: bool, shown: bool) -> None:
    """Fetch missing models with a progress bar; offline, each is asked for where it is needed."""
    from catchlight import models
    from catchlight.models.store import is_offline

    names = [m.name for m in models.CATALOGUE if not m.optional] + ["salient_large"] * fine
    missing = [name for name in names if not models.is_present(name)]
    if missing and not is_offline():
        with bars.fetch_progress(shown=shown) as progress:
            models.pull(missing, progress=progress)
