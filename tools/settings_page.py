"""Write docs/settings.md from the settings' files; with --check, say whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from catchlight.setting import Setting, list_settings, load_setting

TARGET = Path(__file__).parent.parent / "docs" / "settings.md"
HEAD = """# Settings

Written by `make docs` from `src/catchlight/settings/*.toml`; do not edit.

A setting says where the headshot will be seen: `catchlight shot me.jpg --for therapist`. It has one
dial, polish from 0 to 1. Ground, frame and corrections (exposure, white balance, detail, lens) are
chosen once, and the dial never moves them. At 0 it is that picture with nothing refined; each
refinement follows a curve from there, through the setting's own place, where retouching is nearly
invisible, to 1, as far as a demanding retoucher of glossy print would go. `--polish auto` starts at
the setting's own place and only goes down, to stay above the floor of authenticity; further up is
your own choice (`--polish 0.8`), and is said.
A file of your own works the same way: copy one of these, change it, and give its path
(`--for mine.toml`). Every choice carries its reason (`why`); unknown keys are refused.

What a setting says of clothes is custom, not science; it differs by country, trade and religion.
Nothing is ever inferred from a face. No number here depends on the tone of skin.

## Families

| family | settings | what tells them apart |
|---|---|---|
| warm and close | therapist, nonprofit, education, healthcare | shade filled, the photo's own \
background warmer (healthcare: cleaner), nothing falls off; pale papers |
| sober | corporate, finance-law, linkedin, speaker | the background quieter in colour, a little \
falloff (linkedin: as it is); grey papers |
| expressive | actor, author, creative | light turned towards loop or Rembrandt and hardly filled, \
the background falls off into shade, skin's texture kept or clearer; dark papers |

`default` belongs to none. What is done to the photo's own background (`falloff`, `ground_warmth`,
`ground_colour`) stops at the outline of the sitter and is the same at every place of the dial;
`--set falloff=0` takes it back. Painted paper has the setting's own tone instead. Where hardly any
background is seen, or a black one, two settings of a photo differ by light and crop alone.
"""


def write_page() -> str:
    """The table of all settings, then each with its reasons."""
    settings = [load_setting(name) for name in list_settings()]
    lines = [HEAD, "## At a glance", ""]
    lines.append(
        "| setting | dial | authenticity at least | polish at least | crop | backdrop | sizes |"
    )
    lines.append("|---|---|---|---|---|---|---|")
    for s in sorted(settings, key=lambda s: (-s.authenticity_floor, s.polish)):
        sizes = ", ".join(f"{n} {v.width}x{v.height}" for n, v in s.sizes.items())
        lines.append(
            f"| [{s.name}](#{s.name}) | {s.polish:g} | {s.authenticity_floor:g} | "
            f"{s.polish_floor:g} | {s.crop.use} | {s.backdrop.use} | {sizes} |"
        )
    lines += ["", "## Strengths at dial 0 → at the setting's own place → at 1", ""]
    names = list(settings[0].strengths)
    for chosen in (names[:6], names[6:]):
        lines.append("| setting | " + " | ".join(n.replace("_", " ") for n in chosen) + " |")
        lines.append("|---" * (len(chosen) + 1) + "|")
        for s in settings:
            cells = [
                " → ".join(f"{s.strengths[n].at(p):.2g}" for p in (0.0, s.polish, 1.0))
                for n in chosen
            ]
            lines.append(f"| {s.name} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines + [chapter(s) for s in settings])


def chapter(s: Setting) -> str:
    lines = [f"## {s.name}", "", s.why, ""]
    lines += [f"- **Crop** `{s.crop.use}`. {s.crop.why}"]
    lines += [f"- **Head** {s.head.use:.0%} of the height, chin to crown. {s.head.why}"]
    lines += [f"- **Backdrop** `{s.backdrop.use}`. {s.backdrop.why}"]
    lines += [f"- **Marks** `{s.marks.use}`. {s.marks.why}"]
    lines += [f"- **Light.** {s.light.custom} {s.light.why}"]
    lines += [f"- **{word.capitalize()}.** {text}" for word, text in s.wardrobe.rows()]
    lines += [f"- **{n.replace('_', ' ').capitalize()}.** {v.why}" for n, v in s.strengths.items()]
    lines += [f"- **Size** `{n}` {v.width} x {v.height}. {v.why}" for n, v in s.sizes.items()]
    lines += ["", "Rests on: " + "; ".join(s.sources) + ".", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    text = write_page()
    if "--check" in sys.argv:
        current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
        sys.exit(0 if current else "docs/settings.md is not current: make docs")
    TARGET.write_text(text, encoding="utf-8")
    print(f"wrote {TARGET}")
