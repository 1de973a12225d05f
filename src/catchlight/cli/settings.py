"""``catchlight settings``: what a headshot can be for, and what that asks of it."""

from __future__ import annotations

import sys

import click

from catchlight.cli import console
from catchlight.cli.exits import EPILOG, exits


@click.command(epilog=EPILOG)
@click.argument("name", metavar="[SETTING]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings(name: str | None, as_json: bool) -> None:
    """List the settings of --for, or explain one: a name, or a TOML file of your own."""
    with exits():
        from catchlight.setting import list_settings, load_setting
        from catchlight.setting_page import describe_setting, describe_settings

        if as_json:
            chosen = [load_setting(n) for n in ((name,) if name else list_settings())]
            console.print_json([s.model_dump(mode="json") for s in chosen])
        elif name:
            click.echo(describe_setting(load_setting(name)))
        else:
            click.echo(describe_settings())
            click.echo("\n`catchlight settings NAME` explains one; --for takes a name or a file.")
    sys.exit(0)
