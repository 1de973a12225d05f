"""Reading: every format, mode, depth and orientation; everything that must be refused."""

import contextlib
import io
import struct
import threading
import zlib

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image, TiffImagePlugin

from catchlight.errors import PictureError, PictureTooLarge, UnreadablePicture
from catchlight.images import open_picture
from catchlight.pixels.colour import linear_to_srgb, srgb_to_linear

# One distinct colour per pixel: any wrong turn or channel order moves one of them.
TAGGED = np.array(
    [[[250, 10, 20], [30, 240, 40], [50, 60, 230]], [[0, 0, 0], [255, 255, 255], [128, 64, 200]]],
    np.uint8,
)
BLOCKS = np.kron(TAGGED, np.ones((32, 32, 1), np.uint8))  # for lossy formats


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif_with(**tags):
    exif = Image.Exif()
    exif.update({int(k[1:]): v for k, v in tags.items()})
    return exif


def stored_as(upright, orientation):
    """Pixels as a camera would store them so that ``orientation`` makes them upright."""
    a = upright
    if orientation in (2, 3):
        a = a[:, ::-1] if orientation == 2 else a[::-1, ::-1]
    elif orientation == 4:
        a = a[::-1]
    elif orientation == 5:
        a = a.swapaxes(0, 1)
    elif orientation == 6:  # turn 90 degrees clockwise to view
        a = np.rot90(a, 1)
    elif orientation == 7:
        a = a[::-1, ::-1].swapaxes(0, 1)
    elif orientation == 8:
        a = np.rot90(a, -1)
    return np.ascontiguousarray(a)


def tiff16(array, orientation=1, extra=()):
    h, w, n = array.shape
    tags = TiffImagePlugin.ImageFileDirectory_v2(prefix=b"II")
    fields = {256: w, 257: h, 258: (16,) * n, 259: 1, 262: 2, 274: orientation, 277: n, 278: h}
    for tag, value in {**fields, 273: (0,), 279: (array.nbytes,), **dict(extra)}.items():
        tags[tag] = value
    out = io.BytesIO()
    tags.save(out)
    return out.getvalue() + array.astype("<u2").tobytes()


def png16(array):
    """16-bit PNG written by hand, so that the reader is not tested against OpenCV's own writer."""
    h, w = array.shape[:2]
    colour = {2: 0, 3: 2}[array.ndim] if array.ndim == 2 else {2: 4, 3: 2, 4: 6}[array.shape[2]]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)

    def chunk(sign, body):
        return (
            struct.pack(">I", len(body)) + sign + body + struct.pack(">I", zlib.crc32(sign + body))
        )

    head = struct.pack(">IIBBBBB", w, h, 16, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "JPEG", "AVIF"])
def test_orientations(kind, orientation):
    lossy = kind in ("JPEG", "AVIF")
    upright = BLOCKS if lossy else TAGGED
    options = {"lossless": True} if kind == "WEBP" else {}
    if lossy:
        options = {"quality": 98, "subsampling": "4:4:4"}
    image = Image.fromarray(stored_as(upright, orientation))
    data = saved(image, kind, exif=exif_with(_274=orientation), **options)
    picture = open_picture(data)
    assert picture.codes.shape == upright.shape
    if lossy:
        centres = picture.codes[16::32, 16::32].astype(int)
        assert np.abs(centres - TAGGED).max() <= 12
    else:
        np.testing.assert_array_equal(picture.codes, TAGGED)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientations_of_sixteen_bit_tiff(orientation):
    deep = TAGGED.astype(np.uint16) * 257 - (TAGGED > 0) * 3
    picture = open_picture(tiff16(stored_as(deep, orientation), orientation))
    np.testing.assert_array_equal(picture.codes, deep)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientations_of_heic(orientation):
    stored = stored_as(BLOCKS, orientation)
    heif = pillow_heif.from_bytes("RGB", stored.shape[1::-1], stored.tobytes())
    out = io.BytesIO()
    # pillow_heif turns the EXIF orientation into HEIC's own irot and imir, and keeps it in EXIF
    # too, as telephones do: read twice, it would turn the picture twice.
    heif.save(out, quality=95, chroma=444, exif=exif_with(_274=orientation).tobytes())
    picture = open_picture(out.getvalue())
    assert picture.format == "HEIC"
    assert picture.codes.shape == BLOCKS.shape
    assert np.abs(picture.codes[16::32, 16::32].astype(int) - TAGGED).max() <= 14


@pytest.mark.parametrize(
    ("kind", "options", "name"),
    [
        ("PNG", {}, "PNG"),
        ("BMP", {}, "BMP"),
        ("TIFF", {}, "TIFF"),
        ("TIFF", {"compression": "tiff_lzw"}, "TIFF"),
        ("WEBP", {"lossless": True}, "WebP"),
    ],
)
def test_lossless_formats_are_exact(kind, options, name):
    picture = open_picture(saved(Image.fromarray(TAGGED), kind, **options))
    assert picture.format == name
    assert (picture.height, picture.width) == (2, 3)
    assert picture.alpha is None
    assert picture.notes == ()
    assert picture.encoding.is_srgb
    np.testing.assert_array_equal(picture.codes, TAGGED)
    want = linear_to_srgb(picture.linear() @ np.linalg.inv(picture.encoding.matrix).T)
    np.testing.assert_allclose(want * 255, TAGGED, atol=1e-3)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "GIF"])
def test_modes_agree_with_their_own_rgb(mode, kind):
    image = Image.fromarray(TAGGED).convert(mode)
    picture = open_picture(saved(image, kind))
    if (mode, kind) != ("RGB", "GIF"):  # GIF chooses a palette of its own
        np.testing.assert_array_equal(picture.codes, np.asarray(image.convert("RGB")))


def test_jpeg_greyscale_and_colour():
    grey = open_picture(saved(Image.fromarray(BLOCKS).convert("L"), "JPEG", quality=98))
    assert (grey.codes[..., 0] == grey.codes[..., 2]).all()
    colour = open_picture(saved(Image.fromarray(BLOCKS), "JPEG", quality=98, subsampling=0))
    assert np.abs(colour.codes[16::32, 16::32].astype(int) - TAGGED).max() <= 4


def test_sixteen_bits_stay_sixteen():
    rng = np.random.default_rng(1)
    deep = rng.integers(0, 65536, (7, 5, 3), dtype=np.uint16)
    for data in (png16(deep), tiff16(deep), cv2.imencode(".tiff", deep[..., ::-1])[1].tobytes()):
        np.testing.assert_array_equal(open_picture(data).codes, deep)
    grey = deep[..., 0]
    for data in (png16(grey), cv2.imencode(".tiff", grey)[1].tobytes()):
        codes = open_picture(data).codes
        assert codes.dtype == np.uint16
        np.testing.assert_array_equal(codes, np.repeat(grey[..., None], 3, 2))


def test_sixteen_bit_grey_ramp_is_light():
    ramp = np.tile(np.arange(0, 65536, 257, dtype=np.uint16), (2, 1))
    light = open_picture(png16(ramp)).linear()
    want = srgb_to_linear(ramp / 65535)
    np.testing.assert_allclose(light, np.repeat(want[..., None], 3, 2), atol=2e-7)
    small = open_picture(saved(Image.fromarray((ramp // 257).astype(np.uint8)), "PNG"))
    np.testing.assert_allclose(small.linear(), light, atol=2e-7)


def test_ten_bit_heic_keeps_more_than_eight():
    ramp = np.repeat(
        np.tile(np.linspace(0, 65535, 1024).astype(np.uint16), (64, 1))[..., None], 3, 2
    )
    heif = pillow_heif.from_bytes("RGB;16", (1024, 64), ramp.tobytes())
    out = io.BytesIO()
    heif.save(out, quality=-1, chroma=444, matrix_coefficients=0)
    codes = open_picture(out.getvalue()).codes
    assert codes.dtype == np.uint16
    assert codes.max() == 65535
    assert len(np.unique(codes)) > 900
    assert np.abs(codes.astype(int) - ramp).max() <= 70


def rgba(alpha):
    return np.dstack([TAGGED, np.full(TAGGED.shape[:2], alpha, np.uint8)])


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_transparency_is_placed_on_white_in_linear_light(kind):
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    array = rgba(255)
    array[0, 0] = (0, 0, 0, 128)
    array[0, 1, 3] = 0
    picture = open_picture(saved(Image.fromarray(array), kind, **options))
    a = 128 / 255
    assert (
        picture.codes[0, 0].tolist() == [round(float(linear_to_srgb(np.float32(1 - a))) * 255)] * 3
    )
    assert picture.codes[0, 1].tolist() == [255, 255, 255]
    np.testing.assert_array_equal(picture.codes[1], TAGGED[1])
    assert picture.alpha is not None
    assert picture.alpha[0].tolist() == pytest.approx([a, 0, 1])
    assert any("white" in note for note in picture.notes)


def test_opaque_alpha_is_no_transparency():
    picture = open_picture(saved(Image.fromarray(rgba(255)), "PNG"))
    assert picture.alpha is None
    assert picture.notes == ()


def test_every_kind_of_transparency():
    grey = Image.fromarray(TAGGED[..., 0])
    la = grey.convert("LA")
    la.putpixel((0, 0), (10, 0))
    palette = Image.fromarray(TAGGED).quantize(8)
    first = palette.getpixel((0, 0))
    keyed = saved(Image.fromarray(TAGGED), "PNG", transparency=tuple(TAGGED[0, 0].tolist()))
    deep = np.dstack([TAGGED, np.full((2, 3), 255, np.uint8)]).astype(np.uint16) * 257
    deep[0, 0, 3] = 0
    for data in (
        saved(la, "PNG"),
        saved(palette, "PNG", transparency=first),
        saved(palette, "GIF", transparency=first),
        keyed,
        png16(deep),
        png16(deep[..., [0, 3]]),
    ):
        picture = open_picture(data)
        assert picture.alpha is not None
        assert picture.alpha[0, 0] == 0
        assert picture.alpha[1, 2] == 1
        assert (picture.codes[0, 0] == np.iinfo(picture.codes.dtype).max).all()
        assert (picture.codes[1, 0] < 20 * 257).all()


def test_cmyk_without_profile():
    # Full cyan, and black by ink; Pillow writes Adobe's inverted CMYK in JPEG, plain in TIFF.
    image = Image.new("CMYK", (32, 32), (255, 0, 0, 0))
    image.paste((0, 0, 0, 255), (16, 0, 32, 32))
    for data in (saved(image, "JPEG", quality=98), saved(image, "TIFF")):
        picture = open_picture(data)
        assert picture.codes[16, 4].tolist() == pytest.approx([0, 255, 255], abs=6)
        assert picture.codes[16, 28].tolist() == pytest.approx([0, 0, 0], abs=6)
        assert any("CMYK" in note for note in picture.notes)


def test_animation_gives_its_first_frame_and_says_so():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        picture = open_picture(data)
        assert picture.codes[4, 4].tolist() == [255, 0, 0]
        assert any("first" in note for note in picture.notes), kind


def test_gain_map_is_ignored_and_said():
    data = saved(Image.fromarray(BLOCKS), "JPEG", xmp=b'<x hdrgm:Version="1.0"/>')
    assert any("gain map" in note for note in open_picture(data).notes)


def test_box_and_preview():
    picture = open_picture(saved(Image.fromarray(BLOCKS), "PNG"))
    np.testing.assert_array_equal(picture.linear((32, 0, 64, 40)), picture.linear()[0:40, 32:64])
    for bad in ((0, 0, 97, 10), (-1, 0, 5, 5), (5, 5, 5, 9)):
        with pytest.raises(ValueError, match="not inside"):
            picture.linear(bad)
    small = picture.preview(3)
    np.testing.assert_array_equal(small, TAGGED)
    assert picture.preview(5000).shape == BLOCKS.shape
    assert not picture.codes.flags.writeable
    picture.preview(5000)[:] = 0  # a copy: does not reach the picture
    assert picture.codes.max() == 255
    deep = open_picture(png16(BLOCKS.astype(np.uint16) * 257))
    np.testing.assert_array_equal(deep.preview(3), TAGGED)


# --- refusals -------------------------------------------------------------------------------


def test_refusals_of_paths(tmp_path):
    empty = tmp_path / "empty.jpg"
    empty.touch()
    for source, words in (
        (tmp_path / "none.jpg", "no such file"),
        (tmp_path, "folder"),
        (empty, "empty"),
    ):
        with pytest.raises(UnreadablePicture, match=words):
            open_picture(source)


def test_not_allowed_to_read(tmp_path, monkeypatch):
    path = tmp_path / "secret.jpg"
    path.write_bytes(b"x")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(UnreadablePicture, match="not allowed"):
        open_picture(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dear all, please find attached", "not a picture"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<svg xmlns=''></svg>", "SVG"),
        (b"\xff\x0a" + bytes(30), "JPEG XL"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(30), "video"),
        (b"II*\0\x10\0\0\0CR\2\0" + bytes(30), "raw"),
        (b"\xff\xd8\xff\xe0 and then nothing", "damaged or truncated JPEG"),
        (b"GIF89a", "GIF"),
        (b"\0", "not a picture"),
    ],
)
def test_not_pictures(data, words):
    with pytest.raises(UnreadablePicture, match=words):
        open_picture(data)


def noisy(kind, **options):
    noise = np.random.default_rng(0).integers(0, 256, (96, 96, 3), dtype=np.uint8)
    if kind == "HEIC":
        out = io.BytesIO()
        pillow_heif.from_pillow(Image.fromarray(noise)).save(out, quality=95)
        return out.getvalue()
    return saved(Image.fromarray(noise), kind, **options)


KINDS = ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIC"]


@pytest.mark.parametrize(
    ("kind", "share"),
    # Of a JPEG that lacks a few rows, those that are there are used: see test_jpeg.
    [(k, s) for k in KINDS for s in (0.05, 0.45, 0.95) if (k, s) != ("JPEG", 0.95)],
)
def test_truncated_files(kind, share):
    data = noisy(kind)
    open_picture(data)
    with pytest.raises(UnreadablePicture, match=r"damaged|truncated|not a picture"):
        open_picture(data[: int(len(data) * share)])


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_truncated_sixteen_bit_files(share):
    deep = np.random.default_rng(0).integers(0, 65536, (64, 64, 3), dtype=np.uint16)
    for data in (png16(deep), tiff16(deep)):
        with pytest.raises(UnreadablePicture, match="truncated"):
            open_picture(data[: int(len(data) * share)])


def png_header(width, height):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    pixels = zlib.compress(bytes(100))
    idat = b"IDAT" + pixels
    return data + struct.pack(">I", len(pixels)) + idat + struct.pack(">I", zlib.crc32(idat))


def test_bombs_are_refused_by_their_header():
    with pytest.raises(PictureTooLarge, match=r"900\.0 megapixels.*limit is 120"):
        open_picture(png_header(30000, 30000))
    with pytest.raises(PictureTooLarge, match="65535"):
        open_picture(png_header(70000, 2))
    # Within a raised limit the header passes, and the missing pixels are what is wrong.
    with pytest.raises(UnreadablePicture, match="truncated"):
        open_picture(png_header(12000, 12000), max_megapixels=200)
    with pytest.raises(UnreadablePicture):
        open_picture(png_header(0, 5))


def test_limit_is_adjustable_and_exact():
    data = saved(Image.new("RGB", (100, 100)), "PNG")
    open_picture(data, max_megapixels=0.01)
    with pytest.raises(PictureTooLarge, match=r"limit is 0\.0099"):
        open_picture(data, max_megapixels=0.0099)


def test_above_pillows_own_limit_no_warning_leaks(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert open_picture(saved(Image.new("RGB", (100, 100)), "PNG")).width == 100
    assert Image.MAX_IMAGE_PIXELS == 100


def test_sources_are_equal(tmp_path):
    data = saved(Image.fromarray(TAGGED), "PNG")
    path = tmp_path / "me.png"
    path.write_bytes(data)
    with path.open("rb") as stream:
        from_stream = open_picture(stream)
    pictures = [open_picture(path), open_picture(str(path)), from_stream]
    assert [p.name for p in pictures] == ["me.png"] * 3
    assert open_picture(data).name == open_picture(io.BytesIO(data)).name == "<stdin>"
    for p in pictures:
        np.testing.assert_array_equal(p.codes, TAGGED)


def test_any_cut_or_flip_is_refused_or_read_never_a_crash():
    rng = np.random.default_rng(5)
    for kind in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "HEIC", "AVIF"):
        data = noisy(kind)
        for _ in range(25):
            bad = bytearray(data)
            for at in rng.integers(0, min(len(bad), 600), 4):
                bad[at] = rng.integers(0, 256)
            with contextlib.suppress(PictureError):
                open_picture(bytes(bad))


def test_threads_read_alike():
    data = [noisy(kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "HEIC")]
    want = [open_picture(d).codes for d in data]
    wrong = []

    def work():
        for d, w in zip(data, want, strict=True):
            if not np.array_equal(open_picture(d).codes, w):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


@pytest.mark.parametrize("quality", [5, 30, 49, 50, 75, 92, 100])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpegs_tables_tell_its_quality(quality, mode):
    image = Image.fromarray(np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)).convert(mode)
    assert open_picture(saved(image, "JPEG", quality=quality)).quality == quality


def test_other_files_have_no_quality():
    image = Image.new("RGB", (32, 32), (90, 80, 70))
    assert open_picture(saved(image, "PNG")).quality is None
    # Tables of another maker get the quality whose steps are as coarse.
    coarse = [[40] * 64, [60] * 64]
    assert open_picture(saved(image, "JPEG", qtables=coarse)).quality in range(62, 75)
