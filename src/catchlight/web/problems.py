"""Problems: the error tree as RFC 9457 problem details, mapped once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fastapi.responses import JSONResponse

from catchlight.errors import FAULT, CatchlightError, code_of, describe

MEDIA_TYPE = "application/problem+json"
#: Status and title of every code that a client can meet. Codes never change.
CODES: dict[str, tuple[int, str]] = {
    "face": (422, "No face, or no such face"),
    "picture": (415, "Not a picture that can be read"),
    "too-large": (413, "Larger than is allowed"),
    "unsuitable": (422, "No headshot can come of this photo"),
    "look": (422, "A choice is unknown or outside its range"),
    "model": (503, "A model is missing"),
    "credentials": (503, "What it is to be signed with is missing or wrong"),
    "exists": (409, "It is there already"),
    "busy": (429, "Too much to do just now"),
    "expired": (410, "Forgotten since"),
    "missing": (404, "Not here"),
    "method": (405, "Not with this method"),
    "team": (503, "The machines that would do it cannot be reached"),
    "worker": (503, "The worker that held it ended, twice"),
    "host": (403, "This host's name is not served"),
    "origin": (403, "Asked for from another site"),
    "token": (401, "A token is needed"),
    "slow": (408, "Sent too slowly, or it took too long"),
    "superseded": (409, "A newer one was asked for"),
    "stopped": (409, "Stopped, as was asked"),
    "request": (422, "The request is not as described"),
    "refused": (422, "Refused"),
    FAULT: (500, "A fault of Catchlight's, not yours"),
}


#: What every request may answer besides success, for the schema.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    kind: {
        "description": "Problem details; `code` never changes.",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail", "code", "instance"],
                    "properties": {
                        "type": {"type": "string", "format": "uri"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "code": {"type": "string", "enum": list(CODES)},
                        "instance": {"type": "string"},
                    },
                }
            }
        },
    }
    for kind in ("4XX", "5XX")
}


@dataclass
class Problem(Exception):  # noqa: N818 - reads as what it is
    """What a door could not do, in words for whoever asked.

    Attributes
    ----------
    code : str, of :data:`CODES`
    detail : str
    headers : dict
    """

    code: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status of its code."""
        return CODES[self.code][0]

    def to_json(self, instance: str = "") -> dict[str, Any]:
        """Return it as problem details."""
        return {
            "type": f"urn:catchlight:problem:{self.code}",
            "title": CODES[self.code][1],
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "instance": instance,
        }


def problem_of(error: BaseException) -> Problem:
    """The problem that an error is at this door."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, CatchlightError):
        code = code_of(error)
        return Problem(code if code in CODES else "refused", describe(error))
    # Of what is unexpected nothing is told: a message may hold what a file says.
    return Problem(FAULT, "Something unexpected went wrong. It is in the log.")


def respond(problem: Problem, instance: str = "") -> JSONResponse:
    """Answer with a problem."""
    return JSONResponse(
        problem.to_json(instance),
        status_code=problem.status,
        headers={"Cache-Control": "no-store", **problem.headers},
        media_type=MEDIA_TYPE,
    )
