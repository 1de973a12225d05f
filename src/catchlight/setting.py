"""A setting: where the headshot will be seen, as data. One dial, its floors, and what is custom.

Vocabulary: the *dial* is polish asked for, 0 to 1; a strength's *curve* says how strong it is at
each place of the dial; a *floor* is the least a result may score. A setting becomes a
:class:`~catchlight.look.Look` at a place of the dial; the built-in ones lie in ``settings/``, and a
file of one's own works the same way.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from catchlight.adjustments.adjustment import CORRECTIONS, REFINING
from catchlight.adjustments.catalogue import BY_NAME, NAMES
from catchlight.errors import LookError
from catchlight.look import Look, read_toml
from catchlight.params import Params
from catchlight.reasoned import (
    CropChoice,
    HeadChoice,
    LightChoice,
    MarksChoice,
    ReasonedChoice,
    Size,
    Strength,
)
from catchlight.wardrobe import Text, Wardrobe

_HOME = Path(__file__).parent / "settings"


class Setting(Params):
    """Where a headshot will be seen.

    Attributes
    ----------
    name : str, the file's name without its suffix
    title, why : str, for people
    sources : tuple of str, what the numbers and customs rest on
    polish : float, 0..1
        Where the dial stands if nothing measured is asked for.
    authenticity_floor, polish_floor : float, 0..100
        ``--polish auto`` goes no further than the first; a variant below the second is no
        candidate.
    crop, head, backdrop, marks : choices with their reasons
    light, wardrobe : what is customary, in words; never inferred from the face
    strengths : mapping of adjustment to its curve
        Refinements left out are not made; all else left out has its default.
    sizes : mapping of name to Size
    """

    name: str
    title: str = Field(min_length=1)
    why: Text
    sources: tuple[str, ...] = Field(min_length=1)
    polish: float = Field(ge=0, le=1)
    authenticity_floor: float = Field(ge=0, le=100)
    polish_floor: float = Field(ge=0, le=100)
    crop: CropChoice
    head: HeadChoice
    backdrop: ReasonedChoice
    marks: MarksChoice
    light: LightChoice
    wardrobe: Wardrobe
    strengths: dict[str, Strength]
    sizes: dict[str, Size] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Setting:
        for name, strength in self.strengths.items():
            if name not in BY_NAME:
                known = ", ".join(NAMES)
                raise ValueError(
                    f"strengths.{name}: no adjustment is called {name!r}; there are {known}"
                )
            if name in CORRECTIONS and strength.at(0) != strength.at(1):
                raise ValueError(
                    f"strengths.{name}: a correction does not follow the dial; write the same "
                    "strength at 0 and at 1"
                )
            if name in REFINING and strength.at(0) != 0:
                raise ValueError(
                    f"strengths.{name}: at polish 0 nothing is refined; start its curve with "
                    "[0, 0.0]"
                )
            if name not in (*REFINING, *CORRECTIONS) and strength.at(0) != strength.at(1):
                raise ValueError(
                    f"strengths.{name}: the dial does not move it ({', '.join(REFINING)}); write "
                    "the same strength at 0 and at 1"
                )
            for _, value in strength.curve:
                if not BY_NAME[name].low <= value <= 1:
                    raise ValueError(
                        f"strengths.{name}: a strength must be between {BY_NAME[name].low:g} and "
                        f"1, not {value:g}"
                    )
        Look(backdrop=self.backdrop.use)  # refuses what cannot be painted
        return self

    def strengths_at(self, polish: float) -> dict[str, float]:
        """Strengths at a place of the dial, 0..1: all of :data:`REFINING`, and what the file names.

        Only those of :data:`~catchlight.adjustments.adjustment.REFINING` differ between two places.

        Raises
        ------
        LookError
            A place outside the dial.
        """
        if not 0 <= polish <= 1:
            raise LookError(f"polish must be between 0 and 1, not {polish:g}")
        named = {name: round(s.at(polish), 4) for name, s in self.strengths.items()}
        return dict.fromkeys(REFINING, 0.0) | named

    def look(self, polish: float | None = None, *, size: str | None = None) -> Look:
        """Look at a place of the dial; by default the setting's own.

        Parameters
        ----------
        polish : float, optional, 0..1
        size : str, optional
            A name of ``sizes``; by default as large as the source gives.
        """
        found = None
        if size is not None:
            if size not in self.sizes:
                raise LookError(
                    f"{size!r} is not a size of {self.name}; there are {', '.join(self.sizes)}, or "
                    "write 1200x1500"
                )
            found = (self.sizes[size].width, self.sizes[size].height)
        return Look(
            crop=self.crop.use,
            head=self.head.use,
            backdrop=self.backdrop.use,
            marks=self.marks.use,
            light=self.light.use,
            size=found,
            adjust=self.strengths_at(self.polish if polish is None else polish),
        )


def list_settings() -> tuple[str, ...]:
    """Names of the built-in settings, in the alphabet's order but for ``default``, the first."""
    names = sorted(path.stem for path in _HOME.glob("*.toml"))
    return ("default", *(name for name in names if name != "default"))


def load_setting(name: str | Path) -> Setting:
    """Read a built-in setting by its name, or one's own from the path of a TOML file.

    Raises
    ------
    LookError
        No such setting, or a key that is missing, unknown or out of range; it says which.
    """
    path = Path(name)
    if path.suffix.lower() != ".toml":
        path = _HOME / f"{name}.toml"
        if str(name) not in list_settings():
            raise LookError(
                f"no setting is called {str(name)!r}; there are {', '.join(list_settings())}, or "
                "give the path of a .toml file (`catchlight settings` explains them)"
            )
    values = read_toml(path, "a setting's file")
    return parse_setting({"name": path.stem, **values}, path)


def parse_setting(values: dict[str, object], path: str | Path) -> Setting:
    """Validate ``values`` as a Setting; LookError names the first thing that is wrong."""
    try:
        return Setting.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            reason = "unknown key; take it out, or see docs/settings.md for what there is"
        if first["type"] == "missing":
            reason = "is missing; every choice of a setting is written down, with its why"
        raise LookError(f"{path}: {where}{': ' if where else ''}{reason}") from None
