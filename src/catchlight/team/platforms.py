"""Platforms: which sizes are wanted where, as data (``platforms.toml``), sourced and dated."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from catchlight.errors import CrewError
from catchlight.look import read_toml
from catchlight.params import Params

_HOME = Path(__file__).parent / "platforms.toml"
#: The platform that the team is compared at.
PAGE = "web-page"
#: The shape of its portraits, width over height.
ASPECT = 0.8


class Platform(Params):
    """A place that shows portraits."""

    name: str
    title: str
    width: int = Field(ge=64, le=8192)
    height: int = Field(ge=64, le=8192)
    head: float = Field(ge=0.12, le=0.80)
    eyes: float = Field(ge=0.2, le=0.6)
    format: str = "JPEG"
    most_kb: int | None = None
    why: str
    source: str
    date: str


@cache
def list_platforms() -> dict[str, Platform]:
    """All platforms by name."""
    rows = read_toml(_HOME, "the table of platforms")
    found = {}
    for name, row in rows.items():
        assert isinstance(row, dict)
        found[name] = Platform.model_validate({"name": name, **row})
    return found


def choose_platforms(said: str | None) -> list[Platform]:
    """The platforms that were named, with commas; all where nothing was said.

    Raises
    ------
    CrewError
        One that is not known.
    """
    known = list_platforms()
    names = [part.strip() for part in said.split(",")] if said else list(known)
    for name in names:
        if name not in known:
            raise CrewError(f"no platform is called {name!r}; there are {', '.join(known)}.")
    return [known[name] for name in dict.fromkeys(names)]
