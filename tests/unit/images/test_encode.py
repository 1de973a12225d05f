"""Writing: dither, gamut, determinism, formats; whole files or none."""

import io
import os
import threading

import numpy as np
import pytest
from PIL import Image

from catchlight.errors import OutputExists, PictureError
from catchlight.images import (
    choose_encoding,
    encode_picture,
    format_for,
    open_picture,
    write_atomically,
)
from catchlight.images.dither import linear_to_codes
from catchlight.pixels.colour import P3_TO_SRGB, SRGB_TO_P3, linear_to_srgb, srgb_to_linear

SRGB = choose_encoding("srgb")[0]
P3 = choose_encoding("p3")[0]


def grey_field(code, side=512):
    return np.full((side, side, 3), srgb_to_linear(np.float32(code / 255)), np.float32)


@pytest.mark.parametrize("encoding", [SRGB, P3], ids=["sRGB", "P3"])
@pytest.mark.parametrize("code", [1.5, 8.3, 20.011, 100.5, 127.25, 187.99, 253.4])
def test_dither_has_no_bias(encoding, code):
    codes = linear_to_codes(grey_field(code), encoding)
    assert abs(codes.mean() - code) < 0.02
    assert abs(codes.reshape(-1, 3).mean(0) - code).max() < 0.02
    plain = linear_to_codes(grey_field(code), encoding, dither=False)
    assert np.ptp(plain) == 0
    assert abs(float(plain.flat[0]) - code) <= 0.501


def test_dither_is_triangular_and_coloured():
    codes = linear_to_codes(grey_field(100.5), SRGB).astype(int)
    error = codes - 100.5
    # TPDF: total error variance is 1/4 LSB^2 at every level (1/12 of rounding + 1/6 of noise).
    assert error.var() == pytest.approx(0.25, abs=0.01)
    assert codes.min() >= 99
    assert codes.max() <= 102
    r, g = error[..., 0].ravel(), error[..., 1].ravel()
    assert abs(np.corrcoef(r, g)[0, 1]) < 0.02


def test_dither_breaks_the_bands_of_a_slow_ramp():
    ramp = np.linspace(100, 104, 1024, dtype=np.float32)
    light = np.repeat(np.tile(srgb_to_linear(ramp / 255), (512, 1))[..., None], 3, 2)
    smooth = np.ones(16) / 16

    def worst(dither):
        mean = linear_to_codes(light, SRGB, dither=dither).mean(axis=(0, 2))
        return np.abs(np.convolve(mean - ramp, smooth, "valid")).max()

    assert worst(dither=False) > 0.4
    assert worst(dither=True) < 0.05


def test_every_eight_bit_code_comes_back_with_or_without_dither():
    for encoding in (SRGB, P3):
        codes = np.random.default_rng(2).integers(0, 256, (128, 96, 3), dtype=np.uint8)
        codes[:4, :64] = np.arange(256, dtype=np.uint8).reshape(4, 64, 1)
        light = (encoding.curves[0][codes.astype(int) * 257] @ encoding.matrix.T).astype(np.float32)
        for dither in (True, False):
            np.testing.assert_array_equal(linear_to_codes(light, encoding, dither=dither), codes)


def test_seed_decides_the_noise():
    field = grey_field(50.5, 64)
    a, b = (linear_to_codes(field, SRGB, seed=1) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert (linear_to_codes(field, SRGB, seed=2) != a).mean() > 0.3


def test_fast_path_agrees_with_the_formula():
    light = np.random.default_rng(0).uniform(0, 1, (70, 50, 3)).astype(np.float32)
    light = (light @ SRGB_TO_P3.T).astype(np.float32)
    want = linear_to_srgb(light @ P3_TO_SRGB.T.astype(np.float32)) * 255
    got = linear_to_codes(light, SRGB, dither=False)
    assert np.abs(got - want).max() < 0.51
    deep = linear_to_codes(light, SRGB, bits=16)
    assert np.abs(deep / 257 - want).max() < 0.51 / 257 + 2e-4


def test_gamut_is_compressed_not_clipped():
    red = np.zeros((4, 4, 3), np.float32)
    red[..., 0] = 1  # pure P3 red: outside sRGB
    codes = linear_to_codes(red, SRGB, dither=False)[0, 0]
    assert codes[0] == 255
    assert codes[1] > 0  # per-channel clipping would give 255, 0, 0
    assert linear_to_codes(red, P3, dither=False)[0, 0].tolist() == [255, 0, 0]
    wild = np.array([[[np.nan, 0.5, 0.5], [60, 30, 20], [-5, -5, -5]]], np.float32)
    codes = linear_to_codes(wild, SRGB, dither=False)
    assert codes[0, 1].tolist() == [255] * 3
    assert codes[0, 2].tolist() == [0] * 3


def test_input_is_never_written_to():
    light = np.random.default_rng(0).uniform(-0.2, 1.2, (70, 50, 3)).astype(np.float32)
    kept = light.copy()
    for encoding in (SRGB, P3):
        linear_to_codes(light, encoding)
        linear_to_codes(light, encoding, bits=16)
    np.testing.assert_array_equal(light, kept)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "AVIF"])
def test_the_same_picture_gives_the_same_bytes(kind):
    light = np.random.default_rng(0).uniform(0, 1, (65, 51, 3)).astype(np.float32)
    assert encode_picture(light, format=kind) == encode_picture(light, format=kind)


def test_jpeg_is_four_four_four():
    data = encode_picture(grey_field(100, 64), format="JPEG")
    assert [c[1:3] for c in Image.open(io.BytesIO(data)).layer] == [(1, 1)] * 3


@pytest.mark.parametrize(("kind", "bits"), [("PNG", 8), ("PNG", 16), ("TIFF", 8), ("TIFF", 16)])
@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (700, 3), (300, 401)])
def test_lossless_files_hold_the_codes(kind, bits, shape):
    light = np.random.default_rng(0).uniform(0, 1, (*shape, 3)).astype(np.float32)
    want = linear_to_codes(light, P3, bits=bits)
    data = encode_picture(light, format=kind, bits=bits, profile="p3")
    picture = open_picture(data)
    assert picture.codes.dtype == want.dtype
    np.testing.assert_array_equal(picture.codes, want)
    # Pillow, a reader that did not write it, sees the same in 8 bits.
    seen = np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)
    assert np.abs(seen - want / (257 if bits == 16 else 1)).max() <= 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.jpg", "JPEG"),
        ("a.b.JPEG", "JPEG"),
        ("x.png", "PNG"),
        ("x.webp", "WebP"),
        ("x.tif", "TIFF"),
        ("x.TIFF", "TIFF"),
        ("x.avif", "AVIF"),
    ],
)
def test_format_for(name, kind):
    assert format_for(name) == kind


@pytest.mark.parametrize("name", ["a.gif", "a.jxl", "a", ""])
def test_format_for_lists_what_is_written(name):
    with pytest.raises(PictureError, match=r"\.png.*\.tiff"):
        format_for(name)


def test_impossible_requests():
    light = np.zeros((4, 4, 3), np.float32)
    for wrong in ({"format": "GIF"}, {"format": "JPEG", "bits": 16}, {"format": "PNG", "bits": 12}):
        with pytest.raises(PictureError):
            encode_picture(light, **wrong)
    with pytest.raises(PictureError, match="1 to 100"):
        encode_picture(light, format="JPEG", quality=0)
    with pytest.raises(PictureError, match="WebP"):
        encode_picture(np.zeros((1, 17000, 3), np.float32), format="WebP")
    with pytest.raises(TypeError):
        encode_picture(light.astype(np.float64), format="PNG")


# --- files ----------------------------------------------------------------------------------


def test_new_file_is_written_whole(tmp_path):
    path = tmp_path / "out.png"
    write_atomically(b"data", path, force=False)
    assert path.read_bytes() == b"data"
    assert [p.name for p in tmp_path.iterdir()] == ["out.png"]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_existing_only_with_force(tmp_path):
    path = tmp_path / "out.png"
    path.write_bytes(b"old")
    with pytest.raises(OutputExists, match="--force"):
        write_atomically(b"new", path, force=False)
    assert path.read_bytes() == b"old"
    write_atomically(b"new", path, force=True)
    assert path.read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1


def test_input_is_never_overwritten_under_any_name(tmp_path, monkeypatch):
    source = tmp_path / "in.png"
    source.write_bytes(b"precious")
    (tmp_path / "link.png").symlink_to(source)
    (tmp_path / "hard.png").hardlink_to(source)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    relative = type(source)("in.png")
    for name in (source, tmp_path / "link.png", tmp_path / "hard.png"):
        for given in (name, tmp_path / "sub" / ".." / name.name):
            with pytest.raises(OutputExists, match="input itself"):
                write_atomically(b"x", given, force=True, inputs=[tmp_path / "other", relative])
    assert source.read_bytes() == b"precious"
    assert (tmp_path / "link.png").is_symlink()


def test_dangling_link_is_not_followed(tmp_path):
    link = tmp_path / "out.png"
    link.symlink_to(tmp_path / "elsewhere.png")
    with pytest.raises(OutputExists):
        write_atomically(b"x", link, force=False)
    assert not (tmp_path / "elsewhere.png").exists()


def test_missing_folder_and_folder_as_file(tmp_path):
    with pytest.raises(PictureError, match="Make the folder"):
        write_atomically(b"x", tmp_path / "none" / "out.png", force=False)
    with pytest.raises(PictureError, match="is a folder"):
        write_atomically(b"x", tmp_path, force=True)


@pytest.mark.parametrize("step", ["fsync", "link", "replace"])
def test_failure_leaves_nothing_and_keeps_the_old(tmp_path, monkeypatch, step):
    path = tmp_path / "out.png"
    force = step == "replace"
    if force:
        path.write_bytes(b"old")

    def fail(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync" if step == "fsync" else step, fail)
    if step == "link":  # the other road must fail too
        monkeypatch.setattr(type(path), "replace", fail)
    if step == "replace":
        monkeypatch.setattr(type(path), "replace", fail)
    with pytest.raises(PictureError, match="No space left"):
        write_atomically(b"new", path, force=force)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == ([b"old"] if force else [])


@pytest.mark.parametrize("hard_links", [True, False])
def test_of_many_writers_one_wins(tmp_path, monkeypatch, hard_links):
    if not hard_links:

        def fail(*_args, **_options):
            raise OSError(95, "Operation not supported")

        monkeypatch.setattr(os, "link", fail)
    for turn in range(10):
        path = tmp_path / f"{turn}.png"
        barrier, won, lost = threading.Barrier(8), [], []

        def work(i, path=path, barrier=barrier, won=won, lost=lost):
            barrier.wait()
            try:
                write_atomically(b"%d" % i * 1000, path, force=False)
                won.append(i)
            except OutputExists:
                lost.append(i)

        threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert len(won) == 1
        assert len(lost) == 7
        assert path.read_bytes() == b"%d" % won[0] * 1000
    assert len(list(tmp_path.iterdir())) == 10
