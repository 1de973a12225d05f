"""Networks of our own: small files of the package itself, so nothing is fetched or verified."""

from __future__ import annotations

from pathlib import Path

from catchlight.errors import ModelError

_FOLDER = Path(__file__).parent / "weights"
_CHOSEN: list[Path] = []


def own_file(name: str) -> Path:
    """Return the path of one of our own networks, as ``matte_coarse`` or ``matte_fringe``."""
    path = (_CHOSEN[-1] if _CHOSEN else _FOLDER) / f"{name}.onnx"
    if not path.is_file():
        raise ModelError(
            f"{path} is missing; it is a part of Catchlight. Install the package again."
        )
    return path


def use_folder(folder: Path) -> None:
    """Run weights of ``folder`` in place of the package's, from now on: for whoever trains them."""
    _CHOSEN.append(folder)
