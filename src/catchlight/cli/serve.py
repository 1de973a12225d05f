"""``catchlight serve``: the studio in the browser, on this computer."""

from __future__ import annotations

import sys

import click

from catchlight.cli.exits import EPILOG, exits


@click.command(epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8700, show_default=True, type=click.IntRange(0, 65535))
@click.option("--open", "open_page", is_flag=True, help="Open the page in a browser.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that do the work.")
@click.option("--token", metavar="T", help="Ask for this token; made where another host is named.")
@click.option("-v", "--verbose", is_flag=True, help="Show where an error arose.")
def serve(
    host: str, port: int, open_page: bool, workers: int | None, token: str | None, verbose: bool
) -> None:
    """Open the studio in a browser: drop a photo, move sliders, save the headshot.

    Everything stays on this computer. Another --host than this computer's own needs a token.
    """
    with exits(verbose=verbose):
        try:
            from catchlight.web.serve import run
        except ModuleNotFoundError as error:
            if error.name not in ("fastapi", "uvicorn", "python_multipart", "prometheus_client"):
                raise
            raise click.UsageError(
                "the page needs a few packages more: pip install 'catchlight[web]'"
            ) from None
        run(
            host,
            port,
            open_page=open_page,
            workers=workers,
            token=token,
            verbose=verbose,
            say=click.echo,
        )
    sys.exit(0)
