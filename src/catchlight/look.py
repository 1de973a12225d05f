"""The Look: what a person chose, as data. A strength for each adjustment, crop, backdrop, size."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import Field, ValidationError, field_validator

from catchlight.adjustments.catalogue import BY_NAME, CATALOGUE, NAMES
from catchlight.analysis.marks.find import Verdicts
from catchlight.backdrop import STUDIO
from catchlight.errors import LookError
from catchlight.params import Params

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib  # type: ignore[import-not-found,no-redef]

CropName = Literal["headshot", "square", "half", "original"]
_PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".heic", ".avif", ".bmp")


class Look(Params):
    """Everything that decides a result, apart from the photo.

    Attributes
    ----------
    crop : str
    backdrop : str
        ``keep``, ``blur``, a studio backdrop, ``#rrggbb``, or the path of a picture.
    size : (width, height), longer side, or None (as large as the source gives)
    matte : str
        ``auto``: fine where its weights are or can be had, else fast.
    adjust : mapping of adjustment name to strength 0..1 (-1..1 where the adjustment is signed)
        Adjustments left out have their default.
    lens : str or float
        From how far the photo was taken: ``auto`` (measured; nothing is done where that is not
        certain), ``off``, or the distance in metres.
    light : str
        The pattern towards which the adjustment ``key_light`` turns the light; ``none``: no change.
    marks : str
        ``heal-passing``: the adjustment ``blemishes`` heals the marks judged to be passing;
        ``keep-all``: only those named.
    keep, heal : tuple of mark IDs
        Marks that stay or go whatever they were judged to be; ``keep`` comes before ``heal``.
    """

    crop: CropName = "headshot"
    backdrop: str = "studio-warm"
    size: tuple[int, int] | int | None = None
    matte: Literal["auto", "fast", "fine"] = "auto"
    lens: Literal["off", "auto"] | float = "auto"
    adjust: dict[str, float] = Field(default_factory=dict)
    light: Literal["none", "soft", "loop", "rembrandt", "butterfly", "split"] = "none"
    marks: Literal["heal-passing", "keep-all"] = "heal-passing"
    keep: tuple[str, ...] = ()
    heal: tuple[str, ...] = ()

    @field_validator("adjust")
    @classmethod
    def _known(cls, adjust: dict[str, float]) -> dict[str, float]:
        for name, strength in adjust.items():
            if name not in BY_NAME:
                raise ValueError(f"no adjustment is called {name!r}; there are {', '.join(NAMES)}")
            low = BY_NAME[name].low
            if not low <= strength <= 1:
                raise ValueError(
                    f"the strength of {name} must be between {low:g} and 1, not {strength}"
                )
        return adjust

    @field_validator("backdrop")
    @classmethod
    def _paintable(cls, backdrop: str) -> str:
        plain = backdrop in STUDIO or backdrop in ("keep", "blur")
        colour = re.fullmatch(r"#[0-9a-fA-F]{6}", backdrop)
        if not (plain or colour or backdrop.lower().endswith(_PICTURE_SUFFIXES)):
            raise ValueError(
                f"no backdrop is called {backdrop!r}; use keep, blur, {', '.join(STUDIO)}, "
                "#rrggbb or the path of a picture"
            )
        return backdrop

    @field_validator("size")
    @classmethod
    def _sane(cls, size: tuple[int, int] | int | None) -> tuple[int, int] | int | None:
        for side in size if isinstance(size, tuple) else (size,):
            if side is not None and not 64 <= side <= 8192:
                raise ValueError(f"a side must be between 64 and 8192 pixels, not {side}")
        return size

    @field_validator("lens")
    @classmethod
    def _within_reach(cls, lens: str | float) -> str | float:
        # Nearer than 15 cm no phone focuses on a face, and no warp would do.
        if not isinstance(lens, str) and not 0.15 <= lens <= 20:
            raise ValueError(f"a photo is taken from 0.15 to 20 metres, not {lens:g}")
        return lens

    @field_validator("keep", "heal")
    @classmethod
    def _named(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not re.fullmatch(r"[lr]\d{2,3}[ud]\d{2,3}b*", name):
                raise ValueError(f"{name!r} is no mark; the report and --json list them as l23d41")
        return names

    @property
    def verdicts(self) -> Verdicts:
        """What was decided about the marks of the skin."""
        return Verdicts(
            frozenset(self.keep), frozenset(self.heal), passing=self.marks == "heal-passing"
        )

    @property
    def strengths(self) -> dict[str, float]:
        """All strengths in force, in the catalogue's order."""
        return {a.name: self.adjust.get(a.name, a.default) for a in CATALOGUE}


def parse_look(values: dict[str, object]) -> Look:
    """Validate ``values`` as a Look; LookError names the first thing that is wrong."""
    try:
        return Look.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"]) or "look"
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            reason = f"unknown setting; there are {', '.join(Look.model_fields)}"
        raise LookError(f"{where}: {reason}") from None


def read_toml(path: Path, wanted: str) -> dict[str, object]:
    """Read the TOML file at ``path``; LookError says what is wrong, and what was ``wanted``."""
    try:
        with path.open("rb") as file:
            values: dict[str, object] = tomllib.load(file)
    except OSError as error:
        raise LookError(f"{path}: {error.strerror or error}. Give the path of {wanted}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LookError(f"{path} is not valid TOML: {error}") from None
    return values


def load_look(path: Path) -> Look:
    """Read a Look from a TOML file."""
    values = read_toml(path, "a look file")
    try:
        return parse_look(values)
    except LookError as error:
        raise LookError(f"{path}: {error}") from None


def dump_look(look: Look) -> str:
    """Write a Look as TOML, every strength in force spelled out; read back by :func:`load_look`."""
    values = look.model_dump(exclude_none=True)
    values["adjust"] = look.strengths
    return tomli_w.dumps(values)
