"""The wardrobe in a room: what to wear next time, and colours to try on the clothes of a look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catchlight.adjustments.garment_colour import refuse
from catchlight.advice.advise import advise_scene
from catchlight.setting import load_setting
from catchlight.studio.clock import Clock
from catchlight.web.rooms.room import Room

#: As many colours are offered to be tried; more were no choice but a catalogue.
_OFFERED = 8
#: How many sentences are said: the most useful.
_SAID = 2


def advise(room: Room, clock: Clock, *, setting: str, look: Mapping[str, Any]) -> dict[str, Any]:
    """The two most useful sentences, and the setting's colours, those that stand off best first.

    Each sentence has its code and what is named in it, so that the page can say it in its language.
    ``refused`` says in words why none of them can be shown on these clothes; a colour that alone
    cannot be shown is left out.
    """
    asked = room.read_look(look)
    session = room.session(asked, clock)
    ground = session.settle(asked).backdrop
    wanted = load_setting(setting)
    said = clock("wardrobe", lambda: advise_scene(session.scene, wanted, backdrop=ground))
    garment = session.scene.garment
    refusals = {option.name: refuse(garment, option.name) for option in said.options}
    shown = [option for option in said.options if not refusals[option.name]][:_OFFERED]
    return {
        "said": [
            {"code": a.code, "named": dict(a.named), "text": a.text} for a in said.advice[:_SAID]
        ],
        "against": said.ground,
        "colours": [{"name": option.name, "rgb": option.rgb} for option in shown],
        "refused": "" if shown else next(iter(refusals.values()), "no colour is usual here"),
    }
