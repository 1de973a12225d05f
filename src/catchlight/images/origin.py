"""Origin: what a file says of how it was made, whatever its format; read from its bytes.

Only words about the making are taken: the kind of source, the programs, whether a signed manifest
lies within. Names of people, places, captions and prompts are not read at all.

Vocabulary: a *source type* is a term of the IPTC's NewsCodes (cv.iptc.org/newscodes/
digitalsourcetype, version of 23 October 2024), without its address.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

#: More of an XMP packet or a text is not read, nor more of them: ours has 3 kB, those with an edit
#: history up to some MB. A small file must not be able to fill the memory.
_MOST, _TEXTS_READ = 4 << 20, 16
#: Longest word of a program that is believed.
_LONGEST = 80
#: What begins a manifest store: the box's type and the store's UUID, C2PA 2.2, section 11.1.4.2.
_MANIFEST = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
# Properties as XMP part 1 (ISO 16684-1) has them: an attribute, or an element of its own.
_FIELDS = {
    "source_type": rb"(?:Iptc4xmpExt|iptcExt):DigitalSourceType",
    "system": rb"(?:Iptc4xmpExt|iptcExt):AISystemUsed",
    "version": rb"(?:Iptc4xmpExt|iptcExt):AISystemVersionUsed",
    "tool": rb"xmp:CreatorTool",
    "credit": rb"photoshop:Credit",
}
#: A term, at the end of its address or alone.
_TERM = re.compile(r"[A-Za-z]{3,60}(?=/?$)")
# What Google's generators write as the credit; other credits name people, and are not read.
_CREDITS = re.compile(r"(Made|Edited) with Google AI")
# Texts of a PNG by which programs that generate pictures are known: the keyword, words that must
# be in it, and who writes it so. Each as the program's own source has it.
_TEXTS = (
    (b"parameters", b"Steps:", "Stable Diffusion web UI"),
    (b"prompt", b"class_type", "ComfyUI"),
    (b"workflow", b"nodes", "ComfyUI"),
    (b"invokeai_metadata", b"", "InvokeAI"),
    (b"sd-metadata", b"", "InvokeAI"),
    (b"Software", b"NovelAI", "NovelAI"),
    (b"Dream", b"", "InvokeAI"),
)
_TOLD_BY = {b"XML:com.adobe.xmp", b"Software", *(word for word, _, _ in _TEXTS)}
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Origin:
    """What a file says of its own making; None where it says nothing.

    Attributes
    ----------
    source_type : str or None
        ``digitalCapture``, ``trainedAlgorithmicMedia``, ...
    system, version : str or None, the AI system that the file names
    tool : str or None, the program that wrote it
    credit : str or None, only such as name a generator
    generator : str or None, a generator known by what it writes
    history : tuple of str, edits in words, oldest first
    manifest : bool, whether a C2PA manifest lies in it
    """

    source_type: str | None = None
    system: str | None = None
    version: str | None = None
    tool: str | None = None
    credit: str | None = None
    generator: str | None = None
    history: tuple[str, ...] = ()
    manifest: bool = False

    @property
    def says_generated(self) -> bool:
        """Whether the file itself says that a trained model made it, or a part of it."""
        told = self.source_type in GENERATED
        return told or bool(self.system or self.credit or self.generator)


#: Terms of media that a trained model made, in whole or in part.
GENERATED = (
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "compositeSynthetic",
)


def find_origin(data: bytes, *, software: str | None = None) -> Origin:
    """Read what a file says of its making.

    Packets are found by their tags, not by the container, so that one reader serves every format:
    XMP is stored as plain text in all of them but compressed texts of a PNG, which are opened.

    Parameters
    ----------
    data : bytes, the whole file
    software : str, optional
        What its EXIF names as the program.

    Returns
    -------
    Origin
    """
    texts = list(_read_texts(data)) if data.startswith(_PNG) else []
    packets = [*_find_packets(data), *(t for word, t in texts if word == b"XML:com.adobe.xmp")]
    found: dict[str, str | None] = {name: _find(packets, name) for name in _FIELDS}
    kind, credit = found["source_type"], found["credit"]
    term = _TERM.search(kind) if kind else None
    program = found["tool"] or software or _plain_text(texts, b"Software")
    return Origin(
        source_type=term.group() if term else None,
        system=found["system"],
        version=found["version"],
        tool=_clean(program) if program else None,
        credit=credit if credit and _CREDITS.fullmatch(credit) else None,
        generator=_know_generator(texts),
        history=tuple(_read_history(packets)),
        manifest=_MANIFEST in data,
    )


def _find_packets(data: bytes) -> Iterator[bytes]:
    """Yield the XMP packets that lie in the file as plain text."""
    end = 0
    for _ in range(_TEXTS_READ):
        start = data.find(b"<x:xmpmeta", end)
        if start < 0:
            return
        end = data.find(b"</x:xmpmeta>", start)
        if end < 0:
            return
        yield data[start : min(end, start + _MOST)]


def _find(packets: list[bytes], name: str) -> str | None:
    word = _FIELDS[name]
    # Bounded, so that no file can make the search slow.
    pattern = word + rb"""(?:\s{0,9}=\s{0,9}["']([^"'<>]{0,500})["']|>([^<]{0,500})<"""
    pattern += rb"""|\s{1,9}rdf:resource="([^"]{0,500})")"""
    for packet in packets:
        found = re.search(pattern, packet)
        if found:
            text = next((part for part in found.groups() if part), b"").decode("utf-8", "replace")
            return _clean(text) if name != "source_type" else html.unescape(text).strip() or None
    return None


def _read_history(packets: list[bytes]) -> Iterator[str]:
    """Yield what our own packets tell of edits; of other programs' none is read."""
    for packet in packets:
        if OWN_TOOLKIT in packet:
            for words in re.findall(rb'stEvt:parameters="([^"]*)"', packet):
                yield html.unescape(words.decode("utf-8", "replace"))
            return


#: How our packets are told from others: the toolkit that an ``x:xmpmeta`` names.
OWN_TOOLKIT = b'x:xmptk="Catchlight'


def _read_texts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield keyword and text of those texts of a PNG that tell of its making."""
    at, left = len(_PNG), _TEXTS_READ
    while at + 8 <= len(data) and left:
        length = int.from_bytes(data[at : at + 4], "big")
        sign, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length
        if sign in (b"tEXt", b"zTXt", b"iTXt") and b"\0" in body:
            word, rest = body.split(b"\0", 1)
            if word not in _TOLD_BY:
                continue
            left -= 1
            try:
                if sign == b"zTXt" or (sign == b"iTXt" and rest[:1] == b"\1"):
                    packed = rest[1:] if sign == b"zTXt" else rest[2:].split(b"\0", 2)[2]
                    rest = zlib.decompressobj().decompress(packed, _MOST)
                elif sign == b"iTXt":
                    rest = rest[2:].split(b"\0", 2)[2]
            except (zlib.error, IndexError):
                continue
            yield word, rest[:_MOST]


def _know_generator(texts: list[tuple[bytes, bytes]]) -> str | None:
    for word, text in texts:
        for key, within, name in _TEXTS:
            if word == key and within in text:
                return name
    return None


def _plain_text(texts: list[tuple[bytes, bytes]], key: bytes) -> str | None:
    return next((t.decode("utf-8", "replace") for word, t in texts if word == key), None)


def _clean(text: str) -> str | None:
    """One line of printable characters, no longer than a program's name is."""
    text = html.unescape(text).replace("\0", " ")
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words[:_LONGEST] or None
