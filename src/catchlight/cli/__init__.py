"""The command line: a door without logic. Heavy imports are late, so that help is quick."""

from __future__ import annotations

import click

from catchlight import __version__
from catchlight.cli.check import check
from catchlight.cli.doctor import doctor
from catchlight.cli.exits import EPILOG
from catchlight.cli.explore import explore
from catchlight.cli.models import models
from catchlight.cli.pick import pick
from catchlight.cli.settings import settings
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
    catchlight shot photos/ -o headshots/ --for corporate
    catchlight check me.headshot.jpg --against me.jpg other.jpg
    catchlight explore me.jpg --like other.jpg     variants side by side
    catchlight pick photos/                        which photo to start from

    Nothing is uploaded. The models are fetched once (about 150 MB); then it works offline.
    """  # noqa: D301 - \b is click's mark for "do not wrap"


for command in (shot, check, explore, pick, settings, models, doctor):
    main.add_command(command)

__all__ = ["main"]
