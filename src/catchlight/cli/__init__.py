"""The command line: a door without logic. Each command is loaded when it is asked for."""

from __future__ import annotations

import os
from importlib import import_module

import click

from catchlight import __version__
from catchlight.cli.exits import EPILOG

# Else pydantic reads the metadata of every package that is installed to look for plugins, of which
# we use none: a tenth of the start-up.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

#: Every command and what the list says of it; each is the function of its name in its module.
COMMANDS = {
    "shot": "Make headshots of photos.",
    "check": "Is this headshot still the person?",
    "team": "One look for a whole team.",
    "explore": "Variants side by side.",
    "provenance": "What does a file say of its making?",
    "credentials": "A certificate to sign results with.",
    "wardrobe": "What to wear, and why.",
    "pick": "Rank a person's photos.",
    "serve": "The studio in your browser.",
    "settings": "List and explain the settings.",
    "models": "List, fetch or verify the models.",
    "doctor": "Look over this installation.",
}


class _Commands(click.Group):
    """A group that loads a command when it is run or its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"catchlight.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(
    cls=_Commands,
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

    Nothing is uploaded. The models are fetched once (about 160 MB); then it works offline.
    """  # noqa: D301 - \b is click's mark for "do not wrap"
    from catchlight.studio.machine import share_heap

    share_heap()


__all__ = ["COMMANDS", "main"]
