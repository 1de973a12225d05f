"""ICC profiles: matrix/TRC ones read and written here in float, all others through LittleCMS.

The ICC byte layout is that of ICC.1:2010 (v4.3): a 128-byte header, a table of tags, then data;
big-endian; ``s15Fixed16`` numbers. The connection space is XYZ relative to D50.
"""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from catchlight.images.encoding import Encoding, rgb_to_p3_matrix, standard_encoding
from catchlight.pixels.colour import BRADFORD, D65, P3_TO_XYZ, SRGB_TO_XYZ

if TYPE_CHECKING:
    from PIL import Image

D50 = np.array([0.9642, 1.0, 0.8249])  # ICC.1:2010 section 7.2.16
_SCALE = np.diag((BRADFORD @ D50) / (BRADFORD @ D65))
D65_TO_D50: NDArray[np.float64] = np.asarray(np.linalg.inv(BRADFORD) @ _SCALE @ BRADFORD)
D50_TO_D65: NDArray[np.float64] = np.asarray(np.linalg.inv(D65_TO_D50))


def profile_space(icc: bytes) -> str:
    """What the profile describes: ``"RGB"``, ``"GRAY"``, ``"CMYK"``, ``"Lab"``, or ``""``."""
    if len(icc) < 132 or icc[36:40] != b"acsp":
        return ""
    return icc[16:20].decode("ascii", "replace").strip()


def read_tags(icc: bytes) -> dict[bytes, bytes]:
    """The tagged elements of a profile, by signature."""
    (count,) = struct.unpack_from(">I", icc, 128)
    tags = {}
    for i in range(min(count, 100)):
        sign, start, length = struct.unpack_from(">4sII", icc, 132 + 12 * i)
        tags[sign] = icc[start : start + length]
    return tags


def _xyz(tag: bytes) -> NDArray[np.float64]:
    return np.asarray(np.array(struct.unpack_from(">3i", tag, 8)) / 65536, np.float64)


def sample_curve(tag: bytes, size: int) -> tuple[NDArray[np.float64], int]:
    """Sample a ``curv`` or ``para`` tag (sections 10.5 and 10.15) at ``size`` codes in 0..1.

    Returns the curve, and how many bytes its description took.
    """
    x = np.linspace(0, 1, size)
    if tag[:4] == b"curv":
        (n,) = struct.unpack_from(">I", tag, 8)
        if n == 0:
            return x, 12
        if n > len(tag) // 2:
            raise ValueError("a curve is cut off")
        values = np.frombuffer(tag, ">u2", n, 12).astype(np.float64)
        length = 12 + 2 * n
        if n == 1:
            return np.asarray(x ** (values[0] / 256)), length
        return np.asarray(np.interp(x * (n - 1), np.arange(n), values / 65535)), length
    if tag[:4] != b"para":
        raise ValueError(f"unknown curve type {tag[:4]!r}")
    (kind,) = struct.unpack_from(">H", tag, 8)
    count = (1, 3, 4, 5, 7)[kind]
    p = [v / 65536 for v in struct.unpack_from(f">{count}i", tag, 12)]
    g, a, b, c, d, e, f = p + [1.0, 0.0, 0.0, 0.0, 0.0, 0.0][len(p) - 1 :]
    if kind in (1, 2):  # d is implied, and c is an offset, not a slope
        d, e, f, c = -b / a, c, c, 0.0
    curve = np.where(x >= d, np.maximum(a * x + b, 0) ** g + e, c * x + f)
    return np.asarray(curve), 12 + 4 * count


def _description(tag: bytes) -> str:
    if tag[:4] == b"mluc":
        length, start = struct.unpack_from(">II", tag, 20)
        return tag[start : start + length].decode("utf-16-be", "replace").strip("\0 ")
    (length,) = struct.unpack_from(">I", tag, 8)
    return tag[12 : 12 + length].decode("ascii", "replace").strip("\0 ")


@lru_cache(maxsize=16)
def parse_profile(icc: bytes, size: int) -> Encoding:
    """Read a matrix/TRC RGB profile, or a grey profile with a curve, in float.

    Parameters
    ----------
    icc : bytes
        The whole profile.
    size : int
        Entries wanted in the curves: 256 or 65536.

    Returns
    -------
    Encoding
        sRGB and Display P3 are recognised by their numbers, whatever the profile is called, and
        replaced by the exact ones. ``icc`` is kept for RGB, None for grey.

    Raises
    ------
    ValueError
        Damaged, or of another kind (LUT, CMYK, Lab): go through :func:`convert_with_cms`.
    """
    try:
        tags, space = read_tags(icc), profile_space(icc)
        name = _description(tags[b"desc"]) if b"desc" in tags else "embedded profile"
        names = {"RGB": (b"rTRC", b"gTRC", b"bTRC"), "GRAY": (b"kTRC",) * 3}[space]
        curves = np.stack([sample_curve(tags[n], size)[0] for n in names])
        matrix = np.eye(3, dtype=np.float32)
        if space == "RGB":
            to_d50 = np.stack([_xyz(tags[n]) for n in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
            if np.abs(to_d50.sum(axis=1) - D50).max() > 0.05 or abs(np.linalg.det(to_d50)) < 1e-4:
                raise ValueError("its primaries do not add up to white")
            matrix = rgb_to_p3_matrix(D50_TO_D65 @ to_d50)
    except (KeyError, IndexError, struct.error, ZeroDivisionError) as error:
        raise ValueError(f"not a matrix/TRC profile ({error})") from None
    falling = (np.diff(curves, axis=1) < -1e-6).any()
    if not np.isfinite(curves).all() or falling or (curves[:, -1] < 0.5).any():
        raise ValueError("its curves do not rise")
    if space == "RGB":
        for known in ("sRGB", "Display P3"):
            exact = standard_encoding(known, size)
            # A quarter of an 8-bit code, in linear light: 1/(4 * 255) times the curve's slope.
            near = np.gradient(exact.curves[0].astype(np.float64)) * (size / 1024) + 1e-4
            same_curve = (np.abs(curves - exact.curves) < near).all()
            if same_curve and np.abs(matrix - exact.matrix).max() < 2e-3:
                return Encoding(exact.curves, exact.matrix, known, icc)
    table = np.clip(curves, 0, 1).astype(np.float32)
    table.flags.writeable = False
    return Encoding(table, matrix, name, icc if space == "RGB" else None)


def convert_with_cms(image: Image.Image, icc: bytes | None) -> Image.Image:
    """Convert CMYK, Lab or LUT-profiled 8-bit pictures to sRGB with LittleCMS.

    Relative colorimetric with black point compensation, 8 bits per channel (so it is only the
    fallback). ``icc`` None means CIELAB itself.

    Raises
    ------
    ValueError
        LittleCMS cannot use the profile.
    """
    from PIL import ImageCms

    try:
        lab = ImageCms.createProfile("LAB")
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc) if icc else lab)
        target = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
        transform = ImageCms.buildTransform(
            source,
            target,
            image.mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        result = ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError) as error:
        raise ValueError(str(error)) from None
    if result is None:
        raise ValueError("LittleCMS returned nothing")
    return result


def _s15(values: NDArray[np.float64]) -> bytes:
    return np.round(values.ravel() * 65536).astype(">i4").tobytes()


def build_profile(name: str, to_xyz: NDArray[np.float64]) -> bytes:
    """Write an ICC v4 matrix/TRC display profile with the sRGB curve; inverse of the parser.

    Parameters
    ----------
    name : str
        Description that other programs show.
    to_xyz : (3, 3)
        RGB -> XYZ (D65).

    Notes
    -----
    About 500 bytes. Written by hand, not by LittleCMS, because LittleCMS stamps the time of day:
    the same picture must give the same bytes.
    """

    def text(words: str) -> bytes:
        body = words.encode("utf-16-be")
        return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(body), 28) + body

    # IEC 61966-2-1 as a type 3 parametric curve: g, a, b, c, d.
    srgb = np.array([2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045])
    columns = (D65_TO_D50 @ to_xyz).T
    blobs: list[tuple[tuple[bytes, ...], bytes]] = [
        ((b"desc",), text(name)),
        ((b"cprt",), text("No copyright, use freely")),
        ((b"wtpt",), b"XYZ \0\0\0\0" + _s15(D50)),
        ((b"chad",), b"sf32\0\0\0\0" + _s15(D65_TO_D50)),
        ((b"rXYZ",), b"XYZ \0\0\0\0" + _s15(columns[0])),
        ((b"gXYZ",), b"XYZ \0\0\0\0" + _s15(columns[1])),
        ((b"bXYZ",), b"XYZ \0\0\0\0" + _s15(columns[2])),
        ((b"rTRC", b"gTRC", b"bTRC"), b"para\0\0\0\0\0\x03\0\0" + _s15(srgb)),
    ]
    count = sum(len(names) for names, _ in blobs)
    table, data = struct.pack(">I", count), b""
    start = 128 + 4 + 12 * count
    for names, blob in blobs:
        for sign in names:
            table += struct.pack(">4sII", sign, start + len(data), len(blob))
        data += blob + b"\0" * (-len(blob) % 4)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sI4sIQI12s",
        *(start + len(data), b"", 0x04300000, b"mntr", b"RGB ", b"XYZ "),
        *(2024, 1, 1, 0, 0, 0, b"acsp", b"", 0, b"", 0, 0, 0, _s15(D50)),
    )
    return header.ljust(128, b"\0") + table + data


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The sRGB profile that is embedded by default."""
    return build_profile("sRGB", SRGB_TO_XYZ)


@lru_cache(maxsize=1)
def p3_profile() -> bytes:
    """The Display P3 profile."""
    return build_profile("Display P3", P3_TO_XYZ)
