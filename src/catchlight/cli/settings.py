"""``catchlight settings``: what a headshot can be for, and what that asks of it."""

from __future__ import annotations

import json
import sys

import click

from catchlight.cli import talk
from catchlight.cli.exits import EPILOG, exits


@click.command(epilog=EPILOG, short_help="List and explain the settings.")
@click.argument("name", metavar="[SETTING]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings(name: str | None, as_json: bool) -> None:
    """List the settings of --for, or explain one: a name, or a TOML file of your own."""
    with exits():
        from catchlight.setting import list_settings, load_setting

        if as_json:
            chosen = [load_setting(name)] if name else list_settings()
            click.echo(json.dumps([s.model_dump(mode="json") for s in chosen], ensure_ascii=False))
        elif name:
            click.echo(load_setting(name).describe())
        else:
            _list()
    sys.exit(0)


def _list() -> None:
    from rich.table import Table
    from rich.text import Text

    from catchlight.setting import list_settings

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title, justify in (("setting", "left"), ("for", "left")):
        table.add_column(title, justify="left" if justify == "left" else "right")
    table.add_column("authenticity at least", justify="right")
    table.add_column("crop")
    table.add_column("backdrop")
    for row in list_settings():
        look = row.look(1.0)
        cells = (row.name, row.title, f"{row.authenticity_floor:.0f}", look.crop, look.backdrop)
        table.add_row(*(Text(str(cell)) for cell in cells))
    talk.open_console().print(table)
    click.echo("`catchlight settings NAME` explains one; --for takes a name or your own file.")
