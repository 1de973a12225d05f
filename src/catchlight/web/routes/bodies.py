"""Bodies: what may be asked, as data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Header
from pydantic import Field

from catchlight.look import Look
from catchlight.params import Params

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]
PhotoId = Annotated[str, Field(pattern=r"^p[0-9]{1,4}$")]
FormatName = Literal["JPEG", "PNG", "WebP", "TIFF", "AVIF"]
Prefer = Annotated[str | None, Header(max_length=100)]
SettingName = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9-]+$")]


class Use(Params):
    """Which photo the headshot is made of, and which face of it."""

    photo: PhotoId
    face: int | None = Field(default=None, ge=1, le=99)


class Ask(Params):
    """A setting, a place of the dial (null: as much as the likeness allows), and what is set."""

    setting: SettingName = "default"
    polish: float | None = Field(default=None, ge=0, le=1)
    values: dict[str, Any] = Field(default_factory=dict)


class AskPlan(Params):
    """A look, how large its plan is to be, and which blobs of it are there already."""

    look: Look
    longest: int = Field(default=1600, ge=320, le=2048)
    have: list[Key] = Field(default_factory=list, max_length=200)
    detail: bool = Field(
        default=True,
        description="Whether to wait until the photo's detail is restored, which takes seconds "
        "for a poor photo; false: `missing` says so, and a second plan brings it.",
    )
    shown: int | None = Field(
        default=None,
        ge=240,
        le=2048,
        description="A first look, with its longer side so large and with what the look itself "
        "uses, so that it is there sooner; `missing` names what a second plan brings.",
    )


class AskMeasure(Params):
    """A look to be measured; ``quick`` leaves the likeness in figures out."""

    look: Look
    quick: bool = True


class AskThumbnail(Params):
    """A look to be shown small."""

    look: Look
    longest: int = Field(default=240, ge=48, le=1600)


class AskCosts(Params):
    """A look whose edits are weighed."""

    look: Look


class Asked(Params):
    """How a look came about: its place of the dial, and how much was chosen beside it."""

    dial: float = Field(default=0.5, ge=0, le=1)
    chosen: int = Field(default=0, ge=0, le=40)


class AskRank(Params):
    """Looks to be ordered by likeness; the setting, whose floors count, says which wins."""

    looks: list[Look] = Field(min_length=1, max_length=12)
    setting: SettingName = "default"
    asked: list[Asked] = Field(
        default_factory=list,
        max_length=12,
        description="Of each look, in the same order: between equals the one nearest to the "
        "setting's own wins.",
    )


class AskExplore(Params):
    """A setting, what holds for all variants, and how many to make at the most."""

    setting: SettingName = "default"
    values: dict[str, Any] = Field(default_factory=dict)
    count: int = Field(
        default=8,
        ge=1,
        le=16,
        description="As many at the most: fewer where no more can be told apart at a glance.",
    )


class AskWardrobe(Params):
    """A look whose clothes are advised on, and the setting whose norms count."""

    setting: SettingName = "default"
    look: Look


class AskToml(Params):
    """A look to be written as TOML."""

    look: Look


class AskRender(Params):
    """A look to be written at full size, or at every size of its setting."""

    look: Look
    format: FormatName = "JPEG"
    sizes: Literal["setting"] | list[str] | None = Field(default=None)
    setting: SettingName = "default"
    quality: int = Field(default=95, ge=1, le=100)
    report: bool = False
