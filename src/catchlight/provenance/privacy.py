"""What of somebody else's manifest may be handed on: nothing that names, places or numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Labels of assertions that are there to name somebody: C2PA 2.2, section 18; CAWG 1.1.
_NAMING = ("cawg.identity", "stds.schema-org.CreativeWork")
# Keys that carry each, whatever the assertion: Exif 3.0, IPTC Photo Metadata 2025.1, schema.org.
_KEYS = {
    "a place": re.compile(
        r"(^|:)(GPS\w*|Location\w*|City|State|Country\w*|Sublocation|latitude|longitude|"
        r"LocationCreated|LocationShown|contentLocation|geo)$",
        re.IGNORECASE,
    ),
    "a name": re.compile(
        r"(^|:)(Artist|creator|author|By-line\w*|CameraOwnerName|Photographer|PersonInImage\w*|"
        r"Credit\w*|CopyrightNotice|Copyright|rights|Contact\w*|email|caption|description\w*|"
        r"HostComputer|prompt\w*|AIPrompt\w*)$",
        re.IGNORECASE,
    ),
    "a serial number": re.compile(
        r"(^|:)(\w*SerialNumber|ImageUniqueID|DocumentID|InstanceID|OriginalDocumentID|deviceId)$",
        re.IGNORECASE,
    ),
}
#: Descriptions of actions and reasons are about edits, not about people.
_OF_ACTIONS = ("description", "reason")
#: File names that say nothing: a counter of a camera, or a word for a picture.
_PLAIN = re.compile(
    r"((DSC|IMG|PXL|DSCN|DSCF|P|DJI|_MG|_DSC|SAM|MVIMG|L|R)[_-]?\d[\d_~.-]*"
    r"|studio paper, painted|a picture as the background|a background"
    r"|(the )?(photo|image|picture|headshot|untitled|output|generated image|default)[ _-]?\d*)"
    r"(\.\w{2,4})?",
    re.IGNORECASE,
)
#: What every device of one kind would not have in common.
_NUMBER = re.compile(r"\d{6,}")


#: Identifiers that XMP gives a file (ISO 16684-1, 8.6): by them two files are told to be related.
_OWN_IDS = re.compile(
    rb"xmpMM:(?:Instance|Document|OriginalDocument)ID\s{0,9}(?:=\s{0,9}[\"']|>)([^\"'<]{4,200})"
)


def find_private(store: dict[str, Any], photo: bytes = b"") -> list[str]:
    """What a manifest store tells that is not to be handed on, in words; empty where nothing.

    Parameters
    ----------
    store : dict, as :func:`catchlight.provenance.library.read_store` returns it
    photo : bytes, the file that it came with: its identifiers are looked for in the store

    Notes
    -----
    Sooner too strict than too lax: where it finds something, the photo's hash and a note stand in
    the manifest's place. A thumbnail shows what was cropped away, so it counts as a place.
    """
    found: dict[str, None] = {}
    for manifest in store.get("manifests", {}).values():
        for part in (manifest, *manifest.get("ingredients", ())):
            if part.get("thumbnail"):
                found["a picture of all that was in the photo"] = None
            if part.get("title") and not _PLAIN.fullmatch(part["title"]):
                found["a file's name"] = None
        signer = manifest.get("signature_info", {}).get("common_name") or ""
        if _NUMBER.search(signer):
            found["a serial number"] = None
        for assertion in manifest.get("assertions", ()):
            label = assertion.get("label", "")
            if label.startswith(_NAMING):
                found["a name"] = None
            for key in _walk(assertion.get("data")):
                if label.startswith("c2pa.actions") and key in _OF_ACTIONS:
                    continue
                found |= {word: None for word, keys in _KEYS.items() if keys.search(key)}
    whole = json.dumps(store).encode()
    if any(number in whole for number in _OWN_IDS.findall(photo)):
        found["a number of the file's own"] = None
    return list(found)


def _walk(value: Any) -> Iterator[str]:
    """Yield every key within."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)
