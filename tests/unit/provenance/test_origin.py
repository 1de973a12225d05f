"""What a result says of its making in plain metadata, and what is heard of others'."""

from __future__ import annotations

import io
import time
import tracemalloc
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest
from corpus import SECRETS, XMP, make_corpus
from PIL import Image, PngImagePlugin

from catchlight.adjustments.catalogue import NAMES
from catchlight.formats import WRITTEN
from catchlight.images import encode_picture, open_picture
from catchlight.images.origin import Origin, find_origin
from catchlight.provenance.history import (
    History,
    Step,
    say_history,
    tell_backdrop,
    tell_history,
    tell_plainly,
)
from catchlight.provenance.terms import ADDRESS, choose_term, say_term
from catchlight.provenance.xmp import TOOL, write_packet

LIGHT = np.full((32, 32, 3), 0.2, np.float32)
TOLD = History(
    (Step("c2pa.cropped", 'cropped, "wide" & <tall>'), Step("c2pa.edited", "teeth, strength 0.4")),
    "composite",
    Origin(source_type="digitalCapture", tool="Photos 9"),
)


def record(**changed: object) -> dict[str, object]:
    """What a job's record has of it."""
    return {
        "restored": None,
        "backdrop": {"asked": "auto", "chosen": "keep", "why": ""},
        "frame": {
            "crop": "headshot",
            "turn_degrees": 0.0,
            "enlarged": 0.8,
            "extends_beyond_photo": False,
        },
        "size": [640, 800],
        "look": {"adjust": dict.fromkeys(NAMES, 0.5)},
        "marks": [{"healed": True}, {"healed": False}],
        "changes": {"exposure": 0.4, "blemishes": 0.7, "texture": 0.001},
        "authenticity": None,
        "skin": None,
        **changed,
    }


@pytest.mark.parametrize("written", WRITTEN)
def test_every_format_says_what_was_done_and_reads_it_back(written: str) -> None:
    data = encode_picture(LIGHT, format=written, xmp=write_packet(TOLD))
    found = find_origin(data)
    assert found.source_type == "composite"
    assert found.tool == TOOL
    assert found.history == tuple(say_history(TOLD))
    again = open_picture(data).metadata
    assert again.origin == found
    assert again.removed == ()  # ours names nobody


@pytest.mark.parametrize("written", WRITTEN)
def test_another_reader_finds_the_packet(written: str) -> None:
    if written == "HEIC":
        pytest.skip("Pillow reads no HEIC by itself")
    packet = write_packet(TOLD)
    with Image.open(io.BytesIO(encode_picture(LIGHT, format=written, xmp=packet))) as image:
        image.load()
        known = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    assert known is not None
    assert (known.encode() if isinstance(known, str) else bytes(known)) == packet


def test_the_packet_is_sound_xml_of_the_standards_namespaces() -> None:
    tree = ElementTree.fromstring(write_packet(TOLD).decode())
    description = next(tree.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"))
    extension = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
    assert description.get(f"{extension}DigitalSourceType") == ADDRESS + "composite"
    event = "{http://ns.adobe.com/xap/1.0/sType/ResourceEvent#}"
    rows = [row.get(f"{event}parameters") for row in tree.iter() if row.get(f"{event}action")]
    assert rows == say_history(TOLD)


def test_strip_says_the_term_and_nothing_else() -> None:
    packet = write_packet(TOLD, bare=True)
    assert b"composite" in packet
    for word in (b"Photos 9", b"teeth", b"History>", b"cropped"):
        assert word not in packet


def test_the_same_history_gives_the_same_bytes() -> None:
    assert write_packet(TOLD) == write_packet(TOLD)


def test_what_was_done_is_told_and_what_was_not_is_not() -> None:
    said = [step.said for step in tell_history(record()).steps]
    assert said == [
        "cropped as headshot, 640 x 800 pixels",
        "exposure, strength 0.5",
        "blemishes, strength 0.5",
    ]
    assert tell_history(record()).steps[2].parameters["healed"] == 1
    assert tell_history(record()).term == "algorithmicallyEnhanced"


def test_every_adjustment_can_be_told() -> None:
    steps = tell_history(record(changes=dict.fromkeys(NAMES, 0.5))).steps[1:]
    assert [step.said.split(",")[0].replace(" ", "_") for step in steps] == list(NAMES)
    assert {step.action for step in steps} <= {
        "c2pa.color_adjustments",
        "c2pa.edited",
        "c2pa.enhanced",
    }


def test_a_network_that_painted_is_named() -> None:
    restored = {"steps": ["enlarged 3.0 times by super-resolution"], "share": 1.0}
    without = tell_history(record(restored=restored | {"network": False}, changes={"detail": 1.0}))
    assert without.term == "algorithmicallyEnhanced"
    told = tell_history(record(restored=restored | {"network": True}, changes={"detail": 1.0}))
    assert told.term == "compositeWithTrainedAlgorithmicMedia"
    assert told.steps[-1].term == told.term
    assert b"SPAN" in write_packet(told)
    assert b"SPAN" not in write_packet(without)


@pytest.mark.parametrize(
    ("asked", "chosen", "term"),
    [
        ("auto", "keep", "algorithmicallyEnhanced"),
        ("auto", "blur", "algorithmicallyEnhanced"),
        ("auto", "paper, studio-warm", "composite"),
        ("navy", "navy", "composite"),
        ("#aabbcc", "#aabbcc", "composite"),
        ("/homes/jane/office.png", "/homes/jane/office.png", "composite"),
    ],
)
def test_what_stands_behind_decides_the_term(asked: str, chosen: str, term: str) -> None:
    told = tell_history(record(backdrop={"asked": asked, "chosen": chosen, "why": ""}))
    assert told.term == term
    assert b"jane" not in write_packet(told)


def test_a_plain_result_tells_its_background() -> None:
    assert tell_plainly({"exposure": 0.3}, Origin(), painted=False).term != "composite"
    assert tell_plainly({"exposure": 0.3}, Origin(), painted=True).term == "composite"
    assert tell_backdrop("keep", "keep") is None
    drawn = tell_plainly({"detail": 0.3}, Origin(), painted=False, network=True)
    assert drawn.term == drawn.steps[0].term == "compositeWithTrainedAlgorithmicMedia"


@pytest.mark.parametrize(
    ("source", "network", "term"),
    [
        (None, False, "algorithmicallyEnhanced"),
        ("digitalCapture", False, "algorithmicallyEnhanced"),
        ("trainedAlgorithmicMedia", False, "trainedAlgorithmicMedia"),
        ("trainedAlgorithmicMedia", True, "trainedAlgorithmicMedia"),
        ("compositeWithTrainedAlgorithmicMedia", False, "compositeWithTrainedAlgorithmicMedia"),
        ("screenCapture", True, "compositeWithTrainedAlgorithmicMedia"),
        ("screenCapture", False, "screenCapture"),
        ("somethingOfTomorrow", False, "somethingOfTomorrow"),
    ],
)
def test_what_a_photo_said_is_never_made_less(source: str, network: bool, term: str) -> None:
    assert choose_term(painted=False, network=network, source=source) == term
    assert say_term(term)


def test_generators_are_known_by_what_they_write() -> None:
    def png(**texts: str) -> bytes:
        info = PngImagePlugin.PngInfo()
        for word, text in texts.items():
            info.add_text(word, text, zip=word == "workflow")
        out = io.BytesIO()
        Image.new("RGB", (32, 32)).save(out, "PNG", pnginfo=info)
        return out.getvalue()

    assert find_origin(png(parameters="a cat\nSteps: 20, Sampler: Euler")).generator
    assert find_origin(png(workflow='{"nodes": []}')).generator == "ComfyUI"
    assert find_origin(png(Comment="a holiday")) == Origin()
    assert find_origin(png(Software="GIMP 3")).tool == "GIMP 3"
    assert not find_origin(png(Software="GIMP 3")).says_generated
    broken = png(workflow="x" * 50).replace(zlib.compress(b"x" * 50), b"\0" * 12)
    assert find_origin(broken).generator is None


def test_elements_and_attributes_are_read_alike() -> None:
    address = ADDRESS + "trainedAlgorithmicMedia"
    for told in (
        f'<rdf:Description Iptc4xmpExt:DigitalSourceType="{address}"/>',
        f"<Iptc4xmpExt:DigitalSourceType>{address}</Iptc4xmpExt:DigitalSourceType>",
        f'<Iptc4xmpExt:DigitalSourceType rdf:resource="{address}"/>',
        "<iptcExt:DigitalSourceType>digsrctype:trainedAlgorithmicMedia</iptcExt:DigitalSourceType>",
    ):
        data = b"\xff\xd8" + f"<x:xmpmeta>{told}</x:xmpmeta>".encode()
        assert find_origin(data).source_type == "trainedAlgorithmicMedia", told
        assert find_origin(data).says_generated
    cut = b'<x:xmpmeta Iptc4xmpExt:DigitalSourceType="x/trainedAlgorithmicMedia"'
    assert find_origin(cut) == Origin()


def test_no_secret_of_a_photo_is_heard() -> None:
    for kind in ("jpeg notes", "png notes", "tiff notes", "webp notes"):
        photo = open_picture(make_corpus()[kind])
        packet = write_packet(tell_plainly({"teeth": 0.2}, photo.metadata.origin, painted=False))
        assert not any(secret.encode() in packet for secret in SECRETS)
    credit = XMP.replace(b'dc:creator="', b'photoshop:Credit="')
    assert find_origin(credit).credit is None
    google = XMP.replace(b"Jane Q. Public", b"Made with Google AI")
    google = google.replace(b"dc:creator", b"photoshop:Credit")
    assert find_origin(google).credit == "Made with Google AI"


def test_no_file_can_make_the_search_slow_or_fill_the_memory() -> None:
    body = b"parameters\0\0" + zlib.compress(b" " * (8 << 20))
    size, seal = len(body), zlib.crc32(b"zTXt" + body)
    bomb = size.to_bytes(4, "big") + b"zTXt" + body + seal.to_bytes(4, "big")
    spaces = b"<x:xmpmeta xmp:CreatorTool>" + b" " * (1 << 20) + b"x</x:xmpmeta>"
    tracemalloc.start()
    start = time.process_time()
    assert find_origin(b"\x89PNG\r\n\x1a\n" + 300 * bomb).generator is None
    assert find_origin(b"\xff\xd8" + 5 * spaces).tool is None
    assert time.process_time() - start < 3
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200e6
