"""A certificate of one's own making, to try signing with: nobody has any reason to trust it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from catchlight.errors import CredentialsError
from catchlight.images.output import write_all

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

#: What every validator shows as the signer.
SIGNER = "Catchlight test certificate, UNTRUSTED"
_ROOT = "Catchlight test root, UNTRUSTED"
_DAYS = 365
_TOML = """\
# A certificate that this computer made for itself. It is UNTRUSTED: it proves that a file was not
# changed since it was signed, and nothing about who signed it. Every validator says so.
certificate = "certificate.pem"
key = "key.pem"
algorithm = "es256"
# Nothing is asked over the network unless an address of a time-stamp authority stands here.
# timestamp = ""
"""


def make_credentials(path: Path, *, force: bool) -> Path:
    """Make a key, a certificate and the file that names both; the key for its owner's eyes alone.

    Parameters
    ----------
    path : Path, of the TOML file; the others lie beside it
    force : bool, whether those that are there may be replaced

    Returns
    -------
    Path, of the TOML file

    Raises
    ------
    CredentialsError
        The library is not installed.
    OutputExists
    """
    try:
        from cryptography.hazmat.primitives import serialization
    except ModuleNotFoundError:
        raise CredentialsError(
            "a certificate needs `cryptography`: pip install 'catchlight[provenance]'."
        ) from None
    chain, key = _make_chain()
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = b"".join(c.public_bytes(serialization.Encoding.PEM) for c in chain)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = {path.parent / "certificate.pem": public, path: _TOML.encode()}
    secret_path = path.parent / "key.pem"
    write_all({secret_path: secret, **files}, force=force, private={secret_path})
    return path


def say_certificate(pem: str) -> str:
    """Say whose a certificate is, and until when.

    Raises
    ------
    CredentialsError
    """
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise CredentialsError("the certificate cannot be read.") from None
    names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else found.subject.rfc4514_string()
    return f"{name}, until {found.not_valid_after_utc:%d %B %Y}"


def _make_chain() -> tuple[list[x509.Certificate], ec.EllipticCurvePrivateKey]:
    """The signer's certificate, the one above it, and the signer's key.

    As C2PA 2.2 asks of a signer, section 14.5.1.1: version 3, not self-signed, digital signature
    alone, an extended use, and P-256. The key of the one above is thrown away.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    above, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _sign(
        _ROOT, above, above,
        [(x509.BasicConstraints(ca=True, path_length=0), True), (_usage(root=True), True)],
    )  # fmt: skip
    leaf = _sign(
        SIGNER, own, above,
        [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(root=False), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), False),
        ],
    )  # fmt: skip
    return [leaf, root], own


def _usage(*, root: bool) -> x509.KeyUsage:
    from cryptography import x509

    kinds = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    ).split()
    wanted = ("key_cert_sign", "crl_sign") if root else ("digital_signature",)
    return x509.KeyUsage(**{kind: kind in wanted for kind in kinds})


def _sign(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    above: ec.EllipticCurvePrivateKey,
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    def call(text: str) -> x509.Name:
        names = {NameOID.COMMON_NAME: text, NameOID.ORGANIZATION_NAME: SIGNER}
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in names.items()])

    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(call(name))
        .issuer_name(call(_ROOT))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A clock that is a little behind must not find it of tomorrow.
        .not_valid_before(now - datetime.timedelta(minutes=10))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    for extension, critical in extensions:
        made = made.add_extension(extension, critical=critical)
    return made.sign(above, hashes.SHA256())
