"""The doorkeeper: hosts, origins and the token."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from catchlight.web.problems import Problem

#: Methods that change nothing.
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Doorkeeper:
    """Knows which names this service has, and who may come in.

    Parameters
    ----------
    host : str, the address that is listened on
    token : str, optional
        What a visitor must show; None lets in whoever is on this computer.
    names : collection of str
        Further names under which the service may be asked for.
    """

    def __init__(
        self, host: str = "127.0.0.1", *, token: str | None = None, names: Collection[str] = ()
    ) -> None:
        self.token = token
        self.alone = is_loopback(host)
        own = {"localhost", host.lower()} | {n.lower() for n in names}
        self.names = frozenset(own if self.alone else own | _own_names())
        # A cookie of its own, so that nobody finds the token in a browser's store.
        self.cookie = hashlib.sha256(f"catchlight cookie {token}".encode()).hexdigest()

    def check_host(self, headers: Headers) -> None:
        """Refuse names that are not this service's: another site's name may lead here, too.

        Addresses in figures are safe on a network: no name was rebound.

        Raises
        ------
        Problem
        """
        given = headers.getlist("host")
        if len(given) != 1:
            raise Problem("host", "Say once which host is asked for.")
        name = _name_of(given[0])
        if name in self.names:
            return
        address = _address(name)
        if address is not None and (address.is_loopback or not self.alone):
            return
        raise Problem("host", "This service does not go by that name. Use the address printed.")

    def check_origin(self, method: str, headers: Headers) -> None:
        """Refuse what another site's page sends.

        Raises
        ------
        Problem
        """
        site = headers.get("sec-fetch-site", "none")
        followed = headers.get("sec-fetch-mode") == "navigate" and method in _SAFE
        if site not in ("none", "same-origin") and not followed:
            raise Problem("origin", "Another site asked for it.")
        origin = headers.get("origin")
        if origin is None:
            return
        if urlsplit(origin).netloc.lower() != headers["host"].lower():
            raise Problem("origin", "Another site asked for it.")

    def knows(self, headers: Headers) -> bool:
        """Whether somebody showed the token, or need not."""
        if self.token is None:
            return True
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.fits(given.strip()):
            return True
        pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
        shown = [value for name, _, value in pairs if name == "catchlight"]
        return any(_same(value, self.cookie) for value in shown)

    def fits(self, given: str) -> bool:
        """Whether it is the token; takes as long whatever it is."""
        return self.token is not None and _same(given, self.token)


def make_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(24)


def is_loopback(host: str) -> bool:
    """Whether an address can be reached from this computer only."""
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def _own_names() -> set[str]:
    """The names under which a network knows this computer."""
    name = socket.gethostname().lower()
    return {name, f"{name}.local"}


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode("utf-8", "replace"), b.encode("utf-8", "replace"))


def _name_of(host: str) -> str:
    """A host without its port, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
