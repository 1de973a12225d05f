"""What help pages list: the Look's fields, the adjustments, the settings; nothing of it by hand.

All of it is known without a computer vision stack, so that help answers at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.look import Look
from catchlight.setting import list_settings, load_setting

#: The JSON schema of one field.
Schema = Mapping[str, Any]


@cache
def look_schema() -> dict[str, Schema]:
    """The properties of the Look's JSON schema, by name, in its order."""
    properties: dict[str, Schema] = Look.model_json_schema()["properties"]
    return properties


@cache
def setting_names() -> tuple[str, ...]:
    """Names of the built-in settings, ``default`` first."""
    return list_settings()


@cache
def decided_by_setting() -> frozenset[str]:
    """Fields of the Look that a setting decides: those of which it says what to ``use``."""
    setting = load_setting("default").model_dump()
    return frozenset(name for name, said in setting.items() if "use" in _keys(said))


def _keys(said: object) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, dict) else ()


def describe_adjustments() -> str:
    """Give the paragraph of ``shot --help`` that lists the adjustments."""
    width = max(len(row.name) for row in CATALOGUE) + 2
    lines = [
        f"  {row.name:<{width}}{row.default:<5g}{row.text}"
        + (f" ({row.low:g} to 1)" if row.low else "")
        for row in CATALOGUE
    ]
    return "\b\nAdjustments for --set, their strength if nothing is said, and what they do:\n" + (
        "\n".join(lines)
    )
