"""The house's own laws: a file says one thing and can be read at once; test files have one name."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from catchlight.adjustments.catalogue import NAMES
from catchlight.look import read_toml

_ROOT = Path(__file__).parents[2]
#: A file that needs more than this says two things; see docs/architecture.md.
_MOST = 250
_WRITTEN = (".py", ".js", ".css", ".html", ".svg", ".toml", ".json")


def test_no_file_of_the_source_is_long() -> None:
    sources = [path for path in (_ROOT / "src").rglob("*") if path.suffix in _WRITTEN]
    assert len(sources) > 400
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    long = {str(path.relative_to(_ROOT)): n for path, n in lengths.items() if n > _MOST}
    assert not long, f"over {_MOST} lines, to be split by craft: {long}"


def test_no_two_test_files_have_one_name() -> None:
    # Pytest imports them by name alone: of two, it collects one and fails on the other.
    named = defaultdict(list)
    for path in (_ROOT / "tests").rglob("*.py"):
        if path.name not in ("__init__.py", "conftest.py"):
            named[path.name].append(str(path.relative_to(_ROOT)))
    assert len(named) > 100
    twice = {name: paths for name, paths in named.items() if len(paths) > 1}
    assert not twice


def test_no_two_classes_share_a_name() -> None:
    named = defaultdict(list)
    for path in (_ROOT / "src").rglob("*.py"):
        for name in re.findall(r"^class ([A-Za-z]\w*)", path.read_text(encoding="utf-8"), re.M):
            named[name].append(str(path.relative_to(_ROOT)))
    assert len(named) > 150
    twice = {name: paths for name, paths in named.items() if len(paths) > 1}
    assert not twice, "one word for one thing"


def test_the_contract_of_independence_names_every_adjustment() -> None:
    told: Any = read_toml(_ROOT / "pyproject.toml", "the project's file")["tool"]
    apart = next(c for c in told["importlinter"]["contracts"] if c["type"] == "independence")
    assert set(apart["modules"]) == {f"catchlight.adjustments.{name}" for name in NAMES}


def test_nothing_strange_lies_at_the_top() -> None:
    """What a tool wrote where it ran, once pictures of people, is not kept by a hasty commit."""
    if not (_ROOT / ".git").exists():
        pytest.skip("not a checkout")
    asked = ["git", "ls-files"]
    listed = subprocess.run(asked, cwd=_ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip(f"git does not list it: {listed.stderr}")
    top = {name for name in listed.stdout.splitlines() if "/" not in name}
    assert "README.md" in top
    assert top <= {
        ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md", "LICENSE", "Makefile", "README.md",
        "pyproject.toml",
    }  # fmt: skip
