"""Write docs/cli.md from the commands' own help; with --check, say whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from catchlight.cli import main

TARGET = Path(__file__).parent.parent / "docs" / "cli.md"
HEAD = """# The command line

Written by `make docs` from `--help`; do not edit.
"""


def write_manual() -> str:
    """All help pages as one Markdown page, at a fixed width."""
    pages = [HEAD]

    def add(command: click.Command, name: str, parent: click.Context | None) -> None:
        context = click.Context(
            command,
            info_name=name,
            parent=parent,
            terminal_width=100,
            max_content_width=100,
            help_option_names=["-h", "--help"],
        )
        pages.append(f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n")
        if isinstance(command, click.Group):
            for child in command.list_commands(context):
                found = command.get_command(context, child)
                assert found is not None
                add(found, child, context)

    add(main, "catchlight", None)
    return "\n".join(pages)


if __name__ == "__main__":
    text = write_manual()
    if "--check" in sys.argv:
        sys.exit(
            0
            if TARGET.read_text(encoding="utf-8") == text
            else "docs/cli.md is not current: make docs"
        )
    TARGET.write_text(text, encoding="utf-8")
    print(f"wrote {TARGET}")
