"""A photo taken with a camera, and several photos of one person at once, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from page_host import open_chromium
from studio_page import PHOTO, QUIET, READY, SETTLED, until, watch

pytestmark = pytest.mark.models
_SIDE = 512


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photo as a film of one picture, which Chromium shows as what its camera sees."""
    photo = cv2.resize(cv2.imread(str(PHOTO)), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    path = tmp_path_factory.mktemp("film") / "sitter.y4m"
    planes = cv2.cvtColor(photo, cv2.COLOR_BGR2YUV_I420).tobytes()
    head = f"YUV4MPEG2 W{_SIDE} H{_SIDE} F10:1 Ip A1:1 C420mpeg2\nFRAME\n".encode()
    path.write_bytes(head + planes)
    return path


@pytest.fixture(scope="module")
def pictured(filmed: Path) -> Iterator[Any]:
    """A Chromium whose camera sees the film."""
    fake = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={filmed}"]
    with open_chromium(more=fake) as browser:
        yield browser


def test_a_photo_is_taken_with_the_camera(url: str, pictured: Any) -> None:
    context = pictured.new_context(locale="en-GB", viewport={"width": 1280, "height": 860})
    context.grant_permissions(["camera"], origin=url)
    page = context.new_page()
    wrong = watch(page, url)
    page.goto(url)
    until(page, "!!document.querySelector('cl-welcome label')")
    page.click("label[for=camera]")
    until(page, "!document.querySelector('dialog[open] .primary')?.disabled")
    page.click("dialog[open] .primary")
    until(page, QUIET, 90)
    (photo,) = page.evaluate("catchlight.studio.session.photos")
    assert (photo["name"], photo["width"], photo["height"]) == ("camera.jpg", _SIDE, _SIDE)
    # What is taken is not mirrored, whatever the finder shows: the parting is where it was.
    seen = page.evaluate(
        "catchlight.studio.files[0].arrayBuffer().then((b) => [...new Uint8Array(b)])"
    )
    codes = cv2.imdecode(np.array(seen, np.uint8), cv2.IMREAD_GRAYSCALE).astype(float)
    known = cv2.resize(cv2.imread(str(PHOTO), cv2.IMREAD_GRAYSCALE), (_SIDE, _SIDE)).astype(float)
    assert np.abs(codes - known).mean() < 0.5 * np.abs(codes[:, ::-1] - known).mean()
    assert page.evaluate("document.querySelector('video').srcObject") is None
    assert wrong == []
    context.close()


def test_a_camera_that_may_not_be_seen_is_said(url: str, pictured: Any) -> None:
    page = pictured.new_page(locale="en-GB")
    page.goto(url)
    until(page, "!!document.querySelector('cl-welcome label')")
    page.focus("#camera")
    page.keyboard.press("Space")
    until(page, "/may not see|No camera/.test(document.querySelector('dialog[open]')?.textContent)")
    assert page.is_disabled("dialog[open] .primary")
    page.keyboard.press("Escape")
    assert page.evaluate("!document.querySelector('dialog[open]')")
    page.close()


def test_of_several_photos_the_best_is_the_source_and_the_others_are_compared(
    url: str, pictured: Any, tmp_path: Path
) -> None:
    whole = cv2.imread(str(PHOTO))
    blurred = cv2.GaussianBlur(whole, (0, 0), 4)
    faceless = np.full_like(whole, 120)
    paths = []
    for name, picture in (("blurred", blurred), ("good", whole), ("wall", faceless)):
        paths.append(str(tmp_path / f"{name}.jpg"))
        cv2.imwrite(paths[-1], picture, [cv2.IMWRITE_JPEG_QUALITY, 95])
    page = pictured.new_page(viewport={"width": 1280, "height": 860}, locale="en-GB")
    wrong = watch(page, url)
    page.goto(url)
    until(page, "!!document.querySelector('cl-welcome label')")
    page.set_input_files("#files", paths)
    ranked = "catchlight.studio.session?.photos.every((p) => p.role !== 'waiting')"
    until(page, f"{READY} && {ranked} && catchlight.studio.session.source === 'p2'", 90)
    until(page, SETTLED, 90)
    roles = page.evaluate("catchlight.studio.session.photos.map((p) => [p.name, p.role])")
    assert roles == [
        ["blurred.jpg", "reference"], ["good.jpg", "source"], ["wall.jpg", "left out"],
    ]  # fmt: skip
    strip = "[...document.querySelectorAll('.photo-strip .photo')]"
    said = page.evaluate(f"{strip}.map((e) => [e.innerText.trim(), e.disabled])")
    assert said == [["compared", False], ["used", False], ["left out", True]]
    # Likeness is told by all photos of the person; and whoever wants the other one has it.
    page.click(".photo-strip .photo >> nth=0")
    until(page, f"catchlight.studio.session.source === 'p1' && {READY}", 90)
    until(page, SETTLED, 90)
    assert page.get_attribute(".photo-strip .photo >> nth=0", "aria-pressed") == "true"
    assert wrong == []
    page.close()
