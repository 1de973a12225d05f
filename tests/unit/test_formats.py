"""The table of formats, and that reading and writing obey each of its rows."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from catchlight.errors import PictureError
from catchlight.formats import FORMATS, SUFFIXES, WRITTEN
from catchlight.images import encode_picture, format_for, open_picture

GREY = np.full((24, 32, 3), 0.2, np.float32)


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_is_read_as_the_same_format(name: str) -> None:
    row = FORMATS[name]
    for bits in row.bits:
        picture = open_picture(encode_picture(GREY, format=name, bits=bits))
        assert picture.format == name
        assert picture.codes.dtype == (np.uint8 if bits == 8 else np.uint16)
        assert np.abs(picture.linear() - GREY).max() < 0.02
    for suffix in row.suffixes:
        assert format_for(f"portrait{suffix.upper()}") == name
    with pytest.raises(PictureError, match="bits"):
        encode_picture(GREY, format=name, bits=12)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(WRITTEN)))
def test_what_is_only_read_is_not_written(name: str) -> None:
    with pytest.raises(PictureError, match="not written"):
        format_for(f"portrait{FORMATS[name].suffixes[0]}")
    with pytest.raises(PictureError, match="not written"):
        encode_picture(GREY, format=name)
    if FORMATS[name].plugin:
        out = io.BytesIO()
        Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(out, name)
        assert open_picture(out.getvalue()).format == name


def test_no_two_rows_claim_the_same() -> None:
    starts = [s for row in FORMATS.values() for s in row.starts]
    assert len(set(starts)) == len(starts)
    assert len(SUFFIXES) == sum(len(row.suffixes) for row in FORMATS.values())
