"""``catchlight credentials``: a certificate to try signing with, and what is set up."""

from __future__ import annotations

from pathlib import Path

import click

from catchlight.cli.exits import EPILOG, exits


@click.group(epilog=EPILOG)
def credentials() -> None:
    """With what results are signed (C2PA Content Credentials)."""


@credentials.command()
@click.option("--file", type=click.Path(path_type=Path), help="Where; by default in your settings.")
@click.option("--force", is_flag=True, help="Replace what is there: an old key is gone for good.")
def init(file: Path | None, force: bool) -> None:
    """Make a test certificate. It is UNTRUSTED: nobody vouches for it, and every reader says so.

    It shows that a file was not changed since it was signed, and nothing about who signed it. The
    key stays on this computer, readable by you alone.
    """
    with exits():
        from catchlight.provenance.credentials import default_path
        from catchlight.provenance.own_certificate import SIGNER, make_credentials

        made = make_credentials(file or default_path(), force=force)
        click.echo(f"wrote {made}, with a certificate and its key beside it")
        click.echo(f"It signs as {SIGNER!r}. For one that others trust, see docs/provenance.md.")
        if file is None:
            click.echo("From now on `catchlight shot` signs; --credentials off does not.")


@credentials.command()
@click.option("--file", type=click.Path(path_type=Path), help="Which; by default your own.")
def show(file: Path | None) -> None:
    """Say what is set up, whether it can sign, and until when. The key is never shown."""
    with exits():
        from catchlight.provenance.credentials import default_path, load_credentials
        from catchlight.provenance.own_certificate import say_certificate

        path = file or default_path()
        if file is None and not path.is_file():
            click.echo(f"none: {path} is not there. `catchlight credentials init` makes one.")
            return
        found = load_credentials(path)
        click.echo(f"{path}: {say_certificate(found.certificate)}, {found.algorithm}")
        click.echo(
            f"time-stamp authority: {found.timestamp or 'none, nothing goes over the network'}"
        )
