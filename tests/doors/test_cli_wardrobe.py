"""``catchlight wardrobe``: what it says, what it writes, what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from drawing import render
from places import ROOT

from catchlight.analysis.scene import Scene
from catchlight.cli import main
from catchlight.look import Look
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


def test_a_dyed_garment_is_disclosed_in_file_manifest_and_report(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="the extra `provenance` is not installed")
    target, own = tmp_path / "tried.jpg", tmp_path / "own.toml"
    assert CliRunner().invoke(main, ["credentials", "init", "--file", str(own)]).exit_code == 0
    asked = ["--garment", "navy", "--set", "garment_colour=1", "--report"]
    words = ["shot", str(ASTRONAUT), "-o", str(target), "--credentials", str(own), *asked]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    said = "garment colour, another than the clothes have in the photo (navy)"
    account = read_account(target.read_bytes(), target.name)
    assert account.manifest is not None
    # In the manifest as an action, and in the metadata, which outlive a manifest.
    assert [a for a in account.manifest.actions if said in a]
    assert said in " ".join(account.origin.history)
    page = next(tmp_path.glob("tried*.html")).read_text("utf-8")
    assert "another colour than they have in the photo, to choose by" in page


def test_a_shot_without_a_trial_measures_no_garment(astronaut_scene: Scene) -> None:
    # The reasons to refuse take 60 to 80 ms, which who asks for no trial must not pay.
    scene = replace(astronaut_scene)
    render(scene, Look(backdrop="keep"))
    assert "garment" not in vars(scene)
    assert scene.garment.pieces
    assert "garment" in vars(scene)
