"""Models opened ahead of their first use, beside what a process does before it has a photo."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence

from catchlight.errors import ModelError
from catchlight.models.engines import count_threads
from catchlight.models.runners import open_model
from catchlight.models.store import is_present

#: What every photo asks of ONNX Runtime, in the order in which it does. LiteRT's take a few
#: milliseconds each, and opening one keeps back what anybody writes to stderr meanwhile.
_ALWAYS = ("salient_small", "face_likeness")


def open_early(*, fine: bool = False) -> None:
    """Begin to open what every photo asks for, on a thread of its own.

    A command reads its options, its setting and its photo meanwhile. With one thread, and for what
    lies in no cache, nothing is done: whoever asks first opens it.

    Parameters
    ----------
    fine : bool
        Whether the large network answers beside the small one, whose inner maps are always read.
    """
    if count_threads() < 2:
        return
    names = (*_ALWAYS[:1], *(("salient_large",) if fine else ()), *_ALWAYS[1:])
    threading.Thread(target=_open, args=(names,)).start()


def _open(names: Sequence[str]) -> None:
    """Open models one after the other; what fails is told to whoever asks for it."""
    for name in names:
        if not threading.main_thread().is_alive():
            return
        with contextlib.suppress(ModelError, OSError, RuntimeError):
            if is_present(name):
                open_model(name)
