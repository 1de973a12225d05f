"""What a PNG says of its colours, in the order of its specification; and what it may not spoil."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from corpus import XMP, chunk, draw, lut_profile, png16, saved, secret_block, with_chunks
from PIL import Image

from catchlight.images import Picture, open_picture
from catchlight.images.encoding import cicp_to_encoding, primaries_to_xyz
from catchlight.images.profiles import p3_profile
from catchlight.pixels.colour import D65, SRGB_TO_XYZ, srgb_to_linear

RGB = draw()
PLAIN = saved(Image.fromarray(RGB), "PNG")
ADOBE = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)
SRGB = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
ICC = chunk(b"iCCP", b"P3\0\0" + zlib.compress(p3_profile()))


def gama(value: int) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", value))


def chrm(values: tuple[int, ...]) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *values))


def read(*chunks: bytes) -> Picture:
    return open_picture(with_chunks(PLAIN, *chunks))


def test_gamma_alone_is_a_power() -> None:
    picture = read(gama(55556))
    light = picture.linear_native()
    np.testing.assert_allclose(light, (RGB / 255) ** 1.8, atol=2e-5)
    assert picture.notes == ()


@pytest.mark.parametrize("deep", [False, True])
def test_chromaticities_are_honoured_at_8_and_16_bits(deep: bool) -> None:
    data = png16(RGB.astype(np.uint16) * 257) if deep else PLAIN
    picture = open_picture(with_chunks(data, gama(45470), chrm(ADOBE)))
    to_xyz = primaries_to_xyz(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)))
    want = ((RGB / 255) ** (100000 / 45470)) @ to_xyz.T
    got = picture.linear() @ np.linalg.inv(_p3_to_xyz()).T
    np.testing.assert_allclose(got, want, atol=2e-4)


def _p3_to_xyz() -> np.ndarray:
    """XYZ -> P3, whose inverse takes what is read back to XYZ."""
    from catchlight.pixels.colour import P3_TO_XYZ

    return np.linalg.inv(P3_TO_XYZ)


def test_another_white_is_adapted_to_ours() -> None:
    """A white point of D50 is white, not yellow."""
    white = read(gama(45455), chrm((34570, 35850, *ADOBE[2:])))
    neutral = white.encoding.matrix @ np.ones(3)
    np.testing.assert_allclose(neutral, 1, atol=1e-6)


@pytest.mark.parametrize(
    "chunks",
    [
        (gama(45455),),
        (gama(45455), chrm(SRGB)),
        (chunk(b"sRGB", b"\0"),),
        (chunk(b"sRGB", b"\0"), gama(100000), chrm(ADOBE)),
    ],
)
def test_srgb_stays_srgb(chunks: tuple[bytes, ...]) -> None:
    picture = read(*chunks)
    assert picture.encoding.is_srgb
    np.testing.assert_array_equal(picture.codes, RGB)


def test_the_stronger_word_counts() -> None:
    """CICP before iCCP before sRGB before gAMA and cHRM, however they are ordered in the file."""
    code_points = chunk(b"cICP", bytes([9, 1, 0, 1]))
    weaker = (gama(100000), chrm(ADOBE), chunk(b"sRGB", b"\0"))
    assert read(*weaker, ICC).encoding.name == "Display P3"
    assert read(ICC, *weaker).encoding.icc == p3_profile()
    strongest = read(*weaker, ICC, code_points)
    assert strongest.encoding.name == cicp_to_encoding(9, 1, 256).name == "BT.2020"
    assert strongest.encoding.icc is None


@pytest.mark.parametrize(
    "chunks",
    [
        (gama(0),),
        (gama(4000000000),),
        (chrm((0,) * 8), gama(45455)),
        (chrm((1,) * 8),),
        (chunk(b"cHRM", b"short"),),
        (chunk(b"gAMA", b""),),
    ],
)
def test_nonsense_is_no_colour(chunks: tuple[bytes, ...]) -> None:
    picture = read(*chunks)
    np.testing.assert_array_equal(picture.codes, RGB)
    light = srgb_to_linear(RGB / 255) @ SRGB_TO_XYZ.T
    assert np.abs(light @ np.ones(3) - light.sum(-1)).max() < 1e-6
    assert picture.encoding.is_srgb
    assert D65.shape == (3,)


def test_a_large_profile_and_a_large_text_open() -> None:
    padded = p3_profile() + bytes(1_300_000)
    padded = struct.pack(">I", len(padded)) + padded[4:]
    text = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP + b" " * 2_000_000)
    picture = read(
        chunk(b"iCCP", b"big\0\0" + zlib.compress(padded)),
        chunk(b"iTXt", text),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3_000_000))),
    )
    np.testing.assert_array_equal(picture.codes, RGB)
    assert picture.encoding.name == "Display P3"
    assert picture.metadata.had_location
    assert {"location", "comment"} <= set(picture.metadata.removed)


def test_a_bomb_in_a_note_is_left_out_and_said() -> None:
    bomb = zlib.compress(bytes(40_000_000), 9)
    picture = read(
        chunk(b"iCCP", b"bomb\0\0" + bomb), chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb)
    )
    np.testing.assert_array_equal(picture.codes, RGB)
    assert any("left out" in note and "profile" in note for note in picture.notes)
    assert picture.encoding.is_srgb


@pytest.mark.parametrize(
    "body",
    [
        b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 8\nnot hexadecimal"),
        b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 8\n0000110000010400"),
        b"Raw profile type APP1\0\0not even packed",
        b"no end",
        b"",
    ],
)
def test_a_broken_note_does_not_lose_the_picture(body: bytes) -> None:
    picture = read(chunk(b"zTXt", body))
    np.testing.assert_array_equal(picture.codes, RGB)
    assert picture.notes
    broken = bytearray(chunk(b"tEXt", b"Author\0me"))
    broken[-1] ^= 1  # a checksum that is wrong
    np.testing.assert_array_equal(read(bytes(broken)).codes, RGB)


def test_exif_as_image_magick_writes_it_is_read() -> None:
    raw = b"\nexif\n%8d\n" % 4 + secret_block().hex().encode()
    picture = read(chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw)))
    assert picture.metadata.camera == "Apple iPhone 13"
    assert picture.metadata.had_location


def test_a_clear_colour_counts_at_16_bits_of_grey() -> None:
    grey = RGB[..., :1].astype(np.uint16) * 257
    data = png16(grey)
    at = data.index(b"IDAT") - 4
    data = data[:at] + chunk(b"tRNS", struct.pack(">H", int(grey[0, 0, 0]))) + data[at:]
    picture = open_picture(data)
    assert picture.alpha is not None
    np.testing.assert_array_equal(picture.alpha == 0, grey[..., 0] == grey[0, 0, 0])
    assert (picture.codes[0, 0] == 65535).all()


def test_profiles_with_tables_agree_at_both_depths() -> None:
    """LittleCMS at 8 bits, our own table at 16: two readers of one profile."""
    icc = lut_profile([0, 20, 10, 40, 50, 70, 55, 100])
    profile = chunk(b"iCCP", b"t\0\0" + zlib.compress(icc))
    eight = read(profile)
    deep = open_picture(with_chunks(png16(RGB.astype(np.uint16) * 257), profile))
    assert any("tables" in note for note in eight.notes)
    assert eight.notes == deep.notes
    difference = np.abs(deep.codes / 257 - eight.codes)
    # LittleCMS rounds its result to whole codes.
    assert difference.max() < 1.1
    assert difference.mean() < 0.4
    assert len(np.unique(deep.codes)) > len(np.unique(eight.codes))
