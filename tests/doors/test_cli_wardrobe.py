"""``catchlight wardrobe``: what it says, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from places import ROOT

from catchlight.cli import main
from catchlight.provenance.read import read_account

ASTRONAUT = ROOT / "examples" / "astronaut.jpg"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["wardrobe", *(str(a) for a in arguments)])


def test_it_advises_and_shows_the_garment_as_tried(tmp_path: Path) -> None:
    target = tmp_path / "tried.jpg"
    done = run(ASTRONAUT, "--for", "speaker", "--region", "europe", "--try", "navy", "-o", target)
    assert done.exit_code == 0, done.output
    for word in (
        "for speaker",
        "would stand out well",
        "Please look for yourself",
        "custom, not science",
        "Better not",
        "catchlight settings speaker",
        "Where you are",
        "never worn",
    ):
        assert word in " ".join(done.output.split()), word
    account = read_account(target.read_bytes(), target.name)
    assert "garment colour, another than the clothes have in the photo" in repr(account)


def test_json_is_one_object_a_photo(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    done = run(ASTRONAUT, bad, "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout.splitlines()[0])
    assert told["seen"] is True
    assert told["tried"] is None
    assert told["said"]
    assert "bad.jpg" in done.stderr


def test_what_does_not_exist_is_refused_before_any_work() -> None:
    assert "no cloth is called 'beige'" in run(ASTRONAUT, "--try", "beige").output
    mars = run(ASTRONAUT, "--region", "mars")
    assert mars.exit_code != 0
    assert "no region is called 'mars'; there are africa" in mars.output
