"""Will this photo do? Photos that will not, made of one that will, and of real ones."""

from __future__ import annotations

import csv
import io
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import spoilt
from PIL import Image

from catchlight.analysis.face.mesh import Face
from catchlight.analysis.subject import open_subject
from catchlight.analysis.verdict.features import Eye
from catchlight.analysis.verdict.judge import judge_signs, judge_source
from catchlight.analysis.verdict.signs import measure_signs
from catchlight.analysis.verdict.verdict import Reason, Verdict, order
from catchlight.errors import FaceError
from catchlight.images import open_picture
from catchlight.likeness.authenticity import measure_authenticity
from catchlight.likeness.observe import observe_photo

ROOT = Path(__file__).resolve().parents[3]
#: What no sign tells yet: a print on a table, a drawing, a filter's skin, hair over the eyes.
UNTOLD = {"printed", "drawing", "beauty_filter", "hair_over_eyes"}
#: What is aimed for: the share that is told of what is there, and of what is told that is there.
RECALL, PRECISION = 0.9, 0.8
CASES = [
    (kind, spoil)
    for kind, spoils in spoilt.SPOILT.items()
    for spoil in spoils
    if spoil.__name__ not in UNTOLD
]


def to_file(codes: np.ndarray, quality: int = 95) -> bytes:
    data = io.BytesIO()
    Image.fromarray(codes).save(data, "JPEG", quality=quality)
    return data.getvalue()


def verdict_of(codes: np.ndarray, quality: int = 95) -> Verdict:
    return judge_source(open_subject(open_picture(to_file(codes, quality))))


def spoil_it(name: str, spoil: spoilt.Spoil, codes: np.ndarray, face: Face) -> Verdict:
    rng = np.random.default_rng(zlib.crc32((name + spoil.__name__).encode()))
    quality = 8 if spoil is spoilt.blocky else 95
    return verdict_of(spoil(codes, face, rng), quality)


@pytest.fixture(scope="module")
def good() -> tuple[np.ndarray, Face]:
    picture = open_picture(ROOT / "examples" / "astronaut.jpg")
    codes = np.asarray(picture.preview(4000))
    return codes, open_subject(picture).face


def test_a_good_photo_has_nothing_against_it(good: tuple[np.ndarray, Face]) -> None:
    found = verdict_of(good[0])
    assert not found.unsuitable
    assert {r.kind for r in found.reasons} <= {"small"}
    assert found.covered is None


@pytest.mark.parametrize(("kind", "spoil"), CASES, ids=lambda v: getattr(v, "__name__", v))
def test_what_was_done_to_it_is_told(
    kind: str, spoil: spoilt.Spoil, good: tuple[np.ndarray, Face]
) -> None:
    found = spoil_it("astronaut", spoil, *good)
    assert kind in {r.kind for r in found.reasons}, found.say()
    assert found.grade != "good"
    for reason in found.reasons:
        assert reason.said
        assert reason.advice.endswith(".")


def test_a_microphone_in_a_large_photo_is_no_mouth(good: tuple[np.ndarray, Face]) -> None:
    """Its net has lines as dark as that between lips, which a small photo does not show."""
    codes = np.asarray(Image.fromarray(good[0]).resize((1536, 1536), Image.Resampling.BICUBIC))
    face = open_subject(open_picture(to_file(codes))).face
    assert "face covered" not in {r.kind for r in verdict_of(codes).reasons}
    found = spoil_it("large", spoilt.microphone, codes, face)
    assert "face covered" in {r.kind for r in found.reasons}, found.say()


@pytest.mark.parametrize(
    ("eye", "told"),
    [
        (Eye(bright=-1.8, around=-1.87, drawn=0.01), "eyes hidden"),  # brown glasses, evenly dark
        (Eye(bright=-1.2, around=-1.87, drawn=0.9), None),  # eyes in the shade of a cap
        (Eye(bright=-3.4, around=-3.0, drawn=1.0), "eyes hidden"),  # black ones mirror something
        (Eye(bright=-3.4, around=-3.0, drawn=1.5), None),  # a black face whose eyes are drawn
        (Eye(bright=0.2, around=-0.3, drawn=0.35), "eyes shut"),
        (Eye(bright=0.2, around=-0.3, drawn=0.6), None),
    ],
)
def test_eyes_are_told_by_what_is_drawn(
    eye: Eye, told: str | None, good: tuple[np.ndarray, Face]
) -> None:
    signs = measure_signs(open_subject(open_picture(to_file(good[0]))))
    found = {r.kind for r in judge_signs(replace(signs, eyes=(eye, eye))).reasons}
    assert {k for k in found if "eyes" in k} == ({told} if told else set())


@pytest.mark.parametrize(("edge", "told"), [(45.0, True), (110.0, False)])
def test_a_photo_with_keen_eyes_was_not_shaken(
    edge: float, told: bool, good: tuple[np.ndarray, Face]
) -> None:
    """Frames of glasses run one way, as a shaken photo's detail does."""
    signs = measure_signs(open_subject(open_picture(to_file(good[0]))))
    signs = replace(signs, surface=replace(signs.surface, edge=edge, shake=0.46))
    assert ("blurred" in {r.kind for r in judge_signs(signs).reasons}) == told


def test_a_covered_face_gives_no_likeness(good: tuple[np.ndarray, Face]) -> None:
    masked = spoilt.mask(*good, np.random.default_rng(3))
    before, after = (
        observe_photo(open_picture(to_file(good[0]))),
        observe_photo(open_picture(to_file(masked))),
    )
    found = measure_authenticity(before, after)
    assert found.score is None
    assert {c.verdict for c in found.components} == {"indeterminate"}
    assert "covered" in found.reason


def test_the_worst_reason_is_the_grade_and_comes_first() -> None:
    rows = [Reason("a", "usable, but", "so", "Do."), Reason("b", "unsuitable", "no", "Do not.")]
    found = order(rows)
    assert found.grade == "unsuitable"
    assert [r.kind for r in found.reasons] == ["b", "a"]
    assert Verdict().grade == "good"
    assert found.to_json()["grade"] == "unsuitable"


# --- Real photos ----------------------------------------------------------------------------------


def bases(folder: Path) -> list[Path]:
    out = set("low_light harsh_light bw synthetic occluded profile blurry cmyk group".split())
    out |= set("body_shot tilt child expression hat".split())
    with (folder / "index.csv").open() as file:
        rows = [r for r in csv.DictReader(file) if not out & set(r["tags"].split())]
    return [folder / r["file"] for r in sorted(rows, key=lambda r: r["file"])][::2][:24]


@pytest.mark.photos
def test_recall_and_precision_by_kind(photos: Path) -> None:
    """Each kind is told in nine of ten real photos that were spoilt so, and seldom of others."""
    told: dict[str, list[bool]] = {}
    wrong: dict[str, int] = {}
    for path in bases(photos):
        codes = np.asarray(open_picture(path).preview(700))
        face = open_subject(open_picture(to_file(codes))).face
        own = {r.kind for r in verdict_of(codes).reasons}
        for kind, spoil in CASES:
            try:
                kinds = {r.kind for r in spoil_it(path.name, spoil, codes, face).reasons}
            except FaceError:  # refused as well, with a reason of its own
                kinds = {kind}
            told.setdefault(kind, []).append(kind in kinds)
            for other in kinds - own - {kind, "small"}:
                wrong[other] = wrong.get(other, 0) + 1
    for kind, rows in told.items():
        recall = np.mean(rows)
        precision = sum(rows) / max(sum(rows) + wrong.get(kind, 0), 1)
        assert recall >= RECALL, f"{kind}: recall {recall:.2f}"
        assert precision >= PRECISION, f"{kind}: precision {precision:.2f} ({wrong})"


@pytest.mark.photos
@pytest.mark.parametrize("series", ["london", "canada"])
def test_people_on_whom_nothing_was_tuned(photos: Path, series: str) -> None:
    """Studio series that no limit was chosen by: all of it good, and what is covered is told."""
    found = sorted((photos.parent / series).glob("*.jpg"))[::12]
    if not found:
        pytest.skip(f"{series} is not here")
    for path in found:
        codes = np.asarray(open_picture(path).preview(700))
        assert verdict_of(codes).grade == "good", path.name
        face = open_subject(open_picture(to_file(codes))).face
        for kind, spoil in (("face covered", spoilt.microphone), ("face covered", spoilt.hand),
                            ("eyes hidden", spoilt.sunglasses)):  # fmt: skip
            kinds = {r.kind for r in spoil_it(path.name, spoil, codes, face).reasons}
            assert kind in kinds, (path.name, spoil.__name__, kinds)
