"""JPEGs: unread kinds named, what is cut off used as far as it goes, metadata never in the way."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from corpus import draw, saved, secret_block
from PIL import Image

from catchlight.errors import UnreadablePicture
from catchlight.images import open_picture

# Noise fills every row with bits of its own, so that a cut loses rows at once.
NOISE = np.random.default_rng(3).integers(0, 256, (160, 96, 3), np.uint8)
IMAGE = Image.fromarray(NOISE)


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_without_its_last_bytes_it_is_whole(mode: str, progressive: bool, lost: int) -> None:
    data = saved(IMAGE.convert(mode), "JPEG", quality=90, progressive=progressive)
    whole = open_picture(data)
    picture = open_picture(data[:-lost])
    np.testing.assert_array_equal(picture.codes, whole.codes)
    assert picture.notes[-1] == whole.notes[-1] if mode == "CMYK" else True
    assert any("lacks its last bytes" in note for note in picture.notes)


@pytest.mark.parametrize("share", [0.7, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("subsampling", [0, 2])
def test_rows_that_are_missing_are_left_out(share: float, subsampling: int) -> None:
    data = saved(IMAGE, "JPEG", quality=90, subsampling=subsampling)
    whole = open_picture(data).codes
    picture = open_picture(data[: int(len(data) * share)])
    rows = picture.height
    np.testing.assert_array_equal(picture.codes, whole[:rows])
    # About so many rows are there; a row of blocks is lost, and two for smoothed chroma.
    assert 160 * share - 22 <= rows <= 160 * share + 8
    assert any(f"lowest {160 - rows} rows are missing" in note for note in picture.notes)


def test_half_a_photo_is_too_little() -> None:
    data = saved(IMAGE, "JPEG", quality=90)
    with pytest.raises(UnreadablePicture, match="truncated"):
        open_picture(data[: int(len(data) * 0.45)])


def test_a_progressive_one_may_lack_its_last_refinement_only() -> None:
    data = saved(IMAGE, "JPEG", quality=90, progressive=True)
    whole = open_picture(data).codes.astype(int)
    late = open_picture(data[: int(len(data) * 0.97)])
    assert late.height == 160
    assert np.abs(late.codes - whole).mean() < 3
    assert any("coarser" in note for note in late.notes)
    with pytest.raises(UnreadablePicture, match="truncated"):
        open_picture(data[: int(len(data) * 0.3)])


def with_frame(marker: int, precision: int) -> bytes:
    data = bytearray(saved(IMAGE, "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4] = marker, precision
    return bytes(data)


@pytest.mark.parametrize(
    ("marker", "precision", "words"),
    [(0xC1, 12, "12-bit"), (0xC3, 16, "lossless"), (0xC5, 8, "hierarchical"), (0xF7, 8, "JPEG-LS")],
)
def test_other_kinds_are_named(marker: int, precision: int, words: str) -> None:
    with pytest.raises(UnreadablePicture, match=f"{words}.* JPEG.*not supported") as caught:
        open_picture(with_frame(marker, precision))
    assert "damaged" not in str(caught.value)


@pytest.mark.parametrize("marker", range(0xE1, 0xF0))
def test_no_note_stands_before_the_picture(marker: int) -> None:
    """Every application segment, filled with nonsense of known beginnings."""
    plain = saved(Image.fromarray(draw()), "JPEG")
    for begin in (b"Exif\0\0", b"MPF\0", b"Photoshop 3.0\0", b"ICC_PROFILE\0\1\2", b"FPXR\0", b""):
        if marker == 0xEE:
            continue  # Adobe's says how colours are stored
        body = begin + bytes(range(255, 200, -1)) * 4
        segment = bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body
        picture = open_picture(plain[:2] + segment + plain[2:])
        np.testing.assert_array_equal(picture.codes, open_picture(plain).codes)


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_nor_in_other_formats(kind: str) -> None:
    image = Image.fromarray(draw(64, 64))
    block = b"Exif\0\0" + secret_block(1)
    data = saved(image, kind, exif=block)
    at = max(data.find(b"MM\0*"), data.find(b"II*\0"))
    assert at > 0
    broken = data[:at] + b"no TIFF at all"[:10] + data[at + 10 :]
    picture = open_picture(broken)
    np.testing.assert_array_equal(picture.codes, open_picture(data).codes)
    assert picture.notes
