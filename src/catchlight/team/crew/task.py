"""Tasks: what is asked of a worker and what comes back, as bytes that travel anywhere."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

#: What a worker can do: the name of a task, and the function of its module.
_WORK = {
    "survey": "catchlight.team.work.survey:survey",
    "master": "catchlight.team.work.master:make_master",
    "cut": "catchlight.team.work.cut:cut_sizes",
}


@dataclass(frozen=True)
class Task:
    """One thing to do for one person.

    Attributes
    ----------
    kind : str, ``survey``, ``master`` or ``cut``
    person : str, their key
    key : str
        What tells it from others: the same key is the same work with the same result.
    payload : bytes, what the work needs, the photos themselves among it
    """

    kind: str
    person: str
    key: str
    payload: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of a task.

    Attributes
    ----------
    task : Task
    result : bytes or None
    reason : str, why there is none, for a person
    seconds : float, that a worker took
    held_mb : float, what the worker held after it
    tries : int
    """

    task: Task
    result: bytes | None
    reason: str = ""
    seconds: float = 0.0
    held_mb: float = 0.0
    tries: int = 1

    def read(self) -> dict[str, Any]:
        """What came back, as the work's own function returned it."""
        assert self.result is not None
        found: dict[str, Any] = pickle.loads(self.result)
        return found


def ask(kind: str, person: str, given: Mapping[str, Any]) -> Task:
    """Write a task. What is given are plain values, bytes and dataclasses of our own."""
    from catchlight import __version__

    key = _seal({"version": __version__, "kind": kind, "given": dict(given)}).hex()
    return Task(kind, person, key, pickle.dumps(dict(given), protocol=5))


def _seal(value: Any) -> bytes:
    """A digest of a value by what it says: pickles of the same value may differ."""
    if isinstance(value, bytes):
        return hashlib.sha256(value).digest()
    if isinstance(value, Mapping):
        parts = [repr(k).encode() + _seal(value[k]) for k in sorted(value, key=repr)]
    elif isinstance(value, (list, tuple)):
        parts = [_seal(item) for item in value]
    else:
        parts = [repr(value).encode()]
    return hashlib.sha256(b"\0".join([type(value).__name__.encode(), *parts])).digest()


def do(kind: str, payload: bytes) -> tuple[bytes | None, str, float, float]:
    """Do a task, in a worker: result or None, the reason, seconds, and the memory held after, MB.

    What is refused (no face, a file that cannot be read) is an answer, not an error.
    """
    import time

    from catchlight.errors import describe
    from catchlight.studio.machine import give_back_memory, measure_held_memory

    start = time.perf_counter()
    module, _, name = _WORK[kind].partition(":")
    result, reason = None, ""
    try:
        work = getattr(import_module(module), name)
        result = pickle.dumps(work(**pickle.loads(payload)), protocol=5)
    except Exception as error:
        reason = describe(error)
    give_back_memory()
    return result, reason, time.perf_counter() - start, measure_held_memory()
