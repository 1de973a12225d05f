"""Names of files in words that any terminal, page and line of JSON can hold."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from pathlib import PurePath

# Control characters, the marks that turn the direction of writing (U+202A-E, U+2066-9), the line
# and paragraph separators, and surrogates, by which Python stands for bytes that are no text.
_UNSAID = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(name: str | PurePath) -> str:
    r"""Write a name so that it can be shown, and still be told from others.

    Examples
    --------
    >>> printable("two\nlines")
    'two\\nlines'
    >>> printable(b"caf\xe9".decode("utf-8", "surrogateescape"))
    'caf\\xe9'
    """
    text = str(name)
    if _SURROGATE.search(text):  # in a locale of ASCII all else comes as bytes, too
        with contextlib.suppress(UnicodeEncodeError):
            text = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return _UNSAID.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return found.group().encode("unicode_escape").decode("ascii")


def list_names(names: Sequence[str]) -> str:
    """Write names one after the other, as a sentence has them.

    Examples
    --------
    >>> list_names(["face shape", "skin", "tone"]), list_names(["skin"])
    ('face shape, skin and tone', 'skin')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
