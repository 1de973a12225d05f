"""HDR pictures look on a standard screen as they are, but for light beyond white."""

from __future__ import annotations

import io

import numpy as np
import pytest
from corpus import chunk, deep_avif, draw, heic, png16, saved, with_chunks
from PIL import Image

from catchlight.images import open_picture
from catchlight.images.high_range import roll_off
from catchlight.pixels.colour import P3_TO_SRGB, srgb_to_linear

WHITE = 203.0
#: ITU-R BT.709 -> BT.2020, BT.2087 table 1.
TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])


def pq(light: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084 typed out again: light, 1 is white -> signal 0..1."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    y = np.maximum(light * WHITE / 10000, 0) ** m1
    return ((c1 + c2 * y) / (1 + c3 * y)) ** m2


def hlg(light: np.ndarray) -> np.ndarray:
    """BT.2100: light of a screen of 1000 cd/m2, 1 is white -> signal 0..1."""
    screen = light * WHITE / 1000
    luminance = screen @ np.array([0.2627, 0.6780, 0.0593])
    scene = screen * np.maximum(luminance, 1e-9)[..., None] ** (1 / 1.2 - 1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    log = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.where(scene <= 1 / 12, np.sqrt(3 * np.maximum(scene, 0)), log)


SCENE = srgb_to_linear(draw(64, 64) / 255.0)
CURVES = {16: pq, 18: hlg}


def read(light: np.ndarray, transfer: int, kind: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """What is read, as linear sRGB, of light encoded so."""
    signal = np.clip(CURVES[transfer](light @ TO_2020.T), 0, 1)
    if kind == "PNG":
        data = png16(np.rint(signal * 65535).astype(np.uint16))
        data = with_chunks(data, chunk(b"cICP", bytes([9, transfer, 0, 1])))
    else:
        codes = np.rint(signal * 65535).astype(np.uint16)
        data = heic(
            codes,
            quality=-1,
            matrix_coefficients=0,
            color_primaries=9,
            transfer_characteristics=transfer,
        )
    picture = open_picture(data)
    assert picture.codes.dtype == np.uint16
    return picture.linear() @ P3_TO_SRGB.T, picture.notes


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("kind", ["PNG", "HEIC"])
def test_what_is_no_brighter_than_white_stays_as_it_is(transfer: int, kind: str) -> None:
    got, notes = read(SCENE, transfer, kind)
    # Ten bits of HEIC make steps of up to 1.5 % of light.
    np.testing.assert_allclose(got, SCENE, rtol=0.003 if kind == "PNG" else 0.03, atol=3e-3)
    assert any("HDR" in note for note in notes)


@pytest.mark.parametrize("transfer", [16, 18])
def test_highlights_are_rolled_off_and_skin_stays(transfer: int) -> None:
    light = SCENE * 0.4
    light[20:40, 20:40] = np.array([3.0, 2.4, 1.8])
    got, _ = read(light, transfer, "PNG")
    seen = np.ones((64, 64), bool)
    seen[20:40, 20:40] = False
    np.testing.assert_allclose(got[seen], light[seen], rtol=0.01, atol=2e-3)
    bright = got[30, 30]
    assert 0.9 < bright.max() <= 1.1  # white at most in P3, so a little more in sRGB's red
    np.testing.assert_allclose(bright / bright.max(), [1, 0.8, 0.6], atol=0.01)


def test_the_roll_off_rises_and_ends_at_white() -> None:
    light = np.linspace(0, 5, 300, dtype=np.float32)
    out = roll_off(light, 5.0)
    assert (np.diff(out) >= 0).all()
    assert (np.diff(out[light < 3.5]) > 0).all()
    assert out[-1] == pytest.approx(1, abs=1e-3)
    np.testing.assert_array_equal(out[light < 0.2], light[light < 0.2])
    np.testing.assert_array_equal(roll_off(light, 1.0), np.minimum(light, 1))


def test_ten_bits_of_avif_are_kept() -> None:
    ramp = np.tile(np.linspace(0, 1023, 1024).astype(np.uint16), (64, 1))
    picture = open_picture(deep_avif(np.repeat(ramp[..., None], 3, 2)))
    assert picture.codes.dtype == np.uint16
    assert picture.codes.max() == 65535
    assert len(np.unique(picture.codes)) > 600


@pytest.mark.parametrize("turn", [b"irot\1", b"irot\2", b"imir\1"])
def test_a_deep_avif_is_turned_as_a_shallow_one(turn: bytes) -> None:
    """The turn that a file of 8 bits has is given to one of 10: both are turned alike."""
    blocks = np.kron(draw(2, 3) // 64 * 64, np.ones((32, 32, 1), np.uint8))
    deep = with_property(deep_avif(blocks.astype(np.uint16) << 2), turn)
    out = io.BytesIO()
    Image.fromarray(blocks).save(out, "AVIF", quality=95, subsampling="4:4:4", speed=9)
    shallow = open_picture(with_property(out.getvalue(), turn)).codes
    assert shallow.shape[:2] == ((96, 64) if turn == b"irot\1" else (64, 96))
    got = open_picture(deep).codes
    assert got.dtype == np.uint16
    assert got.shape == shallow.shape
    assert np.abs((got >> 8).astype(int) - shallow)[16::32, 16::32].max() < 24


def with_property(data: bytes, turn: bytes) -> bytes:
    """An AVIF with one more property of its first picture: the boxes around it grow."""

    def grow(name: bytes, by: int) -> None:
        at = out.index(name) - 4
        out[at : at + 4] = (int.from_bytes(out[at : at + 4], "big") + by).to_bytes(4, "big")

    out = bytearray(data)
    box = (4 + len(turn)).to_bytes(4, "big") + turn
    at = out.index(b"ipco") - 4
    end = at + int.from_bytes(out[at : at + 4], "big")
    count, place = 0, at + 8
    while place < end:
        count, place = count + 1, place + int.from_bytes(out[place : place + 4], "big")
    out[end:end] = box
    ipma = out.index(b"ipma")
    # version and flags, entries, item, associations: one more, essential.
    known = ipma + 4 + 4 + 4 + 2
    out[known] += 1
    out.insert(known + out[known], 0x80 | (count + 1))
    extra = len(box) + 1
    for name, by in ((b"ipma", 1), (b"ipco", len(box)), (b"iprp", extra), (b"meta", extra)):
        grow(name, by)
    iloc = out.index(b"iloc")
    old = data.index(b"mdat") + 4
    found = out.index(old.to_bytes(4, "big"), iloc)
    out[found : found + 4] = (old + extra).to_bytes(4, "big")
    return bytes(out)


def test_a_gain_map_leaves_the_standard_picture() -> None:
    """Apple's and Ultra HDR's base is what a phone shows on a standard screen."""
    xmp = b'<x hdrgm:Version="1.0"/>'
    plain = saved(Image.fromarray(draw()), "JPEG")
    data = saved(Image.fromarray(draw()), "JPEG", xmp=xmp) + plain
    picture = open_picture(data)
    np.testing.assert_array_equal(picture.codes, open_picture(plain).codes)
    assert any("gain map" in note for note in picture.notes)
