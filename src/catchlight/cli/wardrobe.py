"""``catchlight wardrobe``: what to wear next time, and what the garment would look like."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catchlight.cli import console, naming
from catchlight.cli.exits import EPILOG, exits, say_error

if TYPE_CHECKING:
    from catchlight.studio import Fitting

#: Which of the norms a terminal shows, and what they are called there; the rest is a command away.
_SHOWN = {
    "where you are": "Where you are",
    "formality": "Dress",
    "colours": "Colours",
    "patterns": "Patterns",
    "avoid": "Better not",
}


@click.command(no_args_is_help=True, epilog=EPILOG)
@click.argument("photos", metavar="PHOTO...", nargs=-1, required=True)
@click.option("--for", "setting", metavar="SETTING", default="default", help="As in `shot`.")
@click.option("--region", metavar="REGION", help="Also say what is formal there, as europe.")
@click.option("--try", "asked", metavar="COLOUR", help="Show the garment so: navy, or #rrggbb.")
@click.option("--face", type=click.IntRange(1), help="Which face, from left to right.")
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Where what was tried goes: a .jpg or .png of one photo, a folder of several.",
    show_default="PHOTO.try-COLOUR.jpg beside the photo",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each photo.")
@click.option("--force", is_flag=True, help="Replace files that are already there.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def wardrobe(
    photos: tuple[str, ...],
    setting: str,
    region: str | None,
    asked: str | None,
    face: int | None,
    output: Path | None,
    as_json: bool,
    force: bool,
    verbose: bool,
) -> None:
    """Say what to wear next time, and why: measured on PHOTO, then the custom of the trade.

    catchlight wardrobe me.jpg --for finance-law --try navy

    Every figure is of this picture, its light, hair, skin and ground. Nothing is assumed of the
    person. What was tried is a garment in another colour, for a choice: the file says so.
    """
    code = 0
    with exits(verbose=verbose):
        from catchlight.analysis.wardrobe.palette import parse_cloth
        from catchlight.errors import CatchlightError, code_of, describe
        from catchlight.studio import advise_wardrobe

        found = [path for path in naming.find_photos(photos) if path is not None]
        if not found:
            raise click.UsageError("wardrobe looks at files; standard input is none.")
        if asked is not None:
            try:
                asked = parse_cloth(asked)
            except ValueError as error:
                raise click.BadParameter(str(error), param_hint="'--try'") from None
        targets = [_name(path, asked or "", output, len(found) > 1) for path in found]
        for path, target in zip(found, targets, strict=True):
            try:
                said = advise_wardrobe(path, setting, region=region, colour=asked, face=face)
                written = _write(said, path, target, force=force)
            except CatchlightError as error:
                if len(found) == 1:
                    raise
                say_error(f"{path}: {describe(error)}", code_of(error), verbose=verbose)
                code = 1
                continue
            if as_json:
                console.print_json(_to_json(said, path, written))
            else:
                click.echo(_say(said, path, written))
    sys.exit(code)


def _name(photo: Path, asked: str, output: Path | None, several: bool) -> Path:
    """Where the garment as tried is written."""
    name = f"{photo.stem}.try-{asked.lstrip('#')}.jpg"
    if output is None:
        return photo.with_name(name)
    return output / name if several or output.is_dir() else output


def _write(said: Fitting, photo: Path, target: Path, *, force: bool) -> Path | None:
    if said.rendered is None:
        return None
    from catchlight.studio import save

    target.parent.mkdir(parents=True, exist_ok=True)
    save(said.rendered, target, photo=said.picture, force=force, inputs=(photo,))
    return target


def _to_json(said: Fitting, photo: Path, written: Path | None) -> dict[str, Any]:
    return {
        "input": str(photo),
        **said.advice.to_json(),
        "tried": said.tried or None,
        "refused": said.refused or None,
        "output": None if written is None else str(written),
    }


def _say(said: Fitting, photo: Path, written: Path | None) -> str:
    """All of it for a terminal."""
    from catchlight.advice.words import REMINDER

    advice = said.advice
    lines = [f"{photo.name}, for {advice.setting}"]

    def add(text: str, mark: str = "-") -> None:
        lines.append(textwrap.fill(text, 96, initial_indent=f"  {mark} ", subsequent_indent="    "))

    for each in advice.advice:
        add(each.text)
    add(REMINDER)
    lines.append("  What is usual for such a picture; custom, not science:")
    for word, text in advice.norms:
        if word in _SHOWN:
            add(f"{_SHOWN[word]}: {text}", "·")
    more = f"catchlight settings {advice.setting}"
    add(f"Jewellery, cultures, religious dress, gender and the sources: {more}", "·")
    tried = said.tried.replace("-", " ")
    if said.refused:
        add(f"{tried} is not shown: {said.refused}.", "!")
    if written is not None:
        told = (
            f"wrote {written}: what has the colour of the largest garment, shown in {tried}. A "
            "picture to choose by, never worn so."
        )
        add(told, "!")
    return "\n".join(lines)
