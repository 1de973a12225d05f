"""The judge of sources: signs become reasons. ``shot``, ``pick`` and the report ask this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from catchlight.analysis.subject import Subject
from catchlight.analysis.verdict.features import Eye
from catchlight.analysis.verdict.signs import Signs, measure_signs
from catchlight.analysis.verdict.verdict import Grade, Reason, Verdict, order
from catchlight.measured import measured_once

#: Pixels across the face: below the first nothing can be made of it, below the second not much.
_SMALL = (40.0, 100.0)
#: Contrast of the eyes' edges at half a millimetre, in thousandths of the skin's light: 40 and more
#: in 19 of 20 photos, 7 to 19 in photos blurred by 2.4 to 4 mm.
_EDGES = (22.0, 36.0)
#: Likewise of :attr:`Surface.shake`: 0.63 and more in 19 of 20 photos, 0.26 to 0.56 where the
#: camera moved by 10 to 16 mm of the face.
_SHAKE = (0.40, 0.54)
#: Eyes whose edges stand out more than this were not shaken: 63 at most where the camera moved, 76
#: and more in the three sharp photos of 217 whose detail runs one way (frames of glasses, teeth).
_STILL = 70.0
#: Codes of noise (2.4 at most in 162 photos), and the quality of a JPEG.
_NOISE, _QUALITY = (10.0, 5.0), (12, 30)
#: Share of the outline of the face beyond the border.
_OUTSIDE = (0.18, 0.05)
#: Degrees of yaw and of pitch.
_YAW, _PITCH = (55.0, 38.0), (42.0, 30.0)
#: Share of the face at its ceiling, and its median in log2.
_BURNT, _BLACK = (0.30, 0.08), (-6.1, -5.5)
#: Lid gap over eye to chin; coefficient of a blink; mouth over the inter-eye distance.
_SHUT, _BLINK, _GAPE = 0.034, 0.42, 0.42
#: Stops by which a white is brighter than its iris where an eye is seen: 0.9 and more in 19 of 20
#: photos, 0.6 in all sharp ones of 217 whose eyes are open; nothing behind dark glasses or under
#: hair. And how dark glasses are, against the cheeks.
_DRAWN, _FAINT, _DARK, _DARK_AROUND, _BLACKEST = 0.40, 0.75, -2.0, -1.6, -3.0
#: What black glasses mirror is drawn no more than this; an eye in deep shade is.
_MIRRORED = 1.2
#: Stops to which an eye and what is around it are one even dark: less dark glasses, and no eye.
_EVEN = 0.1
#: Where a mouth is seen, its lips are redder (log ratio) or the line between them darker (stops).
_RED, _LINE = 0.03, 0.58
#: Something dark before it: another colour than the cheeks' (log ratios), and stops below them; and
#: from where on below them a line in it is the thing's own: the net of a microphone has lines.
_PATCH, _BLACK_THING = (0.15, -1.2), -2.5
#: Line of a mouth in a black and white picture, where no lip is red.
_GREY_LINE = 0.30
#: Widths of two heads between their middles: 1 is cheek to cheek.
_TOUCHING = 1.25
#: What is said instead of what.
_INSTEAD = (
    ("tiny", {"blurred", "noisy", "eyes shut", "eyes hidden", "face covered"}),
    ("eyes hidden", {"blurred", "eyes shut"}),
    ("face covered", {"mid-shout"}),
)
#: Height of the strongest line of the spectrum, in powers of ten: 1.4 at most in 162 photos, 2.5 in
#: the median where a screen's pixels beat with the camera's.
_COMB = 1.55

_AGAIN = "Take another photo in which the whole face can be seen."
_EYES = "Choose a photo in which both eyes can be seen."
_LARGER = "Use the original file, or a photo taken closer."
_SHARP = "Choose a sharp one: hold the camera still, focus on the eyes, use more light."
_LIGHT = "Take it again facing a window, with the exposure set on the face."
_FRONT = "Choose a photo that faces the camera."
_CALM = "Choose one with a calm face."
_ALONE = "Choose a photo with nobody else beside the face."
_FILE = "Use the file of the photo itself, not a picture of it."
_PLAIN = "Use the photo as the camera took it, without a filter."


@measured_once
def judge_source(subject: Subject) -> Verdict:
    """Judge a photo as the source of a headshot; about 0.1 s beside the faults of its file."""
    return judge_signs(measure_signs(subject))


def judge_signs(signs: Signs) -> Verdict:
    """The verdict that signs add up to."""
    found = [r for rule in _RULES for r in rule(signs)]
    # What hides the eyes takes their edges, and blur takes what an eye is told by: one is said.
    kinds = {r.kind for r in found}
    for kind, less in _INSTEAD:
        if kind in kinds:
            found = [r for r in found if r.kind not in less]
    return order(found)


def _grade(value: float, limits: tuple[float, float]) -> Grade | None:
    """Beyond the first limit unsuitable, beyond the second usable, but; either way up."""
    worst, bad = limits
    if worst > bad:
        return "unsuitable" if value > worst else "usable, but" if value > bad else None
    return "unsuitable" if value < worst else "usable, but" if value < bad else None


def _size(s: Signs) -> Iterable[Reason]:
    if s.width < _SMALL[0]:
        said = f"the face is {s.width:.0f} pixels wide"
        yield Reason("tiny", "unsuitable", said, _LARGER)
    elif s.width < _SMALL[1]:
        yield Reason("small", "usable, but", f"the face is {s.width:.0f} pixels wide", _LARGER)


def _is_shaken(s: Signs) -> Grade | None:
    return _grade(s.surface.shake, _SHAKE) if s.surface.edge < _STILL else None


def _blur(s: Signs) -> Iterable[Reason]:
    if s.width < _SMALL[0]:
        return
    if grade := _grade(s.surface.edge, _EDGES):
        yield Reason("blurred", grade, "the face is blurred", _SHARP)
    elif grade := _is_shaken(s):
        yield Reason("blurred", grade, "the photo is shaken", _SHARP)


def _file(s: Signs) -> Iterable[Reason]:
    if grade := _grade(s.noise, _NOISE):
        yield Reason("noisy", grade, f"heavy noise ({s.noise:.0f} codes)", _SHARP)
    elif s.quality is not None and (grade := _grade(s.quality, _QUALITY)):
        said = f"heavy compression (JPEG quality {s.quality})"
        yield Reason("noisy", grade, said, _LARGER)


def _border(s: Signs) -> Iterable[Reason]:
    if grade := _grade(s.outside, _OUTSIDE):
        yield Reason("cut", grade, "the photo's border cuts the face", _AGAIN)


def _pose(s: Signs) -> Iterable[Reason]:
    grades = [_grade(abs(s.yaw), _YAW), _grade(abs(s.pitch), _PITCH)]
    grade: Grade | None = "unsuitable" if "unsuitable" in grades else grades[0] or grades[1]
    if grade:
        said = f"the head is turned by {s.yaw:.0f} degrees and tipped by {s.pitch:.0f}"
        yield Reason("turned away", grade, said, _FRONT)


def _light(s: Signs) -> Iterable[Reason]:
    if grade := _grade(s.burnt, _BURNT):
        yield Reason("burnt", grade, f"{s.burnt:.0%} of the face is burnt out", _LIGHT)
    if grade := _grade(s.level, _BLACK):
        yield Reason("black", grade, "the face is nearly black", _LIGHT)


def _is_dark(eye: Eye) -> bool:
    """Whether dark glasses cover an eye."""
    even = abs(eye.drawn) < _EVEN and eye.bright < eye.around + _EVEN
    if eye.around > _DARK_AROUND or (eye.bright > _DARK and not even):
        return False
    # The blackest mirror what is before them, and that may look like an eye.
    return eye.drawn < _FAINT or (eye.bright < _BLACKEST and eye.drawn < _MIRRORED)


def _eyes(s: Signs) -> Iterable[Reason]:
    if abs(s.yaw) > _YAW[0]:
        return
    # Blur takes what an eye is drawn by; black glasses are told all the same.
    sharp = s.surface.edge >= _EDGES[1] and not _is_shaken(s)
    lids = (s.shut < _SHUT or s.blink > _BLINK) and sharp
    dark = all(_is_dark(e) for e in s.eyes)
    unseen = [e.drawn < _DRAWN and sharp for e in s.eyes]
    under = [e.around < _DARK_AROUND for e in s.eyes]
    # One eye in the shade is no hidden one: lids that were painted shut there were called so.
    if dark or (all(unseen) and all(under) and not lids):
        yield Reason("eyes hidden", "unsuitable", "the eyes are hidden", _EYES)
    elif lids or all(unseen):
        said = "the eyes are shut" if lids else "the eyes are shut or hidden"
        yield Reason("eyes shut", "unsuitable", said, _EYES)


def _mouth(s: Signs) -> Iterable[Reason]:
    grey = abs(s.lip) < _RED
    dark = s.patch > _PATCH[0] and s.shade < _PATCH[1] and s.lip < _RED
    line = s.line >= (_LINE if s.coloured else _GREY_LINE)
    if (not line and (grey or dark)) or (dark and s.shade < _BLACK_THING):
        yield Reason("face covered", "unsuitable", "the mouth is covered", _AGAIN)
    elif s.gape > _GAPE:
        yield Reason("mid-shout", "usable, but", "the mouth is wide open", _CALM)


def _others(s: Signs) -> Iterable[Reason]:
    if s.near < _TOUCHING and not s.twins:
        yield Reason("touched", "usable, but", "another person touches the head", _ALONE)


def _surface(s: Signs) -> Iterable[Reason]:
    if s.twins:
        said = f"a sheet with {s.twins + 1} prints of the same picture"
        yield Reason("picture of a picture", "unsuitable", said, _FILE)
    elif s.surface.comb > _COMB and s.noise < _NOISE[1]:
        said = "the pattern of a screen or a print lies over it"
        yield Reason("picture of a picture", "unsuitable", said, _FILE)


_RULES: tuple[Callable[[Signs], Iterable[Reason]], ...] = (
    _size, _blur, _file, _border, _pose, _light, _eyes, _mouth, _others, _surface,
)  # fmt: skip
