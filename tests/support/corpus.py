"""Small valid files of every format and kind of metadata, drawn by code."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image, PngImagePlugin
from tiffs import PACKINGS, Page, write_dng, write_tiff

from catchlight.images.profiles import build_profile, p3_profile
from catchlight.pixels.colour import SRGB_TO_XYZ

SECRETS = ("Jane Q. Public", "SN-0042-SECRET", "Our house", "51,30N", "janes-laptop", "Little Ann")
XMP = (
    b'<x:xmpmeta exif:GPSLatitude="51,30N" dc:creator="Jane Q. Public" hdrgm:Version="1.0">'
    b"<mwg-rs:Name>Little Ann</mwg-rs:Name></x:xmpmeta>"
)


def draw(height: int = 24, width: int = 32) -> np.ndarray:
    """A picture of soft colours, (H, W, 3) uint8."""
    y, x = np.mgrid[0:height, 0:width]
    planes = (90 + 60 * np.sin(x / 5), 110 + 50 * np.cos(y / 7), 80 + 3 * ((x + y) % 24))
    return np.asarray(np.stack(planes, -1), np.uint8)


def secret_exif(orientation: int = 1) -> Image.Exif:
    """EXIF with everything that nobody else should read, a thumbnail, too."""
    exif = Image.Exif()
    exif.update({271: "Apple", 272: "iPhone 13", 306: "2024:05:06 07:08:09", 274: orientation})
    exif.update({315: SECRETS[0], 270: SECRETS[2], 316: SECRETS[4], 33432: "(c) The Studio"})
    exif[0x8769] = {
        33434: 0.008, 33437: 1.6, 34855: 200, 36867: "2024:05:04 03:02:01", 37386: 5.1,
        41989: 26, 42033: SECRETS[1], 42037: SECRETS[1], 42032: SECRETS[0],
        37500: b"Apple iOS\0" + SECRETS[1].encode(), 37510: b"ASCII\0\0\0" + SECRETS[5].encode(),
        42016: "0123456789",
    }  # fmt: skip
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 1.5), 3: "W", 4: (0.0, 7.0, 39.0)}
    return exif


def secret_block(orientation: int = 1) -> bytes:
    """The same as bytes, with a second directory whose thumbnail says ``THUMB``."""
    block = secret_exif(orientation).tobytes().removeprefix(b"Exif\0\0")
    order = "<" if block[:2] == b"II" else ">"
    (at,) = struct.unpack_from(f"{order}I", block, 4)
    (count,) = struct.unpack_from(f"{order}H", block, at)
    link = at + 2 + 12 * count
    thumb = b"\xff\xd8THUMB\xff\xd9"
    entries = [(259, 3, 1, 6), (513, 4, 1, len(block) + 2 + 36 + 4), (514, 4, 1, len(thumb))]
    rows = b"".join(struct.pack(f"{order}HHII", *row) for row in entries)
    linked = block[:link] + struct.pack(f"{order}I", len(block)) + block[link + 4 :]
    return linked + struct.pack(f"{order}H", 3) + rows + bytes(4) + thumb


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Bytes of an image as Pillow writes it."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(sign: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + sign + body + struct.pack(">I", zlib.crc32(sign + body))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """A PNG with further chunks behind its header."""
    return png[:33] + b"".join(chunks) + png[33:]


def png16(array: np.ndarray) -> bytes:
    """A 16-bit PNG by hand."""
    h, w, n = array.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    head = struct.pack(">IIBBBBB", w, h, 16, {1: 0, 2: 4, 3: 2, 4: 6}[n], 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def heic(array: np.ndarray, **options: Any) -> bytes:
    """A HEIC; ``icc``, ``exif`` and ``xmp`` are bytes."""
    mode = {np.dtype("u1"): "RGB", np.dtype("u2"): "RGB;16"}[array.dtype]
    if array.shape[2] == 4:
        mode = mode.replace("RGB", "RGBA")
    image = pillow_heif.from_bytes(mode, array.shape[1::-1], array.tobytes())
    for key in ("icc_profile", "xmp"):
        if key in options:
            image.info[key] = options.pop(key)
    out = io.BytesIO()
    image.save(out, **{"quality": 90, "chroma": 444, **options})
    return out.getvalue()


def deep_avif(array: np.ndarray) -> bytes:
    """A 10-bit AVIF from codes 0..1023."""
    done, data = cv2.imencode(
        ".avif", array[..., ::-1], [cv2.IMWRITE_AVIF_DEPTH, 10, cv2.IMWRITE_AVIF_SPEED, 9]
    )
    assert done
    return bytes(data.tobytes())


def lut_profile(corners: list[float]) -> bytes:
    """An RGB profile of one ``mft1`` table with a lightness for each corner; all neutral."""
    lab = b"".join(bytes([round(v * 2.55), 128, 128]) for v in corners)
    straight = bytes(range(256))
    table = b"mft1\0\0\0\0" + bytes([3, 3, 2, 0])
    table += (np.eye(3).ravel() * 65536).astype(">i4").tobytes()
    table += straight * 3 + lab + straight * 3
    head = bytearray(build_profile("t", SRGB_TO_XYZ)[:128])
    head[8:12], head[12:24] = b"\x02\x20\0\0", b"prtrRGB Lab "
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    words = b"desc\0\0\0\0" + struct.pack(">I", 2) + b"t\0" + bytes(79)
    tags, data = [], b""
    for sign, blob in ((b"desc", words), (b"wtpt", white), (b"A2B0", table)):
        tags.append(struct.pack(">4sII", sign, 132 + 36 + len(data), len(blob)))
        data += blob + bytes(-len(blob) % 4)
    icc = bytes(head) + struct.pack(">I", 3) + b"".join(tags) + data
    return struct.pack(">I", len(icc)) + icc[4:]


def make_corpus() -> dict[str, bytes]:
    """A file of each kind, by its name."""
    found: dict[str, bytes] = {}
    for build in (_jpegs, _pngs, _tiffs, _others, _containers):
        found |= build()
    return found


def _jpegs() -> dict[str, bytes]:
    image = Image.fromarray(draw())
    block = b"Exif\0\0" + secret_block(6)
    notes = {"exif": block, "icc_profile": p3_profile(), "xmp": XMP, "comment": b"Little Ann"}
    plain = saved(image, "JPEG", quality=90)
    iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x14\x1c\x02P\0\x0eJane Q. Public\0"
    app13 = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    return {
        "jpeg": plain,
        "jpeg progressive": saved(image, "JPEG", quality=80, progressive=True),
        "jpeg grey": saved(image.convert("L"), "JPEG"),
        "jpeg cmyk": saved(image.convert("CMYK"), "JPEG"),
        "jpeg notes": saved(image, "JPEG", **notes),
        "jpeg iptc": plain[:2] + app13 + plain[2:],
        "jpeg restart": saved(image, "JPEG", restart_marker_blocks=1),
        "mpo": saved(image, "MPO", save_all=True, append_images=[image]),
    }


def _pngs() -> dict[str, bytes]:
    image = Image.fromarray(draw())
    plain = saved(image, "PNG")
    deep = draw().astype(np.uint16) * 257
    alpha = np.dstack([deep, deep[..., :1]])
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRETS[0])
    info.add_text("Comment", SECRETS[5], zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    raw = b"\nexif\n%8d\n" % 4 + secret_block().hex().encode()
    clear = image.convert("RGBA")
    clear.putalpha(Image.fromarray(draw()[..., 0]))
    frames = [image, image.transpose(Image.Transpose.ROTATE_180)]
    return {
        "png": plain,
        "png palette": saved(image.quantize(16), "PNG", transparency=3),
        "png grey": saved(image.convert("L"), "PNG"),
        "png 1 bit": saved(image.convert("1"), "PNG"),
        "png alpha": saved(clear, "PNG"),
        "png 16": png16(deep),
        "png 16 alpha": png16(alpha),
        "png 16 grey": png16(deep[..., :1]),
        "png notes": saved(
            image, "PNG", pnginfo=info, exif=secret_exif(), icc_profile=p3_profile()
        ),
        "png gamma": with_chunks(
            plain, chunk(b"gAMA", struct.pack(">I", 55556)), chunk(b"cHRM", _ADOBE)
        ),
        "png cicp": with_chunks(plain, chunk(b"cICP", bytes([9, 16, 0, 1]))),
        "png raw exif": with_chunks(
            plain, chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))
        ),
        "png animated": saved(image, "PNG", save_all=True, append_images=frames),
        "png tables": saved(image, "PNG", icc_profile=lut_profile([0, 9, 20, 30, 50, 60, 80, 100])),
        "png 16 tables": with_chunks(
            png16(deep),
            chunk(b"iCCP", b"t\0\0" + zlib.compress(lut_profile([0, 9, 20, 30, 50, 60, 80, 100]))),
        ),
    }


_ADOBE = struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


def _tiffs() -> dict[str, bytes]:
    rgb = draw()
    deep = rgb.astype(np.uint16) * 257
    image = Image.fromarray(rgb)
    thumb = Page(rgb[::4, ::4], tags={254: (4, [1])})
    found = {
        "tiff thumbnail first": write_tiff(thumb, Page(rgb)),
        "tiff white is zero": write_tiff(Page(65535 - deep[..., :1], photometric=0), order=">"),
        "tiff extra": write_tiff(Page(np.dstack([deep, deep[..., :1]]), extras=(0,))),
        "tiff associated": write_tiff(Page(np.dstack([deep // 2, deep[..., :1]]), extras=(1,))),
        "tiff cmyk": write_tiff(Page(np.dstack([deep, deep[..., :1]]), photometric=5)),
        "tiff lab": write_tiff(Page(deep, photometric=8)),
        "tiff lab 8": saved(Image.merge("LAB", [image.getchannel(0)] * 3), "TIFF"),
        "tiff half": write_tiff(Page((rgb / 255).astype(np.float16))),
        "tiff float": write_tiff(
            Page((rgb / 255).astype(np.float32), packing="deflate", predictor=3)
        ),
        "tiff jpeg": saved(image, "TIFF", compression="jpeg"),
        "tiff fax": saved(image.convert("1"), "TIFF", compression="group4"),
        "tiff palette": saved(image.quantize(16), "TIFF"),
        "tiff notes": saved(image, "TIFF", exif=secret_exif().tobytes(), icc_profile=p3_profile()),
        "dng": write_dng(deep[..., 1]),
    }
    for packing in PACKINGS:
        found[f"tiff {packing} tiled"] = write_tiff(
            Page(deep, packing=packing, planar=True, tile=16)
        )
        found[f"tiff {packing}"] = write_tiff(Page(deep, packing=packing), order=">")
    return found


def _others() -> dict[str, bytes]:
    image = Image.fromarray(draw())
    clear = image.convert("RGBA")
    clear.putalpha(Image.fromarray(draw()[..., 0]))
    frames = {"save_all": True, "append_images": [image.rotate(180)]}
    notes = {"exif": secret_exif(), "icc_profile": p3_profile(), "xmp": XMP}
    return {
        "webp": saved(image, "WEBP"),
        "webp lossless alpha": saved(clear, "WEBP", lossless=True),
        "webp notes": saved(image, "WEBP", **notes),
        "webp animated": saved(image, "WEBP", **frames),
        "gif": saved(image, "GIF", comment=b"Little Ann"),
        "gif animated": saved(image, "GIF", **frames),
        "bmp": saved(image, "BMP"),
        "bmp 32": saved(clear, "BMP"),
        "bmp palette": saved(image.quantize(16), "BMP"),
    }


def _containers() -> dict[str, bytes]:
    rgb = draw(64, 64)
    deep = rgb.astype(np.uint16) * 257
    image = Image.fromarray(rgb)
    exif = b"Exif\0\0" + secret_block(6)
    notes: dict[str, Any] = {"exif": exif, "xmp": XMP, "icc_profile": p3_profile()}
    found = {
        "heic": heic(rgb),
        "heic notes": heic(rgb, **notes),
        "heic alpha": heic(np.dstack([rgb, rgb[..., :1]])),
        "heic 10": heic(deep),
        "heic pq": heic(deep, color_primaries=9, transfer_characteristics=16),
        "heic hlg": heic(deep, color_primaries=9, transfer_characteristics=18),
        "heic tables": heic(rgb, icc_profile=lut_profile([0, 9, 20, 30, 50, 60, 80, 100])),
        "avif": saved(image, "AVIF", speed=9),
        "avif notes": saved(image, "AVIF", speed=9, **notes),
        "avif 10": deep_avif(deep >> 6),
    }
    if find_spec("pillow_jxl"):
        import pillow_jxl.JpegXLImagePlugin  # noqa: F401 - tells Pillow of itself

        found["jxl"] = saved(image, "JXL", quality=90)
        found["jxl notes"] = saved(image, "JXL", exif=exif, use_container=True)
    return found


#: Kinds whose reading takes more than Catchlight itself installs.
OPTIONAL: dict[str, Callable[[], bool]] = {
    "dng": lambda: find_spec("rawpy") is not None,
    "jxl": lambda: find_spec("pillow_jxl") is not None,
    "jxl notes": lambda: find_spec("pillow_jxl") is not None,
}
