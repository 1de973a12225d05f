"""Names in words."""

from __future__ import annotations

import pytest

from catchlight.names import list_names


@pytest.mark.parametrize(
    ("names", "said"),
    [(["a"], "a"), (["a", "b"], "a and b"), (("a", "b", "c"), "a, b and c")],
)
def test_names_stand_one_after_the_other(names: list[str], said: str) -> None:
    assert list_names(names) == said
