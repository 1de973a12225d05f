"""TIFFs of every layout, number type, packing and meaning give the colours that they hold."""

from __future__ import annotations

import io

import numpy as np
import pytest
from corpus import draw, secret_block
from PIL import Image
from tiffs import PACKINGS, Page, write_tiff

from catchlight.errors import PictureTooLarge, UnreadablePicture
from catchlight.images import open_picture
from catchlight.images.readers import tiff

RGB = draw(37, 45)
DEEP = RGB.astype(np.uint16) * 257
NUMBERS = {
    "u1": RGB,
    "u2": DEEP,
    "u4": RGB.astype(np.uint32) * 0x01010101,
    "f2": (RGB / 255).astype(np.float16),
    "f4": (RGB / 255).astype(np.float32),
}


def codes_of(*pages: Page, order: str = "<") -> np.ndarray:
    """What is read, as 8-bit codes in float."""
    codes = open_picture(write_tiff(*pages, order=order)).codes
    return codes / (257.0 if codes.dtype == np.uint16 else 1.0)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("packing", PACKINGS)
def test_every_layout(packing: str, numbers: str, order: str) -> None:
    packed = packing in ("lzw", "deflate", "old deflate")
    predictors = (1, 3 if numbers[0] == "f" else 2) if packed else (1,)
    for predictor in predictors:
        for planar in (False, True):
            for tile in (0, 16, 32):
                page = Page(
                    NUMBERS[numbers], packing=packing, predictor=predictor, planar=planar, tile=tile
                )
                error = np.abs(codes_of(page, order=order) - RGB).max()
                assert error < (0.2 if numbers == "f2" else 0.01), (predictor, planar, tile)


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_every_meaning(depth: type) -> None:
    rgb, grey = (RGB, RGB[..., :1]) if depth is np.uint8 else (DEEP, DEEP[..., :1])
    top = np.iinfo(depth).max
    np.testing.assert_array_equal(
        codes_of(Page(top - grey, photometric=0)), np.repeat(RGB[..., :1], 3, 2)
    )
    np.testing.assert_array_equal(
        codes_of(Page(grey, photometric=1)), np.repeat(RGB[..., :1], 3, 2)
    )
    # A channel of no stated meaning is not transparency, whatever it holds.
    with_more = Page(np.dstack([rgb, np.zeros_like(grey)]), extras=(0,))
    np.testing.assert_array_equal(codes_of(with_more), RGB)
    # Of several further channels, the first that is alpha counts.
    clear = np.full_like(grey, top)
    clear[0, 0] = 0
    picture = open_picture(write_tiff(Page(np.dstack([rgb, grey, clear]), extras=(0, 2))))
    assert picture.alpha is not None
    assert picture.alpha[0, 0] == 0
    assert (picture.codes[0, 0] == top).all()
    np.testing.assert_array_equal(picture.codes[1:], rgb[1:])


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_multiplied_colours_are_divided_again(depth: type) -> None:
    top = np.iinfo(depth).max
    rgb = RGB if depth is np.uint8 else DEEP
    alpha = np.linspace(0.2, 1, rgb.shape[1])[None, :, None] * np.ones((rgb.shape[0], 1, 1))
    stored = np.rint(rgb * alpha).astype(depth)
    page = np.dstack([stored, np.rint(alpha * top).astype(depth)])
    once = open_picture(write_tiff(Page(page, extras=(1,))))
    plain = np.dstack([rgb, np.rint(alpha * top).astype(depth)])
    alone = open_picture(write_tiff(Page(plain, extras=(2,))))
    error = np.abs(once.codes.astype(int) - alone.codes.astype(int))
    # Dividing by 0.2 makes five steps of half a step.
    assert error.max() <= (3 if depth is np.uint8 else 8)


def test_l_a_b_in_16_bits() -> None:
    """L* 50 without colour is sRGB code 119; a* of 60 is a red."""
    lab = np.zeros((4, 4, 3), np.uint16)
    lab[..., 0] = 32768
    lab[2:, :, 1] = 60 * 256
    codes = codes_of(Page(lab, photometric=8))
    assert np.abs(codes[0] - 118.9).max() < 0.3
    assert codes[3, 0, 0] > 180
    assert codes[3, 0, 1] < 70
    offset = lab + np.array([0, 32768, 32768], np.uint16)
    np.testing.assert_allclose(codes_of(Page(offset, photometric=9)), codes, atol=0.01)


def test_cmyk_in_16_bits_is_said() -> None:
    inks = np.zeros((4, 4, 4), np.uint16)
    inks[..., 0] = 65535
    picture = open_picture(write_tiff(Page(inks, photometric=5)))
    assert picture.codes[0, 0].tolist() == [0, 255, 255]
    assert any("16 bits" in note for note in picture.notes)


def test_whole_numbers_of_32_bits_that_hold_16() -> None:
    """ImageJ and others write them, with a sign, too."""
    for kind, form in ((np.uint32, 1), (np.int32, 2)):
        page = Page(DEEP.astype(kind), tags={339: (3, [form] * 3)})
        np.testing.assert_array_equal(codes_of(page), RGB)
    below = Page(DEEP.astype(np.int32) - 40000, tags={339: (3, [2] * 3)})
    with pytest.raises(UnreadablePicture, match="below black"):
        open_picture(write_tiff(below))


def test_light_beyond_white_is_cut_and_said() -> None:
    light = (RGB / 255).astype(np.float32) * 2
    light[0, 0] = (np.nan, np.inf, -1)
    picture = open_picture(write_tiff(Page(light)))
    assert picture.codes[0, 0].tolist() == [0, 65535, 0]
    assert any("brighter than white" in note for note in picture.notes)


@pytest.mark.parametrize("mark", [{254: (4, [1])}, {255: (3, [2])}, {254: (4, [4])}])
def test_a_thumbnail_or_mask_is_not_the_photo(mark: dict[int, tuple[int, list[int]]]) -> None:
    small = Page(255 - RGB[::4, ::4], tags=mark)
    picture = open_picture(write_tiff(small, Page(RGB)))
    np.testing.assert_array_equal(picture.codes, RGB)
    assert not any("pages" in note for note in picture.notes)
    # A page that the old decoder reads is chosen so, too.
    out = io.BytesIO()
    Image.fromarray(RGB).quantize(200).save(out, "TIFF")
    assert open_picture(out.getvalue()).codes.shape == RGB.shape


def test_of_several_photos_the_first_and_it_is_said() -> None:
    pages = (Page(RGB[::4, ::4], tags={254: (4, [1])}), Page(RGB), Page(255 - RGB))
    picture = open_picture(write_tiff(*pages))
    np.testing.assert_array_equal(picture.codes, RGB)
    assert "several pages: the second is used" in picture.notes


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_page_is_turned_as_its_own_tag_says(orientation: int) -> None:
    upright = open_picture(write_tiff(Page(DEEP))).codes
    page = Page(DEEP, tags={274: (3, [orientation])}, packing="lzw", tile=16)
    turned = open_picture(write_tiff(page)).codes
    assert turned.shape == (upright if orientation < 5 else upright.swapaxes(0, 1)).shape
    # The pixel that was stored first goes where each orientation has it (Exif 3.0, 4.6.5.1).
    corner = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0)}
    corner |= {5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
    assert (turned[corner[orientation]] == DEEP[0, 0]).all()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(RGB.astype(np.complex64), tags={339: (3, [6, 6, 6])}), "not supported"),
        (Page(np.repeat(RGB, 8, axis=2)), "24 channels, which is not supported"),
        (Page(RGB, tags={258: (3, [8, 8, 4])}), "not supported"),
        (Page(DEEP, tags={339: (3, [2, 2, 2])}), "not supported"),
        (Page(DEEP, tags={259: (3, [34893])}), "not supported|not read without"),
        (Page(DEEP, photometric=32844), "not supported"),
    ],
)
def test_what_is_not_supported_is_called_that(page: Page, words: str) -> None:
    data = write_tiff(page)
    with pytest.raises(UnreadablePicture, match=words) as caught:
        open_picture(data)
    assert "damaged" not in str(caught.value)


def test_without_codecs_a_packing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiff, "find_spec", lambda _name: None)
    page = Page(DEEP, tags={259: (3, [50000])})
    with pytest.raises(UnreadablePicture, match=r"catchlight\[formats\]"):
        open_picture(write_tiff(page))


@pytest.mark.parametrize("packing", PACKINGS)
def test_lying_sizes_end_in_a_sentence(packing: str) -> None:
    """Strips said to be longer than the file, rows that are not there, and a bomb."""
    page = Page(DEEP, packing=packing)
    long = write_tiff(Page(DEEP, packing=packing, rows=100, tags={}))
    assert open_picture(long).codes.shape == DEEP.shape
    with pytest.raises(UnreadablePicture, match="truncated"):
        open_picture(write_tiff(page)[:-20])
    with pytest.raises((UnreadablePicture, PictureTooLarge)):
        open_picture(write_tiff(Page(DEEP, packing=packing, tags={257: (4, [60000])})))
    with pytest.raises(PictureTooLarge, match="1 GiB"):
        wide = np.zeros((1, 9000, 15), np.float64)
        open_picture(write_tiff(Page(wide, photometric=1, tags={257: (4, [13000])})))


def test_metadata_of_a_tiff_is_understood() -> None:
    block = secret_block()
    # Its first directory holds tags of the camera; those of pixels are the page's own.
    picture = open_picture(write_tiff(Page(RGB, tags={271: (2, b"Maker\0"), 272: (2, b"One\0")})))
    assert picture.metadata.camera == "Maker One"
    assert b"SECRET" in block
