"""Settings as text: what `catchlight settings` and docs/settings.md say."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from catchlight.setting import Setting, list_settings, load_setting


class SettingRow(NamedTuple):
    """One line of the list of settings."""

    name: str
    polish: float
    authenticity_floor: float
    crop: str
    backdrop: str
    why: str


def setting_rows() -> tuple[SettingRow, ...]:
    """All built-in settings, one row each; ``why`` is the first sentence."""
    rows = []
    for name in list_settings():
        s = load_setting(name)
        first = s.why.split(". ")[0].rstrip(".") + "."
        rows.append(
            SettingRow(name, s.polish, s.authenticity_floor, s.crop.use, s.backdrop.use, first)
        )
    return tuple(rows)


def describe_settings() -> str:
    """List the built-in settings for a terminal."""
    rows = setting_rows()
    width = max(len(row.name) for row in rows) + 2
    lines = [
        textwrap.fill(f"{r.name:<{width}}{r.why}", 96, subsequent_indent=" " * width) for r in rows
    ]
    return "\n".join(lines)


def describe_setting(setting: Setting) -> str:
    """Explain one setting for a terminal: every choice with its reason, and its sources."""

    def wrapped(head: str, text: str) -> str:
        return textwrap.fill(f"  {head:<16}{text}", 96, subsequent_indent=" " * 18)

    lines = [f"{setting.title} ({setting.name})", textwrap.fill(setting.why, 96), ""]
    floors = (
        f"{setting.polish:g}; auto stops at authenticity {setting.authenticity_floor:g}; "
        f"candidates have a measured polish of {setting.polish_floor:g} or more."
    )
    lines.append(wrapped("dial", floors))
    for head, choice in (
        ("crop", setting.crop),
        ("backdrop", setting.backdrop),
        ("marks", setting.marks),
    ):
        lines.append(wrapped(head, f"{choice.use}. {choice.why}"))
    light = f"{setting.light.custom} {setting.light.why}"
    if setting.light.use != "none":
        light += f" Further up the dial it turns towards a {setting.light.use} light."
    lines.append(wrapped("light", light))
    lines += [wrapped(word, text) for word, text in setting.wardrobe.rows()]
    lines += ["", f"  {'strengths at':<16}{0:>4} {setting.polish:>7g} {1:>5}"]
    for name, strength in setting.strengths.items():
        low, mid, high = (strength.at(p) for p in (0.0, setting.polish, 1.0))
        row = f"{low:>4.2g} {mid:>7.2g} {high:>5.2g}   {strength.why}"
        lines.append(textwrap.fill(f"  {name:<16}{row}", 96, subsequent_indent=" " * 39))
    lines += ["", "  sizes"]
    lines += [wrapped(n, f"{s.width} x {s.height}. {s.why}") for n, s in setting.sizes.items()]
    lines += ["", "  sources"]
    lines += [
        textwrap.fill(f"  - {source}", 96, subsequent_indent="    ") for source in setting.sources
    ]
    return "\n".join(lines)
