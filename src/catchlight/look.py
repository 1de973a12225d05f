"""The Look: what a person chose, as data. A strength for each adjustment, crop, backdrop, size."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import Field, ValidationError, create_model, field_validator

from catchlight.adjustments.adjustment import Adjustment
from catchlight.adjustments.catalogue import BY_NAME, CATALOGUE, NAMES
from catchlight.adjustments.choices import Choices
from catchlight.analysis.cutout.stroke import Stroke
from catchlight.backdrop import NAMES as BACKDROPS
from catchlight.backdrop import Backdrop, parse_backdrop
from catchlight.errors import LookError
from catchlight.params import Params

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib  # type: ignore[import-not-found,no-redef]

CropName = Literal["headshot", "square", "half", "original"]
#: How large a head may be asked for, chin to crown over the frame's height: from a figure to the
#: waist and below to a face that fills the picture.
SMALLEST_HEAD, LARGEST_HEAD = 0.12, 0.80
#: A slider for each adjustment, as a schema: what ``adjust`` may hold.
Strengths: type[Params] = create_model(
    "Strengths",
    __base__=Params,
    **{a.name: a.strength for a in CATALOGUE},  # type: ignore[call-overload]
)


def _describe_strengths(schema: dict[str, Any]) -> None:
    """Say in a Look's JSON schema which adjustments there are, with the range of each."""
    schema.pop("additionalProperties", None)
    schema |= {"properties": Strengths.model_json_schema()["properties"]}
    schema["additionalProperties"] = False


class Look(Choices):
    """Everything that decides a result, apart from the photo.

    Attributes
    ----------
    crop : str
    head : float, optional
        Chin to crown over the frame's height; by default the crop's own.
    place : (left, top, width, height), optional
        A person's own frame in shares of the photo's width and height: taken as it is.
    turn : float, optional
        Degrees clockwise by which a person turns the photo; by default as it stands.
    backdrop : str
        ``auto`` (``auto:PAPER`` for its family), ``keep``, ``blur``, a studio backdrop,
        ``#rrggbb``, or the path of a picture.
    size : (width, height), longer side, or None (as large as the source gives)
    matte : str
        ``auto``: fine where its weights are or can be had, else fast.
    adjust : mapping of adjustment name to strength 0..1 (-1..1 where the adjustment is signed)
        Adjustments left out have their default.
    strokes : tuple of Stroke
        What a hand painted: *keep* is the sitter, *remove* is not.
    lens, light, marks, keep, heal
        Choices of single adjustments; see :mod:`catchlight.adjustments.choices`.
    """

    crop: CropName = Field(default="headshot", description="Composition.")
    head: float | None = Field(
        default=None,
        ge=SMALLEST_HEAD,
        le=LARGEST_HEAD,
        description="Chin to crown over the height of the frame.",
        json_schema_extra={"unit": "share"},
    )
    place: tuple[float, float, float, float] | None = Field(
        default=None,
        description="Your own frame, in shares of the photo's width and height.",
        json_schema_extra={"unit": "left,top,width,height"},
    )
    turn: float | None = Field(
        default=None,
        ge=-180,
        le=180,
        description="Turn the photo, clockwise.",
        json_schema_extra={"unit": "degrees"},
    )
    backdrop: str = Field(
        default="auto",
        description="What stands behind; auto keeps, softens or replaces the photo's own.",
        examples=[*BACKDROPS, "#rrggbb", "PICTURE"],
    )
    size: tuple[int, int] | int | None = Field(
        default=None, description="Size in pixels, or the longer side."
    )
    matte: Literal["auto", "fast", "fine"] = Field(
        default="auto",
        description="auto: fine where `catchlight models pull --fine` was done, else fast.",
    )
    adjust: dict[str, float] = Field(
        default_factory=dict,
        description="Strength of each adjustment.",
        json_schema_extra=_describe_strengths,
    )

    strokes: tuple[Stroke, ...] = Field(
        default=(),
        max_length=200,
        description="Strokes of a brush that keep or remove parts of the cut-out, in mm.",
    )

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

    @field_validator("place")
    @classmethod
    def _placed(
        cls, place: tuple[float, float, float, float] | None
    ) -> tuple[float, float, float, float] | None:
        if place is not None:
            left, top, width, height = place
            if not (
                0.02 <= width <= 4 and 0.02 <= height <= 4 and -2 <= left < 1 and -2 <= top < 1
            ):
                raise ValueError(
                    f"a place is left, top, width, height in shares of the photo, such as "
                    f"0.2,0,0.5,0.8, not {place}"
                )
        return place

    @field_validator("backdrop")
    @classmethod
    def _paintable(cls, backdrop: str) -> str:
        return parse_backdrop(backdrop).name

    @field_validator("size")
    @classmethod
    def _sane(cls, size: tuple[int, int] | int | None) -> tuple[int, int] | int | None:
        for side in size if isinstance(size, tuple) else (size,):
            if side is not None and not 64 <= side <= 8192:
                raise ValueError(f"a side must be between 64 and 8192 pixels, not {side}")
        return size

    @property
    def behind(self) -> Backdrop:
        """The backdrop, parsed."""
        return parse_backdrop(self.backdrop)

    @property
    def strengths(self) -> dict[str, float]:
        """All strengths in force, in the catalogue's order."""
        return {a.name: self.adjust.get(a.name, a.default) for a in CATALOGUE}

    def params_of(self, adjustment: Adjustment) -> Params:
        """The choices that an adjustment asks for, as its own parameters."""
        fields = adjustment.params.model_fields
        return adjustment.params(**{name: getattr(self, name) for name in fields})


#: The fields in the order in which a person meets them.
_FIELDS = tuple(dict.fromkeys([*Look.__annotations__, *Choices.model_fields]))


def parse_look(values: dict[str, object]) -> Look:
    """Validate ``values`` as a Look; LookError names the first thing that is wrong."""
    try:
        return Look.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"]) or "look"
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            reason = f"unknown setting; there are {', '.join(_FIELDS)}"
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
    values = look.model_dump(exclude_none=True) | {"adjust": look.strengths}
    return tomli_w.dumps({name: values[name] for name in _FIELDS if name in values})
