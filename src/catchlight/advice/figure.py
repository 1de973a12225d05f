"""A figure: one measured number with its unit and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes
    ----------
    value : float
    unit : str
    sure : float, 0..1
    """

    value: float
    unit: str
    sure: float
