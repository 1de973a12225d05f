"""The command line: a door without logic. Heavy imports are late, so that help is quick."""

from __future__ import annotations

import click

from catchlight import __version__
from catchlight.cli.doctor import doctor
from catchlight.cli.exits import EPILOG
from catchlight.cli.models import models
from catchlight.cli.shot import shot


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)
@click.version_option(__version__, "--version", prog_name="catchlight")
def main() -> None:
    """Turn an ordinary photograph into a professional headshot, on this computer.

    \b
    catchlight shot me.jpg                         writes me.headshot.jpg beside it
    catchlight shot me.jpg --backdrop navy --report
    catchlight shot photos/ -o headshots/          all pictures of a folder

    Nothing is uploaded. The models are fetched once (about 150 MB); then it works offline.
    """  # noqa: D301 - \b is click's mark for "do not wrap"


for command in (shot, models, doctor):
    main.add_command(command)

__all__ = ["main"]
