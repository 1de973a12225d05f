"""Photos resampled a strip at a time, against the whole of them at once."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from catchlight.images import Picture, resample
from catchlight.images.encoding import codes_to_linear, standard_encoding
from catchlight.images.metadata import Metadata
from catchlight.pixels import colour, geometry


@pytest.fixture(scope="module")
def picture() -> Picture:
    rng = np.random.default_rng(8)
    codes = cv2.GaussianBlur(rng.integers(0, 256, (403, 301, 3)).astype(np.uint8), (0, 0), 1.0)
    encoding = standard_encoding("Adobe RGB (1998)", 256)
    return Picture(codes, encoding, None, "PNG", Metadata(), "noise")


@pytest.mark.parametrize("halvings", [0, 1, 2, 3])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_light_is_averaged_before_all_of_it_is_held(
    picture: Picture, halvings: int, depth: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catchlight.images.encoding._STRIP", 9000)
    size = np.iinfo(depth).max + 1
    codes = picture.codes.astype(depth) * (257 if depth is np.uint16 else 1)
    encoding = standard_encoding("sRGB", size)
    fast = codes_to_linear(codes, encoding, halvings=halvings)
    side = 2**halvings
    light = codes_to_linear(codes, encoding)
    slow = np.pad(light, ((0, -403 % side), (0, -301 % side), (0, 0)), "edge")
    h, w = (n // side for n in slow.shape[:2])
    slow = slow.reshape(h, side, w, side, 3).mean((1, 3))
    assert fast.shape == slow.shape
    assert np.abs(fast - slow).max() < 1e-5


@pytest.mark.parametrize("scale", [1.7, 0.93, 0.62, 0.4, 0.21])
@pytest.mark.parametrize("degrees", [0.0, 11.0])
def test_strips_make_the_picture_that_the_whole_makes(
    picture: Picture, scale: float, degrees: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    w, h = round(280 * scale), round(420 * scale)  # beyond the photo's border, too
    middle, there = np.array([150.3, 200.7]), np.array([w / 2, h / 2])
    transform = geometry.similarity(scale, degrees, middle, there)
    power = 0.75 if scale > 1 else 1.0  # where it enlarges, by a root of light
    whole = geometry.resample(picture.linear_native() ** power, transform, w, h)
    whole = np.maximum(whole, 0) ** (1 / power) if power < 1 else whole
    whole = np.maximum(whole @ picture.encoding.matrix.T, 0)
    monkeypatch.setattr(resample, "_STRIP", 60 * w)
    strips = resample.resample_photo(picture, transform, w, h)
    assert strips.shape == (h, w, 3)
    assert np.abs(strips - whole).max() < 2e-4


def test_a_dark_edge_beside_a_bright_one_is_enlarged_truly() -> None:
    """A white shirt and dark lapels, reduced five times: by the light itself they get black beads.

    Looked at as the eye does, in codes, on the dark side alone.
    """
    y, x = np.mgrid[0:300, 0:300].astype(np.float32)
    sheen = 0.03 + 0.01 * np.sin(x / 40) * np.cos(y / 50)
    dark = np.abs(x - 150 - 0.6 * (y - 150)) > 45
    light = cv2.GaussianBlur(np.where(dark, sheen, 0.8).astype(np.float32), (0, 0), 2.0)
    small = cv2.resize(light, (60, 60), interpolation=cv2.INTER_AREA)
    codes = np.round(255 * colour.linear_to_srgb(np.repeat(small[..., None], 3, 2))).astype(
        np.uint8
    )
    photo = Picture(codes, standard_encoding("sRGB", 256), None, "PNG", Metadata(), "edge")
    larger = geometry.scaling(5, 5)
    truth = 255 * colour.linear_to_srgb(light[20:280, 20:280])
    beside = cv2.erode(dark.astype(np.uint8), np.ones((13, 13)))[20:280, 20:280] > 0

    def miss(drawn: np.ndarray) -> float:
        seen = 255 * colour.linear_to_srgb(np.clip(drawn[20:280, 20:280, 1], 0, 1))
        return float(np.sqrt(np.square(seen - truth)[beside].mean()))

    by_light = miss(geometry.resample(photo.linear_native(), larger, 300, 300))
    assert miss(resample.resample_photo(photo, larger, 300, 300)) < 0.8 * by_light
