"""``catchlight pick``: which of a person's photos to start from."""

from __future__ import annotations

import sys

import click

from catchlight.cli import console, naming
from catchlight.cli.exits import EPILOG, exits


@click.command(no_args_is_help=True, epilog=EPILOG)
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def pick(photos: tuple[str, ...], as_json: bool, verbose: bool) -> None:
    """Rank a person's photos as sources: most like them, sharp, eyes open, well lit."""
    with exits(verbose=verbose):
        from catchlight.errors import CatchlightError
        from catchlight.studio import open_photo
        from catchlight.studio import pick as rank

        opened, failed = [], []
        for path in naming.find_photos(photos):
            if path is None:
                raise click.UsageError("pick ranks files; standard input is one photo only.")
            try:
                opened.append(open_photo(path))
            except CatchlightError as error:
                failed.append(str(error))
        if not opened:
            raise click.UsageError("; ".join(failed) or "no photo to rank.")
        ranked = rank(opened)
        if as_json:
            whole = {"ranked": [r.to_json() for r in ranked], "failed": failed}
            console.print_json(whole)
        else:
            terminal = console.open_console()
            for place, row in enumerate(ranked, 1):
                terminal.print(
                    f"[bold]{place}. {row.observation.name}[/bold]  {'; '.join(row.reasons)}"
                )
            for text in failed:
                terminal.print(f"[red]not read[/red] {text}")
    sys.exit(0)
