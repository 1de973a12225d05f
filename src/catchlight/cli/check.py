"""``catchlight check``: audit a headshot against real photos of the person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catchlight import __version__
from catchlight.cli import console, naming
from catchlight.cli.exits import EPILOG, NOT_NATURAL, OTHER_PERSON, exits

if TYPE_CHECKING:
    from catchlight.provenance.read import Account
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
@click.option(
    "--strict",
    is_flag=True,
    help=f"End with {OTHER_PERSON} if it is another person, with {NOT_NATURAL} if it was changed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--force", is_flag=True, help="Replace a report that is already there.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def check(
    result: Path,
    more: tuple[Path, ...],
    against: tuple[Path, ...],
    report: Path | None,
    strict: bool,
    as_json: bool,
    force: bool,
    verbose: bool,
) -> None:
    """Audit a headshot, ours or a generator's, against real photos.

    catchlight check RESULT --against PHOTO [PHOTO...]

    Says whether it is still the person in the photos, what was changed, where, and how sure that
    is. Any number of photos and folders: those that show somebody else are left out, and said.
    What cannot be told is called indeterminate, with the reason.
    """
    code = 0
    with exits(verbose=verbose):
        if not against:
            raise click.UsageError("name at least one real photo of the person: --against PHOTO.")
        from catchlight.images import check_free, write_atomically
        from catchlight.provenance.account import account_to_json, say_generated
        from catchlight.studio import Clock, open_photo
        from catchlight.studio import check as audit
        from catchlight.studio.sources import open_readable

        found = naming.find_photos(tuple(str(p) for p in (*against, *more)))
        photos = [p for p in found if p is not None and p.resolve() != result.resolve()]
        if not photos:
            raise click.UsageError("the photos to check against are the headshot itself.")
        inputs = (result, *photos)
        if report:
            check_free([report], inputs=inputs, force=force)
        clock = Clock()
        made = clock("decode", lambda: open_photo(result))
        opened, failed = clock("decode", lambda: open_readable(photos, open_photo))
        unread = [str(error) for error in failed]
        said = audit(made, opened, pictures=report is not None, stage=clock)
        if strict:
            code = OTHER_PERSON if said.answer == "no" else code
            code = NOT_NATURAL if said.natural is False else code
        if report:
            from catchlight.report.check_page import write_check_page

            page = write_check_page(said, version=__version__)
            write_atomically(page.encode(), report, force=force, inputs=inputs)
        account = clock("decode", lambda: _read_account(result))
        if as_json:
            whole = {**said.to_json(), "report": None if report is None else str(report)}
            whole["provenance"] = account_to_json(account)
            whole["unread"] = unread
            console.print_json(whole)
        else:
            _show(said, report)
            if generated := say_generated(account):
                click.echo(generated)
            for text in unread:
                click.echo(f"not read: {text}", err=True)
    sys.exit(code)


def _read_account(result: Path) -> Account:
    from catchlight.images.intake import read_source
    from catchlight.provenance.read import read_account

    return read_account(*read_source(result))


def _show(said: Check, report: Path | None) -> None:
    from catchlight.report.letter import write_letter
    from catchlight.report.table import authenticity_table

    terminal = console.open_console()
    verdict, *paragraphs = write_letter(said)
    terminal.print(f"Is it still them? [bold]{said.answer.capitalize()}.[/bold] {verdict}")
    for text in paragraphs:
        terminal.print(text)
    terminal.print(authenticity_table(said.overall))
    if said.polish.score is not None:
        terminal.print(f"polish {said.polish.score:.0f} of 100")
    if report:
        terminal.print(f"wrote {report}")
