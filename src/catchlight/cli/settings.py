"""``catchlight settings``: what a headshot can be for, and what that asks of it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from catchlight.cli import talk
from catchlight.cli.exits import EPILOG, exits

if TYPE_CHECKING:
    from catchlight.setting import Setting


@click.command(epilog=EPILOG, short_help="List and explain the settings.")
@click.argument("name", metavar="[SETTING]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings(name: str | None, as_json: bool) -> None:
    """List the settings of --for, or explain one: a name, or a TOML file of your own."""
    with exits():
        from catchlight.setting import list_settings, load_setting

        chosen = [load_setting(n) for n in ((name,) if name else list_settings())]
        if as_json:
            click.echo(json.dumps([s.model_dump(mode="json") for s in chosen], ensure_ascii=False))
        elif name:
            click.echo(explain(chosen[0]))
        else:
            _list(chosen)
    sys.exit(0)


def _list(chosen: list[Setting]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in ("setting", "for"):
        table.add_column(title)
    table.add_column("authenticity", justify="right", no_wrap=True)
    for title in ("crop", "backdrop"):
        table.add_column(title)
    for s in chosen:
        cells = (s.name, s.title, f"{s.authenticity_floor:.0f}", s.crop.use, s.backdrop.use)
        table.add_row(*(Text(cell) for cell in cells))
    talk.open_console().print(table)
    click.echo(
        "authenticity: what the automatic dial keeps at least, of 100.\n"
        "`catchlight settings NAME` explains one; --for takes a name or your own file."
    )


def explain(s: Setting) -> str:
    """Explain a setting in plain text: every choice with its reason."""
    lines = [f"{s.name}: {s.title}", "", s.why.strip(), ""]
    lines += [
        f"The dial stops where authenticity would fall below {s.authenticity_floor:.0f} of 100; a",
        f"variant with a polish below {s.polish_floor:.0f} is no candidate.",
        "",
    ]
    for title, use, why in (
        ("crop", s.crop.use, s.crop.why),
        ("backdrop", s.backdrop.use, s.backdrop.why),
        ("marks", s.marks.use, s.marks.why),
        ("light", s.light.custom, s.light.why),
        ("wardrobe", s.wardrobe.custom, s.wardrobe.why),
    ):
        lines += [f"{title}: {use.strip()}", f"    {why.strip()}"]
    lines += ["", f"{'adjustment':<16}{'at 0':>7}{'at 1':>7}"]
    for name, strength in s.strengths.items():
        lines.append(
            f"{name:<16}{strength.at(0):>7.2f}{strength.at(1):>7.2f}  {strength.why.strip()}"
        )
    lines += ["", "sizes:"]
    lines += [f"  {name}: {z.width} x {z.height}  {z.why.strip()}" for name, z in s.sizes.items()]
    lines += ["", "sources:", *(f"  * {source}" for source in s.sources)]
    return "\n".join(lines)
