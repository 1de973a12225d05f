"""``catchlight models``: list, fetch and verify the model files."""

from __future__ import annotations

import sys

import click

from catchlight.cli import bars
from catchlight.cli.exits import exits


@click.group(no_args_is_help=True)
def models() -> None:
    """List, fetch or verify the models (pinned files, kept in your cache folder)."""


@models.command("list")
def list_models() -> None:
    """Show every model: what it is for, its size and licence, and whether it is here."""
    with exits():
        from rich.console import Console
        from rich.table import Table

        from catchlight.models import CATALOGUE, cache_folder, is_present

        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for column in ("name", "here", "MB", "for", "licence"):
            table.add_column(column, justify="right" if column == "MB" else "left", overflow="fold")
        for row in CATALOGUE:
            here = "yes" if is_present(row.name) else "optional" if row.optional else "no"
            table.add_row(row.name, here, f"{row.megabytes:.1f}", row.purpose, row.licence)
        console = Console(highlight=False)
        console.print(table)
        console.print(f"in {cache_folder()}", soft_wrap=True)


@models.command()
@click.option("--fine", is_flag=True, help="Also the network of the fine cut-out (165 MB).")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def pull(fine: bool, quiet: bool) -> None:
    """Fetch what is missing and replace what was changed."""
    with exits():
        from catchlight.models import CATALOGUE, cache_folder
        from catchlight.models import pull as fetch

        names = [row.name for row in CATALOGUE if fine or not row.optional]
        with bars.fetch_progress(shown=not quiet) as progress:
            paths = fetch(names, progress=progress)
        if not quiet:
            click.echo(f"{len(paths)} models are in {cache_folder()}", err=True)


@models.command()
def verify() -> None:
    """Compare every model file with its pinned sha256."""
    with exits():
        from catchlight.models import find
        from catchlight.models import verify as check

        bad = []
        for verdict in check():
            missing = verdict.state == "missing"
            word = (
                "not fetched (optional)"
                if missing and find(verdict.name).optional
                else verdict.state
            )
            click.echo(f"{verdict.name:<28}{word}")
            if verdict.state not in ("ok", "missing") or (
                missing and not find(verdict.name).optional
            ):
                bad.append(verdict.name)
        if bad:
            click.echo(f"Error: {', '.join(bad)}: run `catchlight models pull`.", err=True)
    sys.exit(5 if bad else 0)
