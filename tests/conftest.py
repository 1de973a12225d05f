"""Fixtures: real scenes from the one photograph in the repository, and what lies beside it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import sitter
from places import NEEDED_MODELS, ROOT, SHARED

from catchlight import models
from catchlight.analysis.framing.plan import plan_frame
from catchlight.analysis.scene import Scene
from catchlight.analysis.study import build_scene
from catchlight.analysis.subject import Subject, open_subject
from catchlight.images import Picture, open_picture


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="rewrite the expected picture of every golden case that fails",
    )


def pytest_configure() -> None:
    """Let Ctrl-C be heard by what tests start: a shell in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def need_models() -> None:
    """Skip, saying why, where the model files have not been fetched."""
    missing = [name for name in NEEDED_MODELS if not models.is_present(name)]
    if missing:
        pytest.skip(f"models {', '.join(missing)} are not in the cache: run `make setup`")


@pytest.fixture(scope="session")
def astronaut() -> Picture:
    """The photograph of the repository: 512 x 512, NASA, public domain."""
    return open_picture(ROOT / "examples" / "astronaut.jpg")


@pytest.fixture(scope="session")
def astronaut_subject(astronaut: Picture, need_models: None) -> Subject:
    return open_subject(astronaut)


@pytest.fixture(scope="session")
def astronaut_scene(astronaut_subject: Subject) -> Scene:
    """The default headshot of the astronaut: 640 x 800, fast matte, on a studio backdrop."""
    frame = plan_frame(astronaut_subject, "headshot", size=None, stay_inside=False)
    return sitter.freeze(build_scene(astronaut_subject, frame, engine="fast"))


@pytest.fixture(scope="session")
def kept_scene(astronaut_subject: Subject) -> Scene:
    """The astronaut before her own wall: the frame shows nothing but photo."""
    frame = plan_frame(astronaut_subject, "headshot", size=None, stay_inside=True)
    return sitter.freeze(build_scene(astronaut_subject, frame, engine="fast"))


@pytest.fixture(scope="session")
def near_subject(astronaut: Picture, need_models: None) -> Subject:
    """The astronaut twice as large: 86 pixels between the eyes, whose whites are then seen."""
    return open_subject(sitter.enlarge(astronaut, 2))


@pytest.fixture(scope="session")
def near_scene(near_subject: Subject) -> Scene:
    """The astronaut twice as large before her own wall, near enough for the skin to be seen."""
    frame = plan_frame(near_subject, "headshot", size=None, stay_inside=True, head=0.51)
    return sitter.freeze(build_scene(near_subject, frame, engine="fast"))


@pytest.fixture(scope="session")
def degraded_subject(near_subject: Subject) -> Subject:
    """The astronaut flat, side-lit, tinted and too dark: every adjustment has something to do."""
    return open_subject(sitter.degrade(near_subject.picture, near_subject.face))


@pytest.fixture(scope="session")
def degraded_scene(degraded_subject: Subject) -> Scene:
    frame = plan_frame(degraded_subject, "headshot", size=None, stay_inside=True)
    scene = sitter.sharpen(build_scene(degraded_subject, frame, engine="fast"))
    return sitter.freeze(scene)


@pytest.fixture(scope="session")
def photos() -> Path:
    """The folder of real photographs, which is not part of the repository."""
    folder = SHARED / "photos"
    if not (folder / "index.csv").is_file():
        pytest.skip(f"no real photographs: {folder} is absent")
    return folder


@pytest.fixture(scope="session")
def london() -> Path:
    """The folder of London Set photographs, which is not part of the repository."""
    folder = SHARED / "london"
    if not (folder / "index.csv").is_file():
        pytest.skip(f"no London Set photographs: {folder} is absent")
    return folder
