"""A clock: seconds per named stage."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Clock:
    """Seconds per named stage; a stage that runs twice adds up.

    Attributes
    ----------
    seconds : dict of stage to seconds
    tell : callable, optional
        Told of each stage before it begins; what it raises ends the work there.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    tell: Callable[[str], None] | None = None

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Run ``work`` and add its time to stage ``name``."""
        if self.tell is not None:
            self.tell(name)
        start = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
