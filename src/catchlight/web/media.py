"""What is sent and received: media types, how a schema tells of them, and how long it is kept."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from catchlight.formats import WRITTEN

#: Of what shows a person: nobody on the way keeps it.
PRIVATE = {"Cache-Control": "private, no-store"}
#: A file in a form, for a schema.
FILE = {"type": "string", "format": "binary"}
PLAN = "application/x-catchlight-plan"
#: By the name of a format that may be asked for: all that are written but HEIC.
OF_FORMAT = {name: row.media for name, row in WRITTEN.items() if name != "HEIC"}


def answers(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Tell in the schema which media types an answer has."""
    return {200: {"content": {kind: {} for kind in kinds}, "description": "The file."}}


def form(*required: str, **fields: dict[str, Any]) -> dict[str, Any]:
    """Tell in the schema what a multipart body has; all that is no file is text."""
    schema = {"type": "object", "required": list(required), "properties": fields}
    body = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    return {"requestBody": body}


def files(most: int) -> dict[str, Any]:
    """Tell in the schema of a field that has 1 to ``most`` files."""
    return {"type": "array", "items": FILE, "minItems": 1, "maxItems": most}


def send_unless_known(request: Request, data: bytes, kind: str) -> Response:
    """Answer with what seldom changes; whoever has it already is told so."""
    tag = f'"{hashlib.sha1(data, usedforsecurity=False).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=kind, headers=headers)
