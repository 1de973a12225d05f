"""The last few things that were made: a cache with a bound, for what a session keeps."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The last few things that were made, by key; the one unused for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under ``key``, or make and keep it."""
        if key not in self.kept:
            self.keep(key, make())
        self.kept.move_to_end(key)
        return self.kept[key]

    def keep(self, key: Hashable, value: T) -> None:
        """Keep what was made already, instead of what was kept under ``key``."""
        self.kept[key] = value
        self.kept.move_to_end(key)
        while len(self.kept) > self.most:
            self.kept.popitem(last=False)
