"""Small linear algebra on one thread.

A BLAS spins its threads between calls. On a busy machine a fit of 53 unknowns, which takes 60 ms of
one thread, was measured to burn 900 ms of two.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

# The number of threads is the process's: of two that set it at once, the one that leaves last would
# put back what the other had set.
_LIMIT = RLock()


@lru_cache(maxsize=2)
def _controller(*, scipy: bool) -> ThreadpoolController:
    # Only a BLAS that is loaded can be counted, and SciPy brings one of its own.
    if scipy:
        import_module("scipy.linalg")
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def one_thread(*, scipy: bool = False) -> Iterator[None]:
    """Keep BLAS to one thread inside; for matrices of a few dozen columns. Also a decorator.

    ``scipy`` counts in SciPy's own as well, whose import takes 0.15 s.
    """
    with _LIMIT, _controller(scipy=scipy).limit(limits=1, user_api="blas"):
        yield
