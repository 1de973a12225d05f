"""Media types of what is sent, and how a schema tells of them."""

from __future__ import annotations

from typing import Any

PLAN = "application/x-catchlight-plan"
#: By the name of a format that is written.
OF_FORMAT = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WebP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "HEIC": "image/heic",
}


def answers(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """Tell in the schema which media types an answer has."""
    return {200: {"content": {kind: {} for kind in kinds}, "description": "The file."}}
