"""Goldens: whole renders, small, against pictures that a person has looked at.

A case is a folder under ``golden/``: ``look.toml``, ``expected.png`` (320 pixels high) and
``tolerance.toml`` (CIEDE2000 mean and 99th percentile). On failure, actual, expected and amplified
difference are written to ``out/golden``. ``pytest --update-goldens`` rewrites the failing ones.
"""

from __future__ import annotations

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib
from pathlib import Path

import numpy as np
import pytest
import sitter
from drawing import render
from PIL import Image
from places import ROOT

from catchlight.analysis.scene import Scene
from catchlight.look import load_look
from catchlight.pixels import colour, filters

HERE = Path(__file__).parent / "golden"
OUT = ROOT / "out" / "golden"
CASES = sorted(p.parent.name for p in HERE.glob("*/look.toml"))
HEIGHT = 320


def small_codes(scene: Scene, case: str) -> np.ndarray:
    pixels = render(scene, load_look(HERE / case / "look.toml")).pixels
    h, w = pixels.shape[:2]
    small = filters.resize(pixels, round(w * HEIGHT / h), HEIGHT)
    return np.rint(sitter.to_codes(small)).astype(np.uint8)


def codes_to_lab(codes: np.ndarray) -> np.ndarray:
    linear = colour.srgb_to_linear(codes.astype(np.float32) / 255)
    return colour.p3_to_lab(colour.apply_matrix(linear, colour.SRGB_TO_P3))


def compare(actual: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
    """CIEDE2000 between two pictures of codes: mean and 99th percentile."""
    off = colour.ciede2000(codes_to_lab(actual), codes_to_lab(expected))
    return float(off.mean()), float(np.percentile(off, 99))


def write_evidence(case: str, actual: np.ndarray, expected: np.ndarray | None) -> None:
    """Actual, expected and eight times their difference around grey, for a person to look at."""
    OUT.mkdir(parents=True, exist_ok=True)
    Image.fromarray(actual).save(OUT / f"{case}.actual.png")
    if expected is not None and expected.shape == actual.shape:
        Image.fromarray(expected).save(OUT / f"{case}.expected.png")
        off = (actual.astype(int) - expected.astype(int)) * 8 + 128
        Image.fromarray(np.clip(off, 0, 255).astype(np.uint8)).save(OUT / f"{case}.difference.png")


def scene_of(case: str, request: pytest.FixtureRequest) -> Scene:
    """Names that begin with ``faulty`` start from the spoilt photo; a kept wall fills its frame."""
    own_wall = load_look(HERE / case / "look.toml").backdrop in ("keep", "blur")
    name = "degraded_scene" if case.startswith("faulty") else "astronaut_scene"
    return request.getfixturevalue("kept_scene" if own_wall and name[0] == "a" else name)


def test_there_are_cases() -> None:
    assert len(CASES) >= 3


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str, request: pytest.FixtureRequest) -> None:
    folder = HERE / case
    limits = tomllib.loads((folder / "tolerance.toml").read_text())
    actual = small_codes(scene_of(case, request), case)
    path = folder / "expected.png"
    expected = np.asarray(Image.open(path).convert("RGB")) if path.is_file() else None
    said = "no expected picture" if expected is None else ""
    if expected is not None and expected.shape != actual.shape:
        said = f"shape {actual.shape}, expected {expected.shape}"
    elif expected is not None:
        mean, p99 = compare(actual, expected)
        if mean > limits["mean"] or p99 > limits["p99"]:
            said = f"CIEDE2000 mean {mean:.2f}, 99th percentile {p99:.2f} (limits {limits})"
    if not said:
        return
    if request.config.getoption("--update-goldens"):
        Image.fromarray(actual).save(path, optimize=True)
        return
    write_evidence(case, actual, expected)
    pytest.fail(f"{case}: {said}. See {OUT}; `pytest --update-goldens` accepts it.")


def test_the_comparison_sees_what_a_person_sees() -> None:
    grey = np.full((20, 20, 3), 128, np.uint8)
    assert compare(grey, grey) == (0.0, 0.0)
    mean, _ = compare(grey, grey + np.uint8(4))
    assert 1 < mean < 2
    spot = grey.copy()
    spot[:3, :3] = (200, 100, 100)
    mean, p99 = compare(grey, spot)
    assert mean < 2
    assert p99 > 20
