"""Profiles: the same scene through any profile is the same light."""

import io
import struct

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageCms

from catchlight.images import choose_encoding, encode_picture, open_picture
from catchlight.images.encoding import primaries_to_xyz, standard_encoding
from catchlight.images.profiles import (
    build_profile,
    p3_profile,
    parse_profile,
    profile_space,
    srgb_profile,
)
from catchlight.pixels.colour import P3_TO_XYZ, SRGB_TO_P3, SRGB_TO_XYZ, ciede2000, p3_to_lab

SCENE = np.random.default_rng(3).uniform(0.02, 0.9, (24, 24, 3)).astype(np.float32)
SCENE = (SCENE.reshape(-1, 3) @ SRGB_TO_P3.T).reshape(24, 24, 3).astype(np.float32)  # inside sRGB


def png(codes, **options):
    out = io.BytesIO()
    Image.fromarray(codes).save(out, "PNG", **options)
    return out.getvalue()


def difference(a, b):
    return float(ciede2000(p3_to_lab(a), p3_to_lab(b)).max())


def codes_in(light, to_xyz, gamma):
    """Reference encoder: linear P3 -> 8-bit codes of a plain gamma space, by the textbook."""
    native = light @ (np.linalg.inv(to_xyz) @ P3_TO_XYZ).T
    return np.rint(np.clip(native, 0, 1) ** (1 / gamma) * 255).astype(np.uint8)


def gamma_profile(to_xyz, gamma, name="test"):
    """An ICC profile as old programs write it: gamma as a u8Fixed8 curve."""
    icc = build_profile(name, to_xyz)
    (count,) = struct.unpack_from(">I", icc, 128)
    tags = [list(struct.unpack_from(">4sII", icc, 132 + 12 * i)) for i in range(count)]
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    for tag in tags:
        if tag[0].endswith(b"TRC"):
            tag[1:] = [len(icc), 14]
    table = b"".join(struct.pack(">4sII", *tag) for tag in tags)
    icc = icc[:132] + table + icc[132 + len(table) :] + curve
    return struct.pack(">I", len(icc)) + icc[4:]


def test_same_scene_as_srgb_and_p3():
    srgb = open_picture(encode_picture(SCENE, format="PNG", profile="srgb", dither=False))
    p3 = open_picture(encode_picture(SCENE, format="PNG", profile="p3", dither=False))
    assert (srgb.encoding.name, p3.encoding.name) == ("sRGB", "Display P3")
    assert np.abs(srgb.codes.astype(int) - p3.codes).max() > 5  # the files really differ
    per_pixel = ciede2000(p3_to_lab(srgb.linear()), p3_to_lab(p3.linear()))
    assert np.percentile(per_pixel, 95) < 0.5  # two roundings to 8 bits are all that is left
    assert per_pixel.mean() < 0.3
    deep = [
        open_picture(encode_picture(SCENE, format="PNG", profile=p, bits=16)).linear()
        for p in ("srgb", "p3")
    ]
    assert difference(*deep) < 0.01
    assert difference(deep[0], SCENE) < 0.01


def test_adobe_rgb_by_profile_and_by_exif():
    to_xyz = primaries_to_xyz(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)))
    codes = codes_in(SCENE, to_xyz, 563 / 256)
    exif = Image.Exif()
    exif[0x8769] = {40961: 65535, 0xA005: {1: "R03"}}
    by_profile = open_picture(png(codes, icc_profile=gamma_profile(to_xyz, 563 / 256, "A98")))
    by_exif = open_picture(png(codes, exif=exif))
    assert by_profile.encoding.name == "A98"
    assert by_exif.encoding.name == "Adobe RGB (1998)"
    for picture in (by_profile, by_exif):
        assert float(ciede2000(p3_to_lab(picture.linear()), p3_to_lab(SCENE)).mean()) < 0.3
    untagged = open_picture(png(codes))
    assert difference(untagged.linear(), SCENE) > 2


def test_profile_in_every_format_survives():
    big = np.kron(SCENE, np.ones((4, 4, 1), np.float32))
    for kind in ("JPEG", "PNG", "WebP", "TIFF", "AVIF"):
        for profile, name in (("srgb", "sRGB"), ("p3", "Display P3")):
            picture = open_picture(encode_picture(big, format=kind, profile=profile))
            assert picture.encoding.name == name
            assert picture.encoding.icc is not None
            assert (picture.format, picture.notes) == (kind, ())


def test_heic_code_points_and_profile():
    image = Image.new("RGB", (64, 64), (255, 0, 0))
    for options, name in (
        ({"color_primaries": 12, "transfer_characteristics": 13}, "Display P3"),
        ({"color_primaries": 1, "transfer_characteristics": 13}, "sRGB"),
    ):
        out = io.BytesIO()
        pillow_heif.from_pillow(image).save(out, quality=95, chroma=444, **options)
        picture = open_picture(out.getvalue())
        assert picture.encoding.name == name
    image.info["icc_profile"] = p3_profile()
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=95, chroma=444)
    assert open_picture(out.getvalue()).encoding.icc == p3_profile()


@pytest.mark.parametrize("size", [256, 65536])
@pytest.mark.parametrize(("icc", "name"), [(srgb_profile(), "sRGB"), (p3_profile(), "Display P3")])
def test_written_profiles_parse_to_themselves(icc, name, size):
    encoding = parse_profile(icc, size)
    assert encoding.name == name
    np.testing.assert_array_equal(encoding.curves, standard_encoding(name, size).curves)
    assert encoding.is_p3 == (name == "Display P3")


def test_little_cms_agrees_with_our_profiles():
    """An independent reader: LittleCMS converts our P3 to its own sRGB as our matrices do."""
    codes = open_picture(encode_picture(SCENE, format="PNG", profile="p3", dither=False)).codes
    theirs = ImageCms.profileToProfile(
        Image.fromarray(codes),
        ImageCms.ImageCmsProfile(io.BytesIO(p3_profile())),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    ours = open_picture(encode_picture(SCENE, format="PNG", dither=False)).codes
    assert np.abs(np.asarray(theirs).astype(int) - ours).max() <= 2
    own = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert ImageCms.getProfileDescription(own).strip() == "sRGB"
    little = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert parse_profile(little, 256).is_srgb


@pytest.mark.parametrize("kind", range(5))
def test_parametric_curves(kind):
    """ICC.1:2010 table 65, each function typed out as printed there."""
    g, a, b, c, d, e, f = 2.2, 0.9, 0.1, 0.2, 0.1, 0.05, 0.02
    x = np.linspace(0, 1, 256)
    formulas = [
        ((g,), x**g),
        ((g, a, b), np.where(x >= -b / a, (a * x + b) ** g, 0)),
        ((g, a, b, c), np.where(x >= -b / a, (a * x + b) ** g + c, c)),
        ((g, a, b, c, d), np.where(x >= d, (a * x + b) ** g, c * x)),
        ((g, a, b, c, d, e, f), np.where(x >= d, (a * x + b) ** g + e, c * x + f)),
    ]
    values, want = formulas[kind]
    want = np.clip(want, 0, 1)
    if (np.diff(want) < 0).any():
        pytest.fail("the reference itself falls")
    body = b"para\0\0\0\0" + struct.pack(">HH", kind, 0)
    body += b"".join(struct.pack(">i", round(v * 65536)) for v in values)
    icc = build_profile("t", SRGB_TO_XYZ)
    at = icc.index(b"para")
    icc = icc[:at] + body + bytes(64)
    icc = icc.replace(struct.pack(">II", at, 32), struct.pack(">II", at, len(body)))
    np.testing.assert_allclose(parse_profile(icc, 256).curves[1], want, atol=1e-4)


def test_table_curve_and_grey_profile():
    table = (np.linspace(0, 1, 100) ** 1.8 * 65535).astype(">u2")
    curve = b"curv\0\0\0\0" + struct.pack(">I", 100) + table.tobytes()
    head = bytearray(build_profile("t", SRGB_TO_XYZ)[:128])
    head[16:20] = b"GRAY"
    icc = bytes(head) + struct.pack(">I4sII", 1, b"kTRC", 144, len(curve)) + curve
    assert profile_space(icc) == "GRAY"
    ramp = np.tile(np.arange(256, dtype=np.uint8), (4, 1))
    picture = open_picture(png(ramp, icc_profile=icc))
    assert picture.encoding.icc is None  # a grey profile cannot go on an RGB file
    want = np.repeat((np.arange(256) / 255)[None, :, None] ** 1.8, 3, 2)
    np.testing.assert_allclose(picture.linear()[:1], want, atol=2e-4)


def test_neutral_stays_exactly_neutral():
    grey = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2)
    wide = primaries_to_xyz(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)))
    for icc in (srgb_profile(), p3_profile(), gamma_profile(wide, 2.2)):
        light = open_picture(png(grey, icc_profile=icc)).linear()
        assert np.abs(np.ptp(light, axis=2)).max() < 3e-7


def lut_profile(space, corner_lab):
    """An ICC v2 profile of one ``mft1`` table (section 10.9) with a colour for each corner.

    ``corner_lab`` is L* 0..100 of each corner, the last channel changing fastest; all neutral.
    """
    channels = {"RGB ": 3, "CMYK": 4}[space]
    lab = b"".join(bytes([round(v * 2.55), 128, 128]) for v in corner_lab)
    straight = bytes(range(256))
    table = b"mft1\0\0\0\0" + bytes([channels, 3, 2, 0])
    table += (np.eye(3).ravel() * 65536).astype(">i4").tobytes()
    table += straight * channels + lab + straight * 3
    head = bytearray(build_profile("t", SRGB_TO_XYZ)[:128])
    head[8:12], head[12:24] = b"\x02\x20\0\0", b"prtr" + space.encode() + b"Lab "
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    words = b"desc\0\0\0\0" + struct.pack(">I", 2) + b"t\0" + bytes(79)
    tags, data = [], b""
    for sign, blob in ((b"desc", words), (b"wtpt", white), (b"A2B0", table)):
        tags.append(struct.pack(">4sII", sign, 132 + 36 + len(data), len(blob)))
        data += blob + bytes(-len(blob) % 4)
    icc = bytes(head) + struct.pack(">I", 3) + b"".join(tags) + data
    return struct.pack(">I", len(icc)) + icc[4:]


def test_cmyk_with_profile():
    # This press prints cyan as a mid grey: L* 50, sRGB 119. Without its profile it is 0, 255, 255.
    corners = [100 * (1 - (i & 1)) for i in range(16)]
    corners[8] = 50  # C = 1, M = Y = K = 0
    icc = lut_profile("CMYK", corners)
    image = Image.new("CMYK", (32, 32), (255, 0, 0, 0))
    image.paste((0, 0, 0, 0), (16, 0, 32, 32))
    for kind, options in (("TIFF", {}), ("JPEG", {"quality": 98})):
        out = io.BytesIO()
        image.save(out, kind, icc_profile=icc, **options)
        picture = open_picture(out.getvalue())
        assert np.abs(picture.codes[16, 4].astype(int) - 119).max() <= 3
        assert np.abs(picture.codes[16, 28].astype(int) - 255).max() <= 2
        assert picture.notes == ("CMYK converted to sRGB with its profile",)
        assert picture.encoding.is_srgb
        assert picture.encoding.icc is None


def test_rgb_profile_with_tables():
    corners = [0, 0, 0, 0, 50, 50, 50, 100]  # red alone prints as mid grey
    icc = lut_profile("RGB ", corners)
    codes = np.zeros((4, 4, 4), np.uint8)
    codes[..., 0], codes[..., 3] = 255, 255
    codes[0, 0, 3] = 0
    picture = open_picture(png(codes, icc_profile=icc))
    assert np.abs(picture.codes[2, 2].astype(int) - 119).max() <= 2
    assert picture.codes[0, 0].tolist() == [255] * 3
    assert any("tables" in note for note in picture.notes)


def test_unusable_profiles_are_said_and_read_as_srgb():
    codes = np.full((4, 4, 3), 100, np.uint8)
    broken = bytearray(srgb_profile())
    at = broken.index(b"rXYZ")
    broken[at : at + 4] = b"oops"
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for icc in (b"not a profile at all" * 20, lab, bytes(broken)):
        picture = open_picture(png(codes, icc_profile=icc))
        assert picture.encoding.is_srgb
        assert any("profile" in note for note in picture.notes), icc[:40]
        assert np.abs(picture.codes.astype(int) - 100).max() <= 1
    with pytest.raises(ValueError, match="not a matrix"):
        parse_profile(bytes(broken), 256)


def test_lab_tiff_goes_through_little_cms():
    lab = Image.merge("LAB", [Image.new("L", (4, 4), v) for v in (128, 128, 128)])
    out = io.BytesIO()
    lab.save(out, "TIFF")
    picture = open_picture(out.getvalue())
    # a* = b* = 0; L* 50.2 is linear 0.186, sRGB code 119 or 120.
    assert np.abs(picture.codes.astype(int) - 119).max() <= 2
    assert picture.encoding.is_srgb


def test_keep():
    wide = primaries_to_xyz(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)))
    icc = gamma_profile(wide, 563 / 256)
    codes = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    source = open_picture(png(codes, icc_profile=icc))
    encoding, notes = choose_encoding("keep", source.encoding)
    assert notes == ()
    data = encode_picture(source.linear(), format="PNG", profile=encoding)
    again = open_picture(data)
    assert again.encoding.icc == icc
    np.testing.assert_array_equal(again.codes, codes)
    grey_only = standard_encoding("Adobe RGB (1998)")
    fallback, notes = choose_encoding("keep", grey_only)
    assert fallback.is_srgb
    assert "sRGB" in notes[0]


@settings(max_examples=30, deadline=None)
@given(arrays(np.uint8, (5, 7, 3)), st.sampled_from(["srgb", "p3"]), st.booleans())
def test_round_trip_of_codes_is_exact(codes, profile, dither):
    """Codes -> light -> codes of the same encoding is the identity, dithered or not."""
    encoding, _ = choose_encoding(profile)
    source = open_picture(png(codes, icc_profile=encoding.icc))
    data = encode_picture(source.linear(), format="PNG", profile=profile, dither=dither)
    np.testing.assert_array_equal(open_picture(data).codes, codes)


@settings(max_examples=20, deadline=None)
@given(arrays(np.uint16, (5, 7, 3)), st.sampled_from(["PNG", "TIFF"]))
def test_round_trip_of_sixteen_bit_codes(codes, kind):
    light = standard_encoding("Display P3", 65536).curves[0][codes]
    again = open_picture(encode_picture(light, format=kind, profile="p3", bits=16))
    assert np.abs(again.codes.astype(int) - codes).max() <= 1
