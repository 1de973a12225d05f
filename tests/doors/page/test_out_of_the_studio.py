"""What leaves the page: files of every format, all sizes as a zip, the Look, the clipboard."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomllib
from page_host import open_chromium
from PIL import Image
from studio_page import SETTLED, bring_photo, serve_studio, until, watch

from catchlight.look import Look
from catchlight.setting import load_setting

pytestmark = pytest.mark.models
#: How a file of each format begins, as the standards say.
BEGINS = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG", "WebP": b"RIFF", "TIFF": b"II*\0"}
STATUS = "document.querySelector('.sheet-dialog.save [role=status]').textContent"


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page whose picture stands, and that may use the clipboard."""
    with serve_studio() as url, open_chromium() as browser:
        context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 860})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=url)
        page = context.new_page()
        wrong = watch(page, url)
        bring_photo(page, url)
        until(page, SETTLED)
        page.keyboard.press("Control+s")
        yield page
        assert wrong == []


def save(page: Any, folder: Path, button: str = ".sheet-dialog.save .button.primary") -> Path:
    """Press a button that hands out a file; where it was put."""
    with page.expect_download(timeout=120_000) as found:
        page.click(button)
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def test_every_format_is_written_as_what_it_is(page: Any, tmp_path: Path) -> None:
    names = page.evaluate("catchlight.studio.schema.formats")
    assert set(names) == {"JPEG", "PNG", "WebP", "TIFF", "AVIF"}
    sizes = set()
    for name in names:
        page.check(f"#format-{name}", force=True)
        path = save(page, tmp_path)
        data = path.read_bytes()
        if name == "AVIF":
            assert data[4:12] == b"ftypavif"
        else:
            assert data.startswith(BEGINS[name]), name
        with Image.open(io.BytesIO(data)) as picture:
            sizes.add(picture.size)
        until(page, f"/Saved/.test({STATUS})")
        said, (width, height) = page.evaluate(STATUS), picture.size
        # What the browser cannot open itself is told by its bytes alone.
        pixels = "" if name == "TIFF" else f": {width} × {height} pixels"
        assert said == f"Saved as {path.name}{pixels}, {len(data) / 1e6:.1f} MB."
    assert len(sizes) == 1


def test_all_sizes_of_the_setting_come_in_one_zip(page: Any, tmp_path: Path) -> None:
    page.check("#format-JPEG", force=True)
    page.select_option("#save-size", "*")
    page.check("#save-report")
    path = save(page, tmp_path)
    assert path.name == "headshots.zip"
    sizes = load_setting("linkedin").sizes
    files = {f"headshot-{name.replace('_', '-')}.jpg": size for name, size in sizes.items()}
    with zipfile.ZipFile(path) as pack:
        assert pack.testzip() is None
        assert set(pack.namelist()) == {*files, "look.toml", "report.html"}
        for name, size in files.items():
            with Image.open(io.BytesIO(pack.read(name))) as picture:
                assert picture.size == (size.width, size.height)
        assert b"<html" in pack.read("report.html")
    page.uncheck("#save-report")
    page.select_option("#save-size", "")


def test_the_look_on_screen_is_the_look_that_is_written(page: Any, tmp_path: Path) -> None:
    path = save(page, tmp_path, "button:has-text('Save the choices')")
    assert path.name == "look.toml"
    written = Look.model_validate(tomllib.loads(path.read_text("utf-8")))
    shown = Look.model_validate(page.evaluate("catchlight.studio.lookOf()"))
    assert written.strengths == pytest.approx(shown.strengths, abs=1e-4)
    assert written.model_copy(update={"adjust": {}}) == shown.model_copy(update={"adjust": {}})


def test_the_picture_is_copied_to_the_clipboard(page: Any) -> None:
    page.click("button:has-text('Copy the picture')")
    until(page, f"{STATUS} === 'Copied.'", 90)
    data = page.evaluate(
        """async () => {
          const [item] = await navigator.clipboard.read();
          const blob = await item.getType("image/png");
          const picture = await createImageBitmap(blob);
          return [item.types, picture.width, picture.height];
        }"""
    )
    kinds, width, height = data
    assert "image/png" in kinds
    place = page.evaluate("catchlight.studio.plan")
    assert width / height == pytest.approx(place["width"] / place["height"], rel=0.01)
    assert width >= place["width"]


def test_who_stops_a_file_is_told_so(page: Any) -> None:
    # News of the job is held back, or a quick machine has the file before Stop can be pressed.
    page.route(
        "**/jobs/**", lambda held: held.continue_() if held.request.method == "DELETE" else None
    )
    page.check("#format-TIFF", force=True)
    page.click(".sheet-dialog.save .button.primary")
    with page.expect_request(lambda asked: asked.method == "DELETE" and "/jobs/" in asked.url):
        page.click(".sheet-dialog.save button:has-text('Stop')")
    page.unroute("**/jobs/**")
    until(page, f"{STATUS} === 'Stopped.'")
    assert not page.is_disabled(".sheet-dialog.save .button.primary")
