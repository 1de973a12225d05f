"""File names of a team's pictures, from a template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import Formatter

from catchlight.errors import CrewError
from catchlight.formats import WRITTEN
from catchlight.team.people.person import Person, to_key
from catchlight.team.platforms import Platform

#: What a template may hold.
FIELDS = ("name", "platform", "width", "height", "number", "suffix")
DEFAULT = "{name}/{name}-{platform}{suffix}"


def name_files(
    template: str, people: Sequence[Person], platforms: Sequence[Platform]
) -> dict[tuple[str, str], str]:
    """Name every file, before any work.

    Parameters
    ----------
    template : str
        Such as ``{platform}/{number:03}-{name}{suffix}``; folders are made.
    people : sequence of Person
    platforms : sequence of Platform

    Returns
    -------
    dict of (a person's key, a platform's name) to a path within the output folder

    Raises
    ------
    CrewError
        A field that is not known, a name that leaves the folder, or two files of one name.

    Examples
    --------
    >>> from catchlight.team.platforms import choose_platforms
    >>> name_files("{platform}/{name}{suffix}", [Person("Zoë", ())], choose_platforms("badge"))
    {('zoe', 'badge'): 'badge/zoe.jpg'}
    """
    unknown = [f for _, f, _, _ in Formatter().parse(template) if f and f not in FIELDS]
    if unknown:
        raise CrewError(f"--name: {{{unknown[0]}}} is not known; there are {', '.join(FIELDS)}.")
    named: dict[tuple[str, str], str] = {}
    taken: dict[str, Person] = {}
    for number, person in enumerate(people, 1):
        for platform in platforms:
            path = template.format(
                name=to_key(person.name), platform=platform.name, width=platform.width,
                height=platform.height, number=number,
                suffix=WRITTEN[platform.format].suffixes[0],
            )  # fmt: skip
            _check(path)
            other = taken.get(path.casefold())
            if other is not None:
                raise CrewError(
                    f"--name: {path} would be a file of {other.name} and of {person.name}. Put "
                    "{name} and {platform} into the template, or {number}."
                )
            taken[path.casefold()] = person
            named[person.key, platform.name] = path
    return named


def _check(path: str) -> None:
    parts = re.split(r"[/\\]", path)
    if path.startswith(("/", "\\")) or any(part in ("", ".", "..") for part in parts):
        raise CrewError(f"--name: {path} leaves the output folder, or has an empty part.")
