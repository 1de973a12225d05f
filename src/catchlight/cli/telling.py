"""What a person is told of finished photos: a table, in words, on stderr."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catchlight.cli.console import open_console
from catchlight.names import printable


def show_one(record: Mapping[str, Any]) -> None:
    """Print what became of one photo."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    if record["skipped"]:
        open_console().print(Text(f"{printable(record['output'])} is there: left alone"))
        return
    width, height = record["size"]
    rows = [
        ("wrote", f"{printable(record['output'] or 'standard output')}  ({width} x {height})"),
        ("", record["compare"] and f"{printable(record['compare'])}  (before | after)"),
        ("", record["report"] and f"{printable(record['report'])}  (report)"),
        ("photo", record["verdict"] and say_verdict(record["verdict"])),
        ("found", say_found(record)),
        ("done", say_done(record)),
        ("dial", record["dial"] and f"{record['dial']['setting']}: {record['dial']['reason']}"),
        ("measured", say_measured(record)),
        ("left out", ", ".join(record["metadata_removed"])),
        *(("note", text) for text in record["warnings"]),
        ("seconds", say_seconds(record["seconds"])),
    ]
    for label, text in rows:
        if text:
            table.add_row(label, Text(text))
    open_console().print(table)


def say_verdict(verdict: Mapping[str, Any]) -> str:
    """Say whether the photo will do; nothing of a good one."""
    if not verdict["reasons"]:
        return ""
    told = "; ".join(row["said"] for row in verdict["reasons"])
    return f"{verdict['grade']}: {told}. {verdict['reasons'][0]['advice']}"


def show_many(records: list[dict[str, Any]], *, seconds: float, verbose: bool) -> None:
    """Print a line for each photo; all took ``seconds`` by the clock."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("photo", overflow="fold")
    table.add_column("result", overflow="fold")
    table.add_column("found", overflow="fold")
    table.add_column("measured", overflow="fold")
    table.add_column("seconds", justify="right", no_wrap=True)
    for record in records:
        error = record["error"]
        result = "failed" if error else printable(Path(record["output"]).name)
        said = error["message"] if error else say_found(record)
        if verbose and not error and not record["skipped"]:
            said += "".join(f"\n{note}" for note in record["warnings"])
            said += f"\n{say_seconds(record['seconds'])}"
        style = "red" if error else ""
        took = f"{sum(record['seconds'].values()):.1f}"
        row = (printable(Path(record["input"]).name), result, said, say_measured(record), took)
        table.add_row(*(Text(cell) for cell in row), style=style)
    console = open_console()
    console.print(table)
    failed = sum(1 for r in records if r["error"])
    there = sum(1 for r in records if r["skipped"])
    verdict = f"{len(records) - failed - there} of {len(records)} done in {seconds:.1f} s"
    verdict += f", {failed} failed" if failed else ""
    verdict += f", {there} were there already" if there else ""
    folders = {str(Path(record["output"]).parent) for record in records if record["output"]}
    where = f"; written to {printable(folders.pop())}" if len(folders) == 1 else ""
    console.print(Text(verdict + where))


def show_skipped(paths: Sequence[Path], *, verbose: bool) -> None:
    """Say how many files of a folder are no pictures; which, where more is to be said."""
    if not paths:
        return
    from rich.text import Text

    count = "1 file is" if len(paths) == 1 else f"{len(paths)} files are"
    said = f"{count} no picture: left out"
    said += "".join(f"\n  {printable(path)}" for path in paths) if verbose else " (-v names them)"
    open_console().print(Text(said))


def say_found(record: Mapping[str, Any]) -> str:
    """Describe face and light in words."""
    if record["skipped"]:
        return "there already: left alone"
    face = record["face"]
    pose = face["pose"]
    others = face["others"]
    turned = f"turned {abs(pose['yaw']):.0f}\N{DEGREE SIGN}" if abs(pose["yaw"]) >= 5 else "frontal"
    company = f", {others} other{'s' if others > 1 else ''} in the photo" if others else ""
    light = f"; {record['light']}" if record["light"] else ""
    return f"a face, {face['ied_px']:.0f} px between the eyes, {turned}{company}{light}"


def say_done(record: Mapping[str, Any]) -> str:
    """Describe the look in words: crop, backdrop, matte, and every adjustment that acted."""
    from catchlight.adjustments.catalogue import BY_NAME

    look, frame = record["look"], record["frame"]
    behind = record["backdrop"]
    why = f" ({behind['why']})" if behind["why"] else ""
    words = [f"{look['crop']} crop", f"backdrop {behind['chosen']}{why}"]
    if abs(frame["turn_degrees"]) >= 0.1:
        words.append(f"levelled by {frame['turn_degrees']:+.1f}\N{DEGREE SIGN}")
    if behind["chosen"] != "keep":
        words.append(f"{record['matte']} matte")
    for name, most in record["changes"].items():
        words.append(f"{name.replace('_', ' ')} up to {most:.2f} {BY_NAME[name].unit}")
    return ", ".join(words)


def say_measured(record: Mapping[str, Any]) -> str:
    """``authenticity 96, polish 79 to 84``; what is not known is said so."""
    if record["authenticity"] is None:
        return ""

    def score(value: float | None) -> str:
        return "unknown" if value is None else f"{value:.0f}"

    before, after = (score(record["polish"][when]["score"]) for when in ("before", "after"))
    return f"authenticity {score(record['authenticity']['score'])}, polish {before} to {after}"


def say_seconds(seconds: Mapping[str, float]) -> str:
    """``2.1: decode 0.1, find faces 0.4``; stages under 5 ms are left out."""
    parts = [f"{stage} {value:.2f}" for stage, value in seconds.items() if value >= 0.005]
    return f"{sum(seconds.values()):.1f}: " + ", ".join(parts)
