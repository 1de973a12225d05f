"""What studio writes into its files: the truth by every way, and nothing that was stripped."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from places import ROOT

from catchlight.images import encode_picture, open_picture
from catchlight.images.origin import find_origin
from catchlight.provenance.history import tell_plainly
from catchlight.provenance.terms import ADDRESS
from catchlight.render import Rendered
from catchlight.studio.jobs import Job, run
from catchlight.studio.output import Output, encode, save

LIGHT = np.full((64, 48, 3), 0.2, np.float32)
ASKED = {"look": {"backdrop": "navy", "size": 300, "matte": "fast", "adjust": {"detail": 0.0}}}


def test_a_saved_picture_says_what_it_is(tmp_path: Path) -> None:
    photo = open_picture(encode_picture(LIGHT, format="JPEG"))
    for made, term in (
        (Rendered(LIGHT, {"exposure": 0.5}), "algorithmicallyEnhanced"),
        (Rendered(LIGHT, {"exposure": 0.5}, painted=True), "composite"),
        (Rendered(LIGHT, {"detail": 0.5}, network=True), "compositeWithTrainedAlgorithmicMedia"),
        (LIGHT, "algorithmicallyEnhanced"),
    ):
        path = save(made, tmp_path / "out.jpg", photo=photo, force=True)
        assert find_origin(path.read_bytes()).source_type == term


def test_a_generated_photo_stays_generated_whatever_is_stripped() -> None:
    told = f'<x:xmpmeta Iptc4xmpExt:DigitalSourceType="{ADDRESS}trainedAlgorithmicMedia" '
    told += 'xmp:CreatorTool="Painter of Jane"></x:xmpmeta>'
    photo = open_picture(encode_picture(LIGHT, format="PNG", xmp=told.encode()))
    made = Rendered(LIGHT, {"teeth": 0.4})
    kept = find_origin(encode(made, photo, Output(), "JPEG"))
    assert kept.source_type == "trainedAlgorithmicMedia"
    assert any("Painter of Jane" in text for text in kept.history)
    data = encode(made, photo, Output(metadata="strip"), "JPEG")
    assert find_origin(data).source_type == "trainedAlgorithmicMedia"
    assert b"Jane" not in data
    assert find_origin(data).history == ()


def test_what_is_signed_tells_nothing_of_a_photo_that_is_stripped(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="the extra `provenance` is not installed")
    from catchlight.provenance.own_certificate import make_credentials
    from catchlight.provenance.read import read_account

    own = make_credentials(tmp_path / "own.toml", force=False)
    told = f'<x:xmpmeta Iptc4xmpExt:DigitalSourceType="{ADDRESS}digitalCapture" '
    told += 'xmp:CreatorTool="Painter of Jane"></x:xmpmeta>'
    source = encode_picture(LIGHT, format="JPEG", xmp=told.encode())
    plain = Rendered(LIGHT, {"teeth": 0.4})
    # A photo with a manifest of its own, whose tool is named in plain metadata as well.
    photo = open_picture(source)
    source = encode(plain, photo, Output(credentials=own), "JPEG", source=source)
    photo = open_picture(source)
    seal = hashlib.sha256(source).hexdigest().encode()
    for metadata, kept in (("keep", True), ("strip", False)):
        output = Output(credentials=own, metadata=metadata)
        history = replace(
            tell_plainly(plain.applied, photo.metadata.origin, painted=False),
            authenticity={"score": 91.5},
        )
        data = encode(plain, photo, output, "JPEG", history=history, source=source)
        account = read_account(data)
        assert account.manifest is not None
        assert account.manifest.intact
        assert account.manifest.actions[0] == "opened"
        assert any("teeth" in action for action in account.manifest.actions)
        assert len(account.manifest.parents) == kept
        for secret in (b"Jane", seal, b"authenticity"):
            assert (secret in data) == kept, secret


@pytest.mark.models
@pytest.mark.usefixtures("need_models")
def test_a_job_signs_and_records_what_it_says(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="the extra `provenance` is not installed")
    from catchlight.provenance.own_certificate import make_credentials
    from catchlight.provenance.read import read_account

    own = make_credentials(tmp_path / "own.toml", force=False)
    photo = ROOT / "examples" / "astronaut.jpg"
    target = tmp_path / "me.jpg"
    record = run(Job(photo, ASKED, files={"headshot": target}, output=Output(credentials=own)))
    assert not record.failed, record.json["error"]
    said = record.json["provenance"]
    assert said["source_type"] == "composite"
    assert said["signed"] is True
    assert record.json["seconds"]["encode"] > 0
    account = read_account(target.read_bytes())
    assert account.manifest is not None
    assert account.manifest.intact
    done = [
        name.replace("_", " ") for name, most in record.json["changes"].items() if most >= 0.005
    ]
    assert [a.split(": ")[1].split(",")[0] for a in account.manifest.actions[2:-1]] == done
    assert account.manifest.actions[-1].startswith("placed: a background of studio paper")
    # A key that others may read is refused before any work.
    target.with_name("key.pem").chmod(0o644)
    refused = run(
        Job(photo, ASKED, files={"headshot": tmp_path / "b.jpg"}, output=Output(credentials=own))
    )
    assert refused.failed
    assert refused.json["error"]["code"] == "credentials"
    assert not (tmp_path / "b.jpg").exists()
