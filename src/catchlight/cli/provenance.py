"""``catchlight provenance``: what a file says of its own making."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from catchlight.cli import console
from catchlight.cli.exits import EPILOG, exits


@click.command(no_args_is_help=True, epilog=EPILOG)
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each file.")
@click.option(
    "--strict", is_flag=True, help="End with 3 where a manifest was changed, or cannot be read."
)
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def provenance(files: tuple[Path, ...], as_json: bool, strict: bool, verbose: bool) -> None:
    """Say what a FILE tells of its own making, ours or anybody's.

    Its plain metadata, which anybody can change, and its signed C2PA manifest, validated. Nothing
    goes over the network.
    """
    broken = False
    with exits(verbose=verbose):
        from catchlight.images.intake import read_source
        from catchlight.provenance.account import account_to_json, say_account
        from catchlight.provenance.read import read_account

        for path in files:
            found = read_account(*read_source(path))
            broken |= found.is_broken
            if as_json:
                console.print_json({"file": str(path), **account_to_json(found)})
                continue
            if len(files) > 1:
                click.echo(f"{found.name}:")
            for line in say_account(found):
                click.echo(line)
    sys.exit(3 if strict and broken else 0)
