"""The names that help pages list, read without loading a computer vision stack.

Everything that a person may set is known from here as data: the Look's fields as a JSON schema, the
adjustments as rows, the settings by name. Help is made of these alone, so a new field or adjustment
needs no edit in this folder. The look and the adjustments live in modules that load a computer
vision stack; they are read as text, and a test compares with what the modules say of themselves.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_HOME = Path(__file__).parent.parent
_TYPES = {"str": "string", "float": "number", "int": "integer", "None": "null"}


class Row(NamedTuple):
    """What help says of an adjustment."""

    name: str
    text: str
    default: float
    low: float = 0.0


def _read(module: str) -> list[ast.stmt]:
    return ast.parse((_HOME / f"{module}.py").read_text(encoding="utf-8")).body


def _assigned(body: list[ast.stmt], name: str) -> ast.expr:
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        named = any(isinstance(t, ast.Name) and t.id == name for t in targets)
        if named and isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            return node.value
    raise ValueError(f"{name} is not assigned at the top of its module")


@cache
def keys_of(module: str, name: str) -> tuple[str, ...]:
    """Return the literal keys of the dict ``name`` in a module (its path below the package)."""
    value = _assigned(_read(module), name)
    if not isinstance(value, ast.Dict):
        raise ValueError(f"{name} of {module} is not written as a dict")
    return tuple(str(ast.literal_eval(key)) for key in value.keys if key is not None)


@cache
def adjustment_rows() -> tuple[Row, ...]:
    """Rows of the catalogue of adjustments, in its order."""
    body = _read("adjustments/catalogue")
    homes = {
        alias.name: (node.module or "").rpartition(".")[2]
        for node in body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    listed = _assigned(body, "CATALOGUE")
    names = [e.id for e in getattr(listed, "elts", ()) if isinstance(e, ast.Name)]
    rows = []
    for name in names:
        call = _assigned(_read(f"adjustments/{homes[name]}"), name)
        if not isinstance(call, ast.Call):
            raise ValueError(f"{name} is not written as one Adjustment(...)")
        said = {k.arg: k.value for k in call.keywords}
        found = {field: said[field] for field in Row._fields if field in said}
        rows.append(Row(**{field: ast.literal_eval(value) for field, value in found.items()}))
    return tuple(rows)


#: What the schema of the Look will say itself, once its module is light.
_SAID = {
    "crop": "Composition.",
    "backdrop": "What stands behind.",
    "size": "Size in pixels, or the longer side.",
    "matte": "auto: fine where `catchlight models pull --fine` was done, else fast.",
    "lens": "From how far the photo was taken, to correct the perspective of a near camera.",
    "adjust": "Strength 0..1 of an adjustment (below), whatever the dial says; may be repeated.",
    "light": "Pattern towards which the light is turned, where the photo's own light allows.",
    "marks": "What the adjustment blemishes does with spots that will pass.",
    "keep": "A mark of the skin that stays (--json and --report list them); may be repeated.",
    "heal": "A mark that goes; may be repeated.",
}
_UNITS = {"lens": "metres", "keep": "ID", "heal": "ID"}


@cache
def look_schema() -> dict[str, dict[str, Any]]:
    """The properties of the Look's JSON schema, by name, in its order.

    As ``Look.model_json_schema()["properties"]`` has them: ``enum``, ``anyOf``, ``default``,
    ``description``, ``examples`` of what else may be written, ``unit``.
    """
    body = _read("look")
    (look,) = (n for n in body if isinstance(n, ast.ClassDef) and n.name == "Look")
    found: dict[str, dict[str, Any]] = {}
    for node in look.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            found[name] = _schema(node.annotation, body) | {"description": _SAID.get(name, "")}
            if name in _UNITS:
                found[name]["unit"] = _UNITS[name]
            if node.value is not None and not isinstance(node.value, ast.Call):
                found[name]["default"] = ast.literal_eval(node.value)
    papers = keys_of("backdrop", "STUDIO")
    found["backdrop"]["examples"] = ["keep", "blur", *papers, "#rrggbb", "PICTURE"]
    return found


def _schema(node: ast.expr, body: list[ast.stmt]) -> dict[str, Any]:
    """The JSON schema of an annotation, as far as the Look goes."""
    if isinstance(node, ast.BinOp):
        sides = [_schema(node.left, body), _schema(node.right, body)]
        return {"anyOf": [s for side in sides for s in side.get("anyOf", [side])]}
    text = ast.unparse(node)
    if text in _TYPES:
        return {"type": _TYPES[text]}
    if isinstance(node, ast.Name):
        return _schema(_assigned(body, text), body)
    if text.startswith("Literal["):
        values = ast.literal_eval(text.removeprefix("Literal"))
        return {"type": "string", "enum": list(values)}
    if text.startswith("tuple["):
        each = "string" if "str" in text else "integer"
        return {"type": "array", "items": {"type": each}}
    return {"type": "object"}


@cache
def setting_names() -> tuple[str, ...]:
    """Names of the built-in settings, ``default`` first."""
    names = sorted(path.stem for path in (_HOME / "settings").glob("*.toml"))
    return ("default", *(name for name in names if name != "default"))


@cache
def decided_by_setting() -> frozenset[str]:
    """Fields of the Look that a setting decides: those of which it says what to ``use``."""
    text = (_HOME / "settings" / "default.toml").read_text(encoding="utf-8")
    tables = re.findall(r"^\[(\w+)\]\nuse = ", text, re.MULTILINE)
    inline = re.findall(r"^(\w+) = \{ use = ", text, re.MULTILINE)
    return frozenset((*tables, *inline))


def describe_adjustments() -> str:
    """Give the paragraph of ``shot --help`` that lists the adjustments."""
    rows = adjustment_rows()
    width = max(len(row.name) for row in rows) + 2
    lines = [f"  {r.name:<{width}}{r.default:<5g}{r.text}" + _signed(r) for r in rows]
    return "\b\nAdjustments for --set, their strength if nothing is said, and what they do:\n" + (
        "\n".join(lines)
    )


def _signed(row: Row) -> str:
    """The range of an adjustment that also goes the other way."""
    return f" ({row.low:g} to 1)" if row.low else ""
