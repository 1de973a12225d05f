"""Options of the commands, made of what a person may set: the Look's schema, nothing by hand.

A field of the Look becomes ``--field``: words that it knows become a choice, a pair of whole
numbers ``WxH``, a list an option that may be repeated, and its sentence the help. ``adjust``
becomes ``--set NAME=STRENGTH``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from catchlight.cli.menu import decided_by_setting, look_schema

Decorator = Callable[[Any], Any]
#: Where nothing is said, these follow something else than the Look's own default.
_ELSE = {
    "size": "as large as the photo gives",
    "place": "chosen for you",
    "turn": "where lines or shoulders lean with the head",
}
#: A setting has sizes of its own, by name.
_NAMED = ("size",)


def look_options(command: Any) -> Any:
    """Give a command an option for every field of the Look; what was not said is None."""
    for name, schema in reversed(look_schema().items()):
        if not _is_painted(schema):
            command = make_option(name, schema)(command)
    return command


def _is_painted(schema: Mapping[str, Any]) -> bool:
    """Whether a field holds things that nobody types: strokes are read from a look file."""
    return "$ref" in schema.get("items", {})


def axis_options(command: Any) -> Any:
    """Give a command an option for every field with words to choose from: several, with commas."""
    for name, schema in reversed(look_schema().items()):
        words = _words(schema)
        if not words or name == "matte":  # an engine, not a matter of taste
            continue
        command = click.option(
            f"--{name}",
            metavar=",".join(words[:2]),
            callback=_read_list(schema),
            help=f"To try, with commas: {', '.join(words)}.",
            show_default="three" if name == "backdrop" else False,
        )(command)
    return command


def one_option(name: str) -> Decorator:
    """The option of one field of the Look."""
    return make_option(name, look_schema()[name])


def chosen_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the Look that were said outright; of ``adjust``, the strengths said."""
    return {name: said[name] for name in look_schema() if said.get(name) not in (None, (), {})}


def make_option(name: str, schema: Mapping[str, Any]) -> Decorator:
    """Make the option of a field from its JSON schema."""
    text = str(schema.get("description", ""))
    if schema.get("type") == "object":  # strengths by name
        return click.option(
            "--set", name, metavar="NAME=STRENGTH", multiple=True, callback=_read_strengths,
            help="Strength of an adjustment (below), whatever the dial says; may be repeated.",
        )  # fmt: skip
    if schema.get("type") == "array":
        return click.option(
            f"--{name}", metavar=_unit(schema), multiple=True, help=f"{text} May be repeated."
        )
    default = "the setting's" if name in decided_by_setting() else schema.get("default")
    shown = _ELSE.get(name, default)
    if set(schema) & {"enum"}:
        kind = click.Choice(list(schema["enum"]))
        return click.option(f"--{name}", type=kind, help=text, show_default=shown)
    if name in _NAMED:
        schema = {**schema, "examples": [*schema.get("examples", ()), "NAME"]}
        text = f"{text.rstrip('.')}, or a size of the setting, such as linkedin."
    return click.option(
        f"--{name}", metavar=say_values(schema), callback=_read_value(name, schema), help=text,
        show_default=shown,
    )  # fmt: skip


def _sides(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*schema.get("anyOf", [schema])]


def _words(schema: Mapping[str, Any]) -> list[str]:
    """The words that a field knows."""
    return [word for side in _sides(schema) for word in side.get("enum", ())] or [
        word for word in schema.get("examples", ()) if word.islower() and word.isascii()
    ]


def say_values(schema: Mapping[str, Any]) -> str:
    """Say what may be written for a field: ``off|auto|METRES``.

    Examples
    --------
    >>> say_values({"anyOf": [{"enum": ["off"]}, {"type": "number"}], "unit": "metres"})
    'off|METRES'
    """
    said: list[str] = []
    for side in _sides(schema):
        if "enum" in side:
            said += side["enum"]
        elif side.get("type") == "array":
            unit = _unit(schema, "WxH")
            span = "FROM:TO" if unit == "METRES" else "WxH"
            said.append(unit if "," in unit else span)
        elif side.get("type") in ("number", "integer"):
            said.append(_unit(schema, "N"))
    return "|".join((*said, *schema.get("examples", ()))) or "TEXT"


def _unit(schema: Mapping[str, Any], otherwise: str = "TEXT") -> str:
    return str(schema.get("unit", otherwise)).upper()


def _read_value(name: str, schema: Mapping[str, Any]) -> Callable[..., Any]:
    kinds = {side.get("type") for side in _sides(schema) if "enum" not in side}
    enums = {word for side in _sides(schema) for word in side.get("enum", ())}

    def read(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Any:
        if value is None or value in enums or "string" in kinds:
            return value
        text = value.strip().lower().replace("\N{MULTIPLICATION SIGN}", "x")
        if name in _NAMED and text.replace("_", "").isalpha():
            return value.strip()
        if "array" in kinds and ("," in text or ":" in text):
            try:
                return tuple(float(part) for part in text.replace(":", ",").split(","))
            except ValueError:
                pass
        if "array" in kinds and all(p.strip().isdecimal() for p in text.split("x")):
            sides = tuple(int(part) for part in text.split("x"))
            if len(sides) <= 2:
                return sides if len(sides) == 2 else sides[0]
        if "number" in kinds:
            unit = _unit(schema, "").lower()[:1]
            try:
                return float(text.removesuffix(unit) if unit else text)
            except ValueError:
                pass
        raise click.BadParameter(f"{value!r} is none of {say_values(schema)}.")

    return read


def _read_list(schema: Mapping[str, Any]) -> Callable[..., Any]:
    numbers = any(side.get("type") == "number" for side in _sides(schema))

    def read(
        _ctx: click.Context, _param: click.Parameter, value: str | None
    ) -> tuple[str | float, ...] | None:
        if value is None:
            return None
        words = dict.fromkeys(word.strip() for word in value.split(",") if word.strip())
        return tuple(_number_or_word(word) if numbers else word for word in words)

    return read


def _number_or_word(word: str) -> float | str:
    try:
        return float(word)
    except ValueError:
        return word


def _read_strengths(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> dict[str, float]:
    found = {}
    for value in values:
        name, _, strength = value.partition("=")
        try:
            found[name.strip().replace("-", "_")] = float(strength)
        except ValueError:
            raise click.BadParameter(
                f"{value!r} is not NAME=STRENGTH, such as exposure=0.5."
            ) from None
    return found
