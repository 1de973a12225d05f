"""Uploads: multipart bodies read piece by piece into a private folder, within limits.

Names that a sender gives are kept for people to read and never used as paths. What is no picture by
its content, or is something else as well, is refused before anything decodes it.
"""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from catchlight.errors import PictureError
from catchlight.formats import SUFFIXES
from catchlight.images.intake import HEAD, recognise
from catchlight.names import printable
from catchlight.web.limits import Limits
from catchlight.web.problems import Problem

#: What a name may have at most, for people.
_LONG_NAME = 80
#: Of a value that is no file.
_LONG_VALUE = 4096
#: Markup and programs that a reader would take for what they are even behind a picture's first
#: bytes; readers of PDF look for theirs in the first 1024.
_ELSE = re.compile(rb"%PDF-|<svg|<html|<script|<!doctype|<\?php|#!/", re.IGNORECASE)
_NEAR = 1024


@dataclass(eq=False)
class Upload:
    """What was sent: files by their field, in their order, and values."""

    files: list[tuple[str, str, Path]] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> list[tuple[str, Path]]:
        """Names and places of the files of a field."""
        return [(said, path) for part, said, path in self.files if part == name]


async def receive(request: Request, folder: Path, limits: Limits, *, room: int) -> Upload:
    """Read a multipart body into ``folder``.

    Parameters
    ----------
    request : Request
    folder : Path, private
    limits : Limits
    room : int, how many files may come

    Raises
    ------
    Problem
        Not multipart, too large, too many, too slow, or no picture.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary or len(boundary) > 200:
        raise Problem("request", "Send multipart/form-data with a boundary, photos as `photo`.")
    reader = _Reader(folder, limits, room)
    parser = MultipartParser(boundary, reader.callbacks(), max_size=limits.body_bytes + 1)
    try:
        await asyncio.wait_for(_feed(parser, request, limits), limits.upload_s)
        parser.finalize()
    except asyncio.TimeoutError:
        raise Problem(
            "slow", "The upload took too long. Try again, or send fewer photos."
        ) from None
    except MultipartParseError:
        raise Problem("request", "The multipart body is damaged.") from None
    except ClientDisconnect:
        raise Problem("request", "The upload ended in its middle.") from None
    finally:
        reader.close()
    for _, name, path in reader.upload.files:
        check_content(path, name)
    return reader.upload


async def _feed(parser: MultipartParser, request: Request, limits: Limits) -> None:
    async for piece in _pieces(request, limits):
        parser.write(piece)


async def _pieces(request: Request, limits: Limits) -> AsyncIterator[bytes]:
    stream = request.stream().__aiter__()
    total = 0
    while True:
        try:
            piece = await asyncio.wait_for(anext(stream), limits.chunk_s)
        except StopAsyncIteration:
            return
        total += len(piece)
        if total > limits.body_bytes:
            said = f"More than {limits.body_bytes / 1e6:.0f} MB were sent. Send fewer photos."
            raise Problem("too-large", said)
        yield piece


class _Reader:
    """Writes what a parser finds into files."""

    def __init__(self, folder: Path, limits: Limits, room: int) -> None:
        self.folder, self.limits, self.room = folder, limits, room
        self.upload = Upload()
        self._file: BinaryIO | None = None
        self._begin()

    def callbacks(self) -> Any:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._field, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._size, self._name, self._text = 0, "", b""

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]
        self._bound(len(self._field))

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bound(len(self._value))

    def _on_header(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""
        self._bound(512 * len(self._headers))

    def _bound(self, size: int) -> None:
        if size > _LONG_VALUE:
            raise Problem("too-large", "A part's headers are too long.")

    def _on_headers(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        _, options = parse_options_header(disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.upload.values) >= 16:
                raise Problem("too-large", "Too many fields.")
            return
        if len(self.upload.files) >= self.room:
            raise Problem("too-large", f"At most {self.limits.photos} photos. Send fewer.")
        said = options[b"filename"].decode("utf-8", "replace")
        path = self.folder / f"u{len(self.upload.files)}{_safe_suffix(said)}"
        self.upload.files.append((self._name, name_for_people(said), path))
        self._file = path.open("xb")

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._file is None:
            self._text += data[start:end]
            self._bound(len(self._text))
            return
        if self._size > self.limits.photo_bytes:
            said = f"A photo may have {self.limits.photo_bytes / 1e6:.0f} MB. Export it smaller."
            raise Problem("too-large", said)
        self._file.write(data[start:end])

    def _end(self) -> None:
        if self._file is None:
            self.upload.values[self._name] = self._text.decode("utf-8", "replace")
        self.close()

    def close(self) -> None:
        """Close the file that is being written."""
        if self._file is not None:
            self._file.close()
        self._file = None


def name_for_people(said: str) -> str:
    """The last part of a name, printable and short."""
    last = PureWindowsPath(PurePosixPath(said).name).name
    return printable(last).strip()[-_LONG_NAME:] or "photo"


def _safe_suffix(said: str) -> str:
    """A suffix that is one of a format's; raws are told by theirs."""
    suffix = PurePosixPath(said).suffix.lower()
    return suffix if suffix in SUFFIXES else ""


def check_content(path: Path, name: str) -> None:
    """Refuse what is no picture, or is something else as well.

    Raises
    ------
    Problem
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557))
        tail = file.read()
    if not head:
        raise Problem("picture", f"{name} is empty (0 bytes). Copy or download it again.")
    try:
        recognise(head, path.name)
    except PictureError as error:
        raise Problem("picture", str(error).replace(path.name, name)) from None
    if _ELSE.search(head[:_NEAR]) or _ends_as_zip(tail, size):
        raise Problem("picture", f"{name} is a picture and something else in one file: refused.")


def _ends_as_zip(tail: bytes, size: int) -> bool:
    """Whether a reader of zip archives would open it: its directory's end lies where it says."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return False
    length, start = struct.unpack_from("<II", tail, at + 12)
    return length == 0 or (start + length <= size - len(tail) + at and b"PK\x01\x02" in tail)
