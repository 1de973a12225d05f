"""Files appear whole or not at all, and several of them together or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from catchlight.errors import OutputExists, PictureError
from catchlight.images.output import write_all


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_all_are_written(tmp_path: Path) -> None:
    write_all({tmp_path / "a": b"1", tmp_path / "b": b"2"}, force=False)
    assert (tmp_path / "a").read_bytes() == b"1"
    assert names(tmp_path) == ["a", "b"]


def test_one_that_is_in_the_way_stops_all(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"precious")
    with pytest.raises(OutputExists, match="b is already there"):
        write_all({tmp_path / "a": b"1", tmp_path / "b": b"2"}, force=False)
    assert names(tmp_path) == ["b"]
    assert (tmp_path / "b").read_bytes() == b"precious"


@pytest.mark.parametrize("force", [True, False])
def test_what_fails_at_the_last_moment_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool
) -> None:
    """The last one placed fails: those before it go, and what they replaced comes back."""
    from catchlight.images import output

    put = output._put

    def fail(place: output._Place) -> None:
        if place.path.name == "a":
            raise OSError(28, "No space left on device")
        put(place)

    monkeypatch.setattr(output, "_put", fail)
    if force:
        (tmp_path / "b").write_bytes(b"old")
    files = {tmp_path / name: name.encode() for name in "abc"}
    with pytest.raises(PictureError, match="No space left"):
        write_all(files, force=force)
    assert names(tmp_path) == (["b"] if force else [])
    if force:
        assert (tmp_path / "b").read_bytes() == b"old"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="does not exist"):
        write_all({tmp_path / "none" / "a": b"1", tmp_path / "b": b"2"}, force=True)
    assert names(tmp_path) == []


def test_the_input_is_never_written(tmp_path: Path) -> None:
    me = tmp_path / "me"
    me.write_bytes(b"precious")
    (tmp_path / "link").symlink_to(me)
    with pytest.raises(OutputExists, match="input itself"):
        write_all({tmp_path / "link": b"1"}, force=True, inputs=(me,))
    assert me.read_bytes() == b"precious"
