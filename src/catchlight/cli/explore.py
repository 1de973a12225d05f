"""``catchlight explore``: variants side by side, and the one that is most the person."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catchlight import __version__
from catchlight.cli import console, naming
from catchlight.cli.asked import check_backdrop, choose_brief
from catchlight.cli.exits import EPILOG, exits
from catchlight.cli.options import axis_options, chosen_of, one_option

if TYPE_CHECKING:
    from catchlight.results import Exploration
    from catchlight.studio import Brief


def _read_numbers(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[float, ...] | None:
    if value is None:
        return None
    try:
        found = tuple(dict.fromkeys(float(v) for v in value.split(",")))
    except ValueError:
        found = (-1.0,)
    if not all(0 <= v <= 1 for v in found):
        raise click.BadParameter(f"{value!r}: write numbers from 0 to 1, such as 0,0.5,1.")
    return found


@click.command(no_args_is_help=True, epilog=EPILOG)
@click.argument("photo", metavar="PHOTO", type=click.Path(path_type=Path))
@click.argument("more", metavar="[LIKE...]", nargs=-1)
@click.option(
    "--like",
    metavar="PHOTO",
    multiple=True,
    help="A further photo of the same person, or a folder of them; more may follow.",
)
@click.option("--for", "setting", metavar="SETTING", help="As in `catchlight shot`.")
@click.option(
    "--polish",
    "polishes",
    metavar="0,0.5,1",
    callback=_read_numbers,
    help="Polishes to try; with it, or with a choice below, every combination is made.",
    show_default="variants that can be told apart at a glance",
)
@axis_options
@one_option("matte")
@click.option("--face", type=click.IntRange(1), help="Which face, from left to right.")
@click.option(
    "--pick",
    "picked",
    metavar="K",
    type=click.IntRange(1),
    help="Write variant K in full size, instead of the sheet.",
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Name of the sheet (.png; .html and .json lie beside it), or of the picked headshot.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the JSON, too.")
@click.option("--force", is_flag=True, help="Replace files that are already there.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def explore(
    photo: Path,
    more: tuple[str, ...],
    like: tuple[str, ...],
    setting: str | None,
    polishes: tuple[float, ...] | None,
    matte: str | None,
    face: int | None,
    picked: int | None,
    output: Path | None,
    as_json: bool,
    force: bool,
    quiet: bool,
    verbose: bool,
    **axes: tuple[Any, ...] | None,  # by name what the Look's schema made into options
) -> None:
    """Develop variants of PHOTO that differ, measure each, and say which is most the person.

    catchlight explore me.jpg --like other.jpg third.jpg --for linkedin

    Writes me.explore.png, me.explore.html and me.explore.json. The winner is not the smoothest but
    the most recognisable of those that are polished enough for the setting.
    """
    with exits(verbose=verbose):
        from catchlight.images import check_free
        from catchlight.studio.variants import BACKDROPS, POLISHES, plan_variants

        brief = choose_brief(setting, None, {"matte": matte} if matte else {})
        chosen: dict[str, tuple[Any, ...]] = chosen_of(axes)
        tried, plan = None, None
        if chosen or polishes:
            tried, polishes = chosen or {"backdrop": BACKDROPS}, polishes or POLISHES
            plan = plan_variants(brief, polishes=polishes, axes=tried)
            for _, polish, variant in plan:
                check_backdrop(variant.look(polish))
        if picked:
            if plan is None:
                plan = _spread(_explore(photo, [], brief, None, None, face), brief)
            if picked > len(plan):
                raise click.UsageError(f"there is no variant {picked}; there are {len(plan)}.")
            _write_picked(photo, plan[picked - 1], face, output, force=force, quiet=quiet)
            return
        if more and not like:
            raise click.UsageError("name further photos of the person after --like.")
        sheet = output or photo.with_name(f"{photo.stem}.explore.png")
        if sheet.suffix.lower() != ".png":
            raise click.UsageError(f"{sheet}: end the sheet's name in .png.")
        files = [sheet, sheet.with_suffix(".html"), sheet.with_suffix(".json")]
        check_free(files, inputs=(photo,), force=force)
        others = [p for p in naming.find_photos((*like, *more)) if p is not None]
        others = [p for p in others if p.resolve() != photo.resolve()]
        said = _explore(photo, others, brief, polishes, tried, face)
        asked: dict[str, object] = {"for": setting, "matte": matte, "face": face}
        asked |= {"polish": polishes and ",".join(f"{p:g}" for p in polishes)}
        asked |= {name: ",".join(map(str, values)) for name, values in chosen.items()}
        _write_sheet(said, files, photo, _say_command(photo, asked), force=force)
        if as_json:
            console.print_json(said.to_json())
        elif not quiet:
            _show(said, files)
    sys.exit(0)


def _explore(
    photo: Path,
    others: list[Path],
    brief: Brief,
    polishes: tuple[float, ...] | None,
    axes: dict[str, tuple[Any, ...]] | None,
    face: int | None,
) -> Exploration:
    from catchlight.studio import Clock, open_photo
    from catchlight.studio import explore as develop

    clock = Clock()
    source = clock("decode", lambda: open_photo(photo))
    like = clock("decode", lambda: [open_photo(p) for p in others])
    return develop(source, brief, like=like, polishes=polishes, axes=axes, face=face, stage=clock)


def _spread(found: Exploration, brief: Brief) -> list[tuple[str, float, Brief]]:
    """Title, polish and brief of the variants of an exploration, as of named choices."""
    return [
        (v.title, v.dial, replace(brief, values={**brief.values, **v.values}))
        for v in found.variants
    ]


def _write_picked(
    photo: Path,
    row: tuple[str, float, Brief],
    face: int | None,
    output: Path | None,
    *,
    force: bool,
    quiet: bool,
) -> None:
    from catchlight.images import check_free
    from catchlight.studio import save, shoot

    title, polish, brief = row
    target = output or photo.with_name(f"{photo.stem}.headshot.jpg")
    check_free([target], inputs=(photo,), force=force)
    made = shoot(photo, replace(brief, polish=polish), face=face)
    save(made.rendered, target, photo=made.picture, force=force, inputs=(photo,))
    if not quiet:
        console.open_console().print(f"wrote {target}  ({title})", highlight=False)


def _say_command(photo: Path, asked: Mapping[str, object]) -> str:
    """Give the command line that numbers the variants as they are on the sheet."""
    words = ["catchlight", "explore", photo.name]
    for name, value in asked.items():
        if value is not None:
            words += [f"--{name}", str(value)]
    return shlex.join(words)


def _write_sheet(
    said: Exploration, files: list[Path], photo: Path, command: str, *, force: bool
) -> None:
    from catchlight.images import write_all
    from catchlight.report.contact_sheet import draw_contact_sheet, encode_contact_sheet
    from catchlight.report.explore_page import write_explore_page

    title = f"{len(said.variants)} variants of {photo.name}"
    drawn = draw_contact_sheet(said.variants, winner=said.winner, title=title)
    page = write_explore_page(
        said.variants,
        winner=said.winner,
        why=said.why,
        version=__version__,
        name=photo.name,
        command=command,
        strip=said.strip,
        edge=said.edge,
        wardrobe=said.wardrobe,
    )
    text = json.dumps(said.to_json(), ensure_ascii=False, allow_nan=False, indent=1)
    stored = (encode_contact_sheet(drawn), page.encode(), text.encode())
    write_all(dict(zip(files, stored, strict=True)), force=force, inputs=(photo,))


def _show(said: Exploration, files: list[Path]) -> None:
    from catchlight.report.table import variants_table

    terminal = console.open_console()
    terminal.print(variants_table(said.variants, winner=said.winner))
    terminal.print(said.why)
    for text in said.wardrobe:
        terminal.print(text)
    terminal.print("wrote " + ", ".join(str(f) for f in files))
