"""``catchlight shot``: photos in, headshots out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catchlight.cli import jobs
from catchlight.cli.batch import Wish, run_batch
from catchlight.cli.exits import EPILOG, exits
from catchlight.cli.menu import describe_adjustments
from catchlight.cli.options import check_backdrop, choose_brief, save_look_as

if TYPE_CHECKING:
    from catchlight.look import Look
    from catchlight.studio import Brief

_BACKDROPS = "keep|blur|studio-warm|#rrggbb|PICTURE"
_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP", "tiff": "TIFF", "avif": "AVIF"}


def _read_size(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[int, int] | int | str | None:
    if value is None:
        return None
    sides = value.lower().replace("\N{MULTIPLICATION SIGN}", "x").split("x")
    if value.strip().replace("_", "").isalpha():
        return value.strip()
    if not (1 <= len(sides) <= 2 and all(s.strip().isdecimal() for s in sides)):
        raise click.BadParameter(
            f"{value!r} is not a size; write 1200x1500, 1500 for the longer side, or the name of "
            "one of the setting's sizes."
        )
    numbers = [int(s) for s in sides]
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def _read_lens(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> str | float | None:
    if value is None or value in ("off", "auto"):
        return value
    try:
        return float(value.removesuffix("m"))
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not off, auto or a distance in metres, such as 0.35."
        ) from None


def _read_settings(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> dict[str, float]:
    found = {}
    for value in values:
        name, _, strength = value.partition("=")
        try:
            found[name.strip().replace("-", "_")] = float(strength)
        except ValueError:
            raise click.BadParameter(
                f"{value!r} is not NAME=STRENGTH, such as exposure=0.5."
            ) from None
    return found


def read_polish(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> float | str | None:
    """Read the dial: ``auto``, a number, or None where nothing was said."""
    if value is None or value.strip().lower() == "auto":
        return value and "auto"
    try:
        polish = float(value)
    except ValueError:
        polish = -1.0
    if not 0 <= polish <= 1:
        raise click.BadParameter(f"{value!r} is neither auto nor a number from 0 to 1.")
    return polish


class _Shot(click.Command):
    """The command whose help lists the adjustments, read only when help is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for text in (describe_adjustments(), EPILOG):
            formatter.write_paragraph()
            formatter.write_text(text)


@click.command(cls=_Shot, no_args_is_help=True, short_help="Make headshots of photos.")
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="PATH", help="A file for one photo, a folder for several.")
@click.option(
    "--for",
    "setting",
    metavar="SETTING",
    help="What the headshot is for: a name that `catchlight settings` lists, or a TOML file.",
    show_default="default",
)
@click.option(
    "--polish",
    metavar="auto|0..1",
    callback=read_polish,
    help="How much of the setting's polish; auto: the most whose authenticity stays above its "
    "floor.",
    show_default="auto",
)
@click.option(
    "--crop",
    type=click.Choice(("headshot", "square", "half", "original")),
    help="Composition.",
    show_default="the setting's",
)
@click.option(
    "--backdrop", metavar=_BACKDROPS, help="What stands behind.", show_default="the setting's"
)
@click.option(
    "--size",
    metavar="WxH|N|NAME",
    callback=_read_size,
    help="Size in pixels, the longer side, or a size of the setting, such as linkedin.",
    show_default="as large as the photo gives",
)
@click.option(
    "--lens",
    metavar="off|auto|METRES",
    callback=_read_lens,
    help="From how far the photo was taken, to correct the perspective of a near camera.",
    show_default="auto",
)
@click.option(
    "--matte",
    type=click.Choice(["auto", "fast", "fine"]),
    help="auto: fine where `catchlight models pull --fine` was done, else fast.",
    show_default="auto",
)
@click.option(
    "--face",
    type=click.IntRange(1),
    help="Which face, from left to right.",
    show_default="the most prominent",
)
@click.option(
    "--set",
    "settings",
    metavar="NAME=STRENGTH",
    callback=_read_settings,
    multiple=True,
    help="Strength 0..1 of an adjustment (below), whatever the dial says; may be repeated.",
)
@click.option(
    "--light",
    type=click.Choice(["none", "soft", "loop", "rembrandt", "butterfly", "split"]),
    help="Pattern towards which the light is turned, where the photo's own light allows.",
    show_default="none",
)
@click.option(
    "--marks",
    type=click.Choice(["heal-passing", "keep-all"]),
    help="What the adjustment blemishes does with spots that will pass.",
    show_default="heal-passing",
)
@click.option(
    "--keep",
    metavar="ID",
    multiple=True,
    help="A mark of the skin that stays (--json and --report list them); may be repeated.",
)
@click.option("--heal", metavar="ID", multiple=True, help="A mark that goes; may be repeated.")
@click.option(
    "--look",
    "look_file",
    type=click.Path(path_type=Path),
    help="Take every strength from a TOML file, without a dial; options here come before it.",
)
@click.option(
    "--save-look",
    type=click.Path(path_type=Path),
    help="Write the settings in force to a TOML file.",
)
@click.option(
    "--format",
    type=click.Choice(list(_FORMATS)),
    help="File format.",
    show_default="what the output's name says",
)
@click.option(
    "--quality",
    type=click.IntRange(1, 100),
    default=95,
    help="Of JPEG, WebP and AVIF.",
    show_default=True,
)
@click.option(
    "--bits",
    type=click.Choice(["8", "16"]),
    default="8",
    help="Bits a channel; 16 as PNG or TIFF.",
    show_default=True,
)
@click.option(
    "--profile",
    type=click.Choice(["srgb", "p3", "keep"]),
    default="srgb",
    help="Colour profile of the result.",
    show_default=True,
)
@click.option(
    "--metadata",
    type=click.Choice(["keep", "strip"]),
    default="keep",
    help="keep: date and camera. Location and serial numbers always go.",
    show_default=True,
)
@click.option("--compare", is_flag=True, help="Also write before | after, as NAME.compare.jpg.")
@click.option("--report", is_flag=True, help="Also write what was found and changed, as HTML.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each photo."
)
@click.option("--force", is_flag=True, help="Replace files that are already there.")
@click.option(
    "--max-megapixels", type=float, default=120.0, help="Refuse larger photos.", show_default=True
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more; show where an error arose.")
def shot(
    photos: tuple[str, ...],
    output: str | None,
    setting: str | None,
    polish: float | str | None,
    crop: str | None,
    backdrop: str | None,
    size: tuple[int, int] | int | str | None,
    lens: str | float | None,
    matte: str | None,
    face: int | None,
    settings: dict[str, float],
    light: str | None,
    marks: str | None,
    keep: tuple[str, ...],
    heal: tuple[str, ...],
    look_file: Path | None,
    save_look: Path | None,
    format: str | None,
    quality: int,
    bits: str,
    profile: Any,
    metadata: Any,
    compare: bool,
    report: bool,
    as_json: bool,
    force: bool,
    max_megapixels: float,
    quiet: bool,
    verbose: bool,
) -> None:
    """Make a headshot of each PHOTO: a file, a folder of pictures, or - for standard input.

    The result is NAME.headshot.jpg beside the photo, unless -o says otherwise. The photo itself is
    never changed.
    """
    with exits(verbose=verbose):
        from catchlight.studio import Brief, Output

        plan = jobs.plan_jobs(photos, output, format)
        _refuse_contradictions(
            plan, format=format, bits=bits, extras=compare or report, json=as_json
        )
        chosen: dict[str, Any] = {"crop": crop, "backdrop": backdrop, "size": size, "matte": matte}
        chosen |= {
            "lens": lens,
            "light": light,
            "marks": marks,
            "keep": keep or None,
            "heal": heal or None,
        }
        chosen = {name: value for name, value in chosen.items() if value is not None}
        look: Look | Brief
        if look_file:
            if setting or polish is not None:
                raise click.UsageError(
                    "--look holds every strength; --for and --polish do not go with it."
                )
            look = _read_look(look_file, chosen, settings)
            check_backdrop(look)
        else:
            look = choose_brief(setting, polish, chosen, settings)
        later = None
        if save_look:
            if isinstance(look, Brief) and look.polish is None:
                later = _save_later(save_look, plan, force=force)
            else:
                fixed = look.look(look.most) if isinstance(look, Brief) else look
                save_look_as(fixed, save_look, force=force)
        out = Output(_FORMATS.get(format or ""), quality, int(bits), profile, metadata)
        wish = Wish(
            look, out, face, compare, report, force, max_megapixels, quiet, verbose, as_json, later
        )
        code = run_batch(plan, wish)
    sys.exit(code)


def _refuse_contradictions(
    plan: list[jobs.Job], *, format: str | None, bits: str, extras: bool, json: bool
) -> None:
    piped = plan[0].target is None
    if piped and json:
        raise click.UsageError("--json and the picture cannot both go to standard output; use -o.")
    if piped and extras:
        raise click.UsageError("--compare and --report need a file beside which to write; use -o.")
    if piped and sys.stdout.isatty():
        raise click.UsageError("standard output is the terminal; redirect it to a file, or use -o.")
    target = plan[0].target
    suffix = jobs.SUFFIXES[format or "jpeg"] if target is None else target.suffix
    if bits == "16" and suffix.lower() not in (".png", ".tif", ".tiff"):
        raise click.UsageError("--bits 16 needs --format png or --format tiff.")


def _save_later(path: Path, plan: list[jobs.Job], *, force: bool) -> Path:
    """Check that the look of the one photo, which the dial is still to choose, can be written."""
    if len(plan) > 1:
        raise click.UsageError(
            "the dial gives each photo a look of its own; --save-look needs one photo, or --polish "
            "with a number."
        )
    jobs.check_free([path], plan[0].source, force=force)
    return path


def _read_look(file: Path, chosen: dict[str, Any], strengths: dict[str, float]) -> Look:
    """Read the look file; what the command line says comes before it."""
    from catchlight.look import load_look, parse_look

    values = {**load_look(file).model_dump(), **chosen}
    values["adjust"] = {**values.get("adjust", {}), **strengths}
    return parse_look(values)
