"""What is wanted of a team's portraits, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catchlight.analysis.frame import CROPS
from catchlight.backdrop import parse_backdrop
from catchlight.setting import load_setting
from catchlight.studio.dial import Brief, asked_to_data
from catchlight.team.decisions import ReviewDecision
from catchlight.team.naming import DEFAULT
from catchlight.team.platforms import PAGE, Platform, list_platforms
from catchlight.team.work.presence import Presence


@dataclass(frozen=True)
class Wish:
    """What is wanted.

    Attributes
    ----------
    asked : mapping, of every master, as :func:`catchlight.studio.dial.asked_to_data` writes it
    platforms : tuple of Platform
    template : str, of file names
    credentials : Path or None, with what the files are signed
    strip : bool, whether metadata are left out
    max_megapixels : float
    model : Presence or None, of a headshot that is to be matched
    decisions : mapping of a person's key to a ReviewDecision
    title : str, of the sheet and the page
    """

    asked: Mapping[str, Any]
    platforms: tuple[Platform, ...]
    template: str = DEFAULT
    credentials: Path | None = None
    strip: bool = False
    max_megapixels: float = 120.0
    model: Presence | None = None
    decisions: Mapping[str, ReviewDecision] = field(default_factory=dict)
    title: str = "Team"

    @property
    def paper(self) -> bool:
        """Whether everybody is cut out and stands before something else."""
        asked = self.asked.get("look") or self.asked.get("values", {})
        return not parse_backdrop(str(asked.get("backdrop", "keep"))).keeps_photo

    @property
    def page(self) -> Platform:
        """The portrait that the team is compared at."""
        return list_platforms()[PAGE]


def ask_alike(setting: str, chosen: Mapping[str, Any], *, polish: float | None = None) -> Brief:
    """What is asked of everybody: one setting, one polish, one paper, one crop.

    What a setting leaves to each photo is decided once for all: ``auto`` becomes its paper, the
    dial stands where the setting has it, and the frame is the page's, from which all sizes are cut.

    Raises
    ------
    LookError
    """
    wanted = load_setting(setting)
    values = {"crop": "headshot", "head": CROPS["headshot"].head, **chosen}
    if "backdrop" not in chosen:
        behind = wanted.backdrop.use
        paper = behind.partition(":")[2] if behind.startswith("auto") else behind
        values["backdrop"] = paper or "studio-cool"
    brief = Brief(wanted, wanted.polish if polish is None else polish, values)
    brief.look(brief.most)  # refuses what cannot be
    return brief


def ask_for(setting: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The same for one person who has another setting: their light, the team's paper and crop."""
    own = asked_to_data(ask_alike(setting, asked.get("values", {}), polish=asked.get("polish")))
    return {**own, "values": dict(asked.get("values", {}))}
