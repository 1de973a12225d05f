"""A batch: the jobs of one command, done here or by workers, and told to whoever asked."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from catchlight.cli import console
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
            _print_json(record_error(job, error, {}).json)
        return code_for(error)
    told, code = [], 0
    start = time.monotonic()
    with console.photo_progress(len(jobs), shown=not voice.quiet) as tell:
        for record in run_all(jobs, workers=workers, tell=tell):
            if record.failed:
                family = record.json["error"]["code"]
                code = SOME_FAILED if len(jobs) > 1 else code_for_family(family)
                _tell_failure(record, voice, alone=len(jobs) == 1)
            elif "headshot" in record.files:
                sys.stdout.buffer.write(record.files["headshot"])
            if voice.json:
                _print_json(record.json)
            told.append(record.json)
    if voice.plain:
        if len(jobs) > 1:
            console.show_many(told, seconds=time.monotonic() - start, verbose=voice.verbose)
        elif not code:
            console.show_one(told[0])
    return code


def _tell_failure(record: Record, voice: Voice, *, alone: bool) -> None:
    if voice.verbose:
        click.echo(record.trace, err=True, nl=False)
    if alone or not voice.plain:
        error = record.json["error"]
        say_error(error["message"], error["code"], verbose=voice.verbose)


def _print_json(record: dict[str, Any]) -> None:
    click.echo(json.dumps(record, ensure_ascii=False, allow_nan=False))


def _prepare(jobs: Sequence[Job], *, fine: bool, shown: bool) -> None:
    """Do what all jobs share, cheapest first: what is in the way, then the models."""
    if len(jobs) == 1:
        from catchlight.images import check_free

        check_free(jobs[0].targets.values(), inputs=jobs[0].inputs, force=jobs[0].force)
    _fetch_models(fine=fine, shown=shown)


def _fetch_models(*, fine: bool, shown: bool) -> None:
    """Fetch missing models with a progress bar; offline, each is asked for where it is needed."""
    from catchlight import models
    from catchlight.models.store import is_offline

    names = [m.name for m in models.CATALOGUE if not m.optional] + ["salient_large"] * fine
    missing = [name for name in names if not models.is_present(name)]
    if missing and not is_offline():
        with console.fetch_progress(shown=shown) as progress:
            models.pull(missing, progress=progress)
