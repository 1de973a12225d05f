"""Reading: what any file says of its own making, its signed manifest validated, in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from catchlight.images.intake import HEAD, find_format
from catchlight.images.origin import GENERATED, Origin, find_origin
from catchlight.provenance.credentials import has_library
from catchlight.provenance.terms import say_term

# What a status of C2PA 2.2, section 15.2.3, means to a person. What is not named is said as it is.
_STATUS = {
    "signingCredential.untrusted": "nobody that is known here vouches for who signed it",
    "signingCredential.expired": "the certificate had expired",
    "signingCredential.invalid": "the certificate is of no kind that may sign",
    "assertion.dataHash.mismatch": "the file was changed after it was signed",
    "assertion.bmffHash.mismatch": "the file was changed after it was signed",
    "assertion.boxesHash.mismatch": "the file was changed after it was signed",
    "assertion.hashedURI.mismatch": "the manifest was changed after it was signed",
    "assertion.missing": "a part of the manifest is missing",
    "claimSignature.mismatch": "the signature does not fit what was signed",
    "claimSignature.missing": "there is no signature",
    "ingredient.manifest.mismatch": "the manifest of what it was made of was changed",
    "ingredient.claimSignature.mismatch": "the signature of what it was made of does not fit",
}
_UNTRUSTED = "signingCredential.untrusted"


@dataclass(frozen=True)
class Manifest:
    """A signed manifest of a file, and whether it holds.

    Attributes
    ----------
    generator : str, the program that made the claim
    signer : str, as the certificate names them
    time : str or None, when it was signed, by a time-stamp authority
    intact : bool, whether nothing was changed since it was signed
    trusted : bool, whether somebody known vouches for the signer
    problems : tuple of str, what is wrong, in words
    actions : tuple of str, what was done, oldest first
    terms : tuple of str, the source types that it names
    parents : tuple of Manifest, of what it was made of
    """

    generator: str
    signer: str
    time: str | None
    intact: bool
    trusted: bool
    problems: tuple[str, ...]
    actions: tuple[str, ...]
    terms: tuple[str, ...]
    parents: tuple[Manifest, ...] = ()

    @property
    def generated(self) -> str | None:
        """The term by which it, or what it was made of, says that a trained model made it."""
        own = [term for term in self.terms if term in GENERATED]
        heard = own + [p.generated for p in self.parents if p.generated]
        return heard[0] if heard else None


@dataclass(frozen=True)
class Account:
    """What a file says of itself.

    Attributes
    ----------
    name : str
    format : str or None
    origin : Origin, of its plain metadata, which anybody can change
    manifest : Manifest or None
    unread : str or None, why a manifest that is there could not be read
    """

    name: str
    format: str | None
    origin: Origin = field(default_factory=Origin)
    manifest: Manifest | None = None
    unread: str | None = None

    @property
    def is_broken(self) -> bool:
        """Whether a manifest is there that was changed, or cannot be read."""
        return self.unread is not None or (self.manifest is not None and not self.manifest.intact)

    @property
    def generated_by(self) -> str | None:
        """Who the file says generated it, or a part of it; None where it says no such thing."""
        if self.manifest is not None and self.manifest.generated:
            system = f", with {self.origin.system}" if self.origin.system else ""
            return self.manifest.generator + system
        if self.origin.says_generated:
            told = self.origin
            return told.system or told.generator or told.credit or told.tool or "a trained model"
        return None


def read_account(data: bytes, name: str = "") -> Account:
    """Read what a file says of itself; a picture of any format, without decoding its pixels.

    Parameters
    ----------
    data : bytes
    name : str, of the file

    Returns
    -------
    Account
    """
    kind = find_format(data[:HEAD], name)
    origin = find_origin(data, software=_read_software(data))
    account = Account(name, kind, origin)
    if not origin.manifest or kind is None:
        return account
    if not has_library():
        return replace(account, unread="reading it needs pip install 'catchlight[provenance]'")
    from catchlight.provenance.library import read_store

    store = read_store(data, kind)
    if store is None:
        return replace(account, unread="it is damaged, or not where this format keeps it")
    if "unread" in store:
        return replace(account, unread=f"it is damaged ({store['unread'][:120]})")
    first = store["active_manifest"]
    own = [row for row in store.get("validation_status") or () if first in row.get("url", first)]
    return replace(account, manifest=_understand(store, first, own, frozenset()))


def _read_software(data: bytes) -> str | None:
    """The program that its EXIF names, as far as Pillow's headers read it."""
    import io
    import warnings

    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                found = image.getexif().get(305)
    except Exception:  # Pillow raises a dozen kinds on damaged headers; then it says nothing
        return None
    return " ".join(str(found).replace("\0", " ").split()) or None if found else None


def hear_manifest(origin: Origin, data: bytes) -> Origin:
    """An origin, with what a signed manifest says where plain metadata are silent.

    A manifest that was changed is heard as well: that a picture was generated is not made untrue
    by whoever changed it. Where there is none, or nobody to read it, the origin stays as it is.
    """
    if not origin.manifest or not has_library():
        return origin
    manifest = read_account(data).manifest
    if manifest is None:
        return origin
    kind = manifest.generated or origin.source_type or (manifest.terms[-1:] or (None,))[-1]
    return replace(origin, source_type=kind, tool=origin.tool or manifest.generator)


def _understand(
    store: dict[str, Any], label: str, failures: list[dict[str, Any]], seen: frozenset[str]
) -> Manifest:
    """Put one manifest of a store into words, and those that it was made of."""
    found = store["manifests"][label]
    seen = seen | {label}
    codes = [row["code"] for row in failures]
    problems = [_STATUS.get(code, code) for code in dict.fromkeys(codes)]
    parents = [
        _understand(store, part["active_manifest"], _failures_within(part), seen)
        for part in found.get("ingredients", ())
        if part.get("active_manifest") in store["manifests"] and part["active_manifest"] not in seen
    ]
    actions = list(_list_actions(found))
    terms = [
        str(a["digitalSourceType"]).rsplit("/", 1)[-1] for a in actions if "digitalSourceType" in a
    ]
    signed = found.get("signature_info") or {}
    return Manifest(
        generator=_name_generator(found),
        signer=signed.get("common_name") or signed.get("issuer") or "nobody named",
        time=signed.get("time"),
        intact=not [code for code in codes if code != _UNTRUSTED],
        trusted=_UNTRUSTED not in codes,
        problems=tuple(problems),
        actions=tuple(_say_action(a) for a in actions),
        terms=tuple(dict.fromkeys(terms)),
        parents=tuple(parents),
    )


def _failures_within(part: dict[str, Any]) -> list[dict[str, Any]]:
    """What was wrong with the manifest of an ingredient when it was taken in."""
    results = (part.get("validation_results") or {}).get("activeManifest") or {}
    return [*results.get("failure", ()), *(part.get("validation_status") or ())]


def _list_actions(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        action
        for assertion in manifest.get("assertions", ())
        if assertion.get("label", "").startswith("c2pa.actions")
        for action in assertion.get("data", {}).get("actions", ())
    ]


def _name_generator(manifest: dict[str, Any]) -> str:
    for row in manifest.get("claim_generator_info") or ():
        return " ".join(filter(None, (row.get("name"), row.get("version"))))
    return str(manifest.get("claim_generator") or "a program that it does not name")


def _say_action(action: dict[str, Any]) -> str:
    word = str(action.get("action", "")).removeprefix("c2pa.").replace("_", " ")
    said = action.get("description")
    term = str(action.get("digitalSourceType", "")).rsplit("/", 1)[-1]
    told = f"{word}: {said}" if said else word
    return f"{told} ({say_term(term)})" if term in GENERATED else told
