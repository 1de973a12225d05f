"""The names that help pages list, read from the source of the catalogues without running it.

The adjustments and backdrops live in modules that load a computer vision stack; read as text,
they fill the help in a few milliseconds and there is no second list to keep. A test compares.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

_HOME = Path(__file__).parent.parent


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
