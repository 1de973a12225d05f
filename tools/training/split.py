"""Who is not to be seen: the people that a split.json holds out or leaves out."""

import json


def read_split(path):
    """Names of people, from ``{"held_out": [...], "left_out": [...]}``; nobody without a path."""
    said = json.loads(path.read_text()) if path else {}
    return {*said.get("held_out", ()), *said.get("left_out", ())}
