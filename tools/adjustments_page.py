"""Write docs/adjustments.md and its pictures; with --check, say whether the page is current.

Each picture is rendered from examples/astronaut.jpg, enlarged twice so that a face has pixels to
speak of, with a fault painted on where she has none. Times and strengths come from the catalogue;
what a person has to know beside them stands in ``NOTES``.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import sitter

from catchlight import develop
from catchlight.adjustments.adjustment import Adjustment
from catchlight.adjustments.catalogue import CATALOGUE
from catchlight.analysis.face.mesh import Face
from catchlight.analysis.subject import open_subject
from catchlight.arrays import Float, Pixels, as_float
from catchlight.images import open_picture
from catchlight.look import Look
from catchlight.pixels import colour, filters
from catchlight.studio import study

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "adjustments.md"
PICTURES = ROOT / "docs" / "adjustments"
#: Absorption of blood in linear R, G, B (Tsumura 1999).
_BLOOD = np.array([0.15, 0.70, 0.60], np.float32)
Spoil: TypeAlias = Callable[[Pixels, Face], Pixels]

HEAD = """# The adjustments

Written by `make docs` from the catalogue and from `examples/astronaut.jpg`; do not edit. Every
adjustment is a change of pixels in stops at full strength; `--set NAME=STRENGTH` scales it, 0 is
the photo bit for bit. Pictures show, left to right, the photo, the default, and full strength
(where the default is 0: the photo and full strength). Numbers are reproduced by the test named.

| adjustment | default | range | for |
|---|---:|---|---|
"""


@dataclass(frozen=True)
class Note:
    """What a page says of an adjustment beside its own docstring.

    Attributes
    ----------
    measured : how it is measured
    fails : when it fails, or does nothing
    painted : what was done to the photo for the picture; empty where nothing
    spoil : does it; linear P3 (H, W, 3) and the face in its pixels -> the spoilt pixels
    choices : what else the look says, for the picture
    enlarged : how many times the photo is enlarged
    crop : half width and half height of the picture in inter-eye distances, and its middle below
        the eyes, in the same
    """

    measured: str
    fails: str
    painted: str = ""
    spoil: Spoil | None = None
    crop: tuple[float, float, float] = (1.5, 1.9, 0.6)
    choices: Mapping[str, object] = field(default_factory=dict)
    enlarged: int = 2


def _disc(shape: tuple[int, ...], middle: Float, radius: float) -> Float:
    """A Gaussian spot, half at ``radius``."""
    yy, xx = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    r2 = (xx - middle[0]) ** 2 + (yy - middle[1]) ** 2
    return as_float(np.exp(-np.log(2) * r2 / radius**2))


def _redden(diameter: float, density: float, points: tuple[int, ...]) -> Spoil:
    def spoil(pixels: Pixels, face: Face) -> Pixels:
        for i in points:
            where = _disc(pixels.shape, face.points[i], 0.5 * diameter * face.px_per_mm)
            pixels = pixels * np.exp(-density * where[..., None] * _BLOOD)
        return as_float(pixels)

    return spoil


def _gloss(pixels: Pixels, face: Face) -> Pixels:
    for i, size in ((9, 11.0), (50, 9.0), (4, 6.0)):
        where = _disc(pixels.shape, face.points[i], 0.5 * size * face.px_per_mm)
        pixels = pixels + 0.35 * where[..., None]
    return as_float(pixels)


def _circles(pixels: Pixels, face: Face) -> Pixels:
    from catchlight.analysis.parts.regions import measure_regions

    alpha = np.ones(pixels.shape[:2], np.float32)
    below = measure_regions(pixels, alpha, face)["under_eyes"]
    where = filters.blur(below, 1.0 * face.px_per_mm)[..., None]
    return as_float(pixels * 2.0 ** (-where * np.array([0.40, 0.55, 0.38], np.float32)))


def _inside(name: str, gains: tuple[float, float, float]) -> Spoil:
    def spoil(pixels: Pixels, face: Face) -> Pixels:
        from catchlight.analysis.parts.regions import measure_regions

        alpha = np.ones(pixels.shape[:2], np.float32)
        where = measure_regions(pixels, alpha, face)[name][..., None]
        return as_float(pixels * (1 + where * (np.array(gains, np.float32) - 1)))

    return spoil


def _light(gains: tuple[float, float, float]) -> Spoil:
    return lambda pixels, face: as_float(pixels * np.array(gains, np.float32))


def _shade(pixels: Pixels, face: Face) -> Pixels:
    x = np.arange(pixels.shape[1], dtype=np.float32)[None, :, None]
    nose = float(face.points[168, 0])
    rise = filters.smoothstep(as_float(x), nose - 0.25 * face.ied, nose + 0.25 * face.ied)
    return as_float(pixels * 2.0 ** (-1.5 * rise))


def _green_side(pixels: Pixels, face: Face) -> Pixels:
    x = np.arange(pixels.shape[1], dtype=np.float32)[None, :, None]
    nose = float(face.points[168, 0])
    rise = filters.smoothstep(as_float(x), nose - 0.3 * face.ied, nose + 0.6 * face.ied)
    return as_float(pixels * 2.0 ** (rise * np.array([-0.25, 0.10, -0.25], np.float32)))


def _fade(pixels: Pixels, face: Face) -> Pixels:
    y = np.maximum(colour.luminance(pixels), 0.01)[..., None]
    return as_float(pixels * (y / 0.3) ** (0.5 - 1))


def _shrink(pixels: Pixels, face: Face) -> Pixels:
    """Half the size, saved as a JPEG of quality 50."""
    h, w = pixels.shape[:2]
    small = filters.resize(pixels, w // 2, h // 2)
    codes = colour.p3_to_srgb_codes(small)
    _, data = cv2.imencode(".jpg", codes[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 50])
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1].astype(np.float32) / 255
    linear = colour.apply_matrix(colour.srgb_to_linear(as_float(back)), colour.SRGB_TO_P3)
    return as_float(np.maximum(linear, 0))


def _strands(pixels: Pixels, face: Face) -> Pixels:
    return sitter.draw_strands(pixels, face, long=36, wide=0.7, dark=0.8)


_FACE, _NEAR = (1.5, 1.9, 0.6), (1.05, 1.2, 0.4)
NOTES = {
    "white_balance": Note(
        "The share of a cast that goes where it gave skin a colour that no skin has: 60 % at the "
        "least; what skin may have is never made worse, and plausible skin moves by 8 % of its "
        "chroma and 3 degrees at most (`test_known_faults.py`, `test_cast.py`, "
        "`tools/colour_evidence.py`).",
        "It needs two witnesses that agree, one of which at least is no wall. A warm photo stays "
        "warm; so does black and white, and sepia.",
        "an orange light put on the photo",
        _light((1.4, 1.0, 0.35)),
        (2.0, 2.5, 0.6),
    ),
    "exposure": Note(
        "How much of a known error of -3 to +1 stops goes, on light skin and dark; no skin tone "
        "enters (`test_exposed.py`, `test_known_faults.py`, `test_fairness.py`, "
        "`tools/colour_evidence.py`).",
        "Nothing for half a stop, which may be meant. What is burnt stays white.",
        "two stops too dark",
        _light((0.25, 0.25, 0.25)),
        (2.0, 2.5, 0.6),
    ),
    "brightness": Note(
        "It acts on every photo alike; black and white stay where they are (`test_manual.py`).",
        "It knows nothing of the photo: what is too much is yours to say.",
        crop=(2.0, 2.5, 0.6),
    ),
    "warmth": Note(
        "It acts on every photo alike, at equal luminance (`test_manual.py`).",
        "It knows nothing of the photo: what is too much is yours to say.",
        crop=(2.0, 2.5, 0.6),
    ),
    "shadows": Note(
        "The stops between the two cheeks after half the face was darkened; the gain against the "
        "same fill over the true light of rendered heads (`test_known_faults.py`, "
        "`test_light.py`).",
        "Cast shadows of hats and window bars get fainter and do not go; a fringe may be taken for "
        "one. See [light and lens](light-and-lens.md).",
        "the right half of the face 1.5 stops darker",
        _shade,
        (2.0, 2.5, 0.6),
    ),
    "key_light": Note(
        "Light of the lit side within 1 degree of ITA; nothing where the photo's own light or "
        "catchlights contradict the pattern (`test_light.py`).",
        "It moves the shading, not the edge of a cast shadow. Nothing without `--light`. See "
        "[light and lens](light-and-lens.md).",
        "`--light rembrandt`",
        crop=(2.0, 2.5, 0.6),
        choices={"light": "rembrandt"},
    ),
    "light_colour": Note(
        "The share of a coloured light on one side that goes, 40 to 50 % at full strength; "
        "luminance and the skin's own colour stay (`test_light.py`).",
        "A tint over all of the face is white balance's. Weak blue on deep skin cannot be told "
        "from shine and stays.",
        "green light from the right",
        _green_side,
        (2.0, 2.5, 0.6),
    ),
    "dimension": Note(
        "At most 0.4 stops either way and nothing on average; neutral greys stay neutral "
        "(`test_light.py`, `test_laws.py`).",
        "Nothing where the head is turned far or its form is not known.",
        crop=(2.0, 2.5, 0.6),
    ),
    "falloff": Note(
        "No bit of the face changes; the corners lose more than what is near (`test_behind.py`).",
        "Half of it where the cut-out cannot be trusted; nothing before painted paper.",
        crop=(2.6, 3.0, 0.9),
    ),
    "ground_warmth": Note(
        "No bit of the face changes; both ways at equal lightness (`test_behind.py`).",
        "Half of it where the cut-out cannot be trusted; nothing before painted paper.",
        crop=(2.6, 3.0, 0.9),
    ),
    "ground_colour": Note(
        "No bit of the face changes; the ground's chroma falls by 40 % at least at -1 "
        "(`test_behind.py`).",
        "Half of it where the cut-out cannot be trusted; nothing before painted paper, nothing to "
        "do on grey.",
        crop=(2.6, 3.0, 0.9),
    ),
    "stray_hair": Note(
        "Single dark hairs before a wall lose two thirds of their contrast; hair and face stay "
        "(`test_hair_and_clothes.py`).",
        "Nothing before a ground with fine contrast of its own, nothing before painted paper, "
        "nothing below the mouth. Of a halo of curls the outermost fade with the rest.",
        "single hairs painted above the head",
        _strands,
        (1.7, 1.1, -1.35),
    ),
    "clothes": Note(
        "Painted lint goes on plain cloth, and none is found on stripes; creases lose up to 45 % "
        "of their light and shade, lapels nothing (`test_hair_and_clothes.py`).",
        "A faint print of one hue may be taken for creases. Deep folds stay: that is how it hangs.",
        crop=(2.0, 1.3, 2.6),
    ),
    "lens": Note(
        "Landmarks of heads drawn from near and corrected, against the same heads from far "
        "(`test_lens.py`).",
        "By itself it acts only where the file's focal length tells the distance. Ears that the "
        "photo does not show cannot appear. See [light and lens](light-and-lens.md).",
        "shown as if this photo had been taken from 40 cm (`--lens 0.4`); it was not, so the face "
        "becomes too broad",
        crop=(2.0, 2.5, 0.6),
        choices={"lens": 0.4},
    ),
    "contrast": Note(
        "How much of the slope of tones comes back to a photo flattened to 40 %; the face keeps "
        "its brightness and hue (`test_known_faults.py`).",
        "A sitter whose clothes already span six stops gets nothing.",
        "flattened to half of its range, but for the deepest blacks",
        _fade,
        (2.0, 2.5, 0.6),
    ),
    "blemishes": Note(
        "Painted red spots lose their colour difference; painted moles, freckles and scars keep "
        "their contrast (`test_marks.py`).",
        "What is not surely passing stays: `--heal ID` and `--keep ID` decide otherwise. Small "
        "and soft faces show too little to judge.",
        "red spots painted on both cheeks of the photo enlarged four times: smaller faces are left",
        _redden(2.6, 0.8, (205, 50, 425, 280)),
        _NEAR,
        enlarged=4,
    ),
    "skin_evenness": Note(
        "Painted blotches of 5 to 15 mm lose 70 % of their redness at full strength, on every "
        "tone; moles and freckles keep their contrast, pores their texture "
        "(`test_skin.py`, `test_retouch_on_photos.py`).",
        "Redness wider than 15 mm (a whole nose, sunburn) is taken for the sitter's own colour.",
        "blotches of 9 to 12 mm painted on cheeks and forehead",
        _redden(11.0, 0.35, (205, 280, 151)),
        _NEAR,
    ),
    "shine": Note(
        "Painted highlights lose 60 % of their light at full strength, on every tone; a broad "
        "glow stays (`test_skin.py`, `test_retouch_on_photos.py`).",
        "Clipped highlights get the colour of the skin around, without its pores. Gloss on hair, "
        "lips and glasses is left.",
        "gloss painted on forehead, cheek and nose",
        _gloss,
        _NEAR,
    ),
    "under_eye": Note(
        "Full strength closes half of the gap to the cheek in stops, never more; a crease keeps "
        "its contrast (`test_eyes_and_teeth.py`, `test_retouch_on_photos.py`).",
        "Nothing under dark lenses, and less and less below a cast shadow of more than a stop.",
        "dark circles painted, half a stop",
        _circles,
        (1.0, 0.75, 0.15),
    ),
    "eyes": Note(
        "Caps of the change of white and iris: at most 4 L* lighter, three quarters of the chroma, "
        "15 % of iris contrast; hue, veins, catchlights and the lid's shadow stay "
        "(`test_eyes_and_teeth.py`).",
        "Nothing where the eyes are closed, tiny or behind tinted lenses.",
        "whites a little yellow",
        _inside("eyes", (1.0, 0.97, 0.82)),
        (1.0, 0.55, 0.0),
    ),
    "teeth": Note(
        "The index of whiteness rises by at most 2.6, what observers accept; gums and lips stay "
        "bit for bit (`test_eyes_and_teeth.py`).",
        "Nothing with a closed mouth. It is a hint: half of yellow teeth's colour stays.",
        "teeth a little yellow",
        _inside("teeth", (0.97, 0.92, 0.66)),
        (0.75, 0.6, 1.05),
    ),
    "texture": Note(
        "Coherent gain of fine contrast, which grain cannot raise: at -1 pores keep 65 % and "
        "lumps 45 %, in the worst quartile of skin; at a setting's own place 95 % "
        "(`test_skin.py`).",
        "Fine contrast that the photo does not hold cannot be raised. The picture shows -1, the "
        "photo, and 1.",
        crop=_NEAR,
    ),
    "garment_colour": Note(
        "Folds keep their contrast, skin and ground their bits, and the cloth's middle comes to "
        "the asked colour (`tools/wardrobe_evidence.py`, [wardrobe](wardrobe.md)).",
        "Nothing where cloth, hair and skin have one colour, where the cloth is patterned, or "
        "where it is too dark for the colour. A shirt and a jacket that merge are dyed together. "
        "It is for choosing: a file made with it says so.",
        "the suit tried in navy",
        crop=(2.6, 3.0, 1.2),
        choices={"garment": "navy"},
    ),
    "detail": Note(
        "Nearer to the original than bicubic, Lanczos and the network alone in structure and "
        "colour, after known blur, noise, JPEG and reduction; in identity too after a clean "
        "reduction, and as near where a coarse JPEG lies between (`test_restoration.py`).",
        "A good photo is left bit for bit. Steps back by itself where the result is less the "
        "person. It costs seconds, for its network.",
        "half the size (the photo's own), and saved as a JPEG of quality 50",
        _shrink,
    ),
}


def enlarge(times: int) -> tuple[Pixels, Face]:
    """The example, enlarged, and the face in it."""
    small = open_picture(ROOT / "examples" / "astronaut.jpg").linear()
    large = cv2.resize(small, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    photo = as_float(np.clip(large, 0, 1))
    return photo, open_subject(sitter.make_photo(photo, "example")).face


def draw(adjustment: Adjustment) -> Pixels:
    """The strip of one adjustment: photo, default, full strength, side by side."""
    note = NOTES.get(adjustment.name)
    photo, face = enlarge(note.enlarged if note else 2)
    spoilt = note.spoil(photo, face) if note and note.spoil else photo
    zero = dict.fromkeys((a.name for a in CATALOGUE), 0.0)
    ends = (adjustment.low, 0.0, 1.0) if adjustment.low < 0 else (0.0, adjustment.default, 1.0)
    looks = [
        Look(
            backdrop="keep",
            size=(960, 1200),
            adjust=zero | {adjustment.name: s},
            **(note.choices if note else {}),
        )
        for s in dict.fromkeys(ends)
    ]
    scene = study(sitter.make_photo(spoilt, "example"), looks[-1])
    half_w, half_h, below = note.crop if note else _FACE
    ied = scene.face.ied
    x, y = scene.face.eyes.mean(0) + np.array([0, below * ied])
    x0, x1 = (max(0, round(x + s * half_w * ied)) for s in (-1, 1))
    y0, y1 = (max(0, round(y + s * half_h * ied)) for s in (-1, 1))
    made = [develop(scene, look).pixels[y0:y1, x0:x1] for look in looks]
    width = round(720 / len(made))
    height = round(width * made[0].shape[0] / made[0].shape[1])
    return as_float(np.hstack([filters.resize(as_float(m), width, height) for m in made]))


def save(pixels: Pixels, path: Path) -> None:
    """Write sRGB as a JPEG of less than 60 kB."""
    codes = colour.p3_to_srgb_codes(pixels)
    for quality in (88, 80, 70):
        _, data = cv2.imencode(".jpg", codes[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        if len(data) < 60_000:
            break
    path.write_bytes(data.tobytes())


def write_page() -> str:
    """The page as Markdown; it needs no picture to be made."""
    lines = [HEAD.rstrip("\n")]
    for a in CATALOGUE:
        lines.append(f"| [{a.name}](#{a.name}) | {a.default:g} | {a.low:g} to 1 | {a.text} |")
    for a in CATALOGUE:
        note = NOTES.get(a.name)
        how = " ".join((inspect.getdoc(a.build) or a.text).split("\n\nNotes\n")[0].split())
        how = how.split(" References ----------")[0]
        lines += ["", f"## {a.name}", "", f"{a.text} {how}", ""]
        if note:
            lines += [f"* **Measured.** {note.measured}", f"* **Fails.** {note.fails}"]
        painted = f": {note.painted}" if note and note.painted else ""
        shown = "-1, the photo, 1" if a.low < 0 else "the photo, default, full strength"
        shown = shown if a.low < 0 or a.default > 0 else "the photo, full strength"
        lines += ["", f"![{a.name}](adjustments/{a.name}.jpg)", ""]
        lines += [f"*{shown.capitalize()}{painted}.*"]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or check."""
    text = write_page()
    if "--check" in sys.argv:
        stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text
        lost = [a.name for a in CATALOGUE if not (PICTURES / f"{a.name}.jpg").is_file()]
        return 1 if stale or lost else 0
    PICTURES.mkdir(parents=True, exist_ok=True)
    asked = [v for v in sys.argv[1:] if not v.startswith("-")]
    for adjustment in CATALOGUE:
        if not asked or adjustment.name in asked:
            save(draw(adjustment), PICTURES / f"{adjustment.name}.jpg")
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
