"""Judgements of fresh readers, blind: sets to look at, votes as data, and the numbers beside them.

Results to be judged, each with what was measured of it (any version of the package may make them,
by ``PYTHONPATH``)::

    python tools/judgements.py render ITEMS PHOTO... --setting linkedin --places own,1 --label new

A blind set: pictures of one size and numbered names in an order drawn by ``--seed``, and the
questions. The key lies beside the folder, never in it: keep it from the readers::

    python tools/judgements.py singles ITEMS SET --count 120 --twice 25 --seed 1
    python tools/judgements.py pairs   ITEMS SET --count 120 --twice 25 --seed 2

Votes, a CSV as the set's QUESTIONS.md asks for it, are put beside the others by the items' ids; no
picture ever is::

    python tools/judgements.py collect SET.key.json ANSWERS.csv --reader r07

And the numbers against the votes (``tools/judgement_scores.py`` says how)::

    python tools/judgement_scores.py ITEMS
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HOME = Path(__file__).resolve().parent.parent
VOTES = HOME / "tests" / "judgements"
#: Every picture of a set has this size, whatever the result's: 4:5, with grey where it is not.
WIDTH, HEIGHT = 960, 1200
GREY = 119
SINGLE_FIELDS = ("item", "reader", "set", "number", "grade", "kinds")
PAIR_FIELDS = ("left", "right", "reader", "set", "number", "better", "natural", "edited")
#: What may be wrong with a result, as readers name it.
KINDS = (
    "cutout", "background", "crop", "light", "exposure", "colour", "skin_smooth", "skin_marks",
    "eyes", "teeth", "hair", "clothes", "soft", "noise", "artefact", "likeness", "source",
)  # fmt: skip
QUESTIONS = {
    "singles": f"""# What is asked

Each picture is a finished professional headshot, for the use that `uses.csv` names. Look at each
at full size, one after the other, in the order of the numbers; do not go back. Write `answers.csv`:

    number,grade,kinds
    001,A,
    002,B,crop;soft

`grade`: A = would deliver it to the client as it is; B = deliverable after one mend, or with a
fault that a careful client sees; C = would not deliver it.
`kinds`: what is wrong, none for an A, of: {", ".join(KINDS)}.
(`source` is what no studio could mend: a tiny or blurred photograph.)
""",
    "pairs": """# What is asked

Each picture shows the same photograph of one person finished in two ways, left and right. Look at
each at full size, in the order of the numbers; do not go back. Write `answers.csv`:

    number,better,natural,edited
    001,L,R,L
    002,=,=,N

`better`: which is the better headshot for the use that `uses.csv` names: L, R, or = for neither.
`natural`: which looks more natural: L, R or =.
`edited`: which looks edited: L, R, B for both, N for neither.
""",
}


def name_item(photo: str, setting: str, place: str, label: str) -> str:
    """An id that says nothing: ten hex digits of what the item is."""
    said = "|".join((photo, setting, place, label))
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def tell_person(photo: Path) -> tuple[str, str]:
    """Who a photo shows and the group of skin, as an index.csv beside it says; else its name."""
    index = photo.parent / "index.csv"
    if index.is_file():
        with index.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if photo.name in (row.get("file"), row.get("neutral"), row.get("smiling")):
                    tags = row.get("tags", "").split()
                    tagged = next((t.removesuffix("_skin") for t in tags if "_skin" in t), "")
                    person = row.get("person_id") or row.get("person") or photo.stem
                    return person, tagged or row.get("group_self_reported", "")
    return photo.stem, ""


def render(said: argparse.Namespace) -> None:
    """Make results and measure them: ITEMS/ID.png and ITEMS/ID.json."""
    from catchlight.pixels import colour
    from catchlight.setting import load_setting
    from catchlight.studio import Brief, shoot

    setting = load_setting(said.setting)
    said.items.mkdir(parents=True, exist_ok=True)
    for photo in said.photos:
        person, group = tell_person(photo)
        for place in said.places.split(","):
            item = name_item(photo.name, said.setting, place, said.label)
            if (said.items / f"{item}.json").exists():
                continue
            dial = None if place == "auto" else setting.polish if place == "own" else float(place)
            try:
                shot = shoot(photo, Brief(setting, dial, {"size": HEIGHT}))
            except Exception as error:  # a photo that gives nothing is told and left
                print(f"{photo.name}: {error}")
                continue
            assert shot.proof is not None
            codes = colour.p3_to_srgb_codes(shot.rendered.pixels)
            Image.fromarray(codes).save(said.items / f"{item}.png")
            row = {
                "item": item, "photo": photo.name, "person": said.person or person,
                "group": said.group or group, "setting": said.setting, "place": place,
                "polish_at": None if shot.dialled is None else shot.dialled.polish,
                "label": said.label, "use": setting.title,
                "authenticity": shot.proof.authenticity.score, "polish": shot.proof.polish.score,
                "likeness_parts": {c.name: c.score for c in shot.proof.authenticity.components},
                "polish_parts": {c.name: c.score for c in shot.proof.polish.components},
                "polish_weights": {c.name: c.weight for c in shot.proof.polish.components},
            }  # fmt: skip
            (said.items / f"{item}.json").write_text(json.dumps(row, indent=1), encoding="utf-8")
            print(item, photo.name, said.setting, place)


def read_items(items: Path) -> list[dict[str, Any]]:
    """All items of a folder, in the order of their ids."""
    return [json.loads(f.read_text(encoding="utf-8")) for f in sorted(items.glob("*.json"))]


def fit_picture(picture: Image.Image, width: int) -> Image.Image:
    """A picture on grey, ``width`` by HEIGHT, as large as it goes."""
    factor = min(width / picture.width, HEIGHT / picture.height)
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    canvas = Image.new("RGB", (width, HEIGHT), (GREY, GREY, GREY))
    small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    canvas.paste(small, ((width - size[0]) // 2, (HEIGHT - size[1]) // 2))
    return canvas


def draw_order(count: int, available: int, twice: int, rng: np.random.Generator) -> list[int]:
    """Which of the available, in which order; ``twice`` of the first third come again.

    The second time is in the second half, so at least a sixth of the set later.
    """
    chosen = [int(i) for i in rng.permutation(available)[:count]]
    again = [int(i) for i in rng.permutation(chosen[: len(chosen) // 3])[:twice]]
    half = len(chosen) // 2
    late = chosen[half:] + again
    rng.shuffle(late)
    return chosen[:half] + late


def write_set(
    kind: str, target: Path, rows: list[tuple[dict[str, Any], Image.Image, str]], seed: int
) -> None:
    """Write numbered pictures, uses, questions; and the key, beside the folder."""
    target.mkdir(parents=True)
    uses, key = ["number,use"], {}
    for number, (names, picture, use) in enumerate(rows, 1):
        # No metadata and one way of writing: neither time nor size of a file tells anything.
        picture.save(target / f"{number:03d}.jpg", quality=95, subsampling=0)
        uses.append(f"{number:03d},{use}")
        key[f"{number:03d}"] = names
    (target / "uses.csv").write_text("\n".join(uses) + "\n", encoding="utf-8")
    (target / "QUESTIONS.md").write_text(QUESTIONS[kind], encoding="utf-8")
    said = {"kind": kind, "set": target.name, "seed": seed, "key": key}
    key_file = target.parent / f"{target.name}.key.json"
    key_file.write_text(json.dumps(said, indent=1), encoding="utf-8")
    print(f"{len(rows)} pictures in {target}; the key, which no reader may see, is {key_file}")


def make_singles(said: argparse.Namespace) -> None:
    """A set of single results."""
    rng, items = np.random.default_rng(said.seed), read_items(said.items)
    rows = []
    for i in draw_order(said.count, len(items), said.twice, rng):
        item = items[i]
        with Image.open(said.items / f"{item['item']}.png") as picture:
            rows.append(({"item": item["item"]}, fit_picture(picture, WIDTH), item["use"]))
    write_set("singles", said.target, rows, said.seed)


def list_pairs(items: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """All pairs of one photo, setting and label at two places of the dial."""
    found = []
    for i, a in enumerate(items):
        for b in items[i + 1 :]:
            same = all(a[k] == b[k] for k in ("photo", "setting", "label"))
            if same and a["place"] != b["place"]:
                found.append((a, b))
    return found


def make_pairs(said: argparse.Namespace) -> None:
    """A set of pairs along the dial, left and right by lot, the other way round when repeated."""
    rng = np.random.default_rng(said.seed)
    pairs = list_pairs(read_items(said.items))
    turned = rng.integers(0, 2, len(pairs)).astype(bool)
    rows, seen = [], set()
    for i in draw_order(said.count, len(pairs), said.twice, rng):
        left, right = pairs[i][::-1] if turned[i] ^ (i in seen) else pairs[i]
        seen.add(i)
        half = (2 * WIDTH - 8) // 2
        canvas = Image.new("RGB", (2 * half + 8, HEIGHT), (GREY, GREY, GREY))
        for at, item in ((0, left), (half + 8, right)):
            with Image.open(said.items / f"{item['item']}.png") as picture:
                canvas.paste(fit_picture(picture, half), (at, 0))
        rows.append(({"left": left["item"], "right": right["item"]}, canvas, left["use"]))
    write_set("pairs", said.target, rows, said.seed)


def collect(said: argparse.Namespace) -> None:
    """Put a reader's answers beside the others, by the ids of the items."""
    key = json.loads(said.key.read_text(encoding="utf-8"))
    kind = key["kind"]
    fields = SINGLE_FIELDS if kind == "singles" else PAIR_FIELDS
    allowed = (
        {"grade": "ABC"}
        if kind == "singles"
        else {"better": "LR=", "natural": "LR=", "edited": "LRBN"}
    )
    with said.answers.open(encoding="utf-8", newline="") as file:
        answers = [
            {k.strip(): (v or "").strip() for k, v in r.items() if k} for r in csv.DictReader(file)
        ]
    rows = []
    for answer in answers:
        number = f"{int(answer['number']):03d}"
        for name, values in allowed.items():
            if len(answer[name]) != 1 or answer[name].upper() not in values:
                raise SystemExit(f"{number}: {name} must be one of {values}, not {answer[name]!r}")
            answer[name] = answer[name].upper()
        unknown = set(filter(None, answer.get("kinds", "").split(";"))) - set(KINDS)
        if unknown:
            raise SystemExit(f"{number}: no kind is called {', '.join(sorted(unknown))}")
        made = key["key"][number] | {"reader": said.reader, "set": key["set"], "number": number}
        rows.append({name: made.get(name, answer.get(name, "")) for name in fields})
    said.votes.mkdir(parents=True, exist_ok=True)
    target = said.votes / f"{kind}.csv"
    is_new = not target.exists()
    with target.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} votes of {said.reader} in {target}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("render")
    verb.add_argument("items", type=Path)
    verb.add_argument("photos", type=Path, nargs="+")
    verb.add_argument("--setting", default="default")
    verb.add_argument("--places", default="auto", help="auto, own or numbers, comma between")
    verb.add_argument("--label", default="now", help="the version, in a word")
    verb.add_argument("--person", default="")
    verb.add_argument("--group", default="", help="of skin, such as dark, for the tables")
    verb.set_defaults(do=render)
    for name, do in (("singles", make_singles), ("pairs", make_pairs)):
        verb = verbs.add_parser(name)
        verb.add_argument("items", type=Path)
        verb.add_argument("target", type=Path)
        verb.add_argument("--count", type=int, default=100)
        verb.add_argument("--twice", type=int, default=25)
        verb.add_argument("--seed", type=int, default=1)
        verb.set_defaults(do=do)
    verb = verbs.add_parser("collect")
    verb.add_argument("key", type=Path)
    verb.add_argument("answers", type=Path)
    verb.add_argument("--reader", required=True)
    verb.add_argument("--votes", type=Path, default=VOTES)
    verb.set_defaults(do=collect)
    said = parser.parse_args()
    said.do(said)


if __name__ == "__main__":
    main()
