"""``catchlight shot``: photos in, headshots out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catchlight.cli.asked import (
    choose_brief,
    choose_output,
    credentials_option,
    frame_of,
    is_dialled,
    metadata_option,
    read_look,
    read_polish,
    workers_option,
)
from catchlight.cli.batch import Voice, run_batch
from catchlight.cli.exits import EPILOG, exits
from catchlight.cli.menu import describe_adjustments, setting_names
from catchlight.cli.naming import (
    COMPARE,
    REPORT,
    SUFFIXES,
    Named,
    look_through,
    name_results,
)
from catchlight.cli.options import chosen_of, look_options
from catchlight.formats import WRITTEN

if TYPE_CHECKING:
    from catchlight.look import Look
    from catchlight.results import FileKind
    from catchlight.studio import Brief
    from catchlight.studio.jobs import Job

_FORMATS = {name.lower(): name for name in WRITTEN}


class _Shot(click.Command):
    """The command whose help lists the adjustments, read only when help is asked for."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for text in (describe_adjustments(), EPILOG):
            formatter.write_paragraph()
            formatter.write_text(text)


@click.command(cls=_Shot, no_args_is_help=True)
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="PATH", help="A file for one photo, a folder for several.")
@click.option(
    "--for",
    "setting",
    metavar="|".join((*setting_names(), "FILE.toml")),
    help="What the headshot is for; `catchlight settings` explains each.",
    show_default="default",
)
@click.option(
    "--polish",
    metavar="auto|0..1",
    callback=read_polish,
    help="The dial: 0 nothing refined, 1 a glossy print; auto: the setting's own place, or less "
    "where its floor of authenticity asks for it.",
    show_default="auto",
)
@look_options
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
    "--face",
    type=click.IntRange(1),
    help="Which face, from left to right.",
    show_default="the most prominent",
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
    help="Of JPEG, WebP, AVIF and HEIC.",
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
@metadata_option(
    "keep: date, camera, copyright notice and what was done; strip: only what kind of picture it "
    "is. Location, names and serial numbers always go."
)
@credentials_option(
    "Sign the result (C2PA); `catchlight credentials init` makes a certificate to try it."
)
@click.option("--compare", is_flag=True, help="Also write before | after, as NAME.compare.jpg.")
@click.option("--report", is_flag=True, help="Also write what was found and changed, as HTML.")
@workers_option(
    "Photos done at a time, each in a process of its own; auto: a core each, as far as the memory "
    "reaches."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each photo."
)
@click.option("--force", is_flag=True, help="Replace files that are already there.")
@click.option(
    "--skip-existing",
    is_flag=True,
    help="Leave photos alone whose headshot is there: a folder run again does what is missing.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Refuse a photo of which no headshot can come (exit code 8), instead of saying so.",
)
@click.option(
    "--max-megapixels", type=float, default=120.0, help="Refuse larger photos.", show_default=True
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more; show where an error arose.")
def shot(**said: Any) -> None:  # click hands over by name what the Look's schema made into options
    """Make a headshot of each PHOTO: a file, a folder of pictures, or - for standard input.

    The result is NAME.headshot.jpg beside the photo, unless -o says otherwise. The photo itself is
    never changed.
    """
    with exits(verbose=said["verbose"]):
        photos, skipped = look_through(said["photos"])
        named = name_results(said["photos"], said["output"], said["format"], photos)
        _refuse_contradictions(named, said)
        if len(named) == 1:
            from catchlight.models.early import open_early

            open_early(fine=said["matte"] == "fine")
        asked = _choose(said)
        jobs = [_plan(row, asked, said) for row in named]
        _save_look(asked, jobs, said)
        from catchlight.studio.machine import choose_workers

        voice = Voice(said["as_json"], said["quiet"], said["verbose"], tuple(skipped))
        workers = min(said["workers"] or choose_workers(len(jobs)), len(jobs))
        frame = frame_of(asked)
        fine = frame.matte == "fine" and frame.backdrop != "keep"
        code = run_batch(jobs, voice, workers=workers, fine=fine)
    sys.exit(code)


def _choose(said: dict[str, Any]) -> Look | Brief:
    """The look of the file, or the brief; what was said outright comes before either."""
    chosen = chosen_of(said)
    if said["look_file"] is None:
        return choose_brief(said["setting"], said["polish"], chosen)
    if said["setting"] or said["polish"] is not None:
        raise click.UsageError("--look holds every strength; --for and --polish do not go with it.")
    return read_look(said["look_file"], chosen)


def _plan(named: Named, asked: Look | Brief, said: dict[str, Any]) -> Job:
    from catchlight.studio.dial import asked_to_data
    from catchlight.studio.jobs import Job

    files: dict[FileKind, Path | None] = {"headshot": named.target}
    if said["compare"]:
        files["compare"] = named.beside(COMPARE)
    if said["report"]:
        files["report"] = named.beside(REPORT)
    if said["save_look"] and is_dialled(asked):
        files["look"] = said["save_look"]
    return Job(
        named.read_stream() or named.source or b"",
        asked_to_data(asked),
        name=named.name,
        files=files,
        output=choose_output(said, _FORMATS.get(said["format"] or "")),
        face=said["face"],
        force=said["force"],
        skip_existing=said["skip_existing"],
        max_megapixels=said["max_megapixels"],
        strict=said["strict"],
    )


def _save_look(asked: Look | Brief, jobs: Sequence[Job], said: dict[str, Any]) -> None:
    """Write the look that all photos share; the dial's is written with its photo."""
    path: Path | None = said["save_look"]
    if path is None:
        return
    if not is_dialled(asked):
        from catchlight.images import write_atomically
        from catchlight.look import dump_look

        write_atomically(dump_look(frame_of(asked)).encode(), path, force=said["force"])
    elif len(jobs) > 1:
        raise click.UsageError(
            "the dial gives each photo a look of its own; --save-look needs one photo, or --polish "
            "with a number."
        )


def _refuse_contradictions(named: Sequence[Named], said: dict[str, Any]) -> None:
    target = named[0].target
    if said["force"] and said["skip_existing"]:
        raise click.UsageError("--force replaces what --skip-existing leaves alone; say one.")
    if target is None and said["skip_existing"]:
        raise click.UsageError("--skip-existing needs files to look for; use -o.")
    if target is None and said["as_json"]:
        raise click.UsageError("--json and the picture cannot both go to standard output; use -o.")
    if target is None and (said["compare"] or said["report"]):
        raise click.UsageError("--compare and --report need a file beside which to write; use -o.")
    if target is None and sys.stdout.isatty():
        raise click.UsageError("standard output is the terminal; redirect it to a file, or use -o.")
    suffix = SUFFIXES[said["format"] or "jpeg"] if target is None else target.suffix
    if said["bits"] == "16" and suffix.lower() not in (".png", ".tif", ".tiff"):
        raise click.UsageError("--bits 16 needs --format png or --format tiff.")
