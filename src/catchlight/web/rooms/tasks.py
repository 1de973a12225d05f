"""Tasks: everything that a worker can be asked, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from catchlight.web.rooms import audits, exploring, people, picture, versions, views, wardrobe

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
    "report": audits.write_report,
    "look around": exploring.look_around,
    "variant": exploring.make_variant,
    "choose": exploring.choose_variant,
    "wardrobe": wardrobe.advise,
    "rank": versions.rank_looks,
    "acting": versions.list_acting,
    "cost": versions.cost,
    "marks": versions.list_marks,
    "evidence": versions.draw_evidence,
    "check": audits.check_headshot,
    "pick": audits.pick_source,
}
