"""What a person said on the command line as a brief or a look: setting, dial, explicit choices."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from catchlight.cli.options import Decorator
    from catchlight.look import Look
    from catchlight.studio import Brief
    from catchlight.studio.output import Output


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


def workers_option(text: str) -> Decorator:
    """``--workers``: how many photos are done at a time; None: as many as there is room for."""
    return click.option(
        "--workers",
        metavar="auto|N",
        default="auto",
        callback=_read_workers,
        help=text,
        show_default=True,
    )


def _read_workers(_ctx: click.Context, _param: click.Parameter, value: str) -> int | None:
    if value.strip().lower() == "auto":
        return None
    if not value.strip().isdecimal() or int(value) < 1:
        raise click.BadParameter(f"{value!r} is neither auto nor a number from 1 up.")
    return int(value)


def choose_brief(
    setting: str | None, polish: float | str | None, chosen: Mapping[str, Any]
) -> Brief:
    """Build the brief; what was said outright comes before the setting.

    Raises
    ------
    LookError
        No such setting, or a choice that does not exist.
    """
    from catchlight.setting import load_setting
    from catchlight.studio.dial import Brief

    wanted = load_setting(setting or "default")
    values = dict(chosen)
    if isinstance(values.get("size"), str):
        values["size"] = wanted.look(size=values["size"]).size
    dial = polish if isinstance(polish, float) else None
    brief = Brief(wanted, dial, values)
    check_backdrop(brief.look(brief.most))
    return brief


def read_look(file: Path, chosen: Mapping[str, Any]) -> Look:
    """Read a look file; what the command line says comes before it."""
    from catchlight.look import load_look, parse_look

    values = load_look(file).model_dump()
    adjust = {**values.get("adjust", {}), **chosen.get("adjust", {})}
    look = parse_look({**values, **chosen, "adjust": adjust})
    check_backdrop(look)
    return look


def metadata_option(text: str) -> Decorator:
    """``--metadata``: what of the photo's is written, as :class:`Output` has it."""
    return click.option(
        "--metadata",
        type=click.Choice(["keep", "strip"]),
        default="keep",
        help=text,
        show_default=True,
    )


def credentials_option(text: str) -> Decorator:
    """``--credentials``: with what is signed, what is named or set up; None: nothing is."""
    return click.option(
        "--credentials",
        metavar="FILE|off",
        callback=_read_credentials,
        help=text,
        show_default="where one is set up",
    )


def _read_credentials(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> Path | None:
    from catchlight.errors import CredentialsError
    from catchlight.provenance.credentials import choose_credentials

    try:
        return choose_credentials(value)
    except CredentialsError as error:
        raise click.BadParameter(str(error)) from None


def choose_output(said: Mapping[str, Any], format: str | None) -> Output:
    """How results are written, as a command's options say."""
    from catchlight.studio.output import Output

    names = ("quality", "profile", "metadata", "credentials")
    return Output(format, bits=int(said["bits"]), **{name: said[name] for name in names})


def frame_of(asked: Look | Brief) -> Look:
    """The look as far as frame and matte go, which no dial changes."""
    from catchlight.look import Look

    return asked if isinstance(asked, Look) else asked.look(asked.most)


def is_dialled(asked: Look | Brief) -> bool:
    """Whether the dial is still to choose the look."""
    from catchlight.look import Look

    return not isinstance(asked, Look) and asked.polish is None


def check_backdrop(look: Look) -> None:
    """Refuse a backdrop picture that is not there before any work is done."""
    is_name = look.backdrop.startswith("#") or "." not in look.backdrop
    if not is_name and not Path(look.backdrop).is_file():
        raise click.BadParameter(f"{look.backdrop}: no such picture.", param_hint="'--backdrop'")
