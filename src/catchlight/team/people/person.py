"""A person of a team: their name, and the photos that there are of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """One of a team.

    Attributes
    ----------
    name : str, as people read it
    photos : tuple of str, paths or addresses; the best is chosen unless there is but one
    face : int or None, which face of the photos, from 1 from left to right
    setting : str or None, another than the team's
    notes : str, for whoever reviews
    namesake : int
        1 for the first of a team whose name is spelt so, 2 for the next, and so on.
    """

    name: str
    photos: tuple[str, ...]
    face: int | None = None
    setting: str | None = None
    notes: str = ""
    namesake: int = 1

    @property
    def key(self) -> str:
        """What tells them from all others of the team: ``zoe-o-hara``, of two ``zoe-o-hara-2``."""
        spelt = to_key(self.name)
        return spelt if self.namesake == 1 else f"{spelt}-{self.namesake}"


def to_key(name: str) -> str:
    """Spell a name in letters that every file system takes.

    Examples
    --------
    >>> to_key("Zoë O'Hara")
    'zoe-o-hara'
    >>> to_key("李小龙")
    '李小龙'
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", plain)).strip("-")[:80] or "person"
