"""The error tree. Every message says what is wrong, the value, and what to do.

CatchlightError
├── PictureError            a picture cannot be read, is refused, or cannot be written
│   ├── UnreadablePicture   not an image, truncated, or in a form no decoder here knows
│   ├── PictureTooLarge     a decompression bomb, or more pixels than the stated limit
│   └── OutputExists        the output is already there (``--force``), or is the input itself
├── ModelError              a model file is missing, tampered with, or cannot be fetched
├── FaceError               no face where one is needed, or no such face number
└── LookError               a setting is unknown or outside its range
"""

from __future__ import annotations


class CatchlightError(Exception):
    """Anything Catchlight refuses to do, said in words for the person at the keyboard."""


class PictureError(CatchlightError):
    """A picture cannot be read, is refused, or cannot be written."""


class UnreadablePicture(PictureError):  # noqa: N818 - reads as the thing it names
    """Not an image, truncated, or in a form that no decoder here knows."""


class PictureTooLarge(PictureError):  # noqa: N818
    """A decompression bomb, or more pixels than the stated limit."""


class OutputExists(PictureError):  # noqa: N818
    """The output is already there, or is the input itself."""


class ModelError(CatchlightError):
    """A model file is missing, tampered with, or cannot be fetched."""


class FaceError(CatchlightError):
    """No face where one is needed, or no such face number."""


class LookError(CatchlightError):
    """A setting is unknown or outside its range."""
