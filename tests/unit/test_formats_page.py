"""docs/formats.md does what it says: both of its tables are read, and done."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from corpus import OPTIONAL, make_corpus
from places import ROOT

from catchlight.formats import FORMATS
from catchlight.images import encode_picture, open_picture

PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
GREY = np.full((24, 32, 3), 0.2, np.float32)


def table(first: str) -> list[list[str]]:
    """Cells of the table whose first heading is that."""
    lines = PAGE.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


FORMAT_ROWS, KIND_ROWS = table("format"), table("kind")
corpus = functools.lru_cache(maxsize=1)(make_corpus)


def test_every_format_has_its_row() -> None:
    assert [row[0] for row in FORMAT_ROWS] == list(FORMATS)


@pytest.mark.parametrize("row", FORMAT_ROWS, ids=[r[0] for r in FORMAT_ROWS])
def test_a_format_is_as_its_row_says(row: list[str]) -> None:
    name, suffixes, _, needs, bits, written, bits_written, lost = row
    known = FORMATS[name]
    assert tuple(suffixes.split()) == known.suffixes
    assert needs == (known.needs or "")
    assert (written == "yes") == known.written
    if written != "yes":
        assert not bits_written
        return
    assert tuple(int(b) for b in bits_written.split(", ")) == known.bits
    assert set(bits_written.split(", ")) <= set(bits.split(", "))
    rng = np.random.default_rng(0)
    light = rng.random((24, 32, 3), np.float32) if lost == "nothing" else GREY
    for depth in known.bits:
        once = open_picture(encode_picture(light, format=name, bits=depth))
        assert once.format == name
        assert once.codes.dtype == (np.uint8 if depth == 8 else np.uint16)
        again = open_picture(encode_picture(once.linear(), format=name, bits=depth))
        most = 0 if lost == "nothing" and depth == 8 else 1 if lost == "nothing" else 3
        assert np.abs(again.codes.astype(int) - once.codes).max() <= most


@pytest.mark.parametrize(("kind", "bits", "note"), KIND_ROWS, ids=[r[0] for r in KIND_ROWS])
def test_a_kind_is_read_as_its_row_says(kind: str, bits: str, note: str) -> None:
    if not OPTIONAL.get(kind, lambda: True)():
        pytest.skip(f"what reads {kind} is not installed")
    picture = open_picture(corpus()[kind])
    assert picture.codes.dtype == (np.uint8 if bits == "8" else np.uint16)
    if note:
        assert any(said.startswith(note) for said in picture.notes)
    else:
        assert picture.notes == ()
