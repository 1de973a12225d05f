"""c2pa-python, called in one place: with no network, no thumbnails and no state of its own."""

from __future__ import annotations

import io
import json
from typing import Any

from catchlight.errors import CredentialsError
from catchlight.formats import FORMATS
from catchlight.provenance.credentials import Credentials

#: By the names of :mod:`catchlight.formats`: what C2PA can be embedded in here, as a media type.
MEDIA = {
    name: FORMATS[name].media
    for name in ("JPEG", "PNG", "WebP", "TIFF", "AVIF", "HEIC", "GIF", "JPEG XL")
}
_SETTINGS = {
    # No manifest is fetched from an address that a file names, and no certificate is asked about:
    # a picture must not be able to tell anybody that it is being looked at.
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": True},
    "builder": {"thumbnail": {"enabled": False}},
}


def _context() -> Any:
    import c2pa

    return c2pa.Context(c2pa.Settings.from_dict(_SETTINGS))


def read_store(data: bytes, format: str) -> dict[str, Any] | None:
    """Read and validate the manifests of a file; None where it has none.

    Parameters
    ----------
    data : bytes
    format : str, a key of :data:`MEDIA`

    Returns
    -------
    dict, the library's report, or ``{"unread": WHY}`` where the manifest is too broken to be read
    """
    import c2pa

    if format not in MEDIA:
        return None
    try:
        with c2pa.Reader(MEDIA[format], io.BytesIO(data), context=_context()) as reader:
            found: dict[str, Any] = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return None
    except c2pa.C2paError as error:
        return {"unread": str(error).split(":", maxsplit=1)[-1].strip() or "damaged"}
    return found


def embed(
    data: bytes,
    format: str,
    manifest: dict[str, Any],
    credentials: Credentials,
    parent: tuple[dict[str, Any], str, bytes] | None = None,
) -> bytes:
    """Sign a manifest into a file.

    Parameters
    ----------
    data : bytes
    format : str, a key of :data:`MEDIA`
    manifest : dict, as the library defines it
    credentials : Credentials
    parent : (ingredient, format, bytes), optional
        A photo whose own manifests are to be kept within.

    Raises
    ------
    CredentialsError
        The certificate and the key cannot sign.
    """
    import c2pa

    out = io.BytesIO()
    try:
        with c2pa.Builder(json.dumps(manifest), _context()) as builder:
            if parent is not None:
                ingredient, kind, photo = parent
                builder.add_ingredient(json.dumps(ingredient), MEDIA[kind], io.BytesIO(photo))
            asked = c2pa.C2paSignerInfo(
                credentials.algorithm,
                credentials.certificate.encode(),
                credentials.key.encode(),
                credentials.timestamp,
            )
            with c2pa.Signer.from_info(asked) as signer:
                builder.sign(signer, MEDIA[format], io.BytesIO(data), out)
    except c2pa.C2paError as error:
        raise CredentialsError(
            f"the file cannot be signed ({str(error)[:200]}). Check the certificate with "
            "`catchlight credentials show`, or say --credentials off."
        ) from None
    return out.getvalue()
