"""Nothing that tells of the sitter survives, from any format into any format."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from corpus import SECRETS, make_corpus, secret_exif
from PIL import Image

from catchlight.formats import WRITTEN
from catchlight.images import encode_picture, open_picture

LIGHT = np.full((32, 32, 3), 0.2, np.float32)
corpus = functools.lru_cache(maxsize=1)(make_corpus)
TELLING = ("jpeg notes", "jpeg iptc", "png notes", "png raw exif", "tiff notes", "webp notes",
           "gif", "heic notes", "avif notes")  # fmt: skip


@pytest.mark.parametrize("kind", TELLING)
@pytest.mark.parametrize("written", WRITTEN)
def test_no_secret_survives(kind: str, written: str) -> None:
    source = open_picture(corpus()[kind])
    assert source.metadata.removed, "the file held nothing to remove"
    for bits in WRITTEN[written].bits:
        data = encode_picture(LIGHT, format=written, bits=bits, metadata=source.metadata)
        spelled = [s.encode(code) for s in SECRETS for code in ("utf-8", "utf-16-le", "utf-16-be")]
        for secret in (*spelled, b"THUMB", b"8BIM", b"mwg-rs", b"<x:xmp", b"Apple iOS"):
            assert secret not in data
        again = open_picture(data)
        assert not again.metadata.had_location
        assert again.metadata.removed == ()
        assert again.metadata.camera == source.metadata.camera
        # Another reader sees no more.
        if written != "HEIC":
            import io

            with Image.open(io.BytesIO(data)) as image:
                exif = image.getexif()
            assert not exif.get_ifd(0x8825)
            assert not {315, 270, 316} & set(exif)
            assert not {42033, 42037, 42032, 37500, 37510, 42016} & set(exif.get_ifd(0x8769))


@pytest.mark.parametrize("written", WRITTEN)
def test_the_copyright_notice_is_kept_and_strip_takes_it(written: str) -> None:
    source = open_picture(corpus()["jpeg notes"])
    assert source.metadata.notice == "(c) The Studio"
    kept = encode_picture(LIGHT, format=written, metadata=source.metadata)
    assert open_picture(kept).metadata.notice == "(c) The Studio"
    bare = encode_picture(LIGHT, format=written, metadata=None)
    assert b"The Studio" not in bare
    assert b"iPhone" not in bare
    assert open_picture(bare).metadata.exif is None


def test_a_blank_notice_is_none() -> None:
    exif = secret_exif()
    exif[33432] = "      "
    import io

    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, "JPEG", exif=exif)
    source = open_picture(out.getvalue())
    assert source.metadata.notice is None
    data = encode_picture(LIGHT, format="JPEG", metadata=source.metadata)
    with Image.open(io.BytesIO(data)) as image:
        assert 33432 not in image.getexif()
