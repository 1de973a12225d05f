"""Tasks: everything that a worker can be asked, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from catchlight.web.rooms import people, picture, views

#: Called with the room, a clock, and what the call gives.
TASKS: Mapping[str, Callable[..., Any]] = {
    "look at": people.look_at,
    "observe": people.observe,
    "sort": people.sort,
    "preview": views.preview,
    "spell": picture.spell_look,
    "plan": picture.pack_plan,
    "measure": picture.measure,
    "thumbnail": picture.thumbnail,
    "write": picture.write,
}
