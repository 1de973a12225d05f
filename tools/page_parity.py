"""How near the page's pictures are to the renderer's: photos x random looks, in a real Chromium.

    python tools/page_parity.py PHOTO... [--looks 20] [--longest 1000] [--cpu]

Prints a line a photo: the mean and the 99th percentile of |page - renderer| in 8-bit codes, without
dither, the worst over all looks.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from page_host import compare_drawn, host_page, open_chromium  # noqa: E402

from catchlight.adjustments.catalogue import CATALOGUE  # noqa: E402
from catchlight.analysis.subject import open_subject  # noqa: E402
from catchlight.look import Look  # noqa: E402
from catchlight.studio.clock import Clock  # noqa: E402
from catchlight.studio.headshot import frame_subject, open_photo  # noqa: E402
from catchlight.studio.session import Session  # noqa: E402
from catchlight.web.rooms.plan_file import Packer  # noqa: E402

GROUNDS = ("keep", "blur", "studio-warm", "white", "navy", "charcoal")
LIGHTS = ("none", "loop", "soft", "rembrandt")


def main() -> None:
    """Compare, photo by photo."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("--looks", type=int, default=20)
    parser.add_argument("--longest", type=int, default=1000)
    parser.add_argument("--cpu", action="store_true")
    asked = parser.parse_args()
    full = {a.name: 1.0 for a in CATALOGUE} | {"detail": 0.0}
    with host_page() as host, open_chromium() as browser:
        page = browser.new_page()
        for number, photo in enumerate(asked.photos):
            rng = np.random.default_rng(number)
            base = Look(
                backdrop=GROUNDS[number % len(GROUNDS)],
                light=LIGHTS[number % len(LIGHTS)],
                lens=(0.45, 1.5) if number % 3 == 2 else "off",
                adjust=full,
            )
            subject = open_subject(open_photo(photo, max_megapixels=120))
            frame, scene, _ = frame_subject(subject, base, stage=Clock(), longest=asked.longest)
            plan = Session(scene, frame=frame).plan(base).resized(asked.longest)
            data = Packer().pack(plan, key="k", frame_key="f")
            looks = [
                {a.name: round(rng.uniform(a.low, 1), 2) for a in CATALOGUE}
                for _ in range(asked.looks)
            ]
            drawn = compare_drawn(page, host, plan, data, looks, cpu=asked.cpu)
            off = [(gap.mean(), np.percentile(gap, 99), gap.max()) for gap in drawn]
            mean, high, most = np.max(off, axis=0)
            kind = f"{base.backdrop}, {base.light}{', lens' if plan.moves else ''}"
            size = f"{plan.size[0]}x{plan.size[1]}, {len(data) / 1e6:.1f} MB"
            print(
                f"{photo.name}: {size}, {kind}: mean {mean:.3f}, p99 {high:.1f}, max {most:.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
