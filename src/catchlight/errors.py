"""The error tree. Every message says what is wrong, the value, and what to do.

CatchlightError
├── PictureError            a picture cannot be read, is refused, or cannot be written
│   ├── UnreadablePicture   not an image, truncated, or in a form no decoder here knows
│   ├── PictureTooLarge     a decompression bomb, or more pixels than the stated limit
│   └── OutputExists        the output is already there (``--force``), or is the input itself
├── ModelError              a model file is missing, tampered with, or cannot be fetched
├── FaceError               no face where one is needed, or no such face number
├── UnsuitablePhoto         no headshot can come of the photo, and whoever asked was strict
├── CredentialsError        a certificate or key is missing, unsafe, or cannot sign
├── LookError               a setting is unknown or outside its range
├── CrewError               a team's list, crew or cluster cannot be used
└── WorkerLost              a worker process ended in the middle of its job

``code`` is the family in one word, for JSON and for doors to map: exit codes, HTTP status.
"""

from __future__ import annotations

from typing import ClassVar

from catchlight.names import printable

#: The code of what is no :class:`CatchlightError`: a fault of Catchlight's own.
FAULT = "fault"


class CatchlightError(Exception):
    """Anything Catchlight refuses to do, said in words for the person at the keyboard."""

    code: ClassVar[str] = "refused"


class PictureError(CatchlightError):
    """A picture cannot be read, is refused, or cannot be written."""

    code = "picture"


class UnreadablePicture(PictureError):  # noqa: N818 - reads as the thing it names
    """Not an image, truncated, or in a form that no decoder here knows."""


class PictureTooLarge(PictureError):  # noqa: N818
    """A decompression bomb, or more pixels than the stated limit."""


class OutputExists(PictureError):  # noqa: N818
    """The output is already there, or is the input itself."""

    code = "exists"


class ModelError(CatchlightError):
    """A model file is missing, tampered with, or cannot be fetched."""

    code = "model"


class FaceError(CatchlightError):
    """No face where one is needed, or no such face number."""

    code = "face"


class UnsuitablePhoto(CatchlightError):  # noqa: N818 - reads as what it is
    """No headshot can come of the photo: the verdict on the source, where ``--strict`` asks."""

    code = "unsuitable"


class CredentialsError(CatchlightError):
    """A certificate or key is missing, may be read by others, or cannot sign."""

    code = "credentials"


class LookError(CatchlightError):
    """A setting is unknown or outside its range."""

    code = "look"


class CrewError(CatchlightError):
    """A team's list, its crew or the cluster it was to run on cannot be used."""

    code = "team"


class WorkerLost(CatchlightError):  # noqa: N818 - reads as what happened
    """A worker process ended in the middle of its job, and again when that was tried anew."""

    code = "worker"


def code_of(error: BaseException) -> str:
    """The family of an error in one word."""
    return error.code if isinstance(error, CatchlightError) else FAULT


def describe(error: BaseException) -> str:
    """Words for an error; our own say what to do, others are named as faults."""
    if isinstance(error, CatchlightError):
        return printable(str(error))
    return printable(
        f"unexpected {type(error).__name__}: {error}. This is a fault of Catchlight's, not yours."
    )
