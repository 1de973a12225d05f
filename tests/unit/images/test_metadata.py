"""Metadata: what is kept, what is stripped and named, what is understood."""

import datetime
import io

import numpy as np
import pytest
from PIL import Image

from catchlight.images import encode_picture, open_picture
from catchlight.images.metadata import read_metadata

PLACE, OWNER, SERIAL = "N", "Jane Q. Public", "SN-0042-SECRET"
XMP = b'<x:xmpmeta exif:GPSLatitude="51,30N" dc:creator="Jane Q. Public"/>'


def camera_exif():
    exif = Image.Exif()
    exif.update({271: "Apple", 272: "iPhone 13", 306: "2024:05:06 07:08:09", 274: 6})
    exif.update({315: OWNER, 270: "Our house, " + SERIAL, 316: "janes-laptop", 305: "17.1"})
    exif[0x8769] = {
        33434: 0.008,
        33437: 1.6,
        34855: 200,
        36867: "2024:05:04 03:02:01",
        37386: 5.1,
        40962: 4032,
        40963: 3024,
        41989: 26,
        42036: "iPhone 13 back camera",
        42033: SERIAL,
        42037: SERIAL + "L",
        42032: OWNER,
        37500: b"Apple iOS\0" + SERIAL.encode(),
        42016: "0123456789",
    }
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 1.5), 3: "W", 4: (0.0, 7.0, 39.0)}
    return exif


def jpeg(exif=None, **options):
    out = io.BytesIO()
    image = Image.new("RGB", (64, 48), (90, 120, 150))
    image.save(out, "JPEG", **({"exif": exif} if exif is not None else {}), **options)
    return out.getvalue()


PIXELS = np.full((40, 30, 3), 0.2, np.float32)


def test_fields():
    m = open_picture(jpeg(camera_exif())).metadata
    assert m.camera == "Apple iPhone 13"
    assert m.lens == "iPhone 13 back camera"
    assert m.date == datetime.datetime(2024, 5, 4, 3, 2, 1)
    assert (m.focal_35mm, m.iso) == (26.0, 200)
    assert m.exposure == pytest.approx(0.008)
    assert m.size == (4032, 3024), "what the camera wrote, not what the file holds"
    assert m.had_location


def test_absent_fields_are_none():
    m = open_picture(jpeg()).metadata
    assert (m.exif, m.camera, m.lens, m.date, m.focal_35mm, m.exposure, m.iso) == (None,) * 7
    assert m.size is None
    assert m.removed == ()
    assert not m.had_location


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "AVIF"])
@pytest.mark.parametrize("bits", [8, 16])
def test_keep_keeps_camera_and_strips_person(kind, bits):
    if bits == 16 and kind not in ("PNG", "TIFF"):
        pytest.skip("8-bit format")
    source = open_picture(jpeg(camera_exif(), xmp=XMP, comment=b"hello")).metadata
    data = encode_picture(PIXELS, format=kind, bits=bits, metadata=source)
    for secret in (OWNER, SERIAL, "Our house", "janes-laptop", "51,30N", "hello"):
        assert secret.encode() not in data
    again = open_picture(data)
    assert again.codes.shape == PIXELS.shape  # orientation 6 was reset, not applied again
    m = again.metadata
    assert not m.had_location
    assert (m.camera, m.date, m.lens) == (source.camera, source.date, source.lens)
    assert (m.focal_35mm, m.iso, m.exposure) == (26.0, 200, pytest.approx(0.008))
    # An independent look at the written tags.
    exif = Image.open(io.BytesIO(data)).getexif()
    assert exif.get(274, 1) == 1
    assert not exif.get_ifd(0x8825)
    assert 42033 not in exif.get_ifd(0x8769)
    assert exif[271] == "Apple"


def test_what_was_stripped_is_said():
    removed = open_picture(jpeg(camera_exif(), xmp=XMP, comment=b"hello")).metadata.removed
    text = ", ".join(removed)
    for word in ("location", "serial number", "owner", "maker note", "XMP", "comment", "caption"):
        assert word in text
    assert len(set(removed)) == len(removed)


def test_strip_leaves_only_the_profile():
    data = encode_picture(PIXELS, format="JPEG", metadata=None)
    image = Image.open(io.BytesIO(data))
    assert "exif" not in image.info
    assert "icc_profile" in image.info


def test_location_in_xmp_alone_is_found():
    m = open_picture(jpeg(xmp=XMP)).metadata
    assert m.had_location
    assert "location" in m.removed


def test_thumbnail_is_named():
    exif = camera_exif().tobytes().removeprefix(b"Exif\0\0")
    # Link a second directory (IFD1) after the first, as cameras do for their thumbnail.
    at = int.from_bytes(exif[4:8], "little" if exif[:2] == b"II" else "big")
    order = "little" if exif[:2] == b"II" else "big"
    count = int.from_bytes(exif[at : at + 2], order)
    link = at + 2 + 12 * count
    entry = (259).to_bytes(2, order) + (3).to_bytes(2, order) + (1).to_bytes(4, order)
    entry += (6).to_bytes(2, order) + bytes(2)
    linked = exif[:link] + len(exif).to_bytes(4, order) + exif[link + 4 :]
    linked += (1).to_bytes(2, order) + entry + bytes(4)
    assert "thumbnail" in read_metadata(linked).metadata.removed
    assert "thumbnail" not in read_metadata(exif).metadata.removed


def test_png_text_is_named_without_decoding_it():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", OWNER)
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=info)
    assert "comment" in open_picture(out.getvalue()).metadata.removed


@pytest.mark.parametrize(
    "block", [b"", b"garbage", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\0\x09" + b"\xff" * 60]
)
def test_damaged_exif_does_not_lose_the_picture(block):
    picture = open_picture(jpeg(b"Exif\0\0" + block))
    assert picture.width == 64
    assert picture.metadata.camera is None


def test_nonsense_values_are_none():
    exif = Image.Exif()
    exif[271] = "X"
    exif[0x8769] = {33434: 0.0, 41989: 0, 36867: "0000:00:00 00:00:00", 34855: 0}
    m = open_picture(jpeg(exif)).metadata
    assert (m.exposure, m.focal_35mm, m.date, m.iso) == (None,) * 4
