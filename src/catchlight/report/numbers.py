"""Numbers as people read them: a true minus sign, few digits, the unit beside the figure."""

from __future__ import annotations

import re

MINUS = "\N{MINUS SIGN}"
DEGREE = "\N{DEGREE SIGN}"
#: Keeps a figure and its unit on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"
#: Units that stand at their figure; any other is words.
_SYMBOLS = frozenset("mm px stops codes dB L* C* a* b* K s MB".split())
NOT_MEASURED = "not measured"


def is_number(value: float | None) -> bool:
    """Whether there is a value at all: neither None nor NaN."""
    return value is not None and value == value  # noqa: PLR0124 - NaN


def say_number(value: float) -> str:
    """Round to what a reader can use: about three significant digits, no trailing zeros.

    Examples
    --------
    >>> say_number(-0.5), say_number(12.345), say_number(0.0341)
    ('−0.5', '12.3', '0.034')
    """
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    text = f"{size:.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    if float(text) == 0:
        return "0" if value == 0 else f"<{NO_BREAK}0.001"
    return f"{MINUS if value < 0 else ''}{text}"


def say_signed(value: float, digits: int) -> str:
    """Write a change with its sign; what rounds to nothing has none.

    Examples
    --------
    >>> say_signed(-1.25, 1), say_signed(0.04, 1), say_signed(2, 0)
    ('−1.2', '0.0', '+2')
    """
    text = f"{value:+.{digits}f}".replace("-", MINUS)
    return text[1:] if float(f"{value:.{digits}f}") == 0 else text


def say_measure(value: float | None, unit: str) -> str:
    """Write a value as a figure, with its ``unit`` where that is a symbol.

    What else a unit says, :func:`say_unit` says in words. None and NaN are not measured.

    Examples
    --------
    >>> say_measure(4.216, "% of the inter-eye distance"), say_measure(0.97, "share kept")
    ('4.22%', '97%')
    """
    if value is None or not is_number(value):
        return NOT_MEASURED
    factor, symbol, _ = _split(unit)
    return say_number(factor * value) + symbol


def say_unit(unit: str) -> str:
    """Say in words what the figure of :func:`say_measure` leaves open; often nothing.

    Examples
    --------
    >>> say_unit("% of the inter-eye distance"), say_unit("share kept"), say_unit("mm")
    ('of the inter-eye distance', 'kept', '')
    """
    return _split(unit)[2]


def say_range(low: float | None, high: float | None, unit: str) -> str:
    """Write an allowed range in words; empty where both sides are open."""
    factor, symbol, _ = _split(unit)
    if low is not None and high is not None:
        # "to", never a dash: before a figure that reads as a minus.
        return f"{say_number(factor * low)} to {say_number(factor * high)}{symbol}"
    if low is not None:
        return f"at least {say_number(factor * low)}{symbol}"
    if high is not None:
        return f"at most {say_number(factor * high)}{symbol}"
    return ""


def say_sentence(text: str) -> str:
    """Write a reason as a sentence: a capital, a true minus before figures, a full stop."""
    text = re.sub(r"(?<![\w.])-(?=\d)", MINUS, text.strip())
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def _split(unit: str) -> tuple[float, str, str]:
    """Split a unit into a factor, the symbol that stands at the figure, and words."""
    if unit.startswith("share"):  # shares of 1 read best in percent
        return 100.0, "%", unit[5:].strip()
    if unit[:1] in ("%", DEGREE):
        return 1.0, unit[0], unit[1:].strip()
    if unit == "ratio":
        return 1.0, ":1", ""
    if unit in _SYMBOLS:
        return 1.0, NO_BREAK + unit, ""
    if unit[:1].isdigit():  # a formula, such as 1 - coherence
        return 1.0, "", f"({unit.replace(' - ', f' {MINUS} ')})"
    return 1.0, "", unit


def say_score(score: float | None) -> str:
    """Write a score of 0..100 as a whole number."""
    return NOT_MEASURED if score is None or not is_number(score) else f"{score:.0f}"
