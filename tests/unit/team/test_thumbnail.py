"""The thumbnail of a photo beside its portrait."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from catchlight.images import encode_picture, open_picture
from catchlight.team.work.master import _draw_thumb


@pytest.mark.parametrize("size", [(900, 600), (300, 900), (90, 100)])
def test_the_thumbnail_is_the_middle_as_a_page_would_show_it(size: tuple[int, int]) -> None:
    width, height = size
    light = np.full((height, width, 3), 0.05, np.float32)
    tall = min(height, width / 0.8)
    middle = slice(round((height - tall) / 2), round((height + tall) / 2))
    across = slice(round((width - 0.8 * tall) / 2), round((width + 0.8 * tall) / 2))
    light[middle, across] = 0.6
    picture = open_picture(encode_picture(light, format="PNG"))
    shot: Any = SimpleNamespace(subject=SimpleNamespace(picture=picture))
    thumb = open_picture(_draw_thumb(shot))
    assert thumb.height == min(400, tall)
    assert thumb.width == pytest.approx(0.8 * thumb.height, abs=1)
    # All that is bright, up to a pixel of the border, and nothing else.
    assert thumb.codes[2:-2, 2:-2].min() > 180
