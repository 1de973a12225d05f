"""``catchlight check``: audit a headshot against real photos of the person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catchlight import __version__
from catchlight.cli import console, naming
from catchlight.cli.exits import EPILOG, exits

if TYPE_CHECKING:
    from catchlight.results import Check


@click.command(no_args_is_help=True, epilog=EPILOG)
@click.argument("result", metavar="RESULT", type=click.Path(path_type=Path))
@click.argument("more", metavar="[PHOTO...]", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--against",
    metavar="PHOTO",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A real photo of the person, or a folder of them; more may follow.",
)
@click.option(
    "--report", metavar="FILE.html", type=click.Path(path_type=Path), help="Also write a page."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--force", is_flag=True, help="Replace a report that is already there.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def check(
    result: Path,
    more: tuple[Path, ...],
    against: tuple[Path, ...],
    report: Path | None,
    as_json: bool,
    force: bool,
    verbose: bool,
) -> None:
    """Audit a headshot, ours or a generator's, against real photos.

    catchlight check RESULT --against PHOTO [PHOTO...]

    Says whether it is still the person in the photos, what was changed and where. What cannot be
    judged across different photos is called indeterminate.
    """
    with exits(verbose=verbose):
        if not against:
            raise click.UsageError("name at least one real photo of the person: --against PHOTO.")
        from catchlight.images import check_free, write_atomically
        from catchlight.studio import Clock, open_photo
        from catchlight.studio import check as audit

        found = naming.find_photos(tuple(str(p) for p in (*against, *more)))
        photos = [p for p in found if p is not None and p.resolve() != result.resolve()]
        if not photos:
            raise click.UsageError("the photos to check against are the headshot itself.")
        inputs = (result, *photos)
        if report:
            check_free([report], inputs=inputs, force=force)
        clock = Clock()
        made = clock("decode", lambda: open_photo(result))
        opened = clock("decode", lambda: [open_photo(p) for p in photos])
        said = audit(made, opened, pictures=report is not None, stage=clock)
        if report:
            from catchlight.report.check_page import write_check_page

            page = write_check_page(said, version=__version__)
            write_atomically(page.encode(), report, force=force, inputs=inputs)
        if as_json:
            whole = {**said.to_json(), "report": None if report is None else str(report)}
            console.print_json(whole)
        else:
            _show(said, report)
    sys.exit(0)


def _show(said: Check, report: Path | None) -> None:
    from catchlight.report.table import authenticity_table

    terminal = console.open_console()
    terminal.print(f"Is it still them? [bold]{said.answer}[/bold]: {said.reason}")
    terminal.print(authenticity_table(said.overall))
    named = said.against[said.best].name
    terminal.print(f"measured against {named}; {len(said.against)} photo(s) in all")
    if said.polish.score is not None:
        terminal.print(f"polish {said.polish.score:.0f} of 100")
    if report:
        terminal.print(f"wrote {report}")
