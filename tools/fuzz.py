"""Fuzz the reading of pictures: python tools/fuzz.py decode|shots --count N --out FILE.

decode: small valid files of every format and kind of metadata (tests/support/corpus.py) are cut
off, flipped, spliced, given lying sizes, repeated and nested, each by the number of its try alone,
and opened. shots: photographs are damaged a little, in every format, and made into headshots.

The work is done in child processes under limits of memory; who watches them ends one that is silent
for longer than the limit of time, and starts another behind the file that it died of. A fault is
whatever is no picture and no sentence: a crash, a hang, too much memory, an error that is not ours.
Files that did it are kept beside --out. Progress is kept there, too: a run goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import time
import traceback
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

#: What the issue allows: seconds without a sign of life, and bytes of memory.
SILENCE, MEMORY = 20.0, 3 << 30
#: Numbers that files lie with.
LIES = (0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutate(seeds: dict[str, bytes], number: int) -> tuple[str, bytes]:
    """The damaged file of that number, and what it was made from."""
    rng = np.random.default_rng(number)
    names = list(seeds)
    name = names[number % len(names)]
    data = bytearray(seeds[name])
    for _ in range(1 if rng.random() < 0.6 else int(rng.integers(2, 4))):
        data = _CHANGES[int(rng.integers(len(_CHANGES)))](data, rng, seeds)
        if not data:
            data = bytearray(b"\0")
    return name, bytes(data[: 1 << 22])


def _at(data: bytearray, rng: np.random.Generator, room: int = 1) -> int:
    """A place, rather near the beginning, where headers are."""
    most = max(len(data) - room, 1)
    return int(rng.integers(min(most, 400) if rng.random() < 0.6 else most))


def _flip(data: bytearray, rng: np.random.Generator, _seeds: dict[str, bytes]) -> bytearray:
    for _ in range(int(rng.choice([1, 1, 1, 8]))):
        data[_at(data, rng)] ^= 1 << int(rng.integers(8))
    return data


def _set(data: bytearray, rng: np.random.Generator, _seeds: dict[str, bytes]) -> bytearray:
    for _ in range(int(rng.choice([1, 1, 1, 8]))):
        data[_at(data, rng)] = int(rng.integers(256))
    return data


def _lie(data: bytearray, rng: np.random.Generator, _seeds: dict[str, bytes]) -> bytearray:
    for _ in range(int(rng.integers(1, 4))):
        size = int(rng.choice([1, 2, 4]))
        value = int(rng.choice(LIES)) & ((1 << 8 * size) - 1)
        at = _at(data, rng, size)
        data[at : at + size] = value.to_bytes(size, "little" if rng.random() < 0.5 else "big")
    return data


def _cut(data: bytearray, rng: np.random.Generator, _seeds: dict[str, bytes]) -> bytearray:
    return data[: int(rng.integers(1, len(data) + 1))]


def _drop(data: bytearray, rng: np.random.Generator, _seeds: dict[str, bytes]) -> bytearray:
    at = _at(data, rng)
    del data[at : at + int(rng.integers(1, 64))]
    return data


def _repeat(data: bytearray, rng: np.random.Generator, _seeds: dict[str, bytes]) -> bytearray:
    at, size = _at(data, rng), int(rng.integers(1, 256))
    times = int(rng.choice([1, 2, 8, 64]))
    return data[:at] + data[at : at + size] * (times + 1) + data[at + size :]


def _splice(data: bytearray, rng: np.random.Generator, seeds: dict[str, bytes]) -> bytearray:
    other = seeds[list(seeds)[int(rng.integers(len(seeds)))]]
    return data[: _at(data, rng)] + other[int(rng.integers(len(other))) :]


def _nest(data: bytearray, rng: np.random.Generator, seeds: dict[str, bytes]) -> bytearray:
    other = seeds[list(seeds)[int(rng.integers(len(seeds)))]]
    at = _at(data, rng)
    return data[:at] + other + data[at:]


_CHANGES = (_flip, _flip, _set, _lie, _lie, _cut, _drop, _repeat, _splice, _nest)


def make_photos() -> dict[str, bytes]:
    """The photograph of the repository in every format that is written, small."""
    import cv2

    from catchlight.formats import WRITTEN
    from catchlight.images import encode_picture, open_picture

    light = open_picture(ROOT / "examples" / "astronaut.jpg").linear()
    small = np.asarray(cv2.resize(light, (256, 256), interpolation=cv2.INTER_AREA))
    return {name: encode_picture(small, format=name, quality=85) for name in WRITTEN}


def damage(seeds: dict[str, bytes], number: int) -> tuple[str, bytes]:
    """A photograph damaged so little that it may still be read."""
    rng = np.random.default_rng(number)
    name = list(seeds)[number % len(seeds)]
    data = bytearray(seeds[name])
    for _ in range(int(rng.integers(0, 4))):
        data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
    if rng.random() < 0.2:
        data = data[: -int(rng.integers(1, 40))]
    return name, bytes(data)


def work(what: str, numbers: range, pipe: Connection) -> None:
    """Open one file after the other, telling each before and after."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY + (1 << 30),) * 2)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 2)
    if what == "decode":
        from corpus import make_corpus

        seeds, change = make_corpus(), mutate
    else:
        seeds, change = make_photos(), damage
    judge = _judge_decode if what == "decode" else _judge_shot
    for number in numbers:
        name, data = change(seeds, number)
        pipe.send(("begun", number, name, ""))
        start = time.monotonic()
        said = judge(data)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        if held > MEMORY:
            said = f"memory: {held / 1e9:.1f} GB"
        if time.monotonic() - start > SILENCE:
            said = f"time: {time.monotonic() - start:.0f} s"
        pipe.send(("done", number, name, said))
        if held > MEMORY:
            break  # it would be said of every file behind this one
    pipe.close()


def _judge_decode(data: bytes) -> str:
    from catchlight.errors import CatchlightError
    from catchlight.images import open_picture

    try:
        open_picture(data)
    except CatchlightError as error:
        return f"refused {type(error).__name__}"
    except BaseException:
        return traceback.format_exc()
    return "read"


def _judge_shot(data: bytes) -> str:
    from catchlight.look import Look
    from catchlight.studio.dial import asked_to_data
    from catchlight.studio.jobs import Job, make

    record = make(Job(data, asked_to_data(Look(matte="fast", size=200))))
    if not record.failed:
        return "read"
    error = record.json["error"]
    return record.trace if error["code"] == "fault" else f"refused {error['type']}"


def watch(what: str, start: int, count: int, out: Path, *, most_s: float) -> dict[str, Any]:
    """Have children do the work; returns and stores what became of it."""
    state: dict[str, Any] = {"next": start, "seen": {}, "faults": []}
    if out.exists():
        state = json.loads(out.read_text())
    seen, end = Counter(state["seen"]), start + count
    began = time.monotonic()
    context = multiprocessing.get_context("spawn")
    while state["next"] < end and time.monotonic() - began < most_s:
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=work, args=(what, range(state["next"], end), theirs))
        child.start()
        theirs.close()
        current = (state["next"], "?")
        patience = 120.0  # it loads everything first
        while time.monotonic() - began < most_s:
            try:
                told = ours.recv() if ours.poll(patience) else None
            except EOFError:
                break
            if told is None:
                _keep(state, out, what, *current, f"silent for {patience:.0f} s")
                state["next"] = current[0] + 1
                break
            patience = SILENCE if what == "decode" else 3 * SILENCE
            step, number, name, said = told
            current = (number, name)
            if step == "done":
                state["next"] = number + 1
                seen[f"{name}: {said}" if said.startswith(("read", "refused")) else "fault"] += 1
                if not said.startswith(("read", "refused")):
                    _keep(state, out, what, number, name, said)
        child.join(0.5)
        if child.exitcode not in (0, None) and state["next"] == current[0]:
            _keep(state, out, what, *current, f"ended with {child.exitcode}")
            state["next"] = current[0] + 1
        child.kill()
        child.join()
        state["seen"] = dict(seen)
        out.write_text(json.dumps(state, indent=1))
    return state


def _keep(state: dict[str, Any], out: Path, what: str, number: int, name: str, said: str) -> None:
    """Store the file that did it."""
    from corpus import make_corpus

    state["faults"].append({"number": number, "of": name, "said": said[-3000:]})
    _, data = mutate(make_corpus(), number) if what == "decode" else damage(make_photos(), number)
    folder = out.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{what}-{number}.bin").write_bytes(data)
    print(f"fault: {what} {number} of {name}: {said.strip().splitlines()[-1]}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["decode", "shots"])
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    parser.add_argument("--out", type=Path, default=Path("fuzz.json"))
    asked = parser.parse_args()
    state = watch(asked.what, asked.start, asked.count, asked.out, most_s=asked.seconds)
    kinds: Counter[str] = Counter()
    for key, value in state["seen"].items():
        kinds[key.rsplit(": ", 1)[-1]] += value
    print(f"{state['next'] - asked.start} files: {dict(kinds)}, {len(state['faults'])} faults")
    return 1 if state["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
