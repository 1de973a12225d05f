"""Signed manifests: what they say, that changes are found, and that nothing private is carried."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from corpus import SECRETS

from catchlight.errors import CredentialsError, OutputExists
from catchlight.formats import WRITTEN
from catchlight.images import encode_picture, open_picture
from catchlight.images.origin import Origin
from catchlight.provenance.account import account_to_json, say_account, say_generated
from catchlight.provenance.history import History, Step, tell_backdrop
from catchlight.provenance.privacy import find_private
from catchlight.provenance.read import hear_manifest, read_account
from catchlight.provenance.xmp import write_packet

pytest.importorskip("c2pa", reason="the extra `provenance` is not installed")

from catchlight.provenance.credentials import (
    Credentials,
    choose_credentials,
    load_credentials,
)
from catchlight.provenance.library import embed, read_store
from catchlight.provenance.own_certificate import make_credentials
from catchlight.provenance.sign import describe, sign

LIGHT = np.random.default_rng(4).uniform(0.1, 0.6, (96, 80, 3)).astype(np.float32)
PAPER = tell_backdrop("navy", "navy")
assert PAPER is not None
TOLD = History(
    (
        Step("c2pa.cropped", "cropped as headshot", parameters={"crop": "headshot"}),
        Step("c2pa.edited", "teeth, strength 0.4", parameters={"strength": 0.4}, region="teeth"),
        PAPER,
    ),
    "composite",
    authenticity={"score": 93.5, "components": {}, "skin": None},
)


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    folder = tmp_path_factory.mktemp("credentials")
    return load_credentials(make_credentials(folder / "own.toml", force=False))


def shot(format: str) -> bytes:
    return encode_picture(LIGHT, format=format, xmp=write_packet(TOLD))


@pytest.fixture(scope="module")
def photo() -> bytes:
    return encode_picture(LIGHT[::-1].copy(), format="JPEG")


@pytest.mark.parametrize("format", WRITTEN)
def test_every_format_is_signed_and_validates(
    format: str, credentials: Credentials, photo: bytes
) -> None:
    plain = shot(format)
    data = sign(plain, format, TOLD, credentials, photo=photo)
    assert len(plain) < len(data) <= len(plain) + 60_000
    assert np.array_equal(open_picture(data).codes, open_picture(plain).codes)
    account = read_account(data, "x")
    found = account.manifest
    assert found is not None
    assert found.intact
    assert not found.trusted  # nobody vouches for a certificate of one's own
    assert "UNTRUSTED" in found.signer
    assert found.actions[0] == "opened"
    assert [a.split(": ")[-1] for a in found.actions[1:]] == [step.said for step in TOLD.steps]
    assert found.terms == ("algorithmicallyEnhanced", "algorithmicMedia")
    assert account.origin.source_type == "composite"


@pytest.mark.parametrize("format", WRITTEN)
def test_changed_pixels_are_found(format: str, credentials: Credentials, photo: bytes) -> None:
    plain = shot(format)
    data = bytearray(sign(plain, format, TOLD, credentials, photo=photo))
    middle = len(plain) * 2 // 3  # the picture's own bytes, in every format
    at = bytes(data).index(plain[middle : middle + 24])
    data[at] ^= 4
    account = read_account(bytes(data), "x")
    assert account.is_broken
    assert account.manifest is None or "the file was changed after it was signed" in (
        account.manifest.problems
    )


@pytest.mark.parametrize("format", WRITTEN)
def test_a_changed_manifest_is_found(format: str, credentials: Credentials, photo: bytes) -> None:
    data = sign(shot(format), format, TOLD, credentials, photo=photo)
    start = data.rindex(b"teeth, strength 0.4")
    account = read_account(data[:start] + b"teeth, strength 0.1" + data[start + 19 :], "x")
    assert account.is_broken
    assert not any("intact:" in line and "NOT" not in line for line in say_account(account))


def test_what_the_manifest_holds(credentials: Credentials, photo: bytes) -> None:
    data = sign(shot("JPEG"), "JPEG", TOLD, credentials, photo=photo)
    store = read_store(data, "JPEG")
    assert store is not None
    manifest = store["manifests"][store["active_manifest"]]
    told = {row["label"]: row["data"] for row in manifest["assertions"]}
    assert told["org.catchlight.authenticity"]["score"] == 93.5
    assert re.fullmatch("[0-9a-f]{64}", told["org.catchlight.record"]["photo"]["sha256"])
    teeth = told["c2pa.actions.v2"]["actions"][2]
    assert teeth["parameters"]["org.catchlight.strength"] == 0.4
    assert teeth["softwareAgent"]["name"] == "Catchlight"
    assert teeth["changes"][0]["region"][0]["item"]["value"] == "teeth"
    assert [i["relationship"] for i in manifest["ingredients"]] == ["parentOf", "componentOf"]
    assert not any("thumbnail" in json.dumps(i) for i in manifest["ingredients"])
    assert store["validation_state"] == "Valid"


def other(credentials: Credentials, **more: object) -> bytes:
    """A photo with a manifest of somebody else's."""
    action = {"action": "c2pa.created", "softwareAgent": {"name": "Painter", "version": "7"}}
    action["digitalSourceType"] = (
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    )
    manifest = {
        "claim_generator_info": [{"name": "Painter", "version": "7"}],
        "title": "image.jpg",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
    }
    extra = more.pop("extra", None)
    photo = more.pop("photo", encode_picture(LIGHT, format="JPEG"))
    if extra:
        manifest["assertions"] = [*manifest["assertions"], extra]  # type: ignore[misc]
    return embed(photo, "JPEG", {**manifest, **more}, credentials)  # type: ignore[arg-type]


def test_the_chain_of_a_photo_is_kept_and_heard(credentials: Credentials) -> None:
    source = other(credentials)
    picture = open_picture(source)
    assert picture.metadata.origin.manifest
    origin = hear_manifest(picture.metadata.origin, source)
    assert origin.source_type == "trainedAlgorithmicMedia"
    plain = shot("JPEG")
    data = sign(plain, "JPEG", TOLD, credentials, photo=source)
    assert len(data) - len(plain) <= 60_000
    account = read_account(data)
    assert account.manifest is not None
    assert account.manifest.intact
    (parent,) = account.manifest.parents
    assert parent.generator == "Painter 7"
    assert parent.terms == ("trainedAlgorithmicMedia",)
    assert account.manifest.generated == "trainedAlgorithmicMedia"
    assert "generated" in str(say_generated(account))
    assert account_to_json(account)["manifest"]["parents"][0]["generator"] == "Painter 7"
    # And once more: a result of a result.
    again = read_account(sign(plain, "JPEG", TOLD, credentials, photo=data))
    assert again.manifest is not None
    assert again.manifest.parents[0].parents[0].generator == "Painter 7"


def gps() -> dict[str, object]:
    data = {
        "@context": {"exif": "http://ns.adobe.com/exif/1.0/"},
        "exif:GPSLatitude": SECRETS[3],
        "exif:Make": "X",
    }
    return {"label": "c2pa.metadata", "data": data}


def person() -> dict[str, object]:
    data = {"@type": "CreativeWork", "author": [{"@type": "Person", "name": SECRETS[0]}]}
    return {"label": "stds.schema-org.CreativeWork", "data": data, "kind": "Json"}


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"extra": gps()}, "a place"),
        ({"extra": person()}, "a name"),
        ({"title": f"{SECRETS[0]}.jpg"}, "a file's name"),
    ],
)
def test_a_private_manifest_gives_way_to_a_hash_and_a_note(
    more: dict[str, object], word: str, credentials: Credentials
) -> None:
    source = other(credentials, **more)
    store = read_store(source, "JPEG")
    assert store is not None
    assert word in find_private(store)
    data = sign(shot("JPEG"), "JPEG", TOLD, credentials, photo=source)
    assert not any(secret.encode() in data for secret in SECRETS)
    account = read_account(data)
    assert account.manifest is not None
    assert account.manifest.intact
    assert account.manifest.parents == ()
    assert b"manifest is not kept" in data


def test_no_identifier_of_a_photo_is_handed_on(credentials: Credentials) -> None:
    told = b'<x:xmpmeta><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    told += b'<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
    told += b'xmpMM:InstanceID="xmp.iid:SECRET-1" xmpMM:DocumentID="xmp.did:SECRET-2"/></rdf:RDF>'
    packet = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>' + told + b"</x:xmpmeta>"
    packet += b'<?xpacket end="r"?>'
    source = other(credentials, photo=encode_picture(LIGHT, format="JPEG", xmp=packet))
    data = sign(shot("JPEG"), "JPEG", TOLD, credentials, photo=source)
    assert b"SECRET" in source
    assert b"SECRET" not in data
    assert b"a number of the file" in data


def test_a_broken_manifest_of_a_photo_stops_nothing(credentials: Credentials) -> None:
    source = bytearray(other(credentials))
    source[-300] ^= 1
    data = sign(shot("JPEG"), "JPEG", TOLD, credentials, photo=bytes(source))
    account = read_account(data)
    assert account.manifest is not None
    assert account.manifest.intact
    cut = bytes(source[:120]) + bytes(source[900:])
    assert read_account(sign(shot("JPEG"), "JPEG", TOLD, credentials, photo=cut)).manifest


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = make_credentials(tmp_path / "a" / "own.toml", force=False)
    key = path.with_name("key.pem")
    if os.name != "nt":
        assert key.stat().st_mode & 0o777 == 0o600
        key.chmod(0o644)
        with pytest.raises(CredentialsError, match="may be read by others"):
            load_credentials(path)
        key.chmod(0o600)
    secret = key.read_text()
    assert secret.splitlines()[1] not in repr(load_credentials(path))
    with pytest.raises(OutputExists):
        make_credentials(path, force=False)
    assert key.read_text() == secret
    make_credentials(path, force=True)
    assert key.read_text() != secret


def test_what_is_wrong_with_credentials_is_said_without_the_key(tmp_path: Path) -> None:
    path = make_credentials(tmp_path / "own.toml", force=False)
    secret = path.with_name("key.pem").read_text()
    for text in (f"key = {secret}", 'key = "key.pem"', 'key="key.pem"\ncertificate="no.pem"'):
        path.write_text(text)
        with pytest.raises(CredentialsError) as raised:
            load_credentials(path)
        assert secret.splitlines()[1] not in str(raised.value)
    with pytest.raises(CredentialsError, match="init"):
        choose_credentials(str(tmp_path / "absent.toml"))
    assert choose_credentials("off") is None


def test_a_key_that_fits_no_certificate_cannot_sign(
    tmp_path: Path, credentials: Credentials
) -> None:
    stranger = load_credentials(make_credentials(tmp_path / "own.toml", force=False))
    mixed = Credentials(credentials.certificate, stranger.key)
    with pytest.raises(CredentialsError, match="cannot be signed"):
        sign(shot("JPEG"), "JPEG", TOLD, mixed, photo=None)


def test_files_without_a_word_say_so(photo: bytes) -> None:
    account = read_account(photo, "x.jpg")
    assert account.generated_by is None
    assert say_generated(account) is None
    assert say_account(account)[0].startswith("The file does not say")
    assert not account.is_broken
    assert describe(History(()), photo=None, kind=None, left_out=None)["title"] == "headshot"
    assert hear_manifest(Origin(), photo) == Origin()
