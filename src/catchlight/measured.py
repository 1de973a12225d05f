"""The one cache policy of the house: what an instance measures of itself, once.

A frozen dataclass holds what is known; what follows from it is a :class:`measured` property,
computed when it is first asked for and kept beside the fields. There is no other cache on an
object: nothing keyed by strings, nothing copied from one ``__dict__`` to another, nothing that
depends on who asked first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
Of = TypeVar("Of")
#: Locks of what is being computed now, by instance and property, each with how many hold or await
#: it. Empty whenever nothing is computed: an instance carries its values and no lock, so that it
#: can be pickled, copied and compared as if nothing had happened.
_BUSY: dict[tuple[int, str], tuple[threading.RLock, int]] = {}
_GUARD = threading.Lock()


class measured(Generic[T]):  # noqa: N801 - read as a decorator, like property
    """A property that is computed once for each instance, by one thread, and then kept.

    The standard library's ``cached_property`` holds one lock for all instances up to Python 3.11,
    so that two photographs wait for each other, and none from 3.12 on, so that two threads measure
    the same thing twice. Here each property of each instance has a lock of its own, alive only
    while it is computed.

    * Other threads that ask meanwhile wait, and get the same object.
    * A property may use other ones, of its own or of other instances, in any order that leads
      nowhere back to itself: only a circle of properties could lock up, and that has no value in
      one thread either.
    * An exception goes to whoever asked and is not remembered: the next one tries again.
    * The value lies in the instance's ``__dict__`` under the property's name, so asking again costs
      what a plain attribute does. Frozen dataclasses have such a ``__dict__``; classes with slots
      do not and cannot use this. ``dataclasses.replace`` gives an instance that has measured
      nothing yet.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Square:
    ...     side: float
    ...     @measured
    ...     def area(self) -> float:
    ...         print("measuring")
    ...         return self.side**2
    >>> square = Square(3.0)
    >>> square.area, square.area
    measuring
    (9.0, 9.0)
    """

    def __init__(self, measure: Callable[[Any], T]) -> None:
        self.measure = measure
        self.name = measure.__name__
        self.__doc__ = measure.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> measured[T]: ...

    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...

    def __get__(self, instance: object | None, owner: type | None = None) -> measured[T] | T:
        # Without __set__, an instance's own __dict__ is looked at before this is called.
        if instance is None:
            return self
        return _once(instance, self.name, self.measure)


def measured_once(measure: Callable[[Of], T]) -> Callable[[Of], T]:
    """Let a function of one instance be computed once for each, under the same policy.

    For what a module measures of another module's class: the value is kept in the instance, under
    the function's full name.

    Examples
    --------
    >>> @measured_once
    ... def count_fields(square):
    ...     print("counting")
    ...     return len(vars(square))
    >>> class Square: ...
    >>> square = Square()
    >>> count_fields(square), count_fields(square)
    counting
    (0, 0)
    """
    name = f"{measure.__module__}.{measure.__qualname__}"

    @wraps(measure)
    def ask(instance: Of) -> T:
        kept = vars(instance)
        if name in kept:
            value: T = kept[name]
            return value
        return _once(instance, name, measure)

    return ask


def _once(instance: Any, name: str, measure: Callable[[Any], T]) -> T:
    """Measure if nobody has, under the lock."""
    kept = vars(instance)
    with _held(id(instance), name):
        if name not in kept:
            kept[name] = measure(instance)
    value: T = kept[name]
    return value


@contextmanager
def _held(instance: int, name: str) -> Iterator[None]:
    """Hold the lock of one property of one instance; the last to leave takes it away."""
    key = (instance, name)
    with _GUARD:
        lock, users = _BUSY.get(key, (threading.RLock(), 0))
        _BUSY[key] = lock, users + 1
    try:
        with lock:
            yield
    finally:
        with _GUARD:
            lock, users = _BUSY[key]
            if users == 1:
                del _BUSY[key]
            else:
                _BUSY[key] = lock, users - 1
