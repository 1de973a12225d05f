"""What every file of these tests begins with: the real service, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from page_host import open_chromium
from studio_page import serve_studio


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of the real service on a free port."""
    with serve_studio() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium."""
    with open_chromium() as browser:
        yield browser
