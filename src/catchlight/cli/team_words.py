"""What a person at the terminal sees of a team: progress, problems, outliers, spreads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from catchlight.cli.console import open_console

if TYPE_CHECKING:
    from catchlight.team.crew.noted import Tell
    from catchlight.team.people.problems import PersonProblem
    from catchlight.team.run import Team


@contextmanager
def show_progress(*, shown: bool) -> Iterator[Tell]:
    """Show each stage with the time that is left."""
    if not shown:
        yield lambda _stage, _done, _count: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=open_console()) as progress:
        stages: dict[str, Any] = {}

        def tell(stage: str, done: int, count: int) -> None:
            if stage not in stages:
                stages[stage] = progress.add_task(stage, total=count)
            progress.update(stages[stage], completed=done)

        yield tell


def say_problems(problems: list[PersonProblem], *, quiet: bool) -> None:
    """Say what is wrong with the photos."""
    if quiet:
        return
    for problem in problems:
        mark = "set aside" if problem.aside else "note"
        click.echo(f"{mark}: {problem.say()}", err=True)


def show_team(made: Team, pages: list[str], output: str, *, quiet: bool) -> None:
    """Say what was made, who does not fit, and how far the portraits lie apart."""
    if quiet:
        return
    done = [m for m in made.members if m.frames]
    outside = [m for m in done if m.outliers]
    click.echo(
        f"{len(done)} of {len(made.members)} people made, {len(outside)} do not quite fit", err=True
    )
    for member in outside:
        for problem in member.outliers:
            click.echo(f"  {problem.say()}", err=True)
    for spread in made.spreads:
        if spread.before is not None and spread.after is not None:
            said = f"spread {spread.before:.3f} as they came, {spread.after:.3f} now"
            if spread.fitting is not None:
                said += f", {spread.fitting:.3f} of those that fit"
            click.echo(f"  {spread.name}: {said} ({spread.unit})", err=True)
    click.echo(f"wrote {', '.join(pages)} into {output}", err=True)
