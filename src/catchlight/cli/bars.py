"""Bars while photos are worked on and models fetched, on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from catchlight.cli.console import open_console
from catchlight.names import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from catchlight.studio.jobs import Job
    from catchlight.studio.pool import Tell


@contextmanager
def photo_progress(count: int, *, shown: bool) -> Iterator[Tell]:
    """Show a bar over ``count`` photos; yields what is told of each when it begins and ends."""
    if not shown or count < 2:
        yield lambda _job, _what: None
        return
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=open_console(), transient=True) as progress:
        task = progress.add_task("", total=count)

        def tell(job: Job, what: str) -> None:
            if what == "begun":
                progress.update(task, description=escape(printable(job.title)))
            else:
                progress.update(task, advance=1)

        yield tell


@contextmanager
def fetch_progress(*, shown: bool) -> Iterator[Callable[[str, int, int | None], None] | None]:
    """Show bars for fetching models; yields the store's ``progress`` callback."""
    if not shown:
        yield None
        return
    console = open_console()
    if not console.is_terminal:  # a log: one line a package, no bars
        said: set[str] = set()

        def tell(text: str, _done: int, _total: int | None) -> None:
            if text not in said:
                said.add(text)
                console.print(f"{text} ...")

        yield tell
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskID,
        TextColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, transient=True) as progress:

        def report(text: str, done: int, total: int | None) -> None:
            if text not in tasks:
                tasks[text] = progress.add_task(text, total=total)
            progress.update(tasks[text], completed=done, total=total)

        yield report
