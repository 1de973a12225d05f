"""Numbers as people read them: a true minus sign, few digits, the unit beside the figure."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"
DEGREE = "\N{DEGREE SIGN}"
#: Keeps a figure and its unit on one line.
NO_BREAK = "\N{NO-BREAK SPACE}"
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
    """Write a value with its ``unit``; None and NaN are not measured."""
    if value is None or not is_number(value):
        return NOT_MEASURED
    return _with_unit(say_number(value), unit)


def say_range(low: float | None, high: float | None, unit: str) -> str:
    """Write an allowed range in words; empty where both sides are open."""
    if low is not None and high is not None:
        # What is a figure of its own may not read as a subtraction: "to", never a dash.
        return _with_unit(f"{say_number(low)} to {say_number(high)}", unit)
    if low is not None:
        return _with_unit(f"at least {say_number(low)}", unit)
    if high is not None:
        return _with_unit(f"at most {say_number(high)}", unit)
    return ""


def say_score(score: float | None) -> str:
    """Write a score of 0..100 as a whole number."""
    return NOT_MEASURED if score is None or not is_number(score) else f"{score:.0f}"


def _with_unit(text: str, unit: str) -> str:
    if not unit:
        return text
    return text + ("" if unit[0] in f"%{DEGREE}" else NO_BREAK) + unit
