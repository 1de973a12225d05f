"""What a person said on the command line as a brief: setting, dial, explicit choices."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from catchlight.look import Look
    from catchlight.studio import Brief


def choose_brief(
    setting: str | None,
    polish: float | str | None,
    chosen: Mapping[str, Any],
    strengths: Mapping[str, float],
) -> Brief:
    """Build the brief; what was said outright comes before the setting.

    Raises
    ------
    LookError
        No such setting, or a choice that does not exist.
    """
    from catchlight.setting import load_setting
    from catchlight.studio import Brief

    wanted = load_setting(setting or "default")
    values = {**chosen, **({"adjust": dict(strengths)} if strengths else {})}
    if isinstance(values.get("size"), str):
        values["size"] = wanted.look(size=values["size"]).size
    dial = polish if isinstance(polish, float) else None
    brief = Brief(wanted, dial, values)
    check_backdrop(brief.look(brief.most))
    return brief


def check_backdrop(look: Look) -> None:
    """Refuse a backdrop picture that is not there before any work is done."""
    is_name = look.backdrop.startswith("#") or "." not in look.backdrop
    if not is_name and not Path(look.backdrop).is_file():
        raise click.BadParameter(f"{look.backdrop}: no such picture.", param_hint="'--backdrop'")


def save_look_as(look: Look, path: Path, *, force: bool) -> None:
    """Write a look to a TOML file."""
    from catchlight.images import write_atomically
    from catchlight.look import dump_look

    write_atomically(dump_look(look).encode(), path, force=force)
