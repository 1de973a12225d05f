"""What a file says of itself, told to a person and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from catchlight.provenance.read import Account, Manifest
from catchlight.provenance.terms import say_term


def say_account(account: Account) -> list[str]:
    """Tell an account in lines: first the verdict, then the metadata, then the manifest."""
    lines = [_say_verdict(account), *_say_origin(account)]
    if account.manifest is not None:
        lines += _say_manifest(account.manifest)
    elif account.unread:
        lines.append(f"There is a signed manifest, but {account.unread}.")
    else:
        lines.append("No signed manifest (C2PA).")
    return lines


def say_generated(account: Account) -> str | None:
    """The sentence for whoever checks a headshot; None where the file says no such thing."""
    if account.generated_by is None:
        return None
    term = account.manifest.generated if account.manifest else None
    whole = (term or account.origin.source_type) == "trainedAlgorithmicMedia"
    part = "it was generated" if whole else "a part of it was painted"
    return f"The file says that {part} by {account.generated_by}."


def account_to_json(account: Account) -> dict[str, Any]:
    """Tell an account as plain data."""
    origin = asdict(account.origin)
    return {
        "format": account.format,
        "generated_by": account.generated_by,
        "metadata": {**origin, "history": list(account.origin.history)},
        "manifest": None if account.manifest is None else _manifest_to_json(account.manifest),
        "unread": account.unread,
    }


def _manifest_to_json(manifest: Manifest) -> dict[str, Any]:
    said = {name: value for name, value in vars(manifest).items() if name != "parents"}
    said = {name: list(v) if isinstance(v, tuple) else v for name, v in said.items()}
    return said | {"parents": [_manifest_to_json(parent) for parent in manifest.parents]}


def _say_verdict(account: Account) -> str:
    generated = say_generated(account)
    if generated:
        return generated
    if account.manifest is None and not account.origin.source_type:
        return "The file does not say how it was made; that proves nothing either way."
    kind = account.origin.source_type
    return f"It says of itself: {say_term(kind)}." if kind else "It says how it was made."


def _say_origin(account: Account) -> list[str]:
    origin, lines = account.origin, []
    told = [
        ("source type", origin.source_type),
        ("written by", origin.tool),
        ("AI system", " ".join(filter(None, (origin.system, origin.version)))),
        ("mark", origin.credit or origin.generator),
    ]
    if any(value for _, value in told):
        lines.append("In its plain metadata, which anybody can change:")
        lines += [f"  {name}: {value}" for name, value in told if value]
    return [*lines, *(f"  {number}. {text}" for number, text in enumerate(origin.history, 1))]


def _say_manifest(manifest: Manifest, depth: int = 0) -> list[str]:
    pad = "  " * depth
    holds = "intact" if manifest.intact else "NOT intact"
    lines = [f"{pad}Its signed manifest (C2PA) is {holds}:"] if depth == 0 else []
    if depth:
        lines.append(f"{pad}made of a file whose manifest is {holds}:")
    lines.append(f"{pad}  made by {manifest.generator}, signed by {manifest.signer}")
    lines.append(f"{pad}  time: {manifest.time or 'not told by a time-stamp authority'}")
    lines += [f"{pad}  {problem}" for problem in manifest.problems]
    lines += [f"{pad}  {number}. {text}" for number, text in enumerate(manifest.actions, 1)]
    for parent in manifest.parents:
        lines += _say_manifest(parent, depth + 1)
    return lines
