"""What a person may set: frozen, closed pydantic models and the one way to declare a slider."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Params(BaseModel):
    """Base of everything a person sets. Frozen; an unknown name is an error, never swallowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def slider(default: float, low: float, high: float, unit: str, text: str) -> Any:
    """Declare a knob once, with its range, default, unit and sentence.

    Parameters
    ----------
    default, low, high : float
        Default value and inclusive range, in ``unit``.
    unit : str
        Unit for people, for example ``"stops"`` or ``"strength"``.
    text : str
        One sentence: what the sitter sees when it moves.

    Returns
    -------
    pydantic field
        Carries ``ge``, ``le``, the sentence, and the unit in ``json_schema_extra``.
    """
    return Field(default, ge=low, le=high, description=text, json_schema_extra={"unit": unit})
