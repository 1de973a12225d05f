"""Raws, drawn here as DNGs: developed by LibRaw where it is, else by their own JPEG.

No camera's raw is at hand: what other makers' files need is LibRaw's word, not tried.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from corpus import draw, saved, secret_block
from PIL import Image
from places import ROOT
from tiffs import Page, write_dng, write_tiff

from catchlight.errors import PictureTooLarge, UnreadablePicture
from catchlight.images import open_picture
from catchlight.images.intake import recognise
from catchlight.images.readers import jpeg_xl, raw
from catchlight.pixels.colour import P3_TO_SRGB, srgb_to_linear

developed = pytest.mark.skipif(not find_spec("rawpy"), reason="rawpy is not installed")
NEUTRAL = (0.5, 1.0, 0.7)


def mosaic(light: np.ndarray) -> np.ndarray:
    """What an RGGB sensor with those neutral values sees of linear sRGB light."""
    seen = light * np.array(NEUTRAL)
    out = np.empty(light.shape[:2])
    for y, x, c in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        out[y::2, x::2] = seen[y::2, x::2, c]
    return np.rint(out * 65535).astype(np.uint16)


@pytest.fixture(scope="module")
def light() -> np.ndarray:
    with Image.open(ROOT / "examples" / "astronaut.jpg") as image:
        small = np.asarray(image.convert("RGB").resize((256, 192)))
    return np.asarray(srgb_to_linear(small / 255.0))


def embedded(width: int, height: int, orientation: int = 6) -> bytes:
    """A JPEG as cameras put it in, without a turn of its own."""
    assert orientation
    return saved(Image.fromarray(draw(height, width)), "JPEG", quality=90)


def nef(preview: bytes) -> bytes:
    """A TIFF of a sensor's numbers with a preview behind, named by its suffix alone."""
    numbers = np.zeros((8, 8, 1), np.uint16)
    tags = {271: (2, b"NIKON\0"), 272: (2, b"D1\0"), 274: (3, [6])}
    return write_tiff(Page(numbers, photometric=32803, tags=tags)) + preview


@developed
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_dng_is_developed_in_the_cameras_white(orientation: int, light: np.ndarray) -> None:
    data = write_dng(mosaic(light), neutral=NEUTRAL, orientation=orientation)
    picture = open_picture(data)
    assert picture.format == "RAW"
    assert picture.codes.dtype == np.uint16
    upright = np.rot90(light, {1: 0, 3: 2, 6: 3, 8: 1}[orientation])
    got = picture.linear() @ P3_TO_SRGB.T
    assert got.shape == upright.shape
    # The edges of a mosaic are guessed; the mean of a block is not.
    blocks = [a.reshape(-1, 32, a.shape[1] // 32, 32, 3).mean((1, 3)) for a in (got, upright)]
    assert np.abs(blocks[0] - blocks[1]).mean() < 0.004
    assert picture.metadata.camera == "Catchlight Drawn"
    assert any("white balance" in note for note in picture.notes)


@developed
def test_its_size_is_looked_at_before_it_is_developed(light: np.ndarray) -> None:
    with pytest.raises(PictureTooLarge):
        open_picture(write_dng(mosaic(light)), max_megapixels=0.01)


def test_without_libraw_the_embedded_jpeg_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "find_spec", lambda _name: None)
    small, large = embedded(160, 120), embedded(800, 600)
    data = write_dng(np.zeros((8, 8), np.uint16), orientation=6) + small + large
    picture = open_picture(data)
    assert picture.codes.shape == (800, 600, 3)  # turned as the raw says
    assert picture.metadata.camera == "Catchlight Drawn"
    assert any("800 x 600" in n and "catchlight[raw]" in n for n in picture.notes)


def test_a_turn_of_the_jpegs_own_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "find_spec", lambda _name: None)
    block = b"Exif\0\0" + secret_block(3)
    turned = saved(Image.fromarray(draw(600, 800)), "JPEG", exif=block)
    picture = open_picture(b"FUJIFILMCCD-RAW 0201" + bytes(100) + turned)
    assert picture.codes.shape == (600, 800, 3)
    assert picture.codes[0, 0].tolist() != draw(600, 800)[0, 0].tolist()


def test_a_raw_without_a_picture_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "find_spec", lambda _name: None)
    for data in (write_dng(np.zeros((8, 8), np.uint16)), b"IIRO" + bytes(400)):
        with pytest.raises(UnreadablePicture, match=r"catchlight\[raw\]") as caught:
            open_picture(data)
        assert "damaged" not in str(caught.value)


def test_what_libraw_does_not_know_falls_back(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "a.NEF"
    path.write_bytes(nef(embedded(800, 600)))
    assert open_picture(path).codes.shape == (800, 600, 3)
    # A finished TIFF or JPEG that is named as a raw is read as what it is.
    path.write_bytes(write_tiff(Page(draw())))
    np.testing.assert_array_equal(open_picture(path).codes, draw())
    path.write_bytes(embedded(64, 48))
    assert open_picture(path).format == "JPEG"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"FUJIFILMCCD-RAW 0201", "a.raf"),
        (b"IIRO\x08\0\0\0", "x"),
        (b"IIU\0\x08\0\0\0", "x"),
        (b"II*\0\x10\0\0\0CR\2\0", "x"),
        (b"\0\0\0\x18ftypcrx \0\0\0\0", "x"),
        (b"MM\0*\0\0\0\x08", "a.NEF"),
        (b"II*\0\x08\0\0\0", "a.arw"),
    ],
)
def test_raws_are_known_by_their_first_letters(head: bytes, name: str) -> None:
    assert recognise(head + bytes(64), name) == "RAW"


def test_jpeg_xl_without_its_plugin_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_xl, "find_spec", lambda _name: None)
    with pytest.raises(UnreadablePicture, match="pillow-jxl-plugin"):
        open_picture(b"\xff\x0a" + bytes(30))


@pytest.mark.parametrize(
    ("bits", "size"),
    [
        # div8, height / 8 - 1 in 5 bits, ratio 1:1
        ("1" + "11100" + "100", (64, 64)),
        # 9 bits of height - 1 = 99, no ratio, 9 bits of width - 1 = 149
        ("0" + "00" + "110001100" + "000" + "00" + "101010010", (150, 100)),
    ],
)
def test_the_size_of_a_jpeg_xl_is_read_from_its_header(bits: str, size: tuple[int, int]) -> None:
    packed = int(bits[::-1], 2).to_bytes(16, "little")
    assert jpeg_xl.find_size(b"\xff\x0a" + packed) == size
    boxed = b"\0\0\0\x0cJXL \r\n\x87\n" + b"\0\0\0\x1cjxlc\xff\x0a" + packed
    assert jpeg_xl.find_size(boxed) == size


@pytest.mark.skipif(not find_spec("pillow_jxl"), reason="pillow-jxl-plugin is not installed")
def test_jpeg_xl() -> None:
    import pillow_jxl.JpegXLImagePlugin  # noqa: F401 - tells Pillow of itself

    picture = open_picture(saved(Image.fromarray(draw()), "JXL", lossless=True))
    assert picture.format == "JPEG XL"
    np.testing.assert_array_equal(picture.codes, draw())
    with pytest.raises(PictureTooLarge):
        open_picture(saved(Image.fromarray(draw()), "JXL"), max_megapixels=1e-4)
