"""A page of the API made from its own schema: no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)


@router.get("/api/docs")
async def read_docs(request: Request) -> HTMLResponse:
    """Every request that can be made, in words."""
    return HTMLResponse(write_docs(request.app.openapi()))


def write_docs(document: dict[str, Any]) -> str:
    """An OpenAPI document as HTML."""
    rows = [
        _operation(method, path, row)
        for path, methods in document["paths"].items()
        for method, row in methods.items()
    ]
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>Machines read <a href='/api/v1/openapi.json'>openapi.json</a>.</p>"
        f"{''.join(rows)}</html>"
    )


def _operation(method: str, path: str, row: dict[str, Any]) -> str:
    parts = [f"<h2><code>{method.upper()} {escape(path)}</code></h2>"]
    parts.append(f"<p>{escape(row.get('description', ''))}</p>")
    named = [_parameter(p) for p in row.get("parameters", ())]
    if named:
        parts.append(f"<ul>{''.join(named)}</ul>")
    kinds = row.get("requestBody", {}).get("content", {})
    for kind, body in kinds.items():
        schema = body.get("schema", {})
        said = schema.get("$ref", "").rpartition("/")[2] or ", ".join(schema.get("properties", {}))
        parts.append(f"<p>Body: <code>{escape(kind)}</code> {escape(said)}</p>")
    parts.append(f"<p>Answers: {escape(', '.join(row['responses']))}</p>")
    return "".join(parts)


def _parameter(row: dict[str, Any]) -> str:
    need = "required" if row.get("required") else "optional"
    return f"<li><code>{escape(row['name'])}</code> in {escape(row['in'])}, {need}</li>"
