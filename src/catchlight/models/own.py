"""Networks of our own: small files of the package itself, so nothing is fetched or verified."""

from __future__ import annotations

from pathlib import Path

from catchlight.errors import ModelError

_FOLDER = Path(__file__).parent / "weights"


def own_file(name: str) -> Path:
    """Return the path of one of our own networks, ``matte_coarse`` or ``matte_fine``."""
    path = _FOLDER / f"{name}.onnx"
    if not path.is_file():
        raise ModelError(
            f"{path} is missing; it is a part of Catchlight. Install the package again."
        )
    return path
