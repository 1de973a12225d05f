"""``catchlight doctor``: what is installed, what is missing, what would be slow and why."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable
from typing import Any

import click

from catchlight import __version__
from catchlight.cli.exits import exits

# Distribution, module: what a headshot runs through.
_RUNTIMES = {
    "ai-edge-litert": "face, mesh, segmentation",
    "dlib-bin": "identity",
    "onnxruntime": "cut-out, likeness",
    "ncnn": "enlarging",
    "opencv-python-headless": "filters",
    "numpy": "arrays",
    "scipy": "matte",
    "pillow": "files",
    "pillow-heif": "HEIC files",
    "tifffile": "TIFF files",
}
#: What more may be installed, and what for.
_OPTIONAL = {
    "rawpy": "raws of cameras: pip install 'catchlight[raw]'",
    "imagecodecs": "rare TIFFs: pip install 'catchlight[formats]'",
    "c2pa-python": "signed provenance: pip install 'catchlight[provenance]'",
    "fastapi": "the studio in a browser: pip install 'catchlight[web]'",
    "ray": "teams on several machines: pip install 'catchlight[team]'",
    "pillow-jxl-plugin": "JPEG XL: pip install pillow-jxl-plugin",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def doctor(as_json: bool) -> None:
    """Look over this installation: versions, runtimes, models, cores, and what would be slow."""
    with exits():
        found = examine()
        if as_json:
            click.echo(json.dumps(found))
        else:
            _show(found)
    sys.exit(0 if not found["problems"] else 5)


def examine() -> dict[str, Any]:
    """Collect what ``doctor`` says, as a plain dict."""
    from importlib.metadata import PackageNotFoundError, version

    from catchlight.models import CATALOGUE, cache_folder, is_present
    from catchlight.models.engines import count_threads
    from catchlight.models.store import is_offline

    def find(names: Iterable[str]) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for name in names:
            try:
                found[name] = version(name)
            except PackageNotFoundError:
                found[name] = None
        return found

    runtimes = find(_RUNTIMES)
    present = {row.name: is_present(row.name) for row in CATALOGUE}
    offline = is_offline()
    problems = [f"{name} is not installed" for name, seen in runtimes.items() if seen is None]
    missing = [row.name for row in CATALOGUE if not row.optional and not present[row.name]]
    slow = []
    if missing and offline:
        problems.append("models are missing and CATCHLIGHT_OFFLINE forbids fetching them")
    elif missing:
        slow.append(f"the first headshot, by the fetch of {len(missing)} models")
    threads = count_threads()
    if threads < 2:
        slow.append("everything: one core only")
    if present["salient_large"]:
        slow.append("the fine cut-out, by a third of a second a photo; --matte fast is quicker")
    return {
        "catchlight": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "threads_per_model": threads,
        "memory_gb": _memory(),
        "cache": str(cache_folder()),
        "offline": offline,
        "runtimes": runtimes,
        "optional": find(_OPTIONAL),
        "models": present,
        "optional_models": [row.name for row in CATALOGUE if row.optional],
        "slow": slow,
        "problems": problems,
    }


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (AttributeError, ValueError, OSError):
        return None


def _show(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    memory = f", {found['memory_gb']} GB of memory" if found["memory_gb"] else ""
    rows = [
        ("catchlight", found["catchlight"]),
        ("python", f"{found['python']}, {found['system']}"),
        ("machine", f"{found['cores']} cores ({found['threads_per_model']} a model){memory}"),
    ]
    for name, use in _RUNTIMES.items():
        rows.append((name, f"{found['runtimes'][name] or 'NOT INSTALLED'}  ({use})"))
    for name, use in _OPTIONAL.items():
        rows.append((name, f"{found['optional'][name] or 'not installed'}  ({use})"))
    here = [name for name, is_here in found["models"].items() if is_here]
    rows.append(("models", f"{len(here)} of {len(found['models'])} in {found['cache']}"))
    for name, is_here in found["models"].items():
        if not is_here:
            optional = name in found["optional_models"]
            pull = "catchlight models pull" + (" --fine" if optional else "")
            rows.append(("", f"{name} is not here{' (optional)' if optional else ''}: {pull}"))
    rows.append(
        ("network", "never (CATCHLIGHT_OFFLINE)" if found["offline"] else "for models only")
    )
    rows += [("slow", text) for text in found["slow"]]
    rows += [("problem", text) for text in found["problems"]]
    for label, text in rows:
        table.add_row(label, Text(str(text)))
    Console(highlight=False).print(table)
    if not found["problems"]:
        click.echo("All is well.")
