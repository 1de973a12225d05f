"""Manifests of others in every format, a second reader of ours, and nobody asked over a network."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from catchlight.errors import CredentialsError
from catchlight.formats import FORMATS, WRITTEN
from catchlight.images import encode_picture
from catchlight.provenance.history import History, Step
from catchlight.provenance.read import read_account
from catchlight.provenance.terms import ADDRESS, GENERATED

pytest.importorskip("c2pa", reason="the extra `provenance` is not installed")

from catchlight.provenance.credentials import Credentials, load_credentials
from catchlight.provenance.library import embed, read_store
from catchlight.provenance.own_certificate import make_credentials
from catchlight.provenance.sign import sign

LIGHT = np.random.default_rng(7).uniform(0.1, 0.6, (96, 80, 3)).astype(np.float32)
TOLD = History((Step("c2pa.edited", "teeth, strength 0.4", region="teeth"),))
ACTION = {
    "action": "c2pa.created",
    "softwareAgent": {"name": "Painter", "version": "7"},
    "digitalSourceType": ADDRESS + GENERATED,
}
PAINTED: dict[str, Any] = {
    "claim_generator_info": [{"name": "Painter", "version": "7"}],
    "title": "image.jpg",
    "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [ACTION]}}],
}


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    folder = tmp_path_factory.mktemp("credentials")
    return load_credentials(make_credentials(folder / "own.toml", force=False))


@pytest.mark.parametrize("format", WRITTEN)
def test_the_chain_is_kept_whatever_format_a_photo_has(
    format: str, credentials: Credentials
) -> None:
    photo = embed(encode_picture(LIGHT, format=format), format, PAINTED, credentials)
    plain = encode_picture(LIGHT, format="JPEG")
    data = sign(plain, "JPEG", TOLD, credentials, photo=photo)
    assert len(data) - len(plain) <= 60_000
    found = read_account(data).manifest
    assert found is not None
    assert found.intact
    (parent,) = found.parents
    assert (parent.generator, parent.terms) == ("Painter 7", (GENERATED,))
    assert parent.intact
    # A photo that was changed after it was signed is kept as what it is.
    middle = len(photo) * 2 // 3 if format != "HEIC" else len(photo) - 20
    changed = photo[:middle] + bytes([photo[middle] ^ 4]) + photo[middle + 1 :]
    if read_account(changed, "x").unread is None:
        again = read_account(sign(plain, "JPEG", TOLD, credentials, photo=changed)).manifest
        assert again is not None
        assert again.intact
        assert [p.intact for p in again.parents] == [False]


@pytest.mark.parametrize("format", WRITTEN)
def test_a_second_reader_says_the_same(format: str, credentials: Credentials) -> None:
    second = pytest.importorskip("encypher_c2pa", reason="the second reader is not installed")
    source = embed(encode_picture(LIGHT, format="JPEG"), "JPEG", PAINTED, credentials)
    plain = encode_picture(LIGHT[::-1].copy(), format=format)
    data = sign(plain, format, TOLD, credentials, photo=source)
    found = second.verify_bytes(data, FORMATS[format].media, "{}")
    assert _told(found) == (True, False)
    middle = len(plain) * 2 // 3
    at = data.index(plain[middle : middle + 24])
    changed = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
    assert _told(second.verify_bytes(changed, FORMATS[format].media, "{}")) == (False, False)
    start = data.rindex(b"teeth, strength 0.4")
    changed = data[:start] + b"teeth, strength 0.1" + data[start + 19 :]
    assert _told(second.verify_bytes(changed, FORMATS[format].media, "{}")) == (False, False)


def _told(report: Any) -> tuple[bool, bool]:
    """Whether the second reader finds it intact, and its signer trusted."""
    said = json.loads(report) if isinstance(report, str) else report
    return said["integrity"] == "valid", said["trust"]["status"] == "trusted"


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this computer, and what it was asked."""
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_time_stamp_is_asked_for_only_where_an_authority_is_named(
    asked: tuple[str, list[str]], credentials: Credentials
) -> None:
    address, heard = asked
    plain = encode_picture(LIGHT, format="JPEG")
    assert credentials.timestamp is None
    sign(plain, "JPEG", TOLD, credentials, photo=None)
    assert heard == []
    with pytest.raises(CredentialsError, match="cannot be signed"):
        sign(plain, "JPEG", TOLD, replace(credentials, timestamp=f"{address}/tsa"), photo=None)
    assert heard[0] == "/tsa"


def test_no_address_in_a_file_is_visited(asked: tuple[str, list[str]]) -> None:
    address, heard = asked
    told = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    told += 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    told += '<rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" '
    told += f'dcterms:provenance="{address}/manifest.c2pa"/></rdf:RDF></x:xmpmeta>'
    data = encode_picture(LIGHT, format="JPEG", xmp=told.encode())
    assert read_account(data).manifest is None
    read_store(data, "JPEG")  # nor by the library, whatever calls it
    assert heard == []
