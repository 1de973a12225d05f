"""Credentials: the certificate and key with which results are signed, and their safe keeping.

A credentials file is TOML that names two PEM files beside it and, if wanted, a time-stamp
authority. The key never appears in a message, a record or a representation of any object here.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from catchlight.errors import CredentialsError
from catchlight.names import printable

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib  # type: ignore[import-not-found,no-redef]

_KEYS = {"certificate", "key", "algorithm", "timestamp"}
#: Algorithms of C2PA 2.2, section 13.2, that the library signs with.
_ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")


@dataclass(frozen=True)
class Credentials:
    """What signs a result.

    Attributes
    ----------
    certificate : str, PEM, the signer's own first, then those above it
    key : str, PEM; never shown
    algorithm : str
    timestamp : str or None
        Address of a time-stamp authority; None: none is asked, and nothing goes over the network.
    """

    certificate: str
    key: str = field(repr=False)
    algorithm: str = "es256"
    timestamp: str | None = None


def default_path() -> Path:
    """Where credentials lie if nobody says otherwise; the file may not be there."""
    import platformdirs

    return Path(platformdirs.user_config_dir("catchlight", appauthor=False)) / "credentials.toml"


def has_library() -> bool:
    """Whether c2pa-python is installed."""
    from importlib.util import find_spec

    return find_spec("c2pa") is not None


def choose_credentials(said: str | None) -> Path | None:
    """Which credentials are used: those that were named, or the default ones where they are there.

    Parameters
    ----------
    said : str or None
        A path, ``off``, or None where nothing was said.

    Raises
    ------
    CredentialsError
        A path was named and cannot be used.
    """
    if said is None:
        path = default_path()
        return path if has_library() and path.is_file() else None
    if said.strip().lower() == "off":
        return None
    load_credentials(Path(said))
    return Path(said)


def load_credentials(path: Path) -> Credentials:
    """Read credentials.

    Raises
    ------
    CredentialsError
        A file is missing, is not what it should be, or its key may be read by others; or the
        library that signs is not installed.
    """
    if not has_library():
        raise CredentialsError(
            "signing needs c2pa-python: pip install 'catchlight[provenance]', or --credentials off."
        )
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CredentialsError(
            f"{printable(path)}: {error.strerror}. `catchlight credentials init` makes a test "
            "certificate, and docs/provenance.md says how to name one of your own."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The decoder's message may quote the file, and somebody may have pasted a key.
        raise CredentialsError(f"{printable(path)} is not valid TOML.") from None
    unknown = sorted(said.keys() - _KEYS)
    missing = sorted({"certificate", "key"} - said.keys())
    if unknown or missing:
        what = f"unknown: {', '.join(unknown)}" if unknown else f"missing: {', '.join(missing)}"
        raise CredentialsError(f"{printable(path)}: {what}. It has {', '.join(sorted(_KEYS))}.")
    algorithm = str(said.get("algorithm", "es256")).lower()
    if algorithm not in _ALGORITHMS:
        raise CredentialsError(f"{algorithm!r} is none of {', '.join(_ALGORITHMS)}.")
    key = path.parent / str(said["key"])
    check_mode(key)
    return Credentials(
        _read_pem(path.parent / str(said["certificate"]), "CERTIFICATE"),
        _read_pem(key, "PRIVATE KEY"),
        algorithm,
        str(said["timestamp"]) if said.get("timestamp") else None,
    )


def check_mode(key: Path) -> None:
    """Refuse a key that others than its owner may read or write.

    Raises
    ------
    CredentialsError
    """
    try:
        mode = stat.S_IMODE(key.stat().st_mode)
    except OSError as error:
        raise CredentialsError(f"the key {printable(key)}: {error.strerror}.") from None
    if os.name != "nt" and mode & 0o077:
        raise CredentialsError(
            f"the key {printable(key)} may be read by others (mode {mode:04o}). "
            f"Say: chmod 600 {printable(key)}"
        )


def _read_pem(path: Path, what: str) -> str:
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise CredentialsError(f"{printable(path)}: {error.strerror}.") from None
    except UnicodeDecodeError:
        text = ""
    if f"{what}-----" not in text:
        raise CredentialsError(f"{printable(path)} holds no {what.lower()} as PEM.")
    return text
